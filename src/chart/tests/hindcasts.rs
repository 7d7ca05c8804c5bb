//! The chart of a hindcast.

use super::super::hindcast::{self, Finding};
use super::super::{Lang, samples::hindcasts};
use super::{check, check_values, long_name};

#[test]
fn hindcast_holds() {
    check_values("hindcast", hindcasts::hindcast, hindcast::draw);
    for count in [0, 1, 2, 3, 5, 15] {
        check(&format!("hindcast {count} panels"), |lang| {
            let mut input = hindcasts::hindcast(lang);
            let panels = input.panels.clone();
            input.panels = panels.into_iter().cycle().take(count).collect();
            hindcast::draw(&input, lang)
        });
    }
    check("hindcast long names", |lang| {
        let mut input = hindcasts::hindcast(lang);
        input.panels.iter_mut().enumerate().for_each(|(i, panel)| panel.name = long_name(i, lang));
        input.starts.iter_mut().enumerate().for_each(|(i, start)| start.name = long_name(i, lang));
        hindcast::draw(&input, lang)
    });
    check("hindcast odd published values", |lang| {
        let mut input = hindcasts::hindcast(lang);
        let values = [f64::NAN, f64::INFINITY, -5.0, f64::MAX, 0.0, 1.0];
        for (panel, value) in input.panels.iter_mut().zip(values) {
            panel.published.iter_mut().for_each(|dot| dot.value = value);
            panel.lines.iter_mut().for_each(|line| line.last_value = Some((i32::MIN, value)));
        }
        hindcast::draw(&input, lang)
    });
}

#[test]
fn the_title_says_what_was_found() {
    let title = |finding: Finding, lang: Lang| {
        let mut input = hindcasts::hindcast(lang);
        input.finding = finding;
        hindcast::draw(&input, lang).title
    };
    let found = hindcasts::hindcast(Lang::En).finding;
    assert_eq!(
        title(found, Lang::En),
        "Pupils 1 to 9 years ahead were 3.2% off on average; 14 of 20 forecasts are nearer than the last value"
    );
    assert_eq!(
        title(found, Lang::Zh),
        "在校生提前1至9年测算，平均误差3.2%；20个预测中14个比沿用上次数值更近"
    );
    let none = Finding::default();
    assert_eq!(
        title(none, Lang::En),
        "No forecast whose error counts: the start was made with later figures"
    );
}
