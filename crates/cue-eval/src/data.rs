//! Concrete values as plain trees.
//!
//! [`Data`] is what leaves the graph (export, arguments of builtins) and what enters it (results of
//! builtins, constants of packages). It has no ids and no places.
//!
//! A graph shares: thirty structs that each name the one before twice are thirty nodes, and a
//! thousand million values when written out. So the way out is counted, in values, in levels and in
//! bytes of text; what is more than [`MOST_VALUES`] and its like does not become data.

use crate::budget::Limit;
use crate::kind::Kind;
use crate::number::{Decimal, Form, NumberKind};
use crate::value::{Shape, Value};
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

impl Data {
    /// Whether every number in it is finite; other numbers have no text in JSON and YAML.
    pub fn is_finite(&self) -> bool {
        let mut pending = vec![self];
        while let Some(data) = pending.pop() {
            match data {
                Self::Number(number) if number.decimal.form() != Form::Finite => return false,
                Self::List(items) => pending.extend(items),
                Self::Struct(fields) => pending.extend(fields.iter().map(|(_, value)| value)),
                _ => {}
            }
        }
        true
    }
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

/// How many values one tree may have.
pub(crate) const MOST_VALUES: usize = 1_500_000;

/// How many levels one tree may have.
pub(crate) const MOST_LEVELS: usize = 1_000;

/// How many bytes the strings of one tree may have together, each counted where it stands.
pub(crate) const MOST_TEXT: usize = 160 << 20;

/// Why a value does not become data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoData {
    /// Some part of it is not concrete, or an error.
    #[error("the value is not concrete")]
    NotConcrete,
    /// It is concrete and too large or too deep when it is written out.
    #[error("the value written out exceeds the limit of the {}", .0.noun())]
    TooLarge(Limit),
}

/// What is left of the limits of one tree.
struct Allowance {
    values: usize,
    levels: usize,
    text: usize,
}

impl Allowance {
    fn take_text(&mut self, length: usize) -> Result<(), NoData> {
        self.text = self
            .text
            .checked_sub(length)
            .ok_or(NoData::TooLarge(Limit::Bytes))?;
        Ok(())
    }

    fn tree(&mut self, value: Value<'_>) -> Result<Data, NoData> {
        self.values = self
            .values
            .checked_sub(1)
            .ok_or(NoData::TooLarge(Limit::Nodes))?;
        self.levels = self
            .levels
            .checked_sub(1)
            .ok_or(NoData::TooLarge(Limit::Depth))?;
        let value = value.default();
        let data = match value.shape() {
            Shape::Null => Data::Null,
            Shape::Bool(value) => Data::Bool(value),
            Shape::Number(number) => Data::Number(number.clone()),
            Shape::String(text) => {
                self.take_text(text.len())?;
                Data::String(Arc::clone(text))
            }
            Shape::Bytes(bytes) => {
                self.take_text(bytes.len())?;
                Data::Bytes(Arc::clone(bytes))
            }
            Shape::List(_) => Data::List(
                value
                    .elements()
                    .into_iter()
                    .map(|element| self.tree(element))
                    .collect::<Result<_, _>>()?,
            ),
            Shape::Struct => Data::Struct(
                value
                    .fields()
                    .into_iter()
                    .map(|(name, value)| {
                        self.take_text(name.len())?;
                        Ok((name, self.tree(value)?))
                    })
                    .collect::<Result<_, _>>()?,
            ),
            Shape::Incomplete(_) | Shape::Error(_) => return Err(NoData::NotConcrete),
        };
        self.levels += 1;
        Ok(data)
    }
}

impl Value<'_> {
    /// The value as concrete data, defaults applied; `None` where anything is not concrete, and for
    /// what is too large: [`Self::to_data`] tells them apart.
    pub fn data(self) -> Option<Data> {
        self.to_data().ok()
    }

    /// The value as concrete data, defaults applied.
    ///
    /// # Errors
    /// [`NoData`] where anything is not concrete, or the tree is larger than a tree may be.
    pub fn to_data(self) -> Result<Data, NoData> {
        Allowance {
            values: MOST_VALUES,
            levels: MOST_LEVELS,
            text: MOST_TEXT,
        }
        .tree(self)
    }
}
