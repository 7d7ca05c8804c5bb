//! The cohort-component step against a textbook, a matrix, and the UN Population Division's own run.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use xuewei::population::step::{StepInput, step};
use xuewei::scenario::MigrationTiming;

/// Preston, Heuveline & Guillot (2001), *Demography*, box 6.2: Sweden, females and males, 1993 → 1998, five-year ages.
/// Age, females 1993, person-years L(x), births per woman and year, net migrants, births, females 1998.
const SWEDEN: [(f64, f64, f64, f64, f64, f64); 18] = [
    (293395.0, 497487.0, 0.0, 6840.0, 0.0, 302392.0),
    (248369.0, 497138.0, 0.0, 4150.0, 0.0, 298682.0),
    (240012.0, 496901.0, 0.0, 3365.0, 0.0, 252007.0),
    (261346.0, 496531.0, 0.012, 5270.0, 15244.0, 244150.0),
    (285209.0, 495902.0, 0.0908, 9240.0, 126688.0, 268267.0),
    (314388.0, 495168.0, 0.1499, 8230.0, 229354.0, 293515.0),
    (281290.0, 494213.0, 0.1125, 5470.0, 170057.0, 320624.0),
    (286923.0, 492760.0, 0.0441, 3155.0, 63203.0, 284767.0),
    (304108.0, 490447.0, 0.0074, 1770.0, 10971.0, 288031.0),
    (324946.0, 486613.0, 3e-4, 1115.0, 472.0, 303166.0),
    (247613.0, 480665.0, 0.0, 1075.0, 0.0, 322062.0),
    (211351.0, 471786.0, 0.0, 845.0, 0.0, 243989.0),
    (215140.0, 457852.0, 0.0, 645.0, 0.0, 205841.0),
    (221764.0, 436153.0, 0.0, 530.0, 0.0, 205516.0),
    (223506.0, 402775.0, 0.0, 465.0, 0.0, 205270.0),
    (183654.0, 350358.0, 0.0, 300.0, 0.0, 194771.0),
    (141990.0, 271512.0, 0.0, 250.0, 0.0, 142565.0),
    (112424.0, 291707.0, 0.0, 175.0, 0.0, 131966.0),
];
/// Males aged 0-4 in 1998 (with the females' life table and migrants, as the worked table has them).
const SWEDEN_BOYS_1998: f64 = 317340.0;
/// The radix of the life table.
const RADIX: f64 = 100_000.0;
/// Printed to whole people.
const PRINTED: f64 = 0.51;

fn column(f: impl Fn(&(f64, f64, f64, f64, f64, f64)) -> f64) -> Vec<f64> {
    SWEDEN.iter().map(f).collect()
}

#[test]
fn preston_box_6_2_to_the_printed_digit() {
    let person_years = column(|row| row.1);
    let mut survival = vec![person_years[0] / (5.0 * RADIX)];
    survival.extend((1..17).map(|x| person_years[x] / person_years[x - 1]));
    survival.push(person_years[17] / (person_years[16] + person_years[17]));
    let (women, migrants, fertility) = (column(|r| r.0), column(|r| r.3), column(|r| r.2));
    let output = step(&StepInput {
        women: &women,
        men: &women,
        survival_women: &survival,
        survival_men: &survival,
        migrants_women: &migrants,
        migrants_men: &migrants,
        fertility: &fertility,
        sex_ratio: 1.05,
        width_years: 5.0,
        timing: MigrationTiming::Even,
    });
    for (age, (found, row)) in output.women.iter().zip(&SWEDEN).enumerate() {
        assert!(
            (found - row.5).abs() < PRINTED,
            "females aged {}: {found} against {}",
            5 * age,
            row.5
        );
    }
    assert!((output.men[0] - SWEDEN_BOYS_1998).abs() < PRINTED, "boys: {}", output.men[0]);
    let births = output.births[0] + output.births[1];
    let printed: f64 = SWEDEN.iter().map(|row| row.4).sum();
    assert!((births - printed).abs() < 5.0, "births {births} against {printed} (printed by age)");
}

/// The same step without migration as a Leslie matrix: rows are ages, subdiagonal survival, first row fertility.
#[test]
fn leslie_matrix_agrees() {
    let n = 101;
    let survival: Vec<f64> = (0..n).map(|x| 0.999 - 0.000_09 * x as f64).collect();
    let fertility: Vec<f64> =
        (0..n).map(|x| if (15..50).contains(&x) { 0.04 } else { 0.0 }).collect();
    let girls = 1.0 / 2.06;
    let mut leslie = DMatrix::<f64>::zeros(n, n);
    for x in 1..n {
        leslie[(x, x - 1)] = survival[x];
    }
    leslie[(n - 1, n - 1)] = survival[n - 1];
    // Births on the mean of women at the start and at the end: F·(I + S)/2.
    for x in 0..n {
        let next = (x + 1).min(n - 1);
        let mean_rate = 0.5 * (fertility[x] + fertility[next] * survival[next]);
        leslie[(0, x)] = girls * survival[0] * mean_rate;
    }
    let start: Vec<f64> = (0..n).map(|x| 1000.0 - 9.0 * x as f64).collect();
    let mut vector = DVector::from_vec(start.clone());
    let (mut women, none) = (start.clone(), vec![0.0; n]);
    for _ in 0..30 {
        vector = &leslie * vector;
        women = step(&StepInput {
            women: &women,
            men: &none,
            survival_women: &survival,
            survival_men: &survival,
            migrants_women: &none,
            migrants_men: &none,
            fertility: &fertility,
            sex_ratio: 1.06,
            width_years: 1.0,
            timing: MigrationTiming::Even,
        })
        .women;
    }
    for (x, (by_step, by_matrix)) in women.iter().zip(vector.iter()).enumerate() {
        assert!((by_step - by_matrix).abs() < 1e-9, "age {x}: {by_step} against {by_matrix}");
    }
}

fn rows(path: &std::path::Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("an oracle file");
    let headings: Vec<String> =
        reader.headers().expect("headings").iter().map(str::to_string).collect();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            headings.iter().cloned().zip(record.iter().map(str::to_string)).collect()
        })
        .collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    row[name].parse().expect("a number")
}

/// The UN's `ccmppWPP` on its own example, Canada 1950-1969, single years of age and time, migrants at the end. Runs when
/// XUEWEI_ORACLES names the folder of the files.
#[test]
fn canada_as_the_un_computes_it() {
    let Ok(folder) = std::env::var("XUEWEI_ORACLES") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let inputs = rows(&folder.join("ccmppwpp_canada_1x1_inputs_1950_1969.csv"));
    let expected = rows(&folder.join("ccmppwpp_canada_1x1_expected_pop_1951_1970.csv"));
    let expected_births = rows(&folder.join("ccmppwpp_canada_1x1_expected_births_1950_1969.csv"));
    let ratios = rows(&folder.join("ccmppwpp_canada_1x1_srb.csv"));
    let vector = |year: i32, sex: &str, name: &str| -> Vec<f64> {
        inputs
            .iter()
            .filter(|row| row["year"] == year.to_string() && row["sex"] == sex)
            .map(|row| row[name].parse().unwrap_or(0.0))
            .collect()
    };
    let mut women = vector(1950, "female", "pop_base_1950");
    let mut men = vector(1950, "male", "pop_base_1950");
    assert_eq!(women.len(), 101);
    let mut worst = 0.0_f64;
    for year in 1950..1970 {
        let ratio = ratios.iter().find(|row| row["year"] == year.to_string()).expect("a ratio");
        let mut fertility = vector(year, "female", "fert_rate");
        // The UN's code lets nobody give birth at ages 0 and 100.
        (fertility[0], fertility[100]) = (0.0, 0.0);
        let output = step(&StepInput {
            women: &women,
            men: &men,
            survival_women: &vector(year, "female", "survival_ratio"),
            survival_men: &vector(year, "male", "survival_ratio"),
            migrants_women: &vector(year, "female", "net_migration"),
            migrants_men: &vector(year, "male", "net_migration"),
            fertility: &fertility,
            sex_ratio: number(ratio, "srb"),
            width_years: 1.0,
            timing: MigrationTiming::End,
        });
        let births = expected_births
            .iter()
            .find(|row| row["year"] == year.to_string() && row["sex"] == "both")
            .expect("births");
        let total = output.births[0] + output.births[1];
        worst = worst.max((total / number(births, "births") - 1.0).abs());
        (women, men) = (output.women, output.men);
        for row in expected.iter().filter(|row| row["year"] == (year + 1).to_string()) {
            let people = if row["sex"] == "female" { &women } else { &men };
            let age: usize = row["age"].parse().expect("an age");
            worst = worst.max((people[age] / number(row, "pop") - 1.0).abs());
        }
    }
    assert!(worst < 1e-9, "largest relative difference {worst}");
}
