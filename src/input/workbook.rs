//! Sheets of XLSX workbooks as rows of texts, in the shape that [`super::table`] reads from CSV.
//!
//! In: the bytes of a workbook and the name of a sheet, or none for its first. Out: the heading, the rows under it with
//! their numbers in the sheet, and the cells that hold no value that can be read. A workbook is unpacked once to count
//! its bytes before anything in it is believed.

use std::path::{Path, PathBuf};

/// A sheet as it was read. Columns without a heading are left out.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Row of the heading in the sheet, from 1.
    pub heading_row: u32,
    /// Headings that are not empty, from the left.
    pub heading: Vec<String>,
    /// Row in the sheet, and a cell for every heading.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Row, column of the sheet (`C`), and what is wrong with the cell.
    pub faults: Vec<(u32, String, String)>,
}

/// Why a sheet could not be read: what was found, and how to mend it.
#[derive(Debug, PartialEq)]
pub(super) struct Unread {
    /// What was found.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl Unread {
    #[cfg(feature = "xlsx")]
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Unread { message: message.into(), help: help.into() }
    }
}

/// Whether a path names a workbook, with or without a sheet.
pub(super) fn is_workbook(path: &Path) -> bool {
    let (file, _) = without_sheet(path);
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
}

/// The file and the sheet that a path names: `figures.xlsx#people`. A path without a workbook's ending is a file as it is.
pub fn without_sheet(path: &Path) -> (PathBuf, Option<String>) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let at = name.to_ascii_lowercase().find(".xlsx#");
    match at.and_then(|at| Some((name.get(..at + 5)?, name.get(at + 6..)?))) {
        Some((file, sheet)) if !sheet.is_empty() => {
            (path.with_file_name(file), Some(sheet.to_string()))
        }
        _ => (path.to_path_buf(), None),
    }
}

/// Reads a sheet.
#[cfg(not(feature = "xlsx"))]
pub(super) fn read(_bytes: &[u8], _sheet: Option<&str>) -> Result<Sheet, Unread> {
    Err(Unread {
        message: "expected a table, found an XLSX workbook, which this build does not read"
            .to_string(),
        help: "save the sheet as CSV UTF-8, or build xuewei with its feature `xlsx`".to_string(),
    })
}

/// Reads a sheet.
#[cfg(feature = "xlsx")]
pub(super) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Sheet, Unread> {
    use calamine::{Reader, Xlsx};
    check_size(bytes)?;
    let damaged = |error: calamine::XlsxError| {
        Unread::new(
            format!("expected an XLSX workbook, found a damaged one: {error}"),
            "open it in a spreadsheet program and save it anew",
        )
    };
    let mut workbook = Xlsx::new(std::io::Cursor::new(bytes)).map_err(damaged)?;
    let names = workbook.sheet_names();
    let name = match sheet {
        Some(sheet) => names.iter().find(|name| *name == sheet),
        None => names.first(),
    };
    let Some(name) = name.cloned() else {
        let known = names.iter().map(String::as_str);
        let help = super::problem::suggest(sheet.unwrap_or_default(), known);
        return Err(Unread::new(format!("no sheet {:?}", sheet.unwrap_or_default()), help));
    };
    let mut cells = Cells::default();
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(damaged)?;
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        cells.take(cell.get_position(), cell.get_value())?;
    }
    Ok(cells.sheet())
}

/// Most bytes that a workbook may unpack to.
#[cfg(feature = "xlsx")]
const MOST_UNPACKED: u64 = 1 << 30;
/// Most columns of a sheet.
#[cfg(feature = "xlsx")]
const MOST_COLUMNS: u32 = 500;

/// Unpacks a workbook without keeping it: its parts must be whole, no larger than is allowed, and announce no more texts
/// than they can hold.
#[cfg(feature = "xlsx")]
fn check_size(bytes: &[u8]) -> Result<(), Unread> {
    use std::io::Read;
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let help = "save it as .xlsx without a password, or the sheet as CSV UTF-8";
        let message = "expected an XLSX workbook, found an old XLS one or one with a password";
        return Err(Unread::new(message, help));
    }
    let damaged = |error: &dyn std::fmt::Display| {
        let message = format!("expected an XLSX workbook, found something else: {error}");
        Unread::new(message, "save the table in a spreadsheet program as .xlsx, or as CSV UTF-8")
    };
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut unpacked = 0;
    for idx in 0..parts.len() {
        let mut part = parts.by_index(idx).map_err(|e| damaged(&e))?;
        let mut start = Vec::new();
        part.by_ref().take(4096).read_to_end(&mut start).map_err(|e| damaged(&e))?;
        let left = (MOST_UNPACKED + 1).saturating_sub(unpacked);
        let rest = std::io::copy(&mut part.by_ref().take(left), &mut std::io::sink());
        let n_bytes = start.len() as u64 + rest.map_err(|e| damaged(&e))?;
        unpacked += n_bytes;
        if unpacked > MOST_UNPACKED {
            return Err(Unread::new(
                "the workbook unpacks to more than 1 GiB",
                "keep only the table",
            ));
        }
        if announced_texts(&start).is_some_and(|n_texts| n_texts > n_bytes) {
            return Err(damaged(&"it announces more texts than it has"));
        }
    }
    Ok(())
}

/// The number of texts that the beginning of a part announces: `uniqueCount="12"`.
#[cfg(feature = "xlsx")]
fn announced_texts(start: &[u8]) -> Option<u64> {
    let start = String::from_utf8_lossy(start);
    let digits = start.split("uniqueCount").nth(1)?.trim_start_matches([' ', '=', '"', '\'']);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end).filter(|d| !d.is_empty()).map(|d| d.parse().unwrap_or(u64::MAX))
}

/// Cells in the order of the file: row, column, text; and the faulty ones.
#[cfg(feature = "xlsx")]
#[derive(Default)]
struct Cells {
    cells: std::collections::BTreeMap<(u32, u32), String>,
    faults: Vec<(u32, String, String)>,
}

#[cfg(feature = "xlsx")]
impl Cells {
    /// Keeps a cell that holds something.
    fn take(&mut self, at: (u32, u32), value: &calamine::DataRef) -> Result<(), Unread> {
        use calamine::DataRef;
        let text = match value {
            DataRef::Empty => return Ok(()),
            DataRef::Int(whole) => whole.to_string(),
            DataRef::Float(number) => number.to_string(),
            DataRef::String(text) => text.trim().to_string(),
            DataRef::SharedString(text) => text.trim().to_string(),
            DataRef::Bool(flag) => flag.to_string(),
            DataRef::DateTime(date) => format!("a date ({})", date.as_f64()),
            DataRef::DateTimeIso(date) | DataRef::DurationIso(date) => format!("a date ({date})"),
            DataRef::Error(error) => {
                let message = format!("expected a value, found the error {error}");
                self.faults.push((at.0.saturating_add(1), column_name(at.1), message));
                return Ok(());
            }
        };
        if text.is_empty() {
            return Ok(());
        }
        if at.1 >= MOST_COLUMNS {
            let message = format!(
                "a sheet may have {MOST_COLUMNS} columns, found one in {}",
                column_name(at.1)
            );
            return Err(Unread::new(message, "keep only the table in the sheet"));
        }
        self.cells.insert(at, text);
        Ok(())
    }

    /// The first row that holds something is the heading; rows below it that hold something are rows of the table.
    fn sheet(self) -> Sheet {
        let mut sheet = Sheet { faults: self.faults, ..Sheet::default() };
        let Some(&(first, _)) = self.cells.keys().next() else {
            return sheet;
        };
        sheet.heading_row = first + 1;
        let mut columns: Vec<u32> = Vec::new();
        let mut without: Vec<u32> = Vec::new();
        for ((row, column), text) in self.cells {
            if row == first {
                columns.push(column);
                sheet.heading.push(text);
                continue;
            }
            let Ok(place) = columns.binary_search(&column) else {
                if !without.contains(&column) {
                    without.push(column);
                    let message = format!("expected no cell outside the table, found {text:?}");
                    sheet.faults.push((row + 1, column_name(column), message));
                }
                continue;
            };
            if sheet.rows.last().is_none_or(|(last, _)| *last != row + 1) {
                sheet.rows.push((row + 1, vec![String::new(); columns.len()]));
            }
            if let Some((_, cells)) = sheet.rows.last_mut() {
                cells[place] = text;
            }
        }
        sheet
    }
}

/// The letters of a column, from 0: `A`, …, `Z`, `AA`.
#[cfg(feature = "xlsx")]
fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_named_after_the_file() {
        let parts = |path: &str| {
            let (file, sheet) = without_sheet(Path::new(path));
            (file.display().to_string(), sheet)
        };
        assert_eq!(parts("a/b.xlsx#人口"), ("a/b.xlsx".to_string(), Some("人口".to_string())));
        assert_eq!(parts("a/B.XLSX#x#y"), ("a/B.XLSX".to_string(), Some("x#y".to_string())));
        assert_eq!(parts("a/b.xlsx"), ("a/b.xlsx".to_string(), None));
        assert_eq!(parts("a/b#c.csv"), ("a/b#c.csv".to_string(), None));
        assert!(is_workbook(Path::new("b.Xlsx#x")) && !is_workbook(Path::new("b.csv")));
    }

    #[cfg(not(feature = "xlsx"))]
    #[test]
    fn without_the_feature_a_workbook_is_refused_in_words() {
        let unread = read(b"PK", None).expect_err("it cannot be read");
        assert!(unread.message.contains("which this build does not read"));
        assert!(unread.help.contains("save the sheet as CSV"));
    }

    #[cfg(feature = "xlsx")]
    #[test]
    fn columns_have_letters() {
        let names: Vec<String> = [0, 25, 26, 701, 702].map(column_name).into();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[cfg(feature = "xlsx")]
    #[test]
    fn announced_texts_are_read() {
        assert_eq!(announced_texts(br#"<sst count="3" uniqueCount="12">"#), Some(12));
        assert_eq!(announced_texts(b"<sst uniqueCount='99999999999999999999999'>"), Some(u64::MAX));
        assert_eq!(announced_texts(b"<worksheet>"), None);
    }
}
