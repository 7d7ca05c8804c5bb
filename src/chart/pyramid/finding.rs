//! What the pyramids show, in words: how the ages of each stage grow or shrink, and where the largest age stands.

use super::super::numbers::{count, fixed};
use super::super::text::{capitalised, clauses};
use super::super::{Lang, Stage, stage_name};
use super::{Input, Panel, school_year};

/// Changes of less than this many children are none.
const LEAST: f64 = 0.5;

/// Children of a stage's ages in the first and the last year.
struct Change {
    stage: Stage,
    first: f64,
    last: f64,
}

impl Change {
    fn size(&self) -> f64 {
        (self.last - self.first).abs()
    }
}

/// First and last panel, if they are of different years.
fn ends(input: &Input) -> Option<(&Panel, &Panel)> {
    let (first, last) = (input.panels.first()?, input.panels.last()?);
    (first.year != last.year).then_some((first, last))
}

/// The changes of all stages whose ages are known, the largest first.
fn changes(input: &Input) -> Vec<Change> {
    let Some((first, last)) = ends(input) else {
        return Vec::new();
    };
    let change = |stage: Stage| {
        Some(Change { stage, first: first.of_stage(stage)?, last: last.of_stage(stage)? })
    };
    let mut changes: Vec<Change> = input.attended().filter_map(change).collect();
    changes.sort_by(|a, b| b.size().total_cmp(&a.size()));
    changes
}

/// The finding: the stage whose children change most, the largest age, then the other stages.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let changes = changes(input);
    let told: Vec<&Change> = changes.iter().filter(|change| change.size() >= LEAST).collect();
    let cohorts = cohort(input, lang);
    let Some((first, others)) = told.split_first() else {
        return capitalised(
            &cohorts.into_iter().next().unwrap_or_else(|| nothing_known(input, lang)),
        );
    };
    let stop = lang.pick("；", "; ");
    let opening = opening(input, first, lang);
    // Of the ways to say it the longest that leaves the title on two lines.
    let with = |words: &String| {
        clauses(opening.clone(), vec![format!("{stop}{words}")], input.caption.room(), lang)
    };
    let longer = cohorts.iter().map(with).find(|title| *title != opening);
    let further = others.iter().enumerate().map(|(i, change)| {
        let mark = if i == 0 { stop } else { lang.pick("，", ", ") };
        format!("{mark}{}", briefly(change, lang))
    });
    capitalised(&clauses(longer.unwrap_or(opening), further.collect(), input.caption.room(), lang))
}

fn nothing_known(input: &Input, lang: Lang) -> String {
    let last = input.stages.last_age();
    match lang {
        Lang::Zh => format!("0–{last}岁人口"),
        Lang::En => format!("Children of ages 0 to {last}"),
    }
}

fn opening(input: &Input, change: &Change, lang: Lang) -> String {
    let (first, last) = ends(input).map_or((0, 0), |(first, last)| (first.year, last.year));
    let (name, size) = (stage_name(change.stage, lang), count(change.size(), lang));
    let rises = change.last > change.first;
    let part = match change.first > 0.0 {
        true => {
            let percent = (change.last - change.first) / change.first * 100.0;
            let sign = if rises { "+" } else { "" };
            match lang {
                Lang::Zh => format!("（{sign}{}%）", fixed(percent, 0)),
                Lang::En => format!(" ({sign}{}%)", fixed(percent, 0)),
            }
        }
        false => String::new(),
    };
    match lang {
        Lang::Zh => {
            let verb = if rises { "多" } else { "少" };
            format!("{name}学龄儿童{last}年比{first}年{verb}{size}人{part}")
        }
        Lang::En => {
            let verb = if rises { "more" } else { "fewer" };
            format!("{size} {verb} of {name} age in {last} than in {first}{part}")
        }
    }
}

fn briefly(change: &Change, lang: Lang) -> String {
    let (name, size) = (stage_name(change.stage, lang), count(change.size(), lang));
    match (change.last > change.first, lang) {
        (true, Lang::Zh) => format!("{name}多{size}"),
        (false, Lang::Zh) => format!("{name}少{size}"),
        (true, Lang::En) => format!("{size} more of {name} age"),
        (false, Lang::En) => format!("{size} fewer of {name} age"),
    }
}

/// The largest age of the panels, in words that grow shorter: those born in one year where it is the same
/// children at least twice. No words where nothing is known.
fn cohort(input: &Input, lang: Lang) -> Vec<String> {
    let largest = |panel: &Panel| Some((panel.year, panel.largest()?.0));
    let peaks: Vec<(i32, usize)> = input.panels.iter().filter_map(largest).collect();
    let born = |&(year, age): &(i32, usize)| i64::from(year) - age as i64 - 1;
    let of = |first: i64| peaks.iter().copied().filter(move |peak| born(peak) == first);
    let again = peaks.iter().map(born).find(|&first| of(first).count() > 1);
    let told: Vec<(i32, usize)> = again.map_or(peaks.clone(), |first| of(first).collect());
    let (Some(first), Some(last)) = (told.first(), told.last()) else {
        return Vec::new();
    };
    let (all, ends) = (ages(&told, lang), ages(&[*first, *last], lang));
    match (again.map(school_year), lang) {
        (Some(born), Lang::Zh) => {
            let opening = format!("{born}年出生的一代最多");
            vec![format!("{opening}（{all}）"), format!("{opening}（{ends}）"), opening]
        }
        (Some(born), Lang::En) => {
            let opening = format!("those born {born} are most");
            vec![format!("{opening} ({all})"), format!("{opening} ({ends})"), opening]
        }
        (None, _) if told.len() == 1 => {
            vec![format!("{}{all}", lang.pick("人数最多：", "the largest age is "))]
        }
        (None, _) => {
            let opening = lang.pick("人数最多的年龄：", "the largest age is ");
            vec![format!("{opening}{all}"), format!("{opening}{ends}")]
        }
    }
}

/// 2020年6岁、2027年13岁; 6 in 2020, 13 in 2027.
fn ages(peaks: &[(i32, usize)], lang: Lang) -> String {
    let age = |(year, age): &(i32, usize)| match lang {
        Lang::Zh => format!("{year}年{age}岁"),
        Lang::En => format!("{age} in {year}"),
    };
    peaks.iter().map(age).collect::<Vec<_>>().join(lang.pick("、", ", "))
}

/// Children by stage and the largest age of every panel.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for panel in &input.panels {
        let stages = input.attended().filter_map(|stage| {
            let children = count(panel.of_stage(stage)?, lang);
            Some(format!("{} {children}", stage_name(stage, lang)))
        });
        let mut parts: Vec<String> = stages.collect();
        parts.extend(panel.largest().map(|(age, children)| {
            let children = count(children, lang);
            match lang {
                Lang::Zh => format!("{age}岁最多，{children}"),
                Lang::En => format!("most at age {age}, {children}"),
            }
        }));
        let year = panel.year;
        words += &match lang {
            Lang::Zh => format!("{year}年：{}。", parts.join("，")),
            Lang::En => format!("{year}: {}. ", parts.join("; ")),
        };
    }
    words
}
