//! Indicators: from the stocks of a run to named numbers at every level.
//!
//! In: a run. Out: for each year, place and stage a set of additive [`Stocks`], from which every indicator is read. Rates
//! are recomputed from summed stocks, never averaged. One table, [`INDICATORS`], holds names, units and formulas.

use crate::axes::{MAX_GRADES, N_STAGES, Stage};
use crate::event::{Event, EventKind};
use crate::model::Run;
use crate::numeric::{apportion, sum};
use crate::scenario::{Scenario, YearThresholds};
use crate::schools::SchoolYear;
use crate::schools::classes::{BAND_KEYS, bands, classes_from, pupils_from, spread};
use crate::units::Year;

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

/// Additive stocks of one place, stage and year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stocks {
    /// Residents of the stage's ages in households.
    pub population: f64,
    /// Births of the school year that begins.
    pub births: f64,
    /// Pupils by the area of their school.
    pub pupils: f64,
    /// Pupils by residence, those without a place included.
    pub residents: f64,
    /// Pupils in the entry grade by the area of their school.
    pub entrants: f64,
    /// Open schools.
    pub schools: f64,
    /// Of them, with fewer rooms than grades.
    pub multi_grade_schools: f64,
    /// Classes.
    pub classes: f64,
    /// Classes beyond the rooms of their school.
    pub classes_without_room: f64,
    /// Rooms that classes may use.
    pub rooms: f64,
    /// Rooms times the standard.
    pub seats: f64,
    /// Pupils above the seats of an area.
    pub seat_gap: f64,
    /// Pupils above the standard, school by school and grade by grade.
    pub crowding_gap: f64,
    /// Seats above the pupils, school by school.
    pub empty_seats: f64,
    /// Classes by band of the yearbooks.
    pub bands: [f64; 7],
    /// Expected oversized classes.
    pub oversized: f64,
    /// Expected super-oversized classes.
    pub super_oversized: f64,
    /// Expected pupils in oversized classes.
    pub pupils_in_oversized: f64,
    /// Pupils placed above the ceiling this year.
    pub overflow: f64,
    /// Pupils by residence without a place.
    pub unplaced: f64,
    /// Of them, entrants of this year.
    pub unplaced_entrants: f64,
    /// Pupils of public and inclusive kindergartens.
    pub inclusive_pupils: f64,
    /// Upper secondary pupils, technical schools included (senior stage only).
    pub upper_secondary: f64,
    /// Teachers by the staffing figure.
    pub teachers: f64,
    /// Investment booked in the year, yuan.
    pub investment_yuan: f64,
    /// Pupils of stages without a staffing figure.
    pub unstaffed_pupils: f64,
    /// Pupils of kindergartens.
    pub kindergarten_pupils: f64,
    /// Pupils of private schools.
    pub private_pupils: f64,
    /// Rooms that are being built, those of a relocated school's new campus among them.
    pub rooms_under_construction: f64,
    /// Boarding places added since the base year.
    pub boarding_places: f64,
}

impl Stocks {
    /// Adds another place.
    pub fn add(&mut self, other: &Stocks) {
        let bands = std::array::from_fn(|b| self.bands[b] + other.bands[b]);
        *self = Stocks {
            population: self.population + other.population,
            births: self.births + other.births,
            pupils: self.pupils + other.pupils,
            residents: self.residents + other.residents,
            entrants: self.entrants + other.entrants,
            schools: self.schools + other.schools,
            multi_grade_schools: self.multi_grade_schools + other.multi_grade_schools,
            classes: self.classes + other.classes,
            classes_without_room: self.classes_without_room + other.classes_without_room,
            rooms: self.rooms + other.rooms,
            seats: self.seats + other.seats,
            seat_gap: self.seat_gap + other.seat_gap,
            crowding_gap: self.crowding_gap + other.crowding_gap,
            empty_seats: self.empty_seats + other.empty_seats,
            bands,
            oversized: self.oversized + other.oversized,
            super_oversized: self.super_oversized + other.super_oversized,
            pupils_in_oversized: self.pupils_in_oversized + other.pupils_in_oversized,
            overflow: self.overflow + other.overflow,
            unplaced: self.unplaced + other.unplaced,
            unplaced_entrants: self.unplaced_entrants + other.unplaced_entrants,
            inclusive_pupils: self.inclusive_pupils + other.inclusive_pupils,
            upper_secondary: self.upper_secondary + other.upper_secondary,
            teachers: self.teachers + other.teachers,
            investment_yuan: self.investment_yuan + other.investment_yuan,
            unstaffed_pupils: self.unstaffed_pupils + other.unstaffed_pupils,
            kindergarten_pupils: self.kindergarten_pupils + other.kindergarten_pupils,
            private_pupils: self.private_pupils + other.private_pupils,
            rooms_under_construction: self.rooms_under_construction
                + other.rooms_under_construction,
            boarding_places: self.boarding_places + other.boarding_places,
        };
    }
}

fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator > 1e-9).then(|| numerator / denominator)
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
    stock("seat_gap", "学位缺口", "seats", "Σ areas max(0, pupils − seats)", "各片区 max(0, 学生 − 学位) 之和", |s| Some(s.seat_gap)),
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
    stock("oversized_classes", "大班额班级", "classes", "expected classes of 56 pupils or more (kindergarten: standard + 11 or more)", "56人及以上的班（幼儿园：超过标准10人以上）", |s| Some(s.oversized)),
    rate("oversized_share", "大班额比例", "share", "oversized classes / classes", "大班额班级 / 班级", |s| ratio(s.oversized, s.classes)),
    stock("super_oversized_classes", "超大班额班级", "classes", "expected classes of 66 pupils or more (kindergarten: standard + 21 or more)", "66人及以上的班（幼儿园：超过标准20人以上）", |s| Some(s.super_oversized)),
    rate("super_oversized_share", "超大班额比例", "share", "super-oversized classes / classes", "超大班额班级 / 班级", |s| ratio(s.super_oversized, s.classes)),
    stock("pupils_in_oversized", "大班额中的学生", "pupils", "expected pupils in oversized classes", "大班额班级中的学生（期望）", |s| Some(s.pupils_in_oversized)),
    stock("overflow", "超限安置", "pupils", "pupils placed above the ceiling this year", "当年超过班额上限安置的学生", |s| Some(s.overflow)),
    stock("unplaced", "未安置", "pupils", "pupils by residence who have no place: residents − pupils of the city", "按居住地统计的无学位学生", |s| Some(s.unplaced)),
    stock("unplaced_entrants", "未安置新生", "pupils", "of them, entrants of this year", "其中当年新生", |s| Some(s.unplaced_entrants)),
    rate("gross_enrolment_rate", "毛入学（园）率", "share", "residents / population; senior stage: senior, vocational and technical pupils / population 15-17", "学生 / 学龄人口；普通高中一栏为高中阶段毛入学率（含中职与技工）", |s| {
        if s.upper_secondary > 0.0 { ratio(s.upper_secondary, s.population) } else { ratio(s.residents, s.population) }
    }),
    rate("inclusive_coverage", "普惠性幼儿园覆盖率", "share", "pupils of public and inclusive kindergartens / pupils of kindergartens", "公办和普惠性民办园在园幼儿占比", |s| ratio(s.inclusive_pupils, s.kindergarten_pupils)),
    rate("private_share", "民办在校生占比", "share", "pupils of private schools / pupils", "民办学校学生 / 学生", |s| ratio(s.private_pupils, s.pupils)),
    stock("rooms_under_construction", "在建教室", "rooms", "rooms whose construction has begun and that are not open yet; of a school that moves, all rooms of the new campus", "已开工未启用的教室；迁建学校计新校区全部教室", |s| Some(s.rooms_under_construction)),
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

/// Stocks of a run by year, area and stage.
#[derive(Debug, Clone)]
pub struct Table {
    n_areas: usize,
    stocks: Vec<Stocks>,
}

impl Table {
    /// Stocks of one area and stage.
    pub fn cell(&self, year_idx: usize, area: usize, stage: Stage) -> &Stocks {
        &self.stocks[(year_idx * self.n_areas + area) * N_STAGES + stage.idx()]
    }

    /// Stocks of several areas.
    pub fn sum(&self, year_idx: usize, areas: &[usize], stage: Stage) -> Stocks {
        let mut total = Stocks::default();
        for &area in areas {
            total.add(self.cell(year_idx, area, stage));
        }
        total
    }

    /// Stocks of several areas and all stages; people of ages 15-17 count once.
    pub fn sum_stages(&self, year_idx: usize, areas: &[usize]) -> Stocks {
        let mut total = Stocks::default();
        for stage in Stage::ALL {
            let mut part = self.sum(year_idx, areas, stage);
            if stage == Stage::Vocational {
                part.population = 0.0;
            }
            part.upper_secondary = 0.0;
            part.inclusive_pupils = 0.0;
            part.kindergarten_pupils = 0.0;
            total.add(&part);
        }
        total
    }
}

/// Computes the stocks of a run.
pub fn table(scenario: &Scenario, run: &Run) -> Table {
    let city = &*scenario.city;
    let n_areas = city.areas.len();
    let mut table =
        Table { n_areas, stocks: vec![Stocks::default(); city.n_years() * n_areas * N_STAGES] };
    for year_idx in 0..city.n_years() {
        let thresholds = scenario.thresholds.at(city.base_year + year_idx as i32);
        add_schools(scenario, run, year_idx, &thresholds, &mut table);
        for area in 0..n_areas {
            for stage in Stage::ALL {
                add_people(scenario, run, year_idx, area, stage, &thresholds, &mut table);
            }
        }
    }
    for (idx, event) in run.events.iter().enumerate() {
        if !run.schools.ignored.contains(&idx) {
            add_event(event, &mut table, city.base_year);
        }
    }
    table
}

/// Adds what an event costs in its years of construction, what is being built in them, and boarding places from then on.
fn add_event(event: &Event, table: &mut Table, base_year: Year) {
    let n_years = table.stocks.len() / (table.n_areas * N_STAGES);
    let place = event.area * N_STAGES + event.stage.idx();
    let at = |year: Year| {
        let year_idx = usize::try_from(year - base_year).ok().filter(|&idx| idx < n_years)?;
        Some(year_idx * table.n_areas * N_STAGES + place)
    };
    let booked = event.booked_years();
    let n_booked = f64::from(booked.end - booked.start);
    for cell in booked.filter_map(at).collect::<Vec<_>>() {
        table.stocks[cell].investment_yuan += event.investment_yuan / n_booked;
        table.stocks[cell].rooms_under_construction += f64::from(event.rooms_built);
    }
    if let EventKind::Upgrade { boarding, .. } = event.kind {
        for cell in (event.year..base_year + n_years as Year).filter_map(at).collect::<Vec<_>>() {
            table.stocks[cell].boarding_places += f64::from(boarding);
        }
    }
}

fn add_people(
    scenario: &Scenario,
    run: &Run,
    year_idx: usize,
    area: usize,
    stage: Stage,
    thresholds: &YearThresholds,
    table: &mut Table,
) {
    let outlook = &run.outlook;
    let at = (year_idx * table.n_areas + area) * N_STAGES + stage.idx();
    let cell = &mut table.stocks[at];
    let ages = stage.first_age()..stage.first_age() + stage.n_grades();
    cell.population = sum(ages.map(|age| outlook.population.children(year_idx, area, age)));
    if stage == Stage::Kindergarten {
        cell.births = outlook.population.births[year_idx][area];
    }
    cell.residents = outlook.demand.of_stage(year_idx, area, stage);
    if stage == Stage::Senior {
        cell.upper_secondary = cell.residents
            + outlook.demand.of_stage(year_idx, area, Stage::Vocational)
            + outlook.demand.technical[year_idx][area];
    }
    cell.seats = cell.rooms * thresholds.room_standard(stage);
    cell.seat_gap = (cell.pupils - cell.seats).max(0.0);
    let history = &run.schools.history;
    cell.overflow = history.overflow(year_idx, stage, area);
    cell.unplaced = history.unplaced(year_idx, stage, area);
    cell.unplaced_entrants = history.unplaced_entrants(year_idx, stage, area);
    if let Some(path) = &scenario.pupils_per_teacher[stage.idx()] {
        cell.teachers = cell.pupils / path.at(scenario.city.base_year + year_idx as i32);
    } else {
        cell.unstaffed_pupils = cell.pupils;
    }
}

/// Adds every school of a year to the stocks of its area and stage.
fn add_schools(
    scenario: &Scenario,
    run: &Run,
    year_idx: usize,
    thresholds: &YearThresholds,
    table: &mut Table,
) {
    let sigma = scenario.rules.class_spread;
    let whole = sigma <= 0.0;
    let rounded = if whole { whole_pupils(scenario, run, year_idx) } else { Vec::new() };
    let (history, register) = (&run.schools.history, &run.schools.register);
    for row in 0..history.n_schools[year_idx] {
        let stage = register.stage[row];
        let school = history.school(year_idx, row);
        if !school.is_open {
            continue;
        }
        let at = (year_idx * table.n_areas + school.area) * N_STAGES + stage.idx();
        let cell = &mut table.stocks[at];
        let pupils = sum(school.pupils.iter().copied());
        let classes: i32 = school.classes.iter().sum();
        cell.schools += 1.0;
        cell.private_pupils += if register.is_private[row] { pupils } else { 0.0 };
        let is_multi_grade = school.rooms > 0 && school.rooms < stage.n_grades() as i32;
        cell.multi_grade_schools += if is_multi_grade { 1.0 } else { 0.0 };
        cell.pupils += pupils;
        cell.entrants += school.pupils[0];
        cell.classes += f64::from(classes);
        cell.classes_without_room += f64::from((classes - school.rooms).max(0));
        cell.rooms += f64::from(school.rooms);
        let seats = f64::from(school.rooms) * thresholds.room_standard(stage);
        cell.empty_seats += (seats - pupils).max(0.0);
        if stage == Stage::Kindergarten {
            cell.kindergarten_pupils += pupils;
        }
        if stage == Stage::Kindergarten && (!register.is_private[row] || register.is_inclusive[row])
        {
            cell.inclusive_pupils += pupils;
        }
        for g in 0..stage.n_grades() {
            let cell = &mut table.stocks[at];
            add_grade(
                cell,
                &school,
                (stage, g),
                thresholds,
                (sigma, rounded.get(row * MAX_GRADES + g)),
            );
        }
    }
}

/// Adds the classes of one grade of a school; `whole` are its pupils as whole children where classes have no spread.
fn add_grade(
    cell: &mut Stocks,
    school: &SchoolYear,
    (stage, g): (Stage, usize),
    thresholds: &YearThresholds,
    (sigma, whole): (f64, Option<&f64>),
) {
    let (n, c) = (school.pupils[g], school.classes[g]);
    let grade = stage.first_grade() + g;
    if c == 0 {
        return;
    }
    cell.crowding_gap += (n - thresholds.standard[grade] * f64::from(c)).max(0.0);
    let (n, width) = match whole {
        Some(&n) => (n, 0.0),
        None => (n, spread(c, n / f64::from(c), school.limits[g], sigma)),
    };
    let whole = whole.is_some();
    for (total, band) in cell.bands.iter_mut().zip(bands(n, c, width, whole)) {
        *total += band;
    }
    let oversized = thresholds.oversized[grade];
    cell.oversized += classes_from(n, c, width, oversized, whole);
    cell.pupils_in_oversized += pupils_from(n, c, width, oversized, whole);
    cell.super_oversized += classes_from(n, c, width, thresholds.super_oversized[grade], whole);
}

/// Pupils as whole children: largest remainder in each pool and grade, `[row · 6 + grade of the stage]`.
pub(crate) fn whole_pupils(scenario: &Scenario, run: &Run, year_idx: usize) -> Vec<f64> {
    let city = &*scenario.city;
    let (history, register) = (&run.schools.history, &run.schools.register);
    let n_schools = history.n_schools[year_idx];
    let mut rounded = vec![0.0; n_schools * crate::axes::MAX_GRADES];
    for stage in Stage::ALL {
        for pool in 0..city.pools[stage.idx()].len() {
            let rows: Vec<usize> = (0..n_schools)
                .filter(|&row| {
                    register.stage[row] == stage
                        && city.pool_of_area[stage.idx()][history.school(year_idx, row).area]
                            == pool
                })
                .collect();
            for g in 0..stage.n_grades() {
                let pupils: Vec<f64> =
                    rows.iter().map(|&row| history.school(year_idx, row).pupils[g]).collect();
                let total = sum(pupils.iter().copied()).round() as u64;
                for (&row, n) in rows.iter().zip(apportion(total, &pupils)) {
                    rounded[row * crate::axes::MAX_GRADES + g] = n as f64;
                }
            }
        }
    }
    rounded
}

/// The first year from which a share stays at or below `level` to the end; `None` if it never does,
/// or where there are no classes at all.
pub fn clearing_year(shares: &[Option<f64>], level: f64, first_year: i32) -> Option<i32> {
    if shares.iter().all(Option::is_none) {
        return None;
    }
    let above = shares.iter().rposition(|share| share.is_some_and(|share| share > level));
    match above {
        None => Some(first_year),
        Some(last) if last + 1 < shares.len() => Some(first_year + last as i32 + 1),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clearing_needs_to_stay_clear() {
        let shares = [Some(0.03), Some(0.005), Some(0.02), Some(0.01), None, Some(0.0)];
        assert_eq!(clearing_year(&shares, 0.01, 2020), Some(2023));
        assert_eq!(clearing_year(&shares, 0.05, 2020), Some(2020));
        assert_eq!(clearing_year(&[Some(0.2), Some(0.1)], 0.01, 2020), None);
    }

    #[test]
    fn indicators_have_unique_names() {
        let mut keys: Vec<&str> = INDICATORS.iter().map(|i| i.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), INDICATORS.len());
    }
}
