//! `publish` and `pull` over TLS: whom the client believes, and whom it shows itself to.
//!
//! Certificates are made for each test. A terminator takes the TLS off and passes requests on to the real server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::registry::archive;
use crate::http::Server;
use crate::run::{Run, Scratch};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// A certificate and its key.
struct Identity {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for `name`, good up to the end of `year`.
fn identity(authority: &Authority, name: &str, year: i32) -> Identity {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    Identity { certificate, key }
}

fn roots(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    roots
}

/// Serves TLS with this certificate in front of `backend`, for as long as the test runs; asks for the client's
/// certificate if there is somebody who may have signed it.
fn terminate(identity: &Identity, clients: Option<&Authority>, backend: SocketAddr) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let roots = Arc::new(roots(authority));
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let certificate: CertificateDer<'static> = identity.certificate.der().clone();
    let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
    let config = Arc::new(builder.with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    thread::spawn(move || {
        for stream in listener.incoming() {
            let config = Arc::clone(&config);
            thread::spawn(move || pass_on(stream.unwrap(), config, backend));
        }
    });
    url
}

/// One request and its answer. Whatever goes wrong ends the connection, as the client will notice.
fn pass_on(stream: TcpStream, config: Arc<ServerConfig>, backend: SocketAddr) -> Option<()> {
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).ok()?;
    let mut client = StreamOwned::new(ServerConnection::new(config).ok()?, stream);
    let mut request = Vec::new();
    let mut buffer = [0; 16 << 10];
    let (head, body) = loop {
        let count = client.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&buffer[..count]);
        let end = request.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(at) = end {
            let head = String::from_utf8(request[..at].to_vec()).ok()?;
            let length = head.lines().find_map(|line| {
                let line = line.to_ascii_lowercase();
                line.strip_prefix("content-length: ")?.parse::<usize>().ok()
            });
            if request.len() >= at + 4 + length.unwrap_or(0) {
                break (head, request[at + 4..].to_vec());
            }
        }
    };
    let mut server = TcpStream::connect(backend).ok()?;
    server.set_read_timeout(patience).ok()?;
    let head = format!("{head}\r\nConnection: close\r\n\r\n");
    server.write_all(head.as_bytes()).ok()?;
    server.write_all(&body).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()?;
    client.conn.send_close_notify();
    client.flush().ok()
}

/// A registry behind TLS, and what a client needs to reach it.
struct Setting {
    scratch: Scratch,
    server: Server,
    authority: Authority,
}

impl Setting {
    fn new() -> Self {
        let scratch = Scratch::new();
        scratch.write("demo.tgz", archive("demo", "1.0.0", "", &[]));
        let server = Server::start(&scratch);
        let authority = authority("ours");
        scratch
            .write("ca.pem", authority.pem())
            .write("other-ca.pem", self::authority("another").pem());
        Self {
            scratch,
            server,
            authority,
        }
    }

    /// The URL of a registry with a certificate for this host, good up to the end of this year.
    fn registry(&self, host: &str, year: i32) -> String {
        let identity = identity(&self.authority, host, year);
        terminate(&identity, None, self.server.address)
    }

    fn publish(&self, url: &str, options: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.scratch.command();
        command
            .args(["publish", "demo.tgz", "--to", url])
            .args(options)
            .envs(variables.iter().copied());
        Run::of(&mut command)
    }

    /// Publishing fails because of the certificate, and nothing arrives.
    #[track_caller]
    fn is_refused(&self, url: &str, options: &[&str]) {
        let run = self.publish(url, options, &[]).exits(4);
        assert!(
            run.stderr
                .contains(" is not published: the certificate of https://localhost"),
            "{}",
            run.stderr
        );
        assert_eq!(self.scratch.list("registry/charts"), [""; 0]);
    }
}

#[test]
fn the_authorities_of_a_file_are_believed_and_no_others() {
    let setting = Setting::new();
    let url = setting.registry("localhost", 2099);
    setting.is_refused(&url, &["--ca-file", "other-ca.pem"]);
    setting.is_refused(&url, &[]);
    let run = setting
        .publish(&url, &["--ca-file", "ca.pem"], &[])
        .exits(0);
    assert!(
        run.stderr.contains("Published demo 1.0.0"),
        "{}",
        run.stderr
    );
    let run = setting
        .publish(&url, &[], &[("HELM_REPO_CA_FILE", "ca.pem")])
        .exits(0);
    assert!(run.stderr.contains("Unchanged"), "{}", run.stderr);
    // the option wins
    setting
        .publish(
            &url,
            &["--ca-file", "other-ca.pem"],
            &[("HELM_REPO_CA_FILE", "ca.pem")],
        )
        .exits(4);
    let pull = [
        "pull",
        "demo",
        "--from",
        &url,
        "--ca-file",
        "ca.pem",
        "-d",
        "out",
    ];
    setting.scratch.run(&pull).exits(0);
    assert_eq!(setting.scratch.list("out"), ["demo-1.0.0.tgz"]);
    setting
        .scratch
        .run(&["inspect", &format!("{url}#demo"), "--ca-file", "ca.pem"])
        .exits(0);
}

#[test]
fn a_certificate_of_another_host_or_another_time_is_refused() {
    let setting = Setting::new();
    for (host, year) in [("elsewhere.test", 2099), ("localhost", 2021)] {
        let url = setting.registry(host, year);
        setting.is_refused(&url, &["--ca-file", "ca.pem"]);
    }
}

#[test]
fn insecure_believes_everybody() {
    let setting = Setting::new();
    let url = setting.registry("elsewhere.test", 2021);
    setting.is_refused(&url, &[]);
    setting.publish(&url, &["--insecure"], &[]).exits(0);
    setting
        .publish(&url, &[], &[("HELM_REPO_INSECURE", "true")])
        .exits(0);
    setting
        .publish(&url, &[], &[("HELM_REPO_INSECURE", "false")])
        .exits(4);
}

#[test]
fn a_client_certificate_is_shown_to_who_asks_for_it() {
    let setting = Setting::new();
    let server = identity(&setting.authority, "localhost", 2099);
    let url = terminate(&server, Some(&setting.authority), setting.server.address);
    for (name, authority) in [
        ("client", &setting.authority),
        ("stranger", &authority("another")),
    ] {
        let client = identity(authority, name, 2099);
        setting
            .scratch
            .write(&format!("{name}.pem"), client.certificate.pem())
            .write(&format!("{name}.key"), client.key.serialize_pem());
    }
    let trust = ["--ca-file", "ca.pem"];
    let with = |name: &'static str| {
        let files = [format!("{name}.pem"), format!("{name}.key")];
        let [certificate, key] = files;
        let mut options: Vec<String> = trust.map(str::to_owned).to_vec();
        options.extend([
            "--cert-file".to_owned(),
            certificate,
            "--key-file".to_owned(),
            key,
        ]);
        options
    };
    let publish = |options: &[String]| {
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        setting.publish(&url, &options, &[])
    };
    let trust_only = trust.map(str::to_owned);
    for options in [&trust_only[..], &with("stranger")] {
        let run = publish(options).exits(4);
        assert!(
            run.stderr
                .contains("does not accept the client's certificate"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(setting.scratch.list("registry/charts"), [""; 0]);
    publish(&with("client")).exits(0);
    let variables = [
        ("HELM_REPO_CA_FILE", "ca.pem"),
        ("HELM_REPO_CERT_FILE", "client.pem"),
        ("HELM_REPO_KEY_FILE", "client.key"),
    ];
    setting.publish(&url, &[], &variables).exits(0);
    // one without the other, what is no certificate, and what is not there
    setting
        .publish(&url, &["--cert-file", "client.pem"], &[])
        .exits(2);
    setting
        .publish(&url, &["--key-file", "client.key"], &[])
        .exits(2);
    let none = ["--cert-file", "demo.tgz", "--key-file", "client.key"];
    setting.publish(&url, &none, &[]).exits(2);
    setting
        .publish(&url, &["--ca-file", "demo.tgz"], &[])
        .exits(2);
    setting
        .publish(&url, &["--ca-file", "absent.pem"], &[])
        .exits(3);
}
