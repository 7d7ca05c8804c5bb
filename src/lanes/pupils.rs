//! Pupils by residence in lanes: model section 3, the rules of [`demand`](crate::demand).

use crate::axes::{N_GRADES, N_STAGES, Stage};
use crate::scenario::Scenario;
use crate::units::Year;

use super::layout::Layout;
use super::people::{N_CHILD_AGES, People, Whole};
use super::{LANES, Lane, gather, splat};

/// Dense index of the last grade of junior school.
const G9: usize = 11;

impl People {
    /// Pupils by residence of a year, whose children must be there, and in the base year the attendance.
    #[inline(always)]
    pub(super) fn enrol(&mut self, layout: &Layout, scenarios: &[&Scenario], year_idx: usize) {
        let city = &*layout.city;
        let (n_areas, n_years) = (city.areas.len(), city.n_years());
        let year = city.base_year + year_idx as Year;
        if year_idx == 0 {
            self.technical.clear();
            self.attend(layout, scenarios);
        } else {
            self.kindergarten(layout, scenarios, year_idx);
            self.schools(layout, scenarios, year_idx);
        }
        let rate = gather(scenarios, |s| s.enrolment.technical_rate.at(year));
        let mut pupils = splat(0.0);
        for area in 0..n_areas {
            for age in 15..18 {
                let children = self.child(n_areas, year_idx, area, age);
                for l in 0..LANES {
                    pupils[l] += rate[l] * children[l];
                }
            }
        }
        self.technical.push(pupils);
        self.whole.resize(N_STAGES * n_years, Whole::default());
        for stage in Stage::ALL {
            self.whole[stage.idx() * n_years + year_idx] =
                self.whole_city(n_areas, stage, year_idx);
        }
    }

    /// Tells the births of all years with kindergartens.
    pub(super) fn tell_births(&mut self, n_years: usize) {
        let years = &mut self.whole[Stage::Kindergarten.idx() * n_years..][..n_years];
        for (whole, births) in years.iter_mut().zip(&self.births) {
            whole.births = *births;
        }
    }

    /// A stage in a year, the whole city, without its births.
    #[inline(always)]
    fn whole_city(&self, n_areas: usize, stage: Stage, year_idx: usize) -> Whole {
        let none = splat(0.0);
        let (mut population, mut upper_secondary) = (none, none);
        let residents = self.pupils_of(n_areas, year_idx, stage);
        for area in 0..n_areas {
            for g in 0..stage.n_grades() {
                let children = *self.child(n_areas, year_idx, area, stage.first_age() + g);
                for l in 0..LANES {
                    population[l] += children[l];
                }
            }
        }
        if stage == Stage::Senior {
            let vocational = self.pupils_of(n_areas, year_idx, Stage::Vocational);
            for l in 0..LANES {
                upper_secondary[l] = residents[l] + vocational[l] + self.technical[year_idx][l];
            }
        }
        Whole { population, residents, upper_secondary, births: none }
    }

    /// Pupils by residence of a stage in a year.
    #[inline(always)]
    fn pupils_of(&self, n_areas: usize, year_idx: usize, stage: Stage) -> Lane {
        let mut all = splat(0.0);
        for area in 0..n_areas {
            for grade in stage.grades() {
                let pupils = self.residents[(year_idx * n_areas + area) * N_GRADES + grade];
                for l in 0..LANES {
                    all[l] += pupils[l];
                }
            }
        }
        all
    }

    /// Kindergarten: `GER·w[g]·P[age]`, the weights scaled to the city's children.
    #[inline(always)]
    fn kindergarten(&mut self, layout: &Layout, scenarios: &[&Scenario], year_idx: usize) {
        let n_areas = layout.city.areas.len();
        let year = layout.city.base_year + year_idx as Year;
        let weights: [Lane; 3] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.kindergarten_weights[g]));
        let rate = gather(scenarios, |s| s.enrolment.kindergarten_rate.at(year));
        let (mut all, mut weighted) = (splat(0.0), splat(0.0));
        for g in 0..3 {
            let mut children = splat(0.0);
            for area in 0..n_areas {
                let here = self.child(n_areas, year_idx, area, 3 + g);
                for l in 0..LANES {
                    children[l] += here[l];
                }
            }
            for l in 0..LANES {
                all[l] += children[l];
                weighted[l] += weights[g][l] * children[l];
            }
        }
        let mut scale = splat(0.0);
        for l in 0..LANES {
            scale[l] = if weighted[l] > 0.0 { rate[l] * all[l] / weighted[l] } else { 0.0 };
        }
        for area in 0..n_areas {
            for g in 0..3 {
                let children = *self.child(n_areas, year_idx, area, 3 + g);
                let to = &mut self.residents[(year_idx * n_areas + area) * N_GRADES + g];
                for l in 0..LANES {
                    to[l] = scale[l] * weights[g][l] * children[l];
                }
            }
        }
    }

    /// Grades 1 to 12: coverage at entry, then each cohort with its growth and retention.
    #[inline(always)]
    fn schools(&mut self, layout: &Layout, scenarios: &[&Scenario], year_idx: usize) {
        let n_areas = layout.city.areas.len();
        let year = layout.city.base_year + year_idx as Year;
        let retention: [Lane; N_GRADES] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.retention[g].at(year)));
        let coverage = gather(scenarios, |s| s.enrolment.coverage.at(year));
        let continuation = gather(scenarios, |s| s.enrolment.continuation.at(year));
        let academic = gather(scenarios, |s| s.enrolment.academic_share.at(year));
        let (mut to_senior, mut to_vocational) = (splat(0.0), splat(0.0));
        for l in 0..LANES {
            to_senior[l] = continuation[l] * academic[l];
            to_vocational[l] = continuation[l] * (1.0 - academic[l]);
        }
        // Growth of the whole city by age, where some area needs it.
        let mut of_city = [None; N_CHILD_AGES];
        for area in 0..n_areas {
            let now = (year_idx * n_areas + area) * N_GRADES;
            let before = ((year_idx - 1) * n_areas + area) * N_GRADES;
            let children = self.child(n_areas, year_idx, area, 6);
            let mut entrants = splat(0.0);
            for l in 0..LANES {
                entrants[l] = coverage[l] * children[l];
            }
            self.residents[now + Stage::Primary.first_grade()] = entrants;
            for age in 7..18 {
                let growth =
                    self.growth(layout, scenarios, year_idx, (area, age), &mut of_city[age]);
                // Of 15 on there are two schools of the same age, which follow the same cohort.
                let (grade, from) = (age - 3, age - 4);
                let ratio = if age == 15 { &to_senior } else { &retention[from] };
                let pupils = self.residents[before + from];
                let mut next = splat(0.0);
                for l in 0..LANES {
                    next[l] = pupils[l] * growth[l] * ratio[l];
                }
                self.residents[now + grade] = next;
                if age < 15 {
                    continue;
                }
                let (grade, from) = (age, if age == 15 { G9 } else { age - 1 });
                let ratio = if age == 15 { &to_vocational } else { &retention[from] };
                let pupils = self.residents[before + from];
                for l in 0..LANES {
                    next[l] = pupils[l] * growth[l] * ratio[l];
                }
                self.residents[now + grade] = next;
            }
        }
    }

    /// `m = P[x](t+1) / P[x−1](t)` of the cohort that reaches `age`: from the area, or from its district or the city where the
    /// cohort has fewer people than the stated minimum.
    #[inline(always)]
    fn growth(
        &self,
        layout: &Layout,
        scenarios: &[&Scenario],
        year_idx: usize,
        (area, age): (usize, usize),
        of_city: &mut Option<Lane>,
    ) -> Lane {
        let n_areas = layout.city.areas.len();
        let before = self.child(n_areas, year_idx - 1, area, age - 1);
        let after = self.child(n_areas, year_idx, area, age);
        let mut growth = splat(1.0);
        let mut is_small = false;
        for l in 0..LANES {
            growth[l] = after[l] / before[l];
        }
        let minimum = gather(scenarios, |s| s.enrolment.minimum_people);
        for l in 0..LANES {
            is_small |= before[l] < minimum[l] || before[l] <= 0.0;
        }
        if is_small {
            for l in 0..LANES {
                if before[l] < minimum[l] || before[l] <= 0.0 {
                    let found = self.wider_growth(layout, year_idx, (area, age), l, minimum[l]);
                    growth[l] = found.unwrap_or_else(|| {
                        of_city.get_or_insert_with(|| self.city_growth(n_areas, year_idx, age))[l]
                    });
                }
            }
        }
        growth
    }

    /// The growth of a small cohort in one lane: that of its district, if enough people live there.
    fn wider_growth(
        &self,
        layout: &Layout,
        year_idx: usize,
        (area, age): (usize, usize),
        l: usize,
        minimum: f64,
    ) -> Option<f64> {
        let areas = &layout.city.areas;
        let district = &layout.areas_of_district[areas[area].district];
        for among in [std::slice::from_ref(&area), district] {
            let (mut before, mut after) = (0.0, 0.0);
            for &other in among {
                before += self.child(areas.len(), year_idx - 1, other, age - 1)[l];
                after += self.child(areas.len(), year_idx, other, age)[l];
            }
            if before >= minimum {
                return Some(if before > 0.0 { after / before } else { 1.0 });
            }
        }
        None
    }

    /// The growth of a cohort in the whole city.
    fn city_growth(&self, n_areas: usize, year_idx: usize, age: usize) -> Lane {
        let (mut before, mut after) = (splat(0.0), splat(0.0));
        for area in 0..n_areas {
            let younger = self.child(n_areas, year_idx - 1, area, age - 1);
            let older = self.child(n_areas, year_idx, area, age);
            for l in 0..LANES {
                before[l] += younger[l];
                after[l] += older[l];
            }
        }
        let mut growth = splat(1.0);
        for l in 0..LANES {
            growth[l] = if before[l] > 0.0 { after[l] / before[l] } else { 1.0 };
        }
        growth
    }
}
