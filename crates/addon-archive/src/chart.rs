//! `Chart.yaml`, made from `metadata.yaml`.
//!
//! As kubevela `pkg/addon/utils.go` (`generateChartMetadata`) makes it and helm v3.14.4 prints it in the archive:
//! empty fields are left out, and white space and characters that do not print are cleaned from all
//! texts but the version and the annotations. System requirements are read by KubeVela from here alone
//! (through the index), so `annotations` carries them.

use addon_model::Meta;
use goyaml::{Map, Value};
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

/// The annotation that names the addon.
pub const ADDON_NAME: &str = "addon.name";
/// The annotation with the required versions of KubeVela.
pub const SYSTEM_VELA: &str = "system.vela";
/// The annotation with the required versions of Kubernetes.
pub const SYSTEM_KUBERNETES: &str = "system.kubernetes";

/// The content of `Chart.yaml`.
pub fn chart(meta: &Meta) -> Map {
    let mut annotations = Map::new();
    annotations.insert(ADDON_NAME.to_owned(), text(&meta.name));
    if let Some(system) = &meta.system {
        for (key, requirement) in [
            (SYSTEM_VELA, &system.vela),
            (SYSTEM_KUBERNETES, &system.kubernetes),
        ] {
            if !requirement.is_empty() {
                annotations.insert(key.to_owned(), text(requirement));
            }
        }
    }
    let keywords: Vec<Value> = meta.tags.iter().map(|tag| text(&clean(tag))).collect();
    let mut chart = Map::new();
    chart.insert("annotations".to_owned(), Value::Map(annotations));
    chart.insert("apiVersion".to_owned(), text("v2"));
    let fields = [
        ("appVersion", clean(&meta.version)),
        ("description", clean(&meta.description)),
        ("home", clean(&meta.url)),
        ("icon", clean(&meta.icon)),
    ];
    for (key, value) in fields {
        if !value.is_empty() {
            chart.insert(key.to_owned(), Value::String(value));
        }
    }
    if !keywords.is_empty() {
        chart.insert("keywords".to_owned(), Value::List(keywords));
    }
    chart.insert("name".to_owned(), Value::String(clean(&meta.name)));
    chart.insert("type".to_owned(), text("library"));
    chart.insert("version".to_owned(), text(&meta.version));
    chart
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

/// White space becomes blanks, what does not print is dropped; helm v3.14.4 `pkg/chart/metadata.go`.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| {
            if c.is_whitespace() {
                return Some(' ');
            }
            let unprintable = matches!(
                c.general_category(),
                Category::Control
                    | Category::Format
                    | Category::Surrogate
                    | Category::PrivateUse
                    | Category::Unassigned
                    | Category::LineSeparator
                    | Category::ParagraphSeparator
                    | Category::SpaceSeparator
            );
            (!unprintable).then_some(c)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned() {
        assert_eq!(clean("a\tb\u{a0}c\u{200b}d\u{7}\u{e9}"), "a b cd\u{e9}");
    }
}
