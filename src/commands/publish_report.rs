//! What a publish says: a line for each addon, the same as JSON, and what to do next.

use super::connection::Target;
use super::findings::{counted, hint};
use crate::cli::publish::{Arguments, Format};
use crate::exit::Exit;
use crate::printer::Printer;
use addon_publish::Digest;
use addon_publish::pull::file_name;
use addon_publish::registry::{Package, VersionId};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;

/// How it went with one addon.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is published.
    Published,
    /// The registry has it and will show it later.
    Accepted,
    /// It was there with the same bytes, but a publish had been cut off, and now it is whole.
    Completed,
    /// It was there with other bytes, which are replaced.
    Replaced,
    /// It was there with the same bytes.
    Unchanged,
    /// It was there, with other bytes as far as anybody knows, and that was not to matter.
    Skipped {
        /// The digest of what is there, if it is known.
        existing: Option<Digest>,
    },
    /// It would be published.
    WouldPublish,
    /// It would be replaced.
    WouldReplace,
    /// It is not published.
    Failed {
        /// What the run ends in because of it.
        exit: Exit,
        /// Why.
        reason: String,
        /// What to do about it.
        help: Option<&'static str>,
    },
}

/// One addon of a report.
#[derive(Debug)]
pub(crate) struct Item {
    subject: String,
    version: Option<(String, String, Digest)>,
    outcome: Outcome,
}

impl Item {
    /// About a package.
    pub(crate) fn new(package: &Package, outcome: Outcome) -> Self {
        Self {
            subject: format!("{} {}", package.name, package.version),
            version: Some((
                package.name.clone(),
                package.version.clone(),
                package.digest.clone(),
            )),
            outcome,
        }
    }

    /// About a path that gave no package.
    pub(crate) fn of_path(path: &Path, outcome: Outcome) -> Self {
        Self {
            subject: format!("`{}`", path.display()),
            version: None,
            outcome,
        }
    }

    /// Whether a reader of the registry finds this version now.
    fn is_there(&self) -> bool {
        !matches!(
            self.outcome,
            Outcome::Failed { .. } | Outcome::WouldPublish | Outcome::WouldReplace
        )
    }

    fn json(&self) -> Value {
        let (result, reason) = match &self.outcome {
            Outcome::Published => ("published", None),
            Outcome::Accepted => ("accepted", None),
            Outcome::Completed => ("completed", None),
            Outcome::Replaced => ("replaced", None),
            Outcome::Unchanged => ("unchanged", None),
            Outcome::Skipped { .. } => ("skipped", None),
            Outcome::WouldPublish => ("would-publish", None),
            Outcome::WouldReplace => ("would-replace", None),
            Outcome::Failed { exit, reason, .. } => (
                if *exit == Exit::Refused {
                    "refused"
                } else {
                    "failed"
                },
                Some(reason),
            ),
        };
        let mut item = match &self.version {
            Some((name, version, digest)) => json!({
                "name": name,
                "version": version,
                "file": VersionId::new(name, version).map(|id| file_name(&id).to_owned()).ok(),
                "digest": digest,
            }),
            None => json!({ "path": self.subject.trim_matches('`') }),
        };
        item["result"] = json!(result);
        if let Some(reason) = reason {
            item["reason"] = json!(reason);
        }
        if let Outcome::Skipped {
            existing: Some(digest),
        } = &self.outcome
        {
            item["existingDigest"] = json!(digest);
        }
        item
    }
}

/// What a run did.
#[derive(Debug)]
pub(crate) struct Report {
    target: String,
    is_url: bool,
    dry_run: bool,
    format: Format,
    items: Vec<Item>,
    warnings: usize,
}

impl Report {
    /// An empty report; `warnings` is how many the rules have about what was packaged.
    pub(crate) fn new(target: &Target, arguments: &Arguments, warnings: usize) -> Self {
        Self {
            target: target.shown(),
            is_url: matches!(target, Target::Http(_)),
            dry_run: arguments.dry_run,
            format: arguments.format,
            items: Vec::new(),
            warnings,
        }
    }

    /// Adds an addon, and says so at once.
    pub(crate) fn add(&mut self, item: Item, printer: &Printer) {
        let subject = &item.subject;
        let into = &self.target;
        match &item.outcome {
            Outcome::Published => printer.status("Published", &format!("{subject} to {into}")),
            Outcome::Accepted => printer.status(
                "Accepted",
                &format!("{subject} by {into}, which will show it later"),
            ),
            Outcome::Completed => printer.status(
                "Completed",
                &format!("{subject} in {into}, where a publish had been cut off"),
            ),
            Outcome::Replaced => printer.status("Replaced", &format!("{subject} in {into}")),
            Outcome::Unchanged => {
                printer.status("Unchanged", &format!("{subject} is there with these bytes"));
            }
            Outcome::Skipped { existing } => printer.warning(&match existing {
                Some(digest) => format!(
                    "{subject} is skipped: {into} has it with other bytes (sha256 {digest})"
                ),
                None => format!(
                    "{subject} is skipped: {into} has it, and does not say with which bytes"
                ),
            }),
            Outcome::WouldPublish => {
                printer.status("Would", &format!("publish {subject} to {into}"));
            }
            Outcome::WouldReplace => {
                printer.status("Would", &format!("replace {subject} in {into}"));
            }
            Outcome::Failed { exit, reason, help } => printer.failure(&crate::exit::Failure {
                exit: *exit,
                error: anyhow::anyhow!("{subject} is not published: {reason}"),
                help: help.map(str::to_owned),
            }),
        }
        self.items.push(item);
    }

    /// The code that the run ends in: that of the first addon that did not make it.
    pub(crate) fn exit(&self) -> Exit {
        self.items
            .iter()
            .find_map(|item| match item.outcome {
                Outcome::Failed { exit, .. } => Some(exit),
                _ => None,
            })
            .unwrap_or(Exit::Success)
    }

    /// The whole report as JSON.
    pub(crate) fn json(&self) -> Value {
        let mut report = json!({
            "schemaVersion": 1,
            "target": self.target,
            "dryRun": self.dry_run,
            "warnings": self.warnings,
            "addons": self.items.iter().map(Item::json).collect::<Vec<_>>(),
        });
        if let Some(next) = self.next() {
            report["next"] = json!(next);
        }
        report
    }

    /// The line that sums up, and what to do next.
    pub(crate) fn summary(&self, printer: &Printer) {
        if self.format == Format::Json {
            return;
        }
        let count = |is: fn(&Outcome) -> bool| {
            let items = self.items.iter();
            items.filter(|item| is(&item.outcome)).count()
        };
        let failed = count(|outcome| matches!(outcome, Outcome::Failed { .. }));
        let skipped = match count(|outcome| matches!(outcome, Outcome::Skipped { .. })) {
            0 => String::new(),
            skipped => format!(", {skipped} of them skipped"),
        };
        let verb = if self.dry_run {
            "Rehearsed"
        } else {
            "Finished"
        };
        let warned = match self.warnings {
            0 => String::new(),
            warnings => format!(": {}", counted(0, warnings)),
        };
        printer.status(
            verb,
            &format!(
                "{} of {} version(s) fine in {}{skipped}{warned}",
                self.items.len() - failed,
                self.items.len(),
                self.target
            ),
        );
        hint(self.warnings, printer);
        if let Some(next) = self.next() {
            printer.data(&next.text());
        }
    }

    /// The commands that make use of what is there now.
    fn next(&self) -> Option<Next> {
        let there: Vec<_> = self
            .items
            .iter()
            .filter(|item| item.is_there())
            .filter_map(|item| item.version.as_ref())
            .collect();
        if there.is_empty() {
            return None;
        }
        let (registry, endpoint) = if self.is_url {
            let host = self.target.split_once("://").map_or("", |(_, rest)| rest);
            let label = host.split(['/', ':', '.']).next().unwrap_or_default();
            // An address of digits makes no name.
            let named = label.starts_with(|c: char| c.is_ascii_alphabetic());
            (if named { label } else { "addons" }, self.target.as_str())
        } else {
            ("local", "http://127.0.0.1:8080")
        };
        Some(Next {
            serve: (!self.is_url).then(|| format!("addon-pack serve {}", quoted(&self.target))),
            add: format!("vela addon registry add {registry} --type=helm --endpoint={endpoint}"),
            enable: there
                .iter()
                .map(|(name, version, _)| format!("vela addon enable {name} --version {version}"))
                .collect(),
        })
    }
}

/// What a person may do after a publish.
#[derive(Debug, Serialize)]
struct Next {
    #[serde(skip_serializing_if = "Option::is_none")]
    serve: Option<String>,
    add: String,
    enable: Vec<String>,
}

impl Next {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        if let Some(serve) = &self.serve {
            lines.push(format!(
                "\nServe it, here or on any static web host:\n  {serve}"
            ));
        }
        lines.push(format!("\nInstall from it with vela:\n  {}", self.add));
        lines.extend(self.enable.iter().map(|line| format!("  {line}")));
        lines.join("\n") + "\n"
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
