//! Headings whose cells are not separated by commas: one fault with a name, instead of columns that are missing and unknown.

use super::Column;

/// Separators that are written instead of commas, and what they are called.
const OTHERS: [(char, &str); 5] = [
    (';', "semicolons"),
    ('\t', "tabs"),
    ('|', "bars"),
    ('，', "full-width commas"),
    ('、', "enumeration commas"),
];

/// What is wrong with the separator of a heading that was split at commas, and how to mend it: another one finds more of the columns, or it
/// stands in the only cell of a table that needs several.
pub(super) fn fault(heading: &[String], columns: &[Column]) -> Option<(String, &'static str)> {
    let n_known = |cells: &mut dyn Iterator<Item = &str>| {
        let is_known = |cell: &str| columns.iter().any(|column| column.is_called(cell));
        cells.filter(|cell| is_known(cell.trim().trim_matches('"'))).count()
    };
    let by_comma = n_known(&mut heading.iter().map(String::as_str));
    let n_needed = columns.iter().filter(|column| column.required).count();
    let (_, name) = OTHERS.into_iter().find(|(separator, _)| {
        let by_other = n_known(&mut heading.iter().flat_map(|cell| cell.split(*separator)));
        let is_only = heading.len() == 1 && heading[0].contains(*separator);
        by_other > by_comma + 1 || (is_only && n_needed > 1)
    })?;
    let message = format!("expected a heading of cells separated by commas, found {name}");
    Some((message, "save the table with commas between the cells; numbers then have a point: 1.5"))
}

#[cfg(test)]
mod tests {
    use super::super::column;
    use super::*;

    const COLUMNS: [Column; 3] =
        [column("sex", &["性别"], true), column("age", &["年龄"], true), column("rate", &[], true)];

    fn found(heading: &[&str]) -> Option<String> {
        let heading: Vec<String> = heading.iter().map(|cell| cell.to_string()).collect();
        fault(&heading, &COLUMNS).map(|(message, _)| message)
    }

    #[test]
    fn a_separator_that_is_no_comma_is_named() {
        for (heading, name) in [
            ("sex;age;rate", "semicolons"),
            ("sex\tage\trate", "tabs"),
            ("sex|age|rate", "bars"),
            ("性别，年龄，rate", "full-width commas"),
            // No heading is known, but a table of three columns does not have one.
            ("sexe;âge;taux", "semicolons"),
            ("sep=;", "semicolons"),
        ] {
            assert!(found(&[heading]).is_some_and(|message| message.ends_with(name)), "{heading}");
        }
        assert!(found(&["sex;age;rate", "note"]).is_some());
    }

    #[test]
    fn headings_with_commas_are_left_to_the_columns() {
        assert_eq!(found(&["sex", "age", "rate"]), None);
        assert_eq!(found(&["sex", "age", "rate;unit"]), None);
        assert_eq!(found(&["gender"]), None);
    }
}
