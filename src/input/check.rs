//! Walks a tree against the table of keys: unknown keys, wrong kinds, missing keys.

use std::collections::BTreeMap;

use crate::axes::{Stage, Stages};

use super::figure;
use super::figures::Figures;
use super::keys::{KEYS, Key, Kind, children_of, key_of, names_of};
use super::load::Load;
use super::problem::{Position, nearest, suggest};
use super::tree::{Node, Table, Value};

/// A tree whose every key is known: figures read, texts and flags at hand by path.
#[derive(Debug)]
pub struct Checked {
    /// Stages of the city.
    pub stages: &'static Stages,
    /// Figures by path.
    pub figures: Figures,
    /// Everything else by path.
    pub settings: BTreeMap<String, Node>,
    /// Names below a group, in file order.
    pub names: BTreeMap<String, Vec<String>>,
    /// Where every group and key stands.
    pub positions: BTreeMap<String, Position>,
}

impl Checked {
    /// Nothing yet, of a city with these stages.
    pub(super) fn of(stages: &'static Stages) -> Self {
        Checked {
            stages,
            figures: Figures::default(),
            settings: BTreeMap::new(),
            names: BTreeMap::new(),
            positions: BTreeMap::new(),
        }
    }

    /// The stage that a setting names.
    pub fn stage(&self, path: &str) -> Option<Stage> {
        self.stages.parse(self.text(path)?)
    }

    /// The names below a group, in file order.
    pub fn names_of(&self, group: &str) -> Vec<String> {
        self.names.get(group).cloned().unwrap_or_default()
    }

    /// The text of a setting.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.settings.get(path)?.text()
    }

    /// The texts of a setting with their places.
    pub fn texts(&self, path: &str) -> Option<Vec<(String, Position)>> {
        match &self.settings.get(path)?.value {
            Value::List(items) => Some(
                items
                    .iter()
                    .filter_map(|item| Some((item.text()?.to_string(), item.position)))
                    .collect(),
            ),
            _ => None,
        }
    }

    /// A flag, false where absent.
    pub fn flag(&self, path: &str) -> bool {
        matches!(self.settings.get(path).map(|node| &node.value), Some(Value::Flag(true)))
    }

    /// A whole number.
    pub fn whole(&self, path: &str) -> Option<i64> {
        match self.settings.get(path)?.value {
            Value::Whole(whole) => Some(whole),
            _ => None,
        }
    }

    /// Two whole numbers.
    pub fn span(&self, path: &str) -> Option<(i64, i64)> {
        match &self.settings.get(path)?.value {
            Value::List(items) => match (&items.first()?.value, &items.get(1)?.value) {
                (Value::Whole(a), Value::Whole(b)) => Some((*a, *b)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Where the value of a setting stands.
    pub fn value_position(&self, path: &str) -> Position {
        self.settings.get(path).map_or_else(|| self.position(path), |node| node.position)
    }

    /// Where a key or group stands; the start of the first file where it is absent.
    pub fn position(&self, path: &str) -> Position {
        self.positions.get(path).copied().unwrap_or_default()
    }
}

/// Checks a whole tree.
pub fn check(load: &mut Load, tree: &Node) -> Checked {
    let (stages, faults) = super::stages::read(tree);
    load.stages = Some(stages);
    let mut checked = Checked::of(stages);
    let sources: Vec<String> = tree
        .at("sources")
        .and_then(Node::table)
        .map(|table| table.keys().map(str::to_string).collect())
        .unwrap_or_default();
    if let Some(root) = tree.table() {
        walk(load, &sources, root, &mut Vec::new(), &mut checked);
    }
    missing(load, tree, &mut checked);
    super::stages::note(load, &checked, faults);
    checked
}

fn walk(
    load: &mut Load,
    sources: &[String],
    table: &Table,
    path: &mut Vec<String>,
    checked: &mut Checked,
) {
    let joined = path.join(".");
    checked.names.insert(joined, table.keys().map(str::to_string).collect());
    let (fixed, any_name) = {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        children_of(checked.stages, &parts)
    };
    for (name, position, node) in &table.entries {
        if path.is_empty() && (name == "format" || name == "resolved") {
            continue;
        }
        if any_name
            && !fixed.contains(&name.as_str())
            && !is_name(load, &path.join("."), name, *position)
        {
            continue;
        }
        path.push(name.clone());
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let dotted = path.join(".");
        checked.positions.insert(dotted.clone(), *position);
        if let Some(key) = key_of(checked.stages, &parts) {
            read_key(load, sources, key, &dotted, node, checked);
        } else if has_children(checked.stages, &parts) {
            match node.table() {
                Some(inner) => walk(load, sources, inner, path, checked),
                None => {
                    let message = format!("expected a group of keys, found {}", node.found());
                    load.problem(node.position, &dotted, message, format!("write [{dotted}]"));
                }
            }
        } else {
            let (known, _) = children_of(checked.stages, &parts[..parts.len() - 1]);
            load.problem(*position, &dotted, "no such key", suggest(name, known));
        }
        path.pop();
    }
}

/// Whether anything may stand below a path.
fn has_children(stages: &'static Stages, path: &[&str]) -> bool {
    let (children, any_name) = children_of(stages, path);
    any_name || !children.is_empty()
}

/// Whether a name that the file chooses can stand in paths and tables; else that is noted.
pub(super) fn is_name(load: &mut Load, group: &str, name: &str, position: Position) -> bool {
    let shown = format!("{group}.{}", super::tree::quote(name));
    let is_plain = !name.is_empty()
        && name.chars().count() <= 100
        && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if !is_plain {
        let message =
            format!("expected letters, digits, - and _, found {}", super::tree::quote(name));
        let help = if name.contains('.') {
            "a dot separates the levels of a path"
        } else {
            "the name stands in paths and tables"
        };
        load.problem(position, &shown, message, help);
    } else if group == "districts" && name == "all" {
        let message = "expected another name: `all` stands for totals in every table";
        load.problem(position, "districts.all", message, "choose another key than `all`");
    }
    is_plain
}

fn read_key(
    load: &mut Load,
    sources: &[String],
    key: &Key,
    path: &str,
    node: &Node,
    checked: &mut Checked,
) {
    if let Kind::Figure { .. } = key.kind {
        if let Some(figure) = figure::read(load, sources, key, path, node) {
            checked.figures.insert(path, figure);
        }
        return;
    }
    let stages = checked.stages;
    let (is_right, expected) = expected(stages, key.kind, node);
    if is_right {
        checked.settings.insert(path.to_string(), node.clone());
    } else {
        let help = match (key.kind, node.text()) {
            (Kind::Choice(words), Some(text)) => nearest(text, words.iter().copied())
                .map_or_else(String::new, |near| format!("did you mean `{near}`?")),
            (Kind::Stage, Some(text)) => nearest(text, stages.keys())
                .map_or_else(String::new, |near| format!("did you mean `{near}`?")),
            _ => format!("it holds {}", key.meaning),
        };
        load.problem(
            node.position,
            path,
            format!("expected {expected}, found {}", node.found()),
            help,
        );
    }
}

/// Whether a setting holds what its key takes, and what that is.
fn expected(stages: &'static Stages, kind: Kind, node: &Node) -> (bool, String) {
    match kind {
        Kind::Text | Kind::File => {
            (node.text().is_some_and(|t| !t.trim().is_empty()), "a text".to_string())
        }
        Kind::Flag => (matches!(node.value, Value::Flag(_)), "true or false".to_string()),
        Kind::Whole(least, most) => (
            matches!(node.value, Value::Whole(n) if (least..=most).contains(&n)),
            format!("a whole number from {least} to {most}"),
        ),
        Kind::Span(least, most) => {
            (is_span(node, least, most), format!("[first, last] in order, from {least} to {most}"))
        }
        Kind::Pair(least, most) => (
            pair(node).is_some_and(|ends| ends.iter().all(|n| (least..=most).contains(n))),
            format!("two whole numbers from {least} to {most}"),
        ),
        Kind::Texts => (
            matches!(&node.value, Value::List(items) if !items.is_empty() && items.iter().all(|i| i.text().is_some())),
            "a list of at least one text".to_string(),
        ),
        Kind::Choice(words) => (
            node.text().is_some_and(|text| words.contains(&text)),
            format!("one of {}", words.join(", ")),
        ),
        Kind::Stage => (
            node.text().is_some_and(|text| stages.keys().any(|key| key == text)),
            format!("one of {}", stages.keys().collect::<Vec<_>>().join(", ")),
        ),
        Kind::Figure { .. } => (true, String::new()),
    }
}

fn is_span(node: &Node, least: i64, most: i64) -> bool {
    pair(node).is_some_and(|[a, b]| least <= a && a <= b && b <= most)
}

/// The two whole numbers of a list that holds nothing else.
fn pair(node: &Node) -> Option<[i64; 2]> {
    let Value::List(items) = &node.value else {
        return None;
    };
    match items.as_slice() {
        [a, b] => match (&a.value, &b.value) {
            (Value::Whole(a), Value::Whole(b)) => Some([*a, *b]),
            _ => None,
        },
        _ => None,
    }
}

/// Notes required keys that are absent: everywhere for fixed paths and stages, in every named group that exists.
fn missing(load: &mut Load, tree: &Node, checked: &mut Checked) {
    if load.has_unread {
        return;
    }
    let is_made = |key: &&Key| load.for_calibration && key.pattern.starts_with("schools.choice");
    let required: Vec<&Key> = KEYS.iter().filter(|k| k.required).filter(|k| !is_made(k)).collect();
    for key in required {
        let mut paths: Vec<Vec<String>> = vec![Vec::new()];
        for part in key.pattern.split('.') {
            paths = paths
                .into_iter()
                .flat_map(|prefix| {
                    let names: Vec<String> = match part {
                        "<name>" => checked.names_of(&prefix.join(".")),
                        part => {
                            names_of(checked.stages, part).into_iter().map(str::to_string).collect()
                        }
                    };
                    names.into_iter().map(move |name| {
                        let mut path = prefix.clone();
                        path.push(name);
                        path
                    })
                })
                .collect();
        }
        for path in paths {
            let dotted = path.join(".");
            let is_absent = path.iter().try_fold(tree, |n, k| n.table()?.get(k)).is_none();
            if is_absent {
                let parent = path[..path.len() - 1].join(".");
                let position = match checked.positions.get(&parent) {
                    Some(position) => *position,
                    None => Position::default(),
                };
                let message = format!("is missing: {}", key.meaning);
                load.problem(position, &dotted, message, example_of(key));
            }
        }
    }
}

fn example_of(key: &Key) -> String {
    let name = key.pattern.rsplit('.').next().unwrap_or_default();
    match key.kind {
        Kind::Figure { units, .. } => {
            format!("add {name} = {{ value = …, unit = \"{}\", source = \"…\" }}", units[0])
        }
        Kind::Text | Kind::File => format!("add {name} = \"…\""),
        Kind::Texts => format!("add {name} = [\"…\"]"),
        Kind::Span(..) | Kind::Pair(..) => format!("add {name} = […, …]"),
        Kind::Choice(words) => format!("add {name} = \"{}\"", words[0]),
        Kind::Stage => format!("add {name} = \"…\""),
        Kind::Flag => format!("add {name} = true"),
        Kind::Whole(..) => format!("add {name} = …"),
    }
}
