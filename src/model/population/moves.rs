//! Moves between areas inside the city, by group of ages; of the matrix of shares only what is not 0 is kept.

use std::collections::BTreeMap;

use crate::axes::N_AGES;
use crate::city::City;
use crate::numeric::sum;
use crate::scenario::{MoveRule, Scenario};
use crate::units::Year;
use crate::width::{Lane, gather, splat};

/// Ages that the same rules apply to.
pub struct AgeGroup {
    /// First and last age.
    pub ages: (usize, usize),
    /// Indices of the rules in force.
    rules: Vec<usize>,
}

impl AgeGroup {
    /// Indices of the rules in force.
    pub fn rules(&self) -> &[usize] {
        &self.rules
    }
}

/// Splits the ages wherever the set of rules changes; ages that nobody moves at are left out.
pub fn age_groups(rules: &[MoveRule]) -> Vec<AgeGroup> {
    let mut groups: Vec<AgeGroup> = Vec::new();
    for age in 0..N_AGES {
        let active: Vec<usize> = (0..rules.len())
            .filter(|&r| rules[r].ages.0 <= age && age <= rules[r].ages.1)
            .collect();
        match groups.last_mut() {
            Some(last) if last.rules == active => last.ages.1 = age,
            _ => groups.push(AgeGroup { ages: (age, age), rules: active }),
        }
    }
    groups.retain(|group| !group.rules.is_empty());
    groups
}

/// A route of moves from one area to another: the rules that feed it, with the share of their rate.
#[derive(Debug, Clone)]
struct Route {
    from: usize,
    to: usize,
    rules: Vec<(usize, f64)>,
}

/// Every route of a group of ages, those to an area one after the other: a rule sends its rate of the origin to the destinations in
/// proportion to their base-year residents.
fn routes_between(rules: &[MoveRule], group: &AgeGroup, residents: &[f64]) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    let mut places: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for &rule in &group.rules {
        for (from, destinations) in &rules[rule].routes {
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

/// The moves of a city, and the memory that those of a year work in.
#[derive(Debug, Clone, Default)]
pub struct Moves<const W: usize> {
    /// Groups of ages with their routes.
    groups: Vec<((usize, usize), Vec<Route>)>,
    n_areas: usize,
    /// Rates of the rules in a year.
    rates: Vec<Lane<W>>,
    /// By group: who moves along each route, as a share of the origin.
    flows: Vec<Vec<Lane<W>>>,
    /// By group and area: the share that stays.
    stays: Vec<Vec<Lane<W>>>,
}

impl<const W: usize> Moves<W> {
    /// Lays out the moves of a scenario; `residents` are [`base_residents`].
    pub fn begin(&mut self, scenario: &Scenario, residents: &[f64]) {
        let rules = &scenario.vital.moves;
        self.n_areas = residents.len();
        let routes = |group: &AgeGroup| (group.ages, routes_between(rules, group, residents));
        self.groups = age_groups(rules).iter().map(routes).collect();
        self.flows.resize(self.groups.len(), Vec::new());
        self.stays.resize(self.groups.len(), Vec::new());
    }

    /// Takes the rates of a year. Rules add up; `input` has checked that no origin sends more than everybody.
    #[inline(always)]
    pub fn rates_of(&mut self, scenarios: &[&Scenario], year: Year) {
        let n_rules = scenarios[0].vital.moves.len();
        self.rates.clear();
        let rate = |rule: usize| gather(scenarios, |s| s.vital.moves[rule].rate.at(year));
        self.rates.extend((0..n_rules).map(rate));
        let groups = self.groups.iter().zip(&mut self.flows).zip(&mut self.stays);
        for (((_, routes), flows), stays) in groups {
            flows.clear();
            stays.clear();
            stays.resize(self.n_areas, splat(1.0));
            for route in routes {
                let mut flow: Lane<W> = splat(0.0);
                for &(rule, share) in &route.rules {
                    let rate = self.rates[rule];
                    for l in 0..W {
                        flow[l] += rate[l] * share;
                    }
                }
                for l in 0..W {
                    stays[route.from][l] -= flow[l];
                }
                flows.push(flow);
            }
        }
    }

    /// Applies the moves of the year to the people of one sex, `[area · n_ages + age]`: what leaves an area is shared over its
    /// destinations, and nobody is lost up to rounding. The second list is memory.
    #[inline(always)]
    pub fn apply(&self, [people, before]: &mut [Vec<Lane<W>>; 2], n_ages: usize) {
        for (((ages, routes), flows), stays) in self.groups.iter().zip(&self.flows).zip(&self.stays)
        {
            let (first, last) = (ages.0, ages.1.min(n_ages - 1));
            if first > last {
                continue;
            }
            for area in 0..self.n_areas {
                let cells = area * n_ages + first..=area * n_ages + last;
                before[cells.clone()].copy_from_slice(&people[cells]);
            }
            // Routes lie destination by destination.
            let mut arriving = 0..0;
            for (area, stays) in stays.iter().enumerate() {
                let arrives = |route: &&Route| route.to == area;
                let n_arriving = routes[arriving.end..].iter().take_while(arrives).count();
                arriving = arriving.end..arriving.end + n_arriving;
                for age in first..=last {
                    let mut here = before[area * n_ages + age];
                    for l in 0..W {
                        here[l] *= stays[l];
                    }
                    for (route, flow) in
                        routes[arriving.clone()].iter().zip(&flows[arriving.clone()])
                    {
                        let source = before[route.from * n_ages + age];
                        for l in 0..W {
                            here[l] += source[l] * flow[l];
                        }
                    }
                    people[area * n_ages + age] = here;
                }
            }
        }
    }
}

/// Residents of every area in the base year, all ages: the weights of destinations.
pub fn base_residents(city: &City) -> Vec<f64> {
    city.population.people.chunks(2 * N_AGES).map(|area| sum(area.iter().copied())).collect()
}
