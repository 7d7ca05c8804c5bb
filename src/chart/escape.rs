//! The one way by which words come into XML and HTML: charts, pages, Word files.

/// The text as content of an element, or as the value of an attribute in double quotes.
///
/// Characters that XML 1.0 forbids and control characters become spaces; line breaks and tabulators stay. Single quotes stay: no
/// attribute is written in them.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push(' '),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_markup_is_left() {
        let hostile = "</td><script>alert(\"1\")</script> & 'x' ]]> \u{0}\u{7}\u{85}\n";
        let expected = "&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; \
                        'x' ]]&gt;    \n";
        assert_eq!(escape(hostile), expected);
        assert_eq!(escape("a\u{FFFE}b\u{FFFF}\tc"), "a b \tc");
        assert_eq!(escape("焦作市 2030年，56人及以上"), "焦作市 2030年，56人及以上");
    }
}
