//! Drafts of JSON Schema, and which keywords belong to which.

/// A version of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Draft4,
    Draft6,
    Draft7,
    Draft2019,
    Draft2020,
    /// OpenAPI 3.0, which has a dialect of its own.
    OpenApi,
}

impl Version {
    /// The version that a `$schema` names.
    pub(super) fn named(uri: &str) -> Option<Self> {
        Some(match uri.strip_suffix('#').unwrap_or(uri) {
            "http://json-schema.org/draft-04/schema" => Self::Draft4,
            "http://json-schema.org/draft-06/schema" => Self::Draft6,
            "http://json-schema.org/draft-07/schema" => Self::Draft7,
            "https://json-schema.org/draft/2019-09/schema" => Self::Draft2019,
            "https://json-schema.org/draft/2020-12/schema" => Self::Draft2020,
            _ => return None,
        })
    }

    pub(super) fn is_openapi(self) -> bool {
        self == Self::OpenApi
    }

    /// Whether it is this draft or a later one; OpenAPI is none of them.
    pub(super) fn is_from(self, first: Self) -> bool {
        !self.is_openapi() && self >= first
    }
}

/// Which versions have a keyword.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Versions {
    from: Version,
    to: Version,
    drafts: bool,
    openapi: bool,
}

impl Versions {
    const fn drafts(from: Version, to: Version, openapi: bool) -> Self {
        Self {
            from,
            to,
            drafts: true,
            openapi,
        }
    }

    pub(super) fn contain(self, version: Version) -> bool {
        if version.is_openapi() {
            return self.openapi;
        }
        self.drafts && self.from <= version && version <= self.to
    }
}

/// What is known of a keyword: in which phase it is read, and in which versions; phase none for one that is not supported.
pub(super) fn keyword(name: &str) -> Option<(Option<u8>, Versions)> {
    use Version::{Draft4, Draft6, Draft7, Draft2019, Draft2020};
    const LAST: Version = Draft2020;
    let all = Versions::drafts(Draft4, LAST, false);
    let both = Versions::drafts(Draft4, LAST, true);
    let from = |first| Versions::drafts(first, LAST, false);
    let only_openapi = Versions {
        drafts: false,
        ..both
    };
    let with_openapi = |first| Versions::drafts(first, LAST, true);
    Some(match name {
        "$schema" => (Some(0), all),
        "$id" => (Some(1), from(Draft6)),
        "id" => (Some(1), Versions::drafts(Draft4, Draft4, false)),
        "if" | "then" | "else" => (Some(1), from(Draft7)),
        "format" | "minProperties" => (Some(1), both),
        "maxContains" | "minContains" => (Some(1), from(Draft2019)),
        "dependentRequired" | "dependentSchemas" => (Some(1), from(Draft2019)),
        "$comment" | "contentEncoding" | "contentMediaType" => (Some(2), from(Draft7)),
        "$defs" | "definitions" | "dependencies" => (Some(2), all),
        "$ref" => (Some(2), both),
        "const" | "contains" | "examples" | "propertyNames" => (Some(2), from(Draft6)),
        "prefixItems" => (Some(2), from(Draft2020)),
        "deprecated" => (Some(2), with_openapi(Draft2019)),
        "nullable" => (Some(2), only_openapi),
        "default" | "description" | "enum" | "exclusiveMaximum" | "exclusiveMinimum" | "items"
        | "maxItems" | "maxLength" | "maxProperties" | "minItems" | "minLength" | "multipleOf"
        | "pattern" | "properties" | "title" | "type" | "uniqueItems" => (Some(2), both),
        "allOf" | "anyOf" | "maximum" | "minimum" | "not" | "oneOf" | "required" => (Some(3), both),
        "patternProperties" => (Some(3), all),
        "additionalItems" => (Some(4), Versions::drafts(Draft4, Draft2019, false)),
        "additionalProperties" => (Some(4), both),
        "$anchor"
        | "$vocabulary"
        | "contentSchema"
        | "unevaluatedItems"
        | "unevaluatedProperties" => (None, from(Draft2019)),
        "$recursiveAnchor" | "$recursiveRef" => {
            (None, Versions::drafts(Draft2019, Draft2020, false))
        }
        "$dynamicAnchor" | "$dynamicRef" => (None, from(Draft2020)),
        "readOnly" | "writeOnly" => (None, with_openapi(Draft7)),
        "discriminator" | "example" | "externalDocs" | "xml" => (None, only_openapi),
        _ => return None,
    })
}
