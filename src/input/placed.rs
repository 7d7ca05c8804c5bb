//! Explicit placement: a table with one row for every unit of a programme.

use crate::city::City;
use crate::event::{PlacedUnit, UnitType};
use crate::units::Year;

use super::build::Reader;
use super::places::area_key;
use super::problem::{Position, nearest, suggest};
use super::register::area_of;
use super::table::{Column, TableFile, column, read};

const PLACED: &[Column] = &[
    column("unit_type", &["单元类型"], true),
    column("district", &["县区", "区县"], true),
    column("zone", &["城乡", "区域"], true),
    column("year", &["年份"], true),
    column("site", &["校址"], false),
];

/// Reads the placement table of a programme and compares it with the mix.
pub(super) fn placed(
    reader: &mut Reader,
    city: &City,
    types: &[UnitType],
    (prefix, years): (&str, (Year, Year)),
    (mix, areas): (&[(usize, i32)], &[usize]),
) -> Vec<PlacedUnit> {
    let path = format!("{prefix}.placement_table");
    let Some((file, position)) = reader.file(&path) else {
        let at = format!("{prefix}.placement");
        reader.load.problem(
            reader.checked.position(&at),
            &at,
            "explicit placement needs a table, found none",
            "add placement_table = \"…\" with unit_type,district,zone,year,site",
        );
        return Vec::new();
    };
    let Some(table) = read(reader.load, &file, (position, &path), PLACED) else {
        return Vec::new();
    };
    let before = reader.load.problems.list.len();
    let rows: Vec<PlacedUnit> = (0..table.n_rows())
        .filter_map(|row| {
            let placed = placed_unit(reader, city, types, &table, row, years)?;
            check_area(reader, placed.area, areas, table.at(row));
            Some(placed)
        })
        .collect();
    if reader.load.problems.list.len() == before && !mix.is_empty() {
        check_mix(reader, types, &rows, mix, table.file);
    }
    rows
}

/// Notes a row outside the districts and zones of its programme.
fn check_area(reader: &mut Reader, area: usize, areas: &[usize], at: Position) {
    if !areas.is_empty() && !areas.contains(&area) {
        let known: Vec<String> =
            areas.iter().map(|known| area_key(&reader.places, *known)).collect();
        let message = format!(
            "expected a place of the programme, {}, found {}",
            known.join(", "),
            area_key(&reader.places, area)
        );
        let help = "move the row, or the districts and zones of the programme";
        reader.load.problem(at, "district", message, help);
    }
}

/// The rows must be the units of the mix, no fewer and no others.
fn check_mix(
    reader: &mut Reader,
    types: &[UnitType],
    rows: &[PlacedUnit],
    mix: &[(usize, i32)],
    file: usize,
) {
    for (idx, unit) in types.iter().enumerate() {
        let wanted = mix.iter().find(|(known, _)| *known == idx).map_or(0, |(_, n)| *n);
        let found = rows.iter().filter(|row| row.unit == idx).count();
        if found != wanted.max(0) as usize {
            let noun = if wanted == 1 { "row" } else { "rows" };
            let message =
                format!("expected {wanted} {noun} of {}, as in the mix, found {found}", unit.key);
            let whole = Position { file, line: 0, column: 0 };
            let help = "give a row for every unit of the mix, and no other";
            reader.load.problem(whole, "", message, help);
        }
    }
}

fn placed_unit(
    reader: &mut Reader,
    city: &City,
    types: &[UnitType],
    table: &TableFile,
    row: usize,
    years: (Year, Year),
) -> Option<PlacedUnit> {
    let at = table.at(row);
    let area = area_of(reader.load, &reader.places, table, row);
    let bounds = (i64::from(city.base_year), i64::from(city.horizon));
    let year = table.whole(reader.load, row, "year", bounds, true).map(|year| year as Year);
    if let Some(year) = year.filter(|year| *year < years.0 || *year > years.1) {
        let message =
            format!("expected a year of the programme, {} to {}, found {year}", years.0, years.1);
        let help = "move the year, or the years of the programme";
        reader.load.problem(at, "year", message, help);
    }
    let name = table.needed_text(reader.load, row, "unit_type").unwrap_or_default();
    let unit = types.iter().position(|unit| unit.key == name);
    if unit.is_none() && !name.is_empty() {
        let help = suggest(name, types.iter().map(|unit| unit.key.as_str()));
        reader.load.problem(at, "unit_type", format!("no unit type {name:?}"), help);
    }
    let site = site_of_unit(reader, city, &types[unit?], table, row, area);
    Some(PlacedUnit { unit: unit?, area: area?, year: year?, site })
}

/// The site of an extension, in the place of its row and with a school of its stage; a new school has none.
fn site_of_unit(
    reader: &mut Reader,
    city: &City,
    unit: &UnitType,
    table: &TableFile,
    row: usize,
    area: Option<usize>,
) -> Option<usize> {
    let at = table.at(row);
    let key = table.text(row, "site");
    match (key, unit.is_extension) {
        (None, false) => None,
        (None, true) => {
            let message = "an extension needs the site that it extends";
            reader.load.problem(at, "site", message, "name a site of the register");
            None
        }
        (Some(key), false) => {
            let message = format!("a new school takes no site, found {key:?}");
            reader.load.problem(at, "site", message, "leave it empty");
            None
        }
        (Some(key), true) => {
            let Some(site) = city.sites.iter().position(|s| s.key == key) else {
                if reader.register_is_whole {
                    let help = match nearest(key, city.sites.iter().map(|s| s.key.as_str())) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "sites are the first column of the register".to_string(),
                    };
                    let message = format!("no site {key:?} in the register");
                    reader.load.problem(at, "site", message, help);
                }
                return None;
            };
            let stands = city.sites[site].area;
            if let Some(area) = area.filter(|area| *area != stands) {
                let message = format!(
                    "{key} is in {}, found {}",
                    area_key(&reader.places, stands),
                    area_key(&reader.places, area)
                );
                reader.load.problem(at, "site", message, "write the place of the site");
            }
            for &(stage, _) in &unit.rooms {
                super::planned::needs_school(reader, city, site, stage, (at, "site"));
            }
            Some(site)
        }
    }
}
