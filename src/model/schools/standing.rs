//! Standing rules that act every year: schools that stay small are closed.

use std::ops::Range;

use crate::event::ClosingRule;
use crate::numeric::in_ties;
use crate::width::{Lane, Real, splat};

use super::history::Closure;
use super::kernel::Schools;
use super::layout::{Layout, StageLayout};
use super::state::State;
use super::year::Year;

/// What rules remember of a stage from year to year, in every lane.
#[derive(Debug, Clone)]
pub struct Memory<R, const W: usize> {
    /// Years in a row that a closing rule has found a school small: `[rule · slots + slot]`.
    pub small_years: Vec<[i32; W]>,
    /// Where rooms are added: pupils of every school at the end of the last year, by slot, and of every pool this September.
    pub last_pupils: Vec<[R; W]>,
    pub expected: Vec<Lane<W>>,
    /// Its pupils for each one of the year before in its open schools, and the rooms of which these are short.
    pub growth: Vec<Lane<W>>,
    pub short: Vec<Lane<W>>,
    /// Rooms that are due, and those that programmes build in their place, by pool.
    pub rooms_due: Vec<Lane<W>>,
    pub credit: Vec<Lane<W>>,
    /// Classes that are due to be relieved, by pool.
    pub classes_due: Vec<Lane<W>>,
    /// Pupils by residence where some lane admits by plan, `[area · grades of the stage + grade]`; empty where they are those of the
    /// demand.
    pub residents: Vec<Lane<W>>,
    /// Lanes in which nobody is placed above the ceiling, because who is admitted follows places.
    pub is_planned: [bool; W],
}

impl<R, const W: usize> Default for Memory<R, W> {
    fn default() -> Self {
        Memory {
            small_years: Vec::new(),
            last_pupils: Vec::new(),
            expected: Vec::new(),
            growth: Vec::new(),
            short: Vec::new(),
            rooms_due: Vec::new(),
            credit: Vec::new(),
            classes_due: Vec::new(),
            residents: Vec::new(),
            is_planned: splat(false),
        }
    }
}

impl<R: Real, const W: usize> Schools<R, W> {
    /// Closes schools that a standing rule has found small for long enough: private ones first, then the smallest.
    pub fn close_small_schools(&mut self, layout: &Layout, stages: Range<usize>, at: &Year<'_, W>) {
        let n_rules = at.scenarios[0].rules.closing.len();
        for rule_idx in 0..n_rules {
            let rule = &at.scenarios[0].rules.closing[rule_idx];
            if !stages.contains(&rule.stage.idx()) {
                continue;
            }
            let places = &layout.stages[rule.stage.idx()];
            let state = &mut self.stages[rule.stage.idx()];
            let rules: Vec<&ClosingRule> =
                at.scenarios.iter().map(|s| &s.rules.closing[rule_idx]).collect();
            let candidates = state.small_for_long(rule_idx, &rules);
            if candidates.is_empty() {
                continue;
            }
            for (l, rule) in rules.iter().enumerate().take(W) {
                if at.year < f64::from(rule.from_year) {
                    continue;
                }
                let may = |&&slot: &&usize| state.may_close(rule_idx, rule, places, at, (slot, l));
                let rank = |&slot: &usize| {
                    let row = state.row[slot][l] as usize;
                    (!layout.is_private(row), in_ties(state.upper[slot][l].get()), row, slot)
                };
                let mut closing: Vec<_> = candidates.iter().filter(may).map(rank).collect();
                closing.sort_unstable();
                closing.truncate(rule.most_per_year.max(0) as usize);
                for (_, _, row, slot) in closing {
                    let rooms = state.rooms[slot][l].get() as i32;
                    let year = at.year as i32;
                    self.closures[l].push(Closure { year, row, rooms, rule: rule_idx });
                    state.changing(places, at, l).close(slot);
                }
            }
        }
    }

    /// Counts for every school of the register how long a closing rule has found it small.
    #[inline(always)]
    pub fn count_small_years(&mut self, layout: &Layout, stages: Range<usize>, at: &Year<'_, W>) {
        for (rule_idx, rule) in at.scenarios[0].rules.closing.iter().enumerate() {
            if stages.contains(&rule.stage.idx()) {
                let under = at.scenarios.iter().map(|s| s.rules.closing[rule_idx].under_pupils);
                let mut under_pupils = splat(0.0);
                for (to, under) in under_pupils.iter_mut().zip(under) {
                    *to = under;
                }
                let places = &layout.stages[rule.stage.idx()];
                self.stages[rule.stage.idx()].count_small(
                    rule_idx,
                    rule,
                    places,
                    at,
                    &under_pupils,
                );
            }
        }
    }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Schools that some lane has found small for long enough.
    fn small_for_long(&self, rule_idx: usize, rules: &[&ClosingRule]) -> Vec<usize> {
        let n_slots = self.n_slots();
        let mut years = [i32::MAX; W];
        for (to, rule) in years.iter_mut().zip(rules) {
            *to = rule.years;
        }
        let small = &self.memory.small_years[rule_idx * n_slots..];
        let is_long = |&slot: &usize| (0..W).any(|l| small[slot][l] >= years[l]);
        (0..n_slots).filter(is_long).collect()
    }

    /// Whether a rule may close a school in a lane.
    fn may_close(
        &self,
        rule_idx: usize,
        rule: &ClosingRule,
        places: &StageLayout,
        at: &Year<'_, W>,
        (slot, l): (usize, usize),
    ) -> bool {
        let zone = at.city.areas[places.slots[slot].area].zone;
        self.is_open[slot][l]
            && (self.row[slot][l] as usize) < at.city.schools.len()
            && rule.zones.contains(&zone)
            && self.memory.small_years[rule_idx * self.n_slots() + slot][l] >= rule.years
    }

    /// Counts the years in a row in which schools have been small.
    #[inline(always)]
    fn count_small(
        &mut self,
        rule_idx: usize,
        rule: &ClosingRule,
        places: &StageLayout,
        at: &Year<'_, W>,
        under_pupils: &[f64; W],
    ) {
        let (entry, n_slots) = (self.ring(0) * self.n_slots(), self.n_slots());
        let n_base = at.city.schools.len() as f64;
        for (slot, place) in places.slots.iter().enumerate() {
            if !rule.zones.contains(&at.city.areas[place.area].zone) {
                continue;
            }
            let (upper, new) = (&self.upper[slot], &self.pupils[entry + slot]);
            let (row, is_open) = (&self.row[slot], &self.is_open[slot]);
            let small = &mut self.memory.small_years[rule_idx * n_slots + slot];
            for l in 0..W {
                let counts = is_open[l] & (row[l] < n_base);
                let is_small = upper[l].get() + new[l].get() < under_pupils[l];
                let more = if is_small { small[l] + 1 } else { 0 };
                small[l] = if counts { more } else { small[l] };
            }
        }
    }
}
