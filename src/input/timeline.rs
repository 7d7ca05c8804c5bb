//! The planned events of all programmes in the order of their dates: which schools each finds, and whether it can happen.
//!
//! An event that names a site that has closed by then, or that takes more rooms than are left, is refused with the date of
//! both and the place of both in the files. A rule of choice passes over schools to which the event cannot happen.

use crate::axes::Stage;
use crate::city::{City, School};
use crate::event::{Concerned, Placement, PlannedEvent, PlannedKind, Programme};
use crate::numeric::sum;
use crate::units::Year;

use super::build::Reader;

/// How to mend an event that opens too late to be seen.
pub(super) const BEYOND_THE_HORIZON: &str =
    "the run does not see it: move the year, the delay, the lag, or the horizon of the city";
/// How to mend an event at a school that has ended.
const MOVE_ONE: &str = "move one of the two, or name another site";

/// How a planned event finds the schools that it changes.
#[derive(Debug, Clone)]
pub(super) enum Choice {
    /// It opens a site of its own.
    NewSite,
    /// A named site.
    Site(usize),
    /// The first `count` schools of a stage in these areas by a rule.
    Pick {
        /// Rule of choice.
        rule: PickRule,
        /// How many, unless every school is concerned.
        count: usize,
        /// Areas to choose from.
        areas: Vec<usize>,
    },
}

/// A rule of choice among schools of the base year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PickRule {
    /// Most pupils.
    Largest,
    /// Fewest pupils.
    Smallest,
    /// Most pupils per room.
    Fullest,
    /// Fewest pupils per room.
    Emptiest,
    /// Lowest quality.
    Weakest,
    /// Every school.
    All,
}

/// An event that has happened to a school: when, and its path.
#[derive(Debug, Clone)]
struct Past {
    year: Year,
    path: String,
    origin: String,
}

impl Past {
    fn told(&self) -> String {
        format!("{} on 1 September {} ({})", self.path, self.year, self.origin)
    }
}

/// A school of the base year as the events leave it.
#[derive(Debug, Clone)]
struct Standing {
    rooms: i32,
    reserved: i32,
    area: usize,
    ended: Option<Past>,
    took_rooms: Option<Past>,
    /// The last merger that brought it another school's pupils.
    received: Option<Past>,
    /// What gives rooms back that are out of use for a time: the latest.
    restored: Option<Past>,
}

/// What happens in the order of dates: its year, its rank in the year, the programme, its event, and whether that ends then (rooms
/// that were out of use come back before anything else of the year).
type Dated = (Year, Option<u8>, usize, usize);

/// Finds the schools of every planned event, in the order of dates, and notes what cannot happen.
pub(super) fn resolve(
    reader: &mut Reader,
    city: &City,
    programmes: &mut [Programme],
    choices: &[Vec<Choice>],
) {
    let mut order: Vec<Dated> = Vec::new();
    for (p, programme) in programmes.iter().enumerate() {
        for (e, event) in programme.events.iter().enumerate() {
            let lag = if event.kind.is_built() { programme.lag_years } else { 0 };
            let year = event.year + programme.delay_years + lag;
            order.push((year, Some(event.kind.rank()), p, e));
            if let PlannedKind::Reserve { until: Some(until), .. } = event.kind {
                order.push((until + programme.delay_years, None, p, e));
            }
        }
    }
    order.sort_unstable();
    let mut standing: Vec<Standing> = city
        .schools
        .iter()
        .map(|school| Standing {
            rooms: school.rooms_total - school.rooms_reserved,
            reserved: school.rooms_reserved,
            area: city.sites[school.site].area,
            ended: None,
            took_rooms: None,
            received: None,
            restored: None,
        })
        .collect();
    for (year, rank, p, e) in order {
        if rank.is_none() {
            restore(&programmes[p].events[e], &mut standing);
            continue;
        }
        let path =
            format!("programmes.{}.events.{}", programmes[p].key, programmes[p].events[e].key);
        let event = &programmes[p].events[e];
        let now = Past { year, path, origin: event.origin.clone() };
        let choice = choices.get(p).and_then(|of_programme| of_programme.get(e));
        let rows = found(city, event, choice.unwrap_or(&Choice::NewSite), (&standing, year));
        check_horizon(reader, city, event, &now);
        if let Some(choice) = choice {
            check_found(reader, city, event, &now, (choice, rows.len()));
        }
        let n = rows.len();
        let mut schools = Vec::with_capacity(n);
        for (position, &row) in rows.iter().enumerate() {
            let Standing { rooms, reserved, area, .. } = standing[row];
            schools.push(Concerned { row, rooms, reserved, area });
            let refused = happen(city, event, (row, position, n), &now, &mut standing);
            if let PlannedKind::Reserve { until: Some(until), .. } = event.kind {
                note_restored(&mut standing[row], &now, until + programmes[p].delay_years);
            }
            if let Err((message, help)) = refused {
                let at = reader.checked.position(&now.path);
                reader.load.problem(at, &now.path, message, help);
                break;
            }
        }
        programmes[p].events[e].schools = schools;
    }
    for programme in programmes.iter() {
        check_placed(reader, city, programme, &standing);
    }
}

/// Rooms that were out of use for a time are back.
fn restore(event: &PlannedEvent, standing: &mut [Standing]) {
    let PlannedKind::Reserve { part, .. } = event.kind else { return };
    for then in &event.schools {
        let (left, back) = (&mut standing[then.row], part.of(then.rooms));
        left.rooms += back;
        left.reserved -= back;
    }
}

/// Notes when the rooms of a school that are out of use come back.
fn note_restored(left: &mut Standing, now: &Past, year: Year) {
    if left.restored.as_ref().is_none_or(|past| past.year < year) {
        left.restored = Some(Past { year, ..now.clone() });
    }
}

/// Whether an event ends the school that it happens to.
fn ends(kind: &PlannedKind) -> bool {
    matches!(
        kind,
        PlannedKind::Close | PlannedKind::Merge { .. } | PlannedKind::Convert { rooms: None, .. }
    )
}

/// Notes an event that only delay or lag moves beyond the horizon.
fn check_horizon(reader: &mut Reader, city: &City, event: &PlannedEvent, now: &Past) {
    if now.year > city.horizon {
        let what = if event.kind.is_built() { "opens" } else { "takes effect" };
        let message =
            format!("{what} on 1 September {}, after the horizon {}", now.year, city.horizon);
        let at = reader.checked.position(&now.path);
        reader.load.warning(at, &now.path, message, BEYOND_THE_HORIZON);
    }
}

/// Notes a rule of choice that finds fewer schools than it should.
fn check_found(
    reader: &mut Reader,
    city: &City,
    event: &PlannedEvent,
    now: &Past,
    (choice, found): (&Choice, usize),
) {
    let Choice::Pick { rule, count, areas } = choice else { return };
    let there = city.schools.iter().filter(|school| fits(city, event, areas, school)).count();
    let at = reader.checked.position(&now.path);
    if found == 0 && there > 0 {
        let message = format!(
            "expected a school to pick on 1 September {}, found none of {there} to which it can happen",
            now.year
        );
        let help = "they have ended by then, have too few rooms or some out of use, or are the one that receives";
        reader.load.problem(at, &now.path, message, help);
    } else if found < *count && there > 0 && *rule != PickRule::All {
        let message = format!("expected {count} schools to pick, found {found}");
        let help = "it happens to those that were found";
        reader.load.warning(at, &now.path, message, help);
    }
}

/// Schools that events concern: new sites, named sites once each, and as many as are to be picked.
pub(super) fn n_schools(events: &[PlannedEvent], choices: &[Choice]) -> usize {
    let mut named: Vec<usize> = Vec::new();
    let mut others = 0;
    for (event, choice) in events.iter().zip(choices) {
        match choice {
            Choice::NewSite => others += 1,
            Choice::Site(site) if named.contains(site) => {}
            Choice::Site(site) => named.push(*site),
            Choice::Pick { rule: PickRule::All, .. } => others += event.schools.len(),
            Choice::Pick { count, .. } => others += count,
        }
    }
    named.len() + others
}

/// Notes explicit extensions of schools that have ended when they open.
fn check_placed(reader: &mut Reader, city: &City, programme: &Programme, standing: &[Standing]) {
    let Placement::Explicit(units) = &programme.placement else { return };
    let path = format!("programmes.{}.placement_table", programme.key);
    for unit in units {
        let opens = unit.year + programme.delay_years + programme.lag_years;
        let rows = city.schools.iter().enumerate();
        let ended = rows
            .filter(|(_, school)| Some(school.site) == unit.site)
            .find_map(|(row, _)| standing[row].ended.as_ref().filter(|end| end.year <= opens));
        if let (Some(end), Some(site)) = (ended, unit.site) {
            let message = format!(
                "cannot extend {} on 1 September {opens}: the school has ended by then, with {}",
                city.sites[site].key,
                end.told()
            );
            let at = reader.checked.value_position(&path);
            reader.load.problem(at, &path, message, MOVE_ONE);
        }
    }
}

/// The schools of an event, in the order of its rule.
fn found(
    city: &City,
    event: &PlannedEvent,
    choice: &Choice,
    (standing, year): (&[Standing], Year),
) -> Vec<usize> {
    let all = 0..city.schools.len();
    match choice {
        Choice::NewSite => Vec::new(),
        Choice::Site(site) => {
            let is_there = |row: &usize| {
                let school = &city.schools[*row];
                school.site == *site && event.stage.is_none_or(|stage| school.stage == stage)
            };
            all.filter(is_there).collect()
        }
        Choice::Pick { rule, count, areas } => {
            let can_happen = |row: usize| {
                let left = &standing[row];
                let takes = rooms_taken(&event.kind, left, (0, 1));
                let receiver = match event.kind {
                    PlannedKind::Merge { into } => Some(into),
                    _ => None,
                };
                let is_away = left.restored.as_ref().is_some_and(|past| past.year > year);
                left.ended.is_none()
                    && !(is_away && ends(&event.kind))
                    && (receiver.is_none()
                        || left.received.as_ref().is_none_or(|past| past.year < year))
                    && takes.is_none_or(|n| n <= 0 || n <= left.rooms - rooms_kept(&event.kind))
                    && receiver != Some(city.schools[row].site)
            };
            let mut rows: Vec<usize> = all
                .filter(|&row| fits(city, event, areas, &city.schools[row]) && can_happen(row))
                .collect();
            let key = |row: usize| {
                let school = &city.schools[row];
                let pupils = sum(school.pupils);
                let fullness = pupils / f64::from(standing[row].rooms.max(1));
                match rule {
                    PickRule::Largest => -pupils,
                    PickRule::Smallest => pupils,
                    PickRule::Fullest => -fullness,
                    PickRule::Emptiest => fullness,
                    PickRule::Weakest => school.quality,
                    PickRule::All => 0.0,
                }
            };
            rows.sort_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
            if *rule != PickRule::All {
                rows.truncate(*count);
            }
            rows
        }
    }
}

/// Whether a school has the stage of an event and stands in one of these areas.
fn fits(city: &City, event: &PlannedEvent, areas: &[usize], school: &School) -> bool {
    event.stage.is_none_or(|stage| school.stage == stage)
        && areas.contains(&city.sites[school.site].area)
}

/// Rooms that an event takes from a school (of `n`, the one at `position`); `None` for all that it has, or none at all.
fn rooms_taken(kind: &PlannedKind, left: &Standing, (position, n): (usize, usize)) -> Option<i32> {
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
fn rooms_kept(kind: &PlannedKind) -> i32 {
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

/// Lets an event happen to a school; why it cannot, and how to mend it.
fn happen(
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
    let later = standing[row].restored.as_ref().filter(|past| past.year > now.year);
    if let (true, Some(back)) = (ends(&event.kind), later) {
        let message = format!(
            "cannot end {site} on 1 September {}: rooms that are out of use come back later, with {}",
            now.year,
            back.told()
        );
        return Err((message, MOVE_ONE.to_string()));
    }
    if let PlannedKind::Merge { into } = event.kind {
        merge(city, (row, into), now, standing)?;
    }
    let left = &mut standing[row];
    let before = left.rooms;
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
