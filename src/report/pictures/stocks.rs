//! Charts of what a run counts: classes by size, districts on a map, children by age.

use crate::axes::{Sex, Stage};
use crate::city::City;
use crate::indicators::Stocks;
use crate::numeric::sum;
use crate::schools::classes::BAND_TOPS;

use super::super::chart::map::{self, Layout, Regions};
use super::super::chart::{bands as band_chart, pyramid as pyramid_chart};
use super::{
    Drawn, Look, Named, caption, definition, is_ever_oversized, named, pick, plan, share, years,
};

/// Of the bands of the statistics, those of small classes are drawn as one.
const SMALL_BANDS: usize = 3;

/// Classes by size.
pub(super) fn bands(drawn: &Drawn, look: &Look) -> Named {
    let of_year = |stocks: &Stocks| -> Vec<f64> {
        let small = sum(stocks.bands[..SMALL_BANDS].iter().copied());
        let all = [small].into_iter().chain(stocks.bands[SMALL_BANDS..].iter().copied());
        all.map(|classes| share(classes, stocks)).collect()
    };
    let panel = |stage: Stage| {
        let by_year: Vec<Vec<f64>> =
            drawn.table.city_years(Some(stage)).iter().map(of_year).collect();
        let n_bands = by_year.first().map_or(0, Vec::len);
        let shares = (0..n_bands).map(|b| by_year.iter().map(|year| year[b]).collect()).collect();
        band_chart::Panel { stage, shares }
    };
    let input = band_chart::Input {
        caption: caption(drawn.scenario, true, look),
        years: years(&drawn.scenario.city),
        definition: definition(drawn.scenario),
        limits: BAND_TOPS[SMALL_BANDS - 1..].iter().map(|&top| top as u32).collect(),
        plan: plan(drawn.scenario, look.lang),
        panels: drawn.scenario.city.stages.shown().into_iter().map(panel).collect(),
    };
    named("bands", band_chart::draw(&input, look.lang))
}

/// Years worth a panel of their own: the first, the end of the plan, halfway from there, the last.
fn chosen_years(drawn: &Drawn) -> Vec<i32> {
    let city = &*drawn.scenario.city;
    let (first, last) = (city.base_year, city.horizon);
    let planned = drawn.scenario.plan_period.map_or(first + (last - first) / 3, |(_, end)| end);
    let planned = planned.clamp(first, last);
    let mut years = vec![first, planned, planned + (last - planned) / 2, last];
    years.dedup();
    years
}

/// Children by sex and age in a few years.
pub(super) fn pyramid(drawn: &Drawn, look: &Look) -> Named {
    let city = &*drawn.scenario.city;
    let panel = |year: i32| {
        let people = &drawn.run.outlook.population.people[(year - city.base_year) as usize];
        let of_age = |sex: Sex, age: usize| {
            sum((0..city.areas.len()).map(|area| people[City::people_start(area, sex) + age]))
        };
        let by_age = |sex: Sex| (0..=city.stages.last_age()).map(|age| of_age(sex, age)).collect();
        pyramid_chart::Panel { year, male: by_age(Sex::Male), female: by_age(Sex::Female) }
    };
    let input = pyramid_chart::Input {
        caption: caption(drawn.scenario, true, look),
        panels: chosen_years(drawn).into_iter().map(panel).collect(),
        stages: city.stages,
    };
    named("pyramid", pyramid_chart::draw(&input, look.lang))
}

/// Oversized classes by district, one map a stage that has any.
pub(super) fn maps(drawn: &Drawn, outlines: Option<&Regions>, look: &Look) -> Vec<Named> {
    let has_any = |stage: &Stage| is_ever_oversized(drawn.scenario, drawn.table, *stage);
    let stages = drawn.scenario.city.stages.shown().into_iter().filter(has_any);
    stages.map(|stage| map_of(drawn, stage, outlines, look)).collect()
}

fn map_of(drawn: &Drawn, stage: Stage, outlines: Option<&Regions>, look: &Look) -> Named {
    let city = &*drawn.scenario.city;
    let years = chosen_years(drawn);
    let district = |idx: usize| {
        let areas: Vec<usize> =
            (0..city.areas.len()).filter(|&a| city.areas[a].district == idx).collect();
        let in_year = |&year: &i32| {
            let stocks = drawn.table.sum((year - city.base_year) as usize, &areas, stage);
            share(stocks.oversized, &stocks)
        };
        map::District {
            name: pick(&city.districts[idx].name, look.lang),
            share: years.iter().map(in_year).collect(),
        }
    };
    let layout = match outlines {
        Some(regions) => Layout::Regions(regions.clone()),
        None => Layout::Tiles(city.districts.iter().map(|district| district.tile).collect()),
    };
    let input = map::Input {
        caption: caption(drawn.scenario, true, look),
        definition: definition(drawn.scenario),
        stage,
        districts: (0..city.districts.len()).map(district).collect(),
        layout,
        years: years.clone(),
    };
    named(format!("map-{}", stage.key()), map::draw(&input, look.lang))
}
