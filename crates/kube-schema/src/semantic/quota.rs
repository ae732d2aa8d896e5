//! `ResourceQuota`, `LimitRange`, `PodDisruptionBudget`, `PriorityClass`.
//!
//! Source: Kubernetes 1.31 `pkg/apis/core/validation`, `pkg/apis/policy/validation`, `pkg/apis/scheduling/validation`.

use super::field::{Faults, Field, quoted};
use super::pod::resources;
use super::quantity::Quantity;
use super::{names, selector, workload};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

const SCOPES: [&str; 6] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
];

/// A `ResourceQuota`.
pub(super) fn resource_quota(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let hard = spec.child("hard");
    for (resource, amount) in hard.entries() {
        let before = out.count();
        resources::name(out, &amount.on_key(), resource);
        if out.count() == before
            && !resource.contains('/')
            && !resources::is_standard_quota(resource)
        {
            let text = quoted(resource);
            out.invalid(&amount, format!("{text} is no resource of quotas"));
        }
        resources::amount(out, &amount, resource);
    }
    let scopes = spec.child("scopes");
    scope_list(
        out,
        &scopes,
        &scopes,
        &hard,
        &scopes.items().map(|scope| scope.text()).collect::<Vec<_>>(),
    );
    for scope in scopes.items() {
        if !SCOPES.contains(&scope.text()) {
            let text = quoted(scope.text());
            out.invalid(&scopes.at(&scope), format!("{text} is no scope of quotas"));
        }
    }
    let selector = spec.child("scopeSelector");
    let expressions = selector.child("matchExpressions");
    scope_list(
        out,
        &expressions,
        &expressions,
        &hard,
        &expressions
            .items()
            .map(|one| one.child("scopeName").text())
            .collect::<Vec<_>>(),
    );
    for expression in expressions.items() {
        scope_expression(out, &expressions, &expression);
    }
}

/// Scopes that fit the resources, and each other; `pairs` is where a conflict is reported.
fn scope_list(
    out: &mut Faults,
    list: &Field<'_, '_>,
    pairs: &Field<'_, '_>,
    hard: &Field<'_, '_>,
    given: &[&str],
) {
    let fits = |scope: &str, resource: &str| match scope {
        "BestEffort" => resource == "pods",
        _ if SCOPES.contains(&scope) => matches!(
            resource,
            "pods"
                | "cpu"
                | "memory"
                | "limits.cpu"
                | "limits.memory"
                | "requests.cpu"
                | "requests.memory"
        ),
        _ => true,
    };
    let misfit = given.iter().any(|scope| {
        hard.entries()
            .any(|(resource, _)| resources::is_standard_quota(resource) && !fits(scope, resource))
    });
    if misfit {
        out.invalid(list, "a scope does not apply to all resources of the quota");
    }
    for (one, other) in [
        ("BestEffort", "NotBestEffort"),
        ("Terminating", "NotTerminating"),
    ] {
        if given.contains(&one) && given.contains(&other) {
            out.invalid(pairs, format!("`{one}` and `{other}` exclude each other"));
        }
    }
}

fn scope_expression(out: &mut Faults, list: &Field<'_, '_>, expression: &Field<'_, '_>) {
    let scope = expression.child("scopeName");
    let operator = expression.child("operator");
    let values = expression.child("values");
    let named = |name: &'static str| list.child(name);
    if !SCOPES.contains(&scope.text()) {
        let text = quoted(scope.text());
        out.invalid(
            &named("scopeName").at(&scope),
            format!("{text} is no scope of quotas"),
        );
    }
    let here = named("operator").at(&operator);
    if scope.text() != "PriorityClass"
        && SCOPES.contains(&scope.text())
        && operator.text() != "Exists"
    {
        out.invalid(&here, "must be `Exists` for this scope");
    }
    match operator.text() {
        "In" | "NotIn" if values.is_empty() => {
            out.required_since(
                &named("values").at(&values),
                "as the operator is `In` or `NotIn`",
            );
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => out.invalid(
            &named("values").at(&values),
            "must not be set when the operator is `Exists` or `DoesNotExist`",
        ),
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        other => {
            let text = quoted(other);
            out.invalid(&here, format!("{text} is no operator of a selector"));
        }
    }
}

/// A `LimitRange`.
pub(super) fn limit_range(out: &mut Faults, object: &Field<'_, '_>) {
    let mut types = FxHashSet::default();
    let spec = object.child("spec");
    for limit in spec.child("limits").items() {
        let kind = limit.child("type");
        if names::qualified(kind.text()).is_some() {
            out.form(&kind, kind.text(), names::qualified);
        } else if !kind.text().contains('/')
            && !matches!(kind.text(), "Pod" | "Container" | "PersistentVolumeClaim")
        {
            let text = quoted(kind.text());
            out.invalid(
                &kind,
                format!("{text} is no standard type and has no DNS name and `/` before it"),
            );
        }
        if !types.insert(kind.text()) {
            out.duplicate(&kind, kind.text());
        }
        limit_item(out, &limit, kind.text());
    }
}

fn limit_item(out: &mut Faults, limit: &Field<'_, '_>, kind: &str) {
    let lists = [
        "max",
        "min",
        "default",
        "defaultRequest",
        "maxLimitRequestRatio",
    ];
    let mut keys = BTreeSet::new();
    for name in lists {
        let list = limit.child(name);
        if kind == "Pod" && name.starts_with("default") {
            if !list.is_empty() {
                out.forbidden(&list, "may not be set when the type is `Pod`");
            }
            continue;
        }
        for (resource, amount) in list.entries() {
            if matches!(kind, "Pod" | "Container") {
                resources::container_name(out, &amount.on_key(), resource);
            } else {
                resources::name(out, &amount.on_key(), resource);
            }
            keys.insert(resource);
        }
    }
    let [most, least, default, request, ratio] = lists.map(|name| limit.child(name));
    if kind == "PersistentVolumeClaim"
        && !least.key("storage").is_set()
        && !most.key("storage").is_set()
    {
        out.required_since(
            &limit.child("limits").at(limit),
            "`min` or `max` of `storage`",
        );
    }
    for key in keys {
        let of = |list: &Field<'_, '_>| list.key(key).quantity();
        let (least, most) = (of(&least), of(&most));
        let (default, request) = match kind {
            "Pod" => (None, None),
            // what is not given is what is known
            "Container" => {
                let default = of(&default).or(most);
                (default, of(&request).or(default).or(least))
            }
            _ => (of(&default), of(&request)),
        };
        let amounts = Amounts {
            key,
            least,
            most,
            default,
            request,
            ratio: of(&ratio),
        };
        amounts.check(out, limit);
    }
}

/// What a `LimitRange` says of one resource.
struct Amounts<'t> {
    key: &'t str,
    least: Option<Quantity>,
    most: Option<Quantity>,
    default: Option<Quantity>,
    request: Option<Quantity>,
    ratio: Option<Quantity>,
}

impl<'t> Amounts<'t> {
    fn check(&self, out: &mut Faults, limit: &Field<'_, 't>) {
        let above = |one: Option<Quantity>, other: Option<Quantity>| {
            one.zip(other).is_some_and(|(one, other)| one > other)
        };
        let mut report = |wrong: bool, list: &'static str, message: &str| {
            if wrong {
                let list = limit.child(list);
                out.invalid(&list.key(self.key), message);
            }
        };
        report(above(self.least, self.most), "min", "is greater than `max`");
        report(
            above(self.least, self.request),
            "defaultRequest",
            "is less than `min`",
        );
        report(
            above(self.request, self.most),
            "defaultRequest",
            "is greater than `max`",
        );
        report(
            above(self.request, self.default),
            "defaultRequest",
            "is greater than `default`",
        );
        report(
            above(self.least, self.default),
            "default",
            "is less than `min`",
        );
        report(
            above(self.default, self.most),
            "default",
            "is greater than `max`",
        );
        report(
            self.ratio.is_some_and(|ratio| ratio < Quantity::ONE),
            "maxLimitRequestRatio",
            "is less than 1",
        );
        let beyond = match (self.ratio, self.least, self.most) {
            // ratio > max / min, with whole thousandths on both sides
            (Some(ratio), Some(least), Some(most)) => {
                ratio.milli().saturating_mul(least.milli()) > most.milli().saturating_mul(1000)
            }
            _ => false,
        };
        report(
            beyond,
            "maxLimitRequestRatio",
            "is greater than `max` divided by `min`",
        );
        let unequal = !resources::can_overcommit(self.key)
            && self
                .default
                .zip(self.request)
                .is_some_and(|(default, request)| default != request);
        report(
            unequal,
            "defaultRequest",
            "must equal `default` for this resource",
        );
    }
}

/// A `PodDisruptionBudget`.
pub(super) fn disruption_budget(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let available = spec.child("minAvailable");
    let unavailable = spec.child("maxUnavailable");
    if available.is_set() && unavailable.is_set() {
        out.invalid(
            &spec,
            "`minAvailable` and `maxUnavailable` cannot both be set",
        );
    }
    for field in [&available, &unavailable] {
        workload::int_or_percent(out, field);
        workload::at_most_all(out, field);
    }
    selector::label(out, &spec.child("selector"));
    out.one_of(
        &spec.child("unhealthyPodEvictionPolicy"),
        &["AlwaysAllow", "IfHealthyBudget"],
    );
}

/// A `PriorityClass`.
pub(super) fn priority_class(out: &mut Faults, object: &Field<'_, '_>) {
    let metadata = object.child("metadata");
    let name = metadata.child("name");
    let value = object.child("value");
    if name.text().starts_with("system-") {
        let own = matches!(
            (name.text(), value.int()),
            ("system-node-critical", 2_000_001_000) | ("system-cluster-critical", 2_000_000_000)
        );
        if !own || object.child("globalDefault").is_true() {
            let text = quoted(name.text());
            out.forbidden(
                &name,
                format!("{text} begins with `system-`, which is for the system's own classes"),
            );
        }
    } else if value.int() > 1_000_000_000 {
        let number = value.int();
        out.forbidden(&value, format!("`{number}` must be at most 1000000000"));
    }
    out.one_of(
        &object.child("preemptionPolicy"),
        &["PreemptLowerPriority", "Never"],
    );
}
