//! What `calibrate` says on the terminal.

use std::io::stderr;
use std::path::Path;

use crate::axes::{N_AGES, Stage};
use crate::calibrate::children::Children;
use crate::calibrate::migration::Flow;
use crate::calibrate::rates::{RateFit, Verdict};
use crate::calibrate::targets::{Attempt, Met, Shape, What};
use crate::calibrate::{Calibrated, FittedStage};
use crate::city::Name;
use crate::input::overwrite::RealRows;
use crate::report::chart::Lang;
use crate::scenario::Scenario;

use super::super::results::table;
use super::unmet;

/// One of two texts.
pub(super) fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::Zh { zh } else { en }
}

/// A name in the language.
pub(super) fn name(lang: Lang, name: &Name) -> String {
    pick(lang, &name.zh, &name.en).to_string()
}

fn stage_name(lang: Lang, stage: Stage) -> &'static str {
    pick(lang, stage.zh(), stage.key())
}

/// Rows in the columns of a heading; the columns of `right` are aligned to the right.
pub(super) fn print(header: &[&str], rows: &[Vec<String>], right: &[usize]) {
    let header: Vec<String> = header.iter().map(ToString::to_string).collect();
    eprintln!("{}", table(&header, rows, right, &stderr()));
}

/// A register with real schools is kept: how many there are, and the ways out.
pub(super) fn not_overwritten(path: &Path, rows: &RealRows, lang: Lang) {
    let (path, n, n_all) = (path.display(), rows.n, rows.n_all);
    let keys: Vec<String> = rows
        .stages
        .iter()
        .map(|stage| format!("calibration.{}.register = \"…\"", stage.key()))
        .collect();
    let keys = match keys.is_empty() {
        true => "calibration.<stage>.register = \"…\"".to_string(),
        false => keys.join(pick(lang, "、", ", ")),
    };
    if lang == Lang::Zh {
        eprintln!(
            "error: {path}：{n_all} 行中有 {n} 行不是合成的（origin 不是 synthetic），--write 会覆盖它们；什么也没有写"
        );
        if rows.is_register {
            eprintln!("  city.toml 把这个文件本身写作真实名册");
        }
        eprintln!("  真实名册请另存为别的文件名，在 city.toml 里写 {keys}；");
        eprintln!("  或者用 --out 文件夹 把结果写到别处");
        return;
    }
    eprintln!(
        "error: {path}: {n} of {n_all} rows are not synthetic (by their origin), and --write would overwrite them; nothing was written"
    );
    if rows.is_register {
        eprintln!("  city.toml names this very file as a real register");
    }
    eprintln!("  save the real schools under another name and write {keys} in city.toml,");
    eprintln!("  or write the tables elsewhere with --out DIR");
}

/// A register that cannot be read is kept: it may hold real schools.
pub(super) fn not_known(path: &Path, lang: Lang) {
    let path = path.display();
    match lang {
        Lang::Zh => eprintln!(
            "error: {path}：读不出来，里面可能有真实学校，--write 不覆盖；请修正或移走，或者用 --out"
        ),
        Lang::En => eprintln!(
            "error: {path} cannot be read and may hold real schools, so --write does not overwrite it: mend it, move it away, or use --out"
        ),
    }
}

/// Tells everything: the register beside its targets, rates, flows, and the observations that are not met.
pub(super) fn tell(calibrated: &Calibrated, scenario: &Scenario, lang: Lang) {
    fits(calibrated, scenario, lang);
    if let Some(children) = &calibrated.people.children {
        rates(children, lang);
    }
    flows(&calibrated.people.flows, lang);
    unmet::tell(calibrated, &scenario.city, lang);
}

/// The fit by stage, target beside fitted; then what is missed.
fn fits(calibrated: &Calibrated, scenario: &Scenario, lang: Lang) {
    let city = &*scenario.city;
    let thresholds = scenario.thresholds.at(city.base_year);
    let grade = city.stages.example().first_grade();
    let of = |by_grade: &[f64]| format!("≥{} %", by_grade[grade]);
    let (large, huge) = (&of(&thresholds.oversized), &of(&thresholds.super_oversized));
    let header = match lang {
        Lang::Zh => [
            "学段",
            "学校",
            "教室",
            "学生",
            "学生/学位",
            "θ",
            "平均班额",
            "（目标）",
            large,
            "（目标）",
            huge,
            "（目标）",
            "拟合方式",
        ],
        Lang::En => [
            "stage", "schools", "rooms", "pupils", "fill", "θ", "mean", "(target)", large,
            "(target)", huge, "(target)", "shape",
        ],
    };
    let rows: Vec<Vec<String>> =
        calibrated.stages.iter().map(|fit| fit_row(calibrated, fit, lang)).collect();
    print(&header, &rows, &(1..12).collect::<Vec<_>>());
    let lines: Vec<String> = calibrated.stages.iter().flat_map(|fit| misses(fit, lang)).collect();
    if !lines.is_empty() {
        lines.iter().for_each(|line| eprintln!("  {line}"));
        eprintln!();
    }
}

fn fit_row(calibrated: &Calibrated, fit: &FittedStage, lang: Lang) -> Vec<String> {
    let schools = calibrated.schools.iter().filter(|s| s.stage == fit.stage).count();
    let target = |what: What| {
        let is_it = |met: &&Met| met.target.what == what && met.target.zone.is_none();
        let target = fit.mets.iter().find(is_it).map(|met| met.target.published);
        target.map_or("–".to_string(), |t| {
            format!("{}{t}{}", pick(lang, "（", "("), pick(lang, "）", ")"))
        })
    };
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    vec![
        stage_name(lang, fit.stage).to_string(),
        schools.to_string(),
        fit.rooms.to_string(),
        format!("{:.0}", fit.pupils),
        format!("{:.3}", fit.fill),
        format!("{:.4}", fit.choice),
        format!("{:.2}", fit.mean_class),
        target(What::MeanClass),
        percent(fit.oversized_share),
        target(What::Oversized),
        percent(fit.super_share),
        target(What::SuperOversized),
        shape(fit.shape, fit.shape_value, lang),
    ]
}

/// A shape with its value, where it has one.
fn shape(shape: Shape, value: f64, lang: Lang) -> String {
    match shape {
        Shape::Choice | Shape::Register => name(lang, &shape.name()),
        shape => format!("{} {value:.3}", name(lang, &shape.name())),
    }
}

/// Targets of zones beside the fit; and where something is missed, by how much every shape that was tried misses.
fn misses(fit: &FittedStage, lang: Lang) -> Vec<String> {
    let stage = stage_name(lang, fit.stage);
    let of_zone = |met: &Met| {
        let zone = met.target.zone?;
        let (what, target, fitted) =
            (name(lang, &met.target.what.name()), met.target.published, met.fitted);
        Some(match lang {
            Lang::Zh => format!("{stage}{}：{what}公布 {target}，这里 {fitted:.2}", zone.zh()),
            Lang::En => {
                format!("{stage} {}: {what} {target} published, {fitted:.2} here", zone.key())
            }
        })
    };
    let mut lines: Vec<String> = fit.mets.iter().filter_map(of_zone).collect();
    if fit.attempts.len() > 1 || !fit.mets.iter().all(Met::is_met) {
        lines.extend(fit.attempts.iter().map(|attempt| attempt_line(stage, attempt, lang)));
    }
    lines
}

fn attempt_line(stage: &str, attempt: &Attempt, lang: Lang) -> String {
    let miss = |met: &Met| format!("{} {:+.3}", name(lang, &met.target.what.name()), met.miss());
    let of_city = attempt.mets.iter().filter(|met| met.target.zone.is_none());
    let misses: Vec<String> = of_city.map(miss).collect();
    let (shape, choice) = (shape(attempt.shape, attempt.value, lang), attempt.choice);
    match (lang, attempt.is_met()) {
        (Lang::Zh, is_met) => {
            let verdict = if is_met { "全部相符" } else { "有出入" };
            format!("{stage}：{shape}，θ {choice:.4}，{verdict}：{}", misses.join("，"))
        }
        (Lang::En, is_met) => {
            let verdict = if is_met { "meets all" } else { "misses" };
            format!("{stage}: {shape}, θ {choice:.4} {verdict}: {}", misses.join(", "))
        }
    }
}

/// Rates before and after, and which of them the observations do not determine.
fn rates(children: &Children, lang: Lang) {
    let header = match lang {
        Lang::Zh => ["比率（%）", "先验", "80%区间", "估计", "80%区间", "依据"],
        Lang::En => ["rate, %", "prior", "80 %", "fitted", "80 %", "rests on"],
    };
    let rows: Vec<Vec<String>> = children.rates.iter().map(|fit| rate_row(fit, lang)).collect();
    print(&header, &rows, &[1, 2, 3, 4]);
    if !children.has_converged {
        let zh = "警告：儿童数的估计没有收敛\n";
        eprintln!(
            "{}",
            pick(lang, zh, "warning: the estimate of the children did not come to rest\n")
        );
    }
}

fn rate_row(fit: &RateFit, lang: Lang) -> Vec<String> {
    let prior = RateFit { value: fit.prior.value, error: fit.prior.error, ..*fit };
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    let range = |of: &RateFit| {
        let (low, high) = of.range();
        match fit.verdict() {
            Verdict::Given => "–".to_string(),
            _ => format!("{}–{}", percent(low), percent(high)),
        }
    };
    vec![
        name(lang, &fit.rate.name()),
        percent(prior.value),
        range(&prior),
        percent(fit.value),
        range(fit),
        name(lang, &fit.verdict().name()),
    ]
}

/// Flows that two censuses give, and what nothing determines.
fn flows(flows: &[Flow], lang: Lang) {
    let header = match lang {
        Lang::Zh => ["流动", "每年 %", "±", "依据的普查"],
        Lang::En => ["flow", "% a year", "±", "censuses"],
    };
    let row = |flow: &Flow| {
        vec![
            name(lang, &flow_name(flow)),
            format!("{:.2}", 100.0 * flow.rate),
            format!("{:.2}", 100.0 * flow.error),
            format!("{}, {}", flow.years.0, flow.years.1),
        ]
    };
    match flows.is_empty() {
        false => print(&header, &flows.iter().map(row).collect::<Vec<_>>(), &[1, 2]),
        true => eprintln!(
            "{}",
            pick(
                lang,
                "分年龄净迁移、乡村迁往城镇：没有两次普查，无法确定",
                "net migration by age and moves from villages: not determined without two censuses"
            )
        ),
    }
    let zh = "跨片区就学的学生：没有任何观测能够确定";
    let en = "pupils who go to school outside their own area: no observation tells";
    eprintln!("{}", pick(lang, zh, en));
}

fn flow_name(flow: &Flow) -> Name {
    let (from, to) = flow.ages;
    match (flow.path.starts_with("population.moves"), to + 1 < N_AGES) {
        (true, _) => {
            Name { zh: "乡村迁往城镇".to_string(), en: "moves from villages".to_string() }
        }
        (false, true) => Name {
            zh: format!("净迁移，{from}–{to}岁"),
            en: format!("net migration, ages {from}–{to}"),
        },
        (false, false) => Name {
            zh: format!("净迁移，{from}岁及以上"),
            en: format!("net migration, ages {from}+"),
        },
    }
}
