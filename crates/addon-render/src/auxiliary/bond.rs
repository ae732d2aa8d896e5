//! Objects that are applied only when a component is there.
//!
//! The annotation `addon.oam.dev/bind-component`, or the older `addon.oam.dev/ignore-without-component` where the first is
//! absent, names a component of the finished Application (kubevela 5a44b5f10 `checkBondComponentExist`).

use crate::object::text_of_map;
use crate::tree::{as_text, text_at};
use goyaml::Tree;

const BOND: &str = "addon.oam.dev/bind-component";
const LEGACY_BOND: &str = "addon.oam.dev/ignore-without-component";

/// Whether an object is bound to a component that the Application does not have.
pub(crate) fn is_bound_in_vain(object: &Tree, application: &Tree) -> bool {
    let annotation = |key: &str| text_of_map(object, "annotations", key).and_then(as_text);
    let Some(component) = annotation(BOND).or_else(|| annotation(LEGACY_BOND)) else {
        return false;
    };
    let components = application
        .get("spec")
        .and_then(|spec| spec.get("components"))
        .map(Tree::items)
        .unwrap_or_default();
    !components
        .iter()
        .any(|found| text_at(found, "name") == component)
}
