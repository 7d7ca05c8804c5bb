//! Tables: CSV in UTF-8 with or without BOM, in GB18030 or in UTF-16 with its mark (`encoding`), or a sheet of an XLSX workbook ([`super::workbook`]); English or
//! Chinese headings.

use std::ops::Range;
use std::path::Path;

use super::load::Load;
use super::problem::{Position, suggest};
use super::workbook;
use encoding::Encoding;

mod encoding;
mod plain;
mod separator;

/// A column that a table may have.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Heading.
    pub name: &'a str,
    /// Other headings that mean the same.
    pub aliases: &'static [&'static str],
    /// Must be there.
    pub required: bool,
}

impl Column<'_> {
    /// Whether a heading means this column.
    fn is_called(&self, heading: &str) -> bool {
        self.name == heading || self.aliases.contains(&heading)
    }
}

/// A column without aliases beside its own name.
pub const fn column<'a>(
    name: &'a str,
    aliases: &'static [&'static str],
    required: bool,
) -> Column<'a> {
    Column { name, aliases, required }
}

/// A table that was read.
#[derive(Debug)]
pub struct TableFile<'a> {
    /// Index into the files of the load.
    pub file: usize,
    /// For every wanted column: its place in a row.
    places: Vec<Option<usize>>,
    columns: Vec<Column<'a>>,
    /// Cells of a row.
    n_cells: usize,
    /// All cells one after another, row by row.
    text: String,
    /// Where each cell begins in `text`, and the end.
    starts: Vec<u32>,
    /// Line of each row.
    lines: Vec<u32>,
}

/// A column by its name, or by the place that [`TableFile::column`] gave it: for tables of many rows.
pub trait Named: Copy {
    /// Its place among the wanted columns.
    fn place(self, table: &TableFile) -> Option<usize>;
    /// Its name.
    fn name<'t>(self, table: &'t TableFile) -> &'t str
    where
        Self: 't;
}

impl Named for &str {
    fn place(self, table: &TableFile) -> Option<usize> {
        table.columns.iter().position(|column| column.name == self)
    }

    fn name<'t>(self, _: &'t TableFile) -> &'t str
    where
        Self: 't,
    {
        self
    }
}

/// A column that has been looked up.
#[derive(Debug, Clone, Copy)]
pub struct Found(usize);

impl Named for Found {
    fn place(self, _: &TableFile) -> Option<usize> {
        Some(self.0)
    }

    fn name<'t>(self, table: &'t TableFile) -> &'t str
    where
        Self: 't,
    {
        table.columns[self.0].name
    }
}

/// Reads a table; problems with its form are noted, and rows that do not fit are left out.
pub fn read<'a>(
    load: &mut Load,
    path: &Path,
    named_at: (Position, &str),
    columns: &[Column<'a>],
) -> Option<TableFile<'a>> {
    let file = load.read(path, Some(named_at))?;
    if workbook::is_workbook(path) {
        return read_workbook(load, file, columns);
    }
    let text = decoded(load, file)?;
    let table = read_text(load, file, &text, columns);
    // The file keeps its bytes: they are hashed and copied later. Text that was no UTF-8 is kept as it was.
    if let Text::Borrowed(bytes, _) = text {
        load.files[file].bytes = bytes;
    }
    table
}

/// Reads the rows of a decoded text.
fn read_text<'a>(
    load: &mut Load,
    file: usize,
    text: &Text,
    columns: &[Column<'a>],
) -> Option<TableFile<'a>> {
    let text = text.get();
    let top = Position { file, line: 1, column: 0 };
    if text.trim().is_empty() {
        is_empty(load, file, columns, "file");
        return None;
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::Headers)
        .from_reader(text.as_bytes());
    let heading = match reader.headers() {
        Ok(heading) => heading.clone(),
        Err(error) => {
            load.problem(top, "", format!("not a CSV table: {error}"), "");
            return None;
        }
    };
    let heading: Vec<String> = heading.iter().map(str::to_string).collect();
    let places = places_of(load, top, &heading, columns)?;
    let mut table = TableFile::new(file, places, columns, heading.len());
    if let Some(pieces) = plain::rows(text, heading.len()) {
        pieces.into_iter().for_each(|piece| table.append(piece));
        return Some(table);
    }
    table.text.reserve(text.len());
    let line_of = LineOf::new(text);
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(0, |p| line_of.at(p.byte() as usize));
                if record.iter().all(|cell| cell.trim().is_empty()) {
                    continue;
                }
                if record.len() != heading.len() {
                    let message = format!(
                        "expected {} cells as in the heading, found {}",
                        heading.len(),
                        record.len()
                    );
                    let at = Position { file, line, column: 0 };
                    load.problem(at, "", message, "a comma in a text needs quotes around the text");
                    continue;
                }
                table.push(line, record.iter().map(str::trim));
            }
            Err(error) => load.problem(top, "", format!("not a CSV table: {error}"), ""),
        }
    }
    Some(table)
}

/// Reads the sheet of a workbook.
fn read_workbook<'a>(
    load: &mut Load,
    file: usize,
    columns: &[Column<'a>],
) -> Option<TableFile<'a>> {
    let whole = Position { file, line: 0, column: 0 };
    let (_, sheet) = workbook::without_sheet(&load.files[file].path);
    let sheet = match workbook::read(&load.files[file].bytes, sheet.as_deref()) {
        Ok(sheet) => sheet,
        Err(unread) => {
            load.problem(whole, "", unread.message, unread.help);
            return None;
        }
    };
    if sheet.heading.is_empty() {
        is_empty(load, file, columns, "sheet");
        return None;
    }
    let top = Position { file, line: sheet.heading_row, column: 0 };
    let places = places_of(load, top, &sheet.heading, columns)?;
    for (line, column, message) in sheet.faults {
        let at = Position { file, line, column: 0 };
        load.problem(at, &format!("column {column}"), message, "mend or empty the cell");
    }
    let mut table = TableFile::new(file, places, columns, sheet.heading.len());
    for (line, cells) in &sheet.rows {
        table.push(*line, cells.iter().map(String::as_str));
    }
    Some(table)
}

fn is_empty(load: &mut Load, file: usize, columns: &[Column], what: &str) {
    let whole = Position { file, line: 0, column: 0 };
    let help = format!("the heading needs: {}", required_names(columns));
    load.problem(whole, "", format!("expected a table, found an empty {what}"), help);
}

/// Lines by byte offset; a record that follows empty lines begins after them.
struct LineOf<'a> {
    bytes: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> LineOf<'a> {
    fn new(text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        LineOf { bytes: text.as_bytes(), starts }
    }

    fn at(&self, byte: usize) -> u32 {
        let mut byte = byte.min(self.bytes.len());
        while byte < self.bytes.len() && matches!(self.bytes[byte], b'\n' | b'\r') {
            byte += 1;
        }
        self.starts.partition_point(|&start| start <= byte) as u32 + 1
    }
}

/// A text: the file's own bytes after the byte order mark, or decoded from another encoding.
enum Text {
    Borrowed(Vec<u8>, usize),
    Decoded(String),
}

impl Text {
    fn get(&self) -> &str {
        match self {
            // They have been found to be UTF-8.
            Text::Borrowed(bytes, from) => std::str::from_utf8(&bytes[*from..]).unwrap_or_default(),
            Text::Decoded(text) => text,
        }
    }
}

/// The text of a file; its bytes are taken out of `load` where they are the text.
fn decoded(load: &mut Load, file: usize) -> Option<Text> {
    let bytes = std::mem::take(&mut load.files[file].bytes);
    let found = encoding::of(&bytes);
    if let Ok(Encoding::Utf8(from)) = found {
        return Some(Text::Borrowed(bytes, from));
    }
    let n_lines = |end: usize| bytes[..end].iter().filter(|byte| **byte == b'\n').count();
    let line = found.as_ref().err().map_or(0, |no_text| n_lines(no_text.byte) as u32 + 1);
    load.files[file].bytes = bytes;
    match found {
        Ok(Encoding::Decoded(text)) => Some(Text::Decoded(text)),
        Ok(Encoding::Utf8(_)) => None,
        Err(no_text) => {
            let message = format!("expected UTF-8 or GB18030 text, found {}", no_text.found);
            load.problem(Position { file, line, column: 0 }, "", message, no_text.help);
            None
        }
    }
}

fn places_of(
    load: &mut Load,
    top: Position,
    heading: &[String],
    columns: &[Column],
) -> Option<Vec<Option<usize>>> {
    if let Some((message, help)) = separator::fault(heading, columns) {
        load.problem(top, "", message, help);
        return None;
    }
    let names: Vec<&str> = columns.iter().map(|c| c.name).collect();
    let mut places: Vec<Option<usize>> = vec![None; columns.len()];
    let before = load.problems.list.len();
    for (at, cell) in heading.iter().enumerate() {
        match columns.iter().position(|column| column.is_called(cell)) {
            Some(idx) if places[idx].is_some() => {
                load.problem(top, cell, "the heading stands twice", "remove one of the columns");
            }
            Some(idx) => places[idx] = Some(at),
            None if cell.is_empty() => load.problem(
                top,
                "",
                format!("column {} of the heading is empty", at + 1),
                "name the column or take it out of every row",
            ),
            None => load.problem(top, cell, "no such column", suggest(cell, names.iter().copied())),
        }
    }
    for (idx, column) in columns.iter().enumerate() {
        if column.required && places[idx].is_none() {
            let help = format!("the heading needs: {}", required_names(columns));
            load.problem(top, column.name, "the column is missing", help);
        }
    }
    (load.problems.list.len() == before).then_some(places)
}

fn required_names(columns: &[Column]) -> String {
    columns.iter().filter(|c| c.required).map(|c| c.name).collect::<Vec<_>>().join(",")
}

impl<'a> TableFile<'a> {
    fn new(
        file: usize,
        places: Vec<Option<usize>>,
        columns: &[Column<'a>],
        n_cells: usize,
    ) -> Self {
        let (text, starts, lines) = (String::new(), vec![0], Vec::new());
        TableFile { file, places, columns: columns.to_vec(), n_cells, text, starts, lines }
    }

    /// Appends a row; files are limited to 1 GiB, so that every place in the text is a `u32`.
    fn push<'c>(&mut self, line: u32, cells: impl Iterator<Item = &'c str>) {
        self.lines.push(line);
        let last = self.starts.len() + self.n_cells;
        for cell in cells.take(self.n_cells) {
            self.text.push_str(cell);
            self.starts.push(self.text.len() as u32);
        }
        self.starts.resize(last, self.text.len() as u32);
    }

    /// Appends rows that were read by themselves.
    fn append(&mut self, piece: plain::Piece) {
        let before = self.text.len() as u32;
        self.text.push_str(&piece.text);
        self.lines.extend(piece.lines);
        self.starts.extend(piece.ends.into_iter().map(|end| before + end));
    }

    /// Rows in ranges that can be read one beside the other.
    pub(super) fn ranges(&self) -> Vec<Range<usize>> {
        const ROWS: usize = 1 << 14;
        let n = self.n_rows();
        (0..n.div_ceil(ROWS)).map(|k| k * ROWS..((k + 1) * ROWS).min(n)).collect()
    }

    /// Rows below the heading.
    pub fn n_rows(&self) -> usize {
        self.lines.len()
    }

    /// Line of a row in its file.
    pub fn line(&self, row: usize) -> u32 {
        self.lines[row]
    }

    /// A column, to be looked up once; a name that is none of the wanted columns is a mistake of the program.
    pub fn column(&self, name: &str) -> Found {
        Found(name.place(self).unwrap_or(self.columns.len() - 1))
    }

    /// The place of a row, for messages.
    pub fn at(&self, row: usize) -> Position {
        Position { file: self.file, line: self.lines[row], column: 0 }
    }

    /// The text of a cell; `None` where the column is absent or the cell empty.
    pub fn text(&self, row: usize, column: impl Named) -> Option<&str> {
        let at = row * self.n_cells + self.places[column.place(self)?]?;
        let cell = &self.text[self.starts[at] as usize..self.starts[at + 1] as usize];
        (!cell.is_empty()).then_some(cell)
    }

    /// A text that must be there.
    pub fn needed_text(&self, load: &mut Load, row: usize, column: impl Named) -> Option<&str> {
        let text = self.text(row, column);
        if text.is_none() {
            load.problem(
                self.at(row),
                column.name(self),
                "expected a text, found an empty cell",
                "",
            );
        }
        text
    }

    /// A number in bounds; an empty cell is `None` without a problem unless `needed`.
    pub fn number(
        &self,
        load: &mut Load,
        row: usize,
        column: impl Named,
        bounds: (f64, f64),
        needed: bool,
    ) -> Option<f64> {
        let Some(text) = self.text(row, column) else {
            if needed {
                load.problem(
                    self.at(row),
                    column.name(self),
                    "expected a number, found an empty cell",
                    "",
                );
            }
            return None;
        };
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        match number {
            Some(number) if (bounds.0..=bounds.1).contains(&number) => Some(number),
            _ => {
                let message =
                    format!("expected a number from {} to {}, found {text:?}", bounds.0, bounds.1);
                let help = match number {
                    Some(_) => "",
                    None => "numbers have a point and no separators",
                };
                load.problem(self.at(row), column.name(self), message, help);
                None
            }
        }
    }

    /// A whole number in bounds.
    pub fn whole(
        &self,
        load: &mut Load,
        row: usize,
        column: impl Named,
        bounds: (i64, i64),
        needed: bool,
    ) -> Option<i64> {
        let bounds = (bounds.0 as f64, bounds.1 as f64);
        let number = self.number(load, row, column, bounds, needed)?;
        if number.fract() != 0.0 {
            let message = format!("expected a whole number, found {number}");
            load.problem(self.at(row), column.name(self), message, "");
            return None;
        }
        Some(number as i64)
    }
}
