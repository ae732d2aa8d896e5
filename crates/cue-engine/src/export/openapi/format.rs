//! Formats: types of CUE that OpenAPI has a name for, and the limits that the name implies.

use super::map::Object;
use cue_eval::inspect::{Inspector, Operation};
use cue_eval::number::Decimal;
use cue_eval::{Data, Datum, Kind, Op, Term};
use std::cmp::Ordering;

/// The numbers that a format stands for: its name, whether they are integers, and both limits.
const RANGES: [(&str, bool, &str, &str); 4] = [
    ("int32", true, "-2147483648", "2147483647"),
    ("int64", true, "-9223372036854775808", "9223372036854775807"),
    (
        "float",
        false,
        "-340282346638528859811704183484516925440",
        "340282346638528859811704183484516925440",
    ),
    (
        "double",
        false,
        "-1.797693134862315708145274237317043567981e+308",
        "1.797693134862315708145274237317043567981e+308",
    ),
];

/// The format of a value.
pub(super) fn of(i: &mut Inspector<'_>, value: Term) -> Option<&'static str> {
    let scalars = Kind::NUMBER | Kind::STRING | Kind::BYTES;
    if !i.kind(value).meets(scalars) {
        return None;
    }
    let split = i.split(value);
    if let Operation::Call(name) = &split.operation
        && name == "time.Format"
        && let [layout] = split.operands.as_slice()
    {
        return match i.view(*layout).data() {
            Some(Data::String(text)) => match &*text {
                "2006-01-02" => Some("date"),
                "2006-01-02T15:04:05.999999999Z07:00" => Some("date-time"),
                _ => None,
            },
            _ => None,
        };
    }
    let base = i.view(value).base_term()?;
    match base.datum {
        Datum::Kind(kind) if kind == Kind::BYTES => Some("binary"),
        Datum::Validator(id) => {
            let validator = i.graph().pool().validator(id);
            let name = i
                .graph()
                .pool()
                .function(validator.function)
                .qualified_name();
            (name == "time.Time" && validator.args.is_empty()).then_some("date-time")
        }
        Datum::Function(id) => {
            let name = i.graph().pool().function(id).qualified_name();
            (name == "time.Time").then_some("date-time")
        }
        Datum::Conjunction(id) => {
            let parts = i.graph().pool().conjunction(id).to_vec();
            range(i, &parts)
        }
        _ => None,
    }
}

/// The format of a conjunction that is exactly its range.
fn range(i: &Inspector<'_>, parts: &[Term]) -> Option<&'static str> {
    let (mut is_int, mut low, mut high) = (false, None, None);
    for part in parts {
        match part.datum {
            Datum::Kind(kind) if kind == Kind::INT => is_int = true,
            Datum::Bound(id) => {
                let bound = i.graph().pool().bound(id);
                let Datum::Number(number) = bound.operand.datum else {
                    return None;
                };
                let number = &i.graph().pool().number(number).decimal;
                match bound.op {
                    Op::GreaterEqual => low = Some(number),
                    Op::LessEqual => high = Some(number),
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    let (low, high) = (low?, high?);
    RANGES
        .iter()
        .find(|(_, int, from, to)| *int == is_int && equals(low, from) && equals(high, to))
        .map(|(name, ..)| *name)
}

fn equals(number: &Decimal, text: &str) -> bool {
    Decimal::parse_text(text).is_some_and(|limit| number.compare(&limit) == Ordering::Equal)
}

/// Leaves out limits that the format of a number implies.
pub(super) fn simplify(object: &mut Object, typ: &str, format: &str) {
    if !matches!(typ, "number" | "integer") {
        return;
    }
    let Some((.., low, high)) = RANGES.iter().find(|(name, ..)| *name == format) else {
        return;
    };
    object.retain(|key, value| {
        let limit = match key {
            "minimum" => low,
            "maximum" => high,
            _ => return true,
        };
        !matches!(value, Data::Number(number) if equals(&number.decimal, limit))
    });
}
