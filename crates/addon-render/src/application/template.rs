//! `template.cue`: the Application and further objects from all files of its package.
//!
//! The package is that of `template.cue`, `main` when it has no package clause. The parameter file, with `context` and the
//! arguments, and the resources take part when they belong to the same package; for a resource that means a clause of its
//! own (kubevela 5a44b5f10 `renderApp`, `newValueWithMainAndFiles`).

use super::Making;
use super::shape::{self, Keys};
use crate::evaluate;
use crate::failure::{Fault, Stage, Step};
use crate::missing;
use crate::object;
use crate::parameter::{MAIN, in_main};
use crate::rendered::{Auxiliary, AuxiliaryRole};
use crate::tree;
use addon_model::Element;
use cue_engine::{Evaluation, Value};
use goyaml::{Data, Tree};
use source_vocab::{Diagnostic, Span, VPath};

const LABEL_AUXILIARY: &str = "addons.oam.dev/auxiliary-name";
const LOAD: &str = "load app template with CUE files: ";
const DECODE: &str = "decode app from CUE: ";

/// Evaluates the template; gives the Application and the objects of `outputs`, ordered by their names.
pub(super) fn render(making: &mut Making<'_>) -> Step<(Tree, Vec<Auxiliary>)> {
    let Some(template) = making.addon.template_cue.as_ref() else {
        return Ok((tree::detached(Data::Null), Vec::new()));
    };
    let evaluation = evaluate_all(making)?;
    let root = evaluate::root(&evaluation).map_err(|found| fault(LOAD, found))?;
    let Some(output) = root.field("output") else {
        let message = format!("`{}` has no field `output`, the Application", template.path);
        let parsed = making.parsed.get(template).ok();
        let found = missing::field(
            "output",
            parsed.as_ref().map_or(&[], |file| file.decls.as_slice()),
            Diagnostic::error("render/no-output", message, template.source.span().start()),
        );
        let said = "render app from output field from CUE: failed to lookup value: var(path=output) not exist";
        return Err(fault(said, vec![found]));
    };
    let output = evaluate::tree(output).map_err(|found| fault(DECODE, found))?;
    let application = shape::application(&output, Keys::AnyCase, making.warnings)
        .map_err(|found| fault(DECODE, vec![*found]))?;
    let auxiliary = match root.field("outputs") {
        Some(outputs) => objects(making, outputs, &template.path)?,
        None => Vec::new(),
    };
    Ok((application, auxiliary))
}

fn fault(said: &str, causes: Vec<Diagnostic>) -> Fault {
    Fault::new(Stage::Application, said, causes)
}

fn evaluate_all(making: &mut Making<'_>) -> Step<Evaluation> {
    let Some(template) = making.addon.template_cue.as_ref() else {
        return Ok(evaluate::package(making.session, Vec::new(), &[]));
    };
    let main = making.parsed.get(template);
    let main =
        main.map_err(|found| fault("load app template with CUE files: parse main file: ", found))?;
    let main = in_main(main);
    let name = main.package_name().unwrap_or(MAIN).to_owned();
    let mut files = vec![main];
    let with_parameters = making.parameters.package() == name;
    if with_parameters {
        files.extend(making.parameters.declaration.clone().map(in_main));
    } else {
        let message = format!(
            "the template is of the package `{name}` and sees neither `parameter` nor `context`, which are in `{}`",
            making.parameters.package()
        );
        let place = template.source.span().start();
        let found = Diagnostic::warning("render/no-effect", message, place)
            .help("give `template.cue` the clause `package main`, or none");
        making.warnings.push(found);
    }
    let resources = making.addon.resources.iter().filter_map(Element::as_cue);
    for (at, resource) in resources.enumerate() {
        let file = making.parsed.get(resource);
        let file =
            file.map_err(|found| fault(&format!("{LOAD}parse added file {}: ", at + 1), found))?;
        if file.package_name() == Some(name.as_str()) {
            files.push(file);
        }
    }
    let values = making.parameters.values();
    let injected = if with_parameters { &values[..] } else { &[] };
    Ok(evaluate::package(making.session, files, injected))
}

/// The structs in `outputs` as objects, each with a label that names its field.
fn objects(making: &mut Making<'_>, outputs: Value<'_>, file: &VPath) -> Step<Vec<Auxiliary>> {
    let made = evaluate::tree(outputs).map_err(|found| fault(DECODE, found))?;
    let mut entries = match made.data {
        Data::Map(entries) => entries,
        Data::Null => return Ok(Vec::new()),
        _ => {
            let message = format!(
                "`outputs` must be a struct of objects, found {}",
                made.kind()
            );
            let found = Diagnostic::error("render/outputs", message, made.span);
            return Err(fault(DECODE, vec![found]));
        }
    };
    entries.sort_by(|a, b| a.key.as_bytes().cmp(b.key.as_bytes()));
    let mut objects = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut made = entry.value;
        if !matches!(made.data, Data::Map(_)) {
            let message = format!(
                "`outputs.{}` is {} and no object, KubeVela ignores it",
                entry.key,
                made.kind()
            );
            making
                .warnings
                .push(Diagnostic::warning("render/outputs", message, made.span));
            continue;
        }
        tree::floats(&mut made);
        object::set_labels(&mut made, [(LABEL_AUXILIARY, &entry.key, Span::DETACHED)]);
        objects.push(Auxiliary {
            role: AuxiliaryRole::Output,
            source: file.clone(),
            object: made,
        });
    }
    Ok(objects)
}
