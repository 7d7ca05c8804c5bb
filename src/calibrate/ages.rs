//! Single years of age from five-year census groups.
//!
//! Every group is kept exactly: ages 0-14 follow a pattern of births, ages 15-84 a monotone cubic through the cumulative
//! count (Fritsch & Carlson 1980), 85 and over a geometric series.

use crate::axes::N_AGES;
use crate::numeric::sum;
use crate::units::{Path, Year};

/// First ages of the groups of the county tables of the census: 0, 1-4, 5-9, …, 80-84, 85+.
pub const GROUP_STARTS: [usize; 19] =
    [0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85];

/// Names of the groups.
pub const GROUP_KEYS: [&str; 19] = [
    "0", "1-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49",
    "50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85+",
];

/// Splits the groups of one sex and place into single years of age on the census day, margins exact.
///
/// `births` is a pattern by calendar year; a child aged `x` on the census day of `year` was born in the twelve months
/// before, `shift` of them (a share of a year) in the calendar year before `year − x`.
pub fn split(groups: &[f64; 19], births: &Path, year: Year, shift: f64) -> [f64; N_AGES] {
    let mut ages = [0.0; N_AGES];
    for group in 0..4 {
        let (from, to) = (GROUP_STARTS[group], GROUP_STARTS[group + 1]);
        let weight = |age: usize| {
            let born = year - age as Year;
            births.at(born) * (1.0 - shift) + births.at(born - 1) * shift
        };
        let total = sum((from..to).map(weight));
        for (age, count) in ages.iter_mut().enumerate().take(to).skip(from) {
            *count = groups[group] * weight(age) / total;
        }
    }
    split_adults(groups, &mut ages);
    split_oldest(groups, &mut ages);
    ages
}

/// Ages 15-84 by differences of a monotone cubic through the cumulative count at the group bounds.
fn split_adults(groups: &[f64; 19], ages: &mut [f64; N_AGES]) {
    let bounds: Vec<f64> = GROUP_STARTS.iter().map(|&age| age as f64).collect();
    let mut cumulative = vec![0.0];
    for group in 0..18 {
        cumulative.push(cumulative[group] + groups[group]);
    }
    let slopes = monotone_slopes(&bounds, &cumulative);
    for group in 4..18 {
        let (from, to) = (GROUP_STARTS[group], GROUP_STARTS[group + 1]);
        let value = |age: usize| {
            hermite(
                (age - from) as f64 / (to - from) as f64,
                (to - from) as f64,
                [cumulative[group], cumulative[group + 1]],
                [slopes[group], slopes[group + 1]],
            )
        };
        for (age, count) in ages.iter_mut().enumerate().take(to).skip(from) {
            *count = (value(age + 1) - value(age)).max(0.0);
        }
        let total = sum(ages[from..to].iter().copied());
        if total > 0.0 {
            ages[from..to].iter_mut().for_each(|count| *count *= groups[group] / total);
        }
    }
}

/// Cubic Hermite interpolation at `u` in 0..1 over a step of `width`.
fn hermite(u: f64, width: f64, values: [f64; 2], slopes: [f64; 2]) -> f64 {
    let (u2, u3) = (u * u, u * u * u);
    (2.0 * u3 - 3.0 * u2 + 1.0) * values[0]
        + (u3 - 2.0 * u2 + u) * width * slopes[0]
        + (3.0 * u2 - 2.0 * u3) * values[1]
        + (u3 - u2) * width * slopes[1]
}

/// Slopes at the nodes that keep a cubic through a rising sequence monotone (Fritsch & Carlson 1980).
fn monotone_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    let secant: Vec<f64> = (0..n - 1).map(|i| (y[i + 1] - y[i]) / (x[i + 1] - x[i])).collect();
    let mut slopes = vec![secant[0]];
    for i in 1..n - 1 {
        slopes.push(if secant[i - 1] * secant[i] <= 0.0 {
            0.0
        } else {
            let (w1, w2) = (
                2.0 * (x[i + 1] - x[i]) + x[i] - x[i - 1],
                x[i + 1] - x[i] + 2.0 * (x[i] - x[i - 1]),
            );
            (w1 + w2) / (w1 / secant[i - 1] + w2 / secant[i])
        });
    }
    slopes.push(secant[n - 2]);
    slopes
}

/// Ages 85 and over: a geometric series whose ratio is that of 85+ to 80+, five years apart: `r⁵ = B/(A + B)`.
fn split_oldest(groups: &[f64; 19], ages: &mut [f64; N_AGES]) {
    let (a, b) = (groups[17], groups[18]);
    if b <= 0.0 {
        return;
    }
    let ratio = crate::numeric::exp(crate::numeric::ln(b / (a + b)) / 5.0).min(0.95);
    let mut count = b * (1.0 - ratio);
    let mut left = b;
    for cell in &mut ages[85..N_AGES - 1] {
        *cell = count;
        left -= count;
        count *= ratio;
    }
    ages[N_AGES - 1] = left.max(0.0);
}

/// Residents in households and people in group quarters, from all people of one sex and place by single age.
///
/// Students are counted where they study: ages 15-17 in households are `share` of the mean cohort aged 12-14, ages
/// 18-22 at most a straight line from age 17 to age 25. What is above is group quarters.
pub fn without_group_quarters(ages: &[f64; N_AGES], share: f64) -> ([f64; N_AGES], [f64; N_AGES]) {
    let mut residents = *ages;
    let mut group_quarters = [0.0; N_AGES];
    let mean_12_14 = sum(ages[12..15].iter().copied()) / 3.0;
    let group_15_19 = sum(ages[15..20].iter().copied());
    let wanted = (share * mean_12_14 * 3.0).min(group_15_19);
    residents[15..18].fill(wanted / 3.0);
    let rest = group_15_19 - wanted;
    let counted = |age: usize| if age < 20 { rest / 2.0 } else { ages[age] };
    let (at_17, at_25) = (residents[17], ages[25]);
    for age in 18..23 {
        let line = at_17 + (at_25 - at_17) * (age as f64 - 17.0) / 8.0;
        residents[age] = counted(age).min(line);
        group_quarters[age] = counted(age) - residents[age];
    }
    (residents, group_quarters)
}

/// People by completed age on a day that lies `shift` of a year before the census day:
/// `P[x] = (1 − shift)·P_census[x] + shift·P_census[x + 1]`. Children born in between drop out.
pub fn shift_back(ages: &[f64; N_AGES], shift: f64) -> [f64; N_AGES] {
    std::array::from_fn(|age| {
        if age + 1 == N_AGES {
            ages[age]
        } else if age + 2 == N_AGES {
            (1.0 - shift) * ages[age]
        } else {
            (1.0 - shift) * ages[age] + shift * ages[age + 1]
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: [f64; 19] = [
        16512.0, 89422.0, 123924.0, 115847.0, 112057.0, 106518.0, 115755.0, 155536.0, 108746.0,
        114778.0, 137663.0, 147693.0, 121547.0, 95803.0, 94804.0, 56162.0, 30364.0, 19726.0,
        12548.0,
    ];

    #[test]
    fn single_ages_add_up_to_every_census_group() {
        let births = Path::through(vec![(2005, 115.0), (2016, 143.0), (2020, 91.7)]);
        let ages = split(&GROUPS, &births, 2020, 1.0 / 6.0);
        for (group, &count) in GROUPS.iter().enumerate() {
            let to = GROUP_STARTS.get(group + 1).copied().unwrap_or(N_AGES);
            let total = sum(ages[GROUP_STARTS[group]..to].iter().copied());
            assert!((total - count).abs() < 1e-6, "group {group}: {total} against {count}");
        }
        assert!(ages.iter().all(|&count| count >= 0.0));
    }

    #[test]
    fn people_in_group_quarters_and_households_are_everybody() {
        let births = Path::constant(1.0);
        let ages = split(&GROUPS, &births, 2020, 0.0);
        let (residents, group_quarters) = without_group_quarters(&ages, 0.97);
        let total: f64 = sum(residents.iter().chain(&group_quarters).copied());
        assert!((total - sum(GROUPS)).abs() < 1e-6);
    }

    /// 12 people aged 0 and 24 aged 1, two months earlier: 10 of the 12 were born, and 4 of the 24 were still 0.
    #[test]
    fn shifting_back_two_months_by_hand() {
        let mut ages = [0.0; N_AGES];
        (ages[0], ages[1]) = (12.0, 24.0);
        let shifted = shift_back(&ages, 1.0 / 6.0);
        assert!((shifted[0] - 14.0).abs() < 1e-9 && (shifted[1] - 20.0).abs() < 1e-9);
    }
}
