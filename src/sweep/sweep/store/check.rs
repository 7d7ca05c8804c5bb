//! Whether a folder holds nothing but a sweep.

use std::fs;
use std::path::Path;

use super::error::{Kind, StoreError};
use super::files::{self, DRAWS, LABELS, LATER, MANIFEST, SUMS, is_left_over, part_of};
use super::folder::Shard;
use super::manifest::Manifest;

/// Refuses files that no sweep puts there. Names that begin with a dot are nobody's results and are let be.
pub(super) fn entries(folder: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let known = [MANIFEST, LABELS, DRAWS, SUMS].into_iter().chain(LATER);
    let known: Vec<&str> = known.collect();
    let is_hidden = |name: &String| name.starts_with('.');
    for name in names(folder)?.iter().filter(|name| !is_hidden(name)) {
        if !known.contains(&name.as_str()) {
            let message = format!("expected only {}, found this", known.join(", "));
            return Err(foreign(&folder.join(name), message));
        }
    }
    let draws = folder.join(DRAWS);
    for name in names(&draws)?.iter().filter(|name| !is_hidden(name)) {
        let message = match part_of(name) {
            None => "expected only part-NNNNNN.parquet and part-NNNNNN.sha256, found this".into(),
            Some(part) if part >= manifest.n_parts() => {
                format!("expected parts below {}, found this", manifest.n_parts())
            }
            Some(_) => continue,
        };
        return Err(foreign(&draws.join(name), message));
    }
    Ok(())
}

fn foreign(path: &Path, message: String) -> StoreError {
    StoreError::new(Kind::Foreign, path, message, "move it elsewhere: nothing was written")
}

fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    files::names(folder).map_err(|error| StoreError::reading(folder, &error))
}

/// Whether what later commands made of the sweep lies in the folder.
pub(super) fn has_later(folder: &Path) -> bool {
    LATER.iter().any(|name| folder.join(name).exists())
}

/// Removes what is left of writing parts of a shard and, where it is the whole sweep, the manifest, the labels and the checksums: another
/// shard may be writing them now.
pub(super) fn remove_left_overs(folder: &Path, shard: Shard) {
    for (folder, of_parts) in [(folder.to_path_buf(), false), (folder.join(DRAWS), true)] {
        for name in files::names(&folder).unwrap_or_default() {
            let is_whole = [MANIFEST, LABELS, SUMS].iter().any(|whole| name.contains(whole));
            let is_ours = match part_of(&name) {
                Some(part) => of_parts && shard.has(part),
                None => shard == Shard::WHOLE && is_whole,
            };
            if is_left_over(&name) && is_ours {
                let _ = fs::remove_file(folder.join(name));
            }
        }
    }
}
