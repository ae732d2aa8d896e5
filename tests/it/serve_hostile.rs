//! Uploads that mean harm: each gets a 4xx with a sentence, leaves nothing behind, and costs little memory.
//!
//! The archives are made header by header (`tarball`), never by the code under test.

use std::io::Write as _;

use crate::{
    http::{Server, read_answer},
    run::Scratch,
    tarball::{Header, Tar, gzip, gzip_with_zeros},
};

/// The most memory that the server may take, in KiB.
const MEMORY_KIB: u64 = 100 << 10;

/// A good addon whose manifests are these.
fn manifests(chart: &str, metadata: &str) -> Vec<u8> {
    Tar::new()
        .file("a/Chart.yaml", chart.as_bytes())
        .file("a/metadata.yaml", metadata.as_bytes())
        .gz()
}

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let addon = || Tar::addon("a", "1.0.0");
    let file = |name: &str| addon().file(name, b"x").gz();
    let link = |kind, target| addon().header(&Header::special("a/l", kind, target)).gz();
    let good = addon().gz();
    let chart = |name: &str, version: &str| {
        manifests(
            &format!("apiVersion: v2\nname: {name}\nversion: {version}\n"),
            &format!("name: {name}\nversion: {version}\n"),
        )
    };
    let mut cases = vec![
        ("nothing", Vec::new()),
        ("text", b"hello".to_vec()),
        ("a tar without gzip", addon().finished()),
        ("an empty gzip", gzip(b"")),
        ("an empty tar", gzip(&[0; 1024])),
        ("half of the gzip", good[..good.len() / 2].to_vec()),
        ("no check sum", good[..good.len() - 8].to_vec()),
        ("a wrong check sum", {
            let mut bytes = good.clone();
            let at = bytes.len() - 6;
            bytes[at] ^= 1;
            bytes
        }),
        (
            "a second gzip member",
            [good.clone(), good.clone()].concat(),
        ),
        (
            "data behind the gzip",
            [good.clone(), b"x".to_vec()].concat(),
        ),
        ("no end of the tar", gzip(&addon().unfinished())),
        ("data behind the tar", {
            let mut tar = addon().finished();
            tar.extend(addon().finished());
            gzip(&tar)
        }),
        ("a traversal", file("a/../../../etc/passwd")),
        ("a traversal at the start", file("../a/x")),
        ("a traversal at the end", file("a/..")),
        ("an absolute name", file("/a/x")),
        ("a backslash", file("a/..\\..\\x")),
        ("a drive", file("C:/a/x")),
        ("a dot part", file("a/./x")),
        ("an empty part", file("a//x")),
        ("a control character", file("a/x\u{1b}[31m")),
        ("a line feed", file("a/x\ny")),
        ("a file outside the folder", file("b/x")),
        ("a file beside the folder", file("x")),
        ("the folder as a file", file("a")),
        (
            "a name that is no UTF-8",
            addon().header(&Header::file(b"a/\xff", 0)).gz(),
        ),
        ("a symbolic link", link(b'2', "/etc/passwd")),
        ("a hard link", link(b'1', "a/Chart.yaml")),
        ("a device", link(b'3', "")),
        ("a block device", link(b'4', "")),
        ("a pipe", link(b'6', "")),
        ("a sparse file", link(b'S', "")),
        ("an unknown type", link(b'Z', "")),
        ("a name twice", file("a/metadata.yaml")),
        ("a name twice but for case", file("a/METADATA.yaml")),
        ("a name twice but for its form", {
            addon().file("a/\u{e4}", b"").file("a/a\u{308}", b"").gz()
        }),
        (
            "a file that is a folder",
            addon().file("a/x", b"").file("a/x/y", b"").gz(),
        ),
        ("a folder that is a file", {
            let folder = Header::special("a/x/", b'5', "");
            addon().header(&folder).file("a/x", b"").gz()
        }),
        ("two sizes", {
            addon()
                .pax(&[("size", "0")])
                .header(&Header::file("a/x", 512))
                .content(&[1; 512])
                .gz()
        }),
        ("a size only in the extension", {
            addon()
                .pax(&[("size", "512")])
                .header(&Header::file("a/x", 0))
                .content(&[1; 512])
                .gz()
        }),
        (
            "two long names",
            addon()
                .pax(&[("path", "a/x"), ("path", "a/y")])
                .file("a/z", b"")
                .gz(),
        ),
        (
            "a traversal in a long name",
            addon().pax(&[("path", "a/../../x")]).file("a/z", b"").gz(),
        ),
        (
            "a NUL in a long name",
            addon().pax(&[("path", "a/x\0.tgz")]).file("a/z", b"").gz(),
        ),
        (
            "an extension without an entry",
            addon().pax(&[("path", "a/x")]).gz(),
        ),
        ("a malformed extension", {
            let header = Header {
                kind: b'x',
                ..Header::file("p", 8)
            };
            addon()
                .header(&header)
                .content(b"99 a=b\n\n")
                .file("a/z", b"")
                .gz()
        }),
        (
            "a long extension",
            addon()
                .pax(&[("comment", &"x".repeat(1 << 20))])
                .file("a/z", b"")
                .gz(),
        ),
        (
            "a sparse extension",
            addon()
                .pax(&[("GNU.sparse.major", "1")])
                .file("a/z", b"")
                .gz(),
        ),
        (
            "a link in the extension",
            addon()
                .pax(&[("linkpath", "/etc/passwd")])
                .file("a/z", b"")
                .gz(),
        ),
        ("a global name", {
            let record = b"11 path=a/x";
            let header = Header {
                kind: b'g',
                ..Header::file("p", 12)
            };
            addon()
                .header(&header)
                .content(&[&record[..], b"\n"].concat())
                .file("a/z", b"")
                .gz()
        }),
        ("a wrong header sum", {
            let mut tar = addon().finished();
            tar[0] ^= 1;
            gzip(&tar)
        }),
        ("a size that is not octal", {
            let mut block = Header::file("a/x", 0).block();
            block[124..136].copy_from_slice(b"-0000000001\0");
            let sum: u32 = (0..512)
                .map(|i| {
                    if (148..156).contains(&i) {
                        32
                    } else {
                        u32::from(block[i])
                    }
                })
                .sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            let mut tar = addon().unfinished();
            tar.extend_from_slice(&block);
            tar.resize(tar.len() + 1024, 0);
            gzip(&tar)
        }),
        (
            "a size beyond the end",
            gzip(&addon().header(&Header::file("a/x", 4 << 20)).unfinished()),
        ),
        ("a size beyond all ends", {
            gzip(
                &addon()
                    .header(&Header::file("a/x", 0o77_777_777_777))
                    .finished(),
            )
        }),
        ("no manifest", Tar::new().file("a/README.md", b"").gz()),
        ("no metadata", {
            Tar::new()
                .file("a/Chart.yaml", b"apiVersion: v2\nname: a\nversion: 1.0.0\n")
                .gz()
        }),
        ("manifests deeper", {
            Tar::new()
                .file(
                    "a/a/Chart.yaml",
                    b"apiVersion: v2\nname: a\nversion: 1.0.0\n",
                )
                .file("a/a/metadata.yaml", b"name: a\nversion: 1.0.0\n")
                .gz()
        }),
        ("another name in the metadata", {
            manifests(
                "apiVersion: v2\nname: a\nversion: 1.0.0\n",
                "name: b\nversion: 1.0.0\n",
            )
        }),
        ("another version in the metadata", {
            manifests(
                "apiVersion: v2\nname: a\nversion: 1.0.0\n",
                "name: a\nversion: 1.0.1\n",
            )
        }),
        ("another name than the folder", chart("b", "1.0.0")),
        ("a name with a traversal", chart("../../a", "1.0.0")),
        ("a name of dots", chart("..", "1.0.0")),
        ("a name in capitals", { Tar::addon("A", "1.0.0").gz() }),
        ("a version with a traversal", chart("a", "../../1.0.0")),
        ("a version that is none", chart("a", "latest")),
        ("a version with a line feed", chart("a", "\"1.0.0\\n\"")),
        (
            "a chart that is a list",
            manifests("- a\n", "name: a\nversion: 1.0.0\n"),
        ),
        (
            "a chart that is no YAML",
            manifests("a: [\n", "name: a\nversion: 1.0.0\n"),
        ),
        ("a keyword that is a mapping", {
            manifests(
                "apiVersion: v2\nname: a\nversion: 1.0.0\nkeywords: {a: b}\n",
                "name: a\nversion: 1.0.0\n",
            )
        }),
        ("aliases that multiply", {
            let mut chart = String::from(
                "apiVersion: v2\nname: a\nversion: 1.0.0\nx0: &x0 [a,a,a,a,a,a,a,a,a,a]\n",
            );
            for level in 1..12 {
                let below = format!("*x{}", level - 1);
                let list = [below.as_str(); 10].join(",");
                let line = format!("x{level}: &x{level} [{list}]\n");
                chart.push_str(&line);
            }
            manifests(&chart, "name: a\nversion: 1.0.0\n")
        }),
        ("a chart that is deep", {
            let chart = format!(
                "apiVersion: v2\nname: a\nversion: 1.0.0\nx: {}\n",
                "[".repeat(100_000)
            );
            manifests(&chart, "name: a\nversion: 1.0.0\n")
        }),
        (
            "a file that is too large",
            addon().file("a/x", &vec![b'x'; (5 << 20) + 1]).gz(),
        ),
    ];
    let mut many = addon();
    for number in 0..10_001 {
        many = many.header(&Header::file(format!("a/{number}"), 0));
    }
    cases.push(("too many entries", many.gz()));
    let mut head = addon().unfinished();
    head.extend_from_slice(&Header::file("a/x", 2 << 30).block());
    cases.push(("2 GiB of zeros in a file", gzip_with_zeros(&head, 2048)));
    let tar = addon().finished();
    cases.push(("2 GiB of zeros behind the tar", gzip_with_zeros(&tar, 2048)));
    let mut bomb = addon();
    for number in 0..30 {
        bomb = bomb.file(&format!("a/{number}"), &vec![0; 4 << 20]);
    }
    cases.push(("a bomb of many files", bomb.gz()));
    let mut ratio = addon();
    for number in 0..10 {
        ratio = ratio.file(&format!("a/{number}"), &vec![0; 4 << 20]);
    }
    cases.push(("40 MiB of zeros", ratio.gz()));
    cases
}

/// All files below a directory except for the index and the lock.
#[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
fn files(directory: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with("index.yaml") && !path.ends_with(".lock") {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn an_archive_that_packs_well_is_no_bomb() {
    let here = Scratch::new();
    let server = Server::start(&here);
    // 6 MiB in some 30 KiB
    let mut addon = Tar::addon("a", "1.0.0");
    for number in 0..2 {
        addon = addon.file(&format!("a/{number}"), &vec![b'x'; 3 << 20]);
    }
    let small = addon.gz();
    assert!(small.len() < (6 << 20) / 100, "{}", small.len());
    server.post("/api/charts", &small).is(201);
}

#[test]
fn hostile_archives_are_refused_and_leave_nothing() {
    let here = Scratch::new();
    let server = Server::start(&here);
    for (title, archive) in hostile() {
        let answer = server.post("/api/charts", &archive);
        assert!(
            (400..500).contains(&answer.status),
            "{title}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        let error = answer.error();
        assert!(
            !error.is_empty() && !error.contains(['\u{1b}', '\n']),
            "{title}: {error:?}"
        );
        assert!(error.len() < 512, "{title}: vela would cut {error:?}");
    }
    assert_eq!(files(&here.join("registry")), [""; 0]);
    let peak = server.peak_kib();
    assert!(peak <= MEMORY_KIB, "the server took {peak} KiB");
    // and it still works
    server
        .post("/api/charts", &Tar::addon("a", "1.0.0").gz())
        .is(201);
}

#[test]
fn many_bombs_at_once_stay_within_the_memory() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let mut head = Tar::addon("a", "1.0.0").unfinished();
    head.extend_from_slice(&Header::file("a/x", 1 << 30).block());
    let bomb = gzip_with_zeros(&head, 1024);
    // noise does not compress: bodies that are as large as they may be
    let mut noise = vec![0_u8; 19 << 20];
    let mut state = 1_u64;
    for byte in &mut noise {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *byte = (state >> 56) as u8;
    }
    std::thread::scope(|scope| {
        for number in 0..12 {
            let body = if number % 2 == 0 { &bomb } else { &noise };
            let server = &server;
            scope.spawn(move || {
                let answer = server.post("/api/charts", body);
                assert!((400..500).contains(&answer.status), "{}", answer.status);
            });
        }
    });
    let peak = server.peak_kib();
    assert!(peak <= MEMORY_KIB, "the server took {peak} KiB");
    assert!(here.list("registry/charts").is_empty());
}

#[test]
fn a_body_without_end_is_refused() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let announced = server.send(
        "POST",
        "/api/charts",
        &[("Content-Length", "2147483648")],
        b"",
    );
    assert_eq!(announced.is(413).error(), "request too large");

    let mut stream = server.connect();
    let head = "POST /api/charts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n".to_vec(), vec![0; 1 << 20], b"\r\n".to_vec()].concat();
    for _ in 0..40 {
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    assert_eq!(
        read_answer(stream, false).is(413).error(),
        "request too large"
    );
    assert!(server.peak_kib() <= MEMORY_KIB);
}

#[test]
fn forms_and_proofs_with_tricks_are_refused() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    let part = |name: &str, content: &[u8]| {
        let head = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    let end = b"--B--\r\n".to_vec();
    let proof = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nname: ../../../a\nversion: 1.0.0\n\n...\n\
                  files:\n  x.tgz: sha256:00\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n";
    for (title, body) in [
        (
            "two charts",
            [
                part("chart", &archive),
                part("chart", &archive),
                end.clone(),
            ]
            .concat(),
        ),
        ("no end", part("chart", &archive)),
        ("nothing", end.clone()),
        ("an empty chart", [part("chart", b""), end.clone()].concat()),
        (
            "a hostile proof",
            [part("prov", proof), end.clone()].concat(),
        ),
        ("a good chart with a hostile proof", {
            [part("chart", &archive), part("prov", proof), end.clone()].concat()
        }),
        ("a form in a form", {
            let inner = [part("chart", &archive), end.clone()].concat();
            [part("chart", &inner), end].concat()
        }),
    ] {
        let headers = [("Content-Type", "multipart/form-data; boundary=B")];
        let answer = server.send("POST", "/api/charts", &headers, &body);
        assert_eq!(answer.status, 400, "{title}");
        assert!(!answer.error().is_empty(), "{title}");
    }
    let no_boundary = [("Content-Type", "multipart/form-data")];
    server
        .send("POST", "/api/charts", &no_boundary, &archive)
        .is(400);
    for folder in ["registry/charts", "registry/entries", "registry/incoming"] {
        assert!(here.list(folder).is_empty(), "{folder}");
    }
}

#[test]
fn another_site_cannot_publish_through_a_browser() {
    let here = Scratch::new();
    let server = Server::start(&here);
    let archive = Tar::addon("a", "1.0.0").gz();
    let headers = [("Origin", "https://evil.example")];
    let refused = server
        .send("POST", "/api/charts", &headers, &archive)
        .is(403);
    assert!(!refused.error().is_empty());
    assert!(here.list("registry/charts").is_empty());
}
