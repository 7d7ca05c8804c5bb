//! When oversized classes are gone for good: the one place where tables, charts, texts and sweeps have it from.
//!
//! In: a share or the stocks of every year, and a level. Out: the first year from which every year to the last meets the level;
//! none where the last one does not. A year without classes has no class that is too large: it meets every level.

use crate::level::{Bound, Condition, Level, Threshold};
use crate::units::Year;

use super::stocks::{Stocks, ratio};

/// The shares of oversized classes at which a summary tells the clearing year whatever levels a city names: key and share.
pub const SHARES: [(&str, f64); 5] =
    [("10%", 0.10), ("5%", 0.05), ("2%", 0.02), ("1%", 0.01), ("0.5%", 0.005)];

/// The first position from which all hold; none where the last does not, or there are none.
pub fn lasting_from(holds: impl IntoIterator<Item = bool>) -> Option<usize> {
    let (mut first, mut n) = (0, 0);
    for is_held in holds {
        n += 1;
        if !is_held {
            first = n;
        }
    }
    (first < n).then_some(first)
}

/// The first position from which a share stays at or below a bound; a year without classes has no share and counts as such.
pub fn cleared_from(shares: impl IntoIterator<Item = Option<f64>>, at_most: f64) -> Option<usize> {
    lasting_from(shares.into_iter().map(|share| share.is_none_or(|share| share <= at_most)))
}

/// The first year from which a share stays at or below a bound to the last year.
pub fn clearing_year(shares: &[Option<f64>], at_most: f64, first_year: Year) -> Option<Year> {
    cleared_from(shares.iter().copied(), at_most).map(|idx| first_year + idx as Year)
}

/// The first year from which all conditions of a level are met to the last year, each year all of them together.
pub fn clearing_year_at(level: &Level, years: &[Stocks], first_year: Year) -> Option<Year> {
    let meets = |stocks: &Stocks| level.conditions.iter().all(|c| is_met(c, stocks));
    lasting_from(years.iter().map(meets)).map(|idx| first_year + idx as Year)
}

/// Shares of classes that are beyond a threshold, by year; none in a year without classes.
pub fn shares(years: &[Stocks], threshold: Threshold) -> Vec<Option<f64>> {
    years.iter().map(|stocks| ratio(beyond(stocks, threshold), stocks.classes)).collect()
}

fn beyond(stocks: &Stocks, threshold: Threshold) -> f64 {
    match threshold {
        Threshold::Oversized => stocks.oversized,
        Threshold::SuperOversized => stocks.super_oversized,
    }
}

fn is_met(condition: &Condition, stocks: &Stocks) -> bool {
    let found = beyond(stocks, condition.threshold);
    match condition.bound {
        Bound::Share(most) => ratio(found, stocks.classes).is_none_or(|share| share <= most),
        Bound::Classes(fewer) => stocks.classes <= 0.0 || found < fewer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::Name;

    #[test]
    fn clearing_needs_to_stay_clear() {
        let shares = [Some(0.03), Some(0.005), Some(0.02), Some(0.01), None, Some(0.0)];
        assert_eq!(clearing_year(&shares, 0.01, 2020), Some(2023));
        assert_eq!(clearing_year(&shares, 0.05, 2020), Some(2020));
        assert_eq!(clearing_year(&[Some(0.2), Some(0.1)], 0.01, 2020), None);
    }

    /// A year without classes counts as at or below, wherever it stands; so does a run of such years alone.
    #[test]
    fn years_without_classes_are_clear() {
        let year = |shares: &[Option<f64>]| clearing_year(shares, 0.01, 2020);
        assert_eq!(year(&[Some(0.03), None, Some(0.0)]), Some(2021));
        assert_eq!(year(&[Some(0.03), Some(0.0), None]), Some(2021));
        assert_eq!(year(&[Some(0.03), None, None]), Some(2021));
        assert_eq!(year(&[None, Some(0.03), None]), Some(2022));
        assert_eq!(year(&[None, Some(0.03)]), None);
        assert_eq!(year(&[None, None]), Some(2020));
        assert_eq!(year(&[]), None);
    }

    fn level(conditions: &[(Threshold, Bound)]) -> Level {
        let condition = |&(threshold, bound)| Condition { threshold, bound };
        let conditions = conditions.iter().map(condition).collect();
        Level { key: "a".into(), name: Name::default(), conditions }
    }

    /// Of 200 classes 10 and 4 are 5 % and 2 %: met in the second and fourth year. Taken one by one 5 % of oversized classes last
    /// from the second year and 2 % of super-oversized ones from the fourth; together from the fourth.
    #[test]
    fn conditions_of_a_level_hold_together() {
        let year = |oversized: f64, super_oversized: f64, classes: f64| Stocks {
            classes,
            oversized,
            super_oversized,
            ..Stocks::default()
        };
        let years = [
            year(20.0, 2.0, 200.0),
            year(10.0, 4.0, 200.0),
            year(6.0, 5.0, 200.0),
            year(10.0, 4.0, 200.0),
            year(0.0, 0.0, 0.0),
        ];
        let both = [
            (Threshold::Oversized, Bound::Share(0.05)),
            (Threshold::SuperOversized, Bound::Share(0.02)),
        ];
        let at =
            |conditions: &[(Threshold, Bound)]| clearing_year_at(&level(conditions), &years, 2020);
        assert_eq!((at(&both[..1]), at(&both[1..])), (Some(2021), Some(2023)));
        assert_eq!(at(&both), Some(2023));
        // Fewer than half a class: in the last year only, which has none.
        assert_eq!(at(&[(Threshold::Oversized, Bound::Classes(0.5))]), Some(2024));
        let half = [year(0.4, 0.0, 50.0), year(0.5, 0.0, 50.0), year(0.49, 0.0, 50.0)];
        let cleared = level(&[(Threshold::Oversized, Bound::Classes(0.5))]);
        assert_eq!(clearing_year_at(&cleared, &half, 2020), Some(2022));
        assert_eq!(clearing_year_at(&cleared, &half[..2], 2020), None);
    }

    #[test]
    fn shares_are_of_all_classes() {
        let year =
            |oversized: f64, classes: f64| Stocks { classes, oversized, ..Stocks::default() };
        let found = shares(&[year(1.0, 100.0), year(0.0, 0.0)], Threshold::Oversized);
        assert_eq!(found, [Some(0.01), None]);
    }
}
