//! A server under test, and a client so plain that it can also speak wrongly.
//!
//! The client writes what it is told to the socket and reads one answer; it knows nothing of what
//! the server should say.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStdout, Stdio},
    time::Duration,
};

use crate::run::Scratch;

/// A running `addon-pack serve`; it is stopped when the value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Kept open, so that what it prints later has somewhere to go.
    _stdout: BufReader<ChildStdout>,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// Serves the directory `registry` of `here`, on a port that the system chooses.
    pub(crate) fn start(here: &Scratch) -> Self {
        Self::start_with(here, &[], &[])
    }

    /// The same with more arguments and environment.
    pub(crate) fn start_with(
        here: &Scratch,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut child = here
            .command()
            .args(["serve", "registry", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        stdout.read_line(&mut url).unwrap();
        let address = url
            .trim()
            .strip_prefix("http://")
            .and_then(|rest| rest.split('/').next())
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("the server said {url:?}: {:?}", child.try_wait()));
        Self {
            child,
            address,
            _stdout: stdout,
        }
    }

    /// A connection that gives up after half a minute.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        stream.set_write_timeout(patience).unwrap();
        stream
    }

    /// A connection, if the server is still there.
    pub(crate) fn try_connect(&self) -> Option<TcpStream> {
        let stream = TcpStream::connect(self.address).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        Some(stream)
    }

    /// `kill -9`, whatever it is doing.
    pub(crate) fn kill_now(&self) {
        let pid = self.child.id().to_string();
        let told = std::process::Command::new("kill")
            .args(["-9", &pid])
            .status();
        assert!(told.unwrap().success());
    }

    /// Waits for a killed process.
    pub(crate) fn stop_dead(&mut self) {
        self.child.wait().unwrap();
    }

    /// Sends a request with these headers and body, and reads the answer.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: registry.test\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.extend([*name, ": ", *value, "\r\n"]);
        }
        let announced = headers.iter().any(|(name, _)| {
            name.eq_ignore_ascii_case("transfer-encoding")
                || name.eq_ignore_ascii_case("content-length")
        });
        if !announced && (!body.is_empty() || method == "POST") {
            head.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        head.push_str("\r\n");
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).unwrap();
        // a refusal may come, and the connection end, before all of the body is sent
        let _ = stream.write_all(body);
        read_answer(stream, method == "HEAD")
    }

    /// `GET path`.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// `POST path` with these bytes as they are.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Answer {
        self.send("POST", path, &[], body)
    }

    /// The most memory that the process has had, in KiB.
    #[expect(
        clippy::disallowed_methods,
        reason = "reads the kernel's account of the process"
    )]
    pub(crate) fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Asks the process to stop, as a service manager does, and waits for its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let told = std::process::Command::new("kill").arg(&pid).status();
        assert!(told.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// Fails the test unless the answer has this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        self
    }

    /// The sentence of a refusal; fails the test when the answer is none.
    #[track_caller]
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }
}

/// The status of an answer that comes whole; `None` when the connection breaks before.
pub(crate) fn try_read_answer(mut stream: TcpStream) -> Option<u16> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let text = String::from_utf8(answer).ok()?;
    text.split_once("\r\n\r\n")?;
    text.split(' ').nth(1)?.parse().ok()
}

/// Reads one answer from a connection that ends with it.
pub(crate) fn read_answer(stream: TcpStream, without_body: bool) -> Answer {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no status line but {line:?}"));
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    if without_body {
        return answer;
    }
    match answer.header("content-length") {
        Some(length) => {
            answer.body.resize(length.parse().unwrap(), 0);
            reader.read_exact(&mut answer.body).unwrap();
        }
        None => {
            reader.read_to_end(&mut answer.body).unwrap();
        }
    }
    answer
}
