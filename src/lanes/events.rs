//! Dated events of one draw: the expansion of [`programmes`](crate::programmes) for units that have their places.

use crate::axes::{N_STAGES, Stage};
use crate::event::{
    EventKind, Placement, PlannedEvent, PlannedKind, Programme, UnitType, reserved_rooms, share_of,
};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

use super::layout::{Layout, Place, ProgrammeSlots};

/// One event of one draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated {
    /// Year in which it takes effect.
    pub year: Year,
    /// Index into the sites of the run.
    pub site: usize,
    /// Stage concerned.
    pub stage: Stage,
    /// What happens.
    pub kind: EventKind,
    /// Slot of the school.
    pub(super) slot: usize,
    /// Where a relocated school goes.
    pub(super) target: Option<usize>,
    /// Row of the register that a new school gets.
    pub(super) row: usize,
    /// Investment in yuan, booked evenly from `begun` on.
    pub investment_yuan: f64,
    /// Year in which construction begins.
    pub begun: Year,
}

/// The events of one draw in their stated order, those of schools that are not there left out.
pub(super) fn dated(layout: &Layout, scenario: &Scenario, events: &mut Vec<Dated>) {
    events.clear();
    for (programme, slots) in scenario.programmes.iter().zip(&layout.programmes) {
        planned(layout, programme, slots, events);
        units(scenario, programme, slots, events);
    }
    events.sort_by_key(|e| (e.year, e.kind.rank(), e.site, e.stage.idx()));
    number_new_schools(layout, events);
}

/// Gives new schools their rows, turns the opening of a school that is there into an extension, and leaves out what finds no
/// school.
fn number_new_schools(layout: &Layout, events: &mut Vec<Dated>) {
    let mut opened: Vec<(usize, usize)> = Vec::new();
    let mut next_row = layout.city.schools.len();
    let horizon = layout.city.horizon;
    events.retain_mut(|event| {
        let there = (event.stage.idx(), event.slot);
        let is_base = layout.stages[there.0].slots[there.1].base.is_some();
        let found = opened.binary_search(&there);
        let is_open = is_base || found.is_ok();
        match event.kind {
            EventKind::Open { rooms, .. } if is_open => event.kind = EventKind::Extend(rooms),
            EventKind::Open { .. } if event.year <= horizon => {
                event.row = next_row;
                next_row += 1;
                if let Err(place) = found {
                    opened.insert(place, there);
                }
            }
            EventKind::Open { .. } => {}
            _ => return is_open,
        }
        true
    });
}

/// Appends an event.
fn push(
    programme: &Programme,
    year: Year,
    place: &Place,
    kind: EventKind,
    investment_yuan: f64,
    events: &mut Vec<Dated>,
) {
    let begun = year + programme.delay_years;
    let lag = if kind.is_built() { programme.lag_years } else { 0 };
    events.push(Dated {
        year: begun + lag,
        site: place.site,
        stage: place.stage,
        kind,
        slot: place.slot,
        target: place.target,
        row: 0,
        investment_yuan,
        begun,
    });
}

/// The single events of a programme: of their units the delivered share, in file order.
fn planned(
    layout: &Layout,
    programme: &Programme,
    slots: &ProgrammeSlots,
    events: &mut Vec<Dated>,
) {
    let units_of = |planned: &PlannedEvent| match planned.kind {
        PlannedKind::Open { .. } => 1,
        _ => planned.schools.len(),
    };
    let n_units: usize = programme.events.iter().map(units_of).sum();
    let mut left = (n_units as f64 * programme.delivered_share).round() as usize;
    let cost = match programme.investment_yuan {
        Some(investment) if programme.mix.is_empty() && n_units > 0 => {
            investment * programme.cost_ratio / n_units as f64
        }
        _ => 0.0,
    };
    for (planned, places) in programme.events.iter().zip(&slots.planned) {
        let n = units_of(planned).min(left);
        left -= n;
        if let PlannedKind::Open { rooms, all_grades, .. } = &planned.kind {
            let all = sum(rooms.iter().map(|&(_, rooms)| f64::from(rooms)));
            for (place, &(_, rooms)) in places.iter().zip(rooms).filter(|_| n > 0) {
                let kind = EventKind::Open { rooms, all_grades: *all_grades, quality: 0.0 };
                push(programme, planned.year, place, kind, cost * f64::from(rooms) / all, events);
            }
        } else {
            at_schools(layout, programme, (planned, n), places, cost, events);
        }
    }
}

/// What happens at the first `n` schools of a planned event.
fn at_schools(
    layout: &Layout,
    programme: &Programme,
    (planned, n): (&PlannedEvent, usize),
    places: &[Place],
    cost: f64,
    events: &mut Vec<Dated>,
) {
    let mut places = places.iter();
    for (position, concerned) in planned.schools.iter().take(n).enumerate() {
        let Some(place) = places.next() else { return };
        let kind = match &planned.kind {
            PlannedKind::Extend { rooms } => EventKind::Extend(*rooms),
            PlannedKind::Upgrade { quality, boarding } => {
                EventKind::Upgrade { quality: *quality, boarding: *boarding }
            }
            PlannedKind::Reserve { share } => {
                EventKind::Reserve(reserved_rooms(concerned.rooms, *share))
            }
            PlannedKind::Relocate { area, rooms_added, reuse } => {
                let rooms_added = share_of(*rooms_added, planned.schools.len(), position);
                let kind = EventKind::Relocate { area: *area, rooms_added };
                push(programme, planned.year, place, kind, cost, events);
                if let Some(reuse) = reuse {
                    let Some(old) = places.next() else { return };
                    let rooms = reuse.rooms.min(layout.city.schools[concerned.row].rooms_total);
                    let kind = EventKind::Open { rooms, all_grades: false, quality: 0.0 };
                    push(programme, planned.year + reuse.years_later, old, kind, 0.0, events);
                }
                continue;
            }
            _ => continue,
        };
        push(programme, planned.year, place, kind, cost, events);
    }
}

/// The units of a programme: of the placed ones the delivered share, in their order.
fn units(
    scenario: &Scenario,
    programme: &Programme,
    slots: &ProgrammeSlots,
    events: &mut Vec<Dated>,
) {
    let Placement::Explicit(rows) = &programme.placement else { return };
    let types = &scenario.unit_types;
    let planned_cost = sum(rows.iter().map(|row| types[row.unit].cost_yuan));
    let scale = match programme.investment_yuan {
        Some(investment) if planned_cost > 0.0 => investment / planned_cost,
        _ => 1.0,
    };
    let n_built = (rows.len() as f64 * programme.delivered_share).round() as usize;
    for (row, places) in rows.iter().zip(&slots.units).take(n_built) {
        let unit: &UnitType = &types[row.unit];
        let cost = unit.cost_yuan * scale * programme.cost_ratio;
        let all: i32 = unit.rooms.iter().map(|(_, rooms)| rooms).sum();
        for (&(_, rooms), place) in unit.rooms.iter().zip(places) {
            let kind = if unit.is_extension {
                EventKind::Extend(rooms)
            } else {
                EventKind::Open { rooms, all_grades: false, quality: unit.quality }
            };
            let part = cost * f64::from(rooms) / f64::from(all.max(1));
            push(programme, row.year, place, kind, part, events);
        }
    }
}

/// Years of construction of an event, in each of which an even part is booked.
pub(super) fn booked_years(event: &Dated) -> std::ops::Range<Year> {
    event.begun..event.year.max(event.begun + 1)
}

/// Events by stage, as positions in the list.
pub(super) fn by_stage(events: &[Dated], lists: &mut [Vec<usize>; N_STAGES]) {
    for list in lists.iter_mut() {
        list.clear();
    }
    for (idx, event) in events.iter().enumerate() {
        lists[event.stage.idx()].push(idx);
    }
}
