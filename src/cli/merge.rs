//! `xuewei merge`.

use std::path::PathBuf;

use clap::Args;

use crate::parallel;
use crate::sweep::store::{self, Kind, Store, StoreError};

use super::{FAILED, REFUSED, output_folder};

/// Arguments of `merge`.
#[derive(Args)]
#[command(after_help = "\
Every part is compared with its checksum before the first is copied; folders that were merged stay as they are.
The merged folder has the same bytes as a sweep that was run in one piece. sha256sums.txt in it lists all parts, and
`sha256sum sha256sums.txt` gives the number that is printed.

Example:
  xuewei merge shard-*/futures --out output/jiaozuo")]
pub(super) struct MergeArguments {
    /// Folders of one sweep that was run in shards.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Folder instead of output/CITY; the sweep's folder is made inside it. It may hold some of the parts already.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; default: one a core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print nothing but errors.
    #[arg(long)]
    quiet: bool,
}

/// Puts the parts of several folders into one.
pub(super) fn merge(arguments: &MergeArguments) -> u8 {
    parallel::use_threads(arguments.threads.map_or(0, usize::from));
    match merged(arguments) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("error: {error}");
            if error.kind == Kind::Disk { FAILED } else { REFUSED }
        }
    }
}

fn merged(arguments: &MergeArguments) -> Result<(), StoreError> {
    let Some(first) = arguments.folders.first() else { return Ok(()) };
    let first = Store::open(first)?;
    let manifest = first.manifest();
    let into = output_folder(&arguments.out, &manifest.city).join(&manifest.sweep);
    let gathered = store::gather(&arguments.folders, &into)?;
    if !arguments.quiet {
        let n_parts = gathered.store.n_parts();
        eprintln!("{}", into.display());
        eprintln!("{n_parts} parts, {} of them copied", gathered.n_copied);
        eprintln!("SHA-256 of all parts: {}", gathered.sums.total);
    }
    Ok(())
}
