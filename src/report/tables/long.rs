//! The tables that grow with years and places or schools, in blocks of rows.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::axes::{MAX_GRADES, N_AGES, Sex, Stage, Zone};
use crate::city::City;
use crate::indicators::{INDICATORS, PLACE_INDICATORS, Stocks, Table, whole_pupils};
use crate::model::Run;
use crate::numeric::sum;
use crate::scenario::Scenario;

use super::super::blocks::{
    BLOCK_ROWS, Block, Codes, Column, Heading, Kind, LongTable, Texts, near_wholes,
};

/// Columns of `indicators.csv`.
pub const INDICATOR_COLUMNS: [Heading; 7] = [
    ("year", Kind::Whole),
    ("district", Kind::Text),
    ("zone", Kind::Text),
    ("stage", Kind::Text),
    ("indicator", Kind::Text),
    ("value", Kind::Number),
    ("unit", Kind::Text),
];

/// Code of `all` among districts and zones; the others follow in their order.
const ALL: u32 = 0;

fn district_texts(city: &City) -> Arc<Texts<'_>> {
    let keys = city.districts.iter().map(|district| district.key.as_str());
    Texts::new(std::iter::once("all").chain(keys).collect())
}

fn zone_texts() -> Arc<Texts<'static>> {
    Texts::new(std::iter::once("all").chain(Zone::ALL.map(Zone::key)).collect())
}

fn zone_code(zone: Zone) -> u32 {
    zone as u32 + 1
}

/// A place in the long tables: a district or all, a zone or all, and the areas that it covers.
struct Place {
    district: Option<usize>,
    zone: Option<Zone>,
    areas: Vec<usize>,
}

/// All places in order: the city, its zones, then every district and its zones.
fn places(city: &City) -> Vec<Place> {
    let all: Vec<usize> = (0..city.areas.len()).collect();
    let mut places = vec![Place { district: None, zone: None, areas: all.clone() }];
    for zone in Zone::ALL {
        let areas: Vec<usize> =
            all.iter().copied().filter(|&a| city.areas[a].zone == zone).collect();
        if !areas.is_empty() {
            places.push(Place { district: None, zone: Some(zone), areas });
        }
    }
    let mut of_district = vec![Vec::new(); city.districts.len()];
    all.iter().for_each(|&a| of_district[city.areas[a].district].push(a));
    for (district, areas) in of_district.into_iter().enumerate() {
        let district = Some(district);
        places.push(Place { district, zone: None, areas: areas.clone() });
        for area in areas {
            let zone = Some(city.areas[area].zone);
            places.push(Place { district, zone, areas: vec![area] });
        }
    }
    places
}

/// The words of `indicators.csv`.
struct IndicatorTexts<'a> {
    districts: Arc<Texts<'a>>,
    zones: Arc<Texts<'a>>,
    stages: Arc<Texts<'a>>,
    indicators: Arc<Texts<'a>>,
    units: Arc<Texts<'a>>,
    /// By indicator, those of places last.
    unit_of: Vec<u32>,
}

impl<'a> IndicatorTexts<'a> {
    fn new(city: &'a City) -> Self {
        let all_units = INDICATORS.iter().map(|i| i.unit).chain(PLACE_INDICATORS.map(|i| i.2));
        let mut units: Vec<&str> = Vec::new();
        let mut unit_of = Vec::new();
        for unit in all_units {
            let known = units.iter().position(|known| *known == unit);
            unit_of.push(known.unwrap_or(units.len()) as u32);
            if known.is_none() {
                units.push(unit);
            }
        }
        let keys = INDICATORS.iter().map(|i| i.key).chain(PLACE_INDICATORS.map(|i| i.0));
        IndicatorTexts {
            districts: district_texts(city),
            zones: zone_texts(),
            stages: Texts::new(city.stages.keys().chain(["all"]).collect()),
            indicators: Texts::new(keys.collect()),
            units: Texts::new(units),
            unit_of,
        }
    }
}

/// `indicators.csv`, a row for every year, place, stage and indicator; one that is not defined has no row.
pub fn indicators<'a>(scenario: &'a Scenario, run: &'a Run, table: &'a Table) -> LongTable<'a> {
    let city = &*scenario.city;
    let places = places(city);
    let texts = IndicatorTexts::new(city);
    let rows_a_place = (city.stages.len() + 1) * INDICATORS.len() + PLACE_INDICATORS.len();
    let places_a_block = (BLOCK_ROWS / rows_a_place).max(1);
    let blocks_a_year = places.len().div_ceil(places_a_block);
    let block = move |idx: usize| {
        let (year_idx, part) = (idx / blocks_a_year, idx % blocks_a_year);
        let from = part * places_a_block;
        let places = &places[from..(from + places_a_block).min(places.len())];
        let mut rows = IndicatorRows::of(places.len() * rows_a_place);
        for place in places {
            rows.put_place(city, run, table, (year_idx, place));
        }
        rows.block(i64::from(city.base_year) + year_idx as i64, &texts)
    };
    let n_blocks = blocks_a_year * city.n_years();
    LongTable { headings: &INDICATOR_COLUMNS, n_blocks, block: Box::new(block) }
}

/// Rows of `indicators.csv` in the making.
struct IndicatorRows {
    districts: Vec<(u32, u32)>,
    zones: Vec<(u32, u32)>,
    stages: Vec<(u32, u32)>,
    indicators: Vec<u32>,
    values: Vec<f64>,
}

impl IndicatorRows {
    fn of(n_rows: usize) -> Self {
        IndicatorRows {
            districts: Vec::new(),
            zones: Vec::new(),
            stages: Vec::new(),
            indicators: Vec::with_capacity(n_rows),
            values: Vec::with_capacity(n_rows),
        }
    }

    /// All rows of a place in a year.
    fn put_place(
        &mut self,
        city: &City,
        run: &Run,
        table: &Table,
        (year_idx, place): (usize, &Place),
    ) {
        let before = self.values.len();
        let parts: Vec<(Stage, Stocks)> =
            city.stages.map(|stage| (stage, table.sum(year_idx, &place.areas, stage)));
        for (stage, stocks) in &parts {
            self.put_stage(stocks, stage.idx(), false);
        }
        let (all, of_all) = (Table::sum_of_stages(parts.into_iter()), city.stages.len() as u32);
        self.put_stage(&all, city.stages.len(), true);
        self.put(INDICATORS.len(), all.births);
        Codes::push_run(&mut self.stages, of_all, 1);
        if place.district.is_none() && place.zone.is_none() {
            let retention = run.outlook.demand.retention_nine_year[year_idx];
            self.put(INDICATORS.len() + 1, retention);
            Codes::push_run(&mut self.stages, of_all, 1);
        }
        let n_rows = (self.values.len() - before) as u32;
        let district = place.district.map_or(ALL, |idx| idx as u32 + 1);
        Codes::push_run(&mut self.districts, district, n_rows);
        Codes::push_run(&mut self.zones, place.zone.map_or(ALL, zone_code), n_rows);
    }

    fn put(&mut self, indicator: usize, value: f64) {
        self.indicators.push(indicator as u32);
        self.values.push(value);
    }

    fn put_stage(&mut self, stocks: &Stocks, stage: usize, is_all: bool) {
        let before = self.values.len();
        for (idx, indicator) in INDICATORS.iter().enumerate() {
            if is_all && indicator.key == "gross_enrolment_rate" {
                continue;
            }
            if let Some(value) = (indicator.value)(stocks) {
                self.put(idx, value);
            }
        }
        let n_rows = self.values.len() - before;
        Codes::push_run(&mut self.stages, stage as u32, n_rows as u32);
    }

    fn block<'a>(self, year: i64, texts: &IndicatorTexts<'a>) -> Block<'a> {
        let n_rows = self.values.len();
        let units = self.indicators.iter().map(|&idx| texts.unit_of[idx as usize]).collect();
        Block {
            n_rows,
            columns: vec![
                Column::Wholes(vec![year], Codes::all(0, n_rows)),
                Column::Texts(texts.districts.clone(), Codes::Runs(self.districts)),
                Column::Texts(texts.zones.clone(), Codes::Runs(self.zones)),
                Column::Texts(texts.stages.clone(), Codes::Runs(self.stages)),
                Column::Texts(texts.indicators.clone(), Codes::Each(self.indicators)),
                Column::Numbers(Cow::Owned(self.values)),
                Column::Texts(texts.units.clone(), Codes::Each(units)),
            ],
        }
    }
}

/// Columns of `population.csv`.
pub const POPULATION_COLUMNS: [Heading; 6] = [
    ("year", Kind::Whole),
    ("district", Kind::Text),
    ("zone", Kind::Text),
    ("sex", Kind::Text),
    ("age", Kind::Whole),
    ("population", Kind::Number),
];

/// `population.csv`: residents in households.
pub fn population<'a>(scenario: &'a Scenario, run: &'a Run) -> LongTable<'a> {
    let city = &*scenario.city;
    let (districts, zones) = (district_texts(city), zone_texts());
    let sexes = Texts::new(Sex::ALL.map(Sex::key).to_vec());
    let areas_a_block = BLOCK_ROWS / (2 * N_AGES);
    let blocks_a_year = city.areas.len().div_ceil(areas_a_block);
    let block = move |idx: usize| {
        let (year_idx, part) = (idx / blocks_a_year, idx % blocks_a_year);
        let from = part * areas_a_block;
        let areas = from..(from + areas_a_block).min(city.areas.len());
        let n_rows = areas.len() * 2 * N_AGES;
        let cells = City::people_start(areas.start, Sex::Female)..;
        let people = &run.outlook.population.people[year_idx][cells][..n_rows];
        let (mut of_districts, mut of_zones, mut of_sexes) = (vec![], vec![], vec![]);
        for area in &city.areas[areas] {
            let n_rows = 2 * N_AGES as u32;
            Codes::push_run(&mut of_districts, area.district as u32 + 1, n_rows);
            Codes::push_run(&mut of_zones, zone_code(area.zone), n_rows);
            of_sexes.extend([(0, N_AGES as u32), (1, N_AGES as u32)]);
        }
        let ages = (0..N_AGES as u32).cycle().take(n_rows).collect();
        let year = i64::from(city.base_year) + year_idx as i64;
        Block {
            n_rows,
            columns: vec![
                Column::Wholes(vec![year], Codes::all(0, n_rows)),
                Column::Texts(districts.clone(), Codes::Runs(of_districts)),
                Column::Texts(zones.clone(), Codes::Runs(of_zones)),
                Column::Texts(sexes.clone(), Codes::Runs(of_sexes)),
                Column::Wholes((0..N_AGES as i64).collect(), Codes::Each(ages)),
                Column::Numbers(Cow::Borrowed(people)),
            ],
        }
    };
    let n_blocks = blocks_a_year * city.n_years();
    LongTable { headings: &POPULATION_COLUMNS, n_blocks, block: Box::new(block) }
}

/// Columns of `schools.csv`.
pub const SCHOOL_COLUMNS: [Heading; 10] = [
    ("year", Kind::Whole),
    ("site", Kind::Text),
    ("name", Kind::Text),
    ("origin", Kind::Text),
    ("stage", Kind::Text),
    ("rooms", Kind::Whole),
    ("classes", Kind::Whole),
    ("pupils", Kind::Number),
    ("oversized_classes", Kind::Number),
    ("super_oversized_classes", Kind::Number),
];

/// The words of a stretch of schools, the same in every year.
struct SchoolTexts<'a> {
    sites: Arc<Texts<'a>>,
    names: Arc<Texts<'a>>,
    origins: Arc<Texts<'a>>,
    /// Origin by row of the stretch.
    origin_of: Vec<u32>,
}

impl<'a> SchoolTexts<'a> {
    fn of(run: &'a Run, rows: Range<usize>) -> Self {
        let sites = || rows.clone().map(|row| &run.sites[run.schools.register[row].site]);
        let mut origins: Vec<&str> = Vec::new();
        let mut origin_of = Vec::with_capacity(rows.len());
        for site in sites() {
            let known = origins.iter().position(|known| *known == site.origin);
            origin_of.push(known.unwrap_or(origins.len()) as u32);
            if known.is_none() {
                origins.push(&site.origin);
            }
        }
        SchoolTexts {
            sites: Texts::new(sites().map(|site| site.key.as_str()).collect()),
            names: Texts::new(sites().map(|site| site.name.as_str()).collect()),
            origins: Texts::new(origins),
            origin_of,
        }
    }
}

/// `schools.csv`: every open school in every year. Where classes have no spread, pupils are the whole children that its classes are
/// counted from.
pub fn schools<'a>(scenario: &'a Scenario, run: &'a Run, table: &'a Table) -> LongTable<'a> {
    let n_years = scenario.city.n_years();
    let n_rows = run.schools.register.len();
    let parts_a_year = n_rows.div_ceil(BLOCK_ROWS).max(1);
    let words: Vec<OnceLock<SchoolTexts>> = (0..parts_a_year).map(|_| OnceLock::new()).collect();
    let stages = Texts::new(scenario.city.stages.keys().collect());
    let has_spread = scenario.rules.class_spread > 0.0;
    let rolls: Vec<OnceLock<Vec<f64>>> = (0..n_years).map(|_| OnceLock::new()).collect();
    let block = move |idx: usize| {
        let (year_idx, part) = (idx / parts_a_year, idx % parts_a_year);
        let kept = run.schools.history.year(year_idx);
        let whole = || rolls[year_idx].get_or_init(|| whole_pupils(scenario, kept));
        let whole = (!has_spread).then(|| whole().as_slice());
        let all = part * BLOCK_ROWS..((part + 1) * BLOCK_ROWS).min(n_rows);
        let words = words[part].get_or_init(|| SchoolTexts::of(run, all.clone()));
        let end = all.end.min(run.schools.history.n_schools[year_idx]);
        let rows = all.start..end.max(all.start);
        SchoolRows::of(scenario, run, table, (year_idx, rows), whole).block(words, &stages)
    };
    let n_blocks = parts_a_year * n_years;
    LongTable { headings: &SCHOOL_COLUMNS, n_blocks, block: Box::new(block) }
}

/// Rows of `schools.csv`.
struct SchoolRows {
    year: i64,
    /// Place in the stretch.
    places: Vec<u32>,
    stages: Vec<(u32, u32)>,
    rooms: Vec<i64>,
    classes: Vec<i64>,
    pupils: Vec<f64>,
    large: Vec<f64>,
    huge: Vec<f64>,
}

impl SchoolRows {
    /// The open schools of a stretch in a year; `whole` are the pupils of all schools as whole children.
    fn of(
        scenario: &Scenario,
        run: &Run,
        table: &Table,
        (year_idx, rows): (usize, Range<usize>),
        whole: Option<&[f64]>,
    ) -> Self {
        let kept = run.schools.history.year(year_idx);
        let year = scenario.city.base_year + year_idx as i32;
        let n = rows.len();
        let mut made = SchoolRows {
            year: i64::from(year),
            places: Vec::with_capacity(n),
            stages: Vec::new(),
            rooms: Vec::with_capacity(n),
            classes: Vec::with_capacity(n),
            pupils: Vec::with_capacity(n),
            large: Vec::with_capacity(n),
            huge: Vec::with_capacity(n),
        };
        let first = rows.start;
        for row in rows {
            let stage = kept.stage(row);
            let school = kept.school(row);
            if !school.is_open {
                continue;
            }
            let classes: i32 = school.classes.iter().sum();
            let [large, huge] = table.crowded(year_idx, row);
            made.places.push((row - first) as u32);
            Codes::push_run(&mut made.stages, stage.idx() as u32, 1);
            made.rooms.push(i64::from(school.rooms));
            made.classes.push(i64::from(classes));
            let pupils = match whole {
                Some(whole) => &whole[row * MAX_GRADES..][..school.pupils.len()],
                None => school.pupils,
            };
            made.pupils.push(sum(pupils.iter().copied()));
            made.large.push(large);
            made.huge.push(huge);
        }
        made
    }

    fn block<'a>(self, words: &SchoolTexts<'a>, stages: &Arc<Texts<'a>>) -> Block<'a> {
        let n_rows = self.places.len();
        let origins = self.places.iter().map(|&place| words.origin_of[place as usize]).collect();
        Block {
            n_rows,
            columns: vec![
                Column::Wholes(vec![self.year], Codes::all(0, n_rows)),
                Column::Texts(words.sites.clone(), Codes::Each(self.places.clone())),
                Column::Texts(words.names.clone(), Codes::Each(self.places)),
                Column::Texts(words.origins.clone(), Codes::Each(origins)),
                Column::Texts(stages.clone(), Codes::Runs(self.stages)),
                near_wholes(&self.rooms),
                near_wholes(&self.classes),
                Column::Numbers(Cow::Owned(self.pupils)),
                Column::Numbers(Cow::Owned(self.large)),
                Column::Numbers(Cow::Owned(self.huge)),
            ],
        }
    }
}
