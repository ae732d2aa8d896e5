//! `NOTES.cue`: the text that is printed once the addon is enabled.
//!
//! It stands at the end of one file with the parameters, `context` (which has `installer` here) and the arguments, so it has
//! neither a package clause nor imports. Whatever is wrong with it is a warning: the addon is enabled all the same
//! (kubevela 5a44b5f10 `renderNotes`).

use crate::evaluate;
use crate::missing;
use crate::parameter::{Parameters, without_package};
use crate::syntax::Parsed;
use addon_model::{Addon, TextFile};
use cue_engine::syntax::ast;
use cue_engine::{Injected, Session, Shape};
use source_vocab::{Diagnostic, Severity};

/// The notes; `None` with warnings when there are none.
pub(crate) fn render(
    addon: &Addon,
    parameters: &Parameters,
    session: &Session,
    parsed: &Parsed,
    warnings: &mut Vec<Diagnostic>,
) -> Option<String> {
    let file = addon
        .notes
        .as_ref()
        .filter(|file| !file.text().is_empty())?;
    match evaluate_notes(file, parameters, session, parsed) {
        Ok(text) => Some(text),
        Err(found) => {
            let name = &addon.meta().name.value;
            warnings.extend(found.into_iter().map(|mut found| {
                found.code = "render/notes".into();
                found.severity = found.severity.min(Severity::Warning);
                found.note(format!(
                    "the addon is enabled without notes; vela warns: fail to render notes for addon {name}"
                ))
            }));
            None
        }
    }
}

fn evaluate_notes(
    file: &TextFile,
    parameters: &Parameters,
    session: &Session,
    parsed: &Parsed,
) -> Result<String, Vec<Diagnostic>> {
    let written = parsed.get(file)?;
    if let Some(decl) = written
        .decls
        .iter()
        .find(|decl| matches!(decl, ast::Decl::Package(_) | ast::Decl::Import(_)))
    {
        let message = format!(
            "`{}` cannot have a package clause or imports: it is read behind the parameters",
            file.path
        );
        return Err(vec![Diagnostic::error(
            "render/notes",
            message,
            decl.span(),
        )]);
    }
    let mut injected = parameters.values_for_notes().to_vec();
    let declaration = parameters.declaration.clone().map(without_package);
    injected.extend(declaration.map(Injected::file));
    injected.push(Injected::file(written.clone()));
    let evaluation = evaluate::package(session, Vec::new(), &injected);
    let root = evaluate::root(&evaluation)?;
    let Some(notes) = root.field("notes") else {
        let message = format!("`{}` has no field `notes`", file.path);
        let found = Diagnostic::error("render/notes", message, file.source.span().start());
        return Err(vec![missing::field("notes", &written.decls, found)]);
    };
    let value = notes.default();
    if let Shape::String(text) = value.shape() {
        return Ok(text.to_string());
    }
    let made = evaluate::tree(value)?;
    let message = format!("`notes` must be a string, found {}", made.kind());
    Err(vec![Diagnostic::error("render/notes", message, made.span)])
}
