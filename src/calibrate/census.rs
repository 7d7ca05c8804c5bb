//! One census of one district: residents in households and people in group quarters by sex and single age.

use crate::axes::{N_AGES, Sex};
use crate::input::CityKeys;
use crate::numeric::sum;
use crate::units::{Path, Year};

use super::ages::{GROUP_KEYS, split, without_group_quarters};

/// The figures by which census groups become single ages.
#[derive(Debug, Clone)]
pub(super) struct Splitting {
    /// From 1 September to the census day, part of a year.
    pub shift: f64,
    /// Residents 15-17 in households per resident aged 12-14.
    pub share_15_17: f64,
    /// Births by calendar year.
    pub births: Path,
}

/// People of one district on a census day, `[sex][age]`.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// Everybody, by single age: what the census groups are compared with.
    pub all: [[f64; N_AGES]; 2],
    /// Residents in households.
    pub residents: [[f64; N_AGES]; 2],
    /// People in group quarters.
    pub group_quarters: [[f64; N_AGES]; 2],
    /// Rural people.
    pub rural: f64,
    /// Urban people.
    pub urban: f64,
}

impl Counted {
    /// Nobody.
    pub fn nobody() -> Self {
        let none = [[0.0; N_AGES]; 2];
        Counted { all: none, residents: none, group_quarters: none, rural: 0.0, urban: 0.0 }
    }

    /// Rural people over all.
    pub fn rural_share(&self) -> f64 {
        let everybody = self.rural + self.urban;
        if everybody > 0.0 { self.rural / everybody } else { 0.0 }
    }
}

/// Reads the census of a year; every observation that is missing is named.
pub(super) fn count(
    keys: &CityKeys,
    district: &str,
    year: Year,
    splitting: &Splitting,
    missing: &mut Vec<String>,
) -> Counted {
    let mut counted = Counted {
        rural: observed(keys, "census.rural", district, year, missing),
        urban: observed(keys, "census.urban", district, year, missing),
        ..Counted::nobody()
    };
    for sex in Sex::ALL {
        let mut groups = [0.0; 19];
        for (group, name) in GROUP_KEYS.iter().enumerate() {
            let quantity = format!("census.{}.{name}", sex.key());
            groups[group] = observed(keys, &quantity, district, year, missing);
        }
        if sum(groups) <= 0.0 {
            continue;
        }
        let ages = split(&groups, &splitting.births, year, splitting.shift);
        let (residents, group_quarters) = without_group_quarters(&ages, splitting.share_15_17);
        counted.all[sex as usize] = ages;
        counted.residents[sex as usize] = residents;
        counted.group_quarters[sex as usize] = group_quarters;
    }
    counted
}

fn observed(
    keys: &CityKeys,
    quantity: &str,
    place: &str,
    year: Year,
    missing: &mut Vec<String>,
) -> f64 {
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

/// Whether a quantity is a census group of a sex.
pub(super) fn is_group(quantity: &str) -> bool {
    let parts: Vec<&str> = quantity.split('.').collect();
    matches!(parts.as_slice(), ["census", sex, _] if Sex::parse(sex).is_some())
}
