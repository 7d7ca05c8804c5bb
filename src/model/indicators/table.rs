//! Stocks of every year, area and stage, counted from a run: schools, people, what events cost and build.

use std::sync::Arc;

use crate::axes::{MAX_GRADES, Stage, Stages};
use crate::city::has_few_rooms;
use crate::event::{Event, EventKind};
use crate::model::{Outlook, Run};
use crate::numeric::sum;
use crate::scenario::{Scenario, YearThresholds};
use crate::schools::WholeChildren;
use crate::schools::classes::{Tails, pupils_from};
use crate::schools::{Added, KeptYear, SchoolYear};
use crate::units::Year;

use super::sizes::Sizes;
use super::stocks::Stocks;

/// Stocks of a run by year, area and stage.
#[derive(Debug, Clone)]
pub struct Table {
    n_areas: usize,
    stages: &'static Stages,
    /// By year: `[area · stages + stage]`. Tables of the same stocks share them.
    years: Vec<Arc<Vec<Stocks>>>,
    /// By year and register row: expected oversized and super-oversized classes of a school.
    crowded: Vec<Arc<Vec<[f64; 2]>>>,
}

impl Table {
    /// Stocks of one area and stage in a year of the run, the base year being 0.
    pub fn cell(&self, year_idx: usize, area: usize, stage: Stage) -> &Stocks {
        debug_assert!(area < self.n_areas);
        &self.years[year_idx][area * self.stages.len() + stage.idx()]
    }

    /// Expected oversized and super-oversized classes of a school by its register row; none of a table without schools.
    pub fn crowded(&self, year_idx: usize, row: usize) -> [f64; 2] {
        let schools = self.crowded.get(year_idx);
        schools.and_then(|schools| schools.get(row)).copied().unwrap_or_default()
    }

    /// The table without what it says of single schools.
    pub fn without_schools(self) -> Table {
        Table { crowded: Vec::new(), ..self }
    }

    /// Stocks of several areas.
    pub fn sum(&self, year_idx: usize, areas: &[usize], stage: Stage) -> Stocks {
        let mut total = Stocks::default();
        for &area in areas {
            total.add(self.cell(year_idx, area, stage));
        }
        total
    }

    /// Stocks of several areas and all stages; people of ages that two stages share count once.
    pub fn sum_stages(&self, year_idx: usize, areas: &[usize]) -> Stocks {
        Self::sum_of_stages(
            self.stages.iter().map(|stage| (stage, self.sum(year_idx, areas, stage))),
        )
    }

    /// Stocks of the whole city for a stage, or for all of them (`None`), base year first as in [`City::years`](crate::city::City::years).
    pub fn city_years(&self, stage: Option<Stage>) -> Vec<Stocks> {
        let areas: Vec<usize> = (0..self.n_areas).collect();
        let of_year = |year_idx| match stage {
            Some(stage) => self.sum(year_idx, &areas, stage),
            None => self.sum_stages(year_idx, &areas),
        };
        (0..self.years.len()).map(of_year).collect()
    }

    /// [`Self::sum_stages`] of the sums of each stage.
    pub fn sum_of_stages(parts: impl Iterator<Item = (Stage, Stocks)>) -> Stocks {
        let mut total = Stocks::default();
        for (stage, mut part) in parts {
            if stage.is_sharer() {
                part.population = 0.0;
            }
            part.upper_secondary = 0.0;
            part.inclusive_pupils = 0.0;
            part.pupils_by_rate = 0.0;
            total.add(&part);
        }
        total
    }
}

/// Computes the stocks of a run.
pub fn table(scenario: &Scenario, run: &Run) -> Table {
    let one = |year_idx| year(scenario, &run.outlook, run.schools.history.year(year_idx), year_idx);
    of_years(scenario, run, (0..scenario.city.n_years()).map(one).collect())
}

/// Stocks of one year as far as they follow from its schools and people; years may be computed in any order.
#[derive(Debug, Clone)]
pub struct YearStocks {
    stocks: Vec<Stocks>,
    crowded: Vec<[f64; 2]>,
}

/// Computes the stocks of one year.
pub fn year(
    scenario: &Scenario,
    outlook: &Outlook,
    schools: &KeptYear,
    year_idx: usize,
) -> YearStocks {
    let city = &*scenario.city;
    let (n_areas, n_stages) = (city.areas.len(), city.stages.len());
    let mut stocks = vec![Stocks::default(); n_areas * n_stages];
    let thresholds = scenario.thresholds.at(city.base_year + year_idx as i32);
    let crowded = add_schools(scenario, schools, &thresholds, &mut stocks);
    for area in 0..n_areas {
        for stage in city.stages.iter() {
            let cell = &mut stocks[area * n_stages + stage.idx()];
            add_flows(schools, area, stage, cell);
            add_people(scenario, (outlook, schools), (year_idx, area, stage), &thresholds, cell);
            if let Some(sharer) = stage.sharer() {
                // Who finds no place is not enrolled.
                cell.upper_secondary -= cell.unplaced + schools.unplaced(sharer, area);
            }
        }
    }
    YearStocks { stocks, crowded }
}

/// The table of all years, with what events cost and build.
pub fn of_years(scenario: &Scenario, run: &Run, years: Vec<YearStocks>) -> Table {
    let city = &*scenario.city;
    let (years, crowded) =
        years.into_iter().map(|year| (Arc::new(year.stocks), Arc::new(year.crowded))).unzip();
    let mut table = Table { n_areas: city.areas.len(), stages: city.stages, years, crowded };
    for (idx, event) in run.events.iter().enumerate() {
        if !run.schools.ignored.contains(&idx) {
            add_event(event, &mut table, city.base_year);
        }
    }
    for added in &run.schools.added {
        add_rooms(added, &mut table, city.base_year);
    }
    table
}

/// Adds rooms that the city added of itself, in the year in which they open, and what they cost, in the year before.
fn add_rooms(added: &Added, table: &mut Table, base_year: Year) {
    let place = added.area * table.stages.len() + added.stage.idx();
    let mut of = |year: Year, book: &mut dyn FnMut(&mut Stocks)| {
        let year_idx = usize::try_from(year - base_year).ok();
        if let Some(year) = year_idx.and_then(|idx| table.years.get_mut(idx)) {
            book(&mut Arc::make_mut(year)[place]);
        }
    };
    let rooms = f64::from(added.rooms);
    of(added.year, &mut |cell| cell.rooms_added += rooms);
    of(added.year - 1, &mut |cell| match added.investment_yuan {
        Some(yuan) => cell.additions_yuan += yuan,
        None => cell.rooms_added_without_cost += rooms,
    });
}

/// Adds what an event costs in its years of construction, what is being built in them, and boarding places from then on.
fn add_event(event: &Event, table: &mut Table, base_year: Year) {
    let n_years = table.years.len();
    let place = event.area * table.stages.len() + event.stage.idx();
    let of = |year: Year| usize::try_from(year - base_year).ok().filter(|&idx| idx < n_years);
    for year_idx in event.booked_years().filter_map(of) {
        let cell = &mut Arc::make_mut(&mut table.years[year_idx])[place];
        cell.investment_yuan += event.booked_yuan();
        cell.rooms_under_construction += f64::from(event.rooms_built);
    }
    if let EventKind::Upgrade { boarding, .. } = event.kind {
        for year_idx in (event.year..base_year + n_years as Year).filter_map(of) {
            Arc::make_mut(&mut table.years[year_idx])[place].boarding_places += f64::from(boarding);
        }
    }
}

fn add_people(
    scenario: &Scenario,
    (outlook, schools): (&Outlook, &KeptYear),
    (year_idx, area, stage): (usize, usize, Stage),
    thresholds: &YearThresholds,
    cell: &mut Stocks,
) {
    cell.population = sum(stage.ages().map(|age| outlook.population.children(year_idx, area, age)));
    if stage.idx() == 0 {
        cell.births = outlook.population.births[year_idx][area];
    }
    let residents = |stage: Stage| {
        let admitted = schools.residents(stage, area);
        admitted.unwrap_or_else(|| outlook.demand.of_stage(year_idx, area, stage))
    };
    cell.residents = residents(stage);
    if let Some(sharer) = stage.sharer() {
        cell.upper_secondary =
            cell.residents + residents(sharer) + outlook.demand.of_technical(year_idx, area);
    }
    cell.seats = cell.rooms * thresholds.room_standard(stage);
    cell.seat_gap = (cell.pupils + cell.unplaced - cell.seats).max(0.0);
    if let Some(path) = &scenario.pupils_per_teacher[stage.idx()] {
        cell.teachers = cell.pupils / path.at(scenario.city.base_year + year_idx as i32);
    } else {
        cell.unstaffed_pupils = cell.pupils;
    }
}

fn add_flows(schools: &KeptYear, area: usize, stage: Stage, cell: &mut Stocks) {
    cell.overflow = schools.overflow(stage, area);
    cell.unplaced = schools.unplaced(stage, area);
    cell.unplaced_entrants = schools.unplaced_entrants(stage, area);
}

/// Adds every school of a year to the stocks of its area and stage; returns the crowded classes of each.
fn add_schools(
    scenario: &Scenario,
    schools: &KeptYear,
    thresholds: &YearThresholds,
    stocks: &mut [Stocks],
) -> Vec<[f64; 2]> {
    let (city, sigma) = (&*scenario.city, scenario.rules.class_spread);
    let whole = sigma <= 0.0;
    let rounded = if whole { whole_pupils(scenario, schools) } else { Vec::new() };
    let mut sizes = Sizes::new(thresholds, sigma, schools.n_schools());
    let standards = city.stages.map(|stage| thresholds.room_standard(stage));
    for row in 0..schools.n_schools() {
        let stage = schools.stage(row);
        let school = schools.school(row);
        let (is_private, is_inclusive) = schools.ownership(row);
        if !school.is_open {
            continue;
        }
        let at = school.area * city.stages.len() + stage.idx();
        let standard = standards[stage.idx()];
        add_school(&mut stocks[at], stage, &school, (is_private, is_inclusive), standard);
        let pupils = in_classes(&school, |g| school.pupils[g]);
        let children = match whole {
            true => in_classes(&school, |g| rounded[row * MAX_GRADES + g]),
            false => pupils,
        };
        for (g, grade) in stage.grades().enumerate().filter(|&(g, _)| school.classes[g] != 0) {
            let (n, c) = (children[g], f64::from(school.classes[g]));
            stocks[at].crowding_gap += (pupils[g] - thresholds.standard[grade] * c).max(0.0);
            if whole {
                let (of_grade, of_school) = ((n, school.classes[g]), &mut sizes.crowded[row]);
                add_whole(&mut stocks[at], of_school, of_grade, thresholds, grade);
            } else {
                let of_grade = (n, school.classes[g], school.limits.of(g));
                sizes.add(of_grade, (row, at, grade), stocks);
            }
        }
    }
    sizes.settle(stocks);
    sizes.crowded
}

/// Pupils of the classes that begin in each grade: of a mixed-age class those of the grades that follow too.
fn in_classes(school: &SchoolYear, pupils: impl Fn(usize) -> f64) -> [f64; MAX_GRADES] {
    let (mut in_classes, mut head) = ([0.0; MAX_GRADES], 0);
    for (g, &classes) in school.classes.iter().enumerate() {
        head = if classes > 0 { g } else { head };
        in_classes[head] += pupils(g);
    }
    in_classes
}

/// Adds what does not depend on the sizes of classes.
fn add_school(
    cell: &mut Stocks,
    stage: Stage,
    school: &SchoolYear,
    (is_private, is_inclusive): (bool, bool),
    room_standard: f64,
) {
    let pupils = sum(school.pupils.iter().copied());
    let classes: i32 = school.classes.iter().sum();
    cell.schools += 1.0;
    cell.private_pupils += if is_private { pupils } else { 0.0 };
    let is_multi_grade = has_few_rooms(f64::from(school.rooms), stage.n_grades() as f64);
    cell.multi_grade_schools += if is_multi_grade { 1.0 } else { 0.0 };
    cell.pupils += pupils;
    cell.entrants += school.pupils[0];
    cell.classes += f64::from(classes);
    cell.classes_without_room += f64::from((classes - school.rooms).max(0));
    cell.rooms += f64::from(school.rooms);
    let seats = f64::from(school.rooms) * room_standard;
    cell.empty_seats += (seats - pupils).max(0.0);
    if stage.is_by_rate() {
        cell.pupils_by_rate += pupils;
        cell.inclusive_pupils += if !is_private || is_inclusive { pupils } else { 0.0 };
    }
}

/// Adds the classes of one grade of a school whose classes have no spread: `n` are its pupils as whole children.
fn add_whole(
    cell: &mut Stocks,
    of_school: &mut [f64; 2],
    (n, classes): (f64, i32),
    thresholds: &YearThresholds,
    grade: usize,
) {
    let tails = Tails::new(n, classes, 0.0, true);
    for (total, band) in cell.bands.iter_mut().zip(tails.bands()) {
        *total += band;
    }
    let oversized = thresholds.oversized[grade];
    let large = tails.classes_from(oversized);
    let huge = tails.classes_from(thresholds.super_oversized[grade]);
    cell.oversized += large;
    cell.pupils_in_oversized += pupils_from(n, classes, 0.0, oversized, true);
    cell.super_oversized += huge;
    of_school[0] += large;
    of_school[1] += huge;
}

/// Pupils as [whole children](WholeChildren), where classes have no spread: `[row · 12 + grade of the stage]`.
pub fn whole_pupils(scenario: &Scenario, schools: &KeptYear) -> Vec<f64> {
    let city = &*scenario.city;
    let mut rounded = vec![0.0; schools.n_schools() * MAX_GRADES];
    let mut children = WholeChildren::default();
    let mut of_pool =
        city.stages.map(|stage| vec![Vec::<usize>::new(); city.pools[stage.idx()].len()]);
    for row in 0..schools.n_schools() {
        let stage = schools.stage(row).idx();
        of_pool[stage][city.pool_of_area[stage][schools.school(row).area]].push(row);
    }
    for (stage, pools) in city.stages.iter().zip(&of_pool) {
        for rows in pools {
            for g in 0..stage.n_grades() {
                let pupils: Vec<[f64; 1]> =
                    rows.iter().map(|&row| [schools.school(row).pupils[g]]).collect();
                for (&row, [n]) in rows.iter().zip(children.of(&pupils)) {
                    rounded[row * MAX_GRADES + g] = f64::from(*n);
                }
            }
        }
    }
    rounded
}
