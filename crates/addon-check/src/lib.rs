//! Rules over an addon, each a diagnostic with its place.
//!
//! ```text
//! inspect: addon-model scan, load ─┐
//!          addon-archive plan ─────┼─► findings made while reading
//!                                  ├─► findings of the rules on addons
//!          addon-render ─► Proof ──┴─► findings made while rendering, and of the rules on what is rendered
//! inspect_archive: the reader of strangers' archives ─► inspect, and the rules on archives
//! check_workspace: metadata.yaml of all members ─► the rules on addons side by side
//! ```
//! A rule is one file of [`rules`]: its `//!` comment is the page that `explain` prints and that
//! `docs/rules` holds, its `RULE` is the row of the table, its checks look at an addon, at what it renders to ([`proof`]), at
//! an archive or a folder of addons and add findings. Some ids are given to what reading or packaging itself finds; their files hold
//! the page and name the function, so that every id has one page and one place where it is found.
//!
//! Invariant: a rule is a function of what it looks at; it reads no file and its findings come in the
//! order of the addon's files.

mod archive;
mod baseline;
mod definitions;
mod fix;
mod ignore;
mod input;
mod inspect;
mod kubernetes;
mod merge;
mod names;
mod own;
mod parameters;
pub mod proof;
pub mod report;
mod rule;
pub mod rules;
mod scope;
mod selection;
mod spelling;
mod syntax;
mod workspace;

pub use archive::{
    Archive, ArchiveInput, ArchiveInspection, ArchiveWorld, check_archive, inspect_archive,
};
pub use baseline::{BadBaseline, Baseline};
pub use fix::{Mended, fixed};
pub use input::Input;
pub use inspect::{Ignored, Inspection, Subject, inspect, inspect_cases, inspect_with, proven};
pub use own::{OwnRule, OwnRules};
pub use proof::{Neighbours, Proof};
pub use rule::{Found, Holds, Rule};
pub use selection::{NoVersion, Profile, Selection, UnknownRule};
pub use workspace::{Member, Other, Workspace, check_workspace};
