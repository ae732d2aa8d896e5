//! The core of a structural schema: the properties, items and descriptions of everything that a value may be.
//!
//! `{a: int} | {b: string}` has the core `{a, b}`: alternatives and conjuncts are gone through, and what they say of one
//! property is collected in one builder. As `crd.go` of cue v0.14.1 `encoding/openapi`.

use super::build::{BuilderId, Failed, Generator};
use super::format;
use cue_eval::inspect::{Any, Operation};
use cue_eval::{ArcKind, Data, Kind, Term, Value};
use std::sync::Arc;

impl Generator<'_> {
    /// Collects what a value may be into a core builder.
    pub(super) fn collect(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        self.enter(value)?;
        let result = self.collect_inner(b, value);
        self.leave();
        result
    }

    fn collect_inner(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        self.builder(b).sources.push(value);
        self.describe(b, value);
        let mut value = value;
        if let Some(name) = format::of(&mut self.i, value) {
            self.builder(b).format = name.to_owned();
        } else {
            value = self.evaluated(value);
            let kind = self.i.kind(value);
            self.builder(b).kind = kind;
            let open = if kind == Kind::STRUCT {
                self.any(value, Any::Field)
            } else if kind == Kind::LIST {
                self.any(value, Any::Element)
            } else {
                None
            };
            if let Some(inner) = open {
                self.check_acyclic(inner)?;
                let items = match self.builder(b).items {
                    Some(items) => items,
                    None => {
                        let items = self.new_core();
                        self.builder(b).items = Some(items);
                        items
                    }
                };
                self.collect(items, inner)?;
            }
            if kind == Kind::STRUCT {
                self.collect_struct(b, value)?;
            }
        }
        let known = self.builder(b).values.clone();
        if !known.into_iter().any(|known| self.i.is_equal(known, value)) {
            self.builder(b).values.push(value);
        }
        Ok(())
    }

    fn collect_struct(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        let split = self.i.split(value);
        if matches!(split.operation, Operation::And | Operation::Or) {
            for part in split.operands {
                self.collect(b, part)?;
            }
        }
        for (name, field) in self.fields(
            value,
            &[ArcKind::Member, ArcKind::Required, ArcKind::Optional],
        ) {
            let known = self.builder(b).properties.get(&name).copied();
            let sub = match known {
                Some(sub) => sub,
                None => {
                    let sub = self.new_core();
                    self.builder(b).properties.insert(name, sub);
                    sub
                }
            };
            self.collect(sub, field)?;
        }
        Ok(())
    }

    /// The regular fields of a value of some kinds, in the order of output.
    pub(super) fn fields(&self, value: Term, kinds: &[ArcKind]) -> Vec<(Arc<str>, Term)> {
        let view = self.i.view(value).default();
        view.arcs()
            .into_iter()
            .filter(|field| field.label.is_string() && kinds.contains(&field.kind))
            .map(|field| {
                let name = self.i.graph().labels().text(field.label);
                (Arc::from(&*name), Value::term(field.value))
            })
            .collect()
    }

    /// The schema of what was collected.
    pub(super) fn core_schema(&mut self, b: BuilderId) -> Result<Data, Failed> {
        let items = self.builder(b).items;
        let kind = self.builder(b).kind;
        if kind == Kind::LIST
            && let Some(items) = items
        {
            self.set_type(b, "array");
            let schema = self.sub_schema(items)?;
            self.builder(b).single("items", schema);
        } else if kind == Kind::STRUCT {
            let subs = self.builder(b).properties.clone();
            let mut properties: Vec<(Arc<str>, Data)> = Vec::with_capacity(subs.len());
            for (name, sub) in subs {
                let schema = self.sub_schema(sub)?;
                properties.push((name, schema));
            }
            if !properties.is_empty() || items.is_some() {
                self.set_type(b, "object");
            }
            if !properties.is_empty() {
                self.builder(b)
                    .single("properties", Data::Struct(properties));
            }
            if let Some(items) = items {
                let schema = self.sub_schema(items)?;
                self.builder(b).single("additionalProperties", schema);
            }
        }
        if let [only] = self.builder(b).values.as_slice() {
            let only = *only;
            return self.fill(b, only);
        }
        Ok(self.finish(b).into_data())
    }

    /// The schema of a part. One that was collected from a single value is that value's schema, which is made once.
    fn sub_schema(&mut self, b: BuilderId) -> Result<Data, Failed> {
        if let [only] = self.builder(b).sources.as_slice() {
            let only = *only;
            return self.schema(None, only);
        }
        self.core_schema(b)
    }
}
