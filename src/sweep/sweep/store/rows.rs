//! The rows of a sweep: their columns, those that are written, and those that are read back.

/// Names of what a sweep's rows hold, besides `draw`, `scenario` and `failed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Scenarios in the order of the rows of one draw.
    pub scenarios: Vec<String>,
    /// Factors.
    pub factors: Vec<String>,
    /// Outcomes, e.g. `primary.oversized_share[2030]`.
    pub outcomes: Vec<String>,
}

/// The rows of consecutive draws, draw by draw and in it scenario by scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// First draw.
    pub first_draw: u64,
    /// Number of draws; rows are so many times the scenarios.
    pub n_draws: usize,
    /// By factor, by draw: the drawn values in the factor's unit.
    pub factors: Vec<Vec<f64>>,
    /// By outcome, by row; NaN where a row has none, e.g. a year that never came. It is an empty cell in the file.
    pub outcomes: Vec<Vec<f64>>,
    /// Rows that failed with the reason, by row ascending; their outcomes are empty cells in the file.
    pub failed: Vec<(usize, String)>,
}

/// Some columns of a part, read back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// First draw.
    pub first_draw: u64,
    /// Number of draws.
    pub n_draws: usize,
    /// Scenarios a draw.
    pub n_scenarios: usize,
    /// By column asked for, by row; NaN for an empty cell.
    pub columns: Vec<Vec<f64>>,
    /// Rows that failed with the reason, ascending.
    pub failed: Vec<(usize, String)>,
}

impl Rows {
    /// The values of one column for one scenario, by draw. Empty if there is no such column or scenario.
    pub fn of_scenario(&self, column: usize, scenario: usize) -> Vec<f64> {
        let values = self.columns.get(column).map_or(&[][..], Vec::as_slice);
        values.iter().skip(scenario).step_by(self.n_scenarios.max(1)).copied().collect()
    }
}
