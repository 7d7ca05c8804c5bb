//! The charts that hold plans and scenarios against each other.

use super::super::samples::plans;
use super::super::scorecard::{self, Direction, Status, Unit};
use super::super::{Figure, Lang};
use super::{check, long_name};

/// Checks the score card with a change made to every row.
fn check_rows(case: &str, change: &dyn Fn(usize, &mut scorecard::Row)) {
    check(&format!("scorecard {case}"), |lang| {
        let mut input = plans::scorecard(lang);
        input.rows.iter_mut().enumerate().for_each(|(i, row)| change(i, row));
        scorecard::draw(&input, lang)
    });
}

#[test]
fn scorecard_holds() {
    check_rows("ordinary", &|_, _| {});
    check_rows("missing", &|_, row| (row.target, row.run) = (f64::NAN, Some(f64::NAN)));
    check_rows("no run", &|_, row| row.run = None);
    check_rows("endless", &|_, row| (row.target, row.run) = (f64::INFINITY, Some(f64::INFINITY)));
    check_rows("huge", &|_, row| {
        (row.target, row.run) = (row.target * 1e9, row.run.map(|run| run * 1e9));
        row.year = i32::MAX;
    });
    check_rows("largest", &|_, row| {
        (row.target, row.run) = (f64::MIN, Some(f64::MAX));
        (row.tolerance, row.first_met, row.year) = (Some(f64::MAX), Some(i32::MIN), i32::MIN);
    });
    check_rows("negative", &|_, row| {
        (row.target, row.run) = (-row.target, row.run.map(|run| -run))
    });
    check_rows("counts to zero", &|_, row| {
        (row.unit, row.target) = (Unit::Count("x".repeat(90)), 0.0);
        row.tolerance = Some(f64::NAN);
    });
    check_rows("at most", &|_, row| row.direction = Direction::AtMost);
    check_rows("no words", &|_, row| {
        row.plan.clear();
        row.title.clear();
        row.reason = Some(" ".to_owned());
        row.place = Some(String::new());
    });
    for status in [Status::Missed, Status::Contradicted, Status::NotModelled, Status::OutsideYears]
    {
        check_rows(&format!("all {status:?}"), &|_, row| row.status = status);
    }
    for count in [0, 1, 40] {
        check(&format!("scorecard {count} long rows"), |lang| {
            let mut input = plans::scorecard(lang);
            input.rows = input.rows.iter().cycle().skip(1).take(count).cloned().collect();
            for (i, row) in input.rows.iter_mut().enumerate() {
                row.plan = long_name(i / 9, lang);
                row.title = long_name(i, lang).repeat(1 + i % 4);
                row.reason = (i % 2 == 0).then(|| long_name(i, lang).repeat(3));
            }
            scorecard::draw(&input, lang)
        });
    }
}

#[test]
fn the_score_card_counts_what_can_be_judged() {
    let expect = |figure: Figure, title: &str| assert_eq!(figure.title, title);
    // Met: primary, kindergartens (input), seats; missed: junior, retention, vocational.
    expect(
        scorecard::draw(&plans::scorecard(Lang::Zh), Lang::Zh),
        "可计算的6项目标达成3项（其中1项由输入决定）；“初中大班额基本消除”差2.8个百分点",
    );
    expect(
        scorecard::draw(&plans::scorecard(Lang::En), Lang::En),
        "3 of 6 targets that can be computed are met, 1 of them by input; \"Junior oversized classes basically cleared\" misses by 2.8 points",
    );
    let mut input = plans::scorecard(Lang::En);
    input.rows.retain(|row| row.status == Status::NotModelled);
    expect(scorecard::draw(&input, Lang::En), "None of 2 targets can be judged");
}

#[test]
fn a_run_that_just_misses_is_not_rounded_up_to_the_target() {
    let mut row = plans::target("", "", 98.0);
    (row.run, row.status) = (Some(97.96), Status::Missed);
    let input = scorecard::Input { caption: Default::default(), rows: vec![row] };
    let figure = scorecard::draw(&input, Lang::En);
    assert!(figure.svg.contains("97.96%") && !figure.svg.contains("98.0%"));
    assert!(figure.title.ends_with("misses by less than 0.1 points"), "{}", figure.title);
}
