//! The one table of keys that a sweep file may have. The reader walks files against it and `xuewei schema` prints it.
//!
//! `<name>` stands for a name that the file chooses, `[]` for each table of a list. Keys of laws are those of
//! [`crate::experiment::distribution::LAWS`].

use crate::experiment::{How, Kind};

/// What a key of a sweep file holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Holds {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A text or a list of them.
    TextOrTexts,
    /// `true` or `false`.
    Flag,
    /// A whole number in these bounds.
    Whole(i64, i64),
    /// A number in these bounds.
    Number(f64, f64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A law: `{ kind = …, … }`.
    Law,
}

/// One key of a sweep file.
#[derive(Debug, Clone, Copy)]
pub struct SweepKey {
    /// Path with placeholders.
    pub pattern: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Must be there (inside a named group: if the group is).
    pub required: bool,
    /// What it means.
    pub meaning: &'static str,
}

const fn key(
    pattern: &'static str,
    holds: Holds,
    required: bool,
    meaning: &'static str,
) -> SweepKey {
    SweepKey { pattern, holds, required, meaning }
}

/// Names of the kinds of designs.
pub(super) const DESIGNS: &[&str] = &[
    Kind::ALL[0].key(),
    Kind::ALL[1].key(),
    Kind::ALL[2].key(),
    Kind::ALL[3].key(),
    Kind::ALL[4].key(),
    Kind::ALL[5].key(),
    Kind::ALL[6].key(),
];
const HOWS: &[&str] = &[How::ALL[0].key(), How::ALL[1].key(), How::ALL[2].key()];
/// Most draws: a trillion.
const MOST: i64 = 1_000_000_000_000;

/// Every key of a sweep file, in the order in which `schema` prints them.
#[rustfmt::skip]
pub const SWEEP_KEYS: &[SweepKey] = &[
    key("title", Holds::Text, true, "title in Chinese"),
    key("title_en", Holds::Text, false, "title in English"),
    key("question", Holds::Text, true, "the question that the sweep answers, in Chinese"),
    key("question_en", Holds::Text, false, "the same in English"),
    key("scenarios", Holds::Texts, true, "scenario files of one city, relative to this file; every one sees the same draws"),
    key("replan", Holds::Flag, false, "whether programmes expand anew in every draw; default false: their list of the central path stays"),
    key("design.kind", Holds::Choice(DESIGNS), true, "the rule that makes the points"),
    key("design.draws", Holds::Whole(1, MOST), false, "rows (monte-carlo, latin-hypercube, sobol), base points (saltelli: rows N(d+2), with second_order N(2d+2)), trajectories (morris)"),
    key("design.seed", Holds::Whole(0, i64::MAX), false, "seed of everything random"),
    key("design.scramble", Holds::Flag, false, "sobol, saltelli: the sequence is scrambled; default true"),
    key("design.second_order", Holds::Flag, false, "saltelli: rows for second-order indices; default false"),
    key("design.levels", Holds::Whole(2, 10_000), false, "morris: an even number; grid: levels of a factor, or as many as it has equally likely values"),
    key("design.candidates", Holds::Whole(2, 5000), false, "morris: random trajectories of which those far apart are taken; default: as they come"),
    key("design.table", Holds::Text, false, "table: file with one column a factor, values in the factor's unit"),
    key("factors.<name>.name", Holds::Text, true, "name in Chinese"),
    key("factors.<name>.name_en", Holds::Text, false, "name in English"),
    key("factors.<name>.path", Holds::TextOrTexts, true, "path of the figure of the resolved scenario that it moves, or a list of paths that take the same number"),
    key("factors.<name>.how", Holds::Choice(HOWS), true, "set: the value of its last year becomes the number and its other values of years after the base year move by the same amount; add: the number is added to them; multiply: they are multiplied"),
    key("factors.<name>.from", Holds::Whole(1950, 2150), false, "first year that changes; the years before keep their values; default: the year after the base year"),
    key("factors.<name>.distribution", Holds::Law, true, "its law"),
    key("factors.<name>.unit", Holds::Text, true, "unit of the number: one of the figure's, or ratio to multiply"),
    key("factors.<name>.source", Holds::Text, true, "source of the range: a key of [sources] of the city or of this file"),
    key("factors.<name>.note", Holds::Text, false, "why this range; an assumption needs it"),
    key("factors.<name>.optional", Holds::Flag, false, "a scenario that lacks the figure is left alone there; default false"),
    key("sources.<name>.title", Holds::Text, true, "title of the document"),
    key("sources.<name>.publisher", Holds::Text, false, "who published it"),
    key("sources.<name>.date", Holds::Text, false, "when"),
    key("sources.<name>.basis", Holds::Choice(&["measured", "official", "derived", "assumption"]), true, "what kind of knowledge it is"),
    key("sources.<name>.note", Holds::Text, false, "section, address, licence"),
    key("correlations.[].factors", Holds::Texts, true, "two factors"),
    key("correlations.[].value", Holds::Number(-1.0, 1.0), true, "correlation of their normal scores (Gaussian copula), between -1 and 1"),
    key("correlations.[].source", Holds::Text, true, "source of the value"),
    key("correlations.[].note", Holds::Text, false, "why; an assumption needs it"),
    key("outcomes.list", Holds::Texts, true, "what is kept of a run: STAGE.INDICATOR for every year or of a whole run, STAGE.INDICATOR[YEAR] for one year"),
];

/// The design keys that a kind takes beside `kind`, and which of them it needs.
pub(super) fn taken_by(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::MonteCarlo | Kind::LatinHypercube => (&["draws", "seed"], &["draws", "seed"]),
        Kind::Sobol => (&["draws", "seed", "scramble"], &["draws", "seed"]),
        Kind::Saltelli => (&["draws", "seed", "scramble", "second_order"], &["draws", "seed"]),
        Kind::Morris => (&["draws", "seed", "levels", "candidates"], &["draws", "seed", "levels"]),
        Kind::Grid => (&["levels"], &["levels"]),
        Kind::Table => (&["table"], &["table"]),
    }
}

/// The key of a pattern.
pub(super) fn key_of(pattern: &str) -> Option<&'static SweepKey> {
    SWEEP_KEYS.iter().find(|key| key.pattern == pattern)
}

/// Parts that may stand below a pattern.
pub(super) fn below(pattern: &str) -> Vec<&'static str> {
    let mut parts: Vec<&'static str> = Vec::new();
    for key in SWEEP_KEYS {
        let rest = match pattern {
            "" => Some(key.pattern),
            _ => key.pattern.strip_prefix(pattern).and_then(|rest| rest.strip_prefix('.')),
        };
        let part = rest.and_then(|rest| rest.split('.').next());
        if let Some(part) = part.filter(|part| !parts.contains(part)) {
            parts.push(part);
        }
    }
    parts
}
