//! Placing labels so that they do not meet each other or the lines.

use super::canvas::Rect;

/// Centres of labels in a column: as close as possible (least squares) to where they are wanted,
/// without overlap, within `low..high`, in the order in which they are wanted.
///
/// With the heights taken off, "no overlap" becomes "ascending", so this is isotonic regression,
/// solved by pooling adjacent violators (Barlow et al. 1972); the bounds then only clamp.
/// Labels that need more room than there is start at `low` and run beyond `high`.
pub(super) fn spread(wanted: &[f64], heights: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len().min(heights.len())).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else {
        return Vec::new();
    };
    let mut offsets = vec![0.0];
    for pair in order.windows(2) {
        let previous = offsets[offsets.len() - 1];
        offsets.push(previous + (heights[pair[0]] + heights[pair[1]]) / 2.0);
    }
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (&label, offset) in order.iter().zip(&offsets) {
        let mut pool = (wanted[label] - offset, 1);
        while let Some(&(mean, count)) = pools.last() {
            if mean <= pool.0 {
                break;
            }
            let total = count + pool.1;
            pool = ((mean * count as f64 + pool.0 * pool.1 as f64) / total as f64, total);
            pools.pop();
        }
        pools.push(pool);
    }
    let lowest = low + heights[first] / 2.0;
    let highest = (high - heights[last] / 2.0 - offsets[offsets.len() - 1]).max(lowest);
    let levels = pools.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count));
    let mut centres = vec![0.0; wanted.len()];
    for ((&label, offset), level) in order.iter().zip(&offsets).zip(levels) {
        centres[label] = level.clamp(lowest, highest) + offset;
    }
    centres
}

/// A free place for a box of the size near a point: above, below, then to the sides. `None` where
/// every place meets a line, a taken box or the edge.
pub(super) fn place(
    point: (f64, f64),
    size: (f64, f64),
    bounds: Rect,
    lines: &[Vec<(f64, f64)>],
    taken: &[Rect],
) -> Option<Rect> {
    let (x, y) = point;
    let (w, h) = size;
    let aside = w / 2.0 + 8.0;
    let above = -(h / 2.0 + 7.0);
    let offsets = [
        (0.0, above),
        (w / 3.0, above),
        (-w / 3.0, above),
        (aside, above / 2.0),
        (-aside, above / 2.0),
        (0.0, -above),
        (w / 3.0, -above),
        (-w / 3.0, -above),
        (aside, 0.0),
        (-aside, 0.0),
        (0.0, above - 10.0),
        (0.0, 10.0 - above),
    ];
    let boxes = offsets.map(|(dx, dy)| Rect {
        left: x + dx - w / 2.0,
        top: y + dy - h / 2.0,
        right: x + dx + w / 2.0,
        bottom: y + dy + h / 2.0,
    });
    boxes.into_iter().find(|candidate| {
        candidate.lies_within(&bounds)
            && !taken.iter().any(|other| candidate.meets(other))
            && !lines.iter().any(|line| meets_line(candidate, line))
    })
}

/// A free place for a box of the size farther from a point, and the line that leads to it from the
/// point: on rings around it, the nearest first. Neither meets a line, a taken box or the edge.
pub(super) fn place_with_leader(
    (x, y): (f64, f64),
    (w, h): (f64, f64),
    bounds: Rect,
    lines: &[Vec<(f64, f64)>],
    taken: &[Rect],
) -> Option<(Rect, Vec<(f64, f64)>)> {
    /// Length of the line on the rings, and directions tried on each.
    const RINGS: [f64; 8] = [14.0, 24.0, 36.0, 52.0, 72.0, 100.0, 140.0, 190.0];
    const DIRECTIONS: usize = 16;
    // Leaders begin outside the mark of the point, which is among the boxes taken.
    const START: f64 = 10.0;
    let tries = RINGS.iter().flat_map(|&ring| (0..DIRECTIONS).map(move |i| (ring, i)));
    tries.into_iter().find_map(|(ring, i)| {
        let (sine, cosine) = (i as f64 / DIRECTIONS as f64 * std::f64::consts::TAU).sin_cos();
        let end = (x + cosine * ring, y - sine * ring);
        let centre = (end.0 + cosine * w / 2.0, end.1 - sine * h / 2.0);
        let candidate = Rect {
            left: centre.0 - w / 2.0,
            top: centre.1 - h / 2.0,
            right: centre.0 + w / 2.0,
            bottom: centre.1 + h / 2.0,
        };
        let leader = vec![(x + cosine * START, y - sine * START), end];
        let is_free = candidate.lies_within(&bounds)
            && !taken.iter().any(|other| candidate.meets(other) || meets_line(other, &leader))
            && !lines.iter().any(|line| meets_line(&candidate, line) || cross(&leader, line));
        is_free.then_some((candidate, leader))
    })
}

/// Whether two lines cross; lines that only touch do not.
fn cross(one: &[(f64, f64)], other: &[(f64, f64)]) -> bool {
    let side = |a: (f64, f64), b: (f64, f64), p: (f64, f64)| {
        (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)
    };
    let parts = |a, b, c, d| side(a, b, c) * side(a, b, d) < 0.0;
    one.windows(2).any(|p| {
        let mut others = other.windows(2);
        others.any(|q| parts(p[0], p[1], q[0], q[1]) && parts(q[0], q[1], p[0], p[1]))
    })
}

/// Whether a line passes through a box; the line is followed in steps of at most two units.
fn meets_line(area: &Rect, line: &[(f64, f64)]) -> bool {
    line.windows(2).any(|ends| {
        let (a, b) = (ends[0], ends[1]);
        let length = (b.0 - a.0).abs().max((b.1 - a.1).abs());
        let steps = (length / 2.0).clamp(1.0, 2_000.0) as usize;
        (0..=steps).any(|i| {
            let part = i as f64 / steps as f64;
            area.holds(a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_are_wanted() {
        assert_eq!(spread(&[50.0, 10.0], &[10.0, 10.0], 0.0, 100.0), [50.0, 10.0]);
    }

    #[test]
    fn equal_labels_part_evenly_and_stay_within_bounds() {
        let middle = spread(&[50.0, 50.0, 50.0], &[10.0; 3], 0.0, 100.0);
        assert_eq!(middle, [40.0, 50.0, 60.0]);
        let bottom = spread(&[100.0, 100.0], &[10.0; 2], 0.0, 100.0);
        assert_eq!(bottom, [85.0, 95.0]);
        assert!(spread(&[], &[], 0.0, 1.0).is_empty());
    }

    #[test]
    fn a_box_avoids_the_line_it_belongs_to() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 100.0 };
        let rising = vec![vec![(0.0, 50.0), (50.0, 0.0)], vec![(0.0, 50.0), (100.0, 50.0)]];
        let place = place((50.0, 50.0), (20.0, 10.0), bounds, &rising, &[]);
        assert!(place.is_some_and(|area| !meets_line(&area, &rising[1])));
    }

    #[test]
    fn a_leader_avoids_boxes_and_lines() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 200.0, bottom: 200.0 };
        let mark = Rect { left: 94.0, top: 94.0, right: 106.0, bottom: 106.0 };
        let wall = vec![(115.0, 0.0), (115.0, 200.0)];
        let found = place_with_leader((100.0, 100.0), (20.0, 10.0), bounds, &[wall], &[mark]);
        let (area, leader) = found.expect("there is room to the left");
        assert!(area.right < 115.0 && area.lies_within(&bounds) && !area.meets(&mark));
        assert!(leader.iter().all(|(x, _)| *x < 115.0));
        assert!(cross(&[(0.0, 0.0), (2.0, 2.0)], &[(0.0, 2.0), (2.0, 0.0)]));
        assert!(!cross(&[(0.0, 0.0), (2.0, 2.0)], &[(3.0, 0.0), (3.0, 9.0)]));
    }
}
