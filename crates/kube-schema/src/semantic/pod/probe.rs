//! Probes and lifecycle hooks: exactly one handler, and its port.

use super::super::Minor;
use super::super::field::{Faults, Field, IntOrText};
use super::super::names;

/// The three probes of a container.
pub(super) fn all(out: &mut Faults, container: &Field<'_, '_>) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.child(name);
        if !probe.is_set() {
            continue;
        }
        handler(out, &probe, &["exec", "httpGet", "tcpSocket", "grpc"], None);
        for number in [
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold",
        ] {
            out.not_negative(&probe.child(number));
        }
        let grace = probe.child("terminationGracePeriodSeconds");
        if grace.set_int().is_some_and(|seconds| seconds <= 0) {
            out.invalid(&grace, format!("`{}` must be greater than 0", grace.int()));
        }
        if name == "readinessProbe" {
            if grace.is_set() {
                out.invalid(&grace, "must not be set for a readiness probe");
            }
            continue;
        }
        let successes = probe.child("successThreshold");
        if !matches!(successes.int(), 0 | 1) {
            let number = successes.int();
            out.invalid(&successes, format!("`{number}` must be 1 here"));
        }
    }
}

/// `postStart` and `preStop`; `grace` is the pod's grace period in seconds.
pub(super) fn lifecycle(out: &mut Faults, lifecycle: &Field<'_, '_>, grace: i64, minor: Minor) {
    for name in ["postStart", "preStop"] {
        let hook = lifecycle.child(name);
        if hook.is_set() {
            handler(
                out,
                &hook,
                &["exec", "httpGet", "tcpSocket", "sleep"],
                Some((grace, minor)),
            );
        }
    }
}

/// Exactly one of the handlers; the first counts, each further one is reported.
fn handler(
    out: &mut Faults,
    owner: &Field<'_, '_>,
    kinds: &[&'static str],
    hook: Option<(i64, Minor)>,
) {
    let mut count = 0;
    for &kind in kinds {
        let handler = owner.child(kind);
        // a field of a feature that is not on is dropped
        if !handler.is_set() || (kind == "sleep" && hook.is_some_and(|(_, minor)| minor < 30)) {
            continue;
        }
        count += 1;
        if count > 1 {
            out.forbidden(&handler, "only one kind of handler is allowed");
            continue;
        }
        match kind {
            "exec" => {
                let command = handler.child("command");
                if command.is_empty() {
                    out.required(&command);
                }
            }
            "httpGet" => http_get(out, &handler),
            "tcpSocket" => port(out, &handler.child("port")),
            "grpc" => number(out, &handler.child("port")),
            _ => sleep(out, &handler, hook),
        }
    }
    if count == 0 {
        out.required_since(owner, &format!("one of `{}`", kinds.join("`, `")));
    }
}

fn http_get(out: &mut Faults, handler: &Field<'_, '_>) {
    port(out, &handler.child("port"));
    let scheme = handler.child("scheme");
    if !scheme.text().is_empty() {
        out.one_of(&scheme, &["HTTP", "HTTPS"]);
    }
    let headers = handler.child("httpHeaders");
    for header in headers.items() {
        let name = header.child("name");
        out.form(&headers.at(&name), name.text(), names::http_header);
    }
}

fn sleep(out: &mut Faults, handler: &Field<'_, '_>, hook: Option<(i64, Minor)>) {
    let Some((grace, minor)) = hook else {
        return;
    };
    let seconds = handler.child("seconds").int();
    let least = i64::from(minor < 33);
    if seconds < least || seconds > grace {
        out.invalid(
            &handler.at(&handler.child("seconds")),
            format!("`{seconds}` must be at least {least} and at most the grace period of {grace} seconds"),
        );
    }
}

/// A number of a port, or the name of one.
pub(in super::super) fn port(out: &mut Faults, field: &Field<'_, '_>) {
    match field.int_or_text() {
        Some(IntOrText::Text(name)) => out.form(field, name, names::port_name),
        _ => number(out, field),
    }
}

/// A number of a port, which has to be there.
pub(in super::super) fn number(out: &mut Faults, field: &Field<'_, '_>) {
    let number = field.int();
    if !(1..=65535).contains(&number) {
        out.invalid(
            field,
            format!("`{number}` is no port, a number from 1 to 65535 is expected"),
        );
    }
}
