//! A config template has `metadata` with a `name`, `template` with `parameter`, a `scope` that is `project` or `system`, and a
//! `sensitive` that is a boolean.
//!
//! One that KubeVela cannot read aborts the enabling of the addon. Without a name it would be stored as `config-template-`,
//! which no object can be called. The parameters become a schema, which has no words for some bounds: a default beside
//! a bound, as in `*8849 | int & >0`, is refused. The scope becomes a label by which VelaUX and `vela config-template` ask for
//! templates: they know these two.
//!
//! Bad:
//! ```cue
//! metadata: {name: "registry", scope: "cluster"}
//! template: output: {}
//! ```
//! Good:
//! ```cue
//! metadata: {name: "registry", scope: "system", sensitive: true}
//! template: {
//!     output: stringData: url: parameter.url
//!     parameter: {
//!         // +usage=Where the registry is
//!         url: string
//!     }
//! }
//! ```

use super::templates;
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::{Fields, bare, text};
use cue_syntax::ast::{Decl, Expr, LitKind};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "CFG01",
    title: "a config template has a name, a known scope and parameters",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "cfg/cfg01_template.rs",
    source: include_str!("cfg01_template.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in templates(input) {
        let decls = &file.parsed.file.decls;
        let start = file.parsed.file.meta.span.start();
        required(decls, start, findings);
        for field in Fields::at(decls, &["metadata", "scope"]).all {
            let scope = text(&field.value);
            let known = ["project", "system"];
            if let Some(scope) = scope.filter(|scope| !known.contains(&scope.as_str())) {
                let message = format!("KubeVela does not know the scope `{scope}`");
                let found = RULE.finding(message, field.value.span());
                findings.push(found.help("write `project` or `system`"));
            }
        }
        for field in Fields::at(decls, &["metadata", "sensitive"]).all {
            let is_other = match bare(&field.value) {
                Expr::Basic(basic) => !matches!(basic.kind, LitKind::True | LitKind::False),
                Expr::Struct(_) | Expr::List(_) | Expr::Interpolation(_) => true,
                _ => false,
            };
            if is_other {
                let found = RULE.finding("`sensitive` is no boolean", field.value.span());
                findings.push(found.help("write `true` or `false`, without quotes"));
            }
        }
    }
}

/// What must be there: the outermost that is missing is told.
fn required(decls: &[Decl], start: source_vocab::Span, findings: &mut Vec<Diagnostic>) {
    for (outer, inner) in [("metadata", "name"), ("template", "parameter")] {
        let outside = Fields::at(decls, &[outer]);
        if outside.is_missing() {
            let message = format!("the config template has no `{outer}`");
            let found = RULE.finding(message, start);
            findings.push(found.help(format!(
                "write `{outer}` with `{inner}` at the top of the file"
            )));
            continue;
        }
        let inside = Fields::at(decls, &[outer, inner]);
        let is_empty = inner == "name" && inside.text().is_some_and(|name| name.is_empty());
        if inside.is_missing() || is_empty {
            let place = match (inside.first(), outside.first()) {
                (Some(field), _) => field.value.span(),
                (None, Some(field)) => field.label.span(),
                (None, None) => start,
            };
            let message = format!("the config template has no `{outer}.{inner}`");
            let found = RULE.finding(message, place);
            findings.push(found.help(format!("write `{inner}` into `{outer}`")));
        }
    }
}
