//! Parts of several folders into one.

use std::path::{Path, PathBuf};

use super::error::{Kind, StoreError};
use super::folder::{Shard, State, Store, Sums};
use super::prepare::{Prepared, prepare};
use crate::parallel;

/// What `gather` did.
#[derive(Debug)]
pub struct Gathered {
    /// The folder.
    pub store: Store,
    /// Parts that were copied; the others were there.
    pub n_copied: u64,
    /// Checksums of all parts.
    pub sums: Sums,
}

/// Puts the finished parts of `folders` into `into`, which may be one of them or hold some of the parts already.
/// Every part is compared with its checksum before the first is written.
///
/// # Errors
/// Folders of different sweeps; two different parts of one number; parts that no folder has; whatever `sweep --resume` would
/// refuse about `into`; the disk.
pub fn gather(folders: &[PathBuf], into: &Path) -> Result<Gathered, StoreError> {
    let stores = folders.iter().map(|f| Store::open(f)).collect::<Result<Vec<_>, _>>()?;
    let Some(first) = stores.first() else {
        return Err(StoreError::new(Kind::Part, into, "expected folders to merge, found none", ""));
    };
    for store in &stores[1..] {
        one_sweep(first, store)?;
    }
    let sources = sources(&stores)?;
    let Prepared { store, todo, .. } = prepare(into, first.manifest().clone(), Shard::WHOLE, true)?;
    for part in &todo {
        let source = usize::try_from(*part).ok().and_then(|part| sources.get(part));
        let source = source.and_then(|source| stores.get(*source)).unwrap_or(first);
        match source.bytes(*part)? {
            (State::Finished(_), bytes) => store.write(*part, &bytes)?,
            _ => return Err(gone(source)),
        }
    }
    if let Some(labels) = stores.iter().find_map(Store::labels) {
        store.write_labels(&labels)?;
    }
    let sums = store.sums().ok_or_else(|| gone(&store))?;
    store.write_sums(&sums)?;
    Ok(Gathered { store, n_copied: todo.len() as u64, sums })
}

fn gone(store: &Store) -> StoreError {
    let message = "a part has changed while it was read";
    StoreError::new(Kind::Part, store.folder(), message, "merge again when no sweep is running")
}

fn one_sweep(first: &Store, other: &Store) -> Result<(), StoreError> {
    let mut differences = first.manifest().differences(other.manifest());
    let (expected, found) = (first.manifest().draws, other.manifest().draws);
    if expected != found {
        differences.push(format!("draws: expected {expected}, found {found}"));
    }
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!(
        "holds another sweep than {}\n      {}",
        first.folder().display(),
        differences.join("\n      ")
    );
    let mend = "merge folders of one sweep: the same files, design, seed, draws and version";
    Err(StoreError::new(Kind::Manifest, other.folder(), message, mend))
}

/// For every part the first folder that has it finished.
fn sources(stores: &[Store]) -> Result<Vec<usize>, StoreError> {
    let parts: Vec<u64> = (0..stores[0].n_parts()).collect();
    let found = parallel::map(&parts, |part| {
        let states = stores.iter().map(|store| store.state(*part));
        states.collect::<Result<Vec<State>, StoreError>>()
    });
    let mut sources = Vec::with_capacity(parts.len());
    let mut missing = Vec::new();
    for (part, states) in parts.into_iter().zip(found) {
        let states = states?;
        let mut finished = states.iter().enumerate().filter_map(|(idx, state)| match state {
            State::Finished(hash) => Some((idx, hash)),
            _ => None,
        });
        let Some((source, hash)) = finished.next() else {
            let damaged = states.iter().zip(stores).find_map(|(state, store)| match state {
                State::Unfinished(why) => Some(format!(" ({}: {why})", store.folder().display())),
                _ => None,
            });
            missing.push(format!("{part}{}", damaged.unwrap_or_default()));
            continue;
        };
        if let Some((idx, _)) = finished.find(|(_, other)| *other != hash) {
            let message =
                format!("part {part} differs from that of {}", stores[source].folder().display());
            let mend = "one of the two was not made by this version from these files: remove it";
            return Err(StoreError::new(Kind::Part, stores[idx].folder(), message, mend));
        }
        sources.push(source);
    }
    if missing.is_empty() { Ok(sources) } else { Err(incomplete(stores, &missing)) }
}

/// Most missing parts that are named.
const NAMED: usize = 8;

fn incomplete(stores: &[Store], missing: &[String]) -> StoreError {
    let more = missing.len().saturating_sub(NAMED);
    let named = missing.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!(
        "expected {} parts, found {} missing or damaged: {named}{more}",
        stores[0].n_parts(),
        missing.len()
    );
    let mend = "run the shards that have them (part k is of shard k mod N + 1) with --resume, or name their folders too";
    StoreError::new(Kind::Part, stores[0].folder(), message, mend)
}
