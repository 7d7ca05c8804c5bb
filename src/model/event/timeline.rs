//! The planned events of all programmes in the order of their dates: which schools each finds, and what speaks against it.
//!
//! In: a city, its programmes, and how each event finds its schools. Out: the schools of each event as those before it leave
//! them, and objections: it happens to a school that has ended by then, or takes more rooms than are left. A rule of choice
//! passes over schools to which the event cannot happen.

use crate::city::{City, School};
use crate::numeric::sum;
use crate::units::Year;

use super::objection::{ExtendsEnded, Objection, When};
use super::planned::{
    Choice, Concerned, Opening, PickRule, Placement, PlannedEvent, PlannedKind, Programme, Receiver,
};
use super::standing::{self, Standing, can_happen, happen, note_restored, restore};

/// What planned events come to before any run.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// By programme and event: the schools that it changes, in the order of its rule.
    pub schools: Vec<Vec<Vec<Concerned>>>,
    /// In the order of dates.
    pub objections: Vec<(When, Objection)>,
    /// In the order of the programmes and their units.
    pub units: Vec<ExtendsEnded>,
}

/// What happens in the order of dates: its year, its rank in the year, the programme, and its event. Without a rank that ends
/// then: rooms that were out of use come back before anything else of the year.
type Dated = (Year, Option<u8>, usize, usize);

/// Follows all planned events. `choices` are by programme and event.
pub fn follow(city: &City, programmes: &[Programme], choices: &[Vec<Choice>]) -> Timeline {
    let mut timeline = Timeline {
        schools: programmes.iter().map(|p| vec![Vec::new(); p.events.len()]).collect(),
        ..Timeline::default()
    };
    let mut standing = standing::of_base_year(city);
    for (year, rank, p, e) in in_order(programmes) {
        let (event, schools) = (&programmes[p].events[e], &mut timeline.schools[p][e]);
        if rank.is_none() {
            restore(event, schools, &mut standing);
            continue;
        }
        let now = When { programme: p, event: e, year };
        let rows = found(city, event, &choices[p][e], (&standing, year));
        let before = [
            (year > city.horizon).then_some(Objection::BeyondHorizon),
            found_too_few(city, event, &choices[p][e], rows.len()),
            merges_too_early(programmes, event, year),
        ];
        let mut objections: Vec<Objection> = before.into_iter().flatten().collect();
        let n = rows.len();
        for (position, &row) in rows.iter().enumerate() {
            let Standing { rooms, reserved, area, .. } = standing[row];
            schools.push(Concerned { row, rooms, reserved, area });
            let refused = happen(city, event, (row, position, n), now, &mut standing);
            if let PlannedKind::Reserve { until: Some(until), .. } = event.kind {
                note_restored(&mut standing[row], now, until + programmes[p].delay_years);
            }
            if let Err(objection) = refused {
                objections.push(objection);
                break;
            }
        }
        timeline.objections.extend(objections.into_iter().map(|objection| (now, objection)));
    }
    for (p, programme) in programmes.iter().enumerate() {
        timeline.units.extend(extends_ended(city, (p, programme), &standing));
    }
    timeline
}

/// All planned events, and the ends of those that end, in the order of dates.
fn in_order(programmes: &[Programme]) -> Vec<Dated> {
    let mut order: Vec<Dated> = Vec::new();
    for (p, programme) in programmes.iter().enumerate() {
        for (e, event) in programme.events.iter().enumerate() {
            let lag = if event.kind.is_built() { programme.lag_years } else { 0 };
            let year = event.year + programme.delay_years + lag;
            order.push((year, Some(event.kind.rank()), p, e));
            if let PlannedKind::Reserve { until: Some(until), .. } = event.kind {
                order.push((until + programme.delay_years, None, p, e));
            }
        }
    }
    order.sort_unstable();
    order
}

/// A merger into a site that opens only after it.
fn merges_too_early(
    programmes: &[Programme],
    event: &PlannedEvent,
    year: Year,
) -> Option<Objection> {
    let PlannedKind::Merge { into: Receiver::Opened(Opening { programme, event }) } = event.kind
    else {
        return None;
    };
    let of = programmes.get(programme)?;
    let opens = of.events.get(event)?.year + of.delay_years + of.lag_years;
    let opening = When { programme, event, year: opens };
    (opens > year).then_some(Objection::MergesTooEarly { opening })
}

/// A rule of choice that finds fewer schools than it should, where there are schools for it at all.
fn found_too_few(
    city: &City,
    event: &PlannedEvent,
    choice: &Choice,
    found: usize,
) -> Option<Objection> {
    let Choice::Pick { rule, count, areas } = choice else { return None };
    let there = city.schools.iter().filter(|school| fits(city, event, areas, school)).count();
    if there == 0 {
        None
    } else if found == 0 {
        Some(Objection::FoundNone { there })
    } else {
        (found < *count && *rule != PickRule::All)
            .then_some(Objection::FoundFewer { expected: *count, found })
    }
}

/// Explicit extensions of schools that have ended when they open.
fn extends_ended(
    city: &City,
    (idx, programme): (usize, &Programme),
    standing: &[Standing],
) -> Vec<ExtendsEnded> {
    let Placement::Explicit(units) = &programme.placement else { return Vec::new() };
    let late = units.iter().filter_map(|unit| {
        let (site, opens) = (unit.site?, unit.year + programme.delay_years + programme.lag_years);
        let mut of_site = city.schools.iter().zip(standing).filter(|(s, _)| s.site == site);
        let ended = of_site.find_map(|(_, left)| left.ended.filter(|end| end.year <= opens))?;
        Some(ExtendsEnded { programme: idx, site, opens, ended })
    });
    late.collect()
}

/// Schools that events concern: new sites, named sites once each, and as many as are to be picked.
pub fn n_schools(events: &[PlannedEvent], choices: &[Choice]) -> usize {
    let mut named: Vec<usize> = Vec::new();
    let mut others = 0;
    for (event, choice) in events.iter().zip(choices) {
        match choice {
            Choice::NewSite => others += 1,
            Choice::Site(site) if named.contains(site) => {}
            Choice::Site(site) => named.push(*site),
            Choice::Pick { rule: PickRule::All, .. } => others += event.schools.len(),
            Choice::Pick { count, .. } => others += count,
        }
    }
    named.len() + others
}

/// The schools of an event, in the order of its rule.
fn found(
    city: &City,
    event: &PlannedEvent,
    choice: &Choice,
    (standing, year): (&[Standing], Year),
) -> Vec<usize> {
    let all = 0..city.schools.len();
    match choice {
        Choice::NewSite => Vec::new(),
        Choice::Site(site) => {
            let is_there = |row: &usize| {
                let school = &city.schools[*row];
                school.site == *site && event.stage.is_none_or(|stage| school.stage == stage)
            };
            all.filter(is_there).collect()
        }
        Choice::Pick { rule, count, areas } => {
            let may_be_picked = |row: &usize| {
                fits(city, event, areas, &city.schools[*row])
                    && can_happen(city, &event.kind, *row, year, &standing[*row])
            };
            let mut rows: Vec<usize> = all.filter(may_be_picked).collect();
            let key = |row: usize| {
                let school = &city.schools[row];
                let pupils = sum(school.pupils);
                let fullness = pupils / f64::from(standing[row].rooms.max(1));
                match rule {
                    PickRule::Largest => -pupils,
                    PickRule::Smallest => pupils,
                    PickRule::Fullest => -fullness,
                    PickRule::Emptiest => fullness,
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

/// Whether a school has the stage of an event and stands in one of these areas.
fn fits(city: &City, event: &PlannedEvent, areas: &[usize], school: &School) -> bool {
    event.stage.is_none_or(|stage| school.stage == stage)
        && areas.contains(&city.sites[school.site].area)
}
