//! A register that is tried: made from a form, filled by the rules themselves ([`SpinUp`]), and measured.
//!
//! Schools and pupils are met exactly by construction.

use crate::axes::{Stage, Zone};
use crate::city::{City, School, Site};
use crate::numeric::{apportion, exp, normal_quantile, sum};
use crate::random::{permutation, stream};
use crate::scenario::Scenario;

use super::register::{self, Form, Plan, StageTargets};
use super::spin_up::{Measured, SpinUp, measure};
use super::targets::{ClassTarget, Shape, What, class_targets};
use super::zones;

/// A register that was tried.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub schools: Vec<School>,
    pub measured: Measured,
    pub trial: Trial,
    pub score: f64,
}

/// What a register is made from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trial {
    pub shape: Shape,
    pub choice: f64,
    pub value: f64,
    /// Pupils over seats by group of areas: the whole, or what is left of it, then zones with a mean of their own.
    pub fills: Vec<f64>,
}

/// Everything about one stage that stays while its form is fitted.
pub(super) struct Problem<'a> {
    pub scenario: &'a Scenario,
    pub stage: Stage,
    pub targets: &'a StageTargets,
    pub class_targets: Vec<ClassTarget>,
    /// Target of every group's own mean class size.
    pub group_means: Vec<Option<ClassTarget>>,
    group_of_area: Vec<usize>,
    /// By area: a normal quantile, in a random order.
    tightness_quantiles: Vec<f64>,
    wanted: &'a [f64],
    pub plan: Plan<'a>,
    sites: Vec<Site>,
    spin_up: SpinUp,
}

impl<'a> Problem<'a> {
    pub fn new(
        scenario: &'a Scenario,
        stage: Stage,
        targets: &'a StageTargets,
        wanted: &'a [f64],
        seed: u64,
    ) -> Self {
        let city = &*scenario.city;
        let residents = register::pupils_by_area(scenario, stage, wanted, targets.rural_ratio);
        let by_area = zones::published_by_zone(city, targets, &residents);
        let factors = match targets.zones.iter().any(|zone| zone.pupils.is_some()) {
            true => pool_factors(city, stage, &residents, &by_area),
            false => Vec::new(),
        };
        let plan = Plan::new(scenario, stage, targets, by_area, seed);
        let sites = plan.nameless_sites();
        let spin_up = SpinUp::new(scenario, stage, sites.clone(), wanted, factors);
        let (group_of_area, group_means) = groups(city, targets);
        let n = city.areas.len();
        let order = permutation(n, &mut stream(seed, &format!("tightness.{}", stage.key())));
        let quantile = |k: &usize| normal_quantile((*k as f64 + 0.5) / n as f64);
        Problem {
            scenario,
            stage,
            targets,
            class_targets: class_targets(targets),
            group_means,
            group_of_area,
            tightness_quantiles: order.iter().map(quantile).collect(),
            wanted,
            plan,
            sites,
            spin_up,
        }
    }

    /// Areas by which a shape can tell rooms apart.
    pub fn can_vary(&self, shape: Shape) -> bool {
        let mut zones = Vec::new();
        let mut n_areas = 0;
        for (area, &pupils) in self.plan.by_area.iter().enumerate() {
            if pupils > 0.0 && self.group_of_area[area] == 0 {
                n_areas += 1;
                zones.push(self.scenario.city.areas[area].zone == Zone::Rural);
            }
        }
        match shape {
            Shape::ZoneTightness => zones.contains(&true) && zones.contains(&false),
            Shape::AreaTightness => n_areas > 1,
            _ => true,
        }
    }

    /// Entrants for whom a class is opened in the base year, in hundredths of a pupil.
    pub fn open_at(&self, factor: f64) -> f64 {
        let city = &*self.scenario.city;
        let national = self.scenario.thresholds.open_at[self.stage.idx()].at(city.base_year);
        if factor == 1.0 { national } else { (100.0 * national * factor).round() / 100.0 }
    }

    fn form(&self, trial: &Trial) -> Form {
        let varies = |shape: Shape| if trial.shape == shape { trial.value } else { 0.0 };
        let (by_zone, by_area) = (varies(Shape::ZoneTightness), varies(Shape::AreaTightness));
        let fill = |area: usize| {
            let group = self.group_of_area[area];
            if group > 0 {
                return trial.fills[group];
            }
            let is_rural = self.scenario.city.areas[area].zone == Zone::Rural;
            let zone = if is_rural { -0.5 } else { 0.5 };
            trial.fills[0] * exp(by_zone * zone + by_area * self.tightness_quantiles[area])
        };
        Form {
            fill: (0..self.group_of_area.len()).map(fill).collect(),
            size_spread: match trial.shape {
                Shape::SizeSpread => trial.value,
                _ => self.targets.size_spread,
            },
            quality_skew: varies(Shape::QualitySkew),
        }
    }

    /// Makes a register and fills it.
    pub fn evaluate(&mut self, trial: &Trial) -> (Vec<School>, Measured) {
        let empty = self.plan.schools(&self.form(trial));
        let factor = if trial.shape == Shape::OpenAt { trial.value } else { 1.0 };
        let schools = self.spin_up.run(trial.choice, self.open_at(factor), empty);
        let schools = self.whole_pupils(schools);
        let measured = measure(self.scenario, &self.sites, &schools);
        (schools, measured)
    }

    /// Whole children by largest remainder: by grade the total is that of the wanted pupils (rounded so that the stage's
    /// total is whole). Where pupils of zones are published, each of them, and the others together, has its total.
    fn whole_pupils(&self, mut schools: Vec<School>) -> Vec<School> {
        let city = &*self.scenario.city;
        let n_grades = city.stages.n_grades();
        let wanted = |grade: usize| {
            sum((0..city.areas.len()).map(|area| self.wanted[area * n_grades + grade]))
        };
        let by_grade: Vec<f64> = self.stage.grades().map(wanted).collect();
        let total = sum(by_grade.iter().copied()).round() as u64;
        let zone_of = |school: &School| city.areas[self.sites[school.site].area].zone;
        let published = |zone: Zone| self.targets.zone(zone).and_then(|z| z.pupils);
        let mut left = total;
        let all: Vec<usize> = (0..schools.len()).collect();
        for zone in Zone::ALL {
            if let Some(pupils) = published(zone) {
                let rows = all.iter().copied().filter(|&r| zone_of(&schools[r]) == zone);
                let rows: Vec<usize> = rows.collect();
                left = left.saturating_sub(pupils as u64);
                share_whole(&mut schools, &rows, pupils as u64, None);
            }
        }
        if left == total {
            share_whole(&mut schools, &all, total, Some(&by_grade));
        } else {
            let rows = all.iter().copied().filter(|&r| published(zone_of(&schools[r])).is_none());
            let rows: Vec<usize> = rows.collect();
            share_whole(&mut schools, &rows, left, None);
        }
        schools
    }
}

/// Shares a whole number of pupils over the grades (in the proportions given, else of the schools) and their schools.
fn share_whole(schools: &mut [School], rows: &[usize], total: u64, by_grade: Option<&[f64]>) {
    let Some(&first) = rows.first() else {
        return;
    };
    let n_grades = schools[first].stage.n_grades();
    let held = |g: usize| sum(rows.iter().map(|&row| schools[row].pupils[g]));
    let by_grade: Vec<f64> = match by_grade {
        Some(by_grade) => by_grade.to_vec(),
        None => (0..n_grades).map(held).collect(),
    };
    for (g, &grade_total) in apportion(total, &by_grade).iter().enumerate() {
        let pupils: Vec<f64> = rows.iter().map(|&row| schools[row].pupils[g]).collect();
        for (&row, n) in rows.iter().zip(apportion(grade_total, &pupils)) {
            schools[row].pupils[g] = n as f64;
            schools[row].classes[g] = if n > 0 { schools[row].classes[g].max(1) } else { 0 };
        }
    }
}

/// What the flows into every pool are multiplied by, so that the pupils of zones are those published.
fn pool_factors(city: &City, stage: Stage, residents: &[f64], by_area: &[f64]) -> Vec<f64> {
    let total = |of: &[f64], areas: &[usize]| sum(areas.iter().map(|&a| of[a]));
    let factor = |pool: &crate::city::Pool| {
        let before = total(residents, &pool.areas);
        if before > 0.0 { total(by_area, &pool.areas) / before } else { 1.0 }
    };
    city.pools[stage.idx()].iter().map(factor).collect()
}

/// The group of every area, and the mean class size of every group: zones with a mean of their own, and the rest, whose
/// rooms bring the mean of the whole city.
fn groups(city: &City, targets: &StageTargets) -> (Vec<usize>, Vec<Option<ClassTarget>>) {
    let mean =
        |zone: Option<Zone>, published: f64| ClassTarget { what: What::MeanClass, zone, published };
    let own: Vec<(Zone, f64)> =
        targets.zones.iter().filter_map(|zone| Some((zone.zone, zone.mean_class?))).collect();
    let group = |area: &crate::city::Area| {
        own.iter().position(|(zone, _)| *zone == area.zone).map_or(0, |at| at + 1)
    };
    let group_of_area: Vec<usize> = city.areas.iter().map(group).collect();
    let rest = targets.mean_class.filter(|_| group_of_area.contains(&0));
    let mut means = vec![rest.map(|target| mean(None, target))];
    means.extend(own.into_iter().map(|(zone, target)| Some(mean(Some(zone), target))));
    (group_of_area, means)
}
