//! Archives to publish, and a look at a registry that owes nothing to the code that made it.
#![expect(clippy::disallowed_methods, reason = "tests use the real disk")]

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// An addon as a chart archive. `content` makes its bytes differ from others'.
pub(super) fn archive(name: &str, version: &str, content: &str, dependencies: &[&str]) -> Vec<u8> {
    let mut metadata = format!("name: {name}\nversion: {version}\ndescription: A test.\n");
    if !dependencies.is_empty() {
        metadata += "dependencies:\n";
        for dependency in dependencies {
            metadata.push_str("- name: ");
            metadata.push_str(dependency);
            metadata.push('\n');
        }
    }
    let chart = format!(
        "apiVersion: v2\nappVersion: {version}\ndescription: A test.\nname: {name}\ntype: library\nversion: {version}\n"
    );
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(encoder);
    for (file, text) in [
        ("Chart.yaml", chart.as_str()),
        ("README.md", content),
        ("metadata.yaml", &metadata),
    ] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{name}/{file}"), text.as_bytes())
            .unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// The versions that the index lists, as `name version`, in its order.
pub(super) fn versions(registry: &Path) -> Vec<String> {
    listed(registry)
        .into_iter()
        .map(|(name, version, _, _)| format!("{name} {version}"))
        .collect()
}

/// Fails the test unless every archive that the index lists is there and has the digest it gives.
#[track_caller]
pub(super) fn check_index(registry: &Path) {
    for (name, version, url, digest) in listed(registry) {
        let bytes = std::fs::read(registry.join(&url))
            .unwrap_or_else(|error| panic!("{name} {version}: `{url}`: {error}"));
        assert_eq!(sha256(&bytes), digest, "{name} {version}: `{url}`");
    }
}

/// Fails the test unless nothing is left of publishes under way: no temporary file, every archive has an
/// entry, and every entry an archive.
#[track_caller]
pub(super) fn check_nothing_is_left(registry: &Path) {
    let mut names = names(registry);
    names.sort();
    assert_eq!(names, ["charts", "entries", "index.yaml"]);
    let listed = listed(registry).len();
    assert_eq!(self::names(&registry.join("charts")).len(), listed);
    let entries: usize = self::names(&registry.join("entries"))
        .iter()
        .map(|addon| self::names(&registry.join("entries").join(addon)).len())
        .sum();
    assert_eq!(entries, listed);
}

/// Whether there is an index at all.
pub(super) fn has_index(registry: &Path) -> bool {
    registry.join("index.yaml").is_file()
}

fn names(directory: &Path) -> Vec<String> {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn listed(registry: &Path) -> Vec<(String, String, String, String)> {
    let index = std::fs::read(registry.join("index.yaml")).unwrap();
    let index = goyaml::from_slice(&index).unwrap();
    let text =
        |value: &goyaml::Value, key: &str| value.get(key).unwrap().as_str().unwrap().to_owned();
    let mut found = Vec::new();
    for (name, versions) in index.get("entries").unwrap().as_map().unwrap() {
        for version in versions.as_list().unwrap() {
            assert_eq!(text(version, "name"), *name);
            let urls = version.get("urls").unwrap().as_list().unwrap();
            found.push((
                name.clone(),
                text(version, "version"),
                urls[0].as_str().unwrap().to_owned(),
                text(version, "digest"),
            ));
        }
    }
    found
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}
