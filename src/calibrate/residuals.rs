//! Every observation beside what the calibrated city has.

use crate::axes::{Sex, Stage};
use crate::city::{City, Name};
use crate::input::CityKeys;
use crate::numeric::sum;
use crate::scenario::Scenario;

use super::ages::{GROUP_KEYS, GROUP_STARTS};
use super::calibrated::{Calibrated, Residual, Role};
use super::children::Fit;
use super::rates::is_shared;

/// The residuals of all observations of a city.
pub(super) fn of(keys: &CityKeys, scenario: &Scenario, calibrated: &Calibrated) -> Vec<Residual> {
    let fit_of = |idx: usize| -> Option<Fit> {
        calibrated.people.children.as_ref().and_then(|children| *children.fits.get(idx)?)
    };
    let made = |(idx, o): (usize, &crate::input::Observation)| {
        let in_city = match o.year == scenario.city.base_year {
            true => fitted(scenario, calibrated, &o.quantity, &o.place),
            false => None,
        };
        let fit = fit_of(idx);
        let role = match (fit, in_city) {
            (Some(fit), _) if fit.error <= 0.0 => Role::Exact,
            (Some(_), _) => Role::Used,
            (None, Some(_)) => Role::Compared,
            (None, None) => Role::NotUsed,
        };
        Residual {
            quantity: o.quantity.clone(),
            place: o.place.clone(),
            year: o.year,
            observed: o.value,
            fitted: fit.map(|fit| o.value * fit.ratio).or(in_city),
            in_city,
            standard_error: fit.map(|fit| fit.error * o.value).or(o.standard_error),
            standardised: fit.map(|fit| fit.standardised),
            leverage: fit.map(|fit| fit.leverage),
            role,
            unit: o.unit.clone(),
            source: o.source.clone(),
            doubt: doubt(keys, &o.quantity, o.year),
        }
    };
    keys.observations.iter().enumerate().map(made).collect()
}

/// What the city says of a figure that cannot be reconciled.
fn doubt(keys: &CityKeys, quantity: &str, year: i32) -> Option<Name> {
    keys.checked.names_of("calibration.doubts").into_iter().find_map(|name| {
        let at = |what: &str| format!("calibration.doubts.{name}.{what}");
        let is_it = keys.checked.text(&at("quantity")) == Some(quantity)
            && keys.checked.whole(&at("year")).is_none_or(|y| y == i64::from(year));
        let reason = keys.checked.text(&at("reason")).filter(|_| is_it)?.to_string();
        let in_english = keys.checked.text(&at("reason_en")).unwrap_or(&reason).to_string();
        Some(Name { zh: reason, en: in_english })
    })
}

fn fitted(
    scenario: &Scenario,
    calibrated: &Calibrated,
    quantity: &str,
    place: &str,
) -> Option<f64> {
    let city = &*scenario.city;
    let parts: Vec<&str> = quantity.split('.').collect();
    match parts.as_slice() {
        ["census", sex, group] => {
            let district = city.districts.iter().position(|d| d.key == place)?;
            let sex = Sex::parse(sex)?;
            let group = GROUP_KEYS.iter().position(|key| key == group)?;
            let ages = &calibrated.people.census_day.get(district)?[sex as usize];
            let to = GROUP_STARTS.get(group + 1).copied().unwrap_or(ages.len());
            Some(sum(ages[GROUP_STARTS[group]..to].iter().copied()))
        }
        [what, stage] if place == "all" => {
            let stage = city.stages.parse(stage)?;
            let fit = calibrated.stages.iter().find(|fit| fit.stage == stage)?;
            match *what {
                "schools" => {
                    Some(calibrated.schools.iter().filter(|s| s.stage == stage).count() as f64)
                }
                "pupils" => Some(fit.pupils),
                "mean_class" => Some(fit.mean_class),
                "oversized_share" => Some(fit.oversized_share * 100.0),
                "super_oversized_share" => Some(fit.super_share * 100.0),
                "gross_rate" => Some(100.0 * gross_rate(scenario, calibrated, stage)),
                _ => None,
            }
        }
        ["pupils"] if place == "all" => Some(sum(calibrated.stages.iter().map(|fit| fit.pupils))),
        ["schools"] if place == "all" => Some(calibrated.schools.len() as f64),
        _ => None,
    }
}

/// Pupils over residents of the ages; two stages that share a source count together, and with the technical rate.
fn gross_rate(scenario: &Scenario, calibrated: &Calibrated, stage: Stage) -> f64 {
    let pupils = |stage: Stage| {
        calibrated.stages.iter().find(|fit| fit.stage == stage).map_or(0.0, |fit| fit.pupils)
    };
    let ages = stage.ages();
    let people = sum((0..scenario.city.areas.len()).flat_map(|area| {
        let residents = &calibrated.people.residents;
        let ages = ages.clone();
        Sex::ALL
            .into_iter()
            .map(move |sex| {
                let start = City::people_start(area, sex);
                sum(residents[start + ages.start..start + ages.end].iter().copied())
            })
            .collect::<Vec<_>>()
    }));
    match stage.stages().pair() {
        Some([first, second]) if is_shared(stage) => {
            (pupils(first) + pupils(second)) / people
                + scenario.enrolment.technical_rate.at(scenario.city.base_year)
        }
        _ => pupils(stage) / people,
    }
}
