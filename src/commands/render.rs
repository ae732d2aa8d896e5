//! `render`: what enabling an addon would apply.

use super::addon_source::{self, LoadedAddon};
use super::findings::Findings;
use super::render_deep;
use crate::cli::render::{Arguments, Inputs, Output, Part};
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::{self, Existing};
use addon_render::{
    AuxiliaryRole, Facts, Installed, InstalledAddon, Occasion, Rendered, Request, document,
};
use serde_json::{Value, json};
use source_vocab::{Diagnostic, Severity, VPath};
use std::path::PathBuf;

/// The most bytes of a file of arguments or facts.
const INPUT_LIMIT: u64 = 16 << 20;

/// Renders and prints.
///
/// # Errors
/// A failure when the addon, its arguments or the facts cannot be read, or the output not be written.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let mut loaded = addon_source::load(&arguments.source, &arguments.connection, printer)?;
    let request = match request(&arguments.inputs, &arguments.words, &mut loaded)? {
        Ok(request) => request,
        Err(found) => {
            show(&loaded, &[*found], printer);
            return Ok(Exit::Usage);
        }
    };
    let outcome = addon_render::render(&loaded.addon, &request, &loaded.session);
    let rendered = outcome.value.unwrap_or_default();
    let findings = all_findings(&loaded, &rendered, outcome.diagnostics);
    show(&loaded, &findings, printer);
    let is_failed = findings
        .iter()
        .any(|found| found.severity == Severity::Error);
    if is_failed || rendered.failure.is_some() {
        return Ok(Exit::Findings);
    }
    if arguments.depth.deep {
        return render_deep::run(arguments, &request, loaded, &rendered, printer);
    }
    match arguments.output {
        Output::Yaml => printer.data(&text(&rendered, arguments.only)),
        Output::Json => printer.json(&to_json(&rendered, arguments.only)),
        Output::Dir => {
            let meta = loaded.addon.meta();
            let name = || PathBuf::from(format!("{}-{}", meta.name.value, meta.version.value));
            let directory = arguments.directory.clone().unwrap_or_else(name);
            let files = files(&rendered, arguments.only);
            system::write_new_directory(&directory, &files, Existing::Keep)?;
            let count = files.len();
            printer.status(
                "Rendered",
                &format!("{count} files into {}", directory.display()),
            );
        }
    }
    Ok(Exit::Success)
}

/// The arguments and facts of the command line; a diagnostic when one of them cannot be read.
///
/// # Errors
/// A failure when a file cannot be read.
pub(crate) fn request(
    inputs: &Inputs,
    words: &[String],
    loaded: &mut LoadedAddon,
) -> Result<Result<Request, Box<Diagnostic>>, Failure> {
    let mut request = Request {
        directory: Some(loaded.directory.clone()),
        occasion: if inputs.upgrade {
            Occasion::Upgrade
        } else {
            Occasion::Enable
        },
        ..Request::default()
    };
    let sources = loaded.session.sources_mut();
    for path in &inputs.files {
        let text = system::read_text_file(path, INPUT_LIMIT)?;
        let name = path.display().to_string();
        if let Err(found) = request.arguments.add_file(&name, &text, sources) {
            return Ok(Err(found));
        }
    }
    for word in inputs.set.iter().chain(words) {
        if let Err(found) = request.arguments.add_word(word, sources) {
            return Ok(Err(found));
        }
    }
    if let Some(path) = &inputs.facts {
        let text = system::read_text_file(path, INPUT_LIMIT)?;
        match Facts::read(&path.display().to_string(), &text, sources) {
            Ok(facts) => request.facts = facts,
            Err(found) => return Ok(Err(found)),
        }
    }
    if let Some(clusters) = &inputs.clusters {
        request.facts.clusters.clone_from(clusters);
    }
    if !inputs.installed.is_empty() {
        let parsed = inputs.installed.iter().map(|text| {
            InstalledAddon::parse(text).ok_or_else(|| {
                Failure::new(Exit::Usage, format!("`{text}` names no installed addon"))
                    .help("write NAME or NAME@VERSION")
            })
        });
        request.facts.installed = Installed::Only(parsed.collect::<Result<_, _>>()?);
    }
    Ok(Ok(request))
}

/// What reading and rendering found, the errors that KubeVela does not mind as warnings.
pub(crate) fn all_findings(
    loaded: &LoadedAddon,
    rendered: &Rendered,
    of_rendering: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let is_refused = loaded.addon.metadata.refused;
    let mut findings: Vec<Diagnostic> = loaded
        .diagnostics
        .iter()
        .cloned()
        .map(|mut found| {
            if found.code == "META01" && !is_refused {
                found.severity = found.severity.min(Severity::Warning);
            }
            found
        })
        .collect();
    let is_told = rendered.failure.is_some()
        && findings
            .iter()
            .any(|found| found.severity == Severity::Error && found.code == "META01");
    findings.extend(
        of_rendering
            .into_iter()
            .filter(|found| !(is_told && found.code == "render/metadata")),
    );
    findings
}

/// Shows findings with the lines they are about.
pub(crate) fn show(loaded: &LoadedAddon, findings: &[Diagnostic], printer: &Printer) {
    Findings {
        list: findings,
        sources: loaded.session.sources(),
        world: &*loaded.world,
    }
    .show(Severity::Info, printer);
}

fn text(rendered: &Rendered, only: Option<Part>) -> String {
    match only {
        None => rendered.application_text() + &rendered.auxiliary_text(),
        Some(Part::App) => rendered.application_text(),
        Some(Part::Aux) => rendered.auxiliary_text(),
        Some(Part::Definitions) => {
            let mut text = String::new();
            for definition in rendered
                .auxiliary
                .iter()
                .filter(|made| made.role == AuxiliaryRole::Definition)
            {
                text.push_str("---\n");
                text.push_str(&document(&definition.object));
            }
            text
        }
        Some(Part::Notes) => match &rendered.notes {
            Some(notes) => format!("{notes}\n"),
            None => String::new(),
        },
        Some(Part::Secret) => rendered.secret_text(),
    }
}

fn role(role: AuxiliaryRole) -> &'static str {
    match role {
        AuxiliaryRole::Output => "output",
        AuxiliaryRole::Definition => "definition",
        AuxiliaryRole::ConfigTemplate => "config-template",
        AuxiliaryRole::UiSchema => "ui-schema",
        AuxiliaryRole::View => "view",
    }
}

fn to_json(rendered: &Rendered, only: Option<Part>) -> Value {
    let application = rendered
        .application
        .as_ref()
        .map(|application| Value::from(&application.object.to_value()));
    let auxiliary = |wanted: fn(AuxiliaryRole) -> bool| -> Vec<Value> {
        let made = rendered.auxiliary.iter();
        made.filter(|made| wanted(made.role))
            .map(|made| {
                json!({
                    "role": role(made.role),
                    "source": made.source.as_str(),
                    "object": Value::from(&made.object.to_value()),
                })
            })
            .collect()
    };
    let secret = rendered
        .secret
        .as_ref()
        .map(|secret| Value::from(&secret.to_value()));
    match only {
        None => json!({
            "schemaVersion": 1,
            "application": application,
            "auxiliary": auxiliary(|_| true),
            "notes": rendered.notes,
        }),
        Some(Part::App) => application.unwrap_or_default(),
        Some(Part::Aux) => auxiliary(|_| true).into(),
        Some(Part::Definitions) => auxiliary(|role| role == AuxiliaryRole::Definition).into(),
        Some(Part::Notes) => json!(rendered.notes),
        Some(Part::Secret) => secret.unwrap_or_default(),
    }
}

/// A file for each object: `application.yaml`, `auxiliary/001-configmap-x.yaml`, `notes.txt`.
fn files(rendered: &Rendered, only: Option<Part>) -> Vec<(VPath, String)> {
    let mut files = Vec::new();
    let wants = |part: Part| only.is_none_or(|only| only == part);
    let mut add = |path: String, text: String| {
        files.extend(VPath::parse(&path).map(|path| (path, text)));
    };
    if let Some(application) = &rendered.application
        && wants(Part::App)
    {
        let text = goyaml::to_string(&application.object.to_value());
        add("application.yaml".to_owned(), text);
    }
    for (at, made) in rendered.auxiliary.iter().enumerate() {
        let is_definition = made.role == AuxiliaryRole::Definition;
        if !(wants(Part::Aux) || only == Some(Part::Definitions) && is_definition) {
            continue;
        }
        let name = made
            .object
            .get("metadata")
            .and_then(|metadata| metadata.get("name")?.as_str());
        let kind = made.object.get("kind").and_then(|kind| kind.as_str());
        let stem = format!("{}-{}", kind.unwrap_or("object"), name.unwrap_or("unnamed"));
        let stem: String = stem
            .to_ascii_lowercase()
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let text = goyaml::to_string(&made.object.to_value());
        add(format!("auxiliary/{:03}-{stem}.yaml", at + 1), text);
    }
    if let Some(notes) = &rendered.notes
        && wants(Part::Notes)
    {
        add("notes.txt".to_owned(), format!("{notes}\n"));
    }
    if rendered.secret.is_some() && only == Some(Part::Secret) {
        add("secret.yaml".to_owned(), rendered.secret_text());
    }
    files
}
