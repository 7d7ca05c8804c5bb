//! What a draw can break although every figure stays inside its own bounds: more than everybody moves or attends elsewhere.

use std::collections::BTreeSet;

use crate::axes::Stage;
use crate::numeric::sum;
use crate::scenario::Scenario;
use crate::units::Year;

/// Attendance flows and rules of moving that act on the same people: the same in every draw of a scenario.
#[derive(Debug)]
pub(super) struct Shares {
    /// Flows that leave one and the same area.
    flows: Vec<(Stage, Vec<usize>)>,
    /// Rules that take people of one and the same area and age away.
    moves: Vec<Vec<usize>>,
}

impl Shares {
    /// Finds them in a scenario.
    pub fn of(scenario: &Scenario) -> Shares {
        let flows = &scenario.attendance;
        let by_area = leaving(scenario, flows.iter().map(|flow| &flow.routes[..]));
        let flows = each_once(by_area.iter().flat_map(|of_area| {
            scenario.city.stages.iter().map(|stage| {
                let of_stage = of_area.iter().copied().filter(|&flow| flows[flow].stage == stage);
                (stage, of_stage.collect::<Vec<usize>>())
            })
        }));
        let rules = &scenario.vital.moves;
        let by_area = leaving(scenario, rules.iter().map(|rule| &rule.routes[..]));
        let moves = each_once(by_area.iter().flat_map(|of_area| {
            of_area.iter().map(|&first| {
                let age = rules[first].ages.0;
                let moves =
                    |&rule: &usize| (rules[rule].ages.0..=rules[rule].ages.1).contains(&age);
                of_area.iter().copied().filter(moves).collect::<Vec<usize>>()
            })
        }));
        Shares { flows, moves }
    }

    /// Whether nobody leaves twice.
    ///
    /// # Errors
    /// Which shares add up to more than everybody, in a sentence.
    pub fn check(&self, scenario: &Scenario) -> Result<(), String> {
        let everybody = 1.0 + 1e-9;
        let years = scenario.city.base_year..=scenario.city.horizon;
        for (stage, flows) in &self.flows {
            let share_at = |year: Year| {
                sum(flows.iter().map(|&flow| scenario.attendance[flow].share.at(year)))
            };
            // Between the years that are given, shares follow lines: a sum is largest at one of these.
            let given = flows.iter().flat_map(|&flow| scenario.attendance[flow].share.anchors());
            let most = given.map(|(year, _)| share_at((*year).clamp(*years.start(), *years.end())));
            if let Some(share) = most.into_iter().find(|&share| share > everybody) {
                let (percent, stage) = (100.0 * share, stage.key());
                return Err(format!("attendance: {percent:.1} % of a {stage} area leave"));
            }
        }
        for rules in &self.moves {
            let most = |rule: &usize| {
                let anchors = scenario.vital.moves[*rule].rate.anchors();
                anchors.iter().map(|anchor| anchor.1).fold(0.0, f64::max)
            };
            let leaving = sum(rules.iter().map(most));
            if leaving > everybody {
                let percent = 100.0 * leaving;
                return Err(format!("population.moves: {percent:.1} % of an area leave"));
            }
        }
        Ok(())
    }
}

/// By area of origin: positions of the flows or rules that leave it.
fn leaving<'a>(
    scenario: &Scenario,
    routes: impl Iterator<Item = &'a [(usize, Vec<usize>)]>,
) -> Vec<Vec<usize>> {
    let mut by_area = vec![Vec::new(); scenario.city.areas.len()];
    for (idx, routes) in routes.enumerate() {
        routes.iter().for_each(|(origin, _)| by_area[*origin].push(idx));
    }
    by_area.iter_mut().for_each(Vec::dedup);
    by_area
}

fn each_once<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let once: BTreeSet<T> = all.collect();
    once.into_iter().collect()
}
