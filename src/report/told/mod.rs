//! What output folders say, as a document: sections in the order of a planning report, each in a file with its words in
//! Chinese and English side by side.
//!
//! Every number in a sentence goes through [`cite`](teller::Teller::cite): it is looked up in a table of a folder and
//! carries the place where it was read. Nothing is computed for the text that no table holds. Cells of tables are read
//! in the same places.

mod achieved;
mod annex;
mod asked;
mod assumed;
mod brief;
pub mod cite;
mod compared;
mod contents;
mod cost;
mod empty;
pub mod grid;
mod limits;
pub mod outputs;
mod oversized;
pub mod plates;
pub mod printed;
mod repeat;
mod stages;
mod sure;
pub mod teller;
#[cfg(test)]
mod tests;

use crate::chart::Lang;
use crate::document::Document;
use crate::input::problem::Problems;

use outputs::Outputs;
use teller::{Teller, Words, capital, plain};

/// Rows of a table in the text; longer ones stand in the annex.
pub const MOST_ROWS: usize = 25;

const TITLE: Words = Words {
    zh: "{city}学位供需与大班额测算报告",
    en: "Seats and class sizes in {city}: a projection",
};
const SUBTITLE: Words =
    Words { zh: "{titles}（{base}—{horizon}年）", en: "{titles}, {base} to {horizon}" };

/// The report of some folders; without a language in that of the city.
///
/// # Errors
/// Numbers that the text needs and no table has, with the table.
pub fn tell(outputs: &Outputs, lang: Option<Lang>) -> Result<Document, Problems> {
    let Some(t) = Teller::new(outputs, lang) else {
        let problem = outputs::problem(
            std::path::Path::new("resolved.toml"),
            "is damaged: it has no base year and horizon",
            "run the scenario again: xuewei run SCENARIO",
        );
        return Err(Problems { list: vec![problem] });
    };
    let sections = [
        asked::section,
        brief::section,
        assumed::section,
        achieved::section,
        oversized::section,
        cost::section,
        empty::section,
        sure::section,
        limits::section,
        repeat::section,
    ];
    let blocks = sections.iter().flat_map(|section| section(&t)).collect();
    let titles: Vec<String> = outputs.runs.iter().map(|run| t.title(run)).collect();
    let gaps = [
        ("city", teller::words(t.city())),
        ("titles", teller::words(titles.join(t.pick("、", ", ")))),
        ("base", t.city_year("base_year")),
        ("horizon", t.city_year("horizon")),
    ];
    let document = Document {
        lang: t.lang,
        title: plain(&t.say(TITLE, &gaps)),
        subtitle: Some(capital(&plain(&t.say(SUBTITLE, &gaps)))),
        about: repeat::about(&t),
        blocks,
        annex: annex::tables(&t),
    };
    match t.problems() {
        problems if problems.is_empty() => Ok(document),
        problems => Err(refused(problems)),
    }
}

/// `manifest.json` of the report's folder: what it was made from.
pub fn manifest(outputs: &Outputs, document: &Document) -> Vec<u8> {
    let made_from = |output: &outputs::Output| {
        serde_json::json!({
            "folder": output.name,
            "kind": output.words("manifest.json", &["kind"]),
            "version": output.words("manifest.json", &["version"]),
        })
    };
    let manifest = serde_json::json!({
        "program": "xuewei",
        "version": env!("CARGO_PKG_VERSION"),
        "kind": "report",
        "city": outputs.city(),
        "language": if document.lang == Lang::Zh { "zh" } else { "en" },
        "outputs": outputs.all().map(made_from).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

fn refused(problems: Vec<String>) -> Problems {
    let problem = |message: String| {
        let (file, message) = message.split_once(": ").unwrap_or(("", &message));
        let help = "the folder is damaged or of an earlier version: make it again";
        outputs::problem(std::path::Path::new(file), message, help)
    };
    Problems { list: problems.into_iter().map(problem).collect() }
}
