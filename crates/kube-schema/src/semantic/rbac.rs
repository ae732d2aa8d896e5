//! `Role`, `ClusterRole`, `RoleBinding`, `ClusterRoleBinding`.
//!
//! A rule is of resources or, in a `ClusterRole`, of URLs. Source: Kubernetes 1.31 `pkg/apis/rbac/validation`.

use super::field::{Faults, Field};
use super::{names, selector};

const GROUP: &str = "rbac.authorization.k8s.io";

/// Whether the object lives in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// `Role`, `RoleBinding`.
    Namespace,
    /// `ClusterRole`, `ClusterRoleBinding`.
    Cluster,
}

/// A `Role` or `ClusterRole`.
pub(super) fn role(out: &mut Faults, object: &Field<'_, '_>, scope: Scope) {
    for rule in object.child("rules").items() {
        let verbs = rule.child("verbs");
        if verbs.is_empty() {
            out.required_since(&verbs, "at least one verb");
        }
        let urls = rule.child("nonResourceURLs");
        let groups = rule.child("apiGroups");
        let resources = rule.child("resources");
        if !urls.is_empty() {
            if scope == Scope::Namespace {
                out.invalid(&urls, "cannot be set in a `Role`, only in a `ClusterRole`");
            }
            if !groups.is_empty()
                || !resources.is_empty()
                || !rule.child("resourceNames").is_empty()
            {
                out.invalid(&urls, "cannot be set in a rule of resources");
            }
            continue;
        }
        if groups.is_empty() {
            out.required_since(&groups, "at least one API group, `\"\"` for the core");
        }
        if resources.is_empty() {
            out.required_since(&resources, "at least one resource");
        }
    }
    if scope == Scope::Cluster {
        let aggregation = object.child("aggregationRule");
        let selectors = aggregation.child("clusterRoleSelectors");
        if aggregation.is_set() && selectors.is_empty() {
            out.required_since(&selectors, "at least one selector");
        }
        for one in selectors.items() {
            selector::label(out, &one);
            if !selector::is_usable(&one) {
                out.invalid(&one, "is no selector");
            }
        }
    }
}

/// A `RoleBinding` or `ClusterRoleBinding`.
pub(super) fn binding(out: &mut Faults, object: &Field<'_, '_>, scope: Scope) {
    let role = object.child("roleRef");
    let group = role.child("apiGroup");
    if !matches!(group.text(), "" | GROUP) {
        out.unsupported(&group, group.text(), &[GROUP]);
    }
    let kind = role.child("kind");
    let kinds: &[&str] = match scope {
        Scope::Namespace => &["Role", "ClusterRole"],
        Scope::Cluster => &["ClusterRole"],
    };
    if !kinds.contains(&kind.text()) {
        out.unsupported(&kind, kind.text(), kinds);
    }
    let name = role.child("name");
    if name.text().is_empty() {
        out.required(&name);
    } else {
        out.form(&name, name.text(), names::path_segment);
    }
    for subject in object.child("subjects").items() {
        subject_of(out, &subject, scope);
    }
}

fn subject_of(out: &mut Faults, subject: &Field<'_, '_>, scope: Scope) {
    let name = subject.child("name");
    if name.text().is_empty() {
        out.required(&name);
    }
    let group = subject.child("apiGroup");
    let kind = subject.child("kind");
    match kind.text() {
        "ServiceAccount" => {
            if !name.text().is_empty() {
                out.form(&name, name.text(), names::subdomain);
            }
            if !group.text().is_empty() {
                out.unsupported(&group, group.text(), &[""]);
            }
            let namespace = subject.child("namespace");
            if scope == Scope::Cluster && namespace.text().is_empty() {
                out.required_since(&namespace, "that of the service account");
            }
        }
        "User" | "Group" => {
            if !matches!(group.text(), "" | GROUP) {
                out.unsupported(&group, group.text(), &[GROUP]);
            }
        }
        other => out.unsupported(&kind, other, &["ServiceAccount", "User", "Group"]),
    }
}
