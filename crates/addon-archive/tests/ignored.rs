//! What a `.helmignore` may leave out. The expectations come from runs of `vela addon package`.

use addon_archive::{Mode, plan};
use source_vocab::{Outcome, SourceMap, VPath};
use testkit::MemoryWorld;

const TEMPLATE: &str = "apiVersion: core.oam.dev/v1beta1\nkind: Application\n";

/// The paths of the archive, or the messages of the refusal.
fn planned(ignore: &str, mode: Mode) -> Result<Vec<String>, Vec<String>> {
    let world = MemoryWorld::new()
        .file("metadata.yaml", "name: demo\nversion: 1.0.0\n")
        .file("template.yaml", TEMPLATE)
        .file(".helmignore", ignore)
        .file("a.txt", "a")
        .file("b.md", "b")
        .file("sub/a.txt", "a")
        .file("templates/.hidden", "x")
        .file("templates/t.yaml", "x: 1\n");
    let mut sources = SourceMap::new();
    let tree = addon_model::scan(&world, &VPath::root())
        .value
        .unwrap_or_default();
    let packaging = addon_model::load_packaging(&world, &tree, &mut sources);
    let Outcome { value, diagnostics } = plan(&world, &tree, &packaging, &mut sources, mode);
    value
        .map(|plan| plan.entries.into_iter().map(|entry| entry.path).collect())
        .ok_or_else(|| {
            let message =
                |found: source_vocab::Diagnostic| format!("{}: {}", found.code, found.message);
            diagnostics.into_iter().map(message).collect()
        })
}

#[test]
fn patterns_choose_as_in_helm() {
    let rest = ["templates/t.yaml", ".helmignore"];
    for (ignore, wanted) in [
        (
            "*.md\n",
            &["a.txt", "metadata.yaml", "sub/a.txt", "template.yaml"][..],
        ),
        (
            "sub/\n/a.txt\n",
            &["b.md", "metadata.yaml", "template.yaml"],
        ),
        ("[ab].*\n", &["metadata.yaml", "template.yaml"]),
    ] {
        let mut expected = vec!["Chart.yaml"];
        expected.extend(rest);
        expected.extend(wanted);
        let paths = planned(ignore, Mode::AsVela);
        assert_eq!(
            paths,
            Ok(expected.into_iter().map(str::to_owned).collect()),
            "{ignore:?}"
        );
    }
}

#[test]
fn an_archive_without_its_chart_file_is_refused() {
    for ignore in ["!*.md\n", "!docs\n", "!sub/\n", "Chart.yaml\n", "*.yaml\n"] {
        let refused = planned(ignore, Mode::AsVela);
        let wanted = vec!["PKG07: `.helmignore` leaves out `Chart.yaml`".to_owned()];
        assert_eq!(refused, Err(wanted), "{ignore:?}");
    }
}

#[test]
fn an_archive_without_metadata_is_what_vela_makes_and_no_good() {
    assert!(planned("metadata.yaml\n", Mode::AsVela).is_ok());
    let refused = planned("metadata.yaml\n", Mode::Verify);
    let wanted = vec!["PKG07: `.helmignore` leaves out `metadata.yaml`".to_owned()];
    assert_eq!(refused, Err(wanted));
}
