//! How long one scenario of Jiaozuo takes: the model alone, its parts, and with tables. Reported, never gated.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use xuewei::report::blocks::Blocks;
use xuewei::report::rows::Format;
use xuewei::report::tables::{self, Style};
use xuewei::{demand, indicators, input, model, population, programmes, schools};

fn scenario_of_jiaozuo(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/jiaozuo/plan.toml");
    let loaded = input::load(&path, &[]).expect("Jiaozuo loads");
    let scenario = &loaded.scenario;
    c.bench_function("load", |b| b.iter(|| input::load(black_box(&path), &[]).is_ok()));
    c.bench_function("population", |b| b.iter(|| population::project(black_box(scenario))));
    let people = population::project(scenario);
    c.bench_function("demand", |b| b.iter(|| demand::project(black_box(scenario), &people)));
    let outlook = Arc::new(model::project(scenario));
    c.bench_function("programmes", |b| {
        b.iter(|| programmes::expand(black_box(scenario), &people, &outlook.demand))
    });
    let expansion = programmes::expand(scenario, &people, &outlook.demand);
    c.bench_function("schools", |b| {
        b.iter(|| {
            schools::run(black_box(scenario), &outlook.demand, &expansion.sites, &expansion.events)
        })
    });
    c.bench_function("model", |b| b.iter(|| model::run(black_box(scenario))));
    let run = model::run(scenario);
    c.bench_function("indicators", |b| b.iter(|| indicators::table(black_box(scenario), &run)));
    let table = indicators::table(scenario, &run);
    c.bench_function("indicators.csv", |b| {
        b.iter(|| {
            let style = Style { format: Format::Csv, with_bom: false };
            tables::indicators(black_box(scenario), &run, &table).bytes(style)
        })
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = scenario_of_jiaozuo
}
criterion_main!(benches);
