//! From one year's pupils by residence to the next year's: model section 3.

use crate::axes::{N_GRADES, Stage};
use crate::scenario::Scenario;
use crate::units::Year;
use crate::width::{Lane, gather, splat};

use super::exchange::Pools;
use super::{Children, Demand, Exchanges};

/// Dense index of the last grade of junior school.
const G9: usize = 11;

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
        exchanges: &Exchanges,
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let retention: [Lane<W>; N_GRADES] =
            std::array::from_fn(|g| gather(scenarios, |s| s.enrolment.retention[g].at(year)));
        let coverage: Lane<W> = gather(scenarios, |s| s.enrolment.coverage.at(year));
        let [to_senior, to_vocational] = after_junior(scenarios, year);
        let minimum: Lane<W> = gather(scenarios, |s| s.enrolment.minimum_people);
        for area in 0..self.n_areas {
            let here = children.children(year_idx, area, 6);
            let mut entrants: Lane<W> = splat(0.0);
            for l in 0..W {
                entrants[l] = coverage[l] * here[l];
            }
            let cell = self.cell(year_idx, area, Stage::Primary.first_grade());
            self.residents[cell] = entrants;
        }
        let mut growth: Vec<Lane<W>> = Vec::with_capacity(self.n_areas);
        for age in 7..18 {
            let cohort = Cohort { children, n_areas: self.n_areas, year_idx, age };
            cohort.growth(&minimum, scenarios.len(), exchanges, &mut growth);
            // Of 15 on there are two schools of the same age, which follow the same cohort.
            let ratio = if age == 15 { &to_senior } else { &retention[age - 4] };
            self.move_up((age - 4, age - 3), year_idx, &growth, ratio);
            if age >= 15 {
                let from = if age == 15 { G9 } else { age - 1 };
                let ratio = if age == 15 { &to_vocational } else { &retention[from] };
                self.move_up((from, age), year_idx, &growth, ratio);
            }
        }
    }

    /// A grade of every area from the one below a year before: times the growth of the cohort and a ratio.
    #[inline(always)]
    fn move_up(
        &mut self,
        (from, to): (usize, usize),
        year_idx: usize,
        growth: &[Lane<W>],
        ratio: &Lane<W>,
    ) {
        for (area, growth) in growth.iter().enumerate() {
            let pupils = self.residents[self.cell(year_idx - 1, area, from)];
            let mut next: Lane<W> = splat(0.0);
            for l in 0..W {
                next[l] = pupils[l] * growth[l] * ratio[l];
            }
            let cell = self.cell(year_idx, area, to);
            self.residents[cell] = next;
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

/// The cohort that reaches an age in a year.
struct Cohort<'a, C> {
    children: &'a C,
    n_areas: usize,
    year_idx: usize,
    age: usize,
}

impl<C> Cohort<'_, C> {
    /// Growth by area, `m = P[x](t+1) / P[x−1](t)`, 1 where nobody was.
    ///
    /// An area where the cohort has fewer people than the stated minimum is pooled with the areas that it exchanges people
    /// with, and the growth of the pool is that of all of them: who moves from one to another is counted once.
    #[inline(always)]
    fn growth<const W: usize>(
        &self,
        minimum: &Lane<W>,
        n_lanes: usize,
        exchanges: &Exchanges,
        growth: &mut Vec<Lane<W>>,
    ) where
        C: Children<W>,
    {
        growth.clear();
        let mut people = Vec::with_capacity(self.n_areas);
        let mut is_small = [false; W];
        for area in 0..self.n_areas {
            let before: Lane<W> = self.children.children(self.year_idx - 1, area, self.age - 1);
            let after: Lane<W> = self.children.children(self.year_idx, area, self.age);
            let mut own: Lane<W> = splat(1.0);
            for l in 0..W {
                let ratio = after[l] / before[l];
                own[l] = if before[l] > 0.0 { ratio } else { 1.0 };
                is_small[l] |= before[l] < minimum[l];
            }
            growth.push(own);
            people.push((before, after));
        }
        // Lanes that have the same small areas have the same pools.
        for l in 0..n_lanes.min(W) {
            if !is_small[l] {
                continue;
            }
            let mut pools = exchanges.alone();
            let mut is_alike = is_small;
            for (area, (before, _)) in people.iter().enumerate() {
                let here = before[l] < minimum[l];
                for other in 0..W {
                    is_alike[other] &= (before[other] < minimum[other]) == here;
                }
                if here {
                    exchanges.join(area, self.age - 1, &mut pools);
                }
            }
            grow_together(&people, &pools, &is_alike, growth);
            for other in 0..W {
                is_small[other] &= !is_alike[other];
            }
        }
    }
}

/// Gives all areas of a pool its growth, in some lanes.
#[inline(always)]
fn grow_together<const W: usize>(
    people: &[(Lane<W>, Lane<W>)],
    pools: &Pools,
    is_alike: &[bool; W],
    growth: &mut [Lane<W>],
) {
    let none: Lane<W> = splat(0.0);
    let mut sums = vec![(none, none, 0); people.len()];
    for (area, (before, after)) in people.iter().enumerate() {
        let (all_before, all_after, n) = &mut sums[pools.of(area)];
        for l in 0..W {
            all_before[l] += before[l];
            all_after[l] += after[l];
        }
        *n += 1;
    }
    for (area, growth) in growth.iter_mut().enumerate() {
        let (before, after, n) = &sums[pools.of(area)];
        if *n > 1 {
            for l in 0..W {
                let pooled = if before[l] > 0.0 { after[l] / before[l] } else { 1.0 };
                growth[l] = if is_alike[l] { pooled } else { growth[l] };
            }
        }
    }
}

/// Nine-year retention (巩固率) of the cohort in G9 in `year`: Π ρ from G1 to G9.
pub(super) fn nine_year_retention(scenario: &Scenario, year: Year) -> f64 {
    (3..G9)
        .map(|grade| scenario.enrolment.retention[grade].at(year - (G9 - 1 - grade) as Year))
        .product()
}
