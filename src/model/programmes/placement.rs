//! Where units go: explicit, equal, by population, or by the gap between pupils and seats.

use crate::axes::Stage;
use crate::city::School;
use crate::demand::{Demand, catchments};
use crate::event::{
    Concerned, Placement, PlannedEvent, PlannedKind, Programme, UnitType, share_of,
};
use crate::numeric::sum;
use crate::population::Projection;
use crate::scenario::{Scenario, YearThresholds};
use crate::units::Year;

use super::events::converted;
use super::pool_demand::demand_at_base_shares;

/// Years after its opening over which a unit must be needed.
const LOOK_AHEAD_YEARS: Year = 6;
/// Why a unit is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// No open school of its stages stands where it may go.
    NoSchool,
    /// Seats are ample where it would go.
    Ample,
}

impl LeftOut {
    /// The reason in Chinese and English.
    pub(super) fn reason(self) -> (&'static str, &'static str) {
        match self {
            LeftOut::NoSchool => (
                "可去之处没有相应学段的学校",
                "no open school of its stages stands where it may go",
            ),
            LeftOut::Ample => ("拟去之处学位充裕", "seats are ample where it would go"),
        }
    }
}

/// Peak utilisation of the best pool below which a unit may be left out.
const AMPLE_UTILISATION: f64 = 0.85;

/// The place of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) area: usize,
    /// Site that is extended; `None` for a new one.
    pub(super) site: Option<usize>,
}

/// What placement knows: demand at base shares, and the rooms of the base year and of all events placed so far.
pub(super) struct Planner<'a> {
    scenario: &'a Scenario,
    population: &'a Projection,
    demand: &'a Demand,
    /// Pupils of a pool at base shares: by stage, `[pool][year]`.
    pool_demand: Vec<Vec<Vec<f64>>>,
    /// Rooms for classes: by stage and area.
    rooms: Vec<Vec<f64>>,
    /// Of them, placed by programmes so far.
    rooms_placed: Vec<Vec<f64>>,
    /// Base schools by stage and area.
    schools_at: Vec<Vec<Vec<usize>>>,
    /// Seats of a room of each stage, by year of the run.
    room_seats: Vec<Vec<f64>>,
    /// Base-year pupils of each school above the relief limit of its classes.
    crowding: Vec<f64>,
    /// Base-year pupils of each school by room.
    fullness: Vec<f64>,
    /// Base schools that have an extension already.
    is_extended: Vec<bool>,
    /// Units given to each area so far by the population rule, for the programme at hand: by unit type.
    given: Vec<Vec<u32>>,
    given_for: String,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        population: &'a Projection,
        demand: &'a Demand,
    ) -> Self {
        let city = &*scenario.city;
        let n_areas = city.areas.len();
        let mut rooms = city.stages.map(|_| vec![0.0; n_areas]);
        let mut schools_at = city.stages.map(|_| vec![Vec::new(); n_areas]);
        for (row, school) in city.schools.iter().enumerate() {
            let area = city.sites[school.site].area;
            rooms[school.stage.idx()][area] += f64::from(school.usable_rooms());
            schools_at[school.stage.idx()][area].push(row);
        }
        let room_seats = city
            .years()
            .map(|year| {
                let thresholds = scenario.thresholds.at(year);
                city.stages.map(|stage| thresholds.room_standard(stage))
            })
            .collect();
        let base = scenario.thresholds.at(city.base_year);
        let fullness =
            |school: &School| sum(school.pupils) / f64::from(school.usable_rooms().max(1));
        Planner {
            scenario,
            population,
            demand,
            schools_at,
            room_seats,
            crowding: city.schools.iter().map(|school| crowding(school, &base)).collect(),
            fullness: city.schools.iter().map(fullness).collect(),
            pool_demand: catchments(city, &scenario.attendance)
                .iter()
                .map(|catchment| demand_at_base_shares(scenario, demand, catchment))
                .collect(),
            rooms,
            rooms_placed: city.stages.map(|_| vec![0.0; n_areas]),
            is_extended: vec![false; city.schools.len()],
            given: Vec::new(),
            given_for: String::new(),
        }
    }

    /// Finds the place of the unit at `position` of a programme's list, or says why it is left out.
    pub(super) fn place(
        &mut self,
        programme: &Programme,
        unit: &UnitType,
        unit_idx: usize,
        position: usize,
        opens: Year,
    ) -> Result<Place, LeftOut> {
        let no_school = LeftOut::NoSchool;
        if !matches!(programme.placement, Placement::Explicit(_))
            && self.candidates(programme, unit).is_empty()
        {
            return Err(no_school);
        }
        let place = match &programme.placement {
            Placement::Explicit(rows) => {
                let row = &rows[position];
                Place { area: row.area, site: row.site }
            }
            Placement::Equal => {
                let area = self.equal(programme, unit, position);
                self.in_area(unit, area)
            }
            Placement::Population => {
                let area = self.by_population(programme, unit, unit_idx);
                self.in_area(unit, area)
            }
            Placement::Gap => {
                let place = self.by_gap(programme, unit, opens).ok_or(no_school)?;
                if programme.skips_ample && self.is_ample(unit, place.area, opens) {
                    return Err(LeftOut::Ample);
                }
                place
            }
        };
        if unit.is_extension && place.site.is_none() {
            return Err(no_school);
        }
        self.book(unit, place);
        Ok(place)
    }

    /// Books the first `n` units of a planned event.
    pub(super) fn book_planned(&mut self, planned: &PlannedEvent, n: usize) {
        if let (PlannedKind::Open { area, rooms, .. }, true) = (&planned.kind, n > 0) {
            for &(stage, rooms) in rooms {
                self.add_rooms(stage, *area, f64::from(rooms));
            }
        }
        for (position, then) in planned.schools.iter().enumerate().take(n) {
            self.book_at(planned, position, *then);
        }
    }

    /// Books what a planned event does to the school at a position of its list.
    fn book_at(&mut self, planned: &PlannedEvent, position: usize, then: Concerned) {
        let school = &self.scenario.city.schools[then.row];
        let (stage, area, usable) = (school.stage, then.area, then.rooms);
        match &planned.kind {
            PlannedKind::Extend { rooms } => self.add_rooms(stage, area, f64::from(*rooms)),
            PlannedKind::Convert { to, rooms } => {
                let n = f64::from(converted(*rooms, usable));
                self.add_rooms(*to, area, n);
                self.add_rooms(stage, area, -n);
            }
            PlannedKind::Close | PlannedKind::Merge { .. } => {
                self.add_rooms(stage, area, -f64::from(usable));
                self.close(then.row);
            }
            // Rooms that come back are no reason to build.
            PlannedKind::Reserve { until: Some(_), .. } => {}
            PlannedKind::Reserve { part, until: None } => {
                self.add_rooms(stage, area, -f64::from(part.of(usable).min(usable)));
            }
            PlannedKind::Relocate { area: to, rooms_added, reuse } => {
                let added = share_of(*rooms_added, planned.schools.len(), position);
                self.add_rooms(stage, area, -f64::from(usable));
                self.add_rooms(stage, *to, f64::from(usable + added));
                if let Some(reuse) = reuse {
                    let rooms = reuse.rooms.min(school.rooms_total);
                    self.add_rooms(reuse.stage, area, f64::from(rooms));
                }
            }
            PlannedKind::Open { .. } | PlannedKind::Upgrade { .. } => {}
        }
    }

    /// A base school ends: nothing is extended there any more.
    fn close(&mut self, row: usize) {
        for rows in self.schools_at.iter_mut().flatten() {
            rows.retain(|&other| other != row);
        }
    }

    /// Notes rooms that an event adds (or takes) in an area.
    fn add_rooms(&mut self, stage: Stage, area: usize, rooms: f64) {
        self.rooms[stage.idx()][area] += rooms;
        self.rooms_placed[stage.idx()][area] += rooms;
    }

    fn book(&mut self, unit: &UnitType, place: Place) {
        for &(stage, rooms) in &unit.rooms {
            self.add_rooms(stage, place.area, f64::from(rooms));
            if let (true, Some(site)) = (unit.is_extension, place.site) {
                let schools = &self.scenario.city.schools;
                let extended =
                    schools.iter().position(|school| school.site == site && school.stage == stage);
                if let Some(row) = extended {
                    self.is_extended[row] = true;
                }
            }
        }
    }

    /// Residents of the ages of the unit's stages in an area in the base year.
    fn residents(&self, unit: &UnitType, area: usize) -> f64 {
        sum(unit.rooms.iter().flat_map(|&(stage, _)| {
            let ages = stage.first_age()..stage.first_age() + stage.n_grades();
            ages.map(move |age| self.population.children(0, area, age))
        }))
    }

    /// Areas of the programme where the unit can go: for an extension, those with a school of its stage.
    fn candidates(&self, programme: &Programme, unit: &UnitType) -> Vec<usize> {
        let areas = programme.areas.iter().copied();
        areas
            .filter(|&area| !unit.is_extension || self.school_to_extend(unit, &[area]).is_some())
            .collect()
    }

    /// Districts in turn, and in each the candidate area with most residents of the stage.
    fn equal(&self, programme: &Programme, unit: &UnitType, position: usize) -> usize {
        let city = &*self.scenario.city;
        let candidates = self.candidates(programme, unit);
        let mut districts: Vec<usize> =
            candidates.iter().map(|&a| city.areas[a].district).collect();
        districts.dedup();
        let district = districts[position % districts.len()];
        candidates
            .into_iter()
            .filter(|&a| city.areas[a].district == district)
            .max_by(|&a, &b| {
                self.residents(unit, a).total_cmp(&self.residents(unit, b)).then(b.cmp(&a))
            })
            .unwrap_or(0)
    }

    /// Webster's rule, by district and then by area: the largest `residents / (2·given + 1)`.
    fn by_population(&mut self, programme: &Programme, unit: &UnitType, unit_idx: usize) -> usize {
        let n_areas = self.scenario.city.areas.len();
        if self.given_for != programme.key {
            self.given = vec![vec![0; n_areas]; self.scenario.unit_types.len()];
            self.given_for.clone_from(&programme.key);
        }
        let candidates = self.candidates(programme, unit);
        let areas = &self.scenario.city.areas;
        let given = |area: usize| self.given[unit_idx][area];
        let district_key = |district: usize| {
            let members = || candidates.iter().copied().filter(|&a| areas[a].district == district);
            let people = sum(members().map(|a| self.residents(unit, a)));
            people / f64::from(2 * members().map(given).sum::<u32>() + 1)
        };
        let best_district = candidates
            .iter()
            .map(|&a| areas[a].district)
            .max_by(|&a, &b| district_key(a).total_cmp(&district_key(b)).then(b.cmp(&a)));
        let area_key = |area: usize| self.residents(unit, area) / f64::from(2 * given(area) + 1);
        let area = candidates
            .iter()
            .copied()
            .filter(|&a| Some(areas[a].district) == best_district)
            .max_by(|&a, &b| area_key(a).total_cmp(&area_key(b)).then(b.cmp(&a)))
            .unwrap_or(0);
        self.given[unit_idx][area] += 1;
        area
    }

    /// A unit in a given area; an extension at the school of the area that needs it most.
    fn in_area(&self, unit: &UnitType, area: usize) -> Place {
        if !unit.is_extension {
            return Place { area, site: None };
        }
        let site = self.school_to_extend(unit, &[area]);
        Place { area, site: site.map(|row| self.scenario.city.schools[row].site) }
    }

    /// The `gap` rule: the pool with (1) the largest shortfall at the peak of demand, (2) the highest peak utilisation
    /// with the unit built, then, for areas of one pool, the area whose residents exceed its seats most, (3) the first in
    /// city order. A nine-year unit sums its stages.
    fn by_gap(&self, programme: &Programme, unit: &UnitType, opens: Year) -> Option<Place> {
        let city = &*self.scenario.city;
        let mut best: Option<(f64, f64, f64, usize)> = None;
        for area in self.candidates(programme, unit) {
            if unit.is_extension && !self.has_school_to_extend(unit, area) {
                continue;
            }
            let (mut short, mut peaks, mut seats, mut own, mut here) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for &(stage, rooms) in &unit.rooms {
                let pool = city.pool_of_area[stage.idx()][area];
                let peak = self.peak(stage, pool, opens);
                let pool_seats = self.seats(stage, &city.pools[stage.idx()][pool].areas, opens);
                short += (peak - pool_seats).max(0.0);
                peaks += peak;
                seats += pool_seats;
                own += self.room_seats(stage, opens) * f64::from(rooms);
                here += self.demand.of_stage(0, area, stage) - self.seats(stage, &[area], opens);
            }
            let use_with = if seats + own > 0.0 { peaks / (seats + own) } else { 0.0 };
            let better = match best {
                None => true,
                Some((s, u, h, _)) => {
                    short > s || (short == s && (use_with > u || (use_with == u && here > h)))
                }
            };
            if better {
                best = Some((short, use_with, here, area));
            }
        }
        let (_, _, _, area) = best?;
        if !unit.is_extension {
            return Some(Place { area, site: None });
        }
        let stage = unit.rooms.first()?.0;
        let pool = city.pool_of_area[stage.idx()][area];
        let row = self.school_to_extend(unit, &city.pools[stage.idx()][pool].areas)?;
        let site = city.schools[row].site;
        Some(Place { area: city.sites[site].area, site: Some(site) })
    }

    /// Whether the pool of a unit is under 85 % full at its peak without it, and the seats placed there already exceed its
    /// schools' base-year pupils above the relief limit.
    fn is_ample(&self, unit: &UnitType, area: usize, opens: Year) -> bool {
        let city = &*self.scenario.city;
        unit.rooms.iter().all(|&(stage, _)| {
            let pool = city.pool_of_area[stage.idx()][area];
            let areas = &city.pools[stage.idx()][pool].areas;
            let seats = self.seats(stage, areas, opens);
            let placed = sum(areas.iter().map(|&a| self.rooms_placed[stage.idx()][a]))
                * self.room_seats(stage, opens);
            let rows = areas.iter().flat_map(|&a| self.schools_at[stage.idx()][a].iter());
            let crowded = sum(rows.map(|&row| self.crowding[row]));
            self.peak(stage, pool, opens) < AMPLE_UTILISATION * seats && placed > crowded
        })
    }

    /// Most pupils of a pool at base shares from the opening over the look-ahead, cut at the horizon.
    fn peak(&self, stage: Stage, pool: usize, opens: Year) -> f64 {
        let city = &*self.scenario.city;
        let last = city.n_years() - 1;
        let first = ((opens - city.base_year).max(0) as usize).min(last);
        let until = (first + LOOK_AHEAD_YEARS as usize).min(last);
        self.pool_demand[stage.idx()][pool][first..=until].iter().fold(0.0, |a, &b| f64::max(a, b))
    }

    fn room_seats(&self, stage: Stage, year: Year) -> f64 {
        let year_idx = (year - self.scenario.city.base_year).max(0) as usize;
        self.room_seats[year_idx.min(self.room_seats.len() - 1)][stage.idx()]
    }

    fn seats(&self, stage: Stage, areas: &[usize], year: Year) -> f64 {
        sum(areas.iter().map(|&a| self.rooms[stage.idx()][a])) * self.room_seats(stage, year)
    }

    fn has_school_to_extend(&self, unit: &UnitType, area: usize) -> bool {
        let Some(&(stage, _)) = unit.rooms.first() else {
            return false;
        };
        let city = &*self.scenario.city;
        let pool = city.pool_of_area[stage.idx()][area];
        self.school_to_extend(unit, &city.pools[stage.idx()][pool].areas).is_some()
    }

    /// The school of these areas, with every stage of the unit at its site, that has most pupils above the relief limit
    /// and no extension yet, then the fullest; where all have one, the fullest of all.
    fn school_to_extend(&self, unit: &UnitType, areas: &[usize]) -> Option<usize> {
        let (stage, _) = *unit.rooms.first()?;
        let schools = &self.scenario.city.schools;
        let has_all_stages = |row: &usize| {
            unit.rooms[1..].iter().all(|&(other, _)| {
                let area = self.scenario.city.sites[schools[*row].site].area;
                let there = &self.schools_at[other.idx()][area];
                there.iter().any(|&r| schools[r].site == schools[*row].site)
            })
        };
        areas
            .iter()
            .flat_map(|&area| self.schools_at[stage.idx()][area].iter().copied())
            .filter(has_all_stages)
            .max_by(|&a, &b| {
                (!self.is_extended[a])
                    .cmp(&!self.is_extended[b])
                    .then(self.crowding[a].total_cmp(&self.crowding[b]))
                    .then(self.fullness[a].total_cmp(&self.fullness[b]))
                    .then(b.cmp(&a))
            })
    }
}

/// Base-year pupils of a school above the relief limit of its classes.
fn crowding(school: &School, base: &YearThresholds) -> f64 {
    sum(school.stage.grades().enumerate().map(|(g, grade)| {
        let limit = base.relief_limit[grade] * f64::from(school.classes[g]);
        (school.pupils[g] - limit).max(0.0)
    }))
}
