//! PRIM on the data of Bryant and Lempert (2010), against the EMA workbench's trajectory and boxes on the same data.

use xuewei::analysis::prim::{Options, boxes};

fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let split = |line: &str| line.split(',').map(|cell| cell.trim().to_string()).collect();
    let mut lines = text.lines();
    let heading = lines.next().map(split).unwrap_or_default();
    (heading, lines.map(split).collect())
}

fn number(cell: &str) -> f64 {
    cell.parse().expect("a number")
}

/// The EMA workbench's run with a peel of 0.1; XUEWEI_ORACLES names the folder of the files.
#[test]
fn bryant_and_lempert_2010() {
    let Ok(folder) = std::env::var("XUEWEI_ORACLES") else {
        eprintln!("XUEWEI_ORACLES is not set: the trajectory of PRIM is not checked");
        return;
    };
    let read = |name: &str| {
        let path = std::path::Path::new(&folder).join(format!("ema_prim_bryant2010_{name}.csv"));
        table(&std::fs::read_to_string(path).expect("an oracle"))
    };
    let (names, rows) = read("data");
    let column = |j: usize| rows.iter().map(|row| number(&row[j])).collect::<Vec<f64>>();
    let x: Vec<Vec<f64>> = (0..names.len() - 1).map(column).collect();
    let is_case: Vec<bool> = column(names.len() - 1).iter().map(|v| *v > 0.5).collect();
    let options = Options { peel: 0.1, paste: 0.05, smallest_mass: 0.05 };
    let found = boxes(&x, &is_case, &options, 1).remove(0);
    let (_, expected) = read("trajectory");
    assert_eq!(found.steps.len(), expected.len());
    for (step, row) in found.steps.iter().zip(&expected) {
        let row: Vec<f64> = row.iter().map(|cell| number(cell)).collect();
        assert_eq!(
            (step.n_cases, step.n, step.n_restricted),
            (row[4] as usize, row[7] as usize, row[8] as usize)
        );
        for (found, expected) in
            [step.coverage, step.density, step.mass].iter().zip([row[1], row[2], row[5]])
        {
            assert!((found - expected).abs() < 1e-15, "{row:?}");
        }
    }
    // Quasi-p-values of EMA workbench 2.5.3 for step 22, by factor low and high.
    assert_eq!(found.chosen, 22);
    let quasi_p = [
        ("Cellulosic cost", 0, 0.103_915_002_236_206_56),
        ("Total biomass", 1, 3.975_269_312_730_572e-6),
        ("Demand elasticity", 0, 5.677_298_162_579_92e-18),
        ("Biomass backstop price", 0, 7.746_278_404_804_139e-14),
    ];
    let n_limits: usize = found.quasi_p.iter().flatten().filter(|p| p.is_some()).count();
    assert_eq!(n_limits, quasi_p.len());
    for (name, side, expected) in quasi_p {
        let factor = names.iter().position(|known| known == name).expect("a factor");
        let p = found.quasi_p[factor][side].expect("a limit");
        assert!((p / expected - 1.0).abs() < 1e-9, "{name}: {p}");
    }
    let (_, limits) = read("boxes");
    for row in &limits {
        let factor = names.iter().position(|name| *name == row[1]).expect("a factor");
        let found = found.steps[row[0].parse::<usize>().expect("a step")].limits[factor];
        for (found, expected) in found.iter().zip([number(&row[2]), number(&row[3])]) {
            assert!((found - expected).abs() < 1e-12, "{row:?}: {found}");
        }
    }
}
