//! `fmt`: the files of an addon in their canonical layout.
//!
//! CUE as `cue fmt` writes it; YAML as its author wrote it, tidied ([`yaml`]); `metadata.yaml` with the indentation and the
//! order of keys in which `init` writes it. A file is left as it is when it does not parse, when it is a copy that
//! `assemble` keeps, or when it is in an encoding other than UTF-8.

mod indent;
mod lines;
mod order;
mod yaml;

use crate::assemble::is_copy;
use addon_model::{AddonTree, Role};
use cue_engine::syntax::format::Options;
use source_vocab::{Diagnostic, EntryKind, SourceFile, SourceMap, VPath};
use yaml::Layout;

/// What kind of layout a file gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// CUE.
    Cue,
    /// YAML.
    Yaml,
    /// The `metadata.yaml` of an addon.
    Metadata,
}

impl Kind {
    /// The kind of a file by its name; `None` for what has no layout.
    pub fn of(path: &VPath) -> Option<Self> {
        match (path.file_name(), path.extension()) {
            ("metadata.yaml", _) => Some(Self::Metadata),
            (_, Some("cue")) => Some(Self::Cue),
            (_, Some("yaml" | "yml")) => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// The files of an addon that have a layout, in its order: not those that are hidden, nor those of a chart or of
/// modules that others wrote.
pub fn files(tree: &AddonTree) -> Vec<(VPath, Kind)> {
    let charts: Vec<VPath> = tree
        .entries
        .iter()
        .filter(|entry| entry.path.file_name() == "Chart.yaml")
        .filter_map(|entry| entry.path.parent().filter(|folder| !folder.is_root()))
        .collect();
    let is_foreign = |path: &VPath| {
        charts
            .iter()
            .any(|chart| path.strip_prefix(chart).is_some())
            || path
                .components()
                .any(|name| name.starts_with('.') || name == "cue.mod")
    };
    tree.entries
        .iter()
        .filter(|entry| {
            entry.kind == EntryKind::File && entry.name_is_utf8 && !is_foreign(&entry.path)
        })
        .filter_map(|entry| {
            let kind = Kind::of(&entry.path)?;
            // only the file that KubeVela reads as such has the keys
            let kind = if kind == Kind::Metadata && entry.role != Role::Metadata {
                Kind::Yaml
            } else {
                kind
            };
            Some((entry.path.clone(), kind))
        })
        .collect()
}

/// What formatting a file gives.
#[derive(Clone, Debug)]
pub enum Formatted {
    /// The bytes that the file should have, which may be those that it has.
    Text(String),
    /// The file is somebody else's: a copy that `assemble` keeps.
    Copy,
    /// It is left as it is, and why.
    Left(Diagnostic),
    /// It does not parse.
    Broken(Vec<Diagnostic>),
}

/// Formats a file. `name` is what people know it as; `sources` gets the text that findings point into.
pub fn format(
    kind: Kind,
    name: &str,
    path: &VPath,
    bytes: &[u8],
    sources: &mut SourceMap,
) -> Formatted {
    let left =
        |message: String| Formatted::Left(Diagnostic::warning("fmt/left", message, path.clone()));
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return left(format!("`{name}` is not UTF-8 and is left as it is"));
    };
    if is_copy(text) {
        return Formatted::Copy;
    }
    let source = match sources.add(name, text) {
        Ok(source) => source,
        Err(error) => return left(error.to_string()),
    };
    match kind {
        Kind::Cue => of_cue(name, path, &source),
        Kind::Yaml => of_yaml(name, path, &source, Layout::Plain),
        Kind::Metadata => of_yaml(name, path, &source, Layout::Metadata),
    }
}

fn of_cue(name: &str, path: &VPath, source: &SourceFile) -> Formatted {
    let parsed = cue_engine::syntax::parse(source);
    if !parsed.errors.is_empty() {
        return Formatted::Broken(parsed.errors);
    }
    let options = || Options { simplify: false };
    let text = cue_engine::syntax::format(&parsed.file, options());
    // what would not stand a second time is not written the first time
    let mut scratch = SourceMap::new();
    let again = scratch
        .add(name, text.as_str())
        .ok()
        .map(|source| cue_engine::syntax::parse(&source));
    let is_stable = again.is_some_and(|again| {
        again.errors.is_empty() && cue_engine::syntax::format(&again.file, options()) == text
    });
    if is_stable {
        Formatted::Text(text)
    } else {
        let message = format!("`{name}` has no stable layout and is left as it is");
        Formatted::Left(Diagnostic::warning("fmt/left", message, path.clone()))
    }
}

fn of_yaml(name: &str, path: &VPath, source: &SourceFile, layout: Layout) -> Formatted {
    if let Some(error) = goyaml::parse_file(source).error {
        return Formatted::Broken(vec![error.into()]);
    }
    let formatted = yaml::formatted(source.text(), layout);
    match formatted.left {
        Some(what) if formatted.text == **source.text() => {
            let message = format!(
                "{what} in `{name}` cannot be changed without changing what it means: it is left as it is"
            );
            Formatted::Left(Diagnostic::warning("fmt/left", message, path.clone()))
        }
        _ => Formatted::Text(formatted.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(text: &str) -> String {
        made(Kind::Metadata, text)
    }

    fn made(kind: Kind, text: &str) -> String {
        let path = VPath::parse("x").unwrap();
        let format =
            |text: &str| match format(kind, "x", &path, text.as_bytes(), &mut SourceMap::new()) {
                Formatted::Text(text) => text,
                other => panic!("{text:?}: {other:?}"),
            };
        let once = format(text);
        assert_eq!(format(&once), once, "twice is once");
        once
    }

    #[test]
    fn yaml_loses_what_says_nothing() {
        let text = "\n\na: 1  \t\r\n\n\n\n# c  \nb:\n  - x   # y  \n\n\n";
        assert_eq!(made(Kind::Yaml, text), "a: 1\n\n# c\nb:\n  - x   # y\n");
        assert_eq!(made(Kind::Yaml, "a: 1"), "a: 1\n");
        assert_eq!(made(Kind::Yaml, "\n\n"), "");
        assert_eq!(
            made(Kind::Yaml, "a: 1\n---\n\n\nb: 2\n"),
            "a: 1\n---\n\nb: 2\n"
        );
    }

    #[test]
    fn scalars_keep_their_bytes() {
        for text in [
            "a: |\n  x  \n\n\n\n  y\t\n",
            "a: |+\n  x\n\n\n",
            "a: \"x  \n\n\n\n  y\"\n",
            "a: \"x\\  \n  y\"\n",
            "a: x\n\n\n\n  y\n",
            "a: >-\n  x\n\n\n\n  y\nb: 1\n",
            "- |+\n\n\n\n- b\n",
            "- |\n\n\n\n  x \n- b\n",
            "a: !!str |2\n    x \n\n\n\n  y \n",
        ] {
            assert_eq!(made(Kind::Yaml, text), text);
        }
        assert_eq!(
            made(Kind::Yaml, "a: |\n  x\n\n\nb: 1\n"),
            "a: |\n  x\n\nb: 1\n"
        );
        let unended = "b: 1  \na: |\n  x ";
        assert_eq!(made(Kind::Yaml, unended), "b: 1\na: |\n  x ");
        assert_eq!(made(Kind::Yaml, "a: |-   \n  x  \n\n\n"), "a: |-\n  x  \n");
    }

    #[test]
    fn metadata_is_ordered_and_comments_go_with_their_keys() {
        assert_eq!(
            metadata(
                "# the head\n\n# of the version\nversion: 1.0.0 # v\ntags:\n- a\n# - b\n# of the name\nname: x\nother: 1\n\ndescription: |\n  text\n\n  more\n# the end\n"
            ),
            "# the head\n\n# of the name\nname: x\n# of the version\nversion: 1.0.0 # v\n\ndescription: |\n  text\n\n  more\ntags:\n- a\n# - b\nother: 1\n# the end\n"
        );
        let text = "# yaml-language-server: $schema=x\nversion: 1.0.0\nname: x\n";
        assert_eq!(
            metadata(text),
            "# yaml-language-server: $schema=x\nname: x\nversion: 1.0.0\n"
        );
        let anchored = "version: &v 1.0.0\nname: x\nannotations: {a: *v}\n";
        assert_eq!(
            metadata(anchored),
            "name: x\nversion: &v 1.0.0\nannotations: {a: *v}\n"
        );
        // the anchor must come first
        let needed = "name: &n x\nannotations: {a: *n}\ntags: [a]\n";
        assert_eq!(
            metadata(needed),
            "name: &n x\ntags: [a]\nannotations: {a: *n}\n"
        );
        let backwards = "tags: &t [a]\nname: x\nicon: y\nneedNamespace: *t\n";
        assert_eq!(
            metadata(backwards),
            "name: x\nicon: y\ntags: &t [a]\nneedNamespace: *t\n"
        );
        let held = "needNamespace: &t [a]\ntags: *t\n";
        assert!(matches!(
            format(
                Kind::Metadata,
                "x",
                &VPath::root(),
                held.as_bytes(),
                &mut SourceMap::new()
            ),
            Formatted::Left(_)
        ));
    }

    #[test]
    fn metadata_is_indented() {
        assert_eq!(
            metadata(
                "name: x\ntags:\n    -   a\n    # between\n    - b\nsystem:\n      # needs\n      vela:   x\ndependencies:\n  -   name: f\n      version: >-\n         y\n  - {name: g,\n     version: z}\nneedNamespace:\n   - |-\n     a\nannotations:\n   a: |\n     one\n      two\n"
            ),
            "name: x\ntags:\n- a\n# between\n- b\nsystem:\n  # needs\n  vela:   x\ndependencies:\n- name: f\n  version: >-\n     y\n- {name: g,\n   version: z}\nneedNamespace:\n- |-\n  a\nannotations:\n  a: |\n    one\n     two\n"
        );
    }

    #[test]
    fn cue_is_laid_out_as_cue_fmt_does() {
        assert_eq!(
            made(Kind::Cue, "a:{b:1,\n\n\n  c : 2}\n"),
            "a: {b: 1\n\n\tc: 2\n}\n"
        );
    }

    #[test]
    fn what_does_not_parse_is_told_and_left() {
        let path = VPath::parse("x").unwrap();
        for (kind, text) in [
            (Kind::Cue, "a: {\n"),
            (Kind::Yaml, "a: [\n"),
            (Kind::Yaml, "a: 1\n---\nb: {{ .x }} y\n"),
        ] {
            let made = format(kind, "x", &path, text.as_bytes(), &mut SourceMap::new());
            assert!(matches!(made, Formatted::Broken(_)), "{text}: {made:?}");
        }
        let made = format(
            Kind::Yaml,
            "x",
            &path,
            b"\xff\xfea\0",
            &mut SourceMap::new(),
        );
        assert!(matches!(made, Formatted::Left(_)), "{made:?}");
    }
}
