//! What KubeVela does not notice about arguments: a misspelt name, and a value that contradicts the declaration where no file
//! looks at it.
//!
//! `parameter: {…}` is an open struct, so `repliacs=3` is accepted and has no effect. And an addon with `template.yaml` never
//! unifies the arguments with their declaration unless a CUE resource refers to them.

use crate::application::Frozen;
use crate::blame;
use crate::evaluate;
use crate::parameter::{Parameters, without_package};
use addon_model::Addon;
use cue_engine::syntax::ast;
use cue_engine::{Injected, Session, Value, nearest};
use source_vocab::{Diagnostic, Severity};
use std::cell::OnceCell;

/// Warns of arguments without an effect.
pub(crate) fn arguments(
    addon: &Addon,
    parameters: &Parameters,
    session: &Session,
    frozen: &OnceCell<Frozen>,
    warnings: &mut Vec<Diagnostic>,
) {
    if parameters.arguments().entries().is_empty() {
        return;
    }
    undeclared(addon, parameters, session, warnings);
    let has_cue_template = addon
        .template_cue
        .as_ref()
        .is_some_and(|file| !file.text().is_empty());
    if has_cue_template {
        return;
    }
    let frozen = frozen.get_or_init(|| Frozen::new(parameters, session));
    let contradiction = frozen.contradiction().to_vec();
    let contradiction = blame::explain(contradiction, parameters, session.sources());
    warnings.extend(contradiction.into_iter().map(|mut found| {
        found.severity = found.severity.min(Severity::Warning);
        found.note("no file of the addon looks at it, so KubeVela does not notice")
    }));
}

/// Warns of arguments that the parameter file does not declare. `clusters` is an argument of every addon that has a runtime.
fn undeclared(
    addon: &Addon,
    parameters: &Parameters,
    session: &Session,
    warnings: &mut Vec<Diagnostic>,
) {
    let Some(declaration) = parameters.declaration.clone().map(without_package) else {
        for entry in parameters.arguments().entries() {
            if &*entry.key != "clusters" {
                let message = format!(
                    "the argument `{}` is not declared: the addon has no parameters",
                    entry.key
                );
                let place = entry.key_span.to(entry.value.span);
                warnings.push(Diagnostic::warning("render/undeclared", message, place));
            }
        }
        return;
    };
    if is_open(&declaration) {
        return;
    }
    let injected = [Injected::file(declaration)];
    let evaluation = evaluate::package(session, Vec::new(), &injected);
    let parameter = evaluation.root().and_then(|root| root.field("parameter"));
    let Some(parameter) = parameter.map(Value::default) else {
        return;
    };
    if parameter.has_patterns() {
        return;
    }
    let labels = parameter.graph().labels();
    let known: Vec<String> = parameter
        .arcs()
        .iter()
        .filter(|arc| arc.label.is_string())
        .map(|arc| labels.text(arc.label).into_owned())
        .collect();
    let is_runtime_argument = |key: &str| key == "clusters" && addon.meta().deploy_to.is_some();
    for entry in parameters.arguments().entries() {
        if known.iter().any(|name| **name == *entry.key) || is_runtime_argument(&entry.key) {
            continue;
        }
        let message = format!("the argument `{}` is not declared by the addon", entry.key);
        let place = entry.key_span.to(entry.value.span);
        let mut found = Diagnostic::warning("render/undeclared", message, place)
            .note("KubeVela accepts it without a word");
        found.help = nearest(&entry.key, known.iter().map(String::as_str))
            .map(|name| format!("did you mean `{name}`?"));
        warnings.push(found);
    }
}

/// Whether `parameter` says that it takes more fields: `...` in its literal, or anything that is no literal.
fn is_open(file: &ast::File) -> bool {
    file.decls.iter().any(|decl| match decl {
        ast::Decl::Field(field)
            if field.label.name() == ast::LabelName::Ident("parameter".into()) =>
        {
            match &field.value {
                ast::Expr::Struct(body) => body
                    .elts
                    .iter()
                    .any(|decl| matches!(decl, ast::Decl::Ellipsis(_))),
                _ => true,
            }
        }
        _ => false,
    })
}
