//! Sums over base points of the products that Sobol' indices are made from, plain and weighted.
//!
//! By base point, of the standardised outcome: A + B, A² + B²; B·(AB_j − A) by factor; (A − AB_j)² by factor;
//! BA_j·AB_k − A·B by pair.

/// Base points whose products are held at a time: with 12 factors and second order 47 kB.
const BLOCK: usize = 64;

/// An outcome by row of a Saltelli design, and its mean and standard deviation.
pub(super) struct Outcome<'a> {
    /// One value a row.
    pub y: &'a [f64],
    /// Number of factors d.
    pub n_factors: usize,
    /// Whether the rows BA are there.
    pub second_order: bool,
    /// Mean over all rows.
    pub mean: f64,
    /// Standard deviation over all rows.
    pub sd: f64,
}

impl Outcome<'_> {
    /// Rows of a base point.
    fn group_size(&self) -> usize {
        super::group_size(self.n_factors, self.second_order)
    }

    /// Number of base points.
    pub fn n_base(&self) -> usize {
        self.y.len() / self.group_size()
    }

    /// Pairs of factors j < k in order; none without second order.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let d = if self.second_order { self.n_factors } else { 0 };
        (0..d).flat_map(move |j| (j + 1..d).map(move |k| (j, k)))
    }

    /// Products of a base point.
    fn n_products(&self) -> usize {
        let d = self.n_factors;
        2 + 2 * d + if self.second_order { d * (d - 1) / 2 } else { 0 }
    }

    /// The products of base points from `first` on, base point by base point; `rows` is scratch space.
    fn products(&self, first: usize, n: usize, rows: &mut Vec<f64>, products: &mut Vec<f64>) {
        let (d, size) = (self.n_factors, self.group_size());
        products.clear();
        for group in self.y[first * size..(first + n) * size].chunks_exact(size) {
            rows.clear();
            rows.extend(group.iter().map(|y| (y - self.mean) / self.sd));
            let (a, b, ab) = (rows[0], rows[size - 1], &rows[1..=d]);
            products.extend([a + b, a * a + b * b]);
            products.extend(ab.iter().map(|ab| b * (ab - a)));
            products.extend(ab.iter().map(|ab| (a - ab) * (a - ab)));
            if self.second_order {
                let ba = &rows[d + 1..2 * d + 1];
                for j in 0..d {
                    products.extend(ab[j + 1..].iter().map(|ab_k| ba[j] * ab_k - a * b));
                }
            }
        }
    }

    /// The sums over all base points.
    pub fn totals(&self) -> Vec<f64> {
        let once = vec![1; self.n_base()];
        self.weighted(&[once]).swap_remove(0)
    }

    /// For each resample the sums over base points times how often it drew them, in the order of base points.
    pub fn weighted(&self, times: &[Vec<u32>]) -> Vec<Vec<f64>> {
        let width = self.n_products();
        let mut sums = vec![vec![0.0; width]; times.len()];
        let (mut rows, mut products) = (Vec::new(), Vec::new());
        for first in (0..self.n_base()).step_by(BLOCK) {
            let n = BLOCK.min(self.n_base() - first);
            self.products(first, n, &mut rows, &mut products);
            for (sums, times) in sums.iter_mut().zip(times) {
                add_weighted(sums, &products, &times[first..first + n]);
            }
        }
        sums
    }
}

/// Adds rows of `products` times their weights to `sums`; four rows at a time, so that a sum is loaded and stored
/// once for four.
fn add_weighted(sums: &mut [f64], products: &[f64], times: &[u32]) {
    let width = sums.len();
    let mut quads = products.chunks_exact(4 * width);
    let mut weights = times.chunks_exact(4);
    for (quad, weights) in quads.by_ref().zip(weights.by_ref()) {
        let (p, q) = quad.split_at(2 * width);
        let ((p0, p1), (p2, p3)) = (p.split_at(width), q.split_at(width));
        let w: [f64; 4] = std::array::from_fn(|k| f64::from(weights[k]));
        for ((((sum, p0), p1), p2), p3) in sums.iter_mut().zip(p0).zip(p1).zip(p2).zip(p3) {
            *sum += (w[0] * p0 + w[1] * p1) + (w[2] * p2 + w[3] * p3);
        }
    }
    for (row, &weight) in quads.remainder().chunks_exact(width).zip(weights.remainder()) {
        for (sum, product) in sums.iter_mut().zip(row) {
            *sum += f64::from(weight) * product;
        }
    }
}
