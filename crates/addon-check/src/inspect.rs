//! Everything there is to say about an addon's directory: reading, packaging and the rules.
//!
//! The plan is made strictly ([`Mode::Verify`]), since what it refuses is a finding as well. A
//! directory that cannot be listed ends it; whatever else is wrong, all the rest is still looked at.

use crate::ignore::Ignores;
use crate::input::{Origin, check_addon};
use crate::merge::{merge, sort};
use addon_archive::{Mode, PackagePlan};
use addon_model::Addon;
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

/// Looks at the addon in `root`. `directory` is the name of its directory, where that is known;
/// `sources` gets the texts that the findings point into.
pub fn inspect(
    world: &dyn World,
    root: &VPath,
    directory: Option<&str>,
    sources: &mut SourceMap,
) -> Inspection {
    inspect_as(Origin::Directory, world, root, directory, sources)
}

/// As [`inspect()`], of files that come from a directory or from an archive.
pub(crate) fn inspect_as(
    origin: Origin,
    world: &dyn World,
    root: &VPath,
    directory: Option<&str>,
    sources: &mut SourceMap,
) -> Inspection {
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
        let rules = check_addon(origin, world, addon, directory, sources);
        merge(&mut findings, rules, sources);
    }
    let more = findings.split_off(refusals);
    let mut ignores = Ignores::read(sources, addon.as_ref().map(Addon::meta));
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
