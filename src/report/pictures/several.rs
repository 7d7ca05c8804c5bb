//! Charts of several runs side by side.

use crate::axes::Stage;

use crate::indicators::{Stocks, Table};
use crate::numeric::sum;
use crate::scenario::Scenario;

use super::super::chart::{Lang, cost_effect, multiples};
use super::super::compare::Comparison;
use super::{
    Drawn, Look, MOST_LINES, Named, caption, definition, named, oversized_chart, pick, plan, share,
    title, titles, years,
};

/// Scenarios that a chart of points can hold.
const MOST_POINTS: usize = 12;

/// The shares of several scenarios as lines of one chart. The one compared with is one of the frame of the first that builds nothing.
pub(super) fn lines(all: &[Drawn], look: &Look) -> Named {
    let all = &all[..all.len().min(MOST_LINES)];
    let names = titles(all.iter().map(|drawn| drawn.scenario), look.lang);
    let lines: Vec<_> = names.into_iter().zip(all.iter().map(|drawn| drawn.table)).collect();
    let is_twin = |other: &Scenario| {
        other.programmes.is_empty() && other.rules.act() == all[0].scenario.rules.act()
    };
    let baseline = all.iter().position(|d| is_twin(d.scenario)).filter(|&idx| idx != 0);
    oversized_chart(all[0].scenario, &lines, baseline, look)
}

/// The share of oversized classes of one stage: a small panel a district, one line a scenario.
pub(super) fn districts(all: &[Drawn], stage: Stage, look: &Look) -> Named {
    let all = &all[..all.len().min(MOST_LINES)];
    let scenario = all[0].scenario;
    let city = &*scenario.city;
    let of_areas = |areas: &[usize]| -> Vec<Vec<f64>> {
        let by_year = |drawn: &Drawn| -> Vec<f64> {
            (0..city.n_years())
                .map(|year_idx| {
                    let stocks = drawn.table.sum(year_idx, areas, stage);
                    share(stocks.oversized, &stocks)
                })
                .collect()
        };
        all.iter().map(by_year).collect()
    };
    let areas_of = |district: usize| -> Vec<usize> {
        (0..city.areas.len()).filter(|&a| city.areas[a].district == district).collect()
    };
    let panels = city
        .districts
        .iter()
        .enumerate()
        .map(|(idx, district)| multiples::Panel {
            district: pick(&district.name, look.lang),
            lines: of_areas(&areas_of(idx)),
        })
        .collect();
    let everywhere: Vec<usize> = (0..city.areas.len()).collect();
    let input = multiples::Input {
        caption: caption(scenario, false, look),
        years: years(city),
        stage,
        measure: multiples::Measure::Oversized(definition(scenario)),
        scenarios: titles(all.iter().map(|drawn| drawn.scenario), look.lang),
        plan: plan(scenario, look.lang),
        panels,
        total: Some(of_areas(&everywhere)),
    };
    named(format!("districts-{}", stage.key()), multiples::draw(&input, look.lang))
}

/// What each scenario costs and relieves, one point a scenario; those with the people of the first only.
pub(super) fn cost_and_effect(all: &[Drawn], comparison: &Comparison, look: &Look) -> Named {
    let points = all
        .iter()
        .enumerate()
        .filter(|(idx, _)| comparison.groups[*idx] == 0)
        .take(MOST_POINTS)
        .map(|(_, drawn)| point(drawn, look.lang))
        .collect();
    let scenario = all[0].scenario;
    let input = cost_effect::Input {
        caption: caption(scenario, false, look),
        years: years(&scenario.city),
        stage: None,
        oversized_from: definition(scenario).oversized_from,
        points,
    };
    named("cost-effect", cost_effect::draw(&input, look.lang))
}

fn point(drawn: &Drawn, lang: Lang) -> cost_effect::Point {
    let stocks = |table: &Table| table.city_years(None);
    let (own, without) = (stocks(drawn.table), stocks(drawn.no_build));
    let after_base =
        |years: &[Stocks], value: fn(&Stocks) -> f64| sum(years[1..].iter().map(value));
    let fewer = |value| after_base(&without, value) - after_base(&own, value);
    cost_effect::Point {
        name: title(drawn.scenario, lang),
        investment: sum(own.iter().map(|s| s.investment_yuan)),
        relieved: fewer(|s| s.pupils_in_oversized),
        unplaced: -fewer(|s| s.unplaced),
    }
}
