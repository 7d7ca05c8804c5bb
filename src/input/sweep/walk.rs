//! Walks a sweep file against the table of its keys: unknown keys, wrong kinds, missing keys.

use crate::check::is_name;
use crate::load::Load;
use crate::overlay::joined;
use crate::problem::{Position, nearest, suggest};
use crate::tree::{Node, Table, Value};

use super::keys::{Holds, SWEEP_KEYS, SweepKey, below, key_of};

/// Checks a whole file.
pub(super) fn walk(load: &mut Load, root: &Node) {
    if let Some(table) = root.table() {
        inside(load, table, root.position, "", "");
    }
}

/// Checks a table: `pattern` is its place in the table of keys, `path` its name in messages.
fn inside(load: &mut Load, table: &Table, position: Position, pattern: &str, path: &str) {
    let known = below(pattern);
    for (name, at, node) in &table.entries {
        if pattern.is_empty() && name == "format" {
            continue;
        }
        let shown = joined(path, name);
        let part = match known.iter().find(|part| **part == name) {
            Some(part) => *part,
            None if known.contains(&"<name>") => "<name>",
            None => {
                load.problem(*at, &shown, "no such key", suggest(name, known.iter().copied()));
                continue;
            }
        };
        if part == "<name>" && !is_name(load, path, name, *at) {
            continue;
        }
        let inner = joined(pattern, part);
        match (key_of(&inner), below(&inner).as_slice()) {
            (Some(key), _) => check(load, key, &shown, node),
            (None, ["[]"]) => each(load, node, &inner, &shown),
            (None, _) => match node.table() {
                Some(table) => inside(load, table, node.position, &inner, &shown),
                None => {
                    let message = format!("expected a group of keys, found {}", node.found());
                    load.problem(node.position, &shown, message, format!("write [{shown}]"));
                }
            },
        }
    }
    missing(load, table, position, pattern, path);
}

/// Checks each table of a list.
fn each(load: &mut Load, node: &Node, pattern: &str, path: &str) {
    let Value::List(items) = &node.value else {
        let message = format!("expected a list of tables, found {}", node.found());
        load.problem(node.position, path, message, format!("write [[{path}]]"));
        return;
    };
    for (idx, item) in items.iter().enumerate() {
        let shown = format!("{path}[{}]", idx + 1);
        match item.table() {
            Some(table) => inside(load, table, item.position, &joined(pattern, "[]"), &shown),
            None => {
                let message = format!("expected a table, found {}", item.found());
                load.problem(item.position, &shown, message, format!("write [[{path}]]"));
            }
        }
    }
}

/// Notes keys that a table needs and does not have, and groups that a file needs.
fn missing(load: &mut Load, table: &Table, position: Position, pattern: &str, path: &str) {
    for key in SWEEP_KEYS.iter().filter(|key| key.required) {
        let rest = match pattern {
            "" => key.pattern,
            _ => match key.pattern.strip_prefix(pattern).and_then(|rest| rest.strip_prefix('.')) {
                Some(rest) => rest,
                None => continue,
            },
        };
        if !rest.contains('.') && table.get(rest).is_none() {
            let message = format!("is missing: {}", key.meaning);
            load.problem(position, &joined(path, rest), message, example_of(key));
        }
    }
    if pattern.is_empty() {
        let groups = [
            ("design", "add [design] with kind = \"sobol\", draws = 1024, seed = 1"),
            ("factors", "add [factors.NAME] with a path and a distribution"),
            ("outcomes", "add [outcomes] with list = [\"STAGE.oversized_share\"]"),
        ];
        for (group, help) in groups.iter().filter(|(group, _)| table.get(group).is_none()) {
            load.problem(position, group, "is missing", *help);
        }
    }
}

fn check(load: &mut Load, key: &SweepKey, path: &str, node: &Node) {
    let is_text = |node: &Node| node.text().is_some_and(|text| !text.trim().is_empty());
    let is_texts = |node: &Node| match &node.value {
        Value::List(items) => !items.is_empty() && items.iter().all(is_text),
        _ => false,
    };
    let (is_right, expected) = match key.holds {
        Holds::Text => (is_text(node), "a text".to_string()),
        Holds::Texts => (is_texts(node), "a list of texts".to_string()),
        Holds::TextOrTexts => {
            (is_text(node) || is_texts(node), "a text or a list of texts".to_string())
        }
        Holds::Flag => (matches!(node.value, Value::Flag(_)), "true or false".to_string()),
        Holds::Whole(least, most) => (
            matches!(node.value, Value::Whole(n) if (least..=most).contains(&n)),
            match most {
                i64::MAX => format!("a whole number from {least}"),
                _ => format!("a whole number from {least} to {most}"),
            },
        ),
        Holds::Number(least, most) => (
            node.number().is_some_and(|n| (least..=most).contains(&n)),
            format!("a number from {least} to {most}"),
        ),
        Holds::Choice(words) => (
            node.text().is_some_and(|text| words.contains(&text)),
            format!("one of {}", words.join(", ")),
        ),
        Holds::Law => (node.table().is_some(), "a law".to_string()),
    };
    if is_right {
        return;
    }
    let help = match (key.holds, node.text()) {
        (Holds::Choice(words), Some(text)) => nearest(text, words.iter().copied())
            .map_or_else(String::new, |near| format!("did you mean `{near}`?")),
        (Holds::Law, _) => {
            "write { kind = \"triangular\", low = …, mode = …, high = … }".to_string()
        }
        _ => format!("it holds {}", key.meaning),
    };
    let message = format!("expected {expected}, found {}", node.found());
    load.problem(node.position, path, message, help);
}

fn example_of(key: &SweepKey) -> String {
    let name = key.pattern.rsplit('.').next().unwrap_or_default();
    match key.holds {
        Holds::Text | Holds::TextOrTexts => format!("add {name} = \"…\""),
        Holds::Texts => format!("add {name} = [\"…\"]"),
        Holds::Flag => format!("add {name} = true"),
        Holds::Whole(..) | Holds::Number(..) => format!("add {name} = …"),
        Holds::Choice(words) => format!("add {name} = \"{}\"", words[0]),
        Holds::Law => {
            format!("add {name} = {{ kind = \"triangular\", low = …, mode = …, high = … }}")
        }
    }
}
