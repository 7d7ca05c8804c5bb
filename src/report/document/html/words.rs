//! Words that the page itself says, in both languages.

use super::Lang;

/// One language's words.
#[derive(Debug)]
pub(super) struct Words {
    /// Language tag of the page.
    pub tag: &'static str,
    /// A page without a title.
    pub report: &'static str,
    /// First link of the page, for keyboards.
    pub skip: &'static str,
    /// Heading of the contents.
    pub contents: &'static str,
    /// Heading of the list of figures and tables.
    pub lists: &'static str,
    /// Before the number of a table.
    pub table: &'static str,
    /// Before the number of a figure.
    pub figure: &'static str,
    /// Between number and words of a caption.
    pub after_number: &'static str,
    /// Stands in a table without rows.
    pub no_rows: &'static str,
    /// Between a name and its words.
    pub colon: &'static str,
    /// Between two pairs of name and words.
    pub between: &'static str,
    /// Button: dark colours.
    pub dark: &'static str,
    /// Button: light colours.
    pub light: &'static str,
    /// Button: a picture larger than the screen is wide.
    pub enlarge: &'static str,
    /// Button: the whole picture on the screen.
    pub reduce: &'static str,
    /// Button: takes a picture as a file.
    pub save: &'static str,
}

const ZH: Words = Words {
    tag: "zh-CN",
    report: "报告",
    skip: "跳到正文",
    contents: "目录",
    lists: "图表",
    table: "表",
    figure: "图",
    after_number: "\u{3000}",
    no_rows: "无",
    colon: "：",
    between: "；",
    dark: "深色",
    light: "浅色",
    enlarge: "放大",
    reduce: "还原",
    save: "下载",
};

const EN: Words = Words {
    tag: "en",
    report: "Report",
    skip: "Skip to the text",
    contents: "Contents",
    lists: "Figures and tables",
    table: "Table",
    figure: "Figure",
    after_number: ". ",
    no_rows: "none",
    colon: ": ",
    between: "; ",
    dark: "Dark",
    light: "Light",
    enlarge: "Enlarge",
    reduce: "Fit",
    save: "Download",
};

/// The words of a language.
pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}
