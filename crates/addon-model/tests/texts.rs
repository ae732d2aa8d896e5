//! Files become text with their encoding known; what is no text is a finding, never a panic.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is missing"
)]

use addon_model::{Addon, Element};
use goyaml::Encoding;
use source_vocab::{SourceMap, VPath};
use testkit::MemoryWorld;

const META: &[u8] = b"name: a\nversion: 1.0.0\ndescription: x\n";

fn load(files: &[(&str, &[u8])]) -> (Addon, Vec<String>) {
    let world = files.iter().fold(
        MemoryWorld::new().file("metadata.yaml", META),
        |world, (path, data)| world.file(path, *data),
    );
    let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
    let outcome = addon_model::load(&world, &tree, &mut SourceMap::new());
    let found = outcome
        .diagnostics
        .iter()
        .map(|found| format!("{} {}", found.code, found.message))
        .collect();
    (outcome.value.unwrap(), found)
}

#[test]
fn encodings_are_known() {
    let (addon, findings) = load(&[
        ("template.cue", b"\xEF\xBB\xBFoutput: {}\n"),
        ("resources/a.yaml", b"\xFF\xFEa\0:\0 \x001\0\n\0"),
        ("resources/b.yaml", b"kind: x\n"),
    ]);
    assert_eq!(findings, Vec::<String>::new());
    let template = addon.template_cue.unwrap();
    assert_eq!(template.encoding, Encoding::Utf8WithMark);
    assert_eq!(template.text(), "output: {}\n");
    let encodings: Vec<_> = addon
        .resources
        .iter()
        .map(|element| element.file().encoding)
        .collect();
    assert_eq!(encodings, [Encoding::Utf16, Encoding::Utf8]);
    let first = addon.resources.first().and_then(Element::as_yaml).unwrap();
    assert_eq!(first.tree().unwrap().get("a").unwrap().kind(), "number");
}

#[test]
fn what_is_no_text_is_a_finding() {
    let (addon, findings) = load(&[
        ("resources/a.cue", b"a: \"\xFF\"\n"),
        ("resources/b.cue", b"\xFF\xFEa\0"),
        ("definitions/c.yaml", b"\xFF\xFEa"),
        ("views/d.cue", b"status: 1\n"),
    ]);
    assert_eq!(addon.resources.len() + addon.definitions.len(), 0);
    assert_eq!(addon.views.len(), 1);
    assert_eq!(
        findings,
        [
            "LAY12 `definitions/c.yaml` is no text: the bytes at offset 2 are not part of UTF-16 text",
            "LAY12 `resources/a.cue` is no text: the byte at offset 4 is not part of UTF-8 text",
            "LAY12 `resources/b.cue` is UTF-16, but CUE is UTF-8",
        ]
    );
}

#[test]
fn documents_and_mistakes_of_yaml_files_are_kept() {
    let (addon, findings) = load(&[
        ("resources/two.yaml", b"kind: A\n---\nkind: B\n"),
        ("resources/bad.yaml", b"a: b: c\n"),
        ("resources/late.yaml", b"kind: A\n---\n- [\n"),
        ("resources/twice.yaml", b"kind: A\nkind: B\n"),
        ("resources/empty.yaml", b"# nothing\n"),
    ]);
    assert_eq!(findings, Vec::<String>::new());
    let facts: Vec<_> = addon
        .resources
        .iter()
        .filter_map(Element::as_yaml)
        .map(|yaml| {
            (
                yaml.file.name(),
                yaml.stream.documents.len(),
                yaml.failure().is_some(),
                yaml.stream.error.is_some(),
                yaml.duplicates().len(),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            ("bad.yaml", 0, true, true, 0),
            ("empty.yaml", 0, false, false, 0),
            ("late.yaml", 1, false, true, 0),
            ("twice.yaml", 1, false, false, 1),
            ("two.yaml", 2, false, false, 0),
        ]
    );
}
