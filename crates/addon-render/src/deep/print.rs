//! Rendered objects as the text of `vela dry-run`.
//!
//! Headings and separators are those of `PrintDryRun` (kubevela `pkg/appfile/dryrun/dryrun.go`), so that the two can be
//! compared with `diff`. Of two components with one name the workload of the last is shown for both.

use super::{From, Group, Rendering};
use std::fmt::Write as _;

/// The text of `vela dry-run`.
pub fn dry_run_text(rendering: &Rendering) -> String {
    let mut out = String::new();
    for group in &rendering.groups {
        write_group(group, &mut out);
    }
    out
}

fn write_group(group: &Group, out: &mut String) {
    for component in &group.components {
        let last = group
            .components
            .iter()
            .rfind(|other| other.name == component.name)
            .unwrap_or(component);
        heading(out, &group.title, "Component", &component.name);
        out.push_str(&goyaml::to_string(&last.workload));
        out.push_str("\n---\n");
        for object in &component.others {
            match &object.from {
                From::Workload => out.push_str("## From the auxiliary workload\n"),
                From::Trait(name) if name.is_empty() => {}
                From::Trait(name) => {
                    let _ = writeln!(out, "## From the trait {name}");
                }
            }
            out.push_str(&goyaml::to_string(&object.object));
            out.push_str("\n---\n");
        }
        out.push('\n');
    }
    for policy in &group.policies {
        let name = policy
            .get("metadata")
            .and_then(|metadata| metadata.get("name"))
            .and_then(goyaml::Value::as_str)
            .unwrap_or_default();
        heading(out, &group.title, "Policy", name);
        out.push_str(&goyaml::to_string(policy));
        out.push_str("\n---\n");
    }
}

fn heading(out: &mut String, title: &str, what: &str, name: &str) {
    let _ = write!(
        out,
        "---\n# Application({title}) -- {what}({name})\n---\n\n"
    );
}
