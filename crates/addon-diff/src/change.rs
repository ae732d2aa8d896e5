//! A change, and how much it weighs for who has the addon enabled.

use source_vocab::Place;
use std::fmt;

/// Which version step a change asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing that worked is different.
    Patch,
    /// There is more than before, or another default.
    Minor,
    /// What worked does not work any more, or an upgrade deletes or cannot update something.
    Major,
}

impl Weight {
    /// `major`, `minor` or `patch`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What the addon says of itself.
    Metadata,
    /// The parameters of the addon.
    Parameter,
    /// A definition or its parameters.
    Definition,
    /// A definition that has other content under the version it had.
    DefinitionVersion,
    /// A CRD and its versions.
    Crd,
    /// An object that is there no more, or belongs to another component.
    Moved,
    /// A field that an API server does not let anybody change.
    Immutable,
    /// Anything else about an object.
    Object,
    /// A file.
    File,
}

impl Topic {
    /// The word for it in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Parameter => "parameter",
            Self::Definition => "definition",
            Self::DefinitionVersion => "definition-version",
            Self::Crd => "crd",
            Self::Moved => "moved",
            Self::Immutable => "immutable",
            Self::Object => "object",
            Self::File => "file",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// The step that it asks for.
    pub weight: Weight,
    /// The thing that changed: ``parameter `replicas` ``, ``Deployment `apps/web` ``.
    pub subject: String,
    /// Where in that thing, in dots; empty for the whole.
    pub path: String,
    /// What is different, as the rest of a sentence that begins with the subject.
    pub message: String,
    /// Where it is seen in the new version; [`Place::Nowhere`] for what is gone.
    pub place: Place,
}
