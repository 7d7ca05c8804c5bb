//! Programmes, unit types and dated events: plain data, and what planned events can happen in the order of their dates.

mod dated;
mod objection;
mod planned;
mod standing;
pub mod timeline;

use crate::axes::{Stage, Zone};
use crate::units::Year;

pub use dated::{Event, EventKind};
pub use objection::{ExtendsEnded, Objection, When};
pub use planned::{
    Choice, Concerned, Opening, Part, PickRule, PlacedUnit, Placement, PlannedEvent, PlannedKind,
    Programme, Receiver, Reuse, UnitType, share_of,
};

/// A standing rule: close schools that stay small.
#[derive(Debug, Clone)]
pub struct ClosingRule {
    /// Name in files.
    pub key: String,
    /// Stage that it looks at.
    pub stage: Stage,
    /// Zones that it looks at.
    pub zones: Vec<Zone>,
    /// A school with fewer pupils than this is small.
    pub under_pupils: f64,
    /// Years in a row that it must have been small.
    pub years: i32,
    /// First year in which the rule may close a school.
    pub from_year: Year,
    /// Most schools that it closes in a year.
    pub most_per_year: i32,
}
