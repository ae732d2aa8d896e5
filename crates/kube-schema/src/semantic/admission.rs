//! Webhook configurations, admission policies and their bindings.
//!
//! Expressions in CEL are looked at for their form and their variables, not for their types. One slip of the server is kept, since its answer is what counts: a
//! service without a namespace is reported at its name, and the other way round.
//!
//! Source: Kubernetes 1.31 `pkg/apis/admissionregistration/validation` and `k8s.io/apiserver/pkg/util/webhook`.

use super::field::{Faults, Field, quoted};
use super::{names, selector};
use crate::crd::cel::{Wanted, expression_fault, is_identifier};
use rustc_hash::FxHashSet;

/// A `ValidatingWebhookConfiguration` or `MutatingWebhookConfiguration`.
pub(super) fn webhooks(out: &mut Faults, object: &Field<'_, '_>) {
    let mut names = FxHashSet::default();
    for hook in object.child("webhooks").items() {
        let name = hook.child("name");
        if name.text().is_empty() {
            out.required(&name);
        } else {
            out.form(&name, name.text(), names::full_name);
            if !names.insert(name.text()) {
                out.duplicate(&name, name.text());
            }
        }
        for rule in hook.child("rules").items() {
            rule_with_operations(out, &rule);
        }
        out.one_of(&hook.child("failurePolicy"), &["Fail", "Ignore"]);
        out.one_of(&hook.child("matchPolicy"), &["Equivalent", "Exact"]);
        out.one_of(&hook.child("reinvocationPolicy"), &["IfNeeded", "Never"]);
        let effects = hook.child("sideEffects");
        if effects.is_set() {
            out.one_of(&effects, &["None", "NoneOnDryRun"]);
        } else {
            out.required_since(&effects, "`None` or `NoneOnDryRun`");
        }
        out.in_range(&hook.child("timeoutSeconds"), 1, 30);
        selector::label(out, &hook.child("namespaceSelector"));
        selector::label(out, &hook.child("objectSelector"));
        client_config(out, &hook.child("clientConfig"));
        match_conditions(out, &hook.child("matchConditions"), &REQUEST);
        review_versions(out, &hook.child("admissionReviewVersions"));
    }
}

fn review_versions(out: &mut Faults, versions: &Field<'_, '_>) {
    if versions.is_empty() {
        out.required_since(versions, "`v1` or `v1beta1`");
        return;
    }
    let mut seen = FxHashSet::default();
    for version in versions.items() {
        if seen.insert(version.text()) {
            out.form(&version, version.text(), names::label_1035);
        } else {
            let text = quoted(version.text());
            out.invalid(&version, format!("{text} stands here a second time"));
        }
    }
    if !seen.contains("v1") && !seen.contains("v1beta1") {
        out.invalid(versions, "must contain `v1` or `v1beta1`");
    }
}

fn client_config(out: &mut Faults, config: &Field<'_, '_>) {
    let url = config.child("url");
    let service = config.child("service");
    match (url.set_text(), service.is_set()) {
        (None, true) => webhook_service(out, &service),
        (Some(text), false) => webhook_url(out, &url, text),
        _ => out.required_since(config, "exactly one of `url` and `service`"),
    }
}

/// An address with the scheme `https` and a host, without user, query and fragment.
fn webhook_url(out: &mut Faults, field: &Field<'_, '_>, text: &str) {
    let (plain, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (plain, query) = plain.split_once('?').unwrap_or((plain, ""));
    let (scheme, rest) = plain.split_once("://").unwrap_or(("", plain));
    let authority = rest.split('/').next().unwrap_or_default();
    let escapes = text.split('%').skip(1);
    let is_escaped = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let is_host =
        |one: char| !one.is_ascii() || one.is_ascii_graphic() && !"<>\"\\^`{|}%".contains(one);
    let readable = escapes.into_iter().all(is_escaped)
        && authority.chars().all(is_host)
        && !text.contains(|one: char| one.is_ascii_control());
    if !readable {
        out.invalid(field, format!("{} is no URL", quoted(text)));
    } else if !scheme.eq_ignore_ascii_case("https") {
        out.invalid(
            field,
            format!("{} has not the scheme `https`", quoted(text)),
        );
    } else if authority.is_empty() || authority.starts_with('@') {
        out.invalid(field, format!("{} has no host", quoted(text)));
    } else if authority.contains('@') {
        out.invalid(field, "must not contain a user");
    } else if !fragment.is_empty() || !query.is_empty() {
        out.invalid(field, format!("{} has a query or fragment", quoted(text)));
    }
}

/// A service that is called: its name, namespace, port and path.
pub(super) fn webhook_service(out: &mut Faults, service: &Field<'_, '_>) {
    for (member, reported) in [("namespace", "name"), ("name", "namespace")] {
        let field = service.child(member);
        if field.text().is_empty() {
            out.required_since(
                &service.child(reported).at(&field),
                &format!("the service's `{member}`"),
            );
        }
    }
    let port = service.child("port");
    out.in_range(&port, 1, 65535);
    let path = service.child("path");
    let text = path.text();
    if text.is_empty() || text == "/" {
        return;
    }
    let Some(inner) = text.strip_prefix('/') else {
        out.invalid(&path, format!("{} does not begin with `/`", quoted(text)));
        return;
    };
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    for segment in inner.split('/') {
        if let Some(complaint) = names::subdomain(segment) {
            out.invalid(
                &path,
                format!("the segment {} {complaint}", quoted(segment)),
            );
        }
    }
}

fn wildcard_alone(out: &mut Faults, list: &Field<'_, '_>) {
    if list.len() > 1 && list.items().any(|one| one.text() == "*") {
        out.invalid(list, "`*` cannot stand with other values");
    }
}

fn rule_with_operations(out: &mut Faults, rule: &Field<'_, '_>) {
    let operations = rule.child("operations");
    if operations.is_empty() {
        out.required(&operations);
    }
    wildcard_alone(out, &operations);
    for operation in operations.items() {
        if !matches!(
            operation.text(),
            "*" | "CREATE" | "UPDATE" | "DELETE" | "CONNECT"
        ) {
            out.unsupported(
                &operation,
                operation.text(),
                &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"],
            );
        }
    }
    for name in ["apiGroups", "apiVersions"] {
        let list = rule.child(name);
        if list.is_empty() {
            out.required(&list);
        }
        wildcard_alone(out, &list);
        for one in list.items() {
            if name == "apiVersions" && one.text().is_empty() {
                out.required(&one);
            }
        }
    }
    resources(out, &rule.child("resources"));
    out.one_of(&rule.child("scope"), &["*", "Cluster", "Namespaced"]);
}

fn resources(out: &mut Faults, list: &Field<'_, '_>) {
    if list.is_empty() {
        out.required(list);
    }
    let (mut whole, mut everywhere) = (FxHashSet::default(), FxHashSet::default());
    let (mut all, mut single, mut plain) = (false, false, false);
    for one in list.items() {
        let text = one.text();
        if text.is_empty() {
            out.required(&one);
            continue;
        }
        all |= text == "*/*";
        single |= text == "*";
        let Some((resource, part)) = text.split_once('/') else {
            plain = text != "*";
            continue;
        };
        if whole.contains(resource) || everywhere.contains(part) {
            out.invalid(
                &one,
                format!("{} is covered by another one already", quoted(text)),
            );
        }
        if part == "*" {
            whole.insert(resource);
        }
        if resource == "*" {
            everywhere.insert(part);
        }
    }
    if (all && list.len() > 1) || (single && plain) {
        out.invalid(
            list,
            "a wildcard covers other resources of the list already",
        );
    }
}

fn match_conditions(out: &mut Faults, conditions: &Field<'_, '_>, variables: &[&str]) {
    let mut names = FxHashSet::default();
    if conditions.len() > 64 {
        out.too_many(conditions, conditions.len(), 64);
    }
    for condition in conditions.items() {
        let field = condition.child("expression");
        expression(out, &field, variables, Wanted::Truth);
        let name = condition.child("name");
        if name.text().is_empty() {
            out.required(&name);
        } else {
            out.form(&name, name.text(), names::qualified);
            if !names.insert(name.text()) {
                out.duplicate(&name, name.text());
            }
        }
    }
}

fn expression(out: &mut Faults, field: &Field<'_, '_>, variables: &[&str], wanted: Wanted) {
    let text = field.text();
    if text.trim().is_empty() {
        out.required_since(field, "an expression in CEL");
    } else if let Some(complaint) = expression_fault(text, variables, wanted) {
        out.invalid(field, format!("{} {complaint}", quoted(text)));
    }
}

/// What an expression can speak of.
const REQUEST: [&str; 5] = [
    "object",
    "oldObject",
    "request",
    "authorizer",
    "namespaceObject",
];

/// A `ValidatingAdmissionPolicy`.
pub(super) fn validating_policy(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    out.one_of(&spec.child("failurePolicy"), &["Fail", "Ignore"]);
    let kind = spec.child("paramKind");
    if kind.is_set() {
        param_kind(out, &kind);
    }
    let constraints = spec.child("matchConstraints");
    if constraints.is_set() {
        match_resources(out, &constraints);
        let rules = constraints.child("resourceRules");
        if rules.is_empty() {
            out.required_since(&rules, "at least one rule");
        }
    } else {
        out.required(&constraints);
    }
    let mut known = REQUEST.to_vec();
    if kind.is_set() {
        known.push("params");
    }
    match_conditions(out, &spec.child("matchConditions"), &known);
    if !spec.child("variables").is_empty() {
        known.push("variables");
    }
    for variable in spec.child("variables").items() {
        let name = variable.child("name");
        if name.text().trim().is_empty() {
            out.required(&name);
        } else if !is_identifier(name.text()) {
            let text = quoted(name.text());
            out.invalid(&name, format!("{text} is no identifier in CEL"));
        }
        expression(out, &variable.child("expression"), &known, Wanted::Any);
    }
    let validations = spec.child("validations");
    let audits = spec.child("auditAnnotations");
    if validations.is_empty() && audits.is_empty() {
        out.required_since(&validations, "or `auditAnnotations`");
        out.required_since(&audits, "or `validations`");
    }
    for validation in validations.items() {
        let field = validation.child("expression");
        expression(out, &field, &known, Wanted::Truth);
        let message = validation.child("message");
        if !message.text().is_empty() && message.text().trim().is_empty() {
            out.invalid(&message, "must not be blank");
        } else if message.text().trim().contains(['\n', '\r']) {
            out.invalid(&message, "must not contain line breaks");
        }
        let computed = validation.child("messageExpression");
        if !computed.text().is_empty() && computed.text().trim().is_empty() {
            out.invalid(&computed, "must not be blank");
        }
        out.one_of(
            &validation.child("reason"),
            &[
                "Forbidden",
                "Invalid",
                "RequestEntityTooLarge",
                "Unauthorized",
            ],
        );
    }
    audit_annotations(out, object, &audits, &known);
}

fn audit_annotations(
    out: &mut Faults,
    object: &Field<'_, '_>,
    audits: &Field<'_, '_>,
    known: &[&str],
) {
    let name = object.child("metadata").child("name").text();
    if audits.len() > 20 {
        out.invalid(audits, "may have at most 20 annotations");
    }
    let mut keys = FxHashSet::default();
    for audit in audits.items() {
        let key = audit.child("key");
        out.form(&key, &format!("{name}/{}", key.text()), names::qualified);
        if !keys.insert(key.text()) {
            out.duplicate(&key, key.text());
        }
        expression(out, &audit.child("valueExpression"), known, Wanted::Any);
    }
}

fn param_kind(out: &mut Faults, kind: &Field<'_, '_>) {
    let version = kind.child("apiVersion");
    match version.text().split('/').collect::<Vec<_>>().as_slice() {
        [""] => out.required(&version),
        [number] => out.form(&version, number, names::label_1035),
        [group, number] => {
            if !group.is_empty() {
                out.form(&version, group, names::subdomain);
            }
            out.form(&version, number, names::label_1035);
        }
        _ => {
            let text = quoted(version.text());
            out.invalid(&version, format!("{text} is no group and version"));
        }
    }
    let name = kind.child("kind");
    if name.text().is_empty() {
        out.required(&name);
    } else {
        out.form(&name, &name.text().to_lowercase(), names::label_1035);
    }
}

fn match_resources(out: &mut Faults, constraints: &Field<'_, '_>) {
    out.one_of(&constraints.child("matchPolicy"), &["Equivalent", "Exact"]);
    selector::label(out, &constraints.child("namespaceSelector"));
    selector::label(out, &constraints.child("objectSelector"));
    for list in ["resourceRules", "excludeResourceRules"] {
        for rule in constraints.child(list).items() {
            let mut seen = FxHashSet::default();
            for name in rule.child("resourceNames").items() {
                out.form(&name, name.text(), names::path_segment);
                if !seen.insert(name.text()) {
                    out.duplicate(&name, name.text());
                }
            }
            rule_with_operations(out, &rule);
        }
    }
}

/// A `ValidatingAdmissionPolicyBinding`.
pub(super) fn validating_binding(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let policy = spec.child("policyName");
    if policy.text().is_empty() {
        out.required(&policy);
    } else {
        out.form(&policy, policy.text(), names::subdomain);
    }
    let reference = spec.child("paramRef");
    if reference.is_set() {
        param_reference(out, &reference);
    }
    let resources = spec.child("matchResources");
    if resources.is_set() {
        match_resources(out, &resources);
    }
    let actions = spec.child("validationActions");
    let mut seen = FxHashSet::default();
    for action in actions.items() {
        if !matches!(action.text(), "Audit" | "Deny" | "Warn") {
            out.unsupported(&action, action.text(), &["Audit", "Deny", "Warn"]);
        }
        if !seen.insert(action.text()) {
            out.duplicate(&action, action.text());
        }
    }
    if seen.contains("Deny") && seen.contains("Warn") {
        out.invalid(&actions, "`Deny` and `Warn` cannot both be set");
    }
    if seen.is_empty() {
        out.required_since(&actions, "at least one action");
    }
}

fn param_reference(out: &mut Faults, reference: &Field<'_, '_>) {
    let name = reference.child("name");
    let selector = reference.child("selector");
    if name.text().is_empty() {
        if selector.is_set() {
            selector::label(out, &selector);
        } else {
            out.required_since(reference, "its `name` or `selector`");
        }
    } else {
        out.form(&name, name.text(), names::path_segment);
        if selector.is_set() {
            for field in [&name, &selector] {
                out.forbidden(field, "`name` and `selector` cannot both be set");
            }
        }
    }
    let missing = reference.child("parameterNotFoundAction");
    if missing.is_set() {
        out.one_of(&missing, &["Allow", "Deny"]);
    } else {
        out.required(&missing);
    }
}
