//! Morris screening: how much an outcome changes when one factor is moved.
//!
//! In: points of the unit cube and the outcome, trajectory by trajectory of d + 1 rows; from one row to the next
//! exactly one factor changes, and each changes once. Out: µ, µ*, σ of the elementary effects of each factor.
//!
//! **Method.** The elementary effect of a step is (change of the outcome) / (change of the factor in the cube),
//! whatever the step's length and direction (Morris 1991, doi:10.1080/00401706.1991.10484804). µ is the mean over
//! trajectories, µ* the mean of absolute values (Campolongo, Cariboni & Saltelli 2007,
//! doi:10.1016/j.envsoft.2006.10.004), σ the standard deviation (n − 1). A large σ beside µ* means that the effect
//! depends on where the other factors are or bends. The interval of µ* is µ* ± z times the standard deviation (n − 1)
//! of µ* over bootstrap resamples of trajectories.

use super::sobol::{Absent, Estimate, mean_and_sd, standard_deviation};
use crate::{numeric, random};

/// How effects are estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What an effect is measured in.
    pub unit: Unit,
    /// Number of bootstrap resamples; fewer than 2: no interval.
    pub resamples: usize,
    /// Probability of the interval, between 0 and 1.
    pub level: f64,
    /// Seed of the resamples.
    pub seed: u64,
}

/// What an elementary effect is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The outcome's unit per unit of the cube, that is per whole range of probability of the factor.
    Cube,
    /// Standard deviations of the outcome per standard deviation of the factor, both over the rows of the trajectory
    /// (Sin & Gernaey 2009, *Computer Aided Chemical Engineering* 26, 925-930); 0 where the outcome of a trajectory
    /// does not vary.
    Deviations,
}

/// What is known of one factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// Mean elementary effect.
    pub mu: f64,
    /// Mean of their absolute values, with its interval.
    pub mu_star: Estimate,
    /// Their standard deviation (n − 1).
    pub sigma: f64,
}

/// Elementary effects, by factor and by trajectory.
///
/// `x` by factor, by row: points of the unit cube; `y` by row. Absent: columns of different length, no whole number
/// of trajectories, a row that changes no factor, several, or one that was changed before, numbers that are not
/// finite.
pub fn elementary(x: &[Vec<f64>], y: &[f64], unit: Unit) -> Result<Vec<Vec<f64>>, Absent> {
    let size = x.len() + 1;
    if x.is_empty()
        || x.iter().any(|column| column.len() != y.len())
        || !y.len().is_multiple_of(size)
    {
        return Err(Absent::Shape(format!(
            "{} rows of {} factors are no whole number of trajectories of {size} rows",
            y.len(),
            x.len()
        )));
    }
    if let Some(row) = (0..y.len()).find(|&row| !y[row].is_finite()) {
        return Err(Absent::NotFinite(row));
    }
    let n_trajectories = y.len() / size;
    let mut effects = vec![vec![f64::NAN; n_trajectories]; x.len()];
    for trajectory in 0..n_trajectories {
        let rows = trajectory * size..(trajectory + 1) * size;
        let spread_of_y = spread(&y[rows.clone()]);
        for row in rows.start + 1..rows.end {
            let factor = changed(x, row)?;
            let effect = &mut effects[factor][trajectory];
            if !effect.is_nan() {
                return Err(Absent::Shape(format!("row {row} changes factor {factor} again")));
            }
            let slope = (y[row] - y[row - 1]) / (x[factor][row] - x[factor][row - 1]);
            *effect = match unit {
                Unit::Cube => slope,
                Unit::Deviations if spread_of_y == 0.0 => 0.0,
                Unit::Deviations => slope * spread(&x[factor][rows.clone()]) / spread_of_y,
            };
            if !effect.is_finite() {
                return Err(Absent::NotFinite(row));
            }
        }
    }
    Ok(effects)
}

/// The one factor that differs between a row and the one before.
fn changed(x: &[Vec<f64>], row: usize) -> Result<usize, Absent> {
    let mut changed = (0..x.len()).filter(|&j| x[j][row] != x[j][row - 1]);
    match (changed.next(), changed.next()) {
        (Some(factor), None) => Ok(factor),
        (None, _) => Err(Absent::Shape(format!("row {row} changes no factor"))),
        _ => Err(Absent::Shape(format!("row {row} changes several factors"))),
    }
}

/// Standard deviation, divided by n.
fn spread(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = numeric::sum(values.iter().copied()) / n;
    (numeric::sum(values.iter().map(|v| (v - mean) * (v - mean))) / n).sqrt()
}

/// µ, µ* and σ of every factor. `x` and `y` and what is absent as in [`elementary`]; also fewer than two trajectories
/// and an outcome that does not vary.
pub fn effects(x: &[Vec<f64>], y: &[f64], settings: &Settings) -> Result<Vec<Factor>, Absent> {
    let by_factor = elementary(x, y, settings.unit)?;
    let n = by_factor[0].len();
    if n < 2 {
        return Err(Absent::TooFew { found: n, needed: 2 });
    }
    if !(settings.level > 0.0 && settings.level < 1.0) {
        return Err(Absent::Shape(format!("a level of {}", settings.level)));
    }
    mean_and_sd(y)?;
    let resampled = resample(&by_factor, settings);
    let z = numeric::normal_quantile(0.5 + settings.level / 2.0);
    let factors = by_factor.iter().enumerate().map(|(j, effects)| {
        let mean = |of: fn(f64) -> f64| numeric::sum(effects.iter().map(|e| of(*e))) / n as f64;
        let spread = standard_deviation(resampled.iter().map(|r| r[j]));
        Factor {
            mu: mean(|e| e),
            mu_star: Estimate { value: mean(f64::abs), half_width: spread.map(|sd| z * sd) },
            sigma: standard_deviation(effects.iter().copied()).unwrap_or(0.0),
        }
    });
    Ok(factors.collect())
}

/// µ* of every factor in every resample of trajectories.
fn resample(by_factor: &[Vec<f64>], settings: &Settings) -> Vec<Vec<f64>> {
    let n = by_factor[0].len();
    let of_one = |resample: usize| -> Vec<f64> {
        let mut generator = random::stream(settings.seed, &format!("morris/resample/{resample}"));
        let drawn: Vec<usize> = (0..n).map(|_| random::below(n, &mut generator)).collect();
        let mu_star = |effects: &Vec<f64>| {
            numeric::sum(drawn.iter().map(|&trajectory| effects[trajectory].abs())) / n as f64
        };
        by_factor.iter().map(mu_star).collect()
    };
    (0..settings.resamples).map(of_one).collect()
}

#[cfg(test)]
mod tests;
