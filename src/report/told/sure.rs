//! Section 8: how sure this is.

use serde_json::Value;

use crate::document::{Block, Cell, Form, Span, Table};

use super::cite::At;
use super::compared::clearing_cell;
use super::outputs::Output;
use super::printed::Print;
use super::teller::{
    Teller, Words, heading, messages, number_cell, number_column, plain, table, word_cell,
    word_column, words,
};

messages! {
    HEADING = "不确定性", "How sure this is";
    NO_SWEEP = "本报告未附多情景抽样结果，以上结果只对应一组参数取值，没有给出误差范围。出生、迁移、升学、建设进度等参数变化时，清零年份可能前后移动数年。",
        "No sweep was given: the results above rest on one set of figures, and no range of error is known. With other births, moves, continuation or building times the years of clearing may move by several years.";
    HOW_SWEEP = "补做方法：先用 xuewei sweep 对抽样文件（scenarios 目录下 sweeps 中的 .toml）抽样，再用 xuewei analyse 分析，然后把抽样输出目录一并交给 xuewei report。",
        "To make one: xuewei sweep with a file of the city's sweeps folder, xuewei analyse on its output, then xuewei report with that folder too.";
    DRAWS = "对{title}作了{n}次抽样，每次同时改变{factors}项参数，其余不变。下列比例是在设定的参数范围内的比例，不是实际发生的概率；参数范围多为假设。",
        "For {title}, {n} futures were drawn, in each of which {factors} figures change at once. Shares hold for the ranges that were set, many of them assumed; they are not odds of what will happen.";
    OTHER_SCENARIO = "抽样不含{main}，下文以抽样中的{title}为准。", "The sweep does not hold {main}; what follows is about {title}.";
    NO_CLEARED = "这次抽样没有按年份统计清零比例（筛查性抽样只用于比较因素）。", "The draws of this sweep are no futures that could be counted (a screening design compares factors only).";
    STAGE_BOTH = "{stage}大班额在半数未来中不迟于{half}年清零，在九成未来中不迟于{nine}年清零", "{stage} clear by {half} in half of the futures and by {nine} in nine of ten";
    STAGE_HALF = "{stage}大班额在半数未来中不迟于{half}年清零，但至{horizon}年也只有{share}的未来清零", "{stage} clear by {half} in half of the futures, but even by {horizon} in no more than {share}";
    STAGE_NEITHER = "{stage}大班额至{horizon}年只在{share}的未来中清零", "{stage} clear in only {share} of the futures by {horizon}";
    SENTENCE = "{title}下，{parts}。", "Under {title}, {parts}.";
    BRIEF = "考虑参数的不确定性（{n}次抽样），九成未来的清零年份为：{parts}。", "With uncertain figures ({n} draws) nine of ten futures are clear: {parts}.";
    BRIEF_BY = "{stage}不迟于{nine}年", "{stage} by {nine}";
    BRIEF_NOT = "{stage}至{horizon}年尚不能达到（只有{share}的未来清零）", "{stage} not even by {horizon} ({share} of the futures)";
    FEW_DRAWS = "抽样不足千次，次要因素的次序还不稳定。", "With fewer than a thousand draws the order of the lesser factors is not settled.";
    BETWEEN = "；", "; ";
    CAPTION = "未来中大班额清零的年份与比例", "Futures in which oversized classes are gone";
    STAGE = "学段", "stage";
    SCENARIO = "情景", "scenario";
    HALF_BY = "半数未来", "half by";
    NINE_BY = "九成未来", "nine of ten by";
    AT_PLAN = "{year}年比例", "share by {year}";
    FIGURE = "大班额已清零的未来所占比例", "Share of futures in which oversized classes are gone";
    FAN = "{stage}大班额比例的分布范围", "Range of the share of oversized classes, {stage}";
    FACTORS = "对清零年份影响最大的因素：{parts}。括号内为{measure}。", "What weighs most on the year of clearing: {parts}. In brackets {measure}.";
    FACTORS_OF = "{stage}为{factors}", "for {stage} {factors}";
    FACTOR = "{name}（{value}）", "{name} ({value})";
    TORNADO = "各因素对{stage}大班额清零年份的影响", "What weighs on the year in which {stage} clear";
    PRCC = "偏秩相关系数，正值表示该参数越大、清零越晚，绝对值越大影响越强", "the partial rank correlation: positive where a larger figure means a later year, and the further from zero the more it weighs";
    TOTAL = "Sobol'总效应指数，越大影响越强", "the total Sobol' index; the larger, the more it weighs";
    MU_STAR = "基本效应绝对值的均值，越大影响越强", "the mean size of elementary effects; the larger, the more it weighs";
    ADVICE = "上述因素中能够查实的（如学校名册、跨区就读和升学去向）应优先核实，核实后重新测算。", "Those of them that can be found out, such as the register of schools, pupils from elsewhere and where leavers go, should be found out first; then run again.";
}

const LIST: Words = Words { zh: "、", en: ", " };
/// Factors that are named for a stage.
const MOST_FACTORS: usize = 3;
/// Below so many draws the lesser factors change places from sweep to sweep.
const FEW: f64 = 1000.0;

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING))];
    let Some(sweep) = &t.outputs.sweep else {
        blocks.push(t.paragraph(vec![t.say(NO_SWEEP, &[]), t.say(HOW_SWEEP, &[])]));
        return blocks;
    };
    let key = scenario(t, sweep);
    let gaps = [
        ("title", words(t.quoted(&bilingual(t, sweep.at("labels.json", &["title"]))))),
        ("n", draws(t, sweep)),
        ("factors", t.number(&At::new(sweep, "manifest.json#factors", &[], "*"), Print::Count)),
    ];
    let mut sentences = vec![t.say(DRAWS, &gaps)];
    if key != t.main.key() {
        let main = words(t.quoted(&t.title(t.main)));
        sentences.push(
            t.say(OTHER_SCENARIO, &[("main", main), ("title", words(title(t, sweep, &key)))]),
        );
    }
    blocks.push(t.paragraph(sentences));
    let parts = clearing(t, sweep, &key);
    if parts.is_empty() {
        blocks.push(Block::Paragraph(t.say(NO_CLEARED, &[])));
    } else {
        let gaps = [("title", words(title(t, sweep, &key))), ("parts", t.join(parts, BETWEEN))];
        blocks.push(Block::Paragraph(t.say(SENTENCE, &gaps)));
        blocks.push(Block::Table(cleared_table(t, sweep)));
        blocks.extend(t.figure(sweep, "cleared", FIGURE));
    }
    blocks.extend(t.told_stages().into_iter().rev().find_map(|stage| {
        let caption = plain(&t.say(FAN, &[("stage", words(t.stage(stage)))]));
        t.figure_as(sweep, &format!("fan-{stage}"), caption)
    }));
    blocks.extend(factors(t, sweep, &key));
    blocks
}

/// The finding of a sweep in one point: when nine of ten futures are clear.
pub(super) fn in_brief(t: &Teller) -> Option<Vec<Span>> {
    let sweep = t.outputs.sweep.as_ref()?;
    let key = scenario(t, sweep);
    let mut parts = Vec::new();
    for stage in t.told_stages() {
        let nine = cleared(sweep, stage, &key, "nine_tenths_by");
        let share = cleared(sweep, stage, &key, "share_at_the_end");
        let stage = ("stage", words(t.stage(stage)));
        if nine.value().is_some() {
            parts.push(t.say(BRIEF_BY, &[stage, ("nine", t.number(&nine, Print::Year))]));
        } else if share.value().is_some() {
            let share = ("share", t.number(&share, Print::Futures));
            parts.push(t.say(BRIEF_NOT, &[stage, ("horizon", t.city_year("horizon")), share]));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let parts = t.join(parts, Words { zh: "，", en: ", " });
    Some(t.say(BRIEF, &[("n", draws(t, sweep)), ("parts", parts)]))
}

fn draws(t: &Teller, sweep: &Output) -> Vec<Span> {
    t.number(&At::new(sweep, "analysis/summary.json#", &[], "draws"), Print::Count)
}

/// The scenario that is told: that of the main run if the sweep has it, else its first.
fn scenario(t: &Teller, sweep: &Output) -> String {
    let all = sweep.at("manifest.json", &["scenarios"]).as_array();
    let keys: Vec<&str> = all.into_iter().flatten().filter_map(Value::as_str).collect();
    let own = keys.iter().find(|key| **key == t.main.key());
    own.or(keys.first()).copied().unwrap_or_default().to_string()
}

pub(super) fn bilingual(t: &Teller, value: &Value) -> String {
    let text = |lang: &str| value[lang].as_str().filter(|text| !text.is_empty());
    text(t.pick("zh", "en")).or(text("zh")).or(text("en")).unwrap_or_default().to_string()
}

fn title(t: &Teller, sweep: &Output, key: &str) -> String {
    let title = bilingual(t, sweep.at("labels.json", &["scenarios", key, "title"]));
    t.quoted(if title.is_empty() { key } else { &title })
}

fn cleared<'a>(sweep: &'a Output, stage: &str, key: &str, column: &str) -> At<'a> {
    let outcome = format!("{stage}.clearing_year");
    let rows = [("outcome", outcome.as_str()), ("scenario", key)];
    At::new(sweep, "analysis/summary.json#cleared", &rows, column)
}

/// When half and nine tenths of the futures are clear, stage by stage.
fn clearing(t: &Teller, sweep: &Output, key: &str) -> Vec<Vec<Span>> {
    let mut parts = Vec::new();
    for stage in t.told_stages() {
        let of = |column: &str| cleared(sweep, stage, key, column);
        let share = of("share_at_the_end");
        if share.value().is_none() {
            continue;
        }
        let mut gaps = vec![("stage", words(t.stage(stage)))];
        let message = match (of("half_by").value(), of("nine_tenths_by").value()) {
            (Some(_), Some(_)) => STAGE_BOTH,
            (Some(_), None) => STAGE_HALF,
            (None, _) => STAGE_NEITHER,
        };
        for (gap, column) in [("half", "half_by"), ("nine", "nine_tenths_by")] {
            if of(column).value().is_some() {
                gaps.push((gap, t.number(&of(column), Print::Year)));
            }
        }
        gaps.push(("horizon", t.city_year("horizon")));
        gaps.push(("share", t.number(&share, Print::Futures)));
        parts.push(t.say(message, &gaps));
    }
    parts
}

/// Stages and scenarios: when half and nine tenths are clear, and the shares at the end of the plan and in the last year.
fn cleared_table(t: &Teller, sweep: &Output) -> Table {
    let marks: Vec<i32> =
        [t.plan.map(|(_, last)| last), Some(t.horizon)].into_iter().flatten().collect();
    let mut columns = vec![
        word_column(t.of(STAGE)),
        word_column(t.of(SCENARIO)),
        number_column(t.of(HALF_BY)),
        number_column(t.of(NINE_BY)),
    ];
    columns.extend(
        marks.iter().map(|year| {
            number_column(plain(&t.say(AT_PLAN, &[("year", words(year.to_string()))])))
        }),
    );
    let keys = sweep.at("manifest.json", &["scenarios"]).as_array();
    let keys: Vec<&str> = keys.into_iter().flatten().filter_map(Value::as_str).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for stage in t.told_stages() {
        for key in
            keys.iter().filter(|k| cleared(sweep, stage, k, "share_at_the_end").value().is_some())
        {
            let mut row = vec![
                word_cell(t.stage(stage)),
                word_cell(bilingual(t, sweep.at("labels.json", &["scenarios", key, "title"]))),
            ];
            row.extend(
                ["half_by", "nine_tenths_by"]
                    .map(|column| clearing_cell(t, &cleared(sweep, stage, key, column))),
            );
            row.extend(marks.iter().map(|year| {
                let (outcome, year) = (format!("{stage}.clearing_year"), year.to_string());
                let rows = [("outcome", outcome.as_str()), ("scenario", *key), ("year", &year)];
                number_cell(&At::new(sweep, "analysis/cleared.csv", &rows, "share"), Form::Share)
            }));
            rows.push(row);
        }
    }
    rows.truncate(super::MOST_ROWS);
    let mut made = table("futures", t.of(CAPTION), columns, rows);
    let files = ["analysis/summary.json", "analysis/cleared.csv"]
        .map(|file| format!("{}/{file}", sweep.name));
    made.source = Some(t.source(&files));
    made
}

/// Measures by which factors are ranked; the first that the design has, which is also that of the chart.
const RANKED_BY: [(&str, Words); 3] =
    [("sobol_total", TOTAL), ("morris_mu_star", MU_STAR), ("prcc", PRCC)];

/// Factors of a measure whose interval leaves out zero, the weightiest first, each with its place.
fn ranked<'a>(sweep: &'a Output, outcome: &str, key: &str, measure: &str) -> Vec<(String, At<'a>)> {
    let Some(grid) = sweep.tables.get("analysis/sensitivity.csv") else { return Vec::new() };
    let rows = [("outcome", outcome), ("scenario", key), ("measure", measure)];
    let mut found: Vec<(f64, String, At)> = Vec::new();
    for row in grid.rows(&rows).unwrap_or_default() {
        let factor = grid.text(row, "factor");
        let with_factor = [rows[0], rows[1], rows[2], ("factor", factor)];
        let at = At::new(sweep, "analysis/sensitivity.csv", &with_factor, "value");
        let bound = |column: &str| grid.text(row, column).parse::<f64>().ok();
        let spans_zero =
            bound("low").zip(bound("high")).is_some_and(|(low, high)| low * high <= 0.0);
        if let Some(value) = at.value().filter(|_| !spans_zero) {
            found.push((value.abs(), factor.to_string(), at));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, factor, at)| (factor, at)).collect()
}

/// What weighs most on the clearing year of each stage, with the chart of each.
fn factors(t: &Teller, sweep: &Output, key: &str) -> Vec<Block> {
    let outcome = |stage: &str| format!("{stage}.clearing_year");
    let has = |measure: &str| {
        t.told_stages()
            .into_iter()
            .any(|stage| !ranked(sweep, &outcome(stage), key, measure).is_empty())
    };
    let Some((measure, its_name)) = RANKED_BY.into_iter().find(|(measure, _)| has(measure)) else {
        return Vec::new();
    };
    let (mut parts, mut figures) = (Vec::new(), Vec::new());
    for stage in t.told_stages() {
        let named = ranked(sweep, &outcome(stage), key, measure).into_iter().take(MOST_FACTORS);
        let named: Vec<Vec<Span>> = named
            .map(|(factor, at)| {
                let name = bilingual(t, sweep.at("labels.json", &["factors", &factor, "name"]));
                let name = if name.is_empty() { factor } else { name };
                let value = t.number(&at, Print::Decimals(2));
                t.say(FACTOR, &[("name", words(name)), ("value", value)])
            })
            .collect();
        if named.is_empty() {
            continue;
        }
        let gaps = [("stage", words(t.stage(stage))), ("factors", t.join(named, LIST))];
        parts.push(t.say(FACTORS_OF, &gaps));
        let caption = plain(&t.say(TORNADO, &[("stage", words(t.stage(stage)))]));
        figures.extend(["sobol", "tornado", "morris"].iter().find_map(|kind| {
            t.figure_as(sweep, &format!("{kind}-{stage}-clearing_year"), caption.clone())
        }));
    }
    let gaps = [("parts", t.join(parts, BETWEEN)), ("measure", t.say(its_name, &[]))];
    let mut sentences = vec![t.say(FACTORS, &gaps)];
    let n = At::new(sweep, "analysis/summary.json#", &[], "draws").value();
    if n.is_some_and(|n| n < FEW) {
        sentences.push(t.say(FEW_DRAWS, &[]));
    }
    sentences.push(t.say(ADVICE, &[]));
    let mut blocks = vec![t.paragraph(sentences)];
    blocks.extend(figures);
    blocks
}
