//! Borgonovo's δ from given data: how much the whole distribution of an outcome moves when a factor is known.
//!
//! δ = ½ E ∫ |f(y) − f(y | x)| dy lies between 0 (independent) and 1. In: factors and one outcome, by draw. Out: δ and the
//! first-order share of variance of every factor, with the half-widths of their intervals.
//!
//! Source: Borgonovo, "A new uncertainty importance measure", *Reliab. Eng. Syst. Saf.* 92, 2007; Plischke, Borgonovo and
//! Smith, "Global sensitivity measures from given data", *Eur. J. Oper. Res.* 226, 2013 (eq. 26 the estimator, eq. 30 its bias
//! taken off by the bootstrap), with the conventions of SALib 1.6 (`analyze.delta`): classes of equal frequency, their number
//! from the draws, Gaussian kernels with Silverman's factor on 100 points from the smallest to the largest outcome. It differs from
//! SALib in what follows, each stated where it is done:
//!
//! - the first estimate is of the draws themselves, as in the paper, where SALib takes a resample of them;
//! - a bandwidth is never below 0.7 of the grid's spacing, so that every class's density has the integral 1; a class of equal
//!   outcomes counts, which SALib leaves out;
//! - an outcome whose values come again and again (years, counts) is counted instead of smoothed, see [`is_counted`];
//! - the resamples are the same for all factors, so factors are compared on the same draws.
//!
//! Densities are not summed point by point: draws are binned linearly on a grid so fine that its spacing is at most a
//! sixteenth of the bandwidth, and the bins convolved with the kernel. Linear binning replaces a kernel by its interpolation
//! between nodes, whose error is at most h²/8 · |K″|; over the kernel its integral is 4φ(1)/8 · (h/b)², and δ, half of two
//! densities' distances, is off by at most 0.121 (h/b)², that is [`BINNING_ERROR`].

use super::ranks::{Absence, order};
use crate::numeric::{exp, normal_quantile, sum};
use crate::{parallel, random};

/// Points of the grid on which densities are compared.
const N_GRID: usize = 100;
/// Spacings of the fine grid in a bandwidth, at the least.
const FINENESS: f64 = 16.0;
/// Kernels are cut at so many bandwidths, where 2e-9 of their mass is left.
const REACH: f64 = 6.0;
/// Smallest bandwidth in spacings of the grid: the trapezium rule's error is 2·exp(−2π²·0.49) = 1.3e-4 there.
const SMALLEST_BANDWIDTH: f64 = 0.7;
/// The most that binning can move a δ.
pub const BINNING_ERROR: f64 = 0.121 / (FINENESS * FINENESS);

/// δ of one factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delta {
    /// δ with its bias taken off (it can fall a little below 0).
    pub delta: f64,
    /// Half the width of its interval.
    pub delta_half_width: f64,
    /// Share of the outcome's variance between the classes of the factor: the first-order Sobol' index from given data.
    pub first_order: f64,
    /// Half the width of its interval.
    pub first_order_half_width: f64,
}

/// How δ is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Resamples of the bootstrap; with fewer than two there are no intervals (NaN) and no bias is taken off.
    pub n_resamples: usize,
    /// Seed of the resamples.
    pub seed: u64,
    /// Level of the intervals, 0.95 for 95 %.
    pub level: f64,
}

/// Number of classes for `n` draws: `n` to the power of 2/(7 + tanh((1500 − n)/500)), at most 48.
pub fn n_classes(n: usize) -> usize {
    let t = (1500.0 - n as f64) / 500.0;
    let tanh = 1.0 - 2.0 / (exp(2.0 * t) + 1.0);
    let power = 2.0 / (7.0 + tanh);
    (exp(power * crate::numeric::ln(n.max(1) as f64)).ceil() as usize).clamp(1, 48)
}

/// δ of every factor.
pub fn delta(x: &[Vec<f64>], y: &[f64], options: &Options) -> Vec<Result<Delta, Absence>> {
    let outcome = match Outcome::new(y) {
        Ok(outcome) => outcome,
        Err(absence) => return vec![Err(absence); x.len()],
    };
    let orders = parallel::map(x, |column| order(column));
    let resamples: Vec<usize> = (0..=options.n_resamples).collect();
    // The first is the draws themselves; of the others each draw's number of times is drawn.
    let estimates = parallel::map(&resamples, |&resample| {
        let times = if resample == 0 {
            vec![1; y.len()]
        } else {
            times_drawn(y.len(), options.seed, resample)
        };
        outcome.estimates(&orders, &times)
    });
    let z = normal_quantile(0.5 + 0.5 * options.level);
    let of_factor = |j: usize| {
        if x[j].iter().all(|v| *v == x[j][0]) {
            return Err(Absence::ConstantFactor);
        }
        let deltas: Vec<f64> = estimates.iter().map(|by_factor| by_factor[j].0).collect();
        let shares: Vec<f64> = estimates.iter().map(|by_factor| by_factor[j].1).collect();
        let (delta, delta_half_width) = bias_reduced(&deltas, z);
        let (_, first_order_half_width) = bias_reduced(&shares, z);
        Ok(Delta { delta, delta_half_width, first_order: shares[0], first_order_half_width })
    };
    (0..x.len()).map(of_factor).collect()
}

/// 2·(first) − (mean of the others), and `z` times their standard deviation.
fn bias_reduced(estimates: &[f64], z: f64) -> (f64, f64) {
    let (first, others) = (estimates[0], &estimates[1..]);
    if others.len() < 2 {
        return (first, f64::NAN);
    }
    let n = others.len() as f64;
    let mean = sum(others.iter().copied()) / n;
    let variance = sum(others.iter().map(|v| (v - mean) * (v - mean))) / (n - 1.0);
    (2.0 * first - mean, z * variance.sqrt())
}

fn times_drawn(n: usize, seed: u64, resample: usize) -> Vec<u32> {
    let mut generator = random::stream(seed, &format!("delta/{resample}"));
    let mut times = vec![0; n];
    for _ in 0..n {
        times[random::below(n, &mut generator)] += 1;
    }
    times
}

/// Draws that a value has on average, at the least, where an outcome is counted: draws of a table that holds each of its rows twice are
/// no counts.
const LEAST_DRAWS_A_VALUE: usize = 3;

/// Whether an outcome has single values with a probability each. Its ties say so, not how many values it has: few draws of a number have
/// few values, and none of them twice; many draws of a count have many, and most of them again and again. Most values must be shared by
/// several draws; a number with one value that is frequent (nought where nothing is short) has the others once each and is smoothed.
pub fn is_counted(n_draws: usize, n_values: usize, n_shared: usize) -> bool {
    2 * n_shared >= n_values && n_draws >= LEAST_DRAWS_A_VALUE * n_values
}

/// An outcome ready for estimates.
struct Outcome {
    /// In spacings of the grid above its smallest value; for a counted outcome the number of its value.
    positions: Vec<f64>,
    /// Number of values of a counted outcome.
    n_values: Option<usize>,
    /// The outcome less its mean, by draw.
    centred: Vec<f64>,
    n_classes: usize,
}

impl Outcome {
    fn new(y: &[f64]) -> Result<Self, Absence> {
        if y.len() < 8 {
            return Err(Absence::TooFewDraws);
        }
        let sorted = order(y);
        let (low, high) = (y[sorted[0]], y[sorted[y.len() - 1]]);
        if low == high {
            return Err(Absence::ConstantOutcome);
        }
        let mut positions = vec![0.0; y.len()];
        let (mut n_values, mut n_shared) = (0, 0);
        for tie in sorted.chunk_by(|&a, &b| y[a] == y[b]) {
            tie.iter().for_each(|&i| positions[i] = n_values as f64);
            n_values += 1;
            n_shared += usize::from(tie.len() > 1);
        }
        let is_counted = is_counted(y.len(), n_values, n_shared);
        if !is_counted {
            let scale = (N_GRID - 1) as f64 / (high - low);
            positions = y.iter().map(|v| (v - low) * scale).collect();
        }
        let mean = sum(y.iter().copied()) / y.len() as f64;
        Ok(Self {
            positions,
            n_values: is_counted.then_some(n_values),
            centred: y.iter().map(|v| v - mean).collect(),
            n_classes: n_classes(y.len()),
        })
    }

    /// δ and first-order share of every factor, every draw counted the given number of times.
    fn estimates(&self, orders: &[Vec<usize>], times: &[u32]) -> Vec<(f64, f64)> {
        let mut density = Density::new(self.n_values);
        let all = || (0..times.len()).map(|i| (self.positions[i], f64::from(times[i])));
        density.begin();
        all().filter(|(_, n)| *n > 0.0).for_each(|(position, n)| density.add(position, n));
        let whole = density.finish().to_vec();
        let n = times.len() as f64;
        let weighted = |f: &dyn Fn(f64) -> f64| {
            sum(self.centred.iter().zip(times).map(|(v, t)| f(*v) * f64::from(*t))) / n
        };
        let mean = weighted(&|v| v);
        let variance = weighted(&|v| (v - mean) * (v - mean));
        let of_factor = |order: &Vec<usize>| self.of_factor(order, times, &whole, &mut density);
        let sums: Vec<(f64, f64)> = orders.iter().map(of_factor).collect();
        let share = |squares: f64| {
            if variance > 0.0 { (squares / n - mean * mean) / variance } else { 0.0 }
        };
        sums.into_iter().map(|(delta, squares)| (delta, share(squares))).collect()
    }

    /// δ, and Σ (sum of a class)²/(its draws).
    fn of_factor(
        &self,
        order: &[usize],
        times: &[u32],
        whole: &[f64],
        density: &mut Density,
    ) -> (f64, f64) {
        let n = order.len();
        let (mut delta, mut squares) = (0.0, 0.0);
        let (mut class, mut n_filled, mut n_before, mut class_sum) = (1, 0, 0, 0.0);
        density.begin();
        for &i in order {
            let mut left = times[i] as usize;
            while left > 0 {
                let end = n * class / self.n_classes;
                let taken = left.min(end - n_filled);
                density.add(self.positions[i], taken as f64);
                class_sum += self.centred[i] * taken as f64;
                n_filled += taken;
                left -= taken;
                if n_filled == end {
                    let size = (n_filled - n_before) as f64;
                    if size > 0.0 {
                        let distance = density.distance(whole);
                        delta += 0.5 * size / n as f64 * distance;
                        squares += class_sum * class_sum / size;
                    }
                    (n_before, class_sum) = (n_filled, 0.0);
                    density.begin();
                    class += 1;
                }
            }
        }
        (delta, squares)
    }
}

/// A density on the grid, or shares of counted values, from weighted positions.
struct Density {
    n_values: Option<usize>,
    members: Vec<(f64, f64)>,
    bins: Vec<f64>,
    taps: Vec<f64>,
    values: Vec<f64>,
}

impl Density {
    fn new(n_values: Option<usize>) -> Self {
        let values = vec![0.0; n_values.unwrap_or(N_GRID)];
        Self { n_values, members: Vec::new(), bins: Vec::new(), taps: Vec::new(), values }
    }

    fn begin(&mut self) {
        self.members.clear();
    }

    fn add(&mut self, position: f64, weight: f64) {
        self.members.push((position, weight));
    }

    /// ∫ |f − whole| of the members' density f, by the trapezium rule; for counted values Σ |p − whole|.
    fn distance(&mut self, whole: &[f64]) -> f64 {
        let is_counted = self.n_values.is_some();
        let values = self.finish();
        let total = sum(values.iter().zip(whole).map(|(a, b)| (a - b).abs()));
        if is_counted {
            return total;
        }
        let last = values.len() - 1;
        total - 0.5 * ((values[0] - whole[0]).abs() + (values[last] - whole[last]).abs())
    }

    fn finish(&mut self) -> &[f64] {
        if self.n_values.is_some() {
            let total = sum(self.members.iter().map(|(_, w)| *w));
            self.values.fill(0.0);
            for &(position, weight) in &self.members {
                self.values[position as usize] += weight / total;
            }
        } else {
            self.smooth();
        }
        &self.values
    }

    fn smooth(&mut self) {
        let (total, bandwidth) = bandwidth(&self.members);
        let fineness = (FINENESS / bandwidth).ceil().max(1.0) as usize;
        let last = (N_GRID - 1) * fineness;
        self.bins.clear();
        self.bins.resize(last + 2, 0.0);
        for &(position, weight) in &self.members {
            let place = position * fineness as f64;
            let below = (place as usize).min(last);
            let part = (place - below as f64) * weight;
            self.bins[below] += weight - part;
            self.bins[below + 1] += part;
        }
        let fine_bandwidth = bandwidth * fineness as f64;
        let reach = ((REACH * fine_bandwidth).ceil() as usize).min(last);
        let height = 1.0 / (total * bandwidth * (2.0 * std::f64::consts::PI).sqrt());
        self.taps.clear();
        self.taps.resize(2 * reach + 1, 0.0);
        for distance in 0..=reach {
            let z = distance as f64 / fine_bandwidth;
            let tap = height * exp(-0.5 * z * z);
            self.taps[reach + distance] = tap;
            self.taps[reach - distance] = tap;
        }
        for (point, value) in self.values.iter_mut().enumerate() {
            let centre = point * fineness;
            let first = centre.saturating_sub(reach);
            let end = (centre + reach + 1).min(last + 1);
            let shift = reach + first - centre;
            *value = dot(&self.bins[first..end], &self.taps[shift..shift + end - first]);
        }
    }
}

/// Total weight, and Silverman's bandwidth: the standard deviation (n − 1) times (¾n)^(−1/5), at least the smallest allowed.
fn bandwidth(members: &[(f64, f64)]) -> (f64, f64) {
    let total = sum(members.iter().map(|(_, w)| *w));
    let mean = sum(members.iter().map(|(p, w)| p * w)) / total;
    let squares = sum(members.iter().map(|(p, w)| (p - mean) * (p - mean) * w));
    let deviation = (squares / (total - 1.0).max(1.0)).sqrt();
    let factor = exp(-0.2 * crate::numeric::ln(0.75 * total));
    (total, (deviation * factor).max(SMALLEST_BANDWIDTH))
}

/// Sum of products in eight interleaved sums, which the compiler turns into vector instructions; always in the same order.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a_chunks, b_chunks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = sum(a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| a * b));
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    rest + sum(lanes)
}

#[cfg(test)]
mod tests;
