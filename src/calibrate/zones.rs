//! What is published of single zones of a stage.

use crate::axes::{Stage, Zone};
use crate::city::City;
use crate::input::CityKeys;
use crate::numeric::sum;

use super::register::StageTargets;

/// What is published of the schools of one zone.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneTargets {
    /// Zone.
    pub zone: Zone,
    /// Schools.
    pub schools: Option<usize>,
    /// Pupils.
    pub pupils: Option<f64>,
    /// Mean class size.
    pub mean_class: Option<f64>,
    /// Share of oversized classes.
    pub oversized_share: Option<f64>,
}

/// What a city gives of the zones of a stage.
pub fn zone_targets(keys: &CityKeys, stage: Stage) -> Vec<ZoneTargets> {
    let of_zone = |zone: Zone| {
        let get = |what: &str| {
            let path = format!("calibration.{}.zones.{}.{what}", stage.key(), zone.key());
            keys.checked.figures.get(&path).map(|figure| figure.scalar())
        };
        ZoneTargets {
            zone,
            schools: get("schools").map(|n| n as usize),
            pupils: get("pupils"),
            mean_class: get("mean_class"),
            oversized_share: get("oversized_share"),
        }
    };
    let is_given = |z: &ZoneTargets| {
        let figures = [z.pupils, z.mean_class, z.oversized_share];
        z.schools.is_some() || figures.iter().any(Option::is_some)
    };
    Zone::ALL.into_iter().map(of_zone).filter(is_given).collect()
}

/// Looks whether the figures of zones go with those of the whole stage; a stage without published pupils has the sum of its
/// zones, where all of them are published. Returns a sentence for everything that cannot be.
pub fn settle_zones(city: &City, stage: Stage, targets: &mut StageTargets) -> Vec<String> {
    let path = format!("calibration.{}.zones", stage.key());
    let mut sentences = Vec::new();
    let has = |zone: Zone| city.areas.iter().any(|area| area.zone == zone);
    for zone in targets.zones.iter().filter(|zone| !has(zone.zone)) {
        sentences
            .push(format!("{path}.{}: no district of the city has this zone", zone.zone.key()));
    }
    let is_whole = |given: &dyn Fn(&ZoneTargets) -> bool| {
        Zone::ALL.into_iter().filter(|z| has(*z)).all(|z| targets.zone(z).is_some_and(given))
    };
    let schools: usize = targets.zones.iter().filter_map(|zone| zone.schools).sum();
    let all = targets.schools;
    if schools > all || (is_whole(&|zone| zone.schools.is_some()) && schools != all) {
        sentences.push(format!("{path}: {schools} schools in the zones, {all} in the stage"));
    }
    let pupils = sum(targets.zones.iter().filter_map(|zone| zone.pupils));
    let is_whole = is_whole(&|zone| zone.pupils.is_some());
    if is_whole && targets.pupils == 0.0 {
        targets.pupils = pupils;
    }
    let all = targets.pupils;
    if all > 0.0 && (pupils > all || (is_whole && pupils != all)) {
        sentences.push(format!("{path}: {pupils} pupils in the zones, {all} in the stage"));
    }
    sentences
}

/// Pupils by school area with the published pupils of zones; the other zones have what is left of the total.
pub fn published_by_zone(city: &City, targets: &StageTargets, by_area: &[f64]) -> Vec<f64> {
    let published = |zone: Zone| targets.zone(zone).and_then(|z| z.pupils);
    let of_zone = |zone: Zone| {
        let inside = |area: &usize| city.areas[*area].zone == zone;
        sum((0..by_area.len()).filter(inside).map(|area| by_area[area]))
    };
    let total = sum(by_area.iter().copied());
    let known = sum(Zone::ALL.into_iter().filter_map(published));
    let others = Zone::ALL.into_iter().filter(|zone| published(*zone).is_none());
    let unknown = sum(others.map(of_zone));
    let factor = |zone: Zone| match published(zone) {
        Some(pupils) => pupils / of_zone(zone).max(1e-9),
        None if known > 0.0 => (total - known).max(0.0) / unknown.max(1e-9),
        None => 1.0,
    };
    (0..by_area.len()).map(|area| by_area[area] * factor(city.areas[area].zone)).collect()
}
