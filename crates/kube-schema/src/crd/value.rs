//! A value against its schema: types, bounds, texts, lists, mappings, and the junctors.
//!
//! Every check of a node is made, whatever the others say, as the server does: a text where a number is expected may fail
//! `enum` as well. A null is only looked at for its type and `enum`; nulls that do not matter are gone by now
//! (`defaults`). `format: int32` and unknown formats check nothing. Unknown fields are no matter of this walk.
//!
//! Source: `pkg/validation/validate` of k8s.io/kube-openapi, which the API server runs for custom resources.

use super::format;
use super::listtype::is_same;
use super::path::Path;
use super::schema::{Additional, Bound, Checks, Counts, Schema, Type, integer, magnitude};
use crate::fault::{Fault, FaultKind};
use goyaml::{Data, Entry, Magnitude, Tree};

/// The greatest integer that a float of JSON holds exactly.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// The faults of a value.
pub(super) fn check(value: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    type_of(value, schema, path, faults);
    if value.data != Data::Null {
        junctors(value, &schema.checks, path, faults);
    }
    match &value.data {
        Data::Null | Data::Bool(_) => {}
        Data::String(text) => {
            text_of(value, text, &schema.checks, path, faults);
            format_of(value, text, schema, path, faults);
        }
        Data::Number(number) => number_of(value, *number, &schema.checks, path, faults),
        Data::List(items) => {
            let counts = schema.checks.items;
            counted(value, items.len(), counts, "element", path, faults);
            if let Some(of_items) = &schema.items {
                for (at, item) in items.iter().enumerate() {
                    check(item, of_items, &path.index(at), faults);
                }
            }
        }
        Data::Map(entries) => mapping(value, entries, schema, path, faults),
    }
    allowed(value, &schema.checks, path, faults);
}

/// What a value is in the words of JSON schema.
pub(super) fn type_name(value: &Tree) -> &'static str {
    match &value.data {
        Data::Null => "null",
        Data::Bool(_) => "boolean",
        Data::Number(number) if integer(*number).is_some() => "integer",
        Data::Number(_) => "number",
        Data::String(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
    }
}

fn is_of(value: &Tree, kind: Type) -> bool {
    let is_whole = |number: Magnitude| match number {
        Magnitude::Float(float) if float.fract() == 0.0 => float.abs() <= EXACT,
        number => integer(number).is_some(),
    };
    match (kind, &value.data) {
        (Type::Object, Data::Map(_))
        | (Type::Array, Data::List(_))
        | (Type::String | Type::IntOrString, Data::String(_))
        | (Type::Boolean, Data::Bool(_))
        | (Type::Number, Data::Number(_)) => true,
        (Type::Integer | Type::IntOrString, Data::Number(number)) => is_whole(*number),
        _ => false,
    }
}

fn type_of(value: &Tree, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let Some(kind) = schema.kind else {
        return;
    };
    let is_numeric = matches!(kind, Type::Integer | Type::Number | Type::IntOrString);
    let fits = match &value.data {
        Data::Null => schema.nullable,
        // the server leaves texts and lists to the check of the format
        Data::String(_) | Data::List(_) if schema.checks.format.is_some() && !is_numeric => true,
        _ => is_of(value, kind),
    };
    if !fits {
        let expected = match kind {
            Type::IntOrString => "an integer or a string",
            Type::Object => "a mapping",
            Type::Array => "a list",
            Type::String => "a string",
            Type::Integer => "an integer",
            Type::Number => "a number",
            Type::Boolean => "`true` or `false`",
        };
        let message = match &value.data {
            Data::Null => format!("is null, expected {expected}"),
            Data::Map(_) => format!("is a mapping, expected {expected}"),
            Data::List(_) => format!("is a list, expected {expected}"),
            Data::String(_) => format!("is a string, expected {expected}"),
            Data::Bool(_) => format!("is a boolean, expected {expected}"),
            Data::Number(_) => format!("is a number, expected {expected}"),
        };
        faults.push(path.fault(FaultKind::Type, message, value.span));
    }
}

fn text_of(value: &Tree, text: &str, checks: &Checks, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let Counts { least, most } = checks.length;
    let count = if least.is_some() || most.is_some() {
        i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
    } else {
        0
    };
    if let Some(most) = most.filter(|most| count > *most) {
        let message = format!("has {count} characters, at most {most} are allowed");
        faults.push(path.fault(FaultKind::TooLong, message, value.span));
    }
    if let Some(least) = least.filter(|least| count < *least) {
        let message = format!("has {count} characters, at least {least} are expected");
        faults.push(path.fault(FaultKind::Invalid, message, value.span));
    }
    if let Some(pattern) = &checks.pattern
        && pattern.refuses(text)
    {
        let message = format!("`{}` does not match `{}`", shown(text), pattern.text);
        faults.push(path.fault(FaultKind::Invalid, message, value.span));
    }
}

fn format_of(value: &Tree, text: &str, schema: &Schema, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if let Some(name) = schema.checks.format.as_deref()
        && format::is_of(name, text) == Some(false)
    {
        let message = format!("`{}` is no {name}", shown(text));
        faults.push(path.fault(FaultKind::Type, message, value.span));
    }
}

fn number_of(
    value: &Tree,
    number: Magnitude,
    checks: &Checks,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    let float = magnitude(number);
    // for an integer the server takes the integer part of a bound
    let is_integer = integer(number).is_some();
    let bound = |value: f64| if is_integer { value.trunc() } else { value };
    let text = number.to_string_target();
    let mut complain = |message: String| {
        faults.push(path.fault(FaultKind::Invalid, message, value.span));
    };
    if let Some(divisor) = checks.multiple_of
        && divisor > 0.0
        && (bound(divisor) == 0.0 || !is_multiple(float, bound(divisor)))
    {
        complain(format!("{text} is no multiple of {divisor}"));
    }
    if let Some(Bound {
        value,
        is_exclusive,
    }) = checks.maximum
    {
        let value = bound(value);
        if is_exclusive && float >= value {
            complain(format!("{text} is not less than {value}"));
        } else if float > value {
            complain(format!("{text} is greater than {value}"));
        }
    }
    if let Some(Bound {
        value,
        is_exclusive,
    }) = checks.minimum
    {
        let value = bound(value);
        if is_exclusive && float <= value {
            complain(format!("{text} is not greater than {value}"));
        } else if float < value {
            complain(format!("{text} is less than {value}"));
        }
    }
}

fn is_multiple(value: f64, divisor: f64) -> bool {
    let quotient = if divisor < 1.0 {
        1.0 / divisor * value
    } else {
        value / divisor
    };
    quotient.fract() == 0.0
}

fn counted(
    value: &Tree,
    count: usize,
    counts: Counts,
    what: &str,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let many = |count: i64| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if let Some(least) = counts.least.filter(|least| count < *least) {
        let message = format!("has {}, at least {least} expected", many(count));
        faults.push(path.fault(FaultKind::Invalid, message, value.span));
    }
    if let Some(most) = counts.most.filter(|most| count > *most) {
        let message = format!("has {}, at most {most} allowed", many(count));
        faults.push(path.fault(FaultKind::TooMany, message, value.span));
    }
}

fn mapping(
    value: &Tree,
    entries: &[Entry],
    schema: &Schema,
    path: &Path<'_>,
    faults: &mut Vec<Fault>,
) {
    let counts = schema.checks.properties;
    counted(value, entries.len(), counts, "field", path, faults);
    for name in &schema.checks.required {
        if !entries.iter().any(|entry| entry.key == *name) {
            let message = "is required and missing";
            let here = path.field(name);
            faults.push(here.fault(FaultKind::Required, message, value.span));
        }
    }
    for entry in entries {
        let here = path.field(&entry.key);
        match (schema.properties.get(&entry.key), &schema.additional) {
            (Some(known), _) => check(&entry.value, known, &here, faults),
            (None, Additional::Only(known)) => check(&entry.value, known, &here, faults),
            (None, Additional::Forbidden) => {
                let message = format!("has the field `{}`, which the schema forbids", entry.key);
                faults.push(path.fault(FaultKind::Forbidden, message, entry.key_span));
            }
            (None, Additional::Any | Additional::None) => {}
        }
    }
}

/// `enum`.
fn allowed(value: &Tree, checks: &Checks, path: &Path<'_>, faults: &mut Vec<Fault>) {
    let Some(values) = &checks.one_of_values else {
        return;
    };
    // a null is never among them, not even when it is listed
    if value.data != Data::Null && values.iter().any(|known| is_same(known, value)) {
        return;
    }
    let listed = values.iter().map(|known| match known.coerced() {
        Some(text) => format!("`{text}`"),
        None => known.kind().to_owned(),
    });
    let listed = listed.collect::<Vec<_>>().join(", ");
    let what = match value.coerced() {
        Some(text) => format!("`{}`", shown(&text)),
        None => type_name(value).to_owned(),
    };
    let message = format!("{what} is not allowed, expected one of {listed}");
    let mut fault = path.fault(FaultKind::NotSupported, message, value.span);
    if let Some(text) = value.as_str() {
        let names = values.iter().filter_map(Tree::as_str);
        let meant = source_vocab::nearest::nearest(text, names);
        fault.help = meant.map(|meant| format!("did you mean `{meant}`?"));
    }
    faults.push(fault);
}

fn junctors(value: &Tree, checks: &Checks, path: &Path<'_>, faults: &mut Vec<Fault>) {
    if !checks.any_of.is_empty() {
        let tried = Tried::of(value, &checks.any_of, path);
        if tried.fitting == 0 {
            let message = "fits none of the alternatives of `anyOf`";
            faults.push(path.fault(FaultKind::Invalid, message, value.span));
            faults.extend(tried.closest);
        }
    }
    if !checks.one_of.is_empty() {
        let tried = Tried::of(value, &checks.one_of, path);
        if tried.fitting != 1 {
            let message = match tried.fitting {
                0 => "fits none of the alternatives of `oneOf`".to_owned(),
                many => format!("fits {many} alternatives of `oneOf`, exactly one is expected"),
            };
            faults.push(path.fault(FaultKind::Invalid, message, value.span));
        }
        if tried.fitting == 0 {
            faults.extend(tried.closest);
        }
    }
    for schema in &checks.all_of {
        check(value, schema, path, faults);
    }
    if let Some(schema) = &checks.not {
        let mut against = Vec::new();
        check(value, schema, path, &mut against);
        if against.is_empty() {
            let message = "is what the schema excludes with `not`";
            faults.push(path.fault(FaultKind::Invalid, message, value.span));
        }
    }
}

/// What trying the alternatives of a junctor gave.
struct Tried {
    fitting: usize,
    /// The faults of the alternative with the fewest.
    closest: Vec<Fault>,
}

impl Tried {
    fn of(value: &Tree, alternatives: &[Schema], path: &Path<'_>) -> Self {
        let mut fitting = 0;
        let mut closest: Option<Vec<Fault>> = None;
        for schema in alternatives {
            let mut found = Vec::new();
            check(value, schema, path, &mut found);
            if found.is_empty() {
                fitting += 1;
            } else if closest.as_ref().is_none_or(|best| found.len() < best.len()) {
                closest = Some(found);
            }
        }
        Self {
            fitting,
            closest: closest.unwrap_or_default(),
        }
    }
}

/// A text for a message: cut when it is long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
