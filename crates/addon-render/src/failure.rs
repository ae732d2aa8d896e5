//! Where a rendering fails: the stage, and the words with which KubeVela begins its own message there.
//!
//! KubeVela stops at the first error. The stages are in its order, and the prefix is the part of its message before the
//! words of the CUE library or the YAML reader: people find it in logs, and both tools can be compared by it. The cause is in
//! the diagnostics, which say more than KubeVela and point into the author's files.

use crate::blame;
use crate::parameter::Parameters;
use source_vocab::{Diagnostic, Severity, SourceMap};

/// What KubeVela is doing when it fails, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reading the files (`GetUIDataFromReader`, `GetInstallPackageFromReader`).
    Read,
    /// Making the schema of the parameters, which is part of reading.
    ParameterSchema,
    /// Looking at the metadata (`validateAddonPackage`).
    Validate,
    /// Looking for dependencies.
    Dependencies,
    /// The Application (`RenderApp`).
    Application,
    /// The X-definitions (`RenderDefinitions`).
    Definitions,
    /// The config templates (`RenderConfigTemplates`).
    ConfigTemplates,
    /// The UI schemas (`RenderDefinitionSchema`).
    UiSchemas,
    /// The views (`RenderViews`).
    Views,
    /// The annotations that name the definitions (`passDefInAppAnnotation`).
    Annotations,
}

/// A rendering that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where.
    pub stage: Stage,
    /// How KubeVela's message begins.
    pub message: String,
}

/// A failure with its causes, on its way up.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) failure: Failure,
    pub(crate) causes: Vec<Diagnostic>,
}

impl Fault {
    pub(crate) fn new(stage: Stage, message: impl Into<String>, causes: Vec<Diagnostic>) -> Self {
        Self {
            failure: Failure {
                stage,
                message: message.into(),
            },
            causes,
        }
    }

    /// Puts KubeVela's own wrapper before the message.
    #[must_use]
    pub(crate) fn within(mut self, prefix: &str) -> Self {
        self.failure.message.insert_str(0, prefix);
        self
    }

    /// Says what is about arguments in their words.
    #[must_use]
    pub(crate) fn blame(mut self, parameters: &Parameters, sources: &SourceMap) -> Self {
        self.causes = blame::explain(self.causes, parameters, sources);
        self
    }

    /// The diagnostics, the first of which says how KubeVela puts it.
    pub(crate) fn report(mut self, into: &mut Vec<Diagnostic>) -> Failure {
        let first = self
            .causes
            .iter_mut()
            .find(|found| found.severity == Severity::Error);
        if let Some(first) = first {
            let said = self.failure.message.trim_end_matches([':', ' ']);
            first.notes.push(format!("vela fails with: {said}"));
        }
        into.append(&mut self.causes);
        self.failure
    }
}

/// What a step of the rendering gives.
pub(crate) type Step<T> = Result<T, Fault>;
