//! Attendance of the base year: rows are shares.

use proptest::prelude::*;
use xuewei::demand;
use xuewei::population;

use crate::support::{self, stage};

proptest! {
    /// Base shares and the attendance of the base year: every row sums to 1, wherever schools stand and whoever moves.
    #[test]
    fn rows_sum_to_one(
        schools in prop::collection::vec((0..6_usize, 1..20_i32, 0.0..60.0_f64), 1..12),
        share in 0.0..1.0_f64,
    ) {
        let mut city = support::city(2020, 2022, 3);
        for (area, rooms, pupils) in schools {
            support::add_school(&mut city, area, stage("primary"), rooms, 0.0, pupils, 1);
        }
        city.population.people.iter_mut().enumerate().for_each(|(at, n)| *n = (at % 97) as f64);
        let flow = support::rural_to_urban(&city, stage("primary"), share);
        let mut scenario = support::scenario(city);
        scenario.attendance = vec![flow];
        let people = population::project(&scenario);
        let demand = demand::project(&scenario, &people);
        let catchments = demand::catchments(&scenario.city, &scenario.attendance);
        let pairs = &catchments[stage("primary").idx()].base_pairs;
        let attendance = &demand.attendance[stage("primary").idx()];
        for shares in attendance.by_grade.iter().chain([&attendance.base_shares]) {
            for area in 0..6 {
                let total: f64 = pairs.of_area(area).iter().map(|&at| shares[at as usize][0]).sum();
                prop_assert!((total - 1.0).abs() < 1e-12, "{total}");
            }
        }
    }
}
