//! The tables of one run, in a stated and stable order of rows.

mod long;

use crate::axes::Stage;
use crate::event::{Event, EventKind};
use crate::indicators::{Stocks, Table};
use crate::model::Run;
use crate::scenario::Scenario;
use crate::scorecard::Score;
use crate::units::Year;

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

/// Kind of the rows of `events.csv` that stand for a year of construction alone.
pub const CONSTRUCTION: &str = "construction";
/// Kind of a row for rooms that the city adds of itself.
pub const ADDED: &str = "add";

/// A row of `events.csv`.
struct EventRow<'a> {
    year: Year,
    site: usize,
    area: usize,
    stage: Stage,
    kind: &'static str,
    rooms: i32,
    investment: f64,
    programme: &'a str,
}

/// `events.csv`: by year first the events that take effect in the order in which they do, then closures by standing rules and rooms that the city
/// adds of itself, then what is under construction in the order of the events. Investment is what is booked in the year of the row, so that its sums by year
/// are the indicator `investment`.
pub fn events(scenario: &Scenario, run: &Run, style: Style) -> Vec<u8> {
    let columns =
        ["year", "site", "district", "zone", "stage", "kind", "rooms", "investment", "programme"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    let city = &*scenario.city;
    let mut rows = event_rows(scenario, run);
    rows.sort_by_key(|row| row.year);
    for row in rows {
        let area = city.areas[row.area];
        writer.row(&[
            Cell::Whole(i64::from(row.year)),
            Cell::Text(&run.sites[row.site].key),
            Cell::Text(&city.districts[area.district].key),
            Cell::Text(area.zone.key()),
            Cell::Text(row.stage.key()),
            Cell::Text(row.kind),
            Cell::Whole(i64::from(row.rooms)),
            Cell::Number(row.investment),
            Cell::Text(row.programme),
        ]);
    }
    writer.finish()
}

/// Events that happen, closures by standing rules, rooms that the city adds of itself, and the other years of the run in which an event is booked.
fn event_rows<'a>(scenario: &'a Scenario, run: &Run) -> Vec<EventRow<'a>> {
    let booked = |event: &Event, year| {
        scenario.city.years().contains(&year) && event.booked_years().contains(&year)
    };
    let row = |event: &Event, year: Year, kind: &'static str, rooms: i32| EventRow {
        year,
        site: event.site,
        area: event.area,
        stage: event.stage,
        kind,
        rooms,
        investment: if booked(event, year) { event.booked_yuan() } else { 0.0 },
        programme: event.programme.map_or("", |idx| scenario.programmes[idx].key.as_str()),
    };
    let happened = |idx: &usize| !run.schools.ignored.contains(idx);
    let events = || (0..run.events.len()).filter(happened).map(|idx| &run.events[idx]);
    let effects = events().map(|event| row(event, event.year, event.kind.key(), event.rooms_net));
    let closures = run.schools.closures.iter().map(|closure| {
        let school = &run.schools.register[closure.row];
        EventRow {
            year: closure.year,
            site: school.site,
            area: school.area,
            stage: school.stage,
            kind: EventKind::Close.key(),
            rooms: -closure.rooms,
            investment: 0.0,
            programme: &scenario.rules.closing[closure.rule].key,
        }
    });
    let added = run.schools.added.iter().map(|added| EventRow {
        year: added.year,
        site: run.schools.register[added.row].site,
        area: added.area,
        stage: added.stage,
        kind: ADDED,
        rooms: added.rooms,
        investment: 0.0,
        programme: "rules.additions",
    });
    let construction = events().filter(|event| event.investment_yuan != 0.0).flat_map(|event| {
        let years = event.booked_years().filter(|year| *year != event.year && booked(event, *year));
        years.map(|year| row(event, year, CONSTRUCTION, 0))
    });
    effects.chain(closures).chain(added).chain(construction).collect()
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
    let stages: Vec<Stage> = city.stages.iter().filter(has_schools).collect();
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
