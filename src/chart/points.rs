//! Points with names: a place for every name where it meets neither another nor a line, and rays through the plane.

use super::Lang;
use super::canvas::{Align, Canvas, Rect, Stroke, Type, centred_baseline};
use super::font::width;
use super::labels::{place, place_with_leader};
use super::marks::REACH;
use super::text::{fit, sign};
use super::theme::{AXIS, FAINT, INK, LEADING, SMALL, SOFT_INK};
use plotters::style::WHITE;

/// Empty space at both sides of a label.
const SIDE: f64 = 3.0;
/// Most numbers on a line.
const SIGNS_A_LINE: usize = 5;

/// What labels must keep clear of, in units of the picture.
pub(super) struct Scene {
    /// Where each point lies.
    pub places: Vec<Option<(f64, f64)>>,
    pub bounds: Rect,
    pub lines: Vec<Vec<(f64, f64)>>,
    /// Lines that a label may cross where there is no better place.
    pub faint_lines: Vec<Vec<(f64, f64)>>,
    /// Points nearer than this share a label.
    pub near: f64,
}

/// A label in its place.
pub(super) struct Label {
    /// Across, where its point lies.
    pub point: f64,
    pub area: Rect,
    /// From the point to a label that is not beside it; may be empty.
    pub leader: Vec<(f64, f64)>,
    pub lines: Vec<(String, Type)>,
    /// The points that it names.
    pub members: Vec<usize>,
}

/// Points that lie together: where, and which.
pub(super) type Cluster = ((f64, f64), Vec<usize>);

/// The points of a scene, those that lie together as one.
pub(super) fn clusters(scene: &Scene) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (i, place) in scene.places.iter().enumerate() {
        let Some((x, y)) = *place else {
            continue;
        };
        let near = clusters.iter_mut().find(|((a, b), _)| (x - a).hypot(y - b) < scene.near);
        match near {
            Some((_, members)) => members.push(i),
            None => clusters.push(((x, y), vec![i])),
        }
    }
    clusters
}

/// Finds a place for every cluster, the largest labels first; those without one are left out. Labels keep clear of
/// those placed before.
pub(super) fn arrange(
    clusters: &[Cluster],
    scene: &Scene,
    before: &[Label],
    lines: impl Fn(&[usize]) -> Vec<(String, Type)>,
) -> Vec<Label> {
    let mut taken: Vec<Rect> =
        scene.places.iter().flatten().map(|&place| mark_area(place)).collect();
    taken.extend(before.iter().map(|label| label.area));
    let mut obstacles = scene.lines.clone();
    obstacles.extend(before.iter().map(|label| label.leader.clone()));
    let mut order: Vec<_> =
        clusters.iter().map(|(place, members)| (*place, members, lines(members))).collect();
    order.sort_by_key(|(_, _, lines)| std::cmp::Reverse(lines.len()));
    let mut labels = Vec::new();
    for ((x, y), members, lines) in order {
        let widest = lines.iter().map(|(line, set)| width(line, SMALL, set.bold));
        let size = (widest.fold(0.0, f64::max) + 2.0 * SIDE, lines.len() as f64 * SMALL * LEADING);
        let all: Vec<_> = obstacles.iter().chain(&scene.faint_lines).cloned().collect();
        let near = |lines: &[Vec<(f64, f64)>]| place((x, y), size, scene.bounds, lines, &taken);
        let far = |lines: &[Vec<(f64, f64)>]| {
            place_with_leader((x, y), size, scene.bounds, lines, &taken)
        };
        let beside = near(&all).or_else(|| near(&obstacles)).map(|area| (area, Vec::new()));
        if let Some((area, leader)) = beside.or_else(|| far(&obstacles)) {
            taken.push(area);
            obstacles.push(leader.clone());
            let words = Rect { left: area.left + SIDE, right: area.right - SIDE, ..area };
            let members = members.clone();
            labels.push(Label { point: x, area: words, leader, lines, members });
        }
    }
    labels
}

fn mark_area((x, y): (f64, f64)) -> Rect {
    let reach = REACH - 0.5;
    Rect { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
}

/// The numbers of points that lie together.
pub(super) fn sign_lines(members: &[usize]) -> Vec<(String, Type)> {
    let lines = members.chunks(SIGNS_A_LINE).map(|some| {
        let signs: Vec<String> = some.iter().map(|&i| sign(i)).collect();
        (signs.join(" "), Type::new(SMALL, INK).bold())
    });
    lines.collect()
}

/// Points farther down.
pub(super) fn shifted(points: &[(f64, f64)], down: f64) -> Vec<(f64, f64)> {
    points.iter().map(|&(x, y)| (x, y + down)).collect()
}

/// Writes a label on white, with its leader, farther down.
pub(super) fn draw_label(canvas: &Canvas<'_>, label: &Label, down: f64) {
    canvas.line(&shifted(&label.leader, down), Stroke::solid(AXIS, 0.9));
    let area = label.area;
    let (align, x) = match label.point {
        x if area.left >= x => (Align::Left, area.left),
        x if area.right <= x => (Align::Right, area.right),
        _ => (Align::Centre, (area.left + area.right) / 2.0),
    };
    // Grid and rays do not run through the words.
    let (top, bottom) = (area.top + down + 1.0, area.bottom + down - 1.0);
    canvas.fill(Rect { top, bottom, ..area }, WHITE);
    let lines = label.lines.iter().map(|(line, set)| (line.clone(), set.align(align)));
    canvas.text_block(x, (area.top + area.bottom) / 2.0 + down, &lines.collect::<Vec<_>>());
}

/// The look of a ray.
pub(super) fn ray_stroke() -> Stroke {
    Stroke::dashed(FAINT, 1.0, 5.0, 3.0)
}

/// Draws rays, from the steepest to the flattest, and names those whose names do not meet: along the top
/// of the plot to the right, then down its right side, where the names have so much room.
pub(super) fn draw_rays(
    canvas: &Canvas<'_>,
    rays: &[(String, [(f64, f64); 2])],
    plot: Rect,
    room: f64,
    lang: Lang,
) {
    let set = Type::new(SMALL, SOFT_INK);
    let (mut free_right, mut free_below) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (label, ends) in rays {
        canvas.line(ends, ray_stroke());
        let (x, y) = ends[1];
        if y > plot.top + 0.5 || x >= plot.right - 0.5 {
            if y - 10.0 >= free_below {
                let label = fit(label, lang, SMALL, false, room - 6.0);
                canvas.text(x + 6.0, centred_baseline(y, SMALL), &label, set);
                free_below = y + 10.0;
            }
            continue;
        }
        let half = width(label, SMALL, false) / 2.0;
        let centre = x.min(plot.right - half);
        if centre - half >= free_right {
            canvas.text(centre, plot.top - 7.0, label, set.align(Align::Centre));
            free_right = centre + half + 8.0;
        }
    }
}
