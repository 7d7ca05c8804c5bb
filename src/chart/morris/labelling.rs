//! Naming the points: names beside them, numbers that the key explains where points crowd.

use super::super::Lang;
use super::super::canvas::Type;
use super::super::points::{Cluster, Label, Scene, arrange, clusters, sign_lines};
use super::super::text::wrap_at_most;
use super::super::theme::{INK, SMALL};
use super::Point;

/// Widest line of a name, and most lines.
const NAME: (f64, usize) = (186.0, 2);
/// Points within this part of the plot from its lower left corner crowd, if there are more than so many.
const CROWD: (f64, usize) = (0.16, 2);

/// How the points are named.
pub(super) struct Labelling {
    pub labels: Vec<Label>,
    /// Points with a number that the key explains, ascending.
    pub signed: Vec<usize>,
    /// Points for which there is no room.
    pub nameless: Vec<usize>,
}

impl Labelling {
    /// Numbers for the crowd, then names beside the others, then numbers for those whose names find no place there.
    pub fn of(points: &[Point], scene: &Scene, lang: Lang) -> Labelling {
        let set = Type::new(SMALL, INK);
        let names = |members: &[usize]| -> Vec<(String, Type)> {
            let names = members.iter().filter_map(|&i| points.get(i));
            let lines = names.flat_map(|p| wrap_at_most(&p.factor, lang, SMALL, NAME.0, NAME.1));
            lines.map(|line| (line, set)).collect()
        };
        let clusters = clusters(scene);
        let (mut crowd, mut others): (Vec<Cluster>, Vec<Cluster>) =
            clusters.iter().cloned().partition(|(place, _)| is_in_crowd(*place, scene));
        if crowd.len() <= CROWD.1 {
            others = clusters.clone();
            crowd.clear();
        }
        let mut labels = arrange(&crowd, scene, &[], sign_lines);
        let mut signed = members(&labels);
        // A name at the end of a line would be harder to follow than a number beside its point.
        let beside = arrange(&others, scene, &labels, names);
        labels.extend(beside.into_iter().filter(|label| label.leader.is_empty()));
        let last = arrange(&without_label(&clusters, &labels), scene, &labels, sign_lines);
        signed.extend(members(&last));
        signed.sort_unstable();
        labels.extend(last);
        let nameless = without_label(&clusters, &labels);
        let nameless = nameless.into_iter().flat_map(|(_, members)| members).collect();
        Labelling { labels, signed, nameless }
    }
}

fn is_in_crowd((x, y): (f64, f64), scene: &Scene) -> bool {
    let plot = scene.bounds;
    x - plot.left < CROWD.0 * plot.width() && plot.bottom - y < CROWD.0 * plot.height()
}

fn members(labels: &[Label]) -> Vec<usize> {
    labels.iter().flat_map(|label| label.members.iter().copied()).collect()
}

fn without_label(clusters: &[Cluster], labels: &[Label]) -> Vec<Cluster> {
    let is_open = |cluster: &&Cluster| labels.iter().all(|label| label.members != cluster.1);
    clusters.iter().filter(is_open).cloned().collect()
}
