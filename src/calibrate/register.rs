//! A synthetic register: schools, rooms and quality by area and stage, adding up to published counts.

use crate::axes::{MAX_GRADES, N_GRADES, Stage, Zone};
use crate::city::{Ownership, School, Site};
use crate::numeric::{apportion, exp, ln, normal_quantile, sum};
use crate::random::{permutation, stream};
use crate::scenario::Scenario;

/// What a synthetic stage is made from.
#[derive(Debug, Clone)]
pub struct StageTargets {
    /// Schools in all.
    pub schools: usize,
    /// Pupils in all.
    pub pupils: f64,
    /// Mean class size to be met.
    pub mean_class: Option<f64>,
    /// Pupils over seats, where no mean class size is to be met.
    pub fill: f64,
    /// Share of oversized classes to be met.
    pub oversized_share: Option<f64>,
    /// Mean pupils of a rural school over those of the others; 0 for none in rural areas.
    pub rural_ratio: f64,
    /// Share of private schools.
    pub private_share: f64,
    /// Share of pupils in public and inclusive kindergartens.
    pub inclusive_share: f64,
    /// Coefficient of variation of school sizes.
    pub size_spread: f64,
}

/// Pupils by school area: what pools receive at base shares, shared inside a pool by residents of areas that have
/// schools of the stage.
pub fn pupils_by_area(
    scenario: &Scenario,
    stage: Stage,
    wanted: &[f64],
    rural_ratio: f64,
) -> Vec<f64> {
    let city = &*scenario.city;
    let may_have = |area: usize| rural_ratio > 0.0 || city.areas[area].zone != Zone::Rural;
    let of_stage = |area: usize| sum(stage.grades().map(|g| wanted[area * N_GRADES + g]));
    // A provisional school in every area that may have one lets the attendance rules tell who goes where.
    let mut provisional = (*scenario.city).clone();
    (provisional.sites, provisional.schools) = (Vec::new(), Vec::new());
    for area in (0..city.areas.len()).filter(|&a| may_have(a) && of_stage(a) > 0.0) {
        provisional.sites.push(Site {
            key: String::new(),
            name: String::new(),
            area,
            origin: String::new(),
        });
        let rooms = (of_stage(area) / 10.0).ceil() as i32;
        provisional.schools.push(empty_school(provisional.sites.len() - 1, stage, rooms, 0.0));
    }
    let mut with_places = scenario.clone();
    with_places.city = std::sync::Arc::new(provisional);
    let shares = crate::demand::attendance::base_shares(&with_places, stage);
    let mut by_area = vec![0.0; city.areas.len()];
    for (pool_idx, pool) in city.pools[stage.idx()].iter().enumerate() {
        let received =
            sum((0..city.areas.len()).map(|area| shares.row(area)[pool_idx] * of_stage(area)));
        let members: Vec<usize> = pool.areas.iter().copied().filter(|&a| may_have(a)).collect();
        let residents = sum(members.iter().map(|&a| of_stage(a)));
        for area in members {
            by_area[area] =
                if residents > 0.0 { received * of_stage(area) / residents } else { 0.0 };
        }
    }
    by_area
}

/// An empty public school.
pub fn empty_school(site: usize, stage: Stage, rooms: i32, quality: f64) -> School {
    School {
        site,
        stage,
        ownership: Ownership::Public,
        is_inclusive: false,
        rooms_total: rooms,
        rooms_reserved: 0,
        quality,
        pupils: [0.0; MAX_GRADES],
        classes: [0; MAX_GRADES],
        limits: [0.0; MAX_GRADES],
    }
}

/// Sites and empty schools of one stage. `fill` is pupils over seats; rooms are whole numbers of rooms a grade, so that
/// every year admits alike.
pub fn schools_of_stage(
    scenario: &Scenario,
    stage: Stage,
    targets: &StageTargets,
    by_area: &[f64],
    fill: f64,
    seed: u64,
) -> (Vec<Site>, Vec<School>) {
    let city = &*scenario.city;
    let standard = scenario.thresholds.at(city.base_year).room_standard(stage);
    let n_grades = stage.n_grades() as f64;
    let wanted: Vec<f64> = (0..by_area.len())
        .map(|area| {
            let rural = city.areas[area].zone == Zone::Rural && targets.rural_ratio > 0.0;
            by_area[area] / if rural { targets.rural_ratio } else { 1.0 }
        })
        .collect();
    let counts = at_least_one(&apportion(targets.schools as u64, &wanted), &wanted);
    let (mut sites, mut schools) = (Vec::new(), Vec::new());
    for (area, &n) in counts.iter().enumerate() {
        if n == 0 {
            continue;
        }
        let n = n as usize;
        let sizes = lognormal_quantiles(n, targets.size_spread);
        let units = (by_area[area] / (fill * standard * n_grades)).round().max(n as f64) as u64;
        let extra = apportion(units - n as u64, &excess_over_one(&sizes, units));
        let path = format!("quality.{}.{area}", stage.key());
        let order = permutation(n, &mut stream(seed, &path));
        for k in 0..n {
            let quality = normal_quantile((order[k] as f64 + 0.5) / n as f64);
            let rooms = (1 + extra[k] as i32) * stage.n_grades() as i32;
            let place = city.areas[area];
            let district = &city.districts[place.district];
            let number = k + 1;
            sites.push(Site {
                key: format!("{}-{}-{}-{number:03}", district.key, place.zone.key(), stage.key()),
                name: format!(
                    "{}{}{}{number:03}（合成）",
                    district.name.zh,
                    place.zone.zh(),
                    stage.zh()
                ),
                area,
                origin: "synthetic".to_string(),
            });
            schools.push(empty_school(sites.len() - 1, stage, rooms, quality));
        }
    }
    standardise(&mut schools);
    (sites, schools)
}

/// Every area with pupils gets a school, taken from the area with most.
fn at_least_one(counts: &[u64], wanted: &[f64]) -> Vec<u64> {
    let mut counts = counts.to_vec();
    for area in 0..counts.len() {
        if counts[area] == 0 && wanted[area] > 0.0 {
            let richest = (0..counts.len()).max_by_key(|&a| (counts[a], std::cmp::Reverse(a)));
            if let Some(richest) = richest.filter(|&r| counts[r] > 1) {
                counts[richest] -= 1;
                counts[area] = 1;
            }
        }
    }
    counts
}

/// Relative sizes of `n` schools: quantiles of a lognormal with this coefficient of variation at `(k + ½)/n`, largest
/// first, mean 1.
fn lognormal_quantiles(n: usize, spread: f64) -> Vec<f64> {
    let sigma = ln(1.0 + spread * spread).sqrt();
    let sizes: Vec<f64> =
        (0..n).rev().map(|k| exp(sigma * normal_quantile((k as f64 + 0.5) / n as f64))).collect();
    let total = sum(sizes.iter().copied());
    sizes.into_iter().map(|size| size * n as f64 / total).collect()
}

/// What each school should have beyond its first room a grade.
fn excess_over_one(sizes: &[f64], units: u64) -> Vec<f64> {
    let mean = units as f64 / sizes.len() as f64;
    sizes.iter().map(|size| (size * mean - 1.0).max(0.0)).collect()
}

/// Quality with mean 0 and standard deviation 1 over the schools.
fn standardise(schools: &mut [School]) {
    let n = schools.len() as f64;
    let mean = sum(schools.iter().map(|s| s.quality)) / n.max(1.0);
    let variance =
        sum(schools.iter().map(|s| (s.quality - mean) * (s.quality - mean))) / n.max(1.0);
    if variance > 0.0 {
        for school in schools {
            school.quality = ((school.quality - mean) / variance.sqrt() * 1e6).round() / 1e6;
        }
    }
}

/// Marks private schools, and inclusive ones among private kindergartens, in a random order until the shares are met.
pub fn assign_ownership(stage: Stage, targets: &StageTargets, schools: &mut [School], seed: u64) {
    let n_private = (schools.len() as f64 * targets.private_share).round() as usize;
    let order =
        permutation(schools.len(), &mut stream(seed, &format!("ownership.{}", stage.key())));
    for &row in order.iter().take(n_private) {
        schools[row].ownership = Ownership::Private;
    }
    if stage != Stage::Kindergarten {
        return;
    }
    let pupils = |school: &School| sum(school.pupils);
    let all = sum(schools.iter().map(pupils));
    let mut covered = sum(schools.iter().filter(|s| s.ownership == Ownership::Public).map(pupils));
    for &row in order.iter().take(n_private) {
        if covered >= targets.inclusive_share * all {
            break;
        }
        schools[row].is_inclusive = true;
        covered += pupils(&schools[row]);
    }
}
