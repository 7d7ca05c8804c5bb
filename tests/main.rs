//! The integration tests: one binary, one module for each kind.

mod calibration;
mod cli;
mod events;
mod examples;
mod facts;
mod golden;
mod kept;
mod kinds;
mod levels;
mod outsider;
mod properties;
mod stages;
mod support;
mod tidy;
mod validation;
