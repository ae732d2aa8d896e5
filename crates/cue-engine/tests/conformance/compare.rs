//! Comparing dumps as the format of the goldens says: error classes in two groups, openness of
//! lists only where nothing below is wrong, order of fields as a separate question.

use serde_json::Value;

/// Whether the order of fields counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Counts,
    Ignored,
}

fn is_hard(class: &str) -> bool {
    matches!(class, "eval" | "user" | "structural-cycle" | "other")
}

fn entries<'v>(node: &'v Value, key: &str) -> Vec<(&'v str, &'v Value)> {
    let Some(Value::Array(entries)) = node.get(key) else {
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|entry| Some((entry.get(0)?.as_str()?, entry.get(1)?)))
        .collect()
}

fn items<'v>(node: &'v Value) -> &'v [Value] {
    match node.get("list") {
        Some(Value::Array(items)) => items,
        _ => &[],
    }
}

fn has_hard_error(node: &Value) -> bool {
    node.get("error")
        .and_then(Value::as_str)
        .is_some_and(is_hard)
        || items(node).iter().any(has_hard_error)
        || ["struct", "fields"]
            .iter()
            .flat_map(|key| entries(node, key))
            .any(|(_, value)| has_hard_error(value))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= 160 {
        return text;
    }
    text.chars().take(160).chain("...".chars()).collect()
}

/// The first difference, as a sentence; `None` when the dumps agree.
pub(crate) fn difference(
    wanted: &Value,
    found: &Value,
    order: Order,
    path: &str,
) -> Option<String> {
    let tell = |what: &str| {
        Some(format!(
            "{}: {what}want {} got {}",
            if path.is_empty() { "/" } else { path },
            short(wanted),
            short(found)
        ))
    };
    let Some(kind) = wanted.as_object().and_then(|node| {
        node.keys()
            .find(|key| !matches!(key.as_str(), "open" | "fields"))
    }) else {
        return tell("");
    };
    let (Some(left), Some(right)) = (wanted.get(kind), found.get(kind)) else {
        return tell("");
    };
    match kind.as_str() {
        "error" => {
            let class = |value: &Value| value.as_str().is_some_and(is_hard);
            if class(left) != class(right) {
                return tell("");
            }
        }
        "struct" => {}
        "list" => {
            let open = |node: &Value| node.get("open").is_some();
            if items(wanted).len() != items(found).len()
                || (!has_hard_error(wanted) && open(wanted) != open(found))
            {
                return tell("");
            }
        }
        _ => {
            if left != right {
                return tell("");
            }
        }
    }
    for (at, (left, right)) in items(wanted).iter().zip(items(found)).enumerate() {
        if let Some(found) = difference(left, right, order, &format!("{path}/{at}")) {
            return Some(found);
        }
    }
    for key in ["struct", "fields"] {
        let (left, right) = (entries(wanted, key), entries(found, key));
        let names = |entries: &[(&str, &Value)]| -> Vec<String> {
            entries.iter().map(|(name, _)| (*name).to_owned()).collect()
        };
        let (mut wanted_names, mut found_names) = (names(&left), names(&right));
        if order == Order::Ignored {
            wanted_names.sort();
            found_names.sort();
        }
        if wanted_names != found_names {
            return Some(format!(
                "{}: want fields {wanted_names:?} got {found_names:?}",
                if path.is_empty() { "/" } else { path }
            ));
        }
        let mut rest: Vec<Option<(&str, &Value)>> = right.into_iter().map(Some).collect();
        for (name, value) in left {
            let twin = rest
                .iter_mut()
                .find(|entry| entry.is_some_and(|(other, _)| other == name))
                .and_then(Option::take);
            if let Some((_, twin)) = twin
                && let Some(found) = difference(value, twin, order, &format!("{path}/{name}"))
            {
                return Some(found);
            }
        }
    }
    None
}
