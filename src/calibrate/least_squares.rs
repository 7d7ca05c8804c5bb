//! Generalised least squares on the log scale, for cells that lie in groups and rates that all groups share.
//!
//! Unknown are the logarithms `u` of the cells (children of one district, sex and age) and `r` of the rates. Equations say
//! `ln(Σ wᵢ·exp(uᵢ)) + Σ sⱼ·rⱼ = value` or `Σ wᵢ·uᵢ + Σ sⱼ·rⱼ = value`, each with a standard error; an error of 0 is an
//! exact total. Gauss-Newton: each step solves the linearised problem with its constraints (Nocedal & Wright 2006,
//! *Numerical Optimization*, ch. 10 and 16.1). Equations inside one group enter that group's own small system; the others are
//! carried by one multiplier each, so that the work grows with the number of groups and not with its cube (block elimination,
//! ch. 16.2). At the solution the same systems give standard errors, the leverage of every equation, and draws from the
//! posterior.

mod problem;

use nalgebra::{DMatrix, DVector, Dyn, LU};

use crate::numeric::{exp, ln, sum};

pub use problem::{Equation, Form, Point, Problem};

/// A solution: where the equations are met best, and the linear system there.
#[derive(Debug)]
pub struct Solution {
    /// The estimate.
    pub point: Point,
    /// Whether the steps came to rest.
    pub has_converged: bool,
    system: System,
}

/// Steps at most.
const MOST_STEPS: usize = 80;
/// At rest when no logarithm moves further.
const AT_REST: f64 = 1e-11;
/// A step moves no logarithm further than this.
const LONGEST_STEP: f64 = 1.0;

/// Solves a problem from a first guess; `None` where the equations leave something undetermined.
pub fn solve(problem: &Problem, start: Point) -> Option<Solution> {
    let mut point = start;
    for step in 0..MOST_STEPS {
        let system = System::new(problem, &point)?;
        let residuals: Vec<f64> = system.rows.iter().map(|row| row.value - row.left_side).collect();
        let moved = system.respond(&residuals)?;
        let longest = moved.cells.iter().chain(&moved.rates).fold(0.0_f64, |m, d| m.max(d.abs()));
        if !longest.is_finite() {
            return None;
        }
        let shrink = if longest > LONGEST_STEP { LONGEST_STEP / longest } else { 1.0 };
        point.cells.iter_mut().zip(&moved.cells).for_each(|(u, d)| *u += shrink * d);
        point.rates.iter_mut().zip(&moved.rates).for_each(|(r, d)| *r += shrink * d);
        if longest < AT_REST || step + 1 == MOST_STEPS {
            let system = System::new(problem, &point)?;
            return Some(Solution { point, has_converged: longest < AT_REST, system });
        }
    }
    None
}

impl Solution {
    /// Left side of an equation at the solution.
    pub fn left_side(&self, equation: usize) -> f64 {
        self.system.rows[equation].left_side
    }

    /// Leverage of an equation: by how much of a change of its value its own left side follows, 0 to 1.
    pub fn leverage(&self, equation: usize) -> f64 {
        let row = &self.system.rows[equation];
        if row.error <= 0.0 {
            return 1.0;
        }
        let mut residuals = vec![0.0; self.system.rows.len()];
        residuals[equation] = 1.0;
        self.system.respond(&residuals).map_or(0.0, |moved| row.along(&moved))
    }

    /// Posterior standard error of a rate's logarithm.
    pub fn rate_error(&self, rate: usize) -> f64 {
        let row = Row { rates: vec![(rate, 1.0)], ..Row::default() };
        self.variance(&row).max(0.0).sqrt()
    }

    /// Posterior standard error of the logarithm of the sum of some cells.
    pub fn sum_error(&self, cells: &[usize]) -> f64 {
        let total = sum(cells.iter().map(|&cell| exp(self.point.cells[cell])));
        let weight = |&cell: &usize| (cell, exp(self.point.cells[cell]) / total.max(1e-300));
        let row = Row { cells: cells.iter().map(weight).collect(), ..Row::default() };
        self.variance(&row).max(0.0).sqrt()
    }

    /// Deviations of the logarithms from the estimate in one draw from the posterior. `noise` gives standard normal numbers,
    /// one an equation: the draw is the answer to equations that err by so many of their standard errors.
    pub fn deviations(&self, mut noise: impl FnMut() -> f64) -> Point {
        let residuals: Vec<f64> = self.system.rows.iter().map(|row| row.error * noise()).collect();
        self.system.respond(&residuals).unwrap_or_else(|| Point {
            cells: vec![0.0; self.point.cells.len()],
            rates: vec![0.0; self.point.rates.len()],
        })
    }

    fn variance(&self, row: &Row) -> f64 {
        let mut load = Load::nothing(&self.system);
        self.system.add(row, 1.0, &mut load);
        self.system.answer(load).map_or(f64::NAN, |moved| row.along(&moved))
    }
}

/// An equation linearised at a point.
#[derive(Debug, Clone, Default)]
struct Row {
    cells: Vec<(usize, f64)>,
    rates: Vec<(usize, f64)>,
    value: f64,
    error: f64,
    left_side: f64,
}

impl Row {
    fn of(equation: &Equation, point: &Point) -> Row {
        let from_rates = sum(equation.rates.iter().map(|&(rate, sign)| sign * point.rates[rate]));
        let (cells, from_cells) = match equation.form {
            Form::Linear => {
                let total = sum(equation.cells.iter().map(|&(cell, w)| w * point.cells[cell]));
                (equation.cells.clone(), total)
            }
            Form::LogOfSum => {
                let part = |&(cell, w): &(usize, f64)| w * exp(point.cells[cell]);
                let total = sum(equation.cells.iter().map(part)).max(1e-300);
                let share = |term: &(usize, f64)| (term.0, part(term) / total);
                let cells: Vec<(usize, f64)> = equation.cells.iter().map(share).collect();
                let log = if cells.is_empty() { 0.0 } else { ln(total) };
                (cells, log)
            }
        };
        Row {
            cells,
            rates: equation.rates.clone(),
            value: equation.value,
            error: equation.error,
            left_side: from_cells + from_rates,
        }
    }

    /// How far the left side moves with a step.
    fn along(&self, step: &Point) -> f64 {
        sum(self.cells.iter().map(|&(cell, w)| w * step.cells[cell]))
            + sum(self.rates.iter().map(|&(rate, w)| w * step.rates[rate]))
    }
}

/// Where an equation stands in the elimination.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Soft, inside this group.
    Soft(usize),
    /// Exact, inside this group: so many-th constraint.
    Exact(usize, usize),
    /// Only rates.
    Rates,
    /// Shared: so many-th multiplier.
    Shared(usize),
}

/// A group's own system `[N Hᵀ; H 0]` and its answers to the shared equations that touch it.
#[derive(Debug)]
struct Block {
    first: usize,
    n_cells: usize,
    /// Cells and exact totals.
    size: usize,
    factors: LU<f64, Dyn, Dyn>,
    touching: Vec<Touch>,
}

/// A shared equation that touches a group.
#[derive(Debug)]
struct Touch {
    /// Its multiplier.
    nth: usize,
    /// Its coefficients on the group's cells.
    coefficients: Vec<(usize, f64)>,
    /// The block's answer to it.
    answer: DVector<f64>,
}

/// The linearised problem, factorised.
#[derive(Debug)]
struct System {
    rows: Vec<Row>,
    places: Vec<Place>,
    group_of_cell: Vec<usize>,
    blocks: Vec<Block>,
    n_shared: usize,
    n_rates: usize,
    /// `[T + D, C; −Cᵀ, P]` over multipliers and rates.
    border: LU<f64, Dyn, Dyn>,
}

/// Right sides of the linear system.
struct Load {
    blocks: Vec<DVector<f64>>,
    shared: Vec<f64>,
    rates: Vec<f64>,
}

impl Load {
    fn nothing(system: &System) -> Load {
        Load {
            blocks: system.blocks.iter().map(|block| DVector::zeros(block.size)).collect(),
            shared: vec![0.0; system.n_shared],
            rates: vec![0.0; system.n_rates],
        }
    }
}

impl System {
    fn new(problem: &Problem, point: &Point) -> Option<System> {
        let rows: Vec<Row> = problem.equations.iter().map(|e| Row::of(e, point)).collect();
        let n_groups = problem.group_of_cell.last().map_or(0, |g| g + 1);
        let mut n_exact = vec![0; n_groups];
        let mut n_shared = 0;
        let places: Vec<Place> = rows
            .iter()
            .map(|row| place(row, &problem.group_of_cell, &mut n_exact, &mut n_shared))
            .collect();
        let mut blocks = Vec::with_capacity(n_groups);
        let mut by_group = vec![Vec::new(); n_groups];
        for (idx, place) in places.iter().enumerate() {
            match *place {
                Place::Soft(group) | Place::Exact(group, _) => by_group[group].push(idx),
                Place::Rates => {}
                Place::Shared(_) => {
                    let mut groups: Vec<usize> =
                        rows[idx].cells.iter().map(|c| problem.group_of_cell[c.0]).collect();
                    groups.sort_unstable();
                    groups.dedup();
                    groups.into_iter().for_each(|group| by_group[group].push(idx));
                }
            }
        }
        for group in 0..n_groups {
            let first = problem.group_of_cell.partition_point(|&g| g < group);
            let n_cells = problem.group_of_cell.partition_point(|&g| g <= group) - first;
            blocks.push(block(&rows, &places, &by_group[group], first, n_cells, n_exact[group])?);
        }
        let border = border(&rows, &places, &blocks, n_shared, problem.n_rates);
        let border = LU::new(border);
        border.is_invertible().then_some(System {
            rows,
            places,
            group_of_cell: problem.group_of_cell.clone(),
            blocks,
            n_shared,
            n_rates: problem.n_rates,
            border,
        })
    }

    /// The step with which the unknowns answer to residuals, one an equation.
    fn respond(&self, residuals: &[f64]) -> Option<Point> {
        let mut load = Load::nothing(self);
        for (idx, &residual) in residuals.iter().enumerate() {
            if residual == 0.0 {
                continue;
            }
            let row = &self.rows[idx];
            match self.places[idx] {
                Place::Soft(_) | Place::Rates => {
                    self.add(row, residual / (row.error * row.error), &mut load);
                }
                Place::Exact(group, nth) => {
                    load.blocks[group][self.blocks[group].n_cells + nth] += residual;
                }
                Place::Shared(nth) => load.shared[nth] += residual,
            }
        }
        self.answer(load)
    }

    /// Adds a multiple of a row to the gradient.
    fn add(&self, row: &Row, times: f64, load: &mut Load) {
        for &(cell, weight) in &row.cells {
            let group = self.group_of_cell[cell];
            load.blocks[group][cell - self.blocks[group].first] += times * weight;
        }
        row.rates.iter().for_each(|&(rate, weight)| load.rates[rate] += times * weight);
    }

    fn answer(&self, load: Load) -> Option<Point> {
        let n = self.n_shared;
        let mut right = DVector::zeros(n + self.n_rates);
        load.shared.iter().enumerate().for_each(|(j, e)| right[j] = *e);
        load.rates.iter().enumerate().for_each(|(j, g)| right[n + j] = *g);
        let mut alone = Vec::with_capacity(self.blocks.len());
        for (block, load) in self.blocks.iter().zip(load.blocks) {
            let own = block.factors.solve(&load)?;
            for touch in &block.touching {
                right[touch.nth] -= sum(touch.coefficients.iter().map(|&(i, w)| w * own[i]));
            }
            alone.push(own);
        }
        let border = if right.is_empty() { right } else { self.border.solve(&right)? };
        let mut cells = vec![0.0; self.group_of_cell.len()];
        for (block, mut own) in self.blocks.iter().zip(alone) {
            for touch in &block.touching {
                own.axpy(border[touch.nth], &touch.answer, 1.0);
            }
            cells[block.first..block.first + block.n_cells]
                .iter_mut()
                .enumerate()
                .for_each(|(i, cell)| *cell = own[i]);
        }
        let rates = (0..self.n_rates).map(|rate| border[n + rate]).collect();
        Some(Point { cells, rates })
    }
}

fn place(row: &Row, group_of: &[usize], n_exact: &mut [usize], n_shared: &mut usize) -> Place {
    let Some(group) = row.cells.first().map(|cell| group_of[cell.0]) else {
        if row.error > 0.0 {
            return Place::Rates;
        }
        *n_shared += 1;
        return Place::Shared(*n_shared - 1);
    };
    let is_local = row.rates.is_empty() && row.cells.iter().all(|c| group_of[c.0] == group);
    match (is_local, row.error > 0.0) {
        (true, true) => Place::Soft(group),
        (true, false) => {
            n_exact[group] += 1;
            Place::Exact(group, n_exact[group] - 1)
        }
        (false, _) => {
            *n_shared += 1;
            Place::Shared(*n_shared - 1)
        }
    }
}

fn block(
    rows: &[Row],
    places: &[Place],
    here: &[usize],
    first: usize,
    n_cells: usize,
    n_exact: usize,
) -> Option<Block> {
    let n = n_cells + n_exact;
    let mut matrix = DMatrix::zeros(n, n);
    let inside = |cell: usize| (first..first + n_cells).contains(&cell).then(|| cell - first);
    for &idx in here {
        let row = &rows[idx];
        match places[idx] {
            Place::Soft(_) => {
                let precision = 1.0 / (row.error * row.error);
                for &(i, wi) in &row.cells {
                    for &(k, wk) in &row.cells {
                        matrix[(i - first, k - first)] += precision * wi * wk;
                    }
                }
            }
            Place::Exact(_, nth) => {
                for &(i, w) in &row.cells {
                    matrix[(i - first, n_cells + nth)] += w;
                    matrix[(n_cells + nth, i - first)] += w;
                }
            }
            Place::Rates | Place::Shared(_) => {}
        }
    }
    let factors = LU::new(matrix);
    if !factors.is_invertible() {
        return None;
    }
    let mut touching = Vec::new();
    for &idx in here {
        if let Place::Shared(nth) = places[idx] {
            let mut right = DVector::zeros(n);
            let coefficients: Vec<(usize, f64)> =
                rows[idx].cells.iter().filter_map(|&(c, w)| Some((inside(c)?, w))).collect();
            coefficients.iter().for_each(|&(i, w)| right[i] += w);
            let answer = factors.solve(&right)?;
            touching.push(Touch { nth, coefficients, answer });
        }
    }
    Some(Block { first, n_cells, size: n, factors, touching })
}

fn border(
    rows: &[Row],
    places: &[Place],
    blocks: &[Block],
    n_shared: usize,
    n_rates: usize,
) -> DMatrix<f64> {
    let mut border = DMatrix::zeros(n_shared + n_rates, n_shared + n_rates);
    for block in blocks {
        for from in &block.touching {
            for to in &block.touching {
                let along = from.coefficients.iter().map(|&(i, w)| w * to.answer[i]);
                border[(from.nth, to.nth)] += sum(along);
            }
        }
    }
    for (row, place) in rows.iter().zip(places) {
        match *place {
            Place::Shared(nth) => {
                border[(nth, nth)] += row.error * row.error;
                for &(rate, sign) in &row.rates {
                    border[(nth, n_shared + rate)] += sign;
                    border[(n_shared + rate, nth)] -= sign;
                }
            }
            Place::Rates => {
                let precision = 1.0 / (row.error * row.error);
                for &(i, wi) in &row.rates {
                    for &(k, wk) in &row.rates {
                        border[(n_shared + i, n_shared + k)] += precision * wi * wk;
                    }
                }
            }
            Place::Soft(_) | Place::Exact(..) => {}
        }
    }
    border
}

#[cfg(test)]
mod tests;
