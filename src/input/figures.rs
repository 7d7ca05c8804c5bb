//! The figures of a checked tree, and the record of which of them is read into which part of a scenario.
//!
//! A value can be had in one way, [`Figures::get`], which notes its path under the part that is being made. So the record is not
//! kept beside the reading but is the reading: a part that comes to follow another figure is a part that reads it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::figure::Figure;

/// A part of a scenario: numbers that are made of the same figures. The places are those in the lists of the scenario.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// No number of a run: what is only checked against others, what plans promise, and what other commands read.
    #[default]
    Aside,
    /// Survival ratios.
    Survival,
    /// Fertility by age.
    FertilityPattern,
    /// Total fertility.
    TotalFertility,
    /// Observed births.
    Births,
    /// Sex ratio at birth.
    SexRatio,
    /// The rate of a rule of migration.
    Migration(usize),
    /// The rate of a rule of moves.
    Move(usize),
    /// Error of the base year's count of small children.
    PreschoolError,
    /// Gross rates of stages by rate.
    GrossRate,
    /// Relative attendance of their grades.
    Weights,
    /// Entrants per child, where residents start cohorts.
    Coverage,
    /// Retention of every grade.
    Retention,
    /// Continuation into the stages that share a source.
    Continuation,
    /// Share of the first of them.
    AcademicShare,
    /// Rate of technical schools.
    TechnicalRate,
    /// Smallest cohort whose own growth is used.
    MinimumPeople,
    /// The share of a flow of one stage.
    Flow(usize),
    /// Class-size standards.
    Standard,
    /// Entrants for whom a class is opened.
    OpenAt,
    /// Limits of relief.
    ReliefLimit,
    /// Ceilings of admission.
    Ceiling,
    /// Sizes from which classes are oversized.
    Oversized,
    /// Sizes from which they are super-oversized.
    SuperOversized,
    /// The conditions of a level.
    Level(usize),
    /// Largest classes at entry.
    EntryCap,
    /// First years of splitting.
    SplitFrom,
    /// Shares of pupils who move to schools with places.
    Rebalance,
    /// Classes that are merged.
    MergeBelow,
    /// Shares of large classes that are relieved.
    Relief,
    /// θ of every stage.
    Choice,
    /// Spread of class sizes.
    ClassSpread,
    /// Smallest class with which an upper grade opens.
    SmallestNewClass,
    /// A rule of closing.
    Closing(usize),
    /// Relief of the baseline.
    StandingRelief,
    /// Rooms that cities add of themselves.
    Additions,
    /// Children who come with their parents.
    ChildrenPerMigrant,
    /// Admission by plan.
    Admission,
    /// A unit type: rooms, cost, quality.
    UnitType(usize),
    /// What a programme builds, how much of it, and at what cost.
    Programme(usize),
    /// When all programmes build, and their single events: the schools that one finds are as those of all others leave them.
    Timeline,
    /// Pupils per teacher.
    PupilsPerTeacher,
}

/// Which figures were read into which parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads(BTreeMap<String, BTreeSet<Part>>);

impl Reads {
    /// The parts into which a figure was read; none for one that is not there or that nothing asks for.
    pub fn parts(&self, path: &str) -> impl Iterator<Item = Part> + '_ {
        self.0.get(path).into_iter().flatten().copied()
    }
}

/// Figures by path.
#[derive(Debug, Default)]
pub struct Figures {
    by_path: BTreeMap<String, Figure>,
    /// The part that is being made.
    part: Cell<Part>,
    reads: RefCell<Reads>,
}

impl Figures {
    /// A figure, read into the part that is being made.
    pub fn get(&self, path: &str) -> Option<&Figure> {
        let figure = self.by_path.get(path)?;
        let Reads(reads) = &mut *self.reads.borrow_mut();
        match reads.get_mut(path) {
            Some(parts) => parts.insert(self.part.get()),
            None => reads.insert(path.to_string(), BTreeSet::from([self.part.get()])).is_none(),
        };
        Some(figure)
    }

    /// Whether there is a figure of this path.
    pub fn contains_key(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// The paths of all figures, in order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.by_path.keys()
    }

    /// Adds a figure.
    pub(super) fn insert(&mut self, path: &str, figure: Figure) {
        self.by_path.insert(path.to_string(), figure);
    }

    /// Begins another part; the one that was being made, to go on with.
    pub(super) fn begin(&self, part: Part) -> Part {
        self.part.replace(part)
    }

    /// The record so far.
    pub(super) fn reads(&self) -> Reads {
        self.reads.borrow().clone()
    }
}
