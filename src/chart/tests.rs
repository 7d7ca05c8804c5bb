//! What must hold for every chart: legible, complete, within its frame, the same every time.

mod golden;
mod hindcasts;
mod maps;
mod plans;
mod sensitivity;
mod sizes;
mod stocks;
mod sweeps;
mod timelines;

use super::canvas::Rect;
use super::samples::{Changeable, stages};
use super::{
    Figure, Lang, Size, Stage, entrants, gaps, has_glyph, heatmap, oversized, places, pyramid,
    samples,
};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Group, Node};

/// Ink of two texts may come as near as this without being taken as touching.
const TOUCHING: f64 = 0.3;

/// Checks a drawing function: legible in its frame, and the same bytes when drawn again. With a
/// folder in `XUEWEI_CHART_LOOK`, every picture is written there to be looked at.
fn check(case: &str, draw: impl Fn(Lang) -> Figure) {
    for lang in [Lang::Zh, Lang::En] {
        let figure = draw(lang);
        assert_eq!(figure, draw(lang), "{case} {lang:?} differs when drawn again");
        let name = format!("{case} {lang:?} ({})", figure.title);
        if let Ok(folder) = std::env::var("XUEWEI_CHART_LOOK") {
            let file = format!("{folder}/{}-{lang:?}.png", case.replace(' ', "-"));
            let _ = std::fs::write(file, figure.png().unwrap_or_default());
        }
        check_legible(&name, &figure);
        assert!(!figure.title.is_empty() && !figure.description.is_empty(), "{name}");
    }
}

fn check_legible(name: &str, figure: &Figure) {
    let tree = super::render::parse(&figure.svg).expect("a chart is an SVG");
    let mut texts = Vec::new();
    let frame = Rect {
        left: -TOUCHING,
        top: -TOUCHING,
        right: f64::from(figure.width) + TOUCHING,
        bottom: f64::from(figure.height) + TOUCHING,
    };
    collect(tree.root(), &mut texts, &mut |area, what| {
        assert!(area.lies_within(&frame), "{name}: {what} lies outside: {area:?}");
    });
    assert!(!texts.is_empty(), "{name}: no words");
    for (i, (text, area)) in texts.iter().enumerate() {
        let unknown: String = text.chars().filter(|c| !has_glyph(*c)).collect();
        assert!(unknown.is_empty(), "{name}: no glyph for {unknown:?} in {text}");
        for (other, other_area) in &texts[i + 1..] {
            let smaller = Rect {
                left: other_area.left + TOUCHING,
                top: other_area.top + TOUCHING,
                right: other_area.right - TOUCHING,
                bottom: other_area.bottom - TOUCHING,
            };
            assert!(!area.meets(&smaller), "{name}: {text:?} and {other:?} overlap");
        }
    }
}

/// Texts with the bounds of their ink; `see` is given the bounds of everything drawn.
fn collect(group: &Group, texts: &mut Vec<(String, Rect)>, see: &mut impl FnMut(Rect, &str)) {
    for node in group.children() {
        match node {
            Node::Group(inner) => collect(inner, texts, see),
            Node::Text(text) => {
                let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                let ink = rect(text.flattened().abs_bounding_box());
                see(ink, &words);
                texts.push((words.trim().to_owned(), ink));
            }
            other => see(rect(other.abs_stroke_bounding_box()), "a shape"),
        }
    }
}

fn rect(area: resvg::usvg::Rect) -> Rect {
    Rect {
        left: f64::from(area.left()),
        top: f64::from(area.top()),
        right: f64::from(area.right()),
        bottom: f64::from(area.bottom()),
    }
}

/// Checks a chart with its ordinary input and with every value replaced in turn.
fn check_values<I: Changeable>(chart: &str, input: fn(Lang) -> I, draw: fn(&I, Lang) -> Figure) {
    let with = |case: &str, change: &dyn Fn(&mut Vec<f64>)| {
        check(&format!("{chart} {case}"), |lang| {
            let mut input = input(lang);
            for values in input.values() {
                change(values);
            }
            draw(&input, lang)
        });
    };
    with("ordinary", &|_| {});
    with("zero", &|v| v.fill(0.0));
    with("missing", &|v| v.fill(f64::NAN));
    with("endless", &|v| v.fill(f64::INFINITY));
    with("huge", &|v| v.iter_mut().for_each(|x| *x *= 1e9));
    with("negative", &|v| v.iter_mut().for_each(|x| *x = -*x));
    with("short", &|v| v.truncate(3));
    with("none", &|v| v.clear());
    with("holes", &|v| v.iter_mut().step_by(3).for_each(|x| *x = f64::NAN));
    for count in [0, 1, 2, 40] {
        check(&format!("{chart} {count} years"), |lang| {
            let mut input = input(lang);
            *input.years() = (2001..2001 + count).collect();
            let long = |v: &mut Vec<f64>| *v = v.iter().chain(v.iter()).copied().take(40).collect();
            input.values().into_iter().for_each(long);
            draw(&input, lang)
        });
    }
}

fn long_name(i: usize, lang: Lang) -> String {
    let word = lang
        .pick("“十四五”<规划>新建八十九所学校全部推迟", "89 new schools & extensions <delayed> by");
    format!(
        "{word}{}{}",
        i + 1,
        lang.pick("年（土地紧张）", " years, with little land in the city")
    )
}

#[test]
fn oversized_holds() {
    check_values("oversized", samples::oversized, oversized::draw);
    let counts = [1, 2, 4, 5, 8, 12];
    for (count, long) in counts.into_iter().flat_map(|count| [(count, false), (count, true)]) {
        check(&format!("oversized {count} scenarios {long}"), |lang| {
            let mut input = samples::oversized(lang);
            let name = |i: usize| match long {
                true => long_name(i, lang),
                false => format!("{}{}", lang.pick("情景", "Scenario "), i + 1),
            };
            input.scenarios = (0..count).map(name).collect();
            for panel in &mut input.panels {
                let lines = panel.lines.clone();
                panel.lines = (0..count).map(|i| lines[i % lines.len()].clone()).collect();
                for (i, line) in panel.lines.iter_mut().enumerate() {
                    line.oversized.iter_mut().for_each(|share| *share *= 1.0 - 0.05 * i as f64);
                }
            }
            oversized::draw(&input, lang)
        });
    }
    check("oversized five stages", |lang| {
        let mut input = samples::oversized(lang);
        let lines = input.panels[0].lines.clone();
        input.panels = stages::all().map(|stage| oversized::Panel { stage, lines: lines.clone() });
        oversized::draw(&input, lang)
    });
    check("oversized one stage", |lang| {
        let mut input = samples::oversized(lang);
        input.panels.truncate(1);
        oversized::draw(&input, lang)
    });
}

#[test]
fn heatmap_holds() {
    check_values("heatmap", samples::heatmap, heatmap::draw);
    for count in [1, 20] {
        check(&format!("heatmap {count} districts"), |lang| {
            let mut input = samples::heatmap(lang);
            for panel in &mut input.panels {
                let mut rows = panel.rows.iter().cycle().take(count).cloned().collect::<Vec<_>>();
                rows.iter_mut().enumerate().for_each(|(i, row)| row.district = long_name(i, lang));
                panel.rows = rows;
            }
            heatmap::draw(&input, lang)
        });
    }
}

#[test]
fn places_hold() {
    check_values("places", samples::places, places::draw);
    for count in [1, 2, 5] {
        check(&format!("places {count} stages"), |lang| {
            let mut input = samples::places(lang);
            let mut panels = input.panels.iter().cycle().take(count).cloned().collect::<Vec<_>>();
            if count == 5 {
                panels[4].stage = stages::vocational();
                panels[4].pupils.iter_mut().for_each(|pupils| *pupils /= 100.0);
                panels[4].seats.iter_mut().for_each(|seats| *seats /= 100.0);
            }
            input.panels = panels;
            places::draw(&input, lang)
        });
    }
}

#[test]
fn entrants_hold() {
    check_values("entrants", samples::entrants, entrants::draw);
    check("entrants one stage", |lang| {
        let mut input = samples::entrants(lang);
        input.lines.truncate(1);
        input.births = None;
        entrants::draw(&input, lang)
    });
}

#[test]
fn gaps_hold() {
    check_values("gaps", samples::gaps, gaps::draw);
    check("gaps one stage", |lang| {
        let mut input = samples::gaps(lang);
        input.layers.truncate(1);
        gaps::draw(&input, lang)
    });
}

/// Stages of other countries, and as many as there may be.
#[test]
fn other_stages_hold() {
    for (case, all) in [("english", stages::english()), ("most", stages::most())] {
        check(&format!("oversized {case}"), |lang| {
            let mut input = samples::oversized(lang);
            let lines = input.panels[0].lines.clone();
            input.panels = all.map(|stage| oversized::Panel { stage, lines: lines.clone() });
            oversized::draw(&input, lang)
        });
        let of_panel = |lang: Lang, stage: Stage| {
            let panel = samples::places(lang).panels[stage.idx() % 4].clone();
            places::Panel { stage, ..panel }
        };
        check(&format!("places {case}"), |lang| {
            let panels = all.map(|stage| of_panel(lang, stage));
            places::draw(&places::Input { panels, ..samples::places(lang) }, lang)
        });
        check(&format!("gaps {case}"), |lang| {
            let mut input = samples::gaps(lang);
            let layer =
                |stage: Stage| gaps::Layer { stage, ..input.layers[stage.idx() % 4].clone() };
            input.layers = all.map(layer);
            gaps::draw(&input, lang)
        });
        check(&format!("entrants {case}"), |lang| {
            let mut input = samples::entrants(lang);
            let line =
                |stage: Stage| entrants::Line { stage, ..input.lines[stage.idx() % 4].clone() };
            input.lines = all.map(line);
            entrants::draw(&input, lang)
        });
        check(&format!("pyramid {case}"), |lang| {
            let mut input = samples::stocks::pyramid(lang);
            for panel in &mut input.panels {
                panel.male.resize(30, 9_000.0);
                panel.female.resize(30, 9_000.0);
            }
            pyramid::draw(&pyramid::Input { stages: all, ..input }, lang)
        });
    }
}

#[test]
fn odd_words_are_shown_not_obeyed() {
    check("odd words", |lang| {
        let mut input = samples::places(lang);
        input.caption.city = "<script>&\"'".to_owned();
        input.caption.title = Some("]]> <b> & \u{0}\u{7}\n\t ".to_owned());
        input.caption.note = Some("很长".repeat(120));
        input.caption.source = "x".repeat(300);
        let figure = places::draw(&input, lang);
        let portable = figure.portable_svg().expect("a chart is an SVG");
        assert!(!portable.contains("<text") && !portable.contains("<script"));
        figure
    });
}

#[test]
fn outlines_look_like_the_words_they_replace() {
    let figure = heatmap::draw(&samples::heatmap(Lang::Zh), Lang::Zh);
    let portable = figure.portable_svg().expect("a chart is an SVG");
    assert!(!portable.contains("<text") && portable.contains("</desc>"));
    let pixels = |svg: &str| {
        let tree = super::render::parse(svg).expect("a chart is an SVG");
        let mut pixmap = Pixmap::new(figure.width, figure.height).expect("pixels");
        resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
        pixmap.take()
    };
    let (words, outlines) = (pixels(&figure.svg), pixels(&portable));
    let differences = words.iter().zip(&outlines).map(|(a, b)| u64::from(a.abs_diff(*b)));
    // Rounding to 0.1 units gives 0.06 of 255; words displaced by one unit give about 3.
    let mean = differences.sum::<u64>() as f64 / words.len() as f64;
    assert!(mean < 0.2, "mean difference {mean}");
}

#[test]
fn titles_tell_the_finding() {
    let expect = |figure: Figure, title: &str| assert_eq!(figure.title, title);
    expect(
        oversized::draw(&samples::oversized(Lang::Zh), Lang::Zh),
        "小学大班额2027年清零，比“不建设”早3年；初中2030年清零；普通高中到2040年仍有1.2%",
    );
    expect(
        oversized::draw(&samples::oversized(Lang::En), Lang::En),
        "Primary oversized classes clear in 2027, 3 years before \"No building\"; junior in 2030; senior still has 1.2% in 2040",
    );
    expect(
        entrants::draw(&samples::entrants(Lang::Zh), Lang::Zh),
        "入学高峰：小学2022年、初中2028年、普通高中2031年；幼儿园已过峰",
    );
    expect(
        gaps::draw(&samples::gaps(Lang::En), Lang::En),
        "Seats fall short most in 2020, by 14,200, and not at all from 2033; 258,100 stand empty in 2040, most of them in primary",
    );
}

#[test]
fn a_png_has_300_dots_per_inch_at_12_cm() {
    let figure = gaps::draw(&samples::gaps(Lang::Zh), Lang::Zh);
    let png = figure.png().expect("a chart is an SVG");
    assert_eq!(&png[1..4], b"PNG");
    // 12 cm / 2.54 cm × 300; 300 / 0.0254 m.
    assert_eq!(u32::from_be_bytes([png[16], png[17], png[18], png[19]]), 1417);
    assert_eq!(&png[37..41], b"pHYs");
    assert_eq!(u32::from_be_bytes([png[41], png[42], png[43], png[44]]), 11_811);
}

#[test]
fn a_pdf_is_one_page_of_12_cm_the_same_each_time() {
    for lang in [Lang::Zh, Lang::En] {
        let figure = heatmap::draw(&samples::heatmap(lang), lang);
        let pdf = figure.pdf().expect("a chart is an SVG");
        if let Ok(folder) = std::env::var("XUEWEI_CHART_LOOK") {
            let _ = std::fs::write(format!("{folder}/heatmap-{lang:?}.pdf"), &pdf);
        }
        assert!(pdf == figure.pdf().expect("a chart is an SVG"));
        assert!(pdf.starts_with(b"%PDF-1.") && pdf.len() < 200_000);
        // 12 cm are 12 / 2.54 × 72 = 340.157 points; the height has the same scale.
        let height = 340.157_48 * f64::from(figure.height) / 720.0;
        let sides = sides(&pdf);
        assert!((sides[0] - 340.157_48).abs() < 0.01 && (sides[1] - height).abs() < 0.01);
        let words = String::from_utf8_lossy(&pdf);
        assert!(words.contains("/Title") && !words.contains("Date"));
    }
}

/// Width and height of the page of a PDF, in points.
fn sides(pdf: &[u8]) -> Vec<f64> {
    let words = String::from_utf8_lossy(pdf);
    let page = words.split_once("/MediaBox [0 0 ").and_then(|(_, rest)| rest.split_once(']'));
    page.map_or("", |(sides, _)| sides).split(' ').filter_map(|side| side.parse().ok()).collect()
}

#[test]
fn a_slide_is_13_by_7_inches_in_every_form() {
    let mut input = samples::heatmap(Lang::En);
    input.caption.size = Size::Slide;
    let figure = heatmap::draw(&input, Lang::En);
    let pdf = figure.pdf().expect("a chart is an SVG");
    if let Ok(folder) = std::env::var("XUEWEI_CHART_LOOK") {
        let _ = std::fs::write(format!("{folder}/slide.pdf"), &pdf);
    }
    // 13⅓ and 7½ inches of 72 points.
    let sides = sides(&pdf);
    assert!((sides[0] - 960.0).abs() < 0.01 && (sides[1] - 540.0).abs() < 0.01, "{sides:?}");
    let png = figure.png().expect("a chart is an SVG");
    // 13⅓ inches at 150 dots, and their number in a metre.
    assert_eq!(u32::from_be_bytes([png[16], png[17], png[18], png[19]]), 2_000);
    assert_eq!(u32::from_be_bytes([png[41], png[42], png[43], png[44]]), 5_906);
    assert!(figure.portable_svg().is_ok_and(|svg| !svg.contains("<text")));
}
