//! The Go type of an Application as data, and decoding into it.
//!
//! KubeVela reads a template into `v1beta1.Application` and prints that: fields the type does not have are gone, empty ones
//! are left out where the type says `omitempty`, and a value of the wrong type fails. So a rendered Application is the image
//! of the template under its type. [`application`] and [`component`] make that image, with the places of the values kept;
//! what is dropped on the way is reported, because no author means it.
//!
//! Types: kubevela 5a44b5f10 `apis/core.oam.dev/v1beta1/application_types.go` and `common/types.go`, kubevela/pkg v1.10.0
//! `apis/oam/v1alpha1`, apimachinery v0.31 `ObjectMeta`. Keys of `template.yaml` match exactly (`kjson`), those of CUE in any
//! case (`encoding/json`), the later of two winning.

use crate::tree::{self, entry};
use goyaml::{Data, Entry, Magnitude, Tree};
use source_vocab::{Diagnostic, Span};

/// How keys are matched with the names of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// As they are.
    Exact,
    /// In any case.
    AnyCase,
}

/// A Go type.
#[derive(Debug)]
enum Shape {
    /// `*runtime.RawExtension` and the like: anything, kept as it is; null is nothing.
    Raw,
    /// `string`.
    Text,
    /// `int64`.
    Integer,
    /// `metav1.Time`: a text.
    Time,
    /// `[]T`.
    List(&'static Shape),
    /// `map[string]string`.
    Texts,
    /// A struct.
    Struct(&'static [Field]),
    /// A part that a template cannot set: read, and forgotten.
    Ignored,
}

/// A field of a struct.
#[derive(Debug)]
struct Field {
    name: &'static str,
    shape: Shape,
    empty: Empty,
}

/// What is printed of a field that is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Empty {
    /// Nothing (`omitempty`).
    Omitted,
    /// The zero value.
    Kept,
    /// Nothing when it is absent, itself when it is there: a pointer with `omitempty`.
    Pointer,
}

const fn omit(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        empty: Empty::Omitted,
    }
}

const fn keep(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        empty: Empty::Kept,
    }
}

const fn pointer(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        empty: Empty::Pointer,
    }
}

static STRING: Shape = Shape::Text;

static INPUT: Shape =
    Shape::Struct(&[keep("from", Shape::Text), omit("parameterKey", Shape::Text)]);

static OUTPUT: Shape = Shape::Struct(&[keep("name", Shape::Text), keep("valueFrom", Shape::Text)]);

static TRAIT: Shape =
    Shape::Struct(&[pointer("properties", Shape::Raw), keep("type", Shape::Text)]);

static COMPONENT: Shape = Shape::Struct(&[
    omit("dependsOn", Shape::List(&STRING)),
    omit("externalRevision", Shape::Text),
    omit("inputs", Shape::List(&INPUT)),
    keep("name", Shape::Text),
    omit("outputs", Shape::List(&OUTPUT)),
    pointer("properties", Shape::Raw),
    omit("scopes", Shape::Texts),
    omit("traits", Shape::List(&TRAIT)),
    keep("type", Shape::Text),
]);

static POLICY: Shape = Shape::Struct(&[
    omit("name", Shape::Text),
    pointer("properties", Shape::Raw),
    keep("type", Shape::Text),
]);

static SUB_STEP: Shape = Shape::Struct(&[
    omit("dependsOn", Shape::List(&STRING)),
    omit("if", Shape::Text),
    omit("inputs", Shape::List(&INPUT)),
    pointer("meta", Shape::Struct(&[omit("alias", Shape::Text)])),
    omit("name", Shape::Text),
    omit("outputs", Shape::List(&OUTPUT)),
    pointer("properties", Shape::Raw),
    omit("timeout", Shape::Text),
    keep("type", Shape::Text),
]);

static STEP: Shape = Shape::Struct(&[
    omit("dependsOn", Shape::List(&STRING)),
    omit("if", Shape::Text),
    omit("inputs", Shape::List(&INPUT)),
    pointer("meta", Shape::Struct(&[omit("alias", Shape::Text)])),
    omit("mode", Shape::Text),
    omit("name", Shape::Text),
    omit("outputs", Shape::List(&OUTPUT)),
    pointer("properties", Shape::Raw),
    omit("subSteps", Shape::List(&SUB_STEP)),
    omit("timeout", Shape::Text),
    keep("type", Shape::Text),
]);

static MODE: [Field; 2] = [omit("steps", Shape::Text), omit("subSteps", Shape::Text)];

static WORKFLOW: [Field; 3] = [
    pointer("mode", Shape::Struct(&MODE)),
    omit("ref", Shape::Text),
    omit("steps", Shape::List(&STEP)),
];

static SPEC: [Field; 3] = [
    keep("components", Shape::List(&COMPONENT)),
    omit("policies", Shape::List(&POLICY)),
    pointer("workflow", Shape::Struct(&WORKFLOW)),
];

static OWNER: Shape = Shape::Struct(&[
    keep("apiVersion", Shape::Text),
    pointer("blockOwnerDeletion", Shape::Raw),
    pointer("controller", Shape::Raw),
    keep("kind", Shape::Text),
    keep("name", Shape::Text),
    keep("uid", Shape::Text),
]);

static METADATA: [Field; 15] = [
    omit("annotations", Shape::Texts),
    keep("creationTimestamp", Shape::Time),
    pointer("deletionGracePeriodSeconds", Shape::Integer),
    pointer("deletionTimestamp", Shape::Time),
    omit("finalizers", Shape::List(&STRING)),
    omit("generateName", Shape::Text),
    omit("generation", Shape::Integer),
    omit("labels", Shape::Texts),
    pointer("managedFields", Shape::Ignored),
    omit("name", Shape::Text),
    omit("namespace", Shape::Text),
    omit("ownerReferences", Shape::List(&OWNER)),
    omit("resourceVersion", Shape::Text),
    omit("selfLink", Shape::Text),
    omit("uid", Shape::Text),
];

static APPLICATION: [Field; 5] = [
    omit("apiVersion", Shape::Text),
    omit("kind", Shape::Text),
    keep("metadata", Shape::Struct(&METADATA)),
    keep("spec", Shape::Struct(&SPEC)),
    keep("status", Shape::Ignored),
];

/// An Application as its type prints it; null gives the empty one.
///
/// # Errors
/// A diagnostic at the first value of a wrong type.
pub(crate) fn application(
    tree: &Tree,
    keys: Keys,
    dropped: &mut Vec<Diagnostic>,
) -> Result<Tree, Box<Diagnostic>> {
    Decoder { keys, dropped }.structure(tree, &APPLICATION, "")
}

/// A component as its type prints it.
///
/// # Errors
/// A diagnostic at the first value of a wrong type.
pub(crate) fn component(
    tree: &Tree,
    keys: Keys,
    dropped: &mut Vec<Diagnostic>,
) -> Result<Tree, Box<Diagnostic>> {
    Decoder { keys, dropped }.value(tree, &COMPONENT, "output")
}

struct Decoder<'d> {
    keys: Keys,
    dropped: &'d mut Vec<Diagnostic>,
}

impl Decoder<'_> {
    fn value(&mut self, tree: &Tree, shape: &Shape, path: &str) -> Result<Tree, Box<Diagnostic>> {
        let made = |data: Data| Tree {
            span: tree.span,
            data,
        };
        match (shape, &tree.data) {
            (Shape::Struct(fields), _) => self.structure(tree, fields, path),
            (Shape::Raw, _) | (Shape::Text | Shape::Time, Data::String(_)) => Ok(tree.clone()),
            (Shape::Integer, Data::Number(Magnitude::Int(_))) => Ok(tree.clone()),
            (Shape::Ignored, _) => Ok(made(Data::Map(Vec::new()))),
            (_, Data::Null) => Ok(Tree {
                span: tree.span,
                ..zero(shape)
            }),
            (Shape::List(of), Data::List(items)) => {
                let items = items.iter().enumerate();
                let items = items
                    .map(|(at, item)| self.value(item, of, &format!("{path}[{at}]")))
                    .collect::<Result<_, _>>()?;
                Ok(made(Data::List(items)))
            }
            (Shape::Texts, Data::Map(entries)) => {
                let entries = entries.iter().map(|found| {
                    let value = self.value(&found.value, &Shape::Text, &below(path, &found.key))?;
                    Ok(Entry {
                        value,
                        ..found.clone()
                    })
                });
                let entries = entries.collect::<Result<_, Box<Diagnostic>>>()?;
                Ok(made(Data::Map(entries)))
            }
            (Shape::Text | Shape::Time, _) => Err(wrong(tree, path, "a string")),
            (Shape::Integer, _) => Err(wrong(tree, path, "a whole number")),
            (Shape::List(_), _) => Err(wrong(tree, path, "a list")),
            (Shape::Texts, _) => Err(wrong(tree, path, "a mapping of strings")),
        }
    }

    fn structure(
        &mut self,
        tree: &Tree,
        fields: &'static [Field],
        path: &str,
    ) -> Result<Tree, Box<Diagnostic>> {
        if !matches!(tree.data, Data::Map(_) | Data::Null) {
            return Err(wrong(tree, path, "a mapping"));
        }
        let mut given: Vec<Option<&Entry>> = vec![None; fields.len()];
        for found in tree.entries() {
            let exact = fields.iter().position(|field| field.name == &*found.key);
            let at = exact.or_else(|| {
                let alike = |field: &Field| folds_equal(field.name, &found.key);
                let any = self.keys == Keys::AnyCase;
                any.then(|| fields.iter().position(alike)).flatten()
            });
            match at.and_then(|at| given.get_mut(at)) {
                Some(slot) => *slot = Some(found),
                None => self.report_dropped(found, path),
            }
        }
        let mut made = Vec::with_capacity(fields.len());
        for (field, given) in fields.iter().zip(given) {
            let value = match given {
                None => match field.empty {
                    Empty::Kept => zero(&field.shape),
                    Empty::Omitted | Empty::Pointer => continue,
                },
                Some(found) => {
                    let absent = found.value.data == Data::Null && field.empty == Empty::Pointer;
                    if absent || (field.empty == Empty::Pointer && field.is_ignored()) {
                        continue;
                    }
                    self.value(&found.value, &field.shape, &below(path, field.name))?
                }
            };
            if field.empty == Empty::Omitted && is_empty(&value) {
                continue;
            }
            made.push(Entry {
                key: field.name.into(),
                key_span: given.map_or(Span::DETACHED, |found| found.key_span),
                value,
            });
        }
        Ok(Tree {
            span: tree.span,
            data: Data::Map(made),
        })
    }

    fn report_dropped(&mut self, found: &Entry, path: &str) {
        let place = if found.key_span.is_detached() {
            found.value.span
        } else {
            found.key_span
        };
        let within = if path.is_empty() {
            "an Application".to_owned()
        } else {
            format!("`{path}` of an Application")
        };
        let message = format!("`{}` is no field of {within} and is dropped", found.key);
        let diagnostic = Diagnostic::warning("render/unknown-field", message, place);
        self.dropped.push(diagnostic);
    }
}

impl Field {
    fn is_ignored(&self) -> bool {
        matches!(self.shape, Shape::Ignored)
    }
}

/// What Go prints of a field that nobody set.
fn zero(shape: &Shape) -> Tree {
    tree::detached(match shape {
        Shape::Raw | Shape::Time | Shape::List(_) | Shape::Texts => Data::Null,
        Shape::Text => Data::String(Box::default()),
        Shape::Integer => Data::Number(Magnitude::Int(0)),
        Shape::Ignored => Data::Map(Vec::new()),
        Shape::Struct(fields) => Data::Map(
            fields
                .iter()
                .filter(|field| field.empty == Empty::Kept)
                .map(|field| entry(field.name, zero(&field.shape)))
                .collect(),
        ),
    })
}

fn is_empty(value: &Tree) -> bool {
    match &value.data {
        Data::Null => true,
        Data::Bool(flag) => !flag,
        Data::Number(number) => *number == Magnitude::Int(0),
        Data::String(text) => text.is_empty(),
        Data::List(items) => items.is_empty(),
        Data::Map(entries) => entries.is_empty(),
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn wrong(found: &Tree, path: &str, expected: &str) -> Box<Diagnostic> {
    let what = if path.is_empty() {
        "an Application".to_owned()
    } else {
        format!("`{path}` of an Application")
    };
    let message = format!("{what} must be {expected}, found {}", found.kind());
    Box::new(Diagnostic::error(
        "render/application-type",
        message,
        found.span,
    ))
}

/// Whether two keys are the same to `encoding/json`.
fn folds_equal(a: &str, b: &str) -> bool {
    let fold = |c: char| match c {
        '\u{17F}' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    a.chars().map(fold).eq(b.chars().map(fold))
}
