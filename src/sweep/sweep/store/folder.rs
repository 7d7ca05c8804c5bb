//! A sweep's folder as it is on the disk: which parts are finished, writing one, reading one.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::{Kind, StoreError};
use super::files::{self, DRAWS, Flush, LABELS, SUMS, part_name, sha256, sum_line, sum_name};
use super::manifest::Manifest;
use super::rows::{Columns, Part, Rows};
use super::{check, codec};

/// Which parts of a sweep one process runs: those whose number leaves `number` − 1 when divided by `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub number: u64,
    /// How many there are.
    pub of: u64,
}

impl Shard {
    /// The whole sweep.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Reads `K/N`.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| {
            Some(Shard { number: number.parse().ok()?, of: of.parse().ok()? })
        });
        match numbers {
            Some(shard) if shard.number >= 1 && shard.number <= shard.of => Ok(shard),
            _ => Err(format!("expected K/N with K from 1 to N, e.g. 3/8, found {text:?}")),
        }
    }

    /// Whether a part is one of its own.
    pub fn has(self, part: u64) -> bool {
        part % self.of == self.number - 1
    }

    /// Its parts among `n_parts`.
    pub fn parts(self, n_parts: u64) -> impl Iterator<Item = u64> {
        (0..n_parts).filter(move |part| self.has(*part))
    }
}

/// What is on the disk of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Part and checksum are there and agree; its hash.
    Finished(String),
    /// Nothing.
    Absent,
    /// Something that does not count, and why.
    Unfinished(String),
}

/// Checksums of all parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// One line a part, in order: what `sha256sums.txt` holds.
    pub text: String,
    /// SHA-256 of that text: one number for the whole result, which `sha256sum sha256sums.txt` prints as well.
    pub total: String,
}

/// The folder of a sweep.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    manifest: Manifest,
    columns: Columns,
}

impl Store {
    pub(super) fn new(folder: &Path, manifest: Manifest) -> Store {
        let columns = manifest.columns();
        Store { folder: folder.to_path_buf(), manifest, columns }
    }

    /// Opens a folder to be read. Parts are not looked at before they are asked for.
    ///
    /// # Errors
    /// No folder of a sweep; a file in it that no sweep puts there.
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        let Some(manifest) = Manifest::read(folder)? else {
            let message = "expected the output folder of a sweep, found no manifest.json";
            let mend = "name the folder that `xuewei sweep` wrote, e.g. output/jiaozuo/futures";
            return Err(StoreError::new(Kind::Foreign, folder, message, mend));
        };
        check::entries(folder, &manifest)?;
        Ok(Store::new(folder, manifest))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The columns of its parts.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Number of parts of the whole sweep.
    pub fn n_parts(&self) -> u64 {
        self.manifest.n_parts()
    }

    /// Draws of a part.
    pub fn draws_of(&self, part: u64) -> Range<u64> {
        self.manifest.draws_of(part)
    }

    pub(super) fn draws_folder(&self) -> PathBuf {
        self.folder.join(DRAWS)
    }

    fn part_path(&self, part: u64) -> PathBuf {
        self.draws_folder().join(part_name(part))
    }

    /// Whether a part and its checksum are there, without reading the part.
    pub fn is_there(&self, part: u64) -> bool {
        self.part_path(part).is_file() && self.draws_folder().join(sum_name(part)).is_file()
    }

    /// The hash that a part should have; `None` where it has no checksum of its own name.
    fn promised(&self, part: u64) -> Option<String> {
        let text = fs::read_to_string(self.draws_folder().join(sum_name(part))).ok()?;
        let (hash, name) = text.trim_end().split_once("  ")?;
        (name == part_name(part)).then(|| hash.to_string())
    }

    /// Reads a part and compares it with its checksum, its columns and its draws.
    ///
    /// # Errors
    /// The disk; a part that agrees with its checksum and is not of this sweep.
    pub fn state(&self, part: u64) -> Result<State, StoreError> {
        Ok(self.bytes(part)?.0)
    }

    /// A part's state, and its bytes where it is finished.
    pub(super) fn bytes(&self, part: u64) -> Result<(State, Vec<u8>), StoreError> {
        let path = self.part_path(part);
        let unfinished = |why: &str| Ok((State::Unfinished(why.to_string()), Vec::new()));
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return match self.promised(part) {
                    Some(_) => unfinished("it is gone, its checksum is there"),
                    None => Ok((State::Absent, Vec::new())),
                };
            }
            Err(error) => return Err(StoreError::reading(&path, &error)),
        };
        let Some(promised) = self.promised(part) else {
            return unfinished("it has no checksum");
        };
        if sha256(&bytes) != promised {
            return unfinished("it does not agree with its checksum");
        }
        let draws = codec::check(&path, bytes.clone(), &self.columns)?;
        let expected = self.draws_of(part);
        if draws.start == expected.start && draws.end < expected.end {
            return unfinished("the sweep has grown since");
        }
        if draws != expected {
            let message = format!("expected draws {expected:?}, found {draws:?}");
            return Err(StoreError::part(&path, message));
        }
        Ok((State::Finished(promised), bytes))
    }

    /// Columns of a part by their names, after its checksum has been compared.
    ///
    /// # Errors
    /// The disk; a part that is absent, damaged or of other columns; a column that the sweep does not have.
    pub fn read(&self, part: u64, columns: &[&str]) -> Result<Rows, StoreError> {
        let path = self.part_path(part);
        let mend = "run the sweep again with --resume: it makes what is absent or damaged anew";
        let refuse = |why: &str| Err(StoreError::new(Kind::Part, &path, why, mend));
        match self.bytes(part)? {
            (State::Finished(_), bytes) => codec::read(&path, bytes, &self.columns, columns),
            (State::Absent, _) => refuse("expected a finished part, found none"),
            (State::Unfinished(why), _) => {
                refuse(&format!("expected a finished part, found that {why}"))
            }
        }
    }

    /// Parts that are not there, without reading any.
    pub fn missing(&self) -> Vec<u64> {
        (0..self.n_parts()).filter(|part| !self.is_there(*part)).collect()
    }

    /// A part as the bytes of its file.
    ///
    /// # Errors
    /// A part that has not the shape of the sweep's columns, or a build without Parquet.
    pub fn encode(&self, number: u64, part: &Part) -> Result<Vec<u8>, StoreError> {
        codec::write(&self.part_path(number), &self.columns, part)
    }

    /// Writes a part, then its checksum, each whole or not at all.
    ///
    /// # Errors
    /// The disk; finished parts stay as they are.
    pub fn write(&self, part: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let folder = self.draws_folder();
        let sum = sum_line(&sha256(bytes), &part_name(part));
        // A checksum that a power cut takes is missed: the part is run again.
        let both =
            [(part_name(part), bytes, Flush::Now), (sum_name(part), sum.as_bytes(), Flush::Later)];
        for (name, bytes, flush) in both {
            files::write_whole(&folder, &name, bytes, flush)
                .map_err(|error| StoreError::writing(&folder.join(&name), &error))?;
        }
        Ok(())
    }

    /// Checksums of all parts, as their files say; `None` while some are missing.
    pub fn sums(&self) -> Option<Sums> {
        let mut text = String::new();
        for part in 0..self.n_parts() {
            let hash = self.promised(part).filter(|_| self.part_path(part).is_file())?;
            text.push_str(&sum_line(&hash, &format!("{DRAWS}/{}", part_name(part))));
        }
        let total = sha256(text.as_bytes());
        Some(Sums { text, total })
    }

    /// Writes `sha256sums.txt`.
    ///
    /// # Errors
    /// The disk.
    pub fn write_sums(&self, sums: &Sums) -> Result<(), StoreError> {
        files::sync_folder(&self.draws_folder());
        files::write_whole(&self.folder, SUMS, sums.text.as_bytes(), Flush::Now)
            .map_err(|error| StoreError::writing(&self.folder.join(SUMS), &error))
    }

    /// The words for its charts, as they stand in the file; `None` where there is none that can be read.
    pub fn labels(&self) -> Option<String> {
        fs::read_to_string(self.folder.join(LABELS)).ok()
    }

    /// Writes the words for its charts, unless they are there already.
    ///
    /// # Errors
    /// The disk.
    pub fn write_labels(&self, text: &str) -> Result<(), StoreError> {
        if self.labels().as_deref() == Some(text) {
            return Ok(());
        }
        files::write_whole(&self.folder, LABELS, text.as_bytes(), Flush::Later)
            .map_err(|error| StoreError::writing(&self.folder.join(LABELS), &error))
    }
}
