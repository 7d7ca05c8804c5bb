//! `pairs.csv`, `errors.csv`, `expectations.csv`, `not_compared.csv`.

use crate::chart::Lang;
use crate::city::Name;
use crate::rows::{Cell, TableWriter};
use crate::tables::Style;
use crate::target::Force;
use crate::units::Year;
use xuewei_model::hindcast::errors::{ErrorRow, Group, LEAST_FOR_COVERAGE};
use xuewei_model::hindcast::expectations::Nearer;
use xuewei_model::hindcast::{Pair, Rival, error_unit};

use super::{Hindcast, StartDone};

fn number(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Number)
}

fn year(value: Option<Year>) -> Cell<'static> {
    value.map_or(Cell::Empty, |year| Cell::Whole(i64::from(year)))
}

fn flag(value: Option<bool>) -> Cell<'static> {
    value.map_or(Cell::Empty, |value| Cell::Text(if value { "yes" } else { "no" }))
}

fn in_language(name: &Name, lang: Lang) -> &str {
    if lang == Lang::Zh { &name.zh } else { &name.en }
}

fn joined(rivals: &[Rival]) -> String {
    rivals.iter().map(|rival| rival.key()).collect::<Vec<_>>().join(";")
}

#[rustfmt::skip]
const PAIRS: [&str; 26] = [
    "start", "base_year", "known_until", "quantity", "place", "year", "lead", "published", "unit", "model", "error",
    "error_unit", "absolute_error", "low_80", "high_80", "inside_80", "last_value", "last_value_year", "last_value_error",
    "grade_progression", "grade_progression_error", "worse_than", "status", "reason", "source", "scenario",
];

/// `pairs.csv`: every published figure after a start with what the start projects and what its rivals say.
pub fn pairs(hindcast: &Hindcast, style: Style) -> Vec<u8> {
    let mut writer = TableWriter::new(style.format, &PAIRS, style.with_bom);
    for start in &hindcast.starts {
        for pair in &start.pairs {
            pair_row(&mut writer, start, pair);
        }
    }
    writer.finish()
}

fn pair_row(writer: &mut TableWriter, start: &StartDone, pair: &Pair) {
    let published = &pair.published;
    let shown = |value: Option<f64>| number(value.map(|value| pair.shown(value)));
    let (low, high) = pair.interval.unzip();
    writer.row(&[
        Cell::Text(&start.key),
        Cell::Whole(i64::from(start.known.base_year)),
        year(start.known.until),
        Cell::Text(&published.quantity.key()),
        Cell::Text("all"),
        Cell::Whole(i64::from(published.year)),
        Cell::Whole(i64::from(pair.lead)),
        Cell::Number(pair.shown(published.value)),
        Cell::Text(&published.unit),
        Cell::Number(pair.shown(pair.model)),
        number(pair.model_error()),
        Cell::Text(error_unit(published.quantity.family.is_share())),
        Cell::Number(pair.shown((pair.model - published.value).abs())),
        shown(low),
        shown(high),
        flag(pair.is_inside()),
        shown(pair.last_value.map(|(_, value)| value)),
        year(pair.last_value.map(|(year, _)| year)),
        number(pair.rival_error(Rival::LastValue)),
        shown(pair.progression),
        number(pair.rival_error(Rival::Progression)),
        Cell::Text(&joined(&pair.beaten_by())),
        Cell::Text(pair.status.key()),
        Cell::Text(&pair.reason.en),
        Cell::Text(&published.source),
        Cell::Text(&start.loaded.scenario.key),
    ]);
}

#[rustfmt::skip]
const ERRORS: [&str; 19] = [
    "start", "family", "stages", "lead", "n", "mean_absolute_error", "bias", "error_unit", "n_interval", "coverage_80",
    "coverage_note", "last_value_n", "last_value_error", "model_error_beside_last_value", "grade_progression_n",
    "grade_progression_error", "model_error_beside_grade_progression", "worse_than", "references",
];

/// `errors.csv`: errors of the forecasts by start, kind and lead time, with rivals on the same pairs.
pub(super) fn errors(hindcast: &Hindcast, style: Style) -> Vec<u8> {
    let mut writer = TableWriter::new(style.format, &ERRORS, style.with_bom);
    for row in &hindcast.errors {
        let of = |rival: Rival| row.rivals.iter().find(|r| r.rival == rival);
        let (last, progression) = (of(Rival::LastValue), of(Rival::Progression));
        writer.row(&[
            Cell::Text(hindcast.start_key(row.start)),
            Cell::Text(row.family.key()),
            Cell::Text(row.group.map_or("all", Group::key)),
            row.lead.map_or(Cell::Text("all"), |lead| Cell::Whole(i64::from(lead))),
            Cell::Whole(row.n as i64),
            Cell::Number(row.mean_absolute),
            Cell::Number(row.bias),
            Cell::Text(error_unit(row.family.is_share())),
            Cell::Whole(row.n_interval as i64),
            number(row.coverage()),
            Cell::Text(&coverage_note(row)),
            last.map_or(Cell::Empty, |r| Cell::Whole(r.n as i64)),
            number(last.map(|r| r.mean_absolute)),
            number(last.map(|r| r.model_mean_absolute)),
            progression.map_or(Cell::Empty, |r| Cell::Whole(r.n as i64)),
            number(progression.map(|r| r.mean_absolute)),
            number(progression.map(|r| r.model_mean_absolute)),
            Cell::Text(&joined(&row.beaten_by())),
            Cell::Text(&references(hindcast, row)),
        ]);
    }
    writer.finish()
}

/// Why no coverage is told.
fn coverage_note(row: &ErrorRow) -> String {
    match row.n_interval {
        n if n < LEAST_FOR_COVERAGE => format!("n = {n}: too few"),
        _ => String::new(),
    }
}

/// How good others are at the nearest lead time; for pupils only.
fn references(hindcast: &Hindcast, row: &ErrorRow) -> String {
    if row.family != crate::observed::Family::Pupils {
        return String::new();
    }
    let near = hindcast.references_near(hindcast.mean_lead(row));
    let texts = near.iter().map(|r| {
        format!("{}, {}: {} % at {} years", r.publisher, r.series, r.mape_percent, r.lead_years)
    });
    texts.collect::<Vec<_>>().join("; ")
}

#[rustfmt::skip]
const EXPECTATIONS: [&str; 21] = [
    "start", "plan", "target", "title", "quantity", "year", "value_at_start", "year_at_start", "expected", "kind", "force",
    "published", "unit", "met", "model", "plan_error", "model_error", "nearer", "status", "input", "source",
];

/// `expectations.csv`: what plans expected against what came; then quantities for which no plan had a target.
pub(super) fn expectations(hindcast: &Hindcast, style: Style, lang: Lang) -> Vec<u8> {
    let mut writer = TableWriter::new(style.format, &EXPECTATIONS, style.with_bom);
    for start in &hindcast.starts {
        for e in &start.expectations {
            let shown = |value: Option<f64>| number(value.map(|value| e.shown(value)));
            let error = |value: Option<f64>| number(value.map(|v| e.shown(v - e.published)));
            let expected = e.expected.as_ref();
            let value = expected.map(|x| x.value);
            let force = expected.and_then(|x| x.force).map_or("", |force| match force {
                Force::Binding => "binding",
                Force::Expected => "expected",
            });
            writer.row(&[
                Cell::Text(&start.key),
                Cell::Text(expected.map_or("", |x| &x.plan)),
                Cell::Text(expected.map_or("", |x| &x.target)),
                Cell::Text(expected.map_or("", |x| in_language(&x.title, lang))),
                Cell::Text(&e.quantity.key()),
                Cell::Whole(i64::from(e.year)),
                shown(e.at_start.map(|(_, value)| value)),
                year(e.at_start.map(|(year, _)| year)),
                shown(value),
                Cell::Text(
                    expected.map_or("", |x| if x.is_floor { "at_least" } else { "at_most" }),
                ),
                Cell::Text(force),
                Cell::Number(e.shown(e.published)),
                Cell::Text(&e.unit),
                flag(expected.map(|x| x.is_met)),
                shown(e.model),
                error(value),
                error(e.model),
                Cell::Text(e.nearer.map_or("", Nearer::key)),
                Cell::Text(e.status.key()),
                Cell::Text(expected.and_then(|x| x.input.as_deref()).unwrap_or_default()),
                Cell::Text(&e.source),
            ]);
        }
    }
    writer.finish()
}

/// `not_compared.csv`: published figures after a start with which nothing is compared, and why.
pub(super) fn not_compared(hindcast: &Hindcast, style: Style, lang: Lang) -> Vec<u8> {
    let columns = ["start", "quantity", "place", "year", "value", "unit", "n", "reason"];
    let mut writer = TableWriter::new(style.format, &columns, style.with_bom);
    for start in &hindcast.starts {
        for row in &start.skipped {
            writer.row(&[
                Cell::Text(&start.key),
                Cell::Text(&row.quantity),
                Cell::Text(&row.place),
                Cell::Whole(i64::from(row.year)),
                number(row.value),
                Cell::Text(&row.unit),
                Cell::Whole(row.n as i64),
                Cell::Text(in_language(&row.reason, lang)),
            ]);
        }
    }
    writer.finish()
}
