//! Concrete values as plain trees.
//!
//! [`Data`] is what leaves the graph (export, arguments of builtins) and what enters it (results of
//! builtins, constants of packages). It has no ids and no places.

use crate::kind::Kind;
use crate::number::{Decimal, NumberKind};
use std::sync::Arc;

/// A number with its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Whether it is an `int` or a `float`.
    pub kind: NumberKind,
    /// Its value, as written.
    pub decimal: Decimal,
}

impl Number {
    /// An integer.
    pub fn int(decimal: Decimal) -> Self {
        Self {
            kind: NumberKind::Int,
            decimal,
        }
    }

    /// A float.
    pub fn float(decimal: Decimal) -> Self {
        Self {
            kind: NumberKind::Float,
            decimal,
        }
    }

    /// The kind as a set.
    pub fn mask(&self) -> Kind {
        match self.kind {
            NumberKind::Int => Kind::INT,
            NumberKind::Float => Kind::FLOAT,
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::int(Decimal::from(value))
    }
}

impl From<num_bigint::BigInt> for Number {
    fn from(value: num_bigint::BigInt) -> Self {
        Self::int(Decimal::from(value))
    }
}

/// A concrete value.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list.
    List(Vec<Data>),
    /// A struct with its regular fields in order.
    Struct(Vec<(Arc<str>, Data)>),
}

impl From<bool> for Data {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Data {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<String> for Data {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

impl From<Arc<str>> for Data {
    fn from(value: Arc<str>) -> Self {
        Self::String(value)
    }
}

impl From<Vec<u8>> for Data {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value.into())
    }
}

impl From<Number> for Data {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<i64> for Data {
    fn from(value: i64) -> Self {
        Self::Number(Number::from(value))
    }
}

impl<T: Into<Data>> From<Vec<T>> for Data {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}
