//! What stands in for the labels at the line ends where the scenarios are named in the key: the
//! years of clearing in one line a panel, and the remarks on what the lines cannot show.

use super::super::Lang;
use super::super::font::width;
use super::super::numbers::{known, threshold};
use super::super::text::{capitalised, clean};
use super::super::theme::SMALL;
use super::finding::{Outcome, outcome};
use super::{Input, Panel};
use std::collections::BTreeMap;

/// Lines that are nowhere farther apart than this, in units of the picture, are seen as one.
const SEEN_AS_ONE: f64 = 1.0;

/// How much is said of the scenarios that share an outcome.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    /// Every year, and every name.
    Names,
    /// First and last year, and one name each.
    OneName,
    /// First and last year, and the number of scenarios.
    Number,
}

/// The scenarios of a panel by what becomes of them.
#[derive(Default)]
struct Outcomes {
    cleared: BTreeMap<i32, Vec<String>>,
    left: Vec<String>,
    last_left: i32,
    always: Vec<String>,
}

impl Outcomes {
    fn of(input: &Input, panel: &Panel, lang: Lang) -> Outcomes {
        let mut all = Outcomes::default();
        for (name, line) in input.scenarios.iter().zip(&panel.lines) {
            let name = clean(name, lang);
            match outcome(&input.years, &line.oversized, input.definition.cleared_at) {
                Outcome::From(year) => all.cleared.entry(year).or_default().push(name),
                Outcome::Left(year, _) => {
                    all.last_left = all.last_left.max(year);
                    all.left.push(name);
                }
                Outcome::Always => all.always.push(name),
                Outcome::Unknown => {}
            }
        }
        all
    }

    /// What is said of the scenarios that are cleared in some year, and of the rest.
    fn in_words(&self, cleared_at: f64, (cleared, rest): (Detail, Detail), lang: Lang) -> String {
        let (limit, year) = (threshold(cleared_at), self.last_left);
        let mut parts = Vec::new();
        parts.extend(self.cleared_in_words(cleared, lang));
        parts.extend(names(&self.left, rest, lang).map(|names| match lang {
            Lang::Zh => format!("到{year}年未清零{names}"),
            Lang::En => format!("not by {year}{names}"),
        }));
        parts.extend(names(&self.always, rest, lang).map(|names| match lang {
            Lang::Zh => format!("始终不超过{limit}{names}"),
            Lang::En => format!("never above {limit}{names}"),
        }));
        capitalised(&parts.join(lang.pick("；", "; ")))
    }

    fn cleared_in_words(&self, detail: Detail, lang: Lang) -> Option<String> {
        let year = |(year, group): (&i32, &Vec<String>)| {
            let names = names(group, detail, lang).unwrap_or_default();
            format!("{year}{}{names}", lang.pick("年", ""))
        };
        let first = year(self.cleared.first_key_value()?);
        let last = year(self.cleared.last_key_value()?);
        Some(match (detail, self.cleared.len(), lang) {
            (Detail::Names, _, _) | (_, 1, _) => {
                let years: Vec<String> = self.cleared.iter().map(year).collect();
                lang.pick("清零：", "cleared in ").to_owned() + &years.join(lang.pick("、", ", "))
            }
            (_, _, Lang::Zh) => format!("清零最早{first}，最晚{last}"),
            (_, _, Lang::En) => format!("cleared first in {first}, last in {last}"),
        })
    }

    /// The outcome that all scenarios share.
    fn shared_by(&self, count: usize, cleared_at: f64, lang: Lang) -> Option<String> {
        let (limit, left) = (threshold(cleared_at), self.last_left);
        let cleared = self.cleared.iter().find(|(_, group)| group.len() == count);
        Some(match (cleared, lang) {
            (Some((year, _)), Lang::Zh) => format!("各情景均{year}年清零"),
            (Some((year, _)), Lang::En) => format!("All cleared in {year}"),
            (_, Lang::Zh) if self.left.len() == count => format!("各情景到{left}年均未清零"),
            (_, Lang::En) if self.left.len() == count => format!("None cleared by {left}"),
            (_, Lang::Zh) if self.always.len() == count => format!("各情景始终不超过{limit}"),
            (_, Lang::En) if self.always.len() == count => format!("None ever above {limit}"),
            _ => return None,
        })
    }
}

/// Scenarios in brackets; nothing where there are none.
fn names(group: &[String], detail: Detail, lang: Lang) -> Option<String> {
    let first = group.first()?;
    let words = match (detail, group.len(), lang) {
        (Detail::Names, ..) => group.join(lang.pick("、", ", ")),
        (Detail::OneName, 1, _) => first.clone(),
        (Detail::OneName, count, Lang::Zh) => format!("{first}等{count}个"),
        (Detail::OneName, count, Lang::En) => format!("{first} and {} more", count - 1),
        (Detail::Number, count, Lang::Zh) => format!("{count}个"),
        (Detail::Number, 1, Lang::En) => "1 scenario".to_owned(),
        (Detail::Number, count, Lang::En) => format!("{count} scenarios"),
    };
    Some(match lang {
        Lang::Zh => format!("（{words}）"),
        Lang::En => format!(" ({words})"),
    })
}

/// When the scenarios of a panel are cleared, in as many words as the room allows.
pub(super) fn clearing_years(input: &Input, panel: &Panel, room: f64, lang: Lang) -> String {
    let (all, cleared_at) = (Outcomes::of(input, panel, lang), input.definition.cleared_at);
    if let Some(words) = all.shared_by(input.scenarios.len(), cleared_at, lang) {
        return words;
    }
    let details = [
        (Detail::Names, Detail::Names),
        (Detail::OneName, Detail::OneName),
        (Detail::OneName, Detail::Number),
        (Detail::Number, Detail::Number),
    ];
    let mut lines = details.into_iter().map(|detail| all.in_words(cleared_at, detail, lang));
    lines.find(|line| width(line, SMALL, false) <= room).unwrap_or_default()
}

/// Whether two lines of a panel lie on each other in every year; `unit` is the share that is as high as one unit
/// of the picture.
pub(super) fn lines_coincide(input: &Input, panel: &Panel, unit: f64) -> bool {
    let lines = panel.lines.iter().take(input.scenarios.len());
    let lines: Vec<_> = lines.map(|line| known(&input.years, &line.oversized)).collect();
    let near =
        |a: &(i32, f64), b: &(i32, f64)| a.0 == b.0 && (a.1 - b.1).abs() <= SEEN_AS_ONE * unit;
    lines.iter().enumerate().any(|(i, line)| {
        lines.iter().skip(i + 1).any(|other| {
            let same_years = !line.is_empty() && line.len() == other.len();
            same_years && line.iter().zip(other).all(|(a, b)| near(a, b))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::{self, stages};
    use super::super::Line;
    use super::*;

    fn input(lines: &[[f64; 3]]) -> Input {
        let mut input = samples::oversized(Lang::Zh);
        input.years = vec![2020, 2021, 2022];
        input.scenarios = ["甲", "乙", "丙", "丁", "戊"].map(str::to_owned).to_vec();
        input.scenarios.truncate(lines.len());
        let line =
            |shares: &[f64; 3]| Line { oversized: shares.to_vec(), super_oversized: Vec::new() };
        let lines = lines.iter().map(line).collect();
        input.panels = vec![Panel { stage: stages::primary(), lines }];
        input
    }

    fn words(input: &Input, room: f64, lang: Lang) -> String {
        clearing_years(input, &input.panels[0], room, lang)
    }

    #[test]
    fn fewer_words_where_there_is_less_room() {
        let (soon, late) = ([0.03, 0.01, 0.00], [0.03, 0.02, 0.01]);
        let input = input(&[late, soon, soon, [0.03, 0.03, 0.03], [0.01, 0.01, 0.00]]);
        let full = "清零：2021年（乙、丙）、2022年（甲）；到2022年未清零（丁）；始终不超过1%（戊）";
        assert_eq!(words(&input, 700.0, Lang::Zh), full);
        let short =
            "清零最早2021年（乙等2个），最晚2022年（甲）；到2022年未清零（丁）；始终不超过1%（戊）";
        let all = Outcomes::of(&input, &input.panels[0], Lang::Zh);
        let in_words = |cleared, rest, lang| all.in_words(0.01, (cleared, rest), lang);
        assert_eq!(in_words(Detail::OneName, Detail::OneName, Lang::Zh), short);
        let counted = "清零最早2021年（乙等2个），最晚2022年（甲）；到2022年未清零（1个）；始终不超过1%（1个）";
        assert_eq!(in_words(Detail::OneName, Detail::Number, Lang::Zh), counted);
        let english = "Cleared first in 2021 (2 scenarios), last in 2022 (1 scenario); \
                       not by 2022 (1 scenario); never above 1% (1 scenario)";
        assert_eq!(in_words(Detail::Number, Detail::Number, Lang::En), english);
        assert_eq!(words(&input, 10.0, Lang::Zh), "");
    }

    #[test]
    fn an_outcome_shared_by_all_is_said_once() {
        assert_eq!(words(&input(&[[0.03, 0.0, 0.0]; 5]), 700.0, Lang::Zh), "各情景均2021年清零");
        assert_eq!(words(&input(&[[0.03; 3]; 5]), 700.0, Lang::En), "None cleared by 2022");
        assert_eq!(words(&input(&[[0.01; 3]; 5]), 700.0, Lang::En), "None ever above 1%");
        assert_eq!(words(&input(&[[f64::NAN; 3]; 5]), 700.0, Lang::Zh), "");
    }

    #[test]
    fn lines_coincide_only_when_they_do_in_every_year() {
        let coincide = |lines: &[[f64; 3]]| {
            let input = input(lines);
            lines_coincide(&input, &input.panels[0], 0.001)
        };
        assert!(coincide(&[[0.3, 0.2, 0.1], [0.5, 0.2, 0.1], [0.3, 0.2, 0.1005]]));
        assert!(!coincide(&[[0.3, 0.2, 0.1], [0.5, 0.2, 0.1], [0.3, 0.2, 0.102]]));
        assert!(!coincide(&[[0.3, 0.2, 0.1], [0.3, 0.2, f64::NAN]]));
        assert!(!coincide(&[[f64::NAN; 3]; 2]));
    }
}
