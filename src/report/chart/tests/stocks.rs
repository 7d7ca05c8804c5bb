//! The charts of classes, people, money and dates.

use super::super::{Definition, Lang, Stage, bands, samples::stocks};
use super::{check, check_values};

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
                let part = |shares: &Vec<f64>| shares.iter().map(|s| s * 6.0 / count as f64).collect();
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
        input.definition = Definition { oversized_from: 0, super_oversized_from: 0, cleared_at: f64::NAN };
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
        panel(Stage::Primary, [0.05, 0.02, 0.004]),
        panel(Stage::Senior, [0.3, 0.25, 0.2]),
        panel(Stage::Junior, [0.01, 0.01, 0.0]),
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
