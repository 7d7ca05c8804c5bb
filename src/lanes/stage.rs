//! The schools of one stage in lanes: their state, and the order of a year.

use std::sync::Arc;

use crate::axes::{MAX_GRADES, N_GRADES, N_STAGES, Stage};
use crate::city::{City, School};
use crate::demand::Attendance;
use crate::demand::attendance::Matrix;
use crate::scenario::Scenario;
use crate::schools::attend::Attending;
use crate::schools::place::Scratch;
use crate::units::Year;

use super::count::{Count, Sums};
use super::events::{self, Dated};
use super::exp::exp;
use super::layout::{Layout, StageLayout};
use super::pairs::{Pair, Pairs};
use super::people::People;
use super::tally::{Grade, Tally};
use super::thresholds::{Thresholds, have_same_thresholds, thresholds};
use super::{LANES, Lane, Lane32, gather, splat, splat32};

/// What a block of draws comes to.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Stocks of the whole city: `[stage · years + year]`.
    pub counts: Vec<Count>,
    /// Lanes that met something that lanes cannot do; their counts mean nothing, and the reference must run them.
    pub unfit: [bool; LANES],
}

/// Memory that a block works in, kept from block to block and from scenario to scenario.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(super) state: State,
    /// Events by lane, and positions of each stage's events by lane.
    pub(super) events: [Vec<Dated>; LANES],
    pub(super) lists: [[Vec<usize>; N_STAGES]; LANES],
    pub(super) next_event: [usize; LANES],
    pub(super) rescue: Rescue,
}

/// What the rare passes of the reference work in.
#[derive(Debug, Clone, Default)]
pub(super) struct Rescue {
    pub scratch: Scratch,
    pub free_rooms: Vec<f64>,
    pub residents: Vec<f64>,
    /// By city that has been run: the attendance of one lane in the entry grade; the rest of it is not used.
    pub attending: Vec<(Arc<City>, Attending)>,
    /// Which of them is that of the scenario at hand.
    pub now: usize,
}

/// Schools of the stage at hand. Cells are `[ring · slots + slot]`: a grade stays where it is in memory, and the ring turns.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Pupils, class limits and classes of every cell, in single precision: no number of classes and no place depends on pupils
    /// above the entry grade, those of the entry grade are admitted in double precision before they are kept, and classes are
    /// whole numbers.
    pub pupils: Vec<Lane32>,
    pub limits: Vec<Lane32>,
    pub classes: Vec<Lane32>,
    /// Pupils of a school above its entry grade.
    pub upper: Vec<Lane32>,
    /// Spread of class sizes σ.
    pub sigma: Lane32,
    /// What ageing and intake count this year.
    pub sums: Sums,
    /// Pupils for whom a room is one seat each: the mean standard of the grades.
    pub room_standard: Lane,
    /// Places at entry of a room over the grades of the stage.
    pub places_of_room: Lane,
    /// Places up to the standard at the end of the last year: `[ring · pools + pool]`; the standards then, by grade of the
    /// stage; and whether a school has moved with its classes since.
    pub spare: Vec<Lane>,
    pub last_standard: [Lane; MAX_GRADES],
    pub has_moved: bool,
    /// Rooms that classes may use, and those in use.
    pub rooms: Vec<Lane32>,
    pub occupied: Vec<Lane32>,
    pub reserved: Vec<Lane32>,
    /// `exp(θ·q)`, and the admission weight `R/G·exp(θ·q)`.
    pub attraction: Vec<Lane>,
    pub weight: Vec<Lane>,
    pub quality: Vec<Lane>,
    /// Row in the register, which sets the year of a school's odd room.
    pub row: Vec<Lane>,
    /// Whether no lane has had an event there: rooms and row are those of the base year.
    pub is_untouched: Vec<bool>,
    /// Pupils of pools: `[ring · pools + pool]`.
    pub pool_pupils: Vec<Lane>,
    /// The same of this year's cohorts: `[grade of the stage · pools + pool]`.
    pub cohorts: Vec<Lane>,
    /// Pairs of area and column that any lane of any grade uses. All shares are by position of these.
    pub pairs: Pairs,
    /// Attendance by ring.
    pub shares: Vec<Vec<Lane>>,
    /// Shares of this year's entrants; made anew when places change.
    pub entry: Vec<Lane>,
    pub places_changed: bool,
    pub base_shares: Vec<Lane>,
    pub base_places: Vec<Lane>,
    pub places: Vec<Lane>,
    /// Intake: rooms of pass 1 times the grades of the stage (whole also where a school has fewer rooms than grades), pupils placed,
    /// limit that admitted the last, pupils of pools.
    pub open: Vec<Lane32>,
    pub placed: Vec<Lane>,
    pub admitted: Vec<Lane32>,
    /// Whether some lane went through all passes this year: only then is `admitted` not the limit everywhere.
    pub rescued: bool,
    /// Entry capacity of the year.
    pub capacity: Vec<Lane32>,
    pub entrants: Vec<Lane>,
    pub left: Vec<Lane>,
    /// Level of the first pass, by pool.
    pub level: Vec<Lane>,
    pub thresholds: Thresholds,
    /// The same by grade, as cells need them.
    pub grades: [Grade; MAX_GRADES],
    /// Pupils by area of the school and rooms by area, for the gap of seats.
    pub area_pupils: Vec<Lane>,
    pub area_rooms: Vec<Lane>,
    /// Rooms by pool.
    pub pool_rooms: Vec<Lane>,
    /// What the pool and grade at hand has come to.
    pub tally: Tally,
    /// Cells of the pool and grade at hand that are near a threshold; longer by one than a grade has schools.
    pub near: Vec<u32>,
    /// Whether some lane may have pupils without a place.
    pub any_left: bool,
    /// Schools that have moved, by lane: from slot to slot.
    pub moved: [Vec<(usize, usize)>; LANES],
}

impl State {
    /// Position in the ring of a grade of the stage in a year.
    #[inline(always)]
    pub fn ring(g: usize, year_idx: usize, n_grades: usize) -> usize {
        (g + n_grades - year_idx % n_grades) % n_grades
    }

    /// Follows a school to where it has moved in a lane.
    pub fn now_at(&self, slot: usize, l: usize) -> usize {
        self.moved[l].iter().fold(slot, |at, &(from, to)| if from == at { to } else { at })
    }
}

impl Workspace {
    /// Runs the schools of a block on its people.
    #[inline(always)]
    pub(super) fn run(
        &mut self,
        layout: &Layout,
        scenarios: &[&Scenario],
        people: &People,
        run: &mut Run,
    ) {
        let n_years = layout.city.n_years();
        run.counts.clear();
        run.counts.resize(N_STAGES * n_years, Count::default());
        run.unfit = [false; LANES];
        for l in 0..LANES.min(scenarios.len()) {
            events::dated(layout, scenarios[l], &mut self.events[l]);
            events::by_stage(&self.events[l], &mut self.lists[l]);
            run.book(layout, &self.events[l], l);
            // Without spread classes are counted in whole children, which lanes cannot do.
            run.unfit[l] = scenarios[l].rules.class_spread <= 0.0;
        }
        let sigma = gather(scenarios, |s| s.rules.class_spread);
        for l in 0..LANES {
            self.state.sigma[l] = sigma[l] as f32;
        }
        let with_thresholds =
            if have_same_thresholds(scenarios) { &scenarios[..1] } else { scenarios };
        for stage in Stage::ALL {
            let places = &layout.stages[stage.idx()];
            self.begin(layout, places, scenarios, people);
            for year_idx in 0..n_years {
                let year = layout.city.base_year + year_idx as Year;
                let mut thresholds = thresholds(with_thresholds, stage, year);
                thresholds.cap(scenarios, stage, year);
                self.state.take_thresholds(thresholds, stage.n_grades());
                if year_idx > 0 {
                    self.one_year(layout, places, scenarios, people, year_idx, run);
                } else {
                    self.state.tally_base_year(layout, places);
                }
                self.count(layout, places, people, year_idx, run);
            }
        }
    }

    /// One year of the stage.
    #[inline(always)]
    fn one_year(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
        year_idx: usize,
        run: &mut Run,
    ) {
        self.age(layout, places, people, year_idx, run);
        self.apply_events(layout, places, scenarios, people, year_idx);
        self.admit(layout, places, scenarios, people, year_idx, run);
    }

    /// The stage in the base year.
    #[inline(always)]
    fn begin(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
    ) {
        let city = &*layout.city;
        let (stage, n_slots) = (places.stage, places.slots.len());
        let n_grades = stage.n_grades();
        let state = &mut self.state;
        state.make_room(n_grades, n_slots);
        let choice = gather(scenarios, |s| s.rules.choice[stage.idx()]);
        for (j, slot) in places.slots.iter().enumerate() {
            match slot.base {
                Some(row) => {
                    state.begin_school(j, (row, &city.schools[row]), n_grades);
                    state.attract(j, &choice);
                    state.weigh(j, n_grades);
                }
                None => state.begin_empty(j, n_grades),
            }
        }
        self.begin_pools(layout, places, scenarios, people);
        for l in 0..LANES {
            self.next_event[l] = 0;
            self.state.moved[l].clear();
        }
    }

    /// Pools and attendance of the base year.
    #[inline(always)]
    fn begin_pools(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        people: &People,
    ) {
        let (stage, n_pools) = (places.stage, places.n_pools);
        let (n_grades, n_areas) = (stage.n_grades(), layout.city.areas.len());
        let state = &mut self.state;
        state.pool_pupils.clear();
        state.pool_pupils.extend(places.base_pupils.iter().map(|&pupils| splat(pupils)));
        state.has_moved = false;
        state.spare.clear();
        state.spare.resize(n_grades * n_pools, splat(0.0));
        state.cohorts.clear();
        state.cohorts.resize(n_grades * n_pools, splat(0.0));
        state.pairs.copy_from(&places.base_pairs);
        state.shares.resize(n_grades.max(state.shares.len()), Vec::new());
        state.shares.iter_mut().for_each(Vec::clear);
        for (g, grade) in stage.grades().enumerate() {
            state.shares[g].extend_from_slice(&people.attendance[grade]);
        }
        state.base_shares.clone_from(&people.base_shares[stage.idx()]);
        state.base_places =
            super::attendance::base_places(places, scenarios, layout.city.base_year);
        state.entry.clear();
        state.entry.resize(state.pairs.len(), splat(0.0));
        for pools in [
            &mut state.places,
            &mut state.entrants,
            &mut state.left,
            &mut state.level,
            &mut state.pool_rooms,
        ] {
            pools.clear();
            pools.resize(n_pools, splat(0.0));
        }
        for areas in [&mut state.area_pupils, &mut state.area_rooms] {
            areas.clear();
            areas.resize(n_areas, splat(0.0));
        }
        state.places_changed = true;
        state.any_left = !state.pairs.of_column(n_pools).is_empty();
        self.rescue.prepare(layout, scenarios[0], people);
    }
}

impl State {
    /// Room for so many schools; what stands in it is from before.
    fn make_room(&mut self, n_grades: usize, n_slots: usize) {
        for cells in [&mut self.pupils, &mut self.limits, &mut self.classes] {
            cells.resize(n_grades * n_slots, splat32(0.0));
        }
        for slots in [
            &mut self.upper,
            &mut self.rooms,
            &mut self.occupied,
            &mut self.admitted,
            &mut self.capacity,
            &mut self.open,
            &mut self.reserved,
        ] {
            slots.resize(n_slots, splat32(0.0));
        }
        for slots in [
            &mut self.attraction,
            &mut self.weight,
            &mut self.quality,
            &mut self.row,
            &mut self.placed,
        ] {
            slots.resize(n_slots, splat(0.0));
        }
        self.is_untouched.clear();
        self.is_untouched.resize(n_slots, true);
        self.near.resize(self.near.len().max(n_slots + 1), 0);
    }

    /// A school of the register in the base year.
    #[inline(always)]
    fn begin_school(&mut self, j: usize, (row, school): (usize, &School), n_grades: usize) {
        let n_slots = self.rooms.len();
        let classes: i32 = school.classes[..n_grades].iter().sum();
        self.rooms[j] = splat32((school.rooms_total - school.rooms_reserved).max(0) as f32);
        self.occupied[j] = splat32(classes as f32);
        self.reserved[j] = splat32(school.rooms_reserved as f32);
        self.row[j] = splat(row as f64);
        self.quality[j] = splat(school.quality);
        for g in 0..n_grades {
            let cell = g * n_slots + j;
            self.pupils[cell] = splat32(school.pupils[g] as f32);
            self.classes[cell] = splat32(school.classes[g] as f32);
            self.limits[cell] = splat32(school.limits[g] as f32);
        }
    }

    /// A place where no school stands yet.
    #[inline(always)]
    fn begin_empty(&mut self, j: usize, n_grades: usize) {
        let n_slots = self.rooms.len();
        for slots in [&mut self.rooms, &mut self.occupied, &mut self.reserved] {
            slots[j] = splat32(0.0);
        }
        for slots in [&mut self.row, &mut self.quality, &mut self.attraction, &mut self.weight] {
            slots[j] = splat(0.0);
        }
        for g in 0..n_grades {
            for cells in [&mut self.pupils, &mut self.classes, &mut self.limits] {
                cells[g * n_slots + j] = splat32(0.0);
            }
        }
    }

    /// Counts every grade of the base year.
    #[inline(always)]
    fn tally_base_year(&mut self, layout: &Layout, places: &StageLayout) {
        let (n_slots, n_pools) = (places.slots.len(), places.n_pools);
        for g in 0..places.stage.n_grades() {
            for pool in 0..n_pools {
                let slots = places.pool_start[pool]..places.pool_start[pool + 1];
                let cells = g * n_slots + slots.start..g * n_slots + slots.end;
                self.tally_grade(&layout.tail, cells, g, g * n_pools + pool);
            }
        }
        self.add_upper(places, 0, 0..n_slots);
        self.count_base_year(layout, places);
    }

    /// Position of the shares of an area in a column: 0 in every grade and lane where there were none.
    pub fn use_pair(&mut self, area: usize, column: usize) -> usize {
        let pair = Pair::of(area, column);
        self.pairs.find(pair).unwrap_or_else(|| {
            for shares in self.shares.iter_mut().chain([&mut self.entry, &mut self.base_shares]) {
                shares.push(splat(0.0));
            }
            self.pairs.add(pair)
        })
    }

    /// `exp(θ·q)` of a slot.
    #[inline(always)]
    pub fn attract(&mut self, j: usize, choice: &Lane) {
        let mut exponent = self.quality[j];
        for l in 0..LANES {
            exponent[l] *= choice[l];
        }
        self.attraction[j] = exp(&exponent);
    }

    /// Weight in admission; a slot without rooms has none.
    #[inline(always)]
    pub fn weigh(&mut self, j: usize, n_grades: usize) {
        let (rooms, attraction) = (&self.rooms[j], &self.attraction[j]);
        for l in 0..LANES {
            self.weight[j][l] = f64::from(rooms[l]) / n_grades as f64 * attraction[l];
        }
    }
}

impl Rescue {
    /// An attendance with the matrices' shapes and the districts of the pools, for one lane at a time.
    fn prepare(&mut self, layout: &Layout, scenario: &Scenario, people: &People) {
        let n_areas = layout.city.areas.len();
        self.residents.resize(n_areas * N_GRADES, 0.0);
        let known = self.attending.iter().position(|(city, _)| Arc::ptr_eq(city, &layout.city));
        self.now = known.unwrap_or(self.attending.len());
        if known.is_some() {
            return;
        }
        let empty = |stage: Stage| {
            let n_columns = layout.stages[stage.idx()].n_pools + 1;
            Matrix::new(n_areas, n_columns)
        };
        let by_grade = Stage::ALL.into_iter().flat_map(|s| s.grades().map(move |_| s)).map(empty);
        let attendance = Attendance {
            by_grade: by_grade.collect(),
            base_shares: Stage::ALL.into_iter().map(empty).collect(),
        };
        debug_assert_eq!(people.attendance.len(), N_GRADES);
        let attending = Attending::of_base_year(scenario, &attendance);
        self.attending.push((Arc::clone(&layout.city), attending));
    }
}
