//! What the targets show, in words: the title, the remark at a plan and the description.

use super::super::Lang;
use super::super::font::width;
use super::super::numbers::fixed;
use super::super::text::clean;
use super::super::theme::SMALL;
use super::row::{deviation, numbers, status_lines};
use super::{Direction, Input, Row, Status, Unit};

/// Widest name of a target within a title; a longer one is not spelled out.
const NAME_WIDTH: f64 = 330.0;

/// The rows by plan, plans in the order of their first rows; what is not computed last.
pub(super) fn groups(rows: &[Row]) -> Vec<(&str, Vec<&Row>)> {
    let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(plan, _)| *plan == row.plan) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((&row.plan, vec![row])),
        }
    }
    for (_, rows) in &mut groups {
        rows.sort_by_key(|row| !row.status.is_computed());
    }
    groups
}

/// Targets met, met by input, and met or missed.
fn tally<'a>(rows: impl Iterator<Item = &'a Row>) -> (usize, usize, usize) {
    let (mut met, mut by_input, mut judged) = (0, 0, 0);
    for row in rows {
        met += usize::from(matches!(row.status, Status::Met | Status::MetByInput));
        by_input += usize::from(row.status == Status::MetByInput);
        judged +=
            usize::from(matches!(row.status, Status::Met | Status::MetByInput | Status::Missed));
    }
    (met, by_input, judged)
}

/// The remark behind the name of a plan.
pub(super) fn group_remark(rows: &[&Row], lang: Lang) -> String {
    let (met, _, judged) = tally(rows.iter().copied());
    match (judged, lang) {
        (0, _) => String::new(),
        (_, Lang::Zh) => format!("达成{met}/{judged}"),
        (_, Lang::En) => format!("{met} of {judged} met"),
    }
}

/// How many targets are met, and which is missed by most.
pub(super) fn title(input: &Input, lang: Lang) -> String {
    let (met, by_input, judged) = tally(input.rows.iter());
    let count = input.rows.len();
    let mut title = match (judged, lang) {
        (0, _) if count == 0 => {
            return lang.pick("规划目标对照", "Targets of the plans against the run").to_owned();
        }
        (0, Lang::Zh) => return format!("{count}项目标都无法判断是否达成"),
        (0, Lang::En) => {
            let targets = if count == 1 { "target" } else { "targets" };
            return format!("None of {count} {targets} can be judged");
        }
        (1, _) if met == 1 => lang
            .pick("可计算的1项目标达成", "The one target that can be computed is met")
            .to_owned(),
        (_, Lang::Zh) if met == judged => format!("可计算的{judged}项目标全部达成"),
        (_, Lang::En) if met == judged => {
            format!("All {judged} targets that can be computed are met")
        }
        (_, Lang::Zh) => format!("可计算的{judged}项目标达成{met}项"),
        (1, Lang::En) => "The one target that can be computed is missed".to_owned(),
        (_, Lang::En) => {
            let verb = if met == 1 { "is" } else { "are" };
            format!("{met} of {judged} targets that can be computed {verb} met")
        }
    };
    if by_input > 0 {
        title += &match lang {
            Lang::Zh => format!("（其中{by_input}项由输入达成）"),
            Lang::En if by_input == met => " by input".to_owned(),
            Lang::En => format!(", {by_input} of them by input"),
        };
    }
    title + &worst_miss(input, lang).unwrap_or_default()
}

/// The missed target that is farthest away.
fn worst_miss(input: &Input, lang: Lang) -> Option<String> {
    let missed = input.rows.iter().filter(|row| row.status == Status::Missed);
    let missed = missed.filter_map(|row| Some((row, deviation(row).filter(|d| *d < 0.0)?)));
    let (row, _) = missed.reduce(|a, b| if b.1 < a.1 { b } else { a })?;
    let distance = (row.run? - row.target).abs();
    let distance = match (&row.unit, lang) {
        (Unit::Percent, Lang::Zh) => format!("{}个百分点", points(distance, lang)),
        (Unit::Percent, Lang::En) => format!("{} points", points(distance, lang)),
        (Unit::Count(name), Lang::Zh) => format!("{}{name}", super::row::amount(distance, lang)),
        (Unit::Count(name), Lang::En) => format!("{} {name}", super::row::amount(distance, lang)),
    };
    let name = full_title(row, lang);
    let is_short = width(&name, SMALL, false) <= NAME_WIDTH && !name.is_empty();
    Some(match (is_short, lang) {
        (true, Lang::Zh) => format!("；“{name}”差{distance}"),
        (true, Lang::En) => format!("; \"{name}\" misses by {distance}"),
        (false, Lang::Zh) => format!("；差得最多的一项差{distance}"),
        (false, Lang::En) => format!("; the farthest misses by {distance}"),
    })
}

/// Percentage points; a distance that is there never reads as none.
fn points(distance: f64, lang: Lang) -> String {
    match distance {
        d if d > 0.0 && d < 0.05 => lang.pick("不到0.1", "less than 0.1").to_owned(),
        d => fixed(d.min(1e6), 1),
    }
}

/// The target with its place, if it has one of its own.
pub(super) fn full_title(row: &Row, lang: Lang) -> String {
    let title = clean(&row.title, lang);
    match row.place.as_deref().map(|place| clean(place, lang)) {
        Some(place) if !place.is_empty() => match lang {
            Lang::Zh => format!("{title}（{place}）"),
            Lang::En => format!("{title} ({place})"),
        },
        _ => title,
    }
}

/// Every row in a sentence.
pub(super) fn description(input: &Input, lang: Lang) -> String {
    let mut words = String::new();
    for (plan, rows) in groups(&input.rows) {
        words += &format!("{plan}{}", lang.pick("：", ": "));
        let rows: Vec<String> = rows.into_iter().map(|row| sentence(row, lang)).collect();
        words += &rows.join(lang.pick("；", "; "));
        words += lang.pick("。", ". ");
    }
    words
}

fn sentence(row: &Row, lang: Lang) -> String {
    let (target, run) = numbers(row, lang);
    let unit = match &row.unit {
        Unit::Percent => String::new(),
        Unit::Count(name) => format!("{}{name}", lang.pick("", " ")),
    };
    let title = full_title(row, lang);
    let status = status_lines(row, lang).join(lang.pick("，", ", "));
    let (at_least, at_most) = (lang.pick("至少", "at least "), lang.pick("至多", "at most "));
    let bound = if row.direction == Direction::AtLeast { at_least } else { at_most };
    let target = target.trim_start_matches(['≥', '≤']);
    let mut words = match lang {
        Lang::Zh => format!("{title}，{}年目标{bound}{target}{unit}，", row.year),
        Lang::En => format!("{title}, target for {} {bound}{target}{unit}, ", row.year),
    };
    if has_run(row) {
        words += &format!("{}{run}{unit}{}", lang.pick("测算值", "run "), lang.pick("，", ", "));
    }
    words += &status;
    if let Some(reason) = &row.reason {
        words += &format!("{}{reason}{}", lang.pick("（", " ("), lang.pick("）", ")"));
    }
    words
}

fn has_run(row: &Row) -> bool {
    row.status.is_computed() && row.run.is_some_and(f64::is_finite)
}
