//! The objects of one case, by what makes them the same in two versions.
//!
//! A component that is no list of objects (a chart, a webservice) counts as an object of its own: what it runs is deleted
//! when it is taken out.

use crate::{Held, ObjectKey};
use addon_check::Proof;
use addon_check::proof::{ProvenObject, Role};
use addon_render::definition::Kind;
use goyaml::Value;
use indexmap::IndexMap;

/// The objects that one case gives.
pub(crate) type ObjectsOfCase = IndexMap<ObjectKey, Held>;

/// The API group of components that are no lists of objects.
pub(crate) const COMPONENT: &str = "component";

/// The label that KubeVela writes the addon's version into.
const VERSION_LABEL: &str = "addons.oam.dev/version";

/// The objects of a case.
pub(crate) fn of_case(proof: &Proof<'_>, case: usize) -> ObjectsOfCase {
    let mut found = ObjectsOfCase::new();
    for object in proof.objects_of(case) {
        match object.role {
            Role::Application => components(proof, object, &mut found),
            Role::InComponent { component, .. } | Role::Raw { component, .. } => {
                add(object, Some(component), &mut found);
            }
            // a step applies again whatever it is given, and nothing deletes it
            Role::InStep { .. } => {}
            Role::Auxiliary { .. } => add(object, None, &mut found),
        }
    }
    found
}

fn add(object: &ProvenObject<'_>, component: Option<&str>, into: &mut ObjectsOfCase) {
    // definitions are compared by themselves
    if Kind::of_object_kind(object.kind()).is_some() {
        return;
    }
    let group = object
        .api_version()
        .rsplit_once('/')
        .map_or("", |(group, _)| group);
    let key = ObjectKey {
        group: group.to_owned(),
        kind: object.kind().to_owned(),
        namespace: object.namespace.unwrap_or_default().to_owned(),
        name: object.name().to_owned(),
    };
    into.entry(key).or_insert_with(|| Held {
        component: component.map(str::to_owned),
        object: without_version(object.tree.to_value()),
        place: object.place.clone(),
    });
}

fn components(proof: &Proof<'_>, application: &ProvenObject<'_>, into: &mut ObjectsOfCase) {
    for component in proof.components(application) {
        if matches!(component.kind, "k8s-objects" | "raw") {
            continue;
        }
        let key = ObjectKey {
            group: COMPONENT.to_owned(),
            kind: component.kind.to_owned(),
            namespace: String::new(),
            name: component.name.to_owned(),
        };
        into.entry(key).or_insert_with(|| Held {
            component: None,
            object: without_version(component.tree.to_value()),
            place: application.place_of(component.tree.span),
        });
    }
}

/// An object without the label that holds the addon's version.
pub(crate) fn without_version(mut object: Value) -> Value {
    if let Value::Map(map) = &mut object
        && let Some(Value::Map(metadata)) = map.get_mut("metadata")
        && let Some(Value::Map(labels)) = metadata.get_mut("labels")
    {
        labels.shift_remove(VERSION_LABEL);
    }
    object
}
