//! The frame of every command: help, version, wrong usage, pipes, colour.

use crate::run::{Run, Scratch};
use std::io::Read as _;
use std::process::Stdio;

#[test]
fn version_and_help_go_to_stdout() {
    let here = Scratch::new();
    let version = here.run(&["--version"]).exits(0);
    assert_eq!(
        version.stdout,
        format!("addon-pack {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = here.run(&["--help"]).exits(0);
    assert!(help.stdout.contains("Exit codes:"), "{}", help.stdout);
    assert_eq!(help.stderr, "");
}

#[test]
fn a_mistyped_command_is_a_usage_error_with_a_suggestion() {
    let run = Scratch::new().run(&["complettion", "bash"]).exits(2);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("'completion'"), "{}", run.stderr);
}

#[test]
fn no_command_shows_help_and_is_a_usage_error() {
    let run = Scratch::new().run(&[]).exits(2);
    assert!(run.stderr.contains("Commands:"), "{}", run.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let here = Scratch::new();
    let mut child = here
        .command()
        .args(["completion", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0_u8; 1];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn colour_follows_option_and_environment() {
    let here = Scratch::new();
    let escapes = |arguments: &[&str], environment: &[(&str, &str)]| {
        let run = Run::of(
            here.command()
                .args(arguments)
                .envs(environment.iter().copied()),
        );
        run.exits(0).stderr.contains('\u{1b}')
    };
    let man = ["man", "-d", "pages"];
    assert!(!escapes(&man, &[]), "a pipe gets none");
    assert!(escapes(&man, &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(
        &man,
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
    ));
    let always = ["--color", "always", "man", "-d", "pages"];
    assert!(escapes(&always, &[("NO_COLOR", "1")]), "an option wins");
}
