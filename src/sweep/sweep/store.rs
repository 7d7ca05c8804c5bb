//! The output folder of a sweep: parts of draws as Parquet, a checksum beside each, and a manifest that says what they are.
//!
//! ```text
//! FOLDER/manifest.json                what was asked: the same from every shard, no times, paths or threads
//! FOLDER/labels.json                  words for charts: titles, names, units; nothing depends on it but their wording
//! FOLDER/draws/part-000000.parquet    draws [0, size): one row a draw and scenario
//! FOLDER/draws/part-000000.sha256     its SHA-256; a part is finished when both are there and agree
//! FOLDER/sha256sums.txt               all parts in order, written when the last one is there
//! ```
//!
//! A part is written under a temporary name, flushed to the disk and renamed, then its checksum. Whatever moment the
//! program is killed at, the folder holds finished parts, and at most leftovers that the next run removes.

mod check;
mod codec;
mod error;
mod files;
mod folder;
mod gather;
mod manifest;
mod prepare;
mod rows;

#[cfg(test)]
mod tests;

pub use codec::HAS_PARQUET;
pub use error::{Kind, StoreError};
pub use folder::{Shard, State, Store, Sums};
pub use gather::{Gathered, gather};
pub use manifest::{Manifest, draws_per_part, too_many_parts};
pub use prepare::{Prepared, prepare};
pub use rows::{Columns, Part, Rows};
