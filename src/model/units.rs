//! Words for numbers: years, paths through dated anchors, and the closed list of units of a figure.

/// A calendar year. School year `t` begins on 1 September `t`; every stock is taken on that day.
pub type Year = i32;

/// A dated path: piecewise linear through its anchors, constant outside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    anchors: Vec<(Year, f64)>,
}

impl Path {
    /// The same value in every year.
    pub fn constant(value: f64) -> Self {
        Path { anchors: vec![(0, value)] }
    }

    /// Through these anchors, which are sorted by year here. An empty list is the constant 0.
    pub fn through(mut anchors: Vec<(Year, f64)>) -> Self {
        anchors.sort_by_key(|anchor| anchor.0);
        Path { anchors }
    }

    /// The value in `year`.
    pub fn at(&self, year: Year) -> f64 {
        let after = self.anchors.partition_point(|anchor| anchor.0 <= year);
        match (after.checked_sub(1).map(|i| self.anchors[i]), self.anchors.get(after)) {
            (Some((_, value)), None) => value,
            (None, Some(&(_, value))) => value,
            (Some((y0, v0)), Some(&(y1, v1))) => {
                v0 + (v1 - v0) * f64::from(year - y0) / f64::from(y1 - y0)
            }
            (None, None) => 0.0,
        }
    }

    /// The first year that is named, for settings that come into force with it.
    pub fn first_year(&self) -> Option<Year> {
        self.anchors.first().map(|anchor| anchor.0)
    }

    /// The value in `year` of a setting that comes into force with the first year that is named; none before.
    pub fn in_force(&self, year: Year) -> Option<f64> {
        (self.first_year()? <= year).then(|| self.at(year))
    }

    /// The named years and values, in order.
    pub fn anchors(&self) -> &[(Year, f64)] {
        &self.anchors
    }

    /// The values, in the order of their years, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        self.anchors.iter_mut().map(|anchor| &mut anchor.1)
    }

    /// The same path with every value multiplied by `factor`.
    pub fn scaled(&self, factor: f64) -> Self {
        Path { anchors: self.anchors.iter().map(|&(y, v)| (y, v * factor)).collect() }
    }
}

/// The closed list of units that a figure in a file may have.
///
/// `percent` and `per mille` become shares when they are read, `100m yuan` (亿元) and `10k yuan` (万元) become
/// yuan; everything else is kept.
pub const UNITS: &[&str] = &[
    "percent",
    "per mille",
    "share",
    "ratio",
    "pupils",
    "pupils per class",
    "pupils per teacher",
    "people",
    "births",
    "children per woman",
    "males per female",
    "rate per year",
    "rooms",
    "rooms per class",
    "classes",
    "schools",
    "seats",
    "places",
    "children",
    "year",
    "years",
    "yuan",
    "10k yuan",
    "100m yuan",
    "yuan per seat",
    "standard deviations",
    "seed",
];

/// Factor from a unit of a file to the unit used inside (shares, yuan, counts).
pub fn unit_factor(unit: &str) -> f64 {
    match unit {
        "percent" => 0.01,
        "per mille" => 0.001,
        "10k yuan" => 1e4,
        "100m yuan" => 1e8,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_linear_between_and_constant_outside() {
        let path = Path::through(vec![(2025, 96.0), (2020, 95.0)]);
        let values: Vec<f64> = [2010, 2020, 2022, 2025, 2040].map(|y| path.at(y)).to_vec();
        assert_eq!(values, vec![95.0, 95.0, 95.4, 96.0, 96.0]);
    }
}
