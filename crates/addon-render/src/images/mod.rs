//! The images that an object brings into a cluster, each with its place.
//!
//! Where images stand is known of pods and can only be told by their look elsewhere:
//!
//! ```text
//! containers, initContainers, ephemeralContainers    image: TEXT              every pod template, also in custom resources
//! volumes                                            image: {reference: TEXT}
//! image, …Image, imageName                           TEXT                     custom resources, properties of components
//! image, …Image, and maps with repository and tag    {registry, repository,   custom resources, values of charts
//!                                                     tag, digest}
//! package, of kinds of `pkg.crossplane.io`           TEXT
//! ```
//!
//! A field that has the name and holds something else, a schema or the name of a disk, is passed over: what is given reads as
//! an image ([`ImageReference`]), except in containers, where whatever stands there is meant as one. Definitions and
//! custom resource definitions bring no images themselves. Objects inside others (`k8s-objects`, `Lists`) are looked at
//! by their own kind. Images in texts, such as arguments, are in [`hints`].
//!
//! Invariant: the order is that of the object's text; each place is given once.

mod hint;
mod reference;

pub use hint::{Hint, hints};
pub use reference::{BadReference, ImageReference};

use goyaml::{Data, Entry, Tree};
use source_vocab::Span;
use std::borrow::Cow;
use std::fmt::Write as _;

/// How deep an object is searched.
const MAX_DEPTH: usize = 128;

/// One place where an object names an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// The name as it stands there, or put together from `registry`, `repository`, `tag` and `digest`.
    pub text: String,
    /// What is said of it.
    pub role: ImageRole,
    /// The way to it from the object: `spec.template.spec.containers[0].image`.
    pub path: String,
    /// Where it stands; of several parts, the repository.
    pub span: Span,
}

/// What an image is to the object that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageRole {
    /// A container of a pod runs it.
    Container,
    /// It runs before the containers of a pod.
    InitContainer,
    /// It is put into a pod to look at it.
    EphemeralContainer,
    /// Its files are mounted.
    Volume,
    /// A field of a custom resource, or a property of a component, has it as one text.
    Field,
    /// It is written in parts, as charts have it in their values. A part that is missing is the chart's own.
    Parts,
}

impl ImageUse {
    /// The image, read.
    ///
    /// # Errors
    /// [`BadReference`] when a container runtime would refuse the name; only containers and volumes can have such.
    pub fn reference(&self) -> Result<ImageReference, BadReference> {
        ImageReference::parse(&self.text)
    }
}

/// The images that an object brings into a cluster, in the order of its text.
pub fn image_uses(object: &Tree) -> Vec<ImageUse> {
    let mut walk = Walk {
        group: "",
        path: String::new(),
        uses: Vec::new(),
    };
    walk.object(object, 0);
    walk.uses
}

struct Walk<'t> {
    /// The API group of the object that is looked at.
    group: &'t str,
    path: String,
    uses: Vec<ImageUse>,
}

impl<'t> Walk<'t> {
    /// A value that may be an object of its own.
    fn object(&mut self, tree: &'t Tree, depth: usize) {
        let text = |key| tree.get(key).and_then(Tree::as_str);
        let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else {
            self.inside(tree, depth);
            return;
        };
        if has_no_images(version, kind) {
            return;
        }
        let outer = self.group;
        self.group = version.split_once('/').map_or("", |(group, _)| group);
        self.inside(tree, depth);
        self.group = outer;
    }

    fn inside(&mut self, tree: &'t Tree, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for (index, item) in tree.items().iter().enumerate() {
            let length = self.path.len();
            let _ = write!(self.path, "[{index}]");
            self.object(item, depth + 1);
            self.path.truncate(length);
        }
        for entry in tree.entries() {
            let length = self.path.len();
            push_key(&mut self.path, &entry.key);
            if !self.named(tree, entry, depth) {
                self.object(&entry.value, depth + 1);
            }
            self.path.truncate(length);
        }
        self.of_parts(tree);
    }

    /// A field that has an image by its name; whether nothing more is to be looked for in it.
    fn named(&mut self, parent: &'t Tree, entry: &'t Entry, depth: usize) -> bool {
        let key = &*entry.key;
        match (key, &entry.value.data) {
            ("containers", Data::List(_)) => self.pod(&entry.value, ImageRole::Container, depth),
            ("initContainers", Data::List(_)) => {
                self.pod(&entry.value, ImageRole::InitContainer, depth);
            }
            ("ephemeralContainers", Data::List(_)) => {
                self.pod(&entry.value, ImageRole::EphemeralContainer, depth);
            }
            ("volumes", Data::List(volumes)) => {
                for (index, volume) in volumes.iter().enumerate() {
                    let image = volume.get("image").and_then(|image| image.get("reference"));
                    if let Some(image) = image {
                        let length = self.path.len();
                        let _ = write!(self.path, "[{index}].image.reference");
                        self.add(image, ImageRole::Volume);
                        self.path.truncate(length);
                    }
                }
                return false;
            }
            ("package", Data::String(text)) if self.group == "pkg.crossplane.io" => {
                if ImageReference::parse(text).is_ok() {
                    self.add(&entry.value, ImageRole::Field);
                }
            }
            (_, Data::String(text)) if is_image_key(key) => {
                let Ok(read) = ImageReference::parse(text) else {
                    return true;
                };
                let tag = parent_tag(parent, key).filter(|_| read.tag.is_none());
                match tag.filter(|_| read.digest.is_none()) {
                    Some(tag) => {
                        self.push(format!("{text}:{tag}"), ImageRole::Parts, entry.value.span);
                    }

                    None => self.add(&entry.value, ImageRole::Field),
                }
            }
            _ => return false,
        }
        true
    }

    /// The containers of a pod: whatever stands in `image` is one.
    fn pod(&mut self, list: &'t Tree, role: ImageRole, depth: usize) {
        for (index, container) in list.items().iter().enumerate() {
            let length = self.path.len();
            let _ = write!(self.path, "[{index}]");
            for entry in container.entries() {
                let length = self.path.len();
                push_key(&mut self.path, &entry.key);
                if &*entry.key == "image" && entry.value.as_str().is_some() {
                    self.add(&entry.value, role);
                } else if !matches!(&*entry.key, "env" | "args" | "command") {
                    self.object(&entry.value, depth + 2);
                }
                self.path.truncate(length);
            }
            self.of_parts(container);
            self.path.truncate(length);
        }
    }

    /// A map with `repository` and what belongs to it: below `image` and its like, or with a tag or digest.
    fn of_parts(&mut self, map: &Tree) {
        let part = |key: &str| {
            let value = map.get(key)?;
            let is_scalar = matches!(value.data, Data::String(_) | Data::Number(_));
            let text = is_scalar.then(|| value.coerced()).flatten()?;
            (!text.is_empty()).then_some((text, value.span))
        };
        let last = self.path.rsplit(['.', ']']).next().unwrap_or_default();
        let is_image = is_image_key(last);
        let name = part("repository").or_else(|| part("name").filter(|_| is_image));
        let Some((name, span)) = name else { return };
        let (tag, digest) = (part("tag"), part("digest").or_else(|| part("sha")));
        if !is_image && tag.is_none() && digest.is_none() {
            return;
        }
        let mut text = name.into_owned();
        if let Some((registry, _)) = part("registry") {
            text = format!("{}/{text}", registry.trim_end_matches('/'));
        }
        if let Some((tag, _)) = tag {
            let _ = write!(text, ":{tag}");
        }
        if let Some((digest, _)) = digest {
            let algorithm = if digest.contains(':') { "" } else { "sha256:" };
            let _ = write!(text, "@{algorithm}{digest}");
        }
        if ImageReference::parse(&text).is_ok() {
            self.push(text, ImageRole::Parts, span);
        }
    }

    fn add(&mut self, value: &Tree, role: ImageRole) {
        if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
            self.push(text.to_owned(), role, value.span);
        }
    }

    fn push(&mut self, text: String, role: ImageRole, span: Span) {
        let path = self.path.clone();
        self.uses.push(ImageUse {
            text,
            role,
            path,
            span,
        });
    }
}

/// The tag of an image whose field is followed by one of its own: `image` and `imageTag`, `baseImage` and `tag`.
fn parent_tag<'t>(parent: &'t Tree, key: &str) -> Option<Cow<'t, str>> {
    let own = format!("{key}Tag");
    let others: &[&str] = if key == "baseImage" {
        &["tag", "version"]
    } else {
        &["tag"]
    };
    let keys = std::iter::once(own.as_str()).chain(others.iter().copied());
    keys.filter_map(|key| parent.get(key))
        .filter(|value| matches!(value.data, Data::String(_) | Data::Number(_)))
        .filter_map(Tree::coerced)
        .find(|tag| !tag.is_empty())
}

/// Whether a field of this name has an image.
fn is_image_key(key: &str) -> bool {
    matches!(key, "image" | "imageName")
        || ["Image", "_image", "ImagePullSpec"]
            .into_iter()
            .any(|end| key.ends_with(end))
}

/// Kinds whose fields describe other objects, or whose data only their readers know.
fn has_no_images(version: &str, kind: &str) -> bool {
    match version.split_once('/').map_or("", |(group, _)| group) {
        "" => matches!(kind, "ConfigMap" | "Secret"),
        "apiextensions.k8s.io" => true,
        "core.oam.dev" => kind.ends_with("Definition"),
        _ => false,
    }
}

/// Adds a key to a path; one with dots or brackets in quotes.
fn push_key(path: &mut String, key: &str) {
    let is_plain = !key.is_empty() && !key.contains(['.', '[', ']', '"']);
    if !is_plain {
        let _ = write!(path, "[{key:?}]");
    } else if path.is_empty() {
        path.push_str(key);
    } else {
        let _ = write!(path, ".{key}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn tree(yaml: &str) -> Tree {
        let mut sources = source_vocab::SourceMap::new();
        let file = sources.add("a.yaml", yaml).unwrap();
        let stream = goyaml::parse_file(&file);
        assert!(stream.error.is_none());
        goyaml::resolve(&stream.documents[0].root).unwrap().tree
    }

    fn uses(yaml: &str) -> Vec<String> {
        let found = image_uses(&tree(yaml));
        found
            .iter()
            .map(|found| format!("{:?} {} {}", found.role, found.path, found.text))
            .collect()
    }

    #[test]
    fn pods_have_images_wherever_they_stand() {
        let yaml = "
apiVersion: batch/v1
kind: CronJob
spec:
  jobTemplate:
    spec:
      template:
        spec:
          initContainers: [{name: a, image: 'a:1', env: [{name: image, value: 'x:1'}]}]
          containers: [{name: b, image: Not/An Image}, {name: c}]
          volumes: [{name: d, image: {reference: 'quay.io/d:1', pullPolicy: Always}}]
";
        let at = "spec.jobTemplate.spec.template.spec";
        assert_eq!(
            uses(yaml),
            [
                format!("InitContainer {at}.initContainers[0].image a:1"),
                format!("Container {at}.containers[0].image Not/An Image"),
                format!("Volume {at}.volumes[0].image.reference quay.io/d:1"),
            ]
        );
        assert_eq!(
            image_uses(&tree(yaml))[1].reference(),
            Err(BadReference::UpperCase)
        );
    }

    #[test]
    fn custom_resources_and_values_of_charts_name_images() {
        let yaml = "
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec:
  values:
    image: {registry: quay.io, repository: org/app, tag: 1.5, pullPolicy: Always}
    proxy: {repository: org/proxy, digest: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}
    job: {image: {name: org/job}}
    git: {repository: https://example.org, tag: 1}
    plain: {repository: org/x}
    sidecarImage: org/sidecar:2
    workImagePullSpec: org/work:2
    old: {image: org/old, imageTag: '3'}
    disk: {bootImage: Ubuntu 22}
";
        assert_eq!(
            uses(yaml),
            [
                "Parts spec.values.image quay.io/org/app:1.5",
                &format!(
                    "Parts spec.values.proxy org/proxy@sha256:{}",
                    "a".repeat(64)
                ),
                "Parts spec.values.job.image org/job",
                "Field spec.values.sidecarImage org/sidecar:2",
                "Field spec.values.workImagePullSpec org/work:2",
                "Parts spec.values.old.image org/old:3",
            ]
        );
        let yaml = "{apiVersion: pkg.crossplane.io/v1, kind: Provider, spec: {package: 'xpkg.upbound.io/a/b:v1'}}";
        assert_eq!(uses(yaml), ["Field spec.package xpkg.upbound.io/a/b:v1"]);
        let yaml = "{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, spec: {baseImage: quay.io/p, version: v2}}";
        assert_eq!(uses(yaml), ["Parts spec.baseImage quay.io/p:v2"]);
    }

    #[test]
    fn objects_inside_others_are_of_their_own_kind() {
        let yaml = "
apiVersion: core.oam.dev/v1beta1
kind: Application
spec:
  components:
  - type: k8s-objects
    properties:
      objects:
      - {apiVersion: v1, kind: ConfigMap, data: {image: 'no:1'}}
      - {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {image: 'no:1'}}
      - {apiVersion: v1, kind: Pod, spec: {containers: [{image: 'yes:1'}]}}
  - {type: webservice, properties: {image: 'web:1'}}
";
        assert_eq!(
            uses(yaml),
            [
                "Container spec.components[0].properties.objects[2].spec.containers[0].image yes:1",
                "Field spec.components[1].properties.image web:1",
            ]
        );
    }

    #[test]
    fn an_object_of_many_layers_is_left_at_some_depth() {
        let nest = |mut tree: Tree, layers: usize| {
            for _ in 0..layers {
                let span = tree.span;
                let data = Data::List(vec![tree]);
                tree = Tree { span, data };
            }
            tree
        };
        let image = tree("{image: 'a:1'}");
        assert_eq!(image_uses(&nest(image.clone(), 100)).len(), 1);
        assert_eq!(image_uses(&nest(image.clone(), 1000)), []);
        assert_eq!(hints(&nest(image, 1000)), []);
    }
}
