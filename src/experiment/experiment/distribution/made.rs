//! The checked constructors of the laws: what each expects, and how to mend what does not fit.

use crate::numeric::normal_cdf;

use super::beta::Beta;
use super::{Distribution, Fault, Law, weighted};

impl Distribution {
    /// Every number from `low` to `high` alike.
    ///
    /// # Errors
    /// `low` not below `high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, Fault> {
        ascending(low, high)?;
        Ok(Distribution { kind: "uniform", law: Law::Uniform { low, high } })
    }

    /// Normal law.
    ///
    /// # Errors
    /// A standard deviation that is not above 0.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, Fault> {
        positive("sd", sd)?;
        Ok(Distribution { kind: "normal", law: Law::Normal { mean, sd } })
    }

    /// Normal law, only what lies in `range`.
    ///
    /// # Errors
    /// A standard deviation that is not above 0, an empty range, or one so far out that the law hardly reaches it.
    pub fn truncated_normal(mean: f64, sd: f64, range: (f64, f64)) -> Result<Self, Fault> {
        positive("sd", sd)?;
        let (low, high) = range;
        ascending(low, high)?;
        if low > mean + 6.0 * sd || high < mean - 6.0 * sd {
            let message = format!(
                "expected a range within 6 standard deviations of the mean {mean}, found {low} to {high}"
            );
            return Err(Fault::new(message, "move the mean, or write kind = \"uniform\""));
        }
        let side = if low > mean { -1.0 } else { 1.0 };
        let tails = (normal_cdf(side * (low - mean) / sd), normal_cdf(side * (high - mean) / sd));
        let law = Law::Truncated { mean, sd, low, high, tails };
        Ok(Distribution { kind: "truncated-normal", law })
    }

    /// A density that rises in a line from `low` to the mode and falls in a line to `high`.
    ///
    /// # Errors
    /// Numbers that do not ascend.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, Fault> {
        with_mode(low, mode, high)?;
        Ok(Distribution { kind: "triangular", law: Law::Triangular { low, mode, high } })
    }

    /// The beta law from `low` to `high` with the shapes `1 + shape·(mode − low)/(high − low)` and
    /// `1 + shape·(high − mode)/(high − low)`: its mean is `(low + shape·mode + high)/(shape + 2)`.
    ///
    /// # Errors
    /// Numbers that do not ascend, a shape that is not above 0 or above 1,000.
    pub fn pert(low: f64, mode: f64, high: f64, shape: f64) -> Result<Self, Fault> {
        with_mode(low, mode, high)?;
        if !(shape > 0.0 && shape <= 1000.0) {
            let message = format!("expected shape above 0 and up to 1000, found {shape}");
            return Err(Fault::new(message, "write shape = 4, or leave it out"));
        }
        let toward = shape * ((mode - low) / (high - low));
        let shapes = (1.0 + toward, 1.0 + (shape - toward));
        let unit = Beta::new(shapes.0, shapes.1);
        Ok(Distribution { kind: "pert", law: Law::Beta { low, high, shapes, unit } })
    }

    /// Its logarithm is normal: `median·e^(sigma·z)`.
    ///
    /// # Errors
    /// A median or a sigma that is not above 0.
    pub fn lognormal(median: f64, sigma: f64) -> Result<Self, Fault> {
        positive("median", median)?;
        positive("sigma", sigma)?;
        if sigma > 20.0 {
            let message = format!("expected sigma up to 20, found {sigma}");
            return Err(Fault::new(message, "sigma is the standard deviation of the logarithm"));
        }
        Ok(Distribution { kind: "lognormal", law: Law::Lognormal { median, sigma } })
    }

    /// Beta law over a range.
    ///
    /// # Errors
    /// Shapes outside 0.05 to 10,000, an empty range.
    pub fn beta(shapes: (f64, f64), range: (f64, f64)) -> Result<Self, Fault> {
        for (name, shape) in [("alpha", shapes.0), ("beta", shapes.1)] {
            if !(0.05..=10_000.0).contains(&shape) {
                let message = format!("expected {name} from 0.05 to 10000, found {shape}");
                return Err(Fault::new(message, "1 and 1 are the uniform law"));
            }
        }
        let (low, high) = range;
        ascending(low, high)?;
        let unit = Beta::new(shapes.0, shapes.1);
        Ok(Distribution { kind: "beta", law: Law::Beta { low, high, shapes, unit } })
    }

    /// Every whole number from `low` to `high` alike.
    ///
    /// # Errors
    /// Bounds that are not whole or do not ascend, more than a billion numbers.
    pub fn integer(low: f64, high: f64) -> Result<Self, Fault> {
        for (name, bound) in [("low", low), ("high", high)] {
            if bound.fract() != 0.0 {
                let message = format!("expected a whole number for {name}, found {bound}");
                return Err(Fault::new(message, &format!("write {name} = {}", bound.round())));
            }
        }
        ascending(low, high)?;
        if high - low > 1e9 {
            let message = format!("expected at most a billion numbers, found {low} to {high}");
            return Err(Fault::new(message, "write kind = \"uniform\""));
        }
        Ok(Distribution { kind: "integer", law: Law::Integer { low, n: high - low + 1.0 } })
    }

    /// One of the values, with these weights or, where there are none, all alike. The quantile function takes them in ascending
    /// order.
    ///
    /// # Errors
    /// No values, weights that are not theirs or below 0.
    pub fn choice(values: &[f64], weights: &[f64]) -> Result<Self, Fault> {
        Ok(Distribution { kind: "choice", law: Law::Choice(weighted::choice(values, weights)?) })
    }

    /// The line through the sorted values, between two neighbours the mean of their weights.
    ///
    /// # Errors
    /// Fewer than two different values, weights that are not theirs or below 0.
    pub fn empirical(values: &[f64], weights: &[f64]) -> Result<Self, Fault> {
        let law = Law::Empirical(weighted::empirical(values, weights)?);
        Ok(Distribution { kind: "empirical", law })
    }

    /// The two-piece normal law whose median is `value` and whose 10th and 90th percentiles are `low` and `high`.
    ///
    /// # Errors
    /// A value outside low to high, a range of no length.
    pub fn two_piece(value: f64, low: f64, high: f64) -> Result<Self, Fault> {
        with_mode(low, value, high)?;
        Ok(Distribution { kind: "figure", law: Law::TwoPiece { value, low, high } })
    }
}

fn ascending(low: f64, high: f64) -> Result<(), Fault> {
    if low < high && (high - low).is_finite() {
        return Ok(());
    }
    let message = format!("expected low below high, found {low} and {high}");
    let help = if low == high { "a single value is no factor: set the figure itself" } else { "" };
    Err(Fault::new(message, help))
}

fn with_mode(low: f64, middle: f64, high: f64) -> Result<(), Fault> {
    ascending(low, high)?;
    if (low..=high).contains(&middle) {
        return Ok(());
    }
    let message = format!("expected the middle between low {low} and high {high}, found {middle}");
    Err(Fault::new(message, "move it inside, or widen low and high"))
}

fn positive(name: &str, number: f64) -> Result<(), Fault> {
    if number > 0.0 && number.is_finite() {
        return Ok(());
    }
    let message = format!("expected {name} above 0, found {number}");
    Err(Fault::new(message, "a single value is no factor: set the figure itself"))
}
