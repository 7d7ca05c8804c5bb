//! Attendance in lanes: base shares, the attendance of the base year, and the pupils that it sends to each pool.
//!
//! The rules of [`demand::attendance`](crate::demand::attendance). Shares are kept by [pair](super::pairs) of area and
//! column; columns are pools and then *left*.

use crate::axes::{N_GRADES, Stage};
use crate::numeric::sum;
use crate::scenario::Scenario;

use super::layout::{Layout, StageLayout};
use super::pairs::{Pair, Pairs};
use super::people::People;
use super::{LANES, Lane, gather, splat};

/// Entry places of the pools of a stage in the base year.
#[inline(always)]
pub(super) fn base_places(stage: &StageLayout, scenarios: &[&Scenario], year: i32) -> Vec<Lane> {
    let grade = stage.stage.first_grade();
    let standard = gather(scenarios, |s| s.thresholds.standard[grade].at(year));
    stage
        .base_rooms_a_grade
        .iter()
        .map(|rooms| {
            let mut places = splat(0.0);
            for l in 0..LANES {
                places[l] = rooms * standard[l];
            }
            places
        })
        .collect()
}

/// Base shares of a stage by pair, into `shares`: everybody attends the pool of the own area, less the named flows.
#[inline(always)]
fn base_shares(
    layout: &Layout,
    stage: &StageLayout,
    scenarios: &[&Scenario],
    shares: &mut Vec<Lane>,
) {
    let pool_of_area = &layout.city.pool_of_area[stage.stage.idx()];
    let (pairs, places) = (&stage.base_pairs, &stage.base_rooms_a_grade);
    shares.clear();
    shares.resize(pairs.len(), splat(0.0));
    for (area, &pool) in pool_of_area.iter().enumerate() {
        if let Some(home) = pairs.find(Pair::of(area, pool)) {
            shares[home] = splat(1.0);
        }
    }
    for (idx, flow) in scenarios[0].attendance.iter().enumerate() {
        if flow.stage != stage.stage {
            continue;
        }
        let wanted = gather(scenarios, |s| s.attendance[idx].share);
        for (origin, destinations) in &flow.routes {
            let mut pools: Vec<usize> = destinations.iter().map(|&d| pool_of_area[d]).collect();
            pools.sort_unstable();
            pools.dedup();
            let total = sum(pools.iter().map(|&p| places[p]));
            let Some(home) = pairs.find(Pair::of(*origin, pool_of_area[*origin])) else { continue };
            if total <= 0.0 {
                continue;
            }
            let mut moved = splat(0.0);
            for l in 0..LANES {
                let there = shares[home][l];
                moved[l] = if wanted[l] < there { wanted[l] } else { there };
                moved[l] = if moved[l] > 0.0 { moved[l] } else { 0.0 };
                shares[home][l] = there - moved[l];
            }
            for &pool in &pools {
                let part = places[pool] / total;
                let Some(at) = pairs.find(Pair::of(*origin, pool)) else { continue };
                for l in 0..LANES {
                    shares[at][l] += moved[l] * part;
                }
            }
        }
    }
    house_the_homeless(stage, shares);
}

/// Pools without places get nobody: their part of a row goes to the pool with most places in its district, then in the city.
fn house_the_homeless(stage: &StageLayout, shares: &mut [Lane]) {
    let pairs = &stage.base_pairs;
    for (area, refuge) in stage.refuge.iter().enumerate() {
        let Some(refuge) = refuge.and_then(|column| pairs.find(Pair::of(area, column))) else {
            continue;
        };
        let mut homeless = splat(0.0);
        for &at in pairs.of_area(area) {
            let column = pairs.at(at as usize).column();
            if column < stage.n_pools && stage.base_rooms_a_grade[column] <= 0.0 {
                let share = std::mem::replace(&mut shares[at as usize], splat(0.0));
                for l in 0..LANES {
                    homeless[l] += share[l];
                }
            }
        }
        for l in 0..LANES {
            shares[refuge][l] += homeless[l];
        }
    }
}

impl People {
    /// Attendance of the base year and its pupils by residence: children times base shares, scaled pool by pool to the pupils of
    /// its schools.
    #[inline(always)]
    pub(super) fn attend(&mut self, layout: &Layout, scenarios: &[&Scenario]) {
        let city = &*layout.city;
        let n_areas = city.areas.len();
        self.residents.resize(city.n_years() * n_areas * N_GRADES, splat(0.0));
        self.attendance.resize(N_GRADES, Vec::new());
        self.base_shares.resize(Stage::ALL.len(), Vec::new());
        for stage in Stage::ALL {
            let places = &layout.stages[stage.idx()];
            let mut base = std::mem::take(&mut self.base_shares[stage.idx()]);
            base_shares(layout, places, scenarios, &mut base);
            for (g, grade) in stage.grades().enumerate() {
                let mut flows = std::mem::take(&mut self.attendance[grade]);
                flows.clone_from(&base);
                self.scale_to_pupils(layout, places, g, &mut flows);
                for area in 0..n_areas {
                    let total = settle_row(&places.base_pairs, area, &mut flows, &base);
                    self.residents[area * N_GRADES + grade] = total;
                }
                self.attendance[grade] = flows;
            }
            self.base_shares[stage.idx()] = base;
        }
    }

    /// Turns shares into flows of pupils whose column sums are the pupils of the pools' schools.
    #[inline(always)]
    fn scale_to_pupils(&self, layout: &Layout, stage: &StageLayout, g: usize, flows: &mut [Lane]) {
        let (n_areas, pairs) = (layout.city.areas.len(), &stage.base_pairs);
        let age = stage.stage.first_age() + g;
        for column in 0..=stage.n_pools {
            let mut total = splat(0.0);
            for &at in pairs.of_column(column) {
                let flow = &mut flows[at as usize];
                let children = self.child(n_areas, 0, pairs.at(at as usize).area(), age);
                for l in 0..LANES {
                    flow[l] *= children[l];
                    total[l] += flow[l];
                }
            }
            if column < stage.n_pools {
                scale_column(layout, (stage, g), column, &total, flows);
            }
        }
    }
}

/// Scales the flows to a pool, which come to `total`, to the pupils of its schools.
#[inline(always)]
fn scale_column(
    layout: &Layout,
    (stage, g): (&StageLayout, usize),
    pool: usize,
    total: &Lane,
    flows: &mut [Lane],
) {
    let (pairs, idx) = (&stage.base_pairs, stage.stage.idx());
    let wanted = stage.base_pupils[g * stage.n_pools + pool];
    let alone = wanted / layout.city.pools[idx][pool].areas.len() as f64;
    let mut ratio = splat(0.0);
    for l in 0..LANES {
        ratio[l] = wanted / total[l];
    }
    for &at in pairs.of_column(pool) {
        let area = pairs.at(at as usize).area();
        let is_own = wanted > 0.0 && layout.city.pool_of_area[idx][area] == pool;
        let flow = &mut flows[at as usize];
        for l in 0..LANES {
            let scaled = flow[l] * ratio[l];
            flow[l] = if total[l] > 0.0 {
                scaled
            } else if is_own {
                alone
            } else {
                flow[l]
            };
        }
    }
}

/// Makes the flows of an area shares again, the base shares where nobody is; returns the pupils.
#[inline(always)]
fn settle_row(pairs: &Pairs, area: usize, flows: &mut [Lane], base: &[Lane]) -> Lane {
    let mut total = splat(0.0);
    for &at in pairs.of_area(area) {
        let flow = &flows[at as usize];
        for l in 0..LANES {
            total[l] += flow[l];
        }
    }
    let mut each = splat(0.0);
    for l in 0..LANES {
        each[l] = 1.0 / total[l];
    }
    for &at in pairs.of_area(area) {
        let (flow, base) = (&mut flows[at as usize], &base[at as usize]);
        for l in 0..LANES {
            flow[l] = if total[l] > 0.0 { flow[l] * each[l] } else { base[l] };
        }
    }
    total
}
