//! Real schools that `calibrate --write` would lose: rows of a table of schools that no calibration makes again.

use std::fs::canonicalize;
use std::path::Path;

use crate::axes::Stage;

use super::city_keys::CityKeys;
use super::load::Load;
use super::loaded::{Refused, refused};
use super::problem::Position;
use super::real::columns;
use super::table::{Column, read};

/// What is written into the column `origin` of a made-up school.
const SYNTHETIC: &str = "synthetic";

/// Rows of a table of schools that are not synthetic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealRows {
    /// How many.
    pub n: usize,
    /// Rows of the whole table.
    pub n_all: usize,
    /// Their stages, as far as the table tells them.
    pub stages: Vec<Stage>,
    /// Whether the city names this very table as the register of one of them.
    pub is_register: bool,
}

/// The rows of a table of schools that calibration cannot make again: not synthetic, and of no stage whose register is another
/// file that the city names. `None` where there are none, or no such table.
///
/// # Errors
/// Every problem of a table that cannot be read: what it holds is not known.
pub fn real_rows(keys: &CityKeys, path: &Path) -> Result<Option<RealRows>, Refused> {
    let is_blank = |bytes: Vec<u8>| bytes.trim_ascii().is_empty();
    if matches!(path.try_exists(), Ok(false)) || std::fs::read(path).is_ok_and(is_blank) {
        return Ok(None);
    }
    let mut load = Load::default();
    let wanted: Vec<Column> = columns(keys.scenario.city.stages)
        .into_iter()
        .map(|c| Column { required: false, ..c })
        .collect();
    let nowhere = Position { file: 0, line: 0, column: 0 };
    let table = read(&mut load, path, (nowhere, "schools"), &wanted);
    let Some(table) = table.filter(|_| load.problems.list.is_empty()) else {
        return Err(refused(load));
    };
    let itself = canonicalize(path).ok();
    let is_itself = |other: &Path| itself.is_some() && canonicalize(other).ok() == itself;
    let mut found =
        RealRows { n: 0, n_all: table.n_rows(), stages: Vec::new(), is_register: false };
    for row in 0..table.n_rows() {
        let stage = table.text(row, "stage").and_then(|name| keys.scenario.city.stages.parse(name));
        let register = keys.registers.iter().find(|register| Some(register.stage) == stage);
        let is_named = register.is_some_and(|register| is_itself(&register.path));
        let is_elsewhere = register.is_some() && !is_named;
        if is_elsewhere || table.text(row, "origin") == Some(SYNTHETIC) {
            continue;
        }
        found.n += 1;
        found.is_register |= is_named;
        found.stages.extend(stage);
    }
    found.stages.sort_unstable();
    found.stages.dedup();
    Ok((found.n > 0).then_some(found))
}
