//! Published totals that calibration must meet exactly: census groups under 15, schools and pupils.

use xuewei::calibrate::{Role, calibrate};
use xuewei::input;

use crate::support::root;

/// Every census group of the base year under 15 in Jiaozuo's eleven districts (4 groups, 2 sexes: 88 figures) to a millionth, and
/// the published schools and pupils of its stages to the last one: 853, 514, 186, 32 and 22 schools; 72,600 and 28,000 pupils.
#[test]
fn census_groups_schools_and_pupils_are_met() {
    let keys = input::load_for_calibration(&root().join("scenarios/jiaozuo"), &[]);
    let keys = keys.map_err(|refused| refused.problems).expect("a city");
    let calibrated = calibrate(&keys).expect("a calibrated city");
    let exact: Vec<_> = calibrated.residuals.iter().filter(|r| r.role == Role::Exact).collect();
    assert_eq!(exact.len(), 88);
    for residual in exact {
        let fitted = residual.fitted.expect("a fitted value");
        let off = (fitted / residual.observed - 1.0).abs();
        assert!(off < 1e-6, "{} of {}: {fitted}", residual.quantity, residual.place);
        let in_city = residual.in_city.expect("a value of the city");
        assert!((in_city / residual.observed - 1.0).abs() < 1e-6, "{in_city}");
    }
    let stages = ["kindergarten", "primary", "junior", "senior", "vocational"];
    let pupils = [None, None, None, Some(72_600.0), Some(28_000.0)];
    for ((stage, schools), pupils) in stages.iter().zip([853, 514, 186, 32, 22]).zip(pupils) {
        let own: Vec<_> =
            calibrated.schools.iter().filter(|school| school.stage.key() == *stage).collect();
        assert_eq!(own.len(), schools, "{stage}");
        if let Some(pupils) = pupils {
            let found: f64 = own.iter().flat_map(|school| school.pupils).sum();
            assert_eq!(found, pupils, "{stage}");
        }
    }
}
