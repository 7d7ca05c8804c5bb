//! Residents by area, sex and single age from the census groups of districts: of the base year, of the censuses before and
//! after it ([`between`]), or of an earlier one ([`forward`]); children as everything known tells ([`children`]).

use crate::axes::{N_AGES, Sex, Zone};
use crate::city::City;
use crate::input::CityKeys;
use crate::numeric::{apportion, sum};

use super::ages::shift_back;
use super::between;
use super::census::{self, Splitting};
use super::children::{self, Children};
use super::forward;
use super::migration::{self, Flow};

/// People of a city on 1 September of the base year.
#[derive(Debug)]
pub struct People {
    /// Residents in households: `[(area · 2 + sex) · 101 + age]`, whole people.
    pub residents: Vec<f64>,
    /// People in group quarters, the same shape.
    pub group_quarters: Vec<f64>,
    /// Children and rates as they were estimated.
    pub children: Option<Children>,
    /// Migration and moves that two censuses give.
    pub flows: Vec<Flow>,
    /// On the census day, by district and sex, before anything is moved: what the census groups are compared with.
    pub census_day: Vec<[[f64; N_AGES]; 2]>,
}

/// Builds the people of a city; every observation that is missing is named.
pub(super) fn build(keys: &CityKeys, missing: &mut Vec<String>) -> People {
    let city = &*keys.scenario.city;
    let n_cells = city.areas.len() * 2 * N_AGES;
    let mut people = People {
        residents: vec![0.0; n_cells],
        group_quarters: vec![0.0; n_cells],
        children: None,
        flows: Vec::new(),
        census_day: Vec::new(),
    };
    let mut figure = |path: &str| match keys.checked.figures.get(path) {
        Some(figure) => Some(figure.clone()),
        None => {
            missing.push(format!("{path}: calibration needs this figure"));
            None
        }
    };
    let shift = figure("calibration.census_shift");
    let share = figure("calibration.resident_share_15_17");
    let births = figure("calibration.birth_pattern");
    let (Some(shift), Some(share), Some(births)) = (shift, share, births) else {
        return people;
    };
    let splitting =
        Splitting { shift: shift.scalar(), share_15_17: share.scalar(), births: births.path(0) };
    let mut counted = match (between::span(keys), between::nearest_censuses(keys).0) {
        (Some(span), _) => between::count(keys, span, &splitting, missing),
        (None, Some(earlier)) => forward::count(keys, earlier, &splitting, missing),
        (None, None) => city
            .districts
            .iter()
            .map(|d| census::count(keys, &d.key, city.base_year, &splitting, missing))
            .collect(),
    };
    if !missing.is_empty() {
        return people;
    }
    people.flows = migration::flows(keys, &splitting);
    let others = children::other_censuses(keys, &splitting, missing);
    people.children = children::estimate(keys, &splitting, &others, &mut counted, missing);
    for (district, counted) in counted.iter().enumerate() {
        let rural = counted.rural_share();
        for sex in Sex::ALL {
            if sum(counted.all[sex as usize]) <= 0.0 {
                continue;
            }
            let spread = |ages: &[f64; N_AGES], cells: &mut Vec<f64>| {
                spread_over_zones(city, district, sex, ages, rural, cells);
            };
            let residents = shift_back(&counted.residents[sex as usize], splitting.shift);
            spread(&residents, &mut people.residents);
            spread(&counted.group_quarters[sex as usize], &mut people.group_quarters);
        }
        people.census_day.push(counted.all);
    }
    people
}

/// Shares the people of a district over its zones in the same proportion at every age (an assumption: no age structure
/// by zone is published), as whole people by largest remainder.
fn spread_over_zones(
    city: &City,
    district: usize,
    sex: Sex,
    ages: &[f64; N_AGES],
    rural: f64,
    people: &mut [f64],
) {
    let areas: Vec<usize> =
        (0..city.areas.len()).filter(|&a| city.areas[a].district == district).collect();
    let n_built_up = areas.iter().filter(|&&a| city.areas[a].zone != Zone::Rural).count();
    let has_rural = n_built_up < areas.len();
    let weights: Vec<f64> = areas
        .iter()
        .map(|&area| match (city.areas[area].zone, has_rural) {
            (Zone::Rural, _) if n_built_up == 0 => 1.0,
            (Zone::Rural, _) => rural,
            (_, true) => (1.0 - rural) / n_built_up as f64,
            (_, false) => 1.0 / n_built_up as f64,
        })
        .collect();
    let total = sum(ages.iter().copied()).round() as u64;
    let cells: Vec<f64> =
        areas.iter().zip(&weights).flat_map(|(_, w)| ages.iter().map(move |n| n * w)).collect();
    for (cell, n) in apportion(total, &cells).into_iter().enumerate() {
        let area = areas[cell / N_AGES];
        people[City::people_start(area, sex) + cell % N_AGES] += n as f64;
    }
}
