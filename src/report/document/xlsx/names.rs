//! Names of sheets: what Excel allows, no two alike.

/// Longest name of a sheet, in UTF-16 units.
const LONGEST: usize = 31;

/// Names of sheets that were given away.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// A name for a sheet with this caption; `otherwise` is used where nothing of it is left.
    pub fn give(&mut self, caption: &str, otherwise: &str) -> String {
        let stem = match cleaned(caption) {
            stem if stem.is_empty() => cleaned(otherwise),
            stem => stem,
        };
        let stem = if stem.is_empty() { "-".to_owned() } else { stem };
        let mut name = cut(&stem, LONGEST);
        let mut copy = 2_usize;
        while !self.is_free(&name) {
            let suffix = format!(" ({copy})");
            name = format!("{}{suffix}", cut(&stem, LONGEST - suffix.len()));
            copy += 1;
        }
        self.taken.push(name.to_lowercase());
        name
    }

    /// Excel does not tell capitals apart and keeps "History" for itself.
    fn is_free(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        name != "history" && !self.taken.contains(&name)
    }
}

/// The caption without characters that the name of a sheet cannot have.
fn cleaned(caption: &str) -> String {
    let replaced = caption.chars().filter_map(|c| match c {
        '[' => Some('('),
        ']' => Some(')'),
        '/' | '\\' | ':' | '*' => Some('-'),
        '?' | '\u{FFFE}' | '\u{FFFF}' => None,
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    trimmed(&replaced.collect::<String>())
}

/// A name neither begins nor ends with an apostrophe.
fn trimmed(name: &str) -> String {
    name.trim_matches(|c: char| c == '\'' || c.is_whitespace()).to_owned()
}

/// The beginning of a name, up to so many UTF-16 units.
fn cut(name: &str, units: usize) -> String {
    let mut used = 0;
    let fits = name.chars().take_while(|c| {
        used += c.len_utf16();
        used <= units
    });
    trimmed(&fits.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_and_unlike() {
        let mut names = Names::default();
        assert_eq!(names.give("Pupils [all]: a/b?", "t"), "Pupils (all)- a-b");
        assert_eq!(names.give("pupils [ALL]: a/b", "t"), "pupils (ALL)- a-b (2)");
        assert_eq!(names.give("'quoted'", "t"), "quoted");
        assert_eq!(names.give("??\u{1}", "key"), "key");
        assert_eq!(names.give("History", "t"), "History (2)");
        let long = "一二三四五六七八九十".repeat(4);
        let (first, second) = (names.give(&long, "t"), names.give(&long, "t"));
        assert_eq!(first.chars().count(), 31);
        assert_eq!(
            second,
            format!(
                "{} (2)",
                "一二三四五六七八九十".repeat(3).chars().take(27).collect::<String>()
            )
        );
        // A character outside the first plane counts twice.
        assert_eq!(names.give(&"𠀀".repeat(31), "t").chars().count(), 15);
    }
}
