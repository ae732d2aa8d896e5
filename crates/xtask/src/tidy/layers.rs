//! The layers of docs/architecture.md against the manifests.
//!
//! The document is the truth: its table gives each crate a layer and the neighbours it may use.
//! ```text
//! | crate | layer | beside it | owns |
//! | [`cue-std`](../crates/cue-std) | 1 | `cue-eval`, `goyaml` | … |
//! ```
//! A crate may use any crate of a lower layer, and of its own layer those that the table names,
//! directly or through each other. Tests may use any crate of the same layer. Crates whose layer is `tests` may
//! be used by tests only, and no `cue-*` crate ever names an `addon-*` crate, whatever the table says.

use super::Problem;
use anyhow::{Context as _, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const DOCUMENT: &str = "docs/architecture.md";

/// Where a crate stands.
#[derive(Debug, Default)]
struct Layer {
    /// Its number; `None` beside the graph.
    number: Option<u32>,
    /// The crates of the same layer that it may use.
    neighbours: Vec<String>,
}

type Layers = BTreeMap<String, Layer>;

/// Appends every edge between our crates that the document does not allow.
///
/// # Errors
/// When the document has no table, or cargo cannot describe the workspace.
#[expect(clippy::disallowed_methods, reason = "tidy looks at the real tree")]
pub(crate) fn check(root: &Path, problems: &mut Vec<Problem>) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(root.join(DOCUMENT))
        .with_context(|| format!("cannot read `{DOCUMENT}`"))?;
    let layers = read(&text);
    if layers.is_empty() {
        bail!("`{DOCUMENT}` has no table `| crate | layer | beside it | owns |`");
    }
    let output = crate::cargo()
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(root)
        .output()
        .context("cannot run `cargo metadata`")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    compare(&layers, &metadata, root, problems);
    Ok(())
}

/// The rows below `| crate | layer | beside it | owns |`.
fn read(text: &str) -> Layers {
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_matches('|');
        inner
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    text.lines()
        .skip_while(|line| cells(line) != ["crate", "layer", "beside it", "owns"])
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells = cells(line);
            let [name, layer, neighbours, _] = cells.as_slice() else {
                return None;
            };
            let layer = Layer {
                number: layer.parse().ok(),
                neighbours: ticked(neighbours),
            };
            Some((ticked(name).into_iter().next()?, layer))
        })
        .collect()
}

/// The words between backticks.
fn ticked(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Why `name` must not use `other` in its product; `None` when it may.
fn objection(layers: &Layers, name: &str, other: &str) -> Option<String> {
    if name.starts_with("cue-") && other.starts_with("addon-") {
        return Some(format!(
            "`{name}` must not know of addons: it names `{other}`"
        ));
    }
    let (Some(from), Some(to)) = (layers.get(name)?.number, layers.get(other)?.number) else {
        return Some(format!("`{other}` is for tests, `{name}` must not use it"));
    };
    if to < from || (to == from && reaches(layers, name, other)) {
        return None;
    }
    Some(format!(
        "`{name}` of layer {from} must not use `{other}` of layer {to}"
    ))
}

/// Whether arrows between neighbours lead from `name` to `other`.
fn reaches(layers: &Layers, name: &str, other: &str) -> bool {
    let mut seen = vec![name];
    let mut at = 0;
    while let Some(&next) = seen.get(at) {
        at += 1;
        for neighbour in layers.get(next).iter().flat_map(|layer| &layer.neighbours) {
            if neighbour == other {
                return true;
            }
            if !seen.contains(&neighbour.as_str()) {
                seen.push(neighbour);
            }
        }
    }
    false
}

fn compare(layers: &Layers, metadata: &Value, root: &Path, problems: &mut Vec<Problem>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"]);
    let mut ours: Vec<String> = packages
        .iter()
        .map(|package| text(&package["name"]))
        .collect();
    ours.sort();
    for package in &packages {
        let name = text(&package["name"]);
        let manifest = text(&package["manifest_path"]);
        let file = Path::new(&manifest)
            .strip_prefix(root)
            .map_or_else(|_| manifest.clone(), |path| path.display().to_string());
        let mut found = |message: String| {
            problems.push(Problem {
                file: file.clone(),
                line: 0,
                message,
            });
        };
        let Some(layer) = layers.get(&name) else {
            found(format!("`{name}` has no row in the table of {DOCUMENT}"));
            continue;
        };
        if layer.number.is_none() {
            continue;
        }
        for dependency in list(&package["dependencies"]) {
            let other = text(&dependency["name"]);
            // `kind` is null for the product, else "dev" or "build"
            let is_for_tests = dependency["kind"] == "dev";
            let is_ours = ours.binary_search(&other).is_ok() && other != name;
            let is_beside = layers
                .get(&other)
                .is_some_and(|layer| layer.number.is_none());
            if !is_ours || (is_for_tests && is_beside) {
                continue;
            }
            // cargo lets tests use a crate that is built on the one under test
            let number = |name: &str| layers.get(name).and_then(|layer| layer.number);
            if is_for_tests && number(&other) == layer.number && !other.starts_with("addon-") {
                continue;
            }
            if let Some(message) = objection(layers, &name, &other) {
                found(message);
            }
        }
    }
    for name in layers
        .keys()
        .filter(|name| ours.binary_search(name).is_err())
    {
        problems.push(Problem {
            file: DOCUMENT.to_owned(),
            line: 0,
            message: format!("the table names `{name}`, which is no crate of the workspace"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TABLE: &str = "\
before
| crate | layer | beside it | owns |
|---|---|---|---|
| [`goyaml`](x) | 1 | | yaml |
| [`cue-std`](x) | 1 | `cue-eval`, `goyaml` | packages |
| [`cue-eval`](x) | 1 | `cue-syntax` | graph |
| [`cue-syntax`](x) | 1 | | text |
| [`addon-model`](x) | 2 | | model |
| [`testkit`](x) | tests | | tests |

| other | table |
";

    #[test]
    fn edges_that_the_document_does_not_allow_are_told() {
        let package = |name: &str, uses: &[(&str, Value)]| {
            json!({
                "name": name,
                "manifest_path": format!("/top/crates/{name}/Cargo.toml"),
                "dependencies": uses
                    .iter()
                    .map(|(name, kind)| json!({"name": name, "kind": kind}))
                    .collect::<Vec<_>>(),
            })
        };
        let metadata = json!({"packages": [
            package("goyaml", &[("testkit", json!("dev")), ("serde", Value::Null), ("cue-std", Value::Null)]),
            package("cue-std", &[("goyaml", Value::Null), ("cue-syntax", Value::Null), ("testkit", Value::Null)]),
            package("cue-eval", &[("cue-std", json!("dev")), ("addon-model", json!("dev"))]),
            package("addon-model", &[("cue-std", Value::Null)]),
            package("testkit", &[("addon-model", Value::Null)]),
            package("new", &[]),
        ]});
        let mut problems = Vec::new();
        compare(&read(TABLE), &metadata, Path::new("/top"), &mut problems);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "crates/goyaml/Cargo.toml: `goyaml` of layer 1 must not use `cue-std` of layer 1",
                "crates/cue-std/Cargo.toml: `testkit` is for tests, `cue-std` must not use it",
                "crates/cue-eval/Cargo.toml: `cue-eval` must not know of addons: it names `addon-model`",
                "crates/new/Cargo.toml: `new` has no row in the table of docs/architecture.md",
                "docs/architecture.md: the table names `cue-syntax`, which is no crate of the workspace",
            ]
        );
    }

    #[test]
    fn a_document_without_the_table_gives_no_layers() {
        assert!(read("| crate | owns |\n|---|---|\n| `goyaml` | yaml |\n").is_empty());
    }
}
