//! The `version` of a definition is three numbers: `1.0.0`.
//!
//! Where KubeVela's admission webhook runs, as it does by default, it refuses a definition with any other, `1.0`, `v1.0.0` and
//! `1.0.0-rc.1` among them. A definition with a version may not have the annotation `definitionrevision.oam.dev/name`
//! besides.
//!
//! Bad:
//! ```cue
//! web: {type: "component", attributes: version: "v1.0"}
//! ```
//! Good:
//! ```cue
//! web: {type: "component", attributes: version: "1.0.0"}
//! ```

use super::{Shape, definitions};
use crate::input::Input;
use crate::rule::{Found, Holds, Rule};
use crate::syntax::Fields;
use addon_model::{Element, YamlFile};
use goyaml::Tree;
use source_vocab::{Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    id: "DEF16",
    title: "the version of a definition is three numbers",
    severity: Severity::Error,
    holds: Holds::KubeVela(">=1.10.0-0"),
    mended: false,
    file: "def/def16_version.rs",
    source: include_str!("def16_version.rs"),
    found: &[Found::InAddon(check)],
};

const REVISION: &str = "definitionrevision.oam.dev/name";

fn check(input: &Input<'_>, findings: &mut Vec<Diagnostic>) {
    for file in definitions(input) {
        let decls = &file.parsed.file.decls;
        let Some(name) = Shape::of(decls).name() else {
            continue;
        };
        let version = Fields::at(decls, &[&name, "attributes", "version"]);
        let (Some(text), Some(field)) = (version.text(), version.first()) else {
            continue;
        };
        let revision = Fields::at(decls, &[&name, "annotations", REVISION]);
        let revision = revision.first().map(|field| field.label.span());
        judge(&text, field.value.span(), revision, findings);
    }
    let files = input.addon.definitions.iter().filter_map(Element::as_yaml);
    for root in files.filter_map(YamlFile::tree) {
        let kind = root.get("kind").and_then(Tree::as_str).unwrap_or_default();
        let version = root.get("spec").and_then(|spec| spec.get("version"));
        let (Some(version), true) = (version, kind.ends_with("Definition")) else {
            continue;
        };
        let annotations = root
            .get("metadata")
            .and_then(|metadata| metadata.get("annotations"));
        let revision = annotations.and_then(|annotations| annotations.entry(REVISION));
        if let Some(text) = version.as_str().filter(|text| !text.is_empty()) {
            let revision = revision.map(|entry| entry.key_span);
            judge(text, version.span, revision, findings);
        }
    }
}

fn judge(version: &str, place: Span, revision: Option<Span>, findings: &mut Vec<Diagnostic>) {
    let parts: Vec<&str> = version.split('.').collect();
    // Go's Atoi takes a sign
    let is_number = |part: &&str| {
        let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.len() != 3 || !parts.iter().all(is_number) {
        let message = format!("KubeVela refuses the version `{version}` of a definition");
        let found = RULE.finding(message, place);
        findings.push(found.help("write three numbers, as in `1.0.0`"));
    }
    if let Some(revision) = revision {
        let message = "a definition has either a version or the name of a revision";
        let found = RULE.finding(message, revision).label(place, "the version");
        findings.push(found.help("remove the annotation"));
    }
}
