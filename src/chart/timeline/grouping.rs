//! Events in rows: each its own, or by programme, district and stage, so that few enough rows stand there.

use super::super::text::{clean, fit};
use super::super::theme::SMALL;
use super::super::{Lang, Stage, stage_name};
use super::{Event, Input};
use std::collections::BTreeMap;

/// Most rows.
const MOST: usize = 24;
/// Widest name of a programme, with and without a district behind it.
const PROGRAMME: (f64, f64) = (180.0, 310.0);
/// Widest name of a district beside other names.
const DISTRICT: f64 = 105.0;

/// The rows of a chart.
pub(super) struct Grouped<'a> {
    pub rows: Vec<Row<'a>>,
}

/// One row: its name and what happens in it.
pub(super) struct Row<'a> {
    pub name: String,
    pub events: Vec<&'a Event>,
}

impl Row<'_> {
    pub fn units(&self) -> u64 {
        self.events.iter().map(|event| event.units()).sum()
    }
}

/// What the events of a row have in common: programme, district, stage.
type Shared = (bool, bool, bool);

/// From fine to coarse; stages are told apart by colour within a row as well.
const GROUPINGS: [Shared; 6] = [
    (true, true, true),
    (false, true, true),
    (false, true, false),
    (true, false, true),
    (true, false, false),
    (false, false, true),
];

/// The events in at most [`MOST`] rows: each in a row of its own, by year of opening, or the finest grouping
/// that is small enough.
pub(super) fn group<'a>(input: &'a Input, lang: Lang) -> Grouped<'a> {
    if input.events.len() <= MOST {
        return Grouped { rows: one_each(input, lang) };
    }
    let (programmes, districts) = (
        first_places(input.events.iter().map(|event| event.programme.as_str())),
        first_places(input.events.iter().map(|event| event.district.as_str())),
    );
    let grouped = |shared: Shared| {
        let mut rows: BTreeMap<(usize, usize, Option<Stage>), Vec<&Event>> = BTreeMap::new();
        for event in &input.events {
            let place = |places: &BTreeMap<&str, usize>, name: &str, is_used: bool| {
                places.get(name).copied().filter(|_| is_used).unwrap_or(0)
            };
            let key = (
                place(&programmes, &event.programme, shared.0),
                place(&districts, &event.district, shared.1),
                shared.2.then_some(event.stage),
            );
            rows.entry(key).or_default().push(event);
        }
        rows
    };
    let coarsest = GROUPINGS[GROUPINGS.len() - 1];
    let found = GROUPINGS.into_iter().find(|shared| grouped(*shared).len() <= MOST);
    let shared = found.unwrap_or(coarsest);
    // What all rows have in common is not written in each.
    let is_told = (shared.0 && programmes.len() > 1, shared.1 && districts.len() > 1, shared.2);
    let rows = grouped(shared).into_values().map(|events| {
        let name = events.first().map_or(String::new(), |event| name(event, is_told, lang));
        Row { name, events }
    });
    Grouped { rows: rows.collect() }
}

/// Each event in a row of its own, by year of opening.
fn one_each(input: &Input, lang: Lang) -> Vec<Row<'_>> {
    let mut events: Vec<&Event> = input.events.iter().collect();
    events.sort_by_key(|event| event.opens);
    let row = |event: &'_ Event| {
        let own = clean(&event.name, lang);
        match own.is_empty() {
            true => name(event, (event.district.trim().is_empty(), true, true), lang),
            false => match lang {
                Lang::Zh => format!("{own}（{}）", stage_name(event.stage, lang)),
                Lang::En => format!("{own} ({})", stage_name(event.stage, lang)),
            },
        }
    };
    events.into_iter().map(|event| Row { name: row(event), events: vec![event] }).collect()
}

fn name(event: &Event, told: Shared, lang: Lang) -> String {
    // Short enough that all parts stand on two lines, so that no two rows are named alike.
    let short = |part: &str, widest: f64| fit(part, lang, SMALL, false, widest);
    let parts = [
        (told.0, short(&event.programme, if told.1 { PROGRAMME.0 } else { PROGRAMME.1 })),
        (told.1, short(&event.district, DISTRICT)),
        (told.2, stage_name(event.stage, lang).to_owned()),
    ];
    let told = parts.into_iter().filter(|(is_told, part)| *is_told && !part.is_empty());
    let told: Vec<String> = told.map(|(_, part)| part).collect();
    told.join(lang.pick(" ", ", "))
}

/// The place of each name among those different, in the order in which they first stand.
fn first_places<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut places = BTreeMap::new();
    for name in names {
        let next = places.len();
        places.entry(name).or_insert(next);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::stages;
    use super::super::Kind;
    use super::*;

    fn input(programmes: usize, districts: usize, stages: &[Stage], each: usize) -> Input {
        let mut events = Vec::new();
        for p in 0..programmes {
            for d in 0..districts {
                for &stage in stages {
                    events.extend((0..each).map(|i| Event {
                        programme: format!("P{p}"),
                        name: String::new(),
                        district: format!("D{d}"),
                        stage,
                        kind: Kind::NewSchool,
                        starts: None,
                        opens: 2025 + i as i32,
                        rooms: 24.0,
                        seats: f64::NAN,
                        count: 1,
                    }));
                }
            }
        }
        Input { caption: Default::default(), events, plan: None }
    }

    #[test]
    fn the_finest_grouping_that_is_small_enough_is_taken() {
        let (primary, junior, senior) = (stages::primary(), stages::junior(), stages::senior());
        let rows = |input: &Input| -> Vec<String> {
            group(input, Lang::En).rows.into_iter().map(|row| row.name).collect()
        };
        // 24 events stand alone; 25 of one district and stage are one row.
        assert_eq!(rows(&input(1, 2, &[primary, junior], 6)).len(), 24);
        assert_eq!(rows(&input(1, 1, &[primary], 25)), ["primary"]);
        // 11 districts of two stages are 22 rows, of three 33, so that they stand by district alone.
        let two = rows(&input(1, 11, &[primary, junior], 2));
        assert_eq!((two.len(), two[1].as_str()), (22, "D0, junior"));
        let three = rows(&input(1, 11, &[primary, junior, senior], 2));
        assert_eq!((three.len(), three[1].as_str()), (11, "D1"));
        // Too many districts: by programme and stage; too many of both: by stage.
        assert_eq!(rows(&input(2, 40, &[primary, senior], 1))[1], "P0, senior");
        assert_eq!(rows(&input(30, 30, &[primary, senior], 1)), ["primary", "senior"]);
    }
}
