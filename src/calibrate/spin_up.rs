//! Spin-up: a register filled by the rules themselves, so that the base year is a fixed point of them.
//!
//! Cohorts of the base year's sizes enter an empty register one after another under the base year's thresholds and no
//! levers; after three times the grades of a stage the first, transient ones have left.

use std::sync::Arc;

use crate::axes::{MAX_GRADES, N_GRADES, Stage};
use crate::city::{City, School, Site};
use crate::demand::{Attendance, Demand, attendance};
use crate::numeric::sum;
use crate::scenario::{Levers, Scenario, Thresholds};
use crate::schools;
use crate::schools::classes::{classes_from, spread};
use crate::units::{Path, Year};

/// Rounds of the grades that are run.
const ROUNDS: usize = 3;

/// A stage's schools after spin-up.
pub struct Spun {
    /// The schools with pupils, classes and limits by grade.
    pub schools: Vec<School>,
    /// Mean class size, all classes.
    pub mean_class: f64,
    /// Share of oversized classes.
    pub oversized_share: f64,
    /// Share of super-oversized classes.
    pub super_share: f64,
}

/// Runs one stage's register on constant cohorts. `wanted[area · 18 + grade]` are the pupils by residence that every
/// grade must hold in the end.
pub fn spin_up(
    scenario: &Scenario,
    stage: Stage,
    sites: &[Site],
    empty: &[School],
    wanted: &[f64],
) -> Spun {
    let n_grades = stage.n_grades();
    let n_years = ROUNDS * n_grades;
    let base_year = scenario.city.base_year;
    let city = Arc::new(City {
        base_year: base_year - n_years as Year,
        horizon: base_year,
        sites: sites.to_vec(),
        schools: empty.to_vec(),
        ..(*scenario.city).clone()
    });
    let mut spun = scenario.clone();
    spun.city = city;
    spun.programmes = Vec::new();
    spun.rules.closing = Vec::new();
    spun.thresholds = constant(&scenario.thresholds, base_year);
    spun.levers = Levers {
        entry_cap: Default::default(),
        split_from: Default::default(),
        rebalance: Default::default(),
        merge_below: Default::default(),
    };
    let demand = cohorts(&spun, stage, n_years, wanted);
    let outcome = schools::run(&spun, &demand, sites, &[]);
    measure(scenario, stage, empty, &outcome, n_years)
}

/// The thresholds of one year for ever.
fn constant(thresholds: &Thresholds, year: Year) -> Thresholds {
    let freeze =
        |paths: &[Path; N_GRADES]| std::array::from_fn(|g| Path::constant(paths[g].at(year)));
    Thresholds {
        standard: freeze(&thresholds.standard),
        open_at: std::array::from_fn(|s| Path::constant(thresholds.open_at[s].at(year))),
        relief_limit: freeze(&thresholds.relief_limit),
        ceiling: freeze(&thresholds.ceiling),
        oversized: freeze(&thresholds.oversized),
        super_oversized: freeze(&thresholds.super_oversized),
    }
}

/// Demand in which the cohort that is in grade `g` at the end has had its final size from its entry on (kindergarten:
/// in the proportions of the attendance weights); earlier cohorts have the mean size.
fn cohorts(scenario: &Scenario, stage: Stage, n_years: usize, wanted: &[f64]) -> Demand {
    let city = &*scenario.city;
    let n_grades = stage.n_grades();
    let weight = |g: usize| match stage {
        Stage::Kindergarten => scenario.enrolment.kindergarten_weights[g],
        _ => 1.0,
    };
    let mut residents = vec![vec![0.0; city.areas.len() * N_GRADES]; n_years + 1];
    for area in 0..city.areas.len() {
        let of = |g: usize| wanted[area * N_GRADES + stage.first_grade() + g];
        let mean = sum((0..n_grades).map(|g| of(g) / weight(g))) / n_grades as f64;
        for (year_idx, row) in residents.iter_mut().enumerate() {
            for g in 0..n_grades {
                // The cohort in grade g now is in this grade at the end; it is absent before the first entry.
                let entered = year_idx as i64 - g as i64;
                let at_end = n_years as i64 - entered;
                row[area * N_GRADES + stage.first_grade() + g] = if entered < 1 {
                    0.0
                } else if (at_end as usize) < n_grades {
                    of(at_end as usize) * weight(g) / weight(at_end as usize)
                } else {
                    mean * weight(g)
                };
            }
        }
    }
    let base_shares: Vec<attendance::Matrix> =
        Stage::ALL.into_iter().map(|s| attendance::base_shares(scenario, s)).collect();
    let by_grade = Stage::ALL
        .into_iter()
        .flat_map(|s| std::iter::repeat_n(base_shares[s.idx()].clone(), s.n_grades()))
        .collect();
    Demand {
        technical: vec![vec![0.0; city.areas.len()]; n_years + 1],
        residents,
        attendance: Attendance { by_grade, base_shares },
        retention_nine_year: vec![1.0; n_years + 1],
    }
}

/// The schools in the last year, and the shares of their classes.
fn measure(
    scenario: &Scenario,
    stage: Stage,
    empty: &[School],
    outcome: &schools::Outcome,
    year_idx: usize,
) -> Spun {
    let base = scenario.thresholds.at(scenario.city.base_year);
    let sigma = scenario.rules.class_spread;
    let (mut pupils, mut classes, mut oversized, mut super_oversized) = (0.0, 0.0, 0.0, 0.0);
    let mut schools = empty.to_vec();
    for (row, school) in schools.iter_mut().enumerate() {
        let year = outcome.history.school(year_idx, row);
        school.pupils = [0.0; MAX_GRADES];
        for (g, grade) in stage.grades().enumerate() {
            let (n, c) = (year.pupils[g], year.classes[g]);
            school.pupils[g] = n;
            school.classes[g] = c;
            school.limits[g] = year.limits[g];
            if c > 0 {
                let spread = spread(c, n / f64::from(c), year.limits[g], sigma);
                pupils += n;
                classes += f64::from(c);
                oversized += classes_from(n, c, spread, base.oversized[grade], false);
                super_oversized += classes_from(n, c, spread, base.super_oversized[grade], false);
            }
        }
    }
    let share = |part: f64| if classes > 0.0 { part / classes } else { 0.0 };
    Spun {
        schools,
        mean_class: share(pupils),
        oversized_share: share(oversized),
        super_share: share(super_oversized),
    }
}
