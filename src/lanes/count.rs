//! What a year of a stage comes to in lanes: stocks of the whole city, as [`indicators`](../indicators/index.html) counts them
//! from the reference.

use std::ops::Range;

use crate::axes::{N_GRADES, N_STAGES};

use super::events::{Dated, booked_years};
use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::tail::Tail;
use super::{LANES, Lane, Lane32, splat, splat32};

/// Standard deviations from a threshold beyond which no class of a grade is taken to be on its other side: 3e-7 of a class.
const NEAR: f32 = 5.0;

/// Stocks of one stage and year in every lane; units as in [`indicators`](../indicators/index.html).
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the names are those of the indicators")]
pub struct Count {
    pub population: Lane,
    pub births: Lane,
    pub residents: Lane,
    pub upper_secondary: Lane,
    pub pupils: Lane,
    pub entrants: Lane,
    pub classes: Lane,
    pub classes_without_room: Lane,
    pub rooms: Lane,
    pub seats: Lane,
    pub seat_gap: Lane,
    pub crowding_gap: Lane,
    pub empty_seats: Lane,
    pub oversized: Lane,
    pub super_oversized: Lane,
    pub pupils_in_oversized: Lane,
    pub overflow: Lane,
    pub unplaced: Lane,
    pub unplaced_entrants: Lane,
    pub investment_yuan: Lane,
}

impl Default for Count {
    fn default() -> Self {
        let none = splat(0.0);
        Count {
            population: none,
            births: none,
            residents: none,
            upper_secondary: none,
            pupils: none,
            entrants: none,
            classes: none,
            classes_without_room: none,
            rooms: none,
            seats: none,
            seat_gap: none,
            crowding_gap: none,
            empty_seats: none,
            oversized: none,
            super_oversized: none,
            pupils_in_oversized: none,
            overflow: none,
            unplaced: none,
            unplaced_entrants: none,
            investment_yuan: none,
        }
    }
}

impl Run {
    /// Books the investment of a draw's events in its years of construction.
    pub(super) fn book(&mut self, layout: &Layout, events: &[Dated], l: usize) {
        let n_years = layout.city.n_years();
        debug_assert_eq!(self.counts.len(), N_STAGES * n_years);
        for event in events.iter().filter(|event| event.investment_yuan != 0.0) {
            let booked = booked_years(event);
            let part = event.investment_yuan / f64::from(booked.end - booked.start);
            for year in booked {
                let year_idx = usize::try_from(year - layout.city.base_year).ok();
                if let Some(year_idx) = year_idx.filter(|&idx| idx < n_years) {
                    let at = event.stage.idx() * n_years + year_idx;
                    self.counts[at].investment_yuan[l] += part;
                }
            }
        }
    }
}

/// Thresholds of one grade as the cells need them.
pub(super) struct Grade {
    standard: Lane,
    /// Half a child below the thresholds of oversized and super-oversized classes.
    oversized: Lane,
    super_oversized: Lane,
    sigma: Lane32,
}

impl Workspace {
    /// Counts the stage as it stands at the end of a year.
    #[inline(always)]
    pub(super) fn count(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        people: &People,
        year_idx: usize,
        run: &mut Run,
    ) {
        let n_years = layout.city.n_years();
        let count = &mut run.counts[places.stage.idx() * n_years + year_idx];
        let whole = &people.whole[places.stage.idx() * n_years + year_idx];
        count.population = whole.population;
        count.residents = whole.residents;
        count.upper_secondary = whole.upper_secondary;
        count.births = whole.births;
        self.state.count_schools(places, year_idx, count);
        if self.state.any_left {
            self.state.count_unplaced(layout, places, people, year_idx, count);
        }
    }
}

impl State {
    /// Stocks of the stage, from what ageing and intake have tallied.
    #[inline(always)]
    fn count_schools(&mut self, places: &StageLayout, year_idx: usize, count: &mut Count) {
        let n_grades = places.stage.n_grades();
        let room_standard = self.room_standard(n_grades);
        self.area_pupils.fill(splat(0.0));
        self.area_rooms.fill(splat(0.0));
        let entry = State::ring(0, year_idx, n_grades) * places.slots.len();
        let none = splat(0.0);
        let (mut entrants, mut classes, mut beyond, mut empty) = (none, none, none, none);
        for (j, slot) in places.slots.iter().enumerate() {
            let (new, mut pupils, rooms) = (self.pupils[entry + j], self.upper[j], self.rooms[j]);
            let occupied = self.occupied[j];
            let (mut in_area, mut of_area) =
                (self.area_pupils[slot.area], self.area_rooms[slot.area]);
            for l in 0..LANES {
                pupils[l] += new[l];
                in_area[l] += pupils[l];
                of_area[l] += rooms[l];
                entrants[l] += new[l];
                classes[l] += occupied[l];
                let over = occupied[l] - rooms[l];
                beyond[l] += if over > 0.0 { over } else { 0.0 };
                let seats = rooms[l] * room_standard[l] - pupils[l];
                empty[l] += if seats > 0.0 { seats } else { 0.0 };
            }
            self.area_pupils[slot.area] = in_area;
            self.area_rooms[slot.area] = of_area;
        }
        count.entrants = entrants;
        count.classes = classes;
        count.classes_without_room = beyond;
        count.empty_seats = empty;
        for (pupils, rooms) in self.area_pupils.iter().zip(&self.area_rooms) {
            for l in 0..LANES {
                let gap = pupils[l] - rooms[l] * room_standard[l];
                count.seat_gap[l] += if gap > 0.0 { gap } else { 0.0 };
                count.pupils[l] += pupils[l];
                count.rooms[l] += rooms[l];
                count.seats[l] += rooms[l] * room_standard[l];
            }
        }
        count.crowding_gap = self.tally.crowding_gap;
        count.oversized = self.tally.oversized;
        count.super_oversized = self.tally.super_oversized;
        count.pupils_in_oversized = self.tally.pupils_in_oversized;
    }

    /// Pupils for whom a room is one seat each: the mean standard of the grades.
    #[inline(always)]
    fn room_standard(&self, n_grades: usize) -> Lane {
        let mut mean = splat(0.0);
        for g in 0..n_grades {
            for l in 0..LANES {
                mean[l] += self.thresholds.standard[g][l];
            }
        }
        for l in 0..LANES {
            mean[l] /= n_grades as f64;
        }
        mean
    }

    /// Thresholds of a grade of the stage this year.
    #[inline(always)]
    pub(super) fn grade(&self, g: usize) -> Grade {
        let thresholds = &self.thresholds;
        let mut grade = Grade {
            standard: thresholds.standard[g],
            oversized: thresholds.oversized[g],
            super_oversized: thresholds.super_oversized[g],
            sigma: self.sigma,
        };
        for l in 0..LANES {
            grade.oversized[l] -= 0.5;
            grade.super_oversized[l] -= 0.5;
        }
        grade
    }

    /// Adds up some schools' pupils above the entry grade.
    #[inline(always)]
    pub(super) fn add_upper(&mut self, places: &StageLayout, entry: usize, slots: Range<usize>) {
        let (n_grades, n_slots) = (places.stage.n_grades(), places.slots.len());
        for j in slots {
            let mut upper = splat(0.0);
            for ring in (0..n_grades).filter(|&ring| ring != entry) {
                let pupils = self.pupils[ring * n_slots + j];
                for l in 0..LANES {
                    upper[l] += pupils[l];
                }
            }
            self.upper[j] = upper;
        }
    }

    /// Tallies one grade of a pool's schools, `at` being the grade's place among the pools in the ring.
    #[inline(always)]
    pub(super) fn tally_grade(&mut self, tail: &Tail, cells: Range<usize>, g: usize, at: usize) {
        let grade = self.grade(g);
        let mut tally = self.tally;
        tally.spare = splat(0.0);
        for cell in cells {
            tally.add(tail, &grade, &self.pupils[cell], &self.classes[cell], &self.limits[cell]);
        }
        self.spare[at] = tally.spare;
        self.tally = tally;
    }

    /// Pupils by residence without a place.
    fn count_unplaced(
        &self,
        layout: &Layout,
        places: &StageLayout,
        people: &People,
        year_idx: usize,
        count: &mut Count,
    ) {
        let n_areas = layout.city.areas.len();
        let n_grades = places.stage.n_grades();
        for (g, grade) in places.stage.grades().enumerate() {
            let shares = &self.shares[State::ring(g, year_idx, n_grades)];
            for &at in self.pairs.of_column(places.n_pools) {
                let (share, area) = (&shares[at as usize], self.pairs.at(at as usize).area());
                let pupils = &people.residents[(year_idx * n_areas + area) * N_GRADES + grade];
                for l in 0..LANES {
                    count.unplaced[l] += share[l] * pupils[l];
                    count.unplaced_entrants[l] += if g == 0 { share[l] * pupils[l] } else { 0.0 };
                }
            }
        }
    }
}

/// Sums over the grades of a stage in a year.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    crowding_gap: Lane,
    /// Places up to the standard in the pool and grade at hand.
    pub spare: Lane,
    oversized: Lane,
    super_oversized: Lane,
    pupils_in_oversized: Lane,
}

impl Default for Tally {
    fn default() -> Self {
        let none = splat(0.0);
        Tally {
            crowding_gap: none,
            spare: none,
            oversized: none,
            super_oversized: none,
            pupils_in_oversized: none,
        }
    }
}

impl Tally {
    /// Adds one grade of one school.
    #[inline(always)]
    pub fn add(
        &mut self,
        tail: &Tail,
        grade: &Grade,
        pupils: &Lane,
        classes: &Lane32,
        limits: &Lane,
    ) {
        let (pupils, classes) = (*pupils, *classes);
        let (mut over, mut spare) = (self.crowding_gap, self.spare);
        let (mut need, mut free, mut reach) = (splat32(0.0), splat32(0.0), splat32(0.0));
        for l in 0..LANES {
            let (n, c) = (pupils[l], f64::from(classes[l]));
            let gap = n - grade.standard[l] * c;
            over[l] += if gap > 0.0 { gap } else { 0.0 };
            spare[l] += if gap < 0.0 { -gap } else { 0.0 };
            need[l] = (grade.oversized[l] * c - n) as f32;
        }
        self.crowding_gap = over;
        self.spare = spare;
        for l in 0..LANES {
            // σ·c·√(1 − 1/c) = σ·√(c·(c − 1))
            let others = classes[l] - 1.0;
            let square = classes[l] * if others > 0.0 { others } else { 0.0 };
            free[l] = grade.sigma[l] * square.sqrt();
            // Where there is no class, nothing is near a threshold.
            reach[l] = if classes[l] > 0.0 { NEAR * free[l] } else { -1.0 };
        }
        if !any_within(&need, &reach) {
            return;
        }
        let (more, width) = beyond(grade, &pupils, &classes, limits, &free);
        let (density, upper) = above(tail, &need, &width, &reach);
        let (mut oversized, mut inside) = (self.oversized, self.pupils_in_oversized);
        for l in 0..LANES {
            let share = f64::from(upper[l]);
            oversized[l] += f64::from(classes[l]) * share;
            let here = pupils[l] * share + f64::from(density[l]);
            inside[l] += if here < pupils[l] { here } else { pupils[l] };
        }
        self.oversized = oversized;
        self.pupils_in_oversized = inside;
        if any_within(&more, &reach) {
            let (_, upper) = above(tail, &more, &width, &reach);
            let mut oversized = self.super_oversized;
            for l in 0..LANES {
                oversized[l] += f64::from(classes[l]) * f64::from(upper[l]);
            }
            self.super_oversized = oversized;
        }
    }
}

/// What the classes of a grade are short of super-oversized ones, and their spread times their number,
/// `min(σ·√(c·(c − 1)), max(0, (L + ½)·c − n)/2.5)`.
#[inline(always)]
fn beyond(
    grade: &Grade,
    pupils: &Lane,
    classes: &Lane32,
    limits: &Lane,
    free: &Lane32,
) -> (Lane32, Lane32) {
    let limits = *limits;
    let (mut more, mut room, mut width) = (splat32(0.0), splat32(0.0), splat32(0.0));
    for l in 0..LANES {
        let (n, c) = (pupils[l], f64::from(classes[l]));
        more[l] = (grade.super_oversized[l] * c - n) as f32;
        room[l] = ((limits[l] + 0.5) * c - n) as f32;
    }
    for l in 0..LANES {
        let below = 0.4 * room[l];
        let below = if below > 0.0 { below } else { 0.0 };
        width[l] = if free[l] < below { free[l] } else { below };
    }
    (more, width)
}

/// `W·φ(z)` and the share of classes at or above a threshold, where `z = need/W`: `need` is what all classes of a grade are short of it,
/// `W` their spread times their number. Both 0 in the lanes that lie further off than their reach: a lane counts its own, and
/// what its neighbours look at does not change it.
#[inline(always)]
fn above(tail: &Tail, need: &Lane32, width: &Lane32, reach: &Lane32) -> (Lane32, Lane32) {
    let mut z = splat32(0.0);
    for l in 0..LANES {
        z[l] = if width[l] > 0.0 { need[l] / width[l] } else { 0.0 };
    }
    let (mut density, mut upper) = tail.of(&z);
    // φ(z) = e^(−z²/2)/√(2π)
    const INVERSE_ROOT_2_PI: f32 = 0.398_942_3;
    for l in 0..LANES {
        let step = if need[l] <= 0.0 { 1.0 } else { 0.0 };
        let is_spread = width[l] > 0.0;
        let share = if is_spread { upper[l] } else { step };
        let is_near = need[l] <= reach[l];
        upper[l] = if is_near { share } else { 0.0 };
        let height = width[l] * density[l] * INVERSE_ROOT_2_PI;
        density[l] = if is_near { height } else { 0.0 };
    }
    (density, upper)
}

/// Whether some lane lies within its reach.
#[inline(always)]
fn any_within(need: &Lane32, reach: &Lane32) -> bool {
    let mut any = false;
    for l in 0..LANES {
        any |= need[l] <= reach[l];
    }
    any
}
