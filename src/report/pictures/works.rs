//! Charts of what is built: investment by year, and what opens when.

use crate::event::{Event, EventKind};

use super::super::chart::{investment as money, timeline as works};
use super::{Drawn, Look, Named, caption, named, pick, plan, years};

/// Events that happen, in their order.
fn happened<'a>(drawn: &'a Drawn) -> impl Iterator<Item = &'a Event> {
    let is_ignored = |idx: &usize| drawn.run.schools.ignored.contains(idx);
    let events = &drawn.run.events;
    (0..events.len()).filter(move |idx| !is_ignored(idx)).map(move |idx| &events[idx])
}

/// Investment by year and programme; `None` where nothing is built.
pub(super) fn investment(drawn: &Drawn, look: &Look) -> Option<Named> {
    let scenario = drawn.scenario;
    let years = years(&scenario.city);
    let series = |(idx, programme): (usize, &crate::event::Programme)| {
        let mut yuan = vec![0.0; years.len()];
        for event in happened(drawn).filter(|event| event.programme == Some(idx)) {
            for year in event.booked_years() {
                if let Some(year_idx) = years.iter().position(|&y| y == year) {
                    yuan[year_idx] += event.booked_yuan();
                }
            }
        }
        money::Series { name: pick(&programme.title, look.lang), stage: None, yuan }
    };
    let series: Vec<money::Series> = scenario.programmes.iter().enumerate().map(series).collect();
    if series.is_empty() {
        return None;
    }
    let input = money::Input {
        caption: caption(scenario, true, look),
        years: years.clone(),
        series,
        plan: plan(scenario, look.lang),
    };
    Some(named("investment", money::draw(&input, look.lang)))
}

/// What opens and closes when; `None` where nothing does.
pub(super) fn timeline(drawn: &Drawn, look: &Look) -> Option<Named> {
    let (scenario, city) = (drawn.scenario, &*drawn.scenario.city);
    let row = |event: &Event| {
        let kind = match event.kind {
            EventKind::Open { .. } => works::Kind::NewSchool,
            EventKind::Extend(rooms) if rooms >= 0 => works::Kind::Extension,
            EventKind::Relocate { .. } => works::Kind::Relocation,
            EventKind::Convert { .. } => works::Kind::Conversion,
            EventKind::Close | EventKind::Merge { .. } => works::Kind::Closing,
            EventKind::Extend(_)
            | EventKind::Reserve { .. }
            | EventKind::Restore(_)
            | EventKind::Upgrade { .. } => return None,
        };
        let programme = event.programme.map(|idx| &scenario.programmes[idx].title);
        let rooms = f64::from(event.rooms_net.abs());
        let standard = scenario.thresholds.at(event.year).room_standard(event.stage);
        Some(works::Event {
            programme: programme.map_or_else(String::new, |title| pick(title, look.lang)),
            name: drawn.run.sites[event.site].name.clone(),
            district: pick(&city.districts[city.areas[event.area].district].name, look.lang),
            stage: event.stage,
            kind,
            starts: (event.begun < event.year).then_some(event.begun),
            opens: event.year,
            rooms,
            seats: rooms * standard,
            count: 1,
        })
    };
    let events: Vec<works::Event> = happened(drawn).filter_map(row).collect();
    if events.is_empty() {
        return None;
    }
    let input = works::Input {
        caption: caption(scenario, true, look),
        events,
        plan: plan(scenario, look.lang),
    };
    Some(named("timeline", works::draw(&input, look.lang)))
}
