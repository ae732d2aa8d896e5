//! The definitions that an addon brings, in whichever language they are written.
//!
//! A definition that cannot be read is none; that is told where it is rendered. The template of one that is written in YAML
//! is a text in a string: it becomes a source of its own, called after the file.

use addon_model::{Addon, Element};
use addon_render::definition::{self, Kind};
use cue_engine::Session;
use cue_engine::syntax::{self, ast};
use goyaml::{Tree, Value};
use source_vocab::{Span, VPath};

/// A definition of which all is known.
#[derive(Clone, Debug)]
pub struct KnownDefinition {
    /// What it defines.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The addon that brings it.
    pub addon: String,
    /// Its file, relative to the addon's directory.
    pub file: VPath,
    /// The whole object, without places.
    pub object: Value,
    /// The CUE template as a file of its own: imports, `parameter`, `output` and so on. None when its template is no CUE or
    /// cannot be parsed. Its spans lie in [`Proof::sources`](super::Proof::sources).
    pub template: Option<ast::File>,
    /// Where the definition stands.
    pub span: Span,
}

/// The definitions of an addon that was loaded into the sources of `session`.
pub(super) fn of_addon(addon: &Addon, session: &mut Session) -> Vec<KnownDefinition> {
    let name = addon.meta().name.value.clone();
    let mut known = Vec::new();
    for element in &addon.definitions {
        match element {
            Element::Cue(file) => {
                let Some(read) = definition::object(session, &file.source).value else {
                    continue;
                };
                known.push(KnownDefinition {
                    kind: read.kind,
                    name: read.name,
                    addon: name.clone(),
                    file: file.path.clone(),
                    object: read.object,
                    template: Some(read.template_file),
                    span: file.source.span().start(),
                });
            }
            Element::Yaml(yaml) => {
                let Some(tree) = yaml.tree() else { continue };
                let text = |path: &[&str]| {
                    let found = path.iter().try_fold(tree, |at, key| at.get(key));
                    found.and_then(Tree::as_str).filter(|text| !text.is_empty())
                };
                let kind = text(&["kind"]).and_then(Kind::of_object_kind);
                let (Some(kind), Some(own)) = (kind, text(&["metadata", "name"])) else {
                    continue;
                };
                let template = text(&["spec", "schematic", "cue", "template"])
                    .or_else(|| text(&["spec", "extension", "template"]));
                known.push(KnownDefinition {
                    kind,
                    name: own.to_owned(),
                    addon: name.clone(),
                    file: yaml.file.path.clone(),
                    object: tree.to_value(),
                    template: template
                        .and_then(|text| parse(yaml.file.source.name(), own, text, session)),
                    span: tree.span,
                });
            }
        }
    }
    known
}

fn parse(file: &str, name: &str, text: &str, session: &mut Session) -> Option<ast::File> {
    let title = format!("{file} (template of {name})");
    let source = session.sources_mut().add(title, text).ok()?;
    let parsed = syntax::parse(&source);
    parsed.errors.is_empty().then_some(parsed.file)
}
