//! Parquet → rows.

use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;

use super::super::error::StoreError;
use super::super::rows::{Columns, Rows};
use super::write::{DRAWS_KEY, schema};

/// Columns before the first factor.
const N_LEADING: usize = 3;
/// Position of the reasons of failures.
const FAILED: usize = 2;

/// The draws of a file, whose columns must be those of the sweep.
///
/// # Errors
/// No Parquet, other columns, or rows that are not those of its draws.
pub(in super::super) fn check(
    path: &Path,
    bytes: Vec<u8>,
    columns: &Columns,
) -> Result<Range<u64>, StoreError> {
    open(path, bytes, columns).map(|(_, draws)| draws)
}

/// Columns of a file by their names.
///
/// # Errors
/// As [`check`]; a column that the sweep does not have.
pub(in super::super) fn read(
    path: &Path,
    bytes: Vec<u8>,
    columns: &Columns,
    wanted: &[&str],
) -> Result<Rows, StoreError> {
    let names = || columns.factors.iter().chain(&columns.outcomes).map(String::as_str);
    let mut places = Vec::with_capacity(wanted.len());
    for name in wanted {
        let place = names().position(|known| known == *name).ok_or_else(|| {
            let known: Vec<&str> = names().collect();
            let message = format!("no column {name}; known: {}", known.join(", "));
            StoreError::part(path, message)
        })?;
        places.push(N_LEADING + place);
    }
    let (file, draws) = open(path, bytes, columns)?;
    let n_draws = (draws.end - draws.start) as usize;
    let n_scenarios = columns.scenarios.len();
    let unreadable = |error: ParquetError| StoreError::part(path, error.to_string());
    let group = file.get_row_group(0).map_err(unreadable)?;
    let n_rows = n_draws * n_scenarios;
    let mut rows = Rows { first_draw: draws.start, n_draws, n_scenarios, ..Rows::default() };
    for place in places {
        rows.columns.push(doubles(group.as_ref(), place, n_rows).map_err(unreadable)?);
    }
    rows.failed = failures(group.as_ref(), n_rows).map_err(unreadable)?;
    Ok(rows)
}

fn open(
    path: &Path,
    bytes: Vec<u8>,
    columns: &Columns,
) -> Result<(SerializedFileReader<Bytes>, Range<u64>), StoreError> {
    let unreadable = |error: ParquetError| StoreError::part(path, error.to_string());
    let file = SerializedFileReader::new(Bytes::from(bytes)).map_err(unreadable)?;
    let metadata = file.metadata().file_metadata();
    let expected = schema(columns).map_err(unreadable)?;
    let found = metadata.schema();
    if found.get_fields() != expected.get_fields() {
        let name = |at: usize, of: &parquet::schema::types::Type| {
            of.get_fields().get(at).map_or("no column".to_string(), |f| f.name().to_string())
        };
        let n = expected.get_fields().len().max(found.get_fields().len());
        let at = (0..n)
            .find(|at| expected.get_fields().get(*at) != found.get_fields().get(*at))
            .unwrap_or_default();
        return Err(StoreError::part(
            path,
            format!(
                "column {}: expected {} as in manifest.json, found {}",
                at + 1,
                name(at, &expected),
                name(at, found)
            ),
        ));
    }
    let written = metadata.key_value_metadata().into_iter().flatten();
    let draws = written
        .filter(|pair| pair.key == DRAWS_KEY)
        .find_map(|pair| pair.value.as_deref())
        .and_then(|text| text.split_once(".."))
        .and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?))
        .unwrap_or(0_u64..0);
    let n_rows = (draws.end.saturating_sub(draws.start)) * columns.scenarios.len() as u64;
    let is_whole = file.num_row_groups() == 1 && metadata.num_rows() as u64 == n_rows;
    if n_rows == 0 || !is_whole {
        let message = format!(
            "expected one row a draw and scenario, found {} rows for draws {draws:?}",
            metadata.num_rows()
        );
        return Err(StoreError::part(path, message));
    }
    Ok((file, draws))
}

/// Values of a column with whether a row has one.
fn values<T: DataType>(
    group: &dyn RowGroupReader,
    place: usize,
    n_rows: usize,
) -> Result<(Vec<T::T>, Vec<i16>), ParquetError> {
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(place)?);
    let mut values: Vec<T::T> = Vec::with_capacity(n_rows);
    let mut is_there: Vec<i16> = Vec::with_capacity(n_rows);
    let mut n_read = 0;
    while n_read < n_rows {
        let (n, _, _) =
            reader.read_records(n_rows - n_read, Some(&mut is_there), None, &mut values)?;
        if n == 0 {
            return Err(ParquetError::EOF(format!("{n_read} rows of {n_rows}")));
        }
        n_read += n;
    }
    Ok((values, is_there))
}

fn doubles(
    group: &dyn RowGroupReader,
    place: usize,
    n_rows: usize,
) -> Result<Vec<f64>, ParquetError> {
    let (values, is_there) = values::<DoubleType>(group, place, n_rows)?;
    if values.len() == n_rows {
        return Ok(values);
    }
    let mut next = values.into_iter();
    let cell = |has: i16| if has == 1 { next.next().unwrap_or(f64::NAN) } else { f64::NAN };
    Ok(is_there.into_iter().map(cell).collect())
}

fn failures(
    group: &dyn RowGroupReader,
    n_rows: usize,
) -> Result<Vec<(usize, String)>, ParquetError> {
    let (values, is_there) = values::<ByteArrayType>(group, FAILED, n_rows)?;
    let text = |value: ByteArray| String::from_utf8_lossy(value.data()).into_owned();
    let rows = is_there.iter().enumerate().filter(|(_, has)| **has == 1).map(|(row, _)| row);
    Ok(rows.zip(values.into_iter().map(text)).collect())
}
