//! What speaks against planned events, told with file, line and mend; with the date of both where two are at odds.

use crate::city::City;
use crate::event::timeline::{self, Timeline};
use crate::event::{Choice, ExtendsEnded, Objection, PlannedKind, Programme, Receiver, When};
use crate::units::Year;

use super::build::Reader;

/// How to mend an event that opens too late to be seen.
pub(super) const BEYOND_THE_HORIZON: &str =
    "the run does not see it: move the year, the delay, the lag, or the horizon of the city";

/// How to mend an event at a school that has ended.
const MOVE_ONE: &str = "move one of the two, or name another site";

const HAS_ENDED: &str = "the school has ended by then";

/// Finds the schools of every planned event, and notes what speaks against it.
pub(super) fn resolve(
    reader: &mut Reader,
    city: &City,
    programmes: &mut [Programme],
    choices: &[Vec<Choice>],
) {
    number_openings(reader, programmes);
    let Timeline { schools, objections, units } = timeline::follow(city, programmes, choices);
    for (now, objection) in objections {
        let path = path_of(programmes, now);
        let (message, help) = told(city, programmes, now, objection);
        let at = reader.checked.position(&path);
        if objection.refuses() {
            reader.load.problem(at, &path, message, help);
        } else {
            reader.load.warning(at, &path, message, help);
        }
    }
    for ExtendsEnded { programme, site, opens, ended } in units {
        let path = format!("programmes.{}.placement_table", programmes[programme].key);
        let what = format!("extend {}", city.sites[site].key);
        let message = cannot(programmes, &what, opens, HAS_ENDED, ended);
        reader.load.problem(reader.checked.value_position(&path), &path, message, MOVE_ONE);
    }
    for (programme, of_programme) in programmes.iter_mut().zip(schools) {
        for (event, schools) in programme.events.iter_mut().zip(of_programme) {
            event.schools = schools;
        }
    }
}

/// Mergers name what opens their site by its place in the file, where events stand that have a problem of their own and are not
/// among those of the programme.
fn number_openings(reader: &Reader, programmes: &mut [Programme]) {
    let read = |programme: &Programme| -> Vec<usize> {
        let names = reader.checked.names_of(&format!("programmes.{}.events", programme.key));
        let idx = |name: &String| programme.events.iter().position(|event| event.key == *name);
        names.iter().map(|name| idx(name).unwrap_or(usize::MAX)).collect()
    };
    let numbers: Vec<Vec<usize>> = programmes.iter().map(read).collect();
    for event in programmes.iter_mut().flat_map(|programme| &mut programme.events) {
        if let PlannedKind::Merge { into: Receiver::Opened(opening) } = &mut event.kind {
            opening.event = numbers[opening.programme][opening.event];
        }
    }
}

fn path_of(programmes: &[Programme], when: When) -> String {
    let programme = &programmes[when.programme];
    format!("programmes.{}.events.{}", programme.key, programme.events[when.event].key)
}

/// An event with its date and its place in the files.
fn dated(programmes: &[Programme], when: When) -> String {
    let origin = &programmes[when.programme].events[when.event].origin;
    format!("{} on 1 September {} ({origin})", path_of(programmes, when), when.year)
}

/// What cannot be done in a year, since another event speaks against it.
fn cannot(programmes: &[Programme], what: &str, year: Year, why: &str, other: When) -> String {
    format!("cannot {what} on 1 September {year}: {why}, with {}", dated(programmes, other))
}

/// An objection to an event, and how to mend it.
fn told(
    city: &City,
    programmes: &[Programme],
    now: When,
    objection: Objection,
) -> (String, String) {
    let year = now.year;
    let name = |row: usize| &city.sites[city.schools[row].site].key;
    let cannot = |what: &str, why: &str, other| cannot(programmes, what, year, why, other);
    let (message, help) = match objection {
        Objection::BeyondHorizon => {
            let kind = &programmes[now.programme].events[now.event].kind;
            let what = if kind.is_built() { "opens" } else { "takes effect" };
            let horizon = city.horizon;
            (
                format!("{what} on 1 September {year}, after the horizon {horizon}"),
                BEYOND_THE_HORIZON,
            )
        }
        Objection::FoundNone { there } => (
            format!(
                "expected a school to pick on 1 September {year}, found none of {there} to which it can happen"
            ),
            "they have ended by then, have too few rooms or some out of use, or are the one that receives",
        ),
        Objection::FoundFewer { expected, found } => (
            format!("expected {expected} schools to pick, found {found}"),
            "it happens to those that were found",
        ),
        Objection::MergesTooEarly { opening } => {
            let (of, opens) = (&programmes[opening.programme], opening.year);
            let what = format!("merge into {}-{}", of.key, of.events[opening.event].key);
            let help = format!("merge in {opens} or later, or begin to build earlier");
            return (cannot(&what, "that site opens later", opening), help);
        }
        Objection::SchoolEnded { row, ended } => {
            (cannot(&format!("happen to {}", name(row)), HAS_ENDED, ended), MOVE_ONE)
        }
        Objection::RoomsAway { row, back } => {
            let why = "rooms that are out of use come back later";
            (cannot(&format!("end {}", name(row)), why, back), MOVE_ONE)
        }
        Objection::ReceivesThatDay { row, merger } => {
            let what = format!("merge {} into another", name(row));
            let help = "merge both into the last of them, or move one";
            (cannot(&what, "on that day it takes a school in", merger), help)
        }
        Objection::ReceiverEnded { row, receiver, ended } => {
            let what = format!("merge {} into {}", name(row), name(receiver));
            (cannot(&what, "that school has ended by then", ended), MOVE_ONE)
        }
        Objection::RoomsShort { row, taken, rooms, kept, earlier } => {
            return rooms_short(programmes, (name(row), year), (taken, rooms, kept), earlier);
        }
    };
    (message, help.to_string())
}

/// An event takes more rooms than a school has, of which it must keep some.
fn rooms_short(
    programmes: &[Programme],
    (site, year): (&str, Year),
    (taken, rooms, kept): (i32, i32, i32),
    earlier: Option<When>,
) -> (String, String) {
    let others = earlier.map(|other| format!("; others went with {}", dated(programmes, other)));
    let message = format!(
        "takes {taken} rooms of {site} on 1 September {year}, which has {rooms} then{}",
        others.unwrap_or_default()
    );
    let help = match kept {
        0 => "take fewer rooms, or name another site",
        _ => "a school that moves keeps a room at least: take fewer, or close it",
    };
    (message, help.to_string())
}
