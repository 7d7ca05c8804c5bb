//! A city: its places, its population and its schools on 1 September of the base year. Immutable.
//!
//! Built by `input` from a checked folder; a variant of a city is a new value.

use std::sync::Arc;

use crate::axes::{MAX_GRADES, N_AGES, Sex, Stage, Stages, Zone};
use crate::units::Year;

/// A name to show, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A county-level unit.
#[derive(Debug, Clone)]
pub struct District {
    /// ASCII name used in files.
    pub key: String,
    /// Name to show.
    pub name: Name,
    /// Column and row of its tile in the tile map, from the top left; an aid to drawing.
    pub tile: Option<(u16, u16)>,
}

/// One district × zone: where people live and schools stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Index into [`City::districts`].
    pub district: usize,
    /// Urban, town or rural.
    pub zone: Zone,
}

/// An admission area: areas whose schools of one stage share one pool of entrants.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Name in files; `district.zone` for a pool of one area.
    pub key: String,
    /// Areas that belong to it, in city order.
    pub areas: Vec<usize>,
}

/// A place where one or more schools stand.
#[derive(Debug, Clone)]
pub struct Site {
    /// Name in files, unique in the city.
    pub key: String,
    /// Name to show.
    pub name: String,
    /// Area in which it lies (in the base year, or when it opens).
    pub area: usize,
    /// Where the row comes from: `synthetic`, `register`, or the programme that built it.
    pub origin: String,
}

/// Who runs a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// 公办.
    Public,
    /// 民办.
    Private,
}

/// One row of the register: one stage at one site.
#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// Index into the list of sites.
    pub site: usize,
    /// Stage that is taught.
    pub stage: Stage,
    /// Public or private.
    pub ownership: Ownership,
    /// Whether a kindergarten counts as inclusive (普惠性).
    pub is_inclusive: bool,
    /// Classrooms in all.
    pub rooms_total: i32,
    /// Classrooms out of use for classes.
    pub rooms_reserved: i32,
    /// Attractiveness; standard deviation 1 in the city.
    pub quality: f64,
    /// Pupils by grade of the stage.
    pub pupils: [f64; MAX_GRADES],
    /// Classes by grade of the stage.
    pub classes: [i32; MAX_GRADES],
    /// Class limit under which the classes of each grade were formed.
    pub limits: [f64; MAX_GRADES],
}

impl School {
    /// Rooms that classes may use.
    pub fn usable_rooms(&self) -> i32 {
        (self.rooms_total - self.rooms_reserved).max(0)
    }
}

/// Whether a school has fewer rooms than its stage has grades (复式).
#[inline(always)]
pub fn has_few_rooms(rooms: f64, n_grades: f64) -> bool {
    rooms > 0.0 && rooms < n_grades
}

/// People by area, sex and single year of age.
#[derive(Debug, Clone, PartialEq)]
pub struct BasePopulation {
    /// Residents in households: `[(area · 2 + sex) · 101 + age]`.
    pub people: Vec<f64>,
    /// Students, soldiers and others in group quarters, constant: the same shape.
    pub group_quarters: Vec<f64>,
}

/// A study region with everything that is known of its base year.
#[derive(Debug, Clone)]
pub struct City {
    /// ASCII name; also the name of its output folder.
    pub key: String,
    /// Name to show.
    pub name: Name,
    /// Stocks are known on 1 September of this year.
    pub base_year: Year,
    /// Last year of a run.
    pub horizon: Year,
    /// Stages of schooling.
    pub stages: &'static Stages,
    /// County-level units in city order.
    pub districts: Vec<District>,
    /// Areas, by district and then zone.
    pub areas: Vec<Area>,
    /// Admission areas by stage.
    pub pools: Vec<Vec<Pool>>,
    /// Pool of each area, by stage.
    pub pool_of_area: Vec<Vec<usize>>,
    /// Districts that take each other's overflow after their own.
    pub neighbours: Vec<Vec<usize>>,
    /// People in the base year.
    pub population: BasePopulation,
    /// Sites in the base year; a run without new ones shares them.
    pub sites: Arc<Vec<Site>>,
    /// Schools in the base year, in register order.
    pub schools: Vec<School>,
}

impl City {
    /// Position of an area, a sex and an age 0 in a population vector.
    pub fn people_start(area_idx: usize, sex: Sex) -> usize {
        (area_idx * 2 + sex as usize) * N_AGES
    }

    /// Years of a run, base year first.
    pub fn years(&self) -> std::ops::RangeInclusive<Year> {
        self.base_year..=self.horizon
    }

    /// Number of years of a run, base year included.
    pub fn n_years(&self) -> usize {
        (self.horizon - self.base_year + 1) as usize
    }

    /// The area of a district and a zone.
    pub fn area_idx(&self, district_idx: usize, zone: Zone) -> Option<usize> {
        self.areas.iter().position(|area| area.district == district_idx && area.zone == zone)
    }
}

/// Which pools of a stage lie in which districts: lists instead of a table of all pairs.
#[derive(Debug, Clone, Default)]
pub struct NearPools {
    of_district: Vec<Vec<usize>>,
    of_pool: Vec<Vec<usize>>,
}

impl NearPools {
    /// The lists of a stage.
    pub fn new(city: &City, stage: Stage) -> Self {
        let pools = &city.pools[stage.idx()];
        let districts = |pool: &Pool| {
            let mut districts: Vec<usize> =
                pool.areas.iter().map(|&area| city.areas[area].district).collect();
            districts.sort_unstable();
            districts.dedup();
            districts
        };
        let mut of_district = vec![Vec::new(); city.districts.len()];
        for (idx, pool) in pools.iter().enumerate() {
            districts(pool).into_iter().for_each(|district| of_district[district].push(idx));
        }
        let near = |pool: &Pool| {
            let mut near: Vec<usize> =
                districts(pool).into_iter().flat_map(|d| of_district[d].iter().copied()).collect();
            near.sort_unstable();
            near.dedup();
            near
        };
        NearPools { of_pool: pools.iter().map(near).collect(), of_district }
    }

    /// Pools that have a district in common with a pool, itself among them, ascending; none for a pool that is not there.
    pub fn of(&self, pool: usize) -> &[usize] {
        self.of_pool.get(pool).map_or(&[], Vec::as_slice)
    }

    /// Pools with an area in a district, ascending.
    pub fn of_district(&self, district: usize) -> &[usize] {
        &self.of_district[district]
    }
}
