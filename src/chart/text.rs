//! Words: cleaning, wrapping and shortening, all measured with the embedded font.

use super::Lang;
use super::font::width;
use super::theme::{FACTOR_NAME, SMALL, TITLE};

/// Punctuation that may not begin a line.
const CLOSING: &str = "，。；：、）》」』】？！”’％%‰,.;:)]}?!";
/// Punctuation that may not end a line.
const OPENING: &str = "（《「『【“‘([{";
/// Chinese units that stay with the number before them.
const UNITS: &str = "年个万亿人月日级所班％";

/// The text on one line, without control characters and doubled spaces; words without Chinese
/// characters in English get straight quotation marks, because the curly ones of a Chinese font are a full character wide.
pub(super) fn clean(text: &str, lang: Lang) -> String {
    // Chinese words keep their own quotation marks.
    let is_chinese = text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let lang = if is_chinese { Lang::Zh } else { lang };
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match (c, lang) {
            ('“' | '”', Lang::En) => '"',
            ('‘' | '’', Lang::En) => '\'',
            ('\u{FFFE}' | '\u{FFFF}', _) => ' ',
            (c, _) if c.is_control() || c.is_whitespace() => ' ',
            (c, _) => c,
        };
        if c != ' ' || !(cleaned.is_empty() || cleaned.ends_with(' ')) {
            cleaned.push(c);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// The cleaned text broken into lines no wider than `limit`. Breaks at spaces and between Chinese
/// characters; a word wider than a line is cut. No text gives no line.
pub(super) fn wrap(text: &str, lang: Lang, size: f64, bold: bool, limit: f64) -> Vec<String> {
    let text = clean(text, lang);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(&text) {
        if !line.is_empty() && width(&format!("{line}{}", piece.trim_end()), size, bold) > limit {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        for c in piece.chars() {
            let too_wide = width(&format!("{line}{c}"), size, bold) > limit;
            if too_wide && c != ' ' && !line.trim_end().is_empty() {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            line.push(c);
        }
    }
    if !line.trim_end().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Like [`wrap`], but a text of two lines is broken after a clause where that fits.
pub(super) fn wrap_title(text: &str, lang: Lang, size: f64, limit: f64) -> Vec<String> {
    let lines = wrap(text, lang, size, true, limit);
    if lines.len() > 2 && limit < 600.0 {
        // Lines of about one width, so that no single word is left for the last.
        let narrower =
            (0..20).map(|i| wrap(text, lang, size, true, limit * (1.0 - 0.02 * f64::from(i))));
        return narrower.take_while(|other| other.len() == lines.len()).last().unwrap_or(lines);
    }
    if lines.len() != 2 {
        return lines;
    }
    let whole = clean(text, lang);
    for marks in [['；', ';'], ['，', ',']] {
        // A comma between digits belongs to a number.
        let in_number = |at: usize, mark: char| {
            whole[at + mark.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        };
        let breaks = whole
            .char_indices()
            .rev()
            .filter(|&(at, c)| marks.contains(&c) && !(c == ',' && in_number(at, c)));
        for (at, mark) in breaks {
            let (first, second) = whole.split_at(at + mark.len_utf8());
            let second = second.trim_start();
            let fits = |part: &str| width(part, size, true) <= limit;
            if !second.is_empty() && fits(first) && fits(second) {
                return vec![first.to_owned(), second.to_owned()];
            }
        }
    }
    lines
}

/// Like [`wrap`], in normal weight and on at most so many lines; the last ends with an ellipsis where
/// words are left out.
pub(super) fn wrap_at_most(
    text: &str,
    lang: Lang,
    size: f64,
    limit: f64,
    most: usize,
) -> Vec<String> {
    let mut lines = wrap(text, lang, size, false, limit);
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(lang.pick("", " "));
        lines.extend((most > 0).then(|| fit(&rest, lang, size, false, limit)));
    }
    lines
}

/// The cleaned text on one line no wider than `limit`, its end replaced by an ellipsis if need be.
pub(super) fn fit(text: &str, lang: Lang, size: f64, bold: bool, limit: f64) -> String {
    let mut kept = clean(text, lang);
    if width(&kept, size, bold) <= limit {
        return kept;
    }
    let ellipsis = lang.pick("…", "...");
    while !kept.is_empty() && width(&kept, size, bold) + width(ellipsis, size, bold) > limit {
        kept.pop();
    }
    kept.truncate(kept.trim_end().len());
    kept + ellipsis
}

/// The name in quotation marks, unless it is empty or wider than the limit.
pub(super) fn quoted(name: &str, lang: Lang, limit: f64) -> Option<String> {
    let name = clean(name, lang);
    let is_short = !name.is_empty() && width(&name, SMALL, false) <= limit;
    is_short.then(|| format!("{}{name}{}", lang.pick("“", "\""), lang.pick("”", "\"")))
}

/// The name of the factor that a title speaks of, or other words for it where it is too long.
pub(super) fn leading_factor(name: &str, lang: Lang) -> String {
    let name = quoted(name, lang, FACTOR_NAME);
    name.unwrap_or_else(|| lang.pick("首个因素", "the first factor").to_owned())
}

/// The clauses of a title, one behind the other; those that would make a third line (a fourth in a
/// column) are left out.
pub(super) fn clauses(first: String, further: Vec<String>, room: f64, lang: Lang) -> String {
    let most = if room < 600.0 { 3 } else { 2 };
    further.into_iter().fold(first, |title, clause| {
        let longer = format!("{title}{clause}");
        let lines = wrap(&longer, lang, TITLE, true, room);
        if lines.len() <= most { longer } else { title }
    })
}

/// The text with its first letter as a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// ① to ⑳ for a scenario, plain numbers beyond.
pub(super) fn sign(i: usize) -> String {
    let circled = u32::try_from(i).ok().filter(|i| *i < 20);
    let circled = circled.and_then(|i| char::from_u32(u32::from('①') + i));
    circled.map_or_else(|| (i + 1).to_string(), String::from)
}

/// The smallest pieces that stay together on a line.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if previous.is_some_and(|before| may_break(before, c)) {
            pieces.push(&text[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    let wide = |c: char| c >= '\u{2E80}';
    if before == ' ' {
        return true;
    }
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    if before.is_ascii_digit() && UNITS.contains(after) {
        return false;
    }
    wide(before) || wide(after) || matches!(before, '”' | '’' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_closing_punctuation_or_loses_a_unit() {
        let lines = wrap("普通高中大班额，到2040年仍有，", Lang::Zh, 10.0, false, 75.0);
        assert_eq!(lines.concat(), "普通高中大班额，到2040年仍有，");
        assert!(lines.iter().all(|line| !line.starts_with(['，', '年'])));
    }

    #[test]
    fn english_breaks_at_spaces_and_cuts_endless_words() {
        let lines = wrap("seats  short\nper year", Lang::En, 10.0, false, 60.0);
        assert_eq!(lines, ["seats short", "per year"]);
        let cut = wrap(&"x".repeat(40), Lang::En, 10.0, false, 60.0);
        assert!(cut.len() > 2 && cut.concat().len() == 40);
        assert!(wrap(" \n ", Lang::En, 10.0, false, 60.0).is_empty());
    }

    #[test]
    fn a_title_is_not_broken_inside_a_number() {
        let title = "the cheapest of them takes as much as 8,926 yuan";
        for limit in [150.0, 200.0, 250.0, 300.0] {
            let lines = wrap_title(title, Lang::En, 16.0, limit);
            assert!(lines.iter().all(|line| !line.ends_with("8,")), "{lines:?}");
        }
    }

    #[test]
    fn shortened_text_ends_with_an_ellipsis_within_the_limit() {
        let short = fit("武陟县第一实验小学", Lang::Zh, 10.0, false, 60.0);
        assert_eq!(short, "武陟县第一…");
        assert_eq!(fit("温县", Lang::Zh, 10.0, false, 60.0), "温县");
    }

    #[test]
    fn what_exceeds_the_lines_allowed_is_left_out() {
        let shortened = |most| wrap_at_most("甲乙丙丁戊己庚辛", Lang::Zh, 10.0, 30.0, most);
        assert_eq!(shortened(3), ["甲乙丙", "丁戊己", "庚辛"]);
        assert_eq!(shortened(2), ["甲乙丙", "丁戊…"]);
        assert!(shortened(0).is_empty());
    }

    #[test]
    fn control_characters_and_curly_quotes_do_not_survive() {
        assert_eq!(clean("a\u{0}\t b’s “c”", Lang::En), "a b's \"c\"");
    }
}
