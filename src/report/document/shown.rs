//! How a cell of a table is written where it is read as words, on the page and in the Word file, and
//! how wide words are.

use super::{Cell, Form};
use crate::chart::Lang;

/// Stands where there is no number.
const MISSING: &str = "—";

/// The words of a cell; never "-0", and a share that is not zero is not written as zero.
///
/// A number that is not finite is written as one that is missing. Numbers of tables are written in
/// the same way in both languages, with separators of thousands, so that columns can be compared.
pub fn shown(cell: &Cell, _lang: Lang) -> String {
    match cell {
        Cell::Words(words) => words.clone(),
        Cell::Missing => MISSING.to_owned(),
        Cell::Number(value, _) if !value.is_finite() => MISSING.to_owned(),
        Cell::Number(value, form) => number(*value, *form),
    }
}

fn number(value: f64, form: Form) -> String {
    match form {
        Form::Count => signed(value.round(), 0, true),
        Form::Year => signed(value.round(), 0, false),
        Form::Decimals(decimals) => signed(value, usize::from(decimals), true),
        Form::Share => share(value),
    }
}

/// A percentage with one decimal; what would be rounded to nothing says on which side it lies.
fn share(value: f64) -> String {
    let text = signed(value * 100.0, 1, true);
    match text == "0.0" {
        true if value > 0.0 => "<0.1%".to_owned(),
        true if value < 0.0 => ">\u{2212}0.1%".to_owned(),
        _ => format!("{text}%"),
    }
}

/// A finite number with so many decimals and the minus sign of print.
fn signed(value: f64, decimals: usize, has_separators: bool) -> String {
    let text = format!("{:.*}", decimals, value.abs());
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "\u{2212}" } else { "" };
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text.as_str(), String::new()),
    };
    let whole = if has_separators { grouped(whole) } else { whole.to_owned() };
    format!("{sign}{whole}{fraction}")
}

/// Digits with a comma before each group of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Width of words in half ems: a Chinese character takes two.
pub fn half_ems(words: &str) -> usize {
    let line = |line: &str| line.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum();
    words.lines().map(line).max().unwrap_or(0)
}

/// Whether a character is as wide as it is high: Chinese and full-width forms.
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{2014}' | '\u{2018}'..='\u{201D}'
        | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, form: Form, expected: &str) {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(shown(&Cell::Number(value, form), lang), expected, "{value} {form:?}");
        }
    }

    #[test]
    fn counts_are_whole_with_separators() {
        check(12_345.0, Form::Count, "12,345");
        check(999.5, Form::Count, "1,000");
        check(2.5, Form::Count, "3");
        check(100.0, Form::Count, "100");
        check(1_234_567.0, Form::Count, "1,234,567");
        check(-12_345.4, Form::Count, "−12,345");
        check(-0.4, Form::Count, "0");
        check(-0.0, Form::Count, "0");
    }

    #[test]
    fn years_have_no_separators() {
        check(2035.0, Form::Year, "2035");
    }

    #[test]
    fn shares_are_percentages_and_none_is_hidden() {
        check(0.032, Form::Share, "3.2%");
        check(1.0, Form::Share, "100.0%");
        check(0.0, Form::Share, "0.0%");
        check(-0.0, Form::Share, "0.0%");
        check(0.0004, Form::Share, "<0.1%");
        check(0.000_6, Form::Share, "0.1%");
        check(-0.0004, Form::Share, ">−0.1%");
        check(-0.0513, Form::Share, "−5.1%");
        check(12.5, Form::Share, "1,250.0%");
    }

    #[test]
    fn decimals_are_as_many_as_asked() {
        check(2.345_67, Form::Decimals(2), "2.35");
        check(-1234.56, Form::Decimals(1), "−1,234.6");
        check(-0.001, Form::Decimals(2), "0.00");
        check(7.0, Form::Decimals(0), "7");
    }

    #[test]
    fn what_is_no_number_is_a_dash() {
        check(f64::NAN, Form::Count, "—");
        check(f64::INFINITY, Form::Share, "—");
        assert_eq!(shown(&Cell::Missing, Lang::En), "—");
        assert_eq!(shown(&Cell::Words("市区".into()), Lang::Zh), "市区");
    }

    #[test]
    fn a_chinese_character_is_twice_as_wide() {
        assert_eq!(half_ems("小学a1"), 6);
        assert_eq!(half_ems("12,345"), 6);
        assert_eq!(half_ems("一\n二三"), 4);
        assert_eq!(half_ems(""), 0);
    }
}
