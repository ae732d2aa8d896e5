//! The index of a registry has known keys with values of the right types, no entry is null, and every version is one, in
//! falling order and once.
//!
//! KubeVela decodes the index strictly: one unknown key, one number where a text belongs (`appVersion: 1.10` without
//! quotes), one time that is none, and no addon of the registry is found. An entry that is null crashes `vela`. A key
//! in another case is read, and an entry without `name` is found by KubeVela but not by Helm: those are warnings.
//!
//! Bad:
//! ```yaml
//! apiVersion: v1
//! entries:
//!   fluxcd: [null]
//! ```
//! Good:
//! ```yaml
//! apiVersion: v1
//! entries:
//!   fluxcd:
//!     - name: fluxcd
//!       version: 1.0.0
//!       urls: [charts/fluxcd-1.0.0.tgz]
//! ```

use crate::rule::{Found, Holds, Rule};
use source_vocab::Severity;

pub(super) const RULE: Rule = Rule {
    id: "REG01",
    title: "`index.yaml` can be read by KubeVela",
    severity: Severity::Error,
    holds: Holds::Always,
    mended: false,
    file: "reg/reg01_index.rs",
    source: include_str!("reg01_index.rs"),
    found: &[Found::WhileReading("addon_index::read")],
};
