//! A CUE file uses every package that it imports.
//!
//! CUE refuses a file with an import that it does not use; some releases of KubeVela do not notice.
//!
//! Bad:
//! ```cue
//! import "strings"
//!
//! output: name: parameter.name
//! ```
//! Good:
//! ```cue
//! import "strings"
//!
//! output: name: strings.ToLower(parameter.name)
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use cue_syntax::ast;
use source_vocab::{Diagnostic, Severity};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "CUE05",
    title: "what is imported is used",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "cue/cue05_import.rs",
    source: include_str!("cue05_import.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        let parsed = &file.parsed;
        if !parsed.errors.is_empty() || parsed.file.imports().next().is_none() {
            continue;
        }
        let used = names(&parsed.file);
        for import in parsed.file.imports() {
            let path = import.path.text.as_str().trim_matches('"');
            let last = path.rsplit(['/', ':']).next().unwrap_or_default();
            let name = import.name.as_ref().map_or(last, |name| name.name.as_str());
            if name == "_" || used.contains(name) {
                continue;
            }
            let found = RULE.finding(
                format!("`{path}` is imported and not used"),
                import.path.meta.span,
            );
            findings.push(found.help("remove the import"));
        }
    }
}

/// The identifiers of a file, wherever they stand.
fn names(file: &ast::File) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    ast::walk(ast::Node::File(file), &mut |node| {
        if let ast::Node::Expr(ast::Expr::Ident(ident)) = node {
            names.insert(ident.name.as_str());
        }
        ControlFlow::Continue(())
    });
    names
}
