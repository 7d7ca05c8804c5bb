//! Programmes: from a plan's bundle of buildings to dated events at sites.
//!
//! In: a scenario with its projected demand. Out: the sites of the run (the city's and the new ones), the events in their
//! stated order, and notes on what was left out. Method: model section 5. Expansion is deterministic and looks at the
//! demand at base shares, so it does not depend on the school part of the run.

mod events;
mod placement;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::city::{Name, Site};
use crate::demand::Demand;
use crate::event::{Event, EventKind, PlacedUnit, Placement, Programme, UnitType};
use crate::numeric::{apportion, sum};
use crate::population::Projection;
use crate::scenario::Scenario;
use crate::units::Year;

use placement::Planner;

/// What programmes come to.
#[derive(Debug, Clone)]
pub struct Expansion {
    /// The city's sites, then the new ones.
    pub sites: Arc<Vec<Site>>,
    /// Sorted by year, kind in its stated order, site.
    pub events: Vec<Event>,
    /// What a reader of the run must know, one sentence each.
    pub notes: Vec<Name>,
    /// By programme: its units with the places that they got, those left out not among them.
    pub placed: Vec<Vec<PlacedUnit>>,
}

/// A unit of a programme with the year in which it is begun.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Begun {
    unit: usize,
    year: Year,
}

/// Expands all programmes in file order: the single events of a programme first, then its units.
pub fn expand(scenario: &Scenario, population: &Projection, demand: &Demand) -> Expansion {
    let mut expansion = Expansion {
        sites: Arc::clone(&scenario.city.sites),
        events: Vec::new(),
        notes: Vec::new(),
        placed: vec![Vec::new(); scenario.programmes.len()],
    };
    if scenario.programmes.is_empty() {
        return expansion;
    }
    let mut planner = Planner::new(scenario, population, demand);
    for (programme_idx, programme) in scenario.programmes.iter().enumerate() {
        events::expand(scenario, programme_idx, &mut planner, &mut expansion);
        expand_units(scenario, programme_idx, programme, &mut planner, &mut expansion);
    }
    expansion
        .events
        .sort_by_key(|event| (event.year, event.kind.rank(), event.site, event.stage.idx()));
    follow_relocations(&mut expansion.events);
    expansion
}

/// The places of all units of a scenario on its own path, delivered in full and in time: the list that draws of a sweep keep.
pub fn places(scenario: &Scenario) -> Vec<Vec<PlacedUnit>> {
    if scenario.programmes.is_empty() {
        return Vec::new();
    }
    let mut planned = scenario.clone();
    for programme in &mut planned.programmes {
        programme.delivered_share = 1.0;
        programme.delay_years = 0;
    }
    let population = crate::population::project(&planned);
    let demand = crate::demand::project(&planned, &population);
    expand(&planned, &population, &demand).placed
}

/// The same scenario with these places in place of the rules that found them.
pub fn keep_places(scenario: &mut Scenario, places: &[Vec<PlacedUnit>]) {
    for (programme, rows) in scenario.programmes.iter_mut().zip(places) {
        programme.placement = Placement::Explicit(rows.clone());
    }
}

/// What happens to a school after it has moved happens where it stands then.
fn follow_relocations(events: &mut [Event]) {
    let mut moved: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for event in events {
        let school = (event.site, event.stage.idx());
        if let EventKind::Relocate { area, .. } = event.kind {
            moved.insert(school, area);
        }
        if let Some(&area) = moved.get(&school) {
            event.area = area;
        }
    }
}

/// Places and dates the units of one programme and books their cost.
fn expand_units(
    scenario: &Scenario,
    programme_idx: usize,
    programme: &Programme,
    planner: &mut Planner,
    expansion: &mut Expansion,
) {
    let begun = match &programme.placement {
        Placement::Explicit(rows) => {
            rows.iter().map(|row| Begun { unit: row.unit, year: row.year }).collect()
        }
        _ => schedule(programme),
    };
    if begun.is_empty() {
        return;
    }
    let units = &scenario.unit_types;
    let planned_cost = sum(begun.iter().map(|b| units[b.unit].cost_yuan));
    let cost_scale = cost_scale(programme, planned_cost, &mut expansion.notes);
    let n_built = (begun.len() as f64 * programme.delivered_share).round() as usize;
    let mut n_built_left = n_built;
    for (position, b) in begun.iter().enumerate() {
        let unit = &units[b.unit];
        let opens = b.year + programme.lag_years;
        if n_built_left == 0 {
            break;
        }
        let place = match planner.place(programme, unit, b.unit, position, opens) {
            Ok(place) => place,
            Err(left_out) => {
                let (zh, en) = left_out.reason();
                let (key, unit, n) = (&programme.key, &unit.key, position + 1);
                expansion.notes.push(Name {
                    zh: format!("{key}：第{n}项（{unit}）未安排：{zh}"),
                    en: format!("{key}: unit {n} ({unit}) left out: {en}"),
                });
                continue;
            }
        };
        n_built_left -= 1;
        let placed = PlacedUnit { unit: b.unit, area: place.area, year: b.year, site: place.site };
        expansion.placed[programme_idx].push(placed);
        let cost = unit.cost_yuan * cost_scale * programme.cost_ratio;
        let begun = b.year + programme.delay_years;
        let site = place.site.unwrap_or_else(|| {
            Arc::make_mut(&mut expansion.sites).push(Site {
                key: format!("{}-{:03}", programme.key, position + 1),
                name: format!("{} {:03}", programme.title.zh, position + 1),
                area: place.area,
                origin: programme.key.clone(),
            });
            expansion.sites.len() - 1
        });
        push_unit_events(unit, site, cost, (begun, programme.lag_years), programme_idx, expansion);
    }
}

/// What unit costs are multiplied with to come to the published investment; a reader is told where it is far from 1.
fn cost_scale(programme: &Programme, planned_cost: f64, notes: &mut Vec<Name>) -> f64 {
    let scale = match programme.investment_yuan {
        Some(investment) if planned_cost > 0.0 => investment / planned_cost,
        _ => 1.0,
    };
    if (scale - 1.0).abs() > 0.1 {
        let key = &programme.key;
        notes.push(Name {
            zh: format!("{key}：按单位造价合计{planned_cost:.0}元，公布的投资是其{scale:.2}倍"),
            en: format!(
                "{key}: units cost {planned_cost:.0} yuan at their unit costs; the published investment is {scale:.2} times that"
            ),
        });
    }
    scale
}

/// The events of one unit: one for each of its stages, the cost shared by rooms, and one for its boarding places.
fn push_unit_events(
    unit: &UnitType,
    site: usize,
    cost_yuan: f64,
    (begun, lag_years): (Year, Year),
    programme: usize,
    expansion: &mut Expansion,
) {
    let all_rooms: i32 = unit.rooms.iter().map(|(_, rooms)| rooms).sum();
    for &(stage, rooms) in &unit.rooms {
        let kind = if unit.is_extension {
            EventKind::Extend(rooms)
        } else {
            EventKind::Open { rooms, all_grades: unit.opens_all_grades, quality: unit.quality }
        };
        expansion.events.push(Event {
            year: begun + lag_years,
            site,
            area: expansion.sites[site].area,
            stage,
            kind,
            rooms_net: rooms,
            rooms_built: rooms,
            investment_yuan: cost_yuan * f64::from(rooms) / f64::from(all_rooms.max(1)),
            begun,
            programme: Some(programme),
        });
    }
    if let (Some(&(stage, _)), true) = (unit.rooms.first(), unit.boarding_places > 0) {
        expansion.events.push(Event {
            year: begun + lag_years,
            site,
            area: expansion.sites[site].area,
            stage,
            kind: EventKind::Upgrade { quality: 0.0, boarding: unit.boarding_places },
            rooms_net: 0,
            rooms_built: 0,
            investment_yuan: 0.0,
            begun: begun + lag_years,
            programme: Some(programme),
        });
    }
}

/// The order and the years of construction of a programme's units.
///
/// Types are interleaved so that every stretch of the list has them in proportion; units are shared over the
/// years evenly, or by the delivery profile, by largest remainder.
fn schedule(programme: &Programme) -> Vec<Begun> {
    let mut order: Vec<(f64, usize, usize)> = Vec::new();
    for (rank, &(unit, count)) in programme.mix.iter().enumerate() {
        for k in 0..count.max(0) {
            order.push(((f64::from(k) + 0.5) / f64::from(count), rank, unit));
        }
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let n_years = (programme.years.1 - programme.years.0 + 1).max(1) as usize;
    let profile = if programme.profile.len() == n_years {
        programme.profile.clone()
    } else {
        vec![1.0; n_years]
    };
    let counts = apportion(order.len() as u64, &profile);
    let mut years = counts
        .iter()
        .enumerate()
        .flat_map(|(y, &n)| std::iter::repeat_n(programme.years.0 + y as Year, n as usize));
    order
        .into_iter()
        .map(|(_, _, unit)| Begun { unit, year: years.next().unwrap_or(programme.years.1) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two of type 0 and four of type 1 over two years: positions 0.25, 0.75 and 0.125, 0.375, 0.625, 0.875 give
    /// the order 1 0 1 1 0 1; three units a year.
    #[test]
    fn units_are_interleaved_and_spread_over_the_years() {
        let programme = Programme {
            key: "p".into(),
            title: Name::default(),
            mix: vec![(0, 2), (1, 4)],
            years: (2022, 2023),
            profile: vec![],
            investment_yuan: None,
            placement: Placement::Gap,
            areas: vec![],
            skips_ample: false,
            delay_years: 0,
            lag_years: 1,
            delivered_share: 1.0,
            cost_ratio: 1.0,
            events: vec![],
        };
        let list: Vec<(usize, Year)> =
            schedule(&programme).iter().map(|b| (b.unit, b.year)).collect();
        let expected = [(1, 2022), (0, 2022), (1, 2022), (1, 2023), (0, 2023), (1, 2023)];
        assert_eq!(list, expected);
    }
}
