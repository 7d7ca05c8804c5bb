//! How numbers are printed in sentences, in the way of the language.

use crate::chart::Lang;

/// How a number is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// A year: 2035.
    Year,
    /// Whole people, seats, schools: 8,970 and 13.9万, in English 139,300.
    Count,
    /// Yuan: 1.23万, 40.80亿; in English 12,300, 4.08 billion.
    Money,
    /// A share of one as a percentage: 3.2%.
    Share,
    /// A share of futures in whole per cent, never all or none where it is not.
    Futures,
    /// With so many decimals.
    Decimals(u8),
}

/// A number as it is printed, without its unit.
pub fn printed(value: f64, print: Print, lang: Lang) -> String {
    match print {
        Print::Year => format!("{value:.0}"),
        Print::Count => count(value, lang),
        Print::Money => money(value, lang),
        Print::Share => share(value, lang),
        Print::Futures => futures(value, lang),
        Print::Decimals(decimals) => fixed(value, decimals),
    }
}

/// A number with a fixed count of decimals and separators; never "-0".
pub fn fixed(value: f64, decimals: u8) -> String {
    let text = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (idx, digit) in whole.chars().enumerate() {
        if idx > 0 && (whole.len() - idx).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped = format!("{grouped}.{fraction}");
    }
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero { format!("−{grouped}") } else { grouped }
}

fn count(value: f64, lang: Lang) -> String {
    match (lang, value.abs()) {
        (Lang::Zh, size) if size >= 0.999_95e8 => format!("{}亿", fixed(value / 1e8, 2)),
        (Lang::Zh, size) if size >= 0.999_95e7 => format!("{}万", fixed(value / 1e4, 0)),
        (Lang::Zh, size) if size >= 0.9995e5 => format!("{}万", fixed(value / 1e4, 1)),
        (Lang::Zh, size) if size >= 9_999.5 => format!("{}万", fixed(value / 1e4, 2)),
        (Lang::En, size) if size >= 9_999.5 => fixed((value / 100.0).round() * 100.0, 0),
        _ => fixed(value, 0),
    }
}

fn money(value: f64, lang: Lang) -> String {
    match (lang, value.abs()) {
        (Lang::En, size) if size >= 0.999_95e9 => format!("{} billion", fixed(value / 1e9, 2)),
        (Lang::En, size) if size >= 0.9995e6 => format!("{} million", fixed(value / 1e6, 1)),
        _ => count(value, lang),
    }
}

/// What lies just above one per cent keeps a second decimal, so that it is not taken for one per cent.
fn share(value: f64, lang: Lang) -> String {
    match value * 100.0 {
        v if v > 0.0 && v < 0.05 => match lang {
            Lang::Zh => "0.1%以下".to_string(),
            Lang::En => "under 0.1%".to_string(),
        },
        v if v > 1.000_001 && v < 1.05 => format!("{}%", fixed(v.max(1.01), 2)),
        v => format!("{}%", fixed(v, 1)),
    }
}

fn futures(value: f64, lang: Lang) -> String {
    match (value * 100.0, lang) {
        (v, Lang::Zh) if v > 1e-9 && v < 0.5 => "1%以下".to_string(),
        (v, Lang::En) if v > 1e-9 && v < 0.5 => "under 1%".to_string(),
        (v, Lang::Zh) if v > 99.5 && v < 100.0 - 1e-9 => "99%以上".to_string(),
        (v, Lang::En) if v > 99.5 && v < 100.0 - 1e-9 => "over 99%".to_string(),
        (v, _) => format!("{}%", fixed(v, 0)),
    }
}

/// Words with separators in their whole numbers of five digits and more; what is part of a name, a code or a decimal
/// stays.
pub fn grouped(words: &str) -> String {
    let is_digit = |c: &char| c.is_ascii_digit();
    let mut text = String::new();
    let mut rest = words;
    while let Some(at) = rest.find(|c: char| is_digit(&c)) {
        let (before, from) = rest.split_at(at);
        let length = from.chars().take_while(is_digit).count();
        let (digits, after) = from.split_at(length);
        text.push_str(before);
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | ',');
        let is_joined = text.ends_with(joins);
        if length < 5 || is_joined || after.starts_with(['_', '/']) {
            text.push_str(digits);
        } else {
            for (idx, digit) in digits.chars().enumerate() {
                if idx > 0 && (length - idx) % 3 == 0 {
                    text.push(',');
                }
                text.push(digit);
            }
        }
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_in_words_have_separators() {
        assert_eq!(grouped("相差16227人，与73000人"), "相差16,227人，与73,000人");
        assert_eq!(grouped("17600 to 36900"), "17,600 to 36,900");
        for kept in ["2040", "9999", "0.24706", "a12345", "73,000", "12345_a", "x/20200101"] {
            assert_eq!(grouped(kept), kept);
        }
    }

    #[test]
    fn numbers_follow_the_language() {
        let both = |value, print| [Lang::Zh, Lang::En].map(|lang| printed(value, print, lang));
        assert_eq!(both(8_970.17, Print::Count), ["8,970", "8,970"]);
        assert_eq!(both(139_273.94, Print::Count), ["13.9万", "139,300"]);
        assert_eq!(both(74_356.6, Print::Count), ["7.44万", "74,400"]);
        assert_eq!(both(9_999.6, Print::Count), ["1.00万", "10,000"]);
        assert_eq!(both(4_080_000_000.0, Print::Money), ["40.80亿", "4.08 billion"]);
        assert_eq!(both(866_229_385.3, Print::Money), ["8.66亿", "866.2 million"]);
        assert_eq!(both(90_000_000.0, Print::Money), ["9,000万", "90.0 million"]);
        assert_eq!(both(12_318.5, Print::Money), ["1.23万", "12,300"]);
        assert_eq!(both(0.0806, Print::Share), ["8.1%", "8.1%"]);
        assert_eq!(both(0.000_12, Print::Share), ["0.1%以下", "under 0.1%"]);
        assert_eq!(both(0.0101, Print::Share), ["1.01%", "1.01%"]);
        assert_eq!(both(0.999, Print::Futures), ["99%以上", "over 99%"]);
        assert_eq!(both(1.0, Print::Futures), ["100%", "100%"]);
        assert_eq!(both(2035.0, Print::Year), ["2035", "2035"]);
        assert_eq!(both(-0.001, Print::Decimals(1)), ["0.0", "0.0"]);
        assert_eq!(both(-1234.5, Print::Decimals(1)), ["−1,234.5", "−1,234.5"]);
    }
}
