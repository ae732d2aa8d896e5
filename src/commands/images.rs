//! `images`: what addons run, and where each image comes from.

use super::addon_source::{self, LoadedAddon};
use super::packaging::addons_at;
use super::render;
use crate::cli::images::{Arguments, Output};
use crate::cli::render::Inputs;
use crate::exit::{CommandResult, Exit, Failure, OrExit as _};
use crate::printer::Printer;
use crate::system::{self, DiskWorld, PathKind};
use addon_author::images::{self, FoundImage};
use addon_check::{Neighbours, Subject, proven};
use addon_render::images::{ImageReference, ImageRole};
use serde_json::{Value, json};
use source_vocab::{Diagnostic, Place, Severity, SourceMap, VPath, World};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// An image at a place that people can look at.
#[derive(Debug)]
struct Use {
    addon: String,
    image: FoundImage,
    /// The file, and the line and column in it where they are known.
    file: Option<String>,
    at: Option<(usize, usize)>,
}

/// Lists the images.
///
/// # Errors
/// A failure when a path cannot be read.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> CommandResult {
    let (paths, words) = arguments.split();
    if paths.is_empty() {
        return Err(Failure::new(Exit::Usage, "no addon is named")
            .help("give the path of an addon before its arguments"));
    }
    let mut uses: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    let mut exit = Exit::Success;
    for path in &paths {
        for addon in addons(path, printer)? {
            let mut loaded = load(&addon, arguments, printer)?;
            let ended = of_addon(&mut loaded, &words, arguments.all_cases, printer, &mut uses)?;
            if ended.code() > exit.code() {
                exit = ended;
            }
        }
    }
    match arguments.output {
        Output::Names => {
            let names: String = uses
                .keys()
                .fold(String::new(), |text, name| text + name + "\n");
            printer.data(&names);
        }
        Output::Text => printer.data(&text(&uses)),
        Output::Json => printer.json(&as_json(&uses)),
        Output::Yaml => printer.data(&goyaml::to_string(&goyaml::Value::from(&as_json(&uses)))),
    }
    let (count, plural) = (uses.len(), if uses.len() == 1 { "" } else { "s" });
    printer.status("Found", &format!("{count} image{plural}"));
    Ok(exit)
}

/// The addons that a path stands for; what is no folder of addons stands for itself.
fn addons(path: &Path, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let is_directory = path != Path::new("-")
        && system::path_kind(path).or_exit(Exit::Input)? == PathKind::Directory
        && system::path_kind(&path.join("index.yaml")).or_exit(Exit::Input)? == PathKind::Absent;
    if is_directory {
        addons_at(path, printer)
    } else {
        Ok(vec![path.to_owned()])
    }
}

fn load(addon: &Path, arguments: &Arguments, printer: &Printer) -> Result<LoadedAddon, Failure> {
    if addon != Path::new("-")
        && system::path_kind(addon).or_exit(Exit::Input)? == PathKind::Directory
    {
        let name = system::directory_name(addon);
        return Ok(addon_source::read(Box::new(DiskWorld::new(addon)), name));
    }
    addon_source::load(addon, &arguments.connection, printer)
}

/// Adds the images of one addon.
fn of_addon(
    loaded: &mut LoadedAddon,
    words: &[String],
    all_cases: bool,
    printer: &Printer,
    uses: &mut BTreeMap<String, Vec<Use>>,
) -> CommandResult {
    let shown = loaded.world.display(&VPath::root());
    if loaded.addon.metadata.refused {
        let refused = |found: &&Diagnostic| found.severity == Severity::Error;
        let list: Vec<Diagnostic> = loaded.diagnostics.iter().filter(refused).cloned().collect();
        render::show(loaded, &list, printer);
        return Ok(Exit::Input);
    }
    let name = loaded.addon.meta().name.value.clone();
    let mut exit = Exit::Success;
    if !words.is_empty() {
        let request = match render::request(&Inputs::default(), words, loaded)? {
            Ok(request) => request,
            Err(found) => {
                render::show(loaded, &[*found], printer);
                return Ok(Exit::Usage);
            }
        };
        let outcome = addon_render::render(&loaded.addon, &request, &loaded.session);
        let rendered = outcome.value.unwrap_or_default();
        if rendered.failure.is_some() {
            let errors: Vec<Diagnostic> = outcome
                .diagnostics
                .into_iter()
                .filter(|found| found.severity == Severity::Error)
                .collect();
            render::show(loaded, &errors, printer);
            return Ok(Exit::Findings);
        }
        let sources = loaded.session.sources();
        let found = images::of_rendered(&rendered, words, sources);
        add(found, &name, sources, &*loaded.world, uses);
        if !all_cases {
            return Ok(exit);
        }
    }
    let mut sources = SourceMap::new();
    let subject = Subject {
        world: &*loaded.world,
        root: &VPath::root(),
        directory: Some(&loaded.directory),
        neighbours: &Neighbours::none(),
    };
    let looked = proven(&subject, &mut sources, |proof| {
        let failed: Vec<String> = proof
            .cases()
            .iter()
            .filter(|case| !case.renders())
            .map(|case| case.name.to_string())
            .collect();
        let is_any = failed.len() < proof.cases().len();
        (images::of_proof(proof), failed, is_any)
    });
    let Some((found, failed, is_any)) = looked else {
        return Err(Failure::new(
            Exit::Input,
            format!("`{shown}` cannot be read as an addon"),
        ));
    };
    if !is_any {
        let message = format!("`{shown}` cannot be rendered, so not all of its images are known");
        printer.failure(&Failure::new(Exit::Findings, message).help("`addon-pack render` shows why; give the arguments that it needs, or a case in examples/"));
        exit = Exit::Findings;
    } else if let Some(case) = failed.iter().find(|case| *case != "with the defaults") {
        printer.warning(&format!(
            "`{shown}` cannot be rendered {case}: images may be missing"
        ));
    }
    add(found, &name, &sources, &*loaded.world, uses);
    Ok(exit)
}

fn add(
    found: Vec<FoundImage>,
    addon: &str,
    sources: &SourceMap,
    world: &dyn World,
    uses: &mut BTreeMap<String, Vec<Use>>,
) {
    for image in found {
        let (file, at) = match &image.place {
            Place::Text(span) => match sources.line_column(*span) {
                Some((file, at)) => (Some(file.to_owned()), Some((at.line, at.column))),
                None => (None, None),
            },
            Place::Path(path) => (Some(world.display(path)), None),
            Place::Nowhere => (None, None),
        };
        let used = Use {
            addon: addon.to_owned(),
            file,
            at,
            image,
        };
        let known = uses.entry(used.image.text.clone()).or_default();
        let is_known = known.iter().any(|one| {
            one.file == used.file
                && one.at == used.at
                && one.image.object == used.image.object
                && one.image.path == used.image.path
        });
        if !is_known {
            known.push(used);
        }
    }
}

fn role(role: ImageRole) -> &'static str {
    match role {
        ImageRole::Container => "container",
        ImageRole::InitContainer => "init container",
        ImageRole::EphemeralContainer => "ephemeral container",
        ImageRole::Volume => "volume",
        ImageRole::Field => "field",
        ImageRole::Parts => "parts",
    }
}

fn text(uses: &BTreeMap<String, Vec<Use>>) -> String {
    use source_vocab::render::visible;
    let mut text = String::new();
    for (name, places) in uses {
        let _ = writeln!(text, "{}", visible(name));
        for one in places {
            let place = match (&one.file, one.at) {
                (Some(file), Some((line, column))) => format!("{file}:{line}:{column}"),
                (Some(file), None) => file.clone(),
                (None, _) => one.addon.clone(),
            };
            let fixed = if one.image.is_written_out {
                ", written out"
            } else {
                ""
            };
            let said = format!("{place}  {}, {}{fixed}", one.image.object, one.image.path);
            let _ = writeln!(text, "  {}", visible(&said));
        }
    }
    text
}

fn as_json(uses: &BTreeMap<String, Vec<Use>>) -> Value {
    let images: Vec<Value> = uses
        .iter()
        .map(|(name, places)| {
            let reference = ImageReference::parse(name).ok();
            let part =
                |get: fn(&ImageReference) -> Option<String>| reference.as_ref().and_then(get);
            let places: Vec<Value> = places
                .iter()
                .map(|one| {
                    json!({
                        "addon": one.addon,
                        "object": one.image.object,
                        "path": one.image.path,
                        "role": role(one.image.role),
                        "case": one.image.case,
                        "writtenOut": one.image.is_written_out,
                        "file": one.file,
                        "line": one.at.map(|(line, _)| line),
                        "column": one.at.map(|(_, column)| column),
                    })
                })
                .collect();
            json!({
                "image": name,
                "registry": part(|reference| reference.registry.clone()),
                "repository": part(|reference| Some(reference.repository.clone())),
                "tag": part(|reference| reference.tag.clone()),
                "digest": part(|reference| reference.digest.clone()),
                "uses": places,
            })
        })
        .collect();
    json!({ "schemaVersion": 1, "images": images })
}
