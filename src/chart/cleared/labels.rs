//! The labels at the line ends: names and years for a few scenarios, a small table for many.

use super::super::Lang;
use super::super::canvas::{Align, Canvas, Plane, Type, centred_baseline};
use super::super::font::width;
use super::super::numbers::{known, odds};
use super::super::series::{LEADER, lead_to_labels};
use super::super::text::{sign, wrap_at_most};
use super::super::theme::{LEADING, SMALL, SOFT_INK, scenario};
use super::finding::{HALF, NINE_TENTHS, reached};
use super::{Input, Panel};

/// More scenarios than this have their years in a table, and their names in the key.
const MOST_IN_WORDS: usize = 3;
/// Widest name at a line end, and most lines.
const NAME: (f64, usize) = (176.0, 2);
/// Distance between labels.
const LABEL_GAP: f64 = 5.0;
/// Width of the numbers of the scenarios and of each other column of the table.
const SIGNS: f64 = 22.0;
const COLUMN: f64 = 50.0;

/// How the lines are named at their ends.
pub(super) enum Labels {
    /// Name, then the years of half and nine tenths, then the last share.
    Words,
    /// A number explained in the key, and columns of years and shares.
    Table,
}

impl Labels {
    pub fn for_scenarios(input: &Input, lang: Lang) -> Labels {
        let fits = |name: &String| {
            let lines = wrap_at_most(name, lang, SMALL, NAME.0, NAME.1 + 1);
            lines.len() <= NAME.1
        };
        let is_told = input.scenarios.len() <= MOST_IN_WORDS && input.scenarios.iter().all(fits);
        if is_told { Labels::Words } else { Labels::Table }
    }

    pub fn width(&self, input: &Input, lang: Lang) -> f64 {
        match self {
            Labels::Table => SIGNS + 3.0 * COLUMN,
            Labels::Words => {
                let lines = input.panels.iter().flat_map(|panel| {
                    (0..input.scenarios.len()).flat_map(move |i| words(input, panel, i, lang))
                });
                lines.map(|(line, set)| width(&line, SMALL, set.bold)).fold(0.0, f64::max)
            }
        }
    }

    /// Height of a plot that lets all labels of a panel stand beside it.
    pub fn height(&self, input: &Input, lang: Lang) -> f64 {
        let gaps = input.scenarios.len() as f64 * LABEL_GAP - 20.0;
        let lines = |panel: &Panel| -> usize {
            let scenarios = 0..input.scenarios.len();
            match self {
                Labels::Words => scenarios.map(|i| words(input, panel, i, lang).len()).sum(),
                Labels::Table => scenarios.len(),
            }
        };
        let most = input.panels.iter().map(lines).max().unwrap_or(0);
        most as f64 * SMALL * LEADING + gaps
    }

    pub fn draw(
        &self,
        canvas: &Canvas<'_>,
        plane: &Plane<'_>,
        input: &Input,
        panel: &Panel,
        lang: Lang,
    ) {
        let mut ends = Vec::new();
        for (i, line) in panel.lines.iter().enumerate().take(input.scenarios.len()) {
            if let Some(&(year, share)) = known(&input.years, line).last() {
                let n_lines = match self {
                    Labels::Words => words(input, panel, i, lang).len(),
                    Labels::Table => 1,
                };
                let height = n_lines as f64 * SMALL * LEADING + LABEL_GAP;
                ends.push((i, plane.at((f64::from(year), share)), height));
            }
        }
        // Lines that end together are named in the order of the scenarios.
        let centres = lead_to_labels(canvas, plane.frame, &ends);
        let left = plane.frame.right + LEADER;
        if matches!(self, Labels::Table) && !ends.is_empty() {
            draw_header(canvas, left, plane.frame.top - 18.0, input, lang);
        }
        for ((i, ..), centre) in ends.iter().zip(centres) {
            match self {
                Labels::Words => canvas.text_block(left, centre, &words(input, panel, *i, lang)),
                Labels::Table => draw_row(canvas, left, centre, input, panel, *i),
            }
        }
    }
}

fn line_of(panel: &Panel, i: usize) -> &[f64] {
    panel.lines.get(i).map_or(&[][..], Vec::as_slice)
}

/// The lines of the label of a scenario.
fn words(input: &Input, panel: &Panel, i: usize, lang: Lang) -> Vec<(String, Type)> {
    let set = Type::new(SMALL, scenario(i).words);
    let line = line_of(panel, i);
    let Some(&(last, share)) = known(&input.years, line).last() else {
        return Vec::new();
    };
    let year = |part: f64| reached(&input.years, line, part).year();
    let years = match (year(HALF), year(NINE_TENTHS), lang) {
        (Some(half), Some(nine), Lang::Zh) => format!("半数{half}，九成{nine}"),
        (Some(half), Some(nine), Lang::En) => format!("half {half}, 90% {nine}"),
        (Some(half), None, Lang::Zh) => format!("半数{half}，未到九成"),
        (Some(half), None, Lang::En) => format!("half {half}, 90% never"),
        (None, _, _) => lang.pick("未到半数", "half never").to_owned(),
    };
    let end = match lang {
        Lang::Zh => format!("{last}年{}", odds(share)),
        Lang::En => format!("{} in {last}", odds(share)),
    };
    let name = input.scenarios.get(i).map_or("", String::as_str);
    let names = wrap_at_most(name, lang, SMALL, NAME.0, NAME.1);
    let names = names.into_iter().map(|line| (line, set.bold()));
    names.chain([(years, set), (end, set)]).collect()
}

fn draw_header(canvas: &Canvas<'_>, left: f64, middle: f64, input: &Input, lang: Lang) {
    let last = input.years.last().map_or_else(String::new, i32::to_string);
    let heads = [lang.pick("半数", "half").to_owned(), lang.pick("九成", "90%").to_owned(), last];
    draw_cells(canvas, left, middle, &heads, Type::new(SMALL, SOFT_INK));
}

fn draw_row(canvas: &Canvas<'_>, left: f64, middle: f64, input: &Input, panel: &Panel, i: usize) {
    let set = Type::new(SMALL, scenario(i).words);
    let line = line_of(panel, i);
    let year = |part: f64| {
        let year = reached(&input.years, line, part).year();
        year.map_or_else(|| "—".to_owned(), |year| year.to_string())
    };
    let last = known(&input.years, line).last().map_or_else(String::new, |(_, s)| odds(*s));
    canvas.text(left, centred_baseline(middle, SMALL), &sign(i), set.bold());
    draw_cells(canvas, left, middle, &[year(HALF), year(NINE_TENTHS), last], set);
}

fn draw_cells(canvas: &Canvas<'_>, left: f64, middle: f64, cells: &[String; 3], set: Type) {
    for (column, cell) in cells.iter().enumerate() {
        let right = left + SIGNS + (column as f64 + 1.0) * COLUMN;
        canvas.text(right, centred_baseline(middle, SMALL), cell, set.align(Align::Right));
    }
}
