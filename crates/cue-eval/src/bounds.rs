//! Bounds against each other: `>=1 & >3` is `>3`, `>5 & <5` is an error.
//!
//! Only what cannot lose information is simplified: of two bounds in one direction the tighter is
//! kept, a `!=x` that another bound excludes anyway is dropped, and a range without values is an
//! error. `>=5 & <=5` stays as it is, since the reference keeps validators. For ints the ends
//! are rounded first, so that `>1 & <2` has no value. As cue v0.14.1
//! `internal/core/adt/simplify.go` with `KeepValidators`.

use crate::eval::Evaluator;
use crate::kind::Kind;
use crate::number::{Decimal, Rounding};
use crate::term::{BoundId, Datum, Op, Term};
use std::cmp::Ordering;

/// What is left of two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Simplified {
    /// Both.
    Keep,
    /// The first implies the second.
    Left,
    /// The second implies the first.
    Right,
    /// There is no value within both.
    Empty,
}

/// The direction of a bound: 1 from below, -1 from above, others for what has none.
fn direction(op: Op) -> i8 {
    match op {
        Op::Greater | Op::GreaterEqual => 1,
        Op::Less | Op::LessEqual => -1,
        Op::NotEqual => 0,
        Op::Match => 2,
        Op::NotMatch => 3,
        _ => 4,
    }
}

impl Evaluator<'_> {
    /// Simplifies two bounds on values of these kinds.
    pub(crate) fn simplify_bounds(
        &mut self,
        kind: Kind,
        left: BoundId,
        right: BoundId,
    ) -> Simplified {
        let (x, y) = (*self.g.pool.bound(left), *self.g.pool.bound(right));
        let (dx, dy) = (direction(x.op), direction(y.op));
        if dx == dy {
            let test = match x.op {
                Op::Greater => Op::GreaterEqual,
                Op::GreaterEqual => Op::Greater,
                Op::Less => Op::LessEqual,
                Op::LessEqual => Op::Less,
                _ => {
                    return if self.holds_between(Op::Equal, x.operand, y.operand) {
                        Simplified::Left
                    } else {
                        Simplified::Keep
                    };
                }
            };
            return if self.holds_between(test, x.operand, y.operand) {
                Simplified::Left
            } else {
                Simplified::Right
            };
        }
        if dx == -dy && dx.abs() == 1 {
            let (low, high) = if dx == 1 { (x, y) } else { (y, x) };
            return self.check_range(kind, low.op, low.operand, high.op, high.operand);
        }
        if x.op == Op::NotEqual && !self.holds_between(y.op, x.operand, y.operand) {
            return Simplified::Right;
        }
        if y.op == Op::NotEqual && !self.holds_between(x.op, y.operand, x.operand) {
            return Simplified::Left;
        }
        Simplified::Keep
    }

    fn holds_between(&mut self, op: Op, left: Term, right: Term) -> bool {
        self.binary(op, left, right).datum == Datum::Bool(true)
    }

    fn check_range(
        &self,
        kind: Kind,
        low_op: Op,
        low: Term,
        high_op: Op,
        high: Term,
    ) -> Simplified {
        let inclusive = low_op == Op::GreaterEqual && high_op == Op::LessEqual;
        let by_order = |order: Ordering| match order {
            Ordering::Less => Simplified::Keep,
            Ordering::Equal if inclusive => Simplified::Keep,
            Ordering::Equal | Ordering::Greater => Simplified::Empty,
        };
        let pool = &self.g.pool;
        match (low.datum, high.datum) {
            (Datum::String(low), Datum::String(high)) if kind == Kind::STRING => {
                by_order(pool.text(low).cmp(pool.text(high)))
            }
            (Datum::Bytes(low), Datum::Bytes(high)) if kind == Kind::BYTES => {
                by_order(pool.blob(low).cmp(pool.blob(high)))
            }
            (Datum::Number(low), Datum::Number(high)) => {
                let (mut low, mut high) = (
                    pool.number(low).decimal.clone(),
                    pool.number(high).decimal.clone(),
                );
                let ints = !kind.meets(Kind::FLOAT);
                if ints {
                    low = low
                        .to_integral(if low_op == Op::GreaterEqual {
                            Rounding::Ceiling
                        } else {
                            Rounding::Floor
                        })
                        .0;
                    high = high
                        .to_integral(if high_op == Op::LessEqual {
                            Rounding::Floor
                        } else {
                            Rounding::Ceiling
                        })
                        .0;
                }
                let order = by_order(low.compare(&high));
                let exclusive = low_op == Op::Greater && high_op == Op::Less;
                if order == Simplified::Keep
                    && ints
                    && exclusive
                    && high
                        .sub(&low)
                        .is_ok_and(|gap| gap.compare(&Decimal::from(1_i64)) == Ordering::Equal)
                {
                    return Simplified::Empty;
                }
                order
            }
            _ => Simplified::Keep,
        }
    }
}
