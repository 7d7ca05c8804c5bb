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

impl AgeGroup {
    /// Indices of the rules in force.
    pub fn rules(&self) -> &[usize] {
        &self.rules
    }
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
/// `residents` are [`base_residents`]. A rule sends its rate of the origin to the destinations in proportion to their base-year residents; rules add up
/// (`input` has checked that no origin sends more than everybody).
pub fn matrix(residents: &[f64], rules: &[MoveRule], group: &AgeGroup, year: Year) -> DMatrix<f64> {
    let n_areas = residents.len();
    let mut matrix = DMatrix::identity(n_areas, n_areas);
    for &rule_idx in &group.rules {
        let rate = rules[rule_idx].rate.at(year);
        for (origin, destinations) in &rules[rule_idx].routes {
            let weight_sum = sum(destinations.iter().map(|&d| residents[d]));
            if weight_sum <= 0.0 {
                continue;
            }
            for &destination in destinations {
                let share = rate * residents[destination] / weight_sum;
                matrix[(*origin, destination)] += share;
                matrix[(*origin, *origin)] -= share;
            }
        }
    }
    matrix
}

/// Applies the moves of one year to all people in place; conserves them exactly up to rounding.
pub fn apply(
    residents: &[f64],
    rules: &[MoveRule],
    groups: &[AgeGroup],
    year: Year,
    people: &mut [f64],
) {
    let n_areas = residents.len();
    for group in groups {
        let transposed = matrix(residents, rules, group, year).transpose();
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

/// Residents of every area in the base year, all ages: the weights of destinations.
pub fn base_residents(city: &City) -> Vec<f64> {
    city.population.people.chunks(2 * N_AGES).map(|area| sum(area.iter().copied())).collect()
}
