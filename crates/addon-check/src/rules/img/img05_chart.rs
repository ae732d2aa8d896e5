//! A component of type `helm` names one version of its chart, and a repository that there is.
//!
//! `6.1.*`, `^6.1.0` or no version at all install whatever is published on the day, and another on the next reconciliation. The
//! hosts `charts.kubevela.net` and `kubernetes-charts.storage.googleapis.com` do not serve charts any more. A repository whose
//! `url` begins with `oci://` needs `repoType: oci`, and only such a one.
//!
//! Bad:
//! ```yaml
//! type: helm
//! properties: {repoType: helm, url: "https://charts.example.org", chart: web, version: "6.1.*"}
//! ```
//! Good:
//! ```yaml
//! type: helm
//! properties: {repoType: helm, url: "https://charts.example.org", chart: web, version: 6.1.2}
//! ```

use crate::proof::{Proof, ProvenObject};
use crate::rule::{Found, Holds, Rule};
use crate::rules::applied::text;
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "IMG05",
    title: "a chart is one version from a repository that there is",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "img/img05_chart.rs",
    source: include_str!("img05_chart.rs"),
    found: &[Found::InProof(check)],
};

/// Hosts of charts that are gone.
const GONE: [&str; 3] = [
    "charts.kubevela.net",
    "kubernetes-charts.storage.googleapis.com",
    "kubernetes-charts-incubator.storage.googleapis.com",
];

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for application in proof.applications() {
        for component in proof.components(application) {
            if component.kind != "helm" {
                continue;
            }
            let Some(properties) = component.properties else {
                continue;
            };
            let mut tell = |message: String, span: Span, help: &str| {
                let place = place(application, component.tree, span);
                let found = RULE.finding(message, place).help(help);
                findings.push(proof.in_case(found, application.case));
            };
            chart(properties, component.tree, &mut tell);
        }
    }
}

/// The place of a span; where it stands nowhere, that of the component's name.
fn place(application: &ProvenObject<'_>, component: &Tree, span: Span) -> source_vocab::Place {
    let name = component.get("name").map(|name| name.span);
    match name.filter(|_| span.is_detached()) {
        Some(name) => application.place_of(name),
        None => application.place_of(span),
    }
}

fn chart(properties: &Tree, component: &Tree, tell: &mut dyn FnMut(String, Span, &str)) {
    let kind = text(properties, "repoType");
    let (url, chart) = (text(properties, "url"), text(properties, "chart"));
    let span = |key: &str| {
        properties
            .get(key)
            .map_or(component.span, |value| value.span)
    };
    let is_chart_repository = matches!(kind, "" | "helm" | "oci");
    let version = properties.get("version").and_then(Tree::coerced);
    let version = version.as_deref().unwrap_or_default();
    if is_chart_repository && version.is_empty() {
        let message = format!("any version of the chart `{chart}` is installed");
        tell(message, span("chart"), "write the `version` that was tried");
    } else if is_chart_repository && is_range(version) {
        let message = format!("`{version}` admits several versions of the chart `{chart}`");
        tell(
            message,
            span("version"),
            "write the one version that was tried",
        );
    }
    let host = url.split_once("://").map_or("", |(_, rest)| {
        rest.split(['/', ':']).next().unwrap_or_default()
    });
    if GONE.contains(&host) {
        let message = format!("`{host}` does not serve charts any more");
        tell(
            message,
            span("url"),
            "take the chart from where its makers publish it",
        );
    }
    let is_oci = url.starts_with("oci://");
    if is_oci && kind != "oci" {
        let message = "the repository is one of OCI, and `repoType` says another".to_owned();
        tell(message, span("url"), "write `repoType: oci`");
    } else if kind == "oci" && !url.is_empty() && !is_oci {
        let message = "`repoType: oci` needs a `url` that begins with `oci://`".to_owned();
        tell(
            message,
            span("url"),
            "write the address as `oci://HOST/PATH`",
        );
    }
}

/// Whether a text is a constraint that several versions satisfy: not three numbers.
fn is_range(version: &str) -> bool {
    let core = version.trim_start_matches('v').split(['-', '+']).next();
    let parts: Vec<&str> = core.unwrap_or_default().split('.').collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() != 3 || !parts.iter().all(is_number)
}
