//! A figure of a tree changed by a number: what a factor of a sweep does, and a quantile of a figure's own range.
//!
//! In: the node of a figure and a [`Change`] in its unit. A figure by year changes in the years after the base year (if it has none:
//! in all); with a year `from` which it changes, in that year and later ones: up to there it runs in a line from its last named
//! year before, or from the base year where it is the same in every year. Every number is kept inside the bounds of its key,
//! whole ones are rounded.

use crate::numeric::sum;
use crate::units::{Path, Year, unit_factor};

use super::keys::{Kind, Shape, key_of_any};
use super::tree::{Node, Table, Value};

/// What is done to the numbers of a figure, in the unit of its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Added to each.
    Add(f64),
    /// Each is multiplied.
    Multiply(f64),
}

impl Change {
    /// A number after the change.
    pub fn of(self, number: f64) -> f64 {
        match self {
            Change::Add(by) => number + by,
            Change::Multiply(by) => number * by,
        }
    }
}

/// The node at a path.
pub fn node_at<'a>(tree: &'a mut Node, path: &str) -> Option<&'a mut Node> {
    path.split('.').try_fold(tree, |node, key| match &mut node.value {
        Value::Table(table) => table.get_mut(key),
        _ => None,
    })
}

/// The value of a figure: of its last year, the mean of several numbers.
pub(super) fn last_value(figure: &Node) -> Option<f64> {
    let last = match (figure.at("value"), figure.at("by_year")) {
        (Some(value), None) => value,
        (None, Some(years)) => years.table().and_then(|years| years_of(years).pop())?.1,
        _ => return None,
    };
    let numbers = numbers_in(last)?;
    Some(sum(numbers.iter().copied()) / numbers.len() as f64)
}

/// Years and their nodes, ascending.
fn years_of(table: &Table) -> Vec<(Year, &Node)> {
    let years = table.entries.iter();
    let mut years: Vec<(Year, &Node)> =
        years.filter_map(|(year, _, node)| Some((year.parse::<Year>().ok()?, node))).collect();
    years.sort_by_key(|(year, _)| *year);
    years
}

/// One number, or every number of a list.
fn numbers_in(node: &Node) -> Option<Vec<f64>> {
    match &node.value {
        Value::List(items) if items.is_empty() => None,
        Value::List(items) => items.iter().map(Node::number).collect(),
        _ => Some(vec![node.number()?]),
    }
}

/// The numbers of a figure that change, in the unit of its file.
pub(super) fn changing(figure: &Node, base_year: Year, from: Option<Year>) -> Vec<f64> {
    let mut figure = figure.clone();
    if let Some(from) = from {
        name_year(&mut figure, base_year, from);
    }
    let value = figure.at("value").and_then(numbers_in).unwrap_or_default();
    let Some(years) = figure.at("by_year").and_then(Node::table) else { return value };
    let years = years_of(years);
    let first = from.unwrap_or(base_year + 1);
    let all = !years.iter().any(|(year, _)| *year >= first);
    let changing = years.iter().filter(|(year, _)| all || *year >= first);
    changing.filter_map(|(_, node)| numbers_in(node)).flatten().collect()
}

/// Bounds of the numbers of a figure in the unit of its file, and whether only whole ones make sense.
pub(super) fn bounds_of(figure: &Node, path: &str) -> Option<(f64, f64, bool)> {
    let parts: Vec<&str> = path.split('.').collect();
    let Kind::Figure { units, least, most, whole, .. } = key_of_any(&parts)?.kind else {
        return None;
    };
    let unit = figure.at("unit").and_then(Node::text).unwrap_or(units[0]);
    let factor = unit_factor(unit) / unit_factor(units[0]);
    Some((least / factor, most / factor, whole))
}

/// Whether a figure may have values by year.
pub(super) fn takes_years(path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let shape = key_of_any(&parts).map(|key| key.kind);
    matches!(
        shape,
        Some(Kind::Figure { shape: Shape::Path | Shape::Grades(_) | Shape::Retentions, .. })
    )
}

/// Changes the numbers of a figure, each kept inside the bounds of its key.
pub fn change_figure(
    node: &mut Node,
    path: &str,
    change: Change,
    base_year: Year,
    from: Option<Year>,
) {
    let Some(bounds) = bounds_of(node, path) else { return };
    if let Some(from) = from {
        name_year(node, base_year, from);
    }
    let Value::Table(figure) = &mut node.value else { return };
    figure.take("low");
    figure.take("high");
    if let Some(value) = figure.get_mut("value") {
        change_numbers(value, change, bounds);
    }
    if let Some(Value::Table(years)) = figure.get_mut("by_year").map(|node| &mut node.value) {
        let first = from.unwrap_or(base_year + 1);
        let is_later = |key: &str| key.parse::<Year>().is_ok_and(|year| year >= first);
        let all = !years.keys().any(is_later);
        for (key, _, value) in &mut years.entries {
            if all || is_later(key) {
                change_numbers(value, change, bounds);
            }
        }
    }
}

fn change_numbers(node: &mut Node, change: Change, bounds: (f64, f64, bool)) {
    if let Value::List(items) = &mut node.value {
        items.iter_mut().for_each(|item| change_numbers(item, change, bounds));
    } else if let Some(number) = node.number() {
        let (least, most, whole) = bounds;
        let changed = change.of(number).clamp(least, most);
        node.value = Value::Number(if whole { changed.round() } else { changed });
    }
}

/// Gives a figure a value of its own in a year, the one that it has there; nothing else of its path changes. A figure that is
/// the same in every year gets the base year too.
fn name_year(node: &mut Node, base_year: Year, year: Year) {
    let position = node.position;
    let Value::Table(figure) = &mut node.value else { return };
    if let Some(value) = figure.take("value") {
        let mut years = Table::default();
        years.push(&base_year.to_string(), position, value);
        figure.push("by_year", position, Node { value: Value::Table(years), position });
    }
    let Some(Value::Table(years)) = figure.get_mut("by_year").map(|node| &mut node.value) else {
        return;
    };
    let known = years_of(years);
    if known.is_empty() || known.iter().any(|(known, _)| *known == year) {
        return;
    }
    let lists: Vec<(Year, Vec<f64>)> =
        known.iter().filter_map(|(year, node)| Some((*year, numbers_in(node)?))).collect();
    let width = lists.iter().map(|(_, list)| list.len()).max().unwrap_or(1);
    let number = |idx: usize| {
        let anchors =
            lists.iter().filter_map(|(year, list)| Some((*year, *list.get(idx).or(list.first())?)));
        let value = Value::Number(Path::through(anchors.collect()).at(year));
        Node { value, position }
    };
    let value = match width {
        1 => number(0).value,
        n => Value::List((0..n).map(number).collect()),
    };
    years.push(&year.to_string(), position, Node { value, position });
}
