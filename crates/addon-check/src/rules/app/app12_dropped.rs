//! A CUE file in `resources/` has `package main`, which merges it into the template, or a field `output`, which makes it a
//! component.
//!
//! KubeVela drops any other without a word.
//!
//! Bad: in `resources/settings.cue`
//! ```cue
//! settings: replicas: 3
//! ```
//! Good:
//! ```cue
//! package main
//!
//! settings: replicas: 3
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{Format, Role};
use cue_syntax::ast::{self, LabelName};
use source_vocab::{Diagnostic, Severity};
use std::ops::ControlFlow;

pub(super) const RULE: Rule = Rule {
    id: "APP12",
    title: "a CUE file in `resources/` is a part of the template or a component",
    severity: Severity::Warning,
    holds: Holds::Always,
    mended: false,
    file: "app/app12_dropped.rs",
    source: include_str!("app12_dropped.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in input.cue() {
        let parsed = &file.parsed;
        let is_alone = file.role == Role::Resource(Format::Cue)
            && parsed.errors.is_empty()
            && parsed.file.package().is_none();
        if !is_alone || makes_output(&parsed.file) {
            continue;
        }
        let message = format!("KubeVela drops `{}`: it has no `output`", file.path);
        let found = RULE.finding(message, parsed.file.meta.span.start());
        findings
            .push(found.help("write `package main` to merge it into the template, or an `output`"));
    }
}

/// Whether a field `output` stands in a file, in a condition for example.
pub(in crate::rules) fn makes_output(file: &ast::File) -> bool {
    let mut found = false;
    ast::walk(ast::Node::File(file), &mut |node| {
        if let ast::Node::Decl(ast::Decl::Field(field)) = node
            && let LabelName::Ident(name) | LabelName::Quoted(name) = field.label.name()
        {
            found |= name == "output";
        }
        ControlFlow::Continue(())
    });
    found
}
