//! What can be wrong with a sweep's folder: which file, what was expected and found, and how to mend it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What sort of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something lies in the folder that no sweep puts there, or the folder is not a sweep's.
    Foreign,
    /// The manifest is of another sweep, version or input, or cannot be read.
    Manifest,
    /// Parts are there already and nobody asked to go on.
    Begun,
    /// A part is absent, damaged or has other columns.
    Part,
    /// The disk said no.
    Disk,
    /// This build cannot write or read Parquet.
    Unsupported,
}

/// Why a folder was not written or read. Nothing that was there is altered.
#[derive(Debug)]
pub struct StoreError {
    /// What sort of problem.
    pub kind: Kind,
    /// File or folder.
    pub path: PathBuf,
    /// What was expected and what was found.
    pub message: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message)?;
        for line in self.mend.lines() {
            write!(f, "\n      {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    pub(super) fn new(
        kind: Kind,
        path: &Path,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        StoreError { kind, path: path.to_path_buf(), message: message.into(), mend: mend.into() }
    }

    /// A file that could not be written.
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        let mend = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room, then go on with --resume: finished parts are kept"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "name a folder that may be written with --out"
            }
            _ => "when that is mended, go on with --resume: finished parts are kept",
        };
        StoreError::new(Kind::Disk, path, format!("cannot be written: {error}"), mend)
    }

    /// A file that could not be read.
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        StoreError::new(Kind::Disk, path, format!("cannot be read: {error}"), "")
    }

    /// A part that this program would not have written.
    pub(super) fn part(path: &Path, message: impl Into<String>) -> Self {
        StoreError::new(
            Kind::Part,
            path,
            message,
            "remove this file and its .sha256, then run the sweep again with --resume",
        )
    }
}
