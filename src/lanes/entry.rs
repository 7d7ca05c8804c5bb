//! Ageing in lanes, and the shares in which a year's entrants attend: see [`schools`](crate::schools) for the rules.

use crate::axes::N_GRADES;
use crate::demand::attendance::most_of;
use crate::numeric::PUPIL_EPSILON;
use crate::scenario::Scenario;

use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::tail::Tail;
use super::tally::Tally;
use super::{LANES, Lane, Lane32, rounded, splat, splat32};

impl State {
    /// Pupils of every pool in a grade, `Σ_a A[a → pool]·N[a]`, into `entrants`.
    #[inline(always)]
    pub fn pupils_of_pools(
        &mut self,
        ring: usize,
        residents: &[Lane],
        grade: usize,
        n_pools: usize,
    ) {
        let (shares, pairs) = (&self.shares[ring], &self.pairs);
        for column in 0..n_pools {
            let mut pool = splat(0.0);
            for &at in pairs.of_column(column) {
                let share = shares[at as usize];
                let pupils = residents[pairs.at(at as usize).area() * N_GRADES + grade];
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
            state.pupils_of_pools(ring, residents, grade, n_pools);
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
        let n_pools = places.n_pools;
        let mut most_of_city = [None; LANES];
        for area in 0..layout.city.areas.len() {
            let near = places.near.of(layout.city.pool_of_area[places.stage.idx()][area]);
            let mut total = splat(0.0);
            for &at in self.pairs.of_area(area) {
                let (column, at) = (self.pairs.at(at as usize).column(), at as usize);
                let mut shares = splat(0.0);
                if column < n_pools {
                    let (base, there) = (&self.base_shares[at], &self.base_places[column]);
                    let now = &self.places[column];
                    for l in 0..LANES {
                        let some = base[l] > 0.0 && there[l] > 0.0;
                        shares[l] = if some { base[l] * now[l] / there[l] } else { 0.0 };
                        total[l] += shares[l];
                    }
                }
                self.entry[at] = shares;
            }
            for &at in self.pairs.of_area(area) {
                let shares = &mut self.entry[at as usize];
                for l in 0..LANES {
                    shares[l] = if total[l] > 0.0 { shares[l] / total[l] } else { shares[l] };
                }
            }
            for l in 0..LANES.min(scenarios.len()) {
                if total[l] <= 0.0 {
                    self.share_empty_row(near, area, l, &mut most_of_city[l]);
                }
            }
            self.admit_new_pools(near, area);
        }
    }

    /// A row all of whose pools have no places goes to the pool with most places `near` it, then in the city; the latter is
    /// looked for once.
    fn share_empty_row(
        &mut self,
        near: &[usize],
        area: usize,
        l: usize,
        most_of_city: &mut Option<usize>,
    ) {
        let (n_pools, places) = (self.places.len(), &self.places);
        let places_of = |pool: usize| places[pool][l];
        let column = most_of(near.iter().copied(), places_of).unwrap_or_else(|| {
            *most_of_city.get_or_insert_with(|| most_of(0..n_pools, places_of).unwrap_or(n_pools))
        });
        for &at in self.pairs.of_area(area) {
            self.entry[at as usize][l] = 0.0;
        }
        let at = self.use_pair(area, column);
        self.entry[at][l] = 1.0;
        self.any_left |= column == n_pools;
    }

    /// Pools without base places take a share in proportion to the places `near` the area, in its own district.
    #[inline(always)]
    fn admit_new_pools(&mut self, near: &[usize], area: usize) {
        let (mut new_places, mut all_places) = (splat(0.0), splat(0.0));
        for &pool in near {
            let (now, base) = (&self.places[pool], &self.base_places[pool]);
            for l in 0..LANES {
                all_places[l] += now[l];
                new_places[l] += if base[l] <= 0.0 { now[l] } else { 0.0 };
            }
        }
        if new_places.iter().all(|&places| places <= 0.0) {
            return;
        }
        for &at in self.pairs.of_area(area) {
            let is_pool = self.pairs.at(at as usize).column() < self.places.len();
            let shares = &mut self.entry[at as usize];
            for l in 0..LANES {
                let old = if is_pool && new_places[l] > 0.0 {
                    1.0 - new_places[l] / all_places[l]
                } else {
                    1.0
                };
                shares[l] *= old;
            }
        }
        for &pool in near {
            let (now, base) = (self.places[pool], self.base_places[pool]);
            let is_new = |l: usize| base[l] <= 0.0 && now[l] > 0.0;
            if (0..LANES).any(is_new) {
                let at = self.use_pair(area, pool);
                for l in (0..LANES).filter(|&l| is_new(l)) {
                    self.entry[at][l] += now[l] / all_places[l];
                }
            }
        }
    }
}
