//! Definitions in files: CUE X-definitions, and objects in YAML or JSON, alone, several in a file, or in a `List`.
//!
//! Only what is asked for is evaluated. A file that cannot be read counts as the definition of its own name, so that a
//! person who asks for it learns what is wrong with it, and nobody else does.

use super::{Kind, object, template_of};
use cue_engine::syntax::ast::File;
use cue_engine::{Session, data_file};
use goyaml::{Tree, Value};
use source_vocab::{Diagnostic, Outcome, Severity};

/// A definition that was found, with the template that its parameters are in.
#[derive(Clone, Debug)]
pub struct FoundDefinition {
    /// What it defines.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// Its template; none when it has no template in CUE.
    pub template: Option<File>,
}

/// The definitions of files, given as their names and bytes, in their order; with `wanted` those of that name alone.
///
/// Needs a stack of [`cue_engine::Budget::STACK`] bytes. What is wrong with a file is an error when it is the wanted one,
/// and a warning otherwise.
pub fn find(
    session: &mut Session,
    files: Vec<(String, Vec<u8>)>,
    wanted: Option<&str>,
) -> Outcome<Vec<FoundDefinition>> {
    let mut all = Vec::new();
    let mut diagnostics = Vec::new();
    for (file, bytes) in files {
        let (stem, extension) = split(&file);
        let mut found = Vec::new();
        let mut own = Vec::new();
        match extension {
            "cue" => cue(session, &file, bytes, &mut own, &mut found),
            "yaml" | "yml" | "json" => yaml(session, &file, bytes, &mut own, &mut found),
            _ => continue,
        }
        let is_wanted = wanted.is_none_or(|wanted| wanted == stem);
        if !is_wanted {
            for diagnostic in &mut found {
                diagnostic.severity = diagnostic.severity.min(Severity::Warning);
            }
        }
        diagnostics.extend(found);
        all.extend(own);
    }
    if let Some(wanted) = wanted {
        all.retain(|definition: &FoundDefinition| definition.name == wanted);
    }
    Outcome {
        value: Some(all),
        diagnostics,
    }
}

/// The name of a file without its directories, split before the last dot.
fn split(path: &str) -> (&str, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').unwrap_or((name, ""))
}

fn cue(
    session: &mut Session,
    file: &str,
    bytes: Vec<u8>,
    all: &mut Vec<FoundDefinition>,
    found: &mut Vec<Diagnostic>,
) {
    let source = match data_file::add(session.sources_mut(), file, bytes) {
        Ok(source) => source,
        Err(error) => return found.push(*error),
    };
    if let Some(read) = object(session, &source).drain_into(found) {
        all.push(FoundDefinition {
            kind: read.kind,
            name: read.name,
            file: file.to_owned(),
            template: Some(read.template_file),
        });
    }
}

fn yaml(
    session: &mut Session,
    file: &str,
    bytes: Vec<u8>,
    all: &mut Vec<FoundDefinition>,
    found: &mut Vec<Diagnostic>,
) {
    let source = match data_file::add(session.sources_mut(), file, bytes) {
        Ok(source) => source,
        Err(error) => return found.push(*error),
    };
    let stream = goyaml::parse_file(&source);
    found.extend(stream.error.map(Diagnostic::from));
    for document in &stream.documents {
        match goyaml::resolve(&document.root) {
            Ok(resolved) => of_tree(session, file, &resolved.tree, all, found),
            Err(error) => found.push(error.into()),
        }
    }
}

fn of_tree(
    session: &mut Session,
    file: &str,
    tree: &Tree,
    all: &mut Vec<FoundDefinition>,
    found: &mut Vec<Diagnostic>,
) {
    let kind = tree.get("kind").and_then(Tree::as_str).unwrap_or_default();
    if kind.ends_with("List")
        && let Some(items) = tree.get("items")
    {
        for item in items.items() {
            of_tree(session, file, item, all, found);
        }
        return;
    }
    let value = tree.to_value();
    let name = value
        .get("metadata")
        .and_then(|metadata| metadata.get("name"))
        .and_then(Value::as_str);
    let (Some(kind), Some(name)) = (Kind::of_object_kind(kind), name) else {
        return;
    };
    let mut template = None;
    if let Some(text) = template_of(&value) {
        let title = format!("{file} (template of {name})");
        match data_file::add(session.sources_mut(), &title, text.as_bytes().to_vec()) {
            Ok(source) => {
                let parsed = cue_engine::syntax::parse(&source);
                if !parsed.errors.is_empty() {
                    return found.extend(parsed.errors);
                }
                template = Some(parsed.file);
            }
            Err(error) => return found.push(*error),
        }
    }
    all.push(FoundDefinition {
        kind,
        name: name.to_owned(),
        file: file.to_owned(),
        template,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(String, Vec<u8>)> {
        let cue = "web: {type: \"component\", attributes: workload: type: \"autodetects.core.oam.dev\"}\n\
                   template: parameter: image: string\n";
        let yaml = "kind: List\nitems:\n- kind: TraitDefinition\n  metadata: {name: scale}\n  \
                    spec: {schematic: {cue: {template: \"parameter: n: int\"}}}\n- kind: ConfigMap\n";
        [
            ("defs/web.cue", cue),
            ("dump.yaml", yaml),
            ("defs/broken.cue", "a: {\n"),
            ("README.md", "# x"),
        ]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .to_vec()
    }

    #[test]
    fn definitions_are_found_in_cue_and_in_lists() {
        let outcome = find(&mut Session::new(), files(), None);
        let names: Vec<(Kind, String)> = outcome
            .value
            .unwrap()
            .into_iter()
            .map(|found| (found.kind, found.name))
            .collect();
        let wanted = [(Kind::Component, "web"), (Kind::Trait, "scale")];
        assert_eq!(names, wanted.map(|(kind, name)| (kind, name.to_owned())));
        assert!(!outcome.diagnostics.is_empty());
    }

    #[test]
    fn a_broken_file_is_an_error_for_those_alone_who_ask_for_it() {
        let asked = find(&mut Session::new(), files(), Some("broken"));
        assert!(asked.has_errors());
        let other = find(&mut Session::new(), files(), Some("scale"));
        assert!(!other.has_errors());
        assert_eq!(other.value.unwrap().len(), 1);
    }
}
