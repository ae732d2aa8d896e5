//! Label selectors and node selectors.
//!
//! A label selector is checked for its form, and asked whether it selects a set of labels: a workload whose selector does
//! not select its own pods is refused.
//!
//! ```text
//! matchLabels:      {app: web}                       every pair
//! matchExpressions: [{key, operator, values}]        In NotIn Exists DoesNotExist
//! nodeSelectorTerms[].matchExpressions               and Gt Lt
//! ```
//! Source: `k8s.io/apimachinery/pkg/apis/meta/v1/validation` (`ValidateLabelSelector`) and `metav1.LabelSelectorAsSelector`.

use super::Minor;
use super::field::{Faults, Field, quoted};
use super::metadata::labels;
use super::names;

/// A label selector, when it is there.
pub(super) fn label(out: &mut Faults, selector: &Field<'_, '_>) {
    labels(out, &selector.child("matchLabels"));
    let expressions = selector.child("matchExpressions");
    for expression in expressions.items() {
        let values = expression.child("values");
        let operator = expression.child("operator");
        match operator.text() {
            "In" | "NotIn" if values.is_empty() => {
                out.required_since(&values, "as the operator is `In` or `NotIn`");
            }
            "In" | "NotIn" => {}
            "Exists" | "DoesNotExist" if !values.is_empty() => out.forbidden(
                &values,
                "must not be set when the operator is `Exists` or `DoesNotExist`",
            ),
            "Exists" | "DoesNotExist" => {}
            _ => unknown_operator(out, &operator),
        }
        let key = expression.child("key");
        out.form(&key, key.text(), names::qualified);
        for value in values.items() {
            out.form(&value, value.text(), names::label_value);
        }
    }
}

fn unknown_operator(out: &mut Faults, operator: &Field<'_, '_>) {
    let text = quoted(operator.text());
    out.invalid(operator, format!("{text} is no operator of a selector"));
}

/// Whether a label selector has neither labels nor expressions.
pub(super) fn is_empty(selector: &Field<'_, '_>) -> bool {
    selector.child("matchLabels").is_empty() && selector.child("matchExpressions").is_empty()
}

/// Whether the server can make a selector of it at all: operators, keys and values are of the right form.
pub(super) fn is_usable(selector: &Field<'_, '_>) -> bool {
    let mut found = Faults::default();
    label(&mut found, selector);
    found.count() == 0
}

/// Whether a label selector selects a map of labels. One that is not there selects nothing, an empty one all.
pub(super) fn selects(selector: &Field<'_, '_>, labels: &Field<'_, '_>) -> bool {
    let by_key = labels.values_by_key();
    let value_of = |key: &str| {
        by_key
            .get(key)
            .map(|value| value.as_str().unwrap_or_default())
    };
    let pairs = selector.child("matchLabels");
    let expressions = selector.child("matchExpressions");
    selector.is_set()
        && pairs
            .entries()
            .all(|(key, value)| value_of(key) == Some(value.text()))
        && expressions.items().all(|expression| {
            let value = value_of(expression.child("key").text());
            let listed = || {
                expression
                    .child("values")
                    .items()
                    .any(|one| Some(one.text()) == value)
            };
            match expression.child("operator").text() {
                "In" => listed(),
                "NotIn" => !listed(),
                "Exists" => value.is_some(),
                _ => value.is_none(),
            }
        })
}

/// A node selector: `nodeSelectorTerms`, at least one.
pub(super) fn node(out: &mut Faults, selector: &Field<'_, '_>, minor: Minor) {
    let values = if minor >= 32 {
        Values::Labels
    } else {
        Values::Any
    };
    let terms = selector.child("nodeSelectorTerms");
    if terms.is_empty() {
        out.required_since(&terms, "at least one term");
    }
    for term in terms.items() {
        node_term(out, &term, values);
    }
}

/// What the values of a node selector may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Values of labels.
    Labels,
    /// Anything.
    Any,
}

/// A term of a node selector.
pub(super) fn node_term(out: &mut Faults, term: &Field<'_, '_>, allowed: Values) {
    for requirement in term.child("matchExpressions").items() {
        let values = requirement.child("values");
        let operator = requirement.child("operator");
        match operator.text() {
            "In" | "NotIn" if values.is_empty() => {
                out.required_since(&values, "as the operator is `In` or `NotIn`");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => out.forbidden(
                &values,
                "must not be set when the operator is `Exists` or `DoesNotExist`",
            ),
            "Gt" | "Lt" if values.len() != 1 => {
                out.required_since(&values, "exactly one, as the operator is `Gt` or `Lt`");
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            _ => unknown_operator(out, &operator),
        }
        let key = requirement.child("key");
        out.form(&key, key.text(), names::qualified);
        for value in values.items().filter(|_| allowed == Values::Labels) {
            out.form(&value, value.text(), names::label_value);
        }
    }
    for requirement in term.child("matchFields").items() {
        let values = requirement.child("values");
        let operator = requirement.child("operator");
        match operator.text() {
            "In" | "NotIn" if values.len() != 1 => {
                out.required_since(&values, "exactly one for a field of the node");
            }
            "In" | "NotIn" => {}
            _ => unknown_operator(out, &operator),
        }
        let key = requirement.child("key");
        if key.text() == "metadata.name" {
            for value in values.items() {
                out.form(&value, value.text(), names::subdomain);
            }
        } else {
            let text = quoted(key.text());
            out.invalid(
                &key,
                format!("{text} is no field that can be selected, only `metadata.name` is"),
            );
        }
    }
}
