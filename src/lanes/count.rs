//! What a year of a stage comes to in lanes: stocks of the whole city, as [`indicators`](../indicators/index.html) counts them
//! from the reference.

use crate::axes::{N_GRADES, N_STAGES, Stage};
use crate::scenario::Scenario;

use super::events::{Dated, booked_years};
use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::{LANES, Lane, gather, splat};

/// Standard deviations from a threshold beyond which no class of a grade is taken to be on its other side: 4e-11 of a class.
const NEAR: f64 = 6.5;

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
struct Grade {
    standard: Lane,
    oversized: Lane,
    super_oversized: Lane,
    /// Pupils that a class may have below the thresholds by its spread and still be counted: `6.5 σ`.
    reach: Lane,
}

impl Grade {
    /// 1 in the lanes where some class may be as large as the threshold of oversized and of super-oversized ones, else 0.
    #[inline(always)]
    fn reached(&self, pupils: &Lane, classes: &Lane) -> (Lane, Lane) {
        let (mut near, mut far) = (splat(0.0), splat(0.0));
        for l in 0..LANES {
            let c = classes[l];
            // c·√(1 − 1/c) is at most c − ½ and, for c = 1, 0.
            let (two, many) = (std::f64::consts::SQRT_2 * (c - 1.0), c - 0.5);
            let most = pupils[l] + self.reach[l] * if two < many { two } else { many };
            near[l] = if c > 0.0 && most >= self.oversized[l] * c { 1.0 } else { 0.0 };
            far[l] = if c > 0.0 && most >= self.super_oversized[l] * c { 1.0 } else { 0.0 };
        }
        (near, far)
    }
}

/// Whether any lane is not 0.
#[inline(always)]
fn any(lanes: &Lane) -> bool {
    let mut any = false;
    for l in 0..LANES {
        any |= lanes[l] > 0.0;
    }
    any
}

impl Workspace {
    /// Counts the stage as it stands at the end of a year.
    #[inline(always)]
    pub(super) fn count(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
        year_idx: usize,
        run: &mut Run,
    ) {
        let n_years = layout.city.n_years();
        let count = &mut run.counts[places.stage.idx() * n_years + year_idx];
        count_people(layout, places.stage, people, year_idx, count);
        self.state.count_schools(layout, places, scenarios, year_idx, count);
        if self.state.any_left {
            self.state.count_unplaced(layout, places, people, year_idx, count);
        }
    }
}

/// Residents, people of the ages and births.
#[inline(always)]
fn count_people(
    layout: &Layout,
    stage: Stage,
    people: &People,
    year_idx: usize,
    count: &mut Count,
) {
    let n_areas = layout.city.areas.len();
    let of_grades = |grades: std::ops::Range<usize>| {
        let mut all = splat(0.0);
        for area in 0..n_areas {
            for grade in grades.clone() {
                let pupils = &people.residents[(year_idx * n_areas + area) * N_GRADES + grade];
                for l in 0..LANES {
                    all[l] += pupils[l];
                }
            }
        }
        all
    };
    count.residents = of_grades(stage.grades());
    for area in 0..n_areas {
        for g in 0..stage.n_grades() {
            let children = people.child(n_areas, year_idx, area, stage.first_age() + g);
            for l in 0..LANES {
                count.population[l] += children[l];
            }
        }
    }
    if stage == Stage::Kindergarten {
        count.births = people.births[year_idx];
    }
    if stage == Stage::Senior {
        let vocational = of_grades(Stage::Vocational.grades());
        for l in 0..LANES {
            count.upper_secondary[l] =
                count.residents[l] + vocational[l] + people.technical[year_idx][l];
        }
    }
}

impl State {
    #[inline(always)]
    fn count_schools(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        year_idx: usize,
        count: &mut Count,
    ) {
        let (n_grades, n_slots) = (places.stage.n_grades(), places.slots.len());
        let sigma = gather(scenarios, |s| s.rules.class_spread);
        let room_standard = self.room_standard(n_grades);
        self.area_pupils.fill(splat(0.0));
        self.area_rooms.fill(splat(0.0));
        let entry = State::ring(0, year_idx, n_grades);
        let none = splat(0.0);
        let (mut entrants, mut classes, mut beyond, mut empty) = (none, none, none, none);
        for (j, slot) in places.slots.iter().enumerate() {
            let mut pupils = splat(0.0);
            for g in 0..n_grades {
                let here = self.pupils[g * n_slots + j];
                for l in 0..LANES {
                    pupils[l] += here[l];
                }
            }
            let (new, rooms) = (self.pupils[entry * n_slots + j], self.rooms[j]);
            let occupied = self.occupied[j];
            let (mut in_area, mut of_area) =
                (self.area_pupils[slot.area], self.area_rooms[slot.area]);
            for l in 0..LANES {
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
        for g in 0..n_grades {
            let grade = self.grade(g, &sigma);
            let ring = State::ring(g, year_idx, n_grades) * n_slots;
            self.count_grade(layout, ring..ring + n_slots, &grade, &sigma, count);
        }
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

    #[inline(always)]
    fn grade(&self, g: usize, sigma: &Lane) -> Grade {
        let thresholds = &self.thresholds;
        let mut grade = Grade {
            standard: thresholds.standard[g],
            oversized: splat(0.0),
            super_oversized: splat(0.0),
            reach: splat(0.0),
        };
        for l in 0..LANES {
            grade.oversized[l] = thresholds.oversized[g][l] - 0.5;
            grade.super_oversized[l] = thresholds.super_oversized[g][l] - 0.5;
            grade.reach[l] = NEAR * sigma[l];
        }
        grade
    }

    /// Adds one grade of all schools.
    #[inline(always)]
    fn count_grade(
        &self,
        layout: &Layout,
        cells: std::ops::Range<usize>,
        grade: &Grade,
        sigma: &Lane,
        count: &mut Count,
    ) {
        let mut tally = Tally::default();
        for cell in cells {
            let (pupils, classes) = (self.pupils[cell], self.classes[cell]);
            for l in 0..LANES {
                let over = pupils[l] - grade.standard[l] * classes[l];
                tally.crowding_gap[l] += if over > 0.0 { over } else { 0.0 };
            }
            let (near, far) = grade.reached(&pupils, &classes);
            if !any(&near) {
                continue;
            }
            let limits = self.limits[cell];
            let sizes = Sizes::of(&pupils, &classes, &limits, sigma);
            let (density, upper) = sizes.from(layout, &grade.oversized);
            // φ(z) = e^(−z²/2)/√(2π)
            const INVERSE_ROOT_2_PI: f64 = 0.398_942_280_401_432_7;
            for l in 0..LANES {
                // A lane counts its own: what its neighbours look at does not change it.
                tally.oversized[l] += near[l] * (classes[l] * upper[l]);
                let above = sizes.spread[l] * density[l] * INVERSE_ROOT_2_PI;
                let inside = classes[l] * (sizes.mean[l] * upper[l] + above);
                let inside = if inside < pupils[l] { inside } else { pupils[l] };
                tally.pupils_in_oversized[l] += near[l] * inside;
            }
            if any(&far) {
                let (_, upper) = sizes.from(layout, &grade.super_oversized);
                for l in 0..LANES {
                    tally.super_oversized[l] += far[l] * (classes[l] * upper[l]);
                }
            }
        }
        for l in 0..LANES {
            count.crowding_gap[l] += tally.crowding_gap[l];
            count.oversized[l] += tally.oversized[l];
            count.super_oversized[l] += tally.super_oversized[l];
            count.pupils_in_oversized[l] += tally.pupils_in_oversized[l];
        }
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
        let (n_areas, n_columns) = (layout.city.areas.len(), places.n_pools + 1);
        let n_grades = places.stage.n_grades();
        for (g, grade) in places.stage.grades().enumerate() {
            let shares = &self.shares[State::ring(g, year_idx, n_grades)];
            for area in 0..n_areas {
                let share = &shares[area * n_columns + places.n_pools];
                let pupils = &people.residents[(year_idx * n_areas + area) * N_GRADES + grade];
                for l in 0..LANES {
                    count.unplaced[l] += share[l] * pupils[l];
                    count.unplaced_entrants[l] += if g == 0 { share[l] * pupils[l] } else { 0.0 };
                }
            }
        }
    }
}

/// Sums of one grade, close to the processor.
struct Tally {
    crowding_gap: Lane,
    oversized: Lane,
    super_oversized: Lane,
    pupils_in_oversized: Lane,
}

impl Default for Tally {
    fn default() -> Self {
        let none = splat(0.0);
        Tally {
            crowding_gap: none,
            oversized: none,
            super_oversized: none,
            pupils_in_oversized: none,
        }
    }
}

/// Mean class and spread of class sizes, `min(σ·√(1 − 1/c), max(0, L + ½ − μ)/2.5)`; 0 where there is no class.
struct Sizes {
    mean: Lane,
    spread: Lane,
    /// 1/spread; 0 without spread.
    inverse: Lane,
}

impl Sizes {
    #[inline(always)]
    fn of(pupils: &Lane, classes: &Lane, limits: &Lane, sigma: &Lane) -> Sizes {
        let (mut mean, mut spread, mut inverse) = (splat(0.0), splat(0.0), splat(0.0));
        for l in 0..LANES {
            let some = classes[l] > 0.0;
            let each = 1.0 / if some { classes[l] } else { 1.0 };
            let size = if some { pupils[l] * each } else { 0.0 };
            let free = sigma[l] * (1.0 - each).sqrt();
            let below = (limits[l] + 0.5 - size) * 0.4;
            let below = if below > 0.0 { below } else { 0.0 };
            let width = if free < below { free } else { below };
            mean[l] = size;
            spread[l] = width;
            inverse[l] = if width > 0.0 { 1.0 / width } else { 0.0 };
        }
        Sizes { mean, spread, inverse }
    }

    /// `e^(−z²/2)` (0 without spread) and the share of classes at or above a threshold.
    #[inline(always)]
    fn from(&self, layout: &Layout, from: &Lane) -> (Lane, Lane) {
        let mut z = splat(0.0);
        for l in 0..LANES {
            z[l] = (from[l] - self.mean[l]) * self.inverse[l];
        }
        let (mut density, mut upper) = layout.tail.of(&z);
        for l in 0..LANES {
            let step = if self.mean[l] >= from[l] { 1.0 } else { 0.0 };
            upper[l] = if self.spread[l] > 0.0 { upper[l] } else { step };
            density[l] = if self.spread[l] > 0.0 { density[l] } else { 0.0 };
        }
        (density, upper)
    }
}
