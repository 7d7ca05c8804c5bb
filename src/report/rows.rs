//! Tables as rows of cells, written as CSV or JSON. Numbers are in full precision with a point.

use std::fmt::Write;

/// One cell.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Nothing.
    Empty,
}

/// Form of a table file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, RFC 4180.
    Csv,
    /// An array of objects.
    Json,
}

impl Format {
    /// Ending of the file name.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }
}

/// A table that is being written.
pub struct TableWriter {
    format: Format,
    columns: Vec<&'static str>,
    text: String,
    n_rows: usize,
}

impl TableWriter {
    /// Begins a table. `with_bom` puts the byte order mark before a CSV, for Excel on Windows.
    pub fn new(format: Format, columns: &[&'static str], with_bom: bool) -> Self {
        let mut text = String::new();
        match format {
            Format::Csv => {
                if with_bom {
                    text.push('\u{feff}');
                }
                text.push_str(&columns.join(","));
                text.push('\n');
            }
            Format::Json => text.push('['),
        }
        TableWriter { format, columns: columns.to_vec(), text, n_rows: 0 }
    }

    /// Appends a row with one cell for every column.
    pub fn row(&mut self, cells: &[Cell]) {
        debug_assert_eq!(cells.len(), self.columns.len());
        match self.format {
            Format::Csv => {
                for (idx, cell) in cells.iter().enumerate() {
                    if idx > 0 {
                        self.text.push(',');
                    }
                    write_csv(&mut self.text, cell);
                }
                self.text.push('\n');
            }
            Format::Json => {
                self.text.push_str(if self.n_rows == 0 { "\n{" } else { ",\n{" });
                for (idx, (name, cell)) in self.columns.iter().zip(cells).enumerate() {
                    if idx > 0 {
                        self.text.push(',');
                    }
                    let _ = write!(self.text, "\"{name}\":");
                    write_json(&mut self.text, cell);
                }
                self.text.push('}');
            }
        }
        self.n_rows += 1;
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        if self.format == Format::Json {
            self.text.push_str("\n]\n");
        }
        self.text.into_bytes()
    }
}

fn write_csv(text: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(value) => {
            // A text that a spreadsheet would run as a formula is kept from it by a leading apostrophe.
            let value = match value.chars().next() {
                Some('=' | '@' | '\t' | '\r') => &format!("'{value}"),
                _ => *value,
            };
            if value.contains([',', '"', '\n', '\r']) {
                let _ = write!(text, "\"{}\"", value.replace('"', "\"\""));
            } else {
                text.push_str(value);
            }
        }
        Cell::Whole(value) => {
            let _ = write!(text, "{value}");
        }
        Cell::Number(value) => {
            let _ = write!(text, "{value}");
        }
        Cell::Empty => {}
    }
}

fn write_json(text: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(value) => text.push_str(&serde_json::Value::from(*value).to_string()),
        Cell::Whole(value) => {
            let _ = write!(text, "{value}");
        }
        Cell::Number(value) if value.is_finite() => {
            let _ = write!(text, "{value}");
        }
        _ => text.push_str("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it() {
        let mut table = TableWriter::new(Format::Csv, &["a", "b", "c"], false);
        table.row(&[Cell::Text("x, \"y\""), Cell::Number(0.1), Cell::Empty]);
        let text = String::from_utf8(table.finish()).unwrap_or_default();
        assert_eq!(text, "a,b,c\n\"x, \"\"y\"\"\",0.1,\n");
    }

    #[test]
    fn json_is_valid() {
        let mut table = TableWriter::new(Format::Json, &["a", "b"], false);
        table.row(&[Cell::Text("学\"位"), Cell::Number(f64::NAN)]);
        let value: serde_json::Value =
            serde_json::from_slice(&table.finish()).unwrap_or(serde_json::Value::Null);
        assert_eq!(value[0]["a"], "学\"位");
        assert!(value[0]["b"].is_null());
    }
}
