//! The planned events of all programmes in the order of their dates: which schools each finds, and whether it can happen.
//!
//! An event that names a site that has closed by then, or that takes more rooms than are left, is refused with the date of
//! both and the place of both in the files. A rule of choice passes over schools to which the event cannot happen.

use crate::city::{City, School};
use crate::event::{Concerned, Opening, Placement, PlannedEvent, PlannedKind, Programme, Receiver};
use crate::numeric::sum;
use crate::units::Year;

use super::build::Reader;
use super::standing::{
    self, MOVE_ONE, Past, Standing, ends, happen, note_restored, restore, rooms_kept, rooms_taken,
};

/// How to mend an event that opens too late to be seen.
pub(super) const BEYOND_THE_HORIZON: &str =
    "the run does not see it: move the year, the delay, the lag, or the horizon of the city";

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
    let mut standing = standing::of_base_year(city);
    for (year, rank, p, e) in in_order(programmes) {
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
        if let Some((message, help)) = merges_too_early(reader, programmes, event, year) {
            let at = reader.checked.position(&now.path);
            reader.load.problem(at, &now.path, message, help);
        }
        let event = &programmes[p].events[e];
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

/// All planned events, and the ends of those that end, in the order of dates.
fn in_order(programmes: &[Programme]) -> Vec<Dated> {
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
    order
}

/// Why a merger cannot happen that names a site which opens only after it.
fn merges_too_early(
    reader: &Reader,
    programmes: &[Programme],
    event: &PlannedEvent,
    year: Year,
) -> Option<(String, String)> {
    let PlannedKind::Merge { into: Receiver::Opened(Opening { programme, event }) } = event.kind
    else {
        return None;
    };
    let programme = programmes.get(programme)?;
    // Events of the file that have a problem of their own are not among those of the programme.
    let names = reader.checked.names_of(&format!("programmes.{}.events", programme.key));
    let opening = programme.events.iter().find(|other| names.get(event) == Some(&other.key))?;
    let opens = opening.year + programme.delay_years + programme.lag_years;
    (opens > year).then(|| {
        let path = format!("programmes.{}.events.{}", programme.key, opening.key);
        let message = format!(
            "cannot merge into {}-{} on 1 September {year}: that site opens later, with {path} on 1 September {opens} ({})",
            programme.key, opening.key, opening.origin
        );
        let help = format!("merge in {opens} or later, or begin to build earlier");
        (message, help)
    })
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
                    PlannedKind::Merge { into: Receiver::Site(into) } => Some(into),
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
