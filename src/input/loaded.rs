//! A scenario file to a checked scenario, with everything that its reader may want to know of it.

use std::path::{Path, PathBuf};

use crate::scenario::Scenario;

use super::figures::Reads;
use super::load::{Load, SourceFile};
use super::overlay::Change;
use super::problem::{Position, Problems};
use super::tree::{Node, Value};
use super::{build, check, earlier, observations, vital};

/// A scenario with everything that its reader may want to know of it.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The tree that it was read from: every figure with its source and place.
    pub tree: Node,
    /// Which of its figures were read into which parts of the scenario.
    pub reads: Reads,
    /// Files in the order of reading.
    pub files: Vec<SourceFile>,
    /// What the scenario changes in its bases.
    pub changes: Vec<Change>,
    /// Oddities that do not refuse the input.
    pub warnings: Problems,
    /// Language of the city, `zh` or `en`.
    pub language: String,
    /// Folder of the scenario file.
    pub folder: PathBuf,
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
    if tree.at("city").is_none() {
        let position = Position { file: 0, line: 1, column: 1 };
        let message = "expected a base or a city of its own, found neither";
        load.problem(
            position,
            "base",
            message,
            "write base = \"city.toml\", or [city] with its keys",
        );
        return Err(refused(load));
    }
    let earlier = earlier_changes(&tree);
    load.changes.splice(0..0, earlier);
    for set in sets {
        load.set_from_command_line(&mut tree, set);
    }
    let checked = check::check(&mut load, &tree);
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let scenario = build::scenario(&mut load, &checked, &stem);
    let reads = checked.figures.reads();
    vital::check_mothers(&mut load, &checked, &scenario);
    earlier::check(&mut load, &checked);
    observations::read(&mut load, &checked);
    if !load.problems.list.is_empty() {
        return Err(refused(load));
    }
    let language = checked.text("city.language").unwrap_or("zh").to_string();
    Ok(Loaded {
        scenario,
        tree,
        reads,
        files: load.files,
        changes: load.changes,
        warnings: load.warnings.sorted(),
        language,
        folder: load.folder,
    })
}

/// The changes that a resolved file carries along: `[[path, old, new, origin], …]`.
fn earlier_changes(tree: &Node) -> Vec<Change> {
    let Some(Value::List(rows)) = tree.at("resolved.changes").map(|node| &node.value) else {
        return Vec::new();
    };
    rows.iter()
        .filter_map(|row| {
            let Value::List(cells) = &row.value else { return None };
            let text = |idx: usize| cells.get(idx).and_then(Node::text).map(str::to_string);
            Some(Change { path: text(0)?, old: text(1)?, new: text(2)?, origin: text(3)? })
        })
        .collect()
}

pub(super) fn refused(load: Load) -> Refused {
    Refused { problems: load.problems.sorted(), warnings: load.warnings.sorted() }
}
