//! Blocks as row groups of Parquet: every column a dictionary of its entries with a code a row, or plain doubles.
//!
//! The pages are made here, because a column of a block is there with its codes and runs already: the crate's writer would look
//! every text of every row up again. Headers, metadata and the footer are the crate's. Columns that it makes smaller are
//! compressed with Snappy. The bytes depend on the rows and this program's version alone.

#[cfg(feature = "parquet")]
pub use with::{Footer, Group, MAGIC, encode};
#[cfg(not(feature = "parquet"))]
pub use without::{Footer, Group, MAGIC, encode};

/// What a build without Parquet answers.
#[cfg(not(feature = "parquet"))]
mod without {
    use std::io;

    use super::super::{Block, Heading};

    /// First bytes of a file.
    pub const MAGIC: &[u8] = b"";
    /// A row group: there is none.
    pub enum Group {}
    /// The end of a file: there is none.
    pub enum Footer {}

    fn refuse<T>() -> io::Result<T> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this build of xuewei has no Parquet"))
    }

    /// Refuses.
    pub fn encode(_: &[Heading], _: &Block) -> io::Result<Group> {
        refuse()
    }

    impl Group {
        /// Nothing.
        pub fn bytes(&self) -> [&[u8]; 0] {
            match *self {}
        }
    }

    impl Footer {
        /// Refuses.
        pub fn new(_: &[Heading]) -> io::Result<Self> {
            refuse()
        }

        /// Nothing.
        pub fn add(&mut self, _: Group) -> io::Result<()> {
            match *self {}
        }

        /// Nothing.
        pub fn bytes(self) -> io::Result<Vec<u8>> {
            match self {}
        }
    }
}

#[cfg(feature = "parquet")]
mod with;

#[cfg(all(test, feature = "parquet"))]
mod tests {
    use std::borrow::Cow;

    use bytes::Bytes;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::super::super::rows::{Cell, Format, TableWriter};
    use super::super::super::tables::Style;
    use super::super::{ABSENT, Block, Blocks, Codes, Column, Heading, Kind, LongTable, Texts};

    fn rows(bytes: Vec<u8>) -> Vec<String> {
        let reader = SerializedFileReader::new(Bytes::from(bytes)).expect("Parquet");
        let rows = reader.get_row_iter(None).expect("rows");
        rows.map(|row| row.expect("a row").to_string()).collect()
    }

    /// Absent cells in runs and singly, a number that is none, a block without rows between two others.
    #[test]
    fn blocks_are_read_back() {
        const HEADINGS: &[Heading] =
            &[("t", Kind::Text), ("w", Kind::Whole), ("n", Kind::Number), ("u", Kind::Text)];
        let block = |idx: usize| {
            let n_rows = if idx == 1 { 0 } else { 3 };
            let runs = if n_rows == 0 { vec![] } else { vec![(1, 1), (ABSENT, 1), (0, 1)] };
            let wholes: &[u32] = if n_rows == 0 { &[] } else { &[1, ABSENT, 0] };
            let numbers: &[f64] = if n_rows == 0 { &[] } else { &[0.5, f64::NAN, -1e300] };
            Block {
                n_rows,
                columns: vec![
                    Column::Texts(Texts::new(vec!["a", "学位"]), Codes::Runs(runs)),
                    Column::Wholes(vec![-5, 1 << 40], Codes::Each(wholes.to_vec())),
                    Column::Numbers(Cow::Borrowed(numbers)),
                    Column::Texts(Texts::new(vec!["x"]), Codes::all(0, n_rows)),
                ],
            }
        };
        let table = LongTable { headings: HEADINGS, n_blocks: 3, block: Box::new(block) };
        let bytes = |format| table.bytes(Style { format, with_bom: false }).expect("bytes");
        let once = [
            "{t: \"学位\", w: 1099511627776, n: 0.5, u: \"x\"}",
            "{t: null, w: null, n: null, u: \"x\"}",
            "{t: \"a\", w: -5, n: -1e300, u: \"x\"}",
        ];
        let found = rows(bytes(Format::Parquet));
        assert_eq!(found.len(), 6);
        for (row, expected) in found.iter().zip(once.iter().cycle()) {
            assert_eq!(row.replace("-1E300", "-1e300"), *expected);
        }
        let json: serde_json::Value =
            serde_json::from_slice(&bytes(Format::Json)).expect("valid JSON");
        assert_eq!(json[4], serde_json::json!({"t": null, "w": null, "n": null, "u": "x"}));
        let csv = String::from_utf8(bytes(Format::Csv)).expect("text");
        assert!(csv.starts_with("t,w,n,u\n学位,1099511627776,0.5,x\n,,NaN,x\n"), "{csv}");
    }

    /// Columns of a small table: of texts, of whole numbers, of both kinds of numbers, of nothing.
    #[test]
    fn small_tables_are_read_back() {
        let mut table = TableWriter::new(Format::Parquet, &["t", "w", "n", "none"], false);
        table.row(&[Cell::Key("k"), Cell::Whole(7), Cell::Whole(1), Cell::Empty]);
        table.row(&[Cell::Empty, Cell::Empty, Cell::Number(0.25), Cell::Empty]);
        let expected =
            ["{t: \"k\", w: 7, n: 1.0, none: null}", "{t: null, w: null, n: 0.25, none: null}"];
        assert_eq!(rows(table.finish()), expected);
        let empty = TableWriter::new(Format::Parquet, &["a"], false).finish();
        assert!(rows(empty).is_empty());
    }
}
