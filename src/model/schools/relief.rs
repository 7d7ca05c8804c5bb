//! Levers that relieve large classes after intake: splitting, rebalancing, and giving up small classes.

use crate::axes::Stage;
use crate::city::has_few_rooms;
use crate::event::ClosingRule;
use crate::numeric::{PUPIL_EPSILON, PUPIL_TIE};
use crate::scenario::Scenario;
use crate::units::{Path, Year as CalendarYear};
use crate::width::{Lane, Real, splat};

use super::intake::entry_capacity;
use super::layout::StageLayout;
use super::state::State;
use super::year::Year;

/// The levers of a stage in a year by lane: 0 where one is not in force.
struct Levers<const W: usize> {
    split: [bool; W],
    rebalance: Lane<W>,
    merge_below: Lane<W>,
    /// Share of large classes that is relieved, by the lever or as the baseline has it, whichever is more.
    relief: Lane<W>,
}

impl<const W: usize> Levers<W> {
    /// Those of a stage that are in force in a year; none where no lane has one.
    fn in_force(stage: Stage, at: &Year<'_, W>) -> Option<Self> {
        let (stage, year) = (stage.idx(), at.year as CalendarYear);
        let pulls = |s: &&Scenario| {
            let levers = &s.levers;
            levers.split_from[stage].is_some()
                || levers.rebalance[stage].is_some()
                || levers.merge_below[stage].is_some()
                || levers.relief[stage].is_some()
                || s.rules.relief[stage].is_some()
        };
        if !at.scenarios.iter().any(pulls) {
            return None;
        }
        let none = splat(0.0);
        let mut levers =
            Levers { split: [false; W], rebalance: none, merge_below: none, relief: none };
        let value =
            |path: &Option<Path>| path.as_ref().and_then(|path| path.in_force(year)).unwrap_or(0.0);
        for l in 0..at.n_lanes() {
            let of = &at.scenario(l).levers;
            levers.split[l] = of.split_from[stage].is_some_and(|from| from <= year);
            levers.rebalance[l] = value(&of.rebalance[stage]);
            levers.merge_below[l] = value(&of.merge_below[stage]);
            let standing = at.scenario(l).rules.relief[stage].as_ref();
            let standing = standing.map_or(0.0, |relief| relief.share(year));
            levers.relief[l] = value(&of.relief[stage]).max(standing);
        }
        let pulls = |lane: &Lane<W>| lane.iter().any(|&value| value > 0.0);
        let any = levers.split.contains(&true)
            || [&levers.rebalance, &levers.merge_below, &levers.relief].into_iter().any(pulls);
        any.then_some(levers)
    }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Whether pupils or classes are likely to change after this year's intake: by a lever or a closing rule.
    pub fn is_relieved(&self, at: &Year<'_, W>) -> bool {
        let closes =
            |rule: &ClosingRule| rule.stage == self.stage && f64::from(rule.from_year) <= at.year;
        Levers::in_force(self.stage, at).is_some()
            || at.scenarios.iter().any(|s| s.rules.closing.iter().any(closes))
    }

    /// Applies the levers of the stage that are in force this year.
    #[inline(always)]
    pub fn relieve(&mut self, places: &StageLayout, at: &Year<'_, W>) {
        let Some(levers) = Levers::in_force(self.stage, at) else { return };
        if levers.split.contains(&true) {
            for j in 0..self.n_slots() {
                self.split_classes(j, &levers.split, at.year);
            }
        }
        if levers.relief.iter().any(|&share| share > 0.0) {
            self.relieve_grades(places, &levers.relief, at.year);
        }
        if levers.rebalance.iter().any(|&share| share > 0.0) {
            for pool in 0..places.catchment.n_pools {
                for g in 0..self.stage.n_grades() {
                    self.rebalance(places, pool, g, &levers.rebalance);
                }
            }
        }
        if levers.merge_below.iter().any(|&smallest| smallest > 0.0) {
            for j in 0..self.n_slots() {
                self.give_up_classes(j, &levers.merge_below);
            }
        }
        self.is_stale = true;
    }

    /// Splits classes above the relief limit while spare rooms last, the largest first.
    fn split_classes(&mut self, j: usize, split: &[bool; W], year: f64) {
        let mut is_large = [false; W];
        for g in 0..self.stage.n_grades() {
            let cell = self.cell(g, j);
            let (pupils, classes) = (&self.pupils[cell], &self.classes[cell]);
            let relief = &self.thresholds.relief[g];
            for l in 0..W {
                is_large[l] |= pupils[l].get() > relief[l] * classes[l].get();
            }
        }
        for l in (0..W).filter(|&l| is_large[l] && split[l]) {
            if self.occupied[j][l] < self.rooms[j][l] && !self.is_multi_grade(j, l) {
                self.split_classes_of(j, l, year);
            }
        }
    }

    fn split_classes_of(&mut self, j: usize, l: usize, year: f64) {
        loop {
            let mut largest: Option<(usize, f64)> = None;
            for g in 0..self.stage.n_grades() {
                let cell = self.cell(g, j);
                let classes = self.classes[cell][l].get();
                if classes <= 0.0 {
                    continue;
                }
                let mean = self.pupils[cell][l].get() / classes;
                let is_larger = largest.is_none_or(|(_, best)| mean > best + PUPIL_TIE);
                if mean > self.thresholds.relief[g][l] + PUPIL_TIE
                    && is_larger
                    && self.has_room_until_leaving(j, l, g, year)
                {
                    largest = Some((g, mean));
                }
            }
            let Some((g, _)) = largest else { return };
            let cell = self.cell(g, j);
            self.classes[cell][l] += R::ONE;
            self.occupied[j][l] += R::ONE;
            self.lower_limit(cell, l, g);
        }
    }

    /// Whether one more class in grade index `g` leaves every entry until that cohort has gone its rooms:
    /// `1 ≤ min over j = 0..G−1−g of (free − Σ_{i=1..j} k_{t+i} + classes of the last j grades)`.
    pub(super) fn has_room_until_leaving(
        &self,
        slot: usize,
        l: usize,
        g: usize,
        year: f64,
    ) -> bool {
        let n_grades = self.stage.n_grades();
        let (rooms, row) = (self.rooms[slot][l].get(), self.row[slot][l]);
        let mut balance = rooms - self.occupied[slot][l].get();
        for j in 0..n_grades - g {
            if j > 0 {
                balance -= entry_capacity(rooms, row, year + j as f64, n_grades as f64);
                balance += self.classes[self.cell(n_grades - j, slot)][l].get();
            }
            if balance < 1.0 {
                return false;
            }
        }
        true
    }

    /// A grade brought to the relief limit or below has it as its class limit.
    fn lower_limit(&mut self, cell: usize, l: usize, g: usize) {
        let relief = self.thresholds.relief[g][l];
        if self.pupils[cell][l].get() <= relief * self.classes[cell][l].get() + PUPIL_TIE {
            self.limits[cell][l] = R::of(relief);
        }
    }

    /// Moves a share of the pupils above the relief limit to schools of the same pool and grade below the standard.
    #[inline(always)]
    fn rebalance(&mut self, places: &StageLayout, pool: usize, g: usize, share: &Lane<W>) {
        let (relief, standard) = (self.thresholds.relief[g], self.thresholds.standard[g]);
        let n_grades = self.stage.n_grades() as f64;
        let first = self.cell(g, 0);
        let (mut excess, mut spare): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        let above_and_below = |state: &Self, j: usize, l: usize| {
            let rooms = state.rooms[j][l].get();
            let is_multi_grade = has_few_rooms(rooms, n_grades);
            let (n, c) = (state.pupils[first + j][l].get(), state.classes[first + j][l].get());
            let (above, below) = (n - relief[l] * c, standard[l] * c - n);
            let above = if above > 0.0 && !is_multi_grade { above } else { 0.0 };
            let below = if below > 0.0 && !is_multi_grade { below } else { 0.0 };
            (above, below)
        };
        for j in places.of_pool(pool) {
            for l in 0..W {
                let (above, below) = above_and_below(self, j, l);
                excess[l] += above;
                spare[l] += below;
            }
        }
        let (mut leave, mut come): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        let mut any = false;
        for l in 0..W {
            let moved = (share[l] * excess[l]).min(spare[l]);
            if moved > PUPIL_EPSILON {
                leave[l] = moved / excess[l];
                come[l] = moved / spare[l];
                any = true;
            }
        }
        if !any {
            return;
        }
        for j in places.of_pool(pool) {
            let cell = first + j;
            for l in 0..W {
                let (above, below) = above_and_below(self, j, l);
                let change = R::of(come[l] * below - leave[l] * above);
                self.pupils[cell][l] += change;
                if g > 0 {
                    self.upper[j][l] += change;
                }
                if above > PUPIL_TIE && leave[l] > 0.0 {
                    self.lower_limit(cell, l, g);
                }
            }
        }
    }

    /// A grade whose mean class is below `smallest` gives up a class.
    #[inline(always)]
    fn give_up_classes(&mut self, j: usize, smallest: &Lane<W>) {
        for g in 0..self.stage.n_grades() {
            let cell = self.cell(g, j);
            for l in 0..W {
                let classes = self.classes[cell][l];
                let is_small = self.pupils[cell][l].get() < smallest[l] * classes.get() - PUPIL_TIE;
                let fewer = if classes > R::ONE && is_small { R::ONE } else { R::ZERO };
                self.classes[cell][l] -= fewer;
                self.occupied[j][l] -= fewer;
            }
        }
    }
}
