//! Section 5: where and when oversized classes remain.

use crate::document::{Block, Cell, Form, Span, Table};

use super::MOST_ROWS;
use super::brief::shown_stages;
use super::printed::Print;
use super::teller::{
    Teller, Words, capital, heading, messages, number_cell, number_column, plain, table, word_cell,
    word_column, words,
};

messages! {
    HEADING = "大班额分布与消除", "Where and when oversized classes remain";
    INTRO = "下面按学段说明{title}下大班额的分布。", "Stage by stage, under {title}.";
    NEVER_MUCH = "{stage}大班额比例各年均不高于{level}，各县（市、区）亦然。", "In {stage} the share is at or below {level} in all years, in every district too.";
    NEVER_MUCH_CITY = "{stage}大班额比例各年均不高于{level}。", "In {stage} the share is at or below {level} in all years.";
    COURSE = "{stage}大班额比例基年为{before}，{year}年升至最高的{most}，{horizon}年为{after}。", "In {stage} the share is {before} in the base year, {most} at its highest in {year}, and {after} in {horizon}.";
    COURSE_FALLING = "{stage}大班额比例自基年的{before}起逐步回落，{horizon}年为{after}。", "In {stage} the share is highest in the base year, at {before}, and {after} in {horizon}.";
    WORST_DISTRICT = "分县（市、区）看，{district}最突出，{year}年有{share}的班级为大班额；", "Among districts {district} is worst, with {share} of its classes oversized in {year};";
    LAST_DISTRICT = "{district}最晚降至{level}及以下，{year}年仍为{share}。", "{district} is the last to fall to {level}: in {year} the share is still {share}.";
    LAST_TOO = "该地也最晚降至{level}及以下，{year}年仍为{share}。", "it is also the last to fall to {level}: in {year} the share is still {share}.";
    STILL_DISTRICTS = "至{year}年，{district}仍为{share}。", "by {year} it is still {share} in {district}.";
    TABLE = "{stage}大班额比例", "Share of oversized classes, {stage}";
    DISTRICT = "地区", "district";
    CITY = "全市", "city";
    LONG = "地区较多，分年度数据见附表。", "There are many districts; their years stand in the annex.";
    HEATMAP = "各县（市、区）大班额比例", "Share of oversized classes by district";
    PER_STAGE = "各县（市、区）{stage}大班额比例，各情景", "Share of oversized classes by district, {stage}, all scenarios";
    SHORT_HEADING = "学位缺口", "Where seats are short";
    NO_SHORTAGE = "各地区、各学段的学位按标准班额计均能满足在校生需要，没有缺口。", "By the standard of class sizes seats suffice everywhere and in every stage.";
    SHORTAGES = "按标准班额计，共有{n}处（地区与学段）出现学位缺口。按各年缺口之和计，缺口最大的是{place}{stage}：{first}年至{last}年不足，{peak}年缺{seats}个，学位利用率为{use}。",
        "By the standard of class sizes seats are short in {n} places (area and stage). Added over the years the largest shortage is that of {stage} in {place}: it lasts from {first} to {last} and comes to {seats} seats in {peak}, when there are {use} pupils for a seat.";
    SHORTAGES_ONE_YEAR = "按标准班额计，共有{n}处（地区与学段）出现学位缺口。按各年缺口之和计，缺口最大的是{place}{stage}：只在{peak}年不足，缺{seats}个，学位利用率为{use}。",
        "By the standard of class sizes seats are short in {n} places (area and stage). Added over the years the largest shortage is that of {stage} in {place}: {seats} seats in {peak} alone, when there are {use} pupils for a seat.";
    SHORT_TABLE = "学位缺口（按缺口学位年排序）", "Shortages of seats, by seat-years short";
    RANK = "序号", "rank";
    STAGE = "学段", "stage";
    FIRST = "首年", "first year";
    LAST = "末年", "last year";
    PEAK = "峰值年", "peak year";
    AT_PEAK = "峰值缺口（个）", "seats short at peak";
    USE = "峰值利用率", "pupils per seat at peak";
    SEAT_YEARS = "缺口学位年", "seat-years short";
}

/// Most shortages in the text.
pub(super) const MOST_SHORTAGES: usize = 12;

/// The section.
pub(super) fn section(t: &Teller) -> Vec<Block> {
    let title = words(t.quoted(&t.title(t.main)));
    let intro = t.say(INTRO, &[("title", title)]);
    let mut blocks = vec![heading(1, t.of(HEADING)), Block::Paragraph(intro)];
    // With a comparison its figures of all scenarios show the same of this one.
    let is_alone = t.outputs.compare.as_ref().is_none_or(|compare| compare.plates.whole.is_empty());
    if is_alone {
        blocks.extend(t.figure(t.main, "oversized", OVERSIZED_FIGURE));
    }
    blocks.extend(t.figure(t.main, "bands", BANDS_FIGURE));
    for stage in shown_stages(t) {
        blocks.extend(of_stage(t, stage));
        let caption = t.of(MAP_FIGURE).replace("{stage}", &t.stage(stage));
        blocks.extend(t.figure_as(t.main, &format!("map-{stage}"), caption));
    }
    if is_alone {
        blocks.extend(t.figure(t.main, "heatmap", HEATMAP));
    }
    blocks.push(heading(2, t.of(SHORT_HEADING)));
    blocks.extend(shortages(t));
    blocks
}

const BANDS_FIGURE: Words = Words { zh: "各班额段班级占比", en: "Classes by size" };
const MAP_FIGURE: Words =
    Words { zh: "{stage}大班额分布", en: "Oversized classes by district, {stage}" };
const OVERSIZED_FIGURE: Words =
    Words { zh: "各学段大班额比例", en: "Share of oversized classes by stage" };

/// District, year and share of the highest share of all districts, and of the last year above the level.
struct Spots {
    worst: Option<(String, i32, f64)>,
    last: Option<(String, i32)>,
}

fn spots(t: &Teller, stage: &str) -> Spots {
    let level = t.working_share();
    let mut spots = Spots { worst: None, last: None };
    for (district, _) in t.districts() {
        for year in t.base..=t.horizon {
            let at = t.indicator(t.main, (year, district, stage), "oversized_share");
            let Some(share) = at.value().filter(|share| *share > level) else { continue };
            if spots.worst.as_ref().is_none_or(|(_, _, most)| share > *most) {
                spots.worst = Some((district.clone(), year, share));
            }
            if spots.last.as_ref().is_none_or(|(_, last)| year > *last) {
                spots.last = Some((district.clone(), year));
            }
        }
    }
    spots
}

fn of_stage(t: &Teller, stage: &str) -> Vec<Block> {
    let spots = spots(t, stage);
    let name = || words(t.stage(stage));
    let heading = heading(2, &capital(&t.stage(stage)));
    let several = t.districts().len() > 1;
    let share = |column: &str| t.summary(t.main, stage, column);
    let most = share("oversized_share_peak.0");
    let in_base = share("oversized_share.0").value().unwrap_or(0.0);
    if spots.worst.is_none() && most.value().unwrap_or(0.0).max(in_base) <= t.working_share() {
        let message = if several { NEVER_MUCH } else { NEVER_MUCH_CITY };
        return vec![
            heading,
            Block::Paragraph(t.say(message, &[("stage", name()), ("level", t.level())])),
        ];
    }
    let is_falling = most.value().is_none_or(|most| most <= in_base);
    let mut gaps = vec![
        ("stage", name()),
        ("before", t.number(&share("oversized_share.0"), Print::Share)),
        ("horizon", t.city_year("horizon")),
        ("after", t.number(&share("oversized_share.1"), Print::Share)),
    ];
    if !is_falling {
        gaps.push(("year", t.number(&share("oversized_share_peak.1"), Print::Year)));
        gaps.push(("most", t.number(&most, Print::Share)));
    }
    let mut sentences = vec![t.say(if is_falling { COURSE_FALLING } else { COURSE }, &gaps)];
    if several {
        sentences.extend(districts_told(t, stage, &spots));
    }
    let mut blocks = vec![heading];
    let made = by_district(t, stage);
    if made.rows.len() > MOST_ROWS {
        sentences.push(t.say(LONG, &[]));
        blocks.push(t.paragraph(sentences));
    } else {
        blocks.push(t.paragraph(sentences));
        blocks.push(Block::Table(made));
    }
    if let Some(compare) = &t.outputs.compare {
        let caption = plain(&t.say(PER_STAGE, &[("stage", name())]));
        blocks.extend(t.figure_as(compare, &format!("districts-{stage}"), caption));
    }
    blocks
}

fn districts_told(t: &Teller, stage: &str, spots: &Spots) -> Vec<Vec<Span>> {
    let gaps = |district: &str, year: i32| {
        let at = t.indicator(t.main, (year, district, stage), "oversized_share");
        let mut of_year = at.clone();
        of_year.column = "year".to_string();
        [
            ("district", words(t.district(district))),
            ("year", t.number(&of_year, Print::Year)),
            ("share", t.number(&at, Print::Share)),
            ("level", t.level()),
        ]
    };
    let mut sentences = Vec::new();
    if let Some((district, year, _)) = &spots.worst {
        sentences.push(t.say(WORST_DISTRICT, &gaps(district, *year)));
    }
    if let Some((district, year)) = &spots.last {
        let is_worst = spots.worst.as_ref().is_some_and(|(worst, _, _)| worst == district);
        let message = match is_worst {
            _ if *year == t.horizon => STILL_DISTRICTS,
            true => LAST_TOO,
            false => LAST_DISTRICT,
        };
        sentences.push(t.say(message, &gaps(district, *year)));
    }
    sentences
}

/// Years of a table in the text: every third or so, the end of the plan, and the last.
fn years(t: &Teller) -> Vec<i32> {
    let step = ((t.horizon - t.base + 6) / 7).max(1);
    let end = t.plan.map(|(_, last)| last).filter(|last| (t.base..=t.horizon).contains(last));
    let marks: Vec<i32> = [Some(t.base), end, Some(t.horizon)].into_iter().flatten().collect();
    let mut years: Vec<i32> = (t.base..=t.horizon).step_by(step as usize).collect();
    years.retain(|year| marks.iter().all(|mark| (year - mark).abs() > 1));
    years.extend(marks);
    years.sort_unstable();
    years.dedup();
    years
}

/// Share of oversized classes of a stage: a row a district and one of the city.
fn by_district(t: &Teller, stage: &str) -> Table {
    let years = years(t);
    let mut columns = vec![word_column(t.of(DISTRICT))];
    columns.extend(years.iter().map(|year| number_column(year.to_string())));
    let row = |district: &str, name: &str| {
        let share = |year: &i32| {
            number_cell(
                &t.indicator(t.main, (*year, district, stage), "oversized_share"),
                Form::Share,
            )
        };
        let mut cells = vec![word_cell(name)];
        cells.extend(years.iter().map(share));
        cells
    };
    let districts = t.districts();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    if districts.len() > 1 {
        rows.extend(districts.iter().map(|(key, name)| row(key, name)));
    }
    rows.push(row("all", t.of(CITY)));
    let caption = plain(&t.say(TABLE, &[("stage", words(t.stage(stage)))]));
    let mut made = table(&format!("oversized-{stage}"), &caption, columns, rows);
    made.source = Some(t.source_of("indicators.csv"));
    made
}

fn shortages(t: &Teller) -> Vec<Block> {
    let first = |column: &str| t.at("shortages.csv", &[("rank", "1")], column);
    let Some(grid) = t.main.tables.get("shortages.csv") else { return Vec::new() };
    let Some(row) = grid.rows(&[("rank", "1")]).and_then(|rows| rows.first().copied()) else {
        return vec![Block::Paragraph(t.say(NO_SHORTAGE, &[]))];
    };
    let place = place(t, grid.text(row, "district"), grid.text(row, "zone"));
    let gaps = [
        ("n", t.number(&t.at("shortages.csv", &[], "*"), Print::Count)),
        ("place", words(place)),
        ("stage", words(t.stage(grid.text(row, "stage")))),
        ("first", t.number(&first("first_year"), Print::Year)),
        ("last", t.number(&first("last_year"), Print::Year)),
        ("peak", t.number(&first("peak_year"), Print::Year)),
        ("seats", t.number(&first("seats_short_at_peak"), Print::Count)),
        (
            "use",
            match t.lang {
                crate::chart::Lang::Zh => t.number(&first("utilisation_at_peak"), Print::Share),
                crate::chart::Lang::En => {
                    t.number(&first("utilisation_at_peak"), Print::Decimals(2))
                }
            },
        ),
    ];
    let is_one_year = first("first_year").value() == first("last_year").value();
    let message = if is_one_year { SHORTAGES_ONE_YEAR } else { SHORTAGES };
    let mut blocks = vec![Block::Paragraph(t.say(message, &gaps))];
    let mut made = all_shortages(t, "shortages-first");
    made.rows.truncate(MOST_SHORTAGES);
    blocks.push(Block::Table(made));
    blocks
}

/// District and zone of a place.
pub(super) fn place(t: &Teller, district: &str, zone: &str) -> String {
    let zone = match zone {
        "urban" => t.pick("城区", ", urban"),
        "town" => t.pick("镇区", ", towns"),
        "rural" => t.pick("乡村", ", rural"),
        _ => "",
    };
    format!("{}{zone}", t.district(district))
}

/// Every shortage.
pub(super) fn all_shortages(t: &Teller, key: &str) -> Table {
    let columns = vec![
        number_column(t.of(RANK)),
        word_column(t.of(DISTRICT)),
        word_column(t.of(STAGE)),
        number_column(t.of(FIRST)),
        number_column(t.of(LAST)),
        number_column(t.of(PEAK)),
        number_column(t.of(AT_PEAK)),
        number_column(t.of(USE)),
        number_column(t.of(SEAT_YEARS)),
    ];
    let mut rows = Vec::new();
    if let Some(grid) = t.main.tables.get("shortages.csv") {
        for row in 0..grid.n_rows() {
            let number = |column: &str, form: Form| {
                let value = grid.text(row, column).parse::<f64>();
                value.map_or(Cell::Missing, |value| Cell::Number(value, form))
            };
            rows.push(vec![
                number("rank", Form::Count),
                word_cell(place(t, grid.text(row, "district"), grid.text(row, "zone"))),
                word_cell(t.stage(grid.text(row, "stage"))),
                number("first_year", Form::Year),
                number("last_year", Form::Year),
                number("peak_year", Form::Year),
                number("seats_short_at_peak", Form::Count),
                number("utilisation_at_peak", Form::Decimals(2)),
                number("seat_years_short", Form::Count),
            ]);
        }
    }
    let mut made = table(key, t.of(SHORT_TABLE), columns, rows);
    made.source = Some(t.source_of("shortages.csv"));
    made
}
