//! Inputs for the charts of classes, people, money and dates: invented ones.

use super::super::{Lang, bands};
use super::{Changeable, caption, definition, through, years};

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
