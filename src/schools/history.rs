//! What is kept of every year: the schools as they stood, and the pupils who found no place.

use crate::axes::{MAX_GRADES, N_STAGES, Stage};
use crate::units::Year;

use super::register::Register;

/// All years of a run. School arrays have a fixed stride, so that a year is one copy into memory that is there.
#[derive(Debug, Clone)]
pub struct History {
    /// Schools that a year has room for.
    stride: usize,
    /// School-grade cells that a year has room for.
    cells_a_year: usize,
    /// First cell of each school in a year, and the end: stages have 3 or 6 grades.
    first_cell: Vec<usize>,
    n_areas: usize,
    /// Schools that existed by the end of each year.
    pub n_schools: Vec<usize>,
    area: Vec<u32>,
    is_open: Vec<bool>,
    rooms: Vec<i32>,
    pupils: Vec<f64>,
    classes: Vec<i32>,
    limits: Vec<f64>,
    /// Pupils above the ceiling: `[(year · 5 + stage) · areas + area of the school]`.
    overflow: Vec<f64>,
    /// Pupils without a place by residence: the same shape.
    unplaced: Vec<f64>,
    /// Of them, entrants of the year.
    unplaced_entrants: Vec<f64>,
    /// Pupils whom the pools should hold, `Σ_a A·N`, by year, in the order stage, pool, grade of the stage.
    pub expected: Vec<Vec<f64>>,
    /// Rooms that are converted or reserved and still full, by year.
    pub backlog_rooms: Vec<i32>,
}

/// One school in one year.
#[derive(Debug, Clone, Copy)]
pub struct SchoolYear<'a> {
    /// Area in which it stands.
    pub area: usize,
    /// Whether it is open.
    pub is_open: bool,
    /// Rooms that classes may use.
    pub rooms: i32,
    /// Pupils by grade of the stage.
    pub pupils: &'a [f64],
    /// Classes by grade of the stage.
    pub classes: &'a [i32],
    /// Class limits by grade of the stage.
    pub limits: &'a [f64],
}

impl History {
    /// Memory for `n_years` years of the register's schools and `n_new` more.
    pub fn new(n_years: usize, register: &Register, n_new: usize, n_areas: usize) -> Self {
        let stride = register.len() + n_new;
        let base_cells: usize = register.stage.iter().map(|stage| stage.n_grades()).sum();
        let cells_a_year = base_cells + n_new * MAX_GRADES;
        let rows = n_years * stride;
        let cells = n_years * cells_a_year;
        let flows = n_years * N_STAGES * n_areas;
        History {
            stride,
            cells_a_year,
            first_cell: vec![0],
            n_areas,
            n_schools: vec![0; n_years],
            area: vec![0; rows],
            is_open: vec![false; rows],
            rooms: vec![0; rows],
            pupils: vec![0.0; cells],
            classes: vec![0; cells],
            limits: vec![0.0; cells],
            overflow: vec![0.0; flows],
            unplaced: vec![0.0; flows],
            unplaced_entrants: vec![0.0; flows],
            expected: Vec::new(),
            backlog_rooms: vec![0; n_years],
        }
    }

    /// Copies the register as it stands at the end of a year.
    pub(super) fn record(&mut self, year_idx: usize, register: &Register) {
        let n = register.len();
        self.n_schools[year_idx] = n;
        let first = year_idx * self.stride;
        let cells = year_idx * self.cells_a_year;
        for row in 0..n {
            self.area[first + row] = register.area[row] as u32;
            self.rooms[first + row] =
                if register.is_open[row] { register.rooms(row).max(0) } else { 0 };
            let n_grades = register.stage[row].n_grades();
            if self.first_cell.len() <= row + 1 {
                self.first_cell.push(self.first_cell[row] + n_grades);
            }
            let to = cells + self.first_cell[row];
            let from = Register::cell(row, 0);
            for g in 0..n_grades {
                self.pupils[to + g] = register.pupils[from + g];
                self.classes[to + g] = register.classes[from + g];
                self.limits[to + g] = register.limits[from + g];
            }
        }
        self.is_open[first..first + n].copy_from_slice(&register.is_open);
    }

    /// One school in one year.
    pub fn school(&self, year_idx: usize, row: usize) -> SchoolYear<'_> {
        let at = year_idx * self.stride + row;
        let first = year_idx * self.cells_a_year;
        let cells = first + self.first_cell[row]..first + self.first_cell[row + 1];
        SchoolYear {
            area: self.area[at] as usize,
            is_open: self.is_open[at],
            rooms: self.rooms[at],
            pupils: &self.pupils[cells.clone()],
            classes: &self.classes[cells.clone()],
            limits: &self.limits[cells],
        }
    }

    fn flow(&self, year_idx: usize, stage: Stage, area: usize) -> usize {
        (year_idx * N_STAGES + stage.idx()) * self.n_areas + area
    }

    pub(super) fn add_overflow(&mut self, year_idx: usize, stage: Stage, area: usize, pupils: f64) {
        let at = self.flow(year_idx, stage, area);
        self.overflow[at] += pupils;
    }

    pub(super) fn add_unplaced(
        &mut self,
        year_idx: usize,
        stage: Stage,
        area: usize,
        pupils: f64,
        is_entrant: bool,
    ) {
        let at = self.flow(year_idx, stage, area);
        self.unplaced[at] += pupils;
        if is_entrant {
            self.unplaced_entrants[at] += pupils;
        }
    }

    /// Pupils placed above the ceiling this year, by the area of their school.
    pub fn overflow(&self, year_idx: usize, stage: Stage, area: usize) -> f64 {
        self.overflow[self.flow(year_idx, stage, area)]
    }

    /// Pupils of the stage without a place, by residence.
    pub fn unplaced(&self, year_idx: usize, stage: Stage, area: usize) -> f64 {
        self.unplaced[self.flow(year_idx, stage, area)]
    }

    /// This year's entrants without a place, by residence.
    pub fn unplaced_entrants(&self, year_idx: usize, stage: Stage, area: usize) -> f64 {
        self.unplaced_entrants[self.flow(year_idx, stage, area)]
    }
}

/// A school that a standing rule closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Year in which it closed.
    pub year: Year,
    /// Register row.
    pub row: usize,
    /// Rooms that it had.
    pub rooms: i32,
    /// Index into the closing rules.
    pub rule: usize,
}
