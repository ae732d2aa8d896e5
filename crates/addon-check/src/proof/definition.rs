//! The definitions that an addon brings, in whichever language they are written.
//!
//! A definition that cannot be read is none. The template of one that is written in YAML is a text in a string: it becomes a
//! source of its own, called after the file, and what is found in it is shown at the line of the YAML file.
//!
//! KubeVela looks at the template of a definition when it makes the schema of its parameters: what fails there is found here
//! too, of every definition, while rendering an addon ends at the first that cannot be read.

use super::codes::{self, While};
use addon_model::{Addon, Element, YamlFile};
use addon_render::Stage;
use addon_render::definition::{self, Kind, schema};
use cue_engine::Session;
use cue_engine::syntax::{self, ast};
use goyaml::{Tree, Value};
use source_vocab::{Diagnostic, Place, Severity, SourceFile, SourceMap, Span, VPath};
use std::sync::OnceLock;

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
    /// What [`schema`](Self::schema) gives, once it was made.
    schema: OnceLock<Option<Value>>,
    /// Of one in YAML, its template as a source of its own.
    inner: Option<Inner>,
}

impl KnownDefinition {
    /// The schema of the parameters, as KubeVela makes it from the template; none where it cannot be told.
    pub(crate) fn schema(&self, session: &Session) -> Option<&Value> {
        let make = || schema::of_template(session, self.template.clone()?).value;
        self.schema.get_or_init(make).as_ref()
    }
}

/// A text inside a string of a YAML file.
#[derive(Clone, Debug)]
struct Inner {
    source: SourceFile,
    /// The string in the YAML file.
    outer: Span,
}

/// What was read of an addon's definitions.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) definitions: Vec<KnownDefinition>,
    pub(super) found: Vec<Diagnostic>,
}

/// The definitions of an addon that was loaded into the sources of `session`, with what is wrong with them.
pub(super) fn of_addon(addon: &Addon, session: &mut Session) -> Read {
    let mut read = read(addon, session);
    for known in &read.definitions {
        let Some(template) = &known.template else {
            continue;
        };
        let made = schema::of_template(session, template.clone());
        known.schema.get_or_init(|| made.value);
        for mut found in made.diagnostics {
            if found.severity != Severity::Error {
                continue;
            }
            if found.primary.place == Place::Nowhere {
                found.primary.place = parameter_of(template).unwrap_or(known.span).into();
            }
            if let Some(inner) = &known.inner {
                inner.move_out(&mut found, session.sources());
            }
            let note = format!(
                "in the definition `{}` of {}",
                known.name,
                known.kind.word()
            );
            read.found
                .extend(codes::named(found.note(note), While::Template));
        }
    }
    read
}

/// The definitions of an addon that was loaded into the sources of `session`.
pub(super) fn known(addon: &Addon, session: &mut Session) -> Vec<KnownDefinition> {
    read(addon, session).definitions
}

fn read(addon: &Addon, session: &mut Session) -> Read {
    let name = addon.meta().name.value.as_str();
    let mut read = Read::default();
    for element in &addon.definitions {
        match element {
            Element::Cue(file) => {
                let outcome = definition::object(session, &file.source);
                let at = While::Failing(Stage::Definitions);
                let found = outcome.diagnostics.into_iter();
                read.found
                    .extend(found.filter_map(|found| codes::named(found, at)));
                read.definitions
                    .extend(outcome.value.map(|made| KnownDefinition {
                        kind: made.kind,
                        name: made.name,
                        addon: name.to_owned(),
                        file: file.path.clone(),
                        object: made.object,
                        template: Some(made.template_file),
                        span: file.source.span().start(),
                        schema: OnceLock::new(),
                        inner: None,
                    }));
            }
            Element::Yaml(yaml) => read.yaml(name, yaml, session),
        }
    }
    read
}

impl Read {
    fn yaml(&mut self, addon: &str, yaml: &YamlFile, session: &mut Session) {
        let Some(tree) = yaml.tree() else { return };
        let at = |path: &[&str]| path.iter().try_fold(tree, |at, key| at.get(key));
        let text = |path: &[&str]| {
            let found = at(path).and_then(Tree::as_str);
            found.filter(|text| !text.is_empty())
        };
        let kind = text(&["kind"]).and_then(Kind::of_object_kind);
        let (Some(kind), Some(name)) = (kind, text(&["metadata", "name"])) else {
            return;
        };
        let path = ["spec", "schematic", "cue", "template"];
        let old = ["spec", "extension", "template"];
        let template = at(&path).or_else(|| at(&old));
        let (mut file, mut inner) = (None, None);
        if let Some((outer, text)) = template.and_then(|tree| Some((tree.span, tree.as_str()?))) {
            let title = format!("{} (template of {name})", yaml.file.source.name());
            if let Ok(source) = session.sources_mut().add(title, text) {
                let parsed = syntax::parse(&source);
                let inside = Inner { source, outer };
                if parsed.errors.is_empty() {
                    file = Some(parsed.file);
                } else if let Some(mut first) = parsed.errors.into_iter().next() {
                    inside.move_out(&mut first, session.sources());
                    first.code = "definition/template".into();
                    self.found.extend(codes::named(first, While::Template));
                }
                inner = Some(inside);
            }
        }
        self.definitions.push(KnownDefinition {
            kind,
            name: name.to_owned(),
            addon: addon.to_owned(),
            file: yaml.file.path.clone(),
            object: tree.to_value(),
            template: file,
            span: tree.span,
            schema: OnceLock::new(),
            inner,
        });
    }
}

impl Inner {
    /// Moves the places of a finding from the text to the file that it stands in.
    fn move_out(&self, found: &mut Diagnostic, sources: &SourceMap) {
        let labels = std::iter::once(&mut found.primary).chain(&mut found.labels);
        for label in labels {
            if let Place::Text(span) = label.place
                && let Some((source, range)) = sources.locate(span)
                && source.id() == self.source.id()
            {
                let at = source.line_column(range.start);
                label.place = self.line(at.line, at.column, sources).into();
            }
        }
        found.fix = None;
    }

    /// The place of a line and column of the text; the whole string when it is no block of lines.
    fn line(&self, line: usize, column: usize, sources: &SourceMap) -> Span {
        let whole = self.outer;
        let Some((file, range)) = sources.locate(whole) else {
            return whole;
        };
        let before = file
            .text()
            .get(..range.start)
            .unwrap_or_default()
            .trim_end();
        let header = before.rsplit(['\n', ' ', ':']).next().unwrap_or_default();
        if !header.starts_with('|') {
            return whole;
        }
        let mut start = before.len();
        let rest = file.text().get(start..).unwrap_or_default();
        let lines = || rest.split_inclusive('\n').skip(1);
        let indent = lines()
            .find(|text| !text.trim().is_empty())
            .map_or(0, |text| text.len() - text.trim_start_matches(' ').len());
        start += rest.split_inclusive('\n').next().map_or(0, str::len);
        for (at, text) in lines().enumerate() {
            if at + 1 == line {
                let end = text.trim_end().len();
                let from = (indent + column - 1).min(end);
                return file.span_of(start + from, start + end);
            }
            start += text.len();
        }
        whole
    }
}

/// Where a template declares its parameters.
fn parameter_of(template: &ast::File) -> Option<Span> {
    template.decls.iter().find_map(|decl| match decl {
        ast::Decl::Field(field)
            if field.label.name() == ast::LabelName::Ident("parameter".into()) =>
        {
            Some(field.label.span())
        }
        _ => None,
    })
}
