//! What `calibrate` says of observations that are not met.

use crate::axes::{Sex, Stages};
use crate::calibrate::{Calibrated, LARGE, Residual, Role};
use crate::city::{City, Name};
use crate::observed::Quantity;
use crate::report::chart::Lang;

use super::super::results::rounded;
use super::told::{name, pick, print};

/// Observations that are far off, shown at most.
const MOST_SHOWN: usize = 15;

/// How many observations were met and how; those that are far off with the reason that the city gives.
pub(super) fn tell(calibrated: &Calibrated, city: &City, lang: Lang) {
    counts(calibrated, lang);
    let is_off = |r: &&Residual| {
        let far = |value: f64| (value - r.observed).abs() > 0.005 * r.observed.abs().max(1.0);
        r.is_large() || (r.role == Role::Compared && r.in_city.is_some_and(far))
    };
    let mut off: Vec<&Residual> = calibrated.residuals.iter().filter(is_off).collect();
    if off.is_empty() {
        return;
    }
    let distance = |r: &Residual| r.standardised.map_or(f64::MAX, f64::abs);
    off.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    if off.len() > MOST_SHOWN {
        let n = off.len();
        let zh = format!("相差最大的 {MOST_SHOWN} 个，共 {n} 个；全部在 residuals.csv");
        let en = format!("the {MOST_SHOWN} furthest of {n}; all are in residuals.csv");
        eprintln!("{}", pick(lang, &zh, &en));
        off.truncate(MOST_SHOWN);
    }
    let header = match lang {
        Lang::Zh => ["指标", "地区", "年份", "公布", "这里", "单位", "相差（标准误）"],
        Lang::En => ["quantity", "place", "year", "published", "here", "unit", "standard errors"],
    };
    let rows: Vec<Vec<String>> = off.iter().map(|r| residual_row(r, city, lang)).collect();
    eprintln!();
    print(&header, &rows, &[2, 3, 4, 6]);
    reasons(city, &off, lang);
}

fn counts(calibrated: &Calibrated, lang: Lang) {
    let of = |role: Role| calibrated.residuals.iter().filter(|r| r.role == role).count();
    let large = calibrated.residuals.iter().filter(|r| r.is_large()).count();
    let (exact, used) = (of(Role::Exact), of(Role::Used));
    let (compared, unused) = (of(Role::Compared), of(Role::NotUsed));
    match lang {
        Lang::Zh => eprintln!(
            "观测：{exact} 个完全对上，{used} 个按误差使用（其中 {large} 个相差超过 {LARGE} 个标准误），{compared} 个只作比较，{unused} 个没有使用"
        ),
        Lang::En => eprintln!(
            "{exact} observations met exactly, {used} used with their errors ({large} more than {LARGE} standard errors off), {compared} compared, {unused} not used"
        ),
    }
}

fn residual_row(r: &Residual, city: &City, lang: Lang) -> Vec<String> {
    let digits = if matches!(r.unit.as_str(), "percent" | "pupils per class") { 2 } else { 0 };
    let district = city.districts.iter().find(|d| d.key == r.place);
    let place = match (district, r.place.as_str()) {
        (Some(district), _) => name(lang, &district.name),
        (None, "all") => pick(lang, "全市", "all").to_string(),
        (None, other) => other.to_string(),
    };
    vec![
        name(lang, &quantity(city.stages, &r.quantity)),
        place,
        r.year.to_string(),
        rounded(r.observed, digits),
        r.fitted.map_or("–".to_string(), |fitted| rounded(fitted, digits)),
        pick(lang, zh_unit(&r.unit), &r.unit).to_string(),
        r.standardised.map_or("–".to_string(), |z| format!("{z:+.1}")),
    ]
}

/// Why figures cannot be reconciled, each reason once.
fn reasons(city: &City, off: &[&Residual], lang: Lang) {
    let mut told: Vec<(String, String)> = Vec::new();
    for r in off {
        let Some(doubt) = &r.doubt else { continue };
        let (reason, of) = (name(lang, doubt), name(lang, &quantity(city.stages, &r.quantity)));
        let of = match lang {
            Lang::Zh => format!("{of}（{}年）", r.year),
            Lang::En => format!("{of} ({})", r.year),
        };
        match told.iter_mut().find(|(_, known)| *known == reason) {
            Some((figures, _)) if figures.split(['、', ';']).any(|one| one.trim() == of) => {}
            Some((figures, _)) => figures.push_str(&format!("{}{of}", pick(lang, "、", "; "))),
            None => told.push((of, reason)),
        }
    }
    for (of, reason) in told {
        eprintln!("  {of}{}{reason}", pick(lang, "：", ": "));
    }
}

/// The name of an observed quantity; one that the model does not have keeps its key.
fn quantity(stages: &'static Stages, key: &str) -> Name {
    let of = |zh: String, en: String| Name { zh, en };
    let parts: Vec<&str> = key.split('.').collect();
    match parts.as_slice() {
        ["census", "urban"] => of("普查城镇人口".to_string(), "census, urban".to_string()),
        ["census", "rural"] => of("普查乡村人口".to_string(), "census, rural".to_string()),
        ["census", sex, ages] => {
            let zh_sex = match Sex::parse(sex) {
                Some(Sex::Female) => "女",
                Some(Sex::Male) => "男",
                None => sex,
            };
            let zh_ages = match ages.strip_suffix('+') {
                Some(from) => format!("{from}岁及以上"),
                None => format!("{}岁", ages.replace('-', "–")),
            };
            of(
                format!("普查{zh_sex}{zh_ages}"),
                format!("census, {sex} {}", ages.replace('-', "–")),
            )
        }
        ["graduates", stage] => match stages.parse(stage) {
            Some(stage) => of(format!("{}毕业生", stage.zh()), format!("{} graduates", stage.en())),
            None => of(key.to_string(), key.to_string()),
        },
        ["pupils"] => of("各级各类在校生".to_string(), "pupils of all kinds".to_string()),
        ["schools"] => of("各级各类学校数".to_string(), "schools of all kinds".to_string()),
        _ => Quantity::parse(stages, key)
            .map_or_else(|_| of(key.to_string(), key.to_string()), |quantity| quantity.name()),
    }
}

/// A unit of an observation in Chinese.
fn zh_unit(unit: &str) -> &str {
    match unit {
        "percent" => "%",
        "people" | "pupils" | "births" | "children" => "人",
        "pupils per class" => "人/班",
        "schools" => "所",
        "classes" => "个",
        "rooms" => "间",
        other => other,
    }
}
