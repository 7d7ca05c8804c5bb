//! Files to a checked scenario: the only code that knows TOML, CSV and XLSX input.
//!
//! In: a path. Out: a [`Loaded`] scenario with the tree it came from, or every problem of every file at once.
//! Two stages: what a user typed ([`tree`], [`overlay`]) and what is ready to use ([`check`], `build`); only the first
//! can fail.

mod ages;
mod build;
pub mod check;
mod city_keys;
mod command_line;
mod earlier;
mod estimated;
pub mod figure;
pub mod figure_change;
pub mod figures;
pub mod hindcast;
pub mod keys;
mod levels;
pub mod load;
mod loaded;
mod objections;
mod observations;
pub mod overlay;
pub mod overwrite;
mod placed;
pub mod places;
mod planned;
pub mod problem;
mod programmes;
pub mod ranges;
pub mod real;
pub mod rebuilt;
pub mod register;
mod residents;
mod rules;
mod stages;
pub mod sweep;
pub mod table;
mod targets;
mod thresholds;
pub mod tree;
mod unprepared;
mod vital;
pub mod workbook;

use xuewei_experiment::{experiment, parallel};
use xuewei_model::{axes, city, event, level, numeric, population, scenario, target, units};

pub use city_keys::{CityKeys, load_for_calibration};
pub use estimated::{Estimated, estimated};
pub use loaded::{Loaded, Refused, load};
pub use observations::Observation;
pub use stages::china;
pub use sweep::{LoadedSweep, is_sweep, load_sweep};
pub use targets::stages_key;
pub use unprepared::{Unprepared, unprepared};
