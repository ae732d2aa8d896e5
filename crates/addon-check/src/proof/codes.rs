//! Which rule a finding of the rendering belongs to: the one place that knows.
//!
//! Rendering speaks of causes in the words of its parts (`cue/…`, `render/…`, `definition/…`), which `render` shows as they
//! are. Here they get the ids under which they can be selected, ignored and looked up, the severity of that rule, and a
//! remedy where they have none. The same code means another thing in another stage: a contradiction in a view is that the
//! view does not compile, one in the template is that the addon cannot be enabled.

use addon_render::Stage;
use source_vocab::{Diagnostic, Severity};

/// While what a finding was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum While {
    /// Rendering, which did not fail for it.
    Rendering,
    /// This stage of a rendering that failed.
    Failing(Stage),
    /// Evaluating the template of a definition.
    Template,
}

/// A finding under the id of its rule; `None` for a warning of which a rule on the files says the same.
pub(super) fn named(mut found: Diagnostic, at: While) -> Option<Diagnostic> {
    if matches!(&*found.code, "render/two-templates" | "render/metadata") {
        // LAY01 and META01 are found when the files are read
        return None;
    }
    let told = if found.severity == Severity::Error {
        Some((of_error(&found.code, at), Severity::Error))
    } else {
        of_warning(&found.code)
    };
    let (id, severity) = told?;
    found.severity = severity;
    if let Some(remedy) = remedy(id).filter(|_| found.help.is_none()) {
        found.help = Some(remedy.to_owned());
    }
    found.code = id.into();
    Some(found)
}

/// The rule of an error.
fn of_error(code: &str, at: While) -> &'static str {
    general(code).unwrap_or_else(|| match at {
        While::Template => match code {
            "definition/schema-form" | "cue/no-schema" => "DEF06",
            _ => "DEF04",
        },
        While::Failing(Stage::ParameterSchema) => "REN04",
        While::Failing(Stage::Definitions) => "DEF03",
        While::Failing(Stage::ConfigTemplates) => "CFG01",
        While::Failing(Stage::UiSchemas) => "UI01",
        While::Failing(Stage::Views) => "VIEW01",
        While::Failing(_) | While::Rendering => of_evaluation(code),
    })
}

/// The rule of what means the same wherever it is found.
fn general(code: &str) -> Option<&'static str> {
    Some(match code {
        "cue/syntax"
        | "cue/invalid-string"
        | "cue/invalid-number"
        | "cue/invalid-label"
        | "cue/invalid-list"
        | "cue/invalid-expression"
        | "cue/invalid-operator"
        | "cue/invalid-alias"
        | "cue/invalid-comprehension"
        | "cue/misplaced-default"
        | "cue/old-alias"
        | "cue/not-utf8" => "CUE01",
        "cue/two-packages" => "CUE02",
        "cue/unresolved-reference" => "CUE03",
        "cue/invalid-import"
        | "cue/invalid-import-path"
        | "cue/no-such-package"
        | "cue/package-not-found"
        | "cue/import-cycle" => "CUE04",
        "cue/unused-import" | "cue/unused-alias" => "CUE05",
        "cue/limit" | "cue/too-many-fields" | "cue/source-too-large" => "CUE14",
        "render/required" => "PAR04",
        "render/argument" | "render/unknown-cluster" => "REN05",
        "render/no-object" | "yaml/syntax" => "LAY08",
        "render/application-type" => "APP02",
        "render/no-output" | "render/not-an-application" => "APP01",
        "render/outputs" => "APP10",
        "render/config-template" => "CFG01",
        "render/ui-schema" => "UI01",
        "render/view" => "VIEW01",
        "render/notes" => "NOTE02",
        "definition/no-metadata"
        | "definition/two-names"
        | "definition/no-template"
        | "definition/dynamic-name"
        | "definition/template-not-struct" => "DEF01",
        "definition/no-type" | "definition/unknown-type" | "render/definition-kind" => "DEF02",
        "definition/status" => "DEF11",
        _ => return None,
    })
}

/// The rule of an error of evaluation.
fn of_evaluation(code: &str) -> &'static str {
    match code {
        "cue/incomplete"
        | "cue/incomplete-value"
        | "cue/ambiguous"
        | "cue/optional-field"
        | "cue/required-field" => "CUE06",
        "cue/invalid-operands"
        | "cue/invalid-operand"
        | "cue/argument-count"
        | "cue/wrong-type"
        | "cue/invalid-index"
        | "cue/out-of-range"
        | "cue/undefined-field"
        | "cue/builtin" => "REN02",
        "cue/reference-cycle"
        | "cue/structural-cycle"
        | "cue/cyclic-let"
        | "cue/cyclic-default"
        | "cue/field-after-use"
        | "cue/changed-condition" => "REN03",
        _ => "REN01",
    }
}

/// The rule of a warning, with the severity that it has there.
fn of_warning(code: &str) -> Option<(&'static str, Severity)> {
    Some(match code {
        // what the type of the Application does not have is lost
        "render/unknown-field" => ("APP02", Severity::Error),
        "render/overwritten" => ("APP07", Severity::Warning),
        "render/not-an-application" => ("APP01", Severity::Error),
        "render/outputs" => ("APP10", Severity::Warning),
        "render/undeclared" | "render/argument" => ("REN05", Severity::Warning),
        "render/notes" => ("NOTE02", Severity::Error),
        "render/required" => ("PAR04", Severity::Warning),
        _ => return None,
    })
}

/// What to do, where a finding does not say it.
fn remedy(id: &str) -> Option<&'static str> {
    Some(match id {
        "CUE01" => "mend the CUE at this place",
        "CUE02" => "give all files of the template the same package",
        "CUE03" => "declare it, or mend its name",
        "CUE04" => "import a package of CUE's standard library",
        "CUE05" => "remove the import",
        "CUE06" => "give it a value or a default here, or make what it depends on required",
        "CUE14" => "look for a definition or a comprehension that goes on without an end",
        "PAR04" => "give the parameter a default, or an example that sets it",
        "APP01" => "write an Application of `core.oam.dev/v1beta1` into `output`",
        "APP02" => "mend the field: an Application has fields of fixed names and types",
        "APP07" => "remove it from the template",
        "APP10" => "write a struct with `apiVersion`, `kind` and `metadata.name`",
        "DEF01" => "write one metadata field, called as the definition, and one `template: {…}`",
        "DEF02" => "write `type: \"component\"`, `\"trait\"`, `\"policy\"` or `\"workflow-step\"`",
        "DEF03" => "write `attributes` as the reference of definitions has them",
        "DEF04" => "mend the template: KubeVela evaluates it with `context` and the parameters",
        "DEF06" => {
            "give the parameter a type that OpenAPI has: one type for all elements of a list"
        }
        "DEF11" => "write CUE that gives `message` or `isHealth`",
        "NOTE02" => "use only `parameter`, `context.metadata` and `context.installer` in it",
        "VIEW01" => "mend the view: KubeVela compiles it when the addon is enabled",
        "REN01" => "make the values agree",
        "REN02" => "mend the expression: guard it with `if`, or give it operands of the right type",
        "REN03" => "break the cycle: a value cannot depend on itself",
        "REN04" => "mend the declaration: KubeVela makes a schema of it before anything else",
        "REN05" => "mend the arguments, or the declaration that they do not fit",
        "CFG01" => "write `metadata` and `template` as a config template has them",
        "UI01" => "write a list of parameters",
        "LAY08" => "write one object with `apiVersion` and `kind`",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    /// Codes of every part, in every stage, lead to rules that there are.
    #[test]
    fn every_code_has_a_rule() {
        let codes = [
            "cue/syntax",
            "cue/two-packages",
            "cue/unresolved-reference",
            "cue/invalid-import",
            "cue/unused-import",
            "cue/limit",
            "cue/conflicting-values",
            "cue/incomplete",
            "cue/wrong-type",
            "cue/structural-cycle",
            "render/required",
            "render/argument",
            "render/no-object",
            "render/application-type",
            "render/no-output",
            "render/outputs",
            "render/notes",
            "definition/no-type",
            "definition/no-metadata",
            "definition/schema-form",
            "definition/invalid-spec",
            "made/up",
        ];
        let stages = [
            Stage::Read,
            Stage::ParameterSchema,
            Stage::Application,
            Stage::Definitions,
            Stage::UiSchemas,
            Stage::Views,
        ];
        let mut all: Vec<While> = stages.into_iter().map(While::Failing).collect();
        all.extend([While::Rendering, While::Template]);
        for code in codes {
            for at in &all {
                let id = of_error(code, *at);
                assert!(rules::find(id).is_some(), "{code} {at:?}: {id}");
                assert!(remedy(id).is_some(), "{id}");
            }
        }
        for code in [
            "render/unknown-field",
            "render/overwritten",
            "render/undeclared",
        ] {
            let id = of_warning(code).map(|(id, _)| id);
            assert!(id.and_then(rules::find).is_some(), "{code}");
        }
    }
}
