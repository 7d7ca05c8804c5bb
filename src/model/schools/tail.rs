//! The upper tail of the normal law and its density for all lanes at once, without branches and without divisions.
//!
//! `(Φ(z) − ½)/z` and `e^(−z²/2)` are smooth functions of `z²`: polynomials in it, fitted once at Chebyshev nodes to `libm`'s `erfc`
//! and `exp`, give them to single precision. Beyond [`REACH`] standard deviations both are taken as they are there.

use crate::width::{Real, splat};

/// Standard deviations beyond which a tail is below 3e-7.
pub const REACH: f32 = 5.0;
/// Coefficients of each polynomial.
const N_TERMS: usize = 14;

/// The fitted polynomials, in powers of `2·z²/REACH² − 1`.
#[derive(Debug, Clone)]
pub struct Tail {
    /// `(Φ(z) − ½)/z`
    upper: [f32; N_TERMS],
    /// `e^(−z²/2)`
    density: [f32; N_TERMS],
}

impl Tail {
    /// Fits the polynomials.
    pub fn fitted() -> Tail {
        let half_square = f64::from(REACH * REACH) / 2.0;
        let z_of = |t: f64| (half_square * (1.0 + t)).sqrt();
        // No node is at z = 0.
        let upper =
            |t: f64| (0.5 - 0.5 * libm::erfc(z_of(t) * std::f64::consts::FRAC_1_SQRT_2)) / z_of(t);
        let density = |t: f64| libm::exp(-0.5 * half_square * (1.0 + t));
        Tail { upper: fitted_to(upper), density: fitted_to(density) }
    }

    /// `1 − Φ(z)`.
    #[inline(always)]
    pub fn upper<R: Real, const W: usize>(&self, z: &[R; W]) -> [R; W] {
        let mut upper: [R; W] = splat(R::ZERO);
        for l in 0..W {
            let (z, t) = place_of(z[l].get() as f32);
            let tail = 0.5 - z * polynomial(&self.upper, t);
            upper[l] = R::of(f64::from(if tail > 0.0 { tail } else { 0.0 }));
        }
        upper
    }

    /// `e^(−z²/2)`.
    #[inline(always)]
    pub fn density<R: Real, const W: usize>(&self, z: &[R; W]) -> [R; W] {
        let mut density: [R; W] = splat(R::ZERO);
        for l in 0..W {
            let (_, t) = place_of(z[l].get() as f32);
            density[l] = R::of(f64::from(polynomial(&self.density, t)));
        }
        density
    }
}

/// A number of standard deviations within reach, and the variable of the polynomials there.
#[inline(always)]
fn place_of(z: f32) -> (f32, f32) {
    let z = if z < REACH { z } else { REACH };
    let z = if z > -REACH { z } else { -REACH };
    (z, (z * z) * (2.0 / (REACH * REACH)) - 1.0)
}

/// A polynomial that follows a function on −1 to 1.
fn fitted_to(function: impl Fn(f64) -> f64) -> [f32; N_TERMS] {
    let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / N_TERMS as f64;
    let values: [f64; N_TERMS] = std::array::from_fn(|k| function(libm::cos(angle(k))));
    let chebyshev: [f64; N_TERMS] = std::array::from_fn(|j| {
        let sum: f64 = (0..N_TERMS).map(|k| values[k] * libm::cos(j as f64 * angle(k))).sum();
        sum * if j == 0 { 1.0 } else { 2.0 } / N_TERMS as f64
    });
    to_powers(&chebyshev).map(|term| term as f32)
}

/// A polynomial by two chains in `x²`, so that no term waits for all those before it. Fused products and sums are rounded once
/// on every machine, by the processor or by the library.
#[inline(always)]
fn polynomial<const N: usize>(terms: &[f32; N], x: f32) -> f32 {
    let squared = x * x;
    let mut sum = 0.0_f32;
    for block in (0..N.div_ceil(2)).rev() {
        let term = |k: usize| if 2 * block + k < N { terms[2 * block + k] } else { 0.0 };
        sum = sum.mul_add(squared, term(1).mul_add(x, term(0)));
    }
    sum
}

/// A Chebyshev series as a polynomial in powers.
fn to_powers(chebyshev: &[f64; N_TERMS]) -> [f64; N_TERMS] {
    let (mut before, mut now) = ([0.0; N_TERMS], [0.0; N_TERMS]);
    let mut powers = [0.0; N_TERMS];
    before[0] = 1.0;
    now[1] = 1.0;
    powers[0] = chebyshev[0];
    for (j, &coefficient) in chebyshev.iter().enumerate().skip(1) {
        for (power, term) in powers.iter_mut().zip(&now) {
            *power += coefficient * term;
        }
        if j + 1 < N_TERMS {
            let mut next = [0.0; N_TERMS];
            for k in 0..N_TERMS {
                next[k] = if k > 0 { 2.0 * now[k - 1] } else { 0.0 } - before[k];
            }
            (before, now) = (now, next);
        }
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `libm`'s functions stand for the law: tails within 4e-7 of them at 17,001 places, the density, which is only a part of the
    /// pupils of oversized classes, within 4e-6, which is what it has at the end of its reach.
    #[test]
    fn tails_are_those_of_the_normal_law() {
        let tail = Tail::fitted();
        let (mut of_tail, mut of_density) = (0.0_f64, 0.0_f64);
        for step in -8500..=8500 {
            let z = f64::from(step) / 1000.0;
            let lane = [z as f32];
            let expected = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
            of_tail = of_tail.max((f64::from(tail.upper(&lane)[0]) - expected).abs());
            let density = f64::from(tail.density(&lane)[0]);
            of_density = of_density.max((density - libm::exp(-0.5 * z * z)).abs());
        }
        assert!(of_tail < 4e-7, "{of_tail:e}");
        assert!(of_density < 4e-6, "{of_density:e}");
    }
}
