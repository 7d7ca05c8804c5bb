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
    /// Points of one Latin hypercube where the design has grown since; absent: `draws`.
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
#[derive(Debug, Clone)]
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
    pub fn to_values(&self, point: &mut [f64]) {
        if let Some(correlation) = &self.correlation {
            correlation.correlate(point);
        }
        for (value, factor) in point.iter_mut().zip(&self.factors) {
            *value = factor.distribution.quantile(*value);
        }
    }
}
