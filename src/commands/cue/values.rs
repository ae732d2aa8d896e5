//! `export`, `eval`, `def` and `vet`: from inputs to values to text.
//!
//! A *round* is one evaluation: the package with all data files, or with one document at a time when a schema is chosen
//! (`--schema`) or documents are not to be merged (`--merge=false`, and always in `vet`). Each round gives a value, or one for
//! each `--expression`. As cue v0.14.1 `cmd/cue/cmd/common.go`.

use super::inputs::{self, DataFile, Inputs};
use super::output::{self, Destination, Output};
use super::placement::Placement;
use super::report;
use crate::cli::cue::Values;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::WorkingWorld;
use cue_engine::export::cue::{self as cue_text, Profile, Style};
use cue_engine::syntax::ast;
use cue_engine::{Check, Evaluation, Injected, Package, Session, Value, explain};

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

/// What is evaluated at once.
#[derive(Debug)]
struct Round<'p> {
    package: &'p Package,
    data: Vec<Injected>,
}

/// The data as it joins the packages, and whether each document is on its own.
fn rounds<'p>(
    session: &mut Session,
    inputs: &'p Inputs,
    data: Vec<DataFile>,
    arguments: &Values,
    merges: bool,
) -> Result<Vec<Round<'p>>, Failure> {
    let mut data = data;
    let placement = Placement::new(session, arguments)?;
    let alone = arguments.schema.is_some() || !merges && !placement.is_used();
    let mut rounds = Vec::new();
    for package in &inputs.packages {
        let own = package.name();
        if let Some(name) = &arguments.package
            && inputs.names_cue
            && !own.is_empty()
            && own != name
            && !arguments.force
        {
            return Err(Failure::new(
                Exit::Findings,
                format!("`--package` says `{name}` and the files say `{own}`"),
            ));
        }
        // only one package can have data
        let data = std::mem::take(&mut data);
        let has_data = !data.is_empty();
        let mut files = Vec::new();
        for data in data {
            let placed = placement.place(session, data)?;
            files.extend(placed.into_iter().map(Injected::data));
        }
        if !alone || !has_data {
            // files of other encodings than CUE that hold no document at all are no value
            if inputs.has_cue || !files.is_empty() || !has_data {
                rounds.push(Round {
                    package,
                    data: files,
                });
            }
            continue;
        }
        rounds.extend(files.into_iter().map(|file| Round {
            package,
            data: vec![file],
        }));
    }
    Ok(rounds)
}

/// A round evaluated, and the expressions that are asked for.
struct Evaluated {
    package: Package,
    evaluation: Evaluation,
    expressions: Vec<String>,
}

fn evaluate(
    session: &mut Session,
    round: &Round<'_>,
    arguments: &Values,
    expressions: &[String],
) -> Result<Evaluated, Failure> {
    let mut package = round.package.clone();
    let mut injected = Vec::new();
    let mut texts = expressions.to_vec();
    if let Some(schema) = &arguments.schema
        && !round.data.is_empty()
    {
        for file in &round.data {
            let schema_expr = parse_expression(session, schema)?;
            let joined = ast::Expr::binary(
                ast::BinaryOp::And,
                ast::Expr::paren(schema_expr),
                value_of(file.tree()),
            );
            package.add_expression(joined, schema);
        }
        texts = vec![String::new(); round.data.len()];
    } else {
        injected.extend(round.data.iter().cloned());
        for text in expressions {
            let expr = parse_expression(session, text)?;
            package.add_expression(expr, text);
        }
    }
    let evaluation = session.evaluate_with(&package, &injected);
    Ok(Evaluated {
        package,
        evaluation,
        expressions: texts,
    })
}

/// A file of data as an expression.
fn value_of(file: &ast::File) -> ast::Expr {
    match file.decls.as_slice() {
        [ast::Decl::Embed(embed)] => embed.expr.clone(),
        decls => ast::Expr::structure(decls.to_vec()),
    }
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
            .filter_map(|(at, text)| Some((text.as_str(), self.evaluation.referred(at)?)))
            .collect()
    }
}

/// What is shown; hidden fields of a named package are not those of an expression.
fn profile(command: Printing, arguments: &Values, package: &Package) -> Profile {
    let shows_hidden = arguments.expression.is_empty() || package.name().is_empty();
    let concrete = arguments.concrete == Some(true);
    match command {
        Printing::Export => Profile::EXPORT,
        Printing::Def => Profile {
            inline_imports: arguments.inline_imports,
            ..Profile::DEFINITION
        },
        Printing::Eval => {
            let hidden = (arguments.show_hidden || arguments.all) && shows_hidden;
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

/// Which check an output needs before it is printed.
fn required_check(output: Output, command: Printing, arguments: &Values) -> Check {
    let concrete = command == Printing::Export || output != Output::Cue;
    if concrete || arguments.concrete == Some(true) {
        Check::Concrete
    } else {
        Check::Valid
    }
}

/// Evaluates and prints; the common part of `export`, `eval` and `def`.
fn print(
    arguments: &Values,
    printer: &Printer,
    otherwise: Output,
    command: Printing,
) -> CommandResult {
    let world = WorkingWorld::new()?;
    let mut session = Session::new();
    let destination = Destination::new(arguments, otherwise)?;
    let output = destination.output;
    let mut inputs = inputs::read(&mut session, &world, arguments)?;
    let data = std::mem::take(&mut inputs.data);
    let rounds = rounds(
        &mut session,
        &inputs,
        data,
        arguments,
        arguments.merge.unwrap_or(true),
    )?;
    let mut bytes: Vec<u8> = Vec::new();
    let mut exit = Exit::Success;
    let mut printed = 0_usize;
    let names_expressions = command == Printing::Eval && arguments.expression.len() > 1;
    let mut all = Vec::new();
    for round in &rounds {
        let evaluated = evaluate(&mut session, round, arguments, &arguments.expression)?;
        if evaluated.evaluation.root().is_none() && arguments.expression.len() > 1 {
            // one expression that cannot be compiled does not take the others with it
            for text in &arguments.expression {
                let one = std::slice::from_ref(text);
                all.push(evaluate(&mut session, round, arguments, one)?);
            }
        } else {
            all.push(evaluated);
        }
    }
    for evaluated in &all {
        if evaluated.evaluation.root().is_none() {
            exit = report(
                &session,
                &evaluated.evaluation.diagnostics,
                arguments.format,
                printer,
            );
            break;
        }
        for (name, value) in evaluated.values() {
            let check = required_check(output, command, arguments);
            let ignores = arguments.ignore && command == Printing::Eval && output == Output::Cue;
            if !ignores {
                // a value that is not there at all cannot be shown, however little is asked of it
                let is_error = matches!(value.shape(), cue_engine::Shape::Error(_));
                let check = if command == Printing::Eval && is_error {
                    Check::Concrete
                } else {
                    check
                };
                let found = explain::findings(value, check);
                if !found.is_empty() {
                    exit = report(&session, &found, arguments.format, printer);
                    if command != Printing::Eval || evaluated.expressions.len() < 2 {
                        if destination.is_file() {
                            return Ok(exit);
                        }
                        destination.write(&world, &bytes, arguments, printer)?;
                        return Ok(exit);
                    }
                    continue;
                }
            }
            match output {
                Output::Cue if names_expressions => {
                    bytes.extend_from_slice(format!("// {name}\n").as_bytes());
                }
                Output::Cue if printed > 0 => bytes.extend_from_slice(b"// ---\n"),
                Output::Yaml if printed > 0 => bytes.extend_from_slice(b"---\n"),
                _ => {}
            }
            printed += 1;
            if output == Output::Cue {
                let made = cue_text::text(
                    &session,
                    &evaluated.package,
                    &evaluated.evaluation,
                    value,
                    profile(command, arguments, &evaluated.package),
                    style(command, arguments),
                );
                let made = if command == Printing::Eval {
                    with_spaces(&made)
                } else {
                    made
                };
                bytes.extend_from_slice(made.as_bytes());
                continue;
            }
            match output::data(value, output, arguments) {
                Ok(part) => bytes.extend_from_slice(&part),
                Err(found) => exit = report(&session, &found, arguments.format, printer),
            }
        }
    }
    if exit != Exit::Success && destination.is_file() {
        return Ok(exit);
    }
    destination.write(&world, &bytes, arguments, printer)?;
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
    let mut inputs = inputs::read(&mut session, &world, arguments)?;
    let data = std::mem::take(&mut inputs.data);
    let placed = !arguments.path.is_empty() || arguments.list;
    if !inputs.has_cue && !placed {
        return Err(Failure::new(
            Exit::Findings,
            "data can only be checked against CUE, and there is none",
        ));
    }
    let rounds = rounds(&mut session, &inputs, data, arguments, false)?;
    let mut found = Vec::new();
    let mut incomplete = false;
    for round in &rounds {
        let evaluated = evaluate(&mut session, round, arguments, &arguments.expression)?;
        if evaluated.evaluation.root().is_none() {
            found.extend(evaluated.evaluation.diagnostics);
            continue;
        }
        let check = match (arguments.concrete, round.data.is_empty() || placed) {
            (_, false) | (Some(true), true) => Check::Concrete,
            (Some(false), true) => Check::Valid,
            (None, true) => Check::Final,
        };
        for (_, value) in evaluated.values() {
            found.extend(explain::findings(value, check));
            incomplete |= check == Check::Final && !explain::is_valid(value, Check::Concrete);
        }
    }
    if incomplete && found.is_empty() && arguments.format != crate::cli::cue::Format::Json {
        printer.text("some values are incomplete: `-c` shows which, `-c=false` allows it\n");
    }
    let exit = report(&session, &found, arguments.format, printer);
    Ok(if incomplete { Exit::Findings } else { exit })
}
