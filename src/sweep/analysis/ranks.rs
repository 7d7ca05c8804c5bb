//! Linear and monotone sensitivity from given data: standardised regression coefficients and partial rank correlations.
//!
//! In: factors (by factor, by draw) and one outcome (by draw). Out: a coefficient a factor with its interval, or the reason why
//! it has none.
//!
//! Source: Saltelli et al., *Sensitivity Analysis in Practice*, 2004, §1.2.5 and §4.2 (SRC); Iman and Conover, "The use of the
//! rank transform in regression", *Technometrics* 21, 1979 (SRRC, PRCC); Marino et al., "A methodology for performing global
//! uncertainty and sensitivity analysis in systems biology", *J. Theor. Biol.* 254, 2008, §2.2.2. A partial correlation's interval
//! is Fisher's: tanh(artanh r ± z/√(n − k − 3)) with k factors held constant.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use crate::numeric::{ln, normal_quantile, sum};
use crate::parallel;

/// Below this share of its variance left over by the others a factor is taken for a linear combination of them: rounding of
/// correlations over a million draws stays far below it, and intervals would be a hundred thousand times as wide.
const COLLINEAR: f64 = 1e-10;

/// Why a factor has no coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The factor has one value in all draws.
    ConstantFactor,
    /// The scenario has nothing that the factor moves.
    NotInScenario,
    /// The outcome has one value in all draws, or values that differ by rounding alone.
    ConstantOutcome,
    /// The factor is a linear combination of others (for PRCC: its ranks are).
    Collinear,
    /// There are no more draws than coefficients, with three to spare for the interval.
    TooFewDraws,
}

impl Absence {
    /// The reason as a key of tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::ConstantFactor => "constant-factor",
            Self::NotInScenario => "not-in-scenario",
            Self::ConstantOutcome => "constant-outcome",
            Self::Collinear => "collinear",
            Self::TooFewDraws => "too-few-draws",
        }
    }
}

/// A coefficient with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Between −1 and 1 for a partial correlation; in standard deviations of the outcome per one of the factor for an SRC.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The coefficients of a regression with standardised columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// By factor.
    pub coefficients: Vec<Result<Coefficient, Absence>>,
    /// Share of the outcome's variance that the regression explains; absent where there is none.
    pub r_squared: Option<f64>,
}

/// Ranks from 1, equal values sharing the mean of theirs.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let order = order(values);
    let mut ranks = vec![0.0; values.len()];
    for tie in order.chunk_by(|&a, &b| values[a] == values[b]).scan(0, |first, tie| {
        let before = *first;
        *first += tie.len();
        Some((before, tie))
    }) {
        let rank = tie.0 as f64 + 0.5 * (tie.1.len() as f64 + 1.0);
        tie.1.iter().for_each(|&i| ranks[i] = rank);
    }
    ranks
}

/// Positions in the order of their values; equal values keep the order of their positions.
pub fn order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// Standardised regression coefficients of `y` on the factors `x`, with intervals of the given level from the regression's
/// standard errors.
pub fn src(x: &[Vec<f64>], y: &[f64], level: f64) -> Regression {
    match Correlations::new(x, y) {
        Ok(correlations) => correlations.regression(level),
        Err(absence) => Regression { coefficients: vec![Err(absence); x.len()], r_squared: None },
    }
}

/// The same on ranks (SRRC).
pub fn srrc(x: &[Vec<f64>], y: &[f64], level: f64) -> Regression {
    let (x, y) = ranked(x, y);
    src(&x, &y, level)
}

/// Partial rank correlation of every factor with the outcome, all other factors held constant.
pub fn prcc(x: &[Vec<f64>], y: &[f64], level: f64) -> Vec<Result<Coefficient, Absence>> {
    let (x, y) = ranked(x, y);
    match Correlations::new(&x, &y) {
        Ok(correlations) => correlations.partial(level),
        Err(absence) => vec![Err(absence); x.len()],
    }
}

fn ranked(x: &[Vec<f64>], y: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
    (parallel::map(x, |column| ranks(column)), ranks(y))
}

/// Correlations of the factors that can be told apart.
struct Correlations {
    n_draws: usize,
    absences: Vec<Option<Absence>>,
    /// The factors kept as regressors.
    kept: Vec<usize>,
    /// Inverse of their correlations with each other.
    inverse: DMatrix<f64>,
    /// Their correlations with the outcome.
    with_outcome: DVector<f64>,
}

impl Correlations {
    fn new(x: &[Vec<f64>], y: &[f64]) -> Result<Self, Absence> {
        let outcome = standardised(y).ok_or(Absence::ConstantOutcome)?;
        let columns = parallel::map(x, |column| standardised(column));
        let mut absences: Vec<Option<Absence>> =
            columns.iter().map(|c| c.is_none().then_some(Absence::ConstantFactor)).collect();
        let columns: Vec<(usize, Vec<f64>)> =
            columns.into_iter().enumerate().filter_map(|(j, c)| Some((j, c?))).collect();
        if y.len() < columns.len() + 4 {
            return Err(Absence::TooFewDraws);
        }
        let all = products(&columns);
        let kept = independent(&all, &columns, &mut absences);
        let between = all.select_rows(&kept).select_columns(&kept);
        let inverse = Cholesky::new(between).ok_or(Absence::Collinear)?.inverse();
        let with_outcome =
            DVector::from_iterator(kept.len(), kept.iter().map(|&k| dot(&columns[k].1, &outcome)));
        let kept = kept.iter().map(|&k| columns[k].0).collect();
        Ok(Self { n_draws: y.len(), absences, kept, inverse, with_outcome })
    }

    fn regression(&self, level: f64) -> Regression {
        let beta = &self.inverse * &self.with_outcome;
        let r_squared = beta.dot(&self.with_outcome).clamp(0.0, 1.0);
        let freedom = (self.n_draws - self.kept.len() - 1) as f64;
        let z = normal_quantile(0.5 + 0.5 * level);
        let coefficient = |k: usize| {
            let half = z * ((1.0 - r_squared) / freedom * self.inverse[(k, k)]).max(0.0).sqrt();
            Coefficient { value: beta[k], low: beta[k] - half, high: beta[k] + half }
        };
        Regression { coefficients: self.by_factor(coefficient), r_squared: Some(r_squared) }
    }

    fn partial(&self, level: f64) -> Vec<Result<Coefficient, Absence>> {
        let beta = &self.inverse * &self.with_outcome;
        // What the regression leaves of the outcome; with it the inverse of the correlations of factors and outcome together
        // has the entries −β/rest and 1/v + β²/rest, from which a partial correlation is read.
        let rest = (1.0 - beta.dot(&self.with_outcome)).max(0.0);
        let spread = (self.n_draws - (self.kept.len() - 1) - 3) as f64;
        let z = normal_quantile(0.5 + 0.5 * level) / spread.sqrt();
        let coefficient = |k: usize| {
            let own = beta[k] / self.inverse[(k, k)].sqrt();
            let length = (rest + own * own).sqrt();
            let value = if length > 0.0 { (own / length).clamp(-1.0, 1.0) } else { 0.0 };
            let (low, high) = fisher(value, z);
            Coefficient { value, low, high }
        };
        self.by_factor(coefficient)
    }

    fn by_factor(&self, f: impl Fn(usize) -> Coefficient) -> Vec<Result<Coefficient, Absence>> {
        let mut all: Vec<_> =
            self.absences.iter().map(|a| Err(a.unwrap_or(Absence::Collinear))).collect();
        for (k, &j) in self.kept.iter().enumerate() {
            if self.absences[j].is_none() {
                all[j] = Ok(f(k));
            }
        }
        all
    }
}

/// Fisher's interval: `r` moved by `z` on the scale of artanh.
fn fisher(r: f64, z: f64) -> (f64, f64) {
    if r.abs() >= 1.0 {
        return (r, r);
    }
    let centre = 0.5 * ln((1.0 + r) / (1.0 - r));
    let tanh = |t: f64| 1.0 - 2.0 / (crate::numeric::exp(2.0 * t) + 1.0);
    (tanh(centre - z), tanh(centre + z))
}

/// The column with mean 0 and length 1; none if it has one value only.
fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    let first = *values.first()?;
    if values.iter().all(|v| *v == first) {
        return None;
    }
    let mean = sum(values.iter().copied()) / values.len() as f64;
    let mut column: Vec<f64> = values.iter().map(|v| v - mean).collect();
    let length = dot(&column, &column).sqrt();
    column.iter_mut().for_each(|v| *v /= length);
    Some(column)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    sum(a.iter().zip(b).map(|(a, b)| a * b))
}

fn products(columns: &[(usize, Vec<f64>)]) -> DMatrix<f64> {
    let n = columns.len();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    let values = parallel::map(&pairs, |&(i, j)| dot(&columns[i].1, &columns[j].1));
    let mut all = DMatrix::identity(n, n);
    for (&(i, j), value) in pairs.iter().zip(values).filter(|(pair, _)| pair.0 != pair.1) {
        all[(i, j)] = value;
        all[(j, i)] = value;
    }
    all
}

/// The columns that are no combination of those before them. Those that are, and those that they are combinations of, have
/// no coefficient of their own; the others are estimated with the whole span held constant.
fn independent(
    all: &DMatrix<f64>,
    columns: &[(usize, Vec<f64>)],
    absences: &mut [Option<Absence>],
) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for c in 0..columns.len() {
        let between = all.select_rows(&kept).select_columns(&kept);
        let own = DVector::from_iterator(kept.len(), kept.iter().map(|&k| all[(k, c)]));
        let weights = Cholesky::<f64, Dyn>::new(between).map(|cholesky| cholesky.solve(&own));
        let Some(weights) = weights else { continue };
        if 1.0 - weights.dot(&own) > COLLINEAR {
            kept.push(c);
            continue;
        }
        absences[columns[c].0] = Some(Absence::Collinear);
        for (&k, _) in kept.iter().zip(weights.iter()).filter(|(_, w)| w.abs() > 1e-6) {
            absences[columns[k].0] = Some(Absence::Collinear);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::points::halton3;

    #[test]
    fn ties_share_the_mean_of_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), vec![4.0, 1.0, 4.0, 2.0, 4.0]);
        assert_eq!(order(&[3.0, 1.0, 3.0, 2.0, 3.0]), vec![1, 3, 0, 2, 4]);
    }

    fn sample() -> (Vec<Vec<f64>>, Vec<f64>) {
        let x = halton3(200);
        let y = |i: usize| libm::exp(2.0 * x[0][i]) - x[1][i] + x[0][i] * x[2][i];
        let y = (0..200).map(y).collect();
        (x, y)
    }

    fn assert_close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() < tolerance, "{found} for {expected}");
    }

    /// numpy 2.4 `linalg.lstsq` on the standardised columns and ranks, standard errors from `inv(ZᵀZ)`.
    #[test]
    fn regression_as_numpy_has_it() {
        let (x, y) = sample();
        let z = 1.959_963_984_540_054;
        let found = src(&x, &y, 0.95);
        assert_close(found.r_squared.unwrap(), 0.948_174_994_148_668, 1e-12);
        let expected =
            [(0.95738366, 0.01626401), (-0.14419173, 0.01626812), (0.07256376, 0.01626503)];
        for (coefficient, (value, error)) in found.coefficients.iter().zip(expected) {
            let coefficient = coefficient.unwrap();
            assert_close(coefficient.value, value, 1e-8);
            assert_close(coefficient.high - coefficient.value, z * error, 3e-8);
        }
        let ranked = srrc(&x, &y, 0.95);
        assert_close(ranked.r_squared.unwrap(), 0.992_882_077_485_911, 1e-12);
        assert_close(ranked.coefficients[2].unwrap().value, 0.062_937_28, 1e-8);
    }

    /// Residuals of the ranks on the other factors' ranks (numpy 2.4 `lstsq`), their correlation, and Fisher's interval.
    #[test]
    fn partial_correlations_are_those_of_residuals() {
        let (x, y) = sample();
        let expected = [
            (0.996_293_941_372_197_6, 0.995_095_856_377_301_5, 0.997_199_744_356_022_1),
            (-0.889_586_716_191_515_1, -0.915_468_626_589_819_3, -0.856_374_451_816_401_8),
            (0.597_842_752_305_926_9, 0.500_090_887_768_088, 0.680_550_746_968_745),
        ];
        for (found, (value, low, high)) in prcc(&x, &y, 0.95).iter().zip(expected) {
            let found = found.unwrap();
            assert_close(found.value, value, 1e-11);
            assert_close(found.low, low, 1e-11);
            assert_close(found.high, high, 1e-11);
        }
    }

    /// The third factor is the first doubled, the fourth has one value: neither the first nor the third has a coefficient,
    /// and the second's is the one it has without the third and fourth.
    #[test]
    fn what_cannot_be_told_apart_has_a_reason() {
        let (x, y) = sample();
        let doubled = x[0].iter().map(|v| 2.0 * v + 1.0).collect();
        let columns = vec![x[0].clone(), x[1].clone(), doubled, vec![0.3; 200]];
        let found = src(&columns, &y, 0.95);
        let absent = |j: usize| found.coefficients[j].unwrap_err();
        assert_eq!(
            (absent(0), absent(2), absent(3)),
            (Absence::Collinear, Absence::Collinear, Absence::ConstantFactor)
        );
        let without = src(&columns[..2], &y, 0.95);
        let (own, alone) = (found.coefficients[1].unwrap(), without.coefficients[1].unwrap());
        assert_close(own.value, alone.value, 1e-14);
        assert_eq!(prcc(&columns, &y, 0.95)[0], Err(Absence::Collinear));
    }

    #[test]
    fn constant_outcomes_and_few_draws_have_a_reason() {
        let (x, y) = sample();
        assert_eq!(src(&x, &[1.0; 200], 0.95).coefficients[0], Err(Absence::ConstantOutcome));
        let few: Vec<Vec<f64>> = x.iter().map(|column| column[..6].to_vec()).collect();
        assert_eq!(prcc(&few, &y[..6], 0.95)[0], Err(Absence::TooFewDraws));
        assert_eq!(prcc(&[], &[], 0.95), vec![]);
    }
}
