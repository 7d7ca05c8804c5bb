//! The output folder of a sweep: parts of draws as Parquet, a checksum beside each, and a manifest that says what they are.
//!
//! ```text
//! FOLDER/manifest.json                what was asked: the same from every shard, no times, paths or threads
//! FOLDER/labels.json                  words for charts: titles, names, units; nothing depends on it but their wording
//! FOLDER/draws/part-000000.parquet    draws [0, size): one row a draw and scenario
//! FOLDER/draws/part-000000.sha256     its SHA-256; a part is finished when both are there and agree
//! FOLDER/sha256sums.txt               all parts in order, written when the last one is there
//! ```
//!
//! A part is written under a temporary name, flushed to the disk and renamed, then its checksum. Whatever moment the
//! program is killed at, the folder holds finished parts, and at most leftovers that the next run removes.

mod check;
mod codec;
mod error;
mod files;
mod folder;
mod gather;
mod manifest;
mod prepare;

#[cfg(test)]
mod tests;

pub use error::{Kind, StoreError};
pub use folder::{Shard, State, Store, Sums};
pub use gather::{Gathered, gather};
pub use manifest::{Manifest, draws_per_part, too_many_parts};
pub use prepare::{Prepared, prepare};

/// Whether this build can write and read Parquet.
pub const HAS_PARQUET: bool = cfg!(feature = "parquet");

/// Names of what a sweep's rows hold, besides `draw`, `scenario` and `failed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Scenarios in the order of the rows of one draw.
    pub scenarios: Vec<String>,
    /// Factors.
    pub factors: Vec<String>,
    /// Outcomes, e.g. `primary.oversized_share[2030]`.
    pub outcomes: Vec<String>,
}

/// The rows of consecutive draws, draw by draw and in it scenario by scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// First draw.
    pub first_draw: u64,
    /// Number of draws; rows are so many times the scenarios.
    pub n_draws: usize,
    /// By factor, by draw: the drawn values in the factor's unit.
    pub factors: Vec<Vec<f64>>,
    /// By outcome, by row; NaN where a row has none, e.g. a year that never came. It is an empty cell in the file.
    pub outcomes: Vec<Vec<f64>>,
    /// Rows that failed with the reason, by row ascending; their outcomes are empty cells in the file.
    pub failed: Vec<(usize, String)>,
}

/// Some columns of a part, read back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// First draw.
    pub first_draw: u64,
    /// Number of draws.
    pub n_draws: usize,
    /// Scenarios a draw.
    pub n_scenarios: usize,
    /// By column asked for, by row; NaN for an empty cell.
    pub columns: Vec<Vec<f64>>,
    /// Rows that failed with the reason, ascending.
    pub failed: Vec<(usize, String)>,
}

impl Rows {
    /// The values of one column for one scenario, by draw. Empty if there is no such column or scenario.
    pub fn of_scenario(&self, column: usize, scenario: usize) -> Vec<f64> {
        let values = self.columns.get(column).map_or(&[][..], Vec::as_slice);
        values.iter().skip(scenario).step_by(self.n_scenarios.max(1)).copied().collect()
    }
}
