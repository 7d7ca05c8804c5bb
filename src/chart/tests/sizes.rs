//! Every chart at every size, in both languages: what holds at one size holds at all.

use super::super::prim::{limits, trajectory};
use super::super::samples::{hindcasts, maps, plans, stocks, sweeps, timelines};
use super::super::size::Size;
use super::super::*;
use super::{check, samples};

/// A chart at a size, in a language.
type Sample = (&'static str, Box<dyn Fn(Lang, Size) -> Figure>);

/// Draws the sample of a chart at any size.
macro_rules! sample {
    ($name:literal, $input:expr, $chart:ident) => {{
        let draw = |lang, size| {
            let mut input = $input(lang);
            input.caption.size = size;
            $chart::draw(&input, lang)
        };
        ($name, Box::new(draw) as Box<dyn Fn(Lang, Size) -> Figure>)
    }};
}

fn all() -> Vec<Sample> {
    vec![
        sample!("oversized", samples::oversized, oversized),
        sample!("heatmap", samples::heatmap, heatmap),
        sample!("places", samples::places, places),
        sample!("entrants", samples::entrants, entrants),
        sample!("gaps", samples::gaps, gaps),
        sample!("map-tiles", maps::tiles, map),
        sample!("map-outlines", maps::outlines, map),
        sample!("bands", stocks::bands, bands),
        sample!("pyramid", stocks::pyramid, pyramid),
        sample!("investment", stocks::investment, investment),
        sample!("timeline", timelines::timeline, timeline),
        sample!("timeline-few", timelines::few, timeline),
        sample!("hindcast", hindcasts::hindcast, hindcast),
        sample!("scorecard", plans::scorecard, scorecard),
        sample!("multiples", plans::multiples, multiples),
        sample!("cost-effect", plans::cost_effect, cost_effect),
        sample!("cleared", sweeps::cleared, cleared),
        sample!("fan", sweeps::fan, fan),
        sample!("tornado", |lang| sweeps::tornado_of(9, lang), tornado),
        sample!("sobol", |lang| sweeps::sobol_of(9, lang), sobol),
        sample!("morris", |lang| sweeps::morris_of(9, lang), morris),
        sample!("convergence", |lang| sweeps::convergence_of(6, lang), convergence),
        sample!("trajectory", sweeps::trajectory, trajectory),
        sample!("limits", |lang| sweeps::limits_of(5, lang), limits),
    ]
}

fn holds(size: Size) {
    for (name, draw) in all() {
        check(&format!("size {size:?} {name}"), |lang| draw(lang, size));
    }
}

#[test]
fn charts_hold_in_a_column() {
    holds(Size::Column);
}

#[test]
fn charts_hold_on_a_page() {
    holds(Size::Page);
}

#[test]
fn charts_hold_on_a_slide() {
    holds(Size::Slide);
    for (name, draw) in all() {
        let figure = draw(Lang::Zh, Size::Slide);
        // 13⅓ by 7½ inches.
        let (wide, high) = figure.centimetres();
        assert!((wide - 33.8667).abs() < 1e-3 && (high - 19.05).abs() < 1e-3, "{name}");
    }
}

#[test]
fn charts_hold_at_widths_between() {
    for (wide, plot_percent) in [(0, 0), (560, 100), (640, 150), (u16::MAX, u8::MAX)] {
        holds(Size::Units { wide, plot_percent });
    }
}

#[test]
fn sizes_in_print_are_as_wide_as_they_say() {
    let wide = |size| {
        let mut input = samples::gaps(Lang::Zh);
        input.caption.size = size;
        gaps::draw(&input, Lang::Zh).centimetres().0
    };
    let sizes =
        [Size::Column, Size::Standard, Size::Page, Size::Units { wide: 600, plot_percent: 80 }];
    assert_eq!(sizes.map(wide), [8.0, 12.0, 16.0, 10.0]);
}
