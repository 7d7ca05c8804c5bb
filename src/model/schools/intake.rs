//! Intake of entrants: water-filling by weight, classes, class limits. Pupils for whom the first pass has no place go through all
//! [passes](super::place).

use std::ops::Range;

use crate::city::has_few_rooms;
use crate::numeric::PUPIL_EPSILON;
use crate::units::Year as CalendarYear;
use crate::width::{Lane, Real, kept, splat};

use super::classes::{Formed, Forming};
use super::layout::StageLayout;
use super::place::{Passes, Scratch};
use super::state::State;
use super::tail::Tail;
use super::tally::{Change, Stock, Tally};
use super::year::Year;

/// Entry capacity `k_t = ⌊(u+1)·R/G⌋ − ⌊u·R/G⌋` rooms with `u = t + i`: any G of them in a row sum to `R`.
#[inline(always)]
pub fn entry_capacity(rooms: f64, row: f64, year: f64, n_grades: f64) -> f64 {
    // Of whole numbers: a hundredth is far more than rounding and far less than 1/G.
    let (u, each) = (year + row, 1.0 / n_grades);
    (((u + 1.0) * rooms) * each + 0.01).floor() - ((u * rooms) * each + 0.01).floor()
}

/// Rooms of a school that may take entrants: in the first pass, and in all. A school with fewer rooms than grades has a share of
/// a room a grade.
#[inline(always)]
pub fn entry_rooms(rooms: f64, occupied: f64, capacity: f64, n_grades: f64) -> (f64, f64) {
    let free = rooms - occupied;
    let free = if free > 0.0 { free } else { 0.0 };
    let is_multi_grade = has_few_rooms(rooms, n_grades);
    let narrow = if free < capacity { free } else { capacity };
    let shared = rooms / n_grades;
    if is_multi_grade { (shared, shared) } else { (narrow, free) }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Admits the entrants of a year and forms their classes.
    #[inline(always)]
    pub fn admit(
        &mut self,
        tail: &Tail,
        places: &StageLayout,
        at: &Year<'_, W>,
        scratch: &mut Scratch,
    ) {
        let (n_pools, n_grades) = (places.catchment.n_pools, self.stage.n_grades());
        let ring = self.ring(0);
        self.take_entrants(at);
        let mut any_left = false;
        for pool in 0..n_pools {
            let slots = places.of_pool(pool);
            let known = &places.entry_capacity;
            let known = known.get(self.year_idx * self.n_slots()..).unwrap_or(&[]);
            self.open_rooms(slots.clone(), known, at.year, n_grades as f64);
            any_left |= self.fill(slots, pool);
        }
        self.rescued = any_left;
        if any_left {
            for pool in 0..n_pools {
                self.place(places.of_pool(pool), pool);
            }
            self.admitted.fill(kept(&self.thresholds.limit));
            for l in 0..at.n_lanes() {
                if self.left.iter().any(|left| left[l] > PUPIL_EPSILON) {
                    self.all_passes(places, at, l, scratch);
                }
            }
        }
        let forming = self.forming(n_grades);
        for pool in 0..n_pools {
            self.form_classes(tail, places, (ring, pool), &forming);
            self.pool_pupils[ring * n_pools + pool] = self.entrants[pool];
        }
    }

    /// This year's entrants of every pool, by the shares of this year.
    #[inline(always)]
    pub fn take_entrants(&mut self, at: &Year<'_, W>) {
        let (ring, grade) = (self.ring(0), self.stage.first_grade());
        self.flows.shares[ring].copy_from_slice(&self.flows.entry);
        self.flows.pupils_of_pools(ring, at.residents, grade, &mut self.entrants);
    }

    /// Shares of this year's entrants, which follow dated flows and places, as places follow the standard. All lanes are made anew where one has
    /// changed: what a lane has then depends on its own numbers alone.
    #[inline(always)]
    pub fn share_entrants(&mut self, places: &StageLayout, at: &Year<'_, W>) {
        let year = at.year as CalendarYear;
        let is_redrawn = self.flows.redraw(&places.catchment, at.scenarios, year);
        if is_redrawn || self.places_changed || self.last_standard[0] != self.thresholds.standard[0]
        {
            self.count_places();
            self.flows.share_entrants(&places.catchment, &self.places, at.n_lanes());
        }
        self.places_changed = false;
    }

    /// Entry places of the pools, `Σ R/G · standard`.
    #[inline(always)]
    fn count_places(&mut self) {
        let n_grades = self.stage.n_grades() as f64;
        for (rooms, places) in self.pool_rooms.iter().zip(&mut self.places) {
            for l in 0..W {
                places[l] = rooms[l] / n_grades * self.thresholds.standard[0][l];
            }
        }
    }

    /// Pass 1 for one pool: fills its schools by weight up to their rooms. Whether anybody is left in some lane.
    #[inline(always)]
    fn fill(&mut self, slots: Range<usize>, pool: usize) -> bool {
        let Level { level, left } =
            self.level_of(slots, &self.entrants[pool], &self.places_of_room);
        self.level[pool] = level;
        self.left[pool] = left;
        let mut any_left = false;
        for l in 0..W {
            any_left |= left[l] > PUPIL_EPSILON;
        }
        any_left
    }

    /// The level λ at which `Σ min(room, λ·weight)` over some schools is the number of pupils `wanted`, 0 where nobody is; a school
    /// has room for `places` times what is open.
    ///
    /// It is found by taking full schools out until no more fill up; it only rises, so it ends at the exact level.
    #[inline(always)]
    pub fn level_of(&self, slots: Range<usize>, wanted: &Lane<W>, places: &Lane<W>) -> Level<W> {
        /// Above every level there is; not infinite, so that a weight of 0 takes nobody.
        const HIGHEST: f64 = 1e300;
        let (wanted, places) = (*wanted, *places);
        // At level 0 only those without room are full.
        let (_, mut weights) = self.full_and_free(slots.clone(), &splat(0.0), &places);
        let mut level: Lane<W> = splat(0.0);
        for l in 0..W {
            level[l] = if weights[l] > 0.0 { wanted[l] / weights[l] } else { HIGHEST };
        }
        let taken = loop {
            let (full, free) = self.full_and_free(slots.clone(), &level, &places);
            let mut rises = false;
            for l in 0..W {
                let next = if free[l] > 0.0 { (wanted[l] - full[l]) / free[l] } else { HIGHEST };
                let fewer = free[l] < weights[l];
                rises |= fewer && next > level[l];
                level[l] = if fewer { next } else { level[l] };
                weights[l] = free[l];
            }
            if !rises {
                break full;
            }
        };
        let mut left: Lane<W> = splat(0.0);
        for l in 0..W {
            level[l] = if wanted[l] > PUPIL_EPSILON { level[l] } else { 0.0 };
            let without_place = wanted[l] - taken[l];
            left[l] = if weights[l] > 0.0 || without_place < 0.0 { 0.0 } else { without_place };
        }
        Level { level, left }
    }

    /// Places of the schools that are full at a level, and weights of those that are not. Without room a school is always full,
    /// without weight never unless it has no room.
    #[inline(always)]
    fn full_and_free(
        &self,
        slots: Range<usize>,
        level: &Lane<W>,
        places: &Lane<W>,
    ) -> (Lane<W>, Lane<W>) {
        let (mut full, mut free): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for j in slots {
            let (open, weight) = (self.open[j], self.weight[j]);
            for l in 0..W {
                let room = open[l].get() * places[l];
                let is_full = room <= level[l] * weight[l];
                full[l] += if is_full { room } else { 0.0 };
                free[l] += if is_full { 0.0 } else { weight[l] };
            }
        }
        (full, free)
    }

    /// Rooms of the first pass times the grades of the stage, and entry capacity, which is `known` of the schools that no event
    /// has touched.
    #[inline(always)]
    fn open_rooms(&mut self, slots: Range<usize>, known: &[f32], year: f64, n_grades: f64) {
        let times = R::of(n_grades);
        for j in slots {
            let (rooms, occupied) = (self.rooms[j], self.occupied[j]);
            let (mut open, mut capacity): ([R; W], [R; W]) = (splat(R::ZERO), splat(R::ZERO));
            if let (true, Some(&known)) = (self.is_untouched[j], known.get(j)) {
                let known = R::of(f64::from(known));
                let is_multi_grade = has_few_rooms(rooms[0].get(), n_grades);
                let (least, most) =
                    if is_multi_grade { (rooms[0], rooms[0]) } else { (R::ZERO, known * times) };
                for l in 0..W {
                    let free = (rooms[l] - occupied[l]) * times;
                    let free = if free > least { free } else { least };
                    open[l] = if free < most { free } else { most };
                }
                capacity = splat(known);
            } else {
                let row = self.row[j];
                for l in 0..W {
                    let (all, occupied) = (rooms[l].get(), occupied[l].get());
                    let k = entry_capacity(all, row[l], year, n_grades);
                    let (narrow, _) = entry_rooms(all, occupied, k, n_grades);
                    // A share of a room times the grades is whole again.
                    open[l] = R::of((narrow * n_grades).round());
                    capacity[l] = R::of(k);
                }
            }
            self.open[j] = open;
            self.capacity[j] = capacity;
        }
    }

    /// Puts the entrants of a pool into its schools at its level.
    #[inline(always)]
    fn place(&mut self, slots: Range<usize>, pool: usize) {
        for j in slots {
            self.placed[j] = self.share_of_school(j, &self.level[pool]);
        }
    }

    /// What a school takes at a level of the first pass.
    #[inline(always)]
    fn share_of_school(&self, j: usize, level: &Lane<W>) -> Lane<W> {
        let (open, weight, places) = (self.open[j], self.weight[j], &self.places_of_room);
        let mut placed: Lane<W> = splat(0.0);
        for l in 0..W {
            let (by_weight, room) = (level[l] * weight[l], open[l].get() * places[l]);
            placed[l] = if by_weight < room { by_weight } else { room };
        }
        placed
    }

    /// All passes for the entrants of one lane.
    fn all_passes(
        &mut self,
        places: &StageLayout,
        at: &Year<'_, W>,
        l: usize,
        scratch: &mut Scratch,
    ) {
        let n_grades = self.stage.n_grades() as f64;
        scratch.reset(places);
        for j in 0..self.n_slots() {
            let (rooms, occupied) = (self.rooms[j][l].get(), self.occupied[j][l].get());
            let k = self.capacity[j][l].get();
            (scratch.rooms[j], scratch.wider[j]) = entry_rooms(rooms, occupied, k, n_grades);
            scratch.weight[j] = self.weight[j][l];
        }
        for (left, entrants) in scratch.left.iter_mut().zip(&self.entrants) {
            *left = entrants[l];
        }
        let mut passes = Passes::new(self, places, at, (0, l), scratch);
        passes.run(true);
        for j in 0..self.n_slots() {
            self.placed[j][l] = scratch.placed[j];
            self.admitted[j][l] = R::of(scratch.limit[j]);
        }
        self.book_overflow(places, l, scratch);
        let (ring, grade) = (self.ring(0), self.stage.first_grade());
        for pool in 0..places.catchment.n_pools {
            self.entrants[pool][l] = self.flows.pupils_of((ring, l), at.residents, grade, pool);
        }
    }

    /// Books the pupils above the ceiling where their school stands.
    pub fn book_overflow(&mut self, places: &StageLayout, l: usize, scratch: &Scratch) {
        for (slot, &overflow) in places.slots.iter().zip(&scratch.overflow) {
            if overflow > 0.0 {
                self.area_overflow[slot.area][l] += overflow;
                self.any_overflow = true;
            }
        }
    }

    /// What forming classes needs of the year.
    #[inline(always)]
    fn forming(&self, n_grades: usize) -> Forming<R, W> {
        let thresholds = &self.thresholds;
        let (mut each_open, mut each_limit): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for l in 0..W {
            each_open[l] = 1.0 / thresholds.open_at[l];
            each_limit[l] = 1.0 / thresholds.limit[l];
        }
        Forming {
            each_open,
            each_limit,
            relief: kept(&thresholds.relief[0]),
            limit: kept(&thresholds.limit),
            n_grades: R::of(n_grades as f64),
        }
    }

    /// Forms the classes of a pool's entrants, and counts its schools as they stand then.
    #[inline(always)]
    fn form_classes(
        &mut self,
        tail: &Tail,
        places: &StageLayout,
        (ring, pool): (usize, usize),
        forming: &Forming<R, W>,
    ) {
        let (level, grade) = (self.level[pool], self.grades[0]);
        let entry = ring * self.n_slots();
        let mut tally = Tally::none();
        let mut stock = Stock::new(kept(&self.room_standard));
        for j in places.of_pool(pool) {
            let placed =
                if self.rescued { self.placed[j] } else { self.share_of_school(j, &level) };
            let admitted = if self.rescued { self.admitted[j] } else { forming.limit };
            let (rooms, mut occupied, upper) = (self.rooms[j], self.occupied[j], self.upper[j]);
            let Formed { pupils, classes, limits } =
                forming.classes(&placed, (&rooms, &occupied, &self.capacity[j]), &admitted);
            for l in 0..W {
                occupied[l] += classes[l];
            }
            let cell = entry + j;
            self.pupils[cell] = pupils;
            self.classes[cell] = classes;
            self.limits[cell] = limits;
            self.occupied[j] = occupied;
            tally.add(&grade, &Change::NONE, pupils, &classes, (cell, &mut self.near));
            stock.go_to_area(places.slots[j].area, &mut self.area_pupils);
            stock.add((&pupils, &upper), &occupied, &rooms);
        }
        stock.go_to_area(usize::MAX, &mut self.area_pupils);
        self.tally = tally;
        self.book_tally(tail, 0, ring * places.catchment.n_pools + pool);
        self.book_stock(&stock);
    }
}

/// The level of some schools at which pupils are placed by weight, and the pupils for whom they have no place.
pub struct Level<const W: usize> {
    pub level: Lane<W>,
    pub left: Lane<W>,
}
