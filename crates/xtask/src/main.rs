//! Maintenance commands, run as `cargo xtask COMMAND`.
//!
//! `tidy` checks the house rules that no compiler knows, `gen-docs` writes the pages that are made
//! from the code, `gen-schemas` the embedded schemas of Kubernetes, `conformance` runs the corpora on
//! optimised code. The first two look only at the work tree, so they answer in a second.

mod conformance;
mod gen_definitions;
mod gen_docs;
mod gen_schemas;
mod tidy;

use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  tidy                     check the house rules: layers, file length, openings, paths
  gen-docs                 write docs/rules from the rules' doc comments
  gen-docs --check         fail when docs/rules is not what gen-docs writes
  gen-schemas [SOURCE]     write the schemas of Kubernetes that kube-schema embeds
  gen-schemas --check [SOURCE]
                           fail when they are not what gen-schemas writes
  gen-definitions FILE ADDONS
                           write the data of KubeVela's definitions from a file of facts and a folder of addons
  conformance [OPTION]...  run the corpora against their lists of known failures";

#[expect(
    clippy::print_stderr,
    reason = "a maintenance command talks to its user"
)]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let root = root()?;
    match arguments {
        ["tidy"] => tidy::run(&root),
        ["gen-docs"] => gen_docs::write(&root),
        ["gen-docs", "--check"] => gen_docs::check(&root),
        ["gen-schemas", "--check"] => gen_schemas::check(&root, None),
        ["gen-schemas", "--check", source] => gen_schemas::check(&root, Some(source)),
        ["gen-schemas"] => gen_schemas::write(&root, None),
        ["gen-schemas", source] => gen_schemas::write(&root, Some(source)),
        ["gen-definitions", source, addons] => gen_definitions::run(&root, source, addons),
        ["conformance", options @ ..] => conformance::run(&root, options),
        _ => bail!("{USAGE}"),
    }
}

/// The top of the work tree.
fn root() -> anyhow::Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("this crate lies two levels below the top")
}

/// The cargo that runs this program.
#[expect(
    clippy::disallowed_methods,
    reason = "a maintenance command reads its environment"
)]
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
