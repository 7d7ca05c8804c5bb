//! Which areas exchange people at an age, and the pools of small areas with those that they exchange people with.

use crate::scenario::Scenario;

/// Areas to or from which people of an age move, by age and area.
#[derive(Debug, Clone, Default)]
pub struct Exchanges {
    n_areas: usize,
    groups: Vec<Group>,
}

/// Ages at which people move by the same rules.
#[derive(Debug, Clone)]
struct Group {
    /// First and last of them.
    ages: (usize, usize),
    /// By area: those to or from which people move.
    partners: Vec<Vec<u32>>,
}

impl Exchanges {
    /// Of a scenario's moves, whatever their rates.
    pub fn new(scenario: &Scenario) -> Self {
        let (moves, n_areas) = (&scenario.vital.moves, scenario.city.areas.len());
        let partners = |rules: &[usize]| {
            let mut partners = vec![Vec::new(); n_areas];
            for (from, destinations) in rules.iter().flat_map(|&rule| &moves[rule].routes) {
                for &to in destinations.iter().filter(|to| *to != from) {
                    partners[*from].push(to as u32);
                    partners[to].push(*from as u32);
                }
            }
            for of_area in &mut partners {
                of_area.sort_unstable();
                of_area.dedup();
            }
            partners
        };
        let groups = crate::population::moves::age_groups(moves);
        let groups = groups
            .iter()
            .map(|group| Group { ages: group.ages, partners: partners(group.rules()) });
        Exchanges { n_areas, groups: groups.collect() }
    }

    /// Every area a pool of its own.
    pub(super) fn alone(&self) -> Pools {
        Pools { above: (0..self.n_areas as u32).collect() }
    }

    /// Joins an area with those that it exchanges people of an age with.
    pub(super) fn join(&self, area: usize, age: usize, pools: &mut Pools) {
        let group = self.groups.iter().find(|g| (g.ages.0..=g.ages.1).contains(&age));
        for &other in group.map_or(&[][..], |group| &group.partners[area]) {
            pools.join(area, other as usize);
        }
    }
}

/// Pools of areas: the area that stands above each, itself for the first of a pool.
pub(super) struct Pools {
    above: Vec<u32>,
}

impl Pools {
    /// The first area of the pool of an area.
    pub(super) fn of(&self, area: usize) -> usize {
        let mut at = area;
        while self.above[at] as usize != at {
            at = self.above[at] as usize;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.above[one.max(other)] = one.min(other) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3-1, 4-2, 2-1: the first four but 0 are one pool, whose first is 1.
    #[test]
    fn pools_grow_together() {
        let mut pools = Pools { above: (0..6).collect() };
        for (one, other) in [(3, 1), (4, 2), (2, 1)] {
            pools.join(one, other);
        }
        assert_eq!([0, 1, 2, 3, 4, 5].map(|area| pools.of(area)), [0, 1, 1, 1, 1, 5]);
    }
}
