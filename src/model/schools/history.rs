//! What is kept of every year: the schools as they stood, and the pupils who found no place.

use std::sync::Arc;

use crate::axes::Stage;
use crate::units::Year as CalendarYear;

use crate::width::Lane;

/// A school of the register: those of the base year, then new ones in the order of opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index into the run's sites.
    pub site: usize,
    /// Stage taught.
    pub stage: Stage,
    /// Area in which the school stands now, or stood last.
    pub area: usize,
    /// Private school.
    pub is_private: bool,
    /// Inclusive kindergarten.
    pub is_inclusive: bool,
}

/// All years of a run.
#[derive(Debug, Clone)]
pub struct History {
    n_stages: usize,
    n_areas: usize,
    rows: Arc<Rows>,
    /// The year at hand.
    now: Year,
    years: Vec<Arc<Year>>,
    /// Schools that existed by the end of each year.
    pub n_schools: Vec<usize>,
    /// Pupils whom the pools should hold, `Σ_a A·N`, by year, in the order stage, pool, grade of the stage.
    pub expected: Vec<Vec<f64>>,
    /// Rooms that are converted, reserved or taken away and still full, by year.
    pub backlog_rooms: Vec<i32>,
}

/// What never changes of a school, by register row.
#[derive(Debug, Clone, Default)]
struct Rows {
    /// First cell of each school in a year, and the end.
    first_cell: Vec<usize>,
    stage: Vec<Stage>,
    is_private: Vec<bool>,
    is_inclusive: Vec<bool>,
}

impl Rows {
    fn of(register: &[Row]) -> Self {
        let mut first_cell = vec![0];
        let mut n_cells = 0;
        first_cell.extend(register.iter().map(|row| {
            n_cells += row.stage.n_grades();
            n_cells
        }));
        Rows {
            first_cell,
            stage: register.iter().map(|row| row.stage).collect(),
            is_private: register.iter().map(|row| row.is_private).collect(),
            is_inclusive: register.iter().map(|row| row.is_inclusive).collect(),
        }
    }
}

/// The schools of one year and the pupils without a place: complete in itself, so that it can be counted while the next year is
/// computed.
#[derive(Debug, Clone)]
pub struct Year {
    rows: Arc<Rows>,
    n_areas: usize,
    area: Vec<u32>,
    is_open: Vec<bool>,
    rooms: Vec<i32>,
    pupils: Vec<f64>,
    classes: Vec<i32>,
    limits: Limits,
    /// Pupils above the ceiling: `[stage · areas + area of the school]`.
    overflow: Vec<f64>,
    /// Pupils without a place by residence: the same shape.
    unplaced: Vec<f64>,
    /// Of them, entrants of the year.
    unplaced_entrants: Vec<f64>,
    /// Pupils by residence as they have been admitted by plan: the same shape, `None` where they are those of the demand.
    residents: Vec<Option<f64>>,
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
    pub limits: LimitsOf<'a>,
}

/// Class limits. They are few numbers for many cells: each is kept once, and the cells say which it is.
#[derive(Debug, Clone, Default)]
struct Limits {
    /// The first of them, as far as a code of one byte reaches.
    known: Vec<f64>,
    codes: Vec<u8>,
    /// Those of cells with the last code, with their places, ascending.
    others: Vec<(usize, f64)>,
}

/// Code of a limit that stands among the others.
const OTHER: u8 = u8::MAX;

impl Limits {
    /// All cells have the limit 0.
    fn none(n_cells: usize) -> Self {
        Limits { known: vec![0.0], codes: vec![0; n_cells], others: Vec::new() }
    }

    fn set(&mut self, cell: usize, limit: f64) {
        let same = |known: &f64| known.to_bits() == limit.to_bits();
        self.codes[cell] = match self.known.iter().position(same) {
            Some(code) => code as u8,
            None if self.known.len() < usize::from(OTHER) => {
                self.known.push(limit);
                (self.known.len() - 1) as u8
            }
            None => {
                self.others.push((cell, limit));
                OTHER
            }
        };
    }

    /// All cells have been set.
    fn settle(&mut self) {
        self.others.sort_unstable_by_key(|(cell, _)| *cell);
    }

    fn at(&self, cell: usize) -> f64 {
        match self.codes[cell] {
            OTHER => {
                let place = self.others.binary_search_by_key(&cell, |(cell, _)| *cell);
                place.map_or(0.0, |place| self.others[place].1)
            }
            code => self.known[usize::from(code)],
        }
    }
}

/// The class limits of a school by grade of its stage.
#[derive(Debug, Clone, Copy)]
pub struct LimitsOf<'a> {
    limits: &'a Limits,
    first: usize,
}

impl LimitsOf<'_> {
    /// Class limit of a grade of the stage.
    pub fn of(&self, g: usize) -> f64 {
        self.limits.at(self.first + g)
    }
}

impl Year {
    fn new(rows: Arc<Rows>, n_stages: usize, n_areas: usize) -> Self {
        let flows = || vec![0.0; n_stages * n_areas];
        Year {
            rows,
            n_areas,
            area: Vec::new(),
            is_open: Vec::new(),
            rooms: Vec::new(),
            pupils: Vec::new(),
            classes: Vec::new(),
            limits: Limits::default(),
            overflow: flows(),
            unplaced: flows(),
            unplaced_entrants: flows(),
            residents: vec![None; n_stages * n_areas],
        }
    }

    /// Schools that exist by the end of the year.
    pub fn n_schools(&self) -> usize {
        self.area.len()
    }

    /// Stage of a register row.
    pub fn stage(&self, row: usize) -> Stage {
        self.rows.stage[row]
    }

    /// Whether a register row is a private school, and whether it is an inclusive kindergarten.
    pub fn ownership(&self, row: usize) -> (bool, bool) {
        (self.rows.is_private[row], self.rows.is_inclusive[row])
    }

    /// One school.
    pub fn school(&self, row: usize) -> SchoolYear<'_> {
        let cells = self.rows.first_cell[row]..self.rows.first_cell[row + 1];
        SchoolYear {
            area: self.area[row] as usize,
            is_open: self.is_open[row],
            rooms: self.rooms[row],
            pupils: &self.pupils[cells.clone()],
            classes: &self.classes[cells.clone()],
            limits: LimitsOf { limits: &self.limits, first: cells.start },
        }
    }

    fn flow(&self, stage: Stage, area: usize) -> usize {
        stage.idx() * self.n_areas + area
    }

    /// Pupils placed above the ceiling this year, by the area of their school.
    pub fn overflow(&self, stage: Stage, area: usize) -> f64 {
        self.overflow[self.flow(stage, area)]
    }

    /// Pupils of the stage without a place, by residence.
    pub fn unplaced(&self, stage: Stage, area: usize) -> f64 {
        self.unplaced[self.flow(stage, area)]
    }

    /// This year's entrants without a place, by residence.
    pub fn unplaced_entrants(&self, stage: Stage, area: usize) -> f64 {
        self.unplaced_entrants[self.flow(stage, area)]
    }
}

impl Year {
    /// Pupils of the stage by residence where they have been admitted by plan; `None` where they are those of the demand.
    pub fn residents(&self, stage: Stage, area: usize) -> Option<f64> {
        self.residents[self.flow(stage, area)]
    }
}

/// Pupils whom the pools of a stage should hold, and those without a place.
pub(super) struct Flows {
    pub stage: Stage,
    /// `Σ_a A·N` in the order pool, grade of the stage.
    pub expected: Vec<f64>,
    /// Area of residence, pupils without a place, and whether they are entrants of the year.
    pub unplaced: Vec<(usize, f64, bool)>,
    /// Pupils by area of residence where they have been admitted by plan, else empty.
    pub residents: Vec<f64>,
}

impl History {
    /// An empty history of `n_years` years.
    pub fn new(n_years: usize, register: &[Row], n_stages: usize, n_areas: usize) -> Self {
        let rows = Arc::new(Rows::of(register));
        History {
            n_stages,
            n_areas,
            now: Year::new(rows.clone(), n_stages, n_areas),
            rows,
            years: Vec::with_capacity(n_years),
            n_schools: Vec::with_capacity(n_years),
            expected: Vec::with_capacity(n_years),
            backlog_rooms: Vec::with_capacity(n_years),
        }
    }

    /// Begins a year with all schools closed.
    pub(super) fn begin_year(&mut self, register: &[Row]) {
        if self.rows.stage.len() != register.len() {
            self.rows = Arc::new(Rows::of(register));
        }
        let (n, n_cells) = (register.len(), self.rows.first_cell[register.len()]);
        let now = &mut self.now;
        now.rows = self.rows.clone();
        now.area = register.iter().map(|row| row.area as u32).collect();
        now.is_open = vec![false; n];
        now.rooms = vec![0; n];
        now.pupils = vec![0.0; n_cells];
        now.classes = vec![0; n_cells];
        now.limits = Limits::none(n_cells);
        self.expected.push(Vec::new());
    }

    /// Keeps an open school: its area, its rooms, and by grade pupils, classes and class limit.
    pub(super) fn record(
        &mut self,
        row: usize,
        area: usize,
        rooms: i32,
        cells: impl Iterator<Item = (f64, i32, f64)>,
    ) {
        let now = &mut self.now;
        (now.area[row], now.is_open[row], now.rooms[row]) = (area as u32, true, rooms);
        for (cell, (pupils, classes, limit)) in (self.rows.first_cell[row]..).zip(cells) {
            now.pupils[cell] = pupils;
            now.classes[cell] = classes;
            now.limits.set(cell, limit);
        }
    }

    /// Keeps what a stage comes to, the stages in their order; `overflow` by area of the school, empty where there is none.
    pub(super) fn add_flows(&mut self, flows: &Flows, overflow: &[Lane<1>]) {
        if let Some(expected) = self.expected.last_mut() {
            expected.extend_from_slice(&flows.expected);
        }
        for (area, pupils) in overflow.iter().enumerate() {
            let at = self.now.flow(flows.stage, area);
            self.now.overflow[at] += pupils[0];
        }
        for (area, &pupils) in flows.residents.iter().enumerate() {
            let at = self.now.flow(flows.stage, area);
            self.now.residents[at] = Some(pupils);
        }
        for &(area, pupils, is_entrant) in &flows.unplaced {
            let at = self.now.flow(flows.stage, area);
            self.now.unplaced[at] += pupils;
            self.now.unplaced_entrants[at] += if is_entrant { pupils } else { 0.0 };
        }
    }

    /// Ends the year at hand.
    pub(super) fn keep(&mut self) -> &Arc<Year> {
        self.now.limits.settle();
        let next = Year::new(self.rows.clone(), self.n_stages, self.n_areas);
        let year = std::mem::replace(&mut self.now, next);
        self.n_schools.push(year.n_schools());
        self.years.push(Arc::new(year));
        &self.years[self.years.len() - 1]
    }

    /// A year.
    pub fn year(&self, year_idx: usize) -> &Arc<Year> {
        &self.years[year_idx]
    }

    /// One school in one year.
    pub fn school(&self, year_idx: usize, row: usize) -> SchoolYear<'_> {
        self.years[year_idx].school(row)
    }

    /// Pupils of the stage without a place in a year, by residence.
    pub fn unplaced(&self, year_idx: usize, stage: Stage, area: usize) -> f64 {
        self.years[year_idx].unplaced(stage, area)
    }
}

/// A school that a standing rule closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Year in which it closed.
    pub year: CalendarYear,
    /// Register row.
    pub row: usize,
    /// Rooms that it had.
    pub rooms: i32,
    /// Index into the closing rules.
    pub rule: usize,
}

/// Rooms that a city added of itself to a school.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Added {
    /// Year in which they opened; they were built in the year before.
    pub year: CalendarYear,
    /// Stage.
    pub stage: Stage,
    /// Register row of the school.
    pub row: usize,
    /// Area where it stood.
    pub area: usize,
    /// Rooms.
    pub rooms: i32,
    /// Investment in yuan; none: unknown.
    pub investment_yuan: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More numbers than a byte can tell apart, in an order that comes back to all of them.
    #[test]
    fn limits_are_kept_to_the_bit() {
        let limit = |k: usize| 40.0 + ((k * 7) % 600) as f64 / 7.0;
        let mut limits = Limits::none(2_000);
        (0..2_000).rev().for_each(|k| limits.set(k, limit(k)));
        limits.settle();
        assert_eq!(limits.known.len(), 255);
        assert!((0..2_000).all(|k| limits.at(k).to_bits() == limit(k).to_bits()));
    }
}
