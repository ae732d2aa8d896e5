//! What each keyword adds to a schema; those of objects are in `objects.rs`.

use super::state::{LIST, NUMBER, STRING, STRUCT, Schema, kind_of};
use super::{Reader, Version};
use crate::data_file::expr_of_data;
use cue_eval::{Data, Kind};
use cue_syntax::ast::{self, BinaryOp, Decl, Expr, UnaryOp};
use source_vocab::Span;

/// A value as a literal.
fn literal(value: &Data) -> Expr {
    expr_of_data(value, Span::DETACHED)
}

fn int(number: u64) -> Expr {
    Expr::int(number.to_string())
}

/// A value that must be there exactly: structs are closed, their fields required.
fn exactly(value: &Data) -> Expr {
    match value {
        Data::List(items) => Expr::list(items.iter().map(exactly).collect()),
        Data::Struct(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let field = ast::Field::new(ast::Label::regular(name), exactly(value));
                let required = field.with_constraint(Some(ast::Constraint::Required));
                Decl::Field(Box::new(required))
            });
            Expr::call(
                Expr::ident("close"),
                vec![Expr::structure(fields.collect())],
            )
        }
        other => literal(other),
    }
}

fn unsigned(value: &Data) -> Option<u64> {
    match value {
        Data::Number(number) if number.decimal.is_integral() => {
            number.decimal.integer_text()?.parse().ok()
        }
        _ => None,
    }
}

impl Schema<'_> {
    /// Takes in a keyword that the version has.
    #[expect(clippy::too_many_lines, reason = "one line a keyword, read as a table")]
    pub(super) fn keyword(&mut self, reader: &mut Reader<'_>, name: &str, value: &Data) {
        match name {
            "$schema" => self.set_schema(reader, value),
            "$id" | "id" => self.set_id(reader, value),
            "$ref" => self.reference(reader, value),
            "$defs" | "definitions" => {
                let mut all = Schema::new(self.outer, &self.at(&[name]), Kind::BOTTOM);
                all.version = self.version;
                let inner = self.inner();
                all.outer = &inner;
                all.definitions(reader, value);
            }
            "title" | "description" => match value {
                Data::String(text) if name == "title" => self.set_title(text.to_string()),
                Data::String(text) => self.set_description(text.to_string()),
                _ => self.refuse(reader, name, "a string"),
            },
            "deprecated" => match value {
                Data::Bool(flag) => self.info.deprecated |= *flag,
                _ => self.refuse(reader, name, "a boolean"),
            },
            "nullable" => self.nullable = true,
            "type" => self.types_of(reader, value),
            "const" => {
                self.info.allowed &= kind_of(value);
                self.info.known &= kind_of(value);
                self.add_to_all(exactly(value));
            }
            "enum" => self.enumeration(reader, value),
            "format" => self.format(reader, value),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                self.bound(reader, name, value);
            }
            "multipleOf" => match value {
                Data::Number(number) if number.decimal.signum() > 0 => {
                    let math = reader.import("math");
                    let function = Expr::selector(math, "MultipleOf");
                    self.add(NUMBER, Expr::call(function, vec![literal(value)]));
                }
                _ => self.refuse(reader, name, "a number above 0"),
            },
            "minLength" => self.counted(reader, name, value, STRING, "strings", "MinRunes"),
            "maxLength" => self.counted(reader, name, value, STRING, "strings", "MaxRunes"),
            "maxItems" => self.counted(reader, name, value, LIST, "list", "MaxItems"),
            "maxProperties" => self.counted(reader, name, value, STRUCT, "struct", "MaxFields"),
            "minProperties" => self.counted(reader, name, value, STRUCT, "struct", "MinFields"),
            "minItems" => match unsigned(value).filter(|count| *count <= 1000) {
                Some(count) => {
                    let mut items: Vec<Expr> = (0..count).map(|_| Expr::ident("_")).collect();
                    items.push(Expr::ellipsis(None));
                    self.add(LIST, Expr::list(items));
                }
                None => self.refuse(reader, name, "a whole number up to 1000"),
            },
            "pattern" => {
                if let Data::String(text) = value {
                    if self.is_pattern(reader, text) {
                        self.add(STRING, Expr::unary(UnaryOp::Match, literal(value)));
                    }
                } else {
                    self.refuse(reader, name, "a string");
                }
            }
            "uniqueItems" => match value {
                Data::Bool(true) => {
                    let list = reader.import("list");
                    let function = Expr::selector(list, "UniqueItems");
                    self.add(LIST, Expr::call(function, Vec::new()));
                }
                Data::Bool(false) => {}
                _ => self.refuse(reader, name, "a boolean"),
            },
            "minContains" => self.min_contains = unsigned(value),
            "maxContains" => self.max_contains = unsigned(value),
            "contains" => self.contains(reader, value),
            "items" => match value {
                Data::List(_) if self.version.is_from(Version::Draft2020) => {
                    self.refuse(reader, name, "an object or boolean in this version");
                }
                Data::List(items) => {
                    self.items_is_list = true;
                    self.prefix(reader, name, items);
                }
                _ => {
                    let (made, _) = self.sub(reader, value, &self.at(&[name]), None);
                    self.has_items = true;
                    self.add(LIST, Expr::list(vec![Expr::ellipsis(Some(made))]));
                }
            },
            "prefixItems" => match value {
                Data::List(items) => self.prefix(reader, name, items),
                _ => self.refuse(reader, name, "a list"),
            },
            "additionalItems" => self.additional_items(reader, value),
            "allOf" | "anyOf" | "oneOf" => self.combination(reader, name, value),
            "not" => {
                let (made, _) = self.sub(reader, value, &self.at(&[name]), None);
                let args = vec![Expr::int("0"), Expr::list(vec![made])];
                self.add_to_all(Expr::call(Expr::ident("matchN"), args));
            }
            "examples" if !matches!(value, Data::List(_)) => self.refuse(reader, name, "a list"),
            "properties" => self.properties(reader, value),
            "required" => self.required(reader, value),
            "patternProperties" => self.pattern_properties(reader, value),
            "additionalProperties" => self.additional_properties(reader, value),
            "propertyNames" => self.property_names(reader, value),
            "dependencies" | "dependentSchemas" | "dependentRequired" => {
                self.dependencies(reader, name, value);
            }
            _ => {}
        }
    }

    pub(super) fn refuse(&self, reader: &mut Reader<'_>, name: &str, wanted: &str) {
        let at = self.at(&[name]);
        reader.error(&at, format!("`{name}` must be {wanted}"));
    }

    /// Reads every member of a struct as a definition.
    pub(super) fn definitions(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::Struct(fields) = value else {
            reader.error(&self.path, "definitions are an object");
            return;
        };
        for (name, schema) in fields {
            let path = self.at(&[name]);
            reader.definitions.ensure(&path);
            super::state::read(reader, schema, &path, self.outer, None);
        }
    }

    fn types_of(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let names: Vec<&Data> = match value {
            Data::List(_) if self.version.is_openapi() => {
                self.refuse(reader, "type", "a string in OpenAPI");
                return;
            }
            Data::List(names) => names.iter().collect(),
            one => vec![one],
        };
        let mut types = Kind::BOTTOM;
        for name in names {
            let Data::String(name) = name else {
                self.refuse(reader, "type", "a string or list of strings");
                continue;
            };
            types |= match &**name {
                "null" => Kind::NULL,
                "boolean" => Kind::BOOL,
                "string" => Kind::STRING,
                "number" => Kind::NUMBER,
                "integer" => {
                    self.add(NUMBER, Expr::ident("int"));
                    Kind::INT
                }
                "array" => {
                    self.is_array = true;
                    Kind::LIST
                }
                "object" => Kind::STRUCT,
                _ => {
                    self.refuse(reader, "type", "the name of a type");
                    Kind::BOTTOM
                }
            };
        }
        self.info.allowed &= types;
    }

    fn enumeration(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::List(items) = value else {
            self.refuse(reader, "enum", "a list");
            return;
        };
        let mut kinds = Kind::BOTTOM;
        let mut values = Vec::new();
        for item in items {
            if self.info.allowed.meets(kind_of(item)) {
                kinds |= kind_of(item);
                values.push(exactly(item));
            }
        }
        self.info.known &= kinds;
        self.info.allowed &= kinds;
        if let Some(made) = Expr::joined(BinaryOp::Or, values) {
            self.add_to_all(made);
        }
    }

    fn bound(&mut self, reader: &mut Reader<'_>, name: &str, value: &Data) {
        if let Data::Bool(_) = value {
            match name {
                "exclusiveMinimum" => self.exclusive_min = true,
                "exclusiveMaximum" => self.exclusive_max = true,
                _ => self.refuse(reader, name, "a number"),
            }
            return;
        }
        if !matches!(value, Data::Number(_)) {
            self.refuse(reader, name, "a number");
            return;
        }
        let op = match (name, self.exclusive_min, self.exclusive_max) {
            ("exclusiveMinimum", ..) | ("minimum", true, _) => UnaryOp::Greater,
            ("exclusiveMaximum", ..) | ("maximum", _, true) => UnaryOp::Less,
            ("minimum", ..) => UnaryOp::GreaterEqual,
            _ => UnaryOp::LessEqual,
        };
        self.add(NUMBER, Expr::unary(op, literal(value)));
    }

    fn counted(
        &mut self,
        reader: &mut Reader<'_>,
        name: &str,
        value: &Data,
        of: usize,
        package: &'static str,
        function: &str,
    ) {
        match unsigned(value) {
            Some(count) => {
                let package = reader.import(package);
                let function = Expr::selector(package, function);
                self.add(of, Expr::call(function, vec![int(count)]));
            }
            None => self.refuse(reader, name, "a whole number"),
        }
    }

    /// Whether a pattern can be used; one that is wrong is an error, one of a richer dialect is passed over.
    pub(super) fn is_pattern(&self, reader: &mut Reader<'_>, text: &str) -> bool {
        if goregexp::compile(text).is_ok() {
            return true;
        }
        let richer = ["(?", "\\p{", "[[:", "\\1"]
            .iter()
            .any(|mark| text.contains(mark));
        if !richer || reader.strict.features {
            reader.error(&self.path, format!("the pattern `{text}` is not supported"));
        }
        false
    }

    fn format(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let Data::String(name) = value else {
            self.refuse(reader, "format", "a string");
            return;
        };
        let openapi = self.version.is_openapi();
        let from = |first| openapi || self.version.is_from(first);
        let only = |first| self.version.is_from(first);
        let of_package =
            |reader: &mut Reader<'_>, package, name| Expr::selector(reader.import(package), name);
        match &**name {
            "date-time" => {
                let made = of_package(reader, "time", "Time");
                self.add(STRING, made);
            }
            "date" if from(Version::Draft7) => {
                let function = of_package(reader, "time", "Format");
                self.add(
                    STRING,
                    Expr::call(function, vec![Expr::string("2006-01-02")]),
                );
            }
            "regex" if only(Version::Draft7) => {
                let made = of_package(reader, "regexp", "Valid");
                self.add(STRING, made);
            }
            "uri" => {
                let made = of_package(reader, "net", "AbsURL");
                self.add(STRING, made);
            }
            "iri" if only(Version::Draft7) => {
                let made = of_package(reader, "net", "AbsURL");
                self.add(STRING, made);
            }
            "uri-reference" if only(Version::Draft6) => {
                let made = of_package(reader, "net", "URL");
                self.add(STRING, made);
            }
            "iri-reference" if only(Version::Draft7) => {
                let made = of_package(reader, "net", "URL");
                self.add(STRING, made);
            }
            "int32" | "int64" if openapi => self.add(NUMBER, Expr::ident(&**name)),
            _ => {}
        }
    }

    fn contains(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let list = reader.import("list");
        let (made, _) = self.sub(reader, value, &self.at(&["contains"]), None);
        let least = int(self.min_contains.unwrap_or(1));
        let mut count = Expr::unary(UnaryOp::GreaterEqual, least);
        if let Some(most) = self.max_contains {
            let most = Expr::unary(UnaryOp::LessEqual, int(most));
            count = Expr::binary(BinaryOp::And, count, most);
        }
        let function = Expr::selector(list, "MatchN");
        self.add(LIST, Expr::call(function, vec![count, made]));
    }

    fn prefix(&mut self, reader: &mut Reader<'_>, name: &str, items: &[Data]) {
        let mut made = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let path = self.at(&[name, &at.to_string()]);
            made.push(self.sub(reader, item, &path, None).0);
        }
        made.push(Expr::ellipsis(None));
        self.list = Some(made);
    }

    fn additional_items(&mut self, reader: &mut Reader<'_>, value: &Data) {
        let path = self.at(&["additionalItems"]);
        let made = match value {
            Data::Bool(true) => None,
            Data::Bool(false) => Some(Expr::bottom()),
            other => Some(self.sub(reader, other, &path, None).0),
        };
        let Some(list) = self.list.as_mut().filter(|_| self.items_is_list) else {
            return;
        };
        let Some(made) = made.filter(|made| made.as_ident() != Some("_")) else {
            return;
        };
        list.pop();
        if !matches!(made, Expr::Bottom(_)) {
            list.push(Expr::ellipsis(Some(made)));
        }
    }

    fn combination(&mut self, reader: &mut Reader<'_>, name: &str, value: &Data) {
        let items = match value {
            Data::List(items) if !items.is_empty() => items,
            _ => {
                self.refuse(reader, name, "a list with at least one schema");
                return;
            }
        };
        let (mut types, mut known) = (Kind::BOTTOM, Kind::BOTTOM);
        let mut constrains = false;
        let mut parts = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let path = self.at(&[name, &at.to_string()]);
            let (made, info) = self.sub(reader, item, &path, Some(self.info.allowed));
            if name == "allOf" {
                self.info.allowed &= info.allowed;
                if info.has_constraints {
                    known |= info.known;
                    parts.push(made);
                }
                continue;
            }
            if info.allowed.is_bottom() {
                continue;
            }
            constrains |= info.has_constraints || types.meets(info.allowed);
            types |= info.allowed;
            known |= info.known;
            parts.push(made);
        }
        let count = match name {
            "allOf" => int(items.len() as u64),
            "anyOf" => Expr::unary(UnaryOp::GreaterEqual, Expr::int("1")),
            _ => Expr::int("1"),
        };
        match (name, parts.len()) {
            ("allOf", 0) => return,
            ("allOf", _) => self.info.known &= known,
            ("anyOf", 0) => {
                self.info.allowed = Kind::BOTTOM;
                return;
            }
            ("anyOf", 1) => {}
            ("anyOf", _) => {
                self.info.allowed &= types;
                self.info.known &= known;
            }
            _ => {
                self.info.allowed &= types;
                if parts.is_empty() || !constrains {
                    return;
                }
                self.info.known &= known;
            }
        }
        let made = if parts.len() == 1 {
            parts.pop()
        } else {
            let args = vec![count, Expr::list(parts)];
            Some(Expr::call(Expr::ident("matchN"), args))
        };
        if let Some(made) = made {
            self.add_to_all(made);
        }
    }

    /// `if`, with `then` and `else` where these are.
    pub(super) fn if_then_else(&mut self, reader: &mut Reader<'_>, document: &Data) {
        if !self.version.is_from(Version::Draft7) {
            return;
        }
        let part = |name| super::field(document, name);
        let Some(condition) = part("if") else { return };
        let (then, otherwise) = (part("then"), part("else"));
        if then.is_none() && otherwise.is_none() {
            return;
        }
        let allowed = self.info.allowed;
        let (condition, info) = self.sub(reader, condition, &self.at(&["if"]), Some(allowed));
        let then = then.map(|then| {
            self.sub(
                reader,
                then,
                &self.at(&["then"]),
                Some(allowed & info.allowed),
            )
            .0
        });
        let otherwise = otherwise.map(|otherwise| {
            self.sub(reader, otherwise, &self.at(&["else"]), Some(allowed))
                .0
        });
        let any = || Expr::ident("_");
        self.add_to_all(Expr::call(
            Expr::ident("matchIf"),
            vec![
                condition,
                then.unwrap_or_else(any),
                otherwise.unwrap_or_else(any),
            ],
        ));
    }
}
