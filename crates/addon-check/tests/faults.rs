//! Mistakes that authors make, put into an addon without any: each is found by the rule for it, in its line.
//!
//! A fault is a text of one file that is replaced by another. It is expected to give a finding of an id at a line; what else
//! is found of it does not matter, except that the addon without faults gives nothing.

use addon_check::{Neighbours, Subject};
use source_vocab::{Severity, SourceMap, VPath, render};
use testkit::MemoryWorld;

const METADATA: &str = r#"name: sample
version: 1.2.3
description: Serves the files of a bucket to the pods of a cluster.
icon: https://example.org/sample.png
url: https://example.org
tags:
- storage
system:
  vela: ">=1.9.0-0"
  kubernetes: ">=1.22.0-0"
needNamespace:
- sample
"#;

const PARAMETER: &str = r#"parameter: {
	// +usage=How many pods serve requests
	replicas: *1 | int
	// +usage=The image of the server
	image: *"example.org/sample:1.2.3" | string
	// +usage=When the image is pulled
	imagePullPolicy: *"IfNotPresent" | "Always" | "Never"
	// +usage=The class of the storage, none if it is left out
	storageClass?: string
	// +usage=Where the files are
	bucket: {
		// +usage=The name of the bucket
		name: *"files" | string
	}
	// +usage=Which clusters it is installed to
	clusters?: [...string]
}
"#;

const TEMPLATE: &str = r#"package main

output: {
	apiVersion: "core.oam.dev/v1beta1"
	kind:       "Application"
	spec: {
		components: [
			server,
			{
				name: "cache"
				type: "worker"
				dependsOn: ["server"]
				properties: {
					image: parameter.image
					if parameter.storageClass != _|_ {
						env: [{name: "CLASS", value: parameter.storageClass}]
					}
				}
			},
		]
		policies: [{
			name: "target"
			type: "topology"
			properties: {
				namespace: "sample"
				clusters: *["local"] | [...string]
				if parameter.clusters != _|_ {
					clusters: parameter.clusters
				}
			}
		}]
		workflow: steps: [{
			name: "deploy"
			type: "deploy"
			properties: policies: ["target"]
		}]
	}
}
"#;

const SERVER: &str = r#"package main

server: {
	name: "server"
	type: "webservice"
	properties: {
		image:           parameter.image
		imagePullPolicy: parameter.imagePullPolicy
		cmd: ["serve", "--bucket", parameter.bucket.name]
	}
	traits: [{
		type: "scaler"
		properties: replicas: parameter.replicas
	}]
}
"#;

const README: &str = "# sample

Serves the files of a bucket to the pods of a cluster, with a cache in front of it.

```shell
vela addon enable sample replicas=3
```
";

const NOTES: &str = "notes: \"see it with: vela status addon-sample -n vela-system\"\n";

fn addon() -> Vec<(&'static str, String)> {
    [
        ("metadata.yaml", METADATA),
        ("parameter.cue", PARAMETER),
        ("template.cue", TEMPLATE),
        ("resources/server.cue", SERVER),
        ("README.md", README),
        ("NOTES.cue", NOTES),
        ("examples/three.yaml", "replicas: 3\n"),
    ]
    .map(|(path, text)| (path, text.to_owned()))
    .to_vec()
}

/// `path:line ID` of all findings down to a severity.
fn found(files: &[(&str, String)], least: Severity) -> Vec<String> {
    let world = files
        .iter()
        .fold(MemoryWorld::new(), |world, (path, text)| {
            world.file(path, text.as_str())
        });
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &world,
        root: &VPath::root(),
        directory: Some("sample"),
        neighbours: &Neighbours::none(),
    };
    let findings = addon_check::inspect(&subject, &mut sources).findings;
    findings
        .iter()
        .filter(|found| found.severity >= least)
        .map(|found| {
            let line = render::concise(found, &sources, &|path| path.as_str().to_owned());
            let path: Vec<&str> = line.split(':').take(2).collect();
            let place = match path.as_slice() {
                [path, number] if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    format!("{path}:{number}")
                }
                [path, ..] => (*path).to_owned(),
                [] => String::new(),
            };
            format!("{place} {}", found.code)
        })
        .collect()
}

/// A fault: the file, what is replaced, by what, and what is found.
type Fault = (&'static str, &'static str, &'static str, &'static str);

const FAULTS: &[Fault] = &[
    // metadata.yaml
    (
        "metadata.yaml",
        "name: sample",
        "name: Sample_1",
        "metadata.yaml:1 META02",
    ),
    (
        "metadata.yaml",
        "name: sample",
        "name: view",
        "metadata.yaml:1 META03",
    ),
    (
        "metadata.yaml",
        "1.2.3",
        "v1beta2-1.2.3-3",
        "metadata.yaml:2 META04",
    ),
    (
        "metadata.yaml",
        "1.2.3",
        "1.2.3+build.7",
        "metadata.yaml:2 META04",
    ),
    ("metadata.yaml", "1.2.3", "v1.2.3", "metadata.yaml:2 META05"),
    ("metadata.yaml", "1.2.3", "1.2", "metadata.yaml:2 META01"),
    (
        "metadata.yaml",
        "needNamespace",
        "needNamespaces",
        "metadata.yaml:11 META07",
    ),
    (
        "metadata.yaml",
        "- sample",
        "- Sample",
        "metadata.yaml:12 META08",
    ),
    (
        "metadata.yaml",
        "- sample",
        "- sample\n- sample",
        "metadata.yaml:13 APP04",
    ),
    (
        "metadata.yaml",
        "- sample",
        "- kube-system",
        "metadata.yaml:12 META19",
    ),
    (
        "metadata.yaml",
        ">=1.9.0-0",
        ">=1.4.0-0",
        "metadata.yaml:9 META10",
    ),
    (
        "metadata.yaml",
        ">=1.9.0-0",
        ">=v1.9 || dev",
        "metadata.yaml:9 META11",
    ),
    (
        "metadata.yaml",
        ">=1.22.0-0",
        ">=1.22.0",
        "metadata.yaml:10 META12",
    ),
    (
        "metadata.yaml",
        ">=1.22.0-0",
        ">=1.25 <1.22",
        "metadata.yaml:10 META17",
    ),
    (
        "metadata.yaml",
        "\">=1.9.0-0\"",
        "v1.9.0",
        "metadata.yaml:9 META18",
    ),
    (
        "metadata.yaml",
        "https://example.org/sample.png",
        "http://10.0.0.1/a.png",
        "metadata.yaml:4 META13",
    ),
    (
        "metadata.yaml",
        "- storage",
        "- storage\n- Storage",
        "metadata.yaml:8 META16",
    ),
    (
        "metadata.yaml",
        "tags:\n",
        "Name: sample\ntags:\n",
        "metadata.yaml:6 META16",
    ),
    // parameter.cue
    (
        "parameter.cue",
        "\t// +usage=How many pods serve requests\n",
        "",
        "parameter.cue:2 PAR03",
    ),
    (
        "parameter.cue",
        "+usage=How",
        "+uasge=How",
        "parameter.cue:2 PAR14",
    ),
    (
        "parameter.cue",
        "parameter: {",
        "parameters: {",
        "parameter.cue:1 PAR13",
    ),
    (
        "parameter.cue",
        "parameter: {",
        "parameter: close({",
        "parameter.cue:1 PAR06",
    ),
    (
        "parameter.cue",
        "*\"IfNotPresent\" | \"Always\" | \"Never\"",
        "*\"IfNotPresent\" | string",
        "parameter.cue:7 PAR05",
    ),
    (
        "parameter.cue",
        "storageClass?: string",
        "storageClass?: *\"\" | string",
        "parameter.cue:9 PAR12",
    ),
    (
        "parameter.cue",
        "storageClass?: string",
        "storageClass: *\"\" | string",
        "template.cue:15 CUE13",
    ),
    (
        "parameter.cue",
        "clusters?:",
        "clusters:",
        "parameter.cue:16 PAR08",
    ),
    (
        "parameter.cue",
        "*1 | int",
        "*\"1\" | int",
        "parameter.cue:3 CUE12",
    ),
    (
        "parameter.cue",
        "*1 | int",
        "*1 | int\n\tadminPassword: *\"secret\" | string",
        "parameter.cue:4 PAR07",
    ),
    (
        "parameter.cue",
        "*1 | int",
        "*1 | int\n\t\"a.b\": *1 | int",
        "parameter.cue:4 PAR09",
    ),
    (
        "parameter.cue",
        "*1 | int",
        "*1 | int\n\tport_number: *1 | int",
        "parameter.cue:4 PAR11",
    ),
    (
        "parameter.cue",
        "*1 | int",
        "*1 | int\n\tidle: *1 | int",
        "parameter.cue:4 PAR02",
    ),
    (
        "parameter.cue",
        "replicas: *1",
        "replica: *1",
        "resources/server.cue:13 PAR01",
    ),
    (
        "parameter.cue",
        "name: *\"files\"",
        "title: *\"files\"",
        "resources/server.cue:9 PAR01",
    ),
    // template.cue and resources
    (
        "template.cue",
        "image: parameter.image",
        "image: parameter.imag",
        "template.cue:14 PAR01",
    ),
    (
        "template.cue",
        "image: parameter.image",
        "image: \"parameter.image\"",
        "template.cue:14 CUE16",
    ),
    (
        "template.cue",
        "image: parameter.image",
        "image: https://example.org/a",
        "template.cue:14 CUE15",
    ),
    (
        "template.cue",
        "image: parameter.image",
        "args: [\"a\"] + [\"b\"]",
        "template.cue:14 CUE07",
    ),
    (
        "template.cue",
        "image: parameter.image",
        "image: image",
        "template.cue:14 CUE10",
    ),
    (
        "template.cue",
        "image: parameter.image",
        "image: \"a\" | \"b\"",
        "template.cue:14 CUE12",
    ),
    (
        "template.cue",
        "package main\n",
        "package main\n\nimport \"strings\"\n",
        "template.cue:3 CUE05",
    ),
    (
        "template.cue",
        "name: \"cache\"",
        "name: \"server\"",
        "template.cue:10 APP04",
    ),
    (
        "template.cue",
        "name: \"cache\"",
        "name: \"My_Cache\"",
        "template.cue:10 APP05",
    ),
    (
        "template.cue",
        "\t\t\t\tname: \"cache\"\n",
        "",
        "template.cue:9 APP03",
    ),
    (
        "template.cue",
        "\t\t\t\ttype: \"worker\"\n",
        "",
        "template.cue:9 APP03",
    ),
    (
        "template.cue",
        "dependsOn: [\"server\"]",
        "dependsOn: [\"serve\"]",
        "template.cue:12 APP08",
    ),
    (
        "template.cue",
        "policies: [\"target\"]",
        "policies: [\"targets\"]",
        "template.cue:35 APP09",
    ),
    (
        "template.cue",
        "type: \"worker\"",
        "type: \"raw\"",
        "template.cue:11 APP11",
    ),
    (
        "template.cue",
        "*[\"local\"]",
        "*[\"prod\"]",
        "template.cue:26 APP09",
    ),
    (
        "resources/server.cue",
        "package main\n",
        "package other\n",
        "resources/server.cue:1 CUE02",
    ),
    (
        "resources/server.cue",
        "package main\n",
        "",
        "resources/server.cue:2 APP12",
    ),
    // the others
    ("README.md", "replicas=3", "replica=3", "README.md:6 LAY14"),
    (
        "README.md",
        "# sample\n",
        "# sample\n\n[more](docs/more.md)\n",
        "README.md:3 LAY17",
    ),
    (
        "NOTES.cue",
        "notes:",
        "package main\n\nnotes:",
        "NOTES.cue:1 NOTE01",
    ),
    ("NOTES.cue", "notes:", "note:", "NOTES.cue:1 NOTE04"),
    (
        "NOTES.cue",
        "addon-sample",
        "addon-other",
        "NOTES.cue:1 NOTE03",
    ),
];

#[test]
fn the_addon_without_faults_gives_nothing() {
    let all = found(&addon(), Severity::Warning);
    assert_eq!(all, Vec::<String>::new());
}

#[test]
fn each_fault_is_found_in_its_line() {
    let mut missed = Vec::new();
    for (path, from, to, expected) in FAULTS {
        let mut files = addon();
        let file = files.iter_mut().find(|(other, _)| other == path).unwrap();
        assert!(file.1.contains(from), "{path} has no `{from}`");
        file.1 = file.1.replacen(from, to, 1);
        let all = found(&files, Severity::Info);
        if !all.iter().any(|found| found == expected) {
            missed.push(format!(
                "{path}: `{from}` as `{to}`: {expected} is not in {all:?}"
            ));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of {}\n{}",
        missed.len(),
        FAULTS.len(),
        missed.join("\n")
    );
}
