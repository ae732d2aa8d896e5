//! What a UI schema says of a value agrees with the definition.
//!
//! A form that offers a value which the definition does not take makes the user learn of it when the application is
//! deployed: an option that is not in the enumeration, a default of another type, bounds beyond those of the definition.
//! `immutable: false` for a parameter that is marked `+immutable` offers a change that KubeVela refuses.
//!
//! Bad: `mode: "fast" | "safe"` and
//! ```yaml
//! - jsonKey: mode
//!   validate:
//!     options:
//!     - {label: Fast, value: fast}
//!     - {label: Slow, value: slow}
//! ```
//! Good:
//! ```yaml
//! - jsonKey: mode
//!   validate:
//!     options:
//!     - {label: Fast, value: fast}
//!     - {label: Safe, value: safe}
//! ```

use super::ui01_list::parsed;
use super::ui03_parameters::{level, schema_of};
use crate::definitions::{Cursor, Known, check_schema};
use crate::proof::Proof;
use crate::rule::{Found, Holds, Rule};
use goyaml::{Data, Tree, Value};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "UI06",
    title: "what a UI schema says of a value agrees with the definition",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui06_agreement.rs",
    source: include_str!("ui06_agreement.rs"),
    found: &[Found::InProof(check)],
};

/// How deep parameters are nested.
const DEEPEST: usize = 32;

fn check(proof: &Proof<'_>, findings: &mut Vec<Diagnostic>) {
    let known = Known::of(proof);
    for file in &proof.addon().schemas {
        let yaml = parsed(file);
        if let (Some(tree), Some(schema)) = (yaml.tree(), schema_of(file, proof, &known)) {
            parameters(tree, &schema, DEEPEST, findings);
        }
    }
}

fn parameters(list: &Tree, schema: &Value, depth: usize, findings: &mut Vec<Diagnostic>) {
    let Some(known) = level(schema).filter(|_| depth > 0) else {
        return;
    };
    for parameter in list.items() {
        let name = parameter.get("jsonKey").and_then(Tree::coerced);
        let name = name.unwrap_or_default().into_owned();
        let Some(own) = known.get(&name) else {
            continue;
        };
        if let Some(validate) = parameter.get("validate") {
            values(validate, &name, own, findings);
        }
        if let Some(inner) = parameter.get("subParameters") {
            parameters(inner, own, depth - 1, findings);
        }
    }
}

fn values(validate: &Tree, name: &str, schema: &Value, findings: &mut Vec<Diagnostic>) {
    let mut told = |tree: &Tree, message: String| {
        let found = RULE.finding(message, tree.span);
        findings.push(found.help("write what the definition takes"));
    };
    // an option of a list is one of its elements
    let element = schema.get("items").unwrap_or(schema);
    let options = validate.get("options").map(Tree::items);
    for option in options.unwrap_or_default() {
        let Some(value) = option.get("value") else {
            continue;
        };
        if let Some(reason) = refusal(element, value) {
            told(value, format!("an option of `{name}` {reason}"));
        }
    }
    let default = validate.get("defaultValue");
    if let Some(value) = default.filter(|value| !matches!(value.data, Data::Null))
        && let Some(reason) = refusal(schema, value)
    {
        told(value, format!("the default of `{name}` {reason}"));
    }
    let bound = |key: &str| schema.get(key).and_then(number);
    let given = |key: &str| validate.get(key).filter(|tree| tree.as_number().is_some());
    for (key, limit, is_beyond) in [
        ("min", bound("minimum"), f64::lt as fn(&f64, &f64) -> bool),
        ("max", bound("maximum"), f64::gt),
    ] {
        let (Some(tree), Some(limit)) = (given(key), limit) else {
            continue;
        };
        let own = tree.as_number().map_or(limit, |number| number.as_f64());
        if is_beyond(&own, &limit) {
            let message = format!("`{key}` of `{name}` is {own}, the definition has {limit}");
            told(tree, message);
        }
    }
    let is_immutable = schema.get("x-immutable").and_then(Value::as_bool) == Some(true);
    if let Some(tree) = validate.get("immutable")
        && tree.data == Data::Bool(false)
        && is_immutable
    {
        let message = format!("`{name}` is marked `+immutable` and offered for a change");
        told(tree, message);
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number.as_f64()),
        _ => None,
    }
}

/// Why the definition does not take a value.
fn refusal(schema: &Value, value: &Tree) -> Option<String> {
    let at = Cursor::root(value.span);
    let faults = check_schema(&serde_json::Value::from(schema), value, &at);
    let fault = faults
        .into_iter()
        .find(|fault| !fault.expected.is_empty())?;
    Some(fault.expected)
}
