//! A scenario: a city with all its figures, levers and programmes not yet expanded. Immutable; everything in it
//! has been checked, so the model cannot fail on it.

use std::sync::Arc;

use crate::axes::{N_AGES, Stage, Stages};
use crate::city::{City, Name};
use crate::event::{ClosingRule, Programme, UnitType};
use crate::level::{Level, WORKING};
use crate::target::Target;
use crate::units::{Path, Year};

/// When net migrants join within a year (see `population`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationTiming {
    /// Half at the start, half at the end.
    Even,
    /// All at the end.
    End,
}

/// Net migration across the city border of an age group.
#[derive(Debug, Clone, PartialEq)]
pub struct MigrationRule {
    /// First and last completed age.
    pub ages: (usize, usize),
    /// Areas concerned.
    pub areas: Vec<usize>,
    /// Net migrants per resident and year.
    pub rate: Path,
}

/// Moves between areas of an age group: a share of the origin's residents goes to the destinations, which share
/// them in proportion to their base-year population.
#[derive(Debug, Clone, PartialEq)]
pub struct MoveRule {
    /// First and last completed age.
    pub ages: (usize, usize),
    /// Origin and its destinations.
    pub routes: Vec<(usize, Vec<usize>)>,
    /// Share of the origin's residents that moves in a year.
    pub rate: Path,
}

/// Births, deaths and moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Vital {
    /// Survival ratios by sex: `[0]` from birth to age 0, `[x]` from age x−1 to x, `[100]` into the open age.
    pub survival: [[f64; N_AGES]; 2],
    /// Share of lifetime fertility at each age; sums to 1.
    pub fertility_pattern: [f64; N_AGES],
    /// Total fertility rate, children per woman. After the last observed births it is multiplied by the
    /// level that these imply.
    pub total_fertility: Path,
    /// Observed births of calendar years, ascending.
    pub births_observed: Vec<(Year, f64)>,
    /// Sex ratio at birth, males per female.
    pub sex_ratio: Path,
    /// Net migration across the border.
    pub migration: Vec<MigrationRule>,
    /// Children who come with net in-migrants of 25 to 44, of each single year of age from 0 to 17, per such migrant; they take the
    /// place of what the rules of net migration have at these ages. None: children migrate by their own rates.
    pub children_per_migrant: Option<f64>,
    /// When migrants join.
    pub timing: MigrationTiming,
    /// Moves inside the city.
    pub moves: Vec<MoveRule>,
    /// True number of children aged 0-5 on 1 September of the base year over the number in the base population; 1: as counted.
    pub preschool_error: f64,
}

/// How pupils of later years follow from those of the base year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DemandMode {
    /// From the projected children of every area and year.
    #[default]
    Cohort,
    /// By ratios from grade to grade alone, entrants as in the base year: no births, no migration (see the module
    /// `demand::grade_progression`).
    GradeProgression,
}

/// How resident children become pupils.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolment {
    /// From people, or by grade progression alone.
    pub mode: DemandMode,
    /// By stage: pupils per child of its ages, of a stage by rate; 0 of the others.
    pub gross_rate: Vec<Path>,
    /// By grade of the dense row: relative attendance in a stage by rate; 1 in the others.
    pub weights: Vec<f64>,
    /// By stage: entrants per child of the first age, where residents start a cohort; 1 elsewhere.
    pub coverage: Vec<Path>,
    /// Retention into the next grade from each grade of the dense row, inside stages and into the only stage that follows; 1 from others.
    pub retention: Vec<Path>,
    /// κ: entrants of the two stages that share a source per pupil of its highest grade of the year before.
    pub continuation: Path,
    /// γ: share of them in the first of the two.
    pub academic_share: Path,
    /// Pupils of technical schools per resident of the ages of the two.
    pub technical_rate: Path,
    /// Fewest people of a cohort for which an area's own growth is used.
    pub minimum_people: f64,
}

/// A share of an origin's entrants of one stage that goes to schools of other areas.
#[derive(Debug, Clone, PartialEq)]
pub struct AttendanceFlow {
    /// Stage of the entrants.
    pub stage: Stage,
    /// Origin and its destinations.
    pub routes: Vec<(usize, Vec<usize>)>,
    /// Share of the origin's entrants of a year; a cohort keeps that of the year in which it entered the stage.
    pub share: Path,
}

/// Class-size thresholds by grade of the dense row, each a dated path in pupils per class.
#[derive(Debug, Clone)]
pub struct Thresholds {
    /// Class-size standard (标准班额).
    pub standard: Vec<Path>,
    /// A class is opened for every so many entrants.
    pub open_at: Vec<Path>,
    /// Above this a class is a case for relief.
    pub relief_limit: Vec<Path>,
    /// No school admits above this while another has a place.
    pub ceiling: Vec<Path>,
    /// From this on a class is oversized (大班额).
    pub oversized: Vec<Path>,
    /// From this on a class is super-oversized (超大班额).
    pub super_oversized: Vec<Path>,
}

/// The thresholds of one year.
#[derive(Debug, Clone)]
pub struct YearThresholds {
    /// See [`Thresholds::standard`].
    pub standard: Vec<f64>,
    /// See [`Thresholds::open_at`].
    pub open_at: Vec<f64>,
    /// See [`Thresholds::relief_limit`].
    pub relief_limit: Vec<f64>,
    /// See [`Thresholds::ceiling`].
    pub ceiling: Vec<f64>,
    /// See [`Thresholds::oversized`].
    pub oversized: Vec<f64>,
    /// See [`Thresholds::super_oversized`].
    pub super_oversized: Vec<f64>,
}

impl Thresholds {
    /// The values in force in `year`.
    pub fn at(&self, year: Year) -> YearThresholds {
        let of_year = |paths: &[Path]| paths.iter().map(|path| path.at(year)).collect();
        YearThresholds {
            standard: of_year(&self.standard),
            open_at: of_year(&self.open_at),
            relief_limit: of_year(&self.relief_limit),
            ceiling: of_year(&self.ceiling),
            oversized: of_year(&self.oversized),
            super_oversized: of_year(&self.super_oversized),
        }
    }
}

impl YearThresholds {
    /// Pupils for whom a room of the stage is one seat each: the mean standard over its grades.
    pub fn room_standard(&self, stage: Stage) -> f64 {
        let grades = stage.grades();
        crate::numeric::sum(self.standard[grades].iter().copied()) / stage.n_grades() as f64
    }
}

/// What a scenario may decide beside programmes. Each is in force from the first year that its path names.
#[derive(Debug, Clone)]
pub struct Levers {
    /// Largest class that a school forms at entry.
    pub entry_cap: Vec<Option<Path>>,
    /// First year in which classes above the relief limit are split into spare rooms.
    pub split_from: Vec<Option<Year>>,
    /// Share of pupils above the relief limit that moves to schools with places.
    pub rebalance: Vec<Option<Path>>,
    /// A grade whose mean class is smaller gives up a class.
    pub merge_below: Vec<Option<Path>>,
    /// Share of the classes above the relief limit that is brought to it in a year, whole grades at a time.
    pub relief: Vec<Option<Path>>,
}

impl Levers {
    /// None is pulled, in a city with these stages.
    pub fn none(stages: &'static Stages) -> Self {
        Levers {
            entry_cap: stages.map(|_| None),
            split_from: stages.map(|_| None),
            rebalance: stages.map(|_| None),
            merge_below: stages.map(|_| None),
            relief: stages.map(|_| None),
        }
    }

    /// The entry cap of a stage, if it is in force in `year`.
    pub fn entry_cap_at(&self, stage: Stage, year: Year) -> Option<f64> {
        self.entry_cap.get(stage.idx())?.as_ref()?.in_force(year)
    }
}

/// Relief of the baseline: what a city is likely to do about large classes of a stage of itself, model section 4.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingRelief {
    /// φ: share of the classes above the relief limit that is relieved in the year of the deadline and after it.
    pub hazard: f64,
    /// T: year by which an authority wanted large classes gone, announced before the start; none: nothing is relieved.
    pub deadline: Option<Year>,
    /// δ: by so much a year, on the log, the pull of quality in admission falls.
    pub choice_decay: f64,
}

impl StandingRelief {
    /// h(t): φ/(T − t + 1) up to the deadline, φ from then on, 0 where none was announced.
    pub fn share(&self, year: Year) -> f64 {
        match self.deadline {
            Some(deadline) => self.hazard / f64::from((deadline - year).max(0) + 1),
            None => 0.0,
        }
    }
}

/// Rooms that a city adds to a stage of itself as its classes fill, model section 5.
#[derive(Debug, Clone, PartialEq)]
pub struct Additions {
    /// λ: share of the rooms that are short which opens in a year.
    pub rate: f64,
    /// Pupils for whom a room is thought full.
    pub target_class: f64,
    /// Most rooms in a year; none: no bound.
    pub most_per_year: Option<i32>,
    /// Cost of a seat (room × standard of the base year), yuan; none: unknown.
    pub seat_yuan: Option<f64>,
}

/// Admission by plan (招生计划) to the first of two stages that share a source, model section 3: the share of leavers that it takes moves
/// with its places.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    /// ε: how far the share follows places; 0: not at all, 1: places decide.
    pub elasticity: f64,
    /// Least and greatest share of a pool as a ratio to γ, the share of the policy; the greatest is at most everybody.
    pub share_min: f64,
    /// See `share_min`.
    pub share_max: f64,
    /// Pupils for whom a class is planned; none: as many as in the base year, until rooms have brought classes to the
    /// target of additions, or to the standard where there are none.
    pub planned_class: Option<Path>,
}

/// Rules of choice and spread.
#[derive(Debug, Clone)]
pub struct SchoolRules {
    /// θ by stage: how strongly entrants prefer schools of higher quality (0 = strict catchment).
    pub choice: Vec<f64>,
    /// σ: spread of class sizes inside a grade of a school, pupils.
    pub class_spread: f64,
    /// A grade of a school that opens all at once starts only with classes of at least so many pupils.
    pub smallest_new_class: f64,
    /// Schools that stay small are closed.
    pub closing: Vec<ClosingRule>,
    /// Relief of the baseline by stage, where it is in force.
    pub relief: Vec<Option<StandingRelief>>,
    /// Rooms added by stage, where a city adds any.
    pub additions: Vec<Option<Additions>>,
    /// Admission by plan, if it is in force; else the share of the policy is taken whatever places there are.
    pub admission: Option<Admission>,
}

impl SchoolRules {
    /// Whether the city adds rooms or relieves large classes of itself.
    pub fn act(&self) -> bool {
        let relieves = |rule: &StandingRelief| rule.deadline.is_some() || rule.choice_decay > 0.0;
        self.relief.iter().flatten().any(relieves) || self.additions.iter().any(Option::is_some)
    }

    /// θ of a stage so many years after the base year.
    pub fn choice_after(&self, stage: Stage, years: Year) -> f64 {
        let decay = self.relief[stage.idx()].as_ref().map_or(0.0, |relief| relief.choice_decay);
        match decay > 0.0 {
            true => self.choice[stage.idx()] * crate::numeric::exp(-decay * f64::from(years)),
            false => self.choice[stage.idx()],
        }
    }
}

/// What a scenario takes the city to do: effects are differences between scenarios of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Nothing is added to what stands, and nothing decided.
    WhatStands,
    /// Only what the scenario itself decides: its programmes, levers and closing rules.
    PlanAlone,
    /// Rooms are added as classes fill and large classes relieved as cities do, beside what the scenario decides.
    Likely,
}

impl Frame {
    /// All of them.
    pub const ALL: [Frame; 3] = [Frame::WhatStands, Frame::PlanAlone, Frame::Likely];

    /// Name in files.
    pub fn key(self) -> &'static str {
        match self {
            Frame::WhatStands => "what-stands",
            Frame::PlanAlone => "plan-alone",
            Frame::Likely => "likely",
        }
    }

    /// Name to show.
    pub fn name(self) -> Name {
        let (zh, en) = match self {
            Frame::WhatStands => ("只有现有学校", "what stands"),
            Frame::PlanAlone => ("只按规划", "the plan alone"),
            Frame::Likely => ("可能的情形", "what is likely"),
        };
        Name { zh: zh.to_string(), en: en.to_string() }
    }
}

/// A city with all its figures, levers and programmes.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name in files and of the output folder.
    pub key: String,
    /// Title to show.
    pub title: Name,
    /// The question that it answers.
    pub question: Name,
    /// The study region.
    pub city: Arc<City>,
    /// Births, deaths and moves.
    pub vital: Vital,
    /// Children to pupils.
    pub enrolment: Enrolment,
    /// Who goes to school outside their own area.
    pub attendance: Vec<AttendanceFlow>,
    /// Class-size thresholds.
    pub thresholds: Thresholds,
    /// Levels at which oversized classes count as gone, in file order; [`WORKING`] is one of them.
    pub levels: Vec<Level>,
    /// Decisions beside buildings.
    pub levers: Levers,
    /// Rules of choice and spread.
    pub rules: SchoolRules,
    /// Kinds of buildings.
    pub unit_types: Vec<UnitType>,
    /// Bundles of buildings.
    pub programmes: Vec<Programme>,
    /// What the plans promise.
    pub targets: Vec<Target>,
    /// Years of the plan, for charts.
    pub plan_period: Option<(Year, Year)>,
    /// Pupils per teacher by stage, where a source is given.
    pub pupils_per_teacher: Vec<Option<Path>>,
}

impl Scenario {
    /// The same scenario with nothing built: the comparison that its summary reports.
    pub fn without_programmes(&self) -> Scenario {
        Scenario { programmes: Vec::new(), ..self.clone() }
    }

    /// This scenario's people under another's decisions: its programmes, levers, standing rules and class-size thresholds.
    pub fn deciding_as(&self, other: &Scenario) -> Scenario {
        let rules = SchoolRules {
            closing: other.rules.closing.clone(),
            relief: other.rules.relief.clone(),
            additions: other.rules.additions.clone(),
            ..self.rules.clone()
        };
        Scenario {
            programmes: other.programmes.clone(),
            unit_types: other.unit_types.clone(),
            levers: other.levers.clone(),
            thresholds: other.thresholds.clone(),
            levels: other.levels.clone(),
            rules,
            ..self.clone()
        }
    }

    /// The level of a key.
    pub fn level(&self, key: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.key == key)
    }

    /// The share of oversized classes at or below which they count as gone where no level is named: that of [`WORKING`].
    pub fn working_share(&self) -> f64 {
        self.level(WORKING).and_then(Level::share).unwrap_or(0.0)
    }

    /// The frame that it is in.
    pub fn frame(&self) -> Frame {
        match (self.rules.act(), self.decides_nothing()) {
            (true, _) => Frame::Likely,
            (false, true) => Frame::WhatStands,
            (false, false) => Frame::PlanAlone,
        }
    }

    /// Whether it builds nothing, pulls no lever and closes no school; what the city does of itself is no decision of the scenario.
    pub fn decides_nothing(&self) -> bool {
        // Every field is named, so that a new one does not compile before it is decided which kind it is.
        let Scenario {
            key: _,
            title: _,
            question: _,
            city: _,
            vital: _,
            enrolment: _,
            attendance: _,
            thresholds: _,
            levels: _,
            levers: Levers { entry_cap, split_from, rebalance, merge_below, relief },
            rules:
                SchoolRules {
                    choice: _,
                    class_spread: _,
                    smallest_new_class: _,
                    closing,
                    relief: _,
                    additions: _,
                    admission: _,
                },
            unit_types: _,
            programmes,
            targets: _,
            plan_period: _,
            pupils_per_teacher: _,
        } = self;
        programmes.is_empty()
            && closing.is_empty()
            && entry_cap.iter().all(Option::is_none)
            && split_from.iter().all(Option::is_none)
            && rebalance.iter().all(Option::is_none)
            && merge_below.iter().all(Option::is_none)
            && relief.iter().all(Option::is_none)
    }
}
