//! Unit types and programmes of a checked tree.

use crate::axes::Stage;
use crate::city::{City, Name};
use crate::event::{Placement, PlannedKind, Programme, UnitType};
use crate::numeric::sum;
use crate::scenario::Thresholds;
use crate::units::Year;

use super::build::Reader;
use super::places;
use super::problem::suggest;
use super::timeline::{self, Choice};

/// Kinds of buildings; a seat's cost is that of a room times the standard of the base year.
pub(super) fn unit_types(
    reader: &mut Reader,
    city: &City,
    thresholds: &Thresholds,
) -> Vec<UnitType> {
    let base = thresholds.at(city.base_year);
    let mut types = Vec::new();
    for key in reader.checked.names_of("unit_types") {
        let prefix = format!("unit_types.{key}");
        let rooms: Vec<(Stage, i32)> = Stage::ALL
            .into_iter()
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
                "write rooms.primary = { value = 24, unit = \"rooms\", source = \"…\" }",
            );
        }
        let seats = sum(rooms.iter().map(|&(s, n)| f64::from(n) * base.room_standard(s)));
        types.push(UnitType {
            cost_yuan: seats * reader.scalar(&format!("{prefix}.cost_per_seat")),
            quality: reader.optional_scalar(&format!("{prefix}.quality")).unwrap_or(0.0),
            is_extension: reader.checked.text(&format!("{prefix}.kind")) == Some("extension"),
            opens_all_grades: reader.checked.flag(&format!("{prefix}.all_grades")),
            boarding_places: reader.scalar(&format!("{prefix}.boarding")) as i32,
            rooms,
            key,
        });
    }
    types
}

/// All programmes in file order.
pub(super) fn read(reader: &mut Reader, city: &City, types: &[UnitType]) -> Vec<Programme> {
    let names = reader.checked.names_of("programmes");
    let (mut programmes, choices): (Vec<Programme>, Vec<Vec<Choice>>) =
        names.iter().map(|key| programme(reader, city, types, key)).unzip();
    timeline::resolve(reader, city, &mut programmes, &choices);
    for programme in &programmes {
        check_seats(reader, types, programme);
    }
    programmes
}

fn programme(
    reader: &mut Reader,
    city: &City,
    types: &[UnitType],
    key: &str,
) -> (Programme, Vec<Choice>) {
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
    let areas = places::areas_of(reader.load, checked, &reader.places, &prefix, "");
    if areas.is_empty() {
        let position = checked.position(&prefix);
        reader.load.problem(
            position,
            &prefix,
            "its districts and zones leave no area to build in",
            "",
        );
    }
    let mix = mix(reader, types, &prefix);
    let profile: Vec<f64> =
        checked.figures.get(&at("profile")).map(|f| f.list()).unwrap_or_default();
    let n_years = (years.1 - years.0 + 1) as usize;
    if !profile.is_empty() && profile.len() != n_years {
        let message =
            format!("expected {n_years} shares, one for each year, found {}", profile.len());
        let help = format!("the years are {} to {}", years.0, years.1);
        reader.load.problem(checked.position(&at("profile")), &at("profile"), message, help);
    } else if !profile.is_empty() && (sum(profile.iter().copied()) - 1.0).abs() > 1e-6 {
        let total = (sum(profile.iter().copied()) * 1e6).round() / 1e4;
        let message = format!("expected shares that add up to 100 %, found {total} %");
        let help = "every unit is begun in one of the years";
        reader.load.problem(checked.position(&at("profile")), &at("profile"), message, help);
    }
    check_count(reader, &prefix, &mix);
    let placement = placement(reader, city, types, &prefix, &mix, years);
    let (events, choices) = super::planned::events(reader, city, &prefix);
    let title = checked.text(&at("title")).unwrap_or(key).to_string();
    let title_en = checked.text(&at("title_en")).unwrap_or(&title).to_string();
    let programme = Programme {
        key: key.to_string(),
        title: Name { zh: title, en: title_en },
        mix,
        years,
        profile,
        investment_yuan: reader.optional_scalar(&at("investment")),
        placement,
        areas,
        skips_ample: checked.flag(&at("skip")),
        delay_years: reader.scalar(&at("delay")) as i32,
        lag_years: reader.optional_scalar(&at("lag")).unwrap_or(1.0) as i32,
        delivered_share: reader.scalar(&at("delivered")),
        cost_ratio: 1.0 + reader.scalar(&at("cost_overrun")),
        events,
    };
    (programme, choices)
}

pub(super) fn check_year(reader: &mut Reader, city: &City, path: &str, year: Year) {
    if year < city.base_year || year > city.horizon {
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

/// A published count must be that of the mix.
fn check_count(reader: &mut Reader, prefix: &str, mix: &[(usize, i32)]) {
    let path = format!("{prefix}.count");
    let Some(count) = reader.optional_scalar(&path) else { return };
    let named = reader.checked.names_of(&format!("{prefix}.mix"));
    let n_events = reader.checked.names_of(&format!("{prefix}.events")).len();
    if named.is_empty() && n_events == 0 && count > 0.0 {
        let message = format!("{count} schools have no mix of unit types to build");
        let help = format!("add [{prefix}.mix], or remove the count");
        reader.load.problem(reader.checked.position(&path), &path, message, help);
    }
    if named.len() != mix.len() {
        return;
    }
    let units: i32 = mix.iter().map(|(_, n)| n).sum();
    if !mix.is_empty() && f64::from(units) != count {
        let position = reader.checked.position(&format!("{prefix}.mix"));
        let message = format!("expected {count} units as published, found {units} in the mix");
        reader.load.problem(
            position,
            &format!("{prefix}.mix"),
            message,
            "change the mix or the count",
        );
    }
}

/// Published seats must be those of the units and single events: rooms times the standard of the base year.
fn check_seats(reader: &mut Reader, types: &[UnitType], programme: &Programme) {
    let path = format!("programmes.{}.seats", programme.key);
    let Some(published) = reader.optional_scalar(&path) else { return };
    let standard = |stage: Stage| reader.base_standard[stage.idx()];
    let of_units = programme.mix.iter().flat_map(|&(unit, n)| {
        types[unit].rooms.iter().map(move |&(stage, rooms)| (stage, f64::from(rooms * n)))
    });
    let of_events = programme.events.iter().flat_map(|event| match (&event.kind, event.stage) {
        (PlannedKind::Open { rooms, .. }, _) => {
            rooms.iter().map(|&(stage, n)| (stage, f64::from(n))).collect()
        }
        (PlannedKind::Extend { rooms }, Some(stage)) => {
            vec![(stage, f64::from(*rooms) * event.rows.len() as f64)]
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
    prefix: &str,
    mix: &[(usize, i32)],
    years: (Year, Year),
) -> Placement {
    match reader.checked.text(&format!("{prefix}.placement")) {
        Some("equal") => Placement::Equal,
        Some("population") => Placement::Population,
        Some("explicit") => {
            let rows = super::placed::placed(reader, city, types, prefix, mix, years);
            Placement::Explicit(rows)
        }
        _ => Placement::Gap,
    }
}
