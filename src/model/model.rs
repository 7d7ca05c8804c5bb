//! The order of computing, in one place: population, demand, programmes, schools.

use std::sync::Arc;

use crate::axes::Stage;
use crate::city::{Name, Site};
use crate::demand::{self, Demand};
use crate::event::Event;
use crate::numeric::sum;
use crate::population::{self, Projection};
use crate::programmes;
use crate::scenario::{DemandMode, Scenario};
use crate::schools::{self, KeptYear, Outcome};

/// What does not depend on buildings: shared by scenarios that differ only in them.
#[derive(Debug)]
pub struct Outlook {
    /// People and births.
    pub population: Projection,
    /// Pupils by residence.
    pub demand: Demand,
}

/// One run of one scenario.
#[derive(Debug, Clone)]
pub struct Run {
    /// Population and demand.
    pub outlook: Arc<Outlook>,
    /// The city's sites, then new ones.
    pub sites: Arc<Vec<Site>>,
    /// Every event of the programmes, sorted.
    pub events: Vec<Event>,
    /// Schools by year.
    pub schools: Outcome,
    /// What a reader must know, one sentence each.
    pub notes: Vec<Name>,
}

/// Projects population and demand.
pub fn project(scenario: &Scenario) -> Outlook {
    let population = population::project(scenario);
    let demand = demand::project(scenario, &population);
    Outlook { population, demand }
}

/// Runs the schools of a scenario on a projected outlook.
pub fn run_on(scenario: &Scenario, outlook: Arc<Outlook>) -> Run {
    run_telling(scenario, outlook, &mut |_, _| {})
}

/// The same; `told` hears of every year of the schools as soon as it has been computed.
pub fn run_telling(
    scenario: &Scenario,
    outlook: Arc<Outlook>,
    told: &mut dyn FnMut(usize, &Arc<KeptYear>),
) -> Run {
    let expansion = programmes::expand(scenario, &outlook.population, &outlook.demand);
    let plan = (expansion.sites.as_slice(), expansion.events.as_slice());
    let schools = schools::run_telling(scenario, &outlook.demand, plan, told);
    let mut notes = expansion.notes;
    if scenario.enrolment.mode == DemandMode::GradeProgression {
        notes.push(Name {
            zh: "学生数只按年级递升比率推算，招生与基年相同：不计出生和迁移".to_string(),
            en: "pupils by grade progression alone, entrants as in the base year: no births, no migration"
                .to_string(),
        });
    }
    // Less than one in a year is a cell of a few people that runs empty.
    if outlook.population.clamped_migrants >= scenario.city.n_years() as f64 {
        let n = outlook.population.clamped_migrants;
        notes.push(Name {
            zh: format!("{n:.0}人应迁出而当地无人可迁"),
            en: format!("{n:.0} migrants could not leave because they were not there"),
        });
    }
    notes.extend(unplaced_notes(scenario, &schools));
    for &idx in &schools.ignored {
        let event = &expansion.events[idx];
        let (site, year) = (&expansion.sites[event.site].key, event.year);
        let (kind, zh) = (event.kind.key(), event.kind.zh());
        notes.push(Name {
            zh: format!("{year}年 {site} 的{zh}：届时没有这所学校，未执行"),
            en: format!("{kind} of {site} in {year}: no such school is open then; nothing happens"),
        });
    }
    let backlog = schools.history.backlog_rooms.last().copied().unwrap_or(0);
    if backlog > 0 {
        notes.push(Name {
            zh: format!("到末年仍有{backlog}间转用、预留或撤除的教室被占用"),
            en: format!(
                "{backlog} rooms that are converted, reserved or taken away are still full at the end"
            ),
        });
    }
    Run { outlook, sites: expansion.sites, events: expansion.events, schools, notes }
}

/// Compulsory schooling has a place for everybody; where the rules found none, a reader must know.
fn unplaced_notes(scenario: &Scenario, schools: &Outcome) -> Vec<Name> {
    let city = &*scenario.city;
    let without = |stage: Stage, year_idx: usize| {
        let areas = 0..city.areas.len();
        sum(areas.map(|area| schools.history.unplaced(year_idx, stage, area)))
    };
    city.stages
        .compulsory()
        .into_iter()
        .filter_map(|stage| {
            let first = (0..city.n_years()).find(|&year_idx| without(stage, year_idx) >= 0.5)?;
            let year = city.base_year + first as i32;
            let pupils = without(stage, first);
            Some(Name {
                zh: format!("{year}年起有{}学生没有学位（当年{pupils:.0}人）", stage.zh()),
                en: format!(
                    "{} pupils have no place from {year} on ({pupils:.0} then)",
                    stage.en()
                ),
            })
        })
        .collect()
}

/// Runs a scenario.
pub fn run(scenario: &Scenario) -> Run {
    run_on(scenario, Arc::new(project(scenario)))
}
