//! The versions of the API of Kubernetes that the objects of an addon are of, with their lives.

use crate::proof::Proof;
use goyaml::{Step, Tree};
use kube_schema::{Gvk, Lifecycle, lifecycle};
use source_vocab::Place;

/// An object of a version of the API whose life is known.
pub(in crate::rules) struct Used<'a> {
    pub(in crate::rules) gvk: Gvk<'a>,
    pub(in crate::rules) life: Lifecycle,
    /// Where the version stands.
    pub(in crate::rules) place: Place,
    /// The case that shows it.
    pub(in crate::rules) case: usize,
}

/// All of them: what is rendered, then the files of `resources/`, which may not be rendered when the template fails.
pub(in crate::rules) fn used<'a>(proof: &'a Proof<'_>) -> Vec<Used<'a>> {
    let rendered = proof.objects().iter().filter_map(|object| {
        let place = object.place_at(&[Step::Key("apiVersion")]);
        of(object.tree, object.case, place)
    });
    let mut used: Vec<Used<'_>> = rendered.collect();
    for (_, tree) in proof.input.manifests() {
        let place = tree.get("apiVersion").map(|api| Place::Text(api.span));
        let known = used.iter().any(|used| Some(&used.place) == place.as_ref());
        if let Some(place) = place.filter(|_| !known) {
            used.extend(of(tree, 0, place));
        }
    }
    used
}

fn of(tree: &Tree, case: usize, place: Place) -> Option<Used<'_>> {
    let gvk = Gvk::of(tree)?;
    Some(Used {
        gvk,
        life: lifecycle(gvk)?,
        place,
        case,
    })
}

/// What to do about an old version.
pub(in crate::rules) fn instead(life: &Lifecycle, gvk: Gvk<'_>) -> String {
    match life.replacement {
        Some(new) if new.kind == gvk.kind => format!("use `{}`", new.api_version()),
        Some(new) => format!("use `{new}`"),
        None => "do without it: nothing takes its place".to_owned(),
    }
}
