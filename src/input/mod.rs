//! Files to a checked scenario: the only code that knows TOML, CSV and XLSX input.
//!
//! In: a path. Out: a [`Loaded`] scenario with the tree it came from, or every problem of every file at once.
//! Two stages: what a user typed ([`tree`], [`overlay`]) and what is ready to use ([`check`], [`build`]); only the first
//! can fail.

mod ages;
mod build;
pub mod check;
mod command_line;
mod earlier;
mod estimated;
pub mod figure;
pub mod hindcast;
pub mod keys;
mod levels;
pub mod load;
pub mod moved;
mod observations;
pub mod overlay;
pub mod overwrite;
mod placed;
pub mod places;
mod planned;
pub mod problem;
mod programmes;
pub mod real;
pub mod register;
mod residents;
pub mod shift;
mod standing;
pub mod sweep;
pub mod table;
mod targets;
mod timeline;
pub mod tree;
mod unprepared;
mod vital;
pub mod workbook;

use std::path::{Path, PathBuf};

use crate::axes::Stage;
use crate::scenario::Scenario;

pub use estimated::{ESTIMATED, Estimated};
use load::{Load, SourceFile};
pub use moved::{moved, moved_all};
pub use observations::Observation;
use overlay::Change;
use problem::{Position, Problems};
pub use sweep::{LoadedSweep, is_sweep, load_sweep};
pub use targets::stages_key;
use tree::{Node, Value};
pub use unprepared::{Unprepared, unprepared};

/// A scenario with everything that its reader may want to know of it.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The tree that it was read from: every figure with its source and place.
    pub tree: Node,
    /// Files in the order of reading.
    pub files: Vec<SourceFile>,
    /// What the scenario changes in its bases.
    pub changes: Vec<Change>,
    /// Oddities that do not refuse the input.
    pub warnings: Problems,
    /// Language of the city, `zh` or `en`.
    pub language: String,
    /// Folder of the scenario file.
    pub folder: PathBuf,
}

/// Why an input was refused: all problems, and the warnings beside them.
#[derive(Debug)]
pub struct Refused {
    /// What must be mended.
    pub problems: Problems,
    /// Oddities found on the way.
    pub warnings: Problems,
}

/// Loads a scenario file, a `city.toml`, or the `city.toml` of a folder. `sets` are `path=value` of the command line.
///
/// # Errors
/// Every problem of every file that was read.
pub fn load(path: &Path, sets: &[String]) -> Result<Loaded, Refused> {
    let mut load = Load::default();
    let path = if path.is_dir() { path.join("city.toml") } else { path.to_path_buf() };
    let Some(mut tree) = load.tree_of(&path) else {
        return Err(refused(load));
    };
    if tree.at("city").is_none() {
        let position = Position { file: 0, line: 1, column: 1 };
        let message = "expected a base or a city of its own, found neither";
        load.problem(
            position,
            "base",
            message,
            "write base = \"city.toml\", or [city] with its keys",
        );
        return Err(refused(load));
    }
    let earlier = earlier_changes(&tree);
    load.changes.splice(0..0, earlier);
    for set in sets {
        load.set_from_command_line(&mut tree, set);
    }
    let checked = check::check(&mut load, &tree);
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let scenario = build::scenario(&mut load, &checked, &stem);
    vital::check_mothers(&mut load, &checked, &scenario);
    earlier::check(&mut load, &checked);
    observations::read(&mut load, &checked);
    if !load.problems.list.is_empty() {
        return Err(refused(load));
    }
    let language = checked.text("city.language").unwrap_or("zh").to_string();
    Ok(Loaded {
        scenario,
        tree,
        files: load.files,
        changes: load.changes,
        warnings: load.warnings.sorted(),
        language,
        folder: load.folder,
    })
}

/// The changes that a resolved file carries along: `[[path, old, new, origin], …]`.
fn earlier_changes(tree: &Node) -> Vec<Change> {
    let Some(Value::List(rows)) = tree.at("resolved.changes").map(|node| &node.value) else {
        return Vec::new();
    };
    rows.iter()
        .filter_map(|row| {
            let Value::List(cells) = &row.value else { return None };
            let text = |idx: usize| cells.get(idx).and_then(Node::text).map(str::to_string);
            Some(Change { path: text(0)?, old: text(1)?, new: text(2)?, origin: text(3)? })
        })
        .collect()
}

fn refused(load: Load) -> Refused {
    Refused { problems: load.problems.sorted(), warnings: load.warnings.sorted() }
}

/// A city read only as far as its keys: what `calibrate` needs when its tables do not exist yet.
#[derive(Debug)]
pub struct CityKeys {
    /// The scenario without people and schools.
    pub scenario: Scenario,
    /// Figures and settings by path.
    pub checked: check::Checked,
    /// Published figures, from the table that the city names, as far as they were known then.
    pub observations: Vec<Observation>,
    /// Paths of the figures that the city does not give itself: a prior stands in, and calibration writes its estimate.
    pub estimated: Vec<&'static str>,
    /// Folder of the city.
    pub folder: PathBuf,
    /// Paths that the city sets otherwise than its base.
    pub changed: Vec<String>,
    /// Real registers by stage.
    pub registers: Vec<real::Register>,
    /// Language of the city, `zh` or `en`.
    pub language: String,
}

impl CityKeys {
    /// The real schools of a stage, where the city names their register.
    pub fn register(&self, stage: Stage) -> Option<&[real::RealSchool]> {
        self.registers.iter().find(|of| of.stage == stage).map(|of| of.schools.as_slice())
    }
}

/// Loads a city for `calibrate`.
///
/// # Errors
/// Every problem of its TOML files and of its observations.
pub fn load_for_calibration(path: &Path, sets: &[String]) -> Result<CityKeys, Refused> {
    let mut load = Load { for_calibration: true, ..Load::default() };
    match keys_of(&mut load, path, sets) {
        Some(keys) if load.problems.list.is_empty() => Ok(keys),
        _ => Err(refused(load)),
    }
}

/// The keys of a city as far as they can be read; `None` if its file is none.
fn keys_of(load: &mut Load, path: &Path, sets: &[String]) -> Option<CityKeys> {
    let path = if path.is_dir() { path.join("city.toml") } else { path.to_path_buf() };
    let mut tree = load.tree_of(&path)?;
    for set in sets {
        load.set_from_command_line(&mut tree, set);
    }
    let estimated = estimated::stand_in(&mut tree);
    let mut checked = check::check(load, &tree);
    let tables: Vec<(String, Node)> = ["population", "schools", "group_quarters"]
        .iter()
        .filter_map(|name| checked.settings.remove_entry(&format!("tables.{name}")))
        .collect();
    let scenario = build::scenario(load, &checked, "city");
    checked.settings.extend(tables);
    let observations = observations::read(load, &checked);
    let registers = read_registers(load, &checked, &scenario);
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let changed = load.changes.iter().map(|change| change.path.clone()).collect();
    let language = checked.text("city.language").unwrap_or("zh").to_string();
    Some(CityKeys {
        scenario,
        checked,
        observations,
        estimated,
        folder,
        changed,
        registers,
        language,
    })
}

/// The real registers that the city names by stage.
fn read_registers(
    load: &mut Load,
    checked: &check::Checked,
    scenario: &Scenario,
) -> Vec<real::Register> {
    let city = &*scenario.city;
    let places = places::Places::of_city(city);
    let mut registers = Vec::new();
    for stage in Stage::ALL {
        let key = format!("calibration.{}.register", stage.key());
        let Some(node) = checked.settings.get(&key) else { continue };
        let folder = load.files.get(node.position.file).and_then(|f| f.path.parent());
        let name = node.text().unwrap_or_default();
        let path = folder.map(|folder| folder.join(name)).unwrap_or_default();
        let at = (node.position, key.as_str());
        let schools = real::read_real(load, &places, &path, at, stage);
        registers.push(real::Register { stage, path, schools });
    }
    registers
}
