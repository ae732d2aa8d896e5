//! `index`, `inspect` and `verify`: looking into archives and registries.

use crate::http::Server;
use crate::run::{Run, Scratch};

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
fn an_archive_can_be_named_in_many_ways() {
    let scratch = published();
    scratch.run(&["publish", "--to", "registry"]).exits(0);
    let plain = scratch
        .run(&["inspect", "dist/one-1.0.0.tgz"])
        .exits(0)
        .stdout;
    let server = Server::start_with(
        &scratch,
        &["--context-path", "/team"],
        &[("ADDON_PACK_SERVE_TOKEN", "sesame")],
    );
    let url = format!("http://{}/team", server.address);
    let inspect = |source: &str| {
        let mut command = scratch.command();
        command
            .env("HELM_REPO_ACCESS_TOKEN", "sesame")
            .args(["inspect", source]);
        Run::of(&mut command)
    };
    for source in [
        "registry#one".to_owned(),
        "registry/index.yaml#one@v1.0.0".to_owned(),
        "registry/one@1.0.0".to_owned(),
        format!("{url}#one"),
        format!("{url}/index.yaml#one@1.0.0"),
        format!("{url}/charts/one-1.0.0.tgz"),
    ] {
        assert_eq!(inspect(&source).exits(0).stdout, plain, "{source}");
    }
    for source in [url.clone(), format!("{url}/"), format!("{url}/index.yaml")] {
        let listed = inspect(&source).exits(0).stdout;
        assert_eq!(listed, inspect("registry").exits(0).stdout, "{source}");
        assert!(listed.starts_with("one 1.0.0  "), "{listed}");
    }
    for (source, code) in [
        ("registry#one@2.0.0".to_owned(), 4),
        ("registry#three".to_owned(), 4),
        ("registry/three".to_owned(), 4),
        ("nowhere#one".to_owned(), 3),
        ("nowhere/one".to_owned(), 3),
        (format!("{url}/charts/one-2.0.0.tgz"), 4),
        (format!("{url}/elsewhere"), 4),
        ("ftp://h/x".to_owned(), 2),
    ] {
        let run = inspect(&source).exits(code);
        assert!(
            run.stdout.is_empty() && run.stderr.starts_with("error: "),
            "{source} {run:?}"
        );
    }
    scratch.run(&["inspect", &url]).exits(4);
    scratch
        .run(&["inspect", "registry", "--file", "x"])
        .exits(2);
}

#[test]
fn bytes_that_the_index_does_not_promise_are_not_looked_at() {
    let scratch = published();
    let other = scratch
        .read("dist/index.yaml")
        .replace("digest: ", "digest: 0000");
    let other: String = other
        .lines()
        .map(|line| match line.split_once("digest: 0000") {
            Some((before, digest)) => format!("{before}digest: 0000{}\n", &digest[4..]),
            None => format!("{line}\n"),
        })
        .collect();
    scratch.write("dist/index.yaml", other);
    let run = scratch.run(&["inspect", "dist#one"]).exits(5);
    assert!(run.stderr.contains("expected 0000"), "{}", run.stderr);
}

#[test]
fn an_index_of_a_stranger_cannot_steer_the_terminal() {
    let scratch = Scratch::new();
    let index =
        "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: \"1.0.0\\e[2J\", urls: [x]}\n";
    scratch.write("there/index.yaml", index);
    let run = scratch.run(&["inspect", "there"]).exits(1);
    assert!(run.stdout.starts_with("a 1.0.0"), "{:?}", run.stdout);
    assert!(
        !run.stdout.contains('\x1b') && !run.stderr.contains("\x1b[2J"),
        "{run:?}"
    );
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
