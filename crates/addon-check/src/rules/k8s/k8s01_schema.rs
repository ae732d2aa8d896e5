//! Every object of a kind of Kubernetes itself is one that the API server accepts, in each release of Kubernetes that
//! `system.kubernetes` admits: it has only fields that the kind has, with values of their types, and all that are required.
//! Looked at are the objects of the components of types `k8s-objects` and `raw`, the files of `resources/`, and what the
//! template puts into `outputs`, as they are rendered with the defaults, with the cases of `examples/` and with the
//! arguments that the parameters allow.
//!
//! An API server refuses a value of another type, and the addon is never ready. A field that it does not know it drops in
//! silence: what the author wanted does not happen. The schemas are those of Kubernetes 1.28 to 1.35, read as the server reads
//! them: `null` is nothing, an integer has no point, and a field that only a newer release has is unknown to the older ones.
//! When the addon does not say which releases it admits, what only some of them refuse is a warning.
//!
//! Bad:
//! ```yaml
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: "2"
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - name: web
//!         image: nginx:1.27
//!         imagePullpolicy: Always
//! ```
//! Good: `replicas: 2` and `imagePullPolicy`.

use crate::kubernetes::Admitted;
use crate::proof::{Proof, ProvenObject};
use crate::rule::{Found, Holds, Rule};
use crate::rules::{fault, objects};
use goyaml::{Step, Tree};
use kube_schema::builtin::{is_builtin_group, kinds_of, lifecycle, served_in};
use kube_schema::{Gvk, InReleases, Releases, as_sent, inspect};
use source_vocab::nearest::nearest;
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "K8S01",
    title: "every object is valid in each release of Kubernetes that the addon admits",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "k8s/k8s01_schema.rs",
    source: include_str!("k8s01_schema.rs"),
    found: &[Found::InProof(check)],
};

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let admitted = Admitted::of(proof.input);
    let releases = admitted.releases();
    for object in &objects::all(proof) {
        let Some(gvk) = Gvk::of(object.tree) else {
            continue;
        };
        let served = served_in(gvk);
        if served.is_empty() {
            findings.extend(unknown_kind(proof, object, gvk));
            continue;
        }
        if admitted.is_stated() {
            findings.extend(too_old(proof, object, gvk, releases.without(served)));
        }
        let releases = releases.and(served);
        let tree = as_sent(object.tree);
        for InReleases {
            fault,
            releases: refusing,
        } in inspect(&tree, releases)
        {
            if fault::is_of_arguments(proof, object, &fault) {
                continue;
            }
            let mut found = fault::finding(&RULE, proof, object, &fault);
            found
                .notes
                .push(format!("Kubernetes {refusing} refuses it"));
            if refusing != releases && !admitted.is_stated() {
                found.severity = Severity::Warning;
            }
            findings.push(found);
        }
    }
}

/// Releases that do not have the kind yet. Those that have it no more are told by API01.
fn too_old(
    proof: &Proof<'_>,
    object: &ProvenObject<'_>,
    gvk: Gvk<'_>,
    absent: Releases,
) -> Option<Diagnostic> {
    let removed = lifecycle(gvk).and_then(|life| life.removed);
    let is_gone = |minor: u8| removed.is_some_and(|removed| minor >= removed);
    let absent: Releases = absent
        .iter()
        .filter(|release| !is_gone(release.minor()))
        .collect();
    if absent.is_empty() {
        return None;
    }
    let message =
        format!("Kubernetes {absent} does not have `{gvk}`, and `system.kubernetes` admits it");
    let place = object.place_at(&[Step::Key("apiVersion")]);
    let admitted = Admitted::of(proof.input).place(proof.input);
    let since = served_in(gvk).iter().next()?;
    let found = RULE
        .finding(message, place)
        .label(admitted, "what the addon admits")
        .help(format!(
            "admit only `>={since}.0`, or use what the older releases have"
        ));
    Some(proof.in_case(found, object.case))
}

/// A kind that no release has, in a group that nobody else can define.
fn unknown_kind(proof: &Proof<'_>, object: &ProvenObject<'_>, gvk: Gvk<'_>) -> Option<Diagnostic> {
    if lifecycle(gvk).is_some() || !is_builtin_group(gvk.group) || is_defined(proof, gvk) {
        return None;
    }
    let known: Vec<Gvk<'_>> = kinds_of(gvk.group).collect();
    let versions: Vec<&str> = known
        .iter()
        .filter(|known| known.kind == gvk.kind)
        .map(|known| known.version)
        .collect();
    let (key, help) = match versions.last() {
        Some(version) => {
            let api = known.iter().find(|known| known.version == *version);
            (
                "apiVersion",
                api.map(|api| format!("use `{}`", api.api_version())),
            )
        }
        None => {
            let names = known.iter().map(|known| known.kind);
            let meant = nearest(gvk.kind, names);
            (
                "kind",
                meant.map(|meant| format!("did you mean `{meant}`?")),
            )
        }
    };
    let message = format!("no release of Kubernetes has `{gvk}`");
    let help = help.unwrap_or_else(|| "correct `apiVersion` and `kind`".to_owned());
    let found = RULE
        .finding(message, object.place_at(&[Step::Key(key)]))
        .help(help);
    Some(proof.in_case(found, object.case))
}

/// Whether a CRD at hand defines a kind.
fn is_defined(proof: &Proof<'_>, gvk: Gvk<'_>) -> bool {
    let text = |crd: &Tree, path: &[Step<'_>], wanted: &str| {
        crd.at(path).and_then(Tree::as_str) == Some(wanted)
    };
    proof.crds().into_iter().any(|crd| {
        text(crd, &[Step::Key("spec"), Step::Key("group")], gvk.group)
            && text(
                crd,
                &[Step::Key("spec"), Step::Key("names"), Step::Key("kind")],
                gvk.kind,
            )
    })
}
