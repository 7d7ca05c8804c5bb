//! The draws of a sweep as columns, and the rules for those that cannot be used.
//!
//! In: factors, outcomes and what failed, as they stand in the sweep's parts. Out: for an outcome of a scenario the draws to be analysed, and
//! how many were left out and why.
//!
//! Rules: a draw whose part is missing, that failed, or that has no such outcome is left out; where the design's rows belong together
//! (a base point of Saltelli's design, a trajectory of Morris's), the whole group is left out with it. A clearing year that never comes
//! counts as the year after the horizon. Scenarios are set against each other over the draws that all of them have.

use crate::units::Year;

/// What sums of single precision may err by, as a share of their size: a number has 24 bits there (6e-8), and sums over the schools of
/// a city lie within a millionth or so to either side. Values of an outcome that lie closer together than this do not differ.
pub const ROUNDING: f64 = 2e-6;

/// What the design allows to be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Rows of Saltelli's design, with or without those for second-order indices.
    Saltelli {
        /// Whether the rows BA are there.
        second_order: bool,
    },
    /// Trajectories of Morris's design.
    Morris,
    /// Points that stand for themselves.
    Points,
}

impl Rows {
    /// Rows that belong together.
    pub fn group_size(self, n_factors: usize) -> usize {
        match self {
            Rows::Saltelli { second_order } => super::sobol::group_size(n_factors, second_order),
            Rows::Morris => n_factors + 1,
            Rows::Points => 1,
        }
    }
}

/// The draws of a sweep without their outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// What the rows are.
    pub rows: Rows,
    /// Keys of the factors.
    pub factors: Vec<String>,
    /// Keys of the scenarios.
    pub scenarios: Vec<String>,
    /// By factor, by draw: values in the factor's unit.
    pub x: Vec<Vec<f64>>,
    /// By factor, by draw: points of the unit cube, for Morris's design; else empty.
    pub cube: Vec<Vec<f64>>,
    /// By draw: whether its part is there.
    pub is_there: Vec<bool>,
    /// By scenario, by draw.
    pub has_failed: Vec<Vec<bool>>,
    /// By scenario, by factor: whether the factor moves no number of it, because the scenario has nothing of the kind.
    pub is_lacking: Vec<Vec<bool>>,
    /// Last year of the runs; where that is not known, of the outcomes that have a year.
    pub horizon: Option<Year>,
}

/// One outcome, by scenario and draw; NaN where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Name of its column.
    pub name: String,
    /// By scenario, by draw.
    pub values: Vec<Vec<f64>>,
}

/// Draws that are left out of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Their part is missing.
    pub missing: usize,
    /// They failed.
    pub failed: usize,
    /// They have no such outcome.
    pub empty: usize,
    /// They are sound, but another one of their base point or trajectory is not.
    pub with_group: usize,
}

/// The draws to be analysed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// Numbers of the draws, ascending.
    pub draws: Vec<usize>,
    /// The rest.
    pub left_out: LeftOut,
}

/// The name and year of a yearly outcome, `primary.oversized_share[2030]`.
pub fn yearly(name: &str) -> Option<(&str, Year)> {
    let (base, year) = name.strip_suffix(']')?.split_once('[')?;
    Some((base, year.parse().ok()?))
}

/// Whether an outcome is a year from which something is gone, so that its absence means never.
pub fn is_clearing_year(name: &str) -> bool {
    name.split_once('.').is_some_and(|(_, indicator)| indicator.starts_with("clearing_year"))
}

impl Draws {
    /// Number of draws of the whole sweep.
    pub fn n_draws(&self) -> usize {
        self.is_there.len()
    }

    /// Puts the year after the horizon where a clearing year never came; after the last one that came where that is later or
    /// there is no horizon. That year; `None` if nothing is known of years.
    pub fn fill_never(&self, outcome: &mut Outcome) -> Option<Year> {
        let last = |values: &[Vec<f64>]| {
            let all = values.iter().flatten().copied().filter(|v| v.is_finite());
            all.reduce(f64::max).map(|year| year as Year)
        };
        let never = self.horizon.max(last(&outcome.values))? + 1;
        for (values, has_failed) in outcome.values.iter_mut().zip(&self.has_failed) {
            for (i, value) in values.iter_mut().enumerate() {
                if value.is_nan() && self.is_there[i] && !has_failed[i] {
                    *value = f64::from(never);
                }
            }
        }
        Some(never)
    }

    /// The draws of an outcome that all the given scenarios have.
    pub fn sample(&self, outcome: &Outcome, scenarios: &[usize]) -> Sample {
        let mut left_out = LeftOut::default();
        let mut is_sound = vec![true; self.n_draws()];
        for (i, sound) in is_sound.iter_mut().enumerate() {
            let reason = if !self.is_there[i] {
                &mut left_out.missing
            } else if scenarios.iter().any(|&s| self.has_failed[s][i]) {
                &mut left_out.failed
            } else if scenarios.iter().any(|&s| !outcome.values[s][i].is_finite()) {
                &mut left_out.empty
            } else {
                continue;
            };
            *reason += 1;
            *sound = false;
        }
        let size = self.rows.group_size(self.factors.len());
        let mut draws = Vec::new();
        for (group, sound) in is_sound.chunks(size).enumerate() {
            let n_sound = sound.iter().filter(|s| **s).count();
            if n_sound == size {
                draws.extend(group * size..(group + 1) * size);
            } else {
                left_out.with_group += n_sound;
            }
        }
        Sample { draws, left_out }
    }
}

/// Whether values differ by rounding alone, or not at all; also where there are none.
pub fn only_round(values: &[f64]) -> bool {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    high - low <= ROUNDING * low.abs().max(high.abs())
}

/// Values of some draws; those of an outcome that only rounds are all its first.
pub fn gather_differing(values: &[f64], draws: &[usize]) -> Vec<f64> {
    let mut values = gather(values, draws);
    if only_round(&values)
        && let Some(&first) = values.first()
    {
        values.fill(first);
    }
    values
}

/// Values of some draws.
pub fn gather(values: &[f64], draws: &[usize]) -> Vec<f64> {
    draws.iter().map(|&i| values[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(rows: Rows, n_factors: usize, n: usize) -> Draws {
        Draws {
            rows,
            factors: (0..n_factors).map(|j| format!("f{j}")).collect(),
            scenarios: vec!["plan".into(), "none".into()],
            x: vec![vec![0.5; n]; n_factors],
            cube: vec![],
            is_there: vec![true; n],
            has_failed: vec![vec![false; n]; 2],
            is_lacking: vec![vec![false; n_factors]; 2],
            horizon: Some(2035),
        }
    }

    /// Twelve rows of three trajectories: row 1 failed in one scenario, row 9 has no part, row 10 no value.
    #[test]
    fn a_group_is_left_out_whole() {
        let mut draws = draws(Rows::Morris, 3, 12);
        draws.has_failed[0][1] = true;
        draws.is_there[9] = false;
        let mut values = vec![vec![1.0; 12]; 2];
        values[0][10] = f64::NAN;
        let outcome = Outcome { name: "a".into(), values };
        let first = draws.sample(&outcome, &[0]);
        assert_eq!(first.draws, vec![4, 5, 6, 7]);
        let expected = LeftOut { missing: 1, failed: 1, empty: 1, with_group: 5 };
        assert_eq!(first.left_out, expected);
        let second = draws.sample(&outcome, &[1]);
        assert_eq!((second.draws.len(), second.left_out.with_group), (8, 3));
        assert_eq!(draws.sample(&outcome, &[0, 1]), first);
        draws.rows = Rows::Points;
        assert_eq!(draws.sample(&outcome, &[0]).draws, vec![0, 2, 3, 4, 5, 6, 7, 8, 11]);
    }

    /// A sweep of conserved pupils held 1244.05042 to 1244.05078: 2.9e-7 of their size. A year more, a pupil in ten thousand and a
    /// share of a tenth of a per cent are differences; nought and nought are none.
    #[test]
    fn rounding_is_no_difference() {
        assert!(only_round(&[1244.05042, 1244.05078, 1244.0506]));
        assert!(only_round(&[]) && only_round(&[3.0]) && only_round(&[0.0, 0.0, -0.0]));
        assert!(!only_round(&[2030.0, 2031.0]) && !only_round(&[10_000.0, 10_001.0]));
        assert!(!only_round(&[0.001, 0.002]) && !only_round(&[0.0, 1e-9]));
        assert_eq!(gather_differing(&[1e6, 5.0, 1e6 + 0.5], &[0, 2]), [1e6, 1e6]);
        assert_eq!(gather_differing(&[1e6, 5.0, 1e6 + 5.0], &[0, 2]), [1e6, 1e6 + 5.0]);
    }

    #[test]
    fn never_is_the_year_after_the_horizon() {
        let mut draws = draws(Rows::Points, 1, 3);
        draws.has_failed[0][2] = true;
        let values = vec![vec![2030.0, f64::NAN, f64::NAN]; 2];
        let mut outcome = Outcome { name: "primary.clearing_year".into(), values };
        assert_eq!(draws.fill_never(&mut outcome), Some(2036));
        assert_eq!(outcome.values[1], vec![2030.0, 2036.0, 2036.0]);
        assert!(outcome.values[0][2].is_nan());
        // A horizon taken from the outcomes' years may be too early.
        let values = vec![vec![2038.0, f64::NAN, f64::NAN]; 2];
        let mut late = Outcome { name: "primary.clearing_year".into(), values };
        assert_eq!(draws.fill_never(&mut late), Some(2039));
        assert_eq!(yearly("all.x[2030]"), Some(("all.x", 2030)));
        assert!(is_clearing_year(&outcome.name) && !is_clearing_year("all.investment_total"));
    }
}
