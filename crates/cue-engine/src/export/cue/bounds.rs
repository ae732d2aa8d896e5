//! Ranges of numbers by their names: `int & >=0 & <=255` is `uint8`.
//!
//! The tightest lower and upper bound of a conjunction are compared with the ranges that the language has names for. As
//! `boundSimplifier` of cue v0.14.1 `internal/core/export/bounds.go`, its treatment of zero included.

use cue_eval::number::Decimal;
use cue_eval::{Datum, Graph, Kind, Op, Term};
use std::cmp::Ordering;

const INT_RANGES: [(&str, &str, &str); 10] = [
    ("int8", "-128", "127"),
    ("int16", "-32768", "32767"),
    ("int32", "-2147483648", "2147483647"),
    ("int64", "-9223372036854775808", "9223372036854775807"),
    (
        "int128",
        "-170141183460469231731687303715884105728",
        "170141183460469231731687303715884105727",
    ),
    ("uint8", "0", "255"),
    ("uint16", "0", "65535"),
    ("uint32", "0", "4294967295"),
    ("uint64", "0", "18446744073709551615"),
    ("uint128", "0", "340282366920938463463374607431768211455"),
];

const FLOAT_RANGES: [(&str, &str, &str); 2] = [
    (
        "float32",
        "-3.40282346638528859811704183484516925440e+38",
        "3.40282346638528859811704183484516925440e+38",
    ),
    (
        "float64",
        "-1.797693134862315708145274237317043567981e+308",
        "1.797693134862315708145274237317043567981e+308",
    ),
];

#[derive(Clone, Copy)]
struct End<'g> {
    term: Term,
    number: &'g Decimal,
    inclusive: bool,
}

/// What is known of a range.
#[derive(Default)]
pub(super) struct Range<'g> {
    is_int: bool,
    min: Option<End<'g>>,
    max: Option<End<'g>>,
}

/// A range as names and the bounds that these do not say.
pub(super) struct Named {
    pub(super) names: Vec<&'static str>,
    pub(super) bounds: Vec<Term>,
}

impl<'g> Range<'g> {
    /// Takes a part of a conjunction in; false for what is no end of a range of numbers.
    pub(super) fn add(&mut self, graph: &'g Graph, term: Term) -> bool {
        match term.datum {
            Datum::Kind(kind) if kind == Kind::INT => {
                self.is_int = true;
                true
            }
            Datum::Bound(id) => {
                let bound = graph.pool().bound(id);
                let Datum::Number(number) = bound.operand.datum else {
                    return false;
                };
                let number = graph.pool().number(number);
                let end = End {
                    term,
                    number: &number.decimal,
                    inclusive: matches!(bound.op, Op::GreaterEqual | Op::LessEqual),
                };
                match bound.op {
                    Op::Greater | Op::GreaterEqual => {
                        let tighter = self.min.is_none_or(|min| {
                            let order = min.number.compare(end.number);
                            order == Ordering::Less || !end.inclusive && order == Ordering::Equal
                        });
                        if tighter {
                            self.min = Some(end);
                        }
                    }
                    Op::Less | Op::LessEqual => {
                        let tighter = self.max.is_none_or(|max| {
                            let order = max.number.compare(end.number);
                            order == Ordering::Greater || !end.inclusive && order == Ordering::Equal
                        });
                        if tighter {
                            self.max = Some(end);
                        }
                    }
                    _ => return false,
                }
                true
            }
            _ => false,
        }
    }

    /// The range by name; none when it has not two ends.
    pub(super) fn named(mut self) -> Option<Named> {
        let min = self.min?;
        self.max?;
        let mut names = Vec::new();
        if self.is_int {
            if let Some(name) = self.matching(&INT_RANGES) {
                names.push(name);
            } else {
                let zero = Decimal::parse_text("0")?;
                let sign = min.number.compare(&zero);
                if sign == Ordering::Less {
                    names.push("int");
                    names.extend(self.matching(&FLOAT_RANGES));
                } else {
                    names.push("uint");
                    if sign == Ordering::Equal && min.inclusive {
                        self.min = None;
                    } else {
                        names.extend(self.matching(&FLOAT_RANGES));
                    }
                }
            }
        } else {
            names.extend(self.matching(&FLOAT_RANGES));
        }
        Some(Named {
            names,
            bounds: self
                .min
                .iter()
                .chain(&self.max)
                .map(|end| end.term)
                .collect(),
        })
    }

    fn matching(
        &mut self,
        ranges: &[(&'static str, &'static str, &'static str)],
    ) -> Option<&'static str> {
        let (min, max) = (self.min?, self.max?);
        let zero = Decimal::parse_text("0")?;
        let min_is_zero = min.number.compare(&zero) == Ordering::Equal;
        for &(name, low, high) in ranges {
            let low = min.number.compare(&Decimal::parse_text(low)?);
            let high = max.number.compare(&Decimal::parse_text(high)?);
            if !min_is_zero && min.inclusive && low == Ordering::Equal {
                match high {
                    Ordering::Equal => {
                        if max.inclusive {
                            self.max = None;
                        }
                        self.min = None;
                        return Some(name);
                    }
                    Ordering::Less => {
                        self.min = None;
                        return Some(name);
                    }
                    Ordering::Greater => {}
                }
            } else if max.inclusive && high == Ordering::Equal {
                match low {
                    Ordering::Less => {}
                    Ordering::Equal => {
                        if min.inclusive {
                            self.min = None;
                        }
                        self.max = None;
                        return Some(name);
                    }
                    Ordering::Greater => {
                        self.max = None;
                        return Some(name);
                    }
                }
            }
        }
        None
    }
}
