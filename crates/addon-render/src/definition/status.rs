//! `attributes.status.healthPolicy`, `customStatus` and `details` of a definition.
//!
//! KubeVela stores the three as text. An author may write them as CUE instead, and the text is then the struct printed
//! without its braces, two blanks for each tab. Either way the content is looked at: a health policy must set
//! `isHealth`, a custom status `message`, and details may only hold what can become text. A field with
//! `@disableValidation()` is not looked at, and its attributes are kept in the text as comments. As kubevela's
//! `pkg/definition/ast.EncodeMetadata`.

use super::metadata::label_text;
use cue_engine::syntax::ast::{
    Attribute, BasicLit, Clause, Comprehension, Decl, EmbedDecl, Expr, Field, LitKind, StructLit,
};
use cue_engine::syntax::format::Options;
use cue_engine::syntax::{format_expr, literal};
use source_vocab::{Diagnostic, SourceMap, Span};

const SKIP: &str = "@disableValidation()";
const KEPT_ATTRIBUTE: &str = "// cue-attr:";

type Check = fn(&StructLit) -> Result<(), String>;

const FIELDS: [(&str, Check); 3] = [
    ("healthPolicy", health_policy),
    ("customStatus", custom_status),
    ("details", details),
];

/// Turns structs into text and checks the contents.
pub(super) fn encode(metadata: &mut Field) -> Result<(), Diagnostic> {
    for (name, check) in FIELDS {
        if let Some(field) = find(metadata, &["attributes", "status", name]) {
            encode_field(field, name, check)?;
        }
    }
    Ok(())
}

/// The field at a path through struct literals; the first of several of one name.
fn find<'f>(field: &'f mut Field, path: &[&str]) -> Option<&'f mut Field> {
    let Some((&key, rest)) = path.split_first() else {
        return Some(field);
    };
    let Expr::Struct(body) = &mut field.value else {
        return None;
    };
    let next = body.elts.iter_mut().find_map(|decl| match decl {
        Decl::Field(field) if label_text(&field.label).as_deref() == Some(key) => Some(field),
        _ => None,
    })?;
    find(next, rest)
}

fn encode_field(field: &mut Field, name: &str, check: Check) -> Result<(), Diagnostic> {
    let wrong = |span: Span, message: String| {
        Diagnostic::error(
            "definition/status",
            format!("`status.{name}`: {message}"),
            span,
        )
    };
    let is_skipped = field.attrs.iter().any(|attr| attr.text.as_str() == SKIP);
    let span = field.value.span();
    match &mut field.value {
        Expr::Struct(body) => {
            if !is_skipped {
                check(body).map_err(|message| wrong(span, message))?;
            }
            let mut made = stringify(body);
            if is_skipped {
                keep_attributes(&mut made, &field.attrs);
            }
            made.meta.span = span;
            field.value = Expr::Basic(made);
        }
        Expr::Basic(basic) if basic.kind == LitKind::String => {
            if is_skipped {
                if !basic.text.contains(KEPT_ATTRIBUTE) {
                    keep_attributes(basic, &field.attrs);
                }
                return Ok(());
            }
            let content = content_of(&basic.text);
            if content.is_empty() {
                return Ok(());
            }
            let body = parse_content(&content).map_err(|message| wrong(span, message))?;
            check(&body).map_err(|message| wrong(span, message))?;
        }
        _ if is_skipped => {}
        _ => {
            return Err(wrong(
                span,
                "a struct or a plain string was expected".to_owned(),
            ));
        }
    }
    Ok(())
}

/// The struct's declarations as a raw string literal of several lines.
fn stringify(body: &StructLit) -> BasicLit {
    let printed = format_expr(&Expr::Struct(Box::new(body.clone())), Options::default());
    let printed = printed.trim();
    let inner = printed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(printed)
        .trim_matches('\n');
    if body.elts.is_empty() || inner.is_empty() {
        return BasicLit::string("{}");
    }
    let text = format!("#\"\"\"\n{inner}\n\"\"\"#").replace('\t', "  ");
    BasicLit::new(LitKind::String, text)
}

/// Writes attributes as comments at the head of a literal of several lines; of one line it stays as it is.
fn keep_attributes(literal: &mut BasicLit, attributes: &[Attribute]) {
    let text = literal.text.trim();
    let Some((open, inner, close)) = [("#\"\"\"", "\"\"\"#"), ("\"\"\"", "\"\"\"")]
        .into_iter()
        .find_map(|(open, close)| {
            let inner = text.strip_prefix(open)?.strip_suffix(close)?;
            Some((open, inner, close))
        })
    else {
        return;
    };
    let indent = inner.rsplit_once('\n').map_or("", |(_, last)| last);
    let mut kept = String::new();
    for attribute in attributes {
        kept.extend([indent, KEPT_ATTRIBUTE, attribute.text.as_str(), "\n"]);
    }
    literal.text = format!("{open}\n{kept}{inner}{close}").into();
}

/// What a literal says, as KubeVela takes the quotes off: the escapes of tab and backslash are always undone.
fn content_of(text: &str) -> String {
    let text = text.trim();
    let bare = [("#\"\"\"", "\"\"\"#"), ("\"\"\"", "\"\"\"")]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .map(str::to_owned);
    let bare = bare.unwrap_or_else(|| match literal::unquote(text) {
        Ok(literal::Unquoted::String(plain)) => plain,
        Ok(literal::Unquoted::Bytes(_)) | Err(_) => text.to_owned(),
    });
    bare.replace('\t', "  ")
        .replace("\\t", "  ")
        .replace("\\\\", "\\")
}

/// Parses a content, imports and package clause left out.
fn parse_content(content: &str) -> Result<StructLit, String> {
    let mut sources = SourceMap::new();
    let source = sources
        .add("", content)
        .map_err(|error| error.to_string())?;
    let parsed = cue_engine::syntax::parse(&source);
    if let Some(error) = parsed.errors.first() {
        return Err(format!("the text is no CUE: {}", error.message));
    }
    let decls = parsed
        .file
        .decls
        .into_iter()
        .filter(|decl| !matches!(decl, Decl::Import(_) | Decl::Package(_)))
        .collect();
    Ok(StructLit::new(decls))
}

/// The value of a field at the top or inside `if`s at the top.
fn find_value<'b>(body: &'b StructLit, name: &str) -> Option<&'b Expr> {
    let direct = body.elts.iter().find_map(|decl| match decl {
        Decl::Field(field) if label_text(&field.label).as_deref() == Some(name) => {
            Some(&field.value)
        }
        _ => None,
    });
    direct.or_else(|| {
        body.elts.iter().find_map(|decl| match decl {
            Decl::Comprehension(comprehension)
                if comprehension
                    .clauses
                    .iter()
                    .any(|clause| matches!(clause, Clause::If(_))) =>
            {
                find_value(&comprehension.value, name)
            }
            _ => None,
        })
    })
}

fn health_policy(body: &StructLit) -> Result<(), String> {
    let value = find_value(body, "isHealth").ok_or("the field `isHealth` is missing")?;
    let fits = match value {
        Expr::Basic(basic) => matches!(basic.kind, LitKind::True | LitKind::False),
        Expr::Ident(_)
        | Expr::Binary(_)
        | Expr::Unary(_)
        | Expr::Call(_)
        | Expr::Selector(_)
        | Expr::Paren(_) => true,
        _ => false,
    };
    fits.then_some(())
        .ok_or_else(|| "`isHealth` must be a boolean expression".to_owned())
}

fn custom_status(body: &StructLit) -> Result<(), String> {
    let value = find_value(body, "message").ok_or("the field `message` is missing")?;
    let fits = match value {
        Expr::Basic(basic) => basic.kind == LitKind::String,
        Expr::Interpolation(_)
        | Expr::Call(_)
        | Expr::Selector(_)
        | Expr::Ident(_)
        | Expr::Binary(_)
        | Expr::Paren(_)
        | Expr::List(_)
        | Expr::Index(_)
        | Expr::Slice(_)
        | Expr::Comprehension(_) => true,
        _ => false,
    };
    fits.then_some(())
        .ok_or_else(|| "`message` must be a string expression".to_owned())
}

/// The name that a label shows in messages; empty for what is computed.
fn shown(field: &Field) -> String {
    label_text(&field.label).unwrap_or_else(|| "(computed)".to_owned())
}

fn details(body: &StructLit) -> Result<(), String> {
    for decl in &body.elts {
        match decl {
            Decl::Field(field) if is_local(field) => {}
            Decl::Field(field) => detail(field)?,
            Decl::Comprehension(comprehension) => details_of(comprehension)?,
            Decl::Embed(embed) => embedded(embed, body)?,
            _ => return Err("only fields, comprehensions and `$` fields may stand here".to_owned()),
        }
    }
    Ok(())
}

/// Fields that begin with `$` are not shown.
fn is_local(field: &Field) -> bool {
    label_text(&field.label).is_some_and(|name| name.starts_with('$'))
}

fn detail(field: &Field) -> Result<(), String> {
    match &field.value {
        Expr::Basic(_)
        | Expr::Ident(_)
        | Expr::Selector(_)
        | Expr::Call(_)
        | Expr::Binary(_)
        | Expr::Unary(_)
        | Expr::Interpolation(_)
        | Expr::Index(_) => Ok(()),
        _ => Err(format!("`{}` must be a scalar expression", shown(field))),
    }
}

fn details_of(comprehension: &Comprehension) -> Result<(), String> {
    for decl in &comprehension.value.elts {
        match decl {
            Decl::Field(field) => detail(field)?,
            _ => return Err("a comprehension may only give fields".to_owned()),
        }
    }
    Ok(())
}

fn embedded(embed: &EmbedDecl, body: &StructLit) -> Result<(), String> {
    match &embed.expr {
        Expr::Ident(ident) if ident.name.starts_with('$') => {
            let declared = body.elts.iter().rev().find_map(|decl| match decl {
                Decl::Field(field)
                    if label_text(&field.label).as_deref() == Some(ident.name.as_str()) =>
                {
                    match &field.value {
                        Expr::Struct(inner) => Some(inner),
                        _ => None,
                    }
                }
                _ => None,
            });
            for decl in declared.map_or(&[][..], |inner| &inner.elts) {
                if let Decl::Field(field) = decl {
                    detail(field)?;
                }
            }
            Ok(())
        }
        Expr::Ident(ident) => Err(format!(
            "`{}` may not be embedded: only names with `$` may",
            ident.name.as_str()
        )),
        Expr::Struct(inner) => {
            for decl in &inner.elts {
                match decl {
                    Decl::Comprehension(comprehension) => details_of(comprehension)?,
                    _ => return Err("an embedded struct may only hold comprehensions".to_owned()),
                }
            }
            Ok(())
        }
        _ => Err("this expression may not be embedded".to_owned()),
    }
}
