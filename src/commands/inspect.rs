//! `inspect`: what is in an archive or a registry.

use super::archives::{self, Opened};
use super::build::read_index;
use crate::cli::inspect::Arguments;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, PathKind};
use addon_index::Index;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Shows it.
///
/// # Errors
/// A failure when it cannot be read or is no sound archive.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let source = &arguments.source;
    if source != Path::new("-")
        && system::path_kind(source).or_exit(Exit::Input)? == PathKind::Directory
    {
        return registry(arguments, printer);
    }
    let wanted = arguments.file.as_deref();
    let opened = archives::open(source, |path| Some(path) == wanted)?;
    if let Some(path) = wanted {
        let Some(content) = opened.contents.content(path) else {
            let message = format!("`{}` has no file `{path}`", source.display());
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

fn registry(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let path = arguments.source.join("index.yaml");
    if system::path_kind(&path).or_exit(Exit::Input)? == PathKind::Absent {
        let message = format!("`{}` has no index.yaml", arguments.source.display());
        return Err(Failure::new(Exit::Input, message)
            .help("name an archive, or the directory of a registry"));
    }
    let index = read_index(&path)?;
    if arguments.json {
        printer.json(&registry_json(&index));
    } else {
        let mut out = String::new();
        for (name, versions) in index.addons() {
            for entry in versions {
                let _ = writeln!(out, "{name} {}  {}", entry.version(), entry.digest());
            }
        }
        printer.data(&out);
    }
    Ok(Exit::Success)
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
