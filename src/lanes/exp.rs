//! The exponential function for all lanes at once, without branches.

use super::{LANES, Lane, splat};

/// Coefficients of `e^r` for `|r| ≤ ln 2 / 2`: 1/k!. The next would be below 1e-17.
const N_TERMS: usize = 14;
/// Beyond this `e^x` is not needed and would leave the range of numbers.
const FURTHEST: f64 = 700.0;

/// `e^x` to the last digit or two.
#[inline(always)]
pub(super) fn exp(x: &Lane) -> Lane {
    // Adding and taking away 1.5·2⁵² rounds to a whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_588e-10;
    let mut result = splat(0.0);
    for l in 0..LANES {
        let x = if x[l] < FURTHEST { x[l] } else { FURTHEST };
        let x = if x > -FURTHEST { x } else { -FURTHEST };
        let shifted = x * std::f64::consts::LOG2_E + ROUND;
        let k = shifted - ROUND;
        let r = (x - k * LN2_HIGH) - k * LN2_LOW;
        let mut sum = INVERSE_FACTORIALS[N_TERMS - 1];
        for term in INVERSE_FACTORIALS.iter().rev().skip(1) {
            sum = sum.mul_add(r, *term);
        }
        // The low bits of `shifted` are k: moved to the exponent they are 2^k.
        let scale = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023_u64 << 52));
        result[l] = sum * scale;
    }
    result
}

/// 1/0!, 1/1!, …
const INVERSE_FACTORIALS: [f64; N_TERMS] = {
    let mut terms = [1.0; N_TERMS];
    let mut k = 1;
    while k < N_TERMS {
        terms[k] = terms[k - 1] / k as f64;
        k += 1;
    }
    terms
};

#[cfg(test)]
mod tests {
    use super::*;

    /// `libm`'s function stands for the exponential: within 5e-16 of it at 20,001 places.
    #[test]
    fn powers_of_e_are_those_of_the_library() {
        let mut worst = 0.0_f64;
        for step in -10_000..=10_000 {
            let x = f64::from(step) / 300.0;
            let expected = libm::exp(x);
            worst = worst.max((exp(&splat(x))[0] / expected - 1.0).abs());
        }
        assert!(worst < 5e-16, "{worst:e}");
    }
}
