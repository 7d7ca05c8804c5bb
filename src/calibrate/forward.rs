//! People of a base year after the last census that was known: its cohorts survived forward, nobody moving.
//!
//! In: the earlier census by single age. Out: a first guess for the census day of the base year. Children born since follow the
//! pattern of births at the level of the youngest who were counted; [`children`](super::children) corrects all under 18 by what
//! schools tell. People in group quarters come and go: the same ages stay. What it leaves out: migration of adults, who matter only
//! through births.

use crate::axes::{N_AGES, Sex};
use crate::input::CityKeys;
use crate::numeric::sum;
use crate::units::Year;

use super::between;
use super::census::{Counted, Splitting};

/// People of every district from the census of `year`; every observation that is missing is named.
pub(super) fn count(
    keys: &CityKeys,
    year: Year,
    splitting: &Splitting,
    missing: &mut Vec<String>,
) -> Vec<Counted> {
    let city = &*keys.scenario.city;
    let mut people = vec![Counted::nobody(); city.districts.len()];
    for (group, counted) in between::together(keys, year, splitting, missing) {
        if let [district] = group.as_slice() {
            people[*district] = survived(keys, year, &counted, splitting);
        } else {
            let names: Vec<&str> = group.iter().map(|&d| city.districts[d].key.as_str()).collect();
            missing.push(format!(
                "calibration.boundaries: {} share one census of {year}, and no later one tells how; make them one district that covers them",
                names.join(", ")
            ));
        }
    }
    people
}

fn survived(keys: &CityKeys, year: Year, counted: &Counted, splitting: &Splitting) -> Counted {
    let base = keys.scenario.city.base_year;
    let years = (base - year) as usize;
    let mut people = Counted { rural: counted.rural, urban: counted.urban, ..Counted::nobody() };
    for sex in Sex::ALL {
        let s = sex as usize;
        let survival = &keys.scenario.vital.survival[s];
        let lived = |from: usize, to: usize| survival[from + 1..=to].iter().product::<f64>();
        let newborn = |age: usize| survival[..=age].iter().product::<f64>();
        let births = |age: usize| {
            let born = base - age as Year;
            let shift = splitting.shift;
            splitting.births.at(born) * (1.0 - shift) + splitting.births.at(born - 1) * shift
        };
        // Births at the level of those aged 1-4 at the census: infants are the worst counted.
        let seen = sum(counted.residents[s][1..5].iter().copied());
        let level = seen / sum((1..5).map(|age| births(years + age) * newborn(age))).max(1e-9);
        for age in 0..N_AGES {
            people.residents[s][age] = match age.checked_sub(years) {
                None => level * births(age) * newborn(age),
                Some(then) if age + 1 < N_AGES => counted.residents[s][then] * lived(then, age),
                Some(then) => {
                    let open = counted.residents[s][then..].iter().enumerate();
                    open.map(|(i, n)| n * lived(then + i, (then + i + years).min(N_AGES - 1))).sum()
                }
            };
            people.group_quarters[s][age] = counted.group_quarters[s][age];
            people.all[s][age] = people.residents[s][age] + people.group_quarters[s][age];
        }
    }
    people
}
