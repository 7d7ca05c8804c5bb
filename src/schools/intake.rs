//! Intake of entrants, and the moving of pupils whose school closed: who goes where, and how many classes they form.

use crate::axes::{MAX_GRADES, Stage};
use crate::numeric::{PUPIL_EPSILON, ceil_count};

use super::Engine;
use super::classes::{form_classes, remembered_limit};
use super::place::Passes;
use super::register::Register;

impl Engine<'_> {
    /// Entry places of the pools of a stage, `Σ R/G · standard`, into `self.places`.
    pub(super) fn count_places(&mut self, stage: Stage) {
        let rows = &self.rows[stage.idx()];
        let standard = self.thresholds.standard[stage.first_grade()];
        self.places.clear();
        for pool in 0..rows.n_pools() {
            let mut rooms = 0.0;
            for j in rows.of_pool(pool) {
                rooms += f64::from(self.register.rooms(rows.rows[j]).max(0));
            }
            self.places.push(rooms / stage.n_grades() as f64 * standard);
        }
    }

    /// Runs passes 1 to 5 for one grade; the caller has set `left`, and `rooms` and `present` for pass 1.
    fn run_passes(&mut self, stage: Stage, grade: usize, wider_rooms: bool) {
        let mut passes = Passes {
            scenario: self.scenario,
            rows: &self.rows[stage.idx()],
            attending: &mut self.attending,
            scratch: &mut self.scratch,
            stage,
            grade,
            residents: &self.demand.residents[self.year_idx],
        };
        let free_rooms = wider_rooms.then_some(self.free_rooms.as_slice());
        let cap = self.scenario.levers.entry_cap_at(stage, self.year);
        passes.run(cap, self.thresholds.ceiling[grade], free_rooms);
    }

    /// Admits the entrants of a stage and forms their classes.
    pub(super) fn admit(&mut self, stage: Stage) {
        self.count_places(stage);
        self.attending.admit_entrants(self.scenario, stage, &self.places);
        let grade = stage.first_grade();
        let rows = &self.rows[stage.idx()];
        self.scratch.reset(rows);
        self.free_rooms.clear();
        for (j, &row) in rows.rows.iter().enumerate() {
            self.scratch.weight[j] = self.weights[row];
            let free = f64::from(self.register.free_rooms(row));
            let (first, wider) = if self.register.is_multi_grade(row) {
                let rooms = f64::from(self.register.rooms(row)) / stage.n_grades() as f64;
                (rooms, rooms)
            } else {
                (free.min(f64::from(self.register.entry_rooms(row, self.year))), free)
            };
            self.scratch.rooms[j] = first;
            self.free_rooms.push(wider);
        }
        let residents = &self.demand.residents[self.year_idx];
        self.attending.pupils_of_pools(grade, residents, &mut self.scratch.left);
        self.run_passes(stage, grade, true);
        for j in 0..self.rows[stage.idx()].rows.len() {
            self.form_entry_classes(stage, j);
        }
    }

    /// Classes and class limit of the entrants of the school at position `j`.
    fn form_entry_classes(&mut self, stage: Stage, j: usize) {
        let row = self.rows[stage.idx()].rows[j];
        let grade = stage.first_grade();
        let cell = Register::cell(row, 0);
        let pupils = self.scratch.placed[j];
        let limit = self
            .scenario
            .levers
            .entry_cap_at(stage, self.year)
            .unwrap_or(self.thresholds.ceiling[grade]);
        // A cap below the standard opens a class for every so many pupils as the cap allows.
        let open_at = self.thresholds.open_at[stage.idx()].min(limit);
        let classes = if self.register.is_multi_grade(row) {
            i32::from(pupils > PUPIL_EPSILON)
        } else {
            let free = self.register.free_rooms(row);
            form_classes(pupils, free, self.register.entry_rooms(row, self.year), open_at, limit)
        };
        self.register.pupils[cell] = pupils;
        self.register.classes[cell] = classes;
        let relief = self.thresholds.relief_limit[grade];
        self.register.limits[cell] =
            remembered_limit(pupils, classes, open_at, relief, self.scratch.limit[j]);
        self.count_overflow(stage, j);
    }

    /// Books the pupils above the ceiling where their school stands.
    fn count_overflow(&mut self, stage: Stage, j: usize) {
        let overflow = self.scratch.overflow[j];
        if overflow > 0.0 {
            let area = self.register.area[self.rows[stage.idx()].rows[j]];
            self.history.add_overflow(stage, area, overflow);
        }
    }

    /// Places the pupils of closed schools, grade by grade, and re-forms the classes that receive them.
    pub(super) fn place_displaced(&mut self, stage: Stage) {
        for g in 0..stage.n_grades() {
            let n_pools = self.rows[stage.idx()].n_pools();
            let anyone = (0..n_pools)
                .any(|p| self.displaced[stage.idx()][p * MAX_GRADES + g] > PUPIL_EPSILON);
            if anyone {
                self.place_displaced_grade(stage, g);
            }
        }
        self.displaced[stage.idx()].fill(0.0);
    }

    /// One grade of [`Self::place_displaced`]: room is `(classes + max(0, free − k_t))·L`.
    fn place_displaced_grade(&mut self, stage: Stage, g: usize) {
        let grade = stage.first_grade() + g;
        let rows = &self.rows[stage.idx()];
        self.scratch.reset(rows);
        for (j, &row) in rows.rows.iter().enumerate() {
            let cell = Register::cell(row, g);
            self.scratch.weight[j] = self.weights[row];
            self.scratch.present[j] = self.register.pupils[cell];
            self.scratch.rooms[j] = if self.register.is_multi_grade(row) {
                f64::from(self.register.rooms(row)) / stage.n_grades() as f64
            } else {
                f64::from(self.register.classes[cell] + self.spare_rooms(row))
            };
        }
        for pool in 0..rows.n_pools() {
            self.scratch.left[pool] = self.displaced[stage.idx()][pool * MAX_GRADES + g];
        }
        self.run_passes(stage, grade, false);
        for j in 0..self.rows[stage.idx()].rows.len() {
            let placed = self.scratch.placed[j];
            if placed > 0.0 {
                let row = self.rows[stage.idx()].rows[j];
                let limit = self.scratch.limit[j];
                self.receive(stage, row, g, placed, limit);
                self.count_overflow(stage, j);
            }
        }
    }

    /// Rooms beyond this year's entry capacity.
    fn spare_rooms(&self, row: usize) -> i32 {
        (self.register.free_rooms(row) - self.register.entry_rooms(row, self.year)).max(0)
    }

    /// Adds pupils to a grade of a school and re-forms its classes in its spare rooms.
    pub(super) fn receive(&mut self, stage: Stage, row: usize, g: usize, placed: f64, limit: f64) {
        let cell = Register::cell(row, g);
        let spare = if self.register.is_multi_grade(row) { 0 } else { self.spare_rooms(row) };
        let pupils = self.register.pupils[cell] + placed;
        let open_at = self.thresholds.open_at[stage.idx()].min(limit);
        let had = self.register.classes[cell];
        let classes = ceil_count(pupils / open_at).clamp(had.max(1), (had + spare).max(1));
        let relief = self.thresholds.relief_limit[stage.first_grade() + g];
        let admitted = limit.max(self.register.limits[cell]);
        self.register.pupils[cell] = pupils;
        self.register.classes[cell] = classes;
        self.register.limits[cell] = remembered_limit(pupils, classes, open_at, relief, admitted);
    }
}
