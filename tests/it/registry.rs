//! `index`, `inspect` and `verify`: looking into archives and registries.

use crate::run::Scratch;

fn published() -> Scratch {
    let scratch = Scratch::new();
    scratch.run(&["init", "one", "-p", "addon/one"]).exits(0);
    scratch.run(&["init", "two", "-p", "addon/two"]).exits(0);
    scratch.run(&["build"]).exits(0);
    scratch
}

#[test]
fn an_index_is_made_again_from_the_archives() {
    let scratch = published();
    let before = scratch.read("dist/index.yaml");
    scratch.write(
        "dist/index.yaml",
        "apiVersion: v1\nentries: {}\ngenerated: \"1980-01-01T00:00:00Z\"\n",
    );
    scratch.run(&["index", "build"]).exits(0);
    assert_eq!(scratch.read("dist/index.yaml"), before);
    scratch.run(&["index", "verify", "dist"]).exits(0);
}

#[test]
fn indexes_merge_and_a_published_version_does_not_change() {
    let scratch = published();
    let theirs = scratch.read("dist/index.yaml");
    scratch.write(
        "other.yaml",
        theirs.replace("one", "three").replace("two", "four"),
    );
    scratch
        .run(&["index", "merge", "dist", "other.yaml"])
        .exits(0);
    let merged = scratch.read("dist/index.yaml");
    assert!(
        ["one:", "two:", "three:", "four:"]
            .iter()
            .all(|name| merged.contains(name)),
        "{merged}"
    );
    let digest = theirs
        .lines()
        .find(|line| line.contains("digest:"))
        .unwrap();
    scratch.write("other.yaml", theirs.replace(digest, "    digest: ab"));
    let refused = scratch
        .run(&["index", "merge", "dist", "other.yaml"])
        .exits(5);
    assert!(
        refused.stderr.contains("published with other content"),
        "{}",
        refused.stderr
    );
    assert_eq!(scratch.read("dist/index.yaml"), merged);
}

#[test]
fn a_damaged_registry_is_told_with_its_place() {
    let scratch = published();
    scratch.write("dist/one-1.0.0.tgz", "not an archive");
    let found = scratch.run(&["index", "verify", "dist"]).exits(1);
    assert!(found.stderr.contains("error[REG02]"), "{}", found.stderr);
    assert!(
        found.stderr.contains("dist/index.yaml:4:5"),
        "{}",
        found.stderr
    );
    scratch.run(&["index", "verify", "nowhere"]).exits(3);
}

#[test]
fn an_archive_shows_its_files_and_their_content() {
    let scratch = published();
    let shown = scratch.run(&["inspect", "dist/one-1.0.0.tgz"]).exits(0);
    assert!(shown.stdout.starts_with("one 1.0.0\n"), "{}", shown.stdout);
    assert!(shown.stdout.contains("template.cue"));
    let file = scratch
        .run(&["inspect", "dist/one-1.0.0.tgz", "--file", "parameter.cue"])
        .exits(0);
    assert_eq!(file.stdout, scratch.read("addon/one/parameter.cue"));
    scratch
        .run(&["inspect", "dist/one-1.0.0.tgz", "--file", "nothing"])
        .exits(3);
    let listed = scratch.run(&["inspect", "dist"]).exits(0);
    assert_eq!(listed.stdout.lines().count(), 2);
    let json = scratch.run(&["inspect", "dist", "--json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["addons"][1]["name"], "two");
}

#[test]
fn an_archive_is_what_its_source_gives_until_the_source_changes() {
    let scratch = published();
    scratch
        .run(&["verify", "dist", "--rebuild", "addon"])
        .exits(0);
    scratch.write("addon/one/README.md", "# other\n");
    let differs = scratch
        .run(&["verify", "dist/one-1.0.0.tgz", "--rebuild", "addon/one"])
        .exits(1);
    assert!(
        differs.stderr.contains("is not what the source gives"),
        "{}",
        differs.stderr
    );
    scratch
        .run(&["verify", "dist/two-1.0.0.tgz", "--rebuild", "addon"])
        .exits(0);
}
