//! Objects of Kubernetes as Go programs hold them: JSON with whole numbers told apart from others.
//!
//! Invariant: maps are sorted by key, as Go sorts them whenever it writes JSON, so that whoever reads an object in CUE
//! (`for k, v in context.output...`) sees its fields in the order in which KubeVela shows them. The two kinds of numbers
//! matter in one place only: the name of a nameless object is a hash over a dump that spells the type of each value (see
//! [`super::name`]).
//!
//! Numbers change on their way. What a template gives is read back with whole numbers as `int64` and all others as
//! `float64`; what enters `context` goes through `float64` alone, so `1.0` arrives there as `1` and whole numbers above
//! 2^53 are rounded ([`Numbers`]).

use cue_engine::syntax::ast;
use cue_engine::{Data, Kind};
use goyaml::{Magnitude, Tree};
use source_vocab::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields of an object, sorted.
pub(super) type Fields = BTreeMap<Arc<str>, Object>;

/// A value inside an object, or a whole one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Arc<str>),
    List(Vec<Object>),
    Map(Fields),
}

/// How numbers become literals of CUE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As they are: `1.0` stays a float.
    Kept,
    /// As `encoding/json` writes a `float64`: `1.0` becomes `1`.
    ThroughFloat,
}

impl Object {
    /// Concrete data as `json.Unmarshal` of an unstructured object holds it.
    pub(super) fn of_data(data: &Data) -> Self {
        match data {
            Data::Null => Self::Null,
            Data::Bool(value) => Self::Bool(*value),
            Data::Number(number) => match number.decimal.to_i64() {
                Some(int) if number.mask() == Kind::INT => Self::Int(int),
                _ => Self::Float(number.decimal.to_f64()),
            },
            Data::String(text) => Self::String(Arc::clone(text)),
            Data::Bytes(_) => match cue_engine::decode::to_json(data) {
                serde_json::Value::String(base64) => Self::String(base64.into()),
                _ => Self::Null,
            },
            Data::List(items) => Self::List(items.iter().map(Self::of_data).collect()),
            Data::Struct(fields) => Self::Map(
                fields
                    .iter()
                    .map(|(name, value)| (Arc::clone(name), Self::of_data(value)))
                    .collect(),
            ),
        }
    }

    /// The value as YAML is made of it.
    pub(super) fn to_value(&self) -> goyaml::Value {
        match self {
            Self::Null => goyaml::Value::Null,
            Self::Bool(value) => goyaml::Value::Bool(*value),
            Self::Int(int) => goyaml::Value::from(*int),
            Self::Float(float) => Magnitude::Float(*float)
                .to_number()
                .map_or(goyaml::Value::Null, goyaml::Value::Number),
            Self::String(text) => goyaml::Value::from(text.as_ref()),
            Self::List(items) => goyaml::Value::List(items.iter().map(Self::to_value).collect()),
            Self::Map(fields) => fields
                .iter()
                .map(|(name, value)| (name.as_ref(), value.to_value()))
                .collect(),
        }
    }

    /// The value as an expression of CUE that stands nowhere.
    pub(super) fn to_expr(&self, numbers: Numbers) -> ast::Expr {
        match self {
            Self::Null => ast::Expr::Basic(ast::BasicLit::null()),
            Self::Bool(value) => ast::Expr::Basic(ast::BasicLit::boolean(*value)),
            Self::Int(int) => match numbers {
                Numbers::Kept => number(&int.to_string(), Span::DETACHED),
                Numbers::ThroughFloat => {
                    let float = Magnitude::Int(*int).to_number().map_or(0.0, |n| n.as_f64());
                    number(&goyaml::json_float(float), Span::DETACHED)
                }
            },
            Self::Float(float) => {
                let text = goyaml::json_float(*float);
                if numbers == Numbers::Kept && !text.contains(['.', 'e']) {
                    number(&format!("{text}.0"), Span::DETACHED)
                } else {
                    number(&text, Span::DETACHED)
                }
            }
            Self::String(text) => ast::Expr::string(text),
            Self::List(items) => {
                ast::Expr::list(items.iter().map(|item| item.to_expr(numbers)).collect())
            }
            Self::Map(fields) => ast::Expr::structure(
                fields
                    .iter()
                    .map(|(name, value)| field(name, value.to_expr(numbers)))
                    .collect(),
            ),
        }
    }

    /// The fields, when it is a map.
    pub(super) fn as_map(&self) -> Option<&Fields> {
        match self {
            Self::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// The text, when it is a string.
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value at the end of a path of field names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |object, name| object.as_map()?.get(*name))
    }

    /// The text at the end of a path; empty when there is none.
    pub(super) fn text_at(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Self::as_str).unwrap_or_default()
    }
}

/// `name: value` with a quoted name, which nothing inside the value can refer to by accident.
pub(super) fn field(name: &str, value: ast::Expr) -> ast::Decl {
    ast::Decl::field(ast::Label::Basic(ast::BasicLit::string(name)), value)
}

/// The literal of a number in JSON's spelling.
fn number(text: &str, span: Span) -> ast::Expr {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut literal = if digits.contains(['.', 'e', 'E']) {
        ast::Expr::float(digits)
    } else {
        ast::Expr::int(digits)
    };
    literal.meta_mut().span = span;
    if digits.len() == text.len() {
        return literal;
    }
    let mut negative = ast::Expr::unary(ast::UnaryOp::Minus, literal);
    negative.meta_mut().span = span;
    negative
}

/// A value of the user's files as an expression whose places lead there, in the form in which KubeVela's templates see
/// properties: keys sorted, numbers through `float64`.
pub(super) fn expr_of_tree(tree: &Tree) -> ast::Expr {
    let mut expr = match &tree.data {
        goyaml::Data::Null => ast::Expr::Basic(ast::BasicLit::null()),
        goyaml::Data::Bool(value) => ast::Expr::Basic(ast::BasicLit::boolean(*value)),
        goyaml::Data::Number(magnitude) => {
            let float = magnitude.to_number().map_or(0.0, |number| number.as_f64());
            number(&goyaml::json_float(float), tree.span)
        }
        goyaml::Data::String(text) => ast::Expr::string(text),
        goyaml::Data::List(items) => ast::Expr::list(items.iter().map(expr_of_tree).collect()),
        goyaml::Data::Map(entries) => {
            let mut sorted: Vec<&goyaml::Entry> = entries.iter().collect();
            sorted.sort_by(|left, right| left.key.cmp(&right.key));
            ast::Expr::structure(
                sorted
                    .into_iter()
                    .map(|entry| {
                        let mut decl = field(&entry.key, expr_of_tree(&entry.value));
                        if let Some(meta) = decl.meta_mut() {
                            // a value that is referred to stands in another file than its key
                            meta.span = if entry.key_span.is_detached() {
                                entry.value.span
                            } else {
                                entry.key_span
                            };
                        }
                        decl
                    })
                    .collect(),
            )
        }
    };
    expr.meta_mut().span = tree.span;
    expr
}
