//! Where the schools of a run lie: made once from a city and the events that may happen in it, the same for all draws.
//!
//! A slot is a place in which a school of a stage stands or may stand: one for every school of the register, for every school
//! that an event may open, and for every area that a school may move to. Slots of a stage lie pool by pool.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::axes::Stage;
use crate::city::{City, Ownership, Site};
use crate::demand::{Catchment, catchments};
use crate::event::{Event, EventKind};
use crate::scenario::AttendanceFlow;

use super::tail::Tail;

/// One school of a stage, or the place where one may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Index into the sites of the run.
    pub site: usize,
    /// Area.
    pub area: usize,
    /// Row of the base register of the school that stands there in the base year.
    pub base: Option<usize>,
}

/// The slots of one stage, pool by pool.
#[derive(Debug, Clone)]
pub struct StageLayout {
    /// From where its pools take pupils.
    pub catchment: Catchment,
    /// Slots.
    pub slots: Vec<Slot>,
    /// First slot of each pool, and the end.
    pub pool_start: Vec<usize>,
    /// Entry capacity of the schools as they are in the base year, `[year · slots + slot]`: the same in every draw. Empty where it
    /// is not worth a table.
    pub entry_capacity: Vec<f32>,
}

impl StageLayout {
    /// Stage.
    pub fn stage(&self) -> Stage {
        self.catchment.stage
    }

    /// Slots of a pool.
    #[inline(always)]
    pub fn of_pool(&self, pool: usize) -> Range<usize> {
        self.pool_start[pool]..self.pool_start[pool + 1]
    }
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The city.
    pub city: Arc<City>,
    /// By stage.
    pub stages: Vec<StageLayout>,
    /// Slot of a stage at a site in the area of the site: `[site · stages + stage]`, [`NONE`] where no such school stands or may.
    home: Vec<u32>,
    /// Slots in other areas, by site, stage and area.
    elsewhere: BTreeMap<(usize, usize, usize), usize>,
    /// The upper tail of the normal law.
    pub tail: Tail,
}

/// No slot.
const NONE: u32 = u32::MAX;

impl Layout {
    /// Lays out a city with all places at which these events may happen, whatever their years. Events whose school is not
    /// there when they come find none. With `for_many` draws entry capacities are computed once.
    pub fn new(
        city: &Arc<City>,
        flows: &[AttendanceFlow],
        sites: &[Site],
        events: &[Event],
        for_many: bool,
    ) -> Layout {
        let mut draft = Draft::of_base_year(city, sites);
        for event in events {
            match event.kind {
                EventKind::Open { .. } => draft.stand(event.site, event.stage),
                EventKind::Convert { to, .. } => draft.stand(event.site, to),
                _ => {}
            }
        }
        for event in events {
            if let EventKind::Relocate { area, .. } = event.kind {
                draft.stand_in(event.site, event.stage, area);
            }
        }
        draft.laid_out(city, catchments(city, flows), for_many)
    }

    /// The slot of a stage at a site where it stands before it has moved anywhere.
    pub fn home(&self, site: usize, stage: Stage) -> Option<usize> {
        self.home
            .get(site * self.stages.len() + stage.idx())
            .filter(|&&at| at != NONE)
            .map(|&at| at as usize)
    }

    /// Whether a school of the register is private.
    pub fn is_private(&self, row: usize) -> bool {
        self.city.schools[row].ownership == Ownership::Private
    }

    /// The slot of a stage of a site in an area to which it may move.
    pub fn in_area(&self, site: usize, stage: Stage, area: usize) -> Option<usize> {
        match self.home(site, stage) {
            Some(home) if self.stages[stage.idx()].slots[home].area == area => Some(home),
            _ => self.elsewhere.get(&(site, stage.idx(), area)).copied(),
        }
    }
}

/// Slots in the order in which they are found.
struct Draft<'a> {
    sites: &'a [Site],
    slots: Vec<Vec<Slot>>,
    home: Vec<u32>,
    elsewhere: BTreeMap<(usize, usize, usize), usize>,
}

impl<'a> Draft<'a> {
    fn of_base_year(city: &City, sites: &'a [Site]) -> Self {
        let n_stages = city.stages.len();
        let mut draft = Draft {
            sites,
            slots: vec![Vec::new(); n_stages],
            home: vec![NONE; sites.len() * n_stages],
            elsewhere: BTreeMap::new(),
        };
        for (row, school) in city.schools.iter().enumerate() {
            let stage = school.stage.idx();
            let slot = Slot { site: school.site, area: sites[school.site].area, base: Some(row) };
            let home = &mut draft.home[school.site * n_stages + stage];
            if *home == NONE {
                *home = draft.slots[stage].len() as u32;
            }
            draft.slots[stage].push(slot);
        }
        draft
    }

    /// Makes a slot for a stage at a site in its own area.
    fn stand(&mut self, site: usize, stage: Stage) {
        let (area, n_stages) = (self.sites[site].area, self.slots.len());
        let slots = &mut self.slots[stage.idx()];
        let home = &mut self.home[site * n_stages + stage.idx()];
        if *home == NONE {
            *home = slots.len() as u32;
            slots.push(Slot { site, area, base: None });
        }
    }

    /// Makes a slot for a stage of a site in another area, if the site has the stage.
    fn stand_in(&mut self, site: usize, stage: Stage, area: usize) {
        let home = self.home[site * self.slots.len() + stage.idx()];
        if home == NONE || self.sites[site].area == area {
            return;
        }
        let slots = &mut self.slots[stage.idx()];
        self.elsewhere.entry((site, stage.idx(), area)).or_insert_with(|| {
            slots.push(Slot { site, area, base: None });
            slots.len() - 1
        });
    }

    /// Sorts the slots of every stage by pool.
    fn laid_out(mut self, city: &Arc<City>, catchments: Vec<Catchment>, for_many: bool) -> Layout {
        let n_stages = self.slots.len();
        let mut moved = vec![Vec::new(); n_stages];
        let laid_out = |catchment: Catchment| {
            let stage = catchment.stage.idx();
            let slots = &self.slots[stage];
            let pool_of = |slot: &Slot| catchment.pool_of_area[slot.area];
            let mut order: Vec<usize> = (0..slots.len()).collect();
            order.sort_by_key(|&slot| (pool_of(&slots[slot]), slot));
            moved[stage] = vec![0; slots.len()];
            for (position, &slot) in order.iter().enumerate() {
                moved[stage][slot] = position;
            }
            let slots: Vec<Slot> = order.iter().map(|&slot| slots[slot]).collect();
            let pool_start = (0..=catchment.n_pools)
                .map(|pool| slots.partition_point(|slot| pool_of(slot) < pool))
                .collect();
            let mut layout =
                StageLayout { catchment, slots, pool_start, entry_capacity: Vec::new() };
            if for_many {
                layout.compute_entry_capacity(city);
            }
            layout
        };
        let stages = catchments.into_iter().map(laid_out).collect();
        for (position, home) in self.home.iter_mut().enumerate().filter(|(_, home)| **home != NONE)
        {
            *home = moved[position % n_stages][*home as usize] as u32;
        }
        for (&(_, stage, _), slot) in &mut self.elsewhere {
            *slot = moved[stage][*slot];
        }
        Layout {
            city: Arc::clone(city),
            stages,
            home: self.home,
            elsewhere: self.elsewhere,
            tail: Tail::fitted(),
        }
    }
}

impl StageLayout {
    fn compute_entry_capacity(&mut self, city: &City) {
        let n_grades = self.stage().n_grades();
        let rooms_and_row = |slot: &Slot| {
            let school = slot.base.map(|row| (&city.schools[row], row as f64));
            school.map_or((0.0, 0.0), |(school, row)| (f64::from(school.usable_rooms()), row))
        };
        let of_year = |year: i32| {
            self.slots.iter().map(rooms_and_row).map(move |(rooms, row)| {
                super::intake::entry_capacity(rooms, row, f64::from(year), n_grades as f64) as f32
            })
        };
        self.entry_capacity = city.years().flat_map(of_year).collect();
    }
}
