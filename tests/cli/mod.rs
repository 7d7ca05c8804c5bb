//! The real binary: what it writes, what it says, how it exits.

#[cfg(feature = "parquet")]
mod analyse;
mod between;
mod broken;
mod chart;
mod commands;
mod counted;
mod hindcast;
mod made_up;
mod overwrite;
#[cfg(feature = "parquet")]
mod parquet;
mod readme;
mod report;
mod run;
mod seeds;
#[cfg(feature = "parquet")]
mod sweep;
#[cfg(feature = "xlsx")]
mod walkthrough;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::root;

/// The binary in the root of the repository.
pub fn xuewei() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xuewei"));
    command.current_dir(root());
    command
}

/// The small city in a folder of its own, with its national base.
pub fn small(folder: &Path) -> PathBuf {
    for part in ["tests/small", "scenarios/china"] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
        for (name, content) in files_of(&root().join(part)) {
            let path = folder.join(part).join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        }
    }
    let national = "scenarios/china.toml";
    std::fs::copy(root().join(national), folder.join(national)).expect("a file");
    folder.join("tests/small")
}

/// Every scenario file under `scenarios/`: those that have a base and are not themselves a base of a city.
pub fn shipped_scenarios() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for city in std::fs::read_dir(root().join("scenarios")).expect("scenarios").flatten() {
        let folder = city.path();
        if !folder.join("city.toml").exists() {
            continue;
        }
        for file in std::fs::read_dir(&folder).expect("a city folder").flatten() {
            let path = file.path();
            let is_toml = path.extension().is_some_and(|e| e == "toml");
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let has_base = text.lines().any(|line| line.starts_with("base"));
            if is_toml && has_base && !path.ends_with("city.toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Runs scenarios into a folder and expects success.
pub fn run_into(out: &Path, scenarios: &[PathBuf], arguments: &[&str]) -> Output {
    let output = xuewei()
        .arg("run")
        .args(scenarios)
        .arg("--out")
        .arg(out)
        .args(arguments)
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    output
}

/// All files below a folder with their content, by relative name.
pub fn files_of(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, base: &Path, found: &mut std::collections::BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, base, found);
            } else {
                let name = path.strip_prefix(base).expect("inside").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = std::collections::BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}
