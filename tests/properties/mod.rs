//! The invariants of the model on random cities.

mod classes;
mod demand;
mod people;
mod programmes;
mod schools;
