//! Programmes: from a plan's bundle of buildings to dated events at sites.
//!
//! In: a scenario with its projected demand. Out: the sites of the run (the city's and the new ones), the events in their
//! stated order, and notes on what was left out. Method: model section 5. Expansion is deterministic and looks at the
//! demand at base shares, so it does not depend on the school part of the run.

mod events;
mod placement;
mod pool_demand;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::city::{Name, Site};
use crate::demand::Demand;
use crate::event::{Event, EventKind, PlacedUnit, Placement, Programme};
use crate::numeric::{apportion, sum};
use crate::population::Projection;
use crate::scenario::Scenario;
use crate::units::Year;

use events::{Dater, Openings, Units, delivered};
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
    let mut sites = (*expansion.sites).clone();
    let mut openings = Openings::default();
    for (programme_idx, programme) in scenario.programmes.iter().enumerate() {
        let mut new_site = |site: &dyn Fn() -> Site| {
            sites.push(site());
            sites.len() - 1
        };
        let first = expansion.events.len();
        let (of_all, events) = (&mut openings, &mut expansion.events);
        Dater::new(scenario, programme_idx, &mut new_site, of_all, events).planned();
        for (planned, n) in delivered(programme) {
            planner.book_planned(planned, n);
        }
        let (rows, cost_scale) =
            place_units(scenario, programme, &mut planner, &mut expansion.notes);
        let units = Units { rows: &rows, n_built: rows.len(), cost_scale };
        let (of_all, events) = (&mut openings, &mut expansion.events);
        Dater::new(scenario, programme_idx, &mut new_site, of_all, events).units(&units);
        expansion.placed[programme_idx] = rows.into_iter().map(|(_, row)| row).collect();
        for event in &expansion.events[first..] {
            expansion.notes.extend(note_of_move(programme, event, &sites));
        }
    }
    expansion.sites = Arc::new(sites);
    openings.settle(&mut expansion.events);
    put_in_order(&mut expansion.events);
    expansion
}

/// The dated events of a scenario whose units have explicit places, in their stated order: what a draw of a sweep needs.
pub fn dated(scenario: &Scenario, events: &mut Vec<Event>) {
    events.clear();
    let mut n_sites = scenario.city.sites.len();
    let mut new_site = |_: &dyn Fn() -> Site| {
        n_sites += 1;
        n_sites - 1
    };
    date_all(scenario, &mut new_site, events);
    put_in_order(events);
}

/// The sites of a scenario whose units have explicit places: the city's, then the new ones as [`dated`] numbers them.
pub fn sites(scenario: &Scenario) -> Vec<Site> {
    let mut sites = (*scenario.city.sites).clone();
    let mut new_site = |site: &dyn Fn() -> Site| {
        sites.push(site());
        sites.len() - 1
    };
    date_all(scenario, &mut new_site, &mut Vec::new());
    sites
}

fn date_all(scenario: &Scenario, new_site: events::NewSite<'_>, events: &mut Vec<Event>) {
    let types = &scenario.unit_types;
    let mut openings = Openings::default();
    for (programme_idx, programme) in scenario.programmes.iter().enumerate() {
        let mut dater =
            Dater::new(scenario, programme_idx, &mut *new_site, &mut openings, &mut *events);
        dater.planned();
        let Placement::Explicit(rows) = &programme.placement else { continue };
        let planned_cost = sum(rows.iter().map(|row| types[row.unit].cost_yuan));
        let rows: Vec<(usize, PlacedUnit)> = rows.iter().cloned().enumerate().collect();
        let n_built = n_delivered(programme, rows.len());
        let cost_scale = cost_scale(programme, planned_cost);
        dater.units(&Units { rows: &rows, n_built, cost_scale });
    }
    openings.settle(events);
}

/// Year, kind in its stated order, site, stage; what happens to a school after it has moved happens where it stands then.
fn put_in_order(events: &mut [Event]) {
    events.sort_by_key(|event| (event.year, event.kind.rank(), event.site, event.stage.idx()));
    follow_relocations(events);
}

/// Units of a programme of so many that are built.
fn n_delivered(programme: &Programme, n_units: usize) -> usize {
    (n_units as f64 * programme.delivered_share).round() as usize
}

/// A reader of the run must know with how many rooms a school moves.
fn note_of_move(programme: &Programme, event: &Event, sites: &[Site]) -> Option<Name> {
    let EventKind::Relocate { rooms_added: added, .. } = event.kind else { return None };
    let (key, site, built) = (&programme.key, &sites[event.site].key, event.rooms_built);
    let all = built - added;
    Some(Name {
        zh: format!("{key}：{site} 原有{all}间教室，迁入新建的{built}间，净增{added}间"),
        en: format!(
            "{key}: {site} moves with its {all} rooms into {built} that are built, {added} more than before"
        ),
    })
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

/// Finds the places of the units of one programme that are built; each with its position in the list, and what unit costs are
/// multiplied with.
fn place_units(
    scenario: &Scenario,
    programme: &Programme,
    planner: &mut Planner,
    notes: &mut Vec<Name>,
) -> (Vec<(usize, PlacedUnit)>, f64) {
    let begun = match &programme.placement {
        Placement::Explicit(rows) => {
            rows.iter().map(|row| Begun { unit: row.unit, year: row.year }).collect()
        }
        _ => schedule(programme),
    };
    let mut placed = Vec::new();
    if begun.is_empty() {
        return (placed, 1.0);
    }
    let units = &scenario.unit_types;
    let planned_cost = sum(begun.iter().map(|b| units[b.unit].cost_yuan));
    let cost_scale = cost_scale(programme, planned_cost);
    notes.extend(note_of_cost(programme, planned_cost, cost_scale));
    let n_built = n_delivered(programme, begun.len());
    for (position, b) in begun.iter().enumerate() {
        if placed.len() == n_built {
            break;
        }
        let unit = &units[b.unit];
        let opens = b.year + programme.lag_years;
        match planner.place(programme, unit, b.unit, position, opens) {
            Ok(place) => placed.push((
                position,
                PlacedUnit { unit: b.unit, area: place.area, year: b.year, site: place.site },
            )),
            Err(left_out) => {
                let (zh, en) = left_out.reason();
                let (key, unit, n) = (&programme.key, &unit.key, position + 1);
                notes.push(Name {
                    zh: format!("{key}：第{n}项（{unit}）未安排：{zh}"),
                    en: format!("{key}: unit {n} ({unit}) left out: {en}"),
                });
            }
        }
    }
    (placed, cost_scale)
}

/// What unit costs are multiplied with to come to the published investment.
fn cost_scale(programme: &Programme, planned_cost: f64) -> f64 {
    match programme.investment_yuan {
        Some(investment) if planned_cost > 0.0 => investment / planned_cost,
        _ => 1.0,
    }
}

/// A reader is told where the scale of costs is far from 1.
fn note_of_cost(programme: &Programme, planned_cost: f64, scale: f64) -> Option<Name> {
    let key = &programme.key;
    ((scale - 1.0).abs() > 0.1).then(|| Name {
        zh: format!("{key}：按单位造价合计{planned_cost:.0}元，公布的投资是其{scale:.2}倍"),
        en: format!(
            "{key}: units cost {planned_cost:.0} yuan at their unit costs; the published investment is {scale:.2} times that"
        ),
    })
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
