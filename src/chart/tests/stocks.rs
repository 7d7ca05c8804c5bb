//! The charts of classes, people, money and dates.

use super::super::samples::{stages, stocks};
use super::super::{Definition, Lang, bands, investment, pyramid, stage_name};
use super::{check, check_values, long_name};

#[test]
fn bands_hold() {
    check_values("bands", stocks::bands, bands::draw);
    let limits: [&[u32]; 6] = [
        &[],
        &[55],
        &[25, 30, 35, 45, 55, 65],
        &[45, 55, 56, 57, 57, 40],
        &[55, u32::MAX],
        &[0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95],
    ];
    for limits in limits {
        check(&format!("bands {} limits {}", limits.len(), limits.last().unwrap_or(&0)), |lang| {
            let mut input = stocks::bands(lang);
            input.limits = limits.to_vec();
            for panel in &mut input.panels {
                let count = limits.len() + 1;
                let part =
                    |shares: &Vec<f64>| shares.iter().map(|s| s * 6.0 / count as f64).collect();
                panel.shares = panel.shares.iter().cycle().take(count).map(part).collect();
            }
            bands::draw(&input, lang)
        });
    }
    for count in [0, 1, 2, 5, 12] {
        check(&format!("bands {count} stages"), |lang| {
            let mut input = stocks::bands(lang);
            input.panels = input.panels.iter().cycle().take(count).cloned().collect();
            input.plan = input.plan.filter(|_| count > 1);
            bands::draw(&input, lang)
        });
    }
    check("bands without definition", |lang| {
        let mut input = stocks::bands(lang);
        input.definition =
            Definition { oversized_from: 0, super_oversized_from: 0, cleared_at: f64::NAN };
        bands::draw(&input, lang)
    });
}

#[test]
fn bands_tell_both_ends_and_the_year_of_clearing() {
    let mut input = stocks::bands(Lang::En);
    input.years = vec![2030, 2031, 2032];
    let panel = |stage, oversized: [f64; 3]| bands::Panel {
        stage,
        shares: vec![oversized.map(|share| 1.0 - share).to_vec(), oversized.to_vec()],
    };
    input.limits = vec![55];
    input.panels = vec![
        panel(stages::primary(), [0.05, 0.02, 0.004]),
        panel(stages::senior(), [0.3, 0.25, 0.2]),
        panel(stages::junior(), [0.01, 0.01, 0.0]),
    ];
    assert_eq!(
        bands::draw(&input, Lang::En).title,
        "Senior oversized classes fall from 30.0% in 2030 to 20.0% in 2032; primary from 5.0% to 0.4%, cleared in 2032"
    );
    assert_eq!(
        bands::draw(&input, Lang::Zh).title,
        "普通高中大班额占比由2030年30.0%降至2032年20.0%；小学5.0%→0.4%，2032年清零"
    );
    // No band begins at 56: the share of oversized classes is not known.
    input.limits = vec![50];
    assert_eq!(bands::draw(&input, Lang::Zh).title, "各班额段班级比例");
}

/// Checks the pyramids with a change made to every panel.
fn check_panels(case: &str, change: &dyn Fn(usize, &mut pyramid::Panel)) {
    check(&format!("pyramid {case}"), |lang| {
        let mut input = stocks::pyramid(lang);
        input.panels.iter_mut().enumerate().for_each(|(i, panel)| change(i, panel));
        pyramid::draw(&input, lang)
    });
}

#[test]
fn pyramids_hold() {
    check_panels("ordinary", &|_, _| {});
    let with = |case: &str, change: &dyn Fn(&mut Vec<f64>)| {
        check_panels(case, &|_, panel| {
            change(&mut panel.male);
            change(&mut panel.female);
        });
    };
    with("zero", &|v| v.fill(0.0));
    with("missing", &|v| v.fill(f64::NAN));
    with("endless", &|v| v.fill(f64::INFINITY));
    with("huge", &|v| v.iter_mut().for_each(|x| *x *= 1e9));
    with("largest", &|v| v.fill(f64::MAX));
    with("tiny", &|v| v.iter_mut().for_each(|x| *x *= 1e-6));
    with("negative", &|v| v.iter_mut().for_each(|x| *x = -*x));
    with("short", &|v| v.truncate(3));
    with("none", &|v| v.clear());
    with("long", &|v| v.extend([1e9; 90]));
    with("holes", &|v| v.iter_mut().step_by(4).for_each(|x| *x = f64::NAN));
    check_panels("same year", &|_, panel| panel.year = 2030);
    check_panels("odd years", &|i, panel| panel.year = if i == 0 { i32::MIN } else { i32::MAX });
    for count in [0, 1, 2, 3, 5, 300] {
        check(&format!("pyramid {count} years"), |lang| {
            let mut input = stocks::pyramid(lang);
            let panels = input.panels.clone();
            input.panels = panels.into_iter().cycle().take(count).collect();
            input.panels.iter_mut().zip(2020..).for_each(|(panel, year)| panel.year = year);
            pyramid::draw(&input, lang)
        });
    }
}

#[test]
fn pyramids_tell_the_change_and_the_largest_age() {
    let mut input = stocks::pyramid(Lang::En);
    let panel = |year: i32, largest: usize, others: f64| {
        let mut people = vec![others; 18];
        people[largest] = 3_000.0;
        pyramid::Panel { year, male: people.clone(), female: people }
    };
    // Primary has six ages: 2 × (5 × 2,000 + 3,000) = 26,000; then 2 × 6 × 1,000 = 12,000.
    // Kindergarten has three: 12,000, then 6,000. Those of 6 in 2020 were born from September 2013 to August 2014.
    input.panels = vec![panel(2020, 6, 2_000.0), panel(2027, 13, 1_000.0)];
    assert_eq!(
        pyramid::draw(&input, Lang::En).title,
        "14,000 fewer of primary age in 2027 than in 2020 (−54%); those born 2013/14 are most (6 in 2020, 13 in 2027)"
    );
    assert_eq!(
        pyramid::draw(&input, Lang::Zh).title,
        "小学学龄儿童2027年比2020年少1.4万人（−54%）；2013/14年出生的一代最多（2020年6岁、2027年13岁）；幼儿园少6,000"
    );
}

#[test]
fn investment_holds() {
    check_values("investment", stocks::investment, investment::draw);
    for count in [0, 1, 8, 9, 300] {
        for long in [false, true] {
            check(&format!("investment {count} series {long}"), |lang| {
                let mut input = stocks::investment(lang);
                input.series = input.series.iter().cycle().take(count).cloned().collect();
                for (i, series) in input.series.iter_mut().enumerate() {
                    series.name = if long { long_name(i, lang) } else { format!("P{i}") };
                    series.yuan.iter_mut().for_each(|yuan| *yuan /= 1.0 + i as f64);
                }
                investment::draw(&input, lang)
            });
        }
    }
    check("investment by stage", |lang| {
        let mut input = stocks::investment(lang);
        let stages =
            [stages::primary(), stages::junior(), stages::senior(), stages::kindergarten()];
        for (series, stage) in input.series.iter_mut().zip(stages) {
            (series.name, series.stage) = (stage_name(stage, lang).to_owned(), Some(stage));
        }
        investment::draw(&input, lang)
    });
    check("investment one unknown", |lang| {
        let mut input = stocks::investment(lang);
        input.series[1].yuan.fill(f64::NAN);
        input.series[2].yuan.clear();
        investment::draw(&input, lang)
    });
}

#[test]
fn investment_tells_the_sum_and_the_peak() {
    let mut input = stocks::investment(Lang::Zh);
    // New 14.3, extensions 2.6, senior 5.5, kindergartens 0.79: 23.19. In 2024: 4.2 + 0.6 + 2.2 = 7.0;
    // in 2023: 4.4 + 0.9 + 1.6 + 0.25 = 7.15, of 23.19 that is 30.8 %.
    assert_eq!(
        investment::draw(&input, Lang::Zh).title,
        "2022—2027年投资共23.19亿元，2023年最多，为7.15亿元（30.8%）"
    );
    assert_eq!(
        investment::draw(&stocks::investment(Lang::En), Lang::En).title,
        "Investment of 2.32 bn yuan from 2022 to 2027, the largest part in 2023: 715.0 million yuan (30.8%)"
    );
    input.series.iter_mut().for_each(|series| series.yuan.fill(f64::NAN));
    let figure = investment::draw(&input, Lang::Zh);
    assert_eq!(figure.title, "投资未知");
    assert!(figure.svg.contains("没有造价数据"));
    input.series.iter_mut().for_each(|series| series.yuan.fill(0.0));
    assert_eq!(investment::draw(&input, Lang::En).title, "No year has any investment");
}
