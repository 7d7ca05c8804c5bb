//! Moves between areas inside the city: a row-stochastic matrix for each group of ages, of which only what is not 0 is kept.

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

/// The moves of one age group in one year: by origin its destinations and shares, itself among them, ascending; they sum
/// to 1.
///
/// `residents` are [`base_residents`]. A rule sends its rate of the origin to the destinations in proportion to their base-year residents; rules add up
/// (`input` has checked that no origin sends more than everybody).
pub fn shares(
    residents: &[f64],
    rules: &[MoveRule],
    group: &AgeGroup,
    year: Year,
) -> Vec<Vec<(usize, f64)>> {
    let mut rows: Vec<Vec<(usize, f64)>> = (0..residents.len()).map(|a| vec![(a, 1.0)]).collect();
    let add = |row: &mut Vec<(usize, f64)>, to: usize, share: f64| {
        let at = row.binary_search_by_key(&to, |cell| cell.0).unwrap_or_else(|at| {
            row.insert(at, (to, 0.0));
            at
        });
        row[at].1 += share;
    };
    for &rule_idx in &group.rules {
        let rate = rules[rule_idx].rate.at(year);
        for (origin, destinations) in &rules[rule_idx].routes {
            let weight_sum = sum(destinations.iter().map(|&d| residents[d]));
            if weight_sum <= 0.0 {
                continue;
            }
            for &destination in destinations {
                let share = rate * residents[destination] / weight_sum;
                add(&mut rows[*origin], destination, share);
                add(&mut rows[*origin], *origin, -share);
            }
        }
    }
    rows
}

/// Applies the moves of one year to all people in place; conserves them exactly up to rounding.
///
/// Products are added to a sum with one rounding, origin after origin: what a product of full matrices does on machines with
/// fused instructions, here on all of them.
pub fn apply(
    residents: &[f64],
    rules: &[MoveRule],
    groups: &[AgeGroup],
    year: Year,
    people: &mut [f64],
) {
    let mut after = vec![0.0; people.len()];
    for group in groups {
        let rows = shares(residents, rules, group, year);
        let cells = |area: usize, sex: Sex| {
            let start = City::people_start(area, sex);
            start + group.ages.0..=start + group.ages.1
        };
        let places = || (0..rows.len()).flat_map(|area| Sex::ALL.map(|sex| (area, sex)));
        places().for_each(|(area, sex)| after[cells(area, sex)].fill(0.0));
        for (origin, row) in rows.iter().enumerate() {
            for &(destination, share) in row {
                for sex in Sex::ALL {
                    let from = &people[cells(origin, sex)];
                    for (to, &n) in after[cells(destination, sex)].iter_mut().zip(from) {
                        *to = share.mul_add(n, *to);
                    }
                }
            }
        }
        places().for_each(|(area, sex)| {
            people[cells(area, sex)].copy_from_slice(&after[cells(area, sex)]);
        });
    }
}

/// Residents of every area in the base year, all ages: the weights of destinations.
pub fn base_residents(city: &City) -> Vec<f64> {
    city.population.people.chunks(2 * N_AGES).map(|area| sum(area.iter().copied())).collect()
}
