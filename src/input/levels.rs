//! Levels at which oversized classes count as gone: from a checked tree.

use crate::city::Name;
use crate::level::{CONDITIONS, Condition, Level, WORKING};

use super::build::Reader;
use super::figures::Part;

/// All levels in file order.
pub(super) fn read(reader: &mut Reader) -> Vec<Level> {
    let names = reader.checked.names_of("levels");
    let level =
        |(idx, key): (usize, &String)| reader.part(Part::Level(idx), |reader| level(reader, key));
    let levels: Vec<Level> = names.iter().enumerate().filter_map(level).collect();
    if !names.iter().any(|key| key == WORKING) {
        let path = format!("levels.{WORKING}");
        let message = "expected the level that charts and columns mean where they name none";
        let help =
            "take scenarios/china.toml as the base, or add the level with an oversized_share";
        reader.load.problem(reader.checked.position("levels"), &path, message, help);
    }
    levels
}

fn level(reader: &mut Reader, key: &str) -> Option<Level> {
    let prefix = format!("levels.{key}");
    let at = |what: &str| format!("{prefix}.{what}");
    let checked = reader.checked;
    let is_there = |what: &str| checked.positions.contains_key(&at(what));
    let condition = |name: &str| Condition::of(name, checked.figures.get(&at(name))?.scalar());
    let conditions: Vec<Condition> = CONDITIONS.into_iter().filter_map(condition).collect();
    let written: Vec<&str> = CONDITIONS.into_iter().filter(|name| is_there(name)).collect();
    if written.is_empty() {
        let message = format!("expected at least one of {}, found none", CONDITIONS.join(", "));
        let help = "a level without a condition is met by every year";
        reader.load.problem(checked.position(&prefix), &prefix, message, help);
        return None;
    }
    if key == WORKING && written != ["oversized_share"] {
        let message = format!("expected oversized_share alone, found {}", written.join(", "));
        let help = "charts draw it as a line: give another level the other conditions";
        let other = written.iter().find(|name| **name != "oversized_share");
        let place = other.map_or_else(|| prefix.clone(), |name| at(name));
        reader.load.problem(checked.position(&place), &prefix, message, help);
        return None;
    }
    let zh = checked.text(&at("title"))?.to_string();
    let en = checked.text(&at("title_en")).map_or_else(|| zh.clone(), str::to_string);
    Some(Level { key: key.to_string(), name: Name { zh, en }, conditions })
}
