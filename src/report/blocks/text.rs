//! Blocks as lines of CSV or as JSON objects.

use super::super::rows::{Format, push_number, write_csv_text, write_json_text};
use super::{ABSENT, Block, Codes, Column, Heading, Texts};

/// The rows of a block; each JSON object has a comma before it.
pub fn encode(headings: &[Heading], block: &Block, format: Format) -> Vec<u8> {
    let mut cells: Vec<Cells> = block.columns.iter().map(|c| Cells::new(c, format)).collect();
    let names: Vec<String> = headings
        .iter()
        .enumerate()
        .map(|(idx, (name, _))| match format {
            Format::Json => format!("{}\"{name}\":", if idx == 0 { ",\n{" } else { "," }),
            _ => if idx == 0 { "" } else { "," }.to_string(),
        })
        .collect();
    let end = if format == Format::Json { "}" } else { "\n" };
    let mut text = String::with_capacity(block.n_rows * 8 * headings.len());
    for row in 0..block.n_rows {
        for (cells, name) in cells.iter_mut().zip(&names) {
            text.push_str(name);
            cells.put(row, &mut text);
        }
        text.push_str(end);
    }
    text.into_bytes()
}

/// A column with the texts of its entries at hand.
struct Cells<'b> {
    column: &'b Column<'b>,
    entries: Entries<'b>,
    is_json: bool,
    /// Place in the runs, and rows left of it.
    run: (usize, u32),
}

enum Entries<'b> {
    /// As they are written.
    Ready(Vec<String>),
    /// Written without a look at them.
    Plain(&'b [&'b str]),
    /// Not looked at before.
    Raw(&'b [&'b str]),
    None,
}

impl<'b> Cells<'b> {
    fn new(column: &'b Column<'b>, format: Format) -> Self {
        let is_json = format == Format::Json;
        let entries = match column {
            Column::Wholes(entries, _) => {
                Entries::Ready(entries.iter().map(ToString::to_string).collect())
            }
            Column::Texts(texts, _) if !is_json && texts.are_plain() => {
                Entries::Plain(&texts.texts)
            }
            Column::Texts(texts, _) => Entries::Raw(&texts.texts),
            Column::Numbers(_) => Entries::None,
        };
        Cells { column, entries, is_json, run: (0, 0) }
    }

    fn put(&mut self, row: usize, text: &mut String) {
        let codes = match self.column {
            Column::Numbers(values) if self.is_json && !values[row].is_finite() => {
                return text.push_str("null");
            }
            Column::Numbers(values) => return push_number(text, values[row]),
            Column::Texts(_, codes) | Column::Wholes(_, codes) => codes,
        };
        let code = match codes {
            Codes::Each(codes) => codes[row],
            Codes::Runs(runs) => {
                if self.run.1 == 0 {
                    self.run = (self.run.0 + 1, runs[self.run.0].1);
                }
                self.run.1 -= 1;
                runs[self.run.0 - 1].0
            }
        };
        if code == ABSENT {
            return text.push_str(if self.is_json { "null" } else { "" });
        }
        match &self.entries {
            Entries::Ready(entries) => text.push_str(&entries[code as usize]),
            Entries::Plain(entries) => text.push_str(entries[code as usize]),
            Entries::Raw(entries) if self.is_json => write_json_text(text, entries[code as usize]),
            Entries::Raw(entries) => write_csv_text(text, entries[code as usize]),
            Entries::None => {}
        }
    }
}

impl Texts<'_> {
    /// Whether every text stands in a CSV as it is.
    fn are_plain(&self) -> bool {
        *self.is_plain.get_or_init(|| {
            let mut written = String::new();
            self.texts.iter().all(|text| {
                written.clear();
                write_csv_text(&mut written, text);
                written == *text
            })
        })
    }
}
