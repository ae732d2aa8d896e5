//! Each file of `schemas/` is YAML (or JSON) with a list of mappings, each with a `jsonKey`.
//!
//! KubeVela stores it as it is; VelaUX cannot read anything else, and shows the parameters without it. One file that is no
//! YAML aborts the enabling of the addon.
//!
//! Bad:
//! ```yaml
//! jsonKey: image
//! uiType: ImageInput
//! ```
//! Good:
//! ```yaml
//! - jsonKey: image
//!   uiType: ImageInput
//! ```

use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use addon_model::{TextFile, YamlFile};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "UI01",
    title: "a UI schema is a list of parameters",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "ui/ui01_list.rs",
    source: include_str!("ui01_list.rs"),
    found: &[Found::InAddon(check)],
};

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in &input.addon.schemas {
        let yaml = parsed(file);
        if let Some(failure) = yaml.failure() {
            let mut found = failure;
            found.code = RULE.id.into();
            found.message = format!("`{}` is not valid YAML: {}", file.path, found.message);
            findings.push(found.help("mend the YAML: one broken file aborts the whole addon"));
            continue;
        }
        let start = file.source.span().start();
        match yaml.tree().map(|tree| (tree, &tree.data)) {
            Some((_, Data::List(items))) => {
                let is_named = |item: &&Tree| {
                    let key = item.get("jsonKey").and_then(Tree::coerced);
                    key.is_some_and(|key| !key.is_empty())
                };
                for item in items.iter().filter(|item| !is_named(item)) {
                    let message = format!("a parameter in `{}` has no `jsonKey`", file.path);
                    let found = RULE.finding(message, item.span.start());
                    findings.push(found.help("write the name of the parameter as `jsonKey`"));
                }
            }
            other => {
                let place = other.map_or(start, |(tree, _)| tree.span.start());
                let message = format!("`{}` holds no list of parameters", file.path);
                let found = RULE.finding(message, place);
                findings.push(found.help("write a list: `- jsonKey: NAME`"));
            }
        }
    }
}

/// How deep parameters are nested.
const MAX_DEPTH: u32 = 64;

/// The parameters of a UI schema, each followed by those inside it.
pub(super) fn parameters(schema: &Tree) -> Vec<&Tree> {
    fn add<'a>(list: &'a Tree, depth: u32, all: &mut Vec<&'a Tree>) {
        if depth > MAX_DEPTH {
            return;
        }
        for parameter in list.items() {
            all.push(parameter);
            for inner in ["subParameters", "additionalParameter"] {
                if let Some(inner) = parameter.get(inner) {
                    add(inner, depth + 1, all);
                }
            }
        }
    }
    let mut all = Vec::new();
    add(schema, 0, &mut all);
    all
}

/// A file of `schemas/` as YAML.
pub(super) fn parsed(file: &TextFile) -> YamlFile {
    YamlFile::parse(file.clone())
}
