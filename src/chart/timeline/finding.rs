//! What the timeline shows, in words: how much opens by the last year, and the year with most.

use super::super::Lang;
use super::super::numbers::count;
use super::super::text::{capitalised, clauses};
use super::{Event, Input, Kind, Measure};

/// So many seats, rooms or units, in words.
fn amount(measure: Measure, sum: f64, lang: Lang) -> String {
    let number = count(sum, lang);
    let one = (sum - 1.0).abs() < 0.5;
    match (measure, lang) {
        (Measure::Seats, Lang::Zh) => format!("学位{number}个"),
        (Measure::Rooms, Lang::Zh) => format!("教室{number}间"),
        (Measure::Units, Lang::Zh) => format!("项目{number}个"),
        (Measure::Seats, Lang::En) => format!("{number} {}", if one { "seat" } else { "seats" }),
        (Measure::Rooms, Lang::En) => format!("{number} {}", if one { "room" } else { "rooms" }),
        (Measure::Units, Lang::En) => format!("{number} {}", if one { "unit" } else { "units" }),
    }
}

fn units<'a>(events: impl Iterator<Item = &'a Event>) -> f64 {
    events.map(|event| event.units() as f64).sum()
}

/// The finding: what opens by the last year, the year with most, and what closes.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let measure = Measure::of(&input.events);
    let by_year = measure.by_year(&input.events);
    let closing = input.events.iter().filter(|event| event.kind == Kind::Closing);
    let closed = units(closing);
    let (Some(&(first, _)), Some(&(last, _))) = (by_year.first(), by_year.last()) else {
        return match (closed > 0.0, lang) {
            (false, _) => lang.pick("项目投用时间", "When units open").to_owned(),
            (true, Lang::Zh) => format!("共关闭{}所", count(closed, lang)),
            (true, Lang::En) => format!("{} closed", count(closed, lang)),
        };
    };
    let sum: f64 = by_year.iter().map(|(_, sum)| sum).sum();
    let opened = units(input.events.iter().filter(|event| event.opens_something()));
    let in_units = match (measure, lang) {
        (Measure::Units, _) => String::new(),
        (_, Lang::Zh) => format!("（{}个项目）", count(opened, lang)),
        (_, Lang::En) => format!(" in {}", amount(Measure::Units, opened, lang)),
    };
    let total = amount(measure, sum, lang);
    let opening = match (first == last, lang) {
        (true, Lang::Zh) => format!("{last}年新增{total}{in_units}"),
        (true, Lang::En) => format!("{total}{in_units} open in {last}"),
        (false, Lang::Zh) => format!("到{last}年新增{total}{in_units}"),
        (false, Lang::En) => format!("{total}{in_units} open by {last}"),
    };
    let most = by_year.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let most = most.filter(|(_, most)| first != last && *most > 0.0 && sum > 0.0);
    let mut further: Vec<String> = most
        .map(|(year, most)| {
            let most = count(most, lang);
            match lang {
                Lang::Zh => format!("，{year}年最多（{most}）"),
                Lang::En => format!(", most in {year} ({most})"),
            }
        })
        .into_iter()
        .collect();
    if closed > 0.0 {
        let closed = count(closed, lang);
        further.push(match lang {
            Lang::Zh => format!("；关闭{closed}所"),
            Lang::En => format!("; {closed} closed"),
        });
    }
    capitalised(&clauses(opening, further, input.caption.room(), lang))
}

/// What opens in every year.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let measure = Measure::of(&input.events);
    let year = |(year, sum): (i32, f64)| {
        let amount = amount(measure, sum, lang);
        match lang {
            Lang::Zh => format!("{year}年{amount}"),
            Lang::En => format!("{year}: {amount}"),
        }
    };
    let years: Vec<String> = measure.by_year(&input.events).into_iter().map(year).collect();
    match lang {
        _ if years.is_empty() => title(input, lang),
        Lang::Zh => format!("投用：{}。", years.join("，")),
        Lang::En => format!("Opening: {}.", years.join("; ")),
    }
}
