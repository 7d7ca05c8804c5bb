//! The one way from a table to a number in a sentence.
//!
//! A place is a table of an output folder, conditions that its rows meet, and a column. What is read there:
//!
//! 1. Of a CSV file (`plan/indicators.csv`) the rows whose columns hold exactly the given texts. The number is their
//!    value in the column; several rows are added in the order of the file. No row, or an empty cell, is no number.
//! 2. The column `*` stands for how many rows (of a file after `#`: entries) there are; none is 0.
//! 3. Of a JSON or TOML file the part after `#` is the key of a list (`plan/summary.json#stages`) whose entries meet
//!    the conditions in the same way, or of a single group if there are no conditions; exactly one entry is read. The
//!    column is the keys that lead to the number, joined by points; a key is the name of an entry, its position from
//!    0, or the first of a pair.

use serde_json::Value;

use crate::document::{Number, Origin, Span};

use super::outputs::Output;
use super::printed::{Print, printed};
use super::teller::Teller;

/// A place in a table of a folder.
#[derive(Debug, Clone)]
pub struct At<'a> {
    /// The folder.
    pub output: &'a Output,
    /// The file, and after `#` the part of it.
    pub table: String,
    /// Column and value of every condition.
    pub rows: Vec<(String, String)>,
    /// The column.
    pub column: String,
}

impl<'a> At<'a> {
    /// A place.
    pub fn new(output: &'a Output, table: &str, rows: &[(&str, &str)], column: &str) -> At<'a> {
        let rows = rows.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        At { output, table: table.to_string(), rows, column: column.to_string() }
    }

    /// The number at the place, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self.table.split_once('#') {
            Some((file, part)) => self.in_tree(file, part),
            None => self.in_grid(),
        }
    }

    fn in_grid(&self) -> Option<f64> {
        let grid = self.output.tables.get(&self.table)?;
        let rows: Vec<(&str, &str)> =
            self.rows.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let rows = grid.rows(&rows)?;
        if self.column == "*" {
            return Some(rows.len() as f64);
        }
        let column = grid.column(&self.column)?;
        let values: Option<Vec<f64>> =
            rows.iter().map(|row| grid.cell(*row, column).parse::<f64>().ok()).collect();
        let sum = |values: Vec<f64>| values.iter().fold(0.0, |sum, value| sum + value);
        values.filter(|values| !values.is_empty()).map(sum)
    }

    fn in_tree(&self, file: &str, part: &str) -> Option<f64> {
        let root = self.output.trees.get(file)?;
        let part = if part.is_empty() { root } else { root.get(part)? };
        if self.column == "*" && self.rows.is_empty() {
            let list = part.as_array().map(Vec::len);
            return list.or_else(|| part.as_object().map(serde_json::Map::len)).map(|n| n as f64);
        }
        let mut value = if self.rows.is_empty() {
            part
        } else {
            let meets = |entry: &&Value| {
                let mut all = self.rows.iter();
                all.all(|(name, value)| entry[name.as_str()].as_str() == Some(value))
            };
            let mut found = part.as_array()?.iter().filter(meets);
            match (found.next(), found.next()) {
                (Some(entry), None) => entry,
                _ => return None,
            }
        };
        for key in self.column.split('.') {
            value = step(value, key)?;
        }
        value.as_f64()
    }

    /// Where the number was read, as it is written down.
    pub fn origin(&self) -> Origin {
        Origin {
            table: format!("{}/{}", self.output.name, self.table),
            rows: self.rows.clone(),
            column: self.column.clone(),
        }
    }
}

/// One key deeper: the name of an entry, its position, or the first of a pair.
fn step<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(entries) => entries.get(key),
        Value::Array(list) => {
            let is_named = |pair: &&Value| match (&pair[0], pair.as_array()) {
                (Value::String(name), Some(pair)) => pair.len() == 2 && name == key,
                (Value::Number(name), Some(pair)) => pair.len() == 2 && name.to_string() == key,
                _ => false,
            };
            let named = list.iter().find(is_named).map(|pair| &pair[1]);
            named.or_else(|| list.get(key.parse::<usize>().ok()?))
        }
        _ => None,
    }
}

impl Teller<'_> {
    /// The number at a place as part of a sentence. Where there is none, a problem is noted and a dash stands there.
    pub fn cite(&self, at: &At, print: Print) -> Span {
        match at.value() {
            Some(value) => {
                let text = printed(value, print, self.lang);
                Span::Number(Number { text, from: at.origin() })
            }
            None => {
                let Origin { table, rows, column } = at.origin();
                let rows: Vec<String> =
                    rows.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                self.note_problem(format!(
                    "{table}: no number in {column} where {}",
                    rows.join(", ")
                ));
                Span::Text("–".to_string())
            }
        }
    }
}
