//! What an expression can be worth.
//!
//! `self` is not copied: an object of the custom resource stays a [`Tree`] with the schema that says what its fields are, and
//! a field becomes a value when it is selected. The schema decides: a text of `format: duration` is a duration, an integer in
//! a field of type `number` is a double.

use super::super::format;
use super::super::schema::{Additional, Schema, Type, integer, magnitude};
use super::names::unescaped;
use super::time;
use crate::semantic::Quantity;
use goyaml::{Data, Tree};
use std::cmp::Ordering;
use std::net::IpAddr;
use std::rc::Rc;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Rc<str>),
    Bytes(Rc<[u8]>),
    List(Rc<[Value<'t>]>),
    /// A map, in the order in which it was made.
    Map(Rc<[(Value<'t>, Value<'t>)]>),
    /// A mapping whose fields the schema names.
    Object(&'t Tree, &'t Schema),
    /// Nanoseconds since 1970.
    Timestamp(i128),
    /// Nanoseconds.
    Duration(i64),
    Quantity(Quantity),
    Ip(IpAddr),
    /// An address and the number of its bits that count.
    Cidr(IpAddr, u8),
    Url(Rc<str>),
    Optional(Option<Rc<Value<'t>>>),
    /// The name of a type.
    Type(&'static str),
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The expression fails, as it does on the server.
    Error(String),
    /// Something in it is not known here, or takes too long: nobody can tell.
    Unknown,
}

pub(super) type Outcome<'t> = Result<Value<'t>, Stop>;

/// A failure with a message.
pub(super) fn failed<T>(message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Error(message.into()))
}

impl<'t> Value<'t> {
    pub(super) fn text(text: &str) -> Self {
        Self::String(text.into())
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(items.into())
    }

    /// A value of a custom resource.
    pub(super) fn of(tree: &'t Tree, schema: &'t Schema) -> Self {
        match &tree.data {
            Data::Null => Self::Null,
            Data::Bool(value) => Self::Bool(*value),
            Data::Number(number) => match (schema.kind, integer(*number)) {
                (Some(Type::Number), _) | (_, None) => Self::Double(magnitude(*number)),
                (_, Some(value)) => Self::Int(value),
            },
            Data::String(text) => Self::formatted(text, schema),
            Data::List(items) => match &schema.items {
                Some(of_items) => {
                    Self::list(items.iter().map(|item| Self::of(item, of_items)).collect())
                }
                None => Self::list(Vec::new()),
            },
            Data::Map(entries) => match &schema.additional {
                Additional::Only(of_values) => {
                    let entries = entries.iter().map(|entry| {
                        let key = Self::text(&entry.key);
                        (key, Self::of(&entry.value, of_values))
                    });
                    Self::Map(entries.collect())
                }
                _ => Self::Object(tree, schema),
            },
        }
    }

    fn formatted(text: &str, schema: &Schema) -> Self {
        let plain = || Self::text(text);
        if schema.kind != Some(Type::String) {
            return plain();
        }
        match schema.checks.format.as_deref() {
            Some("date-time" | "date") => time::parse(text).map_or_else(plain, Self::Timestamp),
            Some("duration") => format::go_duration(text).map_or_else(plain, Self::Duration),
            Some("byte") => match goyaml::base64::decode(text) {
                Some(bytes) => Self::Bytes(bytes.into()),
                None => plain(),
            },
            _ => plain(),
        }
    }

    /// A field of an object, or the value under a key; `None` when it is not there.
    pub(super) fn select(&self, field: &str) -> Result<Option<Self>, Stop> {
        match self {
            Self::Object(tree, schema) => Ok(field_of(tree, schema, field)),
            Self::Map(entries) => Ok(entries
                .iter()
                .find(|(key, _)| matches!(key, Self::String(key) if &**key == field))
                .map(|(_, value)| value.clone())),
            Self::Optional(Some(inside)) => inside.select(field),
            Self::Optional(None) => Ok(None),
            other => failed(format!(
                "no such overload: a {} has no fields",
                other.kind()
            )),
        }
    }

    /// The name of the type.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) | Self::Object(..) => "map",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Ip(_) => "net.IP",
            Self::Cidr(..) => "net.CIDR",
            Self::Url(_) => "kubernetes.URL",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
        }
    }

    /// How many elements or entries; `None` when it is neither.
    pub(super) fn count(&self) -> Option<usize> {
        match self {
            Self::List(items) => Some(items.len()),
            Self::Map(entries) => Some(entries.len()),
            Self::Object(tree, _) => Some(tree.entries().len()),
            _ => None,
        }
    }

    /// As a number that all kinds of numbers can be compared by.
    pub(super) fn number(&self) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "only for values of different kinds"
        )]
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Uint(value) => Some(*value as f64),
            Self::Double(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether two values are equal; values of kinds that cannot be compared are not.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::String(left), Self::String(right)) => left == right,
            (Self::Url(left), Self::Url(right)) => left == right,
            (Self::Bytes(left), Self::Bytes(right)) => left == right,
            (Self::Type(left), Self::Type(right)) => left == right,
            (Self::Ip(left), Self::Ip(right)) => left == right,
            (Self::Cidr(left, bits), Self::Cidr(right, others)) => left == right && bits == others,
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right.iter())
                        .all(|(left, right)| left.is_equal(right))
            }
            (Self::Optional(left), Self::Optional(right)) => match (left, right) {
                (None, None) => true,
                (Some(left), Some(right)) => left.is_equal(right),
                _ => false,
            },
            (Self::Map(_) | Self::Object(..), Self::Map(_) | Self::Object(..)) => {
                let (left, right) = (self.entries(), other.entries());
                left.len() == right.len()
                    && left.iter().all(|(key, value)| {
                        let same = right.iter().find(|(other, _)| key.is_equal(other));
                        same.is_some_and(|(_, other)| value.is_equal(other))
                    })
            }
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }

    /// Which of two values is greater, where that is defined.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::Uint(left), Self::Uint(right)) => Some(left.cmp(right)),
            (Self::String(left), Self::String(right)) => Some(left.cmp(right)),
            (Self::Bytes(left), Self::Bytes(right)) => Some(left.cmp(right)),
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(right)),
            (Self::Timestamp(left), Self::Timestamp(right)) => Some(left.cmp(right)),
            (Self::Duration(left), Self::Duration(right)) => Some(left.cmp(right)),
            (Self::Quantity(left), Self::Quantity(right)) => Some(left.cmp(right)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    /// The entries of a map or object.
    pub(super) fn entries(&self) -> Vec<(Self, Self)> {
        match self {
            Self::Map(entries) => entries.to_vec(),
            Self::Object(tree, schema) => tree
                .entries()
                .iter()
                .filter_map(|entry| {
                    let of_field = schema.properties.get(&entry.key)?;
                    Some((Self::text(&entry.key), Self::of(&entry.value, of_field)))
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// A field by its name in expressions.
fn field_of<'t>(tree: &'t Tree, schema: &'t Schema, field: &str) -> Option<Value<'t>> {
    let name = unescaped(field)?;
    let value = tree.get(&name)?;
    match schema.properties.get(&*name) {
        Some(of_field) => Some(Value::of(value, of_field)),
        // what every object has, whether the schema says so or not
        None if name == "metadata" => Some(Value::Object(value, metadata_schema())),
        None if name == "name" || name == "generateName" => value.as_str().map(Value::text),
        None => value.as_str().map(Value::text),
    }
}

/// What rules see of metadata: texts by their names.
fn metadata_schema() -> &'static Schema {
    static EMPTY: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| {
        Schema::compile(&Tree {
            span: source_vocab::Span::default(),
            data: Data::Null,
        })
    });
    &EMPTY
}
