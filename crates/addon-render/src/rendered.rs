//! What a rendering gives, and the text that `vela addon enable --dry-run` prints of it.

use crate::failure::Failure;
use goyaml::Tree;
use source_vocab::VPath;

/// An addon as the objects that enabling it applies.
///
/// When something fails, what was rendered before is still here, and [`Rendered::failure`] says at which stage.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The Application, complete: with the components of the resources, labels, and the annotations that name definitions.
    pub application: Option<Application>,
    /// The other objects, in the order in which they are applied, without those whose component is not there.
    pub auxiliary: Vec<Auxiliary>,
    /// The text of `NOTES.cue`, which is printed after the addon is enabled. Nothing is added at its end.
    pub notes: Option<String>,
    /// The Secret that keeps the arguments; `None` when there are none. A dry run does not print it.
    pub secret: Option<Tree>,
    /// Where the rendering failed.
    pub failure: Option<Failure>,
}

/// The Application and where its components come from.
#[derive(Clone, Debug)]
pub struct Application {
    /// The object, in the form of the Go type: unknown fields are gone, empty ones too.
    pub object: Tree,
    /// Where each component comes from.
    pub components: Vec<ComponentSource>,
}

/// Where a component of the Application comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComponentSource {
    /// `template.yaml` or `template.cue`.
    Template,
    /// `needNamespace` of `metadata.yaml`.
    Namespace,
    /// All YAML files of `resources/` together.
    Objects,
    /// One CUE file of `resources/`.
    Resource(VPath),
}

/// An object beside the Application.
#[derive(Clone, Debug)]
pub struct Auxiliary {
    /// Which kind of object it is to the addon.
    pub role: AuxiliaryRole,
    /// The file it is made from.
    pub source: VPath,
    /// The object.
    pub object: Tree,
}

/// What an object beside the Application is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuxiliaryRole {
    /// A field of `outputs` in `template.cue`.
    Output,
    /// An X-definition.
    Definition,
    /// A config template.
    ConfigTemplate,
    /// A UI schema.
    UiSchema,
    /// A view of `VelaQL`.
    View,
}

impl Rendered {
    /// The first document of the dry run, the Application; empty when there is none.
    pub fn application_text(&self) -> String {
        self.application
            .as_ref()
            .map(|application| document(&application.object))
            .unwrap_or_default()
    }

    /// The other documents of the dry run, each after `---`.
    pub fn auxiliary_text(&self) -> String {
        let mut text = String::new();
        for auxiliary in &self.auxiliary {
            text.push_str("---\n");
            text.push_str(&document(&auxiliary.object));
        }
        text
    }

    /// The Secret of the arguments; empty when there is none.
    pub fn secret_text(&self) -> String {
        self.secret
            .as_ref()
            .map(|secret| goyaml::to_string(&secret.to_value()))
            .unwrap_or_default()
    }
}

/// An object as the dry run prints it: its YAML, and an empty line.
pub fn document(object: &Tree) -> String {
    let mut text = goyaml::to_string(&object.to_value());
    text.push('\n');
    text
}
