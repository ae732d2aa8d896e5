//! The schema of the Application's outer shape takes what KubeVela itself writes, and that of
//! `metadata.yaml` finds in real addons only what they really have.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads the corpus from the real disk and fails where it cannot"
)]

use addon_model::schema::{FileFormat, validate};
use std::path::{Path, PathBuf};

fn files_called(name: &str, directory: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_called(name, &path, into);
        } else if path.file_name().is_some_and(|found| found == name) {
            into.push(path);
        }
    }
}

fn findings(format: FileFormat, path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap();
    let tree = goyaml::read_tree(&bytes, 1, goyaml::Strictness::Lenient).unwrap();
    validate(format, &tree)
        .into_iter()
        .map(|found| format!("{}: {}", found.keyword, found.message))
        .collect()
}

#[test]
fn applications_that_kubevela_renders_fit_the_schema() {
    let test = "applications_that_kubevela_renders_fit_the_schema";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut files = Vec::new();
    files_called("app.yaml", &corpus.join("addons"), &mut files);
    files_called("app.yaml", &corpus.join("workloads/_examples"), &mut files);
    files.sort();
    assert!(files.len() > 200, "only {} applications", files.len());
    for file in files {
        let found = findings(FileFormat::Application, &file);
        assert_eq!(found, Vec::<String>::new(), "{}", file.display());
    }
}

#[test]
fn metadata_of_real_addons_has_only_these_findings() {
    let test = "metadata_of_real_addons_has_only_these_findings";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut files = Vec::new();
    files_called("metadata.yaml", &corpus.join("inputs/addons"), &mut files);
    assert!(files.len() > 60, "only {} files", files.len());
    files.sort();
    let mut all: Vec<String> = files
        .iter()
        .flat_map(|file| findings(FileFormat::Metadata, file))
        .collect();
    all.sort();
    all.dedup();
    let unexpected: Vec<_> = all
        .iter()
        // keys that KubeVela drops, and keys without a value (`url:`)
        .filter(|found| {
            !found.starts_with("additionalProperties: the key `") && !found.ends_with("found null")
        })
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
}
