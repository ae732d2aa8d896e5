//! How the program is linked, and what it is made of.
//!
//! `ADDON_PACK_SOURCES` becomes a hash of all sources and data that the program is made of: what a check found is kept under
//! it, so that another program never believes it.
//!
//! On Linux with the GNU C library it is linked at a fixed address: the tens of thousands of addresses in its tables would
//! otherwise be written at each start, which is a third of the time of a short command (docs/adr/0006-fixed-address.md).

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the environment and the sources"
)]

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

/// What lies beside the sources and is no part of the program.
const OTHERS: [&str; 4] = ["tests", "fixtures", "benches", "target"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut hasher = DefaultHasher::new();
    for root in ["Cargo.lock", "src", "crates"] {
        println!("cargo::rerun-if-changed={root}");
        hash(Path::new(root), &mut hasher);
    }
    println!(
        "cargo::rustc-env=ADDON_PACK_SOURCES={:016x}",
        hasher.finish()
    );
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
    {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// Hashes a file, or all files below a folder, in the order of their names.
fn hash(path: &Path, hasher: &mut DefaultHasher) {
    if let Ok(entries) = fs::read_dir(path) {
        let mut below: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        below.sort();
        for path in below {
            let name = path.file_name().and_then(|name| name.to_str());
            if name.is_some_and(|name| !OTHERS.contains(&name)) {
                hash(&path, hasher);
            }
        }
    } else if let Ok(bytes) = fs::read(path) {
        hasher.write(path.as_os_str().as_encoded_bytes());
        hasher.write_usize(bytes.len());
        hasher.write(&bytes);
    }
}
