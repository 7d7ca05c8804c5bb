//! What the draws of a sweep say: sensitivity of outcomes to factors, where bad outcomes lie, how scenarios compare.
//!
//! In: columns of factors and outcomes. Out: plain results. Nothing here opens a file.

pub mod bands;
pub mod cart;
pub mod case;
pub mod convergence;
pub mod delta;
pub mod dominance;
pub mod draws;
pub mod morris;
pub mod pawn;
pub mod prim;
pub mod ranks;
pub mod regret;
pub mod run_analysis;
pub mod sobol;
pub mod study;

/// Points that anybody can make again, for tests.
#[cfg(test)]
pub(crate) mod points {
    /// Van der Corput's sequence in a base, from its second point: 1/b, 2/b, …; one base a factor is Halton's sequence.
    pub fn corput(n: usize, base: usize) -> Vec<f64> {
        let point = |mut i: usize| {
            let (mut scale, mut value) = (1.0, 0.0);
            while i > 0 {
                scale /= base as f64;
                value += scale * (i % base) as f64;
                i /= base;
            }
            value
        };
        (1..=n).map(point).collect()
    }

    /// Halton's sequence in three dimensions.
    pub fn halton3(n: usize) -> Vec<Vec<f64>> {
        [2, 3, 5].map(|base| corput(n, base)).to_vec()
    }

    /// Ishigami's function (a = 7, b = 0.1) on points of the unit cube stretched to (−π, π).
    pub fn ishigami(x: &[Vec<f64>]) -> Vec<f64> {
        let angle = |u: f64| std::f64::consts::PI * (2.0 * u - 1.0);
        let value = |i: usize| {
            let [a, b, c] = [0, 1, 2].map(|j: usize| angle(x[j][i]));
            let sine = libm::sin(b);
            libm::sin(a) * (1.0 + 0.1 * c.powi(4)) + 7.0 * sine * sine
        };
        (0..x[0].len()).map(value).collect()
    }
}
