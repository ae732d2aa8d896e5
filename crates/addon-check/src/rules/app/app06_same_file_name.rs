//! Components without a name of their own come from files of `resources/` that are called differently.
//!
//! KubeVela calls a component after the last part of its file's path only: `resources/a/web.cue` and `resources/b/web.cue` are
//! two components `web`, and it refuses the Application.
//!
//! Bad: `resources/a/web.cue` and `resources/b/web.cue`, each with
//! ```cue
//! output: type: "webservice"
//! ```
//! Good: `resources/a/web-a.cue` and `resources/b/web-b.cue`, or a `name` in each `output`.

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::rules::app::app12_dropped::makes_output;
use crate::syntax::Fields;
use addon_model::{Format, Role};
use source_vocab::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "APP06",
    title: "no two components of `resources/` are called after files of one name",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "app/app06_same_file_name.rs",
    source: include_str!("app06_same_file_name.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for file in input.cue() {
        let tree = &file.parsed.file;
        let is_component = file.role == Role::Resource(Format::Cue)
            && file.parsed.errors.is_empty()
            && tree.package_name() != Some("main")
            && makes_output(tree);
        if !is_component || !Fields::at(&tree.decls, &["output", "name"]).is_missing() {
            continue;
        }
        let span = tree
            .decls
            .iter()
            .find(|decl| matches!(decl, cue_syntax::ast::Decl::Field(_)))
            .map_or(tree.meta.span.start(), |decl| decl.span().start());
        let path = file.path.as_str();
        let Some((first, before)) = names.insert(file.path.file_name(), (path, span)) else {
            continue;
        };
        let name = file.path.file_name();
        let message =
            format!("`{path}` and `{first}` are components of one name, that of `{name}`");
        let found = RULE.finding(message, span).label(before, "the first one");
        findings.push(found.help("write a `name` into `output`, or rename one of the files"));
    }
}
