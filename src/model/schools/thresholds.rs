//! The class-size thresholds of a stage and year in every lane.

use crate::axes::{MAX_GRADES, Stage};
use crate::scenario::Scenario;
use crate::units::{Path, Year};

use crate::width::{Lane, gather, splat};

/// Class-size thresholds of one year, by grade of the stage.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds<const W: usize> {
    pub standard: [Lane<W>; MAX_GRADES],
    pub ceiling: [Lane<W>; MAX_GRADES],
    pub relief: [Lane<W>; MAX_GRADES],
    pub oversized: [Lane<W>; MAX_GRADES],
    pub super_oversized: [Lane<W>; MAX_GRADES],
    /// A class is opened for every so many entrants, as the scenario says, and at most as the cap allows.
    pub open_at_uncapped: Lane<W>,
    pub open_at: Lane<W>,
    /// Largest class at entry: the cap in force, else the ceiling.
    pub limit: Lane<W>,
    pub is_capped: [bool; W],
}

impl<const W: usize> Thresholds<W> {
    /// No thresholds yet.
    pub fn none() -> Self {
        let none = [splat(0.0); MAX_GRADES];
        Thresholds {
            standard: none,
            ceiling: none,
            relief: none,
            oversized: none,
            super_oversized: none,
            open_at_uncapped: splat(0.0),
            open_at: splat(0.0),
            limit: splat(0.0),
            is_capped: [false; W],
        }
    }
}

/// Whether the thresholds of all lanes are those of the first.
pub fn have_same_thresholds(scenarios: &[&Scenario]) -> bool {
    fn paths(scenario: &Scenario) -> impl Iterator<Item = &[(Year, f64)]> {
        let t = &scenario.thresholds;
        let by_grade = [&t.standard, &t.relief_limit, &t.ceiling, &t.oversized, &t.super_oversized];
        by_grade.into_iter().flatten().chain(&t.open_at).map(Path::anchors)
    }
    let Some((first, others)) = scenarios.split_first() else { return true };
    others.iter().all(|other| paths(first).eq(paths(other)))
}

/// The thresholds of a stage in a year. Where they are the same in all lanes, `scenarios` may be the first alone.
#[inline(always)]
pub fn thresholds<const W: usize>(
    scenarios: &[&Scenario],
    stage: Stage,
    year: Year,
) -> Thresholds<W> {
    let mut found = Thresholds::none();
    for (g, grade) in stage.grades().enumerate() {
        found.standard[g] = gather(scenarios, |s| s.thresholds.standard[grade].at(year));
        found.ceiling[g] = gather(scenarios, |s| s.thresholds.ceiling[grade].at(year));
        found.relief[g] = gather(scenarios, |s| s.thresholds.relief_limit[grade].at(year));
        found.oversized[g] = gather(scenarios, |s| s.thresholds.oversized[grade].at(year));
        found.super_oversized[g] =
            gather(scenarios, |s| s.thresholds.super_oversized[grade].at(year));
    }
    found.open_at = gather(scenarios, |s| s.thresholds.open_at[stage.idx()].at(year));
    found.open_at_uncapped = found.open_at;
    found
}

impl<const W: usize> Thresholds<W> {
    /// Largest class of a grade of the stage in a lane: the cap on entry in force, else the ceiling of the grade.
    #[inline(always)]
    pub fn limit_of(&self, g: usize, l: usize) -> f64 {
        if self.is_capped[l] { self.limit[l] } else { self.ceiling[g][l] }
    }

    /// Takes the caps on entry that are in force in a year.
    #[inline(always)]
    pub fn cap(&mut self, scenarios: &[&Scenario], stage: Stage, year: Year) {
        for l in 0..W {
            let scenario = scenarios[l.min(scenarios.len() - 1)];
            let cap = scenario.levers.entry_cap_at(stage, year);
            self.is_capped[l] = cap.is_some();
            self.limit[l] = cap.unwrap_or(self.ceiling[0][l]);
            self.open_at[l] = self.open_at[l].min(self.limit[l]);
        }
    }
}
