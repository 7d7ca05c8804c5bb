//! Class-size thresholds of a checked tree, and what must hold between them.

use crate::city::City;
use crate::scenario::Thresholds;
use crate::units::Path;

use super::build::Reader;
use super::figures::Part;

/// The thresholds of every stage and grade.
pub(super) fn thresholds(reader: &mut Reader) -> Thresholds {
    let stages = reader.checked.stages;
    let mut by_grade = |part: Part, what: &str| -> Vec<Path> {
        let mut paths: Vec<Path> = Vec::with_capacity(stages.n_grades());
        reader.part(part, |reader| {
            for stage in stages.iter() {
                let key = format!("thresholds.{}.{what}", stage.key());
                paths.extend((0..stage.n_grades()).map(|g| reader.path_of(&key, g)));
            }
        });
        paths
    };
    Thresholds {
        standard: by_grade(Part::Standard, "standard"),
        relief_limit: by_grade(Part::ReliefLimit, "relief_limit"),
        ceiling: by_grade(Part::Ceiling, "ceiling"),
        oversized: by_grade(Part::Oversized, "oversized"),
        super_oversized: by_grade(Part::SuperOversized, "super_oversized"),
        open_at: reader.part(Part::OpenAt, |reader| {
            stages.map(|s| reader.path(&format!("thresholds.{}.open_at", s.key())))
        }),
    }
}

/// A super-oversized class is an oversized one, and the ceiling is not below the standard, in every year of the run.
pub(super) fn check(reader: &mut Reader, thresholds: &Thresholds, city: &City) {
    type Named<'a> = (&'a str, &'a [Path]);
    let wholes: [(Named, Named, &str); 2] = [
        (
            ("super_oversized", &thresholds.super_oversized),
            ("oversized", &thresholds.oversized),
            "a super-oversized class is an oversized one too",
        ),
        (
            ("ceiling", &thresholds.ceiling),
            ("standard", &thresholds.standard),
            "no school admits above the ceiling",
        ),
    ];
    for stage in reader.checked.stages.iter() {
        for ((upper_name, upper), (lower_name, lower), help) in wholes {
            let path = format!("thresholds.{}.{upper_name}", stage.key());
            let is_read = |name: &str| {
                reader.checked.figures.contains_key(&format!("thresholds.{}.{name}", stage.key()))
            };
            if !is_read(upper_name) || !is_read(lower_name) {
                continue;
            }
            let wrong = stage.grades().find_map(|grade| {
                city.years()
                    .map(|year| (upper[grade].at(year), lower[grade].at(year)))
                    .find(|(upper, lower)| upper < lower)
            });
            if let Some((found, least)) = wrong {
                let message =
                    format!("expected at least the {least} of {lower_name}, found {found}");
                reader.load.problem(reader.checked.position(&path), &path, message, help);
            }
        }
    }
}
