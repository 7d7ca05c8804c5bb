//! What is published of the classes of a stage, how near a register comes to it, and what a fit gives.
//!
//! In: targets of a stage and the classes of a register. Out: every target beside its fit, in the unit in which it is
//! published. A mean or a share is met within the rounding of its published figure, or within one class where the register
//! is too small for that.

use crate::axes::{Stage, Zone};
use crate::city::Name;

use super::register::StageTargets;
use super::spin_up::{Measured, Tally};

/// What may be varied beside θ and the tightness of rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing: the register is a real one.
    Register,
    /// Nothing more.
    Choice,
    /// Entrants for whom a class is opened, over the national figure.
    OpenAt,
    /// Coefficient of variation of school sizes.
    SizeSpread,
    /// Skew of quality over the schools.
    QualitySkew,
    /// Logarithm of the tightness of built-up areas over that of rural ones.
    ZoneTightness,
    /// Standard deviation of the logarithm of tightness over the areas.
    AreaTightness,
}

impl Shape {
    /// Shapes of synthetic registers, the simplest first.
    pub const SYNTHETIC: [Shape; 6] = [
        Shape::Choice,
        Shape::OpenAt,
        Shape::SizeSpread,
        Shape::QualitySkew,
        Shape::ZoneTightness,
        Shape::AreaTightness,
    ];

    /// Name in files and tables.
    pub fn key(self) -> &'static str {
        match self {
            Shape::Register => "register",
            Shape::Choice => "choice",
            Shape::OpenAt => "choice + open_at",
            Shape::SizeSpread => "choice + size_spread",
            Shape::QualitySkew => "choice + quality_skew",
            Shape::ZoneTightness => "choice + zone_tightness",
            Shape::AreaTightness => "choice + area_tightness",
        }
    }
}

impl Shape {
    /// Name to show.
    pub fn name(self) -> Name {
        let zh = match self {
            Shape::Register => "真实名册",
            Shape::Choice => "择校",
            Shape::OpenAt => "择校 + 开班人数",
            Shape::SizeSpread => "择校 + 规模差异",
            Shape::QualitySkew => "择校 + 质量偏斜",
            Shape::ZoneTightness => "择校 + 城乡松紧",
            Shape::AreaTightness => "择校 + 片区松紧",
        };
        Name { zh: zh.to_string(), en: self.key().to_string() }
    }
}

/// A published figure of the register beside what it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    /// What it is.
    pub target: ClassTarget,
    /// What the register has, in the unit of the target.
    pub fitted: f64,
    /// Within this distance the target is met.
    pub tolerance: f64,
}

impl Met {
    /// Fitted less published.
    pub fn miss(&self) -> f64 {
        self.fitted - self.target.published
    }

    /// Whether the target is met.
    pub fn is_met(&self) -> bool {
        self.miss().abs() <= self.tolerance + 1e-9
    }
}

/// A measure of class sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Mean class size, pupils.
    MeanClass,
    /// Share of oversized classes, percent.
    Oversized,
    /// Share of super-oversized classes, percent.
    SuperOversized,
}

impl What {
    /// Name in tables.
    pub fn key(self) -> &'static str {
        match self {
            What::MeanClass => "mean_class",
            What::Oversized => "oversized_share",
            What::SuperOversized => "super_oversized_share",
        }
    }

    /// Name to show.
    pub fn name(self) -> Name {
        let (zh, en) = match self {
            What::MeanClass => ("平均班额", "mean class size"),
            What::Oversized => ("大班额比例", "oversized classes"),
            What::SuperOversized => ("超大班额比例", "super-oversized"),
        };
        Name { zh: zh.to_string(), en: en.to_string() }
    }

    fn of(self, tally: &Tally) -> f64 {
        match self {
            What::MeanClass => tally.mean_class(),
            What::Oversized => 100.0 * tally.oversized_share(),
            What::SuperOversized => 100.0 * tally.super_share(),
        }
    }
}

/// A published figure that the register should have.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassTarget {
    /// Measure.
    pub what: What,
    /// Zone; `None` for the whole city.
    pub zone: Option<Zone>,
    /// Published: pupils per class, or percent.
    pub published: f64,
}

impl ClassTarget {
    /// What a register has of it.
    pub fn of(&self, measured: &Measured) -> f64 {
        self.what.of(self.tally(measured))
    }

    fn tally<'m>(&self, measured: &'m Measured) -> &'m Tally {
        match self.zone {
            None => &measured.all,
            Some(zone) => &measured.zones[zone as usize],
        }
    }

    /// Compares it with a register.
    pub fn met(&self, measured: &Measured) -> Met {
        let classes = self.tally(measured).classes.max(1.0);
        let one_class = match self.what {
            What::MeanClass => self.published / classes,
            _ => 100.0 / classes,
        };
        let tolerance = rounding(self.published).max(one_class);
        Met { target: self.clone(), fitted: self.of(measured), tolerance }
    }
}

/// Half a unit of the last digit of a published figure; a whole number is taken as given to one decimal.
pub fn rounding(published: f64) -> f64 {
    let text = format!("{published:.6}");
    let decimals = text.trim_end_matches('0').split('.').nth(1).map_or(0, str::len);
    0.5 / 10_f64.powi(decimals.max(1) as i32)
}

/// A shape that was tried, at the best that it can do.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Shape.
    pub shape: Shape,
    /// Its value; what it means depends on the shape.
    pub value: f64,
    /// θ.
    pub choice: f64,
    /// Every target beside the fit.
    pub mets: Vec<Met>,
}

impl Attempt {
    /// Whether all targets of the city and all means are met. Shares of zones are not asked for: θ is one for all.
    pub fn is_met(&self) -> bool {
        let is_asked = |met: &&Met| met.target.zone.is_none() || met.target.what == What::MeanClass;
        self.mets.iter().filter(is_asked).all(Met::is_met)
    }
}

/// What calibration found for one stage.
#[derive(Debug, Clone)]
pub struct FittedStage {
    /// Stage.
    pub stage: Stage,
    /// θ.
    pub choice: f64,
    /// Pupils over seats, whole stage.
    pub fill: f64,
    /// Mean class size.
    pub mean_class: f64,
    /// Share of oversized classes.
    pub oversized_share: f64,
    /// Share of super-oversized classes.
    pub super_share: f64,
    /// Rooms of the register.
    pub rooms: i32,
    /// Pupils of the register.
    pub pupils: f64,
    /// Shape that was taken.
    pub shape: Shape,
    /// Value of the shape.
    pub shape_value: f64,
    /// Factor on the national path of `open_at`; 1 where it is not fitted.
    pub open_at_factor: f64,
    /// Every target beside the fit.
    pub mets: Vec<Met>,
    /// Every shape that was tried, the one that was taken among them.
    pub attempts: Vec<Attempt>,
}

/// Everything that is published of the classes of a stage.
pub(super) fn class_targets(targets: &StageTargets) -> Vec<ClassTarget> {
    let target = |what: What, zone: Option<Zone>, value: Option<f64>| {
        let unit = if what == What::MeanClass { 1.0 } else { 100.0 };
        // Percent became a share when it was read: the digits that were published are brought back.
        let published = |t: f64| (t * unit * 1e6).round() / 1e6;
        value.map(|t| ClassTarget { what, zone, published: published(t) })
    };
    let mut class_targets = vec![
        target(What::MeanClass, None, targets.mean_class),
        target(What::Oversized, None, targets.oversized_share),
        target(What::SuperOversized, None, targets.super_share),
    ];
    for zone in &targets.zones {
        class_targets.push(target(What::MeanClass, Some(zone.zone), zone.mean_class));
        class_targets.push(target(What::Oversized, Some(zone.zone), zone.oversized_share));
    }
    class_targets.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a unit of the last digit; 25 and 52.0 are taken as given to a decimal.
    #[test]
    fn rounding_is_half_the_last_digit() {
        let cases = [(13.61, 0.005), (4.7, 0.05), (25.0, 0.05), (10.125, 0.0005)];
        for (published, half) in cases {
            assert!((rounding(published) - half).abs() < 1e-12, "{published}");
        }
    }

    /// 1 % of 50 classes is half a class: one class, 2 points, is the finest that they can tell.
    #[test]
    fn a_share_is_met_within_one_class() {
        let target = ClassTarget { what: What::Oversized, zone: None, published: 13.61 };
        let tally = |oversized: f64| Measured {
            all: Tally { classes: 50.0, pupils: 2000.0, oversized, super_oversized: 0.0 },
            ..Measured::default()
        };
        assert!(target.met(&tally(7.0)).is_met());
        assert!(!target.met(&tally(8.0)).is_met());
        assert_eq!(target.met(&tally(7.0)).tolerance, 2.0);
    }
}
