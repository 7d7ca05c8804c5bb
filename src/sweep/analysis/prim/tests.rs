//! Boxes that can be worked by hand.

use super::*;
use crate::analysis::points::halton3;

const OPTIONS: Options = Options { peel: 0.1, paste: 0.05, smallest_mass: 0.05 };

/// Of ten trials of a half 8 or more: (45 + 10 + 1)/1024; 2 or more: 1 − 11/1024. scipy 1.17 `binomtest(62, 97, 0.5)`: 0.0039797277.
#[test]
fn binomial_tails() {
    assert!((binomial_tail(10, 0.5, 8) - 56.0 / 1024.0).abs() < 1e-14);
    assert!((binomial_tail(10, 0.5, 2) - 1013.0 / 1024.0).abs() < 1e-14);
    assert!((binomial_tail(97, 0.5, 62) - 0.003_979_727_711_223_3).abs() < 1e-13);
    assert_eq!((binomial_tail(5, 1.0, 5), binomial_tail(5, 0.0, 1)), (1.0, 0.0));
}

/// Cases fill the corner x > 0.6, y < 0.5 of three factors: the purest box is that corner, found to within a peel.
#[test]
fn a_corner_is_found() {
    let x = halton3(2000);
    let is_case: Vec<bool> = (0..2000).map(|i| x[0][i] > 0.6 && x[1][i] < 0.5).collect();
    let found = boxes(&x, &is_case, &OPTIONS, 1).remove(0);
    let chosen = &found.steps[found.chosen];
    assert!(chosen.density > 0.95 && chosen.coverage > 0.9, "{chosen:?}");
    assert_eq!(chosen.n_restricted, 2);
    assert!((chosen.limits[0][0] - 0.6).abs() < 0.04 && (chosen.limits[1][1] - 0.5).abs() < 0.04);
    assert!(found.quasi_p[0][0].unwrap() < 1e-6 && found.quasi_p[2] == [None, None]);
}

/// Ten draws 1 … 10, cases 6 to 10. A peel of 0.1 parts between places 0 and 1 (0.9 of 9 steps): the limit is 1.5; then 2.5 and
/// so on, each from below, until only cases are left.
#[test]
fn peels_by_hand() {
    let x = vec![(1..=10).map(f64::from).collect::<Vec<f64>>()];
    let is_case: Vec<bool> = x[0].iter().map(|v| *v > 5.5).collect();
    let found = boxes(&x, &is_case, &OPTIONS, 3).remove(0);
    let lows: Vec<f64> = found.steps.iter().map(|s| s.limits[0][0]).collect();
    assert_eq!(lows, vec![1.0, 1.5, 2.5, 3.5, 4.5, 5.5]);
    let last = &found.steps[5];
    assert_eq!((last.n, last.coverage, last.density, found.chosen), (5, 1.0, 1.0, 5));
}

/// A corner with most of the cases, and a small block apart from it: the second box is sought where the first is not.
#[test]
fn a_second_box_is_sought_outside_the_first() {
    let x: Vec<Vec<f64>> = halton3(3000)[..2].to_vec();
    let corner = |u: f64, v: f64| u > 0.7 && v > 0.7;
    let block = |u: f64, v: f64| (0.2..0.4).contains(&u) && (0.2..0.5).contains(&v);
    // Every fifth draw of the block is a case.
    let is_case: Vec<bool> = (0..3000)
        .map(|i| corner(x[0][i], x[1][i]) || (i % 5 == 0 && block(x[0][i], x[1][i])))
        .collect();
    let found = boxes(&x, &is_case, &OPTIONS, 3);
    let chosen: Vec<&Step> = found.iter().map(|t| &t.steps[t.chosen]).collect();
    let covered: f64 = chosen.iter().map(|step| step.coverage).sum();
    assert!(chosen.len() == 2 && covered > 0.95, "{chosen:?}");
    assert!(chosen[0].limits[0][0] > 0.6 && chosen[1].limits[0][1] < 0.5, "{chosen:?}");
    assert!(chosen[0].density > 0.85 && chosen[1].density > 0.12, "{chosen:?}");
}

/// Everything in one box beyond a wrong limit: a paste moves it out again.
#[test]
fn pasting_takes_in_what_a_peel_cut_off() {
    let x = vec![(0..100).map(f64::from).collect::<Vec<f64>>()];
    let is_case: Vec<bool> = (0..100).map(|i| i >= 50).collect();
    let left = vec![true; 100];
    let search = Search::new(&x, &is_case, &left, &OPTIONS);
    let mut steps = vec![search.step(vec![[45.5, 69.5]], 24, 20)];
    search.paste(&mut steps);
    let last = &steps[steps.len() - 1];
    assert_eq!((last.limits[0][0], last.limits[0][1], last.n_cases), (45.5, 99.0, 50));
}

#[test]
fn nothing_to_find() {
    let x = halton3(50);
    assert_eq!(boxes(&x, &[false; 50], &OPTIONS, 2), vec![]);
    let all = boxes(&x, &[true; 50], &OPTIONS, 2);
    assert_eq!((all.len(), all[0].steps.len(), all[0].steps[0].density), (1, 1, 1.0));
    let constant = boxes(&[vec![1.0; 50]], &[&[true][..], &[false; 49]].concat(), &OPTIONS, 1);
    assert_eq!(constant[0].steps.len(), 1);
}
