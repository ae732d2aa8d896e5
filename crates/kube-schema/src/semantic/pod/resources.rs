//! Requests and limits of resources, and the names of resources.
//!
//! ```text
//! cpu memory ephemeral-storage hugepages-2Mi   a container's own
//! example.com/gpu                              extended: whole numbers, request equal to limit
//! pods services requests.cpu ...               only in quotas
//! ```
//! Source: `ValidateResourceRequirements` and `validateResourceName`, with `pkg/apis/core/helper`.

use super::super::field::{Faults, Field, quantity_of, quoted};
use super::super::names;
use super::super::quantity::Quantity;

/// A part of the text of resources that only Kubernetes itself uses.
const OWN: &str = "kubernetes.io/";

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains(OWN)
}

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Whether more can be requested in all than there is: then request and limit may differ.
pub(in super::super) fn can_overcommit(name: &str) -> bool {
    is_native(name) && !is_huge_pages(name)
}

fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && names::qualified(&format!("requests.{name}")).is_none()
}

/// The resources that quotas know by a name without a prefix.
pub(in super::super) fn is_standard_quota(name: &str) -> bool {
    is_countable(name)
        || matches!(
            name,
            "cpu"
                | "memory"
                | "ephemeral-storage"
                | "requests.cpu"
                | "requests.memory"
                | "requests.storage"
                | "requests.ephemeral-storage"
                | "limits.cpu"
                | "limits.memory"
                | "limits.ephemeral-storage"
        )
        || is_huge_pages(name)
        || name.starts_with("requests.hugepages-")
}

/// The resources that are counted in objects.
fn is_countable(name: &str) -> bool {
    matches!(
        name,
        "pods"
            | "resourcequotas"
            | "services"
            | "replicationcontrollers"
            | "secrets"
            | "configmaps"
            | "persistentvolumeclaims"
            | "services.nodeports"
            | "services.loadbalancers"
    )
}

/// A name of a resource.
pub(in super::super) fn name(out: &mut Faults, field: &Field<'_, '_>, text: &str) {
    if names::qualified(text).is_some() {
        out.form(field, text, names::qualified);
    } else if !text.contains('/') && !is_standard_quota(text) && text != "storage" {
        let text = quoted(text);
        out.invalid(
            field,
            format!("{text} is no standard resource and has no DNS name and `/` before it"),
        );
    }
}

/// A name of a resource of containers.
pub(in super::super) fn container_name(out: &mut Faults, field: &Field<'_, '_>, text: &str) {
    let before = out.count();
    name(out, field, text);
    if out.count() > before {
        return;
    }
    let fits = if text.contains('/') {
        is_native(text) || is_extended(text)
    } else {
        matches!(text, "cpu" | "memory" | "ephemeral-storage") || is_huge_pages(text)
    };
    if !fits {
        let text = quoted(text);
        out.invalid(field, format!("{text} is no resource of containers"));
    }
}

/// An amount of a resource: not negative, and whole where it is counted.
pub(in super::super) fn amount(out: &mut Faults, field: &Field<'_, '_>, resource: &str) {
    let Some(quantity) = field.quantity() else {
        return;
    };
    if quantity.is_negative() {
        out.invalid(field, "is negative, at least 0 is expected");
    }
    if (is_countable(resource) || is_extended(resource)) && !quantity.is_whole() {
        out.invalid(
            field,
            format!(
                "must be a whole number for the resource {}",
                quoted(resource)
            ),
        );
    }
}

fn pages(out: &mut Faults, field: &Field<'_, '_>, resource: &str) {
    let Some(size) = resource.strip_prefix("hugepages-") else {
        return;
    };
    let size = Quantity::parse(size).filter(|size| size.is_positive() && size.is_whole());
    let fits = size
        .zip(field.quantity())
        .is_some_and(|(size, amount)| amount.value() % size.value() == 0);
    if !fits {
        out.invalid(
            field,
            format!(
                "must be a multiple of the page size of {}",
                quoted(resource)
            ),
        );
    }
}

/// `resources` of a container.
pub(in super::super) fn requirements(out: &mut Faults, resources: &Field<'_, '_>) {
    let limits = resources.child("limits");
    let requests = resources.child("requests");
    limits_only(out, &limits, resources);
    let amounts = limits.values_by_key();
    for (resource, request) in requests.entries() {
        container_name(out, &request.on_key(), resource);
        amount(out, &request, resource);
        pages(out, &request, resource);
        let limit = amounts.get(resource).copied().and_then(quantity_of);
        match (request.quantity(), limit) {
            (Some(wanted), Some(most)) if wanted != most && !can_overcommit(resource) => {
                out.invalid(
                    &requests.at(&request),
                    format!("the request of {} must equal its limit", quoted(resource)),
                );
            }
            (Some(wanted), Some(most)) if wanted > most => out.invalid(
                &requests.at(&request),
                format!(
                    "the request of {} is greater than its limit",
                    quoted(resource)
                ),
            ),
            (Some(_), None) if !can_overcommit(resource) => out.required_since(
                &limits.at(&request),
                &format!("a limit of {} equal to its request", quoted(resource)),
            ),
            _ => {}
        }
    }
    let has = |is: fn(&str) -> bool| {
        limits.entries().any(|(name, _)| is(name)) || requests.entries().any(|(name, _)| is(name))
    };
    if has(is_huge_pages) && !has(|name| matches!(name, "cpu" | "memory")) {
        out.forbidden(
            resources,
            "huge pages need a request or limit of cpu or memory too",
        );
    }
}

/// Amounts by resource, of which the server speaks as `limits` below `parent`.
pub(in super::super) fn limits_only(
    out: &mut Faults,
    amounts: &Field<'_, '_>,
    parent: &Field<'_, '_>,
) {
    for (resource, limit) in amounts.entries() {
        let named = parent.child("limits");
        let here = named.path_to_key(resource).at(&limit);
        container_name(out, &here.on_key(), resource);
        amount(out, &here, resource);
        pages(out, &here, resource);
    }
}

/// `resources` of a pod as a whole, from 1.34 on: no less than its containers request, no less than each may take.
pub(super) fn of_pod(out: &mut Faults, spec: &Field<'_, '_>) {
    let whole = spec.child("resources");
    if !whole.is_set() {
        return;
    }
    if spec.child("os").child("name").text() == "windows" {
        out.forbidden(&whole, "cannot be set for a pod of Windows");
        return;
    }
    let claims = whole.child("claims");
    if claims.is_set() {
        out.forbidden(&claims, "cannot be set for a pod as a whole");
    }
    requirements(out, &whole);
    for list in ["limits", "requests"] {
        for (resource, amount) in whole.child(list).entries() {
            let is_own = matches!(resource, "cpu" | "memory") || is_huge_pages(resource);
            if !is_own && names::qualified(resource).is_none() {
                out.unsupported(&amount.on_key(), resource, &["cpu", "memory", "hugepages-"]);
            }
        }
    }
    let containers = spec.child("containers");
    for (resource, request) in whole.child("requests").entries() {
        let sum: Option<Quantity> = containers
            .items()
            .filter_map(|one| {
                let resources = one.child("resources");
                let requests = resources.child("requests");
                requests.key(resource).quantity()
            })
            .reduce(Quantity::plus);
        if sum
            .zip(request.quantity())
            .is_some_and(|(sum, most)| sum > most)
        {
            out.invalid(&request, "is less than the containers request together");
        }
    }
    for (resource, limit) in whole.child("limits").entries() {
        for (index, container) in containers.items().enumerate() {
            let resources = container.child("resources");
            let limits = resources.child("limits");
            let own = limits.key(resource);
            let exceeds = own
                .quantity()
                .zip(limit.quantity())
                .is_some_and(|(own, most)| own > most);
            if exceeds {
                let list = whole.child("containers");
                let item = list.index(index);
                let named = item.key(resource);
                out.invalid(
                    &named.child("limits").at(&own),
                    "is greater than the limit of the pod",
                );
            }
        }
    }
}
