//! Sobol' sequences of up to 256 dimensions, plain or scrambled, with random access.
//!
//! In: a number of dimensions, whether to scramble, a seed. Out: coordinate `dimension` of point `i`, a pure function
//! of them.
//!
//! **Order.** Point `i` is the exclusive or of the direction numbers at the set bits of the Gray code `i ⊕ ⌊i/2⌋`
//! (Antonov & Saleev 1979), computed from `i` directly. This is the order of SciPy's `qmc.Sobol` and of SALib.
//! Nothing is skipped: the first point belongs to the net (Owen 2020, *On dropping the first Sobol' point*,
//! arXiv:2008.08051).
//!
//! **Scrambling.** Nested uniform (Owen 1995, doi:10.1007/978-1-4612-2552-2_19): bit `k` of a coordinate is flipped
//! by a coin that belongs to the dimension and to the bits above it, as they were before scrambling. The coin is a
//! bit of a keyed hash of that place in the binary tree, so the tree is never stored; all 52 bits are scrambled. Each
//! point is uniform on the cube; every net stays a net.
//!
//! **Precision.** A coordinate is the middle of one of 2⁵² equal cells: never 0 or 1. The plain sequence is therefore
//! SciPy's plus 2⁻⁵³.

use super::direction_numbers::POLYNOMIALS;
use crate::random;

/// The most dimensions there are direction numbers for.
pub const MOST_DIMENSIONS: usize = POLYNOMIALS.len() + 1;

/// Bits of a coordinate.
const BITS: u32 = 52;

/// The middle of cell `cell` of 2⁵²: strictly inside (0, 1), exact in a double.
pub(super) fn middle(cell: u64) -> f64 {
    (cell as f64 + 0.5) / (1_u64 << BITS) as f64
}

/// A Sobol' sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// By dimension: the direction numbers, most significant bit of a coordinate first.
    directions: Vec<[u64; 64]>,
    /// By dimension: the key of its coins; empty if the sequence is plain.
    keys: Vec<u64>,
}

impl Sequence {
    /// Prepares a sequence; `scramble_seed` absent: the plain one. Refuses no dimension and more than
    /// [`MOST_DIMENSIONS`].
    pub fn new(n_dimensions: usize, scramble_seed: Option<u64>) -> Result<Self, String> {
        if n_dimensions == 0 || n_dimensions > MOST_DIMENSIONS {
            return Err(format!(
                "a Sobol' sequence of {n_dimensions} dimensions: there are direction numbers for 1 to {MOST_DIMENSIONS}"
            ));
        }
        let directions = (0..n_dimensions).map(directions).collect();
        let keys = scramble_seed.map_or_else(Vec::new, |seed| {
            (0..n_dimensions).map(|j| random::key(seed, &format!("sequence/{j}"))).collect()
        });
        Ok(Sequence { directions, keys })
    }

    /// How many dimensions it has.
    pub fn n_dimensions(&self) -> usize {
        self.directions.len()
    }

    /// Coordinate `dimension` (from 0) of point `i`, strictly between 0 and 1.
    pub fn coordinate(&self, i: u64, dimension: usize) -> f64 {
        let mut gray = i ^ (i >> 1);
        let mut bits = 0;
        let directions = &self.directions[dimension];
        while gray != 0 {
            bits ^= directions[gray.trailing_zeros() as usize];
            gray &= gray - 1;
        }
        let cell = bits >> (64 - BITS);
        middle(self.keys.get(dimension).map_or(cell, |&key| scramble(cell, key)))
    }
}

/// Levels of the tree whose coins come from one hash: a subtree of six levels has 63 nodes.
const LEVELS: u32 = 6;

/// Flips every bit of `cell` by the coin of its node. A node is named by the bits above it behind a leading one: the
/// root is 1, the nodes below node m are 2m and 2m + 1. The hash of every sixth node on the way down holds the coins
/// of the six levels below it.
fn scramble(cell: u64, key: u64) -> u64 {
    let mut flips = 0;
    let mut subtree = 1;
    let mut left = BITS;
    while left > 0 {
        let coins = random::mixed(key, subtree);
        let n_levels = LEVELS.min(left);
        // The name of the node within its subtree: 1 to 63.
        let mut node = 1;
        for _ in 0..n_levels {
            left -= 1;
            flips = (flips << 1) | ((coins >> node) & 1);
            node = (node << 1) | ((cell >> left) & 1);
        }
        subtree = (1 << (BITS - left)) | (cell >> left);
    }
    cell ^ flips
}

/// The direction numbers of a dimension by the recurrence of Joe & Kuo (2003, ACM TOMS 29, 49-57), the leading bit at
/// bit 63.
fn directions(dimension: usize) -> [u64; 64] {
    let mut numbers: [u64; 64] = std::array::from_fn(|k| 1 << (63 - k));
    if dimension == 0 {
        return numbers;
    }
    let (coefficients, initial) = POLYNOMIALS[dimension - 1];
    let degree = initial.len();
    for (k, &m) in initial.iter().enumerate() {
        numbers[k] = u64::from(m) << (63 - k);
    }
    for k in degree..64 {
        let mut number = numbers[k - degree] ^ (numbers[k - degree] >> degree);
        for back in 1..degree {
            if (coefficients >> (degree - 1 - back)) & 1 == 1 {
                number ^= numbers[k - back];
            }
        }
        numbers[k] = number;
    }
    numbers
}

#[cfg(test)]
mod tests;
