//! The invariants of the model on random cities.

mod apply;
mod attendance;
mod classes;
mod demand;
mod lanes;
mod people;
mod programmes;
mod schools;
