//! Relief of large classes grade by grade: whole grades are brought to the relief limit, the largest mean first.

use std::ops::Range;

use crate::numeric::{PUPIL_EPSILON, PUPIL_TIE, in_ties};
use crate::width::{Lane, Real, kept};

use super::layout::StageLayout;
use super::state::State;

/// Most classes by which relief may lag behind or run ahead from one year to the next.
const MOST_CARRIED: f64 = 3.0;

/// A grade of a school above the relief limit.
struct Large {
    mean: i64,
    row: usize,
    g: usize,
    slot: usize,
    classes: f64,
}

impl<R: Real, const W: usize> State<R, W> {
    /// Brings grades above the relief limit to it, pool by pool, until the share of their classes that is due this year is done:
    /// one more grade while at least half a class is due, the rest, at most three classes, next year. A grade that cannot be
    /// brought to the limit, because neither rooms nor places of others are left, stays as it is.
    #[inline(always)]
    pub fn relieve_grades(&mut self, places: &StageLayout, share: &Lane<W>, year: f64) {
        let mut large: Vec<Vec<Large>> = (0..W).map(|_| Vec::new()).collect();
        for pool in 0..places.catchment.n_pools {
            self.find_large_grades(places.of_pool(pool), share, &mut large);
            for (l, large) in large.iter_mut().enumerate().filter(|(l, _)| share[*l] > 0.0) {
                self.relieve_pool(places, (pool, l), (share[l], large), year);
            }
        }
    }

    /// Relieves the large grades of a pool in their order, the largest mean first.
    fn relieve_pool(
        &mut self,
        places: &StageLayout,
        (pool, l): (usize, usize),
        (share, large): (f64, &mut [Large]),
        year: f64,
    ) {
        if large.is_empty() {
            self.memory.classes_due[pool][l] = 0.0;
            return;
        }
        large.sort_by_key(|grade| (-grade.mean, grade.row, grade.g));
        let n_classes = crate::numeric::sum(large.iter().map(|grade| grade.classes));
        let mut due = self.memory.classes_due[pool][l] + share * n_classes;
        for Large { g, slot, classes, .. } in large {
            if due < 0.5 {
                break;
            }
            if self.relieve_grade(places, (pool, l), (*g, *slot), year) {
                due -= *classes;
            }
        }
        self.memory.classes_due[pool][l] = due.clamp(-MOST_CARRIED, MOST_CARRIED);
    }

    /// Finds the grades of some schools above the relief limit in the lanes that relieve any.
    #[inline(always)]
    fn find_large_grades(&self, slots: Range<usize>, share: &Lane<W>, large: &mut [Vec<Large>]) {
        large.iter_mut().for_each(Vec::clear);
        for g in 0..self.stage.n_grades() {
            let mut limit: [R; W] = kept(&self.thresholds.relief[g]);
            for l in 0..W {
                limit[l] += R::of(PUPIL_TIE);
                // Nothing is above it where nothing is relieved.
                limit[l] = if share[l] > 0.0 { limit[l] } else { R::of(1e30) };
            }
            for slot in slots.clone() {
                let cell = self.cell(g, slot);
                let (pupils, classes) = (&self.pupils[cell], &self.classes[cell]);
                let mut any = false;
                for l in 0..W {
                    any |= pupils[l] > limit[l] * classes[l];
                }
                if !any {
                    continue;
                }
                for l in 0..W {
                    let (n, c) = (pupils[l].get(), classes[l].get());
                    let is_large =
                        c > 0.0 && n > limit[l].get() * c && !self.is_multi_grade(slot, l);
                    if is_large {
                        let (mean, row) = (in_ties(n / c), self.row[slot][l] as usize);
                        large[l].push(Large { mean, row, g, slot, classes: c });
                    }
                }
            }
        }
    }

    /// Brings a grade to the relief limit: by one class more at a time while the room account of splitting allows it, then by moving
    /// what is above the limit to classes of the grade in the pool that are below the standard. False, and nothing done, where
    /// both do not suffice.
    fn relieve_grade(
        &mut self,
        places: &StageLayout,
        (pool, l): (usize, usize),
        (g, slot): (usize, usize),
        year: f64,
    ) -> bool {
        let (cell, relief) = (self.cell(g, slot), self.thresholds.relief[g][l]);
        let (pupils, classes) = (self.pupils[cell][l].get(), self.classes[cell][l]);
        let above = |classes: R| (pupils - relief * classes.get()).max(0.0);
        while above(self.classes[cell][l]) > PUPIL_TIE
            && self.has_room_until_leaving(slot, l, g, year)
        {
            self.classes[cell][l] += R::ONE;
            self.occupied[slot][l] += R::ONE;
        }
        let excess = above(self.classes[cell][l]);
        if excess > PUPIL_TIE {
            let spare = crate::numeric::sum(
                places.of_pool(pool).map(|other| self.spare_places(other, g, l)),
            );
            if spare < excess + PUPIL_EPSILON {
                self.occupied[slot][l] += classes - self.classes[cell][l];
                self.classes[cell][l] = classes;
                return false;
            }
            for other in places.of_pool(pool) {
                let part = R::of(self.spare_places(other, g, l) * (excess / spare));
                self.add_pupils(g, other, l, part);
            }
            self.add_pupils(g, slot, l, R::of(-excess));
        }
        self.limits[cell][l] = R::of(relief);
        true
    }

    /// Places below the standard in the classes of a grade.
    fn spare_places(&self, slot: usize, g: usize, l: usize) -> f64 {
        let cell = self.cell(g, slot);
        let seats = self.thresholds.standard[g][l] * self.classes[cell][l].get();
        let spare = seats - self.pupils[cell][l].get();
        if spare > 0.0 && !self.is_multi_grade(slot, l) { spare } else { 0.0 }
    }

    fn add_pupils(&mut self, g: usize, slot: usize, l: usize, pupils: R) {
        let cell = self.cell(g, slot);
        self.pupils[cell][l] += pupils;
        if g > 0 {
            self.upper[slot][l] += pupils;
        }
    }
}
