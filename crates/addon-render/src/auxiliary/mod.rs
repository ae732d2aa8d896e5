//! The objects beside the Application: definitions, config templates, UI schemas and views.
//!
//! KubeVela renders them in this order, the YAML files of a kind before its CUE files, each in reading order, and only then
//! asks whether an object is bound to a component that is not there (kubevela 5a44b5f10 `dispatchAddonResource`).

mod bond;
mod config_template;
mod definition;
mod ui_schema;
mod view;

pub(crate) use bond::Components;
pub(crate) use definition::annotate;

use crate::failure::Step;
use crate::rendered::Auxiliary;
use addon_model::Addon;
use cue_engine::Session;
use source_vocab::Diagnostic;

/// Renders all definitions.
pub(crate) fn definitions(
    addon: &Addon,
    session: &Session,
    warnings: &mut Vec<Diagnostic>,
) -> Step<Vec<Auxiliary>> {
    definition::render(addon, session, warnings)
        .map_err(|fault| fault.within("render addon definitions fail: "))
}

/// Renders config templates, UI schemas and views.
pub(crate) fn others(
    addon: &Addon,
    session: &Session,
    warnings: &mut Vec<Diagnostic>,
) -> Step<Vec<Auxiliary>> {
    let mut all = Vec::new();
    for file in &addon.config_templates {
        let made = config_template::render(file, session)
            .map_err(|fault| fault.within("render the config template fail: "))?;
        all.push(made);
    }
    for file in &addon.schemas {
        let made = ui_schema::render(file)
            .map_err(|fault| fault.within("render addon definitions' schema fail: "))?;
        all.push(made);
    }
    let views = view::render(addon, session, warnings)
        .map_err(|fault| fault.within("render addon views fail: "))?;
    all.extend(views);
    Ok(all)
}
