//! The laws that factors may have.
//!
//! A law is used through its quantile function alone, `quantile(u)` for `0 < u < 1`, so that every design and the copula work
//! with every law. Quantiles are exact to rounding except those of beta and PERT, which are within 1e-9 of the length of their
//! range (see the module `beta`). The standard normal quantile is that of AS 241 ([`crate::numeric::normal_quantile_as241`]).

mod beta;
mod made;
mod weighted;

use crate::numeric::{exp, ln, normal_cdf, normal_density, normal_quantile_as241};

use beta::Beta;
use weighted::Listed;

/// What is wrong with a law, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was expected and what was found.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl Fault {
    fn new(message: String, help: &str) -> Self {
        Fault { message, help: help.to_string() }
    }
}

/// A kind of law: its name in files, its numbers, those that may be left out, and whether it lists values.
#[derive(Debug, Clone, Copy)]
pub struct LawKind {
    /// Name in files.
    pub key: &'static str,
    /// Keys of numbers that it needs.
    pub numbers: &'static [&'static str],
    /// Keys of numbers that it may have.
    pub optional: &'static [&'static str],
    /// Whether it takes `values` and may take `weights`.
    pub has_values: bool,
    /// What it is.
    pub meaning: &'static str,
}

const fn kind(
    key: &'static str,
    numbers: &'static [&'static str],
    optional: &'static [&'static str],
    meaning: &'static str,
) -> LawKind {
    LawKind { key, numbers, optional, has_values: false, meaning }
}

const fn listed(key: &'static str, meaning: &'static str) -> LawKind {
    LawKind { key, numbers: &[], optional: &[], has_values: true, meaning }
}

/// Every kind of law, in the order of the documentation.
#[rustfmt::skip]
pub const LAWS: &[LawKind] = &[
    kind("uniform", &["low", "high"], &[], "every number from low to high alike"),
    kind("normal", &["mean", "sd"], &[], "normal law"),
    kind("truncated-normal", &["mean", "sd", "low", "high"], &[], "normal law, only what lies from low to high"),
    kind("triangular", &["low", "mode", "high"], &[], "density that rises in a line to the mode and falls in a line"),
    kind("pert", &["low", "mode", "high"], &["shape"], "beta law with its mode where it is put; shape (default 4) says how narrow"),
    kind("lognormal", &["median", "sigma"], &[], "its logarithm is normal with the standard deviation sigma"),
    kind("beta", &["alpha", "beta", "low", "high"], &[], "beta law from low to high"),
    kind("integer", &["low", "high"], &[], "every whole number from low to high alike"),
    listed("choice", "one of the values, with these weights or all alike"),
    listed("empirical", "the line through the sorted values, with these weights or all alike"),
    kind("figure", &[], &[], "the figure's own low and high as 10th and 90th percentile of a two-piece normal law"),
];

/// Shape of a PERT law where none is given: Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7 (5), 646-669.
const PERT_SHAPE: f64 = 4.0;
/// 90th percentile of the standard normal law.
const Z_90: f64 = 1.281_551_565_544_600_4;

/// A law.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    kind: &'static str,
    law: Law,
}

#[derive(Debug, Clone, PartialEq)]
enum Law {
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, sd: f64 },
    Truncated { mean: f64, sd: f64, low: f64, high: f64, tails: (f64, f64) },
    Triangular { low: f64, mode: f64, high: f64 },
    Beta { low: f64, high: f64, shapes: (f64, f64), unit: Beta },
    Lognormal { median: f64, sigma: f64 },
    Integer { low: f64, n: f64 },
    Choice(Listed),
    Empirical(Listed),
    TwoPiece { value: f64, low: f64, high: f64 },
}

impl Distribution {
    /// The law of a kind of [`LAWS`] from its numbers and lists; `figure` is made by [`Distribution::two_piece`].
    ///
    /// # Errors
    /// A number that is absent or does not fit the others.
    pub fn of(
        kind: &str,
        number: &dyn Fn(&str) -> Option<f64>,
        values: &[f64],
        weights: &[f64],
    ) -> Result<Self, Fault> {
        let n = |key: &str| match number(key) {
            Some(number) => Ok(number),
            None => Err(Fault::new(format!("expected `{key}`"), &format!("add {key} = …"))),
        };
        match kind {
            "uniform" => Self::uniform(n("low")?, n("high")?),
            "normal" => Self::normal(n("mean")?, n("sd")?),
            "truncated-normal" => {
                Self::truncated_normal(n("mean")?, n("sd")?, (n("low")?, n("high")?))
            }
            "triangular" => Self::triangular(n("low")?, n("mode")?, n("high")?),
            "pert" => {
                let shape = number("shape").unwrap_or(PERT_SHAPE);
                Self::pert(n("low")?, n("mode")?, n("high")?, shape)
            }
            "lognormal" => Self::lognormal(n("median")?, n("sigma")?),
            "beta" => Self::beta((n("alpha")?, n("beta")?), (n("low")?, n("high")?)),
            "integer" => Self::integer(n("low")?, n("high")?),
            "choice" => Self::choice(values, weights),
            "empirical" => Self::empirical(values, weights),
            _ => Err(Fault::new(
                format!("no such kind of law, {kind:?}"),
                "write kind = \"uniform\"",
            )),
        }
    }

    /// Name of the kind in files.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The value below which a draw falls with probability `0 < u < 1`: increasing in `u`, without allocation.
    pub fn quantile(&self, u: f64) -> f64 {
        let z = normal_quantile_as241;
        match &self.law {
            Law::Uniform { low, high } => low + u * (high - low),
            Law::Normal { mean, sd } => mean + sd * z(u),
            Law::Truncated { mean, sd, low, high, tails } => {
                // Above the mean from the other side, where probabilities are small numbers and keep their digits.
                let value = match low > mean {
                    true => mean - sd * z(tails.1 + (1.0 - u) * (tails.0 - tails.1)),
                    false => mean + sd * z(tails.0 + u * (tails.1 - tails.0)),
                };
                value.clamp(*low, *high)
            }
            Law::Triangular { low, mode, high } => {
                let (length, rise) = (high - low, mode - low);
                if u * length < rise {
                    low + libm::sqrt(u * length * rise)
                } else {
                    high - libm::sqrt((1.0 - u) * length * (high - mode))
                }
            }
            Law::Beta { low, high, unit, .. } => low + (high - low) * unit.quantile(u),
            Law::Lognormal { median, sigma } => median * exp(sigma * z(u)),
            Law::Integer { low, n } => low + (u * n).floor().min(n - 1.0),
            Law::Choice(listed) => listed.step(u),
            Law::Empirical(listed) => listed.line(u),
            Law::TwoPiece { value, low, high } => {
                let z = z(u) / Z_90;
                value + z * if z >= 0.0 { high - value } else { value - low }
            }
        }
    }

    /// Probability of a draw at or below `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        match &self.law {
            Law::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Law::Normal { mean, sd } => normal_cdf((x - mean) / sd),
            Law::Truncated { mean, sd, low, high, .. } => {
                let (from, to) = ((low - mean) / sd, (high - mean) / sd);
                let at = ((x - mean) / sd).clamp(from, to);
                between(from, at) / between(from, to)
            }
            Law::Triangular { low, mode, high } => match x.clamp(*low, *high) {
                x if x < *mode => (x - low) * (x - low) / ((high - low) * (mode - low)),
                x if x < *high => 1.0 - (high - x) * (high - x) / ((high - low) * (high - mode)),
                _ => 1.0,
            },
            Law::Beta { low, high, unit, .. } => unit.cdf((x - low) / (high - low)),
            Law::Lognormal { median, sigma } if x > 0.0 => normal_cdf(ln(x / median) / sigma),
            Law::Lognormal { .. } => 0.0,
            Law::Integer { low, n } => ((x.floor() - low + 1.0) / n).clamp(0.0, 1.0),
            Law::Choice(listed) => listed.step_cdf(x),
            Law::Empirical(listed) => listed.line_cdf(x),
            Law::TwoPiece { value, low, high } => {
                let side = if x >= *value { high - value } else { value - low };
                match side > 0.0 {
                    true => normal_cdf((x - value) / side * Z_90),
                    false => {
                        if x >= *value {
                            1.0
                        } else {
                            0.0
                        }
                    }
                }
            }
        }
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        match &self.law {
            Law::Uniform { low, high } => 0.5 * (low + high),
            Law::Normal { mean, .. } => *mean,
            Law::Truncated { mean, sd, low, high, .. } => {
                let (from, to) = ((low - mean) / sd, (high - mean) / sd);
                mean + sd * (normal_density(from) - normal_density(to)) / between(from, to)
            }
            Law::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Law::Beta { low, high, shapes: (a, b), .. } => low + (high - low) * a / (a + b),
            Law::Lognormal { median, sigma } => median * exp(0.5 * sigma * sigma),
            Law::Integer { low, n } => low + 0.5 * (n - 1.0),
            Law::Choice(listed) | Law::Empirical(listed) => listed.mean,
            // Half a normal law of standard deviation side/z(0.9) to each side: its mean is √(2/π) of that.
            Law::TwoPiece { value, low, high } => {
                let half = 0.5 * libm::sqrt(2.0 / std::f64::consts::PI) / Z_90;
                value + half * ((high - value) - (value - low))
            }
        }
    }

    /// Least and greatest value; infinite where there is none.
    pub fn bounds(&self) -> (f64, f64) {
        match &self.law {
            Law::Uniform { low, high }
            | Law::Truncated { low, high, .. }
            | Law::Triangular { low, high, .. }
            | Law::Beta { low, high, .. } => (*low, *high),
            Law::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Law::Lognormal { .. } => (0.0, f64::INFINITY),
            Law::Integer { low, n } => (*low, low + n - 1.0),
            Law::Choice(listed) | Law::Empirical(listed) => {
                let end = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
                (end(listed.values.first()), end(listed.values.last()))
            }
            Law::TwoPiece { value, low, high } => (
                if low < value { f64::NEG_INFINITY } else { *value },
                if high > value { f64::INFINITY } else { *value },
            ),
        }
    }

    /// Whether it takes single values only.
    pub fn is_discrete(&self) -> bool {
        matches!(self.law, Law::Integer { .. } | Law::Choice(_))
    }

    /// Whether it takes whole numbers only.
    pub fn is_whole(&self) -> bool {
        match &self.law {
            Law::Integer { .. } => true,
            Law::Choice(listed) => listed.values.iter().all(|value| value.fract() == 0.0),
            _ => false,
        }
    }

    /// Number of single values, where they are equally likely: the levels that it has in a grid.
    pub fn n_even_values(&self) -> Option<u64> {
        match &self.law {
            Law::Integer { n, .. } => Some(*n as u64),
            Law::Choice(listed) if listed.is_even => Some(listed.values.len() as u64),
            _ => None,
        }
    }
}

/// `Φ(to) − Φ(from)`, from the side where it keeps its digits.
fn between(from: f64, to: f64) -> f64 {
    if from > 0.0 { normal_cdf(-from) - normal_cdf(-to) } else { normal_cdf(to) - normal_cdf(from) }
}

#[cfg(test)]
mod tests;
