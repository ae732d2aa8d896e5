//! The annotation `addon.oam.dev/bind-component` names a component of the addon.
//!
//! KubeVela leaves out a definition, or an object of `outputs`, whose component is not in the Application. Of a name that no
//! component ever has, it never applies it. The older `addon.oam.dev/ignore-without-component` means the same and is a
//! warning: newer annotations win over it.
//!
//! Bad:
//! ```cue
//! annotations: "addon.oam.dev/bind-component": "kustomise-controller"
//! ```
//! in an addon whose component is `kustomize-controller`.
//!
//! Good: `"addon.oam.dev/bind-component": "kustomize-controller"`.

use crate::names::ComponentNames;
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use crate::syntax;
use addon_model::{Element, Role};
use cue_syntax::ast::{self, Decl, Node};
use source_vocab::{Diagnostic, Edit, Fix, Severity, Span};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "APP13",
    title: "what is bound to a component is bound to one that can be there",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: true,
    file: "app/app13_bind_component.rs",
    source: include_str!("app13_bind_component.rs"),
    found: &[Found::InProof(check)],
};

const BIND: &str = "addon.oam.dev/bind-component";
const OLD: &str = "addon.oam.dev/ignore-without-component";

/// An annotation as it is written.
struct Annotation {
    is_old: bool,
    key: Span,
    /// What the key is written as instead of the old one.
    renamed: String,
    component: Option<(String, Span)>,
}

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let names = ComponentNames::of(proof);
    for annotation in annotations(proof) {
        if annotation.is_old {
            let message = format!("the annotation `{OLD}` is deprecated");
            let found = RULE.milder(Severity::Warning, message, annotation.key);
            findings.push(found.help(format!("write `{BIND}`")).fix(Fix {
                title: "write the annotation of today".to_owned(),
                edits: vec![Edit {
                    span: annotation.key,
                    text: annotation.renamed,
                }],
            }));
        }
        let Some((component, span)) = annotation.component else {
            continue;
        };
        if names.has(&component) {
            continue;
        }
        let message =
            format!("there is no component `{component}` to be bound to, so this is never applied");
        let found = RULE.milder(names.severity(Severity::Error), message, span);
        findings.push(found.help(names.near(&component)));
    }
}

fn annotations(proof: &Proof<'_>) -> Vec<Annotation> {
    let mut found = Vec::new();
    for file in proof.input.cue() {
        if !(file.makes_application() || matches!(file.role, Role::Definition(_))) {
            continue;
        }
        ast::walk(Node::File(&file.parsed.file), &mut |node| {
            if let Node::Decl(Decl::Field(field)) = node
                && let Some(key @ (BIND | OLD)) = syntax::name_of(field).as_deref()
            {
                found.push(Annotation {
                    is_old: key == OLD,
                    key: field.label.span(),
                    renamed: format!("\"{BIND}\""),
                    component: syntax::text(&field.value).map(|text| (text, field.value.span())),
                });
            }
            ControlFlow::Continue(())
        });
    }
    let addon = proof.addon();
    for yaml in addon.definitions.iter().filter_map(Element::as_yaml) {
        let metadata = yaml.tree().and_then(|root| root.get("metadata"));
        let Some(annotations) = metadata.and_then(|metadata| metadata.get("annotations")) else {
            continue;
        };
        for entry in annotations.entries() {
            let key: &str = &entry.key;
            if key == BIND || key == OLD {
                let written = proof.sources().snippet(entry.key_span);
                found.push(Annotation {
                    is_old: key == OLD,
                    key: entry.key_span,
                    renamed: written.replace(OLD, BIND),
                    component: entry
                        .value
                        .as_str()
                        .map(|text| (text.to_owned(), entry.value.span)),
                });
            }
        }
    }
    found
}
