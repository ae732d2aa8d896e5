//! The objects that enabling an addon applies, for rules that look at one object after the other.
//!
//! They are those of all cases of the proof, and the YAML files of `resources/` where no case got so far that they are
//! among them: a required parameter without a case does not hide what stands in plain text.

use crate::input::Input;
use crate::proof::{Proof, ProvenObject, Role};
use addon_model::{Role as FileRole, TextFile};
use addon_render::ComponentSource;
use goyaml::{Entry, Tree};
use source_vocab::{Diagnostic, Place, Span};

/// An object that is applied.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Applied<'p> {
    /// The object.
    pub(in crate::rules) tree: &'p Tree,
    /// Where it comes from; `None` for a file that no case rendered.
    proven: Option<&'p ProvenObject<'p>>,
}

impl<'p> Applied<'p> {
    /// `kind`; empty when there is none.
    pub(in crate::rules) fn kind(&self) -> &'p str {
        text(self.tree, "kind")
    }

    /// `apiVersion`; empty when there is none.
    pub(in crate::rules) fn api_version(&self) -> &'p str {
        text(self.tree, "apiVersion")
    }

    /// The API group; empty for the core.
    pub(in crate::rules) fn group(&self) -> &'p str {
        let version = self.api_version();
        version.split_once('/').map_or("", |(group, _)| group)
    }

    /// `metadata.name`; empty when there is none.
    pub(in crate::rules) fn name(&self) -> &'p str {
        let metadata = self.tree.get("metadata");
        metadata.map_or("", |metadata| text(metadata, "name"))
    }

    /// `metadata.namespace`; empty when there is none.
    pub(in crate::rules) fn own_namespace(&self) -> &'p str {
        let metadata = self.tree.get("metadata");
        metadata.map_or("", |metadata| text(metadata, "namespace"))
    }

    /// The namespace that it lands in, if its kind has one.
    pub(in crate::rules) fn namespace(&self) -> Option<&'p str> {
        match self.proven {
            Some(proven) => proven.namespace,
            None => Some(self.own_namespace()).filter(|own| !own.is_empty()),
        }
    }

    /// The place of a part of it; that of the object for a part that stands nowhere.
    pub(in crate::rules) fn place_of(&self, span: Span) -> Place {
        match self.proven {
            Some(proven) => proven.place_of(span),
            None => Place::Text(span),
        }
    }

    /// Where it begins.
    pub(in crate::rules) fn start(&self) -> Place {
        match self.place_of(self.tree.span) {
            Place::Text(span) => Place::Text(span.start()),
            place => place,
        }
    }

    /// The place of its name, else where it begins.
    pub(in crate::rules) fn place_of_name(&self) -> Place {
        let name = self
            .tree
            .get("metadata")
            .and_then(|metadata| metadata.get("name"));
        match name.filter(|name| !name.span.is_detached()) {
            Some(name) => self.place_of(name.span),
            None => self.start(),
        }
    }

    /// A finding about it, with the case that shows it.
    pub(in crate::rules) fn in_case(&self, proof: &Proof<'_>, finding: Diagnostic) -> Diagnostic {
        match self.proven {
            Some(proven) => proof.in_case(finding, proven.case),
            None => finding,
        }
    }
}

/// All distinct objects, the Application apart.
pub(in crate::rules) fn applied<'p>(proof: &'p Proof<'_>) -> Vec<Applied<'p>> {
    let objects = proof.objects().iter();
    let mut all: Vec<Applied<'p>> = objects
        .filter(|object| object.role != Role::Application)
        .map(of_proven)
        .collect();
    all.extend(unrendered(proof, proof.input));
    all
}

/// The sets of objects that come together: those of each case, and the files that no case rendered.
pub(in crate::rules) fn applied_together<'p>(proof: &'p Proof<'_>) -> Vec<Vec<Applied<'p>>> {
    let cases = 0..proof.cases().len();
    let mut sets: Vec<Vec<Applied<'p>>> = cases
        .map(|case| {
            proof
                .objects_of(case)
                .filter(|object| object.role != Role::Application)
                .map(of_proven)
                .collect()
        })
        .collect();
    sets.push(unrendered(proof, proof.input));
    sets.retain(|set| !set.is_empty());
    sets
}

fn of_proven<'p>(proven: &'p ProvenObject<'_>) -> Applied<'p> {
    Applied {
        tree: proven.tree,
        proven: Some(proven),
    }
}

fn unrendered<'p>(proof: &'p Proof<'_>, input: &'p Input<'_>) -> Vec<Applied<'p>> {
    let is_file = |object: &ProvenObject<'_>| {
        matches!(
            object.role,
            Role::InComponent {
                source: ComponentSource::Objects,
                ..
            }
        )
    };
    if proof.objects().iter().any(is_file) {
        return Vec::new();
    }
    let manifests = input.manifests();
    manifests
        .map(|(_, tree)| Applied { tree, proven: None })
        .collect()
}

/// Where an entry stands: its key, which values that CUE made do not have, else its value.
pub(in crate::rules) fn place_of(entry: &Entry) -> Span {
    if entry.key_span.is_detached() {
        entry.value.span
    } else {
        entry.key_span
    }
}

/// A text in a mapping; empty when there is none.
pub(in crate::rules) fn text<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key).and_then(Tree::as_str).unwrap_or_default()
}

/// The value at the end of a path of keys.
pub(in crate::rules) fn at<'t>(tree: &'t Tree, path: &[&str]) -> Option<&'t Tree> {
    path.iter().try_fold(tree, |tree, key| tree.get(key))
}

/// The items of the list at the end of a path of keys.
pub(in crate::rules) fn items<'t>(tree: &'t Tree, path: &[&str]) -> &'t [Tree] {
    at(tree, path).map(Tree::items).unwrap_or_default()
}

/// The specification of the pods that an object of Kubernetes itself makes.
pub(in crate::rules) fn pod_spec<'t>(object: &Applied<'t>) -> Option<&'t Tree> {
    at(pod_template(object)?, &["spec"])
}

/// What has the labels and the specification of the pods that an object makes: its template, or the pod itself.
pub(in crate::rules) fn pod_template<'t>(object: &Applied<'t>) -> Option<&'t Tree> {
    match (object.group(), object.kind()) {
        ("", "Pod") => Some(object.tree),
        ("apps", "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet")
        | ("", "ReplicationController")
        | ("batch", "Job") => at(object.tree, &["spec", "template"]),
        ("batch", "CronJob") => at(object.tree, &["spec", "jobTemplate", "spec", "template"]),
        _ => None,
    }
}

/// The containers of a pod, those that run first included.
pub(in crate::rules) fn containers(spec: &Tree) -> impl Iterator<Item = &Tree> {
    let lists = ["initContainers", "containers"];
    lists.into_iter().flat_map(|key| items(spec, &[key]))
}

/// Whether a text begins with what is written in the addon's files for good: neither a parameter, nor an argument, nor what
/// is made from one.
pub(in crate::rules) fn is_fixed(proof: &Proof<'_>, span: Span) -> bool {
    let holds = |file: &&TextFile| {
        let whole = file.source.span();
        whole.lo <= span.lo && span.hi <= whole.hi
    };
    let Some(file) = proof.input.texts().find(holds) else {
        return false;
    };
    match FileRole::of(file.path.as_str()) {
        FileRole::Parameter | FileRole::ResourceParameter => false,
        _ if file.path.extension() == Some("cue") => {
            let written = proof.sources().snippet(span).trim_start_matches('#');
            let is_text = written.starts_with('"') && !written.starts_with("\"\\(");
            is_text || written.starts_with(|c: char| c.is_ascii_digit())
        }
        _ => true,
    }
}
