//! Attendance: in which admission area the pupils of an area go to school.
//!
//! A matrix `A[a → pool]` for each grade: rows are areas of residence, columns admission areas of the stage and a last
//! column *left* for those who were not placed. Rows sum to 1. It belongs to the cohort: it is set when the cohort
//! enters a stage and moves up with it. Few pools take pupils of an area, so only their cells are kept ([`Matrix`]).

use crate::axes::{N_GRADES, Stage};
use crate::city::{City, NearPools};
use crate::numeric::sum;
use crate::population::Projection;
use crate::scenario::Scenario;

mod matrix;

pub use matrix::Matrix;

/// Attendance of all grades and what later entrants start from.
#[derive(Debug, Clone)]
pub struct Attendance {
    /// By dense grade: the matrix of the cohort that is in it.
    pub by_grade: Vec<Matrix>,
    /// By stage: the city's base shares.
    pub base_shares: Vec<Matrix>,
}

/// Entry places of pools: `Σ R/G·standard` over the schools of a stage, by pool.
pub fn base_places(city: &City, scenario: &Scenario, stage: Stage) -> Vec<f64> {
    let standard = scenario.thresholds.at(city.base_year).standard[stage.first_grade()];
    let mut places = vec![0.0; city.pools[stage.idx()].len()];
    for school in city.schools.iter().filter(|school| school.stage == stage) {
        let pool = city.pool_of_area[stage.idx()][city.sites[school.site].area];
        let rooms = f64::from(school.rooms_total - school.rooms_reserved);
        places[pool] += rooms / stage.n_grades() as f64 * standard;
    }
    places
}

/// The base shares of a stage: everybody attends the pool of the own area, less the named flows, which their
/// destinations share in proportion to entry places. Pools without places get nobody: their share of a row goes to the
/// pool with most places in its district, then in the city.
pub fn base_shares(scenario: &Scenario, stage: Stage) -> Matrix {
    let city = &*scenario.city;
    let pool_of_area = &city.pool_of_area[stage.idx()];
    let places = base_places(city, scenario, stage);
    let near = NearPools::new(city, stage);
    let mut matrix = Matrix::new(city.areas.len(), places.len() + 1);
    for (area, &pool) in pool_of_area.iter().enumerate() {
        matrix.add(area, pool, 1.0);
    }
    for flow in scenario.attendance.iter().filter(|flow| flow.stage == stage) {
        for (origin, destinations) in &flow.routes {
            let mut pools: Vec<usize> = destinations.iter().map(|&d| pool_of_area[d]).collect();
            pools.sort_unstable();
            pools.dedup();
            let total = sum(pools.iter().map(|&p| places[p]));
            let home = pool_of_area[*origin];
            let moved = flow.share.min(matrix.share(*origin, home));
            if moved <= 0.0 || total <= 0.0 {
                continue;
            }
            matrix.add(*origin, home, -moved);
            for &pool in &pools {
                matrix.add(*origin, pool, moved * places[pool] / total);
            }
        }
    }
    for area in 0..city.areas.len() {
        let mut homeless = 0.0;
        for (pool, share) in matrix.row_mut(area) {
            if pool < places.len() && places[pool] <= 0.0 {
                homeless += *share;
                *share = 0.0;
            }
        }
        if homeless > 0.0 {
            matrix.add(area, most_places(near.of(pool_of_area[area]), &places), homeless);
        }
    }
    matrix
}

/// Makes a row sum to 1. An empty row goes to the pool with most places of those `near` it, then of the city; where the
/// city has no place of the stage at all, to *left*.
pub fn normalise_row(matrix: &mut Matrix, area: usize, near: &[usize], places: &[f64]) {
    let total = sum(matrix.row(area).map(|(_, share)| share));
    if total > 0.0 {
        matrix.row_mut(area).for_each(|(_, share)| *share /= total);
    } else {
        matrix.add(area, most_places(near, places), 1.0);
    }
}

/// The pool with most places of those in an area's district (`near`), then in the city; the column *left* where there are
/// none.
pub fn most_places(near: &[usize], places: &[f64]) -> usize {
    let places_of = |pool: usize| places[pool];
    let in_district = most_of(near.iter().copied(), places_of);
    in_district.or_else(|| most_of(0..places.len(), places_of)).unwrap_or(places.len())
}

/// The first of some pools with most places; none where none has any.
pub fn most_of(pools: impl Iterator<Item = usize>, places: impl Fn(usize) -> f64) -> Option<usize> {
    pools.fold(None, |best, pool| match best {
        _ if places(pool) <= 0.0 => best,
        Some(most) if places(most) >= places(pool) => best,
        _ => Some(pool),
    })
}

/// Attendance of the base year and pupils by residence, `[area · 18 + grade]`.
///
/// Residents' flows are children times base shares, scaled pool by pool so that they equal the pupils of its schools
/// exactly: a cohort in school is carried as pupils per resident child from there on.
pub(super) fn of_base_year(scenario: &Scenario, population: &Projection) -> (Attendance, Vec<f64>) {
    let city = &*scenario.city;
    let n_areas = city.areas.len();
    let base: Vec<Matrix> =
        Stage::ALL.into_iter().map(|stage| base_shares(scenario, stage)).collect();
    let mut residents = vec![0.0; n_areas * N_GRADES];
    let mut by_grade = Vec::with_capacity(N_GRADES);
    for stage in Stage::ALL {
        for (g, grade) in stage.grades().enumerate() {
            let mut matrix = base[stage.idx()].clone();
            let pupils = pupils_of_pools(city, stage, g);
            let children: Vec<f64> = (0..n_areas)
                .map(|area| population.children(0, area, stage.first_age() + g))
                .collect();
            scale_to_pupils(city, stage, &children, &pupils, &mut matrix);
            for area in 0..n_areas {
                let total = sum(matrix.row(area).map(|(_, flow)| flow));
                residents[area * N_GRADES + grade] = total;
                for (column, cell) in matrix.row_mut(area) {
                    *cell = if total > 0.0 {
                        *cell / total
                    } else {
                        base[stage.idx()].share(area, column)
                    };
                }
            }
            by_grade.push(matrix);
        }
    }
    (Attendance { by_grade, base_shares: base }, residents)
}

/// Turns shares into flows of pupils whose column sums are the pupils of the pools' schools.
fn scale_to_pupils(
    city: &City,
    stage: Stage,
    children: &[f64],
    pupils: &[f64],
    matrix: &mut Matrix,
) {
    for (area, &n) in children.iter().enumerate() {
        matrix.row_mut(area).for_each(|(_, cell)| *cell *= n);
    }
    let mut totals = vec![0.0; matrix.n_columns()];
    for area in 0..children.len() {
        matrix.row(area).for_each(|(column, flow)| totals[column] += flow);
    }
    for area in 0..children.len() {
        for (pool, cell) in matrix.row_mut(area) {
            if pool < pupils.len() && totals[pool] > 0.0 {
                *cell *= pupils[pool] / totals[pool];
            }
        }
    }
    for (pool, &wanted) in pupils.iter().enumerate() {
        if wanted > 0.0 && totals[pool] <= 0.0 {
            let areas = &city.pools[stage.idx()][pool].areas;
            for &area in areas {
                matrix.set(area, pool, wanted / areas.len() as f64);
            }
        }
    }
}

/// Pupils of grade index `g` in the schools of every pool of a stage in the base year.
fn pupils_of_pools(city: &City, stage: Stage, g: usize) -> Vec<f64> {
    let mut pupils = vec![0.0; city.pools[stage.idx()].len()];
    for school in city.schools.iter().filter(|school| school.stage == stage) {
        pupils[city.pool_of_area[stage.idx()][city.sites[school.site].area]] += school.pupils[g];
    }
    pupils
}
