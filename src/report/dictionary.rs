//! `dictionary.csv`: every indicator and every column of every table.

use crate::indicators::{Additive, INDICATORS, PLACE_INDICATORS};

use super::rows::{Cell, TableWriter};
use super::tables::Style;

/// Columns: table, name, 中文, unit, meaning in English and Chinese.
#[rustfmt::skip]
const COLUMNS: &[[&str; 6]] = &[
    ["*", "year", "年份", "year", "stocks on 1 September of the year", "当年9月1日的存量"],
    ["*", "district", "县（市、区）", "", "district key; all for the city", "县区代码；all 为全市"],
    ["*", "zone", "城乡", "", "urban, town, rural; all for every zone", "城区、镇区、乡村；all 为合计"],
    ["*", "stage", "学段", "", "stage of schooling; all for every stage", "学段；all 为合计"],
    ["indicators", "indicator", "指标", "", "name of the indicator", "指标名"],
    ["indicators", "value", "数值", "see unit", "value in full precision", "全精度数值"],
    ["indicators", "unit", "单位", "", "unit of the value", "数值的单位"],
    ["population", "sex", "性别", "", "female or male", "女、男"],
    ["population", "age", "年龄", "years", "completed years; 100 is open", "周岁；100 为及以上"],
    ["population", "population", "人口", "people", "residents in households", "家庭户常住人口"],
    ["schools", "site", "校址", "", "key of the site", "校址代码"],
    ["schools", "name", "名称", "", "name; （合成） marks a synthetic school", "名称；（合成）为合成学校"],
    ["schools", "origin", "来源", "", "synthetic, register, or the programme that built it", "合成、登记，或建设工程"],
    ["schools", "rooms", "教室", "rooms", "rooms that classes may use", "可编班教室"],
    ["schools", "classes", "班数", "classes", "classes of all grades", "各年级班数合计"],
    ["schools", "pupils", "学生", "pupils", "pupils of all grades", "各年级学生合计"],
    ["schools", "oversized_classes", "大班额班级", "classes", "expected oversized classes", "大班额班数（期望）"],
    ["schools", "super_oversized_classes", "超大班额班级", "classes", "expected super-oversized classes", "超大班额班数（期望）"],
    ["events", "kind", "类型", "", "close, merge, relocate, convert, reserve, extend, open, upgrade", "关闭、合并、迁建、转用、预留、扩建、新建、提升"],
    ["events", "rooms", "教室", "rooms", "net change of rooms that classes may use", "可编班教室净变化"],
    ["events", "investment", "投资", "yuan", "investment, booked in the year of construction", "投资，计入建设当年"],
    ["events", "programme", "工程", "", "programme, or the standing rule that closed the school", "工程，或关闭学校的常设规则"],
    ["scorecard", "plan", "规划", "", "key of the source that sets the target", "提出目标的来源代码"],
    ["scorecard", "target", "目标", "", "key of the target", "目标代码"],
    ["scorecard", "place", "地区", "", "all, or districts and zones", "all 为全市，或县区与城乡"],
    ["scorecard", "target_value", "目标值", "see unit", "value that the plan publishes", "规划公布的数值"],
    ["scorecard", "run_value", "测算值", "see unit", "value of the run for that year and place", "该年该地的测算值"],
    ["scorecard", "status", "状态", "", "met, missed, contradicted, not_modelled, outside_years", "达成、未达成、规划自相矛盾、未建模、超出年份"],
    ["scorecard", "reason", "说明", "", "by how much it is missed and when it is met, or why the model cannot say", "差多少、何时达成，或为何未建模"],
    ["shortages", "rank", "序号", "", "by seat-years short, worst first", "按缺口学位年排序"],
    ["shortages", "first_year", "首年", "year", "first year with seats short", "首个缺口年份"],
    ["shortages", "last_year", "末年", "year", "last year with seats short", "最后缺口年份"],
    ["shortages", "peak_year", "峰值年", "year", "year of the largest shortage", "缺口最大年份"],
    ["shortages", "seats_short_at_peak", "峰值缺口", "seats", "pupils above seats in that year", "峰值年份学生超出学位"],
    ["shortages", "utilisation_at_peak", "峰值利用率", "share", "pupils over seats in that year", "峰值年份学生与学位之比"],
    ["shortages", "seat_years_short", "缺口学位年", "seats", "sum of the yearly shortages", "各年缺口之和"],
    ["comparison", "scenario", "情景", "", "key of the scenario", "情景代码"],
    ["comparison", "title", "标题", "", "title of the scenario", "情景标题"],
    ["comparison", "cleared_1_percent", "清零年份", "year", "first year from which the share of oversized classes stays at or below 1 % to the horizon; empty for never", "大班额比例自该年起保持在1%及以下；空为从未"],
    ["comparison", "cleared_10_percent", "大班额比例降至10%年份", "year", "like cleared_1_percent, at 10 %", "同 cleared_1_percent，比例为10%"],
    ["comparison", "cleared_5_percent", "大班额比例降至5%年份", "year", "like cleared_1_percent, at 5 %", "同 cleared_1_percent，比例为5%"],
    ["comparison", "cleared_2_percent", "大班额比例降至2%年份", "year", "like cleared_1_percent, at 2 %", "同 cleared_1_percent，比例为2%"],
    ["comparison", "cleared_0_5_percent", "大班额比例降至0.5%年份", "year", "like cleared_1_percent, at 0.5 %", "同 cleared_1_percent，比例为0.5%"],
    ["comparison", "super_cleared_1_percent", "超大班额清零年份", "year", "the same for super-oversized classes", "超大班额的清零年份"],
    ["comparison", "oversized_share_base", "基年大班额比例", "share", "share of oversized classes in the base year", "基年大班额比例"],
    ["comparison", "oversized_share_peak", "大班额比例峰值", "share", "largest share after the base year, in oversized_share_peak_year", "基年之后的最大比例及其年份"],
    ["comparison", "oversized_share_peak_year", "大班额比例峰值年份", "year", "year of oversized_share_peak", "oversized_share_peak 的年份"],
    ["comparison", "oversized_share_horizon", "末年大班额比例", "share", "share at the horizon", "末年比例"],
    ["comparison", "oversized_pupil_years", "大班额学生年", "pupils", "sum over the years after the base year of pupils in oversized classes", "基年之后各年大班额学生之和"],
    ["comparison", "peak_pupils", "在校生峰值", "pupils", "most pupils in a year, in peak_year", "最多在校生及其年份"],
    ["comparison", "peak_year", "在校生峰值年份", "year", "year of peak_pupils", "peak_pupils 的年份"],
    ["comparison", "seats_short_peak", "最大学位缺口", "seats", "most seats short in a year, in seats_short_peak_year", "最大学位缺口及其年份"],
    ["comparison", "seats_short_peak_year", "最大学位缺口年份", "year", "year of seats_short_peak", "seats_short_peak 的年份"],
    ["comparison", "empty_seats_horizon", "末年空余学位", "seats", "seats empty at the horizon", "末年空余学位"],
    ["comparison", "stranded_seats_horizon", "末年闲置学位", "seats", "of them, above those of the base year", "其中超过基年的部分"],
    ["comparison", "unplaced_entrants", "未安置新生", "pupils", "entrants without a place, all years", "各年未安置新生之和"],
    ["comparison", "unplaced_pupil_years", "未安置学生年", "pupils", "pupil-years without a place", "未安置学生年"],
    ["comparison", "overflow_total", "超限安置", "pupils", "pupils placed above the ceiling, all years", "各年超限安置之和"],
    ["comparison", "investment_total", "投资", "yuan", "investment booked by the horizon", "至末年计入的投资"],
    ["comparison", "pupil_years_relieved", "缓解的学生年", "pupils", "oversized pupil-years below those of the same people with nothing decided", "与同一人口、不作任何决定相比减少的大班额学生年"],
    ["comparison", "cost_per_pupil_year_relieved", "每缓解一学生年投资", "yuan", "investment over the pupil-years relieved; empty when nothing is relieved or spent", "投资除以缓解的学生年"],
    ["ranking", "criterion", "准则", "", "what is ranked; of each the smallest value is best", "排序准则，数值越小越好"],
    ["ranking", "scenario", "情景", "", "key of the scenario", "情景代码"],
    ["ranking", "title", "标题", "", "title of the scenario", "情景标题"],
    ["ranking", "value", "数值", "see unit", "value of the criterion; empty where there is none", "准则数值；空为无数值"],
    ["ranking", "unit", "单位", "", "unit of the value", "数值的单位"],
    ["ranking", "rank", "名次", "", "rank among comparable scenarios; equal values share the better one", "可比情景中的名次"],
    ["ranking", "comparable_with", "可比情景", "", "the first scenario with the same people and class-size standards; only such are ranked together", "人口与班额标准相同的首个情景，只在其间比较"],
    ["ranking", "dominated_by", "被支配于", "", "scenarios that are no worse in investment, oversized and unplaced pupil-years and empty seats, and better in one", "投资、大班额学生年、未安置学生年、空余学位均不更差且至少一项更好的情景"],
    ["years", "scenario", "情景", "", "key of the scenario", "情景代码"],
    ["years", "indicator", "指标", "", "name of the indicator, of the whole city", "指标名（全市）"],
    ["years", "value", "数值", "see unit", "value in full precision", "全精度数值"],
    ["years", "unit", "单位", "", "unit of the value", "数值的单位"],
    ["targets", "plan", "规划", "", "key of the source that sets the target", "提出目标的来源代码"],
    ["targets", "target", "目标", "", "key of the target", "目标代码"],
    ["targets", "title", "标题", "", "title of the target", "目标标题"],
    ["targets", "target_value", "目标值", "see unit", "value that the plan publishes", "规划公布的数值"],
    ["targets", "unit", "单位", "", "unit of both values", "两个数值的单位"],
    ["targets", "scenario", "情景", "", "key of the scenario", "情景代码"],
    ["targets", "run_value", "测算值", "see unit", "value of the scenario for that year and place", "该情景在该年该地的测算值"],
    ["targets", "status", "状态", "", "met, missed, contradicted, not_modelled, outside_years", "达成、未达成、规划自相矛盾、未建模、超出年份"],
    ["targets", "first_met", "达成年份", "year", "of a ceiling the first year from which it is kept to the horizon, of a floor the first year that reaches it", "上限：自该年起一直达成；下限：首次达成的年份"],
    ["changes", "path", "路径", "", "key that the scenario changes", "情景改动的键"],
    ["changes", "old", "原值", "", "value before, TOML", "改动前的值"],
    ["changes", "new", "新值", "", "value after, TOML; empty if removed", "改动后的值"],
    ["changes", "origin", "位置", "", "file and line", "文件与行"],
    ["provenance", "path", "路径", "", "key of the figure", "数值的键"],
    ["provenance", "value", "数值", "see unit", "as written in the file", "文件中的写法"],
    ["provenance", "unit", "单位", "", "as written in the file", "文件中的写法"],
    ["provenance", "source", "来源", "", "key of the source", "来源代码"],
    ["provenance", "title", "来源标题", "", "title of the source", "来源标题"],
    ["provenance", "basis", "依据", "", "measured, official, derived or assumption", "实测、官方、推导或假设"],
    ["provenance", "low", "下限", "see unit", "low end of a plausible range", "合理范围下限"],
    ["provenance", "high", "上限", "see unit", "high end of a plausible range", "合理范围上限"],
    ["provenance", "note", "说明", "", "remark", "备注"],
    ["provenance", "file", "文件", "", "file, relative to the scenario", "文件"],
    ["provenance", "line", "行", "", "line", "行"],
];

/// The whole dictionary.
pub fn dictionary(style: Style) -> Vec<u8> {
    let columns = ["table", "name", "name_zh", "unit", "meaning", "meaning_zh", "additive"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for indicator in INDICATORS {
        let additive = match indicator.additive {
            Additive::Everywhere => "places and stages",
            Additive::Places => "places",
            Additive::Never => "no",
        };
        writer.row(&[
            Cell::Text("indicators"),
            Cell::Text(indicator.key),
            Cell::Text(indicator.zh),
            Cell::Text(indicator.unit),
            Cell::Text(indicator.meaning),
            Cell::Text(indicator.meaning_zh),
            Cell::Text(additive),
        ]);
    }
    for (key, zh, unit, meaning, meaning_zh) in PLACE_INDICATORS {
        let additive = if key == "births" { "places" } else { "no" };
        let texts = ["indicators", key, zh, unit, meaning, meaning_zh, additive];
        writer.row(&texts.map(Cell::Text));
    }
    for [table, name, zh, unit, meaning, meaning_zh] in COLUMNS {
        let texts = [*table, *name, *zh, *unit, *meaning, *meaning_zh, ""];
        writer.row(&texts.map(Cell::Text));
    }
    writer.finish()
}
