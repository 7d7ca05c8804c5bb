//! What speaks against planned events: each by the indices of what it concerns, for whoever read them to tell.

use crate::units::Year;

/// A planned event, and the year in which it opens, takes effect or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Index into the scenario's programmes.
    pub programme: usize,
    /// Index into its events.
    pub event: usize,
    /// On 1 September of this year.
    pub year: Year,
}

/// What speaks against an event. Rows are those of the base register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// The run does not see it: only delay or lag moves it beyond the horizon. It stays.
    BeyondHorizon,
    /// A rule of choice finds no school.
    FoundNone {
        /// Schools of the stage that stand in its areas.
        there: usize,
    },
    /// A rule of choice finds fewer schools than it should. It happens to those.
    FoundFewer {
        /// Schools that it should find.
        expected: usize,
        /// Schools that it finds.
        found: usize,
    },
    /// It merges into a site that opens only later.
    MergesTooEarly {
        /// What opens the site.
        opening: When,
    },
    /// The school has ended by then.
    SchoolEnded {
        /// School.
        row: usize,
        /// What ended it.
        ended: When,
    },
    /// It ends a school while rooms are out of use that come back later.
    RoomsAway {
        /// School.
        row: usize,
        /// What took them, and the year in which they are back.
        back: When,
    },
    /// It ends a school that takes another one in on the same day: of the two mergers one would have to come first.
    ReceivesThatDay {
        /// School.
        row: usize,
        /// The other merger.
        merger: When,
    },
    /// The school that it merges into has ended by then.
    ReceiverEnded {
        /// School.
        row: usize,
        /// School that should receive its pupils.
        receiver: usize,
        /// What ended that.
        ended: When,
    },
    /// It takes more rooms than the school has.
    RoomsShort {
        /// School.
        row: usize,
        /// Rooms that it takes.
        taken: i32,
        /// Rooms that the school has then.
        rooms: i32,
        /// Rooms that the school must keep.
        kept: i32,
        /// What took others before.
        earlier: Option<When>,
    },
}

impl Objection {
    /// Whether the event cannot stay as it is planned.
    pub fn refuses(&self) -> bool {
        match self {
            Objection::BeyondHorizon | Objection::FoundFewer { .. } => false,
            Objection::FoundNone { .. }
            | Objection::MergesTooEarly { .. }
            | Objection::SchoolEnded { .. }
            | Objection::RoomsAway { .. }
            | Objection::ReceivesThatDay { .. }
            | Objection::ReceiverEnded { .. }
            | Objection::RoomsShort { .. } => true,
        }
    }
}

/// A unit with an explicit place that extends a school which has ended by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtendsEnded {
    /// Index into the scenario's programmes.
    pub programme: usize,
    /// Index into the city's sites.
    pub site: usize,
    /// Year in which the unit opens.
    pub opens: Year,
    /// What ended the school.
    pub ended: When,
}
