//! Validates the objects of YAML files by the schemas of a release, as a whole process for `benches/schemas.sh`:
//!
//! ```text
//! cargo run --release -p kube-schema --example validate -- 1.31 FILE...
//! ```
//! It prints each fault and then how many objects there were, and ends with 1 when one is refused.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program for the command line reads the real disk and prints"
)]

use kube_schema::{Gvk, Release, as_sent, inspect};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let release: Release = arguments.next().unwrap_or_default().parse()?;
    let (mut objects, mut refused) = (0, 0);
    for file in arguments {
        let bytes = std::fs::read(&file)?;
        let stream = goyaml::parse(&goyaml::decode(&bytes)?, 1);
        if let Some(error) = stream.error {
            return Err(error.into());
        }
        for document in stream.documents.iter().filter(|one| !one.is_empty()) {
            let resolved = goyaml::resolve(&document.root)?;
            let object = as_sent(&resolved.tree);
            let found = inspect(&object, release.into());
            objects += 1;
            refused += usize::from(!found.is_empty());
            for one in found {
                let kind = Gvk::of(&object).map(|gvk| gvk.to_string());
                let kind = kind.unwrap_or_default();
                println!("{file}: {kind}: {} {}", one.fault.field, one.fault.message);
            }
        }
    }
    println!("{objects} objects, {refused} refused");
    Ok(ExitCode::from(u8::from(refused > 0)))
}
