//! The stages of Chinese cities, in which the invented ones have their schools, and those of other countries.

use super::super::Stage;
use xuewei_input::china;
use xuewei_model::axes::Stages;
use xuewei_model::stages::{MAX_STAGES, StageRow};

pub(in super::super) fn all() -> &'static Stages {
    china()
}

fn of(name: &str) -> Stage {
    china().parse(name).expect("a stage of Chinese cities")
}

pub(in super::super) fn kindergarten() -> Stage {
    of("kindergarten")
}

pub(in super::super) fn primary() -> Stage {
    of("primary")
}

pub(in super::super) fn junior() -> Stage {
    of("junior")
}

pub(in super::super) fn senior() -> Stage {
    of("senior")
}

pub(in super::super) fn vocational() -> Stage {
    of("vocational")
}

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
pub(crate) fn english() -> &'static Stages {
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

/// As many stages as there may be, each of two grades after the one before.
pub(in super::super) fn most() -> &'static Stages {
    let of = |i: usize| StageRow {
        follows: i.checked_sub(1).map(|before| format!("level{before}")),
        ..row(&format!("level{i}"), 3 + 2 * i, 2)
    };
    Stages::new((0..MAX_STAGES).map(of).collect()).expect("sound rows")
}
