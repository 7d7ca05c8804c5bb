//! Files to a checked scenario: the only code that knows TOML and CSV input.
//!
//! In: a path. Out: a [`Loaded`] scenario with the tree it came from, or every problem of every file at once.
//! Two stages: what a user typed ([`tree`], [`overlay`]) and what is ready to use ([`check`], [`build`]); only the first
//! can fail.

mod build;
pub mod check;
pub mod figure;
pub mod keys;
pub mod overlay;
pub mod places;
pub mod problem;
mod programmes;
pub mod register;
pub mod table;
pub mod tree;

use std::path::{Path, PathBuf};

use crate::scenario::Scenario;

use overlay::{Change, Load, SourceFile};
use problem::Problems;
use tree::Node;

/// A scenario with everything that its reader may want to know of it.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The tree that it was read from: every figure with its source and place.
    pub tree: Node,
    /// Files in the order of reading.
    pub files: Vec<SourceFile>,
    /// What the scenario changes in its bases.
    pub changes: Vec<Change>,
    /// Oddities that do not refuse the input.
    pub warnings: Problems,
    /// Language of the city, `zh` or `en`.
    pub language: String,
}

/// Why an input was refused: all problems, and the warnings beside them.
#[derive(Debug)]
pub struct Refused {
    /// What must be mended.
    pub problems: Problems,
    /// Oddities found on the way.
    pub warnings: Problems,
}

/// Loads a scenario file, a `city.toml`, or the `city.toml` of a folder. `sets` are `path=value` of the command line.
///
/// # Errors
/// Every problem of every file that was read.
pub fn load(path: &Path, sets: &[String]) -> Result<Loaded, Refused> {
    let mut load = Load::default();
    let path = if path.is_dir() { path.join("city.toml") } else { path.to_path_buf() };
    let Some(mut tree) = load.tree_of(&path) else {
        return Err(refused(load));
    };
    for set in sets {
        load.set_from_command_line(&mut tree, set);
    }
    let checked = check::check(&mut load, &tree);
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let scenario = build::scenario(&mut load, &checked, &stem);
    if !load.problems.list.is_empty() {
        return Err(refused(load));
    }
    let language = checked.text("city.language").unwrap_or("zh").to_string();
    Ok(Loaded {
        scenario,
        tree,
        files: load.files,
        changes: load.changes,
        warnings: load.warnings.sorted(),
        language,
    })
}

fn refused(load: Load) -> Refused {
    Refused { problems: load.problems.sorted(), warnings: load.warnings.sorted() }
}

/// A tree with its files, read only as far as keys: what `calibrate` needs of a city whose tables do not exist yet.
///
/// # Errors
/// Every problem of the TOML files.
pub fn load_keys(path: &Path) -> Result<(Node, check::Checked, Load, PathBuf), Refused> {
    let mut load = Load::default();
    let path = if path.is_dir() { path.join("city.toml") } else { path.to_path_buf() };
    let Some(tree) = load.tree_of(&path) else {
        return Err(refused(load));
    };
    let checked = check::check(&mut load, &tree);
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    if load.problems.list.is_empty() { Ok((tree, checked, load, folder)) } else { Err(refused(load)) }
}
