//! What Go wrote, read and written again, is the same bytes: every `app.yaml` and `aux.yaml` of
//! `conformance/addons` comes from `sigs.k8s.io/yaml.Marshal`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads the corpus from the real disk and fails where it cannot"
)]

use std::path::{Path, PathBuf};

fn outputs(directory: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            outputs(&path, into);
        } else if path
            .file_name()
            .is_some_and(|name| name == "app.yaml" || name == "aux.yaml")
        {
            into.push(path);
        }
    }
}

#[test]
fn what_go_wrote_is_written_again_byte_for_byte() {
    let test = "what_go_wrote_is_written_again_byte_for_byte";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut files = Vec::new();
    outputs(&corpus.join("addons"), &mut files);
    outputs(&corpus.join("synthetic"), &mut files);
    files.sort();
    let (mut documents, mut failures) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // Each document begins with a line `---` (but for the first) and has a blank line after it.
        for document in text.trim_start_matches("---\n").split("\n---\n") {
            if document.trim().is_empty() {
                continue;
            }
            let document = document.strip_suffix('\n').unwrap_or(document);
            documents += 1;
            let value = goyaml::from_slice(document.as_bytes()).unwrap();
            if goyaml::to_string(&value).trim_end_matches('\n') != document.trim_end_matches('\n') {
                failures.push(file.display().to_string());
            }
        }
    }
    assert!(documents > 1000, "only {documents} documents");
    assert!(
        failures.is_empty(),
        "{} differ: {}",
        failures.len(),
        failures.join("\n")
    );
}
