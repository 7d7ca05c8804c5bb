//! Quantiles over draws: bands of an outcome over the years, and the share of futures in which oversized classes are gone.
//!
//! In: by year the outcome of every draw, or by draw the year of clearing. Out: by year quantiles, or shares with intervals.
//!
//! Source: quantiles as [`crate::numeric::quantile`] has them; intervals of shares by Wilson, *J. Am. Stat. Assoc.* 22, 1927.

use crate::numeric::{normal_quantile, quantile, sum};
use crate::units::Year;

/// Mean and quantiles of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Draws.
    pub n_draws: usize,
    /// Their mean.
    pub mean: f64,
    /// By probability asked for.
    pub quantiles: Vec<f64>,
}

/// Mean and quantiles over draws; none without draws.
pub fn band(values: &[f64], probabilities: &[f64]) -> Option<Band> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantiles = probabilities.iter().map(|p| quantile(&sorted, *p)).collect::<Option<_>>()?;
    let mean = sum(values.iter().copied()) / values.len() as f64;
    Some(Band { n_draws: values.len(), mean, quantiles })
}

/// A share of draws with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareOfDraws {
    /// Draws that count.
    pub n: usize,
    /// All draws.
    pub n_draws: usize,
    /// `n / n_draws`.
    pub share: f64,
    /// Lower end of Wilson's interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A share with Wilson's interval of a level, as for independent draws (sequences that fill the space evenly do better); none
/// without draws.
pub fn share(n: usize, n_draws: usize, level: f64) -> Option<ShareOfDraws> {
    if n_draws == 0 {
        return None;
    }
    let z = normal_quantile(0.5 + 0.5 * level);
    let (total, share) = (n_draws as f64, n as f64 / n_draws as f64);
    let centre = share + z * z / (2.0 * total);
    let half = z * (share * (1.0 - share) / total + z * z / (4.0 * total * total)).sqrt();
    let scale = 1.0 + z * z / total;
    let (low, high) = ((centre - half) / scale, (centre + half) / scale);
    Some(ShareOfDraws { n, n_draws, share, low: low.max(0.0), high: high.min(1.0) })
}

/// By year the share of draws cleared by then: whose clearing year is that year or an earlier one. A draw without a year is never
/// cleared.
pub fn cleared_by(
    years: &[Year],
    clearing: &[Option<Year>],
    level: f64,
) -> Vec<Option<ShareOfDraws>> {
    let cleared = |year: Year| clearing.iter().filter(|c| c.is_some_and(|c| c <= year)).count();
    years.iter().map(|year| share(cleared(*year), clearing.len(), level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1, 2, 4, 8: the median is 3, the first quartile 1 + ¾·1, the ninth decile at place 2.7: 4 + 0.7·4.
    #[test]
    fn quantiles_by_hand() {
        let found = band(&[8.0, 1.0, 4.0, 2.0], &[0.0, 0.25, 0.5, 0.9, 1.0]).unwrap();
        let expected = [1.0, 1.75, 3.0, 6.8, 8.0];
        assert!(found.quantiles.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!((found.mean, found.n_draws), (3.75, 4));
        assert_eq!(band(&[], &[0.5]), None);
    }

    /// 8 of 10 at 95 %: 0.4902 to 0.9433 (Agresti and Coull, *Am. Stat.* 52, 1998, give Wilson's interval as this formula).
    #[test]
    fn wilsons_interval() {
        let found = share(8, 10, 0.95).unwrap();
        assert!((found.low - 0.490_16).abs() < 1e-4 && (found.high - 0.943_31).abs() < 1e-4);
        assert_eq!(share(0, 10, 0.95).unwrap().low, 0.0);
        assert_eq!(share(0, 0, 0.95), None);
    }

    /// Two of four draws are cleared in 2022, a third in 2024.
    #[test]
    fn draws_are_cleared_from_their_year_on() {
        let years = [2021, 2022, 2023, 2024];
        let shares = cleared_by(&years, &[Some(2022), None, Some(2024), Some(2022)], 0.95);
        let shares: Vec<f64> = shares.iter().map(|s| s.unwrap().share).collect();
        assert_eq!(shares, vec![0.0, 0.5, 0.5, 0.75]);
    }
}
