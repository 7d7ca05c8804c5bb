//! The workbook of a new city: the observations to be filled, an empty register, and what every quantity means.

use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use crate::chart::Lang;
use crate::input::{china, register};

use super::{Both, HEADINGS, NewCity, rows, source};

/// Sheets: observations, schools, help.
const SHEETS: [Both; 3] = [
    Both { zh: "观测数据", en: "observations" },
    Both { zh: "学校", en: "schools" },
    Both { zh: "说明", en: "help" },
];

/// Meaning of every quantity and column for a city with the stages of China: code, unit, meaning in both languages.
const MEANINGS: [(&str, &str, Both); 21] = [
    (
        "census.female.0 … census.male.85+",
        "people",
        Both {
            zh: "普查常住人口，按性别和年龄组（0、1-4、5-9 … 85+）；每个县区都要填",
            en: "census: residents by sex and age group (0, 1-4, 5-9 … 85+); needed for every district",
        },
    ),
    (
        "census.urban, census.rural",
        "people",
        Both {
            zh: "普查城镇人口、乡村人口；每个县区都要填",
            en: "census: urban and rural residents; needed for every district",
        },
    ),
    (
        "schools.STAGE",
        "schools",
        Both { zh: "学校数；没有的学段填0", en: "schools; 0 for a stage without any" },
    ),
    (
        "pupils.STAGE",
        "pupils",
        Both {
            zh: "在校学生（在园幼儿）；普通高中和中职必填",
            en: "pupils; needed for senior and vocational",
        },
    ),
    (
        "pupils.STAGE.1 …",
        "pupils",
        Both {
            zh: "某年级学生，1为起始年级；可加行",
            en: "pupils of a grade, 1 for the first; rows may be added",
        },
    ),
    ("mean_class.STAGE", "pupils per class", Both { zh: "平均班额", en: "mean class size" }),
    (
        "oversized_share.STAGE",
        "percent",
        Both {
            zh: "大班额（56人及以上）班级的比例", en: "share of classes of 56 pupils or more"
        },
    ),
    (
        "super_oversized_share.STAGE",
        "percent",
        Both {
            zh: "超大班额（66人及以上）班级的比例",
            en: "share of classes of 66 pupils or more",
        },
    ),
    ("classes.STAGE", "classes", Both { zh: "班数；可加行", en: "classes; rows may be added" }),
    (
        "entrants.STAGE, graduates.STAGE",
        "pupils",
        Both {
            zh: "招生数、毕业生数（当年夏秋）；可加行",
            en: "entrants and graduates of that summer; rows may be added",
        },
    ),
    (
        "gross_rate.kindergarten",
        "percent",
        Both { zh: "学前三年毛入园率", en: "gross enrolment rate of kindergartens" },
    ),
    (
        "gross_rate.senior",
        "percent",
        Both {
            zh: "高中阶段毛入学率", en: "gross enrolment rate of upper secondary education"
        },
    ),
    (
        "retention_nine_year",
        "percent",
        Both { zh: "九年义务教育巩固率", en: "nine-year retention rate" },
    ),
    ("births", "births", Both { zh: "出生人数（日历年）", en: "births of a calendar year" }),
    (
        "STAGE",
        "",
        Both {
            zh: "学段：kindergarten 幼儿园、primary 小学、junior 初中、senior 普通高中、vocational 中职",
            en: "stage: kindergarten, primary, junior, senior, vocational",
        },
    ),
    ("place", "", Both { zh: "地区：县区代码，全市写 all", en: "key of a district, or all" }),
    (
        "year",
        "",
        Both {
            zh: "年份：学年开始的那一年（9月1日）；出生为日历年",
            en: "the year in which the school year starts; of births the calendar year",
        },
    ),
    (
        "standard_error",
        "",
        Both {
            zh: "标准误，与数值同单位；不知道就空着",
            en: "in the unit of the value; empty if unknown",
        },
    ),
    (
        "source",
        "",
        Both { zh: "sources.toml 里的资料代码", en: "key of a document in sources.toml" },
    ),
    (
        "ownership, inclusive",
        "",
        Both {
            zh: "学校表：公办或民办；普惠性：是或否",
            en: "schools: public or private; inclusive: yes or no",
        },
    ),
    (
        "rooms, quality, limit",
        "",
        Both {
            zh: "学校表：普通教室总数；质量（全市均值0、标准差1，可空）；班额上限（可空）",
            en: "schools: rooms for classes; quality (mean 0, standard deviation 1; may be empty); class limit (may be empty)",
        },
    ),
];

/// File name of the workbook.
pub(super) fn name(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "观测数据.xlsx" } else { "observations.xlsx" }
}

/// The workbook.
pub(super) fn workbook(city: &NewCity) -> Result<Vec<u8>, String> {
    made(city).map_err(|error| format!("the workbook cannot be made: {error}"))
}

fn made(city: &NewCity) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The file must not depend on the day on which it is made.
    let created = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created);
    workbook.set_properties(&properties);
    observations(workbook.add_worksheet(), city)?;
    register(workbook.add_worksheet(), city.lang)?;
    help(workbook.add_worksheet(), city)?;
    workbook.save_to_buffer()
}

fn bold() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0xE8EEF4))
}

fn headed(sheet: &mut Worksheet, name: &str, headings: &[&str]) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, heading) in headings.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *heading, &bold())?;
    }
    Ok(())
}

fn observations(sheet: &mut Worksheet, city: &NewCity) -> Result<(), XlsxError> {
    headed(sheet, SHEETS[0].of(city.lang), &HEADINGS.each_ref().map(|h| h.of(city.lang)))?;
    let to_fill = Format::new().set_background_color(Color::RGB(0xFFF8DC));
    let wanted = Format::new().set_background_color(Color::RGB(0xFFE9A8));
    for (idx, row) in rows(city).iter().enumerate() {
        let line = idx as u32 + 1;
        sheet.write_string(line, 0, &row.quantity)?.write_string(line, 1, &row.place)?;
        sheet.write_number(line, 2, f64::from(row.year))?;
        sheet.write_blank(line, 3, if row.is_needed { &wanted } else { &to_fill })?;
        sheet.write_string(line, 4, row.unit)?.write_string(line, 6, source(row))?;
    }
    sheet.set_column_width(0, 32)?.set_column_width(3, 14)?.set_column_width(4, 18)?;
    Ok(())
}

/// The headings of a register, with as many grades as stages have; rows are the user's.
fn register(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    let is_of_stages = |name: &str| {
        let grade = name.rsplit_once('_').and_then(|(_, grade)| grade.parse::<usize>().ok());
        grade.is_none_or(|grade| grade <= china().most_grades())
    };
    let headings: Vec<&str> = register::headings(china())
        .iter()
        .filter(|column| is_of_stages(column.name))
        .map(|column| match (lang, column.aliases.last()) {
            (Lang::Zh, Some(alias)) => *alias,
            _ => column.name,
        })
        .collect();
    headed(sheet, SHEETS[1].of(lang), &headings)?;
    sheet.set_column_width(1, 28)?;
    Ok(())
}

fn help(sheet: &mut Worksheet, city: &NewCity) -> Result<(), XlsxError> {
    let headings = match city.lang {
        Lang::Zh => ["代码", "单位", "含义"],
        Lang::En => ["code", "unit", "meaning"],
    };
    headed(sheet, SHEETS[2].of(city.lang), &headings)?;
    let mut line = 1;
    let shade = Both {
        zh: "“观测数据”表：深黄的数值必填，浅黄的填了结果更可靠，空着也行。不要改动表头。",
        en: "Sheet observations: dark yellow values are needed, light ones make the result better and may stay empty. Leave the headings as they are.",
    };
    sheet.write_string(line, 2, shade.of(city.lang))?;
    for (code, unit, meaning) in &MEANINGS {
        line += 1;
        sheet.write_string(line, 0, *code)?.write_string(line, 1, *unit)?;
        sheet.write_string(line, 2, meaning.of(city.lang))?;
    }
    for (key, name) in &city.districts {
        line += 1;
        sheet.write_string(line, 0, key)?.write_string(line, 2, name)?;
    }
    sheet.set_column_width(0, 34)?.set_column_width(1, 18)?.set_column_width(2, 80)?;
    Ok(())
}
