//! Numbers that were not computed here, with their citation.

mod admission;
mod class_sizes;
mod closures;
mod discovery;
mod grade_progression;
mod hard_totals;
mod population;
mod reaction;
mod recovery;
mod sensitivity;
mod worked_example;
