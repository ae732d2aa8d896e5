//! The addon says which Kubernetes it needs when it has objects of a version of the API that not every Kubernetes has.
//!
//! KubeVela runs on Kubernetes 1.19 and later, and compares `system.kubernetes` with the cluster before it enables an addon. An
//! addon that needs a newer cluster and does not say so is enabled, and then its objects are refused.
//!
//! Bad: without `system: {kubernetes: …}`
//! ```yaml
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! ```
//! Good: the same with
//! ```yaml
//! system: {kubernetes: ">=1.23.0"}
//! ```

use crate::kubernetes::Admitted;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::rules::used_api::{Used, used};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "API03",
    title: "an addon whose objects need a newer Kubernetes says so",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "api/api03_range.rs",
    source: include_str!("api03_range.rs"),
    found: &[Found::InProof(check)],
};

/// The oldest minor release of Kubernetes that KubeVela runs on, by the requirements in its installation guide.
const FLOOR: u8 = 19;

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let admitted = Admitted::of(proof.input);
    let all = used(proof);
    let newest = all.iter().max_by_key(|used| used.life.introduced);
    let Some(Used {
        gvk,
        life,
        place,
        case,
    }) = newest
    else {
        return;
    };
    let needed = life.introduced;
    let Some(minor) = (FLOOR..needed).find(|minor| admitted.admits(*minor)) else {
        return;
    };
    let said = if admitted.is_stated() {
        format!("`system.kubernetes` admits 1.{minor}")
    } else {
        "the addon does not say which Kubernetes it needs".to_owned()
    };
    let message = format!("Kubernetes before 1.{needed} does not have `{gvk}`, and {said}");
    let found = RULE
        .finding(message, admitted.place(proof.input))
        .label(place.clone(), "used here")
        .help(format!(
            "write `kubernetes: \">=1.{needed}.0\"` under `system`"
        ));
    findings.push(proof.in_case(found, *case));
}
