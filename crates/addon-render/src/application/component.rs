//! One CUE file of `resources/` as one component.
//!
//! A resource is evaluated alone with the parameters, which are frozen first (see [`super::frozen`]): it sees neither the
//! template nor other resources. KubeVela puts its declarations into a field of a file in which the parameters stand around
//! it, so its own fields come before theirs in scope (kubevela 5a44b5f10 `renderCompAccordingCUETemplate`, kubevela/workflow
//! v0.6.4 `LookupValueByScript`).

use super::Making;
use super::frozen::Frozen;
use super::shape::{self, Keys};
use crate::evaluate;
use crate::failure::{Fault, Stage, Step};
use crate::parameter::MAIN;
use crate::tree::{self, text_at};
use addon_model::TextFile;
use cue_engine::Package;
use cue_engine::syntax::ast;
use goyaml::Tree;
use source_vocab::{Diagnostic, Span};

/// The field that holds the declarations of the resource.
const HOLDER: &str = "zz_output__";

/// The component of a file; `None` when the file belongs to the template or has no `output`.
pub(super) fn make(making: &mut Making<'_>, file: &TextFile) -> Step<Option<Tree>> {
    let parsed = making.parsed.get(file);
    let parsed = parsed.map_err(|found| Fault::new(Stage::Application, "", found))?;
    if parsed.package_name() == Some(MAIN) {
        warn_of_missing_template(making, file, &parsed);
        return Ok(None);
    }
    let frozen = making.frozen();
    let Some(made) = output(making, frozen, file, parsed).map_err(|found| {
        let name = file.name();
        let said = format!("fail to render cue template error rendering file {name}: ");
        Fault::new(Stage::Application, said, found)
    })?
    else {
        return Ok(None);
    };
    Ok(Some(named(made, file)))
}

/// A part of a template has no effect where there is no `template.cue`.
fn warn_of_missing_template(making: &mut Making<'_>, file: &TextFile, parsed: &ast::File) {
    if making.cue_template().is_some() {
        return;
    }
    let place = parsed
        .package()
        .map_or(file.source.span().start(), |clause| clause.meta.span);
    let message = format!(
        "`{}` belongs to the package `main` of a `template.cue`, which is not there, so it has no effect",
        file.path
    );
    let found = Diagnostic::warning("render/no-effect", message, place)
        .help("remove the package clause to make it a component");
    making.warnings.push(found);
}

/// What `output` is under the type of a component.
fn output(
    making: &mut Making<'_>,
    frozen: &Frozen,
    file: &TextFile,
    parsed: ast::File,
) -> Result<Option<Tree>, Vec<Diagnostic>> {
    let mut package = Package::default();
    let whole = wrapped(frozen, parsed);
    package.extend([whole], making.session);
    let evaluation = making.session.evaluate(&package);
    let root = match evaluate::root(&evaluation) {
        Ok(root) => root,
        Err(found) => return Err(frozen.explain(unwrap_paths(found))),
    };
    let holder = root.field(HOLDER);
    let Some(output) = holder.and_then(|holder| holder.default().field("output")) else {
        let message = format!(
            "`{}` has no field `output` and makes no component",
            file.path
        );
        let found = Diagnostic::warning("render/no-output", message, file.source.span().start())
            .help("add `output`, or `package main` if the file is a part of `template.cue`");
        making.warnings.push(found);
        return Ok(None);
    };
    let made = evaluate::tree(output).map_err(|found| frozen.explain(unwrap_paths(found)))?;
    shape::component(&made, Keys::AnyCase, making.warnings)
        .map(Some)
        .map_err(|found| vec![*found])
}

/// The frozen parameters with the declarations of the resource in a field beside them.
fn wrapped(frozen: &Frozen, parsed: ast::File) -> ast::File {
    let span = parsed.meta.span;
    let (mut head, mut body) = (Vec::new(), Vec::new());
    for decl in parsed.decls {
        match decl {
            ast::Decl::Import(_) => head.push(decl),
            ast::Decl::Package(_) => {}
            _ => body.push(decl),
        }
    }
    let value = match <[ast::Decl; 1]>::try_from(body) {
        Ok([ast::Decl::Embed(embedded)]) => embedded.expr,
        Ok(one) => ast::Expr::structure(one.into()),
        Err(body) => ast::Expr::structure(body),
    };
    head.extend(frozen.declarations());
    head.push(ast::Decl::field(ast::Label::regular(HOLDER), value));
    let mut whole = ast::File {
        meta: ast::Meta::default(),
        decls: head,
    };
    whole.meta.span = span;
    whole
}

/// The messages as they are without the field that holds the resource.
fn unwrap_paths(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let prefix = format!("{HOLDER}.");
    for diagnostic in &mut found {
        diagnostic.message = diagnostic.message.replace(&prefix, "");
        for note in &mut diagnostic.notes {
            *note = note.replace(&prefix, "");
        }
    }
    found
}

/// The component with a name: its own, or that of the file.
fn named(mut component: Tree, file: &TextFile) -> Tree {
    if text_at(&component, "name").is_empty() {
        let name = tree::text(name_of(file.name()), Span::DETACHED);
        tree::set(&mut component, "name", name);
    }
    component
}

/// `x.y.cue` is `x-y`: every occurrence of the extension goes, then dots are dashes.
fn name_of(file: &str) -> String {
    let extension = file.rfind('.').and_then(|dot| file.get(dot..));
    let stem = match extension {
        Some(extension) => file.replace(extension, ""),
        None => file.to_owned(),
    };
    stem.replace('.', "-")
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_component_is_named_by_its_file() {
        for (file, name) in [
            ("a.cue", "a"),
            ("x.y.cue", "x-y"),
            ("a.cue.cue", "a"),
            ("a.cuex.cue", "ax"),
            (".cue", ""),
        ] {
            assert_eq!(name_of(file), name, "{file}");
        }
    }
}
