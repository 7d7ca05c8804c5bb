//! Naming the points: names beside them where all find room, else numbers that the key explains.

use super::super::Lang;
use super::super::canvas::{Rect, Type};
use super::super::font::width;
use super::super::labels::{place, place_with_leader};
use super::super::marks::REACH;
use super::super::text::{fit, sign, wrap_at_most};
use super::super::theme::{BAD, INK, LEADING, SMALL, SOFT_INK};
use super::Point;
use super::finding::{Findings, unplaced_in_words};

/// Widest line of a name, and most lines.
const NAME: (f64, usize) = (170.0, 2);
/// Empty space at both sides of a label.
const SIDE: f64 = 3.0;
/// Points nearer than this share a label.
const NEAR: f64 = 9.0;
/// Widest name in the key.
const LONGEST_KEY: f64 = 640.0;
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
}

/// A label in its place.
pub(super) struct Label {
    /// Across, where its point lies.
    pub point: f64,
    pub area: Rect,
    /// From the point to a label that is not beside it; may be empty.
    pub leader: Vec<(f64, f64)>,
    pub lines: Vec<(String, Type)>,
}

/// The labels of all points.
pub(super) struct Labelling {
    pub labels: Vec<Label>,
    /// Whether the labels are numbers.
    pub are_signs: bool,
}

impl Labelling {
    pub fn of(points: &[Point], findings: &Findings, scene: &Scene, lang: Lang) -> Labelling {
        let clusters = clusters(scene);
        let names = |members: &[usize]| -> Vec<(String, Type)> {
            members.iter().flat_map(|&i| name_lines(points, findings, i, lang)).collect()
        };
        let named = arrange(&clusters, scene, names);
        match named.len() == clusters.len() {
            true => Labelling { labels: named, are_signs: false },
            false => Labelling { labels: arrange(&clusters, scene, sign_lines), are_signs: true },
        }
    }
}

/// Points that lie together: where, and which.
fn clusters(scene: &Scene) -> Vec<((f64, f64), Vec<usize>)> {
    let mut clusters: Vec<((f64, f64), Vec<usize>)> = Vec::new();
    for (i, place) in scene.places.iter().enumerate() {
        let Some((x, y)) = *place else {
            continue;
        };
        let near = clusters.iter_mut().find(|((a, b), _)| (x - a).hypot(y - b) < NEAR);
        match near {
            Some((_, members)) => members.push(i),
            None => clusters.push(((x, y), vec![i])),
        }
    }
    clusters
}

/// Finds a place for every cluster, the largest labels first; those without one are left out.
fn arrange(
    clusters: &[((f64, f64), Vec<usize>)],
    scene: &Scene,
    lines: impl Fn(&[usize]) -> Vec<(String, Type)>,
) -> Vec<Label> {
    let mut taken: Vec<Rect> =
        scene.places.iter().flatten().map(|&place| mark_area(place)).collect();
    let mut obstacles = scene.lines.clone();
    let mut order: Vec<_> =
        clusters.iter().map(|(place, members)| (*place, lines(members))).collect();
    order.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    let mut labels = Vec::new();
    for ((x, y), lines) in order {
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
            labels.push(Label { point: x, area: words, leader, lines });
        }
    }
    labels
}

fn mark_area((x, y): (f64, f64)) -> Rect {
    let reach = REACH - 0.5;
    Rect { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
}

/// The name of a point, and what it is warned of.
fn name_lines(points: &[Point], findings: &Findings, i: usize, lang: Lang) -> Vec<(String, Type)> {
    let Some(point) = points.get(i) else {
        return Vec::new();
    };
    let (set, soft) = (Type::new(SMALL, INK), Type::new(SMALL, SOFT_INK));
    let set = match (point.is_warned(), findings.is_efficient(i)) {
        (true, _) => Type { colour: BAD, ..set },
        (_, true) => set.bold(),
        _ => soft,
    };
    // Bold letters are wider than those that were measured to wrap.
    let names = wrap_at_most(&point.name, lang, SMALL, NAME.0, NAME.1);
    let warning = point.is_warned().then(|| unplaced_in_words(point, lang));
    let warnings = warning.into_iter().flat_map(|w| wrap_at_most(&w, lang, SMALL, NAME.0, 2));
    names.into_iter().chain(warnings).map(|line| (line, set)).collect()
}

/// The numbers of points that lie together.
fn sign_lines(members: &[usize]) -> Vec<(String, Type)> {
    let lines = members.chunks(SIGNS_A_LINE).map(|some| {
        let signs: Vec<String> = some.iter().map(|&i| sign(i)).collect();
        (signs.join(" "), Type::new(SMALL, INK).bold())
    });
    lines.collect()
}

/// The name of a point with its warning, on one line.
pub(super) fn full_name(point: &Point, lang: Lang) -> String {
    match point.is_warned() {
        true => {
            let warning = unplaced_in_words(point, lang);
            let warning = format!("{}{warning}{}", lang.pick("（", " ("), lang.pick("）", ")"));
            let room = LONGEST_KEY - width(&warning, SMALL, false);
            fit(&point.name, lang, SMALL, false, room) + &warning
        }
        false => point.name.clone(),
    }
}
