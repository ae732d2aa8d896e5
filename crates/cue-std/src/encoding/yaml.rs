//! YAML: `encoding/yaml`, and what `cue` reads and prints as YAML.
//!
//! The text is goyaml's affair; here its nodes become values. Scalars follow yaml.v3
//! ([`Dialect::Cue`]); numbers keep their digits where the spelling is decimal.

use super::json::text;
use crate::package::{Builder, Outcome, concrete, text_kind, writable};
use cue_eval::builtin::{Answer, Call, Check, Failure};
use cue_eval::number::{Decimal, NumberKind};
use cue_eval::{Data, Kind, Number, Shape, Term};
use goyaml::emit_cue::Item;
use goyaml::{Dialect, Magnitude, Node, NodeKind, Resolved, ScalarStyle};
use source_vocab::Span;
use std::borrow::Cow;
use std::sync::Arc;

/// Why a text has no value, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, one lower-case sentence.
    pub message: String,
    /// Where, counted from the base given.
    pub span: Span,
}

impl std::fmt::Display for YamlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for YamlError {}

/// The YAML text of a value, ending in a line feed.
pub fn to_text(data: &Data) -> String {
    goyaml::emit_cue::to_string(&item(data))
}

fn item(data: &Data) -> Item<'_> {
    match data {
        Data::Null => Item::Null,
        Data::Bool(value) => Item::Bool(*value),
        Data::Number(number) => Item::Number(number.decimal.to_string().into()),
        Data::String(text) => Item::String(Cow::Borrowed(text)),
        Data::Bytes(bytes) => Item::Bytes(Cow::Borrowed(bytes)),
        Data::List(items) => Item::List(items.iter().map(item).collect()),
        Data::Struct(fields) => Item::Struct(
            fields
                .iter()
                .map(|(name, value)| (Cow::Borrowed(&**name), item(value)))
                .collect(),
        ),
    }
}

/// Reads all documents of a text; an empty text has none.
///
/// # Errors
/// [`YamlError`] when the text is no YAML, or a key no scalar.
pub fn parse(text: &str, base: u32) -> Result<Vec<Data>, YamlError> {
    let stream = goyaml::parse(text, base);
    if let Some(error) = stream.error {
        return Err(YamlError {
            message: error.message,
            span: error.span,
        });
    }
    stream
        .documents
        .iter()
        .map(|document| value(&document.root))
        .collect()
}

fn refuse<T>(node: &Node, message: impl Into<String>) -> Result<T, YamlError> {
    Err(YamlError {
        message: message.into(),
        span: node.span,
    })
}

/// The value of a node.
///
/// # Errors
/// [`YamlError`] when a scalar does not fit its tag or a key is no scalar.
pub fn value(node: &Node) -> Result<Data, YamlError> {
    match &node.kind {
        NodeKind::Scalar { text, style } => scalar(node, text, *style),
        NodeKind::Sequence { items, .. } => Ok(Data::List(
            items.iter().map(value).collect::<Result<_, _>>()?,
        )),
        NodeKind::Mapping { entries, .. } => {
            let mut fields: indexmap::IndexMap<Arc<str>, Data> = indexmap::IndexMap::new();
            merge(entries, &mut fields)?;
            Ok(Data::Struct(fields.into_iter().collect()))
        }
    }
}

fn merge(
    entries: &[(Node, Node)],
    fields: &mut indexmap::IndexMap<Arc<str>, Data>,
) -> Result<(), YamlError> {
    for (key, node) in entries {
        if key.is_merge_key() {
            let sources: Vec<&Node> = match &node.kind {
                NodeKind::Sequence { items, .. } => items.iter().collect(),
                NodeKind::Scalar { .. } | NodeKind::Mapping { .. } => vec![node],
            };
            for source in sources {
                let Some(entries) = source.as_mapping() else {
                    return refuse(source, "map merge requires map or sequence of maps");
                };
                let mut inner = indexmap::IndexMap::new();
                merge(entries, &mut inner)?;
                for (name, value) in inner {
                    fields.entry(name).or_insert(value);
                }
            }
            continue;
        }
        let Some(name) = key.as_scalar() else {
            return refuse(key, "a key must be a scalar");
        };
        let found = value(node)?;
        match fields.get(name) {
            Some(before) if *before != found => {
                return refuse(key, format!("the key `{name}` has two different values"));
            }
            _ => fields.insert(name.into(), found),
        };
    }
    Ok(())
}

fn scalar(node: &Node, text: &str, style: ScalarStyle) -> Result<Data, YamlError> {
    let tag = node.tag.as_deref().filter(|tag| *tag != "!");
    if tag == Some("!!binary") {
        let clean: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        return match goyaml::base64::decode(&clean) {
            Some(bytes) => Ok(Data::from(bytes)),
            None => refuse(node, "`!!binary` is not base64"),
        };
    }
    let resolved = match tag {
        Some(tag) => match goyaml::resolve_tagged(Dialect::Cue, tag, text) {
            Some(resolved) => resolved,
            None => return refuse(node, format!("cannot read `{text}` as `{tag}`")),
        },
        None if style == ScalarStyle::Plain => goyaml::resolve_plain(Dialect::Cue, text),
        None => Resolved::String,
    };
    Ok(match resolved {
        Resolved::Null => Data::Null,
        Resolved::Bool(value) => Data::Bool(value),
        Resolved::Int(magnitude) => {
            let spelled = text.replace('_', "");
            let decimal = match magnitude {
                Magnitude::Int(value) => Decimal::from(value),
                Magnitude::Uint(value) => Decimal::from(value),
                Magnitude::Float(value) => {
                    Decimal::parse_text(&spelled).unwrap_or_else(|| Decimal::from_f64(value))
                }
            };
            Data::Number(Number {
                kind: NumberKind::Int,
                decimal,
            })
        }
        Resolved::Float(value) => {
            if !value.is_finite() {
                return refuse(node, format!("`{text}` has no value in CUE"));
            }
            let spelled = text.replace('_', "");
            let decimal = Decimal::parse_text(&spelled).unwrap_or_else(|| Decimal::from_f64(value));
            // an integer too large for 64 bits is read as a float by Go, but is an int in CUE
            let whole = spelled
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'-' || b == b'+');
            Data::Number(Number {
                kind: if whole && tag.is_none() {
                    NumberKind::Int
                } else {
                    NumberKind::Float
                },
                decimal,
            })
        }
        Resolved::Timestamp | Resolved::String => Data::from(text),
    })
}

fn failed(error: YamlError) -> Failure {
    Failure::eval(error.message)
}

/// All documents; a text without any is one `null`.
fn documents(text: &str) -> Result<Vec<Data>, Failure> {
    let mut documents = parse(text, 1).map_err(failed)?;
    if documents.is_empty() {
        documents.push(Data::Null);
    }
    Ok(documents)
}

/// The only document: what `yaml.Unmarshal` gives.
fn single(text: &str) -> Result<Data, Failure> {
    let mut documents = documents(text)?;
    match documents.len() {
        1 => Ok(documents.swap_remove(0)),
        count => Err(Failure::eval(format!(
            "expected one YAML document, found {count}"
        ))),
    }
}

/// Checks one document, or the schema alone where there is none.
fn validate_one(
    c: &mut Call<'_>,
    schema: Term,
    given: Option<Data>,
    check: Check,
) -> Result<(), Failure> {
    let unified = match given {
        Some(given) => {
            let given = c.insert(given);
            c.unify(&[schema, given])?
        }
        None => schema,
    };
    let Some(found) = c.validate(unified, check) else {
        return Ok(());
    };
    // a text does not change, so what it leaves open stays open
    Err(match found {
        Failure::Bottom(id) if c.view(unified).graph().bottom(id).code.is_incomplete() => {
            Failure::eval("the document leaves a value of the schema open")
        }
        found => found,
    })
}

fn is_top(c: &Call<'_>, schema: Term) -> bool {
    matches!(c.view(schema).shape(), Shape::Incomplete(kind) if kind == Kind::TOP)
}

fn validate(c: &mut Call<'_>, check: Check) -> Outcome {
    let schema = c.term(1);
    let source = text(c, 0)?;
    let documents = parse(&source, 1).map_err(failed)?;
    if documents.is_empty() && check == Check::Concrete && !is_top(c, schema) {
        validate_one(c, schema, None, check)?;
    }
    for document in documents {
        validate_one(c, schema, Some(document), check)?;
    }
    Ok(true.into())
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    let s = Kind::STRING;
    b.function("Marshal", &[Kind::TOP], s, |c| {
        let term = c.term(0);
        let out = to_text(&writable(c, term)?);
        c.charge(out.len())?;
        Ok(out.into())
    });
    b.function("MarshalStream", &[Kind::TOP], s, |c| {
        concrete(c, 0)?;
        let mut out = String::new();
        for (at, item) in c.list(0)?.into_iter().enumerate() {
            if at > 0 {
                out.push_str("---\n");
            }
            out.push_str(&to_text(&writable(c, item)?));
        }
        c.charge(out.len())?;
        Ok(out.into())
    });
    b.function("Unmarshal", &[text_kind()], Kind::TOP, |c| {
        Ok(Answer::Data(single(&text(c, 0)?)?))
    });
    b.function("UnmarshalStream", &[text_kind()], Kind::TOP, |c| {
        Ok(Answer::Data(Data::List(documents(&text(c, 0)?)?)))
    });
    b.schema_function("Validate", &[text_kind(), Kind::TOP], Kind::BOOL, |c| {
        validate(c, Check::Concrete)
    });
    b.schema_function(
        "ValidatePartial",
        &[text_kind(), Kind::TOP],
        Kind::BOOL,
        |c| validate(c, Check::Valid),
    );
}
