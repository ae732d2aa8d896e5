//! Ten Applications of the corpus: each scalar leads to a line that contains it, its default or its parameter.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use addon_render::{Explained, Origin, Request, explain, render};
use cue_engine::Session;
use goyaml::Data;
use source_vocab::{Span, VPath};
use std::path::Path;
use testkit::DiskWorld;

/// Addons of all forms: `template.cue` and `template.yaml`, CUE resources and YAML ones, namespaces, legacy policies.
const ADDONS: [(&str, &[&str]); 10] = [
    ("fluxcd", &["namespace=there", "onlyHelmComponents=true"]),
    ("cert-manager", &[]),
    ("velaux", &["replicas=2"]),
    ("traefik", &[]),
    ("kruise", &[]),
    ("dapr", &["clusters={local,c1}"]),
    ("chartmuseum", &[]),
    ("vela-prism", &["namespace=x"]),
    ("terraform-alibaba", &[]),
    ("ocm-hub-control-plane", &[]),
];

/// The line of a place, and the lines of the whole of it.
fn text_at(session: &Session, span: Span) -> String {
    let (source, range) = session.sources().locate(span).unwrap();
    let text = source.text();
    let from = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[range.end..]
        .find('\n')
        .map_or(text.len(), |at| range.end + at);
    text[from..to].to_owned()
}

/// Why the place does not account for the value, if it does not.
fn unaccounted(session: &Session, found: &Explained) -> Option<String> {
    let span = found.origin.place()?;
    let line = text_at(session, span);
    let value = match &found.value.data {
        Data::Null => "null".to_owned(),
        Data::Bool(flag) => flag.to_string(),
        Data::Number(number) => number.to_number().unwrap().to_string(),
        Data::String(text) => text.to_string(),
        Data::List(_) => "[".to_owned(),
        Data::Map(_) => "{".to_owned(),
    };
    // escapes and the layout of long texts apart
    let bare = |text: &str| {
        text.replace("\\n", "")
            .replace(['\\', '\'', ' ', '\t', '\n', '\r'], "")
    };
    let contains = bare(&line).contains(&bare(&value));
    // what is computed stands at the expression that computes it: from a parameter or the context, or of parts that are
    // written elsewhere
    let is_computed = ["parameter.", "context.", "\\(", " + ", "strings.", "json."]
        .iter()
        .any(|mark| line.contains(mark));
    let is_named_by_metadata = matches!(found.origin, Origin::Metadata(_))
        && value.contains(line.split(": ").last()?.trim());
    // the policy of old addons is there because of this line
    let is_caused = found.path.starts_with("spec.policies") && line.contains("untime");
    (!(contains || is_computed || is_named_by_metadata || is_caused))
        .then(|| format!("{}: {value:?} is not explained by {line:?}", found.path))
}

fn check(corpus: &Path) {
    for (name, words) in ADDONS {
        let world = DiskWorld::new(corpus.join("inputs/addons").join(name));
        let mut session = Session::new();
        let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
        let addon = addon_model::load(&world, &tree, session.sources_mut());
        let addon = addon.value.unwrap();
        let mut request = Request::default();
        for word in words {
            let arguments = &mut request.arguments;
            arguments.add_word(word, session.sources_mut()).unwrap();
        }
        let rendered = render(&addon, &request, &session).value.unwrap();
        let all = explain(&rendered, &addon, &request.arguments, "").unwrap();
        assert!(all.len() > 8, "{name}: {} scalars", all.len());
        let wrong: Vec<String> = all
            .iter()
            .filter_map(|found| unaccounted(&session, found))
            .collect();
        let first = wrong.first();
        assert!(first.is_none(), "{name}: {} such as {first:?}", wrong.len());
        // what is KubeVela's own is little, and each of it has a reason
        let own = all.iter().filter(|found| found.origin.place().is_none());
        for found in own {
            let path = &found.path;
            let last = path.rsplit('.').next().unwrap_or_default();
            let is_expected = path.starts_with("metadata.")
                || path == "status"
                || matches!(last, "type" | "name" | "apiVersion" | "kind")
                || path.starts_with("spec.policies")
                || path == "spec.components";
            assert!(
                is_expected,
                "{name}: {path} has no place: {:?}",
                found.origin
            );
        }
        for word in words {
            let given = word.split('=').nth(1).unwrap();
            let is_used = all
                .iter()
                .any(|found| matches!(found.origin, Origin::Argument(_)));
            assert!(
                is_used || given == "true",
                "{name}: nothing comes from {word}"
            );
        }
    }
}

#[test]
fn every_scalar_of_ten_applications_has_its_line() {
    let test = "every_scalar_of_ten_applications_has_its_line";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let thread = std::thread::Builder::new().stack_size(512 << 20);
    let run = thread.spawn(move || check(&corpus)).expect("a thread");
    if let Err(panic) = run.join() {
        std::panic::resume_unwind(panic);
    }
}
