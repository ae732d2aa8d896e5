//! The schema of a version of a CRD, compiled: what the walks over a custom resource read.
//!
//! A schema is structural: one tree says which fields there are ([`Schema`]), and value validations hang on its nodes, some
//! of them below `allOf`, `anyOf`, `oneOf` and `not`, which say nothing about structure. Both are the same type here, since a
//! validation below a junctor is a schema without structure.
//!
//! Compiling never fails: what is no schema at all (`definition/` reports it) is left out, so that a custom resource is
//! only faulted for what its CRD says for certain. A pattern that is no regular expression checks nothing.

use super::cel::Rule;
use goyaml::{Data, Magnitude, Tree};
use regex::bytes::Regex;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The type that a value must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    /// `x-kubernetes-int-or-string`.
    IntOrString,
}

impl Type {
    /// As a schema writes it.
    pub(super) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "object" => Self::Object,
            "array" => Self::Array,
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }
}

/// What keys beside the properties are for.
#[derive(Debug)]
pub(super) enum Additional {
    /// Nothing: such a key is unknown.
    None,
    /// `additionalProperties: true`.
    Any,
    /// `additionalProperties: false`: not unknown, but not allowed.
    Forbidden,
    /// Each has this schema.
    Only(Box<Schema>),
}

/// `x-kubernetes-list-type`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ListType {
    Atomic,
    Set,
    /// With the keys that tell the elements apart.
    Map(Vec<Box<str>>),
}

/// A node of a schema.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) kind: Option<Type>,
    pub(super) nullable: bool,
    /// `x-kubernetes-preserve-unknown-fields`.
    pub(super) preserves: bool,
    /// `x-kubernetes-embedded-resource`.
    pub(super) embedded: bool,
    pub(super) properties: BTreeMap<Box<str>, Schema>,
    pub(super) additional: Additional,
    pub(super) items: Option<Box<Schema>>,
    pub(super) default: Option<Tree>,
    pub(super) list: ListType,
    pub(super) checks: Checks,
    /// `x-kubernetes-validations`.
    pub(super) rules: Vec<Rule>,
}

/// The validations of a value that say nothing about its structure.
#[derive(Debug, Default)]
pub(super) struct Checks {
    pub(super) format: Option<Box<str>>,
    pub(super) required: Vec<Box<str>>,
    pub(super) one_of_values: Option<Vec<Tree>>,
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    pub(super) multiple_of: Option<f64>,
    /// Characters of a text.
    pub(super) length: Counts,
    /// Elements of a list.
    pub(super) items: Counts,
    /// Entries of a mapping.
    pub(super) properties: Counts,
    pub(super) pattern: Option<Pattern>,
    pub(super) all_of: Vec<Schema>,
    pub(super) any_of: Vec<Schema>,
    pub(super) one_of: Vec<Schema>,
    pub(super) not: Option<Box<Schema>>,
}

/// A least or greatest number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) value: f64,
    /// Whether the number itself is out.
    pub(super) is_exclusive: bool,
}

/// How many there may be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) least: Option<i64>,
    pub(super) most: Option<i64>,
}

/// A regular expression of Go, compiled when the first text is looked at.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: Box<str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            compiled: OnceLock::new(),
        }
    }

    /// Whether a text does not match. One that is no regular expression checks nothing.
    pub(super) fn refuses(&self, text: &str) -> bool {
        let compile = || goregexp::compile(&self.text).ok();
        let compiled = self.compiled.get_or_init(compile).as_ref();
        compiled.is_some_and(|regex| !regex.is_match(text.as_bytes()))
    }
}

/// A member that is not null: for the server's decoder null is the same as absent.
pub(super) fn member<'t>(of: &'t Tree, key: &str) -> Option<&'t Tree> {
    of.get(key).filter(|found| found.data != Data::Null)
}

/// A text that is not empty: for the server's decoder `""` is the same as absent.
pub(super) fn text<'t>(of: &'t Tree, key: &str) -> Option<&'t str> {
    of.get(key)
        .and_then(Tree::as_str)
        .filter(|text| !text.is_empty())
}

/// Whether a boolean is set.
pub(super) fn is_set(of: &Tree, key: &str) -> bool {
    of.get(key)
        .is_some_and(|flag| flag.data == Data::Bool(true))
}

/// The number, when it is one.
pub(super) fn float(tree: &Tree) -> Option<f64> {
    match &tree.data {
        Data::Number(number) => Some(magnitude(*number)),
        _ => None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the server compares as float64 as well"
)]
pub(super) fn magnitude(number: Magnitude) -> f64 {
    match number {
        Magnitude::Int(value) => value as f64,
        Magnitude::Uint(value) => value as f64,
        Magnitude::Float(value) => value,
    }
}

/// The number as JSON has it after Go wrote it: a float without a fraction is an integer.
pub(super) fn integer(number: Magnitude) -> Option<i64> {
    /// 2⁶³, the first float that is no `int64`.
    const END: f64 = 9_223_372_036_854_775_808.0;
    match number {
        Magnitude::Int(value) => Some(value),
        Magnitude::Uint(_) => None,
        Magnitude::Float(value) if value.fract() == 0.0 && value.abs() < END =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
            Some(value as i64)
        }
        Magnitude::Float(_) => None,
    }
}

fn count(of: &Tree, key: &str) -> Option<i64> {
    match &of.get(key)?.data {
        Data::Number(number) => integer(*number),
        _ => None,
    }
}

fn names(of: &Tree, key: &str) -> Vec<Box<str>> {
    let listed = of.get(key).map(Tree::items).unwrap_or_default();
    let texts = listed.iter().filter_map(Tree::as_str);
    texts.map(Into::into).collect()
}

fn schemas(of: &Tree, key: &str) -> Vec<Schema> {
    let listed = of.get(key).map(Tree::items).unwrap_or_default();
    listed.iter().map(Schema::compile).collect()
}

impl Schema {
    /// Compiles a `JSONSchemaProps` of a CRD.
    pub(super) fn compile(props: &Tree) -> Self {
        let kind = match text(props, "type").and_then(Type::read) {
            _ if is_set(props, "x-kubernetes-int-or-string") => Some(Type::IntOrString),
            kind => kind,
        };
        let properties = props.get("properties").map(Tree::entries);
        let properties = properties.unwrap_or_default().iter();
        let additional = match member(props, "additionalProperties") {
            None => Additional::None,
            Some(tree) => match &tree.data {
                Data::Bool(false) => Additional::Forbidden,
                Data::Map(_) => Additional::Only(Box::new(Self::compile(tree))),
                _ => Additional::Any,
            },
        };
        let rules = props.get("x-kubernetes-validations").map(Tree::items);
        let list = match text(props, "x-kubernetes-list-type") {
            Some("set") => ListType::Set,
            Some("map") => ListType::Map(names(props, "x-kubernetes-list-map-keys")),
            _ => ListType::Atomic,
        };
        Self {
            kind,
            nullable: is_set(props, "nullable"),
            preserves: is_set(props, "x-kubernetes-preserve-unknown-fields"),
            embedded: is_set(props, "x-kubernetes-embedded-resource"),
            properties: properties
                .map(|entry| (entry.key.clone(), Self::compile(&entry.value)))
                .collect(),
            additional,
            items: member(props, "items")
                .filter(|items| matches!(items.data, Data::Map(_)))
                .map(|items| Box::new(Self::compile(items))),
            default: member(props, "default").cloned(),
            list,
            checks: Checks::compile(props),
            rules: rules
                .unwrap_or_default()
                .iter()
                .filter_map(Rule::read)
                .collect(),
        }
    }

    /// The schema of a field, if it is known.
    pub(super) fn of_field(&self, name: &str) -> Option<&Self> {
        match (self.properties.get(name), &self.additional) {
            (Some(found), _) => Some(found),
            (None, Additional::Only(schema)) => Some(schema),
            (None, _) => None,
        }
    }

    /// Whether this node or one below it satisfies `is`; validations below junctors are not looked at.
    pub(super) fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        let below = self.properties.values().chain(self.items.as_deref());
        let more = match &self.additional {
            Additional::Only(schema) => Some(&**schema),
            _ => None,
        };
        is(self) || below.chain(more).any(|schema| schema.any(is))
    }
}

impl Checks {
    fn compile(props: &Tree) -> Self {
        let bound = |key: &str, exclusive: &str| {
            let value = float(props.get(key)?)?;
            let is_exclusive = is_set(props, exclusive);
            Some(Bound {
                value,
                is_exclusive,
            })
        };
        let counts = |least: &str, most: &str| Counts {
            least: count(props, least),
            most: count(props, most),
        };
        let values = member(props, "enum").map(|list| list.items().to_vec());
        Self {
            format: text(props, "format").map(Into::into),
            required: names(props, "required"),
            one_of_values: values.filter(|values| !values.is_empty()),
            minimum: bound("minimum", "exclusiveMinimum"),
            maximum: bound("maximum", "exclusiveMaximum"),
            multiple_of: props.get("multipleOf").and_then(float),
            length: counts("minLength", "maxLength"),
            items: counts("minItems", "maxItems"),
            properties: counts("minProperties", "maxProperties"),
            pattern: text(props, "pattern").map(Pattern::new),
            all_of: schemas(props, "allOf"),
            any_of: schemas(props, "anyOf"),
            one_of: schemas(props, "oneOf"),
            not: member(props, "not").map(|not| Box::new(Schema::compile(not))),
        }
    }
}
