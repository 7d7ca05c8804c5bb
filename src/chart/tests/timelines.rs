//! The chart of what opens when.

use super::super::Lang;
use super::super::samples::stages;
use super::super::samples::timelines::{self, event};
use super::super::timeline::{self, Event, Kind};
use super::{check, long_name};

/// Checks both samples with a change made to every event.
fn check_events(case: &str, change: &dyn Fn(usize, &mut Event)) {
    for (size, sample) in [("few", timelines::few as fn(Lang) -> _), ("many", timelines::timeline)]
    {
        check(&format!("timeline {case} {size}"), |lang| {
            let mut input = sample(lang);
            input.events.iter_mut().enumerate().for_each(|(i, event)| change(i, event));
            timeline::draw(&input, lang)
        });
    }
}

#[test]
fn timelines_hold() {
    const KINDS: [Kind; 5] =
        [Kind::NewSchool, Kind::Extension, Kind::Relocation, Kind::Conversion, Kind::Closing];
    check_events("ordinary", &|_, _| {});
    check_events("no rooms", &|_, e| (e.rooms, e.seats) = (f64::NAN, f64::NAN));
    check_events("zero", &|_, e| (e.rooms, e.seats) = (0.0, 0.0));
    check_events("endless", &|_, e| (e.rooms, e.seats) = (f64::INFINITY, f64::NEG_INFINITY));
    check_events("largest", &|_, e| (e.rooms, e.count) = (f64::MAX, u32::MAX));
    check_events("negative", &|_, e| (e.rooms, e.seats) = (-e.rooms, -e.seats));
    check_events("rooms alone", &|_, e| e.seats = f64::NAN);
    check_events("all kinds", &|i, e| e.kind = KINDS[i % 5]);
    check_events("closings", &|_, e| e.kind = Kind::Closing);
    check_events("no start", &|_, e| e.starts = None);
    check_events("late start", &|_, e| e.starts = Some(e.opens + 5));
    check_events("one year", &|_, e| (e.starts, e.opens) = (None, 2030));
    check_events("many years", &|i, e| (e.starts, e.opens) = (None, 1950 + i as i32 * 2));
    check_events("odd years", &|i, e| {
        e.opens = if i % 2 == 0 { i32::MIN } else { i32::MAX };
        e.starts = Some(i32::MIN);
    });
    check_events("no words", &|_, e| {
        (e.programme, e.name, e.district) = (String::new(), String::new(), " ".to_owned());
    });
    check_events("many of each", &|i, e| e.count = 1 + (i as u32 * 17) % 120);
    check_events("all stages and kinds in one year", &|i, e| {
        let stages =
            [stages::kindergarten(), stages::primary(), stages::junior(), stages::senior()];
        (e.stage, e.kind, e.opens) = (stages[i % 4], KINDS[i % 5], 2024);
    });
    for (count, long) in [(0, false), (1, false), (24, true), (25, true), (700, true)] {
        check(&format!("timeline {count} events {long}"), |lang| {
            let mut input = timelines::timeline(lang);
            input.events = input.events.iter().cycle().take(count).cloned().collect();
            for (i, event) in input.events.iter_mut().enumerate() {
                event.name = long_name(i, lang);
                if long {
                    event.district = long_name(i % 40, lang);
                    event.programme = long_name(i % 3, lang);
                }
            }
            input.plan = input.plan.filter(|_| count > 1);
            timeline::draw(&input, lang)
        });
    }
}

#[test]
fn timelines_tell_what_opens_and_when() {
    let mut input = timelines::few(Lang::En);
    let new = |opens, rooms| event(stages::primary(), Kind::NewSchool, opens, rooms);
    // 10, 30 and 20 rooms of 45 seats: 450 + 1,350 + 900 = 2,700.
    input.events = vec![new(2024, 10.0), new(2025, 30.0), new(2027, 20.0)];
    input.events.push(event(stages::primary(), Kind::Closing, 2030, 6.0));
    let title = |input: &timeline::Input, lang: Lang| timeline::draw(input, lang).title;
    assert_eq!(
        title(&input, Lang::En),
        "2,700 seats in 3 units open by 2027, most in 2025 (1,350); 1 closed"
    );
    assert_eq!(
        title(&input, Lang::Zh),
        "到2027年新增学位2,700个（3个项目），2025年最多（1,350）；关闭1所"
    );
    input.events[0].seats = f64::NAN;
    assert!(
        title(&input, Lang::En).starts_with("60 rooms in 3 units open by 2027, most in 2025 (30)")
    );
    input.events[0].rooms = f64::NAN;
    assert_eq!(title(&input, Lang::Zh), "到2027年新增项目3个，2024年最多（1）；关闭1所");
}
