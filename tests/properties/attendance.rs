//! Attendance is kept sparse: it must give the bits that full matrices give.

use proptest::prelude::*;
use xuewei::axes::{N_GRADES, Stage};
use xuewei::demand::attendance::{Matrix, base_shares};
use xuewei::demand::{self, Attendance};
use xuewei::population;
use xuewei::schools::attend::Attending;

use crate::support;

const N_AREAS: usize = 6;
const N_COLUMNS: usize = 7;

/// Adds something to a cell, or moves a part of a column to another.
#[derive(Debug, Clone)]
enum Change {
    Add(usize, usize, f64),
    Shift(usize, usize, f64),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0..N_AREAS, 0..N_COLUMNS, 0.0..1.0_f64).prop_map(|(a, c, x)| Change::Add(a, c, x)),
        (0..N_COLUMNS, 0..N_COLUMNS, 0.0..1.0_f64).prop_map(|(a, b, x)| Change::Shift(a, b, x)),
    ]
}

proptest! {
    /// The same changes to a full table, cell by cell, and its products with pupils by area, summed area after area.
    #[test]
    fn sparse_rows_have_the_bits_of_full_ones(
        changes in prop::collection::vec(change(), 0..40),
        residents in prop::collection::vec(0.0..1e4_f64, N_AREAS),
    ) {
        let mut full = vec![[0.0; N_COLUMNS]; N_AREAS];
        let mut sparse = Matrix::new(N_AREAS, N_COLUMNS);
        for change in changes {
            match change {
                Change::Add(area, column, share) => {
                    full[area][column] += share;
                    sparse.add(area, column, share);
                }
                Change::Shift(from, to, part) if from != to => {
                    for row in &mut full {
                        let moved = row[from] * part;
                        row[from] -= moved;
                        row[to] += moved;
                    }
                    sparse.shift(from, to, |there| there * part);
                }
                Change::Shift(..) => {}
            }
        }
        for (area, row) in full.iter().enumerate() {
            for (column, share) in row.iter().enumerate() {
                prop_assert_eq!(sparse.share(area, column).to_bits(), share.to_bits());
            }
            let cells: Vec<usize> = sparse.row(area).map(|(column, _)| column).collect();
            prop_assert!(cells.windows(2).all(|pair| pair[0] < pair[1]));
        }
        let grade = Stage::Junior.first_grade();
        let mut by_grade = vec![Matrix::new(N_AREAS, N_COLUMNS); N_GRADES];
        by_grade[grade] = sparse;
        let scenario = support::scenario(support::city(2020, 2021, N_AREAS / 2));
        let base = vec![Matrix::new(N_AREAS, N_COLUMNS); Stage::ALL.len()];
        let attending =
            Attending::of_base_year(&scenario, &Attendance { by_grade, base_shares: base });
        let mut of_areas = vec![0.0; N_AREAS * N_GRADES];
        for (area, pupils) in residents.iter().enumerate() {
            of_areas[area * N_GRADES + grade] = *pupils;
        }
        let mut found = Vec::new();
        attending.pupils_of_pools(grade, &of_areas, &mut found);
        for pool in 0..N_COLUMNS - 1 {
            let mut by_hand = 0.0;
            for area in 0..N_AREAS {
                by_hand += full[area][pool] * residents[area];
            }
            prop_assert_eq!(found[pool].to_bits(), by_hand.to_bits());
            let alone = attending.pupils_of_pool(grade, pool, &of_areas);
            prop_assert_eq!(alone.to_bits(), by_hand.to_bits());
        }
    }

    /// Base shares and the attendance of the base year: every row sums to 1, wherever schools stand and whoever moves.
    #[test]
    fn rows_sum_to_one(
        schools in prop::collection::vec((0..6_usize, 1..20_i32, 0.0..60.0_f64), 1..12),
        share in 0.0..1.0_f64,
    ) {
        let mut city = support::city(2020, 2022, 3);
        for (area, rooms, pupils) in schools {
            support::add_school(&mut city, area, Stage::Primary, rooms, 0.0, pupils, 1);
        }
        city.population.people.iter_mut().enumerate().for_each(|(at, n)| *n = (at % 97) as f64);
        let flow = support::rural_to_urban(&city, Stage::Primary, share);
        let mut scenario = support::scenario(city);
        scenario.attendance = vec![flow];
        let people = population::project(&scenario);
        let demand = demand::project(&scenario, &people);
        let base = base_shares(&scenario, Stage::Primary);
        let of_grades = &demand.attendance.by_grade[Stage::Primary.grades()];
        for matrix in of_grades.iter().chain([&base]) {
            for area in 0..6 {
                let total: f64 = matrix.row(area).map(|(_, share)| share).sum();
                prop_assert!((total - 1.0).abs() < 1e-12, "{total}");
            }
        }
    }
}
