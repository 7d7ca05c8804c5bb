//! Problems of input files: where, what was expected, what was found, how to mend it. Collected, never thrown one by one.

use std::fmt;

/// A place in a file. Line and column count from 1, columns in characters; 0 means the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Index into the list of files of a load.
    pub file: usize,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// One problem of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File as the user would name it.
    pub file: String,
    /// Line, from 1; 0 for the whole file.
    pub line: u32,
    /// Column, from 1; 0 where a line is all that is known.
    pub column: u32,
    /// Path of the key, or column of a table.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
    /// How to mend it; may be empty.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        write!(f, ": ")?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}", self.message)?;
        if !self.help.is_empty() {
            write!(f, "\n      {}", self.help)?;
        }
        Ok(())
    }
}

/// Most problems of one file that are listed; the rest is counted.
const LISTED_PER_FILE: usize = 50;

/// All problems of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// Problems in order of file and line.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Sorts by file (in order of first appearance), line and column, and drops repetitions.
    pub fn sorted(mut self) -> Self {
        let mut files: Vec<String> = Vec::new();
        for problem in &self.list {
            if !files.contains(&problem.file) {
                files.push(problem.file.clone());
            }
        }
        let rank = |file: &String| files.iter().position(|f| f == file);
        self.list.sort_by(|a, b| {
            (rank(&a.file), a.line, a.column).cmp(&(rank(&b.file), b.line, b.column))
        });
        self.list.dedup();
        self
    }

    /// One heading and every problem, as `error` or `warning`.
    pub fn render(&self, heading: &str) -> String {
        let mut files: Vec<&str> = self.list.iter().map(|problem| problem.file.as_str()).collect();
        files.dedup();
        let count = self.list.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        let place = match files.as_slice() {
            all if !all.is_empty() && all.iter().all(|file| file.starts_with("--set ")) => {
                "on the command line".to_string()
            }
            [one] => format!("in {one}"),
            several => format!("in {} files", several.len()),
        };
        let mut text = format!("{heading}: {count} {noun} {place}\n");
        for file in files {
            let of_file: Vec<&Problem> = self.list.iter().filter(|p| p.file == file).collect();
            for problem in of_file.iter().take(LISTED_PER_FILE) {
                text.push_str(&format!("{problem}\n"));
            }
            if of_file.len() > LISTED_PER_FILE {
                let more = of_file.len() - LISTED_PER_FILE;
                text.push_str(&format!("  {file}: and {more} more of this file\n"));
            }
        }
        text
    }
}

/// The name nearest to a mistyped one, if any is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.chars().count() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean …? known: …" for a mistyped name.
pub fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let list = if known.is_empty() { "none".to_string() } else { known.join(", ") };
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? known: {list}"),
        None => format!("known: {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name_is_found_only_when_near() {
        assert_eq!(nearest("k12-98", ["k12-89", "kindergarten-40"]), Some("k12-89"));
        assert_eq!(nearest("xyz", ["k12-89", "kindergarten-40"]), None);
    }
}
