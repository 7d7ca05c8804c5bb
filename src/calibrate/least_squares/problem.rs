//! What is to be solved: cells, rates and equations.

/// How an equation combines its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The logarithm of a weighted sum of the cells themselves.
    LogOfSum,
    /// A weighted sum of the logarithms.
    Linear,
}

/// One equation.
#[derive(Debug, Clone)]
pub struct Equation {
    /// How the cells are combined.
    pub form: Form,
    /// Cells with their weights.
    pub cells: Vec<(usize, f64)>,
    /// Rates with their signs.
    pub rates: Vec<(usize, f64)>,
    /// What the left side should be.
    pub value: f64,
    /// Its standard error, on the log scale; 0: exact.
    pub error: f64,
}

/// A problem: cells in groups (each cell's group, ascending), so many rates, and the equations.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Group of every cell; cells of a group lie together.
    pub group_of_cell: Vec<usize>,
    /// Number of rates.
    pub n_rates: usize,
    /// Equations.
    pub equations: Vec<Equation>,
}

/// Logarithms of cells and rates.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Of the cells.
    pub cells: Vec<f64>,
    /// Of the rates.
    pub rates: Vec<f64>,
}
