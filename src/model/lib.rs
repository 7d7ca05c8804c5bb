//! The model: from a checked scenario to pupils, classes and indicators of every year, with what is read off a run.
//!
//! Nothing here touches files, environment, clock, randomness, threads or stdout; after `input` the model returns values, not
//! `Result`, and does not panic. The kernel ([`schools`], [`batch`], [`demand`], [`population`], [`width`]) is of one crate because
//! its loops are inlined from the choice of vectors down.

pub mod axes;
pub mod batch;
pub mod city;
pub mod comparison;
pub mod demand;
pub mod event;
pub mod hindcast;
pub mod indicators;
pub mod level;
pub mod model;
pub mod numeric;
pub mod observed;
pub mod population;
pub mod programmes;
pub mod scenario;
pub mod schools;
pub mod scorecard;
pub mod target;
pub mod units;
pub mod width;
