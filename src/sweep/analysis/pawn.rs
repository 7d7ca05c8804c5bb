//! PAWN: how far the distribution of an outcome moves when a factor stays in a slice of its range.
//!
//! In: factors and one outcome, by draw. Out: by factor the Kolmogorov-Smirnov distances between the outcome of the draws of a
//! slice and the outcome of all draws, as smallest, mean, median, largest and coefficient of variation; and what a factor without
//! any effect would show.
//!
//! Source: Pianosi and Wagener, "A simple and efficient method for global sensitivity analysis based on cumulative
//! distribution functions", *Environ. Model. Softw.* 67, 2015; the same, "Distribution-based sensitivity analysis from a generic
//! input-output sample", 108, 2018 (slices of a given sample; the dummy factor of their section 2.3).

use super::ranks::{Absence, order};
use crate::numeric::{quantile, sum};
use crate::{parallel, random};

/// PAWN's statistics of one factor: distances between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pawn {
    /// Smallest distance of a slice.
    pub minimum: f64,
    /// Mean over slices.
    pub mean: f64,
    /// Median over slices.
    pub median: f64,
    /// Largest distance of a slice.
    pub maximum: f64,
    /// Standard deviation (divisor n) over slices as a share of the mean.
    pub variation: f64,
    /// Slices with draws in them; equal values of a factor are never parted, so a factor of few values has few.
    pub n_slices: usize,
}

/// What a factor without effect shows in so many draws and slices: the quantile of the given level over random orders of the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dummy {
    /// Of the mean over slices.
    pub mean: f64,
    /// Of the median.
    pub median: f64,
    /// Of the maximum.
    pub maximum: f64,
}

/// How PAWN is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Slices of a factor's range, equally frequent.
    pub n_slices: usize,
    /// Random orders of the draws that stand for a factor without effect.
    pub n_dummies: usize,
    /// Seed of the orders.
    pub seed: u64,
    /// Level of the threshold, 0.95 for 95 %.
    pub level: f64,
}

/// PAWN of every factor, and the threshold of a factor without effect (none without orders).
pub fn pawn(
    x: &[Vec<f64>],
    y: &[f64],
    options: &Options,
) -> (Vec<Result<Pawn, Absence>>, Option<Dummy>) {
    let Some(outcome) = Ranked::new(y, options.n_slices) else {
        let absence = if y.len() < 2 * options.n_slices {
            Absence::TooFewDraws
        } else {
            Absence::ConstantOutcome
        };
        return (vec![Err(absence); x.len()], None);
    };
    let of_factor = |column: &Vec<f64>| {
        if column.iter().all(|v| *v == column[0]) {
            return Err(Absence::ConstantFactor);
        }
        Ok(outcome.statistics(&slices(column, options.n_slices)))
    };
    let factors = parallel::map(x, of_factor);
    let repeats: Vec<usize> = (0..options.n_dummies).collect();
    let dummies = parallel::map(&repeats, |repeat| {
        let mut generator = random::stream(options.seed, &format!("pawn/{repeat}"));
        let order = random::permutation(y.len(), &mut generator);
        let ends = (1..=options.n_slices).map(|s| s * y.len() / options.n_slices);
        outcome.statistics(&Slices { order, ends: ends.collect() })
    });
    let threshold = |of: fn(&Pawn) -> f64| {
        let mut values: Vec<f64> = dummies.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        quantile(&values, options.level)
    };
    let dummy = (|| {
        Some(Dummy {
            mean: threshold(|p| p.mean)?,
            median: threshold(|p| p.median)?,
            maximum: threshold(|p| p.maximum)?,
        })
    })();
    (factors, dummy)
}

/// Draws by slice: an order of the draws and where each slice ends in it.
struct Slices {
    order: Vec<usize>,
    ends: Vec<usize>,
}

/// Slices between the quantiles of a factor; a value that is a limit belongs to the upper slice.
fn slices(column: &[f64], n_slices: usize) -> Slices {
    let order = order(column);
    let sorted: Vec<f64> = order.iter().map(|&i| column[i]).collect();
    let mut ends: Vec<usize> = (1..n_slices)
        .filter_map(|slice| quantile(&sorted, slice as f64 / n_slices as f64))
        .map(|limit| sorted.partition_point(|v| *v < limit))
        .filter(|end| *end > 0)
        .collect();
    ends.push(sorted.len());
    ends.dedup();
    Slices { order, ends }
}

/// An outcome as places in its own order.
struct Ranked {
    /// By draw, from 0; equal outcomes share one.
    places: Vec<usize>,
    /// Share of draws at or below a place.
    cumulated: Vec<f64>,
}

impl Ranked {
    fn new(y: &[f64], n_slices: usize) -> Option<Self> {
        if n_slices == 0 || y.len() < 2 * n_slices {
            return None;
        }
        let order = order(y);
        let (mut places, mut cumulated, mut n_below) = (vec![0; y.len()], Vec::new(), 0);
        for tie in order.chunk_by(|&a, &b| y[a] == y[b]) {
            tie.iter().for_each(|&i| places[i] = cumulated.len());
            n_below += tie.len();
            cumulated.push(n_below as f64 / y.len() as f64);
        }
        (cumulated.len() > 1).then_some(Self { places, cumulated })
    }

    fn statistics(&self, slices: &Slices) -> Pawn {
        let mut counts = vec![0_u32; self.cumulated.len()];
        let mut first = 0;
        let mut distances = Vec::with_capacity(slices.ends.len());
        for &end in &slices.ends {
            distances.push(self.distance(&slices.order[first..end], &mut counts));
            first = end;
        }
        distances.sort_by(f64::total_cmp);
        let n = distances.len() as f64;
        let mean = sum(distances.iter().copied()) / n;
        let variance = sum(distances.iter().map(|d| (d - mean) * (d - mean))) / n;
        Pawn {
            minimum: distances[0],
            mean,
            median: quantile(&distances, 0.5).unwrap_or(mean),
            maximum: distances[distances.len() - 1],
            variation: if mean > 0.0 { variance.sqrt() / mean } else { 0.0 },
            n_slices: distances.len(),
        }
    }

    /// Kolmogorov-Smirnov distance between some draws and all.
    fn distance(&self, draws: &[usize], counts: &mut [u32]) -> f64 {
        counts.fill(0);
        draws.iter().for_each(|&i| counts[self.places[i]] += 1);
        let (mut n_below, mut largest) = (0_u32, 0.0_f64);
        for (count, share) in counts.iter().zip(&self.cumulated) {
            n_below += count;
            largest = largest.max((f64::from(n_below) / draws.len() as f64 - share).abs());
        }
        largest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::points::{corput, halton3, ishigami};

    const OPTIONS: Options = Options { n_slices: 10, n_dummies: 0, seed: 1, level: 0.95 };

    /// SALib 1.6.0, `pawn.analyze(S=10)` on 1,000 points of Halton's sequence under Ishigami's function. (It leaves the largest
    /// value of a factor out of its last slice, of 100 draws: the distances may differ by a hundredth.)
    #[test]
    fn the_distances_are_salibs() {
        let x = halton3(1000);
        let (found, dummy) = pawn(&x, &ishigami(&x), &OPTIONS);
        assert_eq!(dummy, None);
        let expected = [
            [0.166, 0.232_389_9, 0.2325, 0.337, 0.252_505_84],
            [0.218, 0.355_577_78, 0.390_888_89, 0.54, 0.313_683_98],
            [0.068, 0.112_733_33, 0.0935, 0.221_333_33, 0.433_188_86],
        ];
        for (found, expected) in found.iter().zip(expected) {
            let p = found.unwrap();
            let found = [p.minimum, p.mean, p.median, p.maximum, p.variation];
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 0.01, "{p:?} for {expected}");
            }
        }
    }

    /// Eight draws, two slices, the outcome is the factor: F of the lower half at 4 is 1, of all 1/2; the same above.
    #[test]
    fn halves_by_hand() {
        let x = vec![vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]];
        let options = Options { n_slices: 2, ..OPTIONS };
        let found = pawn(&x, &x[0], &options).0[0].unwrap();
        assert_eq!((found.minimum, found.maximum, found.variation), (0.5, 0.5, 0.0));
    }

    /// A factor of two values has two slices whatever is asked.
    #[test]
    fn equal_values_stay_together() {
        let x = vec![(0..100).map(|i| f64::from(i % 2)).collect(), vec![0.0; 100]];
        let y: Vec<f64> = x[0].iter().map(|v: &f64| 3.0 * v).collect();
        let (found, _) = pawn(&x, &y, &OPTIONS);
        let first = found[0].unwrap();
        assert_eq!((first.n_slices, first.mean), (2, 0.5));
        assert_eq!(found[1], Err(Absence::ConstantFactor));
        assert_eq!(pawn(&x, &[1.0; 100], &OPTIONS).0[0], Err(Absence::ConstantOutcome));
        assert_eq!(pawn(&[vec![1.0; 9]], &[1.0; 9], &OPTIONS).0[0], Err(Absence::TooFewDraws));
    }

    /// The third and fourth factors do nothing: the fourth's mean distance lies below the threshold, the first's far above it.
    #[test]
    fn a_factor_without_effect_stays_below_the_threshold() {
        let mut x = halton3(2000);
        let y = ishigami(&x);
        x.push(corput(2000, 7));
        let (found, dummy) = pawn(&x, &y, &Options { n_dummies: 50, ..OPTIONS });
        let dummy = dummy.expect("a threshold");
        assert!(found[3].unwrap().mean < dummy.mean, "{found:?} {dummy:?}");
        assert!(found[0].unwrap().median > 2.0 * dummy.median);
        // Smirnov's distances of 200 draws to all 2,000: about 0.85/√200·√0.9 = 0.057 on average.
        assert!((dummy.mean - 0.06).abs() < 0.015, "{dummy:?}");
    }
}
