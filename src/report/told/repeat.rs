//! Section 10: how to repeat this, and what the report was made from.

use serde_json::Value;

use crate::document::{Block, Span, Table};

use super::MOST_ROWS;
use super::cite::At;
use super::outputs::Kind;
use super::printed::Print;
use super::sure::bilingual;
use super::teller::{Teller, capital, heading, messages, table, word_cell, word_column, words};

messages! {
    HEADING = "复现", "How to repeat this";
    PROGRAM = "程序与版本：{versions}。同样的输入文件和版本得到逐字节相同的表和图。", "Program and version: {versions}. The same files and version give the same tables and charts, byte for byte.";
    COMMANDS = "重做本报告的命令：", "The commands:";
    RUN = "xuewei run {files} --out DIR", "xuewei run {files} --out DIR";
    REPORT = "xuewei report {folders}", "xuewei report {folders}";
    SWEEP = "xuewei sweep SWEEP --draws {n}（抽样“{key}”，方案 {design}，种子 {seed}），再执行 xuewei analyse", "xuewei sweep SWEEP --draws {n} (the sweep {key}, design {design}, seed {seed}), then xuewei analyse";
    RESOLVED = "resolved.toml 与其 tables 目录包含一个情景的全部输入，可单独保存和重算。", "resolved.toml and the folder tables beside it hold all inputs of a scenario and can be kept and run alone.";
    HASHES = "输入文件及其SHA-256校验值（{title}）", "Input files and their SHA-256 ({title})";
    FILE = "文件", "file";
    HASH = "SHA-256", "SHA-256";
    NO_CHARTS = "{folder} 中没有图（或只有一种格式），相应插图从略；不加 --charts 选项重新运行即可补上。", "There are no charts in {folder}, or only one form of them; those figures are left out. Run again without --charts to have them.";
    BROKEN = "{folder} 中以下图缺少PNG或不能读取，从略：{names}。", "In {folder} these charts lack their PNG or cannot be read, and are left out: {names}.";
    OTHER_LANGUAGE = "{folder} 中的图为英文；如需中文图，加 --lang zh 重新运行。", "The charts of {folder} are in Chinese; run again with --lang en for English ones.";
    CITY = "城市", "City";
    SCENARIOS = "情景", "Scenarios";
    YEARS = "测算期", "Years";
    REGISTER = "学校名册", "Register of schools";
    IS_SYNTHETIC = "合成，不代表真实学校", "Synthetic; shows no real school";
    IS_REAL = "实际名册", "As registered";
    VERSION = "程序", "Program";
    SWEEP_OF = "抽样", "Sweep";
}

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut versions: Vec<String> = t
        .outputs
        .all()
        .map(|o| format!("xuewei {}", o.words("manifest.json", &["version"])))
        .collect();
    versions.sort();
    versions.dedup();
    let versions = words(versions.join(t.pick("、", ", ")));
    let mut blocks = vec![
        heading(1, t.of(HEADING)),
        t.paragraph(vec![t.say(PROGRAM, &[("versions", versions)]), t.say(RESOLVED, &[])]),
        Block::Paragraph(t.say(COMMANDS, &[])),
        Block::List(commands(t)),
    ];
    blocks.extend(charts(t).into_iter().map(Block::Remark));
    let made = hashes(t, "inputs");
    if made.rows.len() <= MOST_ROWS {
        blocks.push(Block::Table(made));
    }
    blocks
}

fn commands(t: &Teller) -> Vec<Vec<Span>> {
    let folders: Vec<String> =
        t.outputs.all().map(|output| format!("DIR/{}", output.name)).collect();
    let files: Vec<String> =
        t.outputs.runs.iter().map(|run| format!("{}/resolved.toml", run.name)).collect();
    let files = words(files.join(" "));
    let mut commands = vec![t.say(RUN, &[("files", files)])];
    if let Some(sweep) = &t.outputs.sweep {
        let of = |part: &str, column: &str| At::new(sweep, part, &[], column);
        let gaps = [
            ("n", t.number(&of("manifest.json#design", "draws"), Print::Year)),
            ("key", words(sweep.key())),
            ("design", words(sweep.words("manifest.json", &["design", "kind"]))),
            ("seed", t.number(&of("manifest.json#design", "seed"), Print::Year)),
        ];
        commands.push(t.say(SWEEP, &gaps));
    }
    commands.push(t.say(REPORT, &[("folders", words(folders.join(" ")))]));
    commands
}

/// What must be said of charts that are not there, or are in another language.
fn charts(t: &Teller) -> Vec<Vec<Span>> {
    let (mut absent, mut other, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    for output in t.outputs.all() {
        let plates = &output.plates;
        let n_other = plates.whole.values().filter(|plate| plate.lang != t.lang).count();
        if plates.whole.is_empty() {
            absent.push(output.name.as_str());
        } else if 2 * n_other > plates.whole.len() {
            other.push(output.name.as_str());
        }
        if !plates.broken.is_empty() && !plates.whole.is_empty() {
            let names = words(plates.broken.join(t.pick("、", ", ")));
            remarks.push(t.say(BROKEN, &[("folder", words(&output.name)), ("names", names)]));
        }
    }
    for (folders, message) in [(absent, NO_CHARTS), (other, OTHER_LANGUAGE)] {
        if !folders.is_empty() {
            let folders = words(folders.join(t.pick("、", ", ")));
            remarks.push(t.say(message, &[("folder", folders)]));
        }
    }
    remarks
}

/// The input files of the main run with their hashes.
pub(super) fn hashes(t: &Teller, key: &str) -> Table {
    let all = t.main.at("manifest.json", &["inputs"]).as_array();
    let text = |entry: &Value, key: &str| word_cell(entry[key].as_str().unwrap_or_default());
    let rows = all.into_iter().flatten();
    let rows = rows.map(|entry| vec![text(entry, "name"), text(entry, "sha256")]).collect();
    let columns = [FILE, HASH].map(|name| word_column(t.of(name))).to_vec();
    let caption = t.say(HASHES, &[("title", words(t.title(t.main)))]);
    let mut made = table(key, &super::teller::plain(&caption), columns, rows);
    made.source = Some(t.source_of("manifest.json"));
    made
}

/// What the report was made from, for its title page.
pub(super) fn about(t: &Teller) -> Vec<(String, String)> {
    let titles: Vec<String> = t.outputs.runs.iter().map(|run| t.title(run)).collect();
    let n_synthetic = t.main.at("summary.json", &["synthetic_schools"])[0].as_i64();
    let register = if n_synthetic.is_some_and(|n| n > 0) { IS_SYNTHETIC } else { IS_REAL };
    let mut about = vec![
        (CITY, t.city()),
        (SCENARIOS, capital(&titles.join(t.pick("、", ", ")))),
        (YEARS, format!("{}–{}", t.base, t.horizon)),
        (REGISTER, t.of(register).to_string()),
        (VERSION, format!("xuewei {}", t.main.words("manifest.json", &["version"]))),
    ];
    let sweeps = t.outputs.all().filter(|output| output.kind == Kind::Sweep);
    about.extend(
        sweeps.map(|sweep| (SWEEP_OF, capital(&bilingual(t, sweep.at("labels.json", &["title"]))))),
    );
    about.into_iter().map(|(name, value)| (t.of(name).to_string(), value)).collect()
}
