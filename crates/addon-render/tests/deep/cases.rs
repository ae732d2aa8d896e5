//! The cases: every folder below `workloads` with its Application, its definitions and its golden (FORMAT.md section 7).

use addon_render::deep::{self, ClusterVersion, Definitions, Request};
use addon_render::definition::Kind;
use cue_engine::Session;
use source_vocab::Diagnostic;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use testkit::ratchet::Results;

/// All groups.
pub(crate) fn run(corpus: &Path) -> Vec<(&'static str, Results)> {
    let mut groups = vec![
        ("workloads", Results::new()),
        ("workloads-text", Results::new()),
        ("examples", Results::new()),
        ("examples-text", Results::new()),
    ];
    let mut slowest: Vec<(Duration, String)> = Vec::new();
    let mut total = Duration::ZERO;
    let mut components = 0;
    for folder in entries(&corpus.join("workloads")) {
        if folder.ends_with("_examples") {
            for case in entries(&folder) {
                let name = file_name(&case);
                let took = one(corpus, &case, name.clone(), &mut groups, 2, &mut components);
                total += took;
                slowest.push((took, name));
            }
            continue;
        }
        for case in entries(&folder) {
            let name = format!("{}/{}", file_name(&folder), file_name(&case));
            let took = one(corpus, &case, name.clone(), &mut groups, 0, &mut components);
            total += took;
            slowest.push((took, name));
        }
    }
    slowest.sort_by(|left, right| right.cmp(left));
    println!(
        "{} cases, {components} components rendered in {total:?}; slowest {:?}",
        slowest.len(),
        slowest.iter().take(3).collect::<Vec<_>>()
    );
    groups
}

fn one(
    corpus: &Path,
    case: &Path,
    name: String,
    groups: &mut [(&'static str, Results)],
    group: usize,
    components: &mut usize,
) -> Duration {
    let Some((outcome, took)) = render(corpus, case) else {
        return Duration::ZERO;
    };
    if let Ok(rendered) = &outcome {
        *components += rendered.1;
    }
    let (documents, text) = compare(case, outcome.map(|(text, _)| text));
    if let Some((_, results)) = groups.get_mut(group) {
        results.insert(name.clone(), documents);
    }
    if let Some((_, results)) = groups.get_mut(group + 1)
        && let Some(text) = text
    {
        results.insert(name, text);
    }
    took
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of the corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    found.sort();
    found
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Where the object of a definition is, by the file that the corpus names for it.
fn object_of(corpus: &Path, source: &str) -> PathBuf {
    let short = source
        .trim_start_matches("experimental/")
        .trim_start_matches("addons/")
        .replace("/definitions/", "/");
    corpus
        .join("definitions")
        .join(short)
        .with_extension("yaml")
}

/// The text of the dry run and the number of components, or what was found.
type Outcome = Result<(String, usize), Vec<Diagnostic>>;

/// Renders a case; gives how long that took. None for a case whose definitions the corpus does not have (they may be given
/// as a checkout of their sources in `ADDON_PACK_DEFINITION_SOURCES`).
fn render(corpus: &Path, case: &Path) -> Option<(Outcome, Duration)> {
    let mut session = Session::new();
    let mut definitions = Definitions::new();
    let mut found = Vec::new();
    if let Ok(text) = std::fs::read(case.join("definition.cue")) {
        found.extend(definitions.add_cue(&mut session, "definition.cue", text));
    }
    let params: serde_json::Value = serde_json::from_slice(
        &std::fs::read(case.join("params.json")).expect("params.json of a case"),
    )
    .expect("JSON in params.json");
    for source in params["definitions"].as_object().into_iter().flatten() {
        let source = source.1.as_str().unwrap_or_default();
        let path = object_of(corpus, source);
        if let Ok(text) = std::fs::read(&path) {
            found.extend(definitions.add_yaml(&mut session, &file_name(&path), text));
        } else if let Some(extra) = std::env::var_os("ADDON_PACK_DEFINITION_SOURCES")
            && let Ok(text) = std::fs::read(Path::new(&extra).join(source))
        {
            found.extend(definitions.add_cue(&mut session, source, text));
        }
    }
    let unknown = params["definitions"]
        .as_object()
        .into_iter()
        .flatten()
        .any(|(key, _)| {
            let (kind, name) = key.split_once('/').unwrap_or_default();
            let kind = Kind::of_object_kind(kind);
            kind.is_none_or(|kind| !definitions.names(kind).any(|known| known == name))
        });
    if unknown {
        return None;
    }
    let cluster_version = match params["clusterMinor"].as_str() {
        Some("29") => ClusterVersion {
            major: "1".to_owned(),
            minor: 29,
            git_version: "v1.29.0".to_owned(),
            platform: "linux/amd64".to_owned(),
        },
        _ => ClusterVersion::default(),
    };
    let text = std::fs::read(case.join("app.yaml")).expect("app.yaml of a case");
    let source = cue_engine::data_file::add(session.sources_mut(), "app.yaml", text)
        .expect("room for a source");
    let application = goyaml::read_tree(
        source.text().as_bytes(),
        source.base(),
        goyaml::Strictness::Lenient,
    )
    .expect("YAML in app.yaml");
    let started = Instant::now();
    let outcome = deep::render(
        &session,
        Request {
            application: &application,
            namespace: "default",
            definitions: &definitions,
            cluster_version: &cluster_version,
            clusters: &[],
        },
    );
    let took = started.elapsed();
    found.extend(outcome.diagnostics);
    let result = match outcome.value {
        Some(rendering) => {
            let count = rendering
                .groups
                .iter()
                .map(|group| group.components.len())
                .sum();
            Ok((deep::dry_run_text(&rendering), count))
        }
        None => Err(found),
    };
    Some((result, took))
}

type Check = Result<(), String>;

fn compare(case: &Path, outcome: Result<String, Vec<Diagnostic>>) -> (Check, Option<Check>) {
    let golden = std::fs::read_to_string(case.join("output.yaml"));
    match (golden, outcome) {
        (Ok(golden), Ok(text)) => {
            if golden == text {
                return (Ok(()), Some(Ok(())));
            }
            let difference = first_difference(&golden, &text);
            let documents = if documents(&golden) == documents(&text) {
                Ok(())
            } else {
                Err(difference.clone())
            };
            (documents, Some(Err(difference)))
        }
        (Ok(_), Err(found)) => {
            let mut why = String::from("fails");
            for diagnostic in found.iter().take(3) {
                let _ = write!(why, "; {}: {}", diagnostic.code, diagnostic.message);
            }
            (Err(why.clone()), Some(Err(why)))
        }
        (Err(_), Err(_)) => (Ok(()), None),
        (Err(_), Ok(_)) => {
            let error = std::fs::read_to_string(case.join("error.txt")).unwrap_or_default();
            (
                Err(format!("renders, and KubeVela says: {}", error.trim())),
                None,
            )
        }
    }
}

fn first_difference(golden: &str, text: &str) -> String {
    let (mut wanted, mut got) = (golden.lines(), text.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (wanted.next(), got.next()) {
            (Some(wanted), Some(got)) if wanted == got => {}
            (None, None) => return "line ends differ".to_owned(),
            (wanted, got) => return format!("line {line}: wanted {wanted:?}, got {got:?}"),
        }
    }
}

/// Headings and parsed documents.
fn documents(text: &str) -> Vec<(String, Option<goyaml::Value>)> {
    text.split("\n---\n")
        .map(|part| {
            let heading: String = part.lines().filter(|line| line.starts_with('#')).collect();
            (heading, goyaml::from_slice(part.as_bytes()).ok())
        })
        .collect()
}
