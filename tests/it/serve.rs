//! `addon-pack serve`: what clients of a registry see.

use std::{
    io::{Read as _, Write as _},
    thread,
    time::{Duration, Instant},
};

use sha2::{Digest as _, Sha256};

use crate::{
    http::{Server, read_answer},
    run::{Run, Scratch},
    tarball::{Header, Tar},
};

fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The present, for tests that wait.
#[expect(clippy::disallowed_methods, reason = "tests wait for another process")]
fn now() -> Instant {
    Instant::now()
}

/// A form with these fields, and its media type.
fn form(fields: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let boundary = "----f6a1";
    let mut body = Vec::new();
    for (name, content) in fields {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"../../{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// A body in chunks of odd sizes, as clients send it that do not know its length.
fn chunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in body.chunks(701) {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

fn provenance(name: &str, version: &str, archive: &[u8]) -> String {
    format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\napiVersion: v2\nname: {name}\nversion: {version}\n\n...\n\
         files:\n  {name}-{version}.tgz: sha256:{}\n-----BEGIN PGP SIGNATURE-----\n\nwsBcBAEB\n=ABCD\n\
         -----END PGP SIGNATURE-----\n",
        sha256(archive)
    )
}

#[test]
fn an_upload_is_read_back_everywhere() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let empty = server.get("/index.yaml").is(200);
    assert!(empty.text().contains("entries: {}"), "{}", empty.text());

    let archive = Tar::addon("fluxcd", "1.2.0").gz();
    let saved = server.post("/api/charts", &archive).is(201);
    assert_eq!(saved.json(), serde_json::json!({"saved": true}));

    let index = server.get("/index.yaml").is(200);
    assert_eq!(index.header("content-type"), Some("application/x-yaml"));
    assert_ne!(index.header("etag"), empty.header("etag"));
    let digest = sha256(&archive);
    for expected in [
        "  fluxcd:\n  - annotations:\n",
        "      addon.name: fluxcd\n",
        "    urls:\n    - charts/fluxcd-1.2.0.tgz\n",
        &format!("    digest: {digest}\n"),
        "    version: 1.2.0\n",
    ] {
        assert!(index.text().contains(expected), "{}", index.text());
    }

    let tgz = server.get("/charts/fluxcd-1.2.0.tgz").is(200);
    assert_eq!(tgz.body, archive);
    assert_eq!(tgz.header("content-type"), Some("application/gzip"));
    assert_eq!(tgz.header("content-encoding"), None);
    assert_eq!(tgz.header("x-content-type-options"), Some("nosniff"));
    assert!(tgz.header("cache-control").unwrap().contains("immutable"));

    let all = server.get("/api/charts").is(200).json();
    assert_eq!(all["fluxcd"][0]["version"], "1.2.0");
    assert_eq!(all["fluxcd"][0]["digest"], digest);
    let latest = server.get("/api/charts/fluxcd/latest").is(200).json();
    assert_eq!(latest["version"], "1.2.0");
    assert_eq!(latest["annotations"]["addon.name"], "fluxcd");
    server.get("/api/charts/fluxcd/1.2.0").is(200);
    server.get("/api/charts/fluxcd/v1.2.0").is(200);
    server.get("/api/charts/fluxcd/1.2").is(404);
    server.get("/api/charts/flux").is(404);
    server.send("HEAD", "/api/charts/fluxcd", &[], b"").is(200);
    server.get("/api/charts?limit=0").is(400);
    assert_eq!(server.get("/api/charts?offset=1").is(200).text(), "{}");

    // and it is on disk in the layout that a static host serves
    assert_eq!(here.list("registry/charts"), ["fluxcd-1.2.0.tgz"]);
    assert_eq!(here.list("registry/entries/fluxcd"), ["1.2.0.json"]);
    assert!(here.list("registry/incoming").is_empty());
}

#[test]
fn a_restarted_server_shows_the_same_index() {
    let here = Scratch::new();
    let before = {
        let mut server = Server::start(&here);
        let archive = Tar::addon("a", "1.0.0").gz();
        server.post("/api/charts", &archive).is(201);
        let index = server.get("/index.yaml").is(200);
        assert_eq!(server.stop(), Some(0));
        index
    };
    let after = Server::start(&here).get("/index.yaml").is(200);
    assert_eq!(after.text(), before.text());
    assert_eq!(after.header("etag"), before.header("etag"));
}

#[test]
fn what_honest_packagers_write_is_understood() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let deep = format!("a/resources/{}.cue", "long-".repeat(30));
    let gnu_name = Header {
        kind: b'L',
        ..Header::file("././@LongLink", deep.len() as u64 + 1)
    };
    let split = Header {
        prefix: b"a/definitions".to_vec(),
        ..Header::file("trait.cue", 0)
    };
    let archive = Tar::new()
        .header(&Header::special("a/", b'5', ""))
        .header(&Header::special("a/resources/", b'5', ""))
        .file(
            "a/Chart.yaml",
            b"apiVersion: v2\nname: a\nversion: v1.0.0-rc.1+b.2\nextra: {x: 1}\n",
        )
        .file("a/metadata.yaml", b"name: a\nversion: v1.0.0-rc.1+b.2\n")
        .pax(&[
            ("path", "a/resources/gr\u{fc}n.cue"),
            ("mtime", "1.5"),
            ("size", "1"),
        ])
        .file("a/resources/gr_n.cue", b"x")
        .header(&gnu_name)
        .content(format!("{deep}\0").as_bytes())
        .file("a/resources/long", b"y")
        .header(&split)
        .gz();
    server.post("/api/charts", &archive).is(201);
    // `+` stands in the file name as it is, and what helm does not know stays out of the index
    let path = "/charts/a-v1.0.0-rc.1+b.2.tgz";
    assert_eq!(server.get(path).is(200).body, archive);
    let index = server.get("/index.yaml").is(200);
    assert!(index.text().contains(&path[1..]), "{}", index.text());
    assert!(!index.text().contains("extra"), "{}", index.text());
}

#[test]
fn forms_come_with_and_without_a_length() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    let (media_type, body) = form(&[("chart", &archive)]);
    let headers = [("Content-Type", media_type.as_str())];
    server.send("POST", "/api/charts", &headers, &body).is(201);

    let archive = Tar::addon("a", "1.1.0").gz();
    let (media_type, body) = form(&[("chart", &archive)]);
    let headers = [
        ("Content-Type", media_type.as_str()),
        ("Transfer-Encoding", "chunked"),
    ];
    server
        .send("POST", "/api/charts?force", &headers, &chunked(&body))
        .is(201);
    assert_eq!(server.get("/charts/a-1.1.0.tgz").is(200).body, archive);

    let (media_type, body) = form(&[("other", b"x")]);
    let headers = [("Content-Type", media_type.as_str())];
    let refused = server.send("POST", "/api/charts", &headers, &body).is(400);
    assert!(refused.error().contains("chart and prov"));
}

#[test]
fn a_published_version_is_replaced_only_by_force() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let first = Tar::addon("a", "1.0.0").gz();
    let second = Tar::addon("a", "1.0.0").file("a/README.md", b"new").gz();
    server.post("/api/charts", &first).is(201);
    let same = server.post("/api/charts", &first).is(409);
    assert!(same.error().starts_with("file already exists"));
    let other = server.post("/api/charts", &second).is(409);
    assert!(other.error().starts_with("file already exists"));
    let if_same = [("X-If-Exists", "same")];
    server.send("POST", "/api/charts", &if_same, &first).is(201);
    server
        .send("POST", "/api/charts", &if_same, &second)
        .is(409);
    assert_eq!(server.get("/charts/a-1.0.0.tgz").is(200).body, first);
    server.post("/api/charts?force=false", &second).is(201);
    assert_eq!(server.get("/charts/a-1.0.0.tgz").is(200).body, second);
}

#[test]
fn a_deleted_version_is_gone() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    server.post("/api/charts", &archive).is(201);
    let deleted = server
        .send("DELETE", "/api/charts/a/1.0.0", &[], b"")
        .is(200);
    assert_eq!(deleted.json(), serde_json::json!({"deleted": true}));
    server.get("/charts/a-1.0.0.tgz").is(404);
    server.get("/api/charts/a/1.0.0").is(404);
    assert!(server.get("/index.yaml").text().contains("entries: {}"));
    server
        .send("DELETE", "/api/charts/a/1.0.0", &[], b"")
        .is(404);
    // its own bytes may come back, others may not take its number
    let other = Tar::addon("a", "1.0.0").file("a/README.md", b"x").gz();
    server.post("/api/charts", &other).is(409);
    server.post("/api/charts", &archive).is(201);
}

#[test]
fn provenance_is_stored_only_for_the_archive_it_proves() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    let proof = provenance("a", "1.0.0", &archive);
    server.post("/api/prov", proof.as_bytes()).is(400);
    let (media_type, body) = form(&[("chart", &archive), ("prov", proof.as_bytes())]);
    let headers = [("Content-Type", media_type.as_str())];
    server.send("POST", "/api/charts", &headers, &body).is(201);
    let read = server.get("/charts/a-1.0.0.tgz.prov").is(200);
    assert_eq!(read.text(), proof);
    assert_eq!(
        read.header("content-type"),
        Some("application/pgp-signature")
    );
    server.post("/api/prov", proof.as_bytes()).is(409);
    server.post("/api/prov?force", proof.as_bytes()).is(201);

    let other = provenance("a", "1.0.0", b"other bytes");
    server.post("/api/prov?force", other.as_bytes()).is(400);
    let second = Tar::addon("a", "2.0.0").gz();
    let (media_type, body) = form(&[("chart", &second), ("prov", proof.as_bytes())]);
    let headers = [("Content-Type", media_type.as_str())];
    server.send("POST", "/api/charts", &headers, &body).is(400);
    server.get("/charts/a-2.0.0.tgz").is(404);
    server
        .send("DELETE", "/api/charts/a/1.0.0", &[], b"")
        .is(200);
    assert!(here.list("registry/charts").is_empty());
}

#[test]
fn the_index_is_sent_only_when_it_changed() {
    let here = Scratch::new();
    let server = Server::start(&here);
    server
        .post("/api/charts", &Tar::addon("a", "1.0.0").gz())
        .is(201);
    let plain = server.get("/index.yaml").is(200);
    let etag = plain.header("etag").unwrap().to_owned();
    assert!(etag.starts_with('"'), "a strong tag, not {etag}");
    let same = server.send("GET", "/index.yaml", &[("If-None-Match", &etag)], b"");
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert_eq!(same.header("etag"), Some(etag.as_str()));

    let gzip = server
        .send("GET", "/index.yaml", &[("Accept-Encoding", "gzip")], b"")
        .is(200);
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(gzip.header("vary"), Some("Accept-Encoding"));
    assert_ne!(gzip.header("etag"), Some(etag.as_str()));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&gzip.body[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());

    let head = server.send("HEAD", "/index.yaml", &[], b"").is(200);
    let length = plain.body.len().to_string();
    assert_eq!(head.header("content-length"), Some(length.as_str()));
    assert_eq!(head.header("etag"), Some(etag.as_str()));

    server
        .post("/api/charts", &Tar::addon("a", "1.0.1").gz())
        .is(201);
    server
        .send("GET", "/index.yaml", &[("If-None-Match", &etag)], b"")
        .is(200);
}

#[test]
fn archives_can_be_read_in_parts() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    server.post("/api/charts", &archive).is(201);
    let range = |value: &str| server.send("GET", "/charts/a-1.0.0.tgz", &[("Range", value)], b"");
    let part = range("bytes=2-5").is(206);
    assert_eq!(part.body, archive[2..6]);
    let size = archive.len();
    let content_range = format!("bytes 2-5/{size}");
    assert_eq!(part.header("content-range"), Some(content_range.as_str()));
    assert_eq!(range("bytes=-3").is(206).body, archive[size - 3..]);
    let outside = range(&format!("bytes={size}-")).is(416);
    assert_eq!(
        outside.header("content-range"),
        Some(format!("bytes */{size}").as_str())
    );
    assert_eq!(range("bytes=0-1,4-5").is(200).body, archive);
    server.get("/charts/a-1.0.0.zip").is(404);
    server.get("/charts/..%2f..%2fetc%2fpasswd").is(404);
}

#[test]
fn credentials_guard_what_they_should() {
    let here = Scratch::new();
    let secrets = [
        ("ADDON_PACK_SERVE_USERNAME", "ann"),
        ("ADDON_PACK_SERVE_PASSWORD", "pass"),
        ("ADDON_PACK_SERVE_TOKEN", "t0ken"),
    ];
    let archive = Tar::addon("a", "1.0.0").gz();
    let server = Server::start_with(&here, &[], &secrets);
    server.get("/health").is(200);
    let refused = server.get("/index.yaml").is(401);
    assert_eq!(refused.error(), "unauthorized");
    assert!(
        refused
            .header("www-authenticate")
            .unwrap()
            .starts_with("Basic ")
    );
    server.post("/api/charts", &archive).is(401);
    // `ann:pass` and `ann:pasS` in base64
    let basic = [("Authorization", "Basic YW5uOnBhc3M=")];
    let wrong = [("Authorization", "Basic YW5uOnBhc1M=")];
    let bearer = [("Authorization", "Bearer t0ken")];
    server.send("GET", "/index.yaml", &basic, b"").is(200);
    server.send("GET", "/index.yaml", &wrong, b"").is(401);
    server
        .send("POST", "/api/charts", &bearer, &archive)
        .is(201);

    let server = Server::start_with(&here, &["--anonymous-read"], &secrets);
    server.get("/index.yaml").is(200);
    server.get("/").is(200);
    server
        .send("DELETE", "/api/charts/a/1.0.0", &[], b"")
        .is(401);
}

#[test]
fn half_of_the_credentials_is_a_usage_error() {
    let here = Scratch::new();
    let mut command = here.command();
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("ADDON_PACK_SERVE_PASSWORD", "hunter2");
    let run = Run::of(&mut command).exits(2);
    assert!(run.stderr.contains("ADDON_PACK_SERVE_USERNAME"));
    assert!(!run.stderr.contains("hunter2"));
}

#[test]
fn a_version_of_the_pusher_counts_where_that_is_asked_for() {
    let here = Scratch::new();
    let archive = Tar::new()
        .file("a/Chart.yaml", b"apiVersion: v2\nname: a\nversion: 1.1.0\n")
        .file("a/metadata.yaml", b"name: a\nversion: 1.0.0\n")
        .file("a/values.yaml", b"x: 1\n")
        .gz();
    {
        let server = Server::start(&here);
        server.post("/api/charts", &archive).is(400);
    }
    let server = Server::start_with(&here, &["--accept-pushed-version"], &[]);
    server.post("/api/charts", &archive).is(201);
    let index = server.get("/index.yaml").is(200);
    assert!(
        index.text().contains("    version: 1.1.0\n"),
        "{}",
        index.text()
    );
    let values = server.get("/api/charts/a/1.1.0/values").is(200);
    assert_eq!(values.text(), "x: 1\n");
    server.get("/addons/a/1.1.0").is(200);
    // another name is another addon, whoever asks
    let other = Tar::new()
        .file("a/Chart.yaml", b"apiVersion: v2\nname: a\nversion: 1.2.0\n")
        .file("a/metadata.yaml", b"name: b\nversion: 1.2.0\n")
        .gz();
    server.post("/api/charts", &other).is(400);
}

#[test]
fn the_limit_of_an_upload_can_be_set() {
    let here = Scratch::new();
    let archive = Tar::addon("a", "1.0.0").file("a/x", b"x").gz();
    let size = archive.len();
    let limit = |bytes: usize| bytes.to_string();
    for (option, variable, fits) in [
        (None, Some(limit(size)), true),
        (None, Some(limit(size - 1)), false),
        (Some(limit(size)), Some("1".to_owned()), true),
        (Some(limit(size - 1)), None, false),
        (None, Some(String::new()), true),
    ] {
        let option: Vec<String> = option
            .into_iter()
            .flat_map(|bytes| ["--max-upload-size".to_owned(), bytes])
            .collect();
        let option: Vec<&str> = option.iter().map(String::as_str).collect();
        let variable = variable
            .as_deref()
            .map(|bytes| ("ADDON_PACK_SERVE_MAX_UPLOAD_SIZE", bytes));
        let server = Server::start_with(&here, &option, variable.as_slice());
        let answer = server.post("/api/charts?force", &archive);
        assert_eq!(
            answer.status,
            if fits { 201 } else { 413 },
            "{option:?} {variable:?}"
        );
    }
    for bytes in ["0", "-1", "20MiB", "99999999999"] {
        here.run(&["serve", "--max-upload-size", bytes]).exits(2);
        let mut command = here.command();
        command
            .arg("serve")
            .env("ADDON_PACK_SERVE_MAX_UPLOAD_SIZE", bytes);
        Run::of(&mut command).exits(2);
    }
}

#[test]
fn everything_stands_below_the_context_path() {
    let here = Scratch::new();
    let server = Server::start_with(&here, &["--context-path", "/team/addons"], &[]);
    server
        .post("/team/addons/api/charts", &Tar::addon("a", "1.0.0").gz())
        .is(201);
    server.get("/team/addons/index.yaml").is(200);
    server.get("/team/addons/charts/a-1.0.0.tgz").is(200);
    server.get("/team/addons/health").is(200);
    let page = server.get("/team/addons/").is(200);
    assert!(page.text().contains("href=\"/team/addons/addons/a\""));
    assert_eq!(server.get("/index.yaml").is(404).error(), "not found");
}

#[test]
fn every_answer_has_an_id_and_refusals_are_json() {
    let here = Scratch::new();
    let server = Server::start(&here);
    assert!(server.get("/health").header("x-request-id").is_some());
    let echoed = server
        .send("GET", "/nowhere", &[("X-Request-Id", "abc-1")], b"")
        .is(404);
    assert_eq!(echoed.header("x-request-id"), Some("abc-1"));
    assert_eq!(echoed.error(), "not found");
    let replaced = server.send("GET", "/health", &[("X-Request-Id", "<b>")], b"");
    assert_ne!(replaced.header("x-request-id"), Some("<b>"));
    let method = server.send("DELETE", "/index.yaml", &[], b"").is(405);
    assert!(!method.error().is_empty());
    assert_eq!(
        server.get("/info").is(200).json()["version"],
        env!("CARGO_PKG_VERSION")
    );
}

#[test]
fn sixteen_publishers_lose_nothing() {
    let here = Scratch::new();
    let server = Server::start(&here);
    thread::scope(|scope| {
        for publisher in 0..16 {
            let server = &server;
            scope.spawn(move || {
                for patch in 0..4 {
                    let version = format!("{publisher}.0.{patch}");
                    server
                        .post("/api/charts", &Tar::addon("shared", &version).gz())
                        .is(201);
                    // a read that follows sees it
                    let index = server.get("/index.yaml").is(200);
                    let line = format!("    version: {version}\n");
                    assert!(index.text().contains(&line), "{version} is missing");
                }
            });
        }
    });
    let versions = server.get("/api/charts/shared").is(200).json();
    assert_eq!(versions.as_array().unwrap().len(), 64);
    assert_eq!(here.list("registry/charts").len(), 64);
    assert_eq!(here.list("registry/entries/shared").len(), 64);
    assert!(here.list("registry/incoming").is_empty());
}

#[test]
fn of_sixteen_with_one_version_exactly_one_wins() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let outcomes: Vec<(u16, Vec<u8>)> = thread::scope(|scope| {
        let publishers: Vec<_> = (0..16)
            .map(|publisher| {
                let server = &server;
                scope.spawn(move || {
                    let readme = format!("publisher {publisher}");
                    let archive = Tar::addon("a", "1.0.0")
                        .file("a/README.md", readme.as_bytes())
                        .gz();
                    (server.post("/api/charts", &archive).status, archive)
                })
            })
            .collect();
        publishers.into_iter().map(|p| p.join().unwrap()).collect()
    });
    let winners: Vec<_> = outcomes
        .iter()
        .filter(|(status, _)| *status == 201)
        .collect();
    assert_eq!(
        winners.len(),
        1,
        "{:?}",
        outcomes.iter().map(|o| o.0).collect::<Vec<_>>()
    );
    assert_eq!(
        outcomes.iter().filter(|(status, _)| *status == 409).count(),
        15
    );
    assert_eq!(server.get("/charts/a-1.0.0.tgz").is(200).body, winners[0].1);
    assert!(here.list("registry/incoming").is_empty());
}

#[test]
fn a_stop_lets_the_upload_under_way_finish() {
    let here = Scratch::new();
    let mut server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    let (first, rest) = archive.split_at(archive.len() / 2);
    let mut stream = server.connect();
    let head = format!(
        "POST /api/charts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        archive.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(first).unwrap();
    // the request is under way once the server has taken the half of it
    thread::sleep(Duration::from_millis(200));
    let finishing = {
        let mut stream = stream.try_clone().unwrap();
        let rest = rest.to_vec();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(300));
            stream.write_all(&rest).unwrap();
        })
    };
    let begin = now();
    assert_eq!(server.stop(), Some(0));
    assert!(
        begin.elapsed() < Duration::from_secs(9),
        "it waited for the grace time"
    );
    finishing.join().unwrap();
    read_answer(stream, false).is(201);
    assert_eq!(here.list("registry/charts"), ["a-1.0.0.tgz"]);
}

#[test]
fn pages_show_what_is_needed_and_run_nothing() {
    let here = Scratch::new();
    let server = Server::start(&here);
    assert!(
        server
            .get("/")
            .is(200)
            .text()
            .contains("no addons here yet")
    );
    let archive = Tar::new()
        .file(
            "flow/Chart.yaml",
            b"apiVersion: v2\nname: flow\nversion: 1.1.0\ndescription: <b>Flows</b> & more\nkeywords: [x<y]\n\
              annotations:\n  system.vela: '>=1.9.0'\n",
        )
        .file(
            "flow/metadata.yaml",
            b"name: flow\nversion: 1.1.0\ndependencies:\n- name: fluxcd\n  version: '>=2.0.0'\n",
        )
        .file(
            "flow/README.md",
            b"# Flow\n\nHello *world*.\n\n<script>alert(1)</script>\n",
        )
        .gz();
    server.post("/api/charts", &archive).is(201);
    server
        .post("/api/charts", &Tar::addon("flow", "2.0.0-beta.1").gz())
        .is(201);

    let list = server.get("/").is(200);
    assert_eq!(
        list.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = list.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"));
    let list = list.text().to_owned();
    // a prerelease is not what a visitor is offered first
    assert!(
        list.contains("flow</a><span class=\"version\">1.1.0<"),
        "{list}"
    );
    assert!(
        list.contains("vela addon registry add addons --type=helm --endpoint=http://registry.test")
    );
    assert!(!list.contains("<b>Flows"), "{list}");
    assert!(server.get("/?q=FLOWS").text().contains("/addons/flow"));
    assert!(
        server
            .get("/?q=nothing")
            .text()
            .contains("No addon matches")
    );

    let page = server.get("/addons/flow").is(200);
    let page = page.text();
    for expected in [
        "vela addon enable addons/flow --version 1.1.0",
        "&#62;=1.9.0",
        "fluxcd",
        "&#62;=2.0.0",
        "<em>world</em>",
        "/addons/flow/2.0.0-beta.1",
        "charts/flow-1.1.0.tgz",
    ] {
        assert!(page.contains(expected), "no {expected} in {page}");
    }
    for forbidden in ["<script", "alert(1)", "<b>Flows", "https://", "<img"] {
        assert!(!page.contains(forbidden), "{forbidden} in {page}");
    }
    server.get("/addons/flow/2.0.0-beta.1").is(200);
    server.get("/addons/other").is(404);
    let style = server.get("/style.css").is(200);
    assert!(style.text().contains("prefers-color-scheme: dark"));
}

#[test]
fn what_another_process_publishes_shows_up() {
    let here = Scratch::new();
    let first = Server::start(&here);
    let second = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    first.post("/api/charts", &archive).is(201);
    let conflict = Tar::addon("a", "1.0.0").file("a/README.md", b"x").gz();
    second.post("/api/charts", &conflict).is(409);
    second
        .post("/api/charts", &Tar::addon("b", "1.0.0").gz())
        .is(201);
    // each learns of the other's through the index file, which is written when publishing pauses
    let deadline = now() + Duration::from_secs(20);
    let knows = |server: &Server, name: &str| {
        let path = format!("/api/charts/{name}");
        while server.get(&path).status != 200 {
            assert!(now() < deadline, "{name} did not show up");
            thread::sleep(Duration::from_millis(100));
        }
    };
    knows(&second, "a");
    knows(&first, "b");
    assert_eq!(second.get("/charts/a-1.0.0.tgz").is(200).body, archive);
}

#[test]
fn a_stopped_server_leaves_an_index_for_static_hosts() {
    let here = Scratch::new();
    let mut server = Server::start(&here);
    server
        .post("/api/charts", &Tar::addon("a", "1.0.0").gz())
        .is(201);
    let served = server.get("/index.yaml").is(200);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(here.read("registry/index.yaml"), served.text());
}
