//! Maps: tiles and outlines.

use super::super::map::{self, Layout, Regions};
use super::super::samples::maps::{outlines, tiles};
use super::super::{Figure, Lang};
use super::{check, check_values, long_name};

#[test]
fn tiles_hold() {
    check_values("map tiles", tiles, map::draw);
    for count in [0, 1, 2, 15, 40] {
        check(&format!("map tiles {count} districts"), |lang| {
            let mut input = tiles(lang);
            input.districts = input.districts.iter().cycle().take(count).cloned().collect();
            input.layout = Layout::Tiles(Vec::new());
            map::draw(&input, lang)
        });
    }
    check("map tiles long names", |lang| {
        let mut input = tiles(lang);
        let districts = input.districts.iter_mut().enumerate();
        districts.for_each(|(i, district)| district.name = long_name(i, lang));
        map::draw(&input, lang)
    });
    check("map tiles far apart", |lang| {
        let mut input = tiles(lang);
        input.layout = Layout::Tiles(vec![Some((0, 0)), Some((19, 19)), None, Some((0, 0))]);
        map::draw(&input, lang)
    });
    check("map tiles one year", |lang| {
        let mut input = tiles(lang);
        input.years.truncate(1);
        map::draw(&input, lang)
    });
}

#[test]
fn outlines_hold() {
    check_values("map outlines", outlines, map::draw);
    check("map outlines long names", |lang| {
        let mut input = outlines(lang);
        let districts = input.districts.iter_mut().enumerate();
        districts.for_each(|(i, district)| district.name = long_name(i, lang));
        map::draw(&input, lang)
    });
    check("map outlines fewer districts", |lang| {
        let mut input = outlines(lang);
        input.districts.truncate(4);
        map::draw(&input, lang)
    });
    check("map outlines none", |lang| {
        let mut input = outlines(lang);
        input.layout = Layout::Regions(Regions::default());
        map::draw(&input, lang)
    });
    for (case, corners) in [
        ("a point", "[5,5],[5,5],[5,5]"),
        ("a line", "[-180,0],[180,0],[-180,0]"),
        ("the earth", "[-180,-90],[180,-90],[180,90],[-180,90]"),
        ("a pole", "[0,90],[1,90],[1,89.9]"),
    ] {
        check(&format!("map outlines {case}"), |lang| {
            let mut input = outlines(lang);
            let json = format!(
                "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"id\":\"x\",\
                 \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{corners}]]}}}}]}}"
            );
            let regions = Regions::read(&json, &[vec!["X".to_owned()]]).expect("GeoJSON");
            input.layout = Layout::Regions(regions);
            map::draw(&input, lang)
        });
    }
}

#[test]
fn titles_of_maps_tell_the_finding() {
    let expect = |figure: Figure, title: &str| assert_eq!(figure.title, title);

    let zh = |years: usize| {
        let mut input = tiles(Lang::Zh);
        input.years.truncate(years);
        input.districts.truncate(2);
        input.districts[0].share = vec![0.034, 0.02, 0.01];
        input.districts[1].share = vec![0.009, 0.0101, f64::NAN];
        map::draw(&input, Lang::Zh)
    };
    expect(zh(1), "小学大班额2020年有1个区县超过1%：解放区");
    expect(zh(2), "小学大班额2025年仍有2个区县超过1%：解放区、中站区");
    expect(zh(3), "小学大班额到2028年在各区县都已清零，2020年还有1个区县超过1%");
    let mut input = tiles(Lang::En);
    input.districts.iter_mut().for_each(|district| district.share = vec![0.2, 0.1, 0.05]);
    expect(
        map::draw(&input, Lang::En),
        "Primary: 11 of 11 districts still above 1% oversized in 2028: Jiefang, Zhongzhan, Macun and 8 more",
    );
}
