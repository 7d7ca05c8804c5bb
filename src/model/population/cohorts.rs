//! People by area, sex and age, year by year: for one scenario, or for many draws at a time.
//!
//! The order of a year is moves inside the city, the first part of the net migrants, survival, the second part, births. Areas,
//! rules and ages are those of the first scenario; only numbers differ from lane to lane. A sweep needs women only up to the
//! last fertile age and boys to the end of school; nobody older changes how many children there are.

use std::ops::Range;

use crate::axes::{N_AGES, Sex};
use crate::city::City;
use crate::scenario::Scenario;
use crate::units::Year;
use crate::width::{Lane, gather, splat};

use super::moves::{Moves, base_residents};
use super::school_year_births;
use super::step::{Counted, expected_births, survive};

/// Ages of migrants who bring children, and of the children.
pub const PARENTS: Range<usize> = 25..45;
const CHILDREN: Range<usize> = 0..18;

/// Which ages are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    /// How many of women and of men, from 0; all 101, or as many as there are needed.
    pub n: [usize; 2],
    /// Ages at which women bear children.
    pub fertile: Range<usize>,
}

impl Ages {
    /// All ages of both sexes.
    pub const ALL: Ages = Ages { n: [N_AGES; 2], fertile: 0..N_AGES };
}

/// What happens to the people of a school year.
#[derive(Debug, Clone)]
pub struct Flows<'a, const W: usize> {
    /// Births by area.
    pub births: &'a [Lane<W>],
    /// Births that the pattern and the path of fertility give at level 1, all areas.
    pub expected: Lane<W>,
    /// Observed births, where there are any and some are expected.
    pub observed: [Option<f64>; W],
    /// Deaths, all areas; of newborn alone where they are not counted.
    pub deaths: Lane<W>,
    /// Net migrants whom rates ask for, all areas; 0 where they are not counted.
    pub migrants: Lane<W>,
    /// Of those who were to leave, the ones who were not there.
    pub clamped: Lane<W>,
}

/// What keeps the years of a projection.
pub trait Keeper<const W: usize> {
    /// Whether deaths and migrants are counted.
    const COUNTS: bool;

    /// Hears of the people on 1 September of a year of the run.
    fn people(&mut self, year_idx: usize, cohorts: &Cohorts<W>);

    /// Hears of the school year that begins then.
    fn flows(&mut self, year: Year, flows: &Flows<W>);
}

/// Keeps nothing: a first pass only finds the level of fertility.
struct Nothing;

impl<const W: usize> Keeper<W> for Nothing {
    const COUNTS: bool = false;

    #[inline(always)]
    fn people(&mut self, _: usize, _: &Cohorts<W>) {}

    #[inline(always)]
    fn flows(&mut self, _: Year, _: &Flows<W>) {}
}

/// Sums of a year over the whole city.
#[derive(Debug, Clone)]
struct Sums<const W: usize> {
    counted: Counted<W>,
    clamped: Lane<W>,
}

/// The people of two years, with the memory that a year works in; kept from block to block.
#[derive(Debug, Clone)]
pub struct Cohorts<const W: usize> {
    ages: Ages,
    n_areas: usize,
    /// By sex, now and a year later: `[area · ages + age]`.
    people: [[Vec<Lane<W>>; 2]; 2],
    /// Net migrants of a year over the people, by area and age.
    rates: Vec<Lane<W>>,
    /// Survival ratios by sex and age, and the pattern of fertility by age.
    survival: [Vec<Lane<W>>; 2],
    pattern: Vec<Lane<W>>,
    /// Births per woman of a year, by age.
    fertility: Vec<Lane<W>>,
    /// Births by area.
    born: Vec<Lane<W>>,
    /// Whether more leave than are there somewhere, by sex and area.
    below_zero: [Vec<bool>; 2],
    moves: Moves<W>,
}

impl<const W: usize> Default for Cohorts<W> {
    fn default() -> Self {
        Cohorts {
            ages: Ages::ALL,
            n_areas: 0,
            people: Default::default(),
            rates: Vec::new(),
            survival: Default::default(),
            pattern: Vec::new(),
            fertility: Vec::new(),
            born: Vec::new(),
            below_zero: Default::default(),
            moves: Moves::default(),
        }
    }
}

impl<const W: usize> Cohorts<W> {
    /// People of one sex and area by age.
    #[inline(always)]
    pub fn of(&self, sex: Sex, area: usize) -> &[Lane<W>] {
        &self.people[sex as usize][0][self.cells(sex, area)]
    }

    /// Areas.
    #[inline(always)]
    pub fn n_areas(&self) -> usize {
        self.n_areas
    }

    #[inline(always)]
    fn cells(&self, sex: Sex, area: usize) -> Range<usize> {
        let n = self.ages.n[sex as usize];
        area * n..(area + 1) * n
    }

    /// Projects the people of some scenarios, one a lane, from the base year to the horizon; returns the level of fertility that
    /// observed births imply.
    ///
    /// Years before the first observed births are projected at the level that these imply, found by a first pass.
    #[inline(always)]
    pub fn project<K: Keeper<W>>(
        &mut self,
        city: &City,
        scenarios: &[&Scenario],
        ages: &Ages,
        keeper: &mut K,
    ) -> Lane<W> {
        let observed = &scenarios[0].vital.births_observed;
        let known = city.years().find(|&year| school_year_births(observed, year).is_some());
        let mut level = splat(1.0);
        if known.is_some_and(|year| year > city.base_year) {
            level = self.pass(city, scenarios, ages, level, &mut Nothing);
        }
        self.pass(city, scenarios, ages, level, keeper)
    }

    /// One pass; `before` is the level of years before any births are observed.
    #[inline(always)]
    fn pass<K: Keeper<W>>(
        &mut self,
        city: &City,
        scenarios: &[&Scenario],
        ages: &Ages,
        before: Lane<W>,
        keeper: &mut K,
    ) -> Lane<W> {
        self.begin(city, scenarios, ages);
        let (mut observed, mut modelled): (Lane<W>, Lane<W>) = (splat(0.0), splat(0.0));
        let mut level = before;
        for (year_idx, year) in city.years().enumerate() {
            keeper.people(year_idx, self);
            self.moves.rates_of(scenarios, year);
            for sex in Sex::ALL {
                let n = self.ages.n[sex as usize];
                self.moves.apply(&mut self.people[sex as usize], n);
            }
            let mut sums = Sums { counted: Counted::default(), clamped: splat(0.0) };
            self.age_one_year(scenarios, year, K::COUNTS.then_some(&mut sums.counted));
            let expected = self.bear(scenarios, year);
            let mut factor = level;
            let mut seen = [None; W];
            for l in 0..W {
                let births = &scenarios[l.min(scenarios.len() - 1)].vital.births_observed;
                seen[l] = school_year_births(births, year).filter(|_| expected[l] > 0.0);
                if let Some(seen) = seen[l] {
                    observed[l] += seen;
                    modelled[l] += expected[l];
                    factor[l] = seen / expected[l];
                    level[l] = observed[l] / modelled[l];
                }
            }
            self.add_newborn(scenarios, year, &factor, &mut sums);
            self.clamp(&mut sums.clamped);
            let Sums { counted: Counted { deaths, migrants }, clamped } = sums;
            let births = &self.born;
            keeper.flows(
                year,
                &Flows { births, expected, observed: seen, deaths, migrants, clamped },
            );
            self.people.iter_mut().for_each(|sides| sides.swap(0, 1));
        }
        level
    }

    /// The people of the base year; of the children before school there may be more or fewer than were counted.
    #[inline(always)]
    fn begin(&mut self, city: &City, scenarios: &[&Scenario], ages: &Ages) {
        self.ages = ages.clone();
        self.n_areas = city.areas.len();
        let most = ages.n[0].max(ages.n[1]);
        self.rates.resize(self.n_areas * most, splat(0.0));
        self.born.resize(self.n_areas, splat(0.0));
        self.moves.begin(scenarios[0], &base_residents(city));
        self.pattern.clear();
        let of_age = |age: usize| gather(scenarios, |s| s.vital.fertility_pattern[age]);
        self.pattern.extend((0..ages.n[0]).map(of_age));
        let error: Lane<W> = gather(scenarios, |s| s.vital.preschool_error);
        for sex in Sex::ALL {
            let (idx, n) = (sex as usize, ages.n[sex as usize]);
            self.survival[idx].clear();
            let ratio = |age: usize| gather(scenarios, |s| s.vital.survival[idx][age]);
            self.survival[idx].extend((0..n).map(ratio));
            self.below_zero[idx].resize(self.n_areas, false);
            let [people, later] = &mut self.people[idx];
            later.resize(self.n_areas * n, splat(0.0));
            people.clear();
            for area in 0..self.n_areas {
                let base = &city.population.people[City::people_start(area, sex)..][..n];
                people.extend(base.iter().enumerate().map(|(age, &count)| {
                    let is_preschool = age < city.stages.school_age();
                    if is_preschool { error.map(|error| count * error) } else { splat(count) }
                }));
            }
        }
    }

    /// Net migration and survival; age 0 holds only its migrants until births are added.
    #[inline(always)]
    fn age_one_year(
        &mut self,
        scenarios: &[&Scenario],
        year: Year,
        mut counted: Option<&mut Counted<W>>,
    ) {
        let most = self.ages.n[0].max(self.ages.n[1]);
        self.rates.fill(splat(0.0));
        for rule in 0..scenarios[0].vital.migration.len() {
            let rate: Lane<W> = gather(scenarios, |s| s.vital.migration[rule].rate.at(year));
            let rule = &scenarios[0].vital.migration[rule];
            for &area in &rule.areas {
                for age in rule.ages.0..=rule.ages.1.min(most - 1) {
                    let sum = &mut self.rates[area * most + age];
                    for l in 0..W {
                        sum[l] += rate[l];
                    }
                }
            }
        }
        if scenarios.iter().any(|s| s.vital.children_per_migrant.is_some()) {
            self.bring_children(scenarios);
        }
        let timing = scenarios[0].vital.timing;
        for sex in Sex::ALL {
            let n = self.ages.n[sex as usize];
            let [start, end] = &mut self.people[sex as usize];
            for area in 0..self.n_areas {
                let cells = area * n..(area + 1) * n;
                self.below_zero[sex as usize][area] = survive(
                    &start[cells.clone()],
                    &self.rates[area * most..area * most + n],
                    &self.survival[sex as usize],
                    (timing, n == N_AGES),
                    &mut end[cells],
                    counted.as_deref_mut(),
                );
            }
        }
    }

    /// Children move with their parents: so many of each age as net in-migrants of an area bring, in place of their own rates; where
    /// adults leave, children stay. An age at which nobody lives in an area gains nobody.
    fn bring_children(&mut self, scenarios: &[&Scenario]) {
        let most = self.ages.n[0].max(self.ages.n[1]);
        let [women, men] = &self.people;
        let [n_women, n_men] = self.ages.n;
        for area in 0..self.n_areas {
            let people = |age: usize, l: usize| {
                women[0][area * n_women + age][l] + men[0][area * n_men + age][l]
            };
            for (l, scenario) in scenarios.iter().take(W).enumerate() {
                let Some(children) = scenario.vital.children_per_migrant else { continue };
                let rates = &mut self.rates[area * most..(area + 1) * most];
                let adults = crate::numeric::sum(PARENTS.map(|age| rates[age][l] * people(age, l)));
                for age in CHILDREN {
                    let there = people(age, l);
                    let come = children * adults.max(0.0);
                    rates[age][l] = if there > 0.0 { come / there } else { 0.0 };
                }
            }
        }
    }

    /// Births that the pattern and the path of fertility give, by area into `born`; their sum.
    #[inline(always)]
    fn bear(&mut self, scenarios: &[&Scenario], year: Year) -> Lane<W> {
        let total: Lane<W> = gather(scenarios, |s| s.vital.total_fertility.at(year));
        self.fertility.clear();
        for pattern in &self.pattern {
            let mut rate: Lane<W> = splat(0.0);
            for l in 0..W {
                rate[l] = pattern[l] * total[l];
            }
            self.fertility.push(rate);
        }
        let (n, most) = (self.ages.n[0], self.ages.n[0].max(self.ages.n[1]));
        let [start, end] = &self.people[Sex::Female as usize];
        let mut all: Lane<W> = splat(0.0);
        for (area, born) in self.born.iter_mut().enumerate() {
            let births = expected_births(
                (&start[area * n..(area + 1) * n], &end[area * n..(area + 1) * n]),
                &self.rates[area * most..area * most + n],
                (&self.fertility, self.ages.fertile.clone()),
                scenarios[0].vital.timing,
            );
            for l in 0..W {
                all[l] += births[l];
            }
            *born = births;
        }
        all
    }

    /// Adds the newborn, so many times as many as were expected.
    #[inline(always)]
    fn add_newborn(
        &mut self,
        scenarios: &[&Scenario],
        year: Year,
        factor: &Lane<W>,
        sums: &mut Sums<W>,
    ) {
        let girl_share: Lane<W> = gather(scenarios, |s| 1.0 / (1.0 + s.vital.sex_ratio.at(year)));
        for (area, born) in self.born.iter_mut().enumerate() {
            for l in 0..W {
                born[l] *= factor[l];
            }
            for sex in Sex::ALL {
                let n = self.ages.n[sex as usize];
                let newborn = &mut self.people[sex as usize][1][area * n];
                let ratio = self.survival[sex as usize][0];
                for l in 0..W {
                    let share = match sex {
                        Sex::Female => girl_share[l],
                        Sex::Male => 1.0 - girl_share[l],
                    };
                    let alive = born[l] * share * ratio[l];
                    sums.counted.deaths[l] += born[l] * share - alive;
                    newborn[l] += alive;
                }
                clamp(newborn, &mut sums.clamped);
            }
        }
    }

    /// Nobody leaves who is not there.
    #[inline(always)]
    fn clamp(&mut self, clamped: &mut Lane<W>) {
        for sex in Sex::ALL {
            let n = self.ages.n[sex as usize];
            for area in 0..self.n_areas {
                if self.below_zero[sex as usize][area] {
                    let cells = area * n..(area + 1) * n;
                    let people = &mut self.people[sex as usize][1][cells];
                    people.iter_mut().for_each(|people| clamp(people, clamped));
                }
            }
        }
    }
}

/// Sets people below zero to zero, and adds them to those who could not leave.
#[inline(always)]
fn clamp<const W: usize>(people: &mut Lane<W>, clamped: &mut Lane<W>) {
    for l in 0..W {
        let there = if people[l] > 0.0 { people[l] } else { 0.0 };
        clamped[l] += there - people[l];
        people[l] = there;
    }
}
