//! Single events of programmes: which kind needs which keys, and the schools that they name.

use crate::axes::{Stage, Zone};
use crate::city::City;
use crate::event::{PickRule, PlannedEvent, PlannedKind, Reuse, Target};
use crate::units::Year;

use super::build::Reader;
use super::places;
use super::problem::suggest;
use super::programmes::check_year;

/// The single events of a programme, in file order.
pub(super) fn events(reader: &mut Reader, city: &City, prefix: &str) -> Vec<PlannedEvent> {
    let mut events = Vec::new();
    for name in reader.checked.names_of(&format!("{prefix}.events")) {
        let path = format!("{prefix}.events.{name}");
        let year = reader.checked.whole(&format!("{path}.year")).unwrap_or(0) as Year;
        check_year(reader, city, &format!("{path}.year"), year);
        let stage = reader.checked.text(&format!("{path}.stage")).and_then(Stage::parse);
        let Some(kind) = event_kind(reader, city, &path) else {
            continue;
        };
        let is_open = matches!(kind, PlannedKind::Open { .. });
        let target = if is_open { None } else { target(reader, city, &path) };
        if !is_open && stage.is_none() {
            needs(reader, &path, "stage");
        }
        if let (Some(Target::Site(site)), Some(stage)) = (&target, stage)
            && !city.schools.iter().any(|s| s.site == *site && s.stage == stage)
        {
            let message =
                format!("the site {} has no {} school", city.sites[*site].key, stage.key());
            reader.load.problem(reader.checked.position(&path), &path, message, "");
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
                    let rooms =
                        reader.optional_scalar(&at(&format!("rooms_of.{}", stage.key())))?;
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
            let stage = checked.text(&at("reuse_stage")).and_then(Stage::parse);
            if stage.is_some() && reader.optional_scalar(&at("reuse_rooms")).is_none() {
                needs(reader, path, "reuse_rooms");
            }
            let reuse = stage.map(|stage| Reuse {
                stage,
                rooms: reader.scalar(&at("reuse_rooms")) as i32,
                years_later: reader.scalar(&at("reuse_after")) as i32,
            });
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
            reader.load.problem(
                position,
                path,
                message,
                "name a site of the register, or a rule of choice",
            );
            None
        }
    }
}
