//! Inputs of the maps: tiles, and invented outlines.

use super::super::Lang;
use super::super::map::{District, Input, Layout, Regions};
use super::{Changeable, DISTRICTS, caption, definition, heatmap, stages};

/// Columns and rows of the tiles of the districts.
const TILES: [(u16, u16); 11] =
    [(3, 1), (2, 1), (4, 2), (4, 1), (3, 2), (5, 2), (2, 2), (3, 3), (2, 3), (1, 2), (1, 3)];

/// Primary schools on tiles.
pub(in super::super) fn tiles(lang: Lang) -> Input {
    let shown = [2020, 2025, 2028];
    let panel = &heatmap(lang).panels[0];
    let districts = panel.rows.iter().map(|row| District {
        name: row.district.clone(),
        share: shown.iter().map(|year| row.share[(year - 2020) as usize]).collect(),
    });
    Input {
        caption: caption(lang),
        years: shown.to_vec(),
        definition: definition(),
        stage: stages::primary(),
        districts: districts.collect(),
        layout: Layout::Tiles(TILES.map(Some).to_vec()),
    }
}

/// The same with outlines.
pub(in super::super) fn outlines(lang: Lang) -> Input {
    let names: Vec<Vec<String>> =
        DISTRICTS.iter().map(|(zh, en)| vec![(*zh).to_owned(), (*en).to_owned()]).collect();
    let regions = Regions::read(&geojson(), &names).expect("the outlines are GeoJSON");
    Input { layout: Layout::Regions(regions), ..tiles(lang) }
}

/// Corners of invented districts, in hundredths of a degree from 112.6° E, 34.8° N. The last but one lies within
/// the one before; the last belongs to no district; one district has none.
const OUTLINES: [(&str, &[(i32, i32)]); 12] = [
    ("解放区", &[(60, 42), (66, 43), (67, 50), (61, 51)]),
    ("中站区", &[(48, 43), (60, 42), (61, 51), (52, 58), (46, 52)]),
    ("马村区", &[(72, 44), (82, 42), (84, 52), (73, 54)]),
    ("山阳区", &[(66, 43), (72, 44), (73, 54), (67, 56), (67, 50)]),
    ("修武县", &[(82, 30), (100, 34), (98, 60), (84, 66), (73, 54), (84, 52), (82, 42)]),
    ("博爱县", &[(32, 34), (58, 30), (60, 42), (48, 43), (46, 52), (34, 58)]),
    (
        "武陟县",
        &[
            (58, 10),
            (80, 6),
            (98, 14),
            (100, 34),
            (82, 30),
            (82, 42),
            (72, 44),
            (66, 43),
            (60, 42),
            (58, 30),
        ],
    ),
    ("温县", &[(34, 12), (58, 10), (58, 30), (32, 34)]),
    ("沁阳市", &[(12, 30), (32, 34), (34, 58), (16, 62), (8, 44)]),
    ("孟州市", &[(2, 14), (34, 12), (32, 34), (12, 30)]),
    ("示范区", &[(66, 14), (78, 12), (80, 22), (68, 24)]),
    ("邻市", &[(98, 14), (110, 10), (112, 40), (98, 60), (100, 34)]),
];

/// A FeatureCollection of the invented outlines; 孟州 is a MultiPolygon of two parts.
pub(in super::super) fn geojson() -> String {
    let features = OUTLINES.map(|(name, corners)| {
        let points = corners.iter().chain(corners.first()).map(|(x, y)| {
            format!("[{},{}]", 112.6 + f64::from(*x) / 100.0, 34.8 + f64::from(*y) / 100.0)
        });
        let ring = format!("[[{}]]", points.collect::<Vec<_>>().join(","));
        let (kind, coordinates) = match name {
            "孟州市" => {
                let island = "[[[112.64,34.84],[112.7,34.84],[112.7,34.88],[112.64,34.84]]]";
                ("MultiPolygon", format!("[{ring},{island}]"))
            }
            _ => ("Polygon", ring),
        };
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"name\":\"{name}\"}},\
             \"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}}}}"
        )
    });
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

impl Changeable for Input {
    fn years(&mut self) -> &mut Vec<i32> {
        &mut self.years
    }

    fn values(&mut self) -> Vec<&mut Vec<f64>> {
        self.districts.iter_mut().map(|district| &mut district.share).collect()
    }
}
