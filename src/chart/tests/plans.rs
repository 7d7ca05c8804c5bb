//! The charts that hold plans and scenarios against each other.

use super::super::samples::{plans, stages};
use super::super::scorecard::{self, Direction, Status, Unit};
use super::super::{Figure, Lang, cost_effect, multiples, oversized, samples};
use super::{check, check_values, long_name};

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
        "可计算的6项目标达成3项（其中1项由输入达成）；“初中大班额基本消除”差2.8个百分点",
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

fn utilisation(lang: Lang) -> multiples::Input {
    let mut input = plans::multiples(lang);
    input.measure = multiples::Measure::Utilisation;
    let lines = input.panels.iter_mut().flat_map(|panel| &mut panel.lines);
    lines.chain(input.total.iter_mut().flatten()).flatten().for_each(|rate| *rate += 0.7);
    input
}

#[test]
fn multiples_hold() {
    check_values("multiples", plans::multiples, multiples::draw);
    check_values("multiples used", utilisation, multiples::draw);
    for (districts, scenarios) in [(0, 3), (1, 1), (2, 2), (5, 8), (8, 3), (20, 8), (60, 2), (3, 0)]
    {
        check(&format!("multiples {districts} districts {scenarios} scenarios"), |lang| {
            let mut input = plans::multiples(lang);
            input.panels = input.panels.iter().cycle().take(districts).cloned().collect();
            input.total = input.total.filter(|_| districts != 1);
            let name = |i: usize| format!("{}{}", lang.pick("情景", "Scenario "), i + 1);
            input.scenarios = (0..scenarios).map(name).collect();
            let districts = input.panels.iter_mut().map(|panel| &mut panel.lines);
            for lines in districts.chain(&mut input.total) {
                *lines = lines.iter().cycle().take(scenarios).cloned().collect();
                for (i, line) in lines.iter_mut().enumerate() {
                    line.iter_mut().for_each(|share| *share *= 1.0 - 0.07 * i as f64);
                }
            }
            multiples::draw(&input, lang)
        });
    }
    check("multiples long names", |lang| {
        let mut input = plans::multiples(lang);
        let names = input.panels.iter_mut().map(|panel| &mut panel.district);
        let names = names.chain(&mut input.scenarios).enumerate();
        names.for_each(|(i, name)| *name = long_name(i, lang));
        multiples::draw(&input, lang)
    });
}

#[test]
fn multiples_name_the_highest_and_the_most_divided_district() {
    let panel = |district: &str, lines: [[f64; 2]; 2]| multiples::Panel {
        district: district.to_owned(),
        lines: lines.map(|line| line.to_vec()).to_vec(),
    };
    let mut input = plans::multiples(Lang::En);
    input.years = vec![2030, 2031];
    input.scenarios.truncate(2);
    // The whole city is no district, however high it lies.
    input.total = Some(vec![vec![0.9, 0.9]]);
    input.panels = vec![
        panel("Wen", [[0.10, 0.20], [0.12, 0.32]]),
        panel("Wuzhi", [[0.30, 0.31], [0.33, f64::NAN]]),
    ];
    assert_eq!(
        multiples::draw(&input, Lang::En).title,
        "Senior oversized classes peak in Wuzhi, at 33.0% in 2030 (\"No building\"); \
         scenarios differ most in Wen, by 12.0 points in 2031"
    );
    input.panels.iter_mut().flat_map(|p| &mut p.lines).for_each(|line| line.fill(0.0));
    let title = multiples::draw(&input, Lang::En).title;
    assert_eq!(title, "No senior class is oversized in any district");
}

const SCENARIOS: [(&str, &str); 8] = [
    ("按规划建设", "Plan"),
    ("不建设", "No building"),
    ("推迟两年", "Two years late"),
    ("完成一半", "Half of the plan"),
    ("全在中心城区", "All in the centre"),
    ("只扩建", "Extensions only"),
    ("只限起始年级班额", "Cap on first grades"),
    ("规划加限额", "Plan and cap"),
];

/// So many scenarios, each with less oversized classes than the one before; the last is as the first.
fn scenarios(count: usize, lang: Lang) -> oversized::Input {
    let mut input = samples::oversized(lang);
    let names = SCENARIOS.iter().take(count);
    input.scenarios = names.map(|(zh, en)| lang.pick(zh, en).to_owned()).collect();
    for panel in &mut input.panels {
        let mut lines: Vec<_> = panel.lines.iter().cycle().take(count).cloned().collect();
        for (i, line) in lines.iter_mut().enumerate() {
            line.oversized.iter_mut().for_each(|share| *share *= 1.0 - 0.11 * i as f64);
        }
        if let (Some(first), Some(last)) = (lines.first().cloned(), lines.last_mut()) {
            *last = first;
        }
        panel.lines = lines;
    }
    input
}

#[test]
fn more_than_four_scenarios_are_named_in_the_key_alone() {
    for count in [5, 8] {
        check(&format!("oversized key of {count}"), |lang| {
            oversized::draw(&scenarios(count, lang), lang)
        });
    }
    let figure = oversized::draw(&scenarios(5, Lang::En), Lang::En);
    let texts = |name: &str| figure.svg.lines().filter(|line| line.trim() == name).count();
    assert_eq!(texts("Half of the plan"), 1, "no label at a line end");
    // Half of the plan has 0.67 times 1.80, 1.44 % of classes oversized in 2024, 2025; no building has 0.89
    // times 1.17, 0.90 % in 2029, 2030.
    let years = "Cleared first in 2025 (Half of the plan), last in 2030 (No building)";
    assert!(figure.svg.contains(years));
}

#[test]
fn a_remark_says_that_a_line_may_lie_beneath_another() {
    let has_remark = |input: &oversized::Input| {
        let figure = oversized::draw(input, Lang::Zh);
        figure.svg.contains("线条重合时只见其一")
    };
    let mut input = scenarios(5, Lang::Zh);
    assert!(has_remark(&input));
    assert!(!has_remark(&scenarios(4, Lang::Zh)), "the labels at the line ends tell it");
    for line in input.panels.iter_mut().filter_map(|panel| panel.lines.last_mut()) {
        line.oversized.iter_mut().for_each(|share| *share *= 0.8);
    }
    assert!(!has_remark(&input));
}

/// Checks costs and effects with a change made to every point.
fn check_points(case: &str, change: &dyn Fn(usize, &mut cost_effect::Point)) {
    check(&format!("cost effect {case}"), |lang| {
        let mut input = plans::cost_effect(lang);
        input.points.iter_mut().enumerate().for_each(|(i, point)| change(i, point));
        cost_effect::draw(&input, lang)
    });
}

#[test]
fn cost_effect_holds() {
    check_points("ordinary", &|_, _| {});
    check_points("zero", &|_, p| (p.investment, p.relieved, p.unplaced) = (0.0, 0.0, 0.0));
    check_points("missing", &|_, p| (p.investment, p.relieved) = (f64::NAN, f64::NAN));
    check_points("endless", &|_, p| (p.relieved, p.unplaced) = (f64::INFINITY, f64::INFINITY));
    check_points("holes", &|i, p| p.relieved = if i % 3 == 1 { f64::NAN } else { p.relieved });
    check_points("huge", &|_, p| {
        (p.investment, p.relieved) = (p.investment * 1e9, p.relieved * 1e9)
    });
    check_points("largest", &|i, p| {
        p.investment = if i % 2 == 0 { f64::MAX } else { f64::MIN };
        p.relieved = if i % 3 == 0 { f64::MIN } else { f64::MAX };
        p.unplaced = f64::MAX;
    });
    check_points("tiny", &|_, p| {
        (p.investment, p.relieved) = (p.investment / 1e9, p.relieved / 1e9)
    });
    check_points("negative", &|_, p| p.relieved = -p.relieved.abs());
    check_points("free", &|_, p| p.investment = 0.0);
    check_points("same cost", &|_, p| p.investment = 1e9);
    check_points("same relief", &|_, p| p.relieved = 5_000.0);
    check_points("one place", &|_, p| (p.investment, p.relieved) = (1e9, 5_000.0));
    check_points("unplaced unknown", &|_, p| p.unplaced = f64::NAN);
    check_points("no words", &|_, p| p.name.clear());
    for (count, long) in [(0, false), (1, true), (2, true), (12, false), (12, true), (30, true)] {
        check(&format!("cost effect {count} points {long}"), |lang| {
            let mut input = plans::cost_effect(lang);
            input.stage = Some(stages::junior());
            input.points = input.points.iter().cycle().skip(1).take(count).cloned().collect();
            for (i, point) in input.points.iter_mut().enumerate() {
                point.relieved *= 1.0 + 0.11 * (i / 9) as f64;
                if long {
                    point.name = long_name(i, lang);
                }
            }
            cost_effect::draw(&input, lang)
        });
    }
}

#[test]
fn a_cap_that_turns_pupils_away_is_no_success() {
    let point = |name: &str, investment, relieved, unplaced| cost_effect::Point {
        name: name.to_owned(),
        investment,
        relieved,
        unplaced,
    };
    let mut input = plans::cost_effect(Lang::En);
    input.points = vec![
        point("Cap", 0.0, 90_000.0, 12.0),
        point("Small", 2e8, 50_000.0, 0.0),
        point("Large", 6e8, 60_000.0, -5.0),
        point("Poor", 6e8, 40_000.0, 0.0),
        point("Worse", 1e8, -1.0, 0.0),
    ];
    // 2e8 yuan / 50,000 = 4,000 yuan; 6e8 / 60,000 = 10,000.
    assert_eq!(
        cost_effect::draw(&input, Lang::En).title,
        "Not outdone: \"Small\", \"Large\"; \"Small\" is cheapest, at 4,000 yuan per pupil-year; \
         1 leaves more pupils without a place"
    );
    input.points.truncate(1);
    assert_eq!(
        cost_effect::draw(&input, Lang::Zh).title,
        "不减少就学机会的方案都没有减少大班额；1个方案让更多学生无学位"
    );
}
