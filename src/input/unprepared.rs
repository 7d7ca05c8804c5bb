//! A city whose tables are still to be made: what `check` says of a new folder.

use std::path::Path;

use super::city_keys::{CityKeys, keys_of};
use super::load::Load;
use super::problem::Problems;
use super::workbook::without_sheet;

/// A city without people and schools, with whatever else is wrong with it.
#[derive(Debug)]
pub struct Unprepared {
    /// Its keys and observations.
    pub keys: CityKeys,
    /// Problems of its files, missing figures among them.
    pub problems: Problems,
    /// Name of its table of observations, if it names one.
    pub observations: Option<String>,
    /// Language of the city, `zh` or `en`.
    pub language: String,
}

/// The city of a folder or `city.toml` whose population does not exist yet, nor its register or what `calibrate` fits;
/// `None` for any other.
pub fn unprepared(path: &Path, sets: &[String]) -> Option<Unprepared> {
    if !path.is_dir() && !path.ends_with("city.toml") {
        return None;
    }
    let mut load = Load { for_calibration: true, ..Load::default() };
    let keys = keys_of(&mut load, path, sets)?;
    let is_absent = |table: &str| {
        keys.checked.text(&format!("tables.{table}")).is_some_and(|name| {
            let (file, _) = without_sheet(&keys.folder.join(name));
            !file.exists()
        })
    };
    let is_fitted = keys.folder.join("calibrated.toml").exists();
    if !is_absent("population") || (is_fitted && !is_absent("schools")) {
        return None;
    }
    let observations = keys.checked.text("tables.observations").map(str::to_string);
    let language = keys.language.clone();
    Some(Unprepared { keys, problems: load.problems.sorted(), observations, language })
}
