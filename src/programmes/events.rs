//! Single events of a programme: the schools that a rule picks, and what each event becomes at its site.

use crate::axes::Stage;
use crate::city::{School, Site};
use crate::event::{
    Event, EventKind, PickRule, PlannedEvent, PlannedKind, Programme, Reuse, Target,
};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

use super::Expansion;
use super::placement::Planner;

/// Expands the planned events of one programme; its investment is shared evenly over them unless it has units too.
pub(super) fn expand<'a>(
    scenario: &'a Scenario,
    programme_idx: usize,
    planner: &mut Planner<'a>,
    expansion: &mut Expansion,
) {
    let programme = &scenario.programmes[programme_idx];
    let first = expansion.events.len();
    let n_delivered = (programme.events.len() as f64 * programme.delivered_share).round() as usize;
    let mut delivered_end = first;
    let mut expander = Expander { scenario, programme, programme_idx, planner, expansion };
    for (position, planned) in programme.events.iter().enumerate() {
        expander.expand_planned(planned);
        if position < n_delivered {
            delivered_end = expander.expansion.events.len();
        }
    }
    if let (Some(investment), true) = (programme.investment_yuan, programme.mix.is_empty()) {
        let sites = &expansion.sites;
        let pays = |event: &Event| !sites[event.site].key.ends_with(OLD_CAMPUS);
        let events = &mut expansion.events[first..];
        let built = events.iter().filter(|event| pays(event)).count();
        for event in events.iter_mut().filter(|event| pays(event)) {
            event.investment_yuan = investment * programme.cost_ratio / built as f64;
        }
    }
    expansion.events.truncate(delivered_end);
}

/// Ending of the key of a vacated campus, whose re-opening costs nothing in the plan.
const OLD_CAMPUS: &str = "-old-campus";

struct Expander<'a, 'b> {
    scenario: &'a Scenario,
    programme: &'a Programme,
    programme_idx: usize,
    planner: &'b mut Planner<'a>,
    expansion: &'b mut Expansion,
}

impl Expander<'_, '_> {
    fn expand_planned(&mut self, planned: &PlannedEvent) {
        let PlannedKind::Open { area, rooms, all_grades, name } = &planned.kind else {
            return self.expand_at_schools(planned);
        };
        let key = format!("{}-{}", self.programme.key, planned.key);
        let site = self.new_site(key, name.clone(), *area);
        for &(stage, rooms) in rooms {
            self.planner.add_rooms(stage, *area, f64::from(rooms));
            let kind = EventKind::Open { rooms, all_grades: *all_grades, quality: 0.0 };
            self.push(planned.year + 1, (site, stage), kind, rooms);
        }
    }

    /// Events at schools of the base year.
    fn expand_at_schools(&mut self, planned: &PlannedEvent) {
        let rows = targets(self.scenario, planned);
        if rows.is_empty() {
            self.expansion.notes.push(format!(
                "{}.events.{}: no school of the base year fits; nothing happens",
                self.programme.key, planned.key
            ));
        }
        let scenario = self.scenario;
        for (position, &row) in rows.iter().enumerate() {
            let school = &scenario.city.schools[row];
            match &planned.kind {
                PlannedKind::Relocate { area, rooms_added, reuse } => {
                    let added = share_of(*rooms_added, rows.len(), position);
                    self.relocate(planned.year, school, *area, added, reuse.as_ref());
                }
                kind => {
                    self.change(planned.year, school, kind);
                    if matches!(kind, PlannedKind::Close | PlannedKind::Merge { .. }) {
                        self.planner.close(row);
                    }
                }
            }
        }
    }

    /// Everything that happens to a school where it stands.
    fn change(&mut self, year: Year, school: &School, kind: &PlannedKind) {
        let (site, stage) = (school.site, school.stage);
        let area = self.scenario.city.sites[site].area;
        let usable = school.rooms_total - school.rooms_reserved;
        let (year, kind, rooms_net) = match kind {
            PlannedKind::Extend { rooms } => (year + 1, EventKind::Extend(*rooms), *rooms),
            PlannedKind::Convert { to, rooms } => {
                let rooms = rooms.unwrap_or(usable).min(usable);
                self.planner.add_rooms(*to, area, f64::from(rooms));
                (year, EventKind::Convert { to: *to, rooms }, -rooms)
            }
            PlannedKind::Close => (year, EventKind::Close, -usable),
            PlannedKind::Merge { into } => (year, EventKind::Merge(*into), -usable),
            PlannedKind::Upgrade { quality } => (year, EventKind::Upgrade(*quality), 0),
            PlannedKind::Reserve { share } => {
                let rooms = (f64::from(usable) * share).round() as i32;
                (year, EventKind::Reserve(rooms), -rooms)
            }
            PlannedKind::Open { .. } | PlannedKind::Relocate { .. } => return,
        };
        self.planner.add_rooms(stage, area, f64::from(rooms_net));
        self.push(year, (site, stage), kind, rooms_net);
    }

    /// A school moves; its old campus may get another use.
    fn relocate(
        &mut self,
        year: Year,
        school: &School,
        area: usize,
        added: i32,
        reuse: Option<&Reuse>,
    ) {
        let site = self.scenario.city.sites[school.site].clone();
        let usable = school.rooms_total - school.rooms_reserved;
        self.planner.add_rooms(school.stage, site.area, -f64::from(usable));
        self.planner.add_rooms(school.stage, area, f64::from(usable + added));
        let kind = EventKind::Relocate { area, rooms_added: added };
        self.push(year + 1, (school.site, school.stage), kind, added);
        if let Some(reuse) = reuse {
            let rooms = reuse.rooms.min(school.rooms_total);
            let key = format!("{}{OLD_CAMPUS}", site.key);
            let old = self.new_site(key, format!("{}老校区", site.name), site.area);
            self.planner.add_rooms(reuse.stage, site.area, f64::from(rooms));
            let kind = EventKind::Open { rooms, all_grades: false, quality: 0.0 };
            self.push(year + 1 + reuse.years_later, (old, reuse.stage), kind, rooms);
        }
    }

    fn new_site(&mut self, key: String, name: String, area: usize) -> usize {
        let origin = self.programme.key.clone();
        self.expansion.sites.push(Site { key, name, area, origin });
        self.expansion.sites.len() - 1
    }

    /// Adds an event that takes effect in `year`, late by the programme's delay. Construction is booked the year before.
    fn push(&mut self, year: Year, place: (usize, Stage), kind: EventKind, rooms_net: i32) {
        let year = year + self.programme.delay_years;
        let is_built = matches!(
            kind,
            EventKind::Open { .. } | EventKind::Extend(_) | EventKind::Relocate { .. }
        );
        self.expansion.events.push(Event {
            year,
            site: place.0,
            stage: place.1,
            kind,
            rooms_net,
            investment_yuan: 0.0,
            booked_year: if is_built { year - 1 } else { year },
            programme: Some(self.programme_idx),
        });
    }
}

/// The part of a whole that falls to one of `n`, the earlier ones first.
fn share_of(whole: i32, n: usize, position: usize) -> i32 {
    let n = n as i32;
    whole.div_euclid(n) + i32::from((position as i32) < whole.rem_euclid(n))
}

/// Rows of the base register that a planned event concerns, in the order of its rule.
fn targets(scenario: &Scenario, planned: &PlannedEvent) -> Vec<usize> {
    let city = &*scenario.city;
    let fits = |row: usize| planned.stage.is_none_or(|stage| city.schools[row].stage == stage);
    match &planned.target {
        None => Vec::new(),
        Some(Target::Site(site)) => {
            (0..city.schools.len()).filter(|&r| city.schools[r].site == *site && fits(r)).collect()
        }
        Some(Target::Pick { rule, count, areas }) => {
            let mut rows: Vec<usize> = (0..city.schools.len())
                .filter(|&r| fits(r) && areas.contains(&city.sites[city.schools[r].site].area))
                .collect();
            let key = |row: usize| {
                let school = &city.schools[row];
                let pupils = sum(school.pupils);
                match rule {
                    PickRule::Largest => -pupils,
                    PickRule::Smallest => pupils,
                    PickRule::Fullest => -pupils / f64::from(school.rooms_total.max(1)),
                    PickRule::Weakest => school.quality,
                    PickRule::All => 0.0,
                }
            };
            rows.sort_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
            if *rule != PickRule::All {
                rows.truncate(*count);
            }
            rows
        }
    }
}
