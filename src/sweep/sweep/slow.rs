//! What keeps a scenario of a sweep from the speed of a block, told before it is run.

/// Why the draws of a scenario take longer than those of a block that only sets numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slow {
    /// Every draw finds places for its units anew, and runs alone.
    Replan,
    /// More routes between areas and admission areas than a block can hold: draws run alone.
    Routes,
    /// A factor is no straight line in the numbers of the scenario, or two move the same: every draw is built anew.
    Anew,
}

impl Slow {
    /// Name in the manifest.
    pub fn key(self) -> &'static str {
        match self {
            Slow::Replan => "replan",
            Slow::Routes => "routes",
            Slow::Anew => "anew",
        }
    }

    /// One sentence for a reader, in Chinese and English; how much slower is what was measured of Jiaozuo (`benches/README.md`).
    pub fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Slow::Replan => (
                "每次抽样重新选址（replan），只能逐个计算，慢约三十五倍",
                "every draw finds places for its units anew (replan): draws run one by one, about 35 times slower",
            ),
            Slow::Routes => (
                "片区与招生片区之间的去向过多，只能逐个计算，慢约三十倍",
                "more routes between areas and admission areas than a block can hold: draws run one by one, about 30 times slower",
            ),
            Slow::Anew => (
                "有因素与情景的数值不成直线关系，或两个因素改变同一数值，每次抽样须重建情景，慢约七倍",
                "a factor is no straight line in the numbers of the scenario, or two factors move one number: every draw is built anew, about 7 times slower",
            ),
        }
    }
}
