//! `addon-pack.yaml` as `check` and `build` see it.

use crate::run::{Run, Scratch};

/// Two members and a third addon that is excluded, all with a `v` before their version (META05) and without an icon (META13).
fn workspace(file: &str) -> Scratch {
    let here = Scratch::new();
    here.write("addon-pack.yaml", file);
    for name in ["a", "b", "old"] {
        here.write(&format!("addon/{name}/metadata.yaml"), format!("name: {name}\nversion: v1.0.0\ndescription: An addon.\n"))
            .write(&format!("addon/{name}/README.md"), "# x\n")
            .write(&format!("addon/{name}/template.cue"), "package main\n\noutput: {\n\tapiVersion: \"core.oam.dev/v1beta1\"\n\tkind:       \"Application\"\n\tspec: components: []\n}\n");
    }
    here
}

fn codes(run: &Run) -> Vec<&str> {
    let code = |line: &'_ str| -> Option<(usize, usize)> {
        let from = line.find('[')?;
        Some((from + 1, from + line.get(from..)?.find(']')?))
    };
    let mut codes: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| code(line).map(|(from, to)| &line[from..to]))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn the_members_are_checked_and_built() {
    let here = workspace("members: [addon/*]\nexclude: [addon/old]\n");
    let run = here.run(&["check"]).exits(0);
    assert!(run.stderr.contains("2 addons"), "{}", run.stderr);
    let run = here.run(&["check", "."]).exits(0);
    assert!(run.stderr.contains("2 addons"), "{}", run.stderr);
    let run = here.run(&["build", "."]).exits(0);
    assert!(run.stderr.contains("2 of 2 addons"), "{}", run.stderr);
    // also from a folder of it
    let mut command = here.command();
    command.current_dir(here.join("addon/a")).arg("check");
    let run = Run::of(&mut command).exits(0);
    assert!(run.stderr.contains("2 addons"), "{}", run.stderr);
}

#[test]
fn an_option_comes_before_the_environment_and_that_before_the_workspace() {
    let here = workspace(
        "members: [addon/*]\nexclude: [addon/old]\ncheck: {select: [META05], profile: strict}\n",
    );
    let run = here.run(&["check", "--format", "concise"]).exits(1);
    assert_eq!(codes(&run), ["META05"], "{}", run.stdout);
    assert!(run.stdout.contains("error[META05]"), "{}", run.stdout);
    let with = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = here.command();
        command
            .envs(variables.iter().copied())
            .args(["check", "--format", "concise"])
            .args(arguments);
        Run::of(&mut command)
    };
    let run = with(&[("ADDON_PACK_PROFILE", "default")], &[]).exits(0);
    assert!(run.stdout.contains("warning[META05]"), "{}", run.stdout);
    let run = with(
        &[("ADDON_PACK_PROFILE", "default")],
        &["--profile", "strict"],
    )
    .exits(1);
    assert!(run.stdout.contains("error[META05]"), "{}", run.stdout);
    let run = with(&[("ADDON_PACK_SELECT", "META13")], &[]);
    assert_eq!(codes(&run), ["META13"], "{}", run.stdout);
    let run = with(&[("ADDON_PACK_SELECT", "META13")], &["--select", "META05"]);
    assert_eq!(codes(&run), ["META05"], "{}", run.stdout);
    // the rule does not hold for the old release
    let run = with(&[("ADDON_PACK_VELA_VERSION", "1.9.7")], &["--vela", "1.10"]);
    let other = with(&[("ADDON_PACK_VELA_VERSION", "1.10")], &[]);
    assert_eq!(run.stdout, other.stdout);
    let run = with(&[("ADDON_PACK_PROFILE", "strikt")], &[]).exits(2);
    assert!(run.stderr.contains("`strikt`"), "{}", run.stderr);
}

#[test]
fn rules_have_the_severity_that_the_workspace_gives_them() {
    let here = workspace("members: [addon/a]\ncheck:\n  rules: {META05: error}\n");
    let run = here.run(&["check", "--format", "concise"]).exits(1);
    assert!(run.stdout.contains("error[META05]"), "{}", run.stdout);
    here.write(
        "addon-pack.yaml",
        "members: [addon/a]\ncheck:\n  rules: {META05: off}\n",
    );
    let run = here.run(&["check", "--format", "concise"]).exits(0);
    assert!(!run.stdout.contains("META05"), "{}", run.stdout);
}

#[test]
fn a_wrong_setting_is_told_at_its_place_and_is_wrong_usage() {
    for (file, told) in [
        ("checks: {}\n", "addon-pack.yaml:1:1"),
        ("check: {select: [META99]}\n", "addon-pack.yaml:1:18"),
        ("check:\n  rules: {META99: off}\n", "addon-pack.yaml:2:11"),
        ("check: {profile: strikt}\n", "addon-pack.yaml:1:18"),
        ("vela: [1.10]\n", "addon-pack.yaml:1:8"),
        ("- x\n", "addon-pack.yaml:1:1"),
        ("a: &a [*a]\n", "addon-pack.yaml:"),
    ] {
        let here = workspace(file);
        let run = here.run(&["check"]).exits(2);
        assert!(run.stderr.contains(told), "{file}: {}", run.stderr);
    }
}

#[test]
fn archives_and_registry_go_where_the_workspace_says() {
    let here = workspace("members: [addon/a]\noutput: out/archives\nregistry: out/registry\n");
    let mut command = here.command();
    command.current_dir(here.join("addon/a")).arg("build");
    Run::of(&mut command).exits(0);
    assert_eq!(here.list("out/archives"), ["a-v1.0.0.tgz", "index.yaml"]);
    here.run(&["build", "-d", "dist"]).exits(0);
    assert_eq!(here.list("dist"), ["a-v1.0.0.tgz", "index.yaml"]);
    here.run(&["publish"]).exits(0);
    assert!(here.list("out/registry").contains(&"index.yaml".to_owned()));
    let mut command = here.command();
    command.env("ADDON_PACK_REGISTRY", "other").arg("publish");
    Run::of(&mut command).exits(0);
    here.run(&["publish", "--to", "third"]).exits(0);
    assert!(here.list("other").contains(&"index.yaml".to_owned()));
    assert!(here.list("third").contains(&"index.yaml".to_owned()));
}

#[test]
fn another_file_can_be_named() {
    let here = workspace("members: [addon/a]\n");
    here.write("strict/addon-pack.yaml", "check: {profile: strict}\n");
    let mut command = here.command();
    command
        .env("ADDON_PACK_CONFIG", "strict/addon-pack.yaml")
        .args(["check", "addon/a"]);
    Run::of(&mut command).exits(1);
    let mut command = here.command();
    command
        .env("ADDON_PACK_CONFIG", "nope.yaml")
        .args(["check", "addon/a"]);
    Run::of(&mut command).exits(2);
}
