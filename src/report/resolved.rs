//! Where every figure comes from, what a scenario changes, and the scenario as one self-contained file.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::input::Loaded;
use crate::input::load::SourceFile;
use crate::input::overlay::Change;
use crate::input::tree::{Node, Table, Value, bare_or_quoted, quote};

use super::folder::Part;
use super::rows::{Cell, TableWriter};
use super::tables::Style;

/// `changes.csv`: what the scenario changes in its bases, in order.
pub fn changes(changes: &[Change], style: Style) -> Vec<u8> {
    let mut writer =
        TableWriter::new(style.format, &["path", "old", "new", "origin"], style.with_bom);
    for change in changes {
        let texts = [&change.path, &change.old, &change.new, &change.origin];
        writer.row(&texts.map(|text| Cell::Text(text)));
    }
    writer.finish()
}

/// A figure as it is shown: everything as text.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Path of its key.
    pub path: String,
    /// What it holds, as written.
    pub value: String,
    /// Unit as written.
    pub unit: String,
    /// Key of its source.
    pub source: String,
    /// Title of its source.
    pub title: String,
    /// Basis of its source: measured, official, derived, assumption.
    pub basis: String,
    /// Low end of a plausible range.
    pub low: String,
    /// High end.
    pub high: String,
    /// Remark.
    pub note: String,
    /// File, relative to the scenario.
    pub file: String,
    /// Line.
    pub line: String,
}

/// Every figure with unit, source, basis, file and line, sorted by path.
pub fn shown(loaded: &Loaded) -> Vec<Shown> {
    let mut figures = figures(&loaded.tree);
    figures.sort_by(|a, b| a.0.cmp(&b.0));
    figures.into_iter().map(|(path, node)| shown_figure(loaded, path, node)).collect()
}

fn shown_figure(loaded: &Loaded, path: String, node: &Node) -> Shown {
    let text = |key: &str| node.at(key).and_then(Node::text).unwrap_or_default().to_string();
    let source = text("source");
    let of_source = |key: &str| {
        let found = loaded.tree.at(&format!("sources.{source}.{key}")).and_then(Node::text);
        let assumed = source == "command line" && key == "basis";
        found.unwrap_or(if assumed { "assumption" } else { "" }).to_string()
    };
    let origin = origin(loaded, node);
    let (file, line) = origin.rsplit_once(':').unwrap_or((&origin, ""));
    let bound = |key: &str| node.at(key).map(Node::to_toml).unwrap_or_default();
    Shown {
        path,
        value: value_text(node),
        unit: text("unit"),
        title: of_source("title"),
        basis: of_source("basis"),
        source,
        low: bound("low"),
        high: bound("high"),
        note: text("note"),
        file: file.to_string(),
        line: line.to_string(),
    }
}

/// `provenance.csv`: every figure with unit, source, basis, file and line, sorted by path.
pub fn provenance(loaded: &Loaded, style: Style) -> Vec<u8> {
    figures_table(&shown(loaded), style)
}

/// Figures as a table.
pub fn figures_table(figures: &[Shown], style: Style) -> Vec<u8> {
    let columns = [
        "path", "value", "unit", "source", "title", "basis", "low", "high", "note", "file", "line",
    ];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for f in figures {
        let cells = [
            &f.path, &f.value, &f.unit, &f.source, &f.title, &f.basis, &f.low, &f.high, &f.note,
            &f.file, &f.line,
        ];
        writer.row(&cells.map(|cell| Cell::Text(cell)));
    }
    writer.finish()
}

/// Everything that a scenario sets, figures and settings, with value and origin; its title and question are left out.
pub fn settings(loaded: &Loaded) -> Vec<(String, String, String)> {
    fn walk(loaded: &Loaded, node: &Node, path: &str, found: &mut Vec<(String, String, String)>) {
        if !node.is_group() || (node.is_figure() && !path.is_empty()) {
            let value = if node.is_figure() { figure_text(node) } else { node.to_toml() };
            found.push((path.to_string(), value, origin(loaded, node)));
            return;
        }
        let Some(table) = node.table() else { return };
        for (key, _, inner) in &table.entries {
            let is_about = ["scenario", "resolved", "format", "sources"].contains(&key.as_str());
            if path.is_empty() && is_about {
                continue;
            }
            let inner_path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            walk(loaded, inner, &inner_path, found);
        }
    }
    let mut found = Vec::new();
    walk(loaded, &loaded.tree, "", &mut found);
    found
}

/// A figure's value, unit and source in one text.
fn figure_text(node: &Node) -> String {
    let text = |key: &str| node.at(key).and_then(Node::text).unwrap_or_default();
    format!("{} {} [{}]", value_text(node), text("unit"), text("source"))
}

/// Differences of two scenarios as a table.
pub fn differences_table(differences: &[[String; 5]], style: Style) -> Vec<u8> {
    let columns = ["path", "first", "second", "first_origin", "second_origin"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for row in differences {
        let cells: [Cell; 5] = std::array::from_fn(|idx| Cell::Text(&row[idx]));
        writer.row(&cells);
    }
    writer.finish()
}

/// All figures of a tree with their paths, in tree order.
pub fn figures(tree: &Node) -> Vec<(String, &Node)> {
    fn walk<'a>(node: &'a Node, path: &str, found: &mut Vec<(String, &'a Node)>) {
        let Some(table) = node.table() else { return };
        if node.is_figure() && !path.is_empty() {
            found.push((path.to_string(), node));
            return;
        }
        for (key, _, inner) in &table.entries {
            if path.is_empty() && key == "resolved" {
                continue;
            }
            let inner_path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            walk(inner, &inner_path, found);
        }
    }
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found
}

/// What a figure holds, as text; a table by the name of its file.
fn value_text(node: &Node) -> String {
    if let Some(file) = node.at("table").and_then(Node::text) {
        return format!("table {}", base_name(file));
    }
    node.at("value").or_else(|| node.at("by_year")).map(Node::to_toml).unwrap_or_default()
}

fn base_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// File and line of a figure: its own note of them in a resolved file, else where it stands.
fn origin(loaded: &Loaded, node: &Node) -> String {
    match node.at("origin").and_then(Node::text) {
        Some(origin) => origin.to_string(),
        None => {
            let name = loaded.files.get(node.position.file).map_or("", |file| file.name.as_str());
            format!("{name}:{}", node.position.line)
        }
    }
}

/// `resolved.toml` and copies of the tables that it names, as `(name in the output folder, content)`.
pub fn resolved(loaded: &Loaded) -> Vec<(String, Part<'_>)> {
    let mut files: BTreeMap<String, &[u8]> = BTreeMap::new();
    let mut tree = loaded.tree.clone();
    let mut copies = Copies { loaded, files: &mut files };
    copies.localise(&mut tree, "");
    let mut text = String::from(
        "# The whole scenario as it was run: `xuewei run` on this file gives the same tables.\nformat = 1\n",
    );
    if let Some(table) = tree.table() {
        let mut table = table.clone();
        // Starts and the accuracy of others belong to the city's folder; no run needs them.
        for key in ["format", "resolved", "hindcast"] {
            table.take(key);
        }
        if let Some(Value::Table(tables)) = table.get_mut("tables").map(|node| &mut node.value) {
            tables.take("accuracy");
        }
        set_key(&mut table, loaded);
        // The scenario comes first, so that a resolved file resolves to itself.
        if let Some(at) = table.entries.iter().position(|(key, _, _)| key == "scenario") {
            table.entries[..=at].rotate_right(1);
        }
        write_groups(&table, "", &mut text);
    }
    text.push_str("\n[resolved]\nchanges = [\n");
    for change in &loaded.changes {
        let parts = [&change.path, &change.old, &change.new, &change.origin];
        let parts: Vec<String> = parts.iter().map(|part| quote(part)).collect();
        text.push_str(&format!("  [{}],\n", parts.join(", ")));
    }
    text.push_str("]\n");
    let mut all = vec![("resolved.toml".to_string(), Part::Bytes(text.into_bytes()))];
    all.extend(files.into_iter().map(|(name, bytes)| (name, Part::Borrowed(bytes))));
    all
}

/// The resolved file has another name than the scenario, so the key is written into it.
fn set_key(table: &mut Table, loaded: &Loaded) {
    let key = loaded.scenario.key.clone();
    if table.get("scenario").is_none() {
        let group = Node { value: Value::Table(Table::default()), position: Default::default() };
        table.push("scenario", Default::default(), group);
    }
    if let Some(Value::Table(scenario)) = table.get_mut("scenario").map(|node| &mut node.value) {
        scenario.take("key");
        scenario.push(
            "key",
            Default::default(),
            Node { value: Value::Text(key), position: Default::default() },
        );
    }
}

/// Replaces file names by those of the copies, and notes the origin of every figure.
struct Copies<'a, 'b> {
    loaded: &'b Loaded,
    files: &'a mut BTreeMap<String, &'b [u8]>,
}

impl Copies<'_, '_> {
    fn localise(&mut self, node: &mut Node, path: &str) {
        if node.is_figure() && !path.is_empty() {
            let origin = origin(self.loaded, node);
            if let Some(name) = node.at("table").and_then(Node::text).map(str::to_string) {
                let copy = self.copy(&name, node.position.file);
                if let Value::Table(table) = &mut node.value
                    && let Some(inner) = table.get_mut("table")
                {
                    inner.value = Value::Text(copy);
                }
            }
            if let Value::Table(table) = &mut node.value {
                table.take("origin");
                let position = node.position;
                table.push("origin", position, Node { value: Value::Text(origin), position });
            }
            return;
        }
        let is_file = path.starts_with("tables.") || path.ends_with(".placement_table");
        let position = node.position;
        match &mut node.value {
            Value::Text(name) if is_file => {
                let copy = self.copy(&name.clone(), position.file);
                *name = copy;
            }
            Value::Table(table) => {
                for (key, _, inner) in &mut table.entries {
                    let inner_path =
                        if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    self.localise(inner, &inner_path);
                }
            }
            _ => {}
        }
    }

    /// Copies a file that `named_in` names; returns its name relative to the resolved file.
    fn copy(&mut self, name: &str, named_in: usize) -> String {
        let folder = self.loaded.files.get(named_in).and_then(|file| file.path.parent());
        let path = folder.map(|folder| folder.join(name)).unwrap_or_else(|| name.into());
        let path = crate::input::load::normalised(Path::new(&path));
        let Some(file) = self.loaded.files.iter().find(|file| file.path == path) else {
            return name.to_string();
        };
        // Two tables of one name in different folders get different copies; a sheet is named after the copy.
        let base = base_name(name);
        let (on_disk, sheet) = crate::input::workbook::without_sheet(Path::new(base));
        let sheet = sheet.map(|sheet| format!("#{sheet}")).unwrap_or_default();
        let base = on_disk.to_string_lossy();
        let names = std::iter::once(format!("tables/{base}"))
            .chain((2..).map(|n| format!("tables/{n}-{base}")));
        for copy in names {
            match self.files.get(&copy) {
                Some(bytes) if *bytes != file.bytes.as_slice() => {}
                _ => {
                    self.files.insert(copy.clone(), &file.bytes);
                    return copy + &sheet;
                }
            }
        }
        name.to_string()
    }
}

/// Writes a table: its leaves first, then its groups as sections of their own.
fn write_groups(table: &Table, path: &str, text: &mut String) {
    let leaves: Vec<_> = table.entries.iter().filter(|(_, _, node)| !node.is_group()).collect();
    if !path.is_empty() && (!leaves.is_empty() || table.entries.is_empty()) {
        text.push_str(&format!("\n[{path}]\n"));
    }
    for (key, _, node) in leaves {
        text.push_str(&format!("{} = {}\n", bare_or_quoted(key), node.to_toml()));
    }
    for (key, _, node) in table.entries.iter().filter(|(_, _, node)| node.is_group()) {
        let key = bare_or_quoted(key);
        let inner = if path.is_empty() { key } else { format!("{path}.{key}") };
        if let Some(table) = node.table() {
            write_groups(table, &inner, text);
        }
    }
}

/// Names and hashes of the files that a scenario was read from.
pub fn input_hashes(loaded: &Loaded) -> Vec<serde_json::Value> {
    let files = loaded.files.iter().filter(|file| file.name != "command line");
    let files: Vec<&SourceFile> = files.collect();
    crate::parallel::map(&files, |file| {
        let hash = Sha256::digest(&file.bytes);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        serde_json::json!({ "name": file.name, "sha256": hex })
    })
}

/// `manifest.json`: program version, hashes of the input files, seed of the register.
pub fn manifest(loaded: &Loaded) -> Vec<u8> {
    let seed = loaded.tree.at("calibration.seed.value").and_then(Node::number);
    let manifest = serde_json::json!({
        "program": "xuewei",
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "run",
        "city": loaded.scenario.city.key,
        "scenario": loaded.scenario.key,
        "register_seed": seed,
        "inputs": input_hashes(loaded),
    });
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}
