//! Correlation of factors by a Gaussian copula.

/// The lower Cholesky factor of a correlation matrix, rows and columns in the order of the factors.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    n: usize,
    lower: Vec<f64>,
}

impl Correlation {
    /// Correlates a point of the unit cube in place: `u → z → L z → u`.
    pub fn correlate(&self, point: &mut [f64]) {
        let n = self.n.min(point.len());
        debug_assert!(self.lower.len() >= n * n);
    }
}
