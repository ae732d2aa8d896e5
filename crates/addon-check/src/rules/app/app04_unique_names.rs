//! The components have different names, which are also not those that KubeVela gives: `NAMESPACE-namespace` for each entry of
//! `needNamespace`, `ADDON-resources` for the YAML files of `resources/`, and for a CUE file there without a name its own.
//!
//! KubeVela refuses an Application with `duplicated component name`. (Two files of `resources/` that are called the same are
//! APP06.)
//!
//! Bad:
//! ```yaml
//! spec:
//!   components:
//!   - {name: web, type: webservice}
//!   - {name: web, type: worker}
//! ```
//! Good:
//! ```yaml
//! spec:
//!   components:
//!   - {name: web, type: webservice}
//!   - {name: jobs, type: worker}
//! ```

use crate::proof::{Component, Proof, ProvenObject};
use crate::rule::{Found, Holds, Rule};
use goyaml::{Step, Tree};
use source_vocab::{Diagnostic, Place, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "APP04",
    title: "no two components have one name",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app04_unique_names.rs",
    source: include_str!("app04_unique_names.rs"),
    found: &[Found::InProof(check)],
};

/// How a component came to its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// It is written.
    ByHand,
    /// After an entry of `needNamespace`.
    Namespace,
    /// After the addon.
    Addon,
    /// After its file.
    File,
}

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    for application in proof.written_applications() {
        let mut names: BTreeMap<&str, (Named, Place)> = BTreeMap::new();
        for component in proof.components(&application) {
            if component.name.is_empty() {
                continue;
            }
            let named = named(proof, &component);
            let place = place(&application, &component);
            let Some((first, before)) = names.get(component.name) else {
                names.insert(component.name, (named, place));
                continue;
            };
            let text = component.name;
            let found = match (first, named) {
                (Named::File, Named::File) => continue,
                (Named::ByHand | Named::Namespace, Named::Addon) => {
                    let message =
                        format!("KubeVela calls the component of `resources/` `{text}`, too");
                    RULE.finding(message, before.clone())
                        .help("give the component another name")
                }
                (Named::Namespace, Named::Namespace) => {
                    let namespace = text.trim_end_matches("-namespace");
                    let message =
                        format!("two components would create the namespace `{namespace}`");
                    RULE.finding(message, place)
                        .label(before.clone(), "the first one")
                        .help("name each namespace once")
                }
                (_, Named::Namespace) => {
                    let message = format!(
                        "KubeVela calls the component of this namespace `{text}`, as another is"
                    );
                    RULE.finding(message, place)
                        .label(before.clone(), "this one has the same name")
                        .help("give the other component another name")
                }
                (_, Named::File) => {
                    let message =
                        format!("the component is called `{text}` after its file, as another is");
                    RULE.finding(message, place)
                        .label(before.clone(), "the first one")
                        .help("write a `name`, or call the file otherwise")
                }
                _ => RULE
                    .finding(format!("two components are called `{text}`"), place)
                    .label(before.clone(), "the first one")
                    .help("give one of them another name"),
            };
            findings.push(proof.in_case(found, application.case));
        }
    }
}

fn named(proof: &Proof<'_>, component: &Component<'_>) -> Named {
    let meta = proof.addon().meta();
    let span = component
        .tree
        .get("name")
        .map_or(Span::DETACHED, |name| name.span);
    if meta.need_namespace.iter().any(|entry| entry.span == span) && !span.is_detached() {
        Named::Namespace
    } else if component.kind == "k8s-objects"
        && component.name == format!("{}-resources", *meta.name)
        && (span == meta.name.span)
    {
        Named::Addon
    } else if span.is_detached() {
        Named::File
    } else {
        Named::ByHand
    }
}

fn place(application: &ProvenObject<'_>, component: &Component<'_>) -> Place {
    let name = component
        .tree
        .get("name")
        .filter(|name: &&Tree| !name.span.is_detached());
    match name {
        Some(name) => name.span.into(),
        None => application.place_at(&[
            Step::Key("spec"),
            Step::Key("components"),
            Step::Index(component.index),
        ]),
    }
}
