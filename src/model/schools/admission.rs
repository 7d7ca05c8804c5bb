//! Admission by plan (招生计划) to the first of two stages that share a source, model section 3.
//!
//! The share of a pool's leavers that it admits follows its places; who is not admitted enters the other stage as far as it has places,
//! and goes back to the first one where that still has some. Who then has none is placed, or not, with the entrants of the second stage.
//! Pupils by residence of the two stages are those of the demand times what of each cohort was admitted.

use crate::axes::Stage;
use crate::scenario::{Admission, Scenario};
use crate::units::Year as CalendarYear;
use crate::width::{Lane, Real, splat};

use super::intake::entry_rooms;
use super::layout::{Layout, StageLayout};
use super::state::State;

/// What admission by plan knows from year to year.
#[derive(Debug, Clone)]
pub struct Plan<const W: usize> {
    /// Some lane admits by plan.
    pub is_on: bool,
    /// Pupils by residence of the year, `[area · grades + grade]`, as they have been admitted.
    pub residents: Vec<Lane<W>>,
    /// Of the two stages, by cohort: pupils over those of the demand, `[entry year mod grades · areas + area]`.
    admitted: [Vec<Lane<W>>; 2],
    /// Entry rooms, leavers, pupils and classes of every pool in the base year.
    base: [Vec<Lane<W>>; 4],
}

impl<const W: usize> Default for Plan<W> {
    fn default() -> Self {
        Plan {
            is_on: false,
            residents: Vec::new(),
            admitted: Default::default(),
            base: Default::default(),
        }
    }
}

/// A rule of a lane with what it needs of a year.
struct Rule<'a> {
    admission: &'a Admission,
    /// γ.
    policy: f64,
    /// The planned class over that of the base year, where one is planned.
    planned: Option<f64>,
    /// The class at which the city stops relieving: that at which it stops adding rooms, else the standard of the entry grade.
    full_class: f64,
}

fn rule_of(scenario: &Scenario, year: CalendarYear) -> Option<Rule<'_>> {
    let admission = scenario.rules.admission.as_ref()?;
    let [first, _] = scenario.city.stages.pair()?;
    let base_year = scenario.city.base_year;
    Some(Rule {
        admission,
        policy: scenario.enrolment.academic_share.at(year),
        planned: admission.planned_class.as_ref().map(|path| path.at(year) / path.at(base_year)),
        full_class: match &scenario.rules.additions[first.idx()] {
            Some(additions) => additions.target_class,
            None => scenario.thresholds.standard[first.first_grade()].at(year),
        },
    })
}

/// Whether a scenario admits by plan.
pub fn is_planned(scenario: &Scenario) -> bool {
    scenario.rules.admission.is_some() && scenario.city.stages.pair().is_some()
}

impl<const W: usize> Plan<W> {
    /// Pupils by residence of the year: as they have been admitted, or those of the demand where nobody is admitted by plan.
    pub fn residents_or<'a>(&'a self, expected: &'a [Lane<W>]) -> &'a [Lane<W>] {
        if self.is_on { &self.residents } else { expected }
    }

    /// Tells the two stages their pupils by residence.
    pub fn tell<R: Real>(&self, layout: &Layout, stages: &mut [State<R, W>]) {
        let n_grades = layout.city.stages.n_grades();
        for stage in layout.city.stages.pair().into_iter().flatten() {
            let state = &mut stages[stage.idx()];
            state.memory.residents.clear();
            let of_area = |area: usize| stage.grades().map(move |grade| area * n_grades + grade);
            let cells = (0..layout.city.areas.len()).flat_map(of_area);
            state.memory.residents.extend(cells.map(|cell| self.residents[cell]));
        }
    }

    /// Begins a run.
    pub fn begin(&mut self, layout: &Layout, scenarios: &[&Scenario]) {
        self.is_on = scenarios.iter().any(|scenario| is_planned(scenario));
        let Some(pair) = layout.city.stages.pair().filter(|_| self.is_on) else { return };
        for (admitted, stage) in self.admitted.iter_mut().zip(pair) {
            admitted.clear();
            admitted.resize(stage.n_grades() * layout.city.areas.len(), splat(1.0));
        }
    }

    /// Takes the pupils by residence of a year, entrants as the demand has them.
    pub fn take_residents(&mut self, layout: &Layout, residents: &[Lane<W>], year_idx: usize) {
        let Some(pair) = layout.city.stages.pair() else { return };
        let (n_areas, n_grades) = (layout.city.areas.len(), layout.city.stages.n_grades());
        self.residents.clear();
        self.residents.extend_from_slice(residents);
        for (stage, admitted) in pair.into_iter().zip(&self.admitted) {
            for g in 1..stage.n_grades().min(year_idx + 1) {
                let cohort = (year_idx - g) % stage.n_grades() * n_areas;
                for area in 0..n_areas {
                    let factor = &admitted[cohort + area];
                    let to = &mut self.residents[area * n_grades + stage.first_grade() + g];
                    for l in 0..W {
                        to[l] *= factor[l];
                    }
                }
            }
        }
    }

    /// Keeps places and leavers of the base year: those of the highest grade of the source, who would be the entrants.
    pub fn take_base_year<R: Real>(
        &mut self,
        layout: &Layout,
        scenarios: &[&Scenario],
        first: &State<R, W>,
        residents: &[Lane<W>],
    ) {
        let stages = layout.city.stages;
        let places = &layout.stages[first.stage.idx()];
        let n_pools = places.catchment.n_pools;
        for base in &mut self.base {
            base.clear();
            base.resize(n_pools, splat(0.0));
        }
        let Some(source) = first.stage.follows() else { return };
        let [of_rooms, of_leavers, of_pupils, of_classes] = &mut self.base;
        for (l, scenario) in scenarios.iter().take(W).enumerate() {
            if scenario.rules.admission.is_none() {
                continue;
            }
            let continuation = scenario.enrolment.continuation.at(layout.city.base_year);
            for pool in 0..n_pools {
                of_rooms[pool][l] = first.entry_rooms_of(pool, l);
                for &at in first.flows.pairs.of_column(pool) {
                    let area = first.flows.pairs.at(at as usize).area();
                    let leavers = residents[area * stages.n_grades() + source.last_grade()][l];
                    let share = first.flows.base_share(at as usize, l);
                    of_leavers[pool][l] += share * leavers * continuation;
                }
                for g in 0..first.stage.n_grades() {
                    of_pupils[pool][l] += places.catchment.base_pupils[g * n_pools + pool];
                    for slot in places.of_pool(pool) {
                        of_classes[pool][l] += first.classes[first.cell(g, slot)][l].get();
                    }
                }
            }
        }
    }

    /// Admits the year's leavers: shares and pupils by residence of the entry grades of the two stages.
    pub fn admit<R: Real>(
        &mut self,
        layout: &Layout,
        scenarios: &[&Scenario],
        stages: &mut [State<R, W>],
        year_idx: usize,
    ) {
        let Some(pair) = layout.city.stages.pair() else { return };
        let year = layout.city.base_year + year_idx as CalendarYear;
        for (l, scenario) in scenarios.iter().take(W).enumerate() {
            if let Some(rule) = rule_of(scenario, year) {
                self.admit_lane(layout, (pair, &rule), stages, (year_idx, l));
            }
        }
    }

    fn admit_lane<R: Real>(
        &mut self,
        layout: &Layout,
        (pair, rule): ([Stage; 2], &Rule),
        stages: &mut [State<R, W>],
        (year_idx, l): (usize, usize),
    ) {
        let n_grades = layout.city.stages.n_grades();
        let [first, second] = pair.map(Stage::idx);
        let entry = pair.map(Stage::first_grade);
        let leavers: Vec<f64> = (0..layout.city.areas.len())
            .map(|area| {
                let of = |grade: usize| self.residents[area * n_grades + grade][l];
                of(entry[0]) + of(entry[1])
            })
            .collect();
        let own = &layout.stages[first];
        let free = stages[first].free_places(own, l);
        let mut taken = self.first_round(&stages[first], own, rule, (&leavers, &free), l);
        let rest = taken.rest(&stages[first], &leavers);
        let other = &layout.stages[second];
        let mut refused = stages[second].refused(other, &rest, l);
        for (area, refused) in refused.iter_mut().enumerate() {
            // Nor can the first stage take anybody back where it has none.
            if self.residents[area * n_grades + entry[0]][l] <= 0.0 {
                *refused = 0.0;
            }
        }
        taken.take_back(&stages[first], own.catchment.left(), &refused, &free, l);
        // Who would be counted in a stage that has none of its own is without a place in the first one.
        let nowhere = |area: usize| self.residents[area * n_grades + entry[1]][l] <= 0.0;
        let admitted = taken.settle(&mut stages[first], own.catchment.left(), &leavers, nowhere, l);
        let cohort = pair.map(|stage| year_idx % stage.n_grades() * leavers.len());
        for (area, (&all, &admitted)) in leavers.iter().zip(&admitted).enumerate() {
            for (side, now) in [admitted, (all - admitted).max(0.0)].into_iter().enumerate() {
                let there = &mut self.residents[area * n_grades + entry[side]][l];
                let factor = if *there > 0.0 { now / *there } else { 1.0 };
                self.admitted[side][cohort[side] + area][l] = factor;
                *there = if *there > 0.0 { now } else { 0.0 };
            }
        }
    }

    /// What every pool admits by its plan as far as it has places, by pair of area and pool.
    fn first_round<R: Real>(
        &self,
        state: &State<R, W>,
        places: &StageLayout,
        rule: &Rule,
        (leavers, free): (&[f64], &[f64]),
        l: usize,
    ) -> Taken {
        let n_pools = places.catchment.n_pools;
        let pairs = &state.flows.pairs;
        let sent = |at: usize| state.flows.entry[at][l] * leavers[pairs.at(at).area()];
        let mut taken = Taken { by_pair: vec![0.0; pairs.len()], by_pool: vec![0.0; n_pools] };
        let of_pool: Vec<f64> = (0..n_pools)
            .map(|pool| {
                let column = pairs.of_column(pool).iter();
                crate::numeric::sum(column.map(|&at| sent(at as usize)))
            })
            .collect();
        let rooms: Vec<f64> = (0..n_pools).map(|pool| state.entry_rooms_of(pool, l)).collect();
        let sum = |values: &[f64]| crate::numeric::sum(values.iter().copied());
        let [base_rooms, base_leavers, pupils, classes] =
            [0, 1, 2, 3].map(|which: usize| self.base[which].iter().map(|lane| lane[l]).collect());
        let base: [&Vec<f64>; 4] = [&base_rooms, &base_leavers, &pupils, &classes];
        let of_city = rule.ratio((sum(&rooms), sum(&of_pool)), base.map(|of| sum(of)));
        for pool in 0..n_pools {
            if of_pool[pool] <= 0.0 {
                continue;
            }
            let own = rule.ratio((rooms[pool], of_pool[pool]), base.map(|of| of[pool]));
            let share = rule.share(own.or(of_city).unwrap_or(1.0));
            let part = share.min(free[pool] / of_pool[pool]);
            for &at in pairs.of_column(pool) {
                taken.by_pair[at as usize] = part * sent(at as usize);
            }
            taken.by_pool[pool] = part * of_pool[pool];
        }
        for &at in pairs.of_column(places.catchment.left()) {
            taken.by_pair[at as usize] = rule.policy * sent(at as usize);
        }
        taken
    }
}

impl Rule<'_> {
    /// Places over leavers against the base year; none where there were none then.
    ///
    /// Where no class is planned the city runs its classes as in the base year until rooms have brought them to a full one: rooms
    /// that relieve crowded classes admit nobody, and fewer rooms fill small ones first.
    fn ratio(&self, (rooms, leavers): (f64, f64), base: [f64; 4]) -> Option<f64> {
        let [base_rooms, base_leavers, pupils, classes] = base;
        if base_rooms <= 0.0 || base_leavers <= 0.0 || leavers <= 0.0 {
            return None;
        }
        let rooms = rooms * base_leavers / (leavers * base_rooms);
        let crowding = if classes > 0.0 { pupils / classes / self.full_class } else { 1.0 };
        Some(match self.planned {
            Some(planned) => rooms * planned,
            None if rooms > 1.0 && crowding > 1.0 => (rooms / crowding).max(1.0),
            None if rooms < 1.0 && crowding < 1.0 => (rooms / crowding).min(1.0),
            None => rooms,
        })
    }

    /// Share of its leavers that a pool plans for: γ·ratio^ε between its bounds.
    fn share(&self, ratio: f64) -> f64 {
        let Admission { elasticity, share_min, share_max, .. } = *self.admission;
        let moved = match elasticity {
            0.0 => 1.0,
            _ if ratio > 0.0 => crate::numeric::exp(elasticity * crate::numeric::ln(ratio)),
            _ => 0.0,
        };
        (self.policy * moved).clamp(self.policy * share_min, (self.policy * share_max).min(1.0))
    }
}

/// Pupils who are admitted to the first stage, by pair of area and column, and by pool.
struct Taken {
    by_pair: Vec<f64>,
    by_pool: Vec<f64>,
}

impl Taken {
    /// Leavers of every area who are not admitted.
    fn rest<R: Real, const W: usize>(&self, state: &State<R, W>, leavers: &[f64]) -> Vec<f64> {
        let pairs = &state.flows.pairs;
        let of_area = |area: usize| {
            crate::numeric::sum(pairs.of_area(area).iter().map(|&at| self.by_pair[at as usize]))
        };
        let rest = |(area, &all): (usize, &f64)| (all - of_area(area)).max(0.0);
        leavers.iter().enumerate().map(rest).collect()
    }

    /// Takes back whom the other stage cannot hold, as far as the pools that their areas go to have places left.
    fn take_back<R: Real, const W: usize>(
        &mut self,
        state: &State<R, W>,
        left: usize,
        refused: &[f64],
        free: &[f64],
        l: usize,
    ) {
        let flows = &state.flows;
        let share_in_pools = |area: usize| {
            let row = flows.pairs.of_area(area).iter().map(|&at| at as usize);
            let in_pools = row.filter(|&at| flows.pairs.at(at).column() != left);
            crate::numeric::sum(in_pools.map(|at| flows.entry[at][l]))
        };
        let in_pools: Vec<f64> = (0..refused.len()).map(share_in_pools).collect();
        let asks = |at: usize| {
            let area = flows.pairs.at(at).area();
            match in_pools[area] > 0.0 {
                true => refused[area] * flows.entry[at][l] / in_pools[area],
                false => 0.0,
            }
        };
        for pool in 0..self.by_pool.len() {
            let column = flows.pairs.of_column(pool);
            let asking = crate::numeric::sum(column.iter().map(|&at| asks(at as usize)));
            let spare = (free[pool] - self.by_pool[pool]).max(0.0);
            if asking <= 0.0 || spare <= 0.0 {
                continue;
            }
            let part = (spare / asking).min(1.0);
            for &at in column {
                self.by_pair[at as usize] += part * asks(at as usize);
            }
            self.by_pool[pool] += part * asking;
        }
    }

    /// Makes what is taken the shares of the entrants of the first stage; returns them by area of residence.
    fn settle<R: Real, const W: usize>(
        &mut self,
        state: &mut State<R, W>,
        left: usize,
        leavers: &[f64],
        nowhere: impl Fn(usize) -> bool,
        l: usize,
    ) -> Vec<f64> {
        let mut admitted = vec![0.0; leavers.len()];
        for (area, admitted) in admitted.iter_mut().enumerate() {
            let row = state.flows.pairs.of_area(area).to_vec();
            let all = crate::numeric::sum(row.iter().map(|&at| self.by_pair[at as usize]));
            let without = if nowhere(area) { (leavers[area] - all).max(0.0) } else { 0.0 };
            *admitted = all + without;
            if *admitted <= 0.0 {
                continue;
            }
            for &at in &row {
                state.flows.entry[at as usize][l] = self.by_pair[at as usize] / *admitted;
            }
            if without > 0.0 {
                let at = state.flows.use_pair(area, left);
                state.flows.entry[at][l] += without / *admitted;
                self.by_pair.resize(state.flows.pairs.len(), 0.0);
            }
        }
        // The shares of the next year are made anew from places.
        state.places_changed = true;
        admitted
    }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Rooms of a pool over the grades of the stage.
    fn entry_rooms_of(&self, pool: usize, l: usize) -> f64 {
        self.pool_rooms[pool][l] / self.stage.n_grades() as f64
    }

    /// Places of every pool in its free rooms, up to the limit.
    fn free_places(&self, places: &StageLayout, l: usize) -> Vec<f64> {
        let n_grades = self.stage.n_grades() as f64;
        let of_school = |slot: usize| {
            let (rooms, occupied) = (self.rooms[slot][l].get(), self.occupied[slot][l].get());
            let is_there = self.weight[slot][l] > 0.0;
            let (_, free) = entry_rooms(rooms, occupied, 0.0, n_grades);
            if is_there { free * self.thresholds.limit[l] } else { 0.0 }
        };
        let of_pool = |pool: usize| crate::numeric::sum(places.of_pool(pool).map(of_school));
        (0..places.catchment.n_pools).map(of_pool).collect()
    }

    /// Of the pupils of every area who come to the stage those for whom its pools have no places.
    fn refused(&self, places: &StageLayout, coming: &[f64], l: usize) -> Vec<f64> {
        let (free, pairs) = (self.free_places(places, l), &self.flows.pairs);
        let mut refused = vec![0.0; coming.len()];
        for (pool, &free) in free.iter().enumerate() {
            let sent =
                |at: u32| self.flows.entry[at as usize][l] * coming[pairs.at(at as usize).area()];
            let all = crate::numeric::sum(pairs.of_column(pool).iter().map(|&at| sent(at)));
            if all > free {
                for &at in pairs.of_column(pool) {
                    refused[pairs.at(at as usize).area()] += sent(at) * (1.0 - free / all);
                }
            }
        }
        refused
    }
}
