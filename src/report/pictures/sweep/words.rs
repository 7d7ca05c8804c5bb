//! What the charts of a sweep call things: outcomes, conditions, units, designs, and the note below every chart.

use crate::axes::Stage;
use crate::chart::{self, Caption, Lang, Quantity};
use crate::indicators::INDICATORS;
use crate::sweep::labels::{Labels, Words};
use xuewei_sweep::analysis::case::{Condition, Relation};
use xuewei_sweep::analysis::draws::{is_clearing_year, yearly};

/// Key, 中文, English and unit of what a whole run comes to.
const OF_RUN: [[&str; 4]; 10] = [
    ["clearing_year", "大班额清零年份", "clearing year", "year"],
    ["oversized_pupil_years", "大班额学生年", "oversized pupil-years", "pupil-years"],
    ["peak_pupils", "在校生峰值", "peak of pupils", "pupils"],
    ["peak_year", "在校生峰值年份", "peak year", "year"],
    ["stranded_seats", "闲置学位", "stranded seats", "seats"],
    ["unplaced_pupil_years", "未安置学生年", "pupil-years without a place", "pupil-years"],
    ["overflow_total", "超限安置总人数", "pupils above the ceiling", "pupils"],
    ["investment_total", "投资总额", "total investment", "yuan"],
    ["rooms_added_total", "自行增加教室总数", "rooms that the city adds of itself", "rooms"],
    ["additions_total", "自行增建投资总额", "cost of rooms that the city adds of itself", "yuan"],
];

/// Units of files, 中文 and English as charts have them.
const UNITS: [[&str; 3]; 21] = [
    ["percent", "%", "%"],
    ["per mille", "‰", "‰"],
    ["share", "", ""],
    ["ratio", "", ""],
    ["pupils", "人", "pupils"],
    ["pupils per class", "人/班", "pupils per class"],
    ["pupils per teacher", "人/教师", "pupils per teacher"],
    ["pupil-years", "人年", "pupil-years"],
    ["people", "人", "people"],
    ["births", "人", "births"],
    ["children per woman", "个孩子/妇女", "children per woman"],
    ["rooms", "间", "rooms"],
    ["classes", "个班", "classes"],
    ["schools", "所", "schools"],
    ["seats", "个学位", "seats"],
    ["places", "个床位", "places"],
    ["year", "年", ""],
    ["years", "年", "years"],
    ["yuan", "元", "yuan"],
    ["10k yuan", "万元", "10k yuan"],
    ["100m yuan", "亿元", "100m yuan"],
];

/// Kinds of designs.
const DESIGNS: [[&str; 3]; 7] = [
    ["monte-carlo", "随机抽样", "random draws"],
    ["latin-hypercube", "分层抽样（Latin hypercube）", "Latin hypercube"],
    ["sobol", "Sobol'序列", "Sobol' sequence"],
    ["saltelli", "Saltelli设计", "Saltelli's design"],
    ["morris", "Morris轨迹", "Morris trajectories"],
    ["grid", "全部组合", "full grid"],
    ["table", "自定的点", "points of a table"],
];

/// A text in one of the languages.
pub(super) fn pick(words: &Words, lang: Lang) -> String {
    match lang {
        Lang::Zh => words.zh.clone(),
        Lang::En => words.en.clone(),
    }
}

fn of([zh, en]: [&str; 2], lang: Lang) -> &str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A unit of a file as charts have it.
pub(super) fn unit(unit: &str, lang: Lang) -> String {
    let found = UNITS.iter().find(|[key, ..]| *key == unit);
    found.map_or(unit, |[_, zh, en]| of([zh, en], lang)).to_string()
}

fn stage_of(outcome: &str, labels: &Labels) -> Option<Stage> {
    labels.stages().parse(outcome.split_once('.')?.0)
}

fn stage_name(stage: Option<Stage>, lang: Lang) -> &'static str {
    match stage {
        Some(stage) => chart::stage_name(stage, lang),
        None => of(["各学段", "all stages"], lang),
    }
}

/// The name of the level that a clearing year is told at, in brackets; nothing where it is the one that needs no name.
fn level(outcome: &str, labels: &Labels, lang: Lang) -> String {
    let Some((_, key)) = outcome.split_once('@') else { return String::new() };
    let name = labels.levels.get(key).map_or_else(|| key.to_string(), |name| pick(name, lang));
    match lang {
        Lang::Zh => format!("（{name}）"),
        Lang::En => format!(" ({name})"),
    }
}

/// The indicator of an outcome: Chinese, English and unit.
fn indicator(key: &str) -> (String, String, String) {
    let key = key.split_once('@').map_or(key, |(key, _)| key);
    if let Some([_, zh, en, unit]) = OF_RUN.iter().find(|[known, ..]| *known == key) {
        return (zh.to_string(), en.to_string(), unit.to_string());
    }
    let english = key.replace('_', " ");
    match INDICATORS.iter().find(|indicator| indicator.key == key) {
        Some(indicator) => (indicator.zh.to_string(), english, indicator.unit.to_string()),
        None => (key.to_string(), english, String::new()),
    }
}

/// The name of an outcome within a sentence: `2030年初中大班额比例`, `the junior oversized share of 2030`.
pub(super) fn outcome(name: &str, labels: &Labels, lang: Lang) -> String {
    let (base, year) = yearly(name).map_or((name, None), |(base, year)| (base, Some(year)));
    let key = base.split_once('.').map_or(base, |(_, key)| key);
    let (zh, en, _) = indicator(key);
    let level = level(name, labels, lang);
    let (zh, en) = (format!("{zh}{level}"), format!("{en}{level}"));
    let stage = stage_of(name, labels);
    match (lang, stage) {
        (Lang::Zh, _) => {
            let year = year.map_or(String::new(), |year| format!("{year}年"));
            format!("{year}{}{zh}", stage_name(stage, lang))
        }
        (Lang::En, Some(_)) => {
            let year = year.map_or(String::new(), |year| format!(" of {year}"));
            format!("the {} {en}{year}", stage_name(stage, lang))
        }
        (Lang::En, None) => {
            let year = year.map_or(String::new(), |year| format!(" in {year}"));
            format!("the {en} of all stages{year}")
        }
    }
}

/// What the values of an outcome are.
pub(super) fn quantity(name: &str, lang: Lang) -> Quantity {
    let base = yearly(name).map_or(name, |(base, _)| base);
    let key = base.split_once('.').map_or(base, |(_, key)| key);
    match indicator(key).2.as_str() {
        "share" => Quantity::Share,
        "year" => Quantity::Year,
        own => Quantity::Number(unit(own, lang)),
    }
}

/// A condition in words: `到2025年小学大班额仍未清零`, `primary oversized classes not gone by 2025`.
pub(super) fn condition(condition: &Condition, labels: &Labels, lang: Lang) -> String {
    let (name, bound) = (&condition.outcome, condition.bound);
    if is_clearing_year(name) {
        let last = match condition.relation {
            Relation::Above | Relation::AtMost => bound.floor(),
            Relation::AtLeast | Relation::Below => bound.ceil() - 1.0,
        };
        let is_late = matches!(condition.relation, Relation::Above | Relation::AtLeast);
        let stage = stage_name(stage_of(name, labels), lang);
        let level = level(name, labels, lang);
        return match (is_late, lang) {
            (true, Lang::Zh) => format!("到{last}年{stage}大班额仍未清零{level}"),
            (false, Lang::Zh) => format!("到{last}年{stage}大班额已清零{level}"),
            (true, Lang::En) => format!("oversized classes ({stage}) not gone{level} by {last}"),
            (false, Lang::En) => format!("oversized classes ({stage}) gone{level} by {last}"),
        };
    }
    let kind = quantity(name, lang);
    let value = kind.level(bound, lang);
    let unit = match (&kind, lang) {
        (Quantity::Number(unit), Lang::Zh) => unit.clone(),
        (Quantity::Number(unit), Lang::En) => format!(" {unit}"),
        _ => String::new(),
    };
    let words = match condition.relation {
        Relation::Above => ["高于", "above"],
        Relation::AtLeast => ["不低于", "at or above"],
        Relation::Below => ["低于", "below"],
        Relation::AtMost => ["不高于", "at or below"],
    };
    let words = of(words, lang);
    match lang {
        Lang::Zh => format!("{}{words}{value}{unit}", outcome(name, labels, lang)),
        Lang::En => format!("{} {words} {value}{unit}", outcome(name, labels, lang)),
    }
}

/// How many draws of which design a chart rests on.
pub(super) struct Basis<'a> {
    /// Draws of the sweep that are used.
    pub used: usize,
    /// Draws of the sweep.
    pub all: usize,
    /// Kind of the design.
    pub kind: &'a str,
    /// Base points or trajectories, where the design has them.
    pub groups: Option<usize>,
    /// Version of the program that ran the sweep.
    pub version: &'a str,
}

fn counted(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Basis<'_> {
    fn words(&self, lang: Lang) -> String {
        let found = DESIGNS.iter().find(|[key, ..]| *key == self.kind);
        let design = found.map_or(self.kind, |[_, zh, en]| of([zh, en], lang));
        let (used, all) = (counted(self.used), counted(self.all));
        let groups = self.groups.map(counted).unwrap_or_default();
        let groups = match (groups.is_empty(), self.kind, lang) {
            (true, ..) => String::new(),
            (_, "morris", Lang::Zh) => format!("，{groups}条"),
            (_, "morris", Lang::En) => format!(", {groups} of them"),
            (_, _, Lang::Zh) => format!("，{groups}个基点"),
            (_, _, Lang::En) => format!(", {groups} base points"),
        };
        match (lang, self.used == self.all) {
            (Lang::Zh, true) => format!("{all}个抽样（{design}{groups}）"),
            (Lang::En, true) => format!("{all} draws ({design}{groups})"),
            (Lang::Zh, false) => format!("{all}个抽样中的{used}个（{design}{groups}）"),
            (Lang::En, false) => format!("{used} of {all} draws ({design}{groups})"),
        }
    }
}

/// City, scenario, what the figures rest on.
pub(super) fn caption(
    labels: &Labels,
    sweep: &str,
    scenario: Option<String>,
    basis: &Basis,
    lang: Lang,
) -> Caption {
    let version = basis.version;
    let assumed = labels.factors.values().filter(|factor| factor.is_assumed).count();
    let all = labels.factors.len();
    let source = match lang {
        Lang::Zh => format!("学位模型 xuewei {version}；{all}个因素的范围及来源见 {sweep}.toml"),
        Lang::En => format!(
            "xuewei {version}; the ranges of the {all} factors and their sources are in {sweep}.toml"
        ),
    };
    let source = match (assumed, lang) {
        (0, _) => source,
        (n, Lang::Zh) => format!("{source}，其中{n}个范围为假设"),
        (n, Lang::En) => format!("{source}, {n} of the ranges are assumptions"),
    };
    let draws = basis.words(lang);
    let note = match (register(labels, lang), lang) {
        (None, _) => draws,
        (Some(register), Lang::Zh) => format!("{draws}；{register}"),
        (Some(register), Lang::En) => format!("{draws}; {register}"),
    };
    let city = pick(&labels.city, lang);
    Caption { city, scenario, source, note: Some(note), ..Caption::default() }
}

/// Which register is synthetic.
fn register(labels: &Labels, lang: Lang) -> Option<String> {
    let Some(synthetic) = &labels.synthetic else {
        let words = [
            "缺 labels.json：学校名册是否合成不详",
            "no labels.json: names are keys, and whether the register is synthetic is not known",
        ];
        return Some(of(words, lang).to_string());
    };
    let stages = labels.stages();
    let names: Vec<&str> =
        synthetic.iter().map(|key| stage_name(stages.parse(key), lang)).collect();
    Some(match (names.len(), lang) {
        (0, _) => return None,
        (n, Lang::Zh) if n == stages.len() => "学校名册为合成，不代表任何真实学校".to_string(),
        (n, Lang::En) if n == stages.len() => {
            "the register of schools is synthetic and shows no real school".to_string()
        }
        (_, Lang::Zh) => format!("{}的学校名册为合成，不代表任何真实学校", names.join("、")),
        (_, Lang::En) => {
            format!(
                "the register of {} schools is synthetic and shows no real school",
                names.join(", ")
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::has_glyph;

    fn labels() -> Labels {
        let text = r#"{"program": "xuewei", "kind": "labels", "language": "zh", "city": {"zh": "", "en": ""},
            "title": {"zh": "", "en": ""}, "question": {"zh": "", "en": ""}, "base_year": null, "horizon": null, "plan": null,
            "limits": null, "levels": {"basically-cleared": {"zh": "基本消除", "en": "basically cleared"}},
            "synthetic": null, "scenarios": {}, "factors": {}}"#;
        Labels::parse(text).expect("labels")
    }

    #[test]
    fn outcomes_have_names() {
        let labels = labels();
        let chinese = |name: &str| outcome(name, &labels, Lang::Zh);
        assert_eq!(chinese("junior.oversized_share[2030]"), "2030年初中大班额比例");
        let basically = "junior.clearing_year@basically-cleared";
        assert_eq!(chinese(basically), "初中大班额清零年份（基本消除）");
        let english = |name: &str| outcome(name, &labels, Lang::En);
        assert_eq!(english("all.clearing_year@other"), "the clearing year (other) of all stages");
        assert_eq!(quantity(basically, Lang::En), Quantity::Year);
        assert_eq!(english("junior.oversized_share[2030]"), "the junior oversized share of 2030");
        assert_eq!(english("all.investment_total"), "the total investment of all stages");
        assert_eq!(english("all.new_thing"), "the new thing of all stages");
        assert_eq!(quantity("all.clearing_year", Lang::En), Quantity::Year);
        assert_eq!(quantity("senior.oversized_share[2030]", Lang::En), Quantity::Share);
        let yuan = Quantity::Number("元".into());
        assert_eq!(quantity("all.investment_total", Lang::Zh), yuan);
    }

    #[test]
    fn conditions_have_words() {
        let labels = labels();
        let words =
            |text: &str, lang| condition(&Condition::parse(text).expect("one"), &labels, lang);
        let late = words("primary.clearing_year@basically-cleared > 2025", Lang::En);
        assert_eq!(late, "oversized classes (primary) not gone (basically cleared) by 2025");
        assert_eq!(words("primary.clearing_year > 2025", Lang::Zh), "到2025年小学大班额仍未清零");
        // At or after 2041 is not gone by 2040.
        let never = words("all.clearing_year >= 2041", Lang::En);
        assert_eq!(never, "oversized classes (all stages) not gone by 2040");
        let share = words("junior.oversized_share[2030] > 0.05", Lang::En);
        assert_eq!(share, "the junior oversized share of 2030 above 5.0%");
    }

    #[test]
    fn every_word_can_be_drawn() {
        let tables =
            OF_RUN.iter().flatten().chain(UNITS.iter().flatten()).chain(DESIGNS.iter().flatten());
        let mut words: Vec<String> = tables.map(|text| text.to_string()).collect();
        words.extend(INDICATORS.iter().map(|indicator| indicator.zh.to_string()));
        let mut labels = Labels::parse(r#"{"program": "xuewei", "kind": "labels"}"#);
        assert!(labels.take().is_none(), "a file without its other keys is none");
        for c in words.iter().flat_map(|text| text.chars()) {
            assert!(has_glyph(c), "{c:?}");
        }
    }
}
