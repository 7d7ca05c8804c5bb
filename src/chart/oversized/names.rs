//! The labels at the line ends: names of the scenarios, and when each is cleared.

use super::super::Lang;
use super::super::canvas::Type;
use super::super::font::width;
use super::super::text::{sign, wrap};
use super::super::theme::{LEADING, SMALL, scenario};
use super::finding::{outcome, outcome_in_words};
use super::{Input, Panel};

/// More scenarios than this say in their labels no more than the name.
const MOST_WITH_OUTCOME: usize = 3;
/// More scenarios than this are named in the key: their labels would stand far from the line ends.
const MOST_AT_LINE_ENDS: usize = 4;
/// Widest label at a line end.
const LABEL_WIDTH: f64 = 172.0;
/// Distance between labels.
pub(super) const LABEL_GAP: f64 = 5.0;

/// How the lines are named at their ends.
pub(super) enum Labels {
    /// Name in up to two lines, then the outcome.
    NameAndOutcome,
    /// Name on one line.
    Name,
    /// A number explained in the key, then the outcome.
    Number,
    /// Not at all: the key shows each line with its name.
    InKey,
}

impl Labels {
    pub(super) fn for_scenarios(input: &Input, lang: Lang) -> Labels {
        let count = input.scenarios.len();
        let lines = |name: &String| wrap(name, lang, SMALL, true, LABEL_WIDTH).len();
        let most = input.scenarios.iter().map(lines).max().unwrap_or(0);
        match most {
            _ if count > MOST_AT_LINE_ENDS => Labels::InKey,
            0..=2 if count <= MOST_WITH_OUTCOME => Labels::NameAndOutcome,
            0..=1 => Labels::Name,
            _ => Labels::Number,
        }
    }

    /// The lines of the label of a scenario.
    pub(super) fn lines(
        &self,
        input: &Input,
        panel: &Panel,
        i: usize,
        lang: Lang,
    ) -> Vec<(String, Type)> {
        let set = Type::new(SMALL, scenario(i).words);
        let name = input.scenarios.get(i).map_or("", String::as_str);
        let shares = panel.lines.get(i).map_or(&[][..], |line| &line.oversized);
        let outcome = outcome(&input.years, shares, input.definition.cleared_at);
        let outcome = outcome_in_words(outcome, input.definition.cleared_at, lang);
        let names = || wrap(name, lang, SMALL, true, LABEL_WIDTH).into_iter();
        match self {
            Labels::NameAndOutcome => {
                names().map(|line| (line, set.bold())).chain([(outcome, set)]).collect()
            }
            Labels::Name => names().map(|line| (line, set.bold())).collect(),
            Labels::Number => vec![(format!("{} {outcome}", sign(i)), set)],
            Labels::InKey => Vec::new(),
        }
    }

    pub(super) fn width(&self, input: &Input, lang: Lang) -> f64 {
        let lines = input.panels.iter().flat_map(|panel| {
            (0..input.scenarios.len()).flat_map(move |i| self.lines(input, panel, i, lang))
        });
        let widths = lines.map(|(line, set)| width(&line, SMALL, set.bold));
        widths.fold(0.0, f64::max)
    }

    /// Height of the plot that lets all labels of a panel stand beside it.
    pub(super) fn height(&self, input: &Input, panel: &Panel, lang: Lang) -> f64 {
        let scenarios = 0..input.scenarios.len();
        let lines: usize = scenarios.map(|i| self.lines(input, panel, i, lang).len()).sum();
        if lines == 0 {
            return 0.0;
        }
        lines as f64 * SMALL * LEADING + input.scenarios.len() as f64 * LABEL_GAP - 20.0
    }
}
