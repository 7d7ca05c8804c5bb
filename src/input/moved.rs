//! Figures of a scenario changed by a number: what a factor of a sweep does, and the shifts of [`super::shift`].
//!
//! In: a [`Loaded`] scenario, a factor and a drawn number. Out: the scenario with its figures so. Nothing is read from disk
//! again. A figure by year changes in the years after the base year (if it has none: in all); with a year `from` which it changes,
//! in that year and later ones: up to there it runs in a line from its last named year before, or from the base year where it is
//! the same in every year. Every number is kept inside the bounds of its key, whole ones are rounded.

use crate::experiment::{Factor, How};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::{Path, Year, unit_factor};

use super::keys::{Kind, Shape, key_of};
use super::tree::{Node, Table, Value};
use super::{Loaded, Refused, shift};

/// What is done to the numbers of a figure, in the unit of its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Change {
    /// Added to each.
    Add(f64),
    /// Each is multiplied.
    Multiply(f64),
}

impl Change {
    /// A number after the change.
    pub(super) fn of(self, number: f64) -> f64 {
        match self {
            Change::Add(by) => number + by,
            Change::Multiply(by) => number * by,
        }
    }
}

/// The scenario in which a factor has a value (in the factor's unit).
///
/// # Errors
/// What the rules of the input refuse, e.g. flows of one origin that add up to more than everybody.
pub fn moved(loaded: &Loaded, factor: &Factor, value: f64) -> Result<Scenario, Refused> {
    moved_all(loaded, &[(factor, value)])
}

/// The scenario in which each factor has its value; a figure that the scenario does not have is left alone.
///
/// # Errors
/// As of [`moved`].
pub fn moved_all(loaded: &Loaded, values: &[(&Factor, f64)]) -> Result<Scenario, Refused> {
    let base_year = loaded.scenario.city.base_year;
    let mut tree = loaded.tree.clone();
    for (factor, value) in values {
        for path in &factor.paths {
            if let Some(node) = node_at(&mut tree, path)
                && let Some(change) = change_of(factor, *value, node)
            {
                change_figure(node, path, change, base_year, factor.from_year);
            }
        }
    }
    shift::rebuilt(loaded, tree)
}

/// What a value of a factor does to the numbers of a figure, in the figure's own unit.
pub(super) fn change_of(factor: &Factor, value: f64, figure: &Node) -> Option<Change> {
    let unit = figure.at("unit").and_then(Node::text).unwrap_or_default();
    let in_unit = value * (unit_factor(&factor.unit) / unit_factor(unit));
    Some(match factor.how {
        How::Set => Change::Add(in_unit - last_value(figure)?),
        How::Add => Change::Add(in_unit),
        How::Multiply => Change::Multiply(value),
    })
}

/// The node at a path.
pub(super) fn node_at<'a>(tree: &'a mut Node, path: &str) -> Option<&'a mut Node> {
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
    let Kind::Figure { units, least, most, whole, .. } = key_of(&parts)?.kind else { return None };
    let unit = figure.at("unit").and_then(Node::text).unwrap_or(units[0]);
    let factor = unit_factor(unit) / unit_factor(units[0]);
    Some((least / factor, most / factor, whole))
}

/// Whether a figure may have values by year.
pub(super) fn takes_years(path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let shape = key_of(&parts).map(|key| key.kind);
    matches!(shape, Some(Kind::Figure { shape: Shape::Path | Shape::Grades(_), .. }))
}

/// Changes the numbers of a figure, each kept inside the bounds of its key.
pub(super) fn change_figure(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::Name;
    use crate::experiment::Distribution;

    fn small(sets: &[&str]) -> Loaded {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        super::super::load(&root.join("tests/small"), &sets).expect("the small city")
    }

    fn factor(path: &str, how: How, unit: &str) -> Factor {
        let text = |text: &str| text.to_string();
        Factor {
            key: text("f"),
            name: Name { zh: text("f"), en: text("f") },
            paths: vec![text(path)],
            how,
            distribution: Distribution::uniform(0.0, 1.0).expect("a law"),
            unit: text(unit),
            source: text("assumption"),
            note: String::new(),
            from_year: None,
            optional: false,
        }
    }

    const RATE: &str = "enrolment.kindergarten.gross_rate";
    const SET: &str = "enrolment.kindergarten.gross_rate={ by_year = { 2020 = 90.0, 2022 = 91.0, 2025 = 92.0 }, unit = \"percent\", source = \"made-up\" }";

    fn rates(factor: &Factor, value: f64) -> Vec<f64> {
        let scenario = moved(&small(&[SET]), factor, value).expect("a scenario");
        let rate = &scenario.enrolment.kindergarten_rate;
        [2020, 2021, 2022, 2023, 2025, 2030].map(|year| 100.0 * rate.at(year)).to_vec()
    }

    fn near(found: &[f64], expected: &[f64]) {
        let gap = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(gap < 1e-9, "{found:?} and {expected:?}");
    }

    /// The path 90, 91 (2022), 92 (2025): set to 95 it moves by 3 after 2020, with 5 added by 5; times 1.1 to 100.1 and 101.2. A share
    /// is the same as its percentage.
    #[test]
    fn the_three_ways_by_hand() {
        near(
            &rates(&factor(RATE, How::Set, "percent"), 95.0),
            &[90.0, 92.0, 94.0, 94.0 + 1.0 / 3.0, 95.0, 95.0],
        );
        near(
            &rates(&factor(RATE, How::Set, "share"), 0.95),
            &[90.0, 92.0, 94.0, 94.0 + 1.0 / 3.0, 95.0, 95.0],
        );
        near(
            &rates(&factor(RATE, How::Add, "percent"), 5.0),
            &[90.0, 93.0, 96.0, 96.0 + 1.0 / 3.0, 97.0, 97.0],
        );
        near(
            &rates(&factor(RATE, How::Multiply, "ratio"), 1.1),
            &[90.0, 95.05, 100.1, 100.1 + 1.1 / 3.0, 101.2, 101.2],
        );
    }

    /// From 2030: to 2025 nothing changes, then a line to the drawn value; from 2023, where the path is 91⅓: the same amount from there.
    #[test]
    fn a_year_from_which_it_changes() {
        let from = |year| Factor { from_year: Some(year), ..factor(RATE, How::Set, "percent") };
        near(&rates(&from(2030), 95.0), &[90.0, 90.5, 91.0, 91.0 + 1.0 / 3.0, 92.0, 95.0]);
        near(&rates(&from(2023), 95.0), &[90.0, 90.5, 91.0, 94.0 + 1.0 / 3.0, 95.0, 95.0]);
    }

    /// A list by grade keeps its differences: its mean becomes the number.
    #[test]
    fn a_list_moves_whole_and_stays_inside_its_bounds() {
        let set = "enrolment.junior.retention={ value = [98.0, 100.0], unit = \"percent\", source = \"made-up\" }";
        let loaded = small(&[set]);
        let at = |value: f64, from_year: Option<Year>| {
            let path = "enrolment.junior.retention";
            let factor = Factor { from_year, ..factor(path, How::Set, "percent") };
            let scenario = moved(&loaded, &factor, value).expect("a scenario");
            let first = crate::axes::Stage::Junior.first_grade();
            [first, first + 1].map(|grade| {
                [2021, 2025].map(|y| 100.0 * scenario.enrolment.retention[grade].at(y))
            })
        };
        near(at(97.0, None).as_flattened(), &[96.0, 96.0, 98.0, 98.0]);
        near(at(97.0, Some(2025)).as_flattened(), &[97.6, 96.0, 99.6, 98.0]);
        near(at(135.0, None).as_flattened(), &[130.0, 130.0, 130.0, 130.0]);
    }

    #[test]
    fn whole_numbers_are_rounded_and_absent_figures_left_alone() {
        let loaded = small(&[]);
        let before = format!("{:?}", loaded.scenario.programmes);
        let absent = factor("programmes.nowhere.delay", How::Set, "years");
        let scenario = moved(&loaded, &absent, 2.0).expect("a scenario");
        assert_eq!(format!("{:?}", scenario.programmes), before);
        assert_eq!(format!("{:?}", scenario.vital), format!("{:?}", loaded.scenario.vital));
    }
}
