//! Builders: how the schema of a value is put together.
//!
//! A [`Builder`] gathers keywords. Most can be said once (`single`); a keyword that is said twice (two bounds, two
//! patterns) opens a new object, and several of them become an `allOf`. A builder with a `core` describes a part of what
//! its core describes: it leaves out the types, descriptions and defaults that stand at the core already.
//!
//! As `build.go` of cue v0.14.1 `encoding/openapi`. One thing differs and does not show: the schema of a field is made
//! once and remembered, so that the time is not exponential in the depth.

use super::format;
use super::map::Object;
use cue_eval::builtin::Check;
use cue_eval::inspect::{Any, Inspector, Operation, Profile};
use cue_eval::{Data, Datum, Kind, Shape, Term};
use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};
use source_vocab::{Diagnostic, Place, Span};
use std::sync::Arc;

/// Why there is no schema.
pub(super) type Failed = Box<Diagnostic>;

/// A builder by its number.
pub(super) type BuilderId = usize;

/// How deep structs and lists may nest in a schema.
const MAX_DEPTH: usize = 200;

/// A schema in the making.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) typ: String,
    pub(super) format: String,
    deprecated: bool,
    singles: Option<Object>,
    /// The objects of an `allOf`; keywords go into the last one.
    all: Vec<Object>,
    /// Which of them takes keywords.
    open: Option<usize>,
    /// The builder that this one restricts.
    pub(super) core: Option<BuilderId>,
    filled: Option<Data>,
    // what the core collects
    pub(super) kind: Kind,
    /// The values that were collected, each once.
    pub(super) values: Vec<Term>,
    /// What they were collected from.
    pub(super) sources: Vec<Term>,
    pub(super) properties: IndexMap<Arc<str>, BuilderId>,
    pub(super) items: Option<BuilderId>,
}

impl Builder {
    /// Sets a keyword that stands once, outside of any `allOf`.
    pub(super) fn single(&mut self, key: &str, value: Data) {
        self.singles
            .get_or_insert_with(Object::default)
            .set(key, value);
    }

    /// Sets a property.
    pub(super) fn property(&mut self, name: &str, value: Data) {
        self.singles
            .get_or_insert_with(Object::default)
            .set_within("properties", name, value);
    }

    /// Sets a keyword; one that is there already makes an `allOf`.
    pub(super) fn set(&mut self, key: &str, value: Data) {
        let open = self.open.and_then(|at| self.all.get_mut(at));
        if let Some(open) = open.filter(|open| !open.has(key)) {
            open.set(key, value);
            return;
        }
        self.open = Some(self.all.len());
        self.all.push(Object::of(key, value));
    }

    /// Says that something must not hold.
    pub(super) fn set_not(&mut self, key: &str, value: Data) {
        let inner = Object::of(key, value).into_data();
        self.all.push(Object::of("not", inner));
    }
}

/// What makes schemas of the values of one graph.
#[derive(Debug)]
pub(super) struct Generator<'p> {
    pub(super) i: Inspector<'p>,
    builders: Vec<Builder>,
    /// The values on the way down.
    stack: Vec<Term>,
    /// The schemas of values that were described without a core.
    known: FxHashMap<Datum, Data>,
    open: FxHashMap<(Datum, bool), Option<Term>>,
    /// The values that were forgotten how they are written, by their nodes.
    evaluated: FxHashMap<Datum, Term>,
}

impl<'p> Generator<'p> {
    pub(super) fn new(i: Inspector<'p>) -> Self {
        Self {
            i,
            builders: Vec::new(),
            stack: Vec::new(),
            known: FxHashMap::default(),
            open: FxHashMap::default(),
            evaluated: FxHashMap::default(),
        }
    }

    /// The schema of a value.
    pub(super) fn root(mut self, name: &str, value: Term) -> Result<Data, Vec<Diagnostic>> {
        let made = self.schema(None, value);
        if self.i.is_exhausted() {
            return Err(vec![Diagnostic::error(
                "cue/limit",
                format!("the schema of `{name}` exceeds the limits of an evaluation"),
                self.place(value),
            )]);
        }
        made.map_err(|found| vec![*found])
    }

    pub(super) fn builder(&mut self, id: BuilderId) -> &mut Builder {
        &mut self.builders[id]
    }

    fn add(&mut self, builder: Builder) -> BuilderId {
        self.builders.push(builder);
        self.builders.len() - 1
    }

    pub(super) fn new_core(&mut self) -> BuilderId {
        self.add(Builder::default())
    }

    /// Whether a builder restricts another.
    pub(super) fn is_part(&mut self, b: BuilderId) -> bool {
        self.builder(b).core.is_some()
    }

    /// A builder for an alternative.
    fn new_alternative(&mut self, parent: BuilderId) -> BuilderId {
        let from = self.builder(parent);
        let made = Builder {
            core: Some(from.core.unwrap_or(parent)),
            typ: from.typ.clone(),
            format: from.format.clone(),
            ..Builder::default()
        };
        self.add(made)
    }

    pub(super) fn place(&self, value: Term) -> Place {
        match self.i.view(value).span() {
            Span::DETACHED => Place::Nowhere,
            span => span.into(),
        }
    }

    /// A value that OpenAPI has no words for.
    pub(super) fn failed(&self, value: Term, message: impl Into<String>) -> Failed {
        Box::new(Diagnostic::error(
            "cue/no-schema",
            message,
            self.place(value),
        ))
    }

    pub(super) fn unsupported(&self, value: Term, operation: &Operation, kind: &str) -> Failed {
        self.failed(
            value,
            format!("a schema cannot say `{}` of a {kind}", operation.symbol()),
        )
    }

    // ---- cycles ----

    pub(super) fn enter(&mut self, value: Term) -> Result<(), Failed> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.failed(value, "the schema nests too deep, or contains itself"));
        }
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.stack.pop();
    }

    /// Fails for a value that refers to one on the way to it.
    pub(super) fn check_acyclic(&mut self, value: Term) -> Result<(), Failed> {
        let followed = |this: &Self, term: Term| this.i.followed(term).datum;
        let above: Vec<Datum> = self
            .stack
            .iter()
            .map(|&term| followed(self, term))
            .collect();
        let references = self.i.references(value);
        let is_cycle = references
            .into_iter()
            .any(|term| above.contains(&followed(self, term)));
        if !is_cycle {
            return Ok(());
        }
        let message = "the value contains itself, which a schema without references cannot say";
        Err(self.failed(value, message))
    }

    /// What further fields or elements have to be; the same value each time.
    pub(super) fn any(&mut self, value: Term, any: Any) -> Option<Term> {
        let key = (self.i.followed(value).datum, any == Any::Field);
        if let Some(known) = self.open.get(&key) {
            return *known;
        }
        let found = self.i.any(value, any);
        self.open.insert(key, found);
        found
    }

    /// The value by what it evaluated to; the same value each time.
    pub(super) fn evaluated(&mut self, value: Term) -> Term {
        let key = self.i.followed(value).datum;
        if let Some(known) = self.evaluated.get(&key) {
            return *known;
        }
        let made = self.i.evaluated(value);
        self.evaluated.insert(key, made);
        // what has been evaluated stays as it is
        self.evaluated.insert(self.i.followed(made).datum, made);
        made
    }

    // ---- schemas ----

    /// The schema of a value; with a core, what it adds to the core.
    pub(super) fn schema(&mut self, core: Option<BuilderId>, value: Term) -> Result<Data, Failed> {
        if core.is_some() {
            let b = self.add(Builder {
                core,
                ..Builder::default()
            });
            return self.fill(b, value);
        }
        if let Some(known) = self.known.get(&value.datum) {
            return Ok(known.clone());
        }
        self.enter(value)?;
        let made = self.structural(value);
        self.leave();
        let made = made?;
        self.known.insert(value.datum, made.clone());
        Ok(made)
    }

    fn structural(&mut self, value: Term) -> Result<Data, Failed> {
        let b = self.new_core();
        self.collect(b, value)?;
        self.core_schema(b)?;
        self.fill(b, value)
    }

    pub(super) fn fill(&mut self, b: BuilderId, value: Term) -> Result<Data, Failed> {
        if let Some(filled) = &self.builder(b).filled {
            return Ok(filled.clone());
        }
        if !self.is_part(b) {
            let kind = self.i.kind(value).without(Kind::NULL);
            if let Some(typ) = type_of(kind) {
                typ.clone_into(&mut self.builder(b).typ);
            }
        }
        self.builder(b).format = format::of(&mut self.i, value)
            .unwrap_or_default()
            .to_owned();
        self.builder(b).deprecated = self.is_deprecated(value);
        let core = self.builder(b).core;
        let describes = match core {
            None => true,
            Some(core) => self.builder(core).values.len() > 1,
        };
        if describes {
            self.value(b, value)?;
        }
        let mut schema = self.finish(b);
        let (typ, name) = (self.builder(b).typ.clone(), self.builder(b).format.clone());
        format::simplify(&mut schema, &typ, &name);
        schema.sort();
        let made = schema.into_data();
        self.builder(b).filled = Some(made.clone());
        Ok(made)
    }

    /// Whether an attribute for protocol buffers says so.
    fn is_deprecated(&self, value: Term) -> bool {
        self.i.view(value).attributes().iter().any(|text| {
            text.strip_prefix("@protobuf(")
                .and_then(|rest| rest.strip_suffix(')'))
                .is_some_and(|body| {
                    body.split(',')
                        .skip(1)
                        .any(|word| word.trim() == "deprecated")
                })
        })
    }

    /// Sets the description to the documentation of a value.
    pub(super) fn describe(&mut self, b: BuilderId, value: Term) {
        let docs = self.i.docs(value);
        if docs.is_empty() {
            return;
        }
        let texts: Vec<&str> = docs.iter().map(|doc| &**doc).collect();
        let text = texts.join("\n\n");
        self.builder(b)
            .single("description", Data::from(text.trim()));
    }

    pub(super) fn set_type(&mut self, b: BuilderId, typ: &str) {
        let builder = self.builder(b);
        if builder.typ.is_empty() {
            typ.clone_into(&mut builder.typ);
        }
    }

    /// Describes a value.
    pub(super) fn value(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        self.enter(value)?;
        let result = self.value_inner(b, value);
        self.leave();
        result
    }

    fn value_inner(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        let mut target = self.i.dereference(value);
        if !Kind::STRUCT.is_within(self.i.kind(target)) {
            target = self.evaluated(target);
        }
        let mut conjuncts = Vec::new();
        self.split_into(&mut conjuncts, &Operation::And, target)?;
        for conjunct in conjuncts {
            if self.is_constant(conjunct) {
                self.dispatch(b, conjunct)?;
                if !self.is_part(b) {
                    let constant = self.constant(conjunct)?;
                    self.builder(b).set("enum", Data::List(vec![constant]));
                }
                continue;
            }
            let mut alternatives = Vec::new();
            self.split_into(&mut alternatives, &Operation::Or, conjunct)?;
            for alternative in &mut alternatives {
                if !self.i.is_path(*alternative) {
                    *alternative = self.evaluated(*alternative);
                }
            }
            match alternatives.as_slice() {
                [] => {}
                [only] => {
                    if self.i.view(*only).error().is_some() {
                        return Err(self.error_of(*only));
                    }
                    self.dispatch(b, *only)?;
                }
                _ => self.disjunction(b, &alternatives)?,
            }
        }
        self.default(b, value)
    }

    fn error_of(&self, value: Term) -> Failed {
        let view = self.i.view(value);
        let found = view.diagnostics(Check::Concrete).into_iter().next();
        found.map_or_else(
            || self.failed(value, "a value without an error was expected"),
            Box::new,
        )
    }

    /// The default, unless it is an empty list.
    fn default(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        if self.is_part(b) {
            return Ok(());
        }
        let view = self.i.view(value);
        let taken = view.default();
        let has_default = match view.base_term().map(|base| base.datum) {
            Some(Datum::Disjunction(id)) => self.i.graph().pool().disjunction(id).defaults == 1,
            // the default of a list is the list without its open end
            Some(Datum::ListMark(_)) => true,
            _ => false,
        };
        let is_shown = match taken.shape() {
            Shape::Incomplete(_) | Shape::Error(_) => false,
            Shape::List(_) => !taken.elements().is_empty(),
            _ => true,
        };
        if has_default && is_shown {
            let is_whole = taken.passes(Check::Concrete);
            let data = taken.data().filter(|_| is_whole);
            let data = data.ok_or_else(|| self.error_of(taken.term()))?;
            self.builder(b).set("default", data);
        }
        Ok(())
    }

    /// Splits a value by an operation, as deep as it goes. Operands that say the same are taken once.
    fn split_into(
        &mut self,
        into: &mut Vec<Term>,
        by: &Operation,
        value: Term,
    ) -> Result<(), Failed> {
        let split = self.i.split(value);
        let mut operands: Vec<Term> = Vec::with_capacity(split.operands.len());
        let mut scalars: FxHashSet<String> = FxHashSet::default();
        let mut others: Vec<Term> = Vec::new();
        for operand in split.operands {
            // two scalars say the same when they are equal, and a scalar never says what another value says
            if let Some(key) = self.scalar_key(operand) {
                if scalars.insert(key) {
                    operands.push(operand);
                }
                continue;
            }
            let mut is_known = false;
            for &known in &others {
                is_known = self.i.subsumes(operand, known, Profile::EXACT)
                    && self.i.subsumes(known, operand, Profile::EXACT);
                if is_known {
                    break;
                }
            }
            if !is_known {
                operands.push(operand);
                others.push(operand);
            }
        }
        if split.operation == Operation::None && operands.len() == 1 {
            into.extend(operands);
        } else if split.operation == *by {
            for operand in operands {
                self.enter(operand)?;
                let result = self.split_into(into, by, operand);
                self.leave();
                result?;
            }
        } else {
            into.push(value);
        }
        Ok(())
    }

    /// A text that two scalars share when they are equal; none for other values.
    fn scalar_key(&self, value: Term) -> Option<String> {
        match self.i.view(value).shape() {
            Shape::Null | Shape::Bool(_) | Shape::String(_) | Shape::Bytes(_) => {
                Some(format!("{:?}", self.i.view(value).data()?))
            }
            Shape::Number(number) => {
                let reduced = number.decimal.reduced();
                Some(format!("{:?} {}", number.kind, reduced.canonical()))
            }
            Shape::Struct | Shape::List(_) | Shape::Incomplete(_) | Shape::Error(_) => None,
        }
    }

    /// Whether a value is a known scalar, or an error for good.
    fn is_constant(&self, value: Term) -> bool {
        match self.i.view(value).shape() {
            Shape::Struct | Shape::List(_) | Shape::Incomplete(_) => false,
            Shape::Error(id) => !self.i.graph().bottom(id).code.is_incomplete(),
            _ => true,
        }
    }

    /// A value as data.
    pub(super) fn constant(&self, value: Term) -> Result<Data, Failed> {
        let view = self.i.view(value);
        view.data().ok_or_else(|| self.error_of(value))
    }

    fn disjunction(&mut self, b: BuilderId, alternatives: &[Term]) -> Result<(), Failed> {
        let mut others = Vec::new();
        let mut constants = Vec::new();
        let mut is_nullable = false;
        for &alternative in alternatives {
            if matches!(self.i.view(alternative).default().shape(), Shape::Null) {
                is_nullable = true;
            } else if self.is_constant(alternative) {
                constants.push(self.constant(alternative)?);
            } else {
                others.push(alternative);
            }
        }
        if others.is_empty() || (others.len() == 1 && constants.is_empty()) {
            if let [only] = others.as_slice() {
                self.value(b, *only)?;
            }
            if !constants.is_empty() && !self.is_part(b) {
                self.builder(b).set("enum", Data::List(constants));
            }
            if is_nullable {
                self.builder(b).single("nullable", Data::Bool(true));
            }
            return Ok(());
        }
        let mut any_of = Vec::new();
        if !constants.is_empty() {
            any_of.push(Object::of("enum", Data::List(constants)).into_data());
        }
        if is_nullable {
            self.builder(b).single("nullable", Data::Bool(true));
        }
        let mut schemas = Vec::with_capacity(others.len());
        for &other in &others {
            let c = self.new_alternative(b);
            self.value(c, other)?;
            let schema = self.finish(c);
            if schema.is_empty() && self.builder(c).typ.is_empty() {
                return Ok(());
            }
            schemas.push(schema);
        }
        for (at, &other) in others.iter().enumerate() {
            // schemas are open, so what else fits is excluded by name
            let mut included = Vec::new();
            for (beside, &part) in others.iter().enumerate() {
                if at != beside && self.i.may_subsume(other, part, Profile::SCHEMA) {
                    included.push(schemas[beside].clone().into_data());
                }
            }
            let own = schemas[at].clone();
            any_of.push(if included.is_empty() {
                own.into_data()
            } else {
                let list = Object::of("anyOf", Data::List(included)).into_data();
                let exclude = Object::of("not", list).into_data();
                if own.is_empty() {
                    exclude
                } else {
                    let both = Data::List(vec![own.into_data(), exclude]);
                    Object::of("allOf", both).into_data()
                }
            });
        }
        self.builder(b).set("oneOf", Data::List(any_of));
        Ok(())
    }

    /// Puts the keywords together.
    pub(super) fn finish(&mut self, b: BuilderId) -> Object {
        let core = self.builder(b).core;
        let core_format = core.map(|core| self.builder(core).format.clone());
        let builder = self.builder(b);
        let parts = match builder.all.as_slice() {
            [] => Object::default(),
            [only] => only.clone(),
            all => {
                let all = all.iter().cloned().map(Object::into_data).collect();
                Object::of("allOf", Data::List(all))
            }
        };
        let mut made = match &builder.singles {
            Some(singles) => {
                let mut whole = singles.clone();
                whole.append(parts);
                whole
            }
            None => parts,
        };
        if builder.deprecated {
            made.set("deprecated", Data::Bool(true));
        }
        if !builder.typ.is_empty() && core.is_none() && !made.has("type") {
            made.set("type", Data::from(builder.typ.as_str()));
        }
        if !builder.format.is_empty() && core_format.as_ref() != Some(&builder.format) {
            made.set("format", Data::from(builder.format.as_str()));
        }
        made.sort();
        made
    }
}

/// The type of a set of kinds, when there is one.
fn type_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::BOOL => "boolean",
        Kind::FLOAT | Kind::NUMBER => "number",
        Kind::INT => "integer",
        Kind::BYTES | Kind::STRING => "string",
        Kind::STRUCT => "object",
        Kind::LIST => "array",
        _ => return None,
    })
}
