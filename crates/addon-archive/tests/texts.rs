//! Characters of `metadata.yaml` that `vela addon package` cannot write. The expectations come from its runs.

use addon_archive::{Mode, plan};
use source_vocab::{SourceMap, VPath};
use testkit::MemoryWorld;

/// The messages of the refusal; none when the addon is packaged.
fn refused(field: &str, text: &str) -> Vec<String> {
    let rest = ["name: demo", "version: 1.0.0"];
    let own = format!("{field}: {text}");
    let kept = rest.iter().filter(|line| !line.starts_with(field));
    let lines: Vec<&str> = kept.copied().chain([own.as_str()]).collect();
    let metadata = lines.join("\n");
    let world = MemoryWorld::new()
        .file("metadata.yaml", metadata)
        .file("template.yaml", "kind: Application\n");
    let mut sources = SourceMap::new();
    let tree = addon_model::scan(&world, &VPath::root())
        .value
        .unwrap_or_default();
    let packaging = addon_model::load_packaging(&world, &tree, &mut sources);
    let planned = plan(&world, &tree, &packaging, &mut sources, Mode::AsVela);
    let messages = planned.diagnostics.into_iter();
    messages
        .map(|found| format!("{}: {}", found.code, found.message))
        .collect()
}

#[test]
fn what_json_does_not_escape_and_yaml_forbids_is_refused() {
    for (field, text, name, character) in [
        ("description", r#""a\x7fb""#, "description", "U+007F"),
        ("icon", r#""\x80""#, "icon", "U+0080"),
        ("url", r#""\x9f""#, "url", "U+009F"),
        ("tags", r#"["a", "\uffff"]"#, "tags", "U+FFFF"),
        ("system", r#"{vela: "\ufffe"}"#, "system.vela", "U+FFFE"),
        ("name", r#""d\x7f""#, "name", "U+007F"),
    ] {
        let wanted = format!(
            "META01: `{name}` has the character {character}, which KubeVela cannot package"
        );
        assert_eq!(refused(field, text), [wanted], "{field}: {text}");
    }
}

#[test]
fn what_is_escaped_or_cleaned_is_packaged() {
    for text in [
        r#""\x01\e""#,
        r#""\N\L\P""#,
        r#""\ufeff""#,
        r#""\ue000\ufffd""#,
    ] {
        assert_eq!(refused("description", text), [""; 0], "{text}");
    }
}
