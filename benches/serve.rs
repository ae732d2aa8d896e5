//! How fast `addon-pack serve` is with 5,000 versions, beside ChartMuseum where it is installed.
//!
//! ```text
//! cargo bench --bench serve                                  this server alone
//! CHARTMUSEUM=/path/to/chartmuseum cargo bench --bench serve  both, one after the other
//! ```
//!
//! Loopback only, bounded counts, about a minute. Each number is taken once over a whole run: what is
//! looked for are factors, not percents. The clients are threads of this process and share the
//! processors with the server, so both servers are shown slower than they are.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program, not part of the product"
)]

#[path = "../tests/it/tarball.rs"]
#[expect(dead_code, reason = "the tests make more kinds of archives")]
mod tarball;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use tarball::Tar;

const ADDONS: usize = 50;
const VERSIONS: usize = 100;
const CLIENTS: usize = 8;

fn main() {
    let scratch = tempfile::tempdir().unwrap();
    let archives: Vec<(String, Vec<u8>)> = (0..ADDONS * VERSIONS)
        .map(|number| archive(number % ADDONS, number / ADDONS))
        .collect();
    ours(&scratch.path().join("ours"), &archives);
    if let Some(program) = std::env::var_os("CHARTMUSEUM") {
        theirs(
            Path::new(&program),
            &scratch.path().join("theirs"),
            &archives,
        );
    }
}

/// An addon of a real one's size in the index, and its file name.
fn archive(addon: usize, version: usize) -> (String, Vec<u8>) {
    let name = format!("addon-{addon:02}");
    let version = format!("1.{version}.0");
    let description =
        "An addon whose description is as long as those of the catalog usually are. ".repeat(2);
    let chart = format!(
        "annotations:\n  addon.name: {name}\n  system.kubernetes: '>=1.19'\n  system.vela: '>=1.9.0'\n\
         apiVersion: v2\nappVersion: {version}\ndescription: {description}\nhome: https://example.org/{name}\n\
         icon: https://example.org/icons/{name}.png\nkeywords:\n- one\n- two\n- three\nname: {name}\n\
         type: library\nversion: {version}\n"
    );
    let bytes = Tar::new()
        .file(&format!("{name}/Chart.yaml"), chart.as_bytes())
        .file(
            &format!("{name}/metadata.yaml"),
            format!("name: {name}\nversion: {version}\n").as_bytes(),
        )
        .file(
            &format!("{name}/README.md"),
            description.repeat(8).as_bytes(),
        )
        .gz();
    (format!("{name}-{version}.tgz"), bytes)
}

fn ours(directory: &Path, archives: &[(String, Vec<u8>)]) {
    println!("addon-pack serve");
    let start = || {
        let begin = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_addon-pack"))
            .arg("serve")
            .arg(directory)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        let address = url.trim().trim_start_matches("http://").to_owned();
        (Running(child), address, begin.elapsed())
    };
    let (server, address, _) = start();
    let bodies: Vec<&[u8]> = archives.iter().map(|(_, bytes)| &bytes[..]).collect();
    report(
        "publishing the first 5,000",
        bodies.len(),
        publish(&address, &bodies),
    );
    drop(server);
    let (server, address, until_listening) = start();
    println!("  {:<38}{until_listening:>12.1?}", "start-up");
    reading(&address, &archives[0].0, 4000);
    let more: Vec<Vec<u8>> = (0..800)
        .map(|number| archive(number % ADDONS, VERSIONS + number / ADDONS).1)
        .collect();
    let bodies: Vec<&[u8]> = more.iter().map(|bytes| &bytes[..]).collect();
    report(
        "publishing 800 more",
        bodies.len(),
        publish(&address, &bodies),
    );
    println!(
        "  {:<38}{:>8} MiB",
        "most memory",
        peak_kib(&server.0) >> 10
    );
}

fn theirs(program: &Path, directory: &Path, archives: &[(String, Vec<u8>)]) {
    println!("chartmuseum");
    fs::create_dir_all(directory).unwrap();
    for (name, bytes) in archives {
        fs::write(directory.join(name), bytes).unwrap();
    }
    let address = "127.0.0.1:18080";
    let begin = Instant::now();
    let server = Running(
        Command::new(program)
            .args([
                "--storage",
                "local",
                "--port",
                "18080",
                "--storage-local-rootdir",
            ])
            .arg(directory)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    while TcpStream::connect(address).is_err() {
        thread::sleep(Duration::from_millis(5));
    }
    let mut client = Client::new(address);
    client.get("/index.yaml", "");
    println!(
        "  {:<38}{:>12.1?}",
        "start-up to the first index",
        begin.elapsed()
    );
    reading(address, &archives[0].0, 2000);
    let more: Vec<Vec<u8>> = (0..24)
        .map(|number| archive(number % ADDONS, VERSIONS + number / ADDONS).1)
        .collect();
    let bodies: Vec<&[u8]> = more.iter().map(|bytes| &bytes[..]).collect();
    report(
        "publishing 24 more",
        bodies.len(),
        publish(address, &bodies),
    );
    println!(
        "  {:<38}{:>8} MiB",
        "most memory",
        peak_kib(&server.0) >> 10
    );
}

/// A server that ends with its value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn reading(address: &str, file: &str, indexes: usize) {
    let mut client = Client::new(address);
    let (_, etag) = client.get("/index.yaml", "");
    let plain = get_many(address, "/index.yaml", "", indexes);
    report("/index.yaml", indexes, plain);
    let condition = etag.map(|etag| format!("If-None-Match: {etag}\r\n"));
    if let Some(condition) = condition {
        let count = 100_000;
        let unchanged = get_many(address, "/index.yaml", &condition, count);
        report("/index.yaml with If-None-Match", count, unchanged);
    }
    let count = 50_000;
    let path = format!("/charts/{file}");
    report("an archive", count, get_many(address, &path, "", count));
}

fn report(what: &str, count: usize, time: Duration) {
    let rate = f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64();
    println!("  {what:<38}{rate:>10.0} /s");
}

fn get_many(address: &str, path: &str, headers: &str, count: usize) -> Duration {
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut client = Client::new(address);
                for _ in 0..count / CLIENTS {
                    client.get(path, headers);
                }
            });
        }
    });
    begin.elapsed()
}

fn publish(address: &str, bodies: &[&[u8]]) -> Duration {
    let next = AtomicUsize::new(0);
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut client = Client::new(address);
                while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let head = format!(
                        "POST /api/charts HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
                        body.len()
                    );
                    client.stream.get_mut().write_all(head.as_bytes()).unwrap();
                    client.stream.get_mut().write_all(body).unwrap();
                    let (status, _) = client.answer();
                    assert_eq!(status, 201);
                }
            });
        }
    });
    begin.elapsed()
}

/// A connection that is used again and again.
struct Client {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Client {
    fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            body: Vec::new(),
        }
    }

    fn get(&mut self, path: &str, headers: &str) -> (u16, Option<String>) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        self.answer()
    }

    /// Reads an answer to its end; gives its status and entity tag.
    fn answer(&mut self) -> (u16, Option<String>) {
        let (mut status, mut length, mut etag) = (0, 0, None);
        let mut chunked = false;
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if let Some(rest) = text.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some((name, value)) = text.split_once(": ") {
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.parse().unwrap(),
                    "transfer-encoding" => chunked = true,
                    "etag" => etag = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
        if status == 304 {
            return (status, etag);
        }
        if !chunked {
            self.body.resize(length, 0);
            self.stream.read_exact(&mut self.body).unwrap();
        }
        while chunked {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            let length = usize::from_str_radix(line.trim_end(), 16).unwrap();
            self.body.resize(length + 2, 0);
            self.stream.read_exact(&mut self.body).unwrap();
            chunked = length > 0;
        }
        (status, etag)
    }
}

fn peak_kib(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}
