//! Grade progression against the published example of the R package `enrollcast` 0.1.0 (Lawless 2026; the method is that
//! of Webster 1970, doi:10.1080/00220973.1970.11011238): its README's history, ratios and projection, and the swing of
//! its vignette. Version 0.2.0 of the package defines the swing in another way.

use xuewei::demand::grade_progression::{
    Average, Swing, entry_path, progression_ratios, project, project_with_swing,
};

/// School year; pupils of grades K, 1 and 2.
const HISTORY: [(i32, [f64; 3]); 3] =
    [(2021, [100.0, 90.0, 80.0]), (2022, [110.0, 95.0, 88.0]), (2023, [120.0, 99.0, 91.0])];
/// Given entrants of 2024-2026.
const ENTRY: [f64; 3] = [125.0, 130.0, 128.0];
/// Printed projection of 2024-2026 with the mean ratios.
const PROJECTION: [[f64; 3]; 3] =
    [[125.0, 111.0, 95.81579], [130.0, 115.625, 107.42982], [128.0, 120.25, 111.90607]];
/// Pupils of the school before its swing.
const SWING_BASE: [f64; 3] = [80.0, 66.0, 60.0];
/// Entrants of years 1-6: two held flat, recovery by 1.10, 1.10 and 1.05, then 130 as given.
const SWING_ENTRY: [f64; 6] = [80.0, 80.0, 88.0, 96.8, 101.64, 130.0];
/// Grade 1 of year 6: 0.925 · 101.64.
const SWING_GRADE_1: f64 = 94.017;

/// Half a unit of the last digit that is printed of ratios and of pupils.
const PRINTED_RATIO: f64 = 5e-8;
const PRINTED_PUPILS: f64 = 5e-6;
/// Where fifteen digits are given, two units of the last bit.
const ROUNDING: f64 = 6e-16;

fn ratios(average: Average) -> Vec<f64> {
    let years = HISTORY.map(|row| row.0);
    let pupils = HISTORY.map(|row| row.1.map(Some).to_vec());
    let found = progression_ratios(&years, &pupils, &average);
    found.into_iter().map(|ratio| ratio.expect("every grade has a transition")).collect()
}

fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} against {expected}");
}

#[test]
fn published_ratios_to_the_printed_digit() {
    let mean = ratios(Average::Mean);
    assert_eq!(mean.len(), 2);
    assert_close(mean[0], 0.925, PRINTED_RATIO);
    assert_close(mean[1], 0.9678363, PRINTED_RATIO);
    assert_close(ratios(Average::Geometric)[0], 0.924662100445346, ROUNDING);
    assert_close(ratios(Average::Median)[0], 0.925, ROUNDING);
    let last = ratios(Average::Last);
    assert_close(last[0], 0.9, ROUNDING);
    assert_close(last[1], 0.957894736842105, ROUNDING);
    assert_close(ratios(Average::Weighted(vec![2.0, 1.0]))[0], 0.916666666666667, ROUNDING);
}

#[test]
fn published_projection_to_the_printed_digit() {
    let found = project(&HISTORY[2].1, &ratios(Average::Mean), &ENTRY);
    assert_eq!(found.len(), PROJECTION.len());
    for (found, expected) in found.iter().zip(PROJECTION) {
        assert_eq!(found.len(), expected.len());
        for (&found, expected) in found.iter().zip(expected) {
            assert_close(found, expected, PRINTED_PUPILS);
        }
    }
}

#[test]
fn published_swing_to_the_printed_digit() {
    let swing = Swing { years_held: 2, recovery: vec![1.10, 1.10, 1.05] };
    let path = entry_path(SWING_BASE[0], &swing, &[130.0]);
    let found = project_with_swing(&SWING_BASE, &ratios(Average::Mean), &swing, &[130.0]);
    assert_eq!((path.len(), found.len()), (6, 6));
    for ((entry, row), expected) in path.iter().zip(&found).zip(SWING_ENTRY) {
        assert_close(*entry, expected, PRINTED_PUPILS);
        assert_close(row[0], expected, PRINTED_PUPILS);
    }
    assert_close(found[5][1], SWING_GRADE_1, PRINTED_PUPILS);
}
