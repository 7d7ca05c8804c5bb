//! Areas in the picture: an equirectangular projection, true to scale at the mean latitude, and what lies where.

use super::super::canvas::Rect;
use super::geojson::{Polygon, Regions};

/// Points of an outline that are nearer than this to the one before are left out: the first of these distances
/// that leaves no more than [`MOST_POINTS`], or the last. 0.4 units are 0.07 mm.
const NEAREST: [f64; 4] = [0.4, 0.8, 1.6, 3.2];
/// Points of a map that make no picture too large.
const MOST_POINTS: usize = 5_000;
/// Highest map.
const HIGHEST: f64 = 420.0;

pub(super) type Point = (f64, f64);

/// An area in the picture: its outer ring first.
pub(super) struct Area {
    pub district: Option<usize>,
    pub rings: Vec<Vec<Point>>,
    /// Surface of the outer ring.
    pub size: f64,
    /// What it spans; none where nothing is left of it.
    pub bounds: Option<Rect>,
}

impl Area {
    pub fn new(district: Option<usize>, rings: Vec<Vec<Point>>) -> Area {
        let size = rings.first().map_or(0.0, |ring| surface(ring));
        let bounds = rings.first().and_then(|ring| bounds(ring));
        Area { district, rings, size, bounds }
    }
}

/// From degrees to the picture.
pub(super) struct Projection {
    west: f64,
    north: f64,
    /// Length of a degree of longitude and of latitude.
    scale: (f64, f64),
    /// What centres the map across.
    left: f64,
}

impl Projection {
    /// The projection that fills a width, and the height that the map takes.
    pub fn within(regions: &Regions, wide: f64) -> (Projection, f64) {
        let mut ends = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
        for (x, y) in regions.areas().flat_map(|(_, polygon)| polygon.0.iter().flatten()) {
            ends = [ends[0].min(*x), ends[1].max(*x), ends[2].min(*y), ends[3].max(*y)];
        }
        let [west, east, south, north] = if ends[0] <= ends[1] { ends } else { [0.0; 4] };
        // Near a pole the map would have no width.
        let narrowing = ((south + north) / 2.0).to_radians().cos().max(0.02);
        let across = ((east - west) * narrowing).max(1e-6);
        let down = (north - south).max(1e-6);
        let scale = ((wide - 2.0) / across).min(HIGHEST / down);
        let left = (wide - across * scale) / 2.0;
        let projection = Projection { west, north, scale: (narrowing * scale, scale), left };
        (projection, down * scale + 2.0)
    }

    /// The areas of districts before `n_districts`, and those that are no district, the largest first.
    pub fn areas(&self, regions: &Regions, n_districts: usize) -> Vec<Area> {
        let shown = || regions.areas().filter(|(d, _)| d.is_none_or(|d| d < n_districts));
        let thinned = |nearest: f64| -> Vec<Area> {
            shown().map(|(district, polygon)| self.area(district, polygon, nearest)).collect()
        };
        let points =
            |areas: &[Area]| areas.iter().flat_map(|a| &a.rings).map(Vec::len).sum::<usize>();
        let mut areas = Vec::new();
        for nearest in NEAREST {
            areas = thinned(nearest);
            if points(&areas) <= MOST_POINTS {
                break;
            }
        }
        areas.sort_by(|a, b| b.size.total_cmp(&a.size));
        areas
    }

    fn area(&self, district: Option<usize>, polygon: &Polygon, nearest: f64) -> Area {
        let at = |(x, y): &Point| {
            let across = (x - self.west) * self.scale.0 + self.left;
            (across, (self.north - y) * self.scale.1 + 1.0)
        };
        let rings = polygon.0.iter().map(|ring| thinned(ring.iter().map(at), nearest));
        let rings: Vec<Vec<Point>> = rings.filter(|ring| ring.len() > 3).collect();
        Area::new(district, rings)
    }
}

/// The ring without points that nobody can tell apart, closed.
fn thinned(points: impl Iterator<Item = Point>, nearest: f64) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        let is_near =
            |last: &Point| (last.0 - point.0).abs() < nearest && (last.1 - point.1).abs() < nearest;
        if !kept.last().is_some_and(is_near) {
            kept.push(point);
        }
    }
    kept.extend(kept.first().copied());
    kept
}

/// Surface of a ring (the shoelace formula).
pub(super) fn surface(ring: &[Point]) -> f64 {
    let pairs = ring.windows(2).map(|p| p[0].0 * p[1].1 - p[1].0 * p[0].1);
    pairs.sum::<f64>().abs() / 2.0
}

/// Whether a point lies within a ring (even-odd rule).
pub(super) fn holds(ring: &[Point], (x, y): Point) -> bool {
    let crossings = ring.windows(2).filter(|p| {
        let (a, b) = (p[0], p[1]);
        (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0
    });
    crossings.count() % 2 == 1
}

/// Whether a box lies within an area: its middle does, and no edge of the area comes into the box.
pub(super) fn holds_box(area: &Area, place: &Rect) -> bool {
    let middle = ((place.left + place.right) / 2.0, (place.top + place.bottom) / 2.0);
    if !area.bounds.is_some_and(|bounds| place.lies_within(&bounds)) {
        return false;
    }
    let is_inside = area.rings.iter().enumerate().all(|(i, ring)| holds(ring, middle) == (i == 0));
    is_inside
        && !area.rings.iter().flat_map(|ring| ring.windows(2)).any(|p| cuts(place, p[0], p[1]))
}

/// Whether a line comes into a box (Liang and Barsky 1984).
pub(super) fn cuts(place: &Rect, a: Point, b: Point) -> bool {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let sides = [
        (-dx, a.0 - place.left),
        (dx, place.right - a.0),
        (-dy, a.1 - place.top),
        (dy, place.bottom - a.1),
    ];
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (p, q) in sides {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    from <= to
}

/// What a ring spans.
fn bounds(ring: &[Point]) -> Option<Rect> {
    let mut points = ring.iter();
    let &(x, y) = points.next()?;
    let first = Rect { left: x, top: y, right: x, bottom: y };
    Some(points.fold(first, |r, &(x, y)| Rect {
        left: r.left.min(x),
        top: r.top.min(y),
        right: r.right.max(x),
        bottom: r.bottom.max(y),
    }))
}

/// Whether anything of an area lies in a box.
pub(super) fn touches(area: &Area, place: &Rect) -> bool {
    if !area.bounds.is_some_and(|bounds| bounds.meets(place)) {
        return false;
    }
    let middle = ((place.left + place.right) / 2.0, (place.top + place.bottom) / 2.0);
    area.rings
        .first()
        .is_some_and(|ring| holds(ring, middle) || ring.windows(2).any(|p| cuts(place, p[0], p[1])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_longitude_is_as_long_as_the_cosine_says() {
        // At 60 degrees a degree of longitude is half as long as one of latitude.
        let ring = vec![(10.0, 59.0), (14.0, 59.0), (14.0, 61.0), (10.0, 61.0), (10.0, 59.0)];
        let others = vec![Polygon(vec![ring])];
        let regions = Regions { others, ..Regions::default() };
        let (projection, height) = Projection::within(&regions, 102.0);
        assert!((height - 102.0).abs() < 1e-9, "{height}");
        let area = projection.area(None, &regions.others[0], 0.4);
        assert!((area.size - 10_000.0).abs() < 1e-6, "{}", area.size);
    }

    #[test]
    fn points_that_nobody_can_tell_apart_are_left_out() {
        let circle = (0..100_000).map(|i| {
            let (sine, cosine) = (f64::from(i) / 100_000.0 * std::f64::consts::TAU).sin_cos();
            (100.0 * cosine, 100.0 * sine)
        });
        let ring = thinned(circle, 0.4);
        // The circumference of 628 in steps of at least 0.4.
        assert!((1_000..1_700).contains(&ring.len()), "{}", ring.len());
        assert!((surface(&ring) / (std::f64::consts::PI * 1e4) - 1.0).abs() < 0.001);
    }
}
