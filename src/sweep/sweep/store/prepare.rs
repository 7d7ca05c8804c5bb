//! Before the first part: may the folder be written, and which parts are to be run?
//!
//! | what lies there | without `--resume` | with it |
//! |---|---|---|
//! | nothing | all parts are run | the same |
//! | this sweep, finished | nothing is run: it is compared with its checksums | the same |
//! | this sweep, begun | refused | absent and damaged parts are run |
//! | this sweep with fewer draws | refused | it grows: parts that it has stay |
//! | this sweep with more draws | refused | refused |
//! | the same sweep of another design, input or version: finished, nothing made of it, not in shards | replaced when the new one is finished | refused |
//! | anything else | refused | refused |

use std::fs;
use std::path::{Path, PathBuf};

use super::check;
use super::codec::HAS_PARQUET;
use super::error::{Kind, StoreError};
use super::files::{DRAWS, SUMS};
use super::folder::{Shard, State, Store, Sums};
use super::manifest::{Manifest, too_many_parts};
use crate::parallel;

/// A folder that is ready for parts.
#[derive(Debug)]
pub struct Prepared {
    /// The folder.
    pub store: Store,
    /// Parts to be run, ascending.
    pub todo: Vec<u64>,
    /// Parts of this shard that are finished.
    pub n_finished: u64,
    /// Parts that are there and are run again, with the reason.
    pub again: Vec<(u64, String)>,
    /// An earlier result that was set aside, to be removed when this one is finished.
    pub set_aside: Option<PathBuf>,
}

impl Prepared {
    /// Writes `sha256sums.txt` if all parts of the sweep are there, of whichever shard, and removes an earlier result that was
    /// set aside for it. `None` while parts are missing.
    ///
    /// # Errors
    /// The disk.
    pub fn finish(&self) -> Result<Option<Sums>, StoreError> {
        let Some(sums) = self.store.sums() else { return Ok(None) };
        self.store.write_sums(&sums)?;
        if let Some(earlier) = &self.set_aside {
            fs::remove_dir_all(earlier).map_err(|error| StoreError::writing(earlier, &error))?;
        }
        Ok(Some(sums))
    }
}

/// Looks at a folder and makes it ready for the parts of a shard. The part size of a sweep that is there already stays.
///
/// # Errors
/// As the table of this module says; nothing has been altered then.
pub fn prepare(
    folder: &Path,
    mut manifest: Manifest,
    shard: Shard,
    resume: bool,
) -> Result<Prepared, StoreError> {
    if !HAS_PARQUET {
        let message = "this build of xuewei has no Parquet";
        let mend = "build it with the feature `parquet`, which is on unless it was taken out";
        return Err(StoreError::new(Kind::Unsupported, folder, message, mend));
    }
    let aside = aside_of(folder);
    let found = found(folder)?;
    let size = manifest.draws_per_part;
    let mut replaces = false;
    if let Some(found) = &found {
        check::entries(folder, found)?;
        manifest.draws_per_part = found.draws_per_part;
        let differences = manifest.differences(found);
        if !differences.is_empty() {
            replaces =
                !resume && shard == Shard::WHOLE && may_be_replaced(folder, &manifest, found);
            if !replaces {
                return Err(other(folder, &differences, resume));
            }
            manifest.draws_per_part = size;
        } else if manifest.draws < found.draws {
            return Err(longer(folder, &manifest, found));
        }
    }
    if let Some((message, mend)) = too_many_parts(manifest.draws, manifest.draws_per_part) {
        return Err(StoreError::new(Kind::Manifest, folder, message, mend));
    }
    if replaces {
        set_aside(folder, &aside)?;
    }
    let has_grown = found.as_ref().is_none_or(|found| replaces || found.draws != manifest.draws);
    let store = Store::new(folder, manifest);
    let (n_finished, again, todo) = parts(&store, shard)?;
    let is_begun = n_finished > 0 || !again.is_empty();
    if is_begun && !resume && (has_grown || !todo.is_empty()) {
        return Err(begun(&store, shard, n_finished, todo.len() as u64));
    }
    make(&store, has_grown)?;
    check::remove_left_overs(folder, shard);
    let set_aside = aside.is_dir().then_some(aside);
    Ok(Prepared { store, todo, n_finished, again, set_aside })
}

/// The manifest that lies in a folder; `None` where the folder is absent or empty.
fn found(folder: &Path) -> Result<Option<Manifest>, StoreError> {
    if let Some(found) = Manifest::read(folder)? {
        return Ok(Some(found));
    }
    let names = super::files::names(folder).map_err(|error| StoreError::reading(folder, &error))?;
    match names.iter().find(|name| !name.starts_with('.')) {
        None => Ok(None),
        Some(name) => Err(StoreError::new(
            Kind::Foreign,
            folder,
            format!(
                "expected an empty folder or that of a sweep, found {name} and no manifest.json"
            ),
            "name another folder with --out, or remove it: nothing was written",
        )),
    }
}

/// Whether an earlier result gives way: the same sweep, finished, with nothing made of it.
fn may_be_replaced(folder: &Path, manifest: &Manifest, found: &Manifest) -> bool {
    let is_same = manifest.city == found.city && manifest.sweep == found.sweep;
    let earlier = Store::new(folder, found.clone());
    is_same
        && folder.join(SUMS).is_file()
        && earlier.missing().is_empty()
        && !check::has_later(folder)
}

/// Where an earlier result waits until the new one is finished.
fn aside_of(folder: &Path) -> PathBuf {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    folder.with_file_name(format!(".{}.replaced", name.unwrap_or_default()))
}

fn set_aside(folder: &Path, aside: &Path) -> Result<(), StoreError> {
    let moved = match fs::remove_dir_all(aside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(folder, aside),
    };
    moved.map_err(|error| StoreError::writing(folder, &error))
}

/// Finished parts, parts to be run again with the reason, and all parts to be run.
type Parts = (u64, Vec<(u64, String)>, Vec<u64>);

fn parts(store: &Store, shard: Shard) -> Result<Parts, StoreError> {
    let own: Vec<u64> = shard.parts(store.n_parts()).collect();
    let states = parallel::map(&own, |part| store.state(*part));
    let (mut n_finished, mut again, mut todo) = (0, Vec::new(), Vec::new());
    for (part, state) in own.into_iter().zip(states) {
        match state? {
            State::Finished(_) => {
                n_finished += 1;
                continue;
            }
            State::Absent => {}
            State::Unfinished(why) => again.push((part, why)),
        }
        todo.push(part);
    }
    Ok((n_finished, again, todo))
}

/// Makes the folder. The manifest comes first, so that other shards never see a folder without one.
fn make(store: &Store, writes_manifest: bool) -> Result<(), StoreError> {
    let made =
        |path: &Path| fs::create_dir_all(path).map_err(|error| StoreError::writing(path, &error));
    made(store.folder())?;
    if writes_manifest {
        // Checksums of a shorter sweep are those of no whole one.
        let _ = fs::remove_file(store.folder().join(SUMS));
        store.manifest().write(store.folder())?;
    }
    made(&store.folder().join(DRAWS))
}

fn other(folder: &Path, differences: &[String], resume: bool) -> StoreError {
    let message = format!("holds another sweep\n      {}", differences.join("\n      "));
    let mend = if resume {
        "leave out --resume and name another folder with --out, or remove this one"
    } else {
        "name another folder with --out, or remove this one: an earlier result is replaced only if it is finished,\n\
         of the same sweep, not written in shards, and neither analysed nor drawn"
    };
    StoreError::new(Kind::Manifest, folder, message, mend)
}

fn longer(folder: &Path, wanted: &Manifest, found: &Manifest) -> StoreError {
    let message = format!("holds {} draws, more than the {} asked for", found.draws, wanted.draws);
    let mend = format!(
        "ask for --draws {} or more, or name another folder with --out",
        found.design.get("draws").unwrap_or(&found.draws.into())
    );
    StoreError::new(Kind::Manifest, folder, message, mend)
}

fn begun(store: &Store, shard: Shard, n_finished: u64, n_todo: u64) -> StoreError {
    let whose = if shard == Shard::WHOLE { "this sweep" } else { "this shard" };
    let message =
        format!("holds {n_finished} finished parts of {whose}, {n_todo} are absent or not whole");
    let mend = "go on with --resume, or name another folder with --out, or remove this one";
    StoreError::new(Kind::Begun, store.folder(), message, mend)
}
