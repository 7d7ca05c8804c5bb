//! What `hindcast` reads beside scenarios: the starts that a city names, its observations, others' accuracy, all targets.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::city::Name;
use crate::target::Target;
use crate::units::Year;

use super::check::Checked;
use super::load::{Load, SourceFile};
use super::loaded::{Loaded, Refused, refused};
use super::observations::Observation;
use super::rebuilt::rebuilt;
use super::table;
use super::tree::{Node, Table, Value};

/// A start that a city names under `[hindcast]`.
#[derive(Debug, Clone, PartialEq)]
pub struct StartFile {
    /// Its name.
    pub name: String,
    /// Its city or scenario file.
    pub path: PathBuf,
    /// Later observations that went into it: quantity and year.
    pub used: Vec<(String, Year)>,
    /// Why they did.
    pub used_note: String,
    /// Files with targets of plans beside those in `targets/`.
    pub targets: Vec<PathBuf>,
}

/// How good somebody's forecasts of enrolment are.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Who published it.
    pub publisher: String,
    /// What was forecast.
    pub series: String,
    /// Years ahead.
    pub lead_years: i32,
    /// Mean absolute percentage error.
    pub mape_percent: f64,
    /// Where it is published.
    pub source: String,
}

const ACCURACY: &[table::Column] = &[
    table::column("publisher", &["发布者"], true),
    table::column("series", &["序列"], true),
    table::column("lead_years", &["提前年数"], true),
    table::column("mape_percent", &["平均绝对百分比误差"], true),
    table::column("source", &["来源"], true),
];

/// A reading that knows the files that have been read.
fn load_of(loaded: &Loaded) -> Load {
    Load { files: loaded.files.clone(), folder: loaded.folder.clone(), ..Load::default() }
}

/// The path that a node names, relative to the file in which it stands.
fn path_of(load: &Load, node: &Node, name: &str) -> PathBuf {
    match load.files.get(node.position.file) {
        Some(file) if file.name != "command line" => {
            file.path.parent().map(|folder| folder.join(name)).unwrap_or_else(|| name.into())
        }
        _ => load.folder.join(name),
    }
}

/// Says of a quantity and a year whether they can have gone into a start: `Err` is what is wrong and how to mend it.
pub type Judge<'a> = &'a dyn Fn(&str, Year) -> Result<(), (String, String)>;

/// The starts of a city, in file order; none where it names none. `judge` is asked about the observations that they used.
///
/// # Errors
/// A file that is not there, an observation that is none.
pub fn starts(loaded: &Loaded, judge: Judge) -> Result<Vec<StartFile>, Refused> {
    let mut load = load_of(loaded);
    let groups = loaded.tree.at("hindcast").and_then(Node::table).cloned().unwrap_or_default();
    let mut starts = Vec::new();
    for (name, _, node) in &groups.entries {
        let key = format!("hindcast.{name}");
        let Some(file) = node.at("city") else { continue };
        let path = path_of(&load, file, file.text().unwrap_or_default());
        let is_there = path.is_file() || path.join("city.toml").is_file();
        if !is_there {
            let message =
                format!("expected a city or a scenario file, found no {}", path.display());
            let help = "give a path relative to the file that names it";
            load.problem(file.position, &format!("{key}.city"), message, help);
        }
        let used = used(&mut load, &key, node.at("used"), judge);
        let note = node.at("used_note").and_then(Node::text).unwrap_or_default();
        let targets = named_targets(&mut load, &key, node.at("targets"));
        let (name, used_note) = (name.clone(), note.to_string());
        starts.push(StartFile { name, path, used, used_note, targets });
    }
    if load.problems.list.is_empty() { Ok(starts) } else { Err(refused(load)) }
}

/// Files with targets that a start names; one that is not there is noted.
fn named_targets(load: &mut Load, key: &str, node: Option<&Node>) -> Vec<PathBuf> {
    let Some(Value::List(items)) = node.map(|node| &node.value) else { return Vec::new() };
    let mut paths = Vec::new();
    for item in items {
        let path = path_of(load, item, item.text().unwrap_or_default());
        if !path.is_file() {
            let message = format!("expected a file with targets, found no {}", path.display());
            let help = "give a path relative to the file that names it";
            load.problem(item.position, &format!("{key}.targets"), message, help);
        }
        paths.push(super::load::normalised(&path));
    }
    paths
}

/// Observations as `quantity year`.
fn used(load: &mut Load, key: &str, node: Option<&Node>, judge: Judge) -> Vec<(String, Year)> {
    let Some(Value::List(items)) = node.map(|node| &node.value) else { return Vec::new() };
    let mut all = Vec::new();
    for item in items {
        let words: Vec<&str> = item.text().unwrap_or_default().split_whitespace().collect();
        let pair = match words.as_slice() {
            [quantity, year] => year.parse::<Year>().ok().map(|year| (*quantity, year)),
            _ => None,
        };
        match pair {
            Some((quantity, year)) => {
                if let Err((message, help)) = judge(quantity, year) {
                    load.problem(item.position, &format!("{key}.used"), message, help);
                }
                all.push((quantity.to_string(), year));
            }
            None => {
                let message = format!("expected a quantity and a year, found {}", item.found());
                let help = "write \"pupils.STAGE 2020\"";
                load.problem(item.position, &format!("{key}.used"), message, help);
            }
        }
    }
    all
}

/// The published figures of a city.
///
/// # Errors
/// A city without them, or problems of the table.
pub fn observations(loaded: &Loaded) -> Result<Vec<Observation>, Refused> {
    let mut load = load_of(loaded);
    let mut checked = Checked::of(loaded.scenario.city.stages);
    match loaded.tree.at("tables.observations") {
        Some(node) => {
            checked.settings.insert("tables.observations".to_string(), node.clone());
        }
        None => {
            // The national base has `[tables]` too: the place is the city's own file.
            let city = loaded.tree.at("city.key").or(loaded.tree.at("city"));
            let position = city.map(|node| node.position).unwrap_or_default();
            let message = "is missing: published figures to compare with";
            let help = "add observations = \"observations.csv\" under [tables]";
            load.problem(position, "tables.observations", message, help);
        }
    }
    let observations = super::observations::read_all(&mut load, &checked);
    if load.problems.list.is_empty() { Ok(observations) } else { Err(refused(load)) }
}

/// How good others' forecasts are, and the file that says so; nothing where the city names none.
///
/// # Errors
/// Problems of the table.
pub fn accuracy(loaded: &Loaded) -> Result<(Vec<Reference>, Option<SourceFile>), Refused> {
    let mut load = load_of(loaded);
    let Some(node) = loaded.tree.at("tables.accuracy") else { return Ok((Vec::new(), None)) };
    let path = path_of(&load, node, node.text().unwrap_or_default());
    let mut all = Vec::new();
    let mut file = None;
    let mut lines = BTreeMap::new();
    if let Some(table) = table::read(&mut load, &path, (node.position, "tables.accuracy"), ACCURACY)
    {
        for row in 0..table.n_rows() {
            let publisher = table.needed_text(&mut load, row, "publisher");
            let series = table.needed_text(&mut load, row, "series");
            let lead = table.whole(&mut load, row, "lead_years", (0, 100), true);
            let mape = table.number(&mut load, row, "mape_percent", (0.0, 1000.0), true);
            let source = table.needed_text(&mut load, row, "source");
            if let (Some(publisher), Some(series), Some(lead), Some(mape_percent), Some(source)) =
                (publisher, series, lead, mape, source)
            {
                let lead_years = lead as i32;
                let [publisher, series, source] = [publisher, series, source].map(str::to_string);
                let line = table.line(row);
                let key = (publisher.clone(), series.clone(), lead_years);
                if let Some(first) = lines.insert(key, line) {
                    let message = format!(
                        "{series} of {publisher}, {lead_years} years ahead, stands already in line {first}"
                    );
                    let help = "keep one row for every publisher, series and lead";
                    load.problem(table.at(row), "series", message, help);
                }
                all.push(Reference { publisher, series, lead_years, mape_percent, source });
            }
        }
        file = load.files.get(table.file).cloned();
    }
    if load.problems.list.is_empty() { Ok((all, file)) } else { Err(refused(load)) }
}

/// The year up to which a city knew, where it says so.
pub fn known_until(loaded: &Loaded) -> Option<Year> {
    match loaded.tree.at("calibration.known_until")?.value {
        Value::Whole(year) => Some(year as Year),
        _ => None,
    }
}

/// Published figures of a city that it says count something else than the model: quantity, year (none: every one), and why.
pub fn incomparable(city: &Loaded) -> Vec<(String, Option<Year>, Name)> {
    let doubts = city.tree.at("calibration.doubts").and_then(Node::table).cloned();
    let of = |node: &Node| {
        let text = |key: &str| node.at(key).and_then(Node::text).map(str::to_string);
        let is_marked = matches!(node.at("incomparable")?.value, Value::Flag(true));
        let year = node.at("year").and_then(Node::number).map(|year| year as Year);
        let zh = text("reason")?;
        let en = text("reason_en").unwrap_or_else(|| zh.clone());
        is_marked.then_some((text("quantity")?, year, Name { zh, en }))
    };
    doubts.unwrap_or_default().entries.iter().filter_map(|(_, _, node)| of(node)).collect()
}

/// Targets of the whole city that plans set: those of the scenario, of every file in `targets/` beside the start and beside the
/// city, and of the `named` files; with the names of files that could not be used.
pub fn targets(start: &Loaded, city: &Loaded, named: &[PathBuf]) -> (Vec<Target>, Vec<String>) {
    let mut tree = start.tree.clone();
    let mut left_out = Vec::new();
    let mut all = start.scenario.targets.clone();
    let sources = city.tree.at("sources").and_then(Node::table).cloned().unwrap_or_default();
    merge(&mut tree, "sources", &sources);
    if let Value::Table(root) = &mut tree.value {
        root.take("targets");
    }
    let mut files = target_files(&[start, city]);
    let others = named.iter().filter(|path| !files.contains(path)).cloned();
    files.extend(others.collect::<Vec<_>>());
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let (parsed, errors) = super::tree::parse(text.trim_start_matches('\u{feff}'), 0);
        let mut found = parsed.at("targets").and_then(Node::table).cloned().unwrap_or_default();
        let has_place = |node: &Node| node.at("districts").is_some() || node.at("zones").is_some();
        found.entries.retain(|(_, _, node)| !has_place(node));
        // Two plans may call a target alike: each file stands alone.
        let mut with = tree.clone();
        let sources = parsed.at("sources").and_then(Node::table).cloned().unwrap_or_default();
        merge(&mut with, "sources", &sources);
        merge(&mut with, "targets", &found);
        match rebuilt(start, with) {
            Ok(made) if errors.is_empty() => {
                let is_new = |t: &Target| !all.iter().any(|a| a.key == t.key && a.plan == t.plan);
                let new: Vec<Target> = made.targets.into_iter().filter(is_new).collect();
                all.extend(new);
            }
            _ => left_out.push(
                path.file_name()
                    .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            ),
        }
    }
    (all.into_iter().filter(|target| target.place == "all").collect(), left_out)
}

/// The TOML files of the `targets` folders beside these, each once, sorted by name in each folder.
fn target_files(all: &[&Loaded]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for loaded in all {
        let entries = std::fs::read_dir(loaded.folder.join("targets")).into_iter().flatten();
        let mut found: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .collect();
        found.sort();
        found.retain(|path| !files.contains(path));
        files.extend(found);
    }
    files
}

/// Adds the entries that a group does not have yet.
fn merge(tree: &mut Node, group: &str, entries: &Table) {
    let position = tree.position;
    let Value::Table(root) = &mut tree.value else { return };
    if root.get(group).is_none() {
        root.push(group, position, Node { value: Value::Table(Table::default()), position });
    }
    if let Some(Value::Table(target)) = root.get_mut(group).map(|node| &mut node.value) {
        for (key, position, node) in &entries.entries {
            if target.get(key).is_none() {
                target.push(key, *position, node.clone());
            }
        }
    }
}
