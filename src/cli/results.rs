//! Short tables for the terminal.

use std::io::{IsTerminal, Write, stderr};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::axes::Stage;
use crate::report::chart::Lang;
use crate::report::compare::{CRITERIA, Compared, Comparison};
use crate::report::summary::StageSummary;
use crate::scorecard::{Score, Status};

use super::FAILED;
use super::spark::{Spark, painted};

/// A table without lines; the columns of `right` are aligned to the right. A terminal gets lines wrapped to its width, a
/// file or a pipe gets them whole.
pub(super) fn table(
    header: &[String],
    rows: &[Vec<String>],
    right: &[usize],
    goes_to: &impl IsTerminal,
) -> String {
    let mut table = Table::new();
    let arrangement = match goes_to.is_terminal() {
        true => ContentArrangement::Dynamic,
        false => ContentArrangement::Disabled,
    };
    table.load_style(NOTHING).set_content_arrangement(arrangement);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row.clone());
    }
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// When oversized classes of a run are gone, its notes, and its targets: all of them, or their number.
pub(super) fn of_run(run: &Compared, lang: Lang, with_targets: bool) {
    let zh = lang == Lang::Zh;
    eprintln!("{} ({})", run.key(), run.title(lang));
    let question = &run.loaded.scenario.question;
    let question = if zh { &question.zh } else { &question.en };
    if !question.is_empty() {
        eprintln!("  {question}");
    }
    eprint!("{}", stages(run, zh));
    for note in &run.done.run.notes {
        match zh {
            true => eprintln!("  注：{}", note.zh),
            false => eprintln!("  note: {}", note.en),
        }
    }
    let scores = &run.done.scores;
    if scores.is_empty() {
        return;
    }
    let n = |status: Status| scores.iter().filter(|score| score.status == status).count();
    let (met, missed) = (n(Status::Met), n(Status::Missed));
    let (contradicted, rest) =
        (n(Status::Contradicted), n(Status::NotModelled) + n(Status::OutsideYears));
    if zh {
        eprintln!(
            "  目标{}项：达成{met}，未达成{missed}，规划自相矛盾{contradicted}，未测算{rest}",
            scores.len()
        );
    } else {
        eprintln!(
            "  {} targets: {met} met, {missed} missed, {contradicted} contradicted by the plan itself, {rest} not computed",
            scores.len()
        );
    }
    if with_targets {
        eprintln!("\n{}", scorecard(run, scores, lang));
    }
}

/// Shares of oversized classes of a city's stage by year.
fn shares(run: &Compared, stage: Stage) -> Vec<Option<f64>> {
    let years = run.done.table.city_years(Some(stage));
    years.iter().map(|s| (s.classes > 0.0).then(|| s.oversized / s.classes)).collect()
}

fn most_of<'a>(shares: impl IntoIterator<Item = &'a Option<f64>>) -> f64 {
    shares.into_iter().flatten().copied().fold(0.0, f64::max)
}

/// The share that has the highest bar: where hardly any class is ever oversized, bars stay low.
fn scale(most: f64, cleared_at: f64) -> f64 {
    most.max(3.0 * cleared_at)
}

fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_string(), |share| format!("{:.1}%", 100.0 * share))
}

/// The shares of oversized classes of every stage: at both ends, the most, the year from which they are gone, and all years as bars.
fn stages(run: &Compared, zh: bool) -> String {
    let [first, last] = run.done.summary.years;
    let words = match zh {
        true => ["", "最高", "清零", "大班额比例"],
        false => ["", "most", "cleared", "share of oversized classes"],
    };
    let header = [words[0].to_string(), first.to_string(), words[1].to_string()];
    let further = [last.to_string(), words[2].to_string(), format!("{}, {first}–{last}", words[3])];
    let header: Vec<String> = header.into_iter().chain(further).collect();
    let (mut rows, mut sparks) = (Vec::new(), Vec::new());
    let cleared_at = run.loaded.scenario.working_share();
    for stage in run.loaded.scenario.city.stages.iter() {
        let Some(summary) = stage_summary(run, stage.key()) else { continue };
        let shares = shares(run, stage);
        let most = most_of(&shares);
        let spark = Spark::of(&shares, scale(most, cleared_at), cleared_at);
        let name = if zh { stage.zh() } else { stage.en() };
        rows.push(vec![
            format!("  {name}"),
            percent(summary.oversized_share[0]),
            percent(Some(most)),
            percent(summary.oversized_share[1]),
            headline_year(summary).map_or("–".to_string(), |year| year.to_string()),
            spark.plain.clone(),
        ]);
        sparks.push(spark);
    }
    painted(table(&header, &rows, &[1, 2, 3, 4], &stderr()), &sparks, &stderr())
}

/// The shares of oversized classes of several runs as bars, each stage on one scale.
fn bars(runs: &[Compared], zh: bool) -> String {
    let stages = runs[0].loaded.scenario.city.stages.shown();
    let name = |stage: &Stage| if zh { stage.zh() } else { stage.en() };
    let [first, last] = runs[0].done.summary.years;
    let title = if zh { "大班额比例" } else { "oversized" };
    let header = [format!("{title} {first}–{last}")];
    let header: Vec<String> =
        header.into_iter().chain(stages.iter().map(|stage| name(stage).to_string())).collect();
    let of_run = |run: &Compared| stages.iter().map(|stage| shares(run, *stage)).collect();
    let all: Vec<Vec<Vec<Option<f64>>>> = runs.iter().map(of_run).collect();
    let most: Vec<f64> =
        (0..stages.len()).map(|s| most_of(all.iter().flat_map(|shares| &shares[s]))).collect();
    let (mut rows, mut sparks) = (Vec::new(), Vec::new());
    for (run, shares) in runs.iter().zip(&all) {
        let cleared_at = run.loaded.scenario.working_share();
        let mut row = vec![run.key().to_string()];
        for (shares, most) in shares.iter().zip(&most) {
            let spark = Spark::of(shares, scale(*most, cleared_at), cleared_at);
            row.push(spark.plain.clone());
            sparks.push(spark);
        }
        rows.push(row);
    }
    painted(table(&header, &rows, &[], &stderr()), &sparks, &stderr())
}

/// The targets of a run as a table, plan by plan.
fn scorecard(run: &Compared, scores: &[Score], lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let header = if zh {
        ["目标", "地区", "年份", "目标值", "测算值", "状态", "说明"]
    } else {
        ["target", "place", "year", "aim", "run", "status", "remark"]
    };
    let targets = &run.loaded.scenario.targets;
    let mut plans: Vec<&str> = Vec::new();
    for score in scores {
        let title = targets[score.target].plan_title.as_str();
        if !plans.contains(&title) {
            plans.push(title);
        }
    }
    let mut text = String::new();
    for plan in plans {
        let rows: Vec<Vec<String>> = scores
            .iter()
            .filter(|score| targets[score.target].plan_title == plan)
            .map(|score| {
                let target = &targets[score.target];
                let sign = target.bound.as_ref().map_or("", |b| if b.is_floor { "≥" } else { "≤" });
                let unit = match target.bound.as_ref().map(|b| b.unit.as_str()) {
                    Some("percent") => " %",
                    _ => "",
                };
                let number = |value: Option<f64>, sign: &str| {
                    value.map_or("–".to_string(), |v| format!("{sign}{}{unit}", grouped(v)))
                };
                vec![
                    if zh { target.title.zh.clone() } else { target.title.en.clone() },
                    if target.place == "all" { String::new() } else { target.place.clone() },
                    target.year.to_string(),
                    number(score.target_value, sign),
                    number(score.run_value, ""),
                    (if zh { score.status.zh() } else { score.status.en() }).to_string(),
                    if zh { score.reason.zh.clone() } else { score.reason.en.clone() },
                ]
            })
            .collect();
        text.push_str(&format!(
            "{plan}\n{}\n",
            table(&header.map(String::from), &rows, &[3, 4], &stderr())
        ));
    }
    text
}

/// Several runs as a table: when stages clear, what it costs, what is left, and which are dominated.
pub(super) fn of_comparison(
    runs: &[Compared],
    comparison: &Comparison,
    references: &[Option<usize>],
    lang: Lang,
) {
    let zh = lang == Lang::Zh;
    let mut header: Vec<String> = vec![if zh { "情景" } else { "scenario" }.to_string()];
    let stages = runs[0].loaded.scenario.city.stages.shown();
    for stage in &stages {
        header.push(if zh {
            format!("{}清零", stage.zh())
        } else {
            format!("{} clear", stage.en())
        });
    }
    let shown = &CRITERIA[1..];
    header.extend(shown.iter().map(|c| (if zh { c.zh } else { c.en }).to_string()));
    let has_targets = runs.iter().any(|run| !run.done.scores.is_empty());
    if has_targets {
        header.push(if zh { "目标达成" } else { "targets met" }.to_string());
    }
    header.push(if zh { "被支配于" } else { "dominated by" }.to_string());
    let rows: Vec<Vec<String>> = runs
        .iter()
        .enumerate()
        .map(|(idx, run)| {
            let mut row = vec![format!("{}{}", run.key(), other_people(comparison, idx))];
            for stage in &stages {
                let year = stage_summary(run, stage.key()).and_then(headline_year);
                row.push(year.map_or("–".to_string(), |year| year.to_string()));
            }
            for (position, criterion) in shown.iter().enumerate() {
                let value = (criterion.value)(&run.done.summary);
                let rank = comparison.ranks[position + 1][idx];
                let is_best = rank == Some(1);
                row.push(value.map_or("–".to_string(), |value| {
                    let value =
                        if criterion.key == "investment_total" { value / 1e8 } else { value };
                    let digits = if criterion.key == "investment_total" { 2 } else { 0 };
                    format!("{}{}", rounded(value, digits), if is_best { "*" } else { "" })
                }));
            }
            if has_targets {
                row.push(targets_met(&run.done.scores));
            }
            let by: Vec<&str> =
                comparison.dominated_by[idx].iter().map(|&other| runs[other].key()).collect();
            row.push(by.join(", "));
            row
        })
        .collect();
    let right: Vec<usize> = (1..header.len() - 1).collect();
    eprintln!("{}", table(&header, &rows, &right, &stderr()));
    eprint!("{}", bars(runs, zh));
    print_legend(runs, comparison, references, zh);
}

/// What the marks mean, against what is measured, and what the charts leave out.
fn print_legend(
    runs: &[Compared],
    comparison: &Comparison,
    references: &[Option<usize>],
    zh: bool,
) {
    let mut measured: Vec<usize> = references.iter().flatten().copied().collect();
    measured.sort_unstable();
    measured.dedup();
    let measured: Vec<&str> = measured.into_iter().map(|idx| runs[idx].key()).collect();
    let against = (!measured.is_empty()).then(|| measured.join(if zh { "、" } else { " or " }));
    let against = against.as_deref();
    let cleared_at = runs.first().map_or(0.0, |run| run.loaded.scenario.working_share());
    let has_other_people = comparison.groups.iter().any(|group| *group != 0);
    for line in legend(zh, cleared_at, against, has_other_people) {
        eprintln!("{line}");
    }
    let most = crate::report::pictures::MOST_LINES;
    if runs.len() > most && zh {
        eprintln!("折线图只画前{most}个情景");
    } else if runs.len() > most {
        eprintln!("the charts of lines show the first {most} scenarios");
    }
}

/// Targets met over those that can be computed and do not contradict themselves.
fn targets_met(scores: &[Score]) -> String {
    let n = |status: Status| scores.iter().filter(|score| score.status == status).count();
    format!("{}/{}", n(Status::Met), n(Status::Met) + n(Status::Missed))
}

/// What the marks of the comparison mean.
fn legend(zh: bool, cleared_at: f64, against: Option<&str>, has_other_people: bool) -> Vec<String> {
    let level = (1e4 * cleared_at).round() / 100.0;
    let mut lines = vec![String::new()];
    if zh {
        lines.push(format!(
            "清零：大班额比例自该年起保持在{level}%及以下；* 可比情景中最好；投资单位为亿元"
        ));
        lines.push("被支配：另一情景的投资、大班额学生年、未安置学生年、末年空余学位均不更差且至少一项更好".to_string());
        if let Some(key) = against {
            lines.push(format!("缓解按与 {key} 相比计算"));
        }
        if has_other_people {
            lines.push("+ 人口、班额标准或框架与首个情景不同：只与相同者比较".to_string());
        }
    } else {
        lines.push(format!("clear: the share of oversized classes stays at or below {level} % from then on; * best among comparable scenarios; investment in 100m yuan"));
        lines.push("dominated: another is no worse in investment, oversized and unplaced pupil-years and empty seats, and better in one".to_string());
        if let Some(key) = against {
            lines.push(format!("what is relieved is measured against {key}"));
        }
        if has_other_people {
            lines.push("+ its people, class-size standards or frame differ from those of the first scenario: ranked only among its like".to_string());
        }
    }
    lines
}

/// A mark for runs whose people are not those of the first.
fn other_people(comparison: &Comparison, idx: usize) -> &'static str {
    if comparison.groups[idx] == 0 { "" } else { " +" }
}

pub(super) fn stage_summary<'a>(run: &'a Compared, stage: &str) -> Option<&'a StageSummary> {
    run.done.summary.stages.iter().find(|s| s.stage == stage)
}

/// The clearing year at the working level.
pub(super) fn headline_year(stage: &StageSummary) -> Option<i32> {
    stage.cleared()
}

/// A number with two decimals at most and groups of thousands.
fn grouped(value: f64) -> String {
    let digits = if value.abs() >= 1000.0 || value.fract() == 0.0 { 0 } else { 2 };
    rounded(value, digits)
}

/// A number with so many decimals and groups of thousands.
pub(super) fn rounded(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(a, b)| (a, b));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("-", w));
    let mut grouped = String::new();
    for (idx, digit) in whole.chars().enumerate() {
        if idx > 0 && (whole.len() - idx) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

/// Writes data to stdout; a reader that went away is no failure.
pub(super) fn to_stdout(bytes: &[u8]) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => 0,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            eprintln!("error: cannot write to stdout: {error}");
            FAILED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_have_groups_of_thousands() {
        assert_eq!(rounded(1234567.891, 2), "1,234,567.89");
        assert_eq!(rounded(-107.4, 0), "-107");
        assert_eq!(rounded(999.0, 0), "999");
    }
}
