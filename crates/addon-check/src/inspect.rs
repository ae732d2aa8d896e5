//! Everything there is to say about an addon's directory: reading, packaging, rendering and the rules.
//!
//! The plan is made strictly ([`Mode::Verify`]), since what it refuses is a finding as well. A
//! directory that cannot be listed ends it; whatever else is wrong, all the rest is still looked at.

use crate::ignore::Ignores;
use crate::input::{Input, Origin};
use crate::merge::{merge, merge_rendering, sort};
use crate::own::OwnRules;
use crate::proof::{Neighbours, Proof, Rendered, Sets};
use addon_archive::{Mode, PackagePlan};
use addon_model::Addon;
use cue_engine::Session;
use source_vocab::{Diagnostic, Severity, SourceMap, VPath, World};

/// A finding that the author took back.
#[derive(Clone, Debug)]
pub struct Ignored {
    /// The finding.
    pub finding: Diagnostic,
    /// Why it does not matter.
    pub reason: String,
}

/// What was found, and the archive that could be made.
#[derive(Debug)]
pub struct Inspection {
    /// All findings, in the order of the files.
    pub findings: Vec<Diagnostic>,
    /// What was found and taken back, in the same order.
    pub ignored: Vec<Ignored>,
    /// What goes into the archive; `None` when packaging refuses the addon.
    pub plan: Option<PackagePlan>,
    /// The addon as it was read; `None` when its directory cannot be listed.
    pub addon: Option<Addon>,
}

impl Inspection {
    /// Whether a finding has the severity error.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|found| found.severity == Severity::Error)
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The files.
    pub world: &'a dyn World,
    /// The addon's directory.
    pub root: &'a VPath,
    /// The name of its directory, where that is known.
    pub directory: Option<&'a str>,
    /// The addons that it may depend on.
    pub neighbours: &'a Neighbours,
}

/// Looks at an addon. `sources` gets the texts that the findings point into; it has to be empty, or those of the subject's
/// neighbours ([`Neighbours::sources`]). Where nothing of an addon can be rendered, the rules on what is rendered see no case.
pub fn inspect(subject: &Subject<'_>, sources: &mut SourceMap) -> Inspection {
    inspect_with(subject, &OwnRules::default(), sources)
}

/// As [`inspect()`], with rules of an organisation besides.
pub fn inspect_with(subject: &Subject<'_>, own: &OwnRules, sources: &mut SourceMap) -> Inspection {
    inspect_as(Origin::Directory, subject, Sets::All, own, sources)
}

/// As [`inspect()`], without the argument sets that are made from the parameters: an addon is rendered with its defaults and
/// its examples alone. That is what a build has time for.
pub fn inspect_cases(subject: &Subject<'_>, sources: &mut SourceMap) -> Inspection {
    inspect_as(
        Origin::Directory,
        subject,
        Sets::None,
        &OwnRules::default(),
        sources,
    )
}

/// Renders an addon as [`inspect()`] does and shows what comes out of it to `look`, without any rule; `None` when the addon's
/// directory cannot be listed. What reading and rendering find is in [`Proof::cases`] or not told.
pub fn proven<T>(
    subject: &Subject<'_>,
    sources: &mut SourceMap,
    look: impl FnOnce(&Proof<'_>) -> T,
) -> Option<T> {
    let (world, root) = (subject.world, subject.root);
    if sources.files().is_empty() {
        sources.clone_from(subject.neighbours.sources());
    }
    let tree = addon_model::scan(world, root).value?;
    let addon = addon_model::load(world, &tree, sources).value?;
    let input = Input::read(Origin::Directory, world, &addon, subject.directory, sources);
    let mut session = Session::new().with_budget(addon_render::BUDGET);
    std::mem::swap(session.sources_mut(), sources);
    let rendered = Rendered::new(world, &input, Sets::All, &mut session);
    let looked = look(&Proof::new(&input, &session, &rendered, subject.neighbours));
    std::mem::swap(session.sources_mut(), sources);
    Some(looked)
}

/// As [`inspect()`], of files that come from a directory or from an archive.
pub(crate) fn inspect_as(
    origin: Origin,
    subject: &Subject<'_>,
    sets: Sets,
    own: &OwnRules,
    sources: &mut SourceMap,
) -> Inspection {
    let (world, root) = (subject.world, subject.root);
    if sources.files().is_empty() {
        sources.clone_from(subject.neighbours.sources());
    }
    let first = sources.files().len();
    let mut findings = Vec::new();
    let tree = addon_model::scan(world, root).drain_into(&mut findings);
    let Some(tree) = tree.filter(|_| findings.is_empty()) else {
        return Inspection {
            findings,
            ignored: Vec::new(),
            plan: None,
            addon: None,
        };
    };
    let packaging = addon_model::load_packaging(world, &tree, sources);
    let plan = addon_archive::plan(world, &tree, &packaging, sources, Mode::Verify)
        .drain_into(&mut findings);
    let refusals = findings.len();
    let mut more = Vec::new();
    let addon = addon_model::load(world, &tree, sources).drain_into(&mut more);
    merge(&mut findings, more, sources);
    if let Some(addon) = &addon {
        let values = addon_model::schema::check_metadata(&addon.metadata);
        merge(&mut findings, values, sources);
        let input = Input::read(origin, world, addon, subject.directory, sources);
        merge(&mut findings, input.check(), sources);
        prove(&input, subject, (sets, own), sources, &mut findings);
    }
    let more = findings.split_off(refusals);
    let mut ignores = Ignores::read(sources, first, addon.as_ref().map(Addon::meta), own);
    let (more, ignored) = ignores.take_back(more, sources, &|path| world.display(path));
    let wrong = ignores.findings(&findings);
    findings.extend(more);
    findings.extend(wrong);
    sort(&mut findings, sources);
    Inspection {
        findings,
        ignored,
        plan,
        addon,
    }
}

/// Renders the addon and adds what is found on the way, and what the rules on what is rendered find.
fn prove(
    input: &Input<'_>,
    subject: &Subject<'_>,
    (sets, own): (Sets, &OwnRules),
    sources: &mut SourceMap,
    findings: &mut Vec<Diagnostic>,
) {
    let mut session = Session::new().with_budget(addon_render::BUDGET);
    std::mem::swap(session.sources_mut(), sources);
    let rendered = Rendered::new(subject.world, input, sets, &mut session);
    let proof = Proof::new(input, &session, &rendered, subject.neighbours);
    let of_rules = proof.check();
    let mut known = session.sources().clone();
    let of_own = own.check(&proof, &mut known);
    *sources = known;
    merge_rendering(findings, rendered.found, sources);
    merge(findings, of_rules, sources);
    findings.extend(of_own);
}
