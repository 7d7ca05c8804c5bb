//! Attendance: in which admission area the pupils of an area go to school.
//!
//! Shares `A[a → pool]` for each grade: rows are areas of residence, columns admission areas of the stage and a last
//! column *left* for those who were not placed. Rows sum to 1. They belong to the cohort: they are set when the cohort
//! enters a stage and move up with it. Few pools take pupils of an area, so only the [pairs](super::pairs) in use are kept.

use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;
use crate::width::{Lane, gather, splat};

use super::Children;
use super::catchment::Catchment;
use super::pairs::{Pair, Pairs};

/// Attendance of a stage in the base year, by position of its catchment's base pairs.
#[derive(Debug, Clone, Default)]
pub struct Attendance<const W: usize> {
    /// The city's base shares, from which later entrants start.
    pub base_shares: Vec<Lane<W>>,
    /// By grade of the stage: shares of the cohort that is in it.
    pub by_grade: Vec<Vec<Lane<W>>>,
}

/// The pool with most places of those in an area's district (`near`), then in the city; none where there are none at all.
pub fn most_of(pools: impl Iterator<Item = usize>, places: impl Fn(usize) -> f64) -> Option<usize> {
    pools.fold(None, |best, pool| match best {
        _ if places(pool) <= 0.0 => best,
        Some(most) if places(most) >= places(pool) => best,
        _ => Some(pool),
    })
}

/// Entry places of pools in a year as the schools of the base year stand: `Σ R/G·standard`, by pool.
#[inline(always)]
pub fn base_places<const W: usize>(
    catchment: &Catchment,
    scenarios: &[&Scenario],
    year: Year,
) -> Vec<Lane<W>> {
    let grade = catchment.stage.first_grade();
    let standard: Lane<W> = gather(scenarios, |s| s.thresholds.standard[grade].at(year));
    let of_pool = |rooms: &f64| standard.map(|standard| rooms * standard);
    catchment.base_rooms_a_grade.iter().map(of_pool).collect()
}

/// Whether some flow of a stage is another one in this year than in the year before.
pub fn flows_change(catchment: &Catchment, scenarios: &[&Scenario], year: Year) -> bool {
    scenarios.iter().any(|scenario| {
        let flows = scenario.attendance.iter().filter(|flow| flow.stage == catchment.stage);
        flows.into_iter().any(|flow| flow.share.at(year) != flow.share.at(year - 1))
    })
}

/// The base shares of a stage in a year: everybody attends the pool of the own area, less the named flows, which their destinations
/// share in proportion to entry places. Pools without places get nobody: their share of a row goes to the pool with most
/// places in its district, then in the city.
#[inline(always)]
pub fn base_shares<const W: usize>(
    catchment: &Catchment,
    scenarios: &[&Scenario],
    year: Year,
    shares: &mut Vec<Lane<W>>,
) {
    let pool_of_area = &catchment.pool_of_area;
    let (pairs, places) = (&catchment.base_pairs, &catchment.base_rooms_a_grade);
    shares.clear();
    shares.resize(pairs.len(), splat(0.0));
    for (area, &pool) in pool_of_area.iter().enumerate() {
        if let Some(home) = pairs.find(Pair::of(area, pool)) {
            shares[home] = splat(1.0);
        }
    }
    for (idx, flow) in scenarios[0].attendance.iter().enumerate() {
        if flow.stage != catchment.stage {
            continue;
        }
        let wanted: Lane<W> = gather(scenarios, |s| s.attendance[idx].share.at(year));
        for (origin, destinations) in &flow.routes {
            let mut pools: Vec<usize> = destinations.iter().map(|&d| pool_of_area[d]).collect();
            pools.sort_unstable();
            pools.dedup();
            let total = sum(pools.iter().map(|&p| places.get(p).copied().unwrap_or(0.0)));
            let Some(home) = pairs.find(Pair::of(*origin, pool_of_area[*origin])) else { continue };
            if total <= 0.0 {
                continue;
            }
            let mut moved: Lane<W> = splat(0.0);
            for l in 0..W {
                let there = shares[home][l];
                moved[l] = if wanted[l] < there { wanted[l] } else { there };
                moved[l] = if moved[l] > 0.0 { moved[l] } else { 0.0 };
                shares[home][l] = there - moved[l];
            }
            for &pool in &pools {
                let part = places[pool] / total;
                let Some(at) = pairs.find(Pair::of(*origin, pool)) else { continue };
                for l in 0..W {
                    shares[at][l] += moved[l] * part;
                }
            }
        }
    }
    house_the_homeless(catchment, shares);
}

/// Pools without places get nobody: their part of a row goes to the refuge of the area.
fn house_the_homeless<const W: usize>(catchment: &Catchment, shares: &mut [Lane<W>]) {
    let pairs = &catchment.base_pairs;
    for (area, refuge) in catchment.refuge.iter().enumerate() {
        let Some(refuge) = refuge.and_then(|column| pairs.find(Pair::of(area, column))) else {
            continue;
        };
        let mut homeless: Lane<W> = splat(0.0);
        for &at in pairs.of_area(area) {
            let column = pairs.at(at as usize).column();
            if column < catchment.n_pools && catchment.base_rooms_a_grade[column] <= 0.0 {
                let share = std::mem::replace(&mut shares[at as usize], splat(0.0));
                for l in 0..W {
                    homeless[l] += share[l];
                }
            }
        }
        for l in 0..W {
            shares[refuge][l] += homeless[l];
        }
    }
}

impl<const W: usize> Attendance<W> {
    /// Attendance of the base year, and its pupils by residence into `residents` (`[area · grades + grade]`).
    ///
    /// Residents' flows are children times base shares, scaled pool by pool so that they equal the pupils of its schools
    /// exactly: a cohort in school is carried as pupils per resident child from there on.
    #[inline(always)]
    pub(super) fn begin(
        &mut self,
        catchment: &Catchment,
        scenarios: &[&Scenario],
        children: &impl Children<W>,
        residents: &mut [Lane<W>],
    ) {
        let stage = catchment.stage;
        let (base_year, n_grades) = (scenarios[0].city.base_year, stage.stages().n_grades());
        base_shares(catchment, scenarios, base_year, &mut self.base_shares);
        self.by_grade.resize(stage.n_grades(), Vec::new());
        for (g, grade) in stage.grades().enumerate() {
            let flows = &mut self.by_grade[g];
            flows.clone_from(&self.base_shares);
            scale_to_pupils(catchment, g, children, flows);
            for area in 0..catchment.pool_of_area.len() {
                let total = settle_row(&catchment.base_pairs, area, flows, &self.base_shares);
                residents[area * n_grades + grade] = total;
            }
        }
    }
}

/// Turns shares into flows of pupils whose column sums are the pupils of the pools' schools.
#[inline(always)]
fn scale_to_pupils<const W: usize>(
    catchment: &Catchment,
    g: usize,
    children: &impl Children<W>,
    flows: &mut [Lane<W>],
) {
    let pairs = &catchment.base_pairs;
    let age = catchment.stage.first_age() + g;
    for column in 0..=catchment.n_pools {
        let mut total: Lane<W> = splat(0.0);
        for &at in pairs.of_column(column) {
            let flow = &mut flows[at as usize];
            let here = children.children(0, pairs.at(at as usize).area(), age);
            for l in 0..W {
                flow[l] *= here[l];
                total[l] += flow[l];
            }
        }
        if column < catchment.n_pools {
            scale_column(catchment, g, column, &total, flows);
        }
    }
}

/// Scales the flows to a pool, which come to `total`, to the pupils of its schools.
#[inline(always)]
fn scale_column<const W: usize>(
    catchment: &Catchment,
    g: usize,
    pool: usize,
    total: &Lane<W>,
    flows: &mut [Lane<W>],
) {
    let pairs = &catchment.base_pairs;
    let wanted = catchment.base_pupils[g * catchment.n_pools + pool];
    let alone = wanted / catchment.areas_of_pool[pool].len() as f64;
    let mut ratio: Lane<W> = splat(0.0);
    for l in 0..W {
        ratio[l] = wanted / total[l];
    }
    for &at in pairs.of_column(pool) {
        let area = pairs.at(at as usize).area();
        let is_own = wanted > 0.0 && catchment.pool_of_area[area] == pool;
        let flow = &mut flows[at as usize];
        for l in 0..W {
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
fn settle_row<const W: usize>(
    pairs: &Pairs,
    area: usize,
    flows: &mut [Lane<W>],
    base: &[Lane<W>],
) -> Lane<W> {
    let mut total: Lane<W> = splat(0.0);
    for &at in pairs.of_area(area) {
        let flow = &flows[at as usize];
        for l in 0..W {
            total[l] += flow[l];
        }
    }
    let mut each: Lane<W> = splat(0.0);
    for l in 0..W {
        each[l] = 1.0 / total[l];
    }
    for &at in pairs.of_area(area) {
        let (flow, base) = (&mut flows[at as usize], &base[at as usize]);
        for l in 0..W {
            flow[l] = if total[l] > 0.0 { flow[l] * each[l] } else { base[l] };
        }
    }
    total
}

/// Memory that the attendance of a block takes, people's and schools', bytes. It grows with the routes by which pupils may
/// leave their area.
pub fn attendance_bytes<'a>(
    catchments: impl Iterator<Item = &'a Catchment>,
    n_lanes: usize,
) -> usize {
    let lanes =
        |c: &Catchment, n_lists: usize| c.base_pairs.len() * n_lists * n_lanes * size_of::<f64>();
    // Every grade and the base shares; the same again and this year's entrants while schools run.
    catchments.map(|c| lanes(c, 2 * c.stage.n_grades() + 3)).sum()
}
