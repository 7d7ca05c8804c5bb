//! Sweep files: factors, their laws and correlation, a design, scenarios, outcomes.
//!
//! In: the path of a sweep file. Out: a [`LoadedSweep`], or every problem of the file, its table of points and its scenarios at
//! once, each with its place.

mod design;
mod factor;
pub mod keys;
mod law;
mod range;
#[cfg(test)]
mod tests;
mod walk;

use std::path::{Path, PathBuf};

use crate::axes::Stages;
use crate::city::Name;
use crate::experiment::Sweep;

use super::load::{Load, SourceFile, normalised, relative};
use super::loaded::{Loaded, Refused, load as load_scenario, refused};
use super::problem::{Position, Problems};
use super::tree::{Node, Value};

pub use range::change_of;

/// Whether a text names an outcome that can be kept, given the levels that all scenarios have (`None` where they could not be
/// loaded): `Err` says what was expected.
pub type Outcomes<'a> = &'a dyn Fn(&'static Stages, &str, Option<&[&str]>) -> Result<(), String>;

/// A sweep with the scenarios that it runs.
#[derive(Debug)]
pub struct LoadedSweep {
    /// The sweep.
    pub sweep: Sweep,
    /// Its scenarios, in the order of the file.
    pub scenarios: Vec<Loaded>,
    /// Every file that was read, once: the sweep file, its table of points, the files of the scenarios. Names are relative to the
    /// folder of the first scenario.
    pub files: Vec<SourceFile>,
    /// Oddities that do not refuse the input.
    pub warnings: Problems,
    /// Where `[design]` stands, in the first of the files.
    pub design_at: Position,
}

/// Whether a file is a sweep: it has factors or a design.
pub fn is_sweep(path: &Path) -> bool {
    // A pipe would be waited for.
    if !path.is_file() {
        return false;
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (tree, _) = super::tree::parse(text.trim_start_matches('\u{feff}'), 0);
    tree.at("factors").is_some() || tree.at("design").is_some()
}

/// Paths of the figures of a scenario that a factor can move, in the order of its files.
pub fn movable(loaded: &Loaded) -> Vec<String> {
    factor::figures_of(&loaded.tree)
}

/// Loads a sweep file. `sets` are `path=value` of the command line and apply to every scenario; `known` judges outcomes.
///
/// # Errors
/// Every problem of every file that was read.
pub fn load_sweep(path: &Path, sets: &[String], known: Outcomes) -> Result<LoadedSweep, Refused> {
    let path = normalised(path);
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut load = Load { folder: folder.clone(), ..Load::default() };
    let Some(root) = load.parsed(&path, None) else { return Err(refused(load)) };
    walk::walk(&mut load, &root);
    let (paths, scenarios) = scenarios(&mut load, &root, &folder, sets);
    let context =
        factor::Context { sources: sources(&mut load, &root, &scenarios), scenarios: &scenarios };
    let factors = factor::read(&mut load, &context, &root);
    let names: Vec<String> = names_of(&root, "factors");
    let design = design::read(&mut load, &context, &root, (&factors, names.len()), &folder);
    let kind = design.as_ref().map(|design| design.kind);
    let correlation = design::correlations(&mut load, &context, &root, &names, kind);
    let outcomes = outcomes(&mut load, &root, &scenarios, known);
    let key = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    check_key(&mut load, &key, &scenarios);
    let design = match design {
        Some(design) if load.problems.list.is_empty() => design,
        _ => return Err(refused(load)),
    };
    let name = |zh: &str, en: &str| {
        let text = |key: &str| root.at(key).and_then(Node::text).map(str::to_string);
        let zh = text(zh).unwrap_or_default();
        Name { en: text(en).unwrap_or_else(|| zh.clone()), zh }
    };
    let sweep = Sweep {
        key,
        title: name("title", "title_en"),
        question: name("question", "question_en"),
        factors,
        correlation,
        scenarios: paths,
        design,
        outcomes,
        replan: matches!(root.at("replan").map(|node| &node.value), Some(Value::Flag(true))),
    };
    let files = files(&load, &scenarios);
    let mut warnings = load.warnings.sorted();
    for loaded in &scenarios {
        let new = loaded.warnings.list.iter().filter(|problem| !warnings.list.contains(problem));
        let new: Vec<_> = new.cloned().collect();
        warnings.list.extend(new);
    }
    let design_at = root.at("design").map(|node| node.position).unwrap_or_default();
    Ok(LoadedSweep { sweep, scenarios, files, warnings, design_at })
}

/// Names below a group, in file order.
fn names_of(root: &Node, group: &str) -> Vec<String> {
    let table = root.at(group).and_then(Node::table);
    table.map(|table| table.keys().map(str::to_string).collect()).unwrap_or_default()
}

/// The scenarios that a sweep names and that can be loaded; the problems of the others are noted.
fn scenarios(
    load: &mut Load,
    root: &Node,
    folder: &Path,
    sets: &[String],
) -> (Vec<PathBuf>, Vec<Loaded>) {
    let Some(Value::List(items)) = root.at("scenarios").map(|node| &node.value) else {
        return (Vec::new(), Vec::new());
    };
    let (mut paths, mut scenarios): (Vec<PathBuf>, Vec<Loaded>) = (Vec::new(), Vec::new());
    for item in items {
        let Some(name) = item.text() else { continue };
        let path = normalised(&folder.join(name));
        if !path.is_file() && !path.join("city.toml").is_file() {
            let message = format!("expected a scenario file, found no {}", path.display());
            let help = "give a path relative to this file";
            load.problem(item.position, "scenarios", message, help);
            continue;
        }
        match load_scenario(&path, sets) {
            Ok(loaded) => {
                check_scenario(load, item.position, &loaded, &scenarios);
                paths.push(path);
                scenarios.push(loaded);
            }
            Err(refused) => {
                let new = refused.problems.list.into_iter();
                let new: Vec<_> =
                    new.filter(|problem| !load.problems.list.contains(problem)).collect();
                load.problems.list.extend(new);
            }
        }
    }
    (paths, scenarios)
}

/// Scenarios of a sweep are of one city and have a name each.
fn check_scenario(load: &mut Load, position: Position, loaded: &Loaded, others: &[Loaded]) {
    let key = &loaded.scenario.key;
    if others.iter().any(|other| other.scenario.key == *key) {
        let message = format!("two scenarios have the key {key:?}");
        let help = "rows of the draws are told apart by it: rename a file or set scenario.key";
        load.problem(position, "scenarios", message, help);
    }
    let Some(first) = others.first() else { return };
    let (own, city) = (&loaded.scenario.city, &first.scenario.city);
    let same =
        own.key == city.key && (own.base_year, own.horizon) == (city.base_year, city.horizon);
    if !same {
        let message = format!(
            "expected a scenario of {} from {} to {}, found one of {} from {} to {}",
            city.key, city.base_year, city.horizon, own.key, own.base_year, own.horizon
        );
        load.problem(position, "scenarios", message, "make a sweep for every city");
    }
}

/// Keys of sources: of the scenarios and of the file itself, which may not name one anew.
fn sources(load: &mut Load, root: &Node, scenarios: &[Loaded]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for loaded in scenarios {
        let new = names_of(&loaded.tree, "sources");
        known.extend(new.into_iter().filter(|name| !known.contains(name)).collect::<Vec<_>>());
    }
    let own = root.at("sources").and_then(Node::table).cloned().unwrap_or_default();
    for (name, position, _) in &own.entries {
        if known.contains(name) {
            let message = "the city names this source already";
            load.problem(*position, &format!("sources.{name}"), message, "remove it here");
        }
        known.push(name.clone());
    }
    known
}

/// Outcomes that are known, each once.
fn outcomes(load: &mut Load, root: &Node, scenarios: &[Loaded], known: Outcomes) -> Vec<String> {
    let Some(Value::List(items)) = root.at("outcomes.list").map(|node| &node.value) else {
        return Vec::new();
    };
    let mut outcomes: Vec<String> = Vec::new();
    let levels = scenarios.split_first().map(|(first, others)| {
        let is_shared = |key: &&str| others.iter().all(|other| other.scenario.level(key).is_some());
        let keys = first.scenario.levels.iter().map(|level| level.key.as_str());
        keys.filter(is_shared).collect::<Vec<&str>>()
    });
    let stages = scenarios.first().map_or_else(super::china, |first| first.scenario.city.stages);
    for item in items {
        let Some(name) = item.text() else { continue };
        if let Err(message) = known(stages, name, levels.as_deref()) {
            load.problem(item.position, "outcomes.list", message, OUTCOME);
        } else if outcomes.iter().any(|other| other == name) {
            load.problem(item.position, "outcomes.list", format!("{name} stands twice"), "");
        } else if let (Some(year), Some(first)) = (year_of(name), scenarios.first()) {
            let years = first.scenario.city.base_year..=first.scenario.city.horizon;
            if !years.contains(&year) {
                let (from, to) = (years.start(), years.end());
                let message = format!("expected a year from {from} to {to}, found {year}");
                load.problem(item.position, "outcomes.list", message, OUTCOME);
            }
        }
        outcomes.push(name.to_string());
    }
    outcomes
}

/// How to write an outcome.
const OUTCOME: &str = "write STAGE.INDICATOR, or STAGE.INDICATOR[YEAR] for one year";

/// The year of `STAGE.INDICATOR[YEAR]`.
fn year_of(outcome: &str) -> Option<i32> {
    outcome.split_once('[')?.1.strip_suffix(']')?.parse().ok()
}

/// The name of the file becomes a folder beside those of the scenarios.
fn check_key(load: &mut Load, key: &str, scenarios: &[Loaded]) {
    let top = Position { file: 0, line: 1, column: 1 };
    super::build::check_folder(load, top, "", key);
    if scenarios.iter().any(|loaded| loaded.scenario.key == key) {
        let message = format!("the sweep and a scenario are both called {key:?}");
        load.problem(top, "", message, "their outputs would share a folder: rename this file");
    }
}

/// Every file once, named from the folder of the first scenario.
fn files(load: &Load, scenarios: &[Loaded]) -> Vec<SourceFile> {
    let folder = scenarios.first().map(|loaded| loaded.folder.clone()).unwrap_or_default();
    let mut files: Vec<SourceFile> = Vec::new();
    let all = load.files.iter().chain(scenarios.iter().flat_map(|loaded| &loaded.files));
    for file in all {
        if !files.iter().any(|known| known.path == file.path) {
            let name = match file.name.as_str() {
                "command line" => file.name.clone(),
                _ => relative(&file.path, &folder),
            };
            files.push(SourceFile { name, ..file.clone() });
        }
    }
    files
}
