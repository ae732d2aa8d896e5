//! Pages that are made from the code: docs/rules, one page a rule and a table of all.
//!
//! The text of a page is the `//!` comment of the rule's own file, so it stands beside the code
//! that it explains. A page of a rule that is gone is an error as well, and `write` removes it.

use addon_check::{Found, Rule, rules};
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::path::Path;

const FOLDER: &str = "docs/rules";

/// Writes the pages.
///
/// # Errors
/// When the disk refuses.
#[expect(clippy::disallowed_methods, reason = "this command writes the tree")]
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let wanted = pages();
    for (name, text) in &wanted {
        std::fs::write(folder.join(name), text)
            .with_context(|| format!("cannot write `{name}`"))?;
    }
    for name in present(root)? {
        if !wanted.contains_key(&name) {
            std::fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// Fails unless the pages on disk are those that [`write()`] would write.
///
/// # Errors
/// Naming every page that is stale, missing or left over.
#[expect(clippy::disallowed_methods, reason = "this command reads the tree")]
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let wanted = pages();
    let mut stale: Vec<String> = wanted
        .iter()
        .filter(|(name, text)| {
            std::fs::read_to_string(root.join(FOLDER).join(name))
                .ok()
                .as_ref()
                != Some(*text)
        })
        .map(|(name, _)| name.clone())
        .collect();
    stale.extend(
        present(root)?
            .into_iter()
            .filter(|name| !wanted.contains_key(name)),
    );
    if stale.is_empty() {
        return Ok(());
    }
    bail!(
        "stale pages in `{FOLDER}`, run `cargo xtask gen-docs`: {}",
        stale.join(", ")
    )
}

#[expect(clippy::disallowed_methods, reason = "this command reads the tree")]
fn present(root: &Path) -> anyhow::Result<Vec<String>> {
    let Ok(entries) = std::fs::read_dir(root.join(FOLDER)) else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn pages() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = rules::all()
        .map(|rule| (format!("{}.md", rule.id), page(rule)))
        .collect();
    pages.insert("README.md".to_owned(), table());
    pages
}

fn page(rule: &Rule) -> String {
    let elsewhere: Vec<String> = rule
        .found
        .iter()
        .filter_map(|found| match found {
            Found::WhileReading(function) => Some(format!("`{function}`")),
            Found::InAddon(_) | Found::InProof(_) | Found::InArchive(_) | Found::InWorkspace(_) => {
                None
            }
        })
        .collect();
    let found = if elsewhere.is_empty() {
        String::new()
    } else {
        format!(" Found by {}.", elsewhere.join(" and "))
    };
    let mended = if rule.mended {
        " `check --fix` mends it."
    } else {
        ""
    };
    format!(
        "<!-- made by `cargo xtask gen-docs` from crates/addon-check/src/rules/{} -->\n\n\
         # {}: {}\n\n\
         Severity: **{}**. Holds for {}.{mended}{found}\n\n\
         {}\n",
        rule.file,
        rule.id,
        rule.title,
        rule.severity.as_str(),
        rule.holds,
        rule.page().trim_end()
    )
}

fn table() -> String {
    let mut text = String::from(
        "<!-- made by `cargo xtask gen-docs` -->\n\n# Rules\n\n\
         `addon-pack explain RULE` shows a page. An error refuses `build` and `publish`; a warning stops nothing; rules \
         of severity info are shown when they are asked for by name (`addon-pack check --select RULE`).\n\n\
         What is found at one place is taken back there, with a reason:\n\n\
         ```yaml\nversion: v1.0.0 # addon-pack:ignore META05 every release so far has a v\n```\n\n\
         In CUE the comment begins with `//`; on a line of its own it is about the next line. For the whole addon, \
         `metadata.yaml` has an annotation:\n\n\
         ```yaml\nannotations:\n  addon-pack.dev/ignore: LAY03 the README is generated; PKG05 the picture belongs to it\n```\n\n\
         | profile | what it changes |\n|---|---|\n\
         | `default` | nothing |\n\
         | `strict` | warnings are errors |\n\
         | `release` | all of PKG is shown; no template (LAY02) and an image that may change (IMG01) are errors |\n\
         | `catalog` | an icon, a link, a description and a README are asked for (META13, META14, LAY03 are errors) |\n\n\
         `check --fix` mends the rules marked with a *. `check --baseline FILE` shows only what is not in the file, which \
         `--update-baseline` writes. `check --vela 1.10` leaves out what holds for other releases only.\n\n\
         | rule | severity | what holds |\n|---|---|---|\n",
    );
    for rule in rules::all() {
        let mended = if rule.mended { " \\*" } else { "" };
        let row = [rule.severity.as_str(), mended, " | ", rule.title].concat();
        text.push_str(
            &[
                "| [", rule.id, "](", rule.id, ".md) | ", &row, " |
",
            ]
            .concat(),
        );
    }
    text
}
