//! The schools of the base year as planned events leave them one after another, and what speaks against one.

use crate::axes::Stage;
use crate::city::City;
use crate::units::Year;

use super::objection::{Objection, When};
use super::planned::{Concerned, PlannedEvent, PlannedKind, Receiver, share_of};

/// A school of the base year as the events leave it.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub rooms: i32,
    pub reserved: i32,
    pub area: usize,
    pub ended: Option<When>,
    pub took_rooms: Option<When>,
    /// The last merger that brought it another school's pupils.
    pub received: Option<When>,
    /// What gives rooms back that are out of use for a time: the latest.
    pub restored: Option<When>,
}

/// The schools of a city in the base year.
pub(super) fn of_base_year(city: &City) -> Vec<Standing> {
    let standing = |school: &crate::city::School| Standing {
        rooms: school.usable_rooms(),
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
pub(super) fn restore(event: &PlannedEvent, schools: &[Concerned], standing: &mut [Standing]) {
    let PlannedKind::Reserve { part, .. } = event.kind else { return };
    for then in schools {
        let (left, back) = (&mut standing[then.row], part.of(then.rooms));
        left.rooms += back;
        left.reserved -= back;
    }
}

/// Keeps when the rooms of a school that are out of use come back.
pub(super) fn note_restored(left: &mut Standing, now: When, year: Year) {
    if left.restored.is_none_or(|past| past.year < year) {
        left.restored = Some(When { year, ..now });
    }
}

/// Whether an event ends the school that it happens to.
fn ends(kind: &PlannedKind) -> bool {
    matches!(
        kind,
        PlannedKind::Close | PlannedKind::Merge { .. } | PlannedKind::Convert { rooms: None, .. }
    )
}

/// Rooms that an event takes from a school (of `n`, the one at `position`); `None` for all that it has, or none at all.
fn rooms_taken(kind: &PlannedKind, left: &Standing, (position, n): (usize, usize)) -> Option<i32> {
    match kind {
        PlannedKind::Convert { rooms, .. } => *rooms,
        PlannedKind::Reserve { part, .. } => Some(part.of(left.rooms)),
        PlannedKind::Extend { rooms } => Some(-rooms),
        PlannedKind::Relocate { rooms_added, .. } => Some(-share_of(*rooms_added, n, position)),
        PlannedKind::Open { .. }
        | PlannedKind::Close
        | PlannedKind::Merge { .. }
        | PlannedKind::Upgrade { .. } => None,
    }
}

/// Rooms that a school must keep: one that moves still is a school.
fn rooms_kept(kind: &PlannedKind) -> i32 {
    i32::from(matches!(kind, PlannedKind::Relocate { .. }))
}

/// Whether a rule of choice may pick a school: nothing speaks against the event there if it happens to that alone.
pub(super) fn can_happen(
    city: &City,
    kind: &PlannedKind,
    row: usize,
    year: Year,
    left: &Standing,
) -> bool {
    let takes = rooms_taken(kind, left, (0, 1));
    let receiver = match kind {
        PlannedKind::Merge { into: Receiver::Site(into) } => Some(*into),
        _ => None,
    };
    let is_away = left.restored.is_some_and(|past| past.year > year);
    left.ended.is_none()
        && !(is_away && ends(kind))
        && (receiver.is_none() || left.received.is_none_or(|past| past.year < year))
        && takes.is_none_or(|n| n <= 0 || n <= left.rooms - rooms_kept(kind))
        && receiver != Some(city.schools[row].site)
}

/// Keeps at the receiver of a merger that it takes a school in; what speaks against it.
fn merge(
    city: &City,
    (row, into): (usize, usize),
    now: When,
    standing: &mut [Standing],
) -> Result<(), Objection> {
    if city.schools[row].site == into {
        return Ok(());
    }
    if let Some(merger) = standing[row].received.filter(|past| past.year == now.year) {
        return Err(Objection::ReceivesThatDay { row, merger });
    }
    let Some(receiver) = row_of(city, into, city.schools[row].stage) else { return Ok(()) };
    if let Some(ended) = standing[receiver].ended {
        return Err(Objection::ReceiverEnded { row, receiver, ended });
    }
    standing[receiver].received = Some(now);
    Ok(())
}

/// Takes the rooms of an event from a school, or adds those that it gains.
fn take_rooms(
    kind: &PlannedKind,
    (row, position, n): (usize, usize, usize),
    now: When,
    left: &mut Standing,
) -> Result<(), Objection> {
    let Some(taken) = rooms_taken(kind, left, (position, n)) else { return Ok(()) };
    let kept = rooms_kept(kind);
    if taken > 0 && taken > left.rooms - kept {
        let (rooms, earlier) = (left.rooms, left.took_rooms);
        return Err(Objection::RoomsShort { row, taken, rooms, kept, earlier });
    }
    left.rooms -= taken;
    if taken > 0 {
        left.took_rooms = Some(now);
    }
    Ok(())
}

/// Lets an event happen to a school; what speaks against it.
pub(super) fn happen(
    city: &City,
    event: &PlannedEvent,
    (row, position, n): (usize, usize, usize),
    now: When,
    standing: &mut [Standing],
) -> Result<(), Objection> {
    if let Some(ended) = standing[row].ended {
        return Err(Objection::SchoolEnded { row, ended });
    }
    let back = standing[row].restored.filter(|past| past.year > now.year);
    if let (true, Some(back)) = (ends(&event.kind), back) {
        return Err(Objection::RoomsAway { row, back });
    }
    if let PlannedKind::Merge { into: Receiver::Site(into) } = event.kind {
        merge(city, (row, into), now, standing)?;
    }
    let left = &mut standing[row];
    let before = left.rooms;
    take_rooms(&event.kind, (row, position, n), now, left)?;
    match &event.kind {
        PlannedKind::Relocate { area, .. } => left.area = *area,
        PlannedKind::Reserve { part, .. } => left.reserved += part.of(before),
        PlannedKind::Close | PlannedKind::Merge { .. } => left.ended = Some(now),
        PlannedKind::Convert { rooms: None, to } => {
            left.ended = Some(now);
            let all = std::mem::take(&mut left.rooms);
            gains(city, city.schools[row].site, *to, all, standing);
        }
        PlannedKind::Convert { rooms: Some(n), to } => {
            gains(city, city.schools[row].site, *to, *n, standing);
        }
        PlannedKind::Open { .. } | PlannedKind::Extend { .. } | PlannedKind::Upgrade { .. } => {}
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
