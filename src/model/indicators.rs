//! Indicators: from the stocks of a run to named numbers at every level.
//!
//! In: a run. Out: for each year, place and stage a set of additive [`Stocks`], from which every indicator is read. Rates
//! are recomputed from summed stocks, never averaged. One table, [`INDICATORS`], holds names, units and formulas.

pub mod clearing;
mod sizes;
mod stocks;
mod table;

use crate::schools::classes::BAND_KEYS;

use stocks::ratio;

pub use stocks::Stocks;
pub use table::{Table, YearStocks, of_years, table, whole_pupils, year};

/// The level down to which an indicator adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Additive {
    /// Over places and stages.
    Everywhere,
    /// Over places; stages share people.
    Places,
    /// A rate: recomputed at every level.
    Never,
}

/// One indicator.
#[derive(Debug, Clone, Copy)]
pub struct Indicator {
    /// Name in tables.
    pub key: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What it is, with its formula.
    pub meaning: &'static str,
    /// The same in Chinese.
    pub meaning_zh: &'static str,
    /// Level of addition.
    pub additive: Additive,
    /// Its value; `None` where it is not defined (a mean without classes, a share without pupils).
    pub value: fn(&Stocks) -> Option<f64>,
}

const fn stock(
    key: &'static str,
    zh: &'static str,
    unit: &'static str,
    meaning: &'static str,
    meaning_zh: &'static str,
    value: fn(&Stocks) -> Option<f64>,
) -> Indicator {
    Indicator { key, zh, unit, meaning, meaning_zh, additive: Additive::Everywhere, value }
}

const fn rate(
    key: &'static str,
    zh: &'static str,
    unit: &'static str,
    meaning: &'static str,
    meaning_zh: &'static str,
    value: fn(&Stocks) -> Option<f64>,
) -> Indicator {
    Indicator { key, zh, unit, meaning, meaning_zh, additive: Additive::Never, value }
}

/// All indicators in the order of tables.
#[rustfmt::skip]
pub const INDICATORS: &[Indicator] = &[
    Indicator {
        key: "population",
        zh: "学龄人口",
        unit: "people",
        meaning: "residents of the stage's ages in households on 1 September",
        meaning_zh: "9月1日该学段年龄的家庭户常住人口",
        additive: Additive::Places,
        value: |s| Some(s.population),
    },
    stock("pupils", "在校生", "pupils", "pupils by the area of their school", "按学校所在地统计的学生数", |s| Some(s.pupils)),
    stock("residents", "学生（按居住地）", "pupils", "pupils by residence, those without a place included", "按居住地统计的学生数，含未安置者", |s| Some(s.residents)),
    stock("entrants", "招生", "pupils", "pupils in the entry grade by the area of their school", "起始年级学生数", |s| Some(s.entrants)),
    stock("schools", "学校", "schools", "open schools; a nine-year school counts once a stage", "学校数（九年一贯制按学段各计一所）", |s| Some(s.schools)),
    stock("multi_grade_schools", "复式学校", "schools", "schools with fewer rooms than grades", "教室少于年级数的学校", |s| Some(s.multi_grade_schools)),
    stock("classes", "班级", "classes", "classes", "班数", |s| Some(s.classes)),
    stock("classes_without_room", "超出教室的班级", "classes", "classes beyond the rooms of their school", "超出本校教室数的班", |s| Some(s.classes_without_room)),
    stock("rooms", "教室", "rooms", "rooms that classes may use (total less reserved)", "可用于编班的普通教室", |s| Some(s.rooms)),
    stock("seats", "学位", "seats", "rooms × class-size standard", "教室 × 标准班额", |s| Some(s.seats)),
    stock("seat_gap", "学位缺口", "seats", "Σ areas max(0, pupils + residents without a place − seats)", "各片区 max(0, 学生 + 无学位的居住学生 − 学位) 之和", |s| Some(s.seat_gap)),
    stock("crowding_gap", "超标学生", "pupils", "Σ schools and grades max(0, pupils − classes × standard)", "各校各年级超过标准班额的学生之和", |s| Some(s.crowding_gap)),
    stock("empty_seats", "空余学位", "seats", "Σ schools max(0, seats − pupils)", "各校 max(0, 学位 − 学生) 之和", |s| Some(s.empty_seats)),
    rate("utilisation", "学位利用率", "share", "pupils / seats", "学生 / 学位", |s| ratio(s.pupils, s.seats)),
    rate("mean_class_size", "平均班额", "pupils per class", "pupils / classes", "学生 / 班数", |s| ratio(s.pupils, s.classes)),
    stock(BAND_KEYS[0], "25人及以下的班", "classes", "expected classes of 25 pupils or fewer", "25人及以下的班数（期望）", |s| Some(s.bands[0])),
    stock(BAND_KEYS[1], "26-30人的班", "classes", "expected classes of 26 to 30 pupils", "26至30人的班数（期望）", |s| Some(s.bands[1])),
    stock(BAND_KEYS[2], "31-35人的班", "classes", "expected classes of 31 to 35 pupils", "31至35人的班数（期望）", |s| Some(s.bands[2])),
    stock(BAND_KEYS[3], "36-45人的班", "classes", "expected classes of 36 to 45 pupils", "36至45人的班数（期望）", |s| Some(s.bands[3])),
    stock(BAND_KEYS[4], "46-55人的班", "classes", "expected classes of 46 to 55 pupils", "46至55人的班数（期望）", |s| Some(s.bands[4])),
    stock(BAND_KEYS[5], "56-65人的班", "classes", "expected classes of 56 to 65 pupils", "56至65人的班数（期望）", |s| Some(s.bands[5])),
    stock(BAND_KEYS[6], "66人及以上的班", "classes", "expected classes of 66 pupils or more", "66人及以上的班数（期望）", |s| Some(s.bands[6])),
    stock("oversized_classes", "大班额班级", "classes", "expected classes of the oversized size of their grade or more (`thresholds`; in China 56 pupils, in kindergartens standard + 11)", "达到本年级大班额标准（thresholds）的班：中国为56人及以上，幼儿园为超过标准10人以上", |s| Some(s.oversized)),
    rate("oversized_share", "大班额比例", "share", "oversized classes / classes", "大班额班级 / 班级", |s| ratio(s.oversized, s.classes)),
    stock("super_oversized_classes", "超大班额班级", "classes", "expected classes of the super-oversized size of their grade or more (`thresholds`; in China 66 pupils, in kindergartens standard + 21)", "达到本年级超大班额标准（thresholds）的班：中国为66人及以上，幼儿园为超过标准20人以上", |s| Some(s.super_oversized)),
    rate("super_oversized_share", "超大班额比例", "share", "super-oversized classes / classes", "超大班额班级 / 班级", |s| ratio(s.super_oversized, s.classes)),
    stock("pupils_in_oversized", "大班额中的学生", "pupils", "expected pupils in oversized classes", "大班额班级中的学生（期望）", |s| Some(s.pupils_in_oversized)),
    stock("overflow", "超限安置", "pupils", "pupils placed above the ceiling this year", "当年超过班额上限安置的学生", |s| Some(s.overflow)),
    stock("unplaced", "未安置", "pupils", "pupils by residence who have no place: residents − pupils of the city", "按居住地统计的无学位学生", |s| Some(s.unplaced)),
    stock("unplaced_entrants", "未安置新生", "pupils", "of them, entrants of this year", "其中当年新生", |s| Some(s.unplaced_entrants)),
    rate("gross_enrolment_rate", "毛入学（园）率", "share", "residents with a place / population; of two stages that share their source, told with the first: pupils of both and of technical schools / population of their ages", "有学位的学生 / 学龄人口；普通高中一栏为高中阶段毛入学率（含中职与技工）", |s| {
        if s.upper_secondary > 0.0 { ratio(s.upper_secondary, s.population) } else { ratio(s.residents - s.unplaced, s.population) }
    }),
    rate("inclusive_coverage", "普惠性幼儿园覆盖率", "share", "pupils of public and inclusive kindergartens / pupils of kindergartens", "公办和普惠性民办园在园幼儿占比", |s| ratio(s.inclusive_pupils, s.pupils_by_rate)),
    rate("private_share", "民办在校生占比", "share", "pupils of private schools / pupils", "民办学校学生 / 学生", |s| ratio(s.private_pupils, s.pupils)),
    stock("rooms_under_construction", "在建教室", "rooms", "rooms whose construction has begun and that are not open yet; of a school that moves, all rooms of the new campus", "已开工未启用的教室；迁建学校计新校区全部教室", |s| Some(s.rooms_under_construction)),
    stock("rooms_added", "自行增加的教室", "rooms", "rooms that the city added of itself (rules.additions) and that opened in the year", "地方自行增建（rules.additions）并于当年启用的教室", |s| Some(s.rooms_added)),
    stock("additions_investment", "自行增建投资", "yuan", "investment in rooms that the city adds of itself, booked in the year before they open: money that nobody promised; absent where their cost is not known", "地方自行增建教室的投资，计入启用前一年：并无规划承诺；造价不明则缺", |s| (s.rooms_added_without_cost <= 0.0).then_some(s.additions_yuan)),
    stock("boarding_places", "新增寄宿床位", "places", "boarding places added since the base year", "基年以来新增的寄宿床位", |s| Some(s.boarding_places)),
    stock("teachers_needed", "所需教师", "teachers", "pupils / staffing figure; absent without one", "学生 / 生师比；无来源则缺", |s| (s.unstaffed_pupils <= 0.0 && s.teachers > 0.0).then_some(s.teachers)),
    stock("investment", "投资", "yuan", "investment booked in the year, prices of its source", "当年计入的投资（来源价格年份）", |s| Some(s.investment_yuan)),
];

/// Indicators that belong to a place and not to a stage.
pub const PLACE_INDICATORS: [(&str, &str, &str, &str, &str); 2] = [
    ("births", "出生", "births", "births of the school year that begins", "当学年出生人数"),
    (
        "retention_nine_year",
        "九年义务教育巩固率",
        "share",
        "city: Π ρ of the cohort in G9",
        "全市：九年级学生各年保留率之积",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_have_unique_names() {
        let mut keys: Vec<&str> = INDICATORS.iter().map(|i| i.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), INDICATORS.len());
    }
}
