//! Single events of a programme: the schools that a rule picks, and what each event becomes at its site.

use crate::axes::Stage;
use crate::city::Site;
use crate::event::{Event, EventKind, PickRule, PlannedEvent, PlannedKind, Programme, Target};
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

use super::Expansion;
use super::placement::Planner;

/// Expands the planned events of one programme; its investment is shared evenly over them unless it has units too.
pub(super) fn expand(
    scenario: &Scenario,
    programme_idx: usize,
    planner: &mut Planner,
    expansion: &mut Expansion,
) {
    let programme = &scenario.programmes[programme_idx];
    let first = expansion.events.len();
    for planned in &programme.events {
        match &planned.kind {
            PlannedKind::Open { area, rooms, all_grades, name } => {
                let key = format!("{}-{}", programme.key, planned.key);
                let site = new_site(expansion, key, name.clone(), *area, &programme.key);
                for &(stage, rooms) in rooms {
                    planner.add_rooms(stage, *area, f64::from(rooms));
                    let kind = EventKind::Open { rooms, all_grades: *all_grades, quality: 0.0 };
                    push(expansion, programme, programme_idx, planned.year + 1, site, stage, kind, rooms);
                }
            }
            _ => expand_at_schools(scenario, programme_idx, planned, planner, expansion),
        }
    }
    let events = &mut expansion.events[first..];
    if let (Some(investment), true) = (programme.investment_yuan, programme.mix.is_empty()) {
        let built = events.iter().filter(|event| !is_reuse(event, &expansion.sites)).count();
        for event in events.iter_mut().filter(|event| !is_reuse(event, &expansion.sites)) {
            event.investment_yuan = investment * programme.cost_ratio / built as f64;
        }
    }
}

/// Whether an event re-opens the old campus of a relocated school, whose cost is not in the plan.
fn is_reuse(event: &Event, sites: &[Site]) -> bool {
    sites[event.site].key.ends_with("-old-campus")
}

/// Events at schools of the base year.
fn expand_at_schools(
    scenario: &Scenario,
    programme_idx: usize,
    planned: &PlannedEvent,
    planner: &mut Planner,
    expansion: &mut Expansion,
) {
    let programme = &scenario.programmes[programme_idx];
    let city = &*scenario.city;
    let schools = targets(scenario, planned);
    if schools.is_empty() {
        expansion.notes.push(format!(
            "{}.events.{}: no school of the base year fits; nothing happens",
            programme.key, planned.key
        ));
    }
    for (position, &row) in schools.iter().enumerate() {
        let school = &city.schools[row];
        let (site, stage) = (school.site, school.stage);
        let old_area = city.sites[site].area;
        let usable = school.rooms_total - school.rooms_reserved;
        let year = planned.year;
        match &planned.kind {
            PlannedKind::Extend { rooms } => {
                planner.add_rooms(stage, old_area, f64::from(*rooms));
                let kind = EventKind::Extend(*rooms);
                push(expansion, programme, programme_idx, year + 1, site, stage, kind, *rooms);
            }
            PlannedKind::Relocate { area, rooms_added, reuse } => {
                let added = share_of(*rooms_added, schools.len(), position);
                let kind = EventKind::Relocate { area: *area, rooms: school.rooms_total + added };
                planner.add_rooms(stage, old_area, -f64::from(usable));
                planner.add_rooms(stage, *area, f64::from(usable + added));
                push(expansion, programme, programme_idx, year + 1, site, stage, kind, added);
                if let Some(reuse) = reuse {
                    let key = format!("{}-old-campus", city.sites[site].key);
                    let name = format!("{}老校区", city.sites[site].name);
                    let rooms = reuse.rooms.min(school.rooms_total);
                    let old = new_site(expansion, key, name, old_area, &programme.key);
                    planner.add_rooms(reuse.stage, old_area, f64::from(rooms));
                    let opens = year + 1 + reuse.years_later;
                    let kind = EventKind::Open { rooms, all_grades: false, quality: 0.0 };
                    push(expansion, programme, programme_idx, opens, old, reuse.stage, kind, rooms);
                }
            }
            PlannedKind::Convert { to, rooms } => {
                let rooms = rooms.unwrap_or(usable).min(usable);
                planner.add_rooms(stage, old_area, -f64::from(rooms));
                planner.add_rooms(*to, old_area, f64::from(rooms));
                let kind = EventKind::Convert { to: *to, rooms };
                push(expansion, programme, programme_idx, year, site, stage, kind, -rooms);
            }
            PlannedKind::Close => {
                planner.add_rooms(stage, old_area, -f64::from(usable));
                push(expansion, programme, programme_idx, year, site, stage, EventKind::Close, -usable);
            }
            PlannedKind::Merge { into } => {
                planner.add_rooms(stage, old_area, -f64::from(usable));
                let kind = EventKind::Merge(*into);
                push(expansion, programme, programme_idx, year, site, stage, kind, -usable);
            }
            PlannedKind::Upgrade { quality } => {
                let kind = EventKind::Upgrade(*quality);
                push(expansion, programme, programme_idx, year, site, stage, kind, 0);
            }
            PlannedKind::Reserve { share } => {
                let rooms = (f64::from(usable) * share).round() as i32;
                planner.add_rooms(stage, old_area, -f64::from(rooms));
                let kind = EventKind::Reserve(rooms);
                push(expansion, programme, programme_idx, year, site, stage, kind, -rooms);
            }
            PlannedKind::Open { .. } => {}
        }
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

fn new_site(
    expansion: &mut Expansion,
    key: String,
    name: String,
    area: usize,
    programme: &str,
) -> usize {
    expansion.sites.push(Site { key, name, area, origin: programme.to_string() });
    expansion.sites.len() - 1
}

/// Adds an event that takes effect in `year`, late by the programme's delay. Construction is booked the year before.
fn push(
    expansion: &mut Expansion,
    programme: &Programme,
    programme_idx: usize,
    year: Year,
    site: usize,
    stage: Stage,
    kind: EventKind,
    rooms_net: i32,
) {
    let year = year + programme.delay_years;
    let is_built = matches!(
        kind,
        EventKind::Open { .. } | EventKind::Extend(_) | EventKind::Relocate { .. }
    );
    expansion.events.push(Event {
        year,
        site,
        stage,
        kind,
        rooms_net,
        investment_yuan: 0.0,
        booked_year: if is_built { year - 1 } else { year },
        programme: Some(programme_idx),
    });
}
