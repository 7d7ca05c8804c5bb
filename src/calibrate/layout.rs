//! Where the unknown children stand among the unknowns of the estimate: by district, sex and single year of age on the census day of the
//! base year.

use crate::axes::{N_AGES, Sex};

/// Children are those under this age, where the base year has a census of its own: its 15-17 are counted where they study.
pub(super) const WITH_CENSUS: usize = 15;
/// Otherwise they are those under 18.
pub(super) const WITHOUT_CENSUS: usize = 18;

/// Where the unknowns stand.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Ages from 0.
    pub n_ages: usize,
    /// Part of a year from the base day to the census day.
    pub shift: f64,
    /// Residents 15-17 per resident aged 12-14, where those are no unknowns.
    pub share_15_17: f64,
    /// By sex and age.
    pub survival: [[f64; N_AGES]; 2],
}

impl Layout {
    /// Position of a cell.
    pub fn cell(&self, district: usize, sex: Sex, age: usize) -> usize {
        (district * 2 + sex as usize) * self.n_ages + age
    }

    /// Survival from one age to another.
    pub fn survived(&self, sex: Sex, from: usize, to: usize) -> f64 {
        let (young, old) = (from.min(to), from.max(to));
        let lived: f64 = self.survival[sex as usize][young + 1..=old].iter().product();
        if from <= to { lived.max(1e-9) } else { 1.0 / lived.max(1e-9) }
    }

    /// Survival from birth to an age.
    pub fn survived_from_birth(&self, sex: Sex, age: usize) -> f64 {
        self.survival[sex as usize][..=age].iter().product::<f64>().max(1e-9)
    }

    /// Adds people of an age on 1 September of the base year; `None` where they are no children.
    pub fn add_on_base_day(
        &self,
        district: usize,
        sex: Sex,
        age: usize,
        weight: f64,
        cells: &mut Vec<(usize, f64)>,
    ) -> Option<()> {
        if age >= WITHOUT_CENSUS {
            return None;
        }
        if age >= self.n_ages {
            let part = weight * self.share_15_17 / 3.0;
            cells.extend((12..15).map(|age| (self.cell(district, sex, age), part)));
            return Some(());
        }
        let next = if age + 1 < self.n_ages { age + 1 } else { age };
        cells.push((self.cell(district, sex, age), weight * (1.0 - self.shift)));
        cells.push((self.cell(district, sex, next), weight * self.shift));
        Some(())
    }
}
