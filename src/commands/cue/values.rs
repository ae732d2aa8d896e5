//! `export`, `eval`, `def` and `vet`: from inputs to values to text.

use super::inputs::{self, Inputs};
use super::report;
use crate::cli::cue::Values;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::{WorkingWorld, write_atomic};
use cue_engine::export::cue::{self as cue_text, Profile, Style};
use cue_engine::syntax::ast;
use cue_engine::{
    Check, Evaluation, Injected, Package, Session, Value, data_file, explain, export,
};
use source_vocab::Diagnostic;

/// What the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Cue,
    Json,
    Yaml,
    Text,
}

impl Output {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cue" => Self::Cue,
            "json" => Self::Json,
            "yaml" | "yml" => Self::Yaml,
            "text" | "txt" => Self::Text,
            _ => return None,
        })
    }
}

/// The format and the file that `--out` and `-o` ask for.
fn destination(arguments: &Values, otherwise: Output) -> Result<(Output, Option<String>), Failure> {
    let unknown = |name: &str| Failure::new(Exit::Findings, format!("unknown format `{name}`"));
    let mut output = otherwise;
    if let Some(name) = &arguments.out {
        output = Output::named(name).ok_or_else(|| unknown(name))?;
    }
    let Some(file) = &arguments.outfile else {
        return Ok((output, None));
    };
    let (format, file) = match file.split_once(':') {
        Some((format, file)) => (Some(format), file),
        None => (None, file.as_str()),
    };
    if let Some(name) = format {
        output = Output::named(name).ok_or_else(|| unknown(name))?;
    } else if arguments.out.is_none() && file != "-" {
        let extension = file
            .rsplit_once('.')
            .map_or(file, |(_, extension)| extension);
        output = Output::named(extension).ok_or_else(|| unknown(extension))?;
    }
    let file = (file != "-").then(|| file.to_owned());
    Ok((output, file))
}

/// Which command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Printing {
    Export,
    Eval,
    Def,
}

/// `cue eval` indents with four spaces where the formatter has tabs.
fn with_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches('\t');
        out.push_str(&"    ".repeat(line.len() - rest.len()));
        out.push_str(rest);
    }
    out
}

/// A package evaluated together with the data, and the expressions that are asked for.
struct Evaluated {
    evaluation: Evaluation,
    expressions: Vec<String>,
}

fn parse_expression(session: &mut Session, text: &str) -> Result<ast::Expr, Failure> {
    let failed = |message: String| Failure::new(Exit::Findings, message);
    let source = session
        .sources_mut()
        .add("--expression", text)
        .map_err(|error| failed(error.to_string()))?;
    let parsed = cue_engine::syntax::parse_expr(&source);
    match parsed.errors.first() {
        Some(found) => Err(failed(format!("`{text}`: {}", found.message))),
        None => Ok(parsed.expr),
    }
}

/// Puts data at a path of static labels: `-l a -l '"b c":'` is `a: "b c": data`.
fn at_path(paths: &[String], data: ast::Expr) -> Result<ast::Expr, Failure> {
    let mut out = data;
    for path in paths.iter().rev() {
        let labels: Vec<&str> = path
            .split(':')
            .map(str::trim)
            .filter(|label| !label.is_empty())
            .collect();
        for label in labels.into_iter().rev() {
            let label = match label
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                Some(name) if !name.contains('\\') => ast::Label::regular(name),
                None if label
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_#$".contains(c)) =>
                {
                    ast::Label::Ident(ast::Ident::new(label))
                }
                _ => {
                    return Err(Failure::new(
                        Exit::Findings,
                        format!("the path `{path}` is not made of plain labels"),
                    ));
                }
            };
            out = ast::Expr::structure(vec![ast::Decl::field(label, out)]);
        }
    }
    Ok(out)
}

fn evaluate(
    session: &mut Session,
    package: &Package,
    data: &[ast::Expr],
    arguments: &Values,
) -> Result<Evaluated, Failure> {
    let mut package = package.clone();
    let mut injected = Vec::new();
    let mut texts = arguments.expression.clone();
    if let Some(schema) = &arguments.schema
        && !data.is_empty()
    {
        for value in data {
            let schema_expr = parse_expression(session, schema)?;
            let joined = ast::Expr::binary(
                ast::BinaryOp::And,
                ast::Expr::paren(schema_expr),
                value.clone(),
            );
            package.add_expression(joined, schema);
        }
        texts = vec![String::new(); data.len()];
    } else {
        for value in data {
            injected.push(Injected::data(data_file::file_of(value.clone())));
        }
        for text in &arguments.expression {
            let expr = parse_expression(session, text)?;
            package.add_expression(expr, text);
        }
    }
    Ok(Evaluated {
        evaluation: session.evaluate_with(&package, &injected),
        expressions: texts,
    })
}

impl Evaluated {
    /// The values to be printed, with the expression each is of.
    fn values(&self) -> Vec<(&str, Value<'_>)> {
        if self.expressions.is_empty() {
            return self
                .evaluation
                .root()
                .map(|root| ("", root))
                .into_iter()
                .collect();
        }
        self.expressions
            .iter()
            .enumerate()
            .filter_map(|(at, text)| Some((text.as_str(), self.evaluation.expression(at)?)))
            .collect()
    }
}

fn profile(command: Printing, arguments: &Values) -> Profile {
    let concrete = arguments.concrete == Some(true);
    match command {
        Printing::Export => Profile::EXPORT,
        Printing::Def => Profile {
            inline_imports: arguments.inline_imports,
            ..Profile::DEFINITION
        },
        Printing::Eval => {
            let hidden = arguments.show_hidden || arguments.all;
            Profile {
                show_definitions: !concrete,
                show_hidden: hidden && !concrete,
                show_optional: (arguments.show_optional || arguments.all) && !concrete,
                show_attributes: arguments.show_attributes,
                show_errors: arguments.ignore,
                ..Profile::EVAL
            }
        }
    }
}

fn style(command: Printing, arguments: &Values) -> Style<'_> {
    Style {
        simplify: command != Printing::Eval || arguments.simplify,
        package: arguments.package.as_deref(),
    }
}

fn rendered(value: Value<'_>, output: Output) -> Result<String, Vec<Diagnostic>> {
    match output {
        Output::Json => export::json(value),
        Output::Yaml => export::yaml(value),
        Output::Cue => Ok(String::new()),
        Output::Text => match export::data(value)? {
            cue_engine::Data::String(text) => Ok(format!("{text}\n")),
            _ => Err(vec![Diagnostic::error(
                "cue/not-text",
                "the value is no string, which the format `text` needs",
                source_vocab::Place::Text(value.span()),
            )]),
        },
    }
}

fn write(
    world: &WorkingWorld,
    file: Option<&str>,
    text: &str,
    arguments: &Values,
    printer: &Printer,
) -> CommandResult {
    let Some(file) = file else {
        printer.data(text);
        return Ok(Exit::Success);
    };
    let path = world.resolve(file);
    if !arguments.force && source_vocab::World::read(world, &path).is_ok() {
        return Err(
            Failure::new(Exit::Findings, format!("the file `{file}` exists already"))
                .help("use --force to overwrite it"),
        );
    }
    write_atomic(&world.real_path(&path), text.as_bytes())?;
    Ok(Exit::Success)
}

/// Which check an output needs before it is printed.
fn required_check(output: Output, is_export: bool, arguments: &Values) -> Check {
    let concrete = is_export || matches!(output, Output::Json | Output::Yaml | Output::Text);
    if concrete || arguments.concrete == Some(true) {
        Check::Concrete
    } else {
        Check::Valid
    }
}

fn escaped(text: String, arguments: &Values, output: Output) -> String {
    if !arguments.escape || output != Output::Json {
        return text;
    }
    text.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}

/// Evaluates and prints; the common part of `export`, `eval` and `def`.
fn print(
    arguments: &Values,
    printer: &Printer,
    otherwise: Output,
    command: Printing,
) -> CommandResult {
    let is_export = command == Printing::Export;
    let world = WorkingWorld::new()?;
    let mut session = Session::new();
    let (output, file) = destination(arguments, otherwise)?;
    let Inputs { packages, data, .. } = inputs::read(&mut session, &world, arguments)?;
    let data: Vec<ast::Expr> = data
        .into_iter()
        .map(|value| at_path(&arguments.path, value))
        .collect::<Result<_, _>>()?;
    let mut text = String::new();
    let mut exit = Exit::Success;
    let several = packages.len() > 1;
    for (at, package) in packages.iter().enumerate() {
        let evaluated = evaluate(&mut session, package, &data, arguments)?;
        if evaluated.evaluation.root().is_none() {
            return Ok(report(
                &session,
                &evaluated.evaluation.diagnostics,
                arguments.format,
                printer,
            ));
        }
        if at > 0 && several {
            text.push_str(match output {
                Output::Cue => "// ---\n",
                Output::Yaml => "---\n",
                Output::Json | Output::Text => "",
            });
        }
        for (index, (name, value)) in evaluated.values().into_iter().enumerate() {
            let check = required_check(output, is_export, arguments);
            let found = explain::findings(value, check);
            if index > 0 && output == Output::Yaml {
                text.push_str("---\n");
            }
            if output == Output::Cue
                && !is_export
                && evaluated.expressions.len() > 1
                && !name.is_empty()
            {
                text.push_str("// ");
                text.push_str(name);
                text.push('\n');
            }
            if !found.is_empty() && !arguments.ignore {
                exit = report(&session, &found, arguments.format, printer);
                if evaluated.expressions.len() < 2 {
                    return Ok(exit);
                }
                // the heading of an expression without a value is not printed
                if let Some(end) = text.rfind("// ") {
                    text.truncate(end);
                }
                continue;
            }
            if output == Output::Cue {
                let made = cue_text::text(
                    &session,
                    package,
                    &evaluated.evaluation,
                    value,
                    profile(command, arguments),
                    style(command, arguments),
                );
                text.push_str(&if command == Printing::Eval {
                    with_spaces(&made)
                } else {
                    made
                });
                continue;
            }
            match rendered(value, output) {
                Ok(part) => text.push_str(&escaped(part, arguments, output)),
                Err(found) => exit = report(&session, &found, arguments.format, printer),
            }
        }
    }
    if exit != Exit::Success && file.is_some() {
        return Ok(exit);
    }
    write(&world, file.as_deref(), &text, arguments, printer)?;
    Ok(exit)
}

/// `cue export`.
pub(super) fn export(arguments: &Values, printer: &Printer) -> CommandResult {
    print(arguments, printer, Output::Json, Printing::Export)
}

/// `cue eval`.
pub(super) fn eval(arguments: &Values, printer: &Printer) -> CommandResult {
    print(arguments, printer, Output::Cue, Printing::Eval)
}

/// `cue def`.
pub(super) fn def(arguments: &Values, printer: &Printer) -> CommandResult {
    print(arguments, printer, Output::Cue, Printing::Def)
}

/// `cue vet`: every document of every data file against the package, or the package alone.
pub(super) fn vet(arguments: &Values, printer: &Printer) -> CommandResult {
    let world = WorkingWorld::new()?;
    let mut session = Session::new();
    let Inputs {
        packages,
        data,
        has_cue,
    } = inputs::read(&mut session, &world, arguments)?;
    if !has_cue {
        return Err(Failure::new(
            Exit::Findings,
            "data can only be checked against CUE, and there is none",
        ));
    }
    let data: Vec<ast::Expr> = data
        .into_iter()
        .map(|value| at_path(&arguments.path, value))
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for package in &packages {
        let rounds: Vec<&[ast::Expr]> = if data.is_empty() {
            vec![&[]]
        } else {
            data.chunks(1).collect()
        };
        for round in rounds {
            let evaluated = evaluate(&mut session, package, round, arguments)?;
            if evaluated.evaluation.root().is_none() {
                found.extend(evaluated.evaluation.diagnostics);
                continue;
            }
            let check = match (arguments.concrete, round.is_empty()) {
                (Some(true), _) | (None, false) => Check::Concrete,
                (Some(false), _) => Check::Valid,
                (None, true) => Check::Final,
            };
            for (_, value) in evaluated.values() {
                found.extend(explain::findings(value, check));
            }
        }
    }
    Ok(report(&session, &found, arguments.format, printer))
}
