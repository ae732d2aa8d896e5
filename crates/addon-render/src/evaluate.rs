//! CUE to trees: parsing files of the addon, judging a value as KubeVela does, and taking data out of it.
//!
//! KubeVela asks two questions of a CUE value. `Err()` on the root: is there an error anywhere that no further information
//! can mend, or does the root itself not know enough? Then, of one field, `MarshalJSON`: is it concrete? Both are answered
//! here with the diagnostics of the engine, which have the places of the author's files.

use addon_model::TextFile;
use cue_engine::syntax::{self, ast};
use cue_engine::{Check, Data as CueData, Evaluation, Injected, Package, Session, Value, explain};
use goyaml::{Data, Entry, Magnitude, Number, Tree};
use source_vocab::{Diagnostic, Severity};

/// A file as syntax.
///
/// # Errors
/// What is wrong with its text.
pub(crate) fn parse(file: &TextFile) -> Result<ast::File, Vec<Diagnostic>> {
    let parsed = syntax::parse(&file.source);
    let failed = parsed
        .errors
        .iter()
        .any(|found| found.severity == Severity::Error);
    if failed {
        Err(parsed.errors)
    } else {
        Ok(parsed.file)
    }
}

/// The files as one package, with values from outside.
pub(crate) fn package(
    session: &Session,
    files: Vec<ast::File>,
    injected: &[Injected],
) -> Evaluation {
    let mut package = Package::default();
    package.extend(files, session);
    session.evaluate_with(&package, injected)
}

/// The root of an evaluation, if `Err()` has nothing to say of it.
///
/// # Errors
/// What is wrong.
pub(crate) fn root(evaluation: &Evaluation) -> Result<Value<'_>, Vec<Diagnostic>> {
    let failed = evaluation
        .diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error);
    let root = match evaluation.root() {
        Some(root) if !failed => root,
        _ => return Err(evaluation.diagnostics.clone()),
    };
    let wrong_below = root
        .error_below()
        .is_some_and(|bottom| !bottom.code.is_incomplete());
    if !wrong_below && root.error().is_none() {
        return Ok(root);
    }
    let mut found = explain::findings(root, Check::Valid);
    if found.is_empty() {
        found = explain::findings(root, Check::Final);
    }
    if found.is_empty() {
        found = vec![explain::not_concrete(root)];
    }
    Err(one_limit(found))
}

/// Where a limit ends an evaluation, what was not reached any more is no finding of its own.
fn one_limit(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    match found.iter().position(|one| one.code == "cue/limit") {
        Some(at) => vec![found.swap_remove(at)],
        None => found,
    }
}

/// A concrete value as a tree; what is not exported (definitions, hidden and optional fields) is left out.
///
/// # Errors
/// What is not concrete.
pub(crate) fn tree(value: Value<'_>) -> Result<Tree, Vec<Diagnostic>> {
    if let Some(tree) = concrete(value)
        && explain::is_valid(value, Check::Concrete)
    {
        return Ok(tree);
    }
    let found = explain::findings(value, Check::Concrete);
    Err(if found.is_empty() {
        vec![explain::not_concrete(value)]
    } else {
        found
    })
}

fn concrete(value: Value<'_>) -> Option<Tree> {
    use cue_engine::Shape;
    let value = value.default();
    let data = match value.shape() {
        Shape::Null => Data::Null,
        Shape::Bool(flag) => Data::Bool(flag),
        Shape::Number(number) => Data::Number(magnitude(number)),
        Shape::String(text) => Data::String(text.as_ref().into()),
        Shape::Bytes(_) => Data::String(bytes(&value.data()?)),
        Shape::List(_) => Data::List(
            value
                .elements()
                .into_iter()
                .map(concrete)
                .collect::<Option<_>>()?,
        ),
        Shape::Struct => Data::Map(
            value
                .fields()
                .into_iter()
                .map(|(name, value)| {
                    Some(Entry {
                        key: name.as_ref().into(),
                        key_span: value.declared(),
                        value: concrete(value)?,
                    })
                })
                .collect::<Option<_>>()?,
        ),
        Shape::Incomplete(_) | Shape::Error(_) => return None,
    };
    Some(Tree {
        span: value.span(),
        data,
    })
}

/// Above this, and a little below it, no integer of Go holds a number.
const LARGEST_WHOLE: f64 = 2e19;

/// A number as Go's readers hold it once it has gone through JSON.
fn magnitude(number: &cue_engine::Number) -> Magnitude {
    if let Some(int) = number.decimal.to_i64() {
        return Magnitude::Int(int);
    }
    let float = number.decimal.to_f64();
    let whole = (float.abs() < LARGEST_WHOLE)
        .then(|| number.decimal.integer_text())
        .flatten()
        .and_then(|digits| Number::from_json(&digits));
    whole.map_or(Magnitude::Float(float), |number| number.read())
}

/// Bytes are base64 text in JSON.
fn bytes(data: &CueData) -> Box<str> {
    match cue_engine::decode::to_json(data) {
        serde_json::Value::String(text) => text.into(),
        _ => Box::default(),
    }
}
