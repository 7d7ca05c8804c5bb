//! Runs the parts of a sweep, several at a time, and puts each into the store as it is done.
//!
//! Any engine will do: it is asked for its columns and for the rows of a range of draws, which must depend on nothing but the
//! draws. At most as many parts are in memory as there are threads, and one that is being written, whatever the number of draws.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::store::{Columns, Part, Store, StoreError};
use crate::parallel;

/// What computes the rows of draws.
pub trait Engine: Sync {
    /// Draws of the whole sweep: points of its design.
    fn n_draws(&self) -> u64;

    /// Scenarios, factors and outcomes.
    fn columns(&self) -> Columns;

    /// The rows of draws: a pure function of them. A draw that fails is a row with its reason. When `cancel` is set it may
    /// return early: what it returns then is thrown away.
    fn run_part(&self, draws: Range<u64>, cancel: &AtomicBool) -> Part;
}

/// How a running sweep is told to stop.
#[derive(Debug, Default)]
pub struct Stop {
    /// No further part is begun; those at hand are finished and written.
    pub after_parts: AtomicBool,
    /// Parts at hand are thrown away.
    pub at_once: AtomicBool,
}

impl Stop {
    fn is_set(&self) -> bool {
        self.after_parts.load(Ordering::Relaxed) || self.at_once.load(Ordering::Relaxed)
    }
}

/// What has been written so far of the parts to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Parts written.
    pub n_parts: u64,
    /// Draws in them.
    pub n_draws: u64,
    /// Rows in them.
    pub n_rows: u64,
    /// Rows of them that failed.
    pub n_failed: u64,
    /// Bytes of them.
    pub n_bytes: u64,
}

/// One part that is ready to be written.
struct Ready {
    part: u64,
    n_draws: u64,
    n_rows: u64,
    n_failed: u64,
    bytes: Vec<u8>,
}

/// Runs parts and writes them as they come; `told` hears after every one. Returns what was written, which is not all if it was
/// told to stop.
///
/// # Errors
/// The first part that could not be written or has not the shape of the columns; those written before are finished.
pub fn drive<E: Engine + ?Sized>(
    engine: &E,
    store: &Store,
    todo: &[u64],
    stop: &Stop,
    mut told: impl FnMut(&Progress),
) -> Result<Progress, StoreError> {
    let mut progress = Progress::default();
    let run = |part: &u64| -> Option<Result<Ready, StoreError>> {
        let draws = store.draws_of(*part);
        if stop.is_set() {
            return None;
        }
        let rows = engine.run_part(draws, &stop.at_once);
        if stop.at_once.load(Ordering::Relaxed) {
            return None;
        }
        let n_rows = (rows.n_draws * store.columns().scenarios.len()) as u64;
        let (n_draws, n_failed) = (rows.n_draws as u64, rows.failed.len() as u64);
        let bytes = store.encode(*part, &rows);
        Some(bytes.map(|bytes| Ready { part: *part, n_draws, n_rows, n_failed, bytes }))
    };
    parallel::stream(todo, run, |ready: Result<Ready, StoreError>| {
        let written = ready.and_then(|ready| store.write(ready.part, &ready.bytes).map(|()| ready));
        // Parts at hand cannot be written either.
        let ready = written.inspect_err(|_| stop.at_once.store(true, Ordering::Relaxed))?;
        progress.n_parts += 1;
        progress.n_draws += ready.n_draws;
        progress.n_rows += ready.n_rows;
        progress.n_failed += ready.n_failed;
        progress.n_bytes += ready.bytes.len() as u64;
        told(&progress);
        Ok(())
    })?;
    Ok(progress)
}
