//! How `publish` and `pull` present themselves to a registry: each option, each `HELM_REPO_*` variable, and which of them
//! wins. A recorder stands in for the registry and keeps the heads of the requests.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;

use super::registry::archive;
use crate::run::{Run, Scratch};

/// A registry that takes every upload and has nothing to show.
struct Recorder {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &seen);
            }
        });
        Self { address, heads }
    }

    /// The requests since the last call, each without what is the same for all.
    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.heads.lock().unwrap())
    }
}

/// Reads one request, writes its head down and then answers.
fn answer(mut stream: TcpStream, heads: &Mutex<Vec<String>>) -> Option<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let line = line.to_ascii_lowercase();
            line.strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        if request.len() < head.len() + 4 + length.unwrap_or(0) {
            continue;
        }
        let (status, body) = if head.starts_with("POST") {
            ("201 Created", r#"{"saved":true}"#)
        } else {
            ("404 Not Found", r#"{"error":"not found"}"#)
        };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        heads.lock().unwrap().push(head.to_owned());
        return stream.write_all(answer.as_bytes()).ok();
    }
}

/// The first line of a request and the headers of these names.
fn shown(head: &str, names: &[&str]) -> Vec<String> {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let wanted = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let name = name.to_ascii_lowercase();
        names
            .contains(&name.as_str())
            .then(|| format!("{name}: {value}"))
    });
    std::iter::once(first).chain(wanted).collect()
}

const SEEN: [&str; 3] = ["authorization", "x-team", "cookie"];

/// `ci:sesame`, `me:own` and `in:url` in base64.
const CI: &str = "authorization: Basic Y2k6c2VzYW1l";
const ME: &str = "authorization: Basic bWU6b3du";
const URL: &str = "authorization: Basic aW46dXJs";

struct Case {
    /// The registry, where `@` stands for host and port.
    to: &'static str,
    options: &'static [&'static str],
    variables: &'static [(&'static str, &'static str)],
    /// The request that is sent.
    wanted: &'static [&'static str],
}

const POST: &str = "POST /api/charts HTTP/1.1";
const USER: (&str, &str) = ("HELM_REPO_USERNAME", "ci");
const PASSWORD: (&str, &str) = ("HELM_REPO_PASSWORD", "sesame");
const TOKEN: (&str, &str) = ("HELM_REPO_ACCESS_TOKEN", "t0ken");

fn cases() -> Vec<Case> {
    let case = |to, options, variables, wanted| Case {
        to,
        options,
        variables,
        wanted,
    };
    vec![
        case("http://@", &[], &[], &[POST]),
        // basic
        case("http://@", &["-u", "ci", "-p", "sesame"], &[], &[POST, CI]),
        case("http://@", &[], &[USER, PASSWORD], &[POST, CI]),
        case(
            "http://@",
            &["--username", "me", "--password", "own"],
            &[USER, PASSWORD],
            &[POST, ME],
        ),
        case("http://@", &["--username", "ci"], &[PASSWORD], &[POST, CI]),
        case("http://@", &["--username", "ci"], &[], &[POST]),
        case("http://in:url@@", &[], &[], &[POST, URL]),
        case("http://in:url@@", &[], &[USER, PASSWORD], &[POST, CI]),
        // a token
        case(
            "http://@",
            &["--access-token", "t0ken"],
            &[],
            &[POST, "authorization: Bearer t0ken"],
        ),
        case(
            "http://@",
            &[],
            &[TOKEN],
            &[POST, "authorization: Bearer t0ken"],
        ),
        case(
            "http://@",
            &["--access-token", "own"],
            &[TOKEN],
            &[POST, "authorization: Bearer own"],
        ),
        case("http://@", &[], &[USER, PASSWORD, TOKEN], &[POST, CI]),
        // a header of another name
        case(
            "http://@",
            &["--access-token", "t0ken", "--auth-header", "X-Team"],
            &[],
            &[POST, "x-team: t0ken"],
        ),
        case(
            "http://@",
            &[],
            &[TOKEN, ("HELM_REPO_AUTH_HEADER", "X-Team")],
            &[POST, "x-team: t0ken"],
        ),
        case(
            "http://@",
            &["--auth-header", "Cookie"],
            &[TOKEN, ("HELM_REPO_AUTH_HEADER", "X-Team")],
            &[POST, "cookie: t0ken"],
        ),
        // paths
        case(
            "http://@/org/repo",
            &[],
            &[],
            &["POST /api/org/repo/charts HTTP/1.1"],
        ),
        case(
            "http://@/ctx/org",
            &["--context-path", "/ctx"],
            &[],
            &["POST /ctx/api/org/charts HTTP/1.1"],
        ),
        case(
            "http://@/ctx/org",
            &[],
            &[("HELM_REPO_CONTEXT_PATH", "/ctx")],
            &["POST /ctx/api/org/charts HTTP/1.1"],
        ),
        case(
            "http://@/a/b",
            &["--context-path", "a"],
            &[("HELM_REPO_CONTEXT_PATH", "/ctx")],
            &["POST /a/api/b/charts HTTP/1.1"],
        ),
        case(
            "http://@?token=q",
            &["--force"],
            &[],
            &["POST /api/charts?token=q&force HTTP/1.1"],
        ),
        // the scheme of helm-push
        case("cm://@", &[], &[("HELM_REPO_USE_HTTP", "true")], &[POST]),
        case("cm://@", &[], &[("HELM_REPO_USE_HTTP", "1")], &[POST]),
        // empty means unset
        case(
            "http://@",
            &[],
            &[
                ("HELM_REPO_USERNAME", ""),
                PASSWORD,
                ("HELM_REPO_CA_FILE", ""),
            ],
            &[POST],
        ),
    ]
}

#[test]
fn each_option_and_each_variable_changes_the_request() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "", &[]));
    let recorder = Recorder::start();
    for Case {
        to,
        options,
        variables,
        wanted,
    } in cases()
    {
        // the last `@` is that of the place
        let (before, after) = to.rsplit_once('@').unwrap();
        let to = format!("{before}{}{after}", recorder.address);
        let mut command = scratch.command();
        command
            .args(["publish", "demo.tgz", "--to", &to])
            .args(options)
            .envs(variables.iter().copied());
        let run = Run::of(&mut command).exits(0);
        let requests = recorder.requests();
        let requests: Vec<_> = requests.iter().map(|head| shown(head, &SEEN)).collect();
        assert_eq!(requests, [wanted], "{to} {options:?} {variables:?}");
        for secret in ["sesame", "t0ken", "own", ":url", "token=q"] {
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(!said.contains(secret), "{secret}: {said}");
        }
    }
}

#[test]
fn a_password_may_come_from_stdin() {
    let scratch = Scratch::new();
    scratch
        .write("demo.tgz", archive("demo", "1.0.0", "", &[]))
        .write("password", "sesame\r\nmore\n")
        .write("nothing", "\n");
    let recorder = Recorder::start();
    let to = format!("http://{}", recorder.address);
    let publish = |stdin: &str| {
        #[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
        let file = std::fs::File::open(scratch.join(stdin)).unwrap();
        let mut command = scratch.command();
        command
            .args([
                "publish",
                "demo.tgz",
                "--to",
                &to,
                "-u",
                "ci",
                "--password-stdin",
            ])
            .env("HELM_REPO_PASSWORD", "of the environment")
            .stdin(Stdio::from(file));
        Run::of(&mut command)
    };
    publish("password").exits(0);
    assert_eq!(shown(&recorder.requests()[0], &SEEN), [POST, CI]);
    publish("nothing").exits(2);
    assert_eq!(recorder.requests(), [""; 0]);
}

#[test]
fn pull_reads_with_the_same_credentials() {
    let scratch = Scratch::new();
    let recorder = Recorder::start();
    let from = format!("http://{}/team", recorder.address);
    let mut command = scratch.command();
    command
        .args(["pull", "demo", "--from", &from])
        .envs([USER, PASSWORD]);
    Run::of(&mut command).exits(4);
    let requests = recorder.requests();
    assert_eq!(
        shown(&requests[0], &SEEN),
        ["GET /team/index.yaml HTTP/1.1", CI]
    );
    assert_eq!(requests.len(), 1, "what is not there is asked for once");
}

#[test]
fn what_no_request_can_carry_is_wrong_usage() {
    let scratch = Scratch::new();
    scratch.write("demo.tgz", archive("demo", "1.0.0", "", &[]));
    for options in [
        &["--to", "oci://h/x"][..],
        &["--to", "ftp://h/x"],
        &["--to", "http://"],
        &["--to", "http://h", "-u", "a:b", "-p", "c"],
        &["--to", "http://h", "--access-token", "a\nb"],
        &[
            "--to",
            "http://h",
            "--access-token",
            "a",
            "--auth-header",
            "a b",
        ],
        &["--to", "http://h", "-p", "a", "--password-stdin"],
        &["--to", "http://h", "--timeout", "0"],
    ] {
        let arguments: Vec<&str> = ["publish", "demo.tgz"]
            .iter()
            .chain(options)
            .copied()
            .collect();
        let run = scratch.run(&arguments).exits(2);
        assert!(
            run.stderr.starts_with("error: "),
            "{options:?}: {}",
            run.stderr
        );
    }
}
