//! Section 4: what the plan achieves: what is built, and its targets.

use serde_json::Value;

use crate::document::{Block, Cell, Column, Form, SheetChart, SheetChartKind, Span, Table};
use crate::tables::{ADDED, CONSTRUCTION};

use super::MOST_ROWS;
use super::assumed::with_names;
use super::printed::{Print, grouped};
use super::teller::{
    Teller, Words, heading, messages, number_cell, number_column, table, word_cell, word_column,
    words,
};

messages! {
    HEADING = "规划成效", "What the plan achieves";
    BUILT_HEADING = "学位供给", "Seats";
    TARGETS_HEADING = "规划目标完成情况", "Targets";
    NOTHING_BUILT = "该情景不含建设工程，学位只随常设规则变动。", "The scenario has no building programme; seats change by standing rules alone.";
    NO_ROOMS = "该情景的建设工程至{horizon}年没有形成项目。", "The scenario's programmes come to no building by {horizon}.";
    BUILDS = "该情景共落实建设项目：{parts}。", "What is built: {parts}.";
    OPEN = "新建{n}个（教室{rooms}间）", "{n} new ({rooms} rooms)";
    EXTEND = "扩建{n}个（教室{rooms}间）", "{n} extended ({rooms} rooms)";
    RELOCATE = "迁建{n}所（净增教室{rooms}间）", "{n} relocated ({rooms} rooms more)";
    UPGRADE = "标准化提升{n}所（不增加教室）", "{n} brought to standard (no rooms)";
    CONVERT = "转作他用{n}个（教室{rooms}间）", "{n} converted ({rooms} rooms)";
    RESERVE = "预留教室{n}次（教室{rooms}间）", "{n} with rooms reserved ({rooms} rooms)";
    RESTORE = "恢复使用教室{n}次（教室{rooms}间）", "{n} with rooms back in use ({rooms} rooms)";
    REDUCE = "撤除教室{n}次（教室{rooms}间）", "{n} with rooms taken away ({rooms} rooms)";
    MERGE = "撤并{n}所（教室{rooms}间）", "{n} merged ({rooms} rooms)";
    CLOSE = "关闭{n}所（教室{rooms}间，含按常设规则关闭的）", "{n} closed ({rooms} rooms, those by standing rules included)";
    ADD = "地方自行增建{n}校次（教室{rooms}间）", "{n} extended by the city of itself ({rooms} rooms that nobody promised)";
    SEATS = "全市学位由{base}年的{before}个变为{horizon}年的{after}个，同期在校生由{pupils}人变为{left}人。",
        "The city has {before} seats in {base} and {after} in {horizon}; its pupils go from {pupils} to {left}.";
    ROOMS_CAPTION = "分年度、分学段教室净增（间）", "Rooms added by year and stage, net";
    ROOMS_AXIS = "间", "rooms";
    SEATS_CAPTION = "各学段学位与在校生", "Seats and pupils by stage";
    SEATS_OF = "{year}年学位（个）", "seats {year}";
    PUPILS_OF = "{year}年在校生（人）", "pupils {year}";
    STAGE = "学段", "stage";
    YEAR = "年份", "year";
    TOTAL = "合计", "all";
    NO_TARGETS = "该情景未附规划目标，本节不作对照。", "The scenario has no targets to set beside the run.";
    ALL_MET = "{n}项目标全部达成。", "All {n} targets are met.";
    SOME_MET = "{n}项目标中{met}项达成，逐项情况见表；“说明”栏注明差距、达成时间或不能测算的原因。",
        "{met} of {n} targets are met. The table says of each by how much it is missed, when it is met, or why the model cannot tell.";
    NONE_MET = "{n}项目标均未达成，逐项情况见表。", "None of the {n} targets is met; see the table.";
    TARGETS_CAPTION = "规划目标与测算结果对照", "Targets of the plan against the run";
    TARGET = "目标", "target";
    BOUND = "要求", "bound";
    TARGET_VALUE = "目标值", "target value";
    RUN_VALUE = "测算值", "run";
    STATUS = "结果", "result";
    REASON = "说明", "note";
    LONG = "目标较多，表中只列未达成和不能测算的项目，其余见附表。", "The table holds those that are not met; the rest stands in the annex.";
    SCORECARD = "规划目标与测算值", "The plan's targets against the run";
    SEATS_FIGURE = "各学段在校生与学位", "Pupils and seats by stage";
    WAVE_FIGURE = "出生与各学段招生", "Births and entrants by stage";
    PYRAMID_FIGURE = "儿童和少年的年龄构成", "Children by age and sex";
    TIMELINE_FIGURE = "建设项目投用时间", "What opens when";
}

/// Kinds of events and their words, in the order of telling.
const KINDS: [(&str, Words); 11] = [
    ("open", OPEN),
    ("extend", EXTEND),
    ("relocate", RELOCATE),
    ("upgrade", UPGRADE),
    ("convert", CONVERT),
    ("reserve", RESERVE),
    ("restore", RESTORE),
    ("reduce", REDUCE),
    ("merge", MERGE),
    ("close", CLOSE),
    (ADDED, ADD),
];

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut blocks = vec![heading(1, t.of(HEADING)), heading(2, t.of(BUILT_HEADING))];
    blocks.push(t.paragraph(vec![built(t), seats(t)]));
    if let Some(rooms) = rooms_by_year(t).filter(|rooms| rooms.rows.len() <= MOST_ROWS) {
        blocks.push(Block::Table(rooms));
    }
    blocks.extend(t.figure(t.main, "timeline", TIMELINE_FIGURE));
    blocks.push(Block::Table(seats_and_pupils(t)));
    blocks.extend(t.figure(t.main, "seats", SEATS_FIGURE));
    blocks.extend(t.figure(t.main, "entrants", WAVE_FIGURE));
    blocks.extend(t.figure(t.main, "pyramid", PYRAMID_FIGURE));
    blocks.push(heading(2, t.of(TARGETS_HEADING)));
    blocks.extend(targets(t));
    blocks
}

fn built(t: &Teller) -> Vec<Span> {
    let adds = t.at("events.csv", &[("kind", ADDED)], "*").value().is_some_and(|n| n > 0.0);
    let programmes = t.main.at("resolved.toml", &["programmes"]);
    if !adds && programmes.as_object().is_none_or(|all| all.is_empty()) {
        return t.say(NOTHING_BUILT, &[]);
    }
    let mut parts = Vec::new();
    for (kind, message) in KINDS {
        let count = t.at("events.csv", &[("kind", kind)], "*");
        if count.value().is_some_and(|n| n > 0.0) {
            let rooms = t.at("events.csv", &[("kind", kind)], "rooms");
            let gaps =
                [("n", t.number(&count, Print::Count)), ("rooms", t.number(&rooms, Print::Count))];
            parts.push(t.say(message, &gaps));
        }
    }
    if parts.is_empty() {
        return t.say(NO_ROOMS, &[("horizon", t.city_year("horizon"))]);
    }
    t.say(BUILDS, &[("parts", t.join(parts, Words { zh: "，", en: "; " }))])
}

fn seats(t: &Teller) -> Vec<Span> {
    let of = |year: i32, indicator: &str| {
        t.number(&t.indicator(t.main, (year, "all", "all"), indicator), Print::Count)
    };
    let gaps = [
        ("base", t.city_year("base_year")),
        ("horizon", t.city_year("horizon")),
        ("before", of(t.base, "seats")),
        ("after", of(t.horizon, "seats")),
        ("pupils", of(t.base, "pupils")),
        ("left", of(t.horizon, "pupils")),
    ];
    t.say(SEATS, &gaps)
}

/// Columns of all stages after a first one.
pub(super) fn stage_columns(t: &Teller, first: Words) -> Vec<Column> {
    let mut columns = vec![word_column(t.of(first))];
    columns.extend(t.stage_keys().into_iter().map(|key| number_column(t.stage(key))));
    columns
}

/// Rooms added by year and stage; `None` without events. The workbook draws it, so there is no row of sums.
fn rooms_by_year(t: &Teller) -> Option<Table> {
    let grid = t.main.tables.get("events.csv")?;
    let takes_effect = |row: &usize| grid.text(*row, "kind") != CONSTRUCTION;
    let of_effect = (0..grid.n_rows()).filter(takes_effect);
    let mut years: Vec<&str> = of_effect.map(|row| grid.text(row, "year")).collect();
    years.sort_unstable();
    years.dedup();
    if years.is_empty() {
        return None;
    }
    let cell = |conditions: &[(&str, &str)]| match t.at("events.csv", conditions, "rooms").value() {
        Some(rooms) => Cell::Number(rooms, Form::Count),
        None => Cell::Number(0.0, Form::Count),
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for year in &years {
        let mut row = vec![Cell::Number(year.parse().unwrap_or_default(), Form::Year)];
        let stages = t.stage_keys().into_iter();
        row.extend(stages.map(|stage| cell(&[("year", *year), ("stage", stage)])));
        row.push(cell(&[("year", *year)]));
        rows.push(row);
    }
    let mut columns = stage_columns(t, YEAR);
    columns.push(number_column(t.of(TOTAL)));
    let mut made = table("rooms", t.of(ROOMS_CAPTION), columns, rows);
    made.source = Some(t.source_of("events.csv"));
    made.chart = Some(SheetChart {
        kind: SheetChartKind::StackedColumns,
        categories: 0,
        series: (1..=t.stages.len()).collect(),
        values: t.of(ROOMS_AXIS).to_string(),
    });
    Some(made)
}

/// Seats and pupils in the base year, at the end of the plan and in the last year.
fn seats_and_pupils(t: &Teller) -> Table {
    let end = t.plan.map(|(_, last)| last).filter(|last| (t.base + 1..t.horizon).contains(last));
    let years: Vec<i32> = [Some(t.base), end, Some(t.horizon)].into_iter().flatten().collect();
    let mut columns = vec![word_column(t.of(STAGE))];
    for name in [PUPILS_OF, SEATS_OF] {
        columns.extend(years.iter().map(|year| {
            let name = t.say(name, &[("year", words(year.to_string()))]);
            number_column(super::teller::plain(&name))
        }));
    }
    let row = |stage: &str, name: String| {
        let mut row = vec![word_cell(name)];
        for indicator in ["pupils", "seats"] {
            row.extend(years.iter().map(|year| {
                number_cell(&t.indicator(t.main, (*year, "all", stage), indicator), Form::Count)
            }));
        }
        row
    };
    let mut rows: Vec<_> = t.stage_keys().into_iter().map(|key| row(key, t.stage(key))).collect();
    rows.push(row("all", t.of(TOTAL).to_string()));
    let mut made = table("seats", t.of(SEATS_CAPTION), columns, rows);
    made.source = Some(t.source_of("indicators.csv"));
    made
}

fn targets(t: &Teller) -> Vec<Block> {
    let all = t.at("scorecard.csv", &[], "*");
    let met = t.at("scorecard.csv", &[("status", "met")], "*");
    let message = match (all.value(), met.value()) {
        (Some(0.0) | None, _) => return vec![Block::Paragraph(t.say(NO_TARGETS, &[]))],
        (all, met) if all == met => ALL_MET,
        (_, Some(0.0)) => NONE_MET,
        _ => SOME_MET,
    };
    let gaps = [("n", t.number(&all, Print::Count)), ("met", t.number(&met, Print::Count))];
    let mut sentences = vec![t.say(message, &gaps)];
    let mut made = scorecard(t, "targets");
    if made.rows.len() > MOST_ROWS {
        sentences.push(t.say(LONG, &[]));
        let met = word_cell(status(t, "met"));
        made.rows.retain(|row| row.get(5) != Some(&met));
        made.rows.truncate(MOST_ROWS);
    }
    let mut blocks = vec![t.paragraph(sentences), Block::Table(made)];
    blocks.extend(t.figure(t.main, "scorecard", SCORECARD));
    blocks
}

/// Every target beside the run.
pub(super) fn scorecard(t: &Teller, key: &str) -> Table {
    let scores = t.main.at("summary.json", &["scorecard"]).as_array();
    let row = |score: &Value| {
        let text = |key: &str| score[key].as_str().unwrap_or_default().to_string();
        let value = |key: &str| match (score[key].as_f64(), score["unit"].as_str()) {
            (Some(value), Some("percent")) => Cell::Number(value / 100.0, Form::Share),
            (Some(value), Some("share")) => Cell::Number(value, Form::Share),
            (Some(value), Some("pupils per class")) => Cell::Number(value, Form::Decimals(1)),
            (Some(value), _) => Cell::Number(value, Form::Count),
            (None, _) => Cell::Missing,
        };
        let sign = match score["direction"].as_str() {
            Some("at_least") => "≥",
            Some("at_most") => "≤",
            _ => "",
        };
        let reason = grouped(&with_names(t, &text(t.pick("reason", "reason_en"))));
        vec![
            word_cell(text(t.pick("title", "title_en"))),
            score["year"].as_f64().map_or(Cell::Missing, |year| Cell::Number(year, Form::Year)),
            word_cell(sign),
            value("target_value"),
            value("run_value"),
            word_cell(status(t, score["status"].as_str().unwrap_or_default())),
            if reason.is_empty() { Cell::Missing } else { word_cell(reason) },
        ]
    };
    let columns = vec![
        word_column(t.of(TARGET)),
        number_column(t.of(YEAR)),
        word_column(t.of(BOUND)),
        number_column(t.of(TARGET_VALUE)),
        number_column(t.of(RUN_VALUE)),
        word_column(t.of(STATUS)),
        word_column(t.of(REASON)),
    ];
    let rows = scores.into_iter().flatten().map(row).collect();
    let mut made = table(key, t.of(TARGETS_CAPTION), columns, rows);
    made.source = Some(t.source_of("scorecard.csv"));
    made
}

fn status(t: &Teller, key: &str) -> String {
    match key {
        "met" => t.pick("达成", "met"),
        "missed" => t.pick("未达成", "missed"),
        "contradicted" => t.pick("与规划其他指标矛盾", "at odds with the plan"),
        "not_modelled" => t.pick("不能测算", "beyond the model"),
        "outside_years" => t.pick("超出测算年份", "outside the years"),
        other => other,
    }
    .to_string()
}
