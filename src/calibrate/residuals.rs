//! Every observation beside what the calibrated city has.

use crate::axes::{Sex, Stage};
use crate::city::City;
use crate::input::CityKeys;
use crate::numeric::sum;
use crate::scenario::Scenario;

use super::Calibrated;
use super::ages::{GROUP_KEYS, GROUP_STARTS};

/// An observation and its fitted value.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// What it is.
    pub quantity: String,
    /// Where.
    pub place: String,
    /// When.
    pub year: i32,
    /// Published.
    pub observed: f64,
    /// Of the calibrated city; `None` where the model has no such quantity.
    pub fitted: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Source key.
    pub source: String,
}

/// The residuals of all observations of a city.
pub(super) fn of(keys: &CityKeys, scenario: &Scenario, calibrated: &Calibrated) -> Vec<Residual> {
    keys.observations
        .iter()
        .map(|o| Residual {
            quantity: o.quantity.clone(),
            place: o.place.clone(),
            year: o.year,
            observed: o.value,
            fitted: if o.year == scenario.city.base_year {
                fitted(scenario, calibrated, &o.quantity, &o.place)
            } else {
                None
            },
            unit: o.unit.clone(),
            source: o.source.clone(),
        })
        .collect()
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
            let stage = Stage::parse(stage)?;
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

/// Pupils over residents of the ages; upper secondary counts both stages and the technical rate.
fn gross_rate(scenario: &Scenario, calibrated: &Calibrated, stage: Stage) -> f64 {
    let pupils = |stage: Stage| {
        calibrated.stages.iter().find(|fit| fit.stage == stage).map_or(0.0, |fit| fit.pupils)
    };
    let ages = stage.first_age()..stage.first_age() + stage.n_grades();
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
    match stage {
        Stage::Senior | Stage::Vocational => {
            (pupils(Stage::Senior) + pupils(Stage::Vocational)) / people
                + scenario.enrolment.technical_rate.at(scenario.city.base_year)
        }
        _ => pupils(stage) / people,
    }
}
