//! Whether Sobol' indices have settled: the same indices from the first base points only.
//!
//! In: the rows of a Saltelli design. Out: the indices from the first N/8, N/4, N/2 and all N base points, or from
//! any numbers asked for. Each stage is what the sweep would have said had it been stopped there: it standardises and
//! resamples over its own rows.

use super::sobol::{Absent, Indices, Settings, group_size, indices};

/// The indices from the first base points.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// How many base points.
    pub n_base: usize,
    /// Their indices, or why there are none.
    pub indices: Result<Indices, Absent>,
}

/// N/8, N/4, N/2 and N, without those below 2.
pub fn halvings(n_base: usize) -> Vec<usize> {
    [8, 4, 2, 1].map(|part| n_base / part).into_iter().filter(|n| *n >= 2).collect()
}

/// The indices from the first `sizes` base points of an outcome `y`, one value a row. A size beyond the rows there
/// are has none.
pub fn stages(y: &[f64], n_factors: usize, settings: &Settings, sizes: &[usize]) -> Vec<Stage> {
    let size = group_size(n_factors, settings.second_order);
    let stage = |&n_base: &usize| {
        let rows = n_base.checked_mul(size).and_then(|n_rows| y.get(..n_rows));
        let indices = rows
            .ok_or(Absent::TooFew { found: y.len() / size, needed: n_base })
            .and_then(|rows| indices(rows, n_factors, settings));
        Stage { n_base, indices }
    };
    sizes.iter().map(stage).collect()
}

/// The greatest change of a first-order or total index from the last stage but one to the last; absent if either has
/// none.
pub fn last_change(stages: &[Stage]) -> Option<f64> {
    let [.., before, last] = stages else { return None };
    let (before, last) = (before.indices.as_ref().ok()?, last.indices.as_ref().ok()?);
    let pairs = before.first.iter().zip(&last.first).chain(before.total.iter().zip(&last.total));
    pairs.map(|(b, l)| (b.value - l.value).abs()).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::{Design, Kind, Spec};

    const SETTINGS: Settings = Settings { second_order: true, resamples: 20, level: 0.95, seed: 4 };

    /// y = 2 x1 + x2: variances 4/12 and 1/12, so the indices are 0.8 and 0.2.
    fn linear(n_base: u64) -> Vec<f64> {
        let kind = Kind::Saltelli { scramble: true, second_order: true };
        let spec = Spec { kind, n_factors: 2, draws: n_base, seed: 8, block: None };
        let design = Design::new(spec).expect("a design");
        let mut x = [0.0; 2];
        let outcome = |i| {
            design.point(i, &mut x);
            2.0 * x[0] + x[1]
        };
        (0..design.n_points()).map(outcome).collect()
    }

    #[test]
    fn a_stage_is_a_sweep_that_was_stopped_there() {
        let y = linear(256);
        let found = stages(&y, 2, &SETTINGS, &halvings(256));
        assert_eq!(found.iter().map(|s| s.n_base).collect::<Vec<_>>(), [32, 64, 128, 256]);
        for stage in &found {
            assert_eq!(stage.indices, indices(&linear(stage.n_base as u64), 2, &SETTINGS));
        }
        let total = |k: usize| found[k].indices.as_ref().expect("indices").total[0].value;
        let error = |k| (total(k) - 0.8_f64).abs();
        assert!(error(3) < 1e-3 && error(3) < error(0), "{} {}", error(0), error(3));
        let change = last_change(&found).expect("two stages");
        assert!(change >= (total(3) - total(2)).abs() && change < 0.01, "{change}");
    }

    #[test]
    fn few_rows_have_few_stages() {
        assert_eq!(halvings(8), [2, 4, 8]);
        assert!(halvings(1).is_empty());
        let found = stages(&linear(4), 2, &SETTINGS, &[1, 4, 5, usize::MAX]);
        assert!(matches!(found[0].indices, Err(Absent::TooFew { found: 1, needed: 2 })));
        assert!(found[1].indices.is_ok());
        assert_eq!(found[2].indices, Err(Absent::TooFew { found: 4, needed: 5 }));
        assert!(found[3].indices.is_err());
        assert_eq!(last_change(&found), None);
        assert_eq!(last_change(&[]), None);
    }
}
