//! The arguments of an addon: what the user gives beside its name.
//!
//! [`Arguments`] is a mapping in which every value knows the text it was read from: a file of arguments, or one `key=value`
//! of the command line. When an argument contradicts `parameter.cue`, the diagnostic shows both places.
//!
//! Several sources are merged in the order in which they are given: mappings key by key, everything else by replacement, which
//! is also what `vela addon enable a=1 b.c=2` does with its words (see [`strvals`]).

mod strvals;

pub use strvals::{MAX_DEPTH, MAX_INDEX};

use crate::tree;
use goyaml::{Data, Entry, Strictness, Tree};
use source_vocab::{Diagnostic, Place, SourceMap, Span};

/// The arguments, each with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    tree: Tree,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            tree: tree::detached(Data::Map(Vec::new())),
        }
    }
}

impl Arguments {
    /// The mapping.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether there is no argument at all.
    pub fn is_empty(&self) -> bool {
        self.tree.entries().is_empty()
    }

    /// Adds the words `key=value` of a command line, as `vela addon enable` reads them.
    ///
    /// # Errors
    /// A diagnostic at the word that cannot be read.
    pub fn add_word(&mut self, word: &str, sources: &mut SourceMap) -> Result<(), Box<Diagnostic>> {
        let name = format!("argument `{}`", word.split('=').next().unwrap_or_default());
        let source = sources.add(name, word).map_err(|error| {
            let message = error.to_string();
            Box::new(Diagnostic::error(
                "render/argument",
                message,
                Place::Nowhere,
            ))
        })?;
        strvals::parse_into(&source, &mut self.tree)
    }

    /// Adds a file of arguments: YAML or JSON, a mapping.
    ///
    /// # Errors
    /// A diagnostic when the text is no mapping.
    pub fn add_file(
        &mut self,
        name: &str,
        text: &str,
        sources: &mut SourceMap,
    ) -> Result<(), Box<Diagnostic>> {
        let source = sources.add(name, text).map_err(|error| {
            let message = error.to_string();
            Box::new(Diagnostic::error(
                "render/argument",
                message,
                Place::Nowhere,
            ))
        })?;
        let read = goyaml::read_tree(text.as_bytes(), source.base(), Strictness::Strict);
        let given = read.map_err(|error| {
            let place = error.span().unwrap_or_else(|| source.span().start());
            let message = format!("`{name}` holds no arguments: {error}");
            Box::new(Diagnostic::error("render/argument", message, place))
        })?;
        match given.data {
            Data::Null => {}
            Data::Map(_) => merge(&mut self.tree, given),
            _ => {
                let message = format!(
                    "`{name}` must hold a mapping of arguments, found {}",
                    given.kind()
                );
                return Err(Box::new(Diagnostic::error(
                    "render/argument",
                    message,
                    given.span,
                )));
            }
        }
        Ok(())
    }

    /// Takes out the argument with which the command line itself speaks to the installer; no template ever sees it
    /// (kubevela `NewAddonInstaller`).
    pub(crate) fn without_installer_option(mut self) -> Self {
        if let Data::Map(entries) = &mut self.tree.data {
            entries.retain(|entry| &*entry.key != "installerRuntimeOption");
        }
        self
    }

    /// Sets one argument.
    pub fn set(&mut self, key: &str, value: Tree) {
        tree::set(&mut self.tree, key, value);
    }

    /// The place of an argument, when it is given.
    pub fn place(&self, key: &str) -> Option<Span> {
        let entry = self.tree.entry(key)?;
        Some(if entry.key_span.is_detached() {
            entry.value.span
        } else {
            entry.key_span
        })
    }
}

/// Merges mappings key by key; anything else is replaced.
fn merge(into: &mut Tree, from: Tree) {
    let (Data::Map(known), Data::Map(given)) = (&mut into.data, from.data) else {
        return;
    };
    for Entry {
        key,
        key_span,
        value,
    } in given
    {
        match known.iter_mut().find(|entry| entry.key == key) {
            Some(entry)
                if matches!(
                    (&entry.value.data, &value.data),
                    (Data::Map(_), Data::Map(_))
                ) =>
            {
                merge(&mut entry.value, value);
            }
            Some(entry) => {
                entry.key_span = key_span;
                entry.value = value;
            }
            None => known.push(Entry {
                key,
                key_span,
                value,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_words_are_merged_in_order() {
        let mut sources = SourceMap::new();
        let mut arguments = Arguments::default();
        arguments
            .add_file("a.yaml", "a: {b: 1, c: [1, 2]}\nd: yes\n", &mut sources)
            .unwrap();
        arguments.add_word("a.b=x", &mut sources).unwrap();
        arguments
            .add_file("b.json", r#"{"a": {"c": [3]}}"#, &mut sources)
            .unwrap();
        assert_eq!(
            goyaml::to_string(&arguments.tree().to_value()),
            "a:\n  b: x\n  c:\n  - 3\nd: true\n"
        );
        let place = arguments.tree().get("a").unwrap().get("b").unwrap().span;
        assert_eq!(sources.snippet(place), "x");
    }

    #[test]
    fn a_file_of_arguments_is_a_mapping() {
        let mut sources = SourceMap::new();
        let found = Arguments::default()
            .add_file("a.yaml", "- 1\n", &mut sources)
            .unwrap_err();
        assert_eq!(
            found.message,
            "`a.yaml` must hold a mapping of arguments, found array"
        );
        let found = Arguments::default()
            .add_file("a.yaml", "a: [", &mut sources)
            .unwrap_err();
        assert!(found.message.starts_with("`a.yaml` holds no arguments:"));
        let twice = Arguments::default()
            .add_file("a.yaml", "a: 1\na: 2\n", &mut sources)
            .unwrap_err();
        assert_eq!(
            sources.line_column(match twice.primary.place {
                Place::Text(span) => span,
                _ => Span::DETACHED,
            }),
            Some(("a.yaml", source_vocab::LineColumn { line: 2, column: 1 }))
        );
    }
}
