//! Where the values of a rendered addon come from.
//!
//! Every part of a rendered object keeps its place (see [`Tree`]); here places become answers: written in this file, the
//! default of that parameter, this argument, this field of `metadata.yaml`, or a rule of KubeVela. A path leads into the
//! Application, or into another object when it begins with `aux[N]`:
//!
//! ```text
//! spec.components[0].properties.image
//! metadata.labels["addons.oam.dev/name"]
//! aux[2].spec.template
//! ```

use crate::arguments::Arguments;
use crate::rendered::{ComponentSource, Rendered};
use crate::tree;
use addon_model::Addon;
use goyaml::{Data, Step, Tree};
use source_vocab::{Span, VPath};

/// A scalar and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Its path.
    pub path: String,
    /// What it is: a scalar, or an empty list or mapping.
    pub value: Tree,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is written, or computed, in a file of the addon.
    File(Span),
    /// It is the default of a parameter, or another value of the parameter file.
    Parameter(Span),
    /// The user gave it.
    Argument(Span),
    /// `metadata.yaml` says it.
    Metadata(Span),
    /// It is made from a whole file.
    WholeFile(VPath),
    /// KubeVela sets it, for this reason.
    KubeVela(&'static str),
}

impl Origin {
    /// The place, where there is one.
    pub fn place(&self) -> Option<Span> {
        match self {
            Self::File(span)
            | Self::Parameter(span)
            | Self::Argument(span)
            | Self::Metadata(span) => Some(*span),
            Self::WholeFile(_) | Self::KubeVela(_) => None,
        }
    }
}

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It is no path.
    #[error("`{0}` is no path, such as `spec.components[0].name`")]
    Syntax(String),
    /// There is nothing there.
    #[error("there is nothing at `{path}`")]
    Absent {
        /// The part of the path up to what is not there.
        path: String,
        /// The names that are there instead.
        known: Vec<String>,
    },
    /// Nothing was rendered.
    #[error("the addon has no Application")]
    NoApplication,
}

/// Explains every scalar at or below a path of a rendering; the empty path is the whole Application.
///
/// # Errors
/// [`PathError`] when the path leads nowhere.
pub fn explain(
    rendered: &Rendered,
    addon: &Addon,
    arguments: &Arguments,
    path: &str,
) -> Result<Vec<Explained>, PathError> {
    let segments = parse(path).ok_or_else(|| PathError::Syntax(path.to_owned()))?;
    let mut explainer = Explainer {
        rendered,
        addon,
        arguments,
        whole: None,
        found: Vec::new(),
    };
    let steps: Vec<Step<'_>> = segments.iter().map(Segment::step).collect();
    let (root, steps, mut text) = match steps.as_slice() {
        [Step::Key("aux"), Step::Index(at), rest @ ..] => {
            let made = rendered
                .auxiliary
                .get(*at)
                .ok_or_else(|| PathError::Absent {
                    path: format!("aux[{at}]"),
                    known: (0..rendered.auxiliary.len())
                        .map(|at| format!("aux[{at}]"))
                        .collect(),
                })?;
            explainer.whole = Some(&made.source);
            (&made.object, rest, format!("aux[{at}]"))
        }
        [Step::Key("app"), rest @ ..] => (application(rendered)?, rest, String::new()),
        all => (application(rendered)?, all, String::new()),
    };
    let mut at = root;
    for step in steps {
        let next = at.at(&[*step]);
        append(&mut text, *step);
        at = next.ok_or_else(|| PathError::Absent {
            path: text.clone(),
            known: at
                .entries()
                .iter()
                .map(|entry| entry.key.to_string())
                .collect(),
        })?;
    }
    explainer.visit(at, &text);
    Ok(explainer.found)
}

fn application(rendered: &Rendered) -> Result<&Tree, PathError> {
    let application = rendered.application.as_ref();
    application
        .map(|application| &application.object)
        .ok_or(PathError::NoApplication)
}

struct Explainer<'a> {
    rendered: &'a Rendered,
    addon: &'a Addon,
    arguments: &'a Arguments,
    /// The file that the object is made from, when it is not the Application.
    whole: Option<&'a VPath>,
    found: Vec<Explained>,
}

impl Explainer<'_> {
    fn visit(&mut self, tree: &Tree, path: &str) {
        match &tree.data {
            Data::List(items) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    let mut below = path.to_owned();
                    append(&mut below, Step::Index(at));
                    self.visit(item, &below);
                }
            }
            Data::Map(entries) if !entries.is_empty() => {
                for entry in entries {
                    let mut below = path.to_owned();
                    append(&mut below, Step::Key(&entry.key));
                    self.visit(&entry.value, &below);
                }
            }
            _ => {
                let origin = self.origin(tree.span, path);
                self.found.push(Explained {
                    path: path.to_owned(),
                    value: tree.clone(),
                    origin,
                });
            }
        }
    }

    fn origin(&self, span: Span, path: &str) -> Origin {
        if span.is_detached() {
            return self.rule(path);
        }
        let within = |whole: Span| whole.lo <= span.lo && span.hi <= whole.hi;
        let parameter = self.addon.effective_parameter();
        if parameter.is_some_and(|file| within(file.source.span())) {
            return Origin::Parameter(span);
        }
        let metadata = &self.addon.metadata.files;
        if metadata.iter().any(|yaml| within(yaml.file.source.span())) {
            return Origin::Metadata(span);
        }
        if tree::contains(self.arguments.tree(), span) {
            return Origin::Argument(span);
        }
        Origin::File(span)
    }

    /// Which rule of KubeVela sets what stands nowhere.
    fn rule(&self, path: &str) -> Origin {
        if let Some(file) = self.whole {
            return match path.rsplit('.').next() {
                Some("namespace") => {
                    Origin::KubeVela("what belongs to KubeVela is in `vela-system`")
                }
                Some("creationTimestamp") => Origin::KubeVela("the type of the object prints it"),
                _ => Origin::WholeFile(file.clone()),
            };
        }
        if let Some(source) = self.component(path) {
            return match source {
                ComponentSource::Namespace => {
                    Origin::KubeVela("a component for each namespace of `needNamespace`")
                }
                ComponentSource::Objects => {
                    Origin::KubeVela("one component of all YAML files of `resources/`")
                }
                ComponentSource::Resource(file) => Origin::WholeFile(file.clone()),
                ComponentSource::Template => {
                    Origin::KubeVela("the type of the Application prints it empty")
                }
            };
        }
        Origin::KubeVela(match path {
            "metadata.namespace" => "every addon is in `vela-system`",
            "metadata.creationTimestamp" | "status" => "the type of the Application prints it",
            "apiVersion" | "kind" => "an addon without a template gets an empty Application",
            _ if path.contains("addons.oam.dev/registry") => {
                "an addon that is enabled from a directory has the registry `local`"
            }
            _ if path.starts_with("metadata.annotations") => "the names of the addon's definitions",
            _ if path.starts_with("spec.policies") => {
                "a policy for addons that say `deployTo.runtimeCluster`"
            }
            _ => "the type of the Application prints it empty",
        })
    }

    /// Where the component comes from that a path leads into.
    fn component(&self, path: &str) -> Option<&ComponentSource> {
        let rest = path.strip_prefix("spec.components[")?;
        let at: usize = rest.split(']').next()?.parse().ok()?;
        self.rendered.application.as_ref()?.components.get(at)
    }
}

/// A part of a path.
enum Segment {
    Key(String),
    Index(usize),
}

impl Segment {
    fn step(&self) -> Step<'_> {
        match self {
            Self::Key(key) => Step::Key(key),
            Self::Index(at) => Step::Index(*at),
        }
    }
}

/// Adds a step to the text of a path.
fn append(path: &mut String, step: Step<'_>) {
    match step {
        Step::Index(at) => path.extend(["[", &at.to_string(), "]"]),
        Step::Key(key) => {
            let is_plain = !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'));
            if !is_plain {
                path.extend(["[", &crate::json::quoted(key), "]"]);
            } else if path.is_empty() {
                path.push_str(key);
            } else {
                path.push('.');
                path.push_str(key);
            }
        }
    }
}

/// Reads `a.b[0]["c.d"]`; `None` when it is no path.
fn parse(text: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix("[\"") {
            let end = inner.find("\"]")?;
            segments.push(Segment::Key(inner.get(..end)?.to_owned()));
            rest = inner.get(end + 2..)?;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let (index, after) = inner.split_once(']')?;
            segments.push(Segment::Index(index.parse().ok()?));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let key = rest.get(..end)?;
            if key.is_empty() {
                return None;
            }
            segments.push(match key.parse() {
                // `a.0.b` as CUE writes it
                Ok(index) if !segments.is_empty() => Segment::Index(index),
                _ => Segment::Key(key.to_owned()),
            });
            rest = rest.get(end..)?;
        }
        if let Some(after) = rest.strip_prefix('.') {
            if after.is_empty() {
                return None;
            }
            rest = after;
        }
    }
    Some(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_they_are_read() {
        for text in [
            "spec.components[0].properties.image",
            "metadata.labels[\"addons.oam.dev/name\"]",
            "aux[2].spec",
        ] {
            let mut path = String::new();
            for segment in parse(text).unwrap() {
                append(&mut path, segment.step());
            }
            assert_eq!(path, text);
        }
        for text in [".a", "a.", "a[", "a[x]", "a..b"] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
