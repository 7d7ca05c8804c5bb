//! Numbers of several draws at a time: an array with a number of every draw, one draw a lane.
//!
//! The rules of the model are written once, over the number of lanes `W` and over the precision `R` in which schools are kept:
//! a single run has one lane and doubles, a sweep sixteen lanes and single precision. Lanes never mix, and each operation is
//! one of IEEE 754, so what a lane holds does not depend on its neighbours, on the width of the machine's vectors or on threads.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Sub, SubAssign};

/// A number of every lane in double precision.
pub type Lane<const W: usize> = [f64; W];

/// The precision in which schools are kept: `f64` in a run, `f32` in a sweep.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The nearest number of this precision.
    fn of(value: f64) -> Self;
    /// The same number as a double.
    fn get(self) -> f64;
    /// Square root.
    fn sqrt(self) -> Self;
    /// `self · factor + term`, rounded once.
    fn times_plus(self, factor: Self, term: Self) -> Self;
}

macro_rules! real {
    ($number:ty) => {
        impl Real for $number {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            #[inline(always)]
            fn of(value: f64) -> Self {
                value as $number
            }
            #[inline(always)]
            fn get(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$number>::sqrt(self)
            }
            #[inline(always)]
            fn times_plus(self, factor: Self, term: Self) -> Self {
                self.mul_add(factor, term)
            }
        }
    };
}
real!(f32);
real!(f64);

/// The same number in every lane.
#[inline(always)]
pub const fn splat<T: Copy, const W: usize>(value: T) -> [T; W] {
    [value; W]
}

/// A lane in the precision in which schools are kept.
#[inline(always)]
pub fn kept<R: Real, const W: usize>(lane: &Lane<W>) -> [R; W] {
    let mut kept = splat(R::ZERO);
    for l in 0..W {
        kept[l] = R::of(lane[l]);
    }
    kept
}

/// A number of each of some items in every lane; the last item fills up where there are fewer than lanes.
#[inline(always)]
pub fn gather<T, const W: usize>(items: &[T], f: impl Fn(&T) -> f64) -> Lane<W> {
    if let [item] = items {
        return splat(f(item));
    }
    let mut lane = splat(0.0);
    for l in 0..W {
        lane[l] = f(&items[l.min(items.len() - 1)]);
    }
    lane
}

/// Coefficients of `e^r` for `|r| ≤ ln 2 / 2`: 1/k!. The next would be below 1e-17.
const N_TERMS: usize = 14;
/// Beyond this `e^x` is not needed and would leave the range of numbers.
const FURTHEST: f64 = 700.0;

/// `e^x` in every lane, to the last digit or two, without branches.
#[inline(always)]
pub fn exp<const W: usize>(x: &Lane<W>) -> Lane<W> {
    // Adding and taking away 1.5·2⁵² rounds to a whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_588e-10;
    let mut result = splat(0.0);
    for l in 0..W {
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
            worst = worst.max((exp(&[x])[0] / expected - 1.0).abs());
        }
        assert!(worst < 5e-16, "{worst:e}");
    }
}
