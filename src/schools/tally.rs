//! One grade of a pool's schools: how its pupils change, and the classes above thresholds.

use std::ops::Range;

use crate::width::{Lane, Real, kept, splat};

use super::age::Change;
use super::layout::{Layout, StageLayout};
use super::state::State;
use super::tail::{REACH, Tail};
use super::thresholds::Thresholds;

/// Thresholds of one grade as the cells need them.
#[derive(Debug, Clone, Copy)]
pub struct Grade<R, const W: usize> {
    pub standard: [R; W],
    /// Half a child below the thresholds of oversized and super-oversized classes.
    oversized: [R; W],
    super_oversized: [R; W],
    sigma: [R; W],
    /// `(REACH·σ)²`
    near: [R; W],
}

impl<R: Real, const W: usize> Grade<R, W> {
    /// No thresholds yet.
    pub fn none() -> Self {
        let none = splat(R::ZERO);
        Grade { standard: none, oversized: none, super_oversized: none, sigma: none, near: none }
    }
}

impl<R: Real, const W: usize> State<R, W> {
    /// Brings the thresholds of a year into the form that cells need.
    #[inline(always)]
    pub fn take_thresholds(&mut self, thresholds: Thresholds<W>, n_grades: usize) {
        self.last_standard = self.thresholds.standard;
        self.thresholds = thresholds;
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
        if self.counts && !self.counts_late && self.tally.n_near > 0 {
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

/// Sums over one grade of a pool's schools.
#[derive(Debug, Clone, Copy)]
pub struct Tally<R, const W: usize> {
    crowding_gap: [R; W],
    /// Places up to the standard.
    spare: [R; W],
    /// Cells that some lane has near a threshold: so many at the front of the list.
    n_near: usize,
}

impl<R: Real, const W: usize> Tally<R, W> {
    /// Nothing yet.
    #[inline(always)]
    pub fn none() -> Self {
        Tally { crowding_gap: splat(R::ZERO), spare: splat(R::ZERO), n_near: 0 }
    }
}

impl<R: Real, const W: usize> Tally<R, W> {
    /// Changes the pupils of one grade of one school and adds them; its cell goes on the list where it is near the first
    /// threshold. Returns the pupils.
    ///
    /// All in one loop: a short one would be unrolled and put together again from pieces of vectors.
    #[inline(always)]
    pub fn add(
        &mut self,
        grade: &Grade<R, W>,
        change: &Change<R, W>,
        pupils: [R; W],
        classes: &[R; W],
        (cell, near): (usize, &mut [u32]),
    ) -> [R; W] {
        let classes = *classes;
        let (mut over, mut spare) = (self.crowding_gap, self.spare);
        let (mut next, mut is_near): ([R; W], [R; W]) = (splat(R::ZERO), splat(R::ZERO));
        for l in 0..W {
            let seats = grade.standard[l] * classes[l];
            let gap = seats - pupils[l];
            let gap = if gap > R::ZERO { gap } else { R::ZERO };
            let n = pupils[l] * change.factor[l] + gap * change.share[l];
            next[l] = n;
            let (above, below) = (n - seats, seats - n);
            over[l] += if above > R::ZERO { above } else { R::ZERO };
            spare[l] += if below > R::ZERO { below } else { R::ZERO };
            let need = grade.oversized[l] * classes[l] - n;
            let reach = grade.near[l] * (classes[l] * (classes[l] - R::ONE));
            is_near[l] = if within(need, reach, classes[l]) { R::ONE } else { R::ZERO };
        }
        self.crowding_gap = over;
        self.spare = spare;
        let mut any = false;
        for l in 0..W {
            any |= is_near[l] > R::ZERO;
        }
        // Without a branch, which nobody could foresee.
        near[self.n_near] = cell as u32;
        self.n_near += usize::from(any);
        next
    }
}

/// One grade of one school.
struct School<R, const W: usize> {
    pupils: [R; W],
    classes: [R; W],
    /// `(REACH·σ)²·c·(c − 1)`
    reach: [R; W],
}

impl<R: Real, const W: usize> School<R, W> {
    #[inline(always)]
    fn of(grade: &Grade<R, W>, pupils: [R; W], classes: [R; W]) -> Self {
        let mut reach: [R; W] = splat(R::ZERO);
        for l in 0..W {
            reach[l] = grade.near[l] * (classes[l] * (classes[l] - R::ONE));
        }
        School { pupils, classes, reach }
    }

    /// Pupils that all classes together are short of a threshold.
    #[inline(always)]
    fn need(&self, threshold: &[R; W]) -> [R; W] {
        let mut need: [R; W] = splat(R::ZERO);
        for l in 0..W {
            need[l] = threshold[l] * self.classes[l] - self.pupils[l];
        }
        need
    }

    /// The spread of the classes times their number, `min(σ·√(c·(c − 1)), max(0, (L + ½)·c − n)/2.5)`, as
    /// σ·c·√(1 − 1/c) = σ·√(c·(c − 1)).
    #[inline(always)]
    fn width(&self, grade: &Grade<R, W>, limits: &[R; W]) -> [R; W] {
        let (classes, mut width) = (&self.classes, splat(R::ZERO));
        for l in 0..W {
            let free = grade.sigma[l] * (classes[l] * (classes[l] - R::ONE)).sqrt();
            let below = R::of(0.4) * ((limits[l] + R::of(0.5)) * classes[l] - self.pupils[l]);
            let below = if below > R::ZERO { below } else { R::ZERO };
            width[l] = if free < below { free } else { below };
        }
        width
    }

    /// Whether some lane is near.
    #[inline(always)]
    fn any_near(&self, need: &[R; W]) -> bool {
        let mut any = false;
        for l in 0..W {
            any |= within(need[l], self.reach[l], self.classes[l]);
        }
        any
    }

    /// The share of classes at or above a threshold; 0 in the lanes that are not near: a lane counts its own, and what its
    /// neighbours look at does not change it.
    #[inline(always)]
    fn above(&self, tail: &Tail, z: &[R; W], need: &[R; W], width: &[R; W]) -> [R; W] {
        let mut upper = tail.upper(z);
        for l in 0..W {
            let step = if need[l] <= R::ZERO { R::ONE } else { R::ZERO };
            let share = if width[l] > R::ZERO { upper[l] } else { step };
            upper[l] =
                if within(need[l], self.reach[l], self.classes[l]) { share } else { R::ZERO };
        }
        upper
    }
}

/// Whether classes that are short of a threshold by `need` may lie above it. Where there is no class, nothing is near.
#[inline(always)]
fn within<R: Real>(need: R, reach: R, classes: R) -> bool {
    (need <= R::ZERO) & (classes > R::ZERO) | (need * need < reach)
}

/// φ(z) = e^(−z²/2)/√(2π)
const INVERSE_ROOT_2_PI: f32 = 0.398_942_3;

/// Standard deviations from the mean class to a threshold: `need` is what all classes of a grade are short of it, `W` their spread
/// times their number.
#[inline(always)]
fn deviations<R: Real, const W: usize>(need: &[R; W], width: &[R; W]) -> [R; W] {
    let mut z: [R; W] = splat(R::ZERO);
    for l in 0..W {
        z[l] = if width[l] > R::ZERO { need[l] / width[l] } else { R::ZERO };
    }
    z
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

/// Sums over the grades of a stage in a year.
#[derive(Debug, Clone, Copy)]
pub struct Sums<const W: usize> {
    pub entrants: Lane<W>,
    pub classes: Lane<W>,
    pub classes_without_room: Lane<W>,
    pub empty_seats: Lane<W>,
    pub crowding_gap: Lane<W>,
    pub oversized: Lane<W>,
    pub super_oversized: Lane<W>,
    pub pupils_in_oversized: Lane<W>,
}

impl<const W: usize> Sums<W> {
    /// Nothing yet.
    pub fn none() -> Self {
        let none = splat(0.0);
        Sums {
            entrants: none,
            classes: none,
            classes_without_room: none,
            empty_seats: none,
            crowding_gap: none,
            oversized: none,
            super_oversized: none,
            pupils_in_oversized: none,
        }
    }
}

/// Stocks of a pool's schools.
pub struct Stock<R, const W: usize> {
    room_standard: [R; W],
    entrants: [R; W],
    classes: [R; W],
    without_room: [R; W],
    empty: [R; W],
    /// The area at hand and the pupils of its schools.
    area: usize,
    in_area: [R; W],
}

impl<R: Real, const W: usize> Stock<R, W> {
    /// Nothing yet.
    #[inline(always)]
    pub fn new(room_standard: [R; W]) -> Self {
        let none = splat(R::ZERO);
        Stock {
            room_standard,
            entrants: none,
            classes: none,
            without_room: none,
            empty: none,
            area: usize::MAX,
            in_area: none,
        }
    }

    /// Goes on with the schools of an area, and books those of the area before.
    #[inline(always)]
    pub fn go_to_area(&mut self, area: usize, area_pupils: &mut [Lane<W>]) {
        if area == self.area {
            return;
        }
        if let Some(pupils) = area_pupils.get_mut(self.area) {
            for l in 0..W {
                pupils[l] += self.in_area[l].get();
            }
        }
        self.area = area;
        self.in_area = splat(R::ZERO);
    }

    /// Adds a school.
    #[inline(always)]
    pub fn add(&mut self, (new, upper): (&[R; W], &[R; W]), occupied: &[R; W], rooms: &[R; W]) {
        for l in 0..W {
            let pupils = upper[l] + new[l];
            self.in_area[l] += pupils;
            self.entrants[l] += new[l];
            self.classes[l] += occupied[l];
            let over = occupied[l] - rooms[l];
            self.without_room[l] += if over > R::ZERO { over } else { R::ZERO };
            let seats = rooms[l] * self.room_standard[l] - pupils;
            self.empty[l] += if seats > R::ZERO { seats } else { R::ZERO };
        }
    }
}
