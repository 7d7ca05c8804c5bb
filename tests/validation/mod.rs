//! Numbers that were not computed here, with their citation.

mod class_sizes;
mod grade_progression;
mod population;
mod worked_example;
