//! The documents, read into types: what a field holds, in the words of the Go types behind it.

use anyhow::{Context as _, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The minor releases that are embedded, one bit each in a mask; `kube-schema`'s `Release` says the same.
pub(super) const MINORS: std::ops::RangeInclusive<u8> = 28..=35;

/// Group, version and kind.
pub(super) type Gvk = (String, String, String);

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    /// A value without fields, by its tag in the tables.
    Scalar(u8),
    /// A list.
    List(Box<Self>),
    /// A mapping with any keys.
    Map(Box<Self>),
    /// A definition, by its name.
    Struct(String),
    /// `JSONSchemaPropsOrBool`, `…OrArray`, `…OrStringArray`: a definition, or what the tag says.
    Or(u8, String),
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) of: Type,
    pub(super) required: bool,
}

/// Fields by name.
pub(super) type Definition = BTreeMap<String, Property>;

/// One release.
#[derive(Debug, Default)]
pub(super) struct ReleaseSource {
    pub(super) definitions: BTreeMap<String, Definition>,
    /// The kinds, with their definition and whether they live in a namespace.
    pub(super) kinds: BTreeMap<Gvk, (String, bool)>,
}

/// A kind's life, in minor releases; 0 when nothing is known or planned.
#[derive(Clone, Debug, Default)]
pub(super) struct Life {
    pub(super) introduced: u8,
    pub(super) deprecated: u8,
    pub(super) removed: u8,
    pub(super) replacement: Option<Gvk>,
}

/// Everything.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) releases: BTreeMap<u8, ReleaseSource>,
    /// The releases that serve a kind without being told to, and whether it can be created.
    pub(super) defaults: BTreeMap<Gvk, (BTreeSet<u8>, bool)>,
    pub(super) lives: BTreeMap<Gvk, Life>,
}

/// Tags of values without fields; `kube-schema/src/builtin/data.rs` says what they are.
const SCALARS: &[(&str, u8)] = &[
    ("io.k8s.apimachinery.pkg.api.resource.Quantity", 9),
    ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", 8),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.Time", 6),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", 7),
    ("io.k8s.apimachinery.pkg.runtime.RawExtension", ANY),
    ("io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", ANY),
    (
        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON",
        ANY,
    ),
];
const ANY: u8 = 10;
const CRD: &str = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
const ALTERNATIVES: &[(&str, u8)] = &[("OrBool", 14), ("OrArray", 15), ("OrStringArray", 16)];

/// Reads the folder `schemas-source`, and the table of kinds in the corpora beside it.
#[expect(
    clippy::disallowed_methods,
    reason = "this command reads the documents"
)]
pub(super) fn read(folder: &Path) -> anyhow::Result<Sources> {
    let json = |path: &Path| -> anyhow::Result<Value> {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        serde_json::from_slice(&bytes).with_context(|| format!("`{}` is no JSON", path.display()))
    };
    let mut sources = Sources::default();
    for minor in MINORS {
        let document = json(&folder.join(format!("kubernetes/1.{minor}.json")))?;
        let made = release(&document).with_context(|| format!("the document of 1.{minor}"))?;
        sources.releases.insert(minor, made);
    }
    let table = json(&folder.join("../conformance/admission/gvk-served.json"))?;
    for kind in list(&table, "kinds")? {
        let minors = list(kind, "servedByDefault")?
            .iter()
            .map(|text| minor(text.as_str()));
        let creatable = kind["creatable"] == true;
        sources.defaults.insert(
            gvk(kind)?,
            (minors.collect::<anyhow::Result<_>>()?, creatable),
        );
    }
    for life in list(&table, "lifecycle")? {
        let of = |key: &str| life[key].as_str().map_or(Ok(0), |text| minor(Some(text)));
        let named = gvk(life)?;
        let mut replacement = life.get("replacement").map(gvk).transpose()?;
        if let Some((_, _, kind)) = &mut replacement {
            // one generated function names the list of the kind that it means
            if kind.strip_suffix("List") == Some(named.2.as_str()) {
                kind.clone_from(&named.2);
            }
        }
        let life = Life {
            introduced: of("introduced")?,
            deprecated: of("deprecated")?,
            removed: of("removed")?,
            replacement,
        };
        sources.lives.insert(named, life);
    }
    Ok(sources)
}

fn list<'v>(value: &'v Value, key: &str) -> anyhow::Result<&'v Vec<Value>> {
    value[key]
        .as_array()
        .with_context(|| format!("expected a list `{key}`"))
}

fn minor(text: Option<&str>) -> anyhow::Result<u8> {
    let text = text.context("expected a release")?;
    let digits = text
        .strip_prefix("1.")
        .context("expected `1.` and a minor release")?;
    Ok(digits.parse()?)
}

fn gvk(value: &Value) -> anyhow::Result<Gvk> {
    let text = |key: &str| -> anyhow::Result<String> {
        let text = value[key].as_str();
        Ok(text
            .with_context(|| format!("expected `{key}` in {value}"))?
            .to_owned())
    };
    Ok((text("group")?, text("version")?, text("kind")?))
}

fn release(document: &Value) -> anyhow::Result<ReleaseSource> {
    let mut made = ReleaseSource::default();
    let mut definition_of: BTreeMap<Gvk, String> = BTreeMap::new();
    let definitions = document["definitions"]
        .as_object()
        .context("expected `definitions`")?;
    for (name, schema) in definitions {
        if let Some(kinds) = schema["x-kubernetes-group-version-kind"].as_array() {
            for kind in kinds {
                definition_of.insert(gvk(kind)?, name.clone());
            }
        }
        let fields = fields(schema, definitions).with_context(|| format!("in `{name}`"))?;
        made.definitions.insert(name.clone(), fields);
    }
    for kind in list(document, "served")? {
        let named = gvk(kind)?;
        let definition = definition_of
            .get(&named)
            .with_context(|| format!("no definition of {named:?}"))?;
        let namespaced = kind["namespaced"] == true;
        made.kinds.insert(named, (definition.clone(), namespaced));
    }
    Ok(made)
}

type Definitions = serde_json::Map<String, Value>;

fn fields(schema: &Value, definitions: &Definitions) -> anyhow::Result<Definition> {
    let mut fields = Definition::new();
    let Some(properties) = schema["properties"].as_object() else {
        return Ok(fields);
    };
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    for (name, property) in properties {
        let field = Property {
            of: type_of(property, definitions).with_context(|| format!("in `{name}`"))?,
            required: required.contains(&name.as_str()),
        };
        fields.insert(name.clone(), field);
    }
    Ok(fields)
}

fn type_of(schema: &Value, definitions: &Definitions) -> anyhow::Result<Type> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference
            .strip_prefix("#/definitions/")
            .context("expected a reference to a definition")?;
        if let Some((_, tag)) = SCALARS.iter().find(|(known, _)| *known == name) {
            return Ok(Type::Scalar(*tag));
        }
        if let Some(or) = name.strip_prefix(CRD)
            && let Some((_, tag)) = ALTERNATIVES.iter().find(|(known, _)| *known == or)
        {
            return Ok(Type::Or(*tag, CRD.to_owned()));
        }
        let target = definitions
            .get(name)
            .with_context(|| format!("no definition `{name}`"))?;
        if target["type"] != "object" {
            bail!("`{name}` is no object and not known otherwise");
        }
        return Ok(Type::Struct(name.to_owned()));
    }
    let inner = |key: &str| type_of(&schema[key], definitions).map(Box::new);
    Ok(match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), None) => Type::Scalar(0),
        (Some("boolean"), None) => Type::Scalar(1),
        (Some("integer"), Some("int32")) => Type::Scalar(2),
        (Some("integer"), Some("int64")) => Type::Scalar(3),
        (Some("number"), Some("double")) => Type::Scalar(4),
        (Some("string"), Some("byte")) => Type::Scalar(5),
        (Some("array"), None) => Type::List(inner("items")?),
        (Some("object"), None) if schema.get("additionalProperties").is_some() => {
            Type::Map(inner("additionalProperties")?)
        }
        other => bail!("no type is known for {other:?}"),
    })
}
