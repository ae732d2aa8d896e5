//! A rule of a schema: an entry of `x-kubernetes-validations`.

use super::schema::text;
use goyaml::Tree;

/// A rule, as it is written.
#[derive(Debug)]
pub(super) struct Rule {
    /// The expression.
    pub(super) text: Box<str>,
}

impl Rule {
    /// Reads a rule; one without an expression is none.
    pub(super) fn read(tree: &Tree) -> Option<Self> {
        Some(Self {
            text: text(tree, "rule")?.into(),
        })
    }
}
