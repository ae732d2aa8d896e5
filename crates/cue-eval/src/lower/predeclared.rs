//! The names of the language: types, ranges of numbers, and builtins.
//!
//! Each also exists with two underscores in front (`__int`), which no field can shadow.

use super::Lowering;
use crate::builtin::Core;
use crate::data::Number;
use crate::ir::ExprId;
use crate::kind::Kind;
use crate::number::Decimal;
use crate::term::{Bound, Datum, Op, Term};
use smallvec::SmallVec;
use source_vocab::Span;
use std::sync::Arc;

/// The ends of a range of ints; no upper end for `uint`.
fn int_range(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match name {
        "rune" => ("0", Some("1114111")),
        "int8" => ("-128", Some("127")),
        "int16" => ("-32768", Some("32767")),
        "int32" => ("-2147483648", Some("2147483647")),
        "int64" => ("-9223372036854775808", Some("9223372036854775807")),
        "int128" => (
            "-170141183460469231731687303715884105728",
            Some("170141183460469231731687303715884105727"),
        ),
        "uint" => ("0", None),
        "uint8" => ("0", Some("255")),
        "uint16" => ("0", Some("65535")),
        "uint32" => ("0", Some("4294967295")),
        "uint64" => ("0", Some("18446744073709551615")),
        "uint128" => ("0", Some("340282366920938463463374607431768211455")),
        _ => return None,
    })
}

/// The largest number of a float type.
fn float_range(name: &str) -> Option<&'static str> {
    match name {
        "float32" => Some("3.40282346638528859811704183484516925440e+38"),
        "float64" => Some("1.797693134862315708145274237317043567981e+308"),
        _ => None,
    }
}

impl Lowering<'_> {
    /// What a predeclared name stands for.
    pub(super) fn predeclared(&mut self, name: &str, span: Span) -> Option<ExprId> {
        if name == "__no_sharing" {
            // a test of the reference uses it; a value that says nothing ends sharing as well
            return Some(self.add_value(Datum::Kind(Kind::TOP), span));
        }
        let name = name.strip_prefix("__").unwrap_or(name);
        let kind = match name {
            "string" => Some(Kind::STRING),
            "bytes" => Some(Kind::BYTES),
            "bool" => Some(Kind::BOOL),
            "int" => Some(Kind::INT),
            "float" => Some(Kind::FLOAT),
            "number" => Some(Kind::NUMBER),
            _ => None,
        };
        if let Some(kind) = kind {
            return Some(self.add_value(Datum::Kind(kind), span));
        }
        if let Some(core) = Core::named(name) {
            let datum = match self.functions.get(&core) {
                Some(datum) => *datum,
                None => {
                    let datum = self.program.pool.add_function(Arc::new(core.function()));
                    self.functions.insert(core, datum);
                    datum
                }
            };
            return Some(self.add_value(datum, span));
        }
        let mut parts: SmallVec<[Term; 4]> = SmallVec::new();
        if let Some((low, high)) = int_range(name) {
            parts.push(Term::new(Datum::Kind(Kind::INT), self.span(span)));
            parts.push(self.range_end(Op::GreaterEqual, low, Number::int, span)?);
            if let Some(high) = high {
                parts.push(self.range_end(Op::LessEqual, high, Number::int, span)?);
            }
        } else if let Some(end) = float_range(name) {
            let low = format!("-{end}");
            parts.push(self.range_end(Op::GreaterEqual, &low, Number::float, span)?);
            parts.push(self.range_end(Op::LessEqual, end, Number::float, span)?);
        } else {
            return None;
        }
        let datum = self.program.pool.add_conjunction(parts);
        Some(self.add_value(datum, span))
    }

    fn range_end(
        &mut self,
        op: Op,
        text: &str,
        number: fn(Decimal) -> Number,
        span: Span,
    ) -> Option<Term> {
        let decimal = Decimal::parse_text(text)?;
        let span = self.span(span);
        let operand = Term::new(self.program.pool.add_number(number(decimal)), span);
        let bound = self.program.pool.add_bound(Bound { op, operand });
        Some(Term::new(bound, span))
    }
}
