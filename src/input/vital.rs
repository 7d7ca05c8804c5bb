//! Births, deaths and moves: figures and the tables of rates.

use crate::axes::{N_AGES, Sex};
use crate::city::City;
use crate::population::life_table::survival_from_rates;
use crate::population::school_year_births;
use crate::scenario::{MigrationRule, MigrationTiming, MoveRule, Scenario, Vital};
use crate::units::Year;

use super::build::Reader;
use super::check::Checked;
use super::figure::Values;
use super::figures::Part;
use super::load::Load;
use super::problem::Position;
use super::table::{Column, TableFile, column, read};
use super::{ages, places, residents};

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

/// Births, deaths and moves of a checked tree.
pub(super) fn vital(reader: &mut Reader) -> Vital {
    let survival = reader.part(Part::Survival, survival);
    let fertility_pattern = reader.part(Part::FertilityPattern, fertility_pattern);
    let births = reader
        .part(Part::Births, |reader| reader.checked.figures.get("population.births").cloned());
    let births_observed = match births.as_ref().map(|f| &f.values) {
        Some(Values::ByYear(years)) => years.iter().map(|(y, list)| (*y, list[0])).collect(),
        Some(_) => {
            let position = reader.checked.position("population.births");
            let help =
                "observed births belong to their years: write by_year = { 2020 = …, 2025 = … }";
            let message = "expected `by_year`, found `value`";
            reader.load.problem(position, "population.births", message, help);
            Vec::new()
        }
        None => Vec::new(),
    };
    check_births(reader, &births_observed);
    let timing = match reader.checked.text("population.timing") {
        Some("end") => MigrationTiming::End,
        _ => MigrationTiming::Even,
    };
    Vital {
        survival,
        fertility_pattern,
        total_fertility: reader
            .part(Part::TotalFertility, |reader| reader.path("population.fertility.total")),
        births_observed,
        sex_ratio: reader.part(Part::SexRatio, |reader| reader.path("population.sex_ratio")),
        migration: migration(reader),
        timing,
        moves: moves(reader),
        children_per_migrant: reader.part(Part::ChildrenPerMigrant, children_per_migrant),
        preschool_error: reader.part(Part::PreschoolError, |reader| {
            reader.optional_scalar("population.preschool_error").unwrap_or(1.0)
        }),
    }
}

/// Notes observed births that set the level of no year: a school year of the run needs those of two calendar years.
fn check_births(reader: &mut Reader, births: &[(Year, f64)]) {
    let whole = |path: &str| reader.checked.whole(path).map(|year| year as Year);
    let (Some(base), Some(horizon)) = (whole("city.base_year"), whole("city.horizon")) else {
        return;
    };
    let is_used = (base..horizon).any(|year| school_year_births(births, year).is_some());
    if base < horizon && !births.is_empty() && !is_used {
        let path = "population.births";
        let message = format!("has no effect: no two years from {base} on follow each other");
        let help = format!(
            "the school year {base} needs the births of {base} and {}; without them fertility has its national level",
            base + 1
        );
        reader.load.warning(reader.checked.position(path), path, message, help);
    }
}

/// Notes observed births that nobody can bear, because no woman is of an age with fertility in their school year: they would not be
/// born. Only the ages of the base year are looked at, and what becomes of them: women who move in are as many per woman there is.
pub(super) fn check_mothers(load: &mut Load, checked: &Checked, scenario: &Scenario) {
    let (vital, city) = (&scenario.vital, &*scenario.city);
    // Of people that could not be read nothing is said.
    if !load.problems.list.is_empty() {
        return;
    }
    let women: [bool; N_AGES] = std::array::from_fn(|age| {
        let of_area = |area| city.population.people[City::people_start(area, Sex::Female) + age];
        (0..city.areas.len()).any(|area| of_area(area) > 0.0)
    });
    let mut is_born: Vec<bool> = Vec::new();
    let (mut years, mut lost) = (Vec::new(), 0.0);
    for year in city.years() {
        let since = is_born.len();
        // Women of an age after so many years: those of the base year, or girls born since.
        let are_there = |age: usize, after: usize| match age.checked_sub(after) {
            Some(age) => women[age],
            None => is_born.get(after - age - 1).copied().unwrap_or(false),
        };
        let bear = |age: usize| {
            vital.fertility_pattern[age] > 0.0
                && (are_there(age, since) || are_there(age, since + 1))
        };
        let has_mothers = vital.total_fertility.at(year) > 0.0 && (0..N_AGES).any(bear);
        is_born.push(has_mothers);
        if let (false, Some(births)) =
            (has_mothers, school_year_births(&vital.births_observed, year))
        {
            years.push(year as usize);
            lost += births;
        }
    }
    if lost > 0.0 {
        let path = "population.births";
        let noun = if years.len() == 1 { "year" } else { "years" };
        let message = format!(
            "expected mothers of the observed births, found none in the school {noun} {}: {} births are lost",
            residents::ranges(&years),
            (lost * 10.0).round() / 10.0
        );
        let bearing: Vec<usize> =
            (0..N_AGES).filter(|age| vital.fertility_pattern[*age] > 0.0).collect();
        let help = match bearing.is_empty() {
            true => "give rates in population.fertility.pattern".to_string(),
            false => format!(
                "give the women of {} in the table of people, a population.fertility.total above 0, or leave these births out",
                residents::ranges(&bearing)
            ),
        };
        load.warning(checked.position(path), path, message, help);
    }
}

fn survival(reader: &mut Reader) -> [[f64; N_AGES]; 2] {
    let mut rates: [Vec<(usize, f64)>; 2] = [Vec::new(), Vec::new()];
    if let Some((path, position)) = reader.file("population.mortality") {
        let load = &mut *reader.load;
        if let Some(table) = read(load, &path, (position, "population.mortality"), MORTALITY) {
            let mut groups = [[None; N_AGES]; 2];
            for row in 0..table.n_rows() {
                let sex = table.needed_text(load, row, "sex");
                let parsed = sex.and_then(Sex::parse);
                if let (Some(text), None) = (&sex, parsed) {
                    let message = format!("expected female or male, found {text:?}");
                    load.problem(table.at(row), "sex", message, "");
                }
                let age = ages::first_of_group(load, &table, row, "age");
                let rate = table.number(load, row, "rate", (0.0, 5.0), true);
                if let (Some(sex), Some((age, is_open)), Some(rate)) = (parsed, age, rate) {
                    let known = &mut groups[sex as usize][age as usize];
                    match *known {
                        None => {
                            *known = Some((row, is_open));
                            rates[sex as usize].push((age as usize, rate));
                        }
                        Some((first, _)) => {
                            let line = table.line(first);
                            let message =
                                format!("{} of age {age} stands already in line {line}", sex.key());
                            let help = "keep one row for every sex and age";
                            load.problem(table.at(row), "age", message, help);
                        }
                    }
                }
            }
            for sex in Sex::ALL {
                rates[sex as usize].sort_by_key(|(age, _)| *age);
                if rates[sex as usize].first().is_none_or(|(age, _)| *age != 0) {
                    let whole = Position { file: table.file, line: 0, column: 0 };
                    let message = format!("the rates of {} must begin at age 0", sex.key());
                    load.problem(whole, "age", message, "");
                }
                check_open(load, &table, sex, &groups[sex as usize]);
            }
        }
    }
    [survival_from_rates(&rates[0]), survival_from_rates(&rates[1])]
}

/// An open group of ages has no later one. `groups`: by first age, the row and whether it is written as open.
fn check_open(
    load: &mut Load,
    table: &TableFile,
    sex: Sex,
    groups: &[Option<(usize, bool)>; N_AGES],
) {
    let told = |age: usize| groups[age].map(|(row, is_open)| (age, row, is_open));
    let all: Vec<_> = (0..N_AGES).filter_map(told).collect();
    for pair in all.windows(2) {
        if let [(age, row, true), (later, at, _)] = *pair {
            let message = format!(
                "expected {age}+ to be the last age of {}, found {later} in line {}",
                sex.key(),
                table.line(at)
            );
            let help = format!("write {age} for the group from {age} to {}", later - 1);
            load.problem(table.at(row), "age", message, help);
        }
    }
}

fn fertility_pattern(reader: &mut Reader) -> [f64; N_AGES] {
    let mut pattern = [0.0; N_AGES];
    if let Some((path, position)) = reader.file("population.fertility.pattern") {
        let load = &mut *reader.load;
        if let Some(table) =
            read(load, &path, (position, "population.fertility.pattern"), FERTILITY)
        {
            let mut lines: [Option<u32>; N_AGES] = [None; N_AGES];
            for row in 0..table.n_rows() {
                let from = table.whole(load, row, "age_from", (10, 60), true);
                let to = table.whole(load, row, "age_to", (from.unwrap_or(10), 60), true);
                let rate = table.number(load, row, "rate", (0.0, 1000.0), true);
                if let (Some(from), Some(to), Some(rate)) = (from, to, rate) {
                    let ages = from as usize..=to.max(from) as usize;
                    if let Some((age, line)) = ages.clone().find_map(|a| Some((a, lines[a]?))) {
                        let message = format!("the age {age} has a rate already in line {line}");
                        let help = "every age belongs to one group: mend age_from or age_to";
                        load.problem(table.at(row), "age_from", message, help);
                    }
                    for age in ages {
                        pattern[age] += rate;
                        lines[age] = lines[age].or(Some(table.line(row)));
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

fn span_of(reader: &Reader, prefix: &str) -> (usize, usize) {
    let (from, to) = reader.checked.span(&format!("{prefix}.ages")).unwrap_or((0, 0));
    (from as usize, to as usize)
}

/// Children who come with their parents; a rule that carries only children beside it would carry them twice.
fn children_per_migrant(reader: &mut Reader) -> Option<f64> {
    let children = reader.optional_scalar("population.children_per_migrant")?;
    for name in reader.checked.names_of("population.net_migration") {
        let prefix = format!("population.net_migration.{name}");
        if span_of(reader, &prefix).1 < 18 {
            let message = "moves children who come with their parents already";
            let help = "remove the rule, or population.children_per_migrant: one rule may carry a child of an age";
            reader.load.problem(reader.checked.position(&prefix), &prefix, message, help);
        }
    }
    Some(children)
}

fn migration(reader: &mut Reader) -> Vec<MigrationRule> {
    let names = reader.checked.names_of("population.net_migration");
    names
        .iter()
        .enumerate()
        .map(|(idx, name)| {
            let prefix = format!("population.net_migration.{name}");
            let areas = places::areas_of(reader.load, reader.checked, &reader.places, &prefix, "");
            if areas.is_empty() {
                places::no_area(reader.load, reader.checked, &prefix);
            }
            let path = format!("{prefix}.rate");
            let rate = reader.part(Part::Migration(idx), |reader| reader.path(&path));
            MigrationRule { ages: span_of(reader, &prefix), areas, rate }
        })
        .collect()
}

fn moves(reader: &mut Reader) -> Vec<MoveRule> {
    let names = reader.checked.names_of("population.moves");
    let mut rules = Vec::new();
    for name in &names {
        let prefix = format!("population.moves.{name}");
        let routes = places::routes_of(reader.load, reader.checked, &reader.places, &prefix);
        let path = format!("{prefix}.rate");
        let rate = reader.part(Part::Move(rules.len()), |reader| reader.path(&path));
        rules.push(MoveRule { ages: span_of(reader, &prefix), routes, rate });
    }
    check_rows(reader, &rules, &names);
    rules
}

/// No origin may send away more than everybody.
fn check_rows(reader: &mut Reader, rules: &[MoveRule], names: &[String]) {
    let mut origins = vec![vec![false; reader.places.areas.len()]; rules.len()];
    for (of_rule, rule) in origins.iter_mut().zip(rules) {
        rule.routes.iter().for_each(|(origin, _)| of_rule[*origin] = true);
    }
    for area in 0..reader.places.areas.len() {
        for age in 0..N_AGES {
            let leaves = |(rule, origins): (&MoveRule, &Vec<bool>)| {
                let is_origin = origins[area];
                let top = rule.rate.anchors().iter().fold(0.0, |m: f64, a| m.max(a.1));
                if is_origin && rule.ages.0 <= age && age <= rule.ages.1 { top } else { 0.0 }
            };
            let total = crate::numeric::sum(rules.iter().zip(&origins).map(leaves));
            if total > 1.0 + 1e-9 {
                let place = places::area_key(&reader.places, area);
                let parts: Vec<(&String, f64)> = names
                    .iter()
                    .zip(rules.iter().zip(&origins).map(leaves))
                    .filter(|(_, rate)| *rate > 0.0)
                    .collect();
                let list: Vec<String> =
                    parts.iter().map(|(name, rate)| format!("{name} {}", percent(*rate))).collect();
                let path = format!("population.moves.{}", parts[parts.len() - 1].0);
                let message = format!(
                    "the moves from {place} at age {age} add up to {}: {}",
                    percent(total),
                    list.join(", ")
                );
                let position = reader.checked.position(&path);
                reader.load.problem(
                    position,
                    &path,
                    message,
                    "rates of one origin may not exceed 100 %",
                );
                return;
            }
        }
    }
}

/// A share as a percentage for a message.
fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}
