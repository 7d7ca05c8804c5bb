//! Words within the query of a link.

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
    fn parts_of_a_query_hold_no_separators() {
        assert_eq!(query_part("a=b&c+d 100%"), "a%3Db%26c%2Bd 100%25");
        assert_eq!(query_part("小学"), "小学");
    }
}
