//! Numbers as words, ticks of an axis, and series with gaps.

use super::Lang;

/// Largest number drawn; whatever is larger is drawn as this.
const LARGEST: f64 = 1e12;

/// Positions of the ticks of an axis and the distance between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    pub values: Vec<f64>,
    step: f64,
}

impl Ticks {
    /// Round ticks that span `low` to `high`, at most `count` steps (at least two).
    pub fn spanning(low: f64, high: f64, count: f64) -> Ticks {
        let span = (high - low).max(1e-9);
        let rough = span / count.max(2.0);
        let step = round_step(rough);
        let first = (low / step + 1e-6).floor();
        let last = (high / step - 1e-6).ceil().max(first + 1.0);
        let steps = (last - first).min(100.0) as usize;
        Ticks { values: (0..=steps).map(|i| (first + i as f64) * step).collect(), step }
    }

    /// Round ticks from zero to as little above `high` as two to `count` steps allow (at least two).
    pub fn close_above(high: f64, count: f64) -> Ticks {
        let most = count.max(2.0).floor();
        let high = high.max(1e-9);
        let sized = multiples_of_powers([1.0, 2.0, 4.0, 5.0])
            .map(|step| (step, (high / step - 1e-6).ceil()))
            .filter(|(_, steps)| (2.0..=most).contains(steps));
        // Of steps that end at the same value the smallest, which comes first.
        let closer = |a: (f64, f64), b: (f64, f64)| {
            if b.0 * b.1 < a.0 * a.1 * 0.999_999 { b } else { a }
        };
        match sized.reduce(closer) {
            Some((step, steps)) => {
                Ticks { values: (0..=steps as usize).map(|i| i as f64 * step).collect(), step }
            }
            None => Ticks::spanning(0.0, high, count),
        }
    }

    /// Decimals that tell the ticks apart when their values are divided.
    pub fn decimals(&self, divisor: f64) -> usize {
        let step = self.step / divisor;
        (0..9).find(|&d| step * 10_f64.powi(d) > 0.999).unwrap_or(9) as usize
    }

    /// Value of the lowest tick.
    pub fn low(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    /// Value of the highest tick.
    pub fn high(&self) -> f64 {
        self.values.last().copied().unwrap_or(1.0)
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    let mut steps = multiples_of_powers([1.0, 2.0, 5.0]);
    steps.find(|step| *step >= rough * 0.999_999).unwrap_or(rough)
}

/// The factors times each power of ten, ascending.
fn multiples_of_powers<const N: usize>(factors: [f64; N]) -> impl Iterator<Item = f64> {
    let powers = (-12..=15).map(|exponent| 10_f64.powi(exponent));
    powers.flat_map(move |power| factors.map(|factor| factor * power))
}

/// A divisor for the numbers on an axis and its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub divisor: f64,
    pub zh: &'static str,
    pub en: &'static str,
}

impl Scale {
    /// The scale in which numbers up to `largest` read well.
    pub fn for_numbers_up_to(largest: f64, lang: Lang) -> Scale {
        let scale = |divisor, zh, en| Scale { divisor, zh, en };
        match lang {
            Lang::Zh if largest >= 1e8 => scale(1e8, "亿", "hundred million"),
            Lang::Zh if largest >= 1e4 => scale(1e4, "万", "ten thousand"),
            Lang::En if largest >= 1e7 => scale(1e6, "百万", "million"),
            Lang::En if largest >= 1e4 => scale(1e3, "千", "thousand"),
            _ => scale(1.0, "", ""),
        }
    }

    /// The unit with its scale: 万人, thousand pupils.
    pub fn unit(&self, lang: Lang, zh: &str, en: &str) -> String {
        match lang {
            Lang::Zh => format!("{}{zh}", self.zh),
            Lang::En => format!("{} {en}", self.en).trim_start().to_owned(),
        }
    }
}

/// A number with a fixed count of decimals and thousands separators; never "-0".
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |parts| parts);
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped = format!("{grouped}.{fraction}");
    }
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    match value < 0.0 && !is_zero {
        true => format!("−{grouped}"),
        false => grouped,
    }
}

/// A number of people or seats in running text: 12.3万 or 123,000.
pub(super) fn count(value: f64, lang: Lang) -> String {
    match (lang, value.abs()) {
        (Lang::Zh, size) if size >= 0.9995e8 => format!("{}亿", fixed(value / 1e8, 2)),
        (Lang::Zh, size) if size >= 0.9995e4 => format!("{}万", fixed(value / 1e4, 1)),
        (Lang::En, size) if size >= 9_950.0 => fixed((value / 100.0).round() * 100.0, 0),
        _ => fixed(value, 0),
    }
}

/// A share as a percentage: 3.2%. What lies just above one per cent keeps a second decimal, so that
/// it is not taken for one per cent.
pub(super) fn percent(share: f64) -> String {
    let value = share * 100.0;
    match value {
        v if v > 0.0 && v < 0.05 => "<0.1%".to_owned(),
        v if v > 1.000_001 && v < 1.05 => format!("{}%", fixed(v, 2).replace("1.00", "1.01")),
        v => format!("{}%", fixed(v, 1)),
    }
}

/// A threshold share without needless decimals: 1%, 0.5%.
pub(super) fn threshold(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A share of futures in whole per cent; never all or none of them where it is not.
pub(super) fn odds(share: f64) -> String {
    match share * 100.0 {
        v if v > 1e-9 && v < 0.5 => "<1%".to_owned(),
        v if v > 99.5 && v < 100.0 - 1e-9 => ">99%".to_owned(),
        v => format!("{}%", fixed(v, 0)),
    }
}

/// A number of any size with about three digits: 12.3万, 23,456, 7.89, 0.012.
pub(super) fn brief(value: f64, lang: Lang) -> String {
    match value.abs() {
        size if size >= 1e5 => count(value, lang),
        size if size >= 100.0 || size.fract() == 0.0 => fixed(value, 0),
        size if size >= 10.0 => fixed(value, 1),
        size if size >= 0.1 => fixed(value, 2),
        size if size >= 0.000_95 => fixed(value, 3),
        _ => format!("{value:.1e}").replace('-', "−"),
    }
}

/// A value that is there, finite and no larger than [`LARGEST`] to either side.
pub(super) fn bounded(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.clamp(-LARGEST, LARGEST))
}

/// The value at an index where it is there, finite; at least zero and at most [`LARGEST`].
pub(super) fn at(values: &[f64], index: usize) -> Option<f64> {
    let value = values.get(index).copied().filter(|v| v.is_finite())?;
    Some(value.clamp(0.0, LARGEST))
}

/// Year and value of every value that is there, in the order of the years given.
pub(super) fn known(years: &[i32], values: &[f64]) -> Vec<(i32, f64)> {
    let indexed = years.iter().enumerate();
    indexed.filter_map(|(i, &year)| Some((year, at(values, i)?))).collect()
}

/// Stretches of values without a gap, each of at least one point.
pub(super) fn runs(years: &[i32], values: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (i, &year) in years.iter().enumerate() {
        match (at(values, i), runs.last_mut()) {
            (Some(value), Some(run)) => run.push((f64::from(year), value)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Largest of the values that are there, or zero.
pub(super) fn largest<'a>(series: impl IntoIterator<Item = &'a [f64]>) -> f64 {
    let values = series.into_iter().flat_map(|s| (0..s.len()).filter_map(|i| at(s, i)));
    values.fold(0.0, f64::max)
}

/// Year and value of the first largest value above zero.
pub(super) fn peak(years: &[i32], values: &[f64]) -> Option<(i32, f64)> {
    let mut peak: Option<(i32, f64)> = None;
    for (year, value) in known(years, values) {
        if value > peak.map_or(0.0, |(_, highest)| highest) {
            peak = Some((year, value));
        }
    }
    peak
}

/// First and last year.
pub(super) fn span(years: &[i32]) -> Option<(i32, i32)> {
    Some((*years.iter().min()?, *years.iter().max()?))
}

/// The period in words: 2020—2040年, 2020–2040.
pub(super) fn period(years: &[i32], lang: Lang) -> String {
    match (span(years), lang) {
        (None, _) => String::new(),
        (Some((first, last)), Lang::Zh) if first == last => format!("{first}年"),
        (Some((first, last)), Lang::En) if first == last => first.to_string(),
        (Some((first, last)), Lang::Zh) => format!("{first}—{last}年"),
        (Some((first, last)), Lang::En) => format!("{first}–{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_span_the_values() {
        let ticks = Ticks::spanning(0.0, 24.0, 4.0);
        assert_eq!(ticks.values, [0.0, 10.0, 20.0, 30.0]);
        let small = Ticks::spanning(0.0, 0.02, 3.0);
        assert_eq!((small.values.len(), small.decimals(1.0), small.decimals(0.01)), (3, 2, 0));
        assert!(Ticks::spanning(0.0, 0.0, 4.0).values.len() >= 2);
        assert!(Ticks::spanning(72_300.0, 84_000.0, 4.0).low() <= 72_300.0);
    }

    #[test]
    fn ticks_from_zero_end_close_above_the_highest_value() {
        let percent = |high: f64, count: f64| -> Vec<f64> {
            let ticks = Ticks::close_above(high, count);
            ticks.values.iter().map(|value| (value * 1e4).round() / 100.0).collect()
        };
        assert_eq!(percent(0.639, 3.06), [0.0, 40.0, 80.0]);
        assert_eq!(percent(0.27, 3.6), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(percent(0.02, 3.06), [0.0, 1.0, 2.0]);
        assert_eq!(percent(0.45, 5.6), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!(percent(1.0, 3.06), [0.0, 50.0, 100.0]);
        assert!(Ticks::close_above(0.0, 0.0).high() > 0.0);
    }

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(count(123_456.0, Lang::Zh), "12.3万");
        assert_eq!(count(123_456.0, Lang::En), "123,500");
        assert_eq!(count(9_999.0, Lang::Zh), "1.0万");
        assert_eq!(count(1_234.0, Lang::Zh), "1,234");
        assert_eq!(fixed(-0.001, 1), "0.0");
        assert_eq!(fixed(-1234.5, 1), "−1,234.5");
    }

    #[test]
    fn percentages_never_round_down_to_the_threshold() {
        assert_eq!(percent(0.0321), "3.2%");
        assert_eq!(percent(0.0001), "<0.1%");
        assert_eq!(percent(0.0102), "1.02%");
        assert_eq!(percent(0.010_001), "1.01%");
        assert_eq!(percent(0.0), "0.0%");
        assert_eq!(threshold(0.01), "1%");
        assert_eq!(threshold(0.005), "0.5%");
    }

    #[test]
    fn shares_of_futures_are_never_rounded_to_all_or_none() {
        assert_eq!(
            [0.0, 0.001, 0.354, 0.9999, 1.0].map(odds),
            ["0%", "<1%", "35%", ">99%", "100%"]
        );
    }

    #[test]
    fn numbers_of_any_size_keep_about_three_digits() {
        let values = [0.0, -0.000_02, 0.0123, 0.456, 7.891, 45.67, 23_456.7, 123_456.0];
        let words = ["0", "−2.0e−5", "0.012", "0.46", "7.89", "45.7", "23,457", "12.3万"];
        assert_eq!(values.map(|value| brief(value, Lang::Zh)), words);
        assert_eq!(bounded(f64::NAN), None);
        assert_eq!(bounded(-1e300), Some(-1e12));
    }

    #[test]
    fn gaps_split_a_series() {
        let runs = runs(&[2020, 2021, 2022, 2023], &[1.0, f64::NAN, 2.0]);
        assert_eq!(runs, [vec![(2020.0, 1.0)], vec![(2022.0, 2.0)]]);
        assert_eq!(peak(&[2020, 2021], &[0.0, f64::NAN]), None);
    }
}
