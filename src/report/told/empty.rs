//! Section 7: what stands empty afterwards.

use crate::document::{Block, Cell, Form, Span, Table};

use super::compared::scenarios;
use super::printed::Print;
use super::teller::{
    Teller, Words, heading, messages, number_cell, number_column, plain, table, word_cell,
    word_column, words,
};

messages! {
    HEADING = "闲置风险", "What stands empty afterwards";
    NONE = "至{horizon}年各学段没有空余学位，不存在闲置风险。", "By {horizon} no seat stands empty in any stage.";
    TOLD = "空余学位由{base}年的{before}个变为{horizon}年的{after}个，{horizon}年全市学位利用率为{use}。", "Empty seats go from {before} in {base} to {after} in {horizon}, when {use} of all seats are used.";
    BY_STAGE = "其中{parts}。", "Of them: {parts}.";
    STAGE = "{stage}{n}个（利用率{use}）", "{stage} {n} ({use} used)";
    PLAN_ADDS = "与{unbuilt}相比，规划使{horizon}年的空余学位增加{n}个；其余在基年已有，或由学龄人口减少造成，{unbuilt}也会出现。", "Compared with {unbuilt} the plan adds {n} empty seats by {horizon}; the rest was there in the base year or comes from fewer children, and would be there anyway.";
    PLAN_ADDS_NONE = "与{unbuilt}相比，规划没有增加{horizon}年的空余学位；空余在基年已有，或由学龄人口减少造成。", "Compared with {unbuilt} the plan adds no empty seats by {horizon}; they were there in the base year or come from fewer children.";
    NO_PLAN = "该情景没有新建，空余学位在基年已有，或由学龄人口减少造成。", "Nothing is built; the seats were empty in the base year already, or there are fewer children.";
    ADVICE = "新增学位宜预留转作他用的条件（{stage}空余最多），建设时序宜与在校生高峰衔接。", "New seats should be built so that they can be put to other use ({stage} will have most to spare), and timed by the peak.";
    FIGURE = "各学段不足与空余学位", "Seats short and empty by stage";
    CAPTION = "各学段空余学位（个）", "Empty seats by stage";
    STAGE_NAME = "学段", "stage";
    IN_YEAR = "{year}年", "{year}";
    ABOVE_BASE = "{year}年超出基年", "{year}, above the base year";
    ABOVE_UNBUILT = "{year}年超出{unbuilt}", "{year}, above {unbuilt}";
    ALL = "合计", "all";
    SCENARIOS = "各情景末年空余学位（个）", "Seats empty in the last year, all scenarios";
    SCENARIO = "情景", "scenario";
}

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING))];
    let of = |stage: &str| t.summary(t.main, stage, "empty_seats_horizon");
    if of("all").value().is_none_or(|n| n < 0.5) {
        blocks.push(Block::Paragraph(t.say(NONE, &[("horizon", t.city_year("horizon"))])));
        return blocks;
    }
    blocks.push(t.paragraph(vec![course(t), by_stage(t), cause(t), advice(t)]));
    blocks.push(Block::Table(by_year(t)));
    blocks.extend(t.figure(t.main, "gaps", FIGURE));
    blocks.extend(of_scenarios(t).map(Block::Table));
    blocks
}

fn course(t: &Teller) -> Vec<Span> {
    let all = |year: i32, indicator: &str| t.indicator(t.main, (year, "all", "all"), indicator);
    let gaps = [
        ("base", t.city_year("base_year")),
        ("horizon", t.city_year("horizon")),
        ("before", t.number(&all(t.base, "empty_seats"), Print::Count)),
        ("after", t.number(&all(t.horizon, "empty_seats"), Print::Count)),
        ("use", t.number(&all(t.horizon, "utilisation"), Print::Share)),
    ];
    t.say(TOLD, &gaps)
}

fn by_stage(t: &Teller) -> Vec<Span> {
    let mut parts = Vec::new();
    for stage in t.stage_keys() {
        let empty = t.summary(t.main, stage, "empty_seats_horizon");
        let used = t.indicator(t.main, (t.horizon, "all", stage), "utilisation");
        if empty.value().is_some_and(|n| n >= 0.5) && used.value().is_some() {
            let gaps = [
                ("stage", words(t.stage(stage))),
                ("n", t.number(&empty, Print::Count)),
                ("use", t.number(&used, Print::Share)),
            ];
            parts.push(t.say(STAGE, &gaps));
        }
    }
    if parts.is_empty() {
        return parts.into_iter().flatten().collect();
    }
    t.say(BY_STAGE, &[("parts", t.join(parts, Words { zh: "，", en: ", " }))])
}

fn cause(t: &Teller) -> Vec<Span> {
    if !t.builds(t.main) {
        return t.say(NO_PLAN, &[]);
    }
    let column = format!("against_no_build.stranded_seats.{}", t.horizon);
    let stranded = t.summary(t.main, "all", &column);
    let mut gaps = vec![("horizon", t.city_year("horizon"))];
    if stranded.value().is_none_or(|n| n < 0.5) {
        return t.say(PLAN_ADDS_NONE, &gaps);
    }
    gaps.push(("n", t.number(&stranded, Print::Count)));
    t.say(PLAN_ADDS, &gaps)
}

fn advice(t: &Teller) -> Vec<Span> {
    let of = |stage: &str| t.summary(t.main, stage, "empty_seats_horizon").value();
    let known = t.stage_keys().into_iter().filter_map(|key| Some((key, of(key)?)));
    match known.reduce(|best, next| if next.1 > best.1 { next } else { best }) {
        Some((stage, _)) if t.builds(t.main) => t.say(ADVICE, &[("stage", words(t.stage(stage)))]),
        _ => Vec::new(),
    }
}

/// Empty seats in the base year, at the end of the plan, ten years later and in the last year; how many of the last are new.
fn by_year(t: &Teller) -> Table {
    let mut years = vec![t.base];
    if let Some((_, last)) = t.plan {
        years.extend([last, last + 10]);
    }
    years.retain(|year| (t.base..t.horizon).contains(year));
    years.push(t.horizon);
    years.dedup();
    let name = |words_of: Words, year: i32| {
        number_column(plain(&t.say(words_of, &[("year", words(year.to_string()))])))
    };
    let mut columns = vec![word_column(t.of(STAGE_NAME))];
    columns.extend(years.iter().map(|year| name(IN_YEAR, *year)));
    columns.push(name(ABOVE_BASE, t.horizon));
    if t.builds(t.main) {
        columns.push(name(ABOVE_UNBUILT, t.horizon));
    }
    let row = |stage: &str, name: String| {
        let mut row = vec![word_cell(name)];
        row.extend(years.iter().map(|year| {
            number_cell(&t.indicator(t.main, (*year, "all", stage), "empty_seats"), Form::Count)
        }));
        let mut above = vec![format!("stranded_seats.{}", t.horizon)];
        if t.builds(t.main) {
            above.push(format!("against_no_build.stranded_seats.{}", t.horizon));
        }
        row.extend(above.iter().map(|at| number_cell(&t.summary(t.main, stage, at), Form::Count)));
        row
    };
    let mut rows: Vec<Vec<Cell>> =
        t.stage_keys().into_iter().map(|key| row(key, t.stage(key))).collect();
    rows.push(row("all", t.of(ALL).to_string()));
    let mut made = table("empty", t.of(CAPTION), columns, rows);
    let files = ["indicators.csv", "summary.json"].map(|file| format!("{}/{file}", t.main.name));
    made.source = Some(t.source(&files));
    made
}

/// Seats empty in the last year by scenario and stage, where there are several runs.
fn of_scenarios(t: &Teller) -> Option<Table> {
    let scenarios = scenarios(t);
    if scenarios.len() < 2 {
        return None;
    }
    let mut columns = vec![word_column(t.of(SCENARIO))];
    columns.extend(t.stage_keys().into_iter().map(|key| number_column(t.stage(key))));
    columns.push(number_column(t.of(ALL)));
    let row = |(key, title): &(String, String)| {
        let mut row = vec![word_cell(title)];
        let keys = t.stage_keys().into_iter().chain(["all"]);
        row.extend(keys.map(|stage| {
            let at = super::compared::measure(t, key, stage, "empty_seats_horizon");
            at.map_or(Cell::Missing, |at| number_cell(&at, Form::Count))
        }));
        row
    };
    let rows = scenarios.iter().map(row).collect();
    let mut made = table("empty-scenarios", t.of(SCENARIOS), columns, rows);
    made.source = Some(match &t.outputs.compare {
        Some(compare) => t.source(&[format!("{}/comparison.csv", compare.name)]),
        None => t.source(
            &t.outputs
                .runs
                .iter()
                .map(|run| format!("{}/summary.json", run.name))
                .collect::<Vec<_>>(),
        ),
    });
    Some(made)
}
