//! Correlation of factors by a Gaussian copula.
//!
//! In: a point of the unit cube. Out: the same with correlated coordinates: each is turned into a standard normal number `z`, these
//! are mixed as `L z` with `L` the lower Cholesky factor of the correlation matrix, and turned back. Every coordinate stays
//! uniform. The correlation is that of the normal numbers; ranks have `6/π · asin(ρ/2)` (Kruskal 1958, "Ordinal measures of
//! association", Journal of the American Statistical Association 53, 814-861).

use nalgebra::DMatrix;

use crate::numeric::{normal_cdf, normal_quantile_as241};

/// A matrix with a smaller eigenvalue than this is no correlation matrix that can be drawn from.
const LEAST_EIGENVALUE: f64 = 1e-9;
/// Nearest that a coordinate comes to 0 and to 1.
const EDGES: (f64, f64) = (1.0 / (1_u64 << 54) as f64, 1.0 - 1.0 / (1_u64 << 53) as f64);

/// Correlation of some factors; the others stay as they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// The factors that take part, ascending.
    members: Vec<usize>,
    /// Lower Cholesky factor of their matrix, row by row: `1 + 2 + … + members`.
    lower: Vec<f64>,
}

/// Why a matrix is no correlation matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NotPositive {
    /// Its smallest eigenvalue, which is not above 0.
    pub smallest_eigenvalue: f64,
}

impl Correlation {
    /// From the correlations of pairs of factors; pairs that are not named are independent. Each value lies between −1 and 1, and
    /// no pair comes twice.
    ///
    /// # Errors
    /// A matrix that is not positive definite: no numbers can be correlated so.
    pub fn new(pairs: &[(usize, usize, f64)]) -> Result<Self, NotPositive> {
        let mut members: Vec<usize> = pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        members.sort_unstable();
        members.dedup();
        let mut matrix = DMatrix::<f64>::identity(members.len(), members.len());
        for (a, b, value) in pairs {
            let rank = |factor: &usize| members.partition_point(|member| member < factor);
            let (a, b) = (rank(a), rank(b));
            matrix[(a, b)] = *value;
            matrix[(b, a)] = *value;
        }
        let smallest = matrix.symmetric_eigenvalues().iter().copied().fold(1.0, f64::min);
        match nalgebra::Cholesky::new(matrix) {
            Some(cholesky) if smallest > LEAST_EIGENVALUE => {
                let l = cholesky.l();
                let rows = (0..members.len()).flat_map(|row| (0..=row).map(move |at| (row, at)));
                let lower = rows.map(|cell| l[cell]).collect();
                Ok(Correlation { members, lower })
            }
            _ => Err(NotPositive { smallest_eigenvalue: smallest }),
        }
    }

    /// Correlates a point of the unit cube in place, without allocation.
    pub fn correlate(&self, point: &mut [f64]) {
        for &member in &self.members {
            point[member] = normal_quantile_as241(point[member]);
        }
        // From the last row up: a row needs only coordinates that have not been mixed yet.
        let mut start = self.lower.len();
        for row in (0..self.members.len()).rev() {
            start -= row + 1;
            let row_of_l = &self.lower[start..=start + row];
            let mixed = row_of_l.iter().zip(&self.members);
            let mixed = mixed.fold(0.0, |z, (weight, member)| z + weight * point[*member]);
            point[self.members[row]] = normal_cdf(mixed).clamp(EDGES.0, EDGES.1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::uniform;

    fn points(n: usize, width: usize) -> Vec<Vec<f64>> {
        let point = |i: usize| (0..width).map(|j| uniform(11, &format!("{i}/{j}"))).collect();
        (0..n).map(point).collect()
    }

    fn ranks(values: &[f64]) -> Vec<f64> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        let mut ranks = vec![0.0; values.len()];
        order.iter().enumerate().for_each(|(rank, &at)| ranks[at] = rank as f64);
        ranks
    }

    fn correlation(x: &[f64], y: &[f64]) -> f64 {
        let n = x.len() as f64;
        let mean = |v: &[f64]| v.iter().sum::<f64>() / n;
        let (mx, my) = (mean(x), mean(y));
        let product = |a: &[f64], ma: f64, b: &[f64], mb: f64| {
            a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>()
        };
        product(x, mx, y, my) / (product(x, mx, x, mx) * product(y, my, y, my)).sqrt()
    }

    /// Ranks of a Gaussian copula correlate by 6/π·asin(ρ/2); the standard error of 40,000 draws is at most 0.005.
    #[test]
    fn ranks_have_the_wanted_correlation() {
        let pairs = [(0, 3, 0.6), (1, 3, -0.4), (0, 1, 0.2)];
        let made = Correlation::new(&pairs).expect("a correlation matrix");
        let mut points = points(40_000, 4);
        points.iter_mut().for_each(|point| made.correlate(point));
        let column = |i: usize| points.iter().map(|point| point[i]).collect::<Vec<f64>>();
        for (a, b, value) in [(0, 3, 0.6), (1, 3, -0.4), (0, 1, 0.2), (2, 3, 0.0), (0, 2, 0.0)] {
            let expected = 6.0 / std::f64::consts::PI * (value / 2.0_f64).asin();
            let found = correlation(&ranks(&column(a)), &ranks(&column(b)));
            assert!((found - expected).abs() < 0.02, "{a}, {b}: {found} and {expected}");
        }
        // Each coordinate stays uniform: Kolmogorov-Smirnov at 0.1 %.
        for factor in 0..4 {
            let mut values = column(factor);
            values.sort_by(f64::total_cmp);
            let n = values.len() as f64;
            let gap = values.iter().enumerate().map(|(i, u)| (u - (i as f64 + 0.5) / n).abs());
            assert!(gap.fold(0.0, f64::max) < 1.95 / n.sqrt());
        }
    }

    /// By hand: ρ = 0.6 has L = [[1, 0], [0.6, 0.8]], so z = (1, 1) becomes (1, 1.4).
    #[test]
    fn two_factors_by_hand() {
        let made = Correlation::new(&[(0, 1, 0.6)]).expect("a correlation matrix");
        let mut point = [normal_cdf(1.0), normal_cdf(1.0)];
        made.correlate(&mut point);
        assert!((point[0] - normal_cdf(1.0)).abs() < 1e-15);
        assert!((point[1] - normal_cdf(1.4)).abs() < 1e-15);
    }

    #[test]
    fn coordinates_that_take_no_part_keep_their_bits() {
        let made = Correlation::new(&[(0, 2, 0.9)]).expect("a correlation matrix");
        let mut point = [0.1, 0.123456789, 1.0 - 1e-16];
        made.correlate(&mut point);
        assert_eq!(point[1], 0.123456789);
        assert!(point.iter().all(|u| *u > 0.0 && *u < 1.0));
    }

    /// Three pairs of −0.6 have the eigenvalue 1 − 2·0.6 = −0.2; three of −0.5 have 0: neither can be drawn from.
    #[test]
    fn what_is_no_correlation_matrix_is_refused() {
        let three = |value| Correlation::new(&[(0, 1, value), (1, 2, value), (0, 2, value)]);
        let refused = three(-0.6).expect_err("indefinite");
        assert!((refused.smallest_eigenvalue + 0.2).abs() < 1e-12);
        assert!(three(-0.5).expect_err("semidefinite").smallest_eigenvalue.abs() < 1e-9);
        assert!(three(-0.49).is_ok());
    }
}
