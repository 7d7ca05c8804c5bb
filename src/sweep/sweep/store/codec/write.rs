//! Rows → Parquet.

use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::super::error::StoreError;
use super::super::rows::{Columns, Part};

/// Key of the draws of a part in its file.
pub(super) const DRAWS_KEY: &str = "xuewei.draws";

/// A part as the bytes of its file; `path` is named in errors.
///
/// # Errors
/// A part whose shape is not that of the columns: a mistake of the engine.
pub(in super::super) fn write(
    path: &Path,
    columns: &Columns,
    part: &Part,
) -> Result<Vec<u8>, StoreError> {
    check_shape(columns, part).map_err(|message| StoreError::part(path, message))?;
    encode(columns, part).map_err(|error| StoreError::part(path, error.to_string()))
}

fn check_shape(columns: &Columns, part: &Part) -> Result<(), String> {
    let n_rows = part.n_draws * columns.scenarios.len();
    let has_shape = part.factors.len() == columns.factors.len()
        && part.outcomes.len() == columns.outcomes.len()
        && part.factors.iter().all(|values| values.len() == part.n_draws)
        && part.outcomes.iter().all(|values| values.len() == n_rows);
    let rows: Vec<usize> = part.failed.iter().map(|(row, _)| *row).collect();
    let in_order = rows.windows(2).all(|pair| pair[0] < pair[1])
        && rows.last().is_none_or(|row| *row < n_rows);
    if has_shape && in_order && n_rows > 0 {
        Ok(())
    } else {
        Err(format!(
            "expected {} factors of {} draws and {} outcomes of {n_rows} rows, found another shape",
            columns.factors.len(),
            part.n_draws,
            columns.outcomes.len()
        ))
    }
}

/// The columns of a file: the draw, the scenario, the reason of a failure, factors, outcomes.
pub(super) fn schema(columns: &Columns) -> Result<TypePtr, ParquetError> {
    let field = |name: &str, physical: Physical, repetition: Repetition| {
        let text = (physical == Physical::BYTE_ARRAY).then_some(LogicalType::String);
        Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .with_logical_type(text)
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![
        field("draw", Physical::INT64, Repetition::REQUIRED)?,
        field("scenario", Physical::BYTE_ARRAY, Repetition::REQUIRED)?,
        field("failed", Physical::BYTE_ARRAY, Repetition::OPTIONAL)?,
    ];
    for name in &columns.factors {
        fields.push(field(name, Physical::DOUBLE, Repetition::REQUIRED)?);
    }
    for name in &columns.outcomes {
        fields.push(field(name, Physical::DOUBLE, Repetition::OPTIONAL)?);
    }
    Ok(Arc::new(Type::group_type_builder("draws").with_fields(fields).build()?))
}

fn properties(part: &Part) -> WriterProperties {
    let end = part.first_draw + part.n_draws as u64;
    let draws = KeyValue::new(DRAWS_KEY.to_string(), Some(format!("{}..{end}", part.first_draw)));
    WriterProperties::builder()
        .set_created_by(format!("xuewei version {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![draws]))
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_column_dictionary_enabled("scenario".into(), true)
        .set_column_dictionary_enabled("failed".into(), true)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled("draw".into(), EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(None)
        .build()
}

fn encode(columns: &Columns, part: &Part) -> Result<Vec<u8>, ParquetError> {
    let n_scenarios = columns.scenarios.len();
    let n_rows = part.n_draws * n_scenarios;
    let mut file =
        SerializedFileWriter::new(Vec::new(), schema(columns)?, Arc::new(properties(part)))?;
    let mut group = file.next_row_group()?;
    let draws: Vec<i64> =
        (0..n_rows).map(|row| part.first_draw as i64 + (row / n_scenarios) as i64).collect();
    put::<Int64Type>(&mut group, &draws, None)?;
    let names: Vec<ByteArray> =
        columns.scenarios.iter().map(|name| ByteArray::from(name.as_str())).collect();
    let scenarios: Vec<ByteArray> = names.iter().cycle().take(n_rows).cloned().collect();
    put::<ByteArrayType>(&mut group, &scenarios, None)?;
    let mut is_there = vec![0_i16; n_rows];
    let mut ran = vec![true; n_rows];
    for (row, _) in &part.failed {
        is_there[*row] = 1;
        ran[*row] = false;
    }
    let reasons: Vec<ByteArray> =
        part.failed.iter().map(|(_, reason)| ByteArray::from(reason.as_str())).collect();
    put::<ByteArrayType>(&mut group, &reasons, Some(&is_there))?;
    let mut cells: Vec<f64> = Vec::with_capacity(n_rows);
    for values in &part.factors {
        cells.clear();
        cells.extend(values.iter().flat_map(|value| std::iter::repeat_n(*value, n_scenarios)));
        put::<DoubleType>(&mut group, &cells, None)?;
    }
    for values in &part.outcomes {
        cells.clear();
        for (row, value) in values.iter().enumerate() {
            let has = ran[row] && !value.is_nan();
            is_there[row] = i16::from(has);
            if has {
                cells.push(*value);
            }
        }
        put::<DoubleType>(&mut group, &cells, Some(&is_there))?;
    }
    group.close()?;
    file.into_inner()
}

/// Writes the next column; `is_there` says which rows have a value, where not all must.
fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    is_there: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut column =
        group.next_column()?.ok_or_else(|| ParquetError::General("too few columns".into()))?;
    let writer: &mut ColumnWriterImpl<'_, T> = column.typed::<T>();
    writer.write_batch(values, is_there, None)?;
    column.close()
}
