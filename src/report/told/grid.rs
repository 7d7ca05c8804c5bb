//! A table of an output folder in memory, with rows found by the values of columns.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Rows by the hash of the values of some columns.
type Index = HashMap<u64, Vec<u32>>;

/// A CSV file as text cells.
#[derive(Debug, Default)]
pub struct Grid {
    columns: Vec<String>,
    text: String,
    /// End of every cell in `text`, row by row.
    ends: Vec<u32>,
    /// Made when rows are first sought by these columns.
    indices: RefCell<BTreeMap<Vec<usize>, Index>>,
}

impl Grid {
    /// Reads CSV, with or without a byte order mark.
    ///
    /// # Errors
    /// Text that is not UTF-8 or rows of unequal length, with the line.
    pub fn parse(bytes: &[u8]) -> Result<Grid, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let columns = reader.headers().map_err(|error| message(&error))?;
        let columns = columns.iter().map(str::to_string).collect();
        let mut grid = Grid { columns, ..Grid::default() };
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| message(&error))? {
            for cell in &record {
                grid.text.push_str(cell);
                let end = u32::try_from(grid.text.len()).map_err(|_| "larger than 4 GB")?;
                grid.ends.push(end);
            }
        }
        Ok(grid)
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of rows below the heading.
    pub fn n_rows(&self) -> usize {
        self.ends.len() / self.columns.len().max(1)
    }

    /// Position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The text of a cell; empty outside the table.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.columns.len() {
            return "";
        }
        let position = row * self.columns.len() + column;
        let start = if position == 0 { 0 } else { self.end(position - 1) };
        self.text.get(start..self.end(position)).unwrap_or_default()
    }

    /// The text of a cell by the name of its column; empty where there is none.
    pub fn text(&self, row: usize, column: &str) -> &str {
        self.column(column).map_or("", |column| self.cell(row, column))
    }

    fn end(&self, position: usize) -> usize {
        self.ends.get(position).map_or(0, |end| *end as usize)
    }

    /// Rows that meet every condition, in the order of the file; `None` if a column is not there.
    pub fn rows(&self, conditions: &[(&str, &str)]) -> Option<Vec<usize>> {
        if conditions.is_empty() {
            return Some((0..self.n_rows()).collect());
        }
        let columns: Option<Vec<usize>> =
            conditions.iter().map(|(name, _)| self.column(name)).collect();
        let columns = columns?;
        let mut indices = self.indices.borrow_mut();
        let index = indices.entry(columns.clone()).or_insert_with(|| self.index(&columns));
        let key = hash(conditions.iter().map(|(_, value)| *value));
        let found = index.get(&key).map_or(&[][..], Vec::as_slice);
        let meets = |row: &usize| {
            let mut all = columns.iter().zip(conditions);
            all.all(|(column, (_, value))| self.cell(*row, *column) == *value)
        };
        Some(found.iter().map(|row| *row as usize).filter(meets).collect())
    }

    fn index(&self, columns: &[usize]) -> Index {
        let mut index = Index::new();
        for row in 0..self.n_rows() {
            let key = hash(columns.iter().map(|column| self.cell(row, *column)));
            index.entry(key).or_default().push(row as u32);
        }
        index
    }

    /// The different values of a column in the order of their first row.
    pub fn distinct(&self, column: &str) -> Vec<&str> {
        let Some(column) = self.column(column) else { return Vec::new() };
        let mut seen = std::collections::HashSet::new();
        let cells = (0..self.n_rows()).map(|row| self.cell(row, column));
        cells.filter(|cell| seen.insert(*cell)).collect()
    }
}

fn hash<'a>(values: impl Iterator<Item = &'a str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    values.for_each(|value| value.hash(&mut hasher));
    hasher.finish()
}

fn message(error: &csv::Error) -> String {
    let line = error.position().map_or(String::new(), |p| format!("line {}: ", p.line()));
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{line}expected {expected_len} cells, found {len}")
        }
        csv::ErrorKind::Utf8 { .. } => format!("{line}not UTF-8"),
        _ => format!("{line}{error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_any_columns() {
        let grid = Grid::parse("\u{feff}a,b,v\n1,x,\"1,5\"\n2,x,\n1,y,3\n".as_bytes());
        let grid = grid.unwrap_or_default();
        assert_eq!(grid.columns(), ["a", "b", "v"]);
        assert_eq!(grid.rows(&[("a", "1")]), Some(vec![0, 2]));
        assert_eq!(grid.rows(&[("b", "x"), ("a", "2")]), Some(vec![1]));
        assert_eq!(grid.rows(&[("b", "z")]), Some(vec![]));
        assert_eq!(grid.rows(&[("c", "1")]), None);
        assert_eq!((grid.text(0, "v"), grid.text(1, "v"), grid.text(9, "v")), ("1,5", "", ""));
        assert_eq!(grid.distinct("b"), ["x", "y"]);
    }

    #[test]
    fn damage_is_told_with_its_line() {
        let short = Grid::parse(b"a,b\n1,2\n3\n").err().unwrap_or_default();
        assert!(short.contains("line 3") && short.contains("expected 2 cells, found 1"), "{short}");
        let latin = Grid::parse(b"a,b\n1,\xff\n").err().unwrap_or_default();
        assert!(latin.contains("not UTF-8"), "{latin}");
    }
}
