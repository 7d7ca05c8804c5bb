//! The design of a sweep, and which factors are correlated.

use std::path::Path;

use crate::experiment::{Correlation, DesignSpec, Factor, Kind};
use crate::load::Load;
use crate::overlay::joined;
use crate::problem::{Position, suggest};
use crate::table::{self, Column};
use crate::tree::{Node, Value};

use super::factor::{Context, check_source};
use super::keys::taken_by;
use super::range;

/// Most rows of a grid.
const MOST_ROWS: f64 = 1e12;
/// Numbers of a table of points are this large at most.
const LARGEST: f64 = 1e15;

/// Reads `[design]`; `factors` are those that could be read, `n_factors` those that the file names.
pub(super) fn read(
    load: &mut Load,
    context: &Context,
    root: &Node,
    (factors, n_factors): (&[Factor], usize),
    folder: &Path,
) -> Option<DesignSpec> {
    let node = root.at("design")?;
    let kind = Kind::parse(node.at("kind")?.text()?)?;
    check_keys(load, node, kind);
    let whole = |key: &str| match node.at(key).map(|node| &node.value) {
        Some(Value::Whole(whole)) => u64::try_from(*whole).unwrap_or(0),
        _ => 0,
    };
    let flag = |key: &str, default: bool| match node.at(key).map(|node| &node.value) {
        Some(Value::Flag(flag)) => *flag,
        _ => default,
    };
    let mut design = DesignSpec {
        kind,
        draws: whole("draws"),
        block: None,
        seed: whole("seed"),
        scramble: flag("scramble", true),
        second_order: flag("second_order", false),
        levels: whole("levels"),
        levels_by_factor: Vec::new(),
        candidates: whole("candidates"),
        table: None,
        rows: Vec::new(),
    };
    check_numbers(load, node, &design);
    if kind == Kind::Grid {
        let levels = factors.iter().map(|factor| factor.distribution.n_even_values());
        design.levels_by_factor = levels.map(|n| n.unwrap_or(design.levels)).collect();
        let rows: f64 = design.levels_by_factor.iter().map(|levels| *levels as f64).product();
        if rows > MOST_ROWS {
            let message = format!("expected a grid of up to a trillion rows, found {rows:.0}");
            let help = "take fewer levels or factors, or kind = \"latin-hypercube\"";
            load.problem(node.position, "design", message, help);
        }
    }
    if let (Kind::Table, Some((name, at))) = (kind, text_at(node, "table")) {
        let path = folder.join(name);
        if factors.len() == n_factors {
            design.rows = points(load, context, factors, &path, at);
        }
        design.table = Some(path);
    }
    Some(design)
}

fn text_at<'a>(node: &'a Node, key: &str) -> Option<(&'a str, Position)> {
    node.at(key).and_then(|node| Some((node.text()?, node.position)))
}

/// Notes keys that the kind does not take, and those that it needs and are absent.
fn check_keys(load: &mut Load, node: &Node, kind: Kind) {
    let (taken, needed) = taken_by(kind);
    for (key, position, _) in node.table().iter().flat_map(|table| &table.entries) {
        let is_known = super::keys::key_of(&joined("design", key)).is_some();
        if is_known && key != "kind" && !taken.contains(&key.as_str()) {
            let message = format!("a design of the kind {} takes no `{key}`", kind.key());
            let help = format!("it takes: {}", taken.join(", "));
            load.problem(*position, &joined("design", key), message, help);
        }
    }
    for key in needed {
        if node.at(key).is_none() {
            let message = format!("is missing: a design of the kind {} needs it", kind.key());
            let help = match *key {
                "seed" => "add seed = 1: the draws are the same for the same seed".to_string(),
                key => format!("add {key} = …"),
            };
            load.problem(node.position, &joined("design", key), message, help);
        }
    }
}

/// Notes numbers that do not go together.
fn check_numbers(load: &mut Load, node: &Node, design: &DesignSpec) {
    let at = |key: &str| node.at(key).map(|node| node.position);
    if let (Kind::Morris, Some(position)) = (design.kind, at("levels"))
        && design.levels % 2 == 1
    {
        let message = format!("expected an even number, found {}", design.levels);
        let help = "a step is half of the levels: write levels = 4";
        load.problem(position, "design.levels", message, help);
    }
    if let (Kind::Morris, Some(position)) = (design.kind, at("candidates"))
        && design.candidates < design.draws
    {
        let (draws, found) = (design.draws, design.candidates);
        let message = format!("expected at least the {draws} trajectories of draws, found {found}");
        load.problem(position, "design.candidates", message, "raise it, or leave it out");
    }
    if let (Kind::Sobol | Kind::Saltelli, Some(position)) = (design.kind, at("draws"))
        && !design.draws.is_power_of_two()
    {
        let next = design.draws.max(1).next_power_of_two();
        let message = format!("{} is no power of two", design.draws);
        let help = format!("a Sobol' sequence is balanced after {} or {next} points", next / 2);
        load.warning(position, "design.draws", message, help);
    }
}

/// The rows of the user's own table: a column a factor, values in its unit and inside its figures' bounds.
fn points(
    load: &mut Load,
    context: &Context,
    factors: &[Factor],
    path: &Path,
    at: Position,
) -> Vec<Vec<f64>> {
    let columns: Vec<Column> =
        factors.iter().map(|factor| table::column(&factor.key, &[], true)).collect();
    let Some(table) = table::read(load, path, (at, "design.table"), &columns) else {
        return Vec::new();
    };
    if table.n_rows() == 0 {
        let whole = Position { file: table.file, line: 0, column: 0 };
        load.problem(whole, "", "expected rows of points, found none", "one row is one draw");
    }
    let mut rows = Vec::new();
    let mut beyond: Vec<Vec<(usize, f64)>> = vec![Vec::new(); factors.len()];
    for row in 0..table.n_rows() {
        let mut values = Vec::with_capacity(factors.len());
        for (factor, beyond) in factors.iter().zip(&mut beyond) {
            let value = table.number(load, row, factor.key.as_str(), (-LARGEST, LARGEST), true);
            let Some(value) = value else { continue };
            let wrong = context.scenarios.iter().find_map(|loaded| {
                factor.paths.iter().find_map(|path| range::outside(loaded, factor, path, value))
            });
            if let Some(message) = wrong {
                load.problem(table.at(row), &factor.key, message, "");
            } else if !is_within(factor, value) {
                beyond.push((row, value));
            }
            values.push(value);
        }
        if values.len() == factors.len() {
            rows.push(values);
        }
    }
    for (factor, beyond) in factors.iter().zip(&beyond) {
        note_beyond(load, &table, factor, beyond);
    }
    rows
}

/// Whether a value lies between the ends of its factor's law.
fn is_within(factor: &Factor, value: f64) -> bool {
    let (low, high) = factor.distribution.bounds();
    let slack = 1e-9 * (1.0 + value.abs());
    value >= low - slack && value <= high + slack
}

/// Notes values of a table that the law of their factor never takes, with their rows.
fn note_beyond(
    load: &mut Load,
    table: &table::TableFile,
    factor: &Factor,
    beyond: &[(usize, f64)],
) {
    let Some((row, value)) = beyond.first() else { return };
    let (low, high) = factor.distribution.bounds();
    let others = match beyond.len() {
        1 => String::new(),
        n => format!("; {n} rows lie outside"),
    };
    let ends = match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("from {low} to {high}"),
        (true, false) => format!("from {low}"),
        _ => format!("up to {high}"),
    };
    let message = format!("expected a number of its law, {ends}, found {value}{others}");
    let help = "the rows are run as they are: mend them, or widen the law of the factor";
    load.warning(table.at(*row), &factor.key, message, help);
}

/// Reads `[[correlations]]`; `names` are the factors that the file names.
pub(super) fn correlations(
    load: &mut Load,
    context: &Context,
    root: &Node,
    names: &[String],
    design: Option<Kind>,
) -> Option<Correlation> {
    let Value::List(items) = &root.at("correlations")?.value else { return None };
    if let (Some(kind), Some(first)) =
        (design.filter(|kind| kind.needs_independence()), items.first())
    {
        let message =
            format!("expected independent factors: the analysis of {} takes them so", kind.key());
        let help = "remove the correlations, or write kind = \"sobol\" in [design]";
        load.problem(first.position, "correlations", message, help);
        return None;
    }
    let before = load.problems.list.len();
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for (idx, item) in items.iter().enumerate() {
        let prefix = format!("correlations[{}]", idx + 1);
        check_source(load, &context.sources, &prefix, item);
        let pair = pair(load, &prefix, item, names);
        let value = value(load, &prefix, item);
        let (Some((a, b)), Some(value)) = (pair, value) else { continue };
        if pairs.iter().any(|(x, y, _)| (*x, *y) == (a, b)) {
            let message = format!("{} and {} are correlated twice", names[a], names[b]);
            load.problem(item.position, &prefix, message, "remove one of the two");
        }
        pairs.push((a, b, value));
    }
    if pairs.is_empty() || load.problems.list.len() > before {
        return None;
    }
    match Correlation::new(&pairs) {
        Ok(correlation) => Some(correlation),
        Err(not) => {
            let told: Vec<String> = pairs
                .iter()
                .map(|(a, b, value)| format!("{} and {} {value}", names[*a], names[*b]))
                .collect();
            let message = format!(
                "expected a correlation matrix, found one whose smallest eigenvalue is {:.4}: {}",
                not.smallest_eigenvalue,
                told.join(", ")
            );
            let help = "no numbers can be correlated so: bring the values nearer to 0";
            let position = items.first().map(|item| item.position).unwrap_or_default();
            load.problem(position, "correlations", message, help);
            None
        }
    }
}

/// Two different factors, the earlier one of the file first.
fn pair(load: &mut Load, prefix: &str, item: &Node, names: &[String]) -> Option<(usize, usize)> {
    let node = item.at("factors")?;
    let Value::List(texts) = &node.value else { return None };
    let at = joined(prefix, "factors");
    if texts.len() != 2 {
        let message = format!("expected two factors, found {}", texts.len());
        load.problem(node.position, &at, message, "write a table [[correlations]] for every pair");
        return None;
    }
    let mut found: Vec<usize> = Vec::new();
    for text in texts {
        let name = text.text()?;
        match names.iter().position(|known| known == name) {
            Some(idx) => found.push(idx),
            None => {
                let help = suggest(name, names.iter().map(String::as_str));
                load.problem(text.position, &at, format!("no factor {name:?}"), help);
            }
        }
    }
    match found.as_slice() {
        [a, b] if a == b => {
            let message = format!("expected two factors, found {} twice", names[*a]);
            load.problem(node.position, &at, message, "name the other one");
            None
        }
        [a, b] => Some((*a.min(b), *a.max(b))),
        _ => None,
    }
}

/// A correlation between −1 and 1, neither of them.
fn value(load: &mut Load, prefix: &str, item: &Node) -> Option<f64> {
    let node = item.at("value")?;
    let value = node.number().filter(|value| (-1.0..=1.0).contains(value))?;
    if value.abs() == 1.0 {
        let message = format!("expected a correlation between -1 and 1, found {value}");
        let help = "factors that move as one are one factor with a list of paths";
        load.problem(node.position, &joined(prefix, "value"), message, help);
        return None;
    }
    Some(value)
}
