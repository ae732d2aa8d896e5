//! A KubeVela addon directory as a typed value with places.
//!
//! ```text
//! World ─ scan ─► AddonTree          every file, classified by its path; nothing parsed
//!           └ load_packaging ─► Packaging  what a package needs, and whether vela refuses it
//!           └ load_metadata ─► Metadata    metadata.yaml alone
//!           └ load ─► Addon                every file KubeVela reads, YAML parsed
//! Tree ─ schema::validate ─► findings         JSON Schema at the places of the YAML
//! addon-pack.yaml ─ WorkspaceFile::read, members ─► the addons of a workspace
//! ```
//! The model says what KubeVela *sees*: the path grammar ([`grammar`]) is its prefix rules, the
//! order is its reading order, the fields of `metadata.yaml` are decoded as Go's JSON decoder
//! does it, in any case. Findings of this crate are those that reading itself makes (`META01`,
//! `LAY12`, `LAY13`); rules live above it.

pub mod grammar;
mod load;
mod meta;
mod meta_decode;
mod packaging;
pub mod schema;
mod spanned;
mod tree;
pub mod workspace;

pub use grammar::{Fit, Format, Pattern, Role, Skip};
pub use load::{Addon, Element, Metadata, TextFile, YamlFile, load, load_metadata, read_text};
pub use meta::{CaseVariant, Dependency, DeployTo, Meta, Pair, SystemRequirements, UnknownKey};
pub use meta_decode::{field_names, folds_equal};
pub use packaging::{Packaging, load_packaging};
pub use spanned::Spanned;
pub use tree::{AddonTree, MAX_DEPTH, MAX_ENTRIES, TreeEntry, scan, scan_through_links};
