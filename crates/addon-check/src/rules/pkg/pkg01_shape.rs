//! An archive has one folder that is called as the addon, with a `metadata.yaml` and a `Chart.yaml` of a library chart.
//!
//! KubeVela drops the first part of every path and needs `metadata.yaml`; Helm, and every registry that knows Helm,
//! needs `Chart.yaml` with `apiVersion: v2`. The `type: library` keeps people from installing the addon with `helm
//! install`, which would do nothing. Archives made with `tar` alone usually lack `Chart.yaml`.
//!
//! Bad: `tar -czf fluxcd-1.0.0.tgz fluxcd/` of a directory without `Chart.yaml`.
//!
//! Good: `addon-pack build fluxcd`.

use crate::archive::ArchiveInput;
use crate::rule::{Found, Holds, Rule};
use source_vocab::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    id: "PKG01",
    title: "an archive is one addon, packaged as a library chart",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "pkg/pkg01_shape.rs",
    source: include_str!("pkg01_shape.rs"),
    found: &[
        Found::InArchive(check),
        Found::WhileReading("addon_archive::untrusted::read"),
    ],
};

fn check(input: &ArchiveInput<'_>, findings: &mut Vec<Diagnostic>) {
    for (key, expected, why) in [
        ("apiVersion", "v2", "Helm knows library charts since then"),
        (
            "type",
            "library",
            "otherwise `helm install` takes the addon for an application",
        ),
    ] {
        let field = input.contents.chart.get(key);
        let written = field.and_then(serde_json::Value::as_str);
        if written == Some(expected) {
            continue;
        }
        let message = match written {
            Some(other) => format!("`Chart.yaml` has the `{key}` `{other}`, expected `{expected}`"),
            None => format!("`Chart.yaml` has no `{key}: {expected}`"),
        };
        let found = RULE.finding(message, input.chart_place(&[key]));
        findings.push(found.note(why).help("package it with `addon-pack build`"));
    }
}
