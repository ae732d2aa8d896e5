//! Faults put into a good addon: each is found, by the rule and at the line where it was put.
//!
//! The addon has a template in CUE, components in CUE and in YAML, definitions of its own, and a dependency that brings one.
//! A mutation replaces one text in one file; what is expected is the id and the line of the replaced text, counted here from
//! the file itself.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails on what it does not expect"
)]

use addon_check::{Neighbours, Subject};
use source_vocab::{Place, SourceMap, VPath};
use testkit::MemoryWorld;

const METADATA: &str = r#"name: shop
version: 1.0.0
description: a shop that stands for all the others
icon: https://example.org/a.png
url: https://example.org
system:
  vela: ">=1.9.0-0"
dependencies:
- name: fluxcd
  version: ">=2.0.0"
- name: store
  version: ">=1.0.0"
"#;

const TEMPLATE: &str = r#"package main

output: {
	apiVersion: "core.oam.dev/v1beta1"
	kind:       "Application"
	spec: {
		components: [{
			name: "page"
			type: "webservice"
			properties: {
				image: "nginx:1.27.0"
				cpu:   "1"
				ports: [{
					port:   8080
					expose: true
				}]
				env: [{
					name:  "LEVEL"
					value: parameter.level
				}]
				exposeType: "NodePort"
			}
			traits: [{
				type: "scaler"
				properties: replicas: 2
			}, {
				type: "edge"
				properties: {
					mode:    "fast"
					retries: 3
				}
			}]
		}, {
			name: "goods"
			type: "bucket"
			properties: {
				size: "10Gi"
				url: value: "https://example.org"
			}
		}]
		policies: [{
			name: "where"
			type: "topology"
			properties: clusters: ["local"]
		}, {
			name: "small"
			type: "override"
			properties: components: [{
				name: "page"
				properties: cpu: "0.1"
			}]
		}]
		workflow: steps: [{
			name: "all"
			type: "step-group"
			subSteps: [{
				name: "one"
				type: "deploy"
				properties: {
					policies: ["where", "small"]
					parallelism: 2
				}
			}]
		}, {
			name: "say"
			type: "print-message-in-status"
			properties: message: "done"
		}]
	}
}
"#;

const PARAMETER: &str = r#"// +usage=How much is logged
parameter: level: *"info" | string
"#;

const WORKER: &str = r#"output: {
	type: "worker"
	properties: {
		image: "worker:1.0.0"
		livenessProbe: {
			httpGet: {
				path: "/"
				port: 80
			}
			periodSeconds: 5
		}
	}
}
"#;

const EDGE: &str = r#"edge: {
	type: "trait"
	attributes: {
		appliesToWorkloads: ["deployments.apps"]
		podDisruptive: false
	}
}
template: {
	patch: metadata: annotations: {
		mode:    parameter.mode
		retries: "\(parameter.retries)"
	}
	parameter: {
		// +usage=How it works
		mode: "fast" | "safe"
		// +usage=How often it is tried
		retries: int & >=0 & <10
	}
}
"#;

const BUCKET: &str = r#"bucket: {
	type: "component"
	attributes: workload: type: "autodetects.core.oam.dev"
}
template: {
	output: {
		apiVersion: "v1"
		kind:       "ConfigMap"
		data: size: parameter.size
	}
	parameter: {
		// +usage=How much it holds
		size: =~"^[0-9]+Gi$"
		// +usage=Where it is
		url: {value: string} | {secret: {name: string, key: string}}
	}
}
"#;

const FILES: [(&str, &str); 9] = [
    ("shop/metadata.yaml", METADATA),
    ("shop/README.md", "# Shop\n"),
    ("shop/template.cue", TEMPLATE),
    ("shop/parameter.cue", PARAMETER),
    ("shop/resources/worker.cue", WORKER),
    ("shop/definitions/edge.cue", EDGE),
    ("store/metadata.yaml", "name: store\nversion: 1.0.0\n"),
    ("store/definitions/bucket.cue", BUCKET),
    (
        "store/template.yaml",
        "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {}\n",
    ),
];

/// A fault: the file below `shop/`, what is replaced, by what, and the rule that finds it at that line.
struct Fault(&'static str, &'static str, &'static str, &'static str);

const FAULTS: [Fault; 36] = [
    Fault(
        "template.cue",
        "type: \"webservice\"",
        "type: \"webservce\"",
        "REF01",
    ),
    Fault(
        "template.cue",
        "type: \"bucket\"",
        "type: \"bukcet\"",
        "REF01",
    ),
    Fault(
        "resources/worker.cue",
        "type: \"worker\"",
        "type: \"Worker\"",
        "REF01",
    ),
    Fault(
        "resources/worker.cue",
        "type: \"worker\"",
        "type: \"webserver\"",
        "REF01",
    ),
    Fault(
        "template.cue",
        "type: \"scaler\"",
        "type: \"scalr\"",
        "REF02",
    ),
    Fault("template.cue", "type: \"edge\"", "type: \"egde\"", "REF02"),
    Fault(
        "template.cue",
        "type: \"topology\"",
        "type: \"placement\"",
        "REF02",
    ),
    Fault(
        "template.cue",
        "type: \"deploy\"",
        "type: \"deplyo\"",
        "REF02",
    ),
    Fault(
        "template.cue",
        "type: \"print-message-in-status\"",
        "type: \"print-message\"",
        "REF02",
    ),
    Fault(
        "resources/worker.cue",
        "type: \"worker\"",
        "type: \"kafka-topic\"",
        "REF03",
    ),
    Fault("template.cue", "cpu:   \"1\"", "cpus:  \"1\"", "REF04"),
    Fault("template.cue", "expose: true", "exposed: true", "REF04"),
    Fault(
        "template.cue",
        "value: parameter.level",
        "valu: parameter.level",
        "REF04",
    ),
    Fault(
        "template.cue",
        "exposeType: \"NodePort\"",
        "exposetype: \"NodePort\"",
        "REF04",
    ),
    Fault("template.cue", "replicas: 2", "replica: 2", "REF04"),
    Fault(
        "template.cue",
        "retries: 3",
        "retries: 3\n\t\t\t\t\tretry: 3",
        "REF04",
    ),
    Fault(
        "template.cue",
        "properties: clusters: [\"local\"]",
        "properties: cluster: [\"local\"]",
        "REF04",
    ),
    Fault(
        "template.cue",
        "properties: cpu: \"0.1\"",
        "properties: cqu: \"0.1\"",
        "REF04",
    ),
    Fault("template.cue", "parallelism: 2", "parallel: 2", "REF04"),
    Fault(
        "template.cue",
        "url: value: \"https://example.org\"",
        "url: valu: \"https://example.org\"",
        "REF04",
    ),
    Fault(
        "resources/worker.cue",
        "periodSeconds: 5",
        "periodSecond: 5",
        "REF04",
    ),
    Fault("template.cue", "cpu:   \"1\"", "cpu:   1", "REF05"),
    Fault("template.cue", "port:   8080", "port:   \"8080\"", "REF05"),
    Fault(
        "template.cue",
        "exposeType: \"NodePort\"",
        "exposeType: \"Nodeport\"",
        "REF05",
    ),
    Fault("template.cue", "replicas: 2", "replicas: \"2\"", "REF05"),
    Fault(
        "template.cue",
        "mode:    \"fast\"",
        "mode:    \"quick\"",
        "REF05",
    ),
    Fault("template.cue", "retries: 3", "retries: 30", "REF05"),
    Fault("template.cue", "retries: 3", "retries: null", "REF05"),
    Fault(
        "template.cue",
        "size: \"10Gi\"",
        "size: \"10 GiB\"",
        "REF05",
    ),
    Fault(
        "template.cue",
        "url: value: \"https://example.org\"",
        "url: value: 1",
        "REF05",
    ),
    Fault(
        "template.cue",
        "properties: clusters: [\"local\"]",
        "properties: clusters: \"local\"",
        "REF05",
    ),
    Fault(
        "template.cue",
        "parallelism: 2",
        "parallelism: \"two\"",
        "REF05",
    ),
    Fault(
        "resources/worker.cue",
        "port: 80",
        "port: {number: 80}",
        "REF05",
    ),
    Fault(
        "resources/worker.cue",
        "image: \"worker:1.0.0\"",
        "image: [\"worker:1.0.0\"]",
        "REF05",
    ),
    Fault(
        "template.cue",
        "properties: message: \"done\"",
        "properties: {}",
        "REF06",
    ),
    Fault(
        "template.cue",
        "type: \"edge\"",
        "type: \"pure-ingress\"",
        "REF09",
    ),
];

/// Faults that are seen at another line than the replaced text: the line that lacks something, or gets the wrong value.
const ABSENT: [(Fault, &str); 7] = [
    (
        Fault(
            "template.cue",
            "\t\t\t\timage: \"nginx:1.27.0\"\n",
            "",
            "REF06",
        ),
        "\t\t\tproperties: {\n\t\t\t\tcpu",
    ),
    (
        Fault("template.cue", "\t\t\t\t\tmode:    \"fast\"\n", "", "REF06"),
        "\t\t\t\tproperties: {\n\t\t\t\t\tretries",
    ),
    (
        Fault("template.cue", "\t\t\t\tsize: \"10Gi\"\n", "", "REF06"),
        "\t\t\tproperties: {\n\t\t\t\turl",
    ),
    (
        Fault("template.cue", "\t\t\t\t\tname:  \"LEVEL\"\n", "", "REF06"),
        "env: [{",
    ),
    (
        Fault(
            "resources/worker.cue",
            "\t\timage: \"worker:1.0.0\"\n",
            "",
            "REF06",
        ),
        "\tproperties: {",
    ),
    (
        Fault(
            "metadata.yaml",
            "- name: store\n  version: \">=1.0.0\"\n",
            "",
            "REF01",
        ),
        "type: \"bucket\"",
    ),
    (
        // one of the argument sets makes it null
        Fault(
            "parameter.cue",
            "*\"info\" | string",
            "*\"info\" | null | string",
            "REF05",
        ),
        "value: parameter.level",
    ),
];

/// The files with one text replaced.
fn mutated(fault: &Fault) -> Vec<(&'static str, String)> {
    let Fault(file, before, after, _) = fault;
    let path = format!("shop/{file}");
    let changed = FILES.map(|(name, text)| {
        if name != path {
            return (name, text.to_owned());
        }
        assert_eq!(text.matches(before).count(), 1, "`{before}` in {file}");
        (name, text.replace(before, after))
    });
    changed.to_vec()
}

/// The findings of the family, as `file:line: ID`.
fn found(files: &[(&str, String)]) -> Vec<String> {
    let world = files
        .iter()
        .fold(MemoryWorld::new(), |world, (path, text)| {
            world.file(path, text.as_str())
        });
    let names = ["store".to_owned(), "fluxcd".to_owned()];
    let neighbours = Neighbours::read(&world, &VPath::root(), names);
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &world,
        root: &VPath::root().child("shop"),
        directory: Some("shop"),
        neighbours: &neighbours,
    };
    let inspection = addon_check::inspect(&subject, &mut sources);
    let of_family = inspection
        .findings
        .iter()
        .filter(|found| found.code.starts_with("REF"));
    of_family
        .map(|found| match &found.primary.place {
            Place::Text(span) => {
                let (name, at) = sources.line_column(*span).unwrap();
                let name = name.trim_start_matches("shop/");
                format!("{name}:{}: {}", at.line, found.code)
            }
            place => format!("{place:?}: {}", found.code),
        })
        .collect()
}

/// The line at which a text begins, white space before it aside.
fn line(files: &[(&str, String)], file: &str, text: &str) -> usize {
    let path = format!("shop/{file}");
    let (_, whole) = files.iter().find(|(name, _)| *name == path).unwrap();
    let at = whole.find(text).unwrap() + text.len() - text.trim_start().len();
    whole[..at].matches('\n').count() + 1
}

#[test]
fn the_addon_without_faults_is_good() {
    let files = FILES.map(|(name, text)| (name, text.to_owned()));
    assert_eq!(found(&files), Vec::<String>::new());
}

#[test]
fn faults_are_found_where_they_were_put() {
    let mut wrong = Vec::new();
    for fault in &FAULTS {
        let Fault(file, before, after, id) = fault;
        let files = mutated(fault);
        // the last line of what was put in, which is the new one where a line was added
        let last = after.rsplit('\n').next().unwrap().trim_start();
        let expected = format!("{file}:{}: {id}", line(&files, file, last));
        let found = found(&files);
        if !found.contains(&expected) {
            wrong.push(format!("{before} -> {after}: {expected} not in {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_there_is_missed_where_it_should_be() {
    let mut wrong = Vec::new();
    for (fault, holder) in &ABSENT {
        let Fault(file, before, _, id) = fault;
        let files = mutated(fault);
        let seen_in = match *file {
            "metadata.yaml" | "parameter.cue" => "template.cue",
            file => file,
        };
        let expected = format!("{seen_in}:{}: {id}", line(&files, seen_in, holder));
        let found = found(&files);
        if !found.contains(&expected) {
            wrong.push(format!("{before}: {expected} not in {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
