//! From one year's pupils by residence to the next year's.

use crate::axes::{N_GRADES, Stage};
use crate::numeric::sum;
use crate::population::Projection;
use crate::scenario::Scenario;
use crate::units::Year;

use super::grade_progression::step;

/// Dense index of the last grade of junior school.
const G9: usize = 11;

/// Pupils by residence of year `year_idx` from those of the year before.
///
/// Inside a stage and from G6 to G7: `N[g+1](t+1) = N[g](t)·m·ρ[g]`, with `m` the growth of the cohort. G1 is coverage
/// times children aged 6; kindergarten is a rate each year; S1 and V1 are κγ and κ(1−γ) of last year's G9. Rates are
/// those of the year that is entered.
pub(super) fn one_year(
    scenario: &Scenario,
    population: &Projection,
    year_idx: usize,
    before: &[f64],
) -> Vec<f64> {
    let city = &*scenario.city;
    let year = city.base_year + year_idx as Year;
    let enrolment = &scenario.enrolment;
    let growth = Growth::new(scenario, population, year_idx);
    let mut next = vec![0.0; before.len()];
    kindergarten(scenario, population, year_idx, &mut next);
    let continuation = enrolment.continuation.at(year);
    let academic = enrolment.academic_share.at(year);
    for area in 0..city.areas.len() {
        let row = area * N_GRADES;
        for stage in [Stage::Primary, Stage::Junior, Stage::Senior, Stage::Vocational] {
            let first = stage.first_grade();
            next[row + first] = match stage {
                Stage::Primary => {
                    enrolment.coverage.at(year) * population.children(year_idx, area, 6)
                }
                Stage::Junior => {
                    before[row + first - 1]
                        * growth.of(area, 12)
                        * enrolment.retention[first - 1].at(year)
                }
                Stage::Senior => before[row + G9] * growth.of(area, 15) * continuation * academic,
                _ => before[row + G9] * growth.of(area, 15) * continuation * (1.0 - academic),
            };
            for grade in first + 1..first + stage.n_grades() {
                let age = stage.first_age() + grade - first;
                next[row + grade] = before[row + grade - 1]
                    * growth.of(area, age)
                    * enrolment.retention[grade - 1].at(year);
            }
        }
    }
    next
}

/// Kindergarten pupils: `GER·w[g]·P[age]`, the weights scaled so that pupils over children aged 3-5 is GER in the city.
pub(super) fn kindergarten(
    scenario: &Scenario,
    population: &Projection,
    year_idx: usize,
    next: &mut [f64],
) {
    let city = &*scenario.city;
    let weights = scenario.enrolment.kindergarten_weights;
    let of_age = |age: usize| {
        sum((0..city.areas.len()).map(|area| population.children(year_idx, area, age)))
    };
    let children = [of_age(3), of_age(4), of_age(5)];
    let weighted = sum((0..3).map(|g| weights[g] * children[g]));
    if weighted <= 0.0 {
        return;
    }
    let year = city.base_year + year_idx as Year;
    let rate =
        scenario.enrolment.kindergarten_rate.at(year) * sum(children.iter().copied()) / weighted;
    for area in 0..city.areas.len() {
        for (g, weight) in weights.iter().enumerate() {
            next[area * N_GRADES + g] = rate * weight * population.children(year_idx, area, 3 + g);
        }
    }
}

/// Pupils by residence of year `year_idx` from those of the year before, by ratios from grade to grade alone.
///
/// `N[g+1](t+1) = N[g](t)·ρ[g]` without the growth of cohorts; K1 and G1 as in the base year; S1 and V1 are κγ and
/// κ(1−γ) of last year's G9. Rates are those of the year that is entered. What this leaves out stands in
/// [`grade_progression`](super::grade_progression).
pub(super) fn one_year_by_ratios(
    scenario: &Scenario,
    year_idx: usize,
    base: &[f64],
    before: &[f64],
) -> Vec<f64> {
    let year = scenario.city.base_year + year_idx as Year;
    let enrolment = &scenario.enrolment;
    let retention = |grades: std::ops::Range<usize>| -> Vec<f64> {
        enrolment.retention[grades].iter().map(|path| path.at(year)).collect()
    };
    let compulsory = retention(Stage::Primary.first_grade()..G9);
    let upper = [Stage::Senior, Stage::Vocational].map(|stage| {
        let first = stage.first_grade();
        (stage.grades(), retention(first..first + stage.n_grades() - 1))
    });
    let continuation = enrolment.continuation.at(year);
    let academic = enrolment.academic_share.at(year);
    let shares = [continuation * academic, continuation * (1.0 - academic)];
    let mut next = Vec::with_capacity(before.len());
    for (base, before) in base.chunks(N_GRADES).zip(before.chunks(N_GRADES)) {
        next.extend(kindergarten_by_ratios(enrolment.kindergarten_weights, base, before));
        let first = Stage::Primary.first_grade();
        next.extend(step(&before[first..=G9], &compulsory, base[first]));
        for ((grades, ratios), share) in upper.iter().zip(shares) {
            next.extend(step(&before[grades.clone()], ratios, before[G9] * share));
        }
    }
    next
}

/// Kindergarten pupils of an area by the ratios of the attendance weights, K1 as in the base year. A grade whose grade
/// below has no weight has no ratio and stays as in the base year too.
fn kindergarten_by_ratios(weights: [f64; 3], base: &[f64], before: &[f64]) -> Vec<f64> {
    let ratios: Vec<f64> = weights.windows(2).map(|pair| pair[1] / pair[0]).collect();
    let mut pupils = step(&before[Stage::Kindergarten.grades()], &ratios, base[0]);
    for (grade, ratio) in (1..).zip(&ratios) {
        if !ratio.is_finite() {
            pupils[grade] = base[grade];
        }
    }
    pupils
}

/// Pupils of technical schools by area and year: a rate on residents aged 15-17.
pub(super) fn technical(scenario: &Scenario, population: &Projection) -> Vec<Vec<f64>> {
    let city = &*scenario.city;
    (0..city.n_years())
        .map(|year_idx| {
            let rate = scenario.enrolment.technical_rate.at(city.base_year + year_idx as Year);
            (0..city.areas.len())
                .map(|area| {
                    rate * sum((15..18).map(|age| population.children(year_idx, area, age)))
                })
                .collect()
        })
        .collect()
}

/// Nine-year retention (巩固率) of the cohort in G9 in `year`: Π ρ from G1 to G9.
pub(super) fn nine_year_retention(scenario: &Scenario, year: Year) -> f64 {
    (3..G9)
        .map(|grade| scenario.enrolment.retention[grade].at(year - (G9 - 1 - grade) as Year))
        .product()
}

/// Growth of cohorts over one year, `m = P[x](t+1) / P[x−1](t)`, from the area, or from its district or the city
/// where the cohort has fewer people than the stated minimum.
struct Growth<'a> {
    scenario: &'a Scenario,
    population: &'a Projection,
    year_idx: usize,
}

impl<'a> Growth<'a> {
    fn new(scenario: &'a Scenario, population: &'a Projection, year_idx: usize) -> Self {
        Growth { scenario, population, year_idx }
    }

    /// Growth of the cohort that reaches `age` in this year in an area.
    fn of(&self, area_idx: usize, age: usize) -> f64 {
        let areas = &self.scenario.city.areas;
        let minimum = self.scenario.enrolment.minimum_people;
        let district = areas[area_idx].district;
        let own = self.ratio(std::iter::once(area_idx), age);
        if own.0 >= minimum {
            return own.1;
        }
        let in_district = (0..areas.len()).filter(|&a| areas[a].district == district);
        let district_ratio = self.ratio(in_district, age);
        if district_ratio.0 >= minimum {
            return district_ratio.1;
        }
        self.ratio(0..areas.len(), age).1
    }

    /// People of the cohort last year in these areas, and its growth (1 where nobody was there).
    fn ratio(&self, areas: impl Iterator<Item = usize>, age: usize) -> (f64, f64) {
        let (mut before, mut after) = (0.0, 0.0);
        for area in areas {
            before += self.population.children(self.year_idx - 1, area, age - 1);
            after += self.population.children(self.year_idx, area, age);
        }
        (before, if before > 0.0 { after / before } else { 1.0 })
    }
}
