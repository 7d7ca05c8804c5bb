//! Survival ratios from abridged death rates.

use crate::axes::N_AGES;
use crate::numeric::exp;

/// Survival ratios of single years of age from death rates that are constant within age groups.
///
/// `rates` holds `(first age of the group, deaths per person-year)`, ascending from age 0. With a constant rate `m`
/// over a year of age, `l(x+1) = l(x)·e^(−m)` and the person-years are `L(x) = (l(x) − l(x+1)) / m`; the open age has
/// `L(100) = l(100) / m(100)` (Preston, Heuveline & Guillot 2001, ch. 3, constant-force form).
///
/// Result: `[0] = L(0)/l(0)`, `[x] = L(x)/L(x−1)` for 1..=99, `[100] = L(100) / (L(99) + L(100))`, the share of the two
/// oldest ages that lives to the end of the year. What it leaves out: the concentration of infant deaths in
/// the first weeks (a few in ten thousand at age 0).
pub fn survival_from_rates(rates: &[(usize, f64)]) -> [f64; N_AGES] {
    let rate_at =
        |age: usize| rates.iter().rev().find(|(start, _)| *start <= age).map_or(0.0, |(_, m)| *m);
    let mut person_years = [0.0; N_AGES];
    let mut alive = 1.0;
    for (age, years) in person_years.iter_mut().enumerate() {
        let rate = rate_at(age).max(1e-9);
        if age + 1 == N_AGES {
            *years = alive / rate;
        } else {
            let next = alive * exp(-rate);
            *years = (alive - next) / rate;
            alive = next;
        }
    }
    let mut survival = [0.0; N_AGES];
    survival[0] = person_years[0];
    for age in 1..N_AGES - 1 {
        survival[age] = person_years[age] / person_years[age - 1];
    }
    let open = N_AGES - 1;
    survival[open] = person_years[open] / (person_years[open - 1] + person_years[open]);
    survival
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rate 0.1 at every age: survival from one age to the next is e^−0.1, and L(0) = (1 − e^−0.1)/0.1.
    #[test]
    fn constant_rate_by_hand() {
        let survival = survival_from_rates(&[(0, 0.1)]);
        assert!((survival[0] - 0.951_625_819_640_404_8).abs() < 1e-12);
        assert!((survival[1] - 0.904_837_418_035_959_5).abs() < 1e-12);
        assert!((survival[100] - 0.904_837_418_035_959_5).abs() < 1e-12);
    }
}
