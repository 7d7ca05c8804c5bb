//! The factors of a sweep: paths that are figures of its scenarios, laws inside their bounds, sources.

use crate::city::Name;
use crate::experiment::{Distribution, Factor, How};
use crate::figure_change::takes_years;
use crate::keys::{Kind, Shape, key_of_any};
use crate::load::Load;
use crate::loaded::Loaded;
use crate::overlay::joined;
use crate::problem::{Position, nearest, suggest};
use crate::ranges::{UNUSED, Uncertain, range_of};
use crate::tree::{Node, Value};
use crate::units::Year;

use super::{law, range};

/// Columns of the draws that are no factor.
const RESERVED: [&str; 3] = ["draw", "scenario", "failed"];
/// Unit of a number that multiplies.
const RATIO: &str = "ratio";

/// What factors are read against.
pub(super) struct Context<'a> {
    /// Scenarios that could be loaded, in the order of the file.
    pub scenarios: &'a [Loaded],
    /// Keys of sources: of the city and of the sweep file.
    pub sources: Vec<String>,
}

/// All factors in file order; those with problems are left out, the problems noted.
pub(super) fn read(load: &mut Load, context: &Context, root: &Node) -> Vec<Factor> {
    let Some(table) = root.at("factors").and_then(Node::table) else { return Vec::new() };
    if table.entries.is_empty() {
        let position = root.at("factors").map(|node| node.position).unwrap_or_default();
        load.problem(position, "factors", "expected a factor, found none", "add [factors.NAME]");
    }
    let mut factors: Vec<Factor> = Vec::new();
    let mut taken: Vec<(String, String)> = Vec::new();
    for (key, position, node) in &table.entries {
        if RESERVED.contains(&key.as_str()) {
            let message = format!("expected another name: `{key}` is a column of every draw");
            load.problem(*position, &joined("factors", key), message, "rename the factor");
        }
        let of_node = node.at("path");
        for (path, position) in paths_of(node) {
            if let Some((_, other)) = taken.iter().find(|(known, _)| *known == path) {
                let message = format!("the factor {other} moves {path} too");
                let help = "a figure belongs to one factor: join the two, or take another figure";
                load.problem(position, &format!("factors.{key}.path"), message, help);
            }
            taken.push((path, key.clone()));
        }
        if of_node.is_some() {
            factors.extend(factor(load, context, key, node));
        }
    }
    factors
}

/// The paths of a factor with their places.
fn paths_of(node: &Node) -> Vec<(String, Position)> {
    let of = |node: &Node| Some((node.text()?.to_string(), node.position));
    match node.at("path").map(|path| (path, &path.value)) {
        Some((_, Value::List(items))) => items.iter().filter_map(of).collect(),
        Some((path, _)) => of(path).into_iter().collect(),
        None => Vec::new(),
    }
}

fn factor(load: &mut Load, context: &Context, key: &str, node: &Node) -> Option<Factor> {
    let prefix = joined("factors", key);
    let text = |name: &str| node.at(name).and_then(Node::text).map(str::to_string);
    let optional = matches!(node.at("optional").map(|n| &n.value), Some(Value::Flag(true)));
    let paths = paths_of(node);
    let mut is_sound = !paths.is_empty();
    for (path, position) in &paths {
        is_sound &= check_path(load, context, &prefix, (path, *position), optional);
    }
    check_source(load, &context.sources, &prefix, node);
    let how = How::parse(&text("how").unwrap_or_default());
    let known: Vec<&str> = paths.iter().map(|(path, _)| path.as_str()).collect();
    let unit = if is_sound { check_unit(load, &prefix, node, how, &known) } else { text("unit") };
    let from_year = from_year(load, context, &prefix, node, if is_sound { &known } else { &[] });
    let own = || own_law(context, how, &known, node);
    let at = joined(&prefix, "distribution");
    let law = node.at("distribution").and_then(|node| {
        // Of a path that is no figure nothing more is said.
        let is_own = node.at("kind").and_then(Node::text) == Some("figure");
        if is_own && !is_sound { None } else { law::read(load, &at, node, &own) }
    });
    let zh = text("name")?;
    let factor = Factor {
        key: key.to_string(),
        name: Name { en: text("name_en").unwrap_or_else(|| zh.clone()), zh },
        paths: known.iter().map(|path| path.to_string()).collect(),
        how: how?,
        distribution: law?,
        unit: unit?,
        source: text("source")?,
        note: text("note").unwrap_or_default(),
        from_year,
        optional,
    };
    if is_sound && let Some(law) = node.at("distribution") {
        range::check(load, context, &factor, (&at, law.position));
    }
    Some(factor)
}

/// A path must be a figure that runs use, of every scenario (of one, where the factor is optional).
fn check_path(
    load: &mut Load,
    context: &Context,
    prefix: &str,
    (path, position): (&str, Position),
    optional: bool,
) -> bool {
    let at = joined(prefix, "path");
    let Some(first) = context.scenarios.first() else { return false };
    let group = path.split('.').next().unwrap_or_default();
    if UNUSED.contains(&group) {
        let message = format!("no run uses {path}: [{group}] is read by other commands");
        load.problem(position, &at, message, "name a figure that a run uses");
        return false;
    }
    let has = |loaded: &&Loaded| is_number(loaded.tree.at(path), path);
    if !context.scenarios.iter().any(|loaded| has(&loaded)) {
        let (message, help) = match first.tree.at(path) {
            Some(node) if node.is_figure() => (
                format!("expected a figure of numbers, found {path}, a table in a file"),
                "a factor moves numbers of the TOML files".to_string(),
            ),
            Some(node) if node.is_group() => {
                let inside = figures_of(&first.tree).into_iter();
                let below = format!("{path}.");
                let inside: Vec<String> =
                    inside.filter(|known| known.starts_with(&below)).collect();
                (format!("{path} is a group and not a figure"), format!("of {}", inside.join(", ")))
            }
            Some(node) => (
                format!("{path} is a setting and no figure: {}", node.found()),
                "make a scenario of each setting".to_string(),
            ),
            None => (format!("no figure {path:?} in the scenarios"), near(context, path)),
        };
        load.problem(position, &at, message, help);
        return false;
    }
    match context.scenarios.iter().find(|loaded| !has(loaded)) {
        Some(without) if !optional => {
            let message = format!("the scenario {} has no {path}", without.scenario.key);
            let help = "add optional = true: the factor then leaves that scenario alone";
            load.problem(position, &at, message, help);
            false
        }
        _ => true,
    }
}

/// Whether a node is a figure that holds numbers.
fn is_number(node: Option<&Node>, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let shape = key_of_any(&parts).map(|key| key.kind);
    node.is_some_and(Node::is_figure)
        && matches!(shape, Some(Kind::Figure { shape, .. }) if shape != Shape::Table)
}

/// Paths of the figures of a tree that hold numbers which a run uses, in the order of the files.
pub(super) fn figures_of(tree: &Node) -> Vec<String> {
    fn walk(node: &Node, path: &str, found: &mut Vec<String>) {
        if is_number(Some(node), path) {
            found.push(path.to_string());
            return;
        }
        for (key, _, inner) in node.table().iter().flat_map(|table| &table.entries) {
            if !(path.is_empty() && (UNUSED.contains(&key.as_str()) || key == "resolved")) {
                walk(inner, &joined(path, key), found);
            }
        }
    }
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found
}

/// How to mend a path that leads nowhere: the nearest one, or those that share its last part.
fn near(context: &Context, path: &str) -> String {
    let mut known: Vec<String> = Vec::new();
    for loaded in context.scenarios {
        let new = figures_of(&loaded.tree).into_iter().filter(|path| !known.contains(path));
        known.extend(new.collect::<Vec<_>>());
    }
    let group = path.rsplit_once('.').map_or(path, |(group, _)| group);
    let siblings: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|known| known.rsplit_once('.').is_some_and(|(parent, _)| parent == group))
        .collect();
    match nearest(path, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if !siblings.is_empty() => format!("beside it stand {}", siblings.join(", ")),
        None => "name the path of a figure, as `xuewei show` lists them".to_string(),
    }
}

/// The source must be known, and an assumption says why.
pub(super) fn check_source(load: &mut Load, sources: &[String], prefix: &str, node: &Node) {
    let Some((source, at)) = node.at("source").and_then(|node| Some((node.text()?, node.position)))
    else {
        return;
    };
    if !sources.iter().any(|known| known == source) {
        let help = suggest(source, sources.iter().map(String::as_str));
        let message = format!("expected a source named under [sources], found {source:?}");
        load.problem(at, &joined(prefix, "source"), message, help);
    }
    let note = node.at("note").and_then(Node::text).unwrap_or_default();
    if source == "assumption" && note.trim().is_empty() {
        let message = "expected a note beside an assumption, found none";
        load.problem(at, prefix, message, "add note = \"…\", why this and not another");
    }
}

/// The unit of the drawn number: one of every figure's, or a ratio.
fn check_unit(
    load: &mut Load,
    prefix: &str,
    node: &Node,
    how: Option<How>,
    paths: &[&str],
) -> Option<String> {
    let (unit, position) = node.at("unit").and_then(|n| Some((n.text()?, n.position)))?;
    let mut fits: Vec<&str> = match how? {
        How::Multiply => vec![RATIO],
        _ => crate::units::UNITS.to_vec(),
    };
    if how? != How::Multiply {
        for path in paths {
            let parts: Vec<&str> = path.split('.').collect();
            if let Some(Kind::Figure { units, .. }) = key_of_any(&parts).map(|key| key.kind) {
                fits.retain(|unit| units.contains(unit));
            }
        }
    }
    if fits.contains(&unit) {
        return Some(unit.to_string());
    }
    let wanted: Vec<String> = fits.iter().map(|unit| format!("{unit:?}")).collect();
    let (message, help) = match fits.first() {
        Some(first) => (
            format!("expected the unit {}, found {unit:?}", wanted.join(" or ")),
            format!("write unit = \"{first}\""),
        ),
        None => (
            "its figures have no unit in common".to_string(),
            "write how = \"multiply\" with unit = \"ratio\", or make two factors".to_string(),
        ),
    };
    load.problem(position, &joined(prefix, "unit"), message, help);
    None
}

/// The first year that changes: after the base year, of figures that may have years.
fn from_year(
    load: &mut Load,
    context: &Context,
    prefix: &str,
    node: &Node,
    paths: &[&str],
) -> Option<Year> {
    let from = node.at("from")?;
    let Value::Whole(year) = from.value else { return None };
    let city = &context.scenarios.first()?.scenario.city;
    let at = joined(prefix, "from");
    if year <= i64::from(city.base_year) || year > i64::from(city.horizon) {
        let (first, last) = (city.base_year + 1, city.horizon);
        let message = format!("expected a year of the run from {first} to {last}, found {year}");
        load.problem(from.position, &at, message, "leave it out: every year after the base year");
        return None;
    }
    if let Some(path) = paths.iter().find(|path| !takes_years(path)) {
        let message = format!("{path} is the same in every year");
        load.problem(from.position, &at, message, "remove from");
        return None;
    }
    Some(year as Year)
}

/// The law that a figure's own `low` and `high` give; the scenarios must agree on it.
fn own_law(
    context: &Context,
    how: Option<How>,
    paths: &[&str],
    node: &Node,
) -> Result<Distribution, (String, String)> {
    let bounded = "write kind = \"triangular\" with low, mode and high".to_string();
    let [path] = paths else {
        return Err(("expected one path beside a law of the kind figure".to_string(), bounded));
    };
    if how != Some(How::Set) {
        return Err((
            "expected how = \"set\" beside a law of the kind figure".to_string(),
            "the range of a figure is one of its values".to_string(),
        ));
    }
    let mut first: Option<Uncertain> = None;
    for loaded in context.scenarios {
        let Some(figure) = loaded.tree.at(path) else { continue };
        let Some(range) = range_of(figure, path) else {
            let key = &loaded.scenario.key;
            return Err((format!("{path} has no low and high in the scenario {key}"), bounded));
        };
        if first.as_ref().is_some_and(|first| *first != range) {
            let key = &loaded.scenario.key;
            let message = format!("{path} has another range in the scenario {key}");
            return Err((message, bounded));
        }
        first = Some(range);
    }
    let Some(range) = first else { return Err((format!("no figure {path}"), bounded)) };
    if node.at("unit").and_then(Node::text) != Some(range.unit.as_str()) {
        let message = format!("expected the unit of the figure, {:?}", range.unit);
        return Err((message, format!("write unit = {:?}", range.unit)));
    }
    Distribution::two_piece(range.value, range.low, range.high)
        .map_err(|fault| (fault.message, fault.help))
}
