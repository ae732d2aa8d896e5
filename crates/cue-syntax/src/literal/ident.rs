//! Which names are identifiers, and which labels need quotes.

use super::unicode::{is_digit, is_letter};

/// Whether `name` is an identifier: `a`, `_a`, `#a`, `_#a`, `$a`, and `_` itself.
///
/// A keyword is an identifier here (it may be a label). As `ast.IsValidIdent` of cue v0.14.1
/// `cue/ast/ident.go`.
pub fn is_valid_ident(name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let (rest, underscored) = match name.strip_prefix('_') {
        Some("") => return true,
        Some(rest) => (rest, true),
        None => (name, false),
    };
    let (rest, may_start_with_digit) = match rest.strip_prefix('#') {
        Some(rest) => (rest, false),
        None => (rest, underscored),
    };
    if !may_start_with_digit && rest.chars().next().is_some_and(is_digit) {
        return false;
    }
    rest.chars()
        .all(|c| is_letter(c) || is_digit(c) || c == '_' || c == '$')
}

/// Whether an identifier of this name would be a definition or a hidden field.
pub fn is_def_or_hidden(name: &str) -> bool {
    name.starts_with(['#', '_'])
}

/// Whether the regular field called `name` must be written with quotes: it is no identifier, or the
/// identifier would name a definition or hidden field (`internal/core/export/label.go`).
pub fn needs_quotes(name: &str) -> bool {
    !is_valid_ident(name) || is_def_or_hidden(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for name in [
            "a",
            "_",
            "_a",
            "#a",
            "_#a",
            "$a",
            "a1",
            "_1",
            "\u{e9}t\u{e9}",
            "for",
            "#",
        ] {
            assert!(is_valid_ident(name), "{name}");
        }
        for name in ["", "1", "a-b", "#1", "_#1", "a.b", "a b", "##"] {
            assert!(!is_valid_ident(name), "{name}");
        }
    }

    #[test]
    fn labels_that_need_quotes() {
        assert!(!needs_quotes("a") && !needs_quotes("for") && !needs_quotes("$x"));
        assert!(
            needs_quotes("_a") && needs_quotes("#a") && needs_quotes("a-b") && needs_quotes("")
        );
    }
}
