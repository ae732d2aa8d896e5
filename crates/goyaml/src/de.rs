//! From a [`Tree`] into any serde type, in the spirit of `sigs.k8s.io/yaml.Unmarshal`.
//!
//! Where the type wants a string, numbers and booleans become one. `null` gives the type's
//! default where it has one by `#[serde(default)]` and an `Option` otherwise. Unlike Go, field
//! names are matched exactly: types that must match them in any case decode by hand.

use crate::Strictness;
use crate::kubernetes::{Data, Entry, Tree};
use crate::number::Magnitude;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use source_vocab::Span;
use std::fmt;

/// A value that is not of the wanted type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            span: Span::DETACHED,
        }
    }
}

impl DecodeError {
    fn at(mut self, span: Span) -> Self {
        if self.span.is_detached() {
            self.span = span;
        }
        self
    }
}

/// Decodes a tree into `T`.
///
/// # Errors
/// [`DecodeError`] with the place of the value that does not fit.
pub fn from_tree<T: DeserializeOwned>(
    tree: &Tree,
    strictness: Strictness,
) -> Result<T, DecodeError> {
    T::deserialize(Reader { tree, strictness })
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    tree: &'a Tree,
    strictness: Strictness,
}

impl<'a> Reader<'a> {
    fn with(self, tree: &'a Tree) -> Self {
        Self { tree, ..self }
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let visited = match self.tree.coerced() {
            Some(text) => visitor.visit_str(&text),
            None => return self.deserialize_any(visitor),
        };
        visited.map_err(|error: DecodeError| error.at(self.tree.span))
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let visited = match &self.tree.data {
            Data::Null => visitor.visit_unit(),
            Data::Bool(value) => visitor.visit_bool(*value),
            Data::Number(Magnitude::Int(value)) => visitor.visit_i64(*value),
            Data::Number(Magnitude::Uint(value)) => visitor.visit_u64(*value),
            Data::Number(Magnitude::Float(value)) => visitor.visit_f64(*value),
            Data::String(text) => visitor.visit_str(text),
            Data::List(items) => visitor.visit_seq(Items {
                items: items.iter(),
                reader: self,
            }),
            Data::Map(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                value: None,
                known: None,
                reader: self,
            }),
        };
        visited.map_err(|error: DecodeError| error.at(self.tree.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.tree.data {
            Data::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.text(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let Data::Map(entries) = &self.tree.data else {
            return self.deserialize_any(visitor);
        };
        visitor
            .visit_map(Entries {
                rest: entries.iter(),
                value: None,
                known: Some(fields),
                reader: self,
            })
            .map_err(|error: DecodeError| error.at(self.tree.span))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor
            .visit_enum(self)
            .map_err(|error: DecodeError| error.at(self.tree.span))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Reader<'_> {
    type Error = DecodeError;
    type Variant = Unit;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Unit), DecodeError> {
        let text = self.tree.coerced().unwrap_or_default();
        let name: StrDeserializer<'_, DecodeError> = text.as_ref().into_deserializer();
        Ok((seed.deserialize(name)?, Unit))
    }
}

/// A variant without content: the only kind that a scalar can name.
struct Unit;

impl<'de> VariantAccess<'de> for Unit {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, DecodeError> {
        Err(serde::de::Error::custom(
            "a variant without content is expected",
        ))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, DecodeError> {
        Err(serde::de::Error::custom(
            "a variant without content is expected",
        ))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, DecodeError> {
        Err(serde::de::Error::custom(
            "a variant without content is expected",
        ))
    }
}

struct Items<'a> {
    items: std::slice::Iter<'a, Tree>,
    reader: Reader<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let value = seed.deserialize(self.reader.with(item));
        value.map(Some).map_err(|error| error.at(item.span))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'a> {
    rest: std::slice::Iter<'a, Entry>,
    value: Option<&'a Tree>,
    known: Option<&'static [&'static str]>,
    reader: Reader<'a>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = DecodeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DecodeError> {
        // Go leaves a field alone when its value is null: to serde it is not there.
        let present = |entry: &&Entry| self.known.is_none() || entry.value.data != Data::Null;
        let Some(entry) = self.rest.by_ref().find(present) else {
            return Ok(None);
        };
        let unknown = self
            .known
            .is_some_and(|known| !known.contains(&&*entry.key));
        if unknown && self.reader.strictness == Strictness::Strict {
            return Err(DecodeError {
                message: format!("the field `{}` is unknown", entry.key),
                span: entry.key_span,
            });
        }
        self.value = Some(&entry.value);
        let key: StrDeserializer<'_, DecodeError> = entry.key.as_ref().into_deserializer();
        seed.deserialize(key)
            .map(Some)
            .map_err(|error| error.at(entry.key_span))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, DecodeError> {
        let Some(value) = self.value.take() else {
            return Err(serde::de::Error::custom(
                "a value was asked for before its key",
            ));
        };
        seed.deserialize(self.reader.with(value))
            .map_err(|error| error.at(value.span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::from_slice_as;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Chart {
        name: String,
        version: String,
        keywords: Vec<String>,
        deprecated: bool,
    }

    #[test]
    fn scalars_become_strings_where_strings_are_wanted() {
        let chart: Chart = from_slice_as(
            b"name: yes\nversion: 1.10\nkeywords: [1, on]\nother: x\ndeprecated:\n",
            Strictness::Lenient,
        )
        .unwrap();
        assert_eq!(
            chart,
            Chart {
                name: "true".into(),
                version: "1.1".into(),
                keywords: vec!["1".into(), "true".into()],
                deprecated: false,
            }
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        let error =
            from_slice_as::<Chart>(b"name: a\nkeywords: x\n", Strictness::Lenient).unwrap_err();
        assert_eq!(error.span(), Some(Span::new(19, 20)));
        let error = from_slice_as::<Chart>(b"name: a\nother: x\n", Strictness::Strict).unwrap_err();
        assert_eq!(error.to_string(), "the field `other` is unknown");
        assert_eq!(error.span(), Some(Span::new(9, 14)));
        let error = from_slice_as::<Chart>(b"name: a\nname: x\n", Strictness::Strict).unwrap_err();
        assert_eq!(error.span(), Some(Span::new(9, 13)));
    }
}
