//! Levers that relieve large classes above the entry grade: splitting, rebalancing, and giving up small classes.

use crate::axes::Stage;
use crate::numeric::PUPIL_EPSILON;
use crate::units::Path;

use super::Engine;
use super::register::Register;

impl Engine<'_> {
    /// Applies the levers of a stage that are in force this year.
    pub(super) fn relieve(&mut self, stage: Stage) {
        let levers = &self.scenario.levers;
        let in_force = |path: &Option<Path>| {
            let path = path.as_ref()?;
            (path.first_year()? <= self.year).then(|| path.at(self.year))
        };
        let split = levers.split_from[stage.idx()].is_some_and(|from| from <= self.year);
        let rebalance = in_force(&levers.rebalance[stage.idx()]);
        let merge_below = in_force(&levers.merge_below[stage.idx()]);
        if split {
            for j in 0..self.rows[stage.idx()].rows.len() {
                self.split_classes(stage, self.rows[stage.idx()].rows[j]);
            }
        }
        if let Some(share) = rebalance {
            for pool in 0..self.rows[stage.idx()].n_pools() {
                for g in 0..stage.n_grades() {
                    self.rebalance(stage, pool, g, share);
                }
            }
        }
        if let Some(smallest) = merge_below {
            for j in 0..self.rows[stage.idx()].rows.len() {
                self.give_up_classes(stage, self.rows[stage.idx()].rows[j], smallest);
            }
        }
    }

    /// Splits classes above the relief limit while spare rooms last, the largest first.
    fn split_classes(&mut self, stage: Stage, row: usize) {
        if self.register.is_multi_grade(row) {
            return;
        }
        loop {
            let mut largest: Option<(usize, f64)> = None;
            for g in 0..stage.n_grades() {
                let cell = Register::cell(row, g);
                let classes = self.register.classes[cell];
                if classes == 0 {
                    continue;
                }
                let mean = self.register.pupils[cell] / f64::from(classes);
                let relief = self.thresholds.relief_limit[stage.first_grade() + g];
                let is_larger = largest.is_none_or(|(_, best)| mean > best);
                if mean > relief + PUPIL_EPSILON
                    && is_larger
                    && self.has_room_until_leaving(stage, row, g)
                {
                    largest = Some((g, mean));
                }
            }
            let Some((g, _)) = largest else { return };
            self.register.classes[Register::cell(row, g)] += 1;
            self.lower_limit(stage, row, g);
        }
    }

    /// Whether one more class in grade index `g` leaves every entry until that cohort has gone its rooms:
    /// `1 ≤ min over j = 0..G−1−g of (free − Σ_{i=1..j} k_{t+i} + classes of the last j grades)`.
    fn has_room_until_leaving(&self, stage: Stage, row: usize, g: usize) -> bool {
        let n_grades = stage.n_grades();
        let mut balance = self.register.rooms(row) - self.register.classes_of(row);
        for j in 0..n_grades - g {
            if j > 0 {
                balance -= self.register.entry_rooms(row, self.year + j as i32);
                balance += self.register.classes[Register::cell(row, n_grades - j)];
            }
            if balance < 1 {
                return false;
            }
        }
        true
    }

    /// A grade brought to the relief limit or below has it as its class limit.
    fn lower_limit(&mut self, stage: Stage, row: usize, g: usize) {
        let cell = Register::cell(row, g);
        let relief = self.thresholds.relief_limit[stage.first_grade() + g];
        let classes = f64::from(self.register.classes[cell]);
        if self.register.pupils[cell] <= relief * classes + PUPIL_EPSILON {
            self.register.limits[cell] = relief;
        }
    }

    /// Moves a share of the pupils above the relief limit to schools of the same pool and grade below the standard.
    fn rebalance(&mut self, stage: Stage, pool: usize, g: usize, share: f64) {
        let grade = stage.first_grade() + g;
        let (relief, standard) =
            (self.thresholds.relief_limit[grade], self.thresholds.standard[grade]);
        let (mut excess, mut places) = (0.0, 0.0);
        let range = self.rows[stage.idx()].of_pool(pool);
        for j in range.clone() {
            let row = self.rows[stage.idx()].rows[j];
            if self.register.is_multi_grade(row) {
                continue;
            }
            let cell = Register::cell(row, g);
            let (n, c) = (self.register.pupils[cell], f64::from(self.register.classes[cell]));
            excess += (n - relief * c).max(0.0);
            places += (standard * c - n).max(0.0);
        }
        let moved = (share * excess).min(places);
        if moved <= PUPIL_EPSILON {
            return;
        }
        for j in range {
            let row = self.rows[stage.idx()].rows[j];
            if self.register.is_multi_grade(row) {
                continue;
            }
            let cell = Register::cell(row, g);
            let (n, c) = (self.register.pupils[cell], f64::from(self.register.classes[cell]));
            let above = (n - relief * c).max(0.0);
            let below = (standard * c - n).max(0.0);
            self.register.pupils[cell] = n - moved * above / excess + moved * below / places;
            if above > 0.0 {
                self.lower_limit(stage, row, g);
            }
        }
    }

    /// A grade whose mean class is below `smallest` gives up a class.
    fn give_up_classes(&mut self, stage: Stage, row: usize, smallest: f64) {
        for g in 0..stage.n_grades() {
            let cell = Register::cell(row, g);
            let classes = self.register.classes[cell];
            if classes > 1 && self.register.pupils[cell] < smallest * f64::from(classes) {
                self.register.classes[cell] = classes - 1;
            }
        }
    }
}
