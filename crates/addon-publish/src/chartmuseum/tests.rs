//! The client against a server that plays a script: what it sends, what it concludes, what it keeps quiet.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{
    Address, Client, ClientError, ClientOptions, Credentials, Existing, Plain, Secret, Uploaded,
};
use crate::digest::Digest;
use crate::registry::{Package, Policy};

/// What the server does with one request.
#[derive(Clone)]
enum Play {
    /// Answers with a status line's rest, more headers and a body.
    Answer(&'static str, String, Vec<u8>),
    /// Hangs up without an answer.
    HangUp,
}

fn answer(status: &'static str, body: &str) -> Play {
    Play::Answer(status, String::new(), body.as_bytes().to_vec())
}

fn redirect(to: &str) -> Play {
    Play::Answer(
        "307 Temporary Redirect",
        format!("Location: {to}\r\n"),
        Vec::new(),
    )
}

struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    thread: JoinHandle<()>,
}

impl Server {
    /// Plays `script`, one connection a request, then stops.
    fn start(script: Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let thread = std::thread::spawn(move || {
            for play in script {
                let (stream, _) = listener.accept().unwrap();
                let request = read_request(&stream);
                seen.lock().unwrap().push(request);
                play_out(stream, play);
            }
        });
        Self {
            url,
            requests,
            thread,
        }
    }

    /// The requests, once the script has been played to its end.
    fn finish(self) -> Vec<String> {
        self.thread.join().unwrap();
        let requests = self.requests.lock().unwrap();
        requests.clone()
    }
}

fn read_request(mut stream: &TcpStream) -> String {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                return text.into_owned();
            }
        }
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the client hung up");
        bytes.extend_from_slice(&buffer[..count]);
    }
}

fn play_out(mut stream: TcpStream, play: Play) {
    if let Play::Answer(status, headers, body) = play {
        let head = format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        // The client may stop reading when it has enough.
        let _ = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&body));
    }
}

fn client(url: &str, credentials: Credentials) -> Client {
    let (address, _) = Address::parse(url, "", Plain::Https).unwrap();
    let options = ClientOptions {
        credentials,
        timeout: Duration::from_secs(10),
        ..ClientOptions::default()
    };
    Client::new(address, &options).unwrap()
}

fn package() -> Package {
    crate::registry::tests::package("fluxcd", "1.0.0", "the archive")
}

fn basic() -> Credentials {
    Credentials::choose(
        Some("me".into()),
        Some(Secret::new("open sesame")),
        None,
        None,
    )
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = request.split_once("\r\n\r\n")?;
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[test]
fn an_upload_is_the_form_that_chartmuseum_reads() {
    let server = Server::start(vec![answer("201 Created", r#"{"saved":true}"#)]);
    let uploaded = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap();
    assert_eq!(uploaded, Uploaded::New);
    let requests = server.finish();
    let request = &requests[0];
    assert!(
        request.starts_with("POST /api/charts HTTP/1.1\r\n"),
        "{request}"
    );
    // `printf 'me:open sesame' | base64`
    assert_eq!(
        header(request, "authorization"),
        Some("Basic bWU6b3BlbiBzZXNhbWU=")
    );
    let boundary = header(request, "content-type")
        .unwrap()
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let (part_head, content) = body
        .strip_prefix(&format!("--{boundary}\r\n"))
        .unwrap()
        .strip_suffix(&format!("\r\n--{boundary}--\r\n"))
        .unwrap()
        .split_once("\r\n\r\n")
        .unwrap();
    assert!(part_head.contains(r#"form-data; name="chart"; filename="fluxcd-1.0.0.tgz""#));
    assert_eq!(content, "the archive");
}

#[test]
fn tokens_go_into_the_header_that_was_named() {
    let token = || Some(Secret::new("t0ken"));
    for (credentials, name, value) in [
        (
            Credentials::choose(None, None, token(), None),
            "authorization",
            "Bearer t0ken",
        ),
        (
            Credentials::choose(None, None, token(), Some("X-Key".into())),
            "x-key",
            "t0ken",
        ),
        (
            Credentials::choose(Some("user alone".into()), None, token(), None),
            "authorization",
            "Bearer t0ken",
        ),
    ] {
        let server = Server::start(vec![answer("202 Accepted", "")]);
        let uploaded = client(&server.url, credentials)
            .upload(&package(), Policy::Force)
            .unwrap();
        assert_eq!(uploaded, Uploaded::Later);
        let requests = server.finish();
        assert!(requests[0].starts_with("POST /api/charts?force HTTP/1.1\r\n"));
        assert_eq!(header(&requests[0], name), Some(value));
    }
}

#[test]
fn a_lost_answer_is_read_back() {
    let server = Server::start(vec![Play::HangUp, answer("200 OK", "the archive")]);
    let uploaded = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap();
    assert_eq!(uploaded, Uploaded::New);
    let requests = server.finish();
    assert!(requests[1].starts_with("GET /charts/fluxcd-1.0.0.tgz HTTP/1.1\r\n"));
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let busy = Play::Answer(
        "503 Service Unavailable",
        "Retry-After: 0\r\n".into(),
        Vec::new(),
    );
    let server = Server::start(vec![
        busy,
        answer("404 Not Found", ""),
        answer("201 Created", ""),
    ]);
    client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap();
    assert_eq!(server.finish().len(), 3);
}

#[test]
fn tries_are_bounded() {
    let busy = Play::Answer(
        "503 Service Unavailable",
        "Retry-After: 0\r\n".into(),
        b"full".to_vec(),
    );
    let round = [busy, answer("404 Not Found", "")];
    let server = Server::start(round.iter().cycle().take(8).cloned().collect());
    let error = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap_err();
    assert!(
        matches!(&error, ClientError::Refused { status: 503, message, .. } if message == "full"),
        "{error}"
    );
    assert_eq!(server.finish().len(), 8);
}

#[test]
fn a_conflict_is_told_by_the_bytes() {
    let conflict = || answer("409 Conflict", r#"{"error":"chart already exists"}"#);
    let server = Server::start(vec![conflict(), answer("200 OK", "the archive")]);
    let uploaded = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap();
    assert_eq!(uploaded, Uploaded::Same);
    server.finish();

    for (read_back, expected) in [
        (
            answer("200 OK", "other bytes"),
            Existing::Archive(Digest::of(b"other bytes")),
        ),
        (answer("404 Not Found", ""), Existing::Unknown),
    ] {
        let server = Server::start(vec![conflict(), read_back]);
        let error = client(&server.url, basic())
            .upload(&package(), Policy::Immutable)
            .unwrap_err();
        assert!(
            matches!(&error, ClientError::Conflict { existing } if *existing == expected),
            "{error}"
        );
        server.finish();
    }
}

#[test]
fn a_refusal_is_shown_as_one_harmless_line() {
    let server = Server::start(vec![answer(
        "400 Bad Request",
        "{\"error\": \"bad \\u001b[31m name\\nsecond line\"}",
    )]);
    let error = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("answers 400: bad  [31m name second line"),
        "{error}"
    );
    server.finish();

    let server = Server::start(vec![answer(
        "401 Unauthorized",
        r#"{"error":"unauthorized"}"#,
    )]);
    let error = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap_err();
    assert!(
        matches!(error, ClientError::Unauthorized { status: 401, .. }),
        "{error}"
    );
    assert!(!error.to_string().contains("sesame") && !format!("{error:?}").contains("sesame"));
    server.finish();

    // A login page of a proxy is no success.
    let server = Server::start(vec![answer("200 OK", "<html>log in</html>")]);
    client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap_err();
    server.finish();
}

#[test]
fn credentials_stay_with_the_host_that_was_named() {
    // Another port is another origin.
    let elsewhere = Server::start(vec![answer("200 OK", "the archive")]);
    let server = Server::start(vec![redirect(&format!("{}/charts/x.tgz", elsewhere.url))]);
    let client_of = client(&server.url, basic());
    let bytes = client_of.download("charts/x.tgz", 100).unwrap().unwrap();
    assert_eq!(bytes, "the archive");
    assert!(header(&server.finish()[0], "authorization").is_some());
    assert_eq!(header(&elsewhere.finish()[0], "authorization"), None);

    let server = Server::start(vec![redirect("http://elsewhere.invalid/api/charts")]);
    let error = client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap_err();
    assert!(matches!(error, ClientError::Redirect { .. }), "{error}");
    server.finish();
}

#[test]
fn an_upload_follows_a_redirect_within_the_registry() {
    let server = Server::start(vec![
        redirect("/other/api/charts"),
        answer("201 Created", ""),
    ]);
    client(&server.url, basic())
        .upload(&package(), Policy::Immutable)
        .unwrap();
    let requests = server.finish();
    assert!(requests[1].starts_with("POST /other/api/charts HTTP/1.1\r\n"));
    assert!(requests[1].contains("the archive"));
    assert!(header(&requests[1], "authorization").is_some());
}

#[test]
fn a_download_is_bounded() {
    let server = Server::start(vec![answer("200 OK", &"x".repeat(101))]);
    let error = client(&server.url, basic())
        .download("index.yaml", 100)
        .unwrap_err();
    assert!(
        matches!(error, ClientError::TooLarge { limit: 100, .. }),
        "{error}"
    );
    server.finish();
    let server = Server::start(vec![answer("404 Not Found", "")]);
    assert_eq!(
        client(&server.url, basic())
            .download("index.yaml", 100)
            .unwrap(),
        None
    );
    server.finish();
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is() {
    let (address, _) = Address::parse("https://h", "", Plain::Https).unwrap();
    let pem = Some(b"no certificate".to_vec());
    for options in [
        ClientOptions {
            authorities: pem.clone(),
            ..ClientOptions::default()
        },
        ClientOptions {
            identity: pem,
            ..ClientOptions::default()
        },
        ClientOptions {
            credentials: Credentials::Bearer(Secret::new("two\nlines")),
            ..ClientOptions::default()
        },
        ClientOptions {
            credentials: Credentials::choose(
                Some("a:b".into()),
                Some(Secret::new("c")),
                None,
                None,
            ),
            ..ClientOptions::default()
        },
    ] {
        let error = Client::new(address.clone(), &options).unwrap_err();
        assert!(matches!(error, ClientError::Options(_)), "{error}");
    }
}
