//! The invariants of the model on random cities.

mod apply;
mod attendance;
mod batch;
mod classes;
mod demand;
mod people;
mod programmes;
mod schools;
