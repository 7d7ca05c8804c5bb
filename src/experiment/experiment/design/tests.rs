use super::*;

fn design(kind: Kind, n_factors: usize, draws: u64) -> Design {
    Design::new(Spec { kind, n_factors, draws, seed: 5, block: None }).expect("a design")
}

fn refusal(kind: Kind, n_factors: usize, draws: u64) -> String {
    Design::new(Spec { kind, n_factors, draws, seed: 5, block: None }).expect_err("a refusal")
}

fn row(design: &Design, i: u64) -> Vec<f64> {
    let mut out = vec![-1.0; design.n_factors];
    design.point(i, &mut out);
    out
}

fn rows(design: &Design) -> Vec<Vec<f64>> {
    (0..design.n_points()).map(|i| row(design, i)).collect()
}

fn saltelli(scramble: bool, second_order: bool) -> Kind {
    Kind::Saltelli { scramble, second_order }
}

/// Every kind with three factors, and the rows it must have.
fn every_kind() -> Vec<(Design, u64)> {
    let morris = |candidates| Kind::Morris { levels: 4, candidates };
    let grid = Kind::Grid { points: vec![mid_points(2), mid_points(3), vec![0.1]] };
    vec![
        (design(Kind::MonteCarlo, 3, 50), 50),
        (design(Kind::LatinHypercube, 3, 50), 50),
        (design(Kind::Sobol { scramble: false }, 3, 50), 50),
        (design(Kind::Sobol { scramble: true }, 3, 50), 50),
        (design(saltelli(true, false), 3, 10), 10 * 5),
        (design(saltelli(true, true), 3, 10), 10 * 8),
        (design(morris(0), 3, 10), 10 * 4),
        (design(morris(30), 3, 10), 10 * 4),
        (design(grid, 3, 0), 6),
    ]
}

#[test]
fn points_are_strictly_inside_and_repeatable() {
    for (design, n_points) in every_kind() {
        assert_eq!(design.n_points(), n_points);
        let forwards = rows(&design);
        assert!(forwards.iter().flatten().all(|u| *u > 0.0 && *u < 1.0), "{:?}", design.kind);
        let again = design.clone();
        for i in (0..n_points).rev() {
            assert_eq!(row(&again, i), forwards[i as usize], "{:?}", design.kind);
        }
    }
}

#[test]
fn a_design_that_grows_keeps_its_rows() {
    for (design, _) in every_kind() {
        let grown = design.grown(2 * design.draws).expect("a larger design");
        let (few, many) = (rows(&design), rows(&grown));
        assert_eq!(few, many[..few.len()], "{:?}", design.kind);
        if !matches!(design.kind, Kind::Grid { .. }) {
            assert_eq!(many.len(), 2 * few.len());
        }
        // Trajectories share points of a coarse grid; no other design runs a point twice.
        if !matches!(design.kind, Kind::Grid { .. } | Kind::Morris { .. }) {
            assert!(few.iter().all(|row| !many[few.len()..].contains(row)), "{:?}", design.kind);
        }
    }
}

#[test]
fn another_seed_is_another_design() {
    for (design, _) in every_kind() {
        let Design { kind, n_factors, draws, .. } = design.clone();
        let other =
            Design::new(Spec { kind: kind.clone(), n_factors, draws, seed: 6, block: None });
        let differs = rows(&other.expect("a design")) != rows(&design);
        let is_fixed = matches!(kind, Kind::Grid { .. } | Kind::Sobol { scramble: false });
        assert_eq!(differs, !is_fixed, "{kind:?}");
    }
}

/// 20,000 points: the standard error of a mean is 1/√(12 n), of a correlation 1/√n, also of neighbours; 4.5 of them.
#[test]
fn monte_carlo_points_are_uniform_and_independent() {
    let n = 20_000_u32;
    let design = design(Kind::MonteCarlo, 6, u64::from(n));
    let points = rows(&design);
    let bound = 4.5 / f64::from(n).sqrt();
    for j in 0..6 {
        let mean = points.iter().map(|p| p[j] - 0.5).sum::<f64>() / f64::from(n);
        assert!(mean.abs() * 12.0_f64.sqrt() < bound, "{j}: {mean}");
        let next = (j + 1) % 6;
        let across: f64 = points.iter().map(|p| 12.0 * (p[j] - 0.5) * (p[next] - 0.5)).sum();
        let along: f64 = points.windows(2).map(|p| 12.0 * (p[0][j] - 0.5) * (p[1][j] - 0.5)).sum();
        assert!(across.abs() / f64::from(n) < bound && along.abs() / f64::from(n) < bound, "{j}");
        // Chi-squared with 99 degrees of freedom is above 170 ten times in a million.
        let mut n_by_cell = [0.0_f64; 100];
        points.iter().for_each(|p| n_by_cell[(p[j] * 100.0) as usize] += 1.0);
        let chi_squared: f64 = n_by_cell.iter().map(|n| (n - 200.0).powi(2) / 200.0).sum();
        assert!(chi_squared < 170.0, "{j}: {chi_squared}");
    }
}

#[test]
fn every_block_is_a_latin_hypercube() {
    for n in [1, 2, 3, 7, 16, 1000, 1023] {
        let first = design(Kind::LatinHypercube, 5, n);
        let points = rows(&first.grown(3 * n).expect("three blocks"));
        for block in points.chunks(n as usize) {
            for j in 0..5 {
                let mut seen = vec![false; n as usize];
                block.iter().for_each(|p| seen[(p[j] * n as f64) as usize] = true);
                assert!(seen.iter().all(|s| *s), "{n} points, factor {j}");
            }
        }
    }
}

/// The orders of two factors are independent: over 400 hypercubes of 10 points the mean correlation of parts is
/// within 4.5 standard errors of nought. A correlation of n random orders has variance 1/(n − 1).
#[test]
fn factors_of_a_latin_hypercube_are_unrelated() {
    let points = rows(&design(Kind::LatinHypercube, 4, 10).grown(4000).expect("400 blocks"));
    let part = |u: f64| (u * 10.0).floor() - 4.5;
    for j in 1..4 {
        // Each part's variance is (10² − 1)/12.
        let total: f64 = points.iter().map(|p| part(p[0]) * part(p[j]) / (99.0 / 12.0)).sum();
        let standard_error = (1.0 / 9.0 / 400.0_f64).sqrt();
        assert!((total / 4000.0).abs() < 4.5 * standard_error, "{j}: {}", total / 4000.0);
        // Places within the parts are uniform: mean ½, standard error 1/√(12·4000).
        let inside = points.iter().map(|p| (p[j] * 10.0).fract()).sum::<f64>() / 4000.0;
        assert!((inside - 0.5).abs() < 4.5 / 48_000.0_f64.sqrt(), "{j}: {inside}");
    }
}

/// SALib 1.6.0, `sample.sobol.sample`, three factors on (0, 1), not scrambled: the rows of base point 5.
const SALIB: [[f64; 3]; 8] = [
    [0.875, 0.875, 0.125],
    [0.375, 0.875, 0.125],
    [0.875, 0.875, 0.125],
    [0.875, 0.875, 0.625],
    [0.875, 0.875, 0.625],
    [0.375, 0.875, 0.625],
    [0.375, 0.875, 0.125],
    [0.375, 0.875, 0.625],
];

#[test]
fn the_rows_of_saltelli_are_those_of_salib() {
    let second = design(saltelli(false, true), 3, 8);
    let first = design(saltelli(false, false), 3, 8);
    assert_eq!((second.group_size(), first.group_size()), (8, 5));
    let without_second = [0, 1, 2, 3, 7];
    for (k, expected) in SALIB.iter().enumerate() {
        let close =
            |found: Vec<f64>| found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-15);
        assert!(close(row(&second, 5 * 8 + k as u64)), "row {k}");
        if let Some(place) = without_second.iter().position(|p| *p == k) {
            assert!(close(row(&first, 5 * 5 + place as u64)), "row {k} without second order");
        }
    }
}

/// In a scrambled design, too: row j of AB differs from A in factor j alone, row j of BA from B, and they exchange
/// their values.
#[test]
fn saltelli_exchanges_one_factor() {
    let design = design(saltelli(true, true), 4, 16);
    for group in rows(&design).chunks(10) {
        let (a, b) = (&group[0], &group[9]);
        assert!(a.iter().zip(b).all(|(a, b)| a != b));
        for (j, k) in (0..4).flat_map(|j| (0..4).map(move |k| (j, k))) {
            assert_eq!(group[1 + j][k], if j == k { b[k] } else { a[k] });
            assert_eq!(group[5 + j][k], if j == k { a[k] } else { b[k] });
        }
    }
}

/// Each step moves one factor by half the cube, each factor once; all levels come equally often: of 1,200 starts of a
/// factor 300 on each of four, standard deviation 15.
#[test]
fn trajectories_move_one_factor_at_a_time() {
    let design = design(Kind::Morris { levels: 4, candidates: 0 }, 6, 1200);
    let points = rows(&design);
    let mut n_by_level = [[0_i32; 4]; 6];
    let mut n_first = [0_i32; 6];
    for trajectory in points.chunks(7) {
        let mut moved = Vec::new();
        for step in trajectory.windows(2) {
            let changed: Vec<usize> = (0..6).filter(|&j| step[0][j] != step[1][j]).collect();
            assert_eq!(changed.len(), 1);
            assert_eq!((step[0][changed[0]] - step[1][changed[0]]).abs(), 0.5);
            moved.push(changed[0]);
        }
        n_first[moved[0]] += 1;
        moved.sort_unstable();
        assert_eq!(moved, [0, 1, 2, 3, 4, 5]);
        for j in 0..6 {
            let level = [0.125, 0.375, 0.625, 0.875].iter().position(|l| *l == trajectory[0][j]);
            n_by_level[j][level.expect("one of four levels")] += 1;
        }
    }
    assert!(n_by_level.iter().flatten().all(|n| (n - 300).abs() < 68), "{n_by_level:?}");
    assert!(n_first.iter().all(|n| (n - 200).abs() < 59), "{n_first:?}");
}

#[test]
fn a_grid_has_every_combination_once_the_last_factor_fastest() {
    let points = vec![mid_points(2), vec![0.3], mid_points(3)];
    let found = rows(&design(Kind::Grid { points }, 3, 0));
    let (sixth, half) = (1.0 / 6.0, 0.5);
    let expected = [
        [0.25, 0.3, sixth],
        [0.25, 0.3, half],
        [0.25, 0.3, 2.5 / 3.0],
        [0.75, 0.3, sixth],
        [0.75, 0.3, half],
        [0.75, 0.3, 2.5 / 3.0],
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_table_gives_its_own_values() {
    let table = design(Kind::Table { rows: vec![vec![1.2, 900.0], vec![1.3, -7.0]] }, 2, 0);
    assert_eq!((table.n_points(), table.draws), (2, 2));
    assert_eq!(table.given(1), Some(&[1.3, -7.0][..]));
    assert_eq!(table.given(2), None);
    assert!(row(&table, 0).iter().all(|u| u.is_nan()));
    assert_eq!(design(Kind::MonteCarlo, 2, 3).given(0), None);
}

#[test]
fn rows_there_are_none_of_are_not_a_number() {
    for kind in [Kind::Morris { levels: 4, candidates: 0 }, Kind::Grid { points: vec![vec![0.5]] }]
    {
        let design = design(kind, 1, 2);
        assert!(row(&design, design.n_points()).iter().all(|u| u.is_nan()));
        assert!(row(&design, u64::MAX).iter().all(|u| u.is_nan()));
    }
}

#[test]
fn impossible_designs_are_refused() {
    let morris = |levels, candidates| Kind::Morris { levels, candidates };
    let grid = |points: &[f64]| Kind::Grid { points: vec![points.to_vec()] };
    let cases = [
        (Kind::MonteCarlo, 0, 5, "at least one factor"),
        (Kind::MonteCarlo, 1, 0, "draws = 0"),
        (Kind::Sobol { scramble: true }, 257, 1, "1 to 256"),
        (saltelli(true, true), 129, 1, "at most 128"),
        (saltelli(true, true), 3, u64::MAX / 4, "more rows"),
        (morris(3, 0), 2, 5, "even"),
        (morris(0, 0), 2, 5, "even"),
        (morris(4, 4), 2, 5, "at least the 5"),
        (morris(4, 1_000_000), 2, 5, "at most"),
        (grid(&[0.5, 1.0]), 1, 0, "between 0 and 1"),
        (grid(&[f64::NAN]), 1, 0, "between 0 and 1"),
        (grid(&[]), 1, 0, "at least one"),
        (grid(&[0.5]), 2, 0, "a grid of 1"),
        (Kind::Grid { points: vec![vec![0.5; 1 << 16]; 4] }, 4, 0, "more rows"),
        (Kind::Table { rows: vec![] }, 1, 0, "without rows"),
        (Kind::Table { rows: vec![vec![1.0], vec![]] }, 1, 0, "row 2"),
    ];
    for (kind, n_factors, draws, words) in cases {
        let found = refusal(kind, n_factors, draws);
        assert!(found.contains(words), "{found:?} against {words:?}");
    }
}
