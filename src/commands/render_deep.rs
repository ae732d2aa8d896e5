//! `render --deep`: the Application's components and traits as the objects that they become.

use super::addon_source::LoadedAddon;
use super::definition_source::{self, Files};
use super::named::{self, Named};
use super::render::show;
use crate::cli::render::{Arguments, Output};
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, Existing, PathKind};
use addon_render::deep::{
    self, ClusterVersion, Definitions, From, Group, Rendering, WorkflowStep, dry_run_text,
};
use addon_render::{AuxiliaryRole, Rendered, Request};
use serde_json::{Value, json};
use source_vocab::{Diagnostic, Severity, VPath};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The most addons that one depends on, directly or through others.
const MOST_DEPENDENCIES: usize = 100;
/// The most bytes of the metadata of a dependency.
const METADATA_LIMIT: u64 = 1 << 20;

/// Renders what was rendered, and prints it.
///
/// # Errors
/// A failure when definitions cannot be read, or the output not be written.
pub(crate) fn run(
    arguments: &Arguments,
    request: &Request,
    mut loaded: LoadedAddon,
    rendered: &Rendered,
    printer: &Printer,
) -> CommandResult {
    let Some(application) = &rendered.application else {
        return Ok(Exit::Findings);
    };
    let cluster_version = cluster_version(arguments.depth.cluster_version.as_deref())?;
    let mut definitions = Definitions::new();
    let mut found = own(&mut definitions, &mut loaded, rendered);
    let needed = dependencies(arguments, &loaded, printer)?;
    for (name, bytes) in needed.files {
        found.extend(definitions.add_file(&mut loaded.session, &name, bytes));
    }
    for source in &arguments.depth.definitions {
        let files = definition_source::read(source, &arguments.connection, printer)?;
        for (name, bytes) in files {
            found.extend(definitions.add_file(&mut loaded.session, &name, bytes));
        }
    }
    let outcome = deep::render(
        &loaded.session,
        deep::Request {
            application: &application.object,
            namespace: "default",
            definitions: &definitions,
            cluster_version: &cluster_version,
            clusters: &request.facts.clusters,
        },
    );
    found.extend(outcome.diagnostics);
    let is_unknown = found
        .iter()
        .any(|one| one.code == "deep/unknown-definition" && one.severity == Severity::Error);
    show(&loaded, &found, printer);
    if is_unknown {
        for name in &needed.missing {
            printer.note(&format!(
                "note: the addon depends on `{name}`, which was not found; say where it is with --dependencies"
            ));
        }
    }
    let Some(rendering) = outcome.value else {
        return Ok(Exit::Findings);
    };
    match arguments.output {
        Output::Yaml => {
            printer.data(&dry_run_text(&rendering));
            list_steps(&rendering.steps, 0, printer);
        }
        Output::Json => printer.json(&to_json(&rendering)),
        Output::Dir => {
            let meta = loaded.addon.meta();
            let name = || PathBuf::from(format!("{}-{}", meta.name.value, meta.version.value));
            let directory = arguments.directory.clone().unwrap_or_else(name);
            let files = files(&rendering);
            system::write_new_directory(&directory, &files, Existing::Keep)?;
            let text = format!("{} files into {}", files.len(), directory.display());
            printer.status("Rendered", &text);
        }
    }
    Ok(Exit::Success)
}

/// `1.29` or `v1.29.3`.
fn cluster_version(text: Option<&str>) -> Result<ClusterVersion, Failure> {
    let Some(text) = text else {
        return Ok(ClusterVersion::default());
    };
    let bare = text.strip_prefix('v').unwrap_or(text);
    let mut parts = bare.split('.');
    let major = parts.next().unwrap_or_default();
    let minor = parts.next().and_then(|minor| minor.parse::<u32>().ok());
    match (major.parse::<u32>(), minor) {
        (Ok(_), Some(minor)) => Ok(ClusterVersion {
            major: major.to_owned(),
            minor: i64::from(minor),
            git_version: if parts.next().is_some() {
                format!("v{bare}")
            } else {
                format!("v{bare}.0")
            },
            platform: "linux/amd64".to_owned(),
        }),
        _ => Err(
            Failure::new(Exit::Usage, format!("`{text}` is no version of a cluster"))
                .help("write it as 1.29 or v1.29.3"),
        ),
    }
}

/// The definitions that the addon itself brings. One that is written in CUE is taken from its file, so that places lead there.
fn own(
    definitions: &mut Definitions,
    loaded: &mut LoadedAddon,
    rendered: &Rendered,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for made in &rendered.auxiliary {
        if made.role != AuxiliaryRole::Definition {
            continue;
        }
        let file = loaded
            .addon
            .definitions
            .iter()
            .filter_map(|element| element.as_cue())
            .find(|file| file.path == made.source);
        found.extend(match file {
            Some(file) => definitions.add_cue_source(&loaded.session, &file.source),
            None => definitions.add_tree(&mut loaded.session, made.source.as_str(), &made.object),
        });
    }
    found
}

/// What the addons give that this one depends on.
#[derive(Default)]
struct Needed {
    files: Files,
    /// Those that were not found anywhere.
    missing: Vec<String>,
}

/// Finds the dependencies, and what they depend on.
fn dependencies(
    arguments: &Arguments,
    loaded: &LoadedAddon,
    printer: &Printer,
) -> Result<Needed, Failure> {
    let meta = loaded.addon.meta();
    let mut pending: Vec<String> = meta
        .dependencies
        .value
        .iter()
        .flatten()
        .map(|dependency| dependency.value.name.value.clone())
        .collect();
    let places = places(arguments)?;
    let mut needed = Needed::default();
    let mut seen = BTreeSet::new();
    pending.reverse();
    while let Some(name) = pending.pop() {
        if !is_addon_name(&name) || !seen.insert(name.clone()) {
            continue;
        }
        if seen.len() > MOST_DEPENDENCIES {
            return Err(Failure::new(
                Exit::Input,
                format!("the addon depends on more than {MOST_DEPENDENCIES} others"),
            ));
        }
        let mut found = None;
        for place in &places {
            found = look(place, &name, arguments, printer)?;
            if found.is_some() {
                break;
            }
        }
        match found {
            Some((files, metadata)) => {
                needed.files.extend(files);
                pending.extend(names(&metadata));
            }
            None => needed.missing.push(name),
        }
    }
    Ok(needed)
}

/// Whether a name can be that of a folder or of an entry in an index.
fn is_addon_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The names in `dependencies` of a `metadata.yaml`.
fn names(metadata: &[u8]) -> Vec<String> {
    let metadata = goyaml::from_slice(metadata).unwrap_or_default();
    let dependencies = metadata
        .get("dependencies")
        .and_then(goyaml::Value::as_list);
    dependencies
        .unwrap_or_default()
        .iter()
        .filter_map(|dependency| Some(dependency.get("name")?.as_str()?.to_owned()))
        .collect()
}

/// Where dependencies may be: as said, else beside the addon.
fn places(arguments: &Arguments) -> Result<Vec<PathBuf>, Failure> {
    if !arguments.depth.dependencies.is_empty() {
        return Ok(arguments.depth.dependencies.clone());
    }
    let source = &arguments.source;
    let text = source.to_str().unwrap_or_default();
    if let Some((registry, _)) = text.split_once('#') {
        return Ok(vec![PathBuf::from(registry)]);
    }
    if text == "-" || text.contains("://") {
        return Ok(Vec::new());
    }
    if system::path_kind(source).or_exit(Exit::Input)? == PathKind::Directory {
        return Ok(vec![source.join("..")]);
    }
    Ok(source.parent().map(Path::to_owned).into_iter().collect())
}

/// Looks for an addon in a folder of addons or a registry; gives its definitions and its metadata.
fn look(
    place: &Path,
    name: &str,
    arguments: &Arguments,
    printer: &Printer,
) -> Result<Option<(Files, Vec<u8>)>, Failure> {
    let is_url = place.to_str().is_some_and(|text| text.contains("://"));
    if !is_url {
        let directory = place.join(name);
        let metadata = directory.join("metadata.yaml");
        if system::path_kind(&metadata).or_exit(Exit::Input)? == PathKind::File {
            let metadata = system::read_file(&metadata, METADATA_LIMIT).or_exit(Exit::Input)?;
            let has = system::path_kind(&directory.join("definitions")).or_exit(Exit::Input)?;
            let files = if has == PathKind::Directory {
                definition_source::read(&directory, &arguments.connection, printer)?
            } else {
                Vec::new()
            };
            return Ok(Some((files, metadata)));
        }
        let index = place.join("index.yaml");
        if system::path_kind(&index).or_exit(Exit::Input)? != PathKind::File {
            return Ok(None);
        }
    }
    let source = PathBuf::from(format!("{}#{name}", place.display()));
    let wanted = |path: &str| path.starts_with("definitions/");
    match named::open(&source, &arguments.connection, printer, wanted) {
        Ok(Named::Archive(opened)) => {
            let metadata = opened.contents.content("metadata.yaml");
            let metadata = metadata.map(<[u8]>::to_vec).unwrap_or_default();
            let files = opened.contents.files.into_iter();
            let files = files
                .filter(|file| wanted(&file.path))
                .filter_map(|file| Some((format!("{name}/{}", file.path), file.content?)))
                .collect();
            Ok(Some((files, metadata)))
        }
        Ok(Named::Registry { .. }) => Ok(None),
        Err(failure) => {
            printer.warning(&format!("the dependency `{name}`: {:#}", failure.error));
            Ok(None)
        }
    }
}

/// Lists the steps of the workflow on stderr; they are not run.
fn list_steps(steps: &[WorkflowStep], depth: usize, printer: &Printer) {
    for step in steps {
        let indent = "  ".repeat(depth);
        let text = format!("{indent}{} ({}), not run", step.name, step.kind);
        printer.detail("Step", &text);
        list_steps(&step.sub_steps, depth + 1, printer);
    }
}

fn steps_json(steps: &[WorkflowStep]) -> Vec<Value> {
    steps
        .iter()
        .map(|step| {
            let mut value = json!({"name": step.name, "type": step.kind});
            if !step.sub_steps.is_empty() {
                value["subSteps"] = steps_json(&step.sub_steps).into();
            }
            value
        })
        .collect()
}

fn to_json(rendering: &Rendering) -> Value {
    let groups = rendering.groups.iter().map(|group| {
        let components = group.components.iter().map(|component| {
            let others = component.others.iter().map(|other| {
                let from = match &other.from {
                    From::Workload => json!("component"),
                    From::Trait(name) => json!({"trait": name}),
                };
                json!({"from": from, "object": Value::from(&other.object)})
            });
            json!({
                "name": component.name,
                "workload": Value::from(&component.workload),
                "others": others.collect::<Vec<_>>(),
            })
        });
        let policies = group.policies.iter().map(Value::from);
        json!({
            "title": group.title,
            "clusters": clusters(group),
            "topology": group.target.as_ref().map(|target| &target.policy),
            "namespace": group.target.as_ref().and_then(|target| target.namespace.as_ref()),
            "components": components.collect::<Vec<_>>(),
            "policies": policies.collect::<Vec<_>>(),
        })
    });
    json!({
        "schemaVersion": 1,
        "deployments": groups.collect::<Vec<_>>(),
        "steps": steps_json(&rendering.steps),
    })
}

/// The clusters that a deployment goes to, as far as they are known.
fn clusters(group: &Group) -> Vec<String> {
    match &group.target {
        Some(target) => target.clusters.clone(),
        None => vec!["local".to_owned()],
    }
}

/// A file for each object, in a folder for each cluster: `local/web/001-deployment-web.yaml`. Of a deployment whose clusters
/// only a cluster knows, the folder is called as its topology.
fn files(rendering: &Rendering) -> Vec<(VPath, String)> {
    let mut files: Vec<(VPath, String)> = Vec::new();
    let mut taken = BTreeSet::new();
    for group in &rendering.groups {
        let mut folders = clusters(group);
        if folders.is_empty() {
            folders.extend(group.target.as_ref().map(|target| target.policy.clone()));
        }
        for folder in folders {
            let mut add = |component: &str, at: usize, object: &goyaml::Value| {
                let base = format!("{}/{}", safe(&folder), safe(component));
                let name = name_of(object);
                let mut path = format!("{base}/{at:03}-{name}.yaml");
                let mut again = 1;
                while !taken.insert(path.clone()) {
                    again += 1;
                    path = format!("{base}/{at:03}-{name}-{again}.yaml");
                }
                files.extend(VPath::parse(&path).map(|path| (path, goyaml::to_string(object))));
            };
            for component in &group.components {
                add(&component.name, 1, &component.workload);
                for (at, other) in component.others.iter().enumerate() {
                    add(&component.name, at + 2, &other.object);
                }
            }
            for (at, policy) in group.policies.iter().enumerate() {
                add("policies", at + 1, policy);
            }
        }
    }
    files
}

/// `deployment-web` of an object.
fn name_of(object: &goyaml::Value) -> String {
    let text = |value: Option<&goyaml::Value>| {
        value
            .and_then(goyaml::Value::as_str)
            .unwrap_or("unnamed")
            .to_owned()
    };
    let name = object
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    safe(&format!("{}-{}", text(object.get("kind")), text(name)))
}

/// A text as the name of a file.
fn safe(text: &str) -> String {
    let name: String = text
        .to_ascii_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .take(120)
        .collect();
    if name.chars().all(|c| c == '.') {
        "-".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_clusters_have_a_major_and_a_minor_part() {
        let version = cluster_version(Some("1.29")).unwrap();
        assert_eq!(
            (version.minor, version.git_version.as_str()),
            (29, "v1.29.0")
        );
        assert_eq!(
            cluster_version(Some("v1.30.2")).unwrap().git_version,
            "v1.30.2"
        );
        assert_eq!(cluster_version(None).unwrap(), ClusterVersion::default());
        assert!(cluster_version(Some("new")).is_err());
    }

    #[test]
    fn no_name_of_an_object_leaves_its_folder() {
        assert_eq!(safe("../../A b"), "..-..-a-b");
        assert_eq!(safe(".."), "-");
        assert_eq!(safe(""), "-");
    }
}
