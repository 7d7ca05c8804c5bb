//! Residents by area, sex and single age from the census groups of districts.

use crate::axes::{N_AGES, Sex, Zone};
use crate::city::City;
use crate::input::CityKeys;
use crate::numeric::{apportion, sum};

use super::ages::{GROUP_KEYS, shift_back, split, without_halls};

/// People of a city on 1 September of the base year.
#[derive(Debug, Clone)]
pub struct People {
    /// Residents in households: `[(area · 2 + sex) · 101 + age]`, whole people.
    pub residents: Vec<f64>,
    /// People in halls, the same shape.
    pub halls: Vec<f64>,
    /// On the census day, by district and sex, before anything is moved: what the census groups are compared with.
    pub census_day: Vec<[[f64; N_AGES]; 2]>,
}

/// Builds the people of a city; every observation that is missing is named.
pub(super) fn build(keys: &CityKeys, missing: &mut Vec<String>) -> People {
    let city = &*keys.scenario.city;
    let n_cells = city.areas.len() * 2 * N_AGES;
    let mut people =
        People { residents: vec![0.0; n_cells], halls: vec![0.0; n_cells], census_day: Vec::new() };
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
    let (shift, share, births) = (shift.scalar(), share.scalar(), births.path(0));
    let year = city.base_year;
    for district in 0..city.districts.len() {
        let key = &city.districts[district].key;
        let rural = rural_share(keys, key, missing);
        let mut on_census_day = [[0.0; N_AGES]; 2];
        for sex in Sex::ALL {
            let mut groups = [0.0; 19];
            for (group, name) in GROUP_KEYS.iter().enumerate() {
                let quantity = format!("census.{}.{name}", sex.key());
                groups[group] = observed(keys, &quantity, key, missing);
            }
            if sum(groups) <= 0.0 {
                continue;
            }
            let ages = split(&groups, &births, year, shift);
            on_census_day[sex as usize] = ages;
            let (residents, halls) = without_halls(&ages, share);
            let residents = shift_back(&residents, shift);
            spread_over_zones(city, district, sex, &residents, rural, &mut people.residents);
            spread_over_zones(city, district, sex, &halls, rural, &mut people.halls);
        }
        people.census_day.push(on_census_day);
    }
    people
}

fn observed(keys: &CityKeys, quantity: &str, place: &str, missing: &mut Vec<String>) -> f64 {
    let year = keys.scenario.city.base_year;
    let found = keys
        .observations
        .iter()
        .find(|o| o.quantity == quantity && o.place == place && o.year == year);
    match found {
        Some(observation) => observation.value,
        None => {
            missing.push(format!("observations: no {quantity} of {place} in {year}"));
            0.0
        }
    }
}

/// Rural people of a district over all.
fn rural_share(keys: &CityKeys, district: &str, missing: &mut Vec<String>) -> f64 {
    let rural = observed(keys, "census.rural", district, missing);
    let urban = observed(keys, "census.urban", district, missing);
    if rural + urban > 0.0 { rural / (rural + urban) } else { 0.0 }
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
