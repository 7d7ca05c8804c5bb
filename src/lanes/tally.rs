//! One grade of a pool's schools: how its pupils change, and the classes above thresholds.

use std::ops::Range;

use super::count::Sums;
use super::entry::Change;
use super::stage::State;
use super::tail::{REACH, Tail};
use super::thresholds::Thresholds;
use super::{LANES, Lane32, splat, splat32};

/// Thresholds of one grade as the cells need them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grade {
    pub standard: Lane32,
    /// Half a child below the thresholds of oversized and super-oversized classes.
    oversized: Lane32,
    super_oversized: Lane32,
    sigma: Lane32,
    /// `(REACH·σ)²`
    near: Lane32,
}

impl Default for Grade {
    fn default() -> Self {
        let none = splat32(0.0);
        Grade { standard: none, oversized: none, super_oversized: none, sigma: none, near: none }
    }
}

impl State {
    /// Brings the thresholds of a year into the form that cells need.
    #[inline(always)]
    pub(super) fn take_thresholds(&mut self, thresholds: Thresholds, n_grades: usize) {
        self.last_standard = self.thresholds.standard;
        self.thresholds = thresholds;
        self.room_standard = splat(0.0);
        for l in 0..LANES {
            self.places_of_room[l] = self.thresholds.limit[l] / n_grades as f64;
        }
        for g in 0..n_grades {
            for l in 0..LANES {
                self.room_standard[l] += self.thresholds.standard[g][l] / n_grades as f64;
            }
        }
        self.sums = Sums::default();
        self.area_pupils.fill(splat(0.0));
        for g in 0..n_grades {
            let (thresholds, grade) = (&self.thresholds, &mut self.grades[g]);
            for l in 0..LANES {
                grade.standard[l] = thresholds.standard[g][l] as f32;
                grade.oversized[l] = (thresholds.oversized[g][l] - 0.5) as f32;
                grade.super_oversized[l] = (thresholds.super_oversized[g][l] - 0.5) as f32;
                grade.sigma[l] = self.sigma[l];
                grade.near[l] = (REACH * self.sigma[l]) * (REACH * self.sigma[l]);
            }
        }
    }

    /// Tallies one grade of a pool's schools, `at` being the grade's place among the pools in the ring.
    #[inline(always)]
    pub(super) fn tally_grade(&mut self, tail: &Tail, cells: Range<usize>, g: usize, at: usize) {
        let grade = self.grades[g];
        let mut tally = Tally::default();
        for cell in cells {
            let (pupils, classes) = (self.pupils[cell], self.classes[cell]);
            tally.add(&grade, &Change::NONE, pupils, &classes, (cell, &mut self.near));
        }
        self.tally = tally;
        self.book_tally(tail, g, at);
    }

    /// Takes what one grade of a pool's schools has come to into the sums of the stage.
    #[inline(always)]
    pub(super) fn book_tally(&mut self, tail: &Tail, g: usize, at: usize) {
        for l in 0..LANES {
            self.spare[at][l] = f64::from(self.tally.spare[l]);
            self.sums.crowding_gap[l] += f64::from(self.tally.crowding_gap[l]);
        }
        if self.tally.n_near > 0 {
            self.count_oversized(tail, g, self.tally.n_near);
        }
    }

    /// Counts the classes above thresholds in the first `n_near` cells that are near one.
    #[inline(always)]
    fn count_oversized(&mut self, tail: &Tail, g: usize, n_near: usize) {
        let grade = self.grades[g];
        let (mut oversized, mut inside) = (splat32(0.0), splat32(0.0));
        let mut n_further = 0;
        for k in 0..n_near {
            let cell = self.near[k] as usize;
            let school = School::of(&grade, self.pupils[cell], self.classes[cell]);
            let width = school.width(&grade, &self.limits[cell]);
            let need = school.need(&grade.oversized);
            let z = deviations(&need, &width);
            let upper = school.above(tail, &z, &need, &width);
            let density = tail.density(&z);
            for l in 0..LANES {
                oversized[l] += school.classes[l] * upper[l];
                let height = if upper[l] > 0.0 { width[l] * density[l] } else { 0.0 };
                let here = school.pupils[l] * upper[l] + INVERSE_ROOT_2_PI * height;
                inside[l] += if here < school.pupils[l] { here } else { school.pupils[l] };
            }
            // What is near the next threshold takes the front of the list, which has been read.
            self.near[n_further] = cell as u32;
            n_further += usize::from(school.any_near(&school.need(&grade.super_oversized)));
        }
        let mut super_oversized = splat32(0.0);
        for k in 0..n_further {
            let cell = self.near[k] as usize;
            let school = School::of(&grade, self.pupils[cell], self.classes[cell]);
            let width = school.width(&grade, &self.limits[cell]);
            let need = school.need(&grade.super_oversized);
            let upper = school.above(tail, &deviations(&need, &width), &need, &width);
            for l in 0..LANES {
                super_oversized[l] += school.classes[l] * upper[l];
            }
        }
        let sums = &mut self.sums;
        for l in 0..LANES {
            sums.oversized[l] += f64::from(oversized[l]);
            sums.super_oversized[l] += f64::from(super_oversized[l]);
            sums.pupils_in_oversized[l] += f64::from(inside[l]);
        }
    }
}

/// Sums over one grade of a pool's schools.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    crowding_gap: Lane32,
    /// Places up to the standard.
    spare: Lane32,
    /// Cells that some lane has near a threshold: so many at the front of the list.
    n_near: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { crowding_gap: splat32(0.0), spare: splat32(0.0), n_near: 0 }
    }
}

impl Tally {
    /// Changes the pupils of one grade of one school and adds them; its cell goes on the list where it is near the first
    /// threshold. Returns the pupils.
    ///
    /// All in one loop: a short one would be unrolled and put together again from pieces of vectors.
    #[inline(always)]
    pub fn add(
        &mut self,
        grade: &Grade,
        change: &Change,
        pupils: Lane32,
        classes: &Lane32,
        (cell, near): (usize, &mut [u32]),
    ) -> Lane32 {
        let classes = *classes;
        let (mut over, mut spare) = (self.crowding_gap, self.spare);
        let (mut next, mut is_near) = (splat32(0.0), splat32(0.0));
        for l in 0..LANES {
            let seats = grade.standard[l] * classes[l];
            let gap = seats - pupils[l];
            let gap = if gap > 0.0 { gap } else { 0.0 };
            let n = pupils[l] * change.factor[l] + gap * change.share[l];
            next[l] = n;
            let (above, below) = (n - seats, seats - n);
            over[l] += if above > 0.0 { above } else { 0.0 };
            spare[l] += if below > 0.0 { below } else { 0.0 };
            let need = grade.oversized[l] * classes[l] - n;
            let reach = grade.near[l] * (classes[l] * (classes[l] - 1.0));
            is_near[l] = if within(need, reach, classes[l]) { 1.0 } else { 0.0 };
        }
        self.crowding_gap = over;
        self.spare = spare;
        let mut any = false;
        for l in 0..LANES {
            any |= is_near[l] > 0.0;
        }
        // Without a branch, which nobody could foresee.
        near[self.n_near] = cell as u32;
        self.n_near += usize::from(any);
        next
    }
}

/// One grade of one school.
struct School {
    pupils: Lane32,
    classes: Lane32,
    /// `(REACH·σ)²·c·(c − 1)`
    reach: Lane32,
}

impl School {
    #[inline(always)]
    fn of(grade: &Grade, pupils: Lane32, classes: Lane32) -> Self {
        let mut reach = splat32(0.0);
        for l in 0..LANES {
            reach[l] = grade.near[l] * (classes[l] * (classes[l] - 1.0));
        }
        School { pupils, classes, reach }
    }

    /// Pupils that all classes together are short of a threshold.
    #[inline(always)]
    fn need(&self, threshold: &Lane32) -> Lane32 {
        let mut need = splat32(0.0);
        for l in 0..LANES {
            need[l] = threshold[l] * self.classes[l] - self.pupils[l];
        }
        need
    }

    /// The spread of the classes times their number, `min(σ·√(c·(c − 1)), max(0, (L + ½)·c − n)/2.5)`, as
    /// σ·c·√(1 − 1/c) = σ·√(c·(c − 1)).
    #[inline(always)]
    fn width(&self, grade: &Grade, limits: &Lane32) -> Lane32 {
        let (classes, mut width) = (&self.classes, splat32(0.0));
        for l in 0..LANES {
            let free = grade.sigma[l] * (classes[l] * (classes[l] - 1.0)).sqrt();
            let below = 0.4 * ((limits[l] + 0.5) * classes[l] - self.pupils[l]);
            let below = if below > 0.0 { below } else { 0.0 };
            width[l] = if free < below { free } else { below };
        }
        width
    }

    /// Whether some lane is near.
    #[inline(always)]
    fn any_near(&self, need: &Lane32) -> bool {
        let mut any = false;
        for l in 0..LANES {
            any |= within(need[l], self.reach[l], self.classes[l]);
        }
        any
    }

    /// The share of classes at or above a threshold; 0 in the lanes that are not near: a lane counts its own, and what its
    /// neighbours look at does not change it.
    #[inline(always)]
    fn above(&self, tail: &Tail, z: &Lane32, need: &Lane32, width: &Lane32) -> Lane32 {
        let mut upper = tail.upper(z);
        for l in 0..LANES {
            let step = if need[l] <= 0.0 { 1.0 } else { 0.0 };
            let share = if width[l] > 0.0 { upper[l] } else { step };
            upper[l] = if within(need[l], self.reach[l], self.classes[l]) { share } else { 0.0 };
        }
        upper
    }
}

/// Whether classes that are short of a threshold by `need` may lie above it. Where there is no class, nothing is near.
#[inline(always)]
fn within(need: f32, reach: f32, classes: f32) -> bool {
    (need <= 0.0) & (classes > 0.0) | (need * need < reach)
}

/// φ(z) = e^(−z²/2)/√(2π)
const INVERSE_ROOT_2_PI: f32 = 0.398_942_3;

/// Standard deviations from the mean class to a threshold: `need` is what all classes of a grade are short of it, `W` their spread
/// times their number.
#[inline(always)]
fn deviations(need: &Lane32, width: &Lane32) -> Lane32 {
    let mut z = splat32(0.0);
    for l in 0..LANES {
        z[l] = if width[l] > 0.0 { need[l] / width[l] } else { 0.0 };
    }
    z
}
