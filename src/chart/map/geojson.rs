//! The outlines of districts from a user's GeoJSON (RFC 7946).
//!
//! In: a `FeatureCollection` whose features are `Polygon` or `MultiPolygon` in degrees, and the names of the
//! districts. Out: [`Regions`], or what is wrong with the file. Outlines that cross the 180th meridian
//! are not joined; heights are passed over.

use super::super::text::clean;
use super::super::{Lang, render};
use serde_json::{Map, Value};
use std::fmt;

/// A closed line, its points as longitude and latitude in degrees.
pub(super) type Ring = Vec<(f64, f64)>;

/// An area: its outer ring first, then its holes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Polygon(pub Vec<Ring>);

/// Outlines of districts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regions {
    /// Areas of each district, in the order of the names that were asked for.
    pub(super) by_district: Vec<Vec<Polygon>>,
    /// Areas of features that are no district.
    pub(super) others: Vec<Polygon>,
    /// Names of the features that are no district, in the order of the file.
    pub unmatched: Vec<String>,
}

/// What is wrong with a GeoJSON.
#[derive(Clone, Debug, PartialEq)]
pub enum GeoError {
    /// It is not JSON: what the reader of JSON says.
    NotJson(String),
    /// It is not a FeatureCollection: the type that was found.
    NotCollection(String),
    /// A point of a feature (its name) is not a pair of numbers, or a ring has fewer than three points.
    Shape(String),
    /// A point of a feature (its name) is not in degrees: longitude and latitude as written.
    OutOfRange(String, f64, f64),
    /// No feature has the name of a district: names of features that were found.
    NoMatch(Vec<String>),
}

impl fmt::Display for GeoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GeoError::NotJson(reason) => write!(f, "expected GeoJSON, found no JSON: {reason}"),
            GeoError::NotCollection(found) => {
                write!(f, "expected \"type\": \"FeatureCollection\", found {found}")
            }
            GeoError::Shape(feature) => {
                write!(
                    f,
                    "{feature}: expected rings of at least three points [longitude, latitude]"
                )
            }
            GeoError::OutOfRange(feature, x, y) => {
                write!(f, "{feature}: expected longitude and latitude in degrees, found [{x}, {y}]")
            }
            GeoError::NoMatch(found) if found.is_empty() => {
                write!(f, "expected polygons of districts, found none")
            }
            GeoError::NoMatch(found) => write!(
                f,
                "no feature has the key or the name of a district as one of its properties, found {}",
                found.join(", ")
            ),
        }
    }
}

impl std::error::Error for GeoError {}

impl From<GeoError> for render::Error {
    fn from(error: GeoError) -> render::Error {
        render::Error::new(error.to_string())
    }
}

impl Regions {
    /// Reads the outlines of districts. Each district is given by all its names: key, Chinese, English. A
    /// feature belongs to the district of which a property (`name` before others), or the id, is
    /// one of the names; capitals do not matter. Several features of one district are its parts.
    ///
    /// # Errors
    /// When it is no FeatureCollection, a point is no longitude and latitude in degrees, or no
    /// feature belongs to a district.
    pub fn read(json: &str, districts: &[Vec<String>]) -> Result<Regions, GeoError> {
        let json = json.trim_start_matches('\u{FEFF}');
        let root: Value =
            serde_json::from_str(json).map_err(|error| GeoError::NotJson(error.to_string()))?;
        let kind = root.get("type").and_then(Value::as_str);
        let features = root.get("features").and_then(Value::as_array);
        let (Some("FeatureCollection"), Some(features)) = (kind, features) else {
            let found = kind.map_or("none".to_owned(), |kind| format!("\"{}\"", shown(kind)));
            return Err(GeoError::NotCollection(found));
        };
        let none = vec![Vec::new(); districts.len()];
        let mut regions = Regions { by_district: none, ..Regions::default() };
        for (i, feature) in features.iter().enumerate() {
            let name = name(feature, i);
            let polygons = polygons(feature.get("geometry").unwrap_or(&Value::Null), &name)?;
            match district(feature, districts).and_then(|d| regions.by_district.get_mut(d)) {
                Some(parts) => parts.extend(polygons),
                None => {
                    regions.others.extend(polygons);
                    regions.unmatched.push(name);
                }
            }
        }
        match regions.by_district.iter().all(Vec::is_empty) {
            true => Err(GeoError::NoMatch(regions.unmatched.into_iter().take(10).collect())),
            false => Ok(regions),
        }
    }

    /// Positions of the districts without an outline, in the order that was asked for.
    pub fn without_outline(&self) -> Vec<usize> {
        let districts = self.by_district.iter().enumerate();
        districts.filter(|(_, parts)| parts.is_empty()).map(|(i, _)| i).collect()
    }

    /// Every area with the position of its district.
    pub(super) fn areas(&self) -> impl Iterator<Item = (Option<usize>, &Polygon)> {
        let others = self.others.iter().map(|polygon| (None, polygon));
        let districts = self.by_district.iter().enumerate();
        others.chain(districts.flat_map(|(i, parts)| parts.iter().map(move |p| (Some(i), p))))
    }
}

/// A text of the file as it may stand in a message.
fn shown(text: &str) -> String {
    clean(text, Lang::Zh).chars().take(60).collect()
}

fn properties(feature: &Value) -> Option<&Map<String, Value>> {
    feature.get("properties").and_then(Value::as_object)
}

/// The name of a feature in messages.
fn name(feature: &Value, i: usize) -> String {
    let named = properties(feature).and_then(|properties| properties.get("name")?.as_str());
    let named = named.map(shown).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| format!("feature {}", i + 1))
}

/// The district to which a feature belongs.
fn district(feature: &Value, districts: &[Vec<String>]) -> Option<usize> {
    let properties = properties(feature);
    let first = properties.and_then(|properties| properties.get("name"));
    let all = properties.into_iter().flat_map(|properties| properties.values());
    let texts = first.into_iter().chain(all).chain(feature.get("id")).filter_map(Value::as_str);
    texts.into_iter().find_map(|text| {
        let text = text.trim().to_lowercase();
        let is_it = |name: &String| !text.is_empty() && name.trim().to_lowercase() == text;
        districts.iter().position(|names| names.iter().any(is_it))
    })
}

/// The areas of a geometry; none where it is a point, a line or nothing.
fn polygons(geometry: &Value, feature: &str) -> Result<Vec<Polygon>, GeoError> {
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    let wrong = || GeoError::Shape(feature.to_owned());
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => Ok(vec![polygon(coordinates.ok_or_else(wrong)?, feature)?]),
        Some("MultiPolygon") => {
            let parts = coordinates.ok_or_else(wrong)?.iter();
            parts.map(|part| polygon(part.as_array().ok_or_else(wrong)?, feature)).collect()
        }
        _ => Ok(Vec::new()),
    }
}

fn polygon(rings: &[Value], feature: &str) -> Result<Polygon, GeoError> {
    let wrong = || GeoError::Shape(feature.to_owned());
    let ring = |ring: &Value| -> Result<Ring, GeoError> {
        let points = ring.as_array().ok_or_else(wrong)?;
        let points = points.iter().map(|p| point(p, feature)).collect::<Result<Ring, _>>()?;
        if points.len() < 3 { Err(wrong()) } else { Ok(points) }
    };
    let rings = rings.iter().map(ring).collect::<Result<Vec<Ring>, _>>()?;
    if rings.is_empty() { Err(wrong()) } else { Ok(Polygon(rings)) }
}

fn point(point: &Value, feature: &str) -> Result<(f64, f64), GeoError> {
    let number = |i: usize| point.get(i).and_then(Value::as_f64);
    let (Some(x), Some(y)) = (number(0), number(1)) else {
        return Err(GeoError::Shape(feature.to_owned()));
    };
    match (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y) {
        true => Ok((x, y)),
        false => Err(GeoError::OutOfRange(feature.to_owned(), x, y)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn districts() -> Vec<Vec<String>> {
        let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
        vec![names(["xiuwu", "修武县", "Xiuwu"]), names(["wen", "温县", "Wen"])]
    }

    fn feature(properties: &str, geometry: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"{geometry}","coordinates":{coordinates}}}}}"#
        )
    }

    fn collection(features: &[String]) -> String {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    }

    const SQUARE: &str = "[[[113,35],[114,35],[114,36],[113,35]]]";

    #[test]
    fn features_are_matched_by_any_name_of_a_district() {
        let many = format!("[{SQUARE},{SQUARE}]");
        let json = collection(&[
            feature(
                r#"{"adcode":410821,"县名":"修武县","parent":"焦作市"}"#,
                "MultiPolygon",
                &many,
            ),
            feature(r#"{"name":"WEN"}"#, "Polygon", SQUARE),
            feature(r#"{"name":"Elsewhere"}"#, "Polygon", SQUARE),
            feature("null", "Point", "[113,35]"),
        ]);
        let regions = Regions::read(&format!("\u{FEFF}{json}"), &districts());
        let regions = regions.expect("a FeatureCollection");
        assert_eq!(regions.by_district.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(regions.unmatched, ["Elsewhere", "feature 4"]);
        assert!(regions.others.len() == 1 && regions.without_outline().is_empty());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let told = |json: &str| match Regions::read(json, &districts()) {
            Err(error) => error.to_string(),
            Ok(_) => String::new(),
        };
        let expect = |json: &str, words: &str| {
            assert!(told(json).contains(words), "{json}: {}", told(json));
        };
        expect("", "found no JSON");
        expect("[]", "found none");
        expect(r#"{"type":"Feature"}"#, "found \"Feature\"");
        expect(r#"{"type":"FeatureCollection"}"#, "FeatureCollection");
        expect(&collection(&[]), "found none");
        let in_metres = "[[[463000,3900000],[463001,3900000],[463001,3900001]]]";
        let wen = |coordinates| collection(&[feature(r#"{"name":"wen"}"#, "Polygon", coordinates)]);
        expect(&wen(in_metres), "wen: expected longitude and latitude in degrees, found [463000");
        expect(&wen("[[[113,35],[114,35]]]"), "at least three points");
        expect(&wen("[[[113],[114,35],[1,1]]]"), "at least three points");
        expect(&wen("[]"), "at least three points");
        expect(&wen("7"), "at least three points");
        let elsewhere = collection(&[feature(r#"{"name":"x"}"#, "Polygon", SQUARE)]);
        expect(&elsewhere, "no feature has the key or the name of a district");
        expect(&"[".repeat(100_000), "found no JSON");
    }
}
