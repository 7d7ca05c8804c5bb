//! Dated events of a scenario whose units have their places: pure numbers, the same code for a run and for every draw of a sweep.

use crate::axes::Stage;
use crate::city::{School, Site};
use crate::event::{
    Concerned, Event, EventKind, Opening, PlacedUnit, PlannedEvent, PlannedKind, Programme,
    Receiver, UnitType, share_of,
};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

/// Adds a site that a programme makes and returns its number.
pub(super) type NewSite<'a> = &'a mut dyn FnMut(&dyn Fn() -> Site) -> usize;

/// Sites that planned events open, and mergers into them. A merger may name a site that a later programme opens, so its receiver
/// is known when all events have been dated.
#[derive(Debug, Default)]
pub(super) struct Openings {
    opened: Vec<(Opening, usize)>,
    /// Index into the events.
    mergers: Vec<(usize, Opening)>,
}

impl Openings {
    /// Tells every merger into a new site the number of that site.
    pub(super) fn settle(&self, events: &mut [Event]) {
        for &(idx, opening) in &self.mergers {
            let receiver = self.opened.iter().find(|(of, _)| *of == opening);
            if let (Some(&(_, site)), EventKind::Merge { into, .. }) =
                (receiver, &mut events[idx].kind)
            {
                *into = site;
            }
        }
    }
}

/// The units of a programme in placement order, and how many of them are built.
pub(super) struct Units<'a> {
    /// Each with its position in the programme's list.
    pub rows: &'a [(usize, PlacedUnit)],
    pub n_built: usize,
    /// What unit costs are multiplied with to come to the published investment.
    pub cost_scale: f64,
}

/// Writes the events of one programme. Sites are numbered for all of its units, built or not, so that they have the same numbers
/// in every draw.
pub(super) struct Dater<'a, 'b> {
    scenario: &'a Scenario,
    programme: &'a Programme,
    programme_idx: usize,
    new_site: NewSite<'b>,
    openings: &'b mut Openings,
    events: &'b mut Vec<Event>,
}

impl<'a, 'b> Dater<'a, 'b> {
    pub(super) fn new(
        scenario: &'a Scenario,
        programme_idx: usize,
        new_site: NewSite<'b>,
        openings: &'b mut Openings,
        events: &'b mut Vec<Event>,
    ) -> Self {
        let programme = &scenario.programmes[programme_idx];
        Dater { scenario, programme, programme_idx, new_site, openings, events }
    }

    /// The single events, unit by unit: a unit is a new site, or an event at one school. The investment of the programme is
    /// shared evenly over the units unless it has a mix of unit types too; of the units, the delivered share is built, in file
    /// order.
    pub(super) fn planned(&mut self) {
        let programme = self.programme;
        let cost = match programme.investment_yuan {
            Some(investment) if programme.mix.is_empty() => {
                let n_units: usize = programme.events.iter().map(n_units_of).sum();
                if n_units > 0 { investment * programme.cost_ratio / n_units as f64 } else { 0.0 }
            }
            _ => 0.0,
        };
        for (event, (planned, n)) in delivered(programme).enumerate() {
            match planned.kind {
                PlannedKind::Open { .. } => self.open(planned, event, n > 0, cost),
                _ => self.at_schools(planned, n, cost),
            }
        }
    }

    /// A new site.
    fn open(&mut self, planned: &PlannedEvent, event: usize, is_built: bool, cost: f64) {
        let PlannedKind::Open { area, rooms, all_grades, name } = &planned.kind else { return };
        let origin = &self.programme.key;
        let site = (self.new_site)(&|| Site {
            key: format!("{origin}-{}", planned.key),
            name: name.clone(),
            area: *area,
            origin: origin.clone(),
        });
        self.openings.opened.push((Opening { programme: self.programme_idx, event }, site));
        if !is_built {
            return;
        }
        let all = sum(rooms.iter().map(|&(_, rooms)| f64::from(rooms)));
        for &(stage, rooms) in rooms {
            let kind = EventKind::Open { rooms, all_grades: *all_grades, quality: 0.0 };
            let cost = cost * f64::from(rooms) / all;
            self.push(planned.year, (site, *area, stage), kind, (rooms, rooms), cost);
        }
    }

    /// What happens at the first `n` schools of a planned event.
    fn at_schools(&mut self, planned: &PlannedEvent, n: usize, cost: f64) {
        let city = &self.scenario.city;
        for (position, &then) in planned.schools.iter().enumerate() {
            let school = &city.schools[then.row];
            if let PlannedKind::Relocate { .. } = planned.kind {
                self.relocate(planned, (school, then), position, position < n, cost);
            } else if position < n {
                let area = city.sites[school.site].area;
                let (kind, rooms) = change(&planned.kind, then, school.site);
                let at = (school.site, area, school.stage);
                if let EventKind::Reserve { rooms, until: Some(until) } = kind {
                    self.push(until, at, EventKind::Restore(rooms), (rooms, 0), 0.0);
                }
                if let PlannedKind::Merge { into: Receiver::Opened(opening) } = planned.kind {
                    self.openings.mergers.push((self.events.len(), opening));
                }
                self.push(planned.year, at, self.late(kind), rooms, cost);
            }
        }
    }

    /// An event as the programme's delay leaves it: the rooms of a reserve come back so much later too.
    fn late(&self, kind: EventKind) -> EventKind {
        match kind {
            EventKind::Reserve { rooms, until } => {
                let until = until.map(|year| year + self.programme.delay_years);
                EventKind::Reserve { rooms, until }
            }
            other => other,
        }
    }

    /// A school moves; its old campus may get another use, which costs nothing in the plan.
    fn relocate(
        &mut self,
        planned: &PlannedEvent,
        (school, then): (&School, Concerned),
        position: usize,
        is_built: bool,
        cost: f64,
    ) {
        let PlannedKind::Relocate { area, rooms_added, reuse } = &planned.kind else { return };
        let (site, sites) = (school.site, &self.scenario.city.sites);
        let added = share_of(*rooms_added, planned.schools.len(), position);
        if is_built {
            let kind = EventKind::Relocate { area: *area, rooms_added: added };
            let rooms = (added, then.rooms + then.reserved + added);
            self.push(planned.year, (site, sites[site].area, school.stage), kind, rooms, cost);
        }
        let Some(reuse) = reuse else { return };
        let origin = &self.programme.key;
        let old = (self.new_site)(&|| Site {
            key: format!("{}-old-campus", sites[site].key),
            name: format!("{}老校区", sites[site].name),
            area: then.area,
            origin: origin.clone(),
        });
        if is_built {
            let rooms = reuse.rooms.min(school.rooms_total);
            let kind = EventKind::Open { rooms, all_grades: false, quality: 0.0 };
            let year = planned.year + reuse.years_later;
            self.push(year, (old, then.area, reuse.stage), kind, (rooms, 0), 0.0);
        }
    }

    /// The units of a programme.
    pub(super) fn units(&mut self, units: &Units) {
        let types = &self.scenario.unit_types;
        for (n, (position, row)) in units.rows.iter().enumerate() {
            let unit = &types[row.unit];
            // An extension without a school is left out.
            if unit.is_extension && row.site.is_none() {
                continue;
            }
            let (programme, position) = (self.programme, position + 1);
            let site = row.site.unwrap_or_else(|| {
                (self.new_site)(&|| Site {
                    key: format!("{}-{position:03}", programme.key),
                    name: format!("{} {position:03}", programme.title.zh),
                    area: row.area,
                    origin: programme.key.clone(),
                })
            });
            if n < units.n_built {
                let cost = unit.cost_yuan * units.cost_scale * programme.cost_ratio;
                let area = match row.site {
                    Some(site) => self.scenario.city.sites[site].area,
                    None => row.area,
                };
                self.unit(unit, (site, area), row.year, cost);
            }
        }
    }

    /// The events of one unit: one for each of its stages, the cost shared by rooms, and one for its boarding places.
    fn unit(&mut self, unit: &UnitType, (site, area): (usize, usize), year: Year, cost: f64) {
        let all_rooms: i32 = unit.rooms.iter().map(|(_, rooms)| rooms).sum();
        for &(stage, rooms) in &unit.rooms {
            let kind = if unit.is_extension {
                EventKind::Extend(rooms)
            } else {
                EventKind::Open { rooms, all_grades: unit.opens_all_grades, quality: unit.quality }
            };
            let part = cost * f64::from(rooms) / f64::from(all_rooms.max(1));
            self.push(year, (site, area, stage), kind, (rooms, rooms), part);
        }
        if let (Some(&(stage, _)), true) = (unit.rooms.first(), unit.boarding_places > 0) {
            let kind = EventKind::Upgrade { quality: 0.0, boarding: unit.boarding_places };
            let opens = year + self.programme.lag_years;
            self.push(opens, (site, area, stage), kind, (0, 0), 0.0);
        }
    }

    /// Adds an event planned for `year`, late by the programme's delay. What is built begins in that year and opens after
    /// the construction lag; everything else takes effect in it.
    fn push(
        &mut self,
        year: Year,
        (site, area, stage): (usize, usize, Stage),
        kind: EventKind,
        (rooms_net, rooms_built): (i32, i32),
        investment_yuan: f64,
    ) {
        let begun = year + self.programme.delay_years;
        let lag = if kind.is_built() { self.programme.lag_years } else { 0 };
        self.events.push(Event {
            year: begun + lag,
            site,
            area,
            stage,
            kind,
            rooms_net,
            rooms_built,
            investment_yuan,
            begun,
            programme: Some(self.programme_idx),
        });
    }
}

/// Units of a planned event.
fn n_units_of(planned: &PlannedEvent) -> usize {
    match planned.kind {
        PlannedKind::Open { .. } => 1,
        _ => planned.schools.len(),
    }
}

/// The planned events of a programme, each with the number of its units that is built.
pub(super) fn delivered(programme: &Programme) -> impl Iterator<Item = (&PlannedEvent, usize)> {
    let n_units: usize = programme.events.iter().map(n_units_of).sum();
    let mut left = (n_units as f64 * programme.delivered_share).round() as usize;
    programme.events.iter().map(move |planned| {
        let n = n_units_of(planned).min(left);
        left -= n;
        (planned, n)
    })
}

/// What a planned event is at a school that stays where it stands; its net change of rooms, and those that are built.
/// The receiver of a merger into a site that opens is the site itself until [`Openings::settle`] names another.
fn change(kind: &PlannedKind, then: Concerned, site: usize) -> (EventKind, (i32, i32)) {
    let usable = then.rooms;
    match kind {
        PlannedKind::Extend { rooms } => (EventKind::Extend(*rooms), (*rooms, (*rooms).max(0))),
        PlannedKind::Convert { to, rooms } => {
            let n = converted(*rooms, usable);
            (EventKind::Convert { to: *to, rooms: *rooms }, (-n, 0))
        }
        PlannedKind::Merge { into } => {
            let (into, is_new) = match into {
                Receiver::Site(into) => (*into, false),
                Receiver::Opened(_) => (site, true),
            };
            (EventKind::Merge { into, is_new }, (-usable, 0))
        }
        PlannedKind::Upgrade { quality, boarding } => {
            (EventKind::Upgrade { quality: *quality, boarding: *boarding }, (0, 0))
        }
        PlannedKind::Reserve { part, until } => {
            let rooms = part.of(usable).min(usable);
            (EventKind::Reserve { rooms, until: *until }, (-rooms, 0))
        }
        PlannedKind::Close | PlannedKind::Open { .. } | PlannedKind::Relocate { .. } => {
            (EventKind::Close, (-usable, 0))
        }
    }
}

/// Rooms that a conversion takes of those that classes may use.
pub(super) fn converted(rooms: Option<i32>, usable: i32) -> i32 {
    rooms.unwrap_or(usable).min(usable)
}
