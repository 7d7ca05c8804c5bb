//! Designs of experiments: which points of the unknown are run.
//!
//! In: factors with distributions, their correlation and a design. Out: the values of every factor in draw `i`, a pure function
//! of design, seed and `i`: a point of the unit cube ([`DesignSpec`]), its coordinates correlated ([`copula`]), each put through
//! the quantile function of its factor ([`distribution`]).

pub mod copula;
pub mod design;
mod direction_numbers;
pub mod distribution;
pub mod sequence;

use std::path::PathBuf;

use crate::city::Name;
use crate::units::Year;

pub use copula::Correlation;
pub use distribution::Distribution;

/// Which rule makes the points of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Independent random points.
    MonteCarlo,
    /// Every factor stratified, in blocks of `draws` rows (McKay, Beckman & Conover 1979).
    LatinHypercube,
    /// Sobol' sequence.
    Sobol,
    /// Rows for Sobol' indices (Saltelli 2010): points, and mixtures of two of them.
    Saltelli,
    /// Trajectories for elementary effects (Morris 1991).
    Morris,
    /// Every combination of levels.
    Grid,
    /// The rows of the user's own table.
    Table,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Kind; 7] = [
        Kind::MonteCarlo,
        Kind::LatinHypercube,
        Kind::Sobol,
        Kind::Saltelli,
        Kind::Morris,
        Kind::Grid,
        Kind::Table,
    ];

    /// Its name in files.
    pub const fn key(self) -> &'static str {
        match self {
            Kind::MonteCarlo => "monte-carlo",
            Kind::LatinHypercube => "latin-hypercube",
            Kind::Sobol => "sobol",
            Kind::Saltelli => "saltelli",
            Kind::Morris => "morris",
            Kind::Grid => "grid",
            Kind::Table => "table",
        }
    }

    /// The kind of a name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == name)
    }

    /// Whether its analyses take the factors as independent: these refuse correlations.
    pub fn needs_independence(self) -> bool {
        matches!(self, Kind::Saltelli | Kind::Morris)
    }
}

/// The table `[design]` of a sweep, as written; what a kind does not use has the value that stands for its absence.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignSpec {
    /// The rule.
    pub kind: Kind,
    /// Rows (monte-carlo, latin-hypercube, sobol), base points (saltelli), trajectories (morris); 0 for grid and table.
    pub draws: u64,
    /// Points of one Latin hypercube, or of the beginning of a plain Sobol' sequence, where the design has grown since; absent: `draws`.
    pub block: Option<u64>,
    /// Seed of everything random.
    pub seed: u64,
    /// Whether the Sobol' sequence is scrambled (sobol, saltelli).
    pub scramble: bool,
    /// Whether rows for second-order indices are made (saltelli).
    pub second_order: bool,
    /// Levels of a factor (morris: an even number; grid); 0 for the others.
    pub levels: u64,
    /// Levels of each factor in a grid: `levels`, or as many as the factor has equally likely values; empty for the others.
    pub levels_by_factor: Vec<u64>,
    /// Random trajectories from which `draws` are chosen (morris); 0: they are taken as they come.
    pub candidates: u64,
    /// File of the user's own points (table).
    pub table: Option<PathBuf>,
    /// The user's own points: values of every factor in its unit, row by row (table); empty for the others.
    pub rows: Vec<Vec<f64>>,
}

impl DesignSpec {
    /// Asks for so many draws.
    ///
    /// # Errors
    /// A design that has the points that it has, in a sentence.
    pub fn set_draws(&mut self, draws: u64) -> Result<(), String> {
        if matches!(self.kind, Kind::Grid | Kind::Table) {
            let kind = self.kind.key();
            return Err(format!("a design of kind {kind} has the points that it has"));
        }
        self.draws = draws;
        Ok(())
    }

    /// Whether the number of its first points decides how further ones are made: Latin hypercubes, and the plain Sobol' sequence, whose
    /// step it is.
    pub fn has_block(&self) -> bool {
        self.kind == Kind::LatinHypercube || self.is_plain()
    }

    /// Whether its points are those of a Sobol' sequence that is not scrambled.
    fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Sobol | Kind::Saltelli) && !self.scramble
    }

    /// Half the step of a plain Sobol' sequence: the first 2^m points of it, as many as `block` or the next power of two, are in every
    /// dimension the multiples of 2^−m from 0 on. `None` for other designs.
    fn half_step(&self) -> Option<f64> {
        let n_points = self.block.unwrap_or(self.draws).max(1).next_power_of_two();
        self.is_plain().then(|| 0.5 / n_points as f64)
    }
}

/// Half a step up, where a coordinate is a multiple of the step: from the lower end to the middle of its part. Finer coordinates, of
/// points beyond the first 2^m, are not at an end.
fn centred(u: f64, half_step: f64) -> f64 {
    let parts = u / (2.0 * half_step);
    // A coordinate is the middle of one of 2^52 cells, 2^−53 above its multiple.
    if parts - parts.floor() <= f64::EPSILON / half_step {
        (parts.floor() + 0.5) * 2.0 * half_step
    } else {
        u
    }
}

/// What a drawn number does to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The value of the figure's last year becomes the number; its other values of years after the base year move by the same
    /// amount.
    Set,
    /// The number is added to its values of years after the base year.
    Add,
    /// They are multiplied by it.
    Multiply,
}

impl How {
    /// Every way, in the order of the documentation.
    pub const ALL: [How; 3] = [How::Set, How::Add, How::Multiply];

    /// Its name in files.
    pub const fn key(self) -> &'static str {
        match self {
            How::Set => "set",
            How::Add => "add",
            How::Multiply => "multiply",
        }
    }

    /// The way of a name.
    pub fn parse(name: &str) -> Option<How> {
        How::ALL.into_iter().find(|how| how.key() == name)
    }
}

/// What nobody controls: a figure, or several that move together, with a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Name in files and column of the draws.
    pub key: String,
    /// Name to show.
    pub name: Name,
    /// Paths of the figures of the resolved scenario that it moves, one or more; all take the same drawn number.
    pub paths: Vec<String>,
    /// What the drawn number does to them.
    pub how: How,
    /// Its law, in [`Factor::unit`].
    pub distribution: Distribution,
    /// Unit of the drawn number; "ratio" where it multiplies.
    pub unit: String,
    /// Key of the source of the distribution.
    pub source: String,
    /// Why this range.
    pub note: String,
    /// First year whose values it changes, where a path is known for some years; else all years after the base year.
    pub from_year: Option<Year>,
    /// A scenario that lacks a figure is left alone there.
    pub optional: bool,
}

/// A sweep: which scenarios are run at which points, and what is kept of them.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// Name of the file without its ending; the output folder.
    pub key: String,
    /// Title to show.
    pub title: Name,
    /// The question that it answers.
    pub question: Name,
    /// Factors in file order: the coordinates of a point.
    pub factors: Vec<Factor>,
    /// Correlation of the factors; `None` where they are independent.
    pub correlation: Option<Correlation>,
    /// Scenario files; every one sees the same draws.
    pub scenarios: Vec<PathBuf>,
    /// The design, to be prepared.
    pub design: DesignSpec,
    /// Outcomes that are kept: `STAGE.INDICATOR`, or `STAGE.INDICATOR[YEAR]`.
    pub outcomes: Vec<String>,
    /// Whether programmes expand anew in every draw; else their list of the central path stays.
    pub replan: bool,
}

impl Sweep {
    /// Turns a point of the unit cube into the values of the factors, in place and without allocation. A row of the user's own
    /// table holds values already and does not come here.
    ///
    /// The plain Sobol' sequence begins at the origin. Its coordinates are kept, as SALib and SciPy have them, for laws with both bounds;
    /// for a law without one, and for all where they are correlated by normal laws, they are moved half a step
    /// ([`DesignSpec::block`]), so that none is at an end, where such a law goes to infinity.
    pub fn to_values(&self, point: &mut [f64]) {
        if let Some(half_step) = self.design.half_step() {
            for (u, factor) in point.iter_mut().zip(&self.factors) {
                let (low, high) = factor.distribution.bounds();
                if self.correlation.is_some() || !(low.is_finite() && high.is_finite()) {
                    *u = centred(*u, half_step);
                }
            }
        }
        if let Some(correlation) = &self.correlation {
            correlation.correlate(point);
        }
        for (value, factor) in point.iter_mut().zip(&self.factors) {
            *value = factor.distribution.quantile(*value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::normal_quantile;

    fn law(kind: &str, numbers: &[(&str, f64)]) -> Distribution {
        let number = |key: &str| numbers.iter().find(|(name, _)| *name == key).map(|(_, n)| *n);
        Distribution::of(kind, &number, &[], &[]).expect("a law")
    }

    /// A normal factor of mean 90 and standard deviation 5, and a uniform one from 0 to 1.
    fn sweep(kind: Kind, draws: u64, block: Option<u64>) -> Sweep {
        let factor = |key: &str, distribution: Distribution| Factor {
            key: key.into(),
            name: Name::default(),
            paths: Vec::new(),
            how: How::Set,
            distribution,
            unit: "ratio".into(),
            source: "assumption".into(),
            note: String::new(),
            from_year: None,
            optional: false,
        };
        let factors = vec![
            factor("normal", law("normal", &[("mean", 90.0), ("sd", 5.0)])),
            factor("uniform", law("uniform", &[("low", 0.0), ("high", 1.0)])),
        ];
        let design = DesignSpec {
            kind,
            draws,
            block,
            seed: 1,
            scramble: false,
            second_order: false,
            levels: 0,
            levels_by_factor: Vec::new(),
            candidates: 0,
            table: None,
            rows: Vec::new(),
        };
        Sweep {
            key: "a".into(),
            title: Name::default(),
            question: Name::default(),
            factors,
            correlation: None,
            scenarios: Vec::new(),
            design,
            outcomes: Vec::new(),
            replan: false,
        }
    }

    /// By draw the values of both factors.
    fn values(sweep: &Sweep) -> Vec<[f64; 2]> {
        let sequence = sequence::Sequence::new(2, None).expect("a sequence");
        let value = |i: u64| {
            let mut point = [sequence.coordinate(i, 0), sequence.coordinate(i, 1)];
            sweep.to_values(&mut point);
            point
        };
        (0..sweep.design.draws).map(value).collect()
    }

    /// The normal factor of 256 draws is at the middles of 256 parts of equal probability: from −2.886 to 2.886 standard deviations
    /// with a standard deviation of 0.9975 of its own. The uniform one keeps the multiples of 1/256, as SALib has them.
    #[test]
    fn the_plain_sequence_is_inside_laws_without_bounds() {
        let found = values(&sweep(Kind::Sobol, 256, None));
        let mut z: Vec<f64> = found.iter().map(|value| (value[0] - 90.0) / 5.0).collect();
        z.sort_by(f64::total_cmp);
        for (k, z) in z.iter().enumerate() {
            assert!((z - normal_quantile((k as f64 + 0.5) / 256.0)).abs() < 1e-9, "{k}: {z}");
        }
        assert!((z[0] + 2.8856).abs() < 1e-3);
        let variance = z.iter().map(|z| z * z).sum::<f64>() / 256.0;
        assert!((variance.sqrt() - 0.9975).abs() < 1e-3, "{variance}");
        let mut uniform: Vec<f64> = found.iter().map(|value| value[1]).collect();
        uniform.sort_by(f64::total_cmp);
        assert!(uniform.iter().enumerate().all(|(k, u)| (u - k as f64 / 256.0).abs() < 1e-15));
    }

    /// Grown from 200 to 100,000 draws the first 200 stay, and none is beyond what so many draws of a normal law reach.
    #[test]
    fn a_plain_sequence_that_grows_keeps_its_draws() {
        let first = values(&sweep(Kind::Sobol, 200, None));
        let grown = values(&sweep(Kind::Sobol, 100_000, Some(200)));
        assert_eq!(first, grown[..200]);
        assert!(grown.iter().all(|value| ((value[0] - 90.0) / 5.0).abs() < 4.5));
    }
}
