//! `Chart.yaml` of a stranger: the fields that an index may have, with the types it must have.
//!
//! vela reads an index with `yaml.UnmarshalStrict`: one unknown key, or one text where a list belongs, in one
//! entry, and the whole registry is rejected. So what goes from a chart into an index is exactly helm's
//! `chart.Metadata` (helm v3.14.4 `pkg/chart/metadata.go`): a field that it does not have is left out, as
//! helm leaves it out, and a field of another type refuses the archive.

use goyaml::Value;
use serde_json::{Map, Value as Json};

use super::{CHART, METADATA, Refused, Versions, shown};
use crate::chart_fields::{self, Field, Shape};

/// Reads `Chart.yaml` into the fields that an index may have.
pub(super) fn read_chart(bytes: &[u8]) -> Result<Map<String, Json>, Refused> {
    let value = parse(CHART, bytes)?;
    let Some(map) = value.as_map() else {
        return Err(bad(CHART, "is not a mapping"));
    };
    let chart = record(map, chart_fields::CHART).map_err(|problem| bad(CHART, problem))?;
    let api = chart.get("apiVersion").and_then(Json::as_str);
    if !matches!(api, Some("v1" | "v2")) {
        return Err(bad(CHART, "has no `apiVersion: v2`"));
    }
    Ok(chart)
}

/// The name, when both manifests have the same, and the version, likewise unless `versions` allows another.
pub(super) fn agree(
    chart: &Map<String, Json>,
    metadata: &[u8],
    versions: Versions,
) -> Result<(String, String), Refused> {
    let metadata = parse(METADATA, metadata)?;
    let both = |field: &'static str| -> Result<String, Refused> {
        let text = |text: Option<&str>, file| {
            text.filter(|text| !text.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| bad(file, format!("has no `{field}`")))
        };
        let ours = text(chart.get(field).and_then(Json::as_str), CHART)?;
        let stated = metadata.get(field);
        // sigs.k8s.io/yaml gives a number to a text field as its text
        let number = match stated {
            Some(Value::Number(number)) => Some(number.read().to_string_target()),
            _ => None,
        };
        let theirs = text(
            stated.and_then(Value::as_str).or(number.as_deref()),
            METADATA,
        )?;
        if ours == theirs || (field == "version" && versions == Versions::OfChart) {
            Ok(ours)
        } else {
            Err(Refused::Mismatch {
                field,
                chart: shown(&ours),
                metadata: shown(&theirs),
            })
        }
    };
    Ok((both("name")?, both("version")?))
}

fn parse(file: &'static str, bytes: &[u8]) -> Result<Value, Refused> {
    goyaml::from_slice(bytes).map_err(|error| bad(file, format!("is not YAML: {error}")))
}

fn bad(file: &'static str, problem: impl Into<String>) -> Refused {
    Refused::Manifest {
        file,
        problem: problem.into(),
    }
}

fn record(map: &goyaml::Map, fields: &[Field]) -> Result<Map<String, Json>, String> {
    let mut record = Map::new();
    for (name, shape) in fields {
        match map.get(*name) {
            None | Some(Value::Null) => {}
            Some(value) => {
                let value = fit(value, *shape)
                    .map_err(|expected| format!("has a `{name}` that is not {expected}"))?;
                record.insert((*name).to_owned(), value);
            }
        }
    }
    Ok(record)
}

fn fit(value: &Value, shape: Shape) -> Result<Json, String> {
    match (shape, value) {
        (Shape::Text, Value::String(text)) => Ok(Json::String(visible(text))),
        (Shape::Text, Value::Number(number)) => Ok(number.read().to_string_target().into()),
        (Shape::Text, Value::Bool(value)) => Ok(value.to_string().into()),
        (Shape::Text, _) => Err("text".to_owned()),
        (Shape::Bool, Value::Bool(value)) => Ok((*value).into()),
        (Shape::Bool, _) => Err("true or false".to_owned()),
        (Shape::Texts, Value::List(items)) => items
            .iter()
            .map(|item| fit(item, Shape::Text))
            .collect::<Result<_, _>>()
            .map(Json::Array)
            .map_err(|_| "a list of texts".to_owned()),
        (Shape::Texts, _) => Err("a list of texts".to_owned()),
        (Shape::TextMap, Value::Map(map)) => map
            .iter()
            .map(|(key, value)| Ok((visible(key), fit(value, Shape::Text)?)))
            .collect::<Result<_, String>>()
            .map(Json::Object)
            .map_err(|_| "a mapping of texts".to_owned()),
        (Shape::TextMap, _) => Err("a mapping of texts".to_owned()),
        (Shape::Records(fields), Value::List(items)) => items
            .iter()
            .map(|item| {
                let map = item.as_map().ok_or("a list of mappings")?;
                record(map, fields).map(Json::Object)
            })
            .collect::<Result<_, String>>()
            .map(Json::Array),
        (Shape::Records(_), _) => Err("a list of mappings".to_owned()),
        (Shape::Values, Value::List(items)) => Ok(items.iter().map(plain).collect()),
        (Shape::Values, _) => Err("a list".to_owned()),
    }
}

/// Any value, its texts made visible.
fn plain(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::String(visible(text)),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| (visible(key), plain(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Json::from(value),
    }
}

/// As helm's `sanitizeString`: any white space becomes a space, what cannot be shown goes. An index is
/// printed by clients to terminals (CVE-2021-21303).
fn visible(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_whitespace() {
                ' '
            } else {
                character
            }
        })
        .filter(|character| !character.is_control())
        .collect()
}
