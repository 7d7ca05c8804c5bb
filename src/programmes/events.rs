//! Single events of a programme: what each becomes at its sites.

use std::sync::Arc;

use crate::axes::Stage;
use crate::city::{Name, School, Site};
use crate::event::{Concerned, Event, EventKind, PlannedEvent, PlannedKind, Programme, Reuse};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

use super::Expansion;
use super::placement::Planner;

/// Expands the planned events of one programme, unit by unit: a unit is a new site, or an event at one school. Its
/// investment is shared evenly over the units unless it has a mix of unit types too; of the units, the delivered share is
/// built, in file order.
pub(super) fn expand<'a>(
    scenario: &'a Scenario,
    programme_idx: usize,
    planner: &mut Planner<'a>,
    expansion: &mut Expansion,
) {
    let programme = &scenario.programmes[programme_idx];
    let units_of = |planned: &PlannedEvent| match planned.kind {
        PlannedKind::Open { .. } => 1,
        _ => planned.schools.len(),
    };
    let n_units: usize = programme.events.iter().map(units_of).sum();
    let mut left = (n_units as f64 * programme.delivered_share).round() as usize;
    let unit_cost = match programme.investment_yuan {
        Some(investment) if programme.mix.is_empty() && n_units > 0 => {
            investment * programme.cost_ratio / n_units as f64
        }
        _ => 0.0,
    };
    let mut expander =
        Expander { scenario, programme, programme_idx, unit_cost, planner, expansion };
    for planned in &programme.events {
        let n = units_of(planned);
        expander.expand_planned(planned, n.min(left));
        left -= n.min(left);
    }
}

struct Expander<'a, 'b> {
    scenario: &'a Scenario,
    programme: &'a Programme,
    programme_idx: usize,
    unit_cost: f64,
    planner: &'b mut Planner<'a>,
    expansion: &'b mut Expansion,
}

impl Expander<'_, '_> {
    /// The first `n` units of a planned event.
    fn expand_planned(&mut self, planned: &PlannedEvent, n: usize) {
        let PlannedKind::Open { area, rooms, all_grades, name } = &planned.kind else {
            return self.expand_at_schools(planned, n);
        };
        if n == 0 {
            return;
        }
        let key = format!("{}-{}", self.programme.key, planned.key);
        let site = self.new_site(key, name.clone(), *area);
        let all_rooms = sum(rooms.iter().map(|&(_, rooms)| f64::from(rooms)));
        for &(stage, rooms) in rooms {
            self.planner.add_rooms(stage, *area, f64::from(rooms));
            let kind = EventKind::Open { rooms, all_grades: *all_grades, quality: 0.0 };
            let cost = self.unit_cost * f64::from(rooms) / all_rooms;
            self.push(planned.year, (site, stage), kind, (rooms, rooms), cost);
        }
    }

    /// Events at schools of the base year.
    fn expand_at_schools(&mut self, planned: &PlannedEvent, n: usize) {
        let scenario = self.scenario;
        for (position, &concerned) in planned.schools.iter().take(n).enumerate() {
            let school = (&scenario.city.schools[concerned.row], concerned);
            match &planned.kind {
                PlannedKind::Relocate { area, rooms_added, reuse } => {
                    let added =
                        crate::event::share_of(*rooms_added, planned.schools.len(), position);
                    self.relocate(planned.year, school, *area, added, reuse.as_ref());
                }
                kind => {
                    self.change(planned.year, school, kind);
                    if matches!(kind, PlannedKind::Close | PlannedKind::Merge { .. }) {
                        self.planner.close(concerned.row);
                    }
                }
            }
        }
    }

    /// Everything that happens to a school where it stands.
    fn change(&mut self, year: Year, (school, then): (&School, Concerned), kind: &PlannedKind) {
        let (site, stage) = (school.site, school.stage);
        let (area, usable) = (then.area, then.rooms);
        let (kind, rooms_net, rooms_built) = match kind {
            PlannedKind::Extend { rooms } => (EventKind::Extend(*rooms), *rooms, *rooms),
            PlannedKind::Convert { to, rooms } => {
                let n = rooms.unwrap_or(usable).min(usable);
                self.planner.add_rooms(*to, area, f64::from(n));
                (EventKind::Convert { to: *to, rooms: *rooms }, -n, 0)
            }
            PlannedKind::Close => (EventKind::Close, -usable, 0),
            PlannedKind::Merge { into } => (EventKind::Merge(*into), -usable, 0),
            PlannedKind::Upgrade { quality, boarding } => {
                (EventKind::Upgrade { quality: *quality, boarding: *boarding }, 0, 0)
            }
            PlannedKind::Reserve { share } => {
                let rooms = crate::event::reserved_rooms(usable, *share);
                (EventKind::Reserve(rooms), -rooms, 0)
            }
            PlannedKind::Open { .. } | PlannedKind::Relocate { .. } => return,
        };
        self.planner.add_rooms(stage, area, f64::from(rooms_net));
        self.push(year, (site, stage), kind, (rooms_net, rooms_built), self.unit_cost);
    }

    /// A school moves; its old campus may get another use, which costs nothing in the plan.
    fn relocate(
        &mut self,
        year: Year,
        (school, then): (&School, Concerned),
        area: usize,
        added: i32,
        reuse: Option<&Reuse>,
    ) {
        let site = self.scenario.city.sites[school.site].clone();
        let usable = then.rooms;
        self.planner.add_rooms(school.stage, then.area, -f64::from(usable));
        self.planner.add_rooms(school.stage, area, f64::from(usable + added));
        let kind = EventKind::Relocate { area, rooms_added: added };
        let all = usable + then.reserved;
        let rooms = (added, all + added);
        let (key, built) = (&self.programme.key, rooms.1);
        self.expansion.notes.push(Name {
            zh: format!("{key}：{} 原有{all}间教室，迁入新建的{built}间，净增{added}间", site.key),
            en: format!(
                "{key}: {} moves with its {all} rooms into {built} that are built, {added} more than before",
                site.key
            ),
        });
        self.push(year, (school.site, school.stage), kind, rooms, self.unit_cost);
        if let Some(reuse) = reuse {
            let rooms = reuse.rooms.min(school.rooms_total);
            let key = format!("{}-old-campus", site.key);
            let old = self.new_site(key, format!("{}老校区", site.name), then.area);
            self.planner.add_rooms(reuse.stage, then.area, f64::from(rooms));
            let kind = EventKind::Open { rooms, all_grades: false, quality: 0.0 };
            self.push(year + reuse.years_later, (old, reuse.stage), kind, (rooms, 0), 0.0);
        }
    }

    fn new_site(&mut self, key: String, name: String, area: usize) -> usize {
        let origin = self.programme.key.clone();
        Arc::make_mut(&mut self.expansion.sites).push(Site { key, name, area, origin });
        self.expansion.sites.len() - 1
    }

    /// Adds an event planned for `year`, late by the programme's delay. What is built begins in that year and opens after
    /// the construction lag; everything else takes effect in it.
    fn push(
        &mut self,
        year: Year,
        place: (usize, Stage),
        kind: EventKind,
        (rooms_net, rooms_built): (i32, i32),
        investment_yuan: f64,
    ) {
        let begun = year + self.programme.delay_years;
        let lag = if kind.is_built() { self.programme.lag_years } else { 0 };
        self.expansion.events.push(Event {
            year: begun + lag,
            site: place.0,
            area: self.expansion.sites[place.0].area,
            stage: place.1,
            kind,
            rooms_net,
            rooms_built,
            investment_yuan,
            begun,
            programme: Some(self.programme_idx),
        });
    }
}
