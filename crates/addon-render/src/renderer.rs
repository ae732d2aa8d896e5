//! The way from an addon to what it applies, for one set of arguments after the other.
//!
//! What does not depend on the arguments is done once: parsing, the schema of the parameters, definitions, config templates,
//! UI schemas and views. So a second rendering costs what the template and the resources cost.

use crate::application::{self, Making};
use crate::auxiliary;
use crate::failure::Step;
use crate::loading;
use crate::notes;
use crate::parameter::Parameters;
use crate::rendered::{Auxiliary, Rendered};
use crate::request::Request;
use crate::secret;
use crate::syntax::Parsed;
use crate::traps;
use addon_model::Addon;
use cue_engine::Session;
use source_vocab::{Diagnostic, Outcome};
use std::cell::OnceCell;

/// An addon that is rendered several times.
#[derive(Debug)]
pub struct Renderer<'a> {
    addon: &'a Addon,
    session: &'a Session,
    parsed: Parsed,
    /// Whether the parameters have a schema.
    schema: OnceCell<Result<(), Vec<Diagnostic>>>,
    definitions: OnceCell<Once>,
    others: OnceCell<Once>,
}

/// Objects that are the same for all arguments, with what was found on the way.
#[derive(Debug)]
struct Once {
    made: Step<Vec<Auxiliary>>,
    warnings: Vec<Diagnostic>,
}

impl Once {
    fn of(make: impl FnOnce(&mut Vec<Diagnostic>) -> Step<Vec<Auxiliary>>) -> Self {
        let mut warnings = Vec::new();
        let made = make(&mut warnings);
        Self { made, warnings }
    }

    fn get(&self, warnings: &mut Vec<Diagnostic>) -> Step<Vec<Auxiliary>> {
        warnings.extend(self.warnings.iter().cloned());
        self.made.clone()
    }
}

/// How much is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Whole,
    /// What depends on the arguments.
    Dependent,
}

impl<'a> Renderer<'a> {
    /// Begins with an addon that was loaded into the sources of `session`; nothing is done yet.
    pub fn new(addon: &'a Addon, session: &'a Session) -> Self {
        Self {
            addon,
            session,
            parsed: Parsed::default(),
            schema: OnceCell::new(),
            definitions: OnceCell::new(),
            others: OnceCell::new(),
        }
    }

    /// Renders the addon; see [`render`](crate::render()).
    pub fn render(&self, request: &Request) -> Outcome<Rendered> {
        self.begin(request, Extent::Whole)
    }

    /// Renders what depends on the arguments: the Application, the `outputs` of its template, the notes. The YAML files of
    /// `resources/` leave an empty component, and traps are not looked for.
    pub fn render_dependent(&self, request: &Request) -> Outcome<Rendered> {
        self.begin(request, Extent::Dependent)
    }

    /// Whether the declaration of the parameters admits arguments, as far as it can be said without the templates. (What is
    /// required and not given does not count.)
    pub fn admits(&self, request: &Request) -> bool {
        Parameters::new(self.addon, request, &self.parsed).is_ok_and(|parameters| {
            let frozen = application::Frozen::new(&parameters, self.session);
            frozen.contradiction().is_empty()
        })
    }

    fn begin(&self, request: &Request, extent: Extent) -> Outcome<Rendered> {
        let mut diagnostics = Vec::new();
        let mut rendered = Rendered::default();
        if let Err(fault) = self.run(request, extent, &mut rendered, &mut diagnostics) {
            rendered.failure = Some(fault.report(&mut diagnostics));
        }
        Outcome {
            value: Some(rendered),
            diagnostics,
        }
    }

    fn run(
        &self,
        request: &Request,
        extent: Extent,
        rendered: &mut Rendered,
        warnings: &mut Vec<Diagnostic>,
    ) -> Step<()> {
        let Self {
            addon,
            session,
            parsed,
            ..
        } = self;
        let parameters =
            loading::parameters(addon, request, session, parsed, &self.schema, warnings)?;
        loading::validate(addon, request)?;
        loading::dependencies(addon, request)?;
        let frozen = OnceCell::new();
        let facts = &request.facts;
        let mut making = Making::new(
            addon,
            &parameters,
            facts,
            session,
            parsed,
            &frozen,
            warnings,
        );
        making.extent = extent;
        let made = application::make(&mut making);
        let (application, outputs) =
            made.map_err(|fault| fault.blame(&parameters, session.sources()))?;
        let application = rendered.application.insert(application);
        let definitions = self
            .definitions
            .get_or_init(|| Once::of(|warnings| auxiliary::definitions(addon, session, warnings)));
        let mut all = outputs;
        match extent {
            Extent::Dependent => {
                if let Ok(definitions) = &definitions.made {
                    auxiliary::annotate(&mut application.object, definitions)?;
                }
            }
            Extent::Whole => {
                traps::arguments(addon, &parameters, session, &frozen, warnings);
                let definitions = definitions.get(warnings)?;
                let others = self.others.get_or_init(|| {
                    Once::of(|warnings| auxiliary::others(addon, session, warnings))
                });
                let others = others.get(warnings)?;
                auxiliary::annotate(&mut application.object, &definitions)?;
                all.extend(definitions);
                all.extend(others);
            }
        }
        let components = auxiliary::Components::of(&application.object);
        rendered.auxiliary = all
            .into_iter()
            .filter(|made| !components.lack_what_binds(&made.object))
            .collect();
        rendered.secret = secret::render(addon.meta(), &parameters);
        rendered.notes = notes::render(addon, &parameters, session, parsed, warnings);
        Ok(())
    }
}
