//! The upper tail of the normal law for all lanes at once, without branches.
//!
//! `1 − Φ(z) = ½·e^(−x²)·erfcx(x)` with `x = z/√2`: the scaled complementary error function is smooth and slow, so a polynomial
//! in `t = 1/(1 + x/2)`, fitted once at Chebyshev nodes to `libm`'s `erfc`, gives it to single precision. Beyond [`REACH`]
//! standard deviations the tail is taken as it is there.

use super::{LANES, Lane32, splat32};

/// Standard deviations beyond which a tail is below 1e-16.
const REACH: f64 = 8.5;
/// Coefficients of the polynomial.
const N_TERMS: usize = 8;
/// Coefficients of `e^r` for `|r| ≤ ln 2 / 2`: 1/k!.
const N_EXP: usize = 7;

/// The fitted polynomial.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    terms: [f32; N_TERMS],
    middle: f32,
    inverse_half: f32,
}

impl Tail {
    /// Fits the polynomial.
    pub fn fitted() -> Tail {
        let (low, high) = (1.0 / (1.0 + 0.5 * REACH * std::f64::consts::FRAC_1_SQRT_2), 1.0);
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / N_TERMS as f64;
        let erfcx = |x: f64| libm::erfc(x) * libm::exp(x * x);
        let values: [f64; N_TERMS] = std::array::from_fn(|k| {
            let t = middle + half * libm::cos(angle(k));
            erfcx(2.0 * (1.0 / t - 1.0))
        });
        let chebyshev: [f64; N_TERMS] = std::array::from_fn(|j| {
            let sum: f64 = (0..N_TERMS).map(|k| values[k] * libm::cos(j as f64 * angle(k))).sum();
            sum * if j == 0 { 1.0 } else { 2.0 } / N_TERMS as f64
        });
        Tail {
            terms: to_powers(&chebyshev).map(|term| term as f32),
            middle: middle as f32,
            inverse_half: (1.0 / half) as f32,
        }
    }

    /// `e^(−x²)` and `1 − Φ(z)` with `x = z/√2`.
    #[inline(always)]
    pub fn of(&self, z: &Lane32) -> (Lane32, Lane32) {
        let (mut density, mut upper) = (splat32(0.0), splat32(0.0));
        for l in 0..LANES {
            let size = z[l].abs();
            let size = if size < REACH as f32 { size } else { REACH as f32 };
            let x = size * std::f32::consts::FRAC_1_SQRT_2;
            let s = (1.0 / (1.0 + 0.5 * x) - self.middle) * self.inverse_half;
            let erfcx = polynomial(&self.terms, s);
            let e = exp_minus(x * x);
            let tail = 0.5 * e * erfcx;
            density[l] = e;
            upper[l] = if z[l] < 0.0 { 1.0 - tail } else { tail };
        }
        (density, upper)
    }
}

/// `e^(−y)` for `0 ≤ y ≤ 80`.
#[inline(always)]
fn exp_minus(y: f32) -> f32 {
    // Adding and taking away 1.5·2²³ rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let shifted = -y * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (-y - k * LN2_HIGH) - k * LN2_LOW;
    let e = polynomial(&INVERSE_FACTORIALS, r);
    // The low bits of `shifted` are k: moved to the exponent they are 2^k.
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127_u32 << 23));
    e * scale
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

/// 1/0!, 1/1!, …
const INVERSE_FACTORIALS: [f32; N_EXP] = {
    let mut terms = [1.0; N_EXP];
    let mut k = 1;
    while k < N_EXP {
        terms[k] = terms[k - 1] / k as f32;
        k += 1;
    }
    terms
};

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

    /// `libm`'s functions stand for the law: tails within 3e-7 of them at 17,001 places.
    #[test]
    fn tails_are_those_of_the_normal_law() {
        let tail = Tail::fitted();
        let mut worst = 0.0_f64;
        for step in -8500..=8500 {
            let z = f64::from(step) / 1000.0;
            let (density, upper) = tail.of(&splat32(z as f32));
            let expected = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
            worst = worst.max((f64::from(upper[0]) - expected).abs());
            worst = worst.max((f64::from(density[0]) - libm::exp(-0.5 * z * z)).abs());
        }
        assert!(worst < 3e-7, "{worst:e}");
    }
}
