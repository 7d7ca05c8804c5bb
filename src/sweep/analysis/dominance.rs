//! Stochastic dominance: which scenario is better whatever one's taste for risk.
//!
//! In: by scenario the outcome of every draw, all of the same number of draws. Out: for every ordered pair what holds.
//!
//! A scenario dominates another in the first order if each of its quantiles is at least as good and one is better: everybody who wants
//! more of the good prefers it. It dominates in the second order if the mean of its worst draws, whatever their share, is at least as
//! good and once better: everybody who shuns risk prefers it.
//!
//! Source: Hadar and Russell, "Rules for ordering uncertain prospects", *Am. Econ. Rev.* 59, 1969; Levy, *Stochastic Dominance*, 3rd ed.
//! 2016, chapter 3; for samples of one size the distribution functions are compared at the order statistics.

use super::draws::ROUNDING;
use super::regret::Better;

/// One scenario set against another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Position of the scenario that is tried.
    pub scenario: usize,
    /// Position of the one it is set against.
    pub rival: usize,
    /// Share of draws in which it is better.
    pub better_share: f64,
    /// Share of draws in which both are equal.
    pub equal_share: f64,
    /// No draw is worse and one is better.
    pub in_every_draw: bool,
    /// First-order dominance.
    pub first_order: bool,
    /// Second-order dominance.
    pub second_order: bool,
}

/// Every ordered pair of different scenarios.
pub fn pairs(by_scenario: &[Vec<f64>], better: Better) -> Vec<Pair> {
    let n_draws = by_scenario.iter().map(Vec::len).min().unwrap_or(0);
    if n_draws == 0 {
        return Vec::new();
    }
    let gains: Vec<Vec<f64>> = by_scenario
        .iter()
        .map(|values| values[..n_draws].iter().map(|v| better.gain(*v)).collect())
        .collect();
    let sorted: Vec<Vec<f64>> = gains
        .iter()
        .map(|gains| {
            let mut sorted = gains.clone();
            sorted.sort_by(f64::total_cmp);
            sorted
        })
        .collect();
    let cumulated: Vec<Vec<f64>> = sorted.iter().map(|sorted| means_of_worst(sorted)).collect();
    let positions = 0..by_scenario.len();
    let all = positions.clone().flat_map(|s| positions.clone().map(move |rival| (s, rival)));
    all.filter(|(scenario, rival)| scenario != rival)
        .map(|(scenario, rival)| {
            let draws = || gains[scenario].iter().zip(&gains[rival]);
            let n_better = draws().filter(|(a, b)| is_more(**a, **b)).count();
            let n_worse = draws().filter(|(a, b)| is_more(**b, **a)).count();
            let share = |n: usize| n as f64 / n_draws as f64;
            Pair {
                scenario,
                rival,
                better_share: share(n_better),
                equal_share: share(n_draws - n_better - n_worse),
                in_every_draw: n_worse == 0 && n_better > 0,
                first_order: is_nowhere_less(&sorted[scenario], &sorted[rival]),
                second_order: is_nowhere_less(&cumulated[scenario], &cumulated[rival]),
            }
        })
        .collect()
}

/// The mean of the first one, two, … values.
fn means_of_worst(sorted: &[f64]) -> Vec<f64> {
    let mut total = 0.0;
    let mean = |(i, value): (usize, &f64)| {
        total += value;
        total / (i + 1) as f64
    };
    sorted.iter().enumerate().map(mean).collect()
}

/// More than the rounding of sums.
fn is_more(a: f64, b: f64) -> bool {
    a - b > ROUNDING * a.abs().max(b.abs())
}

fn is_nowhere_less(a: &[f64], b: &[f64]) -> bool {
    let pairs = || a.iter().zip(b);
    !pairs().any(|(a, b)| is_more(*b, *a)) && pairs().any(|(a, b)| is_more(*a, *b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: &[f64], b: &[f64], better: Better) -> Pair {
        pairs(&[a.to_vec(), b.to_vec()], better)[0]
    }

    /// 2, 3, 9 and 1, 3, 8 in another order: every order statistic is at least as high, though the first draw is worse.
    #[test]
    fn first_order_is_about_quantiles_not_draws() {
        let found = pair(&[2.0, 9.0, 3.0], &[3.0, 8.0, 1.0], Better::High);
        assert!(found.first_order && found.second_order && !found.in_every_draw);
        assert!((found.better_share - 2.0 / 3.0).abs() < 1e-15 && found.equal_share == 0.0);
        assert!(!pair(&[3.0, 8.0, 1.0], &[2.0, 9.0, 3.0], Better::High).second_order);
    }

    /// 4, 4, 4 against 1, 4, 7: the same mean, less spread. Means of the worst: 4, 4, 4 and 1, 2.5, 4. Both ways, low or high.
    #[test]
    fn second_order_shuns_risk() {
        for better in [Better::High, Better::Low] {
            let found = pair(&[4.0, 4.0, 4.0], &[1.0, 4.0, 7.0], better);
            assert!(!found.first_order && found.second_order, "{found:?}");
        }
        // A sure 3 is beaten by 2, 9 on average, but not in the worst case.
        assert!(!pair(&[2.0, 9.0], &[3.0, 3.0], Better::High).second_order);
        assert!(!pair(&[3.0, 3.0], &[2.0, 9.0], Better::High).second_order);
    }

    #[test]
    fn equal_scenarios_dominate_nothing() {
        let found = pair(&[0.1 + 0.2, 5.0], &[0.3, 5.0], Better::Low);
        assert!(!found.first_order && !found.second_order && !found.in_every_draw);
        assert_eq!(found.equal_share, 1.0);
        assert_eq!(pairs(&[vec![], vec![]], Better::Low), vec![]);
    }
}
