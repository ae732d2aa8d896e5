//! The embedded tables of all releases, read where they lie: nothing is parsed, allocated or checked at start.
//!
//! `cargo xtask gen-schemas` writes `kubernetes.bin`. Little endian throughout:
//!
//! ```text
//! "k8s" 1                   magic and layout
//! u32 × 7                   where each section begins, and the end
//! text ends    u32 × n+1    text i is bytes[end i .. end i+1]; sorted, so numbers compare as texts do
//! text bytes
//! types        4 bytes      tag u8, 0, argument u16
//! definitions  8 bytes      name u16, count of properties u16, first property u32
//! properties   6 bytes      name u16, type u16, releases u8, releases that require it u8
//! kinds       16 bytes      group u16, version u16, kind u16, definition u16, replacement u16, served u8,
//!                           served by default u8, flags u8 (1 namespaced, 2 creatable), introduced u8,
//!                           deprecated u8, removed u8
//! ```
//! A set of releases is a byte whose lowest bit is the oldest release. A property that has another type in some release
//! has two rows, one behind the other; `0xffff` is no row. A row that is not there reads as zeros: the file is ours, and a
//! test holds it against the documents it is made from.

use crate::release::Releases;
use std::cmp::Ordering;

const FILE: &[u8] = include_bytes!("kubernetes.bin");

/// No row.
const NONE: u16 = u16::MAX;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// A JSON string.
    Text,
    /// `true` or `false`.
    Bool,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// Any JSON number.
    Double,
    /// Base64.
    Bytes,
    /// `metav1.Time`.
    Time,
    /// `metav1.MicroTime`.
    MicroTime,
    /// `intstr.IntOrString`.
    IntOrString,
    /// `resource.Quantity`.
    Quantity,
    /// Anything.
    Any,
    /// A list of a type.
    List(TypeId),
    /// A mapping to a type.
    Map(TypeId),
    /// A definition.
    Struct(Definition),
    /// A definition or a boolean.
    OrBool(Definition),
    /// A definition or a list of it.
    OrList(Definition),
    /// A definition or a list of strings.
    OrTexts(Definition),
}

/// The number of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TypeId(u16);

/// A definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Definition(u16);

/// A property in one of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) of: TypeId,
    pub(crate) releases: Releases,
    pub(crate) required: Releases,
}

/// A kind, as it lies in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KindRow {
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) definition: Option<Definition>,
    pub(crate) replacement: Option<u16>,
    pub(crate) served: Releases,
    pub(crate) by_default: Releases,
    pub(crate) namespaced: bool,
    pub(crate) creatable: bool,
    pub(crate) introduced: u8,
    pub(crate) deprecated: u8,
    pub(crate) removed: u8,
}

/// The sections, by their place in the head.
#[derive(Clone, Copy)]
enum Section {
    TextEnds,
    TextBytes,
    Types,
    Definitions,
    Properties,
    Kinds,
    End,
}

const TYPE: usize = 4;
const DEFINITION: usize = 8;
const PROPERTY: usize = 6;
const KIND: usize = 16;

fn byte(at: usize) -> u8 {
    FILE.get(at).copied().unwrap_or_default()
}

fn short(at: usize) -> u16 {
    u16::from_le_bytes([byte(at), byte(at + 1)])
}

fn long(at: usize) -> usize {
    usize::from(short(at)) | usize::from(short(at + 2)) << 16
}

fn start(section: Section) -> usize {
    long(4 + 4 * section as usize)
}

/// Where row `number` of a section with rows of `size` bytes begins.
fn row(section: Section, size: usize, number: usize) -> usize {
    start(section) + size * number
}

fn text_bytes(number: u16) -> &'static [u8] {
    let end = row(Section::TextEnds, 4, usize::from(number));
    let bytes = start(Section::TextBytes);
    FILE.get(bytes + long(end)..bytes + long(end + 4))
        .unwrap_or_default()
}

fn text(number: u16) -> &'static str {
    std::str::from_utf8(text_bytes(number)).unwrap_or_default()
}

/// The number of the first of `count` sorted rows that is not below what is sought.
fn first(count: usize, mut compare: impl FnMut(usize) -> Ordering) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if compare(middle) == Ordering::Less {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl TypeId {
    /// What it is.
    pub(crate) fn get(self) -> Type {
        let at = row(Section::Types, TYPE, usize::from(self.0));
        let argument = short(at + 2);
        match byte(at) {
            0 => Type::Text,
            1 => Type::Bool,
            2 => Type::Int32,
            3 => Type::Int64,
            4 => Type::Double,
            5 => Type::Bytes,
            6 => Type::Time,
            7 => Type::MicroTime,
            8 => Type::IntOrString,
            9 => Type::Quantity,
            11 => Type::List(Self(argument)),
            12 => Type::Map(Self(argument)),
            13 => Type::Struct(Definition(argument)),
            14 => Type::OrBool(Definition(argument)),
            15 => Type::OrList(Definition(argument)),
            16 => Type::OrTexts(Definition(argument)),
            _ => Type::Any,
        }
    }
}

impl Definition {
    fn row(self) -> usize {
        row(Section::Definitions, DEFINITION, usize::from(self.0))
    }

    /// Its name, without what all names begin with: `apps.v1.DeploymentSpec`.
    pub(crate) fn name(self) -> &'static str {
        text(short(self.row()))
    }

    fn count(self) -> usize {
        usize::from(short(self.row() + 2))
    }

    fn property(self, number: usize) -> Property {
        let at = row(Section::Properties, PROPERTY, long(self.row() + 4) + number);
        Property {
            name: text(short(at)),
            of: TypeId(short(at + 2)),
            releases: Releases::from_bits(byte(at + 4)),
            required: Releases::from_bits(byte(at + 5)),
        }
    }

    /// Its properties, sorted by name; one that changed its type is there more than once.
    pub(crate) fn properties(self) -> impl Iterator<Item = Property> {
        (0..self.count()).map(move |number| self.property(number))
    }

    /// The forms of the property `name`.
    pub(crate) fn forms(self, name: &str) -> impl Iterator<Item = Property> {
        let from = long(self.row() + 4);
        let start = first(self.count(), |number| {
            let at = row(Section::Properties, PROPERTY, from + number);
            text_bytes(short(at)).cmp(name.as_bytes())
        });
        (start..self.count())
            .map(move |number| self.property(number))
            .take_while(move |property| property.name == name)
    }
}

/// The kind in row `number`.
pub(crate) fn kind(number: u16) -> KindRow {
    let at = row(Section::Kinds, KIND, usize::from(number));
    let some = |number: u16| (number != NONE).then_some(number);
    KindRow {
        group: text(short(at)),
        version: text(short(at + 2)),
        kind: text(short(at + 4)),
        definition: some(short(at + 6)).map(Definition),
        replacement: some(short(at + 8)),
        served: Releases::from_bits(byte(at + 10)),
        by_default: Releases::from_bits(byte(at + 11)),
        namespaced: byte(at + 12) & 1 != 0,
        creatable: byte(at + 12) & 2 != 0,
        introduced: byte(at + 13),
        deprecated: byte(at + 14),
        removed: byte(at + 15),
    }
}

/// All kinds, sorted by group, version and name.
pub(crate) fn kinds() -> impl Iterator<Item = KindRow> {
    let count = (start(Section::End) - start(Section::Kinds)) / KIND;
    (0..u16::try_from(count).unwrap_or_default()).map(kind)
}

/// The row of a kind.
pub(crate) fn find_kind(group: &str, version: &str, name: &str) -> Option<KindRow> {
    let count = (start(Section::End) - start(Section::Kinds)) / KIND;
    let found = first(count, |number| {
        let at = row(Section::Kinds, KIND, number);
        let ours = [at, at + 2, at + 4].map(|at| text_bytes(short(at)));
        ours.cmp(&[group, version, name].map(str::as_bytes))
    });
    (found < count)
        .then(|| kind(u16::try_from(found).unwrap_or(NONE)))
        .filter(|row| (row.group, row.version, row.kind) == (group, version, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;
    use serde_json::Value;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_tables_are_whole() {
        assert!(FILE.starts_with(b"k8s\x01"));
        assert_eq!(start(Section::End), FILE.len());
        assert!(FILE.len() < 600_000);
        let texts = (start(Section::TextBytes) - start(Section::TextEnds)) / 4 - 1;
        let texts: Vec<&str> = (0..texts)
            .map(|number| text(number.try_into().unwrap()))
            .collect();
        assert!(texts.is_sorted_by(|left, right| left < right));
        let definitions = (start(Section::Properties) - start(Section::Definitions)) / DEFINITION;
        let properties = (start(Section::Kinds) - start(Section::Properties)) / PROPERTY;
        let types = (start(Section::Definitions) - start(Section::Types)) / TYPE;
        let counted: usize = (0..definitions)
            .map(|number| Definition(number.try_into().unwrap()).count())
            .sum();
        assert_eq!(counted, properties);
        for number in 0..definitions {
            for property in Definition(number.try_into().unwrap()).properties() {
                assert!(usize::from(property.of.0) < types);
                assert!(!property.releases.is_empty());
                assert!(property.required.without(property.releases).is_empty());
            }
        }
        assert!(kinds().is_sorted_by(|left, right| {
            (left.group, left.version, left.kind) < (right.group, right.version, right.kind)
        }));
    }

    #[test]
    fn every_release_has_what_its_documents_have() {
        let test = "every_release_has_what_its_documents_have";
        let Some(folder) = testkit::conformance_or_skip(test, "../schemas-source/kubernetes")
        else {
            return;
        };
        for release in Release::all() {
            compare(&document(&folder, release), release);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a test reads the real disk")]
    fn document(folder: &Path, release: Release) -> Value {
        let text = std::fs::read(folder.join(format!("{release}.json"))).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn compare(document: &Value, release: Release) {
        let served = document["served"].as_array().unwrap();
        let ours = kinds().filter(|kind| kind.served.contains(release)).count();
        assert_eq!(ours, served.len(), "kinds of {release}");
        let mut seen = BTreeSet::new();
        for kind in served {
            let text = |key: &str| kind[key].as_str().unwrap();
            let row = find_kind(text("group"), text("version"), text("kind")).unwrap();
            assert!(row.served.contains(release), "{kind} in {release}");
            assert_eq!(kind["namespaced"] == true, row.namespaced, "{kind}");
            let is_it = |of: &Value| {
                ["group", "version", "kind"]
                    .iter()
                    .all(|key| of[key] == kind[key])
            };
            let definitions = document["definitions"].as_object().unwrap();
            let (name, _) = definitions
                .iter()
                .find(|(_, schema)| {
                    let kinds = schema["x-kubernetes-group-version-kind"].as_array();
                    kinds.is_some_and(|kinds| kinds.iter().any(is_it))
                })
                .unwrap();
            same(name, row.definition.unwrap(), document, release, &mut seen);
        }
    }

    /// Fails unless a definition and all that it leads to are as in the document.
    fn same(
        name: &str,
        ours: Definition,
        document: &Value,
        release: Release,
        seen: &mut BTreeSet<String>,
    ) {
        if !seen.insert(name.to_owned()) {
            return;
        }
        assert!(name.ends_with(ours.name()), "{name}");
        let schema = &document["definitions"][name];
        let of_release = || {
            ours.properties()
                .filter(|property| property.releases.contains(release))
        };
        let names: BTreeSet<&str> = of_release().map(|property| property.name).collect();
        let theirs = schema["properties"].as_object();
        let expected: BTreeSet<&str> = theirs
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, expected, "{name} in {release}");
        assert_eq!(
            of_release().count(),
            names.len(),
            "{name} in {release}: one form each"
        );
        let required: BTreeSet<&str> = of_release()
            .filter(|property| property.required.contains(release))
            .map(|property| property.name)
            .collect();
        let expected = schema["required"].as_array();
        let expected: BTreeSet<&str> = expected
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(required, expected, "{name} in {release}");
        for property in of_release() {
            let theirs = &schema["properties"][property.name];
            same_type(property.of, theirs, document, release, seen);
        }
    }

    fn same_type(
        of: TypeId,
        schema: &Value,
        document: &Value,
        release: Release,
        seen: &mut BTreeSet<String>,
    ) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.strip_prefix("#/definitions/").unwrap();
            let last = name.rsplit('.').next().unwrap();
            match of.get() {
                Type::Struct(definition) => same(name, definition, document, release, seen),
                Type::OrBool(_) => assert_eq!(last, "JSONSchemaPropsOrBool"),
                Type::OrList(_) => assert_eq!(last, "JSONSchemaPropsOrArray"),
                Type::OrTexts(_) => assert_eq!(last, "JSONSchemaPropsOrStringArray"),
                Type::Quantity => assert_eq!(last, "Quantity"),
                Type::IntOrString => assert_eq!(last, "IntOrString"),
                Type::Time => assert_eq!(last, "Time"),
                Type::MicroTime => assert_eq!(last, "MicroTime"),
                Type::Any => assert!(
                    ["RawExtension", "FieldsV1", "JSON"].contains(&last),
                    "{name}"
                ),
                other => unreachable!("{other:?} for {name}"),
            }
            return;
        }
        let form = (schema["type"].as_str().unwrap(), schema["format"].as_str());
        match of.get() {
            Type::Text => assert_eq!(form, ("string", None)),
            Type::Bytes => assert_eq!(form, ("string", Some("byte"))),
            Type::Bool => assert_eq!(form, ("boolean", None)),
            Type::Int32 => assert_eq!(form, ("integer", Some("int32"))),
            Type::Int64 => assert_eq!(form, ("integer", Some("int64"))),
            Type::Double => assert_eq!(form, ("number", Some("double"))),
            Type::List(inner) => same_type(inner, &schema["items"], document, release, seen),
            Type::Map(inner) => {
                same_type(
                    inner,
                    &schema["additionalProperties"],
                    document,
                    release,
                    seen,
                );
            }
            other => unreachable!("{other:?} for {schema}"),
        }
    }
}
