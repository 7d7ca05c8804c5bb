//! Real registers beside synthetic ones: the rows are taken as they are, and what they lack is filled by these rules and
//! named in the column `origin`.
//!
//! - ownership: public;
//! - pupils by grade: the pupils of the school in the proportions of the stage's residents by grade, whole children by
//!   largest remainder;
//! - classes by grade: one where there are pupils, then those of the school one by one to the grade whose classes are
//!   largest; where the school's classes are not told either, one for every so many pupils as
//!   `thresholds.<stage>.open_at` says, and as many as there are rooms at most;
//! - rooms: as many as classes;
//! - class limits: the relief limit where the pupils have room at `open_at`, else the ceiling, and never below the mean
//!   class;
//! - quality: 0, the mean.

use crate::axes::{MAX_GRADES, Stage};
use crate::city::{Ownership, School, Site};
use crate::input::real::RealSchool;
use crate::numeric::{apportion, ceil_count, sum};
use crate::scenario::{Scenario, YearThresholds};
use crate::schools::classes::remembered_limit;

use super::register::{StageTargets, empty_school};
use super::spin_up::measure;
use super::targets::{FittedStage, Shape, class_targets};

/// Sites and schools of a stage from its real register, and its figures beside what is published. θ is that of the city,
/// else 0: nothing in a register of one year tells it.
pub fn take_stage(
    scenario: &Scenario,
    stage: Stage,
    targets: &StageTargets,
    rows: &[RealSchool],
    wanted: &[f64],
) -> (FittedStage, Vec<Site>, Vec<School>) {
    let n_areas = scenario.city.areas.len();
    let n_grades = scenario.city.stages.n_grades();
    let residents = |grade: usize| sum((0..n_areas).map(|area| wanted[area * n_grades + grade]));
    let by_grade: Vec<f64> = stage.grades().map(residents).collect();
    let thresholds = scenario.thresholds.at(scenario.city.base_year);
    let (mut sites, mut schools) = (Vec::new(), Vec::new());
    for row in rows {
        let (school, filled) = filled_in(stage, row, sites.len(), &by_grade, &thresholds);
        let mut origin = row.origin.clone().unwrap_or_else(|| "register".to_string());
        if !filled.is_empty() {
            origin.push_str(&format!(" (filled: {})", filled.join(" ")));
        }
        sites.push(Site { key: row.site.clone(), name: row.name.clone(), area: row.area, origin });
        schools.push(school);
    }
    let measured = measure(scenario, &sites, &schools);
    let rooms: i32 = schools.iter().map(School::usable_rooms).sum();
    let seats = f64::from(rooms) * thresholds.room_standard(stage);
    let fitted = FittedStage {
        stage,
        choice: targets.choice.unwrap_or(0.0),
        fill: if seats > 0.0 { measured.all.pupils / seats } else { 0.0 },
        mean_class: measured.all.mean_class(),
        oversized_share: measured.all.oversized_share(),
        super_share: measured.all.super_share(),
        rooms: schools.iter().map(|s| s.rooms_total).sum(),
        pupils: sum(schools.iter().map(|s| sum(s.pupils))),
        shape: Shape::Register,
        shape_value: 0.0,
        open_at_factor: 1.0,
        mets: class_targets(targets).iter().map(|target| target.met(&measured)).collect(),
        attempts: Vec::new(),
    };
    (fitted, sites, schools)
}

/// A school with everything that a run needs, and the names of what was filled.
fn filled_in(
    stage: Stage,
    row: &RealSchool,
    site: usize,
    by_grade: &[f64],
    thresholds: &YearThresholds,
) -> (School, Vec<&'static str>) {
    let n_grades = stage.n_grades();
    let open_at = thresholds.open_at[stage.idx()];
    let mut filled = Vec::new();
    let mut school = empty_school(site, stage, 0, row.quality.unwrap_or(0.0));
    school.is_inclusive = row.is_inclusive;
    match row.ownership {
        Some(ownership) => school.ownership = ownership,
        None => {
            school.ownership = Ownership::Public;
            filled.push("ownership");
        }
    }
    match row.pupils_by_grade {
        Some(pupils) => school.pupils = pupils,
        None => {
            let shared = apportion(row.pupils.round() as u64, by_grade);
            (0..n_grades).for_each(|g| school.pupils[g] = shared[g] as f64);
            filled.push("pupils");
        }
    }
    match row.classes_by_grade {
        Some(classes) => school.classes = classes,
        None => {
            school.classes = classes_of(&school.pupils, row, open_at);
            filled.push("classes");
        }
    }
    let n_classes: i32 = school.classes.iter().sum();
    school.rooms_reserved = row.reserved;
    school.rooms_total = row.rooms.unwrap_or(n_classes + row.reserved);
    if row.rooms.is_none() {
        filled.push("rooms");
    }
    let grades = stage.grades().enumerate();
    for (g, grade) in grades {
        let (pupils, classes) = (school.pupils[g], school.classes[g]);
        let relief = thresholds.relief_limit[grade];
        let rule = remembered_limit(pupils, classes, open_at, relief, thresholds.ceiling[grade]);
        let mean = if classes > 0 { pupils / f64::from(classes) } else { 0.0 };
        school.limits[g] = row.limits[g].unwrap_or_else(|| rule.max(mean.ceil()));
    }
    if row.limits[..n_grades].iter().any(Option::is_none) {
        filled.push("limit");
    }
    if row.quality.is_none() {
        filled.push("quality");
    }
    (school, filled)
}

/// Classes by grade of a school whose grades are not told.
fn classes_of(pupils: &[f64; MAX_GRADES], row: &RealSchool, open_at: f64) -> [i32; MAX_GRADES] {
    let least = pupils.map(|n| i32::from(n > 0.0));
    let n_least: i32 = least.iter().sum();
    let rooms = row.rooms.map_or(i32::MAX, |rooms| rooms - row.reserved).max(n_least);
    let wanted: [i32; MAX_GRADES] =
        std::array::from_fn(|g| ceil_count(pupils[g] / open_at).max(least[g]));
    let all = row.classes.unwrap_or_else(|| wanted.iter().sum::<i32>().min(rooms));
    if row.classes.is_none() && all == wanted.iter().sum::<i32>() {
        return wanted;
    }
    let mut classes = least;
    // The next class goes where classes are largest; ties: the lower grade.
    for _ in 0..(all - n_least).max(0) {
        let size = |g: &usize| pupils[*g] / f64::from(classes[*g].max(1));
        let largest = (0..MAX_GRADES).filter(|&g| least[g] > 0).fold(None, |best, g| match best {
            Some(b) if size(&b) >= size(&g) => Some(b),
            _ => Some(g),
        });
        if let Some(g) = largest {
            classes[g] += 1;
        }
    }
    classes
}
