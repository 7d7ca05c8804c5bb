//! Unit types and programmes of a checked tree.

use crate::axes::Stage;
use crate::city::{City, Name};
use crate::event::{Choice, Placement, PlannedKind, Programme, UnitType, timeline};
use crate::numeric::sum;
use crate::units::Year;

use super::build::Reader;
use super::figures::Part;
use super::objections::{self, BEYOND_THE_HORIZON};
use super::places;
use super::problem::suggest;

/// Kinds of buildings; a seat's cost is that of a room times the standard of the base year.
pub(super) fn unit_types(reader: &mut Reader, city: &City) -> Vec<UnitType> {
    let names = reader.checked.names_of("unit_types").into_iter().enumerate();
    let unit_type = |(idx, key): (usize, String)| {
        reader.part(Part::UnitType(idx), |reader| unit_type(reader, city, key))
    };
    names.map(unit_type).collect()
}

fn unit_type(reader: &mut Reader, city: &City, key: String) -> UnitType {
    let prefix = format!("unit_types.{key}");
    let rooms: Vec<(Stage, i32)> = reader
        .checked
        .stages
        .iter()
        .filter_map(|stage| {
            let rooms = reader.optional_scalar(&format!("{prefix}.rooms.{}", stage.key()))?;
            Some((stage, rooms as i32))
        })
        .collect();
    if rooms.is_empty() && reader.checked.names_of(&format!("{prefix}.rooms")).is_empty() {
        let position = reader.checked.position(&prefix);
        reader.load.problem(
            position,
            &format!("{prefix}.rooms"),
            "expected rooms of at least one stage, found none",
            format!(
                "write rooms.{} = {{ value = 24, unit = \"rooms\", source = \"…\" }}",
                reader.checked.stages.example().key()
            ),
        );
    }
    let standard = |stage: Stage| reader.room_standard(stage, city.base_year);
    let seats = sum(rooms.iter().map(|&(stage, n)| f64::from(n) * standard(stage)));
    UnitType {
        cost_yuan: seats * reader.scalar(&format!("{prefix}.cost_per_seat")),
        quality: reader.optional_scalar(&format!("{prefix}.quality")).unwrap_or(0.0),
        is_extension: reader.checked.text(&format!("{prefix}.kind")) == Some("extension"),
        opens_all_grades: reader.checked.flag(&format!("{prefix}.all_grades")),
        boarding_places: reader.scalar(&format!("{prefix}.boarding")) as i32,
        rooms,
        key,
    }
}

/// All programmes in file order.
pub(super) fn read(reader: &mut Reader, city: &City, types: &[UnitType]) -> Vec<Programme> {
    let names = reader.checked.names_of("programmes");
    let (mut programmes, choices): (Vec<Programme>, Vec<Vec<Choice>>) =
        names.iter().enumerate().map(|named| programme(reader, city, types, named)).unzip();
    objections::resolve(reader, city, &mut programmes, &choices);
    for (programme, choices) in programmes.iter().zip(&choices) {
        check_count(reader, programme, choices);
        check_seats(reader, city, types, programme);
        check_horizon(reader, city, programme);
    }
    programmes
}

fn programme(
    reader: &mut Reader,
    city: &City,
    types: &[UnitType],
    (idx, key): (usize, &String),
) -> (Programme, Vec<Choice>) {
    let own = Part::Programme(idx);
    let prefix = format!("programmes.{key}");
    let at = |what: &str| format!("{prefix}.{what}");
    let checked = reader.checked;
    let years = checked
        .span(&at("years"))
        .unwrap_or((i64::from(city.base_year), i64::from(city.base_year)));
    let years = (years.0 as Year, years.1 as Year);
    if checked.span(&at("years")).is_some() {
        check_year(reader, city, &at("years"), years.0);
        check_year(reader, city, &at("years"), years.1);
    }
    let areas = places::some_areas_of(reader.load, checked, &reader.places, &prefix, "");
    let mix = reader.part(own, |reader| mix(reader, types, &prefix));
    let profile = reader.part(own, |reader| profile(reader, &at("profile"), years));
    check_count_has_units(reader, &prefix);
    let placement = placement(reader, city, types, (&prefix, years), (&mix, &areas));
    let (events, choices) =
        reader.part(Part::Timeline, |reader| super::planned::events(reader, city, &prefix));
    let (delay, lag) = reader.part(Part::Timeline, |reader| {
        (reader.scalar(&at("delay")), reader.optional_scalar(&at("lag")).unwrap_or(1.0))
    });
    let title = checked.text(&at("title")).unwrap_or(key).to_string();
    let title_en = checked.text(&at("title_en")).unwrap_or(&title).to_string();
    let programme = reader.part(own, |reader| Programme {
        key: key.to_string(),
        title: Name { zh: title, en: title_en },
        mix,
        years,
        profile,
        investment_yuan: reader.optional_scalar(&at("investment")),
        placement,
        areas,
        skips_ample: checked.flag(&at("skip")),
        delay_years: delay as i32,
        lag_years: lag as i32,
        delivered_share: reader.scalar(&at("delivered")),
        cost_ratio: 1.0 + reader.scalar(&at("cost_overrun")),
        events,
    });
    (programme, choices)
}

/// The share of the units begun in each year, which is one of the programme's years and adds up to all.
fn profile(reader: &mut Reader, path: &str, years: (Year, Year)) -> Vec<f64> {
    let shares = reader.list(path);
    let n_years = (years.1 - years.0 + 1) as usize;
    let total = sum(shares.iter().copied());
    let position = reader.checked.position(path);
    if !shares.is_empty() && shares.len() != n_years {
        let message =
            format!("expected {n_years} shares, one for each year, found {}", shares.len());
        let help = format!("the years are {} to {}", years.0, years.1);
        reader.load.problem(position, path, message, help);
    } else if !shares.is_empty() && (total - 1.0).abs() > 1e-6 {
        let total = (total * 1e6).round() / 1e4;
        let message = format!("expected shares that add up to 100 %, found {total} %");
        let help = "every unit is begun in one of the years";
        reader.load.problem(position, path, message, help);
    }
    shares
}

/// Whether a year is one of the run; else that is noted.
pub(super) fn check_year(reader: &mut Reader, city: &City, path: &str, year: Year) -> bool {
    let is_inside = (city.base_year..=city.horizon).contains(&year);
    if !is_inside {
        let message = format!(
            "expected a year of the run, {} to {}, found {year}",
            city.base_year, city.horizon
        );
        let position = reader.checked.position(path);
        reader.load.problem(
            position,
            path,
            message,
            "move the year, or the base year or horizon of the city",
        );
    }
    is_inside
}

/// Notes units that only delay or lag moves beyond the horizon.
fn check_horizon(reader: &mut Reader, city: &City, programme: &Programme) {
    let begun = match &programme.placement {
        Placement::Explicit(rows) => rows.iter().map(|row| row.year).max(),
        _ if programme.years.1 > city.horizon => None,
        _ if programme.mix.iter().any(|(_, n)| *n > 0) => {
            let last = programme.profile.iter().rposition(|share| *share > 0.0);
            Some(last.map_or(programme.years.1, |idx| programme.years.0 + idx as Year))
        }
        _ => None,
    };
    let path = format!("programmes.{}.years", programme.key);
    let later = programme.delay_years + programme.lag_years;
    if let Some(opens) = begun.map(|year| year + later).filter(|year| *year > city.horizon) {
        let message = format!(
            "the last units open on 1 September {opens}, {later} years after their beginning and after the horizon {}",
            city.horizon
        );
        reader.load.warning(reader.checked.position(&path), &path, message, BEYOND_THE_HORIZON);
    }
}

fn mix(reader: &mut Reader, types: &[UnitType], prefix: &str) -> Vec<(usize, i32)> {
    let mut mix = Vec::new();
    for name in reader.checked.names_of(&format!("{prefix}.mix")) {
        let path = format!("{prefix}.mix.{name}");
        match types.iter().position(|unit| unit.key == name) {
            Some(unit) => mix.push((unit, reader.scalar(&path) as i32)),
            None => {
                let position = reader.checked.position(&path);
                let help = suggest(&name, types.iter().map(|unit| unit.key.as_str()));
                reader.load.problem(position, &path, "no such unit type", help);
            }
        }
    }
    mix
}

/// A published count needs units to build.
fn check_count_has_units(reader: &mut Reader, prefix: &str) {
    let path = format!("{prefix}.count");
    let Some(count) = reader.optional_scalar(&path) else { return };
    let named = reader.checked.names_of(&format!("{prefix}.mix"));
    let n_events = reader.checked.names_of(&format!("{prefix}.events")).len();
    if named.is_empty() && n_events == 0 && count > 0.0 {
        let message = format!("{count} schools have no mix of unit types to build");
        let help = format!("add [{prefix}.mix], or remove the count");
        reader.load.problem(reader.checked.position(&path), &path, message, help);
    }
}

/// A published count must be that of the mix, or of the schools that the single events concern, or of both.
fn check_count(reader: &mut Reader, programme: &Programme, choices: &[Choice]) {
    let prefix = format!("programmes.{}", programme.key);
    let Some(count) = reader.optional_scalar(&format!("{prefix}.count")) else { return };
    let n_read = |group: &str| reader.checked.names_of(&format!("{prefix}.{group}")).len();
    if n_read("mix") != programme.mix.len() || n_read("events") != choices.len() {
        return;
    }
    let units = sum(programme.mix.iter().map(|(_, n)| f64::from(*n)));
    let schools = timeline::n_schools(&programme.events, choices) as f64;
    let (is_met, place, found) = match (programme.mix.is_empty(), choices.is_empty()) {
        (true, true) => return,
        (false, true) => (count == units, "mix", format!("{units} in the mix")),
        (true, false) => (count == schools, "events", format!("{schools} in the events")),
        (false, false) => (
            count == units || count == units + schools,
            "mix",
            format!("{units} in the mix and {schools} in the events"),
        ),
    };
    if !is_met {
        let path = format!("{prefix}.{place}");
        let message = format!("expected {count} units as published, found {found}");
        let help = format!("change the {place} or the count");
        reader.load.problem(reader.checked.position(&path), &path, message, help);
    }
}

/// Published seats must be those of the units and single events: rooms times the standard of the base year.
fn check_seats(reader: &mut Reader, city: &City, types: &[UnitType], programme: &Programme) {
    let path = format!("programmes.{}.seats", programme.key);
    let Some(published) = reader.optional_scalar(&path) else { return };
    let standard = |stage: Stage| reader.room_standard(stage, city.base_year);
    let of_units = programme.mix.iter().flat_map(|&(unit, n)| {
        types[unit].rooms.iter().map(move |&(stage, rooms)| (stage, f64::from(rooms * n)))
    });
    let of_events = programme.events.iter().flat_map(|event| match (&event.kind, event.stage) {
        (PlannedKind::Open { rooms, .. }, _) => {
            rooms.iter().map(|&(stage, n)| (stage, f64::from(n))).collect()
        }
        (PlannedKind::Extend { rooms }, Some(stage)) => {
            vec![(stage, f64::from(*rooms) * event.schools.len() as f64)]
        }
        (PlannedKind::Relocate { rooms_added, .. }, Some(stage)) => {
            vec![(stage, f64::from(*rooms_added))]
        }
        _ => Vec::new(),
    });
    let seats = sum(of_units.chain(of_events).map(|(stage, rooms)| rooms * standard(stage)));
    if (seats - published).abs() > 0.5 {
        let what = if programme.mix.is_empty() { "events" } else { "mix" };
        let message = format!("expected the {seats} seats of the {what}, found {published}");
        let position = reader.checked.position(&path);
        reader.load.problem(position, &path, message, format!("change the {what} or the seats"));
    }
}

fn placement(
    reader: &mut Reader,
    city: &City,
    types: &[UnitType],
    (prefix, years): (&str, (Year, Year)),
    units: (&[(usize, i32)], &[usize]),
) -> Placement {
    let rule = reader.checked.text(&format!("{prefix}.placement"));
    let (unused, why): (&[&str], &str) = match rule {
        Some("explicit") => {
            (&["skip", "profile"], "explicit placement builds every row in its year")
        }
        _ => (&["placement_table"], "only explicit placement reads a table"),
    };
    for key in unused {
        let path = format!("{prefix}.{key}");
        let is_there = reader.checked.positions.contains_key(&path);
        if is_there && (*key != "skip" || reader.checked.flag(&path)) {
            let message = format!("has no effect: {why}");
            let help = format!("remove {key}, or choose another placement");
            reader.load.problem(reader.checked.position(&path), &path, message, help);
        }
    }
    match rule {
        Some("equal") => Placement::Equal,
        Some("population") => Placement::Population,
        Some("explicit") => {
            let rows = super::placed::placed(reader, city, types, (prefix, years), units);
            Placement::Explicit(rows)
        }
        _ => Placement::Gap,
    }
}
