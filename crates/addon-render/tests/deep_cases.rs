//! Deep rendering of small applications, one behaviour each.
//!
//! `deep_cases/NAME.yaml` is an Application that names definitions of `deep_cases/definitions`; `NAME.out` is what
//! `vela dry-run --offline` of kubevela 5a44b5f10 prints for it, and `NAME.codes`, where vela fails, the codes of what is found
//! here, one a line.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its own cases from the real disk and may fail"
)]

use addon_render::deep::{ClusterVersion, Definitions, Request, dry_run_text, render};
use addon_render::definition::Kind;
use cue_engine::{Budget, Session, data_file};
use source_vocab::Severity;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deep_cases")
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|known| known == extension))
        .collect();
    found.sort();
    found
}

fn definitions(session: &mut Session) -> Definitions {
    let mut definitions = Definitions::new();
    let folder = folder().join("definitions");
    for path in files(&folder, "cue")
        .into_iter()
        .chain(files(&folder, "yaml"))
    {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = definitions.add_file(session, &name, fs::read(&path).unwrap());
        assert_eq!(found, [], "{name}");
    }
    definitions
}

/// The text of the dry run, or the codes of the errors.
fn run(application: &[u8]) -> Result<String, Vec<String>> {
    let application = application.to_vec();
    std::thread::Builder::new()
        .stack_size(Budget::STACK)
        .spawn(move || {
            let mut session = Session::new();
            let definitions = definitions(&mut session);
            let source = data_file::add(session.sources_mut(), "app.yaml", application).unwrap();
            let text = source.text().as_bytes();
            let tree = goyaml::read_tree(text, source.base(), goyaml::Strictness::Lenient).unwrap();
            let outcome = render(
                &session,
                Request {
                    application: &tree,
                    namespace: "default",
                    definitions: &definitions,
                    cluster_version: &ClusterVersion::default(),
                    clusters: &[],
                },
            );
            let errors = outcome
                .diagnostics
                .iter()
                .filter(|found| found.severity == Severity::Error);
            outcome
                .value
                .map(|rendering| dry_run_text(&rendering))
                .ok_or_else(|| errors.map(|found| found.code.to_string()).collect())
        })
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn every_case_gives_what_vela_gives_or_its_errors() {
    let cases = files(&folder(), "yaml");
    assert!(cases.len() > 20, "the cases are there");
    let mut wrong = Vec::new();
    for case in cases {
        let text = fs::read_to_string(case.with_extension("out"));
        let codes = fs::read_to_string(case.with_extension("codes"));
        let wanted = match (text, codes) {
            (Ok(text), Err(_)) => Ok(text),
            (Err(_), Ok(codes)) => Err(codes.lines().map(str::to_owned).collect()),
            _ => panic!("{} has neither or both of .out and .codes", case.display()),
        };
        let got = run(&fs::read(&case).unwrap());
        if got != wanted {
            wrong.push(format!(
                "{}\nwanted {wanted:?}\ngot    {got:?}",
                case.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_revision_or_a_workload_definition_stands_for_a_component_definition() {
    let of = |kind: &str| {
        format!("metadata: {{name: a}}\nspec:\n  components:\n  - {{name: c, type: {kind}}}\n")
    };
    let plain = run(of("comp1").as_bytes()).unwrap();
    assert_eq!(run(of("comp1@v2").as_bytes()), Ok(plain));
    let workload = run(of("wl1").as_bytes()).unwrap();
    assert!(
        workload.contains("workload.oam.dev/type: wl1\n"),
        "{workload}"
    );
}

#[test]
fn what_is_added_first_counts_and_lists_are_looked_into() {
    let mut session = Session::new();
    let mut definitions = Definitions::new();
    let list = |name: &str, template: &str| {
        format!(
            "kind: List\nitems:\n- kind: ConfigMap\n- kind: TraitDefinition\n  metadata: {{name: {name}}}\n  \
             spec: {{extension: {{template: '{template}'}}}}\n---\nkind: PolicyDefinition\nmetadata: {{name: {name}}}\n"
        )
    };
    for (name, template) in [("a", "x: 1"), ("b", "x: 2"), ("a", "x: {")] {
        definitions.add_yaml(&mut session, "dump.yaml", list(name, template).into_bytes());
    }
    let names: Vec<&str> = definitions.names(Kind::Trait).collect();
    assert_eq!((names, definitions.len()), (vec!["a", "b"], 4));
    // a file that holds no definition is none of our business, broken or not
    let found = definitions.add_file(&mut session, "values.yaml", b"{{ x".to_vec());
    assert_eq!(found, []);
    let broken = b"apiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nspec: [\n".to_vec();
    let found = definitions.add_file(&mut session, "broken.yaml", broken);
    assert!(
        found
            .iter()
            .all(|found| found.severity == Severity::Warning)
    );
    assert!(!found.is_empty());
}
