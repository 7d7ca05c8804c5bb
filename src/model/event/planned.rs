//! What files plan: programmes, unit types, and single events with how they find their schools.

use crate::axes::Stage;
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
    /// Rank in the stated order of one year; see [`crate::event::EventKind::rank`].
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

    /// Whether it needs construction; rooms taken away for good (an extension below zero) go after the construction lag too.
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

/// How a planned event finds the schools that it changes.
#[derive(Debug, Clone)]
pub enum Choice {
    /// It opens a site of its own.
    NewSite,
    /// A named site: index into the city's.
    Site(usize),
    /// The first `count` schools of a stage in these areas by a rule.
    Pick {
        /// Rule of choice.
        rule: PickRule,
        /// How many, unless every school is concerned.
        count: usize,
        /// Areas to choose from.
        areas: Vec<usize>,
    },
}

/// A rule of choice among schools of the base year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickRule {
    /// Most pupils.
    Largest,
    /// Fewest pupils.
    Smallest,
    /// Most pupils per room.
    Fullest,
    /// Fewest pupils per room.
    Emptiest,
    /// Lowest quality.
    Weakest,
    /// Every school.
    All,
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

/// The part of a whole that falls to the one at `position` of `n`, the earlier ones first.
pub fn share_of(whole: i32, n: usize, position: usize) -> i32 {
    let n = (n as i32).max(1);
    whole.div_euclid(n) + i32::from((position as i32) < whole.rem_euclid(n))
}
