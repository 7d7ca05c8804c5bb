//! Attendance of new entrants, and what spilling and moving schools do to it.

use crate::axes::{N_GRADES, N_STAGES, Stage};
use crate::city::NearPools;
use crate::demand::Attendance;
use crate::demand::attendance::{Matrix, base_places, normalise_row};
use crate::numeric::sum;
use crate::scenario::Scenario;

/// The attendance of every cohort in school, and the base from which entrants' shares follow the places.
#[derive(Debug, Clone)]
pub struct Attending {
    /// By dense grade.
    pub by_grade: Vec<Matrix>,
    /// Base shares by stage; a relocated school takes its part of them along.
    base_shares: Vec<Matrix>,
    /// Entry places in the base year by stage and pool, with the same corrections.
    base_places: [Vec<f64>; N_STAGES],
    /// By stage: which pools have a district in common.
    near: [NearPools; N_STAGES],
    /// Class-size standard of the entry grades in the base year.
    base_standard: [f64; N_STAGES],
}

impl Attending {
    /// Attendance in the base year.
    pub fn of_base_year(scenario: &Scenario, attendance: &Attendance) -> Self {
        Attending {
            by_grade: attendance.by_grade.clone(),
            base_shares: attendance.base_shares.clone(),
            base_places: Stage::ALL.map(|stage| base_places(&scenario.city, scenario, stage)),
            near: Stage::ALL.map(|stage| NearPools::new(&scenario.city, stage)),
            base_standard: Stage::ALL.map(|stage| {
                scenario.thresholds.at(scenario.city.base_year).standard[stage.first_grade()]
            }),
        }
    }

    /// Every cohort moves up one grade with its matrix; the entry grade keeps an old one to be overwritten.
    pub fn age_one_year(&mut self) {
        for stage in Stage::ALL {
            let grades = stage.grades();
            self.by_grade[grades].rotate_right(1);
        }
    }

    /// Shares of this year's entrants of a stage: base shares times entry places over base places.
    ///
    /// A pool without base places takes a share in proportion to the places inside its district; a row all of whose
    /// pools have none goes to the pool with most places in the district, then in the city.
    pub fn admit_entrants(&mut self, scenario: &Scenario, stage: Stage, places: &[f64]) {
        let city = &*scenario.city;
        let (base, base_places) = (&self.base_shares[stage.idx()], &self.base_places[stage.idx()]);
        let entry = &mut self.by_grade[stage.first_grade()];
        entry.clear();
        for area in 0..city.areas.len() {
            let near = self.near[stage.idx()].of(city.pool_of_area[stage.idx()][area]);
            for (pool, share) in base.row(area) {
                if pool < places.len() && share > 0.0 && base_places[pool] > 0.0 {
                    entry.set(area, pool, share * places[pool] / base_places[pool]);
                }
            }
            normalise_row(entry, area, near, places);
            let is_new = |p: usize| base_places[p] <= 0.0 && places[p] > 0.0;
            let (mut new_places, mut all_places) = (0.0, 0.0);
            for &pool in near {
                all_places += places[pool];
                new_places += if is_new(pool) { places[pool] } else { 0.0 };
            }
            if new_places > 0.0 {
                let old_share = 1.0 - new_places / all_places;
                for (pool, share) in entry.row_mut(area) {
                    *share *= if pool < places.len() { old_share } else { 1.0 };
                }
                for &pool in near.iter().filter(|&&pool| is_new(pool)) {
                    entry.add(area, pool, places[pool] / all_places);
                }
            }
        }
    }

    /// Moves `share` of a pool's pupils of a grade to another column (a pool, or *left*).
    pub fn shift(&mut self, grade: usize, from_pool: usize, to_column: usize, share: f64) {
        let share = share.clamp(0.0, 1.0);
        self.by_grade[grade].shift(from_pool, to_column, |there| {
            if share >= 1.0 - 1e-12 { there } else { there * share }
        });
    }

    /// A school with `rooms_a_grade` rooms in each grade leaves a pool for another and brings its part of the base
    /// flow along.
    pub fn relocate(&mut self, stage: Stage, from_pool: usize, to_pool: usize, rooms_a_grade: f64) {
        let base_places = &mut self.base_places[stage.idx()];
        let moved_places =
            (rooms_a_grade * self.base_standard[stage.idx()]).min(base_places[from_pool]);
        if from_pool == to_pool || moved_places <= 0.0 {
            return;
        }
        let share = moved_places / base_places[from_pool];
        self.base_shares[stage.idx()].shift(from_pool, to_pool, |there| there * share);
        base_places[from_pool] -= moved_places;
        base_places[to_pool] += moved_places;
    }

    /// Which pools of a stage have a district in common.
    pub fn near(&self, stage: Stage) -> &NearPools {
        &self.near[stage.idx()]
    }

    /// Pupils of every pool in a grade, `Σ_a A[a → pool]·N[a][grade]`, into `pupils`.
    pub fn pupils_of_pools(&self, grade: usize, residents: &[f64], pupils: &mut Vec<f64>) {
        let matrix = &self.by_grade[grade];
        pupils.clear();
        pupils.resize(matrix.left(), 0.0);
        for area in 0..matrix.n_areas() {
            let n = residents[area * N_GRADES + grade];
            for (pool, share) in matrix.row(area) {
                if pool < pupils.len() {
                    pupils[pool] += share * n;
                }
            }
        }
    }

    /// Pupils of a pool in a grade: `Σ_a A[a → pool]·N[a][grade]`.
    pub fn pupils_of_pool(&self, grade: usize, pool: usize, residents: &[f64]) -> f64 {
        let matrix = &self.by_grade[grade];
        sum(matrix
            .senders(pool)
            .map(|area| matrix.share(area, pool) * residents[area * N_GRADES + grade]))
    }

    /// Other pools that some area which sends pupils of a grade to `pool` sends pupils to as well, ascending, into `reached`.
    pub fn reached(&self, grade: usize, pool: usize, reached: &mut Vec<usize>) {
        let matrix = &self.by_grade[grade];
        reached.clear();
        for area in matrix.senders(pool).filter(|&area| matrix.share(area, pool) > 0.0) {
            let there = matrix.row(area).filter(|&(_, share)| share > 0.0).map(|(other, _)| other);
            reached.extend(there.filter(|&other| other != pool && other != matrix.left()));
        }
        reached.sort_unstable();
        reached.dedup();
    }
}
