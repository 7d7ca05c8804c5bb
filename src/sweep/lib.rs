//! Many draws of one model, and what they say.

pub mod analysis;
pub mod sweep;

use xuewei_experiment::{experiment, parallel, random};
use xuewei_input as input;
use xuewei_model::{
    axes, batch, city, event, indicators, level, model, numeric, programmes, scenario, units,
};
