//! The one table of keys that files may have: what each holds, in which units and bounds, and what it means.
//!
//! `<stage>` stands for a stage, `<rated>`, `<entered>`, `<kept>` and `<shared>` for a stage of that kind ([`names_of`]), `<zone>` for a
//! zone, `<name>` for a name that the file chooses. `check` walks files against this table and
//! `xuewei schema` prints it.

use std::sync::LazyLock;

use crate::axes::{Stage, Stages, Zone};

/// What a figure holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// One number.
    Scalar,
    /// One number, or numbers by year.
    Path,
    /// One number or a list of so many (one a grade), alone or by year. 0: as many as the stage has grades.
    Grades(usize),
    /// The same, as many as there are grades from which retention leads on.
    Retentions,
    /// A list of one number for each grade of the stage.
    Weights,
    /// A list of so many numbers; 0: any length.
    List(usize),
    /// A table in a file.
    Table,
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number in these bounds.
    Whole(i64, i64),
    /// Two whole numbers in these bounds, ascending.
    Span(i64, i64),
    /// Two whole numbers in these bounds, in any order.
    Pair(i64, i64),
    /// A list of texts.
    Texts,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A stage, by its key.
    Stage,
    /// A file, relative to the file that names it.
    File,
    /// A figure: units, bounds in that unit, shape; `whole` if only whole numbers make sense.
    Figure {
        /// Units that it may have.
        units: &'static [&'static str],
        /// Least value in the first unit.
        least: f64,
        /// Greatest value in the first unit.
        most: f64,
        /// What it holds.
        shape: Shape,
        /// Only whole numbers.
        whole: bool,
    },
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Path with placeholders.
    pub pattern: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Must be there (inside a named group: if the group is).
    pub required: bool,
    /// What it means.
    pub meaning: &'static str,
}

const fn key(pattern: &'static str, kind: Kind, required: bool, meaning: &'static str) -> Key {
    Key { pattern, kind, required, meaning }
}

const fn figure(units: &'static [&'static str], least: f64, most: f64, shape: Shape) -> Kind {
    Kind::Figure { units, least, most, shape, whole: false }
}

const fn count(units: &'static [&'static str], least: f64, most: f64, shape: Shape) -> Kind {
    Kind::Figure { units, least, most, shape, whole: true }
}

const SHARE: &[&str] = &["percent", "share"];
const RATE: &[&str] = &["percent", "per mille", "share", "rate per year"];
const CLASS: &[&str] = &["pupils per class"];
const MONEY: &[&str] = &["yuan", "10k yuan", "100m yuan"];
const TARGET: &[&str] = &[
    "pupils",
    "percent",
    "share",
    "schools",
    "classes",
    "rooms",
    "seats",
    "pupils per class",
    "places",
    "births",
    "rooms per class",
    "children",
];
const WITHIN: &[&str] = &["district", "city"];

/// Every key, in the order in which `schema` prints them.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key("scenario.key", Kind::Text, false, "name of the output folder; default: the name of the file"),
    key("scenario.title", Kind::Text, false, "title in Chinese"),
    key("scenario.title_en", Kind::Text, false, "title in English"),
    key("scenario.question", Kind::Text, false, "the question that the scenario answers, in Chinese"),
    key("scenario.question_en", Kind::Text, false, "the same in English"),
    key("scenario.omits", Kind::Texts, false, "what it does not model"),
    key("city.key", Kind::Text, true, "ASCII name; the output folder"),
    key("city.name", Kind::Text, true, "name in Chinese"),
    key("city.name_en", Kind::Text, false, "name in English"),
    key("city.language", Kind::Choice(&["zh", "en"]), false, "language of charts and messages"),
    key("city.base_year", Kind::Whole(1950, 2100), true, "year of the stocks on 1 September"),
    key("city.horizon", Kind::Whole(1951, 2150), true, "last year of a run"),
    key("tables.population", Kind::File, true, "residents by district, zone, sex and age: a table in CSV or XLSX; file.xlsx#sheet names a sheet, else it is the first"),
    key("tables.schools", Kind::File, true, "the register of schools: CSV or XLSX, as for population"),
    key("tables.group_quarters", Kind::File, false, "people in group quarters, same columns and forms as population"),
    key("tables.observations", Kind::File, false, "published figures for calibrate: CSV or XLSX, as for population; a row without a value is not filled yet"),
    key("tables.accuracy", Kind::File, false, "how good others' forecasts are, for hindcast: publisher,series,lead_years,mape_percent,source"),
    key("hindcast.<name>.city", Kind::File, true, "a city.toml or scenario file of an earlier year, from which hindcast starts"),
    key("hindcast.<name>.used", Kind::Texts, false, "later observations that went into the start, as \"pupils.STAGE 2020\": no forecasts"),
    key("hindcast.<name>.targets", Kind::Texts, false, "files with targets of plans, beside those in targets/, that are set beside what came"),
    key("hindcast.<name>.used_note", Kind::Text, false, "why they did"),
    key("stages.<name>.name", Kind::Text, true, "name of a stage in Chinese; the stages of a city are all under [stages], in order, and those of china.toml where there are none"),
    key("stages.<name>.name_en", Kind::Text, false, "name in English"),
    key("stages.<name>.also", Kind::Texts, false, "other names of it in tables"),
    key("stages.<name>.schools_en", Kind::Text, false, "its schools in English; default: the name and `schools`"),
    key("stages.<name>.grades", Kind::Texts, true, "names of its grades, entry grade first; up to 12"),
    key("stages.<name>.first_age", Kind::Whole(0, 24), true, "completed years of age on the day of the stocks in the entry grade"),
    key("stages.<name>.entry", Kind::Choice(&["cohort", "rate"]), false, "cohort (default): who enters is followed from grade to grade; rate: pupils are a rate on the children of each age in every year"),
    key("stages.<name>.follows", Kind::Text, false, "stage whose leavers enter it; absent: residents of the first age do"),
    key("stages.<name>.shares_source_with", Kind::Text, false, "stage that takes the academic share of the same leavers; this one takes the rest"),
    key("stages.<name>.together", Kind::Text, false, "name of a stage together with the one that shares its source, in Chinese"),
    key("stages.<name>.together_en", Kind::Text, false, "the same in English"),
    key("stages.<name>.compulsory", Kind::Flag, false, "every child must be placed"),
    key("districts.<name>.name", Kind::Text, true, "name in Chinese"),
    key("districts.<name>.name_en", Kind::Text, false, "name in English"),
    key("districts.<name>.zones", Kind::Texts, true, "zones that it has: urban, town, rural"),
    key("districts.<name>.tile", Kind::Pair(1, 20), false, "[column, row] of its tile in the tile map, from the top left: an aid to drawing, no figure is computed from it"),
    key("districts.<name>.covers", Kind::Texts, false, "places whose census rows are summed for this district"),
    key("districts.<name>.neighbours", Kind::Texts, false, "districts that take its overflow"),
    key("pools.<name>.stages", Kind::Texts, true, "stages whose entrants share the pool"),
    key("pools.<name>.districts", Kind::Texts, true, "districts of the pool"),
    key("pools.<name>.zones", Kind::Texts, false, "zones of the pool; default: all"),
    key("sources.<name>.title", Kind::Text, true, "title of the document"),
    key("sources.<name>.publisher", Kind::Text, false, "who published it"),
    key("sources.<name>.date", Kind::Text, false, "when"),
    key("sources.<name>.basis", Kind::Choice(&["measured", "official", "derived", "assumption"]), true, "what kind of knowledge it is"),
    key("sources.<name>.note", Kind::Text, false, "section, address, licence"),
    key("plan.title", Kind::Text, false, "title of the plan that charts shade"),
    key("plan.period", Kind::Span(1950, 2150), false, "first and last year of the plan"),
    key("population.mortality", figure(&["rate per year"], 0.0, 5.0, Shape::Table), true, "death rates: sex, age (first of the group), rate"),
    key("population.fertility.pattern", figure(&["rate per year", "per mille"], 0.0, 1.0, Shape::Table), true, "births per woman and year: age_from, age_to, rate; only the shape is used"),
    key("population.fertility.total", figure(&["children per woman"], 0.0, 10.0, Shape::Path), true, "total fertility; its level is set by the observed births"),
    key("population.births", count(&["births"], 0.0, 5e7, Shape::Path), false, "observed births by calendar year"),
    key("population.sex_ratio", figure(&["males per female"], 0.8, 1.5, Shape::Path), true, "sex ratio at birth"),
    key("population.timing", Kind::Choice(&["even", "end"]), false, "when migrants join; default even"),
    key("population.preschool_error", figure(&["ratio"], 0.5, 2.0, Shape::Scalar), false, "true number of children aged 0-5 in the base year over the number in the population table; default 1"),
    key("population.children_per_migrant", figure(&["ratio"], 0.0, 1.0, Shape::Scalar), false, "children of each single year of age from 0 to 17 who come with a net in-migrant of 25-44, in place of the rates of net migration at these ages; where adults leave, children stay; absent: children migrate by those rates"),
    key("population.net_migration.<name>.ages", Kind::Span(0, 100), true, "first and last age"),
    key("population.net_migration.<name>.rate", figure(RATE, -20.0, 50.0, Shape::Path), true, "net migrants per resident and year"),
    key("population.net_migration.<name>.districts", Kind::Texts, false, "districts; default: all"),
    key("population.net_migration.<name>.zones", Kind::Texts, false, "zones; default: all"),
    key("population.moves.<name>.ages", Kind::Span(0, 100), true, "first and last age"),
    key("population.moves.<name>.rate", figure(RATE, 0.0, 50.0, Shape::Path), true, "share of residents that moves in a year"),
    key("population.moves.<name>.from_districts", Kind::Texts, false, "origins; default: all"),
    key("population.moves.<name>.from_zones", Kind::Texts, false, "origins; default: all"),
    key("population.moves.<name>.to_districts", Kind::Texts, false, "destinations; default: all"),
    key("population.moves.<name>.to_zones", Kind::Texts, false, "destinations; default: all"),
    key("population.moves.<name>.within", Kind::Choice(WITHIN), false, "destinations in the own district or the whole city; default district"),
    key("demand.mode", Kind::Choice(&["cohort", "grade-progression"]), false, "pupils from projected children, or by ratios from grade to grade alone with the entrants of the base year; default cohort"),
    key("enrolment.minimum_people", figure(&["people"], 0.0, 1e6, Shape::Scalar), true, "smallest cohort whose own growth is used"),
    key("enrolment.<rated>.gross_rate", figure(SHARE, 0.0, 130.0, Shape::Path), true, "pupils per child of the ages of a stage by rate"),
    key("enrolment.<rated>.weights", figure(&["ratio"], 0.0, 10.0, Shape::Weights), true, "relative attendance of its grades"),
    key("enrolment.<entered>.coverage", figure(&["ratio", "percent"], 0.0, 2.0, Shape::Path), true, "entrants per child of the first age of a stage that follows none"),
    key("enrolment.<kept>.retention", figure(SHARE, 0.0, 130.0, Shape::Retentions), true, "retention from each grade into the next, and from the highest into the stage that follows, if one alone does"),
    key("enrolment.<shared>.continuation", figure(SHARE, 0.0, 300.0, Shape::Path), true, "κ: entrants of both stages that share a source per pupil of its highest grade"),
    key("enrolment.<shared>.academic_share", figure(SHARE, 0.0, 100.0, Shape::Path), true, "γ: share of them in the first of the two"),
    key("enrolment.<technical>.rate", figure(SHARE, 0.0, 100.0, Shape::Path), true, "technical-school pupils per resident of the ages of the stages that share a source"),
    key("attendance.<name>.stages", Kind::Texts, true, "stages of the flow"),
    key("attendance.<name>.share", figure(SHARE, 0.0, 100.0, Shape::Path), true, "share of the origin's entrants; by year it holds for those who enter in a year, and older pupils stay. Two years in a row make a step: by_year = { 2023 = 0, 2024 = 30 }"),
    key("attendance.<name>.from_districts", Kind::Texts, false, "origins; default: all"),
    key("attendance.<name>.from_zones", Kind::Texts, false, "origins; default: all"),
    key("attendance.<name>.to_districts", Kind::Texts, false, "destinations; default: all"),
    key("attendance.<name>.to_zones", Kind::Texts, false, "destinations; default: all"),
    key("attendance.<name>.within", Kind::Choice(WITHIN), false, "destinations in the own district or the whole city; default district"),
    key("thresholds.<stage>.standard", figure(CLASS, 1.0, 200.0, Shape::Grades(0)), true, "class-size standard"),
    key("thresholds.<stage>.open_at", figure(CLASS, 1.0, 200.0, Shape::Path), true, "one class for every so many entrants"),
    key("thresholds.<stage>.relief_limit", figure(CLASS, 1.0, 200.0, Shape::Grades(0)), true, "above it a class is a case for relief"),
    key("thresholds.<stage>.ceiling", figure(CLASS, 1.0, 200.0, Shape::Grades(0)), true, "no school admits above it while another has a place"),
    key("thresholds.<stage>.oversized", figure(CLASS, 1.0, 200.0, Shape::Grades(0)), true, "oversized from so many pupils"),
    key("thresholds.<stage>.super_oversized", figure(CLASS, 1.0, 200.0, Shape::Grades(0)), true, "super-oversized from so many pupils"),
    key("levels.<name>.title", Kind::Text, true, "name in Chinese of a level at which oversized classes count as gone"),
    key("levels.<name>.title_en", Kind::Text, false, "the same in English"),
    key("levels.<name>.oversized_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "most oversized classes, as a share of all; all conditions of a level are met together. The level `working` has this one alone: charts and columns that name no level mean it"),
    key("levels.<name>.super_oversized_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "most super-oversized classes, as a share of all"),
    key("levels.<name>.oversized_classes", figure(&["classes"], 0.001, 1e6, Shape::Scalar), false, "fewer expected oversized classes than this"),
    key("levels.<name>.super_oversized_classes", figure(&["classes"], 0.001, 1e6, Shape::Scalar), false, "fewer expected super-oversized classes than this"),
    key("schools.choice.<stage>", figure(&["ratio"], 0.0, 10.0, Shape::Scalar), true, "θ: pull of quality in admission"),
    key("schools.class_spread", figure(&["pupils"], 0.0, 30.0, Shape::Scalar), true, "σ: spread of class sizes inside a school"),
    key("schools.smallest_new_class", figure(CLASS, 1.0, 100.0, Shape::Scalar), true, "smallest class with which an upper grade opens"),
    key("rules.close.<name>.active", Kind::Flag, true, "whether the rule applies"),
    key("rules.close.<name>.stage", Kind::Stage, true, "stage that it looks at"),
    key("rules.close.<name>.zones", Kind::Texts, false, "zones; default: all"),
    key("rules.close.<name>.under", figure(&["pupils"], 0.0, 5000.0, Shape::Scalar), true, "a school with fewer pupils is small"),
    key("rules.close.<name>.years", count(&["years"], 1.0, 50.0, Shape::Scalar), true, "years in a row that it must be small"),
    key("rules.close.<name>.from", count(&["year"], 1950.0, 2150.0, Shape::Scalar), true, "first year of closing"),
    key("rules.close.<name>.most_per_year", count(&["schools"], 0.0, 10000.0, Shape::Scalar), true, "most schools closed in a year"),
    key("rules.admission.active", Kind::Flag, false, "whether the first of two stages that share a source admits by plan: its share of the leavers moves with its places; default false"),
    key("rules.admission.elasticity", figure(&["ratio"], 0.0, 3.0, Shape::Scalar), false, "ε: how far the share of a pool follows its places over its leavers against the base year; 0: not at all, 1: places decide"),
    key("rules.admission.share_min", figure(&["ratio"], 0.0, 1.0, Shape::Scalar), false, "least share of a pool over academic_share; the rule needs it"),
    key("rules.admission.share_max", figure(&["ratio"], 1.0, 10.0, Shape::Scalar), false, "greatest share of a pool over academic_share, at most everybody; the rule needs it"),
    key("rules.admission.planned_class", figure(CLASS, 1.0, 200.0, Shape::Path), false, "pupils for whom an entry class is planned; absent: as many as the classes of the base year have, until rooms have brought them to the target class of additions, or to the standard where there are none"),
    key("rules.relief.active", Kind::Flag, false, "whether large classes are relieved as cities do of themselves (relief of the baseline: the frame of what is likely); default false"),
    key("rules.relief.<stage>.hazard", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "φ: share of the classes above the relief limit that is relieved in the year of the deadline and after it; before it φ over the years left and one"),
    key("rules.relief.<stage>.deadline", count(&["year"], 1950.0, 2150.0, Shape::Scalar), false, "year by which large classes were to be gone, announced before the base year; absent: nothing is relieved"),
    key("rules.relief.<stage>.choice_decay", figure(&["rate per year"], 0.0, 2.0, Shape::Scalar), false, "δ: fall of θ a year, on the log; default 0"),
    key("rules.additions.active", Kind::Flag, false, "whether rooms are added as classes fill (the frame of what is likely); default false"),
    key("rules.additions.<stage>.rate", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "λ: share of the rooms that are short which opens in a year"),
    key("rules.additions.<stage>.target_class", figure(CLASS, 1.0, 200.0, Shape::Scalar), false, "pupils for whom a room is thought full"),
    key("rules.additions.<stage>.most_per_year", count(&["rooms"], 0.0, 1e6, Shape::Scalar), false, "most rooms that are added in a year; default: no bound"),
    key("rules.additions.<stage>.cost_per_seat", figure(&["yuan per seat"], 0.0, 1e7, Shape::Scalar), false, "cost of a seat (room × standard of the base year); absent: not known"),
    key("levers.entry_cap.<stage>", figure(CLASS, 10.0, 200.0, Shape::Path), false, "largest class formed at entry, from the first year named"),
    key("levers.split_from.<stage>", count(&["year"], 1950.0, 2150.0, Shape::Scalar), false, "first year of splitting large classes into spare rooms"),
    key("levers.rebalance.<stage>", figure(SHARE, 0.0, 100.0, Shape::Path), false, "share of pupils above the relief limit who move, from the first year named"),
    key("levers.relief.<stage>", figure(SHARE, 0.0, 100.0, Shape::Path), false, "share of the classes above the relief limit that is brought to it in a year, whole grades at a time, from the first year named"),
    key("levers.merge_below.<stage>", figure(CLASS, 1.0, 100.0, Shape::Path), false, "smaller classes are merged, from the first year named"),
    key("staffing.<stage>.pupils_per_teacher", figure(&["pupils per teacher"], 1.0, 100.0, Shape::Path), false, "staffing figure"),
    key("unit_types.<name>.kind", Kind::Choice(&["new", "extension"]), true, "a new site, or rooms at an old one"),
    key("unit_types.<name>.rooms.<stage>", count(&["rooms"], 1.0, 500.0, Shape::Scalar), false, "rooms of the stage"),
    key("unit_types.<name>.cost_per_seat", figure(&["yuan per seat"], 0.0, 1e7, Shape::Scalar), true, "cost of a seat (room × standard of the base year)"),
    key("unit_types.<name>.all_grades", Kind::Flag, false, "opens every grade at once; default false"),
    key("unit_types.<name>.quality", figure(&["standard deviations"], -5.0, 5.0, Shape::Scalar), false, "quality of a new school; default the mean"),
    key("unit_types.<name>.boarding", count(&["places"], 0.0, 5000.0, Shape::Scalar), false, "boarding places of a unit; shown, without effect on admission"),
    key("programmes.<name>.title", Kind::Text, true, "title in Chinese"),
    key("programmes.<name>.title_en", Kind::Text, false, "title in English"),
    key("programmes.<name>.facts", Kind::Texts, false, "ids of the published rows that it stands on"),
    key("programmes.<name>.count", count(&["schools"], 0.0, 100000.0, Shape::Scalar), false, "published number of schools, checked against the mix"),
    key("programmes.<name>.seats", count(&["seats"], 0.0, 1e8, Shape::Scalar), false, "published number of seats, checked against the rooms"),
    key("programmes.<name>.investment", figure(MONEY, 0.0, 1e13, Shape::Scalar), false, "published investment; unit costs are scaled to it"),
    key("programmes.<name>.years", Kind::Span(1950, 2150), true, "first and last year of construction"),
    key("programmes.<name>.profile", figure(SHARE, 0.0, 100.0, Shape::List(0)), false, "share of the units begun in each year; default even"),
    key("programmes.<name>.placement", Kind::Choice(&["gap", "population", "equal", "explicit"]), false, "how units find their places; default gap"),
    key("programmes.<name>.placement_table", Kind::File, false, "for explicit: unit_type,district,zone,year,site"),
    key("programmes.<name>.districts", Kind::Texts, false, "districts where it builds; default: all"),
    key("programmes.<name>.zones", Kind::Texts, false, "zones where it builds; default: all"),
    key("programmes.<name>.skip", Kind::Flag, false, "leave out units where seats are ample; default false"),
    key("programmes.<name>.delay", count(&["years"], 0.0, 10.0, Shape::Scalar), true, "years late"),
    key("programmes.<name>.lag", count(&["years"], 1.0, 10.0, Shape::Scalar), false, "years from the beginning of construction to opening; default 1"),
    key("programmes.<name>.delivered", figure(SHARE, 0.0, 100.0, Shape::Scalar), true, "share of the units that is built"),
    key("programmes.<name>.cost_overrun", figure(&["percent", "share"], -90.0, 900.0, Shape::Scalar), true, "cost above plan"),
    key("programmes.<name>.mix.<name>", count(&["schools"], 0.0, 10000.0, Shape::Scalar), false, "units of a type"),
    key("programmes.<name>.events.<name>.kind", Kind::Choice(&["open", "extend", "relocate", "convert", "close", "merge", "upgrade", "reserve"]), true, "what happens"),
    key("programmes.<name>.events.<name>.year", Kind::Whole(1950, 2150), true, "year of construction; of taking effect for close, merge, convert, reserve, upgrade"),
    key("programmes.<name>.events.<name>.stage", Kind::Stage, false, "stage of the schools concerned"),
    key("programmes.<name>.events.<name>.site", Kind::Text, false, "the site concerned"),
    key("programmes.<name>.events.<name>.into", Kind::Text, false, "merge: the site that receives, of the register or, as PROGRAMME-EVENT, one that an event opens by then"),
    key("programmes.<name>.events.<name>.pick", Kind::Choice(&["largest", "smallest", "fullest", "emptiest", "weakest", "all"]), false, "instead of a site: a rule of choice"),
    key("programmes.<name>.events.<name>.number", count(&["schools"], 1.0, 10000.0, Shape::Scalar), false, "how many are picked; default 1"),
    key("programmes.<name>.events.<name>.from_districts", Kind::Texts, false, "districts to pick from; default: all"),
    key("programmes.<name>.events.<name>.from_zones", Kind::Texts, false, "zones to pick from; default: all"),
    key("programmes.<name>.events.<name>.to_district", Kind::Text, false, "open, relocate: where to"),
    key("programmes.<name>.events.<name>.to_zone", Kind::Text, false, "open, relocate: where to"),
    key("programmes.<name>.events.<name>.rooms", count(&["rooms"], -500.0, 500.0, Shape::Scalar), false, "extend: rooms that are added, below zero rooms that are lost, not 0; convert, reserve: rooms from 1; relocate: rooms more than before, all told, below zero fewer"),
    key("programmes.<name>.events.<name>.rooms_of.<stage>", count(&["rooms"], 1.0, 500.0, Shape::Scalar), false, "open: rooms by stage"),
    key("programmes.<name>.events.<name>.name", Kind::Text, false, "open: name of the new site"),
    key("programmes.<name>.events.<name>.all_grades", Kind::Flag, false, "open: every grade at once; default false"),
    key("programmes.<name>.events.<name>.to_stage", Kind::Stage, false, "convert: stage that gets the rooms"),
    key("programmes.<name>.events.<name>.quality", figure(&["standard deviations"], -5.0, 5.0, Shape::Scalar), false, "upgrade: change of quality"),
    key("programmes.<name>.events.<name>.boarding", count(&["places"], -5000.0, 5000.0, Shape::Scalar), false, "upgrade: boarding places more at each school; shown, without effect on admission"),
    key("programmes.<name>.events.<name>.share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "reserve: share of the rooms of each school, instead of rooms"),
    key("programmes.<name>.events.<name>.until", Kind::Whole(1950, 2200), false, "reserve: year from which the rooms are back in use, later than year; default: never"),
    key("programmes.<name>.events.<name>.reuse_stage", Kind::Stage, false, "relocate: stage that gets the old campus"),
    key("programmes.<name>.events.<name>.reuse_rooms", count(&["rooms"], 1.0, 500.0, Shape::Scalar), false, "relocate: rooms of the old campus that are used"),
    key("programmes.<name>.events.<name>.reuse_after", count(&["years"], 0.0, 50.0, Shape::Scalar), false, "relocate: years until the old campus opens; default 0"),
    key("targets.<name>.title", Kind::Text, true, "title in Chinese"),
    key("targets.<name>.title_en", Kind::Text, false, "title in English"),
    key("targets.<name>.facts", Kind::Texts, false, "ids of the published rows that it stands on"),
    key("targets.<name>.indicator", Kind::Choice(crate::target::MEASURE_KEYS), false, "what it speaks of"),
    key("targets.<name>.stages", Kind::Texts, false, "stages, added before a rate is taken"),
    key("targets.<name>.districts", Kind::Texts, false, "districts; default: all"),
    key("targets.<name>.zones", Kind::Texts, false, "zones; default: all"),
    key("targets.<name>.year", Kind::Whole(1950, 2150), true, "year for which it is set"),
    key("targets.<name>.at_least", figure(TARGET, 0.0, 1e9, Shape::Scalar), false, "a floor"),
    key("targets.<name>.at_most", figure(TARGET, 0.0, 1e9, Shape::Scalar), false, "a ceiling"),
    key("targets.<name>.tolerance", figure(TARGET, 0.0, 1e9, Shape::Scalar), false, "what a run may differ and still meet it; default 0"),
    key("targets.<name>.plan", Kind::Text, false, "key of the source that sets it; default: the source of its figure"),
    key("targets.<name>.force", Kind::Choice(&["binding", "expected"]), false, "whether the plan binds itself"),
    key("targets.<name>.input", Kind::Text, false, "path of the input from which the run's value follows: no result"),
    key("targets.<name>.not_modelled", Kind::Text, false, "instead of an indicator: why the model cannot say, in Chinese"),
    key("targets.<name>.not_modelled_en", Kind::Text, false, "the same in English"),
    key("targets.<name>.contradicted", Kind::Text, false, "why the plan's own figures contradict it, in Chinese"),
    key("targets.<name>.contradicted_en", Kind::Text, false, "the same in English"),
    key("calibration.doubts.<name>.incomparable", Kind::Flag, false, "it counts something else than the model: hindcast shows it and does not count it"),
    key("calibration.known_until", Kind::Whole(1950, 2150), false, "calibrate ignores observations of later years: only what was known then"),
    key("calibration.seed", count(&["seed"], 0.0, 9e15, Shape::Scalar), false, "seed of the synthetic register"),
    key("calibration.size_spread", figure(&["ratio"], 0.01, 3.0, Shape::Scalar), false, "coefficient of variation of school sizes"),
    key("calibration.census_shift", figure(&["share"], 0.0, 1.0, Shape::Scalar), false, "part of a year from the base day to the census day"),
    key("calibration.resident_share_15_17", figure(SHARE, 0.0, 200.0, Shape::Scalar), false, "residents 15-17 in households per resident of the 10-14 cohorts"),
    key("calibration.<stage>.register", Kind::File, false, "a register of real schools: its rows of the stage are taken as they are, and only what they lack is filled"),
    key("calibration.<stage>.schools", count(&["schools"], 0.0, 1e6, Shape::Scalar), false, "schools of the register; absent: the observation schools.STAGE of the base year, as for the next ones"),
    key("calibration.<stage>.pupils", count(&["pupils"], 0.0, 1e9, Shape::Scalar), false, "pupils of the register; absent, and no observation: the enrolment account"),
    key("calibration.<stage>.mean_class", figure(CLASS, 5.0, 120.0, Shape::Scalar), false, "mean class size to be met"),
    key("calibration.<stage>.fill", figure(&["ratio"], 0.1, 3.0, Shape::Scalar), false, "pupils over seats, where no mean class size is given"),
    key("calibration.<stage>.oversized_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "share of oversized classes to be met"),
    key("calibration.<stage>.super_oversized_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "share of super-oversized classes to be met"),
    key("calibration.<stage>.choice", figure(&["ratio"], 0.0, 10.0, Shape::Scalar), false, "θ of the register, where it is not to be fitted; of a real register default 0"),
    key("calibration.<stage>.zones.<zone>.schools", count(&["schools"], 0.0, 1e6, Shape::Scalar), false, "schools of the zone"),
    key("calibration.<stage>.zones.<zone>.pupils", count(&["pupils"], 0.0, 1e9, Shape::Scalar), false, "pupils in the schools of the zone"),
    key("calibration.<stage>.zones.<zone>.mean_class", figure(CLASS, 5.0, 120.0, Shape::Scalar), false, "mean class size of the zone, met by rooms of its own"),
    key("calibration.<stage>.zones.<zone>.oversized_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "share of oversized classes of the zone; met as well as one θ for all allows"),
    key("calibration.<stage>.rural_ratio", figure(&["ratio"], 0.0, 5.0, Shape::Scalar), false, "mean pupils of a rural school over those of the others"),
    key("calibration.<stage>.private_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "share of private schools"),
    key("calibration.<stage>.inclusive_share", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "share of pupils in public and inclusive schools of a stage by rate"),
    key("calibration.boundaries.<name>.districts", Kind::Texts, true, "districts whose borders changed between two censuses: the earlier one is used for their sum"),
    key("calibration.missed_under_5", figure(SHARE, 0.0, 50.0, Shape::Scalar), false, "share of the children under 5 whom the earlier census missed; for a base year between two censuses"),
    key("calibration.doubts.<name>.quantity", Kind::Text, true, "an observation that cannot be reconciled with the others"),
    key("calibration.doubts.<name>.year", Kind::Whole(1900, 2200), false, "its year; default: every year"),
    key("calibration.doubts.<name>.reason", Kind::Text, true, "the likely reason, in Chinese"),
    key("calibration.doubts.<name>.reason_en", Kind::Text, false, "the same in English"),
    key("calibration.errors.<name>", figure(SHARE, 0.0, 100.0, Shape::Scalar), false, "standard error that a kind of observation has beside its rounding, of its value; of smoothness, of the second difference over age"),
    key("calibration.priors.<name>", figure(SHARE, 1.0, 300.0, Shape::Scalar), false, "prior of a rate that calibrate estimates; low and high are its 10th and 90th percentiles"),
    key("calibration.birth_pattern", figure(&["births"], 0.0, 1e9, Shape::Path), false, "births by calendar year whose pattern splits ages 0-14"),
];

/// A key's place in [`KEYS`] and the parts of its pattern.
type Pattern = (usize, Vec<&'static str>);

/// The patterns of the keys by their first part, which is never a placeholder, in the order of the keys.
static PATTERNS: LazyLock<Vec<(&'static str, Vec<Pattern>)>> = LazyLock::new(|| {
    let mut by_first: Vec<(&'static str, Vec<Pattern>)> = Vec::new();
    for (idx, key) in KEYS.iter().enumerate() {
        let parts: Vec<&'static str> = key.pattern.split('.').collect();
        let at = by_first.iter().position(|(first, _)| *first == parts[0]);
        let at = at.unwrap_or_else(|| {
            by_first.push((parts[0], Vec::new()));
            by_first.len() - 1
        });
        by_first[at].1.push((idx, parts));
    }
    by_first
});

/// The patterns that begin as a path does; all of them for an empty one.
fn beginning_as(path: &[&str]) -> impl DoubleEndedIterator<Item = &'static Pattern> {
    let first = path.first().copied();
    let begins =
        move |(of, _): &&'static (&'static str, Vec<Pattern>)| first.is_none_or(|f| f == *of);
    PATTERNS.iter().filter(begins).flat_map(|(_, patterns)| patterns)
}

/// The key that a path of a city with these stages matches.
pub fn key_of(stages: &'static Stages, path: &[&str]) -> Option<&'static Key> {
    let is_path = |pattern: &[&'static str]| {
        pattern.len() == path.len()
            && pattern.iter().zip(path).all(|(p, part)| matches(stages, p, part))
    };
    beginning_as(path).find(|(_, parts)| is_path(parts)).map(|(idx, _)| &KEYS[*idx])
}

/// The key that a path of a checked tree matches, whatever the stages of its city are: of several the one with most fixed parts.
pub fn key_of_any(path: &[&str]) -> Option<&'static Key> {
    let n_fixed = |pattern: &[&str]| pattern.iter().zip(path).filter(|(p, part)| p == part).count();
    let fits = |pattern: &[&str]| {
        pattern.len() == path.len()
            && pattern.iter().zip(path).all(|(p, part)| p == part || p.starts_with('<'))
    };
    let fitting = beginning_as(path).filter(|(_, parts)| fits(parts));
    let best = fitting.rev().max_by_key(|(_, parts)| n_fixed(parts));
    best.map(|(idx, _)| &KEYS[*idx])
}

/// Names that may stand below a path: the fixed ones, and whether any name may.
pub fn children_of(stages: &'static Stages, path: &[&str]) -> (Vec<&'static str>, bool) {
    let mut names: Vec<&'static str> = Vec::new();
    let mut any_name = false;
    for (_, parts) in beginning_as(path) {
        let mut above = path.iter().zip(parts);
        if parts.len() > path.len() && above.all(|(part, p)| matches(stages, p, part)) {
            match parts[path.len()] {
                "<name>" => any_name = true,
                part => names.extend(names_of(stages, part)),
            }
        }
    }
    let mut seen: Vec<&'static str> = Vec::new();
    names.retain(|name| {
        let is_new = !seen.contains(name);
        seen.push(name);
        is_new
    });
    (names, any_name)
}

/// The names for which a part of a pattern stands in a city with these stages: itself, if it stands for none.
pub fn names_of(stages: &'static Stages, part: &'static str) -> Vec<&'static str> {
    let those = |is: fn(Stage) -> bool| stages.iter().filter(|s| is(*s)).map(Stage::key).collect();
    match part {
        "<stage>" => those(|_| true),
        "<rated>" => those(Stage::is_by_rate),
        "<entered>" => those(Stage::starts_cohorts),
        "<kept>" => those(|stage| !stage.is_by_rate() && stage.n_retentions() > 0),
        "<shared>" => those(|stage| stage.sharer().is_some()),
        "<technical>" => stages.pair().map(|_| "technical").into_iter().collect(),
        "<zone>" => Zone::ALL.iter().map(|zone| zone.key()).collect(),
        fixed => vec![fixed],
    }
}

/// Names that no stage can have: keys that stand where a stage's may, as `technical` in `enrolment`.
pub(super) fn is_beside_stages(name: &str) -> bool {
    let is_stages = |part: &str| part.starts_with('<') && !matches!(part, "<name>" | "<zone>");
    let is_name = |part: &str| part == name || (part, name) == ("<technical>", "technical");
    PATTERNS.iter().flat_map(|(_, patterns)| patterns.iter().map(move |p| (p, patterns))).any(
        |((_, parts), beside)| {
            parts.iter().position(|part| is_name(part)).is_some_and(|at| {
                let mut same =
                    beside.iter().filter(|(_, p)| p.len() > at && p[..at] == parts[..at]);
                same.any(|(_, p)| is_stages(p[at]))
            })
        },
    )
}

fn matches(stages: &'static Stages, pattern: &'static str, part: &str) -> bool {
    match pattern {
        "<name>" => true,
        fixed if !fixed.starts_with('<') => fixed == part,
        kind => names_of(stages, kind).contains(&part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_key() {
        assert!(key_of(crate::china(), &["thresholds", "primary", "standard"]).is_some());
        assert!(key_of(crate::china(), &["thresholds", "university", "standard"]).is_none());
        assert!(
            key_of(crate::china(), &["programmes", "k12-89", "mix", "new-primary-24"]).is_some()
        );
        assert!(key_of(crate::china(), &["programmes", "k12-89"]).is_none());
    }

    #[test]
    fn units_of_keys_are_in_the_closed_list() {
        for key in KEYS {
            if let Kind::Figure { units, .. } = key.kind {
                for unit in units {
                    assert!(crate::units::UNITS.contains(unit), "{}: {unit}", key.pattern);
                }
            }
        }
    }
}
