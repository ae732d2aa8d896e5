//! The path grammar: what KubeVela takes a file of an addon for, by its path alone.
//!
//! KubeVela tries fourteen patterns in a fixed order and the first one that is a *string prefix*
//! of the path wins (kubevela 5a44b5f10 `pkg/addon/addon.go`, `Patterns`, `GetPatternFromItem`).
//! So `resources-old/x.yaml` is a resource and `template.yaml.bak` replaces the template. The
//! classification here gives the same answer for every path and also says when only the prefix
//! matched, which no author means.
//!
//! Within a pattern the extension decides (`readResFile`, `readDefFile`, `readViewFile`,
//! `readConfigTemplateFile`); what they skip is [`Role::Skipped`] with the reason.

use std::fmt;

/// One of the names that KubeVela looks for, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// `config-templates`.
    ConfigTemplates,
    /// `README.md`.
    Readme,
    /// `metadata.yaml`.
    Metadata,
    /// `template.yaml`.
    TemplateYaml,
    /// `resources/parameter.cue`.
    ResourceParameter,
    /// `resources`.
    Resources,
    /// `definitions`.
    Definitions,
    /// `schemas`.
    Schemas,
    /// `views`.
    Views,
    /// `godef`.
    GoDef,
    /// `template.cue`.
    TemplateCue,
    /// `parameter.cue`.
    Parameter,
    /// `NOTES.cue`.
    Notes,
    /// `readme.md`.
    LegacyReadme,
}

impl Pattern {
    /// All patterns in the order in which KubeVela tries them.
    pub const ALL: [Self; 14] = [
        Self::ConfigTemplates,
        Self::Readme,
        Self::Metadata,
        Self::TemplateYaml,
        Self::ResourceParameter,
        Self::Resources,
        Self::Definitions,
        Self::Schemas,
        Self::Views,
        Self::GoDef,
        Self::TemplateCue,
        Self::Parameter,
        Self::Notes,
        Self::LegacyReadme,
    ];

    /// The name, relative to the addon's directory.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfigTemplates => "config-templates",
            Self::Readme => "README.md",
            Self::Metadata => "metadata.yaml",
            Self::TemplateYaml => "template.yaml",
            Self::ResourceParameter => "resources/parameter.cue",
            Self::Resources => "resources",
            Self::Definitions => "definitions",
            Self::Schemas => "schemas",
            Self::Views => "views",
            Self::GoDef => "godef",
            Self::TemplateCue => "template.cue",
            Self::Parameter => "parameter.cue",
            Self::Notes => "NOTES.cue",
            Self::LegacyReadme => "readme.md",
        }
    }

    /// Whether the name is that of a directory.
    pub const fn is_directory(self) -> bool {
        matches!(
            self,
            Self::ConfigTemplates
                | Self::Resources
                | Self::Definitions
                | Self::Schemas
                | Self::Views
                | Self::GoDef
        )
    }

    /// The pattern that wins for a path, and how well it fits.
    pub fn of(path: &str) -> Option<(Self, Fit)> {
        let pattern = Self::ALL
            .into_iter()
            .find(|pattern| path.starts_with(pattern.name()))?;
        let rest = path.get(pattern.name().len()..).unwrap_or_default();
        let exact = if pattern.is_directory() {
            rest.starts_with('/')
        } else {
            rest.is_empty()
        };
        Some((pattern, if exact { Fit::Exact } else { Fit::PrefixOnly }))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if self.is_directory() {
            f.write_str("/")?;
        }
        Ok(())
    }
}

/// How a path fits its pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The path is the named file, or lies in the named directory.
    Exact,
    /// The path only begins with the same characters.
    PrefixOnly,
}

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.cue`.
    Cue,
    /// `.yaml` or `.yml`.
    Yaml,
}

impl Format {
    /// By the extension of a path, in lower case only, as KubeVela compares it.
    fn of(path: &str) -> Option<Self> {
        match extension(path) {
            ".cue" => Some(Self::Cue),
            ".yaml" | ".yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// Go's `filepath.Ext`: from the last dot of the last component on, the dot included.
fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rfind('.')
        .and_then(|dot| name.get(dot..))
        .unwrap_or_default()
}

/// Why a file that a pattern matches is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Files with this extension are not read there.
    Extension,
    /// A file called `parameter.cue` below `resources/` is no resource, at any depth.
    NestedParameter,
    /// `godef/` holds Go sources, which only `vela addon enable DIR` compiles.
    GoSource,
}

/// What KubeVela uses a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `README.md`.
    Readme,
    /// `readme.md`.
    LegacyReadme,
    /// `metadata.yaml`.
    Metadata,
    /// `template.yaml`.
    TemplateYaml,
    /// `template.cue`.
    TemplateCue,
    /// `parameter.cue`.
    Parameter,
    /// `resources/parameter.cue`, which counts when there is no `parameter.cue`.
    ResourceParameter,
    /// `NOTES.cue`.
    Notes,
    /// A component, or a part of the template.
    Resource(Format),
    /// An X-definition.
    Definition(Format),
    /// A `VelaQL` view.
    View(Format),
    /// A config template.
    ConfigTemplate,
    /// A UI schema, whatever its extension.
    Schema,
    /// A pattern matches, but the file has no effect.
    Skipped(Skip),
    /// No pattern matches: the file is in the archive and has no effect.
    Ignored,
}

impl Role {
    /// The role of the file at `path` (relative to the addon's directory).
    pub fn of(path: &str) -> Self {
        let Some((pattern, _)) = Pattern::of(path) else {
            return Self::Ignored;
        };
        let by_format = |role: fn(Format) -> Self| {
            Format::of(path).map_or(Self::Skipped(Skip::Extension), role)
        };
        match pattern {
            Pattern::Readme => Self::Readme,
            Pattern::LegacyReadme => Self::LegacyReadme,
            Pattern::Metadata => Self::Metadata,
            Pattern::TemplateYaml => Self::TemplateYaml,
            Pattern::TemplateCue => Self::TemplateCue,
            Pattern::Parameter => Self::Parameter,
            Pattern::ResourceParameter => Self::ResourceParameter,
            Pattern::Notes => Self::Notes,
            Pattern::Schemas => Self::Schema,
            Pattern::GoDef => Self::Skipped(Skip::GoSource),
            Pattern::ConfigTemplates if extension(path) == ".cue" => Self::ConfigTemplate,
            Pattern::ConfigTemplates => Self::Skipped(Skip::Extension),
            Pattern::Definitions => by_format(Self::Definition),
            Pattern::Views => by_format(Self::View),
            Pattern::Resources if path.rsplit('/').next() == Some("parameter.cue") => {
                Self::Skipped(Skip::NestedParameter)
            }
            Pattern::Resources => by_format(Self::Resource),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_prefix_wins() {
        for (path, pattern, fit) in [
            ("metadata.yaml", Some(Pattern::Metadata), Fit::Exact),
            (
                "metadata.yaml.bak",
                Some(Pattern::Metadata),
                Fit::PrefixOnly,
            ),
            (
                "template.yaml/x",
                Some(Pattern::TemplateYaml),
                Fit::PrefixOnly,
            ),
            ("template.cue~", Some(Pattern::TemplateCue), Fit::PrefixOnly),
            ("resources/a.cue", Some(Pattern::Resources), Fit::Exact),
            ("resources", Some(Pattern::Resources), Fit::PrefixOnly),
            (
                "resources-old/a.cue",
                Some(Pattern::Resources),
                Fit::PrefixOnly,
            ),
            (
                "resources/parameter.cue",
                Some(Pattern::ResourceParameter),
                Fit::Exact,
            ),
            (
                "resources/parameter.cue.orig",
                Some(Pattern::ResourceParameter),
                Fit::PrefixOnly,
            ),
            (
                "resources/x/parameter.cue",
                Some(Pattern::Resources),
                Fit::Exact,
            ),
            ("viewsX/v.cue", Some(Pattern::Views), Fit::PrefixOnly),
            ("readme.md", Some(Pattern::LegacyReadme), Fit::Exact),
            ("Readme.md", None, Fit::Exact),
            ("docs/metadata.yaml", None, Fit::Exact),
        ] {
            assert_eq!(
                Pattern::of(path),
                pattern.map(|pattern| (pattern, fit)),
                "{path}"
            );
        }
    }

    #[test]
    fn roles_follow_the_extension() {
        for (path, role) in [
            ("resources/a.cue", Role::Resource(Format::Cue)),
            ("resources/a.yml", Role::Resource(Format::Yaml)),
            ("resources/a.json", Role::Skipped(Skip::Extension)),
            ("resources/a.YAML", Role::Skipped(Skip::Extension)),
            ("resources/.hidden.yaml", Role::Resource(Format::Yaml)),
            ("resources/.cue", Role::Resource(Format::Cue)),
            (
                "resources/x/parameter.cue",
                Role::Skipped(Skip::NestedParameter),
            ),
            ("definitions/deep/d.yaml", Role::Definition(Format::Yaml)),
            ("config-templates/c.yaml", Role::Skipped(Skip::Extension)),
            ("config-templates/c.cue", Role::ConfigTemplate),
            ("schemas/anything", Role::Schema),
            ("godef/main.go", Role::Skipped(Skip::GoSource)),
            ("template.yaml.bak", Role::TemplateYaml),
            ("LICENSE", Role::Ignored),
        ] {
            assert_eq!(Role::of(path), role, "{path}");
        }
    }
}
