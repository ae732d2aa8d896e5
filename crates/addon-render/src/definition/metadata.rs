//! The metadata field of a definition: what stands beside `template`.
//!
//! It is evaluated alone, without the imports and the template of its file, as kubevela's `Definition.FromCUE` does:
//! `attributes` becomes the spec, labels and annotations get the prefix `custom.definition.oam.dev/` unless their key
//! contains `oam.dev`. Fields of the metadata that KubeVela does not know are dropped.

use super::Kind;
use cue_engine::syntax::ast::{Decl, Expr, Field, File, Label, LabelName, Meta};
use cue_engine::{Check, Data, Package, Session, Value as CueValue, decode, explain};
use goyaml::{Map, Value};
use source_vocab::{Diagnostic, Span};

/// Before the keys of an author's own labels and annotations.
const USER_PREFIX: &str = "custom.definition.oam.dev/";

/// What the metadata field says.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) annotations: Map,
    pub(super) labels: Map,
    pub(super) spec: Map,
    /// Where `attributes` stands, or the metadata field.
    pub(super) attributes_span: Span,
}

/// Evaluates the metadata fields, of which exactly one must be a definition.
pub(super) fn read(session: &Session, fields: &[Field]) -> Result<Metadata, Vec<Diagnostic>> {
    let mut package = Package::default();
    let decls = fields
        .iter()
        .map(|field| Decl::Field(Box::new(field.clone())))
        .collect();
    package.extend(
        [File {
            meta: Meta::default(),
            decls,
        }],
        session,
    );
    let evaluation = session.evaluate(&package);
    let Some(root) = evaluation.root() else {
        return Err(evaluation.diagnostics);
    };
    let wrong = explain::findings(root, Check::Valid);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let definitions = root.fields();
    let (name, value) = match definitions.as_slice() {
        [(name, value)] => (name.to_string(), *value),
        [] => {
            return Err(vec![Diagnostic::error(
                "definition/no-metadata",
                "the definition has no metadata: a regular field with `type` was expected",
                fields
                    .first()
                    .map_or(Span::DETACHED, |field| field.meta.span),
            )]);
        }
        [(first, one), (second, other), ..] => {
            return Err(vec![
                Diagnostic::error(
                    "definition/two-names",
                    format!(
                        "a file holds one definition, but both `{first}` and `{second}` stand beside `template`"
                    ),
                    other.span(),
                )
                .label(one.span(), "the first"),
            ]);
        }
    };
    decode_fields(name, value).map_err(|found| vec![found])
}

fn decode_fields(name: String, value: CueValue<'_>) -> Result<Metadata, Diagnostic> {
    let kind_value = value.field("type").ok_or_else(|| {
        Diagnostic::error(
            "definition/no-type",
            format!("`{name}` has no `type`, one of {} was expected", words()),
            value.span(),
        )
    })?;
    let word = text(kind_value, "type")?;
    let kind = Kind::of_word(&word).ok_or_else(|| {
        Diagnostic::error(
            "definition/unknown-type",
            format!(
                "`{word}` is no type of definition, one of {} was expected",
                words()
            ),
            kind_value.span(),
        )
    })?;
    let mut annotations = Map::new();
    for (field, key) in [
        ("alias", "definition.oam.dev/alias"),
        ("description", "definition.oam.dev/description"),
    ] {
        if let Some(given) = value.field(field) {
            annotations.insert(key.to_owned(), Value::from(text(given, field)?));
        }
    }
    if let Some(given) = value.field("annotations") {
        prefixed(given, "annotations", &mut annotations)?;
    }
    let mut labels = Map::new();
    if let Some(given) = value.field("labels") {
        prefixed(given, "labels", &mut labels)?;
    }
    let attributes = value.field("attributes");
    let spec = match attributes {
        None => Map::new(),
        Some(given) => match given.data() {
            Some(data @ Data::Struct(_)) => match Value::from(&decode::to_json(&data)) {
                Value::Map(spec) => spec,
                _ => Map::new(),
            },
            Some(Data::Null) => Map::new(),
            Some(_) => {
                return Err(Diagnostic::error(
                    "definition/invalid-spec",
                    "`attributes` must be a struct",
                    given.span(),
                ));
            }
            None => return Err(not_concrete(given, "attributes")),
        },
    };
    Ok(Metadata {
        name,
        kind,
        annotations,
        labels,
        spec,
        attributes_span: attributes.unwrap_or(value).span(),
    })
}

/// The words of `type`, to say what was expected.
fn words() -> String {
    let words: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| format!("`{}`", kind.word()))
        .collect();
    words.join(", ")
}

fn not_concrete(value: CueValue<'_>, name: &str) -> Diagnostic {
    let findings = explain::findings(value, Check::Concrete);
    findings.into_iter().next().unwrap_or_else(|| {
        Diagnostic::error(
            "definition/not-concrete",
            format!("`{name}` must be given in full, without an open choice"),
            value.span(),
        )
    })
}

fn text(value: CueValue<'_>, name: &str) -> Result<String, Diagnostic> {
    match value.data() {
        Some(Data::String(text)) => Ok(text.to_string()),
        Some(_) => Err(Diagnostic::error(
            "definition/not-text",
            format!("`{name}` must be a string"),
            value.span(),
        )),
        None => Err(not_concrete(value, name)),
    }
}

/// Labels or annotations, their keys prefixed unless they are OAM's own.
fn prefixed(value: CueValue<'_>, name: &str, into: &mut Map) -> Result<(), Diagnostic> {
    match value.data() {
        Some(Data::Struct(_)) => {}
        Some(Data::Null) => return Ok(()),
        Some(_) => {
            return Err(Diagnostic::error(
                "definition/not-struct",
                format!("`{name}` must be a struct of strings"),
                value.span(),
            ));
        }
        None => return Err(not_concrete(value, name)),
    }
    for (key, given) in value.default().fields() {
        let text = text(given, &key)?;
        let key = if key.contains("oam.dev") {
            key.to_string()
        } else {
            format!("{USER_PREFIX}{key}")
        };
        into.insert(key, Value::from(text));
    }
    Ok(())
}

/// The place of the field at `path` below `name: <under>: …`, as far as the literals lead there.
pub(super) fn locate(field: &Field, name: &str, under: &str, path: &[String]) -> Option<Span> {
    if label_text(&field.label)? != name {
        return None;
    }
    let mut at = field;
    for key in std::iter::once(under).chain(path.iter().map(String::as_str)) {
        let Expr::Struct(body) = &at.value else { break };
        let next = body.elts.iter().find_map(|decl| match decl {
            Decl::Field(field) if label_text(&field.label).as_deref() == Some(key) => {
                Some(&**field)
            }
            _ => None,
        });
        let Some(next) = next else { break };
        at = next;
    }
    Some(at.label.span())
}

/// The name that a label gives when it is plain.
pub(super) fn label_text(label: &Label) -> Option<String> {
    match label.name() {
        LabelName::Ident(name) | LabelName::Quoted(name) => Some(name),
        LabelName::Dynamic | LabelName::Invalid => None,
    }
}
