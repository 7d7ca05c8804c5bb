//! Pages, row groups and footers.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, SchemaDescPtr, SchemaDescriptor, Type};

use super::super::hybrid::{put_packed, put_run, width};
use super::super::{ABSENT, Block, Codes, Column, Heading, Kind, Texts};

/// First bytes of a file.
pub const MAGIC: &[u8] = b"PAR1";

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error.to_string())
}

/// The schema: every column may be empty.
fn schema(headings: &[Heading]) -> Result<SchemaDescPtr, ParquetError> {
    let field = |(name, kind): &Heading| {
        let (physical, logical) = match kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Whole => (Physical::INT64, None),
            Kind::Number => (Physical::DOUBLE, None),
        };
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let fields = headings.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let root = Type::group_type_builder("table").with_fields(fields).build()?;
    Ok(Arc::new(SchemaDescriptor::new(Arc::new(root))))
}

/// A row group as bytes, with what the footer says of it.
pub struct Group {
    n_rows: usize,
    chunks: Vec<(Vec<u8>, ColumnChunkMetaData)>,
}

impl Group {
    /// Its columns in the order of the file.
    pub fn bytes(&self) -> Vec<&[u8]> {
        self.chunks.iter().map(|(bytes, _)| bytes.as_slice()).collect()
    }
}

/// A block as a row group.
///
/// # Errors
/// A block whose columns are not those of the headings: a mistake of the program.
pub fn encode(headings: &[Heading], block: &Block) -> io::Result<Group> {
    let schema = schema(headings).map_err(failed)?;
    // A group without rows is left out.
    let columns = block.columns.iter().zip(schema.columns()).filter(|_| block.n_rows > 0);
    let chunks = columns.map(|(column, described)| chunk(column, block.n_rows, described));
    let chunks = chunks.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    Ok(Group { n_rows: block.n_rows, chunks })
}

/// The pages of a column, one after another, with their sizes.
struct Pages {
    out: TrackedWrite<Vec<u8>>,
    raw_size: usize,
}

impl Pages {
    fn put(&mut self, page: Page, raw_size: usize) -> Result<(), ParquetError> {
        let spec = SerializedPageWriter::new(&mut self.out)
            .write_page(CompressedPage::new(page, raw_size))?;
        self.raw_size += spec.uncompressed_size;
        Ok(())
    }
}

fn chunk(
    column: &Column,
    n_rows: usize,
    described: &ColumnDescPtr,
) -> Result<(Vec<u8>, ColumnChunkMetaData), ParquetError> {
    let mut pages = Pages { out: TrackedWrite::new(Vec::with_capacity(n_rows)), raw_size: 0 };
    let mut values = Vec::new();
    let mut compression = Compression::SNAPPY;
    let (n_entries, encoding) = match column {
        Column::Texts(texts, codes) => {
            let (buf, raw_size) = texts.page.get_or_init(|| packed(&plain_texts(texts))).clone();
            put_dictionary(&mut pages, buf, raw_size, texts.texts.len())?;
            put_codes(&mut values, codes, n_rows, texts.texts.len());
            (Some(texts.texts.len()), Encoding::RLE_DICTIONARY)
        }
        Column::Wholes(entries, codes) => {
            let plain: Vec<u8> = entries.iter().flat_map(|entry| entry.to_le_bytes()).collect();
            let (buf, raw_size) = packed(&plain);
            put_dictionary(&mut pages, buf, raw_size, entries.len())?;
            put_codes(&mut values, codes, n_rows, entries.len());
            (Some(entries.len()), Encoding::RLE_DICTIONARY)
        }
        Column::Numbers(numbers) => {
            put_numbers(&mut values, numbers);
            if !is_compressible(&values) {
                compression = Compression::UNCOMPRESSED;
            }
            (None, Encoding::PLAIN)
        }
    };
    let first = if n_entries.is_some() { pages.out.bytes_written() as i64 } else { 0 };
    let raw_size = values.len();
    let buf = match compression {
        Compression::UNCOMPRESSED => Bytes::from(values),
        _ => packed(&values).0,
    };
    let page = Page::DataPage {
        buf,
        num_values: n_rows as u32,
        encoding,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    pages.put(page, raw_size)?;
    let raw_size = pages.raw_size;
    let bytes = pages.out.into_inner()?;
    let metadata = ColumnChunkMetaData::builder(described.clone())
        .set_compression(compression)
        .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, encoding])
        .set_num_values(n_rows as i64)
        .set_total_compressed_size(bytes.len() as i64)
        .set_total_uncompressed_size(raw_size as i64)
        .set_data_page_offset(first)
        .set_dictionary_page_offset(n_entries.map(|_| 0))
        .build()?;
    Ok((bytes, metadata))
}

fn put_dictionary(
    pages: &mut Pages,
    buf: Bytes,
    raw_size: usize,
    n_entries: usize,
) -> Result<(), ParquetError> {
    let page = Page::DictionaryPage {
        buf,
        num_values: n_entries as u32,
        encoding: Encoding::PLAIN,
        is_sorted: false,
    };
    pages.put(page, raw_size)
}

/// Whether compression saves a tenth, judged by a stretch from the middle: digits of fractions do not repeat.
fn is_compressible(plain: &[u8]) -> bool {
    const STRETCH: usize = 1 << 15;
    let from = plain.len().saturating_sub(STRETCH) / 2;
    let stretch = &plain[from..plain.len().min(from + STRETCH)];
    packed(stretch).0.len() * 10 < stretch.len() * 9
}

/// Bytes compressed, and how many they were.
fn packed(plain: &[u8]) -> (Bytes, usize) {
    // Fails only for more than 4 GiB, which no block has.
    let packed = snap::raw::Encoder::new().compress_vec(plain).unwrap_or_default();
    (Bytes::from(packed), plain.len())
}

fn plain_texts(texts: &Texts) -> Vec<u8> {
    let mut plain = Vec::new();
    for text in &texts.texts {
        plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
        plain.extend_from_slice(text.as_bytes());
    }
    plain
}

/// Which rows have a value, with the length of what says so before it.
fn put_presence(out: &mut Vec<u8>, n_rows: usize, absent: Option<Vec<u32>>) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    match absent {
        None => put_run(out, 1, n_rows, 1),
        Some(levels) => put_packed(out, &levels, 1),
    }
    let length = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn put_codes(out: &mut Vec<u8>, codes: &Codes, n_rows: usize, n_entries: usize) {
    let is_absent = match codes {
        Codes::Runs(runs) => runs.iter().any(|(code, _)| *code == ABSENT),
        Codes::Each(each) => each.contains(&ABSENT),
    };
    let levels = || codes.iter().map(|code| u32::from(code != ABSENT)).collect();
    put_presence(out, n_rows, is_absent.then(levels));
    let width = width(n_entries);
    out.push(width as u8);
    match codes {
        Codes::Runs(runs) => runs
            .iter()
            .filter(|(code, _)| *code != ABSENT)
            .for_each(|&(code, n)| put_run(out, code, n as usize, width)),
        Codes::Each(each) if is_absent => {
            let present: Vec<u32> = each.iter().copied().filter(|code| *code != ABSENT).collect();
            put_packed(out, &present, width);
        }
        Codes::Each(each) => put_packed(out, each, width),
    }
}

fn put_numbers(out: &mut Vec<u8>, numbers: &[f64]) {
    if numbers.iter().all(|number| number.is_finite()) {
        put_presence(out, numbers.len(), None);
        let start = out.len();
        out.resize(start + numbers.len() * 8, 0);
        for (place, number) in out[start..].chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        return;
    }
    let levels = numbers.iter().map(|number| u32::from(number.is_finite())).collect();
    put_presence(out, numbers.len(), Some(levels));
    let finite = numbers.iter().filter(|number| number.is_finite());
    finite.for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}

/// What stands at the end of a file, gathered group by group.
pub struct Footer {
    schema: SchemaDescPtr,
    groups: Vec<RowGroupMetaData>,
    n_rows: i64,
    /// Bytes of the file so far.
    length: i64,
}

impl Footer {
    /// The footer of a file that has its first bytes.
    ///
    /// # Errors
    /// Headings of which no schema can be made: a mistake of the program.
    pub fn new(headings: &[Heading]) -> io::Result<Self> {
        let schema = schema(headings).map_err(failed)?;
        Ok(Footer { schema, groups: Vec::new(), n_rows: 0, length: MAGIC.len() as i64 })
    }

    /// Takes note of a group that has been written; one without rows leaves none.
    ///
    /// # Errors
    /// A group of other columns: a mistake of the program.
    pub fn add(&mut self, group: Group) -> io::Result<()> {
        let mut columns = Vec::with_capacity(group.chunks.len());
        let (start, mut raw_size) = (self.length, 0);
        for (bytes, metadata) in group.chunks {
            let offset = self.length;
            self.length += bytes.len() as i64;
            raw_size += metadata.uncompressed_size();
            let data = metadata.data_page_offset() + offset;
            let dictionary = metadata.dictionary_page_offset().map(|at| at + offset);
            let placed = metadata
                .into_builder()
                .set_data_page_offset(data)
                .set_dictionary_page_offset(dictionary);
            columns.push(placed.build().map_err(failed)?);
        }
        if group.n_rows == 0 {
            return Ok(());
        }
        let placed = RowGroupMetaData::builder(self.schema.clone())
            .set_num_rows(group.n_rows as i64)
            .set_total_byte_size(raw_size)
            .set_column_metadata(columns)
            .set_ordinal(self.groups.len() as i32)
            .set_file_offset(start)
            .build()
            .map_err(failed)?;
        self.n_rows += group.n_rows as i64;
        self.groups.push(placed);
        Ok(())
    }

    /// The end of the file.
    ///
    /// # Errors
    /// Metadata that cannot be written: a mistake of the program.
    pub fn bytes(self) -> io::Result<Vec<u8>> {
        let made_by = format!("xuewei version {}", env!("CARGO_PKG_VERSION"));
        let file = FileMetaData::new(1, self.n_rows, Some(made_by), None, self.schema, None);
        let metadata = ParquetMetaData::new(file, self.groups);
        let mut bytes = Vec::new();
        ParquetMetaDataWriter::new(&mut bytes, &metadata).finish().map_err(failed)?;
        Ok(bytes)
    }
}
