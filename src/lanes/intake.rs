//! Intake in lanes: water-filling by weight, classes, class limits. Pupils for whom the first pass has no place go to
//! [`rescue`](super::rescue).

use crate::axes::N_GRADES;
use crate::numeric::PUPIL_EPSILON;
use crate::scenario::Scenario;

use super::layout::{Layout, StageLayout};
use super::people::People;
use super::stage::{Run, State, Workspace};
use super::{LANES, Lane, splat};

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
        let (n_areas, n_columns) = (layout.city.areas.len(), n_pools + 1);
        let state = &mut self.state;
        if state.places_changed {
            state.count_places(places);
            state.share_entrants(layout, places, scenarios);
        }
        // The standard may change from year to year and with it the places, but not their proportions.
        state.places_changed = false;
        let ring = State::ring(0, year_idx, stage.n_grades());
        for &(area, column) in &state.pairs {
            let at = area * n_columns + column;
            state.shares[ring][at] = state.entry[at];
        }
        let residents = &people.residents[year_idx * n_areas * N_GRADES..][..n_areas * N_GRADES];
        state.pupils_of_pools(ring, residents, stage.first_grade(), n_columns);
        let year = f64::from(layout.city.base_year + year_idx as i32);
        let mut any_left = false;
        for pool in 0..n_pools {
            let slots = places.pool_start[pool]..places.pool_start[pool + 1];
            any_left |= state.fill(slots, pool, year, stage.n_grades() as f64);
        }
        self.state.rescued = any_left;
        if any_left {
            self.state.admitted.fill(self.state.thresholds.limit);
            self.rescue_lanes(layout, places, scenarios, people, year_idx, run);
        }
        self.state.form_classes(places, year_idx);
        for pool in 0..n_pools {
            self.state.pool_pupils[ring * n_pools + pool] = self.state.entrants[pool];
        }
    }
}

/// What placing the entrants of a pool at a level comes to.
struct Placed {
    placed: Lane,
    /// Schools with places left, and full schools that have room at all: counted as numbers, which vectors can do.
    n_free: Lane,
    n_full: Lane,
}

impl Placed {
    #[inline(always)]
    fn any_full(&self) -> bool {
        let mut any = false;
        for l in 0..LANES {
            any |= self.n_full[l] > 0.0;
        }
        any
    }
}

impl State {
    /// Pass 1 for one pool: fills its schools by weight up to their rooms. Whether anybody is left in some lane.
    ///
    /// The level λ at which `Σ min(room, λ·weight)` is the number of entrants is found by taking full schools out until no more
    /// fill up; it only rises, so it ends at the exact level.
    #[inline(always)]
    fn fill(
        &mut self,
        slots: std::ops::Range<usize>,
        pool: usize,
        year: f64,
        n_grades: f64,
    ) -> bool {
        let wanted = self.entrants[pool];
        let limit = self.thresholds.limit;
        let mut weights = splat(0.0);
        for j in slots.clone() {
            let (rooms, occupied, row) = (self.rooms[j], self.occupied[j], self.row[j]);
            let weight = self.weight[j];
            let (mut room, mut capacity) = (splat(0.0), splat(0.0));
            for l in 0..LANES {
                let (narrow, _, k, _) = entry_rooms(rooms[l], occupied[l], row[l], year, n_grades);
                room[l] = narrow * limit[l];
                capacity[l] = k;
                weights[l] += if room[l] > 0.0 { weight[l] } else { 0.0 };
            }
            self.room[j] = room;
            self.capacity[j] = capacity;
        }
        let mut level = splat(0.0);
        for l in 0..LANES {
            level[l] = if weights[l] > 0.0 { wanted[l] / weights[l] } else { f64::INFINITY };
        }
        let mut all = self.place(slots.clone(), &level, &wanted);
        while all.any_full() {
            let (full, free) = self.full_and_free(slots.clone(), &level);
            let mut rises = false;
            for l in 0..LANES {
                let next =
                    if free[l] > 0.0 { (wanted[l] - full[l]) / free[l] } else { f64::INFINITY };
                rises |= next > level[l] && free[l] < weights[l];
                level[l] = if free[l] < weights[l] { next } else { level[l] };
                weights[l] = free[l];
            }
            if !rises {
                all = self.place(slots.clone(), &level, &wanted);
                break;
            }
        }
        let mut any_left = false;
        for l in 0..LANES {
            let left = wanted[l] - all.placed[l];
            self.left[pool][l] = if all.n_free[l] > 0.0 || left < 0.0 { 0.0 } else { left };
            any_left |= self.left[pool][l] > PUPIL_EPSILON;
        }
        any_left
    }

    /// Rooms of the schools that are full at a level, and weights of those that are not.
    #[inline(always)]
    fn full_and_free(&self, slots: std::ops::Range<usize>, level: &Lane) -> (Lane, Lane) {
        let (mut full, mut free) = (splat(0.0), splat(0.0));
        for j in slots {
            let (room, weight) = (self.room[j], self.weight[j]);
            for l in 0..LANES {
                let is_full = room[l] <= level[l] * weight[l] || room[l] <= 0.0;
                full[l] += if is_full && weight[l] > 0.0 { room[l] } else { 0.0 };
                free[l] += if is_full { 0.0 } else { weight[l] };
            }
        }
        (full, free)
    }

    /// Puts the entrants of a pool into its schools at a level.
    #[inline(always)]
    fn place(&mut self, slots: std::ops::Range<usize>, level: &Lane, wanted: &Lane) -> Placed {
        let mut all = Placed { placed: splat(0.0), n_free: splat(0.0), n_full: splat(0.0) };
        for j in slots {
            let (room, weight) = (self.room[j], self.weight[j]);
            let mut placed = splat(0.0);
            for l in 0..LANES {
                let by_weight = level[l] * weight[l];
                let is_free = room[l] > by_weight && weight[l] > 0.0;
                let part = if is_free { by_weight } else { room[l] };
                let counts = wanted[l] > PUPIL_EPSILON && weight[l] > 0.0;
                placed[l] = if counts { part } else { 0.0 };
                all.placed[l] += placed[l];
                all.n_free[l] += if is_free { 1.0 } else { 0.0 };
                all.n_full[l] += if !is_free && room[l] > 0.0 { 1.0 } else { 0.0 };
            }
            self.placed[j] = placed;
        }
        all
    }

    /// Classes and class limits of the entrants:
    /// `clamp(ceil(n/open_at), 1, max(1, min(free, max(k_t, ceil(n/L)))))`.
    #[inline(always)]
    fn form_classes(&mut self, places: &StageLayout, year_idx: usize) {
        let n_grades = places.stage.n_grades();
        let n_slots = places.slots.len();
        let entry = State::ring(0, year_idx, n_grades) * n_slots;
        let (limit, open_at) = (self.thresholds.limit, self.thresholds.open_at);
        let relief = self.thresholds.relief[0];
        let (mut each_open, mut each_limit) = (splat(0.0), splat(0.0));
        for l in 0..LANES {
            each_open[l] = 1.0 / open_at[l];
            each_limit[l] = 1.0 / limit[l];
        }
        for j in 0..n_slots {
            let (rooms, capacity, placed) = (self.rooms[j], self.capacity[j], self.placed[j]);
            let (mut occupied, cell) = (self.occupied[j], entry + j);
            let (mut classes, mut limits) = (splat(0.0), splat(0.0));
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
                let is_single = formed < 1.0 || rooms[l] < n_grades as f64;
                let formed = if is_single { 1.0 } else { formed };
                let formed = if n > PUPIL_EPSILON { formed } else { 0.0 };
                classes[l] = formed;
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
