//! An expression and what it is worth.
//!
//! `&&` and `||` do not care about the order of their sides: `false && error` is false, `error && false` as well. Every step
//! costs; a rule that costs too much ends as unknown, so that a hostile CRD cannot hold up the check.
//!
//! What the server would fail at is [`Stop::Error`], which is a fault of the object; what this interpreter does not know is
//! [`Stop::Unknown`], which is none.

use super::ast::{Expr, How, Kind, Op, Walk};
use super::library;
use super::value::{Outcome, Stop, Value, failed};
use std::cmp::Ordering;
use std::rc::Rc;

/// What the evaluation of all rules of an object may cost.
pub(super) const BUDGET: usize = 400_000;

/// An evaluation: variables, and what it may still cost.
#[derive(Debug)]
pub(super) struct Evaluation<'e, 't> {
    vars: Vec<(&'e str, Value<'t>)>,
    left: usize,
}

impl<'e, 't> Evaluation<'e, 't> {
    pub(super) fn new(this: Value<'t>, left: usize) -> Self {
        Self {
            vars: vec![("self", this)],
            left,
        }
    }

    /// What is left of the budget.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    fn charge(&mut self, cost: usize) -> Result<(), Stop> {
        self.left = self.left.checked_sub(cost).ok_or(Stop::Unknown)?;
        Ok(())
    }

    pub(super) fn eval(&mut self, expr: &'e Expr) -> Outcome<'t> {
        self.charge(1)?;
        Ok(match &expr.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(value) => Value::Int(*value),
            Kind::Uint(value) => Value::Uint(*value),
            Kind::Double(value) => Value::Double(*value),
            Kind::String(text) => Value::text(text),
            Kind::Bytes(bytes) => Value::Bytes(bytes.as_ref().into()),
            Kind::Ident(name) => self.variable(name)?,
            Kind::Select {
                of,
                field,
                is_optional,
            } => self.select(of, field, *is_optional)?,
            Kind::Has { of, field } => {
                let of = self.eval(of)?;
                // a null counts as not there
                Value::Bool(
                    of.select(field)?
                        .is_some_and(|value| !matches!(value, Value::Null)),
                )
            }
            Kind::Index {
                of,
                index,
                is_optional,
            } => {
                let of = self.eval(of)?;
                let index = self.eval(index)?;
                self.index(&of, &index, *is_optional)?
            }
            Kind::Call { target, name, args } => self.call(target.as_deref(), name, args)?,
            Kind::Not(of) => match self.eval(of)? {
                Value::Bool(value) => Value::Bool(!value),
                other => return failed(format!("no such overload: !{}", other.kind())),
            },
            Kind::Negate(of) => match self.eval(of)? {
                Value::Int(value) => match value.checked_neg() {
                    Some(value) => Value::Int(value),
                    None => return failed("integer overflow"),
                },
                Value::Double(value) => Value::Double(-value),
                other => return failed(format!("no such overload: -{}", other.kind())),
            },
            Kind::Binary { op, left, right } => self.binary(*op, left, right)?,
            Kind::Conditional {
                test,
                then,
                otherwise,
            } => match self.eval(test)? {
                Value::Bool(true) => self.eval(then)?,
                Value::Bool(false) => self.eval(otherwise)?,
                other => return failed(format!("no such overload: {} ? :", other.kind())),
            },
            Kind::List(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.eval(item)).collect();
                Value::list(items?)
            }
            Kind::Map(entries) => {
                let mut made = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    made.push((self.eval(key)?, self.eval(value)?));
                }
                Value::Map(made.into())
            }
            Kind::Walk(walk) => self.walk(walk)?,
        })
    }

    fn variable(&self, name: &str) -> Outcome<'t> {
        let found = self.vars.iter().rev().find(|(known, _)| *known == name);
        if let Some((_, value)) = found {
            return Ok(value.clone());
        }
        let known = [
            "int",
            "uint",
            "double",
            "string",
            "bytes",
            "bool",
            "list",
            "map",
            "null_type",
            "type",
        ];
        match known.iter().find(|known| **known == name) {
            Some(known) => Ok(Value::Type(known)),
            None => Err(Stop::Unknown),
        }
    }

    fn is_variable(&self, name: &str) -> bool {
        self.vars.iter().any(|(known, _)| *known == name)
    }

    fn select(&mut self, of: &'e Expr, field: &str, is_optional: bool) -> Outcome<'t> {
        let of = self.eval(of)?;
        let is_optional = is_optional || matches!(of, Value::Optional(_));
        match (of.select(field), is_optional) {
            (Ok(Some(value)), true) => Ok(Value::Optional(Some(Rc::new(value)))),
            (Ok(None), true) => Ok(Value::Optional(None)),
            (Ok(Some(value)), false) => Ok(value),
            (Ok(None), false) => failed(format!("no such key: {field}")),
            (Err(stop), _) => Err(stop),
        }
    }

    fn index(&mut self, of: &Value<'t>, index: &Value<'t>, is_optional: bool) -> Outcome<'t> {
        let inner = match of {
            Value::Optional(Some(inside)) => (**inside).clone(),
            Value::Optional(None) => return Ok(Value::Optional(None)),
            other => other.clone(),
        };
        let is_optional = is_optional || matches!(of, Value::Optional(_));
        let found = match (&inner, index) {
            (Value::List(items), index) => match library::position(index) {
                Some(at) => items.get(at).cloned(),
                None if matches!(index, Value::Int(_)) => None,
                None => return failed(format!("no such overload: list[{}]", index.kind())),
            },
            (Value::Map(entries), key) => {
                self.charge(entries.len())?;
                let found = entries.iter().find(|(known, _)| known.is_equal(key));
                found.map(|(_, value)| value.clone())
            }
            (Value::Object(..), Value::String(name)) => inner.select(name)?,
            (other, _) => return failed(format!("no such overload: {}[...]", other.kind())),
        };
        match (found, is_optional) {
            (Some(value), false) => Ok(value),
            (found, true) => Ok(Value::Optional(found.map(Rc::new))),
            (None, false) => match (&inner, index) {
                (Value::List(_), Value::Int(at)) => failed(format!("index out of bounds: {at}")),
                _ => failed("no such key"),
            },
        }
    }

    fn call(&mut self, target: Option<&'e Expr>, name: &'e str, args: &'e [Expr]) -> Outcome<'t> {
        // `sets.contains(a, b)` is a function with a dot in its name, unless there is such a variable
        let namespace = match target.map(|target| &target.kind) {
            Some(Kind::Ident(space)) if !self.is_variable(space) => Some(space),
            _ => None,
        };
        if let ("optMap" | "optFlatMap", Some(target), [var, body]) = (name, target, args) {
            return self.optional_map(name, target, var, body);
        }
        let target = match (target, namespace) {
            (Some(target), None) => Some(self.eval(target)?),
            _ => None,
        };
        // an optional chosen late: `or` and `orValue` look at their argument only when they need it
        if let (Some(Value::Optional(Some(_))), "or" | "orValue") = (&target, name) {
            return match target {
                Some(Value::Optional(Some(inside))) if name == "orValue" => Ok((*inside).clone()),
                Some(other) => Ok(other),
                None => Err(Stop::Unknown),
            };
        }
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.eval(arg)?);
        }
        let sizes = target.iter().chain(&values).map(library::size_of);
        self.charge(sizes.sum::<usize>() / 10)?;
        match namespace {
            Some(space) => library::call(None, &format!("{space}.{name}"), &values),
            None => library::call(target.as_ref(), name, &values),
        }
    }

    fn optional_map(
        &mut self,
        name: &str,
        target: &'e Expr,
        var: &'e Expr,
        body: &'e Expr,
    ) -> Outcome<'t> {
        let Kind::Ident(var) = &var.kind else {
            return Err(Stop::Unknown);
        };
        let inside = match self.eval(target)? {
            Value::Optional(Some(inside)) => inside,
            other => return Ok(other),
        };
        self.vars.push((var, (*inside).clone()));
        let made = self.eval(body);
        self.vars.pop();
        match (made?, name) {
            (made, "optMap") => Ok(Value::Optional(Some(Rc::new(made)))),
            (made, _) => Ok(made),
        }
    }

    fn binary(&mut self, op: Op, left: &'e Expr, right: &'e Expr) -> Outcome<'t> {
        if let Op::And | Op::Or = op {
            return self.logic(op == Op::Or, left, right);
        }
        let left = self.eval(left)?;
        let right = self.eval(right)?;
        self.charge((library::size_of(&left) + library::size_of(&right)) / 10)?;
        let compared = |is: fn(Ordering) -> bool| match left.order(&right) {
            Some(order) => Ok(Value::Bool(is(order))),
            None if left.number().is_some_and(f64::is_nan) => Ok(Value::Bool(false)),
            None => failed(format!(
                "no such overload: {} {} {}",
                left.kind(),
                op.sign(),
                right.kind()
            )),
        };
        match op {
            Op::Equal => Ok(Value::Bool(left.is_equal(&right))),
            Op::NotEqual => Ok(Value::Bool(!left.is_equal(&right))),
            Op::Less => compared(Ordering::is_lt),
            Op::LessEqual => compared(Ordering::is_le),
            Op::Greater => compared(Ordering::is_gt),
            Op::GreaterEqual => compared(Ordering::is_ge),
            Op::In => match &right {
                Value::List(items) => {
                    Ok(Value::Bool(items.iter().any(|item| item.is_equal(&left))))
                }
                Value::Map(entries) => Ok(Value::Bool(
                    entries.iter().any(|(key, _)| key.is_equal(&left)),
                )),
                Value::Object(..) => match &left {
                    Value::String(name) => Ok(Value::Bool(right.select(name)?.is_some())),
                    _ => Ok(Value::Bool(false)),
                },
                other => failed(format!("no such overload: in {}", other.kind())),
            },
            _ => library::arithmetic(op, &left, &right),
        }
    }

    /// `&&` and `||`: one side can decide, whatever becomes of the other.
    fn logic(&mut self, decides: bool, left: &'e Expr, right: &'e Expr) -> Outcome<'t> {
        let first = self.truth(left);
        if first == Ok(decides) {
            return Ok(Value::Bool(decides));
        }
        let second = self.truth(right);
        match (first, second) {
            (_, Ok(value)) if value == decides => Ok(Value::Bool(decides)),
            (Err(Stop::Unknown), _) | (_, Err(Stop::Unknown)) => Err(Stop::Unknown),
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            (Ok(_), Ok(_)) => Ok(Value::Bool(!decides)),
        }
    }

    fn truth(&mut self, expr: &'e Expr) -> Result<bool, Stop> {
        match self.eval(expr)? {
            Value::Bool(value) => Ok(value),
            other => failed(format!("no such overload: {} is no bool", other.kind())),
        }
    }

    fn walk(&mut self, walk: &'e Walk) -> Outcome<'t> {
        let over = self.eval(&walk.over)?;
        let pairs: Vec<(Value<'t>, Value<'t>)> = match &over {
            Value::List(items) => {
                let numbered = items.iter().enumerate();
                numbered
                    .map(|(at, item)| {
                        (
                            Value::Int(i64::try_from(at).unwrap_or(i64::MAX)),
                            item.clone(),
                        )
                    })
                    .collect()
            }
            Value::Map(_) | Value::Object(..) => over.entries(),
            other => return failed(format!("no such overload: a walk over a {}", other.kind())),
        };
        self.charge(pairs.len())?;
        let is_list = matches!(over, Value::List(_));
        let mut state = Gathered::new(walk.how);
        for (key, value) in pairs {
            let depth = self.vars.len();
            match walk.vars.as_slice() {
                [only] => {
                    let element = if is_list { value.clone() } else { key.clone() };
                    self.vars.push((only, element));
                }
                [first, second] => {
                    self.vars.push((first, key.clone()));
                    self.vars.push((second, value.clone()));
                }
                _ => return Err(Stop::Unknown),
            }
            let element = if is_list { value } else { key.clone() };
            let goes_on = self.step(walk, key, element, &mut state);
            self.vars.truncate(depth);
            if !goes_on? {
                break;
            }
        }
        state.finish()
    }

    /// One element; false when the walk is decided.
    fn step(
        &mut self,
        walk: &'e Walk,
        key: Value<'t>,
        element: Value<'t>,
        state: &mut Gathered<'t>,
    ) -> Result<bool, Stop> {
        if let Some(filter) = &walk.filter
            && !self.truth(filter)?
        {
            return Ok(true);
        }
        match walk.how {
            How::All | How::Exists => {
                let decides = walk.how == How::Exists;
                match self.truth(&walk.body) {
                    Ok(value) if value == decides => {
                        state.decided = true;
                        return Ok(false);
                    }
                    Ok(_) => {}
                    // another element may decide
                    Err(stop) => {
                        if state.stopped.as_ref() != Some(&Stop::Unknown) {
                            state.stopped = Some(stop);
                        }
                    }
                }
            }
            How::ExistsOne => state.count += usize::from(self.truth(&walk.body)?),
            How::Filter => {
                if self.truth(&walk.body)? {
                    state.items.push(element);
                }
            }
            How::Map => {
                let made = self.eval(&walk.body)?;
                state.items.push(made);
            }
            How::TransformMap => {
                let made = self.eval(&walk.body)?;
                state.entries.push((key, made));
            }
        }
        Ok(true)
    }
}

/// What a walk has gathered.
struct Gathered<'t> {
    how: How,
    decided: bool,
    stopped: Option<Stop>,
    count: usize,
    items: Vec<Value<'t>>,
    entries: Vec<(Value<'t>, Value<'t>)>,
}

impl<'t> Gathered<'t> {
    fn new(how: How) -> Self {
        Self {
            how,
            decided: false,
            stopped: None,
            count: 0,
            items: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn finish(self) -> Outcome<'t> {
        match self.how {
            How::All | How::Exists if self.decided => Ok(Value::Bool(self.how == How::Exists)),
            How::All | How::Exists => match self.stopped {
                Some(stop) => Err(stop),
                None => Ok(Value::Bool(self.how == How::All)),
            },
            How::ExistsOne => Ok(Value::Bool(self.count == 1)),
            How::Filter | How::Map => Ok(Value::list(self.items)),
            How::TransformMap => Ok(Value::Map(self.entries.into())),
        }
    }
}
