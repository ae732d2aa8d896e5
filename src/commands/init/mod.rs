//! `init`: an addon to begin with.
//!
//! What is made has to build without a finding and to enable as it stands, so every file in it is one that KubeVela
//! reads, and the samples do something small that can be seen. The options are those of `vela addon init`.

mod definitions;

use crate::cli::init::Arguments;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::{self, Existing};
use source_vocab::VPath;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The longest name: KubeVela puts `addon-` before it and uses the whole as a label.
const LONGEST: usize = 57;

/// Makes the directory.
///
/// # Errors
/// [`Exit::Usage`] for a name that no addon can have, [`Exit::Input`] when the directory is there already.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let name = arguments.name.as_str();
    if !is_name(name) {
        let message = format!("`{name}` cannot name an addon");
        let help =
            "use lower-case words of letters and digits joined by dashes, at most 57 characters";
        return Err(Failure::new(Exit::Usage, message).help(help));
    }
    if arguments.chart.is_some() && arguments.chart_version.is_none() {
        let message = "a chart without a version is another chart each day";
        return Err(Failure::new(Exit::Usage, message).help("add --chart-version VERSION"));
    }
    for text in arguments.urls.iter().chain(&arguments.helm_repo) {
        if text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '"' || c == '\\')
        {
            return Err(Failure::new(Exit::Usage, format!("`{text}` is no URL")));
        }
    }
    if let Some(name) = definitions::wrong_name(arguments) {
        let message = format!("`{name}` cannot name a definition here");
        let help = "use lower-case words of letters and digits joined by dashes, each name once";
        return Err(Failure::new(Exit::Usage, message).help(help));
    }
    let path = arguments
        .path
        .clone()
        .unwrap_or_else(|| PathBuf::from(name));
    let existing = if arguments.force {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let files = files(arguments);
    system::write_new_directory(&path, &files, existing)?;
    printer.status("Created", &format!("addon {name} in {}", path.display()));
    printer.note("\nNext:");
    printer.note(&format!("  addon-pack build {}", path.display()));
    printer.note(&format!("  vela addon enable {}", path.display()));
    Ok(Exit::Success)
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST
        && !name.is_empty()
        && name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// The files with their paths, in no particular order.
fn files(arguments: &Arguments) -> Vec<(VPath, String)> {
    let name = arguments.name.as_str();
    let mut files = vec![
        ("metadata.yaml".to_owned(), metadata(arguments)),
        ("README.md".to_owned(), readme(name)),
        ("template.cue".to_owned(), template()),
        ("parameter.cue".to_owned(), parameter()),
        ("NOTES.cue".to_owned(), notes(name)),
    ];
    if let (Some(repo), Some(chart), Some(version)) = (
        &arguments.helm_repo,
        &arguments.chart,
        &arguments.chart_version,
    ) {
        files.push((
            "resources/helm.cue".to_owned(),
            helm(name, repo, chart, version),
        ));
    }
    if !arguments.urls.is_empty() {
        files.push((
            "resources/from-url.cue".to_owned(),
            from_urls(name, &arguments.urls),
        ));
    }
    if !arguments.no_samples {
        files.push(("resources/sample.cue".to_owned(), sample_component(name)));
        files.push((format!("definitions/{name}-note.cue"), sample_trait(name)));
    }
    files.extend(definitions::files(arguments));
    files
        .into_iter()
        .filter_map(|(path, text)| Some((VPath::parse(&path)?, text)))
        .collect()
}

fn metadata(arguments: &Arguments) -> String {
    let mut text = format!(
        "name: {}\nversion: 1.0.0\ndescription: What {} does, in one sentence that people find it by.\ntags:\n- sample\nsystem:\n  vela: '>=1.7.0-0'\n",
        quoted_if_needed(&arguments.name),
        arguments.name
    );
    if arguments.chart.is_some() {
        // components of the type `helm` come from this addon
        text.push_str("dependencies:\n- name: fluxcd\n  version: '>=1.0.0'\n");
    }
    text
}

/// A name such as `n` or `1e3` is no string in YAML unless it is quoted.
fn quoted_if_needed(name: &str) -> String {
    let text = goyaml::to_string(&goyaml::Value::String(name.to_owned()));
    text.trim_end().to_owned()
}

fn readme(name: &str) -> String {
    format!(
        "# {name}\n\nWhat this addon does, and for whom.\n\n## Enable\n\n```shell\nvela addon enable {name}\n```\n\n## Parameters\n\n<!-- addon-pack:parameters -->\n\n| name | type | required | default | description |\n|---|---|---|---|---|\n| `clusters` | list of string | no | | The clusters to install to; all joined clusters when it is not given |\n\n<!-- /addon-pack:parameters -->\n\n## Disable\n\n```shell\nvela addon disable {name}\n```\n"
    )
}

fn template() -> String {
    "package main\n\n// The application that enabling the addon makes. Files in resources/ with `package main` are part of this\n// package; each of the others is a component of its own.\noutput: {\n\tapiVersion: \"core.oam.dev/v1beta1\"\n\tkind:       \"Application\"\n\tspec: {\n\t\tcomponents: []\n\t\tpolicies: [{\n\t\t\ttype: \"topology\"\n\t\t\tname: \"where\"\n\t\t\tproperties: {\n\t\t\t\tif parameter.clusters != _|_ {\n\t\t\t\t\tclusters: parameter.clusters\n\t\t\t\t}\n\t\t\t\tif parameter.clusters == _|_ {\n\t\t\t\t\tclusterLabelSelector: {}\n\t\t\t\t}\n\t\t\t}\n\t\t}]\n\t}\n}\n"
        .to_owned()
}

fn parameter() -> String {
    "parameter: {\n\t// +usage=The clusters to install to; all joined clusters when it is not given\n\tclusters?: [...string]\n}\n".to_owned()
}

fn notes(name: &str) -> String {
    format!(
        "notes: \"\"\"\n\tThe addon {name} \\(context.metadata.version) is enabled. Look at it with\n\n\t  vela addon status {name}\n\t\"\"\"\n"
    )
}

fn helm(name: &str, repo: &str, chart: &str, version: &str) -> String {
    let text = |value: &str| cue_text(value);
    format!(
        "output: {{\n\ttype: \"helm\"\n\tname: {}\n\tproperties: {{\n\t\trepoType: \"helm\"\n\t\turl:      {}\n\t\tchart:    {}\n\t\tversion:  {}\n\t}}\n}}\n",
        text(&format!("{name}-chart")),
        text(repo),
        text(chart),
        text(version)
    )
}

fn from_urls(name: &str, urls: &[String]) -> String {
    let mut text = format!(
        "output: {{\n\ttype: \"ref-objects\"\n\tname: {}\n\tproperties: urls: [\n",
        cue_text(&format!("{name}-objects"))
    );
    for url in urls {
        let _ = writeln!(text, "\t\t{},", cue_text(url));
    }
    text.push_str("\t]\n}\n");
    text
}

fn sample_component(name: &str) -> String {
    format!(
        "// A component of the addon. Rename or remove it.\noutput: {{\n\ttype: \"k8s-objects\"\n\tname: \"{name}-sample\"\n\tproperties: objects: [{{\n\t\tapiVersion: \"v1\"\n\t\tkind:       \"ConfigMap\"\n\t\tmetadata: {{\n\t\t\tname:      \"{name}-sample\"\n\t\t\tnamespace: \"vela-system\"\n\t\t}}\n\t\tdata: greeting: \"hello from \\(context.metadata.name)\"\n\t}}]\n}}\n"
    )
}

fn sample_trait(name: &str) -> String {
    format!(
        "// A trait that applications can use once the addon is enabled. Rename or remove it.\n\"{name}-note\": {{\n\ttype:        \"trait\"\n\tdescription: \"Puts a note on the pods of a component.\"\n\tattributes: {{\n\t\tappliesToWorkloads: [\"deployments.apps\"]\n\t\tpodDisruptive: true\n\t}}\n}}\n\ntemplate: {{\n\tparameter: {{\n\t\t// +usage=The note\n\t\tnote: string\n\t}}\n\tpatch: spec: template: metadata: annotations: \"{name}/note\": parameter.note\n}}\n"
    )
}

/// A string literal of CUE. Control characters and quotes were refused before.
fn cue_text(value: &str) -> String {
    format!("\"{value}\"")
}
