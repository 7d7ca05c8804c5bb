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

impl<const W: usize> Thresholds<W> {
    /// Takes those of a stage in a year, of the grades that it has, without caps. Where they are the same in all lanes, `scenarios` may
    /// be the first alone.
    #[inline(always)]
    pub fn take(&mut self, scenarios: &[&Scenario], stage: Stage, year: Year) {
        for (g, grade) in stage.grades().enumerate() {
            let of = |path: fn(&Scenario) -> &[Path]| -> Lane<W> {
                gather(scenarios, |s| path(s)[grade].at(year))
            };
            self.standard[g] = of(|s| &s.thresholds.standard);
            self.ceiling[g] = of(|s| &s.thresholds.ceiling);
            self.relief[g] = of(|s| &s.thresholds.relief_limit);
            self.oversized[g] = of(|s| &s.thresholds.oversized);
            self.super_oversized[g] = of(|s| &s.thresholds.super_oversized);
        }
        self.open_at = gather(scenarios, |s| s.thresholds.open_at[stage.idx()].at(year));
        self.open_at_uncapped = self.open_at;
    }

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
