//! A scenario built again from its tree when some of that was changed, without reading a file again.

use std::sync::Arc;

use crate::scenario::Scenario;

use super::load::Load;
use super::loaded::{Loaded, Refused, refused};
use super::tree::{Node, Table, Value};
use super::{build, check};

/// The scenario with one setting (no figure) put to a text, made where it is absent.
///
/// # Errors
/// A key or value that the input does not know.
pub fn with_setting(loaded: &Loaded, path: &str, text: &str) -> Result<Scenario, Refused> {
    let mut tree = loaded.tree.clone();
    let keys: Vec<&str> = path.split('.').collect();
    put_text(&mut tree, &keys, text);
    rebuilt(loaded, tree)
}

/// A scenario from a changed tree: the city itself stays as it was read, no file is opened.
///
/// # Errors
/// What the rules of the input refuse.
pub fn rebuilt(loaded: &Loaded, tree: Node) -> Result<Scenario, Refused> {
    let mut load = Load {
        files: loaded.files.clone(),
        folder: loaded.folder.clone(),
        known_city: Some(Arc::clone(&loaded.scenario.city)),
        ..Load::default()
    };
    let checked = check::check(&mut load, &tree);
    let scenario = build::scenario(&mut load, &checked, &loaded.scenario.key);
    if load.problems.list.is_empty() { Ok(scenario) } else { Err(refused(load)) }
}

/// Puts a text at a path below a node, with the tables on the way.
fn put_text(node: &mut Node, path: &[&str], text: &str) {
    let position = node.position;
    let Some((key, rest)) = path.split_first() else {
        node.value = Value::Text(text.to_string());
        return;
    };
    if let Value::Table(table) = &mut node.value {
        if table.get(key).is_none() {
            table.push(key, position, Node { value: Value::Table(Table::default()), position });
        }
        if let Some(inner) = table.get_mut(key) {
            put_text(inner, rest, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_nobody_knows_is_refused() {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let small = crate::load(&root.join("tests/small"), &[]).expect("the small city");
        assert!(with_setting(&small, "demand.tempo", "slow").is_err());
        assert!(with_setting(&small, "population.timing", "end").is_ok());
    }
}
