//! TOML files as trees whose every key and value knows its place.

use toml::de::{DeTable, DeValue};

use super::problem::Position;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands.
    pub position: Position,
}

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A table, keys in file order.
    Table(Table),
    /// An array.
    List(Vec<Node>),
    /// A string.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Number(f64),
    /// `true` or `false`.
    Flag(bool),
    /// A date, which no key takes.
    Date(String),
}

/// A table with keys in file order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Key, its place, and its value.
    pub entries: Vec<(String, Position, Node)>,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _, _)| name == key).map(|(_, _, node)| node)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|(name, _, _)| name == key).map(|(_, _, node)| node)
    }

    /// Notes where a key stands now.
    pub fn place(&mut self, key: &str, position: Position) {
        if let Some(entry) = self.entries.iter_mut().find(|(name, _, _)| name == key) {
            entry.1 = position;
        }
    }

    /// Takes a key out.
    pub fn take(&mut self, key: &str) -> Option<Node> {
        let at = self.entries.iter().position(|(name, _, _)| name == key)?;
        Some(self.entries.remove(at).2)
    }

    /// Appends a key.
    pub fn push(&mut self, key: &str, position: Position, node: Node) {
        self.entries.push((key.to_string(), position, node));
    }

    /// Keys in file order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _, _)| name.as_str())
    }
}

impl Node {
    /// The table that this is.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text that this is.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number that this is, whole or not.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Value::Whole(whole) => Some(whole as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The value at a dotted path.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.table()?.get(key))
    }

    /// Sets the value at a dotted path, making the groups on the way.
    pub fn put(&mut self, path: &str, node: Node) {
        let position = node.position;
        let Value::Table(table) = &mut self.value else { return };
        match path.split_once('.') {
            None => match table.get_mut(path) {
                Some(old) => *old = node,
                None => table.push(path, position, node),
            },
            Some((key, rest)) => {
                if table.get(key).is_none() {
                    let group = Node { value: Value::Table(Table::default()), position };
                    table.push(key, position, group);
                }
                if let Some(group) = table.get_mut(key) {
                    group.put(rest, node);
                }
            }
        }
    }

    /// Whether this is a figure: a table with `value`, `by_year` or `table`.
    pub fn is_figure(&self) -> bool {
        let keys = ["value", "by_year", "table"];
        self.table().is_some_and(|table| keys.iter().any(|key| table.get(key).is_some()))
    }

    /// Whether this is a table that groups others.
    pub fn is_group(&self) -> bool {
        self.table().is_some() && !self.is_figure()
    }

    /// What was found, for a message: short and in the user's own notation.
    pub fn found(&self) -> String {
        let text = self.to_toml();
        if text.chars().count() > 60 {
            format!("{}…", text.chars().take(60).collect::<String>())
        } else {
            text
        }
    }

    /// The value in TOML notation on one line.
    pub fn to_toml(&self) -> String {
        match &self.value {
            Value::Text(text) => quote(text),
            Value::Whole(whole) => whole.to_string(),
            Value::Number(number) => number_to_toml(*number),
            Value::Flag(flag) => flag.to_string(),
            Value::Date(date) => date.clone(),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(Node::to_toml).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(table) => {
                let entries: Vec<String> = table
                    .entries
                    .iter()
                    .map(|(key, _, node)| format!("{} = {}", bare_or_quoted(key), node.to_toml()))
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// A number in TOML notation that reads back to the same bits.
pub fn number_to_toml(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_string();
    }
    let text = format!("{number}");
    if text.contains(['.', 'e', 'E']) || !number.is_finite() { text } else { format!("{text}.0") }
}

/// A text in TOML notation.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A key in TOML notation.
pub fn bare_or_quoted(key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if is_bare { key.to_string() } else { quote(key) }
}

/// Parses a file; syntax errors come back as `(position, message)`.
pub fn parse(text: &str, file: usize) -> (Node, Vec<(Position, String)>) {
    let lines = LineIndex::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors = errors
        .iter()
        .map(|error| {
            let start = error.span().map_or(0, |span| span.start);
            (lines.position(text, start, file), error.message().to_string())
        })
        .collect();
    let node = Node {
        value: Value::Table(table_of(table.get_ref(), text, &lines, file)),
        position: Position { file, line: 1, column: 1 },
    };
    (node, errors)
}

fn table_of(table: &DeTable, text: &str, lines: &LineIndex, file: usize) -> Table {
    let entries = table
        .iter()
        .map(|(key, value)| {
            let key_position = lines.key_position(text, key.span().start, file);
            let mut node = node_of(value.get_ref(), value.span().start, text, lines, file);
            if node.table().is_some() {
                node.position = key_position;
            }
            (key.get_ref().to_string(), key_position, node)
        })
        .collect();
    Table { entries }
}

fn node_of(value: &DeValue, start: usize, text: &str, lines: &LineIndex, file: usize) -> Node {
    let value = match value {
        DeValue::String(string) => Value::Text(string.to_string()),
        DeValue::Integer(integer) => {
            let digits = integer.as_str().replace('_', "");
            match i64::from_str_radix(&digits, integer.radix()) {
                Ok(whole) => Value::Whole(whole),
                Err(_) => Value::Number(digits.parse().unwrap_or(f64::INFINITY)),
            }
        }
        DeValue::Float(float) => {
            Value::Number(float.as_str().replace('_', "").parse().unwrap_or(f64::NAN))
        }
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| node_of(item.get_ref(), item.span().start, text, lines, file))
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(table_of(table, text, lines, file)),
    };
    Node { value, position: lines.position(text, start, file) }
}

/// Byte offsets of line starts.
struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        LineIndex { starts }
    }

    /// The place of a key; for a key in a `[header]` the bracket that opens it.
    fn key_position(&self, text: &str, offset: usize, file: usize) -> Position {
        let position = self.position(text, offset, file);
        let line = &text[self.starts[position.line as usize - 1]..];
        let indent = line.chars().take_while(|c| *c == ' ' || *c == '\t').count();
        match line.trim_start_matches([' ', '\t']).starts_with('[') {
            true => Position { column: indent as u32 + 1, ..position },
            false => position,
        }
    }

    fn position(&self, text: &str, offset: usize, file: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let column = text[self.starts[line - 1]..offset].chars().count() + 1;
        Position { file, line: line as u32, column: column as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let (node, errors) = parse("[a]\nname = \"焦作\"\nb = { value = 2 }\n", 0);
        assert!(errors.is_empty());
        assert_eq!(node.at("a.name").map(|n| (n.position.line, n.position.column)), Some((2, 8)));
        assert_eq!(node.at("a.b").map(|n| (n.position.line, n.position.column)), Some((3, 1)));
        assert!(node.at("a.b").is_some_and(Node::is_figure));
    }

    #[test]
    fn several_syntax_errors_come_at_once() {
        let (_, errors) = parse("a = \nb = [1,\nc = 3 4\n", 0);
        assert!(errors.len() >= 2, "{errors:?}");
    }

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        for number in [1.0, 0.1, 1e300, 12345678.9] {
            assert_eq!(number_to_toml(number).parse::<f64>(), Ok(number));
        }
    }
}
