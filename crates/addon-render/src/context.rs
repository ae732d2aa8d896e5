//! `context`, as the templates of an addon see it: `metadata.yaml` and, for `NOTES.cue`, the installer.
//!
//! The fields are those that Go prints of `Meta` (kubevela 5a44b5f10 `pkg/addon/type.go`): name, version, description, icon
//! and invisible always, the others when they are not empty. Each value keeps its place in `metadata.yaml`.

use crate::request::Occasion;
use crate::tree::{self, entry};
use addon_model::{Meta, Pair, Spanned};
use goyaml::{Data, Entry, Tree};

/// `{metadata: …}`.
pub(crate) fn of(meta: &Meta) -> Tree {
    tree::map([("metadata", metadata(meta))])
}

/// `{installer: {upgrade: …}, metadata: …}`.
pub(crate) fn for_notes(meta: &Meta, occasion: Occasion) -> Tree {
    let upgrade = tree::boolean(occasion == Occasion::Upgrade);
    tree::map([
        ("installer", tree::map([("upgrade", upgrade)])),
        ("metadata", metadata(meta)),
    ])
}

fn metadata(meta: &Meta) -> Tree {
    let mut fields = vec![
        entry("name", text(&meta.name)),
        entry("version", text(&meta.version)),
        entry("description", text(&meta.description)),
        entry("icon", text(&meta.icon)),
    ];
    if !meta.url.is_empty() {
        fields.push(entry("url", text(&meta.url)));
    }
    if !meta.tags.is_empty() {
        fields.push(entry("tags", texts(&meta.tags)));
    }
    if !meta.ux_plugins.is_empty() {
        fields.push(entry("uxPlugins", pairs(&meta.ux_plugins)));
    }
    if let Some(target) = &meta.deploy_to {
        let mut inner = vec![entry(
            "disableControlPlane",
            flag(&target.disable_control_plane),
        )];
        if target.legacy_runtime_cluster.value {
            inner.push(entry(
                "runtime_cluster",
                flag(&target.legacy_runtime_cluster),
            ));
        }
        inner.push(entry("runtimeCluster", flag(&target.runtime_cluster)));
        fields.push(entry("deployTo", at(target, Data::Map(inner))));
    }
    if !meta.dependencies.is_empty() {
        let items = meta.dependencies.value.iter().map(|dependency| {
            let Some(dependency) = dependency else {
                return tree::detached(Data::Null);
            };
            let mut inner = Vec::new();
            if !dependency.name.is_empty() {
                inner.push(entry("name", text(&dependency.name)));
            }
            if !dependency.version.is_empty() {
                inner.push(entry("version", text(&dependency.version)));
            }
            at(dependency, Data::Map(inner))
        });
        let items = Data::List(items.collect());
        fields.push(entry("dependencies", at(&meta.dependencies, items)));
    }
    if !meta.need_namespace.is_empty() {
        fields.push(entry("needNamespace", texts(&meta.need_namespace)));
    }
    fields.push(entry("invisible", flag(&meta.invisible)));
    if let Some(system) = &meta.system {
        let mut inner = Vec::new();
        for (key, value) in [("vela", &system.vela), ("kubernetes", &system.kubernetes)] {
            if !value.is_empty() {
                inner.push(entry(key, text(value)));
            }
        }
        fields.push(entry("system", at(system, Data::Map(inner))));
    }
    if !meta.annotations.is_empty() {
        fields.push(entry("annotations", pairs(&meta.annotations)));
    }
    tree::detached(Data::Map(fields))
}

fn at<T>(place: &Spanned<T>, data: Data) -> Tree {
    Tree {
        span: place.span,
        data,
    }
}

fn text(value: &Spanned<String>) -> Tree {
    tree::text(value.as_str(), value.span)
}

fn flag(value: &Spanned<bool>) -> Tree {
    at(value, Data::Bool(value.value))
}

fn texts(values: &Spanned<Vec<Spanned<String>>>) -> Tree {
    at(values, Data::List(values.iter().map(text).collect()))
}

fn pairs(values: &Spanned<Vec<Pair>>) -> Tree {
    let entries = values.iter().map(|pair| Entry {
        key: pair.key.as_str().into(),
        key_span: pair.key.span,
        value: text(&pair.value),
    });
    at(values, Data::Map(entries.collect()))
}
