use super::*;

fn moved(from: [u32; 2], to: [u32; 2], step: [u32; 2]) -> Vec<Move> {
    (0..2).map(|j| Move { from: from[j], to: to[j], step: step[j] }).collect()
}

/// Two factors, four levels. Trajectory a: (0,0) (2,0) (2,2). Trajectory b: (3,3) (3,1) (1,1). Distances of their points, row by row of
/// a: √18 √10 √2 · √10 √2 √2 · √2 √2 √2: the sum is 3√2 + 2√10 + 6√2 = 9√2 + 2√10.
#[test]
fn distance_by_hand() {
    let a = moved([0, 0], [2, 2], [1, 2]);
    let b = moved([3, 3], [1, 1], [2, 1]);
    let expected = (9.0 * 2.0_f64.sqrt() + 2.0 * 10.0_f64.sqrt()).powi(2);
    assert!((squared_distance(&a, &b) - expected).abs() < 1e-12);
    assert!((squared_distance(&b, &a) - expected).abs() < 1e-12);
}

/// The distance by its definition: over all pairs of rows.
fn distance_by_definition(a: &[Move], b: &[Move]) -> f64 {
    let row = |moves: &[Move], step: u32| -> Vec<f64> {
        moves.iter().map(|m| f64::from(if m.step <= step { m.to } else { m.from })).collect()
    };
    let n = a.len() as u32;
    let mut total = 0.0;
    for (i, j) in (0..=n).flat_map(|i| (0..=n).map(move |j| (i, j))) {
        let (a, b) = (row(a, i), row(b, j));
        total += a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    }
    total * total
}

#[test]
fn distance_follows_its_definition() {
    for (seed, n_factors) in [(1, 1), (2, 3), (3, 12)] {
        let [a, b] = [0, 1].map(|c| random_trajectory(n_factors, 6, seed, c));
        let (found, expected) = (squared_distance(&a, &b), distance_by_definition(&a, &b));
        assert!((found - expected).abs() < 1e-9 * expected, "{found} against {expected}");
    }
}

/// The chosen set against every set of four out of twelve: no worse than 98 % of the best, and far above the average of all. The farthest
/// pair is the farthest of all pairs.
#[test]
fn the_chosen_lie_far_apart() {
    for seed in 0..5 {
        let made: Vec<Vec<Move>> = (0..12).map(|c| random_trajectory(4, 4, seed, c)).collect();
        let spread = |set: &[usize]| -> f64 {
            let pairs =
                set.iter().enumerate().flat_map(|(k, &a)| set[..k].iter().map(move |&b| (a, b)));
            pairs.map(|(a, b)| distance_by_definition(&made[a], &made[b])).sum::<f64>().sqrt()
        };
        let mut all = Vec::new();
        for mask in 0..1_u32 << 12 {
            if mask.count_ones() == 4 {
                let set: Vec<usize> = (0..12).filter(|c| mask >> c & 1 == 1).collect();
                all.push(spread(&set));
            }
        }
        assert_eq!(all.len(), 495);
        let best = all.iter().copied().fold(0.0, f64::max);
        let chosen = far_apart(&made, 4);
        let found = spread(&chosen);
        let n_wider = all.iter().filter(|s| **s > found * (1.0 + 1e-12)).count();
        assert!(found > 0.98 * best && n_wider < 15, "{found} of {best}, {n_wider} wider");
        let widest_pair = (0..12)
            .flat_map(|a| (0..a).map(move |b| [a, b]))
            .map(|p| spread(&p))
            .fold(0.0, f64::max);
        assert!((spread(&chosen[..2]) - widest_pair).abs() < 1e-9);
    }
}

#[test]
fn more_trajectories_begin_with_the_same() {
    let new = |wanted, candidates| Trajectories::new(5, 4, wanted, candidates, 3).moves;
    for candidates in [0, 40] {
        let many = new(20, candidates);
        for wanted in [1, 2, 7] {
            assert_eq!(new(wanted, candidates), many[..wanted * 5]);
        }
    }
    assert_ne!(new(2, 0), new(2, 40));
}
