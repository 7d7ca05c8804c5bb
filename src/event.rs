//! Programmes, unit types and dated events: plain data.

use crate::axes::{Stage, Zone};
use crate::city::Name;
use crate::units::Year;

/// A kind of building that a programme is made of.
#[derive(Debug, Clone)]
pub struct UnitType {
    /// Name in files, e.g. `new-primary-24`.
    pub key: String,
    /// Rooms by stage; a nine-year school has two entries.
    pub rooms: Vec<(Stage, i32)>,
    /// Adds rooms to a school that exists instead of opening a site.
    pub is_extension: bool,
    /// Opens every grade in its first year and relieves the crowded schools of its pool.
    pub opens_all_grades: bool,
    /// Cost of one unit in yuan of the price year of its source.
    pub cost_yuan: f64,
    /// Quality that a new school starts with (standard deviations).
    pub quality: f64,
    /// Boarding places of one unit.
    pub boarding_places: i32,
}

/// One row of an explicit placement.
#[derive(Debug, Clone)]
pub struct PlacedUnit {
    /// Index into the scenario's unit types.
    pub unit: usize,
    /// Area where it is built.
    pub area: usize,
    /// Year of construction.
    pub year: Year,
    /// Site that is extended, for an extension.
    pub site: Option<usize>,
}

/// How a programme chooses places for its units.
#[derive(Debug, Clone)]
pub enum Placement {
    /// From a table.
    Explicit(Vec<PlacedUnit>),
    /// The same number to every district.
    Equal,
    /// In proportion to residents of the stage's ages.
    Population,
    /// Unit by unit to the pool that is shortest of seats.
    Gap,
}

/// What becomes of the old campus of a relocated school.
#[derive(Debug, Clone, PartialEq)]
pub struct Reuse {
    /// Stage that moves in.
    pub stage: Stage,
    /// Rooms that it gets.
    pub rooms: i32,
    /// Years after the relocation until it opens.
    pub years_later: i32,
}

/// What a planned event of a programme does.
#[derive(Debug, Clone)]
pub enum PlannedKind {
    /// A new site in an area.
    Open {
        /// Where.
        area: usize,
        /// Rooms by stage.
        rooms: Vec<(Stage, i32)>,
        /// Opens every grade at once.
        all_grades: bool,
        /// Name of the new site.
        name: String,
    },
    /// Rooms added at a site, or taken away for good.
    Extend {
        /// Rooms; below zero those that it loses.
        rooms: i32,
    },
    /// A school moves to an area with `rooms_added` more rooms than it had.
    Relocate {
        /// Where to.
        area: usize,
        /// Net change of rooms, shared evenly over the schools that move.
        rooms_added: i32,
        /// The old campus.
        reuse: Option<Reuse>,
    },
    /// Rooms of one stage become rooms of another.
    Convert {
        /// Stage that gets the rooms.
        to: Stage,
        /// Rooms; `None` for all.
        rooms: Option<i32>,
    },
    /// The site ends; its pupils go to the admission area.
    Close,
    /// The site ends; its pupils go to another, which forms its upper classes anew.
    Merge {
        /// What receives them.
        into: Receiver,
    },
    /// Quality or boarding places change.
    Upgrade {
        /// Change in standard deviations.
        quality: f64,
        /// Boarding places more at each school.
        boarding: i32,
    },
    /// Rooms out of use for classes.
    Reserve {
        /// Rooms of each school.
        part: Part,
        /// Year from which they are back in use; `None` for good.
        until: Option<Year>,
    },
}

/// The site that receives the pupils of a merger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// One of the register: index into the city's sites.
    Site(usize),
    /// One that a planned event opens.
    Opened(Opening),
}

/// A planned event that opens a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Index into the scenario's programmes.
    pub programme: usize,
    /// Index into its events.
    pub event: usize,
}

/// A part of the rooms of a school.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// A share of those that classes may use.
    Share(f64),
    /// So many.
    Rooms(i32),
}

impl Part {
    /// Whole rooms of a school with so many that classes may use: of a share the nearest whole number.
    pub fn of(self, usable: i32) -> i32 {
        match self {
            Part::Share(share) => (f64::from(usable) * share).round() as i32,
            Part::Rooms(rooms) => rooms,
        }
    }
}

impl PlannedKind {
    /// Rank in the stated order of one year; see [`EventKind::rank`].
    pub fn rank(&self) -> u8 {
        match self {
            PlannedKind::Close => 1,
            PlannedKind::Merge { into: Receiver::Site(_) } => 2,
            PlannedKind::Relocate { .. } => 3,
            PlannedKind::Convert { .. } => 4,
            PlannedKind::Reserve { .. } => 5,
            PlannedKind::Extend { .. } => 6,
            PlannedKind::Open { .. } => 7,
            PlannedKind::Merge { into: Receiver::Opened(_) } => 8,
            PlannedKind::Upgrade { .. } => 9,
        }
    }

    /// Whether it needs construction.
    pub fn is_built(&self) -> bool {
        matches!(
            self,
            PlannedKind::Open { .. } | PlannedKind::Extend { .. } | PlannedKind::Relocate { .. }
        )
    }
}

/// A school that a planned event changes, as the events before it leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concerned {
    /// Row of the base register.
    pub row: usize,
    /// Rooms that classes may use, just before.
    pub rooms: i32,
    /// Rooms that it has beside them, reserved.
    pub reserved: i32,
    /// Area where it stands, just before.
    pub area: usize,
}

/// An event of a programme.
#[derive(Debug, Clone)]
pub struct PlannedEvent {
    /// Name in the file.
    pub key: String,
    /// What it does.
    pub kind: PlannedKind,
    /// Stage of the schools concerned (absent for `open`).
    pub stage: Option<Stage>,
    /// The schools that it changes, in order; none for `open`.
    pub schools: Vec<Concerned>,
    /// Year of construction, or of taking effect for what needs no construction.
    pub year: Year,
    /// File and line, for messages.
    pub origin: String,
}

/// A plan's bundle of buildings.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Name in files.
    pub key: String,
    /// Name to show.
    pub title: Name,
    /// Units by type, in file order.
    pub mix: Vec<(usize, i32)>,
    /// First and last year of construction.
    pub years: (Year, Year),
    /// Share of units begun in each year of construction; empty for even shares.
    pub profile: Vec<f64>,
    /// Published investment in yuan; unit costs are scaled to it.
    pub investment_yuan: Option<f64>,
    /// How places are found.
    pub placement: Placement,
    /// Areas where it may build.
    pub areas: Vec<usize>,
    /// Leave out a unit that would open where seats are ample.
    pub skips_ample: bool,
    /// Years by which everything is late.
    pub delay_years: i32,
    /// Years from the beginning of construction to opening.
    pub lag_years: i32,
    /// Share of the units that is built, in placement order.
    pub delivered_share: f64,
    /// Cost relative to plan (1 = as planned).
    pub cost_ratio: f64,
    /// Single events.
    pub events: Vec<PlannedEvent>,
}

/// What one dated event does at one site.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// See [`PlannedKind::Close`].
    Close,
    /// See [`PlannedKind::Merge`].
    Merge {
        /// Site that receives: index into the run's sites.
        into: usize,
        /// It is one that a programme opens.
        is_new: bool,
    },
    /// To this area with so many rooms more than it has by then.
    Relocate {
        /// Where to.
        area: usize,
        /// Rooms more (or fewer) than before.
        rooms_added: i32,
    },
    /// Rooms to another stage at the same site.
    Convert {
        /// Stage that gets the rooms.
        to: Stage,
        /// Rooms; `None` for all that it has then.
        rooms: Option<i32>,
    },
    /// Rooms out of use.
    Reserve {
        /// Rooms.
        rooms: i32,
        /// Year from which they are back in use; `None` for good.
        until: Option<Year>,
    },
    /// The rooms of a reserve that ends in this year are back in use; so many as it took, not more than this.
    Restore(i32),
    /// This many rooms added; below zero taken away as they become free.
    Extend(i32),
    /// A new school with this many rooms.
    Open {
        /// Rooms.
        rooms: i32,
        /// Opens every grade at once.
        all_grades: bool,
        /// Quality it starts with.
        quality: f64,
    },
    /// Quality and boarding places change by this much.
    Upgrade {
        /// Standard deviations.
        quality: f64,
        /// Places.
        boarding: i32,
    },
}

impl EventKind {
    /// Rank in the stated order of one year: restore, close, merge, relocate, convert, reserve, extend, open, merge into a site that
    /// a programme opens, upgrade. Events of one kind and year follow the order of the sites, then of the stages; at one site,
    /// that of the file. Rooms come back first, so that another half of a school can be taken on the same day; a school merges
    /// into a new one after that has opened.
    pub fn rank(&self) -> u8 {
        match self {
            EventKind::Restore(_) => 0,
            EventKind::Close => 1,
            EventKind::Merge { is_new: false, .. } => 2,
            EventKind::Relocate { .. } => 3,
            EventKind::Convert { .. } => 4,
            EventKind::Reserve { .. } => 5,
            EventKind::Extend(_) => 6,
            EventKind::Open { .. } => 7,
            EventKind::Merge { is_new: true, .. } => 8,
            EventKind::Upgrade { .. } => 9,
        }
    }

    /// Whether it needs construction.
    pub fn is_built(&self) -> bool {
        matches!(self, EventKind::Open { .. } | EventKind::Extend(_) | EventKind::Relocate { .. })
    }

    /// Name in tables: that of the planned kind, `reduce` for an extension below zero, `restore` for the end of a reserve.
    pub fn key(&self) -> &'static str {
        match self {
            EventKind::Restore(_) => "restore",
            EventKind::Close => "close",
            EventKind::Merge { .. } => "merge",
            EventKind::Relocate { .. } => "relocate",
            EventKind::Convert { .. } => "convert",
            EventKind::Reserve { .. } => "reserve",
            EventKind::Extend(rooms) if *rooms < 0 => "reduce",
            EventKind::Extend(_) => "extend",
            EventKind::Open { .. } => "open",
            EventKind::Upgrade { .. } => "upgrade",
        }
    }
}

/// One dated change of capacity at one site; takes effect on 1 September of `year`.
#[derive(Debug, Clone)]
pub struct Event {
    /// Year in which it takes effect.
    pub year: Year,
    /// Index into the run's sites.
    pub site: usize,
    /// Area where it happens: that of the new campus for a relocation, and for what comes after it.
    pub area: usize,
    /// Stage concerned.
    pub stage: Stage,
    /// What happens.
    pub kind: EventKind,
    /// Change of the rooms that classes may use (a relocation: net).
    pub rooms_net: i32,
    /// Investment in yuan, booked in even parts over the years of construction.
    pub investment_yuan: f64,
    /// Year in which construction begins; `year` for what needs none.
    pub begun: Year,
    /// Rooms that are built: all rooms of a new campus, where `rooms_net` has those more than before.
    pub rooms_built: i32,
    /// Index into the scenario's programmes; `None` for a standing rule.
    pub programme: Option<usize>,
}

impl Event {
    /// Years of construction, in each of which an even part of the investment is booked; the year of the event itself for
    /// what needs no construction.
    pub fn booked_years(&self) -> std::ops::Range<Year> {
        self.begun..self.year.max(self.begun + 1)
    }

    /// Investment that is booked in each of [`Self::booked_years`].
    pub fn booked_yuan(&self) -> f64 {
        let booked = self.booked_years();
        self.investment_yuan / f64::from(booked.end - booked.start)
    }
}

/// The part of a whole that falls to the one at `position` of `n`, the earlier ones first.
pub fn share_of(whole: i32, n: usize, position: usize) -> i32 {
    let n = (n as i32).max(1);
    whole.div_euclid(n) + i32::from((position as i32) < whole.rem_euclid(n))
}

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
