//! `addon-pack vendor definitions`.

#![expect(clippy::disallowed_methods, reason = "tests use the real disk")]

use crate::run::{Run, Scratch};
use std::process::Stdio;

const CUE: &str = "web: {type: \"component\", attributes: {}}\ntemplate: {output: {}}\n";
const DUMP: &str = "\
apiVersion: v1
kind: List
items:
- apiVersion: core.oam.dev/v1beta1
  kind: TraitDefinition
  metadata: {name: scaler, uid: 1-2}
  spec: {schematic: {cue: {template: 'patch: {}'}}}
";

fn vendor(here: &Scratch, arguments: &[&str]) -> Run {
    here.run(&[&["vendor", "definitions"], arguments].concat())
}

fn sources() -> Scratch {
    let here = Scratch::new();
    here.write("src/a/web.cue", CUE)
        .write("src/dump.yaml", DUMP)
        .write("src/broken-chart.yaml", "{{ not yaml")
        .write("src/README.md", "no definition");
    here
}

#[test]
fn a_folder_becomes_a_file_for_each_definition_and_a_lock() {
    let here = sources();
    let run = vendor(&here, &["src"]).exits(0);
    assert!(
        run.stderr.contains("2 definitions in `vendor/definitions`"),
        "{}",
        run.stderr
    );
    assert_eq!(
        here.list("vendor/definitions"),
        ["component", "definitions.lock", "trait"]
    );
    assert_eq!(here.read("vendor/definitions/component/web.cue"), CUE);
    assert!(
        !here
            .read("vendor/definitions/trait/scaler.yaml")
            .contains("uid")
    );
    let lock = here.read("vendor/definitions/definitions.lock");
    assert!(lock.contains("\nsource: src\n"), "{lock}");
    assert!(lock.contains("path: trait/scaler.yaml"), "{lock}");
}

#[test]
fn a_second_run_needs_no_source() {
    let here = sources();
    vendor(&here, &["src", "--into", "d"]).exits(0);
    let lock = here.read("d/definitions.lock");
    std::fs::remove_dir_all(here.join("src")).unwrap();
    let run = vendor(&here, &["src", "--into", "d"]).exits(0);
    assert!(
        run.stderr.contains("is what its lock says"),
        "{}",
        run.stderr
    );
    assert_eq!(here.read("d/definitions.lock"), lock);
    vendor(&here, &["src", "--into", "d", "--update"]).exits(3);
    assert_eq!(here.read("d/definitions.lock"), lock);
}

#[test]
fn what_was_changed_by_hand_is_refused_and_named() {
    let here = sources();
    vendor(&here, &["src", "--into", "d"]).exits(0);
    here.write("d/trait/scaler.yaml", "other")
        .write("d/trait/new.yaml", "new");
    let run = vendor(&here, &["src", "--into", "d"]).exits(5);
    assert!(run.stderr.contains("`trait/scaler.yaml`"), "{}", run.stderr);
    assert!(run.stderr.contains("and 1 more"), "{}", run.stderr);
    vendor(&here, &["src", "--into", "d", "--update"]).exits(0);
    assert_eq!(here.list("d/trait"), ["scaler.yaml"]);
}

#[test]
fn another_source_and_a_folder_of_something_else_are_not_overwritten() {
    let here = sources();
    vendor(&here, &["src", "--into", "d"]).exits(0);
    let run = vendor(&here, &["src/a", "--into", "d"]).exits(5);
    assert!(run.stderr.contains("was made from `src`"), "{}", run.stderr);
    here.write("mine/notes.txt", "mine");
    vendor(&here, &["src", "--into", "mine"]).exits(5);
    assert_eq!(here.list("mine"), ["notes.txt"]);
}

#[test]
fn nothing_is_written_when_there_is_nothing_or_something_is_wrong() {
    let here = sources();
    let run = vendor(&here, &["src/README.md"]).exits(3);
    assert!(run.stderr.contains("has no definitions"), "{}", run.stderr);
    here.write("src/a/bad.cue", "bad: {type: \"component\"}\ntemplate: {\n");
    let run = vendor(&here, &["src"]).exits(1);
    assert!(run.stderr.contains("src/a/bad.cue"), "{}", run.stderr);
    assert_eq!(here.list("vendor"), Vec::<String>::new());
}

#[test]
fn a_dump_may_come_through_stdin() {
    let here = Scratch::new();
    here.write("dump.yaml", DUMP);
    let mut command = here.command();
    command
        .args(["vendor", "definitions", "-", "--into", "d"])
        .stdin(Stdio::from(
            std::fs::File::open(here.join("dump.yaml")).unwrap(),
        ));
    Run::of(&mut command).exits(0);
    assert_eq!(here.list("d/trait"), ["scaler.yaml"]);
}

#[test]
fn definitions_of_an_archive_are_those_of_its_folder() {
    let here = sources();
    here.write("demo/metadata.yaml", "name: demo\nversion: 1.0.0\n")
        .write("demo/definitions/web.cue", CUE)
        .write("demo/resources/other.cue", CUE.replace("web", "other"));
    vendor(&here, &["demo", "--into", "from-directory"]).exits(0);
    assert_eq!(here.list("from-directory/component"), ["web.cue"]);
    std::fs::write(here.join("bad.tgz"), [0x1f, 0x8b, 0, 0]).unwrap();
    let run = vendor(&here, &["bad.tgz"]).exits(1);
    assert!(run.stderr.contains("no sound archive"), "{}", run.stderr);
}
