//! A small table gathered cell by cell, for forms that are no text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use super::super::rows::{Cell, Format};
use super::super::tables::Style;
use super::{ABSENT, Block, Codes, Column, Kind, TableFile, Texts, parquet};

/// Cells by column.
#[derive(Debug, Default)]
pub struct Cells {
    columns: Vec<Vec<Kept>>,
}

/// A cell that is kept.
#[derive(Debug)]
enum Kept {
    Text(String),
    Whole(i64),
    Number(f64),
    Nothing,
}

impl Cells {
    /// Cells of so many columns.
    pub fn new(n_columns: usize) -> Self {
        Cells { columns: (0..n_columns).map(|_| Vec::new()).collect() }
    }

    /// Appends a row.
    pub fn push(&mut self, cells: &[Cell]) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(match cell {
                Cell::Text(text) | Cell::Key(text) => Kept::Text((*text).to_string()),
                Cell::Whole(whole) => Kept::Whole(*whole),
                Cell::Number(number) => Kept::Number(*number),
                Cell::Empty => Kept::Nothing,
            });
        }
    }

    /// The table as Parquet. A column with a text is one of texts, else one with a whole number and no other is one of whole
    /// numbers; one without any cell is one of numbers.
    ///
    /// # Errors
    /// A build without Parquet.
    pub fn parquet(&self, names: &[&'static str]) -> io::Result<Vec<u8>> {
        let headings = names.iter().zip(&self.columns).map(|(name, cells)| (*name, kind(cells)));
        let headings: Vec<_> = headings.collect();
        let columns = headings.iter().zip(&self.columns);
        let block = Block {
            n_rows: self.columns.first().map_or(0, Vec::len),
            columns: columns.map(|((_, kind), cells)| column(*kind, cells)).collect(),
        };
        let style = Style { format: Format::Parquet, with_bom: false };
        let mut file = TableFile::new(Vec::new(), style, &headings)?;
        file.take(super::Encoded::Group(parquet::encode(&headings, &block)?))?;
        file.finish()
    }
}

fn kind(cells: &[Kept]) -> Kind {
    if cells.iter().any(|cell| matches!(cell, Kept::Text(_))) {
        return Kind::Text;
    }
    let has_whole = cells.iter().any(|cell| matches!(cell, Kept::Whole(_)));
    let has_number = cells.iter().any(|cell| matches!(cell, Kept::Number(_)));
    if has_whole && !has_number { Kind::Whole } else { Kind::Number }
}

fn column<'t>(kind: Kind, cells: &'t [Kept]) -> Column<'t> {
    match kind {
        Kind::Text => {
            let mut texts: Vec<&str> = Vec::new();
            let mut known: HashMap<&str, u32> = HashMap::new();
            let mut code = |cell: &'t Kept| match cell {
                Kept::Text(text) => *known.entry(text).or_insert_with(|| {
                    texts.push(text);
                    texts.len() as u32 - 1
                }),
                _ => ABSENT,
            };
            let codes = cells.iter().map(&mut code).collect();
            Column::Texts(Texts::new(texts), Codes::Each(codes))
        }
        Kind::Whole => {
            let whole =
                |cell: &Kept| if let Kept::Whole(whole) = cell { Some(*whole) } else { None };
            let mut entries: Vec<i64> = cells.iter().filter_map(whole).collect();
            entries.sort_unstable();
            entries.dedup();
            let code = |whole: i64| entries.partition_point(|entry| *entry < whole) as u32;
            let codes = cells.iter().map(|cell| whole(cell).map_or(ABSENT, code)).collect();
            Column::Wholes(entries, Codes::Each(codes))
        }
        Kind::Number => {
            let number = |cell: &Kept| match cell {
                Kept::Number(number) => *number,
                Kept::Whole(whole) => *whole as f64,
                _ => f64::NAN,
            };
            Column::Numbers(Cow::Owned(cells.iter().map(number).collect()))
        }
    }
}
