//! Pupils who must find another school: those of a school that closed, and cohorts that begin above the entry grade.

use crate::numeric::{PUPIL_EPSILON, ceil_count};
use crate::width::Real;

use super::intake::entry_capacity;
use super::layout::StageLayout;
use super::place::{Passes, Scratch};
use super::state::State;
use super::year::Year;

impl<R: Real, const W: usize> State<R, W> {
    /// Places the displaced, grade by grade, and re-forms the classes that receive them.
    pub fn place_displaced(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        scratch: &mut Scratch,
    ) {
        if !self.any_displaced {
            return;
        }
        let n_pools = places.catchment.n_pools;
        for l in 0..at.n_lanes() {
            for g in 1..self.stage.n_grades() {
                let of_grade = &self.displaced[g * n_pools..(g + 1) * n_pools];
                if of_grade.iter().any(|pupils| pupils[l] > PUPIL_EPSILON) {
                    self.place_displaced_grade(places, at, (g, l), scratch);
                }
            }
        }
        self.displaced.fill([0.0; W]);
        self.any_displaced = false;
        self.is_stale = true;
    }

    /// One grade of [`Self::place_displaced`]: room is `(classes + max(0, free − k_t))·L`.
    fn place_displaced_grade(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        (g, l): (usize, usize),
        scratch: &mut Scratch,
    ) {
        let n_grades = self.stage.n_grades();
        scratch.reset(places);
        for j in 0..self.n_slots() {
            let cell = self.cell(g, j);
            scratch.weight[j] = self.weight[j][l];
            scratch.present[j] = self.pupils[cell][l].get();
            scratch.rooms[j] = if self.is_multi_grade(j, l) {
                self.rooms[j][l].get() / n_grades as f64
            } else {
                self.classes[cell][l].get() + self.spare_rooms(j, l, at.year)
            };
        }
        for (pool, left) in scratch.left.iter_mut().enumerate() {
            *left = self.displaced[g * places.catchment.n_pools + pool][l];
        }
        Passes::new(self, places, at, (g, l), scratch).run(false);
        for j in 0..self.n_slots() {
            let placed = scratch.placed[j];
            if placed > 0.0 {
                self.receive(at, (g, l, j), placed, scratch.limit[j]);
            }
        }
        self.book_overflow(places, l, scratch);
        self.recount_pools(at, (g, l));
    }

    /// Pupils of the pools of a grade in one lane, after some have moved.
    pub fn recount_pools(&mut self, at: &Year<'_, W>, (g, l): (usize, usize)) {
        let (ring, grade) = (self.ring(g), self.stage.first_grade() + g);
        let n_pools = self.places.len();
        for pool in 0..n_pools {
            self.pool_pupils[ring * n_pools + pool][l] =
                self.flows.pupils_of((ring, l), at.residents, grade, pool);
        }
    }

    /// Rooms beyond this year's entry capacity.
    fn spare_rooms(&self, j: usize, l: usize, year: f64) -> f64 {
        let (rooms, n_grades) = (self.rooms[j][l].get(), self.stage.n_grades() as f64);
        let free = (rooms - self.occupied[j][l].get()).max(0.0);
        (free - entry_capacity(rooms, self.row[j][l], year, n_grades)).max(0.0)
    }

    /// Adds pupils to a grade of a school and re-forms its classes in its spare rooms.
    fn receive(
        &mut self,
        at: &Year<'_, W>,
        (g, l, j): (usize, usize, usize),
        placed: f64,
        limit: f64,
    ) {
        let cell = self.cell(g, j);
        let spare = if self.is_multi_grade(j, l) { 0.0 } else { self.spare_rooms(j, l, at.year) };
        let pupils = self.pupils[cell][l].get() + placed;
        let open_at = self.thresholds.open_at_uncapped[l].min(limit);
        let had = self.classes[cell][l].get();
        let classes =
            f64::from(ceil_count(pupils / open_at)).clamp(had.max(1.0), (had + spare).max(1.0));
        let relief = self.thresholds.relief[g][l];
        let admitted = limit.max(self.limits[cell][l].get());
        let is_relieved = pupils <= open_at * classes + PUPIL_EPSILON;
        self.pupils[cell][l] = R::of(pupils);
        self.upper[j][l] += R::of(placed);
        self.classes[cell][l] = R::of(classes);
        self.occupied[j][l] += R::of(classes - had);
        self.limits[cell][l] = R::of(if is_relieved { relief } else { admitted });
    }
}
