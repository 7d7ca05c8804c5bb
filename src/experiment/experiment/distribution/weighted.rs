//! Laws on listed values: single ones with odds, and the line through sorted ones.

use crate::numeric::sum;

use super::Fault;

/// Values in ascending order with the probability of a draw at or below each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub values: Vec<f64>,
    pub below: Vec<f64>,
    pub mean: f64,
    pub is_even: bool,
}

/// Single values with odds: all alike where no weights are given. Values are sorted: a quantile function does not fall.
pub(super) fn choice(values: &[f64], weights: &[f64]) -> Result<Listed, Fault> {
    let pairs = sorted(values, weights, 1)?;
    let total = sum(pairs.iter().map(|(_, weight)| *weight));
    let first = pairs[0].1;
    let is_even = pairs.iter().all(|(_, weight)| *weight == first);
    let mean = sum(pairs.iter().map(|(value, weight)| value * weight)) / total;
    let mut so_far = 0.0;
    let mut below: Vec<f64> = pairs
        .iter()
        .map(|(_, weight)| {
            so_far += weight;
            so_far / total
        })
        .collect();
    close(&mut below);
    Ok(Listed { values: pairs.iter().map(|(value, _)| *value).collect(), below, mean, is_even })
}

/// The line through the sorted values: between two neighbours lies the mean of their two weights, so that the least value has
/// probability 0 and the greatest 1; with equal weights this is definition 7 of Hyndman & Fan (1996), "Sample quantiles in
/// statistical packages", The American Statistician 50 (4), 361-365.
pub(super) fn empirical(values: &[f64], weights: &[f64]) -> Result<Listed, Fault> {
    let pairs = sorted(values, weights, 2)?;
    if pairs[0].0 == pairs[pairs.len() - 1].0 {
        let help = "write at least two different values, or set the figure itself";
        return Err(Fault::new(format!("expected values that differ, found {}", pairs[0].0), help));
    }
    let spans: Vec<f64> = pairs.windows(2).map(|pair| 0.5 * (pair[0].1 + pair[1].1)).collect();
    let total = sum(spans.iter().copied());
    if total <= 0.0 {
        return Err(weightless());
    }
    let middles = pairs.windows(2).map(|pair| 0.5 * (pair[0].0 + pair[1].0));
    let mean = sum(spans.iter().zip(middles).map(|(span, middle)| span * middle)) / total;
    let mut so_far = 0.0;
    let mut below = vec![0.0];
    below.extend(spans.iter().map(|span| {
        so_far += span;
        so_far / total
    }));
    close(&mut below);
    let values = pairs.iter().map(|(value, _)| *value).collect();
    Ok(Listed { values, below, mean, is_even: false })
}

/// The last probability is 1 whatever rounding made of it.
fn close(below: &mut [f64]) {
    if let Some(last) = below.last_mut() {
        *last = 1.0;
    }
}

fn weightless() -> Fault {
    Fault::new(
        "expected weights of more than 0 in all".to_string(),
        "leave weights out for equal odds",
    )
}

/// Values with their weights in ascending order of the values; those of weight 0 at the ends of a choice are left out.
fn sorted(values: &[f64], weights: &[f64], least: usize) -> Result<Vec<(f64, f64)>, Fault> {
    if values.len() < least {
        let message = format!("expected at least {least} values, found {}", values.len());
        return Err(Fault::new(message, "write values = […, …]"));
    }
    if !weights.is_empty() && weights.len() != values.len() {
        let message = format!(
            "expected as many weights as values, {}, found {}",
            values.len(),
            weights.len()
        );
        return Err(Fault::new(message, "write one weight for every value, or leave weights out"));
    }
    if let Some(weight) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        let message = format!("expected weights of 0 or more, found {weight}");
        return Err(Fault::new(message, "a weight says how many draws of all take the value"));
    }
    let mut pairs: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .map(|(idx, value)| (*value, weights.get(idx).copied().unwrap_or(1.0)))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    if least == 1 {
        pairs.retain(|(_, weight)| *weight > 0.0);
    }
    if sum(pairs.iter().map(|(_, weight)| *weight)) <= 0.0 {
        return Err(weightless());
    }
    Ok(pairs)
}

impl Listed {
    /// Single values: the least whose probability reaches `u`.
    pub fn step(&self, u: f64) -> f64 {
        let idx = self.below.partition_point(|below| *below < u);
        self.values[idx.min(self.values.len() - 1)]
    }

    /// The line through the values at `u`.
    pub fn line(&self, u: f64) -> f64 {
        let after = self.below.partition_point(|below| *below <= u).clamp(1, self.values.len() - 1);
        let (p0, p1) = (self.below[after - 1], self.below[after]);
        let (x0, x1) = (self.values[after - 1], self.values[after]);
        if p1 > p0 { (x0 + (x1 - x0) * (u - p0) / (p1 - p0)).clamp(x0, x1) } else { x1 }
    }

    /// Probability of a single value at or below `x`.
    pub fn step_cdf(&self, x: f64) -> f64 {
        match self.values.partition_point(|value| *value <= x) {
            0 => 0.0,
            n => self.below[n - 1],
        }
    }

    /// Probability of a value of the line at or below `x`.
    pub fn line_cdf(&self, x: f64) -> f64 {
        let after = self.values.partition_point(|value| *value <= x);
        if after == 0 || after == self.values.len() {
            return if after == 0 { 0.0 } else { 1.0 };
        }
        let (x0, x1) = (self.values[after - 1], self.values[after]);
        let (p0, p1) = (self.below[after - 1], self.below[after]);
        p0 + (p1 - p0) * (x - x0) / (x1 - x0)
    }
}
