//! Unit types and programmes of a checked tree.

use crate::axes::Stage;
use crate::city::{City, Name};
use crate::event::{PlacedUnit, Placement, Programme, UnitType};
use crate::numeric::sum;
use crate::scenario::Thresholds;
use crate::units::Year;

use super::build::Reader;
use super::places;
use super::problem::suggest;
use super::register::area_of;
use super::table::{Column, column, read as read_table};

const PLACED: &[Column] = &[
    column("unit_type", &["单元类型"], true),
    column("district", &["县区", "区县"], true),
    column("zone", &["城乡", "区域"], true),
    column("year", &["年份"], true),
    column("site", &["校址"], false),
];

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
        if rooms.is_empty() {
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
            rooms,
            key,
        });
    }
    types
}

/// All programmes in file order.
pub(super) fn read(reader: &mut Reader, city: &City, types: &[UnitType]) -> Vec<Programme> {
    let names = reader.checked.names_of("programmes");
    names.iter().map(|key| programme(reader, city, types, key)).collect()
}

fn programme(reader: &mut Reader, city: &City, types: &[UnitType], key: &str) -> Programme {
    let prefix = format!("programmes.{key}");
    let at = |what: &str| format!("{prefix}.{what}");
    let checked = reader.checked;
    let years = checked
        .span(&at("years"))
        .unwrap_or((i64::from(city.base_year), i64::from(city.base_year)));
    let years = (years.0 as Year, years.1 as Year);
    check_year(reader, city, &at("years"), years.0);
    check_year(reader, city, &at("years"), years.1);
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
        reader.load.problem(checked.position(&at("profile")), &at("profile"), message, "");
    }
    check_count(reader, &prefix, &mix);
    let placement = placement(reader, city, types, &prefix);
    let events = super::planned::events(reader, city, &prefix);
    let title = checked.text(&at("title")).unwrap_or(key).to_string();
    let title_en = checked.text(&at("title_en")).unwrap_or(&title).to_string();
    Programme {
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
        delivered_share: reader.scalar(&at("delivered")),
        cost_ratio: 1.0 + reader.scalar(&at("cost_overrun")),
        events,
    }
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
    let Some(count) = reader.optional_scalar(&path) else {
        return;
    };
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

fn placement(reader: &mut Reader, city: &City, types: &[UnitType], prefix: &str) -> Placement {
    match reader.checked.text(&format!("{prefix}.placement")) {
        Some("equal") => Placement::Equal,
        Some("population") => Placement::Population,
        Some("explicit") => Placement::Explicit(placed(reader, city, types, prefix)),
        _ => Placement::Gap,
    }
}

fn placed(reader: &mut Reader, city: &City, types: &[UnitType], prefix: &str) -> Vec<PlacedUnit> {
    let path = format!("{prefix}.placement_table");
    let Some((file, position)) = reader.file(&path) else {
        let position = reader.checked.position(prefix);
        reader.load.problem(
            position,
            &path,
            "explicit placement needs a table, found none",
            "add placement_table = \"…\" with unit_type,district,zone,year,site",
        );
        return Vec::new();
    };
    let Some(table) = read_table(reader.load, &file, (position, &path), PLACED) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for row in 0..table.rows.len() {
        let area = area_of(reader.load, &reader.places, &table, row);
        let bounds = (i64::from(city.base_year), i64::from(city.horizon));
        let year = table.whole(reader.load, row, "year", bounds, true);
        let name = table.needed_text(reader.load, row, "unit_type").unwrap_or_default();
        let unit = types.iter().position(|unit| unit.key == name);
        if unit.is_none() && !name.is_empty() {
            let help = suggest(&name, types.iter().map(|unit| unit.key.as_str()));
            reader.load.problem(table.at(row), "unit_type", format!("no unit type {name:?}"), help);
        }
        let site = table.text(row, "site").map(str::to_string);
        let site_idx = site.as_ref().and_then(|key| city.sites.iter().position(|s| &s.key == key));
        if let (Some(key), None) = (&site, site_idx) {
            let message = format!("no site {key:?} in the register");
            reader.load.problem(table.at(row), "site", message, "leave it empty for a new site");
        }
        let (Some(area), Some(year), Some(unit)) = (area, year, unit) else {
            continue;
        };
        if types[unit].is_extension && site_idx.is_none() && site.is_none() {
            reader.load.problem(
                table.at(row),
                "site",
                "an extension needs the site that it extends",
                "",
            );
        }
        let site = if types[unit].is_extension { site_idx } else { None };
        rows.push(PlacedUnit { unit, area, year: year as Year, site });
    }
    rows
}
