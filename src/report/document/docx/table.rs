//! Tables: their columns share the width of the page as their cells need it.

use super::look::{Look, twips};
use super::styles::run;
use super::xml::{Xml, escaped};
use crate::report::document::shown::shown;
use crate::report::document::{Cell, Table};

/// More columns than this Word does not open.
const MOST_COLUMNS: usize = 63;
/// Cells of words may be broken into lines; no column asks for more than so many half ems.
const WIDEST_WORDS: usize = 44;
/// A column of words may be squeezed to so many half ems before the type becomes smaller.
const NARROWEST_WORDS: usize = 16;
/// Space at the left and right of a cell, in twips, with some air.
const PADDING: u32 = 200;
/// Sizes of type below that of the style, in half points: 小五 and 六号.
const SMALLER: [u32; 2] = [18, 15];

/// How a table is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// Whether it stands on a page on its side.
    pub is_landscape: bool,
    /// Size of type in half points, where it is not that of the style.
    half_points: Option<u32>,
    /// Widths of the columns in twips.
    widths: Vec<u32>,
}

/// Whether Word can show the table.
pub(super) fn is_possible(table: &Table) -> bool {
    (1..=MOST_COLUMNS).contains(&table.columns.len())
}

/// The largest type with which the table fits on the page, upright if possible.
pub(super) fn setting(look: &Look, table: &Table) -> Setting {
    let needs: Vec<(usize, usize)> =
        (0..table.columns.len()).map(|c| need(look, table, c)).collect();
    let style = look.styles().iter().find(|s| s.id == "TableText").map_or(21, |s| s.half_points);
    for is_landscape in [false, true] {
        let room = twips(look.text_width_mm(is_landscape));
        for size in [style, SMALLER[0], SMALLER[1]] {
            let is_last = is_landscape && size == SMALLER[1];
            let least: u32 = needs.iter().map(|n| width(n.0, size)).sum();
            if least <= room || is_last {
                let half_points = (size != style).then_some(size);
                let widths = shared(&needs, size, room);
                return Setting { is_landscape, half_points, widths };
            }
        }
    }
    Setting { is_landscape: false, half_points: None, widths: Vec::new() }
}

/// Half ems that a column needs at least, and those that it can use.
fn need(look: &Look, table: &Table, column: usize) -> (usize, usize) {
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    let longest = cells.map(|cell| half_ems(&shown(cell, look.lang))).max().unwrap_or(0);
    let Some(head) = table.columns.get(column) else {
        return (0, 0);
    };
    // A heading may take two lines.
    let heading = half_ems(&head.name);
    let head_least = heading.min(8).max(heading.div_ceil(2));
    if head.is_number {
        let least = longest.max(head_least.min(14));
        (least, least.max(heading.min(16)))
    } else {
        let least = longest.min(NARROWEST_WORDS).max(head_least.min(NARROWEST_WORDS));
        (least, longest.min(WIDEST_WORDS).max(heading.min(24)).max(least))
    }
}

/// Width of words in half ems: a Chinese character takes two.
pub(super) fn half_ems(words: &str) -> usize {
    let line = |line: &str| line.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum();
    words.lines().map(line).max().unwrap_or(0)
}

/// Whether a character is as wide as it is high: Chinese and full-width forms.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2014}' | '\u{2018}'..='\u{201D}'
        | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}')
}

/// Twips of so many half ems at a size in half points: a half em is a quarter of it in points.
fn width(half_ems: usize, half_points: u32) -> u32 {
    half_ems as u32 * half_points * 5 + PADDING
}

/// Widths that add up to the room: what is left over the least is shared by what each can use.
fn shared(needs: &[(usize, usize)], size: u32, room: u32) -> Vec<u32> {
    let least: Vec<u64> = needs.iter().map(|n| u64::from(width(n.0, size))).collect();
    let wish: Vec<u64> = needs.iter().map(|n| u64::from(width(n.1, size))).collect();
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

/// The table itself, without its caption and source.
pub(super) fn table(x: &mut Xml, look: &Look, table: &Table, setting: &Setting) {
    x.element("w:tbl", |x| {
        x.element("w:tblPr", |x| {
            x.raw(
                "<w:tblStyle w:val=\"ReportTable\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
                 <w:jc w:val=\"center\"/><w:tblLayout w:type=\"autofit\"/>\
                 <w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" \
                 w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>",
            );
            x.empty(&format!("w:tblCaption w:val=\"{}\"", escaped(&table.caption)));
        });
        x.element("w:tblGrid", |x| {
            for width in &setting.widths {
                x.empty(&format!("w:gridCol w:w=\"{width}\""));
            }
        });
        x.element("w:tr", |x| {
            x.raw("<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            for (idx, column) in table.columns.iter().enumerate() {
                let at = if column.is_number { "right" } else { "left" };
                cell(
                    x,
                    setting,
                    idx,
                    "<w:vAlign w:val=\"bottom\"/>",
                    ("TableHead", at),
                    &column.name,
                );
            }
        });
        for row in &table.rows {
            written(x, look, table, setting, row);
        }
        if table.rows.is_empty() {
            none(x, look, table.columns.len());
        }
    });
}

fn written(x: &mut Xml, look: &Look, table: &Table, setting: &Setting, row: &[Cell]) {
    x.element("w:tr", |x| {
        x.raw("<w:trPr><w:cantSplit/></w:trPr>");
        for (idx, column) in table.columns.iter().enumerate() {
            let value = row.get(idx).unwrap_or(&Cell::Missing);
            let is_number = matches!(value, Cell::Number(..));
            let at = if column.is_number || is_number { "right" } else { "left" };
            let more = if is_number { "<w:noWrap/>" } else { "" };
            cell(x, setting, idx, more, ("TableText", at), &shown(value, look.lang));
        }
    });
}

fn cell(
    x: &mut Xml,
    setting: &Setting,
    column: usize,
    more: &str,
    (style, at): (&str, &str),
    words: &str,
) {
    x.element("w:tc", |x| {
        let width = setting.widths.get(column).copied().unwrap_or(0);
        x.raw(&format!("<w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{more}</w:tcPr>"));
        x.element("w:p", |x| {
            x.raw(&format!("<w:pPr><w:pStyle w:val=\"{style}\"/><w:jc w:val=\"{at}\"/></w:pPr>"));
            let size = setting.half_points;
            let size = size.map(|s| format!("<w:sz w:val=\"{s}\"/><w:szCs w:val=\"{s}\"/>"));
            run(x, words, size.as_deref().unwrap_or(""));
        });
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
    fn a_chinese_character_is_twice_as_wide() {
        assert_eq!(half_ems("小学a1"), 6);
        assert_eq!(half_ems("12,345"), 6);
        assert_eq!(half_ems("一\n二三"), 4);
        assert_eq!(half_ems(""), 0);
    }

    #[test]
    fn widths_fill_the_room() {
        for needs in [vec![(4, 8), (6, 6)], vec![(40, 80), (60, 70)], vec![(400, 800), (6, 6)]] {
            let sum: u32 = shared(&needs, 21, 8844).iter().sum();
            assert!((8842..=8844).contains(&sum), "{sum}");
        }
    }
}
