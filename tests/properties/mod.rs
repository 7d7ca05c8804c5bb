//! The invariants of the model on random cities.

mod classes;
mod people;
mod programmes;
mod schools;
