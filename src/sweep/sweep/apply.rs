//! Drawn values put into a scenario without reading its files again.
//!
//! A figure reaches a scenario by way of units, paths and products of figures; which numbers a factor touches, and how, is found
//! before the draws (`touched`). Where every touched number is a straight line in the factor (or follows a whole
//! number that is), a draw only sets these numbers. Where one is not, or two factors touch the same, every draw builds the scenario
//! anew, which gives the same and takes milliseconds.

use crate::event::PlacedUnit;
use crate::experiment::Sweep;
use crate::input::Loaded;
use crate::programmes::{keep_places, places};
use crate::scenario::Scenario;

use super::numbers::{count_of_people, visit};
use super::possible::Shares;
use super::same::have_same_people;
use super::touched::{Touched, built, has_numbers, touched};

/// A scenario of a sweep, ready to take draws.
#[derive(Debug)]
pub struct Prepared {
    /// The scenario with all factors at their medians and every unit at its place.
    pub base: Scenario,
    /// Positions of the factors that touch no number of the scenario: it has nothing of the kind, or what it has cannot move.
    pub lacking: Vec<usize>,
    touched: Option<Vec<Touched>>,
    places: Option<Vec<Vec<PlacedUnit>>>,
    /// What no draw may break.
    shares: Shares,
}

impl Prepared {
    /// Finds out which numbers of a scenario the factors touch.
    ///
    /// # Errors
    /// A factor that the scenario cannot take even at its median, in a sentence.
    pub fn new(sweep: &Sweep, loaded: &Loaded) -> Result<Prepared, String> {
        let places = (!sweep.replan).then(|| places(&loaded.scenario));
        let medians: Vec<f64> =
            sweep.factors.iter().map(|factor| factor.distribution.quantile(0.5)).collect();
        let mut base = built(sweep, loaded, &medians)?;
        if let Some(places) = &places {
            keep_places(&mut base, places);
        }
        let found = touched(sweep, loaded, &medians, &base);
        let is_lacking = |idx: &usize| match &found[*idx] {
            Some(touched) => touched.is_empty(),
            None => !has_numbers(&sweep.factors[*idx], loaded),
        };
        let lacking = (0..found.len()).filter(is_lacking).collect();
        let touched = if sweep.replan { None } else { found.into_iter().collect() };
        let (touched, shares) = (touched.and_then(one_each), Shares::of(&base));
        Ok(Prepared { base, lacking, touched, places, shares })
    }

    /// Whether a draw only sets numbers.
    pub fn is_direct(&self) -> bool {
        self.touched.is_some()
    }

    /// Whether two scenarios have the same people and pupils by residence in every draw.
    pub fn shares_people(&self, other: &Prepared) -> bool {
        let (Some(own), Some(others)) = (&self.touched, &other.touched) else { return false };
        // The same figures are as many numbers, and numbers of people come first.
        let n = count_of_people(&self.base);
        let of_people = |touched: &[Touched]| -> Vec<Touched> {
            touched.iter().filter(|t| t.position < n).cloned().collect()
        };
        have_same_people(&self.base, &other.base) && of_people(own) == of_people(others)
    }

    /// Puts the values of a draw into a scenario that is a copy of the base or has had other draws put into it.
    ///
    /// # Errors
    /// Why this draw cannot be: what the rules of the input refuse.
    pub fn put(
        &self,
        (sweep, loaded): (&Sweep, &Loaded),
        values: &[f64],
        scenario: &mut Scenario,
    ) -> Result<(), String> {
        let Some(touched) = &self.touched else {
            let mut anew = built(sweep, loaded, values)?;
            if let Some(places) = &self.places {
                keep_places(&mut anew, places);
            }
            *scenario = anew;
            return Ok(());
        };
        let mut touched = touched.iter().peekable();
        visit(scenario, |position, _, mut number| {
            if let Some(next) = touched.next_if(|next| next.position == position) {
                number.set(next.at(values[next.factor]));
            }
        });
        self.shares.check(scenario)
    }
}

/// What the factors touch, by position; `None` where two touch the same number.
fn one_each(found: Vec<Vec<Touched>>) -> Option<Vec<Touched>> {
    let mut all: Vec<Touched> = found.into_iter().flatten().collect();
    all.sort_by_key(|touched| touched.position);
    all.windows(2).all(|pair| pair[0].position != pair[1].position).then_some(all)
}
