//! One component through its definition and those of its traits.
//!
//! ```text
//! template + parameter + context ──► output ─────────────► base ──patch──► base ──► workload
//!                                    outputs ─► auxiliaries ──patchOutputs──► …  ──► objects
//! trait:   template + parameter + context (output, outputs as they are by now) ──► outputs, patch, patchOutputs
//! ```
//! Traits run in the order in which they are written, and each sees what the former ones did (`workloadDef.Complete`,
//! `traitDef.Complete` of kubevela `pkg/cue/definition/template.go`). A template, its parameter and its context are one
//! package whose values keep their places; status, health and the templates' providers are not run.

use super::application::{Component, Trait, Word};
use super::context::{Above, Seen, World};
use super::definitions::Template;
use super::object::{Fields, Object, expr_of_tree};
use super::patch::{self, Strategy};
use cue_engine::syntax::ast;
use cue_engine::{Check, Evaluation, Injected, Session, Shape, Value, explain};
use goyaml::Tree;
use source_vocab::{Diagnostic, Place, Span};
use std::sync::Arc;

/// The type that KubeVela gives to a component's own `outputs`.
pub(super) const AUXILIARY: &str = "AuxiliaryWorkload";

/// The fields of a template that take part in patches.
const PATCHED: [&str; 4] = ["output", "outputs", "patch", "patchOutputs"];

/// Why a template that runs actions may have no value.
pub(super) const ACTIONS: &str = "the template asks KubeVela to do something (it imports a package under `vela/`), which rendering never does";

/// A value in a finished evaluation.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    evaluation: Arc<Evaluation>,
    path: Vec<Box<str>>,
}

impl Instance {
    fn new(evaluation: &Arc<Evaluation>, path: &[&str]) -> Self {
        Self {
            evaluation: Arc::clone(evaluation),
            path: path.iter().map(|&name| name.into()).collect(),
        }
    }

    pub(super) fn value(&self) -> Option<Value<'_>> {
        self.path
            .iter()
            .try_fold(self.evaluation.root()?, |value, name| {
                value.default().field(name)
            })
    }

    /// The value as a whole object of Kubernetes.
    ///
    /// # Errors
    /// What is not concrete in it, or that it has no kind.
    pub(super) fn object(&self) -> Result<Object, Vec<Diagnostic>> {
        let value = self.value().ok_or_else(|| missing("output"))?;
        let data = cue_engine::export::data(value)?;
        let object = Object::of_data(&data);
        if object.text_at(&["kind"]).is_empty() {
            let path = value.graph().path_text(&value.path());
            return Err(vec![
                Diagnostic::error(
                    "deep/no-kind",
                    format!("`{path}` is no object of Kubernetes: it has no `kind`"),
                    Place::Text(value.span()),
                )
                .help("give it `apiVersion` and `kind`"),
            ]);
        }
        Ok(object)
    }

    /// The value as a template of a trait sees it.
    fn shown(&self) -> Result<Object, Vec<Diagnostic>> {
        let value = self.value().ok_or_else(|| missing("output"))?;
        cue_engine::export::data(value).map(|data| Object::of_data(&data))
    }
}

fn missing(field: &str) -> Vec<Diagnostic> {
    vec![Diagnostic::error(
        "deep/no-output",
        format!("the template has no field `{field}`"),
        Place::Nowhere,
    )]
}

/// An object beside the workload.
#[derive(Clone, Debug)]
pub(super) struct Auxiliary {
    pub(super) instance: Instance,
    /// The trait's type, or [`AUXILIARY`].
    pub(super) kind: String,
    /// Its name in `outputs`.
    pub(super) name: String,
}

/// A component before its objects are named and labelled.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) base: Instance,
    pub(super) auxiliaries: Vec<Auxiliary>,
}

/// Runs templates for one component (or policy).
pub(super) struct Renderer<'a> {
    pub(super) session: &'a Session,
    pub(super) world: World<'a>,
}

impl Renderer<'_> {
    /// Evaluates a component's template.
    ///
    /// # Errors
    /// What is wrong with its value.
    pub(super) fn base(
        &self,
        template: &Template,
        properties: Option<&Tree>,
        seen: Seen<'_>,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        let parameter = properties.map_or_else(|| ast::Expr::structure(Vec::new()), expr_of_tree);
        let injected = [
            Injected::field("parameter", parameter),
            Injected::field("context", seen.context(&template.context)),
        ];
        let evaluation = self.evaluate(template, &injected)?;
        let auxiliaries = outputs(&evaluation, AUXILIARY);
        Ok(Rendered {
            base: Instance::new(&evaluation, &["output"]),
            auxiliaries,
        })
    }

    /// Evaluates a component and its traits.
    ///
    /// # Errors
    /// What is wrong, with the component or trait that was being rendered.
    pub(super) fn component<'d>(
        &self,
        component: &Component,
        template: &Template,
        traits: impl IntoIterator<Item = (&'d Trait, &'d Template)>,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        let properties = component.properties.as_ref();
        let seen = Seen {
            world: self.world,
            name: &component.name,
            properties,
            above: None,
            artifacts: None,
        };
        let about = format!(
            "component `{}` of type `{}`",
            component.name, component.kind.text
        );
        let mut rendered = self
            .base(template, properties, seen)
            .map_err(|found| explained(found, &about, &component.kind))?;
        let about = |made: &Trait| {
            format!(
                "trait `{}` of component `{}`",
                made.kind.text, component.name
            )
        };
        let mut traits = traits.into_iter().peekable();
        if let Some((first, _)) = traits.peek() {
            // KubeVela shows the component's whole template to its traits, which fails unless all of it is concrete
            let whole = Instance::new(&rendered.base.evaluation, &[]);
            whole
                .shown()
                .map_err(|found| explained(found, &about(first), &first.kind))?;
        }
        for (made, definition) in traits {
            let about = about(made);
            self.apply(component, made, definition, &mut rendered)
                .map_err(|found| explained(found, &about, &made.kind))?;
        }
        Ok(rendered)
    }

    fn apply(
        &self,
        component: &Component,
        made: &Trait,
        template: &Template,
        rendered: &mut Rendered,
    ) -> Result<(), Vec<Diagnostic>> {
        let mut outputs_by_name = Fields::new();
        for auxiliary in &rendered.auxiliaries {
            let shown = auxiliary.instance.shown()?;
            outputs_by_name.insert(auxiliary.name.as_str().into(), shown);
        }
        let above = Above {
            component_type: definition_name(&component.kind.text),
            output: rendered.base.shown()?,
            outputs: outputs_by_name,
        };
        let seen = Seen {
            world: self.world,
            name: &component.name,
            properties: component.properties.as_ref(),
            above: Some(&above),
            artifacts: None,
        };
        let mut injected = vec![Injected::field("context", seen.context(&template.context))];
        if let Some(properties) = &made.properties {
            injected.push(Injected::field("parameter", expr_of_tree(properties)));
        }
        let evaluation = self.evaluate(template, &injected)?;
        let Some(root) = evaluation.root() else {
            return Err(evaluation.diagnostics.clone());
        };
        if let Some(processing) = root.field("processing") {
            return Err(vec![Diagnostic::error(
                "deep/needs-network",
                "the template asks a server for values (`processing`), which rendering never does",
                Place::Text(processing.span()),
            )]);
        }
        let kind = definition_name(&made.kind.text);
        rendered.auxiliaries.extend(outputs(&evaluation, kind));
        if let Some(change) = root.field("patch") {
            let strategy = Strategy::of(change);
            self.patch(&mut rendered.base, change, strategy)?;
        }
        if let Some(changes) = root.field("patchOutputs") {
            for auxiliary in &mut rendered.auxiliaries {
                if let Some(change) = changes.default().field(&auxiliary.name) {
                    self.patch(&mut auxiliary.instance, change, Strategy::Unify)?;
                }
            }
        }
        Ok(())
    }

    fn patch(
        &self,
        target: &mut Instance,
        change: Value<'_>,
        strategy: Strategy,
    ) -> Result<(), Vec<Diagnostic>> {
        let base = target.value().ok_or_else(|| missing("output"))?;
        let patched = patch::patch(self.session, base, change, strategy)?;
        *target = Instance::new(&Arc::new(patched), &[]);
        Ok(())
    }

    fn evaluate(
        &self,
        template: &Template,
        injected: &[Injected],
    ) -> Result<Arc<Evaluation>, Vec<Diagnostic>> {
        let evaluation = self.evaluated(template, injected);
        evaluation.map_err(|mut found| {
            if template.actions {
                for diagnostic in &mut found {
                    diagnostic.notes.push(ACTIONS.to_owned());
                }
            }
            found
        })
    }

    fn evaluated(
        &self,
        template: &Template,
        injected: &[Injected],
    ) -> Result<Arc<Evaluation>, Vec<Diagnostic>> {
        if template.terraform {
            return Err(vec![Diagnostic::error(
                "deep/terraform",
                "the definition is a Terraform configuration, which only a cluster can run",
                Place::Text(template.span),
            )]);
        }
        let Some(package) = &template.package else {
            return Err(vec![Diagnostic::error(
                "deep/no-template",
                "the definition has no CUE template",
                Place::Text(template.span),
            )]);
        };
        let evaluation = self
            .session
            .evaluate_with_elements(package, injected, &PATCHED);
        let Some(root) = evaluation.root() else {
            return Err(evaluation.diagnostics);
        };
        let mut found = user_errors(root);
        found.extend(explain::findings(root, Check::Valid));
        if found.is_empty() {
            Ok(Arc::new(evaluation))
        } else {
            Err(found)
        }
    }
}

/// The name of a definition without its revision.
pub(super) fn definition_name(kind: &str) -> &str {
    kind.rsplit_once('@').map_or(kind, |(name, _)| name)
}

/// What the template itself reports in `errs: [...string]`; a field of another form is none of its reports.
fn user_errors(root: Value<'_>) -> Vec<Diagnostic> {
    let Some(errs) = root.field("errs") else {
        return Vec::new();
    };
    let errs = errs.default();
    let texts: Option<Vec<Diagnostic>> = errs
        .elements()
        .into_iter()
        .map(|element| match element.default().shape() {
            Shape::String(text) => Some(Diagnostic::error(
                "deep/template-error",
                format!("the template reports: {text}"),
                Place::Text(element.span()),
            )),
            _ => None,
        })
        .collect();
    texts.unwrap_or_default()
}

/// The objects of `outputs`, in the order of its fields; those that are not decided to be there are not.
fn outputs(evaluation: &Arc<Evaluation>, kind: &str) -> Vec<Auxiliary> {
    let Some(outputs) = evaluation.root().and_then(|root| root.field("outputs")) else {
        return Vec::new();
    };
    outputs
        .default()
        .fields()
        .into_iter()
        .map(|(name, _)| Auxiliary {
            instance: Instance::new(evaluation, &["outputs", &name]),
            kind: kind.to_owned(),
            name: name.to_string(),
        })
        .collect()
}

/// Says what was being rendered; what has no place is put where the author names the definition.
pub(super) fn explained(found: Vec<Diagnostic>, about: &str, at: &Word) -> Vec<Diagnostic> {
    let mut found = found;
    for diagnostic in &mut found {
        let nowhere = match &diagnostic.primary.place {
            Place::Text(span) => span.is_detached(),
            Place::Path(_) => false,
            Place::Nowhere => true,
        };
        if at.span != Span::DETACHED {
            if nowhere {
                diagnostic.primary.place = Place::Text(at.span);
            } else {
                diagnostic.labels.push(source_vocab::Label {
                    place: Place::Text(at.span),
                    text: "used here".to_owned(),
                });
            }
        }
        diagnostic.notes.push(format!("while rendering {about}"));
    }
    found
}
