//! A synthetic register: schools, rooms and quality by area and stage, adding up to published counts.

use std::sync::Arc;

use crate::axes::{MAX_GRADES, Stage, Zone};
use crate::city::{City, Ownership, School, Site};
use crate::demand::attendance::base_shares;
use crate::demand::catchments;
use crate::numeric::{apportion, exp, ln, normal_quantile, sum};
use crate::random::{permutation, stream};
use crate::scenario::Scenario;

use super::zones::ZoneTargets;

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
    /// Share of super-oversized classes to be met.
    pub super_share: Option<f64>,
    /// θ, where it is given and not fitted.
    pub choice: Option<f64>,
    /// The city gives an `open_at` of its own: it is not fitted.
    pub has_own_open_at: bool,
    /// What is published of single zones.
    pub zones: Vec<ZoneTargets>,
    /// Mean pupils of a rural school over those of the others; 0 for none in rural areas.
    pub rural_ratio: f64,
    /// Share of private schools.
    pub private_share: f64,
    /// Share of pupils in public and inclusive schools of a stage by rate.
    pub inclusive_share: f64,
    /// Coefficient of variation of school sizes.
    pub size_spread: f64,
}

impl StageTargets {
    /// What is published of a zone.
    pub fn zone(&self, zone: Zone) -> Option<&ZoneTargets> {
        self.zones.iter().find(|z| z.zone == zone)
    }
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
    let n_grades = city.stages.n_grades();
    let of_stage = |area: usize| sum(stage.grades().map(|g| wanted[area * n_grades + g]));
    // A provisional school in every area that may have one lets the attendance rules tell who goes where.
    let mut provisional = (*scenario.city).clone();
    (provisional.sites, provisional.schools) = (Arc::default(), Vec::new());
    for area in (0..city.areas.len()).filter(|&a| may_have(a) && of_stage(a) > 0.0) {
        Arc::make_mut(&mut provisional.sites).push(Site {
            key: String::new(),
            name: String::new(),
            area,
            origin: String::new(),
        });
        let rooms = (of_stage(area) / 10.0).ceil() as i32;
        provisional.schools.push(empty_school(provisional.sites.len() - 1, stage, rooms, 0.0));
    }
    let mut with_places = scenario.clone();
    with_places.city = Arc::new(provisional);
    let catchments = catchments(&with_places.city, &with_places.attendance);
    let catchment = &catchments[stage.idx()];
    let (pairs, mut shares) = (&catchment.base_pairs, Vec::new());
    base_shares::<1>(catchment, &[&with_places], city.base_year, &mut shares);
    let share_of = |at: usize| shares[at][0];
    let mut by_area = vec![0.0; city.areas.len()];
    for (pool_idx, pool) in city.pools[stage.idx()].iter().enumerate() {
        let senders = pairs.of_column(pool_idx).iter().map(|&at| at as usize);
        let received = sum(senders.map(|at| share_of(at) * of_stage(pairs.at(at).area())));
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

/// The form that a trial gives a register.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Pupils over seats by area.
    pub fill: Vec<f64>,
    /// Coefficient of variation of school sizes.
    pub size_spread: f64,
    /// Skew of quality: 0 for the normal law, above it a few schools are far ahead, below it a few are far behind.
    pub quality_skew: f64,
}

/// What does not change while the form of a stage's register is fitted: where its schools stand, and in which order
/// quality is given to them.
#[derive(Debug)]
pub struct Plan<'a> {
    city: &'a City,
    stage: Stage,
    room_standard: f64,
    /// Pupils by area of the school.
    pub by_area: Vec<f64>,
    /// Schools by area.
    counts: Vec<u64>,
    /// Of every school: quantile of the normal law by rank of size, largest last, and of quality.
    size_quantiles: Vec<f64>,
    quality_quantiles: Vec<f64>,
}

impl<'a> Plan<'a> {
    /// Shares the published number of schools over the areas: by zone where it is published so, else all together.
    pub fn new(
        scenario: &'a Scenario,
        stage: Stage,
        targets: &StageTargets,
        by_area: Vec<f64>,
        seed: u64,
    ) -> Self {
        let city = &*scenario.city;
        let counts = counts(city, targets, &by_area);
        let (mut size_quantiles, mut quality_quantiles) = (Vec::new(), Vec::new());
        for (area, &n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let n = n as usize;
            let path = format!("quality.{}.{area}", stage.key());
            let order = permutation(n, &mut stream(seed, &path));
            let quantiles: Vec<f64> =
                (0..n).map(|k| normal_quantile((k as f64 + 0.5) / n as f64)).collect();
            quality_quantiles.extend(order.iter().map(|&k| quantiles[k]));
            size_quantiles.extend(quantiles);
        }
        let room_standard = scenario.thresholds.at(city.base_year).room_standard(stage);
        Plan { city, stage, room_standard, by_area, counts, size_quantiles, quality_quantiles }
    }

    /// Empty schools; rooms are whole numbers of rooms a grade, so that every year admits alike.
    pub fn schools(&self, form: &Form) -> Vec<School> {
        let n_grades = self.stage.n_grades();
        let mut schools = Vec::with_capacity(self.quality_quantiles.len());
        for (area, &n) in self.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let first = schools.len();
            let n = n as usize;
            let sizes = lognormal(&self.size_quantiles[first..first + n], form.size_spread);
            let seats = form.fill[area] * self.room_standard * n_grades as f64;
            let units = (self.by_area[area] / seats).round().max(n as f64) as u64;
            let extra = apportion(units - n as u64, &excess_over_one(&sizes, units));
            for k in 0..n {
                let quality = skewed(self.quality_quantiles[first + k], form.quality_skew);
                let rooms = (1 + extra[k] as i32) * n_grades as i32;
                schools.push(empty_school(first + k, self.stage, rooms, quality));
            }
        }
        standardise(&mut schools);
        schools
    }

    /// Sites that have no names yet.
    pub fn nameless_sites(&self) -> Vec<Site> {
        let site = |area: usize| Site {
            key: String::new(),
            name: String::new(),
            area,
            origin: String::new(),
        };
        let of_area = |(area, &n): (usize, &u64)| (0..n).map(move |_| site(area));
        self.counts.iter().enumerate().flat_map(of_area).collect()
    }

    /// Sites with their names, marked as synthetic.
    pub fn sites(&self) -> Vec<Site> {
        let mut sites = self.nameless_sites();
        let mut number = 0;
        for idx in 0..sites.len() {
            let area = sites[idx].area;
            number = if idx > 0 && sites[idx - 1].area == area { number + 1 } else { 1 };
            let place = self.city.areas[area];
            let district = &self.city.districts[place.district];
            let (zone, stage) = (place.zone, self.stage);
            sites[idx].key = format!("{}-{}-{}-{number:03}", district.key, zone.key(), stage.key());
            sites[idx].name =
                format!("{}{}{}{number:03}（合成）", district.name.zh, zone.zh(), stage.zh());
            sites[idx].origin = "synthetic".to_string();
        }
        sites
    }
}

/// Schools by area: in proportion to pupils, a rural school being so much smaller; a published number of a zone is met
/// inside it, the others share what is left.
fn counts(city: &City, targets: &StageTargets, by_area: &[f64]) -> Vec<u64> {
    let wanted: Vec<f64> = (0..by_area.len())
        .map(|area| {
            let rural = city.areas[area].zone == Zone::Rural && targets.rural_ratio > 0.0;
            by_area[area] / if rural { targets.rural_ratio } else { 1.0 }
        })
        .collect();
    let published = |zone: Zone| targets.zone(zone).and_then(|z| z.schools);
    let mut counts = vec![0; by_area.len()];
    let mut share = |total: u64, belongs: &dyn Fn(usize) -> bool| {
        let weights: Vec<f64> =
            (0..wanted.len()).map(|a| if belongs(a) { wanted[a] } else { 0.0 }).collect();
        let shared = at_least_one(&apportion(total, &weights), &weights);
        counts.iter_mut().zip(shared).for_each(|(count, n)| *count += n);
    };
    let mut left = targets.schools;
    for zone in Zone::ALL {
        if let Some(n) = published(zone) {
            left = left.saturating_sub(n);
            share(n as u64, &|area| city.areas[area].zone == zone);
        }
    }
    if left > 0 {
        share(left as u64, &|area| published(city.areas[area].zone).is_none());
    }
    counts
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

/// Relative sizes: a lognormal law with this coefficient of variation at quantiles of the normal law that ascend; the
/// largest first, mean 1.
fn lognormal(quantiles: &[f64], spread: f64) -> Vec<f64> {
    let sigma = ln(1.0 + spread * spread).sqrt();
    let sizes: Vec<f64> = quantiles.iter().rev().map(|z| exp(sigma * z)).collect();
    let total = sum(sizes.iter().copied());
    sizes.into_iter().map(|size| size * quantiles.len() as f64 / total).collect()
}

/// A normal quantile bent by a skew: `(e^(κz) − 1)/κ`, which is `z` at `κ = 0`.
fn skewed(z: f64, skew: f64) -> f64 {
    if skew == 0.0 { z } else { (exp(skew * z) - 1.0) / skew }
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

/// Marks private schools, and inclusive ones among the private ones of a stage by rate, in a random order until the shares are met.
pub fn assign_ownership(stage: Stage, targets: &StageTargets, schools: &mut [School], seed: u64) {
    let n_private = (schools.len() as f64 * targets.private_share).round() as usize;
    let order =
        permutation(schools.len(), &mut stream(seed, &format!("ownership.{}", stage.key())));
    for &row in order.iter().take(n_private) {
        schools[row].ownership = Ownership::Private;
    }
    if !stage.is_by_rate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Three schools, coefficient of variation ½: σ = √(ln 1.25) = 0.472381, quantiles of 1/6, 1/2, 5/6 are −0.967422, 0,
    /// 0.967422, sizes e^0.456991 = 1.57931, 1 and 0.63318, which over their mean 1.07083 are 1.47485, 0.93385, 0.59130.
    #[test]
    fn sizes_are_quantiles_of_a_lognormal_law() {
        let sizes = lognormal(&[-0.967_421_566_1, 0.0, 0.967_421_566_1], 0.5);
        for (size, by_hand) in sizes.iter().zip([1.474_846_4, 0.933_851_9, 0.591_301_8]) {
            assert!((size - by_hand).abs() < 1e-6, "{sizes:?}");
        }
    }

    /// A skew of 1 bends −1, 0, 1 to e^−1 − 1 = −0.632, 0 and e − 1 = 1.718.
    #[test]
    fn skew_pulls_the_upper_quantiles_away() {
        assert_eq!(skewed(-1.0, 0.0), -1.0);
        assert!((skewed(-1.0, 1.0) + 0.632_120_6).abs() < 1e-6);
        assert!((skewed(1.0, 1.0) - 1.718_281_8).abs() < 1e-6);
    }
}
