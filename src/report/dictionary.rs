//! `dictionary.csv`: every indicator and every column of every table.

use xuewei_model::hindcast::errors::Group;

use crate::axes::Stages;
use crate::indicators::{Additive, INDICATORS, PLACE_INDICATORS};
use crate::observed::{Family, Quantity};

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
    ["schools", "pupils", "学生", "pupils", "pupils of all grades; where class_spread is 0, whole children by largest remainder in pool and grade, so that sums differ from the indicator by less than one a pool and grade", "各年级学生合计；班额离散度为0时，按招生片区和年级以最大余数取整，合计与指标之差每片区每年级不足1人"],
    ["schools", "oversized_classes", "大班额班级", "classes", "expected oversized classes", "大班额班数（期望）"],
    ["schools", "super_oversized_classes", "超大班额班级", "classes", "expected super-oversized classes", "超大班额班数（期望）"],
    ["events", "kind", "类型", "", "restore (rooms out of use for a time are back), close, merge, relocate, convert, reserve, reduce (an extension below zero: rooms taken away), extend, open, upgrade; add is what the city adds of itself (rules.additions); construction is a year of construction of an event that takes effect in another year, and no event of its own", "恢复（暂停使用的教室重新启用）、关闭、合并、迁建、转用、预留、撤除教室（教室为负的扩建）、扩建、新建、提升；自行增建（add）为地方按 rules.additions 增加的教室；建设为他年生效事件的一个建设年份，不另计为事件"],
    ["events", "rooms", "教室", "rooms", "net change of rooms that classes may use; 0 in a year of construction", "可编班教室净变化；建设年份为0"],
    ["events", "investment", "投资", "yuan", "investment booked in the year: an even part of that of the event for each of its years of construction; summed by year the indicator investment", "当年计入的投资：该项投资按建设年份均分；按年合计即指标 investment"],
    ["events", "programme", "工程", "", "programme, or the standing rule that closed the school or added the rooms", "工程，或关闭学校、增加教室的常设规则"],
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
    ["comparison", "frame", "框架", "", "what the city is taken to do: what-stands (nothing), plan-alone (only what the scenario decides), likely (it adds rooms and relieves large classes beside)", "对地方自身行为的设定：what-stands 只有现有学校，plan-alone 只按规划，likely 地方另会自行增建教室、疏解大班额"],
    ["comparison", "cleared_1_percent", "清零年份", "year", "first year from which the share of oversized classes stays at or below 1 % to the horizon; empty for never", "大班额比例自该年起保持在1%及以下；空为从未"],
    ["comparison", "cleared_working", "清零年份（工作标准）", "year", "first year from which the share of oversized classes stays at or below that of the level `working` to the horizon; empty for never", "大班额比例自该年起不高于工作标准（levels.working）；空为从未"],
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
    ["comparison", "rooms_added_total", "自行增加教室", "rooms", "rooms that the city adds of itself by the horizon", "至末年地方自行增加的教室"],
    ["comparison", "additions_total", "自行增建投资", "yuan", "their cost: money that nobody promised; empty where it is not known", "自行增建的投资：并无规划承诺；造价不明则空"],
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
    ["pairs", "start", "起点", "", "name of the start", "起点名称"],
    ["pairs", "base_year", "基年", "year", "year of the stocks from which the start runs", "起点存量的年份"],
    ["pairs", "known_until", "已知到", "year", "last year whose figures went into the start; empty if it does not say", "起点所用数据的最后年份；空为未说明"],
    ["pairs", "quantity", "指标", "", "name of the published quantity", "公布指标的名称"],
    ["pairs", "place", "地区", "", "all: the whole city", "all 为全市"],
    ["pairs", "lead", "提前年数", "years", "years after the base year", "距基年的年数"],
    ["pairs", "published", "公布值", "see unit", "published value", "公布的数值"],
    ["pairs", "unit", "单位", "", "unit of the values", "数值的单位"],
    ["pairs", "model", "测算值", "see unit", "what the start projects", "起点的测算值"],
    ["pairs", "error", "误差", "see error_unit", "model less published, over published; of shares the difference", "（测算−公布）/公布；比例为差值"],
    ["pairs", "error_unit", "误差单位", "", "percent, or percentage points for shares", "百分比；比例为百分点"],
    ["pairs", "absolute_error", "绝对误差", "see unit", "size of model less published", "测算与公布之差的绝对值"],
    ["pairs", "low_80", "区间下限", "see unit", "10th percentile of the draws", "抽样的第10百分位"],
    ["pairs", "high_80", "区间上限", "see unit", "90th percentile of the draws", "抽样的第90百分位"],
    ["pairs", "inside_80", "在区间内", "", "whether the published value lies between them", "公布值是否在区间内"],
    ["pairs", "last_value", "沿用上值", "see unit", "latest published value up to the base year", "基年及以前最近一次公布的数值"],
    ["pairs", "last_value_year", "上值年份", "year", "its year", "该数值的年份"],
    ["pairs", "last_value_error", "沿用上值误差", "see error_unit", "error of keeping it", "沿用该数值的误差"],
    ["pairs", "grade_progression", "年级递推", "see unit", "the same start with pure grade progression", "同一起点按年级递推的数值"],
    ["pairs", "grade_progression_error", "年级递推误差", "see error_unit", "its error", "年级递推的误差"],
    ["pairs", "worse_than", "不如", "", "rivals that are nearer to the published value than the model", "比测算更接近公布值的对照"],
    ["pairs", "status", "状态", "", "counted: a forecast; used: the start knew it; not_a_forecast: the start was made with later figures", "counted 为预测；used 为起点已知；not_a_forecast 为起点用到后来的数据"],
    ["pairs", "reason", "说明", "", "why it is not counted", "不计入的原因"],
    ["pairs", "source", "来源", "", "key of the source of the published value", "公布值的来源代码"],
    ["pairs", "scenario", "情景", "", "key of the start's scenario", "起点情景的代码"],
    ["errors", "start", "起点", "", "name of the start; all for every start", "起点名称；all 为全部"],
    ["errors", "family", "指标类", "", "kind of quantity", "指标的种类"],
    ["errors", "stages", "学段组", "", "{groups}, or all", "{groups}或合计"],
    ["errors", "lead", "提前年数", "years", "years after the base year; all for every one", "距基年的年数；all 为合计"],
    ["errors", "n", "个数", "", "forecasts that are counted", "计入的预测个数"],
    ["errors", "mean_absolute_error", "平均绝对误差", "see error_unit", "mean size of the errors; of counts the MAPE", "误差绝对值的平均；数量指标即MAPE"],
    ["errors", "bias", "偏差", "see error_unit", "mean of the errors", "误差的平均"],
    ["errors", "error_unit", "误差单位", "", "percent, or percentage points for shares", "百分比；比例为百分点"],
    ["errors", "n_interval", "有区间的个数", "", "forecasts with an 80 % interval", "有80%区间的预测个数"],
    ["errors", "coverage_80", "区间覆盖率", "share", "published values inside the 80 % interval, from 20 of them on", "公布值落在80%区间内的比例，20个以上才给出"],
    ["errors", "coverage_note", "覆盖率说明", "", "why there is no coverage", "不给覆盖率的原因"],
    ["errors", "last_value_n", "沿用上值个数", "", "forecasts beside which there is a last value", "有上次数值可对照的预测个数"],
    ["errors", "last_value_error", "沿用上值误差", "see error_unit", "mean absolute error of the last value", "沿用上值的平均绝对误差"],
    ["errors", "model_error_beside_last_value", "同组测算误差", "see error_unit", "that of the model on the same forecasts", "测算在同一组预测上的误差"],
    ["errors", "grade_progression_n", "年级递推个数", "", "forecasts beside which there is grade progression", "有年级递推可对照的预测个数"],
    ["errors", "grade_progression_error", "年级递推误差", "see error_unit", "mean absolute error of grade progression", "年级递推的平均绝对误差"],
    ["errors", "model_error_beside_grade_progression", "同组测算误差", "see error_unit", "that of the model on the same forecasts", "测算在同一组预测上的误差"],
    ["errors", "worse_than", "不如", "", "rivals with a smaller error on the same forecasts", "在同一组预测上误差更小的对照"],
    ["errors", "references", "他人精度", "", "of pupils: published errors of others at the nearest lead time", "在校生：他人预测在相近提前年数的公布误差"],
    ["expectations", "start", "起点", "", "name of the start", "起点名称"],
    ["expectations", "plan", "规划", "", "key of the source that sets the target; empty if no plan did", "提出目标的来源代码；空为无目标"],
    ["expectations", "target", "目标", "", "key of the target", "目标代码"],
    ["expectations", "title", "标题", "", "title of the target", "目标标题"],
    ["expectations", "quantity", "指标", "", "name of the published quantity", "公布指标的名称"],
    ["expectations", "value_at_start", "起点值", "see unit", "latest published value up to the base year", "基年及以前最近一次公布的数值"],
    ["expectations", "year_at_start", "起点值年份", "year", "its year", "该数值的年份"],
    ["expectations", "expected", "规划预期", "see unit", "value of the plan", "规划的数值"],
    ["expectations", "kind", "上下限", "", "at_least or at_most", "不低于或不高于"],
    ["expectations", "force", "约束", "", "binding or expected, where the plan says so", "约束性或预期性（规划注明时）"],
    ["expectations", "published", "公布值", "see unit", "what came", "实际公布的数值"],
    ["expectations", "unit", "单位", "", "unit of the values", "数值的单位"],
    ["expectations", "met", "达成", "", "whether the published value meets the target", "公布值是否达成目标"],
    ["expectations", "model", "测算值", "see unit", "what the start projects", "起点的测算值"],
    ["expectations", "plan_error", "规划误差", "see unit", "expected less published", "规划减公布"],
    ["expectations", "model_error", "测算误差", "see unit", "model less published", "测算减公布"],
    ["expectations", "nearer", "更近者", "", "plan, model or both: who is nearer to what came", "规划、测算或相同：谁更接近实际"],
    ["expectations", "status", "状态", "", "as in pairs", "同 pairs"],
    ["expectations", "input", "输入", "", "input from which the model's value follows", "决定测算值的输入"],
    ["expectations", "source", "来源", "", "key of the source of what came", "实际数值的来源代码"],
    ["not_compared", "start", "起点", "", "name of the start", "起点名称"],
    ["not_compared", "quantity", "指标", "", "name of the published quantity, or its kind for districts", "公布指标的名称；县区为其种类"],
    ["not_compared", "place", "地区", "", "all, or districts", "all 为全市，districts 为县区"],
    ["not_compared", "value", "数值", "see unit", "published value of a single figure", "单个公布数值"],
    ["not_compared", "unit", "单位", "", "unit of the value", "数值的单位"],
    ["not_compared", "n", "个数", "", "published figures that the row stands for", "该行代表的公布数字个数"],
    ["not_compared", "reason", "说明", "", "why nothing is compared with it", "不比较的原因"],
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

/// What stands in the table for the groups of stages.
const GROUPS: &str = "{groups}";

/// The groups of the stages of a city, by key and in Chinese.
fn groups(stages: &'static Stages) -> [String; 2] {
    let of = |stage| Group::of(Quantity { family: Family::Pupils, stage, grade: None });
    let mut groups: Vec<Group> = stages.iter().map(Some).chain([None]).map(of).collect();
    groups.sort();
    groups.dedup();
    let keys: Vec<&str> = groups.iter().map(|group| group.key()).collect();
    let names: Vec<String> = groups.iter().map(|group| group.name().zh).collect();
    [keys.join(", "), names.join("、")]
}

/// The whole dictionary for a city with these stages.
pub fn dictionary(stages: &'static Stages, style: Style) -> Vec<u8> {
    let columns = ["table", "name", "name_zh", "unit", "meaning", "meaning_zh", "additive"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let [keys, names] = groups(stages);
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
        let [meaning, meaning_zh] = [(meaning, &keys), (meaning_zh, &names)]
            .map(|(meaning, groups)| meaning.replace(GROUPS, groups));
        let texts = [*table, *name, *zh, *unit, &meaning, &meaning_zh, ""];
        writer.row(&texts.map(Cell::Text));
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::china;
    use crate::samples::english;

    #[test]
    fn groups_are_those_of_the_stages() {
        let [keys, names] = groups(china());
        assert_eq!(keys, "kindergarten, compulsory, upper_secondary, city");
        assert_eq!(names, "幼儿园、义务教育、高中阶段、全市");
        assert_eq!(groups(english())[0], "nursery, compulsory, city");
    }
}
