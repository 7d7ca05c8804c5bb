//! The charts of a sweep: plain inputs, drawn and written as the other charts are.

pub mod analysed;
mod words;

use crate::parallel;

use super::super::chart::prim::{limits, trajectory};
use super::super::chart::{
    self, Caption, Figure, Lang, cleared, convergence, fan, morris, sobol, tornado,
};
use super::super::{Wanted, chart_files};
use super::Named;

/// A chart of a sweep before it is drawn.
#[derive(Clone, Debug)]
pub enum Picture {
    /// Share of futures in which oversized classes are gone.
    Cleared(cleared::Input),
    /// Bands of quantiles of the oversized share.
    Fan(fan::Input),
    /// Coefficients of the factors, or the outcome at their ends.
    Tornado(tornado::Input),
    /// First and total order of every factor.
    Sobol(sobol::Input),
    /// Mean size and spread of elementary effects.
    Morris(morris::Input),
    /// An index against the number of base points.
    Convergence(convergence::Input),
    /// Coverage and density of the boxes of scenario discovery.
    PrimTrajectory(trajectory::Input),
    /// Limits of the box that was chosen.
    PrimLimits(limits::Input),
}

impl Picture {
    /// File name without ending and without what it shows.
    pub fn name(&self) -> &'static str {
        match self {
            Picture::Cleared(_) => "cleared",
            Picture::Fan(_) => "fan",
            Picture::Tornado(_) => "tornado",
            Picture::Sobol(_) => "sobol",
            Picture::Morris(_) => "morris",
            Picture::Convergence(_) => "convergence",
            Picture::PrimTrajectory(_) => "prim-trajectory",
            Picture::PrimLimits(_) => "prim-limits",
        }
    }

    /// The words around the chart, to be changed.
    pub fn caption_mut(&mut self) -> &mut Caption {
        match self {
            Picture::Cleared(input) => &mut input.caption,
            Picture::Fan(input) => &mut input.caption,
            Picture::Tornado(input) => &mut input.caption,
            Picture::Sobol(input) => &mut input.caption,
            Picture::Morris(input) => &mut input.caption,
            Picture::Convergence(input) => &mut input.caption,
            Picture::PrimTrajectory(input) => &mut input.caption,
            Picture::PrimLimits(input) => &mut input.caption,
        }
    }

    /// Draws the chart.
    pub fn draw(&self, lang: Lang) -> Figure {
        match self {
            Picture::Cleared(input) => cleared::draw(input, lang),
            Picture::Fan(input) => fan::draw(input, lang),
            Picture::Tornado(input) => tornado::draw(input, lang),
            Picture::Sobol(input) => sobol::draw(input, lang),
            Picture::Morris(input) => morris::draw(input, lang),
            Picture::Convergence(input) => convergence::draw(input, lang),
            Picture::PrimTrajectory(input) => trajectory::draw(input, lang),
            Picture::PrimLimits(input) => limits::draw(input, lang),
        }
    }
}

/// The files of charts, `charts/NAME.svg` and `charts/NAME.png` as wanted. Each chart comes with what it shows,
/// e.g. the key of an outcome or a stage, which is added to its name; empty where there is only one of the kind.
///
/// # Errors
/// A chart that cannot be drawn.
pub fn files(
    pictures: &[(String, Picture)],
    wanted: &Wanted,
) -> Result<Vec<(String, Vec<u8>)>, chart::Error> {
    let draw = |picture: &(String, Picture)| chart_files(&named(picture, wanted.lang), wanted);
    let drawn: Result<Vec<_>, _> = parallel::map(pictures, draw).into_iter().collect();
    Ok(drawn?.into_iter().flatten().collect())
}

/// A chart drawn, with the name of its file.
pub fn named((shown, picture): &(String, Picture), lang: Lang) -> Named {
    Named { name: file_name(picture.name(), shown).into(), figure: picture.draw(lang) }
}

/// `tornado` and `primary.oversized_share[2030]` make `tornado-primary-oversized_share-2030`.
fn file_name(kind: &str, shown: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let parts = shown.split(|c| !is_kept(c)).filter(|part| !part.is_empty());
    [kind].into_iter().chain(parts).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_hold_no_signs() {
        let name = file_name("tornado", "primary.oversized_share[2030]");
        assert_eq!(name, "tornado-primary-oversized_share-2030");
        assert_eq!(file_name("cleared", ""), "cleared");
        assert_eq!(file_name("fan", "../小学"), "fan");
    }
}
