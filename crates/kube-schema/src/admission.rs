//! One object before the server: the stages in their order.

use crate::builtin::{self, Gvk};
use crate::crd::{self, CrdSet};
use crate::fault::{Fault, FaultKind};
use crate::release::Release;
use crate::semantic;
use goyaml::Tree;

/// What the server answers to the creation of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is created.
    Ok,
    /// It is refused, for these reasons.
    Rejected(Vec<Fault>),
    /// Neither the release nor a CRD at hand has its kind. That is no fault: a chart or an operator may bring it.
    UnknownKind,
}

impl Verdict {
    fn of(faults: Vec<Fault>) -> Self {
        if faults.is_empty() {
            Self::Ok
        } else {
            Self::Rejected(faults)
        }
    }
}

/// What a server of `release` with the definitions of `crds` answers to `object`, with strict field validation. Types and
/// fields come first; when there is nothing to say about them, what the server validates.
pub fn check_object(object: &Tree, release: Release, crds: Option<&CrdSet<'_>>) -> Verdict {
    let Some(gvk) = Gvk::of(object) else {
        return Verdict::UnknownKind;
    };
    let served = builtin::served(gvk, release);
    if served.is_none_or(|served| !served.by_default) {
        let custom = crds.and_then(|crds| crds.validate(object));
        return custom.map_or(Verdict::UnknownKind, Verdict::of);
    }
    let decoded = builtin::inspect(object, release.into());
    let mut faults: Vec<Fault> = decoded.into_iter().map(|found| found.fault).collect();
    if faults.iter().any(|fault| fault.kind != FaultKind::Required) {
        return Verdict::Rejected(faults);
    }
    let mut found = semantic::validate(object, release);
    if served.is_some_and(|served| !served.namespaced) {
        // the server forgets the namespace of an object that lives in none
        found.retain(|fault| fault.field != "metadata.namespace");
    }
    if gvk.group == "apiextensions.k8s.io" {
        found.extend(crd::validate_definition(object, release));
    }
    // about the same thing the more exact one speaks
    faults.retain(|missing| {
        !found
            .iter()
            .any(|fault| is_inside(&fault.field, &missing.field))
    });
    found.retain(|fault| !faults.iter().any(|missing| missing.field == fault.field));
    faults.append(&mut found);
    Verdict::of(faults)
}

/// Whether a field lies inside another one.
fn is_inside(field: &str, other: &str) -> bool {
    field
        .strip_prefix(other)
        .is_some_and(|rest| rest.starts_with(['.', '[']))
}
