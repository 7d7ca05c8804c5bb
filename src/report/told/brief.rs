//! Section 2: findings in brief.

use crate::document::{Block, Span};
use crate::scenario::Frame;

use super::printed::Print;
use super::teller::{Teller, Words, heading, messages, words};
use super::{compared, sure};

messages! {
    HEADING = "主要结论", "Findings in brief";
    UNDER = "{title}下，{clauses}。", "Oversized classes under {title}: {clauses}.";
    SINCE_BASE = "{stage}大班额比例自基年起即不高于{level}", "oversized classes of {stage} are at or below {level} from the base year on";
    CLEARS = "{stage}大班额{year}年清零", "{stage} clear in {year}";
    NEVER = "{stage}大班额至{horizon}年仍未清零，当年比例为{share}", "{stage} do not clear by {horizon}, when {share} of their classes are oversized";
    EARLIER = "（{unbuilt}为{year}年）", " ({year} with {unbuilt})";
    SAME = "（{unbuilt}时相同）", " (the same with {unbuilt})";
    LATER = "（晚于{unbuilt}时的{year}年）", " (later than with {unbuilt}: {year})";
    ONLY_BUILT = "（{unbuilt}则至{horizon}年不能清零）", " (with {unbuilt} not by {horizon})";
    ONLY_UNBUILT = "（{unbuilt}时{year}年即可清零）", " (with {unbuilt} in {year})";
    NEITHER = "（{unbuilt}时亦然）", " (nor with {unbuilt})";
    ALL_BY_END = "规划期末的{end}年，上述学段大班额已全部清零。", "By the end of the plan in {end} all of them are clear.";
    NONE_BY_END = "规划期末的{end}年，上述学段大班额均未清零。", "At the end of the plan in {end} none of them is clear.";
    SOME_BY_END = "规划期末的{end}年，已清零的是{stages}。", "At the end of the plan in {end} those of {stages} are clear.";
    BEFORE_PLAN = "{stages}在规划期开始前即已清零，不是规划的成效。", "Those of {stages} are clear before the plan begins, which is not its doing.";
    BETWEEN_CLAUSES = "；", "; ";
    UNPLACED = "须注意，各年累计有{n}个学生年没有学位，班额下降有一部分是把学生挡在校外的结果。",
        "But pupils are turned away: {n} pupil-years have no place, and class sizes fall in part for that reason.";
    OVERFLOW = "各年累计有{n}名学生因无处可去，被安置在超过班额上限的班级。", "{n} pupils in all years are placed above the ceiling of class sizes because there is no other place.";
    WAVE = "在校生高峰：{peaks}。", "Most pupils: {peaks}.";
    PEAK_PAST = "{stage}已过峰（{year}年{n}人）", "{stage} are past their peak ({n} in {year})";
    PEAK_INSIDE = "{stage}{year}年（{n}人）", "{stage} peak in {year} ({n})";
    PEAK_END = "{stage}至{year}年仍在增长（{n}人）", "{stage} are still growing in {year} ({n})";
    BETWEEN_PEAKS = "，", ", ";
    WORST = "班额压力最大的是{stage}，{year}年有{share}的班级为大班额。", "The pressure is greatest in {stage}: {share} of their classes are oversized in {year}.";
    NO_TARGETS = "该情景未设规划目标。", "The scenario has no targets.";
    TARGETS = "{n}项规划目标中，{parts}。", "Of {n} targets: {parts}.";
    MET = "达成{n}项", "{n} met";
    MISSED = "未达成{n}项", "{n} missed";
    CONTRADICTED = "与规划其他指标相矛盾{n}项", "{n} at odds with other figures of the plan";
    NOT_MODELLED = "模型不能测算{n}项", "{n} beyond the model";
    OUTSIDE = "目标年在测算期之外{n}项", "{n} outside the years";
    GIVEN = "达成的目标中，{titles}由输入参数决定，不是测算结果。", "Of those met, {titles} follows from an input and is no result.";
    NO_PROGRAMME = "该情景不含建设工程，没有新增投资。", "The scenario has no building programme and costs nothing.";
    NO_INVESTMENT = "该情景的建设工程没有投资数据，本报告不评价其成本。", "No investment is known for the scenario's programmes; their cost is not judged.";
    COST = "至{horizon}年共投资{yuan}元，与{unbuilt}相比减少大班额学生年{n}个，平均每减少一个学生年投资{each}元。",
        "Up to {horizon}, {yuan} yuan is invested; {n} pupil-years in oversized classes are avoided compared with {unbuilt}, at {each} yuan each.";
    COST_REPLACES = "至{horizon}年规划投资{yuan}元；地方在规划之外自行增建教室{added}间，没有规划则要多增建{n}间。",
        "Up to {horizon} the plan invests {yuan} yuan; beside it the city adds {added} rooms of itself, and {n} more without the plan.";
    COST_BESIDE = "至{horizon}年规划投资{yuan}元；地方在规划之外自行增建教室{added}间。",
        "Up to {horizon} the plan invests {yuan} yuan; beside it the city adds {added} rooms of itself.";
    COST_IN_VAIN = "至{horizon}年共投资{yuan}元，但与{unbuilt}相比没有减少大班额学生年。", "Up to {horizon}, {yuan} yuan is invested, but compared with {unbuilt} no pupil-year in an oversized class is avoided.";
    EMPTY = "至{horizon}年全市空余学位{n}个，{stage}最多，为{most}个", "By {horizon}, {n} seats stand empty, most of them in {stage} ({most})";
    EMPTY_BUILT = "；比{unbuilt}多{n}个。", "; {n} more than with {unbuilt}.";
    EMPTY_UNBUILT = "。", ".";
    NONE_EMPTY = "至{horizon}年没有空余学位。", "By {horizon} no seat stands empty.";
}

const LIST: Words = Words { zh: "，", en: ", " };

/// The section: the table of several scenarios, then points.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING))];
    blocks.extend(compared::side_by_side(t).map(Block::Table));
    let points = [
        Some(clearing(t)),
        Some(wave(t)),
        Some(targets(t)),
        Some(cost(t)),
        Some(empty(t)),
        compared::dominance(t),
        sure::in_brief(t),
    ];
    blocks.push(Block::List(points.into_iter().flatten().collect()));
    blocks.extend(compared::figure(t));
    blocks
}

/// The stages that are always told, and others whose oversized classes do not clear in the base year.
pub(super) fn shown_stages(t: &Teller) -> Vec<&'static str> {
    let told = t.told_stages();
    let is_shown = |key: &&str| {
        let clears = t.summary(t.main, key, "clearing_year_at_level.working").value();
        told.contains(key) || clears != Some(f64::from(t.base))
    };
    t.stage_keys().into_iter().filter(is_shown).collect()
}

/// When oversized classes are gone, and without building.
fn clearing(t: &Teller) -> Vec<Span> {
    let clauses = shown_stages(t).into_iter().map(|stage| clause(t, stage)).collect();
    let gaps = [
        ("title", words(t.quoted(&t.title(t.main)))),
        ("clauses", t.join(clauses, BETWEEN_CLAUSES)),
    ];
    let mut sentences = vec![t.say(UNDER, &gaps), by_end_of_plan(t)];
    for (column, words) in [("unplaced_pupil_years", UNPLACED), ("overflow_total", OVERFLOW)] {
        let at = t.summary(t.main, "all", column);
        if at.value().is_some_and(|n| n >= 0.5) {
            sentences.push(t.say(words, &[("n", t.number(&at, Print::Count))]));
        }
    }
    t.sentences(sentences)
}

/// Which stages are clear when the plan ends, and which were before it began.
fn by_end_of_plan(t: &Teller) -> Vec<Span> {
    let Some((first, last)) = t.plan.filter(|(_, last)| *last <= t.horizon) else {
        return Vec::new();
    };
    let year = |stage: &str| {
        t.summary(t.main, stage, "clearing_year_at_level.working").value().map(|y| y as i32)
    };
    let shown = shown_stages(t);
    let names = |stages: Vec<&str>| {
        let names: Vec<String> = stages.iter().map(|stage| t.stage(stage)).collect();
        words(names.join(t.pick("、", ", ")))
    };
    let clear: Vec<&str> =
        shown.iter().copied().filter(|s| year(s).is_some_and(|year| year <= last)).collect();
    let early: Vec<&str> = shown
        .iter()
        .copied()
        .filter(|s| year(s).is_some_and(|year| year > t.base && year < first))
        .collect();
    let end = ("end", t.plan_year(1));
    let mut sentences = vec![match clear.len() {
        0 => t.say(NONE_BY_END, &[end]),
        n if n == shown.len() => t.say(ALL_BY_END, &[end]),
        _ => t.say(SOME_BY_END, &[end, ("stages", names(clear))]),
    }];
    if !early.is_empty() {
        sentences.push(t.say(BEFORE_PLAN, &[("stages", names(early))]));
    }
    t.sentences(sentences)
}

fn clause(t: &Teller, stage: &str) -> Vec<Span> {
    let own = t.summary(t.main, stage, "clearing_year_at_level.working");
    let without = t.summary(t.main, stage, "against_no_build.clearing_year_no_build");
    let year = own.value().map(|year| year as i32);
    let message = match year {
        None => NEVER,
        Some(year) if year == t.base => SINCE_BASE,
        Some(_) => CLEARS,
    };
    let mut gaps = vec![("stage", words(t.stage(stage))), ("level", t.level())];
    if year.is_some() {
        gaps.push(("year", t.number(&own, Print::Year)));
    } else {
        gaps.push(("horizon", t.city_year("horizon")));
        gaps.push((
            "share",
            t.number(&t.summary(t.main, stage, "oversized_share.1"), Print::Share),
        ));
    }
    let mut spans = t.say(message, &gaps);
    if t.builds(t.main) && year != Some(t.base) {
        let unbuilt = without.value().map(|year| year as i32);
        let message = match (year, unbuilt) {
            (None, None) => NEITHER,
            (Some(_), None) => ONLY_BUILT,
            (None, Some(_)) => ONLY_UNBUILT,
            (Some(own), Some(unbuilt)) if own < unbuilt => EARLIER,
            (Some(own), Some(unbuilt)) if own == unbuilt => SAME,
            (Some(_), Some(_)) => LATER,
        };
        let mut gaps = vec![("horizon", t.city_year("horizon"))];
        if unbuilt.is_some() {
            gaps.push(("year", t.number(&without, Print::Year)));
        }
        spans = t.join(vec![spans, t.say(message, &gaps)], Words { zh: "", en: "" });
    }
    spans
}

/// When pupils of every stage are most, and where classes are largest.
fn wave(t: &Teller) -> Vec<Span> {
    let peak = |stage: &str| {
        let year = t.summary(t.main, stage, "peak_year");
        let words_of = match year.value().map(|year| year as i32) {
            Some(year) if year == t.base => PEAK_PAST,
            Some(year) if year == t.horizon => PEAK_END,
            _ => PEAK_INSIDE,
        };
        let n = t.number(&t.summary(t.main, stage, "peak_pupils"), Print::Count);
        let gaps =
            [("stage", words(t.stage(stage))), ("year", t.number(&year, Print::Year)), ("n", n)];
        t.say(words_of, &gaps)
    };
    let has_pupils = |stage: &&str| {
        t.summary(t.main, stage, "peak_pupils").value().is_some_and(|pupils| pupils >= 0.5)
    };
    let stages = t.stage_keys().into_iter().filter(has_pupils);
    let peaks = t.join(stages.map(peak).collect(), BETWEEN_PEAKS);
    let mut sentences = vec![t.say(WAVE, &[("peaks", peaks)])];
    let share = |stage: &str| t.summary(t.main, stage, "oversized_share_peak.0");
    let known = shown_stages(t).into_iter().filter_map(|s| Some((s, share(s).value()?)));
    let worst = known.reduce(|best, next| if next.1 > best.1 { next } else { best });
    if let Some((stage, _)) = worst.filter(|(_, share)| *share > t.working_share()) {
        let gaps = [
            ("stage", words(t.stage(stage))),
            ("year", t.number(&t.summary(t.main, stage, "oversized_share_peak.1"), Print::Year)),
            ("share", t.number(&share(stage), Print::Share)),
        ];
        sentences.push(t.say(WORST, &gaps));
    }
    t.sentences(sentences)
}

/// How many targets are met, missed, or cannot be told.
fn targets(t: &Teller) -> Vec<Span> {
    let all = t.at("scorecard.csv", &[], "*");
    if all.value() == Some(0.0) {
        return t.say(NO_TARGETS, &[]);
    }
    let kinds = [
        ("met", MET),
        ("missed", MISSED),
        ("contradicted", CONTRADICTED),
        ("not_modelled", NOT_MODELLED),
        ("outside_years", OUTSIDE),
    ];
    let mut parts = Vec::new();
    for (status, message) in kinds {
        let at = t.at("scorecard.csv", &[("status", status)], "*");
        if at.value() != Some(0.0) {
            parts.push(t.say(message, &[("n", t.number(&at, Print::Count))]));
        }
    }
    let gaps = [("n", t.number(&all, Print::Count)), ("parts", t.join(parts, LIST))];
    let mut sentences = vec![t.say(TARGETS, &gaps)];
    let scores = t.main.at("summary.json", &["scorecard"]).as_array();
    let is_given =
        |score: &&serde_json::Value| score["status"] == "met" && score["input"].is_string();
    let title = |score: &serde_json::Value| {
        t.quoted(score[t.pick("title", "title_en")].as_str().unwrap_or_default())
    };
    let given: Vec<String> = scores.into_iter().flatten().filter(is_given).map(title).collect();
    if !given.is_empty() {
        sentences.push(t.say(GIVEN, &[("titles", words(given.join(t.pick("、", ", "))))]));
    }
    t.sentences(sentences)
}

/// What it costs, and what for.
fn cost(t: &Teller) -> Vec<Span> {
    let total = t.summary(t.main, "all", "investment_total");
    if !t.builds(t.main) {
        return t.say(NO_PROGRAMME, &[]);
    }
    if total.value().is_none_or(|yuan| yuan < 0.5) {
        return t.say(NO_INVESTMENT, &[]);
    }
    let mut gaps =
        vec![("horizon", t.city_year("horizon")), ("yuan", t.number(&total, Print::Money))];
    if t.frame(t.main) == Some(Frame::Likely) {
        let rooms = |column: &str| t.number(&t.summary(t.main, "all", column), Print::Count);
        gaps.push(("added", rooms("rooms_added_total")));
        let less = t.summary(t.main, "all", "against_no_build.rooms_added_less");
        if less.value().is_none_or(|rooms| rooms < 0.5) {
            return t.say(COST_BESIDE, &gaps);
        }
        gaps.push(("n", rooms("against_no_build.rooms_added_less")));
        return t.say(COST_REPLACES, &gaps);
    }
    let each = t.summary(t.main, "all", "against_no_build.cost_per_pupil_year_relieved");
    if each.value().is_none() {
        return t.say(COST_IN_VAIN, &gaps);
    }
    let relieved = t.summary(t.main, "all", "against_no_build.pupil_years_relieved");
    gaps.push(("n", t.number(&relieved, Print::Count)));
    gaps.push(("each", t.number(&each, Print::Money)));
    t.say(COST, &gaps)
}

/// What stands empty at the end, and how much of it is due to the plan.
fn empty(t: &Teller) -> Vec<Span> {
    let horizon = t.city_year("horizon");
    let of = |stage: &str| t.summary(t.main, stage, "empty_seats_horizon");
    let all = of("all");
    let known = t.stage_keys().into_iter().filter_map(|key| Some((key, of(key).value()?)));
    let most = known.reduce(|best, next| if next.1 > best.1 { next } else { best });
    let Some((stage, _)) = most.filter(|_| all.value().is_some_and(|n| n >= 0.5)) else {
        return t.say(NONE_EMPTY, &[("horizon", horizon)]);
    };
    let gaps = [
        ("horizon", horizon),
        ("n", t.number(&all, Print::Count)),
        ("stage", words(t.stage(stage))),
        ("most", t.number(&of(stage), Print::Count)),
    ];
    let column = format!("against_no_build.stranded_seats.{}", t.horizon);
    let stranded = t.summary(t.main, "all", &column);
    let tail = if t.builds(t.main) && stranded.value().is_some_and(|n| n >= 0.5) {
        t.say(EMPTY_BUILT, &[("n", t.number(&stranded, Print::Count))])
    } else {
        t.say(EMPTY_UNBUILT, &[])
    };
    t.join(vec![t.say(EMPTY, &gaps), tail], Words { zh: "", en: "" })
}
