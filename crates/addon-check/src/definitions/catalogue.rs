//! Which addon of KubeVela's public catalogue brings which definition: `type: helm` is a component of `fluxcd`.
//!
//! `catalogue.json` is written by `cargo xtask gen-definitions` from a folder of addons. It tells an author whose addon uses a
//! type without depending on its addon which one that is. A private addon may define the same name, so this is asked last.

use addon_render::definition::Kind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Table = BTreeMap<(Kind, String), Vec<String>>;

static DATA: LazyLock<Table> = LazyLock::new(|| {
    let all = serde_json::from_str(include_str!("catalogue.json")).unwrap_or(Value::Null);
    let mut table = Table::new();
    for (addon, kinds) in all.as_object().into_iter().flatten() {
        for (word, names) in kinds.as_object().into_iter().flatten() {
            let Some(kind) = Kind::of_word(word) else {
                continue;
            };
            for name in names
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                let addons = table.entry((kind, name.to_owned())).or_default();
                addons.push(addon.clone());
            }
        }
    }
    table
});

/// The addons that define a type, by their names.
pub(crate) fn addons_with(kind: Kind, name: &str) -> Vec<&'static str> {
    let found = DATA.get(&(kind, name.to_owned()));
    found.into_iter().flatten().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addon_of_a_type_is_known() {
        assert_eq!(addons_with(Kind::Component, "helm"), ["fluxcd"]);
        assert_eq!(
            addons_with(Kind::Trait, "https-route"),
            ["gateway-traits", "traefik"]
        );
        assert!(addons_with(Kind::Component, "webservice").is_empty());
    }
}
