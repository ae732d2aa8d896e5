//! X-definitions and parameter schemas of the corpus against what KubeVela makes of them.
//!
//! ```text
//! cargo test --profile conformance -p addon-render --test definitions -- [--filter TEXT] [--show N] [--bless [--allow-grow]] [GROUP...]
//! ```
//!
//! Groups: `definitions` (the object, as a document), `definitions-text` (its YAML, byte for byte) and `schemas` (the
//! parameter schema). Every case passes or is named in `tests/conformance/known/addon-GROUP.txt`; the run fails when a
//! case outside the list fails, and when a listed one passes.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::exit,
    reason = "a test program reads the real disk and prints"
)]

mod cases;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The result of every case of a group.
pub(crate) type Results = BTreeMap<String, Result<(), String>>;

#[derive(Default)]
struct Options {
    groups: Vec<String>,
    filter: Option<String>,
    show: usize,
    bless: bool,
    grow: bool,
}

fn options() -> Options {
    let mut options = Options {
        show: 20,
        ..Options::default()
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--filter" => options.filter = arguments.next(),
            "--show" => {
                options.show = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(20);
            }
            "--bless" => options.bless = true,
            "--allow-grow" => options.grow = true,
            group => options.groups.push(group.to_owned()),
        }
    }
    options
}

fn list_of(group: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance/known")
        .join(format!("addon-{group}.txt"))
}

fn main() {
    let options = options();
    let Some(corpus) = testkit::conformance_or_skip("definitions", "addons") else {
        return;
    };
    let run = std::thread::Builder::new()
        .stack_size(cue_engine::Budget::STACK)
        .spawn(move || cases::run(&corpus))
        .expect("a thread with a big stack");
    let groups = run.join().expect("no case panics");
    let mut is_broken = false;
    for (group, results) in &groups {
        if options.groups.is_empty() || options.groups.iter().any(|name| name == group) {
            is_broken |= report(group, results, &options);
        }
    }
    if is_broken {
        std::process::exit(1);
    }
}

/// Prints a group; gives whether it differs from its list of known failures.
fn report(group: &str, results: &Results, options: &Options) -> bool {
    let listed: Vec<String> = std::fs::read_to_string(list_of(group))
        .unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect();
    let failed: Vec<(&String, &String)> = results
        .iter()
        .filter_map(|(name, result)| Some((name, result.as_ref().err()?)))
        .collect();
    println!(
        "{group:<18} {:>4} of {:>4}",
        results.len() - failed.len(),
        results.len()
    );
    let surprising: Vec<_> = failed
        .iter()
        .filter(|(name, _)| !listed.contains(name))
        .collect();
    let shown = failed.iter().filter(|(name, _)| match &options.filter {
        Some(filter) => name.contains(filter.as_str()),
        None => !listed.contains(name),
    });
    for (name, why) in shown.take(options.show) {
        println!("    {name}: {why}");
    }
    let mended: Vec<&String> = listed
        .iter()
        .filter(|name| results.get(*name).is_some_and(Result::is_ok))
        .collect();
    if options.bless {
        let kept = listed.iter().filter(|name| !mended.contains(name));
        let grown = surprising
            .iter()
            .map(|(name, _)| *name)
            .filter(|_| options.grow);
        let mut list: Vec<&String> = kept.chain(grown).collect();
        list.sort();
        let text: String = list.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(list_of(group), text).expect("a list of known failures");
        return !options.grow && !surprising.is_empty();
    }
    for name in &mended {
        println!("    passes, but is on the list of known failures: {name}");
    }
    !surprising.is_empty() || !mended.is_empty()
}
