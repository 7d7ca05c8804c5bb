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
                    return;
                }
            }
        }
        if node.is_group() {
            self.problem(position, path, "is a group and not a figure", "name the figure itself");
            return;
        }
        let old = node.to_toml();
        if node.is_figure() && value.table().is_none() {
            let unit = node.at("unit").cloned();
            let mut figure = Table::default();
            figure.push("value", position, value);
            if let Some(unit) = unit {
                figure.push("unit", position, unit);
            }
            let source = Node { value: Value::Text("command line".into()), position };
            figure.push("source", position, source);
            *node = Node { value: Value::Table(figure), position };
        } else {
            *node = value;
        }
        let new = node.to_toml();
        self.changes.push(Change {
            path: path.to_string(),
            old,
            new,
            origin: "command line".into(),
        });
    }
}
