//! Single events of programmes: which kind needs which keys, and the schools that they name.

use crate::axes::{Stage, Zone};
use crate::city::City;
use crate::event::{Choice, Opening, Part, PickRule, PlannedEvent, PlannedKind, Receiver, Reuse};
use crate::units::Year;

use super::build::Reader;
use super::places;
use super::problem::{Position, suggest};
use super::programmes::check_year;

/// Keys that each kind of event takes beside `kind` and `year`.
const TAKEN: [(&str, &[&str]); 8] = [
    ("open", &["to_district", "to_zone", "rooms_of", "name", "all_grades"]),
    ("extend", &["stage", "site", "pick", "number", "from_districts", "from_zones", "rooms"]),
    (
        "relocate",
        &[
            "stage",
            "site",
            "pick",
            "number",
            "from_districts",
            "from_zones",
            "to_district",
            "to_zone",
            "rooms",
            "reuse_stage",
            "reuse_rooms",
            "reuse_after",
        ],
    ),
    (
        "convert",
        &["stage", "site", "pick", "number", "from_districts", "from_zones", "to_stage", "rooms"],
    ),
    ("close", &["stage", "site", "pick", "number", "from_districts", "from_zones"]),
    ("merge", &["stage", "site", "pick", "number", "from_districts", "from_zones", "into"]),
    (
        "upgrade",
        &["stage", "site", "pick", "number", "from_districts", "from_zones", "quality", "boarding"],
    ),
    (
        "reserve",
        &[
            "stage",
            "site",
            "pick",
            "number",
            "from_districts",
            "from_zones",
            "share",
            "rooms",
            "until",
        ],
    ),
];

/// The single events of a programme, in file order, and how each finds its schools.
pub(super) fn events(
    reader: &mut Reader,
    city: &City,
    prefix: &str,
) -> (Vec<PlannedEvent>, Vec<Choice>) {
    let (mut events, mut choices) = (Vec::new(), Vec::new());
    for name in reader.checked.names_of(&format!("{prefix}.events")) {
        let path = format!("{prefix}.events.{name}");
        let year = reader.checked.whole(&format!("{path}.year")).map(|year| year as Year);
        let year = year.filter(|year| is_in_time(reader, city, &path, *year));
        let Some(kind_name) = reader.checked.text(&format!("{path}.kind")) else { continue };
        check_taken(reader, &path, kind_name);
        let stage = reader.checked.stage(&format!("{path}.stage"));
        let is_open = kind_name == "open";
        if !is_open
            && stage.is_none()
            && !reader.checked.positions.contains_key(&format!("{path}.stage"))
        {
            needs(reader, &path, "stage");
        }
        let kind = event_kind(reader, city, &path, stage);
        let choice =
            if is_open { Some(Choice::NewSite) } else { choice(reader, city, &path, stage) };
        let (Some(kind), Some(year), Some(choice)) = (kind, year, choice) else { continue };
        let origin = reader.load.origin(reader.checked.position(&path));
        events.push(PlannedEvent { key: name, kind, stage, schools: Vec::new(), year, origin });
        choices.push(choice);
    }
    (events, choices)
}

/// Whether a year is one of the run; what needs no construction happens after the base year, which is known.
fn is_in_time(reader: &mut Reader, city: &City, path: &str, year: Year) -> bool {
    let key = format!("{path}.year");
    let kind = reader.checked.text(&format!("{path}.kind")).unwrap_or_default();
    let at_once = ["close", "merge", "convert", "upgrade", "reserve"].contains(&kind);
    if at_once && year == city.base_year {
        let message = format!("expected a year after the base year, found {year}");
        let help = "the base year is known; it takes effect on 1 September of its own year";
        reader.load.problem(reader.checked.position(&key), &key, message, help);
        return false;
    }
    check_year(reader, city, &key, year)
}

/// Notes keys that only rules of choice take, beside a named site or the rule that takes all.
fn check_choice(reader: &mut Reader, path: &str) {
    let checked = reader.checked;
    let has_site = checked.positions.contains_key(&format!("{path}.site"));
    let takes_all = checked.text(&format!("{path}.pick")) == Some("all");
    for key in ["number", "from_districts", "from_zones"] {
        let at = format!("{path}.{key}");
        let message = match checked.positions.contains_key(&at) {
            true if has_site => format!("a named site takes no `{key}`"),
            true if takes_all && key == "number" => "pick = \"all\" takes no `number`".to_string(),
            _ => continue,
        };
        let help = format!("remove {key}, or choose by another `pick`");
        reader.load.problem(checked.position(&at), &at, message, help);
    }
}

/// Notes keys that this kind of event has no use for.
fn check_taken(reader: &mut Reader, path: &str, kind: &str) {
    let Some((_, taken)) = TAKEN.iter().find(|(name, _)| *name == kind) else { return };
    for key in reader.checked.names_of(path) {
        if key != "kind" && key != "year" && !taken.contains(&key.as_str()) {
            let at = format!("{path}.{key}");
            let known =
                super::keys::key_of(reader.checked.stages, &at.split('.').collect::<Vec<_>>())
                    .is_some()
                    || key == "rooms_of";
            if known {
                let message = format!("an event of the kind {kind} takes no `{key}`");
                let help = format!("it takes: year, {}", taken.join(", "));
                reader.load.problem(reader.checked.position(&at), &at, message, help);
            }
        }
    }
}

/// Notes that a site has no school of a stage.
pub(super) fn needs_school(
    reader: &mut Reader,
    city: &City,
    site: usize,
    stage: Stage,
    at: (Position, &str),
) {
    let at_site = city.schools.iter().filter(|school| school.site == site);
    let stages: Vec<&str> = at_site.map(|school| school.stage.key()).collect();
    if reader.register_is_whole && !stages.contains(&stage.key()) {
        let message = format!("the site {} has no {} school", city.sites[site].key, stage.key());
        reader.load.problem(at.0, at.1, message, format!("it has: {}", stages.join(", ")));
    }
}

/// Notes that an event lacks a key.
fn needs(reader: &mut Reader, path: &str, key: &str) {
    let position = reader.checked.position(path);
    let message = format!("this kind of event needs `{key}`, found none");
    reader.load.problem(position, path, message, format!("add {key} = …"));
}

fn event_kind(
    reader: &mut Reader,
    city: &City,
    path: &str,
    stage: Option<Stage>,
) -> Option<PlannedKind> {
    let checked = reader.checked;
    let at = |what: &str| format!("{path}.{what}");
    let is_there = |what: &str| checked.positions.contains_key(&at(what));
    let rooms = reader.optional_scalar(&at("rooms")).map(|rooms| rooms as i32);
    match checked.text(&at("kind"))? {
        "open" => open(reader, city, path),
        "extend" => {
            if !is_there("rooms") {
                needs(reader, path, "rooms");
            }
            let rooms = some_rooms(reader, path, rooms, false)?;
            Some(PlannedKind::Extend { rooms })
        }
        "relocate" => relocate(reader, city, path, rooms.unwrap_or(0)),
        "convert" => {
            if !is_there("to_stage") {
                needs(reader, path, "to_stage");
            }
            let to = checked.stage(&at("to_stage"))?;
            if Some(to) == stage {
                let message = "expected another stage than that of the school";
                let key = at("to_stage");
                reader.load.problem(checked.position(&key), &key, message, "");
            }
            let rooms = match rooms {
                None => None,
                Some(_) => Some(some_rooms(reader, path, rooms, true)?),
            };
            Some(PlannedKind::Convert { to, rooms })
        }
        "close" => Some(PlannedKind::Close),
        "merge" => merge(reader, city, path, stage),
        "upgrade" => {
            if !is_there("quality") && !is_there("boarding") {
                let message = "this kind of event needs `quality` or `boarding`, found neither";
                let help = "add quality = … or boarding = …";
                reader.load.problem(checked.position(path), path, message, help);
            }
            let boarding = reader.scalar(&at("boarding")) as i32;
            Some(PlannedKind::Upgrade { quality: reader.scalar(&at("quality")), boarding })
        }
        _ => reserve(reader, path, rooms),
    }
}

/// Rooms out of use, a share or so many, for good or until a year after that of the event.
fn reserve(reader: &mut Reader, path: &str, rooms: Option<i32>) -> Option<PlannedKind> {
    let checked = reader.checked;
    let at = |what: &str| format!("{path}.{what}");
    let is_there = |what: &str| checked.positions.contains_key(&at(what));
    let part = match (is_there("share"), is_there("rooms")) {
        (true, false) => Part::Share(reader.scalar(&at("share"))),
        (false, true) => Part::Rooms(some_rooms(reader, path, rooms, true)?),
        (both, _) => {
            let found = if both { "both" } else { "neither" };
            let message = format!("this kind of event needs `share` or `rooms`, found {found}");
            let help = "say how many rooms are out of use in one way: share = … or rooms = …";
            reader.load.problem(checked.position(path), path, message, help);
            return None;
        }
    };
    let until = checked.whole(&at("until")).map(|year| year as Year);
    let year = checked.whole(&at("year")).map(|year| year as Year);
    if let (Some(until), Some(year)) = (until, year)
        && until <= year
    {
        let key = at("until");
        let message = format!("expected a year after {year}, found {until}");
        let help =
            "the rooms are out of use from `year` and back from `until`, each on 1 September";
        reader.load.problem(checked.position(&key), &key, message, help);
        return None;
    }
    Some(PlannedKind::Reserve { part, until })
}

/// A new site with its rooms and its place.
fn open(reader: &mut Reader, city: &City, path: &str) -> Option<PlannedKind> {
    let checked = reader.checked;
    let at = |what: &str| format!("{path}.{what}");
    let rooms: Vec<(Stage, i32)> = checked
        .stages
        .iter()
        .filter_map(|stage| {
            let key = at(&format!("rooms_of.{}", stage.key()));
            Some((stage, reader.optional_scalar(&key)? as i32))
        })
        .collect();
    if rooms.is_empty() && !checked.positions.contains_key(&at("rooms_of")) {
        let message = "this kind of event needs rooms of at least one stage, found none";
        let help = format!("add rooms_of.{} = …", checked.stages.example().key());
        reader.load.problem(checked.position(path), path, message, help);
    }
    let name = checked.text(&at("name")).unwrap_or(path).to_string();
    let area = to_area(reader, city, path)?;
    Some(PlannedKind::Open { area, rooms, all_grades: checked.flag(&at("all_grades")), name })
}

/// A move to another area, and what becomes of the old campus.
fn relocate(reader: &mut Reader, city: &City, path: &str, rooms_added: i32) -> Option<PlannedKind> {
    let checked = reader.checked;
    let at = |what: &str| format!("{path}.{what}");
    let stage = checked.stage(&at("reuse_stage"));
    if stage.is_some() != checked.positions.contains_key(&at("reuse_rooms")) {
        needs(reader, path, if stage.is_some() { "reuse_rooms" } else { "reuse_stage" });
    }
    let reuse = stage.map(|stage| Reuse {
        stage,
        rooms: reader.scalar(&at("reuse_rooms")) as i32,
        years_later: reader.scalar(&at("reuse_after")) as i32,
    });
    Some(PlannedKind::Relocate { area: to_area(reader, city, path)?, rooms_added, reuse })
}

/// Rooms that must be more than none, or other than none where a school may lose them.
fn some_rooms(
    reader: &mut Reader,
    path: &str,
    rooms: Option<i32>,
    is_positive: bool,
) -> Option<i32> {
    let key = format!("{path}.rooms");
    let is_wrong = |rooms: &i32| if is_positive { *rooms < 1 } else { *rooms == 0 };
    if let Some(rooms) = rooms.filter(is_wrong) {
        let expected = if is_positive { "from 1 to 500" } else { "from -500 to 500, not 0" };
        let message = format!("expected whole rooms {expected}, found {rooms}");
        reader.load.problem(reader.checked.position(&key), &key, message, "");
        return None;
    }
    rooms
}

/// Sites that single events open, by the keys that they will have, `PROGRAMME-EVENT`; each with its path.
fn opened(reader: &Reader) -> Vec<(String, String, Opening)> {
    let mut all = Vec::new();
    for (p, programme) in reader.checked.names_of("programmes").iter().enumerate() {
        let prefix = format!("programmes.{programme}.events");
        for (event, name) in reader.checked.names_of(&prefix).iter().enumerate() {
            let path = format!("{prefix}.{name}");
            if reader.checked.text(&format!("{path}.kind")) == Some("open") {
                let opening = Opening { programme: p, event };
                all.push((format!("{programme}-{name}"), path, opening));
            }
        }
    }
    all
}

/// A merger names another site with a school of the stage, of the register or one that opens.
fn merge(
    reader: &mut Reader,
    city: &City,
    path: &str,
    stage: Option<Stage>,
) -> Option<PlannedKind> {
    let key = format!("{path}.into");
    let Some(name) = reader.checked.text(&key) else {
        needs(reader, path, "into");
        return None;
    };
    let position = reader.checked.position(&key);
    let opened = opened(reader);
    let is_known = city.sites.iter().any(|site| site.key == name);
    if let (Some((_, at, opening)), false) = (opened.iter().find(|(key, ..)| key == name), is_known)
    {
        let stages = reader.checked.names_of(&format!("{at}.rooms_of"));
        if let Some(stage) = stage.filter(|s| !stages.iter().any(|other| other == s.key())) {
            let message = format!("the site {name} opens without a {} school", stage.key());
            let help = format!("it has: {}", stages.join(", "));
            reader.load.problem(position, &key, message, help);
        }
        return Some(PlannedKind::Merge { into: Receiver::Opened(*opening) });
    }
    let names: Vec<&str> = opened.iter().map(|(key, ..)| key.as_str()).collect();
    let into = site_of(reader, city, (&key, name), &names)?;
    if reader.checked.text(&format!("{path}.site")) == Some(name) {
        let message = format!("expected another site than the one that is merged, found {name:?}");
        reader.load.problem(position, &key, message, "name the site that receives the pupils");
    } else if let Some(stage) = stage {
        needs_school(reader, city, into, stage, (position, &key));
    }
    Some(PlannedKind::Merge { into: Receiver::Site(into) })
}

/// The area of `to_district` and `to_zone`.
fn to_area(reader: &mut Reader, city: &City, path: &str) -> Option<usize> {
    let checked = reader.checked;
    let (district_key, zone_key) = (format!("{path}.to_district"), format!("{path}.to_zone"));
    for (key, name) in [(&district_key, "to_district"), (&zone_key, "to_zone")] {
        if !checked.positions.contains_key(key) {
            needs(reader, path, name);
        }
    }
    let name = checked.text(&district_key)?;
    let Some(district) = places::district_idx(&reader.places, name) else {
        let known: Vec<String> = reader.places.districts.iter().map(|d| d.key.clone()).collect();
        let help = suggest(name, known.iter().map(String::as_str));
        let message = format!("no district {name:?}");
        reader.load.problem(checked.position(&district_key), &district_key, message, help);
        return None;
    };
    let zone = checked.text(&zone_key)?;
    let area = Zone::parse(zone).and_then(|zone| city.area_idx(district, zone));
    if area.is_none() {
        let areas = city.areas.iter().filter(|area| area.district == district);
        let known: Vec<&str> = areas.map(|area| area.zone.key()).collect();
        let message = format!("{name} has no zone {zone:?}");
        let help = suggest(zone, known);
        reader.load.problem(checked.position(&zone_key), &zone_key, message, help);
    }
    area
}

/// A site of the register. `others` are sites that open, where one of them would do as well.
fn site_of(
    reader: &mut Reader,
    city: &City,
    (path, key): (&str, &str),
    others: &[&str],
) -> Option<usize> {
    let site = city.sites.iter().position(|site| site.key == key);
    if site.is_none() && reader.register_is_whole {
        let known = city.sites.iter().map(|s| s.key.as_str()).chain(others.iter().copied());
        let mut help = match super::problem::nearest(key, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "sites are the first column of the register".to_string(),
        };
        let mut message = format!("no site {key:?} in the register");
        if !others.is_empty() {
            message += ", and none of that name opens";
            let joint = if help.ends_with('?') { "" } else { ";" };
            help = format!("{help}{joint} sites that open: {}", others.join(", "));
        }
        reader.load.problem(reader.checked.position(path), path, message, help);
    }
    site
}

/// The schools that an event concerns: a named site, or a rule of choice that finds at least one.
fn choice(reader: &mut Reader, city: &City, path: &str, stage: Option<Stage>) -> Option<Choice> {
    check_choice(reader, path);
    let checked = reader.checked;
    let position = checked.position(path);
    let site = checked.text(&format!("{path}.site"));
    let is_there = |what: &str| checked.positions.contains_key(&format!("{path}.{what}"));
    match (is_there("site"), is_there("pick")) {
        (true, false) => {
            let site = site_of(reader, city, (&format!("{path}.site"), site?), &[])?;
            if let Some(stage) = stage {
                needs_school(reader, city, site, stage, (position, path));
            }
            Some(Choice::Site(site))
        }
        (false, true) => {
            let rule = match checked.text(&format!("{path}.pick"))? {
                "largest" => PickRule::Largest,
                "smallest" => PickRule::Smallest,
                "fullest" => PickRule::Fullest,
                "emptiest" => PickRule::Emptiest,
                "weakest" => PickRule::Weakest,
                _ => PickRule::All,
            };
            let number = reader.optional_scalar(&format!("{path}.number")).unwrap_or(1.0);
            let areas = places::some_areas_of(reader.load, checked, &reader.places, path, "from_");
            let fits = |school: &crate::city::School| {
                Some(school.stage) == stage && areas.contains(&city.sites[school.site].area)
            };
            if let (Some(stage), true) = (stage, reader.register_is_whole && !areas.is_empty())
                && !city.schools.iter().any(fits)
            {
                let help = "look at its districts and zones";
                let message =
                    format!("no {} school of the register stands in the places named", stage.key());
                reader.load.problem(position, path, message, help);
            }
            Some(Choice::Pick { rule, count: number as usize, areas })
        }
        (both, _) => {
            let found = if both { "both" } else { "neither" };
            let message = format!("expected either `site` or `pick`, found {found}");
            let help = "name a site of the register, or a rule of choice";
            reader.load.problem(position, path, message, help);
            None
        }
    }
}
