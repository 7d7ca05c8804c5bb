//! The charts of sensitivity and of scenario discovery.

use super::super::prim::{limits, trajectory};
use super::super::samples::sweeps::{self, estimate};
use super::super::{Estimate, Lang, Quantity, convergence, morris, sobol, tornado};
use super::{check, long_name};

/// Odd numbers that every chart must bear.
const ODD: [f64; 6] = [f64::NAN, f64::INFINITY, -1e300, 1e300, 0.0, -0.3];

fn no_estimate() -> Estimate {
    estimate(f64::NAN, f64::NAN)
}

#[test]
fn tornado_holds() {
    for count in [0, 1, 2, 15] {
        check(&format!("tornado {count} factors"), |lang| {
            tornado::draw(&sweeps::tornado_of(count, lang), lang)
        });
    }
    check("tornado shares", |lang| {
        tornado::draw(&sweeps::swings(Quantity::Share, 0.03, 0.041, lang), lang)
    });
    check("tornado pupils", |lang| {
        let unit = Quantity::Number(lang.pick("人年", "pupil-years").to_owned());
        tornado::draw(&sweeps::swings(unit, 160_000.0, 580_477.0, lang), lang)
    });
    check("tornado years", |lang| {
        tornado::draw(&sweeps::swings(Quantity::Year, 4.0, 2031.4, lang), lang)
    });
    check("tornado long names and ties", |lang| {
        let mut input = sweeps::tornado_of(15, lang);
        if let tornado::Bars::Coefficients { rows, .. } = &mut input.bars {
            for (i, row) in rows.iter_mut().enumerate() {
                (row.factor, row.estimate) = (long_name(i, lang), estimate(0.3, 0.9));
            }
        }
        tornado::draw(&input, lang)
    });
    check("tornado odd", |lang| {
        let mut input = sweeps::tornado_of(8, lang);
        if let tornado::Bars::Coefficients { rows, .. } = &mut input.bars {
            rows.iter_mut().zip(ODD).for_each(|(row, value)| row.estimate = estimate(value, 0.1));
            rows[7].factor.clear();
        }
        tornado::draw(&input, lang)
    });
    check("tornado odd swings", |lang| {
        let mut input = sweeps::swings(Quantity::Share, 0.03, 0.041, lang);
        if let tornado::Bars::Swings { rows, .. } = &mut input.bars {
            rows.iter_mut().zip(ODD).for_each(|(row, value)| row.at_low = value);
        }
        tornado::draw(&input, lang)
    });
}

#[test]
fn the_tornado_names_the_two_longest_bars() {
    let mut input = sweeps::tornado_of(3, Lang::Zh);
    let tornado::Bars::Coefficients { rows, .. } = &mut input.bars else { return };
    for (row, (name, value)) in rows.iter_mut().zip([("甲", 0.1), ("乙", -0.7), ("丙", 0.4)]) {
        (row.factor, row.estimate) = (name.to_owned(), estimate(value, 0.2));
    }
    assert_eq!(
        tornado::draw(&input, Lang::Zh).title,
        "对2030年初中大班额占比影响最大的是“乙”（−0.70），其次是“丙”（0.40）；3个因素中2个的区间不含零"
    );
    assert_eq!(
        tornado::draw(&input, Lang::En).title.split_once(';').map(|(_, told)| told),
        Some(" 2 of 3 intervals leave out zero")
    );
}

#[test]
fn sobol_holds() {
    for count in [0, 1, 2, 15] {
        check(&format!("sobol {count} factors"), |lang| {
            sobol::draw(&sweeps::sobol_of(count, lang), lang)
        });
    }
    for (case, value, half) in
        [("ties", 0.2, 0.05), ("beyond", 1.1, 0.9), ("below", -0.1, 0.2), ("far", 40.0, 90.0)]
    {
        check(&format!("sobol {case}"), |lang| {
            let mut input = sweeps::sobol_of(6, lang);
            for row in &mut input.rows {
                (row.first, row.total) = (estimate(value, half), estimate(value, half));
            }
            sobol::draw(&input, lang)
        });
    }
    check("sobol long names and holes", |lang| {
        let mut input = sweeps::sobol_of(15, lang);
        for (i, row) in input.rows.iter_mut().enumerate() {
            row.factor = long_name(i, lang);
            match i % 4 {
                1 => row.first = no_estimate(),
                2 => row.total = no_estimate(),
                3 => row.total.low = f64::NAN,
                _ => {}
            }
        }
        sobol::draw(&input, lang)
    });
    check("sobol odd", |lang| {
        let mut input = sweeps::sobol_of(6, lang);
        input.rows.iter_mut().zip(ODD).for_each(|(row, value)| row.total = estimate(value, 1.0));
        sobol::draw(&input, lang)
    });
}

#[test]
fn the_sum_of_first_orders_and_the_rest_are_told() {
    let mut input = sweeps::sobol_of(2, Lang::Zh);
    for (row, (first, total)) in input.rows.iter_mut().zip([(0.2, 0.3), (0.5, 0.7)]) {
        (row.first, row.total) = (estimate(first, 0.1), estimate(total, 0.1));
    }
    input.rows[1].factor = "净迁移".to_owned();
    // 0.2 + 0.5 = 0.7; 1 − 0.7 = 0.3.
    assert_eq!(
        sobol::draw(&input, Lang::Zh).title,
        "“净迁移”单独解释2030年初中大班额占比方差的50%，连同交互70%；各因素一阶合计70%，其余30%来自交互作用"
    );
    input.rows[0].first.value = 0.53;
    let title = sobol::draw(&input, Lang::En).title;
    assert!(title.ends_with("add up to 103%: what exceeds 100% is sampling error"), "{title}");
}

#[test]
fn morris_holds() {
    for count in [0, 1, 5, 15, 40] {
        check(&format!("morris {count} factors"), |lang| {
            morris::draw(&sweeps::morris_of(count, lang), lang)
        });
    }
    check("morris ties", |lang| {
        let mut input = sweeps::morris_of(15, lang);
        input.points.iter_mut().for_each(|p| (p.mu_star, p.sigma) = (0.01, 0.004));
        morris::draw(&input, lang)
    });
    check("morris long names", |lang| {
        let mut input = sweeps::morris_of(15, lang);
        input.quantity = Quantity::Number(lang.pick("人年", "pupil-years").to_owned());
        for (i, point) in input.points.iter_mut().enumerate() {
            point.factor = long_name(i, lang);
            (point.mu_star, point.sigma) = (point.mu_star * 1e7, point.sigma * 1e7);
        }
        morris::draw(&input, lang)
    });
    check("morris odd", |lang| {
        let mut input = sweeps::morris_of(6, lang);
        input.quantity = Quantity::Year;
        for (point, value) in input.points.iter_mut().zip(ODD) {
            (point.mu_star, point.sigma) = (value, -value);
        }
        morris::draw(&input, lang)
    });
    check("morris no effect", |lang| {
        let mut input = sweeps::morris_of(6, lang);
        input.points.iter_mut().for_each(|p| (p.mu_star, p.sigma) = (0.0, 0.0));
        morris::draw(&input, lang)
    });
}

#[test]
fn morris_counts_what_bends_and_what_does_little() {
    let mut input = sweeps::morris_of(3, Lang::Zh);
    let values = [("甲", 0.02, 0.001), ("乙", 0.01, 0.011), ("丙", 0.0009, 0.0)];
    for (point, (name, mu_star, sigma)) in input.points.iter_mut().zip(values) {
        *point = morris::Point { factor: name.to_owned(), mu_star, sigma };
    }
    assert_eq!(
        morris::draw(&input, Lang::Zh).title,
        "“甲”对2030年初中大班额占比作用最大，平均2个百分点；1个因素的作用以非线性或交互为主；1个不到其5%"
    );
}

#[test]
fn convergence_holds() {
    for count in [0, 1, 2, 7, 15] {
        check(&format!("convergence {count} factors"), |lang| {
            convergence::draw(&sweeps::convergence_of(count, lang), lang)
        });
    }
    for points in [vec![], vec![0, 1], vec![64], vec![100, 200, 300], vec![1, u64::MAX]] {
        check(&format!("convergence at {points:?}"), |lang| {
            let mut input = sweeps::convergence_of(4, lang);
            input.points = points.clone();
            convergence::draw(&input, lang)
        });
    }
    check("convergence odd", |lang| {
        let mut input = sweeps::convergence_of(7, lang);
        for (line, value) in input.lines.iter_mut().zip(ODD) {
            line.estimates.iter_mut().step_by(2).for_each(|e| *e = estimate(value, 3.0));
        }
        input.lines.iter_mut().enumerate().for_each(|(i, l)| l.factor = long_name(i, lang));
        convergence::draw(&input, lang)
    });
}

#[test]
fn settled_means_a_narrow_interval_with_all_points() {
    let mut input = sweeps::convergence_of(2, Lang::En);
    input.points = vec![64, 128];
    input.settled_within = 0.05;
    let widths = [[0.3, 0.02], [0.01, 0.03]];
    for (line, widths) in input.lines.iter_mut().zip(widths) {
        line.estimates = widths.map(|half| estimate(0.4, half)).to_vec();
    }
    input.lines[1].factor = "delay".to_owned();
    // Widths 0.04 and 0.06.
    assert_eq!(
        convergence::draw(&input, Lang::En).title,
        "1 of 2 indices is not settled at N = 128; the widest interval is that of \"delay\" (0.060, limit 0.05)"
    );
    input.settled_within = 0.06;
    input.index = "总阶指数".to_owned();
    let title = convergence::draw(&input, Lang::Zh).title;
    assert_eq!(title, "N=128时2个因素的总阶指数都已稳定（区间最宽0.060，限0.06）");
}

#[test]
fn prim_holds() {
    check("prim trajectory", |lang| trajectory::draw(&sweeps::trajectory(lang), lang));
    for count in [0, 1, 3] {
        check(&format!("prim trajectory {count} boxes"), |lang| {
            let mut input = sweeps::trajectory(lang);
            input.boxes.truncate(count);
            input.chosen = Some(0);
            trajectory::draw(&input, lang)
        });
    }
    for chosen in [0, 10, 59, 99] {
        check(&format!("prim trajectory chosen {chosen}"), |lang| {
            let mut input = sweeps::trajectory(lang);
            input.chosen = Some(chosen);
            trajectory::draw(&input, lang)
        });
    }
    check("prim trajectory odd", |lang| {
        let mut input = sweeps::trajectory(lang);
        input.boxes.iter_mut().zip(ODD).for_each(|(step, value)| step.density = value);
        (input.base_rate, input.chosen) = (f64::NAN, None);
        trajectory::draw(&input, lang)
    });
    for count in [0, 1, 3, 15] {
        check(&format!("prim limits {count} factors"), |lang| {
            limits::draw(&sweeps::limits_of(count, lang), lang)
        });
    }
    check("prim limits odd", |lang| {
        let mut input = sweeps::limits_of(6, lang);
        for (i, (limit, value)) in input.limits.iter_mut().zip(ODD).enumerate() {
            limit.factor = long_name(i, lang);
            limit.unit = if i == 2 { "x".repeat(60) } else { String::new() };
            (limit.from, limit.to) = (Some((value, value)), Some((-value, f64::NAN)));
            limit.whole = (value, 0.0);
        }
        limits::draw(&input, lang)
    });
}

#[test]
fn the_box_is_told_by_its_first_limits_and_what_it_holds() {
    let input = sweeps::limits_of(3, Lang::Zh);
    assert_eq!(
        limits::draw(&input, Lang::Zh).title,
        "“生育水平”高、“规划项目实际完成的比例”低等3项时，74%是所关注的未来，占此类未来的62%"
    );
    let mut input = sweeps::trajectory(Lang::En);
    input.boxes[27] = trajectory::Peeled { coverage: 0.604, density: 0.85, restricted: 3 };
    assert_eq!(
        trajectory::draw(&input, Lang::En).title,
        "With 3 factors limited, 85% of futures are of interest (18% of all futures); these are 60% of all such futures"
    );
}
