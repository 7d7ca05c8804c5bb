//! What a city still lacks before it can be calibrated, in the order of importance.
//!
//! In: the keys of a city whose tables are not made yet. Out: the observations and figures that are absent, those without
//! which nothing can be computed apart from those that only make the result better. [`asked`] is also what the tables of a
//! new city are filled from.

use std::collections::BTreeSet;

use crate::axes::{Sex, Stage, Stages};
use crate::input::CityKeys;
use crate::input::keys::{KEYS, Kind, names_of};
use crate::units::Year;

use super::ages::GROUP_KEYS;
use super::census::is_group;
use super::published::published;
use super::rates::is_shared;

/// What a missing figure is about, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Census groups of the base year.
    People,
    /// Schools and pupils by stage.
    Pupils,
    /// Mean class sizes, shares of oversized classes.
    Classes,
    /// Rates of enrolment, births.
    Rates,
}

impl Subject {
    /// All, the most important first.
    pub const ALL: [Subject; 4] =
        [Subject::People, Subject::Pupils, Subject::Classes, Subject::Rates];
}

/// An observation that a city is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Quantity, as in the table of observations.
    pub quantity: String,
    /// A district key or `all`.
    pub place: String,
    /// Year.
    pub year: Year,
    /// Unit.
    pub unit: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// Whether nothing can be computed without it.
    pub is_needed: bool,
}

/// Figures or rows that are absent, of one subject and kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// What they are about.
    pub subject: Subject,
    /// Whether nothing can be computed without them.
    pub is_needed: bool,
    /// Whether they are rows of the observations; else figures of the city file.
    pub is_observed: bool,
    /// Quantities, or paths of figures, each once.
    pub keys: Vec<String>,
    /// Places of the rows, each once.
    pub places: Vec<String>,
    /// Years of the rows, each once.
    pub years: Vec<Year>,
    /// Rows or figures.
    pub number: usize,
}

/// The observations that a city of such stages, districts and base year is asked for, the most important first.
pub fn asked(stages: &'static Stages, districts: &[String], base_year: Year) -> Vec<Asked> {
    let mut rows = Vec::new();
    let mut ask = |quantity: String, place: &str, year, unit, subject, is_needed| {
        let place = place.to_string();
        rows.push(Asked { quantity, place, year, unit, subject, is_needed });
    };
    for district in districts {
        for sex in Sex::ALL {
            for group in GROUP_KEYS {
                let quantity = format!("census.{}.{group}", sex.key());
                ask(quantity, district, base_year, "people", Subject::People, true);
            }
        }
        for zone in ["urban", "rural"] {
            let quantity = format!("census.{zone}");
            ask(quantity, district, base_year, "people", Subject::People, true);
        }
    }
    let of = |what: &str, stage: Stage| format!("{what}.{}", stage.key());
    for stage in stages.iter() {
        ask(of("schools", stage), "all", base_year, "schools", Subject::Pupils, true);
    }
    for stage in stages.iter() {
        // Younger children are nearly all at school; of those who choose between two stages nobody knows without pupils.
        let is_needed = is_shared(stage);
        ask(of("pupils", stage), "all", base_year, "pupils", Subject::Pupils, is_needed);
    }
    for stage in stages.iter() {
        let unit = "pupils per class";
        ask(of("mean_class", stage), "all", base_year, unit, Subject::Classes, true);
    }
    for what in ["oversized_share", "super_oversized_share"] {
        for stage in stages.iter().filter(|stage| !stage.is_by_rate() && !stage.is_sharer()) {
            ask(of(what, stage), "all", base_year, "percent", Subject::Classes, false);
        }
    }
    for stage in stages.iter().filter(|stage| stage.is_by_rate() || stage.sharer().is_some()) {
        ask(of("gross_rate", stage), "all", base_year, "percent", Subject::Rates, false);
    }
    if stages.compulsory().iter().map(|stage| stage.n_grades()).sum::<usize>() == 9 {
        let quantity = "retention_nine_year".to_string();
        ask(quantity, "all", base_year, "percent", Subject::Rates, false);
    }
    for year in base_year - 5..=base_year + 2 {
        ask("births".to_string(), "all", year, "births", Subject::Rates, false);
    }
    rows
}

/// What a city lacks, the most important first.
pub fn missing(keys: &CityKeys) -> Vec<Missing> {
    let city = &*keys.scenario.city;
    let districts: Vec<String> = city.districts.iter().map(|d| d.key.clone()).collect();
    let people_year = census_year(keys);
    let mut found: Vec<Missing> = Vec::new();
    for mut row in asked(city.stages, &districts, city.base_year) {
        if row.subject == Subject::People {
            row.year = people_year;
        }
        if !is_given(keys, &row) {
            add(&mut found, row);
        }
    }
    let absent = absent_figures(keys);
    if !absent.is_empty() {
        found.push(Missing {
            subject: Subject::Rates,
            is_needed: true,
            is_observed: false,
            number: absent.len(),
            keys: absent,
            places: Vec::new(),
            years: Vec::new(),
        });
    }
    found.sort_by_key(|missing| (missing.subject, !missing.is_needed));
    found
}

/// Figures without which the city cannot be calibrated: rates that must be given, and those under `[calibration]`.
pub fn absent_figures(keys: &CityKeys) -> Vec<String> {
    let stages = keys.scenario.city.stages;
    let required = KEYS
        .iter()
        .filter(|k| k.required && k.pattern.starts_with("enrolment."))
        .filter(|k| matches!(k.kind, Kind::Figure { .. }))
        .flat_map(|k| paths_of(stages, k.pattern));
    let general = ["seed", "size_spread", "census_shift", "resident_share_15_17", "birth_pattern"]
        .map(|name| format!("calibration.{name}"));
    let of_stages = stages
        .iter()
        .filter(|stage| !has_no_schools(keys, *stage))
        .map(|stage| format!("calibration.{}.rural_ratio", stage.key()));
    let is_absent = |path: &String| !keys.checked.figures.contains_key(path);
    required.chain(general).chain(of_stages).filter(is_absent).collect()
}

/// Paths of a pattern of keys in a city with these stages.
fn paths_of(stages: &'static Stages, pattern: &'static str) -> Vec<String> {
    let longer = |paths: Vec<String>, part: &'static str| {
        let with = |path: &String| {
            let join = |name: &str| format!("{path}.{name}").trim_start_matches('.').to_string();
            names_of(stages, part).into_iter().map(join).collect::<Vec<String>>()
        };
        paths.iter().flat_map(with).collect()
    };
    pattern.split('.').fold(vec![String::new()], longer)
}

/// First words of quantities that may be observed.
const QUANTITIES: [&str; 13] = [
    "births",
    "census",
    "classes",
    "entrants",
    "graduates",
    "gross_rate",
    "mean_class",
    "oversized_share",
    "population",
    "pupils",
    "retention_nine_year",
    "schools",
    "super_oversized_share",
];

/// Words of the observations that mean nothing to this city, likely mistyped, each once and in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Quantities.
    pub quantities: BTreeSet<String>,
    /// Places that are neither a district nor `all`.
    pub places: BTreeSet<String>,
    /// Sources that the city does not name.
    pub sources: BTreeSet<String>,
}

/// What the observations of a city name without its being there.
pub fn unknown(keys: &CityKeys) -> Unknown {
    let mut found = Unknown::default();
    let sources = keys.checked.names_of("sources");
    let stages = keys.scenario.city.stages;
    for o in &keys.observations {
        let (first, rest) = o.quantity.split_once('.').unwrap_or((&o.quantity, ""));
        let is_known = match first {
            "census" => is_group_key(rest) || ["urban", "rural"].contains(&rest),
            first if rest.is_empty() => QUANTITIES.contains(&first),
            first => {
                let stage = rest.split('.').next().unwrap_or_default();
                QUANTITIES.contains(&first) && stages.keys().any(|key| key == stage)
            }
        };
        if !is_known {
            found.quantities.insert(o.quantity.clone());
        }
        if o.place != "all" && !keys.scenario.city.districts.iter().any(|d| d.key == o.place) {
            found.places.insert(o.place.clone());
        }
        if !sources.contains(&o.source) {
            found.sources.insert(o.source.clone());
        }
    }
    found
}

/// `female.0`, …, `male.85+`.
fn is_group_key(key: &str) -> bool {
    key.split_once('.')
        .is_some_and(|(sex, group)| Sex::parse(sex).is_some() && GROUP_KEYS.contains(&group))
}

/// The year of the census that the people come from: the base year, or the census after it that one before joins.
fn census_year(keys: &CityKeys) -> Year {
    let base = keys.scenario.city.base_year;
    let years =
        || keys.observations.iter().filter(|o| is_group(&o.quantity)).map(|o| o.year as Year);
    let later = years().filter(|year| *year > base).min();
    match later {
        Some(later) if years().all(|year| year != base) && years().any(|year| year < base) => later,
        _ => base,
    }
}

fn has_no_schools(keys: &CityKeys, stage: Stage) -> bool {
    published(keys, stage, "schools").is_some_and(|schools| schools < 1.0)
}

/// Whether a row has its value, or needs none because the city file gives it or the stage has no schools.
fn is_given(keys: &CityKeys, row: &Asked) -> bool {
    let is_same = |o: &&crate::input::Observation| {
        o.quantity == row.quantity && o.place == row.place && o.year == row.year
    };
    if keys.observations.iter().any(|o| is_same(&o)) {
        return true;
    }
    let Some((what, stage)) = row.quantity.split_once('.') else {
        return row.quantity == "births" && keys.checked.figures.contains_key("population.births");
    };
    let Some(stage) = keys.scenario.city.stages.parse(stage) else { return false };
    let figure = |name: &str| format!("calibration.{}.{name}", stage.key());
    let has = |name: &str| keys.checked.figures.contains_key(&figure(name));
    match what {
        "schools" => has(what),
        "mean_class" => has(what) || has("fill") || has_no_schools(keys, stage),
        _ => has(what) || has_no_schools(keys, stage),
    }
}

/// Adds a row to those of its kind: of one subject, need, and first word of the quantity; the sexes together.
fn add(found: &mut Vec<Missing>, row: Asked) {
    let kind = |quantity: &str| match quantity.split('.').next() {
        Some("census") if is_group(quantity) => "groups".to_string(),
        first => first.unwrap_or_default().to_string(),
    };
    let same = found.iter_mut().find(|m| {
        m.is_needed == row.is_needed
            && m.subject == row.subject
            && m.keys.first().is_some_and(|key| kind(key) == kind(&row.quantity))
    });
    let Some(same) = same else {
        found.push(Missing {
            subject: row.subject,
            is_needed: row.is_needed,
            is_observed: true,
            keys: vec![row.quantity],
            places: vec![row.place],
            years: vec![row.year],
            number: 1,
        });
        return;
    };
    same.number += 1;
    if !same.keys.contains(&row.quantity) {
        same.keys.push(row.quantity);
    }
    if !same.places.contains(&row.place) {
        same.places.push(row.place);
    }
    if !same.years.contains(&row.year) {
        same.years.push(row.year);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two districts: 2 · (19 groups · 2 sexes + urban and rural) = 80 rows of people; 5 + 5 rows of schools and pupils, of
    /// which the younger children's 3 are not needed; 5 mean class sizes; 6 shares; 3 rates; 8 years of births.
    #[test]
    fn rows_asked_for_two_districts() {
        let rows = asked(crate::input::china(), &["a".to_string(), "b".to_string()], 2020);
        let of = |subject: Subject, is_needed: bool| {
            rows.iter().filter(|r| r.subject == subject && r.is_needed == is_needed).count()
        };
        assert_eq!((of(Subject::People, true), of(Subject::People, false)), (80, 0));
        assert_eq!((of(Subject::Pupils, true), of(Subject::Pupils, false)), (7, 3));
        assert_eq!((of(Subject::Classes, true), of(Subject::Classes, false)), (5, 6));
        assert_eq!((of(Subject::Rates, true), of(Subject::Rates, false)), (0, 11));
    }
}
