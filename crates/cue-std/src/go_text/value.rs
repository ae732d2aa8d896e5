//! What a Go program holds when it works on a CUE value.
//!
//! cue v0.14.1 `cue/decode.go` turns a value into Go's untyped form before it hands it to a Go
//! library; types are kept because `printf "%T"`, comparisons and errors show them.

use cue_eval::number::NumberKind;
use cue_eval::{Data, Number};
use num_bigint::BigInt;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A map with text keys, which Go shows in order.
pub(crate) type Map = BTreeMap<Rc<[u8]>, Value>;

/// A dynamically typed value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// No value at all: the entry that a map does not have.
    Absent,
    /// `nil`, from `null`.
    Nil,
    /// `bool`.
    Bool(bool),
    /// `int`: constants of a template, lengths.
    Int(i64),
    /// `int64`: integers of the data.
    Int64(i64),
    /// `uint8`: a byte of a text.
    Byte(u8),
    /// `*big.Int`: integers of the data beyond 64 bits.
    Big(Rc<BigInt>),
    /// `float64`.
    Float(f64),
    /// `complex128`: real and imaginary part.
    Complex(f64, f64),
    /// `string`.
    String(Rc<[u8]>),
    /// `[]byte`.
    Bytes(Rc<[u8]>),
    /// `[]interface {}`.
    List(Rc<[Value]>),
    /// `map[string]interface {}`.
    Map(Rc<Map>),
}

impl Value {
    /// The value that a text has.
    pub(crate) fn text(text: &str) -> Self {
        Self::String(text.as_bytes().into())
    }

    /// A count as an `int`.
    pub(crate) fn count(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Whether there is nothing: no value or `nil`.
    pub(crate) fn is_nil(&self) -> bool {
        matches!(self, Self::Absent | Self::Nil)
    }

    /// Go's name of its type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Absent | Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Byte(_) => "uint8",
            Self::Big(_) => "*big.Int",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::String(_) => "string",
            Self::Bytes(_) => "[]uint8",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
        }
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        match data {
            Data::Null => Self::Nil,
            Data::Bool(value) => Self::Bool(value),
            Data::Number(number) => number.into(),
            Data::String(text) => Self::text(&text),
            Data::Bytes(bytes) => Self::Bytes(bytes.as_ref().into()),
            Data::List(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Data::Struct(fields) => Self::Map(Rc::new(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.as_bytes().into(), Self::from(value)))
                    .collect(),
            )),
        }
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number.kind {
            NumberKind::Float => Self::Float(number.decimal.to_f64()),
            NumberKind::Int => match (number.decimal.to_i64(), number.decimal.to_bigint()) {
                (None, Some(big)) => Self::Big(Rc::new(big)),
                (small, _) => Self::Int64(small.unwrap_or_default()),
            },
        }
    }
}
