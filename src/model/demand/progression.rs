//! From one year's pupils by residence to the next year's: model section 3.

use crate::axes::{MAX_GRADES, Stage};
use crate::scenario::Scenario;
use crate::units::Year;
use crate::width::{Lane, gather, splat};

use super::exchange::Pools;
use super::{Children, Demand, Exchanges};

impl<const W: usize> Demand<W> {
    fn cell(&self, year_idx: usize, area: usize, grade: usize) -> usize {
        (year_idx * self.n_areas + area) * self.n_grades + grade
    }

    /// Pupils of technical schools: a rate on residents of the ages of the stages that share a source.
    #[inline(always)]
    pub(super) fn technical_schools(
        &mut self,
        scenarios: &[&Scenario],
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let Some([first, _]) = scenarios[0].city.stages.pair() else { return };
        let ages = first.ages();
        let rate: Lane<W> = gather(scenarios, |s| s.enrolment.technical_rate.at(year));
        for area in 0..self.n_areas {
            let mut pupils: Lane<W> = splat(0.0);
            for age in ages.clone() {
                let here = children.children(year_idx, area, age);
                for l in 0..W {
                    pupils[l] += rate[l] * here[l];
                }
            }
            self.technical[year_idx * self.n_areas + area] = pupils;
        }
    }

    /// Pupils of a stage by rate: `GER·w[g]·P[age]`, the weights scaled so that pupils over children of its ages is GER in the city.
    #[inline(always)]
    pub(super) fn by_rate(
        &mut self,
        scenarios: &[&Scenario],
        children: &impl Children<W>,
        stage: Stage,
        year_idx: usize,
    ) {
        let (n_grades, first_age, first) =
            (stage.n_grades(), stage.first_age(), stage.first_grade());
        let year = scenarios[0].city.base_year + year_idx as Year;
        let weights: [Lane<W>; MAX_GRADES] = std::array::from_fn(|g| {
            gather(scenarios, |s| s.enrolment.weights.get(first + g).copied().unwrap_or(0.0))
        });
        let rate: Lane<W> = gather(scenarios, |s| s.enrolment.gross_rate[stage.idx()].at(year));
        let (mut all, mut weighted): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        for g in 0..n_grades {
            let mut of_age: Lane<W> = splat(0.0);
            for area in 0..self.n_areas {
                let here = children.children(year_idx, area, first_age + g);
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
            for g in 0..n_grades {
                let here = children.children(year_idx, area, first_age + g);
                let cell = self.cell(year_idx, area, first + g);
                let to = &mut self.residents[cell];
                for l in 0..W {
                    to[l] = scale[l] * weights[g][l] * here[l];
                }
            }
        }
    }

    /// Stages of cohorts: coverage at entry, then each cohort with its growth and retention.
    ///
    /// Inside a stage and into the only one that follows it: `N[g+1](t+1) = N[g](t)·m·ρ[g]`, with `m` the growth of the cohort. The
    /// first grade of all is coverage times children of its age; of two stages that share a source, the entry grades are κγ and
    /// κ(1−γ) of last year's highest grade of it. Rates are those of the year that is entered.
    #[inline(always)]
    pub(super) fn cohorts(
        &mut self,
        scenarios: &[&Scenario],
        exchanges: &Exchanges,
        children: &impl Children<W>,
        year_idx: usize,
    ) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let stages = scenarios[0].city.stages;
        for stage in stages.iter().filter(|stage| stage.starts_cohorts()) {
            let coverage: Lane<W> =
                gather(scenarios, |s| s.enrolment.coverage[stage.idx()].at(year));
            for area in 0..self.n_areas {
                let here = children.children(year_idx, area, stage.first_age());
                let mut entrants: Lane<W> = splat(0.0);
                for l in 0..W {
                    entrants[l] = coverage[l] * here[l];
                }
                let cell = self.cell(year_idx, area, stage.first_grade());
                self.residents[cell] = entrants;
            }
        }
        let minimum: Lane<W> = gather(scenarios, |s| s.enrolment.minimum_people);
        let steps: Vec<Step<W>> = stages
            .iter()
            .filter(|stage| !stage.is_by_rate())
            .flat_map(|stage| steps(scenarios, stage, year))
            .collect();
        let mut growth: Vec<Lane<W>> = Vec::with_capacity(self.n_areas);
        for age in 0..=stages.last_age() {
            // Schools of the same age follow the same cohort.
            let mut of_age = steps.iter().filter(|step| step.age == age).peekable();
            if of_age.peek().is_some() {
                let cohort = Cohort { children, n_areas: self.n_areas, year_idx, age };
                cohort.growth(&minimum, scenarios.len(), exchanges, &mut growth);
            }
            for step in of_age {
                self.move_up((step.from, step.to), year_idx, &growth, &step.ratio);
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

    /// Pupils by residence of a year by grade progression alone: entrants of a stage that follows none and pupils of technical schools
    /// as in the base year, the other grades by the ratios of [`grade_progression`](super::grade_progression).
    #[inline(always)]
    pub(super) fn by_ratios(&mut self, scenarios: &[&Scenario], year_idx: usize) {
        let year = scenarios[0].city.base_year + year_idx as Year;
        let stages = scenarios[0].city.stages;
        let steps: Vec<Step<W>> =
            stages.iter().flat_map(|stage| steps(scenarios, stage, year)).collect();
        for area in 0..self.n_areas {
            let (now, before) = (self.cell(year_idx, area, 0), self.cell(year_idx - 1, area, 0));
            let base = self.cell(0, area, 0);
            for stage in stages.iter() {
                self.residents[now + stage.first_grade()] =
                    self.residents[base + stage.first_grade()];
            }
            for step in &steps {
                let (pupils, as_base) =
                    (self.residents[before + step.from], self.residents[base + step.to]);
                let mut next: Lane<W> = splat(0.0);
                for l in 0..W {
                    let ratio = step.ratio[l];
                    // A grade whose grade below has no weight has no ratio.
                    next[l] = if ratio.is_finite() { pupils[l] * ratio } else { as_base[l] };
                }
                self.residents[now + step.to] = next;
            }
            self.technical[year_idx * self.n_areas + area] = self.technical[area];
        }
    }
}

/// A grade that is reached from another one a year before.
struct Step<const W: usize> {
    /// Dense indices of the two.
    from: usize,
    to: usize,
    /// Age in the grade that is reached.
    age: usize,
    /// Pupils there over pupils of the other, but for the growth of the cohort.
    ratio: Lane<W>,
}

/// The steps into the grades of a stage in a year, grade by grade. Into its entry grade leads one if it follows another stage.
#[inline(always)]
fn steps<const W: usize>(scenarios: &[&Scenario], stage: Stage, year: Year) -> Vec<Step<W>> {
    let first = stage.first_grade();
    let mut steps = Vec::with_capacity(stage.n_grades());
    let retention = |grade: usize| gather(scenarios, |s| s.enrolment.retention[grade].at(year));
    if let Some(source) = stage.follows() {
        let from = source.last_grade();
        let ratio = match stage.stages().pair() {
            Some([first, _]) if first == stage => shared_out(scenarios, year)[0],
            Some([_, second]) if second == stage => shared_out(scenarios, year)[1],
            _ => retention(from),
        };
        steps.push(Step { from, to: first, age: stage.first_age(), ratio });
    }
    for g in 1..stage.n_grades() {
        let (from, to) = (first + g - 1, first + g);
        let weight = |grade: usize| gather(scenarios, |s| s.enrolment.weights[grade]);
        let ratio = match stage.is_by_rate() {
            true => {
                let (mut ratio, below): (Lane<W>, Lane<W>) = (weight(to), weight(from));
                for l in 0..W {
                    ratio[l] /= below[l];
                }
                ratio
            }
            false => retention(from),
        };
        steps.push(Step { from, to, age: stage.first_age() + g, ratio });
    }
    steps
}

/// κγ and κ(1−γ) of a year: into the first and into the second of two stages that share a source.
#[inline(always)]
fn shared_out<const W: usize>(scenarios: &[&Scenario], year: Year) -> [Lane<W>; 2] {
    let continuation: Lane<W> = gather(scenarios, |s| s.enrolment.continuation.at(year));
    let academic: Lane<W> = gather(scenarios, |s| s.enrolment.academic_share.at(year));
    let (mut to_first, mut to_second): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
    for l in 0..W {
        to_first[l] = continuation[l] * academic[l];
        to_second[l] = continuation[l] * (1.0 - academic[l]);
    }
    [to_first, to_second]
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

/// Retention of compulsory schooling (巩固率) of the cohort that is in its highest grade in `year`: Π ρ from its first grade on.
pub(super) fn compulsory_retention(scenario: &Scenario, year: Year) -> f64 {
    let grades: Vec<usize> =
        scenario.city.stages.compulsory().into_iter().flat_map(Stage::grades).collect();
    let Some((_, below)) = grades.split_last() else { return 1.0 };
    let n = below.len();
    let in_year = |(at, grade): (usize, &usize)| {
        scenario.enrolment.retention[*grade].at(year - (n - 1 - at) as Year)
    };
    below.iter().enumerate().map(in_year).product()
}
