//! Everything that is said of one outcome of one scenario: the analyses that the design allows, in one pass.
//!
//! In: the draws to be analysed. Out: sensitivity measures as rows, boxes and rules.
//!
//! A Saltelli design has Sobol' indices and their convergence, a Morris design elementary effects; points that stand for themselves have
//! regression and rank coefficients, δ and PAWN. All have boxes and rules of the futures of interest.
//!
//! An outcome whose draws differ by rounding alone is constant: it has a reason and no measure. So has a factor that moves nothing in
//! the scenario: whatever a measure would show of it is noise. It has no limits in boxes and rules either.

use super::case::Condition;
use super::draws::{Draws, Outcome, Rows, Sample, gather, gather_differing};
use super::ranks::{Absence, Coefficient};
use super::{cart, convergence, delta, morris, pawn, prim, ranks, sobol};

/// How outcomes are studied.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Resamples of every bootstrap.
    pub n_resamples: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// Level of the intervals, 0.95 for 95 %.
    pub level: f64,
    /// δ is estimated on so many draws, the first ones.
    pub delta_draws: usize,
    /// Slices of PAWN.
    pub n_slices: usize,
    /// How boxes are sought.
    pub prim: prim::Options,
    /// Boxes sought one after the other.
    pub n_boxes: usize,
    /// How trees grow.
    pub cart: cart::Options,
}

/// One measure of one factor (or of a pair, or of all factors together).
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Position of the factor; none for what belongs to the whole analysis.
    pub factor: Option<usize>,
    /// The second factor of a pair.
    pub other: Option<usize>,
    /// Its key in tables.
    pub measure: &'static str,
    /// The value; none where there is a reason instead.
    pub value: Option<f64>,
    /// Its interval, where it has one.
    pub interval: Option<(f64, f64)>,
    /// Why there is no value.
    pub reason: Option<String>,
}

impl Index {
    fn new(factor: usize, measure: &'static str, value: f64) -> Index {
        let factor = Some(factor);
        Index { factor, other: None, measure, value: Some(value), interval: None, reason: None }
    }

    fn between(self, interval: Option<(f64, f64)>) -> Index {
        Index { interval: interval.filter(|i| i.0.is_finite() && i.1.is_finite()), ..self }
    }

    fn absent(factor: Option<usize>, measure: &'static str, reason: String) -> Index {
        Index { factor, other: None, measure, value: None, interval: None, reason: Some(reason) }
    }

    fn estimate(factor: usize, measure: &'static str, estimate: &sobol::Estimate) -> Index {
        Index::new(factor, measure, estimate.value).between(estimate.interval())
    }
}

/// Sensitivity of one outcome of one scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sensitivity {
    /// Rows in the order of measures, then factors.
    pub indices: Vec<Index>,
    /// Sobol' indices of the first base points: how many, and first and total orders.
    pub convergence: Vec<(usize, Vec<Index>)>,
    /// Greatest change of a first or total order from half of the base points to all.
    pub last_change: Option<f64>,
}

/// Boxes and rules for one condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The futures of interest.
    pub condition: Condition,
    /// How many draws meet it, of how many.
    pub n_cases: usize,
    /// Draws looked at.
    pub n_draws: usize,
    /// Boxes, the first sought first.
    pub boxes: Vec<prim::Trajectory>,
    /// Lowest and highest value of every factor.
    pub ranges: Vec<[f64; 2]>,
    /// A tree of the same cases; none without draws.
    pub tree: Option<cart::Tree>,
}

/// The sensitivity of an outcome of a scenario to every factor.
pub fn sensitivity(
    draws: &Draws,
    outcome: &Outcome,
    scenario: usize,
    sample: &Sample,
    settings: &Settings,
) -> Sensitivity {
    let y = gather_differing(&outcome.values[scenario], &sample.draws);
    let is_lacking = &draws.is_lacking[scenario];
    let mut found = match draws.rows {
        Rows::Saltelli { second_order } => {
            of_saltelli(&y, draws.factors.len(), second_order, settings)
        }
        Rows::Morris => {
            let cube: Vec<Vec<f64>> = draws.cube.iter().map(|c| gather(c, &sample.draws)).collect();
            Sensitivity { indices: of_morris(&cube, &y, settings), ..Sensitivity::default() }
        }
        Rows::Points => {
            let x = columns(draws, scenario, sample);
            Sensitivity { indices: of_points(&x, &y, settings), ..Sensitivity::default() }
        }
    };
    let lacks =
        |index: &Index| [index.factor, index.other].into_iter().flatten().any(|j| is_lacking[j]);
    for index in found.indices.iter_mut().filter(|index| lacks(index)) {
        let reason = Some(Absence::NotInScenario.key().to_string());
        *index = Index { value: None, interval: None, reason, ..index.clone() };
    }
    for (_, indices) in &mut found.convergence {
        indices.retain(|index| !lacks(index));
    }
    found
}

/// The factors of some draws; one that moves nothing in the scenario is constant.
fn columns(draws: &Draws, scenario: usize, sample: &Sample) -> Vec<Vec<f64>> {
    let column = |(column, is_lacking): (&Vec<f64>, &bool)| match is_lacking {
        true => vec![0.0; sample.draws.len()],
        false => gather(column, &sample.draws),
    };
    draws.x.iter().zip(&draws.is_lacking[scenario]).map(column).collect()
}

/// Rows of measures that no factor has.
fn none_of(measures: &[&'static str], n_factors: usize, absent: &sobol::Absent) -> Vec<Index> {
    match absent {
        sobol::Absent::Constant => {
            let of = |&measure: &&'static str| {
                (0..n_factors).map(move |j| Index::absent(Some(j), measure, absent.to_string()))
            };
            measures.iter().flat_map(of).collect()
        }
        _ => vec![Index::absent(None, measures[0], absent.to_string())],
    }
}

fn of_saltelli(
    y: &[f64],
    n_factors: usize,
    second_order: bool,
    settings: &Settings,
) -> Sensitivity {
    let own = sobol::Settings {
        second_order,
        resamples: settings.n_resamples,
        level: settings.level,
        seed: settings.seed,
    };
    let sizes = convergence::halvings(y.len() / sobol::group_size(n_factors, second_order));
    let stages = convergence::stages(y, n_factors, &own, &sizes);
    let of_stage = |indices: &sobol::Indices| {
        let of = |measure, estimates: &[sobol::Estimate]| -> Vec<Index> {
            estimates.iter().enumerate().map(|(j, e)| Index::estimate(j, measure, e)).collect()
        };
        [of("sobol_first", &indices.first), of("sobol_total", &indices.total)].concat()
    };
    let convergence = stages
        .iter()
        .filter_map(|stage| Some((stage.n_base, of_stage(stage.indices.as_ref().ok()?))))
        .collect();
    let last_change = convergence::last_change(&stages);
    let indices = match sobol::indices(y, n_factors, &own) {
        Ok(indices) => {
            let pair = |(j, k, estimate): &(usize, usize, sobol::Estimate)| Index {
                other: Some(*k),
                ..Index::estimate(*j, "sobol_second", estimate)
            };
            let mut all = of_stage(&indices);
            all.extend(indices.second.iter().map(pair));
            all
        }
        Err(absent) => none_of(&["sobol_first", "sobol_total"], n_factors, &absent),
    };
    Sensitivity { indices, convergence, last_change }
}

fn of_morris(cube: &[Vec<f64>], y: &[f64], settings: &Settings) -> Vec<Index> {
    let own = morris::Settings {
        unit: morris::Unit::Cube,
        resamples: settings.n_resamples,
        level: settings.level,
        seed: settings.seed,
    };
    let factors = match morris::effects(cube, y, &own) {
        Ok(factors) => factors,
        Err(absent) => {
            let measures = ["morris_mu_star", "morris_mu", "morris_sigma"];
            return none_of(&measures, cube.len(), &absent);
        }
    };
    let all = || factors.iter().enumerate();
    let mut indices: Vec<Index> =
        all().map(|(j, f)| Index::estimate(j, "morris_mu_star", &f.mu_star)).collect();
    indices.extend(all().map(|(j, f)| Index::new(j, "morris_mu", f.mu)));
    indices.extend(all().map(|(j, f)| Index::new(j, "morris_sigma", f.sigma)));
    indices
}

fn of_points(x: &[Vec<f64>], y: &[f64], settings: &Settings) -> Vec<Index> {
    let mut indices = Vec::new();
    let src = ranks::src(x, y, settings.level);
    let srrc = ranks::srrc(x, y, settings.level);
    coefficients(&mut indices, "src", &src.coefficients);
    coefficients(&mut indices, "srrc", &srrc.coefficients);
    coefficients(&mut indices, "prcc", &ranks::prcc(x, y, settings.level));
    let n = y.len().min(settings.delta_draws);
    let first: Vec<Vec<f64>> = x.iter().map(|column| column[..n].to_vec()).collect();
    let options = delta::Options {
        n_resamples: settings.n_resamples,
        seed: settings.seed,
        level: settings.level,
    };
    let deltas = delta::delta(&first, &y[..n], &options);
    type Part = (&'static str, fn(&delta::Delta) -> (f64, f64));
    let parts: [Part; 2] = [
        ("delta", |d| (d.delta, d.delta_half_width)),
        ("first_order", |d| (d.first_order, d.first_order_half_width)),
    ];
    for (measure, part) in parts {
        for (j, found) in deltas.iter().enumerate() {
            indices.push(match found {
                Ok(found) => {
                    let (value, half) = part(found);
                    Index::new(j, measure, value).between(Some((value - half, value + half)))
                }
                Err(absence) => Index::absent(Some(j), measure, absence.key().to_string()),
            });
        }
    }
    of_slices(&mut indices, x, y, settings);
    for (measure, regression) in [("src_r_squared", &src), ("srrc_r_squared", &srrc)] {
        if let Some(value) = regression.r_squared {
            indices.push(Index { factor: None, ..Index::new(0, measure, value) });
        }
    }
    indices
}

fn coefficients(
    indices: &mut Vec<Index>,
    measure: &'static str,
    found: &[Result<Coefficient, Absence>],
) {
    indices.extend(found.iter().enumerate().map(|(j, found)| match found {
        Ok(c) => Index::new(j, measure, c.value).between(Some((c.low, c.high))),
        Err(absence) => Index::absent(Some(j), measure, absence.key().to_string()),
    }));
}

fn of_slices(indices: &mut Vec<Index>, x: &[Vec<f64>], y: &[f64], settings: &Settings) {
    let options = pawn::Options {
        n_slices: settings.n_slices,
        n_dummies: settings.n_resamples,
        seed: settings.seed,
        level: settings.level,
    };
    let (factors, dummy) = pawn::pawn(x, y, &options);
    type Part = (&'static str, fn(&pawn::Pawn) -> f64);
    let parts: [Part; 5] = [
        ("pawn_median", |p| p.median),
        ("pawn_mean", |p| p.mean),
        ("pawn_minimum", |p| p.minimum),
        ("pawn_maximum", |p| p.maximum),
        ("pawn_variation", |p| p.variation),
    ];
    for (measure, part) in parts {
        for (j, found) in factors.iter().enumerate() {
            indices.push(match found {
                Ok(found) => Index::new(j, measure, part(found)),
                Err(absence) => Index::absent(Some(j), measure, absence.key().to_string()),
            });
        }
    }
    let thresholds = dummy.map(|d| {
        [
            ("pawn_threshold_median", d.median),
            ("pawn_threshold_mean", d.mean),
            ("pawn_threshold_maximum", d.maximum),
        ]
    });
    for (measure, value) in thresholds.into_iter().flatten() {
        indices.push(Index { factor: None, ..Index::new(0, measure, value) });
    }
}

/// Boxes and rules of the draws that meet a condition.
pub fn discovery(
    draws: &Draws,
    outcome: &Outcome,
    scenario: usize,
    sample: &Sample,
    condition: Condition,
    settings: &Settings,
) -> Discovery {
    let x = columns(draws, scenario, sample);
    let y = gather(&outcome.values[scenario], &sample.draws);
    let is_case: Vec<bool> = y.iter().map(|v| condition.holds(*v)).collect();
    let cases: Vec<f64> = is_case.iter().map(|case| f64::from(u8::from(*case))).collect();
    let range = |column: &Vec<f64>| {
        let ends = [f64::INFINITY, f64::NEG_INFINITY];
        column.iter().fold(ends, |[low, high], v| [low.min(*v), high.max(*v)])
    };
    Discovery {
        n_cases: is_case.iter().filter(|case| **case).count(),
        n_draws: y.len(),
        boxes: prim::boxes(&x, &is_case, &settings.prim, settings.n_boxes),
        ranges: draws.x.iter().map(|c| range(&gather(c, &sample.draws))).collect(),
        tree: cart::tree(&x, &cases, &settings.cart),
        condition,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::points::{halton3, ishigami};
    use crate::analysis::regret::Better;

    const SETTINGS: Settings = Settings {
        n_resamples: 5,
        seed: 1,
        level: 0.95,
        delta_draws: 500,
        n_slices: 10,
        prim: prim::Options { peel: 0.1, paste: 0.05, smallest_mass: 0.05 },
        n_boxes: 1,
        cart: cart::Options { depth: 3, smallest_leaf: 0.05, complexity: 0.01 },
    };

    fn draws(rows: Rows, x: Vec<Vec<f64>>) -> Draws {
        let n = x[0].len();
        Draws {
            rows,
            factors: vec!["a".into(), "b".into(), "c".into()],
            scenarios: vec!["plan".into()],
            cube: if rows == Rows::Morris { x.clone() } else { vec![] },
            x,
            is_there: vec![true; n],
            has_failed: vec![vec![false; n]],
            is_lacking: vec![vec![false; 3]],
            horizon: None,
        }
    }

    /// The first factor of Ishigami's function has more of everything than the third on average; every measure has every factor.
    #[test]
    fn points_have_every_measure() {
        let x = halton3(1000);
        let outcome = Outcome { name: "y".into(), values: vec![ishigami(&x)] };
        let draws = draws(Rows::Points, x);
        let sample = draws.sample(&outcome, &[0]);
        let found = sensitivity(&draws, &outcome, 0, &sample, &SETTINGS);
        let value = |measure: &str, factor: usize| {
            found.indices.iter().find(|i| i.measure == measure && i.factor == Some(factor))?.value
        };
        for measure in ["src", "srrc", "prcc", "delta", "first_order", "pawn_median"] {
            assert!((0..3).all(|j| value(measure, j).is_some()), "{measure}");
            assert!(value(measure, 0) > value(measure, 2), "{measure}");
        }
        assert!(found.indices.iter().any(|i| i.measure == "pawn_threshold_mean"));
        assert!(found.convergence.is_empty());
        let half = Condition::worse_half("y", &outcome.values[0], Better::Low).expect("a half");
        let found = discovery(&draws, &outcome, 0, &sample, half, &SETTINGS);
        assert_eq!((found.n_cases, found.n_draws, found.boxes.len()), (500, 1000, 1));
        assert!(found.tree.is_some_and(|tree| tree.nodes.len() > 2));
    }

    /// One trajectory of y = 3 a + 2 b² + c from the origin: effects 3, 2 and 1; two more of the same. One base point
    /// of five rows is too few.
    #[test]
    fn other_designs_have_their_own_measures() {
        let once = [[0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 1.0]];
        let x: Vec<Vec<f64>> = once.map(|column| column.repeat(3)).to_vec();
        let y = (0..12).map(|i| 3.0 * x[0][i] + 2.0 * x[1][i] * x[1][i] + x[2][i]).collect();
        let outcome = Outcome { name: "y".into(), values: vec![y] };
        let own = draws(Rows::Morris, x);
        let sample = own.sample(&outcome, &[0]);
        let found = sensitivity(&own, &outcome, 0, &sample, &SETTINGS).indices;
        let star: Vec<_> = found.iter().filter(|i| i.measure == "morris_mu_star").collect();
        assert_eq!(star.iter().map(|i| i.value).collect::<Vec<_>>(), [3.0, 2.0, 1.0].map(Some));
        let constant = Outcome { name: "y".into(), values: vec![vec![1.0; 5]] };
        let rows = Rows::Saltelli { second_order: false };
        let own = draws(rows, vec![vec![0.5; 5]; 3]);
        let sample = own.sample(&constant, &[0]);
        let found = sensitivity(&own, &constant, 0, &sample, &SETTINGS).indices;
        assert_eq!((found.len(), found[0].factor, found[0].value), (1, None, None));
        assert!(found[0].reason.as_ref().is_some_and(|reason| reason.contains("at least 2")));
        // The same outcome in all rows, and one that differs by less than sums of single precision keep.
        for values in [vec![1.0; 100], (0..100).map(|i| 1.0 + 1e-8 * f64::from(i)).collect()] {
            let constant = Outcome { name: "y".into(), values: vec![values] };
            let own = draws(rows, halton3(100));
            let sample = own.sample(&constant, &[0]);
            for rows in [rows, Rows::Points] {
                let own = Draws { rows, ..own.clone() };
                let found = sensitivity(&own, &constant, 0, &sample, &SETTINGS).indices;
                assert!(found.iter().all(|i| i.value.is_none()), "{found:?}");
                let reasons: Vec<&str> = found.iter().filter_map(|i| i.reason.as_deref()).collect();
                assert!(reasons.iter().all(|reason| *reason == "constant-outcome"), "{reasons:?}");
                assert!(found.len() >= 6 && reasons.len() == found.len());
            }
        }
    }

    /// A factor that moves nothing in the scenario has the reason in every measure, whatever the draws would show of it; the others have
    /// what they have without it.
    #[test]
    fn a_factor_that_the_scenario_lacks_has_no_measure() {
        let x = halton3(1000);
        let outcome = Outcome { name: "y".into(), values: vec![ishigami(&x)] };
        let whole = draws(Rows::Points, x.clone());
        let sample = whole.sample(&outcome, &[0]);
        let lacking = Draws { is_lacking: vec![vec![false, true, false]], ..whole.clone() };
        let found = sensitivity(&lacking, &outcome, 0, &sample, &SETTINGS).indices;
        let of = |j: usize| found.iter().filter(move |i| i.factor == Some(j));
        assert!(of(1).count() > 8);
        assert!(of(1).all(|i| i.value.is_none() && i.interval.is_none()));
        assert!(of(1).all(|i| i.reason.as_deref() == Some("not-in-scenario")));
        assert!(of(0).chain(of(2)).all(|i| i.value.is_some()));
        let alone = Draws {
            factors: vec!["a".into(), "c".into()],
            x: vec![x[0].clone(), x[2].clone()],
            is_lacking: vec![vec![false; 2]],
            ..whole
        };
        let expected = sensitivity(&alone, &outcome, 0, &sample, &SETTINGS).indices;
        for (found, expected) in of(2).zip(expected.iter().filter(|i| i.factor == Some(1))) {
            assert_eq!((found.measure, found.value), (expected.measure, expected.value));
        }
        let half = Condition::worse_half("y", &outcome.values[0], Better::Low).expect("a half");
        let found = discovery(&lacking, &outcome, 0, &sample, half, &SETTINGS);
        let tree = found.tree.expect("a tree");
        assert!(tree.nodes.iter().all(|node| node.split.is_none_or(|split| split.factor != 1)));
        assert!(found.ranges[1][0] < found.ranges[1][1]);
    }
}
