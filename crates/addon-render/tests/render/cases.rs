//! The cases, and how ours is compared with the golden.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test reads the corpus from the real disk and fails where it cannot"
)]

use addon_render::{Arguments, Rendered, Request, render};
use cue_engine::Session;
use goyaml::Value;
use source_vocab::{Diagnostic, Outcome, Severity, VPath};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use testkit::DiskWorld;
use testkit::ratchet::Results;

/// One golden directory with the sources it was made from.
struct Case {
    name: String,
    source: PathBuf,
    golden: PathBuf,
}

/// All cases: `addons/<addon>/<case>` and `synthetic/<addon>/<case>`.
fn cases(corpus: &Path) -> Vec<Case> {
    let mut all = Vec::new();
    for group in ["addons", "synthetic"] {
        for addon in directories(&corpus.join(group)) {
            let name = addon.file_name().unwrap().to_string_lossy().into_owned();
            let source = match group {
                "addons" => corpus.join("inputs/addons").join(&name),
                _ => addon.join("src"),
            };
            for golden in directories(&addon) {
                if golden.join("case.json").is_file() {
                    let case = golden.file_name().unwrap().to_string_lossy();
                    all.push(Case {
                        name: format!("{name}/{case}"),
                        source: source.clone(),
                        golden: golden.clone(),
                    });
                }
            }
        }
    }
    all
}

fn directories(of: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(of)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// A golden file; `None` where there is none.
fn golden(case: &Case, file: &str) -> Option<String> {
    std::fs::read_to_string(case.golden.join(file)).ok()
}

fn rendered(case: &Case) -> (Outcome<Rendered>, Session) {
    let mut session = Session::new();
    let world = DiskWorld::new(&case.source);
    let tree = addon_model::scan(&world, &VPath::root()).value.unwrap();
    let addon = addon_model::load(&world, &tree, session.sources_mut())
        .value
        .unwrap();
    let spec: serde_json::Value =
        serde_json::from_str(&golden(case, "case.json").unwrap()).unwrap();
    let mut arguments = Arguments::default();
    arguments
        .add_file("params", &spec["params"].to_string(), session.sources_mut())
        .unwrap();
    let addon_directory = case.name.split('/').next().unwrap();
    let request = Request {
        arguments,
        directory: Some(addon_directory.to_owned()),
        ..Request::default()
    };
    let outcome = render(&addon, &request, &session);
    (outcome, session)
}

pub(crate) fn run(corpus: &Path) -> Vec<(&'static str, Results)> {
    let mut groups: BTreeMap<&'static str, Results> = BTreeMap::new();
    let mut slowest: Vec<(Duration, String)> = Vec::new();
    let begin = Instant::now();
    for case in cases(corpus) {
        let start = Instant::now();
        let (outcome, session) = rendered(&case);
        slowest.push((start.elapsed(), case.name.clone()));
        let rendered = outcome.value.as_ref().unwrap();
        let mut add = |group, result| {
            groups
                .entry(group)
                .or_default()
                .insert(case.name.clone(), result);
        };
        add(
            "documents",
            document(&case, rendered, &outcome.diagnostics, &session),
        );
        if golden(&case, "error.txt").is_none() {
            add("text", text(&case, rendered));
            let notes = golden(&case, "notes.txt").unwrap_or_default();
            let ours = rendered.notes.as_deref().unwrap_or_default();
            add("notes", same(&notes, ours));
            let secret = golden(&case, "secret.yaml").unwrap_or_default();
            add("secret", same(&secret, &rendered.secret_text()));
        }
    }
    let all = begin.elapsed();
    slowest.sort();
    let worst: Vec<String> = slowest
        .iter()
        .rev()
        .take(3)
        .map(|(time, name)| format!("{name} {time:.0?}"))
        .collect();
    println!(
        "{} cases in {all:.2?}; slowest {}",
        slowest.len(),
        worst.join(", ")
    );
    groups.into_iter().collect()
}

/// The documents are equal, or both fail at the same stage and ours says where in the addon or its arguments.
fn document(
    case: &Case,
    rendered: &Rendered,
    diagnostics: &[Diagnostic],
    session: &Session,
) -> Result<(), String> {
    let errors = || {
        let found = diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let show = |path: &VPath| path.to_string();
        found
            .map(|one| source_vocab::render::concise(one, session.sources(), &show))
            .collect::<String>()
    };
    match (golden(case, "error.txt"), &rendered.failure) {
        (Some(wanted), Some(failure)) => {
            let directory = case.name.split('/').next().unwrap();
            let wanted = wanted.replace("<ADDON_DIR>", directory);
            if !wanted.trim_end().starts_with(failure.message.trim_end()) {
                return Err(format!(
                    "fails with {:?} at another stage, wanted {wanted:?}: {}",
                    failure.message,
                    errors()
                ));
            }
            if errors().is_empty() {
                return Err("fails without a diagnostic".to_owned());
            }
            Ok(())
        }
        (Some(wanted), None) => Err(format!("does not fail, wanted {wanted:?}")),
        (None, Some(failure)) => Err(format!("fails: {} {}", failure.message, errors())),
        (None, None) => {
            let (app, aux) = (
                golden(case, "app.yaml").unwrap(),
                golden(case, "aux.yaml").unwrap(),
            );
            let (our_app, our_aux) = (rendered.application_text(), rendered.auxiliary_text());
            if app == our_app && aux == our_aux {
                return Ok(());
            }
            let wanted = documents(&format!("{app}{aux}"));
            let made = documents(&format!("{our_app}{our_aux}"));
            if wanted.len() != made.len() {
                return Err(format!("{} documents, wanted {}", made.len(), wanted.len()));
            }
            for (at, (wanted, made)) in wanted.iter().zip(&made).enumerate() {
                if let Some(difference) = difference(wanted, made, &format!("[{at}]")) {
                    return Err(difference);
                }
            }
            Ok(())
        }
    }
}

fn documents(text: &str) -> Vec<Value> {
    let stream = goyaml::parse(text, 1);
    assert!(stream.error.is_none(), "{:?}", stream.error);
    stream
        .documents
        .iter()
        .map(|document| goyaml::resolve(&document.root).unwrap().tree.to_value())
        .collect()
}

/// The first path at which two values differ.
fn difference(wanted: &Value, made: &Value, path: &str) -> Option<String> {
    match (wanted, made) {
        (Value::Map(wanted), Value::Map(made)) => {
            for key in wanted.keys().chain(made.keys()) {
                let below = format!("{path}.{key}");
                match (wanted.get(key), made.get(key)) {
                    (Some(wanted), Some(made)) => {
                        if let Some(found) = difference(wanted, made, &below) {
                            return Some(found);
                        }
                    }
                    (Some(wanted), None) => return Some(format!("{below} is missing: {wanted:?}")),
                    (None, made) => return Some(format!("{below} is too much: {made:?}")),
                }
            }
            None
        }
        (Value::List(wanted), Value::List(made)) if wanted.len() == made.len() => wanted
            .iter()
            .zip(made)
            .enumerate()
            .find_map(|(at, (wanted, made))| difference(wanted, made, &format!("{path}[{at}]"))),
        _ if wanted == made => None,
        _ => Some(format!("{path}: {made:?}, wanted {wanted:?}")),
    }
}

fn text(case: &Case, rendered: &Rendered) -> Result<(), String> {
    let wanted = format!(
        "{}{}",
        golden(case, "app.yaml").unwrap(),
        golden(case, "aux.yaml").unwrap()
    );
    let made = format!(
        "{}{}",
        rendered.application_text(),
        rendered.auxiliary_text()
    );
    same(&wanted, &made)
}

/// Two texts are equal; else the first line that differs.
fn same(wanted: &str, made: &str) -> Result<(), String> {
    if wanted == made {
        return Ok(());
    }
    let mut lines = wanted.split('\n').zip(made.split('\n')).enumerate();
    let found = lines.find(|(_, (wanted, made))| wanted != made);
    Err(match found {
        Some((at, (wanted, made))) => format!("line {}: {made:?}, wanted {wanted:?}", at + 1),
        None => format!("{} bytes, wanted {}", made.len(), wanted.len()),
    })
}
