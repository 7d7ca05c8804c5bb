//! From a checked tree to a city and a scenario. Absent figures have been reported by then; a stand-in keeps the
//! reading going so that every other problem is found too.

use std::path::PathBuf;
use std::sync::Arc;

use crate::axes::{N_AGES, N_GRADES, Sex, Stage};
use crate::city::{BasePopulation, City, Name};
use crate::event::ClosingRule;
use crate::population::life_table::survival_from_rates;
use crate::scenario::{
    AttendanceFlow, Enrolment, Levers, MigrationRule, MigrationTiming, MoveRule, Scenario,
    SchoolRules, Thresholds, Vital,
};
use crate::units::{Path, Year};

use super::check::Checked;
use super::figure::Values;
use super::overlay::Load;
use super::places::{self, Places};
use super::problem::Position;
use super::register;
use super::table::{Column, column, read};

/// Reads figures of a checked tree by path.
pub(super) struct Reader<'a> {
    pub(super) load: &'a mut Load,
    pub(super) checked: &'a Checked,
    pub(super) places: Places,
}

impl Reader<'_> {
    /// A scalar, or 0.
    pub(super) fn scalar(&self, path: &str) -> f64 {
        self.checked.figures.get(path).map_or(0.0, |figure| figure.scalar())
    }

    /// A scalar that may be absent.
    pub(super) fn optional_scalar(&self, path: &str) -> Option<f64> {
        self.checked.figures.get(path).map(|figure| figure.scalar())
    }

    /// A path, or 1 in every year.
    fn path(&self, path: &str) -> Path {
        self.optional_path(path).unwrap_or_else(|| Path::constant(1.0))
    }

    fn optional_path(&self, path: &str) -> Option<Path> {
        self.checked.figures.get(path).map(|figure| figure.path(0))
    }

    /// One path for every number of a list figure.
    fn path_of(&self, path: &str, idx: usize) -> Path {
        self.checked.figures.get(path).map_or_else(|| Path::constant(1.0), |f| f.path(idx))
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
        let folder = self.load.files.get(position.file)?.path.parent()?;
        Some((folder.join(name), position))
    }
}

/// Builds a scenario; only meaningful if no problem has been noted at the end.
pub(super) fn scenario(load: &mut Load, checked: &Checked, default_key: &str) -> Scenario {
    let places = places::read(load, checked);
    let mut reader = Reader { load, checked, places };
    let thresholds = thresholds(&reader);
    let vital = vital(&mut reader);
    let city = Arc::new(city(&mut reader, &thresholds));
    let text = |path: &str| checked.text(path).unwrap_or_default().to_string();
    let key = checked.text("scenario.key").unwrap_or(default_key).to_string();
    let title = checked.text("scenario.title").unwrap_or(&key).to_string();
    let title_en = checked.text("scenario.title_en").unwrap_or(&title).to_string();
    check_folder_name(reader.load, checked, "scenario.key", &key);
    let unit_types = super::programmes::unit_types(&mut reader, &city, &thresholds);
    let programmes = super::programmes::read(&mut reader, &city, &unit_types);
    let attendance = attendance(&mut reader);
    let closing = closing(&mut reader);
    Scenario {
        key,
        title: Name { zh: title, en: title_en },
        question: text("scenario.question"),
        vital,
        enrolment: enrolment(&reader),
        attendance,
        rules: SchoolRules {
            choice: Stage::ALL.map(|s| reader.scalar(&format!("schools.choice.{}", s.key()))),
            class_spread: reader.scalar("schools.class_spread"),
            smallest_new_class: reader.scalar("schools.smallest_new_class"),
            closing,
        },
        levers: levers(&reader),
        thresholds,
        unit_types,
        programmes,
        plan_period: checked.span("plan.period").map(|(a, b)| (a as Year, b as Year)),
        pupils_per_teacher: Stage::ALL.map(|s| {
            reader.optional_path(&format!("staffing.{}.pupils_per_teacher", s.key()))
        }),
        city,
    }
}

/// A name that becomes a folder must be one.
fn check_folder_name(load: &mut Load, checked: &Checked, path: &str, name: &str) {
    let is_plain = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_' || c == '.')
        && !name.starts_with('.');
    if !is_plain {
        let message = format!("expected letters, digits, - and _, found {name:?}");
        load.problem(checked.position(path), path, message, "the name becomes a folder");
    }
}

fn city(reader: &mut Reader, thresholds: &Thresholds) -> City {
    let checked = reader.checked;
    let base_year = checked.whole("city.base_year").unwrap_or(2020) as Year;
    let horizon = checked.whole("city.horizon").unwrap_or(i64::from(base_year) + 1) as Year;
    if horizon <= base_year || horizon > base_year + 100 {
        let message = format!("expected a year from {} to {}, found {horizon}", base_year + 1, base_year + 100);
        reader.load.problem(checked.position("city.horizon"), "city.horizon", message, "");
    }
    let horizon = horizon.clamp(base_year + 1, base_year + 100);
    let people = people(reader, "tables.population", true);
    let group_quarters = people_or_none(reader);
    let base = thresholds.at(base_year);
    let (sites, schools) = match reader.file("tables.schools") {
        Some((path, position)) => {
            let ceiling = |stage: Stage, g: usize| base.ceiling[stage.first_grade() + g];
            let at = (position, "tables.schools");
            register::read_schools(reader.load, &reader.places, &path, at, &ceiling, base_year)
        }
        None => (Vec::new(), Vec::new()),
    };
    let key = checked.text("city.key").unwrap_or("city").to_string();
    check_folder_name(reader.load, checked, "city.key", &key);
    let zh = checked.text("city.name").unwrap_or(&key).to_string();
    let en = checked.text("city.name_en").unwrap_or(&key).to_string();
    let places = reader.places.clone();
    City {
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
        sites,
        schools,
    }
}

fn people(reader: &mut Reader, key: &str, complete: bool) -> Vec<f64> {
    let n = reader.places.areas.len() * 2 * N_AGES;
    let Some((path, position)) = reader.file(key) else { return vec![0.0; n] };
    let mut people =
        register::read_people(reader.load, &reader.places, &path, (position, key), complete);
    people.iter_mut().filter(|p| p.is_nan()).for_each(|p| *p = 0.0);
    people
}

fn people_or_none(reader: &mut Reader) -> Vec<f64> {
    people(reader, "tables.group_quarters", false)
}

fn thresholds(reader: &Reader) -> Thresholds {
    let by_grade = |what: &str| -> [Path; N_GRADES] {
        let mut paths: Vec<Path> = Vec::with_capacity(N_GRADES);
        for stage in Stage::ALL {
            let key = format!("thresholds.{}.{what}", stage.key());
            paths.extend((0..stage.n_grades()).map(|g| reader.path_of(&key, g)));
        }
        std::array::from_fn(|g| paths[g].clone())
    };
    Thresholds {
        standard: by_grade("standard"),
        open_at: Stage::ALL.map(|s| reader.path(&format!("thresholds.{}.open_at", s.key()))),
        relief_limit: by_grade("relief_limit"),
        ceiling: by_grade("ceiling"),
        oversized: by_grade("oversized"),
        super_oversized: by_grade("super_oversized"),
    }
}

const MORTALITY: &[Column] = &[
    column("sex", &["性别"], true),
    column("age", &["年龄"], true),
    column("rate", &["死亡率"], true),
];
const FERTILITY: &[Column] = &[
    column("age_from", &["起始年龄"], true),
    column("age_to", &["终止年龄"], true),
    column("rate", &["生育率"], true),
];

fn vital(reader: &mut Reader) -> Vital {
    let survival = survival(reader);
    let fertility_pattern = fertility_pattern(reader);
    let births_observed = match reader.checked.figures.get("population.births").map(|f| &f.values) {
        Some(Values::ByYear(years)) => years.iter().map(|(y, list)| (*y, list[0])).collect(),
        _ => Vec::new(),
    };
    let timing = match reader.checked.text("population.timing") {
        Some("end") => MigrationTiming::End,
        _ => MigrationTiming::Even,
    };
    Vital {
        survival,
        fertility_pattern,
        total_fertility: reader.path("population.fertility.total"),
        births_observed,
        sex_ratio: reader.path("population.sex_ratio"),
        migration: migration(reader),
        timing,
        moves: moves(reader),
    }
}

fn survival(reader: &mut Reader) -> [[f64; N_AGES]; 2] {
    let mut rates: [Vec<(usize, f64)>; 2] = [Vec::new(), Vec::new()];
    if let Some((path, position)) = reader.file("population.mortality") {
        let load = &mut *reader.load;
        if let Some(table) = read(load, &path, (position, "population.mortality"), MORTALITY) {
            for row in 0..table.rows.len() {
                let sex = table.needed_text(load, row, "sex");
                let parsed = sex.as_deref().and_then(Sex::parse);
                if let (Some(text), None) = (&sex, parsed) {
                    let message = format!("expected female or male, found {text:?}");
                    load.problem(table.at(row), "sex", message, "");
                }
                let age = table.whole(load, row, "age", (0, 100), true);
                let rate = table.number(load, row, "rate", (0.0, 5.0), true);
                if let (Some(sex), Some(age), Some(rate)) = (parsed, age, rate) {
                    rates[sex as usize].push((age as usize, rate));
                }
            }
            for sex in Sex::ALL {
                rates[sex as usize].sort_by_key(|(age, _)| *age);
                if rates[sex as usize].first().is_none_or(|(age, _)| *age != 0) {
                    let whole = Position { file: table.file, line: 0, column: 0 };
                    let message = format!("the rates of {} must begin at age 0", sex.key());
                    load.problem(whole, "age", message, "");
                }
            }
        }
    }
    [survival_from_rates(&rates[0]), survival_from_rates(&rates[1])]
}

fn fertility_pattern(reader: &mut Reader) -> [f64; N_AGES] {
    let mut pattern = [0.0; N_AGES];
    if let Some((path, position)) = reader.file("population.fertility.pattern") {
        let load = &mut *reader.load;
        if let Some(table) = read(load, &path, (position, "population.fertility.pattern"), FERTILITY) {
            for row in 0..table.rows.len() {
                let from = table.whole(load, row, "age_from", (10, 60), true);
                let to = table.whole(load, row, "age_to", (10, 60), true);
                let rate = table.number(load, row, "rate", (0.0, 1000.0), true);
                if let (Some(from), Some(to), Some(rate)) = (from, to, rate) {
                    for age in from..=to.max(from) {
                        pattern[age as usize] += rate;
                    }
                }
            }
        }
    }
    let total = crate::numeric::sum(pattern.iter().copied());
    if total > 0.0 {
        pattern.iter_mut().for_each(|rate| *rate /= total);
    }
    pattern
}

fn ages(reader: &Reader, prefix: &str) -> (usize, usize) {
    let (from, to) = reader.checked.span(&format!("{prefix}.ages")).unwrap_or((0, 0));
    (from as usize, to as usize)
}

fn migration(reader: &mut Reader) -> Vec<MigrationRule> {
    let names = reader.checked.names_of("population.net_migration");
    names
        .iter()
        .map(|name| {
            let prefix = format!("population.net_migration.{name}");
            let areas = places::areas_of(reader.load, reader.checked, &reader.places, &prefix, "");
            MigrationRule {
                ages: ages(reader, &prefix),
                areas,
                rate: reader.path(&format!("{prefix}.rate")),
            }
        })
        .collect()
}

fn moves(reader: &mut Reader) -> Vec<MoveRule> {
    let names = reader.checked.names_of("population.moves");
    let mut rules = Vec::new();
    for name in &names {
        let prefix = format!("population.moves.{name}");
        let routes = places::routes_of(reader.load, reader.checked, &reader.places, &prefix);
        let rate = reader.path(&format!("{prefix}.rate"));
        rules.push(MoveRule { ages: ages(reader, &prefix), routes, rate });
    }
    check_rows(reader, &rules, &names);
    rules
}

/// No origin may send away more than everybody.
fn check_rows(reader: &mut Reader, rules: &[MoveRule], names: &[String]) {
    for area in 0..reader.places.areas.len() {
        for age in 0..N_AGES {
            let leaves = |rule: &MoveRule| {
                let is_origin = rule.routes.iter().any(|(origin, _)| *origin == area);
                let top = rule.rate.anchors().iter().fold(0.0, |m: f64, a| m.max(a.1));
                if is_origin && rule.ages.0 <= age && age <= rule.ages.1 { top } else { 0.0 }
            };
            let total = crate::numeric::sum(rules.iter().map(leaves));
            if total > 1.0 {
                let place = places::area_key(&reader.places, area);
                let path = format!("population.moves.{}", names[0]);
                let message = format!("the moves from {place} at age {age} add up to {:.0} %", total * 100.0);
                let position = reader.checked.position("population.moves");
                reader.load.problem(position, &path, message, "rates of one origin may not exceed 100 %");
                return;
            }
        }
    }
}

fn enrolment(reader: &Reader) -> Enrolment {
    let mut retention: Vec<Path> = vec![Path::constant(1.0); N_GRADES];
    for (stage, n) in
        [(Stage::Primary, 6), (Stage::Junior, 2), (Stage::Senior, 2), (Stage::Vocational, 2)]
    {
        for g in 0..n {
            retention[stage.first_grade() + g] =
                reader.path_of(&format!("enrolment.{}.retention", stage.key()), g);
        }
    }
    let weights = reader
        .checked
        .figures
        .get("enrolment.kindergarten.weights")
        .map(|figure| figure.list())
        .unwrap_or_default();
    Enrolment {
        kindergarten_rate: reader.path("enrolment.kindergarten.gross_rate"),
        kindergarten_weights: std::array::from_fn(|g| weights.get(g).copied().unwrap_or(1.0)),
        coverage: reader.path("enrolment.primary.coverage"),
        retention: std::array::from_fn(|g| retention[g].clone()),
        continuation: reader.path("enrolment.senior.continuation"),
        academic_share: reader.path("enrolment.senior.academic_share"),
        technical_rate: reader.path("enrolment.technical.rate"),
        minimum_people: reader.scalar("enrolment.minimum_people"),
    }
}

fn attendance(reader: &mut Reader) -> Vec<AttendanceFlow> {
    let mut flows = Vec::new();
    for name in reader.checked.names_of("attendance") {
        let prefix = format!("attendance.{name}");
        let stages = places::stages_of(reader.load, reader.checked, &format!("{prefix}.stages"), true);
        let routes = places::routes_of(reader.load, reader.checked, &reader.places, &prefix);
        let share = reader.scalar(&format!("{prefix}.share"));
        for stage in stages {
            flows.push(AttendanceFlow { stage, routes: routes.clone(), share });
        }
    }
    flows
}

fn closing(reader: &mut Reader) -> Vec<ClosingRule> {
    let mut rules = Vec::new();
    for key in reader.checked.names_of("rules.close") {
        let prefix = format!("rules.close.{key}");
        let zones = places::zones_of(reader.load, reader.checked, &format!("{prefix}.zones"));
        if !reader.checked.flag(&format!("{prefix}.active")) {
            continue;
        }
        let stage = reader.checked.text(&format!("{prefix}.stage")).and_then(Stage::parse);
        let Some(stage) = stage else { continue };
        rules.push(ClosingRule {
            stage,
            zones: zones.unwrap_or_else(|| crate::axes::Zone::ALL.to_vec()),
            under_pupils: reader.scalar(&format!("{prefix}.under")),
            years: reader.scalar(&format!("{prefix}.years")) as i32,
            from_year: reader.scalar(&format!("{prefix}.from")) as Year,
            most_per_year: reader.scalar(&format!("{prefix}.most_per_year")) as i32,
            key,
        });
    }
    rules
}

fn levers(reader: &Reader) -> Levers {
    let path = |what: &str| {
        Stage::ALL.map(|s| reader.optional_path(&format!("levers.{what}.{}", s.key())))
    };
    Levers {
        entry_cap: path("entry_cap"),
        split_from: Stage::ALL.map(|s| {
            reader
                .optional_scalar(&format!("levers.split_from.{}", s.key()))
                .map(|year| year as Year)
        }),
        rebalance: path("rebalance"),
        merge_below: path("merge_below"),
    }
}
