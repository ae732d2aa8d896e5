//! The facts of a cluster from a file.
//!
//! ```yaml
//! clusters: [local, prod]
//! installed:
//! - name: fluxcd
//!   version: 2.0.0
//! - velaux@1.9.0
//! ```

use crate::request::{Facts, Installed, InstalledAddon};
use crate::tree::{as_text, text_at};
use goyaml::{Data, Strictness, Tree};
use source_vocab::{Diagnostic, Place, SourceMap};

impl Facts {
    /// Reads a file; what it does not speak of stays as it is by default.
    ///
    /// # Errors
    /// A diagnostic at what is wrong in it.
    pub fn read(name: &str, text: &str, sources: &mut SourceMap) -> Result<Self, Box<Diagnostic>> {
        let wrong = |message: String, place: Place| {
            Box::new(Diagnostic::error("render/facts", message, place))
        };
        let source = sources
            .add(name, text)
            .map_err(|error| wrong(error.to_string(), Place::Nowhere))?;
        let read = goyaml::read_tree(text.as_bytes(), source.base(), Strictness::Strict);
        let tree = read.map_err(|error| {
            let place = error.span().unwrap_or_else(|| source.span().start());
            wrong(format!("`{name}` holds no facts: {error}"), place.into())
        })?;
        let mut facts = Self::default();
        if !matches!(tree.data, Data::Map(_) | Data::Null) {
            let message = format!("`{name}` must hold a mapping, found {}", tree.kind());
            return Err(wrong(message, tree.span.into()));
        }
        for entry in tree.entries() {
            let value = &entry.value;
            match &*entry.key {
                "clusters" => facts.clusters = clusters(value)?,
                "installed" => facts.installed = Installed::Only(installed(value)?),
                key => {
                    let message =
                        format!("`{key}` is no fact, `clusters` or `installed` is expected");
                    return Err(wrong(message, entry.key_span.into()));
                }
            }
        }
        Ok(facts)
    }
}

fn refuse(tree: &Tree, what: &str, expected: &str) -> Box<Diagnostic> {
    let message = format!("{what} must be {expected}, found {}", tree.kind());
    Box::new(Diagnostic::error("render/facts", message, tree.span))
}

fn list<'t>(tree: &'t Tree, what: &str) -> Result<&'t [Tree], Box<Diagnostic>> {
    match &tree.data {
        Data::List(items) => Ok(items),
        Data::Null => Ok(&[]),
        _ => Err(refuse(tree, what, "a list")),
    }
}

fn clusters(tree: &Tree) -> Result<Vec<String>, Box<Diagnostic>> {
    let items = list(tree, "`clusters`")?.iter();
    items
        .map(|item| {
            as_text(item)
                .map(str::to_owned)
                .ok_or_else(|| refuse(item, "a cluster", "a name"))
        })
        .collect()
}

fn installed(tree: &Tree) -> Result<Vec<InstalledAddon>, Box<Diagnostic>> {
    let items = list(tree, "`installed`")?.iter();
    items
        .map(|item| {
            let parsed = match &item.data {
                Data::String(text) => InstalledAddon::parse(text),
                Data::Map(_) => InstalledAddon::parse(text_at(item, "name")).map(|mut addon| {
                    let version = item.get("version").and_then(Tree::coerced);
                    addon.version = version.map(std::borrow::Cow::into_owned);
                    addon
                }),
                _ => None,
            };
            parsed.ok_or_else(|| {
                let expected = "`NAME@VERSION` or a mapping with `name` and `version`";
                refuse(item, "an installed addon", expected)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_strictly() {
        let mut sources = SourceMap::new();
        let mut read = |text: &str| {
            Facts::read("facts.yaml", text, &mut sources).map_err(|found| found.message)
        };
        assert_eq!(read(""), Ok(Facts::default()));
        let facts =
            read("clusters: [local]\ninstalled: [{name: a, version: 1.0}, b@2, c]").unwrap();
        assert_eq!(facts.clusters, ["local"]);
        let addon = |name: &str, version: Option<&str>| InstalledAddon {
            name: name.to_owned(),
            version: version.map(str::to_owned),
        };
        let wanted = vec![
            addon("a", Some("1")),
            addon("b", Some("2")),
            addon("c", None),
        ];
        assert_eq!(facts.installed, Installed::Only(wanted));
        for (text, message) in [
            ("- a", "`facts.yaml` must hold a mapping, found array"),
            (
                "cluster: [a]",
                "`cluster` is no fact, `clusters` or `installed` is expected",
            ),
            ("clusters: a", "`clusters` must be a list, found string"),
            ("clusters: [1]", "a cluster must be a name, found number"),
            (
                "installed: [{version: 1}]",
                "an installed addon must be `NAME@VERSION` or a mapping with `name` and `version`, found object",
            ),
        ] {
            assert_eq!(read(text), Err(message.to_owned()), "{text}");
        }
    }
}
