//! The group `cli`: scripts of commands, each run as a process in a directory of its own.

use crate::Case;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The cases, run with the program at `program`.
pub(crate) fn cases(corpus: &Path, program: &Path) -> Vec<Case> {
    let mut directories: Vec<PathBuf> = std::fs::read_dir(corpus.join("cli"))
        .map(|entries| {
            entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect()
        })
        .unwrap_or_default();
    directories.sort();
    directories
        .into_iter()
        .map(|directory| {
            let name = directory
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let program = program.to_owned();
            Case {
                name: name.clone(),
                group: "cli",
                run: Box::new(move || vec![("cli", script(&directory, &name, &program))]),
            }
        })
        .collect()
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn script(directory: &Path, name: &str, program: &Path) -> Result<(), String> {
    let place = std::env::temp_dir().join(format!("addon-pack-cli-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&place);
    let result = in_directory(directory, &place, program);
    let _ = std::fs::remove_dir_all(&place);
    result
}

fn in_directory(directory: &Path, place: &Path, program: &Path) -> Result<(), String> {
    let tell = |error: std::io::Error| error.to_string();
    let source = std::fs::read_to_string(directory.join("in.txtar")).map_err(tell)?;
    std::fs::create_dir_all(place).map_err(tell)?;
    for file in testkit::parse_txtar(&source).files {
        let path = place.join(&file.name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(tell)?;
        }
        std::fs::write(path, file.data).map_err(tell)?;
    }
    let cases = std::fs::read_to_string(directory.join("cases.json")).map_err(tell)?;
    let cases: Value = serde_json::from_str(&cases).map_err(|error| error.to_string())?;
    let commands = cases.get("cases").and_then(Value::as_array);
    for case in commands.into_iter().flatten() {
        command(case, place, program)?;
    }
    Ok(())
}

fn command(case: &Value, place: &Path, program: &Path) -> Result<(), String> {
    let arguments: Vec<&str> = case
        .get("args")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let shown = arguments.join(" ");
    let tell = |error: std::io::Error| format!("`{shown}`: {error}");
    let mut child = Command::new(program)
        .arg("cue")
        .args(&arguments)
        .current_dir(place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(tell)?;
    if let Some(mut stdin) = child.stdin.take() {
        // a program that does not read it closes the pipe
        let _ = stdin.write_all(text(case, "stdin").as_bytes());
    }
    let output = child.wait_with_output().map_err(tell)?;
    let wanted = case.get("rc").and_then(Value::as_i64).unwrap_or(0);
    let code = output.status.code().map_or(-1, i64::from);
    if code != wanted {
        let why = String::from_utf8_lossy(&output.stderr);
        let why = why.lines().next().unwrap_or_default();
        return Err(format!(
            "`{shown}`: want exit code {wanted} got {code}: {why}"
        ));
    }
    let found = String::from_utf8_lossy(&output.stdout);
    if found != text(case, "stdout") {
        let (mut wanted, mut lines) = (text(case, "stdout").lines(), found.lines());
        let mut number = 0;
        loop {
            number += 1;
            match (wanted.next(), lines.next()) {
                (None, None) => return Err(format!("`{shown}`: line ends differ")),
                (a, b) if a == b => {}
                (a, b) => {
                    return Err(format!(
                        "`{shown}`: stdout line {number}: want {a:?} got {b:?}"
                    ));
                }
            }
        }
    }
    let changed = case.get("changed").and_then(Value::as_object);
    for (path, content) in changed.into_iter().flatten() {
        let found = std::fs::read_to_string(place.join(path)).unwrap_or_default();
        if Some(found.as_str()) != content.as_str() {
            return Err(format!("`{shown}`: the file {path} differs"));
        }
    }
    Ok(())
}
