//! Everything that is said of one outcome of one scenario: the analyses that the design allows, in one pass.
//!
//! In: the draws to be analysed. Out: sensitivity measures as rows, boxes and rules.
//!
//! A Saltelli design has Sobol' indices and their convergence, a Morris design elementary effects; points that stand for themselves have
//! regression and rank coefficients, δ and PAWN. All have boxes and rules of the futures of interest.

use super::case::Condition;
use super::draws::{Draws, Outcome, Rows, Sample, gather};
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
    let y = gather(&outcome.values[scenario], &sample.draws);
    let columns =
        |all: &[Vec<f64>]| all.iter().map(|c| gather(c, &sample.draws)).collect::<Vec<_>>();
    match draws.rows {
        Rows::Saltelli { second_order } => {
            of_saltelli(&y, draws.factors.len(), second_order, settings)
        }
        Rows::Morris => {
            let indices = of_morris(&columns(&draws.cube), &y, settings);
            Sensitivity { indices, ..Sensitivity::default() }
        }
        Rows::Points => {
            let indices = of_points(&columns(&draws.x), &y, settings);
            Sensitivity { indices, ..Sensitivity::default() }
        }
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
        Err(absent) => vec![Index::absent(None, "sobol_first", absent.to_string())],
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
        Err(absent) => return vec![Index::absent(None, "morris_mu_star", absent.to_string())],
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
    let x: Vec<Vec<f64>> = draws.x.iter().map(|c| gather(c, &sample.draws)).collect();
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
        ranges: x.iter().map(range).collect(),
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

    /// One trajectory of y = 3 a + 2 b² + c from the origin: effects 3, 2 and 1; two more of the same. Five rows of three
    /// factors are no base point.
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
        let constant = Outcome { name: "y".into(), values: vec![vec![1.0; 10]] };
        let rows = Rows::Saltelli { second_order: false };
        let own = draws(rows, vec![vec![0.5; 10]; 3]);
        let sample = own.sample(&constant, &[0]);
        let found = sensitivity(&own, &constant, 0, &sample, &SETTINGS).indices;
        assert_eq!((found.len(), found[0].value, found[0].reason.is_some()), (1, None, true));
    }
}
