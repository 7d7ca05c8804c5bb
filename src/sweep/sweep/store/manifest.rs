//! `manifest.json`: what a sweep's folder holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{Kind as Wrong, StoreError};
use super::files;
use super::files::{Flush, MANIFEST, sha256};
use super::rows::Columns;
use crate::experiment::DesignSpec;
use crate::sweep::slow::Slow;

/// Format of the folder.
const FORMAT: u32 = 1;

/// Most parts of a sweep.
const MOST_PARTS: u64 = 10_000_000;

/// Everything that the rows of a sweep depend on; equal manifests mean equal bytes. No threads, paths or times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `xuewei`.
    pub program: String,
    /// Version of the program that made the parts.
    pub version: String,
    /// Always `sweep`.
    pub kind: String,
    /// Format of the folder.
    pub format: u32,
    /// Key of the city.
    pub city: String,
    /// Key of the sweep.
    pub sweep: String,
    /// The design, with its seed.
    pub design: BTreeMap<String, Value>,
    /// Draws of the whole sweep: points of the design.
    pub draws: u64,
    /// Draws in a part; the last part may have fewer.
    pub draws_per_part: u64,
    /// Scenarios in the order of the rows of one draw.
    pub scenarios: Vec<String>,
    /// Columns of factors.
    pub factors: Vec<String>,
    /// Columns of outcomes.
    pub outcomes: Vec<String>,
    /// By scenario that has such: the factors that move no number of it, because it has nothing of the kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_in_scenario: BTreeMap<String, Vec<String>>,
    /// By scenario that has such: what keeps it from the full speed of a sweep.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slow: BTreeMap<String, Vec<Reason>>,
    /// SHA-256 of every input file, by its name relative to the city's folder.
    pub inputs: BTreeMap<String, String>,
}

/// Why a scenario runs more slowly than others, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Name of the reason.
    pub why: String,
    /// One sentence in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl From<Slow> for Reason {
    fn from(slow: Slow) -> Reason {
        let (zh, en) = slow.sentence();
        Reason { why: slow.key().to_string(), zh: zh.to_string(), en: en.to_string() }
    }
}

/// Draws in a part unless told otherwise: at least 64 parts, so that shards and threads have something to share, but parts of
/// 16 draws at least and 1,024 at most.
pub fn draws_per_part(draws: u64) -> u64 {
    let wanted = (draws / 64).clamp(16, 1024);
    // The power of two at or below it, so that blocks of draws fill up.
    1 << wanted.ilog2()
}

/// What is wrong with so many draws in parts of such a size, and how to mend it: a folder cannot hold any number of files.
pub fn too_many_parts(draws: u64, draws_per_part: u64) -> Option<(String, &'static str)> {
    let n_parts = draws.div_ceil(draws_per_part.max(1));
    (n_parts > MOST_PARTS).then(|| {
        let message = format!(
            "expected at most {MOST_PARTS} parts, found {n_parts}: {draws} draws, {draws_per_part} in a part"
        );
        (message, "ask for fewer draws, or take larger parts with --draws-per-part")
    })
}

impl Manifest {
    /// The manifest of a sweep of `draws` points. `inputs` are names and contents of the files that it was read from.
    pub fn new<'a>(
        (city, sweep): (&str, &str),
        design: &DesignSpec,
        draws: u64,
        columns: &Columns,
        inputs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Manifest {
        Manifest {
            program: "xuewei".to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            kind: "sweep".to_string(),
            format: FORMAT,
            city: city.to_string(),
            sweep: sweep.to_string(),
            design: recorded(design),
            draws,
            draws_per_part: draws_per_part(draws),
            scenarios: columns.scenarios.clone(),
            factors: columns.factors.clone(),
            outcomes: columns.outcomes.clone(),
            not_in_scenario: BTreeMap::new(),
            slow: BTreeMap::new(),
            inputs: inputs.into_iter().map(|(name, bytes)| (name.into(), sha256(bytes))).collect(),
        }
    }

    /// Points of the first Latin hypercube, or of the beginning of the plain Sobol' sequence, of the sweep in a folder: one that has
    /// grown keeps those. `None` where no such sweep is in it, or none that can be read.
    pub fn block_in(folder: &Path) -> Option<u64> {
        Manifest::read(folder).ok().flatten()?.design.get("block")?.as_u64()
    }

    /// The columns of its parts.
    pub fn columns(&self) -> Columns {
        Columns {
            scenarios: self.scenarios.clone(),
            factors: self.factors.clone(),
            outcomes: self.outcomes.clone(),
        }
    }

    /// Number of parts of the whole sweep.
    pub fn n_parts(&self) -> u64 {
        self.draws.div_ceil(self.draws_per_part.max(1))
    }

    /// Draws of a part.
    pub fn draws_of(&self, part: u64) -> Range<u64> {
        let first = part.saturating_mul(self.draws_per_part).min(self.draws);
        first..first.saturating_add(self.draws_per_part).min(self.draws)
    }

    /// Its text, which is the same for equal manifests.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The manifest of a folder; `None` where there is no such file.
    ///
    /// # Errors
    /// A file that cannot be read, is not of this program, of another command, or of another format.
    pub(super) fn read(folder: &Path) -> Result<Option<Manifest>, StoreError> {
        let path = folder.join(MANIFEST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| StoreError::reading(&path, &error))?,
        };
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let elsewhere = "name another folder with --out";
        if value["program"] != "xuewei" {
            let message =
                "expected the manifest of a sweep, found a file that xuewei did not write";
            return Err(StoreError::new(Wrong::Foreign, &path, message, elsewhere));
        }
        if value["kind"] != "sweep" {
            let message =
                format!("expected the manifest of a sweep, found that of {}", value["kind"]);
            return Err(StoreError::new(Wrong::Foreign, &path, message, elsewhere));
        }
        let mend = format!(
            "read it with version {} of xuewei, or run the sweep anew in another folder",
            value["version"].as_str().unwrap_or("?")
        );
        if value["format"] != FORMAT {
            let message = format!("expected format {FORMAT}, found {}", value["format"]);
            return Err(StoreError::new(Wrong::Manifest, &path, message, mend));
        }
        let manifest: Manifest = serde_json::from_value(value).map_err(|error| {
            StoreError::new(Wrong::Manifest, &path, format!("is no manifest: {error}"), &mend)
        })?;
        let has_parts =
            manifest.draws_per_part > 0 && (1..=MOST_PARTS).contains(&manifest.n_parts());
        if !has_parts || manifest.scenarios.is_empty() {
            let message = format!(
                "expected a scenario and from 1 to {MOST_PARTS} parts, found other numbers"
            );
            return Err(StoreError::new(Wrong::Manifest, &path, message, mend));
        }
        Ok(Some(manifest))
    }

    /// Writes it into a folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        files::write_whole(folder, MANIFEST, self.text().as_bytes(), Flush::Now)
            .map_err(|error| StoreError::writing(&folder.join(MANIFEST), &error))
    }

    /// Where another manifest differs: `what: expected …, found …`. Numbers of draws are left out, for a design may grow.
    pub fn differences(&self, found: &Manifest) -> Vec<String> {
        let mut all = Vec::new();
        let mut compare = |what: &str, expected: String, found: String| {
            if expected != found {
                all.push(format!("{what}: expected {expected}, found {found}"));
            }
        };
        compare("version", self.version.clone(), found.version.clone());
        compare("city", self.city.clone(), found.city.clone());
        compare("sweep", self.sweep.clone(), found.sweep.clone());
        let keys: BTreeSet<&String> = self.design.keys().chain(found.design.keys()).collect();
        for key in keys.into_iter().filter(|key| *key != "draws") {
            let shown = |of: &Manifest| of.design.get(key).map_or("none".into(), Value::to_string);
            compare(&format!("design.{key}"), shown(self), shown(found));
        }
        let size = |of: &Manifest| of.draws_per_part.to_string();
        compare("draws_per_part", size(self), size(found));
        compare("scenarios", self.scenarios.join(", "), found.scenarios.join(", "));
        compare("factors", self.factors.join(", "), found.factors.join(", "));
        compare("outcomes", self.outcomes.join(", "), found.outcomes.join(", "));
        let lacking = |of: &Manifest| format!("{:?}", of.not_in_scenario);
        compare("not_in_scenario", lacking(self), lacking(found));
        let slow = |of: &Manifest| {
            let reasons = |reasons: &[Reason]| {
                reasons.iter().map(|reason| reason.why.as_str()).collect::<Vec<_>>().join(", ")
            };
            let all = of.slow.iter().map(|(key, slow)| format!("{key} ({})", reasons(slow)));
            all.collect::<Vec<_>>().join(", ")
        };
        compare("slow", slow(self), slow(found));
        let files: BTreeSet<&String> = self.inputs.keys().chain(found.inputs.keys()).collect();
        for file in files {
            let shown =
                |of: &Manifest| of.inputs.get(file).map_or("none".into(), |hash| short(hash));
            compare(&format!("input {file}"), shown(self), shown(found));
        }
        all
    }
}

/// The first digits of a hash.
fn short(hash: &str) -> String {
    format!("SHA-256 {}…", hash.get(..12).unwrap_or(hash))
}

/// A design as it stands in the manifest. Points of the user's own table are there by the hash of its file.
fn recorded(design: &DesignSpec) -> BTreeMap<String, Value> {
    let table = design.table.as_ref().and_then(|path| path.file_name());
    let block = design.has_block().then(|| design.block.unwrap_or(design.draws));
    let entries: [(&str, Value); 10] = [
        ("kind", design.kind.key().into()),
        ("draws", design.draws.into()),
        ("block", block.into()),
        ("seed", design.seed.into()),
        ("scramble", design.scramble.into()),
        ("second_order", design.second_order.into()),
        ("levels", design.levels.into()),
        ("levels_by_factor", design.levels_by_factor.clone().into()),
        ("candidates", design.candidates.into()),
        ("table", table.map(|name| name.to_string_lossy().into_owned()).into()),
    ];
    entries.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
}
