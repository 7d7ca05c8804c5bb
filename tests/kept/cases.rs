//! Seeded cities: districts, pools, people, a register of all stages, rates, levers, standing rules and programmes at random,
//! every kind of event among them.

use xuewei::axes::{N_AGES, Stage, Zone};
use xuewei::city::{City, Name, Ownership, Pool};
use xuewei::event::{
    ClosingRule, Concerned, Part, PlacedUnit, Placement, PlannedEvent, PlannedKind, Programme,
    Receiver, Reuse, UnitType,
};
use xuewei::random;
use xuewei::scenario::{
    Additions, Admission, AttendanceFlow, MigrationRule, MigrationTiming, MoveRule, Scenario,
    StandingRelief,
};
use xuewei::units::{Path, Year};

use crate::support;

/// Addressed random numbers of one case.
struct Dice(u64, u64);

impl Dice {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.1 += 1;
        let unit = (random::mixed(self.0, self.1) >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * unit
    }

    fn whole(&mut self, low: i32, high: i32) -> i32 {
        self.between(f64::from(low), f64::from(high) + 1.0).floor() as i32
    }

    fn below(&mut self, n: usize) -> usize {
        (self.between(0.0, n as f64).floor() as usize).min(n - 1)
    }

    fn chance(&mut self, p: f64) -> bool {
        self.between(0.0, 1.0) < p
    }
}

/// The scenario of a seed.
pub fn seeded(seed: u64) -> Scenario {
    let mut dice = Dice(random::key(14, &format!("kept {seed}")), 0);
    let dice = &mut dice;
    let n_districts = dice.whole(1, 4) as usize;
    let horizon = 2020 + dice.whole(8, 14);
    let mut city = support::city(2020, horizon, n_districts);
    join_pools(&mut city, dice);
    settle_people(&mut city, dice);
    for stage in support::stages().iter() {
        add_schools(&mut city, stage, dice);
    }
    let mut scenario = support::scenario(city);
    set_rates(&mut scenario, dice);
    set_levers(&mut scenario, dice);
    if dice.chance(0.85) {
        add_programmes(&mut scenario, dice);
    }
    scenario
}

/// The same city, in which large classes are relieved and rooms added as cities do of themselves.
pub fn reacting(seed: u64) -> Scenario {
    let mut scenario = seeded(seed);
    let mut dice = Dice(random::key(15, &format!("reacting {seed}")), 0);
    let dice = &mut dice;
    scenario.vital.children_per_migrant = dice.chance(0.5).then(|| dice.between(0.0, 0.05));
    if dice.chance(0.5) {
        scenario.rules.admission = Some(Admission {
            elasticity: dice.between(0.0, 1.2),
            share_min: dice.between(0.5, 1.0),
            share_max: dice.between(1.0, 2.0),
            planned_class: dice.chance(0.5).then(|| Path::constant(dice.between(40.0, 60.0))),
        });
    }
    for stage in support::stages().iter() {
        let s = stage.idx();
        let standard = scenario.thresholds.standard[stage.first_grade()].at(2020);
        if dice.chance(0.3) {
            let path = Path::through(vec![(2020 + dice.whole(1, 4), dice.between(0.1, 1.0))]);
            scenario.levers.relief[s] = Some(path);
        }
        if dice.chance(0.6) {
            scenario.rules.relief[s] = Some(StandingRelief {
                hazard: dice.between(0.1, 1.0),
                deadline: dice.chance(0.8).then(|| dice.whole(2018, 2026)),
                choice_decay: if dice.chance(0.5) { dice.between(0.0, 0.5) } else { 0.0 },
            });
        }
        if dice.chance(0.7) {
            scenario.rules.additions[s] = Some(Additions {
                rate: dice.between(0.1, 1.0),
                target_class: standard * dice.between(0.85, 1.0),
                most_per_year: dice.chance(0.3).then(|| dice.whole(0, 6)),
                seat_yuan: dice.chance(0.7).then(|| dice.between(1e3, 4e4)),
            });
        }
    }
    scenario
}

/// Joins the areas of some stages into wider pools.
fn join_pools(city: &mut City, dice: &mut Dice) {
    let n_areas = city.areas.len();
    for stage in support::stages().iter() {
        let s = stage.idx();
        let all: Vec<usize> = (0..n_areas).collect();
        let groups: Vec<Vec<usize>> = match dice.below(4) {
            0 => vec![all],
            1 => all.chunks(2).map(<[usize]>::to_vec).collect(),
            _ => continue,
        };
        for (pool, areas) in groups.iter().enumerate() {
            areas.iter().for_each(|&area| city.pool_of_area[s][area] = pool);
        }
        let named = |(n, areas): (usize, Vec<usize>)| Pool { key: format!("p{n}"), areas };
        city.pools[s] = groups.into_iter().enumerate().map(named).collect();
    }
}

fn settle_people(city: &mut City, dice: &mut Dice) {
    for area in 0..city.areas.len() {
        let size =
            if dice.chance(0.15) { dice.between(5.0, 60.0) } else { dice.between(80.0, 900.0) };
        for sex in 0..2 {
            for age in 0..N_AGES {
                let there = size * (1.0 - age as f64 / 130.0) * dice.between(0.7, 1.3);
                city.population.people[(area * 2 + sex) * N_AGES + age] = there;
            }
        }
    }
}

/// Children of an age in an area.
fn children(city: &City, area: usize, age: usize) -> f64 {
    let people = &city.population.people;
    people[area * 2 * N_AGES + age] + people[(area * 2 + 1) * N_AGES + age]
}

fn add_schools(city: &mut City, stage: Stage, dice: &mut Dice) {
    let n_grades = stage.n_grades();
    let part = if stage.first_age() == 15 { 0.45 } else { 1.0 };
    let crowding = dice.between(38.0, 66.0);
    for area in 0..city.areas.len() {
        if dice.chance(0.12) {
            continue;
        }
        let n_schools = dice.whole(1, 4) as usize;
        for n in 0..n_schools {
            let pupils = part * children(city, area, stage.first_age() + 1) / n_schools as f64
                * dice.between(0.6, 1.2);
            let size =
                if stage == support::stage("kindergarten") { 0.6 * crowding } else { crowding };
            let classes = (pupils / size).round().max(1.0) as i32;
            let rooms = classes * n_grades as i32 + dice.whole(-2, 6);
            let rooms = if dice.chance(0.12) {
                dice.whole(1, n_grades as i32)
            } else {
                rooms.max(n_grades as i32)
            };
            let classes = if rooms < n_grades as i32 {
                1
            } else {
                classes.min(rooms / n_grades as i32).max(1)
            };
            let quality = dice.between(-2.0, 2.0);
            support::add_school(city, area, stage, rooms, quality, 0.0, classes);
            let school = city.schools.last_mut().expect("a school");
            school.pupils = std::array::from_fn(|g| {
                if g < n_grades { pupils * dice.between(0.8, 1.2) } else { 0.0 }
            });
            school.limits = std::array::from_fn(|g| {
                if g < n_grades { dice.between(45.0, 75.0).round() } else { 0.0 }
            });
            if dice.chance(0.2) && rooms > n_grades as i32 {
                school.rooms_reserved = 1;
            }
            if dice.chance(0.3) {
                school.ownership = Ownership::Private;
            }
            // A site with two stages.
            if stage == support::stage("junior") && n == 0 && dice.chance(0.4) {
                let there = city.schools.iter().position(|s| {
                    s.stage == support::stage("primary") && city.sites[s.site].area == area
                });
                if let Some(primary) = there {
                    let site = city.schools[primary].site;
                    if let Some(school) = city.schools.last_mut() {
                        school.site = site;
                    }
                }
            }
        }
    }
}

fn set_rates(scenario: &mut Scenario, dice: &mut Dice) {
    let n_areas = scenario.city.areas.len();
    let areas: Vec<usize> = (0..n_areas).collect();
    let vital = &mut scenario.vital;
    for sex in 0..2 {
        vital.survival[sex] = std::array::from_fn(|age| if age > 90 { 0.7 } else { 0.9995 });
    }
    vital.fertility_pattern =
        std::array::from_fn(|age| if (20..40).contains(&age) { 0.05 } else { 0.0 });
    vital.total_fertility =
        Path::through(vec![(2020, dice.between(0.8, 2.4)), (2030, dice.between(0.6, 2.4))]);
    vital.sex_ratio = Path::constant(1.08);
    if dice.chance(0.5) {
        let births =
            (2020..2020 + dice.whole(1, 4)).map(|year| (year, dice.between(500.0, 3000.0)));
        vital.births_observed = births.collect();
    }
    vital.timing = if dice.chance(0.7) { MigrationTiming::Even } else { MigrationTiming::End };
    for _ in 0..dice.below(3) {
        let first = dice.below(30);
        let rate = Path::through(vec![
            (2020, dice.between(-0.04, 0.05)),
            (2028, dice.between(-0.04, 0.05)),
        ]);
        let there = areas.iter().copied().filter(|_| dice.chance(0.7)).collect();
        vital.migration.push(MigrationRule { ages: (first, first + 25), areas: there, rate });
    }
    if n_areas > 1 && dice.chance(0.6) {
        let routes = (0..n_areas / 2).map(|d| (2 * d + 1, vec![2 * d])).collect();
        vital.moves.push(MoveRule {
            ages: (0, 44),
            routes,
            rate: Path::constant(dice.between(0.0, 0.05)),
        });
    }
    let enrolment = &mut scenario.enrolment;
    enrolment.gross_rate[support::stage("kindergarten").idx()] =
        Path::through(vec![(2020, dice.between(0.7, 1.0)), (2027, dice.between(0.7, 1.05))]);
    let weights = [dice.between(0.8, 1.0), 1.0, dice.between(0.9, 1.1)];
    enrolment.weights[..3].copy_from_slice(&weights);
    enrolment.coverage[support::stage("primary").idx()] = Path::constant(dice.between(0.9, 1.1));
    enrolment.retention.fill_with(|| Path::constant(dice.between(0.97, 1.01)));
    enrolment.continuation = Path::constant(dice.between(0.7, 1.0));
    enrolment.academic_share = Path::constant(dice.between(0.4, 0.7));
    enrolment.technical_rate = Path::constant(dice.between(0.0, 0.1));
    // Where everybody's own growth counts the rule for small areas does nothing.
    enrolment.minimum_people = if dice.chance(0.5) { 0.0 } else { 50.0 };
    for stage in support::stages().iter() {
        if n_areas > 1 && dice.chance(0.5) {
            let routes = (0..n_areas).filter(|a| a % 2 == 1).map(|a| (a, vec![a - 1])).collect();
            let share = dice.between(0.0, 0.6);
            scenario.attendance.push(AttendanceFlow {
                stage,
                routes,
                share: Path::constant(share),
            });
        }
    }
}

fn set_levers(scenario: &mut Scenario, dice: &mut Dice) {
    let rules = &mut scenario.rules;
    rules.choice.fill_with(|| dice.between(0.0, 0.8));
    rules.class_spread = if dice.chance(0.2) { 0.0 } else { dice.between(0.5, 4.0) };
    rules.smallest_new_class = dice.between(5.0, 25.0);
    let from = |dice: &mut Dice| 2020 + dice.whole(1, 5);
    for stage in support::stages().iter() {
        let s = stage.idx();
        let narrow = if stage == support::stage("kindergarten") { 0.6 } else { 1.0 };
        let levers = &mut scenario.levers;
        if dice.chance(0.3) {
            levers.entry_cap[s] =
                Some(Path::through(vec![(from(dice), narrow * dice.between(38.0, 62.0))]));
        }
        if dice.chance(0.25) {
            levers.split_from[s] = Some(from(dice));
        }
        if dice.chance(0.25) {
            levers.rebalance[s] = Some(Path::through(vec![(from(dice), dice.between(0.1, 1.0))]));
        }
        if dice.chance(0.25) {
            levers.merge_below[s] =
                Some(Path::through(vec![(from(dice), narrow * dice.between(15.0, 35.0))]));
        }
        if dice.chance(0.2) {
            rules.closing.push(ClosingRule {
                key: format!("close-{s}"),
                stage,
                zones: if dice.chance(0.5) {
                    vec![Zone::Rural]
                } else {
                    vec![Zone::Urban, Zone::Rural]
                },
                under_pupils: dice.between(50.0, 400.0),
                years: dice.whole(1, 3),
                from_year: 2020 + dice.whole(1, 6),
                most_per_year: dice.whole(1, 2),
            });
        }
    }
    if dice.chance(0.3) {
        let first = scenario.city.base_year;
        for path in &mut scenario.thresholds.standard {
            let now = path.at(first);
            *path = Path::through(vec![(first, now), (first + 8, now * 0.85)]);
        }
    }
}

fn add_programmes(scenario: &mut Scenario, dice: &mut Dice) {
    for (n, stages) in [
        vec![(support::stage("primary"), 12)],
        vec![(support::stage("primary"), 12), (support::stage("junior"), 6)],
        vec![(support::stage("senior"), 15)],
        vec![(support::stage("kindergarten"), 6)],
    ]
    .into_iter()
    .enumerate()
    {
        scenario.unit_types.push(UnitType {
            key: format!("new-{n}"),
            rooms: stages,
            is_extension: false,
            opens_all_grades: dice.chance(0.4),
            cost_yuan: dice.between(1e6, 1e8),
            quality: dice.between(-0.5, 0.5),
            boarding_places: if dice.chance(0.3) { 40 } else { 0 },
        });
    }
    scenario.unit_types.push(UnitType {
        key: "wider".to_string(),
        rooms: vec![(support::stage("junior"), 4)],
        is_extension: true,
        opens_all_grades: false,
        cost_yuan: 4e6,
        quality: 0.0,
        boarding_places: 0,
    });
    let has_junior =
        scenario.city.schools.iter().any(|school| school.stage == support::stage("junior"));
    let mut units = programme("units", dice);
    units.mix = (0..5)
        .map(|unit| (unit, if unit == 4 && !has_junior { 0 } else { dice.whole(0, 2) }))
        .collect();
    units.areas = (0..scenario.city.areas.len()).collect();
    units.placement = match dice.below(4) {
        0 => Placement::Equal,
        1 => Placement::Population,
        2 => Placement::Gap,
        _ => Placement::Explicit(
            (0..dice.below(5))
                .map(|_| PlacedUnit {
                    unit: dice.below(4),
                    area: dice.below(scenario.city.areas.len()),
                    year: 2021 + dice.whole(0, 3),
                    site: None,
                })
                .collect(),
        ),
    };
    units.skips_ample = dice.chance(0.3);
    units.investment_yuan = dice.chance(0.5).then_some(3e8);
    scenario.programmes.push(units);
    let mut single = programme("single", dice);
    single.investment_yuan = dice.chance(0.6).then_some(1e8);
    single.lag_years = dice.whole(0, 1);
    single.delay_years = dice.whole(0, 2);
    single.events = planned(&scenario.city, dice);
    scenario.programmes.push(single);
}

fn programme(key: &str, dice: &mut Dice) -> Programme {
    Programme {
        key: key.to_string(),
        title: Name { zh: key.to_string(), en: key.to_string() },
        years: (2021, 2024),
        delay_years: dice.whole(0, 2),
        delivered_share: if dice.chance(0.4) { dice.between(0.3, 1.0) } else { 1.0 },
        cost_ratio: dice.between(0.8, 1.5),
        ..support::programme(Vec::new())
    }
}

/// Events of all kinds at schools of the register; what happened to a school before is known to what happens later.
fn planned(city: &City, dice: &mut Dice) -> Vec<PlannedEvent> {
    let mut now: Vec<Concerned> = city
        .schools
        .iter()
        .enumerate()
        .map(|(row, school)| Concerned {
            row,
            rooms: school.rooms_total - school.rooms_reserved,
            reserved: school.rooms_reserved,
            area: city.sites[school.site].area,
        })
        .collect();
    let mut is_gone = vec![false; now.len()];
    let mut events = Vec::new();
    let mut year: Year = 2021;
    for n in 0..dice.whole(3, 12) {
        year += dice.whole(0, 1);
        let row = dice.below(now.len());
        let stage = city.schools[row].stage;
        let concerned = now[row];
        if is_gone[row] && !dice.chance(0.1) {
            continue;
        }
        let area = dice.below(city.areas.len());
        let kind = match dice.below(8) {
            0 => {
                is_gone[row] = true;
                PlannedKind::Close
            }
            1 => {
                let others = (0..now.len())
                    .filter(|&o| o != row && city.schools[o].stage == stage && !is_gone[o]);
                let others: Vec<usize> = others.collect();
                if others.is_empty() {
                    continue;
                }
                is_gone[row] = true;
                let into = city.schools[others[dice.below(others.len())]].site;
                PlannedKind::Merge { into: Receiver::Site(into) }
            }
            2 => {
                let rooms_added = dice.whole(-4, 8);
                let reuse = dice.chance(0.4).then(|| Reuse {
                    stage: support::stages().at(dice.below(5)),
                    rooms: dice.whole(2, 9),
                    years_later: dice.whole(0, 2),
                });
                now[row].area = area;
                let all = (concerned.rooms + concerned.reserved + rooms_added).max(0);
                now[row].reserved = concerned.reserved.min(all);
                now[row].rooms = all - now[row].reserved;
                PlannedKind::Relocate { area, rooms_added, reuse }
            }
            3 => {
                let rooms = dice.chance(0.6).then(|| dice.whole(1, 9).min(concerned.rooms.max(1)));
                now[row].rooms -= rooms.unwrap_or(concerned.rooms).min(concerned.rooms);
                let to = support::stages().at(dice.below(5));
                if to == stage {
                    continue;
                }
                PlannedKind::Convert { to, rooms }
            }
            4 => {
                let share = dice.between(0.05, 0.4);
                let taken = Part::Share(share).of(concerned.rooms);
                now[row].rooms -= taken;
                now[row].reserved += taken;
                PlannedKind::Reserve { part: Part::Share(share), until: None }
            }
            5 => {
                let rooms = dice.whole(1, 8);
                now[row].rooms += rooms;
                PlannedKind::Extend { rooms }
            }
            6 => PlannedKind::Upgrade { quality: dice.between(-1.0, 1.0), boarding: 10 },
            _ => PlannedKind::Open {
                area,
                rooms: vec![(stage, dice.whole(2, 20))],
                all_grades: dice.chance(0.5),
                name: format!("n{n}"),
            },
        };
        let is_open = matches!(kind, PlannedKind::Open { .. });
        events.push(PlannedEvent {
            key: format!("e{n}"),
            kind,
            stage: (!is_open).then_some(stage),
            schools: if is_open { Vec::new() } else { vec![concerned] },
            year,
            origin: String::new(),
        });
    }
    events
}
