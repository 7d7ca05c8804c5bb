//! The law of a factor: `{ kind = "triangular", low = …, mode = …, high = … }`.

use crate::experiment::Distribution;
use crate::experiment::distribution::{LAWS, LawKind};
use crate::load::Load;
use crate::overlay::joined;
use crate::problem::suggest;
use crate::tree::{Node, Table, Value};

/// Reads a law, noting every problem. `own` makes the law of the kind `figure`.
pub(super) fn read(
    load: &mut Load,
    path: &str,
    node: &Node,
    own: &dyn Fn() -> Result<Distribution, (String, String)>,
) -> Option<Distribution> {
    let table = node.table()?;
    let before = load.problems.list.len();
    let law = kind_of(load, path, node, table)?;
    for (key, position, _) in &table.entries {
        let takes = |key: &str| law.numbers.contains(&key) || law.optional.contains(&key);
        let is_list = law.has_values && ["values", "weights"].contains(&key.as_str());
        if key != "kind" && !takes(key) && !is_list {
            let message = format!("a law of the kind {} takes no `{key}`", law.key);
            let help = format!("it takes: {}", keys_of(law).join(", "));
            let help = if keys_of(law).is_empty() { "remove it".to_string() } else { help };
            load.problem(*position, &joined(path, key), message, help);
        }
    }
    for key in law.numbers.iter().chain(law.optional) {
        number(load, path, node, table, (key, law.numbers.contains(key)));
    }
    let values = numbers(load, path, node, table, "values", law.has_values);
    let weights = numbers(load, path, node, table, "weights", false);
    if load.problems.list.len() > before {
        return None;
    }
    let known = |key: &str| table.get(key).and_then(Node::number);
    let made = match law.key {
        "figure" => own(),
        kind => Distribution::of(kind, &known, &values, &weights)
            .map_err(|fault| (fault.message, fault.help)),
    };
    made.map_err(|(message, help)| load.problem(node.position, path, message, help)).ok()
}

fn kind_of(load: &mut Load, path: &str, node: &Node, table: &Table) -> Option<&'static LawKind> {
    let names = || LAWS.iter().map(|law| law.key);
    let at = joined(path, "kind");
    let Some(kind) = table.get("kind") else {
        let help = format!("add kind = \"…\": {}", names().collect::<Vec<_>>().join(", "));
        load.problem(node.position, &at, "is missing: the kind of the law", help);
        return None;
    };
    let law = LAWS.iter().find(|law| kind.text() == Some(law.key));
    if law.is_none() {
        let message = format!("no such kind of law, {}", kind.found());
        load.problem(
            kind.position,
            &at,
            message,
            suggest(kind.text().unwrap_or_default(), names()),
        );
    }
    law
}

/// The keys that a kind takes beside `kind`.
fn keys_of(law: &LawKind) -> Vec<&'static str> {
    let lists: &[&str] = if law.has_values { &["values", "weights"] } else { &[] };
    law.numbers.iter().chain(law.optional).chain(lists).copied().collect()
}

/// Notes a number that is absent or none.
fn number(load: &mut Load, path: &str, law: &Node, table: &Table, (key, needed): (&str, bool)) {
    match table.get(key) {
        Some(node) if node.number().is_some_and(f64::is_finite) => {}
        Some(node) => {
            let message = format!("expected a number, found {}", node.found());
            load.problem(node.position, &joined(path, key), message, "");
        }
        None if needed => {
            let message = "is missing: a number of the law";
            load.problem(law.position, &joined(path, key), message, format!("add {key} = …"));
        }
        None => {}
    }
}

/// The numbers of a list; one that is needed and absent, or holds something else, is noted.
fn numbers(
    load: &mut Load,
    path: &str,
    law: &Node,
    table: &Table,
    key: &str,
    needed: bool,
) -> Vec<f64> {
    let at = joined(path, key);
    let Some(node) = table.get(key) else {
        if needed {
            let message = "is missing: the values of the law";
            load.problem(law.position, &at, message, format!("add {key} = [1.0, 2.0]"));
        }
        return Vec::new();
    };
    let Value::List(items) = &node.value else {
        let message = format!("expected a list of numbers, found {}", node.found());
        load.problem(node.position, &at, message, format!("write {key} = [1.0, 2.0]"));
        return Vec::new();
    };
    let mut numbers = Vec::new();
    for item in items {
        match item.number().filter(|number| number.is_finite()) {
            Some(number) => numbers.push(number),
            None => {
                let message = format!("expected a number, found {}", item.found());
                load.problem(item.position, &at, message, "");
            }
        }
    }
    numbers
}
