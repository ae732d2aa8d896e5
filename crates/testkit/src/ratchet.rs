//! Lists of known failures that only shrink.
//!
//! A conformance program runs cases in groups. Each case passes or is named in `tests/conformance/known/PREFIX-GROUP.txt`; the
//! program fails when a case outside the list fails, and also when a listed one passes.
//!
//! ```text
//! [--filter TEXT] [--show N] [--bless [--allow-grow]] [GROUP...]
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The result of every case of a group.
pub type Results = BTreeMap<String, Result<(), String>>;

/// Compares the cases that fail with a list: a file with a name a line, `#` before remarks.
///
/// # Panics
/// When a case fails that is not on the list, when a listed one does not fail, or when there is no list.
#[expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test reads its list from the real disk, and may fail"
)]
pub fn assert_as_listed(list: &str, failed: &BTreeSet<String>) {
    let known: BTreeSet<String> = std::fs::read_to_string(list)
        .expect("the list of known failures")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(str::to_owned)
        .collect();
    let new: Vec<_> = failed.difference(&known).collect();
    assert!(new.is_empty(), "cases that passed fail now: {new:#?}");
    let mended: Vec<_> = known.difference(failed).collect();
    assert!(
        mended.is_empty(),
        "listed cases pass now, take them off the list: {mended:#?}"
    );
}

/// What a conformance program was asked to do.
#[derive(Debug)]
pub struct Ratchet {
    prefix: &'static str,
    groups: Vec<String>,
    filter: Option<String>,
    show: usize,
    bless: bool,
    grow: bool,
}

impl Ratchet {
    /// Reads the arguments of the program; lists are called `PREFIX-GROUP.txt`.
    pub fn from_arguments(prefix: &'static str) -> Self {
        let mut made = Self {
            prefix,
            groups: Vec::new(),
            filter: None,
            show: 20,
            bless: false,
            grow: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--filter" => made.filter = arguments.next(),
                "--show" => {
                    made.show = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(20);
                }
                "--bless" => made.bless = true,
                "--allow-grow" => made.grow = true,
                group => made.groups.push(group.to_owned()),
            }
        }
        made
    }

    fn list_of(&self, group: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/conformance/known")
            .join(format!("{}-{group}.txt", self.prefix))
    }

    /// Prints the groups that were asked for; gives whether any differs from its list.
    #[expect(
        clippy::print_stdout,
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "a test program reads the real disk and prints"
    )]
    pub fn differs(&self, groups: &[(&'static str, Results)]) -> bool {
        let mut differs = false;
        for (group, results) in groups {
            if !self.groups.is_empty() && !self.groups.iter().any(|name| name == group) {
                continue;
            }
            let listed: Vec<String> = std::fs::read_to_string(self.list_of(group))
                .unwrap_or_default()
                .lines()
                .map(str::to_owned)
                .collect();
            let failed: Vec<(&String, &String)> = results
                .iter()
                .filter_map(|(name, result)| Some((name, result.as_ref().err()?)))
                .collect();
            println!(
                "{group:<20} {:>4} of {:>4}",
                results.len() - failed.len(),
                results.len()
            );
            let shown = failed.iter().filter(|(name, _)| match &self.filter {
                Some(filter) => name.contains(filter.as_str()),
                None => !listed.contains(name),
            });
            for (name, why) in shown.take(self.show) {
                println!("    {name}: {why}");
            }
            let surprising = failed.iter().filter(|(name, _)| !listed.contains(name));
            let mended = listed
                .iter()
                .filter(|name| results.get(*name).is_some_and(Result::is_ok));
            if self.bless {
                let kept = listed
                    .iter()
                    .filter(|name| results.get(*name).is_some_and(Result::is_err));
                let grown = surprising.map(|(name, _)| *name);
                let mut list: Vec<&String> = kept.collect();
                let before = list.len();
                list.extend(grown.filter(|_| self.grow));
                differs |= !self.grow && failed.len() > before;
                list.sort();
                let mut text = String::new();
                for name in list {
                    text.push_str(name);
                    text.push('\n');
                }
                let list = self.list_of(group);
                if list.exists() || !text.is_empty() {
                    std::fs::write(list, text).expect("a list of known failures");
                }
                continue;
            }
            differs |= surprising.count() > 0;
            for name in mended {
                println!("    passes, but is on the list of known failures: {name}");
                differs = true;
            }
        }
        differs
    }
}
