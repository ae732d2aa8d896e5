//! One schema: what its keywords say, and the expression that this makes.

use super::Reader;
use super::references::{self, resolve};
use super::version::{Version, keyword};
use cue_eval::{Data, Kind};
use cue_syntax::ast::{self, BinaryOp, Decl, Expr};

/// The types of JSON in the order in which they are printed.
pub(super) const TYPES: [Kind; 6] = [
    Kind::NULL,
    Kind::BOOL,
    Kind::NUMBER,
    Kind::STRING,
    Kind::LIST,
    Kind::STRUCT,
];

/// Positions in [`TYPES`].
pub(super) const NUMBER: usize = 2;
pub(super) const STRING: usize = 3;
pub(super) const LIST: usize = 4;
pub(super) const STRUCT: usize = 5;

/// Everything that JSON can be.
pub(super) fn all_types() -> Kind {
    TYPES.into_iter().fold(Kind::BOTTOM, |all, one| all | one)
}

/// The kind of a value.
pub(super) fn kind_of(value: &Data) -> Kind {
    match value {
        Data::Null => Kind::NULL,
        Data::Bool(_) => Kind::BOOL,
        Data::Number(number) => number.mask(),
        Data::String(_) => Kind::STRING,
        Data::Bytes(_) => Kind::BYTES,
        Data::List(_) => Kind::LIST,
        Data::Struct(_) => Kind::STRUCT,
    }
}

/// What a schema has from those around it.
#[derive(Clone, Debug)]
pub(super) struct Outer {
    pub(super) version: Version,
    /// The id that references are resolved against, and the place of the schema that has it.
    pub(super) id: String,
    pub(super) id_path: Vec<String>,
}

impl Outer {
    pub(super) fn root(version: Version) -> Self {
        Self {
            version,
            id: references::DEFAULT_ID.to_owned(),
            id_path: Vec::new(),
        }
    }
}

/// Whether further fields may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Openness {
    /// Nothing says that they may not.
    Open,
    /// `additionalProperties: false`.
    Closed,
    /// A pattern says what they are.
    Covered,
}

/// What is known of a schema when it has been read.
#[derive(Clone, Debug)]
pub(super) struct Info {
    pub(super) allowed: Kind,
    pub(super) known: Kind,
    title: String,
    description: String,
    pub(super) deprecated: bool,
    pub(super) has_constraints: bool,
    /// The `$schema` as written.
    pub(super) declared: Option<String>,
}

impl Info {
    /// Its title and description.
    pub(super) fn comment(&self) -> Option<String> {
        let title = self.title.trim();
        let text = if self.description.is_empty() {
            title.to_owned()
        } else if title.is_empty() {
            self.description.trim().to_owned()
        } else {
            format!("{title}\n\n{}", self.description).trim().to_owned()
        };
        (!text.is_empty()).then_some(text)
    }
}

/// A schema that is being read.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts that keywords leave for others"
)]
pub(super) struct Schema<'o> {
    pub(super) outer: &'o Outer,
    pub(super) path: Vec<String>,
    pub(super) version: Version,
    pub(super) info: Info,
    /// Constraints on values of one type, by the positions of [`TYPES`].
    pub(super) types: [Vec<Expr>; 6],
    /// Constraints on all values.
    pub(super) all: Vec<Expr>,
    pub(super) nullable: bool,
    pub(super) exclusive_min: bool,
    pub(super) exclusive_max: bool,
    pub(super) min_contains: Option<u64>,
    pub(super) max_contains: Option<u64>,
    pub(super) fields: Option<Vec<Decl>>,
    pub(super) patterns: Vec<Expr>,
    /// The list of `items` or `prefixItems`, which `additionalItems` completes.
    pub(super) list: Option<Vec<Expr>>,
    pub(super) items_is_list: bool,
    pub(super) openness: Openness,
    pub(super) is_array: bool,
    pub(super) has_items: bool,
    id: Option<String>,
    ignores_siblings: bool,
}

/// Reads a schema; the expression is a reference when the schema is a definition.
pub(super) fn read(
    reader: &mut Reader<'_>,
    document: &Data,
    path: &[String],
    outer: &Outer,
    allowed: Option<Kind>,
) -> (Expr, Info) {
    let mut schema = Schema::new(outer, path, allowed.unwrap_or_else(all_types));
    if !reader.enter() {
        reader.error(path, "schemas are nested too deeply");
        reader.leave();
        return (Expr::ident("_"), schema.info);
    }
    let expr = schema.expr(reader, document);
    reader.leave();
    let info = schema.info;
    if path.is_empty() || !reader.definitions.note(path) {
        return (expr, info);
    }
    let name = references::name(path, reader.openapi);
    reader.builder.put(&name, expr, info.comment());
    (reader.builder.reference(&name), info)
}

impl<'o> Schema<'o> {
    pub(super) fn new(outer: &'o Outer, path: &[String], allowed: Kind) -> Self {
        Self {
            outer,
            path: path.to_vec(),
            version: outer.version,
            info: Info {
                allowed,
                known: all_types(),
                title: String::new(),
                description: String::new(),
                deprecated: false,
                has_constraints: false,
                declared: None,
            },
            types: std::array::from_fn(|_| Vec::new()),
            all: Vec::new(),
            nullable: false,
            exclusive_min: false,
            exclusive_max: false,
            min_contains: None,
            max_contains: None,
            fields: None,
            patterns: Vec::new(),
            list: None,
            items_is_list: false,
            openness: Openness::Open,
            is_array: false,
            has_items: false,
            id: None,
            ignores_siblings: false,
        }
    }

    /// The place of something in the schema.
    pub(super) fn at(&self, names: &[&str]) -> Vec<String> {
        let more = names.iter().map(|name| (*name).to_owned());
        self.path.iter().cloned().chain(more).collect()
    }

    /// What schemas in this one have from it.
    pub(super) fn inner(&self) -> Outer {
        let (id, id_path) = match &self.id {
            Some(id) => (id.clone(), self.path.clone()),
            None => (self.outer.id.clone(), self.outer.id_path.clone()),
        };
        Outer {
            version: self.version,
            id,
            id_path,
        }
    }

    /// Reads a schema inside this one.
    pub(super) fn sub(
        &self,
        reader: &mut Reader<'_>,
        document: &Data,
        path: &[String],
        allowed: Option<Kind>,
    ) -> (Expr, Info) {
        read(reader, document, path, &self.inner(), allowed)
    }

    pub(super) fn add(&mut self, of: usize, constraint: Expr) {
        if constraint.as_ident() != Some("_")
            && let Some(constraints) = self.types.get_mut(of)
        {
            constraints.push(constraint);
        }
    }

    pub(super) fn add_to_all(&mut self, constraint: Expr) {
        if constraint.as_ident() != Some("_") {
            self.all.push(constraint);
        }
    }

    fn expr(&mut self, reader: &mut Reader<'_>, document: &Data) -> Expr {
        let fields = match document {
            Data::Bool(flag) if self.version.is_from(Version::Draft6) => {
                return if *flag {
                    Expr::ident("_")
                } else {
                    Expr::bottom()
                };
            }
            Data::Struct(fields) => fields,
            _ => {
                reader.error(&self.path, "a schema is an object");
                return Expr::bottom();
            }
        };
        self.ignores_siblings = fields.iter().any(|(name, _)| &**name == "$ref");
        for phase in 0..5 {
            for (name, value) in fields {
                self.one(reader, phase, name, value);
            }
        }
        if self.id.is_some() {
            let path = self.path.clone();
            reader.definitions.ensure(&path);
        }
        self.if_then_else(reader, document);
        if self.version.is_openapi() && self.is_array && !self.has_items {
            reader.error(&self.path, "an array needs `items` in OpenAPI");
        }
        self.finish(reader)
    }

    fn one(&mut self, reader: &mut Reader<'_>, phase: u8, name: &str, value: &Data) {
        let strict = reader.strict.keywords && !name.starts_with("x-");
        let Some((of, versions)) = keyword(name) else {
            if phase == 0 && strict {
                let at = self.at(&[name]);
                reader.error(&at, format!("unknown keyword `{name}`"));
            }
            return;
        };
        if of.unwrap_or(1) != phase {
            return;
        }
        if !versions.contain(self.version) {
            if strict {
                let at = self.at(&[name]);
                reader.error(&at, format!("this version has no keyword `{name}`"));
            }
            return;
        }
        let ignored = phase > 0
            && self.ignores_siblings
            && name != "$ref"
            && !self.version.is_from(Version::Draft2019);
        if ignored {
            if strict {
                let at = self.at(&[name]);
                reader.error(&at, format!("`{name}` is ignored beside `$ref`"));
            }
            return;
        }
        if of.is_none() {
            if reader.strict.features {
                let at = self.at(&[name]);
                reader.error(&at, format!("the keyword `{name}` is not supported"));
            }
            return;
        }
        self.keyword(reader, name, value);
    }

    pub(super) fn set_schema(&mut self, reader: &mut Reader<'_>, value: &Data) {
        if !self.path.is_empty() && !self.version.is_from(Version::Draft2019) {
            reader.error(&self.path, "`$schema` can only stand at the root");
            return;
        }
        let Data::String(text) = value else {
            reader.error(&self.path, "`$schema` is a string");
            return;
        };
        match Version::named(text) {
            Some(version) => {
                self.version = version;
                let shown = match version {
                    Version::Draft4 | Version::Draft6 | Version::Draft7 if !text.ends_with('#') => {
                        format!("{text}#")
                    }
                    Version::Draft2019 | Version::Draft2020 => {
                        text.strip_suffix('#').unwrap_or(text).to_owned()
                    }
                    _ => text.to_string(),
                };
                self.info.declared = Some(shown);
            }
            None => reader.error(&self.path, format!("`{text}` is no known `$schema`")),
        }
    }

    pub(super) fn set_id(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::String(text) = value else {
            reader.error(&self.path, "an id is a string");
            return;
        };
        let (document, fragment) = resolve(&self.outer.id, text);
        if fragment.is_empty() {
            self.id = Some(document);
        } else if reader.strict.features {
            reader.error(&self.path, "an id has no fragment");
        }
    }

    pub(super) fn set_title(&mut self, text: String) {
        self.info.title = text;
    }

    pub(super) fn set_description(&mut self, text: String) {
        self.info.description = text;
    }

    /// A reference to a schema of the document.
    pub(super) fn reference(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::String(text) = value else {
            reader.error(&self.path, "`$ref` is a string");
            return;
        };
        let inner = self.inner();
        let (document, fragment) = resolve(&inner.id, text);
        let base = if document == references::DEFAULT_ID {
            Vec::new()
        } else if document == inner.id {
            inner.id_path
        } else {
            let message = format!("`{text}` leads to another document, which is not read");
            reader.error(&self.path, message);
            return;
        };
        let Some(rest) = references::path(&fragment) else {
            reader.error(
                &self.path,
                format!("the anchor of `{text}` is not supported"),
            );
            return;
        };
        let target: Vec<String> = base.into_iter().chain(rest).collect();
        if references::lookup(reader.root, &target).is_none() {
            reader.error(&self.path, format!("`{text}` leads to no schema"));
            return;
        }
        if !target.is_empty() {
            reader.definitions.ensure(&target);
        }
        let name = references::name(&target, reader.openapi);
        let made = reader.builder.reference(&name);
        self.add_to_all(made);
    }

    /// The struct of the properties as a constraint.
    fn finish_fields(&mut self) {
        let Some(mut fields) = self.fields.take() else {
            return;
        };
        let made = match self.openness {
            Openness::Open => {
                fields.push(Decl::ellipsis());
                Expr::structure(fields)
            }
            Openness::Covered => Expr::structure(fields),
            Openness::Closed => Expr::call(Expr::ident("close"), vec![Expr::structure(fields)]),
        };
        self.add(STRUCT, made);
        self.info.has_constraints = true;
    }

    fn finish(&mut self, reader: &mut Reader<'_>) -> Expr {
        let has_constraints = !self.all.is_empty()
            || self.types.iter().any(|constraints| !constraints.is_empty())
            || !self.patterns.is_empty()
            || !self.info.title.is_empty()
            || !self.info.description.is_empty()
            || self.fields.is_some()
            || self.id.is_some();
        if self.info.allowed.is_bottom() {
            return Expr::bottom();
        }
        if let Some(list) = self.list.take() {
            self.add(LIST, Expr::list(list));
        }
        self.finish_fields();
        self.info.has_constraints = has_constraints || !self.types.iter().all(Vec::is_empty);
        if let Some(lists) = self.types.get_mut(LIST) {
            lists.sort_by_key(|made| matches!(made, Expr::List(_)));
        }
        if let Some(structs) = self.types.get_mut(STRUCT) {
            structs.sort_by_key(|made| matches!(made, Expr::Struct(_)));
        }
        let allowed = self.info.allowed;
        let needs_types = allowed != self.info.known
            || TYPES
                .iter()
                .zip(&self.types)
                .any(|(kind, constraints)| !constraints.is_empty() && allowed.meets(*kind));
        let mut alternatives = Vec::new();
        if needs_types {
            let (mut possible, mut excluded) = (0, 0);
            for (kind, constraints) in TYPES.iter().zip(&mut self.types) {
                let is_allowed = allowed.meets(*kind);
                if !constraints.is_empty() {
                    possible += 1;
                    if is_allowed {
                        alternatives
                            .extend(Expr::joined(BinaryOp::And, std::mem::take(constraints)));
                    } else {
                        excluded += 1;
                    }
                } else if is_allowed {
                    possible += 1;
                    if self.info.known.meets(*kind) {
                        alternatives.push(type_of(*kind));
                    }
                }
            }
            if excluded == possible {
                reader.error(&self.path, "its constraints are on types that it excludes");
            }
        }
        let mut parts = std::mem::take(&mut self.all);
        parts.extend(Expr::joined(BinaryOp::Or, alternatives));
        let mut made = Expr::joined(BinaryOp::And, parts).unwrap_or_else(|| Expr::ident("_"));
        if self.nullable {
            let null = Expr::Basic(ast::BasicLit::null());
            made = Expr::binary(BinaryOp::Or, null, made);
        }
        if let Some(id) = &self.id {
            let tag = super::attribute(&format!("@jsonschema(id={})", cue_eval::label::quote(id)));
            made = match made {
                Expr::Struct(mut lit) => {
                    lit.elts.insert(0, tag);
                    Expr::Struct(lit)
                }
                other => Expr::structure(vec![tag, Decl::embed(other)]),
            };
        }
        self.info.known = self.info.allowed;
        made
    }
}

/// A type by its name.
fn type_of(kind: Kind) -> Expr {
    match kind {
        Kind::NULL => Expr::Basic(ast::BasicLit::null()),
        Kind::BOOL => Expr::ident("bool"),
        Kind::NUMBER => Expr::ident("number"),
        Kind::STRING => Expr::ident("string"),
        Kind::LIST => Expr::list(vec![Expr::ellipsis(None)]),
        _ => Expr::structure(vec![Decl::ellipsis()]),
    }
}
