//! Small bars of a series in a line of text, in colour on a terminal.

use std::io::IsTerminal;

/// Bars from the lowest to the highest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A series as bars, plain and as a terminal shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spark {
    /// One character a value.
    pub plain: String,
    /// The same with colours: red above the level, green at or below it.
    pub coloured: String,
}

impl Spark {
    /// Bars from 0 to `most`; what is missing leaves a space.
    pub fn of(values: &[Option<f64>], most: f64, level: f64) -> Spark {
        let (mut plain, mut coloured) = (String::new(), String::new());
        let mut now = "";
        for value in values {
            let (bar, colour) = match value {
                Some(value) => (bar(*value, most), if *value > level { "31" } else { "32" }),
                None => (' ', ""),
            };
            if colour != now {
                coloured
                    .push_str(&format!("\u{1b}[{}m", if colour.is_empty() { "0" } else { colour }));
                now = colour;
            }
            plain.push(bar);
            coloured.push(bar);
        }
        if !now.is_empty() {
            coloured.push_str("\u{1b}[0m");
        }
        Spark { plain, coloured }
    }
}

/// The bar of a value; only 0 itself and what rounds to it has the lowest.
fn bar(value: f64, most: f64) -> char {
    let part = if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
    BARS[((part * (BARS.len() - 1) as f64).round() as usize).min(BARS.len() - 1)]
}

/// A text whose bars, in this order, get their colours where it goes to a terminal that wants them.
pub(super) fn painted(text: String, sparks: &[Spark], goes_to: &impl IsTerminal) -> String {
    let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if wants_none || !goes_to.is_terminal() { text } else { with_colours(&text, sparks) }
}

fn with_colours(text: &str, sparks: &[Spark]) -> String {
    let (mut all, mut rest) = (String::new(), text);
    for spark in sparks {
        let Some(at) = rest.find(&spark.plain) else { continue };
        all.push_str(&rest[..at]);
        all.push_str(&spark.coloured);
        rest = &rest[at + spark.plain.len()..];
    }
    all + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_rise_with_their_values_and_gaps_stay_open() {
        let values = [Some(0.0), Some(0.02), None, Some(0.04), Some(0.08)];
        let spark = Spark::of(&values, 0.08, 0.02);
        assert_eq!(spark.plain, "▁▃ ▅█");
        assert_eq!(spark.coloured, "\u{1b}[32m▁▃\u{1b}[0m \u{1b}[31m▅█\u{1b}[0m");
        assert_eq!(Spark::of(&[Some(0.0), Some(f64::NAN)], 0.0, 0.01).plain, "▁▁");
    }

    #[test]
    fn colours_change_no_visible_character() {
        let sparks = [
            Spark::of(&[Some(1.0), Some(0.0)], 1.0, 0.5),
            Spark::of(&[Some(0.0), Some(1.0)], 1.0, 0.5),
        ];
        let text = "a █▁ x\nb ▁█ y\n";
        let shown = with_colours(text, &sparks);
        assert_eq!(
            shown,
            "a \u{1b}[31m█\u{1b}[32m▁\u{1b}[0m x\nb \u{1b}[32m▁\u{1b}[31m█\u{1b}[0m y\n"
        );
    }
}
