//! Counts the schools of a stage: pool by pool as ageing and intake leave them, or all of them anew.

use std::ops::Range;

use crate::scenario::Scenario;
use crate::units::Year;
use crate::width::{Real, kept, splat};

use super::layout::{Layout, StageLayout};
use super::state::State;
use super::tail::{REACH, Tail};
use super::tally::{Change, INVERSE_ROOT_2_PI, School, Stock, Sums, Tally, deviations};

impl<R: Real, const W: usize> State<R, W> {
    /// Takes the thresholds of a year, those of all lanes or of one alone where they are the same, and brings them into the form that
    /// cells need.
    #[inline(always)]
    pub fn take_thresholds(
        &mut self,
        (of_all, scenarios): (&[&Scenario], &[&Scenario]),
        year: Year,
    ) {
        let n_grades = self.stage.n_grades();
        self.last_standard[..n_grades].copy_from_slice(&self.thresholds.standard[..n_grades]);
        self.thresholds.take(of_all, self.stage, year);
        self.thresholds.cap(scenarios, self.stage, year);
        self.room_standard = splat(0.0);
        for l in 0..W {
            self.places_of_room[l] = self.thresholds.limit[l] / n_grades as f64;
        }
        for g in 0..n_grades {
            for l in 0..W {
                self.room_standard[l] += self.thresholds.standard[g][l] / n_grades as f64;
            }
        }
        self.sums = Sums::none();
        self.area_pupils.fill(splat(0.0));
        if std::mem::take(&mut self.any_overflow) {
            self.area_overflow.fill(splat(0.0));
        }
        for g in 0..n_grades {
            let (thresholds, grade) = (&self.thresholds, &mut self.grades[g]);
            for l in 0..W {
                grade.standard[l] = R::of(thresholds.standard[g][l]);
                grade.oversized[l] = R::of(thresholds.oversized[g][l] - 0.5);
                grade.super_oversized[l] = R::of(thresholds.super_oversized[g][l] - 0.5);
                grade.sigma[l] = self.sigma[l];
                let reach = R::of(f64::from(REACH)) * self.sigma[l];
                grade.near[l] = reach * reach;
            }
        }
    }

    /// Tallies one grade of a pool's schools, `at` being the grade's place among the pools in the ring.
    #[inline(always)]
    pub fn tally_grade(&mut self, tail: &Tail, cells: Range<usize>, g: usize, at: usize) {
        let grade = self.grades[g];
        let mut tally = Tally::none();
        for cell in cells {
            let (pupils, classes) = (self.pupils[cell], self.classes[cell]);
            tally.add(&grade, &Change::NONE, pupils, &classes, (cell, &mut self.near));
        }
        self.tally = tally;
        self.book_tally(tail, g, at);
    }

    /// Takes what one grade of a pool's schools has come to into the sums of the stage.
    #[inline(always)]
    pub fn book_tally(&mut self, tail: &Tail, g: usize, at: usize) {
        for l in 0..W {
            self.spare[at][l] = self.tally.spare[l].get();
            self.sums.crowding_gap[l] += self.tally.crowding_gap[l].get();
        }
        if self.counts && self.has_spread && !self.counts_late && self.tally.n_near > 0 {
            self.count_oversized(tail, g, self.tally.n_near);
        }
    }

    /// Counts the classes above thresholds in the first `n_near` cells that are near one.
    #[inline(always)]
    fn count_oversized(&mut self, tail: &Tail, g: usize, n_near: usize) {
        let grade = self.grades[g];
        let (mut oversized, mut inside): ([R; W], [R; W]) = (splat(R::ZERO), splat(R::ZERO));
        let mut n_further = 0;
        for k in 0..n_near {
            let cell = self.near[k] as usize;
            let school = School::of(&grade, self.pupils[cell], self.classes[cell]);
            let width = school.width(&grade, &self.limits[cell]);
            let need = school.need(&grade.oversized);
            let z = deviations(&need, &width);
            let upper = school.above(tail, &z, &need, &width);
            let density = tail.density(&z);
            let root = R::of(f64::from(INVERSE_ROOT_2_PI));
            for l in 0..W {
                oversized[l] += school.classes[l] * upper[l];
                let height = if upper[l] > R::ZERO { width[l] * density[l] } else { R::ZERO };
                let here = school.pupils[l] * upper[l] + root * height;
                inside[l] += if here < school.pupils[l] { here } else { school.pupils[l] };
            }
            // What is near the next threshold takes the front of the list, which has been read.
            self.near[n_further] = cell as u32;
            n_further += usize::from(school.any_near(&school.need(&grade.super_oversized)));
        }
        let mut super_oversized: [R; W] = splat(R::ZERO);
        for k in 0..n_further {
            let cell = self.near[k] as usize;
            let school = School::of(&grade, self.pupils[cell], self.classes[cell]);
            let width = school.width(&grade, &self.limits[cell]);
            let need = school.need(&grade.super_oversized);
            let upper = school.above(tail, &deviations(&need, &width), &need, &width);
            for l in 0..W {
                super_oversized[l] += school.classes[l] * upper[l];
            }
        }
        let sums = &mut self.sums;
        for l in 0..W {
            sums.oversized[l] += oversized[l].get();
            sums.super_oversized[l] += super_oversized[l].get();
            sums.pupils_in_oversized[l] += inside[l].get();
        }
    }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Counts the base year: rooms, classes and pupils of every school.
    #[inline(always)]
    pub fn tally_base_year(&mut self, layout: &Layout, places: &StageLayout) {
        self.area_rooms.fill(splat(0.0));
        self.pool_rooms.fill(splat(0.0));
        for (slot, rooms) in places.slots.iter().zip(&self.rooms) {
            let pool = places.catchment.pool_of_area[slot.area];
            for of in [&mut self.area_rooms[slot.area], &mut self.pool_rooms[pool]] {
                for l in 0..W {
                    of[l] += rooms[l].get();
                }
            }
        }
        self.tally_schools(&layout.tail, places);
    }

    /// Counts the year anew where pupils or classes have changed after ageing and intake counted them.
    #[inline(always)]
    pub fn recount(&mut self, tail: &Tail, places: &StageLayout) {
        let counts_late = std::mem::take(&mut self.counts_late);
        if !(std::mem::take(&mut self.is_stale) || counts_late) {
            return;
        }
        if self.counts {
            self.sums = Sums::none();
            self.area_pupils.fill(splat(0.0));
            self.tally_schools(tail, places);
        } else {
            // Places below the standard are looked for when they are needed.
            self.has_moved = true;
        }
    }

    /// Counts every grade of every school as it stands.
    #[inline(always)]
    fn tally_schools(&mut self, tail: &Tail, places: &StageLayout) {
        let (n_slots, n_pools) = (self.n_slots(), places.catchment.n_pools);
        let entry = self.ring(0);
        for pool in 0..n_pools {
            let slots = places.of_pool(pool);
            for g in 0..self.stage.n_grades() {
                let ring = self.ring(g);
                let cells = ring * n_slots + slots.start..ring * n_slots + slots.end;
                self.tally_grade(tail, cells, g, ring * n_pools + pool);
            }
            self.add_upper(entry, slots.clone());
            let mut stock = Stock::new(kept(&self.room_standard));
            for j in slots {
                stock.go_to_area(places.slots[j].area, &mut self.area_pupils);
                let new = &self.pupils[entry * n_slots + j];
                stock.add((new, &self.upper[j]), &self.occupied[j], &self.rooms[j]);
            }
            stock.go_to_area(usize::MAX, &mut self.area_pupils);
            self.book_stock(&stock);
        }
    }

    /// Takes what the schools of a pool come to into the sums of the stage.
    #[inline(always)]
    pub fn book_stock(&mut self, stock: &Stock<R, W>) {
        let sums = &mut self.sums;
        for l in 0..W {
            sums.entrants[l] += stock.entrants[l].get();
            sums.classes[l] += stock.classes[l].get();
            sums.classes_without_room[l] += stock.without_room[l].get();
            sums.empty_seats[l] += stock.empty[l].get();
        }
    }
}
