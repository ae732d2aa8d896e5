//! Walking a template with its data.
//!
//! A template writes as it goes; the text of a failed one is thrown away. Variables are a stack: a
//! block pops what it declared, a template that is invoked starts with `$` alone. `break` and
//! `continue` travel up as a [`Flow`] until a `range` takes them.

use super::TemplateError;
use super::constant::Constant;
use super::functions::{Function, is_true};
use super::parse::{Assigns, Dot, List, Node, Operand, Pipeline, Templates};
use crate::go_text::printf::sprint;
use crate::go_text::value::Value;
use std::rc::Rc;

/// How much a template may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Nodes and commands that are evaluated.
    pub(crate) steps: usize,
    /// Bytes of text made, shown or not.
    pub(crate) bytes: usize,
    /// Blocks, invocations and parentheses within each other.
    pub(crate) depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 2_000_000,
            bytes: 64 << 20,
            depth: 500,
        }
    }
}

/// Runs the main template.
pub(super) fn execute(
    templates: &Templates,
    data: &Value,
    limits: Limits,
) -> Result<Vec<u8>, TemplateError> {
    let mut execution = Execution {
        templates,
        limits,
        out: Vec::new(),
        variables: vec![("$".into(), data.clone())],
    };
    if let Some(main) = templates.get(&Vec::new()) {
        execution.list(data, main)?;
    }
    Ok(execution.out)
}

struct Execution<'t> {
    templates: &'t Templates,
    /// What is left of each.
    limits: Limits,
    out: Vec<u8>,
    variables: Vec<(Rc<str>, Value)>,
}

/// How a list of nodes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Done,
    Break,
    Continue,
}

type Walked = Result<Flow, TemplateError>;
type Evaluated = Result<Value, TemplateError>;

fn error<T>(offset: usize, text: impl Into<String>) -> Result<T, TemplateError> {
    Err(TemplateError::new(offset, text))
}

impl Execution<'_> {
    fn step(&mut self, offset: usize) -> Result<(), TemplateError> {
        match self.limits.steps.checked_sub(1) {
            Some(rest) => {
                self.limits.steps = rest;
                Ok(())
            }
            None => error(offset, "the template takes too many steps"),
        }
    }

    /// Counts text that was made.
    fn spend(&mut self, offset: usize, bytes: usize) -> Result<(), TemplateError> {
        match self.limits.bytes.checked_sub(bytes) {
            Some(rest) => {
                self.limits.bytes = rest;
                Ok(())
            }
            None => error(offset, "the template makes too much text"),
        }
    }

    fn deeper<T>(
        &mut self,
        offset: usize,
        inside: impl FnOnce(&mut Self) -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        let depth = self.limits.depth;
        let Some(rest) = depth.checked_sub(1) else {
            return error(offset, "blocks or templates are nested too deep");
        };
        self.limits.depth = rest;
        let result = inside(self);
        self.limits.depth = depth;
        result
    }

    fn write(&mut self, offset: usize, text: &[u8]) -> Result<(), TemplateError> {
        self.spend(offset, text.len())?;
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn list(&mut self, dot: &Value, list: &List) -> Walked {
        for node in list {
            match self.node(dot, node)? {
                Flow::Done => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Done)
    }

    fn node(&mut self, dot: &Value, node: &Node) -> Walked {
        match node {
            Node::Text(text) => {
                self.step(0)?;
                self.write(0, text)?;
            }
            Node::Action(pipeline) => {
                let value = self.pipeline(dot, pipeline)?;
                if pipeline.variables.is_empty() {
                    self.show(pipeline.offset, &value)?;
                }
            }
            Node::Branch {
                dot: kept,
                branches,
                otherwise,
            } => {
                let mark = self.variables.len();
                let offset = branches.first().map_or(0, |(first, _)| first.offset);
                let flow = self.deeper(offset, |e| e.branch(dot, *kept, branches, otherwise))?;
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Range {
                over,
                body,
                otherwise,
            } => {
                let mark = self.variables.len();
                let flow = self.deeper(over.offset, |e| e.range(dot, over, body, otherwise))?;
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Invoke {
                name,
                argument,
                offset,
            } => self.invoke(dot, name, argument.as_ref(), *offset)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Done)
    }

    fn show(&mut self, offset: usize, value: &Value) -> Result<(), TemplateError> {
        match value {
            Value::Absent | Value::Nil => self.write(offset, b"<no value>"),
            Value::String(text) => self.write(offset, text),
            value => {
                let limit = self.limits.bytes;
                match sprint(std::slice::from_ref(value), limit) {
                    Ok(text) => self.write(offset, &text),
                    Err(_) => error(offset, "the template makes too much text"),
                }
            }
        }
    }

    fn branch(
        &mut self,
        dot: &Value,
        kept: Dot,
        branches: &[(Pipeline, List)],
        otherwise: &List,
    ) -> Walked {
        for (condition, list) in branches {
            let value = self.pipeline(dot, condition)?;
            if is_true(&value) {
                return match kept {
                    Dot::Kept => self.list(dot, list),
                    Dot::Value => self.list(&value, list),
                };
            }
        }
        self.list(dot, otherwise)
    }

    fn range(&mut self, dot: &Value, over: &Pipeline, body: &List, otherwise: &List) -> Walked {
        let value = self.pipeline(dot, over)?;
        let mark = self.variables.len();
        let mut empty = true;
        // one pass over the body; `false` ends the loop
        let mut pass = |e: &mut Self, key: Value, item: &Value| -> Result<bool, TemplateError> {
            empty = false;
            e.step(over.offset)?;
            e.iterate(over, key, item)?;
            let flow = e.list(item, body)?;
            e.variables.truncate(mark);
            Ok(flow != Flow::Break)
        };
        let whole = |value: &Value| match value {
            Value::Int(_) | Value::Int64(_) | Value::Byte(_) if over.variables.len() > 1 => error(
                over.offset,
                "a number is ranged over with one variable only",
            ),
            _ => Ok(()),
        };
        whole(&value)?;
        match &value {
            Value::Int(count) | Value::Int64(count) => {
                for at in 0..*count {
                    let item = match &value {
                        Value::Int(_) => Value::Int(at),
                        _ => Value::Int64(at),
                    };
                    if !pass(self, Value::Absent, &item)? {
                        break;
                    }
                }
            }
            Value::Byte(count) => {
                for at in 0..*count {
                    if !pass(self, Value::Absent, &Value::Byte(at))? {
                        break;
                    }
                }
            }
            Value::Bytes(bytes) => {
                for (at, byte) in bytes.iter().enumerate() {
                    if !pass(self, Value::count(at), &Value::Byte(*byte))? {
                        break;
                    }
                }
            }
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if !pass(self, Value::count(at), item)? {
                        break;
                    }
                }
            }
            Value::Map(entries) => {
                for (name, item) in entries.iter() {
                    if !pass(self, Value::String(name.clone()), item)? {
                        break;
                    }
                }
            }
            Value::Absent | Value::Nil => {}
            other => {
                let name = other.type_name();
                return error(
                    over.offset,
                    format!("cannot range over a value of type {name}"),
                );
            }
        }
        if !empty {
            return Ok(Flow::Done);
        }
        // a `break` in the alternative ends no more than this range, as in Go
        match self.list(dot, otherwise)? {
            Flow::Break => Ok(Flow::Done),
            flow => Ok(flow),
        }
    }

    /// Sets the variables of a range for one item.
    fn iterate(&mut self, over: &Pipeline, key: Value, item: &Value) -> Result<(), TemplateError> {
        let (first, second) = match over.variables.as_slice() {
            [] => return Ok(()),
            [only] => ((only, item.clone()), None),
            [first, second, ..] => ((first, key), Some((second, item.clone()))),
        };
        match over.assigns {
            Assigns::Existing => {
                self.assign(over.offset, first.0, first.1)?;
                if let Some((name, value)) = second {
                    self.assign(over.offset, name, value)?;
                }
            }
            Assigns::Declared => {
                let mut slots = self.variables.iter_mut().rev();
                if let Some((_, value)) = second
                    && let Some(slot) = slots.next()
                {
                    slot.1 = value;
                }
                if let Some(slot) = slots.next() {
                    slot.1 = first.1;
                }
            }
        }
        Ok(())
    }

    fn invoke(
        &mut self,
        dot: &Value,
        name: &[u8],
        argument: Option<&Pipeline>,
        offset: usize,
    ) -> Result<(), TemplateError> {
        let templates = self.templates;
        let Some(list) = templates.get(name) else {
            let name = String::from_utf8_lossy(name);
            return error(offset, format!("template `{name}` is not defined"));
        };
        let dot = match argument {
            Some(pipeline) => self.pipeline(dot, pipeline)?,
            None => Value::Absent,
        };
        self.step(offset)?;
        let fresh = vec![("$".into(), dot.clone())];
        let variables = std::mem::replace(&mut self.variables, fresh);
        self.deeper(offset, |e| e.list(&dot, list))?;
        self.variables = variables;
        Ok(())
    }

    fn assign(&mut self, offset: usize, name: &str, value: Value) -> Result<(), TemplateError> {
        match self
            .variables
            .iter_mut()
            .rev()
            .find(|(known, _)| &**known == name)
        {
            Some(slot) => {
                slot.1 = value;
                Ok(())
            }
            None => error(offset, format!("undefined variable `{name}`")),
        }
    }

    fn pipeline(&mut self, dot: &Value, pipeline: &Pipeline) -> Evaluated {
        let mut value = None;
        for command in &pipeline.commands {
            let result = self.command(dot, command, value, pipeline.offset)?;
            value = Some(match result {
                Value::Nil => Value::Absent,
                result => result,
            });
        }
        let value = value.unwrap_or(Value::Absent);
        for name in &pipeline.variables {
            match pipeline.assigns {
                Assigns::Declared => self.variables.push((name.clone(), value.clone())),
                Assigns::Existing => self.assign(pipeline.offset, name, value.clone())?,
            }
        }
        Ok(value)
    }

    /// A command; `last` is the value of the one before it.
    fn command(
        &mut self,
        dot: &Value,
        operands: &[Operand],
        last: Option<Value>,
        offset: usize,
    ) -> Evaluated {
        self.step(offset)?;
        let Some((first, rest)) = operands.split_first() else {
            return error(offset, "empty command");
        };
        if let Operand::Function(function) = first {
            return self.call(dot, *function, rest, last, offset);
        }
        let has_arguments = !rest.is_empty() || last.is_some();
        match first {
            Operand::Field(names) => field(dot, names, has_arguments, offset),
            Operand::Chain(inner, names) => {
                let value = self.operand(dot, inner, offset)?;
                field(&value, names, has_arguments, offset)
            }
            Operand::Variable(name, names) if !names.is_empty() => {
                let value = self.variable(name, offset)?;
                field(&value, names, has_arguments, offset)
            }
            Operand::Nil => error(offset, "nil is not a command"),
            _ if has_arguments => error(offset, "cannot give an argument to what is no function"),
            first => self.operand(dot, first, offset),
        }
    }

    fn variable(&self, name: &str, offset: usize) -> Evaluated {
        match self
            .variables
            .iter()
            .rev()
            .find(|(known, _)| &**known == name)
        {
            Some((_, value)) => Ok(value.clone()),
            None => error(offset, format!("undefined variable `{name}`")),
        }
    }

    /// The value of one operand.
    fn operand(&mut self, dot: &Value, operand: &Operand, offset: usize) -> Evaluated {
        Ok(match operand {
            Operand::Dot => dot.clone(),
            Operand::Nil => Value::Absent,
            Operand::Bool(truth) => Value::Bool(*truth),
            Operand::Number(Constant::Value(value)) => value.clone(),
            Operand::Number(Constant::Overflow) => {
                return error(offset, "the number overflows int");
            }
            Operand::Text(text) => Value::String(text.clone()),
            Operand::Field(names) => field(dot, names, false, offset)?,
            Operand::Variable(name, names) => {
                let value = self.variable(name, offset)?;
                field(&value, names, false, offset)?
            }
            Operand::Function(function) => self.call(dot, *function, &[], None, offset)?,
            Operand::Chain(inner, names) => {
                let value = self.operand(dot, inner, offset)?;
                field(&value, names, false, offset)?
            }
            Operand::Pipeline(pipeline) => self.deeper(offset, |e| e.pipeline(dot, pipeline))?,
        })
    }

    fn call(
        &mut self,
        dot: &Value,
        function: Function,
        operands: &[Operand],
        last: Option<Value>,
        offset: usize,
    ) -> Evaluated {
        let given = operands.len() + usize::from(last.is_some());
        let (least, most) = function.arity();
        let name = function.name();
        if given < least || given > most {
            let wanted = if least == most { "" } else { "at least " };
            return error(
                offset,
                format!(
                    "wrong number of arguments for `{name}`: expected {wanted}{least}, found {given}"
                ),
            );
        }
        if matches!(function, Function::And | Function::Or) {
            let mut value = Value::Absent;
            for operand in operands {
                value = self.operand(dot, operand, offset)?;
                if is_true(&value) == (function == Function::Or) {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut args = Vec::with_capacity(given);
        for operand in operands {
            args.push(self.operand(dot, operand, offset)?);
        }
        args.extend(last);
        let value = match function.call(&args, self.limits.bytes) {
            Ok(value) => value,
            Err(text) => return error(offset, format!("error calling `{name}`: {text}")),
        };
        if let Value::String(text) = &value {
            self.spend(offset, text.len())?;
        }
        Ok(value)
    }
}

/// The entry that a chain of names leads to.
fn field(value: &Value, names: &[Rc<[u8]>], has_arguments: bool, offset: usize) -> Evaluated {
    let mut value = value.clone();
    for (index, name) in names.iter().enumerate() {
        let shown = String::from_utf8_lossy(name);
        value = match &value {
            Value::Absent => Value::Absent,
            Value::Map(_) if has_arguments && index + 1 == names.len() => {
                return error(offset, format!("`{shown}` is no method but has arguments"));
            }
            Value::Map(entries) => entries.get(name).cloned().unwrap_or(Value::Absent),
            Value::Nil => {
                return error(offset, format!("cannot look up `{shown}` in nil"));
            }
            other => {
                let kind = other.type_name();
                return error(offset, format!("cannot look up `{shown}` in type {kind}"));
            }
        };
    }
    Ok(value)
}
