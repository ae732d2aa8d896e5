//! The conformance runner: the corpus of cue v0.14.1 against this engine.
//!
//! ```text
//! cargo test --profile conformance -p cue-engine --test conformance -- [OPTIONS] [GROUP...]
//!   --filter TEXT     only cases whose name contains TEXT
//!   --show N          how many failures of a group are shown (20)
//!   --program PATH    the addon-pack binary, for the group `cli`
//!   --bless           take cases that pass now off the lists of known failures
//!   --allow-grow      with --bless: also put cases on them that fail now
//! ```
//!
//! Every case of a group either passes or is named in `tests/conformance/known/GROUP.txt`. The run
//! fails when a case outside the list fails, and also when a listed case passes: the list only
//! shrinks. Cases run on two threads with big stacks and small budgets; a case that panics fails,
//! one that does not end within a minute ends the run with its name.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::exit,
    reason = "a test program reads the real disk and clock, and prints"
)]

mod cases;
mod compare;
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a case must do.
type Run = Box<dyn Fn() -> Vec<(&'static str, Result<(), String>)> + Send + Sync>;

/// A case: its name and what it checks, by group.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The first of its groups, which a panic counts against.
    pub(crate) group: &'static str,
    pub(crate) run: Run,
}

#[derive(Default)]
struct Options {
    groups: Vec<String>,
    filter: Option<String>,
    show: usize,
    program: Option<PathBuf>,
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
            "--program" => options.program = arguments.next().map(PathBuf::from),
            "--bless" => options.bless = true,
            "--allow-grow" => options.grow = true,
            group => options.groups.push(group.to_owned()),
        }
    }
    options
}

fn known_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/known")
}

fn known(group: &str) -> Vec<String> {
    std::fs::read_to_string(known_directory().join(format!("{group}.txt")))
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

type Outcomes = BTreeMap<&'static str, BTreeMap<String, Result<(), String>>>;

fn run_all(cases: &[Case]) -> Outcomes {
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Outcomes> = Mutex::default();
    let active: Mutex<Vec<(usize, Instant)>> = Mutex::default();
    let running = AtomicUsize::new(2);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            std::thread::Builder::new()
                .stack_size(1 << 30)
                .spawn_scoped(scope, || {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(case) = cases.get(at) else { break };
                        let lock = || active.lock().expect("no case panics while it holds this");
                        lock().push((at, Instant::now()));
                        let run = std::panic::AssertUnwindSafe(|| (case.run)());
                        let results = std::panic::catch_unwind(run)
                            .unwrap_or_else(|_| vec![(case.group, Err("panics".to_owned()))]);
                        lock().retain(|(other, _)| *other != at);
                        let mut outcomes = outcomes.lock().expect("nor this");
                        for (group, result) in results {
                            outcomes
                                .entry(group)
                                .or_default()
                                .insert(case.name.clone(), result);
                        }
                    }
                    running.fetch_sub(1, Ordering::Relaxed);
                })
                .expect("a thread with a big stack");
        }
        scope.spawn(|| {
            while running.load(Ordering::Relaxed) > 0 {
                std::thread::sleep(Duration::from_millis(50));
                let active = active.lock().expect("nor this");
                for (at, since) in active.iter() {
                    if since.elapsed() > Duration::from_secs(60) {
                        let name = cases.get(*at).map_or("", |case| case.name.as_str());
                        eprintln!("the case {name} does not end");
                        std::process::exit(3);
                    }
                }
            }
        });
    });
    outcomes.into_inner().expect("all threads have ended")
}

/// Gives cases of one group and name different ones. Groups are numbered apart, so that a name does not depend on which groups
/// are run.
fn number_twins(cases: &mut [Case]) {
    let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for case in cases {
        let count = seen.entry((case.group, case.name.clone())).or_default();
        *count += 1;
        if *count > 1 {
            case.name = format!("{}~{count}", case.name);
        }
    }
}

fn main() {
    let options = options();
    let Some(corpus) = testkit::conformance_or_skip("conformance", "cue") else {
        return;
    };
    // the panics of cases are counted, not printed
    std::panic::set_hook(Box::new(|_| {}));
    let wanted = |group: &str| {
        options.groups.is_empty()
            || options
                .groups
                .iter()
                .any(|name| group.starts_with(name.as_str()))
    };
    let mut cases = Vec::new();
    for (group, collect) in cases::GROUPS {
        if wanted(group) {
            cases.extend(collect(&corpus));
        }
    }
    if wanted("cli")
        && let Some(path) = &options.program
    {
        cases.extend(program::cases(&corpus, path));
    }
    if let Some(filter) = &options.filter {
        cases.retain(|case| case.name.contains(filter.as_str()));
    }
    number_twins(&mut cases);
    let outcomes = run_all(&cases);
    let mut broken = false;
    for (group, results) in &outcomes {
        broken |= report(group, results, &options);
    }
    if broken {
        std::process::exit(1);
    }
}

/// Prints a group; gives whether it differs from its list of known failures.
fn report(group: &str, results: &BTreeMap<String, Result<(), String>>, options: &Options) -> bool {
    let listed = known(group);
    let failed: Vec<(&String, &String)> = results
        .iter()
        .filter_map(|(name, result)| Some((name, result.as_ref().err()?)))
        .collect();
    let passed = results.len() - failed.len();
    #[expect(clippy::cast_precision_loss, reason = "a percentage for people")]
    let share = 100.0 * passed as f64 / results.len().max(1) as f64;
    println!(
        "{group:<16} {passed:>5} of {:>5}  {share:6.2} %",
        results.len()
    );
    let surprising: Vec<&(&String, &String)> = failed
        .iter()
        .filter(|(name, _)| !listed.contains(name))
        .collect();
    let shown: Vec<&(&String, &String)> = if surprising.is_empty() || options.filter.is_some() {
        failed.iter().collect()
    } else {
        surprising.clone()
    };
    for (name, why) in shown.iter().take(options.show) {
        println!("    {name}: {why}");
    }
    let mended: Vec<&String> = listed
        .iter()
        .filter(|name| results.get(*name).is_some_and(Result::is_ok))
        .collect();
    if options.bless {
        let mut list: Vec<String> = listed
            .iter()
            .filter(|name| !mended.contains(name))
            .cloned()
            .collect();
        if options.grow {
            list.extend(surprising.iter().map(|(name, _)| (*name).clone()));
        }
        list.sort();
        list.dedup();
        let text: String = list.iter().map(|name| format!("{name}\n")).collect();
        std::fs::create_dir_all(known_directory()).expect("the folder of lists");
        std::fs::write(known_directory().join(format!("{group}.txt")), text)
            .expect("a list of known failures");
        return !options.grow && !surprising.is_empty();
    }
    for name in &mended {
        println!("    passes, but is on the list of known failures: {name}");
    }
    !surprising.is_empty() || !mended.is_empty()
}
