//! Long tables in blocks of rows, column by column, so that a block is made and written by itself: as text ([`text`]) or as a row
//! group of Parquet ([`parquet`]). A column of words keeps each word once and a code a row.

pub mod cells;
#[cfg(feature = "parquet")]
mod hybrid;
pub mod parquet;
pub mod text;

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::rows::Format;
use super::tables::Style;

/// Rows of a block, or a few less: what readers of Parquet like, and few enough for several at a time.
pub const BLOCK_ROWS: usize = 1 << 17;

/// Code of a cell that holds nothing.
pub const ABSENT: u32 = u32::MAX;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
}

/// Name and kind of a column.
pub type Heading = (&'static str, Kind);

/// Some rows of a table.
#[derive(Debug)]
pub struct Block<'a> {
    /// Rows.
    pub n_rows: usize,
    /// Columns, each with so many rows.
    pub columns: Vec<Column<'a>>,
}

/// The cells of a column.
#[derive(Debug)]
pub enum Column<'a> {
    /// Texts by their codes.
    Texts(Arc<Texts<'a>>, Codes),
    /// Whole numbers by their codes.
    Wholes(Vec<i64>, Codes),
    /// Numbers; one that is not finite is nothing in Parquet and JSON.
    Numbers(Cow<'a, [f64]>),
}

/// Which entry each row has.
#[derive(Debug)]
pub enum Codes {
    /// Code and rows in a row.
    Runs(Vec<(u32, u32)>),
    /// Code by row.
    Each(Vec<u32>),
}

impl Codes {
    /// One code for so many rows.
    pub fn all(code: u32, n_rows: usize) -> Codes {
        Codes::Runs(vec![(code, n_rows as u32)])
    }

    /// Appends rows of one code to runs.
    pub fn push_run(runs: &mut Vec<(u32, u32)>, code: u32, n_rows: u32) {
        match runs.last_mut() {
            Some((last, n)) if *last == code => *n += n_rows,
            _ if n_rows > 0 => runs.push((code, n_rows)),
            _ => {}
        }
    }

    /// Code by row.
    pub fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Codes::Runs(runs) => {
                Box::new(runs.iter().flat_map(|&(code, n)| std::iter::repeat_n(code, n as usize)))
            }
            Codes::Each(codes) => Box::new(codes.iter().copied()),
        }
    }
}

/// The texts of a column.
#[derive(Debug)]
pub struct Texts<'a> {
    /// Each once.
    pub texts: Vec<&'a str>,
    /// Whether none needs quotes in a CSV.
    is_plain: OnceLock<bool>,
    /// As a page of Parquet: blocks that share the texts share it.
    #[cfg(feature = "parquet")]
    page: OnceLock<(bytes::Bytes, usize)>,
}

impl<'a> Texts<'a> {
    /// Texts of any kind.
    pub fn new(texts: Vec<&'a str>) -> Arc<Self> {
        let is_plain = OnceLock::new();
        #[cfg(feature = "parquet")]
        let page = OnceLock::new();
        Arc::new(Texts {
            texts,
            is_plain,
            #[cfg(feature = "parquet")]
            page,
        })
    }
}

/// Whole numbers that lie near each other, as their range and each one's place in it.
pub fn near_wholes(values: &[i64]) -> Column<'static> {
    let low = values.iter().copied().min().unwrap_or(0);
    let high = values.iter().copied().max().unwrap_or(0);
    let mut entries: Vec<i64> = values.to_vec();
    if high.saturating_sub(low) < 1 << 12 {
        entries = (low..=high).collect();
        let codes = values.iter().map(|value| (value - low) as u32).collect();
        return Column::Wholes(entries, Codes::Each(codes));
    }
    entries.sort_unstable();
    entries.dedup();
    let code = |value: &i64| entries.partition_point(|entry| entry < value) as u32;
    let codes = values.iter().map(code).collect();
    Column::Wholes(entries, Codes::Each(codes))
}

/// A table that is never whole in memory.
pub struct LongTable<'a> {
    /// Its columns.
    pub headings: &'static [Heading],
    /// Blocks that it has.
    pub n_blocks: usize,
    /// Makes one of them; it may have no rows.
    pub block: Box<dyn Fn(usize) -> Block<'a> + Sync + Send + 'a>,
}

/// A table whose blocks are made and written one by one.
pub trait Blocks: Sync {
    /// Its columns.
    fn headings(&self) -> &'static [Heading];

    /// Blocks that it has.
    fn n_blocks(&self) -> usize;

    /// A block in the form of its file.
    ///
    /// # Errors
    /// A form that this build does not have.
    fn encoded(&self, style: Style, idx: usize) -> io::Result<Encoded>;

    /// The whole file in memory.
    ///
    /// # Errors
    /// A form that this build does not have.
    fn bytes(&self, style: Style) -> io::Result<Vec<u8>> {
        let mut file = TableFile::new(Vec::new(), style, self.headings())?;
        (0..self.n_blocks()).try_for_each(|idx| file.take(self.encoded(style, idx)?))?;
        file.finish()
    }
}

impl Blocks for LongTable<'_> {
    fn headings(&self) -> &'static [Heading] {
        self.headings
    }

    fn n_blocks(&self) -> usize {
        self.n_blocks
    }

    fn encoded(&self, style: Style, idx: usize) -> io::Result<Encoded> {
        let block = (self.block)(idx);
        match style.format {
            Format::Parquet => parquet::encode(self.headings, &block).map(Encoded::Group),
            _ => Ok(Encoded::Text(text::encode(self.headings, &block, style.format))),
        }
    }
}

/// A block as bytes.
pub enum Encoded {
    /// Lines of text, or objects with a comma before each.
    Text(Vec<u8>),
    /// A row group.
    Group(parquet::Group),
}

/// A file of a table that takes its blocks in order.
pub struct TableFile<W: io::Write> {
    out: W,
    form: Form,
}

enum Form {
    Csv,
    /// Whether an object was written.
    Json(bool),
    Parquet(parquet::Footer),
}

impl TableFile<std::fs::File> {
    /// Makes the file.
    ///
    /// # Errors
    /// The disk, or a form that this build does not have.
    pub fn create(path: &Path, style: Style, headings: &[Heading]) -> io::Result<Self> {
        TableFile::new(std::fs::File::create(path)?, style, headings)
    }
}

impl<W: io::Write> TableFile<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// The disk, or a form that this build does not have.
    pub fn new(mut out: W, style: Style, headings: &[Heading]) -> io::Result<Self> {
        let form = match style.format {
            Format::Csv => {
                let names: Vec<&str> = headings.iter().map(|(name, _)| *name).collect();
                let mark = if style.with_bom { "\u{feff}" } else { "" };
                out.write_all(format!("{mark}{}\n", names.join(",")).as_bytes())?;
                Form::Csv
            }
            Format::Json => {
                out.write_all(b"[")?;
                Form::Json(false)
            }
            Format::Parquet => {
                let footer = parquet::Footer::new(headings)?;
                out.write_all(parquet::MAGIC)?;
                Form::Parquet(footer)
            }
        };
        Ok(TableFile { out, form })
    }

    /// Writes the next block.
    ///
    /// # Errors
    /// The disk.
    pub fn take(&mut self, block: Encoded) -> io::Result<()> {
        match (&mut self.form, block) {
            (Form::Json(has_rows), Encoded::Text(text)) if !*has_rows && !text.is_empty() => {
                *has_rows = true;
                // No comma before the first object.
                self.out.write_all(&text[1..])
            }
            (_, Encoded::Text(text)) => self.out.write_all(&text),
            (Form::Parquet(footer), Encoded::Group(group)) => {
                group.bytes().iter().try_for_each(|bytes| self.out.write_all(bytes))?;
                footer.add(group)
            }
            (_, Encoded::Group(_)) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// Writes the end.
    ///
    /// # Errors
    /// The disk.
    pub fn finish(mut self) -> io::Result<W> {
        match self.form {
            Form::Csv => {}
            Form::Json(_) => self.out.write_all(b"\n]\n")?,
            Form::Parquet(footer) => self.out.write_all(&footer.bytes()?)?,
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
