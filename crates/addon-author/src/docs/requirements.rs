//! What an addon needs before it can be enabled: KubeVela, Kubernetes, other addons.

use super::markdown::{code, table};
use addon_model::Meta;

/// The table; `None` when it needs nothing.
pub(super) fn of_meta(meta: &Meta) -> Option<String> {
    let mut rows = Vec::new();
    let mut add = |what: String, version: &str| {
        let version = if version.is_empty() {
            "any".to_owned()
        } else {
            code(version)
        };
        rows.push(vec![what, version]);
    };
    if let Some(system) = &meta.system {
        for (name, version) in [
            ("KubeVela", &system.vela),
            ("Kubernetes", &system.kubernetes),
        ] {
            if !version.value.is_empty() {
                add(name.to_owned(), &version.value);
            }
        }
    }
    for dependency in meta.dependencies() {
        add(
            format!("addon {}", code(&dependency.name.value)),
            &dependency.version.value,
        );
    }
    (!rows.is_empty()).then(|| table(&["needs", "version"], &rows))
}
