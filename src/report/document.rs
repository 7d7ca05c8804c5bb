//! A report before it takes a form: headings, paragraphs, tables and figures in the order of reading.
//!
//! The same [`Document`] becomes a page (HTML), a Word file and a workbook. Numbers in sentences are
//! [`Number`]s that say from which table they were read, so that each can be looked up again.

pub mod docx;
pub mod html;
pub mod shown;
#[cfg(feature = "xlsx")]
pub mod xlsx;

#[cfg(test)]
mod samples;

use super::chart::Lang;

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Language of all words.
    pub lang: Lang,
    /// Title.
    pub title: String,
    /// Second line of the title, if there is one.
    pub subtitle: Option<String>,
    /// What it was made from, as pairs of a name and its words: city, scenarios, program.
    pub about: Vec<(String, String)>,
    /// Text, tables and figures in the order of reading.
    pub blocks: Vec<Block>,
    /// Tables that are too long to read and stand in the workbook only.
    pub annex: Vec<Table>,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; level 1 is the highest below the title. Numbering is that of the form.
    Heading {
        /// 1, 2 or 3.
        level: u8,
        /// Its words, without a number.
        text: String,
    },
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// Points, each a line or more.
    List(Vec<Vec<Span>>),
    /// What the reader must not overlook, set apart from the text.
    Remark(Vec<Span>),
    /// A table with its caption.
    Table(Table),
    /// A picture with its caption.
    Figure(Picture),
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// Words.
    Text(String),
    /// Words that stand out.
    Strong(String),
    /// A number that was read from a table.
    Number(Number),
}

/// A number in a sentence, as it is printed, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As printed, without its unit.
    pub text: String,
    /// Where it was read.
    pub from: Origin,
}

/// Rows and a column of a table of an output folder, and how they become one number: the values of all rows that meet the
/// conditions are added, in the order of the file; the column `*` is how many there are. See [`super::told::cite`] for
/// files that are no tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The table: folder of the output and file, `plan/indicators.csv`.
    pub table: String,
    /// Column and value of every condition that the rows meet.
    pub rows: Vec<(String, String)>,
    /// The column that was read.
    pub column: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// ASCII key, unique in the document: name of the sheet's anchor and of the element.
    pub key: String,
    /// Caption, without a number; also the name of the sheet, cut to its limits.
    pub caption: String,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// What stands below the table.
    pub source: Option<String>,
    /// A native chart of the workbook beside the table.
    pub chart: Option<SheetChart>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading with its unit.
    pub name: String,
    /// Whether it holds numbers, which stand to the right.
    pub is_number: bool,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Words(String),
    /// A number: shown in the way of its form, kept in full in the workbook.
    Number(f64, Form),
    /// Nothing is known, or there is none.
    Missing,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A whole number of people, seats or schools, with separators: 12,345.
    Count,
    /// A year: 2035.
    Year,
    /// A share of one as a percentage with one decimal: 3.2%.
    Share,
    /// With so many decimals and separators.
    Decimals(u8),
}

/// A chart that the workbook draws from the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetChart {
    /// Its kind.
    pub kind: SheetChartKind,
    /// Column of the categories.
    pub categories: usize,
    /// Columns of the series.
    pub series: Vec<usize>,
    /// Title of the axis of values, with the unit.
    pub values: String,
}

/// Kinds of charts that the workbook draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetChartKind {
    /// Lines over the years.
    Line,
    /// Upright bars side by side.
    Columns,
    /// Upright bars one on the other.
    StackedColumns,
    /// Lying bars.
    Bars,
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// ASCII key, unique in the document.
    pub key: String,
    /// Caption, without a number.
    pub caption: String,
    /// The picture in words, for readers who cannot see it.
    pub description: String,
    /// SVG with words as outlines.
    pub svg: String,
    /// The same as PNG at 300 dpi.
    pub png: Vec<u8>,
    /// Width of the SVG in its units; 720 units are 12 cm.
    pub width: u32,
    /// Height of the SVG in its units.
    pub height: u32,
}
