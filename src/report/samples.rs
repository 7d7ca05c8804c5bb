//! Stages of a made-up country.

use crate::axes::Stages;
use xuewei_model::stages::StageRow;

fn row(key: &str, first_age: usize, n_grades: usize) -> StageRow {
    StageRow {
        key: key.to_owned(),
        zh: key.to_owned(),
        en: key.to_owned(),
        grades: (1..=n_grades).map(|grade| format!("{key}{grade}")).collect(),
        first_age,
        ..StageRow::default()
    }
}

/// One grade by rate at 3, then seven and five: none shares the leavers of another.
pub fn english() -> &'static Stages {
    let rows = vec![
        StageRow { is_by_rate: true, ..row("nursery", 3, 1) },
        StageRow { is_compulsory: true, ..row("first", 4, 7) },
        StageRow {
            is_compulsory: true,
            follows: Some("first".to_owned()),
            ..row("secondary", 11, 5)
        },
    ];
    Stages::new(rows).expect("sound rows")
}
