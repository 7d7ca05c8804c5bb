//! A writer of XML: elements that close themselves, words that are escaped.

use crate::chart::escape::escape;

/// XML that grows.
#[derive(Debug, Default)]
pub(super) struct Xml {
    text: String,
}

impl Xml {
    /// An empty piece, to be put into a part.
    pub fn piece() -> Xml {
        Xml::default()
    }

    /// A part of a package, which begins with the declaration.
    pub fn part() -> Xml {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned();
        Xml { text }
    }

    /// An element and what is inside. `tag` is its name, or its name and attributes as in XML.
    pub fn element(&mut self, tag: &str, inside: impl FnOnce(&mut Xml)) {
        let name = tag.split_once(' ').map_or(tag, |(name, _)| name);
        self.text.push_str(&format!("<{tag}>"));
        inside(self);
        self.text.push_str(&format!("</{name}>"));
    }

    /// An element with nothing inside.
    pub fn empty(&mut self, tag: &str) {
        self.text.push_str(&format!("<{tag}/>"));
    }

    /// Words.
    pub fn words(&mut self, words: &str) {
        self.text.push_str(&escape(words));
    }

    /// What is XML already.
    pub fn raw(&mut self, xml: &str) {
        self.text.push_str(xml);
    }

    /// The text.
    pub fn finished(self) -> String {
        self.text
    }
}

/// Whether XML 1.0 can hold the character (production 2, Char).
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_nest_and_words_are_escaped() {
        let mut x = Xml::piece();
        x.element("a b=\"1\"", |x| {
            x.empty("c");
            x.words("1 < 2 & \"3\"\u{0}\u{1b}\u{ffff}");
        });
        assert_eq!(x.finished(), "<a b=\"1\"><c/>1 &lt; 2 &amp; &quot;3&quot;   </a>");
    }
}
