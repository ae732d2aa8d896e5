//! `kill -9` of a server that is being published to: what it acknowledged is there afterwards, and nothing half.

use std::io::Write as _;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::http::{Server, try_read_answer};
use crate::run::Scratch;
use crate::tarball::Tar;

const SEED: u64 = 0x5e2_7e55;
const ROUNDS: u64 = 12;
const PUBLISHERS: u64 = 4;

/// Uploads until the server is gone; writes down what was acknowledged.
fn publish(server: &Server, round: u64, publisher: u64, acknowledged: &Mutex<Vec<String>>) {
    for patch in 0.. {
        let version = format!("{round}.{publisher}.{patch}");
        let body = Tar::addon("a", &version).gz();
        let head = format!(
            "POST /api/charts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let Some(mut stream) = server.try_connect() else {
            return;
        };
        if stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(&body))
            .is_err()
        {
            return;
        }
        match try_read_answer(stream) {
            Some(201) => acknowledged.lock().unwrap().push(version),
            Some(status) => panic!("{version}: {status}"),
            None => return,
        }
    }
}

#[test]
fn what_was_acknowledged_outlives_the_server() {
    let here = Scratch::new();
    let acknowledged = Mutex::new(Vec::new());
    let mut state = SEED;
    for round in 0..ROUNDS {
        let mut server = Server::start(&here);
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let moment = Duration::from_micros(5_000 + (state >> 33) % 80_000);
        thread::scope(|scope| {
            for publisher in 0..PUBLISHERS {
                let (server, acknowledged) = (&server, &acknowledged);
                scope.spawn(move || publish(server, round, publisher, acknowledged));
            }
            thread::sleep(moment);
            server.kill_now();
        });
        server.stop_dead();
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(
        acknowledged.len() >= 20,
        "only {} uploads",
        acknowledged.len()
    );
    let server = Server::start(&here);
    let index = server.get("/index.yaml").is(200);
    for version in &acknowledged {
        let line = format!("    version: {version}\n");
        assert!(
            index.text().contains(&line),
            "{version} was acknowledged and is gone"
        );
        let archive = server.get(&format!("/charts/a-{version}.tgz")).is(200);
        assert_eq!(archive.body, Tar::addon("a", version).gz(), "{version}");
    }
    // what was not acknowledged may be there, whole; nothing else is
    let listed = server.get("/api/charts/a").is(200).json();
    let listed = listed.as_array().unwrap().len();
    assert_eq!(here.list("registry/charts").len(), listed);
    assert_eq!(here.list("registry/entries/a").len(), listed);
    assert!(listed <= acknowledged.len() + usize::try_from(ROUNDS * PUBLISHERS).unwrap());
    assert!(here.list("registry/incoming").is_empty());
    assert!(here.list("registry/.tmp").is_empty());
}
