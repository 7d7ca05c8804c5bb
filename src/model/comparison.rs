//! Comparing runs: ranks under a criterion, and which runs another one dominates.
//!
//! Runs are only set against each other where their people are the same: a scenario with fewer births is no better plan.

/// Whether a value is smaller than another by more than the rounding of sums: a thousand-millionth of the larger.
fn is_less(a: f64, b: f64) -> bool {
    if !(a.is_finite() && b.is_finite()) {
        return a < b;
    }
    b - a > 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Ranks of values of which the smallest is best, inside each group; equal values share the better rank. A value that is
/// absent has no rank.
pub fn ranks(values: &[Option<f64>], groups: &[usize]) -> Vec<Option<usize>> {
    let rank = |idx: usize| {
        let own = values[idx]?;
        let rivals = (0..values.len()).filter(|&other| groups[other] == groups[idx]);
        Some(
            1 + rivals
                .filter(|&other| values[other].is_some_and(|value| is_less(value, own)))
                .count(),
        )
    };
    (0..values.len()).map(rank).collect()
}

/// For every run the runs that dominate it: of its group, no worse in any criterion and better in at least one. Of every
/// criterion the smallest value is best.
pub fn dominated_by(criteria: &[Vec<f64>], groups: &[usize]) -> Vec<Vec<usize>> {
    let dominates = |one: &[f64], other: &[f64]| {
        let pairs = || one.iter().zip(other);
        !pairs().any(|(a, b)| is_less(*b, *a)) && pairs().any(|(a, b)| is_less(*a, *b))
    };
    (0..criteria.len())
        .map(|idx| {
            (0..criteria.len())
                .filter(|&other| groups[other] == groups[idx])
                .filter(|&other| dominates(&criteria[other], &criteria[idx]))
                .collect()
        })
        .collect()
}

/// Groups of things that are the same: for each the position of the first one that it is the same as.
pub fn groups<T>(things: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<usize> {
    let first = |idx: usize| (0..idx).find(|&other| same(&things[other], &things[idx]));
    (0..things.len()).map(|idx| first(idx).unwrap_or(idx)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_share_ties_and_skip_what_is_absent() {
        let values = [Some(3.0), None, Some(1.0), Some(3.0), Some(0.5)];
        let ranks = ranks(&values, &[0, 0, 0, 0, 4]);
        assert_eq!(ranks, vec![Some(2), None, Some(1), Some(2), Some(1)]);
    }

    /// Cost and harm: (0, 9), (5, 4), (6, 4), (5, 4), (1, 1) with other people.
    #[test]
    fn a_dearer_run_with_the_same_effect_is_dominated() {
        let runs = [[0.0, 9.0], [5.0, 4.0], [6.0, 4.0], [5.0, 4.0], [1.0, 1.0]].map(Vec::from);
        let dominated = dominated_by(&runs, &[0, 0, 0, 0, 4]);
        assert_eq!(dominated, vec![vec![], vec![], vec![1, 3], vec![], vec![]]);
    }

    /// Two sums of the same billions that differ in the last bits are one value; never (infinite) is worst.
    #[test]
    fn rounding_of_sums_is_no_difference() {
        let values = [Some(4079999999.9999995), Some(4080000000.0000005), Some(f64::INFINITY)];
        assert_eq!(ranks(&values, &[0, 0, 0]), vec![Some(1), Some(1), Some(3)]);
        let runs = [[580477.27178, 5.0], [580477.27171, 6.0]].map(Vec::from);
        assert_eq!(dominated_by(&runs, &[0, 0]), vec![vec![], vec![0]]);
    }

    #[test]
    fn groups_name_the_first_of_their_kind() {
        assert_eq!(groups(&[7, 8, 7, 8, 9], |a, b| a == b), vec![0, 1, 0, 1, 4]);
    }
}
