//! A file of `schemas/` as the `ConfigMap` that the dashboard reads: its YAML as compact JSON.
//!
//! Any extension counts. The object is called by the name of the file up to its first dot (kubevela 5a44b5f10
//! `renderSchemaConfigmap`).

use crate::failure::{Fault, Stage, Step};
use crate::object;
use crate::rendered::{Auxiliary, AuxiliaryRole};
use crate::tree;
use addon_model::TextFile;
use goyaml::Strictness;
use source_vocab::Diagnostic;

pub(super) fn render(file: &TextFile) -> Step<Auxiliary> {
    let start = file.source.span().start();
    let read = goyaml::read_tree(
        file.text().as_bytes(),
        file.source.base(),
        Strictness::Lenient,
    );
    let schema = read.map_err(|error| {
        let message = format!("`{}` is no valid YAML: {error}", file.path);
        let place = error.span().unwrap_or(start);
        let found = Diagnostic::error("render/ui-schema", message, place);
        let said = format!("render uiSchema file {}: ", file.name());
        Fault::new(Stage::UiSchemas, said, vec![found])
    })?;
    let json = crate::json::to_string(&schema.to_value());
    let name = file.name().split('.').next().unwrap_or_default();
    Ok(Auxiliary {
        role: AuxiliaryRole::UiSchema,
        source: file.path.clone(),
        object: object::config_map(
            tree::text(name, start),
            vec![("ui-schema", tree::text(json, start))],
        ),
    })
}
