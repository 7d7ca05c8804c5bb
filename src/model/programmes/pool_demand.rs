//! Demand as placement looks at it: pupils of every pool without what spilling, closing and new places do.

use crate::demand::attendance::{base_shares, flows_change};
use crate::demand::{Catchment, Demand};
use crate::scenario::Scenario;
use crate::units::Year;

/// Pupils of every pool of a stage and year with attendance at base shares.
pub(super) fn demand_at_base_shares(
    scenario: &Scenario,
    demand: &Demand,
    catchment: &Catchment,
) -> Vec<Vec<f64>> {
    let (city, stage) = (&*scenario.city, catchment.stage);
    if city.years().skip(1).any(|year| flows_change(catchment, &[scenario], year)) {
        return demand_at_dated_shares(scenario, demand, catchment);
    }
    let shares = &demand.attendance[stage.idx()].base_shares;
    let mut pupils = vec![vec![0.0; city.n_years()]; catchment.n_pools];
    for area in 0..city.areas.len() {
        let here: Vec<f64> =
            (0..city.n_years()).map(|year_idx| demand.of_stage(year_idx, area, stage)).collect();
        for &at in catchment.base_pairs.of_area(area) {
            let (pool, [share]) =
                (catchment.base_pairs.at(at as usize).column(), shares[at as usize]);
            if let Some(pupils) = pupils.get_mut(pool) {
                pupils.iter_mut().zip(&here).for_each(|(sum, n)| *sum += share * n);
            }
        }
    }
    pupils
}

/// The same where flows are dated: a cohort attends by the base shares of the year in which it entered the stage.
fn demand_at_dated_shares(
    scenario: &Scenario,
    demand: &Demand,
    catchment: &Catchment,
) -> Vec<Vec<f64>> {
    let (city, n_areas) = (&*scenario.city, scenario.city.areas.len());
    let shares_of = |year: Year| {
        let mut shares: Vec<[f64; 1]> = Vec::new();
        base_shares(catchment, &[scenario], year, &mut shares);
        shares
    };
    let shares: Vec<Vec<[f64; 1]>> = city.years().map(shares_of).collect();
    let mut pupils = vec![vec![0.0; city.n_years()]; catchment.n_pools];
    for year_idx in 0..city.n_years() {
        let residents = demand.of_year(year_idx);
        for (g, grade) in catchment.stage.grades().enumerate() {
            let of_cohort = &shares[year_idx.saturating_sub(g)];
            for area in 0..n_areas {
                let [here] = residents[area * city.stages.n_grades() + grade];
                for &at in catchment.base_pairs.of_area(area) {
                    let pool = catchment.base_pairs.at(at as usize).column();
                    if let Some(pupils) = pupils.get_mut(pool) {
                        pupils[year_idx] += of_cohort[at as usize][0] * here;
                    }
                }
            }
        }
    }
    pupils
}
