//! From a checked tree to a city and a scenario. Absent figures have been reported by then; a stand-in keeps the
//! reading going so that every other problem is found too.

use std::path::PathBuf;
use std::sync::Arc;

use crate::axes::{N_AGES, Stage};
use crate::city::{BasePopulation, City, Name};
use crate::scenario::{AttendanceFlow, DemandMode, Enrolment, Scenario, Thresholds};
use crate::units::{Path, Year};

use super::check::Checked;
use super::figure::Values;
use super::figures::Part;
use super::load::Load;
use super::places::{self, Places};
use super::problem::Position;
use super::{register, residents};

/// Reads figures of a checked tree by path.
pub(super) struct Reader<'a> {
    pub(super) load: &'a mut Load,
    pub(super) checked: &'a Checked,
    pub(super) places: Places,
    /// Every row of the register could be read, so a site that is not in it does not exist.
    pub(super) register_is_whole: bool,
}

impl Reader<'_> {
    /// Makes a part of the scenario: the figures that are read meanwhile are noted as its own.
    pub(super) fn part<T>(&mut self, part: Part, make: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.checked.figures.begin(part);
        let made = make(self);
        self.checked.figures.begin(outer);
        made
    }

    /// A scalar, or 0.
    pub(super) fn scalar(&self, path: &str) -> f64 {
        self.checked.figures.get(path).map_or(0.0, |figure| figure.scalar())
    }

    /// A scalar that may be absent.
    pub(super) fn optional_scalar(&self, path: &str) -> Option<f64> {
        self.checked.figures.get(path).map(|figure| figure.scalar())
    }

    /// A path, or 1 in every year.
    pub(super) fn path(&self, path: &str) -> Path {
        self.optional_path(path).unwrap_or_else(|| Path::constant(1.0))
    }

    /// The numbers of a list; none where it is absent.
    pub(super) fn list(&self, path: &str) -> Vec<f64> {
        self.checked.figures.get(path).map(|figure| figure.list()).unwrap_or_default()
    }

    pub(super) fn optional_path(&self, path: &str) -> Option<Path> {
        self.checked.figures.get(path).map(|figure| figure.path(0))
    }

    /// One path for every number of a list figure.
    pub(super) fn path_of(&self, path: &str, idx: usize) -> Path {
        self.checked.figures.get(path).map_or_else(|| Path::constant(1.0), |f| f.path(idx))
    }

    /// Seats of a room of a stage in a year: the mean class-size standard over its grades.
    pub(super) fn room_standard(&self, stage: Stage, year: Year) -> f64 {
        let key = format!("thresholds.{}.standard", stage.key());
        let standards = (0..stage.n_grades()).map(|g| self.path_of(&key, g).at(year));
        crate::numeric::sum(standards) / stage.n_grades() as f64
    }

    /// The file that a table figure or a file setting names, and where it is named.
    pub(super) fn file(&self, path: &str) -> Option<(PathBuf, Position)> {
        let (name, position) = match self.checked.figures.get(path) {
            Some(figure) => match &figure.values {
                Values::Table(name) => (name.clone(), figure.position),
                _ => return None,
            },
            None => {
                let node = self.checked.settings.get(path)?;
                (node.text()?.to_string(), node.position)
            }
        };
        let file = self.load.files.get(position.file)?;
        let folder = match file.name.as_str() {
            "command line" => self.load.folder.clone(),
            _ => file.path.parent()?.to_path_buf(),
        };
        Some((folder.join(name), position))
    }
}

/// Builds a scenario; only meaningful if no problem has been noted at the end.
pub(super) fn scenario(load: &mut Load, checked: &Checked, default_key: &str) -> Scenario {
    let places = places::read(load, checked);
    let mut reader = Reader { load, checked, places, register_is_whole: false };
    let thresholds = super::thresholds::thresholds(&mut reader);
    let vital = super::vital::vital(&mut reader);
    let city = match reader.load.known_city.clone() {
        Some(city) => {
            reader.register_is_whole = true;
            city
        }
        None => Arc::new(city(&mut reader, &thresholds)),
    };
    let text = |path: &str| checked.text(path).unwrap_or_default().to_string();
    let is_there = |path: &str| checked.text(path).is_some();
    super::thresholds::check(&mut reader, &thresholds, &city);
    let key = checked.text("scenario.key").unwrap_or(default_key).to_string();
    let title = checked.text("scenario.title").unwrap_or(&key).to_string();
    let title_en = checked.text("scenario.title_en").unwrap_or(&title).to_string();
    check_folder_name(reader.load, checked, "scenario.key", &key);
    let unit_types = super::programmes::unit_types(&mut reader, &city);
    let programmes = super::programmes::read(&mut reader, &city, &unit_types);
    let attendance = attendance(&mut reader, city.years());
    let enrolment = enrolment(&mut reader);
    let rules = super::rules::school_rules(&mut reader);
    let levels = super::levels::read(&mut reader);
    let targets = super::targets::read(&mut reader);
    Scenario {
        key,
        title: Name { zh: title, en: title_en },
        question: Name {
            en: text(if is_there("scenario.question_en") {
                "scenario.question_en"
            } else {
                "scenario.question"
            }),
            zh: text("scenario.question"),
        },
        vital,
        enrolment,
        attendance,
        rules,
        levers: super::rules::levers(&mut reader),
        levels,
        thresholds,
        unit_types,
        programmes,
        targets,
        plan_period: checked.span("plan.period").map(|(a, b)| (a as Year, b as Year)),
        pupils_per_teacher: reader.part(Part::PupilsPerTeacher, |reader| {
            let of = |s: Stage| format!("staffing.{}.pupils_per_teacher", s.key());
            reader.checked.stages.map(|s| reader.optional_path(&of(s)))
        }),
        city,
    }
}

/// A name that becomes a folder must be one.
fn check_folder_name(load: &mut Load, checked: &Checked, path: &str, name: &str) {
    check_folder(load, checked.position(path), path, name);
}

/// The same of a name that stands at a place: of a city (`city.key`), a scenario (`scenario.key`) or a sweep (the name of its file).
pub(super) fn check_folder(load: &mut Load, position: Position, path: &str, name: &str) {
    let written = match name {
        "compare" => Some("comparisons"),
        "hindcast" => Some("hindcasts"),
        _ => None,
    };
    if let Some(written) = written.filter(|_| path != "city.key") {
        let message =
            format!("expected another name: {written} are written to the folder `{name}`");
        let help = format!("choose another key than `{name}`");
        load.problem(position, path, message, help);
    }
    let is_plain = !name.is_empty()
        && name.len() <= 100
        && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_' || c == '.')
        && !name.starts_with('.');
    if !is_plain {
        let message = format!("expected letters, digits, - and _, found {name:?}");
        load.problem(position, path, message, "the name becomes a folder");
    }
}

fn city(reader: &mut Reader, thresholds: &Thresholds) -> City {
    let checked = reader.checked;
    let base_year = checked.whole("city.base_year").unwrap_or(2020) as Year;
    let is_known =
        checked.whole("city.horizon").is_some() && checked.whole("city.base_year").is_some();
    let horizon = checked.whole("city.horizon").unwrap_or(i64::from(base_year) + 100) as Year;
    if is_known && (horizon <= base_year || horizon > base_year + 100) {
        let message = format!(
            "expected a year from {} to {}, found {horizon}",
            base_year + 1,
            base_year + 100
        );
        let help = "move the horizon or the base year";
        reader.load.problem(checked.position("city.horizon"), "city.horizon", message, help);
    }
    let horizon = horizon.clamp(base_year + 1, base_year + 100);
    let broken = reader.places.is_broken;
    let n_cells = reader.places.areas.len() * 2 * N_AGES;
    let people =
        if broken { vec![0.0; n_cells] } else { people(reader, "tables.population", true) };
    let group_quarters = if broken { vec![0.0; n_cells] } else { group_quarters(reader, &people) };
    if let Some((path, position)) = reader.file("tables.observations") {
        reader.load.read(&path, Some((position, "tables.observations")));
    }
    let before = reader.load.problems.list.len();
    let base = thresholds.at(base_year);
    let (sites, schools) = match reader.file("tables.schools") {
        Some((path, position)) if !broken => {
            let ceiling = |stage: Stage, g: usize| base.ceiling[stage.first_grade() + g];
            let at = (position, "tables.schools");
            register::read_schools(reader.load, &reader.places, &path, at, &ceiling, base_year)
        }
        _ => (Vec::new(), Vec::new()),
    };
    reader.register_is_whole = !broken && reader.load.problems.list.len() == before;
    let key = checked.text("city.key").unwrap_or("city").to_string();
    check_folder_name(reader.load, checked, "city.key", &key);
    let zh = checked.text("city.name").unwrap_or(&key).to_string();
    let en = checked.text("city.name_en").unwrap_or(&key).to_string();
    let places = reader.places.clone();
    City {
        stages: places.stages,
        key,
        name: Name { zh, en },
        base_year,
        horizon,
        districts: places.districts,
        areas: places.areas,
        pools: places.pools,
        pool_of_area: places.pool_of_area,
        neighbours: places.neighbours,
        population: BasePopulation { people, group_quarters },
        sites: Arc::new(sites),
        schools,
    }
}

fn people(reader: &mut Reader, key: &str, complete: bool) -> Vec<f64> {
    let n = reader.places.areas.len() * 2 * N_AGES;
    let Some((path, position)) = reader.file(key) else {
        return vec![0.0; n];
    };
    let mut people =
        residents::read_people(reader.load, &reader.places, &path, (position, key), complete);
    people.iter_mut().filter(|p| p.is_nan()).for_each(|p| *p = 0.0);
    people
}

/// People in group quarters, who are residents too.
fn group_quarters(reader: &mut Reader, residents: &[f64]) -> Vec<f64> {
    let group_quarters = people(reader, "tables.group_quarters", false);
    let total = |people: &[f64]| crate::numeric::sum(people.iter().copied());
    if let (Some((_, position)), true) = (
        reader.file("tables.group_quarters"),
        total(&group_quarters) > total(residents) && total(residents) > 0.0,
    ) {
        let message = format!(
            "expected fewer people in group quarters than the {:.0} in households, found {:.0}",
            total(residents),
            total(&group_quarters)
        );
        reader.load.problem(position, "tables.group_quarters", message, "look for a wrong unit");
    }
    group_quarters
}

/// Retention into the next grade, by grade of the dense row; 1 from the last grade of a stage that no single one follows.
fn retention(reader: &mut Reader) -> Vec<Path> {
    let of_stage = |stage: Stage| {
        let key = format!("enrolment.{}.retention", stage.key());
        let n = if stage.is_by_rate() { 0 } else { stage.n_retentions() };
        (0..stage.n_grades()).map(move |g| (key.clone(), g, g < n))
    };
    let grades = reader.checked.stages.iter().flat_map(of_stage);
    let path = |(key, g, is_told): (String, usize, bool)| match is_told {
        true => reader.path_of(&key, g),
        false => Path::constant(1.0),
    };
    grades.map(path).collect()
}

/// Relative attendance of the grades of stages by rate, by grade of the dense row; 1 in the others.
fn weights(reader: &mut Reader) -> Vec<f64> {
    let of_stage = |stage: Stage| {
        let weights = match stage.is_by_rate() {
            true => reader.list(&format!("enrolment.{}.weights", stage.key())),
            false => Vec::new(),
        };
        (0..stage.n_grades()).map(move |g| weights.get(g).copied().unwrap_or(1.0))
    };
    reader.checked.stages.iter().flat_map(of_stage).collect()
}

fn enrolment(reader: &mut Reader) -> Enrolment {
    let (checked, stages) = (reader.checked, reader.checked.stages);
    let mut path = |part: Part, path: &str| reader.part(part, |reader| reader.path(path));
    let mut by_stage = |part: Part, what: &str, is: fn(Stage) -> bool, other: f64| {
        stages.map(|stage| match is(stage) {
            true => path(part, &format!("enrolment.{}.{what}", stage.key())),
            false => Path::constant(other),
        })
    };
    let gross_rate = by_stage(Part::GrossRate, "gross_rate", Stage::is_by_rate, 0.0);
    let coverage = by_stage(Part::Coverage, "coverage", Stage::starts_cohorts, 1.0);
    let mut of_pair = |part: Part, what: &str| match stages.pair() {
        Some([first, _]) => path(part, &format!("enrolment.{}.{what}", first.key())),
        None => Path::constant(0.0),
    };
    let continuation = of_pair(Part::Continuation, "continuation");
    let academic_share = of_pair(Part::AcademicShare, "academic_share");
    let technical_rate = match stages.pair() {
        Some(_) => path(Part::TechnicalRate, "enrolment.technical.rate"),
        None => Path::constant(0.0),
    };
    Enrolment {
        mode: match checked.text("demand.mode") {
            Some("grade-progression") => DemandMode::GradeProgression,
            _ => DemandMode::Cohort,
        },
        gross_rate,
        weights: reader.part(Part::Weights, weights),
        coverage,
        retention: reader.part(Part::Retention, retention),
        continuation,
        academic_share,
        technical_rate,
        minimum_people: reader.part(Part::MinimumPeople, |r| r.scalar("enrolment.minimum_people")),
    }
}

fn attendance(reader: &mut Reader, years: std::ops::RangeInclusive<Year>) -> Vec<AttendanceFlow> {
    let mut flows = Vec::new();
    for name in reader.checked.names_of("attendance") {
        let prefix = format!("attendance.{name}");
        let stages =
            places::stages_of(reader.load, reader.checked, &format!("{prefix}.stages"), true);
        let routes = places::routes_of(reader.load, reader.checked, &reader.places, &prefix);
        for stage in stages {
            let path = format!("{prefix}.share");
            let share = reader.part(Part::Flow(flows.len()), |reader| reader.path(&path));
            flows.push(AttendanceFlow { stage, routes: routes.clone(), share });
            check_flows(reader, years.clone(), &prefix, &flows);
        }
    }
    flows
}

/// Flows of one origin and stage may not exceed everybody in any year; the flow that goes over, the last one, is noted.
fn check_flows(
    reader: &mut Reader,
    years: std::ops::RangeInclusive<Year>,
    prefix: &str,
    flows: &[AttendanceFlow],
) {
    let Some(AttendanceFlow { stage, routes, .. }) = flows.last() else { return };
    for (origin, _) in routes {
        let of_origin = |flow: &&AttendanceFlow| {
            flow.stage == *stage && flow.routes.iter().any(|(other, _)| other == origin)
        };
        let from_here: Vec<&AttendanceFlow> = flows.iter().filter(of_origin).collect();
        let total = |year: Year| crate::numeric::sum(from_here.iter().map(|f| f.share.at(year)));
        if let Some(year) = years.clone().find(|&year| total(year) > 1.0 + 1e-9) {
            let place = places::area_key(&reader.places, *origin);
            let is_dated = from_here.iter().any(|flow| flow.share.anchors().len() > 1);
            let when = if is_dated { format!(" in {year}") } else { String::new() };
            let message = format!(
                "the flows of {} from {place} add up to {:.0} %{when}",
                stage.key(),
                100.0 * total(year)
            );
            let position = reader.checked.position(prefix);
            reader.load.problem(
                position,
                prefix,
                message,
                "shares of one origin may not exceed 100 %",
            );
            return;
        }
    }
}
