//! Pupils who must find another school: those of a school that closed, and cohorts that begin above the entry grade.

use crate::axes::{MAX_GRADES, N_GRADES};
use crate::numeric::{PUPIL_EPSILON, PUPIL_TIE};
use crate::width::Real;

use super::intake::entry_capacity;
use super::layout::StageLayout;
use super::place::{Passes, Scratch};
use super::state::State;
use super::year::Year;

impl<R: Real, const W: usize> State<R, W> {
    /// Places the displaced, grade by grade from the lowest, and then re-forms the schools that have received somebody.
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
                let of_grade = g * n_pools..(g + 1) * n_pools;
                if self.displaced[of_grade].iter().any(|pupils| pupils[l] > PUPIL_EPSILON) {
                    self.send_where_entrants_go(places, at, (g, l));
                    self.place_displaced_grade(places, at, (g, l), scratch);
                }
            }
            let mut receivers = std::mem::take(&mut self.receivers[l]);
            receivers.sort_unstable();
            receivers.dedup();
            for &slot in &receivers {
                self.re_form(slot, l, at.year);
            }
            receivers.clear();
            self.receivers[l] = receivers;
        }
        self.displaced.fill([0.0; W]);
        self.any_displaced = false;
        self.is_stale = true;
    }

    /// Displaced pupils whose pool has no school left go, column by column, to the pools that this year's entry row of their area
    /// names; where the city has no school of the stage that is *left*.
    fn send_where_entrants_go(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        (g, l): (usize, usize),
    ) {
        let n_pools = places.catchment.n_pools;
        let (ring, grade) = (self.ring(g), self.stage.first_grade() + g);
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
                    let pupils = share * at.residents[area * N_GRADES + grade][l];
                    self.displaced[g * n_pools + column][l] += pupils;
                }
            }
        }
    }

    /// One grade of [`Self::place_displaced`]: a school has room for `(R − k_t)·L` pupils above its entry grade, whatever their
    /// grade.
    fn place_displaced_grade(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        (g, l): (usize, usize),
        scratch: &mut Scratch,
    ) {
        let n_pools = places.catchment.n_pools;
        scratch.resize(places);
        for (pool, left) in scratch.left.iter_mut().enumerate() {
            *left = self.displaced[g * n_pools + pool][l];
        }
        // Schools of other pools are looked at only where somebody finds no place in the own one.
        let is_concerned: Vec<bool> =
            scratch.left.iter().map(|&left| left > PUPIL_EPSILON).collect();
        let all = 0..n_pools;
        let concerned: Vec<usize> = all.clone().filter(|&pool| is_concerned[pool]).collect();
        let others: Vec<usize> = all.clone().filter(|&pool| !is_concerned[pool]).collect();
        self.prepare(places, at, l, &concerned, scratch);
        if Passes::new(self, places, at, (g, l), scratch).run_own() {
            self.take_in(places, (g, l), &concerned, scratch);
        } else {
            self.prepare(places, at, l, &others, scratch);
            Passes::new(self, places, at, (g, l), scratch).run(false);
            self.take_in(places, (g, l), &all.collect::<Vec<usize>>(), scratch);
            self.book_overflow(places, l, scratch);
        }
        self.recount_pools(at, (g, l));
    }

    /// Weights and rooms of the schools of some pools.
    fn prepare(
        &self,
        places: &StageLayout,
        at: &Year<'_, W>,
        l: usize,
        pools: &[usize],
        scratch: &mut Scratch,
    ) {
        for &pool in pools {
            scratch.clear(places.of_pool(pool));
            for j in places.of_pool(pool) {
                scratch.weight[j] = self.weight[j][l];
                scratch.present[j] = self.upper[j][l].get();
                scratch.rooms[j] = self.rooms_above_entry(j, l, at.year);
            }
        }
    }

    /// Takes those who were placed into the schools of some pools.
    fn take_in(
        &mut self,
        places: &StageLayout,
        (g, l): (usize, usize),
        pools: &[usize],
        scratch: &Scratch,
    ) {
        for j in pools.iter().flat_map(|&pool| places.of_pool(pool)) {
            let placed = scratch.placed[j];
            if placed > 0.0 {
                let cell = self.cell(g, j);
                self.pupils[cell][l] += R::of(placed);
                self.upper[j][l] += R::of(placed);
                self.receivers[l].push(j);
            }
        }
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
    fn rooms_above_entry(&self, j: usize, l: usize, year: f64) -> f64 {
        let (rooms, n_grades) = (self.rooms[j][l].get(), self.stage.n_grades() as f64);
        if self.is_multi_grade(j, l) {
            return rooms - rooms / n_grades;
        }
        (rooms - entry_capacity(rooms, self.row[j][l], year, n_grades)).max(0.0)
    }

    /// Forms the classes above the entry grade of a school that has received pupils anew, from those that it had, in the rooms
    /// that are not kept for the entry: the grade with the largest mean gets the next room while that mean is above `open_at`
    /// and rooms last. Where rooms lack, the grade that would stay smallest gives a class up.
    fn re_form(&mut self, j: usize, l: usize, year: f64) {
        let n_grades = self.stage.n_grades();
        let rooms = match self.is_multi_grade(j, l) {
            true => n_grades - 1,
            false => self.rooms_above_entry(j, l, year) as usize,
        };
        let open_at = self.thresholds.open_at_uncapped[l];
        let mut classes = [0_usize; MAX_GRADES];
        let pupils: [f64; MAX_GRADES] = std::array::from_fn(|g| match g {
            1.. if g < n_grades => self.pupils[self.cell(g, j)][l].get(),
            _ => 0.0,
        });
        for g in 1..n_grades {
            let had = self.classes[self.cell(g, j)][l].get() as usize;
            classes[g] = if pupils[g] > PUPIL_EPSILON { had.max(1) } else { 0 };
        }
        let mean = |g: usize, classes: usize| pupils[g] / classes as f64;
        // The first of those that come first; as near as a tie they are equal.
        let first = |before: &dyn Fn(usize, usize) -> bool, among: &dyn Fn(usize) -> bool| {
            (1..n_grades).filter(|&g| among(g)).fold(None, |best: Option<usize>, g| match best {
                Some(best) if !before(g, best) => Some(best),
                _ => Some(g),
            })
        };
        let n_classes = |classes: &[usize; MAX_GRADES]| classes.iter().sum::<usize>();
        while n_classes(&classes) < rooms {
            let is_larger =
                |a: usize, b: usize| mean(a, classes[a]) > mean(b, classes[b]) + PUPIL_TIE;
            let crowded = first(&is_larger, &|g| classes[g] > 0);
            let Some(g) = crowded.filter(|&g| mean(g, classes[g]) > open_at + PUPIL_TIE) else {
                break;
            };
            classes[g] += 1;
        }
        while n_classes(&classes) > rooms {
            let is_smaller =
                |a: usize, b: usize| mean(a, classes[a] - 1) < mean(b, classes[b] - 1) - PUPIL_TIE;
            let Some(g) = first(&is_smaller, &|g| classes[g] > 1) else { break };
            classes[g] -= 1;
        }
        for g in 1..n_grades {
            let cell = self.cell(g, j);
            let change = R::of(classes[g] as f64) - self.classes[cell][l];
            self.classes[cell][l] += change;
            self.occupied[j][l] += change;
            if classes[g] > 0 {
                self.limits[cell][l] = R::of(self.limit_of(g, l, mean(g, classes[g])));
            }
        }
    }

    /// The class limit of a grade that was formed anew: the relief limit where there was room to spare, else the limit in force,
    /// or the ceiling where even that did not hold them.
    fn limit_of(&self, g: usize, l: usize, mean: f64) -> f64 {
        let thresholds = &self.thresholds;
        let ceiling = thresholds.ceiling[g][l];
        let limit = if thresholds.is_capped[l] { thresholds.limit[l] } else { ceiling };
        if mean <= thresholds.open_at_uncapped[l] + PUPIL_TIE {
            thresholds.relief[g][l]
        } else if mean <= limit + PUPIL_TIE {
            limit
        } else {
            ceiling
        }
    }
}
