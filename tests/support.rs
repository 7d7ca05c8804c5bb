//! Scenarios made in code, for tests that need no file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use xuewei::axes::{MAX_GRADES, N_AGES, Stage, Stages, Zone};
use xuewei::city::{Area, BasePopulation, City, District, Name, Ownership, Pool, School, Site};
use xuewei::demand::attendance::base_shares;
use xuewei::demand::pairs::Pair;
use xuewei::demand::{Attendance, Demand, catchments};
use xuewei::event::{Placement, PlannedEvent, Programme};
use xuewei::level::{Condition, Level, WORKING};
use xuewei::scenario::{
    AttendanceFlow, DemandMode, Enrolment, Levers, MigrationTiming, Scenario, SchoolRules,
    Thresholds, Vital,
};
use xuewei::units::Path as DatedPath;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The stages of China.
pub fn stages() -> &'static Stages {
    xuewei::input::china()
}

/// A stage of China by its name.
pub fn stage(name: &str) -> Stage {
    stages().parse(name).expect("a stage of China")
}

/// Grades of the stages of China.
pub const N_GRADES: usize = 18;

/// A name in both languages.
fn name(text: &str) -> Name {
    Name { zh: text.to_string(), en: text.to_string() }
}

/// A city of `n_districts` districts with an urban and a rural area each, every area a pool of its own.
pub fn city(base_year: i32, horizon: i32, n_districts: usize) -> City {
    let districts = (0..n_districts)
        .map(|d| District { key: format!("d{d}"), name: name(&format!("d{d}")), tile: None })
        .collect();
    let areas: Vec<Area> = (0..n_districts)
        .flat_map(|district| [Zone::Urban, Zone::Rural].map(|zone| Area { district, zone }))
        .collect();
    let pools: Vec<Pool> =
        (0..areas.len()).map(|a| Pool { key: format!("p{a}"), areas: vec![a] }).collect();
    let n = areas.len();
    City {
        key: "test".to_string(),
        name: name("test"),
        base_year,
        horizon,
        stages: stages(),
        districts,
        pools: vec![pools; stages().len()],
        pool_of_area: vec![(0..n).collect(); stages().len()],
        neighbours: (0..n_districts).map(|d| vec![(d + 1) % n_districts]).collect(),
        population: BasePopulation {
            people: vec![0.0; n * 2 * N_AGES],
            group_quarters: vec![0.0; n * 2 * N_AGES],
        },
        areas,
        sites: Arc::default(),
        schools: Vec::new(),
    }
}

/// Adds a school with the same pupils and classes in every grade.
pub fn add_school(
    city: &mut City,
    area: usize,
    stage: Stage,
    rooms: i32,
    quality: f64,
    pupils: f64,
    classes: i32,
) {
    let number = city.sites.len();
    Arc::make_mut(&mut city.sites).push(Site {
        key: format!("s{number}"),
        name: format!("s{number}"),
        area,
        origin: "test".to_string(),
    });
    let n = stage.n_grades();
    let by_grade = |value: f64| std::array::from_fn(|g| if g < n { value } else { 0.0 });
    city.schools.push(School {
        site: number,
        stage,
        ownership: Ownership::Public,
        is_inclusive: false,
        rooms_total: rooms,
        rooms_reserved: 0,
        quality,
        pupils: by_grade(pupils),
        classes: std::array::from_fn(|g| if g < n { classes } else { 0 }),
        limits: by_grade(65.0),
    });
}

/// The working level alone: at most 1 % of classes oversized.
fn levels() -> Vec<Level> {
    let conditions = Condition::of("oversized_share", 0.01).into_iter().collect();
    vec![Level { key: WORKING.to_string(), name: name("working level"), conditions }]
}

/// The national thresholds: primary 45, secondary 50, kindergarten 25/30/35; ceiling 65.
pub fn thresholds() -> Thresholds {
    let of = |values: [f64; N_GRADES]| values.map(DatedPath::constant).to_vec();
    let flat = |kindergarten: [f64; 3], other: f64| {
        of(std::array::from_fn(|g| if g < 3 { kindergarten[g] } else { other }))
    };
    let standard = of(std::array::from_fn(|g| {
        if g < 3 {
            [25.0, 30.0, 35.0][g]
        } else if g < 9 {
            45.0
        } else {
            50.0
        }
    }));
    Thresholds {
        standard,
        open_at: [25.0, 45.0, 50.0, 50.0, 50.0].map(DatedPath::constant).to_vec(),
        relief_limit: flat([35.0, 40.0, 45.0], 55.0),
        ceiling: flat([35.0, 40.0, 45.0], 65.0),
        oversized: flat([36.0, 41.0, 46.0], 56.0),
        super_oversized: flat([46.0, 51.0, 56.0], 66.0),
    }
}

/// Levers of which none is pulled.
pub fn no_levers() -> Levers {
    Levers::none(stages())
}

/// A scenario without levers, programmes, births, deaths or moves.
pub fn scenario(city: City) -> Scenario {
    let one = || DatedPath::constant(1.0);
    let n_stages = city.stages.len();
    Scenario {
        key: "test".to_string(),
        title: name("test"),
        question: Name::default(),
        city: Arc::new(city),
        vital: Vital {
            survival: [[1.0; N_AGES]; 2],
            fertility_pattern: [0.0; N_AGES],
            total_fertility: DatedPath::constant(0.0),
            births_observed: Vec::new(),
            sex_ratio: one(),
            migration: Vec::new(),
            timing: MigrationTiming::Even,
            moves: Vec::new(),
            preschool_error: 1.0,
            children_per_migrant: None,
        },
        enrolment: Enrolment {
            mode: DemandMode::Cohort,
            gross_rate: stages()
                .map(|stage| DatedPath::constant(if stage.is_by_rate() { 1.0 } else { 0.0 })),
            weights: vec![1.0; N_GRADES],
            coverage: vec![one(); n_stages],
            retention: vec![one(); N_GRADES],
            continuation: one(),
            academic_share: DatedPath::constant(0.5),
            technical_rate: DatedPath::constant(0.0),
            minimum_people: 50.0,
        },
        attendance: Vec::new(),
        thresholds: thresholds(),
        levels: levels(),
        levers: no_levers(),
        rules: SchoolRules {
            choice: vec![0.2; n_stages],
            class_spread: 2.5,
            smallest_new_class: 20.0,
            closing: Vec::new(),
            relief: vec![None; n_stages],
            additions: vec![None; n_stages],
            admission: None,
        },
        unit_types: Vec::new(),
        programmes: Vec::new(),
        targets: vec![],
        plan_period: None,
        pupils_per_teacher: vec![None; n_stages],
    }
}

/// A programme of single events that is built as planned, without investment; what it builds opens a year after its beginning.
pub fn programme(events: Vec<PlannedEvent>) -> Programme {
    Programme {
        key: "p".to_string(),
        title: Name::default(),
        mix: Vec::new(),
        years: (2020, 2027),
        profile: Vec::new(),
        investment_yuan: None,
        placement: Placement::Explicit(Vec::new()),
        areas: vec![0, 1],
        skips_ample: false,
        delay_years: 0,
        lag_years: 1,
        delivered_share: 1.0,
        cost_ratio: 1.0,
        events,
    }
}

/// A flow of a share of the rural entrants to the urban area of their district.
pub fn rural_to_urban(city: &City, stage: Stage, share: f64) -> AttendanceFlow {
    let routes = (0..city.areas.len())
        .filter(|&a| city.areas[a].zone == Zone::Rural)
        .map(|a| (a, vec![a - 1]))
        .collect();
    AttendanceFlow { stage, routes, share: DatedPath::constant(share) }
}

/// Demand whose entrants are given by year and area, `entrants[year][area]`, and whose cohorts keep the size
/// `growth^years` of their entry. The base year is what the schools hold, by base shares.
pub fn demand(scenario: &Scenario, stage: Stage, entrants: &[Vec<f64>], growth: f64) -> Demand {
    let city = &*scenario.city;
    let n_areas = city.areas.len();
    let mut demand = Demand::empty(n_areas, N_GRADES);
    demand.attendance.resize_with(city.stages.len(), Attendance::default);
    let mut residents = vec![vec![0.0; n_areas * N_GRADES]; city.n_years()];
    for catchment in catchments(city, &scenario.attendance) {
        let attendance = &mut demand.attendance[catchment.stage.idx()];
        base_shares(&catchment, &[scenario], city.base_year, &mut attendance.base_shares);
        attendance.by_grade = vec![attendance.base_shares.clone(); catchment.stage.n_grades()];
        if catchment.stage != stage {
            continue;
        }
        for (g, grade) in stage.grades().enumerate() {
            let mut held = vec![0.0; n_areas];
            for school in city.schools.iter().filter(|s| s.stage == stage) {
                held[city.sites[school.site].area] += school.pupils[g];
            }
            for (area, &pupils) in held.iter().enumerate() {
                residents[0][area * N_GRADES + grade] = pupils;
                let shares = &mut attendance.by_grade[g];
                for &at in catchment.base_pairs.of_area(area) {
                    shares[at as usize] = [0.0];
                }
                let own = Pair::of(area, catchment.pool_of_area[area]);
                shares[catchment.base_pairs.find(own).expect("a home")] = [1.0];
            }
        }
    }
    for year_idx in 1..city.n_years() {
        for area in 0..n_areas {
            let first = area * N_GRADES + stage.first_grade();
            residents[year_idx][first] = entrants[year_idx - 1][area];
            for g in 1..stage.n_grades() {
                residents[year_idx][first + g] = residents[year_idx - 1][first + g - 1] * growth;
            }
        }
    }
    demand.residents = residents.into_iter().flatten().map(|pupils| [pupils]).collect();
    demand.technical = vec![[0.0]; city.n_years() * n_areas];
    demand.retention_nine_year = vec![1.0; city.n_years()];
    demand
}

/// The most grades of a stage, for arrays in tests.
pub const GRADES: usize = MAX_GRADES;
