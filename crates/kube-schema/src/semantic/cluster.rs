//! Kinds of the cluster itself: `APIService`, `Lease`, flow control.
//!
//! Source: Kubernetes 1.31 `k8s.io/kube-aggregator/pkg/apis/apiregistration/validation`, `pkg/apis/coordination/validation`,
//! `pkg/apis/flowcontrol/validation`.

use super::field::{Faults, Field, quoted};
use super::names;
use rustc_hash::FxHashSet;

/// An `APIService`: named by its version and group.
pub(super) fn api_service(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let group = spec.child("group");
    let version = spec.child("version");
    let metadata = object.child("metadata");
    let name = metadata.child("name");
    let wanted = format!("{}.{}", version.text(), group.text());
    if !name.text().is_empty() && name.text() != wanted {
        let text = quoted(name.text());
        out.invalid(
            &name,
            format!("{text} is not version and group, `{wanted}` is expected"),
        );
    }
    if !group.text().is_empty() {
        out.form(&group, group.text(), names::subdomain);
    } else if version.text() != "v1" {
        out.required(&group);
    }
    out.form(&version, version.text(), names::label_1035);
    for (field, most) in [("groupPriorityMinimum", 20000), ("versionPriority", 1000)] {
        let field = spec.child(field);
        if !(1..=most).contains(&field.int()) {
            let number = field.int();
            out.invalid(
                &field,
                format!("`{number}` is out of range, 1 to {most} is expected"),
            );
        }
    }
    let service = spec.child("service");
    let bundle = spec.child("caBundle");
    let insecure = spec.child("insecureSkipTLSVerify");
    let has_bundle = !bundle.text().is_empty();
    if !service.is_set() {
        if has_bundle {
            out.invalid(&bundle, "may only be set with `service`");
        }
        if insecure.is_true() {
            out.invalid(&insecure, "may only be true with `service`");
        }
        return;
    }
    for member in ["namespace", "name"] {
        let member = service.child(member);
        if member.text().is_empty() {
            out.required(&member);
        }
    }
    out.in_range(&service.child("port"), 1, 65535);
    if has_bundle && insecure.is_true() {
        out.invalid(&insecure, "cannot be true when `caBundle` is set");
    }
}

/// A `Lease`.
pub(super) fn lease(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let duration = spec.child("leaseDurationSeconds");
    if duration.set_int().is_some_and(|seconds| seconds <= 0) {
        let number = duration.int();
        out.invalid(&duration, format!("`{number}` must be greater than 0"));
    }
    out.not_negative(&spec.child("leaseTransitions"));
}

/// Verbs of API requests, as flow control knows them.
const VERBS: [&str; 10] = [
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "proxy",
    "update",
    "watch",
    "*",
];

/// A `FlowSchema`.
pub(super) fn flow_schema(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let name = object.child("metadata").child("name").text();
    let precedence = spec.child("matchingPrecedence");
    match precedence.set_int() {
        None | Some(0) => {}
        Some(number @ (..0 | 10001..)) => {
            out.invalid(
                &precedence,
                format!("`{number}` is out of range, 1 to 10000 is expected"),
            );
        }
        Some(1) if name != "exempt" => {
            out.invalid(&precedence, "`1` is for the schema `exempt` only");
        }
        Some(_) => {}
    }
    let method = spec.child("distinguisherMethod");
    let kind = method.child("type");
    if method.is_set() && !matches!(kind.text(), "ByUser" | "ByNamespace") {
        out.unsupported(&kind, kind.text(), &["ByNamespace", "ByUser"]);
    }
    let level = spec.child("priorityLevelConfiguration");
    let level = level.child("name");
    if level.text().is_empty() {
        out.required(&level);
    } else {
        out.form(&level, level.text(), names::subdomain);
    }
    for rule in spec.child("rules").items() {
        flow_rule(out, &rule);
    }
}

fn flow_rule(out: &mut Faults, rule: &Field<'_, '_>) {
    let subjects = rule.child("subjects");
    if subjects.is_empty() {
        out.required_since(&subjects, "at least one subject");
    }
    for subject in subjects.items() {
        flow_subject(out, &subject);
    }
    let resources = rule.child("resourceRules");
    let others = rule.child("nonResourceRules");
    if resources.is_empty() && others.is_empty() {
        out.required_since(rule, "`resourceRules` or `nonResourceRules`");
    }
    for one in resources.items() {
        verbs(out, &one.child("verbs"));
        for list in ["apiGroups", "resources"] {
            wildcard_or_some(out, &one.child(list));
        }
        let namespaces = one.child("namespaces");
        if namespaces.is_empty() {
            if !one.child("clusterScope").is_true() {
                out.required_since(&namespaces, "or `clusterScope`");
            }
        } else if namespaces.items().any(|name| name.text() == "*") {
            wildcard_or_some(out, &namespaces);
        } else {
            for name in namespaces.items() {
                out.form(&name, name.text(), names::label);
            }
        }
    }
    for one in others.items() {
        verbs(out, &one.child("verbs"));
        let urls = one.child("nonResourceURLs");
        wildcard_or_some(out, &urls);
        if !urls.items().any(|url| url.text() == "*") {
            for url in urls.items() {
                non_resource_url(out, &url);
            }
        }
    }
}

fn wildcard_or_some(out: &mut Faults, list: &Field<'_, '_>) {
    if list.is_empty() {
        out.required_since(list, "at least one value");
    } else if list.len() > 1 && list.items().any(|one| one.text() == "*") {
        out.invalid(list, "`*` cannot stand with other values");
    }
}

fn verbs(out: &mut Faults, list: &Field<'_, '_>) {
    wildcard_or_some(out, list);
    if let Some(unknown) = list.items().find(|verb| !VERBS.contains(&verb.text())) {
        out.unsupported(&list.at(&unknown), unknown.text(), &VERBS);
    }
}

fn non_resource_url(out: &mut Faults, url: &Field<'_, '_>) {
    let text = url.text();
    let stars = text.matches('*').count();
    let fits = text == "/"
        || (text.starts_with('/')
            && !text.contains(' ')
            && !text.contains("//")
            && (stars == 0 || (stars == 1 && text.ends_with("/*"))));
    if !fits {
        out.invalid(
            url,
            format!(
                "{} is no path, such as `/metrics` or `/healthz/*`",
                quoted(text)
            ),
        );
    }
}

fn flow_subject(out: &mut Faults, subject: &Field<'_, '_>) {
    const KINDS: [(&str, &str); 3] = [
        ("ServiceAccount", "serviceAccount"),
        ("User", "user"),
        ("Group", "group"),
    ];
    let kind = subject.child("kind");
    let Some((_, own)) = KINDS.iter().find(|(name, _)| *name == kind.text()) else {
        out.unsupported(&kind, kind.text(), &KINDS.map(|(name, _)| name));
        return;
    };
    for (_, member) in KINDS {
        let field = subject.child(member);
        if member != *own {
            if field.is_set() {
                out.forbidden(&field, "does not belong to the subject's kind");
            }
            continue;
        }
        if !field.is_set() {
            out.required(&field);
            continue;
        }
        let name = field.child("name");
        if name.text().is_empty() {
            out.required(&name);
        } else if member == "serviceAccount" && name.text() != "*" {
            out.form(&name, name.text(), names::subdomain);
        }
        let namespace = field.child("namespace");
        if member == "serviceAccount" {
            if namespace.text().is_empty() {
                out.required(&namespace);
            } else {
                out.form(&namespace, namespace.text(), names::label);
            }
        }
    }
}

/// A `PriorityLevelConfiguration`.
pub(super) fn priority_level(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let name = object.child("metadata").child("name").text();
    let kind = spec.child("type");
    if (name == "exempt") != (kind.text() == "Exempt") {
        out.invalid(
            &kind,
            "`Exempt` is for the level `exempt`, and for that only",
        );
    }
    let limited = spec.child("limited");
    let exempt = spec.child("exempt");
    match kind.text() {
        "Exempt" if limited.is_set() => {
            out.forbidden(&limited, "must not be set for the type `Exempt`");
        }
        "Exempt" => {}
        "Limited" => {
            if exempt.is_set() {
                out.forbidden(&exempt, "must not be set for the type `Limited`");
            }
            if limited.is_set() {
                limited_level(out, &limited);
            } else {
                out.required_since(&limited, "as the type is `Limited`");
            }
        }
        other => out.unsupported(&kind, other, &["Exempt", "Limited"]),
    }
}

fn limited_level(out: &mut Faults, limited: &Field<'_, '_>) {
    out.not_negative(&limited.child("nominalConcurrencyShares"));
    out.in_range(&limited.child("lendablePercent"), 0, 100);
    out.not_negative(&limited.child("borrowingLimitPercent"));
    let response = limited.child("limitResponse");
    let queuing = response.child("queuing");
    let kind = response.child("type");
    match kind.text() {
        "Reject" if queuing.is_set() => {
            out.forbidden(&queuing, "must not be set for the type `Reject`");
        }
        "Reject" => {}
        "Queue" if !queuing.is_set() => out.required_since(&queuing, "as the type is `Queue`"),
        "Queue" => {
            let queues = queuing.child("queues");
            let hand = queuing.child("handSize");
            // 0 gives the default
            let number_of = |field: &Field<'_, '_>, default: i64| match field.int() {
                0 => default,
                number => number,
            };
            out.in_range(&queuing.child("queueLengthLimit"), 0, i32::MAX.into());
            out.in_range(&queues, 0, 10_000_000);
            if !(1..=number_of(&queues, 64)).contains(&number_of(&hand, 8)) {
                let number = hand.int();
                out.invalid(&hand, format!("`{number}` must be from 1 to `queues`"));
            }
        }
        other => out.unsupported(&kind, other, &["Queue", "Reject"]),
    }
}

/// A `CertificateSigningRequest`: its usages, each once.
pub(super) fn signing_request(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let request = spec.child("request");
    let is_request = goyaml::base64::decode(request.text()).is_some_and(|bytes| {
        String::from_utf8_lossy(&bytes).contains("-----BEGIN CERTIFICATE REQUEST-----")
    });
    if !is_request {
        out.invalid(&request, "is no PEM block of a certificate request");
    }
    let usages = spec.child("usages");
    if usages.is_empty() {
        out.required_since(&usages, "at least one usage");
    }
    let mut seen = FxHashSet::default();
    for usage in usages.items() {
        if !seen.insert(usage.text()) {
            out.duplicate(&usage, usage.text());
        }
    }
    let seconds = spec.child("expirationSeconds");
    if seconds.set_int().is_some_and(|number| number < 600) {
        let number = seconds.int();
        out.invalid(&seconds, format!("`{number}` must be at least 600"));
    }
}
