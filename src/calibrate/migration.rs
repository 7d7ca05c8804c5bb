//! Net migration by age and the flow from villages, from two censuses of a city.
//!
//! In: both censuses by single age, survival. Out: yearly rates of groups of ages and of the rural share, each with its error.
//! Method: forward census survival (Siegel & Swanson 2004, *The Methods and Materials of Demography*, ch. 19): people of a
//! cohort at the second census over those of the first who survived, less one; as a yearly rate
//! `(P₂ / (P₁·S))^(1/n) − 1`. Children under 5 at the first census are left out, for many of them were missed. The rural share
//! falls by moves and by villages that are counted as towns; the two cannot be told apart, so the rate is an upper bound of moves.

use std::ops::RangeInclusive;

use crate::axes::{N_AGES, Zone};
use crate::input::CityKeys;
use crate::numeric::{exp, ln};
use crate::units::Year;

use super::between;
use super::census::{self, Counted, Splitting};

/// First and last age at the start of a year, of the groups that have a rate.
const GROUPS: [(&str, usize, usize); 5] = [
    ("children", 5, 14),
    ("school-leavers", 15, 24),
    ("young-adults", 25, 34),
    ("adults", 35, 54),
    ("older", 55, 74),
];

/// A rate a year that two censuses give.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Its path among the city's figures, without `.rate`.
    pub path: String,
    /// First and last age that it holds for.
    pub ages: (usize, usize),
    /// Rate a year.
    pub rate: f64,
    /// Its standard error.
    pub error: f64,
    /// First and last year that it was measured over.
    pub years: (Year, Year),
}

/// Flows that two censuses give; none where the city has only one.
pub(super) fn flows(keys: &CityKeys, splitting: &Splitting) -> Vec<Flow> {
    let mut years: Vec<Year> = keys
        .observations
        .iter()
        .filter(|o| census::is_group(&o.quantity))
        .map(|o| o.year)
        .collect();
    years.sort_unstable();
    years.dedup();
    let [.., first, last] = years.as_slice() else { return Vec::new() };
    // A census of some districts is no census of the city.
    let has = |group: &[usize], year: Year| group.iter().any(|d| has_rows(keys, *d, year));
    if !between::groups(keys).iter().all(|group| has(group, *first) && has(group, *last)) {
        return Vec::new();
    }
    let (earlier, later) = (whole(keys, *first, splitting), whole(keys, *last, splitting));
    let error = keys.checked.figures.get("calibration.errors.census").map_or(0.0, |f| f.scalar());
    let span = f64::from(last - first);
    let survival = &keys.scenario.vital.survival;
    let mut flows: Vec<Flow> = GROUPS
        .into_iter()
        .filter_map(|(name, from, to)| {
            let ratio =
                survived_ratio(survival, &earlier, &later, (last - first) as usize, from..=to)?;
            Some(Flow {
                path: format!("population.net_migration.{name}"),
                ages: if name == "children" { (0, to) } else { (from, to) },
                rate: exp(ln(ratio) / span) - 1.0,
                error: 2.0_f64.sqrt() * error / span,
                years: (*first, *last),
            })
        })
        .collect();
    let zones = keys.scenario.city.areas.iter().map(|area| area.zone);
    let has_both =
        zones.clone().any(|z| z == Zone::Rural) && zones.clone().any(|z| z != Zone::Rural);
    let (before, after) = (earlier.rural_share(), later.rural_share());
    if has_both && before > 0.0 && after > 0.0 && after < before {
        flows.push(Flow {
            path: "population.moves.rural-to-built-up".to_string(),
            ages: (0, N_AGES - 1),
            rate: 1.0 - exp(ln(after / before) / span),
            error: 2.0_f64.sqrt() * error / span,
            years: (*first, *last),
        });
    }
    flows
}

fn has_rows(keys: &CityKeys, district: usize, year: Year) -> bool {
    let key = &keys.scenario.city.districts[district].key;
    let is_here = |o: &&crate::input::Observation| o.year == year && o.place == *key;
    keys.observations.iter().filter(is_here).any(|o| census::is_group(&o.quantity))
}

/// A census of the whole city. Districts without rows have no people of their own in it.
fn whole(keys: &CityKeys, year: Year, splitting: &Splitting) -> Counted {
    let mut all = Counted::nobody();
    for district in &keys.scenario.city.districts {
        let has_rows = keys
            .observations
            .iter()
            .any(|o| o.year == year && o.place == district.key && census::is_group(&o.quantity));
        if !has_rows {
            continue;
        }
        // What is missing has been named when the people were made.
        let counted = census::count(keys, &district.key, year, splitting, &mut Vec::new());
        for sex in 0..2 {
            for age in 0..N_AGES {
                all.residents[sex][age] += counted.residents[sex][age];
            }
        }
        all.rural += counted.rural;
        all.urban += counted.urban;
    }
    all
}

/// People of the second census over the survivors of the first, for the cohorts that pass through a group of ages: those whose
/// age half-way lies in it.
fn survived_ratio(
    survival: &[[f64; N_AGES]; 2],
    earlier: &Counted,
    later: &Counted,
    years: usize,
    half_way: RangeInclusive<usize>,
) -> Option<f64> {
    const COUNTED_FROM: usize = 5;
    let cohorts = half_way
        .filter_map(|age| age.checked_sub(years / 2).filter(|&then| then >= COUNTED_FROM))
        .map(|then| (then, then + years))
        .filter(|(_, now)| now + 1 < N_AGES);
    let (mut survivors, mut there) = (0.0, 0.0);
    for (then, now) in cohorts {
        for sex in 0..2 {
            let lived: f64 = survival[sex][then + 1..=now].iter().product();
            survivors += earlier.residents[sex][then] * lived;
            there += later.residents[sex][now];
        }
    }
    (survivors > 0.0 && there > 0.0).then(|| there / survivors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody dies and every cohort is a tenth larger ten years later; the small children, of whom half were missed, do not count.
    #[test]
    fn cohorts_that_grew_by_a_tenth() {
        let mut earlier = Counted::nobody();
        let mut later = Counted::nobody();
        for sex in 0..2 {
            earlier.residents[sex] = [100.0; N_AGES];
            later.residents[sex] = [110.0; N_AGES];
            earlier.residents[sex][..5].fill(50.0);
        }
        let alive = [[1.0; N_AGES]; 2];
        let ratio = survived_ratio(&alive, &earlier, &later, 10, 5..=14).expect("people");
        assert!((ratio - 1.1).abs() < 1e-12);
        // 2 % of every cohort die each year: 110/(100·0.98¹⁰) = 1.34627.
        let dying = [[0.98; N_AGES]; 2];
        let ratio = survived_ratio(&dying, &earlier, &later, 10, 25..=34).expect("people");
        assert!((ratio - 1.346_269).abs() < 1e-6, "{ratio}");
    }
}
