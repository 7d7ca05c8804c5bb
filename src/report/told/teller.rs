//! What every section of the text has at hand: the folders, the language, names, and words with gaps.

use std::cell::{OnceCell, RefCell};

use serde_json::Value;

use crate::axes::{Stage, Stages};
use crate::chart::Lang;
use crate::document::{Block, Cell, Column, Form, Picture, Span, Table};
use crate::level::WORKING;
use crate::scenario::Frame;

use super::cite::At;
use super::outputs::{Output, Outputs};
use super::printed::Print;

/// The same words in both languages; `{name}` is a gap.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// A table of messages: constants of [`Words`] and, for tests, all of them.
macro_rules! messages {
    ($($name:ident = $zh:literal, $en:literal;)*) => {
        $(pub(super) const $name: $crate::told::teller::Words =
            $crate::told::teller::Words { zh: $zh, en: $en };)*
        #[cfg(test)]
        pub(super) const MESSAGES: &[(&str, $crate::told::teller::Words)] =
            &[$((stringify!($name), $name)),*];
    };
}
pub(super) use messages;

/// Everything that sections are told from.
pub struct Teller<'a> {
    /// Language of the words.
    pub lang: Lang,
    /// The folders.
    pub outputs: &'a Outputs,
    /// The run that is told in full.
    pub main: &'a Output,
    /// Base year.
    pub base: i32,
    /// Last year.
    pub horizon: i32,
    /// First and last year of the plan.
    pub plan: Option<(i32, i32)>,
    /// Stages of the city.
    pub stages: &'static Stages,
    districts: OnceCell<Vec<(String, String)>>,
    problems: RefCell<Vec<String>>,
}

impl<'a> Teller<'a> {
    /// Tells the first run of some folders; without a language in that of the city.
    pub fn new(outputs: &'a Outputs, lang: Option<Lang>) -> Option<Teller<'a>> {
        let main = outputs.runs.first()?;
        let city = |key: &str| main.whole("resolved.toml", &["city", key]);
        let of_city = match main.words("resolved.toml", &["city", "language"]) {
            "en" => Lang::En,
            _ => Lang::Zh,
        };
        let period = main.at("resolved.toml", &["plan", "period"]);
        let year = |idx: usize| period[idx].as_i64().and_then(|year| i32::try_from(year).ok());
        Some(Teller {
            lang: lang.unwrap_or(of_city),
            outputs,
            main,
            base: city("base_year")?,
            horizon: city("horizon")?,
            plan: year(0).zip(year(1)),
            stages: super::stages::of_run(main),
            districts: OnceCell::new(),
            problems: RefCell::default(),
        })
    }

    /// Notes something that keeps the report from being made.
    pub fn note_problem(&self, problem: String) {
        self.problems.borrow_mut().push(problem);
    }

    /// All that was noted.
    pub fn problems(&self) -> Vec<String> {
        self.problems.borrow().clone()
    }

    /// Words in the language of the report.
    pub fn of(&self, words: Words) -> &'static str {
        match self.lang {
            Lang::Zh => words.zh,
            Lang::En => words.en,
        }
    }

    /// The one of two texts that belongs to the language.
    pub fn pick<'b>(&self, zh: &'b str, en: &'b str) -> &'b str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A sentence: words whose gaps are filled; `{unbuilt}` is filled by itself. A gap without a filling is noted as a problem.
    pub fn say(&self, words: Words, fillings: &[(&str, Vec<Span>)]) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut rest = self.of(words);
        while let Some((before, after)) = rest.split_once('{') {
            push_text(&mut spans, before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            match fillings.iter().find(|(gap, _)| *gap == name) {
                Some((_, filling)) => filling.iter().for_each(|span| push(&mut spans, span)),
                None if name == "unbuilt" => push_text(&mut spans, self.unbuilt()),
                None => self.note_problem(format!("nothing to put for {{{name}}}")),
            }
            rest = after;
        }
        push_text(&mut spans, rest);
        spans
    }

    /// What the scenario is measured against: the same with nothing built, or, where the city acts of itself, without the plan.
    fn unbuilt(&self) -> &'static str {
        match self.frame(self.main) {
            Some(Frame::Likely) => self.pick("没有规划", "no plan"),
            _ => self.pick("不建设", "nothing built"),
        }
    }

    /// The frame of a run, if its folder tells one.
    pub fn frame(&self, run: &Output) -> Option<Frame> {
        let key = run.words("summary.json", &["frame"]);
        Frame::ALL.into_iter().find(|frame| frame.key() == key)
    }

    /// Several pieces of a list: `a、b、c`, or `a; b; c` with semicolons.
    pub fn join(&self, pieces: Vec<Vec<Span>>, between: Words) -> Vec<Span> {
        let mut spans = Vec::new();
        for (idx, piece) in pieces.iter().enumerate() {
            if idx > 0 {
                push_text(&mut spans, self.of(between));
            }
            piece.iter().for_each(|span| push(&mut spans, span));
        }
        spans
    }

    /// Sentences as one paragraph; empty ones are left out.
    pub fn paragraph(&self, sentences: Vec<Vec<Span>>) -> Block {
        Block::Paragraph(self.sentences(sentences))
    }

    /// Sentences one after the other; empty ones are left out.
    pub fn sentences(&self, mut sentences: Vec<Vec<Span>>) -> Vec<Span> {
        sentences.retain(|sentence| !sentence.is_empty());
        self.join(sentences, Words { zh: "", en: " " })
    }

    /// A place in a table of the main run.
    pub fn at(&self, table: &str, rows: &[(&str, &str)], column: &str) -> At<'a> {
        At::new(self.main, table, rows, column)
    }

    /// A place in a stage of the summary of a run.
    pub fn summary(&self, run: &'a Output, stage: &str, column: &str) -> At<'a> {
        At::new(run, "summary.json#stages", &[("stage", stage)], column)
    }

    /// The share of oversized classes at or below which they count as gone: the working level of the main run.
    pub fn working(&self) -> At<'a> {
        self.at("summary.json#levels", &[("key", WORKING)], "conditions.oversized_share")
    }

    /// Its value.
    pub fn working_share(&self) -> f64 {
        self.working().value().unwrap_or(0.0)
    }

    /// It as a number in a sentence.
    pub fn level(&self) -> Vec<Span> {
        self.number(&self.working(), Print::Share)
    }

    /// An indicator of a run: year, district (or `all`), stage (or `all`).
    pub fn indicator(
        &self,
        run: &'a Output,
        (year, district, stage): (i32, &str, &str),
        indicator: &str,
    ) -> At<'a> {
        let year = year.to_string();
        let rows = [
            ("year", year.as_str()),
            ("district", district),
            ("zone", "all"),
            ("stage", stage),
            ("indicator", indicator),
        ];
        At::new(run, "indicators.csv", &rows, "value")
    }

    /// A number as the only span.
    pub fn number(&self, at: &At, print: Print) -> Vec<Span> {
        vec![self.cite(at, print)]
    }

    /// A year that stands in the resolved scenario: `base_year` or `horizon`.
    pub fn city_year(&self, key: &str) -> Vec<Span> {
        self.number(&self.at("resolved.toml#city", &[], key), Print::Year)
    }

    /// First or last year of the plan.
    pub fn plan_year(&self, idx: usize) -> Vec<Span> {
        self.number(&self.at("resolved.toml#plan", &[], &format!("period.{idx}")), Print::Year)
    }

    /// Keys of the stages in their order.
    pub fn stage_keys(&self) -> Vec<&'static str> {
        self.stages.map(Stage::key)
    }

    /// Keys of the stages that are told in short texts and tables too.
    pub fn told_stages(&self) -> Vec<&'static str> {
        self.stages.shown().into_iter().map(Stage::key).collect()
    }

    /// Name of the schools of a stage in a sentence; its key where it is not known.
    pub fn stage(&self, key: &str) -> String {
        let found = self.stages.iter().find(|stage| stage.key() == key);
        found.map_or_else(|| key.to_string(), |stage| self.schools(stage))
    }

    /// The same of a stage that is known.
    pub fn schools(&self, stage: Stage) -> String {
        match self.lang {
            Lang::Zh => stage.zh().to_string(),
            Lang::En => stage.schools_en(),
        }
    }

    /// Name of a place in the resolved scenario: Chinese `name`, English `name_en`.
    fn named(&self, value: &Value, keys: (&str, &str)) -> Option<String> {
        let key = self.pick(keys.0, keys.1);
        let text = value[key].as_str().filter(|text| !text.is_empty());
        text.or_else(|| value[keys.0].as_str()).map(str::to_string)
    }

    /// Name of the city.
    pub fn city(&self) -> String {
        let city = self.main.at("resolved.toml", &["city"]);
        self.named(city, ("name", "name_en")).unwrap_or_else(|| self.outputs.city().to_string())
    }

    /// Keys and names of the districts in the order of the city.
    pub fn districts(&self) -> &[(String, String)] {
        self.districts.get_or_init(|| self.read_districts())
    }

    fn read_districts(&self) -> Vec<(String, String)> {
        let entries = self.main.at("resolved.toml", &["districts"]).as_object();
        let named = |(key, value): (&String, &Value)| {
            (key.clone(), self.named(value, ("name", "name_en")).unwrap_or_else(|| key.clone()))
        };
        // The order of the table of indicators, which is that of the city's file.
        let mut all: Vec<(String, String)> = entries.into_iter().flatten().map(named).collect();
        let order = self.main.tables.get("indicators.csv").map(|grid| grid.distinct("district"));
        let order = order.unwrap_or_default();
        all.sort_by_key(|(key, _)| order.iter().position(|known| known == key));
        all
    }

    /// Name of a district.
    pub fn district(&self, key: &str) -> String {
        self.districts()
            .iter()
            .find(|(known, _)| known == key)
            .map_or(key, |(_, name)| name)
            .to_string()
    }

    /// Title of a run's scenario.
    pub fn title(&self, run: &Output) -> String {
        let summary = run.at("summary.json", &[]);
        let title = self.named(summary, ("title", "title_en"));
        title.filter(|title| !title.is_empty()).unwrap_or_else(|| run.key().to_string())
    }

    /// A title in the marks of the language.
    pub fn quoted(&self, title: &str) -> String {
        match self.lang {
            Lang::Zh => format!("“{title}”"),
            Lang::En => format!("“{title}”"),
        }
    }

    /// Whether a run builds anything.
    pub fn builds(&self, run: &Output) -> bool {
        let events = run.tables.get("events.csv");
        let programmes = run.at("resolved.toml", &["programmes"]).as_object();
        events.is_some_and(|events| {
            let in_plan = |row: usize| {
                programmes.is_some_and(|all| all.contains_key(events.text(row, "programme")))
            };
            (0..events.n_rows()).any(in_plan)
        })
    }

    /// What stands below a table: the files that it was read from.
    pub fn source(&self, files: &[String]) -> String {
        match self.lang {
            Lang::Zh => format!("资料来源：{}", files.join("、")),
            Lang::En => format!("Source: {}", files.join(", ")),
        }
    }

    /// The same for one file of the main run.
    pub fn source_of(&self, file: &str) -> String {
        self.source(&[format!("{}/{file}", self.main.name)])
    }

    /// A figure of a folder, if its chart is there.
    pub fn figure(&self, output: &Output, chart: &str, caption: Words) -> Option<Block> {
        self.figure_as(output, chart, self.of(caption).to_string())
    }

    /// The same with a caption whose gaps are filled.
    pub fn figure_as(&self, output: &Output, chart: &str, caption: String) -> Option<Block> {
        let plate = output.plates.whole.get(chart)?;
        let stop = self.pick("。", ". ");
        Some(Block::Figure(Picture {
            key: format!("figure-{}-{chart}", ascii(&output.name)),
            caption,
            description: format!("{}{stop}{}", plate.title, plate.description),
            svg: plate.svg.clone(),
            png: plate.png.clone(),
            width: plate.width,
            height: plate.height,
        }))
    }
}

/// Letters, digits and hyphens of a name; anything else becomes its code.
pub fn ascii(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '-' => text.push(c),
            '_' | '.' | ' ' => text.push('-'),
            c => text.push_str(&format!("u{:x}", u32::from(c))),
        }
    }
    text
}

/// Words as the only span.
pub fn words(text: impl Into<String>) -> Vec<Span> {
    vec![Span::Text(text.into())]
}

/// The text of spans, without what stands out.
pub fn plain(spans: &[Span]) -> String {
    let text = |span: &Span| match span {
        Span::Text(text) | Span::Strong(text) => text.clone(),
        Span::Number(number) => number.text.clone(),
    };
    spans.iter().map(text).collect()
}

fn push_text(spans: &mut Vec<Span>, text: &str) {
    match spans.last_mut() {
        _ if text.is_empty() => {}
        Some(Span::Text(last)) => last.push_str(text),
        _ => spans.push(Span::Text(text.to_string())),
    }
}

fn push(spans: &mut Vec<Span>, span: &Span) {
    match span {
        Span::Text(text) => push_text(spans, text),
        other => spans.push(other.clone()),
    }
}

/// A name as it begins a heading or a line.
pub fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A heading.
pub fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_string() }
}

/// A column of words.
pub fn word_column(name: &str) -> Column {
    Column { name: name.to_string(), is_number: false }
}

/// A column of numbers.
pub fn number_column(name: impl Into<String>) -> Column {
    Column { name: name.into(), is_number: true }
}

/// A cell of words.
pub fn word_cell(text: impl Into<String>) -> Cell {
    Cell::Words(text.into())
}

/// A cell with the number at a place.
pub fn number_cell(at: &At, form: Form) -> Cell {
    at.value().map_or(Cell::Missing, |value| Cell::Number(value, form))
}

/// A table without a chart.
pub fn table(key: &str, caption: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        key: key.to_string(),
        caption: caption.to_string(),
        columns,
        rows,
        source: None,
        chart: None,
    }
}
