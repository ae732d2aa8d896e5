//! That a default is a value of the schema it stands in, with no unknown field.
//!
//! Defaults are not filled up before they are looked at: a default of `{}` where a field is required is a fault, even if
//! that field has a default itself. Fields that are int-or-string take any default. Below `additionalProperties` the server
//! does not look.

use super::super::path::Path;
use super::super::schema::{Additional, Schema, Type};
use super::super::{cel, metadata, prune, value};
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Tree};

/// The faults of the defaults in a schema.
pub(super) fn check(props: &Tree, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let mut schema = Schema::compile(props);
    loosen(&mut schema);
    // the whole is a resource, so a default of the whole would have to be one
    schema.embedded = true;
    visit(props, &schema, path, faults);
}

/// Int-or-string is no type when a default is looked at.
fn loosen(schema: &mut Schema) {
    if schema.kind == Some(Type::IntOrString) {
        schema.kind = None;
    }
    schema.properties.values_mut().for_each(loosen);
    if let Some(items) = &mut schema.items {
        loosen(items);
    }
    if let Additional::Only(below) = &mut schema.additional {
        loosen(below);
    }
}

fn visit(props: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if let Some(default) = &schema.default {
        let here = path.field("default");
        let mut unknown = Vec::new();
        prune::unknown(default, schema, &here, &mut unknown);
        if let Some(first) = unknown.first() {
            let message = format!("has the unknown field `{}`", first.field);
            faults.push(here.fault(FaultKind::Invalid, message, first.span));
        }
        let before = faults.len();
        metadata::embedded_at(default, schema, &here, faults);
        if faults.len() == before {
            value::check(default, schema, &here, faults);
        }
        if faults.len() == before {
            cel::broken(default, schema, &here, faults);
        }
    }
    let below = |key: &str| {
        props
            .get(key)
            .filter(|tree| matches!(tree.data, Data::Map(_)))
    };
    if let (Some(props), Some(schema)) = (below("items"), &schema.items) {
        visit(props, schema, &path.field("items"), faults);
    }
    let of_fields = path.field("properties");
    for entry in props
        .get("properties")
        .map(Tree::entries)
        .unwrap_or_default()
    {
        if let Some(schema) = schema.properties.get(&entry.key) {
            visit(&entry.value, schema, &of_fields.key(&entry.key), faults);
        }
    }
}
