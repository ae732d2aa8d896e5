//! The index of a registry is strict YAML with known keys, no entry is null, and every version is one, in falling order and once.
//!
//! KubeVela decodes the index strictly: one unknown key, and no addon of the registry is found. An entry that is null
//! crashes `vela`.
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
    file: "reg/reg01_index.rs",
    source: include_str!("reg01_index.rs"),
    found: &[Found::WhileReading("addon_index::read")],
};
