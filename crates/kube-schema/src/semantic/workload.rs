//! `Deployment`, `ReplicaSet`, `ReplicationController`, `StatefulSet`, `DaemonSet`, `PodTemplate`, `ControllerRevision`.
//!
//! Their pods run always, and their selector selects the labels of their template. Defaults are set first: a rolling
//! update of a Deployment may take and add a quarter of the pods, of a `DaemonSet` take one and add none.
//!
//! A `StatefulSet`'s template is looked at for its labels and annotations only: up to 1.33 the server lets its pod pass.
//!
//! Source: Kubernetes 1.31 `pkg/apis/apps/validation`, `pkg/apis/core/validation`.

use super::field::{Faults, Field, IntOrText, quoted};
use super::{Minor, names, pod, selector, storage};
use goyaml::Data;

/// `spec.replicas`, `minReadySeconds`, `revisionHistoryLimit`.
fn counts(out: &mut Faults, spec: &Field<'_, '_>) {
    for name in ["replicas", "minReadySeconds", "revisionHistoryLimit"] {
        out.not_negative(&spec.child(name));
    }
}

/// What the pods of such an owner must be: always running, without a deadline.
fn always(out: &mut Faults, template: &Field<'_, '_>) {
    let spec = template.child("spec");
    let restart = spec.child("restartPolicy");
    if !restart.text().is_empty() {
        out.one_of(&restart, &["Always"]);
    }
    let deadline = spec.child("activeDeadlineSeconds");
    if deadline.is_set() {
        out.forbidden(&deadline, "is for pods of a `Job` only");
    }
}

fn must_select(out: &mut Faults, selector: &Field<'_, '_>, template: &Field<'_, '_>) {
    let metadata = template.child("metadata");
    let labels = metadata.child("labels");
    if !selector::selects(selector, &labels) {
        out.invalid(&labels, "the selector does not select these labels");
        out.help("give the template the labels of `spec.selector`".to_owned());
    }
}

/// The selector and the template of a Deployment or `ReplicaSet`.
fn selected_template(out: &mut Faults, spec: &Field<'_, '_>, minor: Minor) {
    let selector = spec.child("selector");
    let template = spec.child("template");
    if selector.is_set() {
        selector::label(out, &selector);
        if selector::is_empty(&selector) {
            out.invalid(&selector, "an empty selector is not allowed here");
        }
    } else {
        out.required_since(&selector, "it selects the pods");
    }
    if !selector::is_usable(&selector) {
        out.invalid(&selector, "is no selector");
        return;
    }
    // an empty selector selects all pods, and is reported as such
    if !selector::is_empty(&selector) || !selector.is_set() {
        must_select(out, &selector, &template);
    }
    pod::template(out, &template, minor);
    always(out, &template);
}

/// A `Deployment`.
pub(super) fn deployment(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    counts(out, &spec);
    selected_template(out, &spec, minor);
    let strategy = spec.child("strategy");
    let rolling = strategy.child("rollingUpdate");
    let kind = strategy.child("type");
    match kind.text() {
        "Recreate" if rolling.is_set() => {
            out.forbidden(&rolling, "must not be set when the type is `Recreate`");
        }
        "Recreate" => {}
        "" | "RollingUpdate" => {
            let unavailable = rolling.child("maxUnavailable");
            let surge = rolling.child("maxSurge");
            int_or_percent(out, &unavailable);
            int_or_percent(out, &surge);
            if number(&unavailable).unwrap_or(25) == 0 && number(&surge).unwrap_or(25) == 0 {
                out.invalid(&unavailable, "cannot be 0 when `maxSurge` is 0");
            }
            at_most_all(out, &unavailable);
        }
        other => {
            out.unsupported(&strategy.at(&kind), other, &["Recreate", "RollingUpdate"]);
        }
    }
    let deadline = spec.child("progressDeadlineSeconds");
    out.not_negative(&deadline);
    if deadline.set_int().unwrap_or(600) <= spec.child("minReadySeconds").int() {
        out.invalid(&deadline, "must be greater than `minReadySeconds`");
    }
}

/// A `ReplicaSet`.
pub(super) fn replica_set(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    counts(out, &spec);
    selected_template(out, &spec, minor);
}

/// A `ReplicationController`: its selector is a map of labels, by default those of the template.
pub(super) fn replication_controller(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    counts(out, &spec);
    let template = spec.child("template");
    let selector = spec.child("selector");
    let metadata = template.child("metadata");
    let labels = metadata.child("labels");
    if !template.is_set() {
        out.required(&template);
    }
    if selector.is_empty() && labels.is_empty() {
        out.required(&selector);
    }
    let fits = selector.entries().all(|(key, value)| {
        labels
            .key(key)
            .tree()
            .is_some_and(|_| labels.key(key).text() == value.text())
    });
    if !fits && template.is_set() {
        out.invalid(&labels, "the selector does not select these labels");
    }
    if template.is_set() {
        pod::template(out, &template, minor);
        always(out, &template);
    }
}

/// A `StatefulSet`.
pub(super) fn stateful_set(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    for name in ["replicas", "minReadySeconds"] {
        out.not_negative(&spec.child(name));
    }
    let policy = spec.child("podManagementPolicy");
    if !matches!(policy.text(), "" | "OrderedReady" | "Parallel") {
        let text = quoted(policy.text());
        out.invalid(
            &policy,
            format!("{text} is neither `OrderedReady` nor `Parallel`"),
        );
    }
    let strategy = spec.child("updateStrategy");
    let rolling = strategy.child("rollingUpdate");
    let kind = strategy.child("type");
    match kind.text() {
        "OnDelete" if rolling.is_set() => {
            out.invalid(&rolling, "must not be set when the type is `OnDelete`");
        }
        "OnDelete" => {}
        "" | "RollingUpdate" => {
            out.not_negative(&rolling.child("partition"));
            let unavailable = rolling.child("maxUnavailable");
            if minor >= 35 && unavailable.is_set() {
                int_or_percent(out, &unavailable);
                at_most_all(out, &unavailable);
                if number(&unavailable) == Some(0) {
                    out.invalid(&unavailable, "cannot be 0");
                }
            }
        }
        other => {
            let text = quoted(other);
            out.invalid(
                &strategy.at(&kind),
                format!("{text} is neither `RollingUpdate` nor `OnDelete`"),
            );
        }
    }
    let retention = spec.child("persistentVolumeClaimRetentionPolicy");
    for name in ["whenDeleted", "whenScaled"] {
        let field = retention.child(name);
        if !field.text().is_empty() {
            out.one_of(&field, &["Retain", "Delete"]);
        }
    }
    let ordinals = spec.child("ordinals");
    let start = ordinals.child("start");
    out.not_negative(&spec.child("ordinals.start").at(&start));
    let service = spec.child("serviceName");
    if minor >= 33 && !service.text().is_empty() {
        out.form(&service, service.text(), names::label);
    }
    if minor >= STATEFUL_PODS_CHECKED {
        for claim in spec.child("volumeClaimTemplates").items() {
            storage::claim_spec(out, &claim.child("spec"), minor);
        }
    }
    stateful_template(out, &spec, minor);
}

fn stateful_template(out: &mut Faults, spec: &Field<'_, '_>, minor: Minor) {
    let selector = spec.child("selector");
    let template = spec.child("template");
    if selector.is_set() {
        selector::label(out, &selector);
        if selector::is_empty(&selector) {
            out.invalid(&selector, "an empty selector is not allowed here");
        }
    } else {
        out.required_since(&selector, "it selects the pods");
    }
    if selector::is_usable(&selector) {
        if !selector::is_empty(&selector) || !selector.is_set() {
            must_select(out, &selector, &template);
        }
        if minor >= STATEFUL_PODS_CHECKED {
            let claims = spec.child("volumeClaimTemplates");
            pod::template_with_claims(out, &template, Some(&claims), minor);
        } else {
            pod::template_metadata(out, &template);
        }
    } else {
        out.invalid(&selector, "is no selector");
    }
    always(out, &template);
}

/// The first release whose server looks at the pod of a `StatefulSet`.
const STATEFUL_PODS_CHECKED: Minor = 34;

/// A `DaemonSet`.
pub(super) fn daemon_set(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    let selector = spec.child("selector");
    let template = spec.child("template");
    counts(out, &spec);
    selector::label(out, &selector);
    if selector::is_usable(&selector) && !(selector.is_set() && selector::is_empty(&selector)) {
        must_select(out, &selector, &template);
    }
    if selector.is_set() && selector::is_empty(&selector) {
        out.invalid(&selector, "an empty selector is not allowed here");
    }
    pod::template(out, &template, minor);
    always(out, &template);
    let strategy = spec.child("updateStrategy");
    let rolling = strategy.child("rollingUpdate");
    let kind = strategy.child("type");
    match kind.text() {
        "OnDelete" => {}
        "" | "RollingUpdate" => {
            let unavailable = rolling.child("maxUnavailable");
            let surge = rolling.child("maxSurge");
            for field in [&unavailable, &surge] {
                int_or_percent(out, field);
                at_most_all(out, field);
            }
            let takes = number(&unavailable).unwrap_or(1) != 0;
            let adds = number(&surge).unwrap_or(0) != 0;
            match (takes, adds) {
                (true, true) => out.invalid(
                    &surge,
                    "must be 0 when `maxUnavailable` is not, which is 1 by default",
                ),
                (false, false) => {
                    out.required_since(&unavailable, "greater than 0, as `maxSurge` is 0");
                }
                _ => {}
            }
        }
        other => {
            out.unsupported(&strategy.at(&kind), other, &["RollingUpdate", "OnDelete"]);
        }
    }
}

/// A `PodTemplate`.
pub(super) fn pod_template(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    pod::template(out, &object.child("template"), minor);
}

/// A `ControllerRevision`.
pub(super) fn controller_revision(out: &mut Faults, object: &Field<'_, '_>) {
    out.not_negative(&object.child("revision"));
    let data = object.child("data");
    if !data
        .tree()
        .is_some_and(|tree| matches!(tree.data, Data::Map(_)))
    {
        out.required_since(&data, "an object");
    }
}

/// A number that is not negative, or a percentage.
pub(super) fn int_or_percent(out: &mut Faults, field: &Field<'_, '_>) {
    match field.int_or_text() {
        Some(IntOrText::Text(text)) => out.form(field, text, names::percent),
        Some(IntOrText::Int(_)) => out.not_negative(field),
        None => {}
    }
}

/// A percentage of at most 100.
pub(super) fn at_most_all(out: &mut Faults, field: &Field<'_, '_>) {
    if let Some(IntOrText::Text(text)) = field.int_or_text()
        && names::percent(text).is_none()
        && number(field).is_none_or(|percent| percent > 100)
    {
        out.invalid(field, format!("{} is more than 100%", quoted(text)));
    }
}

/// The number, or that of the percentage.
fn number(field: &Field<'_, '_>) -> Option<i64> {
    match field.int_or_text()? {
        IntOrText::Int(value) => Some(value),
        // what is no number is 0 to the server
        IntOrText::Text(text) => Some(
            text.strip_suffix('%')
                .unwrap_or(text)
                .parse()
                .unwrap_or_default(),
        ),
    }
}
