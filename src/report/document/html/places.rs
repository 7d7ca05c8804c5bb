//! Numbers and anchors of headings, tables and figures.

use std::collections::BTreeSet;

use super::super::Block;
use super::Lang;
use super::words::words;

/// Number and anchor of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The number as it stands before the words: `（一）`, `1.2`, `图 3`.
    pub number: String,
    /// The `id` of the element, unique in the page.
    pub anchor: String,
    /// 1 to 3 for a heading, else 0.
    pub level: usize,
}

/// Names that elements of the page itself carry.
const TAKEN: [&str; 3] = ["contents", "text", "theme"];
/// Beginnings of names that the page gives itself: of headings, and of shapes within figures.
const TAKEN_STARTS: [&str; 2] = ["section-", "shape-"];

/// The place of each block, in their order; a block without a number has none.
///
/// A heading that would leave out a level is raised, so that its number has no gap.
pub(super) fn places(blocks: &[Block], lang: Lang) -> Vec<Option<Place>> {
    let words = words(lang);
    let mut anchors: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
    let mut counts = [0_usize; 3];
    let mut depth = 0;
    let (mut n_tables, mut n_figures) = (0, 0);
    let mut place = |block: &Block| match block {
        Block::Heading { level, .. } => {
            depth = usize::from(*level).clamp(1, 3).min(depth + 1);
            for (idx, count) in counts.iter_mut().enumerate() {
                match idx + 1 {
                    level if level == depth => *count += 1,
                    level if level > depth => *count = 0,
                    _ => {}
                }
            }
            let path: Vec<String> = counts.iter().take(depth).map(ToString::to_string).collect();
            let number = heading_number(&counts, depth, lang);
            Some(Place { number, anchor: format!("section-{}", path.join("-")), level: depth })
        }
        Block::Table(table) => {
            n_tables += 1;
            let anchor = anchor(&table.key, "table", &mut anchors);
            Some(Place { number: format!("{} {n_tables}", words.table), anchor, level: 0 })
        }
        Block::Figure(picture) => {
            n_figures += 1;
            let anchor = anchor(&picture.key, "figure", &mut anchors);
            Some(Place { number: format!("{} {n_figures}", words.figure), anchor, level: 0 })
        }
        Block::Paragraph(_) | Block::List(_) | Block::Remark(_) => None,
    };
    blocks.iter().map(&mut place).collect()
}

/// The number of a heading: 一、（一）1. in Chinese, 1, 1.1, 1.1.1 in English.
fn heading_number(counts: &[usize; 3], depth: usize, lang: Lang) -> String {
    let path = || counts.iter().take(depth).map(ToString::to_string).collect::<Vec<_>>();
    match (lang, depth, counts) {
        (Lang::En, ..) => path().join("."),
        (Lang::Zh, 1, [n, ..]) => format!("{}、", chinese(*n)),
        (Lang::Zh, 2, [_, n, _]) => format!("（{}）", chinese(*n)),
        (Lang::Zh, _, [.., n]) => format!("{n}."),
    }
}

/// A whole number from 1 to 99 in Chinese; larger ones in digits.
fn chinese(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or_default();
    match n {
        0..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", digit(n % 10)),
        20..=99 => format!("{}十{}", digit(n / 10), digit(n % 10)),
        _ => n.to_string(),
    }
}

/// An anchor from the key, which nothing else in the page has.
fn anchor(key: &str, kind: &str, anchors: &mut BTreeSet<String>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let plain: String = key.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    let is_taken = plain.is_empty() || TAKEN_STARTS.iter().any(|start| plain.starts_with(start));
    let wanted = if is_taken { format!("{kind}-{plain}") } else { plain };
    let mut name = wanted.clone();
    let mut n = 1;
    while !anchors.insert(name.clone()) {
        n += 1;
        name = format!("{wanted}-{n}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(levels: &[u8], lang: Lang) -> Vec<(String, String)> {
        let blocks: Vec<Block> =
            levels.iter().map(|&level| Block::Heading { level, text: String::new() }).collect();
        let places = places(&blocks, lang).into_iter().flatten();
        places.map(|place| (place.number, place.anchor)).collect()
    }

    fn check(levels: &[u8], lang: Lang, expected: &[(&str, &str)]) {
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        assert_eq!(numbers(levels, lang), expected);
    }

    #[test]
    fn headings_are_numbered_as_each_language_does() {
        let levels = [1, 2, 2, 3, 3, 1, 2, 3];
        check(
            &levels,
            Lang::Zh,
            &[
                ("一、", "section-1"),
                ("（一）", "section-1-1"),
                ("（二）", "section-1-2"),
                ("1.", "section-1-2-1"),
                ("2.", "section-1-2-2"),
                ("二、", "section-2"),
                ("（一）", "section-2-1"),
                ("1.", "section-2-1-1"),
            ],
        );
        check(
            &levels,
            Lang::En,
            &[
                ("1", "section-1"),
                ("1.1", "section-1-1"),
                ("1.2", "section-1-2"),
                ("1.2.1", "section-1-2-1"),
                ("1.2.2", "section-1-2-2"),
                ("2", "section-2"),
                ("2.1", "section-2-1"),
                ("2.1.1", "section-2-1-1"),
            ],
        );
    }

    #[test]
    fn a_level_left_out_is_closed() {
        check(
            &[3, 3, 9, 1, 3, 0],
            Lang::En,
            &[
                ("1", "section-1"),
                ("1.1", "section-1-1"),
                ("1.1.1", "section-1-1-1"),
                ("2", "section-2"),
                ("2.1", "section-2-1"),
                ("3", "section-3"),
            ],
        );
    }

    #[test]
    fn tens_are_written_in_chinese() {
        let expected = [
            (1, "一"),
            (9, "九"),
            (10, "十"),
            (11, "十一"),
            (19, "十九"),
            (20, "二十"),
            (21, "二十一"),
            (90, "九十"),
            (99, "九十九"),
            (100, "100"),
        ];
        for (n, words) in expected {
            assert_eq!(chinese(n), words);
        }
    }

    #[test]
    fn anchors_are_plain_and_unique() {
        let mut anchors: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
        let mut next = |key: &str| anchor(key, "table", &mut anchors);
        assert_eq!(next("oversized"), "oversized");
        assert_eq!(next("oversized"), "oversized-2");
        assert_eq!(next("oversized-2"), "oversized-2-2");
        assert_eq!(next("text"), "text-2");
        assert_eq!(next("section-1"), "table-section-1");
        assert_eq!(next("shape-1-1"), "table-shape-1-1");
        assert_eq!(next(""), "table-");
        assert_eq!(next("\" onload=x 表"), "--onload-x--");
    }
}
