//! The first act of a school year: every grade moves up with its classes, and its pupils follow their cohort.

use std::ops::Range;

use crate::numeric::PUPIL_EPSILON;
use crate::width::{Lane, Real, kept, splat};

use super::layout::StageLayout;
use super::state::State;
use super::tail::Tail;
use super::tally::{Change, Tally};

impl<R: Real, const W: usize> State<R, W> {
    /// Moves every grade up and scales or fills it to the pupils of its pool this year.
    ///
    /// `f ≤ 1`: every school of the pool shrinks alike. `f > 1`: newcomers (插班) fill places below the standard in
    /// that grade, then below the class limit, then below the ceiling, each time in proportion to these places, then
    /// in proportion to pupils. Where no school of the pool has the grade, newcomers are placed with those who move.
    #[inline(always)]
    pub fn age(&mut self, tail: &Tail, places: &StageLayout, residents: &[Lane<W>]) {
        let n_grades = self.stage.n_grades();
        let (n_slots, n_pools) = (self.n_slots(), places.catchment.n_pools);
        let entry = self.ring(0);
        for g in 1..n_grades {
            let (ring, grade) = (self.ring(g), self.stage.first_grade() + g);
            let pools = &mut self.cohorts[g * n_pools..(g + 1) * n_pools];
            self.flows.pupils_of_pools(ring, residents, grade, pools);
        }
        // Pool by pool, so that what is aged is counted while it lies near the processor.
        for pool in 0..n_pools {
            let slots = places.of_pool(pool);
            self.graduate(entry * n_slots, slots.clone());
            for g in 1..n_grades {
                let ring = self.ring(g);
                let cells = ring * n_slots + slots.start..ring * n_slots + slots.end;
                let now = self.cohorts[g * n_pools + pool];
                let before = std::mem::replace(&mut self.pool_pupils[ring * n_pools + pool], now);
                let cohort = Cohort::of(&before, &now);
                if cohort.any_odd {
                    self.begin_or_end(&cells, g * n_pools + pool, &before, &now);
                }
                self.follow_cohort(tail, cells, (g, ring * n_pools + pool), cohort, &now);
            }
            self.add_upper(entry, slots);
        }
        self.has_moved = false;
    }

    /// The last grade leaves; its place in the ring is that of this year's entrants.
    #[inline(always)]
    fn graduate(&mut self, ring: usize, slots: Range<usize>) {
        for j in slots {
            let cell = ring + j;
            let (mut occupied, leaving) = (self.occupied[j], self.classes[cell]);
            for l in 0..W {
                occupied[l] -= leaving[l];
            }
            self.occupied[j] = occupied;
        }
    }

    /// Cohorts that begin above the entry grade are placed with those who move; classes of those that end are closed.
    fn begin_or_end(&mut self, cells: &Range<usize>, at: usize, before: &Lane<W>, now: &Lane<W>) {
        for l in 0..W {
            if before[l] <= PUPIL_EPSILON {
                if now[l] > PUPIL_EPSILON {
                    self.displaced[at][l] += now[l];
                    self.any_displaced = true;
                }
            } else if now[l] < before[l] * PUPIL_EPSILON {
                let n_slots = self.n_slots();
                for cell in cells.clone() {
                    if self.pupils[cell][l].get() * (now[l] / before[l]) <= PUPIL_EPSILON {
                        self.occupied[cell % n_slots][l] -= self.classes[cell][l];
                        self.classes[cell][l] = R::ZERO;
                    }
                }
            }
        }
    }

    /// Brings one grade of one pool to the pupils of its cohort `now`, and tallies it.
    #[inline(always)]
    fn follow_cohort(
        &mut self,
        tail: &Tail,
        cells: Range<usize>,
        (g, at): (usize, usize),
        cohort: Cohort<W>,
        now: &Lane<W>,
    ) {
        let Cohort { factor, mut newcomers, any_growth, any_change, .. } = cohort;
        if !any_change {
            self.spare[at] = splat(0.0);
            return;
        }
        let grade = self.grades[g];
        let mut share: Lane<W> = splat(0.0);
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
        let change = Change { factor: kept(&factor), share: kept(&share) };
        let mut tally = Tally::none();
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
    fn crowd(&mut self, cells: Range<usize>, g: usize, now: &Lane<W>, newcomers: Lane<W>) {
        let mut newcomers = newcomers;
        let ceiling: [R; W] = kept(&self.thresholds.ceiling[g]);
        for tier in 0..2 {
            let level =
                |limits: &[[R; W]], cell: usize| if tier == 0 { limits[cell] } else { ceiling };
            let share = share_of_places(&self.places_below(&cells, level), &mut newcomers);
            let share: [R; W] = kept(&share);
            for cell in cells.clone() {
                let level = level(&self.limits, cell);
                let (mut pupils, classes) = (self.pupils[cell], self.classes[cell]);
                for l in 0..W {
                    let gap = level[l] * classes[l] - pupils[l];
                    pupils[l] += if gap > R::ZERO { gap * share[l] } else { R::ZERO };
                }
                self.pupils[cell] = pupils;
            }
        }
        let mut growth: Lane<W> = splat(1.0);
        for l in 0..W {
            let filled = now[l] - newcomers[l];
            growth[l] = if newcomers[l] > 0.0 { 1.0 + newcomers[l] / filled } else { 1.0 };
        }
        let growth: [R; W] = kept(&growth);
        for cell in cells {
            let mut pupils = self.pupils[cell];
            for l in 0..W {
                pupils[l] *= growth[l];
            }
            self.pupils[cell] = pupils;
        }
    }

    /// Places below a level.
    #[inline(always)]
    fn places_below(
        &self,
        cells: &Range<usize>,
        level: impl Fn(&[[R; W]], usize) -> [R; W],
    ) -> Lane<W> {
        let mut total: [R; W] = splat(R::ZERO);
        for cell in cells.clone() {
            let level = level(&self.limits, cell);
            let (pupils, classes) = (self.pupils[cell], self.classes[cell]);
            for l in 0..W {
                let gap = level[l] * classes[l] - pupils[l];
                total[l] += if gap > R::ZERO { gap } else { R::ZERO };
            }
        }
        total.map(R::get)
    }

    /// Adds up some schools' pupils above the entry grade, whose place in the ring is `entry`.
    #[inline(always)]
    pub fn add_upper(&mut self, entry: usize, slots: Range<usize>) {
        let (n_grades, n_slots) = (self.stage.n_grades(), self.n_slots());
        for j in slots {
            let mut upper: [R; W] = splat(R::ZERO);
            for rings in [0..entry, entry + 1..n_grades] {
                for ring in rings {
                    let pupils = self.pupils[ring * n_slots + j];
                    for l in 0..W {
                        upper[l] += pupils[l];
                    }
                }
            }
            self.upper[j] = upper;
        }
    }
}

/// How the pupils of a pool's grade change.
struct Cohort<const W: usize> {
    /// Ratio where they become fewer.
    factor: Lane<W>,
    newcomers: Lane<W>,
    any_growth: bool,
    any_change: bool,
    /// Whether some lane has a cohort that begins or ends above the entry grade.
    any_odd: bool,
}

impl<const W: usize> Cohort<W> {
    #[inline(always)]
    fn of(before: &Lane<W>, now: &Lane<W>) -> Self {
        let (before, now) = (*before, *now);
        let (mut factor, mut newcomers): (Lane<W>, Lane<W>) = (splat(1.0), splat(0.0));
        let mut is_odd: Lane<W> = splat(0.0);
        for l in 0..W {
            let there = before[l] > PUPIL_EPSILON;
            let shrinks = there & (now[l] <= before[l]);
            let ratio = now[l] / before[l];
            factor[l] = if shrinks { ratio } else { 1.0 };
            let more = now[l] - before[l];
            newcomers[l] = if there & !shrinks { more } else { 0.0 };
            let begins = !there & (now[l] > PUPIL_EPSILON);
            let ends = there & (now[l] < before[l] * PUPIL_EPSILON);
            is_odd[l] = if begins | ends { 1.0 } else { 0.0 };
        }
        let (mut any_growth, mut any_change, mut any_odd) = (false, false, false);
        for l in 0..W {
            any_growth |= newcomers[l] > 0.0;
            any_change |= before[l] > PUPIL_EPSILON;
            any_odd |= is_odd[l] > 0.0;
        }
        Cohort { factor, newcomers, any_growth, any_change, any_odd }
    }
}

/// Share of some places that newcomers take; who finds none stays in `newcomers`.
#[inline(always)]
fn share_of_places<const W: usize>(total: &Lane<W>, newcomers: &mut Lane<W>) -> Lane<W> {
    let (total, wanted) = (*total, *newcomers);
    let (mut share, mut left): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
    for l in 0..W {
        let taken = if wanted[l] < total[l] { wanted[l] } else { total[l] };
        let part = taken / total[l];
        let some = (wanted[l] > 0.0) & (total[l] > 0.0);
        share[l] = if some { part } else { 0.0 };
        left[l] = wanted[l] - if some { taken } else { 0.0 };
    }
    *newcomers = left;
    share
}
