//! A city read only as far as its keys, for `calibrate`: its tables may not exist yet.

use std::path::{Path, PathBuf};

use crate::axes::Stage;
use crate::scenario::Scenario;

use super::load::Load;
use super::loaded::{Refused, refused};
use super::observations::Observation;
use super::tree::Node;
use super::{build, check, estimated, observations, places, real};

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
    pub estimated: Vec<String>,
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
pub(super) fn keys_of(load: &mut Load, path: &Path, sets: &[String]) -> Option<CityKeys> {
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
    for stage in city.stages.iter() {
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
