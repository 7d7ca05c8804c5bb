//! Factors that move no number of a scenario, two that move one, and a wrong record of what moves what.

use super::*;

/// Of five factors the delay is of a programme: where nothing is built it moves nothing, whether draws set numbers or build anew.
#[test]
fn factors_of_what_a_scenario_lacks_are_known() {
    let mut loaded = load(&support::root().join("tests/small/sweeps/small-futures.toml"));
    let is_delay = |factor: &Factor| factor.paths == ["programmes.schools-4.delay"];
    let delay = loaded.sweep.factors.iter().position(is_delay).expect("the delay");
    for replan in [false, true] {
        loaded.sweep.replan = replan;
        for (file, expected) in loaded.scenarios.iter().zip([vec![delay], vec![]]) {
            let prepared = Prepared::new(&loaded.sweep, file).expect("a scenario");
            assert_eq!(prepared.is_direct(), !replan);
            assert_eq!(prepared.lacking, expected, "{}", file.scenario.key);
        }
    }
}

/// What is there and cannot move has nothing to say either: no overrun times anything, a rule of closing that is not active.
#[test]
fn factors_of_what_cannot_move_are_known() {
    let idle = "[add.rules.close.idle]\nactive = false\nstage = \"primary\"\nunder = { value = 90, unit = \"pupils\", source = \"assumption\" }\nyears = { value = 2, unit = \"years\", source = \"assumption\" }\nfrom = { value = 2024, unit = \"year\", source = \"assumption\" }\nmost_per_year = { value = 2, unit = \"schools\", source = \"assumption\" }\n";
    let half = "kind = \"uniform\", low = 0.5, high = 1.5";
    let factors = [
        factor("overrun", "\"programmes.units.cost_overrun\"", "multiply", "ratio", half),
        factor("idle", "\"rules.close.idle.under\"", "multiply", "ratio", half),
        factor("price", "\"unit_types.new-13.cost_per_seat\"", "multiply", "ratio", half),
    ];
    let case = small(&[&(BUILDING.to_string() + idle)], &factors.concat());
    assert_eq!(case.prepared[0].lacking, [0, 1]);
    assert!(case.prepared[0].is_direct());
    case.compare(4, &[]);
}

/// A published count is only compared with the mix: it moves no number, but another one is refused.
#[test]
fn a_factor_of_what_is_only_checked_moves_nothing() {
    let law = "kind = \"integer\", low = -1, high = 1";
    let count = factor("count", "\"programmes.units.count\"", "add", "schools", law);
    let case = small(&[BUILDING], &count);
    assert_eq!(case.prepared[0].lacking, [0]);
    assert!(!case.prepared[0].is_direct());
    let is_fine = |value: f64| case.both(0, &[value]).map(|scenario| scenario.is_ok());
    assert_eq!([-1.0, 0.0, 1.0].map(is_fine), [[false; 2], [true; 2], [false; 2]]);
}

/// The cost of a unit is made of its rooms and of the price of a seat: two factors move one number, and every draw is built anew.
#[test]
fn two_factors_of_one_number_are_built_anew() {
    let rooms = "\"unit_types.new-13.rooms.primary\"";
    let price = "\"unit_types.new-13.cost_per_seat\"";
    let factors = [
        factor("rooms", rooms, "add", "rooms", "kind = \"integer\", low = -4, high = 4"),
        factor("price", price, "multiply", "ratio", "kind = \"uniform\", low = 0.5, high = 1.5"),
    ];
    let case = small(&[BUILDING], &factors.concat());
    assert!(!case.prepared[0].is_direct());
    assert!(case.prepared[0].lacking.is_empty());
    case.compare(4, &[]);
}

/// A record of what was read that is wrong is noticed: here that of a scenario whose unit types stand in another order.
#[test]
fn a_wrong_record_is_noticed() {
    let (first, second) = (
        BUILDING.find("[unit_types.new-13]").expect("a type"),
        BUILDING.find("[unit_types.wider-8]").expect("another"),
    );
    let end = BUILDING.find("[programmes.units]").expect("a programme");
    let swapped =
        [&BUILDING[..first], &BUILDING[second..end], &BUILDING[first..second], &BUILDING[end..]]
            .concat();
    let price = "\"unit_types.new-13.cost_per_seat\"";
    let law = "kind = \"uniform\", low = 0.5, high = 1.5";
    let spread = factor("spread", "\"schools.class_spread\"", "multiply", "ratio", law);
    let price = factor("price", price, "multiply", "ratio", law);
    let Case { mut loaded, prepared, .. } = small(&[BUILDING, &swapped], &(spread + &price));
    assert!(prepared.iter().all(Prepared::is_direct));
    loaded.scenarios[0].reads = loaded.scenarios[1].reads.clone();
    let prepared = Prepared::new(&loaded.sweep, &loaded.scenarios[0]).expect("a scenario");
    assert!(!prepared.is_direct());
    assert!(prepared.lacking.is_empty());
}
