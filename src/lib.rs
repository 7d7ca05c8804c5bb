//! `xuewei` (学位, "a seat at school"): a school-facility planning simulator.
//!
//! # Bird's eye
//!
//! A city folder says how many people live where, which schools stand there, which rates turn one into pupils of the
//! other, and what a plan wants to build. The program projects the population district by district, turns it into
//! pupils of every grade, lets them be admitted by rules, forms classes in the rooms there are, and shows how large
//! these classes become, year by year.
//!
//! # In a program
//!
//! ```
//! let plan = xuewei::load("tests/small/plan.toml")?;
//! let done = xuewei::run(&plan);
//! let junior = done.summary.stages.iter().find(|stage| stage.stage == "junior");
//! // The year from which oversized classes are gone, at the level `working`.
//! let cleared: Option<i32> = junior.and_then(|stage| stage.cleared());
//! assert!(cleared.is_some_and(|year| year >= plan.scenario.city.base_year));
//! // Stocks of the whole city, base year first, of a stage or of all.
//! let years = plan.scenario.city.years().zip(done.table.city_years(None));
//! assert!(years.into_iter().all(|(_, stocks)| stocks.pupils > 0.0));
//! # Ok::<(), xuewei::Error>(())
//! ```
//!
//! # Code map
//!
//! Each room stands above all that it imports; no import runs back up. The crates stand one above the other too (`tests/tidy.rs`
//! says on which each depends), and this one has every room under its name.
//!
//! | crate | room | what is in it |
//! |---|---|---|
//! | `xuewei` | [`load`], [`load_with`], [`run`], [`compare`], [`sweep()`], [`score`], [`summary`] | what other programs call, and what the commands call |
//! | | [`cli`] | arguments, progress, exit codes; only here is anything printed |
//! | `xuewei-report` | [`report`] | tables, documents, summary, provenance, and what charts show; computes no new quantity |
//! | `xuewei-chart` | [`report::chart`] | plain values to pictures: knows the model's words, no scenario and no file |
//! | `xuewei-sweep` | [`analysis`] | what a sweep's draws say: sensitivity, discovery, regret; pure functions on columns |
//! | | [`mod@sweep`] | factors and ranges put into scenarios, outcomes of a draw, the engine, its store of parts |
//! | `xuewei-calibrate` | [`calibrate`] | published totals → population and register |
//! | `xuewei-input` | [`input`] | files → a checked scenario; the only code that knows TOML, CSV and XLSX input |
//! | `xuewei-experiment` | [`experiment`] | distributions, correlation, designs: which points of the unknown are run |
//! | | [`parallel`], [`random`] | an ordered map, addressed randomness |
//! | `xuewei-model` | [`hindcast`] | an earlier year projected to a later one, and the errors |
//! | | [`comparison`] | ranks of runs, and which are dominated |
//! | | [`scorecard`] | every target of a plan against a run |
//! | | [`observed`] | published quantities and the same quantities of a run |
//! | | [`indicators`] | stocks of a run → indicators at every level |
//! | | [`model`] | the order of computing, in one place |
//! | | [`batch`] | the same model for sixteen draws at a time: people of a block, and what its schools come to for the city |
//! | | [`schools`] | register, intake, classes, relief, events: the year loop, once for single runs and blocks |
//! | | [`programmes`] | a plan's bundles of buildings → dated events at sites |
//! | | [`demand`] | children → pupils by residence, and where they attend; its plain rival, [`demand::grade_progression`] |
//! | | [`population`] | cohort component by single years of age |
//! | | [`event`] | programmes and dated events: plain data, and what planned events can happen one after another |
//! | | [`scenario`], [`target`], [`level`], [`city`] | plain immutable data |
//! | | [`stages`] | stages of schooling as data: grades, ages, what follows what |
//! | | [`axes`], [`units`], [`width`], [`numeric`] | indices, numbers, numbers of several draws, arithmetic |
//!
//! # Invariants
//!
//! 1. `xuewei-model` never touches files, environment, clock, randomness, threads or stdout. Its kernel (`schools`, `batch`, `demand`,
//!    `population`, `width`) stays in one crate: loops are inlined from the choice of vectors down.
//! 2. Only `input`, `report` and `sweep::store` open files (`calibrate` returns texts); only `cli` prints.
//! 3. After `input` the model returns values, not `Result`, and does not panic.
//! 4. `City` and `Scenario` are immutable; a variant is a new value that shares what did not change.
//! 5. People and pupils are `f64`; classes and rooms are counted. Transcendental functions go through `numeric`.
//! 6. No figure about the world has a default in code: it lives in `scenarios/`, with unit and source.
//! 7. `run` and `sweep` never write into `scenarios/`; `calibrate` does only with `--write`.
//! 8. What is written down twice is compared by a test.
//!
//! # Vocabulary
//!
//! *Stage* 学段, *grade* 年级, *zone* 城区/镇区/乡村, *area* one district × zone, *pool* an admission area 招生片区, *school* one
//! stage at one *site*, *room* 普通教室, *seat* 学位 (room × standard, derived), *class* 班, *oversized* 大班额 (from the
//! `thresholds` of the city on; in China 56 pupils), *programme* 工程, *event* one dated change of capacity.

pub mod cli;
mod facade;

pub use facade::{Draws, Error, compare, load, load_with, run, score, summary, sweep};

pub use xuewei_calibrate as calibrate;
pub use xuewei_experiment::{experiment, parallel, random};
pub use xuewei_input as input;
pub use xuewei_model::{
    axes, batch, city, comparison, demand, event, hindcast, indicators, level, model, numeric,
    observed, population, programmes, scenario, schools, scorecard, stages, target, units, width,
};
pub use xuewei_report as report;
pub use xuewei_sweep::{analysis, sweep};
