//! `values.yaml`, `values.schema.json`, `requirements.yaml` and `charts/` are what Helm expects, or absent.
//!
//! An addon is packaged as a chart. Helm reads these names by itself: a `values.yaml` that is no mapping, or a folder
//! `charts/` with something else than charts, makes the archive one that it refuses.
//!
//! Bad: `charts/notes.txt`.
//!
//! Good: `upstream/notes.txt`.

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "PKG08",
    title: "no file is taken for a part of a Helm chart",
    severity: Severity::Error,
    holds: Holds::Helm("*"),
    mended: false,
    file: "pkg/pkg08_helm_files.rs",
    source: include_str!("pkg08_helm_files.rs"),
    found: &[Found::WhileReading("addon_archive::plan")],
};
