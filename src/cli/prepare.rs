//! What `check` says of a city whose tables are still to be made: what is missing, in the order of importance, and the
//! next step.

use std::collections::BTreeSet;
use std::path::Path;

use crate::calibrate::readiness::{self, Missing, Subject, Unknown};
use crate::input::problem::{Problem, Problems};
use crate::input::tree::Node;
use crate::input::{Loaded, Unprepared};
use crate::report::resolved;

use super::{REFUSED, refuse};

/// Most quantities of one line that are listed; of more, the first and the last.
const LISTED: usize = 5;

/// Prints what a city lacks. It cannot run yet, so the exit code is that of refused input.
pub(super) fn tell(city: &Unprepared, path: &Path) -> u8 {
    let absent = readiness::absent_figures(&city.keys);
    let is_told = |p: &Problem| p.message.starts_with("is missing") && absent.contains(&p.path);
    let others: Vec<Problem> = city.problems.list.iter().filter(|p| !is_told(p)).cloned().collect();
    if !others.is_empty() {
        refuse(&Problems { list: others.clone() });
    }
    let words = Words { is_zh: city.language == "zh", table: city.observations.as_deref() };
    let missing = readiness::missing(&city.keys);
    let n_needed: usize = missing.iter().filter(|m| m.is_needed).map(|m| m.number).sum();
    eprintln!("{}", words.heading(path, n_needed));
    for (idx, subject) in Subject::ALL.into_iter().enumerate() {
        let of: Vec<&Missing> =
            missing.iter().filter(|m| m.subject == subject && m.is_needed).collect();
        if !of.is_empty() {
            eprintln!("  {} {}", idx + 1, words.subject(subject));
            of.iter().for_each(|m| eprintln!("      {}", words.line(m)));
        }
    }
    let better: Vec<&Missing> = missing.iter().filter(|m| !m.is_needed).collect();
    if !better.is_empty() {
        eprintln!("{}", words.better());
        better.iter().for_each(|m| eprintln!("      {}", words.line(m)));
    }
    words.unknown(&readiness::unknown(&city.keys)).iter().for_each(|line| eprintln!("{line}"));
    eprintln!("{}", words.next(path, n_needed, others.is_empty()));
    REFUSED
}

/// Figures and sources that `xuewei new` wrote to hold a place and that nobody has confirmed or changed yet.
#[derive(Debug, Default)]
pub(super) struct Examples {
    figures: BTreeSet<String>,
    sources: BTreeSet<String>,
    is_zh: bool,
}

/// Beginnings of notes of examples, and of titles to be filled.
const EXAMPLE: [&str; 2] = ["示例", "example:"];
const TO_FILL: [&str; 2] = ["请填写", "to be filled"];

/// Collects the examples of a scenario.
pub(super) fn note_examples(loaded: &Loaded, examples: &mut Examples) {
    let begins = |text: Option<&str>, words: [&str; 2]| {
        text.is_some_and(|text| words.iter().any(|word| text.starts_with(word)))
    };
    for (path, figure) in resolved::figures(&loaded.tree) {
        if begins(figure.at("note").and_then(Node::text), EXAMPLE) {
            examples.figures.insert(path);
        }
    }
    for (key, _, source) in
        loaded.tree.at("sources").and_then(Node::table).iter().flat_map(|table| &table.entries)
    {
        if begins(source.at("title").and_then(Node::text), TO_FILL) {
            examples.sources.insert(key.clone());
        }
    }
    examples.is_zh = loaded.language == "zh";
}

/// Prints how many examples are left, and which.
pub(super) fn tell_examples(examples: &Examples) {
    let told = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let (figures, sources) = (&examples.figures, &examples.sources);
    if !figures.is_empty() {
        match examples.is_zh {
            true => eprintln!("注意：{} 个数值还是示例：{}", figures.len(), told(figures)),
            false => {
                eprintln!("note: {} figures are still examples: {}", figures.len(), told(figures))
            }
        }
    }
    if !sources.is_empty() {
        match examples.is_zh {
            true => eprintln!("注意：{} 个来源还没有填名称：{}", sources.len(), told(sources)),
            false => {
                eprintln!("note: {} sources have no title yet: {}", sources.len(), told(sources))
            }
        }
    }
}

/// The sentences in the language of the city.
struct Words<'a> {
    is_zh: bool,
    table: Option<&'a str>,
}

impl Words<'_> {
    fn table(&self) -> &str {
        self.table.unwrap_or("observations.csv")
    }

    fn heading(&self, path: &Path, n_needed: usize) -> String {
        let path = path.display();
        match (self.is_zh, n_needed) {
            (true, 0) => format!("error: {path}：需要的数值齐了，人口和学校表还没有生成"),
            (true, n) => format!("error: {path}：还缺 {n} 个必需的数值，按重要程度："),
            (false, 0) => {
                format!(
                    "error: {path}: every figure that is needed is there; its tables are not made yet"
                )
            }
            (false, n) => format!(
                "error: {path}: {n} figures that are needed are missing, the most important first:"
            ),
        }
    }

    fn subject(&self, subject: Subject) -> &'static str {
        match (self.is_zh, subject) {
            (true, Subject::People) => "人口：基年普查，按县区、性别、年龄组",
            (true, Subject::Pupils) => "各学段的学校和学生",
            (true, Subject::Classes) => "班额",
            (true, Subject::Rates) => "入学率、升学率、出生人数",
            (false, Subject::People) => "people: census groups by district and sex",
            (false, Subject::Pupils) => "schools and pupils by stage",
            (false, Subject::Classes) => "class sizes",
            (false, Subject::Rates) => "rates and births",
        }
    }

    fn line(&self, missing: &Missing) -> String {
        let keys = match missing.keys.as_slice() {
            [first, .., last] if missing.is_observed && missing.keys.len() > LISTED => {
                format!("{first} … {last}")
            }
            few => few.join(", "),
        };
        if !missing.is_observed {
            return match self.is_zh {
                true => format!("city.toml：{keys}：缺 {} 个", missing.number),
                false => format!("city.toml: {keys}: {} missing", missing.number),
            };
        }
        let years = match missing.years.as_slice() {
            [first, .., last] => format!("{first}-{last}"),
            few => few.iter().map(ToString::to_string).collect(),
        };
        let places = missing.places.join(", ");
        let (table, n) = (self.table(), missing.number);
        match (self.is_zh, n) {
            (true, _) => format!("{table}：{keys}（{places}，{years}）：缺 {n} 行"),
            (false, 1) => format!("{table}: {keys} of {places} in {years}: 1 row missing"),
            (false, _) => format!("{table}: {keys} of {places} in {years}: {n} rows missing"),
        }
    }

    /// Words of the observations that the city does not know.
    fn unknown(&self, unknown: &Unknown) -> Vec<String> {
        let of = [
            (&unknown.quantities, "指标", "quantities"),
            (&unknown.places, "地区", "places"),
            (&unknown.sources, "来源", "sources"),
        ];
        let table = self.table();
        of.iter()
            .filter(|(names, _, _)| !names.is_empty())
            .map(|(names, zh, en)| {
                let names = names.iter().cloned().collect::<Vec<_>>().join(", ");
                match self.is_zh {
                    true => format!("  注意：{table} 里不认识的{zh}：{names}"),
                    false => format!("  note: unknown {en} in {table}: {names}"),
                }
            })
            .collect()
    }

    fn better(&self) -> &'static str {
        match self.is_zh {
            true => "  可以不填，填了更可靠：",
            false => "  not needed, but the result is better with them:",
        }
    }

    fn next(&self, path: &Path, n_needed: usize, is_sound: bool) -> String {
        let (path, table) = (path.display(), self.table());
        match (self.is_zh, n_needed == 0 && is_sound) {
            (true, true) => format!("下一步：`xuewei calibrate {path} --write`"),
            (true, false) => {
                format!(
                    "下一步：填好 {table} 和 city.toml，再 `xuewei check {path}`，齐了以后 `xuewei calibrate {path} --write`"
                )
            }
            (false, true) => format!("next: `xuewei calibrate {path} --write`"),
            (false, false) => format!(
                "next: fill {table} and city.toml, `xuewei check {path}` again, then `xuewei calibrate {path} --write`"
            ),
        }
    }
}
