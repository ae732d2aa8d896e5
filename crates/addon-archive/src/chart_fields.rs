//! The fields of `Chart.yaml` and their types: helm v3.14.4 `pkg/chart/metadata.go` and `dependency.go`.
//!
//! Two readers need them: [`crate::helm`], which reads a chart as Helm does when it packages one, and
//! [`crate::untrusted`], which lets nothing else into an index.

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// `string`.
    Text,
    /// `bool`.
    Bool,
    /// `[]string`.
    Texts,
    /// `map[string]string`.
    TextMap,
    /// A list of mappings with these fields.
    Records(&'static [Field]),
    /// A list of anything.
    Values,
}

/// A field: its name and its type.
pub(crate) type Field = (&'static str, Shape);

const MAINTAINER: &[Field] = &[
    ("email", Shape::Text),
    ("name", Shape::Text),
    ("url", Shape::Text),
];

/// The fields of an element of `dependencies`.
pub(crate) const DEPENDENCY: &[Field] = &[
    ("alias", Shape::Text),
    ("condition", Shape::Text),
    ("enabled", Shape::Bool),
    ("import-values", Shape::Values),
    ("name", Shape::Text),
    ("repository", Shape::Text),
    ("tags", Shape::Texts),
    ("version", Shape::Text),
];

/// The fields of `Chart.yaml`.
pub(crate) const CHART: &[Field] = &[
    ("annotations", Shape::TextMap),
    ("apiVersion", Shape::Text),
    ("appVersion", Shape::Text),
    ("condition", Shape::Text),
    ("dependencies", Shape::Records(DEPENDENCY)),
    ("deprecated", Shape::Bool),
    ("description", Shape::Text),
    ("home", Shape::Text),
    ("icon", Shape::Text),
    ("keywords", Shape::Texts),
    ("kubeVersion", Shape::Text),
    ("maintainers", Shape::Records(MAINTAINER)),
    ("name", Shape::Text),
    ("sources", Shape::Texts),
    ("tags", Shape::Text),
    ("type", Shape::Text),
    ("version", Shape::Text),
];
