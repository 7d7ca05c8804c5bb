//! Sobol' indices: which share of an outcome's variance comes from which factor, alone and together with others.
//!
//! In: the outcome of every row of a Saltelli design ([`crate::experiment::design::Kind::Saltelli`]), rows in its
//! order. Out: first-order, total and second-order indices with bootstrap intervals.
//!
//! **Method.** The estimators of SALib 1.6. The outcome is centred and divided by its standard deviation over all
//! rows; means run over the N base points, the variance V over the rows A and B together (divided by 2N).
//!
//! - first order, Saltelli et al. 2010 (doi:10.1016/j.cpc.2009.09.018): mean(B·(AB_j − A)) / V
//! - total, Jansen 1999 (doi:10.1016/S0010-4655(98)00154-4): mean((A − AB_j)²) / 2V
//! - second order, Saltelli 2002 (doi:10.1016/S0010-4655(02)00280-1): mean(BA_j·AB_k − A·B) / V − first_j − first_k
//!
//! **Intervals.** Base points are drawn with replacement; the interval is the index ± z times the standard deviation
//! (n − 1) of the resampled indices, z the normal quantile of the level: SALib's `conf`. It is symmetric and may
//! reach below 0 or above 1. The bootstrap takes base points for independent, which those of a scrambled Sobol'
//! design are not: with the G-function of 12 factors and 4,096 base points the errors over 200 seeds were 0.3 to 0.7
//! of what the intervals of single factors say. With 512, one total index erred 1.9 times as much: two dimensions of
//! the sequence go badly together among so few points (SciPy's own scrambling does the same, 2.4 times). Few base
//! points need care.
//!
//! **Speed.** Each index is a ratio of sums over base points of a few products, so a resample needs only how often it
//! holds each base point: rows are turned into products block by block, and each block is added to the sums of ten
//! resamples at a time.
//!
//! Not modelled: indices of groups of factors; factors that depend on each other (indices then mix cause and companion).

use super::ranks::Absence;
use crate::{numeric, parallel, random};

mod sums;

/// How indices are estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Whether the rows BA are there.
    pub second_order: bool,
    /// Number of bootstrap resamples; fewer than 2: no intervals.
    pub resamples: usize,
    /// Probability of the intervals, between 0 and 1.
    pub level: f64,
    /// Seed of the resamples.
    pub seed: u64,
}

/// Why there are no indices.
#[derive(Debug, Clone, PartialEq)]
pub enum Absent {
    /// The outcome does not vary, so no share of its variance can be told.
    Constant,
    /// An outcome is not a finite number: the row, from 0.
    NotFinite(usize),
    /// Fewer base points or trajectories than an estimate needs.
    TooFew {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The rows are not those of the design.
    Shape(String),
}

impl std::fmt::Display for Absent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Absent::Constant => write!(f, "{}", Absence::ConstantOutcome.key()),
            Absent::NotFinite(row) => write!(f, "the outcome of row {row} is not a finite number"),
            Absent::TooFew { found, needed } => {
                write!(f, "{found} base points or trajectories, at least {needed} are needed")
            }
            Absent::Shape(reason) => write!(f, "{reason}"),
        }
    }
}

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate from all base points.
    pub value: f64,
    /// Half the width of its interval: z times the standard deviation of the resamples. Absent without resamples.
    pub half_width: Option<f64>,
}

impl Estimate {
    /// Lower and upper end of the interval.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.half_width.map(|half| (self.value - half, self.value + half))
    }
}

/// Sobol' indices of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// Number of base points N.
    pub n_base: usize,
    /// Mean of the outcome over all rows, in its unit.
    pub mean: f64,
    /// Standard deviation of the outcome over all rows (divided by their number), in its unit.
    pub sd: f64,
    /// By factor: the share of variance that the factor explains alone.
    pub first: Vec<Estimate>,
    /// By factor: the share that would be left if all others were known.
    pub total: Vec<Estimate>,
    /// By pair of factors j < k: what they explain together beyond their first-order shares; empty if it was not
    /// asked for.
    pub second: Vec<(usize, usize, Estimate)>,
}

/// Rows a base point has.
pub fn group_size(n_factors: usize, second_order: bool) -> usize {
    if second_order { 2 * n_factors + 2 } else { n_factors + 2 }
}

/// Estimates the indices of an outcome `y`, one value a row of the design.
///
/// Absent: no whole number of base points, fewer than two of them, a value that is not finite, an outcome that does
/// not vary.
pub fn indices(y: &[f64], n_factors: usize, settings: &Settings) -> Result<Indices, Absent> {
    let size = group_size(n_factors, settings.second_order);
    if n_factors == 0 || !y.len().is_multiple_of(size) {
        return Err(Absent::Shape(format!(
            "{} rows are no whole number of base points of {size} rows ({n_factors} factors)",
            y.len()
        )));
    }
    let n_base = y.len() / size;
    if n_base < 2 {
        return Err(Absent::TooFew { found: n_base, needed: 2 });
    }
    if !(settings.level > 0.0 && settings.level < 1.0) {
        return Err(Absent::Shape(format!("a level of {}", settings.level)));
    }
    let (mean, sd) = mean_and_sd(y)?;
    let is_base = |row: usize| row.is_multiple_of(size) || row % size == size - 1;
    let mut base = y.iter().enumerate().filter(|(row, _)| is_base(*row)).map(|(_, y)| *y);
    let first_value = base.next();
    if base.all(|value| Some(value) == first_value) {
        return Err(Absent::Constant);
    }
    let outcome = sums::Outcome { y, n_factors, second_order: settings.second_order, mean, sd };
    let all = ratios(&outcome, &outcome.totals());
    if all.iter().any(|index| !index.is_finite()) {
        return Err(Absent::Constant);
    }
    let resampled = resample(&outcome, settings);
    let z = numeric::normal_quantile(0.5 + settings.level / 2.0);
    let estimates: Vec<Estimate> = all
        .iter()
        .enumerate()
        .map(|(index, &value)| {
            let spread = standard_deviation(resampled.iter().map(|r| r[index]));
            Estimate { value, half_width: spread.map(|sd| z * sd) }
        })
        .collect();
    let (first, rest) = estimates.split_at(n_factors);
    let (total, pairs) = rest.split_at(n_factors);
    let second = outcome.pairs().zip(pairs).map(|((j, k), estimate)| (j, k, *estimate)).collect();
    Ok(Indices { n_base, mean, sd, first: first.to_vec(), total: total.to_vec(), second })
}

/// Mean and standard deviation (divided by n) of an outcome that is finite and varies.
pub(super) fn mean_and_sd(y: &[f64]) -> Result<(f64, f64), Absent> {
    if let Some(row) = y.iter().position(|value| !value.is_finite()) {
        return Err(Absent::NotFinite(row));
    }
    if y.windows(2).all(|pair| pair[0] == pair[1]) {
        return Err(Absent::Constant);
    }
    let n = y.len() as f64;
    let mean = numeric::sum(y.iter().copied()) / n;
    let variance = numeric::sum(y.iter().map(|value| (value - mean) * (value - mean))) / n;
    let sd = variance.sqrt();
    if sd > 0.0 && sd.is_finite() {
        Ok((mean, sd))
    } else {
        let reason =
            "the outcome is too large, or its values too close together, to tell their spread";
        Err(Absent::Shape(reason.to_string()))
    }
}

/// Standard deviation (n − 1) of the values that are numbers; absent for fewer than two.
pub(super) fn standard_deviation(values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let values = values.filter(|value| value.is_finite());
    let n = values.clone().count() as f64;
    if n < 2.0 {
        return None;
    }
    let mean = numeric::sum(values.clone()) / n;
    let squares = numeric::sum(values.map(|value| (value - mean) * (value - mean)));
    Some((squares / (n - 1.0)).sqrt())
}

/// First-order, total and second-order indices, one after the other, from sums over base points. A resample whose
/// rows A and B do not vary has none: its indices are not numbers, and the intervals do without it.
fn ratios(outcome: &sums::Outcome, sums: &[f64]) -> Vec<f64> {
    let n = outcome.n_base() as f64;
    let d = outcome.n_factors;
    let mean = sums[0] / (2.0 * n);
    let variance = sums[1] / (2.0 * n) - mean * mean;
    let varies = variance > f64::EPSILON;
    let share = |sum: f64| if varies { sum / n / variance } else { f64::NAN };
    let mut indices = Vec::with_capacity(sums.len() - 2);
    indices.extend(sums[2..2 + d].iter().map(|sum| share(*sum)));
    indices.extend(sums[2 + d..2 + 2 * d].iter().map(|sum| 0.5 * share(*sum)));
    for ((j, k), sum) in outcome.pairs().zip(&sums[2 + 2 * d..]) {
        indices.push(share(*sum) - indices[j] - indices[k]);
    }
    indices
}

/// Resamples whose sums are built up together, on one thread: enough of them that making the products is a small part
/// of the work.
const TOGETHER: usize = 10;

/// The indices of every resample.
fn resample(outcome: &sums::Outcome, settings: &Settings) -> Vec<Vec<f64>> {
    if settings.resamples < 2 {
        return Vec::new();
    }
    let resamples: Vec<usize> = (0..settings.resamples).collect();
    let bundles: Vec<&[usize]> = resamples.chunks(TOGETHER).collect();
    let found = parallel::map(&bundles, |bundle| -> Vec<Vec<f64>> {
        let times: Vec<Vec<u32>> =
            bundle.iter().map(|&r| times_drawn(outcome.n_base(), settings.seed, r)).collect();
        outcome.weighted(&times).iter().map(|sums| ratios(outcome, sums)).collect()
    });
    found.into_iter().flatten().collect()
}

/// How often resample `resample` draws each base point.
fn times_drawn(n_base: usize, seed: u64, resample: usize) -> Vec<u32> {
    let mut generator = random::stream(seed, &format!("sobol/resample/{resample}"));
    let mut times = vec![0; n_base];
    for _ in 0..n_base {
        times[random::below(n_base, &mut generator)] += 1;
    }
    times
}

#[cfg(test)]
mod tests;
