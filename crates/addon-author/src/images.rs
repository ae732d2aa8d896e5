//! `images`: every image that an addon brings into a cluster.
//!
//! Each object that a rendering gives is searched ([`addon_render::images`]), and the Application too, whose components name
//! images in their properties: what a `webservice` runs is nowhere else. Objects that stand whole in a component are
//! searched once, as themselves.
//!
//! An image is *written out* when its whole name stands as one text in the addon, outside `parameter.cue`: then no
//! parameter has a part in the name, and a private registry cannot be put in its place by arguments alone (unless another
//! branch of the template does).

use addon_check::Proof;
use addon_check::proof::{CaseName, Role};
use addon_render::Rendered;
use addon_render::images::{ImageRole, image_uses};
use goyaml::{Step, Tree};
use source_vocab::{Place, SourceMap, Span};

/// An image at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundImage {
    /// Its name.
    pub text: String,
    /// What it is to the object.
    pub role: ImageRole,
    /// The object that names it: kind and name.
    pub object: String,
    /// The way to it from the object.
    pub path: String,
    /// The case in which it was found first, as the end of a sentence: `with the defaults`.
    pub case: String,
    /// Where it stands.
    pub place: Place,
    /// Whether the whole name is written out in the addon.
    pub is_written_out: bool,
}

/// The images of an addon in all its cases, by their names, each place once.
pub fn of_proof(proof: &Proof<'_>) -> Vec<FoundImage> {
    let mut list = List {
        sources: proof.sources(),
        found: Vec::new(),
    };
    let (applications, others): (Vec<_>, Vec<_>) = proof
        .objects()
        .iter()
        .partition(|object| object.role == Role::Application);
    for object in others.into_iter().chain(applications) {
        let case = proof
            .cases()
            .get(object.case)
            .map(|case| case.name.to_string());
        let place = |span| object.place_of(span);
        list.add(object.tree, &case.unwrap_or_default(), &place);
    }
    list.sorted()
}

/// The images of one rendering, with words for the arguments it was made with.
pub fn of_rendered(rendered: &Rendered, words: &[String], sources: &SourceMap) -> Vec<FoundImage> {
    let mut list = List {
        sources,
        found: Vec::new(),
    };
    let case = CaseName::Arguments(words.to_vec()).to_string();
    let place = |span: Span| {
        if span.is_detached() {
            Place::Nowhere
        } else {
            Place::Text(span)
        }
    };
    for auxiliary in &rendered.auxiliary {
        let whole = |span: Span| match place(span) {
            Place::Nowhere => Place::Path(auxiliary.source.clone()),
            place => place,
        };
        list.add(&auxiliary.object, &case, &whole);
    }
    if let Some(application) = &rendered.application {
        for object in whole_objects(&application.object) {
            list.add(object, &case, &place);
        }
        list.add(&application.object, &case, &place);
    }
    list.sorted()
}

/// Puts two lists of the same addon together.
pub fn merged(mut one: Vec<FoundImage>, other: Vec<FoundImage>) -> Vec<FoundImage> {
    for image in other {
        if !one.iter().any(|known| is_same(known, &image)) {
            one.push(image);
        }
    }
    one.sort_by(|a, b| a.text.cmp(&b.text));
    one
}

fn is_same(one: &FoundImage, other: &FoundImage) -> bool {
    one.text == other.text
        && one.place == other.place
        && one.object == other.object
        && one.path == other.path
}

struct List<'a> {
    sources: &'a SourceMap,
    found: Vec<FoundImage>,
}

impl List<'_> {
    fn add(&mut self, object: &Tree, case: &str, place: &dyn Fn(Span) -> Place) {
        let name = named(object);
        let is_application = object.get("kind").and_then(Tree::as_str) == Some("Application");
        for image in image_uses(object) {
            // what stands whole in a component is an object of its own
            if is_application && is_inside_object(object, &image.path) {
                continue;
            }
            let found = FoundImage {
                is_written_out: self.is_written_out(&image.text, image.span),
                text: image.text,
                role: image.role,
                object: name.clone(),
                path: image.path,
                case: case.to_owned(),
                place: place(image.span),
            };
            if !self.found.iter().any(|known| is_same(known, &found)) {
                self.found.push(found);
            }
        }
    }

    fn is_written_out(&self, text: &str, span: Span) -> bool {
        let written = self
            .sources
            .snippet(span)
            .trim()
            .trim_matches(['"', '\'', '#']);
        let file = self
            .sources
            .locate(span)
            .map(|(file, _)| file.name().to_owned());
        written == text
            && file.is_some_and(|name| {
                !name.ends_with("parameter.cue") && !name.starts_with("argument `")
            })
    }

    fn sorted(mut self) -> Vec<FoundImage> {
        // by name, the places of a name in the order in which they were found
        self.found.sort_by(|a, b| a.text.cmp(&b.text));
        self.found
    }
}

/// The objects that the components of an Application hold as they are.
fn whole_objects(application: &Tree) -> Vec<&Tree> {
    let components = application
        .at(&[Step::Key("spec"), Step::Key("components")])
        .map(Tree::items);
    let mut objects = Vec::new();
    for component in components.unwrap_or_default() {
        let Some(properties) = component.get("properties") else {
            continue;
        };
        match component.get("type").and_then(Tree::as_str) {
            Some("raw") => objects.push(properties),
            Some("k8s-objects") => objects.extend(
                properties
                    .get("objects")
                    .map(Tree::items)
                    .unwrap_or_default(),
            ),
            _ => {}
        }
    }
    objects
}

/// Whether a path of an Application leads into an object that a component holds as it is.
fn is_inside_object(application: &Tree, path: &str) -> bool {
    let Some((index, rest)) = path
        .strip_prefix("spec.components[")
        .and_then(|rest| rest.split_once(']'))
    else {
        return false;
    };
    let index: usize = index.parse().unwrap_or(usize::MAX);
    let path = [
        Step::Key("spec"),
        Step::Key("components"),
        Step::Index(index),
        Step::Key("type"),
    ];
    match application.at(&path).and_then(Tree::as_str) {
        Some("raw") => rest.starts_with(".properties"),
        Some("k8s-objects") => rest.starts_with(".properties.objects["),
        _ => false,
    }
}

fn named(object: &Tree) -> String {
    let text = |tree: Option<&Tree>| tree.and_then(Tree::as_str).unwrap_or_default().to_owned();
    let name = object
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    format!("{} {}", text(object.get("kind")), text(name))
        .trim()
        .to_owned()
}
