//! The groups of the corpus that run inside this process.

use crate::Case;
use crate::compare::{Order, difference};
use cue_engine::export::cue;
use cue_engine::{Budget, Evaluation, LoadRequest, Package, Session, load};
use serde_json::Value;
use source_vocab::{Severity, SourceMap, VPath};
use std::path::{Path, PathBuf};
use testkit::{MemoryWorld, parse_txtar};

/// The groups by name.
pub(crate) const GROUPS: [(&str, fn(&Path) -> Vec<Case>); 5] = [
    ("parse", parse),
    ("fmt", fmt),
    ("snippets", snippets),
    ("eval", eval),
    ("builtins", builtins),
];

type Results = Vec<(&'static str, Result<(), String>)>;

fn lines(path: &Path) -> Vec<Value> {
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case a line"))
        .collect()
}

fn text(case: &Value, key: &str) -> String {
    case.get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn parse(corpus: &Path) -> Vec<Case> {
    lines(&corpus.join("parse/cases.jsonl"))
        .into_iter()
        .map(|case| Case {
            name: text(&case, "id"),
            group: "parse",
            run: Box::new(move || parse_case(&case)),
        })
        .collect()
}

fn parse_case(case: &Value) -> Results {
    let mut sources = SourceMap::new();
    let source = sources.add("in.cue", text(case, "src")).expect("small");
    let parsed = cue_engine::syntax::parse(&source);
    let first = parsed
        .errors
        .iter()
        .find(|found| found.severity == Severity::Error);
    let wants_error = text(case, "result") == "error";
    let verdict = if wants_error == first.is_some() {
        Ok(())
    } else if wants_error {
        Err(format!("accepted, want: {}", text(case, "msg")))
    } else {
        Err(format!(
            "refused: {}",
            first.map_or("", |found| &found.message)
        ))
    };
    let mut results = vec![("parse", verdict)];
    if wants_error && let Some(found) = first {
        let number = |key: &str| case.get(key).and_then(Value::as_u64).unwrap_or(0);
        let place = match &found.primary.place {
            source_vocab::Place::Text(span) => sources
                .line_column(*span)
                .map_or((0, 0), |(_, at)| (at.line as u64, at.column as u64)),
            source_vocab::Place::Path(_) | source_vocab::Place::Nowhere => (0, 0),
        };
        let wanted = (number("line"), number("col"));
        results.push((
            "parse-place",
            if place == wanted {
                Ok(())
            } else {
                Err(format!(
                    "want {wanted:?} {} got {place:?} {}",
                    text(case, "msg"),
                    found.message
                ))
            },
        ));
    }
    results
}

fn first_difference(wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    let (mut wanted_lines, mut found_lines) = (wanted.lines(), found.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (wanted_lines.next(), found_lines.next()) {
            (None, None) => return Err("line ends differ".to_owned()),
            (a, b) if a == b => {}
            (a, b) => return Err(format!("line {number}: want {a:?} got {b:?}")),
        }
    }
}

fn formatted(source: &str, simplify: bool) -> Result<String, String> {
    let mut sources = SourceMap::new();
    let source = sources
        .add("in.cue", source)
        .map_err(|error| error.to_string())?;
    let parsed = cue_engine::syntax::parse(&source);
    if let Some(found) = parsed.errors.first() {
        return Err(format!("does not parse: {}", found.message));
    }
    let options = cue_engine::syntax::format::Options { simplify };
    Ok(cue_engine::syntax::format(&parsed.file, options))
}

fn fmt_case(source: &str, plain: &str, simple: &str) -> Results {
    let check = |wanted: &str, simplify| {
        formatted(source, simplify).and_then(|found| first_difference(wanted, &found))
    };
    vec![
        ("fmt", check(plain, false)),
        ("fmt-simplify", check(simple, true)),
    ]
}

fn fmt(corpus: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for directory in directories(&corpus.join("fmt")) {
        let read = |name: &str| std::fs::read_to_string(directory.join(name)).unwrap_or_default();
        let (source, plain, simple) = (
            read("input.cue"),
            read("golden.cue"),
            read("golden.simplify.cue"),
        );
        cases.push(Case {
            name: name_of(&directory),
            group: "fmt",
            run: Box::new(move || fmt_case(&source, &plain, &simple)),
        });
    }
    for case in lines(&corpus.join("fmt/extra.jsonl")) {
        let source = text(&case, "src");
        let or = |key: &str, otherwise: &str| {
            case.get(key)
                .and_then(Value::as_str)
                .unwrap_or(otherwise)
                .to_owned()
        };
        let plain = or("golden", &source);
        let simple = or("simplify", &plain);
        cases.push(Case {
            name: text(&case, "id"),
            group: "fmt-extra",
            run: Box::new(move || {
                fmt_case(&source, &plain, &simple)
                    .into_iter()
                    .map(|(group, result)| {
                        let group = if group == "fmt" {
                            "fmt-extra"
                        } else {
                            "fmt-extra-simplify"
                        };
                        (group, result)
                    })
                    .collect()
            }),
        });
    }
    cases
}

fn directories(of: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(of)
        .map(|entries| {
            entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.is_dir())
                .collect()
        })
        .unwrap_or_default();
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn budget() -> Budget {
    Budget {
        nodes: 3_000_000,
        disjuncts: 300_000,
        bytes: 1 << 28,
        ..Budget::default()
    }
}

/// Evaluates files and compares with a golden: value, order, export, validity.
fn check(
    world: &MemoryWorld,
    files: Vec<VPath>,
    golden: &Value,
    groups: [&'static str; 4],
) -> Results {
    let mut session = Session::new().with_budget(budget());
    let request = LoadRequest {
        files,
        module_root: Some(VPath::root()),
        ..LoadRequest::default()
    };
    let package = load(&mut session, world, &request);
    let evaluation = session.evaluate(&package);
    let dump = cue_engine::dump::dump(&evaluation);
    let dump = serde_json::from_str(&dump).expect("a dump is JSON");
    let mut results = compared(golden, &dump, groups);
    if let (Some(wanted), Some(root)) = (
        golden.get("eval").and_then(Value::as_str),
        evaluation.root(),
    ) {
        results.push((
            "eval-print",
            printed(&session, &package, &evaluation, root, wanted),
        ));
    }
    results
}

/// What `cue eval` prints; the formatter of cue has spaces there instead of tabs.
fn printed(
    session: &Session,
    package: &Package,
    evaluation: &Evaluation,
    root: cue_engine::Value<'_>,
    wanted: &str,
) -> Result<(), String> {
    let found = cue::text(
        session,
        package,
        evaluation,
        root,
        cue::Profile::EVAL,
        cue::Style::default(),
    );
    let mut spaced = String::new();
    for line in found.split_inclusive('\n') {
        let rest = line.trim_start_matches('\t');
        spaced.push_str(&"    ".repeat(line.len() - rest.len()));
        spaced.push_str(rest);
    }
    first_difference(wanted, &spaced)
}

fn compared(golden: &Value, dump: &Value, groups: [&'static str; 4]) -> Results {
    let part = |of: &Value, key: &str| of.get(key).cloned().unwrap_or(Value::Null);
    let (wanted, found) = (part(golden, "value"), part(dump, "value"));
    let value = |order| {
        if wanted.is_null() || found.is_null() {
            return if wanted.is_null() && found.is_null() {
                Ok(())
            } else if wanted.is_null() {
                Err(format!("compiles, want: {}", text(golden, "build_error")))
            } else {
                Err(format!("does not compile: {}", text(dump, "build_error")))
            };
        }
        difference(&wanted, &found, order, "").map_or(Ok(()), Err)
    };
    let [by_value, by_order, by_export, by_validity] = groups;
    let mut results = vec![
        (by_value, value(Order::Ignored)),
        (by_order, value(Order::Counts)),
    ];
    let (wanted, found) = (part(golden, "export"), part(dump, "export"));
    results.push((
        by_export,
        match (wanted.as_str(), found.as_str()) {
            (None, None) => Ok(()),
            (Some(_), None) => Err("not exportable".to_owned()),
            (None, Some(_)) => Err(format!(
                "exportable, want: {}",
                text(golden, "export_error")
                    .lines()
                    .next()
                    .unwrap_or_default()
            )),
            (Some(wanted), Some(found)) => first_difference(wanted, found),
        },
    ));
    let (wanted, found) = (part(golden, "valid"), part(dump, "valid"));
    results.push((
        by_validity,
        if wanted == found {
            Ok(())
        } else {
            Err(format!("want {wanted}: {}", text(golden, "valid_error")))
        },
    ));
    results
}

fn snippets(corpus: &Path) -> Vec<Case> {
    lines(&corpus.join("snippets/cases.jsonl"))
        .into_iter()
        .map(|case| Case {
            name: text(&case, "id"),
            group: "snippets",
            run: Box::new(move || {
                let world = MemoryWorld::new().file("in.cue", text(&case, "src"));
                let golden = case.get("golden").cloned().unwrap_or(Value::Null);
                check(
                    &world,
                    VPath::parse("in.cue").into_iter().collect(),
                    &golden,
                    [
                        "snippets",
                        "snippets-order",
                        "snippets-export",
                        "snippets-valid",
                    ],
                )
            }),
        })
        .collect()
}

/// The folders at or below `of` that hold a golden.
fn golden_directories(of: &Path) -> Vec<PathBuf> {
    if of.join("golden.json").is_file() {
        return vec![of.to_owned()];
    }
    directories(of)
        .iter()
        .flat_map(|inner| golden_directories(inner))
        .collect()
}

fn archives(of: &Path, groups: [&'static str; 4]) -> Vec<Case> {
    golden_directories(of)
        .into_iter()
        .map(|archive| Case {
            name: archive
                .strip_prefix(of)
                .map(|path| path.to_string_lossy().into_owned())
                .unwrap_or_default(),
            group: groups[0],
            run: Box::new(move || archive_case(&archive, groups)),
        })
        .collect()
}

fn archive_case(archive: &Path, groups: [&'static str; 4]) -> Results {
    let read =
        |name: &str| std::fs::read_to_string(archive.join(name)).expect("a file of the case");
    let source = read("in.txtar");
    let golden: Value = serde_json::from_str(&read("golden.json")).expect("a golden");
    let files = parse_txtar(&source)
        .files
        .into_iter()
        .map(|file| file.name)
        .filter(|name| !name.contains('/') && name.ends_with(".cue"))
        .filter_map(|name| VPath::parse(&name))
        .collect();
    check(&MemoryWorld::from_txtar(&source), files, &golden, groups)
}

fn eval(corpus: &Path) -> Vec<Case> {
    archives(
        &corpus.join("eval"),
        ["eval", "eval-order", "eval-export", "eval-valid"],
    )
}

fn builtins(corpus: &Path) -> Vec<Case> {
    archives(
        &corpus.join("builtins"),
        [
            "builtins",
            "builtins-order",
            "builtins-export",
            "builtins-valid",
        ],
    )
}
