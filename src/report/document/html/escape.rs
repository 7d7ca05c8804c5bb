//! The one way by which words come into the page.

/// The text as content of an element or value of a quoted attribute.
///
/// Control characters and the characters that are none (U+FFFE, U+FFFF) have no meaning in a page:
/// line breaks and tabulators stay, the others become spaces.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push(' '),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text as a name or value of a query (`name=value&name=value`), before it is escaped.
pub(super) fn query_part(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => part.push_str("%25"),
            '&' => part.push_str("%26"),
            '=' => part.push_str("%3D"),
            '+' => part.push_str("%2B"),
            c => part.push(c),
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_markup_is_left() {
        let hostile = "</td><script>alert(\"1\")</script> & 'x' ]]> \u{0}\u{7}\u{85}\n";
        let expected = "&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; \
                        &#39;x&#39; ]]&gt;    \n";
        assert_eq!(escape(hostile), expected);
        assert_eq!(escape("焦作市 2030年，56人及以上"), "焦作市 2030年，56人及以上");
    }

    #[test]
    fn parts_of_a_query_hold_no_separators() {
        assert_eq!(query_part("a=b&c+d 100%"), "a%3Db%26c%2Bd 100%25");
        assert_eq!(query_part("小学"), "小学");
    }
}
