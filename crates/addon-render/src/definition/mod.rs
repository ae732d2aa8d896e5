//! CUE X-definitions: their objects, the schemas of their parameters, and what they may import.
//!
//! A definition is a CUE file of three parts: imports, one metadata field whose name is the definition's name, and
//! `template`, a struct literal that is stored as text. [`object`] makes the Kubernetes object of it as kubevela's
//! `Definition.FromCUEString` does (commit 5a44b5f10, `pkg/definition/definition.go`):
//!
//! ```text
//! import "strings"                      spec.schematic.cue.template: |
//! web: {type: "component", …}   ──►       import "strings"
//! template: {output: {…}}                 output: {…}
//!                                       metadata.name: web, kind: ComponentDefinition, …
//! ```
//!
//! Invariant: whatever is found wrong points into the author's file, because the parts that are evaluated are the
//! author's own syntax trees and never text that was put together.
//!
//! - `metadata.rs`: the metadata field as name, kind, annotations, labels and spec;
//! - `status.rs`: `healthPolicy`, `customStatus` and `details` given as structs;
//! - `spec.rs`: the fields that a spec may have;
//! - `find.rs`: definitions in files of every form;
//! - `schema.rs`, `json_schema.rs`: the schema of the parameters, as KubeVela has it and as JSON Schema;
//! - `providers/`: the packages under `vela/`;
//! - `upgrade.rs`: list arithmetic and the field `error`, rewritten for CUE of today.

mod find;
mod json_schema;
mod metadata;
pub mod providers;
pub mod schema;
mod spec;
mod status;
pub mod upgrade;

pub use find::{FoundDefinition, find};
pub use json_schema::json_schema;

use cue_engine::Session;
use cue_engine::syntax::ast::{Decl, Expr, Field, File, Label, Meta};
use cue_engine::syntax::format::Options;
use cue_engine::syntax::format_decls;
use goyaml::{Map, Value};
use source_vocab::{Diagnostic, Outcome, SourceFile};

/// The kinds of definitions that KubeVela knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What a component's `type` names.
    Component,
    /// What a trait's `type` names.
    Trait,
    /// What a policy's `type` names.
    Policy,
    /// What a workflow step's `type` names.
    WorkflowStep,
    /// The older way to describe a component's workload.
    Workload,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Component,
        Self::Trait,
        Self::Policy,
        Self::WorkflowStep,
        Self::Workload,
    ];

    /// The word in the field `type` of the metadata.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Trait => "trait",
            Self::Policy => "policy",
            Self::WorkflowStep => "workflow-step",
            Self::Workload => "workload",
        }
    }

    /// The `kind` of the object.
    pub const fn object_kind(self) -> &'static str {
        match self {
            Self::Component => "ComponentDefinition",
            Self::Trait => "TraitDefinition",
            Self::Policy => "PolicyDefinition",
            Self::WorkflowStep => "WorkflowStepDefinition",
            Self::Workload => "WorkloadDefinition",
        }
    }

    /// The kind of the word in `type`.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind of an object's `kind`.
    pub fn of_object_kind(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.object_kind() == name)
    }
}

/// A CUE X-definition.
#[derive(Clone, Debug)]
pub struct Definition {
    /// What it defines.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The whole object, without a namespace.
    pub object: Value,
    /// The text of `spec.schematic.cue.template`.
    pub template: String,
    /// The template as a file of its own: the imports and the declarations inside `template`, at their places in the
    /// author's file.
    pub template_file: File,
}

/// The object of a definition that is written in CUE.
///
/// Needs a stack of [`cue_engine::Budget::STACK`] bytes. `source` is a file of the session's source map.
pub fn object(session: &Session, source: &SourceFile) -> Outcome<Definition> {
    let parsed = cue_engine::syntax::parse(source);
    if !parsed.errors.is_empty() {
        return Outcome {
            value: None,
            diagnostics: parsed.errors,
        };
    }
    match read(session, source, parsed.file) {
        Ok(definition) => Outcome {
            value: Some(definition),
            diagnostics: Vec::new(),
        },
        Err(diagnostics) => Outcome {
            value: None,
            diagnostics,
        },
    }
}

/// The text of the template that a definition's object holds; none for an object that is no definition, or whose template
/// is not CUE.
pub fn template_of(object: &Value) -> Option<&str> {
    Kind::of_object_kind(object.get("kind")?.as_str()?)?;
    let schematic = object.get("spec")?.get("schematic")?;
    schematic.get("cue")?.get("template")?.as_str()
}

/// The declarations of a definition's file, by what they are.
#[derive(Debug, Default)]
struct Parts {
    imports: Vec<Decl>,
    metadata: Vec<Field>,
    template: Vec<Decl>,
}

impl Parts {
    /// Splits a file. Declarations that are neither imports nor fields are dropped, as KubeVela does.
    fn split(file: File) -> Result<Self, Diagnostic> {
        let mut parts = Self::default();
        for decl in file.decls {
            match decl {
                Decl::Import(_) => parts.imports.push(decl),
                Decl::Field(field) => match field.label.clone() {
                    Label::Ident(ident) if ident.name.as_str() == "template" => match field.value {
                        Expr::Struct(body) => parts.template.extend(body.elts),
                        other => {
                            return Err(Diagnostic::error(
                                "definition/template-not-struct",
                                "the field `template` must be a struct literal",
                                other.span(),
                            ));
                        }
                    },
                    Label::Ident(_) | Label::Basic(_) => parts.metadata.push(*field),
                    other => {
                        return Err(Diagnostic::error(
                            "definition/dynamic-name",
                            "a field of a definition's file must have a plain name, without alias or computation",
                            other.span(),
                        ));
                    }
                },
                _ => {}
            }
        }
        Ok(parts)
    }
}

fn read(session: &Session, source: &SourceFile, file: File) -> Result<Definition, Vec<Diagnostic>> {
    let mut parts = Parts::split(file).map_err(|found| vec![found])?;
    for field in &mut parts.metadata {
        status::encode(field).map_err(|found| vec![found])?;
    }
    let missing = |code: &'static str, message: &str| {
        vec![Diagnostic::error(code, message, source.span().start())]
    };
    if parts.metadata.is_empty() {
        return Err(missing(
            "definition/no-metadata",
            "the definition has no metadata: a field that is named as the definition, with `type`, was expected",
        ));
    }
    if parts.template.is_empty() {
        let decls: Vec<Decl> = parts
            .metadata
            .into_iter()
            .map(|field| Decl::Field(Box::new(field)))
            .collect();
        let found = missing(
            "definition/no-template",
            "the definition has no field `template` with declarations",
        );
        let at_slip = |found| crate::missing::field("template", &decls, found);
        return Err(found.into_iter().map(at_slip).collect());
    }
    let metadata = metadata::read(session, &parts.metadata)?;
    let template = template_text(&parts.imports, &parts.template);
    let mut spec = metadata.spec;
    put_template(&mut spec, &template).map_err(|()| {
        vec![Diagnostic::error(
            "definition/invalid-spec",
            "`schematic` in the attributes is no mapping, so it cannot take the template",
            metadata.attributes_span,
        )]
    })?;
    let wrong = spec::check(metadata.kind, &spec);
    if !wrong.is_empty() {
        return Err(wrong
            .into_iter()
            .map(|finding| {
                let place = parts.metadata.iter().find_map(|field| {
                    metadata::locate(field, &metadata.name, "attributes", &finding.path)
                });
                Diagnostic::error(
                    "definition/invalid-spec",
                    finding.message,
                    place.unwrap_or(metadata.attributes_span),
                )
            })
            .collect());
    }
    let object: Value = [
        ("apiVersion", Value::from("core.oam.dev/v1beta1")),
        ("kind", Value::from(metadata.kind.object_kind())),
        (
            "metadata",
            [
                ("annotations", Value::Map(metadata.annotations)),
                ("labels", Value::Map(metadata.labels)),
                ("name", Value::from(metadata.name.as_str())),
            ]
            .into_iter()
            .collect(),
        ),
        ("spec", Value::Map(spec)),
    ]
    .into_iter()
    .collect();
    let mut decls = parts.imports;
    decls.extend(parts.template);
    Ok(Definition {
        kind: metadata.kind,
        name: metadata.name,
        object,
        template,
        template_file: File {
            meta: Meta::default(),
            decls,
        },
    })
}

/// Imports and declarations as KubeVela stores them: each part printed and trimmed on its own.
fn template_text(imports: &[Decl], decls: &[Decl]) -> String {
    let print = |decls: &[Decl]| format_decls(decls, Options { simplify: true });
    let imports = print(imports);
    let body = print(decls);
    match imports.trim() {
        "" => format!("{}\n", body.trim()),
        imports => format!("{imports}\n{}\n", body.trim()),
    }
}

/// Sets `schematic.cue.template`; fails where something else stands in the way.
fn put_template(spec: &mut Map, template: &str) -> Result<(), ()> {
    let mut at = spec;
    for key in ["schematic", "cue"] {
        let entry = at
            .entry(key.to_owned())
            .or_insert_with(|| Value::Map(Map::new()));
        let Value::Map(next) = entry else {
            return Err(());
        };
        at = next;
    }
    at.insert("template".to_owned(), Value::from(template));
    Ok(())
}
