//! From published totals to a model city: people by single age, and a synthetic register.
//!
//! In: a city's keys, its observations (census groups, published counts), the figures under `[calibration]`. Out: the
//! tables `population.csv`, `group_quarters.csv`, `schools.csv`, the fitted θ in `calibrated.toml`, and the residual of
//! every observation. Method: model section 8; what cannot be reconciled is shown and never forced.

pub mod ages;
pub mod between;
mod census;
pub mod children;
mod equations;
mod forward;
pub mod least_squares;
pub mod migration;
mod people;
pub mod posterior;
pub mod rates;
pub mod readiness;
pub mod register;
mod residuals;
pub mod spin_up;
pub mod tables;
mod targets;

use crate::axes::{N_GRADES, Stage};
use crate::city::{School, Site};
use crate::input::CityKeys;
use crate::numeric::{apportion, sum};
use crate::scenario::Scenario;

pub use people::People;
use register::StageTargets;
pub use residuals::{LARGE, Residual, Role};
use spin_up::Spun;

/// What calibration found for one stage.
#[derive(Debug, Clone)]
pub struct FittedStage {
    /// Stage.
    pub stage: Stage,
    /// θ.
    pub choice: f64,
    /// Pupils over seats.
    pub fill: f64,
    /// Mean class size after spin-up.
    pub mean_class: f64,
    /// Share of oversized classes after spin-up.
    pub oversized_share: f64,
    /// Share of super-oversized classes after spin-up.
    pub super_share: f64,
    /// Rooms of the register.
    pub rooms: i32,
    /// Pupils of the register.
    pub pupils: f64,
}

/// A calibrated city.
#[derive(Debug)]
pub struct Calibrated {
    /// Residents and people in halls.
    pub people: People,
    /// Sites of the register.
    pub sites: Vec<Site>,
    /// Schools with pupils, classes and limits.
    pub schools: Vec<School>,
    /// Fit by stage.
    pub stages: Vec<FittedStage>,
    /// Every observation beside the fitted value.
    pub residuals: Vec<Residual>,
}

/// A share of classes is met when it is so near: half a point.
const SHARE_MET: f64 = 0.005;

/// Calibrates a city.
///
/// # Errors
/// A sentence for every figure or observation that is missing.
pub fn calibrate(keys: &CityKeys) -> Result<Calibrated, Vec<String>> {
    let mut missing = Vec::new();
    let people = people::build(keys, &mut missing);
    let targets: Vec<Option<StageTargets>> =
        Stage::ALL.into_iter().map(|stage| targets(keys, stage, &mut missing)).collect();
    let seed = needed(keys, "calibration.seed", &mut missing) as u64;
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut city = (*keys.scenario.city).clone();
    city.population.people = people.residents.clone();
    city.population.group_quarters = people.halls.clone();
    let mut scenario = keys.scenario.clone();
    scenario.city = std::sync::Arc::new(city);
    if let Some(children) = &people.children {
        for path in &keys.estimated {
            if let Some((values, _, _)) = children.figure(path) {
                rates::put(&mut scenario.enrolment, path, &values);
            }
        }
    }
    let wanted = wanted_pupils(&scenario, &targets);
    let mut calibrated = Calibrated {
        people,
        sites: Vec::new(),
        schools: Vec::new(),
        stages: Vec::new(),
        residuals: Vec::new(),
    };
    for stage in Stage::ALL {
        let Some(targets) = &targets[stage.idx()] else {
            continue;
        };
        fit_stage(&mut scenario, stage, targets, &wanted, seed, &mut calibrated);
    }
    calibrated.residuals = residuals::of(keys, &scenario, &calibrated);
    Ok(calibrated)
}

fn needed(keys: &CityKeys, path: &str, missing: &mut Vec<String>) -> f64 {
    match keys.checked.figures.get(path) {
        Some(figure) => figure.scalar(),
        None => {
            missing.push(format!("{path}: calibration needs this figure"));
            0.0
        }
    }
}

fn targets(keys: &CityKeys, stage: Stage, missing: &mut Vec<String>) -> Option<StageTargets> {
    let at = |what: &str| format!("calibration.{}.{what}", stage.key());
    let get = |what: &str| targets::published(keys, stage, what);
    let schools = get("schools").unwrap_or_else(|| needed(keys, &at("schools"), missing)) as usize;
    if schools == 0 {
        return None;
    }
    Some(StageTargets {
        schools,
        pupils: get("pupils").unwrap_or(0.0),
        mean_class: get("mean_class"),
        fill: if get("mean_class").is_some() { 0.0 } else { needed(keys, &at("fill"), missing) },
        oversized_share: get("oversized_share"),
        rural_ratio: needed(keys, &at("rural_ratio"), missing),
        private_share: get("private_share").unwrap_or(0.0),
        inclusive_share: get("inclusive_share").unwrap_or(0.0),
        size_spread: needed(keys, "calibration.size_spread", missing),
    })
}

/// Pupils by residence and grade that the register must hold: the enrolment account of the residents, scaled to the
/// published pupils of a stage where there are any. `[area · 18 + grade]`.
fn wanted_pupils(scenario: &Scenario, targets: &[Option<StageTargets>]) -> Vec<f64> {
    let city = &*scenario.city;
    let enrolment = &scenario.enrolment;
    let base = city.base_year;
    let children = |area: usize, age: usize| {
        let start = |sex| crate::city::City::people_start(area, sex) + age;
        city.population.people[start(crate::axes::Sex::Female)]
            + city.population.people[start(crate::axes::Sex::Male)]
    };
    let of_age = |age: usize| sum((0..city.areas.len()).map(|area| children(area, age)));
    let weights = enrolment.kindergarten_weights;
    let weighted = sum((0..3).map(|g| weights[g] * of_age(3 + g)));
    let kindergarten =
        enrolment.kindergarten_rate.at(base) * sum((3..6).map(of_age)) / weighted.max(1e-9);
    let mut wanted = vec![0.0; city.areas.len() * N_GRADES];
    for area in 0..city.areas.len() {
        let mut kept = enrolment.coverage.at(base);
        for stage in Stage::ALL {
            for (g, grade) in stage.grades().enumerate() {
                let rate = match stage {
                    Stage::Kindergarten => kindergarten * weights[g],
                    Stage::Primary | Stage::Junior => {
                        if grade > Stage::Primary.first_grade() {
                            kept *= enrolment.retention[grade - 1].at(base);
                        }
                        kept
                    }
                    _ => 1.0,
                };
                wanted[area * N_GRADES + grade] = rate * children(area, stage.first_age() + g);
            }
        }
    }
    for stage in Stage::ALL {
        let published = targets[stage.idx()].as_ref().map_or(0.0, |t| t.pupils);
        if published > 0.0 {
            let cells = |area: usize| stage.grades().map(move |g| area * N_GRADES + g);
            let total = sum((0..city.areas.len()).flat_map(cells).map(|cell| wanted[cell]));
            for cell in (0..city.areas.len()).flat_map(cells) {
                wanted[cell] *= published / total.max(1e-9);
            }
        }
    }
    wanted
}

/// Fits θ and the fill of a stage to its mean class size and share of oversized classes, and adds its schools.
fn fit_stage(
    scenario: &mut Scenario,
    stage: Stage,
    targets: &StageTargets,
    wanted: &[f64],
    seed: u64,
    calibrated: &mut Calibrated,
) {
    let by_area = register::pupils_by_area(scenario, stage, wanted, targets.rural_ratio);
    let try_with = |scenario: &mut Scenario, choice: f64, fill: f64| -> (Vec<Site>, Spun) {
        scenario.rules.choice[stage.idx()] = choice;
        let (sites, empty) =
            register::schools_of_stage(scenario, stage, targets, &by_area, fill, seed);
        let spun = spin_up::spin_up(scenario, stage, &sites, &empty, wanted);
        (sites, spun)
    };
    // For a given θ the mean class size rises with the fill; for the fill that meets it the oversized share rises with θ.
    let fill_for = |scenario: &mut Scenario, choice: f64| match targets.mean_class {
        None => targets.fill,
        Some(mean) => bisect(0.4, 1.6, |fill| try_with(scenario, choice, fill).1.mean_class - mean),
    };
    let choice = match targets.oversized_share {
        None => 0.0,
        Some(share) => choice_for(|choice| {
            let fill = fill_for(scenario, choice);
            try_with(scenario, choice, fill).1.oversized_share - share
        }),
    };
    let choice = (choice * 1e4).round() / 1e4;
    let fill = fill_for(scenario, choice);
    let (sites, spun) = try_with(scenario, choice, fill);
    let mut schools = whole_pupils(scenario, stage, &sites, spun.schools, wanted);
    register::assign_ownership(stage, targets, &mut schools, seed);
    calibrated.stages.push(FittedStage {
        stage,
        choice,
        fill,
        mean_class: spun.mean_class,
        oversized_share: spun.oversized_share,
        super_share: spun.super_share,
        rooms: schools.iter().map(|s| s.rooms_total).sum(),
        pupils: sum(schools.iter().map(|s| sum(s.pupils))),
    });
    let first_site = calibrated.sites.len();
    for school in &mut schools {
        school.site += first_site;
    }
    calibrated.sites.extend(sites);
    calibrated.schools.extend(schools);
}

/// The θ that meets a share of oversized classes. With a strong pull the mean class size cannot be met by any fill, and the
/// share no longer rises with θ: where the wide search misses, narrower ones near 0 follow, and the nearest of all is taken.
fn choice_for(mut distance: impl FnMut(f64) -> f64) -> f64 {
    let mut best = (f64::INFINITY, 0.0);
    for most in [1.5, 0.4, 0.2, 0.1, 0.03] {
        let choice = bisect(0.0, most, &mut distance);
        let miss = distance(choice).abs();
        if miss < best.0 {
            best = (miss, choice);
        }
        if miss < SHARE_MET {
            break;
        }
    }
    best.1
}

/// The zero of a rising function between two bounds, to a thousandth of their distance; the nearer bound if there is none.
fn bisect(low: f64, high: f64, mut distance: impl FnMut(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..14 {
        let middle = 0.5 * (low + high);
        if distance(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Whole children: by grade the total is that of the wanted pupils (rounded so that the stage's total is whole), shared by
/// largest remainder.
fn whole_pupils(
    scenario: &Scenario,
    stage: Stage,
    sites: &[Site],
    mut schools: Vec<School>,
    wanted: &[f64],
) -> Vec<School> {
    let n_areas = scenario.city.areas.len();
    debug_assert!(sites.len() == schools.len());
    let by_grade: Vec<f64> = stage
        .grades()
        .map(|grade| sum((0..n_areas).map(|area| wanted[area * N_GRADES + grade])))
        .collect();
    let total = sum(by_grade.iter().copied()).round() as u64;
    let grade_totals = apportion(total, &by_grade);
    for (g, &grade_total) in grade_totals.iter().enumerate() {
        let pupils: Vec<f64> = schools.iter().map(|school| school.pupils[g]).collect();
        for (school, n) in schools.iter_mut().zip(apportion(grade_total, &pupils)) {
            school.pupils[g] = n as f64;
            school.classes[g] = if n > 0 { school.classes[g].max(1) } else { 0 };
        }
    }
    schools
}
