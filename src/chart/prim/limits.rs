//! The limits of a box: the range of each limited factor within its whole range, with quasi-p-values.
//!
//! The quasi-p-value of a limit is the chance that it comes from nothing but noise: the binomial probability of as
//! dense a box if the limit did not matter (Bryant and Lempert 2010).

use super::super::canvas::{Canvas, Plane, Stroke};
use super::super::frame::{Frame, Key, place_and_period};
use super::super::numbers::{bounded, brief, fixed, odds};
use super::super::rows::{Column, Rows, draw_bar};
use super::super::text::{clauses, clean, quoted};
use super::super::theme::{FACTOR_NAME, FALLS, INK, SOFT_INK, tint};
use super::super::{Caption, Figure, Lang};
use plotters::style::RGBColor;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// What makes a future one of interest, in the language of the chart.
    pub interest: String,
    /// Share of all futures of interest that the box holds, 0 to 1.
    pub coverage: f64,
    /// Share of the futures of the box that are of interest, 0 to 1.
    pub density: f64,
    /// One a limited factor.
    pub limits: Vec<Limit>,
}

/// The limits of one factor.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Name of the factor, in the language of the chart.
    pub factor: String,
    /// Unit of the factor, in the language of the chart; may be empty.
    pub unit: String,
    /// Lowest and highest value in all futures.
    pub whole: (f64, f64),
    /// Lower limit and its quasi-p-value, where there is one.
    pub from: Option<(f64, f64)>,
    /// Upper limit and its quasi-p-value, where there is one.
    pub to: Option<(f64, f64)>,
}

/// Height of a bar, and least height of a row.
const BAR: f64 = 15.0;
const PITCH: f64 = 34.0;
/// A limit with a larger quasi-p-value may be noise.
const NOISE: f64 = 0.05;

impl Limit {
    /// The box within the whole range, as parts of it from 0 to 1.
    fn parts(&self) -> Option<(f64, f64)> {
        let (low, high) = (bounded(self.whole.0)?, bounded(self.whole.1)?);
        let span = high - low;
        let part = |value: f64| match span > 0.0 {
            true => ((value - low) / span).clamp(0.0, 1.0),
            false => 0.0,
        };
        let end = |limit: Option<(f64, f64)>, otherwise: f64| {
            limit.and_then(|(value, _)| bounded(value)).map_or(otherwise, part)
        };
        let (from, to) = (end(self.from, 0.0), end(self.to, 1.0));
        Some((from.min(to), from.max(to)))
    }

    /// The limits that are there.
    fn ends(&self) -> [Option<(f64, f64)>; 2] {
        [self.from, self.to].map(|end| end.and_then(|(value, p)| Some((bounded(value)?, p))))
    }

    /// Whether a limit may be noise.
    fn is_doubtful(&self) -> bool {
        self.ends().into_iter().flatten().any(|(_, p)| p.is_nan() || p > NOISE)
    }

    /// The limits in words: ≥ 1.2, ≤ 0.4, 0.3 – 0.6.
    fn words(&self, lang: Lang) -> String {
        match self.ends() {
            [Some((from, _)), Some((to, _))] => {
                format!("{} – {}", brief(from, lang), brief(to, lang))
            }
            [Some((from, _)), None] => format!("≥ {}", brief(from, lang)),
            [None, Some((to, _))] => format!("≤ {}", brief(to, lang)),
            [None, None] => "—".to_owned(),
        }
    }

    fn p_words(&self) -> String {
        let words: Vec<String> =
            self.ends().into_iter().flatten().map(|(_, p)| p_value(p)).collect();
        words.join(" / ")
    }
}

/// A probability: 0.032, or that it is less than 0.001.
fn p_value(p: f64) -> String {
    match p {
        p if !p.is_finite() => "—".to_owned(),
        p if p < 0.001 => "<0.001".to_owned(),
        p => fixed(p.min(1.0), 3),
    }
}

impl Limit {
    /// The whole range of the factor.
    fn range_words(&self, dash: &str, lang: Lang) -> String {
        let end = |end| bounded(end).map_or_else(|| "—".to_owned(), |end| brief(end, lang));
        [end(self.whole.0), end(self.whole.1)].join(dash)
    }
}

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, lang),
        keys: keys(input, lang),
        remarks: remarks(lang),
        description: description(input, lang),
    };
    if input.limits.iter().all(|limit| limit.parts().is_none()) {
        return frame.paint_empty();
    }
    let names: Vec<String> = input
        .limits
        .iter()
        .map(|limit| {
            let range =
                if has_column(input) { String::new() } else { limit.range_words("–", lang) };
            let gap =
                if limit.unit.is_empty() || range.is_empty() { "" } else { lang.pick("，", ", ") };
            match (format!("{}{gap}{range}", limit.unit), lang) {
                (words, _) if words.is_empty() => limit.factor.clone(),
                (words, Lang::Zh) => format!("{}（{words}）", limit.factor),
                (words, Lang::En) => format!("{} ({words})", limit.factor),
            }
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = Rows::new(&names, columns(input, lang), PITCH, input.caption.room(), lang);
    let labels = [lang.pick("最低", "lowest"), lang.pick("最高", "highest")].map(str::to_owned);
    frame.paint(rows.height(), |canvas, area| {
        let plane = rows.draw(canvas, area, (-0.02, 1.02), &[0.0, 1.0], &labels);
        for (i, limit) in input.limits.iter().enumerate() {
            draw_limit(canvas, &plane, limit, rows.middle(&plane, i));
        }
    })
}

fn columns(input: &Input, lang: Lang) -> Vec<Column> {
    let limits = input.limits.iter().map(|limit| limit.words(lang)).collect();
    let whole = input.limits.iter().map(|limit| (limit.range_words(" – ", lang), SOFT_INK));
    let whole = Column {
        header: lang.pick("全部范围", "whole range").to_owned(),
        cells: whole.collect(),
    };
    let p = input.limits.iter().map(Limit::p_words).collect();
    let mut columns = vec![
        Column::plain(lang.pick("箱内", "in the box"), limits),
        whole,
        Column::plain(lang.pick("准p值", "quasi-p"), p),
    ];
    if !has_column(input) {
        columns.remove(1);
    }
    columns
}

/// Whether there is room for the whole range in a column; else it stands behind the name.
fn has_column(input: &Input) -> bool {
    input.caption.room() >= 600.0
}

fn draw_limit(canvas: &Canvas<'_>, plane: &Plane<'_>, limit: &Limit, y: f64) {
    let Some((from, to)) = limit.parts() else { return };
    draw_bar(canvas, plane, (0.0, 1.0), (y, BAR * 0.6), WHOLE);
    draw_bar(canvas, plane, (from, to), (y, BAR), colour(limit));
    // A range too narrow for a bar is still seen; limits get a stroke at their end.
    for (end, part) in limit.ends().into_iter().zip([from, to]) {
        if end.is_some() {
            let (x, _) = plane.at((part, 0.0));
            let ends = [(x, y - BAR * 0.8), (x, y + BAR * 0.8)];
            canvas.line(&ends, Stroke::solid(INK, 2.2));
        }
    }
}

/// The whole range (L* 86).
const WHOLE: RGBColor = RGBColor(0xD8, 0xD8, 0xD2);

fn colour(limit: &Limit) -> RGBColor {
    if limit.is_doubtful() { tint(FALLS, 0.45) } else { FALLS }
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let mut keys = Vec::new();
    let is_there = |is_doubtful: bool| {
        input.limits.iter().any(|l| l.parts().is_some() && l.is_doubtful() == is_doubtful)
    };
    if is_there(false) {
        keys.push(Key::area(FALLS, lang.pick("箱内的范围", "range in the box")));
    }
    if is_there(true) {
        let words =
            ("箱内的范围，准p值大于0.05或未知", "range in the box, quasi-p above 0.05 or unknown");
        keys.push(Key::area(tint(FALLS, 0.45), lang.pick(words.0, words.1)));
    }
    keys.push(Key::area(WHOLE, lang.pick("全部未来的范围", "range in all futures")));
    keys
}

fn remarks(lang: Lang) -> Vec<String> {
    match lang {
        Lang::Zh => vec![
            "准p值是该限制只由偶然产生的概率，两端都有限制时先低后高".to_owned(),
        ],
        Lang::En => vec![
            "quasi-p is the chance that a limit comes from noise alone, lower end first where there are two"
                .to_owned(),
        ],
    }
}

/// The first limits in words, and what the box holds.
fn title(input: &Input, lang: Lang) -> String {
    let named: Vec<String> = input
        .limits
        .iter()
        .filter(|limit| limit.parts().is_some())
        .filter_map(|limit| {
            let name = quoted(&limit.factor, lang, FACTOR_NAME)?;
            let words = match limit.ends() {
                [Some(_), None] => lang.pick("高", "high"),
                [None, Some(_)] => lang.pick("低", "low"),
                _ => lang.pick("居中", "in the middle"),
            };
            Some(match lang {
                Lang::Zh => format!("{name}{words}"),
                Lang::En => format!("{name} {words}"),
            })
        })
        .take(2)
        .collect();
    let (coverage, density) = (share(input.coverage), share(input.density));
    let all = input.limits.len();
    let more = all.saturating_sub(named.len());
    let more = match (named.is_empty(), more, lang) {
        (_, 0, _) => String::new(),
        (true, n, Lang::Zh) => format!("{n}个因素受限"),
        (true, n, Lang::En) => format!("{n} factors are limited"),
        (false, n, Lang::Zh) => format!("等{}项", n + named.len()),
        (false, n, Lang::En) => format!(" and {n} more"),
    };
    if all == 0 {
        return lang.pick("箱没有限制", "The box has no limits").to_owned();
    }
    let opening = match lang {
        Lang::Zh => format!("{}{more}时，{density}是所关注的未来", named.join("、")),
        Lang::En => {
            format!("With {}{more}, {density} of futures are of interest", named.join(", "))
        }
    };
    let coverage = match lang {
        Lang::Zh => format!("，占此类未来的{coverage}"),
        Lang::En => format!("; these are {coverage} of all such futures"),
    };
    clauses(opening, vec![coverage], input.caption.room(), lang)
}

fn share(value: f64) -> String {
    if value.is_finite() { odds(value.clamp(0.0, 1.0)) } else { "—".to_owned() }
}

fn subtitle(input: &Input, lang: Lang) -> String {
    let place = place_and_period(&input.caption, &[], lang);
    let interest = clean(&input.interest, lang);
    match lang {
        Lang::Zh => format!("{place}，PRIM所得箱的各项限制；所关注的未来：{interest}"),
        Lang::En => {
            format!("{place}: limits of the box found by PRIM; futures of interest: {interest}")
        }
    }
}

fn description(input: &Input, lang: Lang) -> String {
    let told = input.limits.iter().map(|limit| {
        let (words, p) = (limit.words(lang), limit.p_words());
        format!("{} {words} {} (p {p})", limit.factor, limit.unit)
    });
    let told: Vec<String> = told.collect();
    let words = told.join(lang.pick("；", "; "));
    format!("{}{}{words}{}", input.interest, lang.pick("：", ": "), lang.pick("。", "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_parts_of_the_whole_range() {
        let limit = |from, to| Limit {
            factor: String::new(),
            unit: String::new(),
            whole: (2.0, 6.0),
            from,
            to,
        };
        // 3 of 2 to 6 is a quarter.
        assert_eq!(limit(Some((3.0, 0.01)), None).parts(), Some((0.25, 1.0)));
        assert_eq!(limit(None, Some((5.0, 0.2))).parts(), Some((0.0, 0.75)));
        assert_eq!(limit(Some((0.0, 0.2)), Some((9.0, 0.2))).parts(), Some((0.0, 1.0)));
        assert_eq!(limit(Some((3.0, 0.0001)), Some((4.5, 0.2))).p_words(), "<0.001 / 0.200");
        assert!(limit(Some((3.0, f64::NAN)), None).is_doubtful());
        assert!(!limit(Some((3.0, 0.05)), None).is_doubtful());
    }
}
