//! Every figure that a plan promises, plans or prescribes is in the product under its id, or its absence has a reason.

use std::collections::BTreeMap;

use crate::support::root;

/// Rows of the committed list: id, kind, and why it is not used; the reason is empty for what is used.
fn listed() -> BTreeMap<String, (String, String)> {
    let text = std::fs::read_to_string(root().join("tests/facts.csv")).expect("the list");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[0].to_string(), (row[1].to_string(), row[2].to_string()))).collect()
}

/// Ids under `facts = […]` of every file below `scenarios/`.
fn used() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut folders = vec![root().join("scenarios")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a file");
            let tree: toml::Value = toml::from_str(&text).expect("TOML");
            for group in ["programmes", "targets"] {
                let members = tree.get(group).and_then(toml::Value::as_table);
                for member in members.into_iter().flat_map(|table| table.values()) {
                    let facts = member.get("facts").and_then(toml::Value::as_array);
                    for id in facts.into_iter().flatten().filter_map(toml::Value::as_str) {
                        let name = path.file_name().unwrap_or_default().to_string_lossy();
                        found.entry(id.to_string()).or_default().push(name.into_owned());
                    }
                }
            }
        }
    }
    found
}

#[test]
fn every_promise_of_a_plan_is_used_or_has_a_reason() {
    let (listed, used) = (listed(), used());
    for (id, (_, reason)) in &listed {
        let is_used = used.contains_key(id);
        assert!(is_used || !reason.is_empty(), "{id} is used nowhere and has no reason");
        assert!(!is_used || reason.is_empty(), "{id} is used, and a reason says that it is not");
    }
    assert!(listed.len() > 60);
}

/// Where the published rows are at hand, every row of the committed list is one of them, of the kind that they say, and files name
/// no others. Rows read out of the documents later are not in the list yet: it says how many.
#[test]
fn the_list_is_that_of_the_published_rows() {
    let path = match std::env::var_os("XUEWEI_FACTS") {
        Some(path) => std::path::PathBuf::from(path),
        None => root().join("../shared/plans/facts.csv"),
    };
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        return;
    };
    let headings = reader.headers().expect("headings").clone();
    let column = |name: &str| headings.iter().position(|h| h == name).expect("a column");
    let (id, kind) = (column("id"), column("kind"));
    let mut published: BTreeMap<String, String> = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a row");
        published.insert(row[id].to_string(), row[kind].to_string());
    }
    let promised = |kind: &str| ["planned", "target", "standard"].contains(&kind);
    let listed = listed();
    for (id, (kind, _)) in &listed {
        assert_eq!(published.get(id), Some(kind), "{id}");
        assert!(promised(kind), "{id} is {kind}");
    }
    let n_promised = published.values().filter(|kind| promised(kind)).count();
    println!("{} of {n_promised} promises of the plans are in the list", listed.len());
    for (id, files) in used() {
        assert!(published.contains_key(&id), "{id} in {files:?} is no published row");
    }
}
