//! People by area, sex and age in lanes: model section 2, for the ages that schools depend on.
//!
//! Women up to the last fertile age and boys up to 18; nobody older changes how many children there are. The order of a year
//! is that of [`population`](crate::population): moves, half of the net migrants, survival, the other half, births.

use std::collections::BTreeMap;

use crate::axes::{N_GRADES, N_STAGES, Sex, Stage};
use crate::city::City;
use crate::numeric::sum;
use crate::population::moves::{AgeGroup, age_groups, base_residents};
use crate::population::school_year_births;
use crate::scenario::{MigrationTiming, Scenario};
use crate::units::Year;

use crate::demand::{Catchment, Children, Demand};

use super::{LANES, Lane, Plan, gather, splat};

/// Oldest age of the boys: the last grade is reached at 17.
const LAST_SCHOOL_AGE: usize = 18;

/// People, births and pupils by residence of a block: everything that does not depend on schools.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Children of both sexes in a year and the one before: `[(year mod 2 · areas + area) · 19 + age]`, ages 0 to 18.
    children: Vec<Lane>,
    /// Births of every school year, the whole city.
    births: Vec<Lane>,
    /// Pupils by residence and their attendance.
    pub(super) demand: Demand<LANES>,
    /// What the whole city comes to: `[stage · years + year]`.
    pub(super) whole: Vec<Whole>,
    women: [Vec<Lane>; 2],
    boys: [Vec<Lane>; 2],
    rates: Vec<Lane>,
    /// Survival ratios by sex and age, and the pattern of fertility.
    survival: [Vec<Lane>; 2],
    pattern: Vec<Lane>,
    /// Births per woman of a year, by age.
    fertility: Vec<Lane>,
    born: Vec<Lane>,
    /// Whether net migration takes more than everybody somewhere: by area, women before boys.
    below_zero: Vec<bool>,
    /// Moves of a year: rate times share of the destination, by route of areas and group of ages.
    flows: Vec<Lane>,
    /// Rates of the rules of moves in a year.
    move_rates: Vec<Lane>,
    /// Share of an area's people who do not move.
    stays: Vec<Lane>,
}

/// People and pupils by residence of a stage in a year, the whole city.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    /// Children of the stage's ages.
    pub population: Lane,
    /// Pupils by residence, and for senior schools those of all schools of their ages.
    pub residents: Lane,
    pub upper_secondary: Lane,
    /// Births of the year, told with kindergartens.
    pub births: Lane,
}

impl Default for Whole {
    fn default() -> Self {
        let none = splat(0.0);
        Whole { population: none, residents: none, upper_secondary: none, births: none }
    }
}

/// Ages that [`People::children`] holds.
const N_CHILD_AGES: usize = LAST_SCHOOL_AGE + 1;

/// Children of the years at hand.
struct Kept<'a> {
    children: &'a [Lane],
    n_areas: usize,
}

impl Children<LANES> for Kept<'_> {
    #[inline(always)]
    fn children(&self, year_idx: usize, area: usize, age: usize) -> Lane {
        self.children[(year_idx % 2 * self.n_areas + area) * N_CHILD_AGES + age]
    }
}

impl People {
    /// Pupils by residence of a year, whose children must be there, and in the base year the attendance.
    #[inline(always)]
    fn enrol(&mut self, plan: &Plan, scenarios: &[&Scenario], year_idx: usize) {
        let (n_areas, n_years) = (plan.city().areas.len(), plan.city().n_years());
        let children = Kept { children: &self.children, n_areas };
        if year_idx == 0 {
            let catchments: [&Catchment; N_STAGES] =
                std::array::from_fn(|stage| &plan.layout.stages[stage].catchment);
            self.demand.begin(catchments, scenarios, &children);
            self.whole.clear();
            self.whole.resize(N_STAGES * n_years, Whole::default());
        } else {
            self.demand.one_year(scenarios, &plan.exchanges, &children, year_idx);
        }
        for stage in Stage::ALL {
            self.whole[stage.idx() * n_years + year_idx] =
                self.whole_city(n_areas, stage, year_idx);
        }
    }

    /// Tells the births of all years with kindergartens.
    fn tell_births(&mut self, n_years: usize) {
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
                upper_secondary[l] = residents[l] + vocational[l];
            }
            for technical in &self.demand.technical[year_idx * n_areas..][..n_areas] {
                for l in 0..LANES {
                    upper_secondary[l] += technical[l];
                }
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
                let pupils = self.demand.of_year(year_idx)[area * N_GRADES + grade];
                for l in 0..LANES {
                    all[l] += pupils[l];
                }
            }
        }
        all
    }

    /// Children of one age in an area, in the year at hand or the one before.
    #[inline(always)]
    fn child(&self, n_areas: usize, year_idx: usize, area: usize, age: usize) -> &Lane {
        &self.children[(year_idx % 2 * n_areas + area) * N_CHILD_AGES + age]
    }

    /// Projects the people of a block, and year by year the pupils by residence. Memory is reused from block to block.
    #[inline(always)]
    pub(super) fn project(&mut self, plan: &Plan, scenarios: &[&Scenario]) {
        // Years before any births are observed stand at the level that these imply.
        let city = plan.city();
        let observed = &scenarios[0].vital.births_observed;
        let known = city.years().find(|&year| school_year_births(observed, year).is_some());
        let is_late = known.is_some_and(|year| year > city.base_year);
        let mut level = splat(1.0);
        if is_late {
            level = self.project_at(plan, scenarios, &level, false);
        }
        self.project_at(plan, scenarios, &level, true);
    }

    /// One pass, with the pupils if it is the last; returns the level of fertility that observed births imply.
    #[inline(always)]
    fn project_at(
        &mut self,
        plan: &Plan,
        scenarios: &[&Scenario],
        before: &Lane,
        is_last: bool,
    ) -> Lane {
        let city = &**plan.city();
        let n_areas = city.areas.len();
        self.children.resize(2 * n_areas * N_CHILD_AGES, splat(0.0));
        self.births.clear();
        self.start(plan, scenarios);
        let groups = age_groups(&scenarios[0].vital.moves);
        let residents = base_residents(city);
        let routes: Vec<Vec<Route>> =
            groups.iter().map(|group| routes_between(scenarios[0], group, &residents)).collect();
        let (mut observed, mut modelled) = (splat(0.0), splat(0.0));
        let mut level = *before;
        for (year_idx, year) in city.years().enumerate() {
            self.keep_children(plan, year_idx);
            let n_rules = scenarios[0].vital.moves.len();
            self.move_rates.clear();
            self.move_rates.extend(
                (0..n_rules).map(|rule| gather(scenarios, |s| s.vital.moves[rule].rate.at(year))),
            );
            if is_last {
                self.enrol(plan, scenarios, year_idx);
            }
            for (group, routes) in groups.iter().zip(&routes) {
                self.move_inside(plan, group.ages, routes);
            }
            self.age_one_year(plan, scenarios, year);
            let expected = self.bear(plan, scenarios, year);
            let mut factor = level;
            for l in 0..LANES {
                let births = &scenarios[l.min(scenarios.len() - 1)].vital.births_observed;
                if let Some(seen) = school_year_births(births, year).filter(|_| expected[l] > 0.0) {
                    observed[l] += seen;
                    modelled[l] += expected[l];
                    factor[l] = seen / expected[l];
                    level[l] = observed[l] / modelled[l];
                }
            }
            self.add_newborn(plan, scenarios, year, &factor, &expected);
            let n_women = plan.last_fertile_age + 1;
            let mut below_zero = self.below_zero.iter();
            for (sides, n) in [(&mut self.women, n_women), (&mut self.boys, N_CHILD_AGES)] {
                for area in 0..n_areas {
                    if below_zero.next() == Some(&true) {
                        sides[1][area * n..(area + 1) * n].iter_mut().for_each(clamp);
                    }
                }
                sides.swap(0, 1);
            }
        }
        if is_last {
            self.tell_births(city.n_years());
        }
        level
    }

    /// The people of the base year.
    #[inline(always)]
    fn start(&mut self, plan: &Plan, scenarios: &[&Scenario]) {
        let city = &**plan.city();
        let (n_women, n_boys) = (plan.last_fertile_age + 1, N_CHILD_AGES);
        for side in 0..2 {
            self.women[side].resize(city.areas.len() * n_women, splat(0.0));
            self.boys[side].resize(city.areas.len() * n_boys, splat(0.0));
        }
        self.rates.resize(city.areas.len() * n_women, splat(0.0));
        self.born.resize(city.areas.len(), splat(0.0));
        self.stays.resize(city.areas.len(), splat(1.0));
        for sex in Sex::ALL {
            self.survival[sex as usize].clear();
            self.survival[sex as usize].extend(
                (0..n_women).map(|age| gather(scenarios, |s| s.vital.survival[sex as usize][age])),
            );
        }
        self.pattern.clear();
        self.pattern
            .extend((0..n_women).map(|age| gather(scenarios, |s| s.vital.fertility_pattern[age])));
        let error = gather(scenarios, |s| s.vital.preschool_error);
        for area in 0..city.areas.len() {
            for (people, sex, n) in
                [(&mut self.women[0], Sex::Female, n_women), (&mut self.boys[0], Sex::Male, n_boys)]
            {
                let base = &city.population.people[City::people_start(area, sex)..][..n];
                for (age, &count) in base.iter().enumerate() {
                    people[area * n + age] = splat(count);
                    if age < Stage::Primary.first_age() {
                        for l in 0..LANES {
                            people[area * n + age][l] = count * error[l];
                        }
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn keep_children(&mut self, plan: &Plan, year_idx: usize) {
        let n_areas = plan.city().areas.len();
        let n_women = plan.last_fertile_age + 1;
        for area in 0..n_areas {
            let to = (year_idx % 2 * n_areas + area) * N_CHILD_AGES;
            for age in 0..N_CHILD_AGES {
                let mut both = self.women[0][area * n_women + age];
                let boys = self.boys[0][area * N_CHILD_AGES + age];
                for l in 0..LANES {
                    both[l] += boys[l];
                }
                self.children[to + age] = both;
            }
        }
    }

    /// Moves inside the city of one group of ages: what leaves an area is shared over its destinations.
    #[inline(always)]
    fn move_inside(&mut self, plan: &Plan, (first, last): (usize, usize), routes: &[Route]) {
        self.flows.clear();
        self.stays.fill(splat(1.0));
        for route in routes {
            let mut flow = splat(0.0);
            for &(rule, share) in &route.rules {
                let rate = self.move_rates[rule];
                for l in 0..LANES {
                    flow[l] += rate[l] * share;
                }
            }
            for l in 0..LANES {
                self.stays[route.from][l] -= flow[l];
            }
            self.flows.push(flow);
        }
        let n_women = plan.last_fertile_age + 1;
        for (sides, n) in [(&mut self.women, n_women), (&mut self.boys, N_CHILD_AGES)] {
            let [people, before] = sides;
            let last = last.min(n - 1);
            if first > last {
                continue;
            }
            for area in 0..plan.city().areas.len() {
                let ages = area * n + first..=area * n + last;
                before[ages.clone()].copy_from_slice(&people[ages]);
            }
            // Routes lie destination by destination.
            let mut arriving = 0..0;
            for (area, stays) in self.stays.iter().enumerate() {
                let arrives = |route: &&Route| route.to == area;
                let n_arriving = routes[arriving.end..].iter().take_while(arrives).count();
                arriving = arriving.end..arriving.end + n_arriving;
                for age in first..=last {
                    let mut here = before[area * n + age];
                    for l in 0..LANES {
                        here[l] *= stays[l];
                    }
                    for (route, flow) in
                        routes[arriving.clone()].iter().zip(&self.flows[arriving.clone()])
                    {
                        let source = before[route.from * n + age];
                        for l in 0..LANES {
                            here[l] += source[l] * flow[l];
                        }
                    }
                    people[area * n + age] = here;
                }
            }
        }
    }

    /// Net migration and survival; age 0 holds only its migrants until births are added.
    #[inline(always)]
    fn age_one_year(&mut self, plan: &Plan, scenarios: &[&Scenario], year: Year) {
        let n_areas = plan.city().areas.len();
        let n_women = plan.last_fertile_age + 1;
        self.rates.fill(splat(0.0));
        for rule in 0..scenarios[0].vital.migration.len() {
            let rate = gather(scenarios, |s| s.vital.migration[rule].rate.at(year));
            let rule = &scenarios[0].vital.migration[rule];
            for &area in &rule.areas {
                for age in rule.ages.0..=rule.ages.1.min(n_women - 1) {
                    let sum = &mut self.rates[area * n_women + age];
                    for l in 0..LANES {
                        sum[l] += rate[l];
                    }
                }
            }
        }
        let (early, late) = match scenarios[0].vital.timing {
            MigrationTiming::Even => (0.5, 0.5),
            MigrationTiming::End => (0.0, 1.0),
        };
        self.below_zero.clear();
        for (sides, n, sex) in
            [(&mut self.women, n_women, Sex::Female), (&mut self.boys, N_CHILD_AGES, Sex::Male)]
        {
            let [start, end] = sides;
            for area in 0..n_areas {
                let mut least = splat(0.0);
                for age in 0..n {
                    let own = start[area * n + age];
                    let rate = self.rates[area * n_women + age];
                    let mut next = splat(0.0);
                    for l in 0..LANES {
                        next[l] = late * (rate[l] * own[l]);
                    }
                    if age > 0 {
                        let younger = start[area * n + age - 1];
                        let rate = self.rates[area * n_women + age - 1];
                        let survival = self.survival[sex as usize][age];
                        for l in 0..LANES {
                            let exposed = younger[l] + early * (rate[l] * younger[l]);
                            next[l] += exposed * survival[l];
                            least[l] = if next[l] < least[l] { next[l] } else { least[l] };
                        }
                    }
                    end[area * n + age] = next;
                }
                self.below_zero.push(least.iter().any(|&people| people < 0.0));
            }
        }
    }

    /// Births that the pattern and the path of fertility give, by area into `born`; their sum.
    #[inline(always)]
    fn bear(&mut self, plan: &Plan, scenarios: &[&Scenario], year: Year) -> Lane {
        let n = plan.last_fertile_age + 1;
        let total = gather(scenarios, |s| s.vital.total_fertility.at(year));
        let (early, not_yet) = match scenarios[0].vital.timing {
            MigrationTiming::Even => (0.5, 0.0),
            MigrationTiming::End => (0.0, 1.0),
        };
        self.fertility.clear();
        for pattern in &self.pattern {
            let mut rate = splat(0.0);
            for l in 0..LANES {
                rate[l] = pattern[l] * total[l];
            }
            self.fertility.push(rate);
        }
        let [start, end] = &self.women;
        let mut all = splat(0.0);
        for (area, born) in self.born.iter_mut().enumerate() {
            let mut births = splat(0.0);
            for age in plan.first_fertile_age..n {
                let fertility = self.fertility[age];
                let (own, later) = (start[area * n + age], end[area * n + age]);
                let rate = self.rates[area * n + age];
                for l in 0..LANES {
                    let migrants = rate[l] * own[l];
                    let at_start = own[l] + early * migrants;
                    let at_end = later[l] - not_yet * migrants;
                    // Nobody leaves who is not there.
                    let at_start = if at_start > 0.0 { at_start } else { 0.0 };
                    let at_end = if at_end > 0.0 { at_end } else { 0.0 };
                    births[l] += fertility[l] * 0.5 * (at_start + at_end);
                }
            }
            for l in 0..LANES {
                all[l] += births[l];
            }
            *born = births;
        }
        all
    }

    /// Adds the newborn.
    #[inline(always)]
    fn add_newborn(
        &mut self,
        plan: &Plan,
        scenarios: &[&Scenario],
        year: Year,
        factor: &Lane,
        expected: &Lane,
    ) {
        let n_women = plan.last_fertile_age + 1;
        let girl_share = gather(scenarios, |s| 1.0 / (1.0 + s.vital.sex_ratio.at(year)));
        let girls_alive = gather(scenarios, |s| s.vital.survival[Sex::Female as usize][0]);
        let boys_alive = gather(scenarios, |s| s.vital.survival[Sex::Male as usize][0]);
        let mut births = splat(0.0);
        for l in 0..LANES {
            births[l] = expected[l] * factor[l];
        }
        self.births.push(births);
        for (area, born) in self.born.iter().enumerate() {
            let mut girls = self.women[1][area * n_women];
            let mut boys = self.boys[1][area * N_CHILD_AGES];
            for l in 0..LANES {
                girls[l] += born[l] * factor[l] * girl_share[l] * girls_alive[l];
                boys[l] += born[l] * factor[l] * (1.0 - girl_share[l]) * boys_alive[l];
            }
            clamp(&mut girls);
            clamp(&mut boys);
            self.women[1][area * n_women] = girls;
            self.boys[1][area * N_CHILD_AGES] = boys;
        }
    }
}

/// Nobody leaves who is not there.
#[inline(always)]
fn clamp(people: &mut Lane) {
    for l in 0..LANES {
        people[l] = if people[l] > 0.0 { people[l] } else { 0.0 };
    }
}

/// A route of moves from one area to another: the rules that feed it, with the share of their rate.
struct Route {
    from: usize,
    to: usize,
    rules: Vec<(usize, f64)>,
}

/// Every route of a group of ages, with the shares of [`population::moves`](crate::population::moves).
fn routes_between(scenario: &Scenario, group: &AgeGroup, residents: &[f64]) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    let mut places: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for &rule in group.rules() {
        for (from, destinations) in &scenario.vital.moves[rule].routes {
            let total = sum(destinations.iter().map(|&d| residents[d]));
            if total <= 0.0 {
                continue;
            }
            for &to in destinations.iter().filter(|to| *to != from) {
                let share = residents[to] / total;
                let place = *places.entry((*from, to)).or_insert(routes.len());
                match routes.get_mut(place) {
                    Some(route) => route.rules.push((rule, share)),
                    None => routes.push(Route { from: *from, to, rules: vec![(rule, share)] }),
                }
            }
        }
    }
    // What arrives in an area is added up in the order of the rules.
    routes.sort_by_key(|route| route.to);
    routes
}
