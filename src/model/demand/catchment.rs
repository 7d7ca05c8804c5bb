//! From where the pools of a stage take their pupils: what is the same whatever the shares are.

use crate::axes::Stage;
use crate::city::{City, NearPools};
use crate::scenario::AttendanceFlow;

use super::attendance::most_of;
use super::pairs::{Pair, Pairs};

/// The pools of a stage in the base year and the areas that can send pupils to them.
#[derive(Debug, Clone)]
pub struct Catchment {
    /// Stage.
    pub stage: Stage,
    /// Admission areas of the stage; the column behind them is *left*.
    pub n_pools: usize,
    /// Pool of each area.
    pub pool_of_area: Vec<usize>,
    /// Areas of each pool.
    pub areas_of_pool: Vec<Vec<usize>>,
    /// Which pools have a district in common.
    pub near: NearPools,
    /// Where pupils can go in the base year: their own pool, the destinations of flows, and the refuge.
    pub base_pairs: Pairs,
    /// By area: the column that takes whom pools without places would get in the base year; none where all have places.
    pub refuge: Vec<Option<usize>>,
    /// Base pupils of every pool, `[grade of the stage · pools + pool]`.
    pub base_pupils: Vec<f64>,
    /// `Σ R/G` of every pool in the base year.
    pub base_rooms_a_grade: Vec<f64>,
}

/// The catchments of all stages.
pub fn catchments(city: &City, flows: &[AttendanceFlow]) -> Vec<Catchment> {
    let mut all = city.stages.map(|stage| Catchment {
        stage,
        n_pools: city.pools[stage.idx()].len(),
        pool_of_area: city.pool_of_area[stage.idx()].clone(),
        areas_of_pool: city.pools[stage.idx()].iter().map(|pool| pool.areas.clone()).collect(),
        near: NearPools::new(city, stage),
        base_pairs: Pairs::default(),
        refuge: Vec::new(),
        base_pupils: vec![0.0; stage.n_grades() * city.pools[stage.idx()].len()],
        base_rooms_a_grade: vec![0.0; city.pools[stage.idx()].len()],
    });
    for school in &city.schools {
        let catchment = &mut all[school.stage.idx()];
        let (n_pools, n_grades) = (catchment.n_pools, school.stage.n_grades());
        let pool = catchment.pool_of_area[city.sites[school.site].area];
        for g in 0..n_grades {
            catchment.base_pupils[g * n_pools + pool] += school.pupils[g];
        }
        let rooms = f64::from(school.usable_rooms());
        catchment.base_rooms_a_grade[pool] += rooms / n_grades as f64;
    }
    for catchment in &mut all {
        catchment.find_pairs(flows);
    }
    all
}

impl Catchment {
    /// Every pair of area and column that base shares can have, whatever the shares of the flows are; and for the areas one of
    /// whose pools has no places their refuge, the pool with most places in the district, then in the city.
    fn find_pairs(&mut self, flows: &[AttendanceFlow]) {
        let (n_areas, rooms) = (self.pool_of_area.len(), &self.base_rooms_a_grade);
        self.refuge = vec![None; n_areas];
        // A stage that is not modelled has no pools.
        if self.n_pools == 0 {
            self.base_pairs = Pairs::new(n_areas, 1, Vec::new());
            return;
        }
        let own = self.pool_of_area.iter().enumerate();
        let mut pairs: Vec<Pair> = own.map(|(area, &pool)| Pair::of(area, pool)).collect();
        for flow in flows.iter().filter(|flow| flow.stage == self.stage) {
            for (origin, destinations) in &flow.routes {
                let there = destinations.iter().map(|&d| Pair::of(*origin, self.pool_of_area[d]));
                pairs.extend(there);
            }
        }
        let rooms_of = |pool: usize| rooms[pool];
        let of_city = most_of(0..rooms.len(), rooms_of).unwrap_or(rooms.len());
        for pair in pairs.iter().filter(|pair| rooms[pair.column()] <= 0.0) {
            let near = self.near.of(self.pool_of_area[pair.area()]);
            self.refuge[pair.area()] = most_of(near.iter().copied(), rooms_of).or(Some(of_city));
        }
        let of_area = |(area, column): (usize, &Option<usize>)| Some(Pair::of(area, (*column)?));
        pairs.extend(self.refuge.iter().enumerate().filter_map(of_area));
        self.base_pairs = Pairs::new(n_areas, rooms.len() + 1, pairs);
    }

    /// Column of those who were not placed.
    pub fn left(&self) -> usize {
        self.n_pools
    }
}
