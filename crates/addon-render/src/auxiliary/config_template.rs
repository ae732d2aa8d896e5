//! A config template as the `ConfigMap` that KubeVela keeps it in.
//!
//! The file has `metadata` and `template` with `parameter`. Stored are its text with a fixed end, the schema of the
//! parameters, and what `template.nacos` says without arguments; the description of the template is lost on the way
//! (kubevela 5a44b5f10 `pkg/config` `ParseTemplate`, `pkg/cue/script`).

use crate::definition::providers::{self, Importer};
use crate::definition::schema;
use crate::evaluate;
use crate::failure::{Fault, Stage, Step};
use crate::object;
use crate::parameter::without_package;
use crate::parameter_schema;
use crate::rendered::{Auxiliary, AuxiliaryRole};
use crate::tree;
use addon_model::TextFile;
use cue_engine::{Injected, Session, Value};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Span};

/// What KubeVela adds to the text of every template.
const DEFAULT_CONTEXT: &str = "\n\n\tcontext: {\n\t\tname: string\n\t\tnamespace: string\n\t}\n";

pub(super) fn render(file: &TextFile, session: &Session) -> Step<Auxiliary> {
    let fault = |said: &str, causes| Fault::new(Stage::ConfigTemplates, said.to_owned(), causes);
    let invalid = "the cue script is invalid:";
    let parsed = evaluate::parse(file).map_err(|found| {
        fault(
            &format!("{invalid}failed to compile config template: "),
            found,
        )
    })?;
    let injected = [
        Injected::file(without_package(parsed)),
        Injected::file(parameter_schema::base_context(&["namespace"])),
    ];
    let session = providers::session(session, Importer::ConfigTemplate);
    let evaluation = evaluate::package(&session, Vec::new(), &injected);
    let root = evaluate::root(&evaluation).map_err(|found| {
        fault(
            &format!("{invalid}failed to compile config template: "),
            found,
        )
    })?;
    let missing = |what: &str| {
        let message = format!("the config template `{}` has no field `{what}`", file.path);
        let place = file.source.span().start();
        vec![Diagnostic::error("render/config-template", message, place)]
    };
    let Some(template) = root.field("template") else {
        return Err(fault(invalid, missing("template")));
    };
    if template.field("parameter").is_none() {
        return Err(fault(invalid, missing("template.parameter")));
    }
    let Some(metadata) = root.field("metadata") else {
        let said = "failed to lookup value: var(path=metadata) not exist";
        return Err(fault(said, missing("metadata")));
    };
    let metadata = evaluate::tree(metadata)
        .and_then(|tree| Metadata::read(&tree))
        .map_err(|found| fault("failed to decode the template metadata: ", found))?;
    let schema = schema::of_config_template(&session, &evaluation)
        .map_err(|found| fault("the properties of the cue script is invalid:", found))?;
    let start = file.source.span().start();
    let text = |text: String| tree::text(text, start);
    let mut object = object::config_map(
        text(format!("config-template-{}", metadata.name)),
        vec![
            (
                "expanded-writer",
                text(goyaml::to_string(&writer(template).to_value())),
            ),
            ("schema", text(goyaml::to_string(&schema))),
            (
                "template",
                text(format!("{}{DEFAULT_CONTEXT}", file.text())),
            ),
        ],
    );
    let sensitive = if metadata.sensitive { "true" } else { "false" };
    let inner = tree::slot(&mut object, "metadata");
    tree::set(
        inner,
        "annotations",
        tree::map([
            ("config.oam.dev/alias", text(metadata.alias)),
            ("config.oam.dev/description", text(String::new())),
            ("config.oam.dev/sensitive", text(sensitive.to_owned())),
        ]),
    );
    tree::set(
        inner,
        "labels",
        tree::map([
            (
                "config.oam.dev/catalog",
                tree::text("velacore-config", Span::DETACHED),
            ),
            ("config.oam.dev/scope", text(metadata.scope)),
        ]),
    );
    Ok(Auxiliary {
        role: AuxiliaryRole::ConfigTemplate,
        source: file.path.clone(),
        object,
    })
}

/// `metadata` of a config template.
#[derive(Default)]
struct Metadata {
    name: String,
    alias: String,
    scope: String,
    sensitive: bool,
}

impl Metadata {
    fn read(tree: &Tree) -> Result<Self, Vec<Diagnostic>> {
        let mut metadata = Self::default();
        let wrong = |key: &str, expected: &str, found: &Tree| {
            let message = format!(
                "`metadata.{key}` must be {expected}, found {}",
                found.kind()
            );
            vec![Diagnostic::error(
                "render/config-template",
                message,
                found.span,
            )]
        };
        for entry in tree.entries() {
            let text = match &*entry.key {
                "name" => &mut metadata.name,
                "alias" => &mut metadata.alias,
                "scope" => &mut metadata.scope,
                "sensitive" => {
                    match entry.value.data {
                        Data::Bool(flag) => metadata.sensitive = flag,
                        _ => return Err(wrong("sensitive", "a boolean", &entry.value)),
                    }
                    continue;
                }
                _ => continue,
            };
            match &entry.value.data {
                Data::String(found) => *text = found.to_string(),
                _ => return Err(wrong(&entry.key, "a string", &entry.value)),
            }
        }
        Ok(metadata)
    }
}

/// What `template.nacos` says while nobody has given arguments; what is not known is empty.
fn writer(template: Value<'_>) -> Tree {
    let Some(nacos) = template.field("nacos") else {
        return tree::map([("nacos", tree::detached(Data::Null))]);
    };
    let known = |path: &[&str]| {
        let at = path
            .iter()
            .try_fold(nacos, |at, name| at.default().field(name))?;
        match evaluate::tree(at).ok()?.data {
            Data::String(text) => Some(tree::text(text, Span::DETACHED)),
            _ => None,
        }
    };
    let text = |path: &[&str]| known(path).unwrap_or_else(|| tree::text("", Span::DETACHED));
    let mut metadata = vec![
        tree::entry("dataId", text(&["metadata", "dataId"])),
        tree::entry("group", text(&["metadata", "group"])),
        tree::entry("namespaceId", text(&["metadata", "namespaceId"])),
    ];
    for optional in ["appName", "tenant", "tag"] {
        if let Some(value) = known(&["metadata", optional]) {
            metadata.push(tree::entry(optional, value));
        }
    }
    let endpoint = tree::map([
        ("name", text(&["endpoint", "name"])),
        ("namespace", text(&["endpoint", "namespace"])),
    ]);
    let nacos = tree::map([
        ("endpoint", endpoint),
        ("format", text(&["format"])),
        ("metadata", tree::detached(Data::Map(metadata))),
    ]);
    tree::map([("nacos", nacos)])
}
