//! Pupils who must find another school: those of a school that closed, and cohorts that begin above the entry grade.

use std::ops::Range;

use crate::axes::MAX_GRADES;
use crate::city::has_few_rooms;
use crate::numeric::{PUPIL_EPSILON, PUPIL_TIE};
use crate::width::{Lane, Real, splat};

use super::intake::entry_capacity;
use super::layout::StageLayout;
use super::place::{Passes, Scratch};
use super::state::State;
use super::year::Year;

impl<R: Real, const W: usize> State<R, W> {
    /// Places the displaced, grade by grade from the lowest, and then re-forms the schools that have received somebody.
    #[inline(always)]
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
        for g in 1..self.stage.n_grades() {
            let of_grade = &self.displaced[g * n_pools..(g + 1) * n_pools];
            if of_grade.iter().any(any_pupils) {
                self.send_where_entrants_go(places, at, g);
                self.place_displaced_grade(places, at, g, scratch);
            }
        }
        for j in 0..self.n_slots() {
            if self.received[j].contains(&true) {
                self.re_form(j, at.year);
            }
        }
        self.received.fill(splat(false));
        self.displaced.fill(splat(0.0));
        self.any_displaced = false;
        self.is_stale = true;
    }

    /// Displaced pupils whose pool has no school left go, column by column, to the pools that this year's entry row of their area
    /// names; where the city has no school of the stage that is *left*.
    fn send_where_entrants_go(&mut self, places: &StageLayout, at: &Year<'_, W>, g: usize) {
        let n_pools = places.catchment.n_pools;
        let (ring, grade) = (self.ring(g), self.stage.first_grade() + g);
        let n_grades = self.stage.stages().n_grades();
        for l in 0..at.n_lanes() {
            let mut any_sent = false;
            for pool in 0..n_pools {
                let gone = self.displaced[g * n_pools + pool][l];
                if gone <= PUPIL_EPSILON || self.places[pool][l] > 0.0 {
                    continue;
                }
                let in_pool = self.flows.pupils_of((ring, l), at.residents, grade, pool);
                let part = if in_pool > 0.0 { (gone / in_pool).min(1.0) } else { 0.0 };
                let sent = self.flows.follow_entrants((ring, l), pool, part);
                self.displaced[g * n_pools + pool][l] = 0.0;
                for (area, column, share) in sent {
                    if column < n_pools {
                        let pupils = share * at.residents[area * n_grades + grade][l];
                        self.displaced[g * n_pools + column][l] += pupils;
                    }
                }
                any_sent = true;
            }
            if any_sent {
                self.recount_pools(at, (g, l));
            }
        }
    }

    /// One grade of [`Self::place_displaced`]: a school has room for `(R − k_t)·L` pupils above its entry grade, whatever their
    /// grade. Lanes in which the own pools hold everybody are done with the first pass, all at once.
    #[inline(always)]
    fn place_displaced_grade(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        g: usize,
        scratch: &mut Scratch,
    ) {
        let n_pools = places.catchment.n_pools;
        let mut goes_on = [false; W];
        for pool in 0..n_pools {
            let wanted = self.displaced[g * n_pools + pool];
            if any_pupils(&wanted) {
                self.find_places(places.of_pool(pool), g, at.year);
                let level = self.level_of(places.of_pool(pool), &wanted, &splat(1.0));
                self.level[pool] = level.level;
                for l in 0..W {
                    goes_on[l] |= level.left[l] > PUPIL_EPSILON;
                }
            }
        }
        for pool in 0..n_pools {
            if any_pupils(&self.displaced[g * n_pools + pool]) {
                self.take_in(places.of_pool(pool), (g, pool), &goes_on);
            }
        }
        for l in (0..at.n_lanes()).filter(|&l| goes_on[l]) {
            self.place_by_passes(places, at, (g, l), scratch);
        }
    }

    /// Finds the places that the schools of a pool have above their entry grade: `open` until the entrants come.
    #[inline(always)]
    fn find_places(&mut self, slots: Range<usize>, g: usize, year: f64) {
        let mut limit: Lane<W> = splat(0.0);
        for l in 0..W {
            limit[l] = self.thresholds.limit_of(g, l);
        }
        for j in slots {
            let (rooms, upper) = (self.rooms_above_entry(j, year), self.upper[j]);
            let open = &mut self.open[j];
            for l in 0..W {
                let free = rooms[l] * limit[l] - upper[l].get();
                open[l] = R::of(if free > 0.0 { free } else { 0.0 });
            }
        }
    }

    /// Takes the displaced into the schools of their pool, whose places are `open`, in the lanes that do not go on.
    #[inline(always)]
    fn take_in(&mut self, slots: Range<usize>, (g, pool): (usize, usize), goes_on: &[bool; W]) {
        let wanted = self.displaced[g * self.places.len() + pool];
        let mut level = self.level[pool];
        for l in 0..W {
            let takes = wanted[l] > PUPIL_EPSILON && !goes_on[l];
            level[l] = if takes { level[l] } else { 0.0 };
        }
        for j in slots {
            let cell = self.cell(g, j);
            let (open, weight) = (self.open[j], self.weight[j]);
            let (pupils, upper) = (&mut self.pupils[cell], &mut self.upper[j]);
            let received = &mut self.received[j];
            for l in 0..W {
                let by_weight = level[l] * weight[l];
                let room = open[l].get();
                let placed = if by_weight < room { by_weight } else { room };
                pupils[l] += R::of(placed);
                upper[l] += R::of(placed);
                received[l] |= placed > 0.0;
            }
        }
    }

    /// All passes for the displaced of one grade and lane.
    fn place_by_passes(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        (g, l): (usize, usize),
        scratch: &mut Scratch,
    ) {
        let n_pools = places.catchment.n_pools;
        scratch.reset(places);
        for (pool, left) in scratch.left.iter_mut().enumerate() {
            *left = self.displaced[g * n_pools + pool][l];
        }
        for j in 0..self.n_slots() {
            scratch.weight[j] = self.weight[j][l];
            scratch.present[j] = self.upper[j][l].get();
            scratch.rooms[j] = self.rooms_above_entry(j, at.year)[l];
        }
        Passes::new(self, places, at, (g, l), scratch).run(false);
        for j in 0..self.n_slots() {
            let placed = scratch.placed[j];
            if placed > 0.0 {
                let cell = self.cell(g, j);
                self.pupils[cell][l] += R::of(placed);
                self.upper[j][l] += R::of(placed);
                self.received[j][l] = true;
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

    /// Rooms that are not kept for this year's entry, `R − k_t`; of a school with fewer rooms than grades its share of them.
    #[inline(always)]
    fn rooms_above_entry(&self, j: usize, year: f64) -> Lane<W> {
        let (rooms, row, n_grades) = (&self.rooms[j], &self.row[j], self.stage.n_grades() as f64);
        let mut above: Lane<W> = splat(0.0);
        for l in 0..W {
            let rooms = rooms[l].get();
            let kept = rooms - entry_capacity(rooms, row[l], year, n_grades);
            let kept = if kept > 0.0 { kept } else { 0.0 };
            let is_multi_grade = has_few_rooms(rooms, n_grades);
            above[l] = if is_multi_grade { rooms - rooms / n_grades } else { kept };
        }
        above
    }

    /// Forms the classes above the entry grade of a school that has received pupils anew, from those that it had, in the rooms
    /// that are not kept for the entry: the grade with the largest mean gets the next room while that mean is above `open_at`
    /// and rooms last. Where rooms lack, the grade that would stay smallest gives a class up.
    #[inline(always)]
    fn re_form(&mut self, j: usize, year: f64) {
        let n_grades = self.stage.n_grades();
        let mut rooms = self.rooms_above_entry(j, year);
        for l in 0..W {
            let of_grades = (n_grades - 1) as f64;
            rooms[l] = if self.is_multi_grade(j, l) { of_grades } else { rooms[l].floor() };
        }
        let mut grades =
            Grades { pupils: [splat(0.0); MAX_GRADES], classes: [splat(0.0); MAX_GRADES] };
        for g in 1..n_grades {
            let cell = self.cell(g, j);
            let (pupils, classes) = (&self.pupils[cell], &self.classes[cell]);
            for l in 0..W {
                let (n, had) = (pupils[l].get(), classes[l].get());
                let classes = if had > 1.0 { had } else { 1.0 };
                grades.pupils[g][l] = n;
                grades.classes[g][l] = if n > PUPIL_EPSILON { classes } else { 0.0 };
            }
        }
        let received = self.received[j];
        grades.open(n_grades, &received, &rooms, &self.thresholds.open_at_uncapped);
        grades.give_up(n_grades, &received, &rooms);
        for g in 1..n_grades {
            let cell = self.cell(g, j);
            let limits = self.limits_of(g, &grades);
            let (pupils, classes) = (&grades.pupils[g], &grades.classes[g]);
            for l in 0..W {
                let change = R::of(classes[l]) - self.classes[cell][l];
                let change = if received[l] { change } else { R::ZERO };
                self.classes[cell][l] += change;
                self.occupied[j][l] += change;
                let is_formed = received[l] && pupils[l] > PUPIL_EPSILON;
                let limit = &mut self.limits[cell][l];
                *limit = if is_formed { R::of(limits[l]) } else { *limit };
            }
        }
    }

    /// The class limit of a grade that was formed anew: the relief limit where there was room to spare, else the limit in force,
    /// or the ceiling where even that did not hold them.
    #[inline(always)]
    fn limits_of(&self, g: usize, grades: &Grades<W>) -> Lane<W> {
        let (thresholds, mut limits) = (&self.thresholds, splat(0.0));
        let (pupils, classes) = (&grades.pupils[g], &grades.classes[g]);
        for l in 0..W {
            let (relief, ceiling) = (thresholds.relief[g][l], thresholds.ceiling[g][l]);
            let limit = thresholds.limit_of(g, l);
            let holds = |limit: f64| pupils[l] <= (limit + PUPIL_TIE) * classes[l];
            let in_force = if holds(limit) { limit } else { ceiling };
            limits[l] = if holds(thresholds.open_at_uncapped[l]) { relief } else { in_force };
        }
        limits
    }
}

/// Whether there is anybody in some lane.
#[inline(always)]
fn any_pupils<const W: usize>(pupils: &Lane<W>) -> bool {
    let mut any = false;
    for l in 0..W {
        any |= pupils[l] > PUPIL_EPSILON;
    }
    any
}

/// The grades of a school above its entry grade, while their classes are formed.
struct Grades<const W: usize> {
    pupils: [Lane<W>; MAX_GRADES],
    classes: [Lane<W>; MAX_GRADES],
}

impl<const W: usize> Grades<W> {
    /// The grade with the largest mean gets a class while that mean is above `open_at` and rooms last; as near as a tie the first.
    #[inline(always)]
    fn open(&mut self, n_grades: usize, received: &[bool; W], rooms: &Lane<W>, open_at: &Lane<W>) {
        loop {
            let total = self.total(n_grades);
            let (mut largest, mut at): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
            let mut goes_on = [false; W];
            for l in 0..W {
                goes_on[l] = received[l] && total[l] < rooms[l];
            }
            if !goes_on.contains(&true) {
                return;
            }
            for g in 1..n_grades {
                let (pupils, classes) = (&self.pupils[g], &self.classes[g]);
                for l in 0..W {
                    let mean = if classes[l] > 0.0 { pupils[l] / classes[l] } else { 0.0 };
                    let is_larger = mean > 0.0 && (at[l] <= 0.0 || mean > largest[l] + PUPIL_TIE);
                    largest[l] = if is_larger { mean } else { largest[l] };
                    at[l] = if is_larger { g as f64 } else { at[l] };
                }
            }
            for l in 0..W {
                goes_on[l] &= largest[l] > open_at[l] + PUPIL_TIE;
            }
            if !self.change(n_grades, &goes_on, &at, 1.0) {
                return;
            }
        }
    }

    /// The grade that would stay smallest gives a class up while rooms lack; as near as a tie the first.
    #[inline(always)]
    fn give_up(&mut self, n_grades: usize, received: &[bool; W], rooms: &Lane<W>) {
        loop {
            let total = self.total(n_grades);
            let (mut smallest, mut at): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
            let mut goes_on = [false; W];
            for l in 0..W {
                goes_on[l] = received[l] && total[l] > rooms[l];
            }
            if !goes_on.contains(&true) {
                return;
            }
            for g in 1..n_grades {
                let (pupils, classes) = (&self.pupils[g], &self.classes[g]);
                for l in 0..W {
                    let mean = if classes[l] > 1.0 { pupils[l] / (classes[l] - 1.0) } else { 0.0 };
                    let is_smaller = mean > 0.0 && (at[l] <= 0.0 || mean < smallest[l] - PUPIL_TIE);
                    smallest[l] = if is_smaller { mean } else { smallest[l] };
                    at[l] = if is_smaller { g as f64 } else { at[l] };
                }
            }
            for l in 0..W {
                goes_on[l] &= at[l] > 0.0;
            }
            if !self.change(n_grades, &goes_on, &at, -1.0) {
                return;
            }
        }
    }

    /// Classes of all grades.
    #[inline(always)]
    fn total(&self, n_grades: usize) -> Lane<W> {
        let mut total: Lane<W> = splat(0.0);
        for classes in &self.classes[1..n_grades] {
            for l in 0..W {
                total[l] += classes[l];
            }
        }
        total
    }

    /// Gives the grade `at` of some lanes a class more or less; whether any.
    #[inline(always)]
    fn change(&mut self, n_grades: usize, goes_on: &[bool; W], at: &Lane<W>, by: f64) -> bool {
        if !goes_on.contains(&true) {
            return false;
        }
        for g in 1..n_grades {
            for l in 0..W {
                let is_it = goes_on[l] && at[l] == g as f64;
                self.classes[g][l] += if is_it { by } else { 0.0 };
            }
        }
        true
    }
}
