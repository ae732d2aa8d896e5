//! Values as CUE: what `cue export --out cue`, `cue eval` and `cue def` print.
//!
//! A value becomes a syntax tree, which the formatter of cue-syntax prints. There are two ways: *data* shows values as far as they
//! are known and the expressions they were written as where they are not; *definition* shows what the package says, merged over
//! its files, with references, documentation, optional fields and patterns. [`Profile`] says which, and what is shown.
//!
//! ```
//! use cue_engine::Session;
//! use cue_engine::export::cue::{Profile, Style, text};
//!
//! let mut session = Session::new();
//! let package = session.package_of_text("web.cue", "
//!     // where it listens
//!     port: *80 | int
//!     url: \"http://localhost:\\(port)\"
//! ");
//! let evaluation = session.evaluate(&package);
//! let root = evaluation.root().unwrap();
//! let show = |profile| text(&session, &package, &evaluation, root, profile, Style::default());
//! assert_eq!(show(Profile::EVAL), "port: 80\nurl:  \"http://localhost:80\"\n");
//! assert_eq!(
//!     show(Profile::DEFINITION),
//!     "// where it listens\nport: *80 | int\nurl:  \"http://localhost:\\(port)\"\n",
//! );
//! ```
//!
//! As cue v0.14.1 `internal/core/export`.
//!
//! - `value.rs`: data; `merge.rs`, `order.rs`: definitions; `expr.rs`: expressions as written;
//! - `exporter.rs`: scopes, names, documentation; `trees.rs`: from places back to trees;
//! - `file.rs`: package clause, imports, comments of files;
//! - `remainder.rs`: what is left of a value, without the package it came from;
//! - `pivot.rs`: what has to come along with a part; `bounds.rs`: ranges by name; `message.rs`: errors as comments.

mod bounds;
mod exporter;
mod expr;
mod file;
mod merge;
mod message;
mod order;
mod pivot;
mod remainder;
mod trees;
mod value;

use crate::session::{Evaluation, Package, Session};
use cue_eval::Value;
use cue_syntax::ast;
use cue_syntax::format::Options;
use exporter::Exporter;
pub use remainder::remainder;
pub use value::kinds;

/// What is shown of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent flags, each a flag of the command line"
)]
pub struct Profile {
    /// Definitions instead of data: references, defaults and patterns stay.
    pub definition: bool,
    /// Values that are not the default are left out.
    pub take_defaults: bool,
    /// `x?`.
    pub show_optional: bool,
    /// `#x`.
    pub show_definitions: bool,
    /// `_x`.
    pub show_hidden: bool,
    /// Documentation.
    pub show_docs: bool,
    /// Attributes of fields and structs.
    pub show_attributes: bool,
    /// Errors are shown where they are instead of at the top.
    pub show_errors: bool,
    /// References into other packages are written out.
    pub inline_imports: bool,
}

impl Profile {
    /// `cue eval`.
    pub const EVAL: Self = Self {
        definition: false,
        take_defaults: true,
        show_optional: false,
        show_definitions: true,
        show_hidden: false,
        show_docs: false,
        show_attributes: false,
        show_errors: false,
        inline_imports: false,
    };

    /// `cue export --out cue`.
    pub const EXPORT: Self = Self {
        show_definitions: false,
        show_docs: true,
        ..Self::EVAL
    };

    /// `cue def`.
    pub const DEFINITION: Self = Self {
        definition: true,
        take_defaults: false,
        show_optional: true,
        show_definitions: true,
        show_hidden: true,
        show_docs: true,
        show_attributes: true,
        show_errors: false,
        inline_imports: false,
    };
}

/// How the text is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style<'n> {
    /// Whether the formatter simplifies, as `cue fmt -s`.
    pub simplify: bool,
    /// The name of a package that a file without one gets.
    pub package: Option<&'n str>,
}

/// What a field whose value is only a reference leads to.
pub(crate) fn referred(field: Value<'_>) -> Option<Value<'_>> {
    pivot::referred(field)
}

/// The value as a file.
pub fn file(
    session: &Session,
    package: &Package,
    evaluation: &Evaluation,
    value: Value<'_>,
    profile: Profile,
) -> ast::File {
    let Some(graph) = evaluation.graph() else {
        return ast::File::default();
    };
    // the same value, of the graph of the evaluation
    let value = graph.view(value.term());
    let mut exporter = Exporter::new(session, package, evaluation, graph, profile);
    exporter.file(value)
}

/// A text laid out once more. A comment behind `_|_` would move, so a text with one stays as it is.
fn aligned(text: &str) -> String {
    let mut sources = source_vocab::SourceMap::new();
    let Ok(source) = sources.add("", text) else {
        return text.to_owned();
    };
    let parsed = cue_syntax::parse(&source);
    if !parsed.errors.is_empty() {
        return text.to_owned();
    }
    let again = cue_syntax::format_made(&parsed.file, Options::default());
    // an expression at the top begins on a line of its own
    if text.starts_with('\n') && !again.starts_with('\n') {
        return format!("\n{again}");
    }
    again
}

/// The value as the text of a file, ending in a line feed.
pub fn text(
    session: &Session,
    package: &Package,
    evaluation: &Evaluation,
    value: Value<'_>,
    profile: Profile,
    style: Style<'_>,
) -> String {
    let mut file = file(session, package, evaluation, value, profile);
    if let Some(name) = style.package
        && file.package_name().is_none()
    {
        file::set_package(&mut file, name);
    }
    let options = Options {
        simplify: style.simplify,
    };
    let mut text = cue_syntax::format_made(&file, options);
    if style.simplify && !text.contains("_|_ //") {
        // fields that simplifying has put on one line are aligned with their neighbours
        text = aligned(&text);
    }
    if text.is_empty() || text.ends_with('\n') {
        text
    } else {
        text + "\n"
    }
}
