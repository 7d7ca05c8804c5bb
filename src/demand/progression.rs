//! From one year's pupils by residence to the next year's: model section 3.

use crate::axes::{N_GRADES, Stage};
use crate::scenario::Scenario;
use crate::units::Year;
use crate::width::{Lane, gather, splat};

use super::{Children, Demand};

/// Dense index of the last grade of junior school.
const G9: usize = 11;
/// Ages that children reach in school, and one more.
const N_CHILD_AGES: usize = 19;

impl<const W: usize> Demand<W> {
    fn cell(&self, year_idx: usize, area: usize, grade: usize) -> usize {
        (year_idx * self.n_areas + area) * N_GRADES + grade
    }

    /// Pupils of technical schools: a rate on residents aged 15-17.
    #[inline(always)]
    pub(super) fn technical_schools(
        &mut self,
        scenarios: &[&Scenario],
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let rate: Lane<W> = gather(scenarios, |s| s.enrolment.technical_rate.at(year));
        for area in 0..self.n_areas {
            let mut pupils: Lane<W> = splat(0.0);
            for age in 15..18 {
                let here = children.children(year_idx, area, age);
                for l in 0..W {
                    pupils[l] += rate[l] * here[l];
                }
            }
            self.technical[year_idx * self.n_areas + area] = pupils;
        }
    }

    /// Kindergarten pupils: `GER·w[g]·P[age]`, the weights scaled so that pupils over children aged 3-5 is GER in the city.
    #[inline(always)]
    pub(super) fn kindergarten(
        &mut self,
        scenarios: &[&Scenario],
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let weights: [Lane<W>; 3] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.kindergarten_weights[g]));
        let rate: Lane<W> = gather(scenarios, |s| s.enrolment.kindergarten_rate.at(year));
        let (mut all, mut weighted): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for g in 0..3 {
            let mut of_age: Lane<W> = splat(0.0);
            for area in 0..self.n_areas {
                let here = children.children(year_idx, area, 3 + g);
                for l in 0..W {
                    of_age[l] += here[l];
                }
            }
            for l in 0..W {
                all[l] += of_age[l];
                weighted[l] += weights[g][l] * of_age[l];
            }
        }
        let mut scale: Lane<W> = splat(0.0);
        for l in 0..W {
            scale[l] = if weighted[l] > 0.0 { rate[l] * all[l] / weighted[l] } else { 0.0 };
        }
        for area in 0..self.n_areas {
            for g in 0..3 {
                let here = children.children(year_idx, area, 3 + g);
                let cell = self.cell(year_idx, area, g);
                let to = &mut self.residents[cell];
                for l in 0..W {
                    to[l] = scale[l] * weights[g][l] * here[l];
                }
            }
        }
    }

    /// Grades 1 to 12: coverage at entry, then each cohort with its growth and retention.
    ///
    /// Inside a stage and from G6 to G7: `N[g+1](t+1) = N[g](t)·m·ρ[g]`, with `m` the growth of the cohort. G1 is coverage
    /// times children aged 6; S1 and V1 are κγ and κ(1−γ) of last year's G9. Rates are those of the year that is entered.
    #[inline(always)]
    pub(super) fn cohorts(
        &mut self,
        scenarios: &[&Scenario],
        areas_of_district: &[Vec<usize>],
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        let city = &*scenarios[0].city;
        let year = city.base_year + year_idx as Year;
        let retention: [Lane<W>; N_GRADES] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.retention[g].at(year)));
        let coverage: Lane<W> = gather(scenarios, |s| s.enrolment.coverage.at(year));
        let [to_senior, to_vocational] = after_junior(scenarios, year);
        let minimum: Lane<W> = gather(scenarios, |s| s.enrolment.minimum_people);
        // Growth of the whole city by age, where some area needs it.
        let mut of_city = [None; N_CHILD_AGES];
        for area in 0..self.n_areas {
            let (now, before) = (self.cell(year_idx, area, 0), self.cell(year_idx - 1, area, 0));
            let here = children.children(year_idx, area, 6);
            let mut entrants: Lane<W> = splat(0.0);
            for l in 0..W {
                entrants[l] = coverage[l] * here[l];
            }
            self.residents[now + Stage::Primary.first_grade()] = entrants;
            let district = &areas_of_district[city.areas[area].district];
            for age in 7..18 {
                let growth = Growth { children, n_areas: self.n_areas, year_idx, age, district };
                let growth = growth.of(area, &minimum, &mut of_city[age]);
                // Of 15 on there are two schools of the same age, which follow the same cohort.
                let (grade, from) = (age - 3, age - 4);
                let ratio = if age == 15 { &to_senior } else { &retention[from] };
                let pupils = self.residents[before + from];
                let mut next: Lane<W> = splat(0.0);
                for l in 0..W {
                    next[l] = pupils[l] * growth[l] * ratio[l];
                }
                self.residents[now + grade] = next;
                if age < 15 {
                    continue;
                }
                let (grade, from) = (age, if age == 15 { G9 } else { age - 1 });
                let ratio = if age == 15 { &to_vocational } else { &retention[from] };
                let pupils = self.residents[before + from];
                for l in 0..W {
                    next[l] = pupils[l] * growth[l] * ratio[l];
                }
                self.residents[now + grade] = next;
            }
        }
    }

    /// Pupils by residence of a year by grade progression alone: entrants of K1 and G1 and pupils of technical schools as in the
    /// base year, the other grades by the ratios of [`grade_progression`](super::grade_progression).
    #[inline(always)]
    pub(super) fn by_ratios(&mut self, scenarios: &[&Scenario], year_idx: usize) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let retention: [Lane<W>; N_GRADES] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.retention[g].at(year)));
        let upper = after_junior(scenarios, year);
        let weights: [Lane<W>; 3] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.kindergarten_weights[g]));
        for area in 0..self.n_areas {
            let (now, before) = (self.cell(year_idx, area, 0), self.cell(year_idx - 1, area, 0));
            let base = self.cell(0, area, 0);
            for stage in Stage::ALL {
                let first = stage.first_grade();
                self.residents[now + first] = self.residents[base + first];
                for grade in first + 1..first + stage.n_grades() {
                    let (pupils, as_base) =
                        (self.residents[before + grade - 1], self.residents[base + grade]);
                    let mut next: Lane<W> = splat(0.0);
                    for l in 0..W {
                        let ratio = match stage {
                            Stage::Kindergarten => weights[grade][l] / weights[grade - 1][l],
                            _ => retention[grade - 1][l],
                        };
                        // A grade whose grade below has no weight has no ratio.
                        next[l] = if ratio.is_finite() { pupils[l] * ratio } else { as_base[l] };
                    }
                    self.residents[now + grade] = next;
                }
            }
            let moved_up = [
                (
                    Stage::Junior,
                    Stage::Junior.first_grade() - 1,
                    &retention[Stage::Junior.first_grade() - 1],
                ),
                (Stage::Senior, G9, &upper[0]),
                (Stage::Vocational, G9, &upper[1]),
            ];
            for (stage, from, ratio) in moved_up {
                let pupils = self.residents[before + from];
                let mut next: Lane<W> = splat(0.0);
                for l in 0..W {
                    next[l] = pupils[l] * ratio[l];
                }
                self.residents[now + stage.first_grade()] = next;
            }
            self.technical[year_idx * self.n_areas + area] = self.technical[area];
        }
    }
}

/// κγ and κ(1−γ) of a year.
#[inline(always)]
fn after_junior<const W: usize>(scenarios: &[&Scenario], year: Year) -> [Lane<W>; 2] {
    let continuation: Lane<W> = gather(scenarios, |s| s.enrolment.continuation.at(year));
    let academic: Lane<W> = gather(scenarios, |s| s.enrolment.academic_share.at(year));
    let (mut to_senior, mut to_vocational): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
    for l in 0..W {
        to_senior[l] = continuation[l] * academic[l];
        to_vocational[l] = continuation[l] * (1.0 - academic[l]);
    }
    [to_senior, to_vocational]
}

/// Growth of the cohort that reaches an age in a year, `m = P[x](t+1) / P[x−1](t)`.
struct Growth<'a, C> {
    children: &'a C,
    n_areas: usize,
    year_idx: usize,
    age: usize,
    /// Areas of the district of the area.
    district: &'a [usize],
}

impl<C> Growth<'_, C> {
    /// From the area, or from its district or the city where the cohort has fewer people than the stated minimum.
    #[inline(always)]
    fn of<const W: usize>(
        &self,
        area: usize,
        minimum: &Lane<W>,
        of_city: &mut Option<Lane<W>>,
    ) -> Lane<W>
    where
        C: Children<W>,
    {
        let before = self.children.children(self.year_idx - 1, area, self.age - 1);
        let after = self.children.children(self.year_idx, area, self.age);
        let mut growth: Lane<W> = splat(1.0);
        let mut is_small = false;
        for l in 0..W {
            growth[l] = after[l] / before[l];
        }
        for l in 0..W {
            is_small |= before[l] < minimum[l] || before[l] <= 0.0;
        }
        if is_small {
            for l in 0..W {
                if before[l] < minimum[l] || before[l] <= 0.0 {
                    growth[l] = self
                        .of_district(area, l, minimum[l])
                        .unwrap_or_else(|| of_city.get_or_insert_with(|| self.of_city())[l]);
                }
            }
        }
        growth
    }

    /// The growth of a small cohort in one lane: that of its district, if enough people live there.
    fn of_district<const W: usize>(&self, area: usize, l: usize, minimum: f64) -> Option<f64>
    where
        C: Children<W>,
    {
        for among in [std::slice::from_ref(&area), self.district] {
            let (mut before, mut after) = (0.0, 0.0);
            for &other in among {
                before += self.children.children(self.year_idx - 1, other, self.age - 1)[l];
                after += self.children.children(self.year_idx, other, self.age)[l];
            }
            if before >= minimum {
                return Some(if before > 0.0 { after / before } else { 1.0 });
            }
        }
        None
    }

    /// The growth of a cohort in the whole city.
    fn of_city<const W: usize>(&self) -> Lane<W>
    where
        C: Children<W>,
    {
        let (mut before, mut after): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for area in 0..self.n_areas {
            let younger = self.children.children(self.year_idx - 1, area, self.age - 1);
            let older = self.children.children(self.year_idx, area, self.age);
            for l in 0..W {
                before[l] += younger[l];
                after[l] += older[l];
            }
        }
        let mut growth: Lane<W> = splat(1.0);
        for l in 0..W {
            growth[l] = if before[l] > 0.0 { after[l] / before[l] } else { 1.0 };
        }
        growth
    }
}

/// Nine-year retention (巩固率) of the cohort in G9 in `year`: Π ρ from G1 to G9.
pub(super) fn nine_year_retention(scenario: &Scenario, year: Year) -> f64 {
    (3..G9)
        .map(|grade| scenario.enrolment.retention[grade].at(year - (G9 - 1 - grade) as Year))
        .product()
}
