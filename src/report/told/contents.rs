//! Which files a report reads from a folder, and what must stand in them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::input::problem::Problem;

use super::grid::Grid;
use super::outputs::{Kind, problem};

/// A table that is read: path inside the folder, columns of words, columns of numbers.
type Wanted = (&'static str, &'static [&'static str], &'static [&'static str]);

const RUN: &[Wanted] = &[
    ("indicators.csv", &["district", "zone", "stage", "indicator", "unit"], &["year", "value"]),
    ("population.csv", &["district", "zone", "sex"], &["year", "age", "population"]),
    (
        "events.csv",
        &["site", "district", "zone", "stage", "kind", "programme"],
        &["year", "rooms", "investment"],
    ),
    (
        "scorecard.csv",
        &["plan", "target", "place", "unit", "status", "reason"],
        &["year", "target_value", "run_value"],
    ),
    (
        "shortages.csv",
        &["district", "zone", "stage"],
        &[
            "rank",
            "first_year",
            "last_year",
            "peak_year",
            "seats_short_at_peak",
            "utilisation_at_peak",
            "seat_years_short",
        ],
    ),
    ("dictionary.csv", &["table", "name", "name_zh", "unit", "meaning", "meaning_zh"], &[]),
    ("changes.csv", &["path", "old", "new", "origin"], &[]),
    (
        "provenance.csv",
        &[
            "path", "value", "unit", "source", "title", "basis", "low", "high", "note", "file",
            "line",
        ],
        &[],
    ),
];

const COMPARE: &[Wanted] = &[
    (
        "comparison.csv",
        &["scenario", "title", "stage"],
        &[
            "cleared_working",
            "oversized_pupil_years",
            "unplaced_pupil_years",
            "empty_seats_horizon",
            "investment_total",
            "pupil_years_relieved",
            "cost_per_pupil_year_relieved",
        ],
    ),
    ("ranking.csv", &["criterion", "scenario", "comparable_with", "dominated_by"], &[]),
    ("targets.csv", &["target", "scenario", "status"], &["run_value"]),
    ("years.csv", &["stage", "scenario", "indicator"], &["year", "value"]),
];

const SWEEP: &[Wanted] = &[
    ("analysis/cleared.csv", &["outcome", "scenario"], &["year", "draws", "share"]),
    (
        "analysis/sensitivity.csv",
        &["outcome", "scenario", "measure", "factor", "other", "reason"],
        &["value", "low", "high"],
    ),
    ("analysis/outcomes.csv", &["outcome", "scenario"], &["draws", "mean", "p5", "p50", "p95"]),
];

/// A JSON or TOML file that is read, and keys that must be there.
type Tree = (&'static str, &'static [&'static str]);

const RUN_TREES: &[Tree] = &[
    ("manifest.json", &["version", "city", "scenario", "inputs"]),
    (
        "summary.json",
        &["title", "title_en", "years", "synthetic_schools", "stages", "scorecard", "levels"],
    ),
    ("resolved.toml", &["scenario", "city", "districts"]),
];
const COMPARE_TREES: &[Tree] = &[("manifest.json", &["version", "city", "scenarios"])];
const SWEEP_TREES: &[Tree] = &[
    ("manifest.json", &["version", "city", "sweep", "draws", "design", "scenarios"]),
    ("labels.json", &["title", "scenarios", "factors", "limits"]),
    ("analysis/summary.json", &["cleared", "outcomes", "draws"]),
];

/// The files of a folder.
#[derive(Debug)]
pub(super) struct Contents {
    /// CSV files by path.
    pub(super) tables: BTreeMap<String, Grid>,
    /// JSON and TOML files by path.
    pub(super) trees: BTreeMap<String, Value>,
}

/// Reads the files of a folder of a kind; every problem of every file comes back.
pub(super) fn read(folder: &Path, kind: Kind) -> Result<Contents, Vec<Problem>> {
    let (wanted, trees) = match kind {
        Kind::Run => (RUN, RUN_TREES),
        Kind::Compare => (COMPARE, COMPARE_TREES),
        Kind::Sweep => (SWEEP, SWEEP_TREES),
    };
    let mut contents = Contents { tables: BTreeMap::new(), trees: BTreeMap::new() };
    let mut problems = Vec::new();
    for wanted in wanted {
        match table(folder, wanted, kind) {
            Ok(grid) => drop(contents.tables.insert(wanted.0.to_string(), grid)),
            Err(problem) => problems.push(problem),
        }
    }
    for wanted in trees {
        match tree(folder, wanted, kind) {
            Ok(value) => drop(contents.trees.insert(wanted.0.to_string(), value)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(contents) } else { Err(problems) }
}

/// How to get a file again.
fn again(kind: Kind, folder: &Path) -> String {
    match kind {
        Kind::Run => "run the scenario again: xuewei run SCENARIO".to_string(),
        Kind::Compare => "compare the scenarios again: xuewei compare SCENARIO...".to_string(),
        Kind::Sweep => format!("analyse the sweep again: xuewei analyse {}", folder.display()),
    }
}

fn table(folder: &Path, wanted: &Wanted, kind: Kind) -> Result<Grid, Problem> {
    let (name, words, numbers) = *wanted;
    let file = folder.join(name);
    let again = again(kind, folder);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(_) if file.with_extension("json").is_file() => {
            let help = "a report reads CSV: leave out --format json, or ask for --format csv,json";
            return Err(problem(&file, "is missing; the table is there as JSON only", help));
        }
        Err(_) if file.with_extension("parquet").is_file() => {
            let command =
                if kind == Kind::Run { "run the scenario" } else { "compare the scenarios" };
            let help = format!("a report reads CSV: {command} again with --format csv,parquet");
            return Err(problem(&file, "is missing; the table is there as Parquet only", &help));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(problem(&file, "is missing", &again));
        }
        Err(error) => return Err(problem(&file, format!("cannot be read: {error}"), &again)),
    };
    let damaged = |message: String| problem(&file, format!("is damaged: {message}"), &again);
    let grid = Grid::parse(&bytes).map_err(damaged)?;
    let has = |column: &&&str| grid.column(column).is_some();
    if let Some(absent) = words.iter().chain(numbers).find(|column| !has(column)) {
        return Err(damaged(format!("it has no column {absent}")));
    }
    for name in numbers {
        let Some(column) = grid.column(name) else { continue };
        for row in 0..grid.n_rows() {
            let cell = grid.cell(row, column);
            if !cell.is_empty() && !cell.parse::<f64>().is_ok_and(f64::is_finite) {
                let found =
                    format!("row {}, column {name}: expected a number, found {cell:?}", row + 1);
                return Err(damaged(found));
            }
        }
    }
    Ok(grid)
}

fn tree(folder: &Path, wanted: &Tree, kind: Kind) -> Result<Value, Problem> {
    let (name, keys) = *wanted;
    let file = folder.join(name);
    let again = again(kind, folder);
    let text = std::fs::read_to_string(&file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => problem(&file, "is missing", &again),
        _ => problem(&file, format!("cannot be read: {error}"), &again),
    })?;
    let parsed = if name.ends_with(".toml") {
        toml::from_str::<Value>(&text).map_err(|error| error.message().to_string())
    } else {
        serde_json::from_str::<Value>(&text).map_err(|error| error.to_string())
    };
    let value = parsed.map_err(|error| problem(&file, format!("is damaged: {error}"), &again))?;
    match keys.iter().find(|key| value.get(**key).is_none()) {
        Some(absent) => Err(problem(&file, format!("is damaged: it has no {absent}"), &again)),
        None => Ok(value),
    }
}
