//! The five passes that find pupils of one lane a place: the same for entrants and for pupils who must move.

use std::ops::Range;

use crate::axes::Stage;
use crate::city::City;
use crate::numeric::{PUPIL_EPSILON, fill_by_weight, sum};
use crate::width::{Lane, Real};

use super::attend::Flows;
use super::layout::StageLayout;
use super::state::State;
use super::year::Year;

/// Working memory of the passes, by slot or by pool. Kept for the whole run.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// Admission weight.
    pub weight: Vec<f64>,
    /// Rooms that may take pupils in the pass at hand.
    pub rooms: Vec<f64>,
    /// Rooms that may take pupils from pass 2 on.
    pub wider: Vec<f64>,
    /// Pupils who are in these rooms already.
    pub present: Vec<f64>,
    /// Pupils placed so far.
    pub placed: Vec<f64>,
    /// Of them, above the ceiling.
    pub overflow: Vec<f64>,
    /// Limit of the pass that placed the last pupil.
    pub limit: Vec<f64>,
    /// Pupils of each pool still without a place.
    pub left: Vec<f64>,
    room: Vec<f64>,
    added: Vec<f64>,
    order: Vec<(f64, usize)>,
    /// Other pools for one that spills, by rank (see [`Passes::spill`]).
    tiers: [Vec<usize>; 3],
    /// By pool: whether it has a rank already.
    is_ranked: Vec<bool>,
    reached: Vec<usize>,
}

impl Scratch {
    /// Clears everything for a stage.
    pub fn reset(&mut self, places: &StageLayout) {
        let (n, n_pools) = (places.slots.len(), places.catchment.n_pools);
        for buffer in self.of_schools() {
            buffer.clear();
            buffer.resize(n, 0.0);
        }
        self.left.clear();
        self.left.resize(n_pools, 0.0);
        self.is_ranked.clear();
        self.is_ranked.resize(n_pools, false);
    }

    fn of_schools(&mut self) -> [&mut Vec<f64>; 9] {
        [
            &mut self.weight,
            &mut self.rooms,
            &mut self.wider,
            &mut self.present,
            &mut self.placed,
            &mut self.overflow,
            &mut self.limit,
            &mut self.room,
            &mut self.added,
        ]
    }

    /// Whether any pupil is still without a place.
    pub fn anyone_left(&self) -> bool {
        self.left.iter().any(|&left| left > PUPIL_EPSILON)
    }
}

/// The passes for one grade of a stage in one lane.
pub struct Passes<'a, const W: usize> {
    city: &'a City,
    places: &'a StageLayout,
    /// Attendance, which spilling changes.
    flows: &'a mut Flows<W>,
    /// Working memory; `left`, `weight`, `rooms`, `wider` and `present` are filled by the caller.
    scratch: &'a mut Scratch,
    stage: Stage,
    /// Dense grade, its place in the ring, and the lane.
    grade: usize,
    at: (usize, usize),
    /// Pupils by residence of the year, `[area · 18 + grade]`.
    residents: &'a [Lane<W>],
    cap: Option<f64>,
    ceiling: f64,
    /// Who has no place below the ceiling is placed all the same.
    must_place: bool,
}

impl<'a, const W: usize> Passes<'a, W> {
    /// The passes for grade `g` of the stage in lane `l`.
    pub fn new<R: Real>(
        state: &'a mut State<R, W>,
        places: &'a StageLayout,
        at: &Year<'a, W>,
        (g, l): (usize, usize),
        scratch: &'a mut Scratch,
    ) -> Self {
        let (stage, ring) = (state.stage, state.ring(g));
        let thresholds = &state.thresholds;
        Passes {
            city: at.city,
            places,
            cap: thresholds.is_capped[l].then_some(thresholds.limit[l]),
            ceiling: thresholds.ceiling[g][l],
            must_place: stage.is_compulsory()
                || !(stage.is_by_rate() || thresholds.is_capped[l] || state.memory.is_planned[l]),
            flows: &mut state.flows,
            scratch,
            stage,
            grade: stage.first_grade() + g,
            at: (ring, l),
            residents: at.residents,
        }
    }

    /// Passes 1 to 5, with the wider rooms in pass 2 if there are any.
    pub fn run(&mut self, has_wider: bool) {
        let (cap, ceiling) = (self.cap, self.ceiling);
        let limit = cap.unwrap_or(ceiling);
        self.fill_own(limit);
        if has_wider {
            let Scratch { rooms, wider, .. } = &mut *self.scratch;
            rooms.copy_from_slice(wider);
            self.fill_own(limit);
        }
        self.spill(limit);
        if self.stage.is_compulsory() && cap.is_some() && limit < ceiling {
            self.fill_own(ceiling);
            self.spill(ceiling);
        }
        self.overflow_or_leave(self.must_place);
        let scratch = &mut *self.scratch;
        for (overflow, placed_under) in scratch.overflow.iter().zip(&mut scratch.limit) {
            if *overflow > 0.0 && *placed_under <= 0.0 {
                *placed_under = limit;
            }
        }
    }

    fn n_pools(&self) -> usize {
        self.places.catchment.n_pools
    }

    fn of_pool(&self, pool: usize) -> Range<usize> {
        self.places.of_pool(pool)
    }

    /// Passes 1 and 2: fills the pools' own schools by weight up to `rooms · limit`.
    fn fill_own(&mut self, limit: f64) {
        for pool in 0..self.n_pools() {
            let range = self.of_pool(pool);
            let scratch = &mut *self.scratch;
            if scratch.left[pool] <= PUPIL_EPSILON {
                continue;
            }
            for j in range.clone() {
                scratch.room[j] =
                    (scratch.rooms[j] * limit - scratch.present[j] - scratch.placed[j]).max(0.0);
                scratch.added[j] = 0.0;
            }
            scratch.left[pool] = fill_by_weight(
                scratch.left[pool],
                &scratch.weight[range.clone()],
                &scratch.room[range.clone()],
                &mut scratch.added[range.clone()],
                &mut scratch.order,
            );
            for j in range {
                if scratch.added[j] > 0.0 {
                    scratch.placed[j] += scratch.added[j];
                    scratch.limit[j] = limit;
                }
            }
        }
    }

    /// Pass 3: what a pool could not place goes to places left in the other pools of its district, then of the
    /// districts that its origins' rows reach, then of its neighbours; attendance moves with it.
    fn spill(&mut self, limit: f64) {
        if !self.scratch.anyone_left() {
            return;
        }
        let scratch = &mut *self.scratch;
        for j in 0..scratch.room.len() {
            let open = if scratch.weight[j] > 0.0 { scratch.rooms[j] * limit } else { 0.0 };
            scratch.room[j] = (open - scratch.present[j] - scratch.placed[j]).max(0.0);
        }
        for pool in 0..self.n_pools() {
            if self.scratch.left[pool] <= PUPIL_EPSILON {
                continue;
            }
            self.rank_pools(pool);
            for tier in 0..3 {
                self.spill_to_tier(pool, tier, limit);
            }
        }
    }

    /// Ranks the other pools for one that spills: own district, reached by its origins, neighbours.
    fn rank_pools(&mut self, pool: usize) {
        let catchment = &self.places.catchment;
        let near = &catchment.near;
        let scratch = &mut *self.scratch;
        self.flows.reached(self.at, pool, &mut scratch.reached);
        let (tiers, is_ranked) = (&mut scratch.tiers, &mut scratch.is_ranked);
        tiers.iter_mut().for_each(Vec::clear);
        is_ranked[pool] = true;
        let mut rank = |tier: usize, others: &[usize]| {
            for &other in others {
                if !is_ranked[other] {
                    is_ranked[other] = true;
                    tiers[tier].push(other);
                }
            }
        };
        rank(0, near.of(pool));
        scratch.reached.iter().for_each(|&reached| rank(1, near.of(reached)));
        for &area in &catchment.areas_of_pool[pool] {
            let neighbours = &self.city.neighbours[self.city.areas[area].district];
            neighbours.iter().for_each(|&district| rank(2, near.of_district(district)));
        }
        is_ranked[pool] = false;
        for tier in tiers {
            tier.sort_unstable();
            tier.iter().for_each(|&other| is_ranked[other] = false);
        }
    }

    /// Moves what is left of a pool to the places left in the pools of one rank, in proportion to them.
    fn spill_to_tier(&mut self, pool: usize, tier: usize, limit: f64) {
        let left = self.scratch.left[pool];
        if left <= PUPIL_EPSILON {
            return;
        }
        let mut places = 0.0;
        for &other in &self.scratch.tiers[tier] {
            places += sum(self.of_pool(other).map(|j| self.scratch.room[j]));
        }
        if places <= PUPIL_EPSILON {
            return;
        }
        let moved = left.min(places);
        let mut in_pool = self.flows.pupils_of(self.at, self.residents, self.grade, pool);
        for k in 0..self.scratch.tiers[tier].len() {
            let other = self.scratch.tiers[tier][k];
            let mut received = 0.0;
            for j in self.of_pool(other) {
                let scratch = &mut *self.scratch;
                let part = scratch.room[j] * (moved / places);
                if part > 0.0 {
                    scratch.placed[j] += part;
                    scratch.room[j] = (scratch.room[j] - part).max(0.0);
                    scratch.limit[j] = limit;
                    received += part;
                }
            }
            if received > 0.0 && in_pool > 0.0 {
                self.flows.shift(self.at, pool, other, received / in_pool);
                in_pool -= received;
            }
        }
        self.scratch.left[pool] = left - moved;
    }

    /// Pass 5: places what is left above the limit in the pool's own schools by weight (counted as overflow) where
    /// `must_place`, else moves it to *left*. Schools with a room in this pass come before those without.
    fn overflow_or_leave(&mut self, must_place: bool) {
        for pool in 0..self.n_pools() {
            let left = self.scratch.left[pool];
            if left <= PUPIL_EPSILON {
                continue;
            }
            let range = self.of_pool(pool);
            let scratch = &mut *self.scratch;
            let has_room = range.clone().any(|j| scratch.weight[j] > 0.0 && scratch.rooms[j] > 0.0);
            let counts = |s: &Scratch, j: usize| {
                if has_room && s.rooms[j] <= 0.0 { 0.0 } else { s.weight[j] }
            };
            let total = sum(range.clone().map(|j| counts(scratch, j)));
            if must_place && total > 0.0 {
                for j in range {
                    let part = left * counts(scratch, j) / total;
                    scratch.placed[j] += part;
                    scratch.overflow[j] += part;
                }
            } else {
                let in_pool = self.flows.pupils_of(self.at, self.residents, self.grade, pool);
                if in_pool > 0.0 {
                    let to = self.places.catchment.left();
                    self.flows.shift(self.at, pool, to, left / in_pool);
                }
            }
            self.scratch.left[pool] = 0.0;
        }
    }
}
