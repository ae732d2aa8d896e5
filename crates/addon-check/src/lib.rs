//! Rules over an addon, each a diagnostic with its place.
//!
//! ```text
//! inspect: addon-model scan, load ─┐
//!          addon-archive plan ─────┼─► findings made while reading
//!                                  └─► check_addon ─► findings of the rules in `rules::ALL`
//! ```
//! A rule is one file of [`rules`]: its `//!` comment is the page that `explain` prints and that
//! `docs/rules` holds, its `RULE` is the row of the table, its `check` looks at a loaded addon and
//! adds findings. Some ids are given to what reading or packaging itself finds; their files hold
//! the page and name the function, so that every id has one page and one place where it is found.
//!
//! Invariant: a rule is a function of its [`Input`]; it reads no file and its findings come in the
//! order of the addon's files.

mod constraint;
mod input;
mod inspect;
mod merge;
mod rule;
pub mod rules;

pub use input::{Input, check_addon};
pub use inspect::{Inspection, inspect};
pub use rule::{Found, Rule};
