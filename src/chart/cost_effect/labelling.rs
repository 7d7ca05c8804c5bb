//! Naming the points: names beside them where all find room, else numbers that the key explains.

use super::super::Lang;
use super::super::canvas::Type;
use super::super::font::width;
use super::super::points::{Label, Scene, arrange, clusters, sign_lines};
use super::super::text::{fit, wrap_at_most};
use super::super::theme::{BAD, INK, SMALL, SOFT_INK};
use super::Point;
use super::finding::{Findings, unplaced_in_words};

/// Widest line of a name, and most lines.
const NAME: (f64, usize) = (170.0, 2);
/// Widest name in the key.
const LONGEST_KEY: f64 = 640.0;

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
        let named = arrange(&clusters, scene, &[], names);
        match named.len() == clusters.len() {
            true => Labelling { labels: named, are_signs: false },
            false => {
                Labelling { labels: arrange(&clusters, scene, &[], sign_lines), are_signs: true }
            }
        }
    }
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
