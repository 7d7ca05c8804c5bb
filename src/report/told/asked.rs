//! Section 1: what was asked.

use crate::axes::{Stage, Stages};
use crate::chart::Lang;
use crate::document::{Block, Span};
use crate::scenario::Frame;

use super::outputs::Output;
use super::printed::Print;
use super::teller::{Teller, capital, heading, messages, words};

messages! {
    HEADING = "问题与范围", "What was asked";
    SCOPE = "本报告测算{city}{base}年至{horizon}年各学段的在校生、学位和班额，时点均为当年9月1日，覆盖{levels}，按{districts}统计。",
        "This report projects pupils, seats and class sizes of {city} from {base} to {horizon}, on 1 September of each year, for {levels}, for {districts}.";
    N_DISTRICTS = "{n}个县（市、区）", "each of its {n} districts";
    ONE_DISTRICT = "全市一个片区", "the city as one area";
    QUESTIONS = "要回答的问题是：", "The questions are:";
    QUESTION = "{title}：{question}", "{title}: {question}";
    NO_QUESTION = "{title}：大班额何时清零，需要多少投资，此后空出多少学位？", "{title}: when are oversized classes gone, at what cost, and what stands empty afterwards?";
    MAIN = "以{title}为主方案详细说明，其他情景作为对照。", "This report tells {title} in full; the other scenarios stand beside it for comparison.";
    STANDS = "{title}属于“只有现有学校”的框架：不新建、不采取措施，用作对照。", "{title} is in the frame “what stands”: nothing is built or decided; it serves for comparison.";
    ALONE = "{title}属于“只按规划”的框架：除情景自身的工程和措施外，假定地方不再增建、不另行疏解；规划的效果与不建设相比。",
        "{title} is in the frame “the plan alone”: beside its own programmes and measures the city is taken to add nothing and to relieve nothing; effects are measured against nothing built.";
    LIKELY = "{title}属于“可能的情形”框架：假定地方在规划之外也会自行增建教室、疏解大班额（以所开启的规则为限），这些都没有任何承诺；规划的效果在此框架内与没有规划相比，多表现为替代自行增建。",
        "{title} is in the frame “what is likely”: beside the plan the city is taken to add rooms or relieve large classes of itself, as far as these rules are switched on; nobody has promised it; effects are measured against no plan in the same frame, and mostly come to what need not be added.";
    PERIOD = "规划期为{first}年至{last}年。", "The plan covers {first} to {last}.";
    NO_PERIOD = "该情景未载明规划期。", "The scenario names no period of a plan.";
    OVERSIZED = "大班额指每班{from}人及以上的班级，超大班额指每班{super}人及以上的班级（{stages}{others}）。",
        "A class is oversized from {from} pupils and super-oversized from {super} ({stages}{others}).";
    BY_AGE = "；{schools}按各年龄班标准另定", "; {schools} have limits of their own by age";
    OVERSIZED_VARIES = "大班额和超大班额的界限因学段或年份而异，见参数附表。", "The limits of oversized and super-oversized classes differ by stage or year; they stand in the annex of figures.";
    CLEARED = "大班额比例（大班额班级占全部班级的比例）自某年起直至{horizon}年均不高于{level}（本报告的工作标准），即视为大班额在该年清零。",
        "Oversized classes count as cleared in the year from which their share of all classes stays at or below {level}, the working level of this report, up to {horizon}.";
    PUPIL_YEARS = "大班额学生年指基年之后各年大班额班级学生数之和：一名学生在大班额班级就读一年，计一个学生年。",
        "A pupil-year in oversized classes is one pupil who sits in one for a year; pupil-years are added over all years after the base year.";
    SYNTHETIC_ALL = "学校名册为合成：基年全部{all}所学校均由公布的总数推算生成，不代表任何真实学校。全市和分县（市、区）结果可供研究讨论，单个学校的结果不得引用；取得真实名册后应重新测算。",
        "The register of schools is synthetic: all {all} schools of the base year were generated from published totals and show no real school. Results of the city and its districts may be discussed; those of single schools must not be quoted. Run again once the real register is at hand.";
    SYNTHETIC = "学校名册部分为合成：基年{all}所学校中有{n}所由公布的总数推算生成，不代表任何真实学校，其结果不得引用；取得真实名册后应重新测算。",
        "The register of schools is synthetic in part: {n} of the {all} schools of the base year were generated from published totals and show no real school; their results must not be quoted. Run again once the real register is at hand.";
}

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING)), scope(t)];
    blocks.push(Block::Paragraph(t.say(QUESTIONS, &[])));
    blocks.push(Block::List(t.outputs.runs.iter().map(|run| question(t, run)).collect()));
    if t.outputs.runs.len() > 1 {
        let title = words(t.quoted(&t.title(t.main)));
        blocks.push(Block::Paragraph(t.say(MAIN, &[("title", title)])));
    }
    let frame = |run: &Output| {
        let words_of = match t.frame(run)? {
            Frame::WhatStands => STANDS,
            Frame::PlanAlone => ALONE,
            Frame::Likely => LIKELY,
        };
        Some(t.say(words_of, &[("title", words(t.quoted(&t.title(run))))]))
    };
    blocks.push(t.paragraph(t.outputs.runs.iter().filter_map(frame).collect()));
    blocks.push(t.paragraph(vec![
        limits(t),
        t.say(CLEARED, &[("horizon", t.city_year("horizon")), ("level", t.level())]),
        t.say(PUPIL_YEARS, &[]),
    ]));
    blocks.extend(synthetic(t).map(Block::Remark));
    blocks
}

fn scope(t: &Teller) -> Block {
    let districts = match t.districts().len() {
        0 | 1 => t.say(ONE_DISTRICT, &[]),
        _ => {
            let count = t.number(&t.at("resolved.toml#districts", &[], "*"), Print::Count);
            t.say(N_DISTRICTS, &[("n", count)])
        }
    };
    let gaps = [
        ("city", words(t.city())),
        ("base", t.city_year("base_year")),
        ("horizon", t.city_year("horizon")),
        ("levels", words(levels(t.stages, t.lang))),
        ("districts", districts),
    ];
    let period = match t.plan {
        Some(_) => t.say(PERIOD, &[("first", t.plan_year(0)), ("last", t.plan_year(1))]),
        None => t.say(NO_PERIOD, &[]),
    };
    t.paragraph(vec![t.say(SCOPE, &gaps), period])
}

/// What the stages of the city come to: 学前教育、义务教育、普通高中和中等职业教育; kindergartens, primary and senior schools.
fn levels(stages: &'static Stages, lang: Lang) -> String {
    let mut all: Vec<String> = match lang {
        Lang::Zh => stages.iter().map(level_zh).collect(),
        Lang::En => stages.iter().map(Stage::schools_en).collect(),
    };
    all.dedup();
    let last = all.pop().unwrap_or_default();
    if last.ends_with(SCHOOLS) {
        // Said once, of the last.
        for name in &mut all {
            *name = name.strip_suffix(SCHOOLS).unwrap_or(name).to_string();
        }
    }
    let (between, and) = if lang == Lang::Zh { ("、", "和") } else { (", ", " and ") };
    match all.is_empty() {
        true => last,
        false => format!("{}{and}{last}", all.join(between)),
    }
}

/// What ends the name of most schools.
const SCHOOLS: &str = " schools";

/// The kind of schooling that a stage is in Chinese.
fn level_zh(stage: Stage) -> String {
    if stage.ages().end <= stage.stages().school_age() {
        return "学前教育".to_string();
    }
    if stage.is_compulsory() {
        return "义务教育".to_string();
    }
    let name = stage.zh();
    name.strip_suffix("学校").map_or_else(|| name.to_string(), |kind| format!("{kind}教育"))
}

fn question(t: &Teller, run: &Output) -> Vec<Span> {
    let title = vec![Span::Strong(capital(&t.title(run)))];
    let asked = run.words("summary.json", &[t.pick("question", "question_en")]);
    if asked.is_empty() {
        t.say(NO_QUESTION, &[("title", title)])
    } else {
        t.say(QUESTION, &[("title", title), ("question", words(asked))])
    }
}

/// What counts as oversized, where it is one number for all stages that are always told.
fn limits(t: &Teller) -> Vec<Span> {
    let of = |stage: &str, limit: &str| {
        let path = format!("thresholds.{stage}.{limit}");
        t.at("provenance.csv", &[("path", &path)], "value")
    };
    let told = t.stages.shown();
    let is_one = |limit: &str| {
        let mut values = told.iter().map(|stage| of(stage.key(), limit).value());
        let first = values.next().flatten();
        first.is_some() && values.all(|value| value == first)
    };
    let (Some(first), Some(last)) = (told.first(), told.last()) else {
        return t.say(OVERSIZED_VARIES, &[]);
    };
    if !is_one("oversized") || !is_one("super_oversized") {
        return t.say(OVERSIZED_VARIES, &[]);
    }
    let number = |limit: &str| t.number(&of(first.key(), limit), Print::Count);
    let stages = match t.lang {
        Lang::Zh => "中小学".to_string(),
        Lang::En if first == last => first.en().to_string(),
        Lang::En => format!("{} to {}", first.en(), last.en()),
    };
    let by_rate = t.stages.iter().filter(|stage| stage.is_by_rate());
    let by_rate: Vec<String> = by_rate.map(|stage| t.schools(stage)).collect();
    let others = match by_rate.is_empty() {
        true => Vec::new(),
        false => t.say(BY_AGE, &[("schools", words(by_rate.join(t.pick("、", ", "))))]),
    };
    let gaps = [
        ("from", number("oversized")),
        ("super", number("super_oversized")),
        ("stages", words(stages)),
        ("others", others),
    ];
    t.say(OVERSIZED, &gaps)
}

/// What must be said of a register that shows no real school.
pub(super) fn synthetic(t: &Teller) -> Option<Vec<Span>> {
    let at = |idx: &str| t.at("summary.json#synthetic_schools", &[], idx);
    let n = at("0").value().filter(|n| *n > 0.0)?;
    let (number, all) = (t.number(&at("0"), Print::Count), t.number(&at("1"), Print::Count));
    let words = if Some(n) == at("1").value() { SYNTHETIC_ALL } else { SYNTHETIC };
    Some(t.say(words, &[("n", number), ("all", all)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::china;
    use crate::samples::english;

    #[test]
    fn stages_come_to_levels() {
        let chinese = levels(china(), Lang::Zh);
        assert_eq!(chinese, "学前教育、义务教育、普通高中和中等职业教育");
        let all = "kindergartens, primary, junior, senior and vocational schools";
        assert_eq!(levels(china(), Lang::En), all);
        assert_eq!(levels(english(), Lang::Zh), "学前教育和义务教育");
        assert_eq!(levels(english(), Lang::En), "nursery, first and secondary schools");
    }
}
