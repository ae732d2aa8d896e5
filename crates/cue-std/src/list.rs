//! `list`: slicing, sums, sorting, and validators of lists.
//!
//! Elements stay what they are in the graph (a list of structs is sorted without being exported),
//! so most functions move terms about. Sorting asks a comparator, a struct with `x`, `y` and
//! `less`, by unifying it with the two elements; since it may contradict itself, the merge sort
//! here must not rely on its order being one.

use crate::package::{Builder, Outcome, concrete, count, reject};
use cue_eval::builtin::{Answer, Call, Check, Failure};
use cue_eval::number::{Decimal, NumberKind};
use cue_eval::{Data, Kind, ListEnd, Number, Shape, Term};
use std::sync::Arc;

const L: Kind = Kind::LIST;
const I: Kind = Kind::INT;

/// Comparators, in CUE.
const COMPARATORS: &str = r"
Comparer: {
	T:    _
	x:    T
	y:    T
	less: bool
}
Ascending: {
	T:    number | string
	x:    T
	y:    T
	less: x < y
}
Descending: {
	T:    number | string
	x:    T
	y:    T
	less: x > y
}
";

#[expect(
    clippy::unnecessary_wraps,
    reason = "the last step of bodies that can fail"
)]
fn answer(c: &mut Call<'_>, terms: &[Term]) -> Outcome {
    Ok(c.list_of(terms).into())
}

fn integer(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn is_open(c: &Call<'_>, index: usize) -> bool {
    matches!(c.value(index).default().shape(), Shape::List(ListEnd::Open))
}

fn flatten(c: &mut Call<'_>, term: Term, depth: i64, out: &mut Vec<Term>) -> Result<(), Failure> {
    for item in c.elements_of(term)? {
        let is_list = matches!(c.view(item).default().shape(), Shape::List(_));
        if is_list && depth != 0 {
            flatten(c, item, depth - 1, out)?;
        } else {
            out.push(item);
        }
    }
    Ok(())
}

fn slice(c: &mut Call<'_>) -> Outcome {
    let items = c.list(0)?;
    let (start, end) = (c.i64(1)?, c.i64(2)?);
    if start < 0 || end < 0 {
        return Err(Failure::eval("negative index"));
    }
    if start > end {
        return Err(Failure::eval(format!("invalid index: `{start}` > `{end}`")));
    }
    let part = usize::try_from(start)
        .ok()
        .zip(usize::try_from(end).ok())
        .and_then(|(start, end)| items.get(start..end))
        .ok_or_else(|| Failure::eval("slice bounds out of range"))?
        .to_vec();
    answer(c, &part)
}

fn repeat(c: &mut Call<'_>) -> Outcome {
    let items = c.list(0)?;
    let times = count(c.i64(1)?, "count")?;
    let length = items.len().saturating_mul(times);
    c.charge(length.saturating_mul(64))?;
    let mut out = Vec::with_capacity(length);
    while out.len() < length {
        out.extend_from_slice(&items);
    }
    answer(c, &out)
}

fn concat(c: &mut Call<'_>) -> Outcome {
    let mut out = Vec::new();
    for part in c.list(0)? {
        out.extend(c.elements_of(part)?);
    }
    answer(c, &out)
}

fn unique_items(c: &mut Call<'_>) -> Outcome {
    let items = c.list(0)?;
    let data: Option<Vec<Data>> = items.iter().map(|item| c.view(*item).data()).collect();
    if let Some(data) = data {
        // concrete scalars: sort their texts instead of comparing all pairs
        if data
            .iter()
            .all(|item| matches!(item, Data::String(_) | Data::Bool(_) | Data::Null))
        {
            let mut texts: Vec<String> = data.iter().map(|item| format!("{item:?}")).collect();
            texts.sort_unstable();
            return Ok(texts.windows(2).all(|pair| pair[0] != pair[1]).into());
        }
    }
    for (at, left) in items.iter().enumerate() {
        for right in items.iter().skip(at + 1) {
            if c.equal(*left, *right) {
                let failure = if c.view(*left).is_final() && c.view(*right).is_final() {
                    Failure::eval("the elements are not unique")
                } else {
                    // they may still become different
                    Failure::incomplete("equal values that are not final")
                };
                return reject(c, failure);
            }
        }
    }
    Ok(true.into())
}

fn match_n(c: &mut Call<'_>) -> Outcome {
    let items = c.list(0)?;
    let (wanted, schema) = (c.term(1), c.term(2));
    let mut matches = 0i64;
    for item in items {
        let unified = c.unify(&[schema, item])?;
        if c.validate(unified, Check::Final).is_none() {
            matches += 1;
        }
    }
    let number = c.insert(Data::from(matches));
    let unified = c.unify(&[wanted, number])?;
    if c.validate(unified, Check::Valid).is_some() {
        let text =
            format!("the number of matched elements is {matches}, which is not what is wanted");
        return reject(c, Failure::eval(text));
    }
    Ok(true.into())
}

fn numbers(c: &mut Call<'_>) -> Result<Vec<Number>, Failure> {
    let items = c.list(0)?;
    items.into_iter().map(|item| c.number_of(item)).collect()
}

/// A decimal as cue returns it from Go: an int when it is whole.
pub(crate) fn whole_or_float(value: Decimal) -> Answer {
    match value.as_integral() {
        Some(whole) => Number::int(whole).into(),
        None => Number::float(value).into(),
    }
}

fn fold(
    c: &mut Call<'_>,
    start: i64,
    step: fn(&Decimal, &Decimal) -> Result<Decimal, cue_eval::number::ArithmeticError>,
) -> Result<Decimal, Failure> {
    let mut total = Decimal::from(start);
    for number in numbers(c)? {
        total = step(&total, &number.decimal).map_err(crate::package::failed)?;
    }
    Ok(total)
}

fn extreme(c: &mut Call<'_>, wanted: std::cmp::Ordering) -> Outcome {
    let mut best: Option<Number> = None;
    for number in numbers(c)? {
        let better = best
            .as_ref()
            .is_none_or(|best| number.decimal.compare(&best.decimal) == wanted);
        if better {
            best = Some(number);
        }
    }
    best.map(|number| whole_or_float(number.decimal))
        .ok_or_else(|| Failure::eval("empty list"))
}

fn range(c: &mut Call<'_>) -> Outcome {
    let (start, limit, step) = (c.decimal(0)?, c.decimal(1)?, c.decimal(2)?);
    if step.is_zero() {
        return Err(Failure::eval("step must be non zero"));
    }
    let rising = step.signum() > 0;
    if rising && limit.compare(&start).is_lt() {
        return Err(Failure::eval(
            "end must be greater than start when step is positive",
        ));
    }
    if !rising && limit.compare(&start).is_gt() {
        return Err(Failure::eval(
            "end must be less than start when step is negative",
        ));
    }
    let mut at = start;
    let mut out = Vec::new();
    while if rising {
        at.compare(&limit).is_lt()
    } else {
        at.compare(&limit).is_gt()
    } {
        c.charge(256)?;
        let next = at.add(&step).map_err(crate::package::failed)?;
        if next.compare(&at).is_eq() {
            return Err(Failure::eval("the step is too small"));
        }
        let number = match at.as_integral() {
            Some(whole) => Number {
                kind: NumberKind::Int,
                decimal: whole,
            },
            None => Number::float(at),
        };
        out.push(Data::Number(number));
        at = next;
    }
    Ok(Answer::Data(Data::List(out)))
}

/// Whether the comparator puts `left` before `right`.
fn less(c: &mut Call<'_>, comparator: Term, left: Term, right: Term) -> Result<bool, Failure> {
    let pair = c.struct_of(&[(Arc::from("x"), left), (Arc::from("y"), right)]);
    let unified = c.unify(&[comparator, pair])?;
    let Some(verdict) = c.lookup(unified, "less") else {
        return Err(Failure::incomplete("the comparator has no field `less`"));
    };
    c.finish(verdict)?;
    let verdict = c.default_of(verdict);
    match c.view(verdict).shape() {
        Shape::Bool(verdict) => Ok(verdict),
        // more information about two elements will not come
        Shape::Error(id) => Err(match c.view(verdict).error() {
            Some(bottom) if bottom.code.is_incomplete() => {
                Failure::eval("the comparator does not tell the order of two elements")
            }
            _ => Failure::Bottom(id),
        }),
        _ => Ok(false),
    }
}

/// Whether the comparator can compare at all.
fn has_less(c: &mut Call<'_>) -> Result<bool, Failure> {
    let comparator = concrete(c, 1)?;
    if c.view(comparator).kind() == Kind::STRUCT {
        Ok(c.lookup(comparator, "less").is_some())
    } else {
        Err(Failure::eval("the comparator is no struct"))
    }
}

fn merge_sort(c: &mut Call<'_>, comparator: Term, items: Vec<Term>) -> Result<Vec<Term>, Failure> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let left = merge_sort(c, comparator, left)?;
    let right = merge_sort(c, comparator, right)?;
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(&a), Some(&b)) = (left.peek(), right.peek()) {
        if less(c, comparator, b, a)? {
            out.extend(right.next());
        } else {
            out.extend(left.next());
        }
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}

fn sort(c: &mut Call<'_>) -> Outcome {
    let items = c.list(0)?;
    let comparator = c.term(1);
    if !has_less(c)? {
        return Err(Failure::incomplete("the comparator has no field `less`"));
    }
    let sorted = merge_sort(c, comparator, items)?;
    answer(c, &sorted)
}

fn is_sorted(c: &mut Call<'_>) -> Outcome {
    let items = c.list(0)?;
    let comparator = c.term(1);
    if !has_less(c)? {
        return Ok(true.into());
    }
    for pair in items.windows(2) {
        let [left, right] = pair else { continue };
        match less(c, comparator, *right, *left) {
            Ok(false) => {}
            Err(Failure::Suspended) => return Err(Failure::Suspended),
            // elements that cannot be compared are in no order
            Ok(true) | Err(_) => return Ok(false.into()),
        }
    }
    Ok(true.into())
}

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.source(COMPARATORS);
    b.function("Drop", &[L, I], L, |c| {
        let items = c.list(0)?;
        let n = count(c.i64(1)?, "index")?;
        let rest = items.get(n.min(items.len())..).unwrap_or_default();
        answer(c, rest)
    });
    b.function("FlattenN", &[Kind::TOP, I], L, |c| {
        let (term, depth) = (concrete(c, 0)?, c.i64(1)?);
        let mut out = Vec::new();
        flatten(c, term, depth, &mut out)?;
        answer(c, &out)
    });
    b.function("Repeat", &[L, I], L, repeat);
    b.function("Concat", &[L], L, concat);
    b.function("Take", &[L, I], L, |c| {
        let items = c.list(0)?;
        let n = count(c.i64(1)?, "index")?;
        let part = items.get(..n.min(items.len())).unwrap_or_default();
        answer(c, part)
    });
    b.function("Slice", &[L, I, I], L, slice);
    b.function("Reverse", &[L], L, |c| {
        let mut items = c.list(0)?;
        items.reverse();
        answer(c, &items)
    });
    b.function("MinItems", &[L, I], Kind::BOOL, |c| {
        let length = integer(c.list(0)?.len());
        let least = c.i64(1)?;
        if length >= least {
            return Ok(true.into());
        }
        let text = format!("{length} elements where at least {least} are needed");
        let failure = if is_open(c, 0) {
            Failure::incomplete(text)
        } else {
            Failure::eval(text)
        };
        reject(c, failure)
    });
    b.function("MaxItems", &[L, I], Kind::BOOL, |c| {
        let length = integer(c.list(0)?.len());
        let most = c.i64(1)?;
        if length <= most {
            return Ok(true.into());
        }
        let text = format!("{length} elements where at most {most} are allowed");
        reject(c, Failure::eval(text))
    });
    b.function("UniqueItems", &[L], Kind::BOOL, unique_items);
    b.function("Contains", &[L, Kind::TOP], Kind::BOOL, |c| {
        let items = c.list(0)?;
        let wanted = concrete(c, 1)?;
        let kind = c.view(wanted).kind();
        for item in items {
            // an int is no float here, unlike to `==`
            if c.view(item).kind() == kind && c.equal(item, wanted) {
                return Ok(true.into());
            }
        }
        Ok(false.into())
    });
    b.schema_function("MatchN", &[L, Kind::TOP, Kind::TOP], Kind::BOOL, match_n);
    b.function("Avg", &[L], Kind::NUMBER, |c| {
        let length = c.list(0)?.len();
        if length == 0 {
            return Err(Failure::eval("empty list"));
        }
        let sum = fold(c, 0, Decimal::add)?;
        sum.quo(&Decimal::from(integer(length)))
            .map(whole_or_float)
            .map_err(crate::package::failed)
    });
    b.function("Max", &[L], Kind::NUMBER, |c| {
        extreme(c, std::cmp::Ordering::Greater)
    });
    b.function("Min", &[L], Kind::NUMBER, |c| {
        extreme(c, std::cmp::Ordering::Less)
    });
    b.function("Product", &[L], Kind::NUMBER, |c| {
        Ok(whole_or_float(fold(c, 1, Decimal::mul)?))
    });
    b.function("Sum", &[L], Kind::NUMBER, |c| {
        Ok(whole_or_float(fold(c, 0, Decimal::add)?))
    });
    b.function(
        "Range",
        &[Kind::NUMBER, Kind::NUMBER, Kind::NUMBER],
        L,
        range,
    );
    b.schema_function("Sort", &[L, Kind::TOP], L, sort);
    b.schema_function("SortStable", &[L, Kind::TOP], L, sort);
    b.function("SortStrings", &[L], L, |c| {
        let mut texts = c.strings(0)?;
        texts.sort();
        Ok(Answer::Data(Data::List(
            texts.into_iter().map(Data::String).collect(),
        )))
    });
    b.schema_function("IsSorted", &[L, Kind::TOP], Kind::BOOL, is_sorted);
    b.function("IsSortedStrings", &[L], Kind::BOOL, |c| {
        Ok(c.strings(0)?.is_sorted().into())
    });
}
