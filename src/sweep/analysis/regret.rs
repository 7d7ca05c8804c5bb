//! Scenarios over the same draws: regret, and how often a bound is met.
//!
//! In: by scenario the outcome of every draw, all scenarios over the same draws. Out: by scenario its regrets and its shares.
//!
//! Source: Savage, "The theory of statistical decision", *J. Am. Stat. Assoc.* 46, 1951 (regret); Simon, "Rational choice and the
//! structure of the environment", *Psychol. Rev.* 63, 1956 (satisficing); Lempert et al., *Shaping the Next One Hundred Years*, RAND 2003.

use super::bands::{ShareOfDraws, share};
use super::draws::ROUNDING;
use crate::numeric::{quantile, sum};

/// Which values of an outcome are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Small ones: classes too large, years until they are gone, money.
    Low,
    /// Large ones.
    High,
}

impl Better {
    /// The outcome as a gain, of which more is better.
    pub fn gain(self, value: f64) -> f64 {
        match self {
            Self::Low => -value,
            Self::High => value,
        }
    }
}

/// How much worse a scenario is than the best one of each draw, in the outcome's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regret {
    /// Mean over draws.
    pub mean: f64,
    /// 90th percentile.
    pub p90: f64,
    /// Largest.
    pub largest: f64,
    /// Share of draws in which no scenario is better (several may share a draw).
    pub best_share: f64,
}

/// The regret of every scenario; empty without draws.
pub fn regrets(by_scenario: &[Vec<f64>], better: Better) -> Vec<Regret> {
    let n_draws = by_scenario.iter().map(Vec::len).min().unwrap_or(0);
    if n_draws == 0 {
        return Vec::new();
    }
    let best = |draw: usize| {
        by_scenario.iter().map(|s| better.gain(s[draw])).fold(f64::NEG_INFINITY, f64::max)
    };
    let best: Vec<f64> = (0..n_draws).map(best).collect();
    let of_scenario = |values: &Vec<f64>| {
        let mut regrets: Vec<f64> =
            best.iter().zip(values).map(|(best, value)| best - better.gain(*value)).collect();
        // Sums of the same pupils in another order are no regret.
        let is_best = |(regret, best): (&f64, &f64)| *regret <= ROUNDING * best.abs();
        let n_best = regrets.iter().zip(&best).filter(|pair| is_best(*pair)).count();
        let mean = sum(regrets.iter().copied()) / n_draws as f64;
        regrets.sort_by(f64::total_cmp);
        Regret {
            mean,
            p90: quantile(&regrets, 0.9).unwrap_or(mean),
            largest: regrets[n_draws - 1],
            best_share: n_best as f64 / n_draws as f64,
        }
    };
    by_scenario.iter().map(of_scenario).collect()
}

/// By scenario the share of draws that meet a bound: at or below it where low values are better, else at or above it.
pub fn satisficing(
    by_scenario: &[Vec<f64>],
    better: Better,
    bound: f64,
    level: f64,
) -> Vec<Option<ShareOfDraws>> {
    let meets = |value: &&f64| better.gain(**value) >= better.gain(bound);
    by_scenario.iter().map(|v| share(v.iter().filter(meets).count(), v.len(), level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three draws; low is better. Best: 1, 2, 3. Regrets of the first: 0, 3, 0; of the second: 4, 0, 0.
    #[test]
    fn regrets_by_hand() {
        let values = [vec![1.0, 5.0, 3.0], vec![5.0, 2.0, 3.0]];
        let found = regrets(&values, Better::Low);
        assert_eq!((found[0].mean, found[0].largest), (1.0, 3.0));
        assert!((found[0].p90 - 2.4).abs() < 1e-12);
        assert_eq!((found[1].mean, found[1].largest), (4.0 / 3.0, 4.0));
        assert!(found.iter().all(|r| (r.best_share - 2.0 / 3.0).abs() < 1e-15));
        let high = regrets(&values, Better::High);
        assert_eq!((high[0].largest, high[1].largest), (4.0, 3.0));
        assert_eq!(regrets(&[], Better::Low), vec![]);
    }

    #[test]
    fn bounds_are_met_from_the_better_side() {
        let values = [vec![1.0, 2.0, 3.0, 4.0]];
        let met = |better, bound| satisficing(&values, better, bound, 0.95)[0].unwrap().share;
        assert_eq!((met(Better::Low, 3.0), met(Better::High, 3.0)), (0.75, 0.5));
    }
}
