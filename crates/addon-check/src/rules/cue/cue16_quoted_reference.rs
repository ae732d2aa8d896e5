//! A parameter or a part of the context is referred to without quotes.
//!
//! `"parameter.image"` is that text, and no reference; inside of a text a reference stands as `\(parameter.image)`.
//!
//! Bad:
//! ```cue
//! image: "parameter.image"
//! command: "serve $(parameter.port)"
//! ```
//! Good:
//! ```cue
//! image: parameter.image
//! command: "serve \(parameter.port)"
//! ```

use crate::input::Input;
use crate::parameters::{Standing, declared_path};
use crate::rule::{Found, Holds, Rule};
use crate::syntax;
use cue_syntax::ast::{self, Expr, Node};
use regex::Regex;
use source_vocab::{Diagnostic, Severity};
use std::ops::ControlFlow;
use std::sync::LazyLock;

pub(super) const RULE: Rule = Rule {
    id: "CUE16",
    title: "a reference is not in quotes",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue16_quoted_reference.rs",
    source: include_str!("cue16_quoted_reference.rs"),
    found: &[Found::InAddon(check)],
};

/// A reference as the whole of a text, or inside of the signs that other languages have for it.
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:parameter|context\.metadata)(?:\.[A-Za-z_]\w*)+$|\$[({](?:parameter|context\.metadata)(?:\.[A-Za-z_]\w*)+[)}]|\{\{ *(?:parameter|context\.metadata)(?:\.[A-Za-z_]\w*)+ *\}\}").ok()
});

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(pattern) = QUOTED.as_ref() else {
        return;
    };
    for file in input.cue().iter().filter(|file| file.makes_application()) {
        ast::walk(Node::File(&file.parsed.file), &mut |node| {
            let Node::Expr(value @ Expr::Basic(_)) = node else {
                return ControlFlow::Continue(());
            };
            let Some(text) = syntax::text(value) else {
                return ControlFlow::Continue(());
            };
            if let Some(found) = pattern.find(&text) {
                let written = found.as_str().trim_matches(|c: char| !c.is_alphanumeric());
                let names: Vec<&str> = written.split('.').skip(1).collect();
                let is_known = !written.starts_with("parameter")
                    || declared_path(input, &names) == Standing::Declared;
                if is_known {
                    let message = format!("`{written}` in quotes is a text, not what it refers to");
                    let help = if found.len() == text.len() && found.as_str() == written {
                        "remove the quotes".to_owned()
                    } else {
                        format!("write `\\({written})`")
                    };
                    findings.push(RULE.finding(message, value.span()).help(help));
                }
            }
            ControlFlow::Continue(())
        });
    }
}
