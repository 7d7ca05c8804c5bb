//! Numbers that were not computed here, with their citation.

mod class_sizes;
mod population;
mod worked_example;
