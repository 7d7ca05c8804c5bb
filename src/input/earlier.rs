//! Figures by year that an override begins later than the run: the value of their first year holds before it too.
//!
//! A replaced figure is replaced whole, so that `{ 2030 = 50 }` over `{ 2020 = 100, 2030 = 70 }` means 50 from the base year on, and not
//! from 2030. That is allowed, and told where the figure had other values for those years.

use crate::units::{Year, unit_factor};

use super::check::Checked;
use super::figure::{self, Figure, Values};
use super::keys::key_of_any;
use super::load::Load;
use super::ranges::UNUSED;
use super::tree::Node;

/// Groups whose figures do not hold before the first year that they name: levers come into force with it, and observed births are of
/// their own years.
const DATED: [&str; 2] = ["levers.", "population.births"];

/// Notes overrides of a checked tree that act before the first year that they name.
pub(super) fn check(load: &mut Load, checked: &Checked) {
    let Some(base) = checked.whole("city.base_year").map(|year| year as Year) else { return };
    let horizon = checked.whole("city.horizon").map_or(base, |year| year as Year);
    let replaced = std::mem::take(&mut load.replaced);
    let mut told: Vec<&str> = Vec::new();
    for (path, _) in &replaced {
        let is_unused = UNUSED.iter().any(|group| path.split('.').next() == Some(group));
        if is_unused
            || DATED.iter().any(|group| path.starts_with(group))
            || told.contains(&path.as_str())
        {
            continue;
        }
        told.push(path);
        let Some(figure) = checked.figures.get(path) else { continue };
        let Values::ByYear(years) = &figure.values else { continue };
        let first = years.first().map_or(base, |(year, _)| *year);
        let before = base..first.min(horizon + 1);
        let earlier = replaced.iter().filter(|(other, _)| other == path);
        let other = earlier
            .filter_map(|(_, node)| as_it_was(path, node))
            .find_map(|old| Some((differs(figure, &old, before.clone())?, old)));
        if let Some((idx, old)) = other {
            note(load, path, (figure, &old), (base, first), idx);
        }
    }
}

/// A figure that was replaced, where it could be read.
fn as_it_was(path: &str, node: &Node) -> Option<Figure> {
    let parts: Vec<&str> = path.split('.').collect();
    let source = node.at("source").and_then(Node::text).unwrap_or_default().to_string();
    figure::read(&mut Load::default(), &[source], key_of_any(&parts)?, path, node)
}

/// The first number of two figures that differs in one of some years.
fn differs(figure: &Figure, old: &Figure, years: std::ops::Range<Year>) -> Option<usize> {
    let n_numbers = |figure: &Figure| match &figure.values {
        Values::Constant(list) => list.len(),
        Values::ByYear(years) => years.first().map_or(0, |(_, list)| list.len()),
        Values::Table(_) => 0,
    };
    (0..n_numbers(figure).max(n_numbers(old))).find(|&idx| {
        let (new, old) = (figure.path(idx), old.path(idx));
        years
            .clone()
            .any(|year| (new.at(year) - old.at(year)).abs() > 1e-9 * (1.0 + new.at(year).abs()))
    })
}

fn note(
    load: &mut Load,
    path: &str,
    (figure, old): (&Figure, &Figure),
    (base, first): (Year, Year),
    idx: usize,
) {
    let unit = &figure.unit;
    let in_unit = |figure: &Figure, year: Year| {
        (figure.path(idx).at(year) / unit_factor(unit) * 1e6).round() / 1e6
    };
    let (value, was, last) = (in_unit(figure, first), in_unit(old, base), in_unit(old, first - 1));
    let mut before = format!("{was} in {base}");
    if first - 1 > base {
        before.push_str(&format!(" and {last} in {}", first - 1));
    }
    let message = format!(
        "expected a value from the base year {base} on, found {first} as the first year: {value} {unit} from {base} on, in place of {before}"
    );
    let help = match first - 1 > base {
        true => format!(
            "name an earlier year: {base} = {was} for a straight line to {first}, and {} = {last} too for a step in {first}; or {base} = {value} if it is meant so",
            first - 1
        ),
        false => format!("name {base} = {was} too, or {base} = {value} if it is meant so"),
    };
    load.warning(figure.position, path, message, help);
}
