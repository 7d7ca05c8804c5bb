//! Pictures: SVG for programs that can show it, PNG behind it for those that cannot.

use super::look::Look;
use super::xml::{Xml, is_allowed};
use crate::chart::escape::escape;
use crate::document::Picture;

/// Units of a picture to the millimetre: 720 are 12 cm.
const UNITS_PER_MM: f64 = 6.0;
/// A picture is not drawn larger than so many times its own size.
const LARGEST: f64 = 1.15;
/// Part of the height of the text that a picture takes at most: two of them stand on a page with their captions, and one
/// that goes to the next page leaves less than half of one empty.
const HIGHEST: f64 = 0.44;
/// English metric units to the millimetre.
const EMU_PER_MM: f64 = 36_000.0;
/// How a PNG begins.
const PNG: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];

/// Whether there is something to show.
pub(super) fn is_possible(picture: &Picture) -> bool {
    picture.png.starts_with(&PNG) && picture.width > 0 && picture.height > 0
}

/// Whether the picture has an SVG.
pub(super) fn has_svg(picture: &Picture) -> bool {
    picture.svg.contains("<svg")
}

/// The SVG without characters that XML cannot hold.
pub(super) fn svg(picture: &Picture) -> Vec<u8> {
    picture.svg.chars().filter(|c| is_allowed(*c)).collect::<String>().into_bytes()
}

/// Width and height in the document, in English metric units: the width of the text, if it is not
/// too large for the picture or too high for a part of the page.
fn size(look: &Look, picture: &Picture) -> (u64, u64) {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let (width, height) = (width / UNITS_PER_MM, height / UNITS_PER_MM);
    let scale = LARGEST
        .min(look.text_width_mm(false) / width)
        .min(look.text_height_mm() * HIGHEST / height);
    let emu = |mm: f64| (mm * scale * EMU_PER_MM).round().max(1.0) as u64;
    (emu(width), emu(height))
}

/// The run of a picture that is the `number`th of the document, from 1.
pub(super) fn drawing(x: &mut Xml, look: &Look, picture: &Picture, number: usize) {
    let (width, height) = size(look, picture);
    let name = escape(&picture.key);
    let words = escape(&picture.description).replace('\n', "&#10;");
    let svg = if has_svg(picture) {
        format!(
            "<a:extLst><a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\"><asvg:svgBlip \
             xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" \
             r:embed=\"rIdSvg{number}\"/></a:ext></a:extLst>"
        )
    } else {
        String::new()
    };
    x.raw(&format!(
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
         <wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>\
         <wp:docPr id=\"{number}\" name=\"{name}\" descr=\"{words}\"/><wp:cNvGraphicFramePr>\
         <a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr><a:graphic>\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
         <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"{name}\" descr=\"{words}\"/><pic:cNvPicPr/>\
         </pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rIdPng{number}\">{svg}</a:blip><a:stretch>\
         <a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
         <a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/>\
         </a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Lang;

    #[test]
    fn a_picture_is_no_wider_than_the_text_and_leaves_room_beside_it() {
        let picture = |width, height| Picture {
            key: "k".into(),
            caption: String::new(),
            description: String::new(),
            svg: String::new(),
            png: Vec::new(),
            width,
            height,
        };
        let look = Look::of(Lang::Zh);
        // 720 units are 120 mm; 138 mm are 1.15 times as much, 4,968,000 EMU.
        assert_eq!(size(&look, &picture(720, 360)), (4_968_000, 2_484_000));
        // Half the width is not blown up beyond 1.15 times 60 mm.
        assert_eq!(size(&look, &picture(360, 360)).0, 2_484_000);
        // A picture as wide as two columns takes the 156 mm of the text.
        assert_eq!(size(&look, &picture(1440, 720)).0, 5_616_000);
        // 0.44 of 225 mm are 99 mm.
        assert_eq!(size(&look, &picture(720, 7200)).1, 3_564_000);
    }
}
