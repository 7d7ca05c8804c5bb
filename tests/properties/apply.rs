//! Draws put into a scenario against the same scenario built from its files, number by number.

use std::path::{Path, PathBuf};

use xuewei::event::PlacedUnit;
use xuewei::experiment::Factor;
use xuewei::input::sweep::{LoadedSweep, load_sweep};
use xuewei::programmes::{keep_places, places};
use xuewei::random;
use xuewei::scenario::Scenario;
use xuewei::sweep::apply::Prepared;
use xuewei::sweep::moved::moved_all;
use xuewei::sweep::outcome::known;

use crate::support;

mod lacking;

/// How far a number may lie from that of the files, relative to it; beside nothing, what is left of numbers of about 1.
const NEAR: f64 = 1e-11;
const NOTHING: f64 = 1e-15;

fn load(path: &Path) -> LoadedSweep {
    load_sweep(path, &[], &known)
        .unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")))
}

/// Everything that a factor may touch, as text.
fn text(scenario: &Scenario) -> String {
    let s = scenario;
    let demand = (&s.vital, &s.enrolment, &s.attendance, &s.pupils_per_teacher);
    let rules = (&s.thresholds, &s.levels, &s.levers, &s.rules);
    format!("{demand:?} {rules:?} {:?}", (&s.unit_types, &s.programmes))
}

/// The numbers of a text, and what stands between them.
fn parts(text: &str) -> (Vec<f64>, Vec<&str>) {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '-' || c == 'e';
    let pieces = text.split(|c: char| !(c.is_alphanumeric() || "_.-".contains(c)));
    let (mut numbers, mut words) = (Vec::new(), Vec::new());
    for piece in pieces {
        match piece.parse::<f64>() {
            Ok(number) if piece.chars().all(is_of_number) => numbers.push(number),
            _ => words.push(piece),
        }
    }
    (numbers, words)
}

/// Where two scenarios differ: the first few pairs of numbers.
fn differences(found: &Scenario, expected: &Scenario) -> Vec<(f64, f64)> {
    let (found, expected) = (text(found), text(expected));
    let ((a, words), (b, other_words)) = (parts(&found), parts(&expected));
    assert_eq!(words, other_words, "of another shape");
    assert_eq!(a.len(), b.len());
    let far = |(a, b): &(f64, f64)| (a - b).abs() > NEAR * a.abs().max(b.abs()) + NOTHING;
    a.into_iter().zip(b).filter(far).collect()
}

/// A sweep with its prepared scenarios.
struct Case {
    loaded: LoadedSweep,
    prepared: Vec<Prepared>,
    places: Vec<Vec<Vec<PlacedUnit>>>,
}

impl Case {
    fn new(loaded: LoadedSweep) -> Self {
        let prepared = loaded.scenarios.iter().map(|file| Prepared::new(&loaded.sweep, file));
        let prepared = prepared.map(|p| p.expect("a scenario that takes its factors")).collect();
        let places = loaded.scenarios.iter().map(|file| places(&file.scenario)).collect();
        Case { loaded, prepared, places }
    }

    /// The scenario of a draw by both ways, or why each refuses it.
    fn both(&self, s: usize, values: &[f64]) -> [Result<Scenario, String>; 2] {
        let (sweep, file) = (&self.loaded.sweep, &self.loaded.scenarios[s]);
        let mut put = self.prepared[s].base.clone();
        let fine = self.prepared[s].put((sweep, file), values, &mut put);
        let pairs: Vec<(&Factor, f64)> = sweep.factors.iter().zip(values.iter().copied()).collect();
        let built = moved_all(file, &pairs).map(|mut scenario| {
            keep_places(&mut scenario, &self.places[s]);
            scenario
        });
        [fine.map(|()| put), built.map_err(|refused| refused.problems.render("error"))]
    }

    /// What is wrong with a draw, by scenario.
    fn faults(&self, values: &[f64]) -> Vec<String> {
        let mut faults = Vec::new();
        for s in 0..self.prepared.len() {
            let key = &self.loaded.scenarios[s].scenario.key;
            match self.both(s, values) {
                [Ok(put), Ok(built)] => {
                    let gaps = differences(&put, &built);
                    if !gaps.is_empty() {
                        let first = &gaps[..gaps.len().min(3)];
                        faults.push(format!("{key}: {} numbers: {first:?}", gaps.len()));
                    }
                }
                [Err(_), Err(_)] => {}
                [Ok(_), Err(why)] => faults.push(format!("{key}: put, but files refuse: {why}")),
                [Err(why), Ok(_)] => {
                    faults.push(format!("{key}: refused, but files do not: {why}"))
                }
            }
        }
        faults
    }

    fn medians(&self) -> Vec<f64> {
        let factors = &self.loaded.sweep.factors;
        factors.iter().map(|factor| factor.distribution.quantile(0.5)).collect()
    }

    /// Each factor alone at `n` random probabilities and at given ones, and all together; what differs.
    fn report(&self, n: u64, given: &[f64]) -> Vec<String> {
        let factors = &self.loaded.sweep.factors;
        let mut report: Vec<String> = Vec::new();
        let unit = |name: &str, i: u64| random::uniform(i, name);
        for (idx, factor) in factors.iter().enumerate() {
            let mut faults: Vec<String> = Vec::new();
            for u in given.iter().copied().chain((0..n).map(|i| unit(&factor.key, i))) {
                let mut values = self.medians();
                values[idx] = factor.distribution.quantile(u);
                let at = format!("{} at {u}", values[idx]);
                faults.extend(self.faults(&values).iter().map(|fault| format!("{at}: {fault}")));
            }
            if let Some(first) = faults.first() {
                report.push(format!("{}: {} times; {first}", factor.key, faults.len()));
            }
        }
        for i in 0..if factors.len() > 1 { n } else { 0 } {
            let value = |f: &Factor| f.distribution.quantile(unit(&format!("all {}", f.key), i));
            let values: Vec<f64> = factors.iter().map(value).collect();
            let faults = self.faults(&values);
            report.extend(faults.iter().map(|fault| format!("draw {i} {values:?}: {fault}")));
        }
        report
    }

    fn compare(&self, n: u64, given: &[f64]) {
        let report = self.report(n, given);
        assert!(report.is_empty(), "{} reports:\n{}", report.len(), report.join("\n"));
    }
}

fn shipped() -> Case {
    Case::new(load(&support::root().join("scenarios/jiaozuo/sweeps/futures.toml")))
}

#[test]
fn the_shipped_sweep_is_put_as_its_files_say() {
    let case = shipped();
    assert!(case.prepared.iter().all(Prepared::is_direct));
    assert!(case.prepared[0].shares_people(&case.prepared[1]));
    case.compare(12, &[0.002, 0.05, 0.5, 0.95, 0.998]);
}

/// A sweep on scenarios of the small city, all written for one test: `scenarios` are laid over its plan without events.
fn small(scenarios: &[&str], factors: &str) -> Case {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: String| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let base = support::root().join("tests/small/city.toml");
    let mut names = Vec::new();
    for (k, content) in scenarios.iter().enumerate() {
        let name = format!("s{k}.toml");
        write(&name, format!("format = 1\nbase = {:?}\n{content}", base.to_string_lossy()));
        names.push(name);
    }
    let head = "format = 1\ntitle = \"t\"\nquestion = \"q\"\nreplan = false\n";
    let design = "[design]\nkind = \"monte-carlo\"\ndraws = 8\nseed = 1\n";
    let outcomes = "[outcomes]\nlist = [\"primary.pupils\"]\n";
    let text = format!("{head}scenarios = {names:?}\n{design}{factors}{outcomes}");
    let path = write("sweep.toml", text);
    Case::new(load(&path))
}

/// One factor in a file.
fn factor(key: &str, path: &str, how: &str, unit: &str, law: &str) -> String {
    format!(
        "[factors.{key}]\nname = \"{key}\"\npath = {path}\nhow = \"{how}\"\nunit = \"{unit}\"\ndistribution = {{ {law} }}\nsource = \"assumption\"\nnote = \"made up\"\noptional = true\n"
    )
}

const BUILDING: &str = r#"
[attendance.later]
stages = ["junior"]
from_zones = ["rural"]
to_zones = ["urban", "town"]
share = { by_year = { 2023 = 0, 2024 = 20 }, unit = "percent", source = "assumption" }
[unit_types.new-13]
kind = "new"
rooms.primary = { value = 13, unit = "rooms", source = "assumption" }
cost_per_seat = { value = 30000, unit = "yuan per seat", source = "assumption" }
[unit_types.wider-8]
kind = "extension"
rooms.junior = { value = 8, unit = "rooms", source = "assumption" }
cost_per_seat = { value = 20000, unit = "yuan per seat", source = "assumption" }
[programmes.units]
title = "units"
count = { value = 5, unit = "schools", source = "assumption" }
investment = { value = 0.9, unit = "100m yuan", source = "assumption" }
years = [2021, 2024]
placement = "equal"
delay = { value = 0, unit = "years", source = "assumption" }
delivered = { value = 100, unit = "percent", source = "assumption" }
cost_overrun = { value = 0, unit = "percent", source = "assumption" }
[programmes.units.mix]
new-13 = { value = 3, unit = "schools", source = "assumption" }
wider-8 = { value = 2, unit = "schools", source = "assumption" }
[programmes.single]
title = "single"
years = [2021, 2028]
delay = { value = 0, unit = "years", source = "assumption" }
delivered = { value = 100, unit = "percent", source = "assumption" }
cost_overrun = { value = 0, unit = "percent", source = "assumption" }
[programmes.single.events.extend]
kind = "extend"
stage = "senior"
site = "north-urban-senior-001"
year = 2022
rooms = { value = 5, unit = "rooms", source = "assumption" }
[programmes.single.events.reserve]
kind = "reserve"
stage = "senior"
site = "north-urban-senior-001"
year = 2024
until = 2027
share = { value = 20, unit = "percent", source = "assumption" }
[programmes.single.events.away]
kind = "reserve"
stage = "senior"
site = "north-urban-senior-002"
year = 2023
rooms = { value = 6, unit = "rooms", source = "assumption" }
"#;

/// Whole numbers, bounds, `from`, lists of figures, products of two factors, and what one figure does to another.
#[test]
fn factors_of_every_kind_are_put_as_the_files_say() {
    let rooms = "[\"unit_types.new-13.rooms.primary\", \"unit_types.wider-8.rooms.junior\"]";
    let cases = [
        factor("rooms", rooms, "add", "rooms", "kind = \"integer\", low = -4, high = 4"),
        factor("rooms", rooms, "set", "rooms", "kind = \"integer\", low = 6, high = 18"),
        factor(
            "half",
            rooms,
            "multiply",
            "ratio",
            "kind = \"choice\", values = [0.5, 0.75, 1.25, 1.5]",
        ),
        factor(
            "wider",
            "\"programmes.single.events.extend.rooms\"",
            "multiply",
            "ratio",
            "kind = \"uniform\", low = 0.5, high = 2.5",
        ),
        factor(
            "wider",
            "\"programmes.single.events.extend.rooms\"",
            "set",
            "rooms",
            "kind = \"integer\", low = 1, high = 9",
        ),
        factor(
            "later",
            "\"attendance.later.share\"",
            "multiply",
            "ratio",
            "kind = \"uniform\", low = 0.5, high = 2.5",
        ),
        factor(
            "away",
            "\"programmes.single.events.away.rooms\"",
            "set",
            "rooms",
            "kind = \"integer\", low = 1, high = 9",
        ),
        factor(
            "reserve",
            "\"programmes.single.events.reserve.share\"",
            "set",
            "percent",
            "kind = \"uniform\", low = 5, high = 45",
        ),
        factor(
            "delay",
            "[\"programmes.units.delay\", \"programmes.single.delay\"]",
            "set",
            "years",
            "kind = \"integer\", low = 0, high = 4",
        ),
        factor(
            "delivered",
            "\"programmes.units.delivered\"",
            "add",
            "percent",
            "kind = \"uniform\", low = -60, high = 0",
        ),
        factor(
            "money",
            "\"programmes.units.investment\"",
            "set",
            "100m yuan",
            "kind = \"uniform\", low = 0.5, high = 2",
        ),
        factor(
            "price",
            "\"unit_types.new-13.cost_per_seat\"",
            "multiply",
            "ratio",
            "kind = \"lognormal\", median = 1.0, sigma = 0.3",
        ),
        factor(
            "overrun",
            "\"programmes.units.cost_overrun\"",
            "set",
            "percent",
            "kind = \"normal\", mean = 10, sd = 5",
        ),
        factor(
            "spread",
            "\"schools.class_spread\"",
            "set",
            "pupils",
            "kind = \"triangular\", low = 0.5, mode = 2.5, high = 5",
        ),
        factor(
            "rate",
            "\"enrolment.kindergarten.gross_rate\"",
            "set",
            "percent",
            "kind = \"uniform\", low = 70, high = 110",
        ) + "from = 2023\n",
        factor(
            "rate",
            "\"enrolment.kindergarten.gross_rate\"",
            "multiply",
            "ratio",
            "kind = \"uniform\", low = 0.8, high = 1.2",
        ),
        factor(
            "weights",
            "\"enrolment.kindergarten.weights\"",
            "multiply",
            "ratio",
            "kind = \"uniform\", low = 0.8, high = 1.2",
        ),
        factor(
            "retention",
            "[\"enrolment.primary.retention\", \"enrolment.senior.retention\"]",
            "add",
            "percent",
            "kind = \"uniform\", low = -2, high = 0.4",
        ),
        factor(
            "split",
            "\"enrolment.senior.academic_share\"",
            "set",
            "share",
            "kind = \"beta\", alpha = 2, beta = 3, low = 0.3, high = 0.9",
        ),
        factor(
            "flow",
            "\"attendance.rural-to-town.share\"",
            "set",
            "percent",
            "kind = \"uniform\", low = 0, high = 100",
        ),
        factor(
            "moves",
            "\"population.moves.rural-to-built-up.rate\"",
            "set",
            "percent",
            "kind = \"uniform\", low = 0, high = 8",
        ),
        factor(
            "births",
            "\"population.births\"",
            "multiply",
            "ratio",
            "kind = \"uniform\", low = 0.9, high = 1.1",
        ),
        factor(
            "ceiling",
            "[\"thresholds.primary.ceiling\", \"thresholds.junior.ceiling\"]",
            "add",
            "pupils per class",
            "kind = \"uniform\", low = -5, high = 9",
        ),
        factor(
            "standard",
            "\"thresholds.primary.standard\"",
            "set",
            "pupils per class",
            "kind = \"uniform\", low = 35, high = 50",
        ),
    ];
    let mut n_direct = 0;
    for factor in &cases {
        let case = small(&["", BUILDING], factor);
        n_direct += case.prepared.iter().filter(|prepared| prepared.is_direct()).count();
        let report = case.report(12, &[0.002, 0.5, 0.998]);
        assert!(report.is_empty(), "{factor}\n{}", report.join("\n"));
    }
    println!("{n_direct} of {} are direct", 2 * cases.len());
    assert!(n_direct >= cases.len());
}

/// 24 and 8 rooms times 0.75 to 1.25, rounded: a whole number follows the factor at every value, not only near those that were tried.
#[test]
fn multiplied_rooms_are_rounded_as_in_the_files() {
    let rooms = "[\"unit_types.new-13.rooms.primary\", \"unit_types.wider-8.rooms.junior\"]";
    let law = "kind = \"uniform\", low = 0.75, high = 1.25";
    let building = BUILDING.replace("value = 13", "value = 24");
    let case = small(&[&building], &factor("rooms", rooms, "multiply", "ratio", law));
    case.compare(1000, &[]);
}

/// A draw beyond the bounds of its figure stands at the bound, as it does when it comes from the files: a share of more than
/// everybody, a rate below none.
#[test]
fn a_draw_beyond_a_bound_stands_at_it() {
    let split = "\"enrolment.senior.academic_share\"";
    let law = "kind = \"normal\", mean = 70, sd = 9.5";
    let case = small(&[""], &factor("split", split, "set", "percent", law));
    case.compare(20, &[1e-6, 1e-4, 1e-3, 0.999, 1.0 - 1e-5]);
}

/// The same rates in other years are other people.
#[test]
fn other_years_are_other_people() {
    let rate = |year: i32| {
        format!(
            "[set.enrolment.kindergarten]\ngross_rate = {{ by_year = {{ 2020 = 90.0, {year} = 92.0 }}, unit = \"percent\", source = \"assumption\" }}\n"
        )
    };
    let law = "kind = \"uniform\", low = 1, high = 4";
    let spread = factor("spread", "\"schools.class_spread\"", "set", "pupils", law);
    let case = small(&[&rate(2025), &rate(2030), &rate(2025)], &spread);
    assert!(case.prepared[0].shares_people(&case.prepared[2]));
    assert!(!case.prepared[0].shares_people(&case.prepared[1]));
}

/// Where only admission areas differ people do too: pupils by residence follow the schools of a pool.
#[test]
fn other_admission_areas_are_other_people() {
    let shared = "[add.pools.seniors]\nstages = [\"senior\"]\ndistricts = [\"north\", \"south\"]\n";
    let law = "kind = \"uniform\", low = 1, high = 4";
    let spread = factor("spread", "\"schools.class_spread\"", "set", "pupils", law);
    let case = small(&["", shared, shared], &spread);
    assert!(case.prepared[1].shares_people(&case.prepared[2]));
    assert!(!case.prepared[0].shares_people(&case.prepared[1]));
}

/// Flows of one origin that come to more than everybody: the draw fails with its reason, whichever way it is put.
#[test]
fn more_than_everybody_is_a_reason() {
    let second = "[add.attendance.rural-away]\nstages = [\"primary\"]\nfrom_zones = [\"rural\"]\nto_zones = [\"urban\", \"town\"]\nshare = { value = 30.0, unit = \"percent\", source = \"assumption\" }\n";
    let law = "kind = \"uniform\", low = 0, high = 100";
    let flow = factor("flow", "\"attendance.rural-to-town.share\"", "set", "percent", law);
    let case = small(&[second], &flow);
    for (value, is_fine) in [(10.0, true), (69.0, true), (71.0, false), (99.0, false)] {
        let [put, built] = case.both(0, &[value]);
        assert_eq!((put.is_ok(), built.is_ok()), (is_fine, is_fine), "{value}");
        if let Err(why) = put {
            assert!(why.contains("%"), "{why}");
        }
    }
}

/// Moves of people of different ages do not add up.
#[test]
fn moves_of_other_ages_do_not_add_up() {
    let rule = |key: &str, ages: &str| {
        format!(
            "[add.population.moves.{key}]\nages = {ages}\nfrom_zones = [\"rural\"]\nto_zones = [\"urban\", \"town\"]\nrate = {{ value = 50.0, unit = \"percent\", source = \"assumption\" }}\n"
        )
    };
    let scenario = rule("pupils", "[60, 70]") + &rule("old", "[71, 80]");
    let law = "kind = \"uniform\", low = 1, high = 4";
    let spread = factor("spread", "\"schools.class_spread\"", "set", "pupils", law);
    small(&[&scenario], &spread).compare(4, &[]);
}
