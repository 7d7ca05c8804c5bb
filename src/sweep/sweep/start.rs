//! Whether a sweep can begin: the one answer that `sweep` gives before it writes anything, and that `check` gives of a file.

use crate::input::LoadedSweep;
use crate::input::problem::Problem;

use super::drive::Engine as _;
use super::engine::{Engine, design_of};
use super::store::{draws_per_part, too_many_parts};

/// The engine of a sweep that can begin in parts of so many draws, or of as many as suit it.
///
/// # Errors
/// A design that cannot be or has more draws than parts can hold, an outcome that cannot be, a factor that a scenario cannot take; at
/// the place of the design where it is the design.
pub fn start(loaded: &LoadedSweep, size: Option<u64>) -> Result<Engine<'_>, Problem> {
    let of_design = |message: String, help: &str| Problem {
        line: loaded.design_at.line,
        column: loaded.design_at.column,
        path: "design".to_string(),
        ..of_file(loaded, message, help)
    };
    let sweep = &loaded.sweep;
    let engine = match Engine::new(loaded) {
        Ok(engine) => engine,
        Err(message) => {
            let is_of_design = design_of(&sweep.design, sweep.factors.len()).is_err();
            return Err(match is_of_design {
                true => of_design(message, ""),
                false => of_file(loaded, message, ""),
            });
        }
    };
    let draws = engine.n_draws();
    match too_many_parts(draws, size.unwrap_or_else(|| draws_per_part(draws))) {
        Some((message, help)) => Err(of_design(message, help)),
        None => Ok(engine),
    }
}

/// A problem of the whole sweep file.
fn of_file(loaded: &LoadedSweep, message: String, help: &str) -> Problem {
    let file = loaded.files.first().map(|file| file.path.display().to_string());
    Problem {
        file: file.unwrap_or_default(),
        line: 0,
        column: 0,
        path: String::new(),
        message,
        help: help.to_string(),
    }
}
