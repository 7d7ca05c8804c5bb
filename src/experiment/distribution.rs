//! The laws that factors may have.

/// A law, used through its quantile function alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    low: f64,
    high: f64,
}

impl Distribution {
    /// Every number from `low` to `high` alike.
    ///
    /// # Errors
    /// What was expected and how to mend it.
    pub fn uniform(low: f64, high: f64) -> Result<Self, String> {
        if low < high {
            Ok(Distribution { low, high })
        } else {
            Err(format!("expected low < high, found {low} and {high}"))
        }
    }

    /// The value below which a draw falls with probability `0 < u < 1`.
    pub fn quantile(&self, u: f64) -> f64 {
        self.low + u * (self.high - self.low)
    }

    /// Probability of a draw at or below `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        ((x - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    /// Least and greatest value; infinite where there is none.
    pub fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Whether it takes single values only.
    pub fn is_discrete(&self) -> bool {
        false
    }
}
