//! The schools of the base year as planned events leave them one after another, and why one cannot happen to them.

use crate::axes::Stage;
use crate::city::City;
use crate::event::{PlannedEvent, PlannedKind, Receiver};
use crate::units::Year;

/// How to mend an event at a school that has ended.
pub(super) const MOVE_ONE: &str = "move one of the two, or name another site";

/// An event that has happened to a school: when, and its path.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub year: Year,
    pub path: String,
    pub origin: String,
}

impl Past {
    pub fn told(&self) -> String {
        format!("{} on 1 September {} ({})", self.path, self.year, self.origin)
    }
}

/// A school of the base year as the events leave it.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub rooms: i32,
    pub reserved: i32,
    pub area: usize,
    pub ended: Option<Past>,
    pub took_rooms: Option<Past>,
    /// The last merger that brought it another school's pupils.
    pub received: Option<Past>,
    /// What gives rooms back that are out of use for a time: the latest.
    pub restored: Option<Past>,
}

/// The schools of a city in the base year.
pub(super) fn of_base_year(city: &City) -> Vec<Standing> {
    let standing = |school: &crate::city::School| Standing {
        rooms: school.rooms_total - school.rooms_reserved,
        reserved: school.rooms_reserved,
        area: city.sites[school.site].area,
        ended: None,
        took_rooms: None,
        received: None,
        restored: None,
    };
    city.schools.iter().map(standing).collect()
}

/// Rooms that were out of use for a time are back.
pub(super) fn restore(event: &PlannedEvent, standing: &mut [Standing]) {
    let PlannedKind::Reserve { part, .. } = event.kind else { return };
    for then in &event.schools {
        let (left, back) = (&mut standing[then.row], part.of(then.rooms));
        left.rooms += back;
        left.reserved -= back;
    }
}

/// Notes when the rooms of a school that are out of use come back.
pub(super) fn note_restored(left: &mut Standing, now: &Past, year: Year) {
    if left.restored.as_ref().is_none_or(|past| past.year < year) {
        left.restored = Some(Past { year, ..now.clone() });
    }
}

/// Whether an event ends the school that it happens to.
pub(super) fn ends(kind: &PlannedKind) -> bool {
    matches!(
        kind,
        PlannedKind::Close | PlannedKind::Merge { .. } | PlannedKind::Convert { rooms: None, .. }
    )
}

/// Rooms that an event takes from a school (of `n`, the one at `position`); `None` for all that it has, or none at all.
pub(super) fn rooms_taken(
    kind: &PlannedKind,
    left: &Standing,
    (position, n): (usize, usize),
) -> Option<i32> {
    match kind {
        PlannedKind::Convert { rooms, .. } => *rooms,
        PlannedKind::Reserve { part, .. } => Some(part.of(left.rooms)),
        PlannedKind::Extend { rooms } => Some(-rooms),
        PlannedKind::Relocate { rooms_added, .. } => {
            Some(-crate::event::share_of(*rooms_added, n, position))
        }
        _ => None,
    }
}

/// Rooms that a school must keep: one that moves still is a school.
pub(super) fn rooms_kept(kind: &PlannedKind) -> i32 {
    i32::from(matches!(kind, PlannedKind::Relocate { .. }))
}

/// Notes at the receiver of a merger that it takes a school in; why it cannot. A school that takes another in does not end
/// on the same day: of the two mergers one would have to come first.
fn merge(
    city: &City,
    (row, into): (usize, usize),
    now: &Past,
    standing: &mut [Standing],
) -> Result<(), (String, String)> {
    let site = |row: usize| &city.sites[city.schools[row].site].key;
    let name = site(row);
    if city.schools[row].site == into {
        return Ok(());
    }
    if let Some(past) = standing[row].received.as_ref().filter(|past| past.year == now.year) {
        let message = format!(
            "cannot merge {name} into another on 1 September {}: on that day it takes a school in, with {}",
            now.year,
            past.told()
        );
        return Err((message, "merge both into the last of them, or move one".to_string()));
    }
    let Some(receiver) = row_of(city, into, city.schools[row].stage) else { return Ok(()) };
    if let Some(end) = &standing[receiver].ended {
        let message = format!(
            "cannot merge {name} into {} on 1 September {}: that school has ended by then, with {}",
            site(receiver),
            now.year,
            end.told()
        );
        return Err((message, MOVE_ONE.to_string()));
    }
    standing[receiver].received = Some(now.clone());
    Ok(())
}

/// A school does not end while rooms of it are out of use that come back later.
fn keeps_what_is_away(
    site: &str,
    event: &PlannedEvent,
    now: &Past,
    left: &Standing,
) -> Result<(), (String, String)> {
    let later = left.restored.as_ref().filter(|past| past.year > now.year);
    if let (true, Some(back)) = (ends(&event.kind), later) {
        let message = format!(
            "cannot end {site} on 1 September {}: rooms that are out of use come back later, with {}",
            now.year,
            back.told()
        );
        return Err((message, MOVE_ONE.to_string()));
    }
    Ok(())
}

/// Takes the rooms of an event from a school, or adds those that it gains.
fn take_rooms(
    site: &str,
    event: &PlannedEvent,
    (position, n): (usize, usize),
    now: &Past,
    left: &mut Standing,
) -> Result<(), (String, String)> {
    if let Some(taken) = rooms_taken(&event.kind, left, (position, n)) {
        let keeps = rooms_kept(&event.kind);
        if taken > 0 && taken > left.rooms - keeps {
            let earlier = left
                .took_rooms
                .as_ref()
                .map_or(String::new(), |past| format!("; others went with {}", past.told()));
            let message = format!(
                "takes {taken} rooms of {site} on 1 September {}, which has {} then{earlier}",
                now.year, left.rooms
            );
            let help = match keeps {
                0 => "take fewer rooms, or name another site",
                _ => "a school that moves keeps a room at least: take fewer, or close it",
            };
            return Err((message, help.to_string()));
        }
        left.rooms -= taken;
        if taken > 0 {
            left.took_rooms = Some(now.clone());
        }
    }
    Ok(())
}

/// Lets an event happen to a school; why it cannot, and how to mend it.
pub(super) fn happen(
    city: &City,
    event: &PlannedEvent,
    (row, position, n): (usize, usize, usize),
    now: &Past,
    standing: &mut [Standing],
) -> Result<(), (String, String)> {
    let site = &city.sites[city.schools[row].site].key;
    if let Some(end) = &standing[row].ended {
        let message = format!(
            "cannot happen to {site} on 1 September {}: the school has ended by then, with {}",
            now.year,
            end.told()
        );
        return Err((message, MOVE_ONE.to_string()));
    }
    keeps_what_is_away(site, event, now, &standing[row])?;
    if let PlannedKind::Merge { into: Receiver::Site(into) } = event.kind {
        merge(city, (row, into), now, standing)?;
    }
    let left = &mut standing[row];
    let before = left.rooms;
    take_rooms(site, event, (position, n), now, left)?;
    match &event.kind {
        PlannedKind::Relocate { area, .. } => left.area = *area,
        PlannedKind::Reserve { part, .. } => left.reserved += part.of(before),
        PlannedKind::Close | PlannedKind::Merge { .. } => left.ended = Some(now.clone()),
        PlannedKind::Convert { rooms: None, to } => {
            left.ended = Some(now.clone());
            let all = std::mem::take(&mut left.rooms);
            gains(city, city.schools[row].site, *to, all, standing);
        }
        PlannedKind::Convert { rooms: Some(n), to } => {
            gains(city, city.schools[row].site, *to, *n, standing);
        }
        _ => {}
    }
    Ok(())
}

/// A school of the base year at the same site gains converted rooms.
fn gains(city: &City, site: usize, stage: Stage, rooms: i32, standing: &mut [Standing]) {
    if let Some(row) = row_of(city, site, stage) {
        standing[row].rooms += rooms;
    }
}

fn row_of(city: &City, site: usize, stage: Stage) -> Option<usize> {
    city.schools.iter().position(|school| school.site == site && school.stage == stage)
}
