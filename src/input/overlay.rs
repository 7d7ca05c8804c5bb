//! From a file and its bases to one tree: base < overlays < the file's own content.

use std::path::{Path, PathBuf};

use super::load::{Load, normalised};
use super::problem::{Position, suggest};
use super::tree::{Node, Table, Value, parse};

/// One change that a file makes to what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Path of the key.
    pub path: String,
    /// Value before, in TOML notation; empty for something new.
    pub old: String,
    /// Value after; empty for something removed.
    pub new: String,
    /// File and line that makes it.
    pub origin: String,
}

/// Most files that stand one on another.
const MOST_BASES: usize = 100;
/// Source of the figures that `calibrate` writes; what it has set before is no input of the next calibration.
const FITTED: &str = "calibration";
/// Keys of a scenario file that are not content.
const STRUCTURE: [&str; 8] =
    ["format", "base", "overlays", "scenario", "set", "add", "remove", "resolved"];

impl Load {
    /// Loads a file with its bases and overlays into one tree.
    pub fn tree_of(&mut self, path: &Path) -> Option<Node> {
        self.folder = normalised(path).parent().map(Path::to_path_buf).unwrap_or_default();
        self.layered(path, None, &mut Vec::new())
    }

    fn layered(
        &mut self,
        path: &Path,
        named_at: Option<(Position, &str)>,
        stack: &mut Vec<PathBuf>,
    ) -> Option<Node> {
        let path = normalised(path);
        let identity = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if let (true, Some((position, key))) = (stack.contains(&identity), named_at) {
            let shown = path.display();
            self.problem(
                position,
                key,
                format!("expected a file that does not lead back here, found {shown}"),
                "a chain of bases must end; remove one of them",
            );
            return None;
        }
        if let (true, Some((position, key))) = (stack.len() >= MOST_BASES, named_at) {
            let message = format!("more than {MOST_BASES} bases, one on another");
            self.problem(position, key, message, "a chain of bases must end; shorten it");
            return None;
        }
        let own = self.parsed(&path, named_at)?;
        stack.push(identity);
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let root = own.table().cloned().unwrap_or_default();
        let mut merged = match root.get("base") {
            None => Node { value: Value::Table(Table::default()), position: own.position },
            Some(node) => match node.text() {
                Some(base) => {
                    let at = Some((node.position, "base"));
                    match self.layered(&folder.join(base), at, stack) {
                        Some(tree) => tree,
                        None => {
                            stack.pop();
                            return None;
                        }
                    }
                }
                None => {
                    self.problem(
                        node.position,
                        "base",
                        format!("expected the path of a file, found {}", node.found()),
                        "write base = \"city.toml\"",
                    );
                    stack.pop();
                    return None;
                }
            },
        };
        self.lay_overlays(&root, &folder, &mut merged);
        self.apply(&root, &mut merged);
        stack.pop();
        Some(merged)
    }

    /// Reads and parses one file and checks its format number.
    pub(super) fn parsed(
        &mut self,
        path: &Path,
        named_at: Option<(Position, &str)>,
    ) -> Option<Node> {
        let file = self.read(path, named_at)?;
        let bytes = self.files[file].bytes.clone();
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let start = error.utf8_error().valid_up_to();
                let read = String::from_utf8_lossy(&error.as_bytes()[..start]).into_owned();
                let line = read.matches('\n').count() as u32 + 1;
                let column = read.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u32 + 1;
                let message = "expected UTF-8 text, found other bytes";
                let at = Position { file, line, column };
                self.problem(at, "", message, "save the file as UTF-8");
                return None;
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (node, errors) = parse(text, file);
        for (position, message) in &errors {
            self.problem(
                *position,
                "",
                format!("not TOML: {message}"),
                "see https://toml.io for the notation",
            );
        }
        if !errors.is_empty() {
            return None;
        }
        match node.at("format").map(|f| (&f.value, f.position)) {
            Some((Value::Whole(1), _)) => {}
            Some((_, position)) => self.problem(
                position,
                "format",
                format!(
                    "expected 1, found {}",
                    node.at("format").map(Node::found).unwrap_or_default()
                ),
                "this program reads format 1",
            ),
            None => self.problem(
                Position { file, line: 1, column: 1 },
                "format",
                "expected the number of the file format, found nothing",
                "write `format = 1` as the first line",
            ),
        }
        Some(node)
    }

    /// Lays the overlays of a file over its base; two of them may not change the same key.
    fn lay_overlays(&mut self, root: &Table, folder: &Path, merged: &mut Node) {
        let Some(node) = root.get("overlays") else {
            return;
        };
        let Value::List(items) = &node.value else {
            self.problem(
                node.position,
                "overlays",
                format!("expected a list of files, found {}", node.found()),
                "write overlays = [\"programmes/jz-14fyp.toml\"]",
            );
            return;
        };
        let mut seen: Vec<String> = Vec::new();
        for item in items {
            let Some(name) = item.text() else {
                let found = item.found();
                self.problem(
                    item.position,
                    "overlays",
                    format!("expected the path of a file, found {found}"),
                    "",
                );
                continue;
            };
            if self.for_calibration && !folder.join(name).exists() {
                continue;
            }
            let Some(tree) = self.parsed(&folder.join(name), Some((item.position, "overlays")))
            else {
                self.has_unread = true;
                continue;
            };
            let table = tree.table().cloned().unwrap_or_default();
            for key in ["base", "overlays", "scenario"] {
                if let Some(node) = table.get(key) {
                    let message = format!("an overlay has no `{key}`");
                    self.problem(node.position, key, message, "move it into the scenario file");
                }
            }
            let first = self.changes.len();
            self.apply(&table, merged);
            let own = self.own_changes(first, item.position, &seen);
            seen.extend(own);
        }
    }

    /// Paths that an overlay changes, from the change at `first` on; one that an earlier overlay of the same file changes too
    /// is noted.
    fn own_changes(&mut self, first: usize, position: Position, seen: &[String]) -> Vec<String> {
        let mut own: Vec<String> = Vec::new();
        for idx in first..self.changes.len() {
            let path = self.changes[idx].path.clone();
            let clashes = |other: &String| {
                *other == path
                    || other.starts_with(&format!("{path}."))
                    || path.starts_with(&format!("{other}."))
            };
            if !self.changes[idx].old.is_empty() && seen.iter().any(clashes) {
                let message = "two overlays of one file change the same key";
                let help = "let the scenario file itself decide with [set]";
                self.problem(position, &path, message, help);
            }
            own.push(path);
        }
        own
    }

    /// Applies the own content of a file: direct content and `add` are new, `set` changes, `remove` deletes.
    fn apply(&mut self, root: &Table, merged: &mut Node) {
        let Value::Table(target) = &mut merged.value else {
            return;
        };
        if let Some(scenario) = root.get("scenario") {
            target.take("scenario");
            target.push("scenario", scenario.position, scenario.clone());
        }
        if let Some(resolved) = root.get("resolved") {
            target.push("resolved", resolved.position, resolved.clone());
        }
        let is_change = target.get("city").is_some();
        let content = Table {
            entries: root
                .entries
                .iter()
                .filter(|(key, _, _)| !STRUCTURE.contains(&key.as_str()))
                .cloned()
                .collect(),
        };
        self.add(target, &content, "", is_change);
        for (key, table) in
            [("remove", root.get("remove")), ("set", root.get("set")), ("add", root.get("add"))]
        {
            let Some(node) = table else { continue };
            let Some(patch) = node.table() else {
                let found = node.found();
                self.problem(node.position, key, format!("expected a table, found {found}"), "");
                continue;
            };
            match key {
                "remove" => self.remove(target, patch, ""),
                "set" => self.set(target, patch, ""),
                _ => self.add(target, patch, "", true),
            }
        }
    }

    fn add(&mut self, target: &mut Table, patch: &Table, prefix: &str, is_change: bool) {
        for (key, position, node) in &patch.entries {
            let path = joined(prefix, key);
            match target.get_mut(key) {
                None => {
                    if is_change {
                        self.note_change(&path, String::new(), node.to_toml(), *position);
                    }
                    target.push(key, *position, node.clone());
                }
                Some(existing) if existing.is_group() && node.is_group() => {
                    let patch = node.table().cloned().unwrap_or_default();
                    if is_item(&path) && is_repeated(existing, &patch) {
                        let at = existing.position;
                        let before = format!("{}:{}", self.file_name(at.file), at.line);
                        let noun = noun_of(prefix);
                        let message = format!("the {noun} stands already at {before}");
                        let help = format!(
                            "change it under [set.{path}], or choose another name than `{key}`"
                        );
                        self.problem(*position, &path, message, help);
                        continue;
                    }
                    if let Value::Table(group) = &mut existing.value {
                        self.add(group, &patch, &path, is_change);
                    }
                }
                Some(existing) => {
                    let at = existing.position;
                    let before = format!("{}:{}", self.file_name(at.file), at.line);
                    self.problem(
                        *position,
                        &path,
                        format!("stands already at {before}"),
                        format!("change it under [set], or choose another name than `{key}`"),
                    );
                }
            }
        }
    }

    fn set(&mut self, target: &mut Table, patch: &Table, prefix: &str) {
        let known: Vec<String> = target.keys().map(str::to_string).collect();
        for (key, position, node) in &patch.entries {
            let path = joined(prefix, key);
            if self.for_calibration && node.at("source").and_then(Node::text) == Some(FITTED) {
                continue;
            }
            match target.get_mut(key) {
                None => {
                    let noun = noun_of(prefix);
                    let help = suggest(key, known.iter().map(String::as_str));
                    self.problem(*position, &path, format!("no such {noun}"), help);
                }
                Some(existing) if existing.is_group() => match node.table() {
                    Some(patch) if node.is_group() => {
                        let patch = patch.clone();
                        if let Value::Table(group) = &mut existing.value {
                            self.set(group, &patch, &path);
                        }
                    }
                    _ => {
                        let inside: Vec<&str> =
                            existing.table().map(|t| t.keys().collect()).unwrap_or_default();
                        let help = format!("set one of: {}", inside.join(", "));
                        self.problem(*position, &path, "is a group and not a figure", help);
                    }
                },
                Some(existing) => {
                    let old = existing.to_toml();
                    self.note_replaced(&path, existing);
                    *existing = node.clone();
                    target.place(key, *position);
                    self.note_change(&path, old, node.to_toml(), *position);
                }
            }
        }
    }

    fn remove(&mut self, target: &mut Table, patch: &Table, prefix: &str) {
        let known: Vec<String> = target.keys().map(str::to_string).collect();
        for (key, position, node) in &patch.entries {
            let path = joined(prefix, key);
            let Some(existing) = target.get_mut(key) else {
                let noun = noun_of(prefix);
                let help = suggest(key, known.iter().map(String::as_str));
                self.problem(*position, &path, format!("no such {noun}"), help);
                continue;
            };
            match (&node.value, &mut existing.value) {
                (Value::Flag(true), _) => {
                    let old = existing.to_toml();
                    self.note_replaced(&path, existing);
                    target.take(key);
                    self.note_change(&path, old, String::new(), *position);
                }
                (Value::Table(patch), Value::Table(group)) => {
                    let patch = patch.clone();
                    self.remove(group, &patch, &path);
                }
                _ => {
                    let found = node.found();
                    let help = format!("write {key} = true");
                    self.problem(*position, &path, format!("expected true, found {found}"), help);
                }
            }
        }
    }

    /// Keeps a figure that gives way to another.
    pub(super) fn note_replaced(&mut self, path: &str, figure: &Node) {
        if figure.is_figure() {
            self.replaced.push((path.to_string(), figure.clone()));
        }
    }

    fn note_change(&mut self, path: &str, old: String, new: String, position: Position) {
        let origin = self.origin(position);
        self.changes.push(Change { path: path.to_string(), old, new, origin });
    }
}

/// Whether a path is that of a thing with a name of its own.
fn is_item(path: &str) -> bool {
    matches!(path.split_once('.'), Some((group, name)) if noun_of(group) != "key" && !name.contains('.'))
}

/// Whether a group brings several keys and nothing new.
fn is_repeated(existing: &Node, patch: &Table) -> bool {
    let known: Vec<&str> = existing.table().map(|table| table.keys().collect()).unwrap_or_default();
    patch.entries.len() > 1
        && patch
            .entries
            .iter()
            .all(|(key, _, node)| known.contains(&key.as_str()) && !node.is_group())
}

/// What the children of a group are called in a message.
pub(super) fn noun_of(prefix: &str) -> &'static str {
    match prefix {
        "programmes" => "programme",
        "targets" => "target",
        "districts" => "district",
        "sources" => "source",
        "unit_types" => "unit type",
        _ => "key",
    }
}

pub(super) fn joined(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_string() } else { format!("{prefix}.{key}") }
}
