//! Every case that the text of a report tells: clearing, cost, targets, scenarios, uncertainty, missing charts.

use super::*;

/// Clearing years of the small plan: primary 2029 either way, junior 2031 and 2034 without, senior 2023; plan 2021-2025.
#[test]
fn clearing_is_told_in_every_case() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let zh = copy.told(&plan, Lang::Zh);
    assert!(
        zh.contains("小学大班额2029年清零（不建设时相同）；初中大班额2031年清零（不建设为2034年）"),
        "{zh}"
    );
    assert!(zh.contains("规划期末的2025年，已清零的是普通高中。"), "{zh}");
    let never = |s: &mut Value| s["clearing_year_at_level"][0][1] = Value::Null;
    let unbuilt = |to: Value| {
        move |s: &mut Value| s["against_no_build"]["clearing_year_no_build"] = to.clone()
    };
    copy.stage("junior", never);
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("初中大班额至2035年仍未清零，当年比例为")
            && told.contains("（不建设时2034年即可清零）"),
        "{told}"
    );
    copy.stage("junior", unbuilt(Value::Null));
    let told = copy.told(&plan, Lang::En);
    assert!(
        told.contains("junior schools do not clear by 2035")
            && told.contains("(nor with nothing built)"),
        "{told}"
    );
    copy.stage("primary", unbuilt(Value::Null));
    assert!(
        copy.told(&plan, Lang::Zh).contains("小学大班额2029年清零（不建设则至2035年不能清零）")
    );
    copy.stage("primary", unbuilt(2027.into()));
    assert!(copy.told(&plan, Lang::Zh).contains("（晚于不建设时的2027年）"));
    copy.replace("small-plan/resolved.toml", "period = [2021, 2025]", "period = [2025, 2030]");
    let told = copy.told(&plan, Lang::Zh);
    assert!(told.contains("普通高中在规划期开始前即已清零，不是规划的成效"), "{told}");
    copy.replace("small-plan/resolved.toml", "period = [2025, 2030]", "period = [2021, 2022]");
    assert!(copy.told(&plan, Lang::Zh).contains("规划期末的2022年，上述学段大班额均未清零。"));
    copy.replace("small-plan/resolved.toml", "period = [2021, 2022]", "");
    let told = copy.told(&plan, Lang::Zh);
    assert!(told.contains("该情景未载明规划期。") && !told.contains("规划期末"), "{told}");
    let all_clear = |s: &mut Value| s["clearing_year_at_level"][0][1] = 2024.into();
    let copy = Copy::of(&plan);
    for stage in ["primary", "junior", "senior", "vocational"] {
        copy.stage(stage, all_clear);
    }
    assert!(copy.told(&plan, Lang::Zh).contains("规划期末的2025年，上述学段大班额已全部清零。"));
    copy.stage("senior", |s| s["clearing_year_at_level"][0][1] = 2020.into());
    assert!(copy.told(&plan, Lang::Zh).contains("普通高中大班额比例自基年起即不高于1.0%"));
    copy.stage("all", |s| s["unplaced_pupil_years"] = 1234.4.into());
    copy.stage("all", |s| s["overflow_total"] = 77.0.into());
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("累计有1,234个学生年没有学位") && told.contains("累计有77名学生"),
        "{told}"
    );
}

#[test]
fn cost_and_empty_seats_are_told_in_every_case() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let zh = copy.told(&plan, Lang::Zh);
    assert!(zh.contains("至2035年共投资9,000万元"), "{zh}");
    copy.stage("all", |s| s["against_no_build"]["cost_per_pupil_year_relieved"] = Value::Null);
    assert!(copy.told(&plan, Lang::Zh).contains("但与不建设相比没有减少大班额学生年"));
    copy.stage("all", |s| s["against_no_build"]["stranded_seats"][0][1] = 0.0.into());
    assert!(copy.told(&plan, Lang::Zh).contains("规划没有增加2035年的空余学位"));
    copy.stage("all", |s| s["investment_total"] = 0.0.into());
    let told = copy.told(&plan, Lang::En);
    assert!(told.contains("No investment is known for the scenario's programmes"), "{told}");
    copy.stage("all", |s| s["empty_seats_horizon"] = 0.0.into());
    let told = copy.told(&plan, Lang::Zh);
    assert!(told.contains("至2035年没有空余学位") && told.contains("不存在闲置风险"), "{told}");
    let none = ["small-no-build"];
    let told = Copy::of(&none).told(&none, Lang::Zh);
    assert!(told.contains("该情景不含建设工程，没有新增投资"), "{told}");
    assert!(told.contains("该情景没有新建") && !told.contains("不建设时"), "{told}");
}

/// Two targets by hand: one met by its input, one that the model cannot tell.
#[test]
fn targets_are_told_in_every_case() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let none = copy.told(&plan, Lang::Zh);
    assert!(
        none.contains("该情景未设规划目标。")
            && none.contains("该情景未附规划目标，本节不作对照。")
    );
    let score = |key: &str, status: &str, input: Value| {
        serde_json::json!({ "target": key, "title": key, "title_en": key, "year": 2025, "direction": "at_least",
            "target_value": 96.0, "run_value": 95.0, "unit": "percent", "status": status, "input": input,
            "reason": "", "reason_en": "" })
    };
    let heading = "plan,target,place,year,target_value,run_value,unit,status,reason\n";
    let row = |key: &str, status: &str| format!("p,{key},all,2025,96,95,percent,{status},\n");
    let set = |rows: &[(&str, &str, Value)]| {
        let text: String = rows.iter().map(|(key, status, _)| row(key, status)).collect();
        fs::write(copy.path("small-plan/scorecard.csv"), format!("{heading}{text}"))
            .expect("a file");
        let scores = rows.iter().map(|(key, status, input)| score(key, status, input.clone()));
        let scores = Value::Array(scores.collect());
        copy.json("small-plan/summary.json", |summary| summary["scorecard"] = scores.clone());
    };
    set(&[("甲", "met", "rate".into()), ("乙", "not_modelled", Value::Null)]);
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("2项规划目标中，达成1项，模型不能测算1项。达成的目标中，“甲”由输入参数决定"),
        "{told}"
    );
    assert!(told.contains("2项目标中1项达成"), "{told}");
    set(&[("甲", "met", Value::Null)]);
    assert!(copy.told(&plan, Lang::Zh).contains("1项目标全部达成。"));
    set(&[
        ("甲", "missed", Value::Null),
        ("乙", "contradicted", Value::Null),
        ("丙", "outside_years", Value::Null),
    ]);
    let told = copy.told(&plan, Lang::Zh);
    assert!(
        told.contains("3项目标均未达成")
            && told.contains("与规划其他指标相矛盾1项，目标年在测算期之外1项"),
        "{told}"
    );
}

#[test]
fn scenarios_stand_side_by_side_with_and_without_a_comparison() {
    let runs = ["small-plan", "small-no-build"];
    let with = document(&all_folders()[..3], Lang::Zh);
    let without = document(&all_folders()[..2], Lang::Zh);
    let table = |document: &Document| {
        tables(document)
            .into_iter()
            .find(|table| table.key == "scenarios")
            .expect("a table")
            .rows
            .clone()
    };
    // Without it the same numbers come from the summaries; what is relieved is measured against nothing built in both.
    assert_eq!(table(&with), table(&without));
    assert!(text_of(&with).contains("各情景中，大班额学生年最少的是“小城规划”"));
    let one = document(&all_folders()[..1], Lang::Zh);
    assert!(tables(&one).iter().all(|table| table.key != "scenarios"));
    assert!(!text_of(&one).contains("作为对照"));
    // A dominated scenario is named.
    let names = ["small-plan", "small-no-build", "compare"];
    let copy = Copy::of(&names);
    copy.replace("compare/ranking.csv", ",small-plan,\n", ",small-plan,small-no-build\n");
    let told = copy.told(&names, Lang::En);
    assert!(told.contains("can be set aside: “nothing built” needs no more investment"), "{told}");
    assert!(Copy::of(&runs).told(&runs, Lang::Zh).contains("以“小城规划”为主方案"));
}

#[cfg(feature = "parquet")]
#[test]
fn uncertainty_is_told_with_and_without_a_sweep() {
    let names = ["small-plan", "small-futures"];
    let copy = Copy::of(&names);
    let told = copy.told(&names, Lang::Zh);
    assert!(
        told.contains("作了64次抽样，每次同时改变5项参数") && told.contains("不是实际发生的概率"),
        "{told}"
    );
    assert!(told.contains("对清零年份影响最大的因素：小学为择校"), "{told}");
    assert!(told.contains("抽样不足千次"), "{told}");
    let null = |key: &'static str| {
        move |summary: &mut Value| {
            for entry in summary["cleared"].as_array_mut().expect("a list") {
                entry[key] = Value::Null;
            }
        }
    };
    let file = "small-futures/analysis/summary.json";
    copy.json(file, null("nine_tenths_by"));
    let told = copy.told(&names, Lang::Zh);
    assert!(told.contains("但至2035年也只有") && told.contains("至2035年尚不能达到"), "{told}");
    copy.json(file, null("half_by"));
    assert!(copy.told(&names, Lang::Zh).contains("的未来中清零"));
    copy.json(file, |summary| summary["cleared"] = Value::Array(Vec::new()));
    assert!(copy.told(&names, Lang::Zh).contains("没有按年份统计清零比例"));
    copy.replace(
        "small-plan/manifest.json",
        "\"scenario\": \"small-plan\"",
        "\"scenario\": \"other\"",
    );
    assert!(copy.told(&names, Lang::Zh).contains("抽样不含“小城规划”"));
    let without = copy.told(&["small-plan"], Lang::En);
    assert!(
        without.contains("No sweep was given") && without.contains("xuewei analyse"),
        "{without}"
    );
}

#[test]
fn charts_that_are_not_there_are_left_out_and_said() {
    let plan = ["small-plan"];
    let copy = Copy::of(&plan);
    let figures = |copy: &Copy| {
        let document = document(&copy.paths(&plan), Lang::Zh);
        document.blocks.iter().filter(|block| matches!(block, Block::Figure(_))).count()
    };
    let all = figures(&copy);
    assert!(all >= 4, "{all}");
    fs::remove_file(copy.path("small-plan/charts/seats.png")).expect("a file");
    assert_eq!(figures(&copy), all - 1);
    assert!(copy.told(&plan, Lang::Zh).contains("缺少PNG或不能读取，从略：seats。"));
    assert!(copy.told(&plan, Lang::En).contains("The charts of small-plan are in Chinese"));
    fs::remove_dir_all(copy.path("small-plan/charts")).expect("a folder");
    assert_eq!(figures(&copy), 0);
    assert!(copy.told(&plan, Lang::Zh).contains("small-plan 中没有图"));
}
