//! Where every number of a block lies: made once from a scenario, the same for all its draws.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::axes::{N_STAGES, Stage};
use crate::city::{City, NearPools};
use crate::demand::attendance::most_of;
use crate::event::{Placement, PlannedKind, Programme};
use crate::scenario::{AttendanceFlow, DemandMode, Scenario};
use crate::schools::register::StageRows;

use super::Lane;
use super::intake::entry_rooms;
use super::pairs::{Pair, Pairs};
use super::tail::Tail;

/// Why a scenario runs on the reference and not in lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Pure grade progression.
    GradeProgression,
    /// Classes without spread are counted in whole children.
    WholeChildren,
    /// Split, rebalance or merge of classes above the entry grade.
    Relief,
    /// A standing rule that closes schools.
    ClosingRules,
    /// Units whose places are not yet found.
    Unplaced,
    /// A school that closes, merges, is converted or opens all grades at once.
    Events,
}

impl Unfit {
    /// One sentence for a reader.
    pub fn reason(self) -> &'static str {
        match self {
            Unfit::GradeProgression => "demand by grade progression",
            Unfit::WholeChildren => "a class-size spread of 0",
            Unfit::Relief => "a lever that splits, rebalances or merges classes",
            Unfit::ClosingRules => "a standing rule that closes schools",
            Unfit::Unplaced => "units without places",
            Unfit::Events => "an event that closes, merges, converts or opens all grades",
        }
    }
}

/// One school of a stage, or the place where one will stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Area.
    pub area: usize,
    /// Row of the base register; `None` for a new school and for the place that a school moves to.
    pub base: Option<usize>,
}

/// The slots of one stage, pool by pool.
#[derive(Debug, Clone)]
pub(super) struct StageLayout {
    pub stage: Stage,
    pub n_pools: usize,
    pub slots: Vec<Slot>,
    /// First slot of each pool, and the end.
    pub pool_start: Vec<usize>,
    /// The same for the passes of the reference.
    pub rows: StageRows,
    /// Which pools have a district in common.
    pub near: NearPools,
    /// Where pupils can go in the base year: their own pool, the destinations of flows, and the refuge.
    pub base_pairs: Pairs,
    /// By area: the column that takes whom pools without places would get in the base year; none where all have places.
    pub refuge: Vec<Option<usize>>,
    /// Base pupils of every pool, `[grade of the stage · pools + pool]`.
    pub base_pupils: Vec<f64>,
    /// `Σ R/G` of every pool in the base year.
    pub base_rooms_a_grade: Vec<f64>,
    /// Entry capacity of the schools as they are in the base year, `[year · slots + slot]`: the same in every draw.
    pub entry_capacity: Vec<f32>,
}

/// Slots of what a programme builds and changes: positions in the slots of their stage.
#[derive(Debug, Clone, Default)]
pub(super) struct ProgrammeSlots {
    /// By planned event: site, stage, slot, and slot that it moves to.
    pub planned: Vec<Vec<Place>>,
    /// By placed unit: one place a stage of the unit.
    pub units: Vec<Vec<Place>>,
}

/// Where one event happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Index into the sites of the run.
    pub site: usize,
    pub stage: Stage,
    pub slot: usize,
    /// For a relocation: where it moves to, and what opens at the old campus.
    pub target: Option<usize>,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(super) city: Arc<City>,
    pub(super) stages: [StageLayout; N_STAGES],
    pub(super) programmes: Vec<ProgrammeSlots>,
    /// Areas of each district, ascending.
    pub(super) areas_of_district: Vec<Vec<usize>>,
    /// Ages at which women bear children; the last one is at least that of the oldest children.
    pub(super) first_fertile_age: usize,
    pub(super) last_fertile_age: usize,
    pub(super) tail: Tail,
}

impl Layout {
    /// Lays out a scenario whose units have explicit places.
    ///
    /// # Errors
    /// What of it no lane can do.
    pub fn new(scenario: &Scenario) -> Result<Layout, Unfit> {
        if scenario.enrolment.mode != DemandMode::Cohort {
            return Err(Unfit::GradeProgression);
        }
        if scenario.rules.class_spread <= 0.0 {
            return Err(Unfit::WholeChildren);
        }
        let levers = &scenario.levers;
        let relieves = levers.split_from.iter().any(Option::is_some)
            || levers.rebalance.iter().any(Option::is_some)
            || levers.merge_below.iter().any(Option::is_some);
        if relieves {
            return Err(Unfit::Relief);
        }
        if !scenario.rules.closing.is_empty() {
            return Err(Unfit::ClosingRules);
        }
        let mut draft = Draft::of_base_year(&scenario.city);
        let programmes = scenario
            .programmes
            .iter()
            .map(|programme| draft.add_programme(scenario, programme))
            .collect::<Result<Vec<_>, Unfit>>()?;
        let (stages, moved) = draft.sorted(&scenario.attendance);
        let programmes = programmes.into_iter().map(|p| p.renumbered(&moved)).collect();
        let fertile = |age: &usize| scenario.vital.fertility_pattern[*age] > 0.0;
        let last_fertile_age =
            (0..scenario.vital.fertility_pattern.len()).rfind(fertile).unwrap_or(0).max(18);
        let first_fertile_age =
            (0..scenario.vital.fertility_pattern.len()).find(fertile).unwrap_or(0);
        let mut areas_of_district = vec![Vec::new(); scenario.city.districts.len()];
        for (idx, area) in scenario.city.areas.iter().enumerate() {
            areas_of_district[area.district].push(idx);
        }
        Ok(Layout {
            city: Arc::clone(&scenario.city),
            stages,
            programmes,
            areas_of_district,
            first_fertile_age,
            last_fertile_age,
            tail: Tail::fitted(),
        })
    }

    /// Memory that the attendance of a block takes, people's and schools', bytes. It grows with the routes by which pupils may
    /// leave their area.
    pub fn attendance_bytes(&self) -> usize {
        let lanes = |stage: &StageLayout, n_lists: usize| {
            stage.base_pairs.len() * n_lists * size_of::<Lane>()
        };
        // Every grade and the base shares; the same again and this year's entrants for the stage whose schools run.
        let of_people = |stage: &StageLayout| lanes(stage, stage.stage.n_grades() + 1);
        let of_schools = |stage: &StageLayout| lanes(stage, stage.stage.n_grades() + 2);
        self.stages.iter().map(of_people).sum::<usize>()
            + self.stages.iter().map(of_schools).max().unwrap_or(0)
    }
}

/// Slots in the order in which they are found.
struct Draft<'a> {
    city: &'a City,
    slots: [Vec<Slot>; N_STAGES],
    /// Slot of every school that stands or will stand.
    at: BTreeMap<(usize, usize), usize>,
    n_sites: usize,
    /// Slots of base schools by register row.
    of_row: Vec<usize>,
}

impl<'a> Draft<'a> {
    fn of_base_year(city: &'a City) -> Self {
        let mut draft = Draft {
            city,
            slots: Default::default(),
            at: BTreeMap::new(),
            n_sites: city.sites.len(),
            of_row: Vec::new(),
        };
        for (row, school) in city.schools.iter().enumerate() {
            let stage = school.stage.idx();
            let slot = Slot { area: city.sites[school.site].area, base: Some(row) };
            draft.of_row.push(draft.slots[stage].len());
            draft.at.insert((school.site, stage), draft.slots[stage].len());
            draft.slots[stage].push(slot);
        }
        draft
    }

    /// The slot of a stage at a site, made where there is none.
    fn slot(&mut self, site: usize, stage: Stage, area: usize) -> usize {
        let slots = &mut self.slots[stage.idx()];
        *self.at.entry((site, stage.idx())).or_insert_with(|| {
            slots.push(Slot { area, base: None });
            slots.len() - 1
        })
    }

    fn place(&mut self, site: usize, stage: Stage, area: usize) -> Place {
        Place { site, stage, slot: self.slot(site, stage, area), target: None }
    }

    fn new_site(&mut self) -> usize {
        self.n_sites += 1;
        self.n_sites - 1
    }

    /// The slots of a programme, its single events first, as its expansion numbers its sites.
    fn add_programme(
        &mut self,
        scenario: &Scenario,
        programme: &Programme,
    ) -> Result<ProgrammeSlots, Unfit> {
        let mut slots = ProgrammeSlots::default();
        for planned in &programme.events {
            slots.planned.push(self.planned_places(&planned.kind, planned)?);
        }
        let rows = match &programme.placement {
            Placement::Explicit(rows) => rows.as_slice(),
            _ if programme.mix.iter().all(|&(_, count)| count <= 0) => &[],
            _ => return Err(Unfit::Unplaced),
        };
        for row in rows {
            let unit = &scenario.unit_types[row.unit];
            if unit.opens_all_grades && !unit.is_extension {
                return Err(Unfit::Events);
            }
            let site = row.site.unwrap_or_else(|| self.new_site());
            let places =
                unit.rooms.iter().map(|&(stage, _)| self.place(site, stage, row.area)).collect();
            slots.units.push(places);
        }
        Ok(slots)
    }

    fn planned_places(
        &mut self,
        kind: &PlannedKind,
        planned: &crate::event::PlannedEvent,
    ) -> Result<Vec<Place>, Unfit> {
        match kind {
            PlannedKind::Open { area, rooms, all_grades, .. } => {
                if *all_grades {
                    return Err(Unfit::Events);
                }
                let site = self.new_site();
                Ok(rooms.iter().map(|&(stage, _)| self.place(site, stage, *area)).collect())
            }
            PlannedKind::Close | PlannedKind::Merge { .. } | PlannedKind::Convert { .. } => {
                Err(Unfit::Events)
            }
            PlannedKind::Relocate { area, reuse, .. } => {
                let mut places = Vec::new();
                for concerned in &planned.schools {
                    let school = &self.city.schools[concerned.row];
                    let slot = self.of_row[concerned.row];
                    let slots = &mut self.slots[school.stage.idx()];
                    slots.push(Slot { area: *area, base: None });
                    let target = Some(slots.len() - 1);
                    places.push(Place { site: school.site, stage: school.stage, slot, target });
                    if let Some(reuse) = reuse {
                        let site = self.new_site();
                        places.push(self.place(site, reuse.stage, concerned.area));
                    }
                }
                Ok(places)
            }
            _ => Ok(planned
                .schools
                .iter()
                .map(|concerned| {
                    let school = &self.city.schools[concerned.row];
                    let slot = self.of_row[concerned.row];
                    Place { site: school.site, stage: school.stage, slot, target: None }
                })
                .collect()),
        }
    }

    /// The slots of every stage by pool, and for each stage the new number of every slot.
    fn sorted(self, flows: &[AttendanceFlow]) -> ([StageLayout; N_STAGES], [Vec<usize>; N_STAGES]) {
        let mut moved: [Vec<usize>; N_STAGES] = Default::default();
        let stages = Stage::ALL.map(|stage| {
            let slots = &self.slots[stage.idx()];
            let pool_of = |slot: &Slot| self.city.pool_of_area[stage.idx()][slot.area];
            let mut order: Vec<usize> = (0..slots.len()).collect();
            order.sort_by_key(|&slot| (pool_of(&slots[slot]), slot));
            moved[stage.idx()] = vec![0; slots.len()];
            for (position, &slot) in order.iter().enumerate() {
                moved[stage.idx()][slot] = position;
            }
            let slots: Vec<Slot> = order.iter().map(|&slot| slots[slot]).collect();
            let pools: Vec<usize> = slots.iter().map(pool_of).collect();
            StageLayout::new(self.city, flows, (stage, slots), &pools)
        });
        (stages, moved)
    }
}

impl StageLayout {
    fn new(
        city: &City,
        flows: &[AttendanceFlow],
        (stage, slots): (Stage, Vec<Slot>),
        pools: &[usize],
    ) -> Self {
        let n_pools = city.pools[stage.idx()].len();
        let pool_start: Vec<usize> =
            (0..=n_pools).map(|pool| pools.partition_point(|&p| p < pool)).collect();
        let n_grades = stage.n_grades();
        let mut base_pupils = vec![0.0; n_grades * n_pools];
        let mut base_rooms_a_grade = vec![0.0; n_pools];
        for school in city.schools.iter().filter(|school| school.stage == stage) {
            let pool = city.pool_of_area[stage.idx()][city.sites[school.site].area];
            for g in 0..n_grades {
                base_pupils[g * n_pools + pool] += school.pupils[g];
            }
            let rooms = f64::from(school.rooms_total - school.rooms_reserved);
            base_rooms_a_grade[pool] += rooms / n_grades as f64;
        }
        let rooms_and_row = |slot: &Slot| {
            let school = slot.base.map(|row| (&city.schools[row], row as f64));
            school.map_or((0.0, 0.0), |(school, row)| {
                (f64::from((school.rooms_total - school.rooms_reserved).max(0)), row)
            })
        };
        let entry_capacity = city.years().flat_map(|year| {
            slots.iter().map(rooms_and_row).map(move |(rooms, row)| {
                entry_rooms(rooms, 0.0, row, f64::from(year), n_grades as f64).2 as f32
            })
        });
        let entry_capacity: Vec<f32> = entry_capacity.collect();
        let near = NearPools::new(city, stage);
        let (base_pairs, refuge) = base_pairs(city, flows, &near, stage, &base_rooms_a_grade);
        let rows = StageRows { rows: (0..slots.len()).collect(), pool_start: pool_start.clone() };
        StageLayout {
            stage,
            n_pools,
            slots,
            pool_start,
            rows,
            near,
            base_pairs,
            refuge,
            base_pupils,
            base_rooms_a_grade,
            entry_capacity,
        }
    }
}

/// Every pair of area and column that base shares can have, whatever the shares of the flows are; and for the areas one of
/// whose pools has no places their refuge, the pool with most places in the district, then in the city.
fn base_pairs(
    city: &City,
    flows: &[AttendanceFlow],
    near: &NearPools,
    stage: Stage,
    rooms: &[f64],
) -> (Pairs, Vec<Option<usize>>) {
    let pool_of_area = &city.pool_of_area[stage.idx()];
    let mut pairs: Vec<Pair> =
        pool_of_area.iter().enumerate().map(|(area, &pool)| Pair::of(area, pool)).collect();
    for flow in flows.iter().filter(|flow| flow.stage == stage) {
        for (origin, destinations) in &flow.routes {
            pairs.extend(destinations.iter().map(|&d| Pair::of(*origin, pool_of_area[d])));
        }
    }
    let rooms_of = |pool: usize| rooms[pool];
    let of_city = most_of(0..rooms.len(), rooms_of).unwrap_or(rooms.len());
    let mut refuge = vec![None; city.areas.len()];
    for pair in pairs.iter().filter(|pair| rooms[pair.column()] <= 0.0) {
        let near = near.of(pool_of_area[pair.area()]);
        refuge[pair.area()] = most_of(near.iter().copied(), rooms_of).or(Some(of_city));
    }
    let of_area = |(area, column): (usize, &Option<usize>)| Some(Pair::of(area, (*column)?));
    pairs.extend(refuge.iter().enumerate().filter_map(of_area));
    (Pairs::new(city.areas.len(), rooms.len() + 1, pairs), refuge)
}

impl ProgrammeSlots {
    fn renumbered(mut self, moved: &[Vec<usize>; N_STAGES]) -> Self {
        for place in self.planned.iter_mut().chain(&mut self.units).flatten() {
            let moved = &moved[place.stage.idx()];
            place.slot = moved[place.slot];
            place.target = place.target.map(|target| moved[target]);
        }
        self
    }
}
