//! The types of an expression: what the server refuses before any object is there.
//!
//! The type of `self` is made of the schema. A field that keeps what it does not know, and has no type itself, cannot be
//! reached by a rule; an int-or-string may be anything. What this checker is not sure of is [`Type::Any`], which fits
//! everything, so that a complaint is one that the server makes as well.

use super::super::schema::{Additional, Schema, Type as Kinds};
use super::SyntaxError;
use super::ast::{Expr, How, Kind, Op, Walk};
use super::names::{escaped, unescaped};
use super::signatures::{self, Class};
use crate::release::Release;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type<'s> {
    Any,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List(Box<Type<'s>>),
    Map(Box<Type<'s>>, Box<Type<'s>>),
    /// A mapping whose fields are known.
    Object(Fields<'s>),
    /// `metadata` of a resource, of which only the two names can be reached.
    Metadata,
    Optional(Box<Type<'s>>),
    /// A type of Kubernetes' libraries, by its name.
    Library(&'static str),
}

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'s> {
    schema: &'s Schema,
    /// Whether it has `apiVersion`, `kind` and `metadata`.
    is_resource: bool,
}

impl PartialEq for Fields<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.schema, other.schema)
    }
}

impl<'s> Type<'s> {
    /// What a value of a schema is to rules; `None` when they cannot reach it.
    pub(super) fn of(schema: &'s Schema, is_root: bool) -> Option<Self> {
        Some(match schema.kind? {
            Kinds::IntOrString => Self::Any,
            Kinds::Boolean => Self::Bool,
            Kinds::Integer => Self::Int,
            Kinds::Number => Self::Double,
            Kinds::String => match schema.checks.format.as_deref() {
                Some("byte") => Self::Bytes,
                Some("duration") => Self::Duration,
                Some("date" | "date-time") => Self::Timestamp,
                _ => Self::String,
            },
            Kinds::Array => Self::List(Box::new(Self::of(schema.items.as_deref()?, false)?)),
            Kinds::Object => match &schema.additional {
                Additional::Only(values) => {
                    Self::Map(Box::new(Self::String), Box::new(Self::of(values, false)?))
                }
                _ => Self::Object(Fields {
                    schema,
                    is_resource: is_root || schema.embedded,
                }),
            },
        })
    }

    /// As it stands in a message.
    fn name(&self) -> String {
        match self {
            Self::Any => "dyn".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Uint => "uint".to_owned(),
            Self::Double => "double".to_owned(),
            Self::String => "string".to_owned(),
            Self::Bytes => "bytes".to_owned(),
            Self::Timestamp => "timestamp".to_owned(),
            Self::Duration => "duration".to_owned(),
            Self::List(of) => format!("list({})", of.name()),
            Self::Map(key, value) => format!("map({}, {})", key.name(), value.name()),
            Self::Object(_) | Self::Metadata => "object".to_owned(),
            Self::Optional(of) => format!("optional({})", of.name()),
            Self::Library(name) => (*name).to_owned(),
        }
    }

    /// Whether values of the two types can be compared for equality.
    fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Null, other) | (other, Self::Null) => matches!(
                other,
                Self::Null
                    | Self::Object(_)
                    | Self::Metadata
                    | Self::Timestamp
                    | Self::Duration
                    | Self::Library(_)
                    | Self::Optional(_)
            ),
            (Self::List(left), Self::List(right))
            | (Self::Optional(left), Self::Optional(right)) => left.fits(right),
            (Self::Map(key, value), Self::Map(other, other_value)) => {
                key.fits(other) && value.fits(other_value)
            }
            (left, right) => left == right,
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double)
    }

    /// What stands in the table of functions.
    fn class(&self) -> Class {
        match self {
            Self::Any | Self::Null => Class::Any,
            Self::Bool => Class::Bool,
            Self::Int => Class::Int,
            Self::Uint => Class::Uint,
            Self::Double => Class::Double,
            Self::String => Class::String,
            Self::Bytes => Class::Bytes,
            Self::Timestamp => Class::Timestamp,
            Self::Duration => Class::Duration,
            Self::List(_) => Class::List,
            Self::Map(..) => Class::Map,
            Self::Object(_) | Self::Metadata => Class::Object,
            Self::Optional(_) => Class::Optional,
            Self::Library(_) => Class::Library,
        }
    }
}

/// Which names of fields a server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crd) enum Spelling {
    /// Reserved words only in their escaped form: up to 1.31.
    Escaped,
    /// Reserved words as they are, too.
    Plain,
}

impl From<Release> for Spelling {
    fn from(release: Release) -> Self {
        if release.minor() < 32 {
            Self::Escaped
        } else {
            Self::Plain
        }
    }
}

/// A check of one expression.
pub(super) struct Checker<'e, 's> {
    vars: Vec<(&'e str, Type<'s>)>,
    spelling: Spelling,
}

type Checked<'s> = Result<Type<'s>, SyntaxError>;

fn refuse<T>(at: usize, message: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError {
        at,
        message: message.into(),
    })
}

impl<'e, 's> Checker<'e, 's> {
    /// A check where `self` and `oldSelf` are of a type.
    pub(super) fn new(this: &Type<'s>, old: Type<'s>, spelling: Spelling) -> Self {
        Self {
            vars: vec![("self", this.clone()), ("oldSelf", old)],
            spelling,
        }
    }

    /// The type of an expression.
    pub(super) fn check(&mut self, expr: &'e Expr) -> Checked<'s> {
        let at = expr.at;
        Ok(match &expr.kind {
            Kind::Null => Type::Null,
            Kind::Bool(_) => Type::Bool,
            Kind::Int(_) => Type::Int,
            Kind::Uint(_) => Type::Uint,
            Kind::Double(_) => Type::Double,
            Kind::String(_) => Type::String,
            Kind::Bytes(_) => Type::Bytes,
            Kind::Ident(name) => self.variable(at, name)?,
            Kind::Select {
                of,
                field,
                is_optional,
            } => {
                let of = self.check(of)?;
                let is_optional = *is_optional || matches!(of, Type::Optional(_));
                let found = self.field(at, &of, field)?;
                if is_optional { optional(found) } else { found }
            }
            Kind::Has { of, field } => {
                let of = self.check(of)?;
                self.field(at, &of, field)?;
                Type::Bool
            }
            Kind::Index {
                of,
                index,
                is_optional,
            } => self.index(of, index, *is_optional)?,
            Kind::Call { target, name, args } => self.call(at, target.as_deref(), name, args)?,
            Kind::Not(of) => self.expect(of, &Type::Bool)?,
            Kind::Negate(of) => match self.check(of)? {
                found @ (Type::Any | Type::Int | Type::Double | Type::Duration) => found,
                other => return refuse(at, format!("a {} has no negative", other.name())),
            },
            Kind::Binary { op, left, right } => self.binary(*op, left, right)?,
            Kind::Conditional {
                test,
                then,
                otherwise,
            } => {
                self.expect(test, &Type::Bool)?;
                let (then_type, other) = (self.check(then)?, self.check(otherwise)?);
                if !then_type.fits(&other) {
                    let message = format!(
                        "gives a {} or a {}, which are not of one type",
                        then_type.name(),
                        other.name()
                    );
                    return refuse(at, message);
                }
                if then_type == Type::Null {
                    other
                } else {
                    then_type
                }
            }
            Kind::List(items) => Type::List(Box::new(self.common(items.iter())?)),
            Kind::Map(entries) => {
                let key = self.common(entries.iter().map(|(key, _)| key))?;
                let value = self.common(entries.iter().map(|(_, value)| value))?;
                Type::Map(Box::new(key), Box::new(value))
            }
            Kind::Walk(walk) => self.walk(walk)?,
        })
    }

    fn expect(&mut self, expr: &'e Expr, wanted: &Type<'s>) -> Checked<'s> {
        let found = self.check(expr)?;
        if found.fits(wanted) {
            return Ok(wanted.clone());
        }
        let message = format!("is a {}, a {} is expected", found.name(), wanted.name());
        refuse(expr.at, message)
    }

    /// The type that all elements have.
    fn common(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> Checked<'s> {
        let mut common: Option<Type<'s>> = None;
        for expr in exprs {
            let found = self.check(expr)?;
            match &common {
                None => common = Some(found),
                Some(known) if known.fits(&found) => {}
                Some(known) => {
                    let message = format!(
                        "is a {} among elements of type {}",
                        found.name(),
                        known.name()
                    );
                    return refuse(expr.at, message);
                }
            }
        }
        Ok(common.unwrap_or(Type::Any))
    }

    fn variable(&self, at: usize, name: &str) -> Checked<'s> {
        let found = self.vars.iter().rev().find(|(known, _)| *known == name);
        match found {
            Some((_, of)) => Ok(of.clone()),
            None if signatures::TYPES.contains(&name) => Ok(Type::Any),
            None => refuse(at, format!("`{name}` is not declared")),
        }
    }

    fn field(&self, at: usize, of: &Type<'s>, field: &str) -> Checked<'s> {
        let undefined = || refuse(at, format!("there is no field `{field}`"));
        match of {
            Type::Any => Ok(Type::Any),
            Type::Optional(inside) => self.field(at, inside, field),
            Type::Map(_, value) => Ok((**value).clone()),
            Type::Metadata => match field {
                "name" | "generateName" => Ok(Type::String),
                _ => undefined(),
            },
            Type::Object(fields) => {
                let name = match unescaped(field) {
                    Some(name) => name,
                    None if self.spelling == Spelling::Plain => field.into(),
                    None => return undefined(),
                };
                let known = fields.schema.properties.get(&*name);
                if fields.is_resource {
                    match &*name {
                        "apiVersion" | "kind" => return Ok(Type::String),
                        "metadata" => return Ok(Type::Metadata),
                        _ => {}
                    }
                }
                match known.filter(|_| escaped(&name).is_some()) {
                    Some(known) => Type::of(known, false).map_or_else(undefined, Ok),
                    None => undefined(),
                }
            }
            other => refuse(at, format!("a {} has no fields", other.name())),
        }
    }

    fn index(&mut self, of: &'e Expr, index: &'e Expr, is_optional: bool) -> Checked<'s> {
        let of_type = self.check(of)?;
        let by = self.check(index)?;
        let (inner, is_optional) = match of_type {
            Type::Optional(inside) => (*inside, true),
            other => (other, is_optional),
        };
        let found = match &inner {
            Type::Any => Type::Any,
            Type::List(of) if by == Type::Any || by == Type::Int => (**of).clone(),
            Type::Map(key, value) if key.fits(&by) => (**value).clone(),
            other => {
                let message = format!("a {} has no index of type {}", other.name(), by.name());
                return refuse(index.at, message);
            }
        };
        Ok(if is_optional { optional(found) } else { found })
    }

    fn binary(&mut self, op: Op, left: &'e Expr, right: &'e Expr) -> Checked<'s> {
        if let Op::And | Op::Or = op {
            self.expect(left, &Type::Bool)?;
            return self.expect(right, &Type::Bool);
        }
        let (one, other) = (self.check(left)?, self.check(right)?);
        let is_any = one == Type::Any || other == Type::Any;
        let is_ordered = |of: &Type<'_>| {
            !matches!(
                of,
                Type::Null
                    | Type::List(_)
                    | Type::Map(..)
                    | Type::Object(_)
                    | Type::Metadata
                    | Type::Optional(_)
                    | Type::Library(_)
            )
        };
        let fits = match op {
            Op::Equal | Op::NotEqual => one.fits(&other),
            Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => {
                let both = one.is_number() && other.is_number();
                both || (is_ordered(&one) && is_ordered(&other) && one.fits(&other))
            }
            Op::In => match &other {
                Type::List(of) => of.fits(&one),
                Type::Map(key, _) => key.fits(&one),
                Type::Any => true,
                _ => false,
            },
            _ => is_any || sum(op, &one, &other).is_some(),
        };
        if !fits {
            let message = format!(
                "`{}` does not take a {} and a {}",
                op.sign(),
                one.name(),
                other.name()
            );
            return refuse(right.at, message);
        }
        Ok(match op {
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => {
                sum(op, &one, &other).unwrap_or(Type::Any)
            }
            _ => Type::Bool,
        })
    }

    fn call(
        &mut self,
        at: usize,
        target: Option<&'e Expr>,
        name: &'e str,
        args: &'e [Expr],
    ) -> Checked<'s> {
        let space = match target.map(|target| &target.kind) {
            Some(Kind::Ident(space)) if !self.vars.iter().any(|(known, _)| **known == **space) => {
                Some(space)
            }
            _ => None,
        };
        if let Some(space) = space {
            let full = format!("{space}.{name}");
            if !signatures::is_known(&full) {
                return refuse(at, format!("there is no function `{full}`"));
            }
            let mut first = Type::Any;
            for arg in args {
                first = self.check(arg)?;
            }
            return Ok(match full.as_str() {
                "optional.of" | "optional.ofNonZeroValue" => optional(first),
                "optional.none" => optional(Type::Any),
                _ if full.starts_with("sets.") => Type::Bool,
                _ => Type::Any,
            });
        }
        if let ("optMap" | "optFlatMap", Some(target), [var, body]) = (name, target, args) {
            let inside = match self.check(target)? {
                Type::Optional(inside) => *inside,
                _ => Type::Any,
            };
            let Kind::Ident(var) = &var.kind else {
                return refuse(var.at, "must be the name of a variable");
            };
            self.vars.push((var, inside));
            let made = self.check(body);
            self.vars.pop();
            return Ok(if name == "optMap" {
                optional(made?)
            } else {
                made?
            });
        }
        let of = target.map(|target| self.check(target)).transpose()?;
        let mut types = Vec::with_capacity(args.len() + 1);
        types.extend(of.clone());
        for arg in args {
            types.push(self.check(arg)?);
        }
        if !signatures::is_known(name) {
            return refuse(at, format!("there is no function `{name}`"));
        }
        let classes: Vec<Class> = types.iter().map(Type::class).collect();
        let Some(result) = signatures::result(name, of.is_some(), &classes) else {
            let names: Vec<String> = types.iter().map(Type::name).collect();
            return refuse(at, format!("`{name}` does not take {}", names.join(", ")));
        };
        // patterns that stand in the rule are compiled with it
        if let ("matches" | "find" | "findAll", Some(Kind::String(pattern))) = (
            name,
            args.iter()
                .find_map(|arg| matches!(arg.kind, Kind::String(_)).then_some(&arg.kind)),
        ) && let Err(error) = goregexp::compile(pattern)
        {
            return refuse(at, format!("`{pattern}` is no regular expression: {error}"));
        }
        Ok(match (result, types.first()) {
            (Class::Bool, _) => Type::Bool,
            (Class::Int, _) => Type::Int,
            (Class::Uint, _) => Type::Uint,
            (Class::Double, _) => Type::Double,
            (Class::String, _) => Type::String,
            (Class::Bytes, _) => Type::Bytes,
            (Class::Timestamp, _) => Type::Timestamp,
            (Class::Duration, _) => Type::Duration,
            (Class::Strings, _) => Type::List(Box::new(Type::String)),
            (Class::Element, Some(Type::List(of) | Type::Optional(of))) => (**of).clone(),
            (Class::Same, Some(of)) => of.clone(),
            (Class::Library, _) => Type::Library(signatures::library(name)),
            _ => Type::Any,
        })
    }

    fn walk(&mut self, walk: &'e Walk) -> Checked<'s> {
        let over = self.check(&walk.over)?;
        let (key, value) = match &over {
            Type::Any => (Type::Any, Type::Any),
            Type::List(of) => (Type::Int, (**of).clone()),
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            other => {
                let message = format!("a {} cannot be walked over", other.name());
                return refuse(walk.over.at, message);
            }
        };
        let depth = self.vars.len();
        let is_list = matches!(over, Type::List(_));
        let element = if is_list { value.clone() } else { key.clone() };
        match walk.vars.as_slice() {
            [only] => self.vars.push((only, element.clone())),
            [first, second] => {
                self.vars.push((first, key.clone()));
                self.vars.push((second, value));
            }
            _ => {}
        }
        let made = self.body(walk);
        self.vars.truncate(depth);
        let made = made?;
        Ok(match walk.how {
            How::All | How::Exists | How::ExistsOne => Type::Bool,
            How::Filter => Type::List(Box::new(element)),
            How::Map => Type::List(Box::new(made)),
            How::TransformMap => Type::Map(Box::new(key), Box::new(made)),
        })
    }

    fn body(&mut self, walk: &'e Walk) -> Checked<'s> {
        if let Some(filter) = &walk.filter {
            self.expect(filter, &Type::Bool)?;
        }
        match walk.how {
            How::Map | How::TransformMap => self.check(&walk.body),
            _ => self.expect(&walk.body, &Type::Bool),
        }
    }
}

fn optional(of: Type<'_>) -> Type<'_> {
    match of {
        already @ Type::Optional(_) => already,
        of => Type::Optional(Box::new(of)),
    }
}

/// The type of an arithmetic operation; `None` when there is none such.
fn sum<'s>(op: Op, left: &Type<'s>, right: &Type<'s>) -> Option<Type<'s>> {
    Some(match (left, right) {
        (Type::Int, Type::Int) => Type::Int,
        (Type::Uint, Type::Uint) => Type::Uint,
        (Type::Double, Type::Double) if op != Op::Remainder => Type::Double,
        (Type::String, Type::String) if op == Op::Add => Type::String,
        (Type::Bytes, Type::Bytes) if op == Op::Add => Type::Bytes,
        (Type::List(one), Type::List(other)) if op == Op::Add && one.fits(other) => {
            if **one == Type::Any {
                right.clone()
            } else {
                left.clone()
            }
        }
        (Type::Duration, Type::Duration) if matches!(op, Op::Add | Op::Subtract) => Type::Duration,
        (Type::Timestamp, Type::Duration) if matches!(op, Op::Add | Op::Subtract) => {
            Type::Timestamp
        }
        (Type::Duration, Type::Timestamp) if op == Op::Add => Type::Timestamp,
        (Type::Timestamp, Type::Timestamp) if op == Op::Subtract => Type::Duration,
        _ => return None,
    })
}
