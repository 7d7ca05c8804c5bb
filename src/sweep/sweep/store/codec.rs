//! One part as Parquet bytes and back.
//!
//! Every column is written plainly and compressed with Snappy. Of the compressions tried on columns like these, Zstandard makes
//! files an eighth smaller and takes two to four times as long, LZ4 is as large and as fast; splitting the bytes of doubles
//! (`BYTE_STREAM_SPLIT`) or a dictionary loses where values repeat, as those of factors do for every scenario. The bytes depend on
//! the rows and this program's version alone.

#[cfg(feature = "parquet")]
mod read;
#[cfg(feature = "parquet")]
mod write;

#[cfg(feature = "parquet")]
pub(super) use read::{check, read};
#[cfg(feature = "parquet")]
pub(super) use write::write;

#[cfg(not(feature = "parquet"))]
pub(super) use without::{check, read, write};

/// Whether this build can write and read Parquet.
pub const HAS_PARQUET: bool = cfg!(feature = "parquet");

/// What a build without Parquet answers.
#[cfg(not(feature = "parquet"))]
mod without {
    use std::ops::Range;
    use std::path::Path;

    use super::super::error::{Kind, StoreError};
    use super::super::rows::{Columns, Part, Rows};

    fn refuse<T>(path: &Path) -> Result<T, StoreError> {
        Err(StoreError::new(
            Kind::Unsupported,
            path,
            "this build of xuewei has no Parquet",
            "build it with the feature `parquet`, which is on unless it was taken out",
        ))
    }

    pub(in super::super) fn write(
        path: &Path,
        _: &Columns,
        _: &Part,
    ) -> Result<Vec<u8>, StoreError> {
        refuse(path)
    }

    pub(in super::super) fn check(
        path: &Path,
        _: Vec<u8>,
        _: &Columns,
    ) -> Result<Range<u64>, StoreError> {
        refuse(path)
    }

    pub(in super::super) fn read(
        path: &Path,
        _: Vec<u8>,
        _: &Columns,
        _: &[&str],
    ) -> Result<Rows, StoreError> {
        refuse(path)
    }
}
