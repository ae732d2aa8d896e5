//! Ctrl-C and SIGTERM: the code is 130, and no half of anything stays.
#![expect(
    clippy::disallowed_methods,
    reason = "tests use the real disk and the clock"
)]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::run::Scratch;

const TEMPLATE: &str = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: x}\nspec: {components: []}\n";

fn send(signal: &str, child: &Child) {
    let pid = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args([signal, &pid])
        .status();
    assert!(sent.unwrap().success());
}

/// The exit code, which must come soon.
#[track_caller]
fn ends(child: &mut Child) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if started.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            panic!("it goes on");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn addons(scratch: &Scratch, count: usize) {
    for number in 0..count {
        let folder = format!("addon/a{number}");
        let metadata = format!("name: a{number}\nversion: 1.0.0\ndescription: An addon of many.\n");
        scratch
            .write(&format!("{folder}/metadata.yaml"), metadata)
            .write(&format!("{folder}/template.yaml"), TEMPLATE)
            .write(&format!("{folder}/README.md"), "text\n".repeat(2000));
    }
}

/// A server that accepts and never answers.
fn silence() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[test]
fn a_command_that_waits_for_the_network_ends_at_once() {
    let scratch = Scratch::new();
    addons(&scratch, 1);
    for signal in ["-INT", "-TERM"] {
        let (listener, url) = silence();
        for arguments in [
            &["pull", "demo", "-d", "out", "--from"][..],
            &["publish", "--to"],
            &["inspect"],
        ] {
            let mut child = scratch
                .command()
                .args(arguments)
                .arg(&url)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let connection = listener.accept().unwrap();
            let started = Instant::now();
            send(signal, &child);
            assert_eq!(ends(&mut child), Some(130), "{signal} {arguments:?}");
            assert!(started.elapsed() < Duration::from_secs(2), "{arguments:?}");
            let said = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
            assert!(said.ends_with("error: interrupted\n"), "{said:?}");
            drop(connection);
        }
    }
    assert_eq!(scratch.list("."), ["addon"]);
}

#[test]
fn a_build_that_is_cut_off_leaves_whole_files_only() {
    let whole = Scratch::new();
    addons(&whole, 24);
    whole.run(&["build"]).exits(0);
    for (number, signal) in ["-INT", "-TERM"].into_iter().cycle().take(6).enumerate() {
        let scratch = Scratch::new();
        addons(&scratch, 24);
        let started = Instant::now();
        let mut child = scratch
            .command()
            .arg("build")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // the first archive is there: archives are being written; and moments before
        while number % 2 == 0 && scratch.list("dist").is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20));
        }
        std::thread::sleep(Duration::from_millis(9 * number as u64));
        send(signal, &child);
        let code = ends(&mut child);
        // `None`: the signal came before the program could listen to it
        let is_early = code.is_none() && scratch.list("dist").is_empty();
        assert!(is_early || matches!(code, Some(130 | 0)), "{code:?}");
        for name in scratch.list("dist") {
            assert!(!name.starts_with('.'), "{name} is left");
            if name != "index.yaml" {
                let path = format!("dist/{name}");
                let [ours, theirs] =
                    [&scratch, &whole].map(|scratch| std::fs::read(scratch.join(&path)).unwrap());
                assert_eq!(ours, theirs, "{name}");
            }
        }
        scratch.run(&["build"]).exits(0);
        assert_eq!(
            scratch.read("dist/index.yaml"),
            whole.read("dist/index.yaml")
        );
    }
}

#[test]
fn a_publish_ends_between_two_addons() {
    let scratch = Scratch::new();
    addons(&scratch, 60);
    let mut child = scratch
        .command()
        .arg("publish")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let published = |line: &String| line.contains("Published");
    let first = lines.by_ref().map(Result::unwrap).find(published);
    assert!(first.is_some());
    send("-INT", &child);
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(ends(&mut child), Some(130), "{rest:?}");
    let count = 1 + rest.iter().filter(|line| published(line)).count();
    assert!(count < 60, "it went on");
    assert_eq!(rest.last().map(String::as_str), Some("error: interrupted"));
    // what was said to be published is, in the index too, and nothing else is there
    assert_eq!(scratch.list("registry/charts").len(), count);
    assert_eq!(scratch.list("registry/entries").len(), count);
    assert_eq!(
        scratch
            .read("registry/index.yaml")
            .matches("\n  - ")
            .count(),
        count
    );
    assert_eq!(
        scratch.list("registry"),
        ["charts", "entries", "index.yaml"]
    );
    scratch.run(&["publish"]).exits(0);
    assert_eq!(scratch.list("registry/charts").len(), 60);
}

#[test]
fn a_publish_that_waits_for_another_ends_at_once() {
    let scratch = Scratch::new();
    addons(&scratch, 1);
    scratch.run(&["publish"]).exits(0);
    scratch.write("addon/a0/README.md", "other");
    let mut first = scratch
        .command()
        .args(["publish", "--force"])
        .env("ADDON_PACK_CRASH_TEST", "1")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(first.stderr.take().unwrap()).lines();
    let stopped = lines.find(|line| line.as_ref().unwrap().starts_with("stopped at"));
    let Some(_) = stopped else {
        panic!("the first publisher did not stop at a step");
    };
    let mut second = scratch
        .command()
        .arg("publish")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(second.stderr.take().unwrap()).lines();
    let waits = lines.find(|line| line.as_ref().unwrap().contains("waiting for another"));
    assert!(waits.is_some());
    send("-TERM", &second);
    assert_eq!(ends(&mut second), Some(130));
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn what_a_killed_run_left_goes_with_the_next() {
    let scratch = Scratch::new();
    addons(&scratch, 1);
    scratch
        .write("dist/.addon-pack-x1.tmp", "half an archive")
        .write("out/.addon-pack-x2.tmp", "half an archive");
    scratch.run(&["build"]).exits(0);
    assert_eq!(scratch.list("dist"), ["a0-1.0.0.tgz", "index.yaml"]);
    scratch
        .run(&["pull", "a0", "--from", "dist", "-d", "out"])
        .exits(0);
    assert_eq!(scratch.list("out"), ["a0-1.0.0.tgz"]);
}
