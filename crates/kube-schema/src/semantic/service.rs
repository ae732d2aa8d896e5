//! `Service`, `Endpoints` and `EndpointSlice`.
//!
//! What may be set depends on the type. A headless Service (`clusterIP: None`) needs no ports, one of type `ExternalName`
//! has a name instead of an address. Defaults come first: the type is `ClusterIP`, a port is TCP and aims at its own
//! number.
//!
//! Node ports have to lie in the range 30000-32767, which a cluster can change; addresses of the cluster are not checked
//! against a range, since that is the cluster's alone.
//!
//! Source: Kubernetes 1.31 `pkg/apis/core/validation` (`ValidateService`), `pkg/apis/discovery/validation`.

use super::address::{address, address_of_version, ordinary_address, parse, range};
use super::field::{Faults, Field, IntOrText};
use super::pod::{one_of_or_default, port_number, port_number_or_name};
use super::{Minor, metadata, names};
use rustc_hash::FxHashSet;

const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

/// What the rules of a Service depend on.
struct Shape<'t> {
    kind: &'t str,
    headless: bool,
}

/// The addresses in the cluster: `clusterIPs`, or `clusterIP` alone.
fn cluster_addresses<'t>(spec: &Field<'_, 't>) -> Vec<&'t str> {
    let list = spec.child("clusterIPs");
    if !list.is_empty() {
        return list.items().map(|one| one.text()).collect();
    }
    match spec.child("clusterIP").text() {
        "" => Vec::new(),
        one => vec![one],
    }
}

/// A `Service`.
pub(super) fn service(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    let kind = match spec.child("type").text() {
        "" => "ClusterIP",
        given => given,
    };
    let shape = Shape {
        kind,
        headless: cluster_addresses(&spec) == ["None"],
    };
    // an address that is none ends the matter before all else
    if kind != "ExternalName" && no_addresses(out, &spec) {
        return;
    }
    let ports = spec.child("ports");
    if ports.is_empty() && !shape.headless && kind != "ExternalName" {
        out.required_since(&ports, "at least one port");
    }
    type_rules(out, &spec, &shape, minor);
    port_list(out, &spec, &shape);
    metadata::labels(out, &spec.child("selector"));
    session_affinity(out, &spec);
    if kind != "ExternalName" {
        addresses(out, &spec, &shape);
    }
    for external in spec.child("externalIPs").items() {
        if parse(external.text()).is_none() {
            address(out, &external);
        } else {
            ordinary_address(out, &external);
        }
    }
    one_of_or_default(
        out,
        &spec.child("type"),
        &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
    );
    load_balancer(out, object, &spec, &shape);
    traffic(out, &spec, &shape, minor);
    let annotations = object.child("metadata").child("annotations").tree();
    let text = |key: &str| annotations.and_then(|tree| tree.get(key)?.as_str());
    let hints = text("service.kubernetes.io/topology-aware-hints");
    let mode = text("service.kubernetes.io/topology-mode");
    if hints.is_some() && mode.is_some() && hints != mode {
        let metadata = object.child("metadata");
        let annotations = metadata.child("annotations");
        out.invalid(
            &annotations.key("service.kubernetes.io/topology-mode"),
            "must be the same as the annotation `service.kubernetes.io/topology-aware-hints`",
        );
    }
}

/// Reports the texts that should be addresses and are none; whether there are any.
fn no_addresses(out: &mut Faults, spec: &Field<'_, '_>) -> bool {
    let before = out.count();
    let single = spec.child("clusterIP");
    let list = spec.child("clusterIPs");
    for (index, text) in cluster_addresses(spec).iter().enumerate() {
        if (index, *text) != (0, "None") {
            let place = list.index(index);
            let place = if list.is_empty() {
                place.at(&single)
            } else {
                place
            };
            address(out, &place);
        }
    }
    out.count() > before
}

fn type_rules(out: &mut Faults, spec: &Field<'_, '_>, shape: &Shape<'_>, minor: Minor) {
    let addresses = spec.child("clusterIPs");
    let single = spec.child("clusterIP");
    let given = if addresses.is_set() {
        addresses
    } else {
        single
    };
    match shape.kind {
        "LoadBalancer" | "NodePort" => {
            if shape.headless {
                let first = addresses.index(0).at(&given);
                out.invalid(
                    &first,
                    format!("cannot be `None` for a Service of type `{}`", shape.kind),
                );
            }
            if shape.kind == "LoadBalancer" && minor < 33 {
                for port in spec.child("ports").items() {
                    if port.child("port").int() == 10250 {
                        out.invalid(
                            &port,
                            "`10250` is the port of the kubelet, which cannot be exposed",
                        );
                    }
                }
            }
        }
        "ExternalName" => {
            if !cluster_addresses(spec).is_empty() {
                out.forbidden(
                    &addresses.at(&given),
                    "cannot be set for type `ExternalName`",
                );
            }
            for name in ["ipFamilies", "ipFamilyPolicy"] {
                let field = spec.child(name);
                if !field.is_empty() || field.set_text().is_some() {
                    out.forbidden(&field, "cannot be set for type `ExternalName`");
                }
            }
            let external = spec.child("externalName");
            match external.text().strip_suffix('.').unwrap_or(external.text()) {
                "" => out.required_since(&external, "as the type is `ExternalName`"),
                name => out.form(&external, name, names::subdomain),
            }
        }
        _ => {}
    }
}

fn port_list(out: &mut Faults, spec: &Field<'_, '_>, shape: &Shape<'_>) {
    let ports = spec.child("ports");
    let (mut names, mut numbers, mut node_ports) = (
        FxHashSet::default(),
        FxHashSet::default(),
        FxHashSet::default(),
    );
    for port in ports.items() {
        let name = port.child("name");
        if !name.text().is_empty() {
            out.form(&name, name.text(), names::label);
            if !names.insert(name.text()) {
                out.duplicate(&name, name.text());
            }
        } else if ports.len() > 1 {
            out.required_since(&name, "as there is more than one port");
        }
        let number = port.child("port");
        port_number(out, &number);
        let protocol = port.child("protocol");
        one_of_or_default(out, &protocol, &["SCTP", "TCP", "UDP"]);
        let target = port.child("targetPort");
        match target.int_or_text() {
            None | Some(IntOrText::Int(0) | IntOrText::Text("")) => {
                port_number(out, &target.at(&number));
            }
            Some(_) => port_number_or_name(out, &target),
        }
        let application = port.child("appProtocol");
        if let Some(text) = application.set_text() {
            out.form(&application, text, names::qualified);
        }
        let protocol = match protocol.text() {
            "" => "TCP",
            given => given,
        };
        let node = port.child("nodePort");
        if node.int() != 0 {
            node_port(out, &node, shape);
            if !node_ports.insert((protocol, node.int())) {
                out.duplicate(&node, &node.int().to_string());
            }
        }
        if !numbers.insert((protocol, number.int())) {
            out.duplicate(&port, &format!("{protocol} {}", number.int()));
        }
    }
}

fn node_port(out: &mut Faults, node: &Field<'_, '_>, shape: &Shape<'_>) {
    if shape.kind == "ClusterIP" {
        out.forbidden(node, "cannot be set for type `ClusterIP`");
    } else if matches!(shape.kind, "NodePort" | "LoadBalancer")
        && !(30000..=32767).contains(&node.int())
    {
        let number = node.int();
        out.invalid(
            node,
            format!("`{number}` is no port of nodes, 30000 to 32767 is expected"),
        );
    }
}

fn session_affinity(out: &mut Faults, spec: &Field<'_, '_>) {
    let affinity = spec.child("sessionAffinity");
    let config = spec.child("sessionAffinityConfig");
    one_of_or_default(out, &affinity, &["ClientIP", "None"]);
    // without affinity its configuration is dropped
    if affinity.text() == "ClientIP" {
        let client = config.child("clientIP");
        out.in_range(&client.child("timeoutSeconds"), 1, 86400);
    }
}

fn addresses(out: &mut Faults, spec: &Field<'_, '_>, shape: &Shape<'_>) {
    let single = spec.child("clusterIP");
    let list = spec.child("clusterIPs");
    let first = list.index(0);
    if single.text().is_empty() {
        if !list.is_empty() {
            out.invalid(&list, "must be empty when `clusterIP` is not set");
        }
    } else if !list.is_empty() && first.text() != single.text() {
        out.invalid(&list, "must begin with the address of `clusterIP`");
    }
    let families = spec.child("ipFamilies");
    let mut seen = FxHashSet::default();
    for family in families.items() {
        if !matches!(family.text(), "IPv4" | "IPv6") {
            out.unsupported(&family, family.text(), &["IPv4", "IPv6"]);
        }
        if !seen.insert(family.text()) {
            out.duplicate(&family, family.text());
        }
    }
    out.one_of(
        &spec.child("ipFamilyPolicy"),
        &["PreferDualStack", "RequireDualStack", "SingleStack"],
    );
    let given = cluster_addresses(spec);
    let before = out.count();
    if given.len() > 1 && given.first() == Some(&"None") {
        out.invalid(&list, "`None` cannot stand with other addresses");
    }
    if given.len() > 2 {
        out.invalid(&list, "may have at most two addresses");
    }
    if out.count() > before || shape.headless {
        return;
    }
    let versions: Vec<bool> = given
        .iter()
        .filter_map(|text| parse(text).map(|address| address.is_ipv4()))
        .collect();
    if matches!(versions.as_slice(), [first, second] if first == second) {
        out.invalid(&list, "may have only one address of each version");
    }
    for ((index, is_v4), family) in versions.iter().enumerate().zip(families.items()) {
        if (family.text() == "IPv4") != *is_v4 {
            let place = list.index(index);
            let place = if list.is_empty() {
                place.at(&single)
            } else {
                place
            };
            out.invalid(
                &place,
                format!(
                    "is no address of `{}`, which `ipFamilies` wants",
                    family.text()
                ),
            );
        }
    }
}

fn load_balancer(
    out: &mut Faults,
    object: &Field<'_, '_>,
    spec: &Field<'_, '_>,
    shape: &Shape<'_>,
) {
    let message = "may only be set for type `LoadBalancer`";
    let is_balancer = shape.kind == "LoadBalancer";
    let ranges = spec.child("loadBalancerSourceRanges");
    let metadata = object.child("metadata");
    let annotations = metadata.child("annotations");
    let annotation = annotations.key(SOURCE_RANGES);
    if !ranges.is_empty() {
        let named = spec.child("LoadBalancerSourceRanges").at(&ranges);
        if !is_balancer {
            out.forbidden(&named, message);
        }
        for one in named.items() {
            range(out, &one, one.text().trim());
        }
    } else if let Some(text) = annotation.set_text() {
        if !is_balancer {
            out.forbidden(&annotation, message);
        }
        for one in text.split(',').map(str::trim) {
            if !text.trim().is_empty() {
                range(out, &annotation, one);
            }
        }
    }
    let allocate = spec.child("allocateLoadBalancerNodePorts");
    let class = spec.child("loadBalancerClass");
    if is_balancer {
        if let Some(text) = class.set_text() {
            out.form(&class, text, names::qualified);
        }
    } else {
        for field in [&allocate, &class] {
            if field.is_set() {
                out.forbidden(field, message);
            }
        }
    }
}

fn traffic(out: &mut Faults, spec: &Field<'_, '_>, shape: &Shape<'_>, minor: Minor) {
    let external = spec.child("externalTrafficPolicy");
    let is_outside = matches!(shape.kind, "LoadBalancer" | "NodePort")
        || (shape.kind == "ClusterIP" && !spec.child("externalIPs").is_empty());
    if !external.text().is_empty() {
        if is_outside {
            out.one_of(&external, &["Cluster", "Local"]);
        } else {
            out.invalid(
                &external,
                "may only be set for a Service that is reached from outside",
            );
        }
    }
    let health = spec.child("healthCheckNodePort");
    let needs_health = shape.kind == "LoadBalancer" && external.text() == "Local";
    if health.int() != 0 {
        if needs_health {
            out.in_range(&health, 1, 65535);
        } else {
            out.invalid(
                &health,
                "may only be set for type `LoadBalancer` with `externalTrafficPolicy: Local`",
            );
        }
    }
    out.one_of(&spec.child("internalTrafficPolicy"), &["Cluster", "Local"]);
    let distribution = spec.child("trafficDistribution");
    match minor {
        ..31 => {}
        31..34 => out.one_of(&distribution, &["PreferClose"]),
        34.. => out.one_of(
            &distribution,
            &["PreferClose", "PreferSameZone", "PreferSameNode"],
        ),
    }
}

/// An `Endpoints`.
pub(super) fn endpoints(out: &mut Faults, object: &Field<'_, '_>) {
    for subset in object.child("subsets").items() {
        let lists = ["addresses", "notReadyAddresses"];
        if lists.iter().all(|&list| subset.child(list).is_empty()) {
            out.required_since(&subset, "`addresses` or `notReadyAddresses`");
        }
        for list in lists {
            for one in subset.child(list).items() {
                ordinary_address(out, &one.child("ip"));
                let hostname = one.child("hostname");
                if !hostname.text().is_empty() {
                    out.form(&hostname, hostname.text(), names::label);
                }
                let node = one.child("nodeName");
                if let Some(text) = node.set_text() {
                    out.form(&node, text, names::subdomain);
                }
            }
        }
        let ports = subset.child("ports");
        for port in ports.items() {
            let name = port.child("name");
            if !name.text().is_empty() {
                out.form(&name, name.text(), names::label);
            } else if ports.len() > 1 {
                out.required_since(&name, "as there is more than one port");
            }
            port_number(out, &port.child("port"));
            endpoint_port(out, &port);
        }
    }
}

fn endpoint_port(out: &mut Faults, port: &Field<'_, '_>) {
    one_of_or_default(out, &port.child("protocol"), &["SCTP", "TCP", "UDP"]);
    let application = port.child("appProtocol");
    if let Some(text) = application.set_text() {
        out.form(&application, text, names::qualified);
    }
}

/// An `EndpointSlice`.
pub(super) fn endpoint_slice(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let kind = object.child("addressType");
    if kind.text().is_empty() {
        out.required(&kind);
    } else {
        out.one_of(&kind, &["FQDN", "IPv4", "IPv6"]);
    }
    let endpoints = object.child("endpoints");
    if endpoints.len() > 1000 {
        out.too_many(&endpoints, endpoints.len(), 1000);
        return;
    }
    for endpoint in endpoints.items() {
        let addresses = endpoint.child("addresses");
        match addresses.len() {
            0 => out.required_since(&addresses, "at least one address"),
            101.. => out.too_many(&addresses, addresses.len(), 100),
            _ => {}
        }
        for one in addresses.items() {
            match kind.text() {
                "FQDN" => out.form(&one, one.text(), names::full_domain),
                version @ ("IPv4" | "IPv6") => match parse(one.text()) {
                    None if minor >= 33 => address(out, &one),
                    None => address_of_version(out, &one, version),
                    Some(_) => {
                        // reported at the list by later releases
                        let place = if minor >= 33 { addresses.at(&one) } else { one };
                        address_of_version(out, &place, version);
                        ordinary_address(out, &one);
                    }
                },
                _ => {}
            }
        }
        for (name, form) in [
            ("nodeName", names::subdomain as names::Form),
            ("hostname", names::label),
        ] {
            let field = endpoint.child(name);
            if let Some(text) = field.set_text() {
                out.form(&field, text, form);
            }
        }
        zone_hints(out, &endpoint.child("hints").child("forZones"));
    }
    let mut names = FxHashSet::default();
    for port in object.child("ports").items() {
        let name = port.child("name");
        if !name.text().is_empty() {
            out.form(&name, name.text(), names::label);
        }
        if !names.insert(name.text()) {
            out.duplicate(&name, name.text());
        }
        endpoint_port(out, &port);
    }
}

fn zone_hints(out: &mut Faults, zones: &Field<'_, '_>) {
    let mut seen = FxHashSet::default();
    if zones.len() > 8 {
        out.too_many(zones, zones.len(), 8);
        return;
    }
    for zone in zones.items() {
        let name = zone.child("name");
        if !seen.insert(name.text()) {
            out.duplicate(&name, name.text());
        }
        out.form(&name, name.text(), names::label_value);
    }
}
