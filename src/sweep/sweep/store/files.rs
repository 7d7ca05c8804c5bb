//! Single files: names of parts, checksums, writing whole or not at all.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// Folder of the parts.
pub(super) const DRAWS: &str = "draws";
/// What the parts are.
pub(super) const MANIFEST: &str = "manifest.json";
/// Checksums of all parts.
pub(super) const SUMS: &str = "sha256sums.txt";
/// Words for the charts of the sweep.
pub(super) const LABELS: &str = "labels.json";
/// What else later commands put into the folder of a sweep.
pub(super) const LATER: [&str; 3] = ["analysis", "charts", "dictionary.csv"];
/// Ending of a file that is being written; a random number follows, for processes of several machines may write one folder.
const WRITING: &str = ".writing-";

/// File name of a part.
pub(super) fn part_name(part: u64) -> String {
    format!("part-{part:06}.parquet")
}

/// File name of a part's checksum.
pub(super) fn sum_name(part: u64) -> String {
    format!("part-{part:06}.sha256")
}

/// The number of the part that a file belongs to: a part, its checksum, or what is left of writing one of them.
pub(super) fn part_of(name: &str) -> Option<u64> {
    let (whole, is_left_over) = match (name.strip_prefix('.'), name.find(WRITING)) {
        (Some(hidden), Some(end)) => (hidden.get(..end - 1)?, true),
        _ => (name, false),
    };
    let stem = whole.strip_suffix(".parquet").or_else(|| whole.strip_suffix(".sha256"))?;
    let digits = stem.strip_prefix("part-")?;
    let part: u64 = digits.parse().ok()?;
    // Written as this program writes it: no sign, no other number of digits.
    (format!("{part:06}") == digits && (is_left_over || !name.starts_with('.'))).then_some(part)
}

/// Whether a file is what is left of writing one.
pub(super) fn is_left_over(name: &str) -> bool {
    name.starts_with('.') && name.contains(WRITING)
}

/// SHA-256 in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The line of a checksum file, as `sha256sum --check` reads it.
pub(super) fn sum_line(hash: &str, name: &str) -> String {
    format!("{hash}  {name}\n")
}

/// Writes a file under a temporary name in its folder, flushes it to the disk and renames it. A small file whose loss would be noticed
/// need not be flushed: that takes as long for 90 bytes as for a part.
///
/// # Errors
/// The disk; the place then holds what it held before, and the temporary file is gone unless the disk refuses that too.
pub(super) fn write_whole(folder: &Path, name: &str, bytes: &[u8], flush: Flush) -> io::Result<()> {
    let number = RandomState::new().build_hasher().finish();
    let temporary = folder.join(format!(".{name}{WRITING}{number:016x}"));
    let written = File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            if flush == Flush::Now { file.sync_all() } else { Ok(()) }
        })
        .and_then(|()| fs::rename(&temporary, folder.join(name)));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// When a file reaches the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flush {
    /// Before it has its name.
    Now,
    /// When the system likes.
    Later,
}

/// Flushes a folder's list of names to the disk, where the system can do that.
pub(super) fn sync_folder(folder: &Path) {
    // Some systems cannot open a folder; a name lost in a power cut is noticed as an absent part.
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
    }
}

/// Names in a folder, sorted; none if there is no such folder.
///
/// # Errors
/// The disk.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}
