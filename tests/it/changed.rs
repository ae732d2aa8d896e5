//! `addon-pack changed`, in repositories that git makes.

use crate::run::Scratch;
use serde_json::Value;
use std::process::Command;

fn git(here: &Scratch, arguments: &[&str]) {
    let run = Command::new("git")
        .arg("-C")
        .arg(here.path())
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{arguments:?}: {said}");
}

fn repository() -> Scratch {
    let here = Scratch::new();
    here.write("addon/a/metadata.yaml", "name: a\nversion: 1.0.0\n")
        .write(
            "addon/b/metadata.yaml",
            "name: b\nversion: 1.0.0\ndependencies: [{name: a}]\n",
        )
        .write(
            "addon/c/metadata.yaml",
            "name: c\nversion: 1.0.0\ndependencies: [{name: b}]\nannotations: {addon-pack.dev/shared: proxy}\n",
        )
        .write("addon/d/metadata.yaml", "name: d\nversion: 1.0.0\n")
        .write("shared/proxy.cue", "x: 1\n")
        .write(
            "addon-pack.yaml",
            "members: [addon/*]\nshared:\n  proxy: {source: shared/proxy.cue, target: resources/proxy.cue}\n",
        );
    git(&here, &["init", "-q"]);
    git(&here, &["add", "."]);
    git(&here, &["commit", "-q", "-m", "first"]);
    here
}

fn names(here: &Scratch, more: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["changed", "--since", "HEAD"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    let run = here.run(&arguments).exits(0);
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn what_differs_is_listed_also_when_it_is_not_committed() {
    let here = repository();
    assert_eq!(names(&here, &[]), [""; 0]);
    here.write("addon/a/new file.cue", "x: 1\n");
    here.write("addon/d/metadata.yaml", "name: d\nversion: 1.0.1\n");
    assert_eq!(names(&here, &[]), ["a", "d"]);
    assert_eq!(names(&here, &["addon"]), ["a", "d"]);
    git(&here, &["add", "."]);
    git(&here, &["commit", "-q", "-m", "second"]);
    assert_eq!(names(&here, &[]), [""; 0]);
    let run = here
        .run(&["changed", "--since", "HEAD~1", "-o", "matrix"])
        .exits(0);
    let matrix: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(matrix["include"][0]["name"], "a", "{matrix}");
    assert_eq!(matrix["include"][1]["name"], "d", "{matrix}");
}

#[test]
fn those_that_depend_on_a_changed_one_come_with_rdeps() {
    let here = repository();
    here.write("addon/a/README.md", "a\n");
    assert_eq!(names(&here, &[]), ["a"]);
    assert_eq!(names(&here, &["--rdeps"]), ["a", "b", "c"]);
}

#[test]
fn a_shared_file_changes_who_takes_it_and_the_workspace_file_all() {
    let here = repository();
    here.write("shared/proxy.cue", "x: 2\n");
    assert_eq!(names(&here, &[]), ["c"]);
    here.write("addon-pack.yaml", "members: [addon/*]\n");
    assert_eq!(names(&here, &[]), ["a", "b", "c", "d"]);
}

#[test]
fn an_unknown_commit_and_a_folder_without_git_are_told() {
    let here = repository();
    let run = here.run(&["changed", "--since", "nowhere"]).exits(2);
    assert!(run.stderr.contains("no commit `nowhere`"), "{}", run.stderr);
    here.run(&["changed", "--since=--output=x"]).exits(2);
    let here = Scratch::new();
    here.write("addon/a/metadata.yaml", "name: a\nversion: 1.0.0\n");
    here.run(&["changed", "--since", "HEAD"]).exits(3);
}
