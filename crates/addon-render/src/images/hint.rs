//! Names of images in texts: arguments, environment variables, data of ConfigMaps.
//!
//! An operator is often told by such a text which images it starts. No tool can be sure of them, so they are hints, and
//! the look has to be unmistakable:
//!
//! ```text
//! --reloader=quay.io/org/reloader:v0.77.1        a registry with a domain, and a tag that begins as a version, or a digest
//! RELOADER_IMAGE: org/reloader:v0.77.1           any name with such a tag, where the variable or the flag speaks of an image
//! ```

use super::{ImageReference, MAX_DEPTH, has_no_images, is_image_key, push_key};
use goyaml::{Data, Tree};
use source_vocab::Span;
use std::fmt::Write as _;

/// The most characters of a text that are looked at: what one object can hold.
const MAX_TEXT: usize = 1 << 20;

/// The most names that are taken out of one text: more are a list of something, and looking for repetitions takes its time.
const MOST: usize = 200;

/// A text with what looks like the name of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The name.
    pub reference: ImageReference,
    /// The way to the text: `spec.containers[0].args[2]`.
    pub path: String,
    /// Where the text stands.
    pub span: Span,
}

/// What looks like the name of an image in the texts of an object, in their order, each once a text.
pub fn hints(object: &Tree) -> Vec<Hint> {
    let text = |key| object.get(key).and_then(Tree::as_str).unwrap_or_default();
    let is_data = matches!(text("kind"), "ConfigMap");
    let mut hints = Vec::new();
    if text("kind") != "Secret" && (is_data || !has_no_images(text("apiVersion"), text("kind"))) {
        look(object, false, 0, &mut String::new(), &mut hints);
    }
    hints
}

fn look(tree: &Tree, is_named: bool, depth: usize, path: &mut String, hints: &mut Vec<Hint>) {
    if depth > MAX_DEPTH {
        return;
    }
    let length = path.len();
    match &tree.data {
        Data::String(text) if text.len() <= MAX_TEXT => {
            let from = hints.len();
            for reference in references(text, is_named).into_iter().take(MOST) {
                if hints
                    .iter()
                    .skip(from)
                    .all(|hint| hint.reference != reference)
                {
                    hints.push(Hint {
                        reference,
                        path: path.clone(),
                        span: tree.span,
                    });
                }
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let _ = write!(path, "[{index}]");
                look(item, false, depth + 1, path, hints);
                path.truncate(length);
            }
        }
        Data::Map(entries) => {
            let name = tree.get("name").and_then(Tree::as_str).unwrap_or_default();
            for entry in entries {
                // these are images, not hints
                if is_image_key(&entry.key) || &*entry.key == "repository" {
                    continue;
                }
                let is_named =
                    speaks_of_image(&entry.key) || &*entry.key == "value" && speaks_of_image(name);
                push_key(path, &entry.key);
                look(&entry.value, is_named, depth + 1, path, hints);
                path.truncate(length);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {}
    }
}

/// The words of a text that look like images.
fn references(text: &str, is_named: bool) -> Vec<ImageReference> {
    let mut found = Vec::new();
    let is_border =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '|');
    for word in text.split(is_border) {
        let (flag, value) = match word.rsplit_once('=') {
            Some((flag, value)) => (flag, value),
            None => ("", word),
        };
        let is_named = (is_named && flag.is_empty()) || speaks_of_image(flag);
        let Ok(reference) = ImageReference::parse(value.trim_end_matches('.')) else {
            continue;
        };
        let has_domain = reference.registry.as_deref().is_some_and(is_domain);
        let is_version = |tag: &str| {
            let digits = tag.strip_prefix('v').unwrap_or(tag);
            digits.starts_with(|c: char| c.is_ascii_digit())
        };
        let is_tagged = reference.digest.is_some()
            || reference
                .tag
                .as_deref()
                .is_some_and(|tag| is_version(tag) || (is_named && tag == "latest"));
        if is_tagged && (has_domain || is_named) {
            found.push(reference);
        }
    }
    found
}

fn speaks_of_image(name: &str) -> bool {
    name.to_ascii_lowercase().contains("image")
}

/// A name with a top-level domain of letters: neither an address nor the version of something.
fn is_domain(registry: &str) -> bool {
    let host = registry.split(':').next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(_, last)| {
        last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    fn found(yaml: &str) -> Vec<String> {
        let hints = hints(&tree(yaml));
        hints
            .iter()
            .map(|hint| format!("{} {}", hint.path, hint.reference))
            .collect()
    }

    #[test]
    fn arguments_variables_and_data_name_images() {
        let yaml = "
kind: Deployment
spec:
  containers:
  - image: quay.io/org/operator:v1
    args: [--reloader=quay.io/org/reloader:v0.77.1, '--sidecar-image=org/sidecar:1.2', --config=a/b:1]
    env: [{name: PROXY_IMAGE, value: 'org/proxy:1.0'}, {name: TARGET, value: 'org/x:1'}]
";
        assert_eq!(
            found(yaml),
            [
                "spec.containers[0].args[0] quay.io/org/reloader:v0.77.1",
                "spec.containers[0].args[1] org/sidecar:1.2",
                "spec.containers[0].env[0].value org/proxy:1.0",
            ]
        );
        let yaml = "
kind: ConfigMap
data:
  config.yaml: |
    image: ghcr.io/org/a:v1, ghcr.io/org/a:v1
    endpoint: my.host.org:8080/path
";
        assert_eq!(found(yaml), ["data[\"config.yaml\"] ghcr.io/org/a:v1"]);
    }

    #[test]
    fn addresses_and_links_are_no_images() {
        for value in [
            "https://ghcr.io/org/a:v1",
            "10.0.0.1:80/x:1",
            "v1.2/x:1",
            "group.example.org/resource:get",
            "localhost:5000/a:1",
        ] {
            let yaml = format!("kind: Pod\nspec: {{containers: [{{args: [\"{value}\"]}}]}}\n");
            assert_eq!(found(&yaml), Vec::<String>::new(), "{value}");
        }
        let yaml = "kind: Secret\nstringData: {a: 'ghcr.io/org/a:v1'}\n";
        assert_eq!(found(yaml), Vec::<String>::new());
    }
}
