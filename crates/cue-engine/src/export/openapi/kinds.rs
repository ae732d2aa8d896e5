//! What a schema says of each kind: numbers and their bounds, strings and their patterns, lists, structs.
//!
//! As `dispatch`, `object`, `array`, `number` and `string` in `build.go` of cue v0.14.1 `encoding/openapi`.

use super::build::{BuilderId, Failed, Generator};
use super::map::Object;
use cue_eval::inspect::{Any, Operation};
use cue_eval::{ArcKind, Data, Kind, ListEnd, Op, Shape, Term};

impl Generator<'_> {
    /// Describes a value by its kind; of a value of several kinds nothing is said.
    pub(super) fn dispatch(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        match self.i.kind(value) {
            Kind::NULL => self.builder(b).single("nullable", Data::Bool(true)),
            Kind::BOOL => self.set_type(b, "boolean"),
            Kind::FLOAT | Kind::NUMBER => {
                self.set_type(b, "number");
                self.number(b, value)?;
            }
            Kind::INT => {
                self.set_type(b, "integer");
                self.number(b, value)?;
            }
            Kind::BYTES => {
                if self.builder(b).typ.is_empty() {
                    "string".clone_into(&mut self.builder(b).typ);
                    "byte".clone_into(&mut self.builder(b).format);
                }
                self.text(b, value, "bytes")?;
            }
            Kind::STRING => {
                self.set_type(b, "string");
                self.text(b, value, "string")?;
            }
            Kind::STRUCT => {
                self.set_type(b, "object");
                self.object(b, value)?;
            }
            Kind::LIST => {
                self.set_type(b, "array");
                self.array(b, value)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The single argument of a validator.
    fn argument(&self, value: Term, name: &str, operands: &[Term]) -> Result<Data, Failed> {
        match operands {
            [only] => self.integer(*only),
            _ => Err(self.failed(value, format!("`{name}` must be used with one argument"))),
        }
    }

    fn integer(&self, value: Term) -> Result<Data, Failed> {
        match self.i.view(value).default().shape() {
            Shape::Number(number) if number.decimal.to_i64().is_some() => {
                Ok(Data::Number(number.clone()))
            }
            _ => Err(self.failed(value, "an integer was expected here")),
        }
    }

    fn number(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        let split = self.i.split(value);
        match (&split.operation, split.operands.as_slice()) {
            (Operation::None, _) => {}
            (Operation::Bound(op), [operand]) => {
                let limit = self.constant(*operand)?;
                match op {
                    Op::Less | Op::LessEqual => {
                        if *op == Op::Less {
                            self.builder(b).set("exclusiveMaximum", Data::Bool(true));
                        }
                        self.builder(b).set("maximum", limit);
                    }
                    Op::Greater | Op::GreaterEqual => {
                        if *op == Op::Greater {
                            self.builder(b).set("exclusiveMinimum", Data::Bool(true));
                        }
                        self.builder(b).set("minimum", limit);
                    }
                    Op::NotEqual => {
                        let both = ["minimum", "maximum"]
                            .map(|key| Object::of(key, limit.clone()).into_data());
                        // the keyword is misspelled in cue, and read by nobody
                        self.builder(b).set_not("allOff", Data::List(both.to_vec()));
                    }
                    _ => return Err(self.unsupported(value, &split.operation, "number")),
                }
            }
            (Operation::Call(name), operands) => {
                if name == "math.MultipleOf" {
                    let of = self.argument(value, name, operands)?;
                    self.builder(b).set("multipleOf", of);
                }
            }
            _ => return Err(self.unsupported(value, &split.operation, "number")),
        }
        Ok(())
    }

    fn text(&mut self, b: BuilderId, value: Term, kind: &str) -> Result<(), Failed> {
        let split = self.i.split(value);
        match (&split.operation, split.operands.as_slice()) {
            (Operation::None | Operation::Selector, _) => {}
            (Operation::Bound(op @ (Op::Match | Op::NotMatch)), [operand]) => {
                let pattern = match self.i.view(*operand).data() {
                    Some(Data::String(text)) => Data::String(text),
                    Some(Data::Bytes(bytes)) => {
                        Data::from(String::from_utf8_lossy(&bytes).into_owned())
                    }
                    _ => return Err(self.failed(value, "the pattern must be a known string")),
                };
                if *op == Op::Match {
                    self.builder(b).set("pattern", pattern);
                } else {
                    self.builder(b).set_not("pattern", pattern);
                }
            }
            (Operation::Call(name), operands) if kind == "string" => match name.as_str() {
                "strings.MinRunes" => {
                    let count = self.argument(value, name, operands)?;
                    self.builder(b).set("minLength", count);
                }
                "strings.MaxRunes" => {
                    let count = self.argument(value, name, operands)?;
                    self.builder(b).set("maxLength", count);
                }
                _ => {}
            },
            _ => return Err(self.unsupported(value, &split.operation, kind)),
        }
        Ok(())
    }

    fn object(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        let split = self.i.split(value);
        match (&split.operation, split.operands.as_slice()) {
            (Operation::None, _) => {}
            (Operation::Call(name), operands) => {
                let key = match name.as_str() {
                    "struct.MinFields" => "minProperties",
                    "struct.MaxFields" => "maxProperties",
                    _ => return Ok(()),
                };
                let count = self.argument(value, name, operands)?;
                self.builder(b).set(key, count);
                return Ok(());
            }
            _ => return Err(self.unsupported(value, &split.operation, "struct")),
        }
        let required: Vec<Data> = self
            .fields(value, &[ArcKind::Member, ArcKind::Required])
            .into_iter()
            .map(|(name, _)| Data::String(name))
            .collect();
        if !required.is_empty() {
            self.builder(b).set("required", Data::List(required));
        }
        let is_part = self.is_part(b);
        let core = self.builder(b).core;
        let all = [ArcKind::Member, ArcKind::Required, ArcKind::Optional];
        for (name, field) in self.fields(value, &all) {
            let sub = core.and_then(|core| self.builder(core).properties.get(&name).copied());
            let schema = self.schema(sub, field)?;
            if !is_part || !is_empty(&schema) {
                self.builder(b).property(&name, schema);
            }
        }
        let has_items = core.is_some_and(|core| self.builder(core).items.is_some());
        if !has_items && let Some(any) = self.any(value, Any::Field) {
            self.check_acyclic(any)?;
            let schema = self.schema(None, any)?;
            if !is_empty(&schema) {
                self.builder(b).single("additionalProperties", schema);
            }
        }
        Ok(())
    }

    fn array(&mut self, b: BuilderId, value: Term) -> Result<(), Failed> {
        let split = self.i.split(value);
        match (&split.operation, split.operands.as_slice()) {
            (Operation::None, _) => {}
            (Operation::Call(name), operands) => {
                match name.as_str() {
                    "list.UniqueItems" => {
                        self.builder(b).set("uniqueItems", Data::Bool(true));
                    }
                    "list.MinItems" => {
                        let count = self.argument(value, name, operands)?;
                        self.builder(b).set("minItems", count);
                    }
                    "list.MaxItems" => {
                        let count = self.argument(value, name, operands)?;
                        self.builder(b).set("maxItems", count);
                    }
                    _ => {}
                }
                return Ok(());
            }
            _ => return Err(self.unsupported(value, &split.operation, "list")),
        }
        let view = self.i.view(value).default();
        let is_closed = matches!(view.shape(), Shape::List(ListEnd::Closed));
        let elements: Vec<Term> = view
            .elements()
            .into_iter()
            .map(cue_eval::Value::term)
            .collect();
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            items.push(self.schema(None, element)?);
        }
        let count = items.len();
        if count > 0 {
            self.builder(b).set("items", Data::List(items));
        }
        if is_closed {
            return Ok(());
        }
        if count > 0 {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.builder(b).set("minItems", Data::from(count));
        }
        if let Some(any) = self.any(value, Any::Element) {
            self.check_acyclic(any)?;
            let core = self.builder(b).core;
            let sub = core.and_then(|core| self.builder(core).items);
            let schema = self.schema(sub, any)?;
            let is_part = self.is_part(b);
            if count > 0 {
                self.builder(b).set("additionalItems", schema);
            } else if !is_part || !is_empty(&schema) {
                self.builder(b).single("items", schema);
            }
        }
        Ok(())
    }
}

fn is_empty(schema: &Data) -> bool {
    matches!(schema, Data::Struct(entries) if entries.is_empty())
}
