//! Faults put into the addons of the catalog: nearly all are found, nearly all at the line where they were put.
//!
//! A kind of fault is a pattern in some files of an addon and what takes its place, as a slip of the author's hand would.
//! It is put into addons that have no errors, a few of them for each kind, always the same. It counts as found when there is
//! an error or warning that was not there before, and as placed when one of those stands in the mutated file at the line of
//! the fault or next to it.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test reads the corpus from the disk, and fails on what it does not expect"
)]

mod kinds;

use addon_check::{Neighbours, Subject};
use kinds::{FAULTS, Fault, Files};
use regex::Regex;
use source_vocab::{Diagnostic, Place, Severity, SourceMap, VPath};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::MemoryWorld;

/// How many addons a kind of fault is put into.
const ADDONS_A_FAULT: usize = if IS_WHOLE { 4 } else { 1 };

/// Every how many kinds one is tried.
const KINDS_A_FAULT: usize = if IS_WHOLE { 1 } else { 6 };

/// Whether all kinds are put into several addons: in a build that is slow, a few of them once.
const IS_WHOLE: bool = !cfg!(debug_assertions);

/// The files of an addon, by path.
type Texts = BTreeMap<String, Vec<u8>>;

fn read(directory: &Path, prefix: &str, into: &mut Texts) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read(&entry.path(), &format!("{path}/"), into);
        } else {
            into.insert(path, std::fs::read(entry.path()).unwrap());
        }
    }
}

/// What is told about an addon: how bad, the rule, the message, the file and the line.
#[derive(Clone, Debug)]
struct Told {
    severity: Severity,
    code: String,
    message: String,
    at: Vec<(String, usize)>,
}

fn told(found: &Diagnostic, sources: &SourceMap) -> Told {
    let places =
        std::iter::once(&found.primary.place).chain(found.labels.iter().map(|label| &label.place));
    let at = places.filter_map(|place| match place {
        Place::Text(span) => {
            let (file, range) = sources.locate(*span)?;
            Some((file.name().to_owned(), file.line_column(range.start).line))
        }
        Place::Path(path) => Some((path.as_str().to_owned(), 1)),
        Place::Nowhere => None,
    });
    Told {
        severity: found.severity,
        code: found.code.to_string(),
        message: found.message.clone(),
        at: at.collect(),
    }
}

fn check(name: &str, texts: &Texts, all: &BTreeMap<String, Texts>) -> Vec<Told> {
    let mut world = MemoryWorld::new();
    for (addon, files) in all {
        // what an addon may depend on lies beside it, small files only
        if addon != name {
            for (path, bytes) in files.iter().filter(|(_, bytes)| bytes.len() < 200_000) {
                world = world.file(&format!("{addon}/{path}"), bytes.clone());
            }
        }
    }
    for (path, bytes) in texts {
        world = world.file(&format!("{name}/{path}"), bytes.clone());
    }
    let root = VPath::parse(name).unwrap();
    let neighbours = Neighbours::read(&world, &VPath::root(), dependencies(texts));
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &world,
        root: &root,
        directory: Some(name),
        neighbours: &neighbours,
    };
    let inspection = addon_check::inspect(&subject, &mut sources);
    let findings = inspection.findings.iter();
    findings
        .filter(|found| found.severity != Severity::Info)
        .map(|found| told(found, &sources))
        .collect()
}

/// The names of the addons that `metadata.yaml` names.
fn dependencies(texts: &Texts) -> Vec<String> {
    let metadata = texts
        .get("metadata.yaml")
        .map(Vec::as_slice)
        .unwrap_or_default();
    let Ok(value) = goyaml::from_slice(metadata) else {
        return Vec::new();
    };
    let listed = value
        .get("dependencies")
        .and_then(goyaml::Value::as_list)
        .unwrap_or_default();
    let names = listed.iter().filter_map(|one| one.get("name")?.as_str());
    names.map(str::to_owned).collect()
}

/// An addon with a fault in it: the file, its new text, and the line of the fault.
fn mutated(fault: &Fault, texts: &Texts) -> Option<(String, String, usize)> {
    let pattern = Regex::new(fault.pattern).unwrap();
    let files = texts.iter().filter(|(path, _)| fault.files.are(path));
    for (path, bytes) in files {
        let Ok(text) = std::str::from_utf8(bytes) else {
            continue;
        };
        let places: Vec<regex::Captures<'_>> = pattern.captures_iter(text).collect();
        // one in the middle, so that not every fault is in the first lines
        let Some(place) = places.get(places.len() / 2) else {
            continue;
        };
        let whole = place.get(0).unwrap();
        let mut with = String::new();
        place.expand(fault.with, &mut with);
        let new = format!("{}{with}{}", &text[..whole.start()], &text[whole.end()..]);
        let same = text
            .bytes()
            .zip(new.bytes())
            .take_while(|(old, new)| old == new)
            .count();
        // in bytes: the text may part in the middle of a letter
        let line = new.as_bytes()[..same].split(|byte| *byte == b'\n').count();
        return Some((path.clone(), new, line + fault.further));
    }
    None
}

/// What became of a fault in an addon.
struct Outcome {
    kind: &'static str,
    found: bool,
    placed: bool,
    note: String,
}

fn put(
    fault: &Fault,
    name: &str,
    all: &BTreeMap<String, Texts>,
    before: &[Told],
) -> Option<Outcome> {
    let texts = &all[name];
    let (path, new, line) = mutated(fault, texts)?;
    let mut changed = texts.clone();
    changed.insert(path.clone(), new.into_bytes());
    let after = check(name, &changed, all);
    let is_new = |told: &&Told| {
        !before
            .iter()
            .any(|old| old.code == told.code && old.message == told.message)
    };
    let fresh: Vec<&Told> = after.iter().filter(is_new).collect();
    let file = format!("{name}/{path}");
    let is_here = |told: &&&Told| {
        told.at
            .iter()
            .any(|(at, of)| at.ends_with(&file) && of.abs_diff(line) <= 1)
    };
    let first = fresh.iter().max_by_key(|told| told.severity);
    let says = first.map(|told| format!("{} {} {:?}", told.code, told.message, told.at));
    Some(Outcome {
        kind: fault.kind,
        found: !fresh.is_empty(),
        placed: fresh.iter().any(|told| is_here(&told)),
        note: format!(
            "{}: {file}:{line}: {}",
            fault.kind,
            says.unwrap_or_else(|| "nothing".to_owned())
        ),
    })
}

#[test]
fn there_are_many_kinds_of_faults() {
    assert!(FAULTS.len() >= 40, "{}", FAULTS.len());
    let mut kinds: Vec<&str> = FAULTS.iter().map(|fault| fault.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), FAULTS.len());
    assert!(Files::Metadata.are("metadata.yaml") && !Files::Metadata.are("x/metadata.yaml"));
}

#[test]
fn faults_in_good_addons_are_found_where_they_are() {
    let test = "faults_in_good_addons_are_found_where_they_are";
    let Some(corpus) = testkit::conformance_or_skip(test, "addons") else {
        return;
    };
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(corpus.join("inputs/addons")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let mut texts = Texts::new();
            read(&entry.path(), "", &mut texts);
            all.insert(entry.file_name().into_string().unwrap(), texts);
        }
    }
    let names: Vec<&String> = all.keys().collect();
    let good: Mutex<BTreeMap<&str, Option<Vec<Told>>>> = Mutex::new(BTreeMap::new());
    let outcomes = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(fault) = FAULTS.get(next.fetch_add(KINDS_A_FAULT, Ordering::Relaxed)) {
            let mut done = 0;
            // another order for each kind, so that not the first addons get all faults
            let start = fault.kind.bytes().map(usize::from).sum::<usize>() % names.len();
            for name in names.iter().cycle().skip(start).take(names.len()) {
                if done == ADDONS_A_FAULT {
                    break;
                }
                if mutated(fault, &all[*name]).is_none() {
                    continue;
                }
                let known = good.lock().unwrap().get(name.as_str()).cloned();
                let before = known.unwrap_or_else(|| {
                    let told = check(name, &all[*name], &all);
                    let is_good = told.iter().all(|told| told.severity != Severity::Error);
                    let told = is_good.then_some(told);
                    good.lock().unwrap().insert(name, told.clone());
                    told
                });
                let Some(before) = before else { continue };
                if let Some(outcome) = put(fault, name, &all, &before) {
                    done += 1;
                    outcomes.lock().unwrap().push(outcome);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            std::thread::Builder::new()
                .stack_size(cue_engine::Budget::STACK)
                .spawn_scoped(scope, work)
                .unwrap();
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap();
    outcomes.sort_by(|one, other| one.note.cmp(&other.note));
    let count = |of: fn(&&Outcome) -> bool| outcomes.iter().filter(of).count();
    let (found, placed) = (count(|one| one.found), count(|one| one.placed));
    for outcome in outcomes.iter().filter(|one| !one.placed) {
        println!("{}", outcome.note);
    }
    let tried: std::collections::BTreeSet<&str> = outcomes.iter().map(|one| one.kind).collect();
    println!(
        "{} faults of {} kinds: {found} found, {placed} placed",
        outcomes.len(),
        tried.len()
    );
    assert!(
        if IS_WHOLE {
            outcomes.len() >= 120 && tried.len() >= 40
        } else {
            tried.len() * KINDS_A_FAULT >= 40
        },
        "the patterns fit too few addons"
    );
    assert!(
        found * 100 >= outcomes.len() * if IS_WHOLE { 95 } else { 80 },
        "{found} of {} found",
        outcomes.len()
    );
    assert!(
        placed * 100 >= outcomes.len() * if IS_WHOLE { 90 } else { 80 },
        "{placed} of {} placed",
        outcomes.len()
    );
}
