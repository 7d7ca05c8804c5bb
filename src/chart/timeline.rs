//! When the units of programmes open: one row a unit, or a group of units where there are many.
//!
//! A mark stands at the year of opening: its shape is the kind, its colour the stage, its size the rooms, the
//! number in it how many units open. A bar leads to it from the year in which building begins. Below the rows
//! stands what opens in all in every year.

mod finding;
mod grouping;
mod marks;

use self::finding::{description, title};
use self::grouping::{Grouped, group};
use self::marks::{Sizes, draw_cells};
use super::axes::{YEARS_HEIGHT, year_ticks};
use super::canvas::{Align, Canvas, Rect, Type};
use super::font::width;
use super::frame::{Frame, Key, place_and_period};
use super::marks::Mark;
use super::numbers::{bounded, count, fixed};
use super::oversized::Plan;
use super::rows::{Column, Rows};
use super::series::{plan_key, shade_plan_of_bars};
use super::text::{capitalised, wrap_at_most};
use super::theme::{self, FAINT, INK, LEADING, MARGIN, SMALL, SOFT_INK};
use super::{Caption, Figure, Lang, Stage, stage_name};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Input {
    /// The words around the chart.
    pub caption: Caption,
    /// What opens or closes, in any order.
    pub events: Vec<Event>,
    /// The years of the plan, shaded.
    pub plan: Option<Plan>,
}

/// One unit of a programme, or several alike that open together. A school of two stages is two events.
#[derive(Clone, Debug)]
pub struct Event {
    /// Name of the programme, in the language of the chart.
    pub programme: String,
    /// Name of the unit or its site, in the language of the chart; may be empty.
    pub name: String,
    /// Name of the district, in the language of the chart; may be empty.
    pub district: String,
    /// The stage.
    pub stage: Stage,
    /// What happens.
    pub kind: Kind,
    /// Year in which building begins, where it is known.
    pub starts: Option<i32>,
    /// Year in which it opens, or closes.
    pub opens: i32,
    /// Rooms for classes that are there more from then on, of all units of the event; for a closing those that
    /// end, without a sign. NaN where unknown.
    pub rooms: f64,
    /// Seats likewise; NaN where unknown.
    pub seats: f64,
    /// How many units the event stands for; at least one.
    pub count: u32,
}

/// What happens to a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A new school.
    NewSchool,
    /// Rooms added to a school.
    Extension,
    /// A school that moves.
    Relocation,
    /// Rooms of one stage become rooms of another; the stage is the one that gets them.
    Conversion,
    /// A school that ends.
    Closing,
}

impl Kind {
    const ALL: [Kind; 5] =
        [Kind::NewSchool, Kind::Extension, Kind::Relocation, Kind::Conversion, Kind::Closing];

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Kind::NewSchool => lang.pick("新建", "new school"),
            Kind::Extension => lang.pick("改扩建", "extension"),
            Kind::Relocation => lang.pick("迁建", "relocation"),
            Kind::Conversion => lang.pick("改办", "conversion"),
            Kind::Closing => lang.pick("关闭", "closing"),
        }
    }

    fn mark(self) -> Mark {
        match self {
            Kind::NewSchool => Mark::Dot,
            Kind::Extension => Mark::Ring,
            Kind::Relocation => Mark::Diamond,
            Kind::Conversion => Mark::Square,
            Kind::Closing => Mark::Cross,
        }
    }
}

impl Event {
    /// Rooms, if they are known; never negative.
    fn known_rooms(&self) -> Option<f64> {
        bounded(self.rooms).map(|rooms| rooms.max(0.0))
    }

    fn known_seats(&self) -> Option<f64> {
        bounded(self.seats).map(|seats| seats.max(0.0))
    }

    fn units(&self) -> u64 {
        u64::from(self.count.max(1))
    }

    fn opens_something(&self) -> bool {
        self.kind != Kind::Closing
    }
}

/// What is summed over events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Seats,
    Rooms,
    Units,
}

impl Measure {
    /// Seats where all that opens has them, else rooms, else units.
    fn of(events: &[Event]) -> Measure {
        let mut opening = events.iter().filter(|event| event.opens_something()).peekable();
        let is_any = opening.peek().is_some();
        let opening: Vec<&Event> = opening.collect();
        let all = |known: fn(&Event) -> Option<f64>| {
            is_any && opening.iter().all(|event| known(event).is_some())
        };
        match (all(Event::known_seats), all(Event::known_rooms)) {
            (true, _) => Measure::Seats,
            (_, true) => Measure::Rooms,
            _ => Measure::Units,
        }
    }

    fn of_event(self, event: &Event) -> f64 {
        match self {
            Measure::Seats => event.known_seats().unwrap_or(0.0),
            Measure::Rooms => event.known_rooms().unwrap_or(0.0),
            Measure::Units => event.units() as f64,
        }
    }

    /// By year, ascending: what opens.
    fn by_year(self, events: &[Event]) -> Vec<(i32, f64)> {
        let mut sums = std::collections::BTreeMap::new();
        for event in events.iter().filter(|event| event.opens_something()) {
            *sums.entry(event.opens).or_insert(0.0) += self.of_event(event);
        }
        sums.into_iter().collect()
    }
}

/// Least height of a row.
const ROW: f64 = 25.0;
/// Height of the bars of what opens in all, and of the numbers above them.
const BARS: (f64, f64) = (52.0, 22.0);
/// Width of a bar, in years.
const BAR: f64 = 0.5;

/// Draws the chart.
pub fn draw(input: &Input, lang: Lang) -> Figure {
    super::size::drawn(input, lang, |input| &mut input.caption, sized)
}

/// Draws the chart as wide as its caption says.
fn sized(input: &Input, lang: Lang) -> Figure {
    let years = years(input);
    let frame = Frame {
        lang,
        caption: &input.caption,
        title: title(input, lang),
        subtitle: subtitle(input, &years, lang),
        keys: keys(input, lang),
        remarks: Vec::new(),
        description: description(input, lang),
    };
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        return frame.paint_empty();
    };
    let grouped = group(input, lang);
    let names: Vec<&str> = grouped.rows.iter().map(|row| row.name.as_str()).collect();
    let rows = Rows::new(&names, columns(&grouped, lang), ROW, input.caption.room(), lang);
    let range = (f64::from(first) - 0.5, f64::from(last) + 0.5);
    let page = Rect { left: MARGIN, top: 0.0, right: MARGIN + input.caption.room(), bottom: 1.0 };
    let sizes = Sizes::for_rows(&grouped, rows.plot(page).width() / (range.1 - range.0));
    let frame = Frame { remarks: remarks(input, &grouped, &sizes, lang), ..frame };
    let height = rows.height() + BARS.0 + BARS.1;
    frame.paint(height, |canvas, area| {
        let plot = rows.plot(area);
        shade_plan_of_bars(&canvas.plane(plot, range, (0.0, 1.0)), input.plan.as_ref());
        let ticks = year_ticks(&years, plot.width());
        let labels: Vec<String> = ticks.iter().map(i32::to_string).collect();
        let ticks: Vec<f64> = ticks.into_iter().map(f64::from).collect();
        let plane = rows.draw(canvas, area, range, &ticks, &labels);
        for (i, row) in grouped.rows.iter().enumerate() {
            draw_cells(canvas, &plane, row, rows.middle(&plane, i), &sizes);
        }
        let bars = Rect {
            top: plot.bottom + YEARS_HEIGHT + BARS.1,
            bottom: plot.bottom + YEARS_HEIGHT + BARS.0 + BARS.1,
            ..plot
        };
        draw_sums(canvas, input, bars, range, area.left, lang);
    })
}

/// First and last year of all that is shown; none without events.
fn years(input: &Input) -> Vec<i32> {
    let events = input.events.iter();
    let mut years: Vec<i32> =
        events.flat_map(|event| [Some(event.opens), event.starts]).flatten().collect();
    if !years.is_empty() {
        years.extend(input.plan.iter().flat_map(|plan| [plan.first, plan.last]));
    }
    super::numbers::span(&years).map_or(Vec::new(), |(first, last)| vec![first, last])
}

/// Units, rooms and seats of every row; closings count against rooms and seats.
fn columns(grouped: &Grouped<'_>, lang: Lang) -> Vec<Column> {
    let sum = |row: &grouping::Row<'_>, known: fn(&Event) -> Option<f64>| {
        let signed = row.events.iter().filter_map(|event| {
            let sign = if event.opens_something() { 1.0 } else { -1.0 };
            Some(sign * known(event)?)
        });
        signed.reduce(|a, b| a + b)
    };
    let cells = |known: fn(&Event) -> Option<f64>| -> Option<Vec<String>> {
        let sums: Vec<Option<f64>> = grouped.rows.iter().map(|row| sum(row, known)).collect();
        let cell = |sum: &Option<f64>| sum.map_or_else(|| "—".to_owned(), |sum| count(sum, lang));
        sums.iter().any(Option::is_some).then(|| sums.iter().map(cell).collect())
    };
    let units = grouped.rows.iter().map(|row| row.units().to_string()).collect::<Vec<_>>();
    let mut columns = Vec::new();
    if grouped.rows.iter().any(|row| row.units() > 1) {
        columns.push(Column::plain(lang.pick("项目", "units"), units));
    }
    let rooms =
        cells(Event::known_rooms).map(|cells| Column::plain(lang.pick("教室", "rooms"), cells));
    let seats =
        cells(Event::known_seats).map(|cells| Column::plain(lang.pick("学位", "seats"), cells));
    columns.into_iter().chain(rooms).chain(seats).collect()
}

/// Bars of what opens in every year, its number above each as far as there is room.
fn draw_sums(
    canvas: &Canvas<'_>,
    input: &Input,
    bars: Rect,
    range: (f64, f64),
    left: f64,
    lang: Lang,
) {
    let measure = Measure::of(&input.events);
    let sums = measure.by_year(&input.events);
    let highest = sums.iter().map(|(_, sum)| *sum).fold(0.0, f64::max);
    if highest <= 0.0 {
        return;
    }
    let plane = canvas.plane(bars, range, (0.0, highest));
    let set = Type::new(SMALL, INK);
    let name = sums_name(measure, lang);
    let lines = wrap_at_most(name, lang, SMALL, (bars.left - left - 12.0).max(40.0), 3);
    let lines: Vec<(String, Type)> = lines.into_iter().map(|line| (line, set)).collect();
    let half = lines.len() as f64 * SMALL * LEADING / 2.0;
    canvas.text_block(left, bars.bottom - half.min(bars.height() / 2.0 + 8.0), &lines);
    let (mut largest_first, mut taken) = (sums, Vec::<(f64, f64)>::new());
    let half_bar = plane.frame.width() / (range.1 - range.0) * BAR / 2.0;
    largest_first.sort_by(|a, b| b.1.total_cmp(&a.1));
    for &(year, sum) in &largest_first {
        let year = f64::from(year);
        plane.bar((year - BAR / 2.0, 0.0), (year + BAR / 2.0, sum), FAINT);
        let words = if sum < 1e4 { fixed(sum, 0) } else { count(sum, lang) };
        let (x, y) = plane.at((year, sum));
        let half = width(&words, SMALL, false) / 2.0;
        let room = (plane.frame.left + half, plane.frame.right - half);
        let centre = x.clamp(room.0, room.1.max(room.0));
        let (from, to) = (centre - half - 1.5, centre + half + 1.5);
        // Higher bars at its sides take its room as well.
        let mut higher = largest_first.iter().filter(|(_, other)| *other > sum);
        let is_free = higher.all(|(other, _)| {
            let (x, _) = plane.at((f64::from(*other), 0.0));
            to <= x - half_bar || x + half_bar <= from
        });
        if is_free && sum > 0.0 && taken.iter().all(|(start, end)| to <= *start || *end <= from) {
            let set = Type::new(SMALL, SOFT_INK).align(Align::Centre);
            canvas.text(centre, y - 5.0, &words, set);
            taken.push((from, to));
        }
    }
    super::axes::draw_base_line(canvas, &plane, 0.0);
}

fn sums_name(measure: Measure, lang: Lang) -> &'static str {
    match measure {
        Measure::Seats => lang.pick("每年新增学位（个）", "Seats opened a year"),
        Measure::Rooms => lang.pick("每年新增教室（间）", "Rooms opened a year"),
        Measure::Units => lang.pick("每年投用项目（个）", "Units opened a year"),
    }
}

fn keys(input: &Input, lang: Lang) -> Vec<Key> {
    let kinds = Kind::ALL.into_iter().filter(|kind| input.events.iter().any(|e| e.kind == *kind));
    let mut keys: Vec<Key> =
        kinds.map(|kind| Key::mark(kind.mark(), SOFT_INK, kind.name(lang))).collect();
    let stages: std::collections::BTreeSet<Stage> = input.events.iter().map(|e| e.stage).collect();
    keys.extend(
        stages
            .into_iter()
            .map(|stage| Key::area(theme::stage(stage).line, capitalised(stage_name(stage, lang)))),
    );
    keys.extend(input.plan.as_ref().map(|plan| plan_key(plan, lang)));
    keys
}

fn remarks(input: &Input, grouped: &Grouped<'_>, sizes: &Sizes, lang: Lang) -> Vec<String> {
    let has_rooms = input.events.iter().any(|event| event.known_rooms().is_some_and(|r| r > 0.0));
    let has_start = input.events.iter().any(|event| event.starts.is_some_and(|s| s < event.opens));
    let has_many = grouped.rows.iter().any(|row| row.units() > 1);
    let has_mixed = sizes.has_mixed(grouped);
    let mixed = lang.pick("灰色圆点含不同学段或类别", "grey marks hold several stages or kinds");
    let remarks = [
        (has_rooms, lang.pick("标记大小表示教室数", "the size of a mark shows its rooms")),
        (has_many, lang.pick("标记内数字为项目数", "the number in it how many units open")),
        (has_mixed, mixed),
        (has_start, lang.pick("色条自开工年份起", "bars begin with the year of building")),
    ];
    remarks.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, words)| words.into()).collect()
}

fn subtitle(input: &Input, years: &[i32], lang: Lang) -> String {
    let place = place_and_period(&input.caption, years, lang);
    match lang {
        Lang::Zh => format!("{place}，各项目投用年份"),
        Lang::En => format!("{place}: year in which each unit opens"),
    }
}
