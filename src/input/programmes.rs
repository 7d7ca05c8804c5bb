//! Unit types and programmes of a checked tree.

use crate::axes::{Stage, Zone};
use crate::city::{City, Name};
use crate::event::{
    PickRule, Placement, PlacedUnit, PlannedEvent, PlannedKind, Programme, Reuse, Target, UnitType,
};
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
pub(super) fn unit_types(reader: &mut Reader, city: &City, thresholds: &Thresholds) -> Vec<UnitType> {
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
    let years = checked.span(&at("years")).unwrap_or((i64::from(city.base_year), i64::from(city.base_year)));
    let years = (years.0 as Year, years.1 as Year);
    check_year(reader, city, &at("years"), years.0);
    check_year(reader, city, &at("years"), years.1);
    let areas = places::areas_of(reader.load, checked, &reader.places, &prefix, "");
    if areas.is_empty() {
        let position = checked.position(&prefix);
        reader.load.problem(position, &prefix, "its districts and zones leave no area to build in", "");
    }
    let mix = mix(reader, types, &prefix);
    let profile: Vec<f64> =
        checked.figures.get(&at("profile")).map(|f| f.list()).unwrap_or_default();
    let n_years = (years.1 - years.0 + 1) as usize;
    if !profile.is_empty() && profile.len() != n_years {
        let message = format!("expected {n_years} shares, one for each year, found {}", profile.len());
        reader.load.problem(checked.position(&at("profile")), &at("profile"), message, "");
    }
    check_count(reader, &prefix, &mix);
    let placement = placement(reader, city, types, &prefix);
    let events = events(reader, city, &prefix);
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

fn check_year(reader: &mut Reader, city: &City, path: &str, year: Year) {
    if year < city.base_year || year > city.horizon {
        let message = format!(
            "expected a year of the run, {} to {}, found {year}",
            city.base_year, city.horizon
        );
        let position = reader.checked.position(path);
        reader.load.problem(position, path, message, "move the year, or the base year or horizon of the city");
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
    let units: i32 = mix.iter().map(|(_, n)| n).sum();
    if !mix.is_empty() && f64::from(units) != count {
        let position = reader.checked.position(&format!("{prefix}.mix"));
        let message = format!("expected {count} units as published, found {units} in the mix");
        reader.load.problem(position, &format!("{prefix}.mix"), message, "change the mix or the count");
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
        let (Some(area), Some(year), Some(unit)) = (area, year, unit) else { continue };
        if types[unit].is_extension && site_idx.is_none() && site.is_none() {
            reader.load.problem(table.at(row), "site", "an extension needs the site that it extends", "");
        }
        let site = if types[unit].is_extension { site_idx } else { None };
        rows.push(PlacedUnit { unit, area, year: year as Year, site });
    }
    rows
}

fn events(reader: &mut Reader, city: &City, prefix: &str) -> Vec<PlannedEvent> {
    let mut events = Vec::new();
    for name in reader.checked.names_of(&format!("{prefix}.events")) {
        let path = format!("{prefix}.events.{name}");
        let year = reader.checked.whole(&format!("{path}.year")).unwrap_or(0) as Year;
        check_year(reader, city, &format!("{path}.year"), year);
        let stage = reader.checked.text(&format!("{path}.stage")).and_then(Stage::parse);
        let Some(kind) = event_kind(reader, city, &path) else { continue };
        let is_open = matches!(kind, PlannedKind::Open { .. });
        let target = if is_open { None } else { target(reader, city, &path) };
        if !is_open && stage.is_none() {
            needs(reader, &path, "stage");
        }
        if let (Some(Target::Site(site)), Some(stage)) = (&target, stage) {
            if !city.schools.iter().any(|s| s.site == *site && s.stage == stage) {
                let message = format!("the site {} has no {} school", city.sites[*site].key, stage.key());
                reader.load.problem(reader.checked.position(&path), &path, message, "");
            }
        }
        let origin = reader.load.origin(reader.checked.position(&path));
        events.push(PlannedEvent { key: name, kind, stage, target, year, origin });
    }
    events
}

/// Notes that an event lacks a key.
fn needs(reader: &mut Reader, path: &str, key: &str) {
    let position = reader.checked.position(path);
    let message = format!("this kind of event needs `{key}`, found none");
    reader.load.problem(position, path, message, format!("add {key} = …"));
}

fn event_kind(reader: &mut Reader, city: &City, path: &str) -> Option<PlannedKind> {
    let checked = reader.checked;
    let at = |what: &str| format!("{path}.{what}");
    let rooms = reader.optional_scalar(&at("rooms")).map(|rooms| rooms as i32);
    Some(match checked.text(&at("kind"))? {
        "open" => {
            let rooms: Vec<(Stage, i32)> = Stage::ALL
                .into_iter()
                .filter_map(|stage| {
                    let rooms = reader.optional_scalar(&at(&format!("rooms_of.{}", stage.key())))?;
                    Some((stage, rooms as i32))
                })
                .collect();
            if rooms.is_empty() {
                needs(reader, path, "rooms_of.primary");
            }
            let name = checked.text(&at("name")).unwrap_or(path).to_string();
            let area = to_area(reader, city, path)?;
            PlannedKind::Open { area, rooms, all_grades: checked.flag(&at("all_grades")), name }
        }
        "extend" => match rooms {
            Some(rooms) if rooms > 0 => PlannedKind::Extend { rooms },
            _ => {
                needs(reader, path, "rooms");
                return None;
            }
        },
        "relocate" => {
            let reuse = match checked.text(&at("reuse_stage")).and_then(Stage::parse) {
                None => None,
                Some(stage) => Some(Reuse {
                    stage,
                    rooms: match reader.optional_scalar(&at("reuse_rooms")) {
                        Some(rooms) => rooms as i32,
                        None => {
                            needs(reader, path, "reuse_rooms");
                            0
                        }
                    },
                    years_later: reader.scalar(&at("reuse_after")) as i32,
                }),
            };
            let rooms_added = rooms.unwrap_or(0);
            PlannedKind::Relocate { area: to_area(reader, city, path)?, rooms_added, reuse }
        }
        "convert" => match checked.text(&at("to_stage")).and_then(Stage::parse) {
            Some(to) => PlannedKind::Convert { to, rooms },
            None => {
                needs(reader, path, "to_stage");
                return None;
            }
        },
        "close" => PlannedKind::Close,
        "merge" => match checked.text(&at("into")) {
            Some(key) => PlannedKind::Merge { into: site_of(reader, city, &at("into"), key)? },
            None => {
                needs(reader, path, "into");
                return None;
            }
        },
        "upgrade" => PlannedKind::Upgrade { quality: reader.scalar(&at("quality")) },
        _ => PlannedKind::Reserve { share: reader.scalar(&at("share")) },
    })
}

fn to_area(reader: &mut Reader, city: &City, path: &str) -> Option<usize> {
    let checked = reader.checked;
    let district = checked.text(&format!("{path}.to_district"));
    let zone = checked.text(&format!("{path}.to_zone"));
    let (Some(district), Some(zone)) = (district, zone) else {
        needs(reader, path, "to_district and to_zone");
        return None;
    };
    let area = places::district_idx(&reader.places, district)
        .zip(Zone::parse(zone))
        .and_then(|(district, zone)| city.area_idx(district, zone));
    if area.is_none() {
        let key = format!("{path}.to_district");
        let known = reader.places.districts.iter().map(|d| d.key.clone()).collect::<Vec<_>>();
        let help = suggest(district, known.iter().map(String::as_str));
        let message = format!("no area {district}.{zone}");
        reader.load.problem(checked.position(&key), &key, message, help);
    }
    area
}

fn site_of(reader: &mut Reader, city: &City, path: &str, key: &str) -> Option<usize> {
    let site = city.sites.iter().position(|site| site.key == key);
    if site.is_none() {
        let near = super::problem::nearest(key, city.sites.iter().map(|s| s.key.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "sites are the first column of the register".to_string(),
        };
        let message = format!("no site {key:?} in the register");
        reader.load.problem(reader.checked.position(path), path, message, help);
    }
    site
}

fn target(reader: &mut Reader, city: &City, path: &str) -> Option<Target> {
    let checked = reader.checked;
    let site = checked.text(&format!("{path}.site"));
    let pick = checked.text(&format!("{path}.pick"));
    match (site, pick) {
        (Some(key), None) => site_of(reader, city, &format!("{path}.site"), key).map(Target::Site),
        (None, Some(rule)) => {
            let rule = match rule {
                "largest" => PickRule::Largest,
                "smallest" => PickRule::Smallest,
                "fullest" => PickRule::Fullest,
                "weakest" => PickRule::Weakest,
                _ => PickRule::All,
            };
            let number = reader.optional_scalar(&format!("{path}.number")).unwrap_or(1.0);
            let areas = places::areas_of(reader.load, checked, &reader.places, path, "from_");
            Some(Target::Pick { rule, count: number as usize, areas })
        }
        _ => {
            let position = checked.position(path);
            let message = "expected either `site` or `pick`";
            reader.load.problem(position, path, message, "name a site of the register, or a rule of choice");
            None
        }
    }
}
