//! Inputs for the charts of classes, people, money and dates: invented ones.

use super::super::{Lang, bands, investment, pyramid};
use super::{Changeable, caption, definition, stages, through, years};

/// Three stages; the bands of a class size, the oversized ones shrinking.
pub(in super::super) fn bands(lang: Lang) -> bands::Input {
    let lines = super::oversized(lang);
    let panel = |panel: super::oversized::Panel| {
        let oversized = &panel.lines[0].oversized;
        let medium = through(&[(2020, 0.45), (2040, 0.12)]);
        let share = |part: f64, of: &[f64]| of.iter().map(|share| share * part).collect::<Vec<_>>();
        let rest = oversized.iter().zip(&medium).map(|(over, medium)| 1.0 - over - medium);
        let rest: Vec<f64> = rest.collect();
        let shares = vec![
            share(0.35, &rest),
            share(0.65, &rest),
            share(1.0, &medium),
            share(0.5, oversized),
            share(0.3, oversized),
            share(0.2, oversized),
        ];
        bands::Panel { stage: panel.stage, shares }
    };
    bands::Input {
        caption: caption(lang),
        years: years(),
        definition: definition(),
        limits: vec![45, 50, 55, 60, 65],
        plan: lines.plan,
        panels: lines.panels.into_iter().map(panel).collect(),
    }
}

impl Changeable for bands::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        self.panels.iter_mut().flat_map(|panel| &mut panel.shares).collect()
    }
}

/// Four years; a wave of births that moves through the ages.
pub(in super::super) fn pyramid(lang: Lang) -> pyramid::Input {
    let born = |year: i32| {
        let from_peak = f64::from(year - 2012) / 7.0;
        16_000.0 + 9_800.0 / (1.0 + from_peak * from_peak) + f64::from(year % 3) * 300.0
    };
    let panel = |year: i32| {
        let people = |part: f64| (0..18).map(|age| born(year - age - 1) * part).collect();
        pyramid::Panel { year, male: people(1.06), female: people(0.94) }
    };
    let panels = [2020, 2025, 2030, 2035].map(panel).to_vec();
    pyramid::Input { caption: caption(lang), panels, stages: stages::all() }
}

/// Programmes of a plan, by year of construction.
pub(in super::super) fn investment(lang: Lang) -> investment::Input {
    let series = |zh: &str, en: &str, booked: &[(i32, f64)]| {
        let sum =
            |year: &i32| booked.iter().filter(|(booked, _)| booked == year).map(|b| b.1).sum();
        let yuan = years().iter().map(sum).collect();
        investment::Series { name: lang.pick(zh, en).to_owned(), stage: None, yuan }
    };
    investment::Input {
        caption: caption(lang),
        years: years(),
        series: vec![
            series(
                "新建中小学幼儿园",
                "New schools",
                &[(2022, 3.1e8), (2023, 4.4e8), (2024, 4.2e8), (2025, 2.6e8)],
            ),
            series("改扩建", "Extensions", &[(2022, 1.1e8), (2023, 0.9e8), (2024, 0.6e8)]),
            series(
                "普通高中",
                "Senior schools",
                &[(2023, 1.6e8), (2024, 2.2e8), (2026, 1.2e8), (2027, 0.5e8)],
            ),
            series("幼儿园", "Kindergartens", &[(2022, 0.3e8), (2023, 0.25e8), (2025, 0.24e8)]),
        ],
        plan: super::oversized(lang).plan,
    }
}

impl Changeable for investment::Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        self.series.iter_mut().map(|series| &mut series.yuan).collect()
    }
}
