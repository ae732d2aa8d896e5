//! Where a pod may run: affinity, tolerations, spreading, gates.

use super::super::Minor;
use super::super::field::{Faults, Field, quoted};
use super::super::{names, selector};
use rustc_hash::{FxHashMap, FxHashSet};

/// `affinity`.
pub(super) fn affinity(out: &mut Faults, affinity: &Field<'_, '_>, minor: Minor) {
    const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
    const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
    let node = affinity.child("nodeAffinity");
    let required = node.child(REQUIRED);
    if required.is_set() {
        selector::node(out, &required, minor);
    }
    for term in node.child(PREFERRED).items() {
        weight(out, &term);
        selector::node_term(out, &term.child("preference"), selector::Values::Any);
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let pod = affinity.child(kind);
        for term in pod.child(REQUIRED).items() {
            pod_term(out, &term, minor);
        }
        for term in pod.child(PREFERRED).items() {
            weight(out, &term);
            pod_term(out, &term.child("podAffinityTerm"), minor);
        }
    }
}

fn weight(out: &mut Faults, term: &Field<'_, '_>) {
    let weight = term.child("weight");
    if !(1..=100).contains(&weight.int()) {
        let number = weight.int();
        out.invalid(
            &weight,
            format!("`{number}` is out of range, 1 to 100 is expected"),
        );
    }
}

fn pod_term(out: &mut Faults, term: &Field<'_, '_>, minor: Minor) {
    let labels = term.child("labelSelector");
    selector::label(out, &labels);
    selector::label(out, &term.child("namespaceSelector"));
    for namespace in term.child("namespaces").items() {
        out.form(
            &term.child("namespace").at(&namespace),
            namespace.text(),
            names::label,
        );
    }
    let matched = term.child("matchLabelKeys");
    let mismatched = term.child("mismatchLabelKeys");
    for keys in [&matched, &mismatched].into_iter().filter(|_| minor >= 31) {
        if !keys.is_empty() && !labels.is_set() {
            out.forbidden(keys, "must not be set without `labelSelector`");
            continue;
        }
        for key in keys.items() {
            out.form(&key, key.text(), names::qualified);
        }
    }
    for key in matched.items().filter(|_| minor >= 31) {
        if mismatched.items().any(|other| other.text() == key.text()) {
            let text = quoted(key.text());
            out.invalid(&key, format!("{text} stands in `mismatchLabelKeys` too"));
        }
    }
    let topology = term.child("topologyKey");
    if topology.text().is_empty() {
        out.required(&topology);
    } else {
        out.form(&topology, topology.text(), names::qualified);
    }
}

/// A list of tolerations.
pub(in super::super) fn tolerations(out: &mut Faults, tolerations: &Field<'_, '_>) {
    for toleration in tolerations.items() {
        let key = toleration.child("key");
        let operator = toleration.child("operator");
        let effect = toleration.child("effect");
        let value = toleration.child("value");
        if !key.text().is_empty() {
            out.form(&key, key.text(), names::qualified);
        } else if operator.text() != "Exists" {
            out.invalid(&operator, "must be `Exists` when `key` is empty");
        }
        if toleration.child("tolerationSeconds").is_set() && effect.text() != "NoExecute" {
            out.invalid(
                &effect,
                "must be `NoExecute` when `tolerationSeconds` is set",
            );
        }
        match operator.text() {
            "" | "Equal" => out.form(&operator.at(&value), value.text(), names::label_value),
            "Exists" if !value.text().is_empty() => {
                out.invalid(
                    &operator.at(&value),
                    "no value may be set when the operator is `Exists`",
                );
            }
            "Exists" => {}
            other => out.unsupported(&operator, other, &["Equal", "Exists"]),
        }
        if !effect.text().is_empty() {
            out.one_of(&effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
        }
    }
}

/// `schedulingGates`: qualified names, each once.
pub(super) fn gates(out: &mut Faults, gates: &Field<'_, '_>) {
    let mut seen = FxHashSet::default();
    for gate in gates.items() {
        let name = gate.child("name");
        out.form(&gate, name.text(), names::qualified);
        if !seen.insert(name.text()) {
            out.duplicate(&gate, name.text());
        }
    }
}

/// `topologySpreadConstraints`.
pub(super) fn spread<'t>(out: &mut Faults, constraints: &Field<'_, 't>, minor: Minor) {
    let pair_of = |one: &Field<'_, 't>| {
        let key = one.child("topologyKey").text();
        (key, one.child("whenUnsatisfiable").text())
    };
    let last: FxHashMap<(&str, &str), usize> = constraints
        .items()
        .enumerate()
        .map(|(position, one)| (pair_of(&one), position))
        .collect();
    for (position, constraint) in constraints.items().enumerate() {
        let own = pair_of(&constraint);
        let skew = constraint.child("maxSkew");
        if skew.int() <= 0 {
            let number = skew.int();
            out.invalid(&skew, format!("`{number}` must be greater than 0"));
        }
        let key = constraint.child("topologyKey");
        if key.text().is_empty() {
            out.required(&key);
        }
        let action = constraint.child("whenUnsatisfiable");
        if !matches!(action.text(), "DoNotSchedule" | "ScheduleAnyway") {
            out.unsupported(&action, action.text(), &["DoNotSchedule", "ScheduleAnyway"]);
        }
        if last.get(&own).is_some_and(|last| *last > position) {
            let here = constraint
                .child("{topologyKey, whenUnsatisfiable}")
                .at(&key);
            out.duplicate(&here, key.text());
        }
        let domains = constraint.child("minDomains");
        if domains.is_set() {
            if domains.int() <= 0 {
                let number = domains.int();
                out.invalid(&domains, format!("`{number}` must be greater than 0"));
            }
            if action.text() != "DoNotSchedule" {
                out.invalid(
                    &domains,
                    "may only be set when `whenUnsatisfiable` is `DoNotSchedule`",
                );
            }
        }
        for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            out.one_of(&constraint.child(policy), &["Honor", "Ignore"]);
        }
        let labels = constraint.child("labelSelector");
        let keys = constraint.child("matchLabelKeys");
        if !keys.is_empty() && !labels.is_set() {
            out.forbidden(&keys, "must not be set without `labelSelector`");
        }
        let pairs = labels.child("matchLabels");
        let expressions = labels.child("matchExpressions");
        for key in keys.items() {
            out.form(&key, key.text(), names::qualified);
            let in_selector = pairs.key(key.text()).is_set()
                || expressions
                    .items()
                    .any(|one| one.child("key").text() == key.text());
            // later releases make the selector of both
            if in_selector && minor < 34 {
                let text = quoted(key.text());
                out.invalid(&key, format!("{text} stands in `labelSelector` too"));
            }
        }
        selector::label(out, &labels);
    }
}
