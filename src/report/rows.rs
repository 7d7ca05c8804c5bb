//! Tables as rows of cells, written as CSV, JSON or Parquet. Numbers are in full precision with a point.

use std::fmt::Write;

use super::blocks::cells::Cells;

/// One cell.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// A text.
    Text(&'a str),
    /// A text of letters, digits, spaces, `-`, `_` and `.`: a key or a unit, which needs no quotes and no look at its letters.
    Key(&'a str),
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
    /// Apache Parquet, for tables of millions of rows.
    Parquet,
}

impl Format {
    /// Ending of the file name.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Parquet => "parquet",
        }
    }
}

/// A table that is being written in memory; of millions of rows see [`super::blocks`].
pub struct TableWriter {
    format: Format,
    columns: Vec<&'static str>,
    text: String,
    n_rows: usize,
    /// The cells of a table that is no text.
    cells: Cells,
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
            Format::Parquet => {}
        }
        let cells = Cells::new(columns.len());
        TableWriter { format, columns: columns.to_vec(), text, n_rows: 0, cells }
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
            Format::Parquet => self.cells.push(cells),
        }
        self.n_rows += 1;
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        match self.format {
            Format::Csv => {}
            Format::Json => self.text.push_str("\n]\n"),
            // Refused before anything is computed where a build has no Parquet; fails else only for a mistake of the program.
            Format::Parquet => return self.cells.parquet(&self.columns).unwrap_or_default(),
        }
        self.text.into_bytes()
    }
}

fn write_csv(text: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(value) => write_csv_text(text, value),
        Cell::Key(value) => text.push_str(value),
        Cell::Whole(value) => text.push_str(itoa::Buffer::new().format(*value)),
        Cell::Number(value) => push_number(text, *value),
        Cell::Empty => {}
    }
}

/// A text with the quotes that it needs.
pub(super) fn write_csv_text(text: &mut String, value: &str) {
    // A text that a spreadsheet would run as a formula is kept from it by a leading apostrophe.
    let value = match value.chars().next() {
        Some('=' | '@' | '\t' | '\r') => &format!("'{value}"),
        _ => value,
    };
    if value.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        let _ = write!(text, "\"{}\"", value.replace('"', "\"\""));
    } else {
        text.push_str(value);
    }
}

/// A number as `Display` writes it: the shortest digits that read back to the same bits, without an exponent. A table of a
/// nation has tens of millions of them.
pub(super) fn push_number(text: &mut String, value: f64) {
    // Whole numbers up to here are exact, and the cast below is too.
    const WHOLE: f64 = 9e15;
    if value.trunc() == value && value.abs() < WHOLE && (value != 0.0 || value.is_sign_positive()) {
        text.push_str(itoa::Buffer::new().format(value as i64));
        return;
    }
    // Half-way between two shortest numbers the two libraries choose differently. That takes a number of 18 digits at most, which is
    // a multiple of 2⁻²⁵: 5²⁶ has 19.
    const FINEST_TIE: f64 = (1_u64 << 25) as f64;
    if (value * FINEST_TIE).trunc() == value * FINEST_TIE {
        let _ = write!(text, "{value}");
        return;
    }
    let mut buffer = ryu::Buffer::new();
    let shortest = buffer.format(value);
    if let Some((digits, exponent)) = shortest.split_once("e-") {
        push_small(text, digits, exponent.parse().unwrap_or(1));
    } else if shortest.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        // Very large numbers, and what is none.
        let _ = write!(text, "{value}");
    } else {
        text.push_str(shortest.strip_suffix(".0").unwrap_or(shortest));
    }
}

/// Digits such as `-1.25` times ten to the power of minus `exponent`, without an exponent.
fn push_small(text: &mut String, digits: &str, exponent: usize) {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    text.push_str(if unsigned.len() < digits.len() { "-0." } else { "0." });
    text.extend(std::iter::repeat_n('0', exponent.saturating_sub(1)));
    let (first, rest) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    text.push_str(first);
    text.push_str(rest);
}

/// A text in quotes.
pub(super) fn write_json_text(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

fn write_json(text: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(value) => write_json_text(text, value),
        Cell::Key(value) => {
            let _ = write!(text, "\"{value}\"");
        }
        Cell::Whole(value) => text.push_str(itoa::Buffer::new().format(*value)),
        Cell::Number(value) if value.is_finite() => push_number(text, *value),
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

    /// Against the standard library: whole, halved, tiny, huge and random numbers, with both signs.
    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        let mut bits = 1_u64;
        let mut numbers = vec![0.0, 0.1, 1.0, 9e15, 9e15 + 2.0, 1e16, 1e21, 5e-324, 1e-5, 1e-7];
        numbers.extend([f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NAN, 123456.5]);
        for idx in 0..200_000_u32 {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            numbers.push(f64::from_bits(bits));
            numbers.push((bits >> 11) as f64 / f64::from(idx + 1));
            // Half-way between two shortest numbers, now and then.
            numbers.push((bits >> (11 + idx % 40)) as f64 / 2_f64.powi(idx as i32 % 60));
        }
        for number in numbers.into_iter().flat_map(|n| [n, -n]) {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
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
