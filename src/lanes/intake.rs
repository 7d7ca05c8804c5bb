//! Intake in lanes: water-filling by weight, classes, class limits. Pupils for whom the first pass has no place go to
//! [`rescue`](super::rescue).

use std::ops::Range;

use crate::axes::N_GRADES;
use crate::numeric::PUPIL_EPSILON;
use crate::scenario::Scenario;

use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::{LANES, Lane, splat, splat32};

/// Rooms of a school that may take entrants: in the first pass, and in all; its entry capacity; whether it has fewer rooms
/// than grades.
#[inline(always)]
pub(super) fn entry_rooms(
    rooms: f64,
    occupied: f64,
    row: f64,
    year: f64,
    n_grades: f64,
) -> (f64, f64, f64, bool) {
    // ⌊(u+1)·R/G⌋ − ⌊u·R/G⌋ of whole numbers: a hundredth is far more than rounding and far less than 1/G.
    let (u, each) = (year + row, 1.0 / n_grades);
    let entry = (((u + 1.0) * rooms) * each + 0.01).floor() - ((u * rooms) * each + 0.01).floor();
    let free = rooms - occupied;
    let free = if free > 0.0 { free } else { 0.0 };
    let is_multi_grade = rooms > 0.0 && rooms < n_grades;
    let narrow = if free < entry { free } else { entry };
    let shared = rooms / n_grades;
    if is_multi_grade { (shared, shared, entry, true) } else { (narrow, free, entry, false) }
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
        if state.places_changed {
            state.count_places(places);
            state.share_entrants(layout, places, scenarios);
        }
        // The standard may change from year to year and with it the places, but not their proportions.
        state.places_changed = false;
        let ring = State::ring(0, year_idx, stage.n_grades());
        state.shares[ring].copy_from_slice(&state.entry);
        let residents = &people.residents[year_idx * n_areas * N_GRADES..][..n_areas * N_GRADES];
        state.pupils_of_pools(ring, residents, stage.first_grade(), n_pools);
        let year = f64::from(layout.city.base_year + year_idx as i32);
        let mut any_left = false;
        for pool in 0..n_pools {
            let slots = places.pool_start[pool]..places.pool_start[pool + 1];
            any_left |= state.fill(slots, pool, year, stage.n_grades() as f64);
        }
        self.state.rescued = any_left;
        if any_left {
            for pool in 0..n_pools {
                self.state.place(places.pool_start[pool]..places.pool_start[pool + 1], pool);
            }
            self.state.admitted.fill(self.state.thresholds.limit);
            self.rescue_lanes(layout, places, scenarios, people, year_idx, run);
        }
        for pool in 0..n_pools {
            let slots = places.pool_start[pool]..places.pool_start[pool + 1];
            let entry = ring * places.slots.len();
            self.state.form_classes((slots.clone(), entry, pool), stage.n_grades() as f64);
            let cells = entry + slots.start..entry + slots.end;
            self.state.tally_grade(&layout.tail, cells, 0, ring * n_pools + pool);
            self.state.pool_pupils[ring * n_pools + pool] = self.state.entrants[pool];
        }
    }
}

impl State {
    /// Pass 1 for one pool: fills its schools by weight up to their rooms. Whether anybody is left in some lane.
    ///
    /// The level λ at which `Σ min(room, λ·weight)` is the number of entrants is found by taking full schools out until no more
    /// fill up; it only rises, so it ends at the exact level.
    #[inline(always)]
    fn fill(&mut self, slots: Range<usize>, pool: usize, year: f64, n_grades: f64) -> bool {
        /// Above every level there is; not infinite, so that a weight of 0 takes nobody.
        const HIGHEST: f64 = 1e300;
        let wanted = self.entrants[pool];
        let mut weights = self.open_rooms(slots.clone(), year, n_grades);
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

    /// Rooms of the first pass in places, entry capacity, and the weights of the schools that have room.
    #[inline(always)]
    fn open_rooms(&mut self, slots: Range<usize>, year: f64, n_grades: f64) -> Lane {
        let limit = self.thresholds.limit;
        let mut weights = splat(0.0);
        for j in slots {
            let (rooms, occupied, row) = (self.rooms[j], self.occupied[j], self.row[j]);
            let weight = self.weight[j];
            let (mut room, mut capacity) = (splat(0.0), splat(0.0));
            if self.is_alike[j] {
                let (_, _, entry, is_multi) = entry_rooms(rooms[0], 0.0, row[0], year, n_grades);
                let shared = rooms[0] / n_grades;
                let least = if is_multi { shared } else { 0.0 };
                let most = if is_multi { shared } else { entry };
                for l in 0..LANES {
                    let free = rooms[l] - occupied[l];
                    let free = if free > least { free } else { least };
                    room[l] = if free < most { free } else { most } * limit[l];
                    weights[l] += if room[l] > 0.0 { weight[l] } else { 0.0 };
                }
                capacity = splat(entry);
            } else {
                for l in 0..LANES {
                    let (narrow, _, k, _) =
                        entry_rooms(rooms[l], occupied[l], row[l], year, n_grades);
                    room[l] = narrow * limit[l];
                    capacity[l] = k;
                    weights[l] += if room[l] > 0.0 { weight[l] } else { 0.0 };
                }
            }
            self.room[j] = room;
            self.capacity[j] = capacity;
        }
        weights
    }

    /// Rooms of the schools that are full at a level, and weights of those that are not. Without room a school is always full,
    /// without weight never unless it has no room.
    #[inline(always)]
    fn full_and_free(&self, slots: Range<usize>, level: &Lane) -> (Lane, Lane) {
        let (mut full, mut free) = (splat(0.0), splat(0.0));
        for j in slots {
            let (room, weight) = (self.room[j], self.weight[j]);
            for l in 0..LANES {
                let is_full = room[l] <= level[l] * weight[l];
                full[l] += if is_full { room[l] } else { 0.0 };
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
        let (room, weight) = (self.room[j], self.weight[j]);
        let mut placed = splat(0.0);
        for l in 0..LANES {
            let by_weight = level[l] * weight[l];
            placed[l] = if by_weight < room[l] { by_weight } else { room[l] };
        }
        placed
    }

    /// Classes and class limits of the entrants:
    /// `clamp(ceil(n/open_at), 1, max(1, min(free, max(k_t, ceil(n/L)))))`.
    #[inline(always)]
    fn form_classes(&mut self, (slots, entry, pool): (Range<usize>, usize, usize), n_grades: f64) {
        let level = self.level[pool];
        let (limit, open_at) = (self.thresholds.limit, self.thresholds.open_at);
        let relief = self.thresholds.relief[0];
        let (mut each_open, mut each_limit) = (splat(0.0), splat(0.0));
        for l in 0..LANES {
            each_open[l] = 1.0 / open_at[l];
            each_limit[l] = 1.0 / limit[l];
        }
        for j in slots {
            let (rooms, capacity) = (self.rooms[j], self.capacity[j]);
            let placed =
                if self.rescued { self.placed[j] } else { self.share_of_school(j, &level) };
            let (mut occupied, cell) = (self.occupied[j], entry + j);
            let (mut classes, mut limits) = (splat32(0.0), splat(0.0));
            let admitted = if self.rescued { self.admitted[j] } else { limit };
            for l in 0..LANES {
                let (n, k) = (placed[l], capacity[l]);
                let free = rooms[l] - occupied[l];
                let wanted = (n * each_open[l] - PUPIL_EPSILON).ceil();
                let needed = (n * each_limit[l] - PUPIL_EPSILON).ceil();
                let most = if k > needed { k } else { needed };
                let most = if free < most { free } else { most };
                let most = if most > 1.0 { most } else { 1.0 };
                let formed = if wanted < most { wanted } else { most };
                // Fewer rooms than grades: one class.
                let is_single = formed < 1.0 || rooms[l] < n_grades;
                let formed = if is_single { 1.0 } else { formed };
                let formed = if n > PUPIL_EPSILON { formed } else { 0.0 };
                classes[l] = formed as f32;
                occupied[l] += formed;
                limits[l] =
                    if n <= open_at[l] * formed + PUPIL_EPSILON { relief[l] } else { admitted[l] };
            }
            self.pupils[cell] = placed;
            self.classes[cell] = classes;
            self.limits[cell] = limits;
            self.occupied[j] = occupied;
        }
    }
}
