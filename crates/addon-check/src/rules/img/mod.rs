//! IMG: images.

mod img01_tag;
mod img02_digest;
mod img03_registry;
mod img05_chart;
mod img06_hidden;
mod img07_name;
mod img08_pull_policy;

use crate::proof::{self, Proof, ProvenObject};
use crate::rule::Rule;
use crate::rules::applied::{Applied, applied, pod_spec};
use addon_render::images::{ImageUse, image_uses};
use source_vocab::{Diagnostic, Place, Span};

/// The rules, by their id.
pub(super) const RULES: &[Rule] = &[
    img01_tag::RULE,
    img02_digest::RULE,
    img03_registry::RULE,
    img05_chart::RULE,
    img06_hidden::RULE,
    img07_name::RULE,
    img08_pull_policy::RULE,
];

/// An image that an object names.
struct Image<'p> {
    /// What the object says.
    used: ImageUse,
    holder: Holder<'p>,
}

/// The object that names an image.
enum Holder<'p> {
    /// Something that is applied beside or through the Application.
    Object(Applied<'p>),
    /// The Application itself: properties of its components.
    Application(&'p ProvenObject<'p>),
}

impl Image<'_> {
    /// Where the image stands.
    fn place(&self) -> Place {
        match &self.holder {
            Holder::Object(object) => object.place_of(self.used.span),
            Holder::Application(object) => object.place_of(self.used.span),
        }
    }

    /// Whether Kubernetes itself makes a pod of the object that names it.
    fn is_of_workload(&self) -> bool {
        match &self.holder {
            Holder::Object(object) => pod_spec(object).is_some(),
            Holder::Application(_) => false,
        }
    }

    /// A finding about it, with the case that shows it.
    fn in_case(&self, proof: &Proof<'_>, finding: Diagnostic) -> Diagnostic {
        match &self.holder {
            Holder::Object(object) => object.in_case(proof, finding),
            Holder::Application(object) => proof.in_case(finding, object.case),
        }
    }
}

/// The images of all objects that the addon applies, in their order. Those of objects inside the Application are given
/// once, for the object.
fn images<'p>(proof: &'p Proof<'_>) -> Vec<Image<'p>> {
    let mut all = Vec::new();
    for object in applied(proof) {
        let uses = image_uses(object.tree).into_iter();
        all.extend(uses.map(|used| Image {
            used,
            holder: Holder::Object(object),
        }));
    }
    let mut spans: Vec<Span> = all.iter().map(|image| image.used.span).collect();
    spans.sort_unstable();
    for object in proof.objects() {
        if object.role != proof::Role::Application {
            continue;
        }
        let uses = image_uses(object.tree).into_iter();
        let new =
            uses.filter(|used| used.span.is_detached() || spans.binary_search(&used.span).is_err());
        all.extend(new.map(|used| Image {
            used,
            holder: Holder::Application(object),
        }));
    }
    all
}
