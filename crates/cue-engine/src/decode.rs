//! Values as Rust types, through serde.
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Port { number: u16, name: Option<String> }
//!
//! let mut session = cue_engine::Session::new();
//! let package = session.package_of_text("p.cue", "number: *80 | int");
//! let evaluation = session.evaluate(&package);
//! let port: Port = cue_engine::decode::decode(evaluation.root().unwrap()).unwrap();
//! assert_eq!((port.number, port.name), (80, None));
//! ```

use cue_eval::{Data, Value};
use serde::de::DeserializeOwned;

/// Why a value does not become a Rust value.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Some part of it is not concrete, or an error.
    #[error("the value is not concrete")]
    NotConcrete,
    /// It has not the shape that the type wants.
    #[error("the value does not fit: {0}")]
    Shape(#[from] serde_json::Error),
}

/// Decodes a value, its defaults taken.
///
/// # Errors
/// [`DecodeError`] when it is not concrete or of another shape.
pub fn decode<T: DeserializeOwned>(value: Value<'_>) -> Result<T, DecodeError> {
    let data = value.data().ok_or(DecodeError::NotConcrete)?;
    Ok(serde_json::from_value(to_json(&data))?)
}

/// A concrete value as JSON of serde: numbers become 64-bit ones, bytes base64 text.
pub fn to_json(data: &Data) -> serde_json::Value {
    use serde_json::Value as Json;
    match data {
        Data::Null => Json::Null,
        Data::Bool(value) => Json::Bool(*value),
        Data::Number(number) => match number.decimal.to_i64() {
            Some(int) => Json::from(int),
            None => serde_json::Number::from_f64(number.decimal.to_f64())
                .map_or(Json::Null, Json::Number),
        },
        Data::String(text) => Json::String(text.to_string()),
        Data::Bytes(_) => {
            // the exporter's text is a JSON string
            let text =
                cue_std::encoding::json::to_text(data, cue_std::encoding::json::Layout::Compact);
            Json::String(text.trim_matches('"').to_owned())
        }
        Data::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Data::Struct(fields) => Json::Object(
            fields
                .iter()
                .map(|(name, value)| (name.to_string(), to_json(value)))
                .collect(),
        ),
    }
}
