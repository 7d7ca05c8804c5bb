//! Pure grade progression: pupils of a grade over those of the grade below a year earlier, carried on.
//!
//! In: enrolment by grade of past years, the pupils of a base year, entrants of later years. Out: progression ratios
//! and pupils by grade and year. Nothing here knows people, areas or schools.
//!
//! Method: Webster (1970), *Journal of Experimental Education*, doi:10.1080/00220973.1970.11011238 (cohort-survival
//! ratios); names of the averages and the swing as in the R package `enrollcast` 0.1.0 (Lawless 2026). From its version
//! 0.2.0 on that package moves classes up during a swing too; here a swing holds every grade, as in 0.1.0.
//!
//! # As a mode of demand
//!
//! [`DemandMode::GradeProgression`](crate::scenario::DemandMode) projects the pupils of every area by [`step`] alone, as
//! the plain rival of the cohort model. Entrants of K1 and of G1 stay those of the base year, pupils of technical schools
//! too; K1→K2 and K2→K3 go by the ratios of the attendance weights, the other grades by the scenario's retention of the
//! year that is entered; S1 and V1 are κγ and κ(1−γ) of last year's G9. **It leaves out** births, migration, moves,
//! deaths, the gross rate of kindergartens and the coverage of G1: a cohort that grows or shrinks outside school, and
//! every later change of the number of children, is not seen.

use crate::numeric::{exp, ln, sum};
use crate::units::Year;

/// How the yearly ratios of a grade become one.
#[derive(Debug, Clone, PartialEq)]
pub enum Average {
    /// Arithmetic mean.
    Mean,
    /// Geometric mean.
    Geometric,
    /// Median; the mean of the two in the middle for an even number.
    Median,
    /// The newest ratio alone.
    Last,
    /// Weighted mean; weights (0 or more) from the newest ratio to the oldest. Ratios older than the last weight do not
    /// count.
    Weighted(Vec<f64>),
}

impl Average {
    /// The average of ratios that are listed newest first; nothing where none counts.
    fn of(&self, newest_first: &[f64]) -> Option<f64> {
        let n = newest_first.len() as f64;
        let newest = *newest_first.first()?;
        match self {
            Average::Mean => Some(sum(newest_first.iter().copied()) / n),
            Average::Geometric => Some(exp(sum(newest_first.iter().map(|&r| ln(r))) / n)),
            Average::Median => {
                let mut sorted = newest_first.to_vec();
                sorted.sort_by(f64::total_cmp);
                let upper = sorted.len() / 2;
                let lower = (sorted.len() - 1) / 2;
                Some((sorted[lower] + sorted[upper]) / 2.0)
            }
            Average::Last => Some(newest),
            Average::Weighted(weights) => {
                let total = sum(weights.iter().take(newest_first.len()).copied());
                let weighted = sum(newest_first.iter().zip(weights).map(|(r, w)| r * w));
                (total > 0.0).then(|| weighted / total)
            }
        }
    }
}

/// Progression ratios from a history of enrolment: for each grade but the first, pupils over those of the grade below
/// one year earlier, averaged.
///
/// `years[i]` is the school year of row `pupils[i]` (1 September), in any order, each year once; a row holds the pupils
/// of every grade from the entry grade up, `None` where a count is missing (so does a short row). The result has one
/// ratio fewer than the longest row has grades, the first from the entry grade into the second.
///
/// Only pairs of consecutive years count, with both counts known and somebody in the grade below; a gap of two years is
/// no transition. `None`: the history has no transition into that grade (or weights that sum to 0).
pub fn progression_ratios(
    years: &[Year],
    pupils: &[Vec<Option<f64>>],
    average: &Average,
) -> Vec<Option<f64>> {
    let mut rows: Vec<(Year, &[Option<f64>])> =
        years.iter().copied().zip(pupils.iter().map(Vec::as_slice)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.0));
    let n_grades = rows.iter().map(|row| row.1.len()).max().unwrap_or(0);
    let count = |row: &[Option<f64>], grade: usize| {
        row.get(grade).copied().flatten().filter(|n| n.is_finite() && *n >= 0.0)
    };
    (1..n_grades)
        .map(|grade| {
            let newest_first: Vec<f64> = rows
                .windows(2)
                .filter(|pair| pair[1].0.checked_add(1) == Some(pair[0].0))
                .filter_map(|pair| {
                    let feeder = count(pair[1].1, grade - 1).filter(|&n| n > 0.0)?;
                    Some(count(pair[0].1, grade)? / feeder)
                })
                .collect();
            average.of(&newest_first)
        })
        .collect()
}

/// Pupils by grade a year later: `N[g+1](t+1) = N[g](t)·ratio[g]`, and `entry` pupils in the first grade.
///
/// `before` holds the pupils of every grade from the entry grade up, `ratios` one fewer: from each grade into the next.
pub fn step(before: &[f64], ratios: &[f64], entry: f64) -> Vec<f64> {
    let moved_up = before.iter().zip(ratios).map(|(pupils, ratio)| pupils * ratio);
    std::iter::once(entry).chain(moved_up).collect()
}

/// Pupils by grade of the years after a base year, `[year][grade]`: one [`step`] for each number of entrants, with the
/// same ratios throughout.
pub fn project(base: &[f64], ratios: &[f64], entry: &[f64]) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(entry.len());
    for &entrants in entry {
        let next = step(rows.last().map_or(base, Vec::as_slice), ratios, entrants);
        rows.push(next);
    }
    rows
}

/// Years in which a school does not live by progression: it is held at a low level (moved to a makeshift building, say)
/// and then recovers.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// Years in which every grade stays what it was in the base year.
    pub years_held: usize,
    /// After them, a year each: this year's pupils over last year's, the same for every grade.
    pub recovery: Vec<f64>,
}

impl Swing {
    /// Pupils over those of the base year, for each year of the swing.
    fn levels(&self) -> Vec<f64> {
        let mut level = 1.0;
        let mut levels = vec![level; self.years_held];
        for multiplier in &self.recovery {
            level *= multiplier;
            levels.push(level);
        }
        levels
    }
}

/// Entrants of the years after a base year with a swing: held flat, then recovering, then `given`.
pub fn entry_path(base_entry: f64, swing: &Swing, given: &[f64]) -> Vec<f64> {
    let levels = swing.levels();
    levels.iter().map(|level| base_entry * level).chain(given.iter().copied()).collect()
}

/// Pupils by grade of the years after a base year with a swing, `[year][grade]`: every grade held flat, then every grade
/// times the recovery multipliers, then [`project`] from there with the entrants that are `given`.
pub fn project_with_swing(
    base: &[f64],
    ratios: &[f64],
    swing: &Swing,
    given: &[f64],
) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = swing
        .levels()
        .iter()
        .map(|level| base.iter().map(|pupils| pupils * level).collect())
        .collect();
    let normal = project(rows.last().map_or(base, Vec::as_slice), ratios, given);
    rows.extend(normal);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(rows: &[&[f64]]) -> Vec<Vec<Option<f64>>> {
        rows.iter().map(|row| row.iter().map(|&n| Some(n)).collect()).collect()
    }

    /// 2020→2021: 50/100 and 45/60; 2021→2022: 90/120 and 25/50. Means 0.625 and 0.625, medians the same, newest 0.75
    /// and 0.5; weights 3 and 1 give (3·0.75 + 0.5)/4 = 0.6875 and (3·0.5 + 0.75)/4 = 0.5625.
    #[test]
    fn ratios_by_hand_in_any_order_of_years() {
        let pupils = whole(&[&[120.0, 50.0, 45.0], &[130.0, 90.0, 25.0], &[100.0, 60.0, 70.0]]);
        let of = |average: Average| progression_ratios(&[2021, 2022, 2020], &pupils, &average);
        assert_eq!(of(Average::Mean), [Some(0.625), Some(0.625)]);
        assert_eq!(of(Average::Median), [Some(0.625), Some(0.625)]);
        assert_eq!(of(Average::Last), [Some(0.75), Some(0.5)]);
        assert_eq!(of(Average::Weighted(vec![3.0, 1.0])), [Some(0.6875), Some(0.5625)]);
        assert_eq!(of(Average::Weighted(vec![1.0])), of(Average::Last));
        assert_eq!(of(Average::Weighted(vec![0.0])), [None, None]);
    }

    /// √(0.5·0.125) = 0.25; a ratio of 0 makes the geometric mean 0.
    #[test]
    fn geometric_means_by_hand() {
        let mean = Average::Geometric.of(&[0.5, 0.125]).unwrap_or(f64::NAN);
        assert!((mean - 0.25).abs() < 1e-15);
        assert_eq!(Average::Geometric.of(&[0.5, 0.0]), Some(0.0));
    }

    /// 2018→2020 is no transition; a missing count and an empty grade below give none.
    #[test]
    fn gaps_and_missing_counts_give_no_ratio() {
        let gap = whole(&[&[100.0, 50.0], &[100.0, 60.0]]);
        assert_eq!(progression_ratios(&[2018, 2020], &gap, &Average::Mean), [None]);
        let rows = vec![
            vec![Some(100.0), None, Some(0.0)],
            vec![Some(0.0), Some(80.0), Some(70.0), Some(60.0)],
            vec![Some(90.0), Some(75.0), Some(60.0)],
        ];
        let found = progression_ratios(&[2019, 2020, 2021], &rows, &Average::Mean);
        // Into the second grade only 2019→2020, 80/100; into the third 2020→2021, 60/80; into the fourth nobody came
        // from (0 in 2019), and 2021 does not count it.
        assert_eq!(found, [Some(0.8), Some(0.75), None]);
        assert_eq!(progression_ratios(&[2019], &rows, &Average::Mean), [None, None]);
        assert!(progression_ratios(&[], &[], &Average::Mean).is_empty());
    }

    /// 80·1.5 = 120, then 120·0.5 = 60 goes up and 7 enter.
    #[test]
    fn a_swing_without_years_held() {
        let swing = Swing { years_held: 0, recovery: vec![1.5] };
        assert_eq!(
            project_with_swing(&[80.0, 10.0], &[0.5], &swing, &[7.0]),
            [[120.0, 15.0], [7.0, 60.0]]
        );
        assert_eq!(entry_path(80.0, &swing, &[7.0]), [120.0, 7.0]);
    }

    #[test]
    fn no_swing_is_a_projection() {
        let swing = Swing { years_held: 0, recovery: vec![] };
        let (base, ratios, entry) = ([10.0, 20.0, 30.0], [0.5, 2.0], [1.0, 2.0, 3.0]);
        let expected = [[1.0, 5.0, 40.0], [2.0, 0.5, 10.0], [3.0, 1.0, 1.0]];
        assert_eq!(project(&base, &ratios, &entry), expected);
        assert_eq!(project_with_swing(&base, &ratios, &swing, &entry), expected);
    }
}
