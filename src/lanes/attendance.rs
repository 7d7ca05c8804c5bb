//! Attendance in lanes: base shares, the attendance of the base year, and the pupils that it sends to each pool.
//!
//! The rules of [`demand::attendance`](crate::demand::attendance). A matrix is `[area · columns + column]`, columns pools and
//! then *left*.

use crate::axes::{N_GRADES, Stage};
use crate::numeric::sum;
use crate::scenario::Scenario;

use super::layout::{Layout, StageLayout};
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

/// Base shares of a stage: everybody attends the pool of the own area, less the named flows.
#[inline(always)]
fn base_shares(layout: &Layout, stage: &StageLayout, scenarios: &[&Scenario]) -> Vec<Lane> {
    let city = &*layout.city;
    let n_columns = stage.n_pools + 1;
    let pool_of_area = &city.pool_of_area[stage.stage.idx()];
    let places = &stage.base_rooms_a_grade;
    let mut shares = vec![splat(0.0); city.areas.len() * n_columns];
    for (area, &pool) in pool_of_area.iter().enumerate() {
        shares[area * n_columns + pool] = splat(1.0);
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
            if total <= 0.0 {
                continue;
            }
            let home = origin * n_columns + pool_of_area[*origin];
            let mut moved = splat(0.0);
            for l in 0..LANES {
                let there = shares[home][l];
                moved[l] = if wanted[l] < there { wanted[l] } else { there };
                moved[l] = if moved[l] > 0.0 { moved[l] } else { 0.0 };
                shares[home][l] = there - moved[l];
            }
            for &pool in &pools {
                let part = places[pool] / total;
                let cell = &mut shares[origin * n_columns + pool];
                for l in 0..LANES {
                    cell[l] += moved[l] * part;
                }
            }
        }
    }
    house_the_homeless(layout, stage, &mut shares);
    shares
}

/// Pools without places get nobody: their part of a row goes to the pool with most places in its district, then in the city.
fn house_the_homeless(layout: &Layout, stage: &StageLayout, shares: &mut [Lane]) {
    let n_columns = stage.n_pools + 1;
    let near = crate::city::NearPools::new(&layout.city, stage.stage);
    for area in 0..layout.city.areas.len() {
        let mut homeless = splat(0.0);
        for pool in (0..stage.n_pools).filter(|&pool| stage.base_rooms_a_grade[pool] <= 0.0) {
            let cell = &mut shares[area * n_columns + pool];
            for l in 0..LANES {
                homeless[l] += cell[l];
            }
            *cell = splat(0.0);
        }
        if homeless.iter().any(|&part| part > 0.0) {
            let near = near.of(layout.city.pool_of_area[stage.stage.idx()][area]);
            let column = crate::demand::attendance::most_places(near, &stage.base_rooms_a_grade);
            let cell = &mut shares[area * n_columns + column];
            for l in 0..LANES {
                cell[l] += homeless[l];
            }
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
        self.attendance.clear();
        self.base_shares.clear();
        for stage in Stage::ALL {
            let places = &layout.stages[stage.idx()];
            let base = base_shares(layout, places, scenarios);
            for (g, grade) in stage.grades().enumerate() {
                let mut flows = base.clone();
                self.scale_to_pupils(layout, places, g, &mut flows);
                let n_columns = places.n_pools + 1;
                for area in 0..n_areas {
                    let row = area * n_columns..(area + 1) * n_columns;
                    let total = settle_row(&mut flows[row.clone()], &base[row]);
                    self.residents[area * N_GRADES + grade] = total;
                }
                self.attendance.push(flows);
            }
            self.base_shares.push(base);
        }
    }

    /// Turns shares into flows of pupils whose column sums are the pupils of the pools' schools.
    #[inline(always)]
    fn scale_to_pupils(&self, layout: &Layout, stage: &StageLayout, g: usize, flows: &mut [Lane]) {
        let n_areas = layout.city.areas.len();
        let (n_columns, age) = (stage.n_pools + 1, stage.stage.first_age() + g);
        for pool in 0..stage.n_pools {
            let wanted = stage.base_pupils[g * stage.n_pools + pool];
            let mut total = splat(0.0);
            for area in 0..n_areas {
                let cell = &mut flows[area * n_columns + pool];
                let children = self.child(n_areas, 0, area, age);
                for l in 0..LANES {
                    cell[l] *= children[l];
                    total[l] += cell[l];
                }
            }
            let mut ratio = splat(0.0);
            for l in 0..LANES {
                ratio[l] = wanted / total[l];
            }
            let areas = &layout.city.pools[stage.stage.idx()][pool].areas;
            for area in 0..n_areas {
                let cell = &mut flows[area * n_columns + pool];
                let is_own = wanted > 0.0 && areas.contains(&area);
                let alone = if is_own { wanted / areas.len() as f64 } else { 0.0 };
                for l in 0..LANES {
                    let scaled = cell[l] * ratio[l];
                    cell[l] = if total[l] > 0.0 {
                        scaled
                    } else if is_own {
                        alone
                    } else {
                        cell[l]
                    };
                }
            }
        }
    }
}

/// Makes the flows of an area shares again, the base shares where nobody is; returns the pupils.
#[inline(always)]
fn settle_row(row: &mut [Lane], base: &[Lane]) -> Lane {
    let mut total = splat(0.0);
    for cell in row.iter() {
        for l in 0..LANES {
            total[l] += cell[l];
        }
    }
    let mut each = splat(0.0);
    for l in 0..LANES {
        each[l] = 1.0 / total[l];
    }
    for (cell, base) in row.iter_mut().zip(base) {
        for l in 0..LANES {
            cell[l] = if total[l] > 0.0 { cell[l] * each[l] } else { base[l] };
        }
    }
    total
}
