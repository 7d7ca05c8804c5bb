//! Small problems worked by hand.

use super::*;

fn linear(cells: &[(usize, f64)], rates: &[(usize, f64)], value: f64, error: f64) -> Equation {
    let (cells, rates) = (cells.to_vec(), rates.to_vec());
    Equation { form: Form::Linear, cells, rates, value, error }
}

fn start(n_cells: usize, n_rates: usize) -> Point {
    Point { cells: vec![0.0; n_cells], rates: vec![0.0; n_rates] }
}

/// One cell measured twice, 1 ± 1 and 4 ± 2: weights 1 and 1/4, so 1.6; variance 1/(1 + 1/4) = 0.8; leverages 0.8 and 0.2.
#[test]
fn two_measurements_are_weighted_by_their_precision() {
    let equations = vec![linear(&[(0, 1.0)], &[], 1.0, 1.0), linear(&[(0, 1.0)], &[], 4.0, 2.0)];
    let problem = Problem { group_of_cell: vec![0], n_rates: 0, equations };
    let solution = solve(&problem, start(1, 0)).expect("regular");
    assert!((solution.point.cells[0] - 1.6).abs() < 1e-12);
    assert!((solution.leverage(0) - 0.8).abs() < 1e-12);
    assert!((solution.leverage(1) - 0.2).abs() < 1e-12);
    assert!((solution.sum_error(&[0]) - 0.8_f64.sqrt()).abs() < 1e-12);
}

/// Cells of two groups and a rate: u₀ = 1 ± 1, u₁ = 2 ± 1, u₀ + r = 2 ± 1, u₁ + r = 5 ± 1, r = 0 ± 1. Normal equations
/// 2u₀ + r = 3, 2u₁ + r = 7, u₀ + u₁ + 3r = 7 give r = 1, u₀ = 1, u₁ = 3; the variance of r is 1/(3 − 1/2 − 1/2) = 1/2.
#[test]
fn a_rate_shared_by_two_groups_by_hand() {
    let equations = vec![
        linear(&[(0, 1.0)], &[], 1.0, 1.0),
        linear(&[(1, 1.0)], &[], 2.0, 1.0),
        linear(&[(0, 1.0)], &[(0, 1.0)], 2.0, 1.0),
        linear(&[(1, 1.0)], &[(0, 1.0)], 5.0, 1.0),
        linear(&[], &[(0, 1.0)], 0.0, 1.0),
    ];
    let problem = Problem { group_of_cell: vec![0, 1], n_rates: 1, equations };
    let solution = solve(&problem, start(2, 1)).expect("regular");
    for (found, expected) in
        solution.point.cells.iter().chain(&solution.point.rates).zip([1.0, 3.0, 1.0])
    {
        assert!((found - expected).abs() < 1e-12, "{found} against {expected}");
    }
    assert!((solution.rate_error(0) - 0.5_f64.sqrt()).abs() < 1e-12);
}

/// Two cells that must be 100 together and whose logarithms should be ln 2 apart: 33.3 and 66.7.
#[test]
fn totals_are_exact() {
    let together = Equation {
        form: Form::LogOfSum,
        cells: vec![(0, 1.0), (1, 1.0)],
        rates: Vec::new(),
        value: ln(100.0),
        error: 0.0,
    };
    let apart = linear(&[(0, -1.0), (1, 1.0)], &[], ln(2.0), 0.1);
    let problem =
        Problem { group_of_cell: vec![0, 0], n_rates: 0, equations: vec![together, apart] };
    let solution = solve(&problem, Point { cells: vec![1.0, 1.0], rates: vec![] });
    let solution = solution.expect("regular");
    assert!(solution.has_converged);
    let cells: Vec<f64> = solution.point.cells.iter().map(|&u| exp(u)).collect();
    assert!((cells[0] - 100.0 / 3.0).abs() < 1e-9 && (cells[1] - 200.0 / 3.0).abs() < 1e-9);
    assert!(solution.sum_error(&[0, 1]) < 1e-6);
}

/// What nothing determines is no solution.
#[test]
fn a_cell_without_equations_is_refused() {
    let problem = Problem {
        group_of_cell: vec![0, 0],
        n_rates: 0,
        equations: vec![linear(&[(0, 1.0)], &[], 1.0, 1.0)],
    };
    assert!(solve(&problem, start(2, 0)).is_none());
}
