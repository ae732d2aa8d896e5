//! `HorizontalPodAutoscaler`, in its versions 1 and 2.
//!
//! Version 1 has a target of processor time alone (`targetCPUUtilizationPercentage`), which the server reads as a metric of
//! version 2.
//!
//! Source: Kubernetes 1.31 `pkg/apis/autoscaling/validation`.

use super::field::{Faults, Field, quoted};
use super::pod::resources;
use super::{Minor, names, quantity::Quantity};

/// A `HorizontalPodAutoscaler`.
pub(super) fn horizontal(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    let least = spec.child("minReplicas");
    let most = spec.child("maxReplicas");
    if least.set_int().is_some_and(|number| number < 1) {
        let number = least.int();
        out.invalid(&least, format!("`{number}` must be at least 1"));
    }
    if most.int() < 1 {
        let number = most.int();
        out.invalid(&most, format!("`{number}` must be greater than 0"));
    } else if most.int() < least.set_int().unwrap_or(1) {
        let number = most.int();
        out.invalid(&most, format!("`{number}` is less than `minReplicas`"));
    }
    let target = spec.child("scaleTargetRef");
    reference(out, &target);
    let version = target.child("apiVersion");
    let has_group = version
        .text()
        .split_once('/')
        .is_some_and(|(group, rest)| !group.is_empty() && !rest.contains('/'));
    if minor >= 34 && !has_group {
        let text = quoted(version.text());
        out.invalid(
            &version,
            format!("{text} is no API group and version, such as `apps/v1`"),
        );
    }
    let share = spec.child("targetCPUUtilizationPercentage");
    if share.set_int().is_some_and(|number| number < 1) {
        let metrics = spec.child("metrics");
        let first = metrics.index(0);
        let resource = first.child("resource");
        let target = resource.child("target");
        let here = target.child("averageUtilization").at(&share);
        out.invalid(&here, format!("`{}` must be greater than 0", share.int()));
    }
    let metrics = spec.child("metrics");
    let mut outer = false;
    for metric in metrics.items() {
        outer |= matches!(metric.child("type").text(), "Object" | "External");
        metric_spec(out, &metric);
    }
    if least.set_int() == Some(0) && !outer {
        out.forbidden(
            &metrics,
            "a metric of type `Object` or `External` is needed to scale to zero",
        );
    }
    let behavior = spec.child("behavior");
    for direction in ["scaleUp", "scaleDown"] {
        let rules = behavior.child(direction);
        if rules.is_set() {
            scaling_rules(out, &rules);
        }
    }
}

fn reference(out: &mut Faults, reference: &Field<'_, '_>) {
    for member in ["kind", "name"] {
        let member = reference.child(member);
        if member.text().is_empty() {
            out.required(&member);
        } else {
            out.form(&member, member.text(), names::path_segment);
        }
    }
}

/// The default policies are set where none are given, so an empty list is reported only when it is written out.
fn scaling_rules(out: &mut Faults, rules: &Field<'_, '_>) {
    out.in_range(&rules.child("stabilizationWindowSeconds"), 0, 3600);
    out.one_of(&rules.child("selectPolicy"), &["Disabled", "Max", "Min"]);
    let policies = rules.child("policies");
    if policies.is_set() && policies.is_empty() {
        out.required_since(&policies, "at least one policy");
    }
    for policy in policies.items() {
        let kind = policy.child("type");
        if !matches!(kind.text(), "Pods" | "Percent") {
            out.unsupported(&kind, kind.text(), &["Percent", "Pods"]);
        }
        let value = policy.child("value");
        if value.int() <= 0 {
            let number = value.int();
            out.invalid(&value, format!("`{number}` must be greater than 0"));
        }
        let period = policy.child("periodSeconds");
        if !(1..=1800).contains(&period.int()) {
            let number = period.int();
            out.invalid(
                &period,
                format!("`{number}` is out of range, 1 to 1800 is expected"),
            );
        }
    }
}

fn metric_spec(out: &mut Faults, metric: &Field<'_, '_>) {
    const SOURCES: [(&str, &str); 5] = [
        ("Object", "object"),
        ("External", "external"),
        ("Pods", "pods"),
        ("Resource", "resource"),
        ("ContainerResource", "containerResource"),
    ];
    let kind = metric.child("type");
    let expected = SOURCES.iter().find(|(name, _)| *name == kind.text());
    if kind.text().is_empty() {
        out.required(&kind);
    }
    if expected.is_none() {
        let all = SOURCES.map(|(name, _)| name);
        out.unsupported(&kind, kind.text(), &all);
    }
    let mut count = 0;
    for (name, member) in SOURCES {
        let source = metric.child(member);
        if source.is_set() {
            count += 1;
            if count == 1 {
                source_of(out, &source, name);
            }
        }
    }
    if let Some((_, member)) = expected {
        let source = metric.child(member);
        if !source.is_set() {
            out.required_since(&source, "as it is the metric's type");
        }
    }
    if count != 1 {
        for (_, member) in SOURCES {
            let source = metric.child(member);
            if source.is_set() && expected.is_none_or(|(_, expected)| *expected != member) {
                out.forbidden(&source, "only the source of the metric's type may be set");
            }
        }
    }
}

fn source_of(out: &mut Faults, source: &Field<'_, '_>, kind: &str) {
    let target = source.child("target");
    let average = target.child("averageValue");
    let value = target.child("value");
    let share = target.child("averageUtilization");
    match kind {
        "Object" | "External" | "Pods" => {
            if kind == "Object" {
                reference(out, &source.child("describedObject"));
            }
            let metric = source.child("metric");
            let name = metric.child("name");
            if name.text().is_empty() {
                out.required(&name);
            } else {
                out.form(&name, name.text(), names::path_segment);
            }
        }
        _ => {
            let name = source.child("name");
            if name.text().is_empty() {
                out.required(&name);
            } else if kind == "ContainerResource" {
                resources::container_name(out, &name, name.text());
            }
            if kind == "ContainerResource" {
                let container = source.child("container");
                if container.text().is_empty() {
                    out.required(&container);
                } else {
                    out.form(&container, container.text(), names::label);
                }
            }
        }
    }
    target_of(out, &target);
    match kind {
        "Pods" if !average.is_set() => out.required(&average),
        "Pods" => {}
        "Object" | "External" => {
            if !value.is_set() && !average.is_set() {
                out.required_since(&average, "or `value`");
            }
            if kind == "External" && value.is_set() && average.is_set() {
                out.forbidden(&value, "cannot be set together with `averageValue`");
            }
        }
        _ => {
            if !share.is_set() && !average.is_set() {
                out.required_since(&share, "or `averageValue`");
            }
            if share.is_set() && average.is_set() {
                out.forbidden(&average, "cannot be set together with `averageUtilization`");
            }
        }
    }
}

fn target_of(out: &mut Faults, target: &Field<'_, '_>) {
    let kind = target.child("type");
    if kind.text().is_empty() {
        out.required(&kind);
    } else if !matches!(kind.text(), "Utilization" | "Value" | "AverageValue") {
        let text = quoted(kind.text());
        out.invalid(
            &kind,
            format!("{text} is none of `Utilization`, `Value` and `AverageValue`"),
        );
    }
    for member in ["value", "averageValue"] {
        let member = target.child(member);
        if member
            .quantity()
            .is_some_and(|amount| !Quantity::is_positive(amount))
        {
            out.invalid(&member, "must be greater than 0");
        }
    }
    let share = target.child("averageUtilization");
    if share.set_int().is_some_and(|number| number < 1) {
        let number = share.int();
        out.invalid(&share, format!("`{number}` must be greater than 0"));
    }
}
