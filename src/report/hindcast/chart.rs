//! The chart of a hindcast, from its courses to panels.

use crate::chart::hindcast::{self, Dot, Finding, Input, Line, Panel, Start};
use crate::chart::{Caption, Lang};
use crate::numeric::sum;
use crate::observed::{Family, Quantity};
use crate::pictures::Named;
use crate::units::Year;
use xuewei_model::hindcast::{Course, Published, Rival, Status};

use super::{Hindcast, StartDone};

/// Most panels; pupils come first, schools last.
const MOST_PANELS: usize = 15;
/// Most starts, so that each has a colour of its own.
const MOST_STARTS: usize = 8;

/// The chart.
pub(super) fn chart(all: &Hindcast, lang: Lang) -> Named {
    Named { name: "hindcast".into(), figure: hindcast::draw(&input(all, lang), lang) }
}

fn input(all: &Hindcast, lang: Lang) -> Input {
    let starts = &all.starts[..all.starts.len().min(MOST_STARTS)];
    let first = starts.iter().map(|start| start.known.base_year).min().unwrap_or(0);
    let last = all.published.iter().map(|figure| figure.year).max().unwrap_or(first);
    let years: Vec<Year> = (first..=last.max(first)).collect();
    let mut quantities: Vec<Quantity> = starts
        .iter()
        .flat_map(|start| &start.pairs)
        .map(|pair| pair.published.quantity)
        .filter(|quantity| quantity.grade.is_none())
        .collect();
    quantities.sort_unstable();
    quantities.dedup();
    // Numbers of schools are decisions more than forecasts: they come last.
    let is_decided = |q: &Quantity| matches!(q.family, Family::Schools | Family::Classes);
    quantities.sort_by_key(is_decided);
    quantities.truncate(MOST_PANELS);
    let panels = quantities.iter().map(|&q| panel(all, starts, &years, q, lang)).collect();
    Input {
        caption: caption(all, lang),
        starts: starts.iter().map(|start| named(starts, start, lang)).collect(),
        panels,
        finding: finding(all),
        years,
    }
}

/// A start by its base year, with its name where another one begins in the same year.
fn named(starts: &[StartDone], start: &StartDone, lang: Lang) -> Start {
    let base = start.known.base_year;
    let is_shared = starts.iter().filter(|other| other.known.base_year == base).count() > 1;
    let name = match (is_shared, lang) {
        (false, Lang::Zh) => format!("自{base}年"),
        (false, Lang::En) => format!("from {base}"),
        (true, Lang::Zh) => format!("自{base}年（{}）", start.key),
        (true, Lang::En) => format!("from {base} ({})", start.key),
    };
    Start { name, is_forecast: start.known.until.is_some() }
}

fn caption(all: &Hindcast, lang: Lang) -> Caption {
    let city = &all.city.scenario.city;
    let synthetic = all.starts.iter().any(|start| {
        let city = &start.loaded.scenario.city;
        city.schools.iter().any(|s| city.sites[s.site].origin == "synthetic")
    });
    let version = env!("CARGO_PKG_VERSION");
    let (name, source, note) = match lang {
        Lang::Zh => (
            city.name.zh.clone(),
            format!("学位模型 xuewei {version}；公布数字的来源见 pairs.csv"),
            "学校名册为合成，不代表任何真实学校",
        ),
        Lang::En => (
            city.name.en.clone(),
            format!("xuewei {version}; the source of every published figure is in pairs.csv"),
            "the register of schools is synthetic and shows no real school",
        ),
    };
    let note = synthetic.then(|| note.to_string());
    Caption { city: name, scenario: None, source, note, ..Caption::default() }
}

fn panel(
    all: &Hindcast,
    starts: &[StartDone],
    years: &[Year],
    quantity: Quantity,
    lang: Lang,
) -> Panel {
    let name = quantity.name();
    let first = years.first().copied().unwrap_or(0);
    let shown = all.published.iter().filter(|p| p.quantity == quantity && p.year >= first);
    let lines = starts.iter().enumerate().filter_map(|(idx, start)| {
        let course = start.courses.iter().find(|course| course.quantity == quantity)?;
        Some(line(idx, start, course, years, &all.published))
    });
    Panel {
        name: if lang == Lang::Zh { name.zh } else { name.en },
        is_share: quantity.family.is_share(),
        published: shown.map(|figure| dot(starts, figure)).collect(),
        lines: lines.collect(),
    }
}

/// A published value; open if one of the starts forecasts it, or none speaks of it.
fn dot(starts: &[StartDone], figure: &Published) -> Dot {
    let mut statuses = starts
        .iter()
        .flat_map(|start| &start.pairs)
        .filter(|pair| {
            pair.published.quantity == figure.quantity && pair.published.year == figure.year
        })
        .map(|pair| pair.status)
        .peekable();
    let is_open = statuses.peek().is_none() || statuses.any(|status| status == Status::Counted);
    Dot { year: figure.year, value: figure.value, is_open }
}

fn line(
    idx: usize,
    start: &StartDone,
    course: &Course,
    years: &[Year],
    published: &[Published],
) -> Line {
    let base = start.known.base_year;
    let by_year = |values: &[Option<f64>]| -> Vec<f64> {
        years
            .iter()
            .map(|year| {
                let at = usize::try_from(year - base).ok();
                at.and_then(|at| values.get(at).copied().flatten()).unwrap_or(f64::NAN)
            })
            .collect()
    };
    let last = xuewei_model::hindcast::last_value(base, published, course.quantity);
    Line {
        start: idx,
        model: by_year(&course.model),
        low: by_year(&course.low),
        high: by_year(&course.high),
        last_value: last.map(|(_, value)| (base, value)),
    }
}

/// Errors of pupils, and how often forecasts of anything are nearer than the last value.
fn finding(all: &Hindcast) -> Finding {
    let counted: Vec<_> = all
        .starts
        .iter()
        .flat_map(|start| &start.pairs)
        .filter(|pair| pair.status == Status::Counted && pair.model_error().is_some())
        .collect();
    let pupils = counted.iter().filter(|pair| pair.published.quantity.family == Family::Pupils);
    let leads: Vec<i32> = pupils.clone().map(|pair| pair.lead).collect();
    let errors = pupils.filter_map(|pair| pair.model_error()).map(f64::abs);
    let beside: Vec<(f64, f64)> = counted
        .iter()
        .filter_map(|pair| Some((pair.model_error()?, pair.rival_error(Rival::LastValue)?)))
        .collect();
    Finding {
        n_pupils: leads.len(),
        error_percent: sum(errors) / leads.len().max(1) as f64,
        leads: (leads.iter().copied().min().unwrap_or(0), leads.iter().copied().max().unwrap_or(0)),
        n_beside_last: beside.len(),
        n_nearer: beside.iter().filter(|(own, last)| own.abs() < last.abs()).count(),
    }
}
