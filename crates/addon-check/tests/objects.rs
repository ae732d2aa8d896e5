//! Faults put into a good addon with objects: each is found, by the rule and at the line where it was put.
//!
//! The addon brings a workload in CUE, rights in YAML, a chart, a definition, a config template, a view and a UI schema. A
//! fault replaces one text of one file; what is expected is an id and the line of what was put in, counted here from
//! the file itself. A fault that is seen elsewhere names the text of that line.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails on what it does not expect"
)]

use addon_check::{Neighbours, Subject};
use source_vocab::{Place, Severity, SourceMap, VPath};
use testkit::MemoryWorld;

const FILES: [(&str, &str); 11] = [
    (
        "metadata.yaml",
        r#"name: shop
version: 1.0.0
description: a shop that stands for all the others
icon: https://example.org/a.png
url: https://example.org
system:
  vela: ">=1.9.0-0"
needNamespace: [shop]
dependencies:
- name: base
  version: ">=2.0.0 <3.0.0"
"#,
    ),
    ("README.md", "# Shop\n\nEnable base first.\n"),
    (
        "template.yaml",
        r"apiVersion: core.oam.dev/v1beta1
kind: Application
spec: {}
",
    ),
    (
        "parameter.cue",
        r#"parameter: {
	// +usage=Where images are pulled from
	registry: *"ghcr.io/" | string
	// +usage=The password of the administrator
	adminPassword?: string
}
"#,
    ),
    (
        "resources/web.cue",
        r#"output: {
	type: "k8s-objects"
	properties: objects: [{
		apiVersion: "apps/v1"
		kind:       "Deployment"
		metadata: {
			name:      "web"
			namespace: "shop"
		}
		spec: {
			selector: matchLabels: app: "web"
			template: {
				metadata: labels: app: "web"
				spec: {
					serviceAccountName: "web"
					containers: [{
						name:  "web"
						image: parameter.registry + "org/web:1.2.0"
						args: ["--verbose"]
						env: [{
							name: "LEVEL"
							valueFrom: configMapKeyRef: {
								name: "settings"
								key:  "level"
							}
						}]
						ports: [{
							name:          "http"
							containerPort: 8080
						}]
						readinessProbe: httpGet: {
							path: "/"
							port: "http"
						}
						resources: requests: cpu: "10m"
					}]
				}
			}
		}
	}, {
		apiVersion: "v1"
		kind:       "Service"
		metadata: {
			name:      "web"
			namespace: "shop"
		}
		spec: {
			selector: app: "web"
			ports: [{
				port:       80
				targetPort: "http"
			}]
		}
	}, {
		apiVersion: "v1"
		kind:       "ConfigMap"
		metadata: {
			name:      "settings"
			namespace: "shop"
		}
		data: level: "info"
	}]
}
"#,
    ),
    (
        "resources/rights.yaml",
        r"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop-web
rules:
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list]
",
    ),
    (
        "resources/account.yaml",
        r"apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
",
    ),
    (
        "resources/binding.yaml",
        r"apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: shop-web
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: shop-web
subjects:
- kind: ServiceAccount
  name: web
  namespace: shop
",
    ),
    (
        "definitions/store.cue",
        r##"store: {
	type:        "component"
	description: "A store"
	attributes: {
		workload: type: "autodetects.core.oam.dev"
		status: {
			customStatus: #"""
				message: "phase: \(context.output.status.phase)"
				"""#
			healthPolicy: #"""
				isHealth: context.output.status.phase == "Running"
				"""#
		}
	}
}
template: {
	output: {
		apiVersion: "v1"
		kind:       "ConfigMap"
		data: size: "\(len(parameter.names))"
	}
	parameter: {
		// +usage=The names
		names: [...string]
	}
}
"##,
    ),
    (
        "config-templates/store.cue",
        r#"metadata: {
	name:      "store"
	scope:     "system"
	sensitive: true
}
template: {
	nacos: {
		endpoint: name: "nacos"
		content: parameter.password
	}
	parameter: {
		// +usage=The password
		password: string
	}
}
"#,
    ),
    (
        "schemas/component-uischema-store.yaml",
        r"- jsonKey: names
  label: Names
",
    ),
];

/// File, text, what is put in its place, rule, and the text whose line is expected where that is not what was put in.
struct Fault(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const WEB: &str = "resources/web.cue";
const STORE: &str = "definitions/store.cue";
const CONFIG: &str = "config-templates/store.cue";
const RIGHTS: &str = "resources/rights.yaml";
const BINDING: &str = "resources/binding.yaml";
const SCHEMA: &str = "schemas/component-uischema-store.yaml";

const FAULTS: [Fault; 37] = [
    Fault(WEB, "org/web:1.2.0\"", "org/web:latest\"", "IMG01", None),
    Fault(WEB, "org/web:1.2.0\"", "org/web\"", "IMG01", None),
    Fault(WEB, "org/web:1.2.0\"", "Org/web:1.2.0\"", "IMG07", None),
    Fault(
        WEB,
        "parameter.registry + \"org/web:1.2.0\"",
        "\"ghcr.io/org/web:1.2.0\"",
        "IMG03",
        None,
    ),
    Fault(
        WEB,
        "resources: requests: cpu: \"10m\"",
        "resources: requests: cpu: \"10m\"\n\t\t\t\t\t\timagePullPolicy: \"Never\"",
        "IMG08",
        None,
    ),
    Fault(
        WEB,
        "resources: requests: cpu: \"10m\"",
        "",
        "K8S08",
        Some("properties: objects: [{"),
    ),
    Fault(
        WEB,
        "containerPort: 8080",
        "containerPort: 8080\n\t\t\t\t\t\t\thostPort: 8080",
        "SEC08",
        None,
    ),
    Fault(
        WEB,
        "serviceAccountName: \"web\"",
        "serviceAccountName: \"web\"\n\t\t\t\t\thostNetwork: true",
        "SEC03",
        None,
    ),
    Fault(
        WEB,
        "args: [\"--verbose\"]",
        "args: [\"--password=\\(parameter.adminPassword)\"]",
        "SEC06",
        None,
    ),
    Fault(
        WEB,
        "serviceAccountName: \"web\"",
        "serviceAccountName: \"weeb\"",
        "K8S05",
        None,
    ),
    Fault(WEB, "key:  \"level\"", "key:  \"lvl\"", "K8S05", None),
    Fault(
        WEB,
        "name: \"settings\"",
        "name: \"seetings\"",
        "K8S05",
        None,
    ),
    Fault(
        WEB,
        "selector: app: \"web\"\n\t\t\tports",
        "selector: app: \"wbe\"\n\t\t\tports",
        "K8S05",
        Some("selector: app: \"wbe\""),
    ),
    Fault(
        WEB,
        "port: \"http\"\n",
        "port: \"htpp\"\n",
        "K8S14",
        Some("port: \"htpp\""),
    ),
    Fault(
        WEB,
        "targetPort: \"http\"",
        "targetPort: \"web\"",
        "K8S14",
        None,
    ),
    Fault(
        WEB,
        "port:       80\n",
        "nodePort: 30080\n\t\t\t\tport:       80\n",
        "K8S09",
        Some("nodePort: 30080"),
    ),
    Fault(
        "metadata.yaml",
        "needNamespace: [shop]\n",
        "",
        "K8S03",
        Some("namespace: shop"),
    ),
    Fault(
        WEB,
        "kind:       \"ConfigMap\"\n\t\tmetadata: {\n\t\t\tname:      \"settings\"",
        "kind:       \"Service\"\n\t\tmetadata: {\n\t\t\tname:      \"web\" // again",
        "K8S04",
        Some("name:      \"web\" // again"),
    ),
    Fault(
        RIGHTS,
        "verbs: [get, list]",
        "verbs: [\"*\"]",
        "SEC01",
        None,
    ),
    Fault(
        RIGHTS,
        "  name: shop-web\nrules:\n- apiGroups: [apps]\n  resources: [deployments]\n  verbs: [get, list]",
        "  name: shop-web\n  labels: {rbac.authorization.k8s.io/aggregate-to-view: \"true\"}\nrules:\n- apiGroups: [apps]\n  resources: [deployments]\n  verbs: [get, delete]",
        "SEC10",
        None,
    ),
    Fault(
        BINDING,
        "  kind: ClusterRole\n  name: shop-web",
        "  kind: ClusterRole\n  name: cluster-admin",
        "SEC02",
        None,
    ),
    Fault(
        BINDING,
        "  kind: ClusterRole\n  name: shop-web",
        "  kind: ClusterRole\n  name: shop-wbe",
        "K8S10",
        None,
    ),
    Fault(
        BINDING,
        "  name: web\n",
        "  name: wbe\n",
        "K8S10",
        Some("name: wbe"),
    ),
    Fault(
        BINDING,
        "- kind: ServiceAccount\n  name: web\n  namespace: shop",
        "- kind: Group\n  apiGroup: rbac.authorization.k8s.io\n  name: system:authenticated",
        "SEC09",
        None,
    ),
    Fault(
        STORE,
        "autodetects.core.oam.dev",
        "deployments.apps",
        "DEF05",
        None,
    ),
    Fault(
        STORE,
        "workload: type: \"autodetects.core.oam.dev\"",
        "workload: {type: \"autodetects.core.oam.dev\", definition: {apiVersion: \"v1\", kind: \"ConfigMap\"}}",
        "DEF15",
        None,
    ),
    Fault(
        STORE,
        "workload: type:",
        "version: \"v1\"\n\t\tworkload: type:",
        "DEF16",
        Some("version: \"v1\""),
    ),
    Fault(STORE, "names: [...string]", "names: []", "DEF08", None),
    Fault(
        STORE,
        "template: {\n",
        "let port = 1\ntemplate: {\n\tport_: port\n",
        "DEF09",
        Some("let port"),
    ),
    Fault(
        STORE,
        "context.output.status.phase)",
        "contxt.output.status.phase)",
        "DEF11",
        None,
    ),
    Fault(
        STORE,
        "isHealth: context",
        "isHealthy: context",
        "DEF11",
        Some("healthPolicy"),
    ),
    Fault(CONFIG, "\"system\"", "\"cluster\"", "CFG01", None),
    Fault(CONFIG, "sensitive: true", "sensitive: false", "CFG02", None),
    Fault(
        CONFIG,
        "endpoint: name: \"nacos\"",
        "endpoint: name: parameter.password",
        "CFG03",
        None,
    ),
    Fault(SCHEMA, "  label: Names", "  lable: Names", "UI07", None),
    Fault(
        SCHEMA,
        "  label: Names\n",
        "- {jsonKey: names}\n",
        "UI08",
        Some("- {jsonKey: names}"),
    ),
    Fault(
        "metadata.yaml",
        ">=2.0.0 <3.0.0",
        ">=1.0.0 <2.0.0",
        "DEP02",
        None,
    ),
];

/// The families that are looked at; of others the addon may have findings.
const FAMILIES: [&str; 8] = ["CFG", "DEF", "DEP", "IMG", "K8S", "SEC", "UI", "VIEW"];

fn found(files: &[(&str, String)]) -> Vec<String> {
    let base = MemoryWorld::new()
        .file(
            "base/metadata.yaml",
            "name: base\nversion: 2.4.0\ndescription: what all the others need\n",
        )
        .file(
            "base/template.yaml",
            "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {}\n",
        );
    let neighbours = Neighbours::read(&base, &VPath::root(), ["base".to_owned()]);
    let world = files
        .iter()
        .fold(MemoryWorld::new(), |world, (path, text)| {
            world.file(path, text.as_str())
        });
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &world,
        root: &VPath::root(),
        directory: Some("shop"),
        neighbours: &neighbours,
    };
    let inspection = addon_check::inspect(&subject, &mut sources);
    let wanted = inspection.findings.iter().filter(|found| {
        let is_mine = FAMILIES.iter().any(|family| found.code.starts_with(family));
        is_mine && found.severity != Severity::Info
    });
    wanted
        .map(|found| match &found.primary.place {
            Place::Text(span) => {
                let (name, at) = sources.line_column(*span).unwrap();
                format!("{name}:{}: {}", at.line, found.code)
            }
            place => format!("{place:?}: {}", found.code),
        })
        .collect()
}

#[test]
fn the_addon_without_faults_is_good() {
    let files = FILES.map(|(name, text)| (name, text.to_owned()));
    assert_eq!(found(&files), Vec::<String>::new());
}

#[test]
fn faults_are_found_where_they_were_put() {
    let mut wrong = Vec::new();
    for Fault(file, before, after, id, seen) in &FAULTS {
        let files = FILES.map(|(name, text)| {
            if name != *file {
                return (name, text.to_owned());
            }
            assert_eq!(text.matches(before).count(), 1, "`{before}` in {file}");
            (name, text.replacen(before, after, 1))
        });
        // the last line of what was put in, where nothing else is said
        let shown = seen.unwrap_or_else(|| after.trim_end().rsplit('\n').next().unwrap());
        let holders = files
            .iter()
            .filter(|(name, _)| name == file || (seen.is_some() && name.starts_with("resources/")));
        let lines: Vec<String> = holders
            .filter_map(|(name, text)| {
                let at = text.find(shown.trim_start())?;
                let line = text[..at].matches('\n').count() + 1;
                Some(format!("{name}:{line}: {id}"))
            })
            .collect();
        let found = found(&files);
        if !lines.iter().any(|line| found.contains(line)) {
            wrong.push(format!("{before} -> {after}: {lines:?} not in {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
