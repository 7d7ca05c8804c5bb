//! Draws from what calibration leaves open: children and the rates that it estimated, together as they are known.
//!
//! In: a city as `calibrate` reads it. Out: deviations that a drawn scenario takes on. Children and rates are drawn jointly: where
//! there are more children, fewer of them went to school, for the pupils are counted. Rates that the city gives itself are drawn
//! elsewhere, from their ranges.

use std::sync::Arc;

use crate::axes::{Sex, Stages};
use crate::city::City;
use crate::input::CityKeys;
use crate::numeric::exp;
use crate::random::{normal, stream};
use crate::scenario::Scenario;

use super::children::Children;
use super::people;
use super::rates::{self, Rate};

/// The posterior of a city's children and rates.
#[derive(Debug)]
pub struct Posterior {
    children: Children,
    estimated: Vec<String>,
    stages: &'static Stages,
}

/// One draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Factor on children by `[(district · 2 + sex) · ages + age]`.
    pub children: Vec<f64>,
    /// Number of ages.
    pub n_ages: usize,
    /// Estimated figures by path, with their numbers.
    pub figures: Vec<(String, Vec<f64>)>,
}

/// Estimates a city's children and rates.
///
/// # Errors
/// A sentence for every figure or observation that is missing.
pub fn posterior(keys: &CityKeys) -> Result<Posterior, Vec<String>> {
    let mut missing = Vec::new();
    let people = people::build(keys, &mut missing);
    match people.children.filter(|_| missing.is_empty()) {
        Some(children) => {
            let stages = keys.scenario.city.stages;
            Ok(Posterior { children, estimated: keys.estimated.clone(), stages })
        }
        None => Err(missing),
    }
}

impl Posterior {
    /// Paths of the figures that are drawn here.
    pub fn figures(&self) -> &[String] {
        &self.estimated
    }

    /// Draw number `draw` under a seed: a function of the two and nothing else.
    pub fn draw(&self, seed: u64, draw: u64) -> Drawn {
        let mut generator = stream(seed, &format!("calibration.{draw}"));
        let (cells, deviations) = self.children.draw(|| normal(&mut generator));
        let of = |rate: Rate| {
            let mut fits = self.children.rates.iter().zip(&deviations);
            fits.find(|(fit, _)| fit.rate == rate)
                .map(|(fit, deviation)| fit.value * exp(*deviation))
        };
        let figure = |path: &String| Some((path.clone(), rates::figure(self.stages, path, of)?));
        Drawn {
            children: cells.into_iter().map(exp).collect(),
            n_ages: self.children.n_ages(),
            figures: self.estimated.iter().filter_map(figure).collect(),
        }
    }
}

impl Drawn {
    /// Puts the draw into a scenario of the same city.
    pub fn put_into(&self, scenario: &mut Scenario) {
        let mut city = (*scenario.city).clone();
        for area in 0..city.areas.len() {
            let district = city.areas[area].district;
            for sex in Sex::ALL {
                let start = City::people_start(area, sex);
                let from = (district * 2 + sex as usize) * self.n_ages;
                let factors = self.children.get(from..from + self.n_ages).unwrap_or_default();
                for (age, factor) in factors.iter().enumerate() {
                    city.population.people[start + age] *= factor;
                }
            }
        }
        let stages = city.stages;
        scenario.city = Arc::new(city);
        for (path, values) in &self.figures {
            rates::put(&mut scenario.enrolment, stages, path, values);
        }
    }
}
