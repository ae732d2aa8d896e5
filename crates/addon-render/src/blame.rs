//! Findings of CUE in the words of whoever enables the addon.
//!
//! To CUE an argument is one of several values of a field, and a parameter that nobody gave is a value that is not concrete,
//! perhaps in many places at once. To the user the one is an argument that does not fit its declaration, the other an argument
//! that is missing. Both are found by their places: of the argument in its own text, of the declaration in the parameter
//! file. One cause is told once, however many values depend on it.

use crate::parameter::Parameters;
use crate::tree;
use cue_engine::syntax::ast;
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Place, SourceMap, Span};

/// The findings, those about arguments once for each and in their words.
pub(crate) fn explain(
    found: Vec<Diagnostic>,
    parameters: &Parameters,
    sources: &SourceMap,
) -> Vec<Diagnostic> {
    let mut told: Vec<String> = Vec::new();
    let mut kept = Vec::with_capacity(found.len());
    for diagnostic in found {
        let made =
            missing(&diagnostic, parameters).or_else(|| unfit(&diagnostic, parameters, sources));
        match made {
            None => kept.push(diagnostic),
            Some((path, _)) if told.contains(&path) => {}
            Some((path, made)) => {
                told.push(path);
                kept.push(made);
            }
        }
    }
    kept
}

/// A parameter without a value, where one is needed.
fn missing(found: &Diagnostic, parameters: &Parameters) -> Option<(String, Diagnostic)> {
    if !matches!(&*found.code, "cue/incomplete" | "cue/incomplete-value") {
        return None;
    }
    let (path, place) =
        places(found).find_map(|span| Some((parameters.declared_at(span)?, span)))?;
    let message = format!("the parameter `{path}` is required and not given");
    let mut made = Diagnostic::error("render/required", message, place)
        .help(format!("give it as `{path}=…`, or give it a default here"));
    let needed_by = found.message.split('`').nth(1).unwrap_or_default();
    if !needed_by.is_empty() && !needed_by.starts_with("parameter.") {
        made.notes.push(format!("`{needed_by}` needs it"));
    }
    made.notes.extend(found.notes.iter().cloned());
    Some((path, made))
}

/// An argument that contradicts its declaration.
fn unfit(
    found: &Diagnostic,
    parameters: &Parameters,
    sources: &SourceMap,
) -> Option<(String, Diagnostic)> {
    let Place::Text(span) = found.primary.place else {
        return None;
    };
    let path = path_of(parameters.arguments(), span)?;
    let declared = parameters.declaration_of(&path)?;
    let given = sources.snippet(span);
    let path = path.join(".");
    let message =
        format!("the argument `{path}` is `{given}`, which its declaration does not admit");
    let mut made = Diagnostic::new(found.severity, "render/argument", message, span);
    if let [line] = sources.snippet(declared).lines().collect::<Vec<_>>()[..] {
        made = made.label(declared, format!("declared as `{line}`"));
    } else {
        made = made.label(declared, "declared here");
    }
    made.notes.push(found.message.clone());
    made.notes.extend(found.notes.iter().cloned());
    made.help.clone_from(&found.help);
    Some((path, made))
}

fn places(found: &Diagnostic) -> impl Iterator<Item = Span> + '_ {
    let labels = std::iter::once(&found.primary).chain(&found.labels);
    labels.filter_map(|label| match label.place {
        Place::Text(span) => Some(span),
        Place::Path(_) | Place::Nowhere => None,
    })
}

/// The path of the value that stands at `span`.
fn path_of(tree: &Tree, span: Span) -> Option<Vec<String>> {
    if span.is_detached() {
        return None;
    }
    let Data::Map(entries) = &tree.data else {
        return (tree.span == span).then(Vec::new);
    };
    entries.iter().find_map(|entry| {
        let mut path = path_of(&entry.value, span).or_else(|| {
            let is_element = tree::contains(&entry.value, span);
            is_element.then(Vec::new)
        })?;
        path.insert(0, entry.key.to_string());
        Some(path)
    })
}

impl Parameters {
    /// The path below `parameter` of the field whose value has `span` in it.
    fn declared_at(&self, span: Span) -> Option<String> {
        let file = self.declaration.as_ref()?;
        let path = path_in(&file.decls, span, &[])?;
        let (first, rest) = path.split_first()?;
        (first == "parameter" && !rest.is_empty()).then(|| rest.join("."))
    }

    /// Where the parameter file declares a parameter, or what it lies in.
    fn declaration_of(&self, path: &[String]) -> Option<Span> {
        let file = self.declaration.as_ref()?;
        let mut decls = file.decls.as_slice();
        let mut found = None;
        for name in std::iter::once("parameter").chain(path.iter().map(String::as_str)) {
            let Some(field) = field_called(decls, name) else {
                break;
            };
            found = Some(field.value.meta().span);
            decls = match &field.value {
                ast::Expr::Struct(body) => &body.elts,
                _ => &[],
            };
        }
        found.filter(|span| !span.is_detached())
    }
}

fn name_of(label: &ast::Label) -> Option<String> {
    match label.name() {
        ast::LabelName::Ident(name) | ast::LabelName::Quoted(name) => Some(name),
        ast::LabelName::Dynamic | ast::LabelName::Invalid => None,
    }
}

fn field_called<'d>(decls: &'d [ast::Decl], name: &str) -> Option<&'d ast::Field> {
    decls.iter().find_map(|decl| match decl {
        ast::Decl::Field(field) if name_of(&field.label).as_deref() == Some(name) => Some(&**field),
        _ => None,
    })
}

fn path_in(decls: &[ast::Decl], span: Span, above: &[String]) -> Option<Vec<String>> {
    decls.iter().find_map(|decl| {
        let ast::Decl::Field(field) = decl else {
            return None;
        };
        let whole = field.value.meta().span;
        if span.is_detached() || span.lo < whole.lo || span.hi > whole.hi {
            return None;
        }
        let mut path = above.to_vec();
        path.push(name_of(&field.label)?);
        match &field.value {
            ast::Expr::Struct(body) => path_in(&body.elts, span, &path).or(Some(path)),
            _ => Some(path),
        }
    })
}
