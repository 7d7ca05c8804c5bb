//! The charts of sweeps over the years.

use super::super::samples::stages;
use super::super::samples::sweeps::{self, SCENARIOS};
use super::super::{Lang, cleared, fan};
use super::{check, check_values, long_name};

#[test]
fn cleared_holds() {
    check_values("cleared", sweeps::cleared, cleared::draw);
    for count in [0, 1, 2, 4, 8, 12] {
        check(&format!("cleared {count} scenarios"), |lang| {
            cleared::draw(&sweeps::cleared_of(count, lang), lang)
        });
    }
    for count in [1, 3, 8] {
        check(&format!("cleared {count} long names"), |lang| {
            let mut input = sweeps::cleared_of(count, lang);
            let names = input.scenarios.iter_mut().enumerate();
            names.for_each(|(i, name)| *name = long_name(i, lang));
            cleared::draw(&input, lang)
        });
    }
    for (case, share) in [("never", 0.0), ("always", 1.0), ("tied", 0.7)] {
        check(&format!("cleared {case}"), |lang| {
            let mut input = sweeps::cleared_of(5, lang);
            let lines = input.panels.iter_mut().flat_map(|panel| &mut panel.lines);
            lines.for_each(|line| line.fill(share));
            cleared::draw(&input, lang)
        });
    }
    for stages in [1, 2] {
        check(&format!("cleared {stages} stages"), |lang| {
            let mut input = sweeps::cleared_of(3, lang);
            input.panels.truncate(stages);
            cleared::draw(&input, lang)
        });
    }
    check("cleared all stages together", |lang| {
        let mut input = sweeps::cleared_of(8, lang);
        input.panels.truncate(1);
        input.panels[0].stage = None;
        cleared::draw(&input, lang)
    });
}

/// Two scenarios of one stage over four years.
fn small(lines: [[f64; 4]; 2], lang: Lang) -> cleared::Input {
    let mut input = sweeps::cleared_of(2, lang);
    input.years = vec![2026, 2027, 2028, 2031];
    let lines = lines.map(|line| line.to_vec()).to_vec();
    input.panels = vec![cleared::Panel { stage: Some(stages::primary()), lines }];
    input
}

#[test]
fn the_title_says_by_when_nine_of_ten_futures_are_clear() {
    let title = |lines, lang| cleared::draw(&small(lines, lang), lang).title;
    let (soon, late, never) = ([0.2, 0.5, 0.9, 1.0], [0.0, 0.1, 0.4, 0.93], [0.0, 0.0, 0.1, 0.3]);
    assert_eq!(
        title([soon, late], Lang::Zh),
        "到2028年九成未来小学大班额清零（按规划建设），“不建设”到2031年达九成"
    );
    assert_eq!(
        title([soon, late], Lang::En),
        "Primary oversized classes are gone in nine of ten futures by 2028 (Plan), under \"No building\" nine of ten by 2031"
    );
    assert_eq!(
        title([soon, never], Lang::Zh),
        "到2028年九成未来小学大班额清零（按规划建设），“不建设”到2031年只有30%"
    );
    assert_eq!(
        title([never, never], Lang::En),
        "Primary oversized classes are gone in only 30% of futures by 2031 (Plan); under \"No building\" in 30%"
    );
    assert_eq!(
        title([soon, soon], Lang::Zh),
        "到2028年九成未来小学大班额清零（按规划建设），与“不建设”同年"
    );
    assert_eq!(
        title([[0.0; 4], never], Lang::Zh),
        "到2031年没有一个未来小学大班额清零（按规划建设），“不建设”为30%"
    );
    let half = [0.1, 0.5, 0.6, 0.8];
    assert_eq!(
        title([half, never], Lang::Zh),
        "到2027年半数未来小学大班额清零，2031年为80%（按规划建设），“不建设”为30%"
    );
}

#[test]
fn the_numbers_at_the_line_ends_are_those_given() {
    let svg =
        cleared::draw(&small([[0.2, 0.5, 0.9, 0.999], [0.0, 0.0, 0.4, 0.6]], Lang::En), Lang::En)
            .svg;
    let has = |words: &str| svg.lines().any(|line| line.trim() == words);
    assert!(has("half 2027, 90% 2028") && has("&gt;99% in 2031"));
    assert!(has("half 2031, 90% never") && has("60% in 2031"));
    let many = cleared::draw(&sweeps::cleared_of(8, Lang::Zh), Lang::Zh).svg;
    for (name, _) in SCENARIOS {
        assert_eq!(many.lines().filter(|line| line.trim() == name).count(), 1, "{name} in the key");
    }
}

#[test]
fn fan_holds() {
    check_values("fan", sweeps::fan, fan::draw);
    for count in [0, 1, 3, 4, 8, 12] {
        check(&format!("fan {count} scenarios"), |lang| {
            fan::draw(&sweeps::fan_of(count, lang), lang)
        });
    }
    check("fan long names", |lang| {
        let mut input = sweeps::fan_of(8, lang);
        let panels = input.panels.iter_mut().enumerate();
        panels.for_each(|(i, panel)| panel.scenario = long_name(i, lang));
        input.stage = None;
        fan::draw(&input, lang)
    });
}

#[test]
fn the_fan_tells_when_median_and_upper_end_clear() {
    let mut input = sweeps::fan_of(2, Lang::Zh);
    input.years = vec![2028, 2029, 2030];
    for (panel, late) in input.panels.iter_mut().zip([0.0, 0.02]) {
        panel.median = vec![0.02 + late, 0.01, 0.005];
        panel.p95 = vec![0.05, 0.03, 0.01 + late];
    }
    assert_eq!(
        fan::draw(&input, Lang::Zh).title,
        "“按规划建设”下初中大班额占比中位数2029年、95%分位2030年清零；“不建设”2029年清零，2030年仍有3.0%"
    );
}
