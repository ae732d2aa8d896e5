//! Objects that are applied only when a component is there.
//!
//! The annotation `addon.oam.dev/bind-component`, or the older `addon.oam.dev/ignore-without-component` where the first is
//! absent, names a component of the finished Application (kubevela 5a44b5f10 `checkBondComponentExist`).

use crate::object::text_of_map;
use crate::tree::{as_text, text_at};
use goyaml::Tree;
use std::collections::BTreeSet;

const BOND: &str = "addon.oam.dev/bind-component";
const LEGACY_BOND: &str = "addon.oam.dev/ignore-without-component";

/// The names of an Application's components.
#[derive(Debug)]
pub(crate) struct Components(BTreeSet<Box<str>>);

impl Components {
    /// Those of a finished Application.
    pub(crate) fn of(application: &Tree) -> Self {
        let components = application
            .get("spec")
            .and_then(|spec| spec.get("components"))
            .map(Tree::items)
            .unwrap_or_default();
        let names = components.iter().map(|one| text_at(one, "name").into());
        Self(names.collect())
    }

    /// Whether an object is bound to a component that is not among them.
    pub(crate) fn lack_what_binds(&self, object: &Tree) -> bool {
        let annotation = |key: &str| text_of_map(object, "annotations", key).and_then(as_text);
        annotation(BOND)
            .or_else(|| annotation(LEGACY_BOND))
            .is_some_and(|component| !self.0.contains(component))
    }
}
