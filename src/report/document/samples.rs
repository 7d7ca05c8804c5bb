//! A small report with every kind of block, for tests of its forms.

use super::*;

/// A PNG of one pixel.
pub(super) const PIXEL: [u8; 67] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1F, 0x15, 0xC4,
    0x89, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x00, 0x01, 0x00, 0x00,
    0x05, 0x00, 0x01, 0x0D, 0x0A, 0x2D, 0xB4, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE,
    0x42, 0x60, 0x82,
];

/// The words of a language.
fn both(lang: Lang, zh: &str, en: &str) -> String {
    if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() }
}

/// A report with every kind of block and characters that XML cannot hold.
pub(super) fn report(lang: Lang) -> Document {
    let text = |zh: &str, en: &str| Span::Text(both(lang, zh, en));
    let heading = |level, zh, en| Block::Heading { level, text: both(lang, zh, en) };
    let number = Span::Number(Number {
        text: "2028".into(),
        from: Origin {
            table: "plan/indicators.csv".into(),
            rows: vec![("stage".into(), "primary".into())],
            column: "year".into(),
        },
    });
    Document {
        lang,
        title: both(lang, "焦作市学位供给测算报告", "School places in Jiaozuo"),
        subtitle: Some(both(lang, "十四五规划与不建", "The plan and no building")),
        about: vec![(
            both(lang, "城市", "City"),
            both(lang, "焦作 <A&B>\u{1}", "Jiaozuo <A&B>\u{1}"),
        )],
        blocks: vec![
            heading(1, "结论", "Findings"),
            Block::Paragraph(vec![
                text("小学大班额", "Oversized primary classes are gone in "),
                number,
                text("年清零，\u{b}a\u{0}b。", ".\u{b}a\u{0}b"),
                Span::Strong(both(lang, "初中晚3年。", "Junior schools take 3 years more.")),
            ]),
            heading(2, "各学段", "By stage"),
            heading(3, "小学", "Primary"),
            Block::List(vec![vec![text("第一点", "First")], vec![text("第二点", "Second")]]),
            Block::Remark(vec![text("未建模：教师。", "Not modelled: teachers.")]),
            Block::Table(clearing(lang)),
            Block::Figure(picture(lang)),
            Block::Table(Table { rows: Vec::new(), chart: None, ..clearing(lang) }),
        ],
        annex: vec![Table { key: "annex".into(), chart: None, ..clearing(lang) }],
    }
}

/// A table with a cell of every form.
pub(super) fn clearing(lang: Lang) -> Table {
    let column = |zh, en, is_number| Column { name: both(lang, zh, en), is_number };
    let row = |stage: String, year: f64, share: f64, pupils: f64, index: f64| {
        vec![
            Cell::Words(stage),
            Cell::Number(year, Form::Year),
            Cell::Number(share, Form::Share),
            Cell::Number(pupils, Form::Count),
            Cell::Number(index, Form::Decimals(2)),
        ]
    };
    let mut rows = vec![
        row(both(lang, "小学", "Primary"), 2028.0, 0.030_123_456_789, 265_432.75, 1.0 / 3.0),
        row(both(lang, "初中", "Junior"), 2031.0, 0.000_4, -1_234.5, -2.5),
    ];
    rows.push(vec![Cell::Words(both(lang, "高中", "Senior")), Cell::Missing, Cell::Missing]);
    Table {
        key: "clearing".into(),
        caption: both(
            lang,
            "大班额清零年份：各学段[全市]",
            "Clearing year by stage: whole city [all]",
        ),
        columns: vec![
            column("学段", "Stage", false),
            column("清零年份", "Year cleared", true),
            column("大班额比例", "Share oversized", true),
            column("学生（人）", "Pupils", true),
            column("指数", "Index", true),
        ],
        rows,
        source: Some(both(lang, "来源：indicators.csv", "Source: indicators.csv")),
        chart: Some(SheetChart {
            kind: SheetChartKind::Columns,
            categories: 0,
            series: vec![2],
            values: both(lang, "比例", "share"),
        }),
    }
}

fn picture(lang: Lang) -> Picture {
    Picture {
        key: "oversized".into(),
        caption: both(lang, "小学大班额比例", "Share of oversized classes"),
        description: both(lang, "一条线从3%降到0。\u{7}", "A line falls from 3% to \"0\".\u{7}"),
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"360\"></svg>".into(),
        png: PIXEL.to_vec(),
        width: 720,
        height: 360,
    }
}

/// A report of nothing.
pub(super) fn empty(lang: Lang) -> Document {
    let title = String::new();
    Document {
        lang,
        title,
        subtitle: None,
        about: Vec::new(),
        blocks: Vec::new(),
        annex: Vec::new(),
    }
}
