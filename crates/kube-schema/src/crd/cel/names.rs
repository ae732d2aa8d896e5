//! Names of fields in expressions.
//!
//! A field whose name is no identifier, or one that is reserved, has another name in rules: `a-b` is `a__dash__b`,
//! `namespace` is `__namespace__`. A name with any other character cannot be reached at all.

use std::borrow::Cow;

const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

const PARTS: [(&str, &str); 4] = [
    ("__underscores__", "__"),
    ("__dot__", "."),
    ("__dash__", "-"),
    ("__slash__", "/"),
];

/// Whether a text can name a variable of an expression.
pub(crate) fn is_identifier(text: &str) -> bool {
    let is_start = |c: char| c == '_' || c.is_ascii_alphabetic();
    text.starts_with(is_start)
        && text.chars().all(|c| is_start(c) || c.is_ascii_digit())
        && !RESERVED.contains(&text)
}

/// The name of a field in expressions; `None` when it has none.
pub(super) fn escaped(name: &str) -> Option<Cow<'_, str>> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__").into());
    }
    let is_plain = |c: char| c == '_' || c.is_ascii_alphanumeric();
    if !name.chars().all(|c| is_plain(c) || "-./".contains(c))
        || name.starts_with(|c: char| c.is_ascii_digit())
        || name.is_empty()
    {
        return None;
    }
    if name.chars().all(is_plain) && !name.contains("__") {
        return Some(name.into());
    }
    let mut out = String::new();
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let part = PARTS.iter().find(|(_, plain)| rest.starts_with(plain));
        match part {
            Some((word, plain)) => {
                out.push_str(word);
                rest = rest.get(plain.len()..).unwrap_or_default();
            }
            None => {
                out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    Some(out.into())
}

/// The name of the field that an expression means.
pub(super) fn unescaped(name: &str) -> Option<Cow<'_, str>> {
    if RESERVED.contains(&name) {
        return None;
    }
    let word = name
        .strip_prefix("__")
        .and_then(|rest| rest.strip_suffix("__"));
    if let Some(word) = word.filter(|word| RESERVED.contains(word)) {
        return Some(Cow::Borrowed(word));
    }
    if !name.contains("__") {
        return Some(name.into());
    }
    let mut out = name.to_owned();
    for (word, plain) in PARTS.iter().rev() {
        out = out.replace(word, plain);
    }
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_back() {
        for (name, expected) in [
            ("size", "size"),
            ("namespace", "__namespace__"),
            ("a-b.c/d", "a__dash__b__dot__c__slash__d"),
            ("a__b", "a__underscores__b"),
        ] {
            assert_eq!(escaped(name).as_deref(), Some(expected));
            assert_eq!(unescaped(expected).as_deref(), Some(name));
        }
        assert_eq!(escaped("a$b"), None);
        assert_eq!(unescaped("namespace"), None);
    }
}
