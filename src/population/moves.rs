//! Moves between areas inside the city: a row-stochastic matrix for each group of ages.

use nalgebra::DMatrix;

use crate::axes::{N_AGES, Sex};
use crate::city::City;
use crate::numeric::sum;
use crate::scenario::MoveRule;
use crate::units::Year;

/// Ages that the same rules apply to.
pub struct AgeGroup {
    /// First and last age.
    pub ages: (usize, usize),
    /// Indices of the rules in force.
    rules: Vec<usize>,
}

/// Splits the ages wherever the set of rules changes; ages that nobody moves at are left out.
pub fn age_groups(rules: &[MoveRule]) -> Vec<AgeGroup> {
    let mut groups: Vec<AgeGroup> = Vec::new();
    for age in 0..N_AGES {
        let active: Vec<usize> = (0..rules.len())
            .filter(|&r| rules[r].ages.0 <= age && age <= rules[r].ages.1)
            .collect();
        match groups.last_mut() {
            Some(last) if last.rules == active => last.ages.1 = age,
            _ => groups.push(AgeGroup { ages: (age, age), rules: active }),
        }
    }
    groups.retain(|group| !group.rules.is_empty());
    groups
}

/// The matrix of one age group in one year: rows from, columns to, every row sums to 1.
///
/// A rule sends its rate of the origin to the destinations in proportion to their base-year residents; rules add up
/// (`input` has checked that no origin sends more than everybody).
pub fn matrix(city: &City, rules: &[MoveRule], group: &AgeGroup, year: Year) -> DMatrix<f64> {
    let n_areas = city.areas.len();
    let mut matrix = DMatrix::identity(n_areas, n_areas);
    for &rule_idx in &group.rules {
        let rate = rules[rule_idx].rate.at(year);
        for (origin, destinations) in &rules[rule_idx].routes {
            let weights: Vec<f64> = destinations.iter().map(|&d| residents(city, d)).collect();
            let weight_sum = sum(weights.iter().copied());
            if weight_sum <= 0.0 {
                continue;
            }
            for (&destination, weight) in destinations.iter().zip(&weights) {
                let share = rate * weight / weight_sum;
                matrix[(*origin, destination)] += share;
                matrix[(*origin, *origin)] -= share;
            }
        }
    }
    matrix
}

/// Applies the moves of one year to all people in place; conserves them exactly up to rounding.
pub fn apply(city: &City, rules: &[MoveRule], groups: &[AgeGroup], year: Year, people: &mut [f64]) {
    let n_areas = city.areas.len();
    for group in groups {
        let transposed = matrix(city, rules, group, year).transpose();
        let n_ages = group.ages.1 - group.ages.0 + 1;
        let at = |area: usize, column: usize| {
            let sex = if column < n_ages { Sex::Female } else { Sex::Male };
            City::people_start(area, sex) + group.ages.0 + column % n_ages
        };
        let before = DMatrix::from_fn(n_areas, 2 * n_ages, |area, column| people[at(area, column)]);
        let after = transposed * before;
        for area in 0..n_areas {
            for column in 0..2 * n_ages {
                people[at(area, column)] = after[(area, column)];
            }
        }
    }
}

/// Residents of an area in the base year, all ages.
fn residents(city: &City, area_idx: usize) -> f64 {
    let start = City::people_start(area_idx, Sex::Female);
    sum(city.population.people[start..start + 2 * N_AGES].iter().copied())
}
