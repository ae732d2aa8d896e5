//! The releases of Kubernetes that an addon admits: what `system.kubernetes` in its metadata says.

use crate::input::Input;
use addon_index::requirement::Requirement;
use kube_schema::{Release, Releases};
use source_vocab::{Place, Span};

/// The highest patch release that is thought of; no minor release had more than 16 so far.
const PATCHES: u8 = 30;

/// The newest minor release that is thought of.
const NEWEST: u8 = 60;

/// The releases that an addon admits.
#[derive(Debug)]
pub(crate) struct Admitted<'a> {
    /// `None` when the addon does not say it, or not so that it can be read.
    requirement: Option<Requirement<'a>>,
    span: Span,
    releases: Releases,
}

impl<'a> Admitted<'a> {
    /// What an addon says.
    pub(crate) fn of(input: &'a Input<'_>) -> Self {
        let stated = input
            .addon
            .meta()
            .system
            .as_ref()
            .map(|system| &system.value.kubernetes)
            .filter(|range| !range.is_empty());
        let mut made = Self {
            requirement: stated.and_then(|range| Requirement::parse(range).ok()),
            span: stated.map_or(Span::DETACHED, |range| range.span),
            releases: Releases::NONE,
        };
        made.releases = Release::all()
            .filter(|release| made.admits(release.minor()))
            .collect();
        made
    }

    /// Whether the addon says it.
    pub(crate) fn is_stated(&self) -> bool {
        self.requirement.is_some()
    }

    /// Where it is stated.
    pub(crate) fn place(&self, input: &Input<'_>) -> Place {
        input.metadata_place(self.span)
    }

    /// Whether some patch release of 1.`minor` is admitted.
    pub(crate) fn admits(&self, minor: u8) -> bool {
        let Some(requirement) = &self.requirement else {
            return true;
        };
        (0..=PATCHES).any(|patch| requirement.admits(&format!("v1.{minor}.{patch}")) == Ok(true))
    }

    /// The releases whose schemas are known.
    pub(crate) fn releases(&self) -> Releases {
        self.releases
    }

    /// The first minor release from `minor` on.
    pub(crate) fn first_from(&self, minor: u8) -> Option<u8> {
        (minor..=NEWEST).find(|minor| self.admits(*minor))
    }
}
