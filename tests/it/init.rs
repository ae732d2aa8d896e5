//! `addon-pack init`: what it makes can be built at once, and it never leaves half of it.

use crate::run::Scratch;

#[test]
fn what_is_made_builds_and_lacks_only_what_its_author_must_say() {
    let scratch = Scratch::new();
    scratch.run(&["init", "my-addon"]).exits(0);
    let built = scratch.run(&["build", "my-addon"]).exits(0);
    assert!(built.stderr.contains(": 2 warnings"), "{}", built.stderr);
    let checked = scratch
        .run(&["check", "my-addon", "--format", "concise"])
        .exits(0);
    assert_eq!(
        checked.stdout,
        "my-addon/metadata.yaml:1:1: warning[META13]: the addon has no `icon`\n\
         my-addon/metadata.yaml:1:1: warning[META13]: the addon has no `url`\n"
    );
    assert_eq!(scratch.list("dist"), ["index.yaml", "my-addon-1.0.0.tgz"]);
}

#[test]
fn a_chart_and_urls_become_components() {
    let scratch = Scratch::new();
    scratch
        .run(&[
            "init",
            "db",
            "--helm-repo",
            "https://charts.example.com",
            "--chart",
            "mongodb",
            "--chart-version",
            "1.2.3",
            "-u",
            "https://example.com/a.yaml",
            "--no-samples",
        ])
        .exits(0);
    assert_eq!(scratch.list("db/resources"), ["from-url.cue", "helm.cue"]);
    assert!(scratch.read("db/resources/helm.cue").contains("\"1.2.3\""));
    assert!(scratch.read("db/metadata.yaml").contains("- name: fluxcd"));
    assert!(scratch.list("db/definitions").is_empty());
    scratch.run(&["build", "db"]).exits(0);
}

#[test]
fn a_name_that_no_addon_can_have_is_refused() {
    let scratch = Scratch::new();
    for name in ["My_Addon", "a--b", "-a", "", "a/b"] {
        let refused = scratch.run(&["init", "--", name]).exits(2);
        assert!(
            refused.stderr.contains("cannot name an addon"),
            "{}",
            refused.stderr
        );
    }
    assert!(scratch.list(".").is_empty());
}

#[test]
fn a_directory_with_files_is_kept_unless_forced() {
    let scratch = Scratch::new();
    scratch.write("a/mine.txt", "mine");
    scratch.run(&["init", "a"]).exits(5);
    assert_eq!(scratch.list("a"), ["mine.txt"]);
    scratch.run(&["init", "a", "--force"]).exits(0);
    assert!(scratch.list("a").contains(&"metadata.yaml".to_owned()));
}
