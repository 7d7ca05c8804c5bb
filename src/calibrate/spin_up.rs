//! Spin-up: a register filled by the rules themselves, so that the base year is a fixed point of them.
//!
//! Cohorts of the base year's sizes enter an empty register one after another under the base year's thresholds and no
//! levers; after three times the grades of a stage the first, transient ones have left.

use std::sync::Arc;

use crate::axes::{Stage, Zone};
use crate::city::{City, School, Site};
use crate::demand::attendance::{Attendance, base_shares};
use crate::demand::{Demand, catchments};
use crate::numeric::sum;
use crate::scenario::{Levers, Scenario, Thresholds};
use crate::schools;
use crate::schools::classes::{classes_from, spread};
use crate::units::{Path, Year};

/// Rounds of the grades that are run.
const ROUNDS: usize = 3;

/// The constant cohorts of one stage, into which registers of the same sites are put in turn.
pub struct SpinUp {
    scenario: Scenario,
    stage: Stage,
    demand: Demand,
    /// Pupils by residence whom the grades hold in the end, `[area · grades + grade]`.
    wanted: Vec<f64>,
    /// By pool: what its flows are multiplied by to bring published pupils of a zone; empty where none are published.
    factors: Vec<f64>,
}

impl SpinUp {
    /// `wanted[area · grades + grade]` are the pupils by residence that every grade must hold in the end.
    pub fn new(
        scenario: &Scenario,
        stage: Stage,
        sites: Vec<Site>,
        wanted: &[f64],
        factors: Vec<f64>,
    ) -> Self {
        let city = &*scenario.city;
        let n_years = ROUNDS * stage.n_grades();
        let base_year = city.base_year;
        // The other stages have no pools: nothing is computed for them.
        let only = |s: Stage| if s == stage { city.pools[s.idx()].clone() } else { Vec::new() };
        let mut spun = scenario.clone();
        spun.city = Arc::new(City {
            base_year: base_year - n_years as Year,
            horizon: base_year,
            pools: city.stages.map(only),
            sites: Arc::new(sites),
            schools: Vec::new(),
            ..city.clone()
        });
        spun.programmes = Vec::new();
        for flow in &mut spun.attendance {
            flow.share = Path::constant(flow.share.at(base_year));
        }
        spun.rules.closing = Vec::new();
        spun.thresholds = constant(&scenario.thresholds, base_year);
        spun.levers = Levers::none(city.stages);
        spun.rules.relief = city.stages.map(|_| None);
        spun.rules.additions = city.stages.map(|_| None);
        spun.rules.admission = None;
        let demand = cohorts(&spun, stage, n_years, wanted);
        SpinUp { scenario: spun, stage, demand, wanted: wanted.to_vec(), factors }
    }

    /// Fills empty schools: the register after so many years that the first, transient cohorts have left.
    pub fn run(&mut self, choice: f64, open_at: f64, empty: Vec<School>) -> Vec<School> {
        let stage = self.stage;
        self.scenario.rules.choice[stage.idx()] = choice;
        self.scenario.thresholds.open_at[stage.idx()] = Path::constant(open_at);
        let mut schools = empty.clone();
        Arc::make_mut(&mut self.scenario.city).schools = empty;
        self.attend();
        let settled = schools::settle(&self.scenario, &self.demand);
        for (school, settled) in schools.iter_mut().zip(settled) {
            for g in 0..stage.n_grades() {
                school.pupils[g] = settled.pupils[g];
                school.classes[g] = settled.classes[g];
                school.limits[g] = settled.limits[g];
            }
        }
        schools
    }

    /// Attendance follows the rooms of the register, and brings the published pupils of zones.
    fn attend(&mut self) {
        let stage = self.stage;
        let catchments = catchments(&self.scenario.city, &self.scenario.attendance);
        let catchment = &catchments[stage.idx()];
        let (pairs, mut shares) = (&catchment.base_pairs, Vec::new());
        base_shares(catchment, &[&self.scenario], self.scenario.city.base_year, &mut shares);
        if !self.factors.is_empty() {
            let mut wanted = self.wanted.clone();
            let n_grades = self.scenario.city.stages.n_grades();
            for area in 0..self.scenario.city.areas.len() {
                let cells = || pairs.of_area(area).iter().map(|&at| at as usize);
                for at in cells() {
                    let factor = self.factors.get(pairs.at(at).column());
                    shares[at][0] *= factor.copied().unwrap_or(1.0);
                }
                let total = sum(cells().map(|at| shares[at][0]));
                if total > 0.0 {
                    cells().for_each(|at| shares[at][0] /= total);
                    for grade in stage.grades() {
                        wanted[area * n_grades + grade] *= total;
                    }
                }
            }
            let n_years = ROUNDS * stage.n_grades();
            self.demand.residents = residents(&self.scenario, stage, n_years, &wanted);
        }
        let attendance = &mut self.demand.attendance[stage.idx()];
        attendance.by_grade = vec![shares.clone(); stage.n_grades()];
        attendance.base_shares = shares;
    }
}

/// The thresholds of one year for ever.
fn constant(thresholds: &Thresholds, year: Year) -> Thresholds {
    let freeze = |paths: &[Path]| paths.iter().map(|path| Path::constant(path.at(year))).collect();
    Thresholds {
        standard: freeze(&thresholds.standard),
        open_at: freeze(&thresholds.open_at),
        relief_limit: freeze(&thresholds.relief_limit),
        ceiling: freeze(&thresholds.ceiling),
        oversized: freeze(&thresholds.oversized),
        super_oversized: freeze(&thresholds.super_oversized),
    }
}

/// Demand of one stage; nobody attends another one, and attendance is set before every run.
fn cohorts(scenario: &Scenario, stage: Stage, n_years: usize, wanted: &[f64]) -> Demand {
    let stages = scenario.city.stages;
    let mut demand = Demand::empty(scenario.city.areas.len(), stages.n_grades());
    demand.residents = residents(scenario, stage, n_years, wanted);
    demand.attendance = stages.map(|other| Attendance {
        by_grade: vec![Vec::new(); other.n_grades()],
        ..Attendance::default()
    });
    demand
}

/// Pupils by residence of every year: the cohort that is in grade `g` at the end has had its final size from its entry on
/// (in a stage by rate: in the proportions of the attendance weights); earlier cohorts have the mean size.
fn residents(scenario: &Scenario, stage: Stage, n_years: usize, wanted: &[f64]) -> Vec<[f64; 1]> {
    let n_areas = scenario.city.areas.len();
    let (n_grades, of_area) = (stage.n_grades(), scenario.city.stages.n_grades());
    let weight = |g: usize| scenario.enrolment.weights[stage.first_grade() + g];
    let mut residents = vec![[0.0]; (n_years + 1) * n_areas * of_area];
    for area in 0..n_areas {
        let of = |g: usize| wanted[area * of_area + stage.first_grade() + g];
        let mean = sum((0..n_grades).map(|g| of(g) / weight(g))) / n_grades as f64;
        for (year_idx, row) in residents.chunks_mut(n_areas * of_area).enumerate() {
            for g in 0..n_grades {
                // The cohort in grade g now is in this grade at the end; it is absent before the first entry.
                let entered = year_idx as i64 - g as i64;
                let at_end = n_years as i64 - entered;
                row[area * of_area + stage.first_grade() + g][0] = if entered < 1 {
                    0.0
                } else if (at_end as usize) < n_grades {
                    of(at_end as usize) * weight(g) / weight(at_end as usize)
                } else {
                    mean * weight(g)
                };
            }
        }
    }
    residents
}

/// Pupils and classes of some schools.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Pupils.
    pub pupils: f64,
    /// Classes.
    pub classes: f64,
    /// Expected classes that are oversized.
    pub oversized: f64,
    /// Expected classes that are super-oversized.
    pub super_oversized: f64,
}

impl Tally {
    fn share(&self, part: f64) -> f64 {
        if self.classes > 0.0 { part / self.classes } else { 0.0 }
    }

    /// Mean class size.
    pub fn mean_class(&self) -> f64 {
        self.share(self.pupils)
    }

    /// Share of oversized classes.
    pub fn oversized_share(&self) -> f64 {
        self.share(self.oversized)
    }

    /// Share of super-oversized classes.
    pub fn super_share(&self) -> f64 {
        self.share(self.super_oversized)
    }
}

/// Pupils and classes of a stage in the base year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// The whole city.
    pub all: Tally,
    /// By zone.
    pub zones: [Tally; 3],
}

/// Counts the classes of a stage's schools and those of them that are too large, as a run does in its base year.
pub fn measure(scenario: &Scenario, sites: &[Site], schools: &[School]) -> Measured {
    let city = &*scenario.city;
    let base = scenario.thresholds.at(city.base_year);
    let sigma = scenario.rules.class_spread;
    let mut measured = Measured::default();
    for school in schools {
        let mut tally = Tally::default();
        for (g, grade) in school.stage.grades().enumerate() {
            let (n, c) = (school.pupils[g], school.classes[g]);
            if c > 0 {
                let sigma = spread(c, n / f64::from(c), school.limits[g], sigma);
                tally.pupils += n;
                tally.classes += f64::from(c);
                tally.oversized += classes_from(n, c, sigma, base.oversized[grade], false);
                tally.super_oversized +=
                    classes_from(n, c, sigma, base.super_oversized[grade], false);
            }
        }
        let zone: Zone = city.areas[sites[school.site].area].zone;
        for sum in [&mut measured.all, &mut measured.zones[zone as usize]] {
            sum.pupils += tally.pupils;
            sum.classes += tally.classes;
            sum.oversized += tally.oversized;
            sum.super_oversized += tally.super_oversized;
        }
    }
    measured
}
