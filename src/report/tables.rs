//! The tables of one run, in a stated and stable order of rows.

use crate::axes::{MAX_GRADES, N_AGES, Sex, Stage, Zone};
use crate::city::City;
use crate::indicators::{self, INDICATORS, PLACE_INDICATORS, Stocks, Table};
use crate::model::Run;
use crate::scenario::Scenario;
use crate::schools::classes::{classes_from, spread};
use crate::scorecard::Score;

use super::chart::Lang;
use super::rows::{Cell, Format, TableWriter};

/// How tables are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// CSV or JSON.
    pub format: Format,
    /// Byte order mark before a CSV.
    pub with_bom: bool,
}

/// A place in the long tables: a district or all, a zone or all, and the areas that it covers.
pub struct Place<'a> {
    /// District key or `all`.
    pub district: &'a str,
    /// Zone key or `all`.
    pub zone: &'a str,
    /// Areas.
    pub areas: Vec<usize>,
}

/// All places in order: the city, its zones, then every district and its zones.
pub fn places(city: &City) -> Vec<Place<'_>> {
    let all: Vec<usize> = (0..city.areas.len()).collect();
    let mut places = vec![Place { district: "all", zone: "all", areas: all.clone() }];
    for zone in Zone::ALL {
        let areas: Vec<usize> =
            all.iter().copied().filter(|&a| city.areas[a].zone == zone).collect();
        if !areas.is_empty() {
            places.push(Place { district: "all", zone: zone.key(), areas });
        }
    }
    let mut of_district = vec![Vec::new(); city.districts.len()];
    all.iter().for_each(|&a| of_district[city.areas[a].district].push(a));
    for (district, areas) in city.districts.iter().zip(of_district) {
        places.push(Place { district: &district.key, zone: "all", areas: areas.clone() });
        for area in areas {
            let zone = city.areas[area].zone.key();
            places.push(Place { district: &district.key, zone, areas: vec![area] });
        }
    }
    places
}

/// Columns of `indicators.csv`.
pub const INDICATOR_COLUMNS: [&str; 7] =
    ["year", "district", "zone", "stage", "indicator", "value", "unit"];

/// `indicators.csv`, a row for every year, place, stage and indicator; one that is not defined has no row.
pub fn indicators(scenario: &Scenario, run: &Run, table: &Table, writer: &mut TableWriter) {
    let city = &*scenario.city;
    let places = places(city);
    for (year_idx, year) in city.years().enumerate() {
        for place in &places {
            let mut put = |stage: &str, key: &str, value: f64, unit: &str| {
                writer.row(&[
                    Cell::Whole(i64::from(year)),
                    Cell::Key(place.district),
                    Cell::Key(place.zone),
                    Cell::Key(stage),
                    Cell::Key(key),
                    Cell::Number(value),
                    Cell::Key(unit),
                ]);
            };
            for stage in Stage::ALL {
                put_stocks(&table.sum(year_idx, &place.areas, stage), stage.key(), &mut put);
            }
            let all = table.sum_stages(year_idx, &place.areas);
            put_stocks(&all, "all", &mut put);
            put("all", PLACE_INDICATORS[0].0, all.births, PLACE_INDICATORS[0].2);
            if place.district == "all" && place.zone == "all" {
                let retention = run.outlook.demand.retention_nine_year[year_idx];
                put("all", PLACE_INDICATORS[1].0, retention, PLACE_INDICATORS[1].2);
            }
        }
    }
}

fn put_stocks(stocks: &Stocks, stage: &str, put: &mut impl FnMut(&str, &str, f64, &str)) {
    for indicator in INDICATORS {
        if stage == "all" && indicator.key == "gross_enrolment_rate" {
            continue;
        }
        if let Some(value) = (indicator.value)(stocks) {
            put(stage, indicator.key, value, indicator.unit);
        }
    }
}

/// Columns of `population.csv`.
pub const POPULATION_COLUMNS: [&str; 6] = ["year", "district", "zone", "sex", "age", "population"];

/// `population.csv`: residents in households.
pub fn population(scenario: &Scenario, run: &Run, writer: &mut TableWriter) {
    let city = &*scenario.city;
    for (year_idx, year) in city.years().enumerate() {
        let people = &run.outlook.population.people[year_idx];
        for (area_idx, area) in city.areas.iter().enumerate() {
            for sex in Sex::ALL {
                let start = City::people_start(area_idx, sex);
                for age in 0..N_AGES {
                    writer.row(&[
                        Cell::Whole(i64::from(year)),
                        Cell::Key(&city.districts[area.district].key),
                        Cell::Key(area.zone.key()),
                        Cell::Key(sex.key()),
                        Cell::Whole(age as i64),
                        Cell::Number(people[start + age]),
                    ]);
                }
            }
        }
    }
}

/// Columns of `schools.csv`.
pub const SCHOOL_COLUMNS: [&str; 10] = [
    "year",
    "site",
    "name",
    "origin",
    "stage",
    "rooms",
    "classes",
    "pupils",
    "oversized_classes",
    "super_oversized_classes",
];

/// `schools.csv`: every open school in every year.
pub fn schools(scenario: &Scenario, run: &Run, writer: &mut TableWriter) {
    let sigma = scenario.rules.class_spread;
    let (history, register) = (&run.schools.history, &run.schools.register);
    for (year_idx, year) in scenario.city.years().enumerate() {
        let thresholds = scenario.thresholds.at(year);
        let whole = sigma <= 0.0;
        let rounded =
            if whole { indicators::whole_pupils(scenario, run, year_idx) } else { Vec::new() };
        for row in 0..history.n_schools[year_idx] {
            let stage = register.stage[row];
            let school = history.school(year_idx, row);
            if !school.is_open {
                continue;
            }
            let (mut pupils, mut classes, mut large, mut huge) = (0.0, 0, 0.0, 0.0);
            for (g, grade) in stage.grades().enumerate() {
                let (n, c) = (school.pupils[g], school.classes[g]);
                pupils += n;
                classes += c;
                if c > 0 {
                    let width = spread(c, n / f64::from(c), school.limits[g], sigma);
                    let n = if whole { rounded[row * MAX_GRADES + g] } else { n };
                    large += classes_from(n, c, width, thresholds.oversized[grade], whole);
                    huge += classes_from(n, c, width, thresholds.super_oversized[grade], whole);
                }
            }
            let site = &run.sites[register.site[row]];
            writer.row(&[
                Cell::Whole(i64::from(year)),
                Cell::Text(&site.key),
                Cell::Text(&site.name),
                Cell::Text(&site.origin),
                Cell::Key(stage.key()),
                Cell::Whole(i64::from(school.rooms)),
                Cell::Whole(i64::from(classes)),
                Cell::Number(pupils),
                Cell::Number(large),
                Cell::Number(huge),
            ]);
        }
    }
}

/// `events.csv`: every event that happens, programmes first in their order of time, then closures by standing rules.
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
        let area = city.areas[register.area[closure.row]];
        writer.row(&[
            Cell::Whole(i64::from(closure.year)),
            Cell::Text(&run.sites[register.site[closure.row]].key),
            Cell::Text(&city.districts[area.district].key),
            Cell::Text(area.zone.key()),
            Cell::Text(register.stage[closure.row].key()),
            Cell::Text("close"),
            Cell::Whole(-i64::from(closure.rooms)),
            Cell::Number(0.0),
            Cell::Text(&scenario.rules.closing[closure.rule].key),
        ]);
    }
    writer.finish()
}

/// An area and stage that is short of seats: its years, seats short and utilisation in each.
struct Shortage {
    total: f64,
    area: usize,
    stage: Stage,
    years: Vec<(i32, f64, f64)>,
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
    for area in 0..city.areas.len() {
        for stage in Stage::ALL {
            let years: Vec<(i32, f64, f64)> = city
                .years()
                .enumerate()
                .map(|(year_idx, year)| (year, table.cell(year_idx, area, stage)))
                .filter(|(_, cell)| cell.seat_gap >= 0.5)
                .map(|(year, cell)| (year, cell.seat_gap, cell.pupils / cell.seats.max(1e-9)))
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
            Cell::Number(peak.2),
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
