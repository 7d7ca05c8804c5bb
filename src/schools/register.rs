//! The register in motion: every school as one index into parallel arrays, and its room account.

use crate::axes::{MAX_GRADES, N_STAGES, Stage};
use crate::city::{City, Ownership};
use crate::numeric::exp;
use crate::scenario::Scenario;
use crate::units::Year;

/// All schools, register order, new ones appended. Capacity for every school that the events will open is reserved
/// before the first year, so that nothing is allocated in the year loop.
#[derive(Debug, Clone)]
pub struct Register {
    /// Index into the run's sites.
    pub site: Vec<usize>,
    /// Stage taught.
    pub stage: Vec<Stage>,
    /// Area in which the school stands now.
    pub area: Vec<usize>,
    /// Whether it still admits or teaches.
    pub is_open: Vec<bool>,
    /// Private school.
    pub is_private: Vec<bool>,
    /// Inclusive kindergarten.
    pub is_inclusive: Vec<bool>,
    /// Rooms in all.
    pub rooms_total: Vec<i32>,
    /// Rooms out of use.
    pub rooms_reserved: Vec<i32>,
    /// Attractiveness, standard deviations.
    pub quality: Vec<f64>,
    /// Pupils: `[row · 6 + grade of the stage]`.
    pub pupils: Vec<f64>,
    /// Classes, the same shape.
    pub classes: Vec<i32>,
    /// Class limits, the same shape.
    pub limits: Vec<f64>,
}

impl Register {
    /// The register of the base year with room for `n_new` more schools.
    pub fn of_base_year(city: &City, n_new: usize) -> Self {
        let capacity = city.schools.len() + n_new;
        let mut register = Register {
            site: Vec::with_capacity(capacity),
            stage: Vec::with_capacity(capacity),
            area: Vec::with_capacity(capacity),
            is_open: Vec::with_capacity(capacity),
            is_private: Vec::with_capacity(capacity),
            is_inclusive: Vec::with_capacity(capacity),
            rooms_total: Vec::with_capacity(capacity),
            rooms_reserved: Vec::with_capacity(capacity),
            quality: Vec::with_capacity(capacity),
            pupils: Vec::with_capacity(capacity * MAX_GRADES),
            classes: Vec::with_capacity(capacity * MAX_GRADES),
            limits: Vec::with_capacity(capacity * MAX_GRADES),
        };
        for school in &city.schools {
            let area = city.sites[school.site].area;
            let row = register.append(
                school.site,
                school.stage,
                area,
                school.rooms_total,
                school.quality,
            );
            register.rooms_reserved[row] = school.rooms_reserved;
            register.is_private[row] = school.ownership == Ownership::Private;
            register.is_inclusive[row] = school.is_inclusive;
            let cells = row * MAX_GRADES..(row + 1) * MAX_GRADES;
            register.pupils[cells.clone()].copy_from_slice(&school.pupils);
            register.classes[cells.clone()].copy_from_slice(&school.classes);
            register.limits[cells].copy_from_slice(&school.limits);
        }
        register
    }

    /// Appends an empty public school and returns its row.
    pub fn append(
        &mut self,
        site: usize,
        stage: Stage,
        area: usize,
        rooms: i32,
        quality: f64,
    ) -> usize {
        self.site.push(site);
        self.stage.push(stage);
        self.area.push(area);
        self.is_open.push(true);
        self.is_private.push(false);
        self.is_inclusive.push(stage == Stage::Kindergarten);
        self.rooms_total.push(rooms);
        self.rooms_reserved.push(0);
        self.quality.push(quality);
        self.pupils.extend([0.0; MAX_GRADES]);
        self.classes.extend([0; MAX_GRADES]);
        self.limits.extend([0.0; MAX_GRADES]);
        self.len() - 1
    }

    /// Every grade of a school moves up with its classes and limit; the last leaves, the entry grade is empty.
    pub fn age_one_year(&mut self, row: usize, n_grades: usize) {
        let first = Self::cell(row, 0);
        for cell in (first + 1..first + n_grades).rev() {
            self.pupils[cell] = self.pupils[cell - 1];
            self.classes[cell] = self.classes[cell - 1];
            self.limits[cell] = self.limits[cell - 1];
        }
        self.pupils[first] = 0.0;
        self.classes[first] = 0;
        self.limits[first] = 0.0;
    }

    /// Number of schools, closed ones included.
    pub fn len(&self) -> usize {
        self.site.len()
    }

    /// Whether there is no school at all.
    pub fn is_empty(&self) -> bool {
        self.site.is_empty()
    }

    /// `R`: rooms that classes may use.
    pub fn rooms(&self, row: usize) -> i32 {
        self.rooms_total[row] - self.rooms_reserved[row]
    }

    /// Cell of a grade of a school.
    pub fn cell(row: usize, grade_in_stage: usize) -> usize {
        row * MAX_GRADES + grade_in_stage
    }

    /// Classes of all grades.
    pub fn classes_of(&self, row: usize) -> i32 {
        self.classes[row * MAX_GRADES..(row + 1) * MAX_GRADES].iter().sum()
    }

    /// Pupils of all grades.
    pub fn pupils_of(&self, row: usize) -> f64 {
        crate::numeric::sum(self.pupils[row * MAX_GRADES..(row + 1) * MAX_GRADES].iter().copied())
    }

    /// `free = max(0, R − Σ classes)`.
    pub fn free_rooms(&self, row: usize) -> i32 {
        (self.rooms(row) - self.classes_of(row)).max(0)
    }

    /// Entry capacity `k_t = ⌊(u+1)·R/G⌋ − ⌊u·R/G⌋` rooms with `u = t + i`: any G of them in a row sum to `R`.
    pub fn entry_rooms(&self, row: usize, year: Year) -> i32 {
        let rooms = i64::from(self.rooms(row).max(0));
        let u = i64::from(year) + row as i64;
        // Division by a constant is a multiplication; this runs for every school and year.
        let per_grade = |x: i64| match self.stage[row] {
            Stage::Primary => x.div_euclid(6),
            _ => x.div_euclid(3),
        };
        (per_grade((u + 1) * rooms) - per_grade(u * rooms)) as i32
    }

    /// Whether it has fewer rooms than grades (复式).
    pub fn is_multi_grade(&self, row: usize) -> bool {
        let rooms = self.rooms(row);
        rooms > 0 && rooms < self.stage[row].n_grades() as i32
    }

    /// Weight in admission, `R/G·exp(θ·q)`; 0 for a closed school.
    pub fn weight(&self, row: usize, choice: &[f64; N_STAGES]) -> f64 {
        if !self.is_open[row] || self.rooms(row) <= 0 {
            return 0.0;
        }
        let stage = self.stage[row];
        f64::from(self.rooms(row)) / stage.n_grades() as f64
            * exp(choice[stage.idx()] * self.quality[row])
    }
}

/// Rows of one stage, pool by pool in city order and register order inside a pool.
#[derive(Debug, Clone, Default)]
pub struct StageRows {
    /// Register rows.
    pub rows: Vec<usize>,
    /// First position of each pool, and the end: one longer than the pools.
    pub pool_start: Vec<usize>,
}

impl StageRows {
    /// Sorts the open schools of a stage into its pools; reuses the memory it has.
    pub fn rebuild(&mut self, scenario: &Scenario, register: &Register, stage: Stage) {
        let pool_of_area = &scenario.city.pool_of_area[stage.idx()];
        let n_pools = scenario.city.pools[stage.idx()].len();
        self.rows.clear();
        self.rows.extend(
            (0..register.len()).filter(|&r| register.stage[r] == stage && register.is_open[r]),
        );
        self.rows.sort_unstable_by_key(|&row| (pool_of_area[register.area[row]], row));
        self.pool_start.clear();
        let mut position = 0;
        for pool in 0..n_pools {
            self.pool_start.push(position);
            while position < self.rows.len()
                && pool_of_area[register.area[self.rows[position]]] == pool
            {
                position += 1;
            }
        }
        self.pool_start.push(position);
    }

    /// Positions of a pool's schools.
    pub fn of_pool(&self, pool: usize) -> std::ops::Range<usize> {
        self.pool_start[pool]..self.pool_start[pool + 1]
    }

    /// Number of pools.
    pub fn n_pools(&self) -> usize {
        self.pool_start.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R = 7, G = 3: 7/3 = 2.33, so the floors of u·7/3 for u = 0..=3 are 0, 2, 4, 7 and k = 2, 2, 3.
    #[test]
    fn entry_rooms_sum_to_the_rooms() {
        let mut register = Register {
            site: vec![],
            stage: vec![],
            area: vec![],
            is_open: vec![],
            is_private: vec![],
            is_inclusive: vec![],
            rooms_total: vec![],
            rooms_reserved: vec![],
            quality: vec![],
            pupils: vec![],
            classes: vec![],
            limits: vec![],
        };
        register.append(0, Stage::Junior, 0, 7, 0.0);
        let k: Vec<i32> = (0..6).map(|year| register.entry_rooms(0, year)).collect();
        assert_eq!(k, vec![2, 2, 3, 2, 2, 3]);
    }
}
