//! Dated changes of capacity at one site: what programmes come to.

use crate::axes::Stage;
use crate::units::Year;

/// What one dated event does at one site.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// See [`crate::event::PlannedKind::Close`].
    Close,
    /// See [`crate::event::PlannedKind::Merge`].
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

    /// As [`crate::event::PlannedKind::is_built`].
    pub fn is_built(&self) -> bool {
        matches!(self, EventKind::Open { .. } | EventKind::Extend(_) | EventKind::Relocate { .. })
    }

    /// Name in tables: that of the planned kind, `reduce` for an extension below zero, `restore` for the end of a reserve.
    pub fn key(&self) -> &'static str {
        self.words().0
    }

    /// The same in Chinese.
    pub fn zh(&self) -> &'static str {
        self.words().1
    }

    fn words(&self) -> (&'static str, &'static str) {
        match self {
            EventKind::Restore(_) => ("restore", "恢复"),
            EventKind::Close => ("close", "关闭"),
            EventKind::Merge { .. } => ("merge", "合并"),
            EventKind::Relocate { .. } => ("relocate", "迁建"),
            EventKind::Convert { .. } => ("convert", "转用"),
            EventKind::Reserve { .. } => ("reserve", "预留"),
            EventKind::Extend(rooms) if *rooms < 0 => ("reduce", "撤除教室"),
            EventKind::Extend(_) => ("extend", "扩建"),
            EventKind::Open { .. } => ("open", "新建"),
            EventKind::Upgrade { .. } => ("upgrade", "提升"),
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
