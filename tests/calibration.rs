//! `calibrate`: the synthetic register against what is published, real registers beside it.

use std::path::{Path, PathBuf};

use xuewei::axes::{Stage, Zone};
use xuewei::calibrate::targets::{Shape, What};
use xuewei::calibrate::{Calibrated, calibrate, tables};
use xuewei::{indicators, input, model};

use xuewei::report::chart::Lang;
use xuewei::report::folder;
use xuewei::report::made_up::{self, MadeUp};

use crate::support::{root, stage, stages};

/// A copy of the small city with its `city.toml` changed.
fn city(folder: &Path, change: impl Fn(String) -> String) -> PathBuf {
    let copy = |from: &str| {
        let target = folder.join(from);
        std::fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        std::fs::copy(root().join(from), target).expect("a copy");
    };
    for file in ["china.toml", "china/mortality.csv", "china/fertility.csv"] {
        copy(&format!("scenarios/{file}"));
    }
    for file in ["city.toml", "calibrated.toml", "observations.csv"] {
        copy(&format!("tests/small/{file}"));
    }
    let city = folder.join("tests/small");
    let text = std::fs::read_to_string(city.join("city.toml")).expect("a city");
    std::fs::write(city.join("city.toml"), change(text)).expect("a writable folder");
    city
}

/// Replaces a text that must be there.
fn instead(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

fn figure(name: &str, value: f64, unit: &str) -> String {
    format!("{name} = {{ value = {value}, unit = \"{unit}\", source = \"made-up\" }}\n")
}

fn calibrated(city: &Path) -> Calibrated {
    let keys = input::load_for_calibration(city, &[])
        .unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")));
    calibrate(&keys).unwrap_or_else(|missing| panic!("{missing:?}"))
}

/// Writes what `calibrate --write` writes and loads the city that a run would see.
fn written(city: &Path) -> input::Loaded {
    let keys = input::load_for_calibration(city, &[]).expect("the city loads");
    let calibrated = calibrate(&keys).expect("the city calibrates");
    write(city, &keys, &calibrated);
    input::load(city, &[]).unwrap_or_else(|refused| panic!("{}", refused.problems.render("error")))
}

fn write(city: &Path, keys: &input::CityKeys, calibrated: &Calibrated) {
    let of = &*keys.scenario.city;
    let files = [
        ("population.csv", tables::people(of, &calibrated.people.residents, true)),
        ("group_quarters.csv", tables::people(of, &calibrated.people.group_quarters, false)),
        ("schools.csv", tables::schools(of, calibrated)),
        ("calibrated.toml", tables::fitted(calibrated, keys)),
    ];
    for (name, text) in files {
        std::fs::write(city.join(name), text).expect("a writable folder");
    }
}

/// Mean class size, and shares of oversized and super-oversized classes in percent, of a run's base year.
fn base_year(loaded: &input::Loaded, stage: Stage) -> [f64; 4] {
    let table = indicators::table(&loaded.scenario, &model::run(&loaded.scenario));
    let base = &table.city_years(Some(stage))[0];
    let share = |part: f64| 100.0 * part / base.classes;
    [base.pupils / base.classes, share(base.oversized), share(base.super_oversized), base.classes]
}

/// The run's own base year has the published figures: mean 41.0 and 8.0 % in primary schools, 49.0 and 15.0 % in junior
/// ones. They are given to a decimal (±0.05), which is finer than one of so few classes.
#[test]
fn a_run_starts_from_the_published_means_and_shares() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = written(&city(folder.path(), |text| text));
    for (stage, mean, share) in [(stage("primary"), 41.0, 8.0), (stage("junior"), 49.0, 15.0)] {
        let [base_mean, base_share, _, classes] = base_year(&loaded, stage);
        assert!((base_mean - mean).abs() <= f64::max(0.05, mean / classes), "{base_mean}");
        assert!((base_share - share).abs() <= f64::max(0.05, 100.0 / classes), "{base_share}");
    }
    let count =
        |stage: Stage| loaded.scenario.city.schools.iter().filter(move |s| s.stage == stage);
    assert_eq!(stages().map(|stage| count(stage).count()), [30, 24, 10, 5, 2]);
    let vocational = count(stage("vocational")).flat_map(|school| school.pupils).sum::<f64>();
    assert_eq!(vocational, 1500.0);
}

/// A register made with θ = 0.3 tells its mean and shares; a fit to these finds the θ again.
#[test]
fn a_known_choice_is_found_again() {
    let (mean, share) = ("mean_class = { value = 41.0", "oversized_share = { value = 8.0");
    let given = |text: String| {
        let heading = "[calibration.primary]\n";
        let choice = format!("{heading}{}", figure("choice", 0.3, "ratio"));
        instead(&text, heading, &choice)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let known = calibrated(&city(folder.path(), given));
    let known =
        known.stages.iter().find(|fit| fit.stage == stage("primary")).expect("a fit").clone();
    assert_eq!(known.choice, 0.3);
    let folder = tempfile::tempdir().expect("a folder");
    let fitted = calibrated(&city(folder.path(), |text| {
        let to_mean = format!("mean_class = {{ value = {:.4}", known.mean_class);
        let to_share = format!("oversized_share = {{ value = {:.4}", 100.0 * known.oversized_share);
        instead(&instead(&text, mean, &to_mean), share, &to_share)
    }));
    let fitted = fitted.stages.iter().find(|fit| fit.stage == stage("primary")).expect("a fit");
    assert_eq!(fitted.shape, Shape::Choice);
    assert!((fitted.choice - 0.3).abs() < 0.02, "{}", fitted.choice);
}

/// Schools and pupils of zones are met to the last one, their mean class sizes by rooms of their own.
#[test]
fn published_zones_are_met() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = city(folder.path(), |text| {
        let zones = format!(
            "[calibration.primary.zones.urban]\n{}{}{}[calibration.primary.zones.rural]\n{}{}{}[calibration.junior]\n",
            figure("schools", 9.0, "schools"),
            figure("pupils", 4321.0, "pupils"),
            figure("mean_class", 46.0, "pupils per class"),
            figure("schools", 10.0, "schools"),
            figure("pupils", 2345.0, "pupils"),
            figure("oversized_share", 1.0, "percent"),
        )
        .replace(".0, unit = \"schools\"", ", unit = \"schools\"");
        instead(&text, "[calibration.junior]\n", &zones)
    });
    let calibrated = calibrated(&city);
    let keys = input::load_for_calibration(&city, &[]).expect("the city loads");
    let mut found = [(0, 0.0); 3];
    let (mut pupils_urban, mut classes_urban) = (0.0, 0);
    for school in calibrated.schools.iter().filter(|s| s.stage == stage("primary")) {
        let area = calibrated.sites[school.site].area;
        let zone = keys.scenario.city.areas[area].zone;
        let pupils = school.pupils.iter().sum::<f64>();
        found[zone as usize].0 += 1;
        found[zone as usize].1 += pupils;
        if zone == Zone::Urban {
            pupils_urban += pupils;
            classes_urban += school.classes.iter().sum::<i32>();
        }
    }
    assert_eq!(found[Zone::Urban as usize], (9, 4321.0));
    assert_eq!(found[Zone::Rural as usize], (10, 2345.0));
    // 24 schools in all.
    assert_eq!(found[Zone::Town as usize].0, 5);
    // One room in each of six grades more or less moves the mean of 94 classes by 3.
    let mean = pupils_urban / f64::from(classes_urban);
    assert!((mean - 46.0).abs() < 1.5, "{mean}");
    let fit = calibrated.stages.iter().find(|fit| fit.stage == stage("primary")).expect("a fit");
    let rural = fit.mets.iter().find(|met| met.target.zone == Some(Zone::Rural)).expect("a target");
    assert_eq!((rural.target.what, rural.target.published), (What::Oversized, 1.0));
}

/// Figures of zones that contradict those of the stage are named.
#[test]
fn zones_that_do_not_add_up_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = city(folder.path(), |text| {
        let zones = "[calibration.primary.zones.urban]\nschools = { value = 25, unit = \"schools\", source = \"made-up\" }\n[calibration.junior]\n";
        instead(&text, "[calibration.junior]\n", zones)
    });
    let keys = input::load_for_calibration(&city, &[]).expect("the city loads");
    let sentences = calibrate(&keys).expect_err("25 of 24 schools");
    assert_eq!(sentences, ["calibration.primary.zones: 25 schools in the zones, 24 in the stage"]);
}

const REAL: &str = "\
学校代码,学校名称,县区,城乡,学段,教室,pupils_1,pupils_2,pupils_3,classes,origin
n1,\"第一高中, 北校区\",北区,城区,高中,30,520,500,480,29,city register 2020
n2,第二高中,北区,城区,高中,,300,310,290,,city register 2020
s1,南县高中,南县,镇区,高中,12,240,0,250,10,city register 2020
x1,别的小学,南县,镇区,小学,6,1,1,1,3,city register 2020
";

/// Senior schools from a file, everything else synthetic: a run's base year has the rows as they are. Classes by hand: n1 has
/// 29 classes, one for each grade and then each for the largest (520/10 = 52 against 500/9 and 480/9: 10, 10, 9); n2
/// opens one for every 50: 6, 7, 6; s1 shares 10 between grades of 240 and 250: 5 and 5.
#[test]
fn a_real_register_stands_beside_synthetic_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = city(folder.path(), |text| {
        let heading = "[calibration.senior]\n";
        instead(&text, heading, &format!("{heading}register = \"senior-real.csv\"\n"))
    });
    std::fs::write(city.join("senior-real.csv"), REAL).expect("a writable folder");
    let loaded = written(&city);
    let of = &*loaded.scenario.city;
    let seniors: Vec<_> = of.schools.iter().filter(|s| s.stage == stage("senior")).collect();
    let rows: Vec<_> = seniors
        .iter()
        .map(|s| {
            let site = &of.sites[s.site];
            (site.key.as_str(), s.rooms_total, &s.pupils[..3], &s.classes[..3])
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("n1", 30, &[520.0, 500.0, 480.0][..], &[10, 10, 9][..]),
            ("n2", 19, &[300.0, 310.0, 290.0][..], &[6, 7, 6][..]),
            ("s1", 12, &[240.0, 0.0, 250.0][..], &[5, 0, 5][..]),
        ]
    );
    assert_eq!(of.sites[seniors[0].site].name, "第一高中, 北校区");
    assert_eq!(
        of.sites[seniors[1].site].origin,
        "city register 2020 (filled: ownership classes rooms limit quality)"
    );
    assert_eq!(loaded.scenario.rules.choice[stage("senior").idx()], 0.0);
    let run = model::run(&loaded.scenario);
    let first =
        of.schools.iter().position(|s| s.stage == stage("senior")).expect("a senior school");
    assert_eq!(run.schools.history.school(0, first).pupils, [520.0, 500.0, 480.0]);
    let primary = of.schools.iter().filter(|s| s.stage == stage("primary"));
    assert!(primary.clone().count() == 24);
    assert!(primary.into_iter().all(|s| of.sites[s.site].origin == "synthetic"));
    // 2,890 pupils in 58 classes.
    let [mean, ..] = base_year(&loaded, stage("senior"));
    assert!((mean - 2890.0 / 58.0).abs() < 1e-9, "{mean}");
}

/// What a real register lacks altogether is named, with its line.
#[test]
fn a_real_register_without_pupils_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = city(folder.path(), |text| {
        let heading = "[calibration.senior]\n";
        instead(&text, heading, &format!("{heading}register = \"senior-real.csv\"\n"))
    });
    let table = "site,name,district,zone,stage,pupils,pupils_1\na,A,north,urban,senior,,\nb,B,north,urban,senior,90,80\n";
    std::fs::write(city.join("senior-real.csv"), table).expect("a writable folder");
    let refused = input::load_for_calibration(&city, &[]).expect_err("no pupils");
    let text = refused.problems.render("error");
    assert!(text.contains("senior-real.csv:2"), "{text}");
    assert!(text.contains("expected the pupils of the school, found none"), "{text}");
    assert!(text.contains("90 pupils, but the grades add up to 80"), "{text}");
}

/// A fitted `open_at` is what a run reads, and no input of the next calibration: 0.9 · 45 = 40.5.
#[test]
fn a_fitted_open_at_is_written_and_not_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = city(folder.path(), |text| text);
    let keys = input::load_for_calibration(&city, &[]).expect("the city loads");
    let mut calibrated = calibrate(&keys).expect("the city calibrates");
    let primary = calibrated.stages.iter_mut().find(|fit| fit.stage == stage("primary"));
    primary.expect("a fit").open_at_factor = 0.9;
    write(&city, &keys, &calibrated);
    let open_at = |scenario: &xuewei::scenario::Scenario| {
        scenario.thresholds.open_at[stage("primary").idx()].at(2020)
    };
    let loaded =
        input::load(&city, &[]).unwrap_or_else(|r| panic!("{}", r.problems.render("error")));
    assert_eq!(open_at(&loaded.scenario), 40.5);
    let keys = input::load_for_calibration(&city, &[]).expect("the city loads");
    assert_eq!(open_at(&keys.scenario), 45.0);
}

/// Four counties: numbers of schools and published pupils are exact, and both shares of Henan in 2017 are met.
#[test]
fn a_province_has_its_schools_and_pupils() {
    let folder_of_test = tempfile::tempdir().expect("a folder");
    let made_up = MadeUp {
        name: "Province".to_string(),
        key: "province".to_string(),
        n_counties: 4,
        n_schools: 804,
        seed: 1,
        base_year: 2017,
        lang: Lang::En,
    };
    let city = folder_of_test.path().join("province");
    folder::write(&city, &made_up::files(&made_up)).expect("a folder to write in");
    let asked = input::load_for_calibration(&city, &[]).expect("the province loads");
    let figure = |key: &str, stage: Stage| {
        let figures = &asked.checked.figures;
        figures.get(&format!("calibration.{}.{key}", stage.key())).expect("a figure").scalar()
    };
    let calibrated = calibrated(&city);
    let of = |stage: Stage| calibrated.schools.iter().filter(move |s| s.stage == stage);
    for stage in stages().iter() {
        assert_eq!(of(stage).count() as f64, figure("schools", stage));
    }
    assert_eq!(calibrated.schools.len(), 804);
    for stage in [stage("senior"), stage("vocational")] {
        let pupils = of(stage).flat_map(|s| s.pupils).sum::<f64>();
        assert_eq!(pupils, figure("pupils", stage));
    }
    for (stage, mean, over, most) in
        [(stage("primary"), 43.3, 13.61, 4.75), (stage("junior"), 52.3, 29.56, 10.49)]
    {
        let fit = calibrated.stages.iter().find(|fit| fit.stage == stage).expect("a fit");
        let classes = of(stage).flat_map(|s| s.classes).sum::<i32>();
        let one = 100.0 / f64::from(classes);
        assert!((fit.mean_class - mean).abs() <= 0.05_f64.max(mean * one / 100.0), "{fit:?}");
        assert!((100.0 * fit.oversized_share - over).abs() <= one.max(0.005), "{fit:?}");
        assert!((100.0 * fit.super_share - most).abs() <= one.max(0.005), "{fit:?}");
    }
}
