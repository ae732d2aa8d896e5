//! The form of conformance goldens: every field of an evaluated package as JSON.
//!
//! ```text
//! {"value": NODE, "valid": true, "export": "{...}\n"}     or     {"build_error": "...", ...}
//! ```
//! A node has one key that says what it is (`struct`, `list`, `int`, `incomplete`, `error`, ...),
//! plus `open` for lists that may have more elements and `fields` for what hangs on something that
//! is no struct. Defaults are taken everywhere; definitions and hidden fields are shown, optional
//! and required ones are not.

use crate::explain;
use crate::export;
use crate::session::{Evaluation, Session};
use cue_eval::builtin::Check;
use cue_eval::{ArcKind, Code, Kind, ListEnd, Shape, Value};
use serde_json::{Map, Value as Json, json};

/// The whole dump of an evaluation.
pub fn dump(session: &Session, evaluation: &Evaluation) -> Json {
    let Some(root) = evaluation.root() else {
        let text: Vec<&str> = evaluation
            .diagnostics
            .iter()
            .map(|found| found.message.as_str())
            .collect();
        return json!({
            "build_error": text.join("\n"),
            "value": null,
            "valid": false,
            "export": null,
        });
    };
    json!({
        "value": node(root, 0),
        "valid": explain::is_valid(root, Check::Valid),
        "export": export::json(session, root).ok(),
    })
}

fn single(key: &str, value: impl Into<Json>) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert(key.to_owned(), value.into());
    map
}

/// The dump of one value.
pub fn node(value: Value<'_>, depth: u32) -> Json {
    let value = value.default();
    let mut out = match value.shape() {
        Shape::Null => single("null", true),
        Shape::Bool(flag) => single("bool", flag),
        Shape::Number(number) => match number.kind {
            cue_eval::number::NumberKind::Int => single(
                "int",
                number.decimal.integer_text().unwrap_or_default(),
            ),
            cue_eval::number::NumberKind::Float => single("float", number.decimal.canonical()),
        },
        Shape::String(text) => single("string", text.as_ref()),
        Shape::Bytes(bytes) => single("bytes", base64(bytes)),
        Shape::Struct => {
            return Json::Object(single("struct", fields(value, depth)));
        }
        Shape::List(end) => {
            let items: Vec<Json> = value
                .elements()
                .into_iter()
                .map(|item| node(item, depth + 1))
                .collect();
            let mut out = single("list", items);
            if end == ListEnd::Open {
                out.insert("open".to_owned(), true.into());
            }
            out
        }
        Shape::Incomplete(_) => single("incomplete", mask(value.default_kind())),
        Shape::Error(id) => {
            let code = value.graph().bottom(id).code;
            let mut out = single("error", class(code));
            if code.is_incomplete() {
                hang(&mut out, value, depth);
            }
            return Json::Object(out);
        }
    };
    hang(&mut out, value, depth);
    Json::Object(out)
}

fn hang(out: &mut Map<String, Json>, value: Value<'_>, depth: u32) {
    let Json::Array(found) = fields(value, depth) else {
        return;
    };
    if !found.is_empty() {
        out.insert("fields".to_owned(), Json::Array(found));
    }
}

fn fields(value: Value<'_>, depth: u32) -> Json {
    if depth > 2_000 {
        return Json::Array(Vec::new());
    }
    let labels = value.graph().labels();
    let found = value
        .arcs()
        .into_iter()
        .filter(|field| field.kind == ArcKind::Member && !field.label.is_int())
        .map(|field| {
            let text = labels.text(field.label);
            let shown = if field.label.is_string() && text.starts_with(['_', '#', '"']) {
                Json::from(text.as_ref()).to_string()
            } else {
                text.into_owned()
            };
            json!([shown, node(field.value, depth + 1)])
        })
        .collect();
    Json::Array(found)
}

fn class(code: Code) -> &'static str {
    match code {
        Code::Eval => "eval",
        Code::User | Code::Literal => "user",
        Code::StructuralCycle => "structural-cycle",
        Code::Incomplete => "incomplete",
        Code::Cycle => "cycle",
    }
}

fn mask(kind: Kind) -> String {
    let names: [(Kind, &str); 9] = [
        (Kind::BOOL, "bool"),
        (Kind::BYTES, "bytes"),
        (Kind::FLOAT, "float"),
        (Kind::FUNC, "func"),
        (Kind::INT, "int"),
        (Kind::LIST, "list"),
        (Kind::NULL, "null"),
        (Kind::STRING, "string"),
        (Kind::STRUCT, "struct"),
    ];
    if Kind::TOP.without(Kind::FUNC).is_within(kind) {
        return "_".to_owned();
    }
    let found: Vec<&str> = names
        .iter()
        .filter(|(single, _)| single.is_within(kind))
        .map(|(_, name)| *name)
        .collect();
    found.join("|")
}

fn base64(bytes: &[u8]) -> String {
    let data = cue_eval::Data::Bytes(bytes.into());
    let text = cue_std::encoding::json::to_text(&data, cue_std::encoding::json::Layout::Compact);
    text.trim_matches('"').to_owned()
}
