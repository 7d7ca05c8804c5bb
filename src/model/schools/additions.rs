//! Rooms that a city adds of itself as its classes fill: a standing rule, decided on what is known the year before.

use std::cmp::Reverse;
use std::ops::Range;

use crate::axes::Stage;
use crate::event::{Event, EventKind};
use crate::numeric::{PUPIL_TIE, in_ties, sum};
use crate::scenario::{Additions, Scenario};
use crate::units::Year as CalendarYear;
use crate::width::{Lane, Real, splat};

use super::history::Added;
use super::kernel::Schools;
use super::layout::{Layout, StageLayout};
use super::state::State;
use super::year::Year;

/// Rooms of a programme, which come off additions from its first year on.
#[derive(Debug, Clone, Copy)]
pub struct Credit {
    year: CalendarYear,
    stage: Stage,
    area: usize,
    rooms: f64,
}

/// Rooms that programmes build, each from the first year of construction of its programme.
fn credits(events: &[Event], credits: &mut Vec<Credit>) {
    credits.clear();
    let begun = |programme: usize| {
        events.iter().filter(|e| e.programme == Some(programme)).map(|e| e.begun).min()
    };
    for event in events {
        let builds = matches!(
            event.kind,
            EventKind::Open { .. } | EventKind::Extend(_) | EventKind::Relocate { .. }
        );
        if let (true, Some(programme)) = (builds && event.rooms_net > 0, event.programme) {
            credits.push(Credit {
                year: begun(programme).unwrap_or(event.begun),
                stage: event.stage,
                area: event.area,
                rooms: f64::from(event.rooms_net),
            });
        }
    }
}

fn of_stage(scenario: &Scenario, stage: Stage) -> Option<&Additions> {
    scenario.rules.additions[stage.idx()].as_ref()
}

impl<R: Real, const W: usize> Schools<R, W> {
    /// What additions need of a run's events.
    pub(super) fn begin_additions(&mut self, scenarios: &[&Scenario]) {
        self.added.iter_mut().for_each(Vec::clear);
        for (l, scenario) in scenarios.iter().take(W).enumerate() {
            if scenario.rules.additions.iter().any(Option::is_some) {
                credits(&self.events[l], &mut self.credits[l]);
            }
        }
    }

    /// Adds rooms to the schools of some stages, after all events of the year: λ of the rooms that are short in a pool, whole rooms, the
    /// rest next year, one by one to the school with most pupils a room.
    ///
    /// A school is short of its pupils of this September over the target class, less its rooms. Its pupils are those of its pool,
    /// `Σ_a A·N`, spread as in the year before. Rooms of programmes come off from the programme's first year on, those of the own
    /// pool first, then those of the city.
    #[inline(always)]
    pub fn add_rooms(&mut self, layout: &Layout, stages: Range<usize>, at: &Year<'_, W>) {
        for state in &mut self.stages[stages] {
            let stage = state.stage;
            if at.scenarios.iter().all(|scenario| of_stage(scenario, stage).is_none()) {
                continue;
            }
            let places = &layout.stages[stage.idx()];
            state.share_entrants(places, at);
            state.expect_pupils(places, at);
            let mut rooms_a_pupil = splat(0.0);
            for l in 0..at.n_lanes() {
                let rule = of_stage(at.scenario(l), stage);
                rooms_a_pupil[l] = rule.map_or(0.0, |rule| 1.0 / rule.target_class);
            }
            state.shortages(places, &rooms_a_pupil);
            for l in 0..at.n_lanes() {
                if let Some(rule) = of_stage(at.scenario(l), stage) {
                    state.take_credits(places, &self.credits[l], at, l);
                    let due = state.rooms_due(rule, l);
                    let scenario = at.scenario(l);
                    let room_yuan = rule.seat_yuan.map(|yuan| {
                        let standards = &scenario.thresholds.standard[stage.grades()];
                        let base_year = at.city.base_year;
                        let all = sum(standards.iter().map(|standard| standard.at(base_year)));
                        yuan * all / stage.n_grades() as f64
                    });
                    for (pool, due) in due.into_iter().enumerate().filter(|(_, due)| *due >= 1.0) {
                        let added = &mut self.added[l];
                        state.add_to_pool((places, room_yuan), at, (pool, l), due, added);
                    }
                }
            }
        }
    }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Keeps the pupils of every school at the end of a year, before its grades move up.
    #[inline(always)]
    pub(super) fn remember_pupils(&mut self, at: &Year<'_, W>) {
        if at.scenarios.iter().all(|scenario| of_stage(scenario, self.stage).is_none()) {
            return;
        }
        // The ring has turned: last year's entry grade is the second one now, or, where there is one alone, the same.
        let entry = self.ring(1 % self.stage.n_grades()) * self.n_slots();
        for j in 0..self.n_slots() {
            let (upper, new) = (self.upper[j], self.pupils[entry + j]);
            for l in 0..W {
                self.memory.last_pupils[j][l] = upper[l] + new[l];
            }
        }
    }

    /// Pupils of every pool this September, all grades.
    #[inline(always)]
    fn expect_pupils(&mut self, places: &StageLayout, at: &Year<'_, W>) {
        let entry = Year { residents: at.expected, ..*at };
        self.take_entrants(&entry);
        self.memory.expected.copy_from_slice(&self.entrants);
        let mut pools: Vec<Lane<W>> = vec![splat(0.0); places.catchment.n_pools];
        for g in 1..self.stage.n_grades() {
            let grade = self.stage.first_grade() + g;
            self.flows.pupils_of_pools(self.ring(g), at.expected, grade, &mut pools);
            for (all, pool) in self.memory.expected.iter_mut().zip(&pools) {
                for l in 0..W {
                    all[l] += pool[l];
                }
            }
        }
    }

    /// Books the rooms of programmes that begin this year; of those that began before the run in its first year.
    fn take_credits(
        &mut self,
        places: &StageLayout,
        credits: &[Credit],
        at: &Year<'_, W>,
        l: usize,
    ) {
        let (year, first) = (at.year as CalendarYear, at.city.base_year + 1);
        for credit in credits {
            if credit.stage == self.stage && credit.year.max(first) == year {
                self.memory.credit[places.catchment.pool_of_area[credit.area]][l] += credit.rooms;
            }
        }
    }

    /// Pupils of a school as they are expected, `each` for one of the year before.
    fn expected_of(&self, slot: usize, l: usize, each: f64) -> f64 {
        self.memory.last_pupils[slot][l].get() * each
    }

    /// Rooms of which every pool is short, and its pupils of this year for each one of the year before in its open schools.
    #[inline(always)]
    fn shortages(&mut self, places: &StageLayout, rooms_a_pupil: &Lane<W>) {
        for pool in 0..places.catchment.n_pools {
            let mut before: Lane<W> = splat(0.0);
            for slot in places.of_pool(pool) {
                // Nobody of a closed school is expected.
                let (pupils, is_open) = (&mut self.memory.last_pupils[slot], &self.is_open[slot]);
                for l in 0..W {
                    pupils[l] = if is_open[l] { pupils[l] } else { R::ZERO };
                    before[l] += pupils[l].get();
                }
            }
            let (mut each, mut short): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
            for l in 0..W {
                let expected = self.memory.expected[pool][l];
                each[l] = if before[l] > 0.0 { expected / before[l] } else { 0.0 };
            }
            for slot in places.of_pool(pool) {
                let (pupils, rooms) = (&self.memory.last_pupils[slot], &self.rooms[slot]);
                for l in 0..W {
                    let lacking = pupils[l].get() * each[l] * rooms_a_pupil[l] - rooms[l].get();
                    // A school whose rooms are all given up or out of use is not to be filled again.
                    let counts = (lacking > 0.0) & (rooms[l] > R::ZERO);
                    short[l] += if counts { lacking } else { 0.0 };
                }
            }
            self.memory.growth[pool] = each;
            self.memory.short[pool] = short;
        }
    }

    /// Whole rooms that are due in every pool.
    fn rooms_due(&mut self, rule: &Additions, l: usize) -> Vec<f64> {
        let memory = &mut self.memory;
        let mut all: Vec<f64> = Vec::with_capacity(memory.short.len());
        for (pool, short) in memory.short.iter().enumerate() {
            let wanted = memory.rooms_due[pool][l] + rule.rate * short[l];
            let built = wanted.min(memory.credit[pool][l]);
            memory.credit[pool][l] -= built;
            all.push(wanted - built);
        }
        let wanted = sum(all.iter().copied());
        let elsewhere = sum(memory.credit.iter().map(|credit| credit[l]));
        let built = wanted.min(elsewhere);
        if built > 0.0 {
            all.iter_mut().for_each(|due| *due *= 1.0 - built / wanted);
            memory.credit.iter_mut().for_each(|credit| credit[l] *= 1.0 - built / elsewhere);
        }
        let left = wanted - built;
        if let Some(most) = rule.most_per_year.map(f64::from).filter(|&most| most < left) {
            all.iter_mut().for_each(|due| *due *= most / left);
        }
        for (due, carried) in all.iter_mut().zip(&mut memory.rooms_due) {
            // A whole number of rooms but for the last digits, which are those of pupils, is one.
            let whole = (*due + PUPIL_TIE).floor();
            carried[l] = (*due - whole).max(0.0);
            *due = whole;
        }
        all
    }

    /// Adds rooms in a pool one by one, each to the school with most pupils a room.
    fn add_to_pool(
        &mut self,
        (places, room_yuan): (&StageLayout, Option<f64>),
        at: &Year<'_, W>,
        (pool, l): (usize, usize),
        rooms: f64,
        added: &mut Vec<Added>,
    ) {
        let a_room = |state: &Self, slot: usize, more: i32| {
            let rooms = state.rooms[slot][l].get() + f64::from(more);
            in_ties(state.expected_of(slot, l, state.memory.growth[pool][l]) / rooms)
        };
        let has_rooms = |&slot: &usize| self.is_open[slot][l] && self.rooms[slot][l] > R::ZERO;
        let open = places.of_pool(pool).filter(has_rooms);
        let mut schools: Vec<(i64, Reverse<usize>, usize, i32)> = open
            .map(|slot| (a_room(self, slot, 0), Reverse(self.row[slot][l] as usize), slot, 0))
            .collect();
        for _ in 0..rooms as usize {
            let Some(fullest) = schools.iter_mut().max() else { return };
            let (_, _, slot, more) = *fullest;
            (fullest.0, fullest.3) = (a_room(self, slot, more + 1), more + 1);
        }
        for (_, Reverse(row), slot, rooms) in schools.into_iter().filter(|school| school.3 > 0) {
            self.changing(places, at, l).extend(slot, f64::from(rooms));
            added.push(Added {
                year: at.year as CalendarYear,
                stage: self.stage,
                row,
                area: places.slots[slot].area,
                rooms,
                investment_yuan: room_yuan.map(|yuan| yuan * f64::from(rooms)),
            });
        }
    }
}
