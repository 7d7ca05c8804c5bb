//! A tree of rules: which limits of factors part the draws best into high and low outcomes.
//!
//! In: factors and one outcome, by draw (0 and 1 where draws are cases or not: the mean is then their share). Out: the nodes of a binary
//! tree, and its leaves as rules to read.
//!
//! A node is parted at the value of the factor that leaves the least sum of squares about the means of the two parts; for cases this
//! is Gini's impurity, which is twice the variance. Of equal splits the one of the first factor and the lowest limit is
//! taken. The tree is cut back where a split does not pay for its leaf (cost-complexity).
//!
//! Source: Breiman, Friedman, Olshen and Stone, *Classification and Regression Trees*, 1984, §§2.4, 3.3 and 8.4.

use crate::analysis::ranks::order;
use crate::numeric::sum;

/// How a tree grows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Most splits on the way to a leaf.
    pub depth: usize,
    /// Smallest share of all draws in a leaf.
    pub smallest_leaf: f64,
    /// Share of the root's sum of squares that a leaf must save to stay.
    pub complexity: f64,
}

/// A split: draws at or below the limit go to the first part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Position of the factor.
    pub factor: usize,
    /// Midway between two values of the factor.
    pub limit: f64,
    /// Position of the node at or below the limit; the node above it.
    pub parts: [usize; 2],
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Draws in it.
    pub n: usize,
    /// Mean of the outcome.
    pub mean: f64,
    /// Mean square about the mean; for cases half of Gini's impurity.
    pub variance: f64,
    /// None at a leaf.
    pub split: Option<Split>,
}

/// A leaf as a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// By factor with a limit, in the order of factors: above the first and at or below the second value.
    pub limits: Vec<(usize, Option<f64>, Option<f64>)>,
    /// Draws that keep it.
    pub n: usize,
    /// Their share of all draws.
    pub mass: f64,
    /// Mean of their outcome; for cases their density.
    pub mean: f64,
    /// Their share of the sum of the outcome; for cases the coverage.
    pub coverage: f64,
}

/// A tree of rules; the first node is the root.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// From the root on, each before its parts.
    pub nodes: Vec<Node>,
    /// Share of the outcome's variance that the leaves explain.
    pub r_squared: f64,
}

/// Grows a tree and cuts it back; none without draws.
pub fn tree(x: &[Vec<f64>], y: &[f64], options: &Options) -> Option<Tree> {
    if y.is_empty() {
        return None;
    }
    let sorted = crate::parallel::map(x, |column| order(column));
    let all: Vec<usize> = (0..y.len()).collect();
    let root = node(y, &all);
    let smallest = ((options.smallest_leaf * y.len() as f64).ceil() as usize).max(1);
    let mut grower = Grower { x, y, smallest, least: 1e-12 * root.squares(), grown: Vec::new() };
    grower.grow(all, sorted, options.depth);
    let price = options.complexity * root.squares();
    let mut nodes = Vec::new();
    copy(&grower.grown, 0, price, &mut nodes);
    let left: f64 = sum(nodes.iter().filter(|n| n.split.is_none()).map(Node::squares));
    let r_squared = if root.squares() > 0.0 { 1.0 - left / root.squares() } else { 0.0 };
    Some(Tree { nodes, r_squared })
}

impl Node {
    fn squares(&self) -> f64 {
        self.variance * self.n as f64
    }
}

impl Tree {
    /// The leaves, those with the highest mean first.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = Vec::new();
        self.collect(0, &mut Vec::new(), &mut rules);
        rules.sort_by(|a, b| b.mean.total_cmp(&a.mean));
        rules
    }

    fn collect(&self, at: usize, way: &mut Vec<(usize, f64, bool)>, rules: &mut Vec<Rule>) {
        let (node, root) = (&self.nodes[at], &self.nodes[0]);
        if let Some(split) = node.split {
            for (part, is_above) in split.parts.into_iter().zip([false, true]) {
                way.push((split.factor, split.limit, is_above));
                self.collect(part, way, rules);
                way.pop();
            }
            return;
        }
        let mut factors: Vec<usize> = way.iter().map(|(factor, ..)| *factor).collect();
        factors.sort_unstable();
        factors.dedup();
        // The last limit of a side is the narrowest.
        let last = |factor: usize, side: bool| {
            way.iter().rev().find(|w| w.0 == factor && w.2 == side).map(|w| w.1)
        };
        let limits = factors.into_iter().map(|f| (f, last(f, true), last(f, false))).collect();
        let total = root.mean * root.n as f64;
        let own = node.mean * node.n as f64;
        rules.push(Rule {
            limits,
            n: node.n,
            mass: node.n as f64 / root.n as f64,
            mean: node.mean,
            coverage: if total != 0.0 { own / total } else { 0.0 },
        });
    }
}

fn node(y: &[f64], draws: &[usize]) -> Node {
    let n = draws.len() as f64;
    let mean = sum(draws.iter().map(|&i| y[i])) / n;
    let variance = sum(draws.iter().map(|&i| (y[i] - mean) * (y[i] - mean))) / n;
    Node { n: draws.len(), mean, variance, split: None }
}

struct Grower<'a> {
    x: &'a [Vec<f64>],
    y: &'a [f64],
    /// Fewest draws in a leaf.
    smallest: usize,
    /// Gains below this are rounding.
    least: f64,
    grown: Vec<Node>,
}

impl Grower<'_> {
    /// Adds the node of some draws and all below it; `sorted` holds the draws in the order of every factor.
    fn grow(&mut self, draws: Vec<usize>, sorted: Vec<Vec<usize>>, depth: usize) -> usize {
        let own = self.grown.len();
        self.grown.push(node(self.y, &draws));
        if depth == 0 {
            return own;
        }
        let Some((factor, limit)) = self.best_split(&self.grown[own], &sorted) else { return own };
        let parts = [false, true].map(|is_above| {
            let goes = |i: &usize| (self.x[factor][*i] > limit) == is_above;
            let part = |draws: &Vec<usize>| draws.iter().copied().filter(goes).collect();
            (part(&draws), sorted.iter().map(part).collect::<Vec<Vec<usize>>>())
        });
        let parts = parts.map(|(draws, sorted)| self.grow(draws, sorted, depth - 1));
        self.grown[own].split = Some(Split { factor, limit, parts });
        own
    }

    fn best_split(&self, node: &Node, sorted: &[Vec<usize>]) -> Option<(usize, f64)> {
        let mut best: Option<(f64, usize, f64)> = None;
        for (factor, order) in sorted.iter().enumerate() {
            let column = &self.x[factor];
            let mut below = 0.0;
            for place in 1..order.len() {
                below += self.y[order[place - 1]] - node.mean;
                let (low, high) = (column[order[place - 1]], column[order[place]]);
                let n_above = order.len() - place;
                if low == high || place < self.smallest || n_above < self.smallest {
                    continue;
                }
                // The deviations sum to 0, so those above are −below.
                let gain = below * below * (1.0 / place as f64 + 1.0 / n_above as f64);
                let limit = 0.5 * (low + high);
                if gain > best.map_or(0.0, |b| b.0) + self.least && low <= limit && limit < high {
                    best = Some((gain, factor, limit));
                }
            }
        }
        best.map(|(_, factor, limit)| (factor, limit))
    }
}

/// What a node and those below it cost after cutting back: squares about the leaves' means and the price of each leaf.
fn cost(grown: &[Node], at: usize, price: f64) -> f64 {
    let as_leaf = grown[at].squares() + price;
    match grown[at].split {
        Some(split) => as_leaf.min(sum(split.parts.map(|part| cost(grown, part, price)))),
        None => as_leaf,
    }
}

/// Copies a node, and what is below it where that is cheaper than a leaf.
fn copy(grown: &[Node], at: usize, price: f64, nodes: &mut Vec<Node>) -> usize {
    let own = nodes.len();
    nodes.push(Node { split: None, ..grown[at].clone() });
    if let Some(split) = grown[at].split
        && cost(grown, at, price) < grown[at].squares() + price
    {
        let parts = split.parts.map(|part| copy(grown, part, price, nodes));
        nodes[own].split = Some(Split { parts, ..split });
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::points::{halton3, ishigami};

    const OPTIONS: Options = Options { depth: 3, smallest_leaf: 0.05, complexity: 0.0 };

    /// scikit-learn 1.9.1, `DecisionTreeRegressor(max_depth=3, min_samples_leaf=50)` on 1,000 points of Halton's sequence under
    /// Ishigami's function (it rounds factors to single precision).
    #[test]
    fn the_tree_is_scikit_learns() {
        let x = halton3(1000);
        let found = tree(&x, &ishigami(&x), &OPTIONS).unwrap();
        let expected = [
            (Some((0, 0.495_605_468_75)), 1000, 3.508_644_859_064_409_7),
            (Some((2, 0.896_960_020)), 497, 1.606_590_508_910_728),
            (Some((2, 0.148_800_000)), 446, 1.949_686_973_561_337),
            (None, 74, -0.689_744_916_164_717_8),
            (None, 372, 2.474_735_252_700_393),
            (None, 51, -1.393_821_711_367_162_5),
            (Some((2, 0.882_560_014)), 503, 5.388_010_688_142_698),
            (Some((2, 0.108_799_997)), 445, 5.015_821_945_536_312),
            (None, 56, 8.286_070_704_896_739),
            (None, 389, 4.545_040_633_134_807),
            (None, 58, 8.243_596_730_553_783),
        ];
        assert_eq!(found.nodes.len(), expected.len());
        for (node, (split, n, mean)) in found.nodes.iter().zip(expected) {
            assert_eq!(node.n, n);
            assert!((node.mean - mean).abs() < 1e-12);
            assert_eq!(node.split.map(|s| s.factor), split.map(|s| s.0));
            let limits = node.split.zip(split).map(|(found, s)| (found.limit - s.1).abs());
            assert!(limits.is_none_or(|difference| difference < 1e-6), "{node:?}");
        }
        assert!((found.r_squared - 0.429_574_649_602_736_4).abs() < 1e-12);
        let cut = tree(&x, &ishigami(&x), &Options { complexity: 0.05, ..OPTIONS }).unwrap();
        // `ccp_alpha=0.05*Y.var()` leaves one split there.
        assert_eq!(cut.nodes.len(), 3);
        assert!((cut.r_squared - 0.259_210_600_589_440_1).abs() < 1e-12);
        let best = &found.rules()[0];
        assert_eq!((best.n, best.limits.len()), (56, 2));
        assert_eq!((best.limits[0].0, best.limits[0].2, best.limits[1].1), (0, None, None));
    }

    /// Cases where x > 0.5 and y > 0.5: 2, 3 and 4 of the corners hold none; the rule of cases covers all of them.
    #[test]
    fn cases_are_found_by_two_limits() {
        let x: Vec<Vec<f64>> = halton3(800)[..2].to_vec();
        let is_case = |i: usize| if x[0][i] > 0.5 && x[1][i] > 0.5 { 1.0 } else { 0.0 };
        let y: Vec<f64> = (0..800).map(is_case).collect();
        let found = tree(&x, &y, &Options { complexity: 0.01, ..OPTIONS }).unwrap();
        assert_eq!((found.nodes.len(), found.r_squared), (5, 1.0));
        let rule = &found.rules()[0];
        assert_eq!((rule.mean, rule.coverage), (1.0, 1.0));
        assert!(rule.limits.iter().all(|(_, above, below)| above.is_some() && below.is_none()));
    }

    /// Equal splits: the first factor is taken. A constant outcome is not parted; nor is one where no leaf may be so small.
    #[test]
    fn ties_go_to_the_first_factor() {
        let column: Vec<f64> = (0..20).map(f64::from).collect();
        let y: Vec<f64> = (0..20).map(|i| if i < 10 { 0.0 } else { 1.0 }).collect();
        let x = [column.clone(), column.clone()];
        let found = tree(&x, &y, &OPTIONS).unwrap();
        assert_eq!(found.nodes[0].split, Some(Split { factor: 0, limit: 9.5, parts: [1, 2] }));
        assert_eq!(tree(&x, &[2.0; 20], &OPTIONS).unwrap().nodes.len(), 1);
        let large = Options { smallest_leaf: 0.6, ..OPTIONS };
        assert_eq!(tree(&x, &y, &large).unwrap().nodes.len(), 1);
        assert_eq!(tree(&x, &[], &OPTIONS), None);
    }
}
