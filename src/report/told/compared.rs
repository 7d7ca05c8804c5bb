//! Several scenarios side by side: the table, and which of them another one makes needless.

use crate::document::{Block, Cell, Form, Span, Table};

use super::cite::At;
use super::grid::Grid;
use super::outputs::Output;
use super::printed::Print;
use super::teller::{
    Teller, Words, messages, number_cell, number_column, table, word_cell, word_column, words,
};

messages! {
    CAPTION = "各情景主要结果比较", "The scenarios side by side";
    SCENARIO = "情景", "scenario";
    CLEARS = "{stage}清零", "{stage} clear";
    OVERSIZED_YEARS = "大班额学生年", "oversized pupil-years";
    UNPLACED_YEARS = "无学位学生年", "pupil-years without a place";
    EMPTY = "末年空余学位", "seats empty at the end";
    INVESTMENT = "投资（亿元）", "investment (million yuan)";
    COST = "每减少一学生年（元）", "yuan per pupil-year relieved";
    TARGETS = "达成目标", "targets met";
    NEVER = "未清零", "never";
    FIGURE = "各情景大班额比例", "Share of oversized classes, all scenarios";
    BEST = "各情景中，{parts}。", "Of all scenarios {parts}.";
    LEAST_OVERSIZED = "大班额学生年最少的是{titles}（{value}个）", "{titles} leaves the fewest pupil-years in oversized classes ({value})";
    LEAST_EMPTY = "末年空余学位最少的是{titles}（{value}个）", "{titles} the fewest empty seats ({value})";
    CHEAPEST = "每减少一个学生年投资最低的是{titles}（{value}元）", "and {titles} costs least for a pupil-year avoided ({value} yuan)";
    DOMINATED = "与{worse}相比，{better}的投资、大班额学生年、无学位学生年和末年空余学位均不更多，且至少一项更少，{worse}可不予考虑。",
        "{worse} can be set aside: {better} needs no more investment, leaves no more pupil-years in oversized classes or without a place and no more empty seats, and does better in at least one of these.";
    NONE_DOMINATED = "按投资、大班额学生年、无学位学生年和末年空余学位衡量，没有一个情景在各方面都不优于另一情景，取舍取决于目标的轻重。",
        "In investment, pupil-years in oversized classes, pupil-years without a place and empty seats no scenario is beaten on all counts; the choice depends on which of these matters most.";
    NOT_COMPARABLE = "{titles}与{first}的人口或班额标准不同，结果差异不全由规划造成，不作排序。",
        "{titles} rests on other people or standards than {first}; not all of the difference is due to a plan, so they are not ranked together.";
}

/// Keys and titles of the scenarios: those of the comparison, else those of the runs.
pub(super) fn scenarios(t: &Teller) -> Vec<(String, String)> {
    let run = |key: &str| t.outputs.runs.iter().find(|run| run.key() == key);
    let of_runs = || t.outputs.runs.iter().map(|run| (run.key().to_string(), t.title(run)));
    let Some(grid) = t.outputs.compare.as_ref().and_then(|c| c.tables.get("comparison.csv")) else {
        return of_runs().collect();
    };
    let title = |key: &str| match run(key) {
        Some(run) => t.title(run),
        None => {
            let rows = grid.rows(&[("scenario", key)]).unwrap_or_default();
            rows.first().map_or(key, |row| grid.text(*row, "title")).to_string()
        }
    };
    grid.distinct("scenario").into_iter().map(|key| (key.to_string(), title(key))).collect()
}

/// Columns of `comparison.csv` and where the same stands in `summary.json`.
const IN_SUMMARY: [(&str, &str); 6] = [
    ("cleared_working", "clearing_year_at_level.working"),
    ("oversized_pupil_years", "oversized_pupil_years"),
    ("unplaced_pupil_years", "unplaced_pupil_years"),
    ("empty_seats_horizon", "empty_seats_horizon"),
    ("investment_total", "investment_total"),
    ("cost_per_pupil_year_relieved", "against_no_build.cost_per_pupil_year_relieved"),
];

/// A measure of a scenario and stage: of the comparison where there is one.
pub(super) fn measure<'a>(t: &Teller<'a>, key: &str, stage: &str, column: &str) -> Option<At<'a>> {
    if let Some(compare) = &t.outputs.compare {
        let rows = [("scenario", key), ("stage", stage)];
        return Some(At::new(compare, "comparison.csv", &rows, column));
    }
    let run = t.outputs.runs.iter().find(|run| run.key() == key)?;
    let inside = IN_SUMMARY.iter().find(|(name, _)| *name == column)?.1;
    Some(t.summary(run, stage, inside))
}

/// Number of targets of a scenario that are met, if it has targets.
fn targets_met(t: &Teller, key: &str) -> Cell {
    let run = t.outputs.runs.iter().find(|run| run.key() == key);
    let (all, met) = match (run, &t.outputs.compare) {
        (Some(run), _) => (
            At::new(run, "scorecard.csv", &[], "*"),
            At::new(run, "scorecard.csv", &[("status", "met")], "*"),
        ),
        (None, Some(compare)) => (
            At::new(compare, "targets.csv", &[("scenario", key)], "*"),
            At::new(compare, "targets.csv", &[("scenario", key), ("status", "met")], "*"),
        ),
        (None, None) => return Cell::Missing,
    };
    if all.value() == Some(0.0) { Cell::Missing } else { number_cell(&met, Form::Count) }
}

/// An amount of yuan in 亿元 or million yuan.
pub(super) fn money_cell(t: &Teller, at: &At) -> Cell {
    let (unit, form) = match t.lang {
        crate::chart::Lang::Zh => (1e8, Form::Decimals(2)),
        crate::chart::Lang::En => (1e6, Form::Decimals(1)),
    };
    at.value().map_or(Cell::Missing, |value| Cell::Number(value / unit, form))
}

/// The clearing year of a stage, or that there is none.
pub(super) fn clearing_cell(t: &Teller, at: &At) -> Cell {
    at.value().map_or(word_cell(t.of(NEVER)), |year| Cell::Number(year, Form::Year))
}

/// The table of several scenarios; `None` for one. Columns in which all scenarios have nothing are left out.
pub(super) fn side_by_side(t: &Teller) -> Option<Table> {
    let scenarios = scenarios(t);
    if scenarios.len() < 2 {
        return None;
    }
    let stages = t.told_stages();
    let at = |key: &str, stage: &str, column: &str| measure(t, key, stage, column);
    let is_any = |column: &str| {
        let value = |key: &str| at(key, "all", column).and_then(|at| at.value());
        scenarios.iter().any(|(key, _)| value(key).is_some_and(|value| value >= 0.5))
    };
    let counts: Vec<(Words, &str)> = [
        (OVERSIZED_YEARS, "oversized_pupil_years"),
        (UNPLACED_YEARS, "unplaced_pupil_years"),
        (EMPTY, "empty_seats_horizon"),
        (COST, "cost_per_pupil_year_relieved"),
    ]
    .into_iter()
    .filter(|(_, column)| is_any(column))
    .collect();
    // One number for all says nothing here; section 4 tells it.
    let met: Vec<Cell> = scenarios.iter().map(|(key, _)| targets_met(t, key)).collect();
    let has_targets = met.windows(2).any(|pair| pair[0] != pair[1]);
    let mut columns = vec![word_column(t.of(SCENARIO))];
    columns.extend(stages.iter().map(|stage| {
        let name = t.say(CLEARS, &[("stage", words(t.stage(stage)))]);
        number_column(super::teller::plain(&name))
    }));
    columns.push(number_column(t.of(INVESTMENT)));
    columns.extend(counts.iter().map(|(name, _)| number_column(t.of(*name))));
    columns.extend(has_targets.then(|| number_column(t.of(TARGETS))));
    let row = |(key, title): &(String, String)| {
        let mut cells = vec![word_cell(title)];
        cells.extend(stages.iter().map(|stage| {
            let at = at(key, stage, "cleared_working");
            at.map_or(Cell::Missing, |at| clearing_cell(t, &at))
        }));
        let money = at(key, "all", "investment_total");
        cells.push(money.map_or(Cell::Missing, |at| money_cell(t, &at)));
        cells.extend(counts.iter().map(|(_, column)| {
            at(key, "all", column).map_or(Cell::Missing, |at| number_cell(&at, Form::Count))
        }));
        cells.extend(has_targets.then(|| targets_met(t, key)));
        cells
    };
    let rows = scenarios.iter().map(row).collect();
    let mut made = table("scenarios", t.of(CAPTION), columns, rows);
    made.source = Some(t.source(&match &t.outputs.compare {
        Some(compare) => vec![format!("{}/comparison.csv", compare.name)],
        None => t.outputs.runs.iter().map(|run| format!("{}/summary.json", run.name)).collect(),
    }));
    Some(made)
}

/// The figure of several scenarios.
pub(super) fn figure(t: &Teller) -> Option<Block> {
    let compare = t.outputs.compare.as_ref()?;
    t.figure(compare, "oversized", FIGURE)
}

/// Criteria of which the best is named, and how its value is printed.
const NAMED: [(&str, Words, Print); 3] = [
    ("oversized_pupil_years", LEAST_OVERSIZED, Print::Count),
    ("empty_seats_horizon", LEAST_EMPTY, Print::Count),
    ("cost_per_pupil_year_relieved", CHEAPEST, Print::Money),
];

/// The best of all scenarios, criterion by criterion. None where not all are comparable.
fn best(t: &Teller, compare: &Output, grid: &Grid, title: &dyn Fn(&str) -> String) -> Vec<Span> {
    let mut parts = Vec::new();
    for (criterion, message, print) in NAMED {
        let rows = grid.rows(&[("criterion", criterion), ("rank", "1")]).unwrap_or_default();
        let keys: Vec<&str> = rows.iter().map(|row| grid.text(*row, "scenario")).collect();
        // Where only one scenario has a value, it is no best one.
        let all = grid.rows(&[("criterion", criterion)]).unwrap_or_default();
        if all.iter().filter(|row| !grid.text(**row, "value").is_empty()).count() < 2 {
            continue;
        }
        let Some(first) = keys.first() else { continue };
        let titles: Vec<String> = keys.iter().map(|key| title(key)).collect();
        let at = At::new(
            compare,
            "ranking.csv",
            &[("criterion", criterion), ("scenario", first)],
            "value",
        );
        let titles = words(titles.join(t.pick("、", " and ")));
        parts.push(t.say(message, &[("titles", titles), ("value", t.number(&at, print))]));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    t.say(BEST, &[("parts", t.join(parts, Words { zh: "，", en: ", " }))])
}

/// Which scenarios are best and which are dominated, as far as `ranking.csv` says.
pub(super) fn dominance(t: &Teller) -> Option<Vec<Span>> {
    let compare = t.outputs.compare.as_ref()?;
    let grid = compare.tables.get("ranking.csv")?;
    let scenarios = scenarios(t);
    let title = |key: &str| {
        let found = scenarios.iter().find(|(known, _)| known == key);
        t.quoted(found.map_or(key, |(_, title)| title))
    };
    let rows = grid.rows(&[("criterion", "investment_total")])?;
    let mut sentences = Vec::new();
    for &row in &rows {
        let better: Vec<&str> =
            grid.text(row, "dominated_by").split(';').filter(|key| !key.is_empty()).collect();
        if let Some(first) = better.first() {
            let gaps = [
                ("worse", words(title(grid.text(row, "scenario")))),
                ("better", words(title(first))),
            ];
            sentences.push(t.say(DOMINATED, &gaps));
        }
    }
    let first = grid.text(*rows.first()?, "comparable_with");
    let others: Vec<String> = rows
        .iter()
        .filter(|row| grid.text(**row, "comparable_with") != first)
        .map(|row| title(grid.text(*row, "scenario")))
        .collect();
    if others.is_empty() {
        sentences.insert(0, best(t, compare, grid, &title));
    }
    if sentences.len() < 2 && others.is_empty() {
        sentences.push(t.say(NONE_DOMINATED, &[]));
    }
    if !others.is_empty() {
        let joined = words(others.join(t.of(Words { zh: "、", en: ", " })));
        sentences
            .push(t.say(NOT_COMPARABLE, &[("titles", joined), ("first", words(title(first)))]));
    }
    Some(t.sentences(sentences))
}
