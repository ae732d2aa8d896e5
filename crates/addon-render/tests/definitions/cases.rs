//! The cases: every CUE file under `inputs/*/definitions` with its golden.

use addon_render::definition::{self, Definition, schema};
use cue_engine::Session;
use goyaml::Value;
use source_vocab::{Diagnostic, Outcome, SourceFile};
use std::path::{Path, PathBuf};
use testkit::ratchet::Results;

/// All groups.
pub(crate) fn run(corpus: &Path) -> Vec<(&'static str, Results)> {
    let mut objects = Results::new();
    let mut texts = Results::new();
    let mut schemas = Results::new();
    for (name, path) in definitions(corpus) {
        let golden = corpus.join("definitions").join(&name);
        let mut session = Session::new();
        let source = read(&mut session, &path);
        let outcome = definition::object(&session, &source);
        if let Some(definition) = &outcome.value {
            let made = schema::of_template(&session, definition.template_file.clone());
            let wanted = with(&golden, "schema.json");
            let refused = with(&golden, "schema.error.txt");
            if let Some(result) = compare_schema(&made, &wanted, &refused) {
                schemas.insert(name.clone(), result);
            }
        }
        if let Ok(wanted) = std::fs::read_to_string(with(&golden, "yaml")) {
            let (value, text) = object(&outcome, &wanted);
            objects.insert(name.clone(), value);
            texts.insert(name, text);
        } else if with(&golden, "error.txt").is_file() {
            let result = match &outcome.value {
                Some(_) => Err("is accepted, and KubeVela refuses it".to_owned()),
                None => Ok(()),
            };
            objects.insert(name, result);
        }
    }
    for (name, path) in parameters(corpus) {
        let mut session = Session::new();
        let source = read(&mut session, &path);
        let made = schema::of_file(&session, &source);
        let golden = corpus.join(&name);
        let wanted = golden.join("schema.json");
        let refused = golden.join("schema-error.txt");
        if let Some(result) = compare_schema(&made, &wanted, &refused) {
            schemas.insert(name, result);
        }
    }
    vec![
        ("definitions", objects),
        ("definitions-text", texts),
        ("schemas", schemas),
    ]
}

/// The folder of the goldens and the parameter file of every addon that has one.
fn parameters(corpus: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for (kind, inputs) in [("addons", "inputs/addons"), ("synthetic", "synthetic")] {
        for addon in entries(&corpus.join(inputs)) {
            let Some(name) = addon
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
            else {
                continue;
            };
            let source = if kind == "synthetic" {
                addon.join("src")
            } else {
                addon
            };
            let files = ["parameter.cue", "resources/parameter.cue"];
            if let Some(path) = files
                .map(|file| source.join(file))
                .into_iter()
                .find(|path| path.is_file())
            {
                found.push((format!("{kind}/{name}"), path));
            }
        }
    }
    found
}

/// Compares a schema with its golden, or its absence with the error of KubeVela; none when there is neither.
fn compare_schema(
    made: &Outcome<Value>,
    wanted: &Path,
    refused: &Path,
) -> Option<Result<(), String>> {
    if refused.is_file() {
        return Some(match &made.value {
            Some(_) => Err("has a schema, and KubeVela makes none".to_owned()),
            None => Ok(()),
        });
    }
    let text = std::fs::read(wanted).ok()?;
    let wanted = goyaml::from_slice(&text).expect("a golden is JSON");
    if wanted == Value::Null {
        return None;
    }
    let Some(ours) = &made.value else {
        return Some(Err(refusal(&made.diagnostics)));
    };
    Some(match differs(&wanted, ours, "") {
        None => Ok(()),
        Some(why) => Err(why),
    })
}

fn with(golden: &Path, extension: &str) -> PathBuf {
    let mut path = golden.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    PathBuf::from(path)
}

fn read(session: &mut Session, path: &Path) -> SourceFile {
    let text = std::fs::read_to_string(path).expect("a file of the corpus");
    session
        .sources_mut()
        .add(path.display().to_string(), text)
        .expect("room for a source")
}

/// The name in `definitions/` and the file of every definition, in order.
fn definitions(corpus: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for addon in entries(&corpus.join("inputs/addons")) {
        let Some(name) = addon
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
        else {
            continue;
        };
        for file in files(&addon.join("definitions")) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            found.push((format!("{name}/{stem}"), file.clone()));
        }
    }
    let templates = corpus.join("inputs");
    for file in files(&templates.join("vela-templates")) {
        if let Ok(relative) = file.strip_prefix(&templates) {
            let name = relative.with_extension("").to_string_lossy().into_owned();
            found.push((name, file.clone()));
        }
    }
    found
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(read) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// All CUE files below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(directory) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "cue") {
            found.push(path);
        }
    }
    found
}

/// What is said when there should have been a value.
fn refusal(diagnostics: &[Diagnostic]) -> String {
    let messages: Vec<&str> = diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    format!("refused: {}", messages.join("; "))
}

fn object(outcome: &Outcome<Definition>, wanted: &str) -> (Result<(), String>, Result<(), String>) {
    let Some(definition) = &outcome.value else {
        let why = refusal(&outcome.diagnostics);
        return (Err(why.clone()), Err(why));
    };
    let mut value = definition.object.clone();
    if let Value::Map(map) = &mut value
        && let Some(Value::Map(metadata)) = map.get_mut("metadata")
    {
        metadata.insert("namespace".to_owned(), Value::from("vela-system"));
    }
    let text = goyaml::to_string(&value);
    let golden = goyaml::from_slice(wanted.as_bytes()).expect("a golden is YAML");
    let equal = match differs(&golden, &value, "") {
        None => Ok(()),
        Some(why) => Err(why),
    };
    let same_text = if text == wanted {
        Ok(())
    } else {
        Err(first_line(&text, wanted))
    };
    (equal, same_text)
}

/// The first line in which two texts differ.
fn first_line(ours: &str, wanted: &str) -> String {
    let at = ours
        .lines()
        .zip(wanted.lines())
        .position(|(one, other)| one != other)
        .unwrap_or_default();
    format!(
        "line {}: {:?}, wanted {:?}",
        at + 1,
        ours.lines().nth(at).unwrap_or_default(),
        wanted.lines().nth(at).unwrap_or_default()
    )
}

/// Where two values differ first; the order of keys does not matter.
pub(crate) fn differs(wanted: &Value, ours: &Value, path: &str) -> Option<String> {
    match (wanted, ours) {
        (Value::Map(wanted), Value::Map(ours)) => {
            if let Some(key) = wanted.keys().find(|key| !ours.contains_key(*key)) {
                return Some(format!("{path}.{key} is missing"));
            }
            if let Some(key) = ours.keys().find(|key| !wanted.contains_key(*key)) {
                return Some(format!("{path}.{key} is too much"));
            }
            wanted
                .iter()
                .find_map(|(key, value)| differs(value, ours.get(key)?, &format!("{path}.{key}")))
        }
        (Value::List(wanted), Value::List(ours)) if wanted.len() == ours.len() => wanted
            .iter()
            .zip(ours)
            .enumerate()
            .find_map(|(at, (wanted, ours))| differs(wanted, ours, &format!("{path}[{at}]"))),
        (Value::String(wanted), Value::String(ours)) if wanted != ours => {
            Some(format!("{path}: {}", first_line(ours, wanted)))
        }
        _ if wanted == ours => None,
        _ => Some(format!("{path}: {ours:?}, wanted {wanted:?}")),
    }
}
