//! Regression cases as files.
//!
//! `tests/cue/export/*.txtar`: an archive `in.cue` and the JSON that cue v0.14.1 exports for it, as
//! one line. `tests/cue/wrong/*.cue`: wrong programs; a comment `// error: CODE` at the end of a
//! line says that a diagnostic with this code has its first place there, `// part: CODE` that it
//! has another place there. Every diagnostic must be expected, and every expectation met.
//! `tests/cue/placed/*.cue`: wrong programs whose last lines say `// expect: ` and then, for each
//! report, its code, every place as line and column, the path it names and the remedy it proposes.
//! A line `// inject: CUE` is a file that a host injects, whose places are written `!LINE:COLUMN`;
//! `// plain: PATH = TEXT` injects a string that stands in no file.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use cue_eval::builtin::Check;
use cue_eval::{Budget, Data, FileScope, Graph, Instance, SourceFile, eval, lower};
use cue_syntax::ast;
use source_vocab::{Diagnostic, Place, SourceMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cue")
        .join(directory);
    #[expect(clippy::disallowed_methods, reason = "a test reads its own cases")]
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "there are cases in {directory}");
    found
}

fn read(path: &Path) -> String {
    #[expect(clippy::disallowed_methods, reason = "a test reads its own cases")]
    std::fs::read_to_string(path).unwrap()
}

fn on_big_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    testkit::on_big_stack(Budget::STACK, run)
}

/// The name of a text that a host injects.
const INJECTED: &str = "injected";

/// `a.b = text` as a file without places.
fn plain_file(assignment: &str) -> ast::File {
    let (path, text) = assignment.split_once(" = ").unwrap();
    let mut names: Vec<&str> = path.split('.').collect();
    let last = names.pop().unwrap();
    let mut decl = ast::Decl::field(ast::Label::regular(last), ast::Expr::string(text));
    for name in names.into_iter().rev() {
        decl = ast::Decl::field(ast::Label::regular(name), ast::Expr::structure(vec![decl]));
    }
    ast::File {
        decls: vec![decl],
        ..ast::File::default()
    }
}

fn build(name: &str, text: &str) -> (SourceMap, Result<Graph, Vec<Diagnostic>>) {
    let mut sources = SourceMap::new();
    let source = sources.add(name, text).unwrap();
    let parsed = cue_syntax::parse(&source);
    if !parsed.errors.is_empty() {
        return (sources, Err(parsed.errors));
    }
    let mut injected: Vec<ast::File> = Vec::new();
    for line in text.lines() {
        if let Some(text) = line.strip_prefix("// inject: ") {
            let source = sources.add(INJECTED, text).unwrap();
            injected.push(cue_syntax::parse(&source).file);
        } else if let Some(assignment) = line.strip_prefix("// plain: ") {
            injected.push(plain_file(assignment));
        }
    }
    let own = SourceFile {
        file: &parsed.file,
        name,
        scope: FileScope::ByPackageClause,
    };
    let given = injected.iter().map(|file| SourceFile {
        file,
        name: INJECTED,
        scope: FileScope::Shared,
    });
    let instance = Instance {
        path: "_".to_owned(),
        name: String::new(),
        files: std::iter::once(own).chain(given).collect(),
        imports: Vec::new(),
        unified: Vec::new(),
    };
    let lowered = lower(&[instance], &cue_std::Standard::new());
    match lowered.value {
        Some(program) => (sources, Ok(eval(&Arc::new(program), Budget::default()))),
        None => (sources, Err(lowered.diagnostics)),
    }
}

fn json(data: &Data) -> String {
    match data {
        Data::Null => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Number(number) => number.decimal.to_string(),
        Data::String(text) => cue_eval::dump::json_string(text),
        Data::Bytes(bytes) => format!("bytes of length {}", bytes.len()),
        Data::List(items) => {
            let items: Vec<String> = items.iter().map(json).collect();
            format!("[{}]", items.join(","))
        }
        Data::Struct(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| {
                    format!("{}:{}", cue_eval::dump::json_string(name), json(value))
                })
                .collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

#[test]
fn exported_json_equals_that_of_the_reference() {
    for path in files("export", "txtar") {
        let archive = testkit::parse_txtar(&read(&path));
        let part = |name: &str| archive.file(name).unwrap_or_default().to_owned();
        let (text, wanted) = (part("in.cue"), part("export.json"));
        let shown = on_big_stack(move || {
            let (_, built) = build("in.cue", &text);
            match built {
                Ok(graph) => match graph.root().data() {
                    Some(data) => json(&data),
                    None => format!("{:?}", graph.root().diagnostics(Check::Concrete)),
                },
                Err(errors) => format!("{errors:?}"),
            }
        });
        assert_eq!(shown, wanted.trim(), "{}", path.display());
    }
}

#[test]
fn diagnostics_point_at_the_cause() {
    for path in files("wrong", "cue") {
        let text = read(&path);
        let mut wanted: Vec<String> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            for (marker, name) in [("// error: ", "error"), ("// part: ", "part")] {
                if let Some((_, codes)) = line.split_once(marker) {
                    let code = codes.split_whitespace().next().unwrap();
                    wanted.push(format!("{} {name} {code}", at + 1));
                }
            }
        }
        let mut found: Vec<String> = on_big_stack(move || {
            let (sources, built) = build("in.cue", &text);
            let diagnostics = match built {
                Ok(graph) => graph.root().diagnostics(Check::Concrete),
                Err(errors) => errors,
            };
            let line = |place: &Place| match place {
                Place::Text(span) => sources.line_column(*span).map_or(0, |(_, at)| at.line),
                _ => 0,
            };
            let mut found = Vec::new();
            for diagnostic in &diagnostics {
                let first = line(&diagnostic.primary.place);
                found.push(format!("{first} error {}", diagnostic.code));
                for label in &diagnostic.labels {
                    let other = line(&label.place);
                    if other != first {
                        found.push(format!("{other} part {}", diagnostic.code));
                    }
                }
            }
            found
        });
        wanted.sort();
        wanted.dedup();
        found.sort();
        found.dedup();
        assert_eq!(found, wanted, "{}", path.display());
    }
}

/// `CODE with L:C L:C; says TEXT; label TEXT; note TEXT; help TEXT` for one diagnostic: its code,
/// its first place and the others in their order, what its message, some label and some note must
/// contain, and its exact remedy.
struct Expected<'a> {
    code: &'a str,
    places: Vec<&'a str>,
    says: Vec<&'a str>,
    labels: Vec<&'a str>,
    notes: Vec<&'a str>,
    help: Option<&'a str>,
}

impl<'a> Expected<'a> {
    fn read(text: &'a str) -> Self {
        let mut parts = text.split("; ");
        let (code, places) = parts.next().unwrap().split_once(" with ").unwrap();
        let mut expected = Self {
            code,
            places: places.split_whitespace().collect(),
            says: Vec::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
        };
        for part in parts {
            match part.split_once(' ').unwrap() {
                ("says", text) => expected.says.push(text),
                ("label", text) => expected.labels.push(text),
                ("note", text) => expected.notes.push(text),
                ("help", text) => expected.help = Some(text),
                other => unreachable!("{other:?}"),
            }
        }
        expected
    }

    fn is_met(&self, found: &Diagnostic, places: &[String]) -> bool {
        let labels = std::iter::once(&found.primary).chain(&found.labels);
        let has_label = |text: &&str| labels.clone().any(|label| label.text.contains(*text));
        found.code == self.code
            && *places == self.places
            && self.says.iter().all(|text| found.message.contains(text))
            && self.labels.iter().all(has_label)
            && self
                .notes
                .iter()
                .all(|text| found.notes.iter().any(|note| note.contains(text)))
            && found.help.as_deref() == self.help
    }
}

#[test]
fn each_cause_is_reported_once_with_line_column_and_path() {
    let mut wrong = Vec::new();
    for path in files("placed", "cue") {
        let text = read(&path);
        let expected: Vec<Expected<'_>> = text
            .lines()
            .filter_map(|line| line.strip_prefix("// expect: "))
            .map(Expected::read)
            .collect();
        let given = text.clone();
        let found = on_big_stack(move || {
            let (sources, built) = build("in.cue", &given);
            let diagnostics = match built {
                Ok(graph) => graph.root().diagnostics(Check::Concrete),
                Err(errors) => errors,
            };
            let at = |place: &Place| match place {
                Place::Text(span) => {
                    sources
                        .line_column(*span)
                        .map_or_else(String::new, |(source, at)| {
                            let mark = if source == INJECTED { "!" } else { "" };
                            format!("{mark}{}:{}", at.line, at.column)
                        })
                }
                _ => String::new(),
            };
            diagnostics
                .into_iter()
                .map(|diagnostic| {
                    let mut places = vec![at(&diagnostic.primary.place)];
                    places.extend(diagnostic.labels.iter().map(|label| at(&label.place)));
                    (diagnostic, places)
                })
                .collect::<Vec<_>>()
        });
        let met = found.len() == expected.len()
            && found
                .iter()
                .zip(&expected)
                .all(|((diagnostic, places), wanted)| wanted.is_met(diagnostic, places));
        if !met {
            let shown: Vec<String> = found
                .iter()
                .map(|(found, places)| {
                    let labels: Vec<&str> = std::iter::once(&found.primary)
                        .chain(&found.labels)
                        .map(|label| label.text.as_str())
                        .collect();
                    format!(
                        "{} {places:?} {} {labels:?} {:?} {:?}",
                        found.code, found.message, found.notes, found.help
                    )
                })
                .collect();
            wrong.push(format!("{}\n  {}", path.display(), shown.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documentation_is_that_of_every_declaration_and_goes_to_the_inner_field() {
    let text = "// one\na: 1\n// two\na: int\n// three\nb: c: {\n\t// four\n\td: 2\n}\nif true {\n\t// five\n\te: 3\n}\nf: string // six\n";
    let docs = on_big_stack(move || {
        let (_, graph) = build("in.cue", text);
        let graph = graph.unwrap();
        let at = |path: &[&str]| {
            let value = path
                .iter()
                .try_fold(graph.root(), |value, name| value.field(name));
            value
                .unwrap()
                .docs()
                .iter()
                .map(|text| text.trim_end().to_owned())
                .collect::<Vec<_>>()
                .join("|")
        };
        [
            at(&["a"]),
            at(&["b"]),
            at(&["b", "c"]),
            at(&["b", "c", "d"]),
            at(&["e"]),
            at(&["f"]),
        ]
    });
    assert_eq!(docs, ["one|two", "", "three", "four", "five", ""]);
}

#[test]
fn an_open_list_knows_what_its_further_elements_must_be() {
    let text = "#T: {name: string, ports: [...int]}\na: [...#T] & [{name: \"x\"}, ...]\nb: [...]\nc: [1, 2]\nd: [...{n: *1 | int}]\n";
    let found = on_big_stack(move || {
        let mut sources = SourceMap::new();
        let source = sources.add("in.cue", text).unwrap();
        let parsed = cue_syntax::parse(&source);
        let instance = Instance {
            path: "_".to_owned(),
            name: String::new(),
            files: vec![SourceFile {
                file: &parsed.file,
                name: "in.cue",
                scope: FileScope::ByPackageClause,
            }],
            imports: Vec::new(),
            unified: Vec::new(),
        };
        let program = lower(&[instance], &cue_std::Standard::new()).value.unwrap();
        let graph =
            cue_eval::eval_with_elements(&Arc::new(program), Budget::default(), &["a", "b", "c"]);
        let element = |name: &str| graph.root().field(name).unwrap().element_type();
        let fields = |name: &str| {
            element(name).map(|value| {
                let fields = value.fields();
                fields
                    .iter()
                    .map(|(name, _)| name.to_string())
                    .collect::<Vec<_>>()
            })
        };
        let nested = element("a").unwrap().field("ports").unwrap();
        let kind = nested.element_type().unwrap().kind();
        (fields("a"), fields("c"), fields("d"), kind)
    });
    assert_eq!(
        found,
        (
            Some(vec!["name".to_owned(), "ports".to_owned()]),
            None,
            // not among the names that were asked for
            None,
            cue_eval::Kind::INT
        )
    );
}
