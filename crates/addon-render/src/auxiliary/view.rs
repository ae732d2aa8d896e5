//! Views: queries of `VelaQL`, as YAML objects that pass unchanged, or as CUE whose text becomes a `ConfigMap`.
//!
//! A CUE view must compile and have `status` or `export`; it is called by its file without the last extension (kubevela
//! 5a44b5f10 `RenderViews`, `pkg/velaql` `ParseViewIntoConfigMap`).

use crate::definition::providers::{self, Importer};
use crate::evaluate;
use crate::failure::{Fault, Stage, Step};
use crate::object;
use crate::parameter::without_package;
use crate::rendered::{Auxiliary, AuxiliaryRole};
use crate::tree;
use addon_model::{Addon, Element, TextFile};
use cue_engine::Session;
use source_vocab::Diagnostic;

pub(super) fn render(
    addon: &Addon,
    session: &Session,
    warnings: &mut Vec<Diagnostic>,
) -> Step<Vec<Auxiliary>> {
    let mut all = Vec::new();
    let fault = |file: &TextFile, causes: Vec<Diagnostic>| {
        let said = format!("render velaQL view file {}: ", file.name());
        Fault::new(Stage::Views, said, causes)
    };
    for yaml in addon.views.iter().filter_map(Element::as_yaml) {
        let made = object::read(yaml, warnings).map_err(|found| fault(&yaml.file, vec![*found]))?;
        all.push(Auxiliary {
            role: AuxiliaryRole::View,
            source: yaml.file.path.clone(),
            object: made,
        });
    }
    for file in addon.views.iter().filter_map(Element::as_cue) {
        judge(file, session).map_err(|found| fault(file, found))?;
        let start = file.source.span().start();
        let name = file.name();
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        all.push(Auxiliary {
            role: AuxiliaryRole::View,
            source: file.path.clone(),
            object: object::config_map(
                tree::text(name, start),
                vec![("template", tree::text(file.text(), start))],
            ),
        });
    }
    Ok(all)
}

/// Whether KubeVela takes the text as a view.
fn judge(file: &TextFile, session: &Session) -> Result<(), Vec<Diagnostic>> {
    let parsed = evaluate::parse(file)?;
    let session = providers::session(session, Importer::Workflow);
    let evaluation = evaluate::package(&session, vec![without_package(parsed)], &[]);
    // values in it may have errors: nothing has been asked of the cluster yet
    let Some(root) = evaluation.root() else {
        return Err(evaluation.diagnostics);
    };
    if root.field("status").is_some() || root.field("export").is_some() {
        return Ok(());
    }
    let message = format!("the view `{}` has neither `status` nor `export`", file.path);
    let found = Diagnostic::error("render/view", message, file.source.span().start())
        .help("name the field that is the answer of the view `status`");
    Err(vec![found])
}
