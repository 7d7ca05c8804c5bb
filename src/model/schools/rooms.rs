//! Rooms between two users: promised to another stage, or out of use for a time.

use crate::axes::Stage;
use crate::units::Year as CalendarYear;

use super::year::Year;

/// Rooms on their way from one stage to another: they are taken as they become free.
#[derive(Debug, Clone)]
pub struct Conversion {
    /// Slot of the giving school, where it stood first, and its stage.
    pub donor: usize,
    pub from: Stage,
    pub site: usize,
    pub to: Stage,
    pub rooms: i32,
    /// Rooms handed over, once the receiving school is open.
    pub handed_over: i32,
    pub has_opened: bool,
}

impl Conversion {
    /// None of the rooms has been handed over.
    pub fn promised(donor: usize, (site, from, to): (usize, Stage, Stage), rooms: i32) -> Self {
        Conversion { donor, from, site, to, rooms, handed_over: 0, has_opened: false }
    }
}

/// Rooms of a school that are out of use until a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfUse {
    pub site: usize,
    pub stage: Stage,
    pub until: CalendarYear,
    /// As many as were taken.
    pub rooms: f64,
}

/// Rooms of a school that are out of use until this year: those that were taken first.
pub fn taken_until_now<const W: usize>(
    out_of_use: &mut Vec<OutOfUse>,
    at: &Year<'_, W>,
    site: usize,
    stage: Stage,
) -> Option<f64> {
    let is_due =
        |out: &OutOfUse| (out.site, out.stage, f64::from(out.until)) == (site, stage, at.year);
    let due = out_of_use.iter().position(is_due)?;
    Some(out_of_use.remove(due).rooms)
}
