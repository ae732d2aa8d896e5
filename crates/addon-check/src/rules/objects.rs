//! The objects that rules look at, also when the template keeps the addon from being rendered: the YAML files of `resources/`
//! are objects whatever becomes of it.

use crate::proof::{Proof, ProvenObject, Role};
use addon_render::ComponentSource;
use source_vocab::Place;

/// The component that such objects would stand in has no name of its own.
static FILES: ComponentSource = ComponentSource::Objects;

/// All that is rendered; then the files of `resources/`, unless they are among it.
pub(super) fn all<'p>(proof: &'p Proof<'_>) -> Vec<ProvenObject<'p>> {
    let mut all: Vec<ProvenObject<'p>> = proof.objects().to_vec();
    let is_of_files = |object: &ProvenObject<'_>| {
        matches!(
            object.role,
            Role::InComponent {
                source: ComponentSource::Objects,
                ..
            }
        )
    };
    if all.iter().any(is_of_files) {
        return all;
    }
    let files = proof.input.manifests().enumerate();
    all.extend(files.map(|(index, (_, tree))| ProvenObject {
        tree,
        role: Role::InComponent {
            component: "",
            index,
            source: &FILES,
        },
        case: 0,
        namespace: None,
        place: Place::Text(tree.span),
    }));
    all
}
