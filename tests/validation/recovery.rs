//! Known truth recovered: a made-up city with known children and rates is observed with noise and fitted back within its
//! stated errors.
//!
//! Truth is drawn from what calibration supposes (rates from their priors, second differences over age from their error), noise
//! from the errors that the observations are said to have. The sums below are written down here a second time, from model
//! section 8 and not from the code. If the stated errors are right, the 80 % intervals hold the truth in four cases of five.

use std::fmt::Write as _;

use rand::Rng;
use xuewei::calibrate::calibrate;
use xuewei::calibrate::rates::Rate;
use xuewei::input;
use xuewei::numeric::normal_quantile;
use xuewei::random::stream;

use crate::support::{root, stage, stages};

const BASE: i32 = 2012;
const CENSUS: i32 = 2010;
/// Ages of the children that are estimated.
const AGES: usize = 18;
/// From 1 September to the census day.
const SHIFT: f64 = 1.0 / 6.0;
/// Errors that china.toml states: census, a year of migration, births, pupils, entrants, smoothness.
const ERRORS: [f64; 6] = [0.03, 0.02, 0.04, 0.005, 0.01, 0.02];
/// Every birth year of the pattern has as many births.
const BIRTHS: f64 = 20_000.0;

/// Standard normal numbers.
struct Noise(rand_chacha::ChaCha8Rng);

impl Noise {
    fn next(&mut self) -> f64 {
        let uniform = (self.0.next_u64() >> 11) as f64 + 0.5;
        normal_quantile(uniform / 9_007_199_254_740_992.0)
    }

    fn times(&mut self, value: f64, error: f64) -> f64 {
        value * (error * self.next()).exp()
    }
}

/// The rates of a city with the stages of China.
fn rates() -> Vec<Rate> {
    Rate::all(stages())
}

/// The true city.
struct Truth {
    /// Children on the census day of the base year: `[district][sex][age]`.
    children: Vec<[[f64; AGES]; 2]>,
    /// Rates in the order of `rates`.
    rates: Vec<f64>,
    /// Survival ratios: `[sex][age]`.
    survival: [Vec<f64>; 2],
}

impl Truth {
    fn lived(&self, sex: usize, from: usize, to: usize) -> f64 {
        self.survival[sex][from + 1..=to].iter().product()
    }

    /// Children of the city aged `age` on 1 September of `year`.
    fn on_first_of_september(&self, age: usize, year: i32) -> f64 {
        let now = age + (BASE - year) as usize;
        let of = |(sex, ages): (usize, &[f64; AGES])| {
            let next = ages[(now + 1).min(AGES - 1)];
            ((1.0 - SHIFT) * ages[now] + SHIFT * next) / self.lived(sex, age, now)
        };
        self.children.iter().flat_map(|district| district.iter().enumerate().map(of)).sum()
    }

    fn rate(&self, rate: Rate) -> f64 {
        let at = rates().iter().position(|other| *other == rate).expect("a rate of China");
        self.rates[at]
    }
}

/// Middle and error of the logarithm of the priors in china.toml, in the order of `rates`; κγ and κ(1 − γ) come from 90 %
/// (78-100) and 58 % (45-70).
fn priors() -> Vec<(f64, f64)> {
    let of = |value: f64, low: f64, high: f64| {
        (value / 100.0, (high / low).ln() / (2.0 * normal_quantile(0.9)))
    };
    let (onward, academic) = (of(90.0, 78.0, 100.0), of(58.0, 45.0, 70.0));
    let odds = academic.0 / (1.0 - academic.0);
    let both = |a: f64, b: f64| (a * a + b * b).sqrt();
    vec![
        of(85.0, 65.0, 100.0),
        of(101.0, 97.0, 105.0),
        of(100.0, 96.0, 104.0),
        of(99.8, 99.0, 100.6),
        of(99.5, 97.5, 101.5),
        of(99.0, 97.0, 101.0),
        (onward.0 * academic.0, both(onward.1, academic.1)),
        (onward.0 * (1.0 - academic.0), both(onward.1, odds * academic.1)),
        of(99.0, 97.0, 100.5),
        of(93.0, 85.0, 99.0),
        of(92.0, 72.0, 101.0),
        of(93.0, 84.0, 100.0),
        of(72.0, 55.0, 95.0),
    ]
}

fn truth(noise: &mut Noise, survival: [Vec<f64>; 2]) -> Truth {
    let mut children = Vec::new();
    for size in [0.7, 0.3] {
        let district = [0, 1].map(|sex| {
            let mut ages = [0.0; AGES];
            let (mut level, mut slope) = (0.05 * noise.next(), 0.01 * noise.next());
            for (age, n) in ages.iter_mut().enumerate() {
                let lived: f64 = survival[sex][..=age].iter().product();
                *n = size * BIRTHS / 2.0 * lived * level.exp();
                slope += ERRORS[5] * noise.next();
                level += slope;
            }
            ages
        });
        children.push(district);
    }
    let rates = priors().into_iter().map(|(value, error)| noise.times(value, error)).collect();
    Truth { children, rates, survival }
}

/// Rows of observations with their errors.
fn observations(truth: &Truth, noise: &mut Noise) -> String {
    let mut rows = String::from("quantity,place,year,value,unit,standard_error,source\n");
    census(truth, noise, &mut rows);
    let after = |error: f64, years: i32| {
        let moved = ERRORS[1] * f64::from(years);
        (error * error + moved * moved).sqrt()
    };
    let mut row = |quantity: &str, year: i32, value: f64| {
        let unit = if quantity == "births" { "births" } else { "pupils" };
        let _ = writeln!(rows, "{quantity},all,{year},{value},{unit},,made-up");
    };
    for year in [BASE - 1, BASE] {
        let years = BASE - year;
        let of = |ages: &[usize], kept: f64| -> f64 {
            let weight = |g: usize| kept.powi(g as i32);
            let one =
                |(g, &age): (usize, &usize)| weight(g) * truth.on_first_of_september(age, year);
            ages.iter().enumerate().map(one).sum()
        };
        let (primary, junior) =
            (truth.rate(Rate::Pupils(stage("primary"))), truth.rate(Rate::Pupils(stage("junior"))));
        let pupils = after(ERRORS[3], years);
        let entrants = after(ERRORS[4], years);
        row("pupils.primary", year, noise.times(primary * of(&[6, 7, 8, 9, 10, 11], 1.0), pupils));
        row("pupils.junior", year, noise.times(junior * of(&[12, 13, 14], 1.0), pupils));
        row("entrants.primary", year, noise.times(primary * of(&[6], 1.0), entrants));
        row("entrants.junior", year, noise.times(junior * of(&[12], 1.0), entrants));
        let gone = junior * of(&[15], 1.0);
        row(
            "entrants.senior",
            year,
            noise.times(gone * truth.rate(Rate::Entry(stage("senior"))), entrants),
        );
        row(
            "entrants.vocational",
            year,
            noise.times(gone * truth.rate(Rate::Entry(stage("vocational"))), entrants),
        );
        let born: f64 = (0..2)
            .flat_map(|sex| truth.children.iter().map(move |district| (sex, district)))
            .map(|(sex, district)| {
                let age = years as usize;
                let at = |age: usize| {
                    district[sex][age] / truth.survival[sex][..=age].iter().product::<f64>()
                };
                if age == 0 { at(0) } else { (1.0 - SHIFT) * at(age) + SHIFT * at(age - 1) }
            })
            .sum();
        let counted = truth.rate(Rate::BirthsCounted);
        row("births", year, noise.times(counted * born, after(ERRORS[2], years)));
    }
    let small: f64 = (3..6).map(|age| truth.on_first_of_september(age, BASE)).sum();
    let pupils = truth.rate(Rate::Pupils(stage("kindergarten"))) * small;
    row("pupils.kindergarten", BASE, noise.times(pupils, ERRORS[3]));
    rows
}

fn census(truth: &Truth, noise: &mut Noise, rows: &mut String) {
    let years = (BASE - CENSUS) as usize;
    let moved = ERRORS[1] * years as f64;
    let error = (ERRORS[0] * ERRORS[0] + moved * moved).sqrt();
    let groups = [("0", 0..1), ("1-4", 1..5), ("5-9", 5..10), ("10-14", 10..15)];
    for (district, key) in truth.children.iter().zip(["east", "west"]) {
        for (sex, word) in ["female", "male"].into_iter().enumerate() {
            for (group, ages) in &groups {
                let counted = match ages.start {
                    0 => truth.rate(Rate::CountedUnder1),
                    1..5 => truth.rate(Rate::CountedUnder5),
                    _ => 1.0,
                };
                let there: f64 = ages
                    .clone()
                    .map(|age| district[sex][age + years] / truth.lived(sex, age, age + years))
                    .sum();
                let value = noise.times(counted * there, error);
                let _ =
                    writeln!(rows, "census.{word}.{group},{key},{CENSUS},{value},people,,made-up");
            }
            for start in (15..85).step_by(5) {
                let _ = writeln!(
                    rows,
                    "census.{word}.{start}-{},{key},{CENSUS},30000,people,,made-up",
                    start + 4
                );
            }
            let _ = writeln!(rows, "census.{word}.85+,{key},{CENSUS},5000,people,,made-up");
        }
        for zone in ["urban", "rural"] {
            let _ = writeln!(rows, "census.{zone},{key},{CENSUS},400000,people,,made-up");
        }
    }
}

/// A city without rates of its own and without schools.
fn city_file() -> String {
    let china = root().join("scenarios/china.toml");
    let figure = |value: &str, unit: &str| {
        format!("{{ value = {value}, unit = \"{unit}\", source = \"made-up\" }}")
    };
    let mut text = format!(
        "format = 1\nbase = {:?}\n\n[city]\nkey = \"truth\"\nname = \"真城\"\nlanguage = \"en\"\nbase_year = {BASE}\nhorizon = 2020\n\n[tables]\npopulation = \"population.csv\"\nschools = \"schools.csv\"\nobservations = \"observations.csv\"\n\n[sources.made-up]\ntitle = \"Made up for a test\"\nbasis = \"assumption\"\n\n",
        china.display().to_string()
    );
    for (key, name) in [("east", "东区"), ("west", "西县")] {
        let _ =
            writeln!(text, "[districts.{key}]\nname = \"{name}\"\nzones = [\"urban\", \"rural\"]");
    }
    let _ = writeln!(text, "[enrolment.kindergarten]\nweights = {}", figure("[1, 1, 1]", "ratio"));
    let _ = writeln!(text, "[enrolment.technical]\nrate = {}", figure("0", "percent"));
    let _ = writeln!(text, "[calibration]\nknown_until = {BASE}");
    for (name, value, unit) in [
        ("seed", "1", "seed"),
        ("size_spread", "0.5", "ratio"),
        ("census_shift", "0.16666666666666666", "share"),
        ("resident_share_15_17", "100", "percent"),
        ("birth_pattern", "20000", "births"),
    ] {
        let _ = writeln!(text, "{name} = {}", figure(value, unit));
    }
    for stage in ["kindergarten", "primary", "junior", "senior", "vocational"] {
        let _ = writeln!(
            text,
            "[calibration.{stage}]\nschools = {}\nfill = {}\nrural_ratio = {}",
            figure("0", "schools"),
            figure("1", "ratio"),
            figure("1", "ratio")
        );
    }
    text
}

/// By how many of its stated errors each estimate misses the truth, for one seed.
fn misses(seed: u64) -> (Vec<f64>, Vec<f64>) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("city.toml"), city_file()).expect("a writable folder");
    let path = folder.path().join("observations.csv");
    std::fs::write(&path, "quantity,place,year,value,unit,standard_error,source\n")
        .expect("a file");
    let load = || input::load_for_calibration(folder.path(), &[]);
    let keys = load().map_err(|refused| refused.problems).expect("a city");
    let survival = keys.scenario.vital.survival.map(|ratios| ratios.to_vec());
    let mut noise = Noise(stream(seed, "recovery"));
    let truth = truth(&mut noise, survival);
    std::fs::write(&path, observations(&truth, &mut noise)).expect("a writable folder");
    let keys = load().map_err(|refused| refused.problems).expect("a city with observations");
    let calibrated = calibrate(&keys).expect("a calibrated city");
    let children = calibrated.people.children.as_ref().expect("an estimate");
    assert!(children.has_converged);
    let of_rates = rates()
        .into_iter()
        .map(|rate| {
            let fit = children.rate(rate).expect("a rate that was estimated");
            (fit.value / truth.rate(rate)).ln() / fit.error
        })
        .collect();
    let of_ages = (0..AGES)
        .map(|age| {
            let found: f64 =
                calibrated.people.census_day.iter().flatten().map(|ages| ages[age]).sum();
            let there: f64 = truth.children.iter().flatten().map(|ages| ages[age]).sum();
            (found / there).ln() / children.age_errors[age]
        })
        .collect();
    (of_rates, of_ages)
}

#[test]
fn known_children_and_rates_are_found_within_their_errors() {
    let seeds = 1..=25;
    let reach = normal_quantile(0.9);
    let (mut inside, mut all, mut furthest) = ([0.0; 2], [0.0; 2], 0.0_f64);
    for seed in seeds {
        let (rates, ages) = misses(seed);
        for (kind, misses) in [rates, ages].into_iter().enumerate() {
            for miss in misses {
                all[kind] += 1.0;
                inside[kind] += f64::from(u8::from(miss.abs() <= reach));
                furthest = furthest.max(miss.abs());
            }
        }
    }
    // 325 rates and 450 ages: 80 % ± 3 standard errors, ages of one city being nearly one number (25 to 100 independent ones).
    let share = [inside[0] / all[0], inside[1] / all[1]];
    assert!((0.72..=0.88).contains(&share[0]), "rates inside their 80 % intervals: {share:?}");
    assert!((0.66..=0.94).contains(&share[1]), "ages inside their 80 % intervals: {share:?}");
    assert!(furthest < 4.5, "an estimate misses the truth by {furthest} of its errors");
}
