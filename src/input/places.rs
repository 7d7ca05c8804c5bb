//! Districts, areas, admission areas: the places of a city, and lists of places in files.

use std::collections::HashMap;

use crate::axes::{Stage, Stages, Zone};
use crate::city::{Area, City, District, Name, Pool};

use super::check::Checked;
use super::load::Load;
use super::problem::{Position, suggest};

/// The places of a city.
#[derive(Debug, Clone)]
pub struct Places {
    /// Stages of schooling.
    pub stages: &'static Stages,
    /// Districts in file order.
    pub districts: Vec<District>,
    /// Areas by district and zone.
    pub areas: Vec<Area>,
    /// Pools by stage.
    pub pools: Vec<Vec<Pool>>,
    /// Pool of each area by stage.
    pub pool_of_area: Vec<Vec<usize>>,
    /// Neighbours of each district.
    pub neighbours: Vec<Vec<usize>>,
    /// The districts have a problem: rows that name places cannot be judged.
    pub is_broken: bool,
    /// Districts by key and by Chinese name.
    by_name: HashMap<String, usize>,
}

impl Places {
    fn of(stages: &'static Stages) -> Self {
        Places {
            stages,
            districts: Vec::new(),
            areas: Vec::new(),
            pools: Vec::new(),
            pool_of_area: Vec::new(),
            neighbours: Vec::new(),
            is_broken: false,
            by_name: HashMap::new(),
        }
    }

    /// The districts and areas of a city that was read before.
    pub fn of_city(city: &City) -> Self {
        let (districts, areas) = (city.districts.clone(), city.areas.clone());
        let mut places = Places { districts, areas, ..Places::of(city.stages) };
        places.name_districts();
        places
    }

    /// Makes districts known by their keys and names; the first that has a name keeps it.
    fn name_districts(&mut self) {
        for (idx, district) in self.districts.iter().enumerate() {
            for name in [&district.key, &district.name.zh] {
                self.by_name.entry(name.clone()).or_insert(idx);
            }
        }
    }
}

/// Whether a problem keeps rows that name districts, zones or stages from being judged.
fn is_of_places(path: &str) -> bool {
    path.starts_with("districts") || path.starts_with("stages")
}

/// Reads the places of a checked tree.
pub fn read(load: &mut Load, checked: &Checked) -> Places {
    let mut places = Places::of(checked.stages);
    let mut key_of_name: HashMap<String, String> = HashMap::new();
    for key in checked.names_of("districts") {
        let path = format!("districts.{key}.name");
        let name = checked.text(&path).unwrap_or_default();
        if name.is_empty() {
            continue;
        }
        match key_of_name.get(name) {
            Some(twin) => {
                let message = format!("the district {twin} has the name {name:?} too");
                let help = "tables may name a district by its name: give every district its own";
                load.problem(checked.value_position(&path), &path, message, help);
            }
            None => {
                key_of_name.insert(name.to_string(), key);
            }
        }
    }
    for key in checked.names_of("districts") {
        let zh = checked.text(&format!("districts.{key}.name")).unwrap_or(&key).to_string();
        let en = checked.text(&format!("districts.{key}.name_en")).unwrap_or(&key).to_string();
        let tile = read_tile(load, checked, &places.districts, &key);
        places.districts.push(District { key, name: Name { zh, en }, tile });
    }
    if places.districts.is_empty() {
        let position = checked.position("districts");
        load.problem(
            position,
            "districts",
            "expected at least one district, found none",
            "write [districts.NAME]",
        );
    }
    places.name_districts();
    for (idx, district) in places.districts.clone().iter().enumerate() {
        let path = format!("districts.{}.zones", district.key);
        let mut zones = zones_of(load, checked, &path).unwrap_or_default();
        zones.sort();
        zones.dedup();
        places.areas.extend(zones.into_iter().map(|zone| Area { district: idx, zone }));
    }
    for district in places.districts.clone() {
        let path = format!("districts.{}.neighbours", district.key);
        let neighbours = districts_of(load, checked, &places, &path).unwrap_or_default();
        for (text, position) in checked.texts(&path).unwrap_or_default() {
            if text == district.key || text == district.name.zh {
                let help = format!("remove {text:?}");
                load.problem(position, &path, "a district is not its own neighbour", help);
            }
        }
        places.neighbours.push(neighbours);
    }
    read_pools(load, checked, &mut places);
    check_boundaries(load, checked, &places);
    places.is_broken = load.problems.list.iter().any(|p| is_of_places(&p.path));
    places
}

/// The tile of a district; two districts on one tile are noted.
fn read_tile(
    load: &mut Load,
    checked: &Checked,
    earlier: &[District],
    key: &str,
) -> Option<(u16, u16)> {
    let path = format!("districts.{key}.tile");
    let (column, row) = checked.span(&path)?;
    let tile = (u16::try_from(column).ok()?, u16::try_from(row).ok()?);
    if let Some(other) = earlier.iter().find(|other| other.tile == Some(tile)) {
        let message = format!("the district {} has the tile [{column}, {row}] too", other.key);
        load.problem(checked.value_position(&path), &path, message, "give every district its own");
    }
    Some(tile)
}

/// Notes districts that two groups of changed borders name.
fn check_boundaries(load: &mut Load, checked: &Checked, places: &Places) {
    let mut named: Vec<(usize, String)> = Vec::new();
    for name in checked.names_of("calibration.boundaries") {
        let path = format!("calibration.boundaries.{name}.districts");
        for district in districts_of(load, checked, places, &path).unwrap_or_default() {
            match named.iter().find(|(other, _)| *other == district) {
                Some((_, group)) => {
                    let key = &places.districts[district].key;
                    let message = format!("the district {key} is already in {group:?}");
                    let help = "a district is in one group of changed borders, once";
                    load.problem(checked.value_position(&path), &path, message, help);
                }
                None => named.push((district, name.clone())),
            }
        }
    }
}

/// One pool for every named admission area, then one for every area that is in none, in city order of first areas.
fn read_pools(load: &mut Load, checked: &Checked, places: &mut Places) {
    for stage in checked.stages.iter() {
        let mut named: Vec<Pool> = Vec::new();
        for key in checked.names_of("pools") {
            let prefix = format!("pools.{key}");
            let stages = stages_of(load, checked, &format!("{prefix}.stages"), stage.idx() == 0);
            if !stages.contains(&stage) {
                continue;
            }
            let areas = areas_of(load, checked, places, &prefix, "");
            for &area in &areas {
                if let Some(other) = named.iter().find(|pool| pool.areas.contains(&area)) {
                    let place = area_key(places, area);
                    let message =
                        format!("{place} is already in the pool {} for {}", other.key, stage.key());
                    load.problem(
                        checked.position(&prefix),
                        &prefix,
                        message,
                        "an area is in one pool of a stage",
                    );
                }
            }
            if areas.is_empty() {
                no_area(load, checked, &prefix);
            } else {
                named.push(Pool { key, areas });
            }
        }
        let mut pools: Vec<Pool> = Vec::new();
        let mut pool_of_area = vec![usize::MAX; places.areas.len()];
        for area in 0..places.areas.len() {
            if pool_of_area[area] != usize::MAX {
                continue;
            }
            let pool = match named.iter().find(|pool| pool.areas.contains(&area)) {
                Some(pool) => pool.clone(),
                None => Pool { key: area_key(places, area), areas: vec![area] },
            };
            for &member in &pool.areas {
                pool_of_area[member] = pools.len();
            }
            pools.push(pool);
        }
        places.pools.push(pools);
        places.pool_of_area.push(pool_of_area);
    }
}

/// Notes that a group's districts and zones leave no area.
pub fn no_area(load: &mut Load, checked: &Checked, prefix: &str) {
    let message = "its districts and zones leave no area";
    load.problem(checked.position(prefix), prefix, message, "look at its districts and zones");
}

/// `district.zone`.
pub fn area_key(places: &Places, area_idx: usize) -> String {
    let area = places.areas[area_idx];
    format!("{}.{}", places.districts[area.district].key, area.zone.key())
}

/// Notes a name that a list has twice.
fn twice(load: &mut Load, path: &str, text: &str, position: Position) {
    let message = format!("expected every name once, found {text:?} again");
    load.problem(position, path, message, "remove one of the two");
}

/// Stages named by a list; problems are noted once if `report`.
pub fn stages_of(load: &mut Load, checked: &Checked, path: &str, report: bool) -> Vec<Stage> {
    let mut stages = Vec::new();
    for (text, position) in checked.texts(path).unwrap_or_default() {
        match checked.stages.parse(&text) {
            Some(stage) if !stages.contains(&stage) => stages.push(stage),
            Some(_) if report => twice(load, path, &text, position),
            Some(_) => {}
            None if report => {
                let help = suggest(&text, checked.stages.keys());
                load.problem(position, path, format!("no stage {text:?}"), help);
            }
            None => {}
        }
    }
    stages
}

/// Zones named by a list; `None` where there is no list.
pub fn zones_of(load: &mut Load, checked: &Checked, path: &str) -> Option<Vec<Zone>> {
    let texts = checked.texts(path)?;
    let mut zones = Vec::new();
    for (text, position) in texts {
        match Zone::parse(&text) {
            Some(zone) if zones.contains(&zone) => twice(load, path, &text, position),
            Some(zone) => zones.push(zone),
            None => {
                let known = Zone::ALL.iter().map(|z| z.key());
                load.problem(position, path, format!("no zone {text:?}"), suggest(&text, known));
            }
        }
    }
    Some(zones)
}

/// Districts named by a list; `None` where there is no list.
pub fn districts_of(
    load: &mut Load,
    checked: &Checked,
    places: &Places,
    path: &str,
) -> Option<Vec<usize>> {
    let texts = checked.texts(path)?;
    let mut districts = Vec::new();
    for (text, position) in texts {
        match district_idx(places, &text) {
            Some(idx) if districts.contains(&idx) => twice(load, path, &text, position),
            Some(idx) => districts.push(idx),
            None => {
                let known = places.districts.iter().map(|d| d.key.as_str());
                load.problem(
                    position,
                    path,
                    format!("no district {text:?}"),
                    suggest(&text, known),
                );
            }
        }
    }
    Some(districts)
}

/// The district of a key or a Chinese name.
pub fn district_idx(places: &Places, name: &str) -> Option<usize> {
    places.by_name.get(name).copied()
}

/// Areas of a group by its lists `{side}districts` and `{side}zones`; without lists, all.
pub fn areas_of(
    load: &mut Load,
    checked: &Checked,
    places: &Places,
    prefix: &str,
    side: &str,
) -> Vec<usize> {
    let districts = districts_of(load, checked, places, &format!("{prefix}.{side}districts"));
    let zones = zones_of(load, checked, &format!("{prefix}.{side}zones"));
    let fits = |area: &Area| {
        districts.as_ref().is_none_or(|list| list.contains(&area.district))
            && zones.as_ref().is_none_or(|list| list.contains(&area.zone))
    };
    (0..places.areas.len()).filter(|&a| fits(&places.areas[a])).collect()
}

/// Areas of a group like [`areas_of`], with a problem where its lists are sound and leave none.
pub fn some_areas_of(
    load: &mut Load,
    checked: &Checked,
    places: &Places,
    prefix: &str,
    side: &str,
) -> Vec<usize> {
    let before = load.problems.list.len();
    let areas = areas_of(load, checked, places, prefix, side);
    if areas.is_empty() && load.problems.list.len() == before {
        no_area(load, checked, prefix);
    }
    areas
}

/// Routes of a flow: every origin with its destinations, which are others and, unless the flow is city-wide, of the
/// same district. Origins without a destination are left out.
pub fn routes_of(
    load: &mut Load,
    checked: &Checked,
    places: &Places,
    prefix: &str,
) -> Vec<(usize, Vec<usize>)> {
    let origins = areas_of(load, checked, places, prefix, "from_");
    let destinations = areas_of(load, checked, places, prefix, "to_");
    let in_city = checked.text(&format!("{prefix}.within")) == Some("city");
    let routes: Vec<(usize, Vec<usize>)> = origins
        .into_iter()
        .map(|origin| {
            let fits = |&d: &usize| {
                d != origin
                    && (in_city || places.areas[d].district == places.areas[origin].district)
            };
            (origin, destinations.iter().copied().filter(fits).collect::<Vec<_>>())
        })
        .filter(|(_, destinations)| !destinations.is_empty())
        .collect();
    if routes.is_empty() {
        let position = checked.position(prefix);
        load.problem(
            position,
            prefix,
            "leads nowhere: no origin has a destination",
            "look at its districts and zones",
        );
    }
    routes
}
