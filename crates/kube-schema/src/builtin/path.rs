//! The path to a field, as a chain on the stack: it costs nothing until a fault is written.

use std::fmt;

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// A field: `.name`.
    Field(&'a str),
    /// A key of a mapping of the user's own: `[key]`.
    Key(&'a str),
    /// An element: `[0]`.
    Index(usize),
}

/// The steps so far, the last one first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Path<'a> {
    last: Option<(&'a Self, Step<'a>)>,
}

impl<'a> Path<'a> {
    pub(super) fn then(&'a self, step: Step<'a>) -> Self {
        Self {
            last: Some((self, step)),
        }
    }

    /// Whether no step was made.
    pub(super) fn is_root(&self) -> bool {
        self.last.is_none()
    }

    pub(super) fn field(&'a self, name: &'a str) -> Self {
        self.then(Step::Field(name))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((before, step)) = self.last else {
            return Ok(());
        };
        before.fmt(f)?;
        match step {
            Step::Field(name) if before.last.is_none() => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Key(key) => write!(f, "[{key}]"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_the_server_writes_it() {
        let root = Path::default();
        let spec = root.field("spec");
        let list = spec.field("containers");
        let item = list.then(Step::Index(2));
        let labels = item.field("labels");
        let label = labels.then(Step::Key("app.io/name"));
        assert_eq!(label.to_string(), "spec.containers[2].labels[app.io/name]");
        assert_eq!(root.to_string(), "");
    }
}
