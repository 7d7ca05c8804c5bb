//! The tables of one run, in a stated and stable order of rows.

mod long;

use crate::axes::Stage;
use crate::indicators::{Stocks, Table};
use crate::model::Run;
use crate::scenario::Scenario;
use crate::scorecard::Score;

pub use long::{
    INDICATOR_COLUMNS, POPULATION_COLUMNS, SCHOOL_COLUMNS, indicators, population, schools,
};

use super::chart::Lang;
use super::rows::{Cell, Format, TableWriter};

/// How tables are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// CSV, JSON or Parquet.
    pub format: Format,
    /// Byte order mark before a CSV.
    pub with_bom: bool,
}

/// `events.csv`: every event that happens, programmes first in their order of time, then closures by standing rules. Its investment
/// is that of all years of construction together.
pub fn events(scenario: &Scenario, run: &Run, style: Style) -> Vec<u8> {
    let columns =
        ["year", "site", "district", "zone", "stage", "kind", "rooms", "investment", "programme"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let city = &*scenario.city;
    let happened = |idx: &usize| !run.schools.ignored.contains(idx);
    for event in (0..run.events.len()).filter(happened).map(|idx| &run.events[idx]) {
        let area = city.areas[event.area];
        let programme = event.programme.map_or("", |idx| scenario.programmes[idx].key.as_str());
        writer.row(&[
            Cell::Whole(i64::from(event.year)),
            Cell::Text(&run.sites[event.site].key),
            Cell::Text(&city.districts[area.district].key),
            Cell::Text(area.zone.key()),
            Cell::Text(event.stage.key()),
            Cell::Text(event.kind.key()),
            Cell::Whole(i64::from(event.rooms_net)),
            Cell::Number(event.investment_yuan),
            Cell::Text(programme),
        ]);
    }
    for closure in &run.schools.closures {
        let register = &run.schools.register;
        let area = city.areas[register[closure.row].area];
        writer.row(&[
            Cell::Whole(i64::from(closure.year)),
            Cell::Text(&run.sites[register[closure.row].site].key),
            Cell::Text(&city.districts[area.district].key),
            Cell::Text(area.zone.key()),
            Cell::Text(register[closure.row].stage.key()),
            Cell::Text("close"),
            Cell::Whole(-i64::from(closure.rooms)),
            Cell::Number(0.0),
            Cell::Text(&scenario.rules.closing[closure.rule].key),
        ]);
    }
    writer.finish()
}

/// `bookings.csv`: what events cost by year of construction, in the order of the events; years of the run, so that the sums are
/// those of the indicator `investment`.
pub fn bookings(scenario: &Scenario, run: &Run, style: Style) -> Vec<u8> {
    let columns = ["year", "site", "district", "zone", "stage", "kind", "investment", "programme"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let city = &*scenario.city;
    let happened = |idx: &usize| !run.schools.ignored.contains(idx);
    let events = (0..run.events.len()).filter(happened).map(|idx| &run.events[idx]);
    for event in events.filter(|event| event.investment_yuan != 0.0) {
        let area = city.areas[event.area];
        let programme = event.programme.map_or("", |idx| scenario.programmes[idx].key.as_str());
        for year in event.booked_years().filter(|year| city.years().contains(year)) {
            writer.row(&[
                Cell::Whole(i64::from(year)),
                Cell::Text(&run.sites[event.site].key),
                Cell::Text(&city.districts[area.district].key),
                Cell::Text(area.zone.key()),
                Cell::Text(event.stage.key()),
                Cell::Text(event.kind.key()),
                Cell::Number(event.booked_yuan()),
                Cell::Text(programme),
            ]);
        }
    }
    writer.finish()
}

/// An area and stage that is short of seats: its years, seats short and utilisation in each.
struct Shortage {
    total: f64,
    area: usize,
    stage: Stage,
    /// Year, seats short, and pupils over seats where there are any.
    years: Vec<(i32, f64, Option<f64>)>,
}

/// Pupils over seats; an area without seats has none.
fn utilisation(cell: &Stocks) -> Option<f64> {
    (cell.seats > 0.0).then(|| cell.pupils / cell.seats)
}

/// `shortages.csv`: areas and stages whose pupils exceed their seats, worst first by seat-years short.
pub fn shortages(scenario: &Scenario, table: &Table, style: Style) -> Vec<u8> {
    let columns = [
        "rank",
        "district",
        "zone",
        "stage",
        "first_year",
        "last_year",
        "peak_year",
        "seats_short_at_peak",
        "utilisation_at_peak",
        "seat_years_short",
    ];
    let city = &*scenario.city;
    let mut found: Vec<Shortage> = Vec::new();
    // A stage that has no school in any year is not modelled.
    let areas: Vec<usize> = (0..city.areas.len()).collect();
    let has_schools = |stage: &Stage| {
        (0..city.n_years()).any(|year_idx| table.sum(year_idx, &areas, *stage).schools > 0.0)
    };
    let stages: Vec<Stage> = Stage::ALL.into_iter().filter(has_schools).collect();
    for area in 0..city.areas.len() {
        for &stage in &stages {
            let years: Vec<(i32, f64, Option<f64>)> = city
                .years()
                .enumerate()
                .map(|(year_idx, year)| (year, table.cell(year_idx, area, stage)))
                .filter(|(_, cell)| cell.seat_gap >= 0.5)
                .map(|(year, cell)| (year, cell.seat_gap, utilisation(cell)))
                .collect();
            if !years.is_empty() {
                let total = crate::numeric::sum(years.iter().map(|(_, gap, _)| *gap));
                found.push(Shortage { total, area, stage, years });
            }
        }
    }
    found.sort_by(|a, b| {
        b.total.total_cmp(&a.total).then((a.area, a.stage).cmp(&(b.area, b.stage)))
    });
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for (rank, Shortage { total, area, stage, years }) in found.iter().enumerate() {
        let peak = years.iter().fold(years[0], |best, y| if y.1 > best.1 { *y } else { best });
        let place = city.areas[*area];
        writer.row(&[
            Cell::Whole(rank as i64 + 1),
            Cell::Text(&city.districts[place.district].key),
            Cell::Text(place.zone.key()),
            Cell::Text(stage.key()),
            Cell::Whole(i64::from(years[0].0)),
            Cell::Whole(i64::from(years[years.len() - 1].0)),
            Cell::Whole(i64::from(peak.0)),
            Cell::Number(peak.1),
            peak.2.map_or(Cell::Empty, Cell::Number),
            Cell::Number(*total),
        ]);
    }
    writer.finish()
}

/// `scorecard.csv`: every target of every plan beside the run, in file order. Values are in the unit of the plan.
pub fn scorecard(scenario: &Scenario, scores: &[Score], style: Style, lang: Lang) -> Vec<u8> {
    let columns = [
        "plan",
        "target",
        "place",
        "year",
        "target_value",
        "run_value",
        "unit",
        "status",
        "reason",
    ];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let number = |value: Option<f64>| value.map_or(Cell::Empty, Cell::Number);
    for score in scores {
        let target = &scenario.targets[score.target];
        writer.row(&[
            Cell::Text(&target.plan),
            Cell::Text(&target.key),
            Cell::Text(&target.place),
            Cell::Whole(i64::from(target.year)),
            number(score.target_value),
            number(score.run_value),
            Cell::Text(target.bound.as_ref().map_or("", |bound| &bound.unit)),
            Cell::Text(score.status.key()),
            Cell::Text(match lang {
                Lang::Zh => &score.reason.zh,
                Lang::En => &score.reason.en,
            }),
        ]);
    }
    writer.finish()
}
