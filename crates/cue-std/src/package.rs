//! How a package of builtins is put together.
//!
//! Each file of this crate has a function that fills a [`Builder`]; [`crate::Standard`] calls it
//! when the package is first imported.

use cue_eval::builtin::{Answer, Call, Failure, Function, Member, Package};
use cue_eval::number::Form;
use cue_eval::{Data, Kind, Shape, Term};
use std::sync::Arc;

/// What the body of a builtin gives.
pub(crate) type Outcome = Result<Answer, Failure>;

/// `bytes | string`.
pub(crate) fn text_kind() -> Kind {
    Kind::BYTES | Kind::STRING
}

/// A package in the making.
#[derive(Debug)]
pub struct Builder {
    package: Package,
}

impl Builder {
    /// An empty package.
    pub fn new(path: &str) -> Self {
        Self {
            package: Package {
                path: path.to_owned(),
                members: Vec::new(),
                cue: String::new(),
            },
        }
    }

    fn member(&mut self, function: Function) -> &mut Self {
        let name = function.name.clone();
        self.package
            .members
            .push((name, Member::Function(Arc::new(function))));
        self
    }

    /// Adds a function of concrete arguments.
    pub fn function<F>(&mut self, name: &str, params: &[Kind], result: Kind, body: F) -> &mut Self
    where
        F: Fn(&mut Call<'_>) -> Result<Answer, Failure> + Send + Sync + 'static,
    {
        let function = Function::new(&self.package.path, name, params, result, body);
        self.member(function)
    }

    /// Adds a function whose last argument may be left out.
    pub fn function_with_default<F>(
        &mut self,
        name: &str,
        params: &[Kind],
        default: Data,
        result: Kind,
        body: F,
    ) -> &mut Self
    where
        F: Fn(&mut Call<'_>) -> Result<Answer, Failure> + Send + Sync + 'static,
    {
        let function =
            Function::new(&self.package.path, name, params, result, body).with_default(default);
        self.member(function)
    }

    /// Adds a function whose arguments need not be concrete.
    pub fn schema_function<F>(
        &mut self,
        name: &str,
        params: &[Kind],
        result: Kind,
        body: F,
    ) -> &mut Self
    where
        F: Fn(&mut Call<'_>) -> Result<Answer, Failure> + Send + Sync + 'static,
    {
        let function =
            Function::new(&self.package.path, name, params, result, body).with_any_arguments();
        self.member(function)
    }

    /// Adds a constant.
    pub fn constant(&mut self, name: &str, value: impl Into<Data>) -> &mut Self {
        self.package
            .members
            .push((name.to_owned(), Member::Constant(value.into())));
        self
    }

    /// Adds members written in CUE.
    pub fn source(&mut self, cue: &str) -> &mut Self {
        cue.clone_into(&mut self.package.cue);
        self
    }

    /// The package.
    pub fn build(self) -> Package {
        self.package
    }
}

/// An index or count that a body uses: not negative, and of this machine's size.
pub(crate) fn count(value: i64, what: &str) -> Result<usize, Failure> {
    usize::try_from(value).map_err(|_| Failure::eval(format!("negative {what} `{value}`")))
}

/// The value of an argument, its default taken; incomplete while it is not known what it is.
pub(crate) fn concrete(c: &mut Call<'_>, index: usize) -> Result<Term, Failure> {
    let term = c.term(index);
    c.finish(term)?;
    let term = c.default_of(term);
    match c.view(term).shape() {
        Shape::Error(id) => Err(Failure::Bottom(id)),
        Shape::Incomplete(kind) => Err(Failure::incomplete(format!(
            "non-concrete value of type {kind}"
        ))),
        _ => Ok(term),
    }
}

/// What a validator says of a value that it does not take: an error, or false where it is called
/// like a function.
pub(crate) fn reject(c: &Call<'_>, failure: Failure) -> Outcome {
    if c.is_validation() {
        Err(failure)
    } else {
        Ok(false.into())
    }
}

/// An argument as a 64-bit float; one that is beyond them is refused.
pub(crate) fn float_argument(c: &mut Call<'_>, index: usize) -> Result<f64, Failure> {
    let decimal = c.decimal(index)?;
    let value = decimal.to_f64();
    if decimal.form() != Form::NaN
        && (value.is_infinite() || (value.abs() <= 0.0 && !decimal.is_zero()))
    {
        return Err(Failure::eval(format!("`{decimal}` does not fit a float64")));
    }
    Ok(value)
}

/// An argument as concrete data all of whose numbers can be written.
pub(crate) fn writable(c: &mut Call<'_>, term: Term) -> Result<Data, Failure> {
    let data = c.data_of(term)?;
    if data.is_finite() {
        Ok(data)
    } else {
        Err(Failure::eval(
            "a number that is infinite or not a number has no text",
        ))
    }
}

/// Any displayable error as a definite failure.
pub(crate) fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::eval(error.to_string())
}
