//! Which points of the unknown are run, addressed randomness, and an ordered map over threads.

pub mod experiment;
pub mod parallel;
pub mod random;

use xuewei_model::{city, numeric, units};
