//! The CRDs of KubeVela itself, as `cargo xtask gen-schemas` writes them: a line of JSON each, without descriptions.
//!
//! They are what the chart of vela-core installs, so every Application, definition and policy of an addon is looked at by
//! them, whatever CRDs the addon brings.

use super::CrdSet;
use goyaml::{Data, Entry, Magnitude, Tree};
use source_vocab::Span;
use std::sync::LazyLock;

static OBJECTS: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let lines = include_str!("kubevela.jsonl").lines();
    let parsed = lines.filter_map(|line| serde_json::from_str(line).ok());
    parsed.map(|json: serde_json::Value| tree(&json)).collect()
});

static CRDS: LazyLock<CrdSet<'static>> = LazyLock::new(|| {
    let mut set = CrdSet::new();
    for object in OBJECTS.iter() {
        set.insert(object);
    }
    set
});

/// The set, read at its first use.
pub(super) fn crds() -> &'static CrdSet<'static> {
    &CRDS
}

/// JSON as a tree without places.
fn tree(json: &serde_json::Value) -> Tree {
    let data = match json {
        serde_json::Value::Null => Data::Null,
        serde_json::Value::Bool(value) => Data::Bool(*value),
        serde_json::Value::Number(number) => {
            let float = || number.as_f64().map(Magnitude::Float);
            let magnitude = number.as_i64().map(Magnitude::Int).or_else(float);
            magnitude.map_or(Data::Null, Data::Number)
        }
        serde_json::Value::String(text) => Data::String(text.as_str().into()),
        serde_json::Value::Array(items) => Data::List(items.iter().map(tree).collect()),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| Entry {
                key: key.as_str().into(),
                key_span: Span::default(),
                value: tree(value),
            });
            Data::Map(entries.collect())
        }
    };
    Tree {
        span: Span::default(),
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_definition() {
        let lines = include_str!("kubevela.jsonl").lines().count();
        assert_eq!(OBJECTS.len(), lines);
        for (group, version, kind) in [
            ("core.oam.dev", "v1beta1", "Application"),
            ("core.oam.dev", "v1beta1", "ComponentDefinition"),
            ("core.oam.dev", "v1beta1", "TraitDefinition"),
            ("core.oam.dev", "v1beta1", "WorkflowStepDefinition"),
            ("core.oam.dev", "v1alpha1", "Policy"),
        ] {
            assert!(crds().kind(group, version, kind).is_some(), "{kind}");
        }
        assert!(crds().kind("core.oam.dev", "v1", "Application").is_none());
    }
}
