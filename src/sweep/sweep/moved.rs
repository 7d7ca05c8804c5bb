//! Figures of a scenario moved, without reading a file again: by the values of factors, or to quantiles of their own ranges.
//!
//! In: a [`Loaded`] scenario, and factors with drawn numbers or figures with probabilities. Out: the scenario with its figures so. How a
//! number changes a figure is said in [`figure_change`](crate::input::figure_change), how far a figure with `low` and `high` moves at
//! a probability in [`ranges`](crate::input::ranges).

use crate::experiment::Factor;
use crate::input::figure_change::{Change, change_figure, node_at};
use crate::input::ranges::range_of;
use crate::input::rebuilt::rebuilt;
use crate::input::sweep::change_of;
use crate::input::{Loaded, Refused};
use crate::scenario::Scenario;

/// The scenario in which a factor has a value (in the factor's unit).
///
/// # Errors
/// What the rules of the input refuse, e.g. flows of one origin that add up to more than everybody.
pub fn moved(loaded: &Loaded, factor: &Factor, value: f64) -> Result<Scenario, Refused> {
    moved_all(loaded, &[(factor, value)])
}

/// The scenario in which each factor has its value; a figure that the scenario does not have is left alone.
///
/// # Errors
/// As of [`moved`].
pub fn moved_all(loaded: &Loaded, values: &[(&Factor, f64)]) -> Result<Scenario, Refused> {
    let base_year = loaded.scenario.city.base_year;
    let mut tree = loaded.tree.clone();
    for (factor, value) in values {
        for path in &factor.paths {
            if let Some(node) = node_at(&mut tree, path)
                && let Some(change) = change_of(factor, *value, node)
            {
                change_figure(node, path, change, base_year, factor.from_year);
            }
        }
    }
    rebuilt(loaded, tree)
}

/// The scenario with each named figure at a probability of its own range, after the base year; a figure stays inside the bounds of
/// its key.
///
/// # Errors
/// What the rules of the input refuse, e.g. flows of one origin that add up to more than everybody; a path without a range
/// changes nothing.
pub fn shifted(loaded: &Loaded, shifts: &[(&str, f64)]) -> Result<Scenario, Refused> {
    let base_year = loaded.scenario.city.base_year;
    let mut tree = loaded.tree.clone();
    for (path, probability) in shifts {
        let range = loaded.tree.at(path).and_then(|node| range_of(node, path));
        if let (Some(range), Some(node)) = (range, node_at(&mut tree, path)) {
            // The range belongs to the figure as it was.
            let by = Change::Add(range.shift(*probability));
            change_figure(node, path, by, base_year, None);
        }
    }
    rebuilt(loaded, tree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::Name;
    use crate::experiment::{Distribution, How};
    use crate::input::ranges::uncertain;
    use crate::input::sweep::load_sweep;
    use crate::sweep::outcome::known;
    use crate::sweep::touched::numbers;
    use crate::units::Year;

    fn small(sets: &[&str]) -> Loaded {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        crate::input::load(&root.join("tests/small"), &sets).expect("the small city")
    }

    fn factor(path: &str, how: How, unit: &str) -> Factor {
        let text = |text: &str| text.to_string();
        Factor {
            key: text("f"),
            name: Name { zh: text("f"), en: text("f") },
            paths: vec![text(path)],
            how,
            distribution: Distribution::uniform(0.0, 1.0).expect("a law"),
            unit: text(unit),
            source: text("assumption"),
            note: String::new(),
            from_year: None,
            optional: false,
        }
    }

    fn stage(name: &str) -> crate::axes::Stage {
        crate::input::china().parse(name).expect("a stage of China")
    }

    const RATE: &str = "enrolment.kindergarten.gross_rate";
    const SET: &str = "enrolment.kindergarten.gross_rate={ by_year = { 2020 = 90.0, 2022 = 91.0, 2025 = 92.0 }, unit = \"percent\", source = \"made-up\" }";

    fn rates(factor: &Factor, value: f64) -> Vec<f64> {
        let scenario = moved(&small(&[SET]), factor, value).expect("a scenario");
        let rate = &scenario.enrolment.gross_rate[stage("kindergarten").idx()];
        [2020, 2021, 2022, 2023, 2025, 2030].map(|year| 100.0 * rate.at(year)).to_vec()
    }

    fn near(found: &[f64], expected: &[f64]) {
        let gap = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(gap < 1e-9, "{found:?} and {expected:?}");
    }

    /// The path 90, 91 (2022), 92 (2025): set to 95 it moves by 3 after 2020, with 5 added by 5; times 1.1 to 100.1 and 101.2. A share
    /// is the same as its percentage.
    #[test]
    fn the_three_ways_by_hand() {
        near(
            &rates(&factor(RATE, How::Set, "percent"), 95.0),
            &[90.0, 92.0, 94.0, 94.0 + 1.0 / 3.0, 95.0, 95.0],
        );
        near(
            &rates(&factor(RATE, How::Set, "share"), 0.95),
            &[90.0, 92.0, 94.0, 94.0 + 1.0 / 3.0, 95.0, 95.0],
        );
        near(
            &rates(&factor(RATE, How::Add, "percent"), 5.0),
            &[90.0, 93.0, 96.0, 96.0 + 1.0 / 3.0, 97.0, 97.0],
        );
        near(
            &rates(&factor(RATE, How::Multiply, "ratio"), 1.1),
            &[90.0, 95.05, 100.1, 100.1 + 1.1 / 3.0, 101.2, 101.2],
        );
    }

    /// From 2030: to 2025 nothing changes, then a line to the drawn value; from 2023, where the path is 91⅓: the same amount from there.
    #[test]
    fn a_year_from_which_it_changes() {
        let from = |year| Factor { from_year: Some(year), ..factor(RATE, How::Set, "percent") };
        near(&rates(&from(2030), 95.0), &[90.0, 90.5, 91.0, 91.0 + 1.0 / 3.0, 92.0, 95.0]);
        near(&rates(&from(2023), 95.0), &[90.0, 90.5, 91.0, 94.0 + 1.0 / 3.0, 95.0, 95.0]);
    }

    /// A list by grade keeps its differences: its mean becomes the number.
    #[test]
    fn a_list_moves_whole_and_stays_inside_its_bounds() {
        let set = "enrolment.junior.retention={ value = [98.0, 100.0], unit = \"percent\", source = \"made-up\" }";
        let loaded = small(&[set]);
        let at = |value: f64, from_year: Option<Year>| {
            let path = "enrolment.junior.retention";
            let factor = Factor { from_year, ..factor(path, How::Set, "percent") };
            let scenario = moved(&loaded, &factor, value).expect("a scenario");
            let first = stage("junior").first_grade();
            [first, first + 1].map(|grade| {
                [2021, 2025].map(|y| 100.0 * scenario.enrolment.retention[grade].at(y))
            })
        };
        near(at(97.0, None).as_flattened(), &[96.0, 96.0, 98.0, 98.0]);
        near(at(97.0, Some(2025)).as_flattened(), &[97.6, 96.0, 99.6, 98.0]);
        near(at(135.0, None).as_flattened(), &[130.0, 130.0, 130.0, 130.0]);
    }

    #[test]
    fn whole_numbers_are_rounded_and_absent_figures_left_alone() {
        let loaded = small(&[]);
        let absent = factor("programmes.nowhere.delay", How::Set, "years");
        let scenario = moved(&loaded, &absent, 2.0).expect("a scenario");
        assert_eq!(numbers(&scenario), numbers(&loaded.scenario));
    }

    const WITH_RANGE: &str = "enrolment.kindergarten.gross_rate={ by_year = { 2020 = 90.0, 2025 = 92.0 }, unit = \"percent\", low = 88.0, high = 94.0, source = \"made-up\" }";

    /// The rate of 2025 is 92, its range 88 to 94: the 90th percentile is 2 above, the 10th 4 below, and the median is the
    /// value. The base year 2020 stays at 90.
    #[test]
    fn a_figure_moves_after_the_base_year() {
        let loaded = small(&[WITH_RANGE]);
        let found = uncertain(&loaded);
        let range = found.iter().find(|u| u.path == RATE).expect("a figure with a range");
        assert_eq!((range.value, range.low, range.high), (92.0, 88.0, 94.0));
        for (probability, expected) in [(0.9, 94.0), (0.1, 88.0), (0.5, 92.0)] {
            let scenario = shifted(&loaded, &[(RATE, probability)]).expect("a scenario");
            let rate = &scenario.enrolment.gross_rate[stage("kindergarten").idx()];
            assert!((100.0 * rate.at(2025) - expected).abs() < 1e-9, "{}", rate.at(2025));
            assert!((rate.at(2020) - 0.90).abs() < 1e-12);
        }
    }

    /// 100 % is the most of a coverage of 2.0 as a ratio, and 0 its least.
    #[test]
    fn a_figure_stays_inside_its_bounds() {
        let set = "enrolment.primary.coverage={ value = 1.0, unit = \"ratio\", low = 0.2, high = 1.9, source = \"made-up\" }";
        let loaded = small(&[set]);
        for (probability, expected) in [(0.9999, 2.0), (0.0001, 0.0)] {
            let scenario =
                shifted(&loaded, &[("enrolment.primary.coverage", probability)]).expect("scenario");
            let coverage = &scenario.enrolment.coverage[stage("primary").idx()];
            assert_eq!(coverage.at(2030), expected);
        }
    }

    /// Where no year follows the base year, every value moves.
    #[test]
    fn a_figure_without_later_years_moves_whole() {
        let set = "enrolment.technical.rate={ by_year = { 2018 = 4.0, 2020 = 5.0 }, unit = \"percent\", low = 4.0, high = 6.0, source = \"made-up\" }";
        let scenario =
            shifted(&small(&[set]), &[("enrolment.technical.rate", 0.9)]).expect("a scenario");
        assert!((scenario.enrolment.technical_rate.at(2018) - 0.05).abs() < 1e-9);
        assert!((scenario.enrolment.technical_rate.at(2020) - 0.06).abs() < 1e-9);
    }

    #[test]
    fn nothing_moved_is_the_same_scenario() {
        let loaded = small(&[]);
        let again = shifted(&loaded, &[]).expect("a scenario");
        assert_eq!(again.vital, loaded.scenario.vital);
        assert_eq!(numbers(&again), numbers(&loaded.scenario));
        assert_eq!(again.key, loaded.scenario.key);
    }

    /// The shipped sweeps load, have the same factors, and each factor changes what a run reads of the plan.
    #[test]
    fn the_shipped_sweeps_load_and_every_factor_moves_something() {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let folder = root.join("scenarios/jiaozuo/sweeps");
        let load = |name: &str| match load_sweep(&folder.join(name), &[], &known) {
            Ok(loaded) => loaded,
            Err(refused) => panic!("{}", refused.problems.render("error")),
        };
        let futures = load("futures.toml");
        for name in ["sensitivity.toml", "screening.toml"] {
            assert_eq!(load(name).sweep.factors, futures.sweep.factors, "{name}");
        }
        assert!(futures.sweep.factors.len() >= 12);
        let plan = &futures.scenarios[0];
        for factor in &futures.sweep.factors {
            let at =
                |u: f64| moved(plan, factor, factor.distribution.quantile(u)).expect("a scenario");
            assert_ne!(numbers(&at(0.1)), numbers(&at(0.9)), "{}", factor.key);
        }
        // Births to 2024 are published: the path of fertility stays to then, and has the drawn value after.
        let fertility = &futures.sweep.factors[0];
        let total = moved(plan, fertility, 1.0).expect("a scenario").vital.total_fertility;
        assert_eq!((total.at(2023), total.at(2024)), (1.38, 1.22));
        assert!((total.at(2025) - 1.0).abs() < 1e-12 && (total.at(2040) - 1.0).abs() < 1e-12);
    }
}
