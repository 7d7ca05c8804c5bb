//! The first act of a school year: every grade moves up with its classes, and its pupils follow their cohort.

use crate::axes::{MAX_GRADES, Stage};
use crate::numeric::PUPIL_EPSILON;

use super::Engine;
use super::register::Register;

impl Engine<'_> {
    /// Moves every grade of a stage up and scales or fills it to the pupils of its pool this year.
    ///
    /// `f ≤ 1`: every school of the pool shrinks alike. `f > 1`: newcomers (插班) fill places below the standard in
    /// that grade, then below the class limit, then below the ceiling, each time in proportion to these places, then
    /// in proportion to pupils. Where no school of the pool has the grade, newcomers are placed with those who move.
    pub(super) fn age_stage(&mut self, stage: Stage) {
        let n_grades = stage.n_grades();
        for j in 0..self.rows[stage.idx()].rows.len() {
            let row = self.rows[stage.idx()].rows[j];
            self.register.age_one_year(row, n_grades);
        }
        for g in 1..n_grades {
            let residents = &self.demand.residents[self.year_idx];
            let grade = stage.first_grade() + g;
            let mut pupils = std::mem::take(&mut self.pool_pupils);
            self.attending.pupils_of_pools(grade, residents, &mut pupils);
            for (pool, &now) in pupils.iter().enumerate() {
                self.follow_cohort(stage, pool, g, now);
            }
            self.pool_pupils = pupils;
        }
    }

    /// Brings one grade of one pool to the pupils that its cohort has `now`.
    fn follow_cohort(&mut self, stage: Stage, pool: usize, g: usize, now: f64) {
        let range = self.rows[stage.idx()].of_pool(pool);
        let mut before = 0.0;
        for j in range.clone() {
            before += self.register.pupils[Register::cell(self.rows[stage.idx()].rows[j], g)];
        }
        if before <= PUPIL_EPSILON {
            if now > PUPIL_EPSILON {
                self.displaced[stage.idx()][pool * MAX_GRADES + g] += now;
            }
            return;
        }
        if now <= before {
            let factor = now / before;
            for j in range {
                let cell = Register::cell(self.rows[stage.idx()].rows[j], g);
                self.register.pupils[cell] *= factor;
                if self.register.pupils[cell] <= PUPIL_EPSILON && factor < PUPIL_EPSILON {
                    self.register.classes[cell] = 0;
                }
            }
            return;
        }
        let mut newcomers = now - before;
        for tier in 0..3 {
            newcomers = self.fill_places(stage, range.clone(), g, tier, newcomers);
        }
        if newcomers > 0.0 {
            let filled = now - newcomers;
            for j in range {
                let cell = Register::cell(self.rows[stage.idx()].rows[j], g);
                self.register.pupils[cell] *= 1.0 + newcomers / filled;
            }
        }
    }

    /// Fills places below one of the three levels (standard, class limit, ceiling); returns who found none.
    fn fill_places(
        &mut self,
        stage: Stage,
        range: std::ops::Range<usize>,
        g: usize,
        tier: usize,
        newcomers: f64,
    ) -> f64 {
        if newcomers <= 0.0 {
            return 0.0;
        }
        let grade = stage.first_grade() + g;
        let (standard, ceiling) = (self.thresholds.standard[grade], self.thresholds.ceiling[grade]);
        let register = &mut self.register;
        let places = |register: &Register, cell: usize| {
            let level = [standard, register.limits[cell], ceiling][tier];
            (level * f64::from(register.classes[cell]) - register.pupils[cell]).max(0.0)
        };
        let rows = &self.rows[stage.idx()].rows;
        let mut total = 0.0;
        for j in range.clone() {
            total += places(register, Register::cell(rows[j], g));
        }
        if total <= 0.0 {
            return newcomers;
        }
        let share = (newcomers / total).min(1.0);
        for j in range {
            let cell = Register::cell(rows[j], g);
            let part = places(register, cell) * share;
            register.pupils[cell] += part;
        }
        (newcomers - total).max(0.0)
    }
}
