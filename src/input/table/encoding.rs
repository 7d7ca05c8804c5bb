//! Which encoding a table is written in: UTF-8, GB18030, or UTF-16 with its mark; nothing else is guessed at.
//!
//! Almost any bytes are GB18030: `João` in Latin-1 reads as `Jo鉶`. Text that is no UTF-8 is taken for GB18030 only if it looks like
//! Chinese. Of all characters beyond ASCII, the common ones (GB 2312 level 1, punctuation, full-width forms) count for it; those
//! beyond GB 2312, and single ones that stand inside a Latin word, count against it; level 2 of GB 2312 counts for neither. Rare characters in names
//! do not decide, and neither does a Latin table with one lucky pair of bytes.
//!
//! What this leaves out: encodings whose bytes are those of common Chinese characters (EUC-KR, capital Cyrillic letters) cannot be told
//! apart without a dictionary.

/// The text of a table.
#[derive(Debug, PartialEq)]
pub(super) enum Encoding {
    /// UTF-8; the text begins after so many bytes of a mark.
    Utf8(usize),
    /// Something else, decoded.
    Decoded(String),
}

/// Why bytes are no text: where, what was found there, how to mend it.
#[derive(Debug, PartialEq)]
pub(super) struct NoText {
    /// First byte at fault, from 0.
    pub(super) byte: usize,
    /// What was found.
    pub(super) found: String,
    /// How to mend it.
    pub(super) help: &'static str,
}

/// How a table should be saved.
const SAVE: &str =
    "save the table as CSV UTF-8 (in Excel: \"CSV UTF-8 (Comma delimited)\"), or as GB18030";
/// The same for bytes that may be of another encoding of letters.
const SAVE_ANEW: &str = "it may be Latin-1, windows-1252, Big5 or the like: save the table as CSV UTF-8 (in Excel: \"CSV UTF-8 (Comma delimited)\"), or as GB18030";

/// Finds out the encoding.
pub(super) fn of(bytes: &[u8]) -> Result<Encoding, NoText> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return utf16(bytes);
    }
    if let Some(byte) = bytes.iter().position(|byte| *byte == 0) {
        let found =
            "a byte 0, as in UTF-16 without its mark, or in a file that is no text".to_string();
        return Err(NoText { byte, found, help: SAVE });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Encoding::Utf8(if text.starts_with('\u{feff}') { 3 } else { 0 })),
        Err(error) => gb18030(bytes, error.valid_up_to()),
    }
}

/// "Unicode text" of spreadsheets.
fn utf16(bytes: &[u8]) -> Result<Encoding, NoText> {
    let encoding = if bytes[0] == 0xff { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
    let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[2..]);
    if had_errors {
        let found = "UTF-16 text with halves of characters".to_string();
        return Err(NoText { byte: 0, found, help: SAVE });
    }
    Ok(Encoding::Decoded(text.into_owned()))
}

/// Bytes that stop being UTF-8 after `valid` of them.
fn gb18030(bytes: &[u8], valid: usize) -> Result<Encoding, NoText> {
    let looks = Looks::of(bytes);
    let text = encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .filter(|_| looks.stops_at.is_none());
    match text {
        Some(text) if looks.score >= 0 => Ok(Encoding::Decoded(text.into_owned())),
        _ => {
            // Chinese with a damaged byte is at fault there; in anything else the first letter beyond ASCII is.
            let byte =
                if looks.score > 0 { looks.stops_at.unwrap_or(valid).max(valid) } else { valid };
            let found =
                format!("other bytes: byte {} of the file is 0x{:02X}", byte + 1, bytes[byte]);
            let help = if looks.score > 0 { SAVE } else { SAVE_ANEW };
            Err(NoText { byte, found, help })
        }
    }
}

/// How much bytes look like Chinese in GB18030.
struct Looks {
    /// Common characters, less those that do not look like it.
    score: i64,
    /// The first byte that begins no character, where there is one.
    stops_at: Option<usize>,
}

impl Looks {
    fn of(bytes: &[u8]) -> Looks {
        let mut looks = Looks { score: 0, stops_at: None };
        // The letter before, where it is an ASCII one; the second byte of another character is none.
        let mut before = b' ';
        let mut at = 0;
        while at < bytes.len() {
            let n = length_at(bytes, at);
            match n {
                0 => {
                    looks.stops_at = Some(at);
                    break;
                }
                1 => before = bytes[at],
                _ => {
                    let after = bytes.get(at + n).copied().unwrap_or(b' ');
                    looks.score += weight(&bytes[at..at + n], stands_in_word(before, after));
                    before = OTHER;
                }
            }
            at += n;
        }
        looks
    }
}

/// Bytes of the character that begins at a place; 0 where none does.
fn length_at(bytes: &[u8], at: usize) -> usize {
    let byte = |ahead: usize| bytes.get(at + ahead).copied().unwrap_or(0);
    match (byte(0), byte(1)) {
        (0..=0x7f, _) => 1,
        (0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe) => 2,
        (0x81..=0xfe, 0x30..=0x39)
            if (0x81..=0xfe).contains(&byte(2)) && byte(3).is_ascii_digit() =>
        {
            4
        }
        _ => 0,
    }
}

/// Stands for the character before, where it is not of ASCII.
const OTHER: u8 = 0xff;

/// Whether a single character stands inside a word of ASCII letters, by the bytes before and after it. `A座` and `T恤` do not.
fn stands_in_word(before: u8, after: u8) -> bool {
    let is_single = before < 0x80 && after < 0x80;
    let touches_small = before.is_ascii_lowercase() || after.is_ascii_lowercase();
    let is_between = before.is_ascii_uppercase() && after.is_ascii_uppercase();
    is_single && (touches_small || is_between)
}

/// What a character beyond ASCII says for Chinese: 1, 0, or −1 against it. Letters with accents are no Chinese, but GB18030 has them, and in
/// forms that are hardly met elsewhere.
fn weight(character: &[u8], is_in_word: bool) -> i64 {
    match character {
        [_, _, _, _] | [0xa8, 0xa1..=0xc0] => 0,
        _ if is_in_word => -1,
        [0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..=0xff] => 1,
        [0xd8..=0xf7, 0xa1..=0xff] => 0,
        _ => -1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin1(text: &str) -> Vec<u8> {
        text.chars().map(|c| u8::try_from(u32::from(c)).expect("a Latin-1 letter")).collect()
    }

    fn gb(text: &str) -> Vec<u8> {
        encoding_rs::GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn chinese_in_gb18030_is_read() {
        for text in [
            "校址,名称\n1,焦作市第一小学\n",
            // Rare characters in names and places: beyond GB 2312, and of its second level alone.
            "site,name\n1,张喆小学\n2,瀍河\n",
            "district\n嵊泗\n嵊泗\n",
            "name\n实验小学（A座）\n初一a班\n第３小学\n",
            "name\n县一中,T恤\n",
            // Letters with accents have forms of their own in GB18030.
            "name\nEscola São João\nJosé\n",
        ] {
            assert_eq!(of(&gb(text)), Ok(Encoding::Decoded(text.to_string())), "{text}");
        }
    }

    #[test]
    fn letters_of_other_encodings_are_refused() {
        for text in [
            "site,name\n1,Escola João\n",
            "site,name\n1,Educação\n",
            "site,name\n1,EDUCAÇÃO\n",
            "site,name\n1,Müller-Schule\n2,Grundschule Süd\n",
            "site,name\n1,École\n",
            "site,name\n1,Ção\n",
        ] {
            let no_text = of(&latin1(text)).expect_err(text);
            let first = text.chars().position(|c| !c.is_ascii()).expect("a letter");
            assert_eq!(no_text.byte, first, "{text}: {}", no_text.found);
            assert!(no_text.help.contains("Latin-1"));
        }
        for (encoding, text) in [
            (encoding_rs::BIG5, "學校,名稱\n1,臺北市立國民小學\n"),
            (encoding_rs::SHIFT_JIS, "名前\n第一小学校\n"),
            (encoding_rs::WINDOWS_1250, "Szkoła Podstawowa im. Świętej Jadwigi\n"),
            (encoding_rs::WINDOWS_1251, "имя\nШкола номер один\n"),
            (encoding_rs::WINDOWS_1253, "σχολείο\nΔημοτικό Σχολείο\n"),
        ] {
            let bytes = encoding.encode(text).0;
            assert!(of(&bytes).is_err(), "{}: {text}", encoding.name());
        }
    }

    #[test]
    fn a_damaged_byte_in_chinese_is_named_where_it_stands() {
        let mut bytes = gb("名称\n第一小学\n第二小学\n");
        let at = bytes.len() - 5;
        bytes[at] = 0xff;
        let no_text = of(&bytes).expect_err("a damaged byte");
        assert!((at - 1..=at).contains(&no_text.byte), "{no_text:?}");
        let mut bytes = "名称\n第一小学\n第二小学\n".as_bytes().to_vec();
        let at = bytes.len() - 4;
        bytes[at] = 0xff;
        let no_text = of(&bytes).expect_err("a damaged byte");
        assert!((at - 2..=at).contains(&no_text.byte), "{no_text:?}");
    }

    #[test]
    fn utf16_is_read_with_its_mark_and_refused_without() {
        let text = "site,name\n1,第一小学\n";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xff, 0xfe][..], &bytes].concat();
        assert_eq!(of(&marked), Ok(Encoding::Decoded(text.to_string())));
        let marked: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xfe, 0xff][..], &marked].concat();
        assert_eq!(of(&marked), Ok(Encoding::Decoded(text.to_string())));
        let no_text = of(&bytes).expect_err("no mark");
        assert_eq!(no_text.byte, 1);
        assert!(no_text.found.contains("UTF-16"));
    }
}
