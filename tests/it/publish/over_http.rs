//! `publish --to URL` and `pull --from URL`, against this project's own server.

use super::registry::{archive, check_index, sha256, versions};
use crate::http::Server;
use crate::run::{Run, Scratch};

/// Runs the program with credentials in the environment.
fn run_as(scratch: &Scratch, password: &str, arguments: &[&str]) -> Run {
    let mut command = scratch.command();
    command
        .env("HELM_REPO_USERNAME", "ci")
        .env("HELM_REPO_PASSWORD", password)
        .args(arguments);
    Run::of(&mut command)
}

#[test]
fn a_registry_takes_a_version_once() {
    let scratch = Scratch::new();
    scratch
        .write("one.tgz", archive("demo", "1.0.0", "one", &[]))
        .write("two.tgz", archive("demo", "1.0.0", "two", &[]));
    let mut server = Server::start(&scratch);
    let url = format!("http://{}", server.address);
    let run = scratch.run(&["publish", "one.tgz", "--to", &url]).exits(0);
    assert!(
        run.stderr.contains("Published demo 1.0.0"),
        "{}",
        run.stderr
    );
    let run = scratch.run(&["publish", "one.tgz", "--to", &url]).exits(0);
    assert!(
        run.stderr
            .contains("Unchanged demo 1.0.0 is there with these bytes")
            && !run.stderr.contains("Published"),
        "{}",
        run.stderr
    );
    let run = scratch.run(&["publish", "two.tgz", "--to", &url]).exits(5);
    assert!(
        run.stderr.contains("published with other bytes"),
        "{}",
        run.stderr
    );
    let run = scratch
        .run(&["publish", "two.tgz", "--to", &url, "--skip-existing"])
        .exits(0);
    let digest = sha256(&archive("demo", "1.0.0", "one", &[]));
    let skipped = format!("demo 1.0.0 is skipped: {url} has it with other bytes (sha256 {digest})");
    assert!(run.stderr.contains(&skipped), "{}", run.stderr);
    scratch
        .run(&["publish", "two.tgz", "--to", &url, "-n"])
        .exits(5);
    scratch
        .run(&["pull", "demo", "--from", &url, "-d", "out"])
        .exits(0);
    assert_eq!(scratch.list("out"), ["demo-1.0.0.tgz"]);
    let run = scratch
        .run(&["publish", "two.tgz", "--to", &url, "--force"])
        .exits(0);
    assert!(run.stderr.contains("Replaced demo 1.0.0"), "{}", run.stderr);
    scratch
        .run(&["publish", "one.tgz", "--to", &url, "--force"])
        .exits(0);
    scratch
        .run(&["publish", "out/demo-1.0.0.tgz", "--to", &url])
        .exits(0);
    server.stop();
}

#[test]
fn credentials_of_the_environment_and_the_context_path_are_used() {
    let scratch = Scratch::new();
    scratch.write("one.tgz", archive("demo", "1.0.0", "one", &[]));
    let server = Server::start_with(
        &scratch,
        &["--context-path", "/team"],
        &[
            ("ADDON_PACK_SERVE_USERNAME", "ci"),
            ("ADDON_PACK_SERVE_PASSWORD", "sesame"),
        ],
    );
    let url = format!("http://{}/team", server.address);
    let publish = [
        "publish",
        "one.tgz",
        "--to",
        &url,
        "--context-path",
        "/team",
    ];
    let run = scratch.run(&publish).exits(4);
    assert!(
        run.stderr.contains("refuses the credentials (401)"),
        "{}",
        run.stderr
    );
    let run = run_as(&scratch, "wrong-one", &publish).exits(4);
    assert!(!run.stderr.contains("wrong-one"), "{}", run.stderr);
    run_as(&scratch, "sesame", &publish).exits(0);
    run_as(&scratch, "sesame", &["pull", "demo", "--from", &url]).exits(0);
    scratch.run(&["pull", "demo", "--from", &url]).exits(4);
}

#[test]
fn a_directory_may_be_published_into_while_it_is_served() {
    let scratch = Scratch::new();
    scratch
        .write("a.tgz", archive("a", "1.0.0", "", &[]))
        .write("b.tgz", archive("b", "1.0.0", "", &[]));
    let mut server = Server::start(&scratch);
    let url = format!("http://{}", server.address);
    scratch.run(&["publish", "a.tgz", "--to", &url]).exits(0);
    scratch.run(&["publish", "b.tgz"]).exits(0);
    server.stop();
    let registry = scratch.join("registry");
    check_index(&registry);
    assert_eq!(versions(&registry), ["a 1.0.0", "b 1.0.0"]);
}
