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

const DEFINITIONS: [&str; 8] = [
    "--components",
    "server,shard",
    "--traits",
    "note",
    "--policies",
    "guard",
    "--workflowsteps",
    "say",
];

#[test]
fn definitions_are_made_in_cue() {
    let scratch = Scratch::new();
    let arguments: Vec<&str> = ["init", "a", "--no-samples"]
        .into_iter()
        .chain(DEFINITIONS)
        .collect();
    scratch.run(&arguments).exits(0);
    assert_eq!(
        scratch.list("a/definitions"),
        [
            "guard.cue",
            "note.cue",
            "say.cue",
            "server.cue",
            "shard.cue"
        ]
    );
    let checked = scratch.run(&["check", "a", "--format", "concise"]).exits(0);
    assert!(
        checked.stdout.lines().all(|line| line.contains("META13")),
        "{}",
        checked.stdout
    );
    scratch.run(&["build", "a"]).exits(0);
    for file in scratch.list("a/definitions") {
        let path = format!("a/definitions/{file}");
        let formatted = scratch.run(&["cue", "fmt", "--check", &path]);
        assert_eq!(formatted.code, 0, "{file}: {}", scratch.read(&path));
    }
}

#[test]
fn definitions_are_made_in_go() {
    let scratch = Scratch::new();
    let arguments: Vec<&str> = ["init", "a", "--godef"]
        .into_iter()
        .chain(DEFINITIONS)
        .collect();
    scratch.run(&arguments).exits(0);
    assert_eq!(
        scratch.list("a/godef"),
        [
            "components",
            "go.mod",
            "module.yaml",
            "policies",
            "traits",
            "workflowsteps"
        ]
    );
    assert_eq!(
        scratch.list("a/godef/components"),
        ["server.go", "shard.go"]
    );
    assert!(
        scratch
            .read("a/godef/traits/note.go")
            .starts_with("package traits\n")
    );
    let checked = scratch.run(&["check", "a", "--format", "concise"]).exits(0);
    // until they are compiled, a registry has no use for them
    assert!(
        checked
            .stdout
            .lines()
            .all(|line| line.contains("META13") || line.contains("LAY11")),
        "{}",
        checked.stdout
    );
    scratch.run(&["build", "a"]).exits(0);
    scratch.run(&["init", "b", "--godef"]).exits(0);
    assert_eq!(scratch.list("b/godef"), ["go.mod", "module.yaml"]);
}

#[test]
fn names_of_definitions_are_checked() {
    let scratch = Scratch::new();
    for names in ["a/b", "../x", "A", "", "one,one", "a,,b"] {
        let refused = scratch.run(&["init", "a", "--traits", names]).exits(2);
        assert!(
            refused.stderr.contains("cannot name a definition"),
            "{}",
            refused.stderr
        );
    }
    scratch
        .run(&["init", "a", "--traits", "x", "--components", "x"])
        .exits(2);
    assert!(scratch.list(".").is_empty());
}
