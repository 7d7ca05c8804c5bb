//! Districts with their outlines, and a label in or beside each.

use super::super::Lang;
use super::super::canvas::{Align, Canvas, Rect, Stroke, Type, centred_baseline};
use super::super::font::width;
use super::super::heatmap::{cell_number, colours};
use super::super::text::{clean, fit};
use super::super::theme::{AXIS, FAINT, INK, LEADING, MISSING, SMALL, SOFT_INK};
use super::Input;
use super::geojson::Regions;
use super::geometry::{Area, Point, Projection, cuts, holds_box, touches};
use plotters::style::WHITE;

/// Widest name at a leader.
const NAME_WIDTH: f64 = 120.0;
/// Room above and below the map for labels beside it.
const ABOVE: f64 = 26.0;
/// Longest line from a district to its label, where the map can be drawn larger.
const FARTHEST: f64 = 100.0;
/// Gap between a name and its value.
const BETWEEN: f64 = 7.0;
/// Empty border of a label.
const AROUND: f64 = 3.0;
/// Places across and down that are tried for a label within a district.
const TRIES: usize = 28;

/// A label: its box, and the line that leads to it.
struct Label {
    district: usize,
    name: String,
    place: Rect,
    leader: Vec<Point>,
}

/// The outlines for panels of a width.
pub(super) struct Outlines {
    /// The largest first, so that what lies within another is drawn over it.
    areas: Vec<Area>,
    labels: Vec<Label>,
    height: f64,
    /// Room above and below the map.
    above: f64,
}

impl Outlines {
    pub fn new(input: &Input, regions: &Regions, wide: f64, lang: Lang) -> Outlines {
        let (projection, height) = Projection::within(regions, wide);
        let areas = projection.areas(regions, input.districts.len());
        let bounds = Rect { left: 0.0, top: 0.0, right: wide, bottom: height };
        let labels = labels(input, &areas, bounds, lang);
        let above = if labels.iter().any(|l| !l.leader.is_empty()) { ABOVE } else { 0.0 };
        Outlines { areas, labels, height, above }
    }

    /// Whether every district that is drawn has its label, inside or near by.
    pub fn is_legible(&self) -> bool {
        let has_label = |d: usize| self.labels.iter().any(|label| label.district == d);
        let is_near = |label: &Label| match label.leader[..] {
            [from, to] => (from.0 - to.0).hypot(from.1 - to.1) <= FARTHEST,
            _ => true,
        };
        self.areas.iter().filter_map(|area| area.district).all(has_label)
            && self.labels.iter().all(is_near)
    }

    pub fn height(&self) -> f64 {
        self.height + 2.0 * self.above
    }

    /// Draws the map with the share of each district.
    pub fn draw(&self, canvas: &Canvas<'_>, panel: Rect, shares: &[Option<f64>]) {
        let panel = Rect { top: panel.top + self.above, ..panel };
        let move_to = |points: &[Point]| -> Vec<Point> {
            points.iter().map(|(x, y)| (x + panel.left, y + panel.top)).collect()
        };
        let share = |district: usize| shares.get(district).copied().flatten();
        for area in &self.areas {
            let fill = area.district.map_or(WHITE, |d| share(d).map_or(MISSING, |s| colours(s).0));
            for (i, ring) in area.rings.iter().enumerate() {
                canvas.polygon(&move_to(ring), if i == 0 { fill } else { WHITE });
            }
        }
        for area in &self.areas {
            let edge = if area.district.is_some() { AXIS } else { FAINT };
            for ring in &area.rings {
                canvas.line(&move_to(ring), Stroke::solid(edge, 0.9));
            }
        }
        for label in &self.labels {
            label.draw(canvas, panel, share(label.district));
        }
    }
}

impl Label {
    fn draw(&self, canvas: &Canvas<'_>, panel: Rect, share: Option<f64>) {
        let (left, top) = (panel.left + self.place.left, panel.top + self.place.top);
        let (wide, high) = (self.place.width(), self.place.height());
        let inside = share.map_or(super::MISSING_INK, |share| colours(share).1);
        let mut ink = super::name_ink(inside);
        if let [from, to] = self.leader[..] {
            let line = [from, to].map(|(x, y)| (x + panel.left, y + panel.top));
            canvas.line(&line, Stroke::solid(WHITE, 2.6));
            canvas.dot(line[0], 3.0, WHITE);
            canvas.line(&line, Stroke::solid(INK, 0.9));
            canvas.dot(line[0], 2.0, INK);
            canvas.fill(Rect { left, top, right: left + wide, bottom: top + high }, WHITE);
            ink = INK;
        }
        let set = Type::new(SMALL, ink);
        let value = share.map_or("–".to_owned(), cell_number);
        let middle = left + wide / 2.0;
        if self.leader.is_empty() {
            let set = set.align(Align::Centre);
            let lines = [(self.name.clone(), set), (value, set.bold())];
            canvas.text_block(middle, top + high / 2.0, &lines);
        } else {
            let baseline = centred_baseline(top + high / 2.0, SMALL);
            canvas.text(left + AROUND, baseline, &self.name, Type { colour: SOFT_INK, ..set });
            let after = left + AROUND + width(&self.name, SMALL, false) + BETWEEN;
            canvas.text(after, baseline, &value, set.bold());
        }
    }
}

/// The place for a box of a size in an area that is nearest to the middle of the area's bounds.
fn inside(area: &Area, others: &[&Area], (wide, high): (f64, f64)) -> Option<Rect> {
    let bounds = area.bounds?;
    let steps = |i: usize| (i as f64 + 0.5) / TRIES as f64;
    let mut best: Option<(f64, Rect)> = None;
    for (i, j) in (0..TRIES).flat_map(|i| (0..TRIES).map(move |j| (i, j))) {
        let x = bounds.left + steps(i) * bounds.width();
        let y = bounds.top + steps(j) * bounds.height();
        let middle = ((bounds.left + bounds.right) / 2.0, (bounds.top + bounds.bottom) / 2.0);
        let far = (x - middle.0).powi(2) + (y - middle.1).powi(2);
        let (left, top) = (x - wide / 2.0, y - high / 2.0);
        let place = Rect { left, top, right: left + wide, bottom: top + high };
        let is_better = best.is_none_or(|(nearest, _)| far < nearest);
        let is_taken = || others.iter().any(|other| touches(other, &place));
        if is_better && holds_box(area, &place) && !is_taken() {
            best = Some((far, place));
        }
    }
    best.map(|(_, place)| place)
}

/// A label for every district: within its largest area, else beside it with a line. One that finds no
/// place is left out; its value is in the description.
fn labels(input: &Input, areas: &[Area], panel: Rect, lang: Lang) -> Vec<Label> {
    let value_width = |district: usize| {
        let values = input.districts[district].share.iter().filter(|share| share.is_finite());
        let widths = values.map(|share| width(&cell_number(share.clamp(0.0, 1e12)), SMALL, true));
        widths.fold(width("–", SMALL, true), f64::max)
    };
    let line = SMALL * LEADING;
    let (mut labels, mut taken, mut outside) = (Vec::new(), Vec::new(), Vec::new());
    for district in 0..input.districts.len() {
        // Areas are sorted: the first is the largest.
        let Some(at) = areas.iter().position(|area| area.district == Some(district)) else {
            continue;
        };
        let (area, others) = (&areas[at], areas[at + 1..].iter().collect::<Vec<_>>());
        let whole = clean(&input.districts[district].name, lang);
        let short = whole.strip_suffix(['区', '县', '市']).filter(|s| s.chars().count() >= 2);
        let value = value_width(district);
        let within = [Some(whole.as_str()), short].into_iter().flatten().find_map(|name| {
            let wide = width(name, SMALL, false).max(value) + 2.0 * AROUND;
            Some((name, inside(area, &others, (wide, 2.0 * line))?))
        });
        match within {
            Some((name, place)) => {
                taken.push(place);
                labels.push(Label { district, name: name.to_owned(), place, leader: Vec::new() });
            }
            None => outside.push((district, area, others, value)),
        }
    }
    let mut led = Vec::new();
    for (district, area, others, value) in outside {
        let name = &input.districts[district].name;
        let name = fit(name, lang, SMALL, false, NAME_WIDTH);
        let size = (width(&name, SMALL, false) + BETWEEN + value + 2.0 * AROUND, line);
        let dot = inside(area, &others, (5.0, 5.0)).or(area.bounds);
        if let Some(place) = dot {
            let point = ((place.left + place.right) / 2.0, (place.top + place.bottom) / 2.0);
            // No label hides the dot of another.
            let side = 5.0;
            let (left, top) = (point.0 - side, point.1 - side);
            taken.push(Rect { left, top, right: point.0 + side, bottom: point.1 + side });
            led.push((district, name, size, point));
        }
    }
    let small: Vec<usize> = led.iter().map(|(district, ..)| *district).collect();
    let panel = Rect { top: panel.top - ABOVE, bottom: panel.bottom + ABOVE, ..panel };
    for (district, name, size, point) in led {
        let lines: Vec<&[Point]> = labels.iter().map(|label| label.leader.as_slice()).collect();
        if let Some((place, end)) =
            outside_place(point, size, panel, (areas, &small), &taken, &lines)
        {
            taken.push(place);
            labels.push(Label { district, name, place, leader: vec![point, end] });
        }
    }
    labels
}

/// A place for a box around a point, and where the line from the point meets it: as near as possible,
/// rather beside the map than on it, and not on a district that has such a label itself.
fn outside_place(
    (x, y): Point,
    (wide, high): (f64, f64),
    panel: Rect,
    (areas, small): (&[Area], &[usize]),
    taken: &[Rect],
    lines: &[&[Point]],
) -> Option<(Rect, Point)> {
    /// Distance of the rings on which places are tried, their number, and directions on each.
    const RING: (f64, usize, usize) = (9.0, 20, 32);
    /// What a place on a district, or on one with such a label itself, is farther in effect.
    const ON_AREA: (f64, f64) = (45.0, 400.0);
    let mut best: Option<(f64, Rect, Point)> = None;
    for (ring, i) in (1..=RING.1).flat_map(|ring| (0..RING.2).map(move |i| (ring, i))) {
        let far = ring as f64 * RING.0 + 3.0;
        let (sine, cosine) = (i as f64 / RING.2 as f64 * std::f64::consts::TAU).sin_cos();
        let end = (x + cosine * far, y - sine * far);
        let (left, top) = (end.0 + (cosine - 1.0) * wide / 2.0, end.1 - (sine + 1.0) * high / 2.0);
        let place = Rect { left, top, right: left + wide, bottom: top + high };
        let start = (x + cosine * 8.0, y - sine * 8.0);
        let is_free = place.lies_within(&panel)
            && !taken.iter().any(|other| other.meets(&place) || cuts(other, start, end))
            && !lines.iter().any(|l| l.windows(2).any(|p| cuts(&place, p[0], p[1])));
        if !is_free || best.is_some_and(|(least, ..)| far >= least) {
            continue;
        }
        let on = areas.iter().filter(|area| touches(area, &place));
        let cost = far
            + on.map(|area| match area.district {
                Some(district) if small.contains(&district) => ON_AREA.1,
                Some(_) => ON_AREA.0,
                None => 0.0,
            })
            .sum::<f64>();
        if best.is_none_or(|(least, ..)| cost < least) {
            best = Some((cost, place, end));
        }
    }
    best.map(|(_, place, end)| (place, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(left: f64, top: f64, side: f64) -> Vec<Point> {
        let (right, bottom) = (left + side, top + side);
        vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    }

    #[test]
    fn a_label_lies_within_its_area_and_not_in_a_hole() {
        let rings = vec![square(0.0, 0.0, 100.0), square(30.0, 30.0, 40.0)];
        let area = Area::new(Some(0), rings);
        let place = inside(&area, &[], (20.0, 10.0)).expect("there is room beside the hole");
        let hole = Rect { left: 30.0, top: 30.0, right: 70.0, bottom: 70.0 };
        assert!(!place.meets(&hole) && place.left > 0.0 && place.bottom < 100.0);
        assert!(inside(&area, &[], (80.0, 40.0)).is_none());
    }
}
