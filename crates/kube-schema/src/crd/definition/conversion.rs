//! `spec.conversion`: how objects get from one version to another.

use super::super::format::is_request_uri;
use super::super::metadata::is_label_1035;
use super::super::path::Path;
use super::super::schema::{float, member, text};
use crate::fault::{Fault, FaultKind};
use goyaml::Tree;

/// The conversion of a definition; without one, versions differ in name only.
pub(super) fn check(spec: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let Some(conversion) = member(spec, "conversion") else {
        return;
    };
    let here = path.field("conversion");
    let webhook = member(conversion, "webhook");
    let client = webhook.and_then(|webhook| member(webhook, "clientConfig"));
    let reviews = webhook.and_then(|webhook| member(webhook, "conversionReviewVersions"));
    // the names of the server's own form of the object
    let of_client = here.field("webhookClientConfig");
    let of_reviews = here.field("conversionReviewVersions");
    let of_strategy = here.field("strategy");
    let strategy = text(conversion, "strategy");
    match strategy {
        Some("Webhook") => {
            let span = webhook.map_or(conversion.span, |webhook| webhook.span);
            match client {
                Some(client) => client_config(client, &of_client, faults),
                None => {
                    let message = "is required with the strategy `Webhook`";
                    faults.push(of_client.fault(FaultKind::Required, message, span));
                }
            }
            review_versions(reviews, &of_reviews, span, faults);
            return;
        }
        Some("None") => {}
        None => {
            let message = "is required: `None` or `Webhook`";
            faults.push(of_strategy.fault(FaultKind::Required, message, conversion.span));
        }
        Some(other) => {
            let message = format!("`{other}` is not supported, expected `None` or `Webhook`");
            let span = conversion.get("strategy").map(|found| found.span);
            let span = span.unwrap_or(conversion.span);
            faults.push(of_strategy.fault(FaultKind::NotSupported, message, span));
        }
    }
    let message = "cannot be set without the strategy `Webhook`";
    if let Some(client) = client {
        faults.push(of_client.fault(FaultKind::Forbidden, message, client.span));
    }
    if let Some(reviews) = reviews.filter(|reviews| !reviews.items().is_empty()) {
        faults.push(of_reviews.fault(FaultKind::Forbidden, message, reviews.span));
    }
}

fn client_config(client: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    match (member(client, "url"), member(client, "service")) {
        (Some(_), Some(_)) | (None, None) => {
            let message = "must have a `url` or a `service`, and not both";
            faults.push(path.fault(FaultKind::Required, message, client.span));
        }
        (Some(url), None) => {
            let written = url.as_str().unwrap_or_default();
            let rest = written.strip_prefix("https://");
            let authority = rest.map(|rest| rest.split('/').next().unwrap_or_default());
            let complaint = match authority {
                _ if !is_request_uri(written) => "is no URL",
                None => "does not begin with `https://`",
                Some("") => "has no host",
                Some(host) if host.contains('@') => "must not have a user",
                Some(_) if written.contains('?') => "must not have a query",
                Some(_) if written.contains('#') => "must not have a fragment",
                Some(_) => return,
            };
            let message = format!("`{written}` {complaint}");
            faults.push(
                path.field("url")
                    .fault(FaultKind::Invalid, message, url.span),
            );
        }
        (None, Some(service)) => {
            let here = path.field("service");
            let span = |key: &str| service.get(key).map_or(service.span, |found| found.span);
            if let Some(port) = service.get("port").and_then(float)
                && !(1.0..=65535.0).contains(&port)
            {
                let message = format!("{port} is no port");
                faults.push(
                    here.field("port")
                        .fault(FaultKind::Invalid, message, span("port")),
                );
            }
            if let Some(written) = text(service, "path").filter(|path| !is_url_path(path)) {
                let message = format!("`{written}` is no path of a URL with sound segments");
                faults.push(
                    here.field("path")
                        .fault(FaultKind::Invalid, message, span("path")),
                );
            }
        }
    }
}

fn is_url_path(path: &str) -> bool {
    let Some(inside) = path.strip_prefix('/') else {
        return false;
    };
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    (inside.is_empty() && path == "/") || inside.split('/').all(super::names::is_subdomain)
}

fn review_versions(
    reviews: Option<&Tree>,
    path: &Path<'_>,
    span: source_vocab::Span,
    faults: &mut Vec<Fault>,
) {
    let items = reviews.map(Tree::items).unwrap_or_default();
    if items.is_empty() {
        let message = "is required with the strategy `Webhook`, such as `[v1]`";
        faults.push(path.fault(FaultKind::Required, message, span));
        return;
    }
    let names: Vec<&str> = items
        .iter()
        .map(|item| item.as_str().unwrap_or_default())
        .collect();
    for (at, (item, name)) in items.iter().zip(&names).enumerate() {
        let here = path.index(at);
        let before = names.get(..at).unwrap_or_default();
        let message = match before.contains(name) {
            true => format!("`{name}` stands here already"),
            false if is_label_1035(name) => continue,
            false => format!("`{name}` is no name of a version"),
        };
        faults.push(here.fault(FaultKind::Invalid, message, item.span));
    }
    if !names.iter().any(|name| matches!(*name, "v1" | "v1beta1")) {
        let message = "has neither `v1` nor `v1beta1`, which are all that the server speaks";
        let span = reviews.map_or(span, |reviews| reviews.span);
        faults.push(path.fault(FaultKind::Invalid, message, span));
    }
}
