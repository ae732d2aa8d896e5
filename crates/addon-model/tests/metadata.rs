//! `metadata.yaml` as KubeVela reads it, and what is said about it, with places.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is missing"
)]

use addon_model::Metadata;
use source_vocab::{Diagnostic, Place, SourceMap, VPath};
use testkit::MemoryWorld;

fn read_files(files: &[(&str, &[u8])]) -> (Metadata, Vec<String>) {
    let world = files
        .iter()
        .fold(MemoryWorld::new(), |world, (path, data)| {
            world.file(path, *data)
        });
    let mut sources = SourceMap::new();
    let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
    let outcome = addon_model::load_metadata(&world, &tree, &mut sources);
    let shown = outcome
        .diagnostics
        .iter()
        .map(|found| show(found, &sources))
        .collect();
    (outcome.value.unwrap(), shown)
}

fn show(found: &Diagnostic, sources: &SourceMap) -> String {
    let place = match &found.primary.place {
        Place::Text(span) => {
            let (name, at) = sources.line_column(*span).unwrap();
            format!("{name}:{}:{}", at.line, at.column)
        }
        Place::Path(path) => path.to_string(),
        Place::Nowhere => "nowhere".to_owned(),
    };
    let mut others = String::new();
    for label in &found.labels {
        if let Place::Text(span) = label.place {
            let (_, at) = sources.line_column(span).unwrap();
            others = format!("{others} (and {}:{})", at.line, at.column);
        }
    }
    format!("{place}{others} {}: {}", found.code, found.message)
}

fn read(text: &str) -> (Metadata, Vec<String>) {
    read_files(&[("metadata.yaml", text.as_bytes())])
}

#[test]
fn scalars_become_strings_as_go_converts_them() {
    let (metadata, findings) = read(
        "name: on\nversion: 1.10\ndescription: 2001-01-01\nurl: 0x10\nicon: 12345678.9\nannotations: {1: y, b: 1e3}\n",
    );
    assert_eq!(findings, Vec::<String>::new());
    let meta = metadata.meta;
    assert_eq!(*meta.name, "true");
    assert_eq!(*meta.version, "1.1");
    assert_eq!(*meta.description, "2001-01-01");
    assert_eq!(*meta.url, "16");
    assert_eq!(*meta.icon, "1.2345679e+07");
    let annotations: Vec<_> = meta
        .annotations
        .iter()
        .map(|pair| (pair.key.as_str(), pair.value.as_str()))
        .collect();
    assert_eq!(annotations, [("1", "true"), ("b", "1000")]);
}

#[test]
fn keys_match_in_any_case_and_the_bytewise_last_one_wins() {
    let (metadata, findings) =
        read("NAME: a\nname: b\nVersion: 1.0.0\nsYſtem: {VELA: '>=1.0.0'}\nneednamespace: [x]\n");
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(*metadata.meta.name, "b");
    assert_eq!(*metadata.meta.version, "1.0.0");
    assert_eq!(*metadata.meta.system.unwrap().vela, ">=1.0.0");
    assert_eq!(metadata.meta.need_namespace.len(), 1);
    let variants: Vec<_> = metadata
        .case_variants
        .iter()
        .map(|found| (found.written.as_str(), found.field))
        .collect();
    assert_eq!(
        variants,
        [
            ("NAME", "name"),
            ("Version", "version"),
            ("sYſtem", "system"),
            ("VELA", "vela"),
            ("neednamespace", "needNamespace"),
        ]
    );
}

#[test]
fn unknown_keys_are_kept_with_their_place() {
    let (metadata, _) = read(
        "name: a\nlabel: x\ndeployTo: {control_plane: true}\ndependencies: [{name: b, ver: c}, null]\n",
    );
    let unknown: Vec<_> = metadata
        .unknown
        .iter()
        .map(|found| (found.within.as_str(), found.key.as_str()))
        .collect();
    assert_eq!(
        unknown,
        [
            ("", "label"),
            ("deployTo", "control_plane"),
            ("dependencies[0]", "ver"),
        ]
    );
    assert_eq!(metadata.meta.dependencies.len(), 2);
    assert_eq!(metadata.meta.dependencies().count(), 1);
}

#[test]
fn wrong_types_are_all_named() {
    let (metadata, findings) = read(
        "name: [a]\ntags: x\ninvisible: 'yes'\nsystem: {vela: {a: b}}\ndependencies: [fluxcd]\n",
    );
    assert!(metadata.refused);
    assert_eq!(
        findings,
        [
            "metadata.yaml:1:7 META01: `name` must be a string, found a list",
            "metadata.yaml:2:7 META01: `tags` must be a list of strings, found a string",
            "metadata.yaml:3:12 META01: `invisible` must be `true` or `false`, found a string",
            "metadata.yaml:4:16 META01: `system.vela` must be a string, found a mapping",
            "metadata.yaml:5:16 META01: `dependencies[0]` must be a mapping with `name` and `version`, found a string",
        ]
    );
}

#[test]
fn a_key_twice_names_both_places_and_the_last_counts() {
    let (metadata, findings) = read("name: a\nversion: 1.0.0\nname: b\n");
    assert!(!metadata.refused);
    assert_eq!(*metadata.meta.name, "b");
    assert_eq!(
        findings,
        [
            "metadata.yaml:3:1 (and 1:1) META01: the key `name` stands twice in this mapping, the last one counts"
        ]
    );
}

#[test]
fn a_second_document_is_ignored_and_said() {
    let (metadata, findings) = read("name: a\n---\nname: [\n");
    assert!(!metadata.refused);
    assert_eq!(*metadata.meta.name, "a");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].starts_with("metadata.yaml:3:7 META01: "),
        "{findings:?}"
    );
    let (_, findings) = read("name: a\n---\nname: b\n");
    assert_eq!(
        findings,
        [
            "metadata.yaml:2:1 META01: `metadata.yaml` has 2 documents; KubeVela reads the first and ignores the rest"
        ]
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    for (text, place) in [
        ("name: a: b\n", "metadata.yaml:1:8"),
        ("- name\n", "metadata.yaml:1:1"),
        ("name: \u{1}\n", "metadata.yaml:1:7"),
        ("a: &x [*x]\n", "metadata.yaml:1:8"),
        ("name: !!int x\n", "metadata.yaml:1:13"),
        ("version: .inf\n", "metadata.yaml:1:10"),
        ("? [a]\n: b\n", "metadata.yaml:1:3"),
    ] {
        let (metadata, findings) = read(text);
        assert!(metadata.refused, "{text:?}");
        assert_eq!(findings.len(), 1, "{text:?}: {findings:?}");
        assert!(
            findings[0].starts_with(&format!("{place} META01: ")),
            "{text:?}: {findings:?}"
        );
    }
    let (metadata, findings) = read_files(&[("metadata.yaml", b"name: \xFF\n")]);
    assert!(metadata.refused);
    assert_eq!(
        findings,
        [
            "metadata.yaml META01: `metadata.yaml` is no text: the byte at offset 6 is not part of UTF-8 text"
        ]
    );
    let (metadata, findings) = read_files(&[("README.md", b"")]);
    assert!(metadata.refused);
    assert_eq!(
        findings,
        ["metadata.yaml META01: the addon has no `metadata.yaml`"]
    );
}

#[test]
fn an_empty_file_is_read_as_nothing() {
    for text in ["", "# only a comment\n", "---\n", "null\n"] {
        let (metadata, findings) = read(text);
        assert!(!metadata.refused, "{text:?}: {findings:?}");
        assert!(!metadata.meta.name.is_set());
    }
}

#[test]
fn every_file_with_that_prefix_is_read_into_one_value() {
    let (metadata, findings) = read_files(&[
        (
            "metadata.yaml",
            b"name: a\nversion: 1.0.0\nannotations: {x: '1', z: '2'}\n",
        ),
        (
            "metadata.yaml.bak",
            b"version: 0.9.0\nannotations: {x: '3'}\n",
        ),
    ]);
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(*metadata.meta.name, "a");
    assert_eq!(*metadata.meta.version, "0.9.0");
    assert_eq!(metadata.meta.annotations.len(), 2);
    assert_eq!(*metadata.meta.annotations[0].value, "3");
    assert_eq!(metadata.files.len(), 2);
}

#[test]
fn other_encodings_are_read_as_go_reads_them() {
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend("name: é\n".encode_utf16().flat_map(u16::to_le_bytes));
    let (metadata, findings) = read_files(&[("metadata.yaml", &utf16)]);
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(*metadata.meta.name, "é");
}
