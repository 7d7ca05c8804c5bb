//! Figures: a value with unit and source, read from its node and checked against the table of keys.

use std::collections::BTreeMap;

use crate::axes::{Stage, Stages};
use crate::units::{Path, Year, unit_factor};

use super::keys::{Key, Kind, Shape};
use super::load::Load;
use super::problem::{Position, suggest};
use super::tree::{Node, Value};

/// What a figure holds, in the units used inside (shares, yuan, counts).
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// One number or a list.
    Constant(Vec<f64>),
    /// Numbers or lists by year, ascending.
    ByYear(Vec<(Year, Vec<f64>)>),
    /// A table in a file, as named.
    Table(String),
}

/// A checked figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it holds.
    pub values: Values,
    /// Unit as written.
    pub unit: String,
    /// Key of its source.
    pub source: String,
    /// Its 10th percentile, in the unit used inside, where stated.
    pub low: Option<f64>,
    /// Its 90th percentile.
    pub high: Option<f64>,
    /// Where it stands.
    pub position: Position,
}

impl Figure {
    /// The first number.
    pub fn scalar(&self) -> f64 {
        match &self.values {
            Values::Constant(list) => list.first().copied().unwrap_or(0.0),
            Values::ByYear(years) => {
                years.first().and_then(|(_, l)| l.first().copied()).unwrap_or(0.0)
            }
            Values::Table(_) => 0.0,
        }
    }

    /// The `idx`-th number as a dated path; one number stands for every index.
    pub fn path(&self, idx: usize) -> Path {
        let pick = |list: &[f64]| *list.get(idx).or(list.first()).unwrap_or(&0.0);
        match &self.values {
            Values::Constant(list) => Path::constant(pick(list)),
            Values::ByYear(years) => {
                Path::through(years.iter().map(|(year, list)| (*year, pick(list))).collect())
            }
            Values::Table(_) => Path::constant(0.0),
        }
    }

    /// The list of a constant.
    pub fn list(&self) -> Vec<f64> {
        match &self.values {
            Values::Constant(list) => list.clone(),
            _ => Vec::new(),
        }
    }
}

/// Keys that a figure may have.
const FIGURE_KEYS: [&str; 9] =
    ["value", "by_year", "table", "unit", "source", "low", "high", "note", "origin"];

/// Reads the figure at a path, noting every problem; `None` if it cannot be used.
pub fn read(
    load: &mut Load,
    sources: &[String],
    key: &Key,
    path: &str,
    node: &Node,
) -> Option<Figure> {
    let Kind::Figure { units, least, most, shape, whole } = key.kind else {
        return None;
    };
    let before = load.problems.list.len();
    let Some(table) = node.table() else {
        let example =
            format!("write {{ value = …, unit = \"{}\", source = \"assumption\" }}", units[0]);
        let message = format!("expected a figure with unit and source, found {}", node.found());
        load.problem(node.position, path, message, example);
        return None;
    };
    for (name, position, _) in &table.entries {
        if !FIGURE_KEYS.contains(&name.as_str()) {
            let help = suggest(name, FIGURE_KEYS);
            load.problem(*position, &format!("{path}.{name}"), "no such part of a figure", help);
        }
    }
    for name in ["note", "origin"] {
        if let Some(part) = node.at(name).filter(|part| part.text().is_none()) {
            let message = format!("expected a text, found {}", part.found());
            let help = format!("write {name} = \"…\"");
            load.problem(part.position, &format!("{path}.{name}"), message, help);
        }
    }
    let unit = unit_of(load, path, node, units);
    check_source(load, sources, path, node);
    let factor = unit_factor(&unit) / unit_factor(units[0]);
    let bounds = Bounds { least: least / factor, most: most / factor, whole, unit: &unit };
    let (bounds_low, bounds_high) = (table.get("low"), table.get("high"));
    let values = values_of(load, path, node, shape, &bounds)?;
    let value = match &values {
        Values::Constant(list) => list.first().copied(),
        _ => None,
    };
    check_range(load, path, bounds_low, bounds_high, value);
    if load.problems.list.len() > before {
        return None;
    }
    let values = values.scaled(unit_factor(&unit));
    let bound = |name: &str| Some(node.at(name)?.number()? * unit_factor(&unit));
    let (low, high) = (bound("low"), bound("high"));
    let source = node.at("source").and_then(Node::text).unwrap_or_default().to_string();
    Some(Figure { values, unit, source, low, high, position: node.position })
}

impl Values {
    /// Every number multiplied by a factor.
    fn scaled(self, factor: f64) -> Self {
        let scaled = |list: Vec<f64>| list.into_iter().map(|v| v * factor).collect();
        match self {
            Values::Constant(list) => Values::Constant(scaled(list)),
            Values::ByYear(years) => {
                Values::ByYear(years.into_iter().map(|(y, list)| (y, scaled(list))).collect())
            }
            table => table,
        }
    }
}

/// What a figure holds, in the unit of the file; `None` where it has not the form that its key takes.
fn values_of(
    load: &mut Load,
    path: &str,
    node: &Node,
    shape: Shape,
    bounds: &Bounds,
) -> Option<Values> {
    let wanted = expected_length(load.stages(), path, shape);
    match (node.at("value"), node.at("by_year"), node.at("table")) {
        (Some(value), None, None) if shape != Shape::Table => {
            Some(Values::Constant(numbers(load, path, value, wanted, bounds)))
        }
        (None, Some(years), None)
            if matches!(shape, Shape::Path | Shape::Grades(_) | Shape::Retentions) =>
        {
            Some(Values::ByYear(by_year(load, path, years, wanted, bounds)))
        }
        (None, None, Some(file)) if shape == Shape::Table => {
            if file.text().is_none() {
                let message = format!("expected the path of a file, found {}", file.found());
                load.problem(file.position, path, message, "");
            }
            file.text().map(|name| Values::Table(name.to_string()))
        }
        _ => {
            let forms = match shape {
                Shape::Scalar | Shape::List(_) | Shape::Weights => "`value`",
                Shape::Path | Shape::Grades(_) | Shape::Retentions => {
                    "one of `value` and `by_year`"
                }
                Shape::Table => "`table`",
            };
            let keys: Vec<&str> = node.table().map(|t| t.keys().collect()).unwrap_or_default();
            let message = format!("expected {forms}, found the keys {}", keys.join(", "));
            let help = "a figure has one value, paths by year, or a table";
            load.problem(node.position, path, message, help);
            None
        }
    }
}

/// A bound so high that nobody meets it by mistake; it is not told.
const BOUNDLESS: f64 = 1e9;

struct Bounds<'a> {
    least: f64,
    most: f64,
    whole: bool,
    unit: &'a str,
}

impl Bounds<'_> {
    fn describe(&self) -> String {
        let kind = if self.whole { "whole " } else { "" };
        if self.most >= BOUNDLESS {
            return format!("{kind}{} from {}", self.unit, tidy(self.least));
        }
        format!("{kind}{} from {} to {}", self.unit, tidy(self.least), tidy(self.most))
    }
}

fn tidy(number: f64) -> String {
    format!("{}", (number * 1e9).round() / 1e9)
}

/// Numbers that a list of this shape must have; `None` for any, `Some(1)` for one only.
fn expected_length(stages: &'static Stages, path: &str, shape: Shape) -> Option<usize> {
    let of_stage = |n: fn(Stage) -> usize| {
        path.split('.').find_map(|part| stages.parse(part)).map(n).or(Some(1))
    };
    match shape {
        Shape::Scalar | Shape::Path | Shape::Table => Some(1),
        Shape::Grades(0) | Shape::Weights => of_stage(Stage::n_grades),
        Shape::Retentions => of_stage(Stage::n_retentions),
        Shape::Grades(n) => Some(n),
        Shape::List(0) => None,
        Shape::List(n) => Some(n),
    }
}

fn unit_of(load: &mut Load, path: &str, node: &Node, units: &[&str]) -> String {
    match node.at("unit") {
        Some(unit) => match unit.text() {
            Some(text) if units.contains(&text) => text.to_string(),
            _ => {
                let message =
                    format!("expected the unit {}, found {}", one_of(units), unit.found());
                load.problem(
                    unit.position,
                    &format!("{path}.unit"),
                    message,
                    format!("write unit = \"{}\"", units[0]),
                );
                units[0].to_string()
            }
        },
        None => {
            let message = format!("expected a unit ({}), found none", one_of(units));
            load.problem(node.position, path, message, format!("add unit = \"{}\"", units[0]));
            units[0].to_string()
        }
    }
}

fn one_of(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ")
}

fn check_source(load: &mut Load, sources: &[String], path: &str, node: &Node) {
    match node.at("source") {
        Some(source) => {
            let known = source
                .text()
                .is_some_and(|s| s == "command line" || sources.iter().any(|name| name == s));
            if !known {
                let name = source.text().unwrap_or_default();
                let help = suggest(name, sources.iter().map(String::as_str));
                let message =
                    format!("expected a source named under [sources], found {}", source.found());
                load.problem(source.position, &format!("{path}.source"), message, help);
            }
        }
        None => load.problem(
            node.position,
            path,
            "expected a source, found none",
            "add source = \"…\": a key of [sources], or \"assumption\"",
        ),
    }
}

fn check_range(
    load: &mut Load,
    path: &str,
    low: Option<&Node>,
    high: Option<&Node>,
    value: Option<f64>,
) {
    for (node, name, is_wrong) in [
        (low, "low", (|bound, value| bound > value) as fn(f64, f64) -> bool),
        (high, "high", |bound, value| bound < value),
    ] {
        let Some(node) = node else { continue };
        let message = match (node.number().filter(|bound| bound.is_finite()), value) {
            (Some(bound), Some(value)) if is_wrong(bound, value) => {
                let side = if name == "low" { "at most" } else { "at least" };
                format!("expected a number {side} the value {value}, found {}", node.found())
            }
            (Some(_), _) => continue,
            (None, _) => format!("expected a number, found {}", node.found()),
        };
        load.problem(node.position, &format!("{path}.{name}"), message, "");
    }
}

fn by_year(
    load: &mut Load,
    path: &str,
    node: &Node,
    wanted: Option<usize>,
    bounds: &Bounds,
) -> Vec<(Year, Vec<f64>)> {
    let Some(table) = node.table().filter(|table| !table.entries.is_empty()) else {
        let message = format!("expected values by year, found {}", node.found());
        load.problem(node.position, path, message, "write by_year = { 2020 = …, 2025 = … }");
        return Vec::new();
    };
    let mut years = Vec::new();
    let mut lines: BTreeMap<Year, u32> = BTreeMap::new();
    for (key, position, value) in &table.entries {
        match key.parse::<Year>() {
            Ok(year) if (1900..=2200).contains(&year) => {
                // `2020` and `"02020"` are two keys and one year.
                if let Some(line) = lines.insert(year, position.line) {
                    let message = format!("the year {year} stands already in line {line}");
                    load.problem(*position, path, message, "keep one value for every year");
                }
                years.push((year, numbers(load, path, value, wanted, bounds)));
            }
            _ => load.problem(
                *position,
                path,
                format!("expected a year from 1900 to 2200, found {key}"),
                "write by_year = { 2020 = …, 2025 = … }",
            ),
        }
    }
    years.sort_by_key(|(year, _)| *year);
    years
}

fn numbers(
    load: &mut Load,
    path: &str,
    node: &Node,
    wanted: Option<usize>,
    bounds: &Bounds,
) -> Vec<f64> {
    let items: Vec<&Node> = match &node.value {
        Value::List(items) if wanted != Some(1) || items.len() == 1 => items.iter().collect(),
        _ => vec![node],
    };
    let is_list = matches!(node.value, Value::List(_));
    if let (Some(n), true) = (wanted, is_list && wanted != Some(1))
        && items.len() != n
    {
        let message = format!("expected {n} numbers, found {}", items.len());
        load.problem(node.position, path, message, "one for every grade, in order");
    }
    let mut values = Vec::new();
    for item in items {
        let number = item.number().filter(|n| {
            n.is_finite()
                && (bounds.least..=bounds.most).contains(n)
                && (!bounds.whole || n.fract() == 0.0)
        });
        match number {
            Some(number) => values.push(number),
            None => {
                let message = format!("expected {}, found {}", bounds.describe(), item.found());
                let help = match &item.value {
                    Value::List(_) => {
                        "write one number, or by_year = { 2020 = …, 2025 = … }".to_string()
                    }
                    _ => mend(item, bounds),
                };
                load.problem(item.position, path, message, help);
            }
        }
    }
    values
}

/// A guess at what was meant, for common slips.
fn mend(node: &Node, bounds: &Bounds) -> String {
    const WORDS: [&str; 11] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let guess = match &node.value {
        Value::Text(text) => text.trim().parse::<f64>().ok().or_else(|| {
            WORDS.iter().position(|word| word.eq_ignore_ascii_case(text)).map(|n| n as f64)
        }),
        Value::Number(number) if bounds.whole => Some(number.round()),
        Value::Whole(whole) if bounds.unit == "share" => Some(*whole as f64 / 100.0),
        _ => None,
    };
    match guess {
        Some(guess) if (bounds.least..=bounds.most).contains(&guess) => format!("write {guess}"),
        _ => String::new(),
    }
}
