//! The way to a field, written out only where a fault is found.
//!
//! A path is a list on the stack of the walk: each step knows the one before it. The server writes paths in two fashions,
//! and which one depends on the check: `spec.labels.app` where values are compared with the schema, `spec.labels[app]`
//! where lists and rules are looked at. The walk decides by the step it takes.

use crate::fault::{Fault, FaultKind};
use source_vocab::Span;
use std::fmt;

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'a> {
    /// The object as a whole.
    Root,
    /// A field of a mapping: `.name`.
    Field(&'a Path<'a>, &'a str),
    /// A key of a mapping that has keys of the author's choice: `[name]`.
    Key(&'a Path<'a>, &'a str),
    /// An element of a list, from 0.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(super) fn field(&'a self, name: &'a str) -> Self {
        Self::Field(self, name)
    }

    pub(super) fn key(&'a self, name: &'a str) -> Self {
        Self::Key(self, name)
    }

    pub(super) fn index(&'a self, at: usize) -> Self {
        Self::Index(self, at)
    }

    /// A fault of this field.
    pub(super) fn fault(&self, kind: FaultKind, message: impl Into<String>, span: Span) -> Fault {
        Fault {
            field: self.to_string(),
            kind,
            message: message.into(),
            help: None,
            span,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => f.write_str(name),
            Self::Field(before, name) => write!(f, "{before}.{name}"),
            Self::Key(before, name) => write!(f, "{before}[{name}]"),
            Self::Index(before, at) => write!(f, "{before}[{at}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_the_server_writes_them() {
        let spec = Path::Root.field("spec");
        let ports = spec.field("ports");
        let second = ports.index(1);
        assert_eq!(second.field("name").to_string(), "spec.ports[1].name");
        assert_eq!(spec.key("a.b").to_string(), "spec[a.b]");
        assert_eq!(Path::Root.to_string(), "");
    }
}
