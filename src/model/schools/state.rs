//! The schools of one stage in all lanes: what is known of them between two years.

use crate::axes::{MAX_GRADES, Stage};
use crate::city::{School, has_few_rooms};
use crate::demand::attendance::{Attendance, base_places};
use crate::scenario::Scenario;
use crate::width::{Lane, Real, exp, gather, kept, splat};

use super::admission::is_planned;
use super::attend::Flows;
use super::classes::mixed_classes;
use super::layout::{Layout, StageLayout};
use super::standing::Memory;
use super::tally::{Grade, Sums, Tally};
use super::thresholds::Thresholds;
use super::year::Year;

/// Schools of a stage. Cells are `[ring · slots + slot]`: a grade stays where it is in memory, and the ring turns.
#[derive(Debug, Clone)]
pub struct State<R, const W: usize> {
    /// Stage.
    pub(crate) stage: Stage,
    /// Year of the run.
    pub(crate) year_idx: usize,
    /// By how many grades the ring of cohorts has turned.
    turned: usize,
    /// Pupils, class limits and classes of every cell: no number of classes and no place depends on pupils above the entry grade
    /// to the last digit, those of the entry grade are admitted in double precision before they are kept, and classes are whole
    /// numbers.
    pub(crate) pupils: Vec<[R; W]>,
    pub(crate) limits: Vec<[R; W]>,
    pub(crate) classes: Vec<[R; W]>,
    /// Pupils of a school above its entry grade.
    pub(crate) upper: Vec<[R; W]>,
    /// Spread of class sizes σ.
    pub(crate) sigma: [R; W],
    /// Rooms that classes may use, those in use, and those reserved beside them.
    pub(crate) rooms: Vec<[R; W]>,
    pub(crate) occupied: Vec<[R; W]>,
    pub(crate) reserved: Vec<[R; W]>,
    /// Rooms taken away for good since the base year, less those added after.
    pub(crate) lost: Vec<[R; W]>,
    /// Whether a school stands there.
    pub(crate) is_open: Vec<[bool; W]>,
    /// `exp(θ·q)`, and the admission weight `R/G·exp(θ·q)`.
    pub(crate) attraction: Vec<Lane<W>>,
    pub(crate) weight: Vec<Lane<W>>,
    pub(crate) quality: Vec<Lane<W>>,
    /// Row in the register, which sets the year of a school's odd room.
    pub(crate) row: Vec<Lane<W>>,
    /// Whether no lane has had an event there: rooms and row are those of the base year.
    pub(crate) is_untouched: Vec<bool>,
    /// Pupils of pools: `[ring · pools + pool]`.
    pub(crate) pool_pupils: Vec<Lane<W>>,
    /// The same of this year's cohorts: `[grade of the stage · pools + pool]`.
    pub(crate) cohorts: Vec<Lane<W>>,
    /// Who goes where.
    pub(crate) flows: Flows<W>,
    pub(crate) places_changed: bool,
    /// Entry places of the pools.
    pub(crate) places: Vec<Lane<W>>,
    /// Intake: rooms of pass 1 times the grades of the stage (whole also where a school has fewer rooms than grades), pupils placed,
    /// limit that admitted the last.
    pub(crate) open: Vec<[R; W]>,
    pub(crate) placed: Vec<Lane<W>>,
    pub(crate) admitted: Vec<[R; W]>,
    /// Whether some lane went through all passes this year: only then is `admitted` not the limit everywhere.
    pub(crate) rescued: bool,
    /// Entry capacity of the year.
    pub(crate) capacity: Vec<[R; W]>,
    pub(crate) entrants: Vec<Lane<W>>,
    /// Pupils of a pool for whom the first pass has no place.
    pub(crate) left: Vec<Lane<W>>,
    /// Level of the first pass, by pool.
    pub(crate) level: Vec<Lane<W>>,
    pub(crate) thresholds: Thresholds<W>,
    /// The same by grade, as cells need them.
    pub(crate) grades: [Grade<R, W>; MAX_GRADES],
    /// Pupils for whom a room is one seat each: the mean standard of the grades.
    pub(crate) room_standard: Lane<W>,
    /// Places at entry of a room over the grades of the stage.
    pub(crate) places_of_room: Lane<W>,
    /// Places up to the standard at the end of the last year: `[ring · pools + pool]`; the standards then, by grade of the
    /// stage; and whether they hold no more, because pupils or classes have changed since.
    pub(crate) spare: Vec<Lane<W>>,
    pub(crate) last_standard: [Lane<W>; MAX_GRADES],
    pub(crate) has_moved: bool,
    /// What ageing and intake count this year.
    pub(crate) sums: Sums<W>,
    /// Whether classes above thresholds are counted here, and not from a history of every school.
    pub(crate) counts: bool,
    /// Whether classes have a spread in some lane; where they have none, whole children are counted into them.
    pub(crate) has_spread: bool,
    /// Whether this year's classes above thresholds are counted at its end only, because pupils or classes change after intake.
    pub(crate) counts_late: bool,
    /// Whether the counts of ageing and intake no longer hold, because pupils or classes have changed after them.
    pub(crate) is_stale: bool,
    /// Pupils by area of the school and rooms by area, for the gap of seats.
    pub(crate) area_pupils: Vec<Lane<W>>,
    pub(crate) area_rooms: Vec<Lane<W>>,
    /// Pupils placed above the ceiling this year, by area of the school.
    pub(crate) area_overflow: Vec<Lane<W>>,
    pub(crate) any_overflow: bool,
    /// Rooms by pool.
    pub(crate) pool_rooms: Vec<Lane<W>>,
    /// What the pool and grade at hand has come to.
    pub(crate) tally: Tally<R, W>,
    /// Cells of the pool and grade at hand that are near a threshold; longer by one than a grade has schools.
    pub(crate) near: Vec<u32>,
    /// Schools that have moved, by lane: from the slot where they began to the one where they stand.
    pub(crate) moved: Vec<Vec<(usize, usize)>>,
    /// Pupils whose school has closed, or who find none with their grade: `[grade of the stage · pools + pool]`.
    pub(crate) displaced: Vec<Lane<W>>,
    pub(crate) any_displaced: bool,
    /// Slots where some lane has, or has had, a school with fewer rooms than grades.
    pub(crate) few_rooms: Vec<usize>,
    /// Whether a school has received pupils of others this year.
    pub(crate) received: Vec<[bool; W]>,
    /// What rules remember.
    pub(crate) memory: Memory<R, W>,
}

impl<R: Real, const W: usize> State<R, W> {
    /// Nothing yet, for a stage.
    pub fn new(stage: Stage) -> Self {
        State {
            stage,
            year_idx: 0,
            turned: 0,
            pupils: Vec::new(),
            limits: Vec::new(),
            classes: Vec::new(),
            upper: Vec::new(),
            sigma: splat(R::ZERO),
            rooms: Vec::new(),
            occupied: Vec::new(),
            reserved: Vec::new(),
            lost: Vec::new(),
            is_open: Vec::new(),
            attraction: Vec::new(),
            weight: Vec::new(),
            quality: Vec::new(),
            row: Vec::new(),
            is_untouched: Vec::new(),
            pool_pupils: Vec::new(),
            cohorts: Vec::new(),
            flows: Flows::default(),
            places_changed: true,
            places: Vec::new(),
            open: Vec::new(),
            placed: Vec::new(),
            admitted: Vec::new(),
            rescued: false,
            capacity: Vec::new(),
            entrants: Vec::new(),
            left: Vec::new(),
            level: Vec::new(),
            thresholds: Thresholds::none(),
            grades: [Grade::none(); MAX_GRADES],
            room_standard: splat(0.0),
            places_of_room: splat(0.0),
            spare: Vec::new(),
            last_standard: [splat(0.0); MAX_GRADES],
            has_moved: false,
            sums: Sums::none(),
            counts: true,
            has_spread: true,
            counts_late: false,
            is_stale: false,
            area_pupils: Vec::new(),
            area_rooms: Vec::new(),
            area_overflow: Vec::new(),
            any_overflow: false,
            pool_rooms: Vec::new(),
            tally: Tally::none(),
            near: Vec::new(),
            moved: vec![Vec::new(); W],
            displaced: Vec::new(),
            any_displaced: false,
            few_rooms: Vec::new(),
            received: Vec::new(),
            memory: Memory::default(),
        }
    }

    /// Slots.
    #[inline(always)]
    pub fn n_slots(&self) -> usize {
        self.rooms.len()
    }

    /// Position in the ring of a grade of the stage this year.
    #[inline(always)]
    pub fn ring(&self, g: usize) -> usize {
        if g >= self.turned { g - self.turned } else { g + self.stage.n_grades() - self.turned }
    }

    /// Begins a year of the run: every cohort is a grade further.
    #[inline(always)]
    pub(super) fn turn(&mut self, year_idx: usize) {
        self.year_idx = year_idx;
        self.turned = year_idx % self.stage.n_grades();
    }

    /// Cell of a grade of the stage in a slot this year.
    #[inline(always)]
    pub fn cell(&self, g: usize, slot: usize) -> usize {
        self.ring(g) * self.n_slots() + slot
    }

    /// Whether a school [has few rooms](has_few_rooms) in a lane.
    pub fn is_multi_grade(&self, slot: usize, l: usize) -> bool {
        has_few_rooms(self.rooms[slot][l].get(), self.stage.n_grades() as f64)
    }

    /// The mixed-age classes that a school with fewer rooms than grades forms in a lane, by grade: pupils of the class that begins
    /// there. Its places, its growth and its rooms go by one class a grade, which is how its pupils are kept.
    pub fn mixed_classes(&self, slot: usize, l: usize) -> [f64; MAX_GRADES] {
        let pupils: [f64; MAX_GRADES] = std::array::from_fn(|g| match g < self.stage.n_grades() {
            true => self.pupils[self.cell(g, slot)][l].get(),
            false => 0.0,
        });
        mixed_classes(&pupils, self.rooms[slot][l].get() as usize)
    }

    /// Follows a school from where it began to where it has moved in a lane.
    pub fn now_at(&self, home: usize, l: usize) -> usize {
        self.moved[l].iter().find(|(from, _)| *from == home).map_or(home, |&(_, to)| to)
    }

    /// The base year.
    #[inline(always)]
    pub fn begin(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        attendance: &Attendance<W>,
    ) {
        let city = &*layout.city;
        let n_grades = self.stage.n_grades();
        self.year_idx = 0;
        self.memory.residents.clear();
        let of_pair = layout.city.stages.pair().is_some_and(|pair| pair.contains(&self.stage));
        self.memory.is_planned =
            gather(scenarios, |s| f64::from(of_pair && is_planned(s))).map(|p| p > 0.0);
        self.sigma = kept(&gather(scenarios, |s| s.rules.class_spread));
        self.has_spread = self.sigma.iter().any(|&sigma| sigma > R::ZERO);
        self.make_room(n_grades, places.slots.len());
        let choice = gather(scenarios, |s| s.rules.choice[self.stage.idx()]);
        for (j, slot) in places.slots.iter().enumerate() {
            match slot.base {
                Some(row) => {
                    self.begin_school(j, (row, &city.schools[row]), n_grades);
                    self.attract(j, &choice);
                    self.weigh(j, n_grades);
                }
                None => self.begin_empty(j, n_grades),
            }
        }
        self.begin_pools(layout, places, scenarios, attendance);
        let is_few = |&slot: &usize| self.is_multi_grade(slot, 0);
        self.few_rooms = (0..self.n_slots()).filter(is_few).collect();
        self.moved.iter_mut().for_each(Vec::clear);
        self.received.clear();
        self.received.resize(self.n_slots(), splat(false));
        self.memory.small_years.clear();
        self.memory.small_years.resize(scenarios[0].rules.closing.len() * self.n_slots(), [0; W]);
    }

    /// Pools and attendance of the base year.
    #[inline(always)]
    fn begin_pools(
        &mut self,
        layout: &Layout,
        places: &StageLayout,
        scenarios: &[&Scenario],
        attendance: &Attendance<W>,
    ) {
        let catchment = &places.catchment;
        let (n_pools, n_grades) = (catchment.n_pools, self.stage.n_grades());
        self.pool_pupils.clear();
        self.pool_pupils.extend(catchment.base_pupils.iter().map(|&pupils| splat::<_, W>(pupils)));
        self.has_moved = false;
        for pool_grades in [&mut self.spare, &mut self.cohorts, &mut self.displaced] {
            pool_grades.clear();
            pool_grades.resize(n_grades * n_pools, splat(0.0));
        }
        self.any_displaced = false;
        let base_places = base_places(catchment, scenarios, layout.city.base_year);
        self.flows.begin(catchment, attendance, base_places, scenarios);
        for pools in [
            &mut self.places,
            &mut self.entrants,
            &mut self.left,
            &mut self.level,
            &mut self.pool_rooms,
            &mut self.memory.expected,
            &mut self.memory.growth,
            &mut self.memory.short,
            &mut self.memory.rooms_due,
            &mut self.memory.credit,
            &mut self.memory.classes_due,
        ] {
            pools.clear();
            pools.resize(n_pools, splat(0.0));
        }
        let n_areas = layout.city.areas.len();
        for areas in [&mut self.area_pupils, &mut self.area_rooms, &mut self.area_overflow] {
            areas.clear();
            areas.resize(n_areas, splat(0.0));
        }
        self.any_overflow = false;
        self.places_changed = true;
    }

    /// Room for so many schools; what stands in it is from before.
    fn make_room(&mut self, n_grades: usize, n_slots: usize) {
        for cells in [&mut self.pupils, &mut self.limits, &mut self.classes] {
            cells.resize(n_grades * n_slots, splat(R::ZERO));
        }
        for slots in [
            &mut self.upper,
            &mut self.rooms,
            &mut self.occupied,
            &mut self.admitted,
            &mut self.capacity,
            &mut self.open,
            &mut self.reserved,
            &mut self.lost,
            &mut self.memory.last_pupils,
        ] {
            slots.resize(n_slots, splat(R::ZERO));
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
        self.is_open.resize(n_slots, splat(false));
        self.is_untouched.clear();
        self.is_untouched.resize(n_slots, true);
        self.near.resize(self.near.len().max(n_slots + 1), 0);
    }

    /// A school of the register in the base year.
    #[inline(always)]
    fn begin_school(&mut self, j: usize, (row, school): (usize, &School), n_grades: usize) {
        let n_slots = self.n_slots();
        let classes: i32 = school.classes[..n_grades].iter().sum();
        let all = |value: f64| splat(R::of(value));
        self.rooms[j] = all(f64::from(school.usable_rooms()));
        self.occupied[j] = all(f64::from(classes));
        self.reserved[j] = all(f64::from(school.rooms_reserved));
        self.lost[j] = splat(R::ZERO);
        self.is_open[j] = splat(true);
        self.row[j] = splat(row as f64);
        self.quality[j] = splat(school.quality);
        for g in 0..n_grades {
            let cell = g * n_slots + j;
            self.pupils[cell] = all(school.pupils[g]);
            self.classes[cell] = all(f64::from(school.classes[g]));
            self.limits[cell] = all(school.limits[g]);
        }
    }

    /// A place where no school stands yet.
    #[inline(always)]
    fn begin_empty(&mut self, j: usize, n_grades: usize) {
        let n_slots = self.n_slots();
        for slots in [&mut self.rooms, &mut self.occupied, &mut self.reserved, &mut self.lost] {
            slots[j] = splat(R::ZERO);
        }
        self.is_open[j] = splat(false);
        for slots in [&mut self.row, &mut self.quality, &mut self.attraction, &mut self.weight] {
            slots[j] = splat(0.0);
        }
        for g in 0..n_grades {
            for cells in [&mut self.pupils, &mut self.classes, &mut self.limits] {
                cells[g * n_slots + j] = splat(R::ZERO);
            }
        }
    }

    /// `exp(θ·q)` of a slot.
    #[inline(always)]
    pub fn attract(&mut self, j: usize, choice: &Lane<W>) {
        let mut exponent = self.quality[j];
        for l in 0..W {
            exponent[l] *= choice[l];
        }
        self.attraction[j] = exp(&exponent);
    }

    /// The pull of quality falls from year to year where relief of the baseline says so.
    #[inline(always)]
    pub fn fade_choice(&mut self, at: &Year<'_, W>) {
        let stage = self.stage;
        let fades = |s: &Scenario| {
            s.rules.relief[stage.idx()].as_ref().is_some_and(|relief| relief.choice_decay > 0.0)
        };
        if !at.scenarios.iter().any(|s| fades(s)) {
            return;
        }
        let choice = gather(at.scenarios, |s| s.rules.choice_after(stage, at.since_base()));
        let fading: Lane<W> = gather(at.scenarios, |s| if fades(s) { 1.0 } else { 0.0 });
        for j in 0..self.n_slots() {
            let (attraction, weight) = (self.attraction[j], self.weight[j]);
            self.attract(j, &choice);
            self.weigh(j, stage.n_grades());
            // What a lane holds does not depend on its neighbours.
            for l in (0..W).filter(|&l| fading[l] <= 0.0) {
                (self.attraction[j][l], self.weight[j][l]) = (attraction[l], weight[l]);
            }
        }
    }

    /// Weight in admission, `R/G·exp(θ·q)`; a slot without rooms has none.
    #[inline(always)]
    pub fn weigh(&mut self, j: usize, n_grades: usize) {
        let (rooms, attraction) = (&self.rooms[j], &self.attraction[j]);
        for l in 0..W {
            self.weight[j][l] = rooms[l].get() / n_grades as f64 * attraction[l];
        }
    }
}
