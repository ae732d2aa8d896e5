//! Rules of a schema: `x-kubernetes-validations`, written in CEL.
//!
//! ```text
//! token.rs  parse.rs  ast.rs      text to tree
//! check.rs  signatures.rs         types, before there is an object: what a CRD is refused for
//! eval.rs   library.rs  value.rs  the worth of a rule for an object
//! names.rs  time.rs               fields whose names are no identifiers; timestamps
//! policy.rs                       expressions outside of schemas
//! ```
//!
//! The interpreter is one of its own (`docs/adr/0005-cel.md`): types and values come from the schema, every step is counted,
//! and what it does not know ends in "unknown", which is no fault. Rules on the old state of an object (`oldSelf`) say nothing
//! about its creation.

#[cfg(test)]
mod answers;
mod ast;
mod check;
mod eval;
mod library;
mod names;
mod parse;
mod policy;
mod signatures;
mod time;
mod token;
mod value;

pub(super) use check::Spelling;
pub(crate) use names::is_identifier;
pub(crate) use policy::{Wanted, expression_fault};

use super::path::Path;
use super::schema::{Additional, ListType, Schema, is_set, member, text};
use crate::fault::{Fault, FaultKind};
use ast::{Expr, Kind};
use check::{Checker, Type};
use eval::{BUDGET, Evaluation};
use goyaml::{Data, Tree};
use std::sync::OnceLock;
use value::{Stop, Value};

/// What is wrong with an expression, and where in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) at: usize,
    /// The rest of a sentence that begins with the expression.
    pub(super) message: String,
}

/// A rule of a schema.
#[derive(Debug)]
pub(super) struct Rule {
    text: Box<str>,
    message: Option<Box<str>>,
    message_expression: Option<Box<str>>,
    field: Option<Box<str>>,
    kind: FaultKind,
    parsed: OnceLock<Option<Expr>>,
}

impl Rule {
    /// Reads an entry of `x-kubernetes-validations`; one without an expression is none.
    pub(super) fn read(tree: &Tree) -> Option<Self> {
        let own = |key: &str| text(tree, key).map(Into::into);
        Some(Self {
            text: own("rule")?,
            message: own("message"),
            message_expression: own("messageExpression"),
            field: own("fieldPath"),
            kind: match text(tree, "reason") {
                Some("FieldValueRequired") => FaultKind::Required,
                Some("FieldValueForbidden") => FaultKind::Forbidden,
                Some("FieldValueDuplicate") => FaultKind::DuplicateValue,
                _ => FaultKind::Invalid,
            },
            parsed: OnceLock::new(),
        })
    }

    /// The tree, unless the rule is no expression or one that speaks of the old state.
    fn expr(&self) -> Option<&Expr> {
        let parse = || parse::parse(&self.text).ok().filter(|expr| !uses_old(expr));
        self.parsed.get_or_init(parse).as_ref()
    }

    /// What the rule says of a value: its fault, if it is broken for certain.
    fn fault(
        &self,
        value: &Tree,
        schema: &Schema,
        path: &Path<'_>,
        left: &mut usize,
    ) -> Option<Fault> {
        let expr = self.expr()?;
        // lists become values as a whole
        *left = left.checked_sub(value.items().len())?;
        let this = Value::of(value, schema);
        let mut evaluation = Evaluation::new(this.clone(), *left);
        let outcome = evaluation.eval(expr);
        *left = evaluation.left();
        let reason = match outcome {
            Ok(Value::Bool(false)) => None,
            Ok(_) | Err(Stop::Unknown) => return None,
            Err(Stop::Error(reason)) => Some(reason),
        };
        let of_rule = || {
            self.message
                .as_deref()
                .map_or_else(|| self.text.trim(), str::trim)
        };
        let message = match reason {
            Some(reason) => format!("makes a rule fail ({reason}): {}", of_rule()),
            None => {
                let said = self
                    .computed(this, *left)
                    .or_else(|| self.message.as_deref().map(Into::into));
                match said {
                    Some(said) => format!("breaks a rule: {}", said.trim()),
                    None => format!("breaks the rule `{}`", self.text.trim()),
                }
            }
        };
        let named = self
            .field
            .as_deref()
            .map(|field| field.trim_start_matches('.'));
        let span = named.and_then(|named| named.split('.').try_fold(value, |at, key| at.get(key)));
        let span = span.map_or(value.span, |found| found.span);
        Some(match named {
            Some(named) => path.field(named).fault(self.kind, message, span),
            None => path.fault(self.kind, message, span),
        })
    }

    /// The message that an expression gives.
    fn computed(&self, this: Value<'_>, left: usize) -> Option<String> {
        let expr = parse::parse(self.message_expression.as_deref()?).ok()?;
        match Evaluation::new(this, left).eval(&expr) {
            Ok(Value::String(text)) if !text.trim().is_empty() => Some(text.to_string()),
            _ => None,
        }
    }
}

fn uses_old(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |expr| {
        found |= matches!(&expr.kind, Kind::Ident(name) if &**name == "oldSelf");
    });
    found
}

/// The rules that a value breaks: a custom resource, or a default.
pub(super) fn broken(value: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if schema.any(&|node| !node.rules.is_empty()) {
        let mut left = BUDGET;
        walk(value, schema, path, &mut left, faults);
    }
}

fn walk(value: &Tree, schema: &Schema, path: &Path<'_>, left: &mut usize, faults: &mut Vec<Fault>) {
    if value.data == Data::Null {
        return;
    }
    let broken = schema
        .rules
        .iter()
        .filter_map(|rule| rule.fault(value, schema, path, left));
    faults.extend(broken);
    match &value.data {
        Data::Map(entries) => {
            for entry in entries {
                if let Some(known) = schema.properties.get(&entry.key) {
                    walk(&entry.value, known, &path.field(&entry.key), left, faults);
                } else if let Additional::Only(known) = &schema.additional {
                    walk(&entry.value, known, &path.key(&entry.key), left, faults);
                }
            }
        }
        Data::List(items) => {
            if let Some(known) = &schema.items {
                for (at, item) in items.iter().enumerate() {
                    walk(item, known, &path.index(at), left, faults);
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

/// Whether the old and the new value at a place of the schema belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Correlated {
    Yes,
    No,
}

/// What is wrong with the rules of a schema, which is sound otherwise: expressions that are none, or have the wrong type.
pub(super) fn check(
    props: &Tree,
    schema: &Schema,
    spelling: Spelling,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    if schema.any(&|node| !node.rules.is_empty()) {
        visit(props, schema, spelling, Correlated::Yes, path, faults);
    }
}

fn visit(
    props: &Tree,
    schema: &Schema,
    spelling: Spelling,
    correlated: Correlated,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    let is_root = matches!(path, Path::Field(_, "openAPIV3Schema"));
    let of_all = path.field("x-kubernetes-validations");
    let rules = props.get("x-kubernetes-validations").map(Tree::items);
    if let Some(this) = Type::of(schema, is_root) {
        for (at, rule) in rules.unwrap_or_default().iter().enumerate() {
            of_rule(rule, &this, spelling, correlated, &of_all.index(at), faults);
        }
    }
    let mapping = |key: &str| member(props, key).filter(|tree| matches!(tree.data, Data::Map(_)));
    if let (Some(props), Some(items)) = (mapping("items"), &schema.items) {
        let is_map = matches!(schema.list, ListType::Map(_));
        let inside = if is_map { correlated } else { Correlated::No };
        visit(props, items, spelling, inside, &path.field("items"), faults);
    }
    let of_fields = path.field("properties");
    for entry in props
        .get("properties")
        .map(Tree::entries)
        .unwrap_or_default()
    {
        if let Some(known) = schema.properties.get(&entry.key) {
            let here = of_fields.key(&entry.key);
            visit(&entry.value, known, spelling, correlated, &here, faults);
        }
    }
    if let (Some(props), Additional::Only(known)) =
        (mapping("additionalProperties"), &schema.additional)
    {
        let here = path.field("additionalProperties");
        visit(props, known, spelling, correlated, &here, faults);
    }
}

fn of_rule(
    rule: &Tree,
    this: &Type<'_>,
    spelling: Spelling,
    correlated: Correlated,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    let is_optional = is_set(rule, "optionalOldSelf");
    let old = if is_optional {
        Type::Optional(Box::new(this.clone()))
    } else {
        this.clone()
    };
    for (key, wanted) in [("rule", Type::Bool), ("messageExpression", Type::String)] {
        let (Some(written), Some(found)) = (text(rule, key), rule.get(key)) else {
            continue;
        };
        if written.trim().is_empty() {
            continue;
        }
        let here = path.field(key);
        let parsed = parse::parse(written);
        let checked = parsed.as_ref().map_err(Clone::clone).and_then(|expr| {
            let of = Checker::new(this, old.clone(), spelling).check(expr)?;
            let fits =
                of == wanted || (of == Type::Any && !matches!(expr.kind, Kind::Select { .. }));
            if fits {
                return Ok(());
            }
            let message = match key {
                "rule" => "is not a condition: its value must be `true` or `false`",
                _ => "is not a text: its value must be a string",
            };
            Err(SyntaxError {
                at: expr.at,
                message: message.to_owned(),
            })
        });
        if let Err(error) = checked
            && error.message != parse::TOO_DEEP
        {
            let part: String = written
                .get(error.at..)
                .unwrap_or_default()
                .chars()
                .take(30)
                .collect();
            let message = match part.as_str() {
                "" => format!("`{}` {}", written.trim(), error.message),
                part => format!("{} at `{}`", error.message, part.trim_end()),
            };
            faults.push(here.fault(FaultKind::Invalid, message, found.span));
        }
        if key != "rule" {
            continue;
        }
        let uses_old = parsed.is_ok_and(|expr| uses_old(&expr));
        if uses_old && correlated == Correlated::No {
            let message = "uses `oldSelf`, which is not known for the elements of such a list";
            faults.push(here.fault(FaultKind::Invalid, message, found.span));
        }
        if !uses_old && member(rule, "optionalOldSelf").is_some() {
            let message = "cannot be set, because the rule does not use `oldSelf`";
            let span = rule
                .get("optionalOldSelf")
                .map_or(rule.span, |flag| flag.span);
            let here = path.field("optionalOldSelf");
            faults.push(here.fault(FaultKind::Invalid, message, span));
        }
    }
}
