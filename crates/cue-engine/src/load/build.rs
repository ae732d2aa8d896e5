//! Build attributes: which files belong to a build, and values given on the command line.
//!
//! `@if(expr)` before the package clause keeps a file out unless its tags are set; `@ignore()`
//! always does. A field with `@tag(name)` takes the value that is given for the name; with
//! `type=int|number|bool` the text is read as that, and `short=a|b` lets `-t a` stand for
//! `-t name=a`. As cue v0.14.1 `cue/load/tags.go` and `internal/buildattr`.

use cue_syntax::ast;
use source_vocab::Diagnostic;

/// What was given with `-t`.
#[derive(Clone, Debug, Default)]
pub struct BuildTags {
    /// Names alone: build tags and short forms.
    pub set: Vec<String>,
    /// Names with values.
    pub values: Vec<(String, String)>,
    /// What a field with `@tag(name, var=VARIABLE)` takes when nothing is given for its name.
    pub variables: Vec<(String, String)>,
}

impl BuildTags {
    /// Reads the arguments of `-t`: `name` or `name=value`.
    pub fn from_arguments(arguments: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut tags = Self::default();
        for argument in arguments {
            let argument = argument.as_ref();
            match argument.split_once('=') {
                Some((name, value)) => tags.values.push((name.to_owned(), value.to_owned())),
                None => tags.set.push(argument.to_owned()),
            }
        }
        tags
    }
}

/// Whether the attributes at the head of a file let it take part.
pub(super) fn included(file: &ast::File, tags: &BuildTags) -> bool {
    for decl in &file.decls {
        match decl {
            ast::Decl::Attribute(attribute) => {
                let (name, body) = attribute.split();
                match name {
                    "ignore" => return false,
                    "if" if !Condition::new(body).holds(tags) => return false,
                    _ => {}
                }
            }
            ast::Decl::Comment(_) => {}
            _ => break,
        }
    }
    true
}

/// A reader of `a && (b || !c)`.
struct Condition<'t> {
    rest: &'t str,
}

impl<'t> Condition<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    fn holds(mut self, tags: &BuildTags) -> bool {
        self.or(tags, 0)
    }

    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn or(&mut self, tags: &BuildTags, depth: u32) -> bool {
        let mut value = self.and(tags, depth);
        while self.eat("||") {
            let right = self.and(tags, depth);
            value = value || right;
        }
        value
    }

    fn and(&mut self, tags: &BuildTags, depth: u32) -> bool {
        let mut value = self.operand(tags, depth);
        while self.eat("&&") {
            let right = self.operand(tags, depth);
            value = value && right;
        }
        value
    }

    fn operand(&mut self, tags: &BuildTags, depth: u32) -> bool {
        if depth > 100 {
            return false;
        }
        if self.eat("!") {
            return !self.operand(tags, depth + 1);
        }
        if self.eat("(") {
            let value = self.or(tags, depth + 1);
            self.eat(")");
            return value;
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        tags.set.iter().any(|tag| tag == name)
    }
}

/// Gives the fields with `@tag` their values; a tag that no field has is an error.
pub(super) fn inject_tags(
    files: &mut [ast::File],
    tags: &BuildTags,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if tags.set.is_empty() && tags.values.is_empty() && tags.variables.is_empty() {
        return;
    }
    let mut used: Vec<String> = Vec::new();
    for file in files.iter_mut() {
        for decl in &file.decls {
            if let ast::Decl::Attribute(attribute) = decl
                && attribute.split().0 == "if"
            {
                let names = attribute
                    .split()
                    .1
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'));
                used.extend(names.map(str::to_owned));
            }
        }
        inject_into(&mut file.decls, tags, &mut used, diagnostics);
    }
    let wanted = tags
        .set
        .iter()
        .chain(tags.values.iter().map(|(name, _)| name));
    for name in wanted {
        if !used.contains(name) {
            diagnostics.push(Diagnostic::error(
                "cue/unknown-tag",
                format!("no field or file has the tag `{name}`"),
                source_vocab::Place::Nowhere,
            ));
        }
    }
}

fn inject_into(
    decls: &mut [ast::Decl],
    tags: &BuildTags,
    used: &mut Vec<String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for decl in decls {
        let ast::Decl::Field(field) = decl else {
            continue;
        };
        if let ast::Expr::Struct(inner) = &mut field.value {
            inject_into(&mut inner.elts, tags, used, diagnostics);
        }
        let bodies: Vec<(String, source_vocab::Span)> = field
            .attrs
            .iter()
            .filter(|attribute| attribute.split().0 == "tag")
            .map(|attribute| (attribute.split().1.to_owned(), attribute.meta.span))
            .collect();
        for (body, span) in bodies {
            let mut parts = body.split(',').map(str::trim);
            let name = parts.next().unwrap_or_default().to_owned();
            let mut kind = "string";
            let mut variable = None;
            let mut short: Vec<&str> = Vec::new();
            for part in parts {
                match part.split_once('=') {
                    Some(("type", given)) => kind = given,
                    Some(("var", given)) => variable = Some(given),
                    Some(("short", given)) => short = given.split('|').collect(),
                    _ => {}
                }
            }
            let given = tags
                .values
                .iter()
                .find(|(given, _)| *given == name)
                .map(|(_, value)| value.clone());
            let shorthand = tags.set.iter().find(|tag| short.contains(&tag.as_str()));
            if let Some(tag) = shorthand {
                used.push(tag.clone());
            }
            if given.is_some() {
                used.push(name.clone());
            }
            let known = variable.and_then(|wanted| {
                let mut variables = tags.variables.iter();
                variables.find(|(name, _)| name == wanted)
            });
            let text = given
                .or_else(|| shorthand.cloned())
                .or_else(|| known.map(|(_, value)| value.clone()));
            let Some(text) = text else {
                continue;
            };
            match literal(kind, &text) {
                Some(value) => {
                    let old = std::mem::replace(&mut field.value, ast::Expr::bottom());
                    field.value =
                        ast::Expr::binary(ast::BinaryOp::And, ast::Expr::paren(old), value);
                }
                None => diagnostics.push(Diagnostic::error(
                    "cue/bad-tag-value",
                    format!("the value `{text}` of the tag `{name}` is not of type `{kind}`"),
                    span,
                )),
            }
        }
    }
}

fn literal(kind: &str, text: &str) -> Option<ast::Expr> {
    match kind {
        "int" => text
            .parse::<i128>()
            .ok()
            .map(|value| number(&value.to_string())),
        "number" => cue_eval::number::Literal::parse(text)
            .ok()
            .map(|_| number(text)),
        "bool" => match text {
            "true" => Some(ast::Expr::Basic(ast::BasicLit::boolean(true))),
            "false" => Some(ast::Expr::Basic(ast::BasicLit::boolean(false))),
            _ => None,
        },
        _ => Some(ast::Expr::string(text)),
    }
}

fn number(text: &str) -> ast::Expr {
    let literal = |digits: &str| {
        if digits.contains(['.', 'e', 'E']) {
            ast::Expr::float(digits)
        } else {
            ast::Expr::int(digits)
        }
    };
    match text.strip_prefix('-') {
        Some(digits) => ast::Expr::unary(ast::UnaryOp::Minus, literal(digits)),
        None => literal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_by_precedence() {
        let tags = BuildTags::from_arguments(["a", "b", "x=1"]);
        for (text, holds) in [
            ("a", true),
            ("c", false),
            ("a && !c", true),
            ("c || a && b", true),
            ("(c || a) && !(b && a)", false),
            ("", false),
        ] {
            assert_eq!(Condition::new(text).holds(&tags), holds, "{text}");
        }
    }
}
