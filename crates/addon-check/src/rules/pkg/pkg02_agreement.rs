//! The name of the archive's file, its `Chart.yaml`, its `metadata.yaml` and its entry in an index say the same: name,
//! version, `addon.name` and what the addon needs (`system`).
//!
//! In a Helm registry KubeVela reads the requirements from the annotations of the index alone, which come from
//! `Chart.yaml`. An archive whose `Chart.yaml` does not have them is enabled on every cluster, whatever its
//! `metadata.yaml` asks for. A `Chart.yaml` without `addon.name` is only a warning: nobody reads that one back.
//!
//! Bad: `metadata.yaml` with
//! ```yaml
//! system: {vela: ">=1.9.0"}
//! ```
//! and a `Chart.yaml` that was written by hand before:
//! ```yaml
//! annotations: {addon.name: fluxcd}
//! ```
//! Good: `addon-pack build`, which makes `Chart.yaml` from `metadata.yaml`.

use crate::archive::ArchiveInput;
use crate::rule::{Found, Holds, Rule};
use addon_archive::chart::{ADDON_NAME, SYSTEM_KUBERNETES, SYSTEM_VELA};
use serde_json::{Map, Value};
use source_vocab::{Diagnostic, Place, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PKG02",
    title: "all that names an archive says the same",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "pkg/pkg02_agreement.rs",
    source: include_str!("pkg02_agreement.rs"),
    found: &[
        Found::InArchive(check),
        Found::WhileReading("addon_archive::untrusted::read"),
    ],
};

const REMEDY: &str =
    "package the addon again: `addon-pack build` makes `Chart.yaml` from `metadata.yaml`";

fn annotation<'a>(fields: &'a Map<String, Value>, key: &str) -> &'a str {
    let annotations = fields.get("annotations").and_then(Value::as_object);
    annotations
        .and_then(|map| map.get(key)?.as_str())
        .unwrap_or_default()
}

fn check(input: &ArchiveInput<'_>, findings: &mut Vec<Diagnostic>) {
    let contents = input.contents;
    let expected = format!("{}-{}.tgz", contents.name, contents.version);
    if let Some(name) = input.archive.file_name
        && name != expected
    {
        let message = format!("the file is called `{name}`, expected `{expected}`");
        let found = RULE.finding(message, input.place());
        findings.push(found.help("rename it: provenance files and registries go by that name"));
    }
    let name = annotation(&contents.chart, ADDON_NAME);
    let place = input.chart_place(&["annotations", ADDON_NAME]);
    if name.is_empty() {
        let message = format!("`Chart.yaml` has no annotation `{ADDON_NAME}`");
        findings.push(RULE.milder(Severity::Warning, message, place).help(REMEDY));
    } else if name != contents.name {
        let message = format!(
            "`{ADDON_NAME}` in `Chart.yaml` is `{name}`, but the addon is `{}`",
            contents.name
        );
        findings.push(RULE.finding(message, place).help(REMEDY));
    }
    let system = input.meta.system.as_ref().map(|system| &system.value);
    let asked = [
        (SYSTEM_VELA, system.map(|system| &system.vela)),
        (SYSTEM_KUBERNETES, system.map(|system| &system.kubernetes)),
    ];
    for (key, asked) in asked {
        let wanted = asked.map_or("", |text| text.as_str());
        let written = annotation(&contents.chart, key);
        if written == wanted {
            continue;
        }
        let message = match (written, wanted) {
            ("", _) => format!(
                "`metadata.yaml` asks for `{key}` `{wanted}`, which `Chart.yaml` does not have: it is never checked"
            ),
            (_, "") => {
                format!("`Chart.yaml` asks for `{key}` `{written}`, `metadata.yaml` does not")
            }
            _ => {
                format!("`Chart.yaml` asks for `{key}` `{written}`, `metadata.yaml` for `{wanted}`")
            }
        };
        let found = RULE.finding(message, input.chart_place(&["annotations", key]));
        let found = match asked {
            Some(text) if text.is_set() => {
                found.label(input.metadata_place(text.span), "what the addon says")
            }
            _ => found,
        };
        findings.push(found.help(REMEDY));
    }
    in_index(input, findings);
}

/// What the index says otherwise than the archive that it names.
fn in_index(input: &ArchiveInput<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(entry) = input.archive.entry else {
        return;
    };
    let chart = &input.contents.chart;
    let place = if entry.span.is_detached() {
        input.place()
    } else {
        Place::Text(entry.span.start())
    };
    let field = |fields: &Map<String, Value>, key: &str| {
        let text = fields.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let mut compare = |what: &str, listed: &str, packed: &str| {
        if listed != packed {
            let message = format!(
                "the index gives `{}` {} the {what} `{listed}`, its archive has `{packed}`",
                input.contents.name, input.contents.version
            );
            let found = RULE.finding(message, place.clone());
            findings.push(found.help("build the index again with `addon-pack index build`"));
        }
    };
    for key in ["name", "version"] {
        compare(key, &field(&entry.fields, key), &field(chart, key));
    }
    for key in [SYSTEM_VELA, SYSTEM_KUBERNETES] {
        compare(key, annotation(&entry.fields, key), annotation(chart, key));
    }
}
