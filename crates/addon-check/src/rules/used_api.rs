//! The versions of the API of Kubernetes that the objects of an addon are of, with their lives.

use crate::proof::Proof;
use crate::rules::objects;
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

/// All of them, in the order of the objects.
pub(in crate::rules) fn used<'p>(proof: &'p Proof<'_>) -> Vec<Used<'p>> {
    let objects = objects::all(proof).into_iter();
    objects
        .filter_map(|object| {
            let place = object.place_at(&[Step::Key("apiVersion")]);
            of(object.tree, object.case, place)
        })
        .collect()
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
