//! Output folders: written beside their place and renamed, so that they are there whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::parallel;

use super::blocks::{Blocks, Encoded, LongTable, TableFile};
use super::tables::Style;

/// What a file holds.
pub trait Content: Sync {
    /// Writes it to a new file.
    ///
    /// # Errors
    /// The disk.
    fn write_to(&self, path: &Path) -> io::Result<()>;

    /// The table that the file is, where it is written block by block instead.
    fn long_table(&self) -> Option<(Style, &dyn Blocks)> {
        None
    }
}

impl Content for Vec<u8> {
    fn write_to(&self, path: &Path) -> io::Result<()> {
        fs::write(path, self)
    }
}

/// Bytes at hand, or a long table whose rows are made while it is written.
pub enum Part<'a> {
    /// A whole file.
    Bytes(Vec<u8>),
    /// A file that is there already.
    Borrowed(&'a [u8]),
    /// A table.
    Table(Style, LongTable<'a>),
}

impl Content for Part<'_> {
    fn write_to(&self, path: &Path) -> io::Result<()> {
        match self {
            Part::Bytes(bytes) => fs::write(path, bytes),
            Part::Borrowed(bytes) => fs::write(path, bytes),
            Part::Table(style, table) => fs::write(path, table.bytes(*style)?),
        }
    }

    fn long_table(&self) -> Option<(Style, &dyn Blocks)> {
        match self {
            Part::Table(style, table) => Some((*style, table)),
            _ => None,
        }
    }
}

/// Why a folder was not written.
#[derive(Debug)]
pub enum FolderError {
    /// The folder exists and was not made by this program.
    Foreign(PathBuf),
    /// The disk said no.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for FolderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FolderError::Foreign(path) => write!(
                f,
                "{} exists and was not made by xuewei: it is left as it is\n      name another folder with --out, or remove it",
                path.display()
            ),
            FolderError::Io(path, error) => write!(f, "cannot write {}: {error}", path.display()),
        }
    }
}

/// Whether a folder is free to be written: absent, empty, or of an earlier run (its `manifest.json` names this program).
pub fn check_free(folder: &Path) -> Result<(), FolderError> {
    let foreign = || Err(FolderError::Foreign(folder.to_path_buf()));
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(FolderError::Io(folder.to_path_buf(), error)),
        Ok(meta) if !meta.is_dir() => return foreign(),
        Ok(_) => {}
    }
    let is_empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap_or_default();
    let is_ours = serde_json::from_str::<serde_json::Value>(&manifest)
        .is_ok_and(|value| value["program"] == "xuewei");
    if is_empty || is_ours { Ok(()) } else { foreign() }
}

/// Writes a folder whole: into a temporary one beside it, then by renaming. An earlier run is replaced.
///
/// # Errors
/// A foreign folder at the place, or the disk; nothing is changed then.
pub fn write<C: Content>(folder: &Path, files: &[(String, C)]) -> Result<(), FolderError> {
    check_free(folder)?;
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = parent.join(format!(".{name}.writing-{}", std::process::id()));
    let replaced = parent.join(format!(".{name}.replaced-{}", std::process::id()));
    let result = write_files(&temporary, files).and_then(|()| {
        if folder.exists() {
            fs::rename(folder, &replaced)?;
            if let Err(error) = fs::rename(&temporary, folder) {
                let _ = fs::rename(&replaced, folder);
                return Err(error);
            }
            fs::remove_dir_all(&replaced)
        } else {
            fs::rename(&temporary, folder)
        }
    });
    result.map_err(|error| {
        let _ = fs::remove_dir_all(&temporary);
        FolderError::Io(folder.to_path_buf(), error)
    })
}

/// Removes the folder of an earlier run, where there is one.
///
/// # Errors
/// A foreign folder at the place, or the disk.
pub fn remove(folder: &Path) -> Result<(), FolderError> {
    check_free(folder)?;
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FolderError::Io(folder.to_path_buf(), error))
        }
        _ => Ok(()),
    }
}

/// Writes the files, several at a time; the folders are made before.
fn write_files<C: Content>(folder: &Path, files: &[(String, C)]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, _) in files {
        if let Some(parent) = folder.join(name).parent() {
            fs::create_dir_all(parent)?;
        }
    }
    let (long, short): (Vec<_>, Vec<_>) =
        files.iter().partition(|(_, content)| content.long_table().is_some());
    parallel::map(&short, |(name, content)| content.write_to(&folder.join(name)))
        .into_iter()
        .collect::<io::Result<()>>()?;
    let tables = long.iter().filter_map(|(name, content)| {
        content.long_table().map(|(style, table)| (folder.join(name), style, table))
    });
    write_tables(&tables.collect::<Vec<_>>())
}

/// Writes long tables, several blocks at a time, each in its place.
fn write_tables(tables: &[(PathBuf, Style, &dyn Blocks)]) -> io::Result<()> {
    let files = tables.iter().map(|(path, style, t)| TableFile::create(path, *style, t.headings()));
    let mut files = files.collect::<io::Result<Vec<_>>>()?;
    let blocks: Vec<(usize, usize)> = tables
        .iter()
        .enumerate()
        .flat_map(|(idx, (_, _, table))| (0..table.n_blocks()).map(move |block| (idx, block)))
        .collect();
    let made = |&(idx, block): &(usize, usize)| -> (usize, io::Result<Encoded>) {
        let (_, style, table) = &tables[idx];
        (idx, table.encoded(*style, block))
    };
    parallel::in_order(&blocks, made, |(idx, block)| files[idx].take(block?))?;
    files.into_iter().try_for_each(|file| file.finish().map(drop))
}

/// Replaces files of a folder together: all are written under temporary names before the first takes its place.
///
/// # Errors
/// The disk; no file has been replaced unless a renaming failed.
pub fn replace(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), FolderError> {
    let temporary = |name: &str| folder.join(format!(".{name}.writing-{}", std::process::id()));
    let write = |(name, content): &(String, Vec<u8>)| fs::write(temporary(name), content);
    let rename = |(name, _): &(String, Vec<u8>)| fs::rename(temporary(name), folder.join(name));
    files.iter().try_for_each(write).and_then(|()| files.iter().try_for_each(rename)).map_err(
        |error| {
            for (name, _) in files {
                let _ = fs::remove_file(temporary(name));
            }
            FolderError::Io(folder.to_path_buf(), error)
        },
    )
}
