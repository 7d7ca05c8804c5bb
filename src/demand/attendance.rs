//! Attendance: in which admission area the pupils of an area go to school.
//!
//! A matrix `A[a → pool]` for each grade: rows are areas of residence, columns admission areas of the stage and a last
//! column *left* for those who were not placed. Rows sum to 1. It belongs to the cohort: it is set when the cohort
//! enters a stage and moves up with it.

use crate::axes::{N_GRADES, Stage};
use crate::city::City;
use crate::numeric::sum;
use crate::population::Projection;
use crate::scenario::Scenario;

/// One matrix: rows areas, columns pools and *left*, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Columns, *left* included.
    pub n_columns: usize,
    /// Cells.
    pub share: Vec<f64>,
}

impl Matrix {
    fn zeros(n_areas: usize, n_columns: usize) -> Self {
        Matrix { n_columns, share: vec![0.0; n_areas * n_columns] }
    }

    /// The row of an area.
    pub fn row(&self, area_idx: usize) -> &[f64] {
        &self.share[area_idx * self.n_columns..(area_idx + 1) * self.n_columns]
    }

    /// The row of an area, to be changed.
    pub fn row_mut(&mut self, area_idx: usize) -> &mut [f64] {
        &mut self.share[area_idx * self.n_columns..(area_idx + 1) * self.n_columns]
    }

    /// Column of those who were not placed.
    pub fn left(&self) -> usize {
        self.n_columns - 1
    }
}

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
    let mut matrix = Matrix::zeros(city.areas.len(), places.len() + 1);
    for (area, &pool) in pool_of_area.iter().enumerate() {
        matrix.row_mut(area)[pool] = 1.0;
    }
    for flow in scenario.attendance.iter().filter(|flow| flow.stage == stage) {
        for (origin, destinations) in &flow.routes {
            let mut pools: Vec<usize> = destinations.iter().map(|&d| pool_of_area[d]).collect();
            pools.sort_unstable();
            pools.dedup();
            let total = sum(pools.iter().map(|&p| places[p]));
            let home = pool_of_area[*origin];
            let row = matrix.row_mut(*origin);
            let moved = flow.share.min(row[home]);
            if moved <= 0.0 || total <= 0.0 {
                continue;
            }
            row[home] -= moved;
            for &pool in &pools {
                row[pool] += moved * places[pool] / total;
            }
        }
    }
    for area in 0..city.areas.len() {
        let row = matrix.row_mut(area);
        let mut homeless = 0.0;
        for (pool, &there) in places.iter().enumerate() {
            if there <= 0.0 {
                homeless += row[pool];
                row[pool] = 0.0;
            }
        }
        if homeless > 0.0 {
            row[most_places(city, stage, area, &places)] += homeless;
        }
    }
    matrix
}

/// Makes a row sum to 1. An empty row goes to the pool with most places in its district, then in the city; where the
/// city has no place of the stage at all, to *left*.
pub fn normalise_row(city: &City, stage: Stage, area_idx: usize, places: &[f64], row: &mut [f64]) {
    let total = sum(row.iter().copied());
    if total > 0.0 {
        row.iter_mut().for_each(|share| *share /= total);
        return;
    }
    row[most_places(city, stage, area_idx, places)] = 1.0;
}

/// The pool with most places in an area's district, then in the city; the column *left* where there are none.
fn most_places(city: &City, stage: Stage, area_idx: usize, places: &[f64]) -> usize {
    let home = city.pool_of_area[stage.idx()][area_idx];
    let most = |in_district: bool| {
        (0..places.len())
            .filter(|&p| places[p] > 0.0)
            .filter(|&p| !in_district || city.pools_share_district(stage, home, p))
            .fold(None, |best: Option<usize>, p| match best {
                Some(b) if places[b] >= places[p] => Some(b),
                _ => Some(p),
            })
    };
    most(true).or_else(|| most(false)).unwrap_or(places.len())
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
                let row = matrix.row_mut(area);
                let total = sum(row.iter().copied());
                residents[area * N_GRADES + grade] = total;
                if total > 0.0 {
                    row.iter_mut().for_each(|flow| *flow /= total);
                } else {
                    row.copy_from_slice(base[stage.idx()].row(area));
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
        matrix.row_mut(area).iter_mut().for_each(|cell| *cell *= n);
    }
    for (pool, &wanted) in pupils.iter().enumerate() {
        let total = sum((0..children.len()).map(|area| matrix.row(area)[pool]));
        if total > 0.0 {
            for area in 0..children.len() {
                matrix.row_mut(area)[pool] *= wanted / total;
            }
        } else if wanted > 0.0 {
            let areas = &city.pools[stage.idx()][pool].areas;
            for &area in areas {
                matrix.row_mut(area)[pool] = wanted / areas.len() as f64;
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
