//! The tables of messages.

use std::collections::BTreeSet;

use super::teller::Words;

fn messages() -> Vec<(&'static str, Words)> {
    let tables = [
        super::asked::MESSAGES,
        super::brief::MESSAGES,
        super::compared::MESSAGES,
        super::assumed::MESSAGES,
        super::achieved::MESSAGES,
        super::oversized::MESSAGES,
        super::cost::MESSAGES,
        super::empty::MESSAGES,
        super::sure::MESSAGES,
        super::limits::MESSAGES,
        super::repeat::MESSAGES,
        super::annex::MESSAGES,
    ];
    tables.into_iter().flatten().copied().collect()
}

fn gaps(words: &str) -> BTreeSet<&str> {
    words.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn both_languages_have_the_same_gaps() {
    let all = messages();
    assert!(all.len() > 200, "{}", all.len());
    for (name, words) in all {
        assert_eq!(gaps(words.zh), gaps(words.en), "{name}");
    }
}

/// Numbers come from tables; what is left is the day of the stocks, which is a definition.
#[test]
fn no_message_holds_a_number_of_its_own() {
    for (name, words) in messages() {
        for text in [words.zh, words.en] {
            let rest = ["9月1日", "1 September", "A4", "SHA-256"]
                .iter()
                .fold(text.to_string(), |text, known| text.replace(known, ""));
            assert!(!rest.contains(|c: char| c.is_ascii_digit()), "{name}: {text}");
        }
    }
}

#[test]
fn chinese_messages_are_chinese_and_end_as_chinese_does() {
    for (name, words) in messages() {
        assert!(!words.zh.contains(". ") && !words.zh.ends_with('.'), "{name}: {}", words.zh);
        assert!(!words.en.contains(['。', '，', '；', '：', '（']), "{name}: {}", words.en);
    }
}
