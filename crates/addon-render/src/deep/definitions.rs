//! The definitions that an application may name: templates by kind and name.
//!
//! They come from wherever the user keeps them: CUE files and YAML files of an addon, a folder of either, the dump that
//! `kubectl get -o yaml` writes (a `List`, or several documents). What is added first counts, so callers add the addon's own
//! definitions, then those of its dependencies, then what else was named. Objects that are no definitions are passed over.
//!
//! A template is kept, rewritten for the CUE of today, as a package that is ready to be evaluated. Its places are those of the author's CUE file; for a
//! definition in YAML, whose template is a string, those of that text under a name of its own.

use crate::deep::context::Used;
use crate::definition::providers::{self, Importer};
use crate::definition::upgrade::upgrade;
use crate::definition::{self, Kind};
use cue_engine::syntax::ast;
use cue_engine::{Package, Session, data_file};
use goyaml::Tree;
use source_vocab::{Diagnostic, Place, Severity, SourceFile, Span};
use std::collections::BTreeMap;

/// Definitions by kind and name.
#[derive(Clone, Debug)]
pub struct Definitions {
    known: BTreeMap<(Kind, String), Template>,
    /// Knows the packages that templates may import.
    importer: Session,
}

impl Default for Definitions {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            importer: providers::session(&Session::new(), Importer::Workflow),
        }
    }
}

/// A definition as rendering needs it.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) name: String,
    /// The template, when there is one.
    pub(super) package: Option<Package>,
    /// `spec.workloadRefPath` of a trait.
    pub(super) workload_ref_path: Option<String>,
    /// The template is a Terraform configuration.
    pub(super) terraform: bool,
    /// What the template reads of its context.
    pub(super) context: Used,
    /// The template imports actions of KubeVela, which are never run here.
    pub(super) actions: bool,
    /// Where the definition stands.
    pub(super) span: Span,
}

/// In which form a definition is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Cue,
    Yaml,
}

/// The form of a file that may hold definitions: by its extension, and because its text speaks of them. Folders that people
/// name hold other files too (values, tests, templates of charts), which are none of our business, broken or not.
pub(super) fn form_of(name: &str, bytes: &[u8]) -> Option<Form> {
    let text = String::from_utf8_lossy(bytes);
    match name.rsplit_once('.')?.1 {
        "cue" => text
            .lines()
            .any(|line| line.starts_with("template:"))
            .then_some(Form::Cue),
        "yaml" | "yml" | "json" => {
            (text.contains("core.oam.dev/") && text.contains("Definition")).then_some(Form::Yaml)
        }
        _ => None,
    }
}

impl Definitions {
    /// No definitions.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The names of all definitions of a kind, sorted.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.known
            .keys()
            .filter(move |(known, _)| *known == kind)
            .map(|(_, name)| name.as_str())
    }

    /// Adds the definitions of a file that people named together with others; needs a stack of
    /// [`cue_engine::Budget::STACK`] bytes. A file that holds no definition is passed over. What is wrong with one is a
    /// warning: it may not be needed.
    pub fn add_file(
        &mut self,
        session: &mut Session,
        name: &str,
        bytes: Vec<u8>,
    ) -> Vec<Diagnostic> {
        let mut found = match form_of(name, &bytes) {
            Some(Form::Cue) => self.add_cue(session, name, bytes),
            Some(Form::Yaml) => self.add_yaml(session, name, bytes),
            None => Vec::new(),
        };
        for diagnostic in &mut found {
            diagnostic.severity = diagnostic.severity.min(Severity::Warning);
        }
        found
    }

    /// Adds the definition of a CUE file; needs a stack of [`cue_engine::Budget::STACK`] bytes. Gives what is wrong with it.
    pub fn add_cue(
        &mut self,
        session: &mut Session,
        name: &str,
        bytes: Vec<u8>,
    ) -> Vec<Diagnostic> {
        let source = match data_file::add(session.sources_mut(), name, bytes) {
            Ok(source) => source,
            Err(found) => return vec![*found],
        };
        self.add_cue_source(session, &source)
    }

    /// Adds the definition of a CUE file that is in the sources of the session already; see [`Definitions::add_cue`].
    pub fn add_cue_source(&mut self, session: &Session, source: &SourceFile) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let Some(read) = definition::object(session, source).drain_into(&mut found) else {
            return found;
        };
        let mut file = read.template_file;
        upgrade(&mut file);
        let mut package = Package::default();
        let actions = uses_actions(&file);
        let context = Used::of(&file);
        package.extend([file], &self.importer);
        self.insert(
            read.kind,
            Template {
                name: read.name,
                package: Some(package),
                workload_ref_path: text_at(&read.object, &["spec", "workloadRefPath"]),
                terraform: false,
                actions,
                context,
                span: source.span(),
            },
        );
        found
    }

    /// Adds the definitions of a YAML or JSON text: one object, several documents, or a `List`. Gives what is wrong with
    /// them.
    pub fn add_yaml(
        &mut self,
        session: &mut Session,
        name: &str,
        bytes: Vec<u8>,
    ) -> Vec<Diagnostic> {
        let source = match data_file::add(session.sources_mut(), name, bytes) {
            Ok(source) => source,
            Err(found) => return vec![*found],
        };
        let stream = goyaml::parse_file(&source);
        let mut found: Vec<Diagnostic> = stream.error.map(Diagnostic::from).into_iter().collect();
        for document in &stream.documents {
            match goyaml::resolve(&document.root) {
                Ok(resolved) => found.extend(self.add_tree(session, name, &resolved.tree)),
                Err(error) => found.push(error.into()),
            }
        }
        found
    }

    /// Adds the definition of an object, or the definitions of a `List`. Gives what is wrong with them.
    pub fn add_tree(&mut self, session: &mut Session, name: &str, tree: &Tree) -> Vec<Diagnostic> {
        let kind = tree.get("kind").and_then(Tree::as_str).unwrap_or_default();
        if let Some(items) = tree.get("items")
            && kind.ends_with("List")
        {
            return items
                .items()
                .iter()
                .flat_map(|item| self.add_tree(session, name, item))
                .collect();
        }
        let Some(kind) = Kind::of_object_kind(kind) else {
            return Vec::new();
        };
        let at = |path: &[&str]| {
            path.iter()
                .try_fold(tree, |tree, field| tree.get(field))
                .filter(|found| !matches!(found.data, goyaml::Data::Null))
        };
        let text = |path: &[&str]| at(path).and_then(Tree::as_str);
        let Some(own_name) = text(&["metadata", "name"]).filter(|name| !name.is_empty()) else {
            return vec![Diagnostic::error(
                "deep/invalid-definition",
                format!("a {} must have `metadata.name`", kind.object_kind()),
                Place::Text(tree.span),
            )];
        };
        let template = text(&["spec", "schematic", "cue", "template"])
            .or_else(|| text(&["spec", "extension", "template"]));
        let terraform = at(&["spec", "schematic", "terraform"]).is_some()
            || (kind == Kind::Component
                && text(&["metadata", "annotations", "type"]) == Some("terraform"));
        let mut package = None;
        let mut actions = false;
        let mut context = Used::All;
        let mut found = Vec::new();
        if let Some(template) = template.filter(|text| !text.is_empty()) {
            let title = format!("{name} (template of {} {own_name})", kind.object_kind());
            match data_file::add(session.sources_mut(), &title, template.as_bytes().to_vec()) {
                Ok(source) => {
                    let mut parsed = cue_engine::syntax::parse(&source);
                    upgrade(&mut parsed.file);
                    found = parsed.errors;
                    let mut made = Package::default();
                    actions = uses_actions(&parsed.file);
                    context = Used::of(&parsed.file);
                    made.extend([parsed.file], &self.importer);
                    package = Some(made);
                }
                Err(error) => found.push(*error),
            }
        }
        if found.iter().all(|found| found.severity != Severity::Error) {
            self.insert(
                kind,
                Template {
                    name: own_name.to_owned(),
                    package,
                    workload_ref_path: text(&["spec", "workloadRefPath"])
                        .filter(|path| !path.is_empty())
                        .map(str::to_owned),
                    terraform,
                    actions,
                    context,
                    span: tree.span,
                },
            );
        }
        found
    }

    fn insert(&mut self, kind: Kind, template: Template) {
        self.known
            .entry((kind, template.name.clone()))
            .or_insert(template);
    }

    /// The definition that a type names; a revision (`webservice@v2`) is not told apart, the definition at hand stands
    /// for all. A component may also be described by a workload definition, as it was before there were component
    /// definitions.
    pub(super) fn find(&self, kind: Kind, name: &str) -> Option<&Template> {
        let get = |name: &str| {
            let get = |kind: Kind| self.known.get(&(kind, name.to_owned()));
            get(kind).or_else(|| get(Kind::Workload).filter(|_| kind == Kind::Component))
        };
        get(name).or_else(|| get(name.rsplit_once('@')?.0))
    }
}

/// Whether a template imports a package under `vela/`.
fn uses_actions(file: &ast::File) -> bool {
    file.imports()
        .any(|import| import.path.text.trim_matches('"').starts_with("vela/"))
}

fn text_at(object: &goyaml::Value, path: &[&str]) -> Option<String> {
    path.iter()
        .try_fold(object, |value, field| value.get(field))
        .and_then(goyaml::Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
