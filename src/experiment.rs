//! Designs of experiments: which points of the unknown are run.
//!
//! In: factors with distributions, their correlation and a design. Out: the values of every factor in draw `i`, a pure function
//! of design, seed and `i`.

pub mod design;
mod direction_numbers;
pub mod sequence;
