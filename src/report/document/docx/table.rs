//! Tables: their columns share the width of the page as their cells need it.

use super::look::{Look, twips};
use super::styles::run;
use super::xml::Xml;
use crate::chart::Lang;
use crate::chart::escape::escape;
use crate::document::shown::{is_wide, shown};
use crate::document::{Cell, Table};

/// More columns than this Word does not open.
const MOST_COLUMNS: usize = 63;
/// Cells of words may be broken into lines; no column asks for more than so many half ems.
const WIDEST_WORDS: usize = 60;
/// A column of words may be squeezed to so many half ems before the type becomes smaller.
const NARROWEST_WORDS: usize = 14;
/// The same for sentences, which are words of more half ems than the second.
const NARROWEST_SENTENCE: (usize, usize) = (26, 60);
/// Half ems of a word that is not broken, and lines of a heading: first with room, then without.
const TIGHTNESS: [(usize, usize); 2] = [(36, 2), (24, 3)];
/// Space at the left and right of a cell, in twips.
const PADDING: u32 = 170;
/// Sizes of type below that of the style, in half points: 小五 and 六号.
const SMALLER: [u32; 2] = [18, 15];
/// Rows of a table that is not split between pages.
const SHORT: usize = 10;

/// How a table is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// Whether it stands on a page on its side.
    pub is_landscape: bool,
    /// Size of type in half points, where it is not that of the style.
    half_points: Option<u32>,
    /// What stands side by side; a table that is too wide has several parts, one below the other.
    pub parts: Vec<Part>,
}

/// Columns of a table and their widths in twips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    columns: Vec<usize>,
    widths: Vec<u32>,
}

/// The largest type with which the table fits on the page, upright if possible, in one part if
/// possible.
pub(super) fn setting(look: &Look, table: &Table) -> Setting {
    let needs = TIGHTNESS.map(|tightness| {
        (0..table.columns.len()).map(|c| need(look, table, c, tightness)).collect::<Vec<Need>>()
    });
    let [whole, broken] = &needs;
    let style = look.styles().iter().find(|s| s.id == "TableText").map_or(21, |s| s.half_points);
    let [small, smallest] = SMALLER;
    let sizes = [(whole, style), (whole, small), (broken, small), (broken, smallest)];
    for is_landscape in [false, true] {
        let room = twips(look.text_width_mm(is_landscape));
        for (needs, size) in sizes {
            let least: u32 = needs.iter().map(|n| width(n.0, advance(look, size))).sum();
            if least <= room && needs.len() <= MOST_COLUMNS {
                let half_points = (size != style).then_some(size);
                let parts =
                    vec![part(needs, (0..needs.len()).collect(), advance(look, size), room)];
                return Setting { is_landscape, half_points, parts };
            }
        }
    }
    let room = twips(look.text_width_mm(true));
    let small_advance = advance(look, small);
    let parts = split(broken, small_advance, room).into_iter();
    let parts = parts.map(|columns| part(broken, columns, small_advance, room)).collect();
    Setting { is_landscape: true, half_points: Some(small), parts }
}

/// Columns that fit side by side, with the first one at the left of each part.
fn split(needs: &[Need], advance: u32, room: u32) -> Vec<Vec<usize>> {
    let first = needs.first().map_or(0, |n| width(n.0, advance));
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let (mut columns, mut used) = (vec![0], first);
    for (idx, need) in needs.iter().enumerate().skip(1) {
        let more = width(need.0, advance);
        if columns.len() > 1 && (used + more > room || columns.len() == MOST_COLUMNS) {
            parts.push(std::mem::replace(&mut columns, vec![0]));
            used = first;
        }
        columns.push(idx);
        used += more;
    }
    parts.push(columns);
    parts
}

fn part(needs: &[Need], columns: Vec<usize>, advance: u32, room: u32) -> Part {
    let chosen: Vec<Need> = columns.iter().map(|c| needs[*c]).collect();
    Part { widths: shared(&chosen, advance, room), columns }
}

/// Half ems that a column needs at least, and those that it can use.
type Need = (usize, usize);

fn need(look: &Look, table: &Table, column: usize, tightness: (usize, usize)) -> Need {
    let (longest_kept, n_lines) = tightness;
    let Some(head) = table.columns.get(column) else {
        return (0, 0);
    };
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    // Arial is bold in a heading.
    let bold = usize::from(look.lang == Lang::En);
    let (mut longest, mut least) = (0, longest_word(&head.name, look.lang) + bold);
    for cell in cells {
        let words = shown(cell, look.lang);
        let length = room(&words, look.lang);
        longest = longest.max(length);
        least = least.max(match cell {
            Cell::Words(_) if length > NARROWEST_SENTENCE.1 => {
                longest_word(&words, look.lang).max(NARROWEST_SENTENCE.0)
            }
            Cell::Words(_) => longest_word(&words, look.lang).max(length.min(NARROWEST_WORDS)),
            _ => length,
        });
    }
    // A heading of more than five characters may take several lines.
    let heading = room(&head.name, look.lang);
    let least =
        least.max(heading.min(20 / n_lines)).max(heading.div_ceil(n_lines).min(NARROWEST_WORDS));
    let least = least.min(longest_kept);
    (least, longest.max(heading.min(20)).min(WIDEST_WORDS).max(least))
}

/// The longest piece that is not broken between lines.
fn longest_word(words: &str, lang: Lang) -> usize {
    let breaks = |c: char| c.is_whitespace() || c == '-' || is_wide(c);
    words.split(breaks).map(|piece| room(piece, lang)).max().unwrap_or(0)
}

/// Half ems that words take in a font as wide as readers may have instead of Times or Arial: its letters and figures are
/// 1.3 times as wide as those of Times, 1.2 times as those of Arial; a stop or comma is narrower, a percent sign wider.
fn room(words: &str, lang: Lang) -> usize {
    let letter = if lang == Lang::Zh { 13 } else { 12 };
    let tenths = |c: char| match c {
        c if is_wide(c) => 20,
        ',' | '.' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l' => 7,
        '%' | 'm' | 'w' | 'M' | 'W' => 19,
        _ => letter,
    };
    let line = |line: &str| line.chars().map(tenths).sum::<usize>().div_ceil(10);
    words.lines().map(line).max().unwrap_or(0)
}

/// Twips of a half em at a size in half points: five to the half point. Figures of Times are as
/// wide; those of Arial, in which English tables are set, 1.12 times as much.
fn advance(look: &Look, half_points: u32) -> u32 {
    match look.lang {
        Lang::Zh => half_points * 5,
        Lang::En => half_points * 57 / 10,
    }
}

/// Twips of a column of so many half ems.
fn width(half_ems: usize, advance: u32) -> u32 {
    half_ems as u32 * advance + PADDING
}

/// Widths that add up to the room: what is left over the least is shared by what each can use.
fn shared(needs: &[(usize, usize)], advance: u32, room: u32) -> Vec<u32> {
    let least: Vec<u64> = needs.iter().map(|n| u64::from(width(n.0, advance))).collect();
    let wish: Vec<u64> = needs.iter().map(|n| u64::from(width(n.1, advance))).collect();
    let (least_sum, wish_sum) = (least.iter().sum::<u64>(), wish.iter().sum::<u64>());
    let room = u64::from(room);
    let each = |idx: usize| -> u64 {
        if wish_sum <= room || wish_sum == least_sum {
            wish[idx] * room / wish_sum.max(1)
        } else if least_sum <= room {
            least[idx] + (wish[idx] - least[idx]) * (room - least_sum) / (wish_sum - least_sum)
        } else {
            least[idx] * room / least_sum
        }
    };
    (0..needs.len()).map(|idx| each(idx) as u32).collect()
}

/// One part of the table, without caption and source.
pub(super) fn table(x: &mut Xml, look: &Look, table: &Table, setting: &Setting, part: &Part) {
    x.element("w:tbl", |x| {
        x.element("w:tblPr", |x| {
            x.raw(
                "<w:tblStyle w:val=\"ReportTable\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
                 <w:jc w:val=\"center\"/><w:tblLayout w:type=\"autofit\"/>\
                 <w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" \
                 w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>",
            );
            x.empty(&format!("w:tblCaption w:val=\"{}\"", escape(&table.caption)));
        });
        x.element("w:tblGrid", |x| {
            for width in &part.widths {
                x.empty(&format!("w:gridCol w:w=\"{width}\""));
            }
        });
        row(x, "<w:tblHeader/>", setting, part, |column| {
            let head = table.columns.get(column);
            let at = if head.is_some_and(|h| h.is_number) { "right" } else { "left" };
            let words = head.map_or_else(String::new, |h| h.name.clone());
            CellText { style: "TableHead", at, keeps: "", more: BOTTOM, words }
        });
        for (idx, cells) in table.rows.iter().enumerate() {
            let keeps = if keeps_next(table, idx) { "<w:keepNext/>" } else { "" };
            row(x, "", setting, part, |column| written(look, table, cells, column, keeps));
        }
        if table.rows.is_empty() {
            none(x, look, part.columns.len());
        }
    });
}

const BOTTOM: &str = "<w:vAlign w:val=\"bottom\"/>";

/// Whether a row stays on the page of the next: always in a short table, else at both ends, so
/// that no row stands alone. The last row stays with the source.
fn keeps_next(table: &Table, idx: usize) -> bool {
    let n_rows = table.rows.len();
    let is_last = idx + 1 == n_rows;
    match is_last {
        true => table.source.is_some(),
        false => n_rows <= SHORT || idx < 2 || idx + 3 >= n_rows,
    }
}

/// A cell as it is written.
struct CellText {
    style: &'static str,
    at: &'static str,
    keeps: &'static str,
    more: &'static str,
    words: String,
}

fn written(
    look: &Look,
    table: &Table,
    row: &[Cell],
    column: usize,
    keeps: &'static str,
) -> CellText {
    let value = row.get(column).unwrap_or(&Cell::Missing);
    let is_number = matches!(value, Cell::Number(..));
    let stands_right = is_number || table.columns.get(column).is_some_and(|c| c.is_number);
    CellText {
        style: "TableText",
        at: if stands_right { "right" } else { "left" },
        keeps,
        more: if is_number { "<w:noWrap/>" } else { "" },
        words: shown(value, look.lang),
    }
}

/// A row, which is not split between pages.
fn row(x: &mut Xml, more: &str, setting: &Setting, part: &Part, cell: impl Fn(usize) -> CellText) {
    let size = setting.half_points;
    let size = size.map(|s| format!("<w:sz w:val=\"{s}\"/><w:szCs w:val=\"{s}\"/>"));
    x.element("w:tr", |x| {
        x.raw(&format!("<w:trPr><w:cantSplit/>{more}</w:trPr>"));
        for (column, width) in part.columns.iter().zip(&part.widths) {
            let CellText { style, at, keeps, more, words } = cell(*column);
            x.raw(&format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{more}</w:tcPr><w:p><w:pPr>\
                 <w:pStyle w:val=\"{style}\"/>{keeps}<w:jc w:val=\"{at}\"/></w:pPr>"
            ));
            run(x, &words, size.as_deref().unwrap_or(""));
            x.raw("</w:p></w:tc>");
        }
    });
}

/// A row that says that there are none.
fn none(x: &mut Xml, look: &Look, n_columns: usize) {
    x.element("w:tr", |x| {
        x.element("w:tc", |x| {
            x.raw(&format!(
                "<w:tcPr><w:tcW w:w=\"0\" w:type=\"auto\"/><w:gridSpan w:val=\"{n_columns}\"/></w:tcPr>"
            ));
            x.element("w:p", |x| {
                x.raw("<w:pPr><w:pStyle w:val=\"TableText\"/></w:pPr>");
                run(x, look.words("（无）", "(none)"), "");
            });
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_is_too_wide_is_split_and_keeps_its_first_column() {
        // 10 half ems of 100 twips and 170 are 1,170 twips; five fit in 6,000.
        let parts = split(&[(10, 10); 10], 100, 6000);
        assert_eq!(parts, [vec![0, 1, 2, 3, 4], vec![0, 5, 6, 7, 8], vec![0, 9]]);
        assert_eq!(split(&[(1, 1); 130], 100, 1_000_000).len(), 3);
    }

    #[test]
    fn a_word_is_not_broken() {
        // Nine letters of 1.3 half ems, a stop and an l of 0.7.
        assert_eq!(longest_word("a.long_name of-it", Lang::Zh), 14);
        assert_eq!(longest_word("按a分bcd", Lang::Zh), 4);
        assert_eq!(longest_word("2025", Lang::Zh), 6);
        assert_eq!(longest_word("105,447", Lang::Zh), 9);
    }

    #[test]
    fn widths_fill_the_room() {
        for needs in [vec![(4, 8), (6, 6)], vec![(40, 80), (60, 70)], vec![(400, 800), (6, 6)]] {
            let sum: u32 = shared(&needs, 105, 8844).iter().sum();
            assert!((8842..=8844).contains(&sum), "{sum}");
        }
    }
}
