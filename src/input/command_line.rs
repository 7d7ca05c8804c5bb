//! Changes of the command line: `--set path=value`.

use std::path::PathBuf;

use super::load::{Load, SourceFile};
use super::overlay::{Change, joined, noun_of};
use super::problem::{Position, suggest};
use super::tree::{Node, Table, Value, parse};

impl Load {
    /// Applies one `--set path=value` of the command line; the figure keeps its unit.
    pub fn set_from_command_line(&mut self, tree: &mut Node, argument: &str) {
        self.files.push(SourceFile {
            path: PathBuf::from(format!("--set {argument}")),
            name: "command line".to_string(),
            bytes: Vec::new(),
        });
        let position = Position { file: self.files.len() - 1, line: 0, column: 0 };
        let Some((path, text)) = argument.split_once('=') else {
            self.problem(position, "", "expected path=value", format!("write --set {argument}=2"));
            return;
        };
        let (path, text) = (path.trim(), text.trim());
        let (parsed, errors) = parse(&format!("v = {text}"), position.file);
        let Some(mut value) = parsed.at("v").cloned().filter(|_| errors.is_empty()) else {
            self.problem(
                position,
                path,
                format!("expected a TOML value, found {text}"),
                "put texts in quotes",
            );
            return;
        };
        value.position = position;
        let Some(node) = self.walk_to(tree, path, position) else { return };
        if node.is_group() {
            self.problem(position, path, "is a group and not a figure", "name the figure itself");
            return;
        }
        let old = node.to_toml();
        self.note_replaced(path, node);
        *node = match node.is_figure() && value.table().is_none() {
            true => figure_with(node, value, position),
            false => value,
        };
        let new = node.to_toml();
        self.changes.push(Change {
            path: path.to_string(),
            old,
            new,
            origin: "command line".into(),
        });
    }
    /// The node at a path; a name that is not there is noted.
    fn walk_to<'a>(
        &mut self,
        tree: &'a mut Node,
        path: &str,
        position: Position,
    ) -> Option<&'a mut Node> {
        let mut node = tree;
        let mut walked = String::new();
        for key in path.split('.') {
            let known: Vec<String> =
                node.table().map(|t| t.keys().map(str::to_string).collect()).unwrap_or_default();
            let noun = noun_of(&walked);
            walked = joined(&walked, key);
            let next = match &mut node.value {
                Value::Table(table) => table.get_mut(key),
                _ => None,
            };
            match next {
                Some(inner) => node = inner,
                None => {
                    let help = suggest(key, known.iter().map(String::as_str));
                    self.problem(position, &walked, format!("no such {noun}"), help);
                    return None;
                }
            }
        }
        Some(node)
    }
}

/// A figure with another value and the unit that it has; its source is the command line.
fn figure_with(old: &Node, value: Node, position: Position) -> Node {
    let mut figure = Table::default();
    figure.push("value", position, value);
    if let Some(unit) = old.at("unit").cloned() {
        figure.push("unit", position, unit);
    }
    let source = Node { value: Value::Text("command line".into()), position };
    figure.push("source", position, source);
    Node { value: Value::Table(figure), position }
}
