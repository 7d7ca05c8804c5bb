//! Inputs for the chart of what opens when: invented programmes.

use super::super::timeline::{Event, Input, Kind};
use super::super::{Lang, Stage};
use super::{DISTRICTS, caption, stages};

/// A unit with rooms for 45 pupils each.
pub(in super::super) fn event(stage: Stage, kind: Kind, opens: i32, rooms: f64) -> Event {
    Event {
        programme: String::new(),
        name: String::new(),
        district: String::new(),
        stage,
        kind,
        starts: Some(opens - 2),
        opens,
        rooms,
        seats: rooms * 45.0,
        count: 1,
    }
}

/// A few units, each with a name.
pub(in super::super) fn few(lang: Lang) -> Input {
    let unit = |zh: &str, en: &str, stage, kind, opens, rooms| Event {
        name: lang.pick(zh, en).to_owned(),
        programme: lang.pick("新建与改扩建", "New and extended schools").to_owned(),
        ..event(stage, kind, opens, rooms)
    };
    let events = vec![
        unit(
            "焦作一中新校区",
            "First school, new campus",
            stages::senior(),
            Kind::Relocation,
            2024,
            20.0,
        ),
        unit("迎宾路小学", "Yingbin Road school", stages::primary(), Kind::NewSchool, 2023, 36.0),
        unit(
            "示范区二中",
            "Second school of Shifan",
            stages::junior(),
            Kind::NewSchool,
            2025,
            30.0,
        ),
        unit("实验小学", "Experimental school", stages::primary(), Kind::Extension, 2022, 12.0),
        unit("人民路幼儿园", "Renmin Road", stages::kindergarten(), Kind::Conversion, 2026, 9.0),
        unit("西村小学", "Xicun", stages::primary(), Kind::Closing, 2027, 6.0),
        unit("武陟高中", "Wuzhi senior school", stages::senior(), Kind::NewSchool, 2026, 48.0),
    ];
    Input { caption: caption(lang), events, plan: super::oversized(lang).plan }
}

/// Schools of eleven districts and several stages, as a plan has them.
pub(in super::super) fn timeline(lang: Lang) -> Input {
    let stages = [stages::kindergarten(), stages::primary(), stages::junior(), stages::senior()];
    let rooms = [12.0, 36.0, 30.0, 48.0];
    let events = (0..89).map(|i: usize| {
        let (zh, en) = DISTRICTS[i * 7 % 11];
        let sort = [0, 1, 1, 2, 1, 0, 2, 3][i % 8];
        let kind = if i % 5 == 4 { Kind::Extension } else { Kind::NewSchool };
        let opens = 2022 + [0, 1, 1, 2, 2, 2, 3, 3, 4][i * 5 % 9];
        let size = if kind == Kind::Extension { rooms[sort] / 3.0 } else { rooms[sort] };
        Event {
            programme: lang.pick("新建改扩建八十九所", "89 schools").to_owned(),
            district: lang.pick(zh, en).to_owned(),
            ..event(stages[sort], kind, opens, size)
        }
    });
    Input { events: events.collect(), ..few(lang) }
}
