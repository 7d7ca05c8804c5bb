//! What a calibration comes to.

use std::collections::BTreeMap;

use crate::city::{Name, School, Site};

use super::people::People;
use super::targets::FittedStage;

/// A calibrated city.
#[derive(Debug)]
pub struct Calibrated {
    /// Residents and people in group quarters.
    pub people: People,
    /// Sites of the register.
    pub sites: Vec<Site>,
    /// Schools with pupils, classes and limits.
    pub schools: Vec<School>,
    /// Fit by stage.
    pub stages: Vec<FittedStage>,
    /// Every observation beside the fitted value.
    pub residuals: Vec<Residual>,
}

impl Calibrated {
    /// Adds the sites and schools of a stage.
    pub(super) fn add(&mut self, fitted: FittedStage, sites: Vec<Site>, schools: Vec<School>) {
        let first_site = self.sites.len();
        self.sites.extend(sites);
        let moved = |school: School| School { site: school.site + first_site, ..school };
        self.schools.extend(schools.into_iter().map(moved));
        self.stages.push(fitted);
    }

    /// Sites of one name that are not one place: a register of one stage may have rows of a site of another.
    pub(super) fn site_clashes(&self) -> Vec<String> {
        let mut known: BTreeMap<&str, &Site> = BTreeMap::new();
        let mut clashes = Vec::new();
        for site in &self.sites {
            match known.get(site.key.as_str()) {
                Some(first) if first.area != site.area || first.name != site.name => {
                    clashes.push(format!("the site {} stands in two places or has two names: one of the registers must give it another name", site.key));
                }
                Some(_) => {}
                None => {
                    known.insert(&site.key, site);
                }
            }
        }
        clashes
    }
}

/// What an observation was for the estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A total that is met exactly.
    Exact,
    /// It entered the estimate with its error.
    Used,
    /// The city has such a figure, which was fitted elsewhere or follows from others.
    Compared,
    /// The city has no such figure.
    NotUsed,
}

impl Role {
    /// Word in tables.
    pub fn key(self) -> &'static str {
        match self {
            Role::Exact => "exact",
            Role::Used => "used",
            Role::Compared => "compared",
            Role::NotUsed => "not used",
        }
    }
}

/// An observation and its fitted value.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// What it is.
    pub quantity: String,
    /// Where.
    pub place: String,
    /// When.
    pub year: i32,
    /// Published.
    pub observed: f64,
    /// Fitted by the estimate of children and rates; of the calibrated city where it is no part of that; `None` where the
    /// model has no such quantity.
    pub fitted: Option<f64>,
    /// Of the calibrated city, where it has such a quantity in its base year.
    pub in_city: Option<f64>,
    /// Standard error, in the unit; 0: exact.
    pub standard_error: Option<f64>,
    /// Observed less fitted in standard errors, on the log scale.
    pub standardised: Option<f64>,
    /// How much of a change of the observation the estimate follows, 0 to 1.
    pub leverage: Option<f64>,
    /// What it was for the estimate.
    pub role: Role,
    /// Unit.
    pub unit: String,
    /// Source key.
    pub source: String,
    /// Why it cannot be reconciled, where the city says so.
    pub doubt: Option<Name>,
}

/// A residual of so many standard errors is shown to the reader.
pub const LARGE: f64 = 3.0;

impl Residual {
    /// Whether it is too large to be chance.
    pub fn is_large(&self) -> bool {
        self.standardised.is_some_and(|z| z.abs() > LARGE)
    }
}
