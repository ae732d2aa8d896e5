//! Numbers: arbitrary-precision decimals that remember how they were written.
//!
//! CUE has one representation for `int` and `float`: a sign, an integer coefficient and a decimal
//! exponent, *not* normalised (`1.50` is 150·10⁻² and stays so, `1e3` is 1·10³ and is exported as
//! `1E+3`). Whether a number is an `int` or a `float` is a matter of its kind, which the evaluator
//! keeps beside the [`Decimal`]; the arithmetic here is the same for both.
//!
//! - [`Decimal`] (`decimal.rs`): the value, its conversions and its total order;
//! - `arith.rs`: `+ - * /` at 34 digits, rounding half up, and the four integer divisions;
//! - `literal.rs`: CUE's number literals (`0x1F`, `1_000`, `1.5Ki`, `.5e3`);
//! - `format.rs`: text for export and the canonical form of conformance goldens;
//! - `elementary.rs`: `exp`, `ln`, `pow` and roots at the same precision.
//!
//! Invariant: every finite number that these functions return has an adjusted exponent (that of
//! its first digit in scientific notation) within ±[`MAX_EXPONENT`], so that no text of a few
//! bytes can stand for a number that needs gigabytes.
//!
//! Behaviour follows cockroachdb/apd v3 as cue v0.14.1 uses it (`internal/internal.go`,
//! `internal/core/adt/decimal.go`, `cue/literal/num.go`).

mod arith;
mod decimal;
mod elementary;
mod format;
mod literal;

pub use arith::Rounding;
pub use decimal::{Decimal, Form};
pub use elementary::{cbrt, exp, ln, log2, log10, pow, sqrt};
pub use literal::{Literal, LiteralError};

/// Significant digits that arithmetic keeps.
pub const PRECISION: u32 = 34;

/// The largest and, negated, the smallest exponent of a first digit.
pub const MAX_EXPONENT: i64 = 100_000;

/// Whether a number is an `int` or a `float`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberKind {
    /// `int`.
    Int,
    /// `float`.
    Float,
}

/// Why arithmetic has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticError {
    /// The divisor is zero.
    DivisionByZero,
    /// The result is larger than 10^100000, or smaller than its inverse.
    ExponentOutOfRange,
    /// The operation has no meaning for its operands (the logarithm of a negative number).
    Invalid,
}

impl std::fmt::Display for ArithmeticError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DivisionByZero => "division by zero",
            Self::ExponentOutOfRange => "exponent out of range",
            Self::Invalid => "invalid operation",
        })
    }
}

impl std::error::Error for ArithmeticError {}
