//! The table of contents, filled in before Word computes its pages.

use super::look::Look;
use super::styles::{field_begins, field_ends, run};
use super::xml::Xml;
use crate::chart::Lang;
use crate::chart::escape::escape;
use crate::document::Block;

/// A heading and the number that Word will count for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading<'a> {
    /// 1, 2 or 3.
    pub level: u8,
    /// As in the text: 一、 or 1.2.
    pub number: String,
    /// Its words.
    pub text: &'a str,
}

/// The headings in the order of reading.
pub(super) fn headings(blocks: &[Block], lang: Lang) -> Vec<Heading<'_>> {
    let mut counted = [0_u32; 3];
    let mut found = Vec::new();
    for block in blocks {
        let Block::Heading { level, text } = block else {
            continue;
        };
        let level = (*level).clamp(1, 3);
        let at = usize::from(level - 1);
        counted[at] += 1;
        counted[at + 1..].fill(0);
        found.push(Heading { level, number: number(&counted[..=at], lang), text });
    }
    found
}

fn number(counted: &[u32], lang: Lang) -> String {
    let last = counted.last().copied().unwrap_or(0);
    match (lang, counted.len()) {
        (Lang::Zh, 1) => format!("{}、", numeral(last)),
        (Lang::Zh, 2) => format!("（{}）", numeral(last)),
        (Lang::Zh, _) => format!("{last}. "),
        (Lang::En, _) => counted.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
    }
}

/// A Chinese numeral up to 99; what is larger is written in figures.
fn numeral(n: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (n as usize / 10, n as usize % 10);
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        2..=9 => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => n.to_string(),
    }
}

/// The name of the bookmark of a heading, counted from zero.
pub(super) fn bookmark(idx: usize) -> String {
    format!("_Toc{:08}", idx + 1)
}

/// The table of contents; nothing where there are no headings.
pub(super) fn contents(x: &mut Xml, look: &Look, headings: &[Heading]) {
    if headings.is_empty() {
        return;
    }
    x.element("w:sdt", |x| {
        x.raw(
            "<w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/>\
             <w:docPartUnique/></w:docPartObj></w:sdtPr>",
        );
        x.element("w:sdtContent", |x| {
            x.element("w:p", |x| {
                x.raw("<w:pPr><w:pStyle w:val=\"TOCHeading\"/></w:pPr>");
                run(x, look.words("目　录", "Contents"), "");
            });
            for (idx, heading) in headings.iter().enumerate() {
                x.element("w:p", |x| {
                    let level = heading.level;
                    x.raw(&format!("<w:pPr><w:pStyle w:val=\"TOC{level}\"/></w:pPr>"));
                    if idx == 0 {
                        field_begins(x, "TOC \\o \"1-3\" \\h \\z \\u");
                    }
                    entry(x, look, heading, &bookmark(idx));
                    if idx + 1 == headings.len() {
                        field_ends(x);
                    }
                });
            }
        });
    });
}

/// A line of the contents. Its page is not known before a program lays the pages out; Word adds it
/// when the file is opened.
fn entry(x: &mut Xml, look: &Look, heading: &Heading, bookmark: &str) {
    let gap = look.words("", "  ");
    x.element(&format!("w:hyperlink w:anchor=\"{}\" w:history=\"1\"", escape(bookmark)), |x| {
        let text = heading.text.replace('\n', " ");
        run(x, &format!("{}{gap}{text}", heading.number), "");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_counted_as_word_counts_them() {
        let heading = |level| Block::Heading { level, text: "x".into() };
        let blocks = [1, 2, 2, 3, 1, 2, 3, 3].map(heading);
        let numbers = |lang| -> Vec<String> {
            headings(&blocks, lang).into_iter().map(|h| h.number).collect()
        };
        assert_eq!(
            numbers(Lang::Zh),
            ["一、", "（一）", "（二）", "1. ", "二、", "（一）", "1. ", "2. "]
        );
        assert_eq!(numbers(Lang::En), ["1", "1.1", "1.2", "1.2.1", "2", "2.1", "2.1.1", "2.1.2"]);
    }

    #[test]
    fn numerals_are_chinese() {
        assert_eq!([1, 10, 11, 20, 45].map(numeral), ["一", "十", "十一", "二十", "四十五"]);
    }
}
