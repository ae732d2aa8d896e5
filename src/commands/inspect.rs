//! `inspect`: what is in an archive or a registry.

use super::archives::Opened;
use super::findings::Findings;
use super::named::{self, Named};
use crate::cli::inspect::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::DiskWorld;
use addon_index::Index;
use serde_json::{Value, json};
use source_vocab::{Severity, SourceMap, render};
use std::fmt::Write as _;

/// Shows it.
///
/// # Errors
/// A failure when it cannot be read or is no sound archive.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let wanted = arguments.file.as_deref();
    let keep = |path: &str| Some(path) == wanted;
    let shown = arguments.source.display();
    let opened = match named::open(&arguments.source, &arguments.connection, printer, keep)? {
        Named::Archive(opened) => opened,
        Named::Registry { .. } if wanted.is_some() => {
            let message = format!("`{shown}` is a registry, which has no file to print");
            return Err(Failure::new(Exit::Usage, message)
                .help("name one of its archives: REGISTRY#NAME@VERSION"));
        }
        Named::Registry { shown, index } => return registry(&shown, index, arguments, printer),
    };
    if let Some(path) = wanted {
        let Some(content) = opened.contents.content(path) else {
            let message = format!("`{shown}` has no file `{path}`");
            return Err(Failure::new(Exit::Input, message)
                .help("without --file, `inspect` lists the files"));
        };
        printer.bytes(content);
        return Ok(Exit::Success);
    }
    if arguments.json {
        printer.json(&archive_json(&opened));
    } else {
        printer.data(&archive_text(&opened));
    }
    Ok(Exit::Success)
}

fn archive_json(opened: &Opened) -> Value {
    let contents = &opened.contents;
    json!({
        "schemaVersion": 1,
        "name": contents.name,
        "version": contents.version,
        "size": opened.bytes.len(),
        "sha256": opened.digest.to_string(),
        "contentSha256": contents.content_digest,
        "chart": contents.chart,
        "files": contents.files.iter().map(|file| json!({
            "path": file.path,
            "size": file.size,
        })).collect::<Vec<_>>(),
    })
}

fn archive_text(opened: &Opened) -> String {
    let contents = &opened.contents;
    let text = |key: &str| {
        contents
            .chart
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut out = format!("{} {}\n", contents.name, contents.version);
    let mut line = |word: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {word:<12} {value}");
        }
    };
    line("description", text("description"));
    line("home", text("home"));
    if let Some(Value::Object(annotations)) = contents.chart.get("annotations") {
        for (key, word) in [
            ("system.vela", "KubeVela"),
            ("system.kubernetes", "Kubernetes"),
        ] {
            line(
                word,
                annotations
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            );
        }
    }
    line("size", &format!("{} bytes", opened.bytes.len()));
    line("sha256", &opened.digest.to_string());
    line("content", &contents.content_digest);
    out.push_str("files\n");
    for file in &contents.files {
        let _ = writeln!(out, "{:>10}  {}", file.size, file.path);
    }
    out
}

/// Lists what an index has. What is wrong with it is told, and ends the run with [`Exit::Findings`].
fn registry(
    shown: &str,
    index: Vec<u8>,
    arguments: &Arguments,
    printer: &Printer,
) -> CommandResult {
    let Ok(text) = String::from_utf8(index) else {
        let message = format!("the index of `{shown}` is not UTF-8");
        return Err(Failure::new(Exit::Input, message));
    };
    let mut sources = SourceMap::new();
    let name = format!("{}/index.yaml", shown.trim_end_matches('/'));
    let file = sources.add(name, text).or_exit(Exit::Input)?;
    let read = addon_index::read(&file);
    let index = read.value.unwrap_or_default();
    if arguments.json {
        printer.json(&registry_json(&index));
    } else {
        let mut out = String::new();
        for (name, versions) in index.addons() {
            for entry in versions {
                let line = format!("{name} {}  {}", entry.version(), entry.digest());
                let _ = writeln!(out, "{}", render::visible(&line));
            }
        }
        printer.data(&out);
    }
    let findings = Findings {
        list: &read.diagnostics,
        sources: &sources,
        world: &DiskWorld::new(""),
    };
    findings.show(Severity::Error, printer);
    let is_sound = read
        .diagnostics
        .iter()
        .all(|found| found.severity != Severity::Error);
    Ok(if is_sound {
        Exit::Success
    } else {
        Exit::Findings
    })
}

fn registry_json(index: &Index) -> Value {
    let addons: Vec<Value> = index
        .addons()
        .map(|(name, versions)| {
            json!({
                "name": name,
                "versions": versions.iter().map(|entry| json!({
                    "version": entry.version(),
                    "sha256": entry.digest(),
                    "urls": entry.urls().collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "schemaVersion": 1, "addons": addons })
}
