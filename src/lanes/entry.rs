//! Ageing in lanes, and the shares in which a year's entrants attend: see [`schools`](crate::schools) for the rules.

use crate::axes::N_GRADES;
use crate::demand::attendance::most_places;
use crate::numeric::PUPIL_EPSILON;
use crate::scenario::Scenario;

use super::count::Tally;
use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::tail::Tail;
use super::{LANES, Lane, Lane32, rounded, splat, splat32};

impl State {
    /// Pupils of every pool in a grade, `Σ_a A[a → pool]·N[a]`, into `entrants`.
    #[inline(always)]
    pub fn pupils_of_pools(
        &mut self,
        ring: usize,
        residents: &[Lane],
        grade: usize,
        n_columns: usize,
    ) {
        self.entrants.fill(splat(0.0));
        let shares = &self.shares[ring];
        // Pairs lie column by column.
        for pairs in self.pairs.chunk_by(|a, b| a.0 == b.0) {
            let column = pairs[0].0;
            if column + 1 == n_columns {
                continue;
            }
            let mut pool = splat(0.0);
            for &(_, area) in pairs {
                let share = shares[area * n_columns + column];
                let pupils = residents[area * N_GRADES + grade];
                for l in 0..LANES {
                    pool[l] += share[l] * pupils[l];
                }
            }
            self.entrants[column] = pool;
        }
    }
}

impl Workspace {
    /// Every grade moves up with its classes; its pupils follow the cohort of their pool.
    #[inline(always)]
    pub(super) fn age(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        people: &People,
        year_idx: usize,
        run: &mut Run,
    ) {
        let n_grades = places.stage.n_grades();
        let (n_slots, n_pools) = (places.slots.len(), places.n_pools);
        let n_areas = layout.city.areas.len();
        let residents = &people.residents[year_idx * n_areas * N_GRADES..][..n_areas * N_GRADES];
        let state = &mut self.state;
        let entry = State::ring(0, year_idx, n_grades);
        for g in 1..n_grades {
            let ring = State::ring(g, year_idx, n_grades);
            let grade = places.stage.first_grade() + g;
            state.pupils_of_pools(ring, residents, grade, n_pools + 1);
            state.cohorts[g * n_pools..(g + 1) * n_pools].copy_from_slice(&state.entrants);
        }
        // Pool by pool, so that what is aged is counted while it lies near the processor.
        for pool in 0..n_pools {
            let slots = places.pool_start[pool]..places.pool_start[pool + 1];
            state.graduate(entry * n_slots, slots.clone());
            for g in 1..n_grades {
                let ring = State::ring(g, year_idx, n_grades);
                let cells = ring * n_slots + slots.start..ring * n_slots + slots.end;
                let now = state.cohorts[g * n_pools + pool];
                let before = std::mem::replace(&mut state.pool_pupils[ring * n_pools + pool], now);
                let cohort = Cohort::of(&before, &now, &mut run.unfit);
                state.follow_cohort(&layout.tail, cells, (g, ring * n_pools + pool), cohort, &now);
            }
            state.add_upper(places, entry, slots);
        }
        state.has_moved = false;
    }
}

/// How the pupils of a pool's grade change.
struct Cohort {
    /// Ratio where they become fewer.
    factor: Lane,
    newcomers: Lane,
    any_growth: bool,
    any_change: bool,
}

impl Cohort {
    #[inline(always)]
    fn of(before: &Lane, now: &Lane, unfit: &mut [bool; LANES]) -> Self {
        let (before, now) = (*before, *now);
        let (mut factor, mut newcomers) = (splat(1.0), splat(0.0));
        let mut is_odd = splat(0.0);
        for l in 0..LANES {
            let there = before[l] > PUPIL_EPSILON;
            let shrinks = there & (now[l] <= before[l]);
            let ratio = now[l] / before[l];
            factor[l] = if shrinks { ratio } else { 1.0 };
            let more = now[l] - before[l];
            newcomers[l] = if there & !shrinks { more } else { 0.0 };
            // A cohort that begins or ends above the entry grade is for the reference.
            let begins = !there & (now[l] > PUPIL_EPSILON);
            let ends = there & (now[l] < before[l] * PUPIL_EPSILON);
            is_odd[l] = if begins | ends { 1.0 } else { 0.0 };
        }
        let (mut any_growth, mut any_change, mut any_odd) = (false, false, false);
        for l in 0..LANES {
            any_growth |= newcomers[l] > 0.0;
            any_change |= before[l] > PUPIL_EPSILON;
            any_odd |= is_odd[l] > 0.0;
        }
        if any_odd {
            for l in 0..LANES {
                unfit[l] |= is_odd[l] > 0.0;
            }
        }
        Cohort { factor, newcomers, any_growth, any_change }
    }
}

/// How the pupils of every school of a pool's grade change: times a factor, and a share of the places below the standard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub factor: Lane32,
    pub share: Lane32,
}

impl Change {
    /// Nobody comes or goes.
    pub const NONE: Change = Change { factor: splat32(1.0), share: splat32(0.0) };
}

/// Share of some places that newcomers take; who finds none stays in `newcomers`.
#[inline(always)]
fn share_of_places(total: &Lane, newcomers: &mut Lane) -> Lane {
    let (total, wanted) = (*total, *newcomers);
    let (mut share, mut left) = (splat(0.0), splat(0.0));
    for l in 0..LANES {
        let taken = if wanted[l] < total[l] { wanted[l] } else { total[l] };
        let part = taken / total[l];
        let some = (wanted[l] > 0.0) & (total[l] > 0.0);
        share[l] = if some { part } else { 0.0 };
        left[l] = wanted[l] - if some { taken } else { 0.0 };
    }
    *newcomers = left;
    share
}

impl State {
    /// The last grade leaves; its place in the ring is that of this year's entrants.
    #[inline(always)]
    fn graduate(&mut self, ring: usize, slots: std::ops::Range<usize>) {
        for j in slots {
            let cell = ring + j;
            let (mut occupied, leaving) = (self.occupied[j], self.classes[cell]);
            for l in 0..LANES {
                occupied[l] -= leaving[l];
            }
            self.occupied[j] = occupied;
        }
    }

    /// Brings one grade of one pool to the pupils of its cohort `now`, and tallies it.
    #[inline(always)]
    fn follow_cohort(
        &mut self,
        tail: &Tail,
        cells: std::ops::Range<usize>,
        (g, at): (usize, usize),
        cohort: Cohort,
        now: &Lane,
    ) {
        let Cohort { factor, mut newcomers, any_growth, any_change } = cohort;
        if !any_change {
            self.spare[at] = splat(0.0);
            return;
        }
        let grade = self.grades[g];
        let mut share = splat(0.0);
        if any_growth {
            // Where nothing has changed since, the places are those of the end of the last year.
            let is_known =
                !self.has_moved && self.last_standard[g - 1] == self.thresholds.standard[g];
            let total = match is_known {
                true => self.spare[at],
                false => self.places_below(&cells, |_, _| grade.standard),
            };
            share = share_of_places(&total, &mut newcomers);
        }
        let is_crowded = newcomers.iter().any(|&left| left > 0.0);
        let change = Change { factor: rounded(&factor), share: rounded(&share) };
        let mut tally = Tally::default();
        for cell in cells.clone() {
            let (pupils, classes) = (self.pupils[cell], self.classes[cell]);
            self.pupils[cell] =
                tally.add(&grade, &change, pupils, &classes, (cell, &mut self.near));
        }
        self.tally = tally;
        if is_crowded {
            self.crowd(cells.clone(), g, now, newcomers);
            self.tally_grade(tail, cells, g, at);
        } else {
            self.book_tally(tail, g, at);
        }
    }

    /// Newcomers beyond the standard: below the class limit, then below the ceiling, then in proportion to pupils.
    #[inline(always)]
    fn crowd(&mut self, cells: std::ops::Range<usize>, g: usize, now: &Lane, newcomers: Lane) {
        let mut newcomers = newcomers;
        let ceiling = rounded(&self.thresholds.ceiling[g]);
        for tier in 0..2 {
            let level =
                |limits: &[Lane32], cell: usize| if tier == 0 { limits[cell] } else { ceiling };
            let share = share_of_places(&self.places_below(&cells, level), &mut newcomers);
            let share = rounded(&share);
            for cell in cells.clone() {
                let level = level(&self.limits, cell);
                let (mut pupils, classes) = (self.pupils[cell], self.classes[cell]);
                for l in 0..LANES {
                    let gap = level[l] * classes[l] - pupils[l];
                    pupils[l] += if gap > 0.0 { gap * share[l] } else { 0.0 };
                }
                self.pupils[cell] = pupils;
            }
        }
        let mut growth = splat(1.0);
        for l in 0..LANES {
            let filled = now[l] - newcomers[l];
            growth[l] = if newcomers[l] > 0.0 { 1.0 + newcomers[l] / filled } else { 1.0 };
        }
        let growth = rounded(&growth);
        for cell in cells {
            let mut pupils = self.pupils[cell];
            for l in 0..LANES {
                pupils[l] *= growth[l];
            }
            self.pupils[cell] = pupils;
        }
    }

    /// Places below a level.
    #[inline(always)]
    fn places_below(
        &self,
        cells: &std::ops::Range<usize>,
        level: impl Fn(&[Lane32], usize) -> Lane32,
    ) -> Lane {
        let mut total = splat32(0.0);
        for cell in cells.clone() {
            let level = level(&self.limits, cell);
            let (pupils, classes) = (self.pupils[cell], self.classes[cell]);
            for l in 0..LANES {
                let gap = level[l] * classes[l] - pupils[l];
                total[l] += if gap > 0.0 { gap } else { 0.0 };
            }
        }
        total.map(f64::from)
    }

    /// Entry places of the pools, `Σ R/G · standard`.
    #[inline(always)]
    pub fn count_places(&mut self, places: &StageLayout) {
        let n_grades = places.stage.n_grades() as f64;
        for (rooms, places) in self.pool_rooms.iter().zip(&mut self.places) {
            for l in 0..LANES {
                places[l] = rooms[l] / n_grades * self.thresholds.standard[0][l];
            }
        }
    }

    /// Shares of this year's entrants: base shares times entry places over base places; see
    /// [`Attending::admit_entrants`](crate::schools::attend::Attending::admit_entrants).
    #[inline(always)]
    pub fn share_entrants(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
    ) {
        let (n_pools, n_columns) = (places.n_pools, places.n_pools + 1);
        for area in 0..layout.city.areas.len() {
            let home = layout.city.pool_of_area[places.stage.idx()][area];
            let row = area * n_columns..area * n_columns + n_pools;
            let mut total = splat(0.0);
            for (pool, at) in row.clone().enumerate() {
                let (base, there) = (&self.base_shares[at], &self.base_places[pool]);
                let now = &self.places[pool];
                for l in 0..LANES {
                    let some = base[l] > 0.0 && there[l] > 0.0;
                    let share = if some { base[l] * now[l] / there[l] } else { 0.0 };
                    self.entry[at][l] = share;
                    total[l] += share;
                }
            }
            self.entry[row.end] = splat(0.0);
            for at in row.clone() {
                for l in 0..LANES {
                    let share = self.entry[at][l];
                    self.entry[at][l] = if total[l] > 0.0 { share / total[l] } else { share };
                }
            }
            for l in 0..LANES.min(scenarios.len()) {
                if total[l] <= 0.0 {
                    self.share_empty_row(layout, places, area, l);
                }
            }
            self.admit_new_pools(places, home, row.clone());
            for at in row.start..=row.end {
                if self.entry[at].iter().any(|&share| share != 0.0) {
                    self.use_pair(at, n_columns);
                }
            }
        }
    }

    /// A row all of whose pools have no places goes to the pool with most places in its district, then in the city.
    fn share_empty_row(&mut self, layout: &Layout, places: &StageLayout, area: usize, l: usize) {
        let n_columns = places.n_pools + 1;
        let of_lane: Vec<f64> = self.places.iter().map(|places| places[l]).collect();
        let home = layout.city.pool_of_area[places.stage.idx()][area];
        let in_district = |&pool: &usize| places.shares_district[home * places.n_pools + pool];
        let near: Vec<usize> = (0..places.n_pools).filter(in_district).collect();
        let column = most_places(&near, &of_lane);
        for at in 0..n_columns {
            self.entry[area * n_columns + at][l] = if at == column { 1.0 } else { 0.0 };
        }
    }

    /// Pools without base places take a share in proportion to the places inside their district.
    #[inline(always)]
    fn admit_new_pools(&mut self, places: &StageLayout, home: usize, row: std::ops::Range<usize>) {
        let n_pools = places.n_pools;
        let (mut new_places, mut all_places) = (splat(0.0), splat(0.0));
        let in_district = |pool: usize| places.shares_district[home * n_pools + pool];
        for pool in (0..n_pools).filter(|&pool| in_district(pool)) {
            let (now, base) = (&self.places[pool], &self.base_places[pool]);
            for l in 0..LANES {
                all_places[l] += now[l];
                new_places[l] += if base[l] <= 0.0 { now[l] } else { 0.0 };
            }
        }
        if new_places.iter().all(|&places| places <= 0.0) {
            return;
        }
        for (pool, at) in row.enumerate() {
            for l in 0..LANES {
                if new_places[l] > 0.0 {
                    self.entry[at][l] *= 1.0 - new_places[l] / all_places[l];
                    let is_new = in_district(pool) && self.base_places[pool][l] <= 0.0;
                    if is_new {
                        self.entry[at][l] += self.places[pool][l] / all_places[l];
                    }
                }
            }
        }
    }
}
