//! The model of `xuewei`, and what is read off its runs. The code map and what always holds stand in the crate `xuewei`.

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
pub mod stages;
pub mod target;
pub mod units;
pub mod width;
