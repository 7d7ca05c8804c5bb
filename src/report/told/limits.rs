//! Section 9: what is not modelled.

use crate::document::{Block, Span};

use super::teller::{Teller, heading, messages, words};

messages! {
    HEADING = "模型边界", "What is not modelled";
    INTRO = "以下内容不在测算之内，引用结果时应予说明：", "None of the following is modelled; whoever quotes the results should say so:";
    OMITS = "不含{things}。", "Not counted: {things}.";
    CHOICE = "家庭择校只用一个质量参数表示，不模拟学区边界、通学距离和各校招生政策。", "How families choose schools is one figure of quality; catchments, distances and the rules of single schools are not there.";
    TEACHERS = "能开多少班只看普通教室和班额上限，师资、宿舍、运动场地不构成限制。", "Teachers, boarding and sports grounds limit nothing; how many classes there are follows from classrooms and ceilings alone.";
    MIGRATION = "人口迁移按年龄段的固定比率推算，不反映开发区、保障房、企业搬迁等具体项目。", "Migration is a rate of age groups; housing estates, industrial zones and the like are not there.";
    BUILDING = "除规划所列工程外，不计学校自行加建的教室；分区选址按规则推算，与实际选址会有出入。", "No rooms are added outside the plan; where the plan names no site, a rule places it, and the real site may differ.";
    COSTS = "投资为建设投资，不含征地、运转经费和人员支出，价格年份随资料来源。", "Investment is that of building, without land, running costs and staff, in the prices of its sources.";
    SIZES = "班额分布由学校规模和编班规则推算，期望班数可以不是整数；学生数在表中按人取整。", "Class sizes follow from sizes of schools and rules; expected numbers of classes need not be whole. People are shown as whole numbers.";
    NOTES = "本次测算的提示：", "Notes of the run:";
}

/// Words of what scenario files leave out.
const OMITTED: &[(&str, &str)] = &[
    ("special schools", "特殊教育学校"),
    ("teaching points", "教学点"),
    ("technical schools", "技工学校"),
    ("teachers", "教师"),
    ("schools built after 2023", "2023年以后新建的学校"),
    ("schools of 2016-2020 outside the plan", "2016—2020年规划外新建的学校"),
];

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let mut points: Vec<Vec<Span>> = omitted(t).into_iter().collect();
    let always = [CHOICE, TEACHERS, MIGRATION, BUILDING, COSTS, SIZES];
    points.extend(always.map(|message| t.say(message, &[])));
    let mut blocks =
        vec![heading(1, t.of(HEADING)), Block::Paragraph(t.say(INTRO, &[])), Block::List(points)];
    let notes = t.main.at("summary.json", &[t.pick("notes", "notes_en")]).as_array();
    let notes = notes.into_iter().flatten().filter_map(|note| note.as_str());
    let notes: Vec<Vec<Span>> = notes.map(|note| words(with_title(t, note))).collect();
    if !notes.is_empty() {
        blocks.push(Block::Paragraph(t.say(NOTES, &[])));
        blocks.push(Block::List(notes));
    }
    blocks
}

/// A note that begins with the key of a programme, with its title instead.
fn with_title(t: &Teller, note: &str) -> String {
    let colon = t.pick("：", ": ");
    let titled = note.split_once(colon).and_then(|(key, rest)| {
        let programme = t.main.at("resolved.toml", &["programmes", key]);
        let title = programme[t.pick("title", "title_en")].as_str();
        Some(format!("{}{colon}{rest}", title.or(programme["title"].as_str())?))
    });
    titled.unwrap_or_else(|| note.to_string())
}

/// What the scenario's file says that it leaves out.
fn omitted(t: &Teller) -> Option<Vec<Span>> {
    let all = t.main.at("resolved.toml", &["scenario", "omits"]).as_array()?;
    let name = |key: &str| {
        let found = OMITTED.iter().find(|(known, _)| *known == key);
        found.map_or(key, |(en, zh)| t.pick(zh, en)).to_string()
    };
    let names: Vec<String> = all.iter().filter_map(|key| key.as_str()).map(name).collect();
    let things = words(names.join(t.pick("、", ", ")));
    (!names.is_empty()).then(|| t.say(OMITS, &[("things", things)]))
}
