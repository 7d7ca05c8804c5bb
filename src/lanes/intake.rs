//! Intake in lanes: water-filling by weight, classes, class limits. Pupils for whom the first pass has no place go to
//! [`rescue`](super::rescue).

use std::ops::Range;

use crate::axes::N_GRADES;
use crate::numeric::PUPIL_EPSILON;
use crate::scenario::Scenario;

use super::count::Stock;
use super::entry::Change;
use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::tail::Tail;
use super::tally::Tally;
use super::{LANES, Lane, Lane32, rounded, splat, splat32};

/// Rooms of a school that may take entrants: in the first pass, and in all; and its entry capacity. A school with fewer rooms than
/// grades has a share of a room a grade.
#[inline(always)]
pub(super) fn entry_rooms(
    rooms: f64,
    occupied: f64,
    row: f64,
    year: f64,
    n_grades: f64,
) -> (f64, f64, f64) {
    // ⌊(u+1)·R/G⌋ − ⌊u·R/G⌋ of whole numbers: a hundredth is far more than rounding and far less than 1/G.
    let (u, each) = (year + row, 1.0 / n_grades);
    let entry = (((u + 1.0) * rooms) * each + 0.01).floor() - ((u * rooms) * each + 0.01).floor();
    let free = rooms - occupied;
    let free = if free > 0.0 { free } else { 0.0 };
    let is_multi_grade = rooms > 0.0 && rooms < n_grades;
    let narrow = if free < entry { free } else { entry };
    let shared = rooms / n_grades;
    if is_multi_grade { (shared, shared, entry) } else { (narrow, free, entry) }
}

impl Workspace {
    /// Admits the entrants of a year and forms their classes.
    #[inline(always)]
    pub(super) fn admit(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
        year_idx: usize,
        run: &mut Run,
    ) {
        let (stage, n_pools) = (places.stage, places.n_pools);
        let n_areas = layout.city.areas.len();
        let state = &mut self.state;
        // Shares follow places, and places the standard. All lanes are made anew where one has changed: what a lane has then
        // depends on its own numbers alone.
        if state.places_changed || state.last_standard[0] != state.thresholds.standard[0] {
            state.count_places(places);
            state.share_entrants(layout, places, scenarios);
        }
        state.places_changed = false;
        let ring = State::ring(0, year_idx, stage.n_grades());
        state.shares[ring].copy_from_slice(&state.entry);
        let residents = &people.residents[year_idx * n_areas * N_GRADES..][..n_areas * N_GRADES];
        state.pupils_of_pools(ring, residents, stage.first_grade(), n_pools);
        let year = f64::from(layout.city.base_year + year_idx as i32);
        let mut any_left = false;
        for pool in 0..n_pools {
            let slots = places.pool_start[pool]..places.pool_start[pool + 1];
            let known = &places.entry_capacity[year_idx * places.slots.len()..];
            state.open_rooms(slots.clone(), known, year, stage.n_grades() as f64);
            any_left |= state.fill(slots, pool);
        }
        self.state.rescued = any_left;
        if any_left {
            for pool in 0..n_pools {
                self.state.place(places.pool_start[pool]..places.pool_start[pool + 1], pool);
            }
            self.state.admitted.fill(rounded(&self.state.thresholds.limit));
            self.rescue_lanes(layout, places, scenarios, people, year_idx, run);
        }
        let forming = self.state.forming(stage.n_grades());
        for pool in 0..n_pools {
            let slots = places.pool_start[pool]..places.pool_start[pool + 1];
            self.state.form_classes(&layout.tail, places, slots, (ring, pool), &forming);
            self.state.pool_pupils[ring * n_pools + pool] = self.state.entrants[pool];
        }
    }
}

/// What forming classes takes from a year: the same for all schools.
struct Forming {
    each_open: Lane,
    each_limit: Lane,
    relief: Lane32,
    limit: Lane32,
    n_grades: f32,
}

/// The entry grade of one school.
struct Formed {
    pupils: Lane32,
    classes: Lane32,
    limits: Lane32,
}

impl State {
    /// Pass 1 for one pool: fills its schools by weight up to their rooms. Whether anybody is left in some lane.
    ///
    /// The level λ at which `Σ min(room, λ·weight)` is the number of entrants is found by taking full schools out until no more
    /// fill up; it only rises, so it ends at the exact level.
    #[inline(always)]
    fn fill(&mut self, slots: Range<usize>, pool: usize) -> bool {
        /// Above every level there is; not infinite, so that a weight of 0 takes nobody.
        const HIGHEST: f64 = 1e300;
        let wanted = self.entrants[pool];
        // At level 0 only those without room are full.
        let (_, mut weights) = self.full_and_free(slots.clone(), &splat(0.0));
        let mut level = splat(0.0);
        for l in 0..LANES {
            level[l] = if weights[l] > 0.0 { wanted[l] / weights[l] } else { HIGHEST };
        }
        let taken = loop {
            let (full, free) = self.full_and_free(slots.clone(), &level);
            let mut rises = false;
            for l in 0..LANES {
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
        for l in 0..LANES {
            level[l] = if wanted[l] > PUPIL_EPSILON { level[l] } else { 0.0 };
        }
        self.level[pool] = level;
        let mut any_left = false;
        let mut without_place = splat(0.0);
        for l in 0..LANES {
            let left = wanted[l] - taken[l];
            without_place[l] = if weights[l] > 0.0 || left < 0.0 { 0.0 } else { left };
            any_left |= without_place[l] > PUPIL_EPSILON;
        }
        self.left[pool] = without_place;
        any_left
    }

    /// Rooms of the first pass times the grades of the stage, and entry capacity, which is `known` of the schools that no event has touched.
    #[inline(always)]
    fn open_rooms(&mut self, slots: Range<usize>, known: &[f32], year: f64, n_grades: f64) {
        let times = n_grades as f32;
        for j in slots {
            let (rooms, occupied) = (self.rooms[j], self.occupied[j]);
            let (mut open, mut capacity) = (splat32(0.0), splat32(0.0));
            if self.is_untouched[j] {
                let is_multi_grade = rooms[0] > 0.0 && rooms[0] < times;
                let (least, most) =
                    if is_multi_grade { (rooms[0], rooms[0]) } else { (0.0, known[j] * times) };
                for l in 0..LANES {
                    let free = (rooms[l] - occupied[l]) * times;
                    let free = if free > least { free } else { least };
                    open[l] = if free < most { free } else { most };
                }
                capacity = splat32(known[j]);
            } else {
                let row = self.row[j];
                for l in 0..LANES {
                    let (all, occupied) = (f64::from(rooms[l]), f64::from(occupied[l]));
                    let (narrow, _, k) = entry_rooms(all, occupied, row[l], year, n_grades);
                    // A share of a room times the grades is whole again.
                    open[l] = (narrow * n_grades).round() as f32;
                    capacity[l] = k as f32;
                }
            }
            self.open[j] = open;
            self.capacity[j] = capacity;
        }
    }

    /// Places of the schools that are full at a level, and weights of those that are not. Without room a school is always full,
    /// without weight never unless it has no room.
    #[inline(always)]
    fn full_and_free(&self, slots: Range<usize>, level: &Lane) -> (Lane, Lane) {
        let places = self.places_of_room;
        let (mut full, mut free) = (splat(0.0), splat(0.0));
        for j in slots {
            let (open, weight) = (self.open[j], self.weight[j]);
            for l in 0..LANES {
                let room = f64::from(open[l]) * places[l];
                let is_full = room <= level[l] * weight[l];
                full[l] += if is_full { room } else { 0.0 };
                free[l] += if is_full { 0.0 } else { weight[l] };
            }
        }
        (full, free)
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
    fn share_of_school(&self, j: usize, level: &Lane) -> Lane {
        let (open, weight, places) = (self.open[j], self.weight[j], &self.places_of_room);
        let mut placed = splat(0.0);
        for l in 0..LANES {
            let (by_weight, room) = (level[l] * weight[l], f64::from(open[l]) * places[l]);
            placed[l] = if by_weight < room { by_weight } else { room };
        }
        placed
    }

    /// What forming classes needs of the year.
    #[inline(always)]
    fn forming(&self, n_grades: usize) -> Forming {
        let thresholds = &self.thresholds;
        let (mut each_open, mut each_limit) = (splat(0.0), splat(0.0));
        for l in 0..LANES {
            each_open[l] = 1.0 / thresholds.open_at[l];
            each_limit[l] = 1.0 / thresholds.limit[l];
        }
        Forming {
            each_open,
            each_limit,
            relief: rounded(&thresholds.relief[0]),
            limit: rounded(&thresholds.limit),
            n_grades: n_grades as f32,
        }
    }

    /// Forms the classes of a pool's entrants, and counts its schools as they stand at the end of the year.
    #[inline(always)]
    fn form_classes(
        &mut self,
        tail: &Tail,
        places: &StageLayout,
        slots: Range<usize>,
        (ring, pool): (usize, usize),
        forming: &Forming,
    ) {
        let (level, grade) = (self.level[pool], self.grades[0]);
        let entry = ring * places.slots.len();
        let mut tally = Tally::default();
        let mut stock = Stock::new(rounded(&self.room_standard));
        for j in slots {
            let placed =
                if self.rescued { self.placed[j] } else { self.share_of_school(j, &level) };
            let admitted = if self.rescued { self.admitted[j] } else { forming.limit };
            let (rooms, mut occupied, upper) = (self.rooms[j], self.occupied[j], self.upper[j]);
            let Formed { pupils, classes, limits } =
                forming.classes(&placed, (&rooms, &occupied, &self.capacity[j]), &admitted);
            for l in 0..LANES {
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
        self.book_tally(tail, 0, ring * places.n_pools + pool);
        self.book_stock(&stock);
    }
}

impl Forming {
    /// Classes and class limits of the entrants of one school:
    /// `clamp(ceil(n/open_at), 1, max(1, min(free, max(k_t, ceil(n/L)))))`.
    ///
    /// Only the two quotients need double precision; numbers of classes and rooms are whole and small.
    #[inline(always)]
    fn classes(
        &self,
        placed: &Lane,
        (rooms, occupied, capacity): (&Lane32, &Lane32, &Lane32),
        admitted: &Lane32,
    ) -> Formed {
        let (mut wanted, mut needed) = (splat32(0.0), splat32(0.0));
        let (mut pupils, mut classes, mut limits) = (splat32(0.0), splat32(0.0), splat32(0.0));
        for l in 0..LANES {
            let n = placed[l];
            let all = (n * self.each_open[l] - PUPIL_EPSILON).ceil();
            let all = if all > 1.0 { all } else { 1.0 };
            wanted[l] = if n > PUPIL_EPSILON { all } else { 0.0 } as f32;
            needed[l] = (n * self.each_limit[l] - PUPIL_EPSILON).ceil() as f32;
            pupils[l] = n as f32;
        }
        for l in 0..LANES {
            let k = capacity[l];
            let most = if k > needed[l] { k } else { needed[l] };
            let free = rooms[l] - occupied[l];
            let most = if free < most { free } else { most };
            // Fewer rooms than grades: one class.
            let most = if most > 1.0 && rooms[l] >= self.n_grades { most } else { 1.0 };
            classes[l] = if wanted[l] < most { wanted[l] } else { most };
            // `n ≤ open_at·c`
            let is_relieved = wanted[l] <= classes[l];
            // A choice between two places in memory would become a choice of addresses, which is slow.
            let (relieved, not) = if is_relieved { (1.0, 0.0) } else { (0.0, 1.0) };
            limits[l] = self.relief[l] * relieved + admitted[l] * not;
        }
        Formed { pupils, classes, limits }
    }
}
