//! What KubeVela refuses before it renders anything: files it cannot read, parameters without a schema, metadata without a
//! name, dependencies that are not enabled.

use crate::application;
use crate::failure::{Fault, Stage, Step};
use crate::object;
use crate::parameter::Parameters;
use crate::parameter_schema;
use crate::request::{Installed, Request};
use crate::syntax::Parsed;
use addon_index::requirement;
use addon_model::{Addon, Dependency, Meta, Role, Skip, Spanned};
use cue_engine::Session;
use source_vocab::{Diagnostic, Place};
use std::cell::OnceCell;

/// How the directory of the addon is called in KubeVela's messages.
fn directory<'a>(addon: &'a Addon, request: &'a Request) -> &'a str {
    let given = request.directory.as_deref();
    given.unwrap_or(addon.meta().name.value.as_str())
}

/// Reads the parameters, and judges the other files that reading can fail on (`GetUIDataFromReader`,
/// `GetInstallPackageFromReader`). The parameter file is parsed and evaluated alone first: KubeVela makes its schema while it
/// reads the addon, whatever the arguments are.
pub(crate) fn parameters(
    addon: &Addon,
    request: &Request,
    session: &Session,
    parsed: &Parsed,
    schema: &OnceCell<Result<(), Vec<Diagnostic>>>,
    warnings: &mut Vec<Diagnostic>,
) -> Step<Parameters> {
    let directory = directory(addon, request);
    metadata(addon, directory)?;
    let said = format!("fail to generate openAPIschema for addon {directory} : ");
    let fault = |causes| Fault::new(Stage::ParameterSchema, said.clone(), causes);
    two_files(addon, warnings);
    let parameters = Parameters::new(addon, request, parsed).map_err(fault)?;
    let check = || match &parameters.declaration {
        Some(declaration) => parameter_schema::check(session, declaration),
        None => Ok(()),
    };
    schema.get_or_init(check).clone().map_err(fault)?;
    template(addon, directory)?;
    let go = addon.tree.with_role(Role::Skipped(Skip::GoSource)).next();
    if let Some(go) = go {
        let message = "definitions written in Go (`godef/`) are not rendered";
        let found = Diagnostic::warning("render/godef", message, addon.tree.world_path(go))
            .note("`vela addon enable` compiles them where a Go compiler is installed");
        warnings.push(found);
    }
    Ok(parameters)
}

/// Refuses metadata that cannot be read. The file that is not there at all is refused later.
fn metadata(addon: &Addon, directory: &str) -> Step<()> {
    if !addon.metadata.refused || addon.metadata.files.is_empty() {
        return Ok(());
    }
    let failed = addon.metadata.files.iter().find_map(|yaml| {
        let mut found = yaml.failure()?;
        found.message = format!("`{}` is no valid YAML: {}", yaml.file.path, found.message);
        Some((yaml.file.name(), found))
    });
    let (name, found) = failed.unwrap_or_else(|| {
        let message = "`metadata.yaml` cannot be read";
        let place = addon.metadata.files.first();
        let place = place.map_or(Place::Nowhere, |yaml| {
            yaml.file.source.span().start().into()
        });
        (
            "metadata.yaml",
            Diagnostic::error("render/metadata", message, place),
        )
    });
    let said = format!("fail to read addon {directory} file {directory}/{name}: ");
    Err(Fault::new(Stage::Read, said, vec![found]))
}

/// Warns of a second parameter file.
fn two_files(addon: &Addon, warnings: &mut Vec<Diagnostic>) {
    if let (Some(own), Some(legacy)) = (&addon.parameter, &addon.resource_parameter)
        && !own.text().is_empty()
        && !legacy.text().is_empty()
    {
        let message = format!(
            "`{}` is not read: `{}` is there, and they are not merged",
            legacy.path, own.path
        );
        let found = Diagnostic::warning("render/no-effect", message, legacy.source.span().start())
            .label(own.source.span().start(), "this one counts")
            .help(format!("remove `{}`", legacy.path));
        warnings.push(found);
    }
}

/// Reads `template.yaml` under its type (`readTemplate`).
fn template(addon: &Addon, directory: &str) -> Step<()> {
    let Some(yaml) = &addon.template_yaml else {
        return Ok(());
    };
    let read = object::root(yaml).and_then(|root| {
        let mut ignored = Vec::new();
        application::shape::application(&root, application::shape::Keys::Exact, &mut ignored)?;
        object::require_kind(yaml, &root)
    });
    read.map_err(|found| {
        let name = yaml.file.name();
        let said = format!("fail to read addon {directory} file {directory}/{name}: ");
        Fault::new(Stage::Read, said, vec![*found])
    })
}

/// Refuses an addon without metadata, name or version (`validateAddonPackage`).
pub(crate) fn validate(addon: &Addon, request: &Request) -> Step<()> {
    let meta = addon.meta();
    let file = addon.metadata.files.first();
    let (said, message) = if file.is_none() || *meta == Meta::default() {
        (
            "the addon package doesn't have `metadata.yaml`",
            "the addon has no `metadata.yaml`",
        )
    } else if meta.name.is_empty() {
        (
            "`matadata.yaml` must define the name of addon",
            "`metadata.yaml` must define the `name` of the addon",
        )
    } else if meta.version.is_empty() {
        (
            "`matadata.yaml` must define the version of addon",
            "`metadata.yaml` must define the `version` of the addon",
        )
    } else {
        return Ok(());
    };
    let place: Place = match file {
        Some(yaml) => yaml.file.source.span().start().into(),
        None => addon.tree.root.child("metadata.yaml").into(),
    };
    let found = Diagnostic::error("render/metadata", message, place);
    let directory = directory(addon, request);
    let said = format!("failed to enable addon by local dir: {directory}: {said}");
    Err(Fault::new(Stage::Validate, said, vec![found]))
}

/// Refuses when dependencies are not there or of another version (`checkDependency`, `validateAddonDependencies`).
pub(crate) fn dependencies(addon: &Addon, request: &Request) -> Step<()> {
    let Installed::Only(installed) = &request.facts.installed else {
        return Ok(());
    };
    let fault = |said: String, causes| Fault::new(Stage::Dependencies, said, causes);
    let find = |name: &str| installed.iter().find(|known| known.name == name);
    let absent: Vec<&Spanned<Dependency>> = addon
        .meta()
        .dependencies()
        .filter(|dependency| find(&dependency.name).is_none())
        .collect();
    if !absent.is_empty() {
        let names: Vec<&str> = absent.iter().map(|one| one.name.as_str()).collect();
        let said = format!("you must first enable dependencies: [{}]", names.join(" "));
        let causes = absent.iter().map(|one| {
            let message = format!("the dependency `{}` is not installed", one.name.value);
            Diagnostic::error("render/dependency", message, one.span)
                .help("install it first, or say that it is with `--installed`")
        });
        return Err(fault(said, causes.collect()));
    }
    let mut said = Vec::new();
    let mut causes = Vec::new();
    for one in addon.meta().dependencies() {
        let Some(version) = find(&one.name).and_then(|known| known.version.as_deref()) else {
            continue;
        };
        if requirement::admits(&one.version, version) == Ok(true) {
            continue;
        }
        said.push(format!(
            "addon {} has unresolvable dependency {name}: addon {name} version '{}' does not match installed version '{version}'",
            addon.meta().name.value,
            one.version.value,
            name = one.name.value,
        ));
        let message = format!(
            "the dependency `{}` must be of version `{}`, `{version}` is installed",
            one.name.value, one.version.value
        );
        causes.push(Diagnostic::error(
            "render/dependency",
            message,
            one.version.span,
        ));
    }
    if causes.is_empty() {
        Ok(())
    } else {
        Err(fault(said.join("; "), causes))
    }
}
