//! Ages in tables: single years, and the open one that `100+` means.

use super::load::Load;
use super::table::{Named, TableFile};

/// Highest age; it stands for everybody who is older too.
pub(super) const OLDEST: i64 = 100;
/// What may follow an age from which a group has no end.
const OPEN: [&str; 4] = ["岁及以上", "及以上", "+", "＋"];

/// The age from which an open group begins: of `85+`, 85.
fn open(text: &str) -> Option<i64> {
    let rest = OPEN.iter().find_map(|ending| text.strip_suffix(ending))?;
    rest.trim_end().parse().ok()
}

/// The age of a row of people, of single years: `100+` is 100, and no other group is open.
pub(super) fn single(
    load: &mut Load,
    table: &TableFile,
    row: usize,
    column: impl Named,
) -> Option<i64> {
    let text = table.text(row, column).unwrap_or_default();
    let open = open(text);
    if open == Some(OLDEST) {
        return open;
    }
    let is_older = text.parse::<i64>().is_ok_and(|age| age > OLDEST);
    let help = match open {
        Some(from) if (0..OLDEST).contains(&from) => {
            format!("ages are single years: share {text} out over {from} to 99 and 100+")
        }
        _ if open.is_some() || is_older => {
            format!("{OLDEST} stands for everybody of {OLDEST} and more: add them up there")
        }
        _ => return table.whole(load, row, column, (0, OLDEST), true),
    };
    let message = format!("expected a number from 0 to {OLDEST}, found {text:?}");
    load.problem(table.at(row), column.name(table), message, help);
    None
}

/// The first age of a group of a table of rates, and whether the group is written as an open one (`85+`).
pub(super) fn first_of_group(
    load: &mut Load,
    table: &TableFile,
    row: usize,
    column: impl Named,
) -> Option<(i64, bool)> {
    match table.text(row, column).and_then(open) {
        Some(age) if (0..=OLDEST).contains(&age) => Some((age, true)),
        _ => Some((table.whole(load, row, column, (0, OLDEST), true)?, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_ages_are_known() {
        let ages = ["100+", "85 +", "85岁及以上", "100及以上", "100＋"].map(open);
        assert_eq!(ages, [Some(100), Some(85), Some(85), Some(100), Some(100)]);
        assert_eq!(["100", "+", "-85+x", "all", ""].map(open), [None; 5]);
    }
}
