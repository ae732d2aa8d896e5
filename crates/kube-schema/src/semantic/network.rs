//! `Ingress`, `IngressClass`, `NetworkPolicy`.
//!
//! Source: Kubernetes 1.31 `pkg/apis/networking/validation`.

use super::address::{Range, parse, range};
use super::field::{Faults, Field, IntOrText, quoted};
use super::pod::{port_number, port_number_or_name};
use super::{names, selector};

const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// An `Ingress`.
pub(super) fn ingress(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let rules = spec.child("rules");
    let fallback = spec.child("defaultBackend");
    if rules.is_empty() && !fallback.is_set() {
        out.invalid(&spec, "`defaultBackend` or `rules` is expected");
    }
    if fallback.is_set() {
        backend(out, &fallback);
    }
    for rule in rules.items() {
        host(out, &rule.child("host"));
        let http = rule.child("http");
        if !http.is_set() {
            continue;
        }
        let paths = http.child("paths");
        if paths.is_empty() {
            out.required_since(&paths, "at least one path");
        }
        for path in paths.items() {
            http_path(out, &path);
        }
    }
    for tls in spec.child("tls").items() {
        for host in tls.child("hosts").items() {
            dns_name(out, &host);
        }
        let secret = tls.child("secretName");
        if !secret.text().is_empty() {
            out.form(&secret, secret.text(), names::subdomain);
        }
    }
    let class = spec.child("ingressClassName");
    if let Some(text) = class.set_text() {
        out.form(&class, text, names::subdomain);
        let metadata = object.child("metadata");
        let annotations = metadata.child("annotations");
        let annotation = annotations.key(CLASS_ANNOTATION);
        if annotation.set_text().is_some_and(|given| given != text) {
            let named = object.child("annotations");
            out.invalid(
                &named.child(CLASS_ANNOTATION).at(&annotation),
                "must be the same as `spec.ingressClassName`",
            );
        }
    }
}

fn dns_name(out: &mut Faults, host: &Field<'_, '_>) {
    let form = if host.text().contains('*') {
        names::wildcard_subdomain
    } else {
        names::subdomain
    };
    out.form(host, host.text(), form);
}

fn host(out: &mut Faults, host: &Field<'_, '_>) {
    if host.text().is_empty() {
        return;
    }
    if parse(host.text()).is_some() {
        let text = quoted(host.text());
        out.invalid(
            host,
            format!("{text} is an IP address, a DNS name is expected"),
        );
    } else {
        dns_name(out, host);
    }
}

fn http_path(out: &mut Faults, rule: &Field<'_, '_>) {
    let kind = rule.child("pathType");
    let path = rule.child("path");
    let text = path.text();
    let is_plain = match kind.set_text() {
        None => {
            out.required_since(&kind, "`Exact`, `Prefix` or `ImplementationSpecific`");
            return;
        }
        Some("Exact" | "Prefix") => true,
        Some("ImplementationSpecific") => false,
        Some(other) => {
            out.unsupported(&kind, other, &["Exact", "ImplementationSpecific", "Prefix"]);
            backend(out, &rule.child("backend"));
            return;
        }
    };
    if !text.starts_with('/') && (is_plain || !text.is_empty()) {
        out.invalid(&path, format!("{} is not an absolute path", quoted(text)));
    }
    if is_plain {
        for part in ["//", "/./", "/../", "%2f", "%2F"] {
            if text.contains(part) {
                out.invalid(&path, format!("{} contains `{part}`", quoted(text)));
            }
        }
        for end in ["/..", "/."] {
            if text.ends_with(end) {
                out.invalid(&path, format!("{} ends with `{end}`", quoted(text)));
            }
        }
    }
    backend(out, &rule.child("backend"));
}

fn backend(out: &mut Faults, backend: &Field<'_, '_>) {
    let resource = backend.child("resource");
    let service = backend.child("service");
    match (resource.is_set(), service.is_set()) {
        (true, true) => out.invalid(backend, "`resource` and `service` cannot both be set"),
        (false, false) => out.invalid(backend, "`resource` or `service` is expected"),
        (true, false) => object_reference(out, &resource),
        (false, true) => {
            let name = service.child("name");
            if name.text().is_empty() {
                out.required(&name);
            } else {
                out.form(&name, name.text(), names::label_1035);
            }
            let port = service.child("port");
            let (port_name, number) = (port.child("name"), port.child("number"));
            match (port_name.text(), number.int()) {
                ("", 0) => out.required_since(
                    &backend.at(&service),
                    "`service.port.name` or `service.port.number`",
                ),
                ("", _) => out.in_range(&number, 1, 65535),
                (text, 0) => out.form(&port_name, text, names::port_name),
                _ => out.invalid(
                    &backend.at(&port),
                    "`service.port.name` and `service.port.number` cannot both be set",
                ),
            }
        }
    }
}

fn object_reference(out: &mut Faults, reference: &Field<'_, '_>) {
    let group = reference.child("apiGroup");
    if let Some(text) = group.set_text() {
        out.form(&group, text, names::subdomain);
    }
    for member in ["kind", "name"] {
        let member = reference.child(member);
        if member.text().is_empty() {
            out.required(&member);
        } else {
            out.form(&member, member.text(), names::path_segment);
        }
    }
}

/// An `IngressClass`.
pub(super) fn ingress_class(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    let controller = spec.child("controller");
    if controller.text().len() > 250 {
        out.too_long(&controller, 250);
    }
    if controller.text().is_empty() {
        out.required(&controller);
    } else {
        out.form(&controller, controller.text(), names::domain_prefixed_path);
    }
    let parameters = spec.child("parameters");
    if !parameters.is_set() {
        return;
    }
    object_reference(out, &parameters);
    let scope = parameters.child("scope");
    let namespace = parameters.child("namespace");
    match scope.set_text() {
        None | Some("Cluster") => {
            if namespace.is_set() {
                out.forbidden(&namespace, "must not be set when the scope is `Cluster`");
            }
        }
        Some("Namespace") => match namespace.set_text() {
            None => out.required_since(&namespace, "as the scope is `Namespace`"),
            Some(text) => out.form(&namespace, text, names::label),
        },
        Some(other) => out.unsupported(&scope, other, &["Cluster", "Namespace"]),
    }
}

/// A `NetworkPolicy`.
pub(super) fn network_policy(out: &mut Faults, object: &Field<'_, '_>) {
    let spec = object.child("spec");
    selector::label(out, &spec.child("podSelector"));
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.child(rules).items() {
            for port in rule.child("ports").items() {
                policy_port(out, &port);
            }
            for peer in rule.child(peers).items() {
                policy_peer(out, &peer);
            }
        }
    }
    let types = spec.child("policyTypes");
    if types.len() > 2 {
        out.invalid(&types, "may have at most two types");
        return;
    }
    for kind in types.items() {
        if !matches!(kind.text(), "Ingress" | "Egress") {
            out.unsupported(&kind, kind.text(), &["Ingress", "Egress"]);
        }
    }
}

fn policy_port(out: &mut Faults, rule: &Field<'_, '_>) {
    let protocol = rule.child("protocol");
    out.one_of(&protocol, &["TCP", "UDP", "SCTP"]);
    let port = rule.child("port");
    let end = rule.child("endPort");
    match port.int_or_text() {
        Some(IntOrText::Int(number)) => {
            port_number(out, &port);
            if let Some(last) = end.set_int() {
                if last < number {
                    out.invalid(&end, format!("`{last}` is less than `port`"));
                } else {
                    out.in_range(&end, 1, 65535);
                }
            }
        }
        Some(IntOrText::Text(_)) => {
            if end.is_set() {
                out.invalid(&end, "may not be set when `port` is a name");
            }
            port_number_or_name(out, &port);
        }
        None => {
            if end.is_set() {
                out.invalid(&end, "may not be set without `port`");
            }
        }
    }
}

fn policy_peer(out: &mut Faults, peer: &Field<'_, '_>) {
    let selectors = ["podSelector", "namespaceSelector"].map(|name| peer.child(name));
    let block = peer.child("ipBlock");
    let mut count = 0;
    for selector in &selectors {
        if selector.is_set() {
            count += 1;
            selector::label(out, selector);
        }
    }
    if block.is_set() {
        ip_block(out, &block);
        if count > 0 {
            out.forbidden(peer, "`ipBlock` cannot be set together with a selector");
        }
    } else if count == 0 {
        out.required_since(peer, "a selector or `ipBlock`");
    }
}

fn ip_block(out: &mut Faults, block: &Field<'_, '_>) {
    let whole = block.child("cidr");
    if whole.text().is_empty() {
        out.required(&whole);
        return;
    }
    range(out, &whole, whole.text());
    let Some(outer) = Range::parse(whole.text()) else {
        return;
    };
    for except in block.child("except").items() {
        match Range::parse(except.text()) {
            None => range(out, &except, except.text()),
            Some(inner) if !outer.holds(inner) => {
                let text = quoted(except.text());
                out.invalid(&except, format!("{text} does not lie inside `cidr`"));
            }
            Some(_) => {}
        }
    }
}
