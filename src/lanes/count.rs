//! What a year of a stage comes to in lanes: stocks of the whole city, as [`indicators`](../indicators/index.html) counts them
//! from the reference.

use std::ops::Range;

use crate::axes::{N_GRADES, N_STAGES};

use super::events::{Dated, booked_years};
use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::{LANES, Lane, Lane32, rounded, splat, splat32};

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
        self.state.count_schools(count);
        if self.state.any_left {
            self.state.count_unplaced(layout, places, people, year_idx, count);
        }
    }
}

impl State {
    /// Stocks of the stage, from what ageing and intake have tallied.
    #[inline(always)]
    fn count_schools(&mut self, count: &mut Count) {
        let room_standard = self.room_standard;
        for (pupils, rooms) in self.area_pupils.iter().zip(&self.area_rooms) {
            for l in 0..LANES {
                let gap = pupils[l] - rooms[l] * room_standard[l];
                count.seat_gap[l] += if gap > 0.0 { gap } else { 0.0 };
                count.pupils[l] += pupils[l];
                count.rooms[l] += rooms[l];
                count.seats[l] += rooms[l] * room_standard[l];
            }
        }
        count.entrants = self.sums.entrants;
        count.classes = self.sums.classes;
        count.classes_without_room = self.sums.classes_without_room;
        count.empty_seats = self.sums.empty_seats;
        count.crowding_gap = self.sums.crowding_gap;
        count.oversized = self.sums.oversized;
        count.super_oversized = self.sums.super_oversized;
        count.pupils_in_oversized = self.sums.pupils_in_oversized;
    }

    /// Rooms by area and by pool. Events then change them.
    #[inline(always)]
    fn count_rooms(&mut self, layout: &Layout, places: &StageLayout) {
        self.area_rooms.fill(splat(0.0));
        self.pool_rooms.fill(splat(0.0));
        for (slot, rooms) in places.slots.iter().zip(&self.rooms) {
            let pool = layout.city.pool_of_area[places.stage.idx()][slot.area];
            for of in [&mut self.area_rooms[slot.area], &mut self.pool_rooms[pool]] {
                for l in 0..LANES {
                    of[l] += f64::from(rooms[l]);
                }
            }
        }
    }

    /// Adds up some schools' pupils above the entry grade.
    #[inline(always)]
    pub(super) fn add_upper(&mut self, places: &StageLayout, entry: usize, slots: Range<usize>) {
        let (n_grades, n_slots) = (places.stage.n_grades(), places.slots.len());
        for j in slots {
            let mut upper = splat32(0.0);
            for rings in [0..entry, entry + 1..n_grades] {
                for ring in rings {
                    let pupils = self.pupils[ring * n_slots + j];
                    for l in 0..LANES {
                        upper[l] += pupils[l];
                    }
                }
            }
            self.upper[j] = upper;
        }
    }

    /// Counts the schools of the base year.
    #[inline(always)]
    pub(super) fn count_base_year(&mut self, layout: &Layout, places: &StageLayout) {
        self.count_rooms(layout, places);
        for pool in 0..places.n_pools {
            let mut stock = Stock::new(rounded(&self.room_standard));
            for j in places.pool_start[pool]..places.pool_start[pool + 1] {
                stock.go_to_area(places.slots[j].area, &mut self.area_pupils);
                stock.add((&self.pupils[j], &self.upper[j]), &self.occupied[j], &self.rooms[j]);
            }
            stock.go_to_area(usize::MAX, &mut self.area_pupils);
            self.book_stock(&stock);
        }
    }

    /// Takes what the schools of a pool come to into the sums of the stage.
    #[inline(always)]
    pub(super) fn book_stock(&mut self, stock: &Stock) {
        let sums = &mut self.sums;
        for l in 0..LANES {
            sums.entrants[l] += f64::from(stock.entrants[l]);
            sums.classes[l] += f64::from(stock.classes[l]);
            sums.classes_without_room[l] += f64::from(stock.without_room[l]);
            sums.empty_seats[l] += f64::from(stock.empty[l]);
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
pub(super) struct Sums {
    entrants: Lane,
    classes: Lane,
    classes_without_room: Lane,
    empty_seats: Lane,
    pub crowding_gap: Lane,
    pub oversized: Lane,
    pub super_oversized: Lane,
    pub pupils_in_oversized: Lane,
}

impl Default for Sums {
    fn default() -> Self {
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
pub(super) struct Stock {
    room_standard: Lane32,
    entrants: Lane32,
    classes: Lane32,
    without_room: Lane32,
    empty: Lane32,
    /// The area at hand and the pupils of its schools.
    area: usize,
    in_area: Lane32,
}

impl Stock {
    /// Nothing yet.
    pub fn new(room_standard: Lane32) -> Self {
        let none = splat32(0.0);
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
    pub fn go_to_area(&mut self, area: usize, area_pupils: &mut [Lane]) {
        if area == self.area {
            return;
        }
        if let Some(pupils) = area_pupils.get_mut(self.area) {
            for l in 0..LANES {
                pupils[l] += f64::from(self.in_area[l]);
            }
        }
        self.area = area;
        self.in_area = splat32(0.0);
    }

    /// Adds a school.
    #[inline(always)]
    pub fn add(&mut self, (new, upper): (&Lane32, &Lane32), occupied: &Lane32, rooms: &Lane32) {
        for l in 0..LANES {
            let pupils = upper[l] + new[l];
            self.in_area[l] += pupils;
            self.entrants[l] += new[l];
            self.classes[l] += occupied[l];
            let over = occupied[l] - rooms[l];
            self.without_room[l] += if over > 0.0 { over } else { 0.0 };
            let seats = rooms[l] * self.room_standard[l] - pupils;
            self.empty[l] += if seats > 0.0 { seats } else { 0.0 };
        }
    }
}
