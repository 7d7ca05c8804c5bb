//! Output folders of `run`, `compare` and `sweep`, read whole and checked before a word is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::input::problem::{Problem, Problems};
use crate::parallel;

use super::contents::{self, Contents};
use super::grid::Grid;
use super::plates::{self, Plates};

/// What made a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `xuewei run`: one scenario.
    Run,
    /// `xuewei compare`, or `run` with several scenarios.
    Compare,
    /// `xuewei sweep`, analysed.
    Sweep,
}

/// A folder that was read.
#[derive(Debug)]
pub struct Output {
    /// Name of the folder, by which tables are cited.
    pub name: String,
    /// What made it.
    pub kind: Kind,
    /// CSV files by their path inside the folder.
    pub tables: BTreeMap<String, Grid>,
    /// JSON and TOML files by their path inside the folder.
    pub trees: BTreeMap<String, Value>,
    /// Its charts.
    pub plates: Plates,
}

impl Output {
    /// A part of a JSON or TOML file by the keys that lead to it; `Null` where there is none.
    pub fn at(&self, file: &str, keys: &[&str]) -> &Value {
        let root = self.trees.get(file).unwrap_or(&Value::Null);
        keys.iter().fold(root, |value, key| &value[*key])
    }

    /// A text in a JSON or TOML file; empty where there is none.
    pub fn words(&self, file: &str, keys: &[&str]) -> &str {
        self.at(file, keys).as_str().unwrap_or_default()
    }

    /// A year or another whole number in a JSON or TOML file.
    pub fn whole(&self, file: &str, keys: &[&str]) -> Option<i32> {
        self.at(file, keys).as_i64().and_then(|value| i32::try_from(value).ok())
    }

    /// Key of the scenario of a run; of a sweep its name.
    pub fn key(&self) -> &str {
        let key = if self.kind == Kind::Sweep { "sweep" } else { "scenario" };
        self.words("manifest.json", &[key])
    }

    fn city(&self) -> &str {
        self.words("manifest.json", &["city"])
    }
}

/// All folders of a report.
#[derive(Debug)]
pub struct Outputs {
    /// Runs in the order given; the first is told in full. At least one.
    pub runs: Vec<Output>,
    /// Several runs side by side.
    pub compare: Option<Output>,
    /// Many futures.
    pub sweep: Option<Output>,
}

impl Outputs {
    /// Key of the city.
    pub fn city(&self) -> &str {
        self.runs.first().map_or("", Output::city)
    }

    /// Every folder in the order of reading.
    pub fn all(&self) -> impl Iterator<Item = &Output> {
        self.runs.iter().chain(&self.compare).chain(&self.sweep)
    }
}

/// A problem of a whole file.
pub(super) fn problem(file: &Path, message: impl Into<String>, help: &str) -> Problem {
    Problem {
        file: file.display().to_string(),
        line: 0,
        column: 0,
        path: String::new(),
        message: message.into(),
        help: help.to_string(),
    }
}

/// Reads output folders.
///
/// # Errors
/// Every problem of every folder: absent, not made by this program, lacking or damaged files, several cities.
pub fn read(folders: &[PathBuf]) -> Result<Outputs, Problems> {
    let mut problems = Problems::default();
    let mut read: Vec<(&PathBuf, Output)> = Vec::new();
    for (folder, result) in folders.iter().zip(parallel::map(folders, |folder| read_one(folder))) {
        match result {
            Ok(output) => read.push((folder, output)),
            Err(found) => problems.list.extend(found),
        }
    }
    check_together(&read, &mut problems);
    if problems.list.is_empty() && !read.iter().any(|(_, output)| output.kind == Kind::Run) {
        let message = "is no run of a scenario, and a report needs one";
        let help =
            "name the folder of a run too, e.g. xuewei report output/CITY/plan output/CITY/compare";
        let first = folders.first().map(PathBuf::as_path).unwrap_or(Path::new("OUTPUT"));
        problems.list.push(problem(first, message, help));
    }
    if !problems.list.is_empty() {
        return Err(problems.sorted());
    }
    let mut outputs = Outputs { runs: Vec::new(), compare: None, sweep: None };
    for (_, output) in read {
        match output.kind {
            Kind::Run => outputs.runs.push(output),
            Kind::Compare => outputs.compare = Some(output),
            Kind::Sweep => outputs.sweep = Some(output),
        }
    }
    Ok(outputs)
}

/// Which command made a folder.
fn kind(folder: &Path) -> Result<Kind, Problem> {
    let makes = "xuewei run, compare or sweep makes one; see xuewei report --help";
    if !folder.exists() {
        return Err(problem(folder, "there is no such folder", makes));
    }
    if !folder.is_dir() {
        let help = "name the folder that holds it";
        return Err(problem(folder, "expected a folder, found a file", help));
    }
    let file = folder.join("manifest.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        return Err(problem(folder, "is no output folder: it has no manifest.json", makes));
    };
    let Ok(manifest) = serde_json::from_str::<Value>(&text) else {
        return Err(problem(&file, "is damaged: it is no JSON", "make the folder again"));
    };
    match (manifest["program"].as_str(), manifest["kind"].as_str()) {
        (Some("xuewei"), Some("run")) => Ok(Kind::Run),
        (Some("xuewei"), Some("compare")) => Ok(Kind::Compare),
        (Some("xuewei"), Some("sweep")) => Ok(Kind::Sweep),
        (Some("xuewei"), Some("analysis" | "charts")) => {
            let help = "name the folder of the sweep, one level up";
            Err(problem(folder, "is a part of a sweep's folder", help))
        }
        (Some("xuewei"), Some(other)) => {
            let message =
                format!("expected a folder of run, compare or sweep, found one of {other}");
            Err(problem(folder, message, makes))
        }
        _ => Err(problem(&file, "is not by this program, or is damaged", makes)),
    }
}

fn read_one(folder: &Path) -> Result<Output, Vec<Problem>> {
    let kind = kind(folder).map_err(|problem| vec![problem])?;
    if kind == Kind::Sweep && !folder.join("analysis").is_dir() {
        let help = format!("run: xuewei analyse {}", folder.display());
        return Err(vec![problem(folder, "is a sweep that was not analysed", &help)]);
    }
    let Contents { tables, trees } = contents::read(folder, kind)?;
    let named = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let name = named.file_name().map(|name| name.to_string_lossy().into_owned());
    let plates = plates::read(folder);
    Ok(Output { name: name.unwrap_or_default(), kind, tables, trees, plates })
}

/// What folders must have in common, and must not.
fn check_together(read: &[(&PathBuf, Output)], problems: &mut Problems) {
    let Some((first_folder, first)) = read.first() else { return };
    for (idx, (folder, output)) in read.iter().enumerate() {
        if output.city() != first.city() {
            let message = format!(
                "is of the city {}, but {} is of {}",
                output.city(),
                first_folder.display(),
                first.city()
            );
            problems.list.push(problem(
                folder,
                message,
                "a report is of one city: make one for each",
            ));
        }
        for (other, earlier) in &read[..idx] {
            let is_twice = output.kind == earlier.kind
                && (output.kind != Kind::Run || output.key() == earlier.key());
            if is_twice {
                let what = match output.kind {
                    Kind::Run => format!("is the scenario {}, as is", output.key()),
                    Kind::Compare => "is a comparison, as is".to_string(),
                    Kind::Sweep => "is a sweep, as is".to_string(),
                };
                let message = format!("{what} {}", other.display());
                problems.list.push(problem(folder, message, "name one of the two"));
            } else if output.name == earlier.name {
                let message = format!("has the name of {}", other.display());
                let help = "numbers are cited by the folder's name: give one of them another";
                problems.list.push(problem(folder, message, help));
            }
        }
    }
    check_years(read, problems);
    check_inputs(read, problems);
}

/// Runs of one report cover the same years.
fn check_years(read: &[(&PathBuf, Output)], problems: &mut Problems) {
    let mut runs = read.iter().filter(|(_, output)| output.kind == Kind::Run);
    let years = |output: &Output| {
        let key = |key: &str| output.whole("resolved.toml", &["city", key]);
        (key("base_year"), key("horizon"))
    };
    let Some((first_folder, first)) = runs.next() else { return };
    for (folder, output) in runs {
        let ((a, b), (c, d)) = (years(output), years(first));
        if (a, b) != (c, d) && output.city() == first.city() {
            let span = |from: Option<i32>, to: Option<i32>| {
                format!("{} to {}", from.unwrap_or_default(), to.unwrap_or_default())
            };
            let message =
                format!("covers {}, but {} {}", span(a, b), first_folder.display(), span(c, d));
            problems.list.push(problem(folder, message, "run both with the same years"));
        }
    }
}

/// A comparison is of the same inputs as the runs beside it.
fn check_inputs(read: &[(&PathBuf, Output)], problems: &mut Problems) {
    let Some((_, compare)) = read.iter().find(|(_, o)| o.kind == Kind::Compare) else { return };
    let scenarios = compare.at("manifest.json", &["scenarios"]).as_array();
    for (folder, run) in read.iter().filter(|(_, output)| output.kind == Kind::Run) {
        let compared = scenarios.into_iter().flatten();
        let mut of_key = compared.filter(|s| s["scenario"].as_str() == Some(run.key()));
        let help = "run all scenarios together: xuewei run SCENARIO... writes the comparison too";
        match of_key.next() {
            None => {
                let message = format!("the comparison in {} does not hold it", compare.name);
                problems.list.push(problem(folder, message, help));
            }
            Some(entry) if entry["inputs"] != *run.at("manifest.json", &["inputs"]) => {
                let message =
                    format!("was made from other files than the comparison in {}", compare.name);
                problems.list.push(problem(folder, message, help));
            }
            Some(_) if !agree(compare, run) => {
                let message =
                    format!("has other results than the comparison in {} says", compare.name);
                problems.list.push(problem(folder, message, help));
            }
            Some(_) => {}
        }
    }
}

/// Whether a comparison tells the results of a run: figures may have been changed on the command line, which no file shows.
fn agree(compare: &Output, run: &Output) -> bool {
    let stages = run.at("summary.json", &["stages"]).as_array();
    let all = stages.into_iter().flatten().find(|stage| stage["stage"].as_str() == Some("all"));
    let Some((all, table)) = all.zip(compare.tables.get("comparison.csv")) else { return true };
    let rows = table.rows(&[("scenario", run.key()), ("stage", "all")]).unwrap_or_default();
    let same = |row: usize, column: &str| {
        let told = table.text(row, column).parse::<f64>().ok();
        let is_near = |(a, b): (f64, f64)| (a - b).abs() <= 1e-9 * (1.0 + b.abs());
        told.zip(all[column].as_f64()).is_none_or(is_near)
    };
    let columns = ["oversized_pupil_years", "investment_total"];
    rows.iter().all(|&row| columns.iter().all(|column| same(row, column)))
}
