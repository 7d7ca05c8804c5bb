//! One grade of a pool's schools: how its pupils change, and the classes above thresholds.

use crate::width::{Lane, Real, splat};

use super::tail::Tail;

/// Thresholds of one grade as the cells need them.
#[derive(Debug, Clone, Copy)]
pub struct Grade<R, const W: usize> {
    pub standard: [R; W],
    /// Half a child below the thresholds of oversized and super-oversized classes.
    pub oversized: [R; W],
    pub super_oversized: [R; W],
    pub sigma: [R; W],
    /// `(REACH·σ)²`
    pub near: [R; W],
}

impl<R: Real, const W: usize> Grade<R, W> {
    /// No thresholds yet.
    pub fn none() -> Self {
        let none = splat(R::ZERO);
        Grade { standard: none, oversized: none, super_oversized: none, sigma: none, near: none }
    }
}

/// How the pupils of every school of a pool's grade change: times a factor, and a share of the places below the standard.
#[derive(Debug, Clone, Copy)]
pub struct Change<R, const W: usize> {
    pub factor: [R; W],
    pub share: [R; W],
}

impl<R: Real, const W: usize> Change<R, W> {
    /// Nobody comes or goes.
    pub const NONE: Self = Change { factor: [R::ONE; W], share: [R::ZERO; W] };
}

/// Sums over one grade of a pool's schools.
#[derive(Debug, Clone, Copy)]
pub struct Tally<R, const W: usize> {
    pub crowding_gap: [R; W],
    /// Places up to the standard.
    pub spare: [R; W],
    /// Cells that some lane has near a threshold: so many at the front of the list.
    pub n_near: usize,
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
pub struct School<R, const W: usize> {
    pub pupils: [R; W],
    pub classes: [R; W],
    /// `(REACH·σ)²·c·(c − 1)`
    reach: [R; W],
}

impl<R: Real, const W: usize> School<R, W> {
    #[inline(always)]
    pub fn of(grade: &Grade<R, W>, pupils: [R; W], classes: [R; W]) -> Self {
        let mut reach: [R; W] = splat(R::ZERO);
        for l in 0..W {
            reach[l] = grade.near[l] * (classes[l] * (classes[l] - R::ONE));
        }
        School { pupils, classes, reach }
    }

    /// Pupils that all classes together are short of a threshold.
    #[inline(always)]
    pub fn need(&self, threshold: &[R; W]) -> [R; W] {
        let mut need: [R; W] = splat(R::ZERO);
        for l in 0..W {
            need[l] = threshold[l] * self.classes[l] - self.pupils[l];
        }
        need
    }

    /// The spread of the classes times their number, `min(σ·√(c·(c − 1)), max(0, (L + ½)·c − n)/2.5)`, as
    /// σ·c·√(1 − 1/c) = σ·√(c·(c − 1)).
    #[inline(always)]
    pub fn width(&self, grade: &Grade<R, W>, limits: &[R; W]) -> [R; W] {
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
    pub fn any_near(&self, need: &[R; W]) -> bool {
        let mut any = false;
        for l in 0..W {
            any |= within(need[l], self.reach[l], self.classes[l]);
        }
        any
    }

    /// The share of classes at or above a threshold; 0 in the lanes that are not near: a lane counts its own, and what its
    /// neighbours look at does not change it.
    #[inline(always)]
    pub fn above(&self, tail: &Tail, z: &[R; W], need: &[R; W], width: &[R; W]) -> [R; W] {
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
pub const INVERSE_ROOT_2_PI: f32 = 0.398_942_3;

/// Standard deviations from the mean class to a threshold: `need` is what all classes of a grade are short of it, `W` their spread
/// times their number.
#[inline(always)]
pub fn deviations<R: Real, const W: usize>(need: &[R; W], width: &[R; W]) -> [R; W] {
    let mut z: [R; W] = splat(R::ZERO);
    for l in 0..W {
        z[l] = if width[l] > R::ZERO { need[l] / width[l] } else { R::ZERO };
    }
    z
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
    pub entrants: [R; W],
    pub classes: [R; W],
    pub without_room: [R; W],
    pub empty: [R; W],
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
