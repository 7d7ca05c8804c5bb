//! Reading files and collecting what is wrong with them.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::axes::Stages;
use crate::city::City;

use super::overlay::Change;
use super::problem::{Position, Problem, Problems};
use super::tree::Node;
use super::workbook::without_sheet;

/// A file that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path on this machine.
    pub path: PathBuf,
    /// Path relative to the folder of the scenario, with `/`: the same on every machine.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Everything that was read, and the problems so far.
#[derive(Debug, Default)]
pub struct Load {
    /// Files in the order of reading.
    pub files: Vec<SourceFile>,
    /// Problems, which refuse the input.
    pub problems: Problems,
    /// Oddities, which do not.
    pub warnings: Problems,
    /// Changes in the order in which they apply.
    pub changes: Vec<Change>,
    /// Figures that a change replaced or removed, by path, in the order of the changes.
    pub replaced: Vec<(String, Node)>,
    /// Folder of the scenario file.
    pub folder: PathBuf,
    /// An overlay could not be read: what it would have said is not missed.
    pub has_unread: bool,
    /// Reading for `calibrate`: what it is going to write may be absent.
    pub for_calibration: bool,
    /// The city where it has been read before and no figure of it changes: its tables are not read again.
    pub known_city: Option<Arc<City>>,
    /// Stages of the tree at hand, once it is checked.
    pub stages: Option<&'static Stages>,
}

/// Largest input file that is read.
const MOST_BYTES: u64 = 1 << 30;
impl Load {
    /// Stages of the tree at hand; those of China before it is known.
    pub fn stages(&self) -> &'static Stages {
        self.stages.unwrap_or_else(super::china)
    }

    /// The display name of a file.
    pub fn file_name(&self, file: usize) -> String {
        self.files.get(file).map_or_else(String::new, |f| f.path.display().to_string())
    }

    /// Notes a problem.
    pub fn problem(
        &mut self,
        position: Position,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let problem = self.made(position, path, message.into(), help.into());
        self.problems.list.push(problem);
    }

    /// Notes a warning.
    pub fn warning(
        &mut self,
        position: Position,
        path: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let problem = self.made(position, path, message.into(), help.into());
        self.warnings.list.push(problem);
    }

    fn made(&self, position: Position, path: &str, message: String, help: String) -> Problem {
        Problem {
            file: self.file_name(position.file),
            line: position.line,
            column: position.column,
            path: path.to_string(),
            message,
            help,
        }
    }

    /// File and line of a position, the same on every machine.
    pub fn origin(&self, position: Position) -> String {
        let name = self.files.get(position.file).map_or("", |file| file.name.as_str());
        format!("{name}:{}", position.line)
    }

    /// Reads a file; a problem is noted at the place that names it. A path may name a sheet of a workbook.
    pub fn read(&mut self, path: &Path, named_at: Option<(Position, &str)>) -> Option<usize> {
        let path = normalised(path);
        if let Some(known) = self.files.iter().position(|file| file.path == path) {
            return Some(known);
        }
        let (on_disk, _) = without_sheet(&path);
        let bytes = match std::fs::metadata(&on_disk) {
            Ok(meta) if !meta.is_file() => Err("is not a file".to_string()),
            Ok(meta) if meta.len() > MOST_BYTES => Err("is larger than 1 GiB".to_string()),
            Ok(_) => std::fs::read(&on_disk).map_err(|error| reason(&error)),
            Err(error) => Err(reason(&error)),
        };
        match bytes {
            Ok(bytes) => {
                let name = relative(&path, &self.folder);
                self.files.push(SourceFile { path, name, bytes });
                Some(self.files.len() - 1)
            }
            Err(why) => {
                let shown = on_disk.display().to_string();
                match named_at {
                    Some((position, key)) => {
                        self.problem(
                            position,
                            key,
                            format!("expected a file to read, found that {shown} {why}"),
                            help_for(&on_disk),
                        );
                    }
                    None => self.problems.list.push(Problem {
                        file: shown,
                        line: 0,
                        column: 0,
                        path: String::new(),
                        message: format!("expected a file to read; it {why}"),
                        help: "name a city folder, a scenario file or a city.toml".to_string(),
                    }),
                }
                None
            }
        }
    }
}

/// How to mend a file that cannot be read: some are made by `calibrate`.
fn help_for(path: &Path) -> &'static str {
    const MADE: [&str; 4] =
        ["population.csv", "group_quarters.csv", "schools.csv", "calibrated.toml"];
    match path.file_name().and_then(|name| name.to_str()) {
        Some(name) if MADE.contains(&name) && !path.exists() => {
            "`xuewei calibrate --write` makes it; `xuewei check` of the city's folder says what that needs"
        }
        _ => "give a path relative to the file that names it",
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_string(),
        std::io::ErrorKind::PermissionDenied => "may not be read".to_string(),
        _ => format!("cannot be read ({error})"),
    }
}

/// A path without `.` and with `..` resolved by name, so that a file has one name in messages.
pub fn normalised(path: &Path) -> PathBuf {
    let mut parts: Vec<Component> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.iter().collect()
}

/// A path relative to a folder, with `/`.
pub(super) fn relative(path: &Path, folder: &Path) -> String {
    let (path, folder): (Vec<Component>, Vec<Component>) =
        (path.components().collect(), folder.components().collect());
    let common = path.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let mut parts: Vec<String> = vec!["..".to_string(); folder.len() - common];
    parts.extend(path[common..].iter().map(|c| c.as_os_str().to_string_lossy().into_owned()));
    parts.join("/")
}
